//! The terms of a policy in words: who can ask, who says yes, how long it lasts.

use super::inventory::Inventory;
use crate::words::{count, listed};
use graph::entitlement::assignment_policies::{
    AllowedTargets, ApprovedRequests, AssignmentPolicy, PolicyApproval, PolicyStage, PolicyTerms, TargetKind, TargetScope,
};
use graph::entitlement::{Expiration, SubjectSet};
use std::collections::BTreeMap;

/// Names of organizations that are told one by one; more are counted.
const NAMED: usize = 2;

/// Whether people may ask who are not in the directory.
pub const fn is_for_outsiders(terms: &PolicyTerms) -> bool {
    matches!(
        terms.targets,
        AllowedTargets::Named(TargetKind::Organizations, _)
            | AllowedTargets::All(TargetScope::AllConfiguredOrganizations | TargetScope::AllExternalUsers)
    )
}

/// Whether anybody can ask, rather than be assigned by an administrator or a rule.
pub fn can_be_asked_for(terms: &PolicyTerms) -> bool {
    terms.requestors.for_themselves.add && terms.automatic.is_none() && terms.targets != AllowedTargets::Nobody
}

/// Who can ask, or how else people get it.
pub fn who(terms: &PolicyTerms, inventory: &Inventory) -> String {
    let whom = match &terms.targets {
        AllowedTargets::Nobody => return "Administrators assign it".into(),
        AllowedTargets::Named(TargetKind::Organizations, named) => organizations(named.targets(), inventory),
        AllowedTargets::Named(TargetKind::Users, named) => count(named.targets().len(), "person or group", "people and groups"),
        AllowedTargets::Named(TargetKind::ServicePrincipals, named) => count(named.targets().len(), "app", "apps"),
        AllowedTargets::All(scope) => everybody(scope).into(),
        AllowedTargets::Other { scope, .. } => format!("“{scope}”"),
    };
    match (&terms.automatic, terms.requestors.for_themselves.add) {
        (Some(_), _) => format!("{whom}, by a rule"),
        (None, true) => whom,
        (None, false) => format!("{whom}, once assigned"),
    }
}

const fn everybody(scope: &TargetScope) -> &str {
    match scope {
        TargetScope::AllMembers => "All members",
        TargetScope::AllUsers => "Everybody in the directory, guests too",
        TargetScope::AllServicePrincipals => "All apps",
        TargetScope::AllConfiguredOrganizations => "All connected organizations",
        TargetScope::AllExternalUsers => "Anybody outside the organization",
        TargetScope::AllAgentIdentities => "All agents",
        TargetScope::Other(word) => word.as_str(),
    }
}

fn organizations(targets: &[SubjectSet], inventory: &Inventory) -> String {
    let name = |target: &SubjectSet| match target {
        SubjectSet::Organization { id, .. } => inventory.organization(id)?.display_name.clone(),
        _ => None,
    };
    let mut names: Vec<String> = targets.iter().filter_map(name).take(NAMED).collect();
    let others = targets.len() - names.len();
    if names.is_empty() {
        return count(others, "organization", "organizations");
    }
    if others > 0 {
        names.push(count(others, "other", "others"));
    }
    listed(&names)
}

/// How many have to say yes, one after another, before anybody gets access.
pub fn approval(terms: &PolicyTerms) -> String {
    match terms.approval.stages_for_access() {
        [] => "None".into(),
        stages => count(stages.len(), "stage", "stages"),
    }
}

/// How long access lasts.
pub fn ends(terms: &PolicyTerms) -> String {
    match &terms.expiration {
        Expiration::Never => "Never".into(),
        Expiration::NotSpecified => "Not set".into(),
        Expiration::At(end) => format!("On {}", end.get(..10).unwrap_or(end)),
        Expiration::After(duration) => match duration.in_days() {
            Some(days) => format!("After {}", count(days as usize, "day", "days")),
            None => format!("After {}", duration.0),
        },
        Expiration::Other(_) => "In another way".into(),
    }
}

/// Everything that a policy's terms say, each with its name. `people` are names of approvers whom the policy does not name, by their ids
/// ([`unnamed`]).
pub fn rows(terms: &PolicyTerms, inventory: &Inventory, people: &BTreeMap<String, String>) -> Vec<(&'static str, String)> {
    let mut rows = vec![("Who can ask", who(terms, inventory)), ("Approval", approvers(terms, people)), ("Access ends", ends(terms))];
    if terms.requestors.for_themselves.update {
        let needs_yes =
            matches!(terms.approval.approval, PolicyApproval::Required(ApprovedRequests::Update | ApprovedRequests::AddAndUpdate, _));
        rows.push(("More time", if needs_yes { "On request, once approved" } else { "On request" }.into()));
    }
    if terms.review.is_some() {
        rows.push(("Access review", "On".into()));
    }
    if !terms.questions.is_empty() {
        rows.push(("Questions", terms.questions.iter().map(|question| question.text.as_str()).collect::<Vec<_>>().join(" · ")));
    }
    if terms.approval.is_requestor_justification_required {
        rows.push(("Reason", "Whoever asks gives one".into()));
    }
    rows
}

