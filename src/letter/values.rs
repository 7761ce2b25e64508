//! What a field of the letter stands for: a column of the list, or something that is known of the invitation.

use super::Letter;
use crate::rows::language::lookup;
use crate::rows::{List, Row, names};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is known of an invitation beside the list. It is written down with the run, so that a letter says the same after a
/// crash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeContext {
    /// Display name of the person who sends.
    pub inviter: String,
    /// Display name of the tenant.
    pub tenant: String,
    /// The day as it is written in each language of the letter, by tag; under the empty tag as the page's own language has it.
    pub today: BTreeMap<String, String>,
}

/// Fields that need no column, and what they stand for.
pub const KNOWN: [(&str, &str); 6] = [
    ("inviter", "your name"),
    ("tenant", "your organisation"),
    ("today", "the day of sending, as the letter’s language writes it"),
    ("fullName", "first and last name, in the order of the letter’s language"),
    ("redirectUrl", "where the guest lands"),
    ("redeemUrl", "the guest’s personal link; only in letters of your own"),
];

/// The values of one guest.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    pub letter: &'a Letter,
    pub row: Row<'a>,
    pub merge_context: &'a MergeContext,
    /// Of the text that is filled; empty for the default one.
    pub language: &'a str,
    /// The personal link, in letters of one's own.
    pub redeem: Option<&'a str>,
}

impl<'a> Values<'a> {
    /// A column goes before what is known otherwise.
    pub fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        let own = names::value(self.row, name);
        if !own.trim().is_empty() {
            return Some(own);
        }
        match name {
            "inviter" => Some(self.merge_context.inviter.as_str().into()),
            "tenant" => Some(self.merge_context.tenant.as_str().into()),
            "today" => {
                let today = &self.merge_context.today;
                let place = lookup(self.language, today.keys().map(String::as_str));
                let day = place.and_then(|place| today.values().nth(place)).or_else(|| today.get(""));
                day.map(|day| day.as_str().into())
            }
            "fullName" => Some(self.full_name()),
            "redirectUrl" => Some(self.letter.redirect_url_for(self.row).into()),
            "redeemUrl" => self.redeem.map(Into::into),
            _ => None,
        }
    }

    fn full_name(&self) -> Cow<'a, str> {
        let full = names::full_name(self.row, self.language);
        if full.is_empty() { self.row.cell("displayName").into() } else { full }
    }
}

/// Whether a letter to this list can use the field.
pub fn is_known(list: &List, name: &str) -> bool {
    list.column(name).is_some() || KNOWN.iter().any(|(known, _)| *known == name)
}

/// The field that was probably meant.
pub fn nearest<'a>(list: &'a List, name: &str) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let names = list.columns().iter().map(|column| column.name.as_str()).chain(KNOWN.iter().map(|(known, _)| *known));
    let rated = names.map(|known| (likeness(&wanted, &known.to_lowercase()), known));
    let best = rated.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= 0.5).then_some(best.1)
}

/// From 0 to 1. What both end in says nothing: an event's name is nobody's last name.
fn likeness(one: &str, other: &str) -> f64 {
    match (one.strip_suffix("name"), other.strip_suffix("name")) {
        // `host` and `last` share half of their letters.
        (Some(one), Some(other)) => strsim::normalized_damerau_levenshtein(one.trim_end(), other) - 0.1,
        _ => strsim::normalized_damerau_levenshtein(one, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Column;

    fn list(cells: &[(&str, &str)]) -> List {
        let mut list = List::default();
        let cells: Vec<_> = cells.iter().map(|(name, cell)| (Column::from_heading(name), (*cell).to_owned())).collect();
        list.add(&cells);
        list
    }

    #[test]
    fn a_column_goes_before_what_is_known_otherwise() {
        let letter = Letter { redirect_url: "https://myapps.example/".into(), ..Letter::default() };
        let today = [("", "1 May 2026"), ("de", "1. Mai 2026")].map(|(tag, day)| (tag.to_owned(), day.to_owned()));
        let merge_context = MergeContext { inviter: "Gita".into(), tenant: "Contoso".into(), today: today.into() };
        let list = list(&[("email", "a@b.example"), ("tenant", "Fabrikam"), ("firstName", "Ai"), ("lastName", "Sato"), ("inviter", " ")]);
        let check = |language: &str, redeem: Option<&str>, name: &str, expected: Option<&str>| {
            let values = Values { letter: &letter, row: list.row(0), merge_context: &merge_context, language, redeem };
            assert_eq!(values.get(name).as_deref(), expected, "{name} in {language:?}");
        };
        check("", None, "tenant", Some("Fabrikam"));
        check("", None, "inviter", Some("Gita"));
        check("", None, "today", Some("1 May 2026"));
        check("de-AT", None, "today", Some("1. Mai 2026"));
        check("fr", None, "today", Some("1 May 2026"));
        check("de", None, "fullName", Some("Ai Sato"));
        check("ja-JP", None, "fullName", Some("Sato Ai"));
        check("", None, "redirectUrl", Some("https://myapps.example/"));
        check("", None, "redeemUrl", None);
        check("", Some("https://redeem.example/x"), "redeemUrl", Some("https://redeem.example/x"));
        check("", None, "nobody", None);
        let bare = self::list(&[("email", "a@b.example")]);
        let values = Values { letter: &letter, row: bare.row(0), merge_context: &merge_context, language: "", redeem: None };
        assert_eq!(values.get("tenant").as_deref(), Some("Contoso"));
    }

    #[test]
    fn what_was_meant_is_guessed_or_not() {
        let list = list(&[("firstName", ""), ("lastName", ""), ("company", "")]);
        let check = |typed: &str, expected: Option<&str>| assert_eq!(nearest(&list, typed), expected, "{typed}");
        check("fristName", Some("firstName"));
        check("firstname", Some("firstName"));
        check("companyName", Some("company"));
        check("redeemLink", Some("redeemUrl"));
        check("zzz", None);
        // Half of the letters suffice.
        check("tenure", Some("tenant"));
        check("tenuous", None);
        check("last_name", Some("lastName"));
        for unknown in ["Event name", "eventName", "hostname", "Team name", "nickname", "productName", "venue_name"] {
            check(unknown, None);
        }
    }

    #[test]
    fn a_letter_can_use_columns_and_what_is_known_of_every_invitation() {
        let list = List::from_columns(["Email", "Company", "Badge number"].map(Column::from_heading).into());
        for known in ["company", "badgeNumber", "inviter", "fullName", "redeemUrl"] {
            assert!(is_known(&list, known), "{known}");
        }
        for unknown in ["firstName", "Badge number", "Inviter", ""] {
            assert!(!is_known(&list, unknown), "{unknown}");
        }
    }

    #[test]
    fn who_has_one_name_alone_is_called_by_it_in_full() {
        let (letter, merge_context) = (Letter::default(), MergeContext::default());
        let check = |cells: &[(&str, &str)], expected: &str| {
            let list = list(cells);
            let values = Values { letter: &letter, row: list.row(0), merge_context: &merge_context, language: "", redeem: None };
            assert_eq!(values.get("fullName").as_deref(), Some(expected));
        };
        check(&[("email", "a@b.example"), ("displayName", "Ada L.")], "Ada L.");
        check(&[("email", "a@b.example"), ("displayName", "Ada L."), ("lastName", "Lovelace")], "Lovelace");
        check(&[("email", "a@b.example")], "");
    }
}
