//! A run of invitations.

use super::commands::Commands;
use super::letters::Letters;
use super::outcomes::Outcomes;
use super::progress::Progress;
use super::subject::{ProgressMemo, Subject};
use super::taking_back::Withdrawals;
use crate::app::effects::spawn;
use crate::app::pages::allowance::{DailyAllowance, KindOfTenant};
use crate::app::pages::last_look::LastLook;
use crate::app::pages::missing_permission::MissingPermission;
use crate::app::state::run_progress::RunProgress;
use crate::app::state::{AppState, open_runs, terms};
use guestlist::bulk::RunStatus;
use guestlist::jobs::invite::allowance::{Allowance, Sent};
use guestlist::jobs::invite::journal::Stored;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn Invitations(stored: Memo<Option<Arc<Stored>>>, shown: ProgressMemo) -> impl IntoView {
    let app = AppState::here();
    let subject = Subject::new(app, stored, shown);
    view! {
        <Progress shown/>
        {move || app.runs.is_looking.get().then(|| view! { <LastLook/> })}
        <Permissions subject/>
        <Daily subject/>
        <Commands subject/>
        <Withdrawals subject/>
        <Undelivered subject/>
        <Letters subject/>
        <Outcomes subject/>
    }
}

/// What bringing this run's letters needs, in a tab that has not been allowed it.
#[component]
fn Permissions(subject: Subject) -> impl IntoView {
    let Subject { app, stored, .. } = subject;
    let missing = Memo::new(move |_| {
        let is_left = subject
            .with(|shown| !shown.is_moving && shown.invited().is_some_and(|tally| tally.open + tally.no_letter + tally.not_sent > 0));
        let is_left = is_left.unwrap_or(false);
        let wanted = stored.with(|stored| stored.as_ref().filter(|_| is_left).map_or_else(Vec::new, |stored| stored.header.plan.scopes()));
        app.accounts.scopes.with(|scopes| wanted.into_iter().filter(|scope| !scopes.contains(scope)).collect::<Vec<_>>())
    });
    view! { <MissingPermission missing what="The letters of this run need" after="Then go on with the run; nobody is invited twice."/> }
}

/// Where to look for mail that has not arrived, once nothing moves.
#[component]
fn Undelivered(subject: Subject) -> impl IntoView {
    let words = move || match subject.stored.get().filter(|_| subject.is_over()) {
        Some(stored) => open_runs::with_run(&stored, |run| run.undelivered(&stored.header.plan)),
        None => Vec::new(),
    };
    move || words().into_iter().map(|words| view! { <p class="hint">{words}</p> }).collect_view()
}

/// What the day's allowance says of invitations that wait: for somebody to resume the run, or for tomorrow.
#[component]
fn Daily(subject: Subject) -> impl IntoView {
    let app = subject.app;
    // Invitations that wait, and whether this tab waits with them.
    let waiting = Memo::new(move |_| {
        let waits = |shown: &RunProgress| !shown.is_moving || matches!(shown.status, RunStatus::WaitingForAllowance(_));
        subject.with(|shown| (if waits(shown) { shown.to_invite } else { 0 }, shown.is_moving)).unwrap_or_default()
    });
    let sent: RwSignal<Option<Sent>> = RwSignal::new(None);
    Effect::new(move || {
        if let (1.., false) = waiting.get() {
            spawn(async move { _ = sent.try_set(app.runs.sent().await) });
        }
    });
    move || {
        let (wanted, moving) = waiting.get();
        app.accounts.person().filter(|_| wanted > 0)?;
        if moving {
            return Some(view! { <KindOfTenant/> }.into_any());
        }
        let sent = sent.get()?;
        let counted = Allowance::new(app.runs.terms.get_untracked(), sent);
        Some(view! { <DailyAllowance outlook=terms::outlook(app, counted, wanted) sees_others=false/> }.into_any())
    }
}
