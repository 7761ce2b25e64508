//! A browser with several windows of the page, in made-up time: one database, its locks, a network, a wall clock that may be
//! wrong. Each window drives the same [`Tab`] and [`Drafting`] as the page does, one action at a time, so that windows can get
//! in each other's way.

use super::database::Database;
use super::network::{Network, NetworkFault};
use super::support::{GRAPH, World, now_or_never};
use graph::{Answer, Request};
use guestlist::bulk::journal::JournalEntry;
use guestlist::bulk::{Bulk, Job, Ramp};
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::allowance::{TenantKind, Terms};
use guestlist::jobs::invite::journal::{Header, Writer};
use guestlist::jobs::invite::plan::{self, Choices, Plan};
use guestlist::jobs::recycle_bin::RecycleRun;
use guestlist::letter::Letter;
use guestlist::lookup::Lookup;
use guestlist::owner::Owner;
use guestlist::protocol::{Action, StateMachine, Ticket};
use guestlist::rows::{Address, List};
use guestlist::storage::allowance;
use guestlist::storage::drafts::Draft;
use guestlist::storage::journal::{EarlierInvitations, Journal};
use guestlist::storage::overview::{Overview, OverviewReading};
use guestlist::storage::{Committed, Denied, Records, Store, StoreChange, Transaction};
use guestlist::tab::drafting::{self, Drafting, Keeping};
use guestlist::tab::{Beginning, Locked, RunIntent, Tab, TabAction, TabReport};
use identity::Session;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use tenant::TENANT_ID;
use time::{Millis, Moment};

/// Somebody who can sign in.
#[derive(Clone)]
pub struct TestPerson {
    pub owner: Owner,
    pub session: Session,
}

impl TestPerson {
    /// Whoever is signed in in this world.
    pub fn from_world(world: &World) -> Self {
        let session = world.session.borrow().clone().expect("somebody is signed in");
        let account = &session.account;
        let owner = Owner {
            cloud: GRAPH.into(),
            tenant: account.tenant_id.clone(),
            person: account.object_id.clone(),
            username: account.username.clone(),
        };
        Self { owner, session }
    }

    pub fn writer(&self) -> Writer {
        let id = self.owner.person.split('.').next().unwrap_or_default();
        Writer { id: id.into(), mail: Some(self.owner.username.clone()), graph: GRAPH.into() }
    }
}

/// What a window is at.
enum Doing {
    Nothing,
    /// *Check*, with whom this browser had invited when it began.
    Checking(Box<Lookup>, EarlierInvitations),
    /// The tab wants to know who is there by now.
    Looking(Box<Lookup>),
    Carrying(Box<Run>),
    /// Guests are taken back, or restored.
    Moving(Box<RecycleRun>),
}

/// A tab of the browser. It keeps its place when it is killed.
pub struct Window {
    /// Which of all that ever were it is.
    pub id: u64,
    pub tab: Tab,
    /// Of [`Browser::people`].
    pub person: Option<usize>,
    pub is_open: bool,
    pub list: List,
    pub letter: Letter,
    pub drafting: Drafting,
    /// What was composed is to be written down as soon as nothing else of the draft is at work.
    is_edited: bool,
    pub checked: Option<(Plan, EarlierInvitations)>,
    /// What is done for whom in the next plan.
    pub choices: Choices,
    pub report: Option<TabReport>,
    doing: Doing,
    /// Which machine asks: an answer to an earlier one is heard by nobody.
    talk: u64,
    has_looked: bool,
    /// When it goes on by itself, as time passes.
    wakes: Option<Moment>,
    /// Its run is paused, and nothing of it is on its way.
    is_paused: bool,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowStep {
    Did,
    /// Until then, or until an answer comes.
    Waits(Option<Moment>),
    /// A paused run, until somebody says go on.
    Paused,
    Rests,
}

/// When a window dies with the next transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    Before,
    After,
}

type Ways = Box<dyn FnMut(&Request) -> (Millis, Option<NetworkFault>)>;

