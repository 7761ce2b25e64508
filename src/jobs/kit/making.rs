//! What answers mean where a kit is made.

use super::facts::KitFacts;
use super::learning::{ChangeAnswer, KitSight};
use super::outcome::KitOutcome;
use super::steps::PERMISSION;
use crate::entitlement::kit::calls::KitCalls;
use crate::entitlement::kit::{KitCatalog, KitItem, KitOrganization, KitPart, KitPartOrigin};
use crate::protocol::collection::whole;
use crate::refused::Refused;
use graph::entitlement::access_packages::{AccessPackage, CreateAccessPackage};
use graph::entitlement::assignment_policies::{AssignmentPolicy, CreateAssignmentPolicy, GetAssignmentPolicy, PolicyTerms};
use graph::entitlement::catalogs::{AccessPackageCatalog, CreateCatalog, GetCatalog, ListCatalogs};
use graph::entitlement::connected_organizations::{CreateConnectedOrganization, GetConnectedOrganization, ListConnectedOrganizations};
use graph::entitlement::resource_requests::{AddResource, ResourceRefusal};
use graph::entitlement::resources::AccessPackageResource;
use graph::entitlement::role_scopes::{AddRoleScope, AddRoleScopeRefusal, RoleScope};
use graph::entitlement::{CreateRefusal, EntitlementRefusal};
use graph::page::PageLimit;
use graph::{Operation, Problem, Refusal, Reply};

/// More than a tenant may have of any of these.
/// <https://learn.microsoft.com/entra/id-governance/governance-service-limits>
pub(super) const ALL: PageLimit = PageLimit { pages: 500, items: 20_000 };

/// Whether a problem says that something is not there.
pub(super) fn is_missing(problem: &Problem) -> bool {
    EntitlementRefusal::told_by(problem) == Some(EntitlementRefusal::NotFound)
}

/// Whether a thing is there; nothing while there is another page. `origin` is where it comes from if it is.
pub(super) fn sight(
    facts: &mut KitFacts,
    item: KitItem,
    origin: KitPartOrigin,
    reply: &Reply,
    root: &str,
) -> Result<Option<KitSight>, Problem> {
    let KitFacts { kit, parts, pages, .. } = facts;
    let calls = KitCalls { kit, parts };
    let there = |id: &str| KitSight::there(item, id, origin);
    let by_id = |id: Option<&String>| id.map_or(KitSight::ToDo, |id| there(id));
    Ok(Some(match item {
        KitItem::Organization(place) => match &kit.organizations()[place] {
            KitOrganization::Connected { id, .. } => chosen(item, GetConnectedOrganization { id }.read(reply).map(|one| one.id))?,
            own @ KitOrganization::ByDomain { .. } => {
                let list = ListConnectedOrganizations { named: None };
                let Some((all, _)) = whole(&list, pages, reply, root, ALL)? else { return Ok(None) };
                let create = CreateConnectedOrganization { organization: &calls.new_organization(place) };
                match (own.among(&all), create.among(&all)) {
                    (Some(same), _) => there(&same.id),
                    // Nothing of its name was there before it left.
                    (None, Some(made)) if origin == KitPartOrigin::Made => there(&made.id),
                    // Of its name, and of a tenant that may be somebody else's.
                    (None, Some(_)) => KitSight::Ends(KitOutcome::Differs(item)),
                    (None, None) => KitSight::ToDo,
                }
            }
        },
        KitItem::Catalog => match &kit.catalog {
            KitCatalog::Existing { id, .. } => match (GetCatalog { id }).read(reply) {
                Ok(one) if !kit.catalog.is_open_as(&one) => KitSight::Ends(KitOutcome::Differs(item)),
                read => chosen(item, read.map(|one| one.id))?,
            },
            KitCatalog::New { name, .. } => {
                let Some((all, _)) = whole(&ListCatalogs { named: Some(name) }, pages, reply, root, ALL)? else { return Ok(None) };
                let is_of_name = |one: &&AccessPackageCatalog| one.display_name.as_ref() == Some(name);
                let same = all.iter().filter(is_of_name).find(|one| kit.catalog.is_open_as(one));
                match (same, all.iter().any(|one| is_of_name(&one))) {
                    (Some(same), _) => there(&same.id),
                    (None, true) => KitSight::Ends(KitOutcome::Differs(item)),
                    (None, false) => KitSight::ToDo,
                }
            }
        },
        KitItem::Resource(place) => {
            let Some((all, _)) = whole(&calls.resources_of(place), pages, reply, root, ALL)? else { return Ok(None) };
            by_id(AccessPackageResource::of_origin(&all, &kit.resources()[place].origin).map(|one| &one.id))
        }
        KitItem::Package => {
            let Some((all, _)) = whole(&calls.packages(), pages, reply, root, ALL)? else { return Ok(None) };
            let create = CreateAccessPackage { catalog: calls.id(KitItem::Catalog), package: &calls.new_package() };
            match create.among(&all) {
                Some(package) if !is_begun(package, calls) => KitSight::Ends(KitOutcome::Differs(item)),
                package => by_id(package.map(|package| &package.id)),
            }
        }
        KitItem::Role(place) => {
            let package = calls.package().read(reply)?;
            let roles = package.resource_role_scopes.unwrap_or_default();
            let add = AddRoleScope { package: calls.id(KitItem::Package), role: &calls.new_role(place) };
            by_id(add.among(&roles).map(|role| &role.id))
        }
        KitItem::Policy => {
            let Some((all, _)) = whole(&calls.policies(), pages, reply, root, ALL)? else { return Ok(None) };
            let terms = calls.terms();
            match (CreateAssignmentPolicy { package: calls.id(KitItem::Package), terms: &terms }).among(&all) {
                // What this run has made may lack what was taken and not kept: that is told in the end.
                Some(policy) if origin == KitPartOrigin::Found && !is_same(&terms, policy) => KitSight::Ends(KitOutcome::Differs(item)),
                policy => by_id(policy.map(|policy| &policy.id)),
            }
        }
    }))
}

