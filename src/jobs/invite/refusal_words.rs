//! What a refusal means to whoever invites: words for what only invitations and letters meet.

use super::refusals::InviteRefusal;
use crate::refused::Refused;
use crate::words::{Explain, Words, graph};
use ::graph::CommonRefusal;
use ::graph::invitations::InvitationRefusal;
use ::graph::mail::SendMailRefusal;

/// Cause, who can fix it, next step.
pub fn words(refused: &Refused) -> Words {
    let refusal = InviteRefusal::told_by(refused);
    if refused.problem.is_unreadable_challenge() || refused.permission.is_some() {
        let words = refused.words();
        return match refusal {
            InviteRefusal::Letter(SendMailRefusal::AccessDenied) if refused.permission.is_some() => {
                Words { why: "Either the app has no consent for it, or a policy keeps apps from your mailbox.".into(), ..words }
            }
            _ => words,
        };
    }
    match refusal {
        InviteRefusal::Invitation(refusal) => invitation(refusal),
        InviteRefusal::Letter(refusal) => letter(refusal),
        InviteRefusal::Common(refusal) => graph::common(refusal),
    }
}

#[rustfmt::skip]
fn invitation(refusal: InvitationRefusal) -> Words {
    let w = Words::new;
    match refusal {
        InvitationRefusal::SuspiciousActivity => w("Microsoft has blocked invitations for the whole tenant.", "Its abuse detection saw suspicious activity: many invitations in a short time, repeated failures or a risky sign-in.", "Only Microsoft support can lift this block.", "Stop inviting. Open a support case in the Entra admin center and send them the request id. Once they have lifted the block, sign in again: then the rest can be tried again."),
        InvitationRefusal::InvitationsNotAllowed => w("This tenant does not let you invite guests.", "The setting “Guest invite restrictions” allows only certain roles.", "A User Administrator can give you the role Guest Inviter, or change External collaboration settings.", "Ask for the role Guest Inviter; a new role needs 15 to 60 minutes to act."),
        InvitationRefusal::ObjectQuota => w("No more directory objects can be made: their number is used up.", "A person without an administrator's role may make 250, and a tenant has a number of its own; deleted ones count for a while.", "An administrator can send the next invitations, give you a role, or free objects that are not needed any more.", "Stop inviting; everybody who is left is kept. “Try failed again” goes on once there is room."),
        InvitationRefusal::OwnDomain => w("This address belongs to your own organisation.", "Its domain is a verified domain of this tenant, so the person cannot be a guest.", "You can.", "Remove the row, or use the person's address at another organisation."),
        InvitationRefusal::AlreadyInDirectory => w("Somebody with this address is already a member of this tenant.", "The directory has a member or synchronised user with it.", "A User Administrator can convert the account, if that is wanted.", "Remove the row; the person has an account already."),
        InvitationRefusal::AccountBlocked => w("This guest is here already, but the account is blocked.", "An administrator has blocked sign-in for it.", "A User Administrator can unblock it in the Entra admin center.", "Ask for the account to be unblocked, then try this row again."),
        InvitationRefusal::AddressRefused => w("Microsoft does not accept this address.", "It contains a character that invitations do not allow, such as +, or is not an SMTP address.", "The guest can name another address.", "Correct the address and try this row again."),
        InvitationRefusal::GroupAddress => w("This address belongs to a group.", "Only people can be invited, not groups or distribution lists.", "The partner can tell you the person's own address.", "Replace the address and try this row again."),
        InvitationRefusal::DomainNotAllowed => w("Your tenant does not allow guests from this domain.", "The collaboration restrictions list it as blocked, or allow only other domains.", "A Global Administrator can change it under External collaboration settings.", "Ask for the domain to be allowed, or leave this guest out."),
        InvitationRefusal::CrossTenantBlocked => w("Cross-tenant access settings block this guest.", "Your tenant or the partner's does not allow B2B collaboration with the other.", "A Security Administrator of your tenant, or the partner's IT.", "Ask both sides to look at their cross-tenant access settings."),
        InvitationRefusal::CrossCloudDisabled => w("The guest's account lives in another Microsoft cloud.", "Collaboration between the clouds is switched off in this tenant.", "A Security Administrator can enable it under cross-tenant access settings.", "Ask for the other cloud to be enabled."),
        InvitationRefusal::ProxyConflict => w("Another object in the directory owns this address.", "A contact or group carries it among its proxy addresses.", "An Exchange or User Administrator can remove the other object.", "Have the address freed, then try this row again."),
        InvitationRefusal::RedirectRefused => w("Microsoft refused the address where guests land.", "It must be a complete https address.", "You can, at “Guests land on”.", "Correct the address and try again."),
        InvitationRefusal::MissingPermission => graph::common(CommonRefusal::MissingPermission),
    }
}

