//! What one guest will read, and a way from guest to guest.

mod mail;
mod stepping;
mod subject;
mod trying;

use crate::app::state::AppState;
use guestlist::letter::Channel;
use guestlist::letter::lints::{Setting, lints};
use guestlist::letter::microsoft::{self, Sender};
use guestlist::letter::own_message;
use guestlist::rows::Row;
use leptos::prelude::*;
use subject::{guest, hosts};

#[component]
pub fn Preview() -> impl IntoView {
    let app = AppState::here();
    let guest = move || guest(app);
    let channel = Memo::new(move |_| app.draft.letter.with(|letter| letter.channel));
    let by_microsoft = Memo::new_with_compare(
        move |_| {
            let known = app.organization.snapshot()?;
            let merge_context = app.draft.merge_context.get();
            let sender = Sender { me: &known.me, organization: &known.organization, merge_context: &merge_context };
            Some(
                app.draft
                    .guests
                    .with(|guests| app.draft.letter.with(|letter| microsoft::preview(letter, guests.list().row(guest()), sender))),
            )
        },
        |_, _| true,
    );
    let own = Memo::new_with_compare(
        move |_| {
            let known = app.organization.snapshot()?;
            let merge_context = app.draft.merge_context.get();
            Some(app.draft.guests.with(|guests| {
                app.draft.letter.with(|letter| own_message::preview(letter, guests.list().row(guest()), &known.me, &merge_context))
            }))
        },
        |_, _| true,
    );
    // What is odd about the letter that will be sent.
    let remarks = Memo::new(move |_| {
        let hosts = hosts(app);
        let merge_context = app.draft.merge_context.get();
        app.draft.guests.with(|guests| {
            app.draft.letter.with(|letter| {
                let row = guests.list().row(guest());
                let redeem = (!letter.channel.is_microsoft()).then_some(own_message::SAMPLE_LINK);
                let setting = Setting { by_microsoft: letter.channel.is_microsoft(), hosts: &hosts };
                lints(letter, row, &letter.written(row, &merge_context, redeem), redeem, setting)
                    .into_iter()
                    .map(|lint| lint.words)
                    .collect::<Vec<_>>()
            })
        })
    });
    let whose = move || app.draft.guests.with(|guests| who(guests.list().row(guest())));
    view! {
        <section class="preview card" role="region" aria-label="Preview" on:keydown=move |event| stepping::keys(app, &event)>
            <stepping::Stepping/>
            <p class="hint">"For "<bdi>{whose}</bdi></p>
            {move || match channel.get() {
                Channel::Microsoft => view! {
                    {move || by_microsoft.get().map_or_else(skeleton, |mail| view! { <mail::Microsoft mail/> }.into_any())}
                    <mail::Remarks remarks/>
                    <details class="details"><summary>"Beside it: a letter of your own"</summary>
                        <p class="hint">"Choose another way under Send by, and the guest gets this instead."</p>
                        {move || own.get().map_or_else(skeleton, |mail| view! { <mail::Own mail/> }.into_any())}</details>
                }.into_any(),
                _ => view! {
                    {move || own.get().map_or_else(skeleton, |mail| view! { <mail::Own mail/> }.into_any())}
                    <mail::Remarks remarks/>
                    <details class="details"><summary>"Beside it: Microsoft’s mail"</summary>
                        <p class="hint">"Not sent. Choose it under Send by, and the guest gets this instead."</p>
                        {move || by_microsoft.get().map_or_else(skeleton, |mail| view! { <mail::Microsoft mail/> }.into_any())}</details>
                }.into_any(),
            }}
            <trying::Trying/>
        </section>
    }
}

fn skeleton() -> AnyView {
    view! { <div class="skeleton mail"></div> }.into_any()
}

fn who(row: Row<'_>) -> String {
    let said = ["displayName", "email"].into_iter().map(|name| row.cell(name)).find(|text| !text.trim().is_empty());
    let nobody = if row.list().is_empty() { "nobody yet" } else { "a row without an address" };
    format!("{}.", said.unwrap_or(nobody))
}
