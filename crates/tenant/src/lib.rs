#![doc = include_str!("../README.md")]

mod address;
mod admin_pages;
mod applications;
mod assignments;
mod batch;
mod chats;
mod contoso;
mod daily;
mod date_time;
mod directory;
mod entitlement;
mod entra_errors;
mod expand;
mod faults;
mod filter;
mod filter_reader;
mod filter_text;
mod gateway;
mod graph_api;
mod groups;
mod html;
mod invitations;
mod knobs;
mod mailbox;
mod mailer;
mod message;
mod partners;
mod payload;
mod permissions;
mod query;
mod reads;
mod recycle_bin;
mod resources;
mod search;
mod selection;
mod sign_in;
mod signing;
mod sites;
mod sponsors;
mod throttle;
mod tokens;

pub use assignments::GuestAssignment;
pub use chats::ChatMessage;
pub use contoso::{CLIENT_ID, DOMAIN, TENANT_ID};
pub use knobs::Knobs;
pub use mailer::Mail;

use graph::{Answer, Headers, Reply, Request};
use serde::Serialize;
use sha2::{Digest, Sha256};
use time::{Millis, Moment};

/// Where the three parties live, without a trailing slash: `http://localhost:8080`.
#[derive(Clone, Debug)]
pub struct Origins {
    pub page: String,
    pub identity: String,
    pub graph: String,
}

/// Which of Microsoft's two services is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Identity,
    Graph,
}

/// An answer, and how long it takes to come: [`NEVER`] where the server stays silent.
#[derive(Clone, Debug)]
pub struct TimedResponse {
    pub answer: Answer,
    pub after: Millis,
}

/// The answer never comes, and the connection stays open.
pub const NEVER: Millis = Millis(i64::MAX);

/// So many of the latest lines are kept at least.
const LOG_LEAST: usize = 50_000;

/// One line of the log: batch items stand one by one.
#[derive(Clone, Debug, Serialize)]
pub struct LogLine {
    pub method: &'static str,
    pub path: String,
    /// 0 when the connection was cut.
    pub status: u16,
    /// Written as ISO 8601.
    #[serde(serialize_with = "iso")]
    pub at: Moment,
}

fn iso<S: serde::Serializer>(at: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.iso())
}

#[derive(Clone)]
pub struct Tenant {
    origins: Origins,
    pub knobs: Knobs,
    directory: directory::Directory,
    groups: groups::Groups,
    applications: applications::Applications,
    sites: Vec<sites::SiteRecord>,
    governance: entitlement::Governance,
    sign_in: sign_in::SignIn,
    mailer: mailer::Mailer,
    mailboxes: mailbox::Mailboxes,
    chats: chats::Chats,
    throttle: throttle::Throttle,
    faults: faults::Faults,
    gateway: gateway::Gateway,
    log: Vec<LogLine>,
    /// Invitations that were accepted.
    invited: u32,
    daily: daily::DailyCount,
    /// When it was asked for the first time: by the computer's clock, its story begins then.
    begun: Option<Moment>,
    ids: IdGenerator,
}

impl Tenant {
    /// Contoso as its story begins. `seed` makes ids, codes and tokens; a server passes a secret one.
    pub fn new(origins: Origins, seed: u64) -> Self {
        let mut ids = IdGenerator { seed, made: 0 };
        let (directory, groups) = (contoso::directory(&mut ids), contoso::groups());
        Self {
            origins,
            knobs: Knobs::default(),
            governance: entitlement::Governance::of_contoso(&directory, &groups),
            directory,
            groups,
            applications: applications::Applications::default(),
            sites: contoso::sites(),
            sign_in: sign_in::SignIn::default(),
            mailer: mailer::Mailer::default(),
            mailboxes: mailbox::Mailboxes::default(),
            chats: chats::Chats::default(),
            throttle: throttle::Throttle::default(),
            faults: faults::Faults::default(),
            gateway: gateway::Gateway::default(),
            log: Vec::new(),
            invited: 0,
            daily: daily::DailyCount::default(),
            begun: None,
            ids,
        }
    }

