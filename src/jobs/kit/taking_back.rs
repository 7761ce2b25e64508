//! What is asked and what answers mean where what a run made is taken back.
//!
//! Before anything is deleted it is looked whether somebody uses it by now: open requests for the package, policies and roles of others in
//! it, resources of others in the catalog, policies of others that name the organization. Whatever has the package, or came by the
//! organization, Graph itself looks at.

use super::events::KitChange;
use super::facts::KitFacts;
use super::learning::{ChangeAnswer, KitSight};
use super::making::{self, ALL, is_missing};
use super::steps::PERMISSION;
use crate::entitlement::kit::calls::KitCalls;
use crate::entitlement::kit::{KitItem, KitPart, KitPartOrigin};
use crate::protocol::collection::whole;
use crate::refused::Refused;
use graph::entitlement::assignment_policies::{AllowedTargets, AssignmentPolicy, ListAssignmentPolicies};
use graph::entitlement::assignment_requests::{AssignmentRequest, ListAssignmentRequests};
use graph::entitlement::resource_requests::{RemoveResource, ResourceRefusal};
use graph::entitlement::resources::{AccessPackageResource, ListCatalogResources};
use graph::entitlement::role_scopes::RemoveRoleScope;
use graph::entitlement::{DeleteEntitlement, DeleteRefusal, EntitlementKind, SubjectSet};
use graph::{Operation, Problem, Refusal, Reply, Request};

/// What shows whether a thing is there and somebody uses it.
pub(super) fn find(calls: KitCalls<'_>, item: KitItem) -> Request {
    match item {
        _ if is_unsure(calls, item) => calls.find(item),
        KitItem::Policy => requests(calls).request(),
        KitItem::Role(_) | KitItem::Package => calls.package().request(),
        KitItem::Resource(_) | KitItem::Catalog => resources(calls).request(),
        KitItem::Organization(_) => ListAssignmentPolicies { package: None }.request(),
    }
}

/// Whether nobody knows if the run made it: then it is looked for by its name, as before it was to be made. Resources are so in any case.
fn is_unsure(calls: KitCalls<'_>, item: KitItem) -> bool {
    calls.id(item).is_empty() && !matches!(item, KitItem::Resource(_))
}

fn requests(calls: KitCalls<'_>) -> ListAssignmentRequests<'_> {
    ListAssignmentRequests { package: Some(calls.id(KitItem::Package)), state: None }
}

fn resources(calls: KitCalls<'_>) -> ListCatalogResources<'_> {
    ListCatalogResources { catalog: calls.id(KitItem::Catalog), origin: None }
}

/// What deletes it.
pub(super) fn delete(calls: KitCalls<'_>, item: KitItem) -> Request {
    let id = calls.id(item);
    match item {
        KitItem::Policy => of_kind(EntitlementKind::AssignmentPolicy, id).request(),
        KitItem::Role(_) => RemoveRoleScope { package: calls.id(KitItem::Package), id }.request(),
        KitItem::Package => of_kind(EntitlementKind::AccessPackage, id).request(),
        KitItem::Resource(_) => RemoveResource { catalog: calls.id(KitItem::Catalog), resource: id }.request(),
        KitItem::Catalog => of_kind(EntitlementKind::Catalog, id).request(),
        KitItem::Organization(_) => of_kind(EntitlementKind::ConnectedOrganization, id).request(),
    }
}

const fn of_kind(kind: EntitlementKind, id: &str) -> DeleteEntitlement<'_> {
    DeleteEntitlement { kind, id }
}

/// Whether a thing is still to be deleted; nothing while there is another page.
pub(super) fn sight(facts: &mut KitFacts, item: KitItem, reply: &Reply, root: &str) -> Result<Option<KitSight>, Problem> {
    if is_unsure(facts.calls(), item) {
        let gone = KitSight::Settled(KitChange::Gone(item));
        let sight = match making::sight(facts, item, KitPartOrigin::Made, reply, root) {
            // So is what it would be in.
            Err(problem) if is_missing(&problem) => return Ok(Some(gone)),
            read => read?,
        };
        return Ok(sight.map(|sight| match sight {
            // What it is known by now it is looked at for like any other.
            KitSight::Settled(there) => KitSight::Settled(there),
            KitSight::ToDo | KitSight::Waits | KitSight::Ends(_) => gone,
        }));
    }
    let KitFacts { kit, parts, pages, .. } = facts;
    let calls = KitCalls { kit, parts };
    let own = |id: &str| parts.iter().any(|part| part.origin == KitPartOrigin::Made && part.id.eq_ignore_ascii_case(id));
    let (kept, gone) = (KitSight::Settled(KitChange::Kept(item)), KitSight::Settled(KitChange::Gone(item)));
    Ok(Some(match item {
        KitItem::Policy => {
            let Some((all, _)) = whole(&requests(calls), pages, reply, root, ALL)? else { return Ok(None) };
            if all.iter().any(AssignmentRequest::is_open) { kept } else { KitSight::ToDo }
        }
        KitItem::Role(_) | KitItem::Package => {
            let package = match calls.package().read(reply) {
                Err(problem) if is_missing(&problem) => return Ok(Some(gone)),
                read => read?,
            };
            let (policies, roles) = (package.assignment_policies.unwrap_or_default(), package.resource_role_scopes.unwrap_or_default());
            let is_known = |id: &str| parts.iter().any(|part| part.id.eq_ignore_ascii_case(id));
            let is_used = policies.iter().any(|policy| !is_known(&policy.id)) || roles.iter().any(|role| !is_known(&role.id));
            match item {
                _ if is_used => kept,
                KitItem::Role(_) if !roles.iter().any(|role| role.id.eq_ignore_ascii_case(calls.id(item))) => gone,
                _ => KitSight::ToDo,
            }
        }
        KitItem::Resource(place) => {
            let read = whole(&resources(calls), pages, reply, root, ALL);
            let all = match read {
                Err(problem) if is_missing(&problem) => return Ok(Some(gone)),
                read => read?,
            };
            let Some((all, _)) = all else { return Ok(None) };
            let of_origin = AccessPackageResource::of_origin(&all, &kit.resources()[place].origin).map(|one| one.id.clone());
            let known = calls.id(item).to_owned();
            match of_origin {
                // It was accepted, and had not appeared when the run ended.
                Some(id) if known.is_empty() => {
                    facts.learn(KitChange::There(KitPart { item, id, origin: KitPartOrigin::Made }));
                    KitSight::ToDo
                }
                Some(id) if id.eq_ignore_ascii_case(&known) => KitSight::ToDo,
                None if known.is_empty() && !is_made(parts, KitItem::Catalog) => KitSight::Waits,
                // It goes with its catalog, or is gone.
                _ => gone,
            }
        }
        KitItem::Catalog => {
            let read = whole(&resources(calls), pages, reply, root, ALL);
            let all = match read {
                Err(problem) if is_missing(&problem) => return Ok(Some(gone)),
                read => read?,
            };
            let Some((all, _)) = all else { return Ok(None) };
            let resources = kit.resources();
            let is_own = |one: &AccessPackageResource| {
                let is = |place: &usize| one.origin_id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(&resources[*place].origin));
                (0..resources.len()).any(|place| is(&place) && is_made(parts, KitItem::Resource(place)))
            };
            // What stays in it keeps it.
            let is_kept = (0..resources.len()).any(|place| facts.kept.contains(&KitItem::Resource(place)));
            if !is_kept && all.iter().all(is_own) { KitSight::ToDo } else { kept }
        }
        KitItem::Organization(_) => {
            let Some((all, _)) = whole(&ListAssignmentPolicies { package: None }, pages, reply, root, ALL)? else { return Ok(None) };
            let is_it = |target: &SubjectSet| match target {
                SubjectSet::Organization { id, .. } => id.eq_ignore_ascii_case(calls.id(item)),
                _ => false,
            };
            let names = |policy: &AssignmentPolicy| match &policy.terms.targets {
                AllowedTargets::Named(_, named) => named.targets().iter().any(is_it),
                _ => false,
            };
            if all.iter().any(|policy| names(policy) && !own(&policy.id)) { kept } else { KitSight::ToDo }
        }
    }))
}

