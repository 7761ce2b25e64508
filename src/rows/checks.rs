//! What is wrong with a list, without asking anybody.

use super::address::{Address, ByAddress};
use super::list::List;
use crate::graph::invitations::DISPLAY_NAME_MOST;
use crate::graph::organization::Organization;

/// Something about one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Place in the list, from 0.
    pub row: usize,
    pub column: usize,
    pub text: String,
}

/// Every finding, by row. `own` is the tenant, when it is known.
pub fn check(list: &List, own: Option<&Organization>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut first: ByAddress<usize> = ByAddress::default();
    let email = list.column("email").unwrap_or(0);
    for (place, row) in list.rows.iter().enumerate() {
        let mut found = |column: usize, text: String| findings.push(Finding { row: place, column, text });
        match Address::parse(list.cell(row, "email")) {
            Err(problem) => found(email, problem.words()),
            Ok(address) => {
                if own.is_some_and(|own| own.owns(address.domain())) {
                    found(email, format!("{} is a domain of your own tenant; its people cannot be guests.", address.domain()));
                }
                match first.get(&address) {
                    Some(earlier) => found(email, format!("The same address stands in row {}.", earlier + 1)),
                    None => {
                        first.set(&address, Some(place));
                    }
                }
            }
        }
        if let Some(column) = list.column("displayName")
            && list.cell(row, "displayName").chars().count() > DISPLAY_NAME_MOST
        {
            found(column, format!("Names may have {DISPLAY_NAME_MOST} characters at most."));
        }
        if let Some(column) = list.column("language")
            && !is_language(list.cell(row, "language"))
        {
            found(column, "This is not a language tag such as de-DE.".into());
        }
    }
    findings
}

/// Empty, or a tag such as `de` or `pt-BR`: RFC 5646 without its rarer parts.
pub fn is_language(text: &str) -> bool {
    let mut parts = text.trim().split('-');
    let first = parts.next().unwrap_or_default();
    text.trim().is_empty()
        || (2..=3).contains(&first.len())
            && first.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::organization::VerifiedDomain;
    use crate::rows::{Column, quick_add};

    #[test]
    fn findings_name_row_and_column() {
        let mut list = List::default();
        for cells in quick_add::read("a@fabrikam.example\nA@Fabrikam.example\nx@contoso.example\na+b@fabrikam.example").unwrap().rows {
            list.add(&cells);
        }
        list.add(&[
            (Column::of_heading("email"), "ok@fabrikam.example".into()),
            (Column::of_heading("displayName"), "x".repeat(257)),
            (Column::of_heading("language"), "German".into()),
        ]);
        let own = Organization {
            verified_domains: vec![VerifiedDomain { name: "contoso.example".into(), ..VerifiedDomain::default() }],
            ..Organization::default()
        };
        let found: Vec<(usize, usize)> = check(&list, Some(&own)).iter().map(|finding| (finding.row, finding.column)).collect();
        assert_eq!(found, [(1, 0), (2, 0), (3, 0), (4, 1), (4, 4)]);
    }

    #[test]
    fn language_tags() {
        for good in ["", "de", "de-DE", "pt-BR", "zh-Hans", "fil"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["d", "German", "de_DE", "de-", "12"] {
            assert!(!is_language(bad), "{bad}");
        }
    }
}