    /// Answers one HTTP request. `request.path` is path and query as a server sees them.
    pub fn answer(&mut self, side: Side, request: &Request, now: Moment) -> TimedResponse {
        self.begun.get_or_insert(now);
        let now = self.clock(now);
        self.settle(now);
        match side {
            Side::Identity => {
                let answer = self.token_fault(request).unwrap_or_else(|| Ok(self.identity_platform(request, now)));
                TimedResponse { answer, after: Millis(0) }
            }
            Side::Graph => self.graph_origin(request, now),
        }
    }

    pub fn log(&self) -> &[LogLine] {
        &self.log
    }

    pub fn outbox(&self) -> &[Mail] {
        self.mailer.mails()
    }

    pub fn drafts(&self) -> &[Mail] {
        self.mailer.drafts()
    }

    /// What was said in chats.
    pub fn said(&self) -> &[ChatMessage] {
        self.chats.said()
    }

    /// Everybody in the directory, in Graph's shape, late and deleted ones left out.
    pub fn users(&self, now: Moment) -> Vec<serde_json::Value> {
        self.users_at(self.clock(now))
    }

    /// As [`Self::users`], by the tenant's own clock.
    fn users_at(&self, now: Moment) -> Vec<serde_json::Value> {
        self.directory.visible(now).map(|person| person.full()).collect()
    }

    /// What the tenant's clock shows when the computer's shows this.
    fn clock(&self, now: Moment) -> Moment {
        now + Millis::hours(self.knobs.clock_hours)
    }

    fn note(&mut self, request: &Request, answer: &Answer, now: Moment) {
        let status = answer.as_ref().map_or(0, |reply| reply.status);
        let line = LogLine { method: request.method.as_str(), path: request.path.clone(), status, at: now };
        // A tenant that is left running does not grow for ever.
        if self.log.len() >= 2 * LOG_LEAST {
            self.log.drain(..LOG_LEAST);
        }
        self.log.push(line);
    }

    fn reset(&mut self) {
        let (origins, seed) = (self.origins.clone(), self.ids.seed.wrapping_add(1));
        *self = Self::new(origins, seed);
    }
}

/// Makes ids and secrets from a seed and a count.
#[derive(Clone)]
struct IdGenerator {
    seed: u64,
    made: u64,
}

impl IdGenerator {
    fn bytes(&mut self) -> [u8; 32] {
        self.made += 1;
        let mut hash = Sha256::new();
        hash.update(self.seed.to_be_bytes());
        hash.update(self.made.to_be_bytes());
        hash.finalize().into()
    }

    fn guid(&mut self) -> String {
        let bytes = self.bytes();
        let mut guid = String::with_capacity(36);
        for (place, digit) in bytes[..16].iter().flat_map(|byte| [byte >> 4, byte & 15]).enumerate() {
            if matches!(place, 8 | 12 | 16 | 20) {
                guid.push('-');
            }
            // Version 4, variant 1: RFC 9562.
            let digit = match place {
                12 => 4,
                16 => 10,
                _ => u32::from(digit),
            };
            guid.push(char::from_digit(digit, 16).unwrap_or('0'));
        }
        guid
    }

    fn secret(&mut self) -> String {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(self.bytes())
    }
}

/// Path and decoded query of a request.
fn split(path: &str) -> (&str, Vec<(String, String)>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    (path, pairs(query))
}

/// Name-value pairs of a query or a form.
fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

