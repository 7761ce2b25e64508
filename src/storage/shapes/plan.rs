//! What was to be done for each row of a run.

use crate::jobs::invite::plan::{Plan, PlanStep, Planned, RowAction, Skip};
use crate::letter::Channel;
use crate::letter::values::MergeContext;
use crate::rows::address::AddressProblem;
use graph::invitations::Invitation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
#[serde(remote = "Plan")]
struct PlanShape {
    rows: Vec<Planned>,
    tenant: String,
    warnings: Vec<String>,
    #[serde(default, rename = "around")]
    merge_context: MergeContext,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "MergeContext")]
struct MergeContextShape {
    inviter: String,
    tenant: String,
    today: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Planned")]
struct PlannedShape {
    row: u32,
    email: String,
    name: String,
    step: PlanStep,
    note: Option<String>,
    #[serde(default)]
    action: RowAction,
    #[serde(default)]
    channel: Channel,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PlanStep")]
enum PlanStepShape {
    Invite(Arc<Invitation>),
    Skip(Skip),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RowAction")]
enum RowActionShape {
    Invite,
    Resend,
    OnlyAdd,
    Skip,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Skip")]
enum SkipShape {
    BadAddress(AddressProblem),
    Duplicate(usize),
    OwnDomain(String),
    Accepted(Option<String>),
    Pending(Option<String>),
    Member(String),
    PendingMember(Option<String>),
    ExternalMember(String),
    Blocked,
    InvitedBefore(String),
    Clash(String, String),
    Chosen,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AddressProblem")]
enum AddressProblemShape {
    Empty,
    NoAt,
    NoName,
    NoDomain,
    BadDomain,
    NotAscii,
    NotAllowed(char),
    Edge(char),
    TooLong,
    ExchangeName,
    Several,
    FullWidth(char),
    Invisible,
}

stored_as!(
    PlanShape => Plan,
    MergeContextShape => MergeContext,
    PlannedShape => Planned,
    PlanStepShape => PlanStep,
    RowActionShape => RowAction,
    SkipShape => Skip,
    AddressProblemShape => AddressProblem,
);
