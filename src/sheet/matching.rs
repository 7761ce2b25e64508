//! What each column of a table becomes, by its heading and by what its cells look like.

use super::Table;
use super::columns::SAMPLE;
use super::row_addresses::{goes_before_private, is_private, propose_labelled};
use super::tables::without_mark;
use crate::rows::headings::{self, Meaning, Whose};
use crate::rows::{Column, known_field};
use crate::words::shortened;
use std::ops::Range;

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

impl Matched {
    /// The known field that the column becomes.
    pub fn field(&self) -> Option<&str> {
        let name = self.column.as_ref()?.name.as_str();
        Column::FIELDS.contains(&name).then_some(name)
    }

    /// Whether addresses stand among its first cells.
    pub(super) fn holds_addresses(&self) -> bool {
        // `Ada Lovelace (ada@fabrikam.example)` is how Outlook calls somebody.
        self.samples.iter().any(|sample| sample.contains('@') && (sample.contains('<') || !sample.contains(char::is_whitespace)))
    }
}

/// Rows whose cells are looked at.
const ROWS: usize = 200;
/// Addresses of which half are as few as none.
const FEW: usize = 20;

/// The first so many columns of these rows of a table, with headings in this row or without any.
pub(super) fn matched_columns(table: &Table, header: Option<usize>, width: usize, rows: Range<usize>) -> Vec<Matched> {
    let all_rows = rows.clone();
    let rows = rows.start..rows.end.min(rows.start + ROWS);
    let heading = |place| header.map_or("", |row| without_mark(table.cell(row, place)));
    let mut meanings: Vec<Option<Meaning>> = (0..width).map(|place| headings::meaning(heading(place))).collect();
    name_parts(table, &rows, &mut meanings, heading);
    let matched =
        |place| Matched { heading: heading(place).into(), column: None, certainty: Certainty::Own, samples: samples(table, &rows, place) };
    let mut columns: Vec<Matched> = (0..width).map(matched).collect();
    forms_of_address(&columns, &mut meanings);
    let are_private: Vec<bool> = meanings.iter().map(|meaning| is_private(*meaning)).collect();
    propose_labelled(table, &rows, &mut meanings, heading);
    contacts_beside_guests(&mut meanings);
    for field in Column::FIELDS {
        let of_field = meanings.iter().enumerate().filter_map(|(place, meaning)| Some((place, meaning.as_ref()?)));
        let of_field: Vec<(usize, &Meaning)> =
            of_field.filter(|(_, meaning)| meaning.field == field && meaning.whose != Whose::SomebodyElse).collect();
        let addresses = |place: usize| all_rows.clone().filter(|row| table.cell(*row, place).contains('@')).count();
        let are_several = field == "email" && of_field.len() > 1;
        let addresses: Vec<usize> = of_field.iter().map(|(place, _)| if are_several { addresses(*place) } else { 0 }).collect();
        // Who has no other address gets the private one, row by row.
        let has_others = of_field.iter().zip(&addresses).any(|((_, meaning), addresses)| *addresses > 0 && goes_before_private(**meaning));
        let gives_way = |place: usize| are_private[place] && has_others;
        let most = of_field.iter().zip(&addresses).filter(|((place, _), _)| !gives_way(*place)).map(|(_, addresses)| *addresses).max();
        let most = most.unwrap_or(0);
        let is_guests = |meaning: &Meaning| matches!(meaning.whose, Whose::Guest | Whose::Contact);
        // Who has no address in a column that is nearly empty would be lost; of few rows half are as few. But what is said to be the guest's goes first even if
        // it is empty: what stands beside it is not theirs then.
        let order = |(place, meaning): &(usize, &Meaning), addresses: usize| {
            let is_sparse = !is_guests(meaning) && (addresses * 2 < most || addresses * 2 == most && most <= FEW);
            (meaning.is_guess, gives_way(*place), is_sparse, meaning.whose, *place)
        };
        let first = of_field.iter().zip(addresses).min_by_key(|(column, addresses)| order(column, *addresses));
        let Some(((place, meaning), _)) = first else { continue };
        let (place, whose) = (*place, is_guests(meaning).then_some(meaning.whose));
        columns[place].certainty = if meaning.is_guess { Certainty::Guessed } else { Certainty::Known };
        columns[place].column = Some(Column::from_heading(field));
        if let Some(whose) = whose.filter(|_| field == "email") {
            names_of_guests(&mut meanings, whose);
        }
    }
    if !columns.iter().any(|matched| matched.field() == Some("email")) {
        let is_others = |meaning: &Option<Meaning>| meaning.is_some_and(|meaning| meaning.whose == Whose::SomebodyElse);
        let is_likely = |(matched, meaning): &(&mut Matched, &Option<Meaning>)| {
            matched.column.is_none() && matched.holds_addresses() && !is_others(meaning) && !headings::is_of_others(&matched.heading)
        };
        if let Some((matched, _)) = columns.iter_mut().zip(&meanings).find(is_likely) {
            matched.column = Some(Column::from_heading("email"));
            matched.certainty = Certainty::Guessed;
        }
    }
    name_others(&mut columns);
    // As between a title in the first column and a table further right.
    let is_blank = |place: usize| (all_rows.start..table.len()).all(|row| table.cell(row, place).trim().is_empty());
    for (place, matched) in columns.iter_mut().enumerate() {
        if matched.heading.is_empty() && matched.samples.is_empty() && is_blank(place) {
            matched.column = None;
        }
    }
    columns
}

