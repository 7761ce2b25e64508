//! What is withdrawn and restored in Contoso, and answers that are spoiled on their way, by what was asked.

use crate::support::*;
use graph::users::{GetDeletedUser, GetMe};
use graph::{Answer, Headers, Method, Operation, Reply, Request, Unreached};
use guestlist::bulk::Ramp;
use guestlist::jobs::invite::journal::{RowEvent, Stored};
use guestlist::jobs::recycle_bin::{OwnGuest, RecycleEntry, RecycleOutcome, RecycleRun};
use guestlist::jobs::withdraw;
use guestlist::jobs::withdraw::AppRoleAccess;
use guestlist::permissions;
use guestlist::protocol::{Action, StateMachine, Ticket};
use serde_json::{Value, json};
use time::{Millis, Moment};

pub const GONE: RecycleOutcome = RecycleOutcome::Withdrawn { seen: true };

pub const NOBODY: &dyn Fn(&str) -> bool = &|_| false;

/// Signs a User Administrator in who may invite, look and delete, and has these permissions, too.
pub fn sign_in_to_delete(world: &World, more: &[&'static str]) {
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY, permissions::DELETING]);
    all.extend(more.iter().copied());
    world.sign_in("user-admin", all).unwrap();
}

/// A world in which a run has invited so many guests, that run as it is stored, and whom a withdrawal of it takes back.
pub fn made(count: usize, more: &[&'static str]) -> (World, Stored, Vec<OwnGuest>) {
    let world = World::new();
    sign_in_to_delete(&world, more);
    let list = list(&guests(count, "fabrikam.example"));
    let plan = world.plan(&list, &[]);
    let (run, journal) = world.run(&plan);
    assert_eq!(run.tally().invited, count);
    let stored = stored(&plan, &list, journal);
    let guests = withdraw::plan::plan(&stored, None, NOBODY).guests;
    assert_eq!(guests.len(), count);
    (world, stored, guests)
}

/// So many guests who were invited and taken back, and what is written down of that.
pub fn taken_back(count: usize) -> (World, Vec<OwnGuest>, Vec<RecycleEntry>) {
    let (world, _, guests) = made(count, &[]);
    let (run, journal) = withdrawn(&world, &guests);
    assert_eq!(endings(&run), vec![GONE; count]);
    (world, guests, journal)
}

pub fn withdrawal(guests: &[OwnGuest], journal: &[RecycleEntry]) -> RecycleRun {
    withdraw::run(guests, Ramp::Careful, journal, true, AppRoleAccess::Readable)
}

/// Drives to the end.
pub fn finish<M: StateMachine<Record = Vec<RecycleEntry>>>(world: &World, run: &mut M, journal: &mut Vec<RecycleEntry>) {
    let stopped = world.drive(run, |entries: &Vec<RecycleEntry>| journal.extend(entries.clone()), 1_000_000);
    assert_eq!(stopped, Stopped::Done);
}

/// A withdrawal of these guests, to its end.
pub fn withdrawn(world: &World, guests: &[OwnGuest]) -> (RecycleRun, Vec<RecycleEntry>) {
    let (mut run, mut journal) = (withdrawal(guests, &[]), Vec::new());
    finish(world, &mut run, &mut journal);
    (run, journal)
}

/// How each guest has ended, in their order.
pub fn endings(run: &RecycleRun) -> Vec<RecycleOutcome> {
    run.rows().map(|(.., ended)| ended.expect("it has ended").outcome.clone()).collect()
}

/// Follows a guest's own link and accepts. Whether that worked.
pub fn accept(world: &World, stored: &Stored, guest: &OwnGuest) -> bool {
    let link = stored.entries.iter().find_map(|entry| match &entry.what {
        RowEvent::Created { guest: id, redeem } if *id == guest.id => redeem.clone(),
        _ => None,
    });
    let link = url::Url::parse(link.unwrap().reveal()).unwrap();
    let inner = link.query_pairs().find(|(name, _)| name == "rd").unwrap().1.into_owned();
    let inner = url::Url::parse(&inner).unwrap();
    let part = |name: &str| inner.query_pairs().find(|(own, _)| own == name).unwrap().1.into_owned();
    let (user, ticket) = (part("user"), part("ticket"));
    world.visit(Method::Post, "/redeem", &[("user", &user), ("ticket", &ticket)]).status == 200
}

/// Whether the tenant holds this guest among its users, whatever reads show yet.
pub fn is_user(world: &World, guest: &OwnGuest) -> bool {
    world.tenant.borrow().users(world.now.get() + Millis::hours(1)).iter().any(|user| user["id"] == guest.id)
}

pub fn is_in_bin(world: &World, guest: &OwnGuest) -> bool {
    world.carry(&GetDeletedUser { id: &guest.id }.request()).1.unwrap().is_success()
}

/// Does this in another window, as an administrator.
pub fn elsewhere(world: &World, request: &Request, expected: u16) {
    assert_eq!(world.carry(request).1.unwrap().status, expected);
}

/// How often this succeeded.
pub fn times(world: &World, method: &str, path: &str) -> usize {
    let tenant = world.tenant.borrow();
    tenant.log().iter().filter(|line| line.method == method && line.path == path && (200..300).contains(&line.status)).count()
}

/// What is asked, by which an answer is spoiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpoiledStage {
    /// Who accepted and holds what.
    Look,
    Delete,
    Bin,
    Restore,
    User,
}

