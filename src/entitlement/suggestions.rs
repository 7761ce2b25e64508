//! What is worth a look in a package: what lets in more people than somebody may want, or keeps out those whom it is for.

use super::inventory::Inventory;
use super::terms::{can_be_asked_for, is_for_outsiders};
use graph::entitlement::access_packages::AccessPackage;
use graph::entitlement::assignment_policies::{AllowedTargets, AssignmentPolicy};
use graph::entitlement::catalogs::{AccessPackageCatalog, CatalogState, CatalogType};
use graph::entitlement::{Expiration, SubjectSet};
use std::collections::BTreeSet;

/// Something worth a look, with the name of the policy that it is about, if it is about one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// People from outside get in without anybody's yes.
    NoApproval(String),
    /// People from outside keep it for good.
    NeverEnds(String),
    /// A policy lets people from outside ask, and the catalog hides the package from them.
    HiddenFromOutside,
    /// Nobody sees it: its catalog is not published.
    NotPublished,
    /// Nobody can ask: administrators assign it.
    NobodyCanAsk,
    /// It gives nothing.
    GivesNothing,
    /// A policy names an organization that is not connected any more.
    OrganizationGone(String),
    /// Nobody owns its catalog.
    NoOwner,
}

impl Suggestion {
    /// In a few words, for a list.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::NoApproval(_) => "No approval for outsiders",
            Self::NeverEnds(_) => "Never ends for outsiders",
            Self::HiddenFromOutside => "Hidden from outsiders",
            Self::NotPublished => "Catalog not published",
            Self::NobodyCanAsk => "Nobody can ask",
            Self::GivesNothing => "Gives nothing",
            Self::OrganizationGone(_) => "Organization no longer connected",
            Self::NoOwner => "Catalog has no owner",
        }
    }

    /// What that means, and who can change it.
    pub fn words(&self) -> String {
        match self {
            Self::NoApproval(policy) => format!(
                "Whoever may ask under “{policy}” gets in at once. A package manager can ask for approval in the policy."
            ),
            Self::NeverEnds(policy) => {
                format!("What is given under “{policy}” stays until somebody takes it away. A package manager can set an end, or a review, in the policy.")
            }
            Self::HiddenFromOutside => "A policy lets people from outside ask, but its catalog is not visible to them: they see no package. An owner of the catalog can make it visible to external users.".into(),
            Self::NotPublished => "Its catalog is a draft, so nobody sees the package. An owner of the catalog can publish it.".into(),
            Self::NobodyCanAsk => "No policy lets anybody ask; only administrators assign it. A package manager can add a policy.".into(),
            Self::GivesNothing => "Whoever gets it gets no group, app or site. A package manager can add resources of the catalog.".into(),
            Self::NoOwner => "Nobody owns its catalog, so only administrators can change the catalog and what is in it. An Identity Governance Administrator can give somebody the role Catalog owner.".into(),
            Self::OrganizationGone(policy) => {
                format!("“{policy}” names an organization that is not connected any more, so its people cannot ask. An Identity Governance Administrator can connect it again.")
            }
        }
    }
}

/// What is worth a look, gravest first.
pub fn of_package(package: &AccessPackage, inventory: &Inventory) -> Vec<Suggestion> {
    let policies = package.assignment_policies.as_deref().unwrap_or_default();
    let (asked, outside) =
        (|policy: &&AssignmentPolicy| can_be_asked_for(&policy.terms), |policy: &&AssignmentPolicy| is_for_outsiders(&policy.terms));
    let mut found = Vec::new();
    for policy in policies.iter().filter(asked).filter(outside) {
        let name = || policy.terms.display_name.clone();
        if policy.terms.approval.stages_for_access().is_empty() {
            found.push(Suggestion::NoApproval(name()));
        }
        if policy.terms.expiration == Expiration::Never && policy.terms.review.is_none() {
            found.push(Suggestion::NeverEnds(name()));
        }
        if inventory.organizations.is_some() && names_one_that_is_gone(&policy.terms.targets, inventory) {
            found.push(Suggestion::OrganizationGone(name()));
        }
    }
    if let Some(catalog) = &package.catalog {
        let is_draft = catalog.state == Some(CatalogState::Unpublished);
        found.extend(is_draft.then_some(Suggestion::NotPublished));
        let is_hidden = !is_draft && !catalog.is_externally_visible && policies.iter().filter(asked).any(|policy| outside(&policy));
        found.extend(is_hidden.then_some(Suggestion::HiddenFromOutside));
    }
    found.extend((!policies.iter().any(|policy| asked(&policy) || policy.terms.automatic.is_some())).then_some(Suggestion::NobodyCanAsk));
    let gives_nothing = inventory.are_roles_known && package.resource_role_scopes.as_ref().is_some_and(Vec::is_empty);
    found.extend(gives_nothing.then_some(Suggestion::GivesNothing));
    let has_no_owner = package.catalog.as_ref().is_some_and(|catalog| has_no_owner(catalog, inventory));
    found.extend(has_no_owner.then_some(Suggestion::NoOwner));
    found
}

