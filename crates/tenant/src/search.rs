//! `$search` and `$orderby` on directory objects. <https://learn.microsoft.com/graph/search-query-parameter>

use super::directory::Person;
use super::graph_api::refusal;
use graph::Reply;

/// Words that somebody is looked for by: one clause of each group has to fit.
#[derive(Clone, Debug)]
pub(super) struct Search(Vec<Vec<(SearchField, String)>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SearchField {
    DisplayName,
    Mail,
    UserPrincipalName,
}

const FIELDS: [(&str, SearchField); 3] =
    [("displayName", SearchField::DisplayName), ("mail", SearchField::Mail), ("userPrincipalName", SearchField::UserPrincipalName)];

impl Search {
    /// Reads `"displayName:Ada" AND "mail:ada@"`.
    ///
    /// # Errors
    /// As Graph refuses it: without quotes it is no search (microsoft-graph-docs, search-query-parameter.md), and other properties
    /// than these are not searched (microsoft-graph-docs #13246).
    pub(super) fn read(text: &str) -> Result<Self, Reply> {
        let mut groups = vec![Vec::new()];
        let mut rest = text.trim();
        loop {
            let Some((clause, after)) = rest.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) else {
                let at = text.find(':').unwrap_or(0);
                let words =
                    format!("Syntax error: character '{}' is not valid at position {at} in '{text}'.", text.chars().nth(at).unwrap_or(' '));
                return Err(refusal(400, "BadRequest", &words));
            };
            let field = clause.split_once(':').and_then(|(name, words)| {
                let (_, field) = FIELDS.iter().find(|(own, _)| own.eq_ignore_ascii_case(name.trim()))?;
                Some((*field, words.trim().to_ascii_lowercase()))
            });
            let Some(clause) = field.filter(|(_, words)| !words.is_empty()) else {
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

    pub(super) fn fits(&self, person: &Person) -> bool {
        self.0.iter().all(|group| group.iter().any(|(field, words)| field.fits(person, words)))
    }
}

impl SearchField {
    /// Names by the beginnings of their words, addresses by their beginning.
    fn fits(self, person: &Person, words: &str) -> bool {
        let begins = |value: &str| value.to_ascii_lowercase().starts_with(words);
        match self {
            Self::DisplayName => words.split_whitespace().all(|word| {
                person.display_name.split(|one: char| !one.is_alphanumeric()).any(|own| own.to_ascii_lowercase().starts_with(word))
            }),
            Self::Mail => person.mail.as_deref().is_some_and(begins),
            Self::UserPrincipalName => begins(&person.user_principal_name),
        }
    }
}

/// What to sort by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    field: SearchField,
    descending: bool,
}

impl Order {
    /// `displayName` and `userPrincipalName` can be sorted by (comments of the SDK's model User); of others Graph says what
    /// microsoft-graph-docs #20427 has.
    ///
    /// # Errors
    /// An unknown property or direction.
    pub(super) fn read(text: &str) -> Result<Self, Reply> {
        let mut words = text.split_whitespace();
        let (name, direction) = (words.next().unwrap_or_default(), words.next().unwrap_or("asc"));
        let field = FIELDS.iter().find(|(own, field)| own.eq_ignore_ascii_case(name) && *field != SearchField::Mail);
        match (field, direction, words.next()) {
            (Some((_, field)), "asc" | "desc", None) => Ok(Self { field: *field, descending: direction == "desc" }),
            (None, "asc" | "desc", None) => {
                Err(refusal(400, "Request_UnsupportedQuery", &format!("Unsupported sort property '{name}' for 'User'.")))
            }
            _ => Err(refusal(400, "BadRequest", &format!("Syntax error at position {} in '{text}'.", name.len()))),
        }
    }

    pub(super) fn compare(self, one: &Person, other: &Person) -> std::cmp::Ordering {
        let text = |person: &Person| match self.field {
            SearchField::UserPrincipalName => person.user_principal_name.to_lowercase(),
            _ => person.display_name.to_lowercase(),
        };
        let order = text(one).cmp(&text(other));
        if self.descending { order.reverse() } else { order }
    }
}
