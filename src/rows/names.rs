//! What a guest is called: by the name that the list has, else by first and last name.

use super::{List, Row};
use std::borrow::Cow;

/// Languages whose full names begin with the family name. Unicode CLDR, person names, `nameOrderLocales-surnameFirst`.
const FAMILY_FIRST: [&str; 8] = ["hu", "ja", "km", "ko", "mn", "si", "vi", "zh"];
/// Of these, the ones that write both names together when they write them in their own script.
const TOGETHER: [&str; 2] = ["ko", "zh"];

/// The name that Entra shows: the row's own, else first and last name in the order of the row's language; empty where it has
/// none of them.
pub fn display_name(row: Row<'_>) -> Cow<'_, str> {
    let own = row.cell("displayName").trim();
    if own.is_empty() { full_name(row, row.cell("language")) } else { on_one_line(own) }
}

/// A name in one line: cells of sheets and pages may break it.
fn on_one_line(name: &str) -> Cow<'_, str> {
    if name.contains(['\n', '\r']) { name.split_whitespace().collect::<Vec<_>>().join(" ").into() } else { name.into() }
}

/// What a row says in this field: its cell, and where there is none the name that is made.
pub fn value<'a>(row: Row<'a>, field: &str) -> Cow<'a, str> {
    let own = row.cell(field);
    match field {
        "displayName" if own.trim().is_empty() => display_name(row),
        "displayName" | "firstName" | "lastName" => on_one_line(own),
        _ => own.into(),
    }
}

/// What the list's cell shows: its own text, or the name that is made where the column of names has none. Whether it is made.
pub fn shown(list: &List, place: usize, column: usize) -> (Cow<'_, str>, bool) {
    let own = list.cell(place, column);
    if own.trim().is_empty() && list.columns().get(column).is_some_and(|column| column.name == "displayName") {
        let made = display_name(list.row(place));
        if !made.is_empty() {
            return (made, true);
        }
    }
    (own.into(), false)
}

/// First and last name in the order of this language, a tag or empty: where it is not told, names in Chinese, Japanese or
/// Korean script begin with the family name. Whichever is there when one of them is not; empty without both.
pub fn full_name<'a>(row: Row<'a>, language: &str) -> Cow<'a, str> {
    let [first, last] = ["firstName", "lastName"].map(|name| on_one_line(row.cell(name).trim()));
    if first.is_empty() || last.is_empty() {
        return if first.is_empty() { last } else { first };
    }
    let primary = language.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let is_east_asian = [&first, &last].iter().all(|name| name.chars().all(is_east_asian));
    match (primary.as_str(), is_east_asian) {
        (tag, true) if TOGETHER.contains(&tag) => format!("{last}{first}").into(),
        ("", true) => format!("{last} {first}").into(),
        (tag, _) if FAMILY_FIRST.contains(&tag) => format!("{last} {first}").into(),
        _ => format!("{first} {last}").into(),
    }
}

