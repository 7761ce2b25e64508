//! Having a package give a role. <https://learn.microsoft.com/graph/api/accesspackage-post-resourcerolescopes>

use super::RoleScope;
use crate::entitlement::access_packages::{GetAccessPackage, PackageDetail};
use crate::entitlement::resources::{AccessPackageResource, ResourceRole, ResourceScope};
use crate::entitlement::{EntitlementRefusal, WRITING, one};
use crate::refusal::own;
use crate::{AfterLoss, Operation, PaceKind, Problem, Refusal, Request};
use serde_json::json;

/// 201 with the [`RoleScope`], without role and scope. Whoever has the package gets the role some time later.
#[derive(Clone, Copy, Debug)]
pub struct AddRoleScope<'a> {
    /// The package's id.
    pub package: &'a str,
    /// What it is to give.
    pub role: &'a NewRoleScope,
}

/// A role of a resource that is in the package's catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRoleScope {
    /// The catalog's id of the resource; that of the group is its `originId`.
    resource: String,
    origin_id: String,
    role: ResourceRole,
    scope: ResourceScope,
}

impl NewRoleScope {
    /// This role of all of a resource, as the catalog shows it: [`crate::entitlement::resources::ListCatalogResources`]. `None` where the
    /// resource does not tell its origin.
    pub fn of(resource: &AccessPackageResource, role: ResourceRole) -> Option<Self> {
        let origin = (resource.origin_id.clone()?, resource.origin_system.clone()?);
        let of_all = resource.scopes.iter().find(|scope| scope.is_root_scope).cloned();
        let (origin_id, origin_system) = origin;
        let scope = of_all.unwrap_or_else(|| ResourceScope {
            origin_id: Some(origin_id.clone()),
            origin_system: Some(origin_system.clone()),
            is_root_scope: true,
            ..ResourceScope::default()
        });
        let role = ResourceRole { origin_system: Some(origin_system), ..role };
        Some(Self { resource: resource.id.clone(), origin_id, role, scope })
    }
}

impl AddRoleScope<'_> {
    /// Which of a package's roles this would have added.
    pub fn among<'r>(&self, looked: &'r [RoleScope]) -> Option<&'r RoleScope> {
        looked.iter().find(|one| {
            one.role.origin_id == self.role.role.origin_id
                && one.role.origin_system == self.role.role.origin_system
                && one.scope.origin_id == self.role.scope.origin_id
        })
    }
}

/// Why a package does not give a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddRoleScopeRefusal {
    /// The resource is not in the catalog, or not yet: it was added a moment ago (microsoft-graph-docs #18874, #11907). 404, or 400 by a text
    /// that says so (our reading; the code is not public). The package may be what is not found, too.
    ResourceNotInCatalog,
    /// The package gives this role already. The code is not public: our reading is `RoleScopeAlreadyExists`, or a text that says so.
    AlreadyGiven,
    /// As of any call.
    Any(EntitlementRefusal),
}

impl Refusal for AddRoleScopeRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        const CODES: [(u16, &str, AddRoleScopeRefusal); 2] = [
            (400, "ResourceNotFound", AddRoleScopeRefusal::ResourceNotInCatalog),
            (400, "RoleScopeAlreadyExists", AddRoleScopeRefusal::AlreadyGiven),
        ];
        const TEXTS: [(u16, &str, AddRoleScopeRefusal); 3] = [
            (400, "not found", AddRoleScopeRefusal::ResourceNotInCatalog),
            (400, "does not exist", AddRoleScopeRefusal::ResourceNotInCatalog),
            (400, "already exist", AddRoleScopeRefusal::AlreadyGiven),
        ];
        match EntitlementRefusal::told_by(problem) {
            Some(EntitlementRefusal::NotFound) => Some(Self::ResourceNotInCatalog),
            Some(any) => Some(Self::Any(any)),
            None => own(problem, &CODES, &TEXTS),
        }
    }
}

