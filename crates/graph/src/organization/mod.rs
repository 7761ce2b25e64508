//! The tenant itself. With `User.Read` Graph shows id, name and verified domains, which is all that is needed.
//! <https://learn.microsoft.com/graph/api/organization-list>

mod get;
mod subscription;

pub use get::GetOrganization;
pub use subscription::GetSubscription;

use serde::Deserialize;
use time::{Millis, Moment};

/// What [`GetOrganization`] asks for; empty where Graph does not show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Organization {
    /// The tenant's id: `tid` in its tokens.
    pub id: String,
    /// As administrators chose it; it need not be unique.
    pub display_name: String,
    /// Nobody with an address of these can be a guest.
    pub verified_domains: Vec<VerifiedDomain>,
}

/// A domain that is proved to be the tenant's. <https://learn.microsoft.com/graph/api/resources/verifieddomain>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VerifiedDomain {
    /// Such as `contoso.com`.
    pub name: String,
    /// True of one: the domain of new users unless another is chosen.
    pub is_default: bool,
    /// True of one: the domain that the tenant was made with.
    pub is_initial: bool,
}

impl Organization {
    /// The default domain; else the first, and empty where there is none.
    pub fn default_domain(&self) -> &str {
        self.domain(|domain| domain.is_default)
    }
    /// The `.onmicrosoft.com` name the tenant was made with: since December 2025 the sender of Microsoft's mail. Else the first domain,
    /// and empty where there is none.
    pub fn initial_domain(&self) -> &str {
        self.domain(|domain| domain.is_initial)
    }
    /// Whether this very domain is verified, whatever its case; a subdomain counts only where it is verified itself.
    pub fn owns(&self, domain: &str) -> bool {
        self.verified_domains.iter().any(|own| own.name.eq_ignore_ascii_case(domain))
    }
    fn domain(&self, which: impl Fn(&VerifiedDomain) -> bool) -> &str {
        let found = self.verified_domains.iter().find(|domain| which(domain)).or(self.verified_domains.first());
        found.map_or("", |domain| &domain.name)
    }
}

/// What tells of how many invitations a tenant may send in a day, which depends on its age and on whether it is paid for. Graph shows it
/// with `Organization.Read.All` and a role that reads; with `User.Read` alone it is empty.
/// <https://learn.microsoft.com/graph/api/organization-list>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Subscription {
    created_date_time: Option<String>,
    assigned_plans: Option<Vec<AssignedPlan>>,
}

/// <https://learn.microsoft.com/graph/api/resources/assignedplan>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AssignedPlan {
    capability_status: Option<String>,
    service_plan_id: Option<String>,
    assigned_date_time: Option<String>,
}

/// Service plans that are part of what is bought, and of no product that costs nothing. (Those hold others, such as
/// `EXCHANGE_S_FOUNDATION`.) <https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference>
const BOUGHT: [&str; 10] = [
    "9aaf7827-d63c-4b61-89c3-182f06f82e5c", // EXCHANGE_S_STANDARD
    "efb87545-963c-4e0d-99df-69c6916d9eb0", // EXCHANGE_S_ENTERPRISE
    "4a82b400-a79f-41a4-b4e2-e94f5787b113", // EXCHANGE_S_DESKLESS
    "c7699d2e-19aa-44de-8edf-1736da088ca1", // SHAREPOINTSTANDARD
    "5dbe027f-2339-4123-9542-606e4d348a72", // SHAREPOINTENTERPRISE
    "41781fb2-bc02-4b7c-bd55-b576c07bb09d", // AAD_PREMIUM
    "eec0eb4f-6444-4f95-aba0-50c24d67f998", // AAD_PREMIUM_P2
    "c1ec4a95-1f05-45b3-a911-aa3fa01094f5", // INTUNE_A
    "43de0ff5-c92c-492b-9116-175376d08c38", // OFFICESUBSCRIPTION
    "094e7854-93fc-4d55-b2c0-3ab5369ebdc1", // OFFICE_BUSINESS
];
/// A trial ends after 30 days and can be extended once by as many.
/// <https://learn.microsoft.com/microsoft-365/commerce/try-or-buy-microsoft-365>
const TRIAL: Millis = Millis::days(60);

impl Subscription {
    /// When the tenant was made; `None` where Graph does not show it.
    pub fn created(&self) -> Option<Moment> {
        self.created_date_time.as_deref().and_then(Moment::from_graph)
    }

    /// Whether something is certainly paid for. A trial looks like what is bought until it must have ended, and what is bought in Azure
    /// does not show here; so `false` means that nobody knows.
    pub fn is_paid(&self, now: Moment) -> bool {
        self.assigned_plans.iter().flatten().any(|plan| {
            let is = |text: &Option<String>, one: &str| text.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(one));
            let since = plan.assigned_date_time.as_deref().and_then(Moment::from_graph);
            is(&plan.capability_status, "Enabled")
                && BOUGHT.iter().any(|id| is(&plan.service_plan_id, id))
                && since.is_some_and(|since| now - since > TRIAL)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_outlasts_a_trial_is_certainly_paid_for() {
        let now = Moment(1_795_344_203_000);
        let check = |status: &str, id: &str, since: &str, expected: bool| {
            let plan = format!(r#"{{"capabilityStatus":"{status}","servicePlanId":"{id}","assignedDateTime":"{since}"}}"#);
            let read: Subscription = serde_json::from_str(&format!(r#"{{"assignedPlans":[{plan}]}}"#)).unwrap();
            assert_eq!(read.is_paid(now), expected, "{plan}");
        };
        check("Enabled", "EFB87545-963c-4e0d-99df-69c6916d9eb0", "2026-09-01T00:00:00Z", true);
        check("Enabled", "efb87545-963c-4e0d-99df-69c6916d9eb0", "2026-10-01T00:00:00.1234567Z", false);
        check("Enabled", "efb87545-963c-4e0d-99df-69c6916d9eb0", &(now - TRIAL).iso(), false);
        check("Enabled", "efb87545-963c-4e0d-99df-69c6916d9eb0", &(now - TRIAL - time::Millis::seconds(1)).iso(), true);
        check("Suspended", "efb87545-963c-4e0d-99df-69c6916d9eb0", "2024-09-01T00:00:00Z", false);
        // EXCHANGE_S_FOUNDATION, which comes with what costs nothing.
        check("Enabled", "113feb6c-3fe4-4440-bddc-54d774bf0318", "2024-09-01T00:00:00Z", false);
        check("Enabled", "", "", false);
        let of_user_read: Subscription = serde_json::from_str(r#"{"createdDateTime":null,"assignedPlans":null}"#).unwrap();
        assert_eq!((of_user_read.created(), of_user_read.is_paid(now)), (None, false));
    }
}
