//! The encodings that a text file may be in: those of the Encoding standard, which are what other programs write and every
//! browser reads. <https://encoding.spec.whatwg.org/#names-and-labels>

use serde::{Deserialize, Serialize};

/// How bytes become text. Carried between page and worker as its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
    MacRoman,
    Iso8859_15,
    Windows1250,
    Iso8859_2,
    Iso8859_16,
    Windows1251,
    Koi8R,
    Koi8U,
    Iso8859_5,
    Ibm866,
    MacCyrillic,
    Windows1253,
    Iso8859_7,
    Windows1254,
    Windows1255,
    Iso8859_8,
    Windows1256,
    Iso8859_6,
    Windows1257,
    Iso8859_13,
    Iso8859_4,
    Iso8859_10,
    Iso8859_3,
    Iso8859_14,
    Windows1258,
    Windows874,
    ShiftJis,
    EucJp,
    Iso2022Jp,
    EucKr,
    Gbk,
    Big5,
}

impl Encoding {
    /// Each with its label and what a person calls it, in the order of the list to choose from: by region, and within one what
    /// is met most comes first. `gbk` reads what `gb18030` reads.
    const TABLE: [(Self, &str, &str); 36] = [
        (Self::Utf8, "utf-8", "All languages (UTF-8)"),
        (Self::Utf16Le, "utf-16le", "All languages (UTF-16)"),
        (Self::Utf16Be, "utf-16be", "All languages (UTF-16, big endian)"),
        (Self::Windows1252, "windows-1252", "Western European (Windows-1252)"),
        (Self::MacRoman, "macintosh", "Western European (Mac Roman)"),
        (Self::Iso8859_15, "iso-8859-15", "Western European (ISO-8859-15)"),
        (Self::Windows1250, "windows-1250", "Central European (Windows-1250)"),
        (Self::Iso8859_2, "iso-8859-2", "Central European (ISO-8859-2)"),
        (Self::Iso8859_16, "iso-8859-16", "Romanian (ISO-8859-16)"),
        (Self::Windows1251, "windows-1251", "Cyrillic (Windows-1251)"),
        (Self::Koi8R, "koi8-r", "Russian (KOI8-R)"),
        (Self::Koi8U, "koi8-u", "Ukrainian (KOI8-U)"),
        (Self::Iso8859_5, "iso-8859-5", "Cyrillic (ISO-8859-5)"),
        (Self::Ibm866, "ibm866", "Cyrillic (DOS, 866)"),
        (Self::MacCyrillic, "x-mac-cyrillic", "Cyrillic (Mac)"),
        (Self::Windows1253, "windows-1253", "Greek (Windows-1253)"),
        (Self::Iso8859_7, "iso-8859-7", "Greek (ISO-8859-7)"),
        (Self::Windows1254, "windows-1254", "Turkish (Windows-1254)"),
        (Self::Windows1255, "windows-1255", "Hebrew (Windows-1255)"),
        (Self::Iso8859_8, "iso-8859-8", "Hebrew (ISO-8859-8)"),
        (Self::Windows1256, "windows-1256", "Arabic (Windows-1256)"),
        (Self::Iso8859_6, "iso-8859-6", "Arabic (ISO-8859-6)"),
        (Self::Windows1257, "windows-1257", "Baltic (Windows-1257)"),
        (Self::Iso8859_13, "iso-8859-13", "Baltic (ISO-8859-13)"),
        (Self::Iso8859_4, "iso-8859-4", "Baltic (ISO-8859-4)"),
        (Self::Iso8859_10, "iso-8859-10", "Nordic (ISO-8859-10)"),
        (Self::Iso8859_3, "iso-8859-3", "South European (ISO-8859-3)"),
        (Self::Iso8859_14, "iso-8859-14", "Celtic (ISO-8859-14)"),
        (Self::Windows1258, "windows-1258", "Vietnamese (Windows-1258)"),
        (Self::Windows874, "windows-874", "Thai (Windows-874)"),
        (Self::ShiftJis, "shift_jis", "Japanese (Shift_JIS)"),
        (Self::EucJp, "euc-jp", "Japanese (EUC-JP)"),
        (Self::Iso2022Jp, "iso-2022-jp", "Japanese (ISO-2022-JP)"),
        (Self::EucKr, "euc-kr", "Korean (EUC-KR)"),
        (Self::Gbk, "gbk", "Simplified Chinese (GBK, GB 18030)"),
        (Self::Big5, "big5", "Traditional Chinese (Big5)"),
    ];