/// What somebody chose is there, or not any more.
fn chosen(item: KitItem, read: Result<String, Problem>) -> Result<KitSight, Problem> {
    match read {
        Ok(id) => Ok(KitSight::there(item, &id, KitPartOrigin::Found)),
        Err(problem) if is_missing(&problem) => Ok(KitSight::Ends(KitOutcome::Missing(item))),
        Err(problem) => Err(problem),
    }
}

/// Whether a policy says what these terms say, and neither reviews, nor asks, nor gives by itself what they do not.
fn is_same(terms: &PolicyTerms, policy: &AssignmentPolicy) -> bool {
    let there = &policy.terms;
    terms.not_taken(policy).is_empty()
        && there.review.is_some() == terms.review.is_some()
        && there.questions.len() == terms.questions.len()
        && there.automatic.is_some() == terms.automatic.is_some()
}

/// Whether a package is that of the kit, as far as it has come: nothing of it is otherwise, and something may be missing.
fn is_begun(package: &AccessPackage, calls: KitCalls<'_>) -> bool {
    let kit = calls.kit;
    let terms = calls.terms();
    let is_same_text = package.description.as_deref().unwrap_or_default() == kit.description;
    let is_of_kit = |one: &RoleScope| {
        let is = |id: &Option<String>, own: &str| id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(own));
        kit.roles.iter().any(|role| is(&one.role.origin_id, &role.role) && is(&one.scope.origin_id, &role.resource.origin))
    };
    let is_policy = |one: &AssignmentPolicy| one.terms.display_name == kit.name && is_same(&terms, one);
    is_same_text
        && package.is_hidden == kit.is_hidden
        && package.resource_role_scopes.iter().flatten().all(is_of_kit)
        && package.assignment_policies.iter().flatten().all(is_policy)
}

