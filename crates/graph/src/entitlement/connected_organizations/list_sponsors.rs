//! Who vouches for a connected organization. <https://learn.microsoft.com/graph/api/connectedorganization-list-internalsponsors>

use super::Sponsor;
use crate::entitlement::{EntitlementRefusal, READING, list};
use crate::{Operation, PaceKind, Page, Request, literal};

/// 200 with a page of [`Sponsor`].
#[derive(Clone, Copy, Debug)]
pub struct ListSponsors<'a> {
    /// The organization's id.
    pub organization: &'a str,
    /// On which side.
    pub side: SponsorSide,
}

/// On which side a sponsor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SponsorSide {
    /// Of the own tenant.
    Internal,
    /// Of the organization.
    External,
}

impl SponsorSide {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internalSponsors",
            Self::External => "externalSponsors",
        }
    }
}

impl Operation for ListSponsors<'_> {
    type Output = Page<Sponsor>;
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = READING;
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        list(&format!("connectedOrganizations/{}/{}", literal(self.organization), self.side.as_str()), &[], "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{reads, refuses, reply};

    #[test]
    fn sponsors_of_either_side_are_people_and_groups() {
        for side in [SponsorSide::Internal, SponsorSide::External] {
            let list = ListSponsors { organization: "o", side };
            let path = format!("{ROOT}/connectedOrganizations/o/{}", side.as_str());
            reads(&list, &path, "EntitlementManagement.Read.All");
            let body =
                r##"{"value":[{"@odata.type":"#microsoft.graph.user","id":"u"},{"@odata.type":"#microsoft.graph.group","id":"g"}]}"##;
            assert_eq!(list.read(&reply(200, body)).unwrap().value[1].kind.as_deref(), Some("#microsoft.graph.group"));
            refuses(&list, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
        }
    }
}
