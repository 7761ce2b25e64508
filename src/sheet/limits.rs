//! How much is read of a file, and why one cannot be read.

use super::noticed::letters;
use crate::words::grouped;
use std::fmt;

/// More bytes are refused. Said up front.
pub const MOST_BYTES: usize = 50_000_000;
/// More rows are refused. Said up front.
pub const MOST_ROWS: usize = 100_000;
/// More cells are refused: rows times columns of the widest row, because a list keeps a place for each.
pub const MOST_CELLS: usize = 10_000_000;
/// Columns of a table, up to the last that holds something. Of each its meaning is asked, on one page; lists have some dozens.
pub const MOST_COLUMNS: usize = 500;
/// More bytes in the cells of one sheet are refused.
pub const MOST_TEXT: usize = 200_000_000;
/// Characters of a cell of a workbook: "Total number of characters that a cell can contain".
/// <https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3>
pub const MOST_CELL: usize = 32_767;
/// More sheets in a workbook are refused.
pub const MOST_SHEETS: usize = 1000;

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadableFile {
    TooManyBytes(usize),
    TooManyRows,
    /// More than [`MOST_CELLS`].
    TooManyCells {
        rows: usize,
        columns: usize,
    },
    /// Something stands beyond [`MOST_COLUMNS`].
    FarCell(FarCell),
    /// More than [`MOST_TEXT`].
    TooMuchText,
    /// A cell has more than [`MOST_CELL`] characters.
    LongCell,
    TooManySheets,
    /// Files in the archive that a workbook is.
    TooManyFiles,
    /// A part of the archive, or all together, unpack to more than so many bytes.
    Unpacked {
        part: Option<String>,
        most: u64,
    },
    /// A part of the archive has more than fits a cell in one tag, comment or run of blanks.
    LongMarkup {
        part: String,
    },
    /// A part of the archive has too many elements.
    TooManyParts {
        part: String,
    },
    /// A password or a sensitivity label keeps it from being read.
    Locked,
    /// It is a file of another kind.
    Other(OtherKind),
    /// It is no whole file of its kind; what its reader says of it.
    Damaged(String),
    NoSheet,
}

/// A cell that stands beyond [`MOST_COLUMNS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FarCell {
    /// In the sheet, from 0. A text's rows are no lines that somebody could count.
    pub row: Option<usize>,
    /// In the sheet or the text, from 0.
    pub column: usize,
    /// How its text begins.
    pub text: String,
}

impl FarCell {
    pub fn new(row: Option<usize>, column: usize, text: &str) -> Self {
        const SHOWN: usize = 40;
        Self { row, column, text: text.trim().chars().take(SHOWN).collect() }
    }

    fn words(&self) -> String {
        let column = letters(self.column);
        let place = self.row.map_or_else(|| format!("column {column}"), |row| format!("cell {column}{}", row + 1));
        format!(
            "“{}” stands in {place}, the table's column number {}; up to {MOST_COLUMNS} columns can be read. Delete what stands far from the list, or copy the columns of the list into a new file.",
            self.text,
            grouped(self.column + 1)
        )
    }
}

/// Kinds of files that are chosen for lists and are none that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherKind {
    /// HTML without a table, whatever the file is called.
    WebPage,
    Numbers,
    Pages,
    Keynote,
    Pdf,
    Word,
    /// An archive that holds other files.
    Archive,
    Picture,
    /// A mail that Outlook saved, or something else in its container.
    Outlook,
    VCard,
    Json,
    /// An export of a directory.
    Ldif,
}

