//! A change that a person makes to a package, its catalog or a policy: one at a time, each of which can be asked for twice without harm, so
//! that where an answer is lost it is asked for again. What was changed is read back.

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
pub enum ChangeQuestion {
    ReadPolicy(String),
    Update(String, EntitlementChange),
    Replace(Box<AssignmentPolicy>),
    ReadBack(Box<AssignmentPolicy>),
    Delete(String),
    ReadPackage(String, PackageDetail),
}

impl InquiryQuestion for ChangeQuestion {
    fn request(&self) -> Request {
        match self {
            Self::ReadPolicy(id) => GetAssignmentPolicy { id }.request(),
            Self::Update(id, change) => UpdateEntitlement { id, change }.request(),
            Self::Replace(policy) => ReplaceAssignmentPolicy { policy }.request(),
            Self::ReadBack(policy) => GetAssignmentPolicy { id: &policy.id }.request(),
            Self::Delete(id) => DeleteEntitlement { kind: EntitlementKind::AccessPackage, id }.request(),
            Self::ReadPackage(id, detail) => GetAccessPackage { id, detail: *detail }.request(),
        }
    }

    fn is_optional(&self) -> bool {
        false
    }

    fn permission(&self) -> &'static str {
        match self {
            Self::ReadPolicy(_) | Self::ReadBack(_) => GetAssignmentPolicy::SCOPES[0],
            Self::ReadPackage(..) => GetAccessPackage::SCOPES[0],
            Self::Update(..) => UpdateEntitlement::SCOPES[0],
            Self::Replace(_) => ReplaceAssignmentPolicy::SCOPES[0],
            Self::Delete(_) => DeleteEntitlement::SCOPES[0],
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
            Change::Update { id, change } => ChangeQuestion::Update(id.clone(), change.clone()),
            Change::Policy { seen, .. } => ChangeQuestion::ReadPolicy(seen.id.clone()),
            Change::Delete => ChangeQuestion::Delete(package.to_owned()),
        };
        let detail = if are_roles_known { PackageDetail::Whole } else { PackageDetail::Policies };
        let mut changing =
            Self { questions: Questions::default(), id: package.to_owned(), detail, change, not_taken: Vec::new(), ended: None };
        changing.questions.ask(first);
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
        self.questions.ask(ChangeQuestion::ReadPackage(self.id.clone(), self.detail));
    }

    /// The policy as it is right before it is replaced: nothing that somebody changed meanwhile is overwritten, and nothing is sent back
    /// that was not shown.
    fn replace(&mut self, mut now: AssignmentPolicy) {
        let Change::Policy { seen, terms } = &self.change else { return };
        let unshown: Vec<&str> = now.unshown().collect();
        if now.terms != seen.terms {
            self.ended = Some(Err(ChangeFailure::ChangedMeanwhile));
        } else if !unshown.is_empty() {
            self.ended = Some(Err(ChangeFailure::WouldLose(unshown.join(", "))));
        } else {
            now.terms = (**terms).clone();
            self.questions.ask(ChangeQuestion::Replace(Box::new(now)));
        }
    }
}

impl Inquiry for Changing {
    type Question = ChangeQuestion;

    fn questions(&mut self) -> &mut Questions<ChangeQuestion> {
        &mut self.questions
    }

    fn has_failed(&self) -> bool {
        self.ended.is_some()
    }

    fn learn(&mut self, question: &mut ChangeQuestion, reply: &Reply) -> Result<bool, Problem> {
        match question {
            ChangeQuestion::ReadPolicy(id) => {
                let now = GetAssignmentPolicy { id }.read(reply)?;
                self.replace(now);
            }
            ChangeQuestion::Update(id, change) => {
                UpdateEntitlement { id, change }.read(reply)?;
                self.read_package();
            }
            ChangeQuestion::Replace(policy) => {
                ReplaceAssignmentPolicy { policy }.read(reply)?;
                self.questions.ask(ChangeQuestion::ReadBack(policy.clone()));
            }
            ChangeQuestion::ReadBack(sent) => {
                let now = GetAssignmentPolicy { id: &sent.id }.read(reply)?;
                self.not_taken = sent.terms.not_taken(&now);
                self.read_package();
            }
            ChangeQuestion::Delete(id) => {
                DeleteEntitlement { kind: EntitlementKind::AccessPackage, id }.read(reply)?;
                self.ended = Some(Ok(Changed::Gone));
            }
            ChangeQuestion::ReadPackage(id, detail) => {
                let package = GetAccessPackage { id, detail: *detail }.read(reply)?;
                self.ended = Some(Ok(Changed::Package(Box::new(package), std::mem::take(&mut self.not_taken))));
            }
        }
        Ok(true)
    }

    fn give_up(&mut self, question: ChangeQuestion, why: ReadFailure) {
        let is_gone = |refused: &Refused| EntitlementRefusal::told_by(&refused.problem) == Some(EntitlementRefusal::NotFound);
        self.ended = Some(match (question, why) {
            // Asked for a second time, or by two people at once.
            (ChangeQuestion::Delete(_), ReadFailure::Refused(refused)) if is_gone(&refused) => Ok(Changed::Gone),
            (ChangeQuestion::ReadPackage(..) | ChangeQuestion::ReadBack(_), _) => Err(ChangeFailure::NotReadBack),
            (ChangeQuestion::Delete(_), ReadFailure::Refused(refused)) => Err(ChangeFailure::of_deletion(refused)),
            (ChangeQuestion::Replace(_), ReadFailure::Refused(refused)) => Err(ChangeFailure::of_policy(refused)),
            (_, ReadFailure::Refused(refused)) => Err(ChangeFailure::Refused(refused)),
            (ChangeQuestion::ReadPolicy(_), _) => Err(ChangeFailure::Unreached),
            (_, ReadFailure::Unreached | ReadFailure::Stopped) => Err(ChangeFailure::Unsure),
        });
    }
}
