//! Why Graph refused, and why a run halts: one record for both. The types are not this library's to implement anything for, or hold more
//! than is written; so whatever holds one names how it lies on disk.

use crate::bulk::HaltReason;
use crate::jobs::invite::refusals::InviteRefusal;
use crate::refused::Refused;
use graph::{CommonRefusal, Demanded, Problem};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use time::{Millis, Moment};

/// Stands for a kind where a run halts since the directory does not answer, which is no refusal of Graph's.
const NO_DIRECTORY: &str = "NoDirectory";

#[derive(Serialize, Deserialize)]
struct ProblemShape {
    /// What it is by its facts when it is written down, or was by an earlier version; nothing for [`NO_DIRECTORY`].
    #[serde(with = "kind")]
    kind: Option<InviteRefusal>,
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

mod kind {
    use super::{Deserialize, Deserializer, Error, InviteRefusal, NO_DIRECTORY, Serializer};

    pub(super) fn serialize<S: Serializer>(kind: &Option<InviteRefusal>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(kind.map_or(NO_DIRECTORY, InviteRefusal::name))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<InviteRefusal>, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || D::Error::unknown_variant(&name, &InviteRefusal::NAMES);
        if name == NO_DIRECTORY { Ok(None) } else { InviteRefusal::by_name(&name).ok_or_else(unknown).map(Some) }
    }
}

impl ProblemShape {
    fn new(kind: Option<InviteRefusal>, refused: &Refused, since: Option<Moment>) -> Self {
        let Refused { problem, permission, written_as: _ } = refused.clone();
        let claims = problem.claims().map(Into::into);
        // What services behind Graph say is not kept.
        let Problem { status, code, inner_code: _, message, request_id, retry_after, demanded: _, is_unreadable: _ } = problem;
        Self { kind, status, code, message, request_id, retry_after, permission, claims, since }
    }

    fn refused(self) -> Refused {
        let Self { kind, status, code, message, request_id, retry_after, permission, claims, since: _ } = self;
        let is_challenge = kind == Some(InviteRefusal::Common(CommonRefusal::ClaimsChallenge));
        let is_unreadable = kind == Some(InviteRefusal::Common(CommonRefusal::Unreadable));
        let demanded = match claims {
            Some(claims) => Demanded::Claims(claims),
            None if is_challenge => Demanded::Unreadable,
            None => Demanded::Nothing,
        };
        let problem = Problem { status, code, inner_code: None, message, request_id, retry_after, demanded, is_unreadable };
        let told = Refused { problem, permission, written_as: None };
        let written_as = kind.filter(|kind| InviteRefusal::told_by(&told) != *kind).map(InviteRefusal::name);
        Refused { written_as, ..told }
    }
}

/// How a refusal lies on disk.
pub(super) mod refusal {
    use super::{Deserialize, Deserializer, Error, InviteRefusal, NO_DIRECTORY, ProblemShape, Refused, Serialize, Serializer};

    pub fn serialize<S: Serializer>(refused: &Refused, serializer: S) -> Result<S::Ok, S::Error> {
        ProblemShape::new(Some(InviteRefusal::told_by(refused)), refused, None).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Refused, D::Error> {
        let shape = ProblemShape::deserialize(deserializer)?;
        if shape.kind.is_none() { Err(D::Error::custom(NO_DIRECTORY)) } else { Ok(shape.refused()) }
    }
}

impl Serialize for HaltReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Refused(refused) => refusal::serialize(refused, serializer),
            Self::NoDirectory { last, since } => ProblemShape::new(None, last, *since).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for HaltReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let shape = ProblemShape::deserialize(deserializer)?;
        let (kind, since) = (shape.kind, shape.since);
        let refused = shape.refused();
        Ok(if kind.is_some() { Self::Refused(refused) } else { Self::NoDirectory { last: refused, since } })
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
    struct ReadProblem(#[serde(with = "refusal")] Refused);

    #[test]
    fn a_problem_of_an_earlier_page_with_its_claims_in_base64_is_still_read() {
        let stored = r#"{"kind":"ClaimsChallenge","status":401,"code":"InvalidAuthenticationToken","message":"","request_id":null,"retry_after":null,"claims":"eyJ9"}"#;
        assert_eq!(serde_json::from_str::<ReadProblem>(stored).unwrap().0.problem.claims(), Some("eyJ9"));
    }

    #[test]
    fn what_this_version_writes_is_read_as_what_it_was() {
        let reply = |status: u16, body: &str| graph::Reply { status, headers: Default::default(), body: body.into() };
        let problems = [
            Problem::from_reply(&reply(403, r#"{"error":{"code":"ErrorAccessDenied","message":"m"}}"#)),
            Problem::from_reply(&reply(400, r#"{"error":{"code":"BadRequest","message":"is a verified domain of this directory"}}"#)),
            Problem { demanded: Demanded::Unreadable, ..Problem::from_reply(&reply(401, "")) },
            Problem { demanded: Demanded::Claims("{}".into()), ..Problem::from_reply(&reply(401, "")) },
            reply(200, "<html>").read::<u8>().unwrap_err(),
            crate::bulk::unanswered().problem,
        ];
        let kinds = ["MailRefused", "OwnDomain", "ClaimsChallenge", "ClaimsChallenge", "Unreadable", "ServiceBusy"];
        for (problem, kind) in problems.into_iter().zip(kinds) {
            let reason = HaltReason::Refused(Refused::new(problem, "Mail.Send"));
            let written = serde_json::to_string(&reason).unwrap();
            assert!(written.starts_with(&format!(r#"{{"kind":"{kind}""#)), "{written}");
            assert_eq!(serde_json::from_str::<HaltReason>(&written).unwrap(), reason);
        }
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
        // What these are is not to be told from what lies there.
        for stored in [
            r#"{"kind":"ClaimsChallenge","status":401,"code":"","message":"","request_id":null,"retry_after":null,"permission":null,"claims":null}"#,
            r#"{"kind":"TokenExpired","status":401,"code":"c","message":"","request_id":null,"retry_after":null,"permission":null,"claims":"{}"}"#,
            r#"{"kind":"Forbidden","status":403,"code":"accessDenied","message":"","request_id":null,"retry_after":null,"permission":null,"claims":null}"#,
            r#"{"kind":"MailLimit","status":429,"code":"c","message":"","request_id":null,"retry_after":null,"permission":null,"claims":null}"#,
            r#"{"kind":"Unreadable","status":200,"code":"","message":"m","request_id":null,"retry_after":null,"permission":null,"claims":"{}"}"#,
            r#"{"kind":"Unknown","status":0,"code":"","message":"","request_id":null,"retry_after":null,"permission":null,"claims":null}"#,
        ] {
            let reason: HaltReason = serde_json::from_str(stored).unwrap();
            let kind = InviteRefusal::told_by(reason.refused()).name();
            assert!(stored.contains(&format!(r#""kind":"{kind}""#)), "{stored}");
            assert_eq!(serde_json::to_string(&reason).unwrap(), stored);
        }
        let later = r#"{"kind":"OfLaterVersions","status":0,"code":"","message":"","request_id":null,"retry_after":null,"claims":null}"#;
        assert!(serde_json::from_str::<HaltReason>(later).is_err());
    }
}
