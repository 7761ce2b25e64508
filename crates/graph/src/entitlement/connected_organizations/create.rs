//! Making a connected organization. <https://learn.microsoft.com/graph/api/entitlementmanagement-post-connectedorganizations>

use super::{ConnectedOrganization, ConnectedOrganizationState, IdentitySource, ListConnectedOrganizations};
use crate::entitlement::{CreateRefusal, ROOT, WRITING};
use crate::{AfterLoss, Operation, PaceKind, Request};
use serde_json::json;

/// 201 with the [`ConnectedOrganization`], maybe without its source. What is read later may be another source: a domain that belongs to a
/// tenant becomes that.
#[derive(Clone, Copy, Debug)]
pub struct CreateConnectedOrganization<'a> {
    /// What it is to be.
    pub organization: &'a NewConnectedOrganization,
}

/// A connected organization that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConnectedOrganization {
    /// It need not be unique, but is what a lost answer is looked for by.
    pub display_name: String,
    /// For administrators.
    pub description: String,
    /// How its people are known: exactly one way.
    pub source: IdentitySource,
    /// What Graph takes for chosen where nothing is said differs from page to page, so it is said.
    pub state: ConnectedOrganizationState,
}

impl CreateConnectedOrganization<'_> {
    /// Which of those that were looked at this would have made: the one of its name and its domain; where a tenant stands instead, the one of
    /// its name.
    pub fn among<'o>(&self, looked: &'o [ConnectedOrganization]) -> Option<&'o ConnectedOrganization> {
        let NewConnectedOrganization { display_name, source, .. } = self.organization;
        looked.iter().filter(|one| one.display_name.as_ref() == Some(display_name)).find(|one| {
            one.identity_sources.iter().all(|own| match (own, source) {
                (IdentitySource::Domain { domain: own, .. }, IdentitySource::Domain { domain, .. }) => own.eq_ignore_ascii_case(domain),
                (IdentitySource::Tenant { id: own, .. }, IdentitySource::Tenant { id, .. }) => own.eq_ignore_ascii_case(id),
                (IdentitySource::Tenant { .. }, IdentitySource::Domain { .. }) => true,
                (own, source) => own == source,
            })
        })
    }
}

impl Operation for CreateConnectedOrganization<'_> {
    type Output = ConnectedOrganization;
    /// Whether a domain that is there already is refused is not known.
    type Refusal = CreateRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let NewConnectedOrganization { display_name, description, source, state } = self.organization;
        let body = json!({
            "displayName": display_name, "description": description, "identitySources": [source.write()], "state": state.as_str(),
        });
        Request::post(format!("{ROOT}/connectedOrganizations"), &body)
    }

    /// An organization of this name shows it ([`Self::among`]): Graph does not filter by domains, and tells a tenant's otherwise than they
    /// were sent.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(ListConnectedOrganizations { named: Some(&self.organization.display_name) }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::EntitlementRefusal;
    use crate::operation::testing::{looks, refuses, reply, writes};

    #[test]
    fn an_organization_is_made_by_its_domain_and_looked_for_by_name_and_domain() {
        let organization = NewConnectedOrganization {
            display_name: "Fabrikam".into(),
            description: "Supplier".into(),
            source: IdentitySource::domain("fabrikam.example"),
            state: ConnectedOrganizationState::Configured,
        };
        let create = CreateConnectedOrganization { organization: &organization };
        let body = json!({"displayName": "Fabrikam", "description": "Supplier", "state": "configured", "identitySources": [
            {"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "fabrikam.example", "displayName": "fabrikam.example"}]});
        writes(&create, "POST", &format!("{ROOT}/connectedOrganizations"), &body);
        assert_eq!(create.read(&reply(201, r#"{"id":"o","identitySources":[]}"#)).unwrap().id, "o");
        assert_eq!(looks(&create), ListConnectedOrganizations { named: Some("Fabrikam") }.request());
        let of = |name: &str, source| ConnectedOrganization {
            display_name: Some(name.into()),
            identity_sources: vec![source],
            ..ConnectedOrganization::default()
        };
        for source in [IdentitySource::domain("Fabrikam.example"), IdentitySource::tenant("t", "Fabrikam")] {
            assert!(create.among(&[of("Fabrikam", source.clone())]).is_some() && create.among(&[of("Other", source)]).is_none());
        }
        assert!(create.among(&[of("Fabrikam", IdentitySource::domain("fabrikam-eu.example"))]).is_none());
        refuses(
            &create,
            &[
                (403, "UnAuthorized", "", Some(CreateRefusal::Any(EntitlementRefusal::NotAuthorized))),
                (409, "NewCode", "", Some(CreateRefusal::AlreadyThere)),
            ],
        );
    }
}
