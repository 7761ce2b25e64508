//! The policy of a kit, as Graph is sent it. <https://learn.microsoft.com/graph/api/entitlementmanagement-post-assignmentpolicies>

use super::{Kit, KitApprover, KitAudience, KitEnd, KitExtension, KitItem, KitPart, KitReview, KitReviewers, KitStage};
use graph::entitlement::assignment_policies::{
    AllowedTargets, ApprovalSettings, ApprovalStages, ApprovedRequests, Approvers, AskedFor, Escalation, NamedTargets, PolicyApproval,
    PolicyReview, PolicyStage, PolicyTerms, RequestorSettings, ReviewExpiration, Reviewers, TargetKind, TargetScope,
};
use graph::entitlement::{Expiration, IsoDuration, PolicyQuestion, Recurrence, RecurrenceKind, Schedule, SubjectSet};

/// What a kit's policy says. Its organizations are named by what is there of them.
pub fn terms(kit: &Kit, parts: &[KitPart]) -> PolicyTerms {
    PolicyTerms {
        display_name: kit.name.clone(),
        description: kit.description.clone(),
        targets: targets(kit, parts),
        requestors: RequestorSettings {
            for_themselves: AskedFor { add: true, update: kit.term.extension != KitExtension::No, remove: true },
            ..RequestorSettings::default()
        },
        approval: ApprovalSettings { approval: approval(kit), is_requestor_justification_required: kit.asks_reason },
        questions: questions(kit),
        expiration: match &kit.term.end {
            KitEnd::After(days) => Expiration::After(IsoDuration::days(*days)),
            KitEnd::On(end) => Expiration::At(end.clone()),
            KitEnd::Never => Expiration::Never,
        },
        review: kit.term.review.as_ref().map(review),
        are_notifications_off: false,
        automatic: None,
    }
}

