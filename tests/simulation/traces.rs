//! Every request that leaves and every record that is written in 500 seeded stories of one run (fault × delivery × stage × what
//! interrupts it there), held against what was recorded in `tests/golden/traces.br`. Whoever changes how a run goes on sees here
//! what they changed: `TRACE=17 cargo test --test simulation traces` prints a story and the first line that differs, and
//! `RECORD_TRACES=1 cargo test --profile bench --test simulation traces` records all of them anew.

use crate::browser::{Browser, TestPerson, WindowStep};
use crate::network::NetworkFault;
use crate::rng::Rng;
use crate::scenarios::{Scenario, scenarios};
use crate::support::{MORNING, World, letter, list};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use graph::Request;
use guestlist::bulk::Ramp;
use guestlist::jobs::invite::allowance::TenantKind;
use guestlist::jobs::invite::plan::RowAction;
use guestlist::letter::{Channel, Letter};
use guestlist::permissions;
use guestlist::storage::{SEQUENCE, Store};
use guestlist::tab::{ResumeScope, RunIntent};
use identity::session::TokenState;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use time::Millis;

const STORIES: u64 = 500;
/// So many steps of a window are more than any story takes.
const STEPS: usize = 60_000;
/// What parts the stories in the recorded file.
const STORY: &str = "=== story ";

/// *Send by*.
const DELIVERIES: [Channel; 5] = [Channel::Microsoft, Channel::Mailbox, Channel::Drafts, Channel::Teams, Channel::Files];

/// Where a row stands when the run is interrupted, as [`guestlist::jobs::invite::Run::rows`] says it.
const STAGES: [&str; 6] =
    ["Waiting", "Sending", "No answer, looking", "Created, not yet seen", "Invited, letter to come", "Invited, letter leaving"];

/// What interrupts a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Interruption {
    /// The tab is gone; what was on its way arrives all the same.
    Kill,
    /// And nothing of what had not arrived yet ever does.
    Cut,
    Stop,
    Pause,
    SignOut,
}

const INTERRUPTIONS: [Interruption; 7] = [
    Interruption::Kill,
    Interruption::Cut,
    Interruption::Kill,
    Interruption::Stop,
    Interruption::Cut,
    Interruption::Pause,
    Interruption::SignOut,
];

/// The people of all stories: whoever may look, and whoever may not.
struct People {
    world: World,
    looking: TestPerson,
    blind: TestPerson,
}

impl People {
    fn new() -> Self {
        let world = World::new();
        let person = |may_look: bool| {
            let mut all = permissions::base();
            all.extend(DELIVERIES.iter().flat_map(|channel| channel.scopes()).copied());
            all.extend(may_look.then_some(permissions::DIRECTORY));
            world.sign_in("guest-inviter", all).unwrap();
            TestPerson::from_world(&world)
        };
        // What was consented to once is granted from then on.
        let blind = person(false);
        let looking = person(true);
        Self { world, looking, blind }
    }
}

