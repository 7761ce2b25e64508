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

#[cfg(test)]
mod tests {
    use super::*;

    fn members(object: &str) -> Members {
        serde_json::from_str(object).unwrap()
    }

    #[test]
    fn members_keep_their_order_and_their_digits() {
        let all = members(r#"{"b": 1.50, "a": [1,  2], "b": {}}"#);
        let told: Vec<_> = all.0.iter().map(|(name, value)| (name.as_str(), value.get())).collect();
        assert_eq!(told, [("b", "1.50"), ("a", "[1,  2]"), ("b", "{}")]);
        assert!(members("{}").0.is_empty());
    }

    #[test]
    fn a_member_is_found_by_its_exact_name_and_null_is_none() {
        let all = members(r#"{"a": "x", "b": null, "a": "y", "c": "null"}"#);
        let get = |name: &str| all.get(name).map(RawValue::get);
        assert_eq!((get("a"), get("c")), (Some(r#""x""#), Some(r#""null""#)));
        assert_eq!((get("b"), get("A"), get("")), (None, None, None));
    }

    #[test]
    fn only_a_string_has_text() {
        let read = |value: &str| text(members(&format!(r#"{{"a": {value}}}"#)).get("a").unwrap());
        assert_eq!((read(r#""""#), read(r#""\u00e4\n""#)), (Some(String::new()), Some("ä\n".into())));
        for other in ["1", "true", "{}", r#"["x"]"#] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn an_object_is_told_from_everything_else() {
        assert!(is_object("{}") && is_object(r#" {"a": [{}]} "#));
        for other in ["", "[]", "null", "{", "{}{}", r#"{"a": x}"#, "1"] {
            assert!(!is_object(other), "{other}");
        }
        let refused = serde_json::from_str::<Members>("[]").unwrap_err().to_string();
        assert!(refused.contains("expected an object"), "{refused}");
    }
}
