//! How the endings of a kit are told: cause, who can fix it, next step.

use super::KitWay;
use super::outcome::KitOutcome;
use crate::bulk::HaltReason;
use crate::bulk::journal::NotSent;
use crate::entitlement::kit::{Kit, KitItem};
use crate::refused::Refused;
use crate::words::{Explain, Words};
use graph::entitlement::EntitlementRefusal;
use graph::entitlement::assignment_policies::PolicyRefusal;
use graph::entitlement::resource_requests::ResourceRefusal;
use graph::entitlement::role_scopes::AddRoleScopeRefusal;
use graph::{CommonRefusal, Refusal};

const LOOKS_FIRST: &str = "Then “Try again” goes on where it stopped: what is there already is not made twice.";

/// Cause, who can fix it, next step; nothing for what went well. `way` is what the run was to do.
#[rustfmt::skip]
pub fn words(way: KitWay, outcome: &KitOutcome, kit: &Kit) -> Option<Words> {
    let w = |what: String, why: &str, who: &str, next: &str| Words { what, why: why.into(), who: who.into(), next: next.into() };
    let it = |item: &KitItem| item.words(kit);
    Some(match outcome {
        KitOutcome::Made { not_taken, .. } if !not_taken.is_empty() => w(format!("The package was made, and Microsoft did not keep all of its policy: {}.", not_taken.join(", ")), "Some clouds and tenants do not have these settings and drop them without a word.", "An access package manager can look at the policy in the Entra admin center.", "Look whether the package is safe without them before you pass on the link."),
        KitOutcome::Made { .. } | KitOutcome::WasThere { .. } | KitOutcome::TakenBack => return None,
        KitOutcome::Differs(item) => differs(*item, kit),
        KitOutcome::Missing(item) => w(format!("Microsoft does not find {}.", it(item)), "It was there when you chose it; somebody has deleted it since, or you may not see it any more.", "Whoever deleted it, or an Identity Governance Administrator.", "Choose another, or have a new one made."),
        KitOutcome::Refused(item, refused) => refusal(way, *item, refused, kit),
        KitOutcome::NotSeen(item) => w(format!("Microsoft accepted {}, and it has not appeared.", it(item)), "That takes seconds to minutes; four minutes were waited for.", "Nobody needs to do anything.", "“Try again” looks once more and goes on."),
        KitOutcome::Unsure(item) => w(format!("It is not known whether {} was {}.", it(item), match way { KitWay::Make => "made", KitWay::TakeBack => "deleted" }), "No answer came that tells, and looking did not tell either.", "An Identity Governance Administrator can look in the Entra admin center.", "“Try again” looks first, and does nothing twice."),
        KitOutcome::NotSent(NotSent::Stopped) if way == KitWay::TakeBack => w("The rest was not taken back.".into(), "The run was stopped.", "You can.", "“Try again” goes on with what is left."),
        KitOutcome::NotSent(NotSent::Stopped) => w("The rest was not done.".into(), "The run was stopped.", "You can.", "“Try again” goes on; or take back what was made."),
        KitOutcome::NotSent(NotSent::Halted) => w("The rest was not done.".into(), "The run stopped for a reason that holds for every kit.", "The page of the run tells the reason.", "Fix that first; then “Try again” goes on."),
        KitOutcome::Kept(items) => {
            let names: Vec<String> = items.iter().map(it).collect();
            w(format!("Not everything was taken back. Still there: {}.", names.join(", ")), "Somebody uses it by now, or it stands on what somebody uses: an open request, a person who has the package, a policy or a resource that others added.", "An Identity Governance Administrator, or an owner of the catalog, can remove it in the Entra admin center.", "Look who uses it; “Try again” takes back what is free by then.")
        }
    })
}

