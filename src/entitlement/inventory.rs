//! What there is: packages with their catalogs, policies and roles, and the organizations whose people may ask.

mod question;

use crate::protocol::collection::whole;
use crate::protocol::{Inquiry, InquiryQuestion, Questions, ReadFailure};
use graph::entitlement::access_packages::{AccessPackage, ListAccessPackages, PackageDetail, PackageName};
use graph::entitlement::assignment_policies::{AssignmentPolicy, GetAssignmentPolicy};
use graph::entitlement::assignments::{PackageAssignment, PackageAssignmentState};
use graph::entitlement::catalog_roles::{CatalogRole, CatalogRoleAssignment};
use graph::entitlement::connected_organizations::{ConnectedOrganization, ListConnectedOrganizations};
use graph::entitlement::resources::{AccessPackageResource, ListCatalogResources};
use graph::page::{PageLimit, Pages, PagesEnd};
use graph::users::GetUser;
use graph::{Operation, Problem, Reply};
use question::{InventoryQuestion, LIST_OWNERS, holders};
use std::collections::{BTreeMap, BTreeSet};

/// More than a tenant may have: 4,000 packages, 2,500 organizations, 50 resources of a catalog.
/// <https://learn.microsoft.com/entra/id-governance/governance-service-limits>
const ALL: PageLimit = PageLimit { pages: 500, items: 20_000 };

/// What was read, as of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Those that the person may read, by their names.
    pub packages: Vec<AccessPackage>,
    /// Whether the cloud tells what is in packages: US Nat and US Sec do not.
    pub are_roles_known: bool,
    /// Why packages beyond these are not known: there are more than a tenant may have.
    pub has_more: bool,
    /// By their ids, since each of thousands of policies names some. `None` where the person may not read them: roles of catalogs do not suffice.
    pub organizations: Option<BTreeMap<String, ConnectedOrganization>>,
    /// Ids of the catalogs that have an owner, in lower case; `None` where that is not known, or somebody owns all of them.
    pub owned_catalogs: Option<BTreeSet<String>>,
    /// By the ids of the catalogs that were asked for.
    pub resources: BTreeMap<String, Vec<AccessPackageResource>>,
    /// Names of the people who were asked for, by their object ids.
    pub people: BTreeMap<String, String>,
    /// The policies that were asked for one by one, with all that is needed to send one back.
    pub policies: Vec<AssignmentPolicy>,
    /// Whoever has the package that was asked for; whoever had it is left out.
    pub holders: Vec<PackageAssignment>,
}

impl Inventory {
    /// The package of this id.
    pub fn package(&self, id: &str) -> Option<&AccessPackage> {
        self.packages.iter().find(|package| package.id == id)
    }

    /// A package as it is now, in place of what was read of it; what its catalog became holds for all packages in it.
    pub fn replace(&mut self, now: AccessPackage) {
        if let Some(catalog) = &now.catalog {
            let same = self.packages.iter_mut().filter_map(|package| package.catalog.as_mut()).filter(|own| own.id == catalog.id);
            same.for_each(|own| *own = catalog.clone());
        }
        if let Some(package) = self.packages.iter_mut().find(|package| package.id == now.id) {
            *package = now;
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.packages.sort_by_cached_key(|package| package.display_name.as_deref().unwrap_or_default().to_lowercase());
    }

    /// The connected organization of this id, if they could be read.
    pub fn organization(&self, id: &str) -> Option<&ConnectedOrganization> {
        self.organizations.as_ref()?.get(id)
    }
}

/// Catalogs that these own, unless one of them owns all.
fn owned(owners: &[CatalogRoleAssignment]) -> Option<BTreeSet<String>> {
    let owners = owners.iter().filter(|one| one.role_definition_id == Some(CatalogRole::Owner));
    owners.map(|one| one.catalog().map(str::to_ascii_lowercase)).collect()
}

/// Reads what there is.
pub struct InventoryReading {
    /// Where Graph is: pages that lead elsewhere are not followed.
    root: String,
    questions: Questions<InventoryQuestion>,
    found: Inventory,
    failed: Option<ReadFailure>,
    /// How many packages came so far.
    packages: usize,
}

impl InventoryReading {
    /// Reads all packages and organizations. `root` is Graph's, without a version.
    pub fn new(root: &str) -> Self {
        let packages = InventoryQuestion::Packages(PackageDetail::Whole, None);
        Self::of(root, [packages, InventoryQuestion::Organizations(None), InventoryQuestion::CatalogOwners(None)])
    }

