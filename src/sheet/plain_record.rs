//! Cuts the records that nearly all files are full of: cells without quotes, or with one pair around them. It takes a fraction of the
//! time of a parser that knows everything, to which every other record is left.

use super::{Delimiter, Quote};

/// Eight times the same byte.
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Where one of these ASCII signs stands among eight bytes: the highest bit of its byte is set, and no other bit. This is how to look
/// at many bytes at once where there are no wider registers, as in WebAssembly.
pub(super) const fn found(bytes: [u8; 8], signs: [u8; 3]) -> u64 {
    const HIGHEST: u64 = eight(0x80);
    let bytes = u64::from_le_bytes(bytes);
    // Without its highest bit a byte becomes zero where the sign stands, and only then adding does not set that bit.
    let low = bytes & !HIGHEST;
    let [one, two, three] = signs;
    let others = ((low ^ eight(one)) + !HIGHEST) & ((low ^ eight(two)) + !HIGHEST) & ((low ^ eight(three)) + !HIGHEST);
    !(others | bytes) & HIGHEST
}

/// Copies bytes up to one of these signs; how many.
fn copy_until(signs: [u8; 3], bytes: &[u8], room: &mut [u8]) -> usize {
    let (eights, rest) = bytes.as_chunks::<8>();
    let (places, _) = room.as_chunks_mut();
    for (number, (eight, place)) in eights.iter().zip(places).enumerate() {
        *place = *eight;
        let found = found(*eight, signs);
        if found != 0 {
            return number * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let length = rest.iter().position(|byte| signs.contains(byte)).unwrap_or(rest.len());
    let before = bytes.len() - rest.len();
    room[before..before + length].copy_from_slice(&rest[..length]);
    before + length
}

/// A record that was cut: bytes that were taken, the line's end among them, how many of text there are, and whether a cell holds a
/// line break.
pub(super) struct CutRecord {
    pub taken: usize,
    pub filled: usize,
    pub has_breaks: bool,
}

/// What stands between cells.
pub(super) struct PlainRecords {
    delimiter: u8,
    quote: Option<u8>,
}

impl PlainRecords {
    pub(super) const fn new(delimiter: Delimiter, quote: Quote) -> Self {
        Self { delimiter: delimiter.byte(), quote: quote.byte() }
    }

    /// Cuts the record with which these bytes begin, which are not those of a blank line. Texts of its cells go to the beginning of
    /// `room`, which is as long as the bytes at least, and `ends` hears where each ends there. Nothing where the record goes on behind
    /// these bytes or is not plain.
    pub(super) fn cut(&self, bytes: &[u8], room: &mut [u8], mut ends: impl FnMut(usize)) -> Option<CutRecord> {
        let around = [self.delimiter, b'\r', b'\n'];
        let (mut taken, mut filled, mut has_breaks) = (0, 0, false);
        loop {
            let quote = self.quote.filter(|quote| bytes.get(taken) == Some(quote));
            let marks = usize::from(quote.is_some());
            let rest = bytes.get(taken + marks..)?;
            let mut length = copy_until(quote.map_or(around, |quote| [quote, b'\r', b'\n']), rest, &mut room[filled..]);
            if let Some(quote) = quote
                && rest.get(length) != Some(&quote)
            {
                has_breaks = true;
                length += copy_until([quote; 3], &rest[length..], &mut room[filled + length..]);
            }
            taken += length + 2 * marks;
            filled += length;
            ends(filled);
            let end = bytes.get(taken).copied().filter(|end| around.contains(end))?;
            taken += 1;
            if end != self.delimiter {
                let is_pair = end == b'\r' && bytes.get(taken) == Some(&b'\n');
                return Some(CutRecord { taken: taken + usize::from(is_pair), filled, has_breaks });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_found_wherever_they_stand_and_nothing_else_is() {
        let signs = [b',', 0, b'\\'];
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut bytes = *b"a\x80\xff\x01\xac;-[";
                bytes[place] = byte;
                let expected = if signs.contains(&byte) { 0x80 << (place * 8) } else { 0 };
                assert_eq!(found(bytes, signs), expected, "{bytes:?}");
            }
        }
    }

    #[test]
    fn plain_records_are_cut_and_others_left() {
        let check = |text: &str, expected: Option<(usize, &[&str])>| {
            let (mut room, mut ends) = (vec![0; text.len()], vec![0]);
            let cut = PlainRecords::new(Delimiter::Comma, Quote::Double).cut(text.as_bytes(), &mut room, |end| ends.push(end));
            let cells = || ends.windows(2).map(|pair| std::str::from_utf8(&room[pair[0]..pair[1]]).unwrap()).collect::<Vec<_>>();
            assert_eq!(cut.map(|cut| (cut.taken, cells())), expected.map(|(taken, cells)| (taken, cells.to_vec())), "{text:?}");
        };
        check("a,b\r\nc", Some((5, &["a", "b"])));
        check("a,b\rc", Some((4, &["a", "b"])));
        check(",\n", Some((2, &["", ""])));
        check("\"a,\nb\",\"\",a longer cell\"\n\n", Some((25, &["a,\nb", "", "a longer cell\""])));
        check("Jürgen Müller,日本\n", Some((23, &["Jürgen Müller", "日本"])));
        for text in ["", "a", "a,b", "a,", "\"", "\"a", "\"a\"", "\"a\"\"b\"\n", "\"a\" \n", "\"a\"b,c\n"] {
            check(text, None);
        }
    }
}