/// Something of its name is there.
#[rustfmt::skip]
fn differs(item: KitItem, kit: &Kit) -> Words {
    let (what, why) = match item {
        KitItem::Organization(_) => (format!("Microsoft knows {} already, under another name or by a tenant.", item.words(kit)), "A connected organization has the domain, or the tenant that the domain belongs to; or one of this name is known by a tenant, and nothing tells whether the domain is that tenant's."),
        KitItem::Catalog if kit.is_chosen(item) => (format!("The catalog “{}” is another than it was when you chose it.", kit.catalog.name()), "Somebody has published it or made it a draft since, or has changed whether people from outside see it."),
        KitItem::Catalog => (format!("There is another catalog named “{}”.", kit.catalog.name()), "It is a draft, or people from outside see it otherwise than was chosen here; it is not changed."),
        KitItem::Package => (format!("There is another package named “{}” in the catalog.", kit.name), "Its description, roles or policies are others; it is not taken over."),
        KitItem::Policy => (format!("The package has another policy named “{}”.", kit.name), "It says something else; it is not changed."),
        KitItem::Resource(_) | KitItem::Role(_) => (format!("There is something else in place of {}.", item.words(kit)), "It is not changed."),
    };
    let next = match item {
        KitItem::Organization(_) => "If it is the same company, choose it from the connected organizations; else give this one another name.",
        KitItem::Catalog if kit.is_chosen(item) => "Choose it anew, and look at who will see the package then.",
        _ => "Choose another name, or use what is there.",
    };
    Words { what, why: why.into(), who: "You can.".into(), next: next.into() }
}

/// What was refused: cause, who can fix it, next step.
#[rustfmt::skip]
fn refusal(way: KitWay, item: KitItem, refused: &Refused, kit: &Kit) -> Words {
    let problem = &refused.problem;
    let w = |what: String, why: &str, who: &str, next: &str| Words { what, why: why.into(), who: who.into(), next: next.into() };
    let it = item.words(kit);
    let of_resource = ResourceRefusal::told_by(problem).filter(|_| matches!(item, KitItem::Resource(_)));
    let of_policy = PolicyRefusal::told_by(problem).filter(|_| item == KitItem::Policy);
    let of_role = AddRoleScopeRefusal::told_by(problem).filter(|_| matches!(item, KitItem::Role(_)));
    match (of_resource, of_policy, of_role) {
        (Some(ResourceRefusal::NotOwner), ..) => w(format!("Microsoft refused to bring {it} into the catalog: it is not yours."), "Whoever adds something to a catalog has to own the catalog and have a say over what is added.", "An owner of it, or an Identity Governance Administrator; for a group that directory roles can be given to, its owner or a Global Administrator.", "Ask one of them to add it to the catalog, or to make you its owner."),
        (Some(ResourceRefusal::NotThereYet), ..) => w(format!("Entitlement management does not find {it}."), "What was made a moment ago is found some minutes later; four minutes were waited for. It may also have been deleted.", "Whoever made it can look whether it is there.", LOOKS_FIRST),
        (Some(ResourceRefusal::Unsuitable), ..) => w(format!("Microsoft does not take {it} into a catalog."), "Its members are found by a rule, come from on-premises, or are Exchange's.", "An owner of the group can change what it is, or make another one.", "Choose another group."),
        (Some(ResourceRefusal::InUse), ..) => w(format!("Microsoft does not remove {it} from the catalog."), "A package uses it.", "An access package manager of the catalog.", "Look which package gives it."),
        (_, Some(PolicyRefusal::InvalidApprovalStages), _) => w("Microsoft refused the policy: its approval is not complete.".into(), "A stage has nobody who can say yes.", "You can.", "Look at who says yes; an approver may have been deleted."),
        (_, Some(PolicyRefusal::WrongReviewDuration), _) => w("Microsoft refused the policy: its review is open for too long.".into(), "A review has to be over before the next one begins.", "You can.", "Have it come less often, or be open for fewer days."),
        (_, Some(PolicyRefusal::TargetsNotTaken), _) => w("Microsoft refused the policy: it does not take whom it is for.".into(), "An organization that it names is not connected, or not known everywhere yet.", "An Identity Governance Administrator can connect it.", LOOKS_FIRST),
        (.., Some(AddRoleScopeRefusal::AlreadyGiven)) => w(format!("The package gives {it} already."), "Somebody has added it a moment ago.", "You can.", "Try again: what is there already is taken as it is."),
        (.., Some(AddRoleScopeRefusal::ResourceNotInCatalog)) => w(format!("Microsoft does not find what {it} is of in the catalog."), "It was added a moment ago, or somebody has removed it, or the package, since.", "An owner of the catalog can look.", LOOKS_FIRST),
        _ => of_any(way, item, refused, &it),
    }
}

