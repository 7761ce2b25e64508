//! What somebody should know of a file before its rows are added, in sentences.

use super::Encoding;
#[cfg(feature = "sheets")]
use super::Sheet;
use crate::words::{count, grouped};
use serde::{Deserialize, Serialize};

/// What was odd about a file and how it was read therefore: somebody should look before its rows are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Noticed {
    /// Every record was quoted once more as a whole.
    Packed,
    /// Nothing in the file says which encoding it is in.
    Guessed(Encoding),
    /// Quotes within cells are marked by a backslash.
    Backslashes,
    /// So many rows have more cells than there are headings, or fewer and their address elsewhere; the first begins on this line,
    /// from 1.
    Uneven { rows: usize, line: usize },
    /// So many quotes are never closed and were read as signs, and where the first is, from 0.
    OpenQuotes { quotes: usize, row: usize, column: usize },
    /// So many cells hold lines that look like records of their own, and where the first is, from 0.
    Swallowed { cells: usize, row: usize, column: usize },
    /// So many cells end with a heading of addresses, and where the first is, from 0.
    Glued { cells: usize, row: usize, column: usize },
    /// Joined files separate their cells by different signs.
    Delimiters,
    /// Some parts of the file are in UTF-8 and others are not.
    Encodings,
    /// So many zero bytes were left out.
    Zeros(usize),
    /// Signs that are none in the encoding in which the file was read, and the cell of the first, from 0.
    Unread { signs: usize, row: usize, column: usize },
    /// The file ends within a sign.
    CutOff,
    /// So many sheets are shown in the workbook and hold something, of which one was read; and so many are hidden and hold something.
    Sheets { shown: usize, hidden: usize },
    /// The sheet that was read is hidden, as nothing stands in those that are shown; and so many hidden ones hold something.
    HiddenSheet { hidden: usize },
    /// Rows and columns with something in them that are hidden, folded or filtered away.
    Hidden { rows: usize, columns: usize, are_read: bool },
    /// So many addresses stood only in the links behind cells.
    Links(usize),
    /// So many cells span several rows.
    Merged(usize),
    /// Cells with errors in place of values, and where the first is, from 0.
    Errors { cells: usize, row: usize, column: usize },
    /// Formulas without a stored value, whose cells are empty therefore, and where the first is, from 0.
    NoValues { cells: usize, row: usize, column: usize },
    /// Of this kind of workbook only the values of cells can be seen.
    ValuesOnly,
    /// The cells are those of the tables of a web page.
    WebPage,
}

impl Noticed {
    /// That there are several sheets to choose from, if more than one is shown and holds something; or that only hidden ones do.
    #[cfg(feature = "sheets")]
    pub(super) fn for_sheets(sheets: &[Sheet]) -> Option<Self> {
        let filled = |is_hidden: bool| sheets.iter().filter(|sheet| sheet.rows > 0 && sheet.is_hidden == is_hidden).count();
        let (shown, hidden) = (filled(false), filled(true));
        match shown {
            0 => (hidden > 0).then_some(Self::HiddenSheet { hidden }),
            1 => None,
            _ => Some(Self::Sheets { shown, hidden }),
        }
    }

