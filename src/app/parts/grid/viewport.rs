//! The rows that are seen: only those near the view are in the DOM.

use super::pool::{EditedGrid, Pool};
use super::rows::RowsModel;
use super::scrolling::viewport;
use crate::app::effects::{clock, spawn};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// Which rows of all are in the DOM.
#[derive(Clone, Copy)]
pub struct Viewport {
    rows: RowsModel,
    /// Rows kept above and below the view.
    around: usize,
    /// The first row in view, and how many there are.
    seen: RwSignal<(usize, usize)>,
    pub body: NodeRef<Div>,
    pool: StoredValue<Pool, LocalStorage>,
}

/// Rows in view at most.
const MOST: usize = 46;

impl Viewport {
    pub fn new(rows: RowsModel, around: usize) -> Self {
        let view = Self { rows, around, seen: RwSignal::new((0, 10)), body: NodeRef::new(), pool: StoredValue::new_local(Pool::default()) };
        // Its height is known once it is seen, with rows in it.
        let any = Memo::new(move |_| rows.count.get() > 0);
        Effect::new(move || {
            any.track();
            spawn(async move {
                clock::frame().await;
                view.scrolled();
            });
        });
        view
    }

    pub fn scrolled(self) {
        if let Some(view) = viewport(self.rows.id).filter(|view| view.client_height() > 0) {
            let rows = |pixels: i32| usize::try_from(pixels).unwrap_or(0) / self.rows.shape.height();
            let seen = (rows(view.scroll_top()), rows(view.client_height()) + 1);
            _ = self.seen.try_set(seen);
        }
    }

    /// How high all rows are together, in CSS pixels.
    pub fn height(self) -> usize {
        self.rows.count.get() * self.rows.shape.height()
    }

    /// Paints what is near the view; `hand` where rows can be edited. Whoever calls it in an effect is called again whenever that changes.
    pub fn paint(self, hand: Option<EditedGrid<'_>>) {
        let Self { rows, around, seen, body, pool } = self;
        rows.version.track();
        rows.headings.track();
        let (count, (top, height)) = (rows.count.get(), seen.get());
        let Some(body) = body.get() else { return };
        let (first, last) = (top.saturating_sub(around), (top + height.min(MOST) + around).min(count));
        let mut places: Vec<usize> = (first..last).collect();
        // The row with the hand keeps its element wherever that is.
        if let Some(row) = hand.map(|hand| hand.selection.row).filter(|row| *row < count)
            && let Err(place) = places.binary_search(&row)
        {
            places.insert(place, row);
        }
        pool.update_value(|pool| pool.show(&body, rows, &places, hand));
    }
}

/// Row and column of the cell that an event happened in.
pub fn place_of(rows: RowsModel, event: &Event) -> Option<(usize, usize)> {
    let cells = rows.id_of_cells();
    let cell = event.target()?.dyn_into::<Element>().ok()?.closest(&format!("[id^={cells}]")).ok()??;
    let (row, column) = cell.id().strip_prefix(&cells)?.split_once('-').map(|(row, column)| (row.parse().ok(), column.parse().ok()))?;
    Some((row?, column?))
}

/// Presses a row's button, where the event happened in one.
pub fn pressed_button(rows: RowsModel, event: &Event) {
    let within = |event: &Event| event.target()?.dyn_into::<Element>().ok()?.closest(".grid-button").ok()?;
    if let (Some(_), Some((row, _))) = (within(event), place_of(rows, event)) {
        rows.button.press.run(row);
    }
}
