//! What a package can give, and why something is greyed: in words, with who can change it.
//! <https://learn.microsoft.com/entra/id-governance/entitlement-management-catalog-create>

use super::{KitResource, KitRole};
use graph::entitlement::resources::OriginSystem;
use graph::groups::{Group, UnsuitableGroup};
use graph::service_principals::{DEFAULT_APP_ROLE, ServicePrincipal};
use graph::sites::SharePointSite;

/// What is known of whoever composes, as far as it decides what they may bring into a catalog. What is not known is tried: Graph says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComposerRights {
    /// Whether they hold a role by which they may bring in what they do not own: Identity Governance Administrator, or Global Administrator.
    pub governs: Option<bool>,
    /// Whether they may change groups that roles of the directory can be given to: Global Administrator, Privileged Role Administrator.
    pub manages_role_groups: Option<bool>,
    /// Object ids of the groups and apps that they own, where these were read.
    pub owned: Option<Vec<String>>,
}

/// Why a package cannot give something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsuitable {
    Dynamic,
    Synced,
    OfExchange,
    /// Roles of the directory can be given to it, and whoever composes has no say over such groups.
    RoleAssignable,
    /// Whoever composes neither owns nor governs it.
    NotControlled,
    /// Nobody can sign in to it.
    AppDisabled,
    /// Somebody's OneDrive.
    PersonalSite,
    /// It has no address by which entitlement management knows it.
    WithoutAddress,
}

impl Unsuitable {
    /// In a few words, beside its name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Dynamic => "Dynamic membership",
            Self::Synced => "Synced from on-premises",
            Self::OfExchange => "Mail-enabled, of Exchange",
            Self::RoleAssignable => "Holds directory roles",
            Self::NotControlled => "Not yours",
            Self::AppDisabled => "Disabled for sign-in",
            Self::PersonalSite => "Personal site",
            Self::WithoutAddress => "Without an address",
        }
    }

    /// Why that is, and who can change it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dynamic => {
                "A rule says who is a member, so a package cannot. An owner of the group can change it to assigned membership, or make another group."
            }
            Self::Synced => {
                "Its members come from a group on premises, so a package cannot change them. Whoever manages that group can; or make a group in the cloud."
            }
            Self::OfExchange => {
                "A package cannot change members of distribution lists and mail-enabled security groups. Choose a security group or a Microsoft 365 group."
            }
            Self::RoleAssignable => {
                "Directory roles can be given to this group, so whoever adds it must own it, or be a Privileged Role Administrator or Global Administrator."
            }
            Self::NotControlled => {
                "You neither own it nor govern all resources. Its owner can bring it into the catalog, or an Identity Governance Administrator can."
            }
            Self::AppDisabled => "Nobody can sign in to this app. A Cloud Application Administrator can enable it.",
            Self::PersonalSite => "It is somebody's OneDrive. Choose a site of a team.",
            Self::WithoutAddress => "Microsoft does not tell its address. A SharePoint Administrator can look at the site.",
        }
    }
}

impl ComposerRights {
    /// Whether they certainly have no say over what has this id.
    fn lack(&self, id: &str) -> bool {
        let owned = self.owned.as_ref().map(|owned| owned.iter().any(|own| own.eq_ignore_ascii_case(id)));
        owned == Some(false) && self.governs == Some(false)
    }
}

/// The roles that a package can give of a group.
///
/// # Errors
/// Why it can give none.
pub fn of_group(group: &Group, rights: &ComposerRights) -> Result<Vec<KitRole>, Unsuitable> {
    let is_owned = rights.owned.iter().flatten().any(|own| own.eq_ignore_ascii_case(&group.id));
    match group.unsuitable() {
        Some(UnsuitableGroup::Dynamic) => return Err(Unsuitable::Dynamic),
        Some(UnsuitableGroup::Synced) => return Err(Unsuitable::Synced),
        Some(UnsuitableGroup::OfExchange) => return Err(Unsuitable::OfExchange),
        None if group.is_assignable_to_role == Some(true) && rights.manages_role_groups == Some(false) && !is_owned => {
            return Err(Unsuitable::RoleAssignable);
        }
        None if rights.lack(&group.id) => return Err(Unsuitable::NotControlled),
        None => {}
    }
    let resource = resource(OriginSystem::Group, &group.id, group.display_name.as_deref());
    let role = |name: &str| KitRole { resource: resource.clone(), role: format!("{name}_{}", group.id), role_name: name.into() };
    Ok(["Member", "Owner"].map(role).into())
}

/// The roles that a package can give of an app: those for people, and access by itself where it defines none.
///
/// # Errors
/// Why it can give none.
pub fn of_app(app: &ServicePrincipal, rights: &ComposerRights) -> Result<Vec<KitRole>, Unsuitable> {
    if app.account_enabled == Some(false) {
        return Err(Unsuitable::AppDisabled);
    }
    if rights.lack(&app.id) {
        return Err(Unsuitable::NotControlled);
    }
    let resource = resource(OriginSystem::Application, &app.id, app.display_name.as_deref());
    let role = |id: &str, name: &str| KitRole { resource: resource.clone(), role: id.into(), role_name: name.into() };
    let own: Vec<KitRole> = app.roles_for_people().map(|one| role(&one.id, one.display_name.as_deref().unwrap_or(&one.id))).collect();
    Ok(if own.is_empty() { vec![role(DEFAULT_APP_ROLE, "Default Access")] } else { own })
}

