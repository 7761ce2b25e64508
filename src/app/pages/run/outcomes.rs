//! How each row of a run of invitations ended.

use super::details::Details;
use super::outcome_table::{OutcomeLine, OutcomeTable, RunRows};
use super::seen_row::SeenRow;
use super::subject::Subject;
use crate::app::effects::clock;
use crate::app::parts::icon::Icon;
use crate::app::routes::Show as Rows;
use crate::app::state::open_runs;
use guestlist::bulk::{Ending, Job};
use guestlist::jobs::invite::outcome::{Ended, Outcome};
use guestlist::jobs::invite::plan::Planned;
use guestlist::jobs::invite::{Invite, export};
use leptos::prelude::*;
use std::sync::Arc;
use time::Moment;

#[component]
pub(super) fn Outcomes(subject: Subject) -> impl IntoView {
    let Subject { stored, shown, .. } = subject;
    let places = move |filter: Rows| -> Arc<[usize]> {
        shown.track();
        subject.taking_back.track();
        stored.get().map(|stored| open_runs::with_rows(&stored, filter, |_, shown| shown.places())).unwrap_or_default()
    };
    let line = move |place: usize| {
        let stored = stored.get()?;
        let may_again = subject.is_over() && !subject.is_barred();
        open_runs::with_run(&stored, |run| {
            // The run has a row for each of the plan's, in its order.
            let (planned, task) = (stored.header.plan.rows.get(place)?, run.tasks().get(place)?);
            let line = line_of(planned, Invite::word(task), task.outcome(), subject.withdrawn(planned.row));
            // What failed can be tried again once nothing moves, and whom the run made can be taken back.
            let has_failed = task.outcome().is_some_and(|ended| ended.outcome.is_failure());
            let can_be_taken_back = subject.taking_back.with(|taken| taken.can_be(planned.row));
            Some(OutcomeLine { can_be_chosen: can_be_taken_back || has_failed && may_again, ..line })
        })
    };
    let details = move |row: u32| {
        shown.track();
        let stored = stored.get()?;
        let row = open_runs::with_run(&stored, |run| {
            let planned = &stored.header.plan.rows[run.place_of(row)?];
            let letter = if planned.brings().is_microsoft() { None } else { export::letter(&stored, run, row) };
            Some(SeenRow { letter, ..SeenRow::from_planned(planned, run.ended(row)?) })
        })?;
        Some(view! { <Details row/> }.into_any())
    };
    let has_ended = move |row: u32| {
        shown.track();
        stored.with(|stored| stored.as_ref().is_some_and(|stored| open_runs::with_run(stored, |run| run.ended(row).is_some())))
    };
    let filters = vec![
        (Rows::All, "All rows", "There are no rows."),
        (Rows::Invited, "Invited rows", "Nobody has been invited."),
        (Rows::Failed, "Failed rows", "No row has failed."),
    ];
    let place = move |row: u32| stored.with(|stored| open_runs::with_run(stored.as_ref()?, |run| run.place_of(row)));
    let (places, place, line) = (Arc::new(places), Arc::new(place), Arc::new(line));
    let (has_ended, details) = (Arc::new(has_ended), Arc::new(details));
    let rows = RunRows { beside: "Name", filters, places, place, line, has_ended, details, chosen: subject.chosen };
    view! { <OutcomeTable rows/> }
}

fn line_of(planned: &Planned, word: &'static str, ended: Option<&Ended>, withdrawn: Option<Moment>) -> OutcomeLine {
    let outcome = ended.map(|ended| &ended.outcome);
    let (icon, class) = match outcome {
        _ if withdrawn.is_some() => (Icon::Skipped, ""),
        None => (Icon::Waiting, ""),
        Some(Outcome::Invited { .. }) => (Icon::Good, "good"),
        Some(Outcome::Skipped(_)) => (Icon::Skipped, ""),
        Some(Outcome::Refused(_) | Outcome::NotFound { .. }) => (Icon::Bad, "danger"),
        Some(Outcome::Unsure | Outcome::NotSent(_) | Outcome::NoLetter { .. }) => (Icon::Warning, "caution"),
    };
    let why = match (withdrawn, outcome) {
        (Some(at), _) => Some(format!("{word}, and withdrawn on {}.", clock::shown(at))),
        (None, Some(Outcome::Skipped(skip))) => Some(skip.words()),
        (None, outcome) => outcome.and_then(Outcome::words).map(|words| words.what),
    };
    OutcomeLine {
        row: planned.row,
        email: planned.email.clone(),
        beside: planned.name.clone(),
        word: if withdrawn.is_some() { "Withdrawn" } else { word },
        icon,
        class,
        why,
        at: ended.map(|ended| ended.at),
        can_be_chosen: false,
    }
}
