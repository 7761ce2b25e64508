//! A kit as a file that can be passed on, and opened in another tenant. It holds no ids of groups, apps, sites, people, organizations or
//! catalogs, which mean nothing there: it names them, and they are [found anew](adopted). Domains, ids of tenants and of an app's roles
//! are the same everywhere. Questions stand in it as Graph writes them.

use super::{
    Kit, KitApprover, KitAudience, KitCatalog, KitEnd, KitEscalation, KitExtension, KitOrganization, KitResource, KitReview, KitReviewers,
    KitRole, KitStage, KitStages, KitTerm, policy,
};
use graph::entitlement::PolicyQuestion;
use graph::entitlement::resources::OriginSystem;
use serde::Deserialize;
use serde_json::{Value, json};

const KIND: &str = "kit";
const VERSION: u64 = 1;
/// Longer ones are no kits.
const MOST: usize = 500_000;

/// What a kit names and a tenant knows by an id of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitReference {
    Resource { system: OriginSystem, name: String },
    Person(String),
    Group(String),
    Organization(String),
}

impl KitReference {
    /// That it was not found, in a sentence.
    pub fn not_found(&self) -> String {
        let (kind, name) = match self {
            Self::Resource { system: OriginSystem::Group, name } | Self::Group(name) => ("group", name),
            Self::Resource { system: OriginSystem::Application, name } => ("app", name),
            Self::Resource { name, .. } => ("site", name),
            Self::Person(name) => ("person", name),
            Self::Organization(name) => ("connected organization", name),
        };
        format!("This organization has no {kind} named “{name}”; choose another.")
    }
}

/// A kit as a file.
pub fn write(kit: &Kit) -> String {
    let organization = |one: &KitOrganization| match one {
        KitOrganization::Connected { name, .. } => json!({ "name": name }),
        KitOrganization::ByDomain { domain, name, tenant } => json!({"name": name, "domain": domain, "tenant": tenant}),
    };
    let who = match &kit.audience {
        KitAudience::AllConfigured => json!("all"),
        KitAudience::Anybody => json!("anybody"),
        KitAudience::Organizations(all) => all.iter().map(organization).collect(),
    };
    let role = |one: &KitRole| json!({"system": one.resource.system.as_str(), "name": one.resource.name, "role": portable_role(one), "roleName": one.role_name});
    let stage = |one: &KitStage| {
        json!({
            "approvers": approvers(&one.approvers), "fallback": approvers(&one.fallback), "decidedWithin": one.decided_within,
            "needsReason": one.needs_reason,
            "escalation": one.escalation.as_ref().map(|one| json!({"after": one.after, "approvers": approvers(&one.approvers)})),
        })
    };
    let (extension, review) = (EXTENSIONS.iter().find(|(one, _)| *one == kit.term.extension), kit.term.review.as_ref());
    let end = match &kit.term.end {
        KitEnd::After(days) => json!(days),
        KitEnd::On(date) => json!(date),
        KitEnd::Never => Value::Null,
    };
    let reviewers = |one: &KitReviewers| match one {
        KitReviewers::Themselves => json!(THEMSELVES),
        KitReviewers::Others(others) => approvers(others),
    };
    let review = review
        .map(|one| json!({"begins": one.begins, "every": one.every, "openFor": one.open_for, "reviewers": reviewers(&one.reviewers)}));
    let description = if let KitCatalog::New { description, .. } = &kit.catalog { description } else { "" };
    let told = json!({
        "name": kit.name, "description": kit.description, "isHidden": kit.is_hidden,
        "catalog": {"name": kit.catalog.name(), "description": description, "isExternallyVisible": kit.catalog.is_externally_visible()},
        "who": who, "gets": kit.roles.iter().map(role).collect::<Value>(), "yes": kit.stages.iter().map(stage).collect::<Value>(),
        "asksReason": kit.asks_reason, "questions": policy::questions(kit), "ends": end, "extension": extension.map(|(_, word)| *word),
        "review": review,
    });
    json!({"guestlist": KIND, "version": VERSION, "kit": told}).to_string()
}

const EXTENSIONS: [(KitExtension, &str); 3] =
    [(KitExtension::No, "no"), (KitExtension::WithApproval, "withApproval"), (KitExtension::WithoutApproval, "withoutApproval")];

