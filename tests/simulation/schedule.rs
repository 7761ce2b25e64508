//! One seed: what two people do in two windows of one browser, and what goes wrong meanwhile, by chance.

use crate::browser::{Browser, Death, TestPerson, WindowStep};
use crate::database::StoreFault;
use crate::network::{BUSY, HTML, NetworkFault, THROTTLED};
use crate::rng::Rng;
use crate::support::{World, letter, list};
use graph::Request;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::allowance::TenantKind;
use guestlist::jobs::invite::journal::Stored;
use guestlist::jobs::invite::outcome::Outcome;
use guestlist::letter::{Channel, Letter};
use guestlist::tab::drafting::{self, Keeping};
use guestlist::tab::{ResumeScope, RunIntent, TabReport};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use time::Millis;

/// Whoever may have written entries of a run, by their places: who began it and who said that they take it over.
pub type Writers = BTreeSet<usize>;

/// What was counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub seeds: usize,
    pub actions: usize,
    pub kills: usize,
    pub runs: usize,
    pub guests: usize,
    pub faults: usize,
    /// Guests who never appear, so that nobody can tell that an invitation whose answer was lost arrived.
    pub unseen_twice: usize,
}

impl Figures {
    /// As `cargo xtask soak` adds them up.
    pub fn line(&self) -> String {
        let Self { seeds, actions, kills, runs, guests, faults, unseen_twice } = self;
        format!(
            "FIGURES seeds {seeds}, actions {actions}, kills {kills}, runs {runs}, guests written to {guests}, faults {faults}, written to again who never appear {unseen_twice}"
        )
    }

    pub fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.actions += other.actions;
        self.kills += other.kills;
        self.runs += other.runs;
        self.guests += other.guests;
        self.faults += other.faults;
        self.unseen_twice += other.unseen_twice;
    }
}

pub struct Simulation {
    pub browser: Browser,
    pub rng: Rng,
    /// What happened, to be read when something is wrong.
    pub trace: Vec<String>,
    pub wrong: Vec<String>,
    pub runs: BTreeMap<String, Writers>,
    /// Addresses of runs that somebody removed: nothing here tells of them any more.
    pub forgotten: BTreeSet<String>,
    /// Those of them who could not be seen then, so that they may be invited anew.
    pub excused: BTreeSet<String>,
    pub figures: Figures,
    /// Who has said that the draft which names no owner is theirs, and who was the first of them.
    pub claims: Writers,
    pub claimed: Option<usize>,
    /// Nobody invited is ever seen, so that the journal alone keeps from inviting twice; then nothing is lost on its way.
    pub is_blind: bool,
    /// The tenant may send ten invitations a day, and everybody has said so.
    pub is_limited: bool,
    addresses: Vec<String>,
    calm: Rc<Cell<bool>>,
    proxy: Rc<Cell<Option<Proxy>>>,
    faults: Rc<RefCell<Vec<String>>>,
}

/// Something on the way that refuses in Graph's place, with this status, so many requests.
#[derive(Clone, Copy, Debug)]
struct Proxy {
    status: u16,
    /// It looks at answers, so that Graph has carried the request out.
    after: bool,
    /// It lets through what only reads.
    reads: bool,
    left: u32,
}

impl Proxy {
    fn fault(self) -> NetworkFault {
        if self.after { NetworkFault::After(self.status, HTML) } else { NetworkFault::Instead(self.status, HTML) }
    }
}

/// Where addresses are, by how often.
const DOMAINS: [&str; 12] =
    ["fabrikam", "fabrikam", "fabrikam", "fabrikam", "flaky", "lost-reply", "late", "ghost", "refused", "throttled", "slow", "tailspin"];

/// How long a guest stays invisible. Less than an unanswered invitation is looked for, which is two minutes.
const DELAYS: [u32; 5] = [0, 3000, 15_000, 60_000, 60_000];
const NEVER: u32 = u32::MAX;

