//! Letters of another script that look like Latin ones: `аda@fabrikam.example` with a Cyrillic а is another address than
//! with a Latin one.

/// Letters that look like Latin ones, after Unicode's `confusables.txt` (UTS #39); only those that pass at a glance.
#[rustfmt::skip]
const LETTERS: [(&str, &str, &str); 5] = [
    ("Cyrillic", "аеорсухіјѕһԁԛԝѵӏгпАВЕКМНОРСТУХІЈЅ", "aeopcyxijshdqwvlrnABEKMHOPCTYXIJS"),
    ("Greek", "οανιρυγσΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavipuyoABEZHIKMNOPTYX"),
    ("Armenian", "օոսհցզ", "onuhgq"),
    ("phonetic", "ɑɡıɩ", "agii"),
    ("Cherokee", "ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "AGCDEHJKLMPRSTVWZ"),
];

/// A text with look-alikes, as it stands there and as it would be in Latin letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// A domain is shown in its letters, not as `xn--`.
    pub seen: String,
    pub latin: String,
    /// The first letter that is not what it seems, the Latin one that it looks like, and its script.
    pub letter: (char, char, &'static str),
}

fn look_alike(letter: char) -> Option<(char, &'static str)> {
    LETTERS.iter().find_map(|(script, theirs, latin)| {
        let place = theirs.chars().position(|their| their == letter)?;
        Some((latin.chars().nth(place)?, *script))
    })
}

/// Latin letters, with and without accents, and whatever belongs to no script.
const fn is_latin(letter: char) -> bool {
    letter.is_ascii() || matches!(letter, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// The text in Latin letters where it has letters that look like them; nothing where it has none, or others besides, by which
/// a reader sees that the text is in another script.
fn in_latin(text: &str) -> Option<(String, (char, char, &'static str))> {
    let (mut latin, mut first) = (String::new(), None);
    for letter in text.chars() {
        match look_alike(letter) {
            Some((own, script)) => {
                first = first.or(Some((letter, own, script)));
                latin.push(own);
            }
            None if is_latin(letter) => latin.push(letter),
            None => return None,
        }
    }
    first.map(|first| (latin, first))
}

/// What is wrong with an address or a domain, whose labels beyond ASCII may be in punycode.
pub fn look_alikes(address: &str) -> Option<LookAlike> {
    let (local, domain) = address.rsplit_once('@').map_or((None, address), |(local, domain)| (Some(local), domain));
    if local.is_none_or(str::is_ascii) && domain.is_ascii() && !domain.to_ascii_lowercase().contains("xn--") {
        return None;
    }
    let labels: Vec<String> = domain.split('.').map(label).collect();
    // Where the ending itself is in that script, a name in it hides nothing.
    let is_at_home = labels.last().is_some_and(|ending| !ending.is_ascii());
    let mut letter = None;
    let mut latin = |text: &str, may_be_whole: bool| match in_latin(text) {
        Some((latin, first)) if !(may_be_whole && text.chars().all(|own| !own.is_ascii_alphabetic())) => {
            letter = letter.or(Some(first));
            latin
        }
        _ => text.to_owned(),
    };
    let local_in_latin = local.map(|local| latin(local, false));
    let labels_in_latin: Vec<String> = labels.iter().map(|label| latin(label, is_at_home)).collect();
    let joined = |local: Option<&str>, labels: &[String]| match local {
        Some(local) => format!("{local}@{}", labels.join(".")),
        None => labels.join("."),
    };
    let (seen, latin) = (joined(local, &labels), joined(local_in_latin.as_deref(), &labels_in_latin));
    letter.map(|letter| LookAlike { seen, latin, letter })
}

/// A label of a domain as it is read, of punycode the letters.
pub(super) fn label(label: &str) -> String {
    let coded = label.get(..4).filter(|start| start.eq_ignore_ascii_case("xn--")).map(|_| &label[4..]);
    coded.and_then(decoded).unwrap_or_else(|| label.to_owned())
}

/// Punycode: RFC 3492, sections 5 and 6.2.
fn decoded(coded: &str) -> Option<String> {
    const BASE: u32 = 36;
    let (plain, rest) = coded.rsplit_once('-').unwrap_or(("", coded));
    let mut letters: Vec<char> = plain.chars().collect();
    let (mut code, mut place, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = rest.bytes().peekable();
    while digits.peek().is_some() {
        let (before, mut weight, mut position) = (place, 1_u32, BASE);
        loop {
            let digit = match digits.next()? {
                letter @ (b'a'..=b'z' | b'A'..=b'Z') => u32::from(letter.to_ascii_lowercase() - b'a'),
                number @ b'0'..=b'9' => u32::from(number - b'0') + 26,
                _ => return None,
            };
            place = place.checked_add(digit.checked_mul(weight)?)?;
            let threshold = position.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            position += BASE;
        }
        let count = u32::try_from(letters.len()).ok()? + 1;
        let mut delta = (place - before) / if before == 0 { 700 } else { 2 };
        delta += delta / count;
        let mut steps = 0;
        while delta > 455 {
            delta /= BASE - 1;
            steps += BASE;
        }
        bias = steps + 36 * delta / (delta + 38);
        code = code.checked_add(place / count)?;
        place %= count;
        letters.insert(place as usize, char::from_u32(code)?);
        place += 1;
    }
    Some(letters.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punycode_is_read() {
        let check = |coded: &str, expected: Option<&str>| assert_eq!(decoded(coded).as_deref(), expected, "{coded}");
        check("bcher-kva", Some("bücher"));
        check("p1ai", Some("рф"));
        // RFC 3492, section 7.1, (I).
        check("b1abfaaepdrnnbgefbadotcwatmq2g4l", Some("почемужеонинеговорятпорусски"));
        // Signs that are far from ASCII and from each other.
        check("fabrikam-nx8uj19p", Some("fabrikam組長"));
        check("ada-b913bkzl", Some("ada💌🥳"));
        check("qei26k3993c", Some("❤⭐🎉"));
        check("99999999", None);
        check("a-!", None);
    }

    #[test]
    fn letters_of_another_script_are_told_and_names_in_it_are_not() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(look_alikes(text).map(|found| found.latin).as_deref(), expected, "{text}");
        check("аda@fabrikam.example", Some("ada@fabrikam.example"));
        check("ada@fаbrikam.example", Some("ada@fabrikam.example"));
        check("ada@xn--fbrikam-2fg.example", Some("ada@fabrikam.example"));
        check("ada@fabrikam.example", None);
        check("müller@bücher.example", None);
        check("иван@почта.рф", None);
        check("оса@сор.рф", Some("oca@сор.рф"));
        check("ada@сор.example", Some("ada@cop.example"));
        let found = look_alikes("οda@fabrikam.example");
        assert_eq!(found.map(|found| (found.seen, found.letter)), Some(("οda@fabrikam.example".into(), ('ο', 'o', "Greek"))));
        for (_, theirs, latin) in LETTERS {
            assert_eq!(theirs.chars().count(), latin.chars().count(), "{theirs}");
        }
    }
}
