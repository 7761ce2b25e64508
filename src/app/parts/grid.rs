//! An editable grid driven by the keyboard, after the ARIA Authoring Practices: one tab stop, arrows move, Enter or F2
//! edit, Esc returns. Rows have one height and only those near the view are in the DOM; the active row always is.
//! It knows cells and findings, not guests.

use crate::app::desk::Desk;
use crate::app::effects::focus;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Height of a row in CSS pixels; `--row` in parts.css is the same.
const ROW: usize = 34;
/// Rows kept above and below the view.
const AROUND: usize = 6;
/// Rows of one view and of a PageDown.
const PAGE: usize = 10;

/// What the grid shows and what it tells. All closures are cheap and may be called often.
#[derive(Clone, Copy)]
pub struct Sheet {
    pub headings: Signal<Vec<String>>,
    /// Stable ids of the rows, in order.
    pub rows: Signal<Vec<u32>>,
    pub cell: Callback<(usize, usize), String>,
    /// What is wrong with a cell.
    pub finding: Callback<(usize, usize), Option<String>>,
    pub set: Callback<(usize, usize, String)>,
    pub remove: Callback<usize>,
}

/// Where the focus is, and what is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    row: usize,
    column: usize,
    typing: Option<String>,
}

#[component]
pub fn Grid(label: &'static str, sheet: Sheet) -> impl IntoView {
    let desk = Desk::here();
    let place = RwSignal::new(Place { row: 0, column: 0, typing: None });
    let top = RwSignal::new(0_usize);
    // The remove button is one more column.
    let columns = Memo::new(move |_| sheet.headings.with(Vec::len) + 1);
    let count = Memo::new(move |_| sheet.rows.with(Vec::len));
    let window = Memo::new(move |_| {
        let (first, last) = (top.get().saturating_sub(AROUND), (top.get() + PAGE + AROUND).min(count.get()));
        let active = place.with(|place| place.row);
        let rows = sheet.rows.get();
        let mut shown: Vec<(usize, u32)> = (first..last).filter_map(|row| Some((row, *rows.get(row)?))).collect();
        if let Some(id) = rows.get(active).filter(|_| !(first..last).contains(&active)) {
            shown.insert(if active < first { 0 } else { shown.len() }, (active, *id));
        }
        shown
    });
    let viewport = NodeRef::<leptos::html::Div>::new();
    let go = move |row: usize, column: usize| {
        let (row, column) = (row.min(count.get_untracked().saturating_sub(1)), column.min(columns.get_untracked() - 1));
        place.set(Place { row, column, typing: None });
        if let Some(view) = viewport.get_untracked() {
            scroll_to(&view, row);
        }
        focus::later(cell_id(row, column));
    };
    let edit = move |row: usize, column: usize, text: String| {
        place.set(Place { row, column, typing: Some(text) });
        focus::later("grid-input");
    };
    let commit = move || {
        let Place { row, column, typing } = place.get_untracked();
        if let Some(text) = typing {
            place.update(|place| place.typing = None);
            sheet.set.run((row, column, text));
        }
    };
    let remove = move |row: usize| {
        sheet.remove.run(row);
        let left = count.get_untracked();
        desk.say(format!("Row {} removed.", row + 1));
        if left > 0 { go(row, columns.get_untracked() - 1) } else { focus::later("add-guests") }
    };
    let keys = move |event: KeyboardEvent| {
        let Place { row, column, typing } = place.get_untracked();
        let last = (count.get_untracked().saturating_sub(1), columns.get_untracked() - 1);
        let key = event.key();
        let jump = event.ctrl_key() || event.meta_key();
        if typing.is_some() {
            match key.as_str() {
                "Enter" => {
                    commit();
                    go(row + 1, column);
                }
                "Tab" => {
                    commit();
                    let (row, column) = neighbour(row, column, last, event.shift_key());
                    go(row, column);
                }
                "Escape" => go(row, column),
                _ => return,
            }
            event.prevent_default();
            return event.stop_propagation();
        }
        match key.as_str() {
            "ArrowDown" => go(row + 1, column),
            "ArrowUp" => go(row.saturating_sub(1), column),
            "ArrowRight" => go(row, column + 1),
            "ArrowLeft" => go(row, column.saturating_sub(1)),
            "PageDown" => go(row + PAGE, column),
            "PageUp" => go(row.saturating_sub(PAGE), column),
            "Home" => go(if jump { 0 } else { row }, 0),
            "End" => go(if jump { last.0 } else { row }, last.1),
            "F8" => {
                let next = next_problem(sheet, row, last.0, event.shift_key());
                match next {
                    Some((row, column, words)) => {
                        desk.say(format!(
                            "Row {}, {}: {words}",
                            row + 1,
                            sheet.headings.with_untracked(|headings| headings[column].clone())
                        ));
                        go(row, column);
                    }
                    None => desk.say("No problems."),
                }
            }
            "Delete" | "Backspace" if jump => remove(row),
            // The last column is a button; Enter and Space press it.
            _ if column == last.1 => return,
            "Enter" | "F2" => edit(row, column, sheet.cell.run((row, column))),
            "Delete" | "Backspace" => sheet.set.run((row, column, String::new())),
            typed if typed.chars().count() == 1 && !jump && !event.alt_key() => edit(row, column, typed.into()),
            _ => return,
        }
        event.prevent_default();
    };
    let scrolled = move |event: leptos::ev::Event| {
        let view = event_target::<web_sys::HtmlElement>(&event);
        top.set(usize::try_from(view.scroll_top()).unwrap_or(0) / ROW);
    };
    let detail = move || {
        let place = place.get();
        sheet.finding.run((place.row, place.column)).map(|words| format!("Row {}: {words}", place.row + 1)).unwrap_or_default()
    };
    let head = move || {
        sheet
            .headings
            .get()
            .into_iter()
            .enumerate()
            .map(|(column, heading)| {
                view! { <div class="grid-head" role="columnheader" aria-colindex=(column + 1).to_string()>{heading}</div> }
            })
            .collect_view()
    };
    view! {
        <div class="grid" role="grid" aria-label=label aria-rowcount=move || (count.get() + 1).to_string() aria-colcount=move || columns.get().to_string()
            node_ref=viewport on:scroll=scrolled on:keydown=keys style:--columns=move || (columns.get() - 1).to_string()>
            <div class="grid-row grid-header" role="row" aria-rowindex="1">
                {head}
                <div class="grid-head narrow" role="columnheader" aria-colindex=move || columns.get().to_string()><span class="unseen">"Remove"</span></div>
            </div>
            <div class="grid-body" role="presentation" style:height=move || format!("{}px", count.get() * ROW)>
                <For each=move || window.get() key=|(row, id)| (*row, *id) let((row, _id))>
                    <div class="grid-row" role="row" aria-rowindex=(row + 2).to_string() style:transform=format!("translateY({}px)", row * ROW)>
                        {move || (0..columns.get() - 1).map(|column| view! { <Cell row column sheet place edit=Callback::new(move |(row, column, text)| edit(row, column, text)) commit=Callback::new(move |()| commit())/> }).collect_view()}
                        <div class="grid-cell narrow" role="gridcell" aria-colindex=move || columns.get().to_string()>
                            <button id=move || cell_id(row, columns.get() - 1) class="button subtle small" type="button" aria-label=format!("Remove row {}", row + 1)
                                tabindex=move || if place.with(|place| place.row == row && place.column + 1 == columns.get()) { "0" } else { "-1" }
                                on:focus=move |_| place.set(Place { row, column: columns.get_untracked() - 1, typing: None })
                                on:click=move |_| remove(row)><super::icon::Glyph icon=super::icon::Icon::Remove/></button>
                        </div>
                    </div>
                </For>
            </div>
        </div>
        <p id="grid-detail" class="error grid-detail">{detail}</p>
    }
}