/// What was interrupted at which stage, of which delivery.
type Interrupted = (Channel, &'static str, Interruption);

struct Story {
    browser: Browser,
    rng: Rng,
    /// Requests that left since the last line.
    asked: Rc<RefCell<Vec<String>>>,
    lines: String,
    /// What lay in the database when it was looked at last.
    seen: BTreeMap<(Store, String), String>,
    written: usize,
    stage: &'static str,
    interruption: Option<Interruption>,
    interrupted: Vec<Interrupted>,
    channel: Channel,
}

impl Story {
    fn new(seed: u64, people: &People, scenarios: &[Scenario]) -> Self {
        let mut rng = Rng::new(seed ^ 0x7ace);
        let place = usize::try_from(seed).expect("a seed is small");
        let channel = DELIVERIES[place % DELIVERIES.len()];
        let scenario = &scenarios[(place / DELIVERIES.len()) % scenarios.len()];
        let stage = *rng.pick(&STAGES);
        let interruption = rng.in_thousand(850).then(|| *rng.pick(&INTERRUPTIONS));
        let person = if matches!(scenario, Scenario::NoDirectory) { &people.blind } else { &people.looking };
        let mut browser = Browser::new(people.world.clone(), vec![person.clone()], 1);
        browser.may_look = !matches!(scenario, Scenario::NoDirectory);
        browser.ramp = *rng.pick(&[Ramp::Careful, Ramp::AtTheLimit]);
        let asked: Rc<RefCell<Vec<String>>> = Rc::default();
        let (own_asked, mut own, way) = (
            Rc::clone(&asked),
            Rng::new(seed),
            match scenario {
                Scenario::Way(fault) => Some(fault.clone()),
                _ => None,
            },
        );
        browser.ways = Box::new(move |request| {
            let fault = way.clone().filter(|_| own.in_thousand(200));
            own_asked.borrow_mut().push(told(request, fault.as_ref()));
            (Millis(own.between(20, 400)), fault)
        });
        let mut story = Self {
            browser,
            rng,
            asked,
            lines: String::new(),
            seen: BTreeMap::new(),
            written: 0,
            stage,
            interruption,
            interrupted: Vec::new(),
            channel,
        };
        story.note(&format!("{STORY}{seed}: {}, {}, {interruption:?} at {stage:?}", channel.name(), scenario.words()));
        if let Scenario::Knob(_, turn) = scenario {
            turn(&mut story.browser.world.tenant.borrow_mut().knobs);
        }
        if matches!(scenario, Scenario::Allowance) {
            let mut tenant = story.browser.world.tenant.borrow_mut();
            (tenant.knobs.paid, tenant.knobs.age_days) = (false, 3);
            drop(tenant);
            story.browser.set_tenant_kind(0, TenantKind::NewUnpaid);
        }
        story.compose(scenario);
        story
    }

    fn compose(&mut self, scenario: &Scenario) {
        let guests = if matches!(scenario, Scenario::Allowance) { self.rng.between(11, 13) } else { self.rng.between(2, 9) };
        let domain = match scenario {
            Scenario::Domain(domain) => domain,
            _ => "fabrikam",
        };
        let address = |number: i64| format!("guest{number}@{}.example", if number % 3 == 1 { domain } else { "fabrikam" });
        let mut addresses: Vec<String> = (0..guests).map(address).collect();
        // Some guests are there already: they are skipped, or asked to be sent another mail.
        if self.rng.in_thousand(300) {
            addresses.extend(["grace@fabrikam.example", "linus@fabrikam.example"].map(str::to_owned));
            self.browser.windows[0].choices.known = self.rng.in_thousand(700).then_some(RowAction::Resend);
        }
        let channel = self.channel;
        self.browser.sign_in(0, 0);
        self.browser.edit(0, |into, words| {
            *into = list(&addresses.join("\n"));
            let message = if channel.is_microsoft() { "Dear {{displayName|guest}}" } else { "Accept here: {{redeemUrl}}" };
            *words = Letter { subject: "Welcome to {{tenant}}".into(), message: message.into(), channel, ..letter() };
        });
    }

    /// A line without a time.
    fn note(&mut self, words: &str) {
        _ = writeln!(self.lines, "{words}");
    }

    /// What happened since the last time: requests, and what lies in the database now.
    fn tell(&mut self) {
        let now = (self.browser.now() - MORNING).0;
        for request in self.asked.take() {
            _ = writeln!(self.lines, "{now} {request}");
        }
        if self.written == self.browser.database.written {
            return;
        }
        self.written = self.browser.database.written;
        let stores = [Store::Runs, Store::Entries];
        let lies: BTreeMap<_, _> = stores
            .into_iter()
            .flat_map(|store| self.browser.database.range(store, "").into_iter().map(move |(key, text)| ((store, key), text)))
            .collect();
        for (key, text) in lies.iter().filter(|(key, text)| key.1 != SEQUENCE && self.seen.get(*key) != Some(*text)) {
            _ = writeln!(self.lines, "{now} {} {} := {text}", key.0.name(), key.1);
        }
        for key in self.seen.keys().filter(|key| !lies.contains_key(*key)) {
            _ = writeln!(self.lines, "{now} {} {} removed", key.0.name(), key.1);
        }
        self.seen = lies;
    }

    /// Until nothing happens by itself any more.
    fn go_on(&mut self) {
        for _ in 0..STEPS {
            let step = self.browser.step(0);
            self.tell();
            if self.interrupt() {
                continue;
            }
            match step {
                WindowStep::Did => continue,
                WindowStep::Paused => {
                    self.note("Go on");
                    self.browser.run(0).into_iter().for_each(guestlist::jobs::invite::Run::go_on);
                    continue;
                }
                WindowStep::Waits(_) | WindowStep::Rests => {}
            }
            let Some(next) = self.browser.wakes().into_iter().chain(self.browser.network.next()).min() else { return };
            self.browser.world.now.set(next.max(self.browser.now()));
            self.browser.arrive();
        }
        panic!("it does not come to an end:\n{}", self.lines);
    }

    /// Interrupts the run once a row stands where this story wants it.
    fn interrupt(&mut self) -> bool {
        let Some(interruption) = self.interruption else { return false };
        let (stage, now) = (self.stage, self.browser.steady());
        let Some(run) = self.browser.run(0) else { return false };
        if !run.rows().any(|(_, word, _)| word == stage) || self.rng.in_thousand(400) {
            return false;
        }
        match interruption {
            Interruption::Stop => run.stop(now),
            Interruption::Pause => run.pause(),
            Interruption::Kill | Interruption::Cut => self.browser.kill(0, interruption == Interruption::Cut),
            Interruption::SignOut => self.browser.sign_out(0),
        }
        self.interruption = None;
        self.interrupted.push((self.channel, stage, interruption));
        self.note(&format!("{interruption:?}"));
        if !matches!(interruption, Interruption::Stop | Interruption::Pause) {
            // Some come back at once, some later.
            let later = Millis(*self.rng.pick(&[0, 2_000, 200_000, 4_000_000]));
            self.browser.world.now.set(self.browser.now() + later);
            self.sign_in_anew();
            self.browser.arrive();
            self.browser.open(0, Some(0));
        }
        true
    }

    /// Whoever's sign-in has ended signs in once more, with the same permissions.
    fn sign_in_anew(&mut self) {
        let Browser { world, people, .. } = &mut self.browser;
        let session = &people[0].session;
        if session.token_state(world.now.get()) == TokenState::SignIn
            && world.sign_in("guest-inviter", session.tokens.scopes.clone()).is_ok()
        {
            people[0].session = world.session.borrow().clone().unwrap();
        }
    }

    fn take_up(&mut self, scope: ResumeScope) {
        self.note(&format!("Resume {scope:?}"));
        self.sign_in_anew();
        self.browser.want(0, RunIntent::Resume { run: "run-1".into(), scope });
        self.go_on();
    }

    fn told(mut self) -> (String, Vec<Interrupted>) {
        self.browser.check(0);
        self.go_on();
        self.browser.invite(0);
        self.go_on();
        for _ in 0..2 {
            let is_unfinished = self.browser.journal().run("run-1").is_some_and(|run| run.is_unfinished());
            if is_unfinished {
                self.take_up(ResumeScope::Open);
            }
        }
        if self.rng.in_thousand(500) {
            self.take_up(ResumeScope::Failed);
        }
        let journal = self.browser.journal();
        if let Some(run) = journal.run("run-1") {
            let run = guestlist::jobs::invite::Run::from_stored(run, true, self.browser.now());
            let rows: Vec<String> = run.rows().map(|(row, word, _)| format!("{row} {word}")).collect();
            self.note(&rows.join("; "));
        }
        let mails = self.browser.world.mails();
        self.note(&format!("mails {mails:?}"));
        (self.lines, self.interrupted)
    }
}

/// A request in one line, but for a batch, whose items stand in lines of their own.
fn told(request: &Request, fault: Option<&NetworkFault>) -> String {
    let headers: Vec<String> = request.headers.0.iter().map(|(name, value)| format!(" {name}: {value}")).collect();
    let body = request.body.as_deref().unwrap_or_default();
    // A message travels in base64.
    let message = STANDARD.decode(body).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let body = message.unwrap_or_else(|| body.replace("},{\"", "},\n  {\"")).replace("\r\n", "\n  ");
    let fault = fault.map(|fault| format!("  meets {fault:?}")).unwrap_or_default();
    format!("{} {}{} {body}{fault}", request.method.as_str(), request.path, headers.join(","))
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/traces.br")
}

/// The recorded stories, by their numbers.
fn recorded() -> Vec<String> {
    let packed = std::fs::read(file()).unwrap();
    let mut text = String::new();
    brotli::Decompressor::new(packed.as_slice(), 1 << 16).read_to_string(&mut text).unwrap();
    text.split(STORY).skip(1).map(|story| format!("{STORY}{story}")).collect()
}

fn record(stories: &[String]) {
    let mut packed = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 24);
    packed.write_all(stories.concat().as_bytes()).unwrap();
    std::fs::write(file(), packed.into_inner()).unwrap();
}

