//! `$search` and `$orderby` on directory objects. <https://learn.microsoft.com/graph/search-query-parameter>

use super::directory::Person;
use super::filter::{Filterable, Literal, ObjectType, Property};
use super::graph_api::refusal;
use graph::Reply;
use std::cmp::Ordering;
use time::Moment;

/// Words that somebody is looked for by: one clause of each group has to fit.
#[derive(Clone, Debug)]
pub(super) struct Search(Vec<Vec<(&'static Property, String)>>);

/// What can be searched.
const FIELDS: [&str; 3] = ["displayName", "mail", "userPrincipalName"];

/// The property of this name, where objects of this kind have it and it is searched.
fn field(name: &str, kind: &'static ObjectType) -> Option<&'static Property> {
    kind.properties.iter().find(|own| own.name.eq_ignore_ascii_case(name) && FIELDS.contains(&own.name))
}

impl Search {
    /// Reads `"displayName:Ada" AND "mail:ada@"`.
    ///
    /// # Errors
    /// As Graph refuses it: without quotes it is no search (microsoft-graph-docs, search-query-parameter.md), and other properties
    /// than these are not searched (microsoft-graph-docs #13246).
    pub(super) fn read(text: &str, kind: &'static ObjectType) -> Result<Self, Reply> {
        let mut groups = vec![Vec::new()];
        let mut rest = text.trim();
        loop {
            let Some((clause, after)) = rest.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) else {
                let at = text.find(':').unwrap_or(0);
                let words =
                    format!("Syntax error: character '{}' is not valid at position {at} in '{text}'.", text.chars().nth(at).unwrap_or(' '));
                return Err(refusal(400, "BadRequest", &words));
            };
            let told =
                clause.split_once(':').and_then(|(name, words)| Some((field(name.trim(), kind)?, words.trim().to_ascii_lowercase())));
            let Some(clause) = told.filter(|(_, words)| !words.is_empty()) else {
                return Err(refusal(400, "Request_UnsupportedQuery", "An unsupported property was specified."));
            };
            if let Some(group) = groups.last_mut() {
                group.push(clause);
            }
            rest = after.trim_start();
            if let Some(after) = rest.strip_prefix("AND ") {
                groups.push(Vec::new());
                rest = after.trim_start();
            } else if let Some(after) = rest.strip_prefix("OR ") {
                rest = after.trim_start();
            } else if rest.is_empty() {
                return Ok(Self(groups));
            }
        }
    }

    pub(super) fn fits(&self, object: &impl Filterable) -> bool {
        self.0.iter().all(|group| {
            group.iter().any(|(property, words)| {
                object.values(property).iter().any(|value| matches!(value, Literal::Text(text) if is_found(property, text, words)))
            })
        })
    }
}

/// Names are found by the beginnings of their words, addresses by their beginning.
fn is_found(property: &Property, text: &str, words: &str) -> bool {
    let text = text.to_ascii_lowercase();
    if property.name != "displayName" {
        return text.starts_with(words);
    }
    let mut wanted = words.split_whitespace();
    wanted.all(|word| text.split(|one: char| !one.is_alphanumeric()).any(|own| own.starts_with(word)))
}

/// What to sort by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    field: SortField,
    descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SortField {
    DisplayName,
    UserPrincipalName,
    DeletedDateTime,
}

impl SortField {
    fn of(name: &str, kind: &'static ObjectType) -> Option<Self> {
        match field(name, kind).map(|property| property.name) {
            Some("displayName") => Some(Self::DisplayName),
            Some("userPrincipalName") => Some(Self::UserPrincipalName),
            Some(_) => None,
            None => (kind.name == "user" && name.eq_ignore_ascii_case("deletedDateTime")).then_some(Self::DeletedDateTime),
        }
    }
}

impl Order {
    /// `displayName` and `userPrincipalName` can be sorted by (comments of the SDK's model User), and `deletedDateTime` by a sample of
    /// <https://learn.microsoft.com/graph/api/directory-deleteditems-list>; of others Graph says what microsoft-graph-docs #20427 has.
    ///
    /// # Errors
    /// An unknown property or direction.
    pub(super) fn read(text: &str, kind: &'static ObjectType) -> Result<Self, Reply> {
        let mut words = text.split_whitespace();
        let (name, direction) = (words.next().unwrap_or_default(), words.next().unwrap_or("asc"));
        match (SortField::of(name, kind), direction, words.next()) {
            (Some(field), "asc" | "desc", None) => Ok(Self { field, descending: direction == "desc" }),
            (None, "asc" | "desc", None) => {
                Err(refusal(400, "Request_UnsupportedQuery", &format!("Unsupported sort property '{name}' for '{}'.", kind.resource())))
            }
            _ => Err(refusal(400, "BadRequest", &format!("Syntax error at position {} in '{text}'.", name.len()))),
        }
    }

    /// That sample asks by an advanced query.
    pub(super) fn is_advanced(self) -> bool {
        self.field == SortField::DeletedDateTime
    }

    /// `deleted_at`: when somebody was deleted.
    pub(super) fn compare(self, one: &Person, other: &Person, deleted_at: impl Fn(&Person) -> Option<Moment>) -> Ordering {
        let order = match self.field {
            SortField::DisplayName => one.display_name.to_lowercase().cmp(&other.display_name.to_lowercase()),
            SortField::UserPrincipalName => one.user_principal_name.to_lowercase().cmp(&other.user_principal_name.to_lowercase()),
            SortField::DeletedDateTime => deleted_at(one).cmp(&deleted_at(other)),
        };
        if self.descending { order.reverse() } else { order }
    }
}

#[cfg(test)]
mod tests {
    use super::super::filter::{CONTACT, USER};
    use super::*;

    fn person(name: &str) -> Person {
        Person {
            display_name: name.into(),
            mail: Some("ada@fabrikam.example".into()),
            user_principal_name: "ada.lovelace@contoso.example".into(),
            ..Person::default()
        }
    }

    #[test]
    fn a_search_finds_names_by_their_words_and_addresses_by_their_beginning() {
        let check = |search: &str, expected: bool| {
            let read = Search::read(search, &USER).unwrap_or_else(|refused| panic!("{search}: {}", refused.body));
            assert_eq!(read.fits(&person("Ada King-Lovelace")), expected, "{search}");
        };
        check(r#""displayName:ada""#, true);
        check(r#""displayname: LOVE ada""#, true);
        check(r#""displayName:da""#, false);
        check(r#""displayName:ada byron""#, false);
        check(r#""mail:ADA@fab""#, true);
        check(r#""mail:fabrikam""#, false);
        check(r#""userPrincipalName:ada.l""#, true);
        check(r#""mail:bo" OR "mail:ada""#, true);
        check(r#""mail:bo" AND "mail:ada""#, false);
        check(r#""mail:bo" OR "mail:cy" OR "displayName:king""#, true);
        check(r#""mail:bo" OR "mail:ada" AND "displayName:king""#, true);
        check(r#" "mail:ada"   AND   "displayName:king" "#, true);
    }

    #[test]
    fn what_is_no_search_is_refused() {
        let check = |search: &str, words: &str| {
            let refused = Search::read(search, &USER).map(|_| ()).unwrap_err();
            assert!(refused.status == 400 && refused.body.contains(words), "{search}: {}", refused.body);
        };
        check("displayName:ada", "character ':' is not valid at position 11");
        check("ada", "character 'a' is not valid at position 0");
        check("", "character ' ' is not valid at position 0");
        check(r#""mail:ada" AND "#, "not valid");
        check(r#""mail:ada" mail"#, "not valid");
        check(r#""jobTitle:x""#, "unsupported property");
        check(r#""mail:""#, "unsupported property");
        check(r#""ada""#, "unsupported property");
    }

    #[test]
    fn a_contact_is_found_and_sorted_by_what_contacts_have() {
        assert!(Search::read(r#""displayName:ada""#, &CONTACT).is_ok() && Order::read("displayName desc", &CONTACT).is_ok());
        let refused = Search::read(r#""userPrincipalName:ada""#, &CONTACT).map(|_| ()).unwrap_err();
        assert!(refused.body.contains("unsupported property"), "{}", refused.body);
        let refused = Order::read("userPrincipalName", &CONTACT).map(|_| ()).unwrap_err();
        assert!(refused.status == 400 && refused.body.contains("for 'OrgContact'"), "{}", refused.body);
    }

    #[test]
    fn people_are_sorted_by_name_sign_in_name_or_deletion_in_either_direction() {
        let (ada, bo) = (person("ada"), Person { user_principal_name: "a@x".into(), ..person("Bo") });
        let check = |order: &str, first: &str| {
            let order = Order::read(order, &USER).unwrap_or_else(|refused| panic!("{}", refused.body));
            let mut both = [&ada, &bo];
            both.sort_by(|one, other| order.compare(one, other, |person| Some(Moment(person.display_name.len() as i64))));
            assert_eq!(both[0].display_name, first);
        };
        check("displayName", "ada");
        check("displayName desc", "Bo");
        check("USERPRINCIPALNAME asc", "Bo");
        check("userPrincipalName desc", "ada");
        check("deletedDateTime", "Bo");
        check("deleteddatetime desc", "ada");
        assert!(Order::read("deletedDateTime", &CONTACT).is_err());
        let refused = |order: &str| Order::read(order, &USER).map(|_| ()).unwrap_err().body;
        assert!(refused("mail").contains("Unsupported sort property") && refused("jobTitle desc").contains("Unsupported sort property"));
        for order in ["displayName up", "displayName asc, mail", "mail up"] {
            assert!(refused(order).contains("Syntax error"), "{order}");
        }
    }
}
