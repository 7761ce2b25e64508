//! Where a run stands: its bar, what happens now, why nothing happens, and what helps.

use super::subject::{ProgressMemo, with};
use crate::app::effects::{clock, focus, notification};
use crate::app::parts::copy::Copy;
use crate::app::parts::notice::{Notice, Problem, Tone};
use crate::app::state::accounts::tokens;
use crate::app::state::open_runs::RunCommand;
use crate::app::state::run_progress::{RunProblem, RunProgress};
use crate::app::state::{AppState, runner, session};
use graph::CommonRefusal;
use graph::invitations::InvitationRefusal;
use graph::mail::SendMailRefusal;
use guestlist::bulk::{HaltReason, RunStatus};
use guestlist::jobs::invite::refusals::InviteRefusal;
use guestlist::jobs::recycle_bin::halt_words;
use guestlist::jobs::run_tally::{self, RunTally};
use guestlist::permissions::DIRECTORY;
use guestlist::protocol::{QUOTA, WINDOW};
use guestlist::refused::Refused;
use guestlist::tab::TabReport;
use guestlist::words::{Explain, count, grouped};
use identity::AuthError;
use identity::problem::Remedy;
use leptos::prelude::*;

#[component]
pub(super) fn Progress(shown: ProgressMemo) -> impl IntoView {
    let app = AppState::here();
    let counts = move || with(shown, |shown| (shown.tally.done(), shown.tally.total())).unwrap_or((0, 1));
    let name = move || with(shown, |shown| if matches!(shown.tally, RunTally::Invite(_)) { "Invitations" } else { "Guests" });
    let used = move || with(shown, |shown| shown.quota_used).unwrap_or(0);
    let elsewhere = Memo::new(move |_| with(shown, |shown| !shown.is_moving && app.runs.is_elsewhere(&shown.run)).unwrap_or(false));
    let pace = move || with(shown, pace).flatten().unwrap_or_default();
    view! {
        <div class="progress-line">
            <progress class="unseen" max=move || counts().1.to_string() value=move || counts().0.to_string() aria-label=name
                aria-valuetext=move || format!("{} of {} done", grouped(counts().0), grouped(counts().1))></progress>
            <Segments shown/>
            <span>{move || format!("{} of {}", grouped(counts().0), grouped(counts().1))}{pace}</span>
        </div>
        <Show when=move || with(shown, |shown| shown.is_moving && shown.tally.open() > 0).unwrap_or(false)>
            <p class="row hint"><label for="quota">"Microsoft’s quota"</label>
                <meter id="quota" max=QUOTA.to_string() high=(QUOTA * 9 / 10).to_string() value=move || used().to_string()></meter>
                <span>{move || format!("{} of {} writes in {} seconds, as far as this run knows", grouped(used()), grouped(QUOTA), WINDOW.in_seconds())}</span></p>
        </Show>
        {move || with(shown, |shown| (shown.is_moving, shown.status.clone(), shown.tally, shown.problem.clone())).map(|(moving, status, tally, problem)| view! { <Stands moving elsewhere=elsewhere.get() status tally problem/> })}
        {move || with(shown, |shown| shown.may_look_no_more && shown.is_moving).filter(|does| *does).map(|_| view! { <p class="hint">"The directory may not be read any more. Guests whom somebody else invites while this run waits are not noticed."</p> })}
        {move || with(shown, |shown| shown.goes_by_own && shown.is_moving).filter(|does| *does).map(|_| view! { <p class="hint">"How many guests others made today could not be counted. The day’s allowance goes by what this browser sent, until it can be."</p> })}
        {move || with(shown, |shown| shown.changes.sentence(clock::now())).filter(|words| !words.is_empty()).map(|words| view! { <Notice tone=Tone::Info><p>{words}" They are left out here."</p></Notice> })}
    }
}

/// The progress bar: a piece for each kind of ending, as wide as it has rows. The numbers stand as text below.
#[component]
fn Segments(shown: ProgressMemo) -> impl IntoView {
    let piece = move |class: &'static str, rows: fn(&run_tally::Segments) -> usize| {
        view! { <span class=class style:flex-grow=move || with(shown, |shown| rows(&shown.tally.segments())).unwrap_or(0).to_string()></span> }
    };
    view! {
        <div class="segments" aria-hidden="true">
            {piece("ended-well", |rows| rows.well)}
            {piece("ended-unsure", |rows| rows.unsure)}
            {piece("ended-failed", |rows| rows.failed)}
            {piece("ended-skipped", |rows| rows.left_out)}
            {piece("ended-not", |rows| rows.not_done)}
        </div>
    }
}

