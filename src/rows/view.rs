//! Which rows are looked at, and in which order. The list itself stays as it is.

use super::checks::Checks;
use super::findings::FindingKind;
use super::list::List;
use std::collections::HashMap;
use url::form_urlencoded;

/// Rows that have something in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Only {
    #[default]
    All,
    /// Can be sent as they are, whatever else is worth a look.
    Ready,
    Errors,
    Warnings,
    Kind(FindingKind),
    /// At this domain.
    Domain(String),
    /// With this value in the column of this name.
    Value(String, String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub only: Only,
    /// Stands in some cell of the row, whatever its case; empty for every row.
    pub text: String,
    /// The column to sort by, and whether it descends.
    pub sorted: Option<(usize, bool)>,
}

impl View {
    /// Whether every row is shown as it stands.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// As the page's address has it: `only=errors&find=ada&sort=-email`; nothing for the plain view.
    pub fn query(&self, list: &List) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        let only = match &self.only {
            Only::All => None,
            Only::Ready => Some("ready".to_owned()),
            Only::Errors => Some("errors".into()),
            Only::Warnings => Some("warnings".into()),
            Only::Kind(kind) => Some(kind.name().into()),
            Only::Domain(domain) => Some(format!("@{domain}")),
            Only::Value(column, value) => Some(format!("{column}={value}")),
        };
        if let Some(only) = only {
            pairs.append_pair("only", &only);
        }
        if !self.text.is_empty() {
            pairs.append_pair("find", &self.text);
        }
        if let Some((column, descends)) = self.sorted.and_then(|(column, descends)| Some((list.columns().get(column)?, descends))) {
            pairs.append_pair("sort", &format!("{}{}", if descends { "-" } else { "" }, column.name));
        }
        pairs.finish()
    }

    /// Reads what [`View::query`] wrote. What is not known is left out.
    pub fn from_query(query: &str, list: &List) -> Self {
        let mut view = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "only" => {
                    view.only = match value.as_ref() {
                        "ready" => Only::Ready,
                        "errors" => Only::Errors,
                        "warnings" => Only::Warnings,
                        other => {
                            let domain = || Some(Only::Domain(other.strip_prefix('@')?.into()));
                            let kind = || FindingKind::ALL.into_iter().find(|kind| kind.name() == other).map(Only::Kind);
                            let cell = || other.split_once('=').filter(|(name, _)| list.column(name).is_some());
                            let value = || cell().map(|(name, value)| Only::Value(name.into(), value.into()));
                            domain().or_else(kind).or_else(value).unwrap_or_default()
                        }
                    }
                }
                "find" => view.text = value.into_owned(),
                "sort" => view.sorted = list.column(value.trim_start_matches('-')).map(|column| (column, value.starts_with('-'))),
                _ => {}
            }
        }
        view
    }

    /// Ids of the rows that are shown, in order.
    pub fn rows(&self, list: &List, checks: &Checks) -> Vec<u32> {
        let column = if let Only::Value(name, _) = &self.only { list.column(name) } else { None };
        let wanted = |place: usize| match &self.only {
            Only::All => true,
            Only::Ready => !checks.is_error(place),
            Only::Errors => checks.is_error(place),
            Only::Warnings => checks.is_warning(place),
            Only::Kind(kind) => checks.has(place, *kind),
            Only::Domain(domain) => checks.domain(place) == Some(domain),
            Only::Value(_, value) => column.is_some_and(|column| list.cell(place, column) == value),
        };
        let needle = Needle::new(&self.text);
        let found = |place: usize| needle.is_empty() || (0..list.columns().len()).any(|column| needle.is_in(list.cell(place, column)));
        let mut places: Vec<usize> = (0..list.len()).filter(|place| wanted(*place) && found(*place)).collect();
        if let Some((column, descends)) = self.sorted {
            sort(list, &mut places, column, descends);
        }
        places.into_iter().map(|place| list.ids()[place]).collect()
    }
}

/// Which rows are shown, by their ids, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum VisibleRows {
    /// All of them, as they stand.
    #[default]
    All,
    These(Vec<u32>),
}

