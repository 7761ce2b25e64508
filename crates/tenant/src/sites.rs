//! SharePoint sites: found by a search, and filled by entitlement management. <https://learn.microsoft.com/graph/api/site-search>

use super::filter::ObjectType;
use super::resources::{GraphCall, GraphRoute, Service, get};
use super::{Tenant, json_reply};
use graph::Reply;
use serde_json::{Map, Value, json};

static SITE: ObjectType = ObjectType { name: "site", service: Service::Own, properties: &[], navigations: &[] };

pub(super) static ROUTES: &[GraphRoute] = &[GraphRoute {
    pattern: "sites",
    service: Service::Own,
    kind: &SITE,
    calls: &[get(&["Sites.Read.All", "Sites.ReadWrite.All"], &["search", "$select", "$top", "$skiptoken"], |tenant, asked| {
        tenant.search_sites(asked).into()
    })],
}];

/// The sequence numbers and names of a site's roles, as entitlement management calls them:
/// <https://learn.microsoft.com/graph/api/accesspackage-post-resourcerolescopes>, whose sample has 4.
pub(super) const SITE_ROLES: [(&str, &str); 3] = [("3", "Owners"), ("4", "Visitors"), ("5", "Members")];

/// A site, with its members: person by id, and role.
#[derive(Clone, Debug)]
pub(super) struct SiteRecord {
    pub(super) url: &'static str,
    pub(super) display_name: &'static str,
    pub(super) members: Vec<(String, String)>,
}

impl SiteRecord {
    fn full(&self) -> Value {
        let name = self.url.rsplit('/').next().unwrap_or_default();
        json!({"id": format!("contoso.sharepoint.com,{name}"), "name": name, "displayName": self.display_name, "webUrl": self.url,
            "isPersonalSite": false})
    }
}

impl Tenant {
    fn search_sites(&self, asked: &GraphCall<'_>) -> Reply {
        let (_, pairs) = super::split(&asked.request.path);
        let words = super::value(&pairs, "search").unwrap_or_default().trim_matches('*').to_lowercase();
        let found: Vec<&SiteRecord> = self.sites.iter().filter(|site| site.display_name.to_lowercase().contains(&words)).collect();
        let select = asked.query.select.as_deref();
        self.page(&found, &asked.query, asked.request, "sites", |site| super::selection::only(site.full(), select))
    }

    /// Every site with its members, by sign-in name.
    pub(super) fn sites_json(&self) -> Reply {
        let member = |(person, role): &(String, String)| {
            let name = self.directory.by_id(person).map(|person| person.user_principal_name.clone());
            let role = SITE_ROLES.iter().find(|(number, _)| number == role).map(|(_, name)| *name);
            json!({"userPrincipalName": name, "role": role})
        };
        let shown = |site: &SiteRecord| {
            let mut full: Map<String, Value> = super::selection::only(site.full(), None);
            full.insert("members".into(), site.members.iter().map(member).collect());
            Value::Object(full)
        };
        json_reply(200, &json!({"sites": self.sites.iter().map(shown).collect::<Vec<_>>()}))
    }
}