/// What a person wants of a run while it moves. Pause and Resume stand in one place, so that the focus stays where the person pressed.
#[component]
pub(super) fn Steering(shown: ProgressMemo) -> impl IntoView {
    let app = AppState::here();
    let state = Memo::new(move |_| {
        with(shown, |shown| (shown.is_moving, shown.status == RunStatus::Paused, shown.tally.open() > 0)).unwrap_or_default()
    });
    let button = move |words: &'static str, id: &'static str, class: &'static str, command: RunCommand| {
        let act = move |_| {
            runner::command(app, command);
            if !id.is_empty() {
                focus::later(id);
            }
        };
        view! { <button id=id class=class type="button" on:click=act>{words}</button> }
    };
    move || {
        let (moving, paused, open) = state.get();
        view! {
            {(moving && open && !paused).then(|| button("Pause", "pause-resume", "button", RunCommand::Pause))}
            {(moving && open && paused).then(|| button("Resume", "pause-resume", "button primary", RunCommand::GoOn))}
            {(moving && open).then(|| button("Stop", "", "button", RunCommand::Stop))}
            {moving.then(|| view! { <Notify/> })}
        }
    }
}

/// A word from the desktop when the run ends or needs somebody, only for those who ask.
#[component]
fn Notify() -> impl IntoView {
    let app = AppState::here();
    let toggle = move |_| {
        crate::app::effects::spawn(async move {
            if app.runs.notify.get_untracked() {
                app.runs.notify_at_end(false);
            } else if notification::allowed().await {
                app.runs.notify_at_end(true);
            } else {
                app.announcer.at_once("This browser does not let the page notify you. The tab’s title shows the progress.");
            }
        });
    };
    view! { <button class="button subtle" type="button" aria-pressed=move || app.runs.notify.get().to_string() on:click=toggle>"Notify me at the end"</button> }
}

/// ` · 18 a second · about 2 min left`, once ten rows have ended here.
fn pace(shown: &RunProgress) -> Option<String> {
    let (began, before) = shown.began;
    let done = shown.tally.ended() - before;
    let seconds = (clock::steady() - began).0 / 1000;
    if !shown.is_moving || done < 10 || seconds < 1 || matches!(shown.status, RunStatus::WaitingForAllowance(_)) {
        return None;
    }
    let left = usize::try_from(seconds).ok()? * shown.tally.open() / done;
    let left = match left {
        0..60 => format!("{} s", left.div_ceil(5) * 5),
        60..3600 => format!("{} min", left.div_ceil(60)),
        _ => format!("{} h", left.div_ceil(3600)),
    };
    Some(format!(" · {} a minute · about {left} left", grouped(done * 60 / usize::try_from(seconds).ok()?)))
}

#[component]
fn Stands(moving: bool, elsewhere: bool, status: RunStatus, tally: RunTally, problem: Option<RunProblem>) -> impl IntoView {
    let app = AppState::here();
    let (open, ending) = (tally.open(), tally.ending(&status));
    let invites = matches!(tally, RunTally::Invite(_));
    let status_line = |words: String| view! { <p class="standing" role="status">{words}</p> }.into_any();
    match (problem, status) {
        (Some(RunProblem::Refused(report)), _) => {
            let (what, next) = report.words(clock::now());
            let tone = if report == TabReport::OtherTab { Tone::Warning } else { Tone::Danger };
            view! { <Notice tone><strong>{what}</strong><p>{next}</p></Notice> }.into_any()
        }
        (Some(RunProblem::NotWritten(why)), _) => view! { <Notice tone=Tone::Danger><strong>"This browser could not write the journal, so sending has stopped."</strong><p>"Nothing leaves that is not written down first. Free some space or allow site data, then resume."</p><details class="details"><summary>"Details"</summary><code>{why}</code></details></Notice> }.into_any(),
        (Some(RunProblem::SignIn(auth_error, claims)), _) => view! { <Renewal auth_error claims/> }.into_any(),
        (_, RunStatus::Halted(reason)) => view! { <Problem words=if invites { reason.words() } else { halt_words(&reason) } details=reason.details()><Help reason=reason.clone()/></Problem>{status_line(ending)} }.into_any(),
        (_, RunStatus::Finished | RunStatus::Stopped) if !moving => status_line(ending),
        (None, _) if elsewhere => view! { <Notice tone=Tone::Info><strong>"Another tab is at work with this run."</strong><p>{format!("{} open when this page was read. It shows how the run ended once that tab is done.", count(open, "row was", "rows were"))}</p></Notice> }.into_any(),
        (_, _) if !moving => view! { <Notice tone=Tone::Warning><strong>"This run was interrupted."</strong><p>{format!("{} open. What may have been done is looked up before anything is done again.", count(open, "row is", "rows are"))}</p>
            {(invites && !app.accounts.scopes.with(|scopes| scopes.contains(DIRECTORY))).then(|| view! {
                <p>"Looking up needs the directory, which this tab may not read yet. Without it such rows stay unsure."</p>
                <button class="button" type="button" on:click=move |_| session::allow(app, &[DIRECTORY])>"Allow reading the directory"</button>
            })}</Notice> }.into_any(),
        (_, RunStatus::WaitingForAllowance(until)) => status_line(format!("Waiting for tomorrow’s allowance, until {}. It goes on by itself while this tab is open and signed in.", clock::shown(until))),
        (_, RunStatus::Throttled(until)) => status_line(format!("Microsoft asked us to wait {} seconds. It continues by itself.", (until - clock::steady()).in_seconds().max(1))),
        (_, status @ (RunStatus::Offline | RunStatus::SignInNeeded)) => status_line(match (tokens::waits(), status) {
            (Some(auth_error), _) => format!("{} The sign-in cannot be renewed before; it continues by itself.", auth_error.words().what),
            (None, RunStatus::Offline) => "Waiting for the network. It continues by itself.".into(),
            (None, _) => "Renewing the sign-in …".into(),
        }),
        (_, RunStatus::Counting) => status_line("Asking Microsoft how many guests others made today, before the next invitations leave …".into()),
        (_, RunStatus::LookingAgain) if !invites => status_line("Looking at each guest first …".into()),
        (_, RunStatus::LookingAgain) => status_line("Looking whether anybody was invited elsewhere while this run waited …".into()),
        (_, RunStatus::Looking) if !invites => status_line("Everything has left. Looking whether each guest has moved …".into()),
        (_, RunStatus::Looking) => status_line("Everything has left. Looking whether each guest has appeared …".into()),
        (_, RunStatus::FollowingUp(letters)) => status_line(format!("Everybody is invited. {} …", count(letters, "letter is still to leave", "letters are still to leave"))),
        (_, RunStatus::Paused) => status_line("Paused.".into()),
        (_, RunStatus::Stopping) => status_line("Stopping: what is on its way has some seconds to finish, the rest is kept.".into()),
        (_, RunStatus::Going | RunStatus::Finished | RunStatus::Stopped) => status_line(format!("{} …", tally.doing())),
    }
}

