//! What is wrong with a list, without asking anybody. Every row is looked at once, and again when it changes; what is kept
//! of a row are a few numbers, and words are made when somebody wants to read them.

use super::address::{Address, is_plain_domain};
use super::domains::{self, Verdict};
use super::findings::{ERRORS, FindingKind};
use super::keys::SeenKeys;
use super::language::is_language;
use super::list::List;
use super::places::ColumnPlaces;
use super::row_findings::RowFindings;
use super::{names, repairs, scripts, spelling};
use graph::invitations::DISPLAY_NAME_MOST;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// What the list is held against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// The tenant's domains.
    pub own: Vec<String>,
    /// Fields that the message uses without a fallback.
    pub fields: Vec<String>,
    /// All fields that the message names, in any of its languages.
    #[serde(default)]
    pub used: Vec<String>,
    /// Tags of languages, with the fields that the message in this language uses instead.
    pub variants: Vec<(String, Vec<String>)>,
}

/// How many rows there are, and how many of them have something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub rows: usize,
    /// Rows with nothing, or only with something worth a look.
    pub ready: usize,
    pub errors: usize,
    pub warnings: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Domain {
    name: String,
    rows: usize,
    faults: u16,
    /// Hash of the name and an @, which the keys of its addresses go on from.
    hash: u64,
}

#[derive(Clone, Debug, Default)]
pub struct Checks {
    rows: RowFindings,
    /// Where each domain stands, and whether an address is one by its first half alone.
    names: FxHashMap<String, (u32, bool)>,
    found: ListFindings,
}

/// What was found in all rows together, and what they were held against.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct ListFindings {
    context: Context,
    domains: Vec<Domain>,
    counts: [usize; FindingKind::ALL.len()],
    errors: usize,
    warnings: usize,
}

impl Checks {
    /// Looks at every row.
    pub fn for_list(list: &List, context: Context) -> Self {
        let found = ListFindings { context, ..ListFindings::default() };
        let mut checks = Self { rows: RowFindings::with_capacity(list.len()), found, ..Self::default() };
        let columns = ColumnPlaces::for_list(list, checks.context());
        for place in 0..list.len() {
            let (key, domain, faults) = checks.judge(list, &columns, place);
            checks.rows.keys.push(key);
            checks.rows.domains.push(domain);
            checks.rows.faults.push(faults);
        }
        // All at once: a processor waits for several places of a large memory together, but not with so much to do between them.
        let mut seen = SeenKeys::for_rows(list.len());
        for (key, faults) in checks.rows.keys.iter().zip(&mut checks.rows.faults) {
            if *key != 0 && seen.has_or_takes(*key) {
                *faults |= FindingKind::Duplicate.bit();
            }
        }
        for place in 0..list.len() {
            checks.count(checks.rows.faults[place], true);
        }
        checks
    }

    /// Takes what was found apart, to be carried between threads: JSON, and what is kept of each row.
    pub fn into_parts(self) -> (String, RowFindings) {
        (serde_json::to_string(&self.found).unwrap_or_default(), self.rows)
    }

    /// Puts together again what was found; `None` when the parts do not fit.
    pub fn from_parts(found: &str, rows: RowFindings) -> Option<Self> {
        let found: ListFindings = serde_json::from_str(found).ok()?;
        let named = |(place, Domain { name, .. }): (u32, &Domain)| (name.clone(), (place, is_plain_domain(name)));
        let names = (0_u32..).zip(&found.domains).map(named).collect();
        let fits = rows.keys.len() == rows.domains.len() && rows.keys.len() == rows.faults.len();
        fits.then_some(Self { rows, names, found })
    }

    pub const fn context(&self) -> &Context {
        &self.found.context
    }

    pub const fn summary(&self) -> Summary {
        let rows = self.rows.faults.len();
        Summary { rows, ready: rows - self.found.errors, errors: self.found.errors, warnings: self.found.warnings }
    }

    /// Rows with this.
    pub const fn count_of(&self, kind: FindingKind) -> usize {
        self.found.counts[kind as usize]
    }

    /// Of a row; none when there is no such row.
    fn faults(&self, place: usize) -> u16 {
        self.rows.faults.get(place).copied().unwrap_or(0)
    }

    pub fn has(&self, place: usize, kind: FindingKind) -> bool {
        self.faults(place) & kind.bit() != 0
    }

    pub fn is_error(&self, place: usize) -> bool {
        self.faults(place) & ERRORS != 0
    }