impl Operation for AddRoleScope<'_> {
    type Output = RoleScope;
    type Refusal = AddRoleScopeRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let NewRoleScope { resource, origin_id, role, scope } = self.role;
        let mut body = json!({"role": role, "scope": scope});
        body["role"]["resource"] = json!({"id": resource, "originId": origin_id, "originSystem": role.origin_system});
        Request::post(format!("{}/resourceRoleScopes", one("accessPackages", self.package)), &body)
    }

    /// The package shows its roles ([`Self::among`]).
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(GetAccessPackage { id: self.package, detail: PackageDetail::Whole }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Page;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{looks, problem, refuses, reply, writes};
    use serde_json::{Value, json};

    // Case 48
    #[test]
    fn the_catalogs_id_is_sent_as_that_of_the_resource_and_the_groups_id_as_its_origin() {
        let listed = include_str!("../../../tests/cases/48-resource-not-there-yet/catalog-resources-2.json");
        let listed: Page<AccessPackageResource> = serde_json::from_str(listed).unwrap();
        let group = "eeeeeeee-0000-4000-8000-000000000005";
        let resource = AccessPackageResource::of_origin(&listed.value, group).unwrap();
        let role = NewRoleScope::of(resource, ResourceRole::member(group)).unwrap();
        let add = AddRoleScope { package: "k", role: &role };
        let body = json!({
            "role": {"originId": format!("Member_{group}"), "originSystem": "AadGroup", "displayName": "Member", "resource": {
                "id": "dddddddd-0000-4000-8000-000000000004", "originId": group, "originSystem": "AadGroup"}},
            "scope": {"originId": group, "originSystem": "AadGroup", "isRootScope": true}});
        writes(&add, "POST", &format!("{ROOT}/accessPackages/k/resourceRoleScopes"), &body);
        assert_eq!(add.read(&reply(201, r#"{"id":"r_s","createdDateTime":"2023-06-28T01:19:48.4216782Z"}"#)).unwrap().id, "r_s");
        assert_eq!(looks(&add), GetAccessPackage { id: "k", detail: PackageDetail::Whole }.request());
        let given = RoleScope { id: "r_s".into(), role: role.role.clone(), scope: role.scope.clone(), created_date_time: None };
        assert_eq!(add.among(std::slice::from_ref(&given)), Some(&given));
        assert_eq!(add.among(&[RoleScope { role: ResourceRole::owner(group), ..given.clone() }]), None);
        assert_eq!(add.among(&[RoleScope { scope: ResourceScope::default(), ..given }]), None);
        // Until the catalog shows it there is nothing to be sent.
        let empty = include_str!("../../../tests/cases/48-resource-not-there-yet/catalog-resources-1.json");
        let empty: Page<AccessPackageResource> = serde_json::from_str(empty).unwrap();
        assert_eq!(AccessPackageResource::of_origin(&empty.value, group), None);
        assert_eq!(NewRoleScope::of(&AccessPackageResource::default(), ResourceRole::member(group)), None);
    }

    #[test]
    fn the_catalogs_own_scope_is_sent_where_it_shows_one() {
        let body = json!({"id": "d", "originId": "https://x.example/s", "originSystem": "SharePointOnline",
            "scopes": [{"id": "s", "originId": "https://x.example/s", "originSystem": "SharePointOnline", "isRootScope": true}]});
        let resource: AccessPackageResource = serde_json::from_value(body).unwrap();
        let contributor = ResourceRole { origin_id: Some("4".into()), ..ResourceRole::default() };
        let role = NewRoleScope::of(&resource, contributor).unwrap();
        let sent: Value = serde_json::from_str(&AddRoleScope { package: "k", role: &role }.request().body.unwrap()).unwrap();
        assert_eq!((&sent["scope"]["id"], &sent["role"]["originSystem"]), (&"s".into(), &"SharePointOnline".into()));
    }

    #[test]
    fn each_refusal_is_told_apart() {
        let role =
            NewRoleScope { resource: "d".into(), origin_id: "g".into(), role: ResourceRole::member("g"), scope: ResourceScope::default() };
        let add = AddRoleScope { package: "k", role: &role };
        // Case 48
        let answer: Value = serde_json::from_str(include_str!("../../../tests/cases/48-resource-not-there-yet/add.json")).unwrap();
        let code = answer["body"]["error"]["code"].as_str().unwrap();
        assert_eq!(add.refusal(&problem(404, code, "")), Some(AddRoleScopeRefusal::ResourceNotInCatalog));
        let any = |refusal| Some(AddRoleScopeRefusal::Any(refusal));
        refuses(
            &add,
            &[
                (400, "NewCode", "The resource was not found in the catalog.", Some(AddRoleScopeRefusal::ResourceNotInCatalog)),
                (400, "RoleScopeAlreadyExists", "", Some(AddRoleScopeRefusal::AlreadyGiven)),
                (400, "NewCode", "The resource role already exists in the access package.", Some(AddRoleScopeRefusal::AlreadyGiven)),
                (400, "InvalidModel", "Model is not valid.", any(EntitlementRefusal::InvalidModel)),
                (403, "UnAuthorized", "", any(EntitlementRefusal::NotAuthorized)),
                (400, "NewCode", "", None),
            ],
        );
    }
}
