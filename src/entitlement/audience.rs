//! What somebody sees of a package: under which policy they can ask, or why they cannot, and who can change that.
//!
//! Lists that block domains, and one-time passcodes that are off, keep people out as well; neither can be read with the permissions of this page.
//! <https://learn.microsoft.com/entra/id-governance/entitlement-management-external-users>

use super::inventory::Inventory;
use super::terms::can_be_asked_for;
use graph::entitlement::SubjectSet;
use graph::entitlement::access_packages::AccessPackage;
use graph::entitlement::assignment_policies::{AllowedTargets, AssignmentPolicy, TargetKind, TargetScope};
use graph::entitlement::catalogs::CatalogState;
use graph::entitlement::connected_organizations::ConnectedOrganizationState;

/// Somebody who may want access.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visitor {
    /// Who they are in the directory, if they are there.
    pub account: Option<VisitorAccount>,
    /// The id of the connected organization that they belong to, if there is one.
    pub organization: Option<String>,
}

/// An account of the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitorAccount {
    /// Its object id; empty where any of its kind is meant.
    pub id: String,
    pub is_guest: bool,
    /// Object ids of its groups.
    pub groups: Vec<String>,
}

/// What becomes of somebody who opens the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight<'p> {
    /// They can ask, under this policy.
    CanAsk(&'p AssignmentPolicy),
    /// They cannot, for each of these.
    Cannot(Vec<Obstacle>),
}

/// Why somebody cannot ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The catalog is a draft.
    NotPublished,
    /// The catalog hides its packages from people from outside.
    HiddenFromOutside,
    /// No policy lets anybody ask.
    NobodyCanAsk,
    /// Policies let others ask.
    NotCovered,
    /// A policy is for all connected organizations, and theirs is only proposed.
    OrganizationProposed,
    /// A policy is for connected organizations, and theirs is none.
    NotConnected,
}

impl Obstacle {
    /// What that means, and who can change it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotPublished => "The catalog is not published. An owner of the catalog can publish it.",
            Self::HiddenFromOutside => "The catalog is not visible to external users. An owner of the catalog can make it visible to them.",
            Self::NobodyCanAsk => "No policy lets anybody ask. A package manager can add one.",
            Self::NotCovered => "No policy is for them. A package manager can add one, or add them to one that is there.",
            Self::OrganizationProposed => {
                "Their organization is connected as “proposed” only. An Identity Governance Administrator can make it “configured”."
            }
            Self::NotConnected => {
                "Their organization is not connected. An Identity Governance Administrator can connect it, then a package manager can name it in a policy."
            }
        }
    }
}

impl Visitor {
    /// Guests of the directory, and whoever is not there. That policies for outsiders cover guests, too, is our reading.
    fn is_outside(&self) -> bool {
        self.account.as_ref().is_none_or(|account| account.is_guest)
    }

    fn is_named(&self, target: &SubjectSet) -> bool {
        let is = |id: &String, own: &str| !own.is_empty() && id.eq_ignore_ascii_case(own);
        match (target, &self.account) {
            (SubjectSet::User { id, .. }, Some(account)) => is(id, &account.id),
            (SubjectSet::Group { id, .. }, Some(account)) => account.groups.iter().any(|group| is(id, group)),
            (SubjectSet::Organization { id, .. }, _) => self.is_outside() && self.organization.as_deref().is_some_and(|own| is(id, own)),
            _ => false,
        }
    }

    fn is_configured(&self, inventory: &Inventory) -> bool {
        let state = |id: &String| inventory.organization(id).and_then(|organization| organization.state.as_ref());
        self.organization.as_ref().is_some_and(|id| state(id) != Some(&ConnectedOrganizationState::Proposed))
    }

