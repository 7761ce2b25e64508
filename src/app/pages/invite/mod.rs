//! *Invite*: compose on the left, Microsoft's mail on the right, then check and send.

mod add;
mod compose;
mod confirm;
mod draft;
mod guests;
mod import;
mod preview;

use crate::app::parts::copy::Copy;
use crate::app::parts::notice::{Notice, Problem, Tone};
use crate::app::state::AppState;
use crate::app::state::organization::Who;
use guestlist::lookup::TenantSnapshot;
use guestlist::protocol::ReadFailure;
use guestlist::words::Explain;
use leptos::prelude::*;

#[component]
pub fn Invite() -> impl IntoView {
    let import = import::Import::new(AppState::here());
    let adding = add::Adding::new(AppState::here(), import);
    // Below 900 px the two halves are tabs.
    let previewing = RwSignal::new(false);
    let tab = move |words: &'static str, id: &'static str, panel: &'static str, is_preview: bool| {
        let here = move || previewing.get() == is_preview;
        let keys = move |event: leptos::ev::KeyboardEvent| {
            if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight" | "Home" | "End") {
                event.prevent_default();
                let to_preview = match event.key().as_str() {
                    "Home" => false,
                    "End" => true,
                    _ => !previewing.get_untracked(),
                };
                previewing.set(to_preview);
                crate::app::effects::focus::later(if to_preview { "tab-preview" } else { "tab-compose" });
            }
        };
        view! {
            <button id=id class="tab" role="tab" type="button" aria-controls=panel aria-selected=move || here().to_string()
                tabindex=move || if here() { "0" } else { "-1" } on:keydown=keys on:click=move |_| previewing.set(is_preview)>{words}</button>
        }
    };
    view! {
        <h1 id="view" tabindex="-1">"Invite guests"</h1>
        <Advice/>
        <draft::DraftNotices/>
        <div class="tabs" role="tablist" aria-label="Letter">{tab("Compose", "tab-compose", "compose", false)}{tab("Preview", "tab-preview", "preview", true)}</div>
        <div class="halves">
            <div id="compose" class="compose" class:narrow-hidden=move || previewing.get()>
                <add::Add adding/>
                <import::FromFile import/>
                <guests::Guests awaited=import.awaited.read_only()/>
                <compose::Letter/>
            </div>
            <div id="preview" class="preview-side" class:narrow-hidden=move || !previewing.get()><preview::Preview/></div>
        </div>
        <confirm::Confirm adding/>
    }
}

/// What has to be known before work is lost: no role, no mailbox, nothing readable.
#[component]
fn Advice() -> impl IntoView {
    let app = AppState::here();
    move || {
        match app.organization.who.get() {
        Who::Reading | Who::Failed(ReadFailure::Stopped) => ().into_any(),
        Who::Failed(ReadFailure::Unreached) => view! {
            <Notice tone=Tone::Warning><strong>"Microsoft Graph could not be reached."</strong><p>"You can compose; checking and sending need the network."</p>
                <button class="button" type="button" on:click=move |_| app.organization.read()>"Try again"</button></Notice>
        }.into_any(),
        Who::Failed(ReadFailure::Refused(problem)) => view! {
            <Problem words=problem.words() details=problem.details()><button class="button" type="button" on:click=move |_| app.organization.read()>"Try again"</button></Problem>
        }.into_any(),
        Who::Read(known) => view! { <Powers known=*known/> }.into_any(),
    }
    }
}

#[component]
fn Powers(known: TenantSnapshot) -> impl IntoView {
    let app = AppState::here();
    let url = app.accounts.admin_consent_url(None);
    let may_invite = app.accounts.scopes.with(|scopes| scopes.contains("User.Invite.All"));
    view! {
        {(!may_invite).then(|| view! {
            <Notice tone=Tone::Warning><strong>"You can compose; sending needs the permission User.Invite.All."</strong>
                <p>"An administrator has to allow it for this app. Send them this link, then sign in again."</p><Copy label="Copy admin-consent link" text=url.clone()/></Notice>
        })}
        {(may_invite && !known.has_inviting_role()).then(|| view! {
            <Notice tone=Tone::Warning><strong>"You can compose; sending needs the role Guest Inviter."</strong>
                <p>"None of your roles allows inviting, unless this tenant lets every member invite. A User Administrator can give you the role; it needs 15 to 60 minutes to act."</p></Notice>
        })}
        {(!known.has_mailbox()).then(|| view! {
            <Notice tone=Tone::Warning><strong>"Your account has no mail address in this tenant."</strong>
                <p>"Microsoft would send the invitation but drop your message from it without telling anyone."</p></Notice>
        })}
    }
}
