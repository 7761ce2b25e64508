//! Having somebody no longer vouch for a guest. <https://learn.microsoft.com/graph/api/user-delete-sponsors>

use super::{SponsorRefusal, WRITING};
use crate::{AfterLoss, NO_CONTENT, Operation, PaceKind, Problem, Reply, Request, literal};

/// 204 without a body.
#[derive(Clone, Copy, Debug)]
pub struct RemoveUserSponsor<'a> {
    /// Object id of the guest.
    pub id: &'a str,
    /// Object id of the person or group.
    pub sponsor: &'a str,
}

impl Operation for RemoveUserSponsor<'_> {
    type Output = ();
    type Refusal = SponsorRefusal;
    const SCOPES: &'static [&'static str] = WRITING;
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    /// Without `/$ref` it would be the person.
    fn request(&self) -> Request {
        Request::delete(format!("/users/{}/sponsors/{}/$ref", literal(self.id), literal(self.sponsor)))
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
    use crate::operation::testing::{refuses, reply, writes};
    use serde_json::Value;

    #[test]
    fn a_reference_is_removed_and_not_the_person() {
        let remove = RemoveUserSponsor { id: "u", sponsor: "s" };
        writes(&remove, "DELETE", "/users/u/sponsors/s/$ref", &Value::Null);
        assert_eq!((remove.read(&reply(204, "")), remove.after_loss()), (Ok(()), AfterLoss::Repeat));
        refuses(&remove, &[(404, "Request_ResourceNotFound", "", Some(SponsorRefusal::NotFound))]);
    }
}
