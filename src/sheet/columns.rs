//! Which row holds the headings, and what each column means.

use super::sections::{Sections, is_heading, without_mark};
use super::{Table, formula};
use crate::rows::{Column, List, known_field, likely_field};
use crate::words::shortened;
use serde::{Deserialize, Serialize};

/// How a column was matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// By a spelling that is known.
    Known,
    /// By a heading that is nearly one, or by what its cells look like.
    Guessed,
    /// It keeps its own name and can be used in the message.
    Own,
    /// A person said so.
    Chosen,
}

/// One column of the file, and what it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    /// As it stands in the file.
    pub heading: String,
    /// `None` leaves it out.
    pub column: Option<Column>,
    pub certainty: Certainty,
    /// The first cells that say something, three at most.
    pub samples: Vec<String>,
}

/// What a table's rows and columns mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The row with the headings. Rows above it are left out.
    pub header: Option<usize>,
    pub columns: Vec<Matched>,
    /// Fields that no column holds, and what they are made of.
    pub derived: Vec<(Column, Source)>,
    /// What stands below the headings and is no guest.
    sections: Sections,
}

/// What a field is made of that the file has no column for. Columns are by place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    FirstName(usize),
    LastName(usize),
    BeforeAt(usize),
    /// The same for all rows.
    Constant(String),
}

/// What somebody chose for a file's columns, to be offered for the next file with the same headings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    columns: Vec<Option<Column>>,
    derived: Vec<(Column, Source)>,
}

impl Source {
    /// What a row's cell becomes, of the cells as they stand in the file.
    fn of<'a>(&'a self, cell: impl Fn(usize) -> &'a str) -> &'a str {
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
}

/// Characters of a cell by which people recognise it.
pub const SAMPLE: usize = 100;
/// Rows among which the headings are looked for.
const HEAD: usize = 60;

/// The row that seems to hold the headings: one that names an email column, else a first row without an @ above one with.
pub fn header_of(table: &Table) -> Option<usize> {
    let head = 0..table.len().min(HEAD);
    let has_at = |row: usize| table.row(row).any(|cell| cell.contains('@'));
    head.clone().find(|row| is_heading(table, *row)).or_else(|| (!table.is_empty() && !has_at(0) && head.skip(1).any(has_at)).then_some(0))
}

/// The layout with headings in this row, or without any.
pub fn layout(table: &Table, header: Option<usize>) -> Layout {
    let first = header.map_or(0, |row| row + 1);
    let mut columns: Vec<Matched> = (0..table.width())
        .map(|place| {
            let heading = header.map_or("", |row| without_mark(table.cell(row, place)));
            let samples = samples(table, first, place);
            let (column, certainty) = match (known_field(heading), likely_field(heading)) {
                (Some(_), _) => (Column::of_heading(heading), Certainty::Known),
                (None, Some(field)) => (Column::of_heading(field), Certainty::Guessed),
                (None, None) if heading.is_empty() => (Column::of_heading(&format!("Column {}", place + 1)), Certainty::Own),
                (None, None) => (Column::of_heading(heading), Certainty::Own),
            };
            Matched { heading: heading.into(), column: Some(column), certainty, samples }
        })
        .collect();
    let is_email = |matched: &Matched| matched.column.as_ref().is_some_and(|column| column.name == "email");
    if !columns.iter().any(is_email)
        && let Some(place) = (0..columns.len()).find(|place| columns[*place].samples.iter().any(|sample| sample.contains('@')))
    {
        columns[place].column = Some(Column::of_heading("email"));
        columns[place].certainty = Certainty::Guessed;
    }
    keep_names_apart(&mut columns);
    let email = columns.iter().position(|matched| matched.field() == Some("email"));
    let sections = header.zip(email).map(|(header, email)| Sections::of(table, header, email)).unwrap_or_default();
    Layout { header, columns, derived: Vec::new(), sections }
}

/// Of two columns for one field the first is it; the other keeps its own name.
fn keep_names_apart(columns: &mut [Matched]) {
    let mut names: Vec<String> = Vec::new();
    for (place, matched) in columns.iter_mut().enumerate() {
        let Some(column) = &mut matched.column else { continue };
        if names.contains(&column.name) {
            let own = format!("{} {}", if matched.heading.is_empty() { "Column" } else { &matched.heading }, place + 1);
            *column = Column::own(&own);
            matched.certainty = Certainty::Own;
        }
        names.push(column.name.clone());
    }
}

fn samples(table: &Table, first: usize, place: usize) -> Vec<String> {
    let cells = (first..table.len().min(first + 200)).map(|row| table.cell(row, place).trim());
    cells.filter(|cell| !cell.is_empty()).take(3).map(|cell| shortened(cell, SAMPLE).into_owned()).collect()
}

impl Layout {
    /// Whether every field was matched by a known spelling, so that nobody has to look.
    pub fn is_certain(&self) -> bool {
        let is_sure = |matched: &Matched| matches!(matched.certainty, Certainty::Known | Certainty::Chosen);
        let email = self.columns.iter().any(|matched| matched.field() == Some("email") && is_sure(matched));
        email && self.sections == Sections::default() && self.columns.iter().all(|matched| matched.certainty != Certainty::Guessed)
    }

