//! Which row holds the headings, and what each column means.

pub use super::matching::{Certainty, Matched};
use super::row_addresses::RowAddresses;
pub use super::sections::SectionKind;
use super::sections::Sections;
pub use super::tables::header_choices;
use super::tables::{filled, largest};
use super::{Table, formula, matching};
use crate::rows::{Column, List, headings};
use crate::words::{count, grouped};

/// What a table's rows and columns mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The row with the headings.
    pub header: Option<usize>,
    pub columns: Vec<Matched>,
    /// Fields that no column holds, and what they are made of.
    pub derived: Vec<(Column, FieldSource)>,
    /// Which rows are guests, and where their cells stand.
    sections: Sections,
    /// In which rows another address than that of the proposed column is the guest's.
    row_addresses: RowAddresses,
}

/// What a field is made of that the file has no column for. Columns are by place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldSource {
    FirstName(usize),
    LastName(usize),
    BeforeAt(usize),
    /// The same for all rows.
    Constant(String),
}

/// What somebody chose for a file's columns, to be offered for the next file with the same headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    pub(crate) columns: Vec<Option<Column>>,
    pub(crate) derived: Vec<(Column, FieldSource)>,
}

impl FieldSource {
    /// What a row's cell becomes, of the cells as they stand in the file.
    fn value<'a>(&'a self, cell: impl Fn(usize) -> &'a str) -> &'a str {
        match self {
            Self::FirstName(place) => names(cell(*place)).0,
            Self::LastName(place) => names(cell(*place)).1,
            Self::BeforeAt(place) => cell(*place).trim().split_once('@').map_or("", |(local, _)| local),
            Self::Constant(text) => text,
        }
    }
}

/// First and last name of `Ada King Lovelace` or `King Lovelace, Ada`.
fn names(full: &str) -> (&str, &str) {
    let full = full.trim();
    match (full.split_once(','), full.split_once(' ')) {
        (Some((last, first)), _) => (first.trim(), last.trim()),
        (None, Some((first, last))) => (first.trim(), last.trim()),
        (None, None) => (full, ""),
    }
}

/// What became of a table's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub rows: usize,
    /// Rows without anything in them.
    pub blank: usize,
    /// Headings, what stands above them, and whatever else was told to be left out.
    pub left_out: usize,
}

/// Characters of a cell by which people recognise it.
pub const SAMPLE: usize = 100;
/// Columns that are named in a sentence.
const NAMED: usize = 6;
/// Rows among which headings are looked for that name no email column.
const HEAD: usize = 60;

/// The row that seems to hold the headings: one that names an email column; of several tables, that of the largest. Else a row
/// without an @ above one with.
pub fn header_of(table: &Table) -> Option<usize> {
    largest(table).or_else(|| {
        let first = (0..table.len().min(HEAD)).find(|row| table.row_text(*row).contains('@'))?;
        // What stands alone in its row is a title, unless the list has one column.
        (0..first).find(|row| filled(table, *row).count() > 1).or_else(|| (0..first).find(|row| !table.is_blank(*row)))
    })
}

/// The layout with headings in this row, or without any.
pub fn layout(table: &Table, header: Option<usize>) -> Layout {
    let mut sections = Sections::for_table(table, header);
    let columns = sections.columns(table, header);
    let mut layout = Layout { header, columns, derived: Vec::new(), sections, row_addresses: RowAddresses::default() };
    layout.row_addresses = RowAddresses::find(&layout.columns, layout.guests(table), |row, column| layout.cell(table, row, column));
    layout
}

impl Layout {
    /// Whether every field was matched by a known spelling, so that nobody has to look.
    pub fn is_certain(&self) -> bool {
        let is_empty_or_right = |matched: &Matched| matched.samples.is_empty() || matched.samples.iter().any(|sample| sample.contains('@'));
        let is_sure = |matched: &Matched| {
            matched.certainty == Certainty::Chosen || matched.certainty == Certainty::Known && is_empty_or_right(matched)
        };
        let email = self.columns.iter().any(|matched| matched.field() == Some("email") && is_sure(matched));
        email
            && self.sections.is_plain()
            && !self.has_choice()
            && self.columns.iter().all(|matched| matched.certainty != Certainty::Guessed)
    }

    /// Whether there are other columns of addresses that may be the guests', and nobody has said which it is.
    fn has_choice(&self) -> bool {
        let is_chosen = self.columns.iter().any(|matched| matched.field() == Some("email") && matched.certainty == Certainty::Chosen);
        !is_chosen && self.other_addresses().any(|(_, matched)| !headings::is_of_others(&matched.heading))
    }

