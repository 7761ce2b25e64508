//! The frame around every page: who is signed in and where, the ways to go, and what screen readers hear.

use super::areas::{AreaPage, PageArea};
use super::effects::{clock, document, focus, live_region};
use super::pages::{invite, welcome};
use super::parts::dialog::Dialog;
use super::parts::full_window::FullWindow;
use super::parts::icon::{Glyph, Icon};
use super::parts::menu::Menu;
use super::routes::Route;
use super::state::organization::Who;
use super::state::{AppState, runner, session};
use super::undo::Undo;
use guestlist::storage::overview::RunSummary;
use guestlist::tab::TabReport;
use guestlist::words::redemption::REFUSALS;
use guestlist::words::{self, count};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

#[component]
pub fn Frame() -> impl IntoView {
    let app = AppState::here();
    let (keys_on, keys_shown) = (RwSignal::new(true), RwSignal::new(false));
    let listener = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        if event.key() == "?" && keys_on.get_untracked() && !is_typing() {
            event.prevent_default();
            keys_shown.set(true);
        }
    });
    on_cleanup(move || listener.remove());
    let view = Memo::new(move |_| (app.accounts.account.get().is_some(), app.navigator.route.with(std::mem::discriminant)));
    view! {
        <button class="skip button" type="button" on:click=move |_| focus::now("view")>"Skip to content"</button>
        <header class="top">
            <span class="brand">"Guestlist"</span>
            <Where/>
            <span class="gap"></span>
            <FullWindow/>
            <button class="button subtle" type="button" on:click=move |_| keys_shown.set(true)>"Help"</button>
            <Show when=move || app.accounts.account.get().is_some()><Account/></Show>
        </header>
        <nav class="main-nav" aria-label="Main">
            <Show when=move || app.accounts.account.get().is_some()>
                <To route=Route::default() words="Invite"/>
                <To route=Route::Runs words="Runs"/>
                <To route=Route::SelfService { find: String::new() } words="Self-service"/>
            </Show>
        </nav>
        <main class="main" id="main">
            <welcome::NotExtended/>
            {move || {
                let (signed_in, _) = view.get();
                match app.navigator.route.get_untracked() {
                    _ if !signed_in => view! { <welcome::Welcome/> }.into_any(),
                    Route::Invite { .. } => view! { <invite::Invite/> }.into_any(),
                    route @ (Route::Runs | Route::Run { .. }) => view! { <AreaPage area=PageArea::Activity route/> }.into_any(),
                    route @ (Route::SelfService { .. } | Route::Package(_) | Route::PackageMap { .. }) => view! { <AreaPage area=PageArea::SelfService route/> }.into_any(),
                }
            }}
        </main>
        <Undo/>
        <Dialog title="Help" open=keys_shown><Keys keys_on/></Dialog>
        <div id=live_region::POLITE class="unseen" role="status" aria-live="polite"></div>
        <div id=live_region::ASSERTIVE class="unseen" role="alert"></div>
    }
}

/// Tenant and cloud by name, always visible: inviting into the wrong customer must be hard.
#[component]
fn Where() -> impl IntoView {
    let app = AppState::here();
    let cloud = words::identity::cloud(app.accounts.place.authority.cloud);
    move || {
        app.accounts.account.get().map(|account| {
            let tenant = app.organization.who.with(|who| match who {
                Who::Read(known) => format!("{} ({})", known.organization.display_name, known.organization.default_domain()),
                _ => account.tenant_id.clone(),
            });
            view! { <span class="where"><bdi>{tenant}</bdi>" · "{cloud}<span class="who">" · "<bdi>{account.username}</bdi></span></span> }
        })
    }
}

#[component]
fn Account() -> impl IntoView {
    let app = AppState::here();
    let deleting = RwSignal::new(false);
    let items = vec![
        ("Sign out", Callback::new(move |()| super::effects::spawn(session::sign_out(app)))),
        ("Switch account", Callback::new(move |()| session::switch_account(app))),
        ("Sign out and delete what is kept here …", Callback::new(move |()| deleting.set(true))),
    ];
    view! {
        <Menu label="Account" items><Glyph icon=Icon::Person/></Menu>
        <Delete open=deleting/>
    }
}

