//! The *Add guests* box: `Name <mail>` or `mail`, one or many. Cells of a sheet go the way of files.
//! Reading never fails as a whole: what cannot be a row comes back with its line.

use super::address::is_invisible;
use super::fields::Column;
use super::spelling::is_same_address;
use super::{clutter, headings};
use std::ops::Range;

/// More than this is for a file, not for a text box.
pub const MOST_BYTES: usize = 500_000;

/// One guest-to-be, by column.
pub type NewRow = Vec<(Column, String)>;

/// A part that holds no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadPart {
    /// From 1.
    pub line: usize,
    pub text: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuickAdded {
    pub rows: Vec<NewRow>,
    pub unread: Vec<UnreadPart>,
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
pub fn read(text: &str) -> Result<QuickAdded, TooLong> {
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

fn items(text: &str) -> QuickAdded {
    let mut reading = QuickAdded::default();
    for (number, line) in text.lines().enumerate() {
        let mut is_first = true;
        for item in separated(line) {
            for piece in pieces(&item) {
                match person(&piece, is_first) {
                    Some(cells) => reading.rows.push(cells),
                    None => reading.unread.push(UnreadPart { line: number + 1, text: piece }),
                }
                is_first = false;
            }
        }
    }
    reading
}

/// Splits at `;` and at `,`, outside of quotes and brackets. A comma belongs to a name that no address precedes, or that begins
/// behind one where names stand in front: `Lovelace, Ada <ada@fabrikam.example> Boole, Bob <bob@fabrikam.example>`.
fn separated(line: &str) -> Vec<String> {
    let (mut items, mut item, mut quoted, mut depth) = (Vec::new(), String::new(), false, 0_usize);
    // Whether there is an address, a name before the first and a name behind the last.
    let (mut has_address, mut has_name, mut is_behind, mut begins_name) = (false, false, false, false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            '<' | '(' => depth += 1,
            '>' | ')' => depth = depth.saturating_sub(1),
            '@' | '＠' => {
                has_name |= !has_address && item.rfind([' ', '<', '(', '[']).is_some_and(|end| item[..end].contains(char::is_alphabetic));
                (has_address, is_behind, begins_name) = (true, false, false);
            }
            _ => {}
        }
        is_behind |= character.is_whitespace() || ">)]".contains(character);
        begins_name |= is_behind && depth == 0 && character.is_alphabetic();
        let ends = matches!(character, ';' | '；') || matches!(character, ',' | '，' | '、') && has_address && !(has_name && begins_name);
        if ends && !quoted && depth == 0 {
            items.push(std::mem::take(&mut item));
            (has_address, has_name) = (false, false);
        } else {
            item.push(character);
        }
    }
    items.push(item);
    items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// One piece for each address: `ada@x.example and Bob <bob@x.example>` are two guests. Names stand before their addresses, unless
/// the first is an address and the last a name.
fn pieces(item: &str) -> Vec<String> {
    if clutter::addresses(item).len() < 2 {
        return vec![item.to_owned()];
    }
    let text = clutter::plain(item);
    let spans = clutter::spans(&text);
    let (first, last) = (spans[0].start, spans[spans.len() - 1].end);
    let are_names_behind = !text[..first].contains(char::is_alphanumeric) && text[last..].contains(char::is_alphanumeric);
    let cut = |pair: &[Range<usize>]| {
        let between = &text[pair[0].end..pair[1].start];
        // `ada@home.example <ada@work.example>` is how Outlook writes somebody whose name is an address.
        let behind = between.trim_start_matches(|sign: char| sign.is_whitespace() || QUOTES.contains(sign));
        let is_name = behind.starts_with(['<', '[']) && !behind.contains(['>', ']']);
        let closed = between.trim_start_matches(|sign: char| ">)]".contains(sign) || QUOTES.contains(sign));
        match are_names_behind {
            _ if is_name => None,
            true => Some(pair[0].end + between.trim_end_matches(['<', '(', '[']).len()),
            false => Some(pair[1].start - closed.len()),
        }
    };
    let cuts = std::iter::once(0).chain(spans.windows(2).filter_map(cut)).collect::<Vec<_>>();
    let ends = cuts.iter().skip(1).copied().chain([text.len()]);
    cuts.iter().zip(ends).map(|(start, end)| text[*start..end].trim().to_owned()).collect()
}

/// `"Name" <mail>`, `Name [mailto:mail]`, `Name mail`, `mail (Name)`, `mail Name` or `mail`, with what mail programs put around
/// both.
fn person(item: &str, is_first: bool) -> Option<NewRow> {
    let (name, address) = match bracketed(item) {
        Some((name, address)) => (name, address.to_owned()),
        None => {
            let address = item.split_whitespace().find(|word| word.contains(['@', '＠']))?;
            let start = item.find(address)?;
            let name = &item[..start];
            // Of old mail programs: the name in brackets behind the address.
            let is_before = !cleaned(name, is_first).is_empty();
            (if is_before { name } else { &item[start + address.len()..] }, address.to_owned())
        }
    };
    let address = clutter::bare(&address).unwrap_or_else(|| address.trim().to_owned());
    if !address.contains('@') {
        return None;
    }
    let name = cleaned(name, is_first);
    let is_address = clutter::bare(name).is_some_and(|other| is_same_address(&other, &address));
    let mut cells = vec![(Column::from_heading("email"), address)];
    if name.contains(char::is_alphabetic) && !is_address && !headings::is_address(name) {
        cells.push((Column::from_heading("displayName"), name.into()));
    }
    Some(cells)
}

/// Words between two guests in a sentence; in small letters, as they stand there, since people are called so, too.
const CONJUNCTIONS: [&str; 12] = ["and", "or", "plus", "und", "oder", "et", "y", "e", "en", "i", "och", "og"];
/// In front of a colon and an address, as in a mail's head.
const HEADERS: [&str; 9] = ["to", "cc", "bcc", "from", "an", "von", "à", "para", "aan"];
/// Marks between names and addresses.
const MARKS: &str = "•·*-–—:,;|/&+=→";

/// A name without the bullet or number of a list, the `To:` of a mail and the `and` behind another guest.
fn cleaned(name: &str, is_first: bool) -> &str {
    if name.trim_end().strip_suffix(':').is_some_and(|name| HEADERS.contains(&name.trim().to_lowercase().as_str())) {
        return "";
    }
    let is_mark = |sign: char| !sign.is_alphabetic() && !sign.is_ascii_digit() && !"([<=".contains(sign) && !QUOTES.contains(sign);
    let begin = |name: &str| name.len() - name.trim_start_matches(is_mark).len();
    let mut name = name[begin(name)..].trim_end_matches(|sign: char| sign.is_whitespace() || MARKS.contains(sign));
    name = ["[x]", "[X]", "[ ]"].iter().find_map(|ticked| name.strip_prefix(ticked)).unwrap_or(name).trim_start();
    name = numbered(name).map_or(name, |rest| &rest[begin(rest)..]);
    name = bulleted(name).unwrap_or(name);
    name = name.rsplit_once(": ").map_or(name, |(_, name)| name);
    let (word, rest) = name.split_once(char::is_whitespace).unwrap_or((name, ""));
    if !is_first && CONJUNCTIONS.contains(&word) {
        name = &rest[begin(rest)..];
    }
    unquoted(name)
}

/// What stands behind the number of a list, `1.`, `a)`, `(iv)`, from its stop or bracket on.
fn numbered(name: &str) -> Option<&str> {
    let name = name.trim_start_matches('(');
    let number = name.split(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
    let rest = name[number.len()..].trim_start();
    let is_of = |letters: &str| number.chars().all(|letter| letters.contains(letter));
    let is_roman = number.len() > 1 && (is_of("ivx") || is_of("IVX"));
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && rest.starts_with(['.', ')', '-', '–', ':']);
    // `J. Smith` begins with an initial.
    let is_letter = number.len() == 1 && (rest.starts_with(')') || rest == ".");
    (is_number || is_letter || is_roman && rest.starts_with(['.', ')'])).then_some(rest)
}

/// What stands behind a bullet that has become a letter, or nothing where nobody is called so: by one small letter alone.
fn bulleted(name: &str) -> Option<&str> {
    let bullet = name.chars().next()?;
    let rest = &name[bullet.len_utf8()..];
    let (is_bullet, behind) = (clutter::BULLETS.contains(&bullet), rest.trim_start());
    if behind.is_empty() {
        return (is_bullet || bullet.is_lowercase()).then_some("");
    }
    // `o brien`, `v Dijk` and `Ø Hansen` are people.
    let is_apart = rest.starts_with(char::is_whitespace) && !matches!(bullet, 'v' | 'Ø') && !behind.starts_with(char::is_lowercase);
    let is_far = rest.chars().take(2).all(char::is_whitespace);
    (is_bullet && (is_far || is_apart)).then_some(behind)
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

/// Around names and addresses.
const QUOTES: &str = "\"'“”‘’„«»";

/// A name without the quotes and brackets that stand around the whole of it; apostrophes inside of names stay.
fn unquoted(name: &str) -> &str {
    let mut name = name.trim();
    loop {
        let pairs = [('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('„', '“'), ('«', '»'), ('[', ']'), ('(', ')')];
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
        check(
            "\"Fabrikam; Sales\" <sales@a.example>; bob@a.example",
            &["email=sales@a.example displayName=Fabrikam; Sales", "email=bob@a.example"],
            &[],
        );
        check("[Ada Lovelace] ada@a.example", &["email=ada@a.example displayName=Ada Lovelace"], &[]);
        check("Ada Lovelace <Fabrikam> ada@a.example", &["email=ada@a.example displayName=Ada Lovelace <Fabrikam>"], &[]);
    }

    #[test]
    fn what_is_no_whole_address_or_has_none_is_told() {
        check("Ada <ada@fabrikam>", &["email=ada@fabrikam displayName=Ada"], &[]);
        check("ada@a.example Ada Lovelace, Bob Boole", &["email=ada@a.example displayName=Ada Lovelace"], &[(1, "Bob Boole")]);
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
    fn every_address_of_a_line_is_a_guest() {
        let two = ["email=ada@x.example", "email=bob@x.example"];
        for text in [
            "ada@x.example bob@x.example",
            "ada@x.example  \u{a0} bob@x.example",
            "ada@x.example and bob@x.example",
            "ada@x.example, and bob@x.example",
            "ada@x.example und bob@x.example.",
            "ada@x.example : bob@x.example",
            "ada@x.example / bob@x.example",
            "ada@x.example|bob@x.example",
            "ada@x.example & bob@x.example",
            "<ada@x.example> <bob@x.example>",
            "<ada@x.example><bob@x.example>",
            "To: ada@x.example Cc: bob@x.example",
            "(ada@x.example) (bob@x.example)",
            "1. ada@x.example 2. bob@x.example",
            "• ada@x.example • bob@x.example",
            "- ada@x.example\n- bob@x.example",
            "1) ada@x.example\n2) bob@x.example",
            "E-Mail: ada@x.example\nEmail: bob@x.example",
            "a) ada@x.example\nb) bob@x.example",
            "① ada@x.example\n[ ] bob@x.example",
        ] {
            check(text, &two, &[]);
        }
        let named = ["email=ada@x.example displayName=Ada Lovelace", "email=bob@x.example displayName=Bob Boole"];
        for text in [
            "Ada Lovelace ada@x.example Bob Boole bob@x.example",
            "Ada Lovelace <ada@x.example> Bob Boole <bob@x.example>",
            "Ada Lovelace <ada@x.example> and Bob Boole <bob@x.example>",
            "Ada Lovelace <ada@x.example>, und \"Bob Boole\" <bob@x.example>",
            "Ada Lovelace (ada@x.example) Bob Boole (bob@x.example)",
            "ada@x.example (Ada Lovelace) bob@x.example (Bob Boole)",
            "ada@x.example Ada Lovelace bob@x.example Bob Boole",
            "ada@x.example Ada Lovelace\nbob@x.example – Bob Boole",
            "Ada Lovelace: ada@x.example; Bob Boole, bob@x.example",
            "1. Ada Lovelace <ada@x.example>\n(2) Bob Boole <bob@x.example>",
            "* Ada Lovelace <ada@x.example>\n> • \"Bob Boole\" <bob@x.example>",
            "- [x] Ada Lovelace <ada@x.example>\n☐ Bob Boole <bob@x.example>",
            "a) Ada Lovelace <ada@x.example>\n2 - Bob Boole - bob@x.example",
            "ada@x.example [Ada Lovelace] bob@x.example [Bob Boole]",
            "Ada Lovelace <ada@x.example> (Fabrikam, London), Bob Boole <bob@x.example>",
            "ada@x.example Ada Lovelace, bob@x.example Bob Boole",
            "To: Ada Lovelace <ada@x.example>; Bob Boole <bob@x.example>",
            "[Ada Lovelace](mailto:ada@x.example) [Bob Boole](mailto:bob@x.example)",
        ] {
            check(text, &named, &[]);
        }
        check("ada@x.example bob@x.example cy@x.example", &[two[0], two[1], "email=cy@x.example"], &[]);
        for text in [
            "Lovelace, Ada <ada@x.example>; Boole, Bob <bob@x.example>",
            "Lovelace, Ada <ada@x.example>, Boole, Bob <bob@x.example>",
            "Lovelace, Ada <ada@x.example> Boole, Bob <bob@x.example>",
            "\"Lovelace, Ada\" <ada@x.example> \"Boole, Bob\" <bob@x.example>",
            "Lovelace, Ada ada@x.example Boole, Bob bob@x.example",
            "Lovelace, Ada (ada@x.example); Boole, Bob (bob@x.example)",
            "ada@x.example (Lovelace, Ada), bob@x.example (Boole, Bob)",
        ] {
            check(text, &["email=ada@x.example displayName=Lovelace, Ada", "email=bob@x.example displayName=Boole, Bob"], &[]);
        }
        check("3M Team <ada@x.example>", &["email=ada@x.example displayName=3M Team"], &[]);
        check(
            "J) Smith <ada@x.example>, Dr. Bob <bob@x.example>",
            &["email=ada@x.example displayName=Smith", "email=bob@x.example displayName=Dr. Bob"],
            &[],
        );
        // Outlook calls somebody by another address.
        check("'old@x.example' <ada@x.example>", &["email=ada@x.example displayName=old@x.example"], &[]);
        check("Lee, y <a@x.example>", &["email=a@x.example displayName=Lee, y"], &[]);
    }

    #[test]
    fn no_bullet_or_number_of_a_list_is_a_name() {
        for bullet in ["o", "v  ", "q", "Ø  ", "ü", "o \u{a0} ", "§", "•", "n", "(iv)", "iv.", "IV)", "xii)", "(b)", "a.", "2.", "(10)"]
        {
            check(&format!("{bullet} ada@x.example\n{bullet} bob@x.example"), &["email=ada@x.example", "email=bob@x.example"], &[]);
            check(&format!("{bullet} ada@x.example (Ada Lovelace)"), &["email=ada@x.example displayName=Ada Lovelace"], &[]);
        }
        for bullet in ["o", "v  ", "q", "Ø  ", "ü", "o \u{a0} ", "§", "(iv)", "iv.", "IV)", "(b)", "2."] {
            check(&format!("{bullet} Ada Lovelace <ada@x.example>"), &["email=ada@x.example displayName=Ada Lovelace"], &[]);
        }
        for name in
            ["o brien", "v Dijk", "Ø Hansen", "Xi Li", "vi nguyen", "I. Newton", "王", "Ivo", "Örs", "van Dijk", "O Neill", "D", "Ö"]
        {
            check(&format!("{name} <ada@x.example>"), &[&format!("email=ada@x.example displayName={name}")], &[]);
        }
    }

    #[test]
    fn a_megabyte_is_refused_whole() {
        let text = "ada@fabrikam.example\n".repeat(50_000);
        assert_eq!(read(&text), Err(TooLong { bytes: text.len() }));
        let unread = |bytes: usize| read(&"a".repeat(bytes)).map(|reading| reading.unread.len());
        assert_eq!((unread(MOST_BYTES), unread(MOST_BYTES + 1)), (Ok(1), Err(TooLong { bytes: MOST_BYTES + 1 })));
    }
}