impl VisibleRows {
    pub fn for_view(view: &View, list: &List, checks: &Checks) -> Self {
        if view.is_plain() { Self::All } else { Self::These(view.rows(list, checks)) }
    }

    pub const fn len(&self, list: &List) -> usize {
        match self {
            Self::All => list.len(),
            Self::These(ids) => ids.len(),
        }
    }

    /// The id of a row that is shown.
    pub fn id(&self, list: &List, row: usize) -> Option<u32> {
        match self {
            Self::All => list.ids().get(row).copied(),
            Self::These(ids) => ids.get(row).copied(),
        }
    }

    /// Its place in the list.
    pub fn place(&self, list: &List, row: usize) -> Option<usize> {
        match self {
            Self::All => (row < list.len()).then_some(row),
            Self::These(ids) => list.place(*ids.get(row)?),
        }
    }

    /// Ids of rows from the first to the last of these, as many as there are.
    pub fn ids(&self, list: &List, rows: std::ops::Range<usize>) -> Vec<u32> {
        rows.map_while(|row| self.id(list, row)).collect()
    }

    /// After an edit: rows stay where they are under the hand, whatever they say now; those that are gone go, and `new`
    /// ones come last.
    pub fn keep(&mut self, list: &List, newest: u32) {
        if let Self::These(ids) = self {
            ids.retain(|id| list.place(*id).is_some());
            let start = list.ids().partition_point(|id| *id <= newest);
            ids.extend(&list.ids()[start..]);
        }
    }
}

/// What stands in a column, with the number of rows that say so; most first.
pub fn values(list: &List, column: usize) -> Vec<(&str, usize)> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for place in 0..list.len() {
        *numbers.entry(list.cell(place, column)).or_default() += 1;
    }
    let mut values: Vec<_> = numbers.into_iter().collect();
    values.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
    values
}

/// Sorts by what stands in a column, whatever its case and accents; rows without anything come last either way. Of equals the earlier
/// one is first.
fn sort(list: &List, places: &mut [usize], column: usize, descends: bool) {
    // Folded once, behind each other; the first eight bytes of each decide often and lie beside its place.
    let mut folds = Vec::new();
    let mut keys: Vec<(u64, std::ops::Range<usize>, usize)> = Vec::with_capacity(places.len());
    for place in places.iter() {
        let start = folds.len();
        folds.extend(folded(list.cell(*place, column)));
        let mut head = [0; 8];
        let long = (folds.len() - start).min(8);
        head[..long].copy_from_slice(&folds[start..start + long]);
        keys.push((u64::from_be_bytes(head), start..folds.len(), *place));
    }
    keys.sort_unstable_by(|(one_head, one, first), (other_head, other, second)| {
        let empty = one.is_empty().cmp(&other.is_empty());
        let order = one_head.cmp(other_head).then_with(|| folds[one.clone()].cmp(&folds[other.clone()]));
        empty.then(if descends { order.reverse() } else { order }).then(first.cmp(second))
    });
    for (place, (_, _, sorted)) in places.iter_mut().zip(keys) {
        *place = sorted;
    }
}

/// The letter without its accent, in lower case, for each of U+00C0 to U+017F: so Émile stands beside Emil.
const PLAIN: &[u8; 192] = b"aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggg\
    gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// Bytes of a text in lower case and without accents. Letters beyond ASCII are folded one by one.
fn folded(text: &str) -> impl Iterator<Item = u8> {
    let mut buffer = [0; 4];
    let mut rest = 0..0;
    let mut letters = text.chars();
    std::iter::from_fn(move || {
        if let Some(place) = rest.next() {
            return Some(buffer[place]);
        }
        let letter = letters.next()?;
        if letter.is_ascii() {
            return Some(letter.to_ascii_lowercase() as u8);
        }
        if let Some(plain) = (letter as usize).checked_sub(0xc0).and_then(|place| PLAIN.get(place)) {
            return Some(*plain);
        }
        let folded = letter.to_lowercase().next().unwrap_or(letter);
        rest = 1..folded.encode_utf8(&mut buffer).len();
        Some(buffer[0])
    })
}

