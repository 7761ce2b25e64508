//! *Check*, the plan in one sentence, and the button that sends.

use crate::app::desk::Desk;
use crate::app::drive;
use crate::app::effects::{clock, dice, focus, store};
use crate::app::parts::field::{Field, described};
use crate::app::parts::icon::{Glyph, Icon};
use crate::app::parts::notice::{Notice, Problem, Tone};
use crate::app::routes::{Route, Show as Rows};
use crate::app::runner::{self, Take};
use crate::app::session;
use guestlist::identity::scopes::{CONTACTS, DIRECTORY};
use guestlist::letter::Letter;
use guestlist::look::Known;
use guestlist::look::{Failed, Look};
use guestlist::outcome::Outcome;
use guestlist::plan::{self, Action, Choices, Plan, Planned, Step};
use guestlist::rows::{Address, ByAddress, Guests, List};
use guestlist::run::Gait;
use guestlist::run::journal::{Header, Stored, What, invited_before};
use guestlist::words::{count, grouped};
use leptos::prelude::*;
use std::sync::Arc;

/// Where the check stands. A plan holds for the very draft it was made of; its last part says that nobody could be
/// looked up.
#[derive(Clone, Debug, PartialEq)]
enum Check {
    Composing,
    /// What keeps the letter from leaving.
    Hindered(Vec<String>),
    Looking,
    Failed(Failed),
    Planned(Box<Plan>, Box<Basis>, bool),
}

/// The tenant as it was looked at, and whom this browser invited before.
type Found = (Known, ByAddress<String>);

/// What the last check found, and what somebody chose to do about it.
#[derive(Clone, Copy)]
struct Held {
    found: StoredValue<Option<Arc<Found>>>,
    choices: RwSignal<Choices>,
}

impl Held {
    /// The plan of what is found and chosen.
    fn plan(self, desk: Desk, letter: &Letter) -> Plan {
        let found = self.found.get_value().unwrap_or_default();
        let around = desk.around.get_untracked();
        desk.guests.with_untracked(|guests| {
            self.choices.with_untracked(|choices| plan::plan(guests.list(), letter, &found.0, &around, &found.1, choices))
        })
    }
}

/// What a plan was made of.
#[derive(Clone, Debug, PartialEq)]
struct Basis {
    edits: u64,
    letter: Letter,
}

impl Basis {
    fn now(desk: Desk) -> Self {
        Self { edits: desk.guests.with(Guests::edits), letter: desk.letter.get() }
    }
}