/// What helps where Microsoft refuses everything; asking again does not, before somebody has changed something elsewhere.
#[component]
fn Help(reason: HaltReason) -> impl IntoView {
    let HaltReason::Refused(refused) = reason else { return ().into_any() };
    let app = AppState::here();
    let again =
        move || view! { <button class="button" type="button" on:click=move |_| session::sign_in_again(app, None)>"Sign in again"</button> };
    match InviteRefusal::told_by(&refused) {
        InviteRefusal::Invitation(InvitationRefusal::SuspiciousActivity) => {
            view! { <Copy label="Copy support request" text=support(&refused)/> }.into_any()
        }
        // A role or a permission that was given since comes with the next sign-in.
        InviteRefusal::Invitation(InvitationRefusal::InvitationsNotAllowed) => again().into_any(),
        InviteRefusal::Common(CommonRefusal::MissingPermission) | InviteRefusal::Letter(SendMailRefusal::AccessDenied) => {
            let permission = refused.permission.clone();
            let link = app.accounts.admin_consent_url(permission.as_deref());
            // A permission that the tab has not got may be all that is missing; one that it has got was given in vain.
            let missing = permission.filter(|permission| !app.accounts.may(permission));
            let first = missing.map_or_else(
                || again().into_any(),
                |permission| {
                    let label = format!("Allow {permission}");
                    view! { <button class="button" type="button" on:click=move |_| session::allow(app, &[&permission])>{label}</button> }
                        .into_any()
                },
            );
            view! { {first}<Copy label="Copy admin-consent link" text=link/> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// Why the run cannot go on without a person, and what helps. *Resume* stands below whatever it is.
#[component]
fn Renewal(auth_error: Box<AuthError>, claims: Option<String>) -> impl IntoView {
    let app = AppState::here();
    let words = auth_error.words();
    let claims = claims.or(auth_error.claims.clone());
    let again = move |label: &'static str, act: Callback<()>| {
        view! { <button class="button primary" type="button" on:click=move |_| act.run(())>{label}</button> }.into_any()
    };
    let help = match auth_error.remedy() {
        Remedy::SignIn | Remedy::Quiet => again("Sign in again", Callback::new(move |()| session::sign_in_again(app, claims.clone()))),
        Remedy::OtherAccount => again("Sign in with another account", Callback::new(move |()| session::switch_account(app))),
        Remedy::Consent => view! {
            <div class="row">{again("Allow it again", Callback::new(move |()| session::consent_again(app)))}<Copy label="Copy admin-consent link" text=app.accounts.admin_consent_url(None)/></div>
        }
        .into_any(),
        Remedy::AdminConsent => view! { <Copy label="Copy admin-consent link" text=app.accounts.admin_consent_url(None)/> }.into_any(),
        // Whoever has fixed it resumes.
        Remedy::Configure | Remedy::Later | Remedy::Nothing => ().into_any(),
    };
    view! {
        <Notice tone=Tone::Warning><strong>{words.what}</strong><p>{words.why}" The run has paused; every row is kept. "{words.next}</p>
            <details class="details"><summary>"Details"</summary><code>{auth_error.details()}</code></details>{help}</Notice>
    }
}

fn support(refused: &Refused) -> String {
    format!(
        "Microsoft Graph refuses POST /invitations in our tenant. {} Please lift the block. {}",
        refused.problem.message,
        refused.details()
    )
}
