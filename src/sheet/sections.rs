//! Rows of a table that are no guests, or whose cells stand elsewhere than the headings say: what stands above the headings, the
//! headings themselves and those of joined files, further tables, totals.

use super::Table;
use super::matching::{Matched, matched_columns, places, places_above};
use super::notes::{first_note, table_without_addresses};
use super::tables::{TablePart, are_same, below_headings, filled, is_address, is_example, is_guest, last_filled, parts};
use super::totals::is_total;
use crate::rows::headings;
use crate::words::{count, grouped};
use std::ops::Range;

/// What rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// Above the headings, and no guests.
    Preamble,
    /// Above the headings, with addresses: the first of the joined files has no headings.
    Above,
    Headings,
    /// Rows below the headings that say more of them.
    OfHeadings,
    /// The row in which a template shows how to fill it in.
    Example,
    Guests,
    /// Headings of a file that was joined.
    Again,
    /// Another table with headings of its own.
    Other,
    /// Titles and headings of tables that have the same headings as the list, and their rows.
    Title,
    Same,
    Total,
    /// Below the guests, and no guests.
    Note,
}

impl SectionKind {
    /// Kinds of which a person may say that they are read or left out, by a name and a sentence.
    pub const CHOICES: [(Self, &'static str, &'static str); 6] = [
        (Self::Above, "rows-above", "Rows with addresses above the headings"),
        (Self::OfHeadings, "of-headings", "Rows that belong to the headings"),
        (Self::Example, "example", "The example of a template"),
        (Self::Same, "same-headings", "Further tables with the same headings"),
        (Self::Total, "totals", "Rows that look like totals"),
        (Self::Note, "notes", "Notes below the guests"),
    ];
}

/// Tables that are named in a sentence.
const NAMED: usize = 4;

/// Rows of one kind that stand below each other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stretch {
    rows: Range<usize>,
    kind: SectionKind,
    is_read: bool,
    /// The row with the headings of these rows.
    header: Option<usize>,
    /// Where each column stands, if not in its own place; nowhere when these rows have none of it.
    places: Vec<Option<usize>>,
}

/// All rows of a table, rising.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sections {
    stretches: Vec<Stretch>,
    /// The number of the first row in its sheet.
    first: usize,
    /// Rows with something in them that are left out above the headings.
    preamble: usize,
    /// Notes below the guests.
    notes: usize,
    /// What stands above the headings has addresses, whether they are guests or not.
    has_addresses_above: bool,
    /// What the other tables are called.
    others: Vec<String>,
    /// Whether another table stands above.
    has_others_above: bool,
    /// Whether cells stand elsewhere than the headings say.
    is_moved: bool,
}

impl Sections {
    /// Of a table with headings in this row, or without any.
    pub fn for_table(table: &Table, header: Option<usize>) -> Self {
        let mut sections = Self { first: table.number(0), ..Self::default() };
        let Some(header) = header else {
            sections.push_guests(table, 0..table.len(), None);
            sections.notes = sections.filled(table, SectionKind::Note);
            return sections;
        };
        let parts = parts(table, Some(header));
        let own = parts.iter().position(|part| part.header == header).unwrap_or(0);
        let joined = parts[own..].iter().skip(1).take_while(|part| part.is_joined).count();
        let is_other = |place: usize| place < own || place > own + joined;
        sections.has_others_above = own > 0;
        let has_same = |part: &TablePart| are_same(table, Some(header), Some(part.header));
        let tables = parts.iter().enumerate().filter(|(place, part)| is_other(*place) && !part.is_joined && !has_same(part));
        sections.others = tables.map(|(_, part)| title_of(table, part.title)).collect();
        let first = &parts[0];
        sections.push_above(table, if own > 0 { first.title.unwrap_or(first.header) } else { first.header }, own == 0);
        for (place, part) in parts.iter().enumerate() {
            if is_other(place) && has_same(part) {
                sections.push(part.title.unwrap_or(part.header)..part.header + 1, SectionKind::Title, None);
                sections.push(part.rows.clone(), SectionKind::Same, Some(part.header));
                continue;
            }
            if is_other(place) {
                sections.push(part.title.unwrap_or(part.header)..part.rows.end, SectionKind::Other, None);
                continue;
            }
            // What the table is called.
            sections.push(part.title.filter(|_| place > 0).unwrap_or(part.header)..part.header, SectionKind::Preamble, None);
            sections.push(part.header..part.header + 1, if place == own { SectionKind::Headings } else { SectionKind::Again }, None);
            let below = below_headings(table, part.rows.start).min(part.rows.end);
            sections.push(part.rows.start..below, SectionKind::OfHeadings, Some(part.header));
            let is_example = place == own && below < part.rows.end && is_example(table, below);
            let first = below + usize::from(is_example);
            sections.push(below..first, SectionKind::Example, Some(part.header));
            let other = table_without_addresses(table, first..part.rows.end, part.header);
            let end = other.unwrap_or(part.rows.end);
            sections.push_guests(table, first..end, Some(part.header));
            sections.push(end..part.rows.end, SectionKind::Other, None);
            sections.others.extend(other.map(|title| title_of(table, Some(title))));
        }
        (sections.preamble, sections.notes) = (sections.filled(table, SectionKind::Preamble), sections.filled(table, SectionKind::Note));
        sections
    }

