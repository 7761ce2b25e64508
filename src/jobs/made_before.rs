//! Who was there before a row left, and so was not made by it.

use time::{Millis, Moment};

/// By so much the computer's clock may be ahead of Microsoft's: signing in notices it once a token of an hour seems to have expired five
/// minutes ago.
pub(super) const CLOCKS: Millis = Millis::minutes(70);

/// Whether somebody was there before a row left, by the computer's clock. `created` as Graph says it, in ISO 8601: who does not tell when they
/// were made may have been made by the row.
pub(super) fn is_made_before(created: Option<&str>, left: Moment) -> bool {
    created.and_then(Moment::from_graph).is_some_and(|created| created + CLOCKS < left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_was_made_longer_ago_than_clocks_differ_was_there_before() {
        let left = Moment(1_795_344_203_000);
        let check = |created: Option<&str>, expected: bool| assert_eq!(is_made_before(created, left), expected, "{created:?}");
        check(Some(&(left - CLOCKS).iso()), false);
        check(Some(&(left - CLOCKS - Millis::seconds(1)).iso()), true);
        check(Some(&(left + CLOCKS).iso()), false);
        check(Some("a while ago"), false);
        check(None, false);
    }
}
