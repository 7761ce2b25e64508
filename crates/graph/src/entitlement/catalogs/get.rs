//! One catalog. <https://learn.microsoft.com/graph/api/accesspackagecatalog-get>

use super::AccessPackageCatalog;
use crate::entitlement::{EntitlementRefusal, READING, get_request, one};
use crate::{Operation, PaceKind, Request};

/// 200 with the [`AccessPackageCatalog`] of this id.
#[derive(Clone, Copy, Debug)]
pub struct GetCatalog<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for GetCatalog<'_> {
    type Output = AccessPackageCatalog;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(one("catalogs", self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn a_catalog_is_read_by_its_id() {
        let get = GetCatalog { id: "a/b" };
        reads(&get, &format!("{ROOT}/catalogs/a%2Fb"), "EntitlementManagement.Read.All");
        assert_eq!(get.read(&reply(200, r#"{"id":"c","isExternallyVisible":null}"#)).unwrap().id, "c");
        refuses(&get, &[(404, "CatalogNotFound", "The catalog was not found.", Some(EntitlementRefusal::NotFound))]);
    }
}
