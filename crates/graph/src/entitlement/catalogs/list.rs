//! Catalogs. <https://learn.microsoft.com/graph/api/entitlementmanagement-list-catalogs>

use super::AccessPackageCatalog;
use crate::entitlement::{EntitlementRefusal, READING, is, list};
use crate::{Operation, PaceKind, Page, Request};

/// 200 with a page of [`AccessPackageCatalog`], those that the person may see.
#[derive(Clone, Copy, Debug)]
pub struct ListCatalogs<'a> {
    /// Those of this very name alone.
    pub named: Option<&'a str>,
}

impl Operation for ListCatalogs<'_> {
    type Output = Page<AccessPackageCatalog>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        list("catalogs", &[self.named.map(|name| is("displayName", name))], "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::entitlement::catalogs::{CatalogState, CatalogType};
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn catalogs_are_listed_or_found_by_name() {
        reads(&ListCatalogs { named: None }, &format!("{ROOT}/catalogs"), "EntitlementManagement.Read.All");
        let list = ListCatalogs { named: Some("General") };
        reads(&list, &format!("{ROOT}/catalogs?$filter=displayName%20eq%20'General'"), "EntitlementManagement.Read.All");
        let body = r#"{"value":[{"id":"c","displayName":"General","description":null,"catalogType":"serviceDefault","state":"Published",
            "isExternallyVisible":true,"createdDateTime":null}]}"#;
        let found = list.read(&reply(200, body)).unwrap().value.remove(0);
        assert_eq!((found.state, found.catalog_type), (Some(CatalogState::Published), Some(CatalogType::ServiceDefault)));
        assert!(found.is_externally_visible);
        refuses(&list, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
