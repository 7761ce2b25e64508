//! `$expand` of users: one relationship in a request, with a `$select` of its own and no other option.
//! <https://learn.microsoft.com/graph/query-parameters#expand>

use super::graph_api::refusal;
use graph::Reply;

/// What somebody is a direct member of, expanded.
#[derive(Clone, Debug)]
pub(super) struct Expansion {
    pub(super) select: Option<String>,
}

impl Expansion {
    /// Reads `memberOf` or `memberOf($select=id)`.
    ///
    /// # Errors
    /// More than one relationship (microsoft-graph-docs-contrib #8352), one that Contoso does not have, and other options.
    pub(super) fn read(text: &str) -> Result<Self, Reply> {
        let bad = |words: &str| refusal(400, "BadRequest", words);
        let count = items(text);
        if count > 1 {
            let words = format!("The result of parsing $expand contained at least {count} items, but the maximum allowed is 1.");
            return Err(bad(&words));
        }
        let (name, options) = match text.trim().split_once('(') {
            Some((name, rest)) => (name, rest.strip_suffix(')').ok_or_else(|| bad("Parsing OData Select and Expand failed."))?),
            None => (text.trim(), ""),
        };
        if !name.eq_ignore_ascii_case("memberOf") {
            let words =
                format!("Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.user'.");
            return Err(bad(&words));
        }
        match options.split_once('=') {
            None if options.is_empty() => Ok(Self { select: None }),
            Some(("$select", names)) if !names.is_empty() && !names.contains(';') => Ok(Self { select: Some(names.into()) }),
            _ => Err(refusal(400, "Request_UnsupportedQuery", "Unsupported query option within $expand.")),
        }
    }

    /// How it stands in a context URL.
    pub(super) fn in_context(&self) -> String {
        format!("memberOf({})", self.select.as_deref().unwrap_or_default().replace(' ', ""))
    }
}

/// How many relationships are named: commas within brackets belong to the options of one.
fn items(text: &str) -> usize {
    let mut depth = 0_usize;
    let commas = text.chars().filter(|one| {
        match one {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *one == ',' && depth == 0
    });
    1 + commas.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_relationship_is_expanded_with_a_select_of_its_own() {
        let select = |text: &str| Expansion::read(text).unwrap().select;
        assert_eq!(select("memberOf"), None);
        assert_eq!(select("memberof()"), None);
        assert_eq!(select("memberOf($select=id,displayName)").as_deref(), Some("id,displayName"));
        assert_eq!(Expansion::read("memberOf($select=id, displayName)").unwrap().in_context(), "memberOf(id,displayName)");
    }

    #[test]
    fn more_than_one_and_what_is_not_there_is_refused() {
        let check = |text: &str, words: &str| {
            let refused = Expansion::read(text).unwrap_err();
            assert_eq!(refused.status, 400);
            assert!(refused.body.contains(words), "{text}: {}", refused.body);
        };
        check("manager,memberOf", "at least 2 items, but the maximum allowed is 1");
        check("memberOf($select=id,displayName),manager", "at least 2 items");
        check("manager", "'manager'");
        check("", "Could not find");
        check("memberOf($select=id", "failed");
        check("memberOf($top=1)", "Unsupported");
        check("memberOf($select=)", "Unsupported");
        check("memberOf($select=id;$top=1)", "Unsupported");
    }
}
