//! What a tenant is called. <https://learn.microsoft.com/graph/api/tenantrelationship-findtenantinformationbytenantid>

use super::{FindTenantRefusal, TenantInformation};
use crate::{Operation, PaceKind, Request, literal};

/// 200 with the [`TenantInformation`] of this tenant.
#[derive(Clone, Copy, Debug)]
pub struct FindTenantById<'a> {
    /// Of the tenant.
    pub id: &'a str,
}

impl Operation for FindTenantById<'_> {
    type Output = TenantInformation;
    type Refusal = FindTenantRefusal;
    const SCOPES: &'static [&'static str] = &["CrossTenantInformation.ReadBasic.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get(format!("/tenantRelationships/findTenantInformationByTenantId(tenantId='{}')", literal(self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn a_tenant_is_found_by_its_id() {
        let find = FindTenantById { id: "t" };
        let path = "/tenantRelationships/findTenantInformationByTenantId(tenantId='t')";
        reads(&find, path, "CrossTenantInformation.ReadBasic.All");
        assert_eq!(find.read(&reply(200, r#"{"tenantId":"t"}"#)).unwrap().tenant_id, "t");
        refuses(&find, &[(404, "Directory_ObjectNotFound", "", Some(FindTenantRefusal::NoTenant))]);
    }
}