/// Whoever has it reviews their own access.
const THEMSELVES: &str = "themselves";

/// A role without the id of its group: `Member`.
fn portable_role(role: &KitRole) -> &str {
    let of_group = role.role.split_once('_').filter(|_| role.resource.system == OriginSystem::Group);
    of_group.map_or(&role.role, |(kind, _)| kind)
}

fn approvers(all: &[KitApprover]) -> Value {
    let one = |approver: &KitApprover| match approver {
        KitApprover::InternalSponsors => json!({"kind": "internalSponsors"}),
        KitApprover::ExternalSponsors => json!({"kind": "externalSponsors"}),
        KitApprover::Manager => json!({"kind": "manager"}),
        KitApprover::Person { name, .. } => json!({"kind": "person", "name": name}),
        KitApprover::Group { name, .. } => json!({"kind": "group", "name": name}),
    };
    all.iter().map(one).collect()
}

/// A kit of a file. Whatever it names is without an id until it is [adopted].
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn read(text: &str) -> Result<Kit, String> {
    if text.len() > MOST {
        return Err("This file is too large to be a kit.".into());
    }
    let none = || "This file holds no kit. A kit is a file that this page has written with “Download as a file”.".to_owned();
    let file: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|_| none())?;
    let (Some(kind), Some(version)) = (file["guestlist"].as_str(), file["version"].as_u64()) else { return Err(none()) };
    if kind != KIND {
        return Err(format!("This file holds a {kind}, not a kit."));
    }
    if version > VERSION {
        return Err("This kit was written by a newer version of this page.".into());
    }
    kit(&file["kit"]).ok_or_else(|| "This kit is damaged: something in it is missing or is not what it should be.".into())
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(Into::into)
}

fn number(value: &Value, name: &str) -> Option<u32> {
    value[name].as_u64()?.try_into().ok()
}

fn each<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(read).collect()
}

/// Null as none.
fn optional<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Option<T>> {
    if value.is_null() { Some(None) } else { read(value).map(Some) }
}

fn kit(told: &Value) -> Option<Kit> {
    let catalog = &told["catalog"];
    let extension = EXTENSIONS.iter().find(|(_, word)| told["extension"] == *word).map(|(one, _)| *one);
    Some(Kit {
        name: text(told, "name")?,
        description: text(told, "description")?,
        is_hidden: told["isHidden"].as_bool()?,
        catalog: KitCatalog::New {
            name: text(catalog, "name")?,
            description: text(catalog, "description")?,
            is_externally_visible: catalog["isExternallyVisible"].as_bool()?,
        },
        audience: match told["who"].as_str() {
            Some("all") => KitAudience::AllConfigured,
            Some("anybody") => KitAudience::Anybody,
            _ => KitAudience::Organizations(each(&told["who"], organization)?),
        },
        roles: each(&told["gets"], role)?,
        stages: KitStages::new(each(&told["yes"], stage)?)?,
        asks_reason: told["asksReason"].as_bool()?,
        questions: each(&told["questions"], |told| PolicyQuestion::deserialize(told).ok())?,
        term: KitTerm {
            end: match &told["ends"] {
                Value::Null => KitEnd::Never,
                Value::String(date) => KitEnd::On(date.clone()),
                days => KitEnd::After(days.as_u64()?.try_into().ok()?),
            },
            extension: extension?,
            review: optional(&told["review"], review)?,
        },
    })
}

fn organization(told: &Value) -> Option<KitOrganization> {
    let name = text(told, "name")?;
    Some(match text(told, "domain") {
        Some(domain) => KitOrganization::ByDomain { domain, name, tenant: text(told, "tenant") },
        None => KitOrganization::Connected { id: String::new(), name },
    })
}

fn role(told: &Value) -> Option<KitRole> {
    let resource = KitResource { system: text(told, "system")?.into(), origin: String::new(), name: text(told, "name")? };
    Some(KitRole { resource, role: text(told, "role")?, role_name: text(told, "roleName")? })
}

