//! Mistakes that are made often, grouped by what fixes them: twelve addresses that end in `.con` are one repair.

use super::address::{Address, AddressProblem};
use super::checks::Checks;
use super::domains;
use super::findings::FindingKind;
use super::headings::{Meaning, Whose};
use super::list::List;
use super::{Column, clutter, headings, names, nothing, scripts};
use crate::words::count;

/// What a repair does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// The ending of a domain.
    Ending(&'static str, &'static str),
    /// A domain, and what was meant.
    Domain(String, String),
    /// Blanks, and signs around the address that belong to a mail header or a sentence.
    Clutter,
    /// A dash within an address where a hyphen was meant, besides clutter.
    Dash,
    /// `+tag`, which Microsoft refuses.
    Tag,
    /// `de_DE` instead of `de-DE`.
    Underscore,
    /// `Lovelace, Ada` in the column of names.
    TurnedName,
    /// Several addresses in one cell, of which the first is taken.
    First,
    /// The address that stands in another column, where the column of addresses has none.
    OtherColumn(Column),
    /// Letters of another script that look like Latin ones.
    Latin,
    /// Words for nothing in these fields.
    Nothing(Vec<String>),
    /// Rows whose address stands in an earlier one.
    Duplicates,
}

/// One way to fix rows that have the same mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    pub fix: Fix,
    /// Their ids, rising.
    pub rows: Vec<u32>,
}

/// Every repair that there is, the largest first.
pub fn repairs(list: &List, checks: &Checks) -> Vec<Repair> {
    let mut repairs: Vec<Repair> = Vec::new();
    let email = list.column("email");
    let language = list.column("language");
    let read = |place: usize, column: Option<usize>| column.map_or("", |column| list.cell(place, column));
    for place in (0..list.len()).filter(|place| checks.is_found(*place)) {
        let address =
            [FindingKind::BadAddress, FindingKind::Typo, FindingKind::OtherScript].into_iter().any(|kind| checks.has(place, kind));
        let fixes = [
            email.filter(|_| address).and_then(|email| fix_for(list, place, email)),
            checks.has(place, FindingKind::Nothing).then(|| Fix::Nothing(checks.context().used.clone())),
            checks.has(place, FindingKind::Duplicate).then_some(Fix::Duplicates),
            checks.has(place, FindingKind::TurnedName).then_some(Fix::TurnedName),
            checks.has(place, FindingKind::BadLanguage).then(|| read(place, language).contains('_').then_some(Fix::Underscore)).flatten(),
        ];
        for fix in fixes.into_iter().flatten() {
            match repairs.iter_mut().find(|repair| repair.fix == fix) {
                Some(repair) => repair.rows.push(list.ids()[place]),
                None => repairs.push(Repair { fix, rows: vec![list.ids()[place]] }),
            }
        }
    }
    repairs.sort_by_key(|repair| std::cmp::Reverse(repair.rows.len()));
    repairs
}

/// What would make the row's address one that can be invited, or the one that was meant.
fn fix_for(list: &List, place: usize, column: usize) -> Option<Fix> {
    let text = list.cell(place, column);
    let Ok((_, domain)) = Address::parse_parts(text) else {
        let tried = [Fix::Clutter, Fix::Dash, Fix::First, Fix::Tag];
        // A domain beyond ASCII is written in it when the repair is made.
        let is_one = |fixed: String| matches!(Address::parse(&fixed), Ok(_) | Err(AddressProblem::NotAscii));
        let fix = tried.into_iter().find(|fix| fix.apply(text).is_some_and(is_one));
        return fix.or_else(|| other_address(list, place).map(|(column, _)| Fix::OtherColumn(column.clone())));
    };
    if scripts::look_alikes(text.trim()).is_some() {
        return Fix::Latin.apply(text).map(|_| Fix::Latin);
    }
    let domain = domain.to_ascii_lowercase();
    match (domains::ending(&domain), domains::verdict(&domain, std::iter::empty())) {
        (Some((wrong, right)), _) => Some(Fix::Ending(wrong, right)),
        (None, domains::Verdict::Typo(meant)) => Some(Fix::Domain(domain, meant)),
        _ => None,
    }
}