/// Tells these stories, on all processors.
fn tell_all(numbers: &[u64]) -> Vec<(String, Vec<Interrupted>)> {
    let next = AtomicU64::new(0);
    let tell = || {
        let (people, scenarios) = (People::new(), scenarios());
        let take = || usize::try_from(next.fetch_add(1, Ordering::Relaxed)).ok().and_then(|place| numbers.get(place));
        std::iter::from_fn(take).map(|seed| (*seed, Story::new(*seed, &people, &scenarios).told())).collect::<Vec<_>>()
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut told: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(tell)).collect();
        running.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    told.sort_by_key(|(seed, _)| *seed);
    told.into_iter().map(|(_, story)| story).collect()
}

/// The first line that differs, with what stands there in both.
fn difference(before: &str, now: &str) -> Option<String> {
    let (mut before, mut now) = (before.lines(), now.lines());
    let mut last = "";
    loop {
        match (before.next(), now.next()) {
            (None, None) => return None,
            (old, new) if old == new => last = old.unwrap_or_default(),
            (old, new) => {
                return Some(format!("behind {last}\nrecorded: {}\nnow:      {}", old.unwrap_or("nothing"), new.unwrap_or("nothing")));
            }
        }
    }
}

#[test]
fn a_run_asks_and_writes_what_it_did_when_the_traces_were_recorded() {
    let only = std::env::var("TRACE").ok().map(|number| number.parse::<u64>().expect("TRACE is a number"));
    let numbers: Vec<u64> = only.map_or_else(|| (0..STORIES).collect(), |only| vec![only]);
    let (stories, interrupted): (Vec<String>, Vec<Vec<Interrupted>>) = tell_all(&numbers).into_iter().unzip();
    if only.is_some() {
        println!("{}", stories.concat());
    } else if std::env::var_os("RECORD_TRACES").is_some() {
        return record(&stories);
    }
    let interrupted: BTreeSet<Interrupted> = interrupted.into_iter().flatten().collect();
    let recorded = recorded();
    let differ = numbers.iter().zip(&stories).filter_map(|(number, now)| {
        let before = recorded.get(usize::try_from(*number).ok()?).map_or("", String::as_str);
        Some(format!("story {number}, {}", difference(before, now)?))
    });
    let differ: Vec<String> = differ.collect();
    assert!(differ.is_empty(), "{} stories differ; the first of them:\n{}", differ.len(), differ[0]);
    if only.is_none() {
        assert_eq!(recorded.len(), stories.len());
        every_stage_is_interrupted(&interrupted);
    }
}

/// A story that nothing interrupts where it was meant to says little: each stage that a delivery knows is killed in some of them.
fn every_stage_is_interrupted(interrupted: &BTreeSet<Interrupted>) {
    for channel in DELIVERIES {
        for stage in STAGES.iter().filter(|stage| channel.is_posted() || !stage.contains("letter")) {
            let kills = [Interruption::Kill, Interruption::Cut];
            assert!(
                kills.iter().any(|kill| interrupted.contains(&(channel, *stage, *kill))),
                "{} is never killed at {stage}",
                channel.name()
            );
        }
    }
    println!("{} combinations of delivery, stage and interruption", interrupted.len());
}
