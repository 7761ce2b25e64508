//! Connected organizations. <https://learn.microsoft.com/graph/api/entitlementmanagement-list-connectedorganizations>

use super::ConnectedOrganization;
use crate::entitlement::{EntitlementRefusal, READING, is, list};
use crate::{Operation, PaceKind, Page, Request};

/// 200 with a page of [`ConnectedOrganization`]. They can be filtered by their name alone, not by a domain.
#[derive(Clone, Copy, Debug)]
pub struct ListConnectedOrganizations<'a> {
    /// Those of this very name alone.
    pub named: Option<&'a str>,
}

impl Operation for ListConnectedOrganizations<'_> {
    type Output = Page<ConnectedOrganization>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        list("connectedOrganizations", &[self.named.map(|name| is("displayName", name))], "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::entitlement::connected_organizations::{ConnectedOrganizationState, IdentitySource};
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn organizations_are_listed_or_found_by_name() {
        let all = ListConnectedOrganizations { named: None };
        reads(&all, &format!("{ROOT}/connectedOrganizations"), "EntitlementManagement.Read.All");
        let list = ListConnectedOrganizations { named: Some("Fabrikam") };
        let path = format!("{ROOT}/connectedOrganizations?$filter=displayName%20eq%20'Fabrikam'");
        reads(&list, &path, "EntitlementManagement.Read.All");
        let body = r##"{"value":[{"id":"o","displayName":"Fabrikam","state":"Configured","identitySources":[
            {"@odata.type":"#microsoft.graph.azureActiveDirectoryTenant","tenantId":"t","displayName":"Fabrikam"}]}]}"##;
        let found = list.read(&reply(200, body)).unwrap().value.remove(0);
        assert_eq!(found.identity_sources, [IdentitySource::tenant("t", "Fabrikam")]);
        assert_eq!((found.state, found.internal_sponsors), (Some(ConnectedOrganizationState::Configured), None));
        refuses(&list, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
