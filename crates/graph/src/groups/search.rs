//! Groups by how their name begins. <https://learn.microsoft.com/graph/api/group-list>

use super::{Group, READING, SELECT};
use crate::{Operation, PaceKind, Page, ReadRefusal, Request, literal};

/// 200 with a page of at most 50 [`Group`]. Works without advanced query parameters.
#[derive(Clone, Copy, Debug)]
pub struct SearchGroups<'a> {
    /// How the name, or the address, begins; whatever its case.
    pub text: &'a str,
}

impl Operation for SearchGroups<'_> {
    type Output = Page<Group>;
    type Refusal = ReadRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let it = literal(self.text);
        Request::get(format!("/groups?$filter=startswith(displayName,'{it}')%20or%20startswith(mail,'{it}')&$select={SELECT}&$top=50"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn groups_are_found_by_how_they_begin() {
        let search = SearchGroups { text: "o'n" };
        let path = "/groups?$filter=startswith(displayName,'o%27%27n')%20or%20startswith(mail,'o%27%27n')\
                    &$select=id,displayName,description,mail,mailEnabled,mailNickname,securityEnabled,groupTypes,membershipRule,\
                    onPremisesSyncEnabled,isAssignableToRole&$top=50";
        reads(&search, path, "GroupMember.Read.All");
        assert_eq!(search.read(&reply(200, r#"{"value":[{"id":"g"}]}"#)).unwrap().value[0].id, "g");
        refuses(&search, &[(403, "Authorization_RequestDenied", "", Some(ReadRefusal::MissingPermission))]);
    }
}
