//! Reading members of values that are kept as they came, since what is not known of them has to survive (`whole.rs`).

use serde_json::{Map, Value};

/// The text of a member; `None` where it is null, left out or something else.
pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(Into::into)
}

/// Whether a member is true; null and what is left out are not.
pub(super) fn is_true(value: &Value, name: &str) -> bool {
    value[name].as_bool().unwrap_or_default()
}

/// A number that fits; 0 for everything else.
pub(super) fn number(value: &Value, name: &str) -> i32 {
    value[name].as_i64().and_then(|number| number.try_into().ok()).unwrap_or_default()
}

/// Each element of a collection, read; none of what is no collection.
pub(super) fn each<T>(value: &Value, name: &str, read: impl Fn(&Value) -> T) -> Vec<T> {
    value[name].as_array().into_iter().flatten().map(read).collect()
}

/// Each element, written.
pub(super) fn all<T>(elements: &[T], write: impl Fn(&T) -> Value) -> Value {
    Value::Array(elements.iter().map(write).collect())
}

/// The name of a type that stands in `@odata.type`, without its namespace; empty where none stands there.
pub(super) fn kind(value: &Value) -> &str {
    let name = value["@odata.type"].as_str().unwrap_or_default();
    name.trim_start_matches('#').trim_start_matches("microsoft.graph.")
}

/// An object of this type with these members, those left out that are null.
pub(super) fn typed(kind: &str, members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let name = ("@odata.type", format!("#microsoft.graph.{kind}").into());
    object([name].into_iter().chain(members))
}

/// An object with these members, those left out that are null.
pub(super) fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    // One by one: collecting brings a sort into the program, for each kind of iterator.
    fn fill(members: &mut dyn Iterator<Item = (&'static str, Value)>) -> Value {
        let mut object = Map::new();
        for (name, value) in members {
            if !value.is_null() {
                object.insert(name.into(), value);
            }
        }
        Value::Object(object)
    }
    fill(&mut members.into_iter())
}

/// Implements serde for a type by its `read(&Value)` and `write(&self) -> Value`.
macro_rules! by_value {
    ($name:ident) => {
        impl From<serde_json::Value> for $name {
            fn from(value: serde_json::Value) -> Self {
                Self::read(&value)
            }
        }

        impl From<$name> for serde_json::Value {
            fn from(value: $name) -> Self {
                value.write()
            }
        }
    };
}

pub(super) use by_value;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_null_or_of_another_kind_reads_as_nothing() {
        let value = serde_json::json!({"a": null, "b": 7, "c": "x", "d": true, "e": [1], "f": 4_294_967_296_i64});
        assert_eq!(["a", "b", "c", "none"].map(|name| text(&value, name)), [None, None, Some("x".into()), None]);
        assert_eq!(["a", "c", "d", "none"].map(|name| is_true(&value, name)), [false, false, true, false]);
        assert_eq!(["a", "b", "c", "f"].map(|name| number(&value, name)), [0, 7, 0, 0]);
        assert_eq!((each(&value, "e", Value::is_number), each(&value, "a", Value::is_number)), (vec![true], vec![]));
    }

    #[test]
    fn the_name_of_a_type_is_read_with_and_without_its_sign() {
        for name in ["#microsoft.graph.singleUser", "microsoft.graph.singleUser", "singleUser"] {
            assert_eq!(kind(&serde_json::json!({ "@odata.type": name })), "singleUser");
        }
        assert_eq!((kind(&Value::Null), kind(&serde_json::json!({}))), ("", ""));
        let written = typed("singleUser", [("userId", "1".into()), ("description", Value::Null)]);
        assert_eq!(written, serde_json::json!({"@odata.type": "#microsoft.graph.singleUser", "userId": "1"}));
        assert_eq!(object([("a", 1.into()), ("b", Value::Null)]), serde_json::json!({"a": 1}));
    }
}
