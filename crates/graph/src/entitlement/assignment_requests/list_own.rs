//! Requests that concern the signed-in person. <https://learn.microsoft.com/graph/api/accesspackageassignmentrequest-filterbycurrentuser>

use super::AssignmentRequest;
use super::list::EXPAND;
use crate::entitlement::{EntitlementRefusal, READING_OWN, ROOT, get_request};
use crate::{Operation, PaceKind, Page, Request};

/// 200 with a page of [`AssignmentRequest`], with who asked, of what, and what it is.
#[derive(Clone, Copy, Debug)]
pub struct ListOwnRequests {
    /// In which way they do.
    pub of: OwnRequests,
}

/// In which way a request concerns somebody. The schema's words that outsiders have a use for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnRequests {
    /// It is for them.
    Target,
    /// They made it.
    CreatedBy,
    /// They may decide on it.
    Approver,
}

impl OwnRequests {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::CreatedBy => "createdBy",
            Self::Approver => "approver",
        }
    }
}

impl Operation for ListOwnRequests {
    type Output = Page<AssignmentRequest>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING_OWN;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{ROOT}/assignmentRequests/filterByCurrentUser(on='{}')?$expand={EXPAND}", self.of.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn what_concerns_somebody_needs_no_administrator() {
        for (of, word) in [(OwnRequests::Target, "target"), (OwnRequests::CreatedBy, "createdBy"), (OwnRequests::Approver, "approver")] {
            let expand = "requestor,accessPackage,assignment($expand=target)";
            let path = format!("{ROOT}/assignmentRequests/filterByCurrentUser(on='{word}')?$expand={expand}");
            reads(&ListOwnRequests { of }, &path, "EntitlementMgmt-SubjectAccess.ReadWrite");
        }
        let list = ListOwnRequests { of: OwnRequests::Approver };
        assert_eq!(list.read(&reply(200, r#"{"value":[{"id":"r","answers":null}]}"#)).unwrap().value.len(), 1);
        refuses(&list, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
