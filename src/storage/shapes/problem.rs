//! Why Graph refused. The type is not this library's to implement anything for: whatever holds one names its shape.

use graph::Problem;
use graph::problem::ProblemKind;
use serde::{Deserialize, Serialize};
use time::Millis;

#[derive(Serialize, Deserialize)]
#[serde(remote = "Problem")]
pub(super) struct ProblemShape {
    #[serde(with = "ProblemKindShape")]
    kind: ProblemKind,
    status: u16,
    code: String,
    message: String,
    request_id: Option<String>,
    retry_after: Option<Millis>,
    #[serde(default)]
    permission: Option<String>,
    /// Earlier versions wrote base64.
    claims: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ProblemKind")]
pub(super) enum ProblemKindShape {
    SuspiciousActivity,
    InvitationsNotAllowed,
    MissingPermission,
    Forbidden,
    ObjectQuota,
    OwnDomain,
    AlreadyInDirectory,
    AccountBlocked,
    AddressRefused,
    GroupAddress,
    DomainNotAllowed,
    CrossTenantBlocked,
    CrossCloudDisabled,
    ProxyConflict,
    TargetNotFound,
    RedirectRefused,
    TokenExpired,
    ClaimsChallenge,
    Throttled,
    ServiceBusy,
    NotYetUsable,
    NoMailbox,
    MailRefused,
    MailLimit,
    MailboxFull,
    SenderRestricted,
    RecipientRefused,
    NotFound,
    NotGraphs,
    Unreadable,
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct ReadProblem(#[serde(with = "ProblemShape")] Problem);

    #[test]
    fn a_problem_of_an_earlier_page_with_its_claims_in_base64_is_still_read() {
        let stored = r#"{"kind":"ClaimsChallenge","status":401,"code":"InvalidAuthenticationToken","message":"","request_id":null,"retry_after":null,"claims":"eyJ9"}"#;
        assert_eq!(serde_json::from_str::<ReadProblem>(stored).unwrap().0.claims.as_deref(), Some("eyJ9"));
    }
}
