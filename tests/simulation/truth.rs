//! What has to hold, whatever happened: held against what the tenant itself knows.

use crate::browser::Browser;
use crate::earlier::{LEFT, LEFT_GUEST};
use crate::schedule::{Simulation, letter_of};
use crate::support::World;
use guestlist::bulk::Ending;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::Stored;
use guestlist::jobs::invite::outcome::{NoLetter, Outcome};
use guestlist::storage::Store;
use guestlist::storage::drafts::{self, Kept};
use guestlist::tab::{ResumeScope, RunIntent, TabReport};
use std::collections::{BTreeMap, BTreeSet};
use tenant::Mail;
use time::Millis;

/// As many as the largest run takes where ten invitations leave in a day, and what a day may be lost by.
const DAYS: usize = 12;

impl Simulation {
    fn claim(&mut self, holds: bool, words: impl FnOnce() -> String) {
        if !holds {
            let words = words();
            self.note(format!("WRONG: {words}"));
            self.wrong.push(words);
        }
    }

    /// No window shows anybody what belongs to somebody else.
    pub fn see_what_is_shown(&mut self) {
        let journal = self.browser.journal();
        for window in 0..self.browser.windows.len() {
            let shown = &self.browser.windows[window];
            let Some(person) = shown.person else {
                let is_empty = shown.list.is_empty() && shown.checked.is_none() && shown.tab.append(&[]).is_none();
                self.claim(is_empty, || format!("window {window} shows a draft though nobody is signed in, or still writes"));
                continue;
            };
            let claims = self.claims.contains(&person);
            let is_own = |words: &str| {
                words.is_empty() || [false, true].iter().any(|own| words == letter_of(person, *own).message) || words == LEFT && claims
            };
            let message = shown.letter.message.clone();
            self.claim(is_own(&message), || format!("window {window} shows person {person}: {message}"));
            let owner = self.browser.people[person].owner.clone();
            let kept = self.browser.database.range(Store::Drafts, &owner.prefix());
            if let Kept::Draft(draft) = drafts::draft(&owner, &kept).0 {
                self.claim(is_own(&draft.letter.message), || format!("person {person} has the draft {}", draft.letter.message));
                if draft.list.rows().any(|row| row.cell("email").starts_with(LEFT_GUEST)) {
                    let first = *self.claimed.get_or_insert(person);
                    self.claim(first == person, || format!("person {first} and person {person} have the draft that was left"));
                }
            }
            for run in journal.runs.iter().filter(|run| run.belongs_to(&owner)) {
                let may = self.runs.get(&run.header.id).is_some_and(|writers| writers.contains(&person));
                self.claim(may, || format!("window {window} shows person {person} the run {}", run.header.id));
            }
        }
    }

    /// What goes wrong has ended: everybody resumes what is theirs, and all is held against the truth.
    pub fn come_to_an_end(&mut self) {
        self.note("nothing goes wrong from here on");
        if self.is_blind {
            // Nothing is lost on its way there, also not with a window that ends.
            self.browser.settle(20_000);
        }
        for window in 0..2 {
            self.browser.kill(window, false);
        }
        self.wait(Millis::minutes(5));
        for person in 0..self.browser.people.len() {
            self.browser.refresh(person);
            self.browser.open(0, Some(person));
            let owner = self.browser.people[person].owner.clone();
            let unfinished = |run: &&std::sync::Arc<Stored>| run.carrier().is(&owner) && run.is_unfinished();
            let own: Vec<String> = self.browser.journal().runs.iter().filter(unfinished).map(|run| run.header.id.clone()).collect();
            for run in own {
                // Where only so many may leave in a day the run waits for the next, and a person signs in again meanwhile.
                for _ in 0..if self.is_limited { DAYS } else { 1 } {
                    self.browser.want(0, RunIntent::Resume { run: run.clone(), scope: ResumeScope::Open });
                    let report = self.settled();
                    self.claim(report == Some(TabReport::Carried), || format!("{run} was resumed, and {report:?}"));
                    self.browser.refresh(person);
                    if self.browser.journal().run(&run).is_some_and(|run| !run.is_unfinished()) {
                        break;
                    }
                }
            }
            self.see_what_is_shown();
            self.browser.kill(0, false);
        }
        self.wait(Millis::minutes(5));
        let is_blocked = self.browser.world.tenant.borrow().knobs.suspicious;
        self.claim(!is_blocked, || "more was sent in a day than the tenant may".into());
        self.mails();
        self.writers();
        self.endings();
        self.deleting();
    }