    /// Rows of a kind with something in them.
    fn filled(&self, table: &Table, kind: SectionKind) -> usize {
        self.by_kind(kind).flat_map(|stretch| stretch.rows.clone()).filter(|row| !table.is_blank(*row)).count()
    }

    fn push(&mut self, rows: Range<usize>, kind: SectionKind, header: Option<usize>) {
        let is_read = matches!(kind, SectionKind::Above | SectionKind::Guests);
        if !rows.is_empty() {
            self.stretches.push(Stretch { rows, kind, is_read, header, places: Vec::new() });
        }
    }

    /// The rows above the first headings. A row with an address is a guest where nothing speaks against it.
    fn push_above(&mut self, table: &Table, header: usize, is_own: bool) {
        self.has_addresses_above = (0..header).any(|row| table.row_text(row).contains('@'));
        let guests: Vec<usize> = if is_own { (0..header).filter(|row| is_guest(table, *row)).collect() } else { Vec::new() };
        // Between guests stands one without an address.
        let is_kept = |row: usize| {
            let is_between = guests.first().is_some_and(|first| *first < row) && guests.len() > 1;
            guests.binary_search(&row).is_ok() || is_between && filled(table, row).count() > 1
        };
        let mut from = 0;
        for row in 1..=header {
            if row == header || is_kept(row) != is_kept(from) {
                let (kind, header) = if is_kept(from) { (SectionKind::Above, Some(header)) } else { (SectionKind::Preamble, None) };
                self.push(from..row, kind, header);
                from = row;
            }
        }
        if says_who_made_it(table, header, &guests) {
            self.choose(SectionKind::Above, false);
        }
    }

    /// Rows below headings, of which some hold totals, and the last ones notes.
    fn push_guests(&mut self, table: &Table, rows: Range<usize>, header: Option<usize>) {
        let columns = header.map_or_else(|| table.row(rows.start).count(), |header| last_filled(table, header));
        let notes = first_note(table, rows.clone(), columns)..rows.end;
        let rows = rows.start..notes.start;
        let last = rows.clone().rev().find(|row| table.row_text(*row).contains('@')).unwrap_or(rows.start);
        let mut from = rows.start;
        for row in table.rows_without_at(rows.clone()).filter(|row| is_total(table, *row, *row > last)) {
            self.push(from..row, SectionKind::Guests, header);
            self.push(row..row + 1, SectionKind::Total, header);
            from = row + 1;
        }
        self.push(from..rows.end, SectionKind::Guests, header);
        self.push(notes, SectionKind::Note, header);
    }

    fn stretch(&self, row: usize) -> Option<&Stretch> {
        self.stretches.get(self.stretches.partition_point(|stretch| stretch.rows.end <= row))
    }

    /// What the columns are: those under the headings, and those that only joined files have.
    pub fn columns(&mut self, table: &Table, header: Option<usize>) -> Vec<Matched> {
        let is_same = |stretch: &Stretch| stretch.header == header || are_same(table, stretch.header, header);
        let same: Vec<bool> = self.stretches.iter().map(is_same).collect();
        let wider = |width: usize, row: usize| if table.cells_in(row) > width { width.max(last_filled(table, row)) } else { width };
        let own = self.stretches.iter().zip(&same).filter(|(stretch, same)| **same && stretch.kind != SectionKind::Preamble);
        let width = own.fold(0, |width, (stretch, _)| stretch.rows.clone().fold(width, wider));
        let width = header.into_iter().fold(width, wider);
        let start = header.map_or(0, |row| row + 1);
        let end = self.stretches.iter().find(|stretch| {
            stretch.rows.start >= start && matches!(stretch.kind, SectionKind::Again | SectionKind::Other | SectionKind::Title)
        });
        let rows = start..end.map_or(table.len(), |stretch| stretch.rows.start);
        let mut columns = matched_columns(table, header, width, rows);
        let mut done: Vec<(usize, Vec<Option<usize>>)> = Vec::new();
        for (stretch, is_same) in self.stretches.iter_mut().zip(same) {
            if stretch.kind == SectionKind::Above {
                stretch.places = places_above(table, stretch.rows.clone(), &columns);
            }
            let Some(row) = stretch.header.filter(|_| !is_same) else { continue };
            let known = done.iter().find(|(header, _)| *header == row).map(|(_, places)| places.clone());
            stretch.places = known
                .unwrap_or_else(|| places(&mut columns, matched_columns(table, Some(row), last_filled(table, row), stretch.rows.clone())));
            done.push((row, stretch.places.clone()));
        }
        self.is_moved = self.stretches.iter().any(|stretch| !stretch.places.is_empty());
        columns
    }

