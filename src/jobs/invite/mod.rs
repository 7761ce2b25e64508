//! Inviting guests: a plan being carried out by [`crate::bulk`].
//!
//! `plan.rs` makes one step per row of list, letter and what is known, `outcome.rs` is every way a row can end, `allowance.rs` how many
//! invitations a tenant may send in a day. `steps.rs` is what is done for a guest, `facts.rs` what is known of one, `learning.rs` what
//! follows from answers, `letters.rs` what brings a letter of one's own, `refusals.rs` what may be refused and what of that holds for
//! everybody, `refusal_words.rs` how that is told, `reason.rs` how it is told why a run halted, `status.rs` what its end is called,
//! `daily.rs` what the tenant may send in a day, `journal.rs` a run as it is written down, `events.rs` what is written down of a row,
//! `sent.rs` what of it counts towards the day, `export.rs` what other ways of sending take over, `undelivered.rs` where mail shows that
//! does not arrive; `examples.rs` what unit tests begin from.

pub mod allowance;
mod daily;
mod events;
#[cfg(test)]
pub(crate) mod examples;
pub mod export;
mod facts;
pub mod journal;
mod learning;
mod letters;
pub mod outcome;
pub mod plan;
mod reason;
mod refusal_words;
pub mod refusals;
mod sent;
mod status;
mod steps;
mod undelivered;

use crate::bulk::journal::EndedAs;
use crate::bulk::{Bulk, LostAnswer, Ramp, Task};
use facts::GuestFacts;
use journal::{Entry, Stored};
use letters::LetterContext;
use outcome::{Outcome, Tally};
use plan::{Plan, PlanStep, Planned, RowAction};
pub use refusal_words::words;
use std::sync::Arc;
use time::Moment;

/// Invites guests, and brings their letters where those are one's own.
#[derive(Default)]
pub struct Invite {
    /// Writes the letters, where some are one's own. Without this, what is to be brought by oneself stays due.
    letters: Option<LetterContext>,
    /// Graph's, without a version: pages that lead elsewhere are not followed.
    root: String,
}

/// A plan being carried out.
pub type Run = Bulk<Invite>;

impl Run {
    /// `can_look`: the token may read the directory. `now` by the computer's clock, here and where a run is resumed.
    pub fn new(plan: &Plan, ramp: Ramp, can_look: bool, now: Moment) -> Self {
        Self::with_job(Invite::default(), plan, ramp, can_look, now)
    }

    fn with_job(job: Invite, plan: &Plan, ramp: Ramp, can_look: bool, now: Moment) -> Self {
        let tasks: Vec<Task<Invite>> = plan.rows.iter().map(|row| task(&job, row, now)).collect();
        Self::begin(job, tasks.into_iter(), ramp, can_look)
    }

    /// A run that was interrupted, as its journal tells. What had left without an answer is looked up first.
    pub fn resume(plan: &Plan, ramp: Ramp, entries: &[Entry], can_look: bool, now: Moment) -> Self {
        Self::new(plan, ramp, can_look, now).remembering(entries)
    }

    /// A run as it lies on disk, to be begun or gone on with, with letters written as its header says.
    pub fn from_stored(stored: &Arc<Stored>, can_look: bool, now: Moment) -> Self {
        let header = &stored.header;
        let job = Invite { letters: Some(LetterContext(Arc::clone(stored))), root: header.writer.graph.clone() };
        Self::with_job(job, &header.plan, header.ramp, can_look, now).remembering(&stored.entries)
    }

    pub fn tally(&self) -> Tally {
        Tally::from_classes(self.classes(), self.open())
    }
}

fn task(job: &Invite, planned: &Planned, now: Moment) -> Task<Invite> {
    let row = planned.row;
    match &planned.step {
        PlanStep::Invite(invitation) => {
            let channel = planned.brings();
            let chat = job.letters.as_ref().map(|letters| letters.chat(row, channel)).unwrap_or_default();
            Task::new(row, GuestFacts::new(Arc::clone(invitation), planned.action == RowAction::Resend, channel, chat))
        }
        PlanStep::Skip(skip) => Task::ended(row, GuestFacts::default(), EndedAs { outcome: Outcome::Skipped(skip.clone()), at: now }),
    }
}
