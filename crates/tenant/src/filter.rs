//! OData's `$filter`, as far as directory objects and those of entitlement management take it. The text is read as a whole (`filter_reader.rs`) before anybody is looked
//! at, so that what is wrong with it is told whether or not somebody would fit.
//! <https://learn.microsoft.com/graph/filter-query-parameter>, <https://learn.microsoft.com/graph/aad-advanced-queries>

use super::date_time;
use super::directory::Person;
use super::resources::Service;
use serde_json::{Map, Value};
use time::Moment;

/// A condition on an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Or(Vec<Filter>),
    And(Vec<Filter>),
    Not(Box<Filter>),
    /// One of the property's values passes.
    Any(&'static Property, Test),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    In(Vec<Literal>),
    StartsWith(String),
    EndsWith(String),
    Contains(String),
    /// No earlier than this.
    From(Moment),
    /// No later.
    Until(Moment),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    Bool(bool),
    Time(Moment),
    Null,
}

/// Why a filter is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FilterProblem {
    /// It is no filter, or names what the type does not have.
    Invalid(String),
    /// It is a filter, and the service does not answer it.
    Unsupported(String),
}

/// A property that can be filtered by, maybe of a related object: `target/objectId`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    pub(super) is_collection: bool,
    /// `startswith` works.
    pub(super) supports_prefixes: bool,
    /// `endsWith` works.
    pub(super) supports_endings: bool,
    /// `contains` works.
    pub(super) supports_parts: bool,
    /// The directory finds people by it without looking at everybody.
    is_indexed: bool,
}

/// What a property is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Bool,
    Time,
    /// Also without quotes, as OData writes it.
    Guid,
}

impl Property {
    const fn of(name: &'static str, holds: Holds) -> Self {
        Self {
            name,
            holds,
            is_collection: false,
            supports_prefixes: false,
            supports_endings: false,
            supports_parts: false,
            is_indexed: false,
        }
    }

    /// A text that is compared as a whole, in any case: names of enumerations, too. `in` works wherever `eq` does.
    pub(super) const fn text(name: &'static str) -> Self {
        Self::of(name, Holds::Text)
    }

    pub(super) const fn guid(name: &'static str) -> Self {
        Self::of(name, Holds::Guid)
    }

    pub(super) const fn flag(name: &'static str) -> Self {
        Self::of(name, Holds::Bool)
    }

    /// `ge` and `le` work.
    pub(super) const fn time(name: &'static str) -> Self {
        Self::of(name, Holds::Time)
    }

    /// Of which many values are held.
    pub(super) const fn many(self) -> Self {
        Self { is_collection: true, ..self }
    }

    pub(super) const fn by_prefix(self) -> Self {
        Self { supports_prefixes: true, ..self }
    }

    const fn by_ending(self) -> Self {
        Self { supports_endings: true, ..self }
    }

    pub(super) const fn by_part(self) -> Self {
        Self { supports_parts: true, ..self }
    }

    const fn indexed(self) -> Self {
        Self { is_indexed: true, ..self }
    }
}

/// A type of objects and what may be asked of it.
#[derive(Debug)]
pub(super) struct ObjectType {
    pub(super) name: &'static str,
    pub(super) service: Service,
    pub(super) properties: &'static [Property],
    /// What `$expand` may name, and what that leads to.
    pub(super) navigations: &'static [(&'static str, &'static ObjectType)],
}

// What is filterable: microsoftgraph/msgraph-sdk-dotnet @ 24e68f7f, comments of the models User, OrgContact, Group and ServicePrincipal.
pub(super) static USER: ObjectType = ObjectType {
    name: "user",
    service: Service::Directory,
    properties: &[
        Property::text("id").indexed(),
        Property::text("displayName").by_prefix(),
        Property::text("mail").by_prefix().by_ending().indexed(),
        Property::text("userPrincipalName").by_prefix().by_ending().indexed(),
        Property::text("userType"),
        Property::text("externalUserState"),
        Property::text("creationType"),
        Property::time("createdDateTime"),
        Property::flag("accountEnabled"),
        Property::text("otherMails").many().by_prefix().by_ending().indexed(),
        Property::text("proxyAddresses").many().by_prefix().by_ending().indexed(),
    ],
    navigations: &[("memberOf", &DIRECTORY_OBJECT)],
};
pub(super) static CONTACT: ObjectType = ObjectType {
    name: "orgContact",
    service: Service::Directory,
    properties: &[
        Property::text("id"),
        Property::text("displayName").by_prefix(),
        Property::text("mail").by_prefix().by_ending(),
        Property::text("proxyAddresses").many().by_prefix().by_ending(),
    ],
    navigations: &[],
};
static DIRECTORY_OBJECT: ObjectType =
    ObjectType { name: "directoryObject", service: Service::Directory, properties: &[], navigations: &[] };

impl ObjectType {
    /// As the directory's own messages call it: with a capital.
    pub(super) fn resource(&self) -> String {
        let mut letters = self.name.chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    }

