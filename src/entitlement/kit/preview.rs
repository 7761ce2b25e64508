//! Who would see a kit that is not made yet: its own policy, held against the organizations that there are and those that it would connect.

use super::calls::KitCalls;
use super::plan::as_if_made;
use super::{Kit, KitItem, KitOrganization};
use crate::entitlement::audience::{Sight, Visitor, sight};
use crate::entitlement::inventory::Inventory;
use graph::Operation;
use graph::entitlement::access_packages::AccessPackage;
use graph::entitlement::assignment_policies::{AssignmentPolicy, CreateAssignmentPolicy};
use graph::entitlement::catalogs::{AccessPackageCatalog, CatalogState};
use graph::entitlement::connected_organizations::{ConnectedOrganization, ConnectedOrganizationState, IdentitySource};
use std::collections::BTreeMap;

/// A kit as if it were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitPreview {
    package: AccessPackage,
    inventory: Inventory,
    /// Those that would be connected, where nobody knows which are.
    own: Vec<ConnectedOrganization>,
}

impl KitPreview {
    /// `inventory` is what there is; without organizations in it only those that the kit would connect are known.
    pub fn new(kit: &Kit, inventory: &Inventory) -> Self {
        let mut own = Vec::new();
        let mut parts = as_if_made(kit);
        for (place, organization) in kit.organizations().iter().enumerate() {
            let KitOrganization::ByDomain { name, tenant, .. } = organization else { continue };
            let Some(part) = parts.iter_mut().find(|part| part.item == KitItem::Organization(place)) else { continue };
            if let Some(known) = organization.among(inventory.organizations.iter().flat_map(BTreeMap::values)) {
                part.id.clone_from(&known.id);
            } else {
                let by_domain = || KitCalls { kit, parts: &[] }.new_organization(place).source;
                own.push(ConnectedOrganization {
                    id: part.id.clone(),
                    display_name: Some(name.clone()),
                    state: Some(ConnectedOrganizationState::Configured),
                    // A domain that belongs to a tenant becomes that.
                    identity_sources: vec![tenant.as_ref().map_or_else(by_domain, |tenant| IdentitySource::tenant(tenant, name))],
                    ..ConnectedOrganization::default()
                });
            }
        }
        let calls = KitCalls { kit, parts: &parts };
        let asked = CreateAssignmentPolicy { package: calls.id(KitItem::Package), terms: &calls.terms() }.request();
        let policy: AssignmentPolicy =
            asked.body.and_then(|body| serde_json::from_str(&body).ok()).expect("a policy is written as it is read");
        let composed = || AccessPackageCatalog {
            id: calls.id(KitItem::Catalog).into(),
            display_name: Some(kit.catalog.name().into()),
            state: Some(if kit.catalog.is_published() { CatalogState::Published } else { CatalogState::Unpublished }),
            is_externally_visible: kit.catalog.is_externally_visible(),
            ..AccessPackageCatalog::default()
        };
        let mut known = inventory.packages.iter().filter_map(|package| package.catalog.as_ref());
        let catalog = known.find(|one| one.id == calls.id(KitItem::Catalog)).cloned().unwrap_or_else(composed);
        let package = AccessPackage {
            id: calls.id(KitItem::Package).into(),
            display_name: Some(kit.name.clone()),
            description: Some(kit.description.clone()),
            is_hidden: kit.is_hidden,
            catalog: Some(catalog),
            assignment_policies: Some(vec![policy]),
            ..AccessPackage::default()
        };
        let mut inventory = inventory.clone();
        if let Some(organizations) = &mut inventory.organizations {
            organizations.extend(own.iter().map(|one| (one.id.clone(), one.clone())));
        }
        Self { package, inventory, own }
    }

    /// Somebody who is not in the directory, with an address of this domain; `tenant` is the id of the tenant that it belongs to, where that
    /// is known.
    pub fn from_domain(&self, domain: &str, tenant: Option<&str>) -> Visitor {
        let known = self.inventory.organizations.iter().flat_map(BTreeMap::values);
        let theirs = known.chain(&self.own).find(|one| one.covers(domain, tenant));
        Visitor { account: None, organization: theirs.map(|one| one.id.clone()) }
    }

    /// What becomes of somebody who opens the package.
    pub fn sight(&self, visitor: &Visitor) -> Sight<'_> {
        sight(&self.package, visitor, &self.inventory)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::kit;
    use super::super::{KitAudience, KitCatalog};
    use super::*;
    use crate::entitlement::audience::Obstacle;
    use serde_json::json;

