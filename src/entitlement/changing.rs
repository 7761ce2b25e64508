//! A change that a person makes to a package, its catalog or a policy. Each can be asked for twice without harm, so that where an answer is
//! lost it is asked for again; a policy is read anew before that. What was changed is read back.

mod failure;
mod policy;

use crate::protocol::{Inquiry, InquiryQuestion, Questions, ReadFailure};
use crate::refused::Refused;
pub use failure::ChangeFailure;
use graph::entitlement::access_packages::{AccessPackage, GetAccessPackage, PackageDetail};
use graph::entitlement::assignment_policies::{AssignmentPolicy, GetAssignmentPolicy, PolicyTerms, ReplaceAssignmentPolicy};
use graph::entitlement::{DeleteEntitlement, EntitlementChange, EntitlementKind, EntitlementRefusal, UpdateEntitlement};
use graph::{Operation, Problem, Refusal, Reply, Request};
pub use policy::{EditedPolicy, EndKind, MOST_DAYS, PolicyField};

/// What is to be different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Of the package, or of the catalog that it is in: by its id.
    Update { id: String, change: EntitlementChange },
    /// A policy becomes this, unless it is different by now from what was seen.
    Policy { seen: Box<AssignmentPolicy>, terms: Box<PolicyTerms> },
    /// The package goes, with its policies.
    Delete,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The package as it is now. What was not taken over of a policy, by the names of Graph's members.
    Package(Box<AccessPackage>, Vec<String>),
    /// It is not there any more.
    Gone,
}

/// What is asked, one after the other.
enum ChangeStep {
    ReadPolicy(String),
    Update(String, EntitlementChange),
    Replace(Box<AssignmentPolicy>),
    ReadBack(Box<AssignmentPolicy>),
    Delete(String),
    ReadPackage(String, PackageDetail),
}

/// A step, and what became of it before.
pub struct ChangeQuestion {
    step: ChangeStep,
    /// What changes something may have been carried out.
    may_be_done: bool,
}

impl From<ChangeStep> for ChangeQuestion {
    fn from(step: ChangeStep) -> Self {
        Self { step, may_be_done: false }
    }
}

impl InquiryQuestion for ChangeQuestion {
    fn request(&self) -> Request {
        match &self.step {
            ChangeStep::ReadPolicy(id) => GetAssignmentPolicy { id }.request(),
            ChangeStep::Update(id, change) => UpdateEntitlement { id, change }.request(),
            ChangeStep::Replace(policy) => ReplaceAssignmentPolicy { policy }.request(),
            ChangeStep::ReadBack(policy) => GetAssignmentPolicy { id: &policy.id }.request(),
            ChangeStep::Delete(id) => DeleteEntitlement { kind: EntitlementKind::AccessPackage, id }.request(),
            ChangeStep::ReadPackage(id, detail) => GetAccessPackage { id, detail: *detail }.request(),
        }
    }

    fn is_optional(&self) -> bool {
        false
    }

    fn permission(&self) -> &'static str {
        match self.step {
            ChangeStep::ReadPolicy(_) | ChangeStep::ReadBack(_) => GetAssignmentPolicy::SCOPES[0],
            ChangeStep::ReadPackage(..) => GetAccessPackage::SCOPES[0],
            ChangeStep::Update(..) => UpdateEntitlement::SCOPES[0],
            ChangeStep::Replace(_) => ReplaceAssignmentPolicy::SCOPES[0],
            ChangeStep::Delete(_) => DeleteEntitlement::SCOPES[0],
        }
    }

    /// A policy is read anew before it is sent again: somebody else may have changed it meanwhile.
    fn again(&mut self, may_be_done: bool) {
        self.may_be_done |= may_be_done && matches!(self.step, ChangeStep::Update(..) | ChangeStep::Replace(_) | ChangeStep::Delete(_));
        if let ChangeStep::Replace(policy) = &self.step {
            self.step = ChangeStep::ReadPolicy(policy.id.clone());
        }
    }
}

/// Makes one change of a package.
pub struct Changing {
    questions: Questions<ChangeQuestion>,
    /// Of the package.
    id: String,
    /// As much as the cloud tells of packages.
    detail: PackageDetail,
    change: Change,
    not_taken: Vec<String>,
    ended: Option<Result<Changed, ChangeFailure>>,
}

