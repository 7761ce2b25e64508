//! A table before its rows are added: how it was read, what each column becomes, and fields that are made of others.

use super::encodings::Looks;
use super::importing::Import;
use crate::app::effects::focus;
use crate::app::parts::field::Field;
use crate::app::parts::notice::{Notice, Tone};
use guestlist::rows::Column;
use guestlist::sheet::columns::{self, Certainty, Choice, FieldSource, Layout, Matched, SAMPLE, SectionKind};
use guestlist::sheet::{Delimiter, DetectedFormat, Encoding, Noticed, Quote};
use guestlist::words::{count, shortened};
use leptos::prelude::*;

/// Of the beginning of a file only its encoding is asked for: the rest may say otherwise what rows and columns are.
#[component]
pub(super) fn Open(import: Import) -> impl IntoView {
    let name = import.opened.with_untracked(|opened| opened.as_ref().map(|opened| opened.name.clone()));
    let summary = move || match import.rows.get().zip(import.with(|_, layout| layout.columns.len())) {
        Some((rows, columns)) => format!("{}, {}.", count(rows, "row", "rows"), count(columns, "column", "columns")),
        None => "Its beginning is shown until the rest has been read.".to_owned(),
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
    // What somebody has chosen for a table ends with it.
    let table = Memo::new(move |before: Option<&u32>| {
        import.opened.track();
        before.map_or(0, |before| before + 1)
    });
    view! {
        <section class="card file" aria-labelledby="file-title">
            <h2 id="file-title" tabindex="-1"><bdi>{name}</bdi></h2>
            <p>{summary}</p>
            {told}
            <details class="details" open>
                <summary>"How it was read"</summary>
                <HowRead import table/>
                <Show when=move || import.is_whole.get()>
                    <div inert=move || import.outdated.get()><For each=move || [table.get()] key=|table| *table let:_><Columns import/><Derived import/></For></div>
                </Show>
            </details>
            <Ready import/>
        </section>
    }
}

/// What keeps the rows from being added, how far the file is while it is being read, and the buttons that add them or end it.
#[component]
fn Ready(import: Import) -> impl IntoView {
    let words = move || format!("Add {}", count(import.rows.get().unwrap_or(0), "guest", "guests"));
    let cannot = move || (import.outdated.get() || import.problem.with(Option::is_some)).to_string();
    let reading = move || if import.outdated.get() { "Reading it anew …" } else { "Reading the rest …" };
    view! {
        <p class="error" role="alert">{move || import.problem.get()}</p>
        <div class="row">
            <Show when=move || import.is_whole.get()><button class="button primary" type="button" aria-disabled=cannot on:click=move |_| import.add_opened()>{words}</button></Show>
            <Show when=move || import.outdated.get() || !import.is_whole.get()>
                <p class="looking" role="status"><progress max=move || import.progress.get().1.to_string() value=move || import.progress.get().0.to_string() aria-label="Reading"></progress>{reading}</p>
            </Show>
            <button class="button" type="button" on:click=move |_| import.close()>"Cancel"</button>
        </div>
    }
}

/// Something of how the table was read, if it is there.
fn found<T: PartialEq + Send + Sync + 'static>(
    import: Import,
    read: impl Fn(&DetectedFormat) -> Option<T> + Send + Sync + 'static,
) -> Memo<Option<T>> {
    Memo::new(move |_| import.opened.with(|opened| read(opened.as_ref()?.found.as_ref()?)))
}

/// Encoding, delimiter and quotes of a text, sheet of a workbook, and the row with the headings: as found, and changeable. Each stays in
/// its place, and keeps the focus, while the file is read as was chosen there.
#[component]
fn HowRead(import: Import, table: Memo<u32>) -> impl IntoView {
    let encoding = found(import, |found| match found {
        DetectedFormat::Text { encoding, .. } => Some(*encoding),
        DetectedFormat::Workbook { encoding, .. } => *encoding,
    });
    let looks = found(import, |found| {
        let (DetectedFormat::Text { looks, .. } | DetectedFormat::Workbook { looks, .. }) = found;
        Some(looks.clone())
    });
    view! {
        <div class="ways">
            <Show when=move || encoding.get().is_some()><Encodings import encoding/></Show>
            <Show when=move || import.is_whole.get()><Cells import/></Show>
            <Sheets import/>
            {move || looks.get().map(|looks| view! { <Looks import looks/> })}
            <Show when=move || import.is_whole.get()>
                <div class="further" inert=move || import.outdated.get()><For each=move || [table.get()] key=|table| *table let:_><Headings import/></For><Rows import/></div>
            </Show>
        </div>
    }
}

#[component]
fn Encodings(import: Import, encoding: Memo<Option<Encoding>>) -> impl IntoView {
    let options = Encoding::all().map(|encoding| (encoding.label().to_owned(), encoding.name().to_owned())).collect::<Vec<_>>();
    let chosen = Signal::derive(move || encoding.get().map_or_else(String::new, |encoding| encoding.label().to_owned()));
    let choose = Callback::new(move |label: String| import.read_otherwise(|wanted| wanted.encoding = Encoding::from_label(&label)));
    view! { <Choose label="Encoding" options chosen choose/> }
}

