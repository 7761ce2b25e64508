//! Pages and JSON for people and tests: directory, mail room, log, knobs, and the page behind a redeem link.

use super::entitlement::my_access;
use super::html::{self, button_form, escape};
use super::mailer::{Mail, redeem_page_of};
use super::{Side, Tenant, json_reply, knobs, pairs, split};
use graph::{Method, Reply, Request};
use serde_json::{Value, json};
use time::Moment;

impl Tenant {
    pub(super) fn rooms(&mut self, side: Side, request: &Request, now: Moment) -> Reply {
        let (path, query) = split(&request.path);
        let form = pairs(request.body.as_deref().unwrap_or_default());
        match (request.method, path) {
            (Method::Get, "/_tenant/style.css") => html::style(),
            (Method::Get, "/redeem") if side == Side::Identity => self.redeem_page(&query),
            (Method::Post, "/redeem") if side == Side::Identity => self.redeem(&form, now),
            _ if side == Side::Identity => html::page(404, "Not found", "<h1>There is nothing here</h1>"),
            (Method::Get, "/") => self.home(now),
            (Method::Get, "/_tenant/my-access.js") => my_access::script(),
            (_, path) if path.starts_with("/@") => self.my_access(request, now),
            (Method::Get, "/_tenant/directory.json") => json_reply(200, &json!({"users": self.users_at(now)})),
            (Method::Get, "/_tenant/sites.json") => self.sites_json(),
            (Method::Get, "/_tenant/outbox.json") => json_reply(200, &json!({"mails": self.outbox()})),
            (Method::Get, "/_tenant/drafts.json") => json_reply(200, &json!({"mails": self.drafts()})),
            (Method::Get, "/_tenant/chats.json") => json_reply(200, &json!({"messages": self.said()})),
            (Method::Get, "/_tenant/log.json") => json_reply(200, &json!({"requests": self.log()})),
            (Method::Get, "/_tenant/knobs") => json_reply(200, &json!(self.knobs)),
            (Method::Post, "/_tenant/knobs") => self.turn_knobs(request),
            (Method::Post, "/_tenant/assign") => self.assign_as_told(&told(request), is_form(request), now),
            (Method::Post, "/_tenant/first-sign-in") => self.sign_in_as_told(&told(request), is_form(request), now),
            (Method::Post, "/_tenant/reset") => {
                self.reset();
                if is_form(request) { html::redirect("/") } else { json_reply(200, &json!({})) }
            }
            (Method::Get, mail) if mail.starts_with("/mail/") => read_mail(self.outbox(), mail),
            (Method::Get, mail) if mail.starts_with("/draft/") => read_mail(self.drafts(), mail),
            _ => html::page(404, "Not found", "<h1>There is nothing here</h1>"),
        }
    }

    fn turn_knobs(&mut self, request: &Request) -> Reply {
        match self.knobs.turned(&told(request)) {
            Ok(knobs) => self.knobs = knobs,
            Err(message) => return json_reply(400, &json!({"error": message})),
        }
        if is_form(request) { html::redirect("/") } else { json_reply(200, &json!(self.knobs)) }
    }

