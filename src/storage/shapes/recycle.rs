//! A run that moves guests into the recycle bin, or out of it.

use super::problem::refusal;
use crate::jobs::invite::outcome::NotSent;
use crate::jobs::recycle_bin::journal::{RecycleHeader, RecycleKind};
use crate::jobs::recycle_bin::{OwnGuest, RecycleEvent, RecycleOutcome, WhyKept};
use crate::refused::Refused;
use graph::users::Assignment;
use serde::{Deserialize, Serialize};
use time::Moment;

#[derive(Serialize, Deserialize)]
#[serde(remote = "RecycleHeader")]
struct RecycleHeaderShape {
    id: String,
    kind: RecycleKind,
    of: String,
    begun: Moment,
    guests: Vec<OwnGuest>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RecycleKind", rename_all = "kebab-case")]
enum RecycleKindShape {
    Withdraw,
    Restore,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "OwnGuest")]
struct OwnGuestShape {
    row: u32,
    #[serde(rename = "address")]
    email: String,
    id: String,
    left: Moment,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RecycleEvent", rename_all = "kebab-case")]
enum RecycleEventShape {
    Left,
    NotDone,
    NotSeen,
    Accepted,
    NotThere { in_doubt: bool },
    Ended(RecycleOutcome),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RecycleOutcome", rename_all = "kebab-case")]
enum RecycleOutcomeShape {
    Withdrawn { seen: bool },
    WasGone,
    Missing,
    Kept(WhyKept),
    Restored { seen: bool },
    WasThere,
    GoneForGood,
    Taken,
    Refused(#[serde(with = "refusal")] Refused),
    Unsure,
    NotSent(NotSent),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "WhyKept", rename_all = "kebab-case")]
enum WhyKeptShape {
    Accepted,
    NotPending,
    NotTheGuest,
    ThereBefore,
    Assigned(#[serde(with = "AssignmentShape")] Assignment),
    AppRole,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Assignment", rename_all = "kebab-case")]
enum AssignmentShape {
    Group,
    DirectoryRole,
    AdministrativeUnit,
    OtherMembership,
    License,
}

stored_as!(
    RecycleHeaderShape => RecycleHeader,
    RecycleKindShape => RecycleKind,
    OwnGuestShape => OwnGuest,
    RecycleEventShape => RecycleEvent,
    RecycleOutcomeShape => RecycleOutcome,
    WhyKeptShape => WhyKept,
);
