//! Other tenants, as far as Contoso can know of them: by a domain or by their id.
//! <https://learn.microsoft.com/graph/api/tenantrelationship-findtenantinformationbydomainname>,
//! <https://learn.microsoft.com/graph/api/tenantrelationship-findtenantinformationbytenantid>

use super::filter::ObjectType;
use super::graph_api::refusal;
use super::resources::{AllowedCall, GraphCall, GraphRoute, Service, get};
use super::{Tenant, json_reply, query};
use graph::Reply;
use serde_json::json;

/// An organisation with a tenant of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PartnerTenant {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) domains: &'static [&'static str],
}

const PARTNERS: [PartnerTenant; 2] = [
    PartnerTenant {
        id: "fab21ca3-c070-4050-a000-c0ffee000008",
        name: "Fabrikam",
        domains: &["fabrikam.example", "fabrikam.onmicrosoft.com"],
    },
    PartnerTenant { id: "300d60fe-c070-4050-a000-c0ffee000009", name: "Woodgrove Bank", domains: &["woodgrove.example"] },
];

impl PartnerTenant {
    /// The tenant that has verified this domain.
    pub(super) fn by_domain(domain: &str) -> Option<Self> {
        PARTNERS.into_iter().find(|partner| partner.domains.iter().any(|own| own.eq_ignore_ascii_case(domain)))
    }

    /// The tenant of this id or domain.
    pub(super) fn known_as(text: &str) -> Option<Self> {
        PARTNERS.into_iter().find(|partner| partner.id.eq_ignore_ascii_case(text)).or_else(|| Self::by_domain(text))
    }
}

static TENANT_INFORMATION: ObjectType = ObjectType { name: "tenantInformation", service: Service::Own, properties: &[], navigations: &[] };

const FIND: &[AllowedCall] =
    &[get(&["CrossTenantInformation.ReadBasic.All"], query::ONE, |tenant, asked| tenant.find_partner(asked).into())];

pub(super) static ROUTES: &[GraphRoute] = &[
    route("tenantRelationships/findTenantInformationByDomainName(domainName)|graph.findTenantInformationByDomainName(domainName)"),
    route("tenantRelationships/findTenantInformationByTenantId(tenantId)|graph.findTenantInformationByTenantId(tenantId)"),
];

const fn route(pattern: &'static str) -> GraphRoute {
    GraphRoute { pattern, service: Service::Own, kind: &TENANT_INFORMATION, calls: FIND }
}

impl Tenant {
    /// The words of its 404 are ours.
    fn find_partner(&self, asked: &GraphCall<'_>) -> Result<Reply, Reply> {
        let found = PartnerTenant::known_as(asked.id());
        let found =
            found.ok_or_else(|| refusal(404, "Directory_ObjectNotFound", "Unable to read the company information of this tenant."))?;
        let context = self.context("microsoft.graph.tenantInformation");
        Ok(json_reply(
            200,
            &json!({"@odata.context": context, "tenantId": found.id, "displayName": found.name, "federationBrandName": null,
                "defaultDomainName": found.domains[0]}),
        ))
    }
}
