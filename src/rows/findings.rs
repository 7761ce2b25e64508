//! What can be found in a row without asking anybody, and what it is called.

/// What can be found in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum FindingKind {
    BadAddress,
    OwnDomain,
    LongName,
    BadLanguage,
    Duplicate,
    Typo,
    LookAlike,
    Disposable,
    /// A field that the message uses is empty.
    Gap,
    /// `Lovelace, Ada`
    TurnedName,
    /// Letters of another script that look like Latin ones.
    OtherScript,
    /// `NULL`, `#N/A`: a word for nothing.
    Nothing,
}

impl FindingKind {
    pub const ALL: [Self; 12] = [
        Self::BadAddress,
        Self::OwnDomain,
        Self::LongName,
        Self::BadLanguage,
        Self::Duplicate,
        Self::Typo,
        Self::LookAlike,
        Self::Disposable,
        Self::Gap,
        Self::TurnedName,
        Self::OtherScript,
        Self::Nothing,
    ];

    pub(super) const fn bit(self) -> u16 {
        1 << self as u16
    }

    /// In the page's address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadAddress => "bad-address",
            Self::OwnDomain => "own-domain",
            Self::LongName => "long-name",
            Self::BadLanguage => "bad-language",
            Self::Duplicate => "duplicate",
            Self::Typo => "typo",
            Self::LookAlike => "look-alike",
            Self::Disposable => "disposable",
            Self::Gap => "gap",
            Self::TurnedName => "turned-name",
            Self::OtherScript => "other-script",
            Self::Nothing => "nothing",
        }
    }

    /// Whether such a row cannot be sent as it is. The others are worth a look.
    pub const fn is_error(self) -> bool {
        matches!(self, Self::BadAddress | Self::OwnDomain | Self::LongName | Self::BadLanguage)
    }

    /// `12 addresses that cannot be invited`
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::BadAddress => ("address that cannot be invited", "addresses that cannot be invited"),
            Self::OwnDomain => ("address of your own tenant", "addresses of your own tenant"),
            Self::LongName => ("name that is too long", "names that are too long"),
            Self::BadLanguage => ("language that is no tag", "languages that are no tags"),
            Self::Duplicate => ("duplicate", "duplicates"),
            Self::Typo => ("domain that may be mistyped", "domains that may be mistyped"),
            Self::LookAlike => ("domain that looks like another", "domains that look like others"),
            Self::Disposable => ("disposable mailbox", "disposable mailboxes"),
            Self::Gap => ("gap in the message", "gaps in the message"),
            Self::TurnedName => ("name that begins with the last name", "names that begin with the last name"),
            Self::OtherScript => ("address with letters of another script", "addresses with letters of another script"),
            Self::Nothing => ("row with a word for nothing", "rows with a word for nothing"),
        }
    }
}

pub(super) const ERRORS: u16 =
    FindingKind::BadAddress.bit() | FindingKind::OwnDomain.bit() | FindingKind::LongName.bit() | FindingKind::BadLanguage.bit();
