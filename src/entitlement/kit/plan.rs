//! What will be asked of Graph, in order, each with its effect in a sentence: what somebody reads before anything is made. It is the list
//! that the run goes through.

use super::calls::KitCalls;
use super::{Kit, KitAudience, KitCatalog, KitItem, KitOrganization, KitPart, KitPartOrigin, policy};
use crate::entitlement::contents::kind_of;
use crate::words::count;
use graph::Request;
use graph::entitlement::Expiration;

/// What stands in paths and bodies for an id that only Graph's answer will tell.
fn placeholder(item: KitItem) -> String {
    match item {
        KitItem::Organization(place) => format!("ORGANIZATION-{}", place + 1),
        KitItem::Catalog => "CATALOG".into(),
        KitItem::Resource(place) => format!("RESOURCE-{}", place + 1),
        KitItem::Package => "PACKAGE".into(),
        KitItem::Role(place) => format!("ROLE-{}", place + 1),
        KitItem::Policy => "POLICY".into(),
    }
}

/// All of a kit as if it were there: what somebody chose by its id, the rest by a placeholder.
pub(super) fn as_if_made(kit: &Kit) -> Vec<KitPart> {
    let id = |item: KitItem| match (item, &kit.catalog) {
        (KitItem::Catalog, KitCatalog::Existing { id, .. }) => id.clone(),
        (KitItem::Organization(place), _) => match &kit.organizations()[place] {
            KitOrganization::Connected { id, .. } => id.clone(),
            KitOrganization::ByDomain { .. } => placeholder(item),
        },
        _ => placeholder(item),
    };
    kit.items().into_iter().map(|item| KitPart { item, id: id(item), origin: KitPartOrigin::Found }).collect()
}

/// What is asked for one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitPlanEntry {
    pub item: KitItem,
    /// What it does, in one sentence.
    pub effect: String,
    /// Asked first: what is there already is not made.
    pub find: Request,
    /// Asked where it is not there; nothing of what somebody chose.
    pub make: Option<Request>,
    /// Asked until it has appeared.
    pub see: Option<Request>,
}

/// Everything that is asked for a kit.
pub fn plan(kit: &Kit) -> Vec<KitPlanEntry> {
    let parts = as_if_made(kit);
    let calls = KitCalls { kit, parts: &parts };
    let entry = |item: KitItem| {
        let is_made = !kit.is_chosen(item);
        KitPlanEntry {
            item,
            effect: effect(kit, item),
            find: calls.find(item),
            make: is_made.then(|| calls.make(item)),
            see: calls.see(item).filter(|_| is_made),
        }
    };
    kit.items().into_iter().map(entry).collect()
}

fn effect(kit: &Kit, item: KitItem) -> String {
    let it = item.words(kit);
    match item {
        KitItem::Organization(_) | KitItem::Catalog if kit.is_chosen(item) => format!("Makes sure that {it} is still there."),
        KitItem::Organization(place) => match &kit.organizations()[place] {
            KitOrganization::ByDomain { domain, .. } => {
                format!("Connects {it}, so that policies can name whoever signs in from {domain}.")
            }
            KitOrganization::Connected { .. } => String::new(),
        },
        KitItem::Catalog => {
            let sees = if kit.catalog.is_externally_visible() { "people from outside can see" } else { "people from outside cannot see" };
            format!("Makes {it}, whose packages {sees}; you become its owner.")
        }
        KitItem::Resource(place) => {
            let kind = kind_of(kit.resources().get(place).map(|resource| &resource.system)).to_lowercase();
            format!("Brings {it} into the catalog, so that packages can give access to it; the {kind} itself does not change.")
        }
        KitItem::Package if kit.is_hidden => format!("Makes {it}, which is found by its link alone and gives nothing yet."),
        KitItem::Package => format!("Makes {it}, which gives nothing yet."),
        KitItem::Role(_) => format!("Has the package give {it} to whoever gets it."),
        KitItem::Policy => policy_effect(kit),
    }
}

