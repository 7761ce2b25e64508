//! Every path of the page, in the fragment: one build works in any folder, on any host. What is shown in a view (filter,
//! open row, chosen guest) stands in it too, so that it can be shared and Back works.

use guestlist::bulk::Ending;
use guestlist::jobs::invite::outcome::Outcome;
use url::form_urlencoded;

/// Where the page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Composing; `guest` is the one in the preview, from 0; `rows` says which are shown, as the list's view writes it.
    Invite {
        guest: usize,
        rows: String,
    },
    Runs,
    Run {
        id: String,
        show: Show,
        row: Option<u32>,
    },
    /// Access packages; those are shown that hold what is looked for.
    SelfService {
        find: String,
    },
    /// One access package, by Graph's id.
    Package(String),
    /// What a catalog holds, drawn; the first catalog where none is named. `from` is the first package that is drawn, from 0.
    PackageMap {
        catalog: String,
        from: usize,
    },
}

/// Which rows of a run are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    #[default]
    All,
    Invited,
    Failed,
}

impl Show {
    /// Whether a row is shown that ended like this, if it has ended.
    pub fn fits(self, outcome: Option<&Outcome>) -> bool {
        match self {
            Self::All => true,
            Self::Invited => matches!(outcome, Some(Outcome::Invited { .. })),
            Self::Failed => outcome.is_some_and(Ending::is_failure),
        }
    }

    /// What is shown, to be put behind the name of a whole.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Invited => " of invited rows",
            Self::Failed => " of failed rows",
        }
    }

    const fn word(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Invited => Some("invited"),
            Self::Failed => Some("failed"),
        }
    }
}

impl Default for Route {
    fn default() -> Self {
        Self::Invite { guest: 0, rows: String::new() }
    }
}

impl Route {
    /// Reads a fragment. What is not known leads to the first page.
    pub fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#');
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            ["runs"] => Self::Runs,
            ["runs", id] if id.chars().all(|character| character.is_ascii_hexdigit() || character == '-') => {
                let show = [Show::Invited, Show::Failed].into_iter().find(|show| show.word() == value("show")).unwrap_or_default();
                Self::Run { id: (*id).into(), show, row: value("row").and_then(|row| row.parse().ok()) }
            }
            ["self-service"] => Self::SelfService { find: decoded(query, "find") },
            ["self-service", id] if id.chars().all(|character| character.is_ascii_hexdigit() || character == '-') => {
                Self::Package((*id).into())
            }
            ["self-service", "map", catalog @ ..] => {
                let is_id = |id: &&str| id.chars().all(|character| character.is_ascii_hexdigit() || character == '-');
                let catalog = catalog.first().copied().filter(is_id).unwrap_or_default().to_owned();
                Self::PackageMap {
                    catalog,
                    from: value("from").and_then(|from| from.parse::<usize>().ok()).map_or(0, |from| from.saturating_sub(1)),
                }
            }
            _ => Self::Invite {
                guest: value("guest").and_then(|guest| guest.parse::<usize>().ok()).map_or(0, |guest| guest.saturating_sub(1)),
                rows: query
                    .split('&')
                    .filter(|pair| ["only=", "find=", "sort="].iter().any(|name| pair.starts_with(name)))
                    .collect::<Vec<_>>()
                    .join("&"),
            },
        }
    }

    pub fn hash(&self) -> String {
        match self {
            Self::Invite { guest, rows } => {
                let guest = (*guest > 0).then(|| format!("guest={}", guest + 1));
                let query: Vec<String> = guest.into_iter().chain((!rows.is_empty()).then(|| rows.clone())).collect();
                if query.is_empty() { "#/invite".into() } else { format!("#/invite?{}", query.join("&")) }
            }
            Self::Runs => "#/runs".into(),
            Self::SelfService { find } if find.is_empty() => "#/self-service".into(),
            Self::SelfService { find } => {
                format!("#/self-service?find={}", form_urlencoded::byte_serialize(find.as_bytes()).collect::<String>())
            }
            Self::Package(id) => format!("#/self-service/{id}"),
            Self::PackageMap { catalog, from } => {
                let catalog = if catalog.is_empty() { String::new() } else { format!("/{catalog}") };
                let from = if *from > 0 { format!("?from={}", from + 1) } else { String::new() };
                format!("#/self-service/map{catalog}{from}")
            }
            Self::Run { id, show, row } => {
                let show = show.word().map(|word| format!("show={word}"));
                let row = row.map(|row| format!("row={row}"));
                let query: Vec<String> = [show, row].into_iter().flatten().collect();
                if query.is_empty() { format!("#/runs/{id}") } else { format!("#/runs/{id}?{}", query.join("&")) }
            }
        }
    }

    pub const fn title(&self) -> &'static str {
        match self {
            Self::Invite { .. } => "Invite",
            Self::Runs => "Runs",
            Self::Run { .. } => "Run",
            Self::SelfService { .. } => "Self-service",
            Self::Package(_) => "Access package",
            Self::PackageMap { .. } => "Map of access packages",
        }
    }

    /// Whether this is the page of that place in the navigation, or lies below it.
    pub fn belongs_to(&self, place: &Self) -> bool {
        match place {
            Self::Runs => matches!(self, Self::Runs | Self::Run { .. }),
            Self::SelfService { .. } => matches!(self, Self::SelfService { .. } | Self::Package(_) | Self::PackageMap { .. }),
            place => self.same_view(place),
        }
    }

    /// Whether two routes are the same view, whatever is chosen in it.
    pub fn same_view(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Run { id, .. }, Self::Run { id: other, .. }) | (Self::Package(id), Self::Package(other)) => id == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// What a query says by this name; nothing where it says none.
fn decoded(query: &str, name: &str) -> String {
    form_urlencoded::parse(query.as_bytes()).find(|(own, _)| own == name).map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn routes_survive_being_printed() {
        let id = "0a1b-2c".to_owned();
        for route in [
            Route::Invite { guest: 0, rows: String::new() },
            Route::Invite { guest: 4, rows: "only=errors&find=a%26b".into() },
            Route::Runs,
            Route::Run { id: id.clone(), show: Show::All, row: None },
            Route::Run { id: id.clone(), show: Show::Invited, row: None },
            Route::Run { id: id.clone(), show: Show::Failed, row: Some(7) },
            Route::SelfService { find: String::new() },
            Route::SelfService { find: "Größe & co/?#".into() },
            Route::Package(id.clone()),
            Route::PackageMap { catalog: String::new(), from: 0 },
            Route::PackageMap { catalog: id, from: 20 },
        ] {
            assert_eq!(Route::parse(&route.hash()), route);
        }
    }

    #[wasm_bindgen_test]
    fn strange_fragments_lead_home() {
        for hash in ["", "#", "#code=secret&state=x", "#/nowhere", "#/runs/<script>", "#/self-service/<script>", "#/invite?guest=-1"] {
            assert_eq!(Route::parse(hash), Route::default(), "{hash}");
        }
    }
}