/// Kana, Han and Hangul: the blocks that names are written in (Unicode Blocks.txt).
const fn is_east_asian(character: char) -> bool {
    matches!(character, '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// `Lovelace, Ada` turned to `Ada Lovelace`; `None` for whatever is not a last name, a comma and a first name. What stands behind it in
/// brackets, or behind a dash or a bar, stays behind it: directories add the company so, or that somebody is a guest.
pub fn turned(name: &str) -> Option<String> {
    let at = name.bytes().position(|byte| byte == b',')?;
    let (last, first) = (name[..at].trim(), name[at + 1..].trim());
    let added = ADDITIONS.into_iter().filter_map(|mark| first.find(mark)).min().unwrap_or(first.len());
    let brackets = first[..added].ends_with([')', ']']).then(|| first.find(['(', '['])).flatten().unwrap_or(added);
    let (first, behind) = (first[..brackets].trim_end(), first[brackets..].trim_start());
    let is_name = |part: &str| {
        let is_mark = |character: char| character.is_ascii_digit() || ",;/&@|".contains(character);
        !part.is_empty()
            && !part.starts_with(['-', '–', '—'])
            && !part.contains(is_mark)
            && !ADDITIONS.into_iter().any(|mark| part.contains(mark))
    };
    let is_suffix = |part: &str| {
        let plain: String = part.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        SUFFIXES.contains(&plain.as_str())
    };
    let is_department = |part: &str| part.split_whitespace().all(|word| DEPARTMENTS.contains(&word.to_lowercase().as_str()));
    let are_names = is_name(last)
        && is_name(first)
        && !is_department(first)
        && !is_suffix(first)
        && !is_suffix(first.rsplit(' ').next().unwrap_or(first));
    are_names.then(|| format!("{first} {last} {behind}").trim_end().to_owned())
}

/// Between a name and what a directory adds to it.
const ADDITIONS: [&str; 5] = [" - ", " – ", " — ", " | ", " · "];

/// Words by which departments are called, and nobody is by a first name: `Sales, Marketing`, `Fabrikam, Human Resources`.
#[rustfmt::skip]
const DEPARTMENTS: [&str; 60] = ["accounting", "accounts", "administration", "and", "communications", "compliance", "controlling", "customer", "design", "development", "engineering", "finance", "hr", "human", "it", "legal", "logistics", "maintenance", "management", "manufacturing", "marketing", "operations", "procurement", "product", "production", "public", "purchasing", "quality", "relations", "research", "resources", "sales", "security", "service", "services", "support", "team", "training", "buchhaltung", "einkauf", "entwicklung", "forschung", "kommunikation", "logistik", "personal", "produktion", "recht", "technik", "und", "verkauf", "vertrieb", "verwaltung", "achats", "comptabilité", "ventes", "compras", "ventas", "inkoop", "verkoop", "vendite"];

/// What stands behind a comma and is no first name: of companies, generations and degrees; in lower case without dots.
const SUFFIXES: [&str; 40] = [
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "ltd",
    "limited",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "kg",
    "kgaa",
    "ev",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "oy",
    "ab",
    "as",
    "aps",
    "sl",
    "jr",
    "sr",
    "ii",
    "iii",
    "iv",
    "phd",
    "md",
    "mba",
    "cpa",
    "esq",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Column;

    #[test]
    fn a_name_is_made_of_first_and_last_in_the_order_of_the_rows_language() {
        let check = |own: &str, first: &str, last: &str, language: &str, expected: &str| {
            let mut list = List::default();
            let cells = [("displayName", own), ("firstName", first), ("lastName", last), ("language", language)];
            list.add(&cells.map(|(name, text)| (Column::own(name), text.to_owned())));
            assert_eq!(display_name(list.row(0)), expected, "{own:?} {first:?} {last:?} {language:?}");
        };
        check(" Countess Ada ", "Ada", "Lovelace", "en", "Countess Ada");
        check("", "Ada", "Lovelace", "", "Ada Lovelace");
        check(" ", "Ada", "Lovelace", "de-AT", "Ada Lovelace");
        check("", "János", "Nagy", "hu-HU", "Nagy János");
        check("", "Ai", "Sato", "ja", "Sato Ai");
        check("", "太郎", "山田", "ja-JP", "山田 太郎");
        check("", "太郎", "佐々木", "", "佐々木 太郎");
        check("", "小明", "王", "zh-Hans", "王小明");
        check("", "민수", "김", "ko", "김민수");
        check("", "Minsu", "Kim", "ko_KR", "Kim Minsu");
        check("", "太郎", "山田", "en", "太郎 山田");
        check("", "Plato", "", "el", "Plato");
        check("", "", "Curie", "fr", "Curie");
        check("Ada\nLovelace", "", "", "", "Ada Lovelace");
        check("", "Ada\r\nKing", " Lovelace\n", "", "Ada King Lovelace");
        check("", " ", "", "", "");
    }

    #[test]
    fn a_cell_without_a_name_shows_the_one_that_is_made() {
        let check = |own: &str, first: &str, expected: [(&str, bool); 2]| {
            let mut list = List::from_columns(["displayName", "firstName"].map(Column::own).into());
            list.add(&[(Column::own("displayName"), own.to_owned()), (Column::own("firstName"), first.to_owned())]);
            let found = [0, 1].map(|column| shown(&list, 0, column));
            assert_eq!(found, expected.map(|(text, is_made)| (text.into(), is_made)), "{own:?} {first:?}");
        };
        check("Countess Ada ", "Ada", [("Countess Ada ", false), ("Ada", false)]);
        check("", "Ada", [("Ada", true), ("Ada", false)]);
        check(" ", "Ada", [("Ada", true), ("Ada", false)]);
        check("", "", [("", false), ("", false)]);
        check(" ", " ", [(" ", false), (" ", false)]);
        check("Ada Lovelace", "", [("Ada Lovelace", false), ("", false)]);
    }

    #[test]
    fn a_last_name_before_a_comma_is_turned_and_nothing_else_is() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(turned(name).as_deref(), expected, "{name:?}");
        check("Lovelace, Ada", Some("Ada Lovelace"));
        check("van der Berg,Jan Willem", Some("Jan Willem van der Berg"));
        check("Müller-Lüdenscheidt , Karl", Some("Karl Müller-Lüdenscheidt"));
        check("Smith, Jane (Contoso)", Some("Jane Smith (Contoso)"));
        check("Smith, Jane M. [EXT] ", Some("Jane M. Smith [EXT]"));
        check("Smith, Jane (Fabrikam, Inc.) (2)", Some("Jane Smith (Fabrikam, Inc.) (2)"));
        check("Smith, Jane(Contoso)", Some("Jane Smith (Contoso)"));
        check("O'Neil, Bob - External", Some("Bob O'Neil - External"));
        check("O'Neil, Bob – External (Contoso)", Some("Bob O'Neil – External (Contoso)"));
        check("O'Neil, Bob (Contoso) - External", Some("Bob O'Neil (Contoso) - External"));
        check("O'Neil, Bob | Contoso", Some("Bob O'Neil | Contoso"));
        check("Smith-Jones, Jean-Luc", Some("Jean-Luc Smith-Jones"));
        check("Sales, Maria", Some("Maria Sales"));
        check("Silva, Ana Sales", Some("Ana Sales Silva"));
        check("Contoso - Sales, Berlin", None);
        check("O'Neil, - External", None);
        for team in ["Sales, Marketing", "Marketing, Sales", "Fabrikam, Human Resources", "Contoso, IT", "Vertrieb, Einkauf"] {
            check(team, None);
        }
        check("Smith, (Contoso)", None);
        check("Fabrikam, Inc. (Berlin)", None);
        check("Ada Lovelace", None);
        check("Fabrikam, Inc.", None);
        check("Woodgrove, S.A.", None);
        check("King, Martin Luther, Jr.", None);
        check("Davis, Jr.", None);
        check("Grace Hopper, PhD", None);
        check("Lovelace,", None);
        check(", Ada", None);
        check("Room 3, Floor 2", None);
        check("", None);
    }
}