    /// Whether a row is no guest.
    pub fn leaves_out(&self, row: usize) -> bool {
        self.stretch(row).is_none_or(|stretch| !stretch.is_read)
    }

    /// Whether cells stand elsewhere than the headings say.
    pub const fn is_moved(&self) -> bool {
        self.is_moved
    }

    /// Where a column stands in this row, if the row has it.
    pub fn place(&self, row: usize, column: usize) -> Option<usize> {
        if !self.is_moved {
            return Some(column);
        }
        match self.stretch(row) {
            Some(stretch) if !stretch.places.is_empty() => stretch.places.get(column).copied().flatten(),
            _ => Some(column),
        }
    }

    /// Whether nobody has to look at what is left out or read otherwise.
    pub fn is_plain(&self) -> bool {
        !self.has_addresses_above
            && self
                .stretches
                .iter()
                .all(|stretch| matches!(stretch.kind, SectionKind::Preamble | SectionKind::Headings | SectionKind::Guests))
    }

    /// Kinds of rows of which a person may choose whether they are read, and whether they are.
    pub fn choices(&self) -> Vec<(SectionKind, bool)> {
        let is_read = |kind| self.by_kind(kind).next().map(|stretch| (kind, stretch.is_read));
        SectionKind::CHOICES.into_iter().filter_map(|(kind, ..)| is_read(kind)).collect()
    }

    pub fn choose(&mut self, kind: SectionKind, is_read: bool) {
        self.stretches.iter_mut().filter(|stretch| stretch.kind == kind).for_each(|stretch| stretch.is_read = is_read);
    }

    /// Rows with more cells than there are headings above them, and those with fewer whose address stands elsewhere than in this
    /// column: how many, and the first. Empty cells at the end of a row are left out by many programs, by Excel for sixteen rows
    /// at once (Microsoft's knowledge base, article 77295).
    pub fn uneven(&self, table: &Table, email: Option<usize>) -> Option<(usize, usize)> {
        let first = (0..table.len()).find(|row| !self.leaves_out(*row) && !table.is_blank(*row))?;
        let mut uneven = (0, 0);
        for stretch in self.stretches.iter().filter(|stretch| stretch.is_read) {
            let expected = stretch.header.map_or_else(|| table.row(first).count(), |header| last_filled(table, header));
            let is_uneven = |row: &usize| {
                let cells = table.row(*row).count();
                let is_short = || !email.and_then(|email| self.place(*row, email)).is_some_and(|place| is_address(table.cell(*row, place)));
                !table.is_blank(*row) && (cells < expected && is_short() || cells > expected && last_filled(table, *row) > expected)
            };
            for row in stretch.rows.clone().filter(is_uneven) {
                uneven = (uneven.0 + 1, if uneven.0 == 0 { row } else { uneven.1 });
            }
        }
        (uneven.0 > 0).then_some(uneven)
    }

    fn by_kind(&self, kind: SectionKind) -> impl Iterator<Item = &Stretch> {
        self.stretches.iter().filter(move |stretch| stretch.kind == kind)
    }

    /// The number of a row in its sheet, in words.
    fn number(&self, row: usize) -> String {
        grouped(self.first + row)
    }

    /// What stands above the guests, in sentences.
    pub fn words_above(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.preamble > 0 {
            words.push(format!("Above the headings {} left out.", count(self.preamble, "row is", "rows are")));
        }
        let rows = |kind| self.by_kind(kind).map(|stretch| stretch.rows.len()).sum::<usize>();
        if let Some(above) = self.by_kind(SectionKind::Above).next() {
            let guests = if above.is_read { "they are read as guests, too" } else { "they are left out" };
            words.push(format!(
                "Above the headings {} addresses, as where files were joined; {guests}.",
                count(rows(SectionKind::Above), "row has", "rows have")
            ));
        }
        if let Some(first) = self.by_kind(SectionKind::OfHeadings).next() {
            let (belongs, is) = if first.rows.len() == 1 { ("belongs", "is") } else { ("and those below it belong", "are") };
            let end = if first.is_read { "read nevertheless" } else { "left out" };
            words.push(format!("Row {} {belongs} to the headings and {is} {end}.", self.number(first.rows.start)));
        }
        if let Some(example) = self.by_kind(SectionKind::Example).next() {
            let end = if example.is_read { "read nevertheless" } else { "left out" };
            words.push(format!("Row {} is the example of a template and {end}.", self.number(example.rows.start)));
        }
        words
    }

