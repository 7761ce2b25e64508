//! How the draft becomes a run.

use super::{AppState, kept, runner, terms};
use crate::app::effects::{clock, random, spawn, store};
use guestlist::bulk::Ramp;
use guestlist::jobs::invite::allowance::Lately;
use guestlist::jobs::invite::journal::Header;
use guestlist::jobs::invite::plan::Plan;
use guestlist::jobs::run_tally::RunTally;
use guestlist::letter::template_library::LetterTexts;
use guestlist::storage::journal::EarlierInvitations;
use guestlist::tab::{Beginning, Changes, RunIntent, TabReport};

/// Begins the run, unless others have sent to everybody meanwhile. The draft becomes the run. `before` and `lately`: whom this browser had
/// invited, and who was made in the tenant, when the plan was made.
/// Nothing where somebody undid it in time.
pub async fn begin(app: AppState, plan: Plan, before: EarlierInvitations, lately: Option<Lately>, ramp: Ramp) -> Option<TabReport> {
    let what = RunTally::inviting(plan.invitations());
    if !app.undo_window.passes(app.announcer, what).await {
        return None;
    }
    let Some(account) = app.accounts.account.get_untracked() else { return Some(TabReport::SignedOut) };
    // Some browsers ask the person; sending does not wait for the answer.
    spawn(store::ask_to_persist());
    app.draft.keep().await;
    let header = Header {
        id: random::guid(),
        tenant_id: account.tenant_id,
        tenant: plan.tenant.clone(),
        by: account.username,
        begun: clock::now(),
        list: app.draft.guests.with_untracked(|guests| guests.list().clone()),
        letter: app.draft.letter.get_untracked(),
        plan,
        ramp,
        writer: app.writer(),
    };
    kept::remember_sent(app.accounts, LetterTexts::from_letter(&header.letter)).await;
    // What lies here and is not what was composed stays where it is.
    let draft = app.draft.own_revision();
    terms::written().await;
    let beginning = Beginning { header, before, draft, changes: Changes::default(), lately };
    Some(runner::undertake(app, RunIntent::Begin(Box::new(beginning))).await)
}
