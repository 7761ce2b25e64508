//! Lines of a text by which its encoding is guessed, and those at which somebody sees whether the guess is right.

/// Bytes of lines that are judged: the detector takes tens of milliseconds for so many.
pub(super) const SAMPLE: usize = 1 << 16;

/// Lines among which those to show are chosen.
pub(super) const LINES: usize = 500;

/// Lines of a text with signs beyond ASCII.
pub(super) struct EncodingLines<'a> {
    /// At the beginning.
    first: Vec<&'a [u8]>,
    /// Further down, with bytes that those do not have: one encoding may read the first lines as another does, and these not. Each byte
    /// of the text stands in one of both.
    late: Vec<&'a [u8]>,
}

/// Which bytes were met.
pub(super) struct MetBytes([bool; 256]);

impl Default for MetBytes {
    fn default() -> Self {
        Self(std::array::from_fn(|byte| byte < 0x80))
    }
}

impl MetBytes {
    pub(super) fn meet(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights.iter().filter(|eight| !eight.is_ascii()) {
            eight.iter().for_each(|byte| self.0[usize::from(*byte)] = true);
        }
        rest.iter().for_each(|byte| self.0[usize::from(*byte)] = true);
    }

    /// Where a byte stands that was not met.
    pub(super) fn news(&self, bytes: &[u8]) -> Option<usize> {
        let is_new = |byte: &u8| !self.0[usize::from(*byte)];
        let (eights, _) = bytes.as_chunks::<8>();
        let plain = eights.iter().position(|eight| !eight.is_ascii() && eight.iter().any(is_new)).unwrap_or(eights.len()) * 8;
        bytes[plain..].iter().position(is_new).map(|place| plain + place)
    }
}

pub(super) fn is_telling(line: &[u8]) -> bool {
    !line.is_ascii() || line.contains(&0x1b)
}

/// The lines with signs beyond ASCII. A line's end is the same byte in every encoding but UTF-16.
pub(super) fn telling(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| is_telling(line))
}

impl<'a> EncodingLines<'a> {
    pub(super) fn from_text(bytes: &'a [u8]) -> Self {
        let (mut first, mut late, mut length, mut met) = (Vec::new(), Vec::new(), 0, MetBytes::default());
        let mut lines = telling(bytes);
        for line in lines.by_ref() {
            let line = &line[..line.len().min(SAMPLE)];
            met.meet(line);
            first.push(line);
            length += line.len() + 1;
            if length >= SAMPLE {
                break;
            }
        }
        // Those that have no news for each other are many.
        let (mut all, mut length) = (MetBytes(met.0), 0);
        for line in lines {
            let Some(new) = met.news(line) else { continue };
            let line = around(line, all.news(line).unwrap_or(new));
            if length < SAMPLE || all.news(line).is_some() {
                all.meet(line);
                late.push(line);
                length += line.len() + 1;
            }
        }
        Self { first, late }
    }

    pub(super) fn first(&self) -> Vec<u8> {
        lines(self.first.iter().copied())
    }

    pub(super) fn late(&self) -> Vec<u8> {
        lines(self.late.iter().copied())
    }

    /// Up to three of the lines, in their order: those that show the most different signs, and of the late ones one at least.
    pub(super) fn chosen(&self) -> Vec<&'a [u8]> {
        const ROWS: usize = 3;
        let first = |line: &[u8]| line.iter().position(|byte| !byte.is_ascii() || *byte == 0x1b).unwrap_or(0);
        let (shown, more) = self.first.split_at(self.first.len().min(LINES));
        let mut met_first = MetBytes::default();
        shown.iter().for_each(|line| met_first.meet(line));
        let mut lines: Vec<&[u8]> = shown.iter().map(|line| around(line, first(line))).collect();
        let late = lines.len();
        lines.extend(more.iter().filter_map(|line| Some(around(line, met_first.news(line)?))));
        lines.extend(&self.late);
        let mut met = [false; 256];
        let mut chosen: Vec<usize> = Vec::new();
        for number in 0..ROWS.min(lines.len()) {
            let news = |line: &[u8]| {
                let mut is_new = met.map(|is_met| !is_met);
                line.iter().filter(|byte| **byte >= 0x80 && std::mem::take(&mut is_new[usize::from(**byte)])).count()
            };
            let from = if number == 0 && late < lines.len() { late } else { 0 };
            let left = (from..lines.len()).rev().filter(|place| !chosen.contains(place));
            let Some(best) = left.max_by_key(|place| news(lines[*place])) else { break };
            lines[best].iter().for_each(|byte| met[usize::from(*byte)] = true);
            chosen.push(best);
        }
        chosen.sort_unstable();
        chosen.into_iter().map(|place| lines[place]).collect()
    }
}

