//! The day's allowance: how many invitations a tenant may send in a day, how many of them are used, and when the next one may leave.
//!
//! Since 9 December 2025 Microsoft limits invitations per tenant and day: without a paid subscription 10 while the tenant is up to 30 days
//! old, then 100; with one 200 while it is up to 30 days old, then nothing but the directory's quota of objects. Whoever sends more meets
//! the block for suspicious activity, which only Microsoft support lifts.
//! <https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions>, section B2B invitations, by three copies.
//!
//! All times here are those of the computer's clock: they are held against a journal that outlives the page, and a machine that sleeps
//! over night has waited all the same. Signing in, and renewing that, refuse a clock that is more than five minutes behind Microsoft's or
//! beyond the end of the token that was just issued, which is good for an hour or so.

use crate::words::grouped;
use graph::organization::Subscription;
use graph::users::{MadeUser, MadeUsers};
use std::collections::{BTreeMap, BTreeSet};
use time::{Millis, Moment};

/// What every tenant may send. Below it nobody has to know which case holds.
pub const LOWEST: usize = 10;
const OLD_UNPAID: usize = 100;
const NEW_PAID: usize = 200;
/// A tenant is new up to its 30th day, of which the end counts.
const NEW: Millis = Millis::days(31);

/// What is counted together. Whether Microsoft counts by the calendar or by 24 hours, and by which clock, is not known; where no 24 hours
/// hold more than a day's allowance, no day of any calendar does. A little more, since a request may be on its way for minutes and clocks
/// differ by as much.
pub const DAY: Millis = Millis::minutes(24 * 60 + 10);

/// What decides how many invitations a tenant may send in a day, as far as it is known. What is not known counts as the lower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Whether something is paid for: as a person says, or as Microsoft tells for certain.
    pub(crate) is_paid: Option<bool>,
    /// When the tenant was made, as Microsoft tells.
    pub(crate) created: Option<Moment>,
    /// From when on it is no longer new, as a person said.
    pub(crate) old_from: Option<Moment>,
    /// A person wants no more than this in a day, and at least one.
    pub(crate) most: Option<usize>,
}

/// What a person can say of a tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TenantKind {
    #[default]
    Unknown,
    NewUnpaid,
    OldUnpaid,
    NewPaid,
    OldPaid,
}

impl TenantKind {
    pub const ALL: [Self; 5] = [Self::Unknown, Self::OldPaid, Self::NewPaid, Self::OldUnpaid, Self::NewUnpaid];

    pub const fn words(self) -> &'static str {
        match self {
            Self::Unknown => "I do not know",
            Self::NewUnpaid => "Without a paid subscription, up to 30 days old",
            Self::OldUnpaid => "Without a paid subscription, older",
            Self::NewPaid => "With a paid subscription, up to 30 days old",
            Self::OldPaid => "With a paid subscription, older",
        }
    }
}

impl Terms {
    fn old_from(&self) -> Option<Moment> {
        self.created.map(|created| created + NEW).or(self.old_from)
    }

    fn is_old(&self, now: Moment) -> bool {
        self.old_from().is_some_and(|from| from <= now)
    }

    /// How many invitations may leave in a day; `None`: as many as the directory takes.
    pub fn limit(&self, now: Moment) -> Option<usize> {
        let limit = match (self.is_paid == Some(true), self.is_old(now)) {
            (false, false) => Some(LOWEST),
            (false, true) => Some(OLD_UNPAID),
            (true, false) => Some(NEW_PAID),
            (true, true) => None,
        };
        limit.into_iter().chain(self.most.map(|most| most.max(1))).min()
    }

    /// Whether both are known that decide, so that nobody has to be asked.
    pub fn is_certain(&self) -> bool {
        self.is_paid.is_some() && self.old_from().is_some()
    }

    /// What somebody said, or what comes to the same.
    pub fn kind(&self, now: Moment) -> TenantKind {
        match (self.is_paid, self.is_old(now)) {
            (None, _) => TenantKind::Unknown,
            (Some(false), false) => TenantKind::NewUnpaid,
            (Some(false), true) => TenantKind::OldUnpaid,
            (Some(true), false) => TenantKind::NewPaid,
            (Some(true), true) => TenantKind::OldPaid,
        }
    }