#[rustfmt::skip]
fn letter(refusal: SendMailRefusal) -> Words {
    let w = Words::new;
    match refusal {
        SendMailRefusal::NoMailbox => w("Your account has no mailbox that Graph can send from.", "It is inactive, on premises, or was never licensed.", "An Exchange Administrator can give the account a mailbox in Exchange Online.", "Choose Files under Send by, or let somebody with a mailbox send the letters."),
        SendMailRefusal::AccessDenied => w("Microsoft refused to send from your mailbox.", "The app lacks consent for it, or a policy keeps apps from sending.", "You can allow it for yourself unless the tenant reserves that to administrators.", "Allow sending once more, then try the letters again; nobody is invited twice."),
        SendMailRefusal::MailLimit => w("Your mailbox has reached its limit for today.", "Exchange Online lets a mailbox, and a tenant, write to so many people a day.", "Nobody can lift it at once.", "Try the letters again tomorrow, or hand them over as files; nobody is invited twice."),
        SendMailRefusal::MailboxFull => w("Your mailbox is full.", "Exchange sends nothing from a mailbox that is over its quota, since a copy goes to Sent items.", "You can, or an Exchange Administrator who gives it more room.", "Delete or archive what is not needed any more, then try the letters again; nobody is invited twice."),
        SendMailRefusal::SenderRestricted => w("Microsoft does not let your mailbox send.", "It is restricted after sending much at once, or until its owner proves who they are.", "An administrator can lift it in the Microsoft Defender portal under Restricted entities.", "Look into your Inbox for what Microsoft wants. Meanwhile the letters can be had as files; nobody is invited twice."),
        SendMailRefusal::RecipientRefused => w("The mailbox refused this recipient.", "The address is not one that Exchange sends to.", "The guest can name another address.", "Correct the address in a new list, or pass the link on by hand."),
        SendMailRefusal::MissingPermission => graph::common(CommonRefusal::MissingPermission),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::graph::{Headers, Problem, Reply};

    fn refused(code: &str) -> Problem {
        let body = serde_json::json!({"error": {"code": code, "message": ""}}).to_string();
        Problem::from_reply(&Reply { status: 403, headers: Headers::default(), body })
    }

    fn all(words: &Words) -> String {
        [&*words.what, &words.why, &words.who, &words.next].join(" ")
    }

    // Case 26
    #[test]
    fn a_used_up_quota_of_objects_is_no_missing_permission() {
        let all = all(&words(&Refused::new(refused("Directory_QuotaExceeded"), "User.Invite.All")));
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
            let words = words(&refused(code).into());
            assert!([words.what, words.who].join(" ").contains(word), "{code}");
        }
    }

    #[test]
    fn a_mailbox_that_denies_access_names_the_permission_and_the_policy() {
        for permission in ["Mail.Send", "Mail.ReadWrite", "ChatMessage.Send", "User.Invite.All"] {
            let words = words(&Refused::new(refused("ErrorAccessDenied"), permission));
            assert!(words.what.contains(permission) && words.why.contains("a policy keeps apps from your mailbox"), "{words:?}");
        }
    }

    #[test]
    fn a_challenge_that_cannot_be_read_is_told_as_one_that_cannot_be_met() {
        let header = r#"Bearer realm="", claims="%%%", error="insufficient_claims""#;
        let headers = Headers::default().with("www-authenticate", header);
        let refused = Problem::from_reply(&Reply { status: 401, headers, body: String::new() });
        assert!(words(&refused.into()).what.contains("does not say which"));
    }

    #[test]
    fn no_words_are_empty_or_codes() {
        for name in InviteRefusal::NAMES {
            let refused = Refused { written_as: Some(name), ..refused("BadRequest").into() };
            let Words { what, why, who, next } = words(&refused);
            assert!([what, why, who, next].iter().all(|text| text.ends_with('.') && !text.contains("AADSTS")), "{name}");
        }
        for words in [invitation(InvitationRefusal::MissingPermission), letter(SendMailRefusal::MissingPermission)] {
            assert!(words.what.contains("permission"));
        }
    }
}
