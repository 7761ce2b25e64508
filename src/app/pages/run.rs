//! One run: where it stands, what can be done, and how each row ended.

use crate::app::desk::Desk;
use crate::app::effects::reader::{self, Told};
use crate::app::effects::{address_bar, clock, download, focus, store};
use crate::app::parts::copy::Copy;
use crate::app::parts::dialog::Dialog;
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::parts::notice::{Notice, Problem, Tone};
use crate::app::routes::{Route, Show as Rows};
use crate::app::runner::{self, Hindrance, Shown, Wish};
use crate::app::session;
use guestlist::ask::{QUOTA, WINDOW};
use guestlist::identity::scopes::DIRECTORY;
use guestlist::outcome::{Ended, Outcome, report, to_csv};
use guestlist::plan::Planned;
use guestlist::run::Standing;
use guestlist::run::journal::Stored;
use guestlist::words::{count, grouped};
use leptos::prelude::*;
use std::sync::Arc;

/// Rows in the table at first; a button shows more.
const MOST: usize = 200;

#[component]
pub fn OneRun() -> impl IntoView {
    let desk = Desk::here();
    let id = Memo::new(move |_| desk.route.with(|route| if let Route::Run { id, .. } = route { id.clone() } else { String::new() }));
    // Comparing whole runs costs more than showing them again.
    let stored =
        Memo::new_with_compare(move |_| desk.runs.with(|runs| runs.iter().find(|run| run.header.id == id.get()).cloned()), |_, _| true);
    let shown = Memo::new_with_compare(
        move |_| {
            let running = desk.running.get().filter(|shown| shown.run == id.get());
            running.or_else(|| stored.get().map(|stored| runner::at_rest(&stored)))
        },
        |_, _| true,
    );
    crate::app::effects::spawn(desk.read_runs());
    view! {
        <h1 id="view" tabindex="-1">{move || stored.with(|stored| stored.as_ref().map_or_else(|| "Run".to_owned(), |stored| format!("Run of {}", clock::shown(stored.header.begun))))}</h1>
        <Show when=move || shown.with(Option::is_some) fallback=|| view! { <p class="hint">"This browser has no such run. "<a class="link" href=Route::Runs.hash()>"All runs"</a></p> }>
            <Progress shown/>
            <Commands shown stored/>
            <Outcomes shown stored/>
        </Show>
    }
}

type Standings = Memo<Option<Shown>>;

/// One row as it is shown.
#[derive(Clone)]
struct Seen {
    row: u32,
    email: String,
    name: String,
    word: &'static str,
    ended: Option<Ended>,
}

impl Seen {
    fn of(planned: &Planned, word: &'static str, ended: Option<&Ended>) -> Self {
        Self { row: planned.row, email: planned.email.clone(), name: planned.name.clone(), word, ended: ended.cloned() }
    }
}

fn with<T>(shown: Standings, read: impl FnOnce(&Shown) -> T) -> Option<T> {
    shown.with(|shown| shown.as_ref().map(read))
}

#[component]
fn Progress(shown: Standings) -> impl IntoView {
    let counts = move || with(shown, |shown| (shown.tally.done(), shown.tally.total())).unwrap_or((0, 1));
    let used = move || with(shown, |shown| shown.quota_used).unwrap_or(0);
    let pace = move || with(shown, pace).flatten().unwrap_or_default();
    view! {
        <div class="progress-line">
            <progress max=move || counts().1.to_string() value=move || counts().0.to_string() aria-label="Invitations"
                aria-valuetext=move || format!("{} of {} done", grouped(counts().0), grouped(counts().1))></progress>
            <span>{move || format!("{} of {}", grouped(counts().0), grouped(counts().1))}{pace}</span>
        </div>
        <Show when=move || with(shown, |shown| shown.is_moving && shown.tally.open > 0).unwrap_or(false)>
            <p class="row hint"><label for="quota">"Microsoft’s quota"</label>
                <meter id="quota" max=QUOTA.to_string() high=(QUOTA * 9 / 10).to_string() value=move || used().to_string()></meter>
                <span>{move || format!("{} of {} writes in {} seconds, as far as this run knows", grouped(used()), grouped(QUOTA), WINDOW.in_seconds())}</span></p>
        </Show>
        {move || with(shown, |shown| (shown.is_moving, shown.standing.clone(), shown.tally, shown.hindrance.clone())).map(|(moving, standing, tally, hindrance)| view! { <Stands moving standing tally=tally.sentence() open=tally.open hindrance/> })}
    }
}

