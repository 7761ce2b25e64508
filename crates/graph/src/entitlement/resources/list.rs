//! Resources of a catalog. <https://learn.microsoft.com/graph/api/accesspackagecatalog-list-resources>

use super::AccessPackageResource;
use crate::entitlement::{EntitlementRefusal, READING, is, list};
use crate::{Operation, PaceKind, Page, Request, literal};

/// 200 with a page of [`AccessPackageResource`], with roles and scopes. What was added a moment ago is not there yet.
#[derive(Clone, Copy, Debug)]
pub struct ListCatalogResources<'a> {
    /// The catalog's id.
    pub catalog: &'a str,
    /// The one of this `originId` alone.
    pub origin: Option<&'a str>,
}

impl Operation for ListCatalogResources<'_> {
    type Output = Page<AccessPackageResource>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let origin = self.origin.map(|origin| is("originId", origin));
        list(&format!("catalogs/{}/resources", literal(self.catalog)), &[origin], "roles,scopes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::entitlement::resources::{OriginSystem, ResourceRole};
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn resources_are_listed_with_roles_and_found_by_their_origin() {
        let all = ListCatalogResources { catalog: "c", origin: None };
        reads(&all, &format!("{ROOT}/catalogs/c/resources?$expand=roles,scopes"), "EntitlementManagement.Read.All");
        let list = ListCatalogResources { catalog: "c", origin: Some("g") };
        let path = format!("{ROOT}/catalogs/c/resources?$filter=originId%20eq%20'g'&$expand=roles,scopes");
        reads(&list, &path, "EntitlementManagement.Read.All");
        let body = r#"{"value":[{"id":"d","originId":"G","originSystem":"aadGroup","displayName":"Suppliers","scopes":null,
            "roles":[{"id":"r","originId":"Member_g","displayName":"Member","originSystem":"AadGroup"}]}]}"#;
        let found = list.read(&reply(200, body)).unwrap().value;
        let resource = AccessPackageResource::of_origin(&found, "g").unwrap();
        assert_eq!((resource.id.as_str(), &resource.origin_system), ("d", &Some(OriginSystem::Group)));
        assert_eq!(resource.roles, [ResourceRole { id: Some("r".into()), ..ResourceRole::member("g") }]);
        assert_eq!(AccessPackageResource::of_origin(&found, "d"), None, "the catalog's id is not that of the group");
        refuses(&list, &[(404, "CatalogNotFound", "", Some(EntitlementRefusal::NotFound))]);
    }
}
