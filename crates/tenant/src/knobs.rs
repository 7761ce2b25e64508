//! What a person or a test can turn to make Contoso behave otherwise.

use serde::{Deserialize, Serialize};

/// The knobs, as `GET` and `POST /_tenant/knobs` carry them. A post may name only some; unknown names are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Knobs {
    /// How long every answer of Graph takes, in milliseconds.
    pub latency_ms: u32,
    /// How long later calls do not see what was done to a user, in milliseconds: who was invited, deleted or restored.
    pub delay_ms: u32,
    /// Objects that a page of a collection holds at most, whatever `$top` says; 0 as many as `$top` says, or 100.
    pub page_size: u32,
    /// Directory writes allowed within `quota_window_ms`. Published: 3,000 per 150 s.
    pub quota_writes: u32,
    pub quota_window_ms: u32,
    /// `none`, `adminsAndGuestInviters`, `adminsGuestInvitersAndAllMembers` or `everyone`.
    pub allow_invites_from: String,
    /// When true, only administrators may consent to permissions that need admin consent.
    pub admin_consent_required: bool,
    /// The "suspicious activity" block of the whole tenant.
    pub suspicious: bool,
    /// Blocks the tenant after this many invitations; 0 never.
    pub suspicious_after: u32,
    /// Guests that one person without an administrator's role may make in all; 0 as many as they like. Entra's limit is 250 objects.
    pub object_quota: u32,
    /// Whether Contoso pays for something; with its age that decides how many invitations it may send in a day (`daily.rs`).
    pub paid: bool,
    /// How old Contoso was, in days, when it was asked for the first time. New is up to 30 days.
    pub age_days: u32,
    /// By so many hours the tenant's clock is ahead of the computer's: days pass for the limits of a day, tokens and the recycle bin. Times
    /// in id_tokens stay as they are (see `identity_clock_seconds`).
    pub clock_hours: i64,
    /// Domains on the deny list, separated by blanks.
    pub blocked_domains: String,
    /// Domains that cross-tenant access settings block, separated by blanks.
    pub cross_tenant_blocked: String,
    /// An AADSTS number that sign-in answers with, such as 53003; 0 for none. What Entra only shows, such as 500113, is only shown.
    pub sign_in_error: u32,
    /// An AADSTS number that redeeming a code answers with, such as 7000218; 0 for none.
    pub token_error: u32,
    /// An AADSTS number that renewals answer with, such as 700084; 0 for none.
    pub refresh_error: u32,
    /// By so many seconds the identity platform's clock is ahead of the computer's, or behind where it is negative, as id_tokens show it.
    pub identity_clock_seconds: i64,
    /// `busy` (503), `busyRetry` (503 with Retry-After), `throttled` (429 with Retry-After), `garbled` (an HTML 502), `portal`
    /// (an HTML 200), `proxy` (a JSON 404 that names no error) or `cut` (the connection ends without an answer): what the token endpoint does instead of answering; empty for none.
    pub token_fault: String,
    /// How many requests to the token endpoint meet that fault.
    pub token_fault_times: u32,
    /// The `token_type` of issued tokens. Microsoft's is Bearer.
    pub token_type: String,
    /// Life of an access token, in seconds. Microsoft's is 60 to 90 minutes.
    pub access_token_seconds: u32,
    /// Whether browsers may read Retry-After (field reports differ).
    pub expose_retry_after: bool,
    /// Graph demands a fresh proof (401 `insufficient_claims`) for everything that writes, until somebody signs in anew.
    pub step_up: bool,
    /// Letters that one mailbox may send in a minute. Exchange Online: 30.
    pub mail_per_minute: u32,
    /// How long sending a letter takes, in milliseconds.
    pub mail_ms: u32,
    /// `noMailbox`, `denied`, `limit`, `full`, `blocked`, `busy`, `throttled` or `lost`; `returned` takes every letter and brings it
    /// back as undeliverable; empty for none.
    pub mail_fault: String,
    /// The fault begins after so many letters.
    pub mail_fault_after: u32,
    /// Email one-time passcodes are on: people from outside without an account anywhere sign in by a code.
    pub one_time_passcodes: bool,
    /// Contoso has the licence that entitlement management asks for (Entra ID P2 or Entra ID Governance). Without it everything is refused as without a role.
    pub governance_licensed: bool,
    /// A role of entitlement management counts only so long after it was assigned, in milliseconds.
    pub governance_role_ms: u32,
    /// How long entitlement management does not find a group that was just made, in milliseconds. Seen: 5 seconds to 4 minutes.
    pub group_onboard_ms: u32,
    /// How long a deleted group is still listed, in milliseconds.
    pub group_gone_ms: u32,
    /// How long until a resource is listed in its catalog after it was added, in milliseconds.
    pub resource_ms: u32,
    /// How long an assignment request stays submitted, in milliseconds.
    pub request_ms: u32,
    /// How long delivering takes, and until a role that a package gets is given to those who have it already, in milliseconds.
    pub delivery_ms: u32,
    /// How long taking an assignment away takes, in milliseconds; so long a package whose roles were removed also keeps its resources in use.
    pub removal_ms: u32,
    /// How long a deleted package or policy is still answered, in milliseconds.
    pub package_gone_ms: u32,
    /// Which member of a request carries somebody by address: `assignment`, `accessPackageAssignment` or `both`. The documentation of v1.0 has the second, the schema the first.
    pub address_spelling: String,
    /// An administrator's own assignment waits for approval where the policy asks for it. Microsoft: it does not skip it in every case.
    pub approval_for_direct: bool,
    /// A policy for direct assignments alone takes people who are not in the directory. The pages of Microsoft disagree.
    pub direct_policy_for_outsiders: bool,
    /// What somebody from outside gets is delivered before they have signed in for the first time.
    pub outsiders_at_once: bool,
    /// `EntitlementMgmt-SubjectAccess.ReadWrite` suffices for approving, as its description says and the table of permissions does not.
    pub approvals_by_subject_access: bool,
    /// A second connected organization with the same source is taken.
    pub duplicate_organizations: bool,
    /// A policy may name a connected organization that does not exist.
    pub unknown_organizations: bool,
    /// Names of policy settings and types of approvers that are taken and not kept, separated by blanks: `isRequestorJustificationRequired requestorManager`.
    pub dropped_settings: String,
    /// Access reviews were removed elsewhere, so that a policy that has one cannot be put any more.
    pub reviews_removed: bool,
    /// `partial` or `failed`: how deliveries end; empty for as they should.
    pub delivery_fault: String,
    /// What canceling a request is answered with: 200, as the text of the documentation says, or 204, as its sample does.
    pub cancel_status: u16,
    /// What removing a role from a package is answered with: 200, as measured, or 204, as documented.
    pub role_removal_status: u16,
    /// For so many days a request can be processed once more: 14 by the reference, 7 by another page.
    pub reprocess_days: u32,
    /// What a gateway in front of Graph makes of an answer: see `gateway.rs`. Empty: there is none.
    pub gateway: String,
    /// The gateway begins after so many requests that write.
    pub gateway_after: u32,
    /// So many requests are spoiled; 0 all that follow.
    pub gateway_times: u32,
    /// What is spoiled is not carried out either.
    pub gateway_drops: bool,
    /// Requests that only read are spoiled, too.
    pub gateway_reads: bool,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            latency_ms: 0,
            delay_ms: 0,
            page_size: 0,
            quota_writes: 3000,
            quota_window_ms: 150_000,
            allow_invites_from: "adminsAndGuestInviters".into(),
            admin_consent_required: false,
            suspicious: false,
            suspicious_after: 0,
            object_quota: 0,
            paid: true,
            age_days: 1000,
            clock_hours: 0,
            blocked_domains: String::new(),
            cross_tenant_blocked: String::new(),
            sign_in_error: 0,
            token_error: 0,
            refresh_error: 0,
            identity_clock_seconds: 0,
            token_fault: String::new(),
            token_fault_times: 0,
            token_type: "Bearer".into(),
            access_token_seconds: 4500,
            expose_retry_after: true,
            step_up: false,
            mail_per_minute: 30,
            mail_ms: 300,
            mail_fault: String::new(),
            mail_fault_after: 0,
            one_time_passcodes: true,
            governance_licensed: true,
            governance_role_ms: 0,
            group_onboard_ms: 0,
            group_gone_ms: 0,
            resource_ms: 1000,
            request_ms: 1000,
            delivery_ms: 2000,
            removal_ms: 2000,
            package_gone_ms: 0,
            address_spelling: "both".into(),
            approval_for_direct: false,
            direct_policy_for_outsiders: false,
            outsiders_at_once: false,
            approvals_by_subject_access: false,
            duplicate_organizations: false,
            unknown_organizations: false,
            dropped_settings: String::new(),
            reviews_removed: false,
            delivery_fault: String::new(),
            cancel_status: 200,
            role_removal_status: 200,
            reprocess_days: 14,
            gateway: String::new(),
            gateway_after: 0,
            gateway_times: 0,
            gateway_drops: false,
            gateway_reads: false,
        }
    }
}