    pub fn words(self) -> String {
        match self {
            Self::Packed => "Every line of the file was one quoted cell; it was taken apart once more.".into(),
            Self::Guessed(encoding) => format!(
                "Nothing in the file says in which encoding it was written. It is read as {}, which is a guess: look whether names and places are spelt right, or choose another one.",
                encoding.name()
            ),
            Self::Backslashes => "Quotes within cells are marked by a backslash in this file; it was read accordingly.".into(),
            Self::Uneven { rows, line } => format!(
                "{} another number of cells than there are headings, {} on line {}. Look whether its cells stand under the right headings; a delimiter may be missing or too many.",
                count(rows, "row has", "rows have"),
                if rows == 1 { "which begins" } else { "the first of which begins" },
                grouped(line)
            ),
            Self::OpenQuotes { quotes, row, column } => format!(
                "{} never closed and {} read as {}; the line below {} begins a new row. {}",
                count(quotes, "quote is", "quotes are"),
                if quotes == 1 { "was" } else { "were" },
                if quotes == 1 { "a sign" } else { "signs" },
                if quotes == 1 { "it" } else { "each" },
                first(quotes, row, column)
            ),
            Self::Swallowed { cells, row, column } => format!(
                "{} whole lines with addresses, as if a quote were missing or too many. {} Look whether guests are missing.",
                count(cells, "cell holds", "cells hold"),
                first(cells, row, column)
            ),
            Self::Glued { cells, row, column } => format!(
                "{} with a heading such as Email, as where a file was joined to one whose last line had no end. {} Look whether {} right.",
                count(cells, "cell ends", "cells end"),
                first(cells, row, column),
                if cells == 1 { "it is" } else { "they are" }
            ),
            Self::Delimiters => "The file was joined of others that separate their cells by different signs; each was read by its own.".into(),
            Self::Encodings => {
                "Some parts of the file are in UTF-8 and others are not, as if files had been joined. Each was read as what it is; the encoding is that of the others.".into()
            }
            Self::Zeros(1) => "The file holds a zero byte, which no text does. It was left out; look whether anything is missing.".into(),
            Self::Zeros(many) => {
                format!(
                    "The file holds {} zero bytes, which no text does. They were left out; look whether anything is missing.",
                    grouped(many)
                )
            }
            Self::Unread { signs, row, column } => format!(
                "{} of the file {} no sign in this encoding, and {} shown as “�”. {} Another encoding may be the right one, or the file was joined of files in several.",
                count(signs, "place", "places"),
                if signs == 1 { "is" } else { "are" },
                if signs == 1 { "is" } else { "are" },
                first(signs, row, column)
            ),
            Self::CutOff => "The file ends in the middle of a sign: it was cut off, and guests may be missing. Look at its last row, and get it once more if it goes on behind that.".into(),
            Self::Sheets { shown, hidden } => {
                let further = match hidden {
                    0 => String::new(),
                    1 => ", and a hidden one".into(),
                    hidden => format!(", and {} hidden ones", grouped(hidden)),
                };
                format!("The workbook has {} sheets with cells{further}. Look whether this is the right one.", grouped(shown))
            }
            Self::HiddenSheet { hidden } => {
                let from = if hidden == 1 { "one that is hidden".into() } else { format!("the first of {} that are hidden", grouped(hidden)) };
                format!("In the sheets that the workbook shows there are no cells; the rows come from {from}. Look whether this is the right one.")
            }
            Self::Hidden { rows, columns, are_read } => {
                let some = [(rows, "row", "rows"), (columns, "column", "columns")].into_iter().filter(|(number, ..)| *number > 0);
                let some: Vec<String> = some.map(|(number, one, many)| count(number, one, many)).collect();
                let (is, were) = if rows + columns == 1 { ("is", "It was") } else { ("are", "They were") };
                let read = if are_read { "read nevertheless" } else { "left out" };
                format!("{} of the sheet {is} hidden or filtered away. {were} {read}.", some.join(" and "))
            }
            Self::Links(links) => format!(
                "{} only in the link behind a cell, and was taken from there.",
                if links == 1 { "An address stood".into() } else { format!("Each of {} addresses stood", grouped(links)) }
            ),
            Self::Merged(cells) => format!(
                "{} several rows; what it says was put into each of these rows.",
                if cells == 1 { "A cell spans".into() } else { format!("Each of {} cells spans", grouped(cells)) }
            ),
            Self::Errors { cells, row, column } => {
                let holds = if cells == 1 { "A cell holds an error".into() } else { format!("{} cells hold errors", grouped(cells)) };
                format!("{holds} such as #N/A in place of a value. {}", first(cells, row, column))
            }
            Self::NoValues { cells, row, column } => format!(
                "{} no stored value, and {} read as empty: open the file in Excel and save it once. {}",
                count(cells, "formula has", "formulas have"),
                if cells == 1 { "is" } else { "are" },
                first(cells, row, column)
            ),
            Self::WebPage => "The file is a web page (HTML), whatever its name says; the cells of its table were read.".into(),
            Self::ValuesOnly => "Of this kind of file only the values of cells can be seen: hidden rows and columns were read, and neither number formats, such as leading zeros, nor links behind cells. Save it as .xlsx to have it read as Excel shows it.".into(),
        }
    }
}

/// Where the first of so many cells stands.
fn first(cells: usize, row: usize, column: usize) -> String {
    let stands = if cells == 1 { "It stands" } else { "The first stands" };
    format!("{stands} in {}{}.", letters(column), row + 1)
}