fn stage(told: &Value) -> Option<KitStage> {
    let escalation = |told: &Value| Some(KitEscalation { after: number(told, "after")?, approvers: each(&told["approvers"], approver)? });
    Some(KitStage {
        approvers: each(&told["approvers"], approver)?,
        fallback: each(&told["fallback"], approver)?,
        decided_within: number(told, "decidedWithin")?,
        needs_reason: told["needsReason"].as_bool()?,
        escalation: optional(&told["escalation"], escalation)?,
    })
}

fn approver(told: &Value) -> Option<KitApprover> {
    let name = || text(told, "name");
    Some(match told["kind"].as_str()? {
        "internalSponsors" => KitApprover::InternalSponsors,
        "externalSponsors" => KitApprover::ExternalSponsors,
        "manager" => KitApprover::Manager,
        "person" => KitApprover::Person { id: String::new(), name: name()? },
        "group" => KitApprover::Group { id: String::new(), name: name()? },
        _ => return None,
    })
}

fn review(told: &Value) -> Option<KitReview> {
    Some(KitReview {
        begins: text(told, "begins")?,
        every: number(told, "every")?,
        open_for: number(told, "openFor")?,
        reviewers: match &told["reviewers"] {
            Value::String(word) if word == THEMSELVES => KitReviewers::Themselves,
            others => KitReviewers::Others(each(others, approver)?),
        },
    })
}

/// The kit of a file with ids of this tenant, as far as `find` knows them: of a resource as [`OriginSystem`] says, else Graph's. What is not
/// found is left out of the kit, and told.
pub fn adopted(kit: &Kit, find: impl Fn(&KitReference) -> Option<String>) -> (Kit, Vec<KitReference>) {
    let mut missing: Vec<KitReference> = Vec::new();
    let mut look = |reference: KitReference| {
        let id = find(&reference);
        if id.is_none() && !missing.contains(&reference) {
            missing.push(reference);
        }
        id
    };
    let mut own = kit.clone();
    if let KitAudience::Organizations(organizations) = &mut own.audience {
        organizations.retain_mut(|organization| match organization {
            KitOrganization::Connected { id, name } => fill(id, look(KitReference::Organization(name.clone()))),
            KitOrganization::ByDomain { .. } => true,
        });
    }
    own.roles.retain_mut(|role| {
        let KitResource { system, origin, name } = &mut role.resource;
        let is_found = fill(origin, look(KitReference::Resource { system: system.clone(), name: name.clone() }));
        if *system == OriginSystem::Group {
            role.role = format!("{}_{origin}", role.role);
        }
        is_found
    });
    let mut people = |approvers: &mut Vec<KitApprover>| {
        approvers.retain_mut(|approver| match approver {
            KitApprover::Person { id, name } => fill(id, look(KitReference::Person(name.clone()))),
            KitApprover::Group { id, name } => fill(id, look(KitReference::Group(name.clone()))),
            KitApprover::InternalSponsors | KitApprover::ExternalSponsors | KitApprover::Manager => true,
        });
    };
    for stage in own.stages.iter_mut() {
        people(&mut stage.approvers);
        people(&mut stage.fallback);
        if let Some(escalation) = &mut stage.escalation {
            people(&mut escalation.approvers);
        }
    }
    if let Some(KitReview { reviewers: KitReviewers::Others(others), .. }) = &mut own.term.review {
        people(others);
    }
    (own, missing)
}

/// Whether there is an id to fill in.
fn fill(place: &mut String, id: Option<String>) -> bool {
    let is_known = id.is_some();
    *place = id.unwrap_or_default();
    is_known
}

#[cfg(test)]
mod tests {
    use super::super::blueprints::KitBlueprint;
    use super::super::tests::{kit, member_of, person};
    use super::*;
    use time::Moment;

    /// With everything that a kit can hold.
    fn full() -> Kit {
        let mut full = kit();
        full.roles.push(KitRole {
            resource: KitResource { system: OriginSystem::Application, origin: "s".into(), name: "Expenses".into() },
            role: "a9911ca7".into(),
            role_name: "Approver".into(),
        });
        full.stages[0].approvers.extend([KitApprover::Manager, KitApprover::Group { id: "board".into(), name: "Board".into() }]);
        full.stages[0].fallback = vec![KitApprover::InternalSponsors, KitApprover::ExternalSponsors];
        full.stages[0].escalation = Some(KitEscalation { after: 3, approvers: vec![person("bob")] });
        full.questions = KitBlueprint::SupplierPortal.kit(Moment(0)).questions;
        let reviewers = KitReviewers::Others(vec![person("eve")]);
        full.term.review = Some(KitReview { begins: "2027-01-01T00:00:00Z".into(), every: 3, open_for: 14, reviewers });
        let KitAudience::Organizations(organizations) = &mut full.audience else { panic!("they are named") };
        organizations.push(KitOrganization::Connected { id: "w".into(), name: "Woodgrove".into() });
        full
    }

