//! A picture of a catalog: its resources, the packages that give them, their policies, and whom these are for. Each column leads to the next
//! one alone, so that no line runs behind what it does not lead to.

use super::contents::{self, Given};
use super::inventory::Inventory;
use super::{suggestions, terms};
use graph::entitlement::SubjectSet;
use graph::entitlement::access_packages::AccessPackage;
use graph::entitlement::assignment_policies::AllowedTargets;
use graph::entitlement::catalogs::AccessPackageCatalog;
use graph::entitlement::resources::AccessPackageResource;
use std::collections::BTreeMap;

/// So many packages are drawn at once: of more nobody sees which line leads where.
pub const DRAWN: usize = 20;

/// What something in the picture is, by the column that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MapColumn {
    Catalog,
    Resource,
    Package,
    Policy,
    /// An organization, or in words whom else a policy is for.
    Audience,
}

impl MapColumn {
    pub const ALL: [Self; 5] = [Self::Catalog, Self::Resource, Self::Package, Self::Policy, Self::Audience];

    pub const fn heading(self) -> &'static str {
        match self {
            Self::Catalog => "Catalog",
            Self::Package => "Packages",
            Self::Resource => "Resources",
            Self::Policy => "Policies",
            Self::Audience => "Who can ask",
        }
    }
}

/// One thing in the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapNode {
    pub column: MapColumn,
    /// Its place in its column, from 0.
    pub place: usize,
    pub label: String,
    /// Whether something about it is worth a look.
    pub is_marked: bool,
}

/// The same as a row of the table beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapRow {
    /// Of the package.
    pub id: String,
    pub package: String,
    pub resources: Vec<String>,
    pub policies: Vec<String>,
    pub audiences: Vec<String>,
    /// Titles of what is worth a look.
    pub suggestions: Vec<&'static str>,
}

/// Some packages of a catalog, drawn and told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessMap {
    pub nodes: Vec<MapNode>,
    /// Pairs of places among the nodes, from left to right.
    pub edges: Vec<(usize, usize)>,
    pub rows: Vec<MapRow>,
    /// How many packages the catalog has.
    pub packages: usize,
}

/// Catalogs that have packages, by name, each with how many.
pub fn catalogs(inventory: &Inventory) -> Vec<(&AccessPackageCatalog, usize)> {
    let mut found: BTreeMap<&str, (&AccessPackageCatalog, usize)> = BTreeMap::new();
    for catalog in inventory.packages.iter().filter_map(|package| package.catalog.as_ref()) {
        found.entry(&catalog.id).or_insert((catalog, 0)).1 += 1;
    }
    let mut all: Vec<_> = found.into_values().collect();
    all.sort_by_cached_key(|(catalog, _)| catalog.display_name.as_deref().unwrap_or_default().to_lowercase());
    all
}

/// Draws up to [`DRAWN`] packages of a catalog, from this place on. `resources` are those of the catalog, as far as they are known.
pub fn of_catalog(inventory: &Inventory, catalog: &str, resources: &[AccessPackageResource], from: usize) -> AccessMap {
    let is_within = |package: &&AccessPackage| package.catalog.as_ref().is_some_and(|own| own.id == catalog);
    let packages: Vec<&AccessPackage> = inventory.packages.iter().filter(is_within).collect();
    let mut drawing = Drawing::default();
    let Some(own) = packages.first().and_then(|package| package.catalog.as_ref()) else { return AccessMap::default() };
    let root = drawing.node(MapColumn::Catalog, catalog, own.display_name.as_deref().unwrap_or_default());
    for package in packages.iter().skip(from).take(DRAWN) {
        drawing.package(package, root, resources, inventory);
    }
    AccessMap { packages: packages.len(), ..drawing.map }
}

#[derive(Default)]
struct Drawing {
    map: AccessMap,
    /// Nodes by column and id.
    known: BTreeMap<(MapColumn, String), usize>,
    heights: BTreeMap<MapColumn, usize>,
}

impl Drawing {
    /// The node of this id, which is there once.
    fn node(&mut self, column: MapColumn, id: &str, label: &str) -> usize {
        if let Some(node) = self.known.get(&(column, id.to_owned())) {
            return *node;
        }
        let height = self.heights.entry(column).or_default();
        let node = self.map.nodes.len();
        self.map.nodes.push(MapNode { column, place: *height, label: label.to_owned(), is_marked: false });
        *height += 1;
        self.known.insert((column, id.to_owned()), node);
        node
    }