/// A text that is looked for, whatever its case.
pub struct Needle {
    folded: String,
    bytes: Vec<u8>,
}

impl Needle {
    pub fn new(text: &str) -> Self {
        let folded = text.trim().to_lowercase();
        Self { bytes: folded.clone().into_bytes(), folded }
    }

    pub const fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    pub fn is_in(&self, text: &str) -> bool {
        if !self.folded.is_ascii() {
            // What is ASCII stays so in lower case.
            return !text.is_ascii() && text.to_lowercase().contains(&self.folded);
        }
        let Some(first) = self.bytes.first() else { return true };
        let text = text.as_bytes();
        let last = (text.len() + 1).saturating_sub(self.bytes.len());
        (0..last).any(|start| {
            text[start].to_ascii_lowercase() == *first && text[start..start + self.bytes.len()].eq_ignore_ascii_case(&self.bytes)
        })
    }
}

/// The text with every `find` in it replaced, whatever its case; nothing where there is none.
pub fn replaced(text: &str, find: &str, with: &str) -> Option<String> {
    let needle = Needle::new(find);
    if needle.is_empty() || !needle.is_in(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let end =
            rest.char_indices().map(|(start, letter)| start + letter.len_utf8()).find(|end| rest[..*end].to_lowercase() == needle.folded);
        match end {
            Some(end) => {
                out.push_str(with);
                rest = &rest[end..];
            }
            None => {
                out.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
    }
    (out != text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Column;
    use crate::rows::checks::Context;

    fn five() -> List {
        let mut list = List::default();
        for (address, name) in [("b@x.example", "Émile"), ("A@x.example", ""), ("c", "ada"), ("a@x.example", "Zoë"), ("d@gmial.com", "Ada")]
        {
            list.add(&[(Column::from_heading("email"), address.into()), (Column::from_heading("displayName"), name.into())]);
        }
        list
    }

    fn visible(view: &View, list: &List) -> VisibleRows {
        VisibleRows::for_view(view, list, &Checks::for_list(list, Context::default()))
    }

    fn shown(view: &View) -> Vec<u32> {
        let list = five();
        view.rows(&list, &Checks::for_list(&list, Context::default()))
    }

    #[test]
    fn rows_are_filtered_and_sorted() {
        let check = |view: View, expected: &[u32]| assert_eq!(shown(&view), expected, "{view:?}");
        check(View::default(), &[1, 2, 3, 4, 5]);
        check(View { only: Only::Errors, ..View::default() }, &[3]);
        check(View { only: Only::Warnings, ..View::default() }, &[4, 5]);
        check(View { only: Only::Ready, ..View::default() }, &[1, 2, 4, 5]);
        check(View { only: Only::Kind(FindingKind::Duplicate), ..View::default() }, &[4]);
        check(View { only: Only::Domain("x.example".into()), ..View::default() }, &[1, 2, 4]);
        check(View { text: "ADA".into(), ..View::default() }, &[3, 5]);
        check(View { text: "ÉM".into(), ..View::default() }, &[1]);
        check(View { text: "x.example".into(), sorted: Some((0, false)), ..View::default() }, &[2, 4, 1]);
        check(View { sorted: Some((1, false)), ..View::default() }, &[3, 5, 1, 4, 2]);
        check(View { sorted: Some((1, true)), ..View::default() }, &[4, 1, 3, 5, 2]);
        check(View { only: Only::Value("displayName".into(), "ada".into()), ..View::default() }, &[3]);
        check(View { only: Only::Value("displayName".into(), String::new()), ..View::default() }, &[2]);
        check(View { only: Only::Value("gone".into(), "ada".into()), ..View::default() }, &[]);
    }

    #[test]
    fn a_row_that_is_shown_is_known_by_its_id_and_its_place_in_the_list() {
        let mut list = five();
        list.take(&[2]);
        let check = |view: View, expected: &[(u32, usize)]| {
            let rows = visible(&view, &list);
            let found: Vec<_> = (0..rows.len(&list)).map(|row| (rows.id(&list, row).unwrap(), rows.place(&list, row).unwrap())).collect();
            assert_eq!(found, expected, "{view:?}");
            let behind = rows.len(&list);
            assert_eq!((rows.id(&list, behind), rows.place(&list, behind), rows.place(&list, behind + 9)), (None, None, None), "{view:?}");
        };
        check(View::default(), &[(1, 0), (3, 1), (4, 2), (5, 3)]);
        check(View { only: Only::Domain("x.example".into()), ..View::default() }, &[(1, 0), (4, 2)]);
        check(View { text: "ada".into(), ..View::default() }, &[(3, 1), (5, 3)]);
        check(View { sorted: Some((0, true)), ..View::default() }, &[(5, 3), (3, 1), (1, 0), (4, 2)]);
        check(View { text: "nobody".into(), ..View::default() }, &[]);
    }

    #[test]
    fn a_view_that_asks_for_nothing_shows_all_rows_as_they_stand() {
        let check = |view: View, expected: bool| {
            assert_eq!((view.is_plain(), visible(&view, &five()) == VisibleRows::All), (expected, expected), "{view:?}");
        };
        check(View::default(), true);
        check(View { only: Only::Ready, ..View::default() }, false);
        check(View { text: "a".into(), ..View::default() }, false);
        check(View { sorted: Some((0, false)), ..View::default() }, false);
    }

    #[test]
    fn rows_that_are_selected_are_those_that_are_shown_and_no_more_than_there_are() {
        let list = five();
        assert_eq!(visible(&View::default(), &list).ids(&list, 1..4), [2, 3, 4]);
        let rows = visible(&View { sorted: Some((1, false)), ..View::default() }, &list);
        assert_eq!((rows.ids(&list, 0..2), rows.ids(&list, 3..99), rows.ids(&list, 5..9)), (vec![3, 5], vec![4, 2], vec![]));
    }

    #[test]
    fn after_an_edit_rows_stay_where_they_are_and_new_ones_come_last() {
        let mut list = five();
        let mut rows = visible(&View { text: "ada".into(), sorted: Some((1, true)), ..View::default() }, &list);
        assert_eq!(rows, VisibleRows::These(vec![3, 5]));
        list.set(2, 1, "Zoë");
        list.add(&[]);
        list.add(&[]);
        rows.keep(&list, 5);
        assert_eq!(rows, VisibleRows::These(vec![3, 5, 6, 7]));
        list.take(&[3, 6]);
        rows.keep(&list, 7);
        assert_eq!(rows, VisibleRows::These(vec![5, 7]));
        let mut all = VisibleRows::All;
        all.keep(&list, 7);
        assert_eq!(all, VisibleRows::All);
    }

    #[test]
    fn values_of_a_column_are_told_with_their_rows_most_first() {
        let mut list = five();
        list.set(0, 1, "Ada");
        assert_eq!(values(&list, 1), [("Ada", 2), ("", 1), ("Zoë", 1), ("ada", 1)]);
        assert_eq!(values(&List::default(), 1), []);
    }

    #[test]
    fn a_view_survives_the_address() {
        let list = List::default();
        for view in [
            View::default(),
            View { only: Only::Value("company".into(), "a=b & c".into()), ..View::default() },
            View { only: Only::Errors, text: "a&b=ü".into(), sorted: Some((1, true)) },
            View { only: Only::Kind(FindingKind::LookAlike), sorted: Some((0, false)), ..View::default() },
            View { only: Only::Domain("x.example".into()), ..View::default() },
        ] {
            assert_eq!(View::from_query(&view.query(&list), &list), view);
        }
        assert_eq!(View::from_query("only=nonsense&sort=-nothing&x=y", &list), View::default());
    }

    #[test]
    fn texts_are_replaced_whatever_their_case() {
        let check =
            |text: &str, find: &str, expected: Option<&str>| assert_eq!(replaced(text, find, "-").as_deref(), expected, "{text} {find}");
        check("Ada ADA ada", "ada", Some("- - -"));
        check("Ümit ümit", "ü", Some("-mit -mit"));
        check("Ada", "bob", None);
        check("Ada", "", None);
        check("aaa", "aa", Some("-a"));
    }
}