    /// What stands between and below the guests, in sentences.
    pub fn words_below(&self) -> Vec<String> {
        let mut words = Vec::new();
        let again: Vec<&Stretch> = self.by_kind(SectionKind::Again).collect();
        if !again.is_empty() {
            let rows: Vec<String> = again.iter().take(3).map(|stretch| self.number(stretch.rows.start)).collect();
            let more = if again.len() > rows.len() { " and others" } else { "" };
            let once_more = if again.len() == 1 { "The headings stand once more in row" } else { "The headings stand again in rows" };
            let is_otherwise = self.by_kind(SectionKind::Guests).any(|stretch| !stretch.places.is_empty());
            let otherwise = if is_otherwise { ", in another order or other words, which is followed" } else { "" };
            words.push(format!("{once_more} {}{more}{otherwise}; they are left out.", rows.join(", ")));
        }
        let rows: usize = self.by_kind(SectionKind::Other).map(|stretch| stretch.rows.len()).sum();
        let left_out = count(rows, "row is", "rows are");
        match self.others.as_slice() {
            _ if rows == 0 => {}
            [name] if !self.has_others_above => {
                let name = if name.is_empty() { String::new() } else { format!(" (“{name}”)") };
                words.push(format!("Below follows another table{name}; its {left_out} left out."));
            }
            names => {
                let names: Vec<String> = names.iter().filter(|name| !name.is_empty()).take(NAMED).map(|name| format!("“{name}”")).collect();
                let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
                words.push(format!(
                    "There are other tables{names}; their {left_out} left out. Choose the headings of another one to read it instead."
                ));
            }
        }
        if let Some(same) = self.by_kind(SectionKind::Same).next() {
            let rows = count(self.by_kind(SectionKind::Same).map(|stretch| stretch.rows.len()).sum(), "row is", "rows are");
            let end = if same.is_read { "read, too" } else { "left out" };
            words.push(format!("There are further tables with the same headings; their {rows} {end}."));
        }
        if let Some(total) = self.by_kind(SectionKind::Total).next() {
            let rows = self.by_kind(SectionKind::Total).count();
            let looks = if rows == 1 {
                format!("Row {} looks like a total and is", self.number(total.rows.start))
            } else {
                format!("{} rows look like totals and are", grouped(rows))
            };
            words.push(format!("{looks} {}.", if total.is_read { "read nevertheless" } else { "left out" }));
        }
        if let Some(note) = self.by_kind(SectionKind::Note).next() {
            let (looks, is) =
                (count(self.notes, "row looks like a note and", "rows look like notes and"), if self.notes == 1 { "is" } else { "are" });
            words.push(format!("Below the guests {looks} {is} {}.", if note.is_read { "read nevertheless" } else { "left out" }));
        }
        words
    }
}

/// Whether rows with addresses above the headings are labels and what they say, such as `Organizer` and an address, rather than guests
/// of a list that was joined: they are few, and shorter than the headings, among others of their kind, or called so by their label.
fn says_who_made_it(table: &Table, header: usize, rows: &[usize]) -> bool {
    const FEW: usize = 5;
    let cells = |row: usize| filled(table, row).count();
    let is_labelled = |row: &usize| filled(table, *row).next().is_some_and(headings::is_label);
    let is_pair = |row: &usize| cells(*row) == 2 && filled(table, *row).nth(1).is_some_and(is_address);
    let is_short = |row: &usize| cells(*row) < cells(header) && cells(header) > 2;
    let pairs = (0..header).filter(|row| cells(*row) == 2).count();
    !rows.is_empty()
        && rows.len() <= FEW
        && (rows.iter().all(is_labelled) || rows.iter().all(is_pair) && (rows.iter().all(is_short) || pairs >= 2 * rows.len()))
}

