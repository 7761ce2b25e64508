#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A value that has been checked to be JSON, and nothing more.
pub type Raw = Box<RawValue>;

/// The members of an object in their order. A name that comes twice is kept twice.
#[derive(Debug, Default)]
pub struct Members(pub Vec<(String, Raw)>);

impl Members {
    /// The value of the first member of this name; `null` counts as left out.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| &**value).filter(|value| value.get() != "null")
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// The text of a string; `None` for every other value.
pub fn text(value: &RawValue) -> Option<String> {
    if value.get().starts_with('"') { serde_json::from_str(value.get()).ok() } else { None }
}

/// Whether a text is one JSON object.
pub fn is_object(text: &str) -> bool {
    serde_json::from_str::<Members>(text).is_ok()
}
