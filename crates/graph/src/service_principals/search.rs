//! Apps by how their name begins. <https://learn.microsoft.com/graph/api/serviceprincipal-list>

use super::ServicePrincipal;
use crate::{Operation, PaceKind, Page, ReadRefusal, Request, literal};

/// 200 with a page of at most 50 [`ServicePrincipal`]. Works without advanced query parameters.
#[derive(Clone, Copy, Debug)]
pub struct SearchServicePrincipals<'a> {
    /// How the name begins; whatever its case.
    pub text: &'a str,
}

impl Operation for SearchServicePrincipals<'_> {
    type Output = Page<ServicePrincipal>;
    type Refusal = ReadRefusal;
    const SCOPES: &'static [&'static str] =
        &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let select = "id,appId,displayName,accountEnabled,servicePrincipalType,appRoles";
        Request::get(format!("/servicePrincipals?$filter=startswith(displayName,'{}')&$select={select}&$top=50", literal(self.text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn apps_are_found_with_their_roles() {
        let search = SearchServicePrincipals { text: "wi'ki" };
        let path = "/servicePrincipals?$filter=startswith(displayName,'wi%27%27ki')\
                    &$select=id,appId,displayName,accountEnabled,servicePrincipalType,appRoles&$top=50";
        reads(&search, path, "Application.Read.All");
        let body = r#"{"value":[{"id":"s","appId":"a","displayName":"Wiki","appRoles":[{"id":"r","displayName":"Reader","description":"Reads",
            "value":null,"isEnabled":true,"allowedMemberTypes":["User"]}]}]}"#;
        let found = search.read(&reply(200, body)).unwrap().value.remove(0);
        assert_eq!(found.roles_for_people().next().and_then(|role| role.display_name.as_deref()), Some("Reader"));
        refuses(&search, &[(403, "Authorization_RequestDenied", "", Some(ReadRefusal::MissingPermission))]);
    }
}