    /// Reads what is in a catalog.
    pub fn of_catalog(root: &str, catalog: &str) -> Self {
        Self::of(root, [InventoryQuestion::Resources(catalog.into(), None)])
    }

    /// Reads one policy.
    pub fn of_policy(root: &str, policy: &str) -> Self {
        Self::of(root, [InventoryQuestion::Policy(policy.into())])
    }

    /// Reads who has a package.
    pub fn of_holders(root: &str, package: &str) -> Self {
        Self::of(root, [InventoryQuestion::Holders(package.into(), None)])
    }

    /// Reads what people of these object ids are called, which takes a permission of its own.
    pub fn of_people(root: &str, ids: impl IntoIterator<Item = String>) -> Self {
        Self::of(root, ids.into_iter().map(InventoryQuestion::Person))
    }

    fn of(root: &str, asked: impl IntoIterator<Item = InventoryQuestion>) -> Self {
        let mut questions = Questions::default();
        asked.into_iter().for_each(|question| questions.ask(question));
        Self { root: root.into(), questions, found: Inventory::default(), failed: None, packages: 0 }
    }

    /// How many packages came so far.
    pub const fn packages(&self) -> usize {
        self.packages
    }

    /// What was found, once it is [`Action::Done`].
    ///
    /// # Errors
    /// The packages, or the catalog, could not be read at all.
    pub fn finish(mut self) -> Result<Inventory, ReadFailure> {
        self.found.sort();
        self.failed.map_or(Ok(self.found), Err)
    }
}

impl Inquiry for InventoryReading {
    type Question = InventoryQuestion;

    fn questions(&mut self) -> &mut Questions<InventoryQuestion> {
        &mut self.questions
    }

    fn is_over(&self) -> bool {
        self.failed.is_some()
    }

    fn learn(&mut self, question: &mut InventoryQuestion, reply: &Reply) -> Result<bool, Problem> {
        match question {
            InventoryQuestion::Packages(detail, pages) => {
                let operation = ListAccessPackages { named: PackageName::Any, detail: *detail };
                let read = whole(&operation, pages, reply, &self.root, ALL)?;
                self.packages = read.as_ref().map_or_else(|| pages.as_deref().map_or(0, Pages::len), |(packages, _)| packages.len());
                let Some((packages, end)) = read else { return Ok(false) };
                self.found.are_roles_known = *detail == PackageDetail::Whole;
                (self.found.packages, self.found.has_more) = (packages, end == PagesEnd::More);
            }
            InventoryQuestion::Organizations(pages) => {
                let operation = ListConnectedOrganizations { named: None };
                let Some((organizations, _)) = whole(&operation, pages, reply, &self.root, ALL)? else { return Ok(false) };
                self.found.organizations = Some(organizations.into_iter().map(|one| (one.id.clone(), one)).collect());
            }
            InventoryQuestion::CatalogOwners(pages) => {
                let Some((owners, end)) = whole(&LIST_OWNERS, pages, reply, &self.root, ALL)? else { return Ok(false) };
                self.found.owned_catalogs = owned(&owners).filter(|_| end == PagesEnd::Complete);
            }
            InventoryQuestion::Resources(catalog, pages) => {
                let operation = ListCatalogResources { catalog, origin: None };
                let Some((resources, _)) = whole(&operation, pages, reply, &self.root, ALL)? else { return Ok(false) };
                self.found.resources.insert(catalog.clone(), resources);
            }
            InventoryQuestion::Policy(id) => self.found.policies.push(GetAssignmentPolicy { id }.read(reply)?),
            InventoryQuestion::Holders(package, pages) => {
                let Some((mut all, _)) = whole(&holders(package), pages, reply, &self.root, ALL)? else { return Ok(false) };
                all.retain(|assignment| assignment.state != Some(PackageAssignmentState::Expired));
                self.found.holders = all;
            }
            InventoryQuestion::Person(id) => {
                let name = GetUser { id }.read(reply)?.display_name;
                self.found.people.extend(name.map(|name| (id.clone(), name)));
            }
        }
        Ok(true)
    }

