//! Files that were joined to one, of which some are in UTF-8 and others are not: each is decoded as what it is.

use super::detect::{decode, guess};
use super::joined::begins_file;
use super::sample::{SAMPLE, is_telling};
use super::strange::strangeness;
use super::{Encoding, MARK};

/// Lines in one encoding.
struct JoinedPart<'a> {
    bytes: &'a [u8],
    is_utf8: bool,
}

/// A text of which some lines are in UTF-8 and others are not.
pub(super) struct MixedText<'a>(Vec<JoinedPart<'a>>);

impl<'a> MixedText<'a> {
    /// Nothing where all of a text is in one encoding, as far as can be seen.
    pub(super) fn from_text(bytes: &'a [u8]) -> Option<Self> {
        let begins: Vec<usize> = std::iter::once(0).chain(marks(bytes)).chain([bytes.len()]).collect();
        let files = begins.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
        let parts: Vec<JoinedPart<'a>> = files.flat_map(parts_of).filter(|part| !part.bytes.is_empty()).collect();
        let mut telling = parts.iter().filter(|part| !part.bytes.is_ascii()).map(|part| part.is_utf8);
        let is_mixed = telling.next().is_some_and(|first| telling.any(|other| other != first));
        is_mixed.then_some(Self(parts))
    }

    /// What is not UTF-8.
    pub(super) fn others(&self) -> Vec<u8> {
        self.0.iter().filter(|part| !part.is_utf8).flat_map(|part| part.bytes).copied().collect()
    }

    /// As text, with what is not UTF-8 in this encoding. Byte order marks stay: another file begins there.
    pub(super) fn decoded(&self, encoding: Encoding) -> String {
        let mut text = String::new();
        for part in &self.0 {
            if part.is_utf8 {
                text.push_str(&String::from_utf8_lossy(part.bytes));
            } else {
                text.push_str(&decode(part.bytes, encoding));
            }
        }
        text
    }
}

/// Where files begin with a byte order mark: at the beginning of a line, or behind a last line without an end, before headings.
pub(super) fn marks(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let is_line = |place: usize| place.checked_sub(1).is_none_or(|before| matches!(bytes[before], b'\n' | b'\r'));
    let behind = |place: usize| lines(&bytes[place + MARK.len()..]).next().unwrap_or_default().trim_ascii_end();
    memchr::memmem::find_iter(bytes, MARK.as_bytes()).filter(move |place| is_line(*place) || begins_file(behind(*place)))
}

/// Lines with their ends.
fn lines(bytes: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r'))
}

fn is_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok()
}