    fn home(&self, now: Moment) -> Reply {
        let cell = |value: &Value| format!("<td>{}</td>", escape(value.as_str().unwrap_or("–")));
        let people: String = self
            .users_at(now)
            .iter()
            .map(|user| {
                format!(
                    "<tr>{}{}{}{}</tr>",
                    cell(&user["displayName"]),
                    cell(&user["mail"]),
                    cell(&user["userType"]),
                    cell(&user["externalUserState"])
                )
            })
            .collect();
        let mails = |mails: &[Mail], folder: &str| -> String {
            let line = |(number, mail): (usize, &Mail)| {
                format!(
                    "<tr><td><a href=\"/{folder}/{number}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                    escape(&mail.subject),
                    mail.kind,
                    escape(&mail.to),
                    escape(&mail.at)
                )
            };
            mails.iter().enumerate().map(line).collect()
        };
        let (mails, drafts) = (mails(self.outbox(), "mail"), mails(self.drafts(), "draft"));
        let said: String = self
            .said()
            .iter()
            .map(|said| format!("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", escape(&said.to), escape(&said.html), escape(&said.at)))
            .collect();
        let log: String = self
            .log()
            .iter()
            .rev()
            .take(50)
            .map(|line| {
                format!(
                    "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                    line.method,
                    escape(&line.path),
                    line.status,
                    line.at.iso()
                )
            })
            .collect();
        let name = |id: &String| self.directory.by_id(id).map(|person| person.user_principal_name.clone()).unwrap_or_default();
        let row = |title: &str, people: Vec<String>| format!("<tr><td>{}</td><td>{}</td></tr>", escape(title), escape(&people.join(", ")));
        let groups: String = self.groups.living().map(|group| row(&group.display_name, group.members.iter().map(name).collect())).collect();
        let sites: String =
            self.sites.iter().map(|site| row(site.display_name, site.members.iter().map(|(person, _)| name(person)).collect())).collect();
        let values = json!(self.knobs);
        let knobs: String = knobs::HELP
            .iter()
            .map(|(name, help)| {
                let value = values[name].as_str().map_or_else(|| values[name].to_string(), Into::into);
                format!("<p><label>{}<br><input name=\"{name}\" value=\"{}\"></label></p>", escape(help), escape(&value))
            })
            .collect();
        html::page(
            200,
            "Contoso, the sample tenant",
            &format!(
                "<h1>Contoso, the sample tenant</h1><p class=\"quiet\">Nobody here is real and no mail leaves this machine.</p>\
             <p><a href=\"/@{hint}\">My Access</a></p>\
             <h2>Mail room</h2><table><tr><th>Subject</th><th>Kind</th><th>To</th><th>At</th></tr>{mails}</table>\
             <h2>Drafts</h2><table><tr><th>Subject</th><th>Kind</th><th>To</th><th>At</th></tr>{drafts}</table>\
             <h2>Chats</h2><table><tr><th>To</th><th>What was said</th><th>At</th></tr>{said}</table>\
             <h2>Directory</h2><table><tr><th>Name</th><th>Mail</th><th>Type</th><th>Invitation</th></tr>{people}</table>\
             <h2>Groups</h2><table><tr><th>Name</th><th>Members</th></tr>{groups}</table>\
             <h2>Sites</h2><table><tr><th>Name</th><th>Members</th></tr>{sites}</table>\
             <h2>Assign</h2>{ASSIGN}\
             <h2>First sign-in</h2>{FIRST_SIGN_IN}\
             <h2>Last requests</h2><table><tr><th>Method</th><th>Path</th><th>Status</th><th>At</th></tr>{log}</table>\
             <h2>Knobs</h2><form method=\"post\" action=\"/_tenant/knobs\">{knobs}<button>Turn the knobs</button></form>\
             <h2>Start over</h2>{}",
                button_form("/_tenant/reset", &[], "Reset the tenant"),
                hint = super::DOMAIN
            ),
        )
    }

    fn redeem_page(&self, query: &[(String, String)]) -> Reply {
        let found = redeem_page_of(query).and_then(|(user, ticket)| {
            let guest = self.directory.by_id(&user).filter(|guest| !guest.is_deleted() && guest.ticket.as_deref() == Some(&ticket))?;
            Some((guest, user, ticket))
        });
        match found {
            None => html::page(
                410,
                "This invitation no longer works",
                "<h1>This invitation no longer works</h1><p>It was replaced by a newer one, or taken back.</p>",
            ),
            Some((guest, user, ticket)) => html::page(
                200,
                "Review permissions",
                &format!(
                    "<h1>Review permissions</h1><p>{} would like to let you in as <b>{}</b>.</p>{}",
                    super::contoso::NAME,
                    escape(guest.mail.as_deref().unwrap_or_default()),
                    button_form("/redeem", &[("user", &user), ("ticket", &ticket)], "Accept")
                ),
            ),
        }
    }

