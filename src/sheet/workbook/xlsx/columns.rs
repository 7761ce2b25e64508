//! The columns of a sheet: which are hidden, and where the others stand once those are left out.

use super::package::attribute;
use quick_xml::events::BytesStart;

/// Columns of a sheet of Excel, `A` to `XFD`.
const COLUMNS: usize = 16_384;

/// The columns of a sheet, where some are hidden; otherwise nothing.
#[derive(Default)]
pub struct Columns {
    is_hidden: Vec<bool>,
    /// Hidden ones that hold something.
    pub seen: Vec<bool>,
    /// Where a column stands without those that are left out; nothing for one that is.
    places: Vec<Option<u32>>,
}

impl Columns {
    /// Takes one hidden column or more (18.3.1.13).
    pub fn hide(&mut self, tag: &BytesStart<'_>) {
        let number = |name: &str| attribute(tag, name).and_then(|number| number.trim().parse::<usize>().ok());
        let (Some(first), Some(last)) = (number("min"), number("max")) else { return };
        self.is_hidden.resize(COLUMNS, false);
        self.seen.resize(COLUMNS, false);
        for is_hidden in self.is_hidden.iter_mut().take(last).skip(first.saturating_sub(1)) {
            *is_hidden = true;
        }
    }

    /// All are known.
    pub fn close(&mut self, with_hidden: bool) {
        let mut next = 0..;
        self.places = self.is_hidden.iter().map(|is_hidden| if *is_hidden && !with_hidden { None } else { next.next() }).collect();
    }

    /// How many are hidden.
    pub fn hidden(&self) -> u32 {
        self.is_hidden.iter().map(|is_hidden| u32::from(*is_hidden)).sum()
    }

    /// Where a column stands, if it is not left out.
    pub fn place(&self, column: u32) -> Option<u32> {
        // Beyond what Excel has, or none is hidden.
        self.places.get(column as usize).copied().unwrap_or(Some(column))
    }

    /// Which column of the sheet it is that stands in this place.
    pub fn origin(&self, place: u32) -> u32 {
        let column = self.places.iter().position(|known| *known == Some(place));
        column.and_then(|column| u32::try_from(column).ok()).unwrap_or(place)
    }

    /// Where a column stands in which a cell holds something, if it is not left out.
    pub fn see(&mut self, column: u32) -> Option<u32> {
        if self.is_hidden.get(column as usize) == Some(&true) {
            self.seen[column as usize] = true;
        }
        self.place(column)
    }
}