/// The parts of a file that has no byte order mark but at its beginning: lines in UTF-8, others, and again lines in UTF-8.
fn parts_of(file: &[u8]) -> Vec<JoinedPart<'_>> {
    let has_mark = file.starts_with(MARK.as_bytes());
    let valid = std::str::from_utf8(file).map_or_else(|error| error.valid_up_to(), str::len);
    if valid == file.len() {
        return vec![JoinedPart { bytes: file, is_utf8: has_mark || !file.is_ascii() }];
    }
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let begin = if has_mark { MARK.len() } else { 0 };
    let head = file[..valid].iter().rposition(is_break).map_or(0, |place| place + 1).max(begin);
    let tail = file.len() - lines(&file[head..]).rev().take_while(|line| is_utf8(line)).map(<[u8]>::len).sum::<usize>();
    let middle = &file[head..tail];
    // A sign that was damaged here and there makes no other encoding of what stands between.
    let (good, bad): (Vec<&[u8]>, Vec<&[u8]>) = lines(middle).filter(|line| is_telling(line)).partition(|line| is_utf8(line));
    if good.len() * 2 >= bad.len() {
        return vec![JoinedPart { bytes: file, is_utf8: has_mark }];
    }
    let other = guess(middle);
    // Signs of two bytes may look like UTF-8 here and there.
    let reads = |part: &[u8]| {
        let telling: Vec<u8> = lines(part).filter(|line| is_telling(line)).flatten().copied().take(SAMPLE).collect();
        !telling.is_empty() && strangeness(&String::from_utf8_lossy(&telling)) < strangeness(&decode(&telling, other))
    };
    vec![
        JoinedPart { bytes: &file[..head], is_utf8: has_mark || reads(&file[..head]) },
        JoinedPart { bytes: middle, is_utf8: false },
        JoinedPart { bytes: &file[tail..], is_utf8: reads(&file[tail..]) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Noticed, Wanted};

    /// Parts as they are read: `8` before those in UTF-8.
    fn check(bytes: &[u8], expected: &[&str]) {
        let mut shown: Vec<String> = Vec::new();
        for part in MixedText::from_text(bytes).map(|mixed| mixed.0).unwrap_or_default() {
            let text = decode(part.bytes, if part.is_utf8 { Encoding::Utf8 } else { Encoding::Windows1252 });
            match shown.last_mut() {
                Some(last) if last.starts_with('8') == part.is_utf8 => last.push_str(&text),
                _ => shown.push(if part.is_utf8 { format!("8{text}") } else { text.into_owned() }),
            }
        }
        assert_eq!(shown, expected, "{}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn each_of_joined_files_is_decoded_as_what_it_is() {
        let latin = b"Email,Name\na@x.example,J\xfcrgen\n".to_vec();
        let utf8 = "Email,Name\nb@x.example,Zoë Groß\n".as_bytes();
        let (marked, one) = ([MARK.as_bytes(), utf8].concat(), "Email,Name\na@x.example,Jürgen\n");
        let (two, marked_two) = ("8Email,Name\nb@x.example,Zoë Groß\n", "8Email,Name\nb@x.example,Zoë Groß\n");
        check(&[&*latin, &marked].concat(), &[one, marked_two]);
        check(&[&*latin, &marked, &latin].concat(), &[one, "8Email,Name\nb@x.example,Zoë Groß\nEmail,Name\n", "a@x.example,Jürgen\n"]);
        check(&[&*latin, utf8].concat(), &[one, two]);
        check(&[&*marked, &latin].concat(), &[&format!("{marked_two}Email,Name\n"), "a@x.example,Jürgen\n"]);
        check(&[utf8, &latin].concat(), &[&format!("{two}Email,Name\n"), "a@x.example,Jürgen\n"]);
        check(b"\xef\xbb\xbfM\xfcller", &["8", "Müller"]);
        check(&[latin.trim_ascii_end(), &marked].concat(), &[one.trim_end(), marked_two]);
        // One encoding alone.
        check(&latin, &[]);
        check(&marked, &[]);
        check(&[&*marked, utf8, &marked].concat(), &[]);
        // Signs of two bytes that look like UTF-8, in the first line and in the last.
        let chinese = encoding_rs::GBK.encode("卢梅,卢梅\n王伟,北京科技有限公司\n李娜,上海贸易公司\n张强,深圳\n卢毛,卢毛\n").0;
        check(&chinese, &[]);
        // Damaged here and there.
        let damaged = [&*marked, b"c@x.example,M\xfcller\n", utf8, utf8, b"c@x.example,M\xfcller\n", utf8].concat();
        check(&damaged, &[]);
    }

    #[test]
    fn what_lines_begin_with_is_no_mark_of_a_file() {
        let bytes = ["Email,Name\na@x.example,山田\n".as_bytes(), b"\xff\xfe\n\xff\xfe\nb@x.example,J\xfcrgen\n"].concat();
        let (found, table) = crate::sheet::read(&bytes, &Wanted::default(), |_, _| {}).unwrap();
        assert_eq!((table.cell(1, 1), table.cell(4, 0)), ("山田", "b@x.example"));
        assert!(found.noticed().iter().any(|noticed| matches!(noticed, Noticed::Guessed(_))));
    }
}