    fn redeem(&mut self, form: &[(String, String)], now: Moment) -> Reply {
        let (user, ticket) = (super::value(form, "user").unwrap_or_default(), super::value(form, "ticket"));
        let guest = self.directory.by_id(user).filter(|guest| !guest.is_deleted() && ticket.is_some() && guest.ticket.as_deref() == ticket);
        let Some(guest) = guest else {
            return html::page(410, "This invitation no longer works", "<h1>This invitation no longer works</h1>");
        };
        let redirect_url = escape(guest.redirect_url.as_deref().unwrap_or_default());
        self.accept_as(&guest.id.clone(), now);
        html::page(
            200,
            "Welcome",
            &format!("<h1>Welcome to Contoso</h1><p>You now land on <a href=\"{redirect_url}\" rel=\"noreferrer\">{redirect_url}</a></p>"),
        )
    }
}

impl Tenant {
    /// Somebody from outside comes into the directory and consents.
    pub(super) fn accept_as(&mut self, person: &str, now: Moment) {
        self.directory.change(person, |guest| {
            guest.external_user_state = Some("Accepted");
            guest.state_changed = Some(now.iso());
        });
        self.has_signed_in(person, now);
    }

    /// The guest with this address signs in for the first time. Whether there is such a guest, who may sign in.
    pub fn first_sign_in(&mut self, address: &str, now: Moment) -> bool {
        let now = self.clock(now);
        self.settle(now);
        self.sign_in_first(address, now)
    }

    /// As [`Self::first_sign_in`], by the tenant's own clock.
    fn sign_in_first(&mut self, address: &str, now: Moment) -> bool {
        let guest = self.directory.by_address(address).filter(|guest| guest.account_enabled && guest.creation_type.is_some());
        let Some(id) = guest.map(|guest| guest.id.clone()) else { return false };
        self.accept_as(&id, now);
        true
    }

    /// `POST /_tenant/first-sign-in` of `{"address": …}`, or the same as a form.
    fn sign_in_as_told(&mut self, told: &Value, is_form: bool, now: Moment) -> Reply {
        match self.sign_in_first(told["address"].as_str().unwrap_or_default(), now) {
            false => json_reply(404, &json!({"error": "no guest has this address and may sign in"})),
            true if is_form => html::redirect("/"),
            true => json_reply(200, &json!({})),
        }
    }
}

/// What a body in JSON says, or a form.
fn told(request: &Request) -> Value {
    let body = request.body.as_deref().unwrap_or_default();
    if !is_form(request) {
        return serde_json::from_str(body).unwrap_or_default();
    }
    let typed = |text: &str| serde_json::from_str(text).ok().filter(|value: &Value| !value.is_object()).unwrap_or_else(|| json!(text));
    Value::Object(pairs(body).into_iter().map(|(name, text)| (name, typed(&text))).collect())
}

/// The form that assigns something to a guest.
const ASSIGN: &str = "<form method=\"post\" action=\"/_tenant/assign\">\
    <p><label>The guest's address<br><input name=\"address\"></label></p>\
    <p><label>group, directoryRole, license or appRole<br><input name=\"what\" value=\"group\"></label></p>\
    <button>Assign it</button></form>";

/// The form by which somebody from outside comes in.
const FIRST_SIGN_IN: &str = "<form method=\"post\" action=\"/_tenant/first-sign-in\">\
    <p><label>The guest's address <br><input name=\"address\"></label></p><button>Sign in</button></form>";

fn read_mail(mails: &[Mail], path: &str) -> Reply {
    let number = path.rsplit('/').next().and_then(|number| number.parse::<usize>().ok());
    match number.and_then(|number| mails.get(number)) {
        Some(mail) if mail.kind == "invitation" => html::page(200, &mail.subject, &mail_body(mail)),
        Some(mail) => html::page(200, &mail.subject, &letter_body(mail)),
        None => html::page(404, "No such mail", "<h1>No such mail</h1>"),
    }
}

