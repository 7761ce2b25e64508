//! What stands in place of what is not read yet: what it takes, how far it is, and why it came to nothing.

use crate::app::pages::missing_permission::MissingPermission;
use crate::app::parts::looking::Looking;
use crate::app::parts::notice::{Notice, Problem, Tone};
use crate::app::state::AppState;
use crate::app::state::access_packages::{AccessPackages, InventoryProgress};
use crate::app::state::drive::stop_looking;
use guestlist::permissions::ENTITLEMENT;
use guestlist::protocol::ReadFailure;
use guestlist::words::{Explain, count};
use leptos::prelude::*;

/// Shows what was read of packages, once that is there. What is in it follows what is read anew by itself.
#[component]
pub(super) fn WhenRead(children: ChildrenFn) -> impl IntoView {
    let app = AppState::here();
    let part = AccessPackages::of(app);
    let missing = Signal::derive(move || if part.may_read() { Vec::new() } else { vec![ENTITLEMENT] });
    // How many came changes what is said, and not what stands there.
    let came =
        Memo::new(move |_| part.progress.with(|progress| if let InventoryProgress::Reading(came) = progress { Some(*came) } else { None }));
    let is_under_way = Memo::new(move |_| came.get().is_some());
    let failed = Memo::new(move |_| {
        part.progress.with(|progress| if let InventoryProgress::Failed(failure) = progress { Some(failure.clone()) } else { None })
    });
    let is_there = Memo::new(move |_| part.inventory.with(Option::is_some));
    let words = move || match came.get() {
        Some(came) if came > 0 => format!("Reading access packages … {} so far", count(came, "package", "packages")),
        _ => "Reading access packages …".to_owned(),
    };
    view! {
        <MissingPermission missing what="Showing access packages takes" after="It only reads. You need a role in entitlement management as well, such as Identity Governance Administrator or Catalog reader."/>
        <Show when=move || is_under_way.get()><Looking name="Access packages" words=Signal::derive(words) progress=(0, 0) stop=|()| stop_looking()/></Show>
        {move || failed.get().map(|failure| view! { <NotLearnt failure again=move |()| part.read()/> })}
        <Show when=move || is_there.get()>{children()}</Show>
    }
}

/// Why reading came to nothing, with the way to try it `again`.
#[component]
pub(super) fn NotLearnt(failure: ReadFailure, #[prop(into)] again: Callback<()>) -> impl IntoView {
    let again = move |words: &'static str| view! { <button class="button" type="button" on:click=move |_| again.run(())>{words}</button> };
    match failure {
        ReadFailure::Refused(refused) => view! { <Problem words=refused.words() details=refused.details()>{again("Try again")}</Problem> }.into_any(),
        ReadFailure::Unreached => view! { <Notice tone=Tone::Danger><strong>"Microsoft could not be reached."</strong><p>"Check the network, then try again."</p>{again("Try again")}</Notice> }.into_any(),
        ReadFailure::Stopped => view! { <Notice tone=Tone::Info><p>"Reading was stopped."</p>{again("Read again")}</Notice> }.into_any(),
    }
}
