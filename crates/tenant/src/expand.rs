//! `$expand`: which related objects come along, and what of them is shown. <https://learn.microsoft.com/graph/query-parameters#expand>

use super::filter::ObjectType;
use super::graph_api::refusal;
use super::resources::Service;
use graph::Reply;

/// One relationship, with what is wanted of its objects.
#[derive(Clone, Debug)]
pub(super) struct Expansion {
    /// As the type spells it.
    pub(super) name: &'static str,
    pub(super) select: Option<String>,
    pub(super) expand: Vec<Expansion>,
}

impl Expansion {
    /// Reads `memberOf($select=id)`, and of other services than the directory `resourceRoleScopes($expand=role,scope)`.
    ///
    /// # Errors
    /// Relationships that the type does not have, and other options than `$select` and `$expand`. The directory takes one relationship in a
    /// request (microsoft-graph-docs-contrib #8352), without another one in it.
    pub(super) fn read(text: &str, kind: &'static ObjectType) -> Result<Vec<Self>, Reply> {
        let items = split(text, ',');
        if kind.service == Service::Directory && items.len() > 1 {
            let count = items.len();
            let words = format!("The result of parsing $expand contained at least {count} items, but the maximum allowed is 1.");
            return Err(bad(&words));
        }
        items.into_iter().map(|item| Self::one(item, kind)).collect()
    }

    fn one(text: &str, kind: &'static ObjectType) -> Result<Self, Reply> {
        let (name, options) = match text.trim().split_once('(') {
            Some((name, rest)) => (name, rest.strip_suffix(')').ok_or_else(|| bad("Parsing OData Select and Expand failed."))?),
            None => (text.trim(), ""),
        };
        let Some((name, related)) = kind.related(name) else {
            let words = format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{}'.",
                kind.name
            );
            return Err(bad(&words));
        };
        let mut expansion = Self { name, select: None, expand: Vec::new() };
        for option in split(options, ';').into_iter().filter(|_| !options.is_empty()) {
            match option.trim().split_once('=') {
                Some((option, names)) if option.eq_ignore_ascii_case("$select") && !names.is_empty() && expansion.select.is_none() => {
                    expansion.select = Some(names.into());
                }
                Some((option, inner)) if option.eq_ignore_ascii_case("$expand") && kind.service != Service::Directory => {
                    expansion.expand = Self::read(inner, related)?;
                }
                _ => return Err(refusal(400, "Request_UnsupportedQuery", "Unsupported query option within $expand.")),
            }
        }
        Ok(expansion)
    }

    /// How it stands in a context URL.
    pub(super) fn in_context(&self) -> String {
        let inner = self.expand.iter().map(Self::in_context);
        let parts: Vec<String> = self.select.iter().map(|names| names.replace(' ', "")).chain(inner).collect();
        format!("{}({})", self.name, parts.join(","))
    }
}

fn bad(words: &str) -> Reply {
    refusal(400, "BadRequest", words)
}

/// The parts between these signs: those within brackets belong to the options of one.
fn split(text: &str, sign: char) -> Vec<&str> {
    let mut depth = 0_usize;
    text.split(|one: char| {
        match one {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        one == sign && depth == 0
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::entitlement::types::PACKAGE;
    use super::super::filter::USER;
    use super::*;

    #[test]
    fn one_relationship_is_expanded_with_a_select_of_its_own() {
        let select = |text: &str| Expansion::read(text, &USER).unwrap()[0].select.clone();
        assert_eq!(select("memberOf"), None);
        assert_eq!(select("memberof()"), None);
        assert_eq!(select("memberOf($select=id,displayName)").as_deref(), Some("id,displayName"));
        assert_eq!(Expansion::read("memberOf($select=id, displayName)", &USER).unwrap()[0].in_context(), "memberOf(id,displayName)");
    }

    #[test]
    fn more_than_one_and_what_is_not_there_is_refused() {
        let check = |text: &str, words: &str| {
            let refused = Expansion::read(text, &USER).unwrap_err();
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
        check("memberOf($expand=members)", "Unsupported");
    }

    #[test]
    fn entitlement_management_expands_several_relationships_and_what_is_within_them() {
        let told =
            |text: &str| Expansion::read(text, &PACKAGE).map(|all| all.iter().map(Expansion::in_context).collect::<Vec<_>>().join(" "));
        let nested = "catalog,resourceRoleScopes($select=id;$expand=role($expand=resource),scope)";
        assert_eq!(told(nested).unwrap(), "catalog() resourceRoleScopes(id,role(resource()),scope())");
        assert!(told("resourceRoleScopes($expand=memberOf)").unwrap_err().body.contains("'memberOf' on type"));
    }
}