    fn give_up(&mut self, question: InventoryQuestion, why: ReadFailure) {
        match (question, why) {
            // A cloud without roles says that it does not know what is asked for.
            (InventoryQuestion::Packages(PackageDetail::Whole, _), ReadFailure::Refused(refused)) if refused.problem.status == 400 => {
                self.questions.ask(InventoryQuestion::Packages(PackageDetail::Policies, None));
            }
            (question, why) if !question.is_optional() => self.failed = Some(why),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Action, StateMachine};
    use graph::Headers;
    use serde_json::{Value, json};
    use time::Moment;

    const ROOT: &str = "https://graph.microsoft.com";

    /// Reads to the end. `answers` is told each question, by its path, and says status and body.
    fn read(mut reading: InventoryReading, mut answers: impl FnMut(&str) -> (u16, Value)) -> (Result<Inventory, ReadFailure>, Vec<usize>) {
        let (mut now, mut counts) = (Moment(0), Vec::new());
        loop {
            match reading.next(now) {
                Action::Send(ticket, request) => {
                    let body: Value = serde_json::from_str(&request.body.unwrap()).unwrap();
                    let mut answer = |item: &Value| {
                        let (status, body) = answers(item["url"].as_str().unwrap());
                        json!({"id": item["id"], "status": status, "body": body})
                    };
                    let responses: Vec<Value> = body["requests"].as_array().unwrap().iter().map(&mut answer).collect();
                    let told = json!({ "responses": responses }).to_string();
                    reading.heard(ticket, &Ok(Reply { status: 200, headers: Headers::default(), body: told }), now);
                    counts.push(reading.packages());
                }
                Action::WaitUntil(then) => now = then,
                Action::Done => return (reading.finish(), counts),
                other => panic!("{other:?}"),
            }
        }
    }

    fn denied() -> (u16, Value) {
        (403, json!({"error": {"code": "UnAuthorized", "message": "User is not authorized to perform the operation."}}))
    }

    fn names(inventory: &Inventory) -> Vec<&str> {
        inventory.packages.iter().filter_map(|package| package.display_name.as_deref()).collect()
    }

    #[test]
    fn packages_of_all_pages_are_read_in_the_order_of_their_names() {
        let (read, counts) = read(InventoryReading::new(ROOT), |url| {
            let page = |value: Value, link: Option<&str>| (200, json!({"value": value, "@odata.nextLink": link}));
            match url {
                _ if url.contains("roleAssignments") => {
                    let of = |role: &str, scope: &str| json!({"id": "a", "roleDefinitionId": role, "appScopeId": scope});
                    let (owner, reader) = ("ae79f266-94d4-4dab-b730-feca7e132178", "44272f93-9762-48e8-af59-1b5351b1d6b3");
                    page(json!([of(owner, "/AccessPackageCatalog/C"), of(reader, "/AccessPackageCatalog/d")]), None)
                }
                _ if url.contains("connectedOrganizations") => page(json!([{"id": "f", "displayName": "Fabrikam"}]), None),
                _ if url.contains("skiptoken") => page(json!([{"id": "2", "displayName": "alpha"}]), None),
                _ => {
                    assert!(url.contains("resourceRoleScopes($expand=role,scope)"), "{url}");
                    page(
                        json!([{"id": "1", "displayName": "Beta"}]),
                        Some("https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/accessPackages?$skiptoken=a"),
                    )
                }
            }
        });
        let inventory = read.unwrap();
        assert_eq!((names(&inventory), inventory.are_roles_known, inventory.has_more), (vec!["alpha", "Beta"], true, false));
        assert_eq!(inventory.owned_catalogs, Some(["c".into()].into()));
        assert_eq!(inventory.organization("f").and_then(|one| one.display_name.as_deref()), Some("Fabrikam"));
        assert_eq!((inventory.package("2").is_some(), inventory.package("3").is_some()), (true, false));
        assert_eq!(counts.iter().max(), Some(&2), "it is told how far it is: {counts:?}");
    }

    #[test]
    fn whoever_may_read_packages_alone_does_without_organizations_and_owners() {
        let (read, _) = read(InventoryReading::new(ROOT), |url| {
            if url.contains("accessPackages") { (200, json!({"value": [{"id": "1"}]})) } else { denied() }
        });
        let inventory = read.unwrap();
        assert_eq!((inventory.packages.len(), inventory.organizations, inventory.owned_catalogs), (1, None, None));
    }

    #[test]
    fn no_catalog_is_without_owner_where_somebody_owns_them_all() {
        let of = |scope: Option<&str>| CatalogRoleAssignment {
            role_definition_id: Some(CatalogRole::Owner),
            app_scope_id: scope.map(Into::into),
            ..CatalogRoleAssignment::default()
        };
        assert_eq!(owned(&[]), Some(BTreeSet::new()));
        assert_eq!(owned(&[of(Some("/AccessPackageCatalog/a")), of(Some("/"))]), None);
        assert_eq!(owned(&[of(None)]), None);
    }

    #[test]
    fn a_cloud_without_roles_is_asked_for_what_it_has() {
        let (read, _) = read(InventoryReading::new(ROOT), |url| match url {
            _ if url.contains("resourceRoleScopes") => {
                (400, json!({"error": {"code": "BadRequest", "message": "Could not find a property named 'resourceRoleScopes'"}}))
            }
            _ => (200, json!({"value": [{"id": "1"}]})),
        });
        let inventory = read.unwrap();
        assert_eq!((inventory.packages.len(), inventory.are_roles_known), (1, false));
    }

    #[test]
    fn a_refusal_is_told_with_the_permission_that_it_needs() {
        let (read, _) = read(InventoryReading::new(ROOT), |_| denied());
        let Err(ReadFailure::Refused(refused)) = read else { panic!("{read:?}") };
        assert_eq!(refused.permission.as_deref(), Some("EntitlementManagement.Read.All"));
    }

    #[test]
    fn a_catalogs_resources_are_read_by_its_id() {
        let (read, _) = read(InventoryReading::of_catalog(ROOT, "c"), |url| {
            assert!(url.contains("catalogs/c/resources"), "{url}");
            (200, json!({"value": [{"id": "r", "displayName": "Sales", "originId": "g"}]}))
        });
        assert_eq!(read.unwrap().resources["c"][0].display_name.as_deref(), Some("Sales"));
    }

    #[test]
    fn people_are_known_by_name_as_far_as_they_are_there() {
        let (read, _) = read(InventoryReading::of_people(ROOT, ["a".into(), "gone".into()]), |url| match url {
            _ if url.contains("/users/a?") => (200, json!({"id": "a", "displayName": "Ada"})),
            _ => (404, json!({"error": {"code": "Request_ResourceNotFound", "message": "Resource 'gone' does not exist."}})),
        });
        assert_eq!(read.unwrap().people, [("a".into(), "Ada".into())].into());
    }

    #[test]
    fn a_catalog_that_may_not_be_read_is_not_taken_for_an_empty_one() {
        let (read, _) = read(InventoryReading::of_catalog(ROOT, "c"), |_| denied());
        let Err(ReadFailure::Refused(refused)) = read else { panic!("{read:?}") };
        assert_eq!(refused.permission.as_deref(), Some("EntitlementManagement.Read.All"));
    }
}