    fn wait(&mut self, time: Millis) {
        self.browser.world.now.set(self.browser.now() + time);
        self.browser.arrive();
    }

    fn settled(&mut self) -> Option<TabReport> {
        let came = self.browser.settle(20_000);
        self.claim(came, || "it does not come to an end".into());
        self.browser.windows[0].report.take()
    }

    /// Nobody was written to twice, and by nobody who had no part in it.
    fn mails(&mut self) {
        let planned: BTreeMap<String, BTreeSet<String>> = self.planned();
        for (to, mails) in self.browser.world.mails() {
            let excused = self.excused.contains(&to) || to.contains("@ghost.");
            self.figures.unseen_twice += usize::from(mails > 1 && excused);
            if mails > 1 && !excused {
                self.tell_of(&to);
            }
            self.claim(mails == 1 || excused, || format!("{to} was written to {mails} times"));
        }
        let mails: Vec<Mail> = self.browser.world.tenant.borrow().outbox().to_vec();
        for mail in mails {
            let by = usize::from(if mail.kind == "letter" { mail.from.starts_with("user-admin") } else { mail.inviter == "Uma Admin" });
            let runs = planned.get(&mail.to).cloned().unwrap_or_default();
            let may = runs.iter().any(|run| self.runs.get(run).is_some_and(|writers| writers.contains(&by)));
            self.claim(may || self.forgotten.contains(&mail.to), || format!("person {by} wrote to {} without a run of theirs", mail.to));
        }
    }

    /// Everything that is known of an address, for whoever looks for a mistake.
    fn tell_of(&mut self, address: &str) {
        let mails = self.browser.world.tenant.borrow().outbox().iter().filter(|mail| mail.to == address).cloned().collect::<Vec<_>>();
        mails.iter().for_each(|mail| self.trace.push(format!("            {} to {address} at {}", mail.kind, mail.at)));
        for (key, text) in self.browser.database.range(Store::Entries, "") {
            let piece: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            for line in piece["body"]["entries"].as_array().into_iter().flatten().filter(|line| line["address"] == address) {
                self.trace.push(format!("            {key}: {}", &line.to_string().chars().take(200).collect::<String>()));
            }
        }
    }

    /// Runs by the addresses that they name.
    fn planned(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut planned: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for run in self.runs.keys() {
            for address in self.addresses_of(run) {
                planned.entry(address).or_default().insert(run.clone());
            }
        }
        planned
    }

    /// Every entry is by whoever began the run, or took it over before.
    fn writers(&mut self) {
        let mut carriers: BTreeMap<String, String> = BTreeMap::new();
        let mut pieces = self.browser.database.range(Store::Entries, "");
        pieces.retain(|(key, _)| key.contains("/~"));
        pieces.sort_by_key(|(key, _)| guestlist::storage::number_of(key));
        for (key, text) in pieces {
            let run = key.split('/').next().unwrap_or_default().to_owned();
            let piece: serde_json::Value = serde_json::from_str(&text).unwrap();
            let by = piece["owner"]["person"].as_str().unwrap_or_default().to_owned();
            let place = self.browser.people.iter().position(|person| person.owner.person == by);
            let may = place.is_some_and(|place| self.runs.get(&run).is_some_and(|writers| writers.contains(&place)));
            self.claim(may, || format!("{by} wrote {key}"));
            if !piece["body"]["entries"].is_array() {
                carriers.insert(run, by);
            } else if let Some(carrier) = carriers.get(&run).filter(|carrier| **carrier != by).cloned() {
                self.claim(false, || format!("{key} is by {by}, and the run is carried by {carrier}"));
            }
        }
    }

