//! Addresses that stand only in the link behind a cell: `mailto:` under "Write".

use crate::rows::headings;
use crate::sheet::UnreadableFile;
use crate::sheet::workbook::cells::SheetCells;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Links of one sheet: "Hyperlinks in a worksheet: 65,530".
/// <https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3>
pub const MOST_LINKS: usize = 65_530;

/// Columns whose links are looked at.
const MOST_COLUMNS: usize = 100;
/// Bytes of an address: RFC 5321, 4.5.3.1, has 320 for both of its sides.
const MOST_OF_ADDRESS: usize = 320;

/// A cell, and the address in its link.
pub struct Link {
    pub row: u32,
    pub column: u32,
    pub address: String,
}

/// The address of a `mailto:` link, without its subject (RFC 6068).
pub fn address_of(target: &str) -> Option<String> {
    let target = target.trim();
    let scheme = target.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"))?;
    let address = target[scheme.len()..].split(['?', '#']).next().unwrap_or_default();
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let [first, behind @ ..] = rest {
        let escaped = behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    let address = String::from_utf8(bytes).ok()?;
    let address = address.trim();
    (address.contains('@') && address.len() <= MOST_OF_ADDRESS).then(|| address.to_owned())
}

/// The address in `HYPERLINK("mailto:…","…")`.
pub fn address_of_formula(formula: &str) -> Option<String> {
    let formula = formula.trim_start();
    let name = formula.get(..10).filter(|name| name.eq_ignore_ascii_case("HYPERLINK("))?;
    let (target, behind) = formula[name.len()..].trim_start().strip_prefix('"')?.split_once('"')?;
    // What is put together of other cells stands in those.
    let is_whole = behind.trim_start().starts_with([',', ')']);
    is_whole.then(|| address_of(target)).flatten()
}

/// The row with the headings: of those above all links that show no address, the first that says what a column holds, else the first
/// of several cells, else the first.
fn header_of(cells: &SheetCells, links: &[Link]) -> Option<u32> {
    const HEAD: u32 = 60;
    let top = cells.iter().next()?.0;
    let end = links.iter().map(|link| link.row).min().unwrap_or(0).min(top.saturating_add(HEAD));
    let mut rows: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (row, _, text) in cells.iter().take_while(|(row, ..)| *row < end) {
        rows.entry(row).or_default().push(text);
    }
    rows.retain(|_, texts| !texts.iter().any(|text| text.contains('@')));
    let is_known = |text: &&str| headings::meaning(text).is_some_and(|meaning| !meaning.is_guess);
    let first = |is: &dyn Fn(&[&str]) -> bool| rows.iter().find(|(_, texts)| is(texts)).map(|(row, _)| *row);
    let known = first(&|texts| texts.len() > 1 && texts.iter().any(is_known));
    known.or_else(|| first(&|texts| texts.len() > 1)).or_else(|| first(&|_| true))
}

/// Puts addresses into their cells where those show none; how many. Where the texts are names, which are not to be lost, they go
/// into the column of addresses, or one of their own behind the last. A column that shows addresses as well is one of addresses, unless its
/// heading says otherwise.
///
/// # Errors
/// There is no room for them.
pub fn apply(cells: &mut SheetCells, links: Vec<Link>) -> Result<usize, UnreadableFile> {
    let header = header_of(cells, &links);
    let mut shown: HashMap<u32, usize> = HashMap::new();
    for (_, column, text) in cells.iter() {
        *shown.entry(column).or_default() += usize::from(text.contains('@'));
    }
    let mut columns: BTreeMap<u32, Vec<Link>> = BTreeMap::new();
    for link in links {
        if cells.get(link.row, link.column).is_some_and(|text| !text.contains('@')) {
            columns.entry(link.column).or_default().push(link);
        }
    }
    let mut put = 0;
    for (column, links) in columns.into_iter().take(MOST_COLUMNS) {
        let is_email = |cells: &SheetCells, row: u32, column: u32| cells.get(row, column).is_some_and(headings::is_address);
        let texts: HashSet<&str> = links.iter().filter_map(|link| cells.get(link.row, link.column)).collect();
        let heading = header.and_then(|row| cells.get(row, column)).and_then(headings::meaning).filter(|meaning| !meaning.is_guess);
        let is_own = match heading {
            Some(meaning) => meaning.field == "email",
            None => shown.get(&column).is_some_and(|shown| *shown >= texts.len()),
        };
        let is_own = is_own || texts.len() * 2 <= links.len();
        let target = if is_own {
            column
        } else {
            let last = cells.last().1;
            let known = header.and_then(|row| (0..=last).find(|column| is_email(cells, row, *column)));
            if let (None, Some(row)) = (known, header) {
                cells.push(row, last + 1, "Email")?;
            }
            known.unwrap_or(last + 1)
        };
        let mut new = Vec::with_capacity(links.len());
        for link in links {
            if target == column || cells.get(link.row, target).is_none_or(|text| !text.contains('@')) {
                new.push(link);
            }
        }
        put += new.len();
        for link in new {
            cells.push(link.row, target, &link.address)?;
        }
    }
    cells.put_in_order();
    Ok(put)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_what_the_link_says_without_its_subject() {
        let check = |target: &str, expected: Option<&str>| assert_eq!(address_of(target).as_deref(), expected, "{target}");
        check("mailto:ada@fabrikam.example", Some("ada@fabrikam.example"));
        check("MAILTO:grace@woodgrove.example?subject=a%20b", Some("grace@woodgrove.example"));
        check("mailto:%20o%27neil@x.example ", Some("o'neil@x.example"));
        check("https://x.example/?a@b", None);
        check("mailto:?subject=x", None);
        check("mailto:a%4", None);
        check(&format!("mailto:{}@x.example", "a".repeat(310)), Some(&format!("{}@x.example", "a".repeat(310))));
        check(&format!("mailto:{}@x.example", "a".repeat(311)), None);
        let check = |formula: &str, expected: Option<&str>| assert_eq!(address_of_formula(formula).as_deref(), expected, "{formula}");
        check("HYPERLINK(\"mailto:marie@fabrikam.example\",\"write\")", Some("marie@fabrikam.example"));
        check("hyperlink( \"mailto:m@x.example\" )", Some("m@x.example"));
        check("HYPERLINK(\"mailto:\"&A2,\"write\")", None);
        check("HYPERLINK(A2)", None);
    }

    #[test]
    fn addresses_behind_names_go_where_no_other_address_stands() {
        let check = |rows: &[[&str; 2]], put: usize, expected: &[&[&str]]| {
            let mut cells = SheetCells::default();
            let mut links = Vec::new();
            for (row, texts) in (0..).zip(rows) {
                for (column, text) in (0..).zip(texts) {
                    let (text, address) = text.split_once("->").unwrap_or((text, ""));
                    cells.push(row, column, text).unwrap();
                    links.extend((!address.is_empty()).then(|| Link { row, column, address: address.into() }));
                }
            }
            assert_eq!(apply(&mut cells, links), Ok(put), "{rows:?}");
            let table = cells.table();
            let found: Vec<Vec<&str>> = (0..table.len()).map(|row| table.row(row).collect()).collect();
            assert_eq!(found, expected, "{rows:?}");
        };
        check(
            &[["Name", "Email"], ["Ada->a@x.example", "own@x.example"], ["Bob->b@x.example", "ask"], ["Cy->c@x.example", ""]],
            2,
            &[&["Name", "Email"], &["Ada", "own@x.example"], &["Bob", "b@x.example"], &["Cy", "c@x.example"]],
        );
        check(&[["Name", "Company"], ["Ada->a@x.example", "A"]], 1, &[&["Name", "Company", "Email"], &["Ada", "A", "a@x.example"]]);
        // The same word for all is none that is to be kept, and an address that is shown is the one.
        check(
            &[["Name", "Contact"], ["Ada", "write->a@x.example"], ["Bob", "write->b@x.example"], ["Cy", "c@x.example->d@x.example"]],
            2,
            &[&["Name", "Contact"], &["Ada", "a@x.example"], &["Bob", "b@x.example"], &["Cy", "c@x.example"]],
        );
    }
}
