//! The harness of the stories: a list, Contoso, a made-up clock; drive to the end. Nothing here sleeps.

#[path = "schema.rs"]
mod schema;

use graph::{Answer, Headers, Method, Request};
use guestlist::bulk::{Ending, Ramp};
use guestlist::config::Config;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::{Entry, Header, Stored};
use guestlist::jobs::invite::plan::{self, Plan, PlanStep, Planned};
use guestlist::letter::Letter;
use guestlist::lookup::{Lookup, TenantSnapshot};
use guestlist::permissions;
use guestlist::protocol::{Action, StateMachine, Ticket, unreached_without};
use guestlist::rows::{Address, List, quick_add};
use identity::authorize::{Client, Interaction, RedirectResult, parse_redirect};
use identity::renewal::{NoToken, RenewalStep};
use identity::scopes::Scopes;
use identity::{AuthError, Authority, Renewal, Secret, Session};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;
use tenant::{CLIENT_ID, DOMAIN, Origins, Side, TENANT_ID, Tenant};
use time::{Millis, Moment};

pub const PAGE: &str = "http://localhost:8080";
pub const IDENTITY: &str = "http://localhost:8081";
pub const GRAPH: &str = "http://localhost:8082";
pub const REDIRECT: &str = "http://localhost:8080/auth.html";

#[derive(Clone)]
pub struct World {
    pub tenant: RefCell<Tenant>,
    pub now: Cell<Moment>,
    pub config: Config,
    pub authority: Authority,
    pub session: RefCell<Option<Session>>,
    pub renewal: RefCell<Renewal>,
    /// Why the person was needed last.
    pub auth_error: RefCell<Option<AuthError>>,
    /// How far the computer's clock stands ahead of the true time, which the tenant knows.
    pub clock: Cell<Millis>,
    /// How long a request and its answer travel.
    pub latency: Millis,
    cookie: RefCell<String>,
    /// How many requests and answers were held against the schema.
    checked: Cell<u32>,
    random: Cell<u8>,
    ids: RefCell<BTreeMap<String, String>>,
}

/// So many requests of a world are held against the schema: those of a run of a million say nothing new.
const CHECKED: u32 = 300;

/// When the answers of a silent server come.
const NEVER: Moment = Moment(i64::MAX);

/// 2026-11-22, a Sunday morning.
pub const MORNING: Moment = Moment(1_795_344_203_000);

