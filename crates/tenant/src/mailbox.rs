//! Mailboxes: `POST /me/sendMail` and `POST /me/messages`, with the limits and refusals of Exchange Online.

use super::address::is_address;
use super::directory::Person;
use super::graph_api::{Handled, refusal};
use super::mailer::Mail;
use super::message::{self, Message};
use super::{Tenant, json_reply};
use graph::{Headers, Reply, Request, Unreached};
use serde_json::json;
use std::collections::{HashMap, VecDeque};
use time::{Millis, Moment};

/// Requests of one app to one mailbox at the same time. <https://learn.microsoft.com/graph/throttling-limits>, "Outlook".
const AT_ONCE: usize = 4;
const MINUTE: Millis = Millis::seconds(60);

/// What each mailbox has to do, by user id.
#[derive(Clone, Default)]
pub(super) struct Mailboxes {
    /// When what was sent lately left, and when each request that is under way will be done.
    sent: HashMap<String, VecDeque<Moment>>,
    busy: HashMap<String, Vec<Moment>>,
    /// Letters and drafts that were asked for.
    asked: u32,
}

impl Tenant {
    /// A message to be sent, or to be laid down as a draft.
    pub(super) fn mail(&mut self, me: &Person, is_draft: bool, request: &Request, now: Moment) -> Handled {
        let after = Millis(i64::from(self.knobs.mail_ms));
        let reply = match self.mail_refused(me, is_draft, now) {
            Some(refused) => refused,
            None => match message::from_request(request, is_draft) {
                Err(refused) => refused,
                Ok(message) => self.take(me, is_draft, message, now),
            },
        };
        if reply.status < 300 {
            self.mailboxes.busy.entry(me.id.clone()).or_default().push(now + after);
        }
        let is_lost = self.mail_fault() == "lost";
        Handled { answer: if is_lost { Err(Unreached::Lost) } else { Ok(reply) }, after }
    }

    /// The fault that is due now.
    fn mail_fault(&self) -> &str {
        if self.mailboxes.asked > self.knobs.mail_fault_after { &self.knobs.mail_fault } else { "" }
    }

