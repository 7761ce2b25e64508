//! Roles of one resource. <https://learn.microsoft.com/graph/api/accesspackagecatalog-list-resourceroles>

use super::{OriginSystem, ResourceRole};
use crate::entitlement::{EntitlementRefusal, READING, is, list};
use crate::refusal::own;
use crate::{Operation, PaceKind, Page, Problem, Refusal, Request, literal};

/// 200 with a page of [`ResourceRole`]. Those of a site are shown here alone.
#[derive(Clone, Copy, Debug)]
pub struct ListResourceRoles<'a> {
    /// The catalog's id.
    pub catalog: &'a str,
    /// The catalog's id of the resource.
    pub resource: &'a str,
    /// Where it comes from: Graph refuses to list without.
    pub system: &'a OriginSystem,
}

/// Why no roles are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListRolesRefusal {
    /// 400 "Origin system is required." (msgraph-sdk-powershell #1982): that of the resource is none that the service knows.
    OriginSystemRequired,
    /// As of any call.
    Any(EntitlementRefusal),
}

impl Refusal for ListRolesRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        let own = own(problem, &[], &[(400, "Origin system is required", Self::OriginSystemRequired)]);
        own.or_else(|| EntitlementRefusal::told_by(problem).map(Self::Any))
    }
}

impl Operation for ListResourceRoles<'_> {
    type Output = Page<ResourceRole>;
    type Refusal = ListRolesRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        let filters = [Some(is("originSystem", self.system.as_str())), Some(is("resource/id", self.resource))];
        list(&format!("catalogs/{}/resourceRoles", literal(self.catalog)), &filters, "resource")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn roles_are_listed_by_the_origin_and_the_id_of_their_resource() {
        let list = ListResourceRoles { catalog: "c", resource: "d", system: &OriginSystem::Site };
        let path = format!(
            "{ROOT}/catalogs/c/resourceRoles?$filter=originSystem%20eq%20'SharePointOnline'%20and%20resource/id%20eq%20'd'&$expand=resource"
        );
        reads(&list, &path, "EntitlementManagement.Read.All");
        let body = r#"{"value":[{"id":"r","displayName":"Contributors","originSystem":"SharePointOnline","originId":"4","resource":{}}]}"#;
        assert_eq!(list.read(&reply(200, body)).unwrap().value[0].origin_id.as_deref(), Some("4"));
        refuses(
            &list,
            &[
                (400, "NewCode", "Origin system is required.", Some(ListRolesRefusal::OriginSystemRequired)),
                (400, "InvalidFilter", "", Some(ListRolesRefusal::Any(EntitlementRefusal::InvalidFilter))),
            ],
        );
    }
}