    /// As this tenant knows what [`full`] names.
    fn known(reference: &KitReference) -> Option<String> {
        let id = match reference {
            KitReference::Resource { name, .. } if name == "Sales" => "g".into(),
            KitReference::Resource { .. } => "s".into(),
            KitReference::Person(name) => name.to_lowercase(),
            KitReference::Group(_) => "board".into(),
            KitReference::Organization(_) => "w".into(),
        };
        Some(id)
    }

    #[test]
    fn a_file_holds_all_of_a_kit_but_ids_and_is_adopted_by_name() {
        for kit in [kit(), full(), KitBlueprint::Event.kit(Moment(0)), KitBlueprint::SupplierPortal.kit(Moment(0))] {
            let (adopted, missing) = adopted(&read(&write(&kit)).unwrap(), known);
            assert_eq!((adopted, missing), (kit, vec![]));
        }
        let written = write(&full());
        for id in ["Member_g", "\"ada\"", "\"bob\"", "\"board\"", "\"w\""] {
            assert!(!written.contains(id), "{written}");
        }
        let chosen = Kit {
            catalog: KitCatalog::Existing { id: "c".into(), name: "C".into(), is_externally_visible: true, is_published: true },
            ..kit()
        };
        let expected = KitCatalog::New { name: "C".into(), description: String::new(), is_externally_visible: true };
        assert_eq!(read(&write(&chosen)).unwrap().catalog, expected, "a catalog of its name is found, or made");
    }

    #[test]
    fn what_another_tenant_does_not_know_is_left_out_and_told_once() {
        let mut two = full();
        two.roles.push(KitRole { role: "Owner_g".into(), role_name: "Owner".into(), ..member_of("g", "Sales") });
        let (kit, missing) = adopted(&read(&write(&two)).unwrap(), |_| None);
        assert!(kit.roles.is_empty() && kit.organizations().len() == 1);
        assert_eq!(kit.stages[0].approvers, [KitApprover::Manager]);
        let reviewers = kit.term.review.map(|review| review.reviewers);
        assert_eq!(reviewers, Some(KitReviewers::Others(vec![])), "nobody reviews their own access for that");
        let names: Vec<String> = missing.iter().map(KitReference::not_found).collect();
        let expected = [
            "connected organization named “Woodgrove”",
            "group named “Sales”",
            "app named “Expenses”",
            "person named “ADA”",
            "group named “Board”",
            "person named “BOB”",
            "person named “EVE”",
        ];
        assert_eq!(names, expected.map(|what| format!("This organization has no {what}; choose another.")));
    }

    #[test]
    fn what_is_no_kit_or_one_of_a_later_version_is_told() {
        let check = |text: &str, expected: &str| assert!(read(text).unwrap_err().contains(expected), "{text}");
        check("x", "holds no kit");
        check("{}", "holds no kit");
        check(r#"{"guestlist": "letter", "version": 1}"#, "holds a letter");
        check(r#"{"guestlist": "kit", "version": 2}"#, "newer version");
        check(r#"{"guestlist": "kit", "version": 1, "kit": {"name": "x"}}"#, "damaged");
        check(&" ".repeat(MOST + 1), "too large");
        assert_eq!(read(&format!("\u{feff}{}", write(&kit()))).unwrap().name, "Project");
        let mut broken: Value = serde_json::from_str(&write(&full())).unwrap();
        broken["kit"]["yes"][0]["approvers"][0]["kind"] = json!("oracle");
        check(&broken.to_string(), "damaged");
        let mut long: Value = serde_json::from_str(&write(&full())).unwrap();
        long["kit"]["yes"] = (0..4).map(|_| long["kit"]["yes"][0].clone()).collect();
        check(&long.to_string(), "damaged");
    }
}
