//! A table before its rows are added: how it was read, what each column becomes, and fields that are made of others.

use super::encodings::Looks;
use super::importing::Import;
use crate::app::effects::focus;
use crate::app::parts::field::Field;
use crate::app::parts::notice::{Notice, Tone};
use guestlist::rows::Column;
use guestlist::sheet::columns::{self, Certainty, Choice, FieldSource, Layout, SAMPLE, SectionKind};
use guestlist::sheet::{Delimiter, DetectedFormat, Encoding, Noticed, Quote};
use guestlist::words::{count, shortened};
use leptos::prelude::*;

/// Of the beginning of a file only its encoding is asked for: the rest may say otherwise what rows and columns are.
#[component]
pub(super) fn Open(import: Import) -> impl IntoView {
    let name = import.opened.with_untracked(|opened| opened.as_ref().map(|opened| opened.name.clone()));
    let rows_so_far = move || import.opened.with(|opened| opened.as_ref().map_or(0, |opened| opened.table.len()));
    let summary = move || match import.rows.get().zip(import.with(|_, layout| layout.columns.len())) {
        Some((rows, columns)) => format!("{}, {}.", count(rows, "row", "rows"), count(columns, "column", "columns")),
        None => format!("{} so far.", count(rows_so_far(), "row", "rows")),
    };
    let told = move || {
        let noticed = import.opened.with(|opened| {
            let found = opened.as_ref().and_then(|opened| opened.found.as_ref());
            found.map_or_else(Vec::new, |found| found.noticed().iter().map(|noticed| noticed.words()).collect())
        });
        let told = [noticed, import.with(|_, layout| layout.told()).unwrap_or_default()].concat();
        (!told.is_empty())
            .then(|| view! { <Notice tone=Tone::Info>{told.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}</Notice> })
    };
    view! {
        <section class="card file" aria-labelledby="file-title">
            <h2 id="file-title" tabindex="-1"><bdi>{name}</bdi></h2>
            <p>{summary}</p>
            {told}
            <details class="details" open>
                <summary>"How it was read"</summary>
                <HowRead import/>
                <Show when=move || import.is_whole.get()><Columns import/><Derived import/></Show>
            </details>
            <Show when=move || import.is_whole.get() fallback=move || view! { <Rest import/> }><Ready import/></Show>
        </section>
    }
}

/// How far the rest of the file is.
#[component]
fn Rest(import: Import) -> impl IntoView {
    view! {
        <p class="looking" role="status"><progress max=move || import.progress.get().1.to_string() value=move || import.progress.get().0.to_string() aria-label="Reading"></progress>
            "Reading the rest …"<button class="button" type="button" on:click=move |_| import.close()>"Cancel"</button></p>
    }
}

/// What keeps the rows from being added, and the button that adds them.
#[component]
fn Ready(import: Import) -> impl IntoView {
    let words = move || format!("Add {}", count(import.rows.get().unwrap_or(0), "guest", "guests"));
    view! {
        <p class="error" role="alert">{move || import.problem.get()}</p>
        <div class="row">
            <button class="button primary" type="button" aria-disabled=move || import.problem.with(Option::is_some).to_string() on:click=move |_| import.add_opened()>{words}</button>
            <button class="button" type="button" on:click=move |_| import.close()>"Cancel"</button>
        </div>
    }
}