fn targets(kit: &Kit, parts: &[KitPart]) -> AllowedTargets {
    match &kit.audience {
        KitAudience::AllConfigured => AllowedTargets::All(TargetScope::AllConfiguredOrganizations),
        KitAudience::Anybody => AllowedTargets::All(TargetScope::AllExternalUsers),
        KitAudience::Organizations(organizations) => {
            let mut ids: Vec<&str> = Vec::new();
            for place in 0..organizations.len() {
                let id = KitPart::id_of(parts, KitItem::Organization(place));
                // Two domains of one tenant are one organization.
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            let named = NamedTargets::new(ids.into_iter().map(SubjectSet::organization).collect());
            named.map_or(AllowedTargets::Nobody, |named| AllowedTargets::Named(TargetKind::Organizations, named))
        }
    }
}

fn approval(kit: &Kit) -> PolicyApproval {
    let requests = if kit.term.extension == KitExtension::WithApproval { ApprovedRequests::AddAndUpdate } else { ApprovedRequests::Add };
    // There are three at most, so that it is `None` only where nobody has to say yes.
    let stages = ApprovalStages::new(kit.stages.iter().map(stage).collect());
    stages.map_or(PolicyApproval::None, |stages| PolicyApproval::Required(requests, stages))
}

fn stage(stage: &KitStage) -> PolicyStage {
    PolicyStage {
        denied_after: IsoDuration::days(stage.decided_within),
        is_approver_justification_required: stage.needs_reason,
        approvers: Approvers { primary: subjects(&stage.approvers), fallback: subjects(&stage.fallback) },
        escalation: stage.escalation.as_ref().map(|escalation| Escalation {
            after: IsoDuration::days(escalation.after),
            approvers: Approvers { primary: subjects(&escalation.approvers), fallback: Vec::new() },
        }),
        visibility: None,
    }
}

fn subjects(approvers: &[KitApprover]) -> Vec<SubjectSet> {
    let subject = |approver: &KitApprover| match approver {
        KitApprover::InternalSponsors => SubjectSet::InternalSponsors,
        KitApprover::ExternalSponsors => SubjectSet::ExternalSponsors,
        KitApprover::Manager => SubjectSet::RequestorManager { level: 1 },
        KitApprover::Person { id, .. } => SubjectSet::user(id),
        KitApprover::Group { id, .. } => SubjectSet::group(id),
    };
    approvers.iter().map(subject).collect()
}

/// In their order, and each as a new one.
pub(super) fn questions(kit: &Kit) -> Vec<PolicyQuestion> {
    kit.questions.iter().zip(0..).map(|(question, sequence)| PolicyQuestion { id: None, sequence, ..question.clone() }).collect()
}

fn review(review: &KitReview) -> PolicyReview {
    let interval = review.every.try_into().unwrap_or(i32::MAX);
    PolicyReview {
        schedule: Schedule {
            start: Some(review.begins.clone()),
            expiration: Expiration::After(IsoDuration::days(review.open_for)),
            recurrence: Some(Recurrence { kind: RecurrenceKind::Monthly, interval }),
        },
        // Whoever nobody vouches for has no access any more: what is asked for is not kept by silence.
        expiration: Some(ReviewExpiration::RemoveAccess),
        reviewers: match &review.reviewers {
            KitReviewers::Themselves => Reviewers::Themselves,
            KitReviewers::Others(others) => Reviewers::Others { primary: subjects(others), fallback: Vec::new() },
        },
        is_recommendation_enabled: false,
        is_justification_required: false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{kit, person};
    use super::*;
    use crate::entitlement::kit::{KitEscalation, KitOrganization, KitPartOrigin, KitStages, KitTerm};
    use graph::Operation;
    use graph::entitlement::assignment_policies::CreateAssignmentPolicy;
    use serde_json::{Value, json};

    fn part(place: usize, id: &str) -> KitPart {
        KitPart { item: KitItem::Organization(place), id: id.into(), origin: KitPartOrigin::Found }
    }

    fn sent(kit: &Kit) -> Value {
        let terms = terms(kit, &[part(0, "o"), part(1, "o"), part(2, "p")]);
        serde_json::from_str(&CreateAssignmentPolicy { package: "k", terms: &terms }.request().body.unwrap()).unwrap()
    }

    #[test]
    fn a_policy_says_everything_that_was_composed_in_the_words_of_v1() {
        let sent = sent(&kit());
        let organization = json!({"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": "o"});
        assert_eq!(
            (&sent["allowedTargetScope"], &sent["specificAllowedTargets"]),
            (&json!("specificConnectedOrganizationUsers"), &json!([organization]))
        );
        assert_eq!(sent["expiration"], json!({"type": "afterDuration", "duration": "P90D"}));
        let settings = &sent["requestorSettings"];
        let can = ["Add", "Update", "Remove"].map(|what| settings[format!("enableTargetsToSelf{what}Access")] == true);
        assert_eq!((can, &settings["allowCustomAssignmentSchedule"]), ([true; 3], &json!(false)));
        let approval = &sent["requestApprovalSettings"];
        let required = ["isApprovalRequiredForAdd", "isApprovalRequiredForUpdate", "isRequestorJustificationRequired"];
        assert!(required.iter().all(|name| approval[name] == true), "{approval}");
        let stage = &approval["stages"][0];
        assert_eq!((&stage["durationBeforeAutomaticDenial"], &stage["isEscalationEnabled"]), (&json!("P14D"), &json!(false)));
        assert_eq!(stage["primaryApprovers"], json!([{"@odata.type": "#microsoft.graph.singleUser", "userId": "ada"}]));
        assert_eq!(sent["questions"][0]["localizations"], json!([{"languageCode": "de", "text": "Welches Projekt?"}]));
        assert_eq!(sent["accessPackage"], json!({"id": "k"}));
    }

    #[test]
    fn whom_it_is_for_and_when_it_ends_is_said_in_each_way() {
        let for_all = |audience: KitAudience| sent(&Kit { audience, ..kit() });
        let told = |policy: &Value| (policy["allowedTargetScope"].clone(), policy["specificAllowedTargets"].as_array().unwrap().len());
        assert_eq!(told(&for_all(KitAudience::AllConfigured)), (json!("allConfiguredConnectedOrganizationUsers"), 0));
        assert_eq!(told(&for_all(KitAudience::Anybody)), (json!("allExternalUsers"), 0));
        // Of three two are one.
        let organization = |id: &str| KitOrganization::Connected { id: id.into(), name: id.into() };
        let named = for_all(KitAudience::Organizations(vec![organization("o"), organization("o"), organization("p")]));
        assert_eq!(told(&named), (json!("specificConnectedOrganizationUsers"), 2));
        let ending = |end: KitEnd| sent(&Kit { term: KitTerm { end, ..kit().term }, ..kit() })["expiration"].clone();
        let date = "2027-06-30T00:00:00Z";
        assert_eq!(ending(KitEnd::On(date.into())), json!({"type": "afterDateTime", "endDateTime": date}));
        assert_eq!(ending(KitEnd::Never), json!({"type": "noExpiration"}));
    }

    #[test]
    fn approval_is_asked_for_by_those_who_are_named_and_not_at_all_where_nobody_is() {
        let plain = sent(&Kit { stages: KitStages::default(), ..kit() });
        let approval = &plain["requestApprovalSettings"];
        assert_eq!((&approval["isApprovalRequiredForAdd"], &approval["stages"]), (&json!(false), &json!([])));
        let mut kit = kit();
        kit.term.extension = KitExtension::WithoutApproval;
        kit.stages[0].approvers = vec![KitApprover::InternalSponsors, KitApprover::ExternalSponsors, KitApprover::Manager];
        kit.stages[0].fallback = vec![KitApprover::Group { id: "board".into(), name: "Board".into() }];
        kit.stages[0].escalation = Some(KitEscalation { after: 7, approvers: vec![person("bob")] });
        let reviewers = KitReviewers::Others(vec![person("eve")]);
        kit.term.review = Some(KitReview { begins: "2027-01-01T00:00:00Z".into(), every: 3, open_for: 14, reviewers });
        let sent = sent(&kit);
        assert_eq!(sent["requestApprovalSettings"]["isApprovalRequiredForUpdate"], false);
        assert_eq!(sent["requestorSettings"]["enableTargetsToSelfUpdateAccess"], true);
        let stage = &sent["requestApprovalSettings"]["stages"][0];
        let kinds = |name: &str| {
            let kind = |one: &Value| one["@odata.type"].as_str().unwrap().rsplit('.').next().unwrap().to_owned();
            stage[name].as_array().unwrap().iter().map(kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("primaryApprovers"), ["internalSponsors", "externalSponsors", "requestorManager"]);
        assert_eq!(
            (kinds("fallbackPrimaryApprovers"), kinds("escalationApprovers")),
            (vec!["groupMembers".into()], vec!["singleUser".into()])
        );
        assert_eq!((&stage["isEscalationEnabled"], &stage["durationBeforeEscalation"]), (&json!(true), &json!("P7D")));
        let review = &sent["reviewSettings"];
        assert_eq!((&review["isSelfReview"], &review["schedule"]["recurrence"]["pattern"]["interval"]), (&json!(false), &json!(3)));
        kit.term.review.as_mut().unwrap().reviewers = KitReviewers::Themselves;
        assert_eq!(self::sent(&kit)["reviewSettings"]["isSelfReview"], true);
    }
}
