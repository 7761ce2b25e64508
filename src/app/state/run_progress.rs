//! Where a run stands, for the page to show.

use crate::app::effects::clock;
use guestlist::bulk::{Bulk, Job, RunStatus};
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::outcome::Tally;
use guestlist::jobs::recycle_bin::RecycleRun;
use guestlist::jobs::recycle_bin::journal::RecycleKind;
use guestlist::jobs::run_tally::RunTally;
use guestlist::tab::{Changes, TabReport};
use identity::AuthError;
use time::Moment;

/// Where a run stands, for the page to show.
#[derive(Clone, Debug, PartialEq)]
pub struct RunProgress {
    pub run: String,
    /// Something still happens in this tab, be it that the last answers are written down.
    pub is_moving: bool,
    pub status: RunStatus,
    /// When it halted, by the computer's clock, if it has.
    pub halted_at: Option<Moment>,
    pub tally: RunTally,
    /// Why nothing happens, when nobody asked for that.
    pub problem: Option<RunProblem>,
    /// What others did between the plan and the sending.
    pub changes: Changes,
    /// Since this tab began, and how many rows had ended then.
    pub began: (Moment, usize),
    /// Writes of Microsoft's quota that were used up lately.
    pub quota_used: usize,
    /// Invitations that are still to leave.
    pub to_invite: usize,
    /// What others sent could not be counted, so the day's allowance goes by what this browser sent.
    pub goes_by_own: bool,
    /// Graph does not let the directory be read any more.
    pub may_look_no_more: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum RunProblem {
    /// The tab could not take the run up.
    Refused(TabReport),
    /// The browser would not write the journal.
    NotWritten(String),
    /// Why only the person can help, and the claims of a challenge if Microsoft asked for more.
    SignIn(Box<AuthError>, Option<String>),
}

impl RunProgress {
    /// Of a run in this tab that `began` then, with so many rows that had ended.
    pub fn of_invite(id: &str, run: &Run, began: (Moment, usize), is_moving: bool) -> Self {
        let shown = Self::new(id, run, RunTally::Invite(run.tally()), began, is_moving);
        let changes = Changes { in_directory: run.found_meanwhile(), ..Changes::default() };
        Self { to_invite: run.to_start(), goes_by_own: run.goes_by_own(clock::steady()), changes, ..shown }
    }

    /// The same of guests who are taken back, or restored.
    pub fn of_recycle(id: &str, kind: RecycleKind, run: &RecycleRun, began: (Moment, usize), is_moving: bool) -> Self {
        Self::new(id, run, RunTally::Recycle(kind, run.tally()), began, is_moving)
    }

    /// How its rows ended, where it invites.
    pub const fn invited(&self) -> Option<Tally> {
        if let RunTally::Invite(tally) = self.tally { Some(tally) } else { None }
    }

    fn new<J: Job>(id: &str, run: &Bulk<J>, tally: RunTally, began: (Moment, usize), is_moving: bool) -> Self {
        let now = clock::steady();
        Self {
            run: id.into(),
            is_moving,
            status: run.status(now),
            halted_at: run.halted_at(),
            tally,
            problem: None,
            changes: Changes::default(),
            began,
            quota_used: run.quota_used(now),
            to_invite: 0,
            goes_by_own: false,
            may_look_no_more: run.may_look_no_more(),
        }
    }
}
