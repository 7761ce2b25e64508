//! Which policy covers whom. Pure: a policy as it is kept, somebody as the tenant knows them.
//! entra-docs docs/id-governance/entitlement-management-access-package-request-policy.md; of several that fit the most specific counts.

use super::stored::StoredObject;
use crate::Tenant;
use serde_json::Value;

/// Somebody who asks, or is assigned to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Requestor {
    /// The object id, for people of the directory.
    pub(super) id: Option<String>,
    /// Whether they are a member, and not a guest.
    pub(super) is_member: bool,
    /// Groups by id.
    pub(super) groups: Vec<String>,
    pub(super) organization: Option<MemberOf>,
    /// Neither the domain's invitations nor those of its tenant are let in.
    pub(super) is_blocked: bool,
}

/// The connected organization that somebody belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MemberOf {
    pub(super) id: String,
    pub(super) is_configured: bool,
}

impl Requestor {
    /// From outside: guests of the directory, and whoever is not there. That policies for outsiders cover guests, too, is our reading.
    const fn is_outside(&self) -> bool {
        !self.is_member
    }
}

/// How specific the policy is that covers somebody, 0 the most; `None` where it does not.
pub(super) fn rank(policy: &Value, requestor: &Requestor) -> Option<u8> {
    let targets = policy["specificAllowedTargets"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_here = requestor.id.is_some();
    let outside = requestor.is_outside() && !requestor.is_blocked;
    let organization = requestor.organization.as_ref().filter(|_| outside);
    let is_named = |target: &Value| {
        let is =
            |name: &str, own: Option<&str>| own.is_some_and(|own| target[name].as_str().is_some_and(|id| id.eq_ignore_ascii_case(own)));
        is("userId", requestor.id.as_deref())
            || requestor.groups.iter().any(|group| is("groupId", Some(group)))
            || is("connectedOrganizationId", organization.map(|organization| organization.id.as_str()))
    };
    let (covers, rank) = match policy["allowedTargetScope"].as_str()? {
        "specificDirectoryUsers" => (is_here && targets.iter().any(is_named), 0),
        "allMemberUsers" => (is_here && requestor.is_member, 1),
        "allDirectoryUsers" => (is_here, 2),
        "specificConnectedOrganizationUsers" => (organization.is_some() && targets.iter().any(is_named), 2),
        "allConfiguredConnectedOrganizationUsers" => (organization.is_some_and(|organization| organization.is_configured), 3),
        "allExternalUsers" => (outside, 3),
        _ => (false, 3),
    };
    covers.then_some(rank)
}

/// The policies that cover somebody, the one that counts first: of equally specific ones the oldest, which is our reading.
pub(super) fn by_precedence<'a>(policies: impl Iterator<Item = &'a StoredObject>, requestor: &Requestor) -> Vec<&'a StoredObject> {
    let ranked = |policy: &'a StoredObject| rank(&Value::Object(policy.body.clone()), requestor).map(|rank| (rank, policy));
    let mut fitting: Vec<(u8, &StoredObject)> = policies.filter_map(ranked).collect();
    fitting.sort_by_key(|(rank, policy)| (*rank, policy.created));
    fitting.into_iter().map(|(_, policy)| policy).collect()
}

impl Tenant {
    /// Somebody by object id or by address.
    pub(super) fn requestor(&self, key: &str) -> Requestor {
        let person = self.directory.by_id(key);
        let address = person.map_or(Some(key), |person| person.mail.as_deref());
        let organization = self.organization_of(key);
        Requestor {
            id: person.map(|person| person.id.clone()),
            is_member: person.is_some_and(|person| !person.is_guest()),
            groups: self.groups.with_member(key).map(|group| group.id.clone()).collect(),
            organization: organization.map(|one| MemberOf { id: one.id.clone(), is_configured: one.text("state") != "proposed" }),
            is_blocked: address.is_some_and(|address| self.is_blocked(address)),
        }
    }

