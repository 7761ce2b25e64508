//! A text that is cut while it comes, in whatever encoding: from when its beginning tells what the whole of it would tell.

use super::beginning::{self, FileKind};
use super::detect::{self, DetectedEncoding};
use super::text::{Cutter, PIECE};
use super::{DetectedFormat, Encoding, Table, UnreadableFile, Wanted, history, lists, workbook};
use encoding_rs::Decoder;

/// A file of text of which some has come.
pub struct IncomingText {
    wanted: Wanted,
    encoding: DetectedEncoding,
    cutter: Cutter,
    /// Makes UTF-8 of what is not, and the last that it made.
    decoder: Option<(Decoder, String)>,
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
        let begun = |cutter| Self { wanted: wanted.clone(), encoding, cutter, decoder: None, guessed: None };
        if encoding.encoding == Encoding::Utf8 {
            return Some(begun(Cutter::new(head, wanted, size)));
        }
        // What a person chose is shown beside the guess, which all of the file decides.
        if encoding.is_certain {
            return None;
        }
        let text = detect::decode(&head[..head.len().min(PIECE)], encoding.encoding);
        // Letters beyond ASCII become longer.
        let cutter = Cutter::new(text.as_bytes(), wanted, size + size / 8);
        let guessed = Some(cutter.found(encoding.encoding).with_looks(head, encoding));
        let decoder = Some((detect::decoder(encoding.encoding), String::new()));
        Some(Self { decoder, guessed, ..begun(cutter) })
    }

    /// Cuts the next piece.
    ///
    /// # Errors
    /// As of [`Cutter::feed`].
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), UnreadableFile> {
        if self.decoder.is_none() {
            return self.cutter.feed(piece);
        }
        piece.chunks(PIECE).try_for_each(|piece| self.feed_decoded(piece, false))
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
        let lacks_quotes = self.cutter.lacks_quotes();
        let is_to_be_read_again = |table: &Table| {
            let has_zeros = is_guess && !found.noticed().is_empty();
            let has_escapes = || !is_guess && !is_chosen && detect::has_escapes(table.text.as_bytes());
            let is_odd = history::is_odd(table) || has_odd_signs && (has_zeros || history::has_backslashes(table) || has_escapes());
            is_odd || lacks_quotes(table) || history::is_uneven(table) || lists(table, &self.wanted).is_some()
        };
        let table = self.cutter.end()?.filter(|table| !is_to_be_read_again(table));
        let table = table.map(Table::within_limits).transpose()?;
        Ok(table.map(|table| match self.guessed {
            Some(guessed) => (guessed.and(table.unread()), table),
            None => (found, table),
        }))
    }
}
