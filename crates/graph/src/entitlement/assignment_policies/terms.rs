//! A policy as it is read and sent back: what is known of it as types, and everything else as it came.

use super::{AllowedTargets, ApprovalSettings, AutomaticRequests, PolicyReview, RequestorSettings};
use crate::entitlement::members::{all, each, is_true, text};
use crate::entitlement::whole::{changed, differences};
use crate::entitlement::{Expiration, PolicyQuestion};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Everything of a policy that can be said here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyTerms {
    /// Shown to whoever asks.
    pub display_name: String,
    /// As the name.
    pub description: String,
    /// Who may ask, and be given access.
    pub targets: AllowedTargets,
    /// What they can ask for.
    pub requestors: RequestorSettings,
    /// Who says yes.
    pub approval: ApprovalSettings,
    /// What whoever asks has to answer.
    pub questions: Vec<PolicyQuestion>,
    /// How long access lasts.
    pub expiration: Expiration,
    /// Whether access is looked at again; `None` where no review is on.
    pub review: Option<PolicyReview>,
    /// Whether Microsoft writes nobody of assignments. Only the global cloud has it.
    pub are_notifications_off: bool,
    /// Of policies that nobody asks of.
    pub automatic: Option<AutomaticRequests>,
}

impl PolicyTerms {
    pub(super) fn read(policy: &Value) -> Self {
        Self {
            display_name: text(policy, "displayName").unwrap_or_default(),
            description: text(policy, "description").unwrap_or_default(),
            targets: AllowedTargets::read(policy),
            requestors: RequestorSettings::read(&policy["requestorSettings"]),
            approval: ApprovalSettings::read(&policy["requestApprovalSettings"]),
            questions: each(policy, "questions", PolicyQuestion::read),
            expiration: Expiration::read(&policy["expiration"]),
            review: PolicyReview::read(&policy["reviewSettings"]),
            are_notifications_off: is_true(&policy["notificationSettings"], "isAssignmentNotificationDisabled"),
            automatic: AutomaticRequests::read(&policy["automaticRequestSettings"]),
        }
    }

    /// What a policy is made of: only what every cloud can read, and what is said.
    pub(super) fn said(&self) -> Value {
        let mut policy = self.write();
        if let (false, Value::Object(members)) = (self.are_notifications_off, &mut policy) {
            members.remove("notificationSettings");
        }
        policy
    }

    pub(super) fn write(&self) -> Value {
        let mut policy = Map::new();
        let mut say = |name: &str, value: Value| policy.insert(name.into(), value);
        say("displayName", self.display_name.clone().into());
        say("description", self.description.clone().into());
        say("requestorSettings", self.requestors.write());
        say("requestApprovalSettings", self.approval.write());
        say("expiration", self.expiration.write());
        say("notificationSettings", json!({"isAssignmentNotificationDisabled": self.are_notifications_off}));
        if !self.questions.is_empty() {
            say("questions", all(&self.questions, PolicyQuestion::write));
        }
        if let Some(review) = &self.review {
            say("reviewSettings", review.write());
        }
        if let Some(automatic) = &self.automatic {
            say("automaticRequestSettings", automatic.write());
        }
        self.targets.write_into(&mut policy);
        Value::Object(policy)
    }

    /// What of this was not taken over, by the names of Graph's members, `requestApprovalSettings/stages/0/primaryApprovers/0`: a success does
    /// not prove that all was stored (msgraph-sdk-powershell #2490, terraform-provider-azuread #1894).
    pub fn not_taken(&self, read_back: &AssignmentPolicy) -> Vec<String> {
        differences(&self.write(), &read_back.terms.write())
    }
}

/// A policy as Graph told it. Whoever changes it changes [`Self::terms`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Value")]
pub struct AssignmentPolicy {
    /// Graph's.
    pub id: String,
    /// The package's id, where the answer shows it.
    pub package: Option<String>,
    /// What is known of it.
    pub terms: PolicyTerms,
    came: Value,
}

impl From<Value> for AssignmentPolicy {
    fn from(came: Value) -> Self {
        let id = text(&came, "id").unwrap_or_default();
        Self { id, package: text(&came["accessPackage"], "id"), terms: PolicyTerms::read(&came), came }
    }
}

/// What a policy has beside its own members, and PUT resets where it is left out.
const RELATED: [&str; 2] = ["questions", "customExtensionStageSettings"];