/// Who says yes before anybody gets access, stage by stage.
fn approvers(terms: &PolicyTerms, people: &BTreeMap<String, String>) -> String {
    let stages = terms.approval.stages_for_access();
    if stages.is_empty() {
        return "None: whoever asks gets it".into();
    }
    let stage = |stage: &PolicyStage| {
        let mut who: Vec<String> = Vec::new();
        for approver in &stage.approvers.primary {
            let words = approver_in_words(approver, people);
            if !who.contains(&words) {
                who.push(words);
            }
        }
        let whom = if who.is_empty() { "nobody".to_owned() } else { who.join(" or ") };
        match stage.denied_after.in_days() {
            Some(days) => format!("{whom}, within {}", count(days as usize, "day", "days")),
            None => whom,
        }
    };
    stages.iter().map(stage).collect::<Vec<_>>().join("; then ")
}

/// Object ids of people who say yes and whom the policy does not name.
pub fn unnamed(terms: &PolicyTerms) -> impl Iterator<Item = &str> {
    let approvers = terms.approval.stages_for_access().iter().flat_map(|stage| &stage.approvers.primary);
    approvers.filter_map(|approver| match approver {
        SubjectSet::User { id, description: None } => Some(id.as_str()),
        _ => None,
    })
}

fn approver_in_words(approver: &SubjectSet, people: &BTreeMap<String, String>) -> String {
    match approver {
        SubjectSet::User { id, description } => {
            description.clone().or_else(|| people.get(id).cloned()).unwrap_or_else(|| "a person".into())
        }
        SubjectSet::Group { description, .. } => description.clone().unwrap_or_else(|| "a group".into()),
        SubjectSet::InternalSponsors => "internal sponsors of the organization".into(),
        SubjectSet::ExternalSponsors => "external sponsors of the organization".into(),
        SubjectSet::TargetUserSponsors => "the guest's sponsors".into(),
        SubjectSet::RequestorManager { .. } | SubjectSet::TargetManager { .. } => "a manager".into(),
        _ => "somebody else".into(),
    }
}

