//! What can be asked here: paths, methods, permissions and query options, and who answers.

use super::directory::Person;
use super::filter::{self, ObjectType};
use super::graph_api::{Caller, Handled, NOT_ALLOWED, insufficient, refusal};
use super::query::{self, Query};
use super::{Tenant, applications, entitlement, groups, partners, sites, sponsors};
use graph::{Reply, Request};
use std::sync::Arc;
use time::Moment;

/// What is behind a path: that decides how it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// What everybody may ask about themselves, guests too.
    Own,
    Mailbox,
    /// A guest sees nobody: entra-docs docs/fundamentals/users-default-permissions.md
    Directory,
    Entitlement,
}

/// One path and what can be asked there.
pub(super) struct GraphRoute {
    /// Segments; `{}` stands for an id, `|` between names of which any fits, and a function has the names of its parameters in brackets:
    /// `filterByCurrentUser(on)`.
    pub(super) pattern: &'static str,
    pub(super) service: Service,
    pub(super) kind: &'static ObjectType,
    pub(super) calls: &'static [AllowedCall],
}

/// Method, the delegated permissions of which any suffices, the query options, and who answers.
/// microsoftgraph/microsoft-graph-devx-content @ 6cbd6bbd, permissions/new/permissions.json.
/// Reading `deletedItems` and purging are not in that file; learn.microsoft.com/graph/api/directory-deleteditems-list names User.Read.All,
/// learn.microsoft.com/graph/api/directory-deleteditems-delete User.ReadWrite.All. That User.DeleteRestore.All purges, too, is our reading.
pub(super) struct AllowedCall {
    pub(super) method: &'static str,
    pub(super) scopes: ScopeList,
    pub(super) options: &'static [&'static str],
    pub(super) handler: Handler,
}

pub(super) type ScopeList = &'static [&'static str];
pub(super) type Handler = fn(&mut Tenant, &GraphCall<'_>) -> Handled;

/// One question that may be asked: by whom, of which ids, when.
pub(super) struct GraphCall<'a> {
    pub(super) me: Arc<Person>,
    pub(super) caller: &'a Caller,
    /// The ids and parameters of the path, in their order.
    pub(super) ids: Vec<String>,
    pub(super) query: Query,
    pub(super) kind: &'static ObjectType,
    pub(super) request: &'a Request,
    pub(super) now: Moment,
}

impl GraphCall<'_> {
    /// The first id of the path.
    pub(super) fn id(&self) -> &str {
        self.nth_id(0)
    }

    pub(super) fn nth_id(&self, place: usize) -> &str {
        self.ids.get(place).map_or("", String::as_str)
    }
}

pub(super) const fn get(scopes: ScopeList, options: &'static [&'static str], handler: Handler) -> AllowedCall {
    AllowedCall { method: "GET", scopes, options, handler }
}

pub(super) const fn write(method: &'static str, scopes: ScopeList, handler: Handler) -> AllowedCall {
    AllowedCall { method, scopes, options: query::NONE, handler }
}

pub(super) const fn post(scopes: ScopeList, handler: Handler) -> AllowedCall {
    write("POST", scopes, handler)
}

pub(super) const fn delete(scopes: ScopeList, handler: Handler) -> AllowedCall {
    write("DELETE", scopes, handler)
}

const fn route(pattern: &'static str, service: Service, calls: &'static [AllowedCall]) -> GraphRoute {
    GraphRoute { pattern, service, kind: &filter::USER, calls }
}