/// A letter of somebody's own, as its plain text has it; the link is one to press.
fn letter_body(mail: &Mail) -> String {
    let line = |name: &str, all: &[String]| if all.is_empty() { String::new() } else { format!("<br>{name}: {}", escape(&all.join(", "))) };
    let link = escape(if mail.link.is_empty() { &mail.redeem_url } else { &mail.link });
    let mut text = escape(&mail.text);
    if !link.is_empty() {
        text = text.replacen(&link, &format!("<a href=\"{link}\" rel=\"noreferrer\">{link}</a>"), 1);
    }
    format!(
        "<p class=\"quiet\">From: {}<br>To: {}{}{}</p><article lang=\"{}\"><h1>{}</h1><p class=\"letter\" dir=\"auto\">{}</p></article>",
        escape(&mail.from),
        escape(&mail.to),
        line("Cc", &mail.cc),
        line("Bcc", &mail.bcc),
        escape(&mail.language),
        escape(&mail.subject),
        text.replace('\n', "<br>")
    )
}

fn mail_body(mail: &Mail) -> String {
    let cc = if mail.cc.is_empty() { String::new() } else { format!("<br>Cc: {}", escape(&mail.cc.join(", "))) };
    let reply = mail.reply_to.as_deref().map_or_else(String::new, |reply| format!("<br>Reply to: {}", escape(reply)));
    let text = if mail.text.is_empty() {
        String::new()
    } else {
        format!("<p>Message from {}:</p><blockquote dir=\"auto\">{}</blockquote>", escape(&mail.inviter), escape(&mail.text))
    };
    format!(
        "<p class=\"quiet\">From: {}<br>To: {}{cc}{reply}</p><article lang=\"{}\"><h1>{}</h1><p class=\"warning\">{}</p>\
         <p>{} · {} ({})</p>{text}<p><a href=\"{}\" rel=\"noreferrer\">{}</a></p><p class=\"quiet\">{}<br>{}</p></article>",
        escape(&mail.from),
        escape(&mail.to),
        escape(&mail.language),
        escape(&mail.subject),
        escape(mail.warning),
        escape(&mail.inviter),
        super::contoso::NAME,
        super::contoso::DOMAIN,
        escape(&mail.redeem_url),
        escape(mail.button),
        escape(&mail.redirect_url),
        escape(mail.footer)
    )
}

