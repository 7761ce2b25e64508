//! What whoever gets a package gets with it.

use graph::entitlement::resources::{AccessPackageResource, OriginSystem};
use graph::entitlement::role_scopes::RoleScope;

/// A role of a resource, for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Group, app, site.
    pub kind: &'static str,
    /// Where the resource comes from, by the id there.
    pub origin: String,
    /// Its name; its id where the catalog does not tell the name.
    pub resource: String,
    pub role: String,
}

/// What these roles give, by the resources of the catalog: a role names its resource by the id alone.
pub fn given(roles: &[RoleScope], resources: &[AccessPackageResource]) -> Vec<Given> {
    let each = |one: &RoleScope| {
        let origin = one.scope.origin_id.clone().unwrap_or_default();
        let name = AccessPackageResource::of_origin(resources, &origin).and_then(|resource| resource.display_name.clone());
        Given {
            kind: kind_of(one.scope.origin_system.as_ref().or(one.role.origin_system.as_ref())),
            resource: name.unwrap_or_else(|| origin.clone()),
            origin,
            role: one.role.display_name.clone().unwrap_or_else(|| role(one)),
        }
    };
    roles.iter().map(each).collect()
}

/// A role without a name of its own: `Member_{id}` says it.
fn role(one: &RoleScope) -> String {
    let origin = one.role.origin_id.as_deref().unwrap_or_default();
    origin.split_once('_').map_or(origin, |(role, _)| role).to_owned()
}

/// What a resource is, by where it comes from: `Group`, `App`, `Site`.
pub(super) const fn kind_of(system: Option<&OriginSystem>) -> &'static str {
    match system {
        Some(OriginSystem::Group) => "Group",
        Some(OriginSystem::Application) => "App",
        Some(OriginSystem::Site) => "Site",
        Some(OriginSystem::Other(_)) | None => "Resource",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_role_is_told_with_its_resource_by_name_as_far_as_the_catalog_tells_it() {
        let roles: Vec<RoleScope> = serde_json::from_value(json!([
            {"id": "1", "role": {"displayName": "Member", "originId": "Member_g"}, "scope": {"originId": "g", "originSystem": "AadGroup"}},
            {"id": "2", "role": {"originId": "Owner_h"}, "scope": {"originId": "h", "originSystem": "AadGroup"}},
            {"id": "3", "role": {"displayName": "Editor", "originId": "7"}, "scope": {"originId": "https://contoso.example/sites/x", "originSystem": "SharePointOnline"}},
        ]))
        .unwrap();
        let resources: Vec<AccessPackageResource> =
            serde_json::from_value(json!([{"id": "r", "displayName": "Sales", "originId": "G"}])).unwrap();
        let told: Vec<(&str, String, String)> =
            given(&roles, &resources).into_iter().map(|one| (one.kind, one.resource, one.role)).collect();
        let expected = [("Group", "Sales", "Member"), ("Group", "h", "Owner"), ("Site", "https://contoso.example/sites/x", "Editor")];
        assert_eq!(told, expected.map(|(kind, resource, role)| (kind, resource.to_owned(), role.to_owned())));
    }
}