impl World {
    pub fn new() -> Self {
        let origins = Origins { page: PAGE.into(), identity: IDENTITY.into(), graph: GRAPH.into() };
        let mut tenant = Tenant::new(origins, 42);
        let config =
            Config::read(&format!(r#"{{"auth":{{"clientId":"{CLIENT_ID}","authority":"{IDENTITY}/{DOMAIN}"}},"graph":"{GRAPH}"}}"#))
                .unwrap();
        let path = Authority::discovery_url(&config.authority_settings()).replace(IDENTITY, "");
        let document = tenant.answer(Side::Identity, &Request::get(path), MORNING).answer.unwrap().body;
        let authority = Authority::discovered(&config.authority_settings(), &document).unwrap();
        Self {
            tenant: RefCell::new(tenant),
            now: Cell::new(MORNING),
            clock: Cell::default(),
            config,
            authority,
            session: RefCell::default(),
            renewal: RefCell::default(),
            auth_error: RefCell::default(),
            latency: Millis(120),
            cookie: RefCell::default(),
            checked: Cell::default(),
            random: Cell::new(0),
            ids: RefCell::default(),
        }
    }

    /// A world in which this person has signed in with the permissions for looking and inviting.
    pub fn with(name: &str) -> Self {
        let world = Self::new();
        world.sign_in_for_all(name);
        world
    }

    /// Signs this person in with the permissions for looking and inviting.
    pub fn sign_in_for_all(&self, name: &str) {
        let mut all = permissions::base();
        all.extend([permissions::DIRECTORY]);
        self.sign_in(name, all).unwrap();
    }

    pub fn client(&self) -> Client<'_> {
        Client { authority: &self.authority, client_id: &self.config.client_id, redirect_uri: REDIRECT }
    }

    pub fn random(&self) -> [u8; 96] {
        self.random.set(self.random.get() + 3);
        std::array::from_fn(|place| self.random.get() + u8::try_from(place / 32).unwrap())
    }

    /// Asks the identity platform as a browser would, with its cookie.
    pub fn visit(&self, method: Method, url: &str, form: &[(&str, &str)]) -> graph::Reply {
        let body = (!form.is_empty()).then(|| encode(form));
        let headers = Headers::default().with("Cookie", self.cookie.borrow().as_str());
        let path = url.strip_prefix(IDENTITY).unwrap_or(url).to_owned();
        let reply =
            self.tenant.borrow_mut().answer(Side::Identity, &Request { method, path, headers, body }, self.now.get()).answer.unwrap();
        if let Some(cookie) = reply.headers.get("Set-Cookie") {
            self.cookie.replace(cookie.split(';').next().unwrap().into());
        }
        reply
    }

    /// Picks this person and accepts; the answer that reaches the redirect page.
    pub fn walk(&self, question: &str, name: &str) -> String {
        let query = question.split_once('?').unwrap().1;
        let mut reply = self.visit(Method::Get, question, &[]);
        for _ in 0..5 {
            if let Some(to) = reply.headers.get("Location").map(str::to_owned) {
                if let Some(answer) = to.strip_prefix(REDIRECT) {
                    return answer.into();
                }
                reply = self.visit(Method::Get, &to, &[]);
            } else if reply.body.contains("Pick an account") {
                let id = self.id_of(name);
                reply = self.visit(Method::Post, "/pick", &[("query", query), ("user", &id)]);
            } else if reply.body.contains("Permissions requested") {
                reply = self.visit(Method::Post, "/consent", &[("query", query), ("decision", "accept")]);
            } else {
                panic!("the identity platform shows: {}", reply.body);
            }
        }
        panic!("the identity platform does not come to an end");
    }

    pub fn id_of(&self, name: &str) -> String {
        // Nobody of Contoso's own is ever renamed, and a directory of a million takes a while to list.
        if let Some(id) = self.ids.borrow().get(name) {
            return id.clone();
        }
        let users = self.tenant.borrow().users(self.now.get());
        let user = users.iter().find(|user| user["userPrincipalName"].as_str().unwrap().starts_with(&format!("{name}@")));
        let id = user.expect("a person of Contoso")["id"].as_str().unwrap().to_owned();
        self.ids.borrow_mut().insert(name.into(), id.clone());
        id
    }

    pub fn sign_in(&self, name: &str, scopes: Scopes) -> Result<(), AuthError> {
        self.sign_in_with(&Interaction { prompt: Some(identity::authorize::Prompt::SelectAccount), ..Interaction::default() }, name, scopes)
    }

    /// As the page's button *Sign in again* does: the same person and permissions, with what the last error demands.
    pub fn sign_in_again(&self) -> Result<(), AuthError> {
        let (account, scopes) = self.session.borrow().as_ref().map(|held| (held.account.clone(), held.tokens.scopes.clone())).unwrap();
        let claims = self.auth_error.take().and_then(|auth_error| auth_error.claims);
        let name = account.username.split('@').next().unwrap().to_owned();
        self.sign_in_with(&Interaction::again(Some(&account), claims), &name, scopes)
    }

    fn sign_in_with(&self, interaction: &Interaction, name: &str, scopes: Scopes) -> Result<(), AuthError> {
        let (question, pending) = self.client().authorization_request(scopes, "#/invite", interaction, &self.random());
        match parse_redirect(&self.walk(&question, name), Some(&pending)) {
            RedirectResult::Code(code) => {
                let (account, tokens) =
                    now_or_never(self.client().exchange_code(code, pending, self.now.get(), &|request| self.carry_token_request(request)))?;
                self.session.replace(Some(Session { account, tokens, signed_out: None, signed_in: Some(self.now.get()) }));
                self.renewal.replace(Renewal::default());
                Ok(())
            }
            RedirectResult::Refused(auth_error) => Err(auth_error),
            other => panic!("{other:?}"),
        }
    }

    /// oauth2's HTTP client: the sample tenant's token endpoint, as a page of ours reaches it. Of the headers a browser shows what
    /// is exposed.
    pub fn carry_token_request(
        &self,
        request: identity::token::HttpRequest,
    ) -> std::future::Ready<Result<identity::token::HttpResponse, std::io::Error>> {
        let body = String::from_utf8(request.body().clone()).unwrap();
        let headers = Headers::default().with("Origin", PAGE);
        let path = request.uri().to_string().replace(IDENTITY, "");
        let question = Request { method: Method::Post, path, headers, body: Some(body) };
        let Ok(reply) = self.tenant.borrow_mut().answer(Side::Identity, &question, self.now.get()).answer else {
            return std::future::ready(Err(std::io::ErrorKind::ConnectionReset.into()));
        };
        let is_exposed = reply.headers.get("Access-Control-Expose-Headers").is_some_and(|names| names.contains("Retry-After"));
        let wait = reply.headers.get("Retry-After").filter(|_| is_exposed).map(|wait| wait.parse().unwrap());
        let mut response = identity::token::HttpResponse::new(reply.body.into_bytes());
        if let Some(wait) = wait {
            response.headers_mut().insert("Retry-After", wait);
        }
        *response.status_mut() = identity::token::http::StatusCode::from_u16(reply.status).unwrap();
        std::future::ready(Ok(response))
    }

    pub fn renew(&self) -> Result<(), AuthError> {
        let mut session = self.session.borrow().clone().expect("somebody is signed in");
        session.tokens =
            now_or_never(self.client().renew(&session.tokens, &|| self.now.get(), &|request| self.carry_token_request(request)))?;
        self.session.replace(Some(session));
        Ok(())
    }

    fn step(&self, ask: impl Fn(&Renewal, &Session) -> RenewalStep) -> RenewalStep {
        self.session.borrow().as_ref().map_or_else(
            || RenewalStep::Without(NoToken::Person(Box::new(AuthError::signed_out()))),
            |session| ask(&self.renewal.borrow(), session),
        )
    }

    /// Asks the token endpoint as the page does (`app/session.rs`). Whether there are fresh tokens.
    fn renews(&self) -> bool {
        let renewed = self.renew();
        let mut renewal = self.renewal.borrow_mut();
        match renewed {
            Ok(()) => renewal.done(),
            Err(auth_error) => {
                if let Some(session) = self.session.borrow_mut().as_mut().filter(|_| auth_error.drop_refresh_token) {
                    session.tokens.refresh = None;
                }
                renewal.failed(auth_error, self.now.get());
                return false;
            }
        }
        true
    }

    /// A token, as `session::token` of the page gives it.
    fn token(&self) -> Result<Secret, NoToken> {
        let step = || self.step(|renewal, session| renewal.step(session, self.now.get()));
        if step() == RenewalStep::Renew {
            self.renews();
        }
        match step() {
            RenewalStep::Without(none) => Err(none),
            _ => Ok(self.session.borrow().as_ref().unwrap().tokens.access.clone()),
        }
    }

    /// As `session::after_refusal` of the page.
    fn after_refusal(&self, claims: Option<&str>) -> Result<(), NoToken> {
        let step = || self.step(|renewal, session| renewal.after_refusal(claims, session, self.now.get()));
        if let RenewalStep::Without(none) = step() {
            return Err(none);
        }
        match (self.renews(), step()) {
            (false, RenewalStep::Without(none)) => Err(none),
            _ => Ok(()),
        }
    }

    /// One request to Graph with a good token, and when its answer arrives.
    pub fn carry(&self, request: &Request) -> (Moment, Answer) {
        let token = match self.token() {
            Ok(token) => token,
            Err(none) => return (self.now.get(), Err(unreached_without(&none))),
        };
        let mut headers = request.headers.clone().with("Authorization", format!("Bearer {}", token.reveal()));
        headers = headers.with("client-request-id", "story");
        let outside = Request { path: format!("/v1.0{}", request.path), headers, ..request.clone() };
        let told = self.tenant.borrow_mut().answer(Side::Graph, &outside, self.now.get());
        if let Ok(reply) = &told.answer
            && self.checked.get() < CHECKED
        {
            self.checked.set(self.checked.get() + 1);
            schema::check(request, reply).unwrap_or_else(|deviation| panic!("not of the schema: {deviation}"));
        }
        (self.now.get() + told.after + self.latency, told.answer)
    }

    pub fn may_look(&self) -> bool {
        self.session.borrow().as_ref().is_some_and(|session| session.may(permissions::DIRECTORY))
    }

    pub fn look_up(&self, list: &List) -> TenantSnapshot {
        self.look_with(list, |look| look)
    }

    pub fn look_with(&self, list: &List, also: fn(Lookup) -> Lookup) -> TenantSnapshot {
        let addresses = list.rows().filter_map(|row| Address::parse(row.cell("email")).ok());
        let mut look = also(Lookup::new(GRAPH, addresses));
        assert_eq!(self.drive(&mut look, |never| match *never {}, usize::MAX), Stopped::Done);
        look.finish().unwrap()
    }

    pub fn plan(&self, list: &List, before: &[Stored]) -> Plan {
        self.plan_as(list, before, &plan::Choices::default())
    }

    /// As [`Self::plan`], with what somebody chose.
    pub fn plan_as(&self, list: &List, before: &[Stored], choices: &plan::Choices) -> Plan {
        plan::plan(
            list,
            &letter(),
            &self.look_up(list),
            &Default::default(),
            &guestlist::jobs::invite::journal::invited_before(before, TENANT_ID, &Default::default()),
            choices,
        )
    }

    /// Drives the machine for at most `steps` questions. Answers that had not arrived by then are never heard.
    pub fn drive<M: StateMachine>(&self, machine: &mut M, write: impl FnMut(&M::Record), steps: usize) -> Stopped {
        self.drive_while(machine, write, steps, |_, _| {})
    }

    /// The same, with something that happens `meanwhile`: it is told the number of each step.
    pub fn drive_while<M: StateMachine>(
        &self,
        machine: &mut M,
        write: impl FnMut(&M::Record),
        steps: usize,
        meanwhile: impl FnMut(usize, &mut M),
    ) -> Stopped {
        self.driven(machine, write, steps, meanwhile, Millis(i64::MAX))
    }

    fn driven<M: StateMachine>(
        &self,
        machine: &mut M,
        mut write: impl FnMut(&M::Record),
        steps: usize,
        mut meanwhile: impl FnMut(usize, &mut M),
        at_once: Millis,
    ) -> Stopped {
        let mut flying: Vec<(Moment, Ticket, Answer)> = Vec::new();
        for step in 0..steps {
            meanwhile(step, machine);
            machine.wall_clock(self.clock.get());
            match machine.next(self.now.get()) {
                Action::Record(record) => {
                    write(&record);
                    machine.recorded();
                }
                Action::Send(ticket, request) => {
                    let (at, answer) = self.carry(&request);
                    flying.push((at, ticket, answer));
                }
                Action::WaitUntil(then) => self.wait(machine, &mut flying, then.min(self.now.get() + at_once)),
                Action::Abandon(ticket) => flying.retain(|(_, other, _)| *other != ticket),
                Action::WaitForReply => {
                    let (at, ticket, answer) = first_of(&mut flying, None).expect("somebody waits for a reply that nobody sends");
                    assert!(at < NEVER, "somebody waits for a server that stays silent");
                    self.hear(machine, at, ticket, &answer);
                }
                Action::SignIn(claims) => match self.after_refusal(claims.as_deref()) {
                    Ok(()) => machine.signed_in(),
                    Err(NoToken::Until(then)) => self.wait(machine, &mut flying, then),
                    Err(NoToken::Person(auth_error)) => {
                        self.auth_error.replace(Some(*auth_error));
                        return Stopped::SignInNeeded;
                    }
                },
                Action::Idle => return Stopped::Idle,
                Action::Done => return Stopped::Done,
            }
        }
        Stopped::Killed
    }

    /// Until the next answer arrives, but no longer than this.
    fn wait<M: StateMachine>(&self, machine: &mut M, flying: &mut Vec<(Moment, Ticket, Answer)>, then: Moment) {
        assert!(then > self.now.get(), "waiting for the past never ends");
        match first_of(flying, Some(then)) {
            Some((at, ticket, answer)) => self.hear(machine, at, ticket, &answer),
            None => self.now.set(then),
        }
    }

    /// The same to the end, never waiting longer than a tenth of a second at once: a person may want something at any moment.
    pub fn drive_ticking<M: StateMachine>(
        &self,
        machine: &mut M,
        write: impl FnMut(&M::Record),
        meanwhile: impl FnMut(usize, &mut M),
    ) -> Stopped {
        self.driven(machine, write, usize::MAX, meanwhile, Millis(100))
    }

    fn hear<M: StateMachine>(&self, machine: &mut M, at: Moment, ticket: Ticket, answer: &Answer) {
        self.now.set(at.max(self.now.get()));
        machine.heard(ticket, answer, self.now.get());
    }

    /// Runs to the end, and returns the run and its journal.
    pub fn run(&self, plan: &Plan) -> (Run, Vec<Entry>) {
        let mut run = Run::new(plan, Ramp::Careful, self.may_look(), self.now.get());
        let mut journal = Vec::new();
        assert_eq!(self.drive(&mut run, |entries: &Vec<Entry>| journal.extend(entries.clone()), 1_000_000), Stopped::Done);
        (run, journal)
    }

    /// How many mails each address got.
    pub fn mails(&self) -> BTreeMap<String, usize> {
        let mut mails = BTreeMap::new();
        for mail in self.tenant.borrow().outbox() {
            *mails.entry(mail.to.clone()).or_insert(0) += 1;
        }
        mails
    }

    /// Nobody got two mails, and the sums match.
    pub fn assert_none_lost_none_doubled(&self, plan: &Plan, run: &Run) {
        let twice: Vec<String> = self.mails().into_iter().filter(|(_, mails)| *mails > 1).map(|(to, _)| to).collect();
        assert!(twice.is_empty(), "invited twice: {twice:?}");
        let tally = run.tally();
        assert_eq!((tally.total(), tally.open), (plan.rows.len(), 0), "{tally:?}");
    }
}

#[derive(Debug, PartialEq, Eq)]
pub enum Stopped {
    Done,
    Idle,
    SignInNeeded,
    Killed,
}

fn first_of(flying: &mut Vec<(Moment, Ticket, Answer)>, before: Option<Moment>) -> Option<(Moment, Ticket, Answer)> {
    let place = flying.iter().enumerate().min_by_key(|(_, (at, ..))| *at)?.0;
    if before.is_some_and(|before| flying[place].0 > before) { None } else { Some(flying.remove(place)) }
}

pub fn list(text: &str) -> List {
    let mut list = List::default();
    for cells in quick_add::read(text).unwrap().rows {
        list.add(&cells);
    }
    list
}

/// `count` guests at this domain.
pub fn guests(count: usize, domain: &str) -> String {
    (0..count).map(|number| format!("guest{number}@{domain}\n")).collect()
}

pub fn letter() -> Letter {
    Letter {
        message: "Dear {{displayName|guest}}".into(),
        redirect_url: "https://myapps.microsoft.com/?tenantid=x".into(),
        ..Letter::default()
    }
}

/// What the letter makes of a row, by Microsoft's mail.
pub fn invitation_of(letter: &Letter, row: guestlist::rows::Row<'_>, address: &Address) -> graph::invitations::Invitation {
    guestlist::letter::renderer::Renderer::new(letter, &Default::default()).invitation(row, address, guestlist::letter::Channel::Microsoft)
}

pub fn stored(plan: &Plan, list: &List, entries: Vec<Entry>) -> Stored {
    let header = Header {
        id: "run-1".into(),
        tenant_id: TENANT_ID.into(),
        tenant: "Contoso".into(),
        by: "guest-inviter@contoso.example".into(),
        begun: MORNING,
        list: list.clone(),
        letter: letter(),
        plan: plan.clone(),
        ramp: Ramp::Careful,
        writer: Default::default(),
    };
    Stored::new(header, entries)
}

/// The outcome's name of the row with this address.
pub fn outcome_of(plan: &Plan, run: &Run, email: &str) -> String {
    let row = plan.rows.iter().find(|row| row.email == email).expect("a row with this address").row;
    run.ended(row).map_or_else(|| "open".into(), |ended| ended.outcome.name().to_owned())
}

pub fn encode(form: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

/// The sample tenant answers at once, so nothing here is ever pending.
pub fn now_or_never<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits for something"),
    }
}

