//! Where the hand is in a grid, and how keys move it.

/// A cell, and the other corner of what is selected. The last column is the row's button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub row: usize,
    pub column: usize,
    /// Where the selection began.
    pub from: (usize, usize),
    pub is_typing: bool,
}

/// Cells from a first row and column to a last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub rows: (usize, usize),
    pub columns: (usize, usize),
}

/// Rows of a PageDown.
const PAGE: usize = 10;

impl Selection {
    pub const fn at(row: usize, column: usize) -> Self {
        Self { row, column, from: (row, column), is_typing: false }
    }

    pub const fn is_at(&self, row: usize, column: usize) -> bool {
        self.row == row && self.column == column
    }

    /// What is selected: at least the cell itself.
    pub fn block(&self) -> Block {
        let order = |one: usize, other: usize| (one.min(other), one.max(other));
        Block { rows: order(self.from.0, self.row), columns: order(self.from.1, self.column) }
    }

    /// Whether a cell is selected together with others.
    pub fn holds(&self, row: usize, column: usize) -> bool {
        let Block { rows, columns } = self.block();
        self.from != (self.row, self.column) && (rows.0..=rows.1).contains(&row) && (columns.0..=columns.1).contains(&column)
    }

    /// Where a key leads. `last` is the last row and column.
    pub fn moved(&self, key: &str, jump: bool, last: (usize, usize)) -> Option<(usize, usize)> {
        let (row, column) = (self.row, self.column);
        Some(match key {
            "ArrowDown" => (if jump { last.0 } else { (row + 1).min(last.0) }, column),
            "ArrowUp" => (if jump { 0 } else { row.saturating_sub(1) }, column),
            "ArrowRight" => (row, if jump { last.1 } else { (column + 1).min(last.1) }),
            "ArrowLeft" => (row, if jump { 0 } else { column.saturating_sub(1) }),
            "PageDown" => ((row + PAGE).min(last.0), column),
            "PageUp" => (row.saturating_sub(PAGE), column),
            "Home" => (if jump { 0 } else { row }, 0),
            "End" => (if jump { last.0 } else { row }, last.1),
            _ => return None,
        })
    }

    /// The next cell that can be typed in, row by row.
    pub const fn neighbour(&self, back: bool, last: (usize, usize)) -> (usize, usize) {
        let (row, column) = (self.row, self.column);
        match (back, column) {
            (true, 0) => (row.saturating_sub(1), last.1.saturating_sub(1)),
            (true, column) => (row, column - 1),
            (false, column) if column + 1 >= last.1 => (row + 1, 0),
            (false, column) => (row, column + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn keys_move_the_selection() {
        let selection = Selection::at(5, 1);
        let check =
            |key: &str, jump: bool, expected: Option<(usize, usize)>| assert_eq!(selection.moved(key, jump, (20, 4)), expected, "{key}");
        check("ArrowDown", false, Some((6, 1)));
        check("ArrowUp", true, Some((0, 1)));
        check("PageDown", false, Some((15, 1)));
        check("End", true, Some((20, 4)));
        check("Home", false, Some((5, 0)));
        check("a", false, None);
        assert_eq!(Selection::at(5, 3).neighbour(false, (20, 4)), (6, 0));
        assert_eq!(Selection::at(5, 0).neighbour(true, (20, 4)), (4, 3));
        let selection = Selection { from: (7, 0), ..selection };
        assert_eq!(selection.block(), Block { rows: (5, 7), columns: (0, 1) });
        assert!(selection.holds(6, 1) && !selection.holds(6, 2) && !Selection::at(5, 1).holds(5, 1));
    }
}