    /// What is known once somebody has said it. A tenant that is new now will be old in 31 days at the latest. When it was made is
    /// believed Microsoft alone, where it tells.
    #[must_use]
    pub fn said(self, kind: TenantKind, now: Moment) -> Self {
        let (is_paid, old_from) = match kind {
            TenantKind::Unknown => (None, None),
            TenantKind::OldPaid | TenantKind::OldUnpaid => (Some(kind == TenantKind::OldPaid), Some(Moment(0))),
            TenantKind::NewPaid | TenantKind::NewUnpaid => {
                (Some(kind == TenantKind::NewPaid), self.old_from.filter(|from| *from > now).or(Some(now + NEW)))
            }
        };
        Self { is_paid, old_from, ..self }
    }

    /// What is known once Microsoft has told. It never says that nothing is paid for, and does not overrule a person who says so.
    #[must_use]
    pub fn told(self, subscription: &Subscription, now: Moment) -> Self {
        let is_paid = self.is_paid.or(subscription.is_paid(now).then_some(true));
        Self { is_paid, created: subscription.created().or(self.created), ..self }
    }

    pub const fn most(&self) -> Option<usize> {
        self.most
    }

    /// As a person wants it, whatever Microsoft allows.
    #[must_use]
    pub fn at_most(self, most: Option<usize>) -> Self {
        Self { most: most.filter(|most| *most > 0), ..self }
    }
}

/// Invitations that left this browser, or may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub at: Vec<Moment>,
    /// Ids of guests that were made by them, as far as they are known.
    pub guests: BTreeSet<String>,
}

impl Extend<Sent> for Sent {
    fn extend<I: IntoIterator<Item = Self>>(&mut self, others: I) {
        for other in others {
            self.at.extend(other.at);
            self.guests.extend(other.guests);
        }
    }
}

/// Who was made by an invitation in the last day, by whomever, as far as directory and recycle bin show them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lately {
    /// When, by object id.
    made: BTreeMap<String, Moment>,
    /// So many more are there than were listed.
    hidden: usize,
    as_of: Moment,
}

impl Lately {
    /// From when on they are asked for.
    pub fn since(now: Moment) -> Moment {
        now - DAY
    }

    /// Whose time cannot be read, and who was not listed, counts as made now. Who is told of twice, deleted in between, counts once.
    pub fn from_users(all: impl IntoIterator<Item = MadeUsers>, now: Moment) -> Self {
        let time = |user: &MadeUser| user.created_date_time.as_deref().and_then(Moment::from_graph).unwrap_or(now);
        let (mut made, mut hidden) = (BTreeMap::new(), 0);
        for users in all {
            hidden += users.count.saturating_sub(users.value.len());
            made.extend(users.value.into_iter().map(|user| (time(&user), user.id)).map(|(at, id)| (id, at)));
        }
        Self { made, hidden, as_of: now }
    }
}

/// What a tenant may send, and what of it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowance {
    pub terms: Terms,
    /// When invitations left this browser, earliest first.
    own: Vec<Moment>,
    guests: BTreeSet<String>,
    /// When others invited somebody who was made then, earliest first, and whom, as far as they were listed.
    others: Vec<(Moment, String)>,
}

impl Allowance {
    pub fn new(terms: Terms, sent: Sent) -> Self {
        let Sent { at: mut own, guests } = sent;
        own.sort_unstable();
        Self { terms, own, guests, others: Vec::new() }
    }

    /// The same, where something else is known of the tenant by now.
    #[must_use]
    pub fn under(self, terms: Terms) -> Self {
        Self { terms, ..self }
    }

    /// When what still counts left, earliest first. A time that lies ahead was written by a clock that was wrong: it counts as now.
    fn counted(&self, now: Moment) -> Vec<Moment> {
        let others = within_a_day(&self.others, |(at, _)| *at, now).iter().map(|(at, _)| *at);
        let mut counted: Vec<Moment> = within_a_day(&self.own, |at| *at, now).iter().copied().chain(others).collect();
        counted.iter_mut().for_each(|at| *at = now.min(*at));
        counted.sort_unstable();
        counted
    }

    /// How many of the day's invitations are used.
    pub fn used(&self, now: Moment) -> usize {
        within_a_day(&self.own, |at| *at, now).len() + within_a_day(&self.others, |(at, _)| *at, now).len()
    }

