//! Which encoding a file of text is in. UTF-8 is certain or it is not; of everything else a guess is made, by the detector of
//! Firefox (<https://docs.rs/chardetng>) and, for what that never says, by how strange the words look that come out.

use super::encoding::{EncodingSample, SEPARATOR};
use super::sample::{EncodingLines, LINES, SAMPLE, telling};
use super::strange::strangeness;
use super::{Delimiter, Encoding};
use crate::words::shortened;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use std::borrow::Cow;

/// Bytes at the beginning in which UTF-16 is looked for.
const HEAD: usize = 4000;

/// An encoding, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DetectedEncoding {
    pub encoding: Encoding,
    /// A byte order mark or valid UTF-8 says so. Else it is a guess, and somebody has to look.
    pub is_certain: bool,
}

impl DetectedEncoding {
    pub const fn certain(encoding: Encoding) -> Self {
        Self { encoding, is_certain: true }
    }

    pub(super) const fn guessed(encoding: Encoding) -> Self {
        Self { encoding, is_certain: false }
    }
}

/// Bytes as text. What is not valid becomes U+FFFD; a byte order mark is left out.
pub fn decode(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    rs(encoding).decode_with_bom_removal(bytes).0
}

fn rs(encoding: Encoding) -> &'static encoding_rs::Encoding {
    encoding_rs::Encoding::for_label(encoding.label().as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
}

/// The encoding that a file names itself, by any of its names.
pub fn from_label(label: &str) -> Option<Encoding> {
    encoding_rs::Encoding::for_label(label.as_bytes()).and_then(from_encoding_rs)
}

fn from_encoding_rs(encoding: &'static encoding_rs::Encoding) -> Option<Encoding> {
    match encoding.name() {
        // It reads what GBK reads.
        "gb18030" => Some(Encoding::Gbk),
        // The same signs; the names tell only in which order they are shown.
        "ISO-8859-8-I" => Some(Encoding::Iso8859_8),
        name => Encoding::from_label(&name.to_ascii_lowercase()),
    }
}

/// What makes text of bytes that come in pieces, as [`decode`] does.
pub(super) fn decoder(encoding: Encoding) -> encoding_rs::Decoder {
    rs(encoding).new_decoder_with_bom_removal()
}

/// What a file is in by its first bytes: UTF-8, if they look like that, which can turn out to be wrong behind them; or what is guessed
/// of the whole, if everything that is looked at for it stands among them.
pub(super) fn judge_beginning(head: &[u8]) -> Option<DetectedEncoding> {
    if begins_as_utf8(head) {
        return Some(DetectedEncoding::certain(Encoding::Utf8));
    }
    let lines = &head[..head.iter().rposition(|byte| *byte == b'\n')?];
    let is_said = by_mark(lines).is_some() || by_zeros(lines).is_some() || std::str::from_utf8(lines).is_ok();
    let (mut telling_lines, mut bytes) = (0, 0);
    for line in telling(lines) {
        (telling_lines, bytes) = (telling_lines + 1, bytes + line.len());
        if telling_lines >= LINES && bytes >= SAMPLE {
            return (!is_said).then(|| DetectedEncoding::guessed(guess(lines)));
        }
    }
    None
}

/// Whether the first bytes of a file look like UTF-8.
fn begins_as_utf8(head: &[u8]) -> bool {
    // The last character may go on behind these bytes.
    let is_valid = || std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    by_mark(head).is_some_and(|encoding| encoding == Encoding::Utf8)
        || by_mark(head).is_none() && by_zeros(head).is_none() && !has_escapes(head) && is_valid()
}

/// What the whole of a file is in.
pub fn judge(bytes: &[u8]) -> DetectedEncoding {
    let by_mark = by_mark(bytes);
    if let Some(utf16) = by_mark.filter(|encoding| *encoding != Encoding::Utf8) {
        return DetectedEncoding::certain(utf16);
    }
    let is_utf8 = std::str::from_utf8(bytes).is_ok() || is_cut_off(bytes);
    if by_mark.is_some() {
        return DetectedEncoding { encoding: Encoding::Utf8, is_certain: is_utf8 };
    }
    match by_zeros(bytes) {
        Some(utf16) => DetectedEncoding::guessed(utf16),
        None if is_utf8 && !has_escapes(bytes) => DetectedEncoding::certain(Encoding::Utf8),
        None => DetectedEncoding::guessed(guess(bytes)),
    }
}

