//! Query options, read before anything is looked up: what Graph does not take is refused and never passed over.
//! <https://learn.microsoft.com/graph/query-parameters>, <https://learn.microsoft.com/graph/aad-advanced-queries>

use super::directory::key;
use super::expand::Expansion;
use super::filter::{self, Filter, FilterProblem, Filterable};
use super::filter_reader;
use super::graph_api::refusal;
use super::resources::Service;
use super::search::{Order, Search};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use graph::{Headers, Reply};

/// Options of a collection of directory objects. `$expand` is left out here but of users.
pub(super) const COLLECTION: &[&str] = &["$count", "$filter", "$format", "$orderby", "$search", "$select", "$skiptoken", "$top"];
pub(super) const USERS: &[&str] = &["$count", "$expand", "$filter", "$format", "$orderby", "$search", "$select", "$skiptoken", "$top"];
pub(super) const USER: &[&str] = &["$expand", "$format", "$select"];
pub(super) const ONE: &[&str] = &["$format", "$select"];
pub(super) const ROLES: &[&str] = &["$count", "$format", "$select", "$skiptoken", "$top"];
pub(super) const NONE: &[&str] = &[];

/// Objects on a page unless `$top` says otherwise, and the most that it may say. The message of a larger one is quoted in
/// turbot/steampipe-plugin-azuread.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 999;

/// What a query is about.
pub(super) struct Queried<'a> {
    /// What tells it from all others: a page token is good for it alone.
    pub(super) name: &'a str,
    /// The options that it takes.
    pub(super) options: &'a [&'a str],
    pub(super) kind: &'static filter::ObjectType,
}

/// What was asked for.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) select: Option<String>,
    pub(super) expand: Vec<Expansion>,
    pub(super) filter: Option<Filter>,
    search: Option<Search>,
    pub(super) order: Option<Order>,
    pub(super) top: usize,
    /// How many objects earlier pages held.
    pub(super) start: usize,
    /// The number of all is wanted, and the header that it takes is there.
    pub(super) counted: bool,
    /// Of what is asked, and of all options but the page.
    mark: u64,
}

impl Query {
    /// # Errors
    /// Options that are unknown, stand twice, or have values that Graph refuses.
    pub(super) fn read(pairs: &[(String, String)], headers: &Headers, queried: &Queried<'_>) -> Result<Self, Reply> {
        let Queried { name: queried, options: known, kind } = *queried;
        let mut options: Vec<(String, &str)> = Vec::new();
        for (name, value) in pairs {
            // Names compare without case: learn.microsoft.com/graph/use-the-api.
            let lower = name.to_ascii_lowercase();
            if lower == "$skip" && known.contains(&"$top") {
                // msgraph-metadata #135.
                return Err(refusal(400, "Request_BadRequest", "'$skip' is not supported by the service."));
            }
            if !known.contains(&lower.as_str()) {
                // microsoft-graph-docs #3879.
                return Err(refusal(400, "Request_BadRequest", &format!("Unrecognized query argument specified: '{name}'.")));
            }
            if options.iter().any(|(other, _)| *other == lower) {
                let words = format!("Query option '{lower}' was specified more than once, but it must be specified at most once.");
                return Err(refusal(400, "BadRequest", &words));
            }
            options.push((lower, value));
        }
        let get = |name: &str| options.iter().find(|(own, _)| own == name).map(|(_, value)| *value);
        let expand = get("$expand").map(|text| Expansion::read(text, kind)).transpose()?.unwrap_or_default();
        // With it no query is an advanced one, and a search is refused as if the header were missing: microsoft-graph-docs-contrib #2577.
        let is_eventual = expand.is_empty() && headers.get("ConsistencyLevel").is_some_and(|level| level.eq_ignore_ascii_case("eventual"));
        let counted = match get("$count") {
            None | Some("false") => false,
            // Without the header it is passed over, and no number comes (microsoft-graph-docs #8586).
            Some("true") => is_eventual,
            Some(other) => {
                return Err(refusal(400, "BadRequest", &format!("Invalid value '{other}' for $count query option found.")));
            }
        };
        let filter = get("$filter")
            .map(|text| filter_reader::read(text, kind, counted))
            .transpose()
            .map_err(|problem| told(&problem, kind.service))?;
        let search = match get("$search") {
            None => None,
            // microsoft-graph-docs-contrib #3495.
            Some(_) if !is_eventual => {
                return Err(refusal(
                    400,
                    "Request_UnsupportedQuery",
                    "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
                ));
            }
            Some(text) => Some(Search::read(text, kind)?),
        };
        let order = get("$orderby").map(|text| Order::read(text, kind)).transpose()?;
        // microsoft-graph-docs #13762.
        if order.is_some_and(|order| filter.is_some() || order.is_advanced()) && !counted {
            return Err(refusal(400, "Request_UnsupportedQuery", "Sorting not supported for current query."));
        }
        let top = match get("$top").map(|top| (top, top.parse::<i64>())) {
            None => PAGE,
            Some((_, Ok(top))) if (1..=LARGEST_PAGE as i64).contains(&top) => usize::try_from(top).unwrap_or(PAGE),
            Some((top, Ok(_))) => {
                let words = format!("Invalid page size specified: '{top}'. Must be between 1 and {LARGEST_PAGE} inclusive.");
                return Err(refusal(400, "Request_UnsupportedQuery", &words));
            }
            Some((top, Err(_))) => {
                return Err(refusal(400, "BadRequest", &format!("Invalid value '{top}' for $top query option found.")));
            }
        };
        // <https://learn.microsoft.com/graph/query-parameters#expand>: at most a hundred directory objects with what is expanded.
        let top = if expand.is_empty() || kind.service != Service::Directory { top } else { top.min(PAGE) };
        let asked = ["$filter", "$search", "$orderby"].map(|name| get(name).unwrap_or_default());
        let marked = format!("{queried}\n{}", asked.join("\n"));
        let mut query = Self {
            select: get("$select").filter(|names| !names.is_empty()).map(Into::into),
            expand,
            filter,
            search,
            order,
            top,
            start: 0,
            counted,
            mark: key(&marked),
        };
        if let Some(token) = get("$skiptoken") {
            // What a token of another query or an old one is answered with: msgraph-sdk-dotnet #2254. One of another collection is one of
            // another query.
            query.start = query.start_of(token).ok_or_else(|| {
                let words = "The specified page token value has expired and can no longer be included in your request.";
                refusal(400, "Directory_ExpiredPageToken", words)
            })?;
        }
        Ok(query)
    }