/// What any call of entitlement management may be refused for.
#[rustfmt::skip]
fn of_any(way: KitWay, item: KitItem, refused: &Refused, it: &str) -> Words {
    let w = |what: String, why: &str, who: &str, next: &str| Words { what, why: why.into(), who: who.into(), next: next.into() };
    match EntitlementRefusal::told_by(&refused.problem) {
        Some(EntitlementRefusal::NotAuthorized) => w(match way { KitWay::Make => format!("Microsoft refused {it}: you may not do this."), KitWay::TakeBack => format!("Microsoft refused to delete {it}: you may not do this.") }, "The app has no consent for EntitlementManagement.ReadWrite.All, your role does not cover it, or your organization has no license for it; Microsoft does not say which.", match way { KitWay::Make => who_may(item), KitWay::TakeBack => who_may_delete(item) }, "Ask them, sign in again, and “Try again” goes on; a new role takes a few minutes."),
        Some(EntitlementRefusal::NotFound) => w(format!("Microsoft does not find what {it} belongs to."), "Somebody has deleted the catalog or the package since, or it is not known everywhere yet.", "An owner of the catalog can look.", LOOKS_FIRST),
        Some(EntitlementRefusal::NotOffered) => w(format!("Microsoft has no such call for {it} here."), "National clouds have less of entitlement management.", "Nobody in your tenant.", "Make it in the Entra admin center."),
        Some(EntitlementRefusal::InvalidModel | EntitlementRefusal::InvalidFilter) => w(format!("Microsoft could not read what was asked for {it}."), "This page, or something that was chosen, says it in a way that Microsoft does not take.", "The makers of this page.", "Copy the details and report them."),
        None => in_general(refused),
    }
}

/// Who can do this, or give the role for it. <https://learn.microsoft.com/entra/id-governance/entitlement-management-delegate>
const fn who_may(item: KitItem) -> &'static str {
    match item {
        KitItem::Organization(_) => {
            "An Identity Governance Administrator; the roles of catalogs do not suffice for organizations. An administrator can consent."
        }
        KitItem::Catalog => "An Identity Governance Administrator can make you a catalog creator. An administrator can consent.",
        KitItem::Resource(_) => {
            "An owner of the catalog, who has a say over the resource as well, or an Identity Governance Administrator. An administrator can consent."
        }
        KitItem::Package | KitItem::Role(_) | KitItem::Policy => {
            "An owner of the catalog can make you an access package manager; an Identity Governance Administrator can as well. An administrator can consent."
        }
    }
}

/// The same for deleting it.
const fn who_may_delete(item: KitItem) -> &'static str {
    match item {
        KitItem::Organization(_) => who_may(item),
        KitItem::Catalog | KitItem::Resource(_) => {
            "An owner of the catalog, or an Identity Governance Administrator. An administrator can consent."
        }
        KitItem::Package | KitItem::Role(_) | KitItem::Policy => {
            "An owner of the catalog, an access package manager of it, or an Identity Governance Administrator. An administrator can consent."
        }
    }
}

/// What any call of Graph may meet.
fn in_general(refused: &Refused) -> Words {
    let words = refused.words();
    match refused.problem.common() {
        Some(CommonRefusal::NotGraphs) => {
            Words { next: "Ask them to let graph.microsoft.com through. “Try again” looks first.".into(), ..words }
        }
        Some(CommonRefusal::Throttled | CommonRefusal::ServiceBusy) => Words {
            why: "It was asked again and again, and has not answered.".into(),
            next: "“Try again” in some minutes; it looks first.".into(),
            ..words
        },
        _ => words,
    }
}

/// Why a run has halted.
pub fn halt_words(way: KitWay, reason: &HaltReason) -> Words {
    let silent: fn() -> Words = match way {
        KitWay::Make => || silent("Nothing is made unlooked at: it might be made twice."),
        KitWay::TakeBack => || silent("Nothing is deleted unlooked at: somebody may use it by now."),
    };
    reason.told(in_general, silent)
}

