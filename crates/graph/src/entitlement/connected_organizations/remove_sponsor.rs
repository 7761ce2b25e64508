//! Having somebody no longer vouch for a connected organization.
//! <https://learn.microsoft.com/graph/api/connectedorganization-delete-internalsponsors>

use super::SponsorSide;
use crate::entitlement::{EntitlementRefusal, NO_CONTENT, WRITING, one};
use crate::{AfterLoss, Operation, PaceKind, Problem, Reply, Request, literal};

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct RemoveSponsor<'a> {
    /// The organization's id.
    pub organization: &'a str,
    /// On which side.
    pub side: SponsorSide,
    /// Object id of the person or group.
    pub sponsor: &'a str,
}

impl Operation for RemoveSponsor<'_> {
    type Output = ();
    type Refusal = EntitlementRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    /// Without `/$ref` it would be the person.
    fn request(&self) -> Request {
        let organization = one("connectedOrganizations", self.organization);
        Request::delete(format!("{organization}/{}/{}/$ref", self.side.as_str(), literal(self.sponsor)))
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[NO_CONTENT])
    }

    /// Who is gone is not found the second time.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entitlement::ROOT;
    use crate::operation::testing::{refuses, reply, writes};
    use serde_json::Value;

    #[test]
    fn a_reference_is_removed_and_not_the_person() {
        let remove = RemoveSponsor { organization: "o", side: SponsorSide::Internal, sponsor: "u" };
        writes(&remove, "DELETE", &format!("{ROOT}/connectedOrganizations/o/internalSponsors/u/$ref"), &Value::Null);
        assert_eq!((remove.read(&reply(204, "")), remove.after_loss()), (Ok(()), AfterLoss::Repeat));
        refuses(&remove, &[(404, "NewCode", "", Some(EntitlementRefusal::NotFound))]);
    }
}