/// A column of the row that has an address of the guest when the column of addresses has none: theirs, and of nobody else.
fn other_address(list: &List, place: usize) -> Option<(&Column, String)> {
    let mut others: Vec<(Whose, usize, String)> = Vec::new();
    for (column, own) in list.columns().iter().enumerate().filter(|(_, own)| !Column::FIELDS.contains(&own.name.as_str())) {
        let cell = list.cell(place, column);
        let meaning = Some(cell).filter(|cell| cell.contains(['@', '＠'])).and_then(|_| headings::meaning(&own.heading));
        if let Some(Meaning { field: "email", whose, is_guess: false }) = meaning
            && !matches!(whose, Whose::Contact | Whose::SomebodyElse)
            && let Some(address) = clutter::bare(cell).or_else(|| clutter::addresses(cell).into_iter().next())
            && Address::parse(&address).is_ok()
        {
            others.push((whose, column, address));
        }
    }
    let (_, column, address) = others.into_iter().min_by_key(|(whose, column, _)| (*whose, *column))?;
    Some((&list.columns()[column], address))
}

/// What is wrong with a row's address, and what could be taken instead.
pub(super) fn advice(list: &List, place: usize) -> String {
    let text = list.row(place).cell("email");
    let Err(problem) = Address::parse(text) else { return String::new() };
    let words = problem.words();
    match (problem, other_address(list, place)) {
        (AddressProblem::Several, _) => format!("{words} The first is {}.", clutter::addresses(text).swap_remove(0)),
        (AddressProblem::ExchangeName | AddressProblem::Empty | AddressProblem::NoAt, Some((column, address))) => {
            format!("{words} {address} stands in {}.", column.heading)
        }
        (AddressProblem::ExchangeName, None) => format!("{words} The row has no other."),
        _ => words,
    }
}

impl Fix {
    /// The cells of a row that are fixed: their columns, and what stands there then.
    pub fn changes(&self, list: &List, place: usize) -> Vec<(usize, String)> {
        match self {
            Self::Nothing(used) => {
                let watched = nothing::watched(list, used).into_iter();
                watched
                    .filter(|watched| nothing::is_nothing(list, place, *watched))
                    .map(|watched| (watched.column, String::new()))
                    .collect()
            }
            Self::OtherColumn(_) => list
                .column(self.field())
                .zip(other_address(list, place))
                .map(|(column, (_, address))| (column, address))
                .into_iter()
                .collect(),
            _ => {
                let column = list.column(self.field());
                column.and_then(|column| Some((column, self.apply(list.cell(place, column))?))).into_iter().collect()
            }
        }
    }

    /// The fixed text of a cell; nothing where there is nothing to fix, or where it takes more than the cell to say.
    fn apply(&self, text: &str) -> Option<String> {
        let fixed = match self {
            Self::Ending(wrong, right) => {
                let text = text.trim();
                let start = text.len().checked_sub(wrong.len())?;
                text.get(start..).filter(|end| end.eq_ignore_ascii_case(wrong)).map(|_| format!("{}{right}", &text[..start]))?
            }
            Self::Domain(wrong, meant) => {
                let (local, domain) = text.trim().rsplit_once('@')?;
                domain.eq_ignore_ascii_case(wrong).then(|| format!("{local}@{meant}"))?
            }
            Self::Clutter => clutter::bare(text)?,
            Self::Dash => clutter::bare(&clutter::hyphenated(text)?)?,
            Self::First => Some(clutter::addresses(text)).filter(|found| found.len() > 1)?.swap_remove(0),
            Self::Latin => scripts::look_alikes(text.trim()).map(|found| found.latin).filter(|latin| Address::parse(latin).is_ok())?,
            Self::Tag => {
                let (local, domain) = text.trim().rsplit_once('@')?;
                format!("{}@{domain}", local.split_once('+')?.0)
            }
            Self::Underscore => text.trim().replace('_', "-"),
            Self::TurnedName => names::turned(text)?,
            Self::OtherColumn(_) | Self::Nothing(_) | Self::Duplicates => return None,
        };
        (fixed != text).then_some(fixed)
    }

    /// The field that is fixed.
    const fn field(&self) -> &'static str {
        match self {
            Self::Underscore => "language",
            Self::TurnedName => "displayName",
            _ => "email",
        }
    }
}