    /// Further columns with addresses, by place.
    fn other_addresses(&self) -> impl Iterator<Item = (usize, &Matched)> {
        self.columns.iter().enumerate().filter(|(_, matched)| matched.field().is_none() && matched.holds_addresses())
    }

    /// What is left out of the table or read otherwise, in sentences.
    pub fn told(&self) -> Vec<String> {
        let mut told = self.sections.words_above();
        told.extend(self.addresses_words());
        if self.row_addresses.are_any(&self.columns) {
            told.extend(self.row_addresses.words(&self.columns));
        }
        told.extend(self.sections.words_below());
        told
    }

    /// Whose addresses stand beside those of the guests, in a sentence.
    fn addresses_words(&self) -> Option<String> {
        let others = self.other_addresses().take(NAMED).map(called).collect::<Vec<_>>().join(", ");
        let taken = self.columns.iter().enumerate().find(|(_, matched)| matched.field() == Some("email"));
        match taken {
            _ if others.is_empty() => None,
            Some(taken) => Some(format!("Guests get the addresses in {}. There are addresses in {others}, too.", called(taken))),
            None => Some(format!("The addresses in {others} seem to be of somebody else than the guests.")),
        }
    }

    /// What the columns are, what is left out above them, and whose addresses stand beside the guests': what is told of rows that nobody
    /// had to look at.
    pub fn summary(&self) -> String {
        let words = std::iter::once(self.columns_words()).chain(self.sections.words_above());
        words.chain(self.addresses_words()).collect::<Vec<_>>().join(" ")
    }

    /// Kinds of rows of which a person may choose whether they are read, and whether they are.
    pub fn choices(&self) -> Vec<(SectionKind, bool)> {
        self.sections.choices()
    }

    /// Says whether rows of a kind are read or left out.
    pub fn choose_rows(&mut self, kind: SectionKind, is_read: bool) {
        self.sections.choose(kind, is_read);
    }

    /// Rows whose cells may stand under wrong headings, since there are more or fewer of them: how many, and the first.
    pub fn uneven(&self, table: &Table) -> Option<(usize, usize)> {
        self.sections.uneven(table, self.columns.iter().position(|matched| matched.field() == Some("email")))
    }

    /// How many columns there are, and which of them are no known fields: `6 columns, all known.`
    pub fn columns_words(&self) -> String {
        let columns = count(self.columns.len(), "column", "columns");
        let is_further = |matched: &&Matched| {
            matched.column.is_some() && matched.field().is_none() && !(matched.heading.is_empty() && matched.samples.is_empty())
        };
        let further: Vec<&str> = self
            .columns
            .iter()
            .filter(is_further)
            .filter_map(|matched| matched.column.as_ref())
            .map(|column| column.heading.as_str())
            .collect();
        let is_known = |matched: &Matched| matched.field().is_some() && matched.certainty != Certainty::Guessed;
        if further.is_empty() {
            return if self.columns.iter().all(is_known) { format!("{columns}, all known.") } else { format!("{columns}.") };
        }
        let named: Vec<&str> = further.iter().take(NAMED).copied().collect();
        let more = if further.len() > NAMED { format!(" and {} more", grouped(further.len() - NAMED)) } else { String::new() };
        let further = count(further.len(), "further column", "further columns");
        format!("{columns}. {further}, usable in the message: {}{more}.", named.join(", "))
    }

    /// What keeps the rows from being added.
    pub fn problem(&self) -> Option<String> {
        if !self.columns.iter().any(|matched| matched.field() == Some("email")) {
            return Some("Choose the column that holds the email addresses.".into());
        }
        let derived = self.derived.iter().map(|(column, _)| column.name.as_str());
        let fields: Vec<&str> = self.columns.iter().filter_map(Matched::field).chain(derived).collect();
        let twice = fields.iter().enumerate().find(|(place, field)| fields[..*place].contains(field))?;
        Some(format!("Two columns are {}. Leave one out or keep it under its own name.", Column::from_heading(twice.1).heading))
    }

    /// Says what a column becomes: a known field, its own name, or nothing.
    pub fn choose(&mut self, place: usize, choice: Choice) {
        if place >= self.columns.len() {
            return;
        }
        self.columns[place].column = match choice {
            Choice::Field(name) => Some(Column::from_heading(name)),
            Choice::Own => Some(self.own_column(place)),
            Choice::LeftOut => None,
        };
        self.columns[place].certainty = Certainty::Chosen;
    }

