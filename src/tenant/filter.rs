//! OData's `$filter`, as far as directory objects take it: the text is read as a whole before anybody is looked at, so that what
//! is wrong with it is told whether or not somebody would fit.
//! <https://learn.microsoft.com/graph/filter-query-parameter>, <https://learn.microsoft.com/graph/aad-advanced-queries>

use super::directory::Person;
use super::filter_text::{Token, tokens};

/// A condition on a directory object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Or(Vec<Filter>),
    And(Vec<Filter>),
    Not(Box<Filter>),
    /// One of the property's values passes.
    Any(Property, Test),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    In(Vec<Literal>),
    StartsWith(String),
    EndsWith(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    Bool(bool),
    Null,
}

/// Why a filter is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// It is no filter, or names what the type does not have.
    Invalid(String),
    /// It is a filter, and the directory does not answer it.
    Unsupported(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    Id,
    DisplayName,
    Mail,
    UserPrincipalName,
    UserType,
    ExternalUserState,
    CreationType,
    AccountEnabled,
    OtherMails,
    ProxyAddresses,
}

/// A directory type and what may be asked of it.
pub(super) struct Kind {
    pub(super) name: &'static str,
    properties: &'static [(&'static str, Property)],
}

// What is filterable: microsoftgraph/msgraph-sdk-dotnet @ 24e68f7f, comments of the models User and OrgContact.
pub(super) const USER: Kind = Kind {
    name: "user",
    properties: &[
        ("id", Property::Id),
        ("displayName", Property::DisplayName),
        ("mail", Property::Mail),
        ("userPrincipalName", Property::UserPrincipalName),
        ("userType", Property::UserType),
        ("externalUserState", Property::ExternalUserState),
        ("creationType", Property::CreationType),
        ("accountEnabled", Property::AccountEnabled),
        ("otherMails", Property::OtherMails),
        ("proxyAddresses", Property::ProxyAddresses),
    ],
};
pub(super) const CONTACT: Kind = Kind {
    name: "orgContact",
    properties: &[
        ("id", Property::Id),
        ("displayName", Property::DisplayName),
        ("mail", Property::Mail),
        ("proxyAddresses", Property::ProxyAddresses),
    ],
};

/// More alternatives than this are refused. Field report of 2019, "Too many child clauses …"; Microsoft publishes no figure.
const MOST_ALTERNATIVES: usize = 15;
const DEEPEST: usize = 50;

/// Reads a filter on objects of this kind. `advanced`: the request has `ConsistencyLevel: eventual` and `$count=true`, without
/// which `ne`, `not` and `endsWith` are refused.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(text: &str, kind: &Kind, advanced: bool) -> Result<Filter, Problem> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0, kind, advanced };
    let filter = reader.alternatives()?;
    match reader.next() {
        None => Ok(filter),
        Some(token) => Err(Problem::Invalid(format!("Syntax error at '{token}'."))),
    }
}

impl Filter {
    pub(super) fn fits(&self, person: &Person) -> bool {
        match self {
            Self::Or(some) => some.iter().any(|one| one.fits(person)),
            Self::And(all) => all.iter().all(|one| one.fits(person)),
            Self::Not(other) => !other.fits(person),
            Self::Any(property, test) => property.values(person).iter().any(|value| test.passes(value)),
        }
    }