/// Beside columns that are said to be the guests', those of registrants, contacts and customers are of whoever registered them.
fn contacts_beside_guests(meanings: &mut [Option<Meaning>]) {
    let is_persons = |meaning: &Meaning| ["email", "displayName", "firstName", "lastName"].contains(&meaning.field) && !meaning.is_guess;
    if meanings.iter().flatten().any(|meaning| is_persons(meaning) && meaning.whose == Whose::Guest) {
        for meaning in meanings.iter_mut().flatten().filter(|meaning| meaning.whose == Whose::Contact) {
            meaning.whose = Whose::SomebodyElse;
        }
    }
}

/// Beside addresses that are said to be the guests', names that are not said to be theirs are of whoever ordered, if others are.
fn names_of_guests(meanings: &mut [Option<Meaning>], whose: Whose) {
    let is_name = |meaning: &Meaning| ["displayName", "firstName", "lastName"].contains(&meaning.field);
    if meanings.iter().flatten().any(|meaning| is_name(meaning) && meaning.whose == whose) {
        for meaning in meanings.iter_mut().flatten().filter(|meaning| is_name(meaning) && meaning.whose != whose) {
            meaning.whose = Whose::SomebodyElse;
        }
    }
}

/// Columns of no known field keep their own names.
fn name_others(columns: &mut [Matched]) {
    for place in 0..columns.len() {
        if columns[place].column.is_none() {
            columns[place].column = Some(own_column(columns, place));
        }
    }
}

/// A column under its own name, which is never that of a known field or of another column.
pub(super) fn own_column(columns: &[Matched], place: usize) -> Column {
    let heading = columns[place].heading.as_str();
    let numbered = format!("{} {}", if heading.is_empty() { "Column" } else { heading }, place + 1);
    let own = Column::own(if heading.is_empty() { &numbered } else { heading });
    // A title that is no job is called nothing but that, and what is the guest's may be called as it is.
    let is_known = known_field(heading).is_some_and(|field| columns[place].field() != Some(field)) && !is_title(heading);
    let is_taken = |own: &Column| {
        let others = columns.iter().enumerate().filter(|(other, _)| *other != place).filter_map(|(_, matched)| matched.column.as_ref());
        Column::FIELDS.contains(&own.name.as_str()) || others.into_iter().any(|other| other.name == own.name)
    };
    let mut own = if is_known || is_taken(&own) { Column::own(&numbered) } else { own };
    // `Column 3` may stand in the file, too.
    for more in 2.. {
        if !is_taken(&own) {
            break;
        }
        own = Column::own(&format!("{numbered} {more}"));
    }
    own
}

/// Headings of what somebody does, or of how they are addressed.
const TITLES: [&str; 6] = ["title", "titel", "titre", "título", "titolo", "tytuł"];
/// In lower case, without the full stop.
#[rustfmt::skip]
const FORMS_OF_ADDRESS: [&str; 43] = ["mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lady", "lord", "rev", "hon", "dr", "drs", "prof", "professor", "herr", "hr", "frau", "fr", "fru", "ing", "mag", "dipl", "m", "mme", "mlle", "monsieur", "madame", "sr", "sra", "srta", "don", "doña", "sig", "sigra", "dott", "dottssa", "dhr", "mevr", "mw", "ir", "pan", "pani"];

fn is_title(heading: &str) -> bool {
    TITLES.contains(&heading.to_lowercase().as_str())
}

/// `Title` says what somebody does in exports of Salesforce and Entra. In those of Outlook it is how they are addressed, and a
/// `Job Title` stands beside it; the cells say so, too. Then the column keeps its own name.
fn forms_of_address(columns: &[Matched], meanings: &mut [Option<Meaning>]) {
    let is_job = |(column, meaning): (&Matched, &Option<Meaning>)| {
        meaning.is_some_and(|meaning| meaning.field == "jobTitle" && !meaning.is_guess) && !is_title(&column.heading)
    };
    let has_job = columns.iter().zip(&*meanings).any(is_job);
    for (column, meaning) in columns.iter().zip(meanings).filter(|(column, _)| is_title(&column.heading)) {
        if has_job || column.samples.iter().any(|sample| is_form_of_address(sample)) {
            *meaning = None;
        }
    }
}

/// `Mr`, `Prof. Dr.`, `Dr. med.`; a `Sr. Engineer` has a job.
fn is_form_of_address(text: &str) -> bool {
    let is_known = |word: &str| FORMS_OF_ADDRESS.contains(&word.replace('.', "").to_lowercase().as_str());
    text.split_whitespace().any(is_known) && text.split_whitespace().all(|word| is_known(word) || word.ends_with('.'))
}

