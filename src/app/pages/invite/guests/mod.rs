//! The list of guests: what is wrong with it and how that is fixed, which rows are looked at, and the grid.

mod fixing;
mod table;
mod tools;

use crate::app::effects::is_narrow;
use crate::app::parts::grid::{
    Arrangement, Block, CellLook, Grid, GridCell, GridEvent, GridModel, GridRow, RowButton, RowForm, RowShape, RowsModel, Selection,
};
use crate::app::parts::icon::Icon;
use crate::app::routes::Route;
use crate::app::state::AppState;
use crate::app::state::organization::Who;
use guestlist::letter::{Letter, template};
use guestlist::rows::checks::Context;
use guestlist::rows::view::{View, VisibleRows};
use guestlist::rows::{clip, guests, names};
use leptos::prelude::*;
use table::GuestTable;

fn sheet(
    app: AppState,
    shown: RwSignal<VisibleRows>,
    view: RwSignal<View>,
    arrangement: RwSignal<Arrangement>,
    visible: Memo<Vec<usize>>,
) -> GridModel {
    let column = move |place: usize| visible.with_untracked(|visible| visible.get(place).copied());
    let headings = Memo::new(move |_| {
        app.draft.guests.with(|guests| {
            let columns = guests.list().columns();
            visible.with(|visible| visible.iter().filter_map(|column| Some(columns.get(*column)?.heading.clone())).collect::<Vec<_>>())
        })
    });
    let place = move |row: usize| app.draft.guests.with_untracked(|guests| shown.with_untracked(|shown| shown.place(guests.list(), row)));
    let rows = RowsModel {
        id: "grid",
        headings: headings.into(),
        template: Memo::new(move |_| {
            let count = app.draft.guests.with(|guests| guests.list().columns().len());
            arrangement.with(|arrangement| arrangement.template(count))
        })
        .into(),
        count: Memo::new(move |_| app.draft.guests.with(|guests| shown.with(|shown| shown.len(guests.list())))).into(),
        version: Signal::derive(move || {
            shown.track();
            app.draft.guests.with(guests::Guests::version)
        }),
        row: Callback::new(move |row: usize| {
            let button = Some(format!("Remove row {}", row + 1));
            let Some(place) = place(row) else { return GridRow { number: row + 1, button, ..GridRow::default() } };
            let cell = |guests: &guests::Guests, column: usize| {
                let (text, is_made) = names::shown(guests.list(), place, column);
                GridCell { text: text.into_owned(), look: if is_made { CellLook::Made } else { CellLook::Plain }, ..GridCell::default() }
            };
            let cells = app
                .draft
                .guests
                .with_untracked(|guests| visible.with_untracked(|visible| visible.iter().map(|column| cell(guests, *column)).collect()));
            GridRow { number: place + 1, cells, button, choice: None }
        }),
        button: RowButton { icon: Icon::Remove, heading: "Remove", press: Callback::new(|_| {}) },
        choose: None,
        shape: RowShape::Line,
    };
    GridModel {
        rows,
        sorted: Memo::new(move |_| {
            let (column, descends) = view.with(|view| view.sorted)?;
            Some((visible.with(|visible| visible.iter().position(|own| *own == column))?, descends))
        })
        .into(),
        finding: Callback::new(move |(row, shown): (usize, usize)| {
            let (place, column) = (place(row)?, column(shown)?);
            app.draft.guests.with_untracked(|guests| guests.checks().words(guests.list(), place, column))
        }),
        tell: Callback::new(|_| {}),
        copied: Callback::new(move |block: Block| {
            app.draft.guests.with_untracked(|guests| {
                let list = guests.list();
                let rows = (block.rows.0..=block.rows.1).filter_map(|row| shown.with_untracked(|shown| shown.place(list, row)));
                let columns: Vec<usize> = (block.columns.0..=block.columns.1).filter_map(column).collect();
                clip::write(rows.map(|place| columns.iter().map(move |column| names::shown(list, place, *column).0)))
            })
        }),
        selection: RwSignal::new(Selection::default()),
    }
}

