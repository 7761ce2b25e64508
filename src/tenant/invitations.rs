//! `POST /invitations`, with what it refuses and the faults that an address asks for.

use super::directory::Person;
use super::faults::{Fault, Faults};
use super::graph_api::{Done, refusal};
use super::knobs::Knobs;
use super::mailroom::{Composition, redeem_url};
use super::{NEVER, Tenant, contoso, gateway, json_reply};
use crate::graph::{Reply, Request, Unreached};
use crate::time::{Millis, Moment};
use serde_json::{Value, json};

/// Global and User Administrator and Guest Inviter: learn.microsoft.com/graph/api/resources/authorizationpolicy.
const INVITERS: [&str; 3] = ["62e90394-69f5-4237-9190-012177145e10", contoso::USER_ADMINISTRATOR.template, contoso::GUEST_INVITER.template];
/// Least role for a reset: entra-docs docs/external-id/reset-redemption-status.md.
const RESETTERS: [&str; 2] = ["729827e3-9c14-49f7-bb1b-9608f156bbb8", contoso::USER_ADMINISTRATOR.template];

impl Tenant {
    pub(super) fn invite(&mut self, me: &Person, request: &Request, now: Moment) -> Done {
        if let Err(wait) = self.throttle.write(&self.knobs, now) {
            let mut reply = refusal(429, "TooManyRequests", "Please retry again later.");
            reply.headers = reply.headers.with("Retry-After", wait.in_seconds().max(1).to_string());
            return reply.into();
        }
        let body: Value = request.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
        let address = body["invitedUserEmailAddress"].as_str().unwrap_or_default().to_owned();
        let fault = Faults::of(&address);
        match fault {
            Some(Fault::Flaky) if self.faults.first_time(&address) => {
                return refusal(503, "ServiceUnavailable", "The service is temporarily unavailable.").into();
            }
            Some(Fault::Throttled) if self.faults.first_time(&address) => {
                let mut reply = refusal(429, "TooManyRequests", "Please retry again later.");
                reply.headers = reply.headers.with("Retry-After", "2");
                return reply.into();
            }
            Some(Fault::Abuse) => self.knobs.suspicious = true,
            _ => {}
        }
        let reply = match self.refused(me, &address, &body) {
            Some(refused) => refused,
            None => self.accept(me, &address, &body, now),
        };
        match fault {
            Some(Fault::LostReply) => Done { answer: Err(Unreached::Lost), after: Millis(0) },
            Some(Fault::Gateway) => gateway::page(503).into(),
            Some(Fault::Silent) => Done { answer: Ok(reply), after: NEVER },
            Some(Fault::Slow) => Done { answer: Ok(reply), after: Millis::seconds(5) },
            _ => reply.into(),
        }
    }

