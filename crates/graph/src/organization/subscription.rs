//! How old the tenant is, and what it has. <https://learn.microsoft.com/graph/api/organization-list>

use super::Subscription;
use crate::{Operation, PaceKind, Page, Problem, ReadRefusal, Reply, Request};

/// 200 with the [`Subscription`]; `None` where Graph lists no organisation.
#[derive(Clone, Copy, Debug)]
pub struct GetSubscription;

impl Operation for GetSubscription {
    type Output = Option<Subscription>;
    type Refusal = ReadRefusal;
    /// With `User.Read` Graph answers, and shows neither:
    /// <https://learn.microsoft.com/graph/api/organization-list#permissions>.
    const SCOPES: &'static [&'static str] =
        &["Organization.Read.All", "Directory.Read.All", "Organization.ReadWrite.All", "Directory.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryRead;

    fn request(&self) -> Request {
        Request::get("/organization?$select=createdDateTime,assignedPlans")
    }

    fn read(&self, reply: &Reply) -> Result<Option<Subscription>, Problem> {
        let page: Page<Subscription> = reply.read()?;
        Ok(page.value.into_iter().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{problem, reads, reply};

    #[test]
    fn age_and_plans_are_read_where_they_are_shown() {
        reads(&GetSubscription, "/organization?$select=createdDateTime,assignedPlans", "Organization.Read.All");
        let body = r#"{"value":[{"createdDateTime":"2026-11-22T10:43:23Z","assignedPlans":[]}]}"#;
        let found = GetSubscription.read(&reply(200, body)).unwrap().unwrap();
        assert_eq!(found.created(), Some(time::Moment(1_795_344_203_000)));
        assert_eq!(GetSubscription.read(&reply(200, r#"{"value":[]}"#)), Ok(None));
        assert_eq!(GetSubscription.refusal(&problem(403, "Authorization_RequestDenied", "")), Some(ReadRefusal::MissingPermission));
    }
}