fn is_made(parts: &[KitPart], item: KitItem) -> bool {
    parts.iter().any(|part| part.item == item && part.origin == KitPartOrigin::Made)
}

/// What an answer to deleting a thing says. What was in use a moment ago by what this run has deleted since is waited for.
pub(super) fn deleted(facts: &KitFacts, item: KitItem, reply: &Reply) -> Result<ChangeAnswer, Problem> {
    let calls = facts.calls();
    let id = calls.id(item);
    let read = match item {
        KitItem::Policy => of_kind(EntitlementKind::AssignmentPolicy, id).read(reply),
        KitItem::Role(_) => RemoveRoleScope { package: calls.id(KitItem::Package), id }.read(reply),
        KitItem::Package => of_kind(EntitlementKind::AccessPackage, id).read(reply),
        KitItem::Resource(_) => RemoveResource { catalog: calls.id(KitItem::Catalog), resource: id }.read(reply).map(|_| ()),
        KitItem::Catalog => of_kind(EntitlementKind::Catalog, id).read(reply),
        KitItem::Organization(_) => of_kind(EntitlementKind::ConnectedOrganization, id).read(reply),
    };
    let Err(problem) = read else { return Ok(ChangeAnswer::Settled(KitChange::Gone(item))) };
    if is_missing(&problem) {
        return Ok(ChangeAnswer::Settled(KitChange::Gone(item)));
    }
    let is_in_use = match item {
        KitItem::Resource(_) => ResourceRefusal::told_by(&problem) == Some(ResourceRefusal::InUse),
        KitItem::Role(_) => false,
        _ => DeleteRefusal::told_by(&problem) == Some(DeleteRefusal::InUse),
    };
    let may_pass = matches!(item, KitItem::Resource(_) | KitItem::Catalog) && !facts.gone.is_empty();
    match is_in_use {
        true if may_pass => Ok(ChangeAnswer::Waits(Refused::new(problem, PERMISSION))),
        true => Ok(ChangeAnswer::Settled(KitChange::Kept(item))),
        false => Err(problem),
    }
}

/// Whether what was made before this has to stay as well, since this does: whoever uses the package uses all that it stands on.
pub(super) const fn carries_others(item: KitItem) -> bool {
    matches!(item, KitItem::Policy | KitItem::Role(_) | KitItem::Package)
}