    /// What is left out of the table or read otherwise, in sentences.
    pub fn told(&self) -> Vec<String> {
        self.sections.words()
    }

    /// What keeps the rows from being added.
    pub fn problem(&self) -> Option<String> {
        if !self.columns.iter().any(|matched| matched.field() == Some("email")) {
            return Some("Choose the column that holds the email addresses.".into());
        }
        let derived = self.derived.iter().map(|(column, _)| column.name.as_str());
        let fields: Vec<&str> = self.columns.iter().filter_map(Matched::field).chain(derived).collect();
        let twice = fields.iter().enumerate().find(|(place, field)| fields[..*place].contains(field))?;
        Some(format!("Two columns are {}. Leave one out or keep it under its own name.", Column::of_heading(twice.1).heading))
    }

    /// Says what a column becomes: a known field, its own name, or nothing.
    pub fn choose(&mut self, place: usize, choice: Choice) {
        let Some(matched) = self.columns.get_mut(place) else { return };
        let own = if matched.heading.is_empty() { format!("Column {}", place + 1) } else { matched.heading.clone() };
        matched.column = match choice {
            Choice::Field(name) => Some(Column::of_heading(name)),
            Choice::Own => Some(Column::own(&own)),
            Choice::LeftOut => None,
        };
        matched.certainty = Certainty::Chosen;
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
    pub fn sample<'a>(&'a self, table: &'a Table, source: &'a Source) -> &'a str {
        let rows = self.first()..table.len().min(self.first() + 200);
        let cells = rows.map(|row| source.of(|place| table.cell(row, self.sections.place(row, place))));
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
        (self.first()..table.len()).filter(|row| !self.sections.leaves_out(*row) && !table.is_blank(*row))
    }

    fn first(&self) -> usize {
        self.header.map_or(0, |row| row + 1)
    }

