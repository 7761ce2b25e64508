//! Connected organizations and their sponsors. <https://learn.microsoft.com/graph/api/resources/connectedorganization>

use super::bodies;
use super::object_view::{ORGANIZATIONS, ObjectView, found, keys};
use super::stored::StoredObject;
use super::{Governance, refused, types};
use crate::groups::{already_there, not_there};
use crate::partners::PartnerTenant;
use crate::recycle_bin::no_content;
use crate::resources::GraphCall;
use crate::{Tenant, json_reply};
use graph::Reply;
use serde_json::{Value, json};
use time::Moment;

/// That somebody, or everybody in a group, sponsors an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SponsorRecord {
    organization: String,
    /// A user or a group, by id.
    sponsor: String,
    is_internal: bool,
}

impl Governance {
    /// Sponsors by id.
    pub(super) fn sponsors_of(&self, organization: &str, is_internal: bool) -> Vec<String> {
        let own = self.sponsors.iter().filter(|one| one.organization == organization && one.is_internal == is_internal);
        own.map(|one| one.sponsor.clone()).collect()
    }
}

/// The domain or tenant that a source names: what two organizations cannot both have.
fn source_key(source: &Value) -> String {
    let known = ["tenantId", "domainName"].iter().find_map(|name| source[name].as_str());
    known.unwrap_or_default().to_ascii_lowercase()
}

/// A domain that belongs to a tenant is kept as that tenant: entra-docs docs/id-governance/entitlement-management-organization.md.
fn recognised(source: &Value) -> Value {
    let is_domain = source["@odata.type"] == "#microsoft.graph.domainIdentitySource";
    match source["domainName"].as_str().and_then(PartnerTenant::by_domain).filter(|_| is_domain) {
        Some(partner) => json!({"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "tenantId": partner.id,
            "displayName": partner.name}),
        None => source.clone(),
    }
}

impl Tenant {
    /// The organization of somebody by id or address: by the domain, or by the tenant that the domain belongs to.
    pub(super) fn organization_of(&self, key: &str) -> Option<&StoredObject> {
        let address = match self.directory.by_id(key) {
            Some(person) if person.is_guest() => person.mail.as_deref()?,
            Some(_) => return None,
            None => key,
        };
        let domain = address.rsplit_once('@')?.1.to_ascii_lowercase();
        let tenant = PartnerTenant::by_domain(&domain).map(|partner| partner.id);
        let names = |source: &Value| source_key(source) == domain || tenant.is_some_and(|tenant| source_key(source) == tenant);
        self.governance.organizations.living().find(|one| one.body["identitySources"].as_array().into_iter().flatten().any(names))
    }

    pub(super) fn list_organizations(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        self.needs_reader(asked)?;
        Ok(self.listed(asked, keys(self.governance.organizations.living()), "connectedOrganizations"))
    }

    pub(super) fn organization_one(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        self.needs_reader(asked)?;
        let id = &found(self.governance.organizations.by_id(asked.id()), ORGANIZATIONS)?.id;
        self.told(asked, id, ORGANIZATIONS)
    }

    /// The answer may show no sources; the next GET does. That a second organization of one source is refused is our reading, and a knob.
    pub(super) fn create_organization(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::ORGANIZATION)?;
        self.needs_governor(asked)?;
        let sources = body.get("identitySources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let [source] = sources else { return Err(bodies::invalid_model()) };
        if bodies::text(&body, "displayName").is_empty() {
            return Err(bodies::invalid_model());
        }
        let source = recognised(source);
        let key = source_key(&source);
        let has_it = |one: &StoredObject| one.body["identitySources"].as_array().into_iter().flatten().any(|own| source_key(own) == key);
        if !self.knobs.duplicate_organizations && !key.is_empty() && self.governance.organizations.living().any(has_it) {
            return Err(refused(
                "ConnectedOrganizationAlreadyExists",
                "A connected organization with this identity source already exists.",
            ));
        }
        let mut full = json!({"description": null, "state": "configured"});
        for (name, value) in body {
            full[name] = value;
        }
        full["identitySources"] = json!([source]);
        let id = self.add_organization(full, asked.now);
        let mut shown = self.fresh(&types::ORGANIZATION, &id, asked);
        shown.insert("identitySources".into(), json!([]));
        Ok(self.answer_created("connectedOrganizations", shown))
    }

