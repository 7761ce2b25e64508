//! Why a run that invites has halted, as it is told.

use super::words;
use crate::bulk::HaltReason;
use crate::words::{Explain, Words};

impl Explain for HaltReason {
    fn words(&self) -> Words {
        self.told(words, silent)
    }

    fn details(&self) -> String {
        self.refused().details()
    }
}

fn silent() -> Words {
    Words::new(
        "Microsoft's directory did not answer whether the guests who are left are here already.",
        "Nobody leaves unlooked at after a wait: somebody else may have invited them.",
        "Microsoft, or whoever looks after your network.",
        "Look at Microsoft's service health, or ask whether graph.microsoft.com is let through. “Try failed again” looks first and sends only where nobody is there.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Moment;

    #[test]
    fn a_directory_that_does_not_answer_is_told_with_since_when() {
        let reason = HaltReason::no_directory(crate::bulk::unanswered(), Moment(1_795_344_203_000));
        let words = reason.words();
        assert!(words.what.contains("directory did not answer") && words.why.ends_with("since 2026-11-22 10:43 UTC."), "{words:?}");
        assert!(reason.details().starts_with("no status · No answer came."));
    }

    #[test]
    fn a_directory_that_may_not_be_read_is_told_as_a_missing_permission() {
        let refused = crate::refused::Refused { permission: Some("User.Read.All".into()), ..crate::bulk::unanswered() };
        let told = HaltReason::no_directory(refused.clone(), Moment(1_795_344_203_000)).words();
        assert_eq!((told.what, told.next), (words(&refused).what, words(&refused).next));
        assert!(told.why.ends_with("since 2026-11-22 10:43 UTC."), "{}", told.why);
    }
}
