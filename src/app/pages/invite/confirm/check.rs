//! Where the check stands, what it found, and what a plan was made of.

use crate::app::state::AppState;
use crate::app::state::state_signal::StateSignal;
use guestlist::jobs::invite::allowance::{Allowance, Lately};
use guestlist::jobs::invite::plan::{self, Choices, Plan};
use guestlist::letter::Letter;
use guestlist::lookup::TenantSnapshot;
use guestlist::protocol::ReadFailure;
use guestlist::rows::Guests;
use guestlist::storage::journal::EarlierInvitations;
use leptos::prelude::*;
use std::sync::Arc;

/// Where the check stands. A plan holds for the very draft it was made of; its last part says that nobody could be
/// looked up.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Check {
    Composing,
    /// What keeps the letter from leaving.
    Hindered(Vec<String>),
    Looking,
    Failed(ReadFailure),
    /// What was sent before cannot be read, so nothing can be planned; why, as sentences.
    Blocked(String, String),
    Planned(Box<Plan>, Box<Basis>, bool),
}

/// The tenant as it was looked at, and what this browser sent before.
#[derive(Clone, Default)]
pub(super) struct CheckResult {
    pub(super) known: TenantSnapshot,
    /// Whom it invited.
    pub(super) before: EarlierInvitations,
    /// How many, lately.
    pub(super) allowance: Allowance,
    /// Who was made in the tenant lately, by whomever.
    pub(super) lately: Option<Lately>,
}

/// What the last check found, and what somebody chose to do about it.
#[derive(Clone, Copy)]
pub(super) struct LastCheck {
    pub(super) found: StoredValue<Option<Arc<CheckResult>>>,
    pub(super) choices: StateSignal<Choices>,
}

impl LastCheck {
    /// The plan of what is found and chosen.
    pub(super) fn plan(self, app: AppState, letter: &Letter) -> Plan {
        let found = self.found.get_value().unwrap_or_default();
        let merge_context = app.draft.merge_context.get_untracked();
        app.draft.guests.with_untracked(|guests| {
            self.choices
                .with_untracked(|choices| plan::plan(guests.list(), letter, &found.known, &merge_context, &found.before.invited, choices))
        })
    }
}

impl LastCheck {
    pub(super) fn found(self) -> Arc<CheckResult> {
        self.found.get_value().unwrap_or_default()
    }
}

/// What a plan was made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Basis {
    pub(super) edits: u64,
    pub(super) letter: Letter,
}

impl Basis {
    pub(super) fn now(app: AppState) -> Self {
        Self { edits: app.draft.guests.with(Guests::edits), letter: app.draft.letter.get() }
    }
}
