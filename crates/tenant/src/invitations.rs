//! `POST /invitations`, with what it refuses and the faults that an address asks for.

use super::address::is_address;
use super::directory::{Deletion, Person};
use super::faults::{Fault, Faults};
use super::graph_api::{Caller, Handled, insufficient, refusal};
use super::knobs::Knobs;
use super::mailer::{Composition, redeem_url};
use super::reads::not_found;
use super::{NEVER, Tenant, contoso, gateway, json_reply, payload};
use graph::{Reply, Request, Unreached};
use serde_json::{Value, json};
use time::{Millis, Moment};

pub(super) const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
/// Who may invite where only roles may. <https://learn.microsoft.com/graph/api/resources/authorizationpolicy> names the first three of
/// `adminsAndGuestInviters`, <https://learn.microsoft.com/entra/external-id/external-collaboration-settings-configure> of "specific admin
/// roles" the second and the third. <https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference> lists
/// `microsoft.directory/users/inviteGuest` ("Invite guest users") for Directory Writers, too; that the setting goes by this permission
/// and not by the names of roles is our reading.
const INVITERS: [&str; 4] =
    [GLOBAL_ADMINISTRATOR, contoso::USER_ADMINISTRATOR.template, contoso::GUEST_INVITER.template, contoso::DIRECTORY_WRITERS.template];
/// Helpdesk, User and Global Administrator: entra-docs docs/external-id/reset-redemption-status.md, which also names the permission.
const RESETTERS: [&str; 3] = ["729827e3-9c14-49f7-bb1b-9608f156bbb8", contoso::USER_ADMINISTRATOR.template, GLOBAL_ADMINISTRATOR];
const RESETTING: &[&str] = &["User.ReadWrite.All"];
/// Who may invite as a member: "if you're a company administrator", msgraph-sdk-dotnet @ 24e68f7f, Invitation.InvitedUserType. That a
/// User Administrator is one of those is our reading.
const ADMINISTRATORS: [&str; 2] = [GLOBAL_ADMINISTRATOR, contoso::USER_ADMINISTRATOR.template];

impl Tenant {
    pub(super) fn invite(&mut self, me: &Person, caller: &Caller, request: &Request, now: Moment) -> Handled {
        let body = match payload::read(request, &payload::INVITATION) {
            Ok(body) => body,
            Err(refused) => return refused.into(),
        };
        self.count_for_the_day(now);
        if let Err(refused) = self.count_write(now) {
            return refused.into();
        }
        let address = body["invitedUserEmailAddress"].as_str().unwrap_or_default().to_owned();
        let fault = Faults::for_address(&address);
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
        let reply = match self.refused(me, caller, &address, &body) {
            Some(refused) => refused,
            None if fault == Some(Fault::Forbidden) => {
                // Nobody knows this code, which is what it is for.
                refusal(403, "Directory_MadeUpForTrying", "This is not allowed, and why is not said.")
            }
            None => self.accept(me, &address, &body, now),
        };
        match fault {
            Some(Fault::LostReply) => Handled { answer: Err(Unreached::Lost), after: Millis(0) },
            Some(Fault::Gateway) => gateway::page(503).into(),
            Some(Fault::Silent) => Handled { answer: Ok(reply), after: NEVER },
            Some(Fault::Slow) => Handled { answer: Ok(reply), after: Millis::seconds(5) },
            _ => reply.into(),
        }
    }

