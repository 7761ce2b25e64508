//! The *Add guests* box: `Name <mail>` or `mail`, one or many. Cells of a sheet go the way of files.
//! Reading never fails as a whole: what cannot be a row comes back with its line.

use super::address::is_invisible;
use super::fields::Column;

/// More than this is for a file, not for a text box.
pub const MOST_BYTES: usize = 500_000;

/// One guest-to-be, by column.
pub type Cells = Vec<(Column, String)>;

/// A part that holds no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// From 1.
    pub line: usize,
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub rows: Vec<Cells>,
    pub unread: Vec<Unread>,
}

/// The text is longer than [`MOST_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    pub bytes: usize,
}

/// Reads what was typed or pasted.
///
/// # Errors
/// Only when there is too much of it; nothing is read then.
pub fn read(text: &str) -> Result<Reading, TooLong> {
    if text.len() > MOST_BYTES {
        return Err(TooLong { bytes: text.len() });
    }
    let clean: String = text
        .chars()
        .filter(|character| !is_invisible(*character))
        .map(|character| if character == '\u{a0}' { ' ' } else { character })
        .collect();
    Ok(items(&clean))
}

fn items(text: &str) -> Reading {
    let mut reading = Reading::default();
    for (number, line) in text.lines().enumerate() {
        for item in separated(line) {
            match person(&item) {
                Some(cells) => reading.rows.push(cells),
                None => reading.unread.push(Unread { line: number + 1, text: item }),
            }
        }
    }
    reading
}

/// Splits at `;` and at `,`, outside of quotes and angle brackets. A comma that no address precedes belongs to a name:
/// `Lovelace, Ada <ada@fabrikam.example>`.
fn separated(line: &str) -> Vec<String> {
    let (mut items, mut item, mut quoted, mut angled) = (Vec::new(), String::new(), false, false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            '<' => angled = true,
            '>' => angled = false,
            _ => {}
        }
        let ends = character == ';' || character == ',' && item.contains('@');
        if ends && !quoted && !angled {
            items.push(std::mem::take(&mut item));
        } else {
            item.push(character);
        }
    }
    items.push(item);
    items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// `"Name" <mail>`, `Name <mail>`, `Name mail`, `mail` or `mailto:mail`.
fn person(item: &str) -> Option<Cells> {
    let (name, address) = match item.rsplit_once('<') {
        Some((name, rest)) => (name, rest.split('>').next()?),
        None => {
            let address = item.split_whitespace().find(|word| word.contains('@'))?;
            let start = item.find(address)?;
            (&item[..start], address)
        }
    };
    let address = address.trim().trim_start_matches("mailto:");
    if !address.contains('@') {
        return None;
    }
    let name = name.trim().trim_matches('"').trim();
    let mut cells = vec![(Column::of_heading("email"), address.to_owned())];
    if !name.is_empty() {
        cells.push((Column::of_heading("displayName"), name.into()));
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, rows: &[&str], unread: &[(usize, &str)]) {
        let reading = read(text).unwrap();
        let found: Vec<String> = reading
            .rows
            .iter()
            .map(|cells| cells.iter().map(|(column, text)| format!("{}={text}", column.name)).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(found, rows, "{text:?}");
        let left: Vec<(usize, &str)> = reading.unread.iter().map(|unread| (unread.line, unread.text.as_str())).collect();
        assert_eq!(left, unread, "{text:?}");
    }

    #[test]
    fn addresses_with_and_without_names() {
        check("ada@a.example", &["email=ada@a.example"], &[]);
        check("\"Ada L.\" <ada@a.example>; two@a.example", &["email=ada@a.example displayName=Ada L.", "email=two@a.example"], &[]);
        check(
            "Lovelace, Ada <ada@a.example>, bob@a.example",
            &["email=ada@a.example displayName=Lovelace, Ada", "email=bob@a.example"],
            &[],
        );
        check("Ada Lovelace ada@a.example", &["email=ada@a.example displayName=Ada Lovelace"], &[]);
        check("a@a.example\r\n\r\nnobody\nb@a.example", &["email=a@a.example", "email=b@a.example"], &[(3, "nobody")]);
        check("mailto:a@a.example", &["email=a@a.example"], &[]);
        check("\u{feff}a@a.example\u{200b}", &["email=a@a.example"], &[]);
        check("<script>alert(1)</script>", &[], &[(1, "<script>alert(1)</script>")]);
        check("", &[], &[]);
    }

    #[test]
    fn a_megabyte_is_refused_whole() {
        let text = "ada@fabrikam.example\n".repeat(50_000);
        assert_eq!(read(&text), Err(TooLong { bytes: text.len() }));
    }
}
