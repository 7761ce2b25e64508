//! The *Add guests* box: `Name <mail>` or `mail`, one or many. Cells of a sheet go the way of files.
//! Reading never fails as a whole: what cannot be a row comes back with its line.

use super::address::is_invisible;
use super::clutter;
use super::fields::Column;
use super::spelling::is_same_address;

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
    let (mut items, mut item, mut quoted, mut depth) = (Vec::new(), String::new(), false, 0_usize);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let ends = matches!(character, ';' | '；') || matches!(character, ',' | '，' | '、') && item.contains(['@', '＠']);
        if ends && !quoted && depth == 0 {
            items.push(std::mem::take(&mut item));
        } else {
            item.push(character);
        }
    }
    items.push(item);
    items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// `"Name" <mail>`, `Name [mailto:mail]`, `Name mail`, `mail (Name)` or `mail`, with what mail programs put around both.
fn person(item: &str) -> Option<Cells> {
    let (name, address) = match bracketed(item) {
        Some((name, address)) => (name, address.to_owned()),
        None => {
            let address = item.split_whitespace().find(|word| word.contains(['@', '＠']))?;
            let start = item.find(address)?;
            // Of old mail programs: the name in brackets behind the address.
            let behind = item[start + address.len()..].trim();
            let behind = behind.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            (behind.filter(|_| start == 0).unwrap_or(&item[..start]), address.to_owned())
        }
    };
    let address = clutter::bare(&address).unwrap_or_else(|| address.trim().to_owned());
    if !address.contains('@') {
        return None;
    }
    let name = unquoted(name);
    let is_address = clutter::bare(name).is_some_and(|other| is_same_address(&other, &address));
    let mut cells = vec![(Column::of_heading("email"), address)];
    if !name.is_empty() && !is_address {
        cells.push((Column::of_heading("displayName"), name.into()));
    }
    Some(cells)
}

/// What stands before the innermost brackets with an address in them, and that address.
fn bracketed(item: &str) -> Option<(&str, &str)> {
    let inside = |(open, sign): (usize, &str)| {
        let close = match sign {
            "<" => '>',
            "[" => ']',
            _ => ')',
        };
        let inner = item[open + 1..].split(close).next()?;
        inner.contains(['@', '＠']).then_some((&item[..open], inner))
    };
    item.rmatch_indices(['<', '[', '(']).find_map(inside)
}

/// A name without the quotes and brackets that stand around the whole of it; apostrophes inside of names stay.
fn unquoted(name: &str) -> &str {
    let mut name = name.trim();
    loop {
        let pairs = [('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('„', '“'), ('«', '»')];
        let inner = pairs.iter().find_map(|(open, close)| name.strip_prefix(*open)?.strip_suffix(*close));
        let left_open = || name.strip_prefix('<').filter(|rest| !rest.contains('>'));
        let inner = inner.or_else(left_open).or_else(|| name.strip_suffix('<')).map(str::trim);
        match inner {
            Some(inner) => name = inner,
            None => return name.trim_matches('"').trim(),
        }
    }
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
        check("\"<b>Ada</b>\" <ada@fabrikam.example>", &["email=ada@fabrikam.example displayName=<b>Ada</b>"], &[]);
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
    fn what_mail_programs_put_around_names_and_addresses_goes() {
        let ada = ["email=ada@a.example displayName=Ada Lovelace"];
        for text in [
            "'Ada Lovelace' <ada@a.example>",
            "\"'Ada Lovelace'\" <ada@a.example>",
            "Ada Lovelace <mailto:ada@a.example>",
            "Ada Lovelace <SMTP:ada@a.example>",
            "<Ada Lovelace <ada@a.example>>",
            "Ada Lovelace [mailto:ada@a.example]",
            "Ada Lovelace (ada@a.example)",
            "ada@a.example (Ada Lovelace)",
            "“Ada Lovelace” <ada@a.example>,",
            "Ada Lovelace <ada＠a.example>；",
        ] {
            check(text, &ada, &[]);
        }
        for text in [
            "'ada@a.example' <'ada@a.example'>",
            "\"'ada@a.example'\" <ada@a.example>",
            "ada@a.example<mailto:ada@a.example>",
            "Ada@a.example <ada@a.example>",
        ] {
            check(text, &["email=ada@a.example"], &[]);
        }
        check("O'Neill, Sean <s@a.example>", &["email=s@a.example displayName=O'Neill, Sean"], &[]);
        check("Anna van 't Hart <a@a.example>", &["email=a@a.example displayName=Anna van 't Hart"], &[]);
        check("'t Hart, Anna <a@a.example>", &["email=a@a.example displayName='t Hart, Anna"], &[]);
        check("<Everywoman, Eve <e@a.example>>; b@a.example", &["email=e@a.example displayName=Everywoman, Eve", "email=b@a.example"], &[]);
        check("Ada (Fabrikam) <ada@a.example>", &["email=ada@a.example displayName=Ada (Fabrikam)"], &[]);
    }

    #[test]
    fn a_megabyte_is_refused_whole() {
        let text = "ada@fabrikam.example\n".repeat(50_000);
        assert_eq!(read(&text), Err(TooLong { bytes: text.len() }));
    }
}