    /// Ids, names and addresses of which everybody who fits has one; `None` where that cannot be said.
    pub(super) fn named(&self) -> Option<Vec<&str>> {
        match self {
            Self::Or(some) => some.iter().map(Self::named).collect::<Option<Vec<_>>>().map(|names| names.concat()),
            Self::And(all) => all.iter().find_map(Self::named),
            Self::Any(property, Test::In(literals)) if property.is_indexed() => literals
                .iter()
                .map(|literal| match literal {
                    Literal::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }
}

impl Test {
    fn passes(&self, value: &Literal) -> bool {
        let same = |one: &Literal| match (one, value) {
            (Literal::Text(one), Literal::Text(value)) => one.eq_ignore_ascii_case(value),
            _ => one == value,
        };
        match (self, value) {
            (Self::In(literals), _) => literals.iter().any(same),
            (Self::StartsWith(start), Literal::Text(text)) => text.to_ascii_lowercase().starts_with(&start.to_ascii_lowercase()),
            (Self::EndsWith(end), Literal::Text(text)) => text.to_ascii_lowercase().ends_with(&end.to_ascii_lowercase()),
            // Of what is null nothing begins or ends.
            _ => false,
        }
    }
}

impl Property {
    fn values(self, person: &Person) -> Vec<Literal> {
        let text = |text: &str| Literal::Text(text.to_owned());
        let or_null = |value: Option<&str>| vec![value.map_or(Literal::Null, text)];
        match self {
            Self::Id => vec![text(&person.id)],
            Self::DisplayName => vec![text(&person.display_name)],
            Self::Mail => or_null(person.mail.as_deref()),
            Self::UserPrincipalName => vec![text(&person.user_principal_name)],
            Self::UserType => vec![text(person.user_type)],
            Self::ExternalUserState => or_null(person.external_user_state),
            Self::CreationType => or_null(person.creation_type),
            Self::AccountEnabled => vec![Literal::Bool(person.account_enabled)],
            Self::OtherMails => person.other_mails.iter().map(|mail| text(mail)).collect(),
            Self::ProxyAddresses => person.proxy_addresses.iter().map(|proxy| text(proxy)).collect(),
        }
    }

    /// The directory finds people by it without looking at everybody.
    const fn is_indexed(self) -> bool {
        matches!(self, Self::Id | Self::Mail | Self::UserPrincipalName | Self::OtherMails | Self::ProxyAddresses)
    }

    const fn is_collection(self) -> bool {
        matches!(self, Self::OtherMails | Self::ProxyAddresses)
    }

    /// Operators as the models' comments list them. `in` works wherever `eq` does.
    const fn supports_prefixes(self) -> bool {
        matches!(self, Self::DisplayName | Self::Mail | Self::UserPrincipalName | Self::OtherMails | Self::ProxyAddresses)
    }

    const fn supports_endings(self) -> bool {
        matches!(self, Self::Mail | Self::UserPrincipalName | Self::OtherMails | Self::ProxyAddresses)
    }
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    kind: &'a Kind,
    advanced: bool,
}

impl Reader<'_> {
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

    fn expect(&mut self, wanted: &str) -> Result<(), Problem> {
        if self.takes(wanted) { Ok(()) } else { Err(self.lost(wanted)) }
    }

    fn lost(&self, wanted: &str) -> Problem {
        let found = self.tokens.get(self.at).map_or_else(|| "the end".to_owned(), |token| format!("'{token}'"));
        Problem::Invalid(format!("'{wanted}' expected at {found}."))
    }

    fn alternatives(&mut self) -> Result<Filter, Problem> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Problem::Invalid("Recursion depth exceeded allowed limit.".into()));
        }
        let mut some = vec![self.conditions()?];
        while self.takes("or") {
            some.push(self.conditions()?);
        }
        self.depth -= 1;
        few(some.len())?;
        Ok(if some.len() == 1 { some.remove(0) } else { Filter::Or(some) })
    }

    fn conditions(&mut self) -> Result<Filter, Problem> {
        let mut all = vec![self.condition()?];
        while self.takes("and") {
            all.push(self.condition()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::And(all) })
    }

    fn condition(&mut self) -> Result<Filter, Problem> {
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
            if !property.is_collection() {
                return Err(Problem::Invalid("Any/All may only be used following a collection.".into()));
            }
            return self.any(property);
        }
        if word.eq_ignore_ascii_case("startswith") || word.eq_ignore_ascii_case("endswith") {
            return self.function(&word, None);
        }
        let property = self.property(&word)?;
        if property.is_collection() {
            return Err(Problem::Unsupported(self.unsupported(&word)));
        }
        self.comparison(&word, property)
    }

    /// `(x:x eq 'text')` and the like, after `name/any`.
    fn any(&mut self, property: Property) -> Result<Filter, Problem> {
        self.expect("(")?;
        let Some(Token::Word(variable)) = self.next() else { return Err(self.lost("a variable")) };
        self.expect(":")?;
        let Some(Token::Word(word)) = self.next() else { return Err(self.lost(&variable)) };
        let filter = if word.eq_ignore_ascii_case("startswith") || word.eq_ignore_ascii_case("endswith") {
            self.function(&word, Some((&variable, property)))?
        } else if word == variable {
            self.comparison(&word, property)?
        } else {
            return Err(Problem::Invalid(format!("Could not find a property named '{word}' on type 'Edm.String'.")));
        };
        self.expect(")")?;
        Ok(filter)
    }

    fn function(&mut self, name: &str, variable: Option<(&str, Property)>) -> Result<Filter, Problem> {
        self.expect("(")?;
        let Some(Token::Word(word)) = self.next() else { return Err(self.lost("a property")) };
        let property = match variable {
            Some((variable, property)) if word == variable => property,
            _ => self.property(&word)?,
        };
        self.expect(",")?;
        let Literal::Text(text) = self.literal()? else {
            return Err(Problem::Invalid(format!(
                "No function signature for the function with name '{name}' matches the specified arguments."
            )));
        };
        self.expect(")")?;
        if name.eq_ignore_ascii_case("startswith") {
            if !property.supports_prefixes() {
                return Err(Problem::Unsupported(self.unsupported(&word)));
            }
            return Ok(Filter::Any(property, Test::StartsWith(text)));
        }
        self.needs_advanced("endsWith")?;
        if !property.supports_endings() {
            return Err(Problem::Unsupported(self.unsupported(&word)));
        }
        Ok(Filter::Any(property, Test::EndsWith(text)))
    }

    fn comparison(&mut self, name: &str, property: Property) -> Result<Filter, Problem> {
        let Some(Token::Word(operator)) = self.next() else {
            self.at -= 1;
            return Err(self.lost("an operator"));
        };
        match operator.as_str() {
            "eq" => Ok(Filter::Any(property, Test::In(vec![self.literal_of(property)?]))),
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
            "gt" | "ge" | "lt" | "le" => Err(Problem::Unsupported(self.unsupported(name))),
            _ => Err(Problem::Invalid(format!("Syntax error at '{operator}'."))),
        }
    }

    fn literal(&mut self) -> Result<Literal, Problem> {
        match self.next() {
            Some(Token::Text(text)) => Ok(Literal::Text(text)),
            Some(Token::Word(word)) if word == "true" || word == "false" => Ok(Literal::Bool(word == "true")),
            Some(Token::Word(word)) if word == "null" => Ok(Literal::Null),
            _ => {
                self.at -= 1;
                Err(self.lost("a literal"))
            }
        }
    }

    fn literal_of(&mut self, property: Property) -> Result<Literal, Problem> {
        let literal = self.literal()?;
        let is_bool = property == Property::AccountEnabled;
        match literal {
            Literal::Null => Ok(literal),
            Literal::Bool(_) if is_bool => Ok(literal),
            Literal::Text(_) if !is_bool => Ok(literal),
            // microsoft-graph-docs #3044: a quoted 'true' is refused.
            _ => Err(Problem::Invalid("A binary operator with incompatible types was detected.".into())),
        }
    }

    /// Names compare without case.
    fn property(&self, name: &str) -> Result<Property, Problem> {
        let found = self.kind.properties.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, property)| *property).ok_or_else(|| {
            let known = super::selection::has(self.kind.name, name);
            if known {
                Problem::Unsupported(self.unsupported(name))
            } else {
                Problem::Invalid(format!("Could not find a property named '{name}' on type 'microsoft.graph.{}'.", self.kind.name))
            }
        })
    }

    /// botframework-components #1108.
    fn unsupported(&self, name: &str) -> String {
        let kind = if self.kind.name == "user" { "User" } else { "OrgContact" };
        format!("Unsupported or invalid query filter clause specified for property '{name}' of resource '{kind}'.")
    }

    fn needs_advanced(&self, operator: &str) -> Result<(), Problem> {
        if self.advanced {
            return Ok(());
        }
        Err(Problem::Unsupported(format!(
            "Operator '{operator}' is not supported because the required parameters might be missing. Try adding $count=true query \
             parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information"
        )))
    }
}