    pub fn is_warning(&self, place: usize) -> bool {
        self.faults(place) != 0 && !self.is_error(place)
    }

    /// Whether there is anything to be said of the row.
    pub fn is_found(&self, place: usize) -> bool {
        self.faults(place) != 0
    }

    /// Domains and the rows at each, most first.
    pub fn domains(&self) -> Vec<(&str, usize)> {
        let mut domains: Vec<(&str, usize)> =
            self.found.domains.iter().filter(|domain| domain.rows > 0).map(|domain| (domain.name.as_str(), domain.rows)).collect();
        domains.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
        domains
    }

    /// The domain of a row's address.
    pub fn domain(&self, place: usize) -> Option<&str> {
        let domain = self.rows.domains.get(place)?.checked_sub(1)?;
        self.found.domains.get(domain as usize).map(|domain| domain.name.as_str())
    }

    /// Looks at these rows again, which have changed where they stand.
    pub fn again(&mut self, list: &List, places: &[usize]) {
        let keys = self.strike(places);
        self.enter(list, places, keys);
    }

    /// Forgets these rows, which are about to be taken out.
    pub fn leave(&mut self, places: &[usize]) {
        let keys = self.strike(places);
        self.rows.take(places);
        self.mark(keys);
    }

    /// Looks at these rows, which have come in at these rising places.
    pub fn join(&mut self, list: &List, places: &[usize]) {
        self.rows.put(places, list.len());
        self.enter(list, places, Vec::new());
    }

    /// Looks at these rows, after the ones with these keys have gone.
    fn enter(&mut self, list: &List, places: &[usize], mut keys: Vec<u64>) {
        let columns = ColumnPlaces::for_list(list, &self.found.context);
        for place in places.iter().copied() {
            let judged = self.judge(list, &columns, place);
            self.rows.set(place, judged);
            self.count(judged.2, true);
            keys.push(judged.0);
        }
        self.mark(keys);
    }

    /// Takes these rows out of all counts; their keys.
    fn strike(&mut self, places: &[usize]) -> Vec<u64> {
        let mut keys = Vec::with_capacity(places.len());
        for place in places {
            self.count(self.rows.faults[*place], false);
            if let Some(domain) = self.rows.domains[*place].checked_sub(1) {
                self.found.domains[domain as usize].rows -= 1;
            }
            keys.push(self.rows.keys[*place]);
        }
        keys
    }

    /// Of the rows with one of these addresses all but the first are duplicates. Goes over the list once, which is quicker
    /// than keeping an order of all addresses up to date.
    fn mark(&mut self, mut keys: Vec<u64>) {
        keys.sort_unstable();
        keys.dedup();
        let mut seen = vec![false; keys.len()];
        for place in 0..self.rows.keys.len() {
            let (key, was) = (self.rows.keys[place], self.rows.faults[place]);
            let Ok(number) = keys.binary_search(&key) else { continue };
            let again = std::mem::replace(&mut seen[number], true) && key != 0;
            let bit = FindingKind::Duplicate.bit();
            let now = if again { was | bit } else { was & !bit };
            if now != was {
                self.count(was, false);
                self.count(now, true);
                self.rows.faults[place] = now;
            }
        }
    }

    fn count(&mut self, faults: u16, enter: bool) {
        if faults == 0 {
            return;
        }
        let step = |number: &mut usize| if enter { *number += 1 } else { *number -= 1 };
        for kind in FindingKind::ALL {
            if faults & kind.bit() != 0 {
                step(&mut self.found.counts[kind as usize]);
            }
        }
        step(if faults & ERRORS != 0 { &mut self.found.errors } else { &mut self.found.warnings });
    }