impl Repair {
    /// `12 addresses end in .con`
    pub fn words(&self) -> String {
        let rows = |one: &str, many: &str| count(self.rows.len(), one, many);
        match &self.fix {
            Fix::Ending(wrong, _) => format!("{} in .{wrong}", rows("address ends", "addresses end")),
            Fix::Domain(wrong, _) => format!("{} at {wrong}", rows("address is", "addresses are")),
            Fix::Clutter => format!("{} blanks or signs that do not belong there", rows("address has", "addresses have")),
            Fix::Dash => format!("{} a dash where a hyphen was meant", rows("address has", "addresses have")),
            Fix::First => format!("{} more than one address", rows("row has", "rows have")),
            Fix::OtherColumn(column) => {
                format!("{} no address but one in {}", rows("row has", "rows have"), column.heading)
            }
            Fix::Latin => format!("{} letters of another script that look Latin", rows("address has", "addresses have")),
            Fix::Nothing(_) => format!("{} words for nothing, such as NULL or #N/A", rows("row has", "rows have")),
            Fix::Tag => format!("{} a +tag, which Microsoft refuses", rows("address has", "addresses have")),
            Fix::Underscore => format!("{} written with an underscore", rows("language is", "languages are")),
            Fix::TurnedName => format!("{} the last name before a comma", rows("name has", "names have")),
            Fix::Duplicates => format!("{} an earlier address", rows("row repeats", "rows repeat")),
        }
    }