#[component]
pub fn Confirm() -> impl IntoView {
    let desk = Desk::here();
    let check = RwSignal::new(Check::Composing);
    let held = Held { found: StoredValue::new(None), choices: RwSignal::new(Choices::default()) };
    let progress = RwSignal::new((0, 1));
    // An edit makes the plan stale, and what hindered it: both are told anew on the next check.
    Effect::new(move || {
        let now = Basis::now(desk);
        let stale = check.with_untracked(|check| match check {
            Check::Planned(_, basis, _) => **basis != now,
            Check::Hindered(_) => true,
            _ => false,
        });
        if stale {
            check.set(Check::Composing);
        }
    });
    let run_check = move |_| start_check(desk, check, held, progress);
    let choose = Callback::new(move |(change, id): (Callback<Choices, Choices>, String)| {
        held.choices.update(|choices| *choices = change.run(std::mem::take(choices)));
        check.update(|check| {
            if let Check::Planned(plan, basis, _) = check {
                **plan = held.plan(desk, &basis.letter);
            }
        });
        focus::later(id);
    });
    view! {
        <div class="confirm">
            <button class="button" class:primary=move || !check.with(|check| matches!(check, Check::Planned(..))) type="button"
                aria-busy=move || check.with(|check| matches!(check, Check::Looking)).to_string() on:click=run_check>"Check"</button>
            {move || match check.get() {
                Check::Composing => view! { <p class="hint">"Looks at the list and at your tenant first. Nothing is sent yet."</p> }.into_any(),
                Check::Hindered(words) => view! {
                    <div id="hindrances" tabindex="-1" class="notice notice-danger" role="alert"><Glyph icon=Icon::Bad/>
                        <div class="notice-body"><strong>"This cannot be sent yet."</strong><ul>{words.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul></div></div>
                }.into_any(),
                Check::Looking => view! { <Looking progress/> }.into_any(),
                Check::Failed(Failed::Refused(problem)) => view! { <Problem words=problem.words() details=problem.details()/> }.into_any(),
                Check::Failed(Failed::Unreached) => view! { <Unreached/> }.into_any(),
                Check::Planned(plan, _, blind) => view! { <PlanView plan=*plan blind choices=held.choices choose/> }.into_any(),
            }}
        </div>
    }
}

fn start_check(desk: Desk, check: RwSignal<Check>, held: Held, progress: RwSignal<(usize, usize)>) {
    if check.with_untracked(|check| matches!(check, Check::Looking)) {
        return;
    }
    let basis = untrack(move || Basis::now(desk));
    let hosts = desk.config.with_value(|config| config.redirect_hosts.clone());
    let mut hindrances: Vec<String> = desk
        .guests
        .with_untracked(|guests| plan::hindrances(&basis.letter, guests.list(), &hosts).iter().map(plan::Hindrance::words).collect());
    if desk.guests.with_untracked(|guests| guests.list().is_empty()) {
        hindrances.insert(0, "Nobody is on the list yet. Add the first guest above.".into());
    }
    if !hindrances.is_empty() {
        check.set(Check::Hindered(hindrances));
        return focus::later("hindrances");
    }
    progress.set((0, 1));
    check.set(Check::Looking);
    crate::app::effects::spawn(async move {
        desk.read_runs().await;
        // Without the permission nobody can be looked up; the plan says so.
        let may_look = desk.scopes.with_untracked(|scopes| scopes.contains(DIRECTORY));
        let addresses = if may_look { desk.guests.with_untracked(|guests| addresses(guests.list())) } else { Vec::new() };
        let look = Look::new(addresses);
        let look = if desk.scopes.with_untracked(|scopes| scopes.contains(CONTACTS)) { look.and_contacts() } else { look };
        let found = drive::look(desk, look, Some(progress)).await;
        let unchanged = untrack(move || Basis::now(desk)) == basis;
        check.set(match found {
            _ if !unchanged => Check::Composing,
            Err(failed) => Check::Failed(failed),
            Ok(known) => {
                let tenant =
                    desk.account.with_untracked(|account| account.as_ref().map(|account| account.tenant_id.clone()).unwrap_or_default());
                let before = desk.runs.with_untracked(|runs| invited_before(runs.iter().map(AsRef::as_ref), &tenant));
                let blind = !may_look || known.blind.is_some();
                held.found.set_value(Some(Arc::new((known, before))));
                Check::Planned(Box::new(held.plan(desk, &basis.letter)), Box::new(basis), blind)
            }
        });
        focus::later("plan-title");
    });
}

/// Each address once: duplicates and broken ones are not looked up.
fn addresses(list: &List) -> Vec<Address> {
    let mut seen: ByAddress<usize> = ByAddress::default();
    let mut addresses = Vec::new();
    for address in list.rows().filter_map(|row| Address::parse(row.cell("email")).ok()) {
        if seen.get(&address).is_none() {
            seen.set(&address, Some(0));
            addresses.push(address);
        }
    }
    addresses
}

#[component]
fn Looking(progress: RwSignal<(usize, usize)>) -> impl IntoView {
    view! { <p class="looking" role="status"><progress max=move || progress.get().1.to_string() value=move || progress.get().0.to_string() aria-label="Check"></progress>" Looking at your tenant …"</p> }
}

#[component]
fn Unreached() -> impl IntoView {
    let desk = Desk::here();
    view! {
        <Notice tone=Tone::Danger><strong>"Microsoft Graph could not be asked."</strong>
            <p>{move || desk.trouble.get().map_or_else(|| "The network is down, or something between here and Microsoft blocks it. Nothing was sent; check the connection and try again.".to_owned(), |trouble| format!("{} {}", trouble.words().what, trouble.words().next))}</p>
            <Show when=move || desk.trouble.get().is_some() || !session::is_alive()><button class="button" type="button" on:click=move |_| session::sign_in_again(desk, None)>"Sign in again"</button></Show>
        </Notice>
    }
}

#[component]
fn PlanView(plan: Plan, blind: bool, choices: RwSignal<Choices>, choose: Callback<Choosing>) -> impl IntoView {
    let desk = Desk::here();
    let invited = plan.invitations();
    let begun = RwSignal::new(false);
    let refused = RwSignal::new(String::new());
    let gait = RwSignal::new(usual_gait(desk));
    let allow = move |_| session::allow(desk, DIRECTORY);
    let allow_contacts = move |_| session::allow(desk, CONTACTS);
    let sees_contacts = desk.scopes.with_untracked(|scopes| scopes.contains(CONTACTS));
    let sentence = plan.sentence();
    // What is worth knowing comes first.
    let is_told = |row: &&Planned| row.note.is_some() || matches!(row.step, Step::Skip(_));
    let (told, rest): (Vec<&Planned>, Vec<&Planned>) = plan.rows.iter().partition(is_told);
    let rows = plan.rows.len();
    let domains = plan.domains();
    let listed: Vec<Planned> = told.into_iter().chain(rest).take(MOST).cloned().collect();
    let (new, known) = plan.rows.iter().map(|row| row.choices()).fold((0, 0), |(new, known), can| {
        (new + usize::from(can.contains(&Action::OnlyAdd)), known + usize::from(can.contains(&Action::Resend)))
    });
    let warnings = plan.warnings.clone();
    let stored = StoredValue::new(plan);
    let send = move |_| {
        // A second click while the first is at work does nothing.
        if begun.get_untracked() {
            return;
        }
        begun.set(true);
        let plan = stored.get_value();
        let gait = gait.get_untracked();
        crate::app::effects::spawn(async move {
            if let Err(words) = begin(desk, plan, gait).await {
                refused.set(words);
                begun.set(false);
            }
        });
    };
    view! {
        <section class="plan card" role="region" aria-label="Plan">
            <h2 id="plan-title" tabindex="-1">"Plan"</h2>
            <p class="sentence">{sentence}</p>
            {warnings.into_iter().map(|warning| view! { <Notice tone=Tone::Warning><p>{warning}</p></Notice> }).collect_view()}
            {blind.then(|| view! { <p><button class="button" type="button" on:click=allow>"Allow reading the directory"</button>" "<span class="hint">"Asks for User.Read.All; your draft is kept."</span></p> })}
            {(!blind && !sees_contacts).then(|| view! { <p><button class="button subtle" type="button" on:click=allow_contacts>"Look for mail contacts, too"</button>" "<span class="hint">"Asks for OrgContact.Read.All; your draft is kept."</span></p> })}
            <ForAll new known choices choose/>
            <Domains domains/>
            <Steps listed rows choose/>
            <Show when=move || !refused.with(String::is_empty)><Notice tone=Tone::Danger><p>{move || refused.get()}</p></Notice></Show>
            {(invited > FEW).then(|| view! { <Pace gait/> })}
            {(invited > 0).then(|| view! {
                <button class="button primary" type="button" aria-busy=move || begun.get().to_string() on:click=send>{format!("Invite {}", count(invited, "guest", "guests"))}</button>
            })}
        </section>
    }
}

/// Too few for a pace to matter.
const FEW: usize = 5;

/// Careful in a tenant that this browser has not invited to yet.
fn usual_gait(desk: Desk) -> Gait {
    let tenant = desk.account.with_untracked(|account| account.as_ref().map(|account| account.tenant_id.clone()).unwrap_or_default());
    let is_known = desk.runs.with_untracked(|runs| {
        runs.iter()
            .filter(|run| run.header.tenant_id == tenant)
            .any(|run| run.entries.iter().filter(|entry| matches!(entry.what, What::Ended(Outcome::Invited { .. }))).count() > FEW)
    });
    if is_known { Gait::AtTheLimit } else { Gait::Careful }
}

#[component]
fn Pace(gait: RwSignal<Gait>) -> impl IntoView {
    let hint = move || match gait.get() {
        Gait::Careful => {
            "Five guests first, a look whether they appear, then ever more at once. Right for a tenant that has not sent many yet."
                .to_owned()
        }
        Gait::AtTheLimit => "One guest first, then twenty a second, which is what Microsoft allows.".to_owned(),
    };
    view! {
        <Field id="gait" label="Pace" hint=Signal::derive(hint) error="">
            <select id="gait" class="input" aria-describedby=described("gait") prop:value=move || if gait.get() == Gait::Careful { "careful" } else { "limit" }
                on:change=move |event| gait.set(if event_target_value(&event) == "limit" { Gait::AtTheLimit } else { Gait::Careful })>
                <option value="careful" selected=gait.get_untracked() == Gait::Careful>"Careful"</option>
                <option value="limit" selected=gait.get_untracked() == Gait::AtTheLimit>"At Microsoft’s limit"</option>
            </select>
        </Field>
    }
}

/// A change of what is chosen, and the control that has the focus after it.
type Choosing = (Callback<Choices, Choices>, String);

/// A list of actions; the change that choosing one makes is told with the control's id.
fn actions(
    id: String,
    label: String,
    can: &[Action],
    chosen: Action,
    choose: Callback<Choosing>,
    change: fn(&mut Choices, u32, Action),
    row: u32,
) -> impl IntoView + use<> {
    let options = can.iter().map(|action| {
        let words = action.words();
        view! { <option value=words selected=*action == chosen>{words}</option> }
    });
    let own = id.clone();
    let changed = move |event| {
        let value = event_target_value(&event);
        let Some(action) = Action::ALL.into_iter().find(|action| action.words() == value) else { return };
        let apply = Callback::new(move |mut choices: Choices| {
            change(&mut choices, row, action);
            choices
        });
        choose.run((apply, own.clone()));
    };
    view! { <select id=id class="input" aria-label=label on:change=changed>{options.collect_view()}</select> }
}

/// One action for all who are new, and one for all who are invited already.
#[component]
fn ForAll(new: usize, known: usize, choices: RwSignal<Choices>, choose: Callback<Choosing>) -> impl IntoView {
    let (for_new, for_known) = choices.with_untracked(|choices| (choices.new.unwrap_or_default(), choices.known.unwrap_or(Action::Skip)));
    let line = |words: String, control: AnyView| view! { <p class="row tools"><span>{words}</span>{control}</p> };
    view! {
        {(new > 0).then(|| line(format!("{}:", count(new, "new guest", "new guests")), actions("for-new".into(), "For all new guests".into(), &[Action::Invite, Action::OnlyAdd], for_new, choose, |choices, _, action| choices.new = Some(action), 0).into_any()))}
        {(known > 0).then(|| line(format!("{} already:", count(known, "guest is invited", "guests are invited")), actions("for-known".into(), "For all who are invited already".into(), &[Action::Skip, Action::Resend], for_known, choose, |choices, _, action| choices.known = Some(action), 0).into_any()))}
    }
}

/// How many of each domain's rows are sent and skipped, when there is more than one domain.
#[component]
fn Domains(domains: Vec<(String, usize, usize)>) -> impl IntoView {
    const LISTED: usize = 30;
    let more = domains.len().saturating_sub(LISTED);
    let number = |number: usize| view! { <td class="number" role="cell">{grouped(number)}</td> };
    let lines = domains.iter().take(LISTED).map(|(domain, sent, skipped)| {
        view! { <tr role="row"><th role="rowheader"><bdi>{domain.clone()}</bdi></th>{number(*sent)}{number(*skipped)}</tr> }
    });
    (domains.len() > 1).then(|| {
        view! {
            <details class="details"><summary>{format!("By domain ({})", grouped(domains.len()))}</summary>
                <table class="plain" role="table"><caption class="unseen">"Rows by domain"</caption>
                    <thead role="rowgroup"><tr role="row"><th role="columnheader">"Domain"</th><th class="number" role="columnheader">"Sent"</th><th class="number" role="columnheader">"Skipped"</th></tr></thead>
                    <tbody role="rowgroup">{lines.collect_view()}</tbody></table>
                {(more > 0).then(|| view! { <p class="hint">{format!("And {} more.", grouped(more))}</p> })}
            </details>
        }
    })
}

/// Rows that are listed.
const MOST: usize = 200;

/// What is done for each row, and why; changeable where something else could be done.
#[component]
fn Steps(listed: Vec<Planned>, rows: usize, choose: Callback<Choosing>) -> impl IntoView {
    let more = rows - listed.len();
    let lines = listed.into_iter().map(|row| {
        let why = match &row.step {
            Step::Skip(skip) => skip.words(),
            Step::Invite(_) => row.note.clone().unwrap_or_default(),
        };
        let can = row.choices();
        let what = if can.len() > 1 {
            let change = |choices: &mut Choices, row: u32, action: Action| _ = choices.rows.insert(row, action);
            actions(format!("step-{}", row.row), format!("Step for {}", row.email), can, row.action, choose, change, row.row).into_any()
        } else {
            row.action.words().into_any()
        };
        view! { <tr role="row"><th role="rowheader"><bdi>{row.email}</bdi></th><td role="cell">{what}</td><td role="cell">{why}</td></tr> }
    });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Rows and their steps, scrollable"><table class="plain stacked" role="table"><caption class="unseen">"Rows and their steps"</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader">"Address"</th><th role="columnheader">"Step"</th><th role="columnheader">"Why"</th></tr></thead>
            <tbody role="rowgroup">{lines.collect_view()}</tbody></table></div>
        {(more > 0).then(|| view! { <p class="hint">{format!("And {more} more, as they are above.")}</p> })}
    }
}

/// Writes the run down, then lets it go. The draft has become the run.
async fn begin(desk: Desk, plan: Plan, gait: Gait) -> Result<(), String> {
    let account = desk.account.get_untracked().ok_or("Sign in again; everything here is kept.")?;
    let header = Header {
        id: dice::guid(),
        tenant_id: account.tenant_id,
        tenant: plan.tenant.clone(),
        by: account.username,
        begun: clock::now(),
        list: desk.guests.with_untracked(|guests| guests.list().clone()),
        letter: desk.letter.get_untracked(),
        plan,
        gait,
    };
    store::begin_run(&header).await.map_err(|store::Denied(why)| {
        format!("This browser does not let the page keep a journal, so nothing was sent: {why}. Allow site data, or leave private mode.")
    })?;
    let route = Route::Run { id: header.id.clone(), show: Rows::All, row: None };
    desk.clear_draft();
    runner::carry_out(desk, Arc::new(Stored { header, entries: Vec::new() }), Take::Open);
    desk.go(&route);
    Ok(())
}