fn lines<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    lines.flat_map(|line| line.iter().chain(b"\n")).copied().collect()
}

/// A line or, of a long one, what stands around a sign beyond ASCII. Before the first one every place is between characters; the
/// end is put behind a sign that is part of a character in no encoding.
fn around(line: &[u8], sign: usize) -> &[u8] {
    const LONGEST: usize = 1000;
    const BEFORE: usize = 100;
    if line.len() <= LONGEST {
        return line;
    }
    let ends = |byte: &u8| b",;\t\"<> ".contains(byte);
    let before = &line[..sign];
    let start = before.iter().rposition(ends).map_or(0, |place| place + 1).max(sign.saturating_sub(BEFORE));
    let piece = &line[start..line.len().min(start + LONGEST)];
    if start + piece.len() == line.len() {
        piece
    } else {
        &piece[..piece.iter().rposition(ends).filter(|end| *end > sign - start).unwrap_or(piece.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::Range;

    #[test]
    fn a_byte_is_news_once() {
        let mut met = MetBytes::default();
        assert_eq!((met.news(b""), met.news(b"only ASCII, however long it is\x00\x7f")), (None, None));
        for length in 1..40 {
            for place in 0..length {
                let mut line = vec![b'a'; length];
                line[place] = 0xfc;
                assert_eq!(met.news(&line), Some(place), "{length}");
            }
        }
        met.meet(b"J\xfcrgen");
        met.meet(b"a long line, and \xe4 in it");
        assert_eq!(met.news(b"\xfc, \xe4 and \xfc once more, then \xe9 and \xe8"), Some(27));
        assert_eq!(met.news(b"\xfc, \xe4 and \xfc once more"), None);
    }

    #[test]
    fn so_many_lines_are_judged_as_fill_the_sample() {
        let lines = |first: usize, late: usize, more: &[u8]| {
            let text = [&b"J\xfcrgen1\n"[..]].repeat(first).concat();
            let text = [&text, &b"Andr\xe922\nASCII\n"[..].repeat(late), more].concat();
            let lines = EncodingLines::from_text(&text);
            (lines.first.len(), lines.late.len())
        };
        // Eight bytes each.
        let full = SAMPLE / 8;
        assert_eq!(lines(full - 1, 0, b""), (full - 1, 0));
        assert_eq!(lines(full - 1, 2, b""), (full, 0));
        assert_eq!(lines(full + 100, 3, b""), (full, 3));
        // Of late lines with the same news as many, and each that has its own.
        assert_eq!(lines(full, full * 2, b"\xdf\n\xdf\n\xe9\n"), (full, full + 1));
    }

    #[test]
    fn lines_are_chosen_that_show_the_most_signs() {
        let check = |text: &[u8], expected: &[&[u8]]| {
            assert_eq!(EncodingLines::from_text(text).chosen(), expected, "{:?}", String::from_utf8_lossy(&text[..text.len().min(60)]));
        };
        let lines: [&[u8]; 4] = [b"abcdefghijklmnop\xe4", b"\xe4\xf6\xfc", b"\xe9\xe8", b"\xdf\xdf\xdf\xdf\xdf\xdf"];
        check(&lines.join(&b'\n'), &lines[1..]);
        check(b"\xe9\n\xe8\n", &[b"\xe9", b"\xe8"]);
        check(b"ASCII\n", &[]);
        // Of what comes late one at least, even if it shows less.
        let many = [&lines.join(&b'\n'), &b"\n"[..], &b"J\xfcrgen1\n".repeat(SAMPLE / 8), b"\xfelate\n"].concat();
        check(&many, &[lines[1], lines[2], b"\xfelate"]);
    }

    #[test]
    fn of_a_long_line_what_stands_around_a_sign_is_shown() {
        let check = |length: usize, sign: usize, ends: &[usize], expected: Range<usize>| {
            let mut line: Vec<u8> = (0..length).map(|place| b'a' + u8::try_from(place % 26).unwrap()).collect();
            line[sign] = 0xfc;
            ends.iter().for_each(|end| line[*end] = b';');
            assert_eq!(around(&line, sign), &line[expected], "{length} {sign} {ends:?}");
        };
        check(1000, 700, &[650, 800], 0..1000);
        check(1001, 500, &[], 400..1001);
        check(1200, 600, &[1100], 500..1200);
        check(1200, 600, &[590, 1100], 591..1200);
        check(3000, 1500, &[], 1400..2400);
        check(3000, 1500, &[1450, 2300], 1451..2300);
        check(3000, 1500, &[1450], 1451..2451);
        check(3000, 50, &[], 0..1000);
        // Its sign may lie behind all that is looked at of a line: then it is shown from its beginning.
        check(3000, 0, &[0], 0..1000);
    }
}
