//! Who says yes, in which order, and what happens when nobody does.
//! <https://learn.microsoft.com/graph/api/resources/accesspackageassignmentapprovalsettings>

use crate::entitlement::members::{all, each, is_true, object, text};
use crate::entitlement::{IsoDuration, SubjectSet};
use crate::enumeration::enumeration;
use serde_json::{Value, json};

enumeration! {
    /// Whether whoever asks is shown who decides. <https://learn.microsoft.com/graph/api/resources/accesspackageapprovalstage>
    pub enum ApproverVisibility {
        /// As the service has it.
        Default = "default",
        /// They are not.
        NotVisible = "notVisible",
        /// They are.
        Visible = "visible",
    }
}

/// Whether somebody has to say yes, and what whoever asks has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalSettings {
    /// Who says yes, and to what.
    pub approval: PolicyApproval,
    /// Whether whoever asks has to give a reason. Only the global cloud and Bleu have it (their schemas), and it may be dropped quietly.
    pub is_requestor_justification_required: bool,
}

/// What somebody has to say yes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PolicyApproval {
    /// Nothing.
    #[default]
    None,
    /// These requests, by these stages: without any, Graph refuses it (`InvalidApprovalStages`).
    Required(ApprovedRequests, ApprovalStages),
}

/// Which requests are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovedRequests {
    /// For access.
    Add,
    /// For a change of it, such as a longer time.
    Update,
    /// For either.
    AddAndUpdate,
}

/// At least one stage, at most [`ApprovalStages::MOST`] where they are made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalStages(Vec<PolicyStage>);

impl ApprovalStages {
    /// <https://learn.microsoft.com/entra/id-governance/entitlement-management-access-package-approval-policy>
    pub const MOST: usize = 3;

    /// `None` where there are none, or too many.
    pub fn new(stages: Vec<PolicyStage>) -> Option<Self> {
        (1..=Self::MOST).contains(&stages.len()).then_some(Self(stages))
    }

    /// In their order.
    pub fn stages(&self) -> &[PolicyStage] {
        &self.0
    }
}

/// One stage: one yes of its approvers is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyStage {
    /// Whoever has not decided by then has said no.
    pub denied_after: IsoDuration,
    /// Whether a decision needs a reason.
    pub is_approver_justification_required: bool,
    /// Who decides.
    pub approvers: Approvers,
    /// Who decides when they do not.
    pub escalation: Option<Escalation>,
    /// Whether whoever asks sees who decides; left to the service where nothing is said, as clouds other than the global one want it.
    pub visibility: Option<ApproverVisibility>,
}

/// Who decides, and who does where those cannot be found: a manager, a sponsor that nobody has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approvers {
    /// Asked first.
    pub primary: Vec<SubjectSet>,
    /// Asked where nobody of them is found.
    pub fallback: Vec<SubjectSet>,
}

/// Who decides when the others have not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// So long after they were asked.
    pub after: IsoDuration,
    /// Who is asked then.
    pub approvers: Approvers,
}

impl ApprovalSettings {
    /// Who says yes before anybody gets access: none where it takes no yes, also where only changes of it do.
    pub fn stages_for_access(&self) -> &[PolicyStage] {
        match &self.approval {
            PolicyApproval::Required(ApprovedRequests::Add | ApprovedRequests::AddAndUpdate, stages) => stages.stages(),
            PolicyApproval::Required(ApprovedRequests::Update, _) | PolicyApproval::None => &[],
        }
    }

    pub(super) fn read(value: &Value) -> Self {
        let requests = match (is_true(value, "isApprovalRequiredForAdd"), is_true(value, "isApprovalRequiredForUpdate")) {
            (true, false) => Some(ApprovedRequests::Add),
            (false, true) => Some(ApprovedRequests::Update),
            (true, true) => Some(ApprovedRequests::AddAndUpdate),
            (false, false) => None,
        };
        let stages = each(value, "stages", PolicyStage::read);
        let approval = match requests {
            // What Graph tells is not held against what it would take.
            Some(requests) if !stages.is_empty() => PolicyApproval::Required(requests, ApprovalStages(stages)),
            _ => PolicyApproval::None,
        };
        Self { approval, is_requestor_justification_required: is_true(value, "isRequestorJustificationRequired") }
    }

    pub(super) fn write(&self) -> Value {
        let (requests, stages) = match &self.approval {
            PolicyApproval::None => (None, [].as_slice()),
            PolicyApproval::Required(requests, stages) => (Some(*requests), stages.stages()),
        };
        let is_for = |one: ApprovedRequests| requests == Some(one) || requests == Some(ApprovedRequests::AddAndUpdate);
        object([
            ("isApprovalRequiredForAdd", is_for(ApprovedRequests::Add).into()),
            ("isApprovalRequiredForUpdate", is_for(ApprovedRequests::Update).into()),
            // Clouds that do not have it cannot read it.
            ("isRequestorJustificationRequired", self.is_requestor_justification_required.then_some(true).into()),
            ("stages", all(stages, PolicyStage::write)),
        ])
    }
}

