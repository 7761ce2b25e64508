//! Words that programs write where there is nothing: `#N/A`, `NULL`, `None`. A greeting would say them.

use super::list::{List, Row};
use super::{Column, language};

/// What programs write: Excel's errors in English and German, SQL, Python, R, JavaScript, and forms. In this very case, since
/// `Null`, `Nan`, `Nil` and `Na` are names of people.
#[rustfmt::skip]
const WORDS: [&str; 46] = [
    "#N/A", "#NV", "#N/D", "#NULL!", "#NULL", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#SPILL!", "#CALC!", "#BEZUG!", "#WERT!", "#ZAHL!",
    "NULL", "null", "(null)", "<null>", "[null]", "(NULL)", "<NULL>", "[NULL]", "None", "NONE", "none", "(none)", "undefined", "UNDEFINED",
    "nan", "NaN", "NAN", "<NA>", "NA", "NaT", "nil", "NIL", "N/A", "n/a", "N/a", "N.A.", "n.a.", "\\N", "k.A.", "k. A.", "(blank)",
];
/// What people write; worth a word only where the message or the name would say it.
const MARKS: [&str; 9] = ["-", "--", "---", "–", "—", "?", "??", ".", "/"];
/// The longest of them, in bytes, with a blank on either side.
const MOST: usize = 12;

/// A column that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    pub column: usize,
    /// The message uses it, or every invitation does, as the name.
    is_used: bool,
}

/// The columns that are looked at: known fields, which make the name in the directory and which letters use, and what the
/// message uses beside them.
pub fn watched(list: &List, used: &[String]) -> Vec<Watched> {
    const NAMES: [&str; 3] = ["displayName", "firstName", "lastName"];
    let watch = |(column, own): (usize, &Column)| {
        let is_used = used.contains(&own.name) || NAMES.contains(&own.name.as_str());
        let is_known = Column::FIELDS.contains(&own.name.as_str());
        (own.name != "email" && (is_used || is_known)).then_some(Watched { column, is_used })
    };
    list.columns().iter().enumerate().filter_map(watch).collect()
}

/// Whether a row says nothing in this column, in a word.
pub fn is_nothing(list: &List, place: usize, watched: Watched) -> bool {
    // Nearly every cell is longer, or begins otherwise.
    let begins_otherwise = |first: u8| first.is_ascii_alphanumeric() && !matches!(first, b'N' | b'n' | b'u' | b'U' | b'k');
    let (length, first) = list.glance(place, watched.column);
    if length > MOST || first.is_none_or(begins_otherwise) {
        return false;
    }
    let text = list.cell(place, watched.column).trim();
    if watched.is_used && MARKS.contains(&text) {
        return true;
    }
    if !text.starts_with(['#', 'N', 'n', '(', '<', '[', 'u', 'U', '\\', 'k']) || !WORDS.contains(&text) {
        return false;
    }
    match list.columns()[watched.column].name.as_str() {
        "firstName" => !is_name(text, list.row(place), "lastName"),
        "lastName" => !is_name(text, list.row(place), "firstName"),
        // `nan` is Min Nan Chinese.
        "language" => !language::is_language(text),
        _ => true,
    }
}

/// Somebody called Null whose other name is in capitals, or in small letters, as well.
fn is_name(text: &str, row: Row<'_>, other: &str) -> bool {
    let other = row.cell(other).trim();
    let is_letters = |text: &str| text.chars().all(char::is_alphabetic);
    let are_alike = |is: fn(char) -> bool| [text, other].iter().all(|text| text.chars().filter(|letter| letter.is_alphabetic()).all(is));
    let other_is_one = other.chars().any(char::is_alphabetic) && !WORDS.contains(&other);
    is_letters(text) && other_is_one && (are_alike(char::is_uppercase) || are_alike(char::is_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_told_from_names() {
        let check = |first: &str, last: &str, expected: (bool, bool)| {
            let mut list = List::from_columns(["firstName", "lastName"].map(Column::own).into());
            list.add(&[(Column::own("firstName"), first.into()), (Column::own("lastName"), last.into())]);
            let found: Vec<bool> = watched(&list, &[]).into_iter().map(|watched| is_nothing(&list, 0, watched)).collect();
            assert_eq!(found, [expected.0, expected.1], "{first} {last}");
        };
        check("#N/A", "Lovelace", (true, false));
        check("NULL", "Hopper", (true, false));
        check("None", "Pauling", (true, false));
        check("undefined", " n/a ", (true, true));
        check("NULL", "NULL", (true, true));
        check("Nan", "Goldin", (false, false));
        check("Jennifer", "Null", (false, false));
        check("JENNIFER", "NULL", (false, false));
        check("jennifer", "null", (false, false));
        check("Na", "Young", (false, false));
        check("-", "Nonesuch", (true, false));
        check("Plato", " - ", (false, true));
        check("?", "–", (true, true));
        check("J.", "O", (false, false));
        check("NAN", "GOLDIN", (false, false));
        check("nan", "goldin", (false, false));
        check("  undefined ", "\t(blank)\t", (true, true));
    }

    #[test]
    fn what_people_write_counts_only_where_the_message_uses_it_or_it_is_a_name() {
        let mut list = List::from_columns(["email", "company", "table", "language"].map(Column::own).into());
        list.add(
            &["NULL", "-", "N/A", "nan"]
                .into_iter()
                .zip(list.columns().to_vec())
                .map(|(text, column)| (column, text.into()))
                .collect::<Vec<_>>(),
        );
        let found = |used: &[&str]| {
            let used: Vec<String> = used.iter().map(|used| (*used).to_owned()).collect();
            watched(&list, &used)
                .into_iter()
                .filter(|watched| is_nothing(&list, 0, *watched))
                .map(|watched| watched.column)
                .collect::<Vec<_>>()
        };
        assert_eq!(found(&[]), [0; 0]);
        assert_eq!(found(&["company"]), [1]);
        assert_eq!(found(&["company", "table"]), [1, 2]);
        let mut list = List::from_columns(["displayName"].map(Column::own).into());
        list.add(&[(Column::own("displayName"), "-".into())]);
        assert!(watched(&list, &[]).into_iter().all(|watched| is_nothing(&list, 0, watched)));
    }
}
