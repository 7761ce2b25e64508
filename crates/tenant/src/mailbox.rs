//! Mailboxes: `POST /me/sendMail` and `POST /me/messages`, with the limits and refusals of Exchange Online.

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
        let unresolved = to.iter().chain(&cc).chain(&bcc).find(|address| address.ends_with("@no-mail.example"));
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
