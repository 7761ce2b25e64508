//! Letters that are kept under a name, and as files.

use crate::letter::Variant;
use crate::letter::template_library::{LetterTexts, NamedTemplate, Preselected};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "LetterTexts")]
struct LetterTextsShape {
    #[serde(default)]
    subject: String,
    message: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    variants: Vec<Variant>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "NamedTemplate")]
struct NamedTemplateShape {
    name: String,
    texts: LetterTexts,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Preselected")]
struct PreselectedShape {
    #[serde(default)]
    default: Option<String>,
    #[serde(default)]
    last: Option<LetterTexts>,
}

stored_as!(LetterTextsShape => LetterTexts, NamedTemplateShape => NamedTemplate, PreselectedShape => Preselected);

/// What a file of a letter holds. It counts its versions by itself.
#[derive(Serialize, Deserialize)]
pub(in crate::storage) struct LetterFile {
    pub(in crate::storage) guestlist: String,
    pub(in crate::storage) version: u32,
    pub(in crate::storage) letter: NamedTemplate,
}