pub struct Browser {
    pub world: World,
    pub database: Database,
    pub people: Vec<TestPerson>,
    pub windows: Vec<Window>,
    pub network: Network,
    /// How far the wall clock is ahead of the time.
    pub skew: Millis,
    /// How long the machine slept while the clock stood still that waits are measured by, as it does in some browsers.
    pub slept: Millis,
    /// How long a request takes to arrive, and what happens to it.
    pub ways: Ways,
    pub death: Option<Death>,
    locks: BTreeMap<String, u64>,
    made: u64,
    read: RefCell<Option<(usize, Rc<Journal>)>>,
    pub runs: u64,
    /// Of runs that are begun.
    pub ramp: Ramp,
    /// What is wanted of a draft comes about before the next thing happens; otherwise step by step, as everything else.
    pub is_draft_quick: bool,
    /// What is wanted is wanted with a token that may read the directory.
    pub may_look: bool,
    /// Whoever has said nothing of the tenant's subscription counts as having said that it is paid for and old, as Contoso is.
    pub is_paid_and_old: bool,
}

impl Browser {
    pub fn new(world: World, people: Vec<TestPerson>, windows: usize) -> Self {
        let mut browser = Self {
            world,
            database: Database::default(),
            people,
            windows: Vec::new(),
            network: Network::default(),
            skew: Millis(0),
            slept: Millis(0),
            ways: Box::new(|_| (Millis(60), None)),
            death: None,
            locks: BTreeMap::new(),
            made: 0,
            read: RefCell::default(),
            runs: 0,
            ramp: Ramp::Careful,
            is_draft_quick: true,
            may_look: true,
            is_paid_and_old: true,
        };
        for _ in 0..windows {
            let window = browser.fresh();
            browser.windows.push(window);
        }
        browser
    }

    fn fresh(&mut self) -> Window {
        self.made += 1;
        Window {
            id: self.made,
            tab: Tab::default(),
            person: None,
            is_open: true,
            list: List::default(),
            letter: Letter::default(),
            drafting: Drafting::default(),
            is_edited: false,
            checked: None,
            choices: Choices::default(),
            report: None,
            doing: Doing::Nothing,
            talk: self.made,
            has_looked: false,
            wakes: None,
            is_paused: false,
        }
    }

    /// A machine begins to talk in this window.
    fn begin(&mut self, place: usize, doing: Doing) {
        self.made += 1;
        let window = &mut self.windows[place];
        (window.doing, window.talk) = (doing, self.made);
    }

    pub fn now(&self) -> Moment {
        self.world.now.get()
    }

    /// What the clock shows that waits are measured by.
    pub fn steady(&self) -> Moment {
        self.now() - self.slept
    }

    /// What the wall clock shows.
    pub fn wall(&self) -> Moment {
        self.now() + self.skew
    }

    pub fn owner(&self, place: usize) -> Option<Owner> {
        self.windows[place].person.map(|person| self.people[person].owner.clone())
    }

    /// What lies in the database, as it is read by the page. Read once for as long as nothing is written.
    pub fn journal(&self) -> Rc<Journal> {
        let written = self.database.written;
        if let Some((_, journal)) = self.read.borrow().as_ref().filter(|(as_of, _)| *as_of == written) {
            return Rc::clone(journal);
        }
        let journal = Rc::new(self.read_journal());
        self.read.replace(Some((written, Rc::clone(&journal))));
        journal
    }

    /// The runs as a page reads them, which keeps for the next time what it has found out.
    pub fn overview(&mut self, mut reading: OverviewReading) -> Overview {
        reading.heard_first(&self.database.ask(&reading.asks_first())).expect("there is an answer to each question");
        while let Some(queries) = reading.asks() {
            for transaction in reading.heard(&self.database.ask(&queries), self.wall()) {
                assert_eq!(self.database.commit(&transaction), Committed::Done);
            }
        }
        let (overview, orphans) = reading.end();
        orphans.iter().for_each(|transaction| _ = self.database.commit(transaction));
        overview
    }

    /// Whom of these this browser invited before, as a page finds it out: the same as all records tell.
    pub fn before(&mut self, owner: &Owner, addresses: &[Address]) -> EarlierInvitations {
        let before = self.overview(OverviewReading::of_invitations(addresses.to_vec())).before(owner);
        let whole = self.journal().before(owner);
        assert_eq!(before.as_of, whole.as_of);
        for address in addresses {
            assert_eq!(before.invited.get(address), whole.invited.get(address), "what is kept beside runs says what they say");
        }
        before
    }