    /// Everything about a row but whether it is a duplicate: key, place of the domain plus one, faults.
    fn judge(&mut self, list: &List, columns: &ColumnPlaces, place: usize) -> (u64, u32, u16) {
        let (mut key, mut domain, mut faults) = (0, 0, 0);
        let read = |column: Option<usize>| column.map_or("", |column| list.cell(place, column));
        let address = read(columns.email);
        // Most addresses are plain, and at a domain that others had.
        let known = Address::plain_parts(address).and_then(|(local, name)| Some((local, self.plain_domain_place(name)?)));
        match known.map_or_else(|| Address::parse_parts(address).map(|(local, name)| (local, self.domain_place(name))), Ok) {
            Err(_) => faults |= FindingKind::BadAddress.bit(),
            Ok((local, place)) => {
                let found = &mut self.found.domains[place as usize];
                found.rows += 1;
                faults |= found.faults;
                let is_ascii = local.is_ascii();
                if !is_ascii && scripts::look_alikes(address).is_some() {
                    faults |= FindingKind::OtherScript.bit();
                }
                // The hash sees to the case of ASCII.
                let hash = if is_ascii { hash(found.hash, local) } else { hash(found.hash, &spelling::folded(local)) };
                (key, domain) = (hash.max(1), place + 1);
            }
        }
        let bytes: usize = columns.parts.into_iter().chain([columns.name]).flatten().map(|column| list.glance(place, column).0).sum();
        // A blank comes between first and last name.
        if bytes >= DISPLAY_NAME_MOST && names::display_name(list.row(place)).chars().count() > DISPLAY_NAME_MOST {
            faults |= FindingKind::LongName.bit();
        }
        if names::turned(read(columns.name)).is_some() {
            faults |= FindingKind::TurnedName.bit();
        }
        if columns.language.is_some() && !is_language(read(columns.language)) {
            faults |= FindingKind::BadLanguage.bit();
        }
        if columns.gap(list, place).is_some() {
            faults |= FindingKind::Gap.bit();
        }
        if columns.nothing(list, place).is_some() {
            faults |= FindingKind::Nothing.bit();
        }
        (key, domain, faults)
    }

    /// Where a domain stands that is plain and was met before, written like this.
    fn plain_domain_place(&self, domain: &str) -> Option<u32> {
        self.names.get(domain).filter(|(_, is_plain)| *is_plain).map(|(place, _)| *place)
    }

    fn domain_place(&mut self, domain: &str) -> u32 {
        if let Some((place, _)) = self.names.get(domain) {
            return *place;
        }
        let name = domain.to_ascii_lowercase();
        if let Some((place, _)) = self.names.get(&name) {
            return *place;
        }
        let own = self.found.context.own.iter().map(String::as_str);
        let mut faults = if own.clone().any(|own| own.eq_ignore_ascii_case(&name)) {
            FindingKind::OwnDomain.bit()
        } else {
            match domains::verdict(&name, own) {
                Verdict::Fine => 0,
                Verdict::Typo(_) => FindingKind::Typo.bit(),
                Verdict::LookAlike(_) => FindingKind::LookAlike.bit(),
                Verdict::Disposable => FindingKind::Disposable.bit(),
            }
        };
        if scripts::look_alikes(&name).is_some() {
            faults |= FindingKind::OtherScript.bit();
        }
        let place = u32::try_from(self.found.domains.len()).unwrap_or(u32::MAX);
        self.names.insert(name.clone(), (place, is_plain_domain(&name)));
        let hash = hash(hash(FNV_OFFSET, &name), "@");
        self.found.domains.push(Domain { name, rows: 0, faults, hash });
        place
    }

    /// What there is to say about a cell, and whether it is an error.
    pub fn words(&self, list: &List, place: usize, column: usize) -> Option<(String, bool)> {
        let found = self.faults(place);
        if found == 0 {
            return None;
        }
        let columns = ColumnPlaces::for_list(list, &self.found.context);
        let mine = FindingKind::ALL.into_iter().filter(|kind| found & kind.bit() != 0);
        mine.filter(|kind| columns.is_about(*kind, list, place, column)).map(|kind| (self.tell(kind, list, place), kind.is_error())).next()
    }

    /// The first column of a row about which there is something to say.
    pub fn column(&self, list: &List, place: usize) -> Option<usize> {
        let found = self.faults(place);
        let columns = ColumnPlaces::for_list(list, &self.found.context);
        FindingKind::ALL.into_iter().filter(|kind| found & kind.bit() != 0).find_map(|kind| columns.column_for(kind, list, place))
    }