fn few(alternatives: usize) -> Result<(), Problem> {
    if alternatives <= MOST_ALTERNATIVES {
        return Ok(());
    }
    Err(Problem::Unsupported(format!(
        "Too many child clauses specified in search filter expression containing 'OR' operators: {alternatives}. Max allowed: {MOST_ALTERNATIVES}."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Person {
        Person {
            id: "1".into(),
            mail: Some("o'neil or x@fabrikam.example".into()),
            other_mails: vec!["b@fabrikam.example".into()],
            user_type: "Guest",
            ..Person::default()
        }
    }

    #[test]
    fn filters_find_whom_they_name() {
        let check = |filter: &str, expected: bool| {
            let read = read(filter, &USER, true).unwrap_or_else(|problem| panic!("{filter}: {problem:?}"));
            assert_eq!(read.fits(&person()), expected, "{filter}");
        };
        check("mail eq 'O''Neil or x@fabrikam.example'", true);
        check("mail eq 'nobody' or otherMails/any(o:o eq 'b@fabrikam.example')", true);
        check("userType eq 'Guest' and mail eq 'nobody'", false);
        check("userType eq 'Guest' and mail eq 'nobody' or id eq '1'", true);
        check("userType eq 'Guest' and (mail eq 'nobody' or id eq '2')", false);
        check("proxyAddresses/any(p:p eq 'SMTP:b@fabrikam.example')", false);
        check("otherMails/any(o:startswith(o,'B@'))", true);
        check("MAIL in ('a', 'o''neil or x@fabrikam.example')", true);
        check("endsWith(mail,'FABRIKAM.example') and not(startswith(mail,'x'))", true);
        check("mail ne 'nobody' and externalUserState eq null", true);
        check("accountEnabled eq false", true);
    }

    #[test]
    fn what_is_no_filter_or_is_not_answered_is_told() {
        let check = |filter: &str, advanced: bool, invalid: bool| match read(filter, &USER, advanced) {
            Ok(filter) => panic!("{filter:?}"),
            Err(problem) => assert_eq!(matches!(problem, Problem::Invalid(_)), invalid, "{filter}: {problem:?}"),
        };
        for filter in [
            "",
            " ",
            "mail",
            "mail eq",
            "mail eq 'x",
            "mail eq x",
            "mail eq 'x' or",
            "mail eq 'x' and and id eq '1'",
            "(mail eq 'x'",
            "mail eq 'x')",
            "mail eq 'x' 'y'",
            "nothing eq 'x'",
            "accountEnabled eq 'true'",
            "mail eq true",
            "mail/any(m:m eq 'x')",
            "otherMails/any(o:p eq 'x')",
            "not mail eq 'x'",
            "mail in ()",
            "mail like 'x'",
            "startswith(mail)",
        ] {
            check(filter, true, true);
        }
        for filter in ["endsWith(displayName,'x')", "startswith(userType,'G')", "mail gt 'x'", "otherMails eq 'x'", "jobTitle eq 'x'"] {
            check(filter, true, false);
        }
        for filter in ["mail ne 'x'", "not(mail eq 'x')", "endsWith(mail,'x')"] {
            check(filter, false, false);
        }
        check(&vec!["mail eq 'x'"; 16].join(" or "), true, false);
        assert!(read(&vec!["mail eq 'x'"; 15].join(" or "), &USER, false).is_ok());
        check(&"(".repeat(10_000), true, true);
        assert!(read("userType eq 'x'", &CONTACT, true).is_err());
    }
}