impl Simulation {
    pub fn new(seed: u64, world: &World, people: &[TestPerson]) -> Self {
        let mut rng = Rng::new(seed);
        let mut browser = Browser::new(world.clone(), people.to_vec(), 2);
        browser.is_draft_quick = false;
        let is_blind = rng.in_thousand(250);
        let is_limited = !is_blind && rng.in_thousand(200);
        let pool = if is_limited { rng.between(11, 16) } else { rng.between(3, 12) };
        let addresses = (0..pool).map(|number| {
            let domain = if is_blind { "fabrikam" } else { *rng.pick(&DOMAINS) };
            format!("guest{number}@{domain}.example")
        });
        let addresses = addresses.collect();
        browser.world.tenant.borrow_mut().knobs.delay_ms = if is_blind { NEVER } else { *rng.pick(&DELAYS) };
        if is_limited {
            (browser.world.tenant.borrow_mut().knobs.paid, browser.world.tenant.borrow_mut().knobs.age_days) = (false, 3);
            browser.set_tenant_kind(0, TenantKind::NewUnpaid);
        }
        let (calm, faults) = (Rc::new(Cell::new(is_blind)), Rc::new(RefCell::new(Vec::new())));
        let proxy: Rc<Cell<Option<Proxy>>> = Rc::default();
        let own_proxy = Rc::clone(&proxy);
        let (own_calm, own_faults, mut own) = (Rc::clone(&calm), Rc::clone(&faults), Rng::new(seed ^ 0x5eed));
        browser.ways = Box::new(move |request: &Request| {
            let latency = Millis(if own.in_thousand(100) { own.between(1000, 8000) } else { own.between(20, 400) });
            let batch = request.body.as_deref().unwrap_or_default();
            let writes = batch.contains("/invitations") || request.path.contains("sendMail");
            let stopped = own_proxy.get().filter(|proxy| !own_calm.get() && proxy.left > 0 && (writes || !proxy.reads));
            if let Some(proxy) = stopped {
                own_proxy.set(Some(Proxy { left: proxy.left - 1, ..proxy }));
            }
            let fault = (!own_calm.get() && own.in_thousand(120)).then(|| fault(&mut own));
            let fault = stopped.map(Proxy::fault).or(fault);
            if let Some(fault) = &fault {
                let kind = if batch.contains("/invitations") {
                    "invitations"
                } else if request.path.contains("sendMail") {
                    "a letter"
                } else {
                    "a look"
                };
                own_faults.borrow_mut().push(format!("on the way of {kind} of {} bytes: {fault:?}", batch.len()));
            }
            (latency, fault)
        });
        Self {
            browser,
            rng,
            trace: Vec::new(),
            wrong: Vec::new(),
            runs: BTreeMap::new(),
            forgotten: BTreeSet::new(),
            excused: BTreeSet::new(),
            figures: Figures { seeds: 1, ..Figures::default() },
            claims: Writers::new(),
            claimed: None,
            is_blind,
            is_limited,
            addresses,
            calm,
            proxy,
            faults,
        }
    }

    /// Everything of one seed; what was wrong is in `wrong`.
    pub fn run(&mut self) {
        self.earlier();
        self.left_behind();
        self.browser.sign_in(0, 0);
        let person = self.rng.below(2);
        self.browser.sign_in(1, person);
        let actions = self.rng.between(10, 32);
        for _ in 0..actions {
            self.action();
            self.see_what_is_shown();
            let steps = self.rng.below(80);
            for _ in 0..steps {
                let window = self.rng.below(2);
                let is_idle = self.browser.step(window) != WindowStep::Did && self.browser.step(1 - window) != WindowStep::Did;
                self.hear();
                if is_idle && !self.pass() {
                    break;
                }
            }
        }
        self.calm.set(true);
        self.browser.database.refusal = None;
        self.browser.death = None;
        self.browser.world.tenant.borrow_mut().knobs.token_fault_times = 0;
        self.come_to_an_end();
        self.figures.actions = usize::try_from(actions).unwrap_or(0);
        self.figures.runs = self.runs.len();
        self.figures.guests = self.browser.world.mails().len();
    }

    pub fn note(&mut self, words: impl Into<String>) {
        let seconds = (self.browser.now() - crate::support::MORNING).0 as f64 / 1000.0;
        for fault in self.faults.take() {
            self.figures.faults += 1;
            self.trace.push(format!("            {fault}"));
        }
        self.trace.push(format!("{seconds:>10.3} s  {}", words.into()));
    }

    /// Lets time pass until something happens by itself; whether anything does.
    fn pass(&mut self) -> bool {
        let wakes = self.browser.wakes();
        let next = wakes.into_iter().chain(self.browser.network.next()).min();
        if let Some(next) = next {
            self.browser.world.now.set(next.max(self.browser.now()));
            self.browser.arrive();
        }
        next.is_some()
    }