fn silent(why: &str) -> Words {
    Words::new(
        "Microsoft did not answer what is there already.",
        why,
        "Microsoft, or whoever looks after your network.",
        "Look at Microsoft's service health, or ask whether graph.microsoft.com is let through. “Try again” looks first.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::outcome::tests::every_ending;
    use super::*;
    use crate::entitlement::kit::tests::kit;
    use crate::jobs::kit::KitClass;
    use graph::{Headers, Problem, Reply};
    use time::Moment;

    fn refused(status: u16, code: &str, message: &str) -> Refused {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
        Problem::from_reply(&Reply { status, headers: Headers::default(), body }).into()
    }

    fn is_told(words: &Words) -> bool {
        [&words.what, &words.why, &words.who, &words.next].iter().all(|text| text.ends_with('.') && text.len() > 6)
    }

    #[test]
    fn every_ending_but_the_best_is_told_in_whole_sentences() {
        for outcome in every_ending() {
            let is_best = matches!(outcome.group(), KitClass::Made | KitClass::WasThere | KitClass::TakenBack);
            for way in [KitWay::Make, KitWay::TakeBack] {
                match words(way, &outcome, &kit()) {
                    Some(words) => assert!(is_told(&words), "{words:?}"),
                    None => assert!(is_best, "{outcome:?}"),
                }
            }
        }
        for item in kit().items() {
            assert!(is_told(&differs(item, &kit())), "{item:?}");
        }
    }

    #[test]
    fn each_refusal_of_each_step_names_who_can_act() {
        let check = |item: KitItem, refused: &Refused, what: &str, who: &str| {
            let words = refusal(KitWay::Make, item, refused, &kit());
            assert!(is_told(&words) && words.what.contains(what) && words.who.contains(who), "{item:?}: {words:?}");
        };
        let denied = refused(403, "UnAuthorized", "User is not authorized to perform the operation.");
        for (item, who) in [
            (KitItem::Organization(0), "Identity Governance Administrator;"),
            (KitItem::Catalog, "catalog creator"),
            (KitItem::Resource(0), "owner of the catalog"),
            (KitItem::Package, "access package manager"),
            (KitItem::Role(0), "access package manager"),
            (KitItem::Policy, "access package manager"),
        ] {
            check(item, &denied, &item.words(&kit()), who);
            let told = refusal(KitWay::TakeBack, item, &denied, &kit());
            assert!(is_told(&told) && told.what.starts_with("Microsoft refused to delete the "), "{told:?}");
            assert!(told.who.contains("Identity Governance Administrator") && !told.who.contains("creator"), "{told:?}");
        }
        let resource = KitItem::Resource(0);
        check(resource, &refused(400, "CallerNotResourceOwner", ""), "not yours", "An owner of it");
        check(resource, &refused(400, "ResourceNotFoundInOriginSystem", ""), "does not find", "Whoever made it");
        check(resource, &refused(400, "X", "Groups with dynamic membership"), "does not take", "owner of the group");
        check(resource, &refused(400, "InvalidDeleteResourceHasEntitlements", ""), "does not remove", "access package manager");
        check(resource, &refused(404, "CatalogNotFound", ""), "belongs to", "owner of the catalog");
        check(KitItem::Package, &refused(404, "CatalogNotFound", ""), "belongs to", "owner of the catalog");
        check(KitItem::Role(0), &refused(404, "ResourceNotFound", ""), "in the catalog", "owner of the catalog");
        check(KitItem::Policy, &refused(400, "InvalidApprovalStages", ""), "approval", "You can");
        check(KitItem::Policy, &refused(400, "AccessReviewWrongDurationForRecurrenceType", ""), "review", "You can");
        check(KitItem::Policy, &refused(400, "X", "A connected organization was not found"), "whom it is for", "Identity Governance");
        check(KitItem::Policy, &refused(400, "InvalidModel", ""), "could not read", "makers");
        check(KitItem::Catalog, &refused(404, "UnknownError", "No HTTP resource was found that matches"), "no such call", "Nobody");
        check(KitItem::Catalog, &refused(503, "ServiceUnavailable", ""), "busy", "Nobody");
        check(KitItem::Catalog, &refused(407, "", ""), "in Microsoft's place", "network");
    }

    #[test]
    fn why_a_run_has_halted_is_told_and_since_when() {
        assert!(is_told(&halt_words(KitWay::Make, &HaltReason::Refused(refused(407, "", "")))));
        let unread = HaltReason::no_directory(refused(503, "x", ""), Moment(1_795_344_203_000));
        for (way, what) in [(KitWay::Make, "is made unlooked at"), (KitWay::TakeBack, "is deleted unlooked at")] {
            let silent = halt_words(way, &unread);
            assert!(silent.why.contains(what) && silent.why.ends_with("since 2026-11-22 10:43 UTC."), "{silent:?}");
        }
    }
}
