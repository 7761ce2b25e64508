//! A guest of a plan and a run, as unit tests begin from: what matters to a test it says itself.

use super::journal::{Header, Writer};
use super::plan::{Plan, PlanStep, Planned, RowAction};
use std::sync::Arc;
use time::Moment;

/// A guest who is to be invited, by Microsoft's mail.
pub fn planned(row: u32) -> Planned {
    Planned {
        row,
        email: format!("guest{row}@fabrikam.example"),
        name: String::new(),
        step: PlanStep::Invite(Arc::default()),
        note: None,
        action: RowAction::Invite,
        channel: Default::default(),
    }
}

/// A run of Contoso's for these guests.
pub fn header(begun: Moment, guests: Vec<Planned>) -> Header {
    Header {
        id: "run".into(),
        tenant_id: "t".into(),
        tenant: "Contoso".into(),
        by: "ada@t.example".into(),
        begun,
        list: Default::default(),
        letter: Default::default(),
        plan: Plan { rows: guests, ..Plan::default() },
        ramp: Default::default(),
        writer: Writer::default(),
    }
}