    /// Fabrikam is connected by its tenant, Woodgrove only proposed.
    fn inventory() -> Inventory {
        let tenant = |id: &str| json!([{"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "tenantId": id}]);
        let organizations = json!({
            "f": {"id": "f", "displayName": "Fabrikam", "state": "configured", "identitySources": tenant("t-f")},
            "w": {"id": "w", "displayName": "Woodgrove", "state": "proposed", "identitySources": tenant("t-w")},
        });
        Inventory { organizations: serde_json::from_value(organizations).unwrap(), ..Inventory::default() }
    }

    #[test]
    fn who_would_see_a_kit_is_told_before_it_is_made() {
        let check = |audience: KitAudience, domain: &str, tenant: Option<&str>, expected: Result<(), Obstacle>| {
            let preview = KitPreview::new(&Kit { audience, ..kit() }, &inventory());
            let told = match preview.sight(&preview.from_domain(domain, tenant)) {
                Sight::CanAsk(policy) => {
                    assert_eq!(policy.terms.display_name, "Project");
                    Ok(())
                }
                Sight::Cannot(why) => Err(why[0]),
            };
            assert_eq!(told, expected, "{domain}");
        };
        let named = || kit().audience;
        check(named(), "fabrikam.example", Some("t-f"), Ok(()));
        check(named(), "other.example", None, Err(Obstacle::NotConnected));
        check(KitAudience::AllConfigured, "fabrikam.example", Some("t-f"), Ok(()));
        check(KitAudience::AllConfigured, "woodgrove.example", Some("t-w"), Err(Obstacle::OrganizationProposed));
        check(KitAudience::Anybody, "other.example", None, Ok(()));
        // One that would be connected first.
        let new = KitOrganization::ByDomain { domain: "adatum.example".into(), name: "Adatum".into(), tenant: None };
        check(KitAudience::Organizations(vec![new.clone()]), "adatum.example", None, Ok(()));
        check(KitAudience::Organizations(vec![new]), "fabrikam.example", Some("t-f"), Err(Obstacle::NotCovered));
        // What may not be read is not taken for nothing: only what the kit would connect is known.
        let unread = KitPreview::new(&kit(), &Inventory::default());
        assert_eq!(unread.inventory.organizations, None);
        assert!(matches!(unread.sight(&unread.from_domain("fabrikam.example", None)), Sight::CanAsk(_)));
        // A name is no domain, and of a tenant all domains count.
        let of = |domain: &str, tenant: Option<&str>| {
            let audience = KitAudience::Organizations(vec![KitOrganization::ByDomain {
                domain: domain.into(),
                name: "Fabrikam".into(),
                tenant: tenant.map(Into::into),
            }]);
            KitPreview::new(&Kit { audience, ..kit() }, &inventory())
        };
        let other = of("fabrikam-tools.example", Some("t-o"));
        let told = |domain: &str, tenant: &str| matches!(other.sight(&other.from_domain(domain, Some(tenant))), Sight::CanAsk(_));
        assert_eq!([told("tools.example", "t-o"), told("fabrikam.example", "t-f")], [true, false]);
        let known = of("fabrikam.example", Some("t-f"));
        assert_eq!(known.from_domain("fabrikam-two.example", Some("t-f")).organization.as_deref(), Some("f"));
        let in_catalog = |is_externally_visible: bool, is_published: bool, inventory: &Inventory, expected: &[Obstacle]| {
            let catalog = KitCatalog::Existing { id: "c".into(), name: "C".into(), is_externally_visible, is_published };
            let preview = KitPreview::new(&Kit { catalog, ..kit() }, inventory);
            let told = preview.sight(&preview.from_domain("fabrikam.example", Some("t-f")));
            assert_eq!(told, Sight::Cannot(expected.to_vec()));
        };
        in_catalog(false, true, &inventory(), &[Obstacle::HiddenFromOutside]);
        in_catalog(true, false, &inventory(), &[Obstacle::NotPublished]);
        // As it is by now, where a package of it is known.
        let package = json!([{"id": "k", "catalog": {"id": "c", "state": "unpublished", "isExternallyVisible": false}}]);
        let known = Inventory { packages: serde_json::from_value(package).unwrap(), ..inventory() };
        in_catalog(true, true, &known, &[Obstacle::NotPublished, Obstacle::HiddenFromOutside]);
    }
}
