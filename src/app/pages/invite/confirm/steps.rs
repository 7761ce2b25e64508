//! What is done for each row, by whom, and why; changeable for one row and for all.

use crate::app::state::state_signal::StateSignal;
use guestlist::jobs::invite::plan::{Choices, Plan, PlanStep, Planned, RowAction};
use guestlist::letter::Channel;
use guestlist::words::{count, grouped};
use leptos::prelude::*;

/// A change of what is chosen, and the control that has the focus after it.
pub(super) type Choosing = (Callback<Choices, Choices>, String);

/// A list of actions; the change that choosing one makes is told with the control's id.
fn actions(
    id: String,
    label: String,
    can: &[RowAction],
    chosen: RowAction,
    choose: Callback<Choosing>,
    change: fn(&mut Choices, u32, RowAction),
    row: u32,
) -> impl IntoView + use<> {
    let options = can.iter().map(|action| {
        let words = action.words();
        view! { <option value=words selected=*action == chosen>{words}</option> }
    });
    let own = id.clone();
    let changed = move |event| {
        let value = event_target_value(&event);
        let Some(action) = RowAction::ALL.into_iter().find(|action| action.words() == value) else { return };
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
pub(super) fn ForAll(new: usize, known: usize, choices: StateSignal<Choices>, choose: Callback<Choosing>) -> impl IntoView {
    let (for_new, for_known) =
        choices.with_untracked(|choices| (choices.new.unwrap_or_default(), choices.known.unwrap_or(RowAction::Skip)));
    let line = |words: String, control: AnyView| view! { <p class="row tools"><span>{words}</span>{control}</p> };
    view! {
        {(new > 0).then(|| line(format!("{}:", count(new, "new guest", "new guests")), actions("for-new".into(), "For all new guests".into(), &[RowAction::Invite, RowAction::OnlyAdd], for_new, choose, |choices, _, action| choices.new = Some(action), 0).into_any()))}
        {(known > 0).then(|| line(format!("{} already:", count(known, "guest is invited", "guests are invited")), actions("for-known".into(), "For all who are invited already".into(), &[RowAction::Skip, RowAction::Resend], for_known, choose, |choices, _, action| choices.known = Some(action), 0).into_any()))}
    }
}

/// How many of each domain's rows are sent and skipped, when there is more than one domain.
#[component]
pub(super) fn Domains(domains: Vec<(String, usize, usize)>) -> impl IntoView {
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

/// The rows to be listed: what is worth knowing comes first.
pub(super) fn listed(plan: &Plan) -> Vec<Planned> {
    let is_told = |row: &&Planned| row.note.is_some() || matches!(row.step, PlanStep::Skip(_));
    let (told, rest): (Vec<&Planned>, Vec<&Planned>) = plan.rows.iter().partition(is_told);
    told.into_iter().chain(rest).take(MOST).cloned().collect()
}

/// Who brings this guest's letter.
fn channels(row: &Planned, choose: Callback<Choosing>) -> AnyView {
    if !matches!(row.step, PlanStep::Invite(_)) || row.action == RowAction::OnlyAdd {
        return "–".into_any();
    }
    let (id, number) = (format!("by-{}", row.row), row.row);
    let options =
        Channel::ALL.map(|channel| view! { <option value=channel.name() selected=channel == row.channel>{channel.words()}</option> });
    let own = id.clone();
    let changed = move |event| {
        let Some(channel) = Channel::from_name(&event_target_value(&event)) else { return };
        let apply = Callback::new(move |mut choices: Choices| {
            choices.channels.insert(number, channel);
            choices
        });
        choose.run((apply, own.clone()));
    };
    view! { <select id=id class="input" aria-label=format!("Channel for {}", row.email) on:change=changed>{options.collect_view()}</select> }.into_any()
}

/// What is done for each row, and why; changeable where something else could be done.
#[component]
pub(super) fn Steps(listed: Vec<Planned>, rows: usize, choose: Callback<Choosing>) -> impl IntoView {
    let more = rows - listed.len();
    let lines = listed.into_iter().map(|row| {
        let why = match &row.step {
            PlanStep::Skip(skip) => skip.words(),
            PlanStep::Invite(_) => row.note.clone().unwrap_or_default(),
        };
        let can = row.choices();
        let what = if can.len() > 1 {
            let change = |choices: &mut Choices, row: u32, action: RowAction| _ = choices.rows.insert(row, action);
            actions(format!("step-{}", row.row), format!("Step for {}", row.email), can, row.action, choose, change, row.row).into_any()
        } else {
            row.action.words().into_any()
        };
        let by = channels(&row, choose);
        view! { <tr role="row"><th role="rowheader"><bdi>{row.email}</bdi></th><td role="cell">{what}</td><td role="cell">{by}</td><td role="cell">{why}</td></tr> }
    });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Rows and their steps, scrollable"><table class="plain stacked" role="table"><caption class="unseen">"Rows and their steps"</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader">"Address"</th><th role="columnheader">"Step"</th><th role="columnheader">"Send by"</th><th role="columnheader">"Why"</th></tr></thead>
            <tbody role="rowgroup">{lines.collect_view()}</tbody></table></div>
        {(more > 0).then(|| view! { <p class="hint">{format!("And {more} more, as they are above.")}</p> })}
    }
}
