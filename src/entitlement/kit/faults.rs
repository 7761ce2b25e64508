//! What keeps a kit from being made, and what is merely worth a look, each with the part of the page that it is about.

use super::{Kit, KitApprover, KitAudience, KitCatalog, KitEnd, KitOrganization, KitReview, KitReviewers, KitStage};
use crate::rows::language::is_language;
use graph::entitlement::{AnswerForm, PolicyQuestion};
use std::collections::HashSet;
use time::{Millis, Moment};

/// A part of the page on which a kit is composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitSection {
    /// Who may ask.
    Who,
    /// What they get, with the names of the package and of its catalog.
    Gets,
    /// Who says yes.
    Yes,
    /// What we ask.
    Ask,
    /// How long it lasts.
    Long,
}

/// Resources of one catalog: <https://learn.microsoft.com/entra/id-governance/governance-service-limits>.
const RESOURCES_MOST: usize = 50;
/// Days after which an approver has said no by silence, at most.
/// <https://learn.microsoft.com/entra/id-governance/entitlement-management-access-package-approval-policy>
const DECIDING_MOST: u32 = 14;
/// Days for which access may last: terraform-provider-azuread takes 0 to 3660.
const DAYS_MOST: u32 = 3660;
/// A month, at the shortest: a review is over before the next one begins.
const MONTH: u32 = 28;

/// What keeps a kit from being made. Stages and questions are told by their place, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitFault {
    NoName,
    NoCatalogName,
    NoOrganization,
    /// It is no domain.
    NotADomain(String),
    /// It is named twice: by its id, its domain, or the name of one that would be made.
    OrganizationTwice(String),
    NoOrganizationName(String),
    NothingGiven,
    /// The same role of this resource.
    RoleTwice(String),
    TooManyResources,
    NobodyApproves(usize),
    DecidingTime(usize),
    /// Nobody is asked when the others have not decided.
    NobodyEscalatedTo(usize),
    /// It comes at once, or after the request was denied already.
    EscalationTime(usize),
    EmptyQuestion(usize),
    /// Fewer than two to choose from.
    NoChoice(usize),
    ChoiceTwice(usize),
    /// A translation without a language, or without a text.
    Translation(usize),
    Days,
    /// It is no moment.
    NotADate,
    DateIsPast,
    /// It comes too seldom or too often, or is open for longer than it takes to come again.
    ReviewTime,
    /// Others are to review, and none is named.
    NobodyReviews,
}

impl KitFault {
    pub const fn section(&self) -> KitSection {
        match self {
            Self::NoOrganization | Self::NotADomain(_) | Self::OrganizationTwice(_) | Self::NoOrganizationName(_) => KitSection::Who,
            Self::NoName | Self::NoCatalogName | Self::NothingGiven | Self::RoleTwice(_) | Self::TooManyResources => KitSection::Gets,
            Self::NobodyApproves(_) | Self::DecidingTime(_) | Self::NobodyEscalatedTo(_) | Self::EscalationTime(_) => KitSection::Yes,
            Self::EmptyQuestion(_) | Self::NoChoice(_) | Self::ChoiceTwice(_) | Self::Translation(_) => KitSection::Ask,
            Self::Days | Self::NotADate | Self::DateIsPast | Self::ReviewTime | Self::NobodyReviews => KitSection::Long,
        }
    }

    /// What is to be done about it.
    pub fn words(&self) -> String {
        match self {
            Self::NoName => "Give the package a name: whoever asks sees it.".into(),
            Self::NoCatalogName => "Give the new catalog a name, or choose one that is there.".into(),
            Self::NoOrganization => "Name at least one organization, or let people of all of them ask.".into(),
            Self::NotADomain(text) => format!("“{text}” is no domain. Write it as it stands behind the @ of an address."),
            Self::OrganizationTwice(name) => format!("“{name}” is named twice."),
            Self::NoOrganizationName(domain) => format!("Give the organization of {domain} a name."),
            Self::NothingGiven => "Choose at least one group, app or site.".into(),
            Self::RoleTwice(name) => format!("The same role of “{name}” is given twice."),
            Self::TooManyResources => format!("A catalog holds {RESOURCES_MOST} resources at most."),
            Self::NobodyApproves(stage) => format!("Choose who says yes in stage {}.", stage + 1),
            Self::DecidingTime(stage) => format!("Stage {} can be decided within 1 to {DECIDING_MOST} days.", stage + 1),
            Self::NobodyEscalatedTo(stage) => format!("Choose who is asked in stage {} when nobody decides.", stage + 1),
            Self::EscalationTime(stage) => {
                format!(
                    "In stage {} others have to be asked a day or more after the first, and before the time to decide is over.",
                    stage + 1
                )
            }
            Self::EmptyQuestion(place) => format!("Question {} has no text.", place + 1),
            Self::NoChoice(place) => format!("Question {} needs two answers or more to choose from.", place + 1),
            Self::ChoiceTwice(place) => format!("Question {} offers the same answer twice.", place + 1),
            Self::Translation(place) => format!("A translation of question {} has no text or no language.", place + 1),
            Self::Days => format!("Access can last 1 to {DAYS_MOST} days."),
            Self::NotADate => "The day on which access ends cannot be read.".into(),
            Self::DateIsPast => "The day on which access ends is over.".into(),
            Self::NobodyReviews => "Choose who reviews, or have people review their own access.".into(),
            Self::ReviewTime => {
                "A review can come every 1 to 12 months, and is open for a day or more, but not until the next one begins.".into()
            }
        }
    }
}

