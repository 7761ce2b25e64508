//! Whose tenant a domain is. <https://learn.microsoft.com/graph/api/tenantrelationship-findtenantinformationbydomainname>

use super::TenantInformation;
use crate::{CommonRefusal, Operation, PaceKind, Problem, Refusal, Request, literal};

/// 200 with the [`TenantInformation`] of the tenant in which this domain is verified.
#[derive(Clone, Copy, Debug)]
pub struct FindTenantByDomain<'a> {
    /// Such as `fabrikam.example`.
    pub domain: &'a str,
}

/// Why no tenant is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindTenantRefusal {
    /// The domain, or the id, is no tenant's: 404, which is an answer.
    NoTenant,
    /// 400: it is no domain, or no id.
    NotTaken,
    /// The app lacks consent.
    MissingPermission,
}

impl Refusal for FindTenantRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match problem.common() {
            Some(CommonRefusal::NotFound) => Some(Self::NoTenant),
            Some(CommonRefusal::Unknown) if problem.status == 400 => Some(Self::NotTaken),
            Some(CommonRefusal::MissingPermission) => Some(Self::MissingPermission),
            _ => None,
        }
    }
}

impl Operation for FindTenantByDomain<'_> {
    type Output = TenantInformation;
    type Refusal = FindTenantRefusal;
    const SCOPES: &'static [&'static str] = &["CrossTenantInformation.ReadBasic.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get(format!("/tenantRelationships/findTenantInformationByDomainName(domainName='{}')", literal(self.domain)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn a_tenant_is_found_by_its_domain_or_there_is_none() {
        let find = FindTenantByDomain { domain: "fabrikam.example" };
        let path = "/tenantRelationships/findTenantInformationByDomainName(domainName='fabrikam.example')";
        reads(&find, path, "CrossTenantInformation.ReadBasic.All");
        let body = r#"{"tenantId":"6babcaad","federationBrandName":null,"displayName":"Fabrikam","defaultDomainName":"fabrikam.example"}"#;
        assert_eq!(find.read(&reply(200, body)).unwrap().display_name.as_deref(), Some("Fabrikam"));
        refuses(
            &find,
            &[
                (404, "Directory_ObjectNotFound", "", Some(FindTenantRefusal::NoTenant)),
                (400, "Request_BadRequest", "", Some(FindTenantRefusal::NotTaken)),
                (409, "NewCode", "", None),
                (403, "Authorization_RequestDenied", "", Some(FindTenantRefusal::MissingPermission)),
            ],
        );
    }
}
