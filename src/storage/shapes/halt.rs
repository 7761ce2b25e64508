//! Why a run halts.

use super::problem::ProblemKindShape;
use crate::run::HaltReason;
use graph::Problem;
use graph::problem::ProblemKind;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use time::{Millis, Moment};

/// A problem, of one kind more, and since when.
#[derive(Serialize, Deserialize)]
struct HaltShape {
    kind: HaltKindShape,
    status: u16,
    code: String,
    message: String,
    request_id: Option<String>,
    retry_after: Option<Millis>,
    #[serde(default)]
    permission: Option<String>,
    claims: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Moment>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum HaltKindShape {
    Refused(#[serde(with = "ProblemKindShape")] ProblemKind),
    Run(RunHaltKindShape),
}

#[derive(Serialize, Deserialize)]
enum RunHaltKindShape {
    NoDirectory,
}

impl From<HaltReason> for HaltShape {
    fn from(reason: HaltReason) -> Self {
        let (kind, problem, since) = match reason {
            HaltReason::Refused(problem) => (HaltKindShape::Refused(problem.kind), problem, None),
            HaltReason::NoDirectory { last, since } => (HaltKindShape::Run(RunHaltKindShape::NoDirectory), last, since),
        };
        let Problem { kind: _, status, code, message, request_id, retry_after, permission, claims } = problem;
        Self { kind, status, code, message, request_id, retry_after, permission, claims, since }
    }
}

impl From<HaltShape> for HaltReason {
    fn from(record: HaltShape) -> Self {
        let HaltShape { kind, status, code, message, request_id, retry_after, permission, claims, since } = record;
        let problem = |kind| Problem { kind, status, code, message, request_id, retry_after, permission, claims };
        match kind {
            HaltKindShape::Refused(kind) => Self::Refused(problem(kind)),
            HaltKindShape::Run(RunHaltKindShape::NoDirectory) => Self::NoDirectory { last: problem(ProblemKind::Unknown), since },
        }
    }
}

impl Serialize for HaltReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        HaltShape::from(self.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for HaltReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        HaltShape::deserialize(deserializer).map(Self::from)
    }
}

/// One that this version cannot read is none: the run is shown by its rows, as before reasons were written down.
pub(super) fn if_known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<HaltReason>>, D::Error> {
    let written = Option::<Box<RawValue>>::deserialize(deserializer)?;
    Ok(written.and_then(|text| serde_json::from_str(text.get()).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
