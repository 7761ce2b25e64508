//! Taking a resource out of a catalog. <https://learn.microsoft.com/graph/api/entitlementmanagement-post-resourcerequests>

use super::{ResourceRefusal, ResourceRequest};
use crate::entitlement::resources::ListCatalogResources;
use crate::entitlement::{ROOT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Request};
use serde_json::json;

/// 201 with a [`ResourceRequest`]. DELETE of the resource is no call of the service (msgraph-sdk-powershell #2329).
#[derive(Clone, Copy, Debug)]
pub struct RemoveResource<'a> {
    /// The catalog's id.
    pub catalog: &'a str,
    /// The catalog's id of the resource, not that of the group.
    pub resource: &'a str,
}

impl Operation for RemoveResource<'_> {
    type Output = ResourceRequest;
    type Refusal = ResourceRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let body = json!({"requestType": "adminRemove", "resource": {"id": self.resource}, "catalog": {"id": self.catalog}});
        Request::post(format!("{ROOT}/resourceRequests"), &body)
    }

    /// Where the catalog no longer shows its id, it is out.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(ListCatalogResources { catalog: self.catalog, origin: None }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{looks, refuses, reply, writes};

    #[test]
    fn a_resource_is_removed_by_the_id_that_the_catalog_gave_it() {
        let remove = RemoveResource { catalog: "c", resource: "d" };
        let body = json!({"requestType": "adminRemove", "resource": {"id": "d"}, "catalog": {"id": "c"}});
        writes(&remove, "POST", &format!("{ROOT}/resourceRequests"), &body);
        assert_eq!(remove.read(&reply(201, r#"{"id":"r","requestType":"adminRemove","state":null}"#)).unwrap().id, "r");
        assert_eq!(looks(&remove), ListCatalogResources { catalog: "c", origin: None }.request());
        let used = "The resource: X can not be deleted because there are active entitlements.";
        refuses(&remove, &[(400, "InvalidDeleteResourceHasEntitlements", used, Some(ResourceRefusal::InUse))]);
    }
}