/// What keeps this kit from being made, in the order of the page.
pub fn faults(kit: &Kit, now: Moment) -> Vec<KitFault> {
    let mut found = Vec::new();
    who(kit, &mut found);
    gets(kit, &mut found);
    kit.stages.iter().enumerate().for_each(|(place, one)| stage(place, one, &mut found));
    kit.questions.iter().enumerate().for_each(|(place, one)| question(place, one, &mut found));
    found.extend(end(&kit.term.end, now));
    kit.term.review.iter().for_each(|one| review(one, &mut found));
    found
}

fn who(kit: &Kit, found: &mut Vec<KitFault>) {
    let KitAudience::Organizations(organizations) = &kit.audience else { return };
    found.extend(organizations.is_empty().then_some(KitFault::NoOrganization));
    let mut known = HashSet::new();
    for (place, organization) in organizations.iter().enumerate() {
        let key = match organization {
            KitOrganization::Connected { id, .. } => id.to_lowercase(),
            KitOrganization::ByDomain { domain, name, .. } => {
                found.extend((!is_domain(domain)).then(|| KitFault::NotADomain(domain.clone())));
                found.extend(name.trim().is_empty().then(|| KitFault::NoOrganizationName(domain.clone())));
                domain.to_lowercase()
            }
        };
        // One that is made has to be told from others by its name.
        let is_same = |other: &KitOrganization| is_same_name(other, organization) && (is_by_domain(other) || is_by_domain(organization));
        let is_twice = !known.insert(key) || organizations[..place].iter().any(is_same);
        found.extend(is_twice.then(|| KitFault::OrganizationTwice(organization.name().into())));
    }
}

const fn is_by_domain(organization: &KitOrganization) -> bool {
    matches!(organization, KitOrganization::ByDomain { .. })
}

fn is_same_name(one: &KitOrganization, other: &KitOrganization) -> bool {
    let name = one.name().trim().to_lowercase();
    !name.is_empty() && name == other.name().trim().to_lowercase()
}

/// Labels of letters, digits and hyphens with dots between, as DNS has them; others come in their ASCII form.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
        (1..=63).contains(&label.len()) && label.chars().all(is_sign) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

fn gets(kit: &Kit, found: &mut Vec<KitFault>) {
    found.extend(kit.name.trim().is_empty().then_some(KitFault::NoName));
    let is_nameless = matches!(&kit.catalog, KitCatalog::New { name, .. } if name.trim().is_empty());
    found.extend(is_nameless.then_some(KitFault::NoCatalogName));
    found.extend(kit.roles.is_empty().then_some(KitFault::NothingGiven));
    let mut known = HashSet::new();
    for role in &kit.roles {
        let is_new = known.insert((role.resource.origin.to_lowercase(), role.role.to_lowercase()));
        found.extend((!is_new).then(|| KitFault::RoleTwice(role.resource.name.clone())));
    }
    found.extend((kit.resources().len() > RESOURCES_MOST).then_some(KitFault::TooManyResources));
}

fn stage(place: usize, stage: &KitStage, found: &mut Vec<KitFault>) {
    found.extend(stage.approvers.is_empty().then_some(KitFault::NobodyApproves(place)));
    found.extend((!(1..=DECIDING_MOST).contains(&stage.decided_within)).then_some(KitFault::DecidingTime(place)));
    if let Some(escalation) = &stage.escalation {
        found.extend(escalation.approvers.is_empty().then_some(KitFault::NobodyEscalatedTo(place)));
        found.extend((!(1..stage.decided_within).contains(&escalation.after)).then_some(KitFault::EscalationTime(place)));
    }
}