    /// Whether the lists of external collaboration block the domain of this address.
    pub(super) fn is_blocked(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        [&self.knobs.blocked_domains, &self.knobs.cross_tenant_blocked].into_iter().any(|list| crate::Knobs::lists(list, domain))
    }

    /// The policies by which somebody may ask for a package themselves, the one that counts first. The catalog has to be published, and
    /// visible for people from outside.
    pub(super) fn usable_policies<'a>(&'a self, package: &'a str, requestor: &Requestor) -> Vec<&'a StoredObject> {
        let catalog = self.governance.catalogs.by_id(self.governance.catalog_of(package));
        let is_open = catalog.is_some_and(|catalog| {
            catalog.text("state") != "unpublished" && (!requestor.is_outside() || catalog.flag("isExternallyVisible"))
        });
        let may_ask = |policy: &&StoredObject| {
            let settings = policy.body.get("requestorSettings");
            settings.is_some_and(|settings| settings["enableTargetsToSelfAddAccess"] == Value::Bool(true))
        };
        let policies = self.governance.policies.below(package).filter(may_ask).filter(|_| is_open);
        by_precedence(policies, requestor)
    }
}

/// Why somebody may not ask for a package themselves: names of ours, since Microsoft tells people none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ineligibility {
    CatalogUnpublished,
    CatalogHiddenFromOutsiders,
    DomainBlocked,
    NoPolicy,
    PolicyTakesNoRequests,
    NotCoveredByPolicy,
}

impl Tenant {
    /// The usable policies that are as specific as the one that counts: among them people choose
    /// (entra-docs docs/id-governance/entitlement-management-troubleshoot.md, "Multiple policies").
    pub(super) fn offered_policies<'a>(&'a self, package: &'a str, requestor: &Requestor) -> Vec<&'a StoredObject> {
        let mut policies = self.usable_policies(package, requestor);
        let own = |policy: &StoredObject| rank(&Value::Object(policy.body.clone()), requestor);
        let first = policies.first().map(|policy| own(policy));
        policies.retain(|policy| Some(own(policy)) == first);
        policies
    }

    /// What keeps somebody from asking for a package; `None` where some policy lets them.
    pub(super) fn ineligibility(&self, package: &str, requestor: &Requestor) -> Option<Ineligibility> {
        if !self.usable_policies(package, requestor).is_empty() {
            return None;
        }
        let catalog = self.governance.catalogs.by_id(self.governance.catalog_of(package));
        let policies = || self.governance.policies.below(package);
        Some(if catalog.is_none_or(|catalog| catalog.text("state") == "unpublished") {
            Ineligibility::CatalogUnpublished
        } else if requestor.is_outside() && catalog.is_some_and(|catalog| !catalog.flag("isExternallyVisible")) {
            Ineligibility::CatalogHiddenFromOutsiders
        } else if requestor.is_outside() && requestor.is_blocked {
            Ineligibility::DomainBlocked
        } else if policies().next().is_none() {
            Ineligibility::NoPolicy
        } else if !by_precedence(policies(), requestor).is_empty() || policies().all(|one| one.text("allowedTargetScope") == "notSpecified")
        {
            Ineligibility::PolicyTakesNoRequests
        } else {
            Ineligibility::NotCoveredByPolicy
        })
    }
}

#[cfg(test)]
mod property_tests {
    use super::*;
    use serde_json::json;
    use time::Moment;

