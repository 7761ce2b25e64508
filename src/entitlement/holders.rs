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
