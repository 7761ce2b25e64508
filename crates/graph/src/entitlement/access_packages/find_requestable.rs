//! What the signed-in person may ask for. <https://learn.microsoft.com/graph/api/accesspackage-filterbycurrentuser>

use super::AccessPackage;
use crate::entitlement::{EntitlementRefusal, READING_OWN, ROOT, get_request};
use crate::{Operation, PaceKind, Page, Request};

/// 200 with a page of [`AccessPackage`].
#[derive(Clone, Copy, Debug)]
pub struct FindRequestablePackages;

impl Operation for FindRequestablePackages {
    type Output = Page<AccessPackage>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING_OWN;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        get_request(format!("{ROOT}/accessPackages/filterByCurrentUser(on='allowedRequestor')"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn what_somebody_may_ask_for_needs_no_administrator() {
        let path = format!("{ROOT}/accessPackages/filterByCurrentUser(on='allowedRequestor')");
        reads(&FindRequestablePackages, &path, "EntitlementMgmt-SubjectAccess.ReadWrite");
        assert_eq!(FindRequestablePackages.read(&reply(200, r#"{"value":[{"id":"k"}]}"#)).unwrap().value.len(), 1);
        refuses(&FindRequestablePackages, &[(403, "UnAuthorized", "", Some(EntitlementRefusal::NotAuthorized))]);
    }
}
