//! What can be had of a run as files: reports, and redeem links.

use super::letters::{LetterExport, XLSX};
use super::subject::Subject;
use crate::app::effects::{download, reader};
use crate::app::parts::copy::Copy;
use crate::app::state::open_runs;
use guestlist::jobs::invite::outcome::{report, to_csv};
use leptos::prelude::*;

/// Reports hold the rows that are shown.
#[component]
pub(super) fn Reports(subject: Subject, writing: LetterExport) -> impl IntoView {
    let Subject { stored, .. } = subject;
    let offer = move |links: bool, as_workbook: bool| {
        let Some(stored) = stored.get_untracked() else { return };
        let filter = subject.filter();
        let table = open_runs::with_run(&stored, |run| {
            let withdrawn = |row: u32| subject.withdrawn(row).is_some();
            report(&stored.header.list, |row| run.ended(row), |outcome| filter.fits(outcome), withdrawn, links)
        });
        let name = format!("guestlist-{}{}", stored.header.begun.iso().replace(':', "-"), filter.suffix().replace(' ', "-"));
        if !as_workbook {
            return download::offer(&format!("{name}.csv"), "text/csv", &to_csv(&table).into());
        }
        writing.offer(format!("{name}.xlsx"), XLSX, |told| reader::write(table, told));
    };
    // Put together when it is asked for, and not before: redeem links are secrets.
    let links = Signal::derive(move || {
        let Some(stored) = stored.get() else { return String::new() };
        let mut lines = String::new();
        open_runs::with_run(&stored, |run| {
            for planned in stored.header.plan.rows.iter().filter(|planned| subject.withdrawn(planned.row).is_none()) {
                if let Some(link) = run.ended(planned.row).and_then(|ended| ended.outcome.redeem()) {
                    lines.push_str(&format!("{}\t{}\n", planned.email, link.reveal()));
                }
            }
        });
        lines
    });
    let button = move |words: &'static str, links: bool, as_workbook: bool| {
        view! { <button class="button" type="button" on:click=move |_| offer(links, as_workbook)>{move || format!("{words}{}", subject.filter().suffix())}</button> }
    };
    view! {
        {button("Download report", false, false)}
        {button("Download report for Excel", false, true)}
        {button("Download report with redeem links", true, false)}
        <Copy label="Copy redeem links" text=links/>
    }
}