/// Label and help of each knob, for the control page.
pub(super) const HELP: [(&str, &str); 57] = [
    ("latencyMs", "Every answer of Graph takes this many milliseconds"),
    ("delayMs", "Who was invited, deleted or restored is seen only after this many milliseconds"),
    ("pageSize", "Objects on a page at most; 0 as many as Graph puts there"),
    ("quotaWrites", "Writes allowed within the window"),
    ("quotaWindowMs", "Length of the window in milliseconds"),
    ("allowInvitesFrom", "none, adminsAndGuestInviters, adminsGuestInvitersAndAllMembers or everyone"),
    ("adminConsentRequired", "Only administrators may consent (true or false)"),
    ("suspicious", "Invitations are blocked as suspicious (true or false)"),
    ("suspiciousAfter", "Block the tenant after so many invitations; 0 never"),
    ("objectQuota", "Guests that a person without an administrator's role may make in all; 0 no limit"),
    ("paid", "Contoso pays for something (true or false)"),
    ("ageDays", "Contoso's age in days. Invitations a day: unpaid 10, after 30 days 100; paid 200, after 30 days no limit"),
    ("clockHours", "The tenant's clock is ahead by so many hours: limits of a day, tokens, the recycle bin"),
    ("blockedDomains", "Deny list, separated by blanks"),
    ("crossTenantBlocked", "Domains that cross-tenant access settings block"),
    ("signInError", "AADSTS number that sign-in answers with; 0 none"),
    ("tokenError", "AADSTS number that redeeming a code answers with; 0 none"),
    ("refreshError", "AADSTS number that renewals answer with; 0 none"),
    ("identityClockSeconds", "The identity platform's clock is ahead by so many seconds"),
    ("tokenFault", "The token endpoint fails: busy, busyRetry, throttled, garbled, portal, proxy or cut; empty for none"),
    ("tokenFaultTimes", "So many requests to the token endpoint fail"),
    ("tokenType", "The token_type of issued tokens"),
    ("accessTokenSeconds", "Life of an access token in seconds"),
    ("exposeRetryAfter", "Browsers may read Retry-After (true or false)"),
    ("stepUp", "Graph demands a fresh proof for all that writes (true or false)"),
    ("mailPerMinute", "Letters that a mailbox may send in a minute"),
    ("mailMs", "Sending a letter takes this many milliseconds"),
    ("mailFault", "noMailbox, denied, limit, full, blocked, busy, throttled, lost or returned; empty for none"),
    ("mailFaultAfter", "The mailbox's fault begins after so many letters"),
    ("oneTimePasscodes", "People from outside without an account sign in by a code that is mailed (true or false)"),
    ("governanceLicensed", "Contoso has the licence of entitlement management (true or false)"),
    ("governanceRoleMs", "A role of a catalog counts only after this many milliseconds"),
    ("groupOnboardMs", "Entitlement management finds a new group only after this many milliseconds"),
    ("groupGoneMs", "A deleted group is listed for this many milliseconds"),
    ("resourceMs", "A resource is listed in its catalog only after this many milliseconds"),
    ("requestMs", "An assignment request stays submitted for this many milliseconds"),
    ("deliveryMs", "Delivering a package takes this many milliseconds"),
    ("removalMs", "Removing an assignment takes this many milliseconds"),
    ("packageGoneMs", "A deleted package or policy is answered for this many milliseconds"),
    ("addressSpelling", "How a request names somebody by address: assignment, accessPackageAssignment or both"),
    ("approvalForDirect", "Direct assignments wait for approval, too (true or false)"),
    ("directPolicyForOutsiders", "Policies for direct assignments take outsiders (true or false)"),
    ("outsidersAtOnce", "Outsiders get a package before their first sign-in (true or false)"),
    ("approvalsBySubjectAccess", "EntitlementMgmt-SubjectAccess.ReadWrite suffices for approving (true or false)"),
    ("duplicateOrganizations", "A second connected organization of one domain is taken (true or false)"),
    ("unknownOrganizations", "Policies may name connected organizations that do not exist (true or false)"),
    ("droppedSettings", "Policy settings and types of approvers that are taken and not kept"),
    ("reviewsRemoved", "Policies with an access review cannot be put any more (true or false)"),
    ("deliveryFault", "Deliveries end partial or failed; empty for neither"),
    ("cancelStatus", "Canceling a request is answered with 200 or 204"),
    ("roleRemovalStatus", "Removing a role from a package is answered with 200 or 204"),
    ("reprocessDays", "Requests can be processed once more for so many days"),
    ("gateway", "What a gateway says after the fact: 503, 502 empty, item 504, 429 own, cut or silent; empty for none"),
    ("gatewayAfter", "The gateway begins after so many requests that write"),
    ("gatewayTimes", "So many requests are spoiled; 0 all that follow"),
    ("gatewayDrops", "What is spoiled is not carried out either (true or false)"),
    ("gatewayReads", "Requests that only read are spoiled, too (true or false)"),
];

impl Knobs {
    /// The knobs with `change` laid over them.
    ///
    /// # Errors
    /// What serde says about an unknown name or a wrong type.
    pub(super) fn turned(&self, change: &serde_json::Value) -> Result<Self, String> {
        let mut all = serde_json::to_value(self).expect("knobs are plain data");
        let change = change.as_object().ok_or("an object was expected")?;
        for (name, value) in change {
            all[name] = value.clone();
        }
        serde_json::from_value(all).map_err(|error| error.to_string())
    }

    pub(super) fn lists(list: &str, domain: &str) -> bool {
        list.split_whitespace().any(|entry| entry.eq_ignore_ascii_case(domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_knob_has_its_help_and_every_help_its_knob() {
        let all = json!(Knobs::default());
        let mut knobs: Vec<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
        let mut helped: Vec<&str> = HELP.iter().map(|(name, _)| *name).collect();
        knobs.sort_unstable();
        helped.sort_unstable();
        assert_eq!(knobs, helped);
    }
}