fn is_form(request: &Request) -> bool {
    request.headers.get("Content-Type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, request, tenant};
    use graph::Headers;

    fn page(tenant: &mut Tenant, side: Side, method: Method, path: &str, form: &str) -> Reply {
        let headers = Headers::default().with("Content-Type", "application/x-www-form-urlencoded");
        let request = Request { method, path: path.into(), headers, body: Some(form.into()) };
        tenant.answer(side, &request, NOW).answer.unwrap()
    }

    fn invite(tenant: &mut Tenant) {
        let info = json!({"customizedMessageBody": "Hello <i>", "ccRecipients": [{"emailAddress": {"address": "cc@x"}}]});
        let body = json!({"invitedUserEmailAddress": "ada@x.example", "invitedUserDisplayName": "Ada <b>", "invitedUserMessageInfo": info,
            "inviteRedirectUrl": "https://page.example/", "sendInvitationMessage": true});
        tenant.answer(Side::Graph, &request(Method::Post, "/invitations", Some(&body)), NOW).answer.unwrap();
    }

    fn inviting() -> Tenant {
        let mut tenant = tenant("guest-inviter", &["User.Invite.All", "Mail.Send", "Mail.ReadWrite"]);
        invite(&mut tenant);
        let recipients = |address: &str| json!([{"emailAddress": {"address": address}}]);
        let letter = json!({"subject": "Hi <b>", "toRecipients": recipients("bo@x.example"), "bccRecipients": recipients("bcc@x"),
            "body": {"contentType": "text", "content": "Go to http://identity/redeem?rd=a\nnow"}});
        tenant.answer(Side::Graph, &request(Method::Post, "/me/sendMail", Some(&json!({"message": letter}))), NOW).answer.unwrap();
        tenant.answer(Side::Graph, &request(Method::Post, "/me/messages", Some(&letter)), NOW).answer.unwrap();
        tenant
    }

    #[test]
    fn what_the_tenant_holds_is_shown_as_json() {
        let mut tenant = inviting();
        let mut json = |path: &str| {
            let reply = page(&mut tenant, Side::Graph, Method::Get, path, "");
            serde_json::from_str::<Value>(&reply.body).unwrap_or_default()
        };
        let users = json("/_tenant/directory.json")["users"].clone();
        assert!(users.as_array().unwrap().iter().any(|user| user["mail"] == "ada@x.example"));
        assert_eq!(json("/_tenant/outbox.json")["mails"][0]["to"], "ada@x.example");
        assert_eq!(json("/_tenant/drafts.json")["mails"][0]["kind"], "draft");
        assert_eq!(json("/_tenant/chats.json")["messages"], json!([]));
        assert_eq!(json("/_tenant/log.json")["requests"][0]["path"], "/invitations");
        assert_eq!(json("/_tenant/knobs")["quotaWrites"], 3000);
    }

    #[test]
    fn each_side_has_rooms_of_its_own() {
        let mut tenant = inviting();
        let mut status = |side: Side, method: Method, path: &str| page(&mut tenant, side, method, path, "").status;
        for side in [Side::Graph, Side::Identity] {
            assert_eq!(status(side, Method::Get, "/_tenant/style.css"), 200);
            assert_eq!(status(side, Method::Get, "/nowhere"), 404);
        }
        let nowhere = page(&mut tenant, Side::Graph, Method::Get, "/nowhere", "");
        assert!(nowhere.body.contains("There is nothing here"), "{}", nowhere.body);
        let mut status = |side: Side, method: Method, path: &str| page(&mut tenant, side, method, path, "").status;
        for path in ["/", "/_tenant/knobs", "/mail/0", "/draft/0"] {
            assert_eq!((status(Side::Graph, Method::Get, path), status(Side::Identity, Method::Get, path)), (200, 404), "{path}");
        }
        for method in [Method::Get, Method::Post] {
            assert_eq!((status(Side::Identity, method, "/redeem"), status(Side::Graph, method, "/redeem")), (410, 404));
        }
    }

    #[test]
    fn the_home_page_lists_everything_and_lets_nothing_in() {
        let mut tenant = inviting();
        let home = page(&mut tenant, Side::Graph, Method::Get, "/", "").body;
        for shown in [
            "<td>Ada &lt;b&gt;</td><td>ada@x.example</td><td>Guest</td><td>PendingAcceptance</td>",
            "<a href=\"/mail/0\">Gita Inviter invited you to collaborate with contoso.example</a></td><td>invitation</td><td>ada@x.example</td>",
            "<a href=\"/draft/0\">Hi &lt;b&gt;</a></td><td>draft</td>",
            "<td>POST</td><td>/invitations</td><td>201</td>",
            "<input name=\"quotaWrites\" value=\"3000\">",
            "<form method=\"post\" action=\"/_tenant/reset\"><button>Reset the tenant</button></form>",
        ] {
            assert!(home.contains(shown), "{shown}");
        }
        assert!(!home.contains("<b>"));
    }

    #[test]
    fn a_mail_is_shown_with_all_its_parts() {
        let mut tenant = inviting();
        let mut body = |path: &str| page(&mut tenant, Side::Graph, Method::Get, path, "").body;
        let mail = body("/mail/0");
        for shown in [
            "To: ada@x.example<br>Cc: cc@x<br>Reply to: guest-inviter@contoso.example",
            "Message from Gita Inviter:",
            "Hello &lt;i&gt;",
            "Accept invitation",
        ] {
            assert!(mail.contains(shown), "{shown}: {mail}");
        }
        for letter in [body("/mail/1"), body("/draft/0")] {
            let link = "<a href=\"http://identity/redeem?rd=a\" rel=\"noreferrer\">http://identity/redeem?rd=a</a><br>now";
            assert!(letter.contains(link) && letter.contains("To: bo@x.example<br>Bcc: bcc@x</p>"), "{letter}");
        }
        assert!(body("/mail/2").contains("No such mail") && body("/mail/x").contains("No such mail"));
    }

    #[test]
    fn knobs_are_turned_by_a_form_or_in_json_and_everything_starts_over() {
        let mut tenant = inviting();
        let form =
            page(&mut tenant, Side::Graph, Method::Post, "/_tenant/knobs", "paid=false&quotaWrites=7&mailFault=7x&blockedDomains=%7B%7D");
        assert_eq!((form.status, tenant.knobs.paid, tenant.knobs.quota_writes), (303, false, 7));
        assert_eq!((tenant.knobs.mail_fault.as_str(), tenant.knobs.blocked_domains.as_str()), ("7x", "{}"));
        let mut json = request(Method::Post, "", Some(&json!({"quotaWrites": 8})));
        json.path = "/_tenant/knobs".into();
        let told = tenant.answer(Side::Graph, &json, NOW).answer.unwrap();
        assert_eq!((told.status, tenant.knobs.quota_writes, told.body.contains("\"quotaWrites\":8")), (200, 8, true));
        json.body = Some(r#"{"nothing": 1}"#.into());
        assert_eq!((tenant.answer(Side::Graph, &json, NOW).answer.unwrap().status, tenant.knobs.quota_writes), (400, 8));
        json.path = "/_tenant/reset".into();
        assert_eq!(tenant.answer(Side::Graph, &json, NOW).answer.unwrap().status, 200);
        assert_eq!((tenant.outbox().len(), tenant.knobs.quota_writes), (0, 3000));
        assert_eq!(page(&mut tenant, Side::Graph, Method::Post, "/_tenant/reset", "").status, 303);
    }

    #[test]
    fn an_invitation_is_redeemed_by_the_ticket_of_its_last_link() {
        let mut tenant = inviting();
        let link = |tenant: &Tenant| {
            tenant.outbox().iter().rfind(|mail| mail.kind == "invitation").unwrap().redeem_url.replace("http://identity", "")
        };
        let first = link(&tenant);
        invite(&mut tenant);
        let last = link(&tenant);
        let mut get = |path: &str| page(&mut tenant, Side::Identity, Method::Get, path, "");
        assert_eq!((get(&first).status, get(&last).status), (410, 200));
        assert!(get(&last).body.contains("<b>ada@x.example</b>"));
        let ada = tenant.directory.by_address("ada@x.example").unwrap().clone();
        let ticket = ada.ticket.clone().unwrap();
        let mut redeemed = |form: &str| page(&mut tenant, Side::Identity, Method::Post, "/redeem", form);
        assert_eq!((redeemed(&format!("user={}&ticket=x", ada.id)).status, redeemed(&format!("user={}", ada.id)).status), (410, 410));
        assert_eq!(redeemed("user=unknown&ticket=x").status, 410);
        assert!(redeemed(&format!("user={}&ticket={ticket}", ada.id)).body.contains("https://page.example/"));
        assert_eq!(tenant.directory.by_id(&ada.id).unwrap().external_user_state, Some("Accepted"));
        // Whoever was never invited has no ticket, and none fits.
        let gita = tenant.directory.by_address("guest-inviter@contoso.example").unwrap().id.clone();
        assert_eq!(page(&mut tenant, Side::Identity, Method::Post, "/redeem", &format!("user={gita}")).status, 410);
        tenant.directory.change(&ada.id, |guest| guest.deleted = Some(crate::directory::Deletion::AsStoryBegan));
        let gone = [
            page(&mut tenant, Side::Identity, Method::Get, &last, "").status,
            page(&mut tenant, Side::Identity, Method::Post, "/redeem", &format!("user={}&ticket={ticket}", ada.id)).status,
        ];
        assert_eq!(gone, [410, 410]);
    }
}