/// `Name` beside `Vorname`, `Nom` beside `Prénom` and `Nombre` beside `Apellidos` are the other half of a name, unless the cells
/// hold the whole of it.
fn name_parts<'a>(table: &Table, rows: &Range<usize>, meanings: &mut [Option<Meaning>], heading: impl Fn(usize) -> &'a str) {
    // Short words that mean names only beside one another.
    for (first, last) in [("first", "last"), ("ad", "soyad")] {
        let place = |word: &str| (0..meanings.len()).find(|place| heading(*place).eq_ignore_ascii_case(word));
        if let (Some(first), Some(last)) = (place(first), place(last)) {
            meanings[first] = headings::meaning("First name");
            meanings[last] = headings::meaning("Last name");
        }
    }
    let place = |field: &str| meanings.iter().position(|meaning| meaning.is_some_and(|meaning| meaning.field == field));
    let (whole, half, missing) = match (place("displayName"), place("firstName"), place("lastName")) {
        (Some(whole), Some(half), None) => (whole, half, "lastName"),
        (Some(whole), None, Some(half)) => (whole, half, "firstName"),
        (None, Some(whole), None) => (whole, whole, "displayName"),
        _ => return,
    };
    // Where these stand alone, they may be the whole name, and where they stand beside the other half, they may be a half.
    let is_plain = ["name", "nom", "nombre", "naam", "nome", "имя", "jméno", "név", "namn", "navn", "nimi", "이름", "名字"]
        .contains(&headings::without_whose(heading(whole)).as_str())
        // `Attendee name: Given name` is a part of the whole.
        && (whole == half || !heading(half).starts_with(heading(whole)));
    let rows = || rows.clone().map(|row| [whole, half].map(|place| table.cell(row, place).trim())).filter(|[name, _]| !name.is_empty());
    let is_other = match rows().all(|[_, part]| part.is_empty()) {
        // Nobody has the other half, and still everybody a name: it is whole.
        true => rows().next().is_none(),
        false if whole == half => rows().any(|[name, _]| name.contains(' ')),
        false => rows().all(|[name, part]| !holds_name(name, part)),
    };
    if let Some(meaning) = meanings[whole].as_mut().filter(|_| is_plain && is_other) {
        meaning.field = missing;
    }
}

/// Whether a whole name holds this half of it: as words of its own, where the script has blanks between them. Ms Jansen is not called
/// Jan by that.
fn holds_name(name: &str, part: &str) -> bool {
    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|sign: char| sign.is_whitespace() || sign == ',').filter(|word| !word.is_empty())
    }
    if part.is_empty() || !part.contains(|sign: char| sign.is_lowercase() || sign.is_uppercase()) {
        return !part.is_empty() && name != part && name.contains(part);
    }
    words(name).nth(1).is_some() && words(part).all(|word| words(name).any(|other| other == word))
}

fn samples(table: &Table, rows: &Range<usize>, place: usize) -> Vec<String> {
    let cells = rows.clone().map(|row| table.cell(row, place).trim());
    cells.filter(|cell| !cell.is_empty()).take(3).map(|cell| shortened(cell, SAMPLE).into_owned()).collect()
}

/// Where columns stand above the headings: in their places, but for the addresses where they stand elsewhere.
pub(super) fn places_above(table: &Table, rows: Range<usize>, columns: &[Matched]) -> Vec<Option<usize>> {
    let Some(email) = columns.iter().position(|matched| matched.field() == Some("email")) else { return Vec::new() };
    let with = |place: usize| rows.clone().filter(|row| table.cell(*row, place).contains('@')).count();
    let Some(there) = (0..columns.len()).rev().max_by_key(|place| with(*place)).filter(|there| with(*there) > with(email)) else {
        return Vec::new();
    };
    let mut places: Vec<Option<usize>> = (0..columns.len()).map(Some).collect();
    places.swap(email, there);
    places
}