    fn read_journal(&self) -> Journal {
        Journal::read(&self.database.range(Store::Runs, ""), &self.database.range(Store::Entries, ""))
    }

    // What a person does.

    pub fn sign_in(&mut self, place: usize, person: usize) {
        if self.windows[place].person.is_some_and(|before| before != person) {
            self.sign_out(place);
        }
        self.windows[place].person = Some(person);
        self.windows[place].tab.sign_in(self.people[person].owner.clone());
        self.windows[place].drafting.sign_in(self.people[person].owner.clone());
        self.settle_draft(place, drafting::DraftIntent::Open);
    }

    pub fn sign_out(&mut self, place: usize) {
        let window = &mut self.windows[place];
        window.tab.sign_out();
        window.person = None;
        (window.list, window.letter, window.drafting, window.is_edited, window.checked) = Default::default();
        if matches!(window.doing, Doing::Checking(..)) {
            window.doing = Doing::Nothing;
        }
    }

    /// The tab is gone in this moment, and its locks are free. `cut`: with what had not arrived yet.
    pub fn kill(&mut self, place: usize, cut: bool) {
        let Window { id, talk, .. } = self.windows[place];
        self.locks.retain(|_, holder| *holder != id);
        if cut {
            self.network.cut(talk);
        }
        self.windows[place] = Window { is_open: false, ..self.fresh() };
    }

    pub fn open(&mut self, place: usize, person: Option<usize>) {
        self.windows[place].is_open = true;
        if let Some(person) = person {
            self.sign_in(place, person);
        }
    }

    /// Begins with what is wanted of the draft; `false` while something else is.
    pub fn settle_draft(&mut self, place: usize, intent: drafting::DraftIntent) -> bool {
        let begins = self.windows[place].drafting.want(intent);
        while self.is_draft_quick && !self.windows[place].drafting.is_idle() {
            self.step_draft(place);
        }
        begins
    }

    /// Changes what is composed and keeps it. Where another window has written the draft since, that one is shown instead.
    pub fn edit(&mut self, place: usize, change: impl FnOnce(&mut List, &mut Letter)) {
        let window = &mut self.windows[place];
        if window.person.is_none() {
            return;
        }
        change(&mut window.list, &mut window.letter);
        window.checked = None;
        window.drafting.edited();
        let begins = self.settle_draft(place, drafting::DraftIntent::Keep);
        self.windows[place].is_edited = !begins;
        if self.is_draft_quick && *self.windows[place].drafting.keeping() == Keeping::ChangedElsewhere {
            self.settle_draft(place, drafting::DraftIntent::Open);
        }
    }

    fn step_draft(&mut self, place: usize) {
        let touched = self.wall();
        let window = &mut self.windows[place];
        match window.drafting.next_action() {
            drafting::DraftAction::Read(ranges) => {
                let read = self.database.read(&ranges);
                window.drafting.read(read);
            }
            drafting::DraftAction::Show(draft) => (window.list, window.letter, window.checked) = (draft.list, draft.letter, None),
            drafting::DraftAction::Add(draft) => {
                window.list.take_over(draft.list);
                window.checked = None;
                if window.letter.message.is_empty() {
                    window.letter = draft.letter;
                }
            }
            drafting::DraftAction::Compose { .. } => {
                let draft = Draft { list: window.list.clone(), letter: window.letter.clone(), touched, ..Draft::default() };
                window.drafting.composed(&draft, true, Vec::new());
            }
            drafting::DraftAction::Commit(transaction) => {
                if let Some(committed) = self.commit(place, &transaction) {
                    self.windows[place].drafting.committed(committed);
                }
            }
            drafting::DraftAction::Rest(_) => {}
        }
    }

    /// *Check*: whom this browser invited, and then who is there.
    pub fn check(&mut self, place: usize) {
        let Some(owner) = self.owner(place) else { return };
        let addresses: Vec<Address> = self.windows[place].list.rows().filter_map(|row| Address::parse(row.cell("email")).ok()).collect();
        let before = self.before(&owner, &addresses);
        let window = &mut self.windows[place];
        if matches!(window.doing, Doing::Nothing) && window.tab.is_idle() {
            let look = Box::new(Lookup::new(GRAPH, addresses));
            self.begin(place, Doing::Checking(look, before));
        }
    }