impl AssignmentPolicy {
    /// Parts that the answer did not show, by Graph's names: they would be lost if the policy were sent back.
    pub fn unshown(&self) -> impl Iterator<Item = &'static str> {
        RELATED.into_iter().filter(|name| self.came.get(name).is_none())
    }

    /// Whether the cloud has [`super::ApprovalSettings::is_requestor_justification_required`]: US Gov and China do not, and refuse what they do
    /// not know.
    pub fn knows_justification(&self) -> bool {
        self.came["requestApprovalSettings"].get("isRequestorJustificationRequired").is_some()
    }

    /// All of it, as PUT wants it: what came, with what was changed.
    pub(super) fn whole(&self) -> Value {
        let mut whole = changed(&self.came, &PolicyTerms::read(&self.came).write(), &self.terms.write());
        if let Value::Object(members) = &mut whole {
            members.retain(|name, _| !name.contains("@odata."));
            if let Some(package) = &self.package {
                members.insert("accessPackage".into(), json!({ "id": package }));
            }
            let review = members.get("reviewSettings").filter(|review| review.is_object());
            // A review that is off and says nothing is refused where its durations are empty (AccessReviewWrongDurationForRecurrenceType).
            if review.is_some_and(|review| !is_true(review, "isEnabled") && review["schedule"]["recurrence"].is_null()) {
                members.insert("reviewSettings".into(), Value::Null);
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::IsoDuration;
    use crate::entitlement::assignment_policies::{
        ApprovalStages, ApprovedRequests, Approvers, NamedTargets, PolicyApproval, PolicyStage, TargetKind, TargetScope,
    };
    use crate::entitlement::{AnswerForm, SubjectSet};

    fn read(text: &str) -> AssignmentPolicy {
        serde_json::from_str(text).unwrap()
    }

    // Case 47
    #[test]
    fn a_policy_that_is_read_changed_and_sent_back_differs_only_in_what_was_changed() {
        let came = include_str!("../../../tests/cases/47-review-block-in-put/policy-read.json");
        let change: Value = serde_json::from_str(include_str!("../../../tests/cases/47-review-block-in-put/change.json")).unwrap();
        let mut policy = read(came);
        let came: Value = serde_json::from_str(came).unwrap();
        policy.terms.expiration = Expiration::read(&change["expiration"]);
        let mut expected = came;
        expected["expiration"] = change["expiration"].clone();
        expected["reviewSettings"] = Value::Null;
        assert_eq!(policy.whole(), expected);
    }

    #[test]
    fn whatever_is_not_known_of_a_policy_survives_each_change() {
        let came = json!({
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x", "id": "p", "displayName": "Partners", "description": null,
            "createdDateTime": "2026-01-01T00:00:00Z", "newSettings": {"a": [1]},
            "allowedTargetScope": "specificConnectedOrganizationUsers",
            "specificAllowedTargets": [
                {"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": "o1", "new": 1},
                {"@odata.type": "#microsoft.graph.moonDwellers", "crater": "c"}],
            "expiration": {"type": "afterDuration", "duration": "P180D", "endDateTime": null, "new": 2},
            "requestorSettings": {"enableTargetsToSelfAddAccess": true, "new": 3},
            "requestApprovalSettings": {"isApprovalRequiredForAdd": true, "new": 4, "stages": [
                {"durationBeforeAutomaticDenial": "P14D", "new": 5,
                    "primaryApprovers": [{"@odata.type": "#microsoft.graph.internalSponsors", "new": 6}]}]},
            "reviewSettings": {"isEnabled": false, "primaryReviewers": [{"@odata.type": "#microsoft.graph.groupMembers", "groupId": "g"}],
                "schedule": {"recurrence": {"pattern": {"type": "weekly", "interval": 1}}}},
            "questions": [{"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": "q1", "text": "Why?", "new": 7,
                "localizations": [{"languageCode": "de", "text": "Warum?", "new": 8}]}],
            "customExtensionStageSettings": [{"stage": "assignmentRequestCreated"}], "notificationSettings": {"new": 9},
            "accessPackage@odata.context": "x", "accessPackage": {"id": "k", "displayName": "Supplier portal"}
        });
        let policy = AssignmentPolicy::from(came.clone());
        assert_eq!((policy.id.as_str(), policy.package.as_deref(), policy.unshown().count()), ("p", Some("k"), 0));
        let mut expected = came;
        expected["accessPackage"] = json!({"id": "k"});
        for name in ["@odata.context", "accessPackage@odata.context"] {
            expected.as_object_mut().unwrap().remove(name);
        }
        assert_eq!(policy.whole(), expected, "nothing is changed");

        let mut changed = policy;
        changed.terms.description = "For partners".into();
        changed.terms.expiration = Expiration::At("2027-01-01T00:00:00Z".into());
        changed.terms.approval.is_requestor_justification_required = true;
        let PolicyApproval::Required(_, stages) = changed.terms.approval.approval else { panic!("it is required") };
        let mut stages = stages.stages().to_vec();
        stages[0].approvers.fallback = vec![SubjectSet::user("u")];
        let stages = ApprovalStages::new(stages).unwrap();
        changed.terms.approval.approval = PolicyApproval::Required(ApprovedRequests::Add, stages);
        let AllowedTargets::Named(TargetKind::Organizations, targets) = changed.terms.targets else { panic!("they are named") };
        let targets = [targets.targets(), &[SubjectSet::organization("o2")]].concat();
        changed.terms.targets = AllowedTargets::Named(TargetKind::Organizations, NamedTargets::new(targets).unwrap());
        changed.terms.questions[0].text = "What for?".into();
        changed.terms.are_notifications_off = true;

        expected["description"] = "For partners".into();
        expected["expiration"] = json!({"type": "afterDateTime", "endDateTime": "2027-01-01T00:00:00Z", "new": 2});
        expected["requestApprovalSettings"]["isRequestorJustificationRequired"] = true.into();
        expected["requestApprovalSettings"]["stages"][0]["fallbackPrimaryApprovers"] =
            json!([{"@odata.type": "#microsoft.graph.singleUser", "userId": "u"}]);
        let added = json!({"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": "o2"});
        expected["specificAllowedTargets"].as_array_mut().unwrap().push(added);
        expected["questions"][0]["text"] = "What for?".into();
        expected["notificationSettings"] = json!({"isAssignmentNotificationDisabled": true, "new": 9});
        assert_eq!(changed.whole(), expected);
    }

    #[test]
    fn terms_say_only_what_every_cloud_can_read() {
        let written = PolicyTerms { display_name: "Direct".into(), ..PolicyTerms::default() }.said();
        let names: Vec<_> = written.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = [
            "allowedTargetScope",
            "description",
            "displayName",
            "expiration",
            "requestApprovalSettings",
            "requestorSettings",
            "specificAllowedTargets",
        ];
        assert_eq!(names, expected);
        assert!(written["requestApprovalSettings"].get("isRequestorJustificationRequired").is_none());
        let stage = PolicyStage {
            denied_after: IsoDuration::days(14),
            approvers: Approvers { primary: vec![SubjectSet::InternalSponsors], fallback: vec![] },
            ..PolicyStage::default()
        };
        let approval = PolicyApproval::Required(ApprovedRequests::Add, ApprovalStages::new(vec![stage]).unwrap());
        let question = PolicyQuestion {
            id: None,
            text: "Why?".into(),
            localizations: vec![],
            is_required: true,
            is_answer_editable: false,
            sequence: 0,
            form: AnswerForm::Text { is_single_line: true, pattern: None },
        };
        let terms = PolicyTerms {
            targets: AllowedTargets::All(TargetScope::AllConfiguredOrganizations),
            approval: ApprovalSettings { approval, is_requestor_justification_required: true },
            questions: vec![question],
            review: Some(PolicyReview::default()),
            are_notifications_off: true,
            automatic: Some(AutomaticRequests::default()),
            ..PolicyTerms::default()
        };
        assert_eq!(PolicyTerms::read(&terms.said()), terms);
    }

    #[test]
    fn only_a_review_that_is_off_and_says_nothing_is_left_out() {
        let check = |review: Value, is_left_out: bool| {
            let policy = AssignmentPolicy::from(json!({"id": "p", "reviewSettings": review.clone()}));
            let expected = if is_left_out { Value::Null } else { review };
            assert_eq!(policy.whole()["reviewSettings"], expected);
        };
        check(json!({"isEnabled": true, "schedule": {"recurrence": null}}), false);
        check(json!({"isEnabled": false, "schedule": {"recurrence": {"pattern": {"type": "weekly"}}}}), false);
        check(json!({"isEnabled": false, "schedule": {"recurrence": null}}), true);
        check(json!({"isEnabled": false, "schedule": null}), true);
    }

    #[test]
    fn what_a_policy_was_not_read_with_is_named() {
        let plain = read(r#"{"id": "p", "questions": []}"#);
        assert_eq!(plain.unshown().collect::<Vec<_>>(), ["customExtensionStageSettings"]);
        assert_eq!((plain.package.as_deref(), plain.whole()), (None, json!({"id": "p", "questions": []})));
    }

    // Case 49
    #[test]
    fn what_was_not_taken_over_is_told_by_name() {
        let sent = read(include_str!("../../../tests/cases/49-setting-not-taken/sent.json"));
        let back = read(include_str!("../../../tests/cases/49-setting-not-taken/read-back.json"));
        let told = sent.terms.not_taken(&back);
        let of_approval = |name: &str| format!("requestApprovalSettings/{name}");
        assert_eq!(told, [of_approval("isRequestorJustificationRequired"), of_approval("stages/0/primaryApprovers/0")]);
        assert!(sent.terms.not_taken(&sent).is_empty());
    }
}