fn question(place: usize, question: &PolicyQuestion, found: &mut Vec<KitFault>) {
    found.extend(question.text.trim().is_empty().then_some(KitFault::EmptyQuestion(place)));
    let choices = if let AnswerForm::Choice { choices, .. } = &question.form { choices.as_slice() } else { &[] };
    if let AnswerForm::Choice { .. } = question.form {
        let values: HashSet<&str> = choices.iter().map(|choice| choice.value.trim()).filter(|value| !value.is_empty()).collect();
        let is_twice = values.len() < choices.len();
        found.extend((values.len() < 2).then_some(KitFault::NoChoice(place)));
        found.extend((values.len() >= 2 && is_twice).then_some(KitFault::ChoiceTwice(place)));
    }
    let mut all = question.localizations.iter().chain(choices.iter().flat_map(|choice| &choice.localizations));
    let is_broken = all.any(|one| one.text.trim().is_empty() || one.language_code.is_empty() || !is_language(&one.language_code));
    found.extend(is_broken.then_some(KitFault::Translation(place)));
}

fn end(end: &KitEnd, now: Moment) -> Option<KitFault> {
    match end {
        KitEnd::Never => None,
        KitEnd::After(days) => (!(1..=DAYS_MOST).contains(days)).then_some(KitFault::Days),
        KitEnd::On(date) => match Moment::from_iso(date) {
            None => Some(KitFault::NotADate),
            Some(then) => (then - now <= Millis(0)).then_some(KitFault::DateIsPast),
        },
    }
}

fn review(review: &KitReview, found: &mut Vec<KitFault>) {
    let is_fit = (1..=12).contains(&review.every) && (1..review.every.saturating_mul(MONTH)).contains(&review.open_for);
    found.extend((!is_fit || Moment::from_iso(&review.begins).is_none()).then_some(KitFault::ReviewTime));
    let is_nobody = matches!(&review.reviewers, KitReviewers::Others(others) if others.is_empty());
    found.extend(is_nobody.then_some(KitFault::NobodyReviews));
}

/// What is worth a look and keeps nothing from being made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KitNotice {
    /// People from outside get in without anybody's yes.
    NoApproval,
    /// The same, whoever they are.
    NoApprovalForAnybody,
    NeverEnds,
    Hidden,
    /// Its catalog is not visible to people from outside.
    HiddenFromOutside,
    /// Its catalog is a draft.
    Draft,
    /// In this stage, by its place, sponsors or managers decide, and nobody does where there are none.
    NoFallback(usize),
    /// Somebody of the other organization decides alone.
    OutsidersDecide(usize),
}

impl KitNotice {
    pub const fn section(&self) -> KitSection {
        match self {
            Self::NoApproval | Self::NoApprovalForAnybody | Self::NoFallback(_) | Self::OutsidersDecide(_) => KitSection::Yes,
            Self::NeverEnds => KitSection::Long,
            Self::Hidden | Self::HiddenFromOutside | Self::Draft => KitSection::Gets,
        }
    }

    /// What that means.
    pub fn words(&self) -> String {
        match self {
            Self::NoApproval => "Whoever of these organizations asks gets in at once: nobody has to say yes.".into(),
            Self::NoApprovalForAnybody => {
                "Anybody with the link gets in at once. The Entra admin center would ask for approval here.".into()
            }
            Self::NeverEnds => "Access stays until somebody takes it away: it neither ends nor is it reviewed.".into(),
            Self::Hidden => "The package is not listed in My Access: people need the link.".into(),
            Self::Draft => "The catalog is a draft, so nobody can ask. An owner of the catalog can publish it.".into(),
            Self::HiddenFromOutside => {
                "The catalog is not visible to external users, so nobody whom this is for can ask. An owner of the catalog can make it visible."
                    .into()
            }
            Self::NoFallback(stage) => format!(
                "Where there is no sponsor or manager, nobody can decide in stage {}. Name somebody who is asked then.",
                stage + 1
            ),
            Self::OutsidersDecide(stage) => {
                format!("In stage {} people of the other organization decide, and nobody of yours.", stage + 1)
            }
        }
    }
}

