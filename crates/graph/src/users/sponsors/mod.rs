//! Who vouches for a guest: at most five people or groups. Whoever invites is one where nobody else is named.
//! <https://learn.microsoft.com/graph/api/user-list-sponsors>

mod add;
mod list;
mod remove;

pub use add::AddUserSponsor;
pub use list::ListUserSponsors;
pub use remove::RemoveUserSponsor;

use crate::refusal::own;
use crate::{CommonRefusal, Problem, Refusal};

/// What changes them.
const WRITING: &[&str] = &["User.ReadWrite.All", "Directory.ReadWrite.All"];

/// Why the sponsors of a guest are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SponsorRefusal {
    /// They are one of them; the text is that of members of groups (our reading).
    AlreadySponsor,
    /// There are five. The text is not public: our reading of those that speak of a limit.
    TooMany,
    /// Guest or sponsor are not there, or not there yet; or they are no sponsor.
    NotFound,
    /// The person's role does not cover it, or the app lacks consent: Graph does not tell which.
    MissingPermission,
}

const FRAGMENTS: [(u16, &str, SponsorRefusal); 4] = [
    (400, "added object references already exist", SponsorRefusal::AlreadySponsor),
    (400, "removed object references do not exist", SponsorRefusal::NotFound),
    (400, "limit", SponsorRefusal::TooMany),
    (400, "maximum", SponsorRefusal::TooMany),
];

impl Refusal for SponsorRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match (own(problem, &[], &FRAGMENTS), problem.common()) {
            (None, Some(CommonRefusal::NotFound)) => Some(Self::NotFound),
            (None, Some(CommonRefusal::MissingPermission)) => Some(Self::MissingPermission),
            (told, _) => told,
        }
    }
}