/// `A` for the first column, `AA` for the 27th.
pub(super) fn letters(column: usize) -> String {
    let last = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    if column < 26 { last.into() } else { format!("{}{last}", letters(column / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let check = |column: usize, expected: &str| assert_eq!(letters(column), expected);
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (52, "BA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            check(column, expected);
        }
    }

    #[test]
    fn one_is_told_otherwise_than_many() {
        let check = |noticed: Noticed, begins: &str, ends: &str| {
            let words = noticed.words();
            assert!(words.starts_with(begins) && words.ends_with(ends), "{words}");
        };
        check(
            Noticed::Uneven { rows: 1, line: 1234 },
            "1 row has another number of cells than there are headings, which begins on line 1,234.",
            "",
        );
        check(
            Noticed::Uneven { rows: 2, line: 3 },
            "2 rows have another number of cells than there are headings, the first of which begins on line 3.",
            "",
        );
        let quotes = |quotes| Noticed::OpenQuotes { quotes, row: 2, column: 1 };
        check(quotes(1), "1 quote is never closed and was read as a sign; the line below it begins a new row.", "It stands in B3.");
        check(quotes(2), "2 quotes are never closed and were read as signs; the line below each", "The first stands in B3.");
        let swallowed = |cells| Noticed::Swallowed { cells, row: 2, column: 1 };
        check(swallowed(1), "1 cell holds whole lines with addresses", "It stands in B3. Look whether guests are missing.");
        check(swallowed(2), "2 cells hold whole lines with addresses", "The first stands in B3. Look whether guests are missing.");
        let glued = |cells| Noticed::Glued { cells, row: 2, column: 0 };
        check(glued(1), "1 cell ends with a heading such as Email", "It stands in A3. Look whether it is right.");
        check(glued(2), "2 cells end with a heading such as Email", "The first stands in A3. Look whether they are right.");
        check(Noticed::Zeros(1), "The file holds a zero byte", "anything is missing.");
        check(Noticed::Zeros(2), "The file holds 2 zero bytes", "anything is missing.");
        let hidden = |rows, columns, are_read| Noticed::Hidden { rows, columns, are_read };
        check(hidden(1, 0, false), "1 row of the sheet is hidden or filtered away. It was left out.", "");
        check(hidden(0, 1, true), "1 column of the sheet is hidden or filtered away. It was read nevertheless.", "");
        check(hidden(1, 1, false), "1 row and 1 column of the sheet are hidden or filtered away. They were left out.", "");
        check(hidden(2, 0, false), "2 rows of the sheet are hidden", "They were left out.");
        let sheets = |hidden| Noticed::Sheets { shown: 2, hidden };
        check(sheets(0), "The workbook has 2 sheets with cells. Look", "");
        check(sheets(1), "The workbook has 2 sheets with cells, and a hidden one. Look", "");
        check(sheets(3), "The workbook has 2 sheets with cells, and 3 hidden ones. Look", "");
        let hidden_sheet = |hidden| Noticed::HiddenSheet { hidden };
        check(hidden_sheet(1), "In the sheets that the workbook shows there are no cells; the rows come from one that is hidden. Look", "");
        check(hidden_sheet(2), "In the sheets", "the rows come from the first of 2 that are hidden. Look whether this is the right one.");
        check(Noticed::Links(1), "An address stood only in the link", "");
        check(Noticed::Links(2), "Each of 2 addresses stood only in the link", "");
        check(Noticed::Merged(1), "A cell spans several rows", "");
        check(Noticed::Merged(2), "Each of 2 cells spans several rows", "");
        check(Noticed::Errors { cells: 1, row: 2, column: 1 }, "A cell holds an error such as #N/A", "It stands in B3.");
        check(Noticed::Errors { cells: 2, row: 2, column: 1 }, "2 cells hold errors such as #N/A", "The first stands in B3.");
        check(Noticed::NoValues { cells: 1, row: 0, column: 0 }, "1 formula has no stored value, and is read as empty", "It stands in A1.");
        check(
            Noticed::NoValues { cells: 2, row: 0, column: 0 },
            "2 formulas have no stored value, and are read as empty",
            "The first stands in A1.",
        );
    }
}