    fn edge(&mut self, from: usize, to: usize) {
        if !self.map.edges.contains(&(from, to)) {
            self.map.edges.push((from, to));
        }
    }

    /// What a package gives.
    fn resource(&mut self, root: usize, id: &str, label: &str, package: usize) {
        let node = self.node(MapColumn::Resource, id, label);
        self.edge(root, node);
        self.edge(node, package);
    }

    fn package(&mut self, package: &AccessPackage, root: usize, resources: &[AccessPackageResource], inventory: &Inventory) {
        let name = package.display_name.clone().unwrap_or_default();
        let own = self.node(MapColumn::Package, &package.id, &name);
        let found = suggestions::of_package(package, inventory);
        self.map.nodes[own].is_marked = !found.is_empty();
        let mut row = MapRow { id: package.id.clone(), package: name, ..MapRow::default() };
        row.suggestions = found.iter().map(suggestions::Suggestion::title).collect();
        for Given { kind, origin, resource, role } in
            contents::given(package.resource_role_scopes.as_deref().unwrap_or_default(), resources)
        {
            self.resource(root, &origin, &resource, own);
            row.resources.push(format!("{resource} ({kind}, {role})"));
        }
        if row.resources.is_empty() {
            self.resource(root, "", if inventory.are_roles_known { "Nothing" } else { "Not known" }, own);
        }
        for policy in package.assignment_policies.as_deref().unwrap_or_default() {
            let node = self.node(MapColumn::Policy, &policy.id, &policy.terms.display_name);
            self.edge(own, node);
            row.policies.push(policy.terms.display_name.clone());
            for (id, words) in audiences(&policy.terms.targets, || terms::who(&policy.terms, inventory), inventory) {
                let audience = self.node(MapColumn::Audience, &id, &words);
                self.edge(node, audience);
                if !row.audiences.contains(&words) {
                    row.audiences.push(words);
                }
            }
        }
        self.map.rows.push(row);
    }
}