/// What stands between the cells of a text, and around them.
#[component]
fn Cells(import: Import) -> impl IntoView {
    let cells = found(import, |found| match found {
        DetectedFormat::Text { delimiter, quote, .. } => Some((delimiter.name().to_owned(), quote.name().to_owned())),
        DetectedFormat::Workbook { .. } => None,
    });
    let (delimiter, quote) =
        (Signal::derive(move || cells.get().unwrap_or_default().0), Signal::derive(move || cells.get().unwrap_or_default().1));
    let delimiters = Delimiter::ALL.map(|delimiter| (delimiter.name().to_owned(), delimiter.name().to_owned())).to_vec();
    let quotes = Quote::ALL.map(|quote| (quote.name().to_owned(), quote.name().to_owned())).to_vec();
    let requote = Callback::new(move |name: String| import.read_otherwise(|wanted| wanted.quote = Quote::from_name(&name)));
    let recut = Callback::new(move |name: String| import.read_otherwise(|wanted| wanted.delimiter = Delimiter::from_name(&name)));
    view! {
        <Show when=move || cells.get().is_some()>
            <Choose label="Cells are separated by" options=delimiters.clone() chosen=delimiter choose=recut/>
            <Choose label="Around cells stand" options=quotes.clone() chosen=quote choose=requote/>
        </Show>
    }
}

/// Which sheet of a workbook is read, and whether what is hidden in it is.
#[component]
fn Sheets(import: Import) -> impl IntoView {
    let sheets = found(import, |found| match found {
        DetectedFormat::Workbook { sheets, sheet, .. } => {
            let names = sheets.iter().enumerate().map(|(place, sheet)| {
                let hidden = if sheet.is_hidden { ", hidden" } else { "" };
                (place.to_string(), format!("{} ({}{hidden})", sheet.name, count(sheet.rows, "row", "rows")))
            });
            Some((names.collect::<Vec<_>>(), sheet.to_string()))
        }
        DetectedFormat::Text { .. } => None,
    });
    let names = Memo::new(move |_| sheets.get().unwrap_or_default().0);
    let sheet = Signal::derive(move || sheets.get().unwrap_or_default().1);
    let hidden = found(import, |found| {
        found.noticed().iter().find_map(|noticed| match noticed {
            Noticed::Hidden { are_read, .. } => Some(*are_read),
            _ => None,
        })
    });
    let hidden_read = Signal::derive(move || chosen(hidden.get() == Some(true)));
    let turn = Callback::new(move |place: String| import.read_otherwise(|wanted| wanted.sheet = place.parse().ok()));
    let unhide = Callback::new(move |choice: String| import.read_otherwise(|wanted| wanted.with_hidden = choice == READ));
    view! {
        <Show when=move || sheets.get().is_some()><Choose label="Sheet" options=names chosen=sheet choose=turn/></Show>
        <Show when=move || hidden.get().is_some()><Choose label="Hidden rows and columns" options=read_or_not() chosen=hidden_read choose=unhide/></Show>
    }
}

/// The row with the headings, as found, and changeable.
#[component]
fn Headings(import: Import) -> impl IntoView {
    let opened = import.opened.get_untracked()?;
    let header = import.layout.with_untracked(|layout| layout.as_ref().and_then(|layout| layout.header));
    let row_words = |row: usize| {
        let cells = opened.table.row(row).filter(|cell| !cell.trim().is_empty()).take(4).map(|cell| shortened(cell, SAMPLE));
        (row.to_string(), format!("Row {}: {}", opened.table.number(row), cells.collect::<Vec<_>>().join(" · ")))
    };
    let none = (String::new(), "There are none".to_owned());
    let options: Vec<_> = std::iter::once(none).chain(columns::header_choices(&opened.table, header).into_iter().map(row_words)).collect();
    let choose = Callback::new(move |row: String| {
        let layout = import.opened.with_untracked(|opened| opened.as_ref().map(|opened| columns::layout(&opened.table, row.parse().ok())));
        import.layout.set(layout);
    });
    Some(view! { <Choose label="Headings" options chosen=header.map_or_else(String::new, |row| row.to_string()) choose/> })
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
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] chosen: Signal<String>,
    choose: Callback<String>,
) -> impl IntoView {
    let option = move |(value, words): (String, String)| {
        let own = value.clone();
        view! { <option value=value prop:selected=move || chosen.with(|chosen| *chosen == own)>{words}</option> }
    };
    let options = move || options.get().into_iter().map(option).collect_view();
    view! {
        <Field id label hint="" error="" let:ids>
            <select id=ids.control class="input" aria-describedby=ids.described on:change=move |event| choose.run(event_target_value(&event))>{options}</select>
        </Field>
    }
}

/// Each column of the file, three of its cells, and what it becomes.
#[component]
fn Columns(import: Import) -> impl IntoView {
    const OWN: &str = "*";
    let named = |layout: &Layout| {
        let own = |(place, matched): (usize, &Matched)| (matched.clone(), layout.own_column(place).name);
        layout.columns.iter().enumerate().map(own).collect::<Vec<_>>()
    };
    let columns = Memo::new(move |_| import.layout.with(|layout| layout.as_ref().map(named).unwrap_or_default()));
    let lines = move || {
        let lines = columns.get().into_iter().enumerate().map(|(place, (matched, own))| {
            let heading = if matched.heading.is_empty() { format!("Column {}", place + 1) } else { matched.heading.clone() };
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
