//! What a person can want of a tab, and how it ends.

use super::Changes;
use crate::look::Failed;
use crate::rows::ByAddress;
use crate::run::Run;
use crate::run::journal::{Header, Stored, Writer};
use crate::storage::Denied;
use crate::storage::drafts::Revision;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a person wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    Begin(Box<Beginning>),
    Resume {
        run: String,
        scope: Scope,
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
    /// Whom this browser had invited when the plan was made.
    pub before: ByAddress<String>,
    /// Of the draft that becomes the run.
    pub revision: Revision,
    /// What others did since, as far as it was found.
    pub changes: Changes,
}

/// What a run is to take up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What is open.
    Open,
    /// And everything that failed, once more.
    Failed,
    /// And, once more, what failed of these rows.
    Rows(BTreeSet<u32>),
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

/// How an undertaking ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// The run was carried out as far as it went.
    Carried,
    Removed,
    Deleted,
    /// Another tab sends for this tenant.
    OtherTab,
    /// This browser cannot keep two tabs apart.
    NoLocks(String),
    NotRead(Denied),
    NotWritten(Denied),
    NotLooked(Failed),
    /// A run that cannot be read: this one, or one that hides whom it invited.
    Unreadable(String),
    /// The run is of another tenant or cloud than the person who is signed in.
    OtherTenant,
    /// The run is somebody else's, by this user name.
    OtherPerson(String),
    /// There is no such run any more.
    Gone,
    /// Everybody was invited meanwhile. The draft stays.
    NothingLeft(Changes),
    SignedOut,
}