/// From here on it can be asked for.
fn policy_effect(kit: &Kit) -> String {
    let whom = match &kit.audience {
        KitAudience::AllConfigured => "people of all connected organizations".to_owned(),
        KitAudience::Anybody => "anybody from outside".into(),
        KitAudience::Organizations(organizations) => match organizations.as_slice() {
            [one] => format!("people of {}", one.name()),
            several => format!("people of {}", count(several.len(), "organization", "organizations")),
        },
    };
    let approval = match kit.stages.len() {
        0 => "nobody has to say yes".to_owned(),
        stages => format!("{} to say yes", count(stages, "stage has", "stages have")),
    };
    let end = match policy::terms(kit, &[]).expiration {
        Expiration::After(duration) => {
            let days = duration.in_days().map_or(0, |days| days as usize);
            format!("access ends after {}", count(days, "day", "days"))
        }
        Expiration::At(end) => format!("access ends on {}", end.get(..10).unwrap_or(&end)),
        _ => "access does not end".into(),
    };
    format!("Lets {whom} ask for the package: {approval}, and {end}.")
}

#[cfg(test)]
mod tests {
    use super::super::tests::kit;
    use super::super::{KitEnd, KitStages};
    use super::*;
    use serde_json::Value;

    fn asked(entry: &KitPlanEntry) -> Vec<String> {
        let all = [Some(&entry.find), entry.make.as_ref(), entry.see.as_ref()].into_iter().flatten();
        let path = |request: &Request| request.path.trim_start_matches("/identityGovernance/entitlementManagement").to_owned();
        all.map(|request| format!("{} {}", request.method.as_str(), path(request).split('?').next().unwrap())).collect()
    }

    #[test]
    fn each_call_stands_in_the_order_in_which_it_is_made_with_its_effect() {
        let plan = plan(&kit());
        assert_eq!(plan.iter().map(|entry| entry.item).collect::<Vec<_>>(), kit().items());
        let expected: [&[&str]; 6] = [
            &["GET /connectedOrganizations", "POST /connectedOrganizations", "GET /connectedOrganizations/ORGANIZATION-1"],
            &["GET /catalogs", "POST /catalogs"],
            &["GET /catalogs/CATALOG/resources", "POST /resourceRequests", "GET /catalogs/CATALOG/resources"],
            &["GET /accessPackages", "POST /accessPackages"],
            &["GET /accessPackages/PACKAGE", "POST /accessPackages/PACKAGE/resourceRoleScopes"],
            &["GET /assignmentPolicies", "POST /assignmentPolicies", "GET /assignmentPolicies/POLICY"],
        ];
        assert_eq!(plan.iter().map(asked).collect::<Vec<_>>(), expected);
        let body: Value = serde_json::from_str(plan[5].make.as_ref().unwrap().body.as_deref().unwrap()).unwrap();
        assert_eq!(body["specificAllowedTargets"][0]["connectedOrganizationId"], "ORGANIZATION-1");
        let effects = [
            "Connects the organization “Fabrikam”, so that policies can name whoever signs in from fabrikam.example.",
            "Makes the catalog “Partners”, whose packages people from outside can see; you become its owner.",
            "Brings the group “Sales” into the catalog, so that packages can give access to it; the group itself does not change.",
            "Makes the package “Project”, which gives nothing yet.",
            "Has the package give the role “Member” of “Sales” to whoever gets it.",
            "Lets people of Fabrikam ask for the package: 1 stage has to say yes, and access ends after 90 days.",
        ];
        assert_eq!(plan.iter().map(|entry| entry.effect.as_str()).collect::<Vec<_>>(), effects);
    }

    #[test]
    fn what_somebody_chose_is_looked_at_and_not_made() {
        let mut kit = kit();
        kit.audience = KitAudience::Organizations(vec![KitOrganization::Connected { id: "o".into(), name: "Fabrikam".into() }]);
        kit.catalog = KitCatalog::Existing { id: "c".into(), name: "Partners".into(), is_externally_visible: true, is_published: true };
        (kit.is_hidden, kit.term.end) = (true, KitEnd::Never);
        kit.stages = KitStages::default();
        let plan = plan(&kit);
        assert_eq!(asked(&plan[0]), ["GET /connectedOrganizations/o"]);
        assert_eq!(asked(&plan[1]), ["GET /catalogs/c"]);
        assert_eq!(asked(&plan[2])[0], "GET /catalogs/c/resources");
        assert_eq!(plan[1].effect, "Makes sure that the catalog “Partners” is still there.");
        assert_eq!(plan[3].effect, "Makes the package “Project”, which is found by its link alone and gives nothing yet.");
        assert_eq!(plan[5].effect, "Lets people of Fabrikam ask for the package: nobody has to say yes, and access does not end.");
    }
}
