//! Changing what is sent back whole: what is not changed leaves as it came, also what is not known here. PUT resets what a body leaves out.

use serde_json::{Map, Value};

/// What is sent back. `came` is what was read, `before` what is known of it, `after` that with changes: what is the same in both stays as it
/// came, member by member and element by element.
pub(super) fn changed(came: &Value, before: &Value, after: &Value) -> Value {
    match (came, before, after) {
        _ if before == after => came.clone(),
        (Value::Object(came), Value::Object(before), Value::Object(after)) => Value::Object(changed_members(came, before, after)),
        (Value::Object(came), Value::Null, Value::Object(after)) => Value::Object(changed_members(came, &Map::new(), after)),
        (Value::Array(came), Value::Array(before), Value::Array(after)) if came.len() == before.len() => {
            Value::Array(changed_elements(came, before, after))
        }
        _ => after.clone(),
    }
}

fn changed_members(came: &Map<String, Value>, before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let mut members = came.clone();
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        members.remove(name);
    }
    for (name, value) in after {
        let known = before.get(name);
        // What did not come and is not changed was never there.
        if known != Some(value) {
            members.insert(name.clone(), changed(came.get(name).unwrap_or(&Value::Null), known.unwrap_or(&Value::Null), value));
        }
    }
    members
}

/// Each element is what it was before: the same, else the one of the same id, else the one of the same type at its place.
fn changed_elements(came: &[Value], before: &[Value], after: &[Value]) -> Vec<Value> {
    let mut is_free = vec![true; before.len()];
    let mut take = |is_it: &dyn Fn(usize) -> bool| {
        let place = (0..before.len()).find(|place| is_free[*place] && is_it(*place))?;
        is_free[place] = false;
        Some(place)
    };
    let mut origins: Vec<Option<usize>> = after.iter().map(|value| take(&|place| before[place] == *value)).collect();
    for (origin, value) in origins.iter_mut().zip(after) {
        *origin = origin.or_else(|| take(&|place| !value["id"].is_null() && before[place]["id"] == value["id"]));
    }
    let is_like = |one: &Value, other: &Value| one["@odata.type"] == other["@odata.type"] && one["id"] == other["id"];
    for (own, (origin, value)) in origins.iter_mut().zip(after).enumerate() {
        *origin = origin.or_else(|| take(&|place| place == own && is_like(&before[place], value)));
    }
    let origins = origins.into_iter().zip(after);
    origins.map(|(origin, value)| origin.map_or_else(|| value.clone(), |place| changed(&came[place], &before[place], value))).collect()
}

/// Where the one says something that the other does not: the path of each value, `a/b/0/c`. What the one leaves out is not looked at.
pub(super) fn differences(said: &Value, held: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(said, held, String::new(), &mut found);
    found
}

fn compare(said: &Value, held: &Value, path: String, found: &mut Vec<String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    match (said, held) {
        _ if said == held => {}
        (Value::Object(said), Value::Object(_)) => said.iter().for_each(|(name, value)| compare(value, &held[name], below(name), found)),
        (Value::Array(said), Value::Array(others)) if said.len() >= others.len() => {
            said.iter().enumerate().for_each(|(place, value)| compare(value, &held[place], below(&place.to_string()), found));
        }
        _ => found.push(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_changed_leaves_as_it_came() {
        let came =
            json!({"a": {"b": 1, "new": [7]}, "c": null, "d": [{"id": "1", "x": 1, "new": 2}, {"@odata.type": "t", "y": 1, "new": 3}]});
        // What is known of it, with a member that did not come.
        let before = json!({"a": {"b": 1}, "d": [{"id": "1", "x": 1}, {"@odata.type": "t", "y": 1}], "e": false});
        let check = |after: Value, expected: Value| assert_eq!(changed(&came, &before, &after), expected, "{after}");
        check(before.clone(), came.clone());
        let with = |name: &str, value: Value| {
            let mut whole = came.clone();
            whole[name] = value;
            whole
        };
        let after = |name: &str, value: Value| {
            let mut whole = before.clone();
            whole[name] = value;
            whole
        };
        check(after("a", json!({"b": 2})), with("a", json!({"b": 2, "new": [7]})));
        check(after("a", json!({})), with("a", json!({"new": [7]})));
        check(after("e", json!(true)), with("e", json!(true)));
        let (first, second) = (&came["d"][0], &came["d"][1]);
        check(after("e", json!({"f": 1})), with("e", json!({"f": 1})));
        let (unknown, said) = (json!({"a": {"new": 1}}), json!({"a": {"b": 1}}));
        assert_eq!(changed(&unknown, &json!({}), &said), json!({"a": {"b": 1, "new": 1}}));
        check(after("d", json!([{"@odata.type": "t", "y": 1}, {"id": "1", "x": 1}])), with("d", json!([second, first])));
        check(after("d", json!([{"@odata.type": "t", "y": 1}])), with("d", json!([second])));
        check(after("d", json!([{"id": "1", "x": 5}])), with("d", json!([{"id": "1", "x": 5, "new": 2}])));
        let moved = json!([{"@odata.type": "t", "y": 1}, {"id": "1", "x": 5}]);
        check(after("d", moved), with("d", json!([second, {"id": "1", "x": 5, "new": 2}])));
        let of_place = json!([{"id": "1", "x": 1}, {"@odata.type": "t", "y": 2}]);
        check(after("d", of_place), with("d", json!([first, {"@odata.type": "t", "y": 2, "new": 3}])));
        let of_another_kind = json!([{"id": "1", "x": 1}, {"@odata.type": "u", "y": 2}]);
        check(
            after("d", of_another_kind.clone()),
            with("d", of_another_kind).as_object().map_or(Value::Null, |whole| {
                let mut whole = whole.clone();
                whole["d"][0] = first.clone();
                Value::Object(whole)
            }),
        );
        let mut shorter = before.clone();
        shorter.as_object_mut().unwrap().remove("a");
        let mut rest = came.clone();
        rest.as_object_mut().unwrap().remove("a");
        check(shorter, rest);
    }

    #[test]
    fn each_element_stays_what_it_was_and_what_did_not_come_is_as_it_is_said() {
        let (came, before) = (json!([{"a": 1, "new": 1}, {"a": 1, "new": 2}]), json!([{"a": 1}, {"a": 1}]));
        let after = json!([{"a": 1}, {"a": 1}, {"a": 2}]);
        assert_eq!(changed(&came, &before, &after), json!([{"a": 1, "new": 1}, {"a": 1, "new": 2}, {"a": 2}]));
        assert_eq!(changed(&json!([]), &before, &after), after);
    }

    #[test]
    fn what_was_said_and_is_not_held_is_named_by_its_path() {
        let check = |said: Value, held: Value, expected: &[&str]| assert_eq!(differences(&said, &held), expected, "{said} {held}");
        check(json!({"a": 1, "b": [{"c": true}]}), json!({"a": 1, "b": [{"c": true}], "d": 1}), &[]);
        check(json!({"a": 1, "b": [{"c": true}]}), json!({"b": [{"c": false}]}), &["a", "b/0/c"]);
        check(json!({"a": [1, 2]}), json!({"a": [1]}), &["a/1"]);
        check(json!({"a": []}), json!({"a": [1]}), &["a"]);
    }
}