    pub fn all() -> impl Iterator<Item = Self> {
        Self::TABLE.into_iter().map(|(encoding, ..)| encoding)
    }

    pub fn label(self) -> &'static str {
        Self::TABLE[self as usize].1
    }

    pub fn name(self) -> &'static str {
        Self::TABLE[self as usize].2
    }

    pub fn from_label(label: &str) -> Option<Self> {
        Self::all().find(|encoding| encoding.label() == label)
    }
}

impl From<Encoding> for &'static str {
    fn from(encoding: Encoding) -> Self {
        encoding.label()
    }
}

impl TryFrom<String> for Encoding {
    type Error = &'static str;

    fn try_from(label: String) -> Result<Self, Self::Error> {
        Self::from_label(&label).ok_or("no encoding")
    }
}

/// Some rows of a file as one encoding reads them: cells with signs beyond ASCII, which are all that encodings differ in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncodingSample {
    pub encoding: Encoding,
    pub rows: Vec<String>,
}

impl EncodingSample {
    /// A row in pieces, and whether each is of signs that change: that another of the looks does not have in its row. Where no
    /// other look is there to differ, signs beyond ASCII count.
    pub fn marked(&self, row: usize, looks: &[Self]) -> Vec<(String, bool)> {
        let others: Vec<&str> = looks.iter().filter(|look| *look != self).filter_map(|look| Some(look.rows.get(row)?.as_str())).collect();
        let changes =
            |sign: char| !sign.is_ascii() && sign != SEPARATOR && (others.is_empty() || others.iter().any(|other| !other.contains(sign)));
        let mut pieces: Vec<(String, bool)> = Vec::new();
        for sign in self.rows.get(row).map_or("", String::as_str).chars() {
            let is_changed = changes(sign);
            match pieces.last_mut() {
                Some((piece, as_before)) if *as_before == is_changed => piece.push(sign),
                _ => pieces.push((sign.into(), is_changed)),
            }
        }
        pieces
    }
}

/// Stands between the cells of a row that is shown.
pub const SEPARATOR: char = '·';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_encodings() {
        for (place, encoding) in Encoding::all().enumerate() {
            assert_eq!(encoding as usize, place);
            assert_eq!(Encoding::from_label(encoding.label()), Some(encoding));
            let carried = serde_json::to_string(&encoding).unwrap();
            assert_eq!(serde_json::from_str::<Encoding>(&carried).unwrap(), encoding);
        }
        assert_eq!(Encoding::from_label("utf-7"), None);
    }

    #[test]
    fn signs_that_change_are_marked() {
        let look = |encoding, row: &str| EncodingSample { encoding, rows: vec![row.into()] };
        let looks = [look(Encoding::Windows1250, "Jiří · Málek"), look(Encoding::Windows1252, "Jiøí · Málek")];
        let plain = |text: &str| (text.to_owned(), false);
        let changed = |text: &str| (text.to_owned(), true);
        assert_eq!(looks[0].marked(0, &looks), [plain("Ji"), changed("ř"), plain("í · Málek")]);
        assert_eq!(looks[1].marked(0, &looks), [plain("Ji"), changed("ø"), plain("í · Málek")]);
        assert_eq!(looks[0].marked(0, &looks[..1])[1..3], [changed("ří"), plain(" · M")]);
        assert!(looks[0].marked(1, &looks).is_empty());
    }
}