    /// What this navigation leads to, by its name in any case.
    pub(super) fn related(&self, name: &str) -> Option<(&'static str, &'static Self)> {
        self.navigations.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).copied()
    }
}

/// What a filter can look at.
pub(super) trait Filterable {
    /// The values that it has of this property: one, which may be null, unless the property is a collection.
    fn values(&self, property: &Property) -> Vec<Literal>;
}

impl Filter {
    pub(super) fn fits(&self, object: &impl Filterable) -> bool {
        match self {
            Self::Or(some) => some.iter().any(|one| one.fits(object)),
            Self::And(all) => all.iter().all(|one| one.fits(object)),
            Self::Not(other) => !other.fits(object),
            Self::Any(property, test) => object.values(property).iter().any(|value| test.passes(value)),
        }
    }

    /// Ids, names and addresses of which everybody who fits has one; `None` where that cannot be said.
    pub(super) fn named(&self) -> Option<Vec<&str>> {
        match self {
            Self::Or(some) => some.iter().map(Self::named).collect::<Option<Vec<_>>>().map(|names| names.concat()),
            Self::And(all) => all.iter().find_map(Self::named),
            Self::Any(property, Test::In(literals)) if property.is_indexed => literals
                .iter()
                .map(|literal| match literal {
                    Literal::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }

    /// Whether everything that fits has one value of this property, which the filter names.
    pub(super) fn names_one(&self, name: &str) -> bool {
        match self {
            Self::And(all) => all.iter().any(|one| one.names_one(name)),
            Self::Any(property, Test::In(literals)) => property.name == name && literals.len() == 1,
            _ => false,
        }
    }
}

impl Test {
    fn passes(&self, value: &Literal) -> bool {
        let same = |one: &Literal| match (one, value) {
            (Literal::Text(one), Literal::Text(value)) => one.eq_ignore_ascii_case(value),
            _ => one == value,
        };
        let lower = str::to_ascii_lowercase;
        match (self, value) {
            (Self::In(literals), _) => literals.iter().any(same),
            (Self::StartsWith(start), Literal::Text(text)) => lower(text).starts_with(&lower(start)),
            (Self::EndsWith(end), Literal::Text(text)) => lower(text).ends_with(&lower(end)),
            (Self::Contains(part), Literal::Text(text)) => lower(text).contains(&lower(part)),
            (Self::From(from), Literal::Time(at)) => at >= from,
            (Self::Until(until), Literal::Time(at)) => at <= until,
            // Of what is null nothing begins or ends.
            _ => false,
        }
    }
}

impl Filterable for Map<String, Value> {
    fn values(&self, property: &Property) -> Vec<Literal> {
        literals(self.get(property.name).unwrap_or(&Value::Null), property)
    }
}

/// What a filter sees of a value in JSON.
pub(super) fn literals(value: &Value, property: &Property) -> Vec<Literal> {
    match value {
        Value::Array(values) => values.iter().flat_map(|one| literals(one, property)).collect(),
        Value::Bool(flag) => vec![Literal::Bool(*flag)],
        Value::String(text) if property.holds == Holds::Time => vec![date_time::read(text).map_or(Literal::Null, Literal::Time)],
        Value::String(text) => vec![Literal::Text(text.clone())],
        _ => vec![Literal::Null],
    }
}

impl Filterable for Person {
    fn values(&self, property: &Property) -> Vec<Literal> {
        let text = |text: &str| Literal::Text(text.to_owned());
        let or_null = |value: Option<&str>| vec![value.map_or(Literal::Null, text)];
        let many = |values: &[String]| values.iter().map(|value| text(value)).collect();
        match property.name {
            "id" => vec![text(&self.id)],
            "displayName" => vec![text(&self.display_name)],
            "mail" => or_null(self.mail.as_deref()),
            "userPrincipalName" => vec![text(&self.user_principal_name)],
            "userType" => vec![text(self.user_type)],
            "externalUserState" => or_null(self.external_user_state),
            "creationType" => or_null(self.creation_type),
            "createdDateTime" => vec![Literal::Time(self.created)],
            "accountEnabled" => vec![Literal::Bool(self.account_enabled)],
            "otherMails" => many(&self.other_mails),
            "proxyAddresses" => many(&self.proxy_addresses),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::filter_reader::read;
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
        check("not(otherMails/any(o:o eq 'nobody'))", true);
        check("MAIL in ('a', 'o''neil or x@fabrikam.example')", true);
        check("endsWith(mail,'FABRIKAM.example') and not(startswith(mail,'x'))", true);
        check("mail ne 'nobody' and externalUserState eq null", true);
        check("accountEnabled eq false", true);
        check("createdDateTime ge 1970-01-01T00:00:00Z and createdDateTime le 1970-01-01T00:00:00.5Z", true);
        check("createdDateTime ge 1970-01-01T00:00:01Z", false);
        check("createdDateTime ge 1970-01-01T01:00:00+01:00 and createdDateTime le 1969-12-31T19:00-05:00", true);
        check("createdDateTime ge 1970-01-01T01:00:00+00:59", false);
    }

    #[test]
    fn what_is_no_filter_or_is_not_answered_is_told() {
        let check = |filter: &str, advanced: bool, invalid: bool| match read(filter, &USER, advanced) {
            Ok(filter) => panic!("{filter:?}"),
            Err(problem) => assert_eq!(matches!(problem, FilterProblem::Invalid(_)), invalid, "{filter}: {problem:?}"),
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
            "createdDateTime ge '2026-11-21T10:00:00Z'",
            "createdDateTime ge 2026-11-21",
            "createdDateTime ge 2026-13-45T99:00:00Z",
            "createdDateTime le 2026-02-30T00:00:00Z",
            "createdDateTime ge 2026-11-21T10:00:00 01:00",
            "mail eq 2026-11-21T10:00:00Z",
            "mail/any(m:m eq 'x')",
            "otherMails/any(o:p eq 'x')",
            "startswith(otherMails,'b')",
            "endsWith(otherMails,'example')",
            "endsWith(proxyAddresses,'example')",
            "otherMails/any(o:startswith(otherMails,'b'))",
            "not mail eq 'x'",
            "mail in ()",
            "mail like 'x'",
            "startswith(mail)",
        ] {
            check(filter, true, true);
        }
        for filter in [
            "endsWith(displayName,'x')",
            "startswith(userType,'G')",
            "mail gt 'x'",
            "createdDateTime gt 2026-11-21T10:00:00Z",
            "otherMails eq 'x'",
            "otherMails/any(o:o ne 'x')",
            "proxyAddresses/any(p:p ne 'x')",
            "jobTitle eq 'x'",
        ] {
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

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let check = |filter: &str, words: &str| {
            let (FilterProblem::Invalid(told) | FilterProblem::Unsupported(told)) = read(filter, &USER, true).unwrap_err();
            assert_eq!(told, words, "{filter}");
        };
        check("", "'a property' expected at the end.");
        check("'x' eq mail", "'a property' expected at 'x'.");
        check("mail 'x'", "'an operator' expected at 'x'.");
        check("mail eq (", "'a literal' expected at '('.");
        check("mail eq 'x' 'y'", "Syntax error at 'y'.");
        check("mail eq !", "Syntax error: character '!' is not valid.");
        check("(mail eq 'x'", "')' expected at the end.");
        check("not mail eq 'x'", "'(' expected at 'mail'.");
        check("jobTitle eq 'x'", "Unsupported or invalid query filter clause specified for property 'jobTitle' of resource 'User'.");
        check("city eq 'x'", "Unsupported or invalid query filter clause specified for property 'city' of resource 'User'.");
        let of_contact = read("jobTitle eq 'x'", &CONTACT, true).unwrap_err();
        assert!(matches!(of_contact, FilterProblem::Unsupported(words) if words.ends_with("of resource 'OrgContact'.")));
        assert!(matches!(read("mail ge", &USER, true), Err(FilterProblem::Unsupported(_))), "before what it is compared with is read");
    }

    #[test]
    fn brackets_may_stand_fifty_deep_and_as_often_as_they_like() {
        let deep = |depth: usize| read(&format!("{}id eq '1'{}", "(".repeat(depth), ")".repeat(depth)), &USER, false);
        assert_eq!((deep(49).is_ok(), deep(50).is_ok()), (true, false));
        assert!(read(&vec!["(id eq '1')"; 60].join(" and "), &USER, false).is_ok());
    }

    #[test]
    fn a_function_in_any_means_the_property_that_it_names() {
        let fits = |filter: &str| read(filter, &USER, true).unwrap().fits(&person());
        assert!(fits("otherMails/any(o:startswith(o,'b@'))") && !fits("otherMails/any(o:startswith(mail,'b@'))"));
        assert!(fits("not startswith(mail,'x')") && !fits("not (id eq '1')"));
    }

    #[test]
    fn whom_a_filter_names_is_found_without_looking_at_everybody() {
        let check = |filter: &str, names: Option<&[&str]>| {
            assert_eq!(read(filter, &USER, true).unwrap().named().as_deref(), names, "{filter}");
        };
        check("mail eq 'a'", Some(&["a"]));
        check("mail eq 'a' or id eq 'b' or proxyAddresses/any(p:p eq 'smtp:c')", Some(&["a", "b", "smtp:c"]));
        check("userType eq 'Guest' and mail in ('a','b')", Some(&["a", "b"]));
        check("mail eq 'a' or userType eq 'Guest'", None);
        check("userType eq 'Guest'", None);
        check("displayName eq 'a'", None);
        check("mail eq null", None);
        check("startswith(mail,'a')", None);
        check("mail ne 'a'", None);
    }
}