    /// What the button says, and what undoing it is called.
    pub fn verb(&self) -> String {
        match &self.fix {
            Fix::Ending(_, right) => format!("Change to .{right}"),
            Fix::Domain(_, meant) => format!("Change to {meant}"),
            Fix::Clutter => "Remove them".into(),
            Fix::First => "Take the first".into(),
            Fix::OtherColumn(column) => format!("Take it from {}", column.heading),
            Fix::Latin => "Write Latin letters".into(),
            Fix::Nothing(_) => "Empty these cells".into(),
            Fix::Tag => "Remove the tag".into(),
            Fix::Dash | Fix::Underscore => "Write a hyphen".into(),
            Fix::TurnedName => "Put the first name first".into(),
            Fix::Duplicates => format!("Remove {}", count(self.rows.len(), "row", "rows")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::checks::Context;

    #[test]
    fn mistakes_are_grouped_by_what_mends_them() {
        let mut list = List::default();
        let texts = [
            "a@fabrikam.con",
            "b@tailspin.CON",
            "c@gmial.com",
            "<d@fabrikam.example>.",
            "e f@fabrikam.example",
            "g+x@fabrikam.example",
            "nothing to be done",
            "h@fabrikam.example",
            "H@fabrikam.example",
        ];
        for text in texts {
            list.add(&[(Column::from_heading("email"), text.into()), (Column::from_heading("language"), "de_DE".into())]);
        }
        let found = repairs(&list, &Checks::for_list(&list, Context::default()));
        let told: Vec<(String, String, &[u32])> =
            found.iter().map(|repair| (repair.words(), repair.verb(), repair.rows.as_slice())).collect();
        let expected: [(&str, &str, &[u32]); 6] = [
            ("9 languages are written with an underscore", "Write a hyphen", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
            ("2 addresses end in .con", "Change to .com", &[1, 2]),
            ("2 addresses have blanks or signs that do not belong there", "Remove them", &[4, 5]),
            ("1 address is at gmial.com", "Change to gmail.com", &[3]),
            ("1 address has a +tag, which Microsoft refuses", "Remove the tag", &[6]),
            ("1 row repeats an earlier address", "Remove 1 row", &[9]),
        ];
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for expected in expected {
            assert!(told.contains(&(expected.0.into(), expected.1.into(), expected.2)), "{expected:?} in {told:?}");
        }
        let fixed = |place: usize| {
            found
                .iter()
                .find(|repair| repair.fix.field() == "email" && repair.rows.contains(&(place as u32 + 1)))
                .and_then(|repair| repair.fix.changes(&list, place).pop())
                .map(|(_, fixed)| fixed)
        };
        assert_eq!(fixed(1).as_deref(), Some("b@tailspin.com"));
        assert_eq!(fixed(2).as_deref(), Some("c@gmail.com"));
        assert_eq!(fixed(3).as_deref(), Some("d@fabrikam.example"));
        assert_eq!(fixed(4).as_deref(), Some("ef@fabrikam.example"));
        assert_eq!(fixed(5).as_deref(), Some("g@fabrikam.example"));
    }

    #[test]
    fn an_address_of_another_column_is_offered_and_never_that_of_whoever_paid() {
        let mut list = List::default();
        let mut add = |cells: [&str; 4]| {
            let headings = ["Email", "Buyer Email", "E-mail 2 Address", "Private email"];
            list.add(
                &headings.into_iter().zip(cells).map(|(heading, cell)| (Column::from_heading(heading), cell.into())).collect::<Vec<_>>(),
            );
        };
        add(["/o=Fabrikam/cn=Recipients/cn=ada", "pay@x.example", "smtp:ada@x.example", "a@private.example"]);
        add(["", "pay@x.example", "", ""]);
        add(["x500:/o=Fabrikam/cn=bob", "", "", "bob@private.example"]);
        let checks = Checks::for_list(&list, Context::default());
        let found = repairs(&list, &checks);
        let fixed = |repair: &Repair| repair.fix.changes(&list, repair.rows[0] as usize - 1);
        let told: Vec<(&[u32], String)> = found.iter().map(|repair| (repair.rows.as_slice(), repair.verb())).collect();
        assert_eq!(told, [(&[1][..], "Take it from E-mail 2 Address".into()), (&[3][..], "Take it from Private email".into())]);
        assert_eq!(fixed(&found[0]), [(0, "ada@x.example".into())]);
        assert_eq!(fixed(&found[1]), [(0, "bob@private.example".into())]);
        let says = |place: usize| checks.words(&list, place, 0).map(|(words, _)| words).unwrap_or_default();
        assert!(says(0).contains("Exchange") && says(0).ends_with("ada@x.example stands in E-mail 2 Address."), "{}", says(0));
        assert_eq!(says(1), "An email address is missing.");
    }

    #[test]
    fn one_press_mends_every_address_that_was_copied_with_something_around_it() {
        let mut list = List::default();
        let texts = [
            "SMTP:a@x.example",
            "'b@x.example'",
            "<<c@x.example>>",
            "ｄ＠ｘ．ｅｘａｍｐｌｅ",
            "e@x.example.,",
            "f\u{200b}f@x.example",
            "mailto:g@x.example",
            "“h@x.example”",
            "• i@x.example",
            "j@x.example™",
            "h@x.example ::: i@x.example",
            "аda@x.example",
        ];
        for text in texts {
            list.add(&[(Column::from_heading("email"), text.into())]);
        }
        let checks = Checks::for_list(&list, Context::default());
        let told: Vec<(String, Vec<u32>)> = repairs(&list, &checks).iter().map(|repair| (repair.verb(), repair.rows.clone())).collect();
        assert_eq!(
            told,
            [
                ("Remove them".to_owned(), vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
                ("Take the first".to_owned(), vec![11]),
                ("Write Latin letters".to_owned(), vec![12])
            ]
        );
        let (words, is_error) = checks.words(&list, 11, 0).unwrap();
        assert!(
            !is_error && words.starts_with("In аda@x.example the letter а (U+0430, Cyrillic) is not the Latin a of ada@x.example."),
            "{words}"
        );
    }

    #[test]
    fn a_dash_within_an_address_becomes_a_hyphen() {
        let mut list = List::default();
        let texts = [
            "p@fabrikam\u{2011}sales.example",
            "r\u{2010}s@x.example",
            "“t@fabrikam–sales.example”",
            "u−v@fabrikam—sales.example;",
            "w@x.example –",
            "– x@x.example",
            "y–@x.example",
            "z-–z@x.example",
        ];
        for text in texts {
            list.add(&[(Column::from_heading("email"), text.into())]);
        }
        let found = repairs(&list, &Checks::for_list(&list, Context::default()));
        let told: Vec<(String, &[u32])> = found.iter().map(|repair| (repair.verb(), repair.rows.as_slice())).collect();
        assert_eq!(told, [("Write a hyphen".to_owned(), &[1, 2, 3, 4][..]), ("Remove them".to_owned(), &[5, 6, 7])]);
        assert_eq!(found[0].words(), "4 addresses have a dash where a hyphen was meant");
        let fixed: Vec<String> = (0..4).flat_map(|place| found[0].fix.changes(&list, place)).map(|(_, fixed)| fixed).collect();
        let expected = ["p@fabrikam-sales.example", "r-s@x.example", "t@fabrikam-sales.example", "u-v@fabrikam-sales.example"];
        assert_eq!(fixed, expected);
    }

    #[test]
    fn an_address_at_a_domain_beyond_ascii_is_mended_like_others() {
        let mut guests = crate::rows::guests::Guests::default();
        guests.grow("a file".into(), |list| _ = list.add(&[(Column::from_heading("email"), "“ana@bücher.example”".into())]));
        let found = repairs(guests.list(), guests.checks());
        assert_eq!(found.iter().map(|repair| &repair.fix).collect::<Vec<_>>(), [&Fix::Clutter]);
        let ascii = |text: &str| text.replace("bücher", "xn--bcher-kva");
        assert_eq!(guests.fix(&found[0], None, ascii), 1);
        assert_eq!(guests.list().row(0).cell("email"), "ana@xn--bcher-kva.example");
        assert_eq!(repairs(guests.list(), guests.checks()), []);
    }

    #[test]
    fn what_is_wrong_with_an_address_is_told_with_what_could_be_taken_instead() {
        let check = |email: &str, second: &str, expected: &str| {
            let mut list = List::default();
            list.add(&[(Column::from_heading("Email"), email.into()), (Column::from_heading("E-mail 2 Address"), second.into())]);
            assert_eq!(advice(&list, 0), expected, "{email} {second}");
        };
        check("ada@x.example", "", "");
        check("ada@x.example; bob@x.example", "", "More than one address stands here, and a row is one guest. The first is ada@x.example.");
        check("ada", "", "The @ is missing.");
        check("ada", "ada@x.example", "The @ is missing. ada@x.example stands in E-mail 2 Address.");
        let name = "This is the name by which Exchange knows a mailbox (X.500), not an address that mail from outside reaches.";
        check("/o=Fabrikam/cn=ada", "", &format!("{name} The row has no other."));
        check("/o=Fabrikam/cn=ada", "ada@x.example", &format!("{name} ada@x.example stands in E-mail 2 Address."));
        check("ada+tag@x.example", "ada@x.example", "Microsoft refuses invitations to addresses with +.");
    }

    #[test]
    fn a_word_before_a_whole_address_never_becomes_a_part_of_it() {
        let mut list = List::default();
        let texts = ["jane jane.doe@x.example", "von ada@x.example", "o cid@x.example", "mr dan@x.example", "eve@x.example work"];
        for text in texts {
            list.add(&[(Column::from_heading("email"), text.into())]);
        }
        let found = repairs(&list, &Checks::for_list(&list, Context::default()));
        assert_eq!(found.iter().map(|repair| &repair.fix).collect::<Vec<_>>(), [&Fix::Clutter]);
        let fixed: Vec<String> = (0..list.len()).flat_map(|place| found[0].fix.changes(&list, place)).map(|(_, fixed)| fixed).collect();
        assert_eq!(fixed, ["jane.doe@x.example", "ada@x.example", "cid@x.example", "dan@x.example", "eve@x.example"]);
    }

    #[test]
    fn half_of_an_address_with_a_blank_in_it_is_never_taken_for_the_whole() {
        let mut list = List::default();
        list.add(&[(Column::from_heading("email"), "d' arcy@x.example".into())]);
        assert_eq!(repairs(&list, &Checks::for_list(&list, Context::default())), []);
    }

    #[test]
    fn words_for_nothing_are_emptied_at_once_and_names_stay() {
        let mut list = List::default();
        for (first, company) in [("#N/A", "Fabrikam"), ("NULL", "undefined"), ("Nan", "-")] {
            let cells = [("email", "a@x.example"), ("firstName", first), ("lastName", "Null"), ("company", company)];
            list.add(&cells.map(|(name, text)| (Column::from_heading(name), text.to_owned())));
        }
        let used = vec!["company".to_owned()];
        let checks = Checks::for_list(&list, Context { used, ..Context::default() });
        let repair = repairs(&list, &checks).into_iter().find(|repair| matches!(repair.fix, Fix::Nothing(_))).unwrap();
        let columns = |place| repair.fix.changes(&list, place).into_iter().map(|(column, _)| column).collect::<Vec<_>>();
        assert_eq!((repair.rows.as_slice(), columns(0), columns(1), columns(2)), (&[1, 2, 3][..], vec![2], vec![2, 3], vec![3]));
        assert!(checks.words(&list, 1, 3).is_some() && checks.words(&list, 2, 2).is_none());
    }
}