    /// How specific the policy is that covers them, 0 the most; `None` where it does not.
    fn rank(&self, targets: &AllowedTargets, inventory: &Inventory) -> Option<u8> {
        let is_named = |named: &[SubjectSet]| named.iter().any(|target| self.is_named(target));
        let is_from_organization = self.is_outside() && self.organization.is_some();
        let (covers, rank) = match targets {
            AllowedTargets::Named(TargetKind::Users, named) => (self.account.is_some() && is_named(named.targets()), 0),
            AllowedTargets::Named(TargetKind::Organizations, named) => (is_from_organization && is_named(named.targets()), 2),
            AllowedTargets::All(TargetScope::AllMembers) => (!self.is_outside(), 1),
            AllowedTargets::All(TargetScope::AllUsers) => (self.account.is_some(), 2),
            AllowedTargets::All(TargetScope::AllConfiguredOrganizations) => (is_from_organization && self.is_configured(inventory), 3),
            AllowedTargets::All(TargetScope::AllExternalUsers) => (self.is_outside(), 3),
            _ => (false, 3),
        };
        covers.then_some(rank)
    }
}

/// What somebody sees of a package. Of several policies that cover them the most specific counts, of equally specific ones the first.
pub fn sight<'p>(package: &'p AccessPackage, visitor: &Visitor, inventory: &Inventory) -> Sight<'p> {
    let policies = package.assignment_policies.as_deref().unwrap_or_default();
    let asked: Vec<&AssignmentPolicy> = policies.iter().filter(|policy| can_be_asked_for(&policy.terms)).collect();
    let ranked = asked.iter().filter_map(|policy| Some((visitor.rank(&policy.terms.targets, inventory)?, *policy)));
    let covering = ranked.min_by_key(|(rank, _)| *rank).map(|(_, policy)| policy);
    let mut obstacles = Vec::new();
    if let Some(catalog) = &package.catalog {
        if catalog.state == Some(CatalogState::Unpublished) {
            obstacles.push(Obstacle::NotPublished);
        }
        if visitor.is_outside() && !catalog.is_externally_visible {
            obstacles.push(Obstacle::HiddenFromOutside);
        }
    }
    match covering {
        Some(policy) if obstacles.is_empty() => return Sight::CanAsk(policy),
        Some(_) => {}
        None => obstacles.push(uncovered(&asked, visitor)),
    }
    Sight::Cannot(obstacles)
}