/// Whether a text in UTF-8, with other signs beyond ASCII, ends within one.
pub(super) fn is_cut_off(bytes: &[u8]) -> bool {
    let Err(error) = std::str::from_utf8(bytes) else { return false };
    // Alone it may be a letter of another encoding.
    error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii()
}

/// By a byte order mark. <https://encoding.spec.whatwg.org/#bom-sniff>
fn by_mark(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some(Encoding::Utf8),
        [0xff, 0xfe, ..] => Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Whether a byte order mark says what the file is in.
pub fn has_mark(bytes: &[u8]) -> bool {
    by_mark(bytes).is_some()
}

/// UTF-16 has zeros in every second byte only: one for each ASCII sign, such as those of addresses.
fn by_zeros(bytes: &[u8]) -> Option<Encoding> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let are_many = |these: usize, others: usize| these > head.len() / 12 && others < these / 4;
    match () {
        () if are_many(odd, even) => Some(Encoding::Utf16Le),
        () if are_many(even, odd) => Some(Encoding::Utf16Be),
        () => None,
    }
}

/// Whether some lines of a text that is to be read so may be UTF-8, and others in an encoding in which ASCII is ASCII.
pub(super) fn may_be_mixed(bytes: &[u8], wanted: Option<Encoding>) -> bool {
    let is_other = |encoding| encoding == Encoding::Utf8 || encoding == Encoding::Iso2022Jp || is_wide(encoding);
    !wanted.is_some_and(is_other)
        && by_mark(bytes).is_none_or(|encoding| encoding == Encoding::Utf8)
        && by_zeros(bytes).is_none()
        && !has_escapes(bytes)
}

/// Whether there is a sequence by which ISO-2022-JP, which is all ASCII, turns to Japanese.
pub fn has_escapes(bytes: &[u8]) -> bool {
    bytes.contains(&0x1b) && bytes.windows(2).any(|pair| pair == b"\x1b$")
}

/// Of bytes that are not UTF-8.
pub(super) fn guess(bytes: &[u8]) -> Encoding {
    let lines = EncodingLines::from_text(bytes);
    let is_old = bytes.contains(&b'\r') && !bytes.contains(&b'\n');
    let (sample, late) = (lines.first(), lines.late());
    let first = guess_of(&sample, is_old);
    if late.is_empty() {
        return first;
    }
    if !rs(first).is_single_byte() {
        return first;
    }
    // What tells in the late lines may read the first ones as well as what is guessed of them, and their number is no measure.
    let strange = |text: &[u8], encoding| strangeness(&decode(text, encoding));
    let of_first = strange(&sample, first);
    let of_late = guess_of(&late, is_old);
    let all = [&*sample, &late].concat();
    let fits = |encoding: &Encoding| rs(*encoding).is_single_byte() && strange(&sample, *encoding) <= of_first;
    let of_all = guess_of(&all, is_old);
    // A single line is too little to tell, unless the others make it strange.
    let in_order = if late.iter().filter(|byte| **byte == b'\n').count() > 1 { [of_late, of_all, first] } else { [of_all, first, of_late] };
    in_order.into_iter().filter(fits).min_by_key(|encoding| strange(&late, *encoding)).unwrap_or(first)
}

fn guess_of(sample: &[u8], is_old: bool) -> Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    let mut detected = detector.guess(None, Utf8Detection::Deny);
    if detected == encoding_rs::WINDOWS_1252 {
        // That is also what it says when nothing tells. Where the people are from may.
        detected = detector.guess(country(sample).as_ref().map(<[u8; 2]>::as_slice), Utf8Detection::Deny);
    }
    let detected = match from_encoding_rs(detected).unwrap_or(Encoding::Windows1252) {
        // Windows-1255 reads the same letters, and more.
        Encoding::Iso8859_8 => Encoding::Windows1255,
        Encoding::Windows1252 if is_hungarian(sample) => Encoding::Windows1250,
        detected => detected,
    };
    if detected == Encoding::Iso2022Jp { detected } else { or_mac(sample, is_old, detected) }
}