impl PolicyStage {
    fn read(value: &Value) -> Self {
        let duration = |name: &str| IsoDuration(text(value, name).unwrap_or_default());
        let approvers = |primary: &str, fallback: &str| Approvers {
            primary: each(value, primary, SubjectSet::read),
            fallback: each(value, fallback, SubjectSet::read),
        };
        let escalation = is_true(value, "isEscalationEnabled").then(|| Escalation {
            after: duration("durationBeforeEscalation"),
            approvers: approvers("escalationApprovers", "fallbackEscalationApprovers"),
        });
        Self {
            denied_after: duration("durationBeforeAutomaticDenial"),
            is_approver_justification_required: is_true(value, "isApproverJustificationRequired"),
            approvers: approvers("primaryApprovers", "fallbackPrimaryApprovers"),
            escalation,
            visibility: text(value, "approverInformationVisibility").map(Into::into),
        }
    }

    fn write(&self) -> Value {
        let people = |set: &[SubjectSet]| all(set, SubjectSet::write);
        let escalation = self.escalation.as_ref();
        let later = |which: fn(&Approvers) -> &Vec<SubjectSet>| people(escalation.map_or(&[], |escalation| which(&escalation.approvers)));
        let mut value = json!({
            "durationBeforeAutomaticDenial": self.denied_after.0,
            "isApproverJustificationRequired": self.is_approver_justification_required,
            "isEscalationEnabled": escalation.is_some(),
            // Never null, as in each of Microsoft's examples.
            "durationBeforeEscalation": escalation.map_or("PT0S", |escalation| &escalation.after.0),
            "primaryApprovers": people(&self.approvers.primary),
            "fallbackPrimaryApprovers": people(&self.approvers.fallback),
            "escalationApprovers": later(|approvers| &approvers.primary),
            "fallbackEscalationApprovers": later(|approvers| &approvers.fallback),
        });
        if let Some(visibility) = &self.visibility {
            value["approverInformationVisibility"] = visibility.as_str().into();
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of <https://learn.microsoft.com/graph/api/accesspackageassignmentpolicy-update>.
    fn documented() -> Value {
        json!({"isApprovalRequiredForAdd": true, "isApprovalRequiredForUpdate": false, "stages": [{
            "durationBeforeAutomaticDenial": "P2D", "isApproverJustificationRequired": false, "isEscalationEnabled": false,
            "durationBeforeEscalation": "PT0S",
            "primaryApprovers": [{"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1}],
            "fallbackPrimaryApprovers": [{"@odata.type": "#microsoft.graph.singleUser", "userId": "u", "description": "user"}],
            "escalationApprovers": [], "fallbackEscalationApprovers": []}]})
    }

    #[test]
    fn stages_are_written_as_they_are_read() {
        let read = ApprovalSettings::read(&documented());
        let PolicyApproval::Required(ApprovedRequests::Add, stages) = &read.approval else { panic!("{read:?}") };
        let [stage] = stages.stages() else { panic!("{stages:?}") };
        assert_eq!(stage.denied_after.in_days(), Some(2));
        assert_eq!(stage.approvers.primary, [SubjectSet::RequestorManager { level: 1 }]);
        assert_eq!((read.write(), &stage.escalation), (documented(), &None));
        let mut escalated = documented();
        escalated["isApprovalRequiredForUpdate"] = true.into();
        escalated["isRequestorJustificationRequired"] = true.into();
        let stage = &mut escalated["stages"][0];
        stage["isEscalationEnabled"] = true.into();
        stage["durationBeforeEscalation"] = "P1D".into();
        stage["escalationApprovers"] = json!([{"@odata.type": "#microsoft.graph.internalSponsors"}]);
        stage["approverInformationVisibility"] = "notVisible".into();
        let read = ApprovalSettings::read(&escalated);
        assert!(
            matches!(&read.approval, PolicyApproval::Required(ApprovedRequests::AddAndUpdate, _))
                && read.is_requestor_justification_required
        );
        assert_eq!(read.write(), escalated);
    }

    // Case 46
    #[test]
    fn whether_somebody_has_to_say_yes_is_known_before_anything_is_assigned() {
        let policy: Value = serde_json::from_str(include_str!("../../../tests/cases/46-approval-bypassed/policy.json")).unwrap();
        let read = ApprovalSettings::read(&policy["requestApprovalSettings"]);
        let PolicyApproval::Required(ApprovedRequests::Add, stages) = read.approval else { panic!("{read:?}") };
        assert_eq!(stages.stages()[0].approvers.primary, [SubjectSet::InternalSponsors]);
    }

    #[test]
    fn access_takes_a_yes_only_where_adding_does() {
        let check = |add: bool, update: bool, expected: usize| {
            let value = json!({"isApprovalRequiredForAdd": add, "isApprovalRequiredForUpdate": update, "stages": [{}, {}]});
            assert_eq!(ApprovalSettings::read(&value).stages_for_access().len(), expected, "{value}");
        };
        check(false, false, 0);
        check(false, true, 0);
        check(true, false, 2);
        check(true, true, 2);
    }

    #[test]
    fn an_approval_has_one_to_three_stages() {
        let stages = |count: usize| ApprovalStages::new(vec![PolicyStage::default(); count]);
        assert_eq!([0, 1, 3, 4].map(|count| stages(count).is_some()), [false, true, true, false]);
        // What is read is not refused.
        for value in [Value::Null, json!({"isApprovalRequiredForAdd": true, "stages": []}), json!({"isApprovalRequiredForAdd": null})] {
            assert_eq!(ApprovalSettings::read(&value), ApprovalSettings::default(), "{value}");
        }
        let update = json!({"isApprovalRequiredForAdd": false, "isApprovalRequiredForUpdate": true, "stages": [{}]});
        assert!(matches!(ApprovalSettings::read(&update).approval, PolicyApproval::Required(ApprovedRequests::Update, _)));
    }
}