/// A plan for this many guests, made directly: making lists and looking people up have stories of their own. One in
/// twenty has an address with a fault of its own.
pub fn plan_of(rows: u32) -> Plan {
    const FAULTS: [&str; 5] = ["refused", "flaky", "throttled", "late", "ghost"];
    let letter = letter();
    let planned = (0..rows).map(|row| {
        let domain = if row % 20 == 7 { FAULTS[row as usize / 20 % FAULTS.len()] } else { "fabrikam" };
        let email = format!("guest{row}@{domain}.example");
        let address = Address::parse(&email).unwrap_or_else(|problem| panic!("{email}: {problem:?}"));
        let invitation = invitation_of(&letter, List::default().row(0), &address);
        Planned {
            row,
            email,
            name: String::new(),
            step: PlanStep::Invite(Arc::new(invitation)),
            note: None,
            action: plan::RowAction::Invite,
            channel: Default::default(),
        }
    });
    Plan { rows: planned.collect(), tenant: "Contoso".into(), warnings: Vec::new(), merge_context: Default::default() }
}

/// Seconds that a run of this many rows took, with its sums checked.
pub fn simulated(rows: u32) -> f64 {
    let world = World::with("guest-inviter");
    let plan = plan_of(rows);
    let begun = Instant::now();
    let mut run = Run::new(&plan, Ramp::AtTheLimit, true, world.now.get());
    let mut written = 0;
    // A million guests take Graph longer than a sign-in lives.
    while world.drive(&mut run, |entries: &Vec<Entry>| written += entries.len(), usize::MAX) == Stopped::SignInNeeded {
        world.sign_in_for_all("guest-inviter");
        run.signed_in();
    }
    let seconds = begun.elapsed().as_secs_f64();
    world.assert_none_lost_none_doubled(&plan, &run);
    let tally = run.tally();
    let faults = rows as usize / 20;
    assert_eq!((tally.refused, tally.not_found), (faults.div_ceil(5), faults / 5), "{tally:?}");
    assert!(written >= rows as usize * 2);
    seconds
}
