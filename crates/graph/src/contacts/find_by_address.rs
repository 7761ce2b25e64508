//! Which mail contacts hold an address. <https://learn.microsoft.com/graph/api/orgcontact-list>

use super::OrgContact;
use crate::{Operation, PaceKind, Page, ReadRefusal, Request, literal};

/// 200 with a page of mail contacts with this address.
#[derive(Clone, Copy, Debug)]
pub struct FindContactsByAddress<'a> {
    /// An SMTP address; it is not checked.
    pub address: &'a str,
}

impl Operation for FindContactsByAddress<'_> {
    type Output = Page<OrgContact>;
    type Refusal = ReadRefusal;
    /// No permission on users shows them: <https://learn.microsoft.com/graph/api/orgcontact-list#permissions>.
    const SCOPES: &'static [&'static str] = &["OrgContact.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let it = literal(self.address);
        Request::get(format!(
            "/contacts?$filter=mail%20eq%20'{it}'%20or%20proxyAddresses/any(p:p%20eq%20'SMTP:{it}')&$select=id,displayName,mail"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{problem, reads, reply};

    #[test]
    fn contacts_are_looked_for_by_mail_and_proxy_address() {
        let path = "/contacts?$filter=mail%20eq%20'a%27%27b%40x.example'%20or%20proxyAddresses/any(p:p%20eq%20'SMTP:a%27%27b%40x.example')\
                    &$select=id,displayName,mail";
        let find = FindContactsByAddress { address: "a'b@x.example" };
        reads(&find, path, "OrgContact.Read.All");
        let page = find.read(&reply(200, r#"{"value":[{"id":"1","displayName":"Connie"}]}"#)).unwrap();
        assert_eq!(page.value[0].display_name.as_deref(), Some("Connie"));
        assert_eq!(find.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(ReadRefusal::MissingPermission));
    }
}