    fn hear(&mut self) {
        for window in 0..2 {
            if let Some(report) = self.browser.windows[window].report.take() {
                let words = match &report {
                    TabReport::NothingLeft(changes) => format!("nothing left: {}", changes.sentence(self.browser.wall())),
                    other => format!("{other:?}"),
                };
                self.note(format!("window {window}: {words}"));
            }
        }
    }

    /// What a person does, or what goes wrong.
    fn action(&mut self) {
        let window = self.rng.below(2);
        (0..self.browser.people.len()).for_each(|person| self.browser.refresh(person));
        if !self.browser.windows[window].is_open {
            let person = self.rng.below(2);
            self.note(format!("window {window} is opened by person {person}"));
            self.browser.open(window, Some(person));
            // Whoever sees a run that broke off resumes it at once, mostly.
            if self.rng.in_thousand(600) {
                self.take_up(window, person);
            }
            return;
        }
        let Some(person) = self.browser.windows[window].person else {
            let person = self.rng.below(2);
            self.note(format!("person {person} signs in in window {window}"));
            return self.browser.sign_in(window, person);
        };
        match self.rng.below(104) {
            0..40 => self.forward(window, person),
            40..52 => self.take_up(window, person),
            52..57 => self.take_over(window, person),
            57..60 => self.remove(window, person),
            60..68 => self.steer(window),
            68..71 => {
                self.note(format!("person {person} signs out in window {window}"));
                if !self.is_blind || self.browser.is_quiet(window) {
                    self.browser.sign_out(window);
                }
            }
            71..74 if !self.is_blind || self.browser.is_quiet(window) => {
                self.note(format!("window {window} goes from person {person} to the other"));
                self.browser.sign_in(window, 1 - person);
            }
            74..82 if !self.is_blind || self.browser.is_quiet(window) => {
                let cut = self.rng.in_thousand(500);
                self.note(format!("window {window} is killed"));
                self.figures.kills += 1;
                self.browser.kill(window, cut);
                if self.rng.in_thousand(500) {
                    self.note(format!("window {window} is loaded again"));
                    self.browser.open(window, Some(person));
                }
            }
            82..86 if !self.is_blind => {
                let death = *self.rng.pick(&[Death::Before, Death::After]);
                self.note(format!("the window that writes next dies: {death:?}"));
                self.figures.kills += 1;
                self.browser.death = Some(death);
            }
            86..91 if !self.is_blind => {
                let refusal = *self.rng.pick(&[StoreFault::NotDone, StoreFault::DoneUnheard]);
                self.note(format!("the database refuses once: {refusal:?}"));
                self.browser.database.refusal = Some(refusal);
            }
            91..97 if self.is_limited => {
                // Whoever signs in with a clock that is further behind is refused, and a day is counted by that clock.
                let minutes = self.rng.between(-4, 4);
                self.note(format!("the clock is {minutes} minutes ahead from here on"));
                self.browser.skew = Millis::minutes(minutes);
            }
            91..97 => {
                let minutes = self.rng.between(-20, 20);
                self.note(format!("the clock is set by {minutes} minutes"));
                self.browser.skew = self.browser.skew + Millis::minutes(minutes);
            }
            97 | 100 => {
                let (minutes, stands) = (*self.rng.pick(&[2, 80, 540]), self.rng.in_thousand(500));
                self.note(format!("the machine sleeps for {minutes} minutes; the clock that waits are measured by stands still: {stands}"));
                self.sleep(Millis::minutes(minutes), stands);
            }
            101..104 if !self.is_blind => {
                let status = *self.rng.pick(&[403, 403, 407, 407, 400, 404, 413, 451]);
                let (after, reads) = (self.rng.in_thousand(300), self.rng.in_thousand(500));
                let proxy = Proxy { status, after, reads, left: u32::try_from(self.rng.between(1, 12)).unwrap_or(1) };
                self.note(format!("something refuses on the way: {proxy:?}"));
                self.proxy.set(Some(proxy));
            }
            98 => {
                let (fault, times) = (*self.rng.pick(&["busy", "busyRetry", "throttled", "garbled", "cut"]), self.rng.between(1, 4));
                self.note(format!("the token endpoint fails {times} times: {fault}"));
                let knobs = &mut self.browser.world.tenant.borrow_mut().knobs;
                (knobs.token_fault, knobs.token_fault_times) = (fault.into(), u32::try_from(times).unwrap_or(1));
            }
            _ => self.forward(window, person),
        }
    }