    /// A set with what is wanted of its objects, as a context URL has it.
    pub(super) fn projected(&self, set: &str) -> String {
        let select = self.select.as_deref().map(|names| names.replace(' ', ""));
        let parts: Vec<String> = select.into_iter().chain(self.expand.iter().map(Expansion::in_context)).collect();
        if parts.is_empty() { set.into() } else { format!("{set}({})", parts.join(",")) }
    }

    pub(super) fn fits(&self, object: &impl Filterable) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.fits(object)) && self.search.as_ref().is_none_or(|search| search.fits(object))
    }

    /// The `$skiptoken` of the page that begins here: it says nothing to a client.
    pub(super) fn token(&self, start: usize) -> String {
        BASE64.encode(format!("{:x}.{start}", self.mark))
    }

    fn start_of(&self, token: &str) -> Option<usize> {
        let text = String::from_utf8(BASE64.decode(token).ok()?).ok()?;
        let (mark, start) = text.split_once('.')?;
        (mark == format!("{:x}", self.mark)).then(|| start.parse().ok()).flatten()
    }
}

fn told(problem: &FilterProblem, service: Service) -> Reply {
    match problem {
        // Microsoft365DSC #4032; that it says so of everything that is wrong with a filter is our reading.
        FilterProblem::Invalid(words) | FilterProblem::Unsupported(words) if service == Service::Entitlement => {
            refusal(400, "InvalidFilter", &format!("OData query is invalid: {words}"))
        }
        // microsoft-graph-docs #3044, msgraph-sdk-dotnet #1190.
        FilterProblem::Invalid(words) => refusal(400, "BadRequest", &format!("Invalid filter clause: {words}")),
        FilterProblem::Unsupported(words) => refusal(400, "Request_UnsupportedQuery", words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Person;

    const PEOPLE: Queried<'_> = Queried { name: "users", options: COLLECTION, kind: &filter::USER };

    fn read(query: &str, is_eventual: bool) -> Result<Query, String> {
        read_of(&PEOPLE, query, is_eventual)
    }

    fn read_of(queried: &Queried<'_>, query: &str, is_eventual: bool) -> Result<Query, String> {
        let headers = if is_eventual { Headers::default().with("ConsistencyLevel", "Eventual") } else { Headers::default() };
        Query::read(&crate::pairs(query), &headers, queried).map_err(|refused| refused.body)
    }

    #[test]
    fn a_page_holds_a_hundred_unless_something_else_is_said() {
        let top = |query: &str| read(query, false).map(|query| query.top);
        assert_eq!((top(""), top("$top=1"), top("$TOP=999")), (Ok(100), Ok(1), Ok(999)));
        // With what is expanded a hundred are the most.
        let users = Queried { options: USERS, ..PEOPLE };
        assert_eq!(read_of(&users, "$top=999&$expand=memberOf", false).map(|query| query.top), Ok(100));
        for (query, words) in [("$top=0", "Invalid page size"), ("$top=1000", "Invalid page size"), ("$top=x", "$top query option")] {
            assert!(top(query).unwrap_err().contains(words), "{query}");
        }
    }

    #[test]
    fn options_are_known_and_stand_once() {
        let refused = |query: &str| read(query, true).map(|_| ()).unwrap_err();
        assert!(refused("$skip=1").contains("'$skip' is not supported"));
        assert!(refused("$expand=manager").contains("Unrecognized query argument"));
        assert!(refused("$top=1&$Top=1").contains("more than once"));
        assert!(refused("$count=yes").contains("$count query option"));
        assert!(refused("$filter=mail").contains("Invalid filter clause"));
        assert!(refused("$filter=jobTitle eq 'x'").contains("Request_UnsupportedQuery"));
        let one = read_of(&Queried { options: ONE, ..PEOPLE }, "$skip=1", false).unwrap_err();
        assert!(one.contains("Unrecognized query argument"), "{one}");
    }

    #[test]
    fn advanced_questions_need_the_header_and_the_count() {
        let is_read = |query: &str, is_eventual: bool| read(query, is_eventual).is_ok();
        assert_eq!((is_read("$search=\"mail:a\"", true), is_read("$search=\"mail:a\"", false)), (true, false));
        let ne = "$filter=mail ne 'x'";
        assert_eq!((is_read(&format!("{ne}&$count=true"), true), is_read(ne, true)), (true, false));
        assert!(!is_read(&format!("{ne}&$count=true"), false) && !is_read(&format!("{ne}&$count=false"), true));
        let sorted = "$orderby=displayName";
        assert!(is_read(sorted, false) && !is_read(&format!("{sorted}&$filter=id eq '1'"), false));
        assert!(is_read(&format!("{sorted}&$filter=id eq '1'&$count=true"), true));
        let deleted = "$orderby=deletedDateTime desc";
        assert!(is_read(&format!("{deleted}&$count=true"), true) && !is_read(&format!("{deleted}&$count=true"), false));
        assert!(!is_read(deleted, true));
        let counted = |query: &str, is_eventual: bool| read(query, is_eventual).map(|query| query.counted);
        assert_eq!(
            (counted("$count=true", true), counted("$count=true", false), counted("$count=false", true)),
            (Ok(true), Ok(false), Ok(false))
        );
    }

    #[test]
    fn a_page_token_is_good_for_its_own_question_alone() {
        let first = read("$filter=mail eq 'a'&$select=id", false).unwrap();
        let token = first.token(100);
        let start = |query: &str, token: &str| read(&format!("{query}&$skiptoken={token}"), false).map(|query| query.start);
        assert_eq!((first.start, start("$filter=mail eq 'a'", &token)), (0, Ok(100)));
        for (query, token) in [("$filter=mail eq 'b'", token.as_str()), ("$filter=mail eq 'a'", "x"), ("", &BASE64.encode("0.x"))] {
            assert!(start(query, token).unwrap_err().contains("Directory_ExpiredPageToken"), "{query} {token}");
        }
        let elsewhere = read_of(&Queried { name: "contacts", ..PEOPLE }, &format!("$filter=mail eq 'a'&$skiptoken={token}"), false);
        assert!(elsewhere.unwrap_err().contains("Directory_ExpiredPageToken"));
    }

    #[test]
    fn whoever_is_asked_for_fits_both_filter_and_search() {
        let ada = Person { id: "1".into(), mail: Some("ada@x.example".into()), ..Person::default() };
        let fits = |query: &str| read(query, true).unwrap().fits(&ada);
        assert!(fits("") && fits("$filter=id eq '1'") && fits("$filter=id eq '1'&$search=\"mail:ada\""));
        assert!(!fits("$filter=id eq '2'&$search=\"mail:ada\"") && !fits("$filter=id eq '1'&$search=\"mail:bo\""));
    }
}
