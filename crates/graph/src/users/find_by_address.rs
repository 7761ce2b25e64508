//! Who holds an address. entra-docs docs/external-id/customize-invitation-api.md, <https://learn.microsoft.com/graph/api/user-list>

use super::{READING, SELECT, User};
use crate::{Operation, PaceKind, Page, ReadRefusal, Request, literal};

/// 200 with a page of everybody who owns this address, by any of the properties that can hold it. Works without advanced query
/// parameters.
#[derive(Clone, Copy, Debug)]
pub struct FindUsersByAddress<'a> {
    /// An SMTP address; it is not checked.
    pub address: &'a str,
}

impl Operation for FindUsersByAddress<'_> {
    type Output = Page<User>;
    type Refusal = ReadRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let it = literal(self.address);
        Request::get(format!(
            "/users?$filter=mail%20eq%20'{it}'%20or%20userPrincipalName%20eq%20'{it}'%20or%20otherMails/any(o:o%20eq%20'{it}')\
             %20or%20proxyAddresses/any(p:p%20eq%20'SMTP:{it}')&$select={SELECT}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{problem, reads, reply};

    #[test]
    fn an_address_is_looked_for_wherever_it_may_stand() {
        let path = "/users?$filter=mail%20eq%20'o%27%27neil%40x.example'%20or%20userPrincipalName%20eq%20'o%27%27neil%40x.example'\
                    %20or%20otherMails/any(o:o%20eq%20'o%27%27neil%40x.example')\
                    %20or%20proxyAddresses/any(p:p%20eq%20'SMTP:o%27%27neil%40x.example')\
                    &$select=id,displayName,mail,userPrincipalName,userType,externalUserState,externalUserStateChangeDateTime,\
                    accountEnabled,createdDateTime";
        let find = FindUsersByAddress { address: "o'neil@x.example" };
        reads(&find, path, "User.Read.All");
        assert_eq!(find.read(&reply(200, r#"{"value":[{"id":"1"},{"id":"2"}]}"#)).unwrap().value.len(), 2);
        assert_eq!(find.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(ReadRefusal::MissingPermission));
    }
}
