//! Having somebody vouch for a connected organization. <https://learn.microsoft.com/graph/api/connectedorganization-post-internalsponsors>

use super::{ListSponsors, SponsorSide};
use crate::entitlement::{CreateRefusal, NO_CONTENT, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request, VERSION, literal};
use serde_json::{Value, json};

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct AddSponsor<'a> {
    /// Graph's, without a version: the sponsor is named by an address.
    pub root: &'a str,
    /// The organization's id.
    pub organization: &'a str,
    /// On which side.
    pub side: SponsorSide,
    /// Who.
    pub sponsor: SponsorToAdd<'a>,
}

/// Who is to vouch, by object id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SponsorToAdd<'a> {
    /// A person.
    User(&'a str),
    /// Everybody in a group.
    Group(&'a str),
}

impl SponsorToAdd<'_> {
    /// Their address, below this root.
    pub(crate) fn reference(self, root: &str) -> Value {
        let (collection, id) = match self {
            Self::User(id) => ("users", id),
            Self::Group(id) => ("groups", id),
        };
        json!({"@odata.id": format!("{root}{VERSION}/{collection}/{}", literal(id))})
    }
}

impl Operation for AddSponsor<'_> {
    type Output = ();
    /// What is not found is the organization, or whoever is to vouch.
    type Refusal = CreateRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        let collection = format!("{}/{}", one("connectedOrganizations", self.organization), self.side.as_str());
        Request::post(format!("{collection}/$ref"), &self.sponsor.reference(self.root))
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[NO_CONTENT])
    }

    /// The sponsors show it.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(ListSponsors { organization: self.organization, side: self.side }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::{EntitlementRefusal, ROOT};
    use crate::operation::testing::{looks, refuses, reply, writes};

    #[test]
    fn a_sponsor_is_named_by_address() {
        let root = "https://graph.microsoft.com";
        let add = |side, sponsor| AddSponsor { root, organization: "o", side, sponsor };
        let body = |path: &str| json!({"@odata.id": format!("{root}/v1.0/{path}")});
        let person = add(SponsorSide::Internal, SponsorToAdd::User("u"));
        writes(&person, "POST", &format!("{ROOT}/connectedOrganizations/o/internalSponsors/$ref"), &body("users/u"));
        let group = add(SponsorSide::External, SponsorToAdd::Group("g"));
        writes(&group, "POST", &format!("{ROOT}/connectedOrganizations/o/externalSponsors/$ref"), &body("groups/g"));
        assert_eq!(person.read(&reply(204, "")), Ok(()));
        assert_eq!(looks(&group), ListSponsors { organization: "o", side: SponsorSide::External }.request());
        let there = "One or more added object references already exist for the following modified properties.";
        refuses(
            &person,
            &[
                (404, "NewCode", "", Some(CreateRefusal::Any(EntitlementRefusal::NotFound))),
                (400, "NewCode", there, Some(CreateRefusal::AlreadyThere)),
            ],
        );
    }
}
