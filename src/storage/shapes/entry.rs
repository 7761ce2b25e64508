//! What happened to a row.

use crate::bulk::HaltReason;
use crate::jobs::invite::journal::{Entry, RowEvent};
use crate::jobs::invite::outcome::Outcome;
use graph::invitations::RedeemUrl;
use serde::{Deserialize, Serialize};
use time::Moment;

/// As version 1 wrote it; since then it is a [`super::Line`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "Entry")]
struct EntryShape {
    row: u32,
    what: RowEvent,
    at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    halted: Option<Box<HaltReason>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    never_left: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RowEvent")]
enum RowEventShape {
    Left,
    NotDone,
    NotSeen,
    LinkWanted { guest: String, seen: bool },
    Created { guest: String, redeem: Option<RedeemUrl> },
    LetterDue { guest: String, redeem: Option<RedeemUrl>, seen: bool },
    LetterLeft { guest: String, redeem: Option<RedeemUrl>, seen: bool },
    Ended(Outcome),
}

stored_as!(EntryShape => Entry, RowEventShape => RowEvent);
