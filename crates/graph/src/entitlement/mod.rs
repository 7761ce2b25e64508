//! Entitlement management: catalogs of resources, access packages, who may ask for them, who says yes, and who has them.
//! <https://learn.microsoft.com/graph/api/resources/entitlementmanagement-overview>
//!
//! A permission never suffices: whoever calls needs a role as well, of the directory or of the catalog, and the tenant a licence
//! ([`EntitlementRefusal::NotAuthorized`]). Microsoft publishes no limits of its own for these calls; our reading is that they are paced as
//! those of the directory.

pub mod access_packages;
pub mod approvals;
pub mod assignment_policies;
pub mod assignment_requests;
pub mod assignments;
pub mod catalog_roles;
pub mod catalogs;
pub mod connected_organizations;
mod delete;
mod kind;
mod members;
mod question;
mod refusal;
pub mod resource_requests;
pub mod resources;
pub mod role_scopes;
mod schedule;
pub mod settings;
mod subject;
mod subject_set;
mod update;
mod whole;

pub use delete::DeleteEntitlement;
pub use kind::EntitlementKind;
pub use question::{AnswerChoice, AnswerForm, LocalizedText, PolicyQuestion, QuestionAnswer};
pub use refusal::{CreateRefusal, DeleteRefusal, EntitlementRefusal};
pub use schedule::{Expiration, IsoDuration, Recurrence, RecurrenceKind, Schedule};
pub use subject::{PackageSubject, SubjectLifecycle, SubjectType};
pub use subject_set::SubjectSet;
pub use update::{EntitlementChange, OwnChange, UpdateEntitlement};

use crate::mail::ACCEPTED;
use crate::{NO_CONTENT, Request, literal};
use serde::{Deserialize, Deserializer};

/// What stands before every path of it.
const ROOT: &str = "/identityGovernance/entitlementManagement";

/// What reads it.
const READING: &[&str] = &["EntitlementManagement.Read.All", "EntitlementManagement.ReadWrite.All"];

/// What changes it.
const WRITING: &[&str] = &["EntitlementManagement.ReadWrite.All"];

/// What reads one's own requests, and what one may ask for: no administrator has to consent to the first.
const READING_OWN: &[&str] =
    &["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.Read.All", "EntitlementManagement.ReadWrite.All"];

/// What makes and changes one's own requests.
const WRITING_OWN: &[&str] = &["EntitlementMgmt-SubjectAccess.ReadWrite", "EntitlementManagement.ReadWrite.All"];

const OK: u16 = 200;

/// `name eq 'text'`, percent-encoded.
fn is(name: &str, text: &str) -> String {
    format!("{name}%20eq%20'{}'", literal(text))
}

/// Reads what is at a path. Members of enumerations that came later are told by their names, and not as `unknownFutureValue`, which would be
/// written back as that. <https://learn.microsoft.com/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations>
fn get_request(path: String) -> Request {
    let mut request = Request::get(path);
    request.headers = request.headers.with("Prefer", "include-unknown-enum-members");
    request
}

/// Reads a collection below [`ROOT`]: what all of these filters let through, with these relationships.
fn list(collection: &str, filters: &[Option<String>], expand: &str) -> Request {
    let filters: Vec<&str> = filters.iter().flatten().map(String::as_str).collect();
    let filter = (!filters.is_empty()).then(|| format!("$filter={}", filters.join("%20and%20")));
    let expand = (!expand.is_empty()).then(|| format!("$expand={expand}"));
    let options: Vec<String> = [filter, expand].into_iter().flatten().collect();
    let query = if options.is_empty() { String::new() } else { format!("?{}", options.join("&")) };
    get_request(format!("{ROOT}/{collection}{query}"))
}

/// The path of one object below [`ROOT`].
fn one(collection: &str, id: &str) -> String {
    format!("{ROOT}/{collection}/{}", literal(id))
}

/// Null as what is left out.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Operation;

    #[test]
    fn what_is_read_tells_each_word_by_its_name() {
        let reads = [
            assignment_policies::GetAssignmentPolicy { id: "p" }.request(),
            assignment_requests::ListAssignmentRequests { package: None, state: None }.request(),
            assignment_requests::ListOwnRequests { of: assignment_requests::OwnRequests::Target }.request(),
        ];
        for request in reads {
            assert_eq!(request.headers.get("prefer"), Some("include-unknown-enum-members"), "{}", request.path);
        }
    }

    #[test]
    fn a_list_is_asked_for_with_what_is_said_and_nothing_else() {
        let check = |filters: &[Option<String>], expand: &str, expected: &str| {
            assert_eq!(list("catalogs", filters, expand).path, format!("{ROOT}/catalogs{expected}"));
        };
        check(&[], "", "");
        check(&[None], "resources", "?$expand=resources");
        let by_name = Some(is("displayName", "o'neil & co"));
        check(&[by_name.clone(), None], "", "?$filter=displayName%20eq%20'o%27%27neil%20%26%20co'");
        let both = "?$filter=displayName%20eq%20'o%27%27neil%20%26%20co'%20and%20state%20eq%20'x'&$expand=a,b";
        check(&[by_name, Some(is("state", "x"))], "a,b", both);
        assert_eq!(one("catalogs", "a'b/c"), format!("{ROOT}/catalogs/a%27%27b%2Fc"));
    }
}