/// What is worth a look in this kit, in the order of the page.
pub fn notices(kit: &Kit) -> Vec<KitNotice> {
    let mut found = Vec::new();
    found.extend((!kit.catalog.is_externally_visible()).then_some(KitNotice::HiddenFromOutside));
    found.extend((!kit.catalog.is_published()).then_some(KitNotice::Draft));
    found.extend(kit.is_hidden.then_some(KitNotice::Hidden));
    if kit.stages.is_empty() {
        let is_anybody = kit.audience == KitAudience::Anybody;
        found.push(if is_anybody { KitNotice::NoApprovalForAnybody } else { KitNotice::NoApproval });
    }
    for (place, stage) in kit.stages.iter().enumerate() {
        let may_be_nobody = |approver: &KitApprover| {
            matches!(approver, KitApprover::InternalSponsors | KitApprover::ExternalSponsors | KitApprover::Manager)
        };
        let lacks_somebody = stage.approvers.iter().any(may_be_nobody) && stage.fallback.is_empty();
        found.extend(lacks_somebody.then_some(KitNotice::NoFallback(place)));
        let is_outside = |approver: &KitApprover| matches!(approver, KitApprover::ExternalSponsors | KitApprover::Manager);
        let are_all_outside = !stage.approvers.is_empty() && stage.approvers.iter().all(is_outside);
        found.extend(are_all_outside.then_some(KitNotice::OutsidersDecide(place)));
    }
    found.extend((kit.term.end == KitEnd::Never && kit.term.review.is_none()).then_some(KitNotice::NeverEnds));
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::{kit, member_of, person};
    use super::super::{KitEscalation, KitStages, KitTerm};
    use super::*;
    use graph::entitlement::{AnswerChoice, LocalizedText};

    const NOW: Moment = Moment(1_795_344_203_000);

    fn by_domain(domain: &str, name: &str) -> KitOrganization {
        KitOrganization::ByDomain { domain: domain.into(), name: name.into(), tenant: None }
    }

    #[test]
    fn each_fault_is_found_and_told_in_a_sentence_with_the_part_that_it_is_about() {
        let check = |change: &dyn Fn(&mut Kit), section: KitSection, expected: &[KitFault]| {
            let mut kit = kit();
            change(&mut kit);
            let found = faults(&kit, NOW);
            assert_eq!(found, expected);
            assert!(found.iter().all(|fault| fault.section() == section && fault.words().ends_with('.')), "{found:?}");
        };
        let organizations = |all: &[KitOrganization]| KitAudience::Organizations(all.to_vec());
        let who = |all: &[KitOrganization], expected: &[KitFault]| {
            check(&|kit| kit.audience = organizations(all), KitSection::Who, expected);
        };
        who(&[by_domain("fabrikam.example", "Fabrikam")], &[]);
        who(&[], &[KitFault::NoOrganization]);
        for bad in ["fabrikam", "@x.example", "x..example", "-x.example", "x example.com", ""] {
            who(&[by_domain(bad, "X")], &[KitFault::NotADomain(bad.into())]);
        }
        who(&[by_domain("x.example", " ")], &[KitFault::NoOrganizationName("x.example".into())]);
        who(&[by_domain("x.example", "X"), by_domain("X.example", "Y")], &[KitFault::OrganizationTwice("Y".into())]);
        who(&[by_domain("x.example", "X"), by_domain("y.example", "x")], &[KitFault::OrganizationTwice("x".into())]);
        let chosen = |id: &str| KitOrganization::Connected { id: id.into(), name: "X".into() };
        who(&[chosen("a"), chosen("b")], &[]);
        who(&[chosen("a"), by_domain("x.example", "X")], &[KitFault::OrganizationTwice("X".into())]);
        let gets = |change: &dyn Fn(&mut Kit), fault: KitFault| check(change, KitSection::Gets, &[fault]);
        gets(&|kit| kit.name = " ".into(), KitFault::NoName);
        gets(&|kit| kit.roles.clear(), KitFault::NothingGiven);
        gets(&|kit| kit.roles.push(member_of("G", "Sales")), KitFault::RoleTwice("Sales".into()));
        gets(&|kit| kit.roles = (0..51).map(|number| member_of(&number.to_string(), "x")).collect(), KitFault::TooManyResources);
        let nameless = || KitCatalog::New { name: String::new(), description: String::new(), is_externally_visible: true };
        gets(&|kit| kit.catalog = nameless(), KitFault::NoCatalogName);
        let yes = |change: &dyn Fn(&mut KitStage), fault: KitFault| check(&|kit| change(&mut kit.stages[0]), KitSection::Yes, &[fault]);
        yes(&|stage| stage.approvers.clear(), KitFault::NobodyApproves(0));
        yes(&|stage| stage.decided_within = 0, KitFault::DecidingTime(0));
        yes(&|stage| stage.decided_within = 15, KitFault::DecidingTime(0));
        let escalation = |after: u32, approvers: Vec<KitApprover>| Some(KitEscalation { after, approvers });
        yes(&|stage| stage.escalation = escalation(7, vec![]), KitFault::NobodyEscalatedTo(0));
        yes(&|stage| stage.escalation = escalation(14, vec![person("bob")]), KitFault::EscalationTime(0));
        yes(&|stage| stage.escalation = escalation(0, vec![person("bob")]), KitFault::EscalationTime(0));
        let ask =
            |change: &dyn Fn(&mut PolicyQuestion), fault: KitFault| check(&|kit| change(&mut kit.questions[0]), KitSection::Ask, &[fault]);
        ask(&|question| question.text.clear(), KitFault::EmptyQuestion(0));
        ask(&|question| question.localizations[0].text.clear(), KitFault::Translation(0));
        let no_language = LocalizedText { language_code: "no language".into(), text: "x".into() };
        ask(&|question| question.localizations = vec![no_language.clone()], KitFault::Translation(0));
        let choices = |values: &[&str]| {
            let choice = |value: &&str| AnswerChoice { value: (*value).into(), ..AnswerChoice::default() };
            AnswerForm::Choice { choices: values.iter().map(choice).collect(), is_multiple: false }
        };
        ask(&|question| question.form = choices(&["a"]), KitFault::NoChoice(0));
        ask(&|question| question.form = choices(&["a", "b", "a"]), KitFault::ChoiceTwice(0));
        let long = |end: KitEnd, fault: KitFault| {
            check(&|kit| kit.term = KitTerm { end: end.clone(), ..kit.term.clone() }, KitSection::Long, &[fault]);
        };
        long(KitEnd::After(0), KitFault::Days);
        long(KitEnd::After(3661), KitFault::Days);
        long(KitEnd::On("soon".into()), KitFault::NotADate);
        long(KitEnd::On("2026-11-22T00:00:00Z".into()), KitFault::DateIsPast);
        let by = |reviewers: KitReviewers, every: u32, open_for: u32| {
            Some(KitReview { begins: "2027-01-01T00:00:00Z".into(), every, open_for, reviewers })
        };
        let review = |every: u32, open_for: u32| by(KitReviewers::Themselves, every, open_for);
        for (every, open_for) in [(0, 1), (13, 1), (1, 0), (1, 28)] {
            check(&|kit| kit.term.review = review(every, open_for), KitSection::Long, &[KitFault::ReviewTime]);
        }
        check(&|kit| kit.term.review = review(1, 27), KitSection::Long, &[]);
        check(&|kit| kit.term.review = by(KitReviewers::Others(vec![]), 3, 14), KitSection::Long, &[KitFault::NobodyReviews]);
    }

    #[test]
    fn what_is_worth_a_look_keeps_nothing_from_being_made() {
        let check = |change: &dyn Fn(&mut Kit), expected: &[KitNotice]| {
            let mut kit = kit();
            change(&mut kit);
            assert_eq!((notices(&kit).as_slice(), faults(&kit, NOW)), (expected, vec![]));
            assert!(expected.iter().all(|notice| notice.words().ends_with('.')));
        };
        check(&|_| {}, &[]);
        check(&|kit| kit.stages = KitStages::default(), &[KitNotice::NoApproval]);
        check(
            &|kit| {
                kit.stages = KitStages::default();
                kit.audience = KitAudience::Anybody;
            },
            &[KitNotice::NoApprovalForAnybody],
        );
        check(&|kit| kit.term.end = KitEnd::Never, &[KitNotice::NeverEnds]);
        check(&|kit| kit.is_hidden = true, &[KitNotice::Hidden]);
        let chosen = |is_externally_visible: bool, is_published: bool| KitCatalog::Existing {
            id: "c".into(),
            name: "C".into(),
            is_externally_visible,
            is_published,
        };
        check(&|kit| kit.catalog = chosen(true, true), &[]);
        check(&|kit| kit.catalog = chosen(false, true), &[KitNotice::HiddenFromOutside]);
        check(&|kit| kit.catalog = chosen(true, false), &[KitNotice::Draft]);
        check(&|kit| kit.stages[0].approvers = vec![KitApprover::InternalSponsors], &[KitNotice::NoFallback(0)]);
        check(
            &|kit| kit.stages[0].approvers = vec![KitApprover::ExternalSponsors],
            &[KitNotice::NoFallback(0), KitNotice::OutsidersDecide(0)],
        );
        let sections = [KitNotice::Hidden.section(), KitNotice::NeverEnds.section(), KitNotice::NoApproval.section()];
        assert_eq!(sections, [KitSection::Gets, KitSection::Long, KitSection::Yes]);
    }
}
