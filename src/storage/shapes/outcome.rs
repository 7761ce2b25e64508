//! How a row ended.

use super::problem::refusal;
use crate::jobs::invite::outcome::{NoLetter, NotSent, Outcome};
use crate::jobs::invite::plan::Skip;
use crate::refused::Refused;
use graph::invitations::RedeemUrl;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Outcome")]
enum OutcomeShape {
    Invited { guest: String, redeem: Option<RedeemUrl>, seen: bool },
    NotFound { guest: String, redeem: Option<RedeemUrl> },
    NoLetter { guest: String, redeem: Option<RedeemUrl>, seen: bool, why: NoLetter },
    Refused(#[serde(with = "refusal")] Refused),
    Unsure,
    NotSent(NotSent),
    Skipped(Skip),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "NotSent")]
enum NotSentShape {
    Stopped,
    Halted,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "NoLetter")]
enum NoLetterShape {
    Refused(#[serde(with = "refusal")] Refused),
    Unsure,
    NotSent(NotSent),
    NoLink,
}

stored_as!(OutcomeShape => Outcome, NotSentShape => NotSent, NoLetterShape => NoLetter);