const ME: ScopeList = &["User.Read", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"];
const USERS: ScopeList = &["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"];
const DELETED: ScopeList = &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"];
const DELETING: ScopeList = &["User.DeleteRestore.All", "User.ReadWrite.All"];
const MEMBERSHIPS: ScopeList = &["User.Read", "User.Read.All", "Directory.Read.All", "GroupMember.Read.All"];
const ORGANIZATION: ScopeList = &["User.Read", "User.Read.All", "Organization.Read.All", "Directory.Read.All"];
const CONTACTS: ScopeList = &["OrgContact.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const INVITING: ScopeList = &["User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"];

const DELETED_USER: &[AllowedCall] = &[
    get(DELETED, query::ONE, |tenant, asked| tenant.deleted_user(asked.caller, asked.id(), &asked.query, asked.now).into()),
    delete(DELETING, |tenant, asked| tenant.purge_user(&asked.me, asked.id(), asked.now).into()),
];

static ROUTES: &[GraphRoute] = &[
    route("me", Service::Own, &[get(ME, query::ONE, |tenant, asked| tenant.me(&asked.me, &asked.query).into())]),
    route(
        "me/memberOf|transitiveMemberOf",
        Service::Own,
        &[get(MEMBERSHIPS, query::ROLES, |tenant, asked| tenant.my_memberships(asked).into())],
    ),
    route(
        "me/memberOf|transitiveMemberOf/graph.directoryRole",
        Service::Own,
        &[get(MEMBERSHIPS, query::ROLES, |tenant, asked| tenant.my_roles(asked).into())],
    ),
    route(
        "me/memberOf|transitiveMemberOf/graph.group",
        Service::Own,
        &[get(MEMBERSHIPS, query::ROLES, |tenant, asked| tenant.my_groups(asked).into())],
    ),
    // A cast to a type that Contoso has nothing of.
    route(
        "me/memberOf|transitiveMemberOf/graph.administrativeUnit",
        Service::Own,
        &[get(MEMBERSHIPS, query::ROLES, |tenant, asked| tenant.nothing(asked, "administrativeUnits").into())],
    ),
    route(
        "me/sendMail|graph.sendMail",
        Service::Mailbox,
        &[post(&["Mail.Send"], |tenant, asked| tenant.mail(&asked.me, false, asked.request, asked.now))],
    ),
    route(
        "me/messages",
        Service::Mailbox,
        &[post(&["Mail.ReadWrite"], |tenant, asked| tenant.mail(&asked.me, true, asked.request, asked.now))],
    ),
    route("chats", Service::Own, &[post(&["Chat.Create", "Chat.ReadWrite"], |tenant, asked| tenant.open_chat(&asked.me, asked.request))]),
    route(
        "chats/{}/messages",
        Service::Own,
        &[post(&["ChatMessage.Send", "Chat.ReadWrite"], |tenant, asked| {
            tenant.send_message(&asked.me, asked.id(), asked.request, asked.now).into()
        })],
    ),
    route(
        "organization",
        Service::Own,
        &[get(ORGANIZATION, query::ONE, |tenant, asked| tenant.organization(asked.caller, &asked.query).into())],
    ),
    route("users", Service::Directory, &[get(USERS, query::USERS, |tenant, asked| tenant.people(asked, false).into())]),
    route(
        "users/$count",
        Service::Directory,
        &[get(USERS, &["$filter", "$search"], |tenant, asked| tenant.user_count(&asked.query, &asked.request.headers, asked.now).into())],
    ),
    route(
        "users/{}",
        Service::Directory,
        &[
            get(USERS, query::USER, |tenant, asked| tenant.user(asked.caller, asked.id(), &asked.query, asked.now).into()),
            delete(DELETING, |tenant, asked| tenant.delete_user(&asked.me, asked.id(), asked.now).into()),
        ],
    ),
    route(
        "directory/deletedItems/graph.user",
        Service::Directory,
        &[get(DELETED, query::COLLECTION, |tenant, asked| tenant.people(asked, true).into())],
    ),
    route("directory/deletedItems/{}", Service::Directory, DELETED_USER),
    route("directory/deletedItems/{}/graph.user", Service::Directory, DELETED_USER),
    route(
        "directory/deletedItems/{}/restore|graph.restore",
        Service::Directory,
        &[post(DELETING, |tenant, asked| tenant.restore_user(&asked.me, asked.id(), asked.request, asked.now).into())],
    ),
    GraphRoute {
        kind: &filter::CONTACT,
        ..route(
            "contacts",
            Service::Directory,
            &[get(CONTACTS, query::COLLECTION, |tenant, asked| tenant.contacts(&asked.query, asked.request).into())],
        )
    },
    route("invitations", Service::Own, &[post(INVITING, |tenant, asked| tenant.invite(&asked.me, asked.caller, asked.request, asked.now))]),
];

fn routes() -> impl Iterator<Item = &'static GraphRoute> {
    let all =
        [ROUTES, groups::ROUTES, applications::ROUTES, sites::ROUTES, partners::ROUTES, sponsors::ROUTES, entitlement::routes::ROUTES];
    all.into_iter().flatten()
}

impl GraphRoute {
    /// What leads here, and the ids in the path. Names compare without case (learn.microsoft.com/graph/use-the-api), ids stand in
    /// a segment of their own or in brackets, and a cast may leave out `microsoft.`.
    ///
    /// # Errors
    /// The first segment that there is nothing for: microsoft-graph-docs #21648. Entitlement management answers by the whole path.
    pub(super) fn find(path: &str) -> Result<(&'static Self, Vec<String>), Reply> {
        let segments = segments(path);
        let mut furthest = 0;
        for route in routes() {
            let (reached, is_whole) = route.reaches(&segments);
            if is_whole {
                return Ok((route, route.ids(segments)));
            }
            furthest = furthest.max(reached);
        }
        if segments.get(1).is_some_and(|second| second.is("entitlementManagement")) && furthest >= 2 {
            return Err(entitlement::no_resource(path));
        }
        let segment = segments.get(furthest).or(segments.last()).map_or("", |segment| segment.text.as_str());
        Err(refusal(400, "BadRequest", &format!("Resource not found for the segment '{segment}'.")))
    }

    /// What can be asked here by this method.
    ///
    /// # Errors
    /// 405 where it cannot.
    pub(super) fn call(&self, request: &Request, path: &str) -> Result<&'static AllowedCall, Reply> {
        self.calls.iter().find(|call| call.method == request.method.as_str()).ok_or_else(|| match self.service {
            Service::Entitlement => entitlement::no_resource(path),
            _ => refusal(405, "Request_BadRequest", NOT_ALLOWED),
        })
    }

    /// What is said where the token has none of the permissions.
    pub(super) fn without_permission(&self) -> Reply {
        match self.service {
            Service::Mailbox => refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
            Service::Entitlement => entitlement::unauthorized(),
            Service::Own | Service::Directory => insufficient(),
        }
    }

    /// How many segments lead here, and whether it is all of them.
    fn reaches(&self, segments: &[Segment]) -> (usize, bool) {
        let mut wanted = self.pattern.split('/');
        let mut reached = 0;
        for segment in segments {
            match wanted.next() {
                Some(one) if segment.fits(one) => reached += 1,
                _ => return (reached, false),
            }
        }
        (reached, wanted.next().is_none())
    }

    fn ids(&self, segments: Vec<Segment>) -> Vec<String> {
        let wanted = self.pattern.split('/');
        let of_segment = |(one, segment): (&str, Segment)| if one == "{}" { vec![segment.text] } else { segment.arguments };
        wanted.zip(segments).flat_map(of_segment).collect()
    }
}