    /// Time passes while nothing happens here; what was on its way arrives afterwards.
    fn sleep(&mut self, time: Millis, stands: bool) {
        self.browser.world.now.set(self.browser.now() + time);
        if stands {
            self.browser.slept = self.browser.slept + time;
        }
    }

    /// The next thing on the way to inviting.
    fn forward(&mut self, window: usize, person: usize) {
        if self.draft(window, person) {
            return;
        }
        if self.browser.windows[window].list.is_empty() || self.rng.in_thousand(100) {
            return self.compose(window, person);
        }
        if self.browser.windows[window].checked.is_none() || self.rng.in_thousand(100) {
            self.note(format!("window {window}: Check"));
            return self.browser.check(window);
        }
        self.browser.ramp = *self.rng.pick(&[guestlist::bulk::Ramp::Careful, guestlist::bulk::Ramp::AtTheLimit]);
        if let Some(run) = self.browser.invite(window) {
            self.note(format!("window {window}: Invite, {run} by person {person}"));
            self.runs.insert(run, Writers::from([person]));
        }
    }

    /// What is asked about the draft is answered, mostly.
    fn draft(&mut self, window: usize, person: usize) -> bool {
        let drafting = &self.browser.windows[window].drafting;
        let intent = match drafting.keeping() {
            Keeping::ChangedElsewhere => *self.rng.pick(&[drafting::DraftIntent::Open, drafting::DraftIntent::KeepThis]),
            Keeping::Kept if drafting.unclaimed().is_some() && self.rng.in_thousand(600) => {
                if self.rng.in_thousand(700) {
                    drafting::DraftIntent::Claim
                } else {
                    drafting::DraftIntent::Disown
                }
            }
            _ => return false,
        };
        self.note(format!("window {window}: person {person} settles the draft: {intent:?}"));
        if self.browser.settle_draft(window, intent) && intent == drafting::DraftIntent::Claim {
            self.claims.insert(person);
        }
        true
    }

    fn compose(&mut self, window: usize, person: usize) {
        let chosen: Vec<String> = self.addresses.clone().into_iter().filter(|_| self.rng.in_thousand(600)).collect();
        let own = self.rng.in_thousand(300);
        self.note(format!("window {window}: a draft of {} guests, own letter: {own}", chosen.len()));
        self.browser.edit(window, |into, words| {
            *into = list(&chosen.join("\n"));
            *words = letter_of(person, own);
        });
    }

    /// Some run, mostly one that this person is shown.
    fn some_run(&mut self, person: usize) -> Option<String> {
        let (journal, owner) = (self.browser.journal(), self.browser.people[person].owner.clone());
        let all = self.rng.in_thousand(150);
        let shown = journal.runs.iter().filter(|run| all || run.belongs_to(&owner)).map(|run| run.header.id.clone());
        let ids: Vec<String> = shown.chain(journal.unreadable.iter().map(|run| run.id.clone())).collect();
        (!ids.is_empty()).then(|| self.rng.pick(&ids).clone())
    }

    fn take_up(&mut self, window: usize, person: usize) {
        let Some(run) = self.some_run(person) else { return };
        // What was lost may be sent to a guest once more who never appears: that is a person's own doing.
        let scope = match self.rng.in_thousand(300) {
            true if self.is_blind => ResumeScope::Rows(self.not_sent(&run)),
            true => {
                self.excuse(&run);
                ResumeScope::Failed
            }
            false => ResumeScope::Open,
        };
        self.note(format!("window {window}: person {person} resumes {run}, {scope:?}"));
        self.browser.want(window, RunIntent::Resume { run, scope });
    }

    /// Rows of this run that never left.
    fn not_sent(&self, run: &str) -> BTreeSet<u32> {
        let journal = self.browser.journal();
        let Some(stored) = journal.run(run) else { return BTreeSet::new() };
        let run = Run::from_stored(stored, true, self.browser.wall());
        let rows = run.rows().filter(|(.., ended)| ended.is_some_and(|ended| matches!(ended.outcome, Outcome::NotSent(_))));
        rows.map(|(row, ..)| row).collect()
    }

