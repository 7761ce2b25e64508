//! Query options, read before anything is looked up: what Graph does not take is refused and never passed over.
//! <https://learn.microsoft.com/graph/query-parameters>, <https://learn.microsoft.com/graph/aad-advanced-queries>

use super::directory::{Person, key};
use super::expand::Expansion;
use super::filter::{self, Filter, FilterProblem};
use super::filter_reader;
use super::graph_api::refusal;
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

/// What was asked for.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) select: Option<String>,
    pub(super) expand: Option<Expansion>,
    pub(super) filter: Option<Filter>,
    search: Option<Search>,
    pub(super) order: Option<Order>,
    pub(super) top: usize,
    /// How many objects earlier pages held.
    pub(super) start: usize,
    /// The number of all is wanted, and the header that it takes is there.
    pub(super) counted: bool,
    /// Of all options but the page.
    mark: u64,
}

impl Query {
    /// # Errors
    /// Options that are unknown, stand twice, or have values that Graph refuses.
    pub(super) fn read(pairs: &[(String, String)], headers: &Headers, known: &[&str], kind: &filter::ObjectType) -> Result<Self, Reply> {
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
        let expand = get("$expand").map(Expansion::read).transpose()?;
        // With it no query is an advanced one, and a search is refused as if the header were missing: microsoft-graph-docs-contrib #2577.
        let is_eventual = expand.is_none() && headers.get("ConsistencyLevel").is_some_and(|level| level.eq_ignore_ascii_case("eventual"));
        let counted = match get("$count") {
            None | Some("false") => false,
            // Without the header it is passed over, and no number comes (microsoft-graph-docs #8586).
            Some("true") => is_eventual,
            Some(other) => {
                return Err(refusal(400, "BadRequest", &format!("Invalid value '{other}' for $count query option found.")));
            }
        };
        let filter = get("$filter").map(|text| filter_reader::read(text, kind, counted)).transpose().map_err(|problem| told(&problem))?;
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
            Some(text) => Some(Search::read(text)?),
        };
        let order = get("$orderby").map(Order::read).transpose()?;
        // microsoft-graph-docs #13762.
        if order.is_some() && (filter.is_some() && !counted) {
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
        // <https://learn.microsoft.com/graph/query-parameters#expand>: at most a hundred objects with what is expanded.
        let top = if expand.is_some() { top.min(PAGE) } else { top };
        let marked = ["$filter", "$search", "$orderby"].map(|name| get(name).unwrap_or_default()).join("\n");
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
            // What a token of another query or an old one is answered with: msgraph-sdk-dotnet #2254.
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
        let parts: Vec<String> = select.into_iter().chain(self.expand.as_ref().map(Expansion::in_context)).collect();
        if parts.is_empty() { set.into() } else { format!("{set}({})", parts.join(",")) }
    }

    pub(super) fn fits(&self, person: &Person) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.fits(person)) && self.search.as_ref().is_none_or(|search| search.fits(person))
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

fn told(problem: &FilterProblem) -> Reply {
    match problem {
        // microsoft-graph-docs #3044, msgraph-sdk-dotnet #1190.
        FilterProblem::Invalid(words) => refusal(400, "BadRequest", &format!("Invalid filter clause: {words}")),
        FilterProblem::Unsupported(words) => refusal(400, "Request_UnsupportedQuery", words),
    }
}
