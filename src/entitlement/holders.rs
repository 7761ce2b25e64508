//! Who has a package, in words: whoever stands in the way of its deletion.

use crate::words::{count, listed};
use graph::entitlement::assignments::PackageAssignment;

/// So many are named.
const NAMED: usize = 3;

/// `14 people have it: Ada Lovelace, Pat Smith, Sam Jones and 11 others.`; nothing where nobody has it.
pub fn in_words(holders: &[PackageAssignment]) -> Option<String> {
    let name = |holder: &PackageAssignment| {
        let target = holder.target.clone().unwrap_or_default();
        target.display_name.filter(|name| !name.is_empty()).or(target.email).filter(|name| !name.is_empty())
    };
    let named: Vec<String> = holders.iter().filter_map(name).take(NAMED).collect();
    let others = holders.len() - named.len();
    let (people, have) = (count(holders.len(), "person", "people"), if holders.len() == 1 { "has" } else { "have" });
    match (holders.is_empty(), named.is_empty()) {
        (true, _) => None,
        (false, true) => Some(format!("{people} {have} it.")),
        (false, false) => {
            let others = (others > 0).then(|| count(others, "other", "others"));
            Some(format!("{people} {have} it: {}.", listed(&named.into_iter().chain(others).collect::<Vec<_>>())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_are_named_and_others_counted() {
        let holder = |name: &str, email: &str| -> PackageAssignment {
            serde_json::from_value(json!({"target": {"displayName": name, "email": email}})).unwrap()
        };
        let nameless: PackageAssignment = serde_json::from_value(json!({"id": "a"})).unwrap();
        let check = |holders: &[PackageAssignment], expected: Option<&str>| assert_eq!(in_words(holders).as_deref(), expected);
        let ada = holder("Ada Lovelace", "ada@x.example");
        check(&[], None);
        check(std::slice::from_ref(&ada), Some("1 person has it: Ada Lovelace."));
        check(std::slice::from_ref(&nameless), Some("1 person has it."));
        check(&[nameless, holder("", "pat@x.example"), ada.clone()], Some("3 people have it: pat@x.example, Ada Lovelace and 1 other."));
        let many = vec![ada; 1200];
        check(&many, Some("1,200 people have it: Ada Lovelace, Ada Lovelace, Ada Lovelace and 1,197 others."));
    }
}
