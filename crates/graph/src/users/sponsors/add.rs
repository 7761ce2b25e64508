//! Having somebody vouch for a guest. <https://learn.microsoft.com/graph/api/user-post-sponsors>

use super::{SponsorRefusal, WRITING};
use crate::entitlement::connected_organizations::SponsorToAdd;
use crate::{AfterLoss, NO_CONTENT, Operation, PaceKind, Problem, Reply, Request, literal};

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct AddUserSponsor<'a> {
    /// Graph's, without a version: the sponsor is named by an address.
    pub root: &'a str,
    /// Object id of the guest.
    pub id: &'a str,
    /// Who.
    pub sponsor: SponsorToAdd<'a>,
}

impl Operation for AddUserSponsor<'_> {
    type Output = ();
    type Refusal = SponsorRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::post(format!("/users/{}/sponsors/$ref", literal(self.id)), &self.sponsor.reference(self.root))
    }

    fn read(&self, reply: &Reply) -> Result<(), Problem> {
        reply.carried_out(&[NO_CONTENT])
    }

    /// Who is one is refused as being one.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Repeat
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{refuses, reply, writes};
    use serde_json::json;

    #[test]
    fn a_sponsor_is_named_by_address() {
        let add = AddUserSponsor { root: "https://graph.microsoft.com", id: "u", sponsor: SponsorToAdd::Group("g") };
        writes(&add, "POST", "/users/u/sponsors/$ref", &json!({"@odata.id": "https://graph.microsoft.com/v1.0/groups/g"}));
        assert_eq!((add.read(&reply(204, "")), add.after_loss()), (Ok(()), AfterLoss::Repeat));
        let twice = "One or more added object references already exist for the following modified properties: 'sponsors'.";
        refuses(
            &add,
            &[
                (400, "Request_BadRequest", twice, Some(SponsorRefusal::AlreadySponsor)),
                (400, "Request_BadRequest", "The limit of 5 sponsors is exceeded.", Some(SponsorRefusal::TooMany)),
                (404, "Request_ResourceNotFound", "", Some(SponsorRefusal::NotFound)),
                (403, "Authorization_RequestDenied", "", Some(SponsorRefusal::MissingPermission)),
                (400, "Request_BadRequest", "", None),
            ],
        );
    }
}