    /// xorshift64, so that a failure is met again by its seed.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % end
        }

        fn is(&mut self) -> bool {
            self.below(2) == 0
        }
    }

    const SCOPES: [&str; 7] = [
        "notSpecified",
        "specificDirectoryUsers",
        "specificConnectedOrganizationUsers",
        "allMemberUsers",
        "allDirectoryUsers",
        "allConfiguredConnectedOrganizationUsers",
        "allExternalUsers",
    ];

    fn somebody(numbers: &mut Numbers) -> Requestor {
        let is_here = numbers.is();
        Requestor {
            id: is_here.then(|| format!("u{}", numbers.below(3))),
            is_member: is_here && numbers.is(),
            groups: (0..numbers.below(3)).map(|_| format!("g{}", numbers.below(3))).collect(),
            organization: numbers.is().then(|| MemberOf { id: format!("o{}", numbers.below(3)), is_configured: numbers.is() }),
            is_blocked: numbers.below(4) == 0,
        }
    }

    fn policy(numbers: &mut Numbers, place: i64) -> StoredObject {
        let scope = SCOPES[usize::try_from(numbers.below(7)).unwrap()];
        let target = |numbers: &mut Numbers| match numbers.below(3) {
            0 => json!({"userId": format!("u{}", numbers.below(3))}),
            1 => json!({"groupId": format!("g{}", numbers.below(3))}),
            _ => json!({"connectedOrganizationId": format!("o{}", numbers.below(3))}),
        };
        let targets: Vec<Value> = (0..numbers.below(4)).map(|_| target(numbers)).collect();
        let body = json!({"allowedTargetScope": scope, "specificAllowedTargets": targets});
        StoredObject::new(format!("p{place}"), String::new(), body, Moment(place))
    }

    /// The same rules said once more, from the person's side and without ranks.
    fn is_covered(policy: &StoredObject, who: &Requestor) -> bool {
        let names = |name: &str, id: &str| {
            let targets = policy.body["specificAllowedTargets"].as_array().unwrap();
            targets.iter().any(|target| target[name] == id)
        };
        let organization = if who.is_member || who.is_blocked { None } else { who.organization.as_ref() };
        match policy.text("allowedTargetScope") {
            "specificDirectoryUsers" => who.id.as_ref().is_some_and(|id| {
                let by_organization = organization.is_some_and(|one| names("connectedOrganizationId", &one.id));
                names("userId", id) || who.groups.iter().any(|group| names("groupId", group)) || by_organization
            }),
            "specificConnectedOrganizationUsers" => organization.is_some_and(|one| {
                let by_id = who.id.as_ref().is_some_and(|id| names("userId", id));
                names("connectedOrganizationId", &one.id) || by_id || who.groups.iter().any(|group| names("groupId", group))
            }),
            "allMemberUsers" => who.is_member,
            "allDirectoryUsers" => who.id.is_some(),
            "allConfiguredConnectedOrganizationUsers" => organization.is_some_and(|one| one.is_configured),
            "allExternalUsers" => !who.is_member && !who.is_blocked,
            _ => false,
        }
    }

    #[test]
    fn the_most_specific_policy_counts_and_all_that_cover_are_named_whatever_their_order() {
        let order = [&["specificDirectoryUsers"][..], &["allMemberUsers"], &["allDirectoryUsers", "specificConnectedOrganizationUsers"]];
        let level =
            |policy: &StoredObject| order.iter().position(|scopes| scopes.contains(&policy.text("allowedTargetScope"))).unwrap_or(3);
        for seed in 1..=5_000_u64 {
            let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
            let who = somebody(&mut numbers);
            let mut policies: Vec<StoredObject> = (0..6).map(|place| policy(&mut numbers, place)).collect();
            let found: Vec<String> = by_precedence(policies.iter(), &who).iter().map(|one| one.id.clone()).collect();
            let mut expected: Vec<&StoredObject> = policies.iter().filter(|policy| is_covered(policy, &who)).collect();
            expected.sort_by_key(|policy| (level(policy), policy.created));
            let expected: Vec<String> = expected.iter().map(|policy| policy.id.clone()).collect();
            assert_eq!(found, expected, "seed {seed}: {who:?}");
            policies.reverse();
            let reversed: Vec<String> = by_precedence(policies.iter(), &who).iter().map(|one| one.id.clone()).collect();
            assert_eq!(reversed, expected, "seed {seed}, the other way round");
        }
    }
}
