//! In which order, how wide and whether columns are shown.

use std::collections::{BTreeMap, BTreeSet};

/// Columns are known by their place in the list; those that nobody has touched follow in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    order: Vec<usize>,
    hidden: BTreeSet<usize>,
    /// In CSS pixels.
    widths: BTreeMap<usize, i32>,
}

const LEAST: i32 = 60;
const MOST: i32 = 900;

impl Arrangement {
    /// All columns in their order, hidden ones too.
    pub fn all(&self, count: usize) -> Vec<usize> {
        let known = self.order.iter().copied().filter(|column| *column < count);
        known.chain((0..count).filter(|column| !self.order.contains(column))).collect()
    }

    /// The columns that are shown; at least one.
    pub fn shown(&self, count: usize) -> Vec<usize> {
        let shown: Vec<usize> = self.all(count).into_iter().filter(|column| !self.hidden.contains(column)).collect();
        if shown.is_empty() { self.all(count).into_iter().take(1).collect() } else { shown }
    }

    pub fn is_hidden(&self, column: usize) -> bool {
        self.hidden.contains(&column)
    }

    pub fn hide(&mut self, column: usize, hide: bool) {
        if hide {
            self.hidden.insert(column)
        } else {
            self.hidden.remove(&column)
        };
    }

    /// One place to the front or to the back.
    pub fn shift(&mut self, column: usize, to_front: bool, count: usize) {
        let mut order = self.all(count);
        let Some(place) = order.iter().position(|own| *own == column) else { return };
        let to = if to_front { place.saturating_sub(1) } else { (place + 1).min(count - 1) };
        order.swap(place, to);
        self.order = order;
    }

    pub fn resize(&mut self, column: usize, width: i32) {
        self.widths.insert(column, width.clamp(LEAST, MOST));
    }

    /// The width that somebody gave a column.
    pub fn width(&self, column: usize) -> Option<i32> {
        self.widths.get(&column).copied()
    }

    /// `grid-template-columns` of every row, and the least width in CSS pixels that these columns need together: rows that
    /// are all as wide have their columns below each other, whatever stands in them. The last column is the row's button.
    pub fn template(&self, count: usize) -> (String, i32) {
        const BUTTON: i32 = 48;
        let (mut template, mut least) = (String::new(), BUTTON);
        for (place, column) in self.shown(count).into_iter().enumerate() {
            let (width, share) = match (self.width(column), place) {
                (Some(width), _) => (width, None),
                (None, 0) => (220, Some(2)),
                (None, _) => (120, Some(1)),
            };
            least += width;
            template += &share.map_or_else(|| format!("{width}px "), |share| format!("minmax({width}px, {share}fr) "));
        }
        (format!("{template}{BUTTON}px"), least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn columns_are_moved_hidden_and_resized() {
        let mut columns = Arrangement::default();
        columns.shift(2, true, 4);
        assert_eq!(columns.shown(5), [0, 2, 1, 3, 4], "a new column comes last");
        columns.hide(0, true);
        columns.resize(2, 10);
        assert_eq!((columns.shown(3), columns.template(3)), (vec![2, 1], ("60px minmax(120px, 1fr) 48px".into(), 228)));
        columns.hide(1, true);
        columns.hide(2, true);
        assert_eq!(columns.shown(3), [0], "one is always shown");
    }
}
