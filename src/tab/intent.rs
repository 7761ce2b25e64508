//! What a person can want of a tab, and how it ends.

use super::Changes;
use crate::bulk::{Bulk, Job};
use crate::jobs::invite::Run;
use crate::jobs::invite::allowance::Lately;
use crate::jobs::invite::journal::{Header, Stored, Writer};
use crate::jobs::recycle_bin::RecycleRun;
use crate::jobs::recycle_bin::journal::{RecycleHeader, StoredRecycle};
use crate::protocol::ReadFailure;
use crate::storage::Denied;
use crate::storage::drafts::Revision;
use crate::storage::journal::EarlierInvitations;
use crate::words::Explain;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Moment;

/// What a person wants.
#[derive(Clone, Debug, PartialEq)]
pub enum RunIntent {
    Begin(Box<Beginning>),
    /// Take guests back whom a run made, or restore whom a withdrawal deleted, with the guests that were confirmed.
    Recycle(Box<RecycleHeader>),
    Resume {
        run: String,
        scope: ResumeScope,
    },
    /// Carry on what somebody else of the same tenant began.
    TakeOver {
        run: String,
        writer: Writer,
    },
    /// From this browser; nobody outside of it is affected.
    Remove {
        run: String,
    },
    /// Everything that lies here of this person.
    DeleteAll,
}

/// A run to be begun, and what its plan was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Beginning {
    /// With the plan that was confirmed.
    pub header: Header,
    /// What this browser had sent when the plan was made.
    pub before: EarlierInvitations,
    /// Of the draft that becomes the run; `None` where what is sent is not what lies here as the draft.
    pub draft: Option<Revision>,
    /// What others did since, as far as it was found.
    pub changes: Changes,
    /// Who was made in the tenant lately, by whomever, when the plan was made.
    pub lately: Option<Lately>,
}

/// What a run is to take up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResumeScope {
    /// What is open.
    Open,
    /// And everything that failed, once more.
    Failed,
    /// And, once more, what failed of these rows.
    Rows(BTreeSet<u32>),
}

impl ResumeScope {
    /// Sets going in a run what is to be taken up of the rows that `may` be.
    pub(super) fn set_going<J: Job>(&self, run: &mut Bulk<J>, may: &dyn Fn(u32) -> bool, now: Moment) {
        match self {
            Self::Open => {}
            Self::Failed => run.try_failed_of(may, now),
            Self::Rows(rows) => run.try_again(|row| rows.contains(&row) && may(row), now),
        }
    }
}

/// What came of asking for the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locked {
    Here,
    /// Another tab holds it.
    Elsewhere,
    /// This browser cannot keep two tabs apart; why, in its words.
    Unavailable(String),
}

/// A run that is about to be carried out.
pub struct Carrying {
    pub stored: Arc<Stored>,
    pub run: Run,
    /// What others did since the plan was made.
    pub changes: Changes,
}

/// A run that takes guests back, or restores them, and is about to be carried out.
pub struct Moving {
    pub stored: Arc<StoredRecycle>,
    pub run: RecycleRun,
}

/// How an undertaking ended.
#[derive(Clone, Debug, PartialEq)]
pub enum TabReport {
    /// The run was carried out as far as it went.
    Carried,
    Removed,
    Deleted,
    /// This tab is still at work with something else.
    Busy,
    /// Another tab sends for this tenant.
    OtherTab,
    /// This browser cannot keep two tabs apart.
    NoLocks(String),
    NotRead(Denied),
    NotWritten(Denied),
    NotLooked(ReadFailure),
    /// A run that cannot be read: this one, or one that hides whom it invited.
    Unreadable(String),
    /// The run is of another tenant or cloud than the person who is signed in.
    OtherTenant,
    /// The run is somebody else's, by this user name.
    OtherPerson(String),
    /// There is no such run any more.
    Gone,
    /// The run, or one that moves its guests, is still under way, or was interrupted: where they are is not settled.
    Unfinished,
    /// Nobody is left to be taken back, or restored.
    NobodyToMove,
    /// Everybody was invited meanwhile. The draft stays.
    NothingLeft(Changes),
    SignedOut,
}

impl TabReport {
    /// What happened, and what can be done about it. Nothing was sent.
    pub fn words(&self, now: Moment) -> (String, String) {
        let (what, next) = match self {
            Self::Carried => ("The run went as far as it could.", "Look at its rows."),
            Self::Removed => ("The run was removed from this browser.", "Guests are not affected."),
            Self::Deleted => ("Everything that this browser kept for you was deleted.", "Guests are not affected."),
            Self::Busy => ("This tab is still at work.", "Wait until it has finished."),
            Self::OtherTab => (
                "Sending runs in another tab.",
                "Two tabs never send for one tenant at the same time. Go on there, or wait until it has finished.",
            ),
            Self::NoLocks(why) => {
                return (
                    format!("This browser cannot keep two tabs apart: {why}."),
                    "So nothing is sent from it. Use a current browser, and allow site data.".into(),
                );
            }
            Self::NotRead(Denied(why)) => {
                return (
                    format!("This browser does not let the page read what was sent before: {why}."),
                    "So nothing is sent. Allow site data, close other tabs of this page, or restart the browser; then try again.".into(),
                );
            }
            Self::NotWritten(Denied(why)) => {
                return (format!("This browser does not let the page keep a journal: {why}."), "Nothing leaves that is not written down first. Free some space, allow site data or leave private mode; then try again.".into());
            }
            Self::NotLooked(ReadFailure::Unreached) => {
                ("Microsoft Graph could not be asked who was invited meanwhile.", "Check the connection and try again.")
            }
            Self::NotLooked(ReadFailure::Stopped) => ("You stopped before anything was sent.", "Go on whenever you want to."),
            Self::NotLooked(ReadFailure::Refused(problem)) => {
                let words = problem.words();
                return (words.what, words.next);
            }
            Self::Unreadable(_) => (
                "This browser holds a run that this version of the page cannot read.",
                "Nobody knows whom it invited, so nothing is sent. Under Runs it can be downloaded, and then removed.",
            ),
            Self::OtherTenant => {
                ("This run belongs to another tenant than the one you are signed in to.", "Sign in with an account of that tenant.")
            }
            Self::OtherPerson(who) => return (format!("This run belongs to {who}."), "Under Runs you can take it over.".into()),
            Self::Gone => ("This run is not in this browser any more.", "It was removed in another tab."),
            Self::Unfinished => (
                "This run, or what was begun with its guests, is not over yet.",
                "Resume it, or resume and stop it; Runs has it at the top. Then go on here.",
            ),
            Self::NobodyToMove => (
                "Nobody of these guests is left to be taken back or restored.",
                "It was done from another tab meanwhile. Nothing was changed.",
            ),
            Self::NothingLeft(changes) => {
                return (
                    changes.sentence(now),
                    "Nobody is left to invite, so nothing was sent. Your list is still here; Check tells it anew.".into(),
                );
            }
            Self::SignedOut => ("You have signed out.", "Sign in again; what was sent is written down."),
        };
        (what.to_owned(), next.to_owned())
    }
}
