//! One package. <https://learn.microsoft.com/graph/api/accesspackage-get>

use super::{AccessPackage, PackageDetail};
use crate::entitlement::{EntitlementRefusal, READING, get_request, one};
use crate::{Operation, PaceKind, Request};

/// 200 with the [`AccessPackage`] of this id.
#[derive(Clone, Copy, Debug)]
pub struct GetAccessPackage<'a> {
    /// Graph's.
    pub id: &'a str,
    /// What comes with it.
    pub detail: PackageDetail,
}

impl Operation for GetAccessPackage<'_> {
    type Output = AccessPackage;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{}?$expand={}", one("accessPackages", self.id), self.detail.expand()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn a_package_is_read_with_roles_and_policies() {
        let get = GetAccessPackage { id: "a/b", detail: PackageDetail::Whole };
        let path = format!("{ROOT}/accessPackages/a%2Fb?$expand=catalog,assignmentPolicies,resourceRoleScopes($expand=role,scope)");
        reads(&get, &path, "EntitlementManagement.Read.All");
        assert_eq!(get.read(&reply(200, r#"{"id":"k"}"#)).unwrap().id, "k");
        refuses(&get, &[(404, "AccessPackageNotFound", "", Some(EntitlementRefusal::NotFound))]);
    }
}
