//! Reads a `$filter` into a [`Filter`], by the grammar of OData and the rules of the service.
//! <https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_SystemQueryOptionfilter>

use super::date_time;
use super::filter::{Filter, FilterProblem, Holds, Literal, ObjectType, Property, Test};
use super::filter_text::{Token, tokens};
use super::resources::Service;

/// More alternatives than this are refused. Field report of 2019, "Too many child clauses …"; Microsoft publishes no figure.
const MOST_ALTERNATIVES: usize = 15;
const DEEPEST: usize = 50;

/// Reads a filter on objects of this kind. `advanced`: the request has `ConsistencyLevel: eventual` and `$count=true`, without
/// which `ne`, `not` and `endsWith` are refused by the directory.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(text: &str, kind: &'static ObjectType, advanced: bool) -> Result<Filter, FilterProblem> {
    let mut reader = FilterReader { tokens: tokens(text)?, at: 0, depth: 0, kind, advanced };
    let filter = reader.alternatives()?;
    match reader.next() {
        None => Ok(filter),
        Some(token) => Err(FilterProblem::Invalid(format!("Syntax error at '{token}'."))),
    }
}

struct FilterReader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    kind: &'static ObjectType,
    advanced: bool,
}

impl FilterReader {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|token| token.is(wanted));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<(), FilterProblem> {
        if self.takes(wanted) { Ok(()) } else { Err(self.lost(wanted)) }
    }

    fn lost(&self, wanted: &str) -> FilterProblem {
        let found = self.tokens.get(self.at).map_or_else(|| "the end".to_owned(), |token| format!("'{token}'"));
        FilterProblem::Invalid(format!("'{wanted}' expected at {found}."))
    }

    fn alternatives(&mut self) -> Result<Filter, FilterProblem> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(FilterProblem::Invalid("Recursion depth exceeded allowed limit.".into()));
        }
        let mut some = vec![self.conditions()?];
        while self.takes("or") {
            some.push(self.conditions()?);
        }
        self.depth -= 1;
        few(some.len())?;
        Ok(if some.len() == 1 { some.remove(0) } else { Filter::Or(some) })
    }

    fn conditions(&mut self) -> Result<Filter, FilterProblem> {
        let mut all = vec![self.condition()?];
        while self.takes("and") {
            all.push(self.condition()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::And(all) })
    }

    fn condition(&mut self) -> Result<Filter, FilterProblem> {
        if self.takes("not") {
            self.needs_advanced("Not")?;
            // `not` binds closer than a comparison, so it stands before brackets or a function.
            if !(0..2).any(|ahead| self.tokens.get(self.at + ahead).is_some_and(|token| token.is("("))) {
                return Err(self.lost("("));
            }
            return Ok(Filter::Not(Box::new(self.condition()?)));
        }
        if self.takes("(") {
            let inner = self.alternatives()?;
            self.expect(")")?;
            return Ok(inner);
        }
        let Some(Token::Word(word)) = self.next() else {
            self.at -= 1;
            return Err(self.lost("a property"));
        };
        if let Some(name) = word.strip_suffix("/any") {
            let property = self.property(name)?;
            if !property.is_collection {
                return Err(FilterProblem::Invalid("Any/All may only be used following a collection.".into()));
            }
            return self.any(property);
        }
        if is_function(&word) {
            return self.function(&word, None);
        }
        let property = self.property(&word)?;
        if property.is_collection {
            return Err(FilterProblem::Unsupported(self.unsupported(&word)));
        }
        self.comparison(&word, property)
    }

    /// `(x:x eq 'text')` and the like, after `name/any`.
    fn any(&mut self, property: &'static Property) -> Result<Filter, FilterProblem> {
        self.expect("(")?;
        let Some(Token::Word(variable)) = self.next() else { return Err(self.lost("a variable")) };
        self.expect(":")?;
        let Some(Token::Word(word)) = self.next() else { return Err(self.lost(&variable)) };
        let filter = if is_function(&word) {
            self.function(&word, Some((&variable, property)))?
        } else if word == variable {
            self.comparison(&word, property)?
        } else {
            return Err(FilterProblem::Invalid(format!("Could not find a property named '{word}' on type 'Edm.String'.")));
        };
        self.expect(")")?;
        Ok(filter)
    }

    fn function(&mut self, name: &str, variable: Option<(&str, &'static Property)>) -> Result<Filter, FilterProblem> {
        self.expect("(")?;
        let Some(Token::Word(word)) = self.next() else { return Err(self.lost("a property")) };
        let property = match variable {
            Some((variable, property)) if word == variable => property,
            _ => match self.property(&word)? {
                // A function takes one text, and a collection holds many: it needs `any`.
                property if property.is_collection => return Err(no_signature(name)),
                property => property,
            },
        };
        self.expect(",")?;
        let Literal::Text(text) = self.literal()? else {
            return Err(no_signature(name));
        };
        self.expect(")")?;
        if name.eq_ignore_ascii_case("startswith") {
            if !property.supports_prefixes {
                return Err(FilterProblem::Unsupported(self.unsupported(&word)));
            }
            return Ok(Filter::Any(property, Test::StartsWith(text)));
        }
        if name.eq_ignore_ascii_case("contains") {
            if !property.supports_parts {
                return Err(FilterProblem::Unsupported(self.unsupported(&word)));
            }
            return Ok(Filter::Any(property, Test::Contains(text)));
        }
        self.needs_advanced("endsWith")?;
        if !property.supports_endings {
            return Err(FilterProblem::Unsupported(self.unsupported(&word)));
        }
        Ok(Filter::Any(property, Test::EndsWith(text)))
    }

    fn comparison(&mut self, name: &str, property: &'static Property) -> Result<Filter, FilterProblem> {
        let Some(Token::Word(operator)) = self.next() else {
            self.at -= 1;
            return Err(self.lost("an operator"));
        };
        match operator.as_str() {
            "eq" => Ok(Filter::Any(property, Test::In(vec![self.literal_of(property)?]))),
            // Comments of the model User: otherMails and proxyAddresses support `eq`, `not`, `startsWith` and `endsWith`, and no `ne`.
            "ne" if property.is_collection => Err(FilterProblem::Unsupported(self.unsupported(name))),
            "ne" => {
                let literal = self.literal_of(property)?;
                self.needs_advanced("NotEqualsMatch")?;
                Ok(Filter::Not(Box::new(Filter::Any(property, Test::In(vec![literal])))))
            }
            "in" => {
                self.expect("(")?;
                let mut literals = vec![self.literal_of(property)?];
                while self.takes(",") {
                    literals.push(self.literal_of(property)?);
                }
                self.expect(")")?;
                few(literals.len())?;
                Ok(Filter::Any(property, Test::In(literals)))
            }
            // Comments of the model User: createdDateTime supports `ge` and `le`.
            "ge" | "le" if property.holds == Holds::Time => match self.literal_of(property)? {
                Literal::Time(at) => Ok(Filter::Any(property, if operator == "ge" { Test::From(at) } else { Test::Until(at) })),
                _ => Err(FilterProblem::Unsupported(self.unsupported(name))),
            },
            "gt" | "ge" | "lt" | "le" => Err(FilterProblem::Unsupported(self.unsupported(name))),
            _ => Err(FilterProblem::Invalid(format!("Syntax error at '{operator}'."))),
        }
    }

    fn literal(&mut self) -> Result<Literal, FilterProblem> {
        match self.next() {
            Some(Token::Text(text)) => Ok(Literal::Text(text)),
            Some(Token::Word(word)) if word == "true" || word == "false" => Ok(Literal::Bool(word == "true")),
            Some(Token::Word(word)) if word == "null" => Ok(Literal::Null),
            Some(Token::Word(word)) if let Some(at) = date_time::read(&word) => Ok(Literal::Time(at)),
            _ => {
                self.at -= 1;
                Err(self.lost("a literal"))
            }
        }
    }

    fn literal_of(&mut self, property: &'static Property) -> Result<Literal, FilterProblem> {
        if property.holds == Holds::Guid {
            return self.guid();
        }
        let literal = self.literal()?;
        match (&literal, property.holds) {
            (Literal::Null, _) | (Literal::Bool(_), Holds::Bool) | (Literal::Time(_), Holds::Time) | (Literal::Text(_), Holds::Text) => {
                Ok(literal)
            }
            // microsoft-graph-docs #3044: a quoted 'true' is refused.
            _ => Err(FilterProblem::Invalid("A binary operator with incompatible types was detected.".into())),
        }
    }

    /// Microsoft365DSC #4032 has the words.
    fn guid(&mut self) -> Result<Literal, FilterProblem> {
        match self.next() {
            Some(Token::Word(word)) if word == "null" => Ok(Literal::Null),
            Some(Token::Word(text) | Token::Text(text)) if is_guid(&text) => Ok(Literal::Text(text)),
            Some(Token::Word(_) | Token::Text(_)) => Err(FilterProblem::Invalid("Unrecognized Guid format.".into())),
            None => {
                self.at -= 1;
                Err(self.lost("a literal"))
            }
        }
    }

    /// Names compare without case.
    fn property(&self, name: &str) -> Result<&'static Property, FilterProblem> {
        let found = self.kind.properties.iter().find(|property| property.name.eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            let known = super::selection::has(self.kind.name, name);
            if known {
                FilterProblem::Unsupported(self.unsupported(name))
            } else {
                FilterProblem::Invalid(format!("Could not find a property named '{name}' on type 'microsoft.graph.{}'.", self.kind.name))
            }
        })
    }

    /// botframework-components #1108.
    fn unsupported(&self, name: &str) -> String {
        let resource = self.kind.resource();
        format!("Unsupported or invalid query filter clause specified for property '{name}' of resource '{resource}'.")
    }

    fn needs_advanced(&self, operator: &str) -> Result<(), FilterProblem> {
        if self.advanced || self.kind.service != Service::Directory {
            return Ok(());
        }
        Err(FilterProblem::Unsupported(format!(
            "Operator '{operator}' is not supported because the required parameters might be missing. Try adding $count=true query \
             parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information"
        )))
    }
}

fn is_function(word: &str) -> bool {
    ["startswith", "endswith", "contains"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// 32 hexadecimal digits in five groups.
pub(super) fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn no_signature(function: &str) -> FilterProblem {
    FilterProblem::Invalid(format!("No function signature for the function with name '{function}' matches the specified arguments."))
}

fn few(alternatives: usize) -> Result<(), FilterProblem> {
    if alternatives <= MOST_ALTERNATIVES {
        return Ok(());
    }
    Err(FilterProblem::Unsupported(format!(
        "Too many child clauses specified in search filter expression containing 'OR' operators: {alternatives}. Max allowed: {MOST_ALTERNATIVES}."
    )))
}
