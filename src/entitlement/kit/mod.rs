//! A kit: all that somebody composes at once for partners to ask for, from organizations to the policy, and what becomes of it.
//!
//! `items.rs` is what it consists of in the order in which that is made, `calls.rs` what Graph is asked for each, `policy.rs` the policy,
//! `faults.rs` what keeps it from being made and what is worth a look, `plan.rs` each call in a sentence, `preview.rs` who would see it,
//! `suitability.rs` what a package can give, `blueprints.rs` kits to begin with, `file.rs` a kit that is passed on, `partner_page.rs` what
//! partners are told. Making it is `jobs::kit`.

pub mod blueprints;
pub mod calls;
pub mod faults;
pub mod file;
mod items;
pub mod partner_page;
pub mod plan;
pub mod policy;
pub mod preview;
pub mod suitability;

use graph::entitlement::PolicyQuestion;
use graph::entitlement::assignment_policies::ApprovalStages;
use graph::entitlement::catalogs::{AccessPackageCatalog, CatalogState};
use graph::entitlement::connected_organizations::ConnectedOrganization;
use graph::entitlement::resources::OriginSystem;
pub use items::{KitItem, KitPart, KitPartOrigin};
use std::ops::{Deref, DerefMut};

/// Everything that is made of one package for partners. It belongs to the tenant whose ids it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kit {
    /// Of the package and of its policy: shown to whoever asks.
    pub name: String,
    /// As the name.
    pub description: String,
    /// Whether it can be asked for by its link alone.
    pub is_hidden: bool,
    pub catalog: KitCatalog,
    /// Who may ask.
    pub audience: KitAudience,
    /// What they get.
    pub roles: Vec<KitRole>,
    /// Who says yes.
    pub stages: KitStages,
    /// Whether whoever asks gives a reason.
    pub asks_reason: bool,
    /// What else they are asked, in this order; each is a new one, without an id.
    pub questions: Vec<PolicyQuestion>,
    pub term: KitTerm,
}

/// Where the package lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitCatalog {
    /// One that is there.
    Existing {
        id: String,
        name: String,
        /// Whether people from outside see its packages.
        is_externally_visible: bool,
        /// Nobody can ask for packages of a draft.
        is_published: bool,
    },
    /// One of this name that is the same, or else a new one.
    New { name: String, description: String, is_externally_visible: bool },
}

impl KitCatalog {
    pub fn name(&self) -> &str {
        let (Self::Existing { name, .. } | Self::New { name, .. }) = self;
        name
    }

    pub const fn is_externally_visible(&self) -> bool {
        let (Self::Existing { is_externally_visible, .. } | Self::New { is_externally_visible, .. }) = self;
        *is_externally_visible
    }

    /// A new one is.
    pub const fn is_published(&self) -> bool {
        matches!(self, Self::New { .. } | Self::Existing { is_published: true, .. })
    }

    /// Whether a catalog that is there lets the same people ask as this one.
    pub fn is_open_as(&self, there: &AccessPackageCatalog) -> bool {
        let is_published = there.state != Some(CatalogState::Unpublished);
        there.is_externally_visible == self.is_externally_visible() && is_published == self.is_published()
    }
}

/// Who may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitAudience {
    /// People of these organizations.
    Organizations(Vec<KitOrganization>),
    /// People of all connected organizations that are configured.
    AllConfigured,
    /// Anybody outside.
    Anybody,
}

/// An organization whose people may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitOrganization {
    /// One that is connected.
    Connected { id: String, name: String },
    /// The connected one that this domain belongs to, or else a new one.
    ByDomain {
        /// Such as `fabrikam.example`.
        domain: String,
        name: String,
        /// The id of the tenant in which the domain is verified, where that is known: a connected organization may be known by it alone.
        tenant: Option<String>,
    },
}

impl KitOrganization {
    pub fn name(&self) -> &str {
        let (Self::Connected { name, .. } | Self::ByDomain { name, .. }) = self;
        name
    }

    /// Which of these connected organizations it certainly is: by its id, or as the one that has the domain, or the tenant where that is known.
    /// A name tells nothing: several may have it.
    pub fn among<'o>(&self, all: impl IntoIterator<Item = &'o ConnectedOrganization>) -> Option<&'o ConnectedOrganization> {
        all.into_iter().find(|one| match self {
            Self::Connected { id, .. } => one.id.eq_ignore_ascii_case(id),
            Self::ByDomain { domain, tenant, .. } => one.covers(domain, tenant.as_deref()),
        })
    }
}

/// A role of a group, an app or a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitRole {
    pub resource: KitResource,
    /// `Member_{group}`, `Owner_{group}`, the id of an app role, the number of a site's role.
    pub role: String,
    /// For showing.
    pub role_name: String,
}

/// A group, an app or a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitResource {
    pub system: OriginSystem,
    /// As [`OriginSystem`] says.
    pub origin: String,
    pub name: String,
}

/// Who says yes, one stage after the other, [`ApprovalStages::MOST`] at most; nobody where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KitStages(Vec<KitStage>);

impl KitStages {
    /// `None` where there are too many.
    pub fn new(stages: Vec<KitStage>) -> Option<Self> {
        (stages.len() <= ApprovalStages::MOST).then_some(Self(stages))
    }
}

