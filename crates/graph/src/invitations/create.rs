//! Inviting a guest. <https://learn.microsoft.com/graph/api/invitation-post>

use super::{Created, Invitation};
use crate::refusal::{Recognised, first_within, same};
use crate::users::FindUsersByAddress;
use crate::{AfterLoss, CommonRefusal, Operation, PaceKind, Problem, Refusal, Request};

/// 201 with [`Created`]. Whoever is a guest already keeps the object and gets a new link.
#[derive(Clone, Copy, Debug)]
pub struct CreateInvitation<'a> {
    /// Whom, and how.
    pub invitation: &'a Invitation,
}

/// Why somebody is not invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationRefusal {
    /// Microsoft's abuse detection blocks invitations for the whole tenant; only its support lifts that.
    SuspiciousActivity,
    /// The tenant's guest invite settings do not let this person invite.
    InvitationsNotAllowed,
    /// The person's role does not cover it, or the app lacks consent: Graph does not tell which.
    MissingPermission,
    /// No more directory objects may be made: by this person, or in this tenant.
    ObjectQuota,
    /// The address is of a verified domain of the inviting tenant.
    OwnDomain,
    /// The address belongs to a user of the tenant who is no guest.
    AlreadyInDirectory,
    /// The guest is there already, and may not sign in.
    AccountBlocked,
    /// Graph does not take the address.
    AddressRefused,
    /// The address of a group: only people are invited.
    GroupAddress,
    /// The tenant's list of allowed or blocked domains keeps the guest's out.
    DomainNotAllowed,
    /// Cross-tenant access settings, of this tenant or the guest's, do not allow it.
    CrossTenantBlocked,
    /// The guest's account is of another national cloud, and the tenant does not work with that.
    CrossCloudDisabled,
    /// Another object, such as a contact, has the address among its proxy addresses.
    ProxyConflict,
    /// `inviteRedirectUrl` is no address that Graph takes.
    RedirectRefused,
}

/// Fragments of messages, most particular first.
/// SuspiciousActivity: Microsoft Q&A 12731593. OwnDomain, AlreadyInDirectory: msgraph-beta-sdk-dotnet #798.
/// AccountBlocked: msgraph-sdk-php #301. AddressRefused: msgraph-sdk-dotnet #2786.
/// CrossTenantBlocked, CrossCloudDisabled, ProxyConflict: entra-docs docs/external-id/troubleshoot.md.
/// ObjectQuota: instructure/canvas-lms spec/lib/microsoft_sync/graph_service.
const FRAGMENTS: [(&str, InvitationRefusal); 16] = [
    ("due to suspicious activity", InvitationRefusal::SuspiciousActivity),
    ("Guest invitations not allowed", InvitationRefusal::InvitationsNotAllowed),
    ("is a verified domain of this directory", InvitationRefusal::OwnDomain),
    ("the account is blocked from signing in", InvitationRefusal::AccountBlocked),
    ("already exists in the directory as object", InvitationRefusal::AlreadyInDirectory),
    ("already exists as object", InvitationRefusal::AlreadyInDirectory),
    ("Primary SMTP Address is an invalid", InvitationRefusal::AddressRefused),
    ("invitedUserEmailAddress", InvitationRefusal::AddressRefused),
    ("Group email address is not supported", InvitationRefusal::GroupAddress),
    ("allow/deny list", InvitationRefusal::DomainNotAllowed),
    ("domain is not allowed", InvitationRefusal::DomainNotAllowed),
    ("blocked by cross-tenant access", InvitationRefusal::CrossTenantBlocked),
    ("Cross Cloud Worker application has been disabled", InvitationRefusal::CrossCloudDisabled),
    ("conflict in proxyAddresses", InvitationRefusal::ProxyConflict),
    ("inviteRedirectUrl", InvitationRefusal::RedirectRefused),
    ("directory object quota limit", InvitationRefusal::ObjectQuota),
];

/// Codes. ObjectQuota: as above.
const CODES: [(&str, InvitationRefusal); 1] = [("Directory_QuotaExceeded", InvitationRefusal::ObjectQuota)];

impl Refusal for InvitationRefusal {
    fn told_by(problem: &Problem) -> Option<Self> {
        match Recognised::by(problem) {
            Recognised::Invitation(why) => Some(why),
            Recognised::Common(CommonRefusal::MissingPermission) => Some(Self::MissingPermission),
            Recognised::Common(_) | Recognised::Mail(_) | Recognised::NotEntitled => None,
        }
    }
}