/// One part of a path.
struct Segment {
    /// Decoded; a function has only the names of its parameters in brackets.
    text: String,
    arguments: Vec<String>,
}

impl Segment {
    fn plain(text: &str) -> Self {
        Self { text: percent_decoded(text), arguments: Vec::new() }
    }

    fn is(&self, name: &str) -> bool {
        let is_cast = |text: &str| text.get(.."microsoft.".len()).is_some_and(|start| start.eq_ignore_ascii_case("microsoft."));
        let own = if is_cast(&self.text) { &self.text["microsoft.".len()..] } else { &self.text };
        own.eq_ignore_ascii_case(name)
    }

    fn fits(&self, wanted: &str) -> bool {
        match wanted {
            "{}" => !self.text.is_empty() && !self.text.starts_with('$') && !self.is_type(),
            _ => wanted.split('|').any(|name| self.is(name)),
        }
    }

    /// The name of a type, which casts.
    fn is_type(&self) -> bool {
        let lower = self.text.to_ascii_lowercase();
        lower.starts_with("graph.") || lower.starts_with("microsoft.graph.")
    }
}

/// A key in brackets is a segment of its own; parameters by name belong to the segment.
fn segments(path: &str) -> Vec<Segment> {
    let mut all = Vec::new();
    for segment in path.trim_matches('/').split('/') {
        let in_brackets = segment.strip_suffix(')').and_then(|rest| rest.split_once('('));
        match in_brackets {
            Some((name, inner)) if inner.is_empty() || is_named(inner) => {
                let pairs: Vec<(&str, &str)> = inner.split(',').filter_map(|pair| pair.split_once('=')).collect();
                let names: Vec<&str> = pairs.iter().map(|(name, _)| name.trim()).collect();
                let arguments = pairs.iter().map(|(_, value)| unquoted(value)).collect();
                let text = if names.is_empty() { name.to_owned() } else { format!("{name}({})", names.join(",")) };
                all.push(Segment { text, arguments });
            }
            Some((name, key)) => {
                let text = key.trim_matches('\'').replace("''", "'");
                all.extend([Segment::plain(name), Segment::plain(&text)]);
            }
            None => all.push(Segment::plain(segment)),
        }
    }
    all
}