impl OtherKind {
    const fn words(self) -> &'static str {
        match self {
            Self::WebPage => {
                "This is a web page (HTML) without a table of cells, whatever its name says. Open it in Excel and save it as .xlsx, or copy the cells and paste them here."
            }
            Self::Numbers => {
                "This is a spreadsheet of Apple Numbers. In Numbers choose File, Export To, Excel or CSV, or copy the cells and paste them here."
            }
            Self::Pages => "This is a text of Apple Pages, not a list. Copy the addresses and paste them here.",
            Self::Keynote => "This is a presentation of Apple Keynote, not a list. Copy the addresses and paste them here.",
            Self::Pdf => {
                "This is a PDF, which holds pages and no cells. Ask for the list as .xlsx or .csv, or copy the addresses and paste them here."
            }
            Self::Word => "This is a text of Word, not a list. Copy its table and paste it here.",
            Self::Archive => "This is a ZIP archive, not a list. Unpack it and choose the list in it.",
            Self::Picture => "This is a picture, which holds no cells. Ask for the list as .xlsx or .csv.",
            Self::Outlook => {
                "This is no workbook, but another file of Office, a mail perhaps. Save the list as .xlsx or .csv, or copy the cells and paste them here."
            }
            Self::VCard => {
                "These are contacts as a vCard (.vcf), not a table. Export them as CSV: Outlook, Google Contacts and most address books can. Or copy the addresses and paste them here."
            }
            Self::Json => {
                "This is JSON, not a table. Save the list as .csv: in PowerShell by ConvertFrom-Json and Export-Csv, in Excel by Data, Get Data, From JSON."
            }
            Self::Ldif => {
                "This is a directory export (LDIF), not a table. Export the people as CSV, by csvde or PowerShell's Export-Csv, or copy the addresses and paste them here."
            }
        }
    }
}

impl fmt::Display for UnreadableFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words())
    }
}

impl std::error::Error for UnreadableFile {}

impl UnreadableFile {
    pub fn words(&self) -> String {
        match self {
            Self::TooManyBytes(bytes) => {
                format!("The file has {} MB; up to {} MB can be read. Split it in parts.", bytes / 1_000_000, MOST_BYTES / 1_000_000)
            }
            Self::TooManyRows => format!("The file has more than {} rows. Split it in parts.", grouped(MOST_ROWS)),
            Self::TooManyCells { rows, columns } => format!(
                "The table reaches over {} rows and {} columns; up to {} cells can be read. Delete what stands far from the list, or copy the list into a new workbook.",
                grouped(*rows),
                grouped(*columns),
                grouped(MOST_CELLS)
            ),
            Self::FarCell(cell) => cell.words(),
            Self::TooMuchText => format!("The cells hold more than {} MB of text. Split the file in parts.", MOST_TEXT / 1_000_000),
            Self::LongCell => format!(
                "A cell holds more than {} characters, which is more than Excel lets a cell have. Shorten it, or copy the list into a new workbook.",
                grouped(MOST_CELL)
            ),
            Self::TooManySheets => {
                format!("The workbook has more than {} sheets. Copy the list into a new workbook.", grouped(MOST_SHEETS))
            }
            Self::TooManyFiles => "The workbook is made of more files than can be read. Copy the list into a new workbook.".into(),
            Self::Unpacked { part, most } => format!(
                "The file is packed: {} to more than {} MB, which is more than can be read. Copy the list into a new workbook, or save it as .csv.",
                part.as_ref().map_or_else(|| "its parts together unpack".into(), |part| format!("{part} in it unpacks")),
                most / 1_000_000
            ),
            Self::LongMarkup { part } => format!(
                "{part} in the file has a tag, a comment or blanks between two tags that are longer than any spreadsheet program writes. Copy the list into a new workbook, or save it as .csv."
            ),
            Self::TooManyParts { part } => format!(
                "{part} in the file has more parts than can be read. Copy the list, without its formats, into a new workbook, or save it as .csv."
            ),
            Self::Locked => "The workbook is protected by a password or a sensitivity label, so only its own programs can open it. Open it in Excel and save a copy without protection, or copy the cells there and paste them here.".into(),
            Self::Other(kind) => kind.words().into(),
            Self::Damaged(why) => format!(
                "The file is damaged, or did not arrive whole. Get it once more, or open it in Excel, which repairs much, and save it as .xlsx or .csv. Its reader says: {why}."
            ),
            Self::NoSheet => "The workbook has no sheet with cells.".into(),
        }
    }
}
