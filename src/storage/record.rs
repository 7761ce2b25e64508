//! The envelope of every record: version, whose it is, and the content, which is read apart. So a record that this version
//! cannot read still tells to whom it belongs.

use crate::owner::Owner;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Records without a version are of version 1.
pub const VERSION: u32 = 2;

/// Of runs that move guests into the recycle bin or out of it. Versions that know nothing of them block these records alone, as newer ones.
pub const RECYCLING: u32 = 3;

#[derive(Deserialize)]
pub(super) struct RecordEnvelope<'a> {
    pub(super) v: u32,
    #[serde(default)]
    pub(super) owner: Owner,
    #[serde(borrow)]
    pub(super) body: &'a RawValue,
}

#[derive(Serialize)]
struct NewRecord<'a, T> {
    v: u32,
    owner: &'a Owner,
    body: &'a T,
}

/// Why a record cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnreadReason {
    /// A newer version of this page wrote it.
    Newer,
    /// It is damaged, or holds something that this version does not know.
    Unknown,
}

impl UnreadReason {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Newer => "A newer version of this page wrote it.",
            Self::Unknown => "It is damaged, or holds something that this version does not know.",
        }
    }
}

/// The text of a record.
pub fn write<T: Serialize>(owner: &Owner, body: &T) -> String {
    write_as(VERSION, owner, body)
}

/// The text of a record of this version.
pub fn write_as<T: Serialize>(version: u32, owner: &Owner, body: &T) -> String {
    serde_json::to_string(&NewRecord { v: version, owner, body }).expect("records have string keys and no failing serializers")
}

/// The version that a record says it is of.
pub(super) fn version_of(text: &str) -> u32 {
    serde_json::from_str::<RecordEnvelope<'_>>(text).map_or(1, |envelope| envelope.v)
}

/// The content of a record, of this version or an earlier one.
///
/// # Errors
/// [`UnreadReason`]
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, UnreadReason> {
    read_as(VERSION, text)
}

/// The content of a record of this version or an earlier one.
///
/// # Errors
/// [`UnreadReason`]
pub fn read_as<T: DeserializeOwned>(version: u32, text: &str) -> Result<T, UnreadReason> {
    serde_json::from_str(content_as(version, text)?.as_ref()).map_err(|_| UnreadReason::Unknown)
}

/// The content as text: all of it, where version 1 wrote it.
pub(super) fn content(text: &str) -> Result<Cow<'_, str>, UnreadReason> {
    content_as(VERSION, text)
}

fn content_as(version: u32, text: &str) -> Result<Cow<'_, str>, UnreadReason> {
    match serde_json::from_str::<RecordEnvelope<'_>>(text) {
        Ok(RecordEnvelope { v, .. }) if v > version => Err(UnreadReason::Newer),
        Ok(RecordEnvelope { body, .. }) => Ok(Cow::Borrowed(body.get())),
        Err(_) => Ok(Cow::Borrowed(text)),
    }
}

/// The same content under a new owner, without a look at it; `None` where a newer version wrote it, or nothing that can be kept so.
pub(super) fn rewrap(owner: &Owner, text: &str) -> Option<String> {
    let content = content(text).ok()?;
    let body: &RawValue = serde_json::from_str(&content).ok()?;
    Some(write(owner, &body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_a_newer_version_is_not_guessed_at() {
        let owner = Owner { tenant: "t".into(), ..Owner::default() };
        let text = write(&owner, &vec![1, 2]);
        assert_eq!(read::<Vec<u32>>(&text), Ok(vec![1, 2]));
        assert_eq!(read::<Vec<u32>>("[3]"), Ok(vec![3]), "version 1 had no envelope");
        assert_eq!(read::<Vec<u32>>(&text.replace("\"v\":2", "\"v\":3")), Err(UnreadReason::Newer));
        assert_eq!(read::<Vec<u32>>(&text.replace("1,2", "\"x\"")), Err(UnreadReason::Unknown));
        assert_eq!(read::<Vec<u32>>("{"), Err(UnreadReason::Unknown));
        assert_eq!(rewrap(&owner, "[1,2]"), Some(text.clone()));
        assert_eq!(rewrap(&owner, &write(&Owner::default(), &vec![1, 2])), Some(text.clone()), "of another owner");
        assert_eq!(rewrap(&owner, &text.replace("\"v\":2", "\"v\":3")), None);
    }
}