/// Whether this begins with the name of a parameter, and not with a key.
fn is_named(inner: &str) -> bool {
    inner.split_once('=').is_some_and(|(name, _)| name.trim().bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn unquoted(text: &str) -> String {
    percent_decoded(text).trim().trim_matches('\'').replace("''", "'")
}

fn percent_decoded(segment: &str) -> String {
    // A `+` of a path is a plus, unlike in a form.
    url::form_urlencoded::parse(segment.replace('+', "%2B").as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_what_they_name() {
        let check = |path: &str, pattern: &str, ids: &[&str]| {
            let (route, found) = GraphRoute::find(path).unwrap_or_else(|refused| panic!("{path}: {}", refused.body));
            assert_eq!((route.pattern, found.iter().map(String::as_str).collect::<Vec<_>>().as_slice()), (pattern, ids), "{path}");
        };
        check("/me", "me", &[]);
        check("/ME/", "me", &[]);
        check("/me/memberOf", "me/memberOf|transitiveMemberOf", &[]);
        check("/me/transitiveMemberOf/microsoft.graph.directoryRole", "me/memberOf|transitiveMemberOf/graph.directoryRole", &[]);
        check("/me/memberOf/graph.group", "me/memberOf|transitiveMemberOf/graph.group", &[]);
        check("/me/memberOf()", "me/memberOf|transitiveMemberOf", &[]);
        check("/me/sendMail", "me/sendMail|graph.sendMail", &[]);
        check("/me/microsoft.graph.sendMail", "me/sendMail|graph.sendMail", &[]);
        check("/me/messages", "me/messages", &[]);
        check("/chats", "chats", &[]);
        check("/chats/19:a%40b/messages", "chats/{}/messages", &["19:a@b"]);
        check("/organization", "organization", &[]);
        check("/users", "users", &[]);
        check("/users/$count", "users/$count", &[]);
        check("/users/a+b%2B%40x", "users/{}", &["a+b+@x"]);
        check("/users('o''neil')", "users/{}", &["o'neil"]);
        check("/directory/deletedItems/microsoft.graph.user", "directory/deletedItems/graph.user", &[]);
        check("/contacts", "contacts", &[]);
        check("/invitations", "invitations", &[]);
        check("/groups/1/members/2/$ref", "groups/{}/members/{}/$ref", &["1", "2"]);
        check("/groups/1/members/2/%24ref", "groups/{}/members/{}/$ref", &["1", "2"]);
        check("/groups('1')/members/2/$ref", "groups/{}/members/{}/$ref", &["1", "2"]);
        check("/servicePrincipals(appId='1')/appRoleAssignedTo", "servicePrincipals(appId)/appRoleAssignedTo", &["1"]);
        let approvals = "identityGovernance/entitlementManagement/accessPackageAssignmentApprovals";
        check(&format!("/{approvals}/1/stages/2"), &format!("{approvals}/{{}}/stages/{{}}"), &["1", "2"]);
        for path in [
            "filterByCurrentUser(on='approver')",
            "filterbycurrentuser(on=%27approver%27)",
            "microsoft.graph.filterByCurrentUser(on='approver')",
        ] {
            check(
                &format!("/{approvals}/{path}"),
                &format!("{approvals}/filterByCurrentUser(on)|graph.filterByCurrentUser(on)"),
                &["approver"],
            );
        }
    }

    #[test]
    fn the_first_segment_that_leads_nowhere_is_named() {
        let check = |path: &str, segment: &str| {
            let refused = GraphRoute::find(path).map(|(route, _)| route.pattern).unwrap_err();
            assert!(refused.status == 400 && refused.body.contains(&format!("segment '{segment}'.")), "{path}: {}", refused.body);
        };
        check("/devices", "devices");
        check("/me/photo", "photo");
        check("/me/memberOf/graph.device", "graph.device");
        check("/me/messages/1", "1");
        check("/directory/roles", "roles");
        check("/directory/deletedItems/graph.group", "graph.group");
        check("/users/1/manager", "manager");
        check("/invitations/1", "1");
        check("/directory", "directory");
        check("/identityGovernance", "identityGovernance");
    }
}