/// The policy that a list shows of a package: one for people from outside goes before others, one that can be asked under before one that cannot.
pub fn first(policies: &[AssignmentPolicy]) -> Option<&AssignmentPolicy> {
    policies.iter().max_by_key(|policy| (is_for_outsiders(&policy.terms), can_be_asked_for(&policy.terms)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn terms(policy: Value) -> PolicyTerms {
        serde_json::from_value::<AssignmentPolicy>(policy).unwrap().terms
    }

    fn inventory() -> Inventory {
        let organization = |id: &str, name: &str| (id.into(), serde_json::from_value(json!({"id": id, "displayName": name})).unwrap());
        let organizations = [("f", "Fabrikam"), ("w", "Woodgrove"), ("n", "Northwind")].map(|(id, name)| organization(id, name));
        Inventory { organizations: Some(organizations.into()), ..Inventory::default() }
    }

    #[test]
    fn who_can_ask_is_said_by_names_as_far_as_they_are_known() {
        let of = |ids: &[&str]| {
            let set = |id: &&str| json!({"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": id});
            let targets: Vec<Value> = ids.iter().map(set).collect();
            let asking = json!({"enableTargetsToSelfAddAccess": true});
            terms(
                json!({"allowedTargetScope": "specificConnectedOrganizationUsers", "specificAllowedTargets": targets, "requestorSettings": asking}),
            )
        };
        let check = |ids: &[&str], expected: &str| assert_eq!(who(&of(ids), &inventory()), expected);
        check(&["f"], "Fabrikam");
        check(&["f", "w"], "Fabrikam and Woodgrove");
        check(&["f", "w", "n"], "Fabrikam, Woodgrove and 1 other");
        check(&["f", "gone"], "Fabrikam and 1 other");
        check(&["gone", "too"], "2 organizations");
        assert_eq!(who(&of(&["f", "w"]), &Inventory::default()), "2 organizations");
        assert!(is_for_outsiders(&of(&["f"])) && can_be_asked_for(&of(&["f"])));
    }

    #[test]
    fn each_scope_is_said_with_how_people_get_it() {
        let check = |scope: &str, expected: &str, outside: bool| {
            let asked = terms(json!({"allowedTargetScope": scope, "requestorSettings": {"enableTargetsToSelfAddAccess": true}}));
            assert_eq!((who(&asked, &inventory()), is_for_outsiders(&asked)), (expected.to_owned(), outside), "{scope}");
        };
        check("notSpecified", "Administrators assign it", false);
        check("allMemberUsers", "All members", false);
        check("allDirectoryUsers", "Everybody in the directory, guests too", false);
        check("AllConfiguredConnectedOrganizationUsers", "All connected organizations", true);
        check("allExternalUsers", "Anybody outside the organization", true);
        check("everybodyOnTheMoon", "“everybodyOnTheMoon”", false);
        let assigned = terms(json!({"allowedTargetScope": "allMemberUsers"}));
        assert_eq!((who(&assigned, &inventory()).as_str(), can_be_asked_for(&assigned)), ("All members, once assigned", false));
        let by_rule =
            terms(json!({"allowedTargetScope": "allMemberUsers", "automaticRequestSettings": {"requestAccessForAllowedTargets": true}}));
        assert_eq!((who(&by_rule, &inventory()).as_str(), can_be_asked_for(&by_rule)), ("All members, by a rule", false));
    }

    #[test]
    fn approval_and_end_are_said_in_a_word_or_two() {
        assert_eq!((approval(&PolicyTerms::default()).as_str(), ends(&PolicyTerms::default()).as_str()), ("None", "Not set"));
        let stage = json!({"durationBeforeAutomaticDenial": "P14D"});
        let stages =
            |stages: &[&Value]| approval(&terms(json!({"requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": stages}})));
        assert_eq!((stages(&[&stage]).as_str(), stages(&[&stage, &stage]).as_str()), ("1 stage", "2 stages"));
        let of_changes = terms(json!({"requestApprovalSettings": {"isApprovalRequiredForUpdate": true, "stages": [stage]}}));
        assert_eq!(
            (approval(&of_changes).as_str(), approvers(&of_changes, &BTreeMap::new()).as_str()),
            ("None", "None: whoever asks gets it")
        );
        let check = |expiration: Value, expected: &str| assert_eq!(ends(&terms(json!({ "expiration": expiration }))), expected);
        check(json!({"type": "noExpiration"}), "Never");
        check(json!({"type": "afterDuration", "duration": "P1D"}), "After 1 day");
        check(json!({"type": "afterDuration", "duration": "P365D"}), "After 365 days");
        check(json!({"type": "afterDuration", "duration": "P1Y"}), "After P1Y");
        check(json!({"type": "afterDateTime", "endDateTime": "2027-01-31T00:00:00Z"}), "On 2027-01-31");
        check(json!({"type": "whenTheMoonIsFull"}), "In another way");
    }

    #[test]
    fn whether_more_time_can_be_asked_for_and_takes_a_yes_is_said() {
        let said = |update: bool, add: bool, extends: bool| {
            let stage = json!({"durationBeforeAutomaticDenial": "P14D"});
            let approval = json!({"isApprovalRequiredForAdd": add, "isApprovalRequiredForUpdate": update, "stages": [stage]});
            let terms =
                terms(json!({"requestApprovalSettings": approval, "requestorSettings": {"enableTargetsToSelfUpdateAccess": extends}}));
            let rows = rows(&terms, &inventory(), &BTreeMap::new());
            rows.into_iter().find(|(name, _)| *name == "More time").map(|(_, words)| words)
        };
        assert_eq!(said(true, true, true).as_deref(), Some("On request, once approved"));
        assert_eq!(said(true, false, true).as_deref(), Some("On request, once approved"));
        assert_eq!(said(false, true, true).as_deref(), Some("On request"));
        assert_eq!(said(true, true, false), None);
    }

    #[test]
    fn approvers_are_named_by_the_policy_or_by_the_directory() {
        let user = |id: &str, name: Option<&str>| json!({"@odata.type": "#microsoft.graph.singleUser", "userId": id, "description": name});
        let stage = json!({"durationBeforeAutomaticDenial": "P2D",
            "primaryApprovers": [user("a", Some("Ada")), user("b", None), user("c", None)]});
        let asked = terms(json!({"requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": [stage]}}));
        assert_eq!(unnamed(&asked).collect::<Vec<_>>(), ["b", "c"]);
        let people = [("a".into(), "Another".into()), ("b".into(), "Bob".into())].into();
        assert_eq!(approvers(&asked, &people), "Ada or Bob or a person, within 2 days");
    }

    #[test]
    fn a_list_shows_the_policy_for_people_from_outside() {
        let policy = |id: &str, scope: &str, asks: bool| -> AssignmentPolicy {
            let asking = json!({ "enableTargetsToSelfAddAccess": asks });
            serde_json::from_value(json!({"id": id, "allowedTargetScope": scope, "requestorSettings": asking})).unwrap()
        };
        let shown = |policies: &[AssignmentPolicy]| first(policies).map(|policy| policy.id.clone()).unwrap_or_default();
        let (direct, members, outside) =
            (policy("d", "notSpecified", false), policy("m", "allMemberUsers", true), policy("o", "allExternalUsers", false));
        assert_eq!(shown(&[direct.clone(), members.clone()]), "m");
        assert_eq!(shown(&[outside, direct, members]), "o");
        assert_eq!(shown(&[]), "");
    }
}