/// Where the columns stand among those of a joined file, by what they mean, else by their headings. Those that only the joined file
/// has are added.
pub(super) fn places(columns: &mut Vec<Matched>, theirs: Vec<Matched>) -> Vec<Option<usize>> {
    let mut places: Vec<Option<usize>> = vec![None; columns.len()];
    let is_same = [
        |one: &Matched, other: &Matched| one.field().is_some() && one.field() == other.field(),
        |one: &Matched, other: &Matched| {
            let is_either = one.field().is_none() || other.field().is_none();
            is_either && !one.heading.is_empty() && one.heading.to_lowercase() == other.heading.to_lowercase()
        },
    ];
    for is_same in is_same {
        for place in 0..columns.len() {
            let is_free = |there: &usize| !places.contains(&Some(*there)) && is_same(&columns[place], &theirs[*there]);
            if places[place].is_none() {
                places[place] = (0..theirs.len()).find(is_free);
            }
        }
    }
    for (there, mut further) in theirs.into_iter().enumerate() {
        if places.contains(&Some(there)) || further.heading.is_empty() && further.samples.is_empty() {
            continue;
        }
        let is_taken = |name: &str| columns.iter().any(|matched| matched.column.as_ref().is_some_and(|column| column.name == name));
        if further.column.as_ref().is_some_and(|column| is_taken(&column.name)) {
            further.column = Some(Column::own(&format!("{} {}", further.heading, columns.len() + 1)));
            further.certainty = Certainty::Own;
        }
        columns.push(further);
        places.push(Some(there));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::columns::{header_of, layout};

    /// What becomes of these headings, above one row of cells that look like them.
    #[track_caller]
    fn check(headings: &str, expected: &str) {
        let headings: Vec<&str> = headings.split('|').collect();
        let cell =
            |(place, heading): (usize, &&str)| if headings::is_address(heading) { "a@x.example".into() } else { format!("x{place}") };
        let cells: Vec<String> = headings.iter().enumerate().map(cell).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let table = Table::from_cells(&[&headings, &cells]);
        let layout = layout(&table, header_of(&table));
        let found: Vec<String> =
            layout.columns.iter().filter_map(|matched| Some(format!("{}={}", matched.field()?, matched.heading))).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn exports_are_known_by_their_headings() {
        // Outlook
        check(
            "First Name|Last Name|Company|E-mail Address|E-mail Type|E-mail Display Name|E-mail 2 Address",
            "firstName=First Name lastName=Last Name company=Company email=E-mail Address",
        );
        check(
            "Vorname|Nachname|Firma|Abteilung|Position|E-Mail-Adresse|E-Mail-Typ|E-Mail: Angezeigter Name|E-Mail 2: Adresse",
            "firstName=Vorname lastName=Nachname company=Firma department=Abteilung jobTitle=Position email=E-Mail-Adresse",
        );
        check(
            "Prénom|Nom|Société|Service|Adresse de messagerie|Adresse de messagerie 2",
            "firstName=Prénom lastName=Nom company=Société email=Adresse de messagerie",
        );
        check(
            "Nombre|Apellidos|Organización|Dirección de correo electrónico",
            "firstName=Nombre lastName=Apellidos company=Organización email=Dirección de correo electrónico",
        );
        // Google Contacts
        check(
            "First Name|Last Name|Organization Name|Organization Title|E-mail 1 - Label|E-mail 1 - Value|E-mail 2 - Value",
            "firstName=First Name lastName=Last Name company=Organization Name jobTitle=Organization Title email=E-mail 1 - Value",
        );
        check(
            "Name|Given Name|Family Name|Organization 1 - Name|Organization 1 - Title|E-mail 1 - Type|E-mail 1 - Value",
            "displayName=Name firstName=Given Name lastName=Family Name company=Organization 1 - Name jobTitle=Organization 1 - Title email=E-mail 1 - Value",
        );
        // HubSpot, LinkedIn
        check(
            "Record ID|First Name|Last Name|Email|Contact owner|Associated Company|Email Domain",
            "firstName=First Name lastName=Last Name email=Email company=Associated Company",
        );
        check(
            "First Name|Last Name|URL|Email Address|Company|Position|Connected On",
            "firstName=First Name lastName=Last Name email=Email Address company=Company jobTitle=Position",
        );
        // Eventbrite, pretix
        check(
            "Order ID|Buyer Email|Buyer First Name|Attendee first name|Attendee Surname|Attendee email",
            "firstName=Attendee first name lastName=Attendee Surname email=Attendee email",
        );
        check(
            "Order code|Email|Attendee name|Attendee name: Given name|Attendee email|Company",
            "displayName=Attendee name firstName=Attendee name: Given name email=Attendee email company=Company",
        );
        check(
            "Bestellnummer|E-Mail Besteller|Teilnehmername|Teilnehmer-E-Mail|Rechnungs-E-Mail",
            "displayName=Teilnehmername email=Teilnehmer-E-Mail",
        );
        // Entra, Exchange, Teams
        check(
            "userPrincipalName|displayName|surname|mail|givenName|companyName",
            "displayName=displayName lastName=surname email=mail firstName=givenName company=companyName",
        );
        check(
            "User principal name|Display name|First name|Last name",
            "email=User principal name displayName=Display name firstName=First name lastName=Last name",
        );
        check(
            "DisplayName|Alias|PrimarySmtpAddress|ExternalEmailAddress|WindowsEmailAddress",
            "displayName=DisplayName email=ExternalEmailAddress",
        );
        check("Name|First Join|Last Leave|Email|Participant ID (UPN)|Role", "displayName=Name email=Email");
        check("Name|Erste Teilnahme|E-Mail|Teilnehmer-ID (UPN)|Rolle", "displayName=Name email=E-Mail");
        // What somebody does, and how they are addressed.
        check(
            "Title|First Name|Middle Name|Last Name|Suffix|Company|Department|Job Title|E-mail Address",
            "firstName=First Name lastName=Last Name company=Company department=Department jobTitle=Job Title email=E-mail Address",
        );
        check(
            "Salutation|First Name|Last Name|Title|Account Name|Email",
            "firstName=First Name lastName=Last Name jobTitle=Title email=Email",
        );
        // Forms and visitors' books
        check("Your name|Your email|Your guest's name|Your guest's email", "displayName=Your guest's name email=Your guest's email");
        check("Name|Email|Employee name|Employee email", "displayName=Name email=Email");
        check("Employee Name|Work email", "displayName=Employee Name email=Work email");
        // A work address goes before a private one, wherever it stands.
        check("Name|Private email|Work email", "displayName=Name email=Work email");
        check("Name|E-Mail (privat)|E-Mail (geschäftlich)", "displayName=Name email=E-Mail (geschäftlich)");
        check("Name|Vorname|E-Mail", "lastName=Name firstName=Vorname email=E-Mail");
        // Names in further languages.
        let email = "email=E-mail";
        for (headings, expected) in [
            ("First|Last", "firstName=First lastName=Last"),
            ("Ad|Soyad", "firstName=Ad lastName=Soyad"),
            ("AD|Name", "displayName=Name"),
            ("이름|성", "firstName=이름 lastName=성"),
            ("이름|회사명", "displayName=이름 company=회사명"),
            ("姓名|公司", "displayName=姓名 company=公司"),
            ("氏名（姓）|氏名（名）", "lastName=氏名（姓） firstName=氏名（名）"),
            ("Vezetéknév|Keresztnév", "lastName=Vezetéknév firstName=Keresztnév"),
            ("Фамилия|Имя", "lastName=Фамилия firstName=Имя"),
            ("Nombre|Primer apellido|Segundo apellido", "firstName=Nombre lastName=Primer apellido"),
            ("Fornavn|Efternavn", "firstName=Fornavn lastName=Efternavn"),
            ("Etternavn|Fornavn", "lastName=Etternavn firstName=Fornavn"),
        ] {
            check(&format!("{headings}|E-mail"), &format!("{expected} {email}"));
        }
    }

    #[test]
    fn names_are_of_the_same_person_as_the_address() {
        check(
            "Code|E-Mail|Name|Vorname|Nachname|Teilnehmername|Teilnehmername: Vorname|Teilnehmername: Nachname|E-Mail-Adresse Teilnehmer",
            "displayName=Teilnehmername firstName=Teilnehmername: Vorname lastName=Teilnehmername: Nachname email=E-Mail-Adresse Teilnehmer",
        );
        check("First name|Last name|Attendee name|Attendee email|Email", "displayName=Attendee name email=Attendee email");
        check("First name|Last name|Attendee email|Email", "firstName=First name lastName=Last name email=Attendee email");
        check(
            "Nom du participant|Prénom du participant|E-mail du participant|Nom|Prénom|E-mail",
            "lastName=Nom du participant firstName=Prénom du participant email=E-mail du participant",
        );
        check("Email|Ticket holder email", "email=Ticket holder email");
        check("User email|Attendee email", "email=Attendee email");
        check("Sales rep email|Customer email", "email=Customer email");
        // Who registered is the guest where nobody else is.
        let guest = "displayName=Guest Name email=Guest Email";
        check("Registrant Name|Registrant Email|Guest Name|Guest Email", guest);
        check("Contact Name|Contact Email|Guest Name|Guest Email", guest);
        check("Submitter Name|Submitter Email|Guest Name|Guest Email", guest);
        check("Registered by|Registered by email|Guest Name|Guest Email", guest);
        check("Customer email|Attendee email", "email=Attendee email");
        check(
            "Ansprechpartner|E-Mail Ansprechpartner|Vorname Gast|Nachname Gast|Gast E-Mail",
            "firstName=Vorname Gast lastName=Nachname Gast email=Gast E-Mail",
        );
        check(
            "Registriert von|Registriert von E-Mail|Teilnehmer Name|Teilnehmer E-Mail",
            "displayName=Teilnehmer Name email=Teilnehmer E-Mail",
        );
        check("Registrant Name|Registrant Email", "displayName=Registrant Name email=Registrant Email");
        check("Registrant First Name|Registrant Email|Company", "firstName=Registrant First Name email=Registrant Email company=Company");
        check("Registrant Email|Guest Name", "displayName=Guest Name");
        check("Registrant Email|Guest Email|Registrant Name", "email=Guest Email");
    }

    #[test]
    fn labels_beside_addresses_say_whose_they_are() {
        let field = |first: &str, second: &str| {
            let heading = ["E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Label", "E-mail 2 - Value"];
            let table = Table::from_cells(&[&heading, &[first, "a@x.example", second, "b@x.example"]]);
            layout(&table, header_of(&table)).columns.iter().find(|matched| matched.field() == Some("email")).unwrap().heading.clone()
        };
        assert_eq!(field("* Home", "Work"), "E-mail 2 - Value");
        assert_eq!(field("* Work", "Home"), "E-mail 1 - Value");
        assert_eq!(field("* Privat", "Arbeit"), "E-mail 2 - Value");
        assert_eq!(field("* ", "Other"), "E-mail 1 - Value");
        assert_eq!(field("", "Work"), "E-mail 2 - Value");
    }

    #[test]
    fn a_name_beside_first_names_is_whole_where_the_cells_say_so() {
        let check = |rows: &[[&str; 2]], field: &str| {
            let cells: Vec<[&str; 3]> = rows.iter().map(|[name, part]| [*name, *part, "a@x.example"]).collect();
            let all: Vec<&[&str]> = std::iter::once(&["Name", "First name", "Email"]).chain(&cells).map(|row| row.as_slice()).collect();
            let table = Table::from_cells(&all);
            assert_eq!(layout(&table, header_of(&table)).columns[0].field(), Some(field), "{rows:?}");
        };
        check(&[["Lovelace", "Ada"], ["Noether", ""]], "lastName");
        check(&[["Ada Lovelace", "Ada"], ["Noether", "Emmy"]], "displayName");
        // A last name that holds the first name is no whole one.
        check(&[["Jansen", "Jan"], ["Lovelace", "Ada"], ["Martin", "Martin"]], "lastName");
        check(&[["Lovelace, Ada", "Ada"], ["Jansen, Jan", "Jan"]], "displayName");
        check(&[["山田太郎", "太郎"]], "displayName");
        // As in a report of a list that had only whole names.
        check(&[["Ada Lovelace", ""], ["Emmy Noether", ""]], "displayName");
    }

    #[test]
    fn a_title_is_a_job_or_a_form_of_address_as_its_cells_say() {
        let check = |heading: &str, cells: [&str; 2], field: Option<&str>| {
            let table = Table::from_cells(&[&[heading, "Email"], &[cells[0], "a@x.example"], &[cells[1], "b@x.example"]]);
            let layout = layout(&table, header_of(&table));
            assert_eq!(layout.columns[0].field(), field, "{heading} {cells:?}");
            assert!(field.is_some() || layout.columns[0].column == Some(Column::own(heading)), "{heading} {cells:?}");
        };
        check("Title", ["CEO", "Sr. Engineer"], Some("jobTitle"));
        check("Title", ["Managing Director", "Dr. of the house"], Some("jobTitle"));
        check("Title", ["", "Mrs."], None);
        check("Titel", ["Prof. Dr.", ""], None);
        check("Titel", ["Dr. med.", "Dipl.-Ing."], None);
        check("Titre", ["Mme", "M."], None);
        check("Titre", ["Directrice", ""], Some("jobTitle"));
    }

    #[test]
    fn postal_addresses_are_no_email_addresses() {
        let field = |heading: &str, cell: &str, place: usize| {
            let table = Table::from_cells(&[&[heading, "Name", "E-Mail"], &[cell, "A", "a@x.example"], &[cell, "B", "b@x.example"]]);
            let layout = layout(&table, header_of(&table));
            (layout.columns[place].field().map(str::to_owned), layout.columns[place].column.as_ref().unwrap().name.clone())
        };
        for heading in ["Adresse", "Address", "Adres", "Anschrift"] {
            assert_eq!(field(heading, "Hauptstraße 1, 01067 Dresden", 0), (None, Column::own(heading).name), "{heading}");
            assert_eq!(field(heading, "Hauptstraße 1, 01067 Dresden", 2), (Some("email".into()), "email".into()), "{heading}");
            let alone = Table::from_cells(&[&["Name", heading], &["A", "Hauptstraße 1"]]);
            assert!(layout(&alone, Some(0)).problem().is_some(), "{heading}");
            let emails = Table::from_cells(&[&["Name", heading], &["A", "a@x.example"]]);
            assert_eq!(layout(&emails, header_of(&emails)).columns[1].field(), Some("email"), "{heading}");
        }
    }

    #[test]
    fn a_column_that_is_nearly_empty_gives_way_to_a_full_one() {
        let row = |number: usize, of: usize| {
            [format!("w{number}@x.example"), format!("p{number}@y.example")]
                .map(|cell| if number < of || cell.starts_with('p') { cell } else { String::new() })
        };
        let field = |headings: [&str; 2], of: usize| {
            let rows: Vec<Vec<String>> =
                std::iter::once(headings.map(str::to_owned)).chain((0..300).map(|number| row(number, of))).map(Vec::from).collect();
            let table = Table::from_rows(&rows);
            let layout = layout(&table, header_of(&table));
            assert_eq!(layout.is_certain(), headings[1].contains("Buyer"), "{headings:?}");
            layout.columns.iter().find(|matched| matched.field() == Some("email")).unwrap().heading.clone()
        };
        let few = |of: usize| {
            let rows: Vec<Vec<String>> = std::iter::once(["Work email", "Email"].map(str::to_owned))
                .chain((0..4).map(|number| row(number, of)))
                .map(Vec::from)
                .collect();
            let table = Table::from_rows(&rows);
            layout(&table, header_of(&table)).columns.iter().position(|matched| matched.field() == Some("email"))
        };
        assert_eq!([few(0), few(1), few(2), few(3), few(4)], [Some(1), Some(1), Some(1), Some(0), Some(0)]);
        assert_eq!(field(["Work email", "Email"], 3), "Email");
        assert_eq!(field(["Work email", "Email"], 149), "Email");
        assert_eq!(field(["Work email", "Email"], 150), "Work email");
        assert_eq!(field(["Work email", "Email"], 151), "Work email");
        // Who has none of work gets the private one, row by row.
        assert_eq!(field(["Work email", "Private email"], 3), "Work email");
        // Nobody else's is taken, however many there are.
        assert_eq!(field(["Attendee email", "Email"], 3), "Attendee email");
        assert_eq!(field(["Email", "Buyer email"], 3), "Email");
    }

    #[test]
    fn addresses_of_whoever_paid_are_never_proposed() {
        check("Buyer Email|Ticket", "");
        let table = Table::from_cells(&[&["Order", "Registered by", "Payer email"], &["7", "a@x.example", "b@x.example"]]);
        let layout = layout(&table, header_of(&table));
        assert!(layout.problem().is_some_and(|words| words.starts_with("Choose the column")));
        assert_eq!(layout.told(), ["The addresses in “Registered by”, “Payer email” seem to be of somebody else than the guests."]);
    }

    #[test]
    fn an_empty_column_of_addresses_gives_way_but_to_nobody_who_ordered() {
        let rows = Table::from_cells(&[&["mail", "userPrincipalName", "Name"], &["", "a@x.example", "A"]]);
        let field = |rows: &Table, place: usize| layout(rows, header_of(rows)).columns[place].field().map(str::to_owned);
        assert_eq!((field(&rows, 0), field(&rows, 1)), (None, Some("email".into())));
        let rows = Table::from_cells(&[&["Email", "Attendee email"], &["a@x.example", ""]]);
        assert_eq!((field(&rows, 0), field(&rows, 1)), (None, Some("email".into())));
    }

    /// The headings of the columns with these fields, in the fields' order.
    #[track_caller]
    fn of_cells(rows: &[&[&str]], expected: &str) {
        let table = Table::from_cells(rows);
        let layout = layout(&table, header_of(&table));
        let found: Vec<String> =
            layout.columns.iter().filter_map(|matched| Some(format!("{}={}", matched.field()?, matched.heading))).collect();
        assert_eq!(found.join(" "), expected, "{rows:?}");
    }

    #[test]
    fn the_column_from_which_most_have_their_address_by_its_label_is_proposed() {
        let heading = ["E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Label", "E-mail 2 - Value"];
        let check = |labels: &[[&str; 2]], expected: &str| {
            let rows: Vec<[&str; 4]> = labels.iter().map(|[first, second]| [*first, "a@x.example", *second, "b@x.example"]).collect();
            let all: Vec<&[&str]> = std::iter::once(&heading).chain(&rows).map(|row| row.as_slice()).collect();
            of_cells(&all, &format!("email={expected}"));
        };
        check(&[["Home", "Work"], ["Work", "Work"]], "E-mail 1 - Value");
        check(&[["Home", "Home"], ["Home", "Work"], ["Work", "Work"]], "E-mail 1 - Value");
        check(&[["Home", "Home"], ["Home", "Work"], ["Home", "Work"]], "E-mail 2 - Value");
        check(&[["Home", ""], ["Home", ""]], "E-mail 1 - Value");
        // A label without an address beside it says nothing.
        of_cells(
            &[
                &heading,
                &["Home", "", "Work", "b@x.example"],
                &["Work", "a@x.example", "Work", "b@x.example"],
                &["Work", "a@x.example", "Work", "b@x.example"],
            ],
            "email=E-mail 1 - Value",
        );
        // Nor does one beside a heading that says itself whose it is.
        of_cells(&[&["Type", "Private email", "Work email"], &["Work", "a@x.example", "b@x.example"]], "email=Work email");
    }

    #[test]
    fn a_name_is_half_or_whole_as_what_stands_beside_it() {
        let email = "a@x.example";
        of_cells(&[&["Nom", "Email"], &["Ada Lovelace", email]], "displayName=Nom email=Email");
        of_cells(&[&["Имя", "Email"], &["Ada", email]], "firstName=Имя email=Email");
        of_cells(&[&["Имя", "Email"], &["Ada Lovelace", email], &["Emmy", email]], "displayName=Имя email=Email");
        of_cells(&[&["Имя", "Email"], &["", email]], "displayName=Имя email=Email");
        of_cells(&[&["Name", "Last name", "Email"], &["Ada", "Lovelace", email]], "firstName=Name lastName=Last name email=Email");
        of_cells(
            &[&["Name", "Last name", "Email"], &["Ada Lovelace", "Lovelace", email]],
            "displayName=Name lastName=Last name email=Email",
        );
        of_cells(
            &[&["Full name", "First name", "Email"], &["Lovelace", "Ada", email]],
            "displayName=Full name firstName=First name email=Email",
        );
        of_cells(
            &[&["Name", "First name", "Last name", "Email"], &["Lovelace", "Ada", "King", email]],
            "displayName=Name firstName=First name lastName=Last name email=Email",
        );
        of_cells(&[&["Name", "First name", "Email"], &["", "Ada", email]], "lastName=Name firstName=First name email=Email");
        // As words of its own, in scripts with blanks.
        of_cells(
            &[&["Name", "First name", "Email"], &["Ada King Lovelace", "Ada King", email]],
            "displayName=Name firstName=First name email=Email",
        );
        of_cells(
            &[&["Name", "First name", "Email"], &["Ada Lovelace", "Ada King", email]],
            "lastName=Name firstName=First name email=Email",
        );
        of_cells(&[&["Name", "First name", "Email"], &["太郎", "太郎", email]], "lastName=Name firstName=First name email=Email");
        of_cells(&[&["Name", "First name", "Email"], &["山田", "太郎", email]], "lastName=Name firstName=First name email=Email");
    }

    #[test]
    fn columns_of_no_field_have_names_that_no_other_has() {
        let check = |headings: &[&str], expected: &[&str]| {
            let cells: Vec<&str> = headings.iter().enumerate().map(|(place, _)| if place == 0 { "a@x.example" } else { "x" }).collect();
            let table = Table::from_cells(&[headings, &cells]);
            let columns = layout(&table, Some(0)).columns;
            let names: Vec<&str> = columns.iter().map(|matched| matched.column.as_ref().unwrap().name.as_str()).collect();
            assert_eq!(names, expected, "{headings:?}");
        };
        check(&["Email", "Table", "Table", "Table"], &["email", "table", "table3", "table4"]);
        check(&["Email", "", ""], &["email", "column2", "column3"]);
        check(&["Email", "Column 3", ""], &["email", "column3", "column32"]);
        check(&["Email", "Table", "Table 4", "Table"], &["email", "table", "table4", "table42"]);
        check(&["Email", "Company", "Firma"], &["email", "company", "firma3"]);
    }

    #[test]
    fn samples_are_three_cells_that_say_something() {
        let long = "x".repeat(SAMPLE + 1);
        let table = Table::from_cells(&[&["Email", "Note"], &["a@x.example", " "], &["", "b "], &["", &long], &["", "d"], &["", "e"]]);
        let samples = &layout(&table, Some(0)).columns[1].samples;
        assert_eq!(samples, &["b".to_owned(), format!("{}…", &long[1..]), "d".to_owned()]);
    }

    #[test]
    fn addresses_are_looked_for_where_no_heading_names_them() {
        let check = |headings: [&str; 2], cells: [&str; 2], expected: Option<usize>| {
            let table = Table::from_cells(&[&headings, &cells]);
            let columns = layout(&table, Some(0)).columns;
            assert_eq!(columns.iter().position(|matched| matched.field() == Some("email")), expected, "{headings:?} {cells:?}");
        };
        check(["Who", "Where"], ["Ada", "a@x.example"], Some(1));
        check(["Who", "Where"], ["a@x.example", "b@x.example"], Some(0));
        check(["Who", "Where"], ["Ada <a@x.example>", "b@x.example"], Some(0));
        check(["Who", "Where"], ["Ada at @x", "b@x.example"], Some(1));
        check(["Registered by", "Where"], ["a@x.example", "Berlin"], None);
        check(["Company", "Where"], ["a@x.example", "b@x.example"], Some(1));
    }

    fn named(columns: &[(&str, Option<&str>)]) -> Vec<Matched> {
        let matched = |(heading, field): &(&str, Option<&str>)| Matched {
            heading: (*heading).into(),
            column: Some(field.map_or_else(|| Column::own(heading), Column::from_heading)),
            certainty: Certainty::Known,
            samples: Vec::new(),
        };
        columns.iter().map(matched).collect()
    }

    #[test]
    fn columns_of_a_joined_file_stand_below_those_that_mean_the_same() {
        let check = |own: &[(&str, Option<&str>)], theirs: &[(&str, Option<&str>)], expected: &[Option<usize>]| {
            assert_eq!(places(&mut named(own), named(theirs)), expected, "{own:?} {theirs:?}");
        };
        let email = ("Email", Some("email"));
        check(&[email, ("Table", None)], &[("TABLE", None), ("E-Mail", Some("email"))], &[Some(1), Some(0)]);
        check(&[("Name", Some("displayName"))], &[("NAME", None)], &[Some(0)]);
        check(&[("Name", None)], &[("Name", Some("displayName"))], &[Some(0)]);
        check(&[("Name", Some("displayName"))], &[("Name", Some("lastName"))], &[None, Some(0)]);
        check(&[email], &[("Badge", None), email], &[Some(1), Some(0)]);
        check(&[email, ("", None)], &[("", None), email], &[Some(1), None]);
    }

    #[test]
    fn addresses_above_the_headings_are_found_where_most_stand() {
        let check = |row: &[&str], expected: &[Option<usize>]| {
            let columns = named(&[("Who", None), ("Email", Some("email")), ("Table", None)]);
            assert_eq!(places_above(&Table::from_cells(&[row]), 0..1, &columns), expected, "{row:?}");
        };
        check(&["a@x.example", "Ada", ""], &[Some(1), Some(0), Some(2)]);
        check(&["Ada", "", "a@x.example"], &[Some(0), Some(2), Some(1)]);
        check(&["b@x.example", "a@x.example", ""], &[]);
        check(&["Ada", "", ""], &[]);
        assert!(places_above(&Table::from_cells(&[&["a@x.example"]]), 0..1, &named(&[("Who", None)])).is_empty());
    }
}
