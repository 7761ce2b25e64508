//! A list from a file: opened or dropped, read by the worker, its columns matched, its rows added to the guests.

use crate::app::desk::Desk;
use crate::app::effects::reader::{self, Reading, Told};
use crate::app::effects::{document, domain, focus};
use crate::app::parts::field::Field;
use crate::app::parts::notice::{Notice, Tone};
use guestlist::rows::Column;
use guestlist::sheet::columns::{self, Certainty, Choice, Layout};
use guestlist::sheet::{Delimiter, Encoding, Found, MOST_BYTES, MOST_ROWS, Table, Wanted};
use guestlist::words::{count, grouped};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlInputElement};

#[derive(Clone)]
enum Stage {
    Idle,
    Reading {
        name: String,
    },
    Failed {
        name: String,
        words: String,
    },
    Open(Arc<Opened>),
    /// Everything was certain, so the rows are on the list already.
    Added {
        opened: Arc<Opened>,
        words: String,
    },
}

struct Opened {
    name: String,
    found: Found,
    table: Table,
}

/// What the parts of this page share while a file is open.
#[derive(Clone, Copy)]
struct Import {
    desk: Desk,
    stage: RwSignal<Stage>,
    /// How much of how much has been read.
    progress: RwSignal<(f64, f64)>,
    layout: RwSignal<Option<Layout>>,
    wanted: StoredValue<Wanted>,
    file: StoredValue<Option<File>, LocalStorage>,
    reading: StoredValue<Option<Reading>, LocalStorage>,
}

impl Import {
    fn open(self, file: File) {
        self.wanted.set_value(Wanted::default());
        self.file.set_value(Some(file));
        self.read();
    }

    /// Reads the file, again if somebody wants it read otherwise.
    fn read(self) {
        let Some(file) = self.file.get_value() else { return };
        let name = file.name();
        self.progress.set((0.0, 1.0));
        self.stage.set(Stage::Reading { name: name.clone() });
        let told = move |told: Told| match told {
            Told::Progress { done, of } => self.progress.set((done, of.max(1.0))),
            Told::Failed(words) => self.end(Stage::Failed { name: name.clone(), words }),
            Told::Read(read) => {
                let (found, table) = *read;
                let layout = columns::layout(&table, columns::header_of(&table));
                // Who chose how it is read wants to see what came of it.
                let is_certain = layout.is_certain() && self.wanted.with_value(|wanted| *wanted == Wanted::default());
                self.layout.set(Some(layout));
                let opened = Arc::new(Opened { name: name.clone(), found, table });
                if is_certain {
                    let words = self.add(&opened);
                    self.end(Stage::Added { opened, words });
                    focus::later("file-added");
                } else {
                    self.end(Stage::Open(opened));
                    focus::later("file-title");
                }
            }
        };
        match reader::read(&file, &self.wanted.get_value(), told) {
            Ok(reading) => self.reading.set_value(Some(reading)),
            Err(words) => self.stage.set(Stage::Failed { name: file.name(), words }),
        }
    }

    /// Puts the rows on the list; what came of it, in words.
    fn add(self, opened: &Opened) -> String {
        let Some(layout) = self.layout.get_untracked() else { return String::new() };
        self.desk.draft_waits.set(false);
        let name = count(layout.rows(&opened.table), "guest from a file", "guests from a file");
        let added = self.desk.edit(|guests| guests.grow(name, |list| _ = layout.add(&opened.table, list, domain::ascii)));
        let words = format!("{} added.", count(added, "guest", "guests"));
        self.desk.say(words.clone());
        words
    }

    /// Takes the rows off the list again and shows how they were read.
    fn reopen(self, opened: Arc<Opened>) {
        let mine = |name: &str| name.ends_with("from a file");
        if self.desk.guests.with_untracked(|guests| guests.undoes().is_some_and(mine)) {
            _ = self.desk.edit(guestlist::rows::Guests::undo);
        }
        self.stage.set(Stage::Open(opened));
        focus::later("file-title");
    }

    /// The worker is no longer needed. It ends after its own message has been heard.
    fn end(self, stage: Stage) {
        self.stage.set(stage);
        crate::app::effects::spawn(async move { self.reading.set_value(None) });
    }

    fn close(self) {
        self.reading.set_value(None);
        self.file.set_value(None);
        self.layout.set(None);
        self.stage.set(Stage::Idle);
        focus::later("open-file");
    }

    fn read_otherwise(self, change: impl FnOnce(&mut Wanted)) {
        self.wanted.update_value(change);
        self.read();
    }
}

