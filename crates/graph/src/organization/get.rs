//! Name and domains of the tenant. <https://learn.microsoft.com/graph/api/organization-list>

use super::Organization;
use crate::{NoRefusal, Operation, PaceKind, Page, Problem, Reply, Request};

/// 200 with the one [`Organization`]; an empty one where Graph lists none.
#[derive(Clone, Copy, Debug)]
pub struct GetOrganization;

impl Operation for GetOrganization {
    type Output = Organization;
    type Refusal = NoRefusal;
    const SCOPES: &'static [&'static str] =
        &["User.Read", "User.Read.All", "Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get("/organization?$select=id,displayName,verifiedDomains")
    }

    fn read(&self, reply: &Reply) -> Result<Organization, Problem> {
        let page: Page<Organization> = reply.read()?;
        Ok(page.value.into_iter().next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, reads, reply};

    #[test]
    fn the_organisation_is_the_one_that_is_listed() {
        reads(&GetOrganization, "/organization?$select=id,displayName,verifiedDomains", "User.Read");
        let found = GetOrganization.read(&reply(200, r#"{"value":[{"id":"t","displayName":"Contoso"}]}"#)).unwrap();
        assert_eq!((found.id.as_str(), found.display_name.as_str()), ("t", "Contoso"));
        assert_eq!(GetOrganization.read(&reply(200, r#"{"value":[]}"#)), Ok(Organization::default()));
        assert!(common().iter().all(|problem| GetOrganization.refusal(problem).is_none()));
    }
}