    /// Begins a run of the plan that was made, and says which.
    pub fn invite(&mut self, place: usize) -> Option<String> {
        let begun = self.wall();
        let window = &mut self.windows[place];
        let person = self.people.get(window.person?)?;
        if window.is_edited || !window.drafting.is_idle() {
            return None;
        }
        let (plan, before) = window.checked.clone()?;
        let id = format!("run-{}", self.runs + 1);
        let header = Header {
            id: id.clone(),
            tenant_id: TENANT_ID.into(),
            tenant: "Contoso".into(),
            by: person.owner.username.clone(),
            begun,
            list: window.list.clone(),
            letter: window.letter.clone(),
            plan,
            ramp: self.ramp,
            writer: person.writer(),
        };
        let beginning = Beginning { header, before, draft: window.drafting.own_revision(), changes: Default::default(), lately: None };
        self.want(place, RunIntent::Begin(Box::new(beginning))).then(|| {
            self.runs += 1;
            id
        })
    }

    pub fn want(&mut self, place: usize, intent: RunIntent) -> bool {
        let window = &mut self.windows[place];
        let is_free = window.person.is_some() && matches!(window.doing, Doing::Nothing);
        is_free && window.tab.want(intent, self.may_look)
    }

    /// Whether nothing of this window is on its way.
    pub fn is_quiet(&self, place: usize) -> bool {
        self.windows[place].tab.is_idle() || self.windows[place].is_paused
    }

    /// What this person has said of the tenant, from now on.
    pub fn set_tenant_kind(&mut self, person: usize, kind: TenantKind) {
        self.is_paid_and_old = false;
        for (key, text) in terms_of(&self.people[person].owner, &Terms::default().said(kind, self.wall())) {
            self.database.put(Store::Drafts, &key, &text);
        }
    }

    /// The run that this window carries out.
    pub fn run(&mut self, place: usize) -> Option<&mut Run> {
        if let Doing::Carrying(run) = &mut self.windows[place].doing { Some(run) } else { None }
    }

    /// Whether the tab has looked once more at who is there.
    pub fn has_looked(&self, place: usize) -> bool {
        self.windows[place].has_looked
    }

    // What happens by itself.

    /// The next thing in this window.
    pub fn step(&mut self, place: usize) -> WindowStep {
        let step = self.stepped(place);
        self.windows[place].is_paused = step == WindowStep::Paused;
        self.windows[place].wakes = if let WindowStep::Waits(then) = step { then } else { None };
        step
    }

    /// When windows that wait go on by themselves.
    pub fn wakes(&self) -> Option<Moment> {
        self.windows.iter().filter_map(|window| window.wakes).min()
    }

    fn stepped(&mut self, place: usize) -> WindowStep {
        if self.windows[place].is_edited && self.windows[place].drafting.is_idle() {
            self.windows[place].is_edited = !self.settle_draft(place, drafting::DraftIntent::Keep);
        }
        if !self.windows[place].drafting.is_idle() {
            self.step_draft(place);
            return WindowStep::Did;
        }
        match std::mem::replace(&mut self.windows[place].doing, Doing::Nothing) {
            Doing::Nothing => self.act(place),
            Doing::Checking(mut look, before) => match self.drive(place, look.as_mut()) {
                Driven::Done => {
                    self.plan(place, *look, before);
                    WindowStep::Did
                }
                Driven::GivenUp => WindowStep::Did,
                Driven::WindowStep(step) => self.go_on(place, Doing::Checking(look, before), step),
            },
            Doing::Looking(mut look) => match self.drive(place, look.as_mut()) {
                Driven::WindowStep(step) => self.go_on(place, Doing::Looking(look), step),
                Driven::Done => {
                    let now = self.steady();
                    self.windows[place].has_looked = true;
                    self.windows[place].tab.looked(look.finish(), now);
                    WindowStep::Did
                }
                Driven::GivenUp => {
                    let now = self.steady();
                    self.windows[place].tab.looked(Err(guestlist::protocol::ReadFailure::Unreached), now);
                    WindowStep::Did
                }
            },
            Doing::Carrying(run) => self.carry(place, run, Tab::append, Doing::Carrying),
            Doing::Moving(run) => self.carry(place, run, Tab::append_moves, Doing::Moving),
        }
    }

    fn go_on(&mut self, place: usize, doing: Doing, step: WindowStep) -> WindowStep {
        self.windows[place].doing = doing;
        step
    }