#[component]
pub fn FromFile() -> impl IntoView {
    let import = Import {
        desk: Desk::here(),
        stage: RwSignal::new(Stage::Idle),
        progress: RwSignal::new((0.0, 1.0)),
        layout: RwSignal::new(None),
        wanted: StoredValue::new(Wanted::default()),
        file: StoredValue::new_local(None),
        reading: StoredValue::new_local(None),
    };
    let over = window_event_listener(leptos::ev::dragover, |event: DragEvent| event.prevent_default());
    let dropped = window_event_listener(leptos::ev::drop, move |event: DragEvent| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            import.open(file);
        }
    });
    on_cleanup(move || {
        over.remove();
        dropped.remove();
    });
    let chosen = move |event: leptos::ev::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            import.open(file);
        }
        // So that the same file can be chosen once more.
        input.set_value("");
    };
    view! {
        <input id="file" type="file" hidden accept=".csv,.tsv,.txt,.xlsx,.xlsb,.xls,.ods,text/csv" on:change=chosen/>
        {move || match import.stage.get() {
            Stage::Idle => view! { <Offer/> }.into_any(),
            Stage::Reading { name } => view! {
                <p class="looking" role="status"><progress max=move || import.progress.get().1.to_string() value=move || import.progress.get().0.to_string() aria-label="Reading"></progress>
                    {format!("Reading {name} …")}<button class="button" type="button" on:click=move |_| import.close()>"Cancel"</button></p>
            }.into_any(),
            Stage::Failed { name, words } => view! {
                <Notice tone=Tone::Danger><strong>{format!("{name} could not be read.")}</strong><p>{words}</p></Notice><Offer/>
            }.into_any(),
            Stage::Open(opened) => view! { <Open import opened/> }.into_any(),
            Stage::Added { opened, words } => {
                let name = opened.name.clone();
                let columns = count(opened.table.width(), "column", "columns");
                let (table, edits) = (StoredValue::new(opened), import.desk.guests.with_untracked(guestlist::rows::Guests::edits));
                // Once something else was changed, taking the rows back would take that back too.
                let is_last = move || import.desk.guests.with(|guests| guests.edits() == edits);
                view! {
                    <p id="file-added" class="row" tabindex="-1"><bdi>{name}</bdi>{format!(": {words} {columns}, all known.")}
                        <Show when=is_last><button class="button subtle" type="button" on:click=move |_| import.reopen(table.get_value())>"How it was read …"</button></Show></p>
                    <Offer/>
                }.into_any()
            }
        }}
    }
}

#[component]
fn Offer() -> impl IntoView {
    let open = |_| {
        if let Some(input) = document().get_element_by_id("file").and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            input.click();
        }
    };
    let limits = format!(
        "CSV or Excel, up to {} rows and {} MB; or drop it anywhere. It is read in this browser and not uploaded.",
        grouped(MOST_ROWS),
        MOST_BYTES / 1_000_000
    );
    view! { <div class="row"><button id="open-file" class="button" type="button" on:click=open>"Open a file …"</button><span class="hint">{limits}</span></div> }
}

#[component]
fn Open(import: Import, opened: Arc<Opened>) -> impl IntoView {
    let layout = move |read: &mut dyn FnMut(&Layout)| import.layout.with(|layout| layout.iter().for_each(read));
    let opened = StoredValue::new(opened);
    let rows = Memo::new(move |_| {
        let mut rows = 0;
        layout(&mut |layout| rows = opened.with_value(|opened| layout.rows(&opened.table)));
        rows
    });
    let problem = Memo::new(move |_| {
        let mut problem = None;
        layout(&mut |layout| problem = layout.problem());
        problem
    });
    let is_certain = import.layout.with_untracked(|layout| layout.as_ref().is_some_and(Layout::is_certain));
    let summary = move || {
        let columns = import.layout.with(|layout| layout.as_ref().map_or(0, |layout| layout.columns.len()));
        format!("{}, {}.", count(rows.get(), "row", "rows"), count(columns, "column", "columns"))
    };
    let add = move |_| {
        if problem.with_untracked(Option::is_some) {
            return focus::now("columns");
        }
        opened.with_value(|opened| import.add(opened));
        import.close();
    };
    view! {
        <section class="card file" aria-labelledby="file-title">
            <h2 id="file-title" tabindex="-1"><bdi>{opened.with_value(|opened| opened.name.clone())}</bdi></h2>
            <p>{summary}</p>
            <details class="details" open=!is_certain>
                <summary>"How it was read"</summary>
                <HowRead import opened/>
                <Columns import/>
            </details>
            <p class="error" role="alert">{move || problem.get()}</p>
            <div class="row">
                <button class="button primary" type="button" aria-disabled=move || problem.with(Option::is_some).to_string() on:click=add>{move || format!("Add {}", count(rows.get(), "guest", "guests"))}</button>
                <button class="button" type="button" on:click=move |_| import.close()>"Cancel"</button>
            </div>
        </section>
    }
}