impl Changing {
    /// Changes this package. `are_roles_known`: the cloud tells what is in packages.
    pub fn new(package: &str, are_roles_known: bool, change: Change) -> Self {
        let first = match &change {
            Change::Update { id, change } => ChangeStep::Update(id.clone(), change.clone()),
            Change::Policy { seen, .. } => ChangeStep::ReadPolicy(seen.id.clone()),
            Change::Delete => ChangeStep::Delete(package.to_owned()),
        };
        let detail = if are_roles_known { PackageDetail::Whole } else { PackageDetail::Policies };
        let mut changing =
            Self { questions: Questions::default(), id: package.to_owned(), detail, change, not_taken: Vec::new(), ended: None };
        changing.questions.ask(first.into());
        changing
    }

    /// What came of it, once it is [`crate::protocol::Action::Done`].
    ///
    /// # Errors
    /// Why it was not changed, or why nobody knows whether it was.
    pub fn finish(self) -> Result<Changed, ChangeFailure> {
        self.ended.unwrap_or(Err(ChangeFailure::Unreached))
    }

    fn read_package(&mut self) {
        self.questions.ask(ChangeStep::ReadPackage(self.id.clone(), self.detail).into());
    }

    /// The policy as it is right before it is replaced: nothing that somebody changed meanwhile is overwritten, and nothing is sent back
    /// that was not shown. `may_be_done`: it may have been replaced by then.
    fn replace(&mut self, mut now: AssignmentPolicy, may_be_done: bool) {
        let Change::Policy { seen, terms } = &self.change else { return };
        let unshown: Vec<&str> = now.unshown().collect();
        if now.terms == **terms {
            self.read_package();
        } else if now.terms != seen.terms {
            self.ended = Some(Err(if may_be_done { ChangeFailure::Unsure(None) } else { ChangeFailure::ChangedMeanwhile }));
        } else if !unshown.is_empty() {
            self.ended = Some(Err(ChangeFailure::WouldLose(unshown.join(", "))));
        } else {
            now.terms = (**terms).clone();
            self.questions.ask(ChangeQuestion { step: ChangeStep::Replace(Box::new(now)), may_be_done });
        }
    }
}

impl Inquiry for Changing {
    type Question = ChangeQuestion;

    fn questions(&mut self) -> &mut Questions<ChangeQuestion> {
        &mut self.questions
    }

    fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    fn learn(&mut self, question: &mut ChangeQuestion, reply: &Reply) -> Result<bool, Problem> {
        match &question.step {
            ChangeStep::ReadPolicy(id) => {
                let now = GetAssignmentPolicy { id }.read(reply)?;
                self.replace(now, question.may_be_done);
            }
            ChangeStep::Update(id, change) => {
                UpdateEntitlement { id, change }.read(reply)?;
                self.read_package();
            }
            ChangeStep::Replace(policy) => {
                ReplaceAssignmentPolicy { policy }.read(reply)?;
                self.questions.ask(ChangeStep::ReadBack(policy.clone()).into());
            }
            ChangeStep::ReadBack(sent) => {
                let now = GetAssignmentPolicy { id: &sent.id }.read(reply)?;
                self.not_taken = sent.terms.not_taken(&now);
                self.read_package();
            }
            ChangeStep::Delete(id) => {
                DeleteEntitlement { kind: EntitlementKind::AccessPackage, id }.read(reply)?;
                self.ended = Some(Ok(Changed::Gone));
            }
            ChangeStep::ReadPackage(id, detail) => {
                let package = GetAccessPackage { id, detail: *detail }.read(reply)?;
                self.ended = Some(Ok(Changed::Package(Box::new(package), std::mem::take(&mut self.not_taken))));
            }
        }
        Ok(true)
    }

    fn give_up(&mut self, ChangeQuestion { step, may_be_done }: ChangeQuestion, why: ReadFailure) {
        let refused = if let ReadFailure::Refused(refused) = why { Some(refused) } else { None };
        let is_gone = |refused: &Refused| EntitlementRefusal::told_by(&refused.problem) == Some(EntitlementRefusal::NotFound);
        self.ended = Some(match (step, refused) {
            // Asked for a second time, or by two people at once.
            (ChangeStep::Delete(_), Some(refused)) if is_gone(&refused) => Ok(Changed::Gone),
            (ChangeStep::ReadPackage(..) | ChangeStep::ReadBack(_), _) => Err(ChangeFailure::NotReadBack),
            (ChangeStep::Delete(_), Some(refused)) if ChangeFailure::is_in_use(&refused) => Err(ChangeFailure::InUse(refused)),
            (_, refused) if may_be_done => Err(ChangeFailure::Unsure(refused)),
            (_, None) => Err(ChangeFailure::Unreached),
            (ChangeStep::ReadPolicy(_) | ChangeStep::Replace(_), Some(refused)) => Err(ChangeFailure::of_policy(refused)),
            (_, Some(refused)) => Err(ChangeFailure::Refused(refused)),
        });
    }
}