#[component]
fn Cell(
    row: usize,
    column: usize,
    sheet: Sheet,
    place: RwSignal<Place>,
    edit: Callback<(usize, usize, String)>,
    commit: Callback<()>,
) -> impl IntoView {
    let is_here = move || place.with(|place| place.row == row && place.column == column);
    let is_typing = Memo::new(move |_| place.with(|place| place.row == row && place.column == column && place.typing.is_some()));
    let text = Memo::new(move |_| sheet.cell.run((row, column)));
    let finding = Memo::new(move |_| sheet.finding.run((row, column)));
    let heading = move || sheet.headings.with(|headings| headings.get(column).cloned().unwrap_or_default());
    let role = if column == 0 { "rowheader" } else { "gridcell" };
    let settle = move |_| {
        if !is_typing.get_untracked() && !is_here() {
            commit.run(());
            place.set(Place { row, column, typing: None });
        }
    };
    view! {
        <div id=cell_id(row, column) class="grid-cell" class:bad=move || finding.with(Option::is_some) role=role aria-colindex=(column + 1).to_string()
            tabindex=move || if is_here() && !is_typing.get() { "0" } else { "-1" }
            aria-invalid=move || finding.with(|finding| finding.is_some().then_some("true"))
            aria-describedby=move || finding.with(|finding| finding.is_some().then_some("grid-detail"))
            on:focus=settle on:dblclick=move |_| edit.run((row, column, text.get_untracked()))>
            <Show when=move || is_typing.get() fallback=move || view! {
                <Show when=move || finding.with(Option::is_some)><super::icon::Glyph icon=super::icon::Icon::Bad/></Show>
                <span class="grid-text" dir="auto">{move || text.get()}</span>
            }>
                <input id="grid-input" class="grid-input" aria-label=move || format!("{}, row {}", heading(), row + 1) autocomplete="off"
                    prop:value=move || place.with(|place| place.typing.clone().unwrap_or_default())
                    on:input=move |event| place.update(|place| place.typing = Some(event_target_value(&event)))
                    on:blur=move |_| if is_typing.get_untracked() { commit.run(()) }/>
            </Show>
        </div>
    }
}