/// Each organization that a policy names, by id and name; in one piece whom else it is for.
fn audiences(targets: &AllowedTargets, who: impl Fn() -> String, inventory: &Inventory) -> Vec<(String, String)> {
    let organization = |target: &SubjectSet| match target {
        SubjectSet::Organization { id, .. } => {
            let name = inventory.organization(id).and_then(|organization| organization.display_name.clone());
            Some((id.clone(), name.unwrap_or_else(|| "An organization that is not known".into())))
        }
        _ => None,
    };
    let named = match targets {
        AllowedTargets::Named(_, named) => named.targets().iter().filter_map(organization).collect(),
        _ => Vec::new(),
    };
    if named.is_empty() { vec![(who(), who())] } else { named }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn policy(id: &str, organizations: &[&str]) -> Value {
        let named = |id: &&str| json!({"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": id});
        let scope = if organizations.is_empty() { "allExternalUsers" } else { "specificConnectedOrganizationUsers" };
        json!({"id": id, "displayName": format!("Policy {id}"), "allowedTargetScope": scope,
            "specificAllowedTargets": organizations.iter().map(named).collect::<Vec<_>>(),
            "requestorSettings": {"enableTargetsToSelfAddAccess": true}})
    }

    fn inventory() -> Inventory {
        let role = |id: &str| json!({"id": id, "role": {"displayName": "Member", "originId": format!("Member_{id}")}, "scope": {"originId": id, "originSystem": "AadGroup"}});
        let package = |id: &str, catalog: &str, roles: &[&str], policies: &[Value]| {
            json!({"id": id, "displayName": format!("Package {id}"), "catalog": {"id": catalog, "displayName": catalog, "state": "published", "isExternallyVisible": true},
                "resourceRoleScopes": roles.iter().map(|id| role(id)).collect::<Vec<_>>(), "assignmentPolicies": policies})
        };
        let packages = json!([
            package("a", "Partners", &["g", "h"], &[policy("1", &["f", "gone"])]),
            package("b", "Partners", &["g"], &[policy("2", &["f"]), policy("3", &[])]),
            package("c", "Other", &[], &[]),
        ]);
        let fabrikam = serde_json::from_value(json!({"id": "f", "displayName": "Fabrikam"})).unwrap();
        Inventory {
            packages: serde_json::from_value(packages).unwrap(),
            are_roles_known: true,
            organizations: Some([("f".to_owned(), fabrikam)].into()),
            ..Inventory::default()
        }
    }

    #[test]
    fn everything_is_there_once_and_leads_to_what_it_has() {
        let group: Vec<AccessPackageResource> =
            serde_json::from_value(json!([{"id": "r", "displayName": "Sales", "originId": "g"}])).unwrap();
        let map = of_catalog(&inventory(), "Partners", &group, 0);
        let labels =
            |column: MapColumn| map.nodes.iter().filter(|node| node.column == column).map(|node| node.label.as_str()).collect::<Vec<_>>();
        assert_eq!(labels(MapColumn::Catalog), ["Partners"]);
        assert_eq!(labels(MapColumn::Package), ["Package a", "Package b"]);
        assert_eq!(labels(MapColumn::Resource), ["Sales", "h"]);
        assert_eq!(labels(MapColumn::Policy), ["Policy 1", "Policy 2", "Policy 3"]);
        assert_eq!(labels(MapColumn::Audience), ["Fabrikam", "An organization that is not known", "Anybody outside the organization"]);
        let edges: Vec<(&str, &str)> =
            map.edges.iter().map(|(from, to)| (map.nodes[*from].label.as_str(), map.nodes[*to].label.as_str())).collect();
        let expected = [
            ("Partners", "Sales"),
            ("Sales", "Package a"),
            ("Partners", "h"),
            ("h", "Package a"),
            ("Package a", "Policy 1"),
            ("Policy 1", "Fabrikam"),
            ("Policy 1", "An organization that is not known"),
            ("Sales", "Package b"),
            ("Package b", "Policy 2"),
            ("Policy 2", "Fabrikam"),
            ("Package b", "Policy 3"),
            ("Policy 3", "Anybody outside the organization"),
        ];
        assert_eq!(edges, expected);
        // Nothing stands on another, and every line leads to the next column.
        for (number, node) in map.nodes.iter().enumerate() {
            assert!(map.nodes[..number].iter().all(|other| (other.column, other.place) != (node.column, node.place)));
        }
        let place = |node: usize| map.nodes[node].column as usize;
        assert!(map.edges.iter().all(|(from, to)| place(*from) + 1 == place(*to)));
        let nothing = of_catalog(&inventory(), "Other", &[], 0);
        assert_eq!(nothing.nodes.iter().map(|node| node.label.as_str()).collect::<Vec<_>>(), ["Other", "Package c", "Nothing"]);
        // The table says the same.
        let [first, second] = &map.rows[..] else { panic!("{:?}", map.rows) };
        assert_eq!(first.resources, ["Sales (Group, Member)", "h (Group, Member)"]);
        assert_eq!(
            (second.policies.len(), &second.audiences[..]),
            (2, &["Fabrikam".to_owned(), "Anybody outside the organization".into()][..])
        );
        assert!(first.suggestions.contains(&"Organization no longer connected"), "{first:?}");
        assert_eq!((map.packages, map.nodes.iter().filter(|node| node.is_marked).count()), (2, 2));
    }

    #[test]
    fn catalogs_are_told_by_name_with_how_many_packages_they_have_and_drawn_in_parts() {
        let mut inventory = inventory();
        let told: Vec<(String, usize)> = catalogs(&inventory).into_iter().map(|(catalog, count)| (catalog.id.clone(), count)).collect();
        assert_eq!(told, [("Other".to_owned(), 1), ("Partners".to_owned(), 2)]);
        let one = inventory.packages[2].clone();
        inventory.packages = (0..45).map(|number| AccessPackage { id: number.to_string(), ..one.clone() }).collect();
        let drawn = |from: usize| of_catalog(&inventory, "Other", &[], from).rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
        assert_eq!((drawn(0).len(), drawn(20)[0].as_str(), drawn(40).len(), drawn(60).len()), (20, "20", 5, 0));
        assert_eq!(of_catalog(&inventory, "Other", &[], 40).packages, 45);
        assert_eq!(of_catalog(&inventory, "nowhere", &[], 0), AccessMap::default());
    }
}
