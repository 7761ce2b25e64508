//! A policy as it is edited: what can be said of it in a form.

use graph::entitlement::assignment_policies::{AllowedTargets, PolicyApproval, PolicyTerms, TargetKind, TargetScope};
use graph::entitlement::{Expiration, IsoDuration};
use time::Moment;

/// The longest that access may last, in days.
/// <https://learn.microsoft.com/entra/id-governance/entitlement-management-access-package-lifecycle-policy>
pub const MOST_DAYS: u32 = 3660;
/// The longest name, in characters, as the admin center takes it.
const MOST_NAME: usize = 256;

/// When access ends, as somebody chooses it. Requests that wait for approval, and those that were approved, keep the end that they have.
/// <https://learn.microsoft.com/entra/id-governance/entitlement-management-access-package-lifecycle-policy>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndKind {
    AfterDays,
    OnDate,
    Never,
    /// As it is: something that this form does not know.
    Unchanged,
}

impl EndKind {
    pub const ALL: [Self; 4] = [Self::AfterDays, Self::OnDate, Self::Never, Self::Unchanged];

    pub const fn name(self) -> &'static str {
        match self {
            Self::AfterDays => "After a number of days",
            Self::OnDate => "On a date",
            Self::Never => "Never",
            Self::Unchanged => "As it is",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What of a policy can be edited in a form, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditedPolicy {
    pub name: String,
    pub description: String,
    pub ends: EndKind,
    /// A whole number.
    pub days: String,
    /// `2027-01-31`, as a date field has it.
    pub date: String,
    /// Whoever has access may ask for more time.
    pub can_extend: bool,
    /// New requests are taken.
    pub takes_requests: bool,
    /// Whoever asks says why; of no meaning where nobody has to say yes.
    pub wants_reason: bool,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyField {
    Name,
    Days,
    Date,
}

impl From<&PolicyTerms> for EditedPolicy {
    fn from(terms: &PolicyTerms) -> Self {
        let (ends, days, date) = match &terms.expiration {
            Expiration::Never => (EndKind::Never, None, None),
            Expiration::At(end) => (EndKind::OnDate, None, end.get(..10).map(str::to_owned)),
            Expiration::After(duration) => match duration.in_days() {
                Some(days) => (EndKind::AfterDays, Some(days), None),
                None => (EndKind::Unchanged, None, None),
            },
            Expiration::NotSpecified | Expiration::Other(_) => (EndKind::Unchanged, None, None),
        };
        Self {
            name: terms.display_name.clone(),
            description: terms.description.clone(),
            ends,
            days: days.map(|days| days.to_string()).unwrap_or_default(),
            date: date.unwrap_or_default(),
            can_extend: terms.requestors.for_themselves.update,
            takes_requests: terms.requestors.for_themselves.add,
            wants_reason: terms.approval.is_requestor_justification_required,
        }
    }
}

impl EditedPolicy {
    /// What is wrong with a field; nothing where it can be saved. What stands there as it was read is not looked at: an end may have passed
    /// since. `now` is the computer's clock.
    pub fn fault(&self, field: PolicyField, terms: &PolicyTerms, now: Moment) -> Option<String> {
        match field {
            PolicyField::Days | PolicyField::Date if self.has_same_end(terms) => None,
            PolicyField::Name if self.name.trim().is_empty() => Some("A policy needs a name.".into()),
            PolicyField::Name if self.name.chars().count() > MOST_NAME => Some(format!("Up to {MOST_NAME} characters.")),
            PolicyField::Days if self.ends == EndKind::AfterDays && self.in_days().is_none() => {
                Some(format!("A whole number from 1 to {}.", crate::words::grouped(MOST_DAYS as usize)))
            }
            PolicyField::Date if self.ends == EndKind::OnDate && self.until().is_none() => Some("Choose a date.".into()),
            PolicyField::Date if self.ends == EndKind::OnDate && self.until().is_some_and(|end| end <= now) => {
                Some("Choose a date to come.".into())
            }
            _ => None,
        }
    }

    /// Whether access ends as these terms say.
    fn has_same_end(&self, terms: &PolicyTerms) -> bool {
        let was = Self::from(terms);
        self.ends == was.ends
            && match self.ends {
                EndKind::AfterDays => self.days.trim() == was.days,
                EndKind::OnDate => self.date == was.date,
                EndKind::Never | EndKind::Unchanged => true,
            }
    }

    fn in_days(&self) -> Option<u32> {
        self.days.trim().parse().ok().filter(|days| (1..=MOST_DAYS).contains(days))
    }

    /// The end of the day that was chosen, in UTC, as the admin center sets it.
    fn until(&self) -> Option<Moment> {
        Moment::from_iso(&format!("{}T23:59:59Z", self.date))
    }

    /// The terms with what was edited, and everything else as it is; `None` while a field has a fault.
    pub fn applied(&self, terms: &PolicyTerms, now: Moment) -> Option<PolicyTerms> {
        if [PolicyField::Name, PolicyField::Days, PolicyField::Date].into_iter().any(|field| self.fault(field, terms, now).is_some()) {
            return None;
        }
        let is_same_end = self.has_same_end(terms);
        let mut terms = terms.clone();
        // What stays as it is stays as it was written.
        if self.name != terms.display_name {
            terms.display_name = self.name.trim().to_owned();
        }
        if self.description != terms.description {
            terms.description = self.description.trim().to_owned();
        }
        if !is_same_end {
            terms.expiration = match self.ends {
                EndKind::AfterDays => Expiration::After(IsoDuration::days(self.in_days()?)),
                EndKind::OnDate => Expiration::At(self.until()?.iso()),
                EndKind::Never => Expiration::Never,
                EndKind::Unchanged => terms.expiration,
            };
        }
        terms.requestors.for_themselves.update = self.can_extend;
        terms.requestors.for_themselves.add = self.takes_requests;
        if Self::can_want_reason(&terms) {
            terms.approval.is_requestor_justification_required = self.wants_reason;
        }
        Some(terms)
    }

    /// Whether it is somebody's to say yes, so that a reason helps.
    pub const fn can_want_reason(terms: &PolicyTerms) -> bool {
        matches!(terms.approval.approval, PolicyApproval::Required(..))
    }

    /// Whether there is somebody who could ask: not where administrators assign it, a rule does, or it is for apps.
    pub fn can_be_asked(terms: &PolicyTerms) -> bool {
        let is_for_people = !matches!(
            terms.targets,
            AllowedTargets::Nobody
                | AllowedTargets::Named(TargetKind::ServicePrincipals, _)
                | AllowedTargets::All(TargetScope::AllServicePrincipals)
        );
        is_for_people && terms.automatic.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::entitlement::assignment_policies::AssignmentPolicy;
    use serde_json::{Value, json};
    use time::Millis;

    const NOW: Moment = Moment(1_790_000_000_000);

    fn terms(changes: &Value) -> PolicyTerms {
        let mut policy = json!({
            "id": "p", "displayName": "Partners", "description": "People of partners", "allowedTargetScope": "allExternalUsers",
            "requestorSettings": {"enableTargetsToSelfAddAccess": true},
            "requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": [{"durationBeforeAutomaticDenial": "P14D"}]},
            "expiration": {"type": "afterDuration", "duration": "P90D"},
        });
        changes.as_object().unwrap().iter().for_each(|(name, value)| policy[name] = value.clone());
        AssignmentPolicy::from(policy).terms
    }

    #[test]
    fn what_is_not_edited_stays_as_it_was_written() {
        let expirations = [
            json!({"type": "afterDuration", "duration": "P90D"}),
            json!({"type": "afterDuration", "duration": "P12W"}),
            json!({"type": "afterDuration", "duration": "P6M"}),
            json!({"type": "afterDateTime", "endDateTime": "2030-01-31T10:00:00Z"}),
            json!({"type": "noExpiration"}),
            json!({"type": "notSpecified"}),
            json!({"type": "somethingNew", "endDateTime": null}),
        ];
        for expiration in expirations {
            let terms = terms(&json!({"expiration": expiration}));
            let edited = EditedPolicy::from(&terms);
            assert_eq!(edited.applied(&terms, NOW), Some(terms.clone()), "{expiration}");
            // Nor does something else that is edited touch it.
            let renamed = EditedPolicy { name: " Suppliers ".into(), ..edited };
            let expected = PolicyTerms { display_name: "Suppliers".into(), ..terms.clone() };
            assert_eq!(renamed.applied(&terms, NOW), Some(expected), "{expiration}");
        }
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it_and_nothing_is_saved_then() {
        let terms = terms(&json!({}));
        let was = EditedPolicy::from(&terms);
        let check = |edited: EditedPolicy, field: PolicyField, expected: Option<&str>| {
            assert_eq!(edited.fault(field, &terms, NOW).as_deref(), expected, "{edited:?}");
            assert_eq!(edited.applied(&terms, NOW).is_some(), expected.is_none(), "{edited:?}");
        };
        check(EditedPolicy { name: "  ".into(), ..was.clone() }, PolicyField::Name, Some("A policy needs a name."));
        check(EditedPolicy { name: "x".repeat(257), ..was.clone() }, PolicyField::Name, Some("Up to 256 characters."));
        check(EditedPolicy { name: "ü".repeat(256), ..was.clone() }, PolicyField::Name, None);
        for days in ["", "0", "-1", "1.5", "3661", "ten"] {
            let fault = Some("A whole number from 1 to 3,660.");
            check(EditedPolicy { days: days.into(), ..was.clone() }, PolicyField::Days, fault);
            // Nobody is asked for days where access ends otherwise.
            check(EditedPolicy { days: days.into(), ends: EndKind::Never, ..was.clone() }, PolicyField::Days, None);
        }
        for days in ["1", " 30 ", "3660"] {
            check(EditedPolicy { days: days.into(), ..was.clone() }, PolicyField::Days, None);
        }
        let on = |date: &str| EditedPolicy { ends: EndKind::OnDate, date: date.into(), ..was.clone() };
        check(on(""), PolicyField::Date, Some("Choose a date."));
        let yesterday = (NOW - Millis::minutes(60 * 24)).iso();
        check(on(&yesterday[..10]), PolicyField::Date, Some("Choose a date to come."));
        // Access ends with that day: today is to come.
        check(on(&NOW.iso()[..10]), PolicyField::Date, None);
    }

    #[test]
    fn what_is_edited_becomes_terms_of_the_policy() {
        let terms = terms(&json!({}));
        let was = EditedPolicy::from(&terms);
        let of = |edited: EditedPolicy| edited.applied(&terms, NOW).unwrap();
        assert_eq!(of(EditedPolicy { days: "30".into(), ..was.clone() }).expiration, Expiration::After(IsoDuration::days(30)));
        assert_eq!(of(EditedPolicy { ends: EndKind::Never, ..was.clone() }).expiration, Expiration::Never);
        let on = EditedPolicy { ends: EndKind::OnDate, date: "2030-01-31".into(), ..was.clone() };
        assert_eq!(of(on).expiration, Expiration::At("2030-01-31T23:59:59Z".into()));
        let asked = of(EditedPolicy { can_extend: true, takes_requests: false, ..was.clone() }).requestors.for_themselves;
        assert_eq!((asked.update, asked.add), (true, false));
        assert!(of(EditedPolicy { wants_reason: true, ..was }).approval.is_requestor_justification_required);
        // Nobody reads a reason where nobody has to say yes.
        let alone = self::terms(&json!({"requestApprovalSettings": null}));
        assert!(!EditedPolicy::can_want_reason(&alone));
        let applied = EditedPolicy { wants_reason: true, ..EditedPolicy::from(&alone) }.applied(&alone, NOW).unwrap();
        assert_eq!(applied, alone);
    }

    #[test]
    fn an_end_that_has_passed_or_is_longer_than_it_may_be_keeps_nothing_else_from_being_edited() {
        for expiration in [
            json!({"type": "afterDateTime", "endDateTime": "2020-01-31T10:00:00Z"}),
            json!({"type": "afterDuration", "duration": "P9999D"}),
        ] {
            let terms = terms(&json!({"expiration": expiration, "description": "As it was \n"}));
            let edited = EditedPolicy { takes_requests: false, ..EditedPolicy::from(&terms) };
            let mut expected = terms.clone();
            expected.requestors.for_themselves.add = false;
            assert_eq!(edited.applied(&terms, NOW), Some(expected), "{expiration}");
            // Chosen anew, it is looked at.
            assert!(EditedPolicy { ends: EndKind::OnDate, date: "2020-02-01".into(), ..edited }.applied(&terms, NOW).is_none());
        }
        // Back and forth is no change.
        let weeks = terms(&json!({"expiration": {"type": "afterDuration", "duration": "P12W"}}));
        let edited = EditedPolicy { date: "2030-01-01".into(), ..EditedPolicy::from(&weeks) };
        assert_eq!(edited.applied(&weeks, NOW), Some(weeks));
    }

    #[test]
    fn only_people_ask_and_only_where_no_rule_gives_it() {
        assert!(EditedPolicy::can_be_asked(&terms(&json!({}))));
        for changes in [
            json!({"allowedTargetScope": "notSpecified"}),
            json!({"allowedTargetScope": "allDirectoryServicePrincipals"}),
            json!({"automaticRequestSettings": {"requestAccessForAllowedTargets": true}}),
        ] {
            assert!(!EditedPolicy::can_be_asked(&terms(&changes)), "{changes}");
        }
    }

    #[test]
    fn ends_are_known_by_their_names() {
        assert!(EndKind::ALL.into_iter().all(|kind| EndKind::from_name(kind.name()) == Some(kind)));
        assert_eq!(EndKind::from_name("Sometime"), None);
    }
}