/// ` · 18 a second · about 2 min left`, once ten rows have ended here.
fn pace(shown: &Shown) -> Option<String> {
    let (began, before) = shown.began;
    let done = shown.tally.done() - before;
    let seconds = (clock::now() - began).0 / 1000;
    if !shown.is_moving || done < 10 || seconds < 1 {
        return None;
    }
    let left = usize::try_from(seconds).ok()? * shown.tally.open / done;
    let left = match left {
        0..60 => format!("{} s", left.div_ceil(5) * 5),
        60..3600 => format!("{} min", left.div_ceil(60)),
        _ => format!("{} h", left.div_ceil(3600)),
    };
    Some(format!(" · {} a minute · about {left} left", grouped(done * 60 / usize::try_from(seconds).ok()?)))
}

#[component]
fn Stands(moving: bool, standing: Standing, tally: String, open: usize, hindrance: Option<Hindrance>) -> impl IntoView {
    let desk = Desk::here();
    let status = |words: String| view! { <p class="standing" role="status">{words}</p> }.into_any();
    match (hindrance, standing) {
        (Some(Hindrance::OtherTab), _) => view! { <Notice tone=Tone::Warning><strong>"Sending runs in another tab."</strong><p>"Two tabs never send for one tenant at the same time. Go on there, or wait until it has finished."</p></Notice> }.into_any(),
        (Some(Hindrance::NotWritten(why)), _) => view! { <Notice tone=Tone::Danger><strong>"This browser could not write the journal, so sending has stopped."</strong><p>"Nothing leaves that is not written down first. Free some space or allow site data, then resume."</p><details class="details"><summary>"Details"</summary><code>{why}</code></details></Notice> }.into_any(),
        (Some(Hindrance::SignIn(claims)), _) => view! { <Notice tone=Tone::Warning><strong>"Your sign-in has ended."</strong><p>"The run has paused; every row is kept. Sign in again, then resume."</p><button class="button primary" type="button" on:click=move |_| session::sign_in_again(desk, claims.clone())>"Sign in again"</button></Notice> }.into_any(),
        (_, Standing::Halted(problem)) => view! { <Problem words=problem.words() details=problem.details()><Copy label="Copy text for support" text=support(&problem)/></Problem>{status(format!("Finished: {tally}."))} }.into_any(),
        (_, Standing::Finished) => status(format!("Finished: {tally}.")),
        (_, _) if !moving => view! { <Notice tone=Tone::Warning><strong>"This run was interrupted."</strong><p>{format!("{} rows are open. What may have been sent is looked up before anything is sent again.", grouped(open))}</p>
            {(!desk.scopes.with(|scopes| scopes.contains(DIRECTORY))).then(|| view! {
                <p>"Looking up needs the directory, which this tab may not read yet. Without it such rows stay unsure."</p>
                <button class="button" type="button" on:click=move |_| session::allow(desk, DIRECTORY)>"Allow reading the directory"</button>
            })}</Notice> }.into_any(),
        (_, Standing::Throttled(until)) => status(format!("Microsoft asked us to wait {} seconds. It continues by itself.", (until - clock::now()).in_seconds().max(1))),
        (_, Standing::Offline) => status("Waiting for the network. It continues by itself.".into()),
        (_, Standing::Looking) => status("Everything has left. Looking whether each guest has appeared …".into()),
        (_, Standing::Paused) => status("Paused.".into()),
        (_, Standing::Stopping) => status("Stopping: what is on its way is finished, the rest is kept.".into()),
        (_, Standing::SignInNeeded) => status("Renewing the sign-in …".into()),
        (_, Standing::Going) => status("Sending …".into()),
    }
}

fn support(problem: &guestlist::graph::Problem) -> String {
    format!("Microsoft Graph refuses POST /invitations in our tenant. {} Please lift the block. {}", problem.message, problem.details())
}