    /// How many may leave now; `None`: there is no limit.
    pub fn left(&self, now: Moment) -> Option<usize> {
        Some(self.terms.limit(now)?.saturating_sub(self.used(now)))
    }

    /// When the next one may leave, if none may now.
    pub fn free_from(&self, now: Moment) -> Option<Moment> {
        let limit = self.terms.limit(now).filter(|_| self.left(now) == Some(0))?;
        let counted = self.counted(now);
        let leaves = *counted.get(counted.len().checked_sub(limit)?)? + DAY;
        // The tenant may come of age before that.
        let of_age = self.terms.old_from().filter(|from| *from < leaves);
        let is_free = |then: &Moment| {
            let used = counted.iter().filter(|at| **at + DAY > *then).count();
            self.terms.limit(*then).is_none_or(|limit| used < limit)
        };
        Some(of_age.filter(is_free).unwrap_or(leaves))
    }

    /// So many invitations leave now. They are no older than what left before, whatever became of the clock.
    pub fn leave(&mut self, number: usize, now: Moment) -> Moment {
        self.own.drain(..self.own.len() - within_a_day(&self.own, |at| *at, now).len());
        let at = self.own.last().map_or(now, |last| now.max(*last));
        self.own.extend(std::iter::repeat_n(at, number));
        at
    }

    /// One that was counted under that time has not left this machine.
    pub fn never_left(&mut self, at: Moment) {
        if let Ok(place) = self.own.binary_search(&at) {
            self.own.remove(place);
        }
    }

    /// What others sent is what the directory shows beside what is known to be this browser's, here or as `is_own` tells.
    pub fn see(&mut self, lately: &Lately, is_own: impl Fn(&str) -> bool) {
        let others = lately.made.iter().filter(|(id, _)| !self.guests.contains(*id) && !is_own(id));
        let hidden = std::iter::repeat_n((lately.as_of, String::new()), lately.hidden);
        self.others = others.map(|(id, at)| (*at, id.clone())).chain(hidden).collect();
        self.others.sort_unstable();
    }

    /// Whether so many invitations pass what every tenant may send in a day, or what a person allows: else nobody has to know anything.
    pub fn is_to_be_told(&self, wanted: usize, now: Moment) -> bool {
        wanted > 0 && self.used(now) + wanted > self.terms.most.unwrap_or(LOWEST).min(LOWEST)
    }

    /// This guest was made by this browser: as long as the answer was missing, they counted as somebody else's, too.
    pub fn is_own(&mut self, guest: &str) {
        self.others.retain(|(_, id)| id != guest);
    }

    /// What will become of so many invitations; `None`: all may leave now, whatever the tenant is.
    pub fn forecast(&self, wanted: usize, now: Moment) -> Option<Forecast> {
        let limit = self.terms.limit(now).filter(|_| self.is_to_be_told(wanted, now))?;
        let used = self.used(now);
        let today = limit.saturating_sub(used).min(wanted);
        let (mut rest, mut days) = (wanted - today, 0);
        while rest > 0 {
            days += 1;
            rest = self.terms.limit(now + Millis(DAY.0 * days)).map_or(0, |limit| rest.saturating_sub(limit));
        }
        Some(Forecast { limit, used, today, rest: wanted - today, days: usize::try_from(days).unwrap_or(usize::MAX) })
    }
}

/// Those of these times, earliest first, that still count.
fn within_a_day<T>(times: &[T], at: impl Fn(&T) -> Moment, now: Moment) -> &[T] {
    &times[times.partition_point(|time| at(time) + DAY <= now)..]
}

/// How invitations are spread over days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    pub limit: usize,
    pub used: usize,
    pub today: usize,
    pub rest: usize,
    /// Over which the rest is spread.
    pub days: usize,
}