    fn mail_refused(&mut self, me: &Person, is_draft: bool, now: Moment) -> Option<Reply> {
        if me.mail.is_none() {
            return Some(no_mailbox());
        }
        let busy = self.mailboxes.busy.entry(me.id.clone()).or_default();
        busy.retain(|until| *until > now);
        if busy.len() >= AT_ONCE {
            return Some(wait(1, "ApplicationThrottled", "Application is over its MailboxConcurrency limit."));
        }
        self.mailboxes.asked += 1;
        let fault = match self.mail_fault() {
            "noMailbox" => Some(no_mailbox()),
            "denied" => Some(refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")),
            "full" => Some(refusal(403, "ErrorQuotaExceeded", "The mailbox has exceeded its quota.")),
            "blocked" => Some(refusal(
                403,
                "ErrorMessageSubmissionBlocked",
                "Cannot send mail. Follow the instructions in your Inbox to verify your account.",
            )),
            "limit" => Some(refusal(403, "ErrorExceededMessageLimit", "Cannot send mail. Message limit exceeded.")),
            "busy" => Some(refusal(503, "ErrorServerBusy", "The server is too busy. Please try again later.")),
            "throttled" => Some(wait(2, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.")),
            _ => None,
        };
        if fault.is_some() || is_draft {
            return fault;
        }
        let sent = self.mailboxes.sent.entry(me.id.clone()).or_default();
        while sent.front().is_some_and(|oldest| now - *oldest >= MINUTE) {
            sent.pop_front();
        }
        if sent.len() >= self.knobs.mail_per_minute as usize {
            let seconds = sent.front().map_or(1, |oldest| (*oldest + MINUTE - now).in_seconds().max(1));
            return Some(wait(seconds, "ApplicationThrottled", "The mailbox has reached its message rate limit."));
        }
        sent.push_back(now);
        None
    }

    fn take(&mut self, me: &Person, is_draft: bool, message: Message, now: Moment) -> Reply {
        let Message { to, cc, bcc, subject, language, text, html } = message;
        let unresolved = to.iter().chain(&cc).chain(&bcc).find(|address| !is_address(address) || address.ends_with("@no-mail.example"));
        if let Some(address) = unresolved.filter(|_| !is_draft) {
            let words = format!(
                "At least one recipient is not valid., Recipient '{address}' is not resolved. All recipients must be resolved before a message can be submitted."
            );
            return refusal(400, "ErrorInvalidRecipients", &words);
        }
        if to.is_empty() && !is_draft {
            return refusal(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.");
        }
        let words = text.split_whitespace().chain(html.split(['"', '\'', '<', '>', ' ', '\n']));
        let redeem = words.into_iter().find(|word| word.contains("/redeem?rd=")).unwrap_or_default();
        let mail = Mail {
            kind: if is_draft { "draft" } else { "letter" },
            to: to.join(", "),
            cc,
            bcc,
            from: me.mail.clone().unwrap_or_default(),
            subject,
            redeem_url: redeem.replace("&amp;", "&"),
            language: language.into(),
            text,
            html,
            at: now.iso(),
            ..Mail::default()
        };
        if is_draft {
            self.mailer.draft(mail);
            let id = self.ids.guid();
            return json_reply(
                201,
                &json!({"@odata.context": self.context(&format!("users('{}')/messages/$entity", me.id)), "id": id, "isDraft": true}),
            );
        }
        if self.mail_fault() == "returned" {
            self.mailer.returned(&mail);
        } else {
            self.mailer.letter(mail);
        }
        Reply { status: 202, headers: Headers::default(), body: String::new() }
    }
}

fn no_mailbox() -> Reply {
    refusal(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.")
}

fn wait(seconds: i64, code: &str, message: &str) -> Reply {
    let mut reply = refusal(429, code, message);
    reply.headers = reply.headers.with("Retry-After", seconds.to_string());
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, asked, request, tenant};
    use graph::Method;
    use serde_json::Value;

    fn letter(to: &[&str]) -> Value {
        let to: Vec<Value> = to.iter().map(|address| json!({"emailAddress": {"address": address}})).collect();
        json!({"subject": "Hi", "toRecipients": to, "ccRecipients": [{"emailAddress": {"address": "cc@x.example"}}],
            "body": {"contentType": "html", "content": "<a href=\"http://identity/redeem?rd=a&amp;b\">x</a>"}})
    }

    fn mailbox() -> Tenant {
        let mut tenant = tenant("guest-inviter", &["Mail.Send", "Mail.ReadWrite"]);
        tenant.knobs.mail_ms = 0;
        tenant
    }

    fn sent(tenant: &mut Tenant, to: &[&str], now: Moment) -> (u16, String) {
        let (status, body) = asked(tenant, &request(Method::Post, "/me/sendMail", Some(&json!({"message": letter(to)}))), now);
        (status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
    }

    fn drafted(tenant: &mut Tenant, to: &[&str]) -> u16 {
        asked(tenant, &request(Method::Post, "/me/messages", Some(&letter(to))), NOW).0
    }

    #[test]
    fn a_letter_leaves_and_a_draft_stays() {
        let mut tenant = mailbox();
        assert_eq!((sent(&mut tenant, &["ada@x.example"], NOW).0, drafted(&mut tenant, &["bo@x.example", "cy@x.example"])), (202, 201));
        let expected = |kind: &'static str, to: &str| Mail {
            kind,
            to: to.into(),
            cc: vec!["cc@x.example".into()],
            from: "guest-inviter@contoso.example".into(),
            subject: "Hi".into(),
            redeem_url: "http://identity/redeem?rd=a&b".into(),
            html: "<a href=\"http://identity/redeem?rd=a&amp;b\">x</a>".into(),
            at: NOW.iso(),
            ..Mail::default()
        };
        assert_eq!(tenant.outbox(), [expected("letter", "ada@x.example")]);
        assert_eq!(tenant.drafts(), [expected("draft", "bo@x.example, cy@x.example")]);
    }

    #[test]
    fn whom_nobody_can_write_to_is_refused_in_letters_alone() {
        let mut tenant = mailbox();
        for to in [["ada@x.example", "bo@no-mail.example"].as_slice(), &[], &["nobody"], &["ada@x.example", ""], &["a@b@x.example"]] {
            assert_eq!(sent(&mut tenant, to, NOW), (400, "ErrorInvalidRecipients".into()));
            assert_eq!(drafted(&mut tenant, to), 201);
        }
        assert_eq!(tenant.outbox(), []);
    }

    #[test]
    fn a_mailbox_takes_so_many_letters_a_minute_and_any_drafts() {
        let mut tenant = mailbox();
        tenant.knobs.mail_per_minute = 2;
        let mut at = |after: i64| sent(&mut tenant, &["ada@x.example"], NOW + Millis(after)).0;
        assert_eq!([at(0), at(1_000), at(2_000), at(59_999), at(60_000), at(60_001), at(61_000)], [202, 202, 429, 429, 202, 429, 202]);
        assert_eq!([(); 4].map(|()| drafted(&mut tenant, &[])), [201; 4]);
    }

    #[test]
    fn four_requests_at_once_are_the_most_until_one_is_done() {
        let mut tenant = mailbox();
        tenant.knobs.mail_ms = 300;
        let mut at = |after: i64| sent(&mut tenant, &["ada@x.example"], NOW + Millis(after)).0;
        assert_eq!(
            [at(0), at(0), at(0), at(100), at(299), at(300), at(300), at(300), at(399)],
            [202, 202, 202, 202, 429, 202, 202, 202, 429]
        );
        // What is refused occupies nothing.
        let mut refusing = mailbox();
        refusing.knobs.mail_ms = 300;
        assert_eq!([(); 5].map(|()| sent(&mut refusing, &[], NOW).0), [400; 5]);
    }

    #[test]
    fn a_fault_begins_after_so_many_letters_and_has_its_code() {
        let check = |fault: &str, status: u16, code: &str| {
            let mut tenant = mailbox();
            (tenant.knobs.mail_fault, tenant.knobs.mail_fault_after) = (fault.into(), 1);
            assert_eq!(sent(&mut tenant, &["ada@x.example"], NOW).0, 202, "{fault}");
            assert_eq!(sent(&mut tenant, &["ada@x.example"], NOW), (status, code.into()), "{fault}");
            assert_eq!(tenant.outbox().iter().filter(|mail| mail.kind == "letter").count(), 1, "{fault}");
        };
        check("noMailbox", 404, "MailboxNotEnabledForRESTAPI");
        check("denied", 403, "ErrorAccessDenied");
        check("full", 403, "ErrorQuotaExceeded");
        check("blocked", 403, "ErrorMessageSubmissionBlocked");
        check("limit", 403, "ErrorExceededMessageLimit");
        check("busy", 503, "ErrorServerBusy");
        check("throttled", 429, "ApplicationThrottled");
        check("returned", 202, "");
        let mut lost = mailbox();
        lost.knobs.mail_fault = "lost".into();
        let asked = request(Method::Post, "/me/sendMail", Some(&json!({"message": letter(&["ada@x.example"])})));
        assert_eq!(lost.answer(crate::Side::Graph, &asked, NOW).answer.map(|reply| reply.status), Err(Unreached::Lost));
        assert_eq!(lost.outbox().len(), 1, "it left all the same");
        let mut nobody = tenant("no-mailbox", &["Mail.Send"]);
        // Known by the sign-in name.
        assert_eq!(sent(&mut nobody, &["ada@x.example"], NOW), (404, "MailboxNotEnabledForRESTAPI".into()));
    }
}