/// The detector never says Mac Roman or Mac Cyrillic. Both have letters at 80 to 9F, where Windows has punctuation; so what
/// they wrote becomes strange words when Windows reads it, and the other way round. Excel for Mac also ends lines by a bare
/// carriage return, which nothing else has done for twenty years.
fn or_mac(sample: &[u8], is_old: bool, detected: Encoding) -> Encoding {
    const MARGIN: usize = 3;
    let strange = |encoding| strangeness(&decode(sample, encoding));
    let margin = if is_old { 0 } else { MARGIN };
    let best = [Encoding::MacRoman, Encoding::MacCyrillic].into_iter().map(|mac| (strange(mac), mac)).min_by_key(|(strange, _)| *strange);
    best.filter(|(mac, _)| mac + margin <= strange(detected)).map_or(detected, |(_, mac)| mac)
}

/// The country code that more than half of the addresses end in.
fn country(sample: &[u8]) -> Option<[u8; 2]> {
    let mut codes: Vec<Option<[u8; 2]>> = Vec::new();
    for (place, _) in sample.iter().enumerate().filter(|(_, byte)| **byte == b'@') {
        let behind = &sample[place + 1..];
        let length = behind.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b".-".contains(byte)).count();
        let last = behind[..length].rsplit(|byte| *byte == b'.').next().unwrap_or_default();
        codes.push(last.try_into().ok().map(|code: [u8; 2]| code.map(|byte| byte.to_ascii_lowercase())));
    }
    codes.sort_unstable();
    let middle = *codes.get(codes.len() / 2)?;
    let is_most = codes.iter().filter(|code| **code == middle).count() * 2 > codes.len();
    middle.filter(|code| is_most && code.iter().all(u8::is_ascii_lowercase))
}

/// The detector takes short Hungarian lists for Western: `ő` is at the place of `õ`. In Portuguese an `e` follows `õ` and there
/// are `ã` or `ç`; Estonian has no acutes.
fn is_hungarian(sample: &[u8]) -> bool {
    let has = |letters: &[u8]| sample.iter().any(|byte| letters.contains(byte));
    let double_acute = |pair: &[u8]| matches!(pair, [0xf5 | 0xd5, next] if !matches!(next, b'e' | b'E'));
    let acutes = b"\xe1\xe9\xed\xf3\xfa\xc1\xc9\xcd\xd3\xda";
    sample.windows(2).any(double_acute) && has(acutes) && !has(b"\xe0\xe2\xe3\xe7\xe8\xea\xf1\xf4")
}

const fn is_wide(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be)
}

/// Rows of a file as this encoding, as the guessed one and as others read them: of those, the ones whose words look best. Of
/// encodings that read these rows the same the first is named. Nothing of a file without signs beyond ASCII. Without a delimiter it
/// is markup.
pub fn looks(bytes: &[u8], encoding: Encoding, guessed: Encoding, delimiter: Option<Delimiter>) -> Vec<EncodingSample> {
    const MOST: usize = 3;
    const JUDGED: usize = 8000;
    let look = |encoding, lines: &[&[u8]], from| EncodingSample {
        encoding,
        rows: lines.iter().map(|line| shown(&decode(line, from), delimiter)).collect(),
    };
    if is_wide(encoding) {
        let head = decode(&bytes[..bytes.len().min(SAMPLE)], encoding);
        let lines = EncodingLines::from_text(head.as_bytes()).chosen();
        return if lines.is_empty() { Vec::new() } else { vec![look(encoding, &lines, Encoding::Utf8)] };
    }
    let telling = EncodingLines::from_text(bytes);
    let (lines, late) = (telling.chosen(), telling.late());
    // What reads all signs as letters comes first, be they in rows that are not shown.
    let whole = [&lines.join(&b'\n'), &late[..late.len().min(JUDGED)]].concat();
    let mut others: Vec<Encoding> = Encoding::all().filter(|other| !is_wide(*other)).collect();
    others.sort_by_cached_key(|other| (*other != guessed, strangeness(&decode(&whole, *other))));
    let mut looks: Vec<EncodingSample> = Vec::new();
    for encoding in std::iter::once(encoding).chain(others) {
        let look = look(encoding, &lines, encoding);
        let is_new = looks.iter().all(|known| known.rows != look.rows) && look.rows.iter().any(|row| !row.is_empty());
        if is_new && looks.len() < MOST {
            looks.push(look);
        }
    }
    looks
}

