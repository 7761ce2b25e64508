//! What a refusal by Microsoft Graph means, for a person.

use super::needed;
use super::{Explain, Words};
use graph::Problem;
use graph::problem::ProblemKind;

impl Explain for Problem {
    fn words(&self) -> Words {
        if self.is_unreadable_challenge() {
            return Words::new(
                "Microsoft wants one more proof, but does not say which.",
                "A Conditional Access policy asks for it, and the question in Microsoft's answer could not be read.",
                "Your tenant's Conditional Access Administrator, with the request id.",
                "Copy the details and show them; nothing of this was sent.",
            );
        }
        match &self.permission {
            Some(permission) => needed::words(self.kind, permission),
            None => for_kind(self.kind),
        }
    }

    /// Status, code, Graph's text and ids. No token and no redeem link can be in it.
    fn details(&self) -> String {
        let id = self.request_id.as_deref().unwrap_or("none");
        let head = if self.status == 0 { "no status".to_owned() } else { format!("HTTP {} {}", self.status, self.code) };
        format!("{head} · {} · request-id {id}", self.message)
    }
}

#[rustfmt::skip]
fn for_kind(kind: ProblemKind) -> Words {
    let w = Words::new;
    match kind {
        ProblemKind::SuspiciousActivity => w("Microsoft has blocked invitations for the whole tenant.", "Its abuse detection saw suspicious activity: many invitations in a short time, repeated failures or a risky sign-in.", "Only Microsoft support can lift this block.", "Stop inviting. Open a support case in the Entra admin center and send them the request id. Once they have lifted the block, sign in again: then the rest can be tried again."),
        ProblemKind::InvitationsNotAllowed => w("This tenant does not let you invite guests.", "The setting “Guest invite restrictions” allows only certain roles.", "A User Administrator can give you the role Guest Inviter, or change External collaboration settings.", "Ask for the role Guest Inviter; a new role needs 15 to 60 minutes to act."),
        ProblemKind::MissingPermission => w("Microsoft refused: a permission is missing.", "Either your role does not cover this, or the app lacks consent for the permission.", "An administrator can give you the role, or the app the permission.", "Ask your administrator, then sign in again."),
        ProblemKind::Forbidden => w("Microsoft refused this and gave no reason that this page knows.", "It does not say that a permission is missing; the details hold Microsoft's own words.", "Your administrator, with the request id.", "Copy the details and ask; consent alone hardly changes it."),
        ProblemKind::ObjectQuota => w("No more directory objects can be made: their number is used up.", "A person without an administrator's role may make 250, and a tenant has a number of its own; deleted ones count for a while.", "An administrator can send the next invitations, give you a role, or free objects that are not needed any more.", "Stop inviting; everybody who is left is kept. “Try failed again” goes on once there is room."),
        ProblemKind::OwnDomain => w("This address belongs to your own organisation.", "Its domain is a verified domain of this tenant, so the person cannot be a guest.", "You can.", "Remove the row, or use the person's address at another organisation."),
        ProblemKind::AlreadyInDirectory => w("Somebody with this address is already a member of this tenant.", "The directory has a member or synchronised user with it.", "A User Administrator can convert the account, if that is wanted.", "Remove the row; the person has an account already."),
        ProblemKind::AccountBlocked => w("This guest is here already, but the account is blocked.", "An administrator has blocked sign-in for it.", "A User Administrator can unblock it in the Entra admin center.", "Ask for the account to be unblocked, then try this row again."),
        ProblemKind::AddressRefused => w("Microsoft does not accept this address.", "It contains a character that invitations do not allow, such as +, or is not an SMTP address.", "The guest can name another address.", "Correct the address and try this row again."),
        ProblemKind::GroupAddress => w("This address belongs to a group.", "Only people can be invited, not groups or distribution lists.", "The partner can tell you the person's own address.", "Replace the address and try this row again."),
        ProblemKind::DomainNotAllowed => w("Your tenant does not allow guests from this domain.", "The collaboration restrictions list it as blocked, or allow only other domains.", "A Global Administrator can change it under External collaboration settings.", "Ask for the domain to be allowed, or leave this guest out."),
        ProblemKind::CrossTenantBlocked => w("Cross-tenant access settings block this guest.", "Your tenant or the partner's does not allow B2B collaboration with the other.", "A Security Administrator of your tenant, or the partner's IT.", "Ask both sides to look at their cross-tenant access settings."),
        ProblemKind::CrossCloudDisabled => w("The guest's account lives in another Microsoft cloud.", "Collaboration between the clouds is switched off in this tenant.", "A Security Administrator can enable it under cross-tenant access settings.", "Ask for the other cloud to be enabled."),
        ProblemKind::ProxyConflict => w("Another object in the directory owns this address.", "A contact or group carries it among its proxy addresses.", "An Exchange or User Administrator can remove the other object.", "Have the address freed, then try this row again."),
        ProblemKind::TargetNotFound => w("Microsoft could not carry this out.", "One of its services did not find another; the reason is not known.", "Nobody in your tenant.", "Try this row again later."),
        ProblemKind::RedirectRefused => w("Microsoft refused the address where guests land.", "It must be a complete https address.", "You can, at “Guests land on”.", "Correct the address and try again."),
        ProblemKind::TokenExpired => w("Your sign-in has expired.", "Microsoft no longer accepts the token.", "You can.", "Sign in again; everything here is kept."),
        ProblemKind::ClaimsChallenge => w("Microsoft wants you to prove who you are once more.", "A Conditional Access policy asks for it.", "You can.", "Sign in again; everything here is kept."),
        ProblemKind::Throttled => w("Microsoft asked us to wait.", "Too many requests came from this app or tenant.", "Nobody needs to do anything.", "It continues by itself."),
        ProblemKind::ServiceBusy => w("Microsoft's service is busy.", "It is temporarily not available.", "Nobody needs to do anything.", "It continues by itself; if it keeps failing, try this row again later."),
        ProblemKind::NotYetUsable => w("The guest was created but is not usable yet.", "The directory needs some time to spread the news.", "Nobody needs to do anything.", "Wait a few minutes."),
        ProblemKind::NoMailbox => w("Your account has no mailbox that Graph can send from.", "It is inactive, on premises, or was never licensed.", "An Exchange Administrator can give the account a mailbox in Exchange Online.", "Choose Files under Send by, or let somebody with a mailbox send the letters."),
        ProblemKind::MailRefused => w("Microsoft refused to send from your mailbox.", "The app lacks consent for it, or a policy keeps apps from sending.", "You can allow it for yourself unless the tenant reserves that to administrators.", "Allow sending once more, then try the letters again; nobody is invited twice."),
        ProblemKind::MailLimit => w("Your mailbox has reached its limit for today.", "Exchange Online lets a mailbox, and a tenant, write to so many people a day.", "Nobody can lift it at once.", "Try the letters again tomorrow, or hand them over as files; nobody is invited twice."),
        ProblemKind::MailboxFull => w("Your mailbox is full.", "Exchange sends nothing from a mailbox that is over its quota, since a copy goes to Sent items.", "You can, or an Exchange Administrator who gives it more room.", "Delete or archive what is not needed any more, then try the letters again; nobody is invited twice."),
        ProblemKind::SenderRestricted => w("Microsoft does not let your mailbox send.", "It is restricted after sending much at once, or until its owner proves who they are.", "An administrator can lift it in the Microsoft Defender portal under Restricted entities.", "Look into your Inbox for what Microsoft wants. Meanwhile the letters can be had as files; nobody is invited twice."),
        ProblemKind::RecipientRefused => w("The mailbox refused this recipient.", "The address is not one that Exchange sends to.", "The guest can name another address.", "Correct the address in a new list, or pass the link on by hand."),
        ProblemKind::NotFound => w("Microsoft does not find this.", "It was deleted, or has not appeared yet.", "Nobody in particular.", "Look again in a few minutes."),
        ProblemKind::NotGraphs => w("Something between here and Microsoft answered in Microsoft's place.", "A proxy, a firewall or a security service stopped the request, or kept the answer back.", "Whoever looks after your network.", "Ask them to let graph.microsoft.com through. “Try failed again” looks first and sends only where nobody is there."),
        ProblemKind::Unreadable => w("Microsoft's answer could not be read.", "It was not in the expected shape.", "The makers of this page.", "Copy the details and report them."),
        ProblemKind::Unknown => w("Microsoft refused this for a reason this page does not know.", "The details hold Microsoft's own words.", "Your administrator, with the request id.", "Copy the details and ask."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::{Headers, Reply};

    fn refused(code: &str, message: &str) -> Problem {
        let body = serde_json::json!({"error": {"code": code, "message": message}}).to_string();
        Problem::from_reply(&Reply { status: 403, headers: Headers::default(), body })
    }

    fn all(words: &Words) -> String {
        [&*words.what, &words.why, &words.who, &words.next].join(" ")
    }

    // Case 26
    #[test]
    fn a_used_up_quota_of_objects_is_no_missing_permission() {
        let all = all(&refused("Directory_QuotaExceeded", "").for_permission("User.Invite.All").words());
        assert!(all.contains("directory objects") && !all.contains("permission") && !all.contains("consent"), "{all}");
    }

    #[test]
    fn a_mailbox_that_cannot_send_says_why() {
        for (code, word) in [
            ("ErrorQuotaExceeded", "full"),
            ("ErrorMessageSubmissionBlocked", "Restricted entities"),
            ("ErrorExceededMessageLimit", "limit for today"),
            ("MailboxNotEnabledForRESTAPI", "no mailbox"),
            ("Authorization_RequestDenied", "permission"),
        ] {
            let words = refused(code, "").words();
            assert!([words.what, words.who].join(" ").contains(word), "{code}");
        }
    }

    #[test]
    fn a_challenge_that_cannot_be_read_is_told_as_one_that_cannot_be_met() {
        let header = r#"Bearer realm="", claims="%%%", error="insufficient_claims""#;
        let headers = Headers::default().with("www-authenticate", header);
        let problem = Problem::from_reply(&Reply { status: 401, headers, body: String::new() });
        assert!(problem.words().what.contains("does not say which") && problem.details().contains("not base64"));
    }

    #[test]
    fn no_words_are_empty_or_codes() {
        use ProblemKind::*;
        for kind in [
            SuspiciousActivity,
            InvitationsNotAllowed,
            MissingPermission,
            Forbidden,
            ObjectQuota,
            OwnDomain,
            AlreadyInDirectory,
            AccountBlocked,
            AddressRefused,
            GroupAddress,
            DomainNotAllowed,
            CrossTenantBlocked,
            CrossCloudDisabled,
            ProxyConflict,
            TargetNotFound,
            RedirectRefused,
            TokenExpired,
            ClaimsChallenge,
            Throttled,
            ServiceBusy,
            NotYetUsable,
            NoMailbox,
            MailRefused,
            MailLimit,
            MailboxFull,
            SenderRestricted,
            RecipientRefused,
            NotFound,
            NotGraphs,
            Unreadable,
            Unknown,
        ] {
            let Words { what, why, who, next } = for_kind(kind);
            assert!([what, why, who, next].iter().all(|text| text.ends_with('.') && !text.contains("AADSTS")), "{kind:?}");
        }
    }
}
