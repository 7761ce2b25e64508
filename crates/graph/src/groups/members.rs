//! What changing the members of a group is refused for.

use crate::refusal::own;
use crate::{CommonRefusal, Problem, Refusal};

/// What changes members. A group that roles can be given to takes `RoleManagement.ReadWrite.Directory` as well.
pub(super) const WRITING: &[&str] = &["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];

/// Why the members of a group are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberRefusal {
    /// They are in it.
    AlreadyMember,
    /// They are not in it.
    NotMember,
    /// A rule finds its members, or they come from a group on premises. Texts differ by kind (our reading of those that name it).
    ManagedElsewhere,
    /// Group or person are not there, or not there yet: somebody made a second ago may not be known everywhere.
    NotFound,
    /// The person's role does not cover it, and they are no owner of it; or the app lacks consent: Graph does not tell which.
    MissingPermission,
}

/// Texts that many have met; the code is `Request_BadRequest` or `Request_ResourceNotFound` for all of them.
const FRAGMENTS: [(u16, &str, MemberRefusal); 7] = [
    (400, "added object references already exist", MemberRefusal::AlreadyMember),
    (400, "removed object references do not exist", MemberRefusal::NotMember),
    (404, "removed object references do not exist", MemberRefusal::NotMember),
    (400, "on-premises", MemberRefusal::ManagedElsewhere),
    (400, "dynamic", MemberRefusal::ManagedElsewhere),
    (403, "dynamic", MemberRefusal::ManagedElsewhere),
    (403, "on-premises", MemberRefusal::ManagedElsewhere),
];

impl Refusal for MemberRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match (own(problem, &[], &FRAGMENTS), problem.common()) {
            (None, Some(CommonRefusal::NotFound)) => Some(Self::NotFound),
            (None, Some(CommonRefusal::MissingPermission)) => Some(Self::MissingPermission),
            (told, _) => told,
        }
    }
}