/// What stands in this row, where a table has a title.
fn title_of(table: &Table, title: Option<usize>) -> String {
    title.and_then(|title| filled(table, title).next()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::List;
    use crate::sheet::columns::{Layout, header_of, layout};

    fn laid_out(rows: &[&[&str]]) -> (Table, Layout) {
        let table = Table::from_cells(rows);
        let layout = layout(&table, header_of(&table));
        (table, layout)
    }

    /// The cells of these columns on the list.
    #[track_caller]
    fn check(rows: &[&[&str]], columns: &[&str], expected: &[&[&str]]) -> Layout {
        let (table, layout) = laid_out(rows);
        let mut list = List::default();
        layout.add(table, &mut list, str::to_owned);
        let found: Vec<Vec<String>> =
            (0..list.len()).map(|row| columns.iter().map(|name| list.row(row).cell(name).trim().to_owned()).collect()).collect();
        assert_eq!(found, expected);
        assert!(!layout.is_certain(), "somebody has to look");
        layout
    }

    #[test]
    fn blocks_with_titles_can_be_read_together() {
        let (table, mut layout) = laid_out(&[
            &["Sales"],
            &["Name", "Email"],
            &["A", "a@x.example"],
            &["B", "b@x.example"],
            &["Purchasing"],
            &["Name", "Email"],
            &["C", "c@x.example"],
        ]);
        assert_eq!((layout.rows(&table), layout.is_certain()), (2, false));
        assert_eq!(
            layout.told(),
            ["Above the headings 1 row is left out.", "There are further tables with the same headings; their 1 row is left out."]
        );
        assert_eq!(layout.choices(), [(SectionKind::Same, false)]);
        layout.choose_rows(SectionKind::Same, true);
        assert_eq!(layout.rows(&table), 3);
    }

    #[test]
    fn what_belongs_to_the_headings_and_tables_without_addresses_are_told() {
        let found = check(
            &[
                &["Email", "User Name", "Join Time"],
                &["---", "---", "---"],
                &["a@x.example", "A", "9:00"],
                &["b@x.example", "B", "9:01"],
                &["Other Attended", "", ""],
                &["User Name", "Join Time", "Country"],
                &["14155550100", "9:01", "US"],
            ],
            &["email"],
            &[&["a@x.example"], &["b@x.example"]],
        );
        assert_eq!(
            found.told(),
            ["Row 2 belongs to the headings and is left out.", "Below follows another table (“Other Attended”); its 3 rows are left out."]
        );
        assert_eq!(found.choices(), [(SectionKind::OfHeadings, false)]);
    }

    #[test]
    fn a_title_above_the_list_makes_no_column() {
        let (_, layout) = laid_out(&[
            &["Host Details"],
            &["Name", "Email"],
            &["Mia", "mia@x.example"],
            &["Attendee Details"],
            &["Email", "First Name", "Last Name"],
            &["a@x.example", "A", "A"],
            &["b@x.example", "B", "B"],
        ]);
        let headings: Vec<&str> = layout.columns.iter().map(|matched| matched.heading.as_str()).collect();
        assert_eq!(headings, ["Email", "First Name", "Last Name"]);
    }

    #[test]
    fn guests_above_the_headings_of_a_joined_file_are_kept() {
        let joined: &[&[&str]] = &[
            &["List of the fair"],
            &["a@x.example", "A"],
            &["", "Nobody", "x"],
            &["b@x.example", "B"],
            &["Email", "Name"],
            &["c@x.example", "C"],
        ];
        let expected: &[&[&str]] = &[&["a@x.example", "A"], &["", "Nobody"], &["b@x.example", "B"], &["c@x.example", "C"]];
        let found = check(joined, &["email", "displayName"], expected);
        assert_eq!(
            found.told(),
            [
                "Above the headings 1 row is left out.",
                "Above the headings 3 rows have addresses, as where files were joined; they are read as guests, too."
            ]
        );
        // Addresses stand elsewhere above.
        check(
            &[&["A", "a@x.example"], &["Email", "Name"], &["c@x.example", "C"]],
            &["email", "displayName"],
            &[&["a@x.example", "A"], &["c@x.example", "C"]],
        );
        // Who made the file is no guest, and still somebody looks.
        let made =
            check(&[&["Made by:", "admin@contoso.example"], &["Email", "Name"], &["c@x.example", "C"]], &["email"], &[&["c@x.example"]]);
        assert_eq!(made.told(), ["Above the headings 1 row is left out."]);
    }

    #[test]
    fn what_is_above_can_be_left_out_nevertheless() {
        let (table, mut layout) = laid_out(&[&["a@x.example", "A"], &["Email", "Name"], &["c@x.example", "C"], &["Total", "1"]]);
        assert_eq!((layout.rows(&table), layout.choices()), (2, vec![(SectionKind::Above, true), (SectionKind::Total, false)]));
        layout.choose_rows(SectionKind::Above, false);
        layout.choose_rows(SectionKind::Total, true);
        assert_eq!(layout.rows(&table), 2);
        assert_eq!(layout.told()[0], "Above the headings 1 row has addresses, as where files were joined; they are left out.");
    }

    #[test]
    fn headings_of_joined_files_are_left_out_and_their_order_is_followed() {
        let columns = ["email", "displayName"];
        let joined: &[&[&str]] =
            &[&["Email", "Name"], &["a@x.example", "A"], &["\u{feff}name", "Email "], &["B", "b@x.example"], &["C", ""]];
        let found = check(joined, &columns, &[&["a@x.example", "A"], &["b@x.example", "B"], &["", "C"]]);
        assert_eq!(
            found.told(),
            ["The headings stand once more in row 3, in another order or other words, which is followed; they are left out."]
        );
        let same: &[&[&str]] = &[&["Email", "Name"], &["a@x.example", "A"], &["Email", "Name", ""], &["b@x.example", "B"]];
        let found = check(same, &columns, &[&["a@x.example", "A"], &["b@x.example", "B"]]);
        assert_eq!(found.told(), ["The headings stand once more in row 3; they are left out."]);
    }

    #[test]
    fn headings_of_joined_files_are_matched_by_what_they_mean() {
        let joined: &[&[&str]] = &[
            &["Email", "Name", "Company"],
            &["a@x.example", "A", "X"],
            &["Vorname", "Nachname", "E-Mail", "Firma", "Tisch"],
            &["B", "C", "b@y.example", "Y", "7"],
            &["E-mail", "Company"],
            &["d@z.example", "Z"],
        ];
        let columns = ["email", "displayName", "firstName", "lastName", "company", "tisch"];
        let expected: &[&[&str]] =
            &[&["a@x.example", "A", "", "", "X", ""], &["b@y.example", "", "B", "C", "Y", "7"], &["d@z.example", "", "", "", "Z", ""]];
        check(joined, &columns, expected);
        // A name beside a first name is the other half.
        check(
            &[&["Name", "Email"], &["Ada L", "a@x.example"], &["Name", "Vorname", "Email"], &["Noether", "Emmy", "b@x.example"]],
            &["email", "displayName", "firstName", "lastName"],
            &[&["a@x.example", "Ada L", "", ""], &["b@x.example", "", "Emmy", "Noether"]],
        );
    }

    #[test]
    fn further_tables_are_left_out_with_their_titles() {
        let all: &[&[&str]] = &[
            &["Name", "Email", "Role"],
            &["A", "a@x.example", "Guest"],
            &["B", "", "Guest"],
            &["3. Activities"],
            &["Name", "Joined", "Email"],
            &["A", "9:00", "a@x.example"],
        ];
        let found = check(all, &["email", "displayName"], &[&["a@x.example", "A"], &["", "B"]]);
        assert_eq!(found.told(), ["Below follows another table (“3. Activities”); its 3 rows are left out."]);
    }

    #[test]
    fn of_several_tables_the_others_are_told() {
        let all: &[&[&str]] = &[
            &["Host Details"],
            &["User Name", "Email"],
            &["M", "m@contoso.example"],
            &["Attendee Details"],
            &["User Name", "Email", "Joined"],
            &["A", "a@x.example", "9:00"],
            &["B", "b@x.example", "9:00"],
            &["Others"],
            &["User Name", "Email"],
            &["C", "c@x.example"],
        ];
        let found = check(all, &["email"], &[&["a@x.example"], &["b@x.example"]]);
        let other = "There are other tables (“Host Details”, “Others”); their 6 rows are left out. Choose the headings of another one to read it instead.";
        assert_eq!(found.told(), ["Above the headings 1 row is left out.", other]);
    }

    #[test]
    fn totals_are_left_out_and_told() {
        let all: &[&[&str]] =
            &[&["Name", "Email"], &["A", "a@x.example"], &["Sum", ""], &["B", "b@x.example"], &["Summe", "2"], &["Stand: heute", ""]];
        let found = check(all, &["email", "displayName"], &[&["a@x.example", "A"], &["", "Sum"], &["b@x.example", "B"]]);
        assert_eq!(
            found.told(),
            ["Row 5 looks like a total and is left out.", "Below the guests 1 row looks like a note and is left out."]
        );
    }

    #[test]
    fn notes_below_a_report_are_left_out_and_told() {
        let all: &[&[&str]] = &[
            &["First Name", "Last Name", "Email"],
            &["Ada", "A", "a@x.example"],
            &["Bob", "B", ""],
            &["Adatum report"],
            &["Copyright (c) 2000-2025 salesforce.com, inc. All rights reserved."],
            &["Confidential Information - Do Not Distribute"],
            &["Generated By: Mia Admin"],
            &["Adatum"],
        ];
        let mut found = check(all, &["email", "firstName"], &[&["a@x.example", "Ada"], &["", "Bob"]]);
        assert_eq!(found.told(), ["Below the guests 5 rows look like notes and are left out."]);
        assert_eq!(found.choices(), [(SectionKind::Note, false)]);
        found.choose_rows(SectionKind::Note, true);
        assert_eq!(found.rows(&Table::from_cells(all)), 7);
    }

    #[test]
    fn who_made_a_list_is_no_guest_of_it() {
        let guest: &[&str] = &["A", "a@x.example", "X"];
        let told = "Above the headings 1 row has addresses, as where files were joined; they are left out.";
        for above in [
            &[&["Organizer", "mia@adatum.example"][..]][..],
            &[&["Organizer", "Mia Admin", "mia@adatum.example"]],
            &[&["Meeting", "Kick-off"], &["Trainer", "mia@adatum.example"], &["Start", "26.11.2026"]],
        ] {
            for headings in [&["Name", "Email", "Company"][..], &["Name", "Email"]] {
                let all: Vec<&[&str]> = above.iter().copied().chain([headings, &guest[..headings.len()]]).collect();
                let found = check(&all, &["email"], &[&["a@x.example"]]);
                assert!(found.told().contains(&told.to_owned()), "{:?}", found.told());
                assert_eq!(found.choices(), [(SectionKind::Above, false)]);
            }
        }
        // Guests of a file that was joined.
        let above: &[&[&str]] = &[&["Bill", "bill@x.example"], &["Dan", "dan@x.example"], &["Name", "Email"], &["A", "a@x.example"]];
        check(above, &["email"], &[&["bill@x.example"], &["dan@x.example"], &["a@x.example"]]);
    }

    #[test]
    fn a_table_without_any_of_it_is_certain() {
        let (table, layout) = laid_out(&[&["Name", "Email", ""], &["A", "a@x.example"], &["B", "", ""], &["", ""]]);
        assert_eq!((layout.rows(&table), layout.columns.len(), layout.is_certain()), (2, 2, true));
        // A word of guests is no heading.
        let (table, layout) = laid_out(&[
            &["Name", "Email", "Contact by"],
            &["A", "a@x.example", "E-mail"],
            &["B", "", "E-mail"],
            &["C", "c@x.example", "Phone"],
        ]);
        assert_eq!((layout.rows(&table), layout.is_certain()), (3, true));
        let (table, layout) = laid_out(&[
            &["Name", "Email", "Preferred contact"],
            &["A", "a@x.example", "Phone"],
            &["B", "", "Mail"],
            &["C", "c@x.example", "Email"],
        ]);
        assert_eq!((layout.rows(&table), layout.is_certain()), (3, true));
        // Somebody without an address above the headings of the next file is no title of another table.
        let (table, layout) = laid_out(&[&["Name", "Email"], &["A", "a@x.example"], &["B", ""], &["Name", "Email"], &["C", "c@x.example"]]);
        assert_eq!(layout.rows(&table), 3);
        let (_, layout) = laid_out(&[&["version:v1.0"], &["Name", "Email"], &["A", "a@x.example"]]);
        assert!(layout.is_certain());
        assert_eq!(layout.summary(), "2 columns, all known. Above the headings 1 row is left out.");
    }

    #[test]
    fn who_made_a_list_is_told_from_guests_of_a_joined_file() {
        let check = |rows: &[&[&str]], expected: bool| {
            let table = Table::from_cells(rows);
            let header = rows.len() - 1;
            let guests: Vec<usize> = (0..header).filter(|row| is_guest(&table, *row)).collect();
            assert_eq!(says_who_made_it(&table, header, &guests), expected, "{rows:?}");
        };
        let (two, three): (&[&str], &[&str]) = (&["Name", "Email"], &["Name", "Email", "Company"]);
        let (ada, bob, plain): (&[&str], &[&str], &[&str]) = (&["Ada", "a@x.example"], &["Bob", "b@x.example"], &["Start", "9:00"]);
        check(&[ada, three], true);
        check(&[ada, bob, three], true);
        check(&[ada, two], false);
        check(&[ada, plain, two], true);
        check(&[ada, bob, plain, two], false);
        check(&[ada, bob, plain, plain, two], true);
        check(&[&["Ada", "a@x.example", "X"], three], false);
        check(&[ada, &["Bob", "b@x.example", "X"], three], false);
        check(&[&["a@x.example", "Ada"], three], false);
        check(&[&["a@x.example"], three], false);
        check(&[ada, bob, ada, bob, ada, three], true);
        check(&[ada, bob, ada, bob, ada, bob, three], false);
        check(&[plain, three], false);
    }

    #[test]
    fn rows_with_more_or_fewer_cells_than_headings_are_counted() {
        let check = |rows: &[&[&str]], expected: Option<(usize, usize)>| {
            let (table, layout) = laid_out(rows);
            assert_eq!(layout.uneven(&table), expected, "{rows:?}");
        };
        let (headings, guest): (&[&str], &[&str]) = (&["Name", "Email", "Town"], &["Ada", "a@x.example", "Bonn"]);
        check(&[headings, guest], None);
        check(&[headings, guest, &["Bob", "b@x.example"]], None);
        check(&[headings, guest, &["Bob", "b@x.example", "Ulm", ""]], None);
        check(&[headings, guest, &["Bob", "b@x.example", "Ulm", "x"]], Some((1, 2)));
        check(&[headings, guest, &["Bob", ""], &["Bob", "", "Ulm"]], Some((1, 2)));
        check(&[headings, guest, &["b@x.example", "Bob"], &[""], &["Bob"]], Some((2, 2)));
        check(&[headings, &["", " "], guest], None);
        // Without headings the first row says how many there are.
        check(&[&[""], &["a@x.example", "Ada"], &["b@x.example", "Bob", "x"], &["c@x.example"]], Some((1, 2)));
    }

    #[test]
    fn other_tables_are_named_where_they_have_a_title() {
        let check = |rows: &[&[&str]], expected: &str| {
            let (_, layout) = laid_out(rows);
            assert!(layout.told().contains(&expected.to_owned()), "{:?}", layout.told());
        };
        let other: &[&[&str]] = &[&["Meeting ID", "Topic", "User Email", "Duration"], &["1", "Kick-off", "mia@x.example", "60"]];
        let list: &[&[&str]] = &[&["Name", "Email", "Join Time"], &["Ada", "a@x.example", "9:00"], &["Bob", "b@x.example", "9:00"]];
        let title: &[&[&str]] = &[&["Hosts"]];
        let choose = "Choose the headings of another one to read it instead.";
        check(&[list, title, other].concat(), "Below follows another table (“Hosts”); its 3 rows are left out.");
        check(&[title, other, list].concat(), &format!("There are other tables (“Hosts”); their 3 rows are left out. {choose}"));
        check(&[other, list].concat(), &format!("There are other tables; their 2 rows are left out. {choose}"));
        check(
            &[title, other, &[&["Guests"]], list].concat(),
            &format!("There are other tables (“Hosts”); their 3 rows are left out. {choose}"),
        );
    }

    #[test]
    fn totals_stand_between_guests_and_below_them() {
        let check = |rows: &[&[&str]], guests: usize, expected: &[&str]| {
            let (table, layout) = laid_out(rows);
            assert_eq!(
                (layout.rows(&table), layout.told()),
                (guests, expected.iter().map(|told| (*told).to_owned()).collect()),
                "{rows:?}"
            );
        };
        let (headings, guest): (&[&str], &[&str]) = (&["Name", "Email", "Seats"], &["Ada", "a@x.example", "2"]);
        check(&[headings, guest, &["Total"]], 1, &["Row 3 looks like a total and is left out."]);
        check(&[headings, guest, &["Total"], guest], 3, &[]);
        check(&[headings, guest, &["Total", "", "2"], guest], 2, &["Row 3 looks like a total and is left out."]);
        check(&[headings, guest, &["Total", "", "2"], guest, &["Sum", "", "4"]], 2, &["2 rows look like totals and are left out."]);
        check(&[headings, &["Total", "", "2"]], 0, &["Row 2 looks like a total and is left out."]);
    }

    #[test]
    fn headings_that_stand_again_are_named_up_to_three() {
        let check = |times: usize, expected: &str| {
            let (headings, guest): (&[&str], &[&str]) = (&["Name", "Email"], &["Ada", "a@x.example"]);
            let rows: Vec<&[&str]> = (0..=times).flat_map(|_| [headings, guest]).collect();
            assert_eq!(laid_out(&rows).1.told(), [expected]);
        };
        check(1, "The headings stand once more in row 3; they are left out.");
        check(2, "The headings stand again in rows 3, 5; they are left out.");
        check(3, "The headings stand again in rows 3, 5, 7; they are left out.");
        check(4, "The headings stand again in rows 3, 5, 7 and others; they are left out.");
    }

    #[test]
    fn a_column_is_as_wide_as_the_guests_and_no_wider() {
        let check = |rows: &[&[&str]], expected: usize| {
            let table = Table::from_cells(rows);
            let mut sections = Sections::for_table(&table, header_of(&table));
            let width = sections.columns(&table, header_of(&table)).len();
            assert_eq!((width, sections.is_moved()), (expected, false), "{table:?}");
        };
        let (headings, guest): (&[&str], &[&str]) = (&["Name", "Email"], &["Ada", "a@x.example"]);
        check(&[headings, guest], 2);
        check(&[headings, guest, &["Bob", "b@x.example", "x", ""]], 3);
        check(&[&["", "", "", "A far title"], headings, guest], 2);
        check(&[headings, guest, headings, &["Bob", "b@x.example", "", "y"]], 4);
    }
}
