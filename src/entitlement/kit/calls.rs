//! What Graph is asked for each thing that a kit consists of: whether it is there, to make it, and whether it has appeared. Who carries
//! out a kit and who shows it beforehand ask the same.

use super::{Kit, KitCatalog, KitItem, KitOrganization, KitPart, policy};
use graph::entitlement::access_packages::{
    CreateAccessPackage, GetAccessPackage, ListAccessPackages, NewAccessPackage, PackageDetail, PackageName,
};
use graph::entitlement::assignment_policies::{CreateAssignmentPolicy, GetAssignmentPolicy, ListAssignmentPolicies, PolicyTerms};
use graph::entitlement::catalogs::{CatalogState, CreateCatalog, GetCatalog, ListCatalogs, NewCatalog};
use graph::entitlement::connected_organizations::{
    ConnectedOrganizationState, CreateConnectedOrganization, GetConnectedOrganization, IdentitySource, ListConnectedOrganizations,
    NewConnectedOrganization,
};
use graph::entitlement::resource_requests::{AddResource, NewResource};
use graph::entitlement::resources::{AccessPackageResource, ListCatalogResources, ResourceRole};
use graph::entitlement::role_scopes::{AddRoleScope, NewRoleScope};
use graph::{Operation, Request};

/// A kit, and what is there of it.
#[derive(Clone, Copy)]
pub struct KitCalls<'k> {
    pub kit: &'k Kit,
    pub parts: &'k [KitPart],
}

impl<'k> KitCalls<'k> {
    /// The id of what is there; empty of what is not.
    pub fn id(self, item: KitItem) -> &'k str {
        KitPart::id_of(self.parts, item)
    }

    /// Whether it is there.
    pub fn find(self, item: KitItem) -> Request {
        match item {
            KitItem::Organization(place) => match &self.kit.organizations()[place] {
                KitOrganization::Connected { id, .. } => GetConnectedOrganization { id }.request(),
                // Graph does not filter by domains.
                KitOrganization::ByDomain { .. } => ListConnectedOrganizations { named: None }.request(),
            },
            KitItem::Catalog => match &self.kit.catalog {
                KitCatalog::Existing { id, .. } => GetCatalog { id }.request(),
                KitCatalog::New { name, .. } => ListCatalogs { named: Some(name) }.request(),
            },
            KitItem::Resource(place) => self.resources_of(place).request(),
            KitItem::Package => self.packages().request(),
            KitItem::Role(_) => self.package().request(),
            KitItem::Policy => self.policies().request(),
        }
    }

    /// To make it.
    pub fn make(self, item: KitItem) -> Request {
        match item {
            KitItem::Organization(place) => CreateConnectedOrganization { organization: &self.new_organization(place) }.request(),
            KitItem::Catalog => CreateCatalog { catalog: &self.new_catalog() }.request(),
            KitItem::Resource(place) => AddResource { catalog: self.id(KitItem::Catalog), resource: &self.new_resource(place) }.request(),
            KitItem::Package => CreateAccessPackage { catalog: self.id(KitItem::Catalog), package: &self.new_package() }.request(),
            KitItem::Role(place) => AddRoleScope { package: self.id(KitItem::Package), role: &self.new_role(place) }.request(),
            KitItem::Policy => CreateAssignmentPolicy { package: self.id(KitItem::Package), terms: &self.terms() }.request(),
        }
    }

    /// Whether what was made has appeared, and how, where that matters: an organization may have become another, a resource has its id from
    /// the catalog alone, and a policy may lack what was taken and not kept.
    pub fn see(self, item: KitItem) -> Option<Request> {
        match item {
            KitItem::Organization(_) => Some(GetConnectedOrganization { id: self.id(item) }.request()),
            KitItem::Resource(_) => Some(self.find(item)),
            KitItem::Policy => Some(GetAssignmentPolicy { id: self.id(item) }.request()),
            KitItem::Catalog | KitItem::Package | KitItem::Role(_) => None,
        }
    }

    pub fn resources_of(self, place: usize) -> ListCatalogResources<'k> {
        let origin = self.kit.resources()[place].origin.as_str();
        ListCatalogResources { catalog: self.id(KitItem::Catalog), origin: Some(origin) }
    }

    pub fn packages(self) -> ListAccessPackages<'k> {
        ListAccessPackages { named: PackageName::Is(&self.kit.name), detail: PackageDetail::Whole }
    }

    pub fn package(self) -> GetAccessPackage<'k> {
        GetAccessPackage { id: self.id(KitItem::Package), detail: PackageDetail::Whole }
    }

    pub fn policies(self) -> ListAssignmentPolicies<'k> {
        ListAssignmentPolicies { package: Some(self.id(KitItem::Package)) }
    }

    /// By its domain: Graph finds the tenant that it belongs to by itself, and a tenant without a domain failed (Microsoft365DSC #3738).
    pub fn new_organization(self, place: usize) -> NewConnectedOrganization {
        let organization = &self.kit.organizations()[place];
        let source = match organization {
            KitOrganization::ByDomain { domain, .. } => IdentitySource::domain(domain),
            KitOrganization::Connected { .. } => IdentitySource::domain(""),
        };
        NewConnectedOrganization {
            display_name: organization.name().into(),
            description: organization.name().into(),
            source,
            state: ConnectedOrganizationState::Configured,
        }
    }

    pub fn new_catalog(self) -> NewCatalog {
        let (name, description, is_externally_visible) = match &self.kit.catalog {
            KitCatalog::New { name, description, is_externally_visible } => (name.clone(), description.clone(), *is_externally_visible),
            KitCatalog::Existing { name, is_externally_visible, .. } => (name.clone(), String::new(), *is_externally_visible),
        };
        NewCatalog { display_name: name, description, state: CatalogState::Published, is_externally_visible }
    }

    pub fn new_resource(self, place: usize) -> NewResource {
        let resource = self.kit.resources()[place];
        NewResource { display_name: resource.name.clone(), origin_id: resource.origin.clone(), origin_system: resource.system.clone() }
    }

    pub fn new_package(self) -> NewAccessPackage {
        let Kit { name, description, is_hidden, .. } = self.kit;
        NewAccessPackage { display_name: name.clone(), description: description.clone(), is_hidden: *is_hidden }
    }

    pub fn new_role(self, place: usize) -> NewRoleScope {
        let role = &self.kit.roles[place];
        let of = self.kit.resources().iter().position(|resource| resource.is(&role.resource)).expect("each role is of one of them");
        let resource = AccessPackageResource {
            id: self.id(KitItem::Resource(of)).into(),
            origin_id: Some(role.resource.origin.clone()),
            origin_system: Some(role.resource.system.clone()),
            ..AccessPackageResource::default()
        };
        let own =
            ResourceRole { origin_id: Some(role.role.clone()), display_name: Some(role.role_name.clone()), ..ResourceRole::default() };
        NewRoleScope::of(&resource, own).expect("its origin is told")
    }

    pub fn terms(self) -> PolicyTerms {
        policy::terms(self.kit, self.parts)
    }
}
