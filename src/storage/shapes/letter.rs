//! A letter, in a draft or of a run.

use crate::letter::{Channel, Letter, Variant};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Letter")]
struct LetterShape {
    message: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    variants: Vec<Variant>,
    language: String,
    #[serde(rename = "lands_on")]
    redirect_url: String,
    copy_to: String,
    #[serde(default)]
    blind_copy_to: String,
    #[serde(default)]
    channel: Channel,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    as_typed: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Variant")]
struct VariantShape {
    language: String,
    subject: String,
    message: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Channel")]
enum ChannelShape {
    Microsoft,
    Mailbox,
    Drafts,
    Files,
    ByHand,
    Teams,
}

stored_as!(LetterShape => Letter, VariantShape => Variant, ChannelShape => Channel);