/// Whether nobody owns a catalog that somebody made: "General", and what other services made, administrators look after (our reading).
/// Whoever may not read organizations holds roles of catalogs alone, and sees none of owners elsewhere.
fn has_no_owner(catalog: &AccessPackageCatalog, inventory: &Inventory) -> bool {
    let is_of_people = matches!(catalog.catalog_type, Some(CatalogType::UserManaged));
    let is_owned = |owned: &BTreeSet<String>| owned.contains(&catalog.id.to_ascii_lowercase());
    is_of_people && inventory.organizations.is_some() && inventory.owned_catalogs.as_ref().is_some_and(|owned| !is_owned(owned))
}

/// For a list: the title of the gravest, with how many there are beside it, and all titles; nothing where there are none.
pub fn in_short(suggestions: &[Suggestion]) -> Option<(String, String)> {
    let titles: Vec<&str> = suggestions.iter().map(Suggestion::title).collect();
    let (first, others) = titles.split_first()?;
    let short = if others.is_empty() { (*first).to_owned() } else { format!("{first} +{}", others.len()) };
    Some((short, titles.join(", ")))
}

/// Whether one of the organizations that these name is not connected any more.
fn names_one_that_is_gone(targets: &AllowedTargets, inventory: &Inventory) -> bool {
    let AllowedTargets::Named(_, named) = targets else { return false };
    let is_gone = |target: &SubjectSet| matches!(target, SubjectSet::Organization { id, .. } if inventory.organization(id).is_none());
    named.targets().iter().any(is_gone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    fn suggestions(package: Value) -> Vec<Suggestion> {
        let organization = serde_json::from_value(json!({"id": "f", "displayName": "Fabrikam"})).unwrap();
        let inventory = Inventory {
            are_roles_known: true,
            organizations: Some([("f".into(), organization)].into()),
            owned_catalogs: Some(["c".into()].into()),
            ..Inventory::default()
        };
        of_package(&serde_json::from_value(package).unwrap(), &inventory)
    }

    #[test]
    fn a_catalog_that_somebody_made_wants_an_owner_where_owners_are_known() {
        let check = |kind: &str, owned: Option<&[&str]>, reads_organizations: bool, expected: bool| {
            let catalog: AccessPackageCatalog = serde_json::from_value(json!({"id": "C", "catalogType": kind})).unwrap();
            let owned_catalogs = owned.map(|all| all.iter().map(|id| (*id).to_owned()).collect());
            let organizations = reads_organizations.then(BTreeMap::new);
            let inventory = Inventory { organizations, owned_catalogs, ..Inventory::default() };
            assert_eq!(has_no_owner(&catalog, &inventory), expected, "{kind} {owned:?}");
        };
        check("userManaged", Some(&[]), true, true);
        check("userManaged", Some(&["d"]), true, true);
        check("userManaged", Some(&["c"]), true, false);
        check("serviceDefault", Some(&[]), true, false);
        check("serviceManaged", Some(&[]), true, false);
        check("userManaged", None, true, false);
        check("userManaged", Some(&[]), false, false);
    }

    /// A package that nothing is to be said of, and the same with another catalog, other policies or roles.
    fn package(catalog: Value, policies: Value) -> Value {
        json!({"id": "k", "catalog": catalog, "assignmentPolicies": policies, "resourceRoleScopes": [{"id": "r_s"}]})
    }

    fn catalog() -> Value {
        json!({"id": "c", "catalogType": "userManaged", "state": "published", "isExternallyVisible": true})
    }

    fn policy(changes: Value) -> Value {
        let organization = json!({"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": "f"});
        let mut policy = json!({
            "id": "p", "displayName": "Partners", "allowedTargetScope": "specificConnectedOrganizationUsers",
            "specificAllowedTargets": [organization], "requestorSettings": {"enableTargetsToSelfAddAccess": true},
            "requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": [{"durationBeforeAutomaticDenial": "P14D"}]},
            "expiration": {"type": "afterDuration", "duration": "P90D"},
        });
        changes.as_object().unwrap().iter().for_each(|(name, value)| policy[name] = value.clone());
        policy
    }

    #[test]
    fn a_list_shows_the_gravest_and_how_many_there_are_beside_it() {
        let (open, endless) = (Suggestion::NoApproval("P".into()), Suggestion::NeverEnds("P".into()));
        let pair = |short: &str, whole: &str| Some((short.to_owned(), whole.to_owned()));
        assert_eq!(in_short(&[]), None);
        assert_eq!(in_short(std::slice::from_ref(&open)), pair("No approval for outsiders", "No approval for outsiders"));
        assert_eq!(in_short(&[open, endless]), pair("No approval for outsiders +1", "No approval for outsiders, Never ends for outsiders"));
    }

    #[test]
    fn each_is_found_by_what_it_is_about_and_nothing_is_said_of_a_package_that_is_in_order() {
        let of = |changes: Value| suggestions(package(catalog(), json!([policy(changes)])));
        assert_eq!(of(json!({})), []);
        assert_eq!(of(json!({"requestApprovalSettings": null})), [Suggestion::NoApproval("Partners".into())]);
        let of_changes = json!({"isApprovalRequiredForUpdate": true, "stages": [{"durationBeforeAutomaticDenial": "P14D"}]});
        assert_eq!(of(json!({"requestApprovalSettings": of_changes})), [Suggestion::NoApproval("Partners".into())]);
        assert_eq!(of(json!({"expiration": {"type": "noExpiration"}})), [Suggestion::NeverEnds("Partners".into())]);
        let gone = json!([{"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": "gone"}]);
        assert_eq!(of(json!({"specificAllowedTargets": gone})), [Suggestion::OrganizationGone("Partners".into())]);
        let one_of_two = json!([gone[0], policy(json!({}))["specificAllowedTargets"][0]]);
        assert_eq!(of(json!({"specificAllowedTargets": one_of_two})), [Suggestion::OrganizationGone("Partners".into())]);
        assert_eq!(of(json!({"requestorSettings": null})), [Suggestion::NobodyCanAsk]);
        // Of people of the directory nothing is expected that is expected of people from outside.
        assert_eq!(
            of(
                json!({"allowedTargetScope": "allMemberUsers", "specificAllowedTargets": [], "requestApprovalSettings": null, "expiration": null})
            ),
            []
        );
        let in_catalog = |catalog: Value| suggestions(package(catalog, json!([policy(json!({}))])));
        assert_eq!(in_catalog(json!({"id": "c", "state": "published", "isExternallyVisible": false})), [Suggestion::HiddenFromOutside]);
        assert_eq!(in_catalog(json!({"id": "c", "state": "unpublished", "isExternallyVisible": false})), [Suggestion::NotPublished]);
        let mut empty = package(catalog(), json!([policy(json!({}))]));
        empty["resourceRoleScopes"] = json!([]);
        assert_eq!(suggestions(empty), [Suggestion::GivesNothing]);
        assert_eq!(suggestions(package(catalog(), json!([]))), [Suggestion::NobodyCanAsk]);
        let mut alone = catalog();
        alone["id"] = json!("d");
        assert_eq!(in_catalog(alone), [Suggestion::NoOwner]);
    }
}
