//! One connected organization. <https://learn.microsoft.com/graph/api/connectedorganization-get>

use super::ConnectedOrganization;
use crate::entitlement::{EntitlementRefusal, READING, get_request, one};
use crate::{Operation, PaceKind, Request};

/// 200 with the [`ConnectedOrganization`] of this id, with its sponsors.
#[derive(Clone, Copy, Debug)]
pub struct GetConnectedOrganization<'a> {
    /// Graph's.
    pub id: &'a str,
}

impl Operation for GetConnectedOrganization<'_> {
    type Output = ConnectedOrganization;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{}?$expand=internalSponsors,externalSponsors", one("connectedOrganizations", self.id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn an_organization_is_read_with_its_sponsors() {
        let get = GetConnectedOrganization { id: "o" };
        let path = format!("{ROOT}/connectedOrganizations/o?$expand=internalSponsors,externalSponsors");
        reads(&get, &path, "EntitlementManagement.Read.All");
        let body = r##"{"id":"o","identitySources":null,"internalSponsors":[{"@odata.type":"#microsoft.graph.user","id":"u"}],
            "externalSponsors":[]}"##;
        let found = get.read(&reply(200, body)).unwrap();
        assert_eq!((found.internal_sponsors.unwrap()[0].id.as_str(), found.external_sponsors), ("u", Some(vec![])));
        refuses(&get, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