    /// Why the invitation is refused, in the order in which Graph seems to look.
    fn refused(&mut self, me: &Person, address: &str, body: &Value) -> Option<Reply> {
        let bad = |message: &str| Some(refusal(400, "BadRequest", message));
        if self.knobs.suspicious {
            return Some(refusal(
                403,
                "Forbidden",
                "Invitations are blocked for this directory due to suspicious activity. Please contact Microsoft support.",
            ));
        }
        if !may_invite(&self.knobs.allow_invites_from, me) {
            return Some(refusal(
                403,
                "Forbidden",
                "Guest invitations not allowed for your company. Contact your company administrator for more details.",
            ));
        }
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        if Faults::of(address) == Some(Fault::Refused) || Knobs::lists(&self.knobs.blocked_domains, domain) {
            return bad("This domain is not allowed by the allow/deny list of the inviting organization.");
        }
        if Knobs::lists(&self.knobs.cross_tenant_blocked, domain) {
            return bad("This invitation is blocked by cross-tenant access settings.");
        }
        if !is_allowed(address) {
            return bad("The Primary SMTP Address is an invalid value.");
        }
        let redirect = body["inviteRedirectUrl"].as_str().and_then(|url| url::Url::parse(url).ok());
        if !redirect.is_some_and(|url| matches!(url.scheme(), "https" | "http")) {
            return bad("The value of the property 'inviteRedirectUrl' is missing or not a valid URL.");
        }
        let name = body["invitedUserDisplayName"].as_str().unwrap_or_default();
        if name.chars().count() > 256 {
            return bad("Invalid value specified for property 'displayName' of resource 'User'.");
        }
        if body["invitedUserType"].as_str().is_some_and(|kind| kind == "Member") && me.roles.is_empty() {
            return Some(refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."));
        }
        if [contoso::DOMAIN, contoso::INITIAL_DOMAIN].iter().any(|own| own.eq_ignore_ascii_case(domain)) {
            return bad(&format!(
                "The user cannot be invited because the domain of the user's email address ({domain}) is a verified domain of this directory."
            ));
        }
        if body["resetRedemption"] == json!(true) {
            return self.refused_reset(me, address, body);
        }
        let existing = self.directory.by_address(address)?;
        if !existing.is_guest() && body["invitedUser"]["id"] != json!(existing.id) {
            return bad(&format!(
                "The invited user already exists in the directory as object ID: {}. They can use that account to sign in.",
                existing.id
            ));
        }
        if !existing.account_enabled {
            return Some(refusal(
                412,
                "PreconditionFailed",
                &format!("The invited user already exists as object ID {}, but the account is blocked from signing in.", existing.id),
            ));
        }
        None
    }

    /// Object id and groups stay; the new address must be known already.
    fn refused_reset(&self, me: &Person, address: &str, body: &Value) -> Option<Reply> {
        if !RESETTERS.iter().any(|role| me.has_role(role)) {
            return Some(refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."));
        }
        let guest = body["invitedUser"]["id"].as_str().and_then(|id| self.directory.by_id(id));
        match guest {
            None => Some(refusal(400, "BadRequest", "invitedUser.id is required to reset the redemption status.")),
            Some(guest) if !guest.owns(address) => {
                Some(refusal(400, "BadRequest", "The invited address must be in mail or otherMails of the user."))
            }
            Some(_) => None,
        }
    }

    /// Creates the guest or, for one who is here, mints a new ticket that ends the old one.
    fn accept(&mut self, me: &Person, address: &str, body: &Value, now: Moment) -> Reply {
        let ticket = self.mint.secret();
        let lands_on = body["inviteRedirectUrl"].as_str().unwrap_or_default().to_owned();
        let invitation = self.mint.guid();
        let fresh = self.mint.guid();
        let ghost = Faults::of(address) == Some(Fault::Ghost);
        let reset = body["resetRedemption"] == json!(true);
        let known = self.directory.by_address(address).map(|guest| (guest.id.clone(), guest.preferred_language.clone()));
        let (id, language) = match known {
            Some((id, language)) => {
                self.directory.change(&id, |guest| {
                    guest.ticket = Some(ticket.clone());
                    guest.lands_on = Some(lands_on.clone());
                    if reset {
                        guest.external_user_state = Some("PendingAcceptance");
                        guest.state_changed = Some(now.iso());
                    }
                });
                (id, language)
            }
            None => {
                let late = Faults::of(address) == Some(Fault::Late);
                let delay = if late { Millis::seconds(20) } else { Millis(i64::from(self.knobs.delay_ms)) };
                let local = address.split('@').next().unwrap_or_default();
                let guest = Person {
                    id: fresh.clone(),
                    display_name: body["invitedUserDisplayName"].as_str().filter(|name| !name.is_empty()).unwrap_or(local).into(),
                    mail: Some(address.into()),
                    user_principal_name: contoso::guest_upn(address),
                    user_type: if body["invitedUserType"] == "Member" { "Member" } else { "Guest" },
                    external_user_state: Some("PendingAcceptance"),
                    state_changed: Some(now.iso()),
                    creation_type: Some("Invitation"),
                    account_enabled: true,
                    other_mails: vec![address.into()],
                    visible_from: now + delay,
                    ticket: Some(ticket.clone()),
                    lands_on: Some(lands_on.clone()),
                    ..Person::default()
                };
                if !ghost {
                    self.directory.add(guest);
                }
                (fresh, None)
            }
        };
        let redeem = redeem_url(&self.origins.identity, &id, &ticket);
        if body["sendInvitationMessage"] == json!(true) {
            let composition = Composition {
                inviter: me,
                address,
                info: &body["invitedUserMessageInfo"],
                guest_language: language.as_deref(),
                redeem: &redeem,
                lands_on: &lands_on,
            };
            self.mailroom.compose(&composition, now);
        }
        self.count_towards_suspicion();
        json_reply(201, &answer(body, &invitation, &id, &redeem))
    }

    fn count_towards_suspicion(&mut self) {
        self.invited += 1;
        if self.knobs.suspicious_after > 0 && self.invited >= self.knobs.suspicious_after {
            self.knobs.suspicious = true;
        }
    }
}

/// Echoes of every input; what was not set comes back as null, an unset cc as one empty entry
/// (sample answers of learn.microsoft.com/graph/api/invitation-post).
fn answer(body: &Value, invitation: &str, user: &str, redeem: &str) -> Value {
    let info = &body["invitedUserMessageInfo"];
    let cc = match info["ccRecipients"].as_array() {
        Some(cc) if !cc.is_empty() => json!(cc),
        _ => json!([{"emailAddress": {"name": null, "address": null}}]),
    };
    json!({
        "id": invitation, "inviteRedeemUrl": redeem, "status": "PendingAcceptance",
        "invitedUserDisplayName": body["invitedUserDisplayName"], "invitedUserEmailAddress": body["invitedUserEmailAddress"],
        "invitedUserType": body["invitedUserType"].as_str().unwrap_or("Guest"), "inviteRedirectUrl": body["inviteRedirectUrl"],
        "sendInvitationMessage": body["sendInvitationMessage"] == json!(true), "resetRedemption": body["resetRedemption"] == json!(true),
        "invitedUserMessageInfo": {"messageLanguage": info["messageLanguage"], "customizedMessageBody": info["customizedMessageBody"], "ccRecipients": cc},
        "invitedUser": {"id": user},
    })
}

fn may_invite(policy: &str, me: &Person) -> bool {
    match policy {
        "none" => false,
        "adminsAndGuestInviters" => INVITERS.iter().any(|role| me.has_role(role)),
        "adminsGuestInvitersAndAllMembers" => !me.is_guest(),
        _ => true,
    }
}

/// msgraph-sdk-dotnet @ 24e68f7f, comment of Invitation.InvitedUserEmailAddress: these characters are not permitted;
/// period and hyphen are, except as first or last character of the local part.
fn is_allowed(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let edges = [local.chars().next(), local.chars().last()];
    !local.is_empty()
        && domain.contains('.')
        && !address.contains(|character: char| "~!#$%^&*()+=[]{}\\/|;:\"'<>?,".contains(character) || character.is_whitespace())
        && !edges.iter().any(|edge| matches!(edge, Some('.' | '-')))
}
