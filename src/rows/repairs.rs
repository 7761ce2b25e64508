//! Mistakes that are made often, grouped by what mends them: twelve addresses that end in `.con` are one repair.

use super::address::{Address, is_invisible};
use super::checks::Checks;
use super::domains;
use super::findings::Kind;
use super::list::List;
use super::names;
use crate::words::count;

/// What a repair does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// The ending of a domain.
    Ending(&'static str, &'static str),
    /// A domain, and what was meant.
    Domain(String, String),
    /// Blanks, and signs around the address that belong to a mail header or a sentence.
    Clutter,
    /// `+tag`, which Microsoft refuses.
    Tag,
    /// `de_DE` instead of `de-DE`.
    Underscore,
    /// `Lovelace, Ada` in the column of names.
    TurnedName,
    /// Rows whose address stands in an earlier one.
    Duplicates,
}

/// One way to mend rows that have the same mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    pub mend: Mend,
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
        let address = checks.has(place, Kind::BadAddress) || checks.has(place, Kind::Typo);
        let mends = [
            address.then(|| mend_of(read(place, email))).flatten(),
            checks.has(place, Kind::Duplicate).then_some(Mend::Duplicates),
            checks.has(place, Kind::TurnedName).then_some(Mend::TurnedName),
            checks.has(place, Kind::BadLanguage).then(|| read(place, language).contains('_').then_some(Mend::Underscore)).flatten(),
        ];
        for mend in mends.into_iter().flatten() {
            match repairs.iter_mut().find(|repair| repair.mend == mend) {
                Some(repair) => repair.rows.push(list.ids()[place]),
                None => repairs.push(Repair { mend, rows: vec![list.ids()[place]] }),
            }
        }
    }
    repairs.sort_by_key(|repair| std::cmp::Reverse(repair.rows.len()));
    repairs
}

/// What would make this an address that can be invited, or the one that was meant.
fn mend_of(text: &str) -> Option<Mend> {
    let tried = [Mend::Clutter, Mend::Tag];
    if let Some(mend) = tried.into_iter().find(|mend| mend.apply(text).is_some_and(|mended| Address::parse(&mended).is_ok())) {
        return Some(mend).filter(|_| Address::parse(text).is_err());
    }
    let (_, domain) = Address::sound(text).ok()?;
    let domain = domain.to_ascii_lowercase();
    match (domains::ending(&domain), domains::verdict(&domain, std::iter::empty())) {
        (Some((wrong, right)), _) => Some(Mend::Ending(wrong, right)),
        (None, domains::Verdict::Typo(meant)) => Some(Mend::Domain(domain, meant)),
        _ => None,
    }
}

impl Mend {
    /// The mended text of a cell; nothing where there is nothing to mend.
    pub fn apply(&self, text: &str) -> Option<String> {
        let mended = match self {
            Self::Ending(wrong, right) => {
                let text = text.trim();
                let start = text.len().checked_sub(wrong.len())?;
                text.get(start..).filter(|end| end.eq_ignore_ascii_case(wrong)).map(|_| format!("{}{right}", &text[..start]))?
            }
            Self::Domain(wrong, meant) => {
                let (local, domain) = text.trim().rsplit_once('@')?;
                domain.eq_ignore_ascii_case(wrong).then(|| format!("{local}@{meant}"))?
            }
            Self::Clutter => {
                let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest.split('>').next().unwrap_or(rest));
                let inner = inner.trim().strip_prefix("mailto:").unwrap_or(inner);
                let bare: String = inner.chars().filter(|character| !character.is_whitespace() && !is_invisible(*character)).collect();
                bare.trim_matches(|character: char| ".,;:'\"()<>[]".contains(character)).to_owned()
            }
            Self::Tag => {
                let (local, domain) = text.trim().rsplit_once('@')?;
                format!("{}@{domain}", local.split_once('+')?.0)
            }
            Self::Underscore => text.trim().replace('_', "-"),
            Self::TurnedName => names::turned(text)?,
            Self::Duplicates => return None,
        };
        (mended != text).then_some(mended)
    }

    /// The field that is mended.
    pub const fn field(&self) -> &'static str {
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
        match &self.mend {
            Mend::Ending(wrong, _) => format!("{} in .{wrong}", rows("address ends", "addresses end")),
            Mend::Domain(wrong, _) => format!("{} at {wrong}", rows("address is", "addresses are")),
            Mend::Clutter => format!("{} blanks or signs that do not belong there", rows("address has", "addresses have")),
            Mend::Tag => format!("{} a +tag, which Microsoft refuses", rows("address has", "addresses have")),
            Mend::Underscore => format!("{} written with an underscore", rows("language is", "languages are")),
            Mend::TurnedName => format!("{} the last name before a comma", rows("name has", "names have")),
            Mend::Duplicates => format!("{} an earlier address", rows("row repeats", "rows repeat")),
        }
    }

    /// What the button says, and what undoing it is called.
    pub fn verb(&self) -> String {
        match &self.mend {
            Mend::Ending(_, right) => format!("Change to .{right}"),
            Mend::Domain(_, meant) => format!("Change to {meant}"),
            Mend::Clutter => "Remove them".into(),
            Mend::Tag => "Remove the tag".into(),
            Mend::Underscore => "Write a hyphen".into(),
            Mend::TurnedName => "Put the first name first".into(),
            Mend::Duplicates => format!("Remove {}", count(self.rows.len(), "row", "rows")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Column;
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
            list.add(&[(Column::of_heading("email"), text.into()), (Column::of_heading("language"), "de_DE".into())]);
        }
        let found = repairs(&list, &Checks::of(&list, Context::default()));
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
        let mended = |place: usize| {
            found
                .iter()
                .find(|repair| repair.mend.field() == "email" && repair.rows.contains(&(place as u32 + 1)))
                .and_then(|repair| repair.mend.apply(texts[place]))
        };
        assert_eq!(mended(1).as_deref(), Some("b@tailspin.com"));
        assert_eq!(mended(2).as_deref(), Some("c@gmail.com"));
        assert_eq!(mended(3).as_deref(), Some("d@fabrikam.example"));
        assert_eq!(mended(4).as_deref(), Some("ef@fabrikam.example"));
        assert_eq!(mended(5).as_deref(), Some("g@fabrikam.example"));
    }
}
