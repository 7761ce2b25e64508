//! Letters and links of everybody who was invited, for other ways than ours: mail files, a mail merge, a sheet to print. Links
//! are secrets, so nothing is made before it is asked for.

use super::subject::Subject;
use crate::app::effects::download;
use crate::app::effects::reader::{self, WorkerNews, WorkerTask};
use crate::app::parts::notice::{Notice, Tone};
use crate::app::state::open_runs;
use guestlist::jobs::invite::export;
use guestlist::jobs::invite::outcome::to_csv;
use guestlist::letter::Channel;
use guestlist::letter::channel::MAIL_FILES;
use guestlist::words::count;
use leptos::prelude::*;

const ZIP: &str = "application/zip";
const HTML: &str = "text/html";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The worker at work for this page, and why it did not come to its end.
#[derive(Clone, Copy)]
pub(super) struct LetterExport {
    worker: StoredValue<Option<WorkerTask>, LocalStorage>,
    pub(super) refused: RwSignal<String>,
}

impl LetterExport {
    pub(super) fn new() -> Self {
        Self { worker: StoredValue::new_local(None), refused: RwSignal::default() }
    }

    /// Has the worker write a file and offers it.
    pub(super) fn offer(self, name: String, kind: &'static str, begin: impl FnOnce(Box<dyn Fn(WorkerNews)>) -> Result<WorkerTask, String>) {
        let told = move |told: WorkerNews| match told {
            WorkerNews::Written(bytes) => {
                download::offer(&name, kind, &bytes);
                // The worker ends after its own message has been heard.
                crate::app::effects::spawn(async move { self.worker.set_value(None) });
            }
            WorkerNews::Failed(words) => self.refused.set(words),
            WorkerNews::Progress { .. } | WorkerNews::Begun(_) | WorkerNews::Read(_) | WorkerNews::Listed(_) => {}
        };
        self.refused.set(String::new());
        match begin(Box::new(told)) {
            Ok(worker) => self.worker.set_value(Some(worker)),
            Err(words) => self.refused.set(words),
        }
    }
}

#[component]
pub(super) fn Letters(subject: Subject) -> impl IntoView {
    let Subject { stored, .. } = subject;
    let writing = LetterExport::new();
    // The links of guests who were taken back lead nowhere.
    let is_wanted = move |row: u32| subject.withdrawn(row).is_none();
    let linked = Memo::new(move |_| {
        let Some(stored) = stored.get().filter(|_| subject.is_over()) else { return 0 };
        open_runs::with_run(&stored, |run| {
            stored
                .header
                .plan
                .rows
                .iter()
                .filter(|row| is_wanted(row.row) && run.ended(row.row).is_some_and(|ended| ended.outcome.redeem().is_some()))
                .count()
        })
    });
    let by_files = Memo::new(move |_| {
        stored.with(|stored| {
            stored.as_ref().is_some_and(|stored| {
                stored.header.plan.channels().keys().any(|channel| matches!(channel, Channel::Files | Channel::ByHand))
            })
        })
    });
    let letters = move || {
        stored.get_untracked().map_or_else(Vec::new, |stored| open_runs::with_run(&stored, |run| export::letters(&stored, run, &is_wanted)))
    };
    let name = move |what: &str| {
        let begun = stored.get_untracked().map_or_else(String::new, |stored| stored.header.begun.iso().replace(':', "-"));
        format!("guestlist-{begun}-{what}")
    };
    let mails = move |_| writing.offer(name("letters.zip"), ZIP, |told| reader::write_letters(&letters(), None, told));
    let sheet = move |_| {
        let tenant = stored.get_untracked().map_or_else(String::new, |stored| stored.header.tenant.clone());
        writing.offer(name("codes.html"), HTML, |told| reader::write_letters(&letters(), Some(&tenant), told));
    };
    let merge = move |as_workbook: bool| {
        let Some(stored) = stored.get_untracked() else { return };
        let table = open_runs::with_run(&stored, |run| export::merge_table(&stored, run, &is_wanted));
        if as_workbook {
            writing.offer(name("links.xlsx"), XLSX, |told| reader::write(table, told));
        } else {
            download::offer(&name("links.csv"), "text/csv", &to_csv(&table).into());
        }
    };
    view! {
        <Show when=move || { linked.get() > 0 }>
            <details class="details" open=by_files.get_untracked()>
                <summary>{move || format!("Letters and links of {}", count(linked.get(), "guest", "guests"))}</summary>
                <p class="hint">"Links are personal: whoever has one can try to accept in the guest’s place. Each file holds them, so delete it once it has done its work."</p>
                <div class="row commands" role="group" aria-label="Letters and links">
                    <button class="button" type="button" on:click=mails>"Download mail files"</button>
                    <button class="button" type="button" on:click=move |_| merge(false)>"Download links for a mail merge"</button>
                    <button class="button" type="button" on:click=move |_| merge(true)>"Download links for Excel"</button>
                    <button class="button" type="button" on:click=sheet>"Download sheet with QR codes"</button>
                </div>
                <p class="hint">"Mail files come in a ZIP. "{MAIL_FILES}" The sheet is a page to print from any browser."</p>
                <Show when=move || !writing.refused.with(String::is_empty)><Notice tone=Tone::Danger><p>{move || writing.refused.get()}</p></Notice></Show>
            </details>
        </Show>
    }
}