    fn tell(&self, kind: FindingKind, list: &List, place: usize) -> String {
        let domain = self.domain(place).unwrap_or_default();
        let verdict = || domains::verdict(domain, self.found.context.own.iter().map(String::as_str));
        match kind {
            FindingKind::BadAddress => repairs::advice(list, place),
            FindingKind::OwnDomain => format!("{domain} is a domain of your own tenant; its people cannot be guests."),
            FindingKind::LongName => format!("Names may have {DISPLAY_NAME_MOST} characters at most."),
            FindingKind::BadLanguage => "This is not a language tag such as de-DE.".into(),
            FindingKind::Duplicate => {
                let key = self.rows.keys[place];
                let first = self.rows.keys.iter().position(|other| *other == key).unwrap_or(0);
                format!("The same address stands in row {}.", first + 1)
            }
            FindingKind::Typo => match verdict() {
                Verdict::Typo(meant) => format!("{domain} may be mistyped: was {meant} meant?"),
                _ => String::new(),
            },
            FindingKind::LookAlike => match verdict() {
                Verdict::LookAlike(like) => format!("{domain} looks like {like} and is not. Make sure that it is whom you know."),
                _ => String::new(),
            },
            FindingKind::Disposable => format!("{domain} gives out mailboxes that last for minutes."),
            FindingKind::Gap => "The message uses this field, and it is empty.".into(),
            FindingKind::TurnedName => "The last name seems to stand before the comma; Entra and the message take the name as it is.".into(),
            FindingKind::OtherScript => scripts::look_alikes(list.row(place).cell("email").trim()).map_or_else(String::new, |found| {
                let (letter, latin, script) = found.letter;
                let (seen, code) = (found.seen, u32::from(letter));
                format!("In {seen} the letter {letter} (U+{code:04X}, {script}) is not the Latin {latin} of {}. Make sure that it is whom you know.", found.latin)
            }),
            FindingKind::Nothing => "This stands for nothing, and the message and the directory would say it.".into(),
        }
    }
}