/// `awaited` says that rows may come: the grid is made then, unseen, so that they only have to be filled in.
#[component]
pub fn Guests(awaited: ReadSignal<bool>) -> impl IntoView {
    let app = AppState::here();
    let (view, shown) = (RwSignal::new(View::default()), RwSignal::new(VisibleRows::All));
    let arrangement = RwSignal::new(Arrangement::default());
    let visible = Memo::new(move |_| {
        let count = app.draft.guests.with(|guests| guests.list().columns().len());
        arrangement.with(|arrangement| arrangement.shown(count))
    });
    let mut table = GuestTable { app, view, shown, arrangement, visible, sheet: sheet(app, shown, view, arrangement, visible) };
    table.sheet.tell = Callback::new(move |did| table.did(did));
    table.sheet.rows.button.press = Callback::new(move |row| table.did(GridEvent::Removed { from: row, to: row }));
    // What the list is held against changes with the tenant and with the message.
    Effect::new(move || {
        let own = app.organization.who.with(|who| match who {
            Who::Read(known) => known.organization.verified_domains.iter().map(|domain| domain.name.clone()).collect(),
            _ => Vec::new(),
        });
        let needed = |text: &str| template::parse(text).needed().into_iter().map(str::to_owned).collect::<Vec<_>>();
        let used = |letter: &Letter| {
            let texts = std::iter::once(&letter.message).chain(letter.variants.iter().map(|variant| &variant.message));
            let mut used: Vec<String> = texts
                .flat_map(|text| template::parse(text).fields().into_iter().map(|field| field.name.to_owned()).collect::<Vec<_>>())
                .collect();
            used.sort_unstable();
            used.dedup();
            used
        };
        let context = app.draft.letter.with(|letter| Context {
            own,
            fields: needed(&letter.message),
            used: used(letter),
            variants: letter.variants.iter().map(|variant| (variant.language.clone(), needed(&variant.message))).collect(),
        });
        if app.draft.guests.with_untracked(|guests| *guests.checks().context() != context) {
            app.draft.hold_against(context);
            table.refresh();
        }
    });
    // The address may say which rows are shown: from a link, after a reload, or going back.
    Effect::new(move || {
        let said = app.navigator.route.with(|route| if let Route::Invite { rows, .. } = route { rows.clone() } else { String::new() });
        let (now, wanted) = app
            .draft
            .guests
            .with_untracked(|guests| (view.with_untracked(|view| view.query(guests.list())), View::from_query(&said, guests.list())));
        if now != said && view.with_untracked(|view| *view != wanted) {
            view.set(wanted);
            table.take_up();
        }
    });
    // A list that was replaced as a whole is looked at as a whole.
    Effect::new(move || {
        if app.draft.guests.with(|guests| guests.list().is_empty()) && view.with_untracked(|view| !view.is_plain()) {
            view.set(View::default());
            shown.set(VisibleRows::All);
        }
    });
    // A grid is of little use on a narrow page.
    let as_form = RwSignal::new(is_narrow());
    let any = Memo::new(move |_| app.draft.guests.with(|guests| !guests.list().is_empty()));
    let touched = Memo::new(move |_| app.draft.guests.with(|guests| guests.undoes().is_some() || guests.redoes().is_some()));
    view! {
        <section aria-labelledby="guests-title">
            <h2 id="guests-title" tabindex="-1">"Guests"</h2>
            <tools::Summary table/>
            <Show when=move || touched.get()><tools::Undo table/></Show>
            <Show when=move || any.get() || awaited.get()><div class="guests" hidden=move || !any.get()>
                <fixing::Repairs table/>
                <tools::Tools table/>
                <label class="row"><input type="checkbox" prop:checked=move || as_form.get() on:change=move |event| as_form.set(event_target_checked(&event))/>" One row at a time"</label>
                {move || if as_form.get() { view! { <RowForm sheet=table.sheet/> }.into_any() } else { view! { <Grid label="Guests" sheet=table.sheet/> }.into_any() }}
            </div></Show>
        </section>
    }
}