/// What an answer to making a thing says. What is there already may be the run's own where it may have been made before.
pub(super) fn made(calls: KitCalls<'_>, item: KitItem, is_in_doubt: bool, reply: &Reply) -> Result<ChangeAnswer, Problem> {
    let there = |id: String| ChangeAnswer::There(KitPart { item, id, origin: KitPartOrigin::Made });
    // Graph knows of another like it.
    let unless_there = |read: Result<String, Problem>| match read {
        Ok(id) => Ok(there(id)),
        Err(problem) if CreateRefusal::told_by(&problem) == Some(CreateRefusal::AlreadyThere) => {
            Ok(if is_in_doubt { ChangeAnswer::LooksAgain } else { ChangeAnswer::Ends(KitOutcome::Differs(item)) })
        }
        Err(problem) => Err(problem),
    };
    let waits = |problem: Problem| Ok(ChangeAnswer::Waits(Refused::new(problem, PERMISSION)));
    match item {
        KitItem::Organization(place) => {
            let create = CreateConnectedOrganization { organization: &calls.new_organization(place) };
            unless_there(create.read(reply).map(|one| one.id))
        }
        KitItem::Catalog => unless_there(CreateCatalog { catalog: &calls.new_catalog() }.read(reply).map(|one| one.id)),
        KitItem::Package => {
            let create = CreateAccessPackage { catalog: calls.id(KitItem::Catalog), package: &calls.new_package() };
            unless_there(create.read(reply).map(|one| one.id))
        }
        KitItem::Resource(place) => {
            let add = AddResource { catalog: calls.id(KitItem::Catalog), resource: &calls.new_resource(place) };
            // Its id only the catalog will tell.
            match add.read(reply).map_err(|problem| (add.refusal(&problem), problem)) {
                Ok(_) => Ok(there(String::new())),
                Err((Some(ResourceRefusal::AlreadyThere), _)) => {
                    let origin = if is_in_doubt { KitPartOrigin::Made } else { KitPartOrigin::Found };
                    Ok(ChangeAnswer::There(KitPart { item, id: String::new(), origin }))
                }
                Err((Some(ResourceRefusal::NotThereYet), problem)) => waits(problem),
                Err((_, problem)) => Err(problem),
            }
        }
        KitItem::Role(place) => {
            let add = AddRoleScope { package: calls.id(KitItem::Package), role: &calls.new_role(place) };
            match add.read(reply).map_err(|problem| (add.refusal(&problem), problem)) {
                Ok(role) => Ok(there(role.id)),
                Err((Some(AddRoleScopeRefusal::ResourceNotInCatalog), problem)) => waits(problem),
                Err((_, problem)) => Err(problem),
            }
        }
        KitItem::Policy => {
            let create = CreateAssignmentPolicy { package: calls.id(KitItem::Package), terms: &calls.terms() };
            create.read(reply).map(|policy| there(policy.id))
        }
    }
}

/// What was seen of a thing that was made: its part, and what its policy lacks. Nothing where it has not appeared yet.
pub(super) fn seen(facts: &mut KitFacts, item: KitItem, reply: &Reply, root: &str) -> Result<Option<(KitPart, Vec<String>)>, Problem> {
    let part = facts.parts.iter().find(|part| part.item == item).cloned();
    let part = part.unwrap_or(KitPart { item, id: String::new(), origin: KitPartOrigin::Found });
    let calls = facts.calls();
    let read = match item {
        KitItem::Policy => {
            let terms = calls.terms();
            GetAssignmentPolicy { id: &part.id }.read(reply).map(|policy| terms.not_taken(&policy))
        }
        KitItem::Resource(_) => {
            let Some(KitSight::Settled(super::KitChange::There(seen))) = sight(facts, item, part.origin, reply, root)? else {
                return Ok(None);
            };
            return Ok(Some((seen, Vec::new())));
        }
        _ => GetConnectedOrganization { id: &part.id }.read(reply).map(|_| Vec::new()),
    };
    match read {
        Ok(not_taken) => Ok(Some((part, not_taken))),
        Err(problem) if is_missing(&problem) => Ok(None),
        Err(problem) => Err(problem),
    }
}
