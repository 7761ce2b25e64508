//! Why Graph refused, and why a run halts: one record for both. The types are not this library's to implement anything for, or hold more
//! than is written; so whatever holds one names how it lies on disk.

use crate::bulk::HaltReason;
use graph::Problem;
use graph::problem::ProblemKind;
use serde::de::{Error, IntoDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use time::{Millis, Moment};

/// Stands for a kind where a run halts since the directory does not answer, which is no refusal of Graph's.
const NO_DIRECTORY: &str = "NoDirectory";

#[derive(Serialize, Deserialize)]
struct ProblemShape {
    /// Nothing for [`NO_DIRECTORY`].
    #[serde(with = "kind")]
    kind: Option<ProblemKind>,
    status: u16,
    code: String,
    message: String,
    request_id: Option<String>,
    retry_after: Option<Millis>,
    #[serde(default)]
    permission: Option<String>,
    /// Earlier versions wrote base64, which nobody reads from here: what is no JSON object is never sent (`identity::authorize`).
    claims: Option<String>,
    /// Since when a run has halted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Moment>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ProblemKind")]
enum ProblemKindShape {
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

mod kind {
    use super::{Deserialize, Deserializer, IntoDeserializer, NO_DIRECTORY, ProblemKind, ProblemKindShape, Serializer};

    pub(super) fn serialize<S: Serializer>(kind: &Option<ProblemKind>, serializer: S) -> Result<S::Ok, S::Error> {
        match kind {
            Some(kind) => ProblemKindShape::serialize(kind, serializer),
            None => serializer.serialize_str(NO_DIRECTORY),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ProblemKind>, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == NO_DIRECTORY { Ok(None) } else { ProblemKindShape::deserialize(name.into_deserializer()).map(Some) }
    }
}

impl ProblemShape {
    fn new(kind: Option<ProblemKind>, problem: &Problem, since: Option<Moment>) -> Self {
        // What services behind Graph say is not kept.
        let Problem { kind: _, status, code, inner_code: _, message, request_id, retry_after, permission, claims } = problem.clone();
        Self { kind, status, code, message, request_id, retry_after, permission, claims, since }
    }

    fn problem(self) -> Problem {
        let Self { kind, status, code, message, request_id, retry_after, permission, claims, since: _ } = self;
        let kind = kind.unwrap_or(ProblemKind::Unknown);
        Problem { kind, status, code, inner_code: None, message, request_id, retry_after, permission, claims }
    }
}

/// How a refusal lies on disk.
pub(super) mod refusal {
    use super::{Deserialize, Deserializer, Error, NO_DIRECTORY, Problem, ProblemShape, Serialize, Serializer};

    pub fn serialize<S: Serializer>(problem: &Problem, serializer: S) -> Result<S::Ok, S::Error> {
        ProblemShape::new(Some(problem.kind), problem, None).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Problem, D::Error> {
        let shape = ProblemShape::deserialize(deserializer)?;
        if shape.kind.is_none() { Err(D::Error::custom(NO_DIRECTORY)) } else { Ok(shape.problem()) }
    }
}

impl Serialize for HaltReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shape = match self {
            Self::Refused(problem) => ProblemShape::new(Some(problem.kind), problem, None),
            Self::NoDirectory { last, since } => ProblemShape::new(None, last, *since),
        };
        shape.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for HaltReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let shape = ProblemShape::deserialize(deserializer)?;
        let (kind, since) = (shape.kind, shape.since);
        let problem = shape.problem();
        Ok(if kind.is_some() { Self::Refused(problem) } else { Self::NoDirectory { last: problem, since } })
    }
}

/// A reason that this version cannot read is none: the run is shown by its rows, as before reasons were written down.
pub(super) fn if_known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<HaltReason>>, D::Error> {
    let written = Option::<Box<RawValue>>::deserialize(deserializer)?;
    Ok(written.and_then(|text| serde_json::from_str(text.get()).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct ReadProblem(#[serde(with = "refusal")] Problem);

    #[test]
    fn a_problem_of_an_earlier_page_with_its_claims_in_base64_is_still_read() {
        let stored = r#"{"kind":"ClaimsChallenge","status":401,"code":"InvalidAuthenticationToken","message":"","request_id":null,"retry_after":null,"claims":"eyJ9"}"#;
        assert_eq!(serde_json::from_str::<ReadProblem>(stored).unwrap().0.claims.as_deref(), Some("eyJ9"));
    }

    #[test]
    fn what_earlier_versions_wrote_is_read_and_written_alike() {
        for stored in [
            r#"{"kind":"Throttled","status":429,"code":"TooManyRequests","message":"m","request_id":"r","retry_after":2000,"permission":null,"claims":null}"#,
            r#"{"kind":"MissingPermission","status":403,"code":"c","message":"","request_id":null,"retry_after":null,"permission":"Mail.Send","claims":null}"#,
            r#"{"kind":"NoDirectory","status":503,"code":"","message":"","request_id":null,"retry_after":null,"permission":null,"claims":null,"since":1795344203000}"#,
        ] {
            let reason: HaltReason = serde_json::from_str(stored).unwrap();
            assert_eq!(serde_json::to_string(&reason).unwrap(), stored);
            assert_eq!(matches!(reason, HaltReason::NoDirectory { .. }), stored.contains("since"));
        }
        let later = r#"{"kind":"OfLaterVersions","status":0,"code":"","message":"","request_id":null,"retry_after":null,"claims":null}"#;
        assert!(serde_json::from_str::<HaltReason>(later).is_err());
    }
}