    /// Why the invitation is refused, in the order in which Graph seems to look.
    fn refused(&mut self, me: &Person, caller: &Caller, address: &str, body: &Value) -> Option<Reply> {
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
        if Faults::for_address(address) == Some(Fault::Refused) || Knobs::lists(&self.knobs.blocked_domains, domain) {
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
        match body["invitedUserType"].as_str() {
            None | Some("Guest") => {}
            Some("Member") if ADMINISTRATORS.iter().any(|role| me.has_role(role)) => {}
            Some("Member") => return Some(insufficient()),
            Some(_) => return bad("Invalid value specified for property 'invitedUserType' of resource 'Invitation'."),
        }
        if [contoso::DOMAIN, contoso::INITIAL_DOMAIN].iter().any(|own| own.eq_ignore_ascii_case(domain)) {
            // In these words in field reports of 2019 to 2026.
            return bad(
                "This user cannot be invited because the domain of the user's email address is a verified domain of this directory.",
            );
        }
        if body["resetRedemption"] == json!(true) {
            return self.refused_reset(me, caller, address, body);
        }
        // Somebody who is here already is invited by their id: <https://learn.microsoft.com/entra/external-id/invite-internal-users>.
        if let Some(id) = body["invitedUser"]["id"].as_str()
            && self.directory.by_id(id).is_none_or(|user| user.is_deleted())
        {
            return Some(not_found(id));
        }
        if let Err(refused) = self.invited_sponsors(me, body) {
            return Some(refused);
        }
        let Some(existing) = self.directory.by_address(address) else { return self.over_quota(me) };
        // Whoever was invited stays so, also where somebody has made a member of them (azure-docs #77605).
        if !existing.is_guest() && existing.creation_type.is_none() && body["invitedUser"]["id"] != json!(existing.id) {
            return bad(&format!(
                "The invited user already exists in the directory as object ID: {}. They can use that account to sign in to shared apps and resources.",
                existing.id
            ));
        }
        if !existing.account_enabled {
            return Some(refusal(
                412,
                "PreconditionFailed",
                &format!(
                    "The invited user already exists in the directory as object ID: {}, but the account is blocked from signing in. If the \
                     account is unblocked, they can use that account to sign in to shared apps and resources.",
                    existing.id
                ),
            ));
        }
        None
    }

    /// What a person without an administrator's role may own in all. Deleted objects count for a while; here, like the others. <https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions>; code and words:
    /// instructure/canvas-lms, spec/lib/microsoft_sync/graph_service.
    fn over_quota(&self, me: &Person) -> Option<Reply> {
        let owned = || {
            self.directory
                .all()
                .filter(|person| person.inviter.as_deref() == Some(me.id.as_str()) && person.deleted != Some(Deletion::ForGood))
                .count()
        };
        let most = self.knobs.object_quota as usize;
        let is_over = most > 0 && !ADMINISTRATORS.iter().any(|role| me.has_role(role)) && owned() >= most;
        is_over.then(|| {
            let words = "The directory object quota limit for the Principal has been exceeded. Please ask your administrator to increase \
                         the quota limit or delete objects to reduce the used quota.";
            refusal(403, "Directory_QuotaExceeded", words)
        })
    }

    /// Object id and groups stay; the new address must be known already.
    fn refused_reset(&self, me: &Person, caller: &Caller, address: &str, body: &Value) -> Option<Reply> {
        if !caller.has_any(RESETTING) || !RESETTERS.iter().any(|role| me.has_role(role)) {
            return Some(insufficient());
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
        let ticket = self.ids.secret();
        let redirect_url = body["inviteRedirectUrl"].as_str().unwrap_or_default().to_owned();
        let invitation = self.ids.guid();
        let fresh = self.ids.guid();
        let ghost = Faults::for_address(address) == Some(Fault::Ghost);
        let reset = body["resetRedemption"] == json!(true);
        let known = self.directory.by_address(address).map(|guest| (guest.id.clone(), guest.preferred_language.clone()));
        let (id, language) = match known {
            Some((id, language)) => {
                self.directory.change(&id, |guest| {
                    guest.ticket = Some(ticket.clone());
                    guest.redirect_url = Some(redirect_url.clone());
                    if reset {
                        guest.external_user_state = Some("PendingAcceptance");
                        guest.state_changed = Some(now.iso());
                    }
                });
                (id, language)
            }
            None => {
                let late = Faults::for_address(address) == Some(Fault::Late);
                let delay = if late { Millis::seconds(20) } else { Millis(i64::from(self.knobs.delay_ms)) };
                let local = address.split('@').next().unwrap_or_default();
                let guest = Person {
                    display_name: body["invitedUserDisplayName"].as_str().filter(|name| !name.is_empty()).unwrap_or(local).into(),
                    user_type: if body["invitedUserType"] == "Member" { "Member" } else { "Guest" },
                    visible_from: now + delay,
                    ticket: Some(ticket.clone()),
                    redirect_url: Some(redirect_url.clone()),
                    inviter: Some(me.id.clone()),
                    sponsors: self.invited_sponsors(me, body).unwrap_or_default(),
                    ..Person::guest(fresh.clone(), address, now)
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
                redirect_url: &redirect_url,
            };
            self.mailer.compose(&composition, now);
        }
        self.count_towards_suspicion();
        let mut created = answer(body, &invitation, &redeem);
        let name = self.directory.by_id(&id).map_or_else(|| contoso::guest_upn(address), |guest| guest.user_principal_name.clone());
        created["@odata.context"] = json!(self.context("invitations/$entity"));
        created["invitedUser"] = json!({"id": id, "userPrincipalName": name});
        json_reply(201, &created)
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
fn answer(body: &Value, invitation: &str, redeem: &str) -> Value {
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
    let Some((local, domain)) = address.split_once('@') else { return false };
    is_address(address)
        && domain.contains('.')
        && !address.contains(|character: char| "~!#$%^&*()+=[]{}\\/|;:\"'<>?,".contains(character))
        && !local.starts_with('-')
        && !local.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Role;
    use crate::tests::{NOW, asked, request, tenant};
    use graph::Method;

    #[test]
    fn four_roles_may_invite_where_only_roles_may() {
        let check = |template: &'static str, expected: bool| {
            let person = Person { user_type: "Member", roles: vec![Role { name: "", template }], ..Person::default() };
            assert_eq!(may_invite("adminsAndGuestInviters", &person), expected, "{template}");
            assert!(!may_invite("none", &person));
        };
        for role in INVITERS {
            check(role, true);
        }
        check("729827e3-9c14-49f7-bb1b-9608f156bbb8", false);
    }

    #[test]
    fn members_or_everybody_may_invite_where_the_policy_says_so() {
        let check = |policy: &str, user_type: &'static str, expected: bool| {
            assert_eq!(may_invite(policy, &Person { user_type, ..Person::default() }), expected, "{policy} {user_type}");
        };
        check("adminsGuestInvitersAndAllMembers", "Member", true);
        check("adminsGuestInvitersAndAllMembers", "Guest", false);
        check("everyone", "Guest", true);
        check("none", "Member", false);
    }

    #[test]
    fn addresses_have_a_local_part_and_a_domain_and_no_odd_signs() {
        for address in ["a@b.example", "a.b-c@d.example", "a_b@c-d.example"] {
            assert!(is_allowed(address), "{address}");
        }
        for address in [
            "",
            "a",
            "@b.example",
            "a@b",
            ".a@b.example",
            "a-@b.example",
            "-a@b.example",
            "a b@c.example",
            "a+b@c.example",
            "a@b?.example",
            "a@b@x.example",
            "a@x..example",
            "a@.com",
        ] {
            assert!(!is_allowed(address), "{address}");
        }
    }

    fn body(address: &str) -> Value {
        json!({"invitedUserEmailAddress": address, "inviteRedirectUrl": "https://page.example/"})
    }

    fn invited(tenant: &mut Tenant, body: &Value) -> (u16, Value) {
        asked(tenant, &request(Method::Post, "/invitations", Some(body)), NOW)
    }

    fn with(address: &str, name: &str, value: impl Into<Value>) -> Value {
        let mut body = body(address);
        body[name] = value.into();
        body
    }

    #[test]
    fn an_invitation_comes_back_with_what_was_asked_and_makes_a_guest() {
        let mut tenant = tenant("guest-inviter", &["User.Invite.All"]);
        let mut asked_for = with("ada@woodgrove.example", "invitedUserDisplayName", "Ada");
        asked_for["sendInvitationMessage"] = json!(true);
        asked_for["invitedUserMessageInfo"] = json!({"ccRecipients": [{"emailAddress": {"address": "cc@woodgrove.example"}}]});
        let (status, made) = invited(&mut tenant, &asked_for);
        assert_eq!((status, &made["invitedUserType"], &made["sendInvitationMessage"]), (201, &json!("Guest"), &json!(true)));
        assert_eq!(made["invitedUserMessageInfo"]["ccRecipients"][0]["emailAddress"]["address"], "cc@woodgrove.example");
        let ada = tenant.directory.by_address("ada@woodgrove.example").unwrap();
        assert_eq!((ada.display_name.as_str(), ada.user_type, made["invitedUser"]["id"].as_str()), ("Ada", "Guest", Some(ada.id.as_str())));
        let mail = &tenant.outbox()[0];
        assert_eq!((mail.to.as_str(), mail.cc.as_slice()), ("ada@woodgrove.example", ["cc@woodgrove.example".to_owned()].as_slice()));
        // Nobody is told who did not ask for it, and a guest without a name has that of the address.
        let (_, made) = invited(&mut tenant, &body("bo@woodgrove.example"));
        assert_eq!((&made["sendInvitationMessage"], &made["resetRedemption"], tenant.outbox().len()), (&json!(false), &json!(false), 1));
        assert_eq!(made["invitedUserMessageInfo"]["ccRecipients"], json!([{"emailAddress": {"name": null, "address": null}}]));
        assert_eq!(tenant.directory.by_address("bo@woodgrove.example").unwrap().display_name, "bo");
    }

    #[test]
    fn what_graph_does_not_take_is_refused_before_anything_is_made() {
        let mut tenant = tenant("guest-inviter", &["User.Invite.All"]);
        tenant.knobs.blocked_domains = "a.example denied.example".into();
        tenant.knobs.cross_tenant_blocked = "closed.example".into();
        let mut check = |body: &Value, status: u16, words: &str| {
            let (found, answer) = invited(&mut tenant, body);
            let message = answer["error"]["message"].as_str().unwrap_or_default();
            assert!(found == status && message.contains(words), "{body}: {found} {message}");
        };
        check(&body("a+b@x.example"), 400, "SMTP");
        check(&body("a@b@x.example"), 400, "SMTP");
        check(&with("ada@x.example", "invitedUser", json!({"id": "00000000-0000-4000-8000-000000000000"})), 404, "does not exist");
        check(&body("ada@denied.example"), 400, "allow/deny");
        check(&body("ada@closed.example"), 400, "cross-tenant");
        check(&body("ada@contoso.example"), 400, "verified domain");
        check(&with("ada@x.example", "inviteRedirectUrl", "javascript:x"), 400, "inviteRedirectUrl");
        check(&with("ada@x.example", "invitedUserDisplayName", "ä".repeat(257)), 400, "displayName");
        check(&with("ada@x.example", "invitedUserType", "Guide"), 400, "invitedUserType");
        check(&with("ada@x.example", "invitedUserType", "Member"), 403, "privileges");
        check(&body("blocked@fabrikam.example"), 412, "blocked from signing in");
        check(&body("casey@tailspin.example"), 400, "already exists");
        check(&with("grace@fabrikam.example", "resetRedemption", true), 403, "privileges");
        assert_eq!((tenant.outbox().len(), tenant.directory.by_address("ada@x.example").is_none()), (0, true));
        assert_eq!(invited(&mut tenant, &with("ada@x.example", "invitedUserDisplayName", "ä".repeat(256))).0, 201);
        // Invited once and made a member since: invited all the same.
        assert_eq!(invited(&mut tenant, &body("mia@woodgrove.example")).0, 201);
    }

    #[test]
    fn a_redemption_is_reset_by_those_who_may_and_for_an_address_that_is_known() {
        let mut tenant = tenant("user-admin", &["User.Invite.All", "User.ReadWrite.All"]);
        let grace = tenant.directory.by_address("grace@fabrikam.example").unwrap().id.clone();
        let reset = |address: &str, id: Value| {
            let mut body = with(address, "resetRedemption", true);
            body["invitedUser"] = json!({"id": id});
            body
        };
        assert_eq!(invited(&mut tenant, &reset("grace@fabrikam.example", Value::Null)).0, 400);
        assert_eq!(invited(&mut tenant, &reset("linus@fabrikam.example", json!(grace))).0, 400);
        assert_eq!(invited(&mut tenant, &reset("grace@fabrikam.example", json!(grace))).0, 201);
        let grace = tenant.directory.by_id(&grace).unwrap();
        assert_eq!(grace.external_user_state, Some("PendingAcceptance"));
    }

    #[test]
    fn an_administrator_makes_members_and_has_no_quota() {
        let mut admin = tenant("user-admin", &["User.Invite.All"]);
        admin.knobs.object_quota = 1;
        assert_eq!(invited(&mut admin, &with("ada@x.example", "invitedUserType", "Member")).0, 201);
        assert_eq!(admin.directory.by_address("ada@x.example").unwrap().user_type, "Member");
        assert_eq!(invited(&mut admin, &body("bo@x.example")).0, 201);
        let mut inviter = tenant("guest-inviter", &["User.Invite.All"]);
        inviter.knobs.object_quota = 2;
        let statuses = ["ada@x.example", "bo@x.example", "cy@x.example"].map(|address| invited(&mut inviter, &body(address)).0);
        assert_eq!(statuses, [201, 201, 403]);
        assert_eq!(invited(&mut inviter, &body("ada@x.example")).0, 201, "who is there already costs nothing");
    }

    #[test]
    fn the_tenant_is_blocked_after_as_many_invitations_as_the_knob_says() {
        let mut tenant = tenant("guest-inviter", &["User.Invite.All"]);
        tenant.knobs.suspicious_after = 2;
        let statuses = ["ada@x.example", "bo@x.example", "cy@x.example"].map(|address| invited(&mut tenant, &body(address)).0);
        assert_eq!(statuses, [201, 201, 403]);
    }

    #[test]
    fn a_guest_is_seen_once_the_delay_is_over() {
        let mut tenant = tenant("guest-inviter", &["User.Invite.All", "User.Read.All"]);
        tenant.knobs.delay_ms = 5_000;
        for address in ["ada@x.example", "ada@late.example"] {
            assert_eq!(invited(&mut tenant, &body(address)).0, 201);
        }
        let seen = |after: i64| {
            let people = tenant.users(NOW + Millis(after));
            ["ada@x.example", "ada@late.example"].map(|address| people.iter().any(|person| person["mail"] == address))
        };
        assert_eq!([seen(4_999), seen(5_000), seen(19_999), seen(20_000)], [[false, false], [true, false], [true, false], [true, true]]);
        // Of a ghost there is an answer and nobody.
        assert_eq!(invited(&mut tenant, &body("ada@ghost.example")).0, 201);
        assert!(tenant.directory.by_address("ada@ghost.example").is_none());
    }

    #[test]
    fn an_address_asks_for_its_fault() {
        let mut tenant = tenant("guest-inviter", &["User.Invite.All"]);
        let mut told = |address: &str| {
            let asked = request(Method::Post, "/invitations", Some(&with(address, "sendInvitationMessage", true)));
            let done = tenant.answer(crate::Side::Graph, &asked, NOW);
            (done.answer.map_or(0, |reply| reply.status), done.after)
        };
        // Once each, whatever the case.
        assert_eq!([told("ada@flaky.example"), told("ADA@flaky.example")].map(|(status, _)| status), [503, 201]);
        assert_eq!([told("ada@throttled.example"), told("ada@throttled.example")].map(|(status, _)| status), [429, 201]);
        assert_eq!((told("ada@slow.example"), told("ada@silent.example")), ((201, Millis::seconds(5)), (201, NEVER)));
        assert_eq!((told("ada@gateway.example").0, told("ada@lost-reply.example").0), (503, 0));
        assert_eq!((told("ada@forbidden.example").0, told("ada@refused.example").0), (403, 400));
        let to: Vec<&str> = tenant.outbox().iter().map(|mail| mail.to.split_once('@').unwrap().1).collect();
        let invited = ["flaky", "throttled", "slow", "silent", "gateway", "lost-reply"].map(|name| format!("{name}.example"));
        assert_eq!(to, invited, "what was lost on the way back was sent");
    }

    #[test]
    fn a_guest_is_kept_with_what_the_invitation_says() {
        let mut tenant = tenant("guest-inviter", &["User.Invite.All"]);
        let no_cc = with("ada@x.example", "invitedUserMessageInfo", json!({"ccRecipients": []}));
        let made = invited(&mut tenant, &no_cc).1;
        assert_eq!(made["invitedUserMessageInfo"]["ccRecipients"], json!([{"emailAddress": {"name": null, "address": null}}]));
        let ada = tenant.directory.by_address("ada@x.example").unwrap();
        assert_eq!(
            (ada.state_changed.as_deref(), ada.other_mails.as_slice()),
            (Some(NOW.iso().as_str()), ["ada@x.example".to_owned()].as_slice())
        );
        assert_eq!((ada.redirect_url.as_deref(), ada.created), (Some("https://page.example/"), NOW));
    }
}
