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
use graph::entitlement::connected_organizations::{ConnectedOrganization, ConnectedOrganizationState};
use std::collections::BTreeMap;

/// A kit as if it were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitPreview {
    package: AccessPackage,
    inventory: Inventory,
}

impl KitPreview {
    /// `inventory` is what there is; without organizations in it only those of the kit are known.
    pub fn new(kit: &Kit, inventory: &Inventory) -> Self {
        let mut organizations = inventory.organizations.clone().unwrap_or_default();
        let mut parts = as_if_made(kit);
        for (place, organization) in kit.organizations().iter().enumerate() {
            let KitOrganization::ByDomain { domain, name, tenant } = organization else { continue };
            let Some(part) = parts.iter_mut().find(|part| part.item == KitItem::Organization(place)) else { continue };
            let of_domain = organizations.values().find(|one| one.covers(domain, tenant.as_deref()));
            if let Some(known) = of_domain.or_else(|| organizations.values().find(|one| one.display_name.as_ref() == Some(name))) {
                part.id.clone_from(&known.id);
            } else {
                let made = ConnectedOrganization {
                    id: part.id.clone(),
                    display_name: Some(name.clone()),
                    state: Some(ConnectedOrganizationState::Configured),
                    identity_sources: vec![KitCalls { kit, parts: &[] }.new_organization(place).source],
                    ..ConnectedOrganization::default()
                };
                organizations.insert(part.id.clone(), made);
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
        Self { package, inventory: Inventory { organizations: Some(organizations), ..inventory.clone() } }
    }

    /// Somebody who is not in the directory, with an address of this domain; `tenant` is the id of the tenant that it belongs to, where that
    /// is known.
    pub fn from_domain(&self, domain: &str, tenant: Option<&str>) -> Visitor {
        let own = self.inventory.organizations.iter().flat_map(BTreeMap::values).find(|one| one.covers(domain, tenant));
        Visitor { account: None, organization: own.map(|one| one.id.clone()) }
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