impl SpoiledStage {
    fn is_in(self, request: &Request) -> bool {
        let body = request.body.as_deref().unwrap_or_default();
        match self {
            Self::Look => body.contains("$expand=memberOf"),
            Self::Delete => body.contains("\"DELETE\""),
            Self::Bin => body.contains("deletedItems") && !body.contains("/restore"),
            Self::Restore => body.contains("/restore"),
            Self::User => body.contains("/users/") && body.contains("displayName"),
        }
    }
}

/// What becomes of a request or its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    Throttled,
    Busy,
    /// No answer comes; `true`: it was carried out.
    Lost(bool),
    /// A gateway's own page instead; `true`: it was carried out.
    Page(bool),
    /// As for each item of a batch.
    ItemPage(bool),
    Offline,
    Expired,
    Denied,
}

pub const SPOILS: [Spoil; 11] = [
    Spoil::Throttled,
    Spoil::Busy,
    Spoil::Lost(false),
    Spoil::Lost(true),
    Spoil::Page(false),
    Spoil::Page(true),
    Spoil::ItemPage(false),
    Spoil::ItemPage(true),
    Spoil::Offline,
    Spoil::Expired,
    Spoil::Denied,
];

impl Spoil {
    const fn is_carried_out(self) -> bool {
        matches!(self, Self::Lost(true) | Self::Page(true) | Self::ItemPage(true))
    }

    fn answer(self, asked: &Request) -> Answer {
        let reply = |status: u16, body: String| Ok(Reply { status, headers: Headers::default(), body });
        let items = |item: Value| {
            let body: Value = serde_json::from_str(asked.body.as_deref().unwrap()).unwrap();
            let with_id = |request: &Value| {
                let mut item = item.clone();
                item["id"] = request["id"].clone();
                item
            };
            let responses: Vec<Value> = body["requests"].as_array().unwrap().iter().map(with_id).collect();
            reply(200, json!({ "responses": responses }).to_string())
        };
        let said = |code: &str| json!({"error": {"code": code, "message": ""}});
        match self {
            Self::Throttled => items(json!({"status": 429, "headers": {"Retry-After": "70"}, "body": said("TooManyRequests")})),
            Self::Busy => items(json!({"status": 503, "body": said("ServiceUnavailable")})),
            Self::Lost(_) => Err(Unreached::Lost),
            Self::Offline => Err(Unreached::Offline),
            Self::Page(_) => reply(502, "<html>Bad gateway</html>".into()),
            Self::ItemPage(_) => items(json!({"status": 504, "body": "<html>Timeout</html>"})),
            Self::Expired => items(json!({"status": 401, "body": said("InvalidAuthenticationToken")})),
            Self::Denied => items(json!({"status": 403, "body": said("Authorization_RequestDenied")})),
        }
    }
}

/// A run of which requests of one stage are spoiled, so many times, after so many.
pub struct SpoiledRun {
    pub run: RecycleRun,
    pub stage: SpoiledStage,
    pub spoil: Spoil,
    pub after: usize,
    pub times: usize,
    /// What is on its way, and to be spoiled.
    spoiled: Vec<(Ticket, Request)>,
}

impl SpoiledRun {
    pub fn new(run: RecycleRun, stage: SpoiledStage, spoil: Spoil, after: usize, times: usize) -> Self {
        Self { run, stage, spoil, after, times, spoiled: Vec::new() }
    }
}

impl StateMachine for SpoiledRun {
    type Record = Vec<RecycleEntry>;

    fn wall_clock(&mut self, ahead: Millis) {
        self.run.wall_clock(ahead);
    }

    fn next(&mut self, now: Moment) -> Action<Self::Record> {
        match self.run.next(now) {
            Action::Send(ticket, request) if self.times > 0 && self.stage.is_in(&request) => {
                if self.after > 0 {
                    self.after -= 1;
                    return Action::Send(ticket, request);
                }
                self.times -= 1;
                self.spoiled.push((ticket, request.clone()));
                Action::Send(ticket, if self.spoil.is_carried_out() { request } else { GetMe.request() })
            }
            other => other,
        }
    }

    fn recorded(&mut self) {
        self.run.recorded();
    }

    fn heard(&mut self, ticket: Ticket, answer: &Answer, now: Moment) {
        let spoiled = self.spoiled.iter().position(|(own, _)| *own == ticket).map(|place| self.spoiled.remove(place).1);
        match spoiled {
            Some(request) => self.run.heard(ticket, &self.spoil.answer(&request), now),
            None => self.run.heard(ticket, answer, now),
        }
    }

    fn signed_in(&mut self) {
        self.run.signed_in();
    }
}
