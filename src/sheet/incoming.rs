//! A text that is cut while it comes, in whatever encoding: from when its beginning tells what the whole of it would tell.

use super::beginning::{self, FileKind};
use super::detect::{self, DetectedEncoding};
use super::parts::{self, MixedText};
use super::sample::{MetBytes, telling};
use super::text::{Cutter, PIECE};
use super::{DetectedFormat, Encoding, Table, UnreadableFile, Wanted, history, joined, lists, workbook};
use encoding_rs::Decoder;

/// Bytes up to the end of the last whole line.
fn whole_lines(head: &[u8]) -> &[u8] {
    &head[..head.iter().rposition(|byte| *byte == b'\n').unwrap_or(0)]
}

/// A file of text of which some has come.
pub struct IncomingText {
    wanted: Wanted,
    encoding: DetectedEncoding,
    cutter: Cutter,
    /// Makes UTF-8 of what is not, and the last that it made.
    decoder: Option<(Decoder, String)>,
    /// Bytes that stand in the lines by which the encoding was guessed.
    met: MetBytes,
    /// Whether others came since, or what looks like another file in UTF-8.
    has_news: bool,
    /// The end of what has come: a line's, if it is not long.
    tail: Vec<u8>,
    /// How the text is read, with rows to look at, where its encoding is a guess.
    guessed: Option<DetectedFormat>,
}

impl IncomingText {
    /// Begins to read a file of `size` bytes, if it can be read so, by what its first bytes look like. These have to be fed as well.
    /// UTF-8 may turn out to be something else at last.
    pub fn begin(head: &[u8], wanted: &Wanted, size: usize) -> Option<Self> {
        if workbook::is_workbook(head) || !matches!(beginning::kind_of(head), FileKind::Text) {
            return None;
        }
        let encoding = match wanted.encoding {
            Some(encoding) => DetectedEncoding::certain(encoding),
            None => detect::judge_beginning(head)?,
        };
        let begun = |cutter| Self {
            wanted: wanted.clone(),
            encoding,
            cutter,
            decoder: None,
            met: MetBytes::default(),
            has_news: false,
            tail: Vec::new(),
            guessed: None,
        };
        if encoding.encoding == Encoding::Utf8 {
            return Some(begun(Cutter::new(head, wanted, size)));
        }
        // What a person chose is shown beside the guess, which all of the file decides.
        if encoding.is_certain {
            return None;
        }
        if detect::may_be_mixed(head, None) && MixedText::from_text(whole_lines(head)).is_some() {
            return None;
        }
        let mut met = MetBytes::default();
        met.meet(whole_lines(head));
        let text = detect::decode(&head[..head.len().min(PIECE)], encoding.encoding);
        // Letters beyond ASCII become longer.
        let cutter = Cutter::new(text.as_bytes(), wanted, size + size / 8);
        let guessed = Some(cutter.found(encoding.encoding).with_looks(head, encoding));
        let decoder = Some((detect::decoder(encoding.encoding), String::new()));
        Some(Self { decoder, guessed, met, ..begun(cutter) })
    }

    /// Cuts the next piece.
    ///
    /// # Errors
    /// As of [`Cutter::feed`].
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), UnreadableFile> {
        if self.decoder.is_none() {
            return self.cutter.feed(piece);
        }
        self.look_for_news(piece);
        piece.chunks(PIECE).try_for_each(|piece| self.feed_decoded(piece, false))
    }

    /// Looks for what would have been guessed otherwise.
    fn look_for_news(&mut self, piece: &[u8]) {
        const MOST: usize = 1 << 16;
        if self.has_news {
            return;
        }
        // A mark may be cut in two.
        let seam = [&self.tail[self.tail.len().saturating_sub(3)..], &piece[..piece.len().min(3)]].concat();
        let begins = |bytes: &[u8]| parts::marks(bytes).any(|place| place > 0);
        self.has_news = self.met.news(piece).is_some() || begins(&seam) || begins(piece);
        let whole = [&*self.tail, &piece[piece.len().saturating_sub(MOST)..]].concat();
        self.tail = whole[whole.len().saturating_sub(MOST)..].to_vec();
    }

    /// Whether the last line with signs beyond ASCII is in UTF-8, as of a file that was joined behind another.
    fn ends_in_utf8(&self) -> bool {
        self.decoder.is_some() && telling(&self.tail).last().is_some_and(|line| std::str::from_utf8(line).is_ok())
    }

    fn feed_decoded(&mut self, piece: &[u8], is_last: bool) -> Result<(), UnreadableFile> {
        let Some((decoder, text)) = &mut self.decoder else { return Ok(()) };
        text.clear();
        text.reserve(decoder.max_utf8_buffer_length(piece.len()).unwrap_or(0));
        _ = decoder.decode_to_string(piece, text, is_last);
        self.cutter.feed(text.as_bytes())
    }

    /// Where the encoding is a guess, how the text is read, and the records that have been cut whole, if there are any.
    pub fn guessed(&self) -> Option<(&DetectedFormat, &Table)> {
        self.guessed.as_ref().map(|found| (found, self.cutter.so_far())).filter(|(_, table)| !table.is_empty())
    }

    /// The text of all records that have been cut whole; the table's begins with it.
    pub fn whole(&self) -> &[u8] {
        self.cutter.whole()
    }

    /// The table, and how it was read; nothing where the file is to be read again, when all is there: it is not UTF-8, or something in
    /// it says that it was to be cut or decoded otherwise.
    ///
    /// # Errors
    /// As of [`Cutter::end`] and [`Table::within_limits`].
    pub fn end(mut self) -> Result<Option<(DetectedFormat, Table)>, UnreadableFile> {
        self.feed_decoded(&[], true)?;
        self.cutter.close()?;
        let (has_odd_signs, found) = (self.cutter.is_odd(), self.cutter.found(self.encoding.encoding));
        let (is_guess, is_chosen) = (self.guessed.is_some(), self.wanted.encoding.is_some());
        let (lacks_quotes, has_inner_quotes) = (self.cutter.lacks_quotes(), self.cutter.has_inner_quotes());
        let is_to_be_read_again = |table: &Table| {
            let has_zeros = is_guess && !found.noticed().is_empty();
            let has_escapes = || !is_guess && !is_chosen && detect::has_escapes(table.text.as_bytes());
            let is_odd = history::is_odd(table) || has_odd_signs && (has_zeros || history::has_backslashes(table) || has_escapes());
            is_odd
                || has_inner_quotes
                || joined::has_mark(table)
                || joined::glued(table).is_some()
                || lacks_quotes(table)
                || history::is_uneven(table)
                || lists(table, &self.wanted).is_some()
        };
        if self.has_news || self.ends_in_utf8() {
            return Ok(None);
        }
        let table = self.cutter.end()?.filter(|table| !is_to_be_read_again(table));
        let table = table.map(Table::within_limits).transpose()?;
        Ok(table.map(|table| match self.guessed {
            Some(guessed) => (guessed.and(table.unread(false)), table),
            None => (found, table),
        }))
    }
}
