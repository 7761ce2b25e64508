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
