//! What a kit consists of, in the order in which it is made: each needs those before it.

use super::{Kit, KitCatalog, KitOrganization};
use crate::entitlement::contents::kind_of;

/// One thing that a kit consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KitItem {
    /// By its place among [`Kit::organizations`].
    Organization(usize),
    Catalog,
    /// By its place among [`Kit::resources`].
    Resource(usize),
    Package,
    /// By its place among [`Kit::roles`].
    Role(usize),
    Policy,
}

/// One of these things that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitPart {
    pub item: KitItem,
    /// Graph's; of a resource the catalog's own, and empty until the catalog shows it.
    pub id: String,
    pub origin: KitPartOrigin,
}

/// Where something comes from that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitPartOrigin {
    /// This run made it.
    Made,
    /// It was there.
    Found,
}

impl Kit {
    /// All that it consists of, in the order in which it is made.
    pub fn items(&self) -> Vec<KitItem> {
        let organizations = (0..self.organizations().len()).map(KitItem::Organization);
        let resources = (0..self.resources().len()).map(KitItem::Resource);
        let roles = (0..self.roles.len()).map(KitItem::Role);
        organizations.chain([KitItem::Catalog]).chain(resources).chain([KitItem::Package]).chain(roles).chain([KitItem::Policy]).collect()
    }

    /// Whether a thing is only looked at: somebody chose one that is there.
    pub fn is_chosen(&self, item: KitItem) -> bool {
        match item {
            KitItem::Organization(place) => matches!(self.organizations().get(place), Some(KitOrganization::Connected { .. })),
            KitItem::Catalog => matches!(self.catalog, KitCatalog::Existing { .. }),
            _ => false,
        }
    }
}

impl KitItem {
    /// In a sentence: `the catalog “Partners”`.
    pub fn words(self, kit: &Kit) -> String {
        match self {
            Self::Organization(place) => {
                let name = kit.organizations().get(place).map_or("", KitOrganization::name);
                format!("the organization “{name}”")
            }
            Self::Catalog => format!("the catalog “{}”", kit.catalog.name()),
            Self::Resource(place) => {
                let resource = kit.resources().get(place).copied();
                let kind = kind_of(resource.map(|resource| &resource.system)).to_lowercase();
                format!("the {kind} “{}”", resource.map_or("", |resource| &resource.name))
            }
            Self::Package => format!("the package “{}”", kit.name),
            Self::Role(place) => {
                let (role, resource) = kit.roles.get(place).map_or(("", ""), |role| (&role.role_name, &role.resource.name));
                format!("the role “{role}” of “{resource}”")
            }
            Self::Policy => format!("the policy of “{}”", kit.name),
        }
    }
}

impl KitPart {
    /// Adds it to what is there. What is known of it already may get its id; who made it is settled by what was told first. Something with
    /// another id is another thing, which took the place of what is gone.
    pub fn note_among(&self, parts: &mut Vec<Self>) {
        match parts.iter_mut().find(|known| known.item == self.item) {
            Some(known) if known.is(self) => known.id.clone_from(&self.id),
            Some(known) => known.clone_from(self),
            None => parts.push(self.clone()),
        }
    }

    /// Whether both are one thing, as far as that is known.
    pub fn is(&self, other: &Self) -> bool {
        self.item == other.item && (self.id.is_empty() || self.id.eq_ignore_ascii_case(&other.id))
    }

    /// The id of a thing among those that are there; empty where it is not.
    pub fn id_of(parts: &[Self], item: KitItem) -> &str {
        parts.iter().find(|part| part.item == item).map_or("", |part| &part.id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{kit, member_of};
    use super::*;
    use crate::entitlement::kit::KitAudience;

    #[test]
    fn what_a_kit_consists_of_stands_in_the_order_in_which_it_is_made() {
        use KitItem::{Catalog, Organization, Package, Policy, Resource, Role};
        let one = kit();
        assert_eq!(one.items(), [Organization(0), Catalog, Resource(0), Package, Role(0), Policy]);
        let two = Kit { roles: vec![member_of("g", "Sales"), member_of("h", "Help")], audience: KitAudience::Anybody, ..one };
        assert_eq!(two.items(), [Catalog, Resource(0), Resource(1), Package, Role(0), Role(1), Policy]);
        let told: Vec<String> = two.items().into_iter().map(|item| item.words(&two)).collect();
        let expected = [
            "the catalog “Partners”",
            "the group “Sales”",
            "the group “Help”",
            "the package “Project”",
            "the role “Member” of “Sales”",
            "the role “Member” of “Help”",
            "the policy of “Project”",
        ];
        assert_eq!(told, expected);
    }
}