#[component]
fn Commands(shown: Standings, stored: Memo<Option<Arc<Stored>>>) -> impl IntoView {
    let desk = Desk::here();
    let state = Memo::new(move |_| {
        with(shown, |shown| {
            let tally = shown.tally;
            (shown.is_moving, shown.standing == Standing::Paused, tally.open > 0, tally.failed() > 0, tally.invited > 0)
        })
        .unwrap_or_default()
    });
    let resume = move |again: bool| {
        if let Some(stored) = stored.get_untracked() {
            runner::carry_out(desk, stored, again);
        }
    };
    let writing = StoredValue::new_local(None);
    let refused = RwSignal::new(String::new());
    let offer = move |links: bool, as_workbook: bool| {
        let Some(stored) = stored.get_untracked() else { return };
        let table = runner::with_run(&stored, |run| report(&stored.header.list, |row| run.ended(row), links));
        let name = format!("guestlist-{}", stored.header.begun.iso().replace(':', "-"));
        if !as_workbook {
            return download::offer(&format!("{name}.csv"), "text/csv", &to_csv(&table).into());
        }
        let told = move |told: Told| match told {
            Told::Written(book) => {
                download::offer(&format!("{name}.xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &book);
                // The worker ends after its own message has been heard.
                crate::app::effects::spawn(async move { writing.set_value(None) });
            }
            Told::Failed(words) => refused.set(words),
            Told::Progress { .. } | Told::Read(_) => {}
        };
        refused.set(String::new());
        match reader::write(table, told) {
            Ok(reading) => writing.set_value(Some(reading)),
            Err(words) => refused.set(words),
        }
    };
    let wipe = move |()| {
        let Some(stored) = stored.get_untracked() else { return };
        crate::app::effects::spawn(async move {
            if store::wipe(&stored.header.id).await.is_ok() {
                desk.read_runs().await;
                desk.say("The run was removed from this browser. Guests are not affected.");
                desk.go(&Route::Runs);
            }
        });
    };
    // Put together when it is asked for, and not before: redeem links are secrets.
    let links = Signal::derive(move || {
        let Some(stored) = stored.get() else { return String::new() };
        let mut lines = String::new();
        runner::with_run(&stored, |run| {
            for planned in &stored.header.plan.rows {
                if let Some(link) = run.ended(planned.row).and_then(|ended| ended.outcome.redeem()) {
                    lines.push_str(&format!("{}\t{}\n", planned.email, link.reveal()));
                }
            }
        });
        lines
    });
    let new_guests = move || {
        stored
            .with(|stored| stored.as_ref().map(|stored| Route::Run { id: stored.header.id.clone(), show: Rows::Invited, row: None }.hash()))
    };
    let asking = RwSignal::new(false);
    let rows = move || stored.with(|stored| stored.as_ref().map_or(0, |stored| stored.header.plan.rows.len()));
    // Pause and Resume stand in one place, so that the focus stays where the person pressed.
    let id_of = |words: &str| if matches!(words, "Pause" | "Resume") { "pause-resume" } else { "" };
    let button = move |words: &'static str, class: &'static str, act: Callback<()>| view! { <button id=id_of(words) class=class type="button" on:click=move |_| act.run(())>{words}</button> };
    view! {
        <div class="row commands">
            {move || {
                let (moving, paused, open, failed, invited) = state.get();
                view! {
                    {(moving && open && !paused).then(|| button("Pause", "button", Callback::new(move |()| { runner::wish(desk, Wish::Pause); focus::later("pause-resume"); })))}
                    {(moving && open && paused).then(|| button("Resume", "button primary", Callback::new(move |()| { runner::wish(desk, Wish::GoOn); focus::later("pause-resume"); })))}
                    {(moving && open).then(|| button("Stop", "button", Callback::new(move |()| runner::wish(desk, Wish::Stop))))}
                    {(!moving && open).then(|| button("Resume", "button primary", Callback::new(move |()| resume(false))))}
                    {(!moving && !open && failed).then(|| button("Try failed again", "button primary", Callback::new(move |()| resume(true))))}
                    {(!open).then(|| button("Download report", "button", Callback::new(move |()| offer(false, false))))}
                    {(!open).then(|| button("Download report for Excel", "button", Callback::new(move |()| offer(false, true))))}
                    {(!open).then(|| button("Download report with redeem links", "button", Callback::new(move |()| offer(true, false))))}
                    {(!open).then(|| view! { <Copy label="Copy redeem links" text=links/> })}
                    {(!open && invited).then(|| view! { <a class="button" href=new_guests()>"New guests"</a> })}
                    {(!open).then(|| view! { <a class="button" href=Route::default().hash()>"Invite more"</a> })}
                    {(!moving && !open).then(|| button("Remove from this browser", "button subtle", Callback::new(move |()| asking.set(true))))}
                }
            }}
        </div>
        <Show when=move || !refused.with(String::is_empty)><Notice tone=Tone::Danger><p>{move || refused.get()}</p></Notice></Show>
        <Dialog title="Remove this run from this browser?" open=asking>
            <p>{move || format!("Its {} with their outcomes and redeem links are wiped here. Guests are not affected, but this browser then no longer knows whom it has invited.", count(rows(), "row", "rows"))}</p>
            <button class="button danger-button" type="button" on:click=move |_| { asking.set(false); wipe(()); }>{move || format!("Remove {}", count(rows(), "row", "rows"))}</button>
        </Dialog>
    }
}

#[component]
fn Outcomes(shown: Standings, stored: Memo<Option<Arc<Stored>>>) -> impl IntoView {
    let desk = Desk::here();
    let most = RwSignal::new(MOST);
    let filter = move || desk.route.with(|route| if let Route::Run { show, .. } = route { *show } else { Rows::All });
    let open_row = Memo::new(move |_| desk.route.with(|route| if let Route::Run { row, .. } = route { *row } else { None }));
    // The first rows that fit, and how many more there are.
    let rows = Memo::new_with_compare(
        move |_| {
            shown.track();
            let (filter, most) = (filter(), most.get());
            let Some(stored) = stored.get() else { return (Vec::new(), 0) };
            runner::with_run(&stored, |run| {
                let wanted = |outcome: Option<&Outcome>| match filter {
                    Rows::All => true,
                    Rows::Invited => matches!(outcome, Some(Outcome::Invited { .. })),
                    Rows::Failed => outcome.is_some_and(Outcome::is_failure),
                };
                // The run has a row for each of the plan's, in its order.
                let (mut rows, mut more) = (Vec::new(), 0);
                for (planned, (_, word, ended)) in stored.header.plan.rows.iter().zip(run.rows()) {
                    if !wanted(ended.map(|ended| &ended.outcome)) {
                        continue;
                    }
                    if rows.len() < most { rows.push(Seen::of(planned, word, ended)) } else { more += 1 }
                }
                (rows, more)
            })
        },
        |_, _| true,
    );
    let to = move |show: Rows, row: Option<u32>| {
        desk.route
            .with_untracked(|route| if let Route::Run { id, .. } = route { Route::Run { id: id.clone(), show, row } } else { Route::Runs })
    };
    // A row's own trouble, in the drawer. Back closes it before it leaves the page.
    let details = move || {
        let row = open_row.get()?;
        shown.track();
        let stored = stored.get()?;
        let planned = stored.header.plan.rows.iter().find(|planned| planned.row == row)?;
        runner::with_run(&stored, |run| Some(Seen::of(planned, "", Some(run.ended(row)?))))
    };
    let is_open = Memo::new(move |_| details().is_some());
    Effect::new(move |was: Option<Option<u32>>| {
        let row = open_row.get();
        match (was.flatten(), row) {
            (_, Some(_)) if was.flatten() != row => focus::later("details-title"),
            (Some(before), None) => focus::later(format!("details-{before}")),
            _ => {}
        }
        row
    });
    let close = move || {
        if desk.route.with_untracked(|route| matches!(route, Route::Run { row: Some(_), .. })) {
            address_bar::back()
        }
    };
    let filters = [(Rows::All, "All rows"), (Rows::Invited, "Invited rows"), (Rows::Failed, "Failed rows")].map(|(show, words)| {
        view! { <button class="button subtle" type="button" aria-pressed=move || (filter() == show).to_string() on:click=move |_| desk.adjust(to(show, None))>{words}</button> }
    });
    view! {
        <div class="row" role="group" aria-label="Show">
            {filters}
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label="Outcomes, scrollable">
            <table class="plain outcomes stacked" role="table"><caption class="unseen">"Outcomes"</caption>
                <thead role="rowgroup"><tr role="row"><th role="columnheader">"Address"</th><th role="columnheader">"Name"</th><th role="columnheader">"Outcome"</th><th role="columnheader">"Why"</th><th role="columnheader"><span class="unseen">"Details"</span></th></tr></thead>
                <tbody role="rowgroup">
                    <For each=move || rows.get().0 key=|row| (row.row, row.word, row.ended.as_ref().map(|ended| ended.at)) let(row)>
                        <Line row open=Callback::new(move |row| desk.go(&to(filter(), Some(row))))/>
                    </For>
                </tbody>
            </table>
        </div>
        <Show when=move || rows.with(|rows| rows.0.is_empty())><p class="hint">{move || match filter() { Rows::Failed => "No row has failed.", Rows::Invited => "Nobody has been invited.", Rows::All => "There are no rows." }}</p></Show>
        <Show when=move || rows.with(|rows| rows.1 != 0)><button class="button" type="button" on:click=move |_| most.update(|most| *most += MOST)>{move || format!("Show more ({} left)", rows.with(|rows| rows.1))}</button></Show>
        <Show when=move || is_open.get()>
            <aside class="drawer" aria-labelledby="details-title" on:keydown=move |event| if event.key() == "Escape" { close() }>
                <div class="row"><h2 id="details-title" tabindex="-1">"Details"</h2><span class="gap"></span><button class="button subtle" type="button" on:click=move |_| close()>"Close"</button></div>
                {move || details().map(|row| view! { <Details row/> })}
            </aside>
        </Show>
    }
}

fn icon_of(row: &Seen) -> (Icon, &'static str) {
    match row.ended.as_ref().map(|ended| &ended.outcome) {
        None => (Icon::Waiting, ""),
        Some(Outcome::Invited { .. }) => (Icon::Good, "good"),
        Some(Outcome::Skipped(_)) => (Icon::Skipped, ""),
        Some(Outcome::Refused(_) | Outcome::NotFound { .. }) => (Icon::Bad, "danger"),
        Some(Outcome::Unsure | Outcome::NotSent(_)) => (Icon::Warning, "caution"),
    }
}

#[component]
fn Line(row: Seen, open: Callback<u32>) -> impl IntoView {
    let (icon, class) = icon_of(&row);
    let why = row.ended.as_ref().and_then(|ended| match &ended.outcome {
        Outcome::Skipped(skip) => Some(skip.words()),
        outcome => outcome.words().map(|words| words.what),
    });
    let number = row.row;
    view! {
        <tr role="row"><th role="rowheader"><bdi>{row.email.clone()}</bdi></th><td role="cell"><bdi>{row.name}</bdi></td><td role="cell" class=class><span class="nowrap"><Glyph icon/>{row.word}</span></td><td role="cell">{why}</td>
            <td role="cell">{row.ended.is_some().then(|| view! { <button id=format!("details-{number}") class="button subtle small" type="button" aria-label=format!("Details of {}", row.email) on:click=move |_| open.run(number)>"Details"</button> })}</td></tr>
    }
}

#[component]
fn Details(row: Seen) -> impl IntoView {
    let revealed = RwSignal::new(false);
    let Seen { email, name, ended, .. } = row;
    let Some(Ended { outcome, at }) = ended else { return ().into_any() };
    let details = match &outcome {
        Outcome::Refused(problem) => problem.details(),
        outcome => format!("{} · {}", outcome.name(), at.iso()),
    };
    let link = outcome.redeem().map(|link| link.reveal().to_owned());
    let guest = outcome.guest().cloned();
    view! {
        <p><strong><bdi>{email}</bdi></strong>" "<bdi>{name}</bdi></p>
        <p class="nowrap">{outcome.name()}", "<time datetime=at.iso()>{clock::shown(at)}</time></p>
        {outcome.words().map(|words| view! { <p>{words.what}</p><p>{words.why}</p><p><span class="label">"Who can mend it: "</span>{words.who}</p><p><span class="label">"Next step: "</span>{words.next}</p> })}
        {guest.map(|guest| {
            let page = Desk::here().authority.with_value(|authority| authority.user_page(&guest));
            view! {
                <p class="breakable"><span class="label">"Guest id: "</span><code>{guest.clone()}</code></p><Copy label="Copy guest id" text=guest/>
                {page.map(|page| view! { <a class="button" href=page target="_blank" rel="noopener">"Open in the admin center"</a> })}
            }
        })}
        {link.map(|link| { let link = StoredValue::new(link); view! {
            <Show when=move || revealed.get() fallback=move || view! { <button class="button" type="button" on:click=move |_| revealed.set(true)>"Show redeem link"</button> }>
                <p class="hint">"Personal: whoever has this link can try to accept in the guest’s place."</p>
                <p class="breakable"><code>{move || link.get_value()}</code></p><Copy label="Copy redeem link" text=Signal::derive(move || link.get_value())/>
            </Show>
        } })}
        <details class="details"><summary>"Technical details"</summary><code>{details.clone()}</code></details>
        <Copy label="Copy details" text=details/>
    }.into_any()
}