/// The cells of a line that have signs beyond ASCII; without a delimiter what stands between tags.
fn shown(line: &str, delimiter: Option<Delimiter>) -> String {
    const CELLS: usize = 4;
    const LONGEST: usize = 40;
    let between = line.split(delimiter.map_or('<', |delimiter| char::from(delimiter.byte())));
    let text = |piece: &'_ str| -> usize { if delimiter.is_none() { piece.find('>').map_or(0, |end| end + 1) } else { 0 } };
    let cells = between.map(|piece| piece[text(piece)..].trim_matches(['"', '\'', ' ']));
    let cells: Vec<Cow<'_, str>> = cells.filter(|cell| !cell.is_ascii()).take(CELLS).map(|cell| shortened(cell, LONGEST)).collect();
    cells.join(&format!(" {SEPARATOR} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every other byte is a zero, as UTF-16 writes ASCII.
    fn wide(text: &str) -> Vec<u8> {
        text.bytes().flat_map(|byte| [byte, 0]).collect()
    }

    #[test]
    fn what_the_first_bytes_look_like_is_utf_8_unless_something_speaks_against_it() {
        let check = |head: &[u8], expected: bool| assert_eq!(begins_as_utf8(head), expected, "{head:?}");
        check(b"", true);
        check("Jürgen".as_bytes(), true);
        check(&"Jürgen".as_bytes()[..2], true);
        check(b"J\xfcrgen", false);
        check(b"\xef\xbb\xbfJ\xfcrgen", true);
        check(b"\xff\xfeJ", false);
        check(&wide("Email,Name"), false);
        check(b"\x1b$B;3", false);
        check(b"\x1b[0m", true);
    }

    #[test]
    fn a_beginning_is_judged_when_enough_lines_tell_and_nothing_else_is_said() {
        let line = [&b"J\xfcrgen"[..], &[b'n'; 140], b"\n"].concat();
        let valid = format!("Jürgen{}\n", "n".repeat(140));
        let check = |head: Vec<u8>, expected: Option<DetectedEncoding>| {
            assert_eq!(judge_beginning(&head), expected, "{}", String::from_utf8_lossy(&head[..20]));
        };
        let guessed = Some(DetectedEncoding::guessed(Encoding::Windows1252));
        check([&line.repeat(LINES)[..], b"a"].concat(), guessed);
        check([&line.repeat(LINES - 1)[..], &line[..100]].concat(), None);
        check(b"J\xfcrgen\n".repeat(LINES), None);
        check(valid.as_bytes().repeat(LINES), Some(DetectedEncoding::certain(Encoding::Utf8)));
        // Only the line that is not here as a whole speaks against UTF-8.
        check([&valid.as_bytes().repeat(LINES)[..], &line[..100]].concat(), None);
        check([&b"\xff\xfe"[..], &line.repeat(LINES)].concat(), None);
        check(line.repeat(LINES).iter().flat_map(|byte| [*byte, 0]).collect(), None);
    }

    #[test]
    fn byte_order_marks_are_known() {
        assert!([&b"\xef\xbb\xbfa"[..], b"\xff\xfea", b"\xfe\xffa"].into_iter().all(has_mark));
        assert!(![&b""[..], b"a", b"\xef\xbb", b"\xff\xff", b"a\xff\xfe"].into_iter().any(has_mark));
    }

    #[test]
    fn zeros_in_every_second_byte_are_utf_16() {
        let check = |zeros: &[usize], expected: Option<Encoding>| {
            let mut bytes = [b'a'; 48];
            zeros.iter().for_each(|place| bytes[*place] = 0);
            assert_eq!(by_zeros(&bytes), expected, "{zeros:?}");
        };
        check(&[], None);
        check(&[1, 3, 5, 7], None);
        check(&[1, 3, 5, 7, 9], Some(Encoding::Utf16Le));
        check(&[0, 2, 4, 6, 8], Some(Encoding::Utf16Be));
        check(&[1, 3, 5, 7, 9, 11, 13, 15, 2], Some(Encoding::Utf16Le));
        check(&[1, 3, 5, 7, 9, 11, 13, 15, 2, 4], None);
        check(&(0..48).collect::<Vec<_>>(), None);
        assert_eq!((by_zeros(b""), by_zeros(b"\0"), by_zeros(b"a\0b")), (None, None, None));
    }

    #[test]
    fn lines_may_be_in_two_encodings_where_ascii_is_ascii_in_both() {
        let check = |bytes: &[u8], wanted: Option<Encoding>, expected: bool| {
            assert_eq!(may_be_mixed(bytes, wanted), expected, "{bytes:?} {wanted:?}");
        };
        check(b"J\xfcrgen", None, true);
        check(b"J\xfcrgen", Some(Encoding::Windows1252), true);
        check(b"J\xfcrgen", Some(Encoding::Utf8), false);
        check(b"J\xfcrgen", Some(Encoding::Iso2022Jp), false);
        check(b"J\xfcrgen", Some(Encoding::Utf16Le), false);
        check(b"\xef\xbb\xbfJ\xfcrgen", None, true);
        check(b"\xff\xfeJ\xfcrgen", None, false);
        check(&wide("Email,Name"), None, false);
        check(b"\x1b$B;3", None, false);
        check(b"\x1b[0m $", None, true);
    }

    #[test]
    fn a_bare_carriage_return_speaks_for_an_old_mac() {
        let check = |bytes: &[u8], expected: Encoding| assert_eq!(guess(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        check(b"Name\rM\x9fller\r", Encoding::MacRoman);
        check(b"Name\nM\x9fller\n", Encoding::Windows1252);
        check(b"Name\r\nM\x9fller\r\n", Encoding::Windows1252);
        check(b"M\x9fller", Encoding::Windows1252);
    }

    #[test]
    fn what_late_lines_look_like_does_not_make_the_first_ones_strange() {
        let (german, russian) = ("Jürgen Müller;Köln\n".repeat(5000), "Иван Петров;Москва\nОльга Смирнова;Омск\n");
        let bytes = [encoding_rs::WINDOWS_1252.encode(&german).0, encoding_rs::WINDOWS_1251.encode(russian).0].concat();
        assert_eq!(guess(&bytes), Encoding::Windows1252);
    }

    #[test]
    fn the_country_is_where_more_than_half_of_the_addresses_end() {
        let check = |text: &str, expected: Option<&[u8; 2]>| assert_eq!(country(text.as_bytes()), expected.copied(), "{text}");
        check("", None);
        check("a@x.pl", Some(b"pl"));
        check("@x-y.PL;b@z.pl", Some(b"pl"));
        check("a@x.pl;b@y.com", None);
        check("a@x.pl;b@y.com;c@z.com", None);
        check("a@x.pl;b@y.pl;c@z.com", Some(b"pl"));
        check("a@x.com;b@x.de;c@y.pl;d@y.pl;e@y.pl", Some(b"pl"));
        check("a@10.0.0.12", None);
        check("a@x.example", None);
    }

    #[test]
    fn where_the_people_are_from_tells_what_letters_do_not() {
        let check = |domain: &str, expected: Encoding| {
            assert_eq!(guess(&[b"a@x.", domain.as_bytes(), b",G\xf6k\xe7e \xd6zt\xfcrk\n"].concat()), expected, "{domain}");
        };
        check("tr", Encoding::Windows1254);
        check("example", Encoding::Windows1252);
    }

    #[test]
    fn hungarian_has_double_acutes_and_acutes_and_no_signs_of_its_neighbours() {
        let check = |bytes: &[u8], expected: bool| assert_eq!(is_hungarian(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        check(b"Sz\xf5ke L\xe1szl\xf3", true);
        check(b"\xd5ze P\xe9ter", true);
        check(b"Sz\xf5ke", false);
        check(b"L\xe1szl\xf3", false);
        check(b"Cam\xf5es, Jos\xe9", false);
        check(b"Jo\xe3o, P\xf5lva, Jos\xe9", false);
        check(b"J\xfcrgen", false);
    }

    #[test]
    fn rows_to_look_at_show_what_stands_between_tags_or_delimiters() {
        assert_eq!(shown("<tr><td>ASCII</td><td class=\"x\">Jürgen</td><td>Köln", None), format!("Jürgen {SEPARATOR} Köln"));
        assert_eq!(shown("\"Jürgen\";ASCII; Köln ", Some(Delimiter::Semicolon)), format!("Jürgen {SEPARATOR} Köln"));
        assert_eq!(looks(b"Email\na@x.example\n", Encoding::Windows1252, Encoding::Windows1252, Some(Delimiter::Comma)), []);
    }
}