    fn plan(&mut self, place: usize, look: Lookup, before: EarlierInvitations) {
        let Ok(known) = look.finish() else { return };
        let window = &mut self.windows[place];
        let merge_context = plan::merge_context(&known, &BTreeMap::new());
        let plan = plan::plan(&window.list, &window.letter, &known, &merge_context, &before.invited, &window.choices);
        window.checked = Some((plan, before));
    }

    /// Carries out what was begun; `written` writes its entries, `again` is what the window is at while it goes on.
    fn carry<J: Job>(&mut self, place: usize, mut run: Box<Bulk<J>>, written: Written<J>, again: fn(Box<Bulk<J>>) -> Doing) -> WindowStep {
        // Whoever carried it has signed out.
        if written(&self.windows[place].tab, &[]).is_none() {
            self.windows[place].tab.carried();
            return WindowStep::Did;
        }
        run.wall_clock(self.skew + self.slept);
        let next = run.next(self.steady());
        if let Action::Record(entries) = next {
            let transaction = written(&self.windows[place].tab, &entries).expect("somebody is signed in");
            match self.commit(place, &transaction) {
                // The window is gone.
                None => {}
                Some(Ok(Committed::Done)) => {
                    run.recorded();
                    self.windows[place].doing = again(run);
                }
                Some(_) => self.windows[place].tab.carried(),
            }
            return WindowStep::Did;
        }
        match self.answer_next(place, run.as_mut(), next) {
            Driven::WindowStep(step) => self.go_on(place, again(run), step),
            Driven::Done | Driven::GivenUp => {
                self.windows[place].tab.carried();
                WindowStep::Did
            }
        }
    }

    fn act(&mut self, place: usize) -> WindowStep {
        if !self.windows[place].is_open {
            return WindowStep::Rests;
        }
        let (now, ahead) = (self.steady(), self.skew + self.slept);
        self.windows[place].tab.wall_clock(ahead);
        match self.windows[place].tab.next_action() {
            TabAction::Lock(name) => {
                let id = self.windows[place].id;
                let holder = *self.locks.entry(name).or_insert(id);
                self.windows[place].tab.locked(if holder == id { Locked::Here } else { Locked::Elsewhere });
            }
            TabAction::Read(ranges) => {
                let mut read = self.database.read(&ranges);
                if let (Ok(read), Some(owner), true) = (&mut read, self.owner(place), self.is_paid_and_old)
                    && let Some(terms) = read.last_mut().filter(|terms| terms.is_empty())
                {
                    *terms = terms_of(&owner, &Terms::default().said(TenantKind::OldPaid, now));
                }
                self.windows[place].tab.read(read, now);
            }
            TabAction::Look(addresses) => self.begin(place, Doing::Looking(Box::new(Lookup::again(GRAPH, addresses)))),
            TabAction::Commit(transaction) => {
                if let Some(committed) = self.commit(place, &transaction) {
                    self.windows[place].tab.committed(committed);
                }
            }
            TabAction::Carry(carrying) => {
                self.begin(place, Doing::Carrying(Box::new(carrying.run)));
                self.settle_draft(place, drafting::DraftIntent::Open);
            }
            TabAction::Move(moving) => self.begin(place, Doing::Moving(Box::new(moving.run))),
            TabAction::Unlock => {
                let id = self.windows[place].id;
                self.locks.retain(|_, holder| *holder != id);
            }
            TabAction::Rest(None) => return WindowStep::Rests,
            TabAction::Rest(report) => self.windows[place].report = report,
        }
        WindowStep::Did
    }

    /// `None` when the window did not live to hear of it.
    fn commit(&mut self, place: usize, transaction: &Transaction) -> Option<Result<Committed, Denied>> {
        match self.death.take() {
            Some(death) => {
                if death == Death::After {
                    _ = self.database.attempt(transaction);
                }
                self.kill(place, death == Death::Before);
                None
            }
            None => Some(self.database.attempt(transaction)),
        }
    }

    fn drive(&mut self, place: usize, look: &mut Lookup) -> Driven {
        let next = look.next(self.steady());
        if self.windows[place].person.is_none() { Driven::GivenUp } else { self.answer_next(place, look, next) }
    }