fn json_reply(status: u16, body: &serde_json::Value) -> Reply {
    let headers = Headers::default().with("Content-Type", "application/json").with("Cache-Control", "no-store");
    Reply { status, headers, body: body.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph::Method;
    use serde_json::Value;

    pub(super) const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);

    fn origins() -> Origins {
        Origins { page: "http://page".into(), identity: "http://identity".into(), graph: "http://graph".into() }
    }

    /// Contoso, where somebody has a token for these permissions.
    pub(super) fn tenant(name: &str, scopes: &[&str]) -> Tenant {
        let mut tenant = Tenant::new(origins(), 7);
        let id = tenant.directory.by_address(&format!("{name}@{DOMAIN}")).unwrap().id.clone();
        let caller = graph_api::Caller { id, scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(), stepped_up: false };
        tenant.sign_in.access.insert("token".into(), (caller, NOW + Millis::days(40)));
        tenant
    }

    pub(super) fn request(method: Method, path: &str, body: Option<&Value>) -> Request {
        let headers = Headers::default().with("Authorization", "Bearer token").with("Content-Type", "application/json");
        Request { method, path: format!("/v1.0{path}"), headers, body: body.map(Value::to_string) }
    }

    /// Status and body of what Graph answers.
    pub(super) fn asked(tenant: &mut Tenant, request: &Request, now: Moment) -> (u16, Value) {
        let reply = tenant.answer(Side::Graph, request, now).answer.unwrap();
        (reply.status, serde_json::from_str(&reply.body).unwrap_or_default())
    }

    #[test]
    fn ids_are_guids_of_version_4_and_none_comes_twice() {
        let mut ids = IdGenerator { seed: 7, made: 0 };
        let guids: Vec<String> = (0..64).map(|_| ids.guid()).collect();
        for guid in &guids {
            let lengths: Vec<usize> = guid.split('-').map(str::len).collect();
            assert_eq!((lengths.as_slice(), &guid[14..15], &guid[19..20]), ([8, 4, 4, 4, 12].as_slice(), "4", "a"), "{guid}");
        }
        // Every digit comes in every other place.
        for place in (0..36).filter(|place| ![8, 13, 14, 18, 19, 23].contains(place)) {
            let digits: std::collections::BTreeSet<char> = guids.iter().filter_map(|guid| guid.chars().nth(place)).collect();
            assert!(digits.len() > 10, "{place}: {digits:?}");
        }
        assert_eq!(guids.iter().collect::<std::collections::BTreeSet<_>>().len(), guids.len());
        assert_ne!(IdGenerator { seed: 8, made: 0 }.guid(), guids[0]);
        assert_eq!(ids.secret().len(), 43);
    }

    #[test]
    fn the_log_forgets_the_oldest_once_it_is_long() {
        let mut tenant = Tenant::new(origins(), 7);
        let request = request(Method::Get, "/me", None);
        for _ in 0..2 * LOG_LEAST {
            tenant.note(&request, &Err(graph::Unreached::Lost), NOW);
        }
        assert_eq!((tenant.log().len(), tenant.log()[0].status), (2 * LOG_LEAST, 0));
        tenant.note(&request, &Ok(json_reply(200, &Value::Null)), NOW);
        assert_eq!((tenant.log().len(), tenant.log()[LOG_LEAST].status), (LOG_LEAST + 1, 200));
        let line = serde_json::to_value(&tenant.log()[LOG_LEAST]).unwrap();
        assert_eq!(line, serde_json::json!({"method": "GET", "path": "/v1.0/me", "status": 200, "at": NOW.iso()}));
    }

    #[test]
    fn a_name_without_a_value_is_not_there() {
        let (path, query) = split("/a?b=c+d&e=&b=f");
        assert_eq!((path, value(&query, "b"), value(&query, "e"), value(&query, "x")), ("/a", Some("c d"), None, None));
        assert_eq!(split("/a"), ("/a", vec![]));
    }

    #[test]
    fn a_token_is_good_until_it_ends_and_for_whoever_holds_it() {
        let mut tenant = tenant("member", &["User.Read"]);
        let status = |tenant: &mut Tenant, now: Moment| asked(tenant, &request(Method::Get, "/me", None), now).0;
        let end = NOW + Millis::days(40);
        assert_eq!((status(&mut tenant, end - Millis(1)), status(&mut tenant, end)), (200, 401));
        tenant.knobs.clock_hours = 24 * 40;
        assert_eq!(status(&mut tenant, NOW), 401, "by the tenant's own clock");
        tenant.knobs.clock_hours = 0;
        let mut other = request(Method::Get, "/me", None);
        other.headers = Headers::default().with("Authorization", "Bearer another");
        assert_eq!(asked(&mut tenant, &other, NOW).0, 401);
    }
}
