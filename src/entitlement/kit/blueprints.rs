//! Kits to begin with. Who may ask and what they get is left to whoever composes; the rest is what such a thing mostly needs.

use super::{
    Kit, KitApprover, KitAudience, KitCatalog, KitEnd, KitEscalation, KitExtension, KitReview, KitReviewers, KitStage, KitStages, KitTerm,
};
use graph::entitlement::{AnswerChoice, AnswerForm, PolicyQuestion};
use time::{Millis, Moment};

/// A kit to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitBlueprint {
    /// A few people of one organization, for as long as a project lasts.
    ProjectPartner,
    /// Many people of many organizations, looked at again and again.
    SupplierPortal,
    /// Anybody with the link, until a day.
    Event,
}

impl KitBlueprint {
    pub const ALL: [Self; 3] = [Self::ProjectPartner, Self::SupplierPortal, Self::Event];

    pub const fn name(self) -> &'static str {
        match self {
            Self::ProjectPartner => "Project partner",
            Self::SupplierPortal => "Supplier portal",
            Self::Event => "Event",
        }
    }

    /// What it is for.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ProjectPartner => {
                "People of one organization ask for a project's group; one person says yes, and it ends after half a year."
            }
            Self::SupplierPortal => {
                "People of all connected organizations ask; their sponsors say yes, and each quarter it is looked at who still needs it."
            }
            Self::Event => "Anybody with the link asks; one person says yes, and all access ends on one day.",
        }
    }

    /// The kit, as of now.
    pub fn kit(self, now: Moment) -> Kit {
        let day = |days: i64| format!("{}T00:00:00Z", &(now + Millis::days(days)).iso()[..10]);
        let (audience, end, extension) = match self {
            Self::ProjectPartner => (KitAudience::Organizations(Vec::new()), KitEnd::After(180), KitExtension::WithApproval),
            Self::SupplierPortal => (KitAudience::AllConfigured, KitEnd::After(365), KitExtension::WithoutApproval),
            Self::Event => (KitAudience::Anybody, KitEnd::On(day(60)), KitExtension::No),
        };
        let approvers = if self == Self::SupplierPortal { vec![KitApprover::InternalSponsors] } else { Vec::new() };
        let escalation = (self == Self::SupplierPortal).then(|| KitEscalation { after: 7, approvers: Vec::new() });
        let decided_within = if self == Self::Event { 3 } else { 14 };
        let review = KitReview { begins: day(90), every: 3, open_for: 14, reviewers: KitReviewers::Themselves };
        Kit {
            name: String::new(),
            description: String::new(),
            is_hidden: self == Self::Event,
            catalog: KitCatalog::New {
                name: "Partners".into(),
                description: "What people of other organizations can ask for.".into(),
                is_externally_visible: true,
            },
            audience,
            roles: Vec::new(),
            stages: KitStages::from(KitStage {
                approvers,
                fallback: Vec::new(),
                decided_within,
                needs_reason: self == Self::ProjectPartner,
                escalation,
            }),
            asks_reason: self != Self::Event,
            questions: self.questions(),
            term: KitTerm { end, extension, review: (self == Self::SupplierPortal).then_some(review) },
        }
    }

    fn questions(self) -> Vec<PolicyQuestion> {
        let question = |text: &str, form: AnswerForm, sequence: i32| PolicyQuestion {
            id: None,
            text: text.into(),
            localizations: Vec::new(),
            is_required: true,
            is_answer_editable: false,
            sequence,
            form,
        };
        let line = || AnswerForm::Text { is_single_line: true, pattern: None };
        match self {
            Self::ProjectPartner => vec![question("Who do you work with here?", line(), 0)],
            Self::SupplierPortal => {
                let choice = |text: &str| AnswerChoice { value: text.into(), text: Some(text.into()), localizations: Vec::new() };
                let choices = ["Sales", "Logistics", "Accounting", "Quality"].map(choice).into();
                vec![
                    question("What is your supplier number?", line(), 0),
                    question("What do you work in?", AnswerForm::Choice { choices, is_multiple: false }, 1),
                ]
            }
            Self::Event => vec![question("Which organization do you come from?", line(), 0)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::faults::{KitFault, faults};
    use super::super::tests::{member_of, person};
    use super::super::{KitOrganization, plan};
    use super::*;

    const NOW: Moment = Moment(1_795_344_203_000);

    #[test]
    fn a_blueprint_lacks_only_what_nobody_else_can_choose() {
        for blueprint in KitBlueprint::ALL {
            let mut kit = blueprint.kit(NOW);
            assert!(faults(&kit, NOW).contains(&KitFault::NoName), "{blueprint:?}");
            kit.name = blueprint.name().into();
            kit.roles = vec![member_of("g", "Sales")];
            if let KitAudience::Organizations(organizations) = &mut kit.audience {
                organizations.push(KitOrganization::Connected { id: "o".into(), name: "Fabrikam".into() });
            }
            kit.stages[0].approvers.push(person("ada"));
            if let Some(escalation) = &mut kit.stages[0].escalation {
                escalation.approvers.push(person("bob"));
            }
            assert_eq!(faults(&kit, NOW), [], "{blueprint:?}");
            assert!(!plan::plan(&kit).is_empty() && blueprint.words().ends_with('.'));
        }
        assert_eq!(KitBlueprint::Event.kit(NOW).term.end, KitEnd::On("2027-01-21T00:00:00Z".into()));
    }
}