/// Encoding, delimiter and quotes of a text, sheet of a workbook, and the row with the headings: as found, and changeable.
#[component]
fn HowRead(import: Import) -> impl IntoView {
    let opened = import.opened.get_untracked()?;
    let ways = match &opened.found {
        None => ().into_any(),
        Some(DetectedFormat::Text { encoding, delimiter, quote, looks, .. }) => {
            let looks = looks.clone();
            let (delimiter, quote) = (delimiter.name(), quote.name());
            let delimiters = Delimiter::ALL.map(|delimiter| (delimiter.name().to_owned(), delimiter.name().to_owned())).to_vec();
            let quotes = Quote::ALL.map(|quote| (quote.name().to_owned(), quote.name().to_owned())).to_vec();
            let requote = Callback::new(move |name: String| import.read_otherwise(|wanted| wanted.quote = Quote::from_name(&name)));
            let recut = Callback::new(move |name: String| import.read_otherwise(|wanted| wanted.delimiter = Delimiter::from_name(&name)));
            view! {
                <Encodings import chosen=*encoding/>
                <Show when=move || import.is_whole.get()>
                    <Choose label="Cells are separated by" options=delimiters.clone() chosen=delimiter.to_owned() choose=recut/>
                    <Choose label="Around cells stand" options=quotes.clone() chosen=quote.to_owned() choose=requote/>
                </Show>
                <Looks import looks/>
            }
            .into_any()
        }
        Some(DetectedFormat::Workbook { sheets, sheet, encoding, looks, .. }) => {
            let looks = looks.clone();
            let encodings = encoding.map(|chosen| view! { <Encodings import chosen/> });
            let names = sheets.iter().enumerate().map(|(place, sheet)| {
                let hidden = if sheet.is_hidden { ", hidden" } else { "" };
                (place.to_string(), format!("{} ({}{hidden})", sheet.name, count(sheet.rows, "row", "rows")))
            });
            let turn = Callback::new(move |place: String| import.read_otherwise(|wanted| wanted.sheet = place.parse().ok()));
            let hidden = opened.found.iter().flat_map(DetectedFormat::noticed).find_map(|noticed| match noticed {
                Noticed::Hidden { are_read, .. } => Some(*are_read),
                _ => None,
            });
            let unhide = Callback::new(move |choice: String| import.read_otherwise(|wanted| wanted.with_hidden = choice == READ));
            let hidden = hidden.map(|are_read| {
                view! { <Choose label="Hidden rows and columns" options=read_or_not() chosen=chosen(are_read) choose=unhide/> }
            });
            view! { {encodings}<Choose label="Sheet" options=names.collect() chosen=sheet.to_string() choose=turn/>{hidden}<Looks import looks/> }.into_any()
        }
    };
    Some(view! { <div class="ways">{ways}<Show when=move || import.is_whole.get()><Headings import/><Rows import/></Show></div> })
}

/// The row with the headings, as found, and changeable.
#[component]
fn Headings(import: Import) -> impl IntoView {
    let opened = import.opened.get_untracked()?;
    let header = import.layout.with_untracked(|layout| layout.as_ref().and_then(|layout| layout.header));
    let row_words = |row: usize| {
        let cells = opened.table.row(row).filter(|cell| !cell.trim().is_empty()).take(4).map(|cell| shortened(cell, SAMPLE));
        (row.to_string(), format!("Row {}: {}", row + 1, cells.collect::<Vec<_>>().join(" · ")))
    };
    let none = (String::new(), "There are none".to_owned());
    let options = std::iter::once(none).chain(columns::header_choices(&opened.table, header).into_iter().map(row_words)).collect();
    let choose = Callback::new(move |row: String| {
        let layout = import.opened.with_untracked(|opened| opened.as_ref().map(|opened| columns::layout(&opened.table, row.parse().ok())));
        import.layout.set(layout);
    });
    Some(view! { <Choose label="Headings" options chosen=header.map_or_else(String::new, |row| row.to_string()) choose/> })
}

#[component]
fn Encodings(import: Import, chosen: Encoding) -> impl IntoView {
    let options = Encoding::all().map(|encoding| (encoding.label().to_owned(), encoding.name().to_owned())).collect();
    let choose = Callback::new(move |label: String| import.read_otherwise(|wanted| wanted.encoding = Encoding::from_label(&label)));
    view! { <Choose label="Encoding" options chosen=chosen.label().to_owned() choose/> }
}

/// Rows that may be guests or not: left out or read, as somebody says.
#[component]
fn Rows(import: Import) -> impl IntoView {
    let choices = Memo::new(move |_| import.layout.with(|layout| layout.as_ref().map(Layout::choices).unwrap_or_default()));
    let choice = move |(kind, is_read): (SectionKind, bool)| {
        let (_, id, label) = SectionKind::CHOICES.into_iter().find(|(known, ..)| *known == kind)?;
        let choose = Callback::new(move |choice: String| {
            import.layout.update(|layout| layout.iter_mut().for_each(|layout| layout.choose_rows(kind, choice == READ)));
            focus::later(id);
        });
        Some(view! { <Choose id label options=read_or_not() chosen=chosen(is_read) choose/> })
    };
    move || choices.get().into_iter().filter_map(choice).collect_view()
}

const READ: &str = "read";

/// Whether rows are read, as choices.
fn read_or_not() -> Vec<(String, String)> {
    [("", "Left out"), (READ, "Read, too")].map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec()
}

fn chosen(is_read: bool) -> String {
    if is_read { READ } else { "" }.to_owned()
}