impl From<KitStage> for KitStages {
    fn from(only: KitStage) -> Self {
        Self(vec![only])
    }
}

impl Deref for KitStages {
    type Target = [KitStage];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for KitStages {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// One stage of approval: one yes is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitStage {
    pub approvers: Vec<KitApprover>,
    /// Who is asked where nobody of them is found: an organization without sponsors, somebody without a manager.
    pub fallback: Vec<KitApprover>,
    /// Whoever has not decided after so many days has said no.
    pub decided_within: u32,
    /// Whether a decision needs a reason.
    pub needs_reason: bool,
    pub escalation: Option<KitEscalation>,
}

/// Who is asked when nobody has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitEscalation {
    /// Days after the others were asked.
    pub after: u32,
    pub approvers: Vec<KitApprover>,
}

/// Who decides, or reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitApprover {
    /// Of the organization whose people ask.
    InternalSponsors,
    ExternalSponsors,
    /// Of whoever asks.
    Manager,
    /// By object id.
    Person {
        id: String,
        name: String,
    },
    Group {
        id: String,
        name: String,
    },
}

/// How long it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitTerm {
    pub end: KitEnd,
    pub extension: KitExtension,
    pub review: Option<KitReview>,
}

/// When access ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitEnd {
    /// So many days after it began.
    After(u32),
    /// At this moment, ISO 8601 in UTC: `2027-06-30T00:00:00Z`.
    On(String),
    Never,
}

/// Whether whoever has it can ask for a longer time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitExtension {
    No,
    /// By the same approval as the first time, if there is one.
    WithApproval,
    WithoutApproval,
}

/// Access is looked at again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitReview {
    /// When the first begins, ISO 8601 in UTC.
    pub begins: String,
    /// In months, from one to the next.
    pub every: u32,
    /// So many days each is open.
    pub open_for: u32,
    pub reviewers: KitReviewers,
}

/// Who says whether somebody still needs access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitReviewers {
    /// Whoever has it, for themselves.
    Themselves,
    Others(Vec<KitApprover>),
}

impl Kit {
    /// The organizations that it names.
    pub fn organizations(&self) -> &[KitOrganization] {
        if let KitAudience::Organizations(organizations) = &self.audience { organizations } else { &[] }
    }

    /// What its roles are of, each once, in the order of the roles.
    pub fn resources(&self) -> Vec<&KitResource> {
        let mut all: Vec<&KitResource> = Vec::new();
        for role in &self.roles {
            if !all.iter().any(|known| known.is(&role.resource)) {
                all.push(&role.resource);
            }
        }
        all
    }
}

impl KitResource {
    /// Whether both are one, whatever they are called.
    pub fn is(&self, other: &Self) -> bool {
        self.system == other.system && self.origin.eq_ignore_ascii_case(&other.origin)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use graph::entitlement::{AnswerForm, LocalizedText};

    pub(crate) fn group(id: &str, name: &str) -> KitResource {
        KitResource { system: OriginSystem::Group, origin: id.into(), name: name.into() }
    }

    pub(crate) fn member_of(id: &str, name: &str) -> KitRole {
        KitRole { resource: group(id, name), role: format!("Member_{id}"), role_name: "Member".into() }
    }

    pub(crate) fn person(id: &str) -> KitApprover {
        KitApprover::Person { id: id.into(), name: id.to_uppercase() }
    }

    /// A kit of which nothing is to be said.
    pub(crate) fn kit() -> Kit {
        Kit {
            name: "Project".into(),
            description: "What the project works with.".into(),
            is_hidden: false,
            catalog: KitCatalog::New { name: "Partners".into(), description: "For partners.".into(), is_externally_visible: true },
            audience: KitAudience::Organizations(vec![KitOrganization::ByDomain {
                domain: "fabrikam.example".into(),
                name: "Fabrikam".into(),
                tenant: None,
            }]),
            roles: vec![member_of("g", "Sales")],
            stages: KitStages::from(KitStage {
                approvers: vec![person("ada")],
                fallback: vec![],
                decided_within: 14,
                needs_reason: true,
                escalation: None,
            }),
            asks_reason: true,
            questions: vec![PolicyQuestion {
                id: None,
                text: "Which project?".into(),
                localizations: vec![LocalizedText { language_code: "de".into(), text: "Welches Projekt?".into() }],
                is_required: true,
                is_answer_editable: false,
                sequence: 0,
                form: AnswerForm::Text { is_single_line: true, pattern: None },
            }],
            term: KitTerm { end: KitEnd::After(90), extension: KitExtension::WithApproval, review: None },
        }
    }

    #[test]
    fn there_are_three_stages_at_most() {
        let of = |count: usize| KitStages::new(vec![kit().stages[0].clone(); count]).map(|stages| stages.len());
        assert_eq!([0, 1, 3, 4].map(of), [Some(0), Some(1), Some(3), None]);
    }

    #[test]
    fn a_resource_of_which_several_roles_are_given_counts_once() {
        let owner = KitRole { role: "Owner_G".into(), role_name: "Owner".into(), resource: group("G", "Sales") };
        let kit = Kit { roles: vec![member_of("g", "Sales"), owner, member_of("h", "Sales")], ..kit() };
        assert_eq!(kit.resources(), [&group("g", "Sales"), &group("h", "Sales")]);
    }
}