    fn add_organization(&mut self, body: Value, now: Moment) -> String {
        let id = self.ids.guid();
        self.governance.organizations.add(StoredObject::new(id.clone(), String::new(), body, now));
        id
    }

    /// Of whoever comes by a policy for everybody the organization is proposed by itself.
    pub(super) fn propose_organization(&mut self, address: &str, now: Moment) {
        let Some((_, domain)) = address.rsplit_once('@').filter(|_| self.organization_of(address).is_none()) else { return };
        let source = json!({"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": domain, "displayName": domain});
        let body = json!({"displayName": domain, "description": domain, "state": "proposed", "identitySources": [recognised(&source)]});
        self.add_organization(body, now);
    }

    /// 202 with the object, whose sources are null: <https://learn.microsoft.com/graph/api/connectedorganization-update>.
    pub(super) fn update_organization(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let mut body = bodies::read(asked.request, &bodies::ORGANIZATION)?;
        self.needs_governor(asked)?;
        body.remove("identitySources");
        found(self.governance.organizations.by_id_mut(asked.id()), ORGANIZATIONS)?.change(body, asked.now);
        let view = ObjectView { tenant: self, kind: &types::ORGANIZATION, key: asked.id().into(), now: asked.now };
        let mut shown = view.members().unwrap_or_default();
        shown.insert("identitySources".into(), Value::Null);
        shown.insert("@odata.context".into(), json!(self.context("connectedOrganizations/$entity")));
        Ok(json_reply(202, &Value::Object(shown)))
    }

    /// Only without connected users: entra-docs docs/id-governance/entitlement-management-organization.md. The code is ours.
    pub(super) fn delete_organization(&mut self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        self.needs_governor(asked)?;
        let id = found(self.governance.organizations.by_id(asked.id()), ORGANIZATIONS)?.id.clone();
        let is_of = |target: &str| self.organization_of(target).is_some_and(|organization| organization.id == id);
        if self.governance.assignments.iter().any(|one| !one.is_over() && is_of(&one.target)) {
            let words = "The connected organization can not be deleted because there are connected users.";
            return Err(refused("ConnectedOrganizationHasUsers", words));
        }
        found(self.governance.organizations.by_id_mut(&id), ORGANIZATIONS)?.gone_from = Some(asked.now);
        self.governance.sponsors.retain(|one| one.organization != id);
        Ok(no_content())
    }

    pub(super) fn organization_sponsors(&self, asked: &GraphCall<'_>, is_internal: bool) -> Result<Reply, Reply> {
        self.needs_reader(asked)?;
        let id = &found(self.governance.organizations.by_id(asked.id()), ORGANIZATIONS)?.id;
        Ok(self.listed(asked, self.governance.sponsors_of(id, is_internal), "directoryObjects"))
    }

    pub(super) fn add_organization_sponsor(&mut self, asked: &GraphCall<'_>, is_internal: bool) -> Result<Reply, Reply> {
        let body = bodies::read(asked.request, &bodies::REFERENCE)?;
        self.needs_governor(asked)?;
        let organization = found(self.governance.organizations.by_id(asked.id()), ORGANIZATIONS)?.id.clone();
        let sponsor = self.referenced_sponsor(bodies::member(&body, "@odata.id"), asked.now)?;
        let one = SponsorRecord { organization, sponsor, is_internal };
        if self.governance.sponsors.contains(&one) {
            return Err(already_there(if is_internal { "internalSponsors" } else { "externalSponsors" }));
        }
        self.governance.sponsors.push(one);
        Ok(no_content())
    }

    pub(super) fn remove_organization_sponsor(&mut self, asked: &GraphCall<'_>, is_internal: bool) -> Result<Reply, Reply> {
        self.needs_governor(asked)?;
        let organization = found(self.governance.organizations.by_id(asked.id()), ORGANIZATIONS)?.id.clone();
        let one = SponsorRecord { organization, sponsor: asked.nth_id(1).into(), is_internal };
        let before = self.governance.sponsors.len();
        self.governance.sponsors.retain(|known| *known != one);
        if self.governance.sponsors.len() == before { Err(not_there("sponsors")) } else { Ok(no_content()) }
    }
}
