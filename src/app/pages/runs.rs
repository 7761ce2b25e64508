//! *Runs*: every run of this browser in this tenant, the unfinished ones first.

use crate::app::desk::Desk;
use crate::app::effects::clock;
use crate::app::routes::{Route, Show as Rows};
use crate::app::runner;
use guestlist::run::journal::Stored;
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Runs() -> impl IntoView {
    let desk = Desk::here();
    let own = move || {
        let tenant = desk.account.with(|account| account.as_ref().map(|account| account.tenant_id.clone()).unwrap_or_default());
        let of = |unfinished: bool| {
            desk.runs.with(|runs| {
                runs.iter()
                    .rev()
                    .filter(|run| run.header.tenant_id == tenant && run.is_unfinished() == unfinished)
                    .cloned()
                    .collect::<Vec<Arc<Stored>>>()
            })
        };
        [of(true), of(false)].concat()
    };
    crate::app::effects::spawn(desk.read_runs());
    view! {
        <h1 id="view" tabindex="-1">"Runs"</h1>
        {move || {
            let own = own();
            if own.is_empty() {
                return view! { <p class="hint">"Nothing has been sent from this browser yet. "<a class="link" href=Route::default().hash()>"Invite the first guest"</a></p> }.into_any();
            }
            view! {
                <div class="scroll" tabindex="0" role="group" aria-label="Runs"><table class="plain"><caption class="unseen">"Runs of this browser"</caption>
                    <thead><tr><th scope="col">"Begun"</th><th scope="col">"By"</th><th scope="col" class="number">"Rows"</th><th scope="col">"State"</th></tr></thead>
                    <tbody>{own.into_iter().map(|run| view! { <Line run/> }).collect_view()}</tbody></table></div>
            }.into_any()
        }}
    }
}

#[component]
fn Line(run: Arc<Stored>) -> impl IntoView {
    let desk = Desk::here();
    let (begun, id) = (run.header.begun, run.header.id.clone());
    let moving = desk.running.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.run == id && shown.is_moving));
    let shown = runner::at_rest(&run);
    let state = match (moving, run.is_unfinished()) {
        (true, _) => "Sending now".to_owned(),
        (_, true) => format!("Interrupted: {} open", shown.tally.open),
        _ => shown.tally.sentence(),
    };
    view! {
        <tr><th scope="row"><a class="link" href=Route::Run { id, show: Rows::All, row: None }.hash()><time datetime=begun.iso()>{clock::shown(begun)}</time></a></th>
            <td><bdi>{run.header.by.clone()}</bdi></td><td class="number">{run.header.plan.rows.len()}</td><td>{state}</td></tr>
    }
}