/// A labelled list of choices: values and the words for them.
#[component]
fn Choose(
    /// Where something else has to find it.
    #[prop(optional)]
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
        <Field id label hint="" error="" let:ids>
            <select id=ids.control class="input" aria-describedby=ids.described on:change=move |event| choose.run(event_target_value(&event))>{options.collect_view()}</select>
        </Field>
    }
}

/// Each column of the file, three of its cells, and what it becomes.
#[component]
fn Columns(import: Import) -> impl IntoView {
    const OWN: &str = "*";
    let columns = Memo::new(move |_| import.layout.with(|layout| layout.as_ref().map(|layout| layout.columns.clone()).unwrap_or_default()));
    let lines = move || {
        let lines = columns.get().into_iter().enumerate().map(|(place, matched)| {
            let heading = if matched.heading.is_empty() { format!("Column {}", place + 1) } else { matched.heading.clone() };
            let own = Column::own(&heading).name;
            let chosen = match (&matched.column, matched.field()) {
                (None, _) => "",
                (Some(_), Some(field)) => field,
                (Some(_), None) => OWN,
            };
            let fields = Column::FIELDS.map(|field| {
                view! { <option value=field selected=field == chosen>{Column::from_heading(field).heading}</option> }
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

/// Fields that the file has no column for: half of a name, what stands before the @, or the same for all.
#[component]
fn Derived(import: Import) -> impl IntoView {
    let (field, source, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let sources = move || {
        let headings: Vec<String> = import
            .layout
            .with(|layout| layout.iter().flat_map(|layout| layout.columns.iter().map(|matched| matched.heading.clone())).collect());
        let ways = ["First name in", "Last name in", "Before the @ of"].into_iter().enumerate();
        let made = ways.flat_map(|(way, words)| {
            headings.clone().into_iter().enumerate().map(move |(place, heading)| {
                view! { <option value=format!("{way} {place}")>{format!("{words} {heading}")}</option> }
            })
        });
        made.collect_view()
    };
    let add = move |_| {
        let (field, source) = (field.get_untracked(), source.get_untracked());
        let place = source.split_once(' ').and_then(|(way, place)| Some((way.to_owned(), place.parse::<usize>().ok()?)));
        let source = match place {
            Some((way, place)) if way == "0" => FieldSource::FirstName(place),
            Some((way, place)) if way == "1" => FieldSource::LastName(place),
            Some((_, place)) => FieldSource::BeforeAt(place),
            None => FieldSource::Constant(text.get_untracked()),
        };
        let column = Column::from_heading(if field.is_empty() { "firstName" } else { &field });
        import.layout.update(|layout| layout.iter_mut().for_each(|layout| layout.derived.push((column.clone(), source.clone()))));
    };
    let lines = move || {
        let derived = import.with(|opened, layout| {
            let sample = |source: &FieldSource| layout.sample(&opened.table, source).to_owned();
            layout.derived.iter().map(|(column, source)| (column.heading.clone(), sample(source))).collect::<Vec<_>>()
        });
        let line = |(place, (heading, sample)): (usize, (String, String))| {
            let remove = move |_| {
                import.layout.update(|layout| layout.iter_mut().for_each(|layout| _ = layout.derived.remove(place)));
                focus::now("derive");
            };
            view! { <li class="row"><span>{heading.clone()}": "<bdi>{sample}</bdi></span><button class="button subtle small" type="button" aria-label=format!("Leave out {heading}") on:click=remove>"Leave out"</button></li> }
        };
        derived.unwrap_or_default().into_iter().enumerate().map(line).collect_view()
    };
    let fields = Column::FIELDS.into_iter().filter(|field| *field != "email").map(|field| {
        view! { <option value=field selected=field == "firstName">{Column::from_heading(field).heading}</option> }
    });
    view! {
        <div class="row tools">
            <label class="label" for="derive">"Also fill"</label>
            <select id="derive" class="input" on:change=move |event| field.set(event_target_value(&event))>{fields.collect_view()}</select>
            <label class="label" for="derive-from">"with"</label>
            <select id="derive-from" class="input" on:change=move |event| source.set(event_target_value(&event))><option value="">"the same for all rows"</option>{sources}</select>
            <Show when=move || source.with(String::is_empty)>
                <input class="input" aria-label="The same for all rows" autocomplete="off" on:input=move |event| text.set(event_target_value(&event))/>
            </Show>
            <button class="button" type="button" on:click=add>"Add field"</button>
        </div>
        <ul class="repairs" aria-label="Filled fields">{lines}</ul>
    }
}