    fn take_over(&mut self, window: usize, person: usize) {
        let runs: Vec<String> = self.browser.journal().runs.iter().map(|run| run.header.id.clone()).collect();
        if runs.is_empty() {
            return;
        }
        let run = self.rng.pick(&runs).clone();
        let writer = self.browser.people[person].writer();
        if self.browser.want(window, RunIntent::TakeOver { run: run.clone(), writer }) {
            self.note(format!("window {window}: person {person} takes over {run}"));
            self.runs.entry(run).or_default().insert(person);
        }
    }

    fn remove(&mut self, window: usize, person: usize) {
        if self.is_blind {
            return;
        }
        // What was deleted is counted towards the day no more; what was removed is.
        if !self.is_limited && self.rng.in_thousand(300) {
            self.note(format!("window {window}: person {person} deletes everything"));
            for run in self.runs.keys().cloned().collect::<Vec<_>>() {
                self.forget(&run);
            }
            self.browser.want(window, RunIntent::DeleteAll);
        } else if let Some(run) = self.some_run(person) {
            self.note(format!("window {window}: person {person} removes {run}"));
            self.forget(&run);
            self.browser.want(window, RunIntent::Remove { run });
        }
    }

    fn steer(&mut self, window: usize) {
        let (now, choice) = (self.browser.steady(), self.rng.below(4));
        let Some(run) = self.browser.run(window) else { return };
        let words = match choice {
            0 => {
                run.stop(now);
                "Stop"
            }
            1 | 2 => {
                run.pause();
                "Pause"
            }
            _ => {
                run.go_on();
                "Go on"
            }
        };
        self.note(format!("window {window}: {words}"));
    }

    /// Addresses of a run, whether it can be read or not.
    pub fn addresses_of(&self, run: &str) -> Vec<String> {
        let journal = self.browser.journal();
        let readable = journal.run(run).map(|run: &std::sync::Arc<Stored>| run.addresses().map(|(_, address)| address.key()).collect());
        let unreadable = journal.unreadable.iter().find(|own| own.id == run);
        readable.or_else(|| unreadable.map(|run| run.addresses.iter().map(|address| address.key()).collect())).unwrap_or_default()
    }

    /// Nobody who cannot be seen now can be told from somebody who was never invited.
    fn excuse(&mut self, run: &str) {
        let seen = self.seen();
        let hidden = self.addresses_of(run).into_iter().filter(|address| !seen.contains(address));
        self.excused.extend(hidden.collect::<Vec<_>>());
    }

    fn forget(&mut self, run: &str) {
        self.excuse(run);
        self.forgotten.extend(self.addresses_of(run));
    }

    /// Addresses of everybody who is seen in the directory by now.
    pub fn seen(&self) -> BTreeSet<String> {
        let users = self.browser.world.tenant.borrow().users(self.browser.now());
        users.iter().filter_map(|user| user["mail"].as_str().map(str::to_ascii_lowercase)).collect()
    }
}

/// A letter that tells whose it is.
pub fn letter_of(person: usize, own: bool) -> Letter {
    let message = format!("From person {person}: {}", if own { "{{redeemUrl}}" } else { "welcome" });
    let channel = if own { Channel::Mailbox } else { Channel::Microsoft };
    Letter { subject: "Welcome".into(), message, channel, ..letter() }
}

fn fault(rng: &mut Rng) -> NetworkFault {
    match rng.below(12) {
        0 => NetworkFault::Offline,
        1 => NetworkFault::CutBefore,
        2 | 3 => NetworkFault::CutAfter,
        4 => NetworkFault::Silence,
        5 => NetworkFault::Instead(503, BUSY),
        6 => NetworkFault::Instead(429, THROTTLED),
        7 => NetworkFault::Instead(*rng.pick(&[500, 502, 503, 504]), HTML),
        8 => NetworkFault::After(503, HTML),
        9 => NetworkFault::After(502, ""),
        10 => NetworkFault::After(*rng.pick(&[300, 301, 500, 502, 503, 504]), rng.pick::<&'static str>(&[HTML, "", "{}"])),
        _ => NetworkFault::After(200, rng.pick::<&'static str>(&["", "{", HTML])),
    }
}