/// Where FNV-1a of 64 bits begins (draft-eastlake-fnv).
pub const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a of a text in lower case, going on from a hash.
pub fn hash(from: u64, text: &str) -> u64 {
    text.bytes().fold(from, |hash, byte| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::rows::Column;

    fn list_of(addresses: &[&str]) -> List {
        let mut list = List::default();
        for address in addresses {
            list.add(&[(Column::from_heading("email"), (*address).into())]);
        }
        list
    }

    fn context() -> Context {
        Context { own: vec!["contoso.example".into()], ..Context::default() }
    }

    fn found(list: &List, checks: &Checks) -> Vec<(usize, usize)> {
        let cells = (0..list.len()).flat_map(|row| (0..list.columns().len()).map(move |column| (row, column)));
        cells.filter(|(row, column)| checks.words(list, *row, *column).is_some()).collect()
    }

    #[test]
    fn findings_name_row_and_column() {
        let mut list = list_of(&["a@fabrikam.example", "A@Fabrikam.example", "x@contoso.example", "a+b@fabrikam.example"]);
        list.add(&[
            (Column::from_heading("email"), "ok@fabrikam.example".into()),
            (Column::from_heading("displayName"), "x".repeat(257)),
            (Column::from_heading("language"), "German".into()),
        ]);
        let checks = Checks::for_list(&list, context());
        assert_eq!(found(&list, &checks), [(1, 0), (2, 0), (3, 0), (4, 1), (4, 4)]);
        assert_eq!(checks.summary(), Summary { rows: 5, ready: 2, errors: 3, warnings: 1 });
        assert_eq!(checks.words(&list, 1, 0), Some(("The same address stands in row 1.".into(), false)));
        assert_eq!(checks.words(&list, 4, 4), Some(("This is not a language tag such as de-DE.".into(), true)));
    }

    #[test]
    fn addresses_are_the_same_whatever_their_case_and_no_others_are() {
        let list = list_of(&["foo@x.example.com", "mfoo@x.example.co", "Foo@X.example.com", "fo@x.example.com", "foo@x.example.co"]);
        let checks = Checks::for_list(&list, context());
        assert_eq!((0..5).map(|place| checks.has(place, FindingKind::Duplicate)).collect::<Vec<_>>(), [false, false, true, false, false]);
        let list = list_of(&["rené@x.example", "rene\u{301}@x.example", "RENÉ@x.example", "rene@x.example", "rènè@x.example"]);
        let checks = Checks::for_list(&list, context());
        assert_eq!((0..5).map(|place| checks.has(place, FindingKind::Duplicate)).collect::<Vec<_>>(), [false, true, true, false, false]);
    }

    #[test]
    fn thousands_of_addresses_that_differ_in_a_letter_or_two_are_no_duplicates() {
        let letters = || 'a'..='z';
        let addresses = letters().flat_map(|one| letters().map(move |other| format!("{one}da{other}@{other}abrikam{one}.example")));
        let addresses: Vec<String> = addresses.flat_map(|address| [format!("1{address}"), format!("2{address}"), address]).collect();
        let list = list_of(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((list.len(), Checks::for_list(&list, context()).count_of(FindingKind::Duplicate)), (2028, 0));
    }

    #[test]
    fn what_is_kept_by_a_hash_is_found_again_by_later_versions() {
        // draft-eastlake-fnv, appendix C.
        let check = |text: &str, expected: u64| assert_eq!(hash(FNV_OFFSET, text), expected, "{text}");
        check("", 0xcbf2_9ce4_8422_2325);
        check("a", 0xaf63_dc4c_8601_ec8c);
        check("foobar", 0x8594_4171_f739_67e8);
        check("FooBar", 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_field_that_the_message_uses_may_not_be_empty() {
        let list = list_of(&["a@fabrikam.example"]);
        let checks = Checks::for_list(&list, Context { fields: vec!["firstName".into()], ..context() });
        assert_eq!(found(&list, &checks), [(0, 2)]);
    }

    #[test]
    fn the_message_in_the_rows_language_says_which_fields_may_not_be_empty() {
        let fields = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let context = Context { fields: fields(&["company"]), variants: vec![("de".into(), fields(&["jobTitle"]))], ..context() };
        let check = |language: &str, company: &str, title: &str, expected: bool| {
            let cells = [("email", "ada@fabrikam.example"), ("language", language), ("company", company), ("jobTitle", title)];
            let mut list = List::default();
            list.add(&cells.map(|(name, text)| (Column::from_heading(name), text.to_owned())));
            let checks = Checks::for_list(&list, context.clone());
            assert_eq!(checks.has(0, FindingKind::Gap), expected, "{language} {company} {title}");
        };
        check("en", "Fabrikam", "", false);
        check("en", "", "Engineer", true);
        check("de-AT", "", "Ingenieurin", false);
        check("de-AT", "Fabrikam", "", true);
    }

    #[test]
    fn the_first_cell_of_a_row_about_which_there_is_something_to_say_is_named() {
        let check = |email: &str, name: &str, first: &str, company: &str, expected: Option<&str>| {
            let cells = [("email", email), ("displayName", name), ("firstName", first), ("company", company)];
            let mut list = List::default();
            list.add(&cells.map(|(name, text)| (Column::from_heading(name), text.to_owned())));
            let fields = ["displayName", "company"].map(str::to_owned).to_vec();
            let checks = Checks::for_list(&list, Context { fields, ..context() });
            let column = checks.column(&list, 0).map(|column| list.columns()[column].name.as_str());
            assert_eq!((column, checks.is_found(0)), (expected, expected.is_some()), "{email} {name} {first} {company}");
        };
        check("ada@fabrikam.example", "Ada Lovelace", "", "Fabrikam", None);
        check("ada@fabrikam.example", "", "Ada", "Fabrikam", None);
        check("ada@fabrikam.example", "", " ", "Fabrikam", Some("displayName"));
        check("ada@fabrikam.example", "Ada Lovelace", "Ada", "", Some("company"));
        check("ada@fabrikam.example", "", "Ada", " ", Some("company"));
        check("ada@fabrikam.example", "Ada Lovelace", "#N/A", "Fabrikam", Some("firstName"));
        check("ada@fabrikam.example", "Lovelace, Ada", "Ada", "NULL", Some("displayName"));
        check("ada@contoso.example", "Lovelace, Ada", "Ada", "NULL", Some("email"));
    }

    #[test]
    fn a_name_may_have_256_characters_whatever_they_weigh_and_however_it_is_made() {
        let check = |name: usize, first: usize, last: usize, expected: bool| {
            for letter in ["e", "é"] {
                let cells = [("displayName", name), ("firstName", first), ("lastName", last)];
                let mut list = List::default();
                list.add(&cells.map(|(name, length)| (Column::from_heading(name), letter.repeat(length))));
                let checks = Checks::for_list(&list, context());
                assert_eq!(checks.has(0, FindingKind::LongName), expected, "{name} {first} {last} {letter}");
            }
        };
        check(200, 0, 0, false);
        check(256, 0, 0, false);
        check(257, 0, 0, true);
        check(20, 200, 200, false);
        // With the blank between.
        check(0, 128, 127, false);
        check(0, 128, 128, true);
    }

    #[test]
    fn rows_are_counted_by_what_was_found() {
        use FindingKind as K;
        let mut list = list_of(&["", "ada@gmial.com", "ADA@gmial.com", "bob@contoso.example"]);
        list.add(&[(Column::from_heading("email"), "ada@fabrikam.example".into()), (Column::from_heading("language"), "German".into())]);
        let checks = Checks::for_list(&list, context());
        let counts: Vec<_> = FindingKind::ALL.map(|kind| (kind, checks.count_of(kind))).into_iter().filter(|(_, rows)| *rows > 0).collect();
        assert_eq!(counts, [(K::BadAddress, 1), (K::OwnDomain, 1), (K::BadLanguage, 1), (K::Duplicate, 1), (K::Typo, 2)]);
    }

    #[test]
    fn domains_are_told_with_their_rows_most_first_while_anybody_is_there() {
        let mut list = list_of(&["a@fabrikam.example", "b@adatum.example", "c@Fabrikam.example", "nobody", "d@woodgrove.example"]);
        let mut checks = Checks::for_list(&list, context());
        assert_eq!(checks.domains(), [("fabrikam.example", 2), ("adatum.example", 1), ("woodgrove.example", 1)]);
        list.set(1, 0, "b@woodgrove.example");
        checks.again(&list, &[1]);
        assert_eq!(checks.domains(), [("fabrikam.example", 2), ("woodgrove.example", 2)]);
    }

    #[test]
    fn each_finding_about_an_address_is_told_in_words() {
        let check = |address: &str, expected: Option<&str>| {
            let list = list_of(&[address]);
            let told = Checks::for_list(&list, context()).words(&list, 0, 0);
            assert_eq!(told.map(|(words, _)| words).as_deref(), expected, "{address}");
        };
        check("ada@fabrikam.example", None);
        check("rené@fabrikam.example", None);
        check("ada@xn--bcher-kva.example", None);
        check("ada@gmial.com", Some("gmial.com may be mistyped: was gmail.com meant?"));
        check("ada@fabrikam.con", Some("fabrikam.con may be mistyped: was fabrikam.com meant?"));
        check("ada@c0ntoso.example", Some("c0ntoso.example looks like contoso.example and is not. Make sure that it is whom you know."));
        check("ada@contoso.example", Some("contoso.example is a domain of your own tenant; its people cannot be guests."));
        check("ada@mailinator.com", Some("mailinator.com gives out mailboxes that last for minutes."));
        let script = "In ada@fаbrikam.example the letter а (U+0430, Cyrillic) is not the Latin a of ada@fabrikam.example. Make sure that it is whom you know.";
        check("ada@xn--fbrikam-2fg.example", Some(script));
    }

    #[test]
    fn what_was_found_elsewhere_is_put_together_only_where_its_parts_fit() {
        let list = list_of(&["ada@fabrikam.example", "Ada@fabrikam.example"]);
        let (found, rows) = Checks::for_list(&list, context()).into_parts();
        let check = |found: &str, rows: RowFindings, expected: bool| {
            let again = Checks::from_parts(found, rows);
            assert_eq!(again.map(|checks| checks.summary().warnings), expected.then_some(1));
        };
        check(&found, rows.clone(), true);
        check("{", rows.clone(), false);
        check(&found, RowFindings { keys: vec![1], ..rows.clone() }, false);
        check(&found, RowFindings { domains: vec![1], ..rows.clone() }, false);
        check(&found, RowFindings { faults: vec![0; 3], ..rows }, false);
    }

    /// Whatever is done to a list, looking only at what changed finds what looking at everything finds.
    #[test]
    fn looking_again_finds_what_looking_at_everything_finds() {
        for seed in 0..60_u64 {
            let mut rng = Rng::new(seed);
            let mut pick = move |sides: usize| rng.below(sides);
            let texts = ["a@fabrikam.example", "A@fabrikam.example", "b@gmial.com", "c", "", "x@contoso.example", "d@yopmail.com"];
            let mut list = list_of(&[]);
            let mut checks = Checks::for_list(&list, context());
            for _ in 0..80 {
                if list.is_empty() || pick(3) == 0 {
                    list.add(&[(Column::from_heading("email"), texts[pick(texts.len())].into())]);
                    checks.join(&list, &[list.len() - 1]);
                } else if pick(3) == 0 {
                    let place = pick(list.len());
                    checks.leave(&[place]);
                    let id = list.ids()[place];
                    list.take(&[id]);
                } else {
                    let place = pick(list.len());
                    list.set(place, 0, texts[pick(texts.len())]);
                    checks.again(&list, &[place]);
                }
                let whole = Checks::for_list(&list, context());
                assert_eq!(checks.rows.faults, whole.rows.faults, "seed {seed}");
                assert_eq!(
                    (checks.summary(), checks.found.counts, checks.domains()),
                    (whole.summary(), whole.found.counts, whole.domains()),
                    "seed {seed}"
                );
            }
        }
    }
}