/// Deletes what this browser keeps of whoever is signed in, and signs out.
#[component]
fn Delete(open: RwSignal<bool>) -> impl IntoView {
    let app = AppState::here();
    let refused = RwSignal::new(String::new());
    // What somebody else has taken over is theirs.
    let is_own = move |run: &RunSummary| app.accounts.person().is_some_and(|person| run.carrier().is(&person));
    let recycles = move || app.runs.recycles.with(Vec::len);
    let runs = move || app.runs.own.with(|runs| runs.iter().filter(|run| is_own(run)).count()) + recycles();
    let others = move || app.runs.own.with(|runs| runs.iter().filter(|run| !is_own(run)).count());
    let holds = move || {
        let guests = app.draft.guests.with(|guests| guests.list().len());
        let guests = (guests > 0).then(|| count(guests, "guest of your draft", "guests of your draft"));
        let mine = (runs() > 0).then(|| count(runs(), "run with its redeem links", "runs with their redeem links"));
        [guests, mine, Some("letters and columns that you chose".into())].into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let delete = move |_| {
        super::effects::spawn(async move {
            match runner::delete_all(app).await {
                TabReport::Deleted => session::sign_out_at_once(app).await,
                report => refused.set(report.words(clock::now()).0),
            }
        });
    };
    view! {
        <Dialog title="Delete what this browser keeps of you?" open>
            <p>{move || open.get().then(|| format!("What lies here: {}. Guests are not affected, but this browser then no longer knows whom it has invited, nor how many today.", holds()))}</p>
            {move || (open.get() && others() > 0).then(|| view! { <p>{format!("{} that somebody took over from you {} with them.", count(others(), "run", "runs"), if others() == 1 { "stays" } else { "stay" })}</p> })}
            {move || (!refused.with(String::is_empty)).then(|| view! { <p class="error" role="alert">{refused.get()}</p> })}
            <button class="button danger-button" type="button" on:click=delete>{move || open.get().then(|| if runs() > 0 { format!("Delete {} and sign out", count(runs(), "run", "runs")) } else { "Delete and sign out".to_owned() })}</button>
        </Dialog>
    }
}

#[component]
fn To(route: Route, words: &'static str) -> impl IntoView {
    let app = AppState::here();
    let hash = route.hash();
    let is_here = move || app.navigator.route.with(|here| here.belongs_to(&route));
    view! { <a class="nav-link" href=hash aria-current=move || is_here().then_some("page")>{words}</a> }
}

#[component]
fn Keys(keys_on: RwSignal<bool>) -> impl IntoView {
    const KEYS: [(&str, &str); 13] = [
        ("Arrows, Home, End, Page Up, Page Down", "Move in the list of guests; with Ctrl to its ends"),
        ("Enter or F2", "Edit a cell; Enter again keeps and moves down, Esc takes back"),
        ("Tab while editing", "Keep and go to the next cell"),
        ("Shift+arrows, Ctrl+A", "Select cells; Ctrl+Space selects a column, Shift+Space a row"),
        ("Ctrl+C, Ctrl+X, Ctrl+V", "Copy, cut and paste cells, to and from Excel; past the end pasting adds rows"),
        ("Ctrl+D", "Fill the first selected row into the others"),
        ("Ctrl+Z, Ctrl+Y", "Undo and do again"),
        ("Delete", "Empty the selected cells; with Ctrl remove their rows"),
        ("F8, Shift+F8", "Go to the next or previous problem"),
        ("Ctrl+Enter", "In “Add guests”: add them"),
        ("Alt+← and Alt+→", "In the preview: previous and next guest"),
        ("Esc", "Close a menu, a drawer or this help"),
        ("?", "Open this help"),
    ];
    view! {
        <table class="plain"><caption class="unseen">"Keys"</caption><tbody>
            {KEYS.map(|(key, does)| view! { <tr><th scope="row">{key}</th><td>{does}</td></tr> }).collect_view()}
        </tbody></table>
        <label class="check"><input type="checkbox" prop:checked=move || keys_on.get() on:change=move |event| keys_on.set(event_target_checked(&event))/>" The key ? opens this help"</label>
        <details class="details"><summary>"When a guest cannot accept"</summary><dl>
            {REFUSALS.map(|(code, words)| view! { <dt><code>{code}</code></dt><dd>{words}</dd> }).collect_view()}
        </dl></details>
        <p><a class="link" href="NOTICES.txt" target="_blank" rel="noopener">"Third-party notices"</a></p>
    }
}

/// Whether a character belongs to a text that is being typed.
fn is_typing() -> bool {
    document().active_element().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || element.closest(".grid").ok().flatten().is_some()
    })
}
