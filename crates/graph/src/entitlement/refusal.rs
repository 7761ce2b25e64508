//! What the calls of entitlement management are refused for. Codes and texts: as named beside each; where neither is public, the comment
//! says that it is our reading.

use crate::refusal::{Recognised, own};
use crate::{CommonRefusal, Problem, Refusal};

/// What every call of entitlement management may be refused for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntitlementRefusal {
    /// 403 `UnAuthorized`: the app lacks consent, the person a role (of the directory or of the catalog), or the tenant a licence. Nothing
    /// tells which (msgraph-metadata #327, terraform-provider-azuread #1226, msgraph-sdk-powershell #881, #1482).
    NotAuthorized,
    /// The service has no such call, though the schema has it; so do clouds that have less (msgraph-sdk-powershell #1970, #2329, #2493).
    NotOffered,
    /// What is named by its id is not there, or not there yet.
    NotFound,
    /// 400 `InvalidModel`: the service cannot read the body (microsoft-graph-docs #9895, #14493).
    InvalidModel,
    /// 400 `InvalidFilter`: what the filter names is no id (Microsoft365DSC #4032).
    InvalidFilter,
}

const CODES: [(u16, &str, EntitlementRefusal); 2] =
    [(400, "InvalidModel", EntitlementRefusal::InvalidModel), (400, "InvalidFilter", EntitlementRefusal::InvalidFilter)];

const FRAGMENTS: [(u16, &str, EntitlementRefusal); 1] = [(404, "No HTTP resource was found that matches", EntitlementRefusal::NotOffered)];

impl Refusal for EntitlementRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match Recognised::by(problem) {
            Recognised::NotEntitled => Some(Self::NotAuthorized),
            recognised => own(problem, &CODES, &FRAGMENTS)
                .or_else(|| (recognised == Recognised::Common(CommonRefusal::NotFound)).then_some(Self::NotFound)),
        }
    }
}

/// Why something that others may use is not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteRefusal {
    /// Something is in the way: packages in a catalog, assignments of a package or a policy (also those of deleted users), people of a
    /// connected organization (entra-docs; microsoft-graph-docs #12619). The code is not public: our reading is that a 400 or 409 of a
    /// deletion can mean nothing else, since it has no body.
    InUse,
    /// As of any call.
    Any(EntitlementRefusal),
}

impl Refusal for DeleteRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        let is_in_use =
            || matches!(problem.status, 400 | 409) && problem.common() == Some(CommonRefusal::Unknown) && problem.was_not_done();
        EntitlementRefusal::told_by(problem).map(Self::Any).or_else(|| is_in_use().then_some(Self::InUse))
    }
}

/// Why nothing is made within what has to be there first: a package in a catalog, a role in a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateRefusal {
    /// There is something of that name, or like it, already. The code is not public: our reading is a 409, or a text that says so.
    AlreadyThere,
    /// As of any call; what is not found is the one within which it is to be made.
    Any(EntitlementRefusal),
}

impl Refusal for CreateRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        const THERE: [(u16, &str, CreateRefusal); 2] =
            [(400, "already exist", CreateRefusal::AlreadyThere), (409, "", CreateRefusal::AlreadyThere)];
        EntitlementRefusal::told_by(problem).map(Self::Any).or_else(|| {
            // Two writes to one object at once are nobody's fault.
            (problem.common() == Some(CommonRefusal::Unknown)).then(|| own(problem, &[], &THERE)).flatten()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, problem, reply};

    const DENIED: &str = "User is not authorized to perform the operation. Reason: The caller is not authorized.";

    #[test]
    fn what_is_not_open_to_somebody_is_told_from_what_the_directory_denies() {
        let told = EntitlementRefusal::told_by;
        let problem_of = |code: &str| problem(403, code, DENIED);
        assert_eq!(told(&problem_of("UnAuthorized")), Some(EntitlementRefusal::NotAuthorized));
        assert_eq!(told(&problem_of("Unauthorized")), Some(EntitlementRefusal::NotAuthorized));
        assert!(problem_of("UnAuthorized").may_lack_permission() && problem_of("UnAuthorized").common().is_none());
        let of_directory = problem(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        assert_eq!((told(&of_directory), of_directory.common()), (None, Some(CommonRefusal::MissingPermission)));
        // Any other status is not this refusal.
        assert_eq!(told(&problem(400, "UnAuthorized", DENIED)), None);
    }

    #[test]
    fn each_refusal_of_any_call_is_told_apart() {
        let check = |status: u16, code: &str, message: &str, expected: Option<EntitlementRefusal>| {
            assert_eq!(EntitlementRefusal::told_by(&problem(status, code, message)), expected, "{status} {code} {message}");
        };
        check(400, "InvalidModel", "Model is not valid.", Some(EntitlementRefusal::InvalidModel));
        check(400, "InvalidFilter", "OData query is invalid: Unrecognized Guid format", Some(EntitlementRefusal::InvalidFilter));
        check(404, "CatalogNotFound", "The catalog was not found.", Some(EntitlementRefusal::NotFound));
        let unknown_call = "No HTTP resource was found that matches the request URI 'https://x.example/catalogs'.";
        check(404, "UnknownError", unknown_call, Some(EntitlementRefusal::NotOffered));
        check(409, "InvalidModel", "", None);
        check(500, "InvalidModel", "", None);
        assert!(common().iter().all(|problem| EntitlementRefusal::told_by(problem).is_none()));
        // A gateway knows no catalog.
        for body in ["<html>", r#"{"error": {"message": "No HTTP resource was found that matches the request."}}"#] {
            assert_eq!(EntitlementRefusal::told_by(&Problem::from_reply(&reply(404, body))), None, "{body}");
        }
    }

    #[test]
    fn what_stands_in_the_way_of_a_deletion_or_a_creation_is_told() {
        let in_use = problem(400, "NewCode", "It has active assignments.");
        assert_eq!(DeleteRefusal::told_by(&in_use), Some(DeleteRefusal::InUse));
        assert_eq!(DeleteRefusal::told_by(&problem(409, "NewCode", "")), Some(DeleteRefusal::InUse));
        assert_eq!(DeleteRefusal::told_by(&problem(404, "NewCode", "")), Some(DeleteRefusal::Any(EntitlementRefusal::NotFound)));
        assert_eq!(CreateRefusal::told_by(&problem(409, "NewCode", "")), Some(CreateRefusal::AlreadyThere));
        assert_eq!(CreateRefusal::told_by(&problem(400, "NewCode", "The name already exists.")), Some(CreateRefusal::AlreadyThere));
        assert_eq!(CreateRefusal::told_by(&problem(400, "NewCode", "Something else.")), None);
        assert_eq!(CreateRefusal::told_by(&problem(404, "CatalogNotFound", "")), Some(CreateRefusal::Any(EntitlementRefusal::NotFound)));
        let at_once = problem(409, "Directory_ConcurrencyViolation", "");
        assert_eq!((DeleteRefusal::told_by(&at_once), CreateRefusal::told_by(&at_once)), (None, None));
        for problem in common() {
            assert_eq!((DeleteRefusal::told_by(&problem), CreateRefusal::told_by(&problem)), (None, None), "{problem:?}");
        }
    }
}