impl Forecast {
    /// `200 a day; 37 used; 163 today, the rest over 7 days.`
    pub fn sentence(&self) -> String {
        let days = if self.days == 1 { "tomorrow".to_owned() } else { format!("over {} days", grouped(self.days)) };
        let when = match (self.today, self.rest) {
            (today, 0) => format!("all {} today", grouped(today)),
            (0, rest) => format!("none today, {} {days}", grouped(rest)),
            (today, _) => format!("{} today, the rest {days}", grouped(today)),
        };
        format!("{} a day; {} used; {when}.", grouped(self.limit), grouped(self.used))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    const NOW: Moment = Moment(1_795_344_203_000);

    fn terms(kind: TenantKind) -> Terms {
        Terms::default().said(kind, NOW)
    }

    fn sent(times: &[(i64, usize)]) -> Sent {
        let at = times.iter().flat_map(|(hours, number)| std::iter::repeat_n(NOW + Millis::hours(*hours), *number));
        Sent { at: at.collect(), ..Sent::default() }
    }

    #[test]
    fn what_is_not_known_counts_as_the_lower() {
        let days = |days: i64| NOW + Millis::days(days);
        let check = |terms: Terms, now: Moment, expected: Option<usize>| assert_eq!(terms.limit(now), expected, "{terms:?}");
        check(Terms::default(), NOW, Some(10));
        for (kind, expected) in [
            (TenantKind::Unknown, Some(10)),
            (TenantKind::NewUnpaid, Some(10)),
            (TenantKind::OldUnpaid, Some(100)),
            (TenantKind::NewPaid, Some(200)),
            (TenantKind::OldPaid, None),
        ] {
            check(terms(kind), NOW, expected);
            assert_eq!(terms(kind).kind(NOW), kind);
            assert_eq!(terms(kind).is_certain(), kind != TenantKind::Unknown);
        }
        // What is new grows old by itself, and no later for being asked again.
        check(terms(TenantKind::NewUnpaid), days(30), Some(10));
        check(terms(TenantKind::NewUnpaid), days(31), Some(100));
        check(terms(TenantKind::NewPaid).said(TenantKind::NewPaid, days(20)), days(31), None);
        // Whoever says on the very day it grows old that it is new is believed.
        check(terms(TenantKind::NewUnpaid).said(TenantKind::NewUnpaid, days(31)), days(31), Some(10));
        check(terms(TenantKind::OldPaid).at_most(Some(50)), NOW, Some(50));
        check(terms(TenantKind::NewUnpaid).at_most(Some(50)), NOW, Some(10));
        check(terms(TenantKind::OldPaid).at_most(Some(50)).at_most(Some(0)), NOW, None);
    }

    #[test]
    fn what_microsoft_tells_of_the_age_is_believed_and_what_it_does_not_tell_is_asked() {
        let told = |created: &str, plan: &str| {
            let plan = format!(r#"[{{"capabilityStatus":"Enabled","servicePlanId":"{plan}","assignedDateTime":"2025-01-01T00:00:00Z"}}]"#);
            serde_json::from_str::<Subscription>(&format!(r#"{{"createdDateTime":"{created}","assignedPlans":{plan}}}"#)).unwrap()
        };
        let exchange = "efb87545-963c-4e0d-99df-69c6916d9eb0";
        let check = |before: TenantKind, told: &Subscription, limit: Option<usize>, is_certain: bool| {
            let terms = terms(before).told(told, NOW);
            assert_eq!((terms.limit(NOW), terms.is_certain()), (limit, is_certain), "{before:?} {told:?}");
        };
        check(TenantKind::Unknown, &told("2020-01-01T00:00:00Z", exchange), None, true);
        check(TenantKind::Unknown, &told("2020-01-01T00:00:00Z", "other"), Some(100), false);
        check(TenantKind::Unknown, &told("2026-11-20T00:00:00Z", "other"), Some(10), false);
        check(TenantKind::OldPaid, &told("2026-11-20T00:00:00Z", "other"), Some(200), true);
        check(TenantKind::NewUnpaid, &told("2020-01-01T00:00:00Z", exchange), Some(100), true);
        check(TenantKind::OldPaid, &Subscription::default(), None, true);
    }

    #[test]
    fn the_plan_tells_over_how_many_days_it_goes() {
        let check = |kind: TenantKind, used: &[(i64, usize)], wanted: usize, expected: &str| {
            let allowance = Allowance::new(terms(kind), sent(used));
            let told = allowance.forecast(wanted, NOW).map(|forecast| forecast.sentence());
            assert_eq!(told.unwrap_or_default(), expected, "{kind:?} {used:?} {wanted}");
        };
        check(TenantKind::NewPaid, &[(-3, 37)], 1500, "200 a day; 37 used; 163 today, the rest over 7 days.");
        check(TenantKind::NewPaid, &[(-25, 37)], 201, "200 a day; 0 used; 200 today, the rest tomorrow.");
        check(TenantKind::NewPaid, &[(-3, 37)], 163, "200 a day; 37 used; all 163 today.");
        check(TenantKind::OldUnpaid, &[(-3, 100)], 12, "100 a day; 100 used; none today, 12 tomorrow.");
        check(TenantKind::Unknown, &[(-3, 20)], 25, "10 a day; 20 used; none today, 25 over 3 days.");
        // Nobody has to know, or there is nothing to know.
        check(TenantKind::Unknown, &[(-3, 4)], 6, "");
        check(TenantKind::Unknown, &[(-3, 4)], 7, "10 a day; 4 used; 6 today, the rest tomorrow.");
        check(TenantKind::OldPaid, &[(-3, 4000)], 100_000, "");
        // After 31 days there is no limit any more.
        check(TenantKind::NewPaid, &[], 100_000, "200 a day; 0 used; 200 today, the rest over 31 days.");
    }

    #[test]
    fn what_a_person_allows_is_told_of_the_smallest_list() {
        let told = |most: usize, used: usize, wanted: usize| {
            let allowance = Allowance::new(terms(TenantKind::OldPaid).at_most(Some(most)), sent(&[(-3, used)]));
            let sentence = allowance.forecast(wanted, NOW).map(|forecast| forecast.sentence());
            assert_eq!(sentence.is_some(), allowance.is_to_be_told(wanted, NOW));
            sentence.unwrap_or_default()
        };
        assert_eq!(told(4, 0, 5), "4 a day; 0 used; 4 today, the rest tomorrow.");
        assert_eq!(told(1, 1, 1), "1 a day; 1 used; none today, 1 tomorrow.");
        assert_eq!(told(4, 3, 1), "");
        assert_eq!(told(4, 9, 0), "");
        assert_eq!(told(50, 0, 10), "");
        // Where nothing limits it, a person may want to.
        let allowance = Allowance::new(terms(TenantKind::OldPaid), Sent::default());
        assert!(allowance.is_to_be_told(11, NOW) && !allowance.is_to_be_told(10, NOW));
    }

    #[test]
    fn the_next_one_may_leave_a_day_after_the_one_that_makes_room_for_it() {
        let check = |kind: TenantKind, used: &[(i64, usize)], left: Option<usize>, free_from: Option<Moment>| {
            let allowance = Allowance::new(terms(kind), sent(used));
            assert_eq!((allowance.left(NOW), allowance.free_from(NOW)), (left, free_from), "{kind:?} {used:?}");
        };
        let hours = |hours: i64| Some(NOW + Millis::hours(hours) + DAY);
        check(TenantKind::OldPaid, &[(-1, 5000)], None, None);
        check(TenantKind::Unknown, &[(-30, 10), (-2, 9)], Some(1), None);
        check(TenantKind::Unknown, &[(-20, 3), (-2, 7)], Some(0), hours(-20));
        // More was sent than is allowed, by whomever.
        check(TenantKind::Unknown, &[(-20, 3), (-2, 17)], Some(0), hours(-2));
        // A clock that was wrong.
        check(TenantKind::Unknown, &[(700, 10)], Some(0), hours(0));
        let almost = terms(TenantKind::NewPaid);
        let mut allowance = Allowance::new(almost, Sent::default());
        let later = NOW + Millis::days(31) - Millis::hours(2);
        allowance.leave(200, later);
        assert_eq!(allowance.free_from(later), Some(NOW + Millis::days(31)), "it comes of age in two hours");
        // The first of a hundred no longer counts at the very moment at which a hundred may be sent.
        let of_age = NOW + Millis::days(31);
        let mut at = vec![later; 99];
        at.push(of_age - DAY);
        let allowance = Allowance::new(terms(TenantKind::NewUnpaid), Sent { at, ..Sent::default() });
        assert_eq!((allowance.left(later), allowance.free_from(later)), (Some(0), Some(of_age)));
    }

    #[test]
    fn what_others_send_counts_and_what_came_to_nothing_does_not() {
        let own = Sent { guests: ["a".to_owned()].into(), ..sent(&[(-1, 2)]) };
        let mut allowance = Allowance::new(terms(TenantKind::Unknown), own);
        let lately = |ids: &[(&str, &str)], count: usize| {
            let user = |(id, at): &(&str, &str)| MadeUser { id: (*id).into(), created_date_time: Some((*at).into()) };
            let deleted = MadeUsers { count: 1, value: vec![user(&ids[0])] };
            Lately::from_users([MadeUsers { count, value: ids.iter().map(user).collect() }, deleted], NOW)
        };
        let today = "2026-11-22T08:00:00Z";
        let made = [("a", today), ("b", today), ("c", "2026-11-21T09:00:00Z"), ("d", "")];
        allowance.see(&lately(&made, 6), |id| id == "d");
        assert_eq!(allowance.used(NOW), 5);
        // The answer that was missing has come.
        allowance.is_own("b");
        assert_eq!(allowance.used(NOW), 4);
        allowance.see(&lately(&[("b", "")], 0), |_| false);
        assert_eq!(allowance.used(NOW), 3);
        let at = allowance.leave(3, NOW);
        allowance.never_left(at);
        assert_eq!(allowance.left(NOW), Some(5));
        // A clock that is set back makes nothing older.
        let set_back = allowance.leave(1, NOW + Millis::hours(-20));
        assert_eq!((set_back, allowance.left(NOW + Millis::hours(5))), (NOW, Some(4)));
    }

    #[test]
    fn what_was_sent_counts_whatever_is_said_of_the_tenant_since() {
        let allowance = Allowance::new(terms(TenantKind::Unknown), sent(&[(-1, 8)]));
        assert_eq!(allowance.left(NOW), Some(2));
        let under = |kind: TenantKind| allowance.clone().under(terms(kind)).left(NOW);
        assert_eq!([TenantKind::OldUnpaid, TenantKind::NewPaid, TenantKind::OldPaid].map(under), [Some(92), Some(192), None]);
    }

    #[test]
    fn guests_are_asked_for_as_long_as_what_was_sent_counts() {
        let since = Lately::since(NOW);
        assert_eq!(Allowance::new(terms(TenantKind::Unknown), Sent { at: vec![since], ..Sent::default() }).used(NOW), 0);
        assert_eq!(Allowance::new(terms(TenantKind::Unknown), Sent { at: vec![since + Millis(1)], ..Sent::default() }).used(NOW), 1);
    }

    /// Whatever was sent before and whenever somebody asks: as many leave as may, and no 24 hours hold more than the limit of the day on
    /// which they end.
    #[test]
    fn no_day_holds_more_than_its_allowance() {
        let mut rng = Rng::new(1);
        let mut below = |most: i64| rng.between(0, most - 1);
        for round in 0..300 {
            let kind = TenantKind::ALL[usize::try_from(below(5)).unwrap()];
            let most = (round % 3 == 0).then(|| usize::try_from(below(30) + 1).unwrap());
            let terms = terms(kind).at_most(most);
            let (mut now, mut all): (Moment, Vec<Moment>) = (NOW, Vec::new());
            let mut allowance = Allowance::new(terms, Sent::default());
            for _ in 0..60 {
                let wanted = usize::try_from(below(150)).unwrap();
                let number = allowance.left(now).map_or(wanted, |left| left.min(wanted));
                allowance.leave(number, now);
                all.extend(std::iter::repeat_n(now, number));
                if let Some(limit) = terms.limit(now) {
                    let in_a_day = all.iter().filter(|at| now - **at < Millis::days(1)).count();
                    assert!(in_a_day <= limit, "{in_a_day} of {limit}, {kind:?}");
                }
                match allowance.free_from(now) {
                    Some(then) if below(3) > 0 => {
                        assert!(then > now && allowance.left(then) != Some(0), "nobody waits in vain");
                        assert_eq!(allowance.left(Moment(then.0 - 1)), Some(0), "nor longer than need be");
                        now = then;
                    }
                    _ => now += Millis(below(Millis::hours(30).0)),
                }
                // As when the page is opened again.
                if below(4) == 0 {
                    allowance = Allowance::new(terms, Sent { at: all.clone(), ..Sent::default() });
                }
            }
        }
    }
}