    /// What a column is under its own name, or would be: never a known field nor another column, so that `{{email}}` is the guest's address
    /// alone.
    pub fn own_column(&self, place: usize) -> Column {
        let own = self.columns.get(place).filter(|matched| matched.field().is_none()).and_then(|matched| matched.column.clone());
        own.unwrap_or_else(|| matching::own_column(&self.columns, place))
    }

    /// What files with the same headings have in common; nothing without headings.
    pub fn fingerprint(&self) -> Option<String> {
        self.header?;
        let headings: Vec<String> = self.columns.iter().map(|matched| matched.heading.to_lowercase()).collect();
        Some(headings.join("\u{1f}"))
    }

    /// What somebody chose, if anything was.
    pub fn remembered(&self) -> Option<Remembered> {
        let is_chosen = |matched: &Matched| matches!(matched.certainty, Certainty::Chosen | Certainty::Guessed);
        let any = self.columns.iter().any(is_chosen) || !self.derived.is_empty();
        let columns = self.columns.iter().map(|matched| matched.column.clone()).collect();
        any.then(|| Remembered { columns, derived: self.derived.clone() })
    }

    /// Does as was chosen before. What does not fit is left alone.
    pub fn remember(&mut self, remembered: Remembered) {
        if remembered.columns.len() != self.columns.len() {
            return;
        }
        for (matched, column) in self.columns.iter_mut().zip(remembered.columns) {
            if matched.column != column || matched.certainty == Certainty::Guessed {
                matched.column = column;
                matched.certainty = Certainty::Chosen;
            }
        }
        self.derived = remembered.derived;
    }

    /// What the first row with something in it would have in a derived field.
    pub fn sample<'a>(&'a self, table: &'a Table, source: &'a FieldSource) -> &'a str {
        const ROWS: usize = 200;
        let cells = self.guests(table).take(ROWS).map(|row| source.value(|place| self.cell(table, row, place)));
        cells.filter(|cell| !cell.is_empty()).map(|cell| cell as &str).next().unwrap_or("")
    }

    /// Rows that would be added.
    pub fn rows(&self, table: &Table) -> usize {
        self.guests(table).count()
    }

    /// Whether the file is a report of this page, in which cells that could run were given an apostrophe.
    fn is_own_report(&self) -> bool {
        let has = |name: &str| self.columns.iter().any(|matched| matched.heading == name);
        ["Outcome", "Reason", "GuestId", "RequestId", "At"].into_iter().all(has)
    }

    /// Rows that are guests.
    fn guests(&self, table: &Table) -> impl Iterator<Item = usize> {
        let blank = table.blank_rows();
        (0..table.len()).filter(move |row| !self.sections.leaves_out(*row) && blank.binary_search(row).is_err())
    }

    fn cell<'a>(&self, table: &'a Table, row: usize, column: usize) -> &'a str {
        self.place(row, column).map_or("", |place| table.cell(row, place))
    }

    /// Where a column stands in this row, if the row has it.
    fn place(&self, row: usize, column: usize) -> Option<usize> {
        let is_other = self.row_addresses.are_any(&self.columns);
        self.sections.place(row, if is_other { self.row_addresses.column(row, column) } else { column })
    }

    /// Adds the table's rows to a list, which takes over the table's text. `clean` may rewrite an address, as the page does
    /// with domains beyond ASCII.
    pub fn add(&self, table: Table, list: &mut List, clean: impl Fn(&str) -> String) -> Added {
        let (rows, blank): (Vec<usize>, usize) = (self.guests(&table).collect(), table.blank_rows().len());
        let derived: Vec<Vec<String>> = self
            .derived
            .iter()
            .map(|(_, source)| rows.iter().map(|row| source.value(|place| self.cell(&table, *row, place)).to_owned()).collect())
            .collect();
        let told = Added { rows: rows.len(), blank, left_out: table.len() - blank - rows.len() };
        let kept: Vec<usize> = (0..self.columns.len()).filter(|place| self.columns[*place].column.is_some()).collect();
        let columns: Vec<Column> = self.columns.iter().filter_map(|matched| matched.column.clone()).collect();
        let before = list.len();
        let (text, cuts) = table.into_parts();
        let is_moved = self.sections.is_moved() || self.row_addresses.are_any(&self.columns);
        if is_moved {
            let span = |row: usize, column: usize| self.place(rows[row], kept[column]).map_or(0..0, |place| cuts.span(rows[row], place));
            list.adopt(text, &columns, rows.len(), span);
        } else {
            list.adopt(text, &columns, rows.len(), |row, column| cuts.span(rows[row], kept[column]));
        }
        if let Some(column) = list.column("email") {
            for place in before..list.len() {
                if !list.cell(place, column).is_ascii() {
                    let text = clean(list.cell(place, column));
                    list.set(place, column, &text);
                }
            }
        }
        if self.is_own_report() {
            restore_cells(list, before);
        }
        for ((column, _), texts) in self.derived.iter().zip(&derived) {
            list.fill(column, before, texts);
        }
        told
    }
}