/// A site, whose roles only its catalog tells (`graph::entitlement::resources::ListResourceRoles`).
///
/// # Errors
/// Why a package cannot give any of them.
pub fn of_site(site: &SharePointSite) -> Result<KitResource, Unsuitable> {
    match (&site.web_url, site.is_personal_site) {
        (_, Some(true)) => Err(Unsuitable::PersonalSite),
        (None, _) => Err(Unsuitable::WithoutAddress),
        (Some(address), _) => Ok(resource(OriginSystem::Site, address, site.display_name.as_deref())),
    }
}

fn resource(system: OriginSystem, origin: &str, name: Option<&str>) -> KitResource {
    KitResource { system, origin: origin.into(), name: name.unwrap_or(origin).into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::service_principals::AppRole;

    fn group() -> Group {
        Group { id: "g".into(), display_name: Some("Sales".into()), security_enabled: Some(true), ..Group::default() }
    }

    /// Rights of somebody who owns these, and governs nothing.
    fn owner_of(ids: &[&str]) -> ComposerRights {
        let owned = Some(ids.iter().map(|id| (*id).to_owned()).collect());
        ComposerRights { governs: Some(false), manages_role_groups: Some(false), owned }
    }

    #[test]
    fn a_group_is_greyed_where_somebody_else_fills_it_or_it_is_not_ones_own() {
        let check = |group: Group, rights: &ComposerRights, expected: Result<usize, Unsuitable>| {
            assert_eq!(of_group(&group, rights).map(|roles| roles.len()), expected, "{group:?}");
        };
        let anybody = ComposerRights::default();
        let of_type = |kind: &str| Some(vec![kind.to_owned()]);
        check(group(), &anybody, Ok(2));
        check(Group { group_types: of_type("Unified"), mail_enabled: Some(true), ..group() }, &anybody, Ok(2));
        check(Group { group_types: of_type("DynamicMembership"), ..group() }, &anybody, Err(Unsuitable::Dynamic));
        check(Group { on_premises_sync_enabled: Some(true), ..group() }, &anybody, Err(Unsuitable::Synced));
        check(Group { mail_enabled: Some(true), ..group() }, &anybody, Err(Unsuitable::OfExchange));
        let of_roles = || Group { is_assignable_to_role: Some(true), ..group() };
        check(of_roles(), &anybody, Ok(2));
        check(of_roles(), &owner_of(&["other"]), Err(Unsuitable::RoleAssignable));
        check(of_roles(), &owner_of(&["G"]), Ok(2));
        check(group(), &owner_of(&["other"]), Err(Unsuitable::NotControlled));
        check(group(), &ComposerRights { governs: Some(true), ..owner_of(&[]) }, Ok(2));
        let roles = of_group(&group(), &owner_of(&["g"])).unwrap();
        assert_eq!(roles.iter().map(|role| role.role.as_str()).collect::<Vec<_>>(), ["Member_g", "Owner_g"]);
    }

    #[test]
    fn apps_give_their_roles_for_people_and_sites_are_known_by_their_address() {
        let app = ServicePrincipal { id: "s".into(), display_name: Some("Expenses".into()), ..ServicePrincipal::default() };
        let anybody = ComposerRights::default();
        assert_eq!(of_app(&app, &anybody).unwrap()[0].role, DEFAULT_APP_ROLE);
        let role = AppRole { id: "r".into(), is_enabled: true, allowed_member_types: vec!["User".into()], ..AppRole::default() };
        let with_role = ServicePrincipal { app_roles: vec![role], ..app.clone() };
        assert_eq!(of_app(&with_role, &anybody).unwrap()[0].role, "r");
        assert_eq!(of_app(&app, &owner_of(&[])), Err(Unsuitable::NotControlled));
        let off = ServicePrincipal { account_enabled: Some(false), ..app };
        assert_eq!(of_app(&off, &anybody), Err(Unsuitable::AppDisabled));
        let site = SharePointSite { web_url: Some("https://x.example/sites/p".into()), ..SharePointSite::default() };
        assert_eq!(of_site(&site).unwrap().origin, "https://x.example/sites/p");
        assert_eq!(of_site(&SharePointSite { is_personal_site: Some(true), ..site.clone() }), Err(Unsuitable::PersonalSite));
        assert_eq!(of_site(&SharePointSite { web_url: None, ..site }), Err(Unsuitable::WithoutAddress));
    }

    #[test]
    fn each_reason_says_in_whole_sentences_what_can_be_done() {
        use Unsuitable::{AppDisabled, Dynamic, NotControlled, OfExchange, PersonalSite, RoleAssignable, Synced, WithoutAddress};
        for why in [Dynamic, Synced, OfExchange, RoleAssignable, NotControlled, AppDisabled, PersonalSite, WithoutAddress] {
            assert!(why.words().ends_with('.') && why.words().matches(". ").count() + why.words().matches(", so").count() > 0, "{why:?}");
            assert!(!why.title().ends_with('.'), "{why:?}");
        }
    }
}