    /// Every row has its one ending, and it is true.
    fn endings(&mut self) {
        let mails = self.browser.world.mails();
        let seen = self.seen();
        let journal = self.browser.journal();
        let mut told: BTreeSet<String> =
            journal.unreadable.iter().flat_map(|run| run.addresses.iter().map(|address| address.key())).collect();
        let mut wrong = Vec::new();
        for stored in &journal.runs {
            let run = Run::from_stored(stored, true, self.browser.wall());
            let tally = run.tally();
            if (tally.open, tally.total()) != (0, stored.header.plan.rows.len()) {
                wrong.push(format!("{} has rows without an ending: {tally:?}", stored.header.id));
            }
            for (row, address) in stored.addresses() {
                let address = address.key();
                let Some(ended) = run.ended(row) else { continue };
                let is_ghost = address.contains("@ghost.");
                let is_there = is_ghost || self.is_blind || seen.contains(&address);
                let written = mails.get(&address).copied().unwrap_or(0);
                let by_microsoft = stored.header.plan.rows.iter().any(|own| own.row == row && own.channel.is_microsoft());
                let is_true = match &ended.outcome {
                    // Who was made without a mail by a run that somebody removed before they could be seen is not told from a guest whom the
                    // lost request of a later run made within what clocks may differ.
                    Outcome::Invited { .. } => is_there && (written > 0 || self.excused.contains(&address)),
                    Outcome::NotFound { .. } => (is_ghost || self.is_blind) && (written > 0 || !by_microsoft),
                    Outcome::NoLetter { why: NoLetter::Unsure, .. } => is_there,
                    Outcome::NoLetter { .. } => is_there,
                    Outcome::Refused(_) | Outcome::NotSent(_) | Outcome::Unsure | Outcome::Skipped(_) => true,
                };
                if !is_true {
                    wrong.push(format!(
                        "{address} of {} ended as {}, there: {is_there}, mails: {written}",
                        stored.header.id,
                        ended.outcome.name()
                    ));
                }
                if matches!(ended.outcome, Outcome::Invited { .. } | Outcome::NotFound { .. } | Outcome::NoLetter { .. } | Outcome::Unsure)
                {
                    told.insert(address);
                }
            }
        }
        for words in wrong {
            self.claim(false, || words);
        }
        for address in mails.keys() {
            let is_told = told.contains(address) || self.forgotten.contains(address);
            self.claim(is_told, || format!("{address} was written to, and no row tells of it"));
        }
    }

    /// *Delete* leaves nothing.
    fn deleting(&mut self) {
        for person in 0..self.browser.people.len() {
            self.browser.open(0, Some(person));
            self.browser.want(0, RunIntent::DeleteAll);
            let report = self.settled();
            self.claim(report == Some(TabReport::Deleted), || format!("person {person} deleted everything, and {report:?}"));
            self.browser.kill(0, false);
        }
        for store in Store::ALL {
            let mut left = self.browser.database.range(store, "");
            // Nobody has said that it is theirs.
            left.retain(|(key, _)| store != Store::Drafts || key != "draft");
            self.claim(left.is_empty(), || format!("{store:?} still holds {:?}", left.iter().map(|(key, _)| key).collect::<Vec<_>>()));
        }
    }
}

impl Browser {
    /// Signs somebody in anew whose sign-in has come to its end, unless that fails just now.
    pub fn refresh(&mut self, person: usize) {
        let session = &self.people[person].session;
        if session.token_state(self.world.now.get()) == identity::session::TokenState::SignIn {
            let name = self.people[person].owner.username.split('@').next().unwrap_or_default().to_owned();
            if sign_in(&self.world, &name).is_ok() {
                self.people[person].session = self.world.session.borrow().clone().unwrap();
            }
        }
    }
}

/// Signs this person in with all permissions that the simulation needs.
pub fn sign_in(world: &World, name: &str) -> Result<(), identity::AuthError> {
    use guestlist::permissions;
    let mut all = permissions::base();
    all.extend([permissions::DIRECTORY, "Mail.Send"]);
    world.sign_in(name, all)
}