/// A column in a sentence.
fn called((place, matched): (usize, &Matched)) -> String {
    if matched.heading.is_empty() { format!("column {}", place + 1) } else { format!("“{}”", matched.heading) }
}

/// Takes away the apostrophes that a report put in front of what could run.
fn restore_cells(list: &mut List, from: usize) {
    for place in from..list.len() {
        for column in 0..list.columns().len() {
            let cell = list.cell(place, column);
            if cell.contains('\'') {
                let bare = formula::restored(cell);
                list.set(place, column, &bare);
            }
        }
    }
}

/// What a person says that a column becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Field(&'static str),
    Own,
    LeftOut,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rows_work_address_goes_before_a_private_one_by_their_labels() {
        let headings = ["Name", "E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Label", "E-mail 2 - Value"];
        let rows = [
            ["A", "* Work", "a@work.example", "Home", "a@home.example"],
            ["B", "* Home", "b@home.example", "Work", "b@work.example"],
            ["C", "* Home", "c@home.example", "Work", ""],
            ["D", "* Home", "d@home.example", "Other", "d@other.example"],
            ["E", "", "e@x.example", "Work", "e@work.example"],
            ["F", "Work", "f@work.example", "", ""],
            ["G", "Work", "g@work.example", "", ""],
        ];
        let all: Vec<&[&str]> = std::iter::once(&headings).chain(&rows).map(|row| row.as_slice()).collect();
        let (table, mut layout) = (Table::from_cells(&all), super::layout(&Table::from_cells(&all), Some(0)));
        let words = "In 1 row that address is labelled as private and another as of work, which is taken instead.";
        assert!(layout.told().iter().any(|told| told == words), "{:?}", layout.told());
        let cells = |layout: &Layout| {
            let mut list = List::default();
            layout.add(table.clone(), &mut list, str::to_owned);
            ["email", "eMail1Label", "eMail2Value", "eMail2Label"]
                .map(|name| list.row(1).cell(name).to_owned())
                .into_iter()
                .chain([2, 3, 4, 0].map(|row| list.row(row).cell("email").to_owned()))
                .collect::<Vec<_>>()
        };
        let others = ["c@home.example", "d@home.example", "e@x.example", "a@work.example"];
        assert_eq!(cells(&layout), [&["b@work.example", "Work", "b@home.example", "* Home"][..], &others].concat());
        // Unless somebody said which column it is.
        layout.choose(2, Choice::Field("email"));
        assert_eq!(cells(&layout), [&["b@home.example", "* Home", "b@work.example", "Work"][..], &others].concat());
        assert!(layout.told().iter().all(|told| told != words));
    }

    #[test]
    fn a_column_that_keeps_its_name_is_never_called_as_a_field_or_another_column() {
        // As Microsoft Forms writes answers.
        let headings = ["ID", "Email", "Name", "First name of guest", "Guest's email address", "ID"];
        let table = Table::from_cells(&[&headings, &["1", "asker@x.example", "Asker", "Ada", "ada@x.example", "7"]]);
        let mut layout = super::layout(&table, Some(0));
        let own = |layout: &Layout| (0..headings.len()).map(|place| layout.own_column(place).name).collect::<Vec<_>>();
        let expected = ["id", "email2", "name3", "firstNameOfGuest", "guestSEmailAddress", "id6"];
        assert_eq!(own(&layout), expected);
        assert_eq!(names(&layout), ["id", "email2", "name3", "firstName", "email", "id6"]);
        for place in 0..headings.len() {
            layout.choose(place, Choice::Own);
        }
        assert_eq!(names(&layout), expected);
        layout.choose(1, Choice::LeftOut);
        layout.choose(1, Choice::Own);
        layout.choose(9, Choice::Own);
        assert_eq!((own(&layout), layout.problem().is_some()), (expected.map(str::to_owned).to_vec(), true));
    }

    #[test]
    fn addresses_beside_the_guests_are_told_of_rows_that_nobody_looks_at() {
        let table = Table::from_cells(&[&["Besteller E-Mail", "Gast E-Mail"], &["a@x.example", "b@x.example"]]);
        let layout = super::layout(&table, Some(0));
        assert!(layout.is_certain());
        let words = "Guests get the addresses in “Gast E-Mail”. There are addresses in “Besteller E-Mail”, too.";
        assert!(layout.summary().ends_with(words), "{}", layout.summary());
    }

    fn names(layout: &Layout) -> Vec<&str> {
        layout.columns.iter().map(|matched| matched.column.as_ref().map_or("-", |column| column.name.as_str())).collect()
    }

    #[test]
    fn headings_in_any_order_and_many_languages() {
        let check = |headings: &[&str], expected: &[&str]| {
            let table = Table::from_cells(&[headings, &["a@x.example", "b@x.example", "c", "d"]]);
            let layout = layout(&table, header_of(&table));
            assert_eq!((layout.header, names(&layout)), (Some(0), expected.to_vec()), "{headings:?}");
        };
        check(&["Nachname", "Vorname", "E-Mail-Adresse", "Abteilung"], &["lastName", "firstName", "email", "department"]);
        check(&["Prénom", "Nom de famille", "Courriel", "Société"], &["firstName", "lastName", "email", "company"]);
        check(&["Correo electrónico", "Nombre completo", "Empresa", "Puesto"], &["email", "displayName", "company", "jobTitle"]);
        check(&["Voornaam", "Achternaam", "E-mailadres", "Bedrijf"], &["firstName", "lastName", "email", "company"]);
        check(&["Nome", "Cognome", "Indirizzo email", "Azienda"], &["firstName", "lastName", "email", "company"]);
        check(&["Primeiro nome", "Sobrenome", "Endereço de email", "Idioma"], &["firstName", "lastName", "email", "language"]);
        check(&["Imię", "Nazwisko", "Adres e-mail", "Stanowisko"], &["firstName", "lastName", "email", "jobTitle"]);
        check(&["氏名", "会社名", "メールアドレス", "言語"], &["displayName", "company", "email", "language"]);
        check(&["Badge no.", "Emial", "Compny", "Table"], &["badgeNo", "email", "company", "table"]);
    }

    #[test]
    fn entras_own_template_is_read_unchanged() {
        let table = Table::from_cells(&[
            &["version:v1.0"],
            &[
                "Email address to invite [inviteeEmail] Required",
                "Redirection url [inviteRedirectURL] Required",
                "Send invitation message (true or false) [sendEmail]",
                "Customized invitation message [customizedMessageBody]",
            ],
            &["ada@fabrikam.example", "https://myapps.microsoft.com", "TRUE", "Hello"],
        ]);
        let layout = layout(&table, header_of(&table));
        assert_eq!((layout.header, names(&layout)[0], names(&layout)[1], names(&layout)[3]), (Some(1), "email", "redirectUrl", "message"));
        let mut list = List::default();
        assert_eq!(layout.add(table.clone(), &mut list, str::to_owned), Added { rows: 1, blank: 0, left_out: 2 });
        assert_eq!(list.row(0).cell("message"), "Hello");
    }

    #[test]
    fn the_example_of_a_template_is_no_guest() {
        let rows = Table::from_cells(&[
            &["version:v1.0"],
            &["Email address to invite [inviteeEmail] Required", "Redirection url [inviteRedirectURL] Required"],
            &["Example: johnsmith@contoso.example", "https://myapps.microsoft.com"],
            &["ada@fabrikam.example", "https://myapps.microsoft.com"],
        ]);
        let found = layout(&rows, header_of(&rows));
        assert_eq!((found.rows(&rows), found.is_certain()), (1, false));
        assert!(found.told().contains(&"Row 3 is the example of a template and left out.".to_owned()), "{:?}", found.told());
    }

    #[test]
    fn all_columns_are_called_known_only_when_each_is() {
        let words = |headings: &[&str]| {
            let rows = Table::from_cells(&[headings, &["a@x.example", "b", "c"]]);
            layout(&rows, header_of(&rows)).columns_words()
        };
        assert_eq!(words(&["Email", "Name", "Company"]), "3 columns, all known.");
        assert_eq!(words(&["Email", "Name", "Teilnahme am"]), "3 columns. 1 further column, usable in the message: Teilnahme am.");
        assert_eq!(words(&["Emial", "Name", "Company"]), "3 columns.");
        assert_eq!(words(&["Email", "Table", "Badge"]), "3 columns. 2 further columns, usable in the message: Table, Badge.");
    }

    #[test]
    fn without_headings_the_column_with_addresses_is_found() {
        let table = Table::from_cells(&[&["Ada", "ada@x.example"], &["", ""], &["Bob", "bob@x.example", "extra"]]);
        let layout = layout(&table, header_of(&table));
        assert_eq!((layout.header, names(&layout)), (None, vec!["column1", "email", "column3"]));
        assert!(!layout.is_certain() && layout.problem().is_none());
        let mut list = List::default();
        assert_eq!(layout.add(table.clone(), &mut list, str::to_owned), Added { rows: 2, blank: 1, left_out: 0 });
        assert_eq!(list.row(1).cell("column3"), "extra", "nothing is dropped unseen");
    }

    #[test]
    fn lists_of_addresses_without_headings_have_a_guest_in_each_cell() {
        let check = |text: &str, rows: usize, told: &[&str]| {
            let (_, table) = crate::sheet::read(text.as_bytes(), &crate::sheet::Wanted::default(), |_, _| {}).unwrap();
            let layout = layout(&table, header_of(&table));
            assert_eq!((layout.rows(&table), layout.told()), (rows, told.iter().map(|told| (*told).to_owned()).collect()), "{text:?}");
            assert!(!layout.is_certain());
            // What came piece by piece and was told before its end is not the text of this table.
            let mut incoming = crate::sheet::IncomingText::begin(text.as_bytes(), &crate::sheet::Wanted::default(), 0).unwrap();
            incoming.feed(text.as_bytes()).unwrap();
            assert!(incoming.end().unwrap().is_none_or(|(_, cut)| cut == table));
            (0..table.len()).for_each(|row| assert!(!table.cell(row, 0).starts_with(' ')));
        };
        check("a@x.example; b@x.example; c@x.example\nd@x.example; e@x.example; f@x.example\n", 6, &[]);
        check("a@x.example; b@x.example; c@x.example;\r\nd@x.example;\r\n", 4, &[]);
        check("a@x.example, b@x.example", 2, &[]);
        check("Ada L. <a@x.example>; Bob <b@x.example>; c@x.example\n", 3, &[]);
        // Two for each guest, or more beside them.
        check(
            "a@x.example;b@x.example\nc@x.example;d@x.example\n",
            2,
            &["Guests get the addresses in column 1. There are addresses in column 2, too."],
        );
        check("a@x.example;b@x.example;Ada\n", 1, &["Guests get the addresses in column 1. There are addresses in column 2, too."]);
    }

    #[test]
    fn a_report_of_our_own_is_read_back_as_it_was() {
        let head = ["Email", "Badge", "Outcome", "Reason", "GuestId", "RequestId", "At"];
        let rows = Table::from_cells(&[
            &head,
            &["a@x.example", "'=1+1", "Invited", "", "", "", ""],
            &["b@x.example", "'twas", "", "", "", "", ""],
        ]);
        let mut list = List::default();
        layout(&rows, header_of(&rows)).add(rows.clone(), &mut list, str::to_owned);
        assert_eq!((list.row(0).cell("badge"), list.row(1).cell("badge")), ("=1+1", "'twas"));
        let rows = Table::from_cells(&[&["Email", "Badge"], &["a@x.example", "'=1+1"]]);
        let mut list = List::default();
        layout(&rows, header_of(&rows)).add(rows.clone(), &mut list, str::to_owned);
        assert_eq!(list.row(0).cell("badge"), "'=1+1", "elsewhere nothing is changed");
    }

    #[test]
    fn fields_are_made_of_others() {
        let table = Table::from_cells(&[&["Email", "Name"], &["ada.k@x.example", "King Lovelace, Ada"], &["bob@x.example", "Bob de Boer"]]);
        let mut layout = layout(&table, header_of(&table));
        for (name, source) in [
            ("firstName", FieldSource::FirstName(1)),
            ("lastName", FieldSource::LastName(1)),
            ("jobTitle", FieldSource::BeforeAt(0)),
            ("company", FieldSource::Constant("Fabrikam".into())),
        ] {
            layout.derived.push((Column::from_heading(name), source));
        }
        assert_eq!(layout.sample(&table, &FieldSource::FirstName(1)), "Ada");
        let mut list = List::default();
        layout.add(table.clone(), &mut list, str::to_owned);
        let says = |row: usize| ["firstName", "lastName", "jobTitle", "company"].map(|name| list.row(row).cell(name));
        assert_eq!((says(0), says(1)), (["Ada", "King Lovelace", "ada.k", "Fabrikam"], ["Bob", "de Boer", "bob", "Fabrikam"]));
        layout.derived.push((Column::from_heading("email"), FieldSource::Constant("x".into())));
        assert!(layout.problem().is_some_and(|words| words.starts_with("Two columns are Email")));
    }

    #[test]
    fn what_was_chosen_is_done_again_for_the_same_headings() {
        let table = Table::from_cells(&[&["Emial", "Badge", "Team"], &["a@x.example", "007", "A"]]);
        let mut first = layout(&table, header_of(&table));
        assert!(!first.is_certain());
        first.choose(2, Choice::Field("department"));
        first.derived.push((Column::from_heading("company"), FieldSource::Constant("Fabrikam".into())));
        let kept = serde_json::to_string(&first.remembered().unwrap()).unwrap();
        let mut second = layout(&table, header_of(&table));
        assert_eq!(second.fingerprint(), first.fingerprint());
        second.remember(serde_json::from_str(&kept).unwrap());
        assert_eq!((names(&second), second.is_certain(), second.derived.len()), (vec!["email", "badge", "department"], true, 1));
    }

    #[test]
    fn two_columns_for_one_field_are_kept_apart_or_told() {
        let table = Table::from_cells(&[&["Email", "E-Mail", "Name"], &["a@x.example", "b@x.example", "A"]]);
        let mut layout = layout(&table, header_of(&table));
        assert_eq!(names(&layout), ["email", "eMail2", "displayName"]);
        layout.choose(1, Choice::Field("email"));
        assert!(layout.problem().is_some_and(|words| words.starts_with("Two columns are Email.")));
        layout.choose(0, Choice::LeftOut);
        layout.choose(2, Choice::Own);
        assert_eq!((names(&layout), layout.problem()), (vec!["-", "email", "name"], None));
        layout.choose(1, Choice::LeftOut);
        assert!(layout.problem().is_some_and(|words| words.starts_with("Choose the column")));
    }

    #[test]
    fn of_many_columns_six_are_named_and_the_others_counted() {
        let words = |further: usize| {
            let headings: Vec<String> =
                std::iter::once("Email".to_owned()).chain((1..=further).map(|place| format!("Answer {place}"))).collect();
            let cells: Vec<String> =
                headings.iter().map(|heading| if heading == "Email" { "a@x.example".into() } else { "x".into() }).collect();
            let table = Table::from_rows(&[headings, cells]);
            layout(&table, header_of(&table)).columns_words()
        };
        let six = "Answer 1, Answer 2, Answer 3, Answer 4, Answer 5, Answer 6";
        assert_eq!(words(6), format!("7 columns. 6 further columns, usable in the message: {six}."));
        assert_eq!(words(7), format!("8 columns. 7 further columns, usable in the message: {six} and 1 more."));
        assert_eq!(words(9), format!("10 columns. 9 further columns, usable in the message: {six} and 3 more."));
        // Neither what is left out nor what has neither heading nor cells can be used.
        let table = Table::from_cells(&[&["Email", "", "Table", "", "Badge"], &["a@x.example", "", "4", "x", "7"]]);
        let mut found = layout(&table, header_of(&table));
        found.choose(4, Choice::LeftOut);
        assert_eq!(found.columns_words(), "5 columns. 2 further columns, usable in the message: Table, Column 4.");
    }

    #[test]
    fn a_column_without_a_heading_is_called_by_its_place() {
        let table = Table::from_cells(&[&["a@x.example", "A", "b"], &["c@x.example", "C", "d"]]);
        let mut found = layout(&table, None);
        assert_eq!(found.fingerprint(), None);
        found.choose(1, Choice::Field("displayName"));
        found.choose(1, Choice::Own);
        found.choose(2, Choice::LeftOut);
        let before = found.clone();
        found.choose(3, Choice::Own);
        assert_eq!((names(&found), &found), (vec!["email", "column2", "-"], &before));
        assert_eq!(found.columns[1].column.as_ref().map(|column| column.heading.as_str()), Some("Column 2"));
    }

    #[test]
    fn only_what_somebody_chose_or_has_to_look_at_is_remembered() {
        let table = Table::from_cells(&[&["Email", "Team"], &["a@x.example", "A"]]);
        let mut plain = layout(&table, header_of(&table));
        assert_eq!(plain.remembered(), None);
        assert_eq!(plain.fingerprint().as_deref(), Some("email\u{1f}team"));
        plain.derived.push((Column::from_heading("company"), FieldSource::Constant("Fabrikam".into())));
        let kept = plain.remembered().unwrap();
        assert_eq!((kept.columns.len(), kept.derived.len()), (2, 1));
        let guessed = Table::from_cells(&[&["Emial", "Team"], &["a@x.example", "A"]]);
        assert!(layout(&guessed, header_of(&guessed)).remembered().is_some());
        // What is as it was proposed is still no choice of anybody, and other columns are none of these.
        let mut again = layout(&table, header_of(&table));
        again.remember(kept.clone());
        assert_eq!(again.columns.iter().map(|matched| matched.certainty).collect::<Vec<_>>(), [Certainty::Known, Certainty::Own]);
        let wider = Table::from_cells(&[&["Email", "Team", "Badge"], &["a@x.example", "A", "7"]]);
        let mut other = layout(&wider, header_of(&wider));
        other.remember(kept);
        assert_eq!((names(&other), other.derived.len()), (vec!["email", "team", "badge"], 0));
    }

    #[test]
    fn a_sample_is_the_first_that_says_something() {
        let table = Table::from_cells(&[&["Email", "Name"], &["a@x.example", ""], &["b@x.example", "Bob"], &["c@x.example", "Cleo King"]]);
        let found = layout(&table, header_of(&table));
        let check = |source: FieldSource, expected: &str| assert_eq!(found.sample(&table, &source), expected, "{source:?}");
        check(FieldSource::FirstName(1), "Bob");
        check(FieldSource::LastName(1), "King");
        check(FieldSource::BeforeAt(0), "a");
        check(FieldSource::BeforeAt(1), "");
    }

    #[test]
    fn rows_that_were_on_the_list_stay_as_they_are() {
        let head = ["Email", "Badge", "Outcome", "Reason", "GuestId", "RequestId", "At"];
        let row = |email: &'static str| [email, "'=1+1", "", "", "", "", ""];
        let add = |email: &'static str, head: &[&str], list: &mut List| {
            let table = Table::from_cells(&[head, &row(email)[..head.len()]]);
            let mut found = layout(&table, header_of(&table));
            found.derived.push((Column::from_heading("company"), FieldSource::BeforeAt(0)));
            found.add(table, list, |cell| format!("clean {cell}"))
        };
        let mut list = List::default();
        add("ä@x.example", &head[..2], &mut list);
        add("b@x.example", &head, &mut list);
        add("ö@x.example", &head[..6], &mut list);
        let says = |row: usize| ["email", "badge", "company"].map(|name| list.row(row).cell(name).to_owned());
        assert_eq!(says(0), ["clean ä@x.example", "'=1+1", "ä"]);
        assert_eq!(says(1), ["b@x.example", "=1+1", "b"]);
        assert_eq!(says(2), ["clean ö@x.example", "'=1+1", "ö"]);
    }

    #[test]
    fn headings_that_name_no_email_column_stand_above_the_first_address() {
        let check = |rows: &[&[&str]], expected: Option<usize>| assert_eq!(header_of(&Table::from_cells(rows)), expected, "{rows:?}");
        let guest: &[&str] = &["A", "a@x.example"];
        check(&[&["Who", "Where"], guest], Some(0));
        check(&[&["Fair"], &["Who", "Where"], guest], Some(1));
        check(&[&[""], &["Fair"], guest], Some(1));
        check(&[&[""], guest], None);
        check(&[guest, &["Who", "Where"], guest], None);
        let far = |blank: usize| {
            Table::from_rows(
                &[
                    vec![vec!["Who".to_owned(), "Where".into()]],
                    vec![vec![String::new()]; blank],
                    vec![vec!["A".into(), "a@x.example".into()]],
                ]
                .concat(),
            )
        };
        assert_eq!((header_of(&far(HEAD - 2)), header_of(&far(HEAD - 1))), (Some(0), None));
    }

    #[test]
    fn who_has_to_look_is_said_by_headings_cells_and_choices() {
        let check = |rows: &[&[&str]], expected: bool| {
            let table = Table::from_cells(rows);
            let found = layout(&table, header_of(&table));
            assert_eq!(found.is_certain(), expected, "{rows:?}");
            found
        };
        check(&[&["Email", "Name"], &["a@x.example", "A"]], true);
        check(&[&["Email", "Name"], &["", "A"]], true);
        check(&[&["Email", "Name"], &["unknown", "A"]], false);
        check(&[&["Email", "Compny"], &["a@x.example", "A"]], false);
        check(&[&["Email", "Buyer email"], &["a@x.example", "b@x.example"]], true);
        let mut found = check(&[&["Email", "Contact"], &["a@x.example", "b@x.example"]], false);
        found.choose(0, Choice::Field("email"));
        assert!(found.is_certain());
        let mut found = check(&[&["Email", "Contact"], &["a@x.example", "b@x.example"]], false);
        found.choose(1, Choice::LeftOut);
        assert!(!found.is_certain(), "whether the addresses are the guests' was not said");
    }
}