    /// Adds the table's rows to a list, which takes over the table's text. `clean` may rewrite an address, as the page does
    /// with domains beyond ASCII.
    pub fn add(&self, table: Table, list: &mut List, clean: impl Fn(&str) -> String) -> Added {
        let rows: Vec<usize> = self.guests(&table).collect();
        let derived: Vec<Vec<String>> = self
            .derived
            .iter()
            .map(|(_, source)| {
                rows.iter().map(|row| source.of(|place| table.cell(*row, self.sections.place(*row, place))).to_owned()).collect()
            })
            .collect();
        let told = Added { rows: rows.len(), blank: table.len() - self.first() - rows.len() };
        let kept: Vec<usize> = (0..self.columns.len()).filter(|place| self.columns[*place].column.is_some()).collect();
        let columns: Vec<Column> = self.columns.iter().filter_map(|matched| matched.column.clone()).collect();
        let before = list.len();
        let (text, cuts) = table.into_parts();
        list.adopt(text, &columns, rows.len(), |row, column| cuts.span(rows[row], self.sections.place(rows[row], kept[column])));
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

impl Matched {
    /// The known field that the column becomes.
    pub fn field(&self) -> Option<&str> {
        let name = self.column.as_ref()?.name.as_str();
        Column::FIELDS.contains(&name).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let mut table = Table::default();
        for row in rows {
            table.push(row.iter().copied());
        }
        table
    }

    fn names(layout: &Layout) -> Vec<&str> {
        layout.columns.iter().map(|matched| matched.column.as_ref().map_or("-", |column| column.name.as_str())).collect()
    }

    #[test]
    fn headings_in_any_order_and_many_languages() {
        let check = |headings: &[&str], expected: &[&str]| {
            let table = table(&[headings, &["a@x.example", "b@x.example", "c", "d"]]);
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
        let table = table(&[
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
        assert_eq!(layout.add(table.clone(), &mut list, str::to_owned), Added { rows: 1, blank: 0 });
        assert_eq!(list.row(0).cell("message"), "Hello");
    }

    #[test]
    fn without_headings_the_column_with_addresses_is_found() {
        let table = table(&[&["Ada", "ada@x.example"], &["", ""], &["Bob", "bob@x.example", "extra"]]);
        let layout = layout(&table, header_of(&table));
        assert_eq!((layout.header, names(&layout)), (None, vec!["column1", "email", "column3"]));
        assert!(!layout.is_certain() && layout.problem().is_none());
        let mut list = List::default();
        assert_eq!(layout.add(table.clone(), &mut list, str::to_owned), Added { rows: 2, blank: 1 });
        assert_eq!(list.row(1).cell("column3"), "extra", "nothing is dropped unseen");
    }

    #[test]
    fn a_report_of_our_own_is_read_back_as_it_was() {
        let head = ["Email", "Badge", "Outcome", "Reason", "GuestId", "RequestId", "At"];
        let rows = table(&[&head, &["a@x.example", "'=1+1", "Invited", "", "", "", ""], &["b@x.example", "'twas", "", "", "", "", ""]]);
        let mut list = List::default();
        layout(&rows, header_of(&rows)).add(rows.clone(), &mut list, str::to_owned);
        assert_eq!((list.row(0).cell("badge"), list.row(1).cell("badge")), ("=1+1", "'twas"));
        let rows = table(&[&["Email", "Badge"], &["a@x.example", "'=1+1"]]);
        let mut list = List::default();
        layout(&rows, header_of(&rows)).add(rows.clone(), &mut list, str::to_owned);
        assert_eq!(list.row(0).cell("badge"), "'=1+1", "elsewhere nothing is changed");
    }

    #[test]
    fn fields_are_made_of_others() {
        let table = table(&[&["Email", "Name"], &["ada.k@x.example", "King Lovelace, Ada"], &["bob@x.example", "Bob de Boer"]]);
        let mut layout = layout(&table, header_of(&table));
        for (name, source) in [
            ("firstName", Source::FirstName(1)),
            ("lastName", Source::LastName(1)),
            ("jobTitle", Source::BeforeAt(0)),
            ("company", Source::Constant("Fabrikam".into())),
        ] {
            layout.derived.push((Column::of_heading(name), source));
        }
        assert_eq!(layout.sample(&table, &Source::FirstName(1)), "Ada");
        let mut list = List::default();
        layout.add(table.clone(), &mut list, str::to_owned);
        let says = |row: usize| ["firstName", "lastName", "jobTitle", "company"].map(|name| list.row(row).cell(name));
        assert_eq!((says(0), says(1)), (["Ada", "King Lovelace", "ada.k", "Fabrikam"], ["Bob", "de Boer", "bob", "Fabrikam"]));
        layout.derived.push((Column::of_heading("email"), Source::Constant("x".into())));
        assert!(layout.problem().is_some_and(|words| words.starts_with("Two columns are Email")));
    }

    #[test]
    fn what_was_chosen_is_done_again_for_the_same_headings() {
        let table = table(&[&["Emial", "Badge", "Team"], &["a@x.example", "007", "A"]]);
        let mut first = layout(&table, header_of(&table));
        assert!(!first.is_certain());
        first.choose(2, Choice::Field("department"));
        first.derived.push((Column::of_heading("company"), Source::Constant("Fabrikam".into())));
        let kept = serde_json::to_string(&first.remembered().unwrap()).unwrap();
        let mut second = layout(&table, header_of(&table));
        assert_eq!(second.fingerprint(), first.fingerprint());
        second.remember(serde_json::from_str(&kept).unwrap());
        assert_eq!((names(&second), second.is_certain(), second.derived.len()), (vec!["email", "badge", "department"], true, 1));
    }

    #[test]
    fn two_columns_for_one_field_are_kept_apart_or_told() {
        let table = table(&[&["Email", "E-Mail", "Name"], &["a@x.example", "b@x.example", "A"]]);
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
}