/// Why none of these policies covers somebody.
fn uncovered(asked: &[&AssignmentPolicy], visitor: &Visitor) -> Obstacle {
    let is_for = |fits: fn(&AllowedTargets) -> bool| asked.iter().any(|policy| fits(&policy.terms.targets));
    let for_all = is_for(|targets| *targets == AllowedTargets::All(TargetScope::AllConfiguredOrganizations));
    let for_named = is_for(|targets| matches!(targets, AllowedTargets::Named(TargetKind::Organizations, _)));
    match (&visitor.organization, visitor.is_outside()) {
        _ if asked.is_empty() => Obstacle::NobodyCanAsk,
        (Some(_), true) if for_all => Obstacle::OrganizationProposed,
        (None, true) if for_all || for_named => Obstacle::NotConnected,
        _ => Obstacle::NotCovered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn inventory() -> Inventory {
        let organization = |id: &str, state: &str| (id.into(), serde_json::from_value(json!({"id": id, "state": state})).unwrap());
        Inventory { organizations: Some([organization("f", "configured"), organization("w", "proposed")].into()), ..Inventory::default() }
    }

    fn policy(id: &str, scope: &str, targets: Value) -> Value {
        json!({"id": id, "allowedTargetScope": scope, "specificAllowedTargets": targets, "requestorSettings": {"enableTargetsToSelfAddAccess": true}})
    }

    fn of_organization(id: &str) -> Value {
        json!([{"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": id}])
    }

    fn package(policies: Value) -> Value {
        json!({"id": "k", "catalog": {"id": "c", "state": "published", "isExternallyVisible": true}, "assignmentPolicies": policies})
    }

    /// The policy under which somebody can ask, or what keeps them from it.
    fn seen(package: &Value, visitor: &Visitor) -> Result<String, Vec<Obstacle>> {
        let package: AccessPackage = serde_json::from_value(package.clone()).unwrap();
        match sight(&package, visitor, &inventory()) {
            Sight::CanAsk(policy) => Ok(policy.id.clone()),
            Sight::Cannot(obstacles) => Err(obstacles),
        }
    }

    fn from(organization: &str) -> Visitor {
        Visitor { organization: (!organization.is_empty()).then(|| organization.to_owned()), account: None }
    }

    fn account(id: &str, is_guest: bool, groups: &[&str]) -> Visitor {
        let groups = groups.iter().map(|group| (*group).to_owned()).collect();
        Visitor { account: Some(VisitorAccount { id: id.into(), is_guest, groups }), organization: None }
    }

    #[test]
    fn whoever_is_from_outside_asks_under_the_policy_for_their_organization() {
        let package = package(json!([
            policy("all", "allExternalUsers", json!([])),
            policy("connected", "allConfiguredConnectedOrganizationUsers", json!([])),
            policy("fabrikam", "specificConnectedOrganizationUsers", of_organization("F")),
        ]));
        assert_eq!(seen(&package, &from("f")), Ok("fabrikam".into()));
        assert_eq!(seen(&package, &from("w")), Ok("all".into()));
        assert_eq!(seen(&package, &from("")), Ok("all".into()));
        assert_eq!(seen(&package, &account("g", true, &[])), Ok("all".into()));
        assert_eq!(seen(&package, &account("m", false, &[])), Err(vec![Obstacle::NotCovered]));
    }

    #[test]
    fn whoever_is_in_the_directory_asks_under_the_most_specific_policy() {
        let named = json!([{"@odata.type": "#microsoft.graph.singleUser", "userId": "ada"}, {"@odata.type": "#microsoft.graph.groupMembers", "groupId": "sales"}]);
        let package = package(json!([
            policy("everybody", "allDirectoryUsers", json!([])),
            policy("members", "allMemberUsers", json!([])),
            policy("named", "specificDirectoryUsers", named),
        ]));
        assert_eq!(seen(&package, &account("ada", true, &[])), Ok("named".into()));
        assert_eq!(seen(&package, &account("bob", false, &["sales"])), Ok("named".into()));
        assert_eq!(seen(&package, &account("bob", false, &["other"])), Ok("members".into()));
        assert_eq!(seen(&package, &account("", true, &[])), Ok("everybody".into()));
        assert_eq!(seen(&package, &from("f")), Err(vec![Obstacle::NotCovered]));
    }

    #[test]
    fn each_obstacle_is_named() {
        let named = package(json!([policy("fabrikam", "specificConnectedOrganizationUsers", of_organization("f"))]));
        assert_eq!(seen(&named, &from("w")), Err(vec![Obstacle::NotCovered]));
        assert_eq!(seen(&named, &from("")), Err(vec![Obstacle::NotConnected]));
        let connected = package(json!([policy("connected", "allConfiguredConnectedOrganizationUsers", json!([]))]));
        assert_eq!(seen(&connected, &from("f")), Ok("connected".into()));
        assert_eq!(seen(&connected, &from("w")), Err(vec![Obstacle::OrganizationProposed]));
        assert_eq!(seen(&connected, &from("")), Err(vec![Obstacle::NotConnected]));
        assert_eq!(seen(&package(json!([])), &from("f")), Err(vec![Obstacle::NobodyCanAsk]));
        let mut assigned = connected.clone();
        assigned["assignmentPolicies"][0]["requestorSettings"] = Value::Null;
        assert_eq!(seen(&assigned, &from("f")), Err(vec![Obstacle::NobodyCanAsk]));
        let mut hidden = connected;
        hidden["catalog"]["isExternallyVisible"] = json!(false);
        assert_eq!(seen(&hidden, &from("f")), Err(vec![Obstacle::HiddenFromOutside]));
        hidden["catalog"]["state"] = json!("unpublished");
        assert_eq!(seen(&hidden, &from("")), Err(vec![Obstacle::NotPublished, Obstacle::HiddenFromOutside, Obstacle::NotConnected]));
        assert_eq!(seen(&hidden, &account("m", false, &[])), Err(vec![Obstacle::NotPublished, Obstacle::NotCovered]));
    }
}