/// Encoding and delimiter of a text, sheet of a workbook, and the row with the headings: as found, and changeable.
#[component]
fn HowRead(import: Import, opened: StoredValue<Arc<Opened>>) -> impl IntoView {
    let opened = opened.get_value();
    let ways = match &opened.found {
        Found::Text { encoding, delimiter } => {
            let encodings = Encoding::ALL.map(|encoding| (encoding.label().to_owned(), encoding.name().to_owned())).to_vec();
            let delimiters = Delimiter::ALL.map(|delimiter| (delimiter.name().to_owned(), delimiter.name().to_owned())).to_vec();
            let recode = Callback::new(move |label: String| import.read_otherwise(|wanted| wanted.encoding = Encoding::of_label(&label)));
            let recut = Callback::new(move |name: String| import.read_otherwise(|wanted| wanted.delimiter = Delimiter::of_name(&name)));
            view! {
                <Choose id="encoding" label="Encoding" options=encodings chosen=encoding.label().to_owned() choose=recode/>
                <Choose id="delimiter" label="Cells are separated by" options=delimiters chosen=delimiter.name().to_owned() choose=recut/>
            }
            .into_any()
        }
        Found::Workbook { sheets, sheet } => {
            let names = sheets.iter().enumerate().map(|(place, sheet)| {
                let hidden = if sheet.is_hidden { ", hidden" } else { "" };
                (place.to_string(), format!("{} ({}{hidden})", sheet.name, count(sheet.rows, "row", "rows")))
            });
            let turn = Callback::new(move |place: String| import.read_otherwise(|wanted| wanted.sheet = place.parse().ok()));
            view! { <Choose id="sheet" label="Sheet" options=names.collect() chosen=sheet.to_string() choose=turn/> }.into_any()
        }
    };
    let mut heads = vec![(String::new(), "There are none".to_owned())];
    heads.extend((0..opened.table.len().min(10)).map(|row| {
        let cells: Vec<&str> = opened.table.row(row).filter(|cell| !cell.trim().is_empty()).take(4).collect();
        (row.to_string(), format!("Row {}: {}", row + 1, cells.join(" · ")))
    }));
    let header = import.layout.with_untracked(|layout| layout.as_ref().and_then(|layout| layout.header));
    let relay = {
        let opened = Arc::clone(&opened);
        Callback::new(move |row: String| import.layout.set(Some(columns::layout(&opened.table, row.parse().ok()))))
    };
    view! {
        <div class="ways">
            {ways}
            <Choose id="header" label="Headings" options=heads chosen=header.map_or_else(String::new, |row| row.to_string()) choose=relay/>
        </div>
    }
}

/// A labelled list of choices: values and the words for them.
#[component]
fn Choose(
    id: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: String,
    choose: Callback<String>,
) -> impl IntoView {
    let options = options.into_iter().map(move |(value, words)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{words}</option> }
    });
    view! {
        <Field id label hint="" error="">
            <select id=id class="input" on:change=move |event| choose.run(event_target_value(&event))>{options.collect_view()}</select>
        </Field>
    }
}

/// Each column of the file, three of its cells, and what it becomes.
#[component]
fn Columns(import: Import) -> impl IntoView {
    const OWN: &str = "*";
    let lines = move || {
        let columns = import.layout.with(|layout| layout.as_ref().map(|layout| layout.columns.clone()).unwrap_or_default());
        let lines = columns.into_iter().enumerate().map(|(place, matched)| {
            let heading = if matched.heading.is_empty() { format!("Column {}", place + 1) } else { matched.heading.clone() };
            let own = Column::own(&heading).name;
            let chosen = match (&matched.column, matched.field()) {
                (None, _) => "",
                (Some(_), Some(field)) => field,
                (Some(_), None) => OWN,
            };
            let fields = Column::FIELDS.map(|field| {
                view! { <option value=field selected=field == chosen>{Column::of_heading(field).heading}</option> }
            });
            let note = if matched.certainty == Certainty::Guessed { "Please check" } else { "" };
            let choose = move |event| {
                let value = event_target_value(&event);
                let field = Column::FIELDS.into_iter().find(|field| *field == value);
                let choice = field.map_or(if value == OWN { Choice::Own } else { Choice::LeftOut }, Choice::Field);
                import.layout.update(|layout| layout.iter_mut().for_each(|layout| layout.choose(place, choice)));
                focus::later(format!("becomes-{place}"));
            };
            view! {
                <tr role="row"><th role="rowheader"><bdi>{heading.clone()}</bdi></th><td role="cell"><bdi>{matched.samples.join(" · ")}</bdi></td>
                    <td role="cell"><select id=format!("becomes-{place}") class="input" aria-label=format!("{heading} becomes") on:change=choose>
                        {fields}<option value=OWN selected=chosen == OWN>{format!("{{{{{own}}}}} in the message")}</option><option value="" selected=chosen.is_empty()>"Left out"</option>
                    </select><span class="caution">{note}</span></td></tr>
            }
        });
        lines.collect_view()
    };
    view! {
        <div class="scroll" id="columns" tabindex="0" role="group" aria-label="Columns, scrollable"><table class="plain stacked" role="table"><caption class="unseen">"Columns"</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader">"In the file"</th><th role="columnheader">"Examples"</th><th role="columnheader">"Becomes"</th></tr></thead>
            <tbody role="rowgroup">{lines}</tbody></table></div>
    }
}