impl InvitationRefusal {
    pub(crate) fn by_message(lower: &str) -> Option<Self> {
        first_within(lower, &FRAGMENTS)
    }

    pub(crate) fn by_code(code: &str) -> Option<Self> {
        same(code, &CODES)
    }
}

impl Operation for CreateInvitation<'_> {
    type Output = Created;
    type Refusal = InvitationRefusal;
    const SCOPES: &'static [&'static str] = &["User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"];
    const PACE: PaceKind = PaceKind::DirectoryWrite;

    fn request(&self) -> Request {
        Request::post("/invitations", self.invitation)
    }

    /// Whoever holds the address shows whether it was done. Reads lag behind, so that nobody there at once proves nothing yet:
    /// <https://learn.microsoft.com/graph/api/user-list>.
    fn after_loss(&self) -> AfterLoss {
        AfterLoss::Look(FindUsersByAddress { address: &self.invitation.invited_user_email_address }.request())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::testing::{common, problem, reply};

    fn ada() -> Invitation {
        Invitation {
            invited_user_email_address: "ada@fabrikam.example".into(),
            invite_redirect_url: "https://myapps.microsoft.com".into(),
            ..Invitation::default()
        }
    }

    #[test]
    fn an_invitation_says_only_what_is_set_and_is_looked_for_by_its_address() {
        let ada = ada();
        let invite = CreateInvitation { invitation: &ada };
        let request = invite.request();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/invitations"));
        assert_eq!(
            request.body.as_deref(),
            Some(
                r#"{"invitedUserEmailAddress":"ada@fabrikam.example","inviteRedirectUrl":"https://myapps.microsoft.com","sendInvitationMessage":false}"#
            )
        );
        let AfterLoss::Look(look) = invite.after_loss() else { panic!("an invitation is never repeated unseen") };
        assert_eq!(look, FindUsersByAddress { address: "ada@fabrikam.example" }.request());
        assert_eq!((CreateInvitation::SCOPES[0], CreateInvitation::PACE), ("User.Invite.All", PaceKind::DirectoryWrite));
    }

    #[test]
    fn the_answer_names_the_guest_and_the_link() {
        let ada = ada();
        let invite = CreateInvitation { invitation: &ada };
        let created = invite.read(&reply(201, r#"{"inviteRedeemUrl":"https://x.example/redeem","invitedUser":{"id":"g-1"}}"#)).unwrap();
        assert_eq!((created.invited_user.id.as_str(), created.invite_redeem_url.reveal()), ("g-1", "https://x.example/redeem"));
        assert_eq!(invite.read(&reply(201, "{}")).unwrap_err().common(), Some(CommonRefusal::Unreadable));
    }

    #[test]
    fn each_refusal_is_told_apart() {
        let ada = ada();
        let check = |status: u16, message: &str, expected: InvitationRefusal| {
            let problem = problem(status, "BadRequest", message);
            assert_eq!(CreateInvitation { invitation: &ada }.refusal(&problem), Some(expected), "{message}");
        };
        use InvitationRefusal as Why;
        check(403, "Invitations are blocked for this directory due to suspicious activity", Why::SuspiciousActivity);
        check(403, "Guest invitations not allowed for your company.", Why::InvitationsNotAllowed);
        check(403, "Insufficient privileges to complete the operation.", Why::MissingPermission);
        check(403, "The directory object quota limit for the Principal has been exceeded.", Why::ObjectQuota);
        check(400, "The domain x.example is a verified domain of this directory.", Why::OwnDomain);
        check(400, "It already exists in the directory as object ID 1.", Why::AlreadyInDirectory);
        check(412, "already exists as object ID 1, but the account is blocked from signing in", Why::AccountBlocked);
        check(400, "The Primary SMTP Address is an invalid value.", Why::AddressRefused);
        check(400, "Group email address is not supported.", Why::GroupAddress);
        check(400, "The domain is on the allow/deny list.", Why::DomainNotAllowed);
        check(403, "This invitation is blocked by cross-tenant access settings.", Why::CrossTenantBlocked);
        check(400, "Microsoft B2B Cross Cloud Worker application has been disabled.", Why::CrossCloudDisabled);
        check(400, "There is a conflict in proxyAddresses.", Why::ProxyConflict);
        check(400, "Invalid value for inviteRedirectUrl.", Why::RedirectRefused);
        let others = [problem(500, "InternalServerError", "Unable to find target address"), problem(404, "ErrorQuotaExceeded", "")];
        for problem in common().iter().chain(&others) {
            assert_eq!(CreateInvitation { invitation: &ada }.refusal(problem), None, "{problem:?}");
        }
    }
}