    /// Does what a machine wants next, but for writing down.
    fn answer_next<M: StateMachine>(&mut self, place: usize, machine: &mut M, next: Action<M::Record>) -> Driven {
        match next {
            Action::Send(ticket, request) => {
                self.send(place, ticket, request);
                Driven::WindowStep(WindowStep::Did)
            }
            Action::WaitUntil(then) => Driven::WindowStep(WindowStep::Waits(Some(then + self.slept))),
            Action::WaitForReply => Driven::WindowStep(WindowStep::Waits(None)),
            Action::Abandon(ticket) => {
                self.network.forget(self.windows[place].talk, ticket);
                Driven::WindowStep(WindowStep::Did)
            }
            Action::SignIn(claims) if claims.is_none() && self.renew(place) => {
                machine.signed_in();
                Driven::WindowStep(WindowStep::Did)
            }
            Action::SignIn(_) => Driven::GivenUp,
            Action::Idle => Driven::WindowStep(WindowStep::Paused),
            Action::Record(_) | Action::Done => Driven::Done,
        }
    }

    fn renew(&mut self, place: usize) -> bool {
        let Some(person) = self.windows[place].person else { return false };
        let (world, tokens) = (&self.world, &self.people[person].session.tokens);
        let renewed = now_or_never(world.client().renew(tokens, &|| world.now.get(), &|request| world.carry_token_request(request)));
        renewed.map(|tokens| self.people[person].session.tokens = tokens).is_ok()
    }

    fn send(&mut self, place: usize, ticket: Ticket, request: Request) {
        let window = &self.windows[place];
        let token = window.person.map(|person| self.people[person].session.tokens.access.reveal().to_owned()).unwrap_or_default();
        let (latency, fault) = (self.ways)(&request);
        let headers = request.headers.clone().with("Authorization", format!("Bearer {token}"));
        let request = Request { path: format!("/v1.0{}", request.path), headers, ..request };
        self.network.send(window.talk, ticket, request, self.world.now.get(), latency, fault);
    }

    /// Lets arrive what is due by now.
    pub fn arrive(&mut self) {
        while self.network.next().is_some_and(|at| at <= self.now()) {
            let heard = self.network.arrive(&mut self.world.tenant.borrow_mut(), self.world.now.get());
            if let Some((id, ticket, answer)) = heard {
                self.hear(id, ticket, &answer);
            }
        }
    }

    /// Lets time pass until something arrives, or a little.
    pub fn pass(&mut self) {
        let next = self.network.next().unwrap_or(self.now() + Millis(50));
        self.world.now.set(next.max(self.now()));
        self.arrive();
    }

    fn hear(&mut self, id: u64, ticket: Ticket, answer: &Answer) {
        let now = self.steady();
        let Some(window) = self.windows.iter_mut().find(|window| window.talk == id) else { return };
        match &mut window.doing {
            Doing::Nothing => {}
            Doing::Checking(look, _) | Doing::Looking(look) => look.heard(ticket, answer, now),
            Doing::Carrying(run) => run.heard(ticket, answer, now),
            Doing::Moving(run) => run.heard(ticket, answer, now),
        }
    }

    /// Steps all windows until nothing happens by itself any more; whether that came within so many steps.
    pub fn settle(&mut self, most: usize) -> bool {
        for _ in 0..most {
            let steps: Vec<WindowStep> = (0..self.windows.len()).map(|place| self.step(place)).collect();
            if steps.contains(&WindowStep::Did) {
                continue;
            }
            let Some(next) = self.wakes().into_iter().chain(self.network.next()).min() else { return true };
            self.world.now.set(next.max(self.now()));
            self.arrive();
        }
        false
    }
}

/// What lies in the database once this is known of a person's tenant.
fn terms_of(owner: &Owner, terms: &Terms) -> Records {
    let changes = allowance::keep(owner, &Records::new(), terms).into_iter().flat_map(|transaction| transaction.changes);
    changes.filter_map(|change| if let StoreChange::Put(_, key, text) = change { Some((key, text)) } else { None }).collect()
}

/// What writes the entries of a run that a tab carries out.
type Written<J> = fn(&Tab, &[JournalEntry<<J as Job>::Event>]) -> Option<Transaction>;

/// What came of asking a machine.
enum Driven {
    WindowStep(WindowStep),
    Done,
    GivenUp,
}