fn cell_id(row: usize, column: usize) -> String {
    format!("cell-{row}-{column}")
}

fn neighbour(row: usize, column: usize, last: (usize, usize), back: bool) -> (usize, usize) {
    match (back, column) {
        (true, 0) => (row.saturating_sub(1), last.1.saturating_sub(1)),
        (true, column) => (row, column - 1),
        (false, column) if column + 1 >= last.1 => (row + 1, 0),
        (false, column) => (row, column + 1),
    }
}

/// The next cell with a finding after this row, or before it, around the ends.
fn next_problem(sheet: Sheet, row: usize, last: usize, back: bool) -> Option<(usize, usize, String)> {
    let count = last + 1;
    let columns = sheet.headings.with_untracked(Vec::len);
    (1..=count).find_map(|step| {
        let row = if back { (row + count - step) % count } else { (row + step) % count };
        (0..columns).find_map(|column| Some((row, column, sheet.finding.run((row, column))?)))
    })
}

/// Brings the row into view below the sticky header.
fn scroll_to(view: &web_sys::HtmlElement, row: usize) {
    let pixels = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let (top, height) = (pixels(row * ROW), view.client_height() - pixels(ROW));
    if top < view.scroll_top() {
        view.set_scroll_top(top);
    } else if top + pixels(ROW) > view.scroll_top() + height {
        view.set_scroll_top(top + pixels(ROW) - height);
    }
}

/// An event's target as an element; used where a handler sits on a parent.
fn event_target<T: JsCast>(event: &web_sys::Event) -> T {
    event.target().expect("an event has a target").unchecked_into()
}
