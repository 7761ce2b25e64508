//! What lies in the browser before the simulation begins: runs of version 1 and of a version that is newer than this one, and a
//! draft that does not say whose it is.

use crate::schedule::{Simulation, Writers, letter_of};
use crate::support::list;
use guestlist::jobs::invite::Run;
use guestlist::jobs::invite::journal::{Entry, Header, Writer};
use guestlist::jobs::invite::plan;
use guestlist::letter::Letter;
use guestlist::storage::drafts::Draft;
use guestlist::storage::{Store, Transaction, journal};
use std::collections::BTreeMap;
use tenant::TENANT_ID;

/// The letter of the draft that names no owner.
pub const LEFT: &str = "Left by somebody";
/// How addresses of its guests begin.
pub const LEFT_GUEST: &str = "left";

impl Simulation {
    /// A draft that names no owner, as version 1 wrote it.
    pub fn left_behind(&mut self) {
        if !self.rng.in_thousand(250) {
            return;
        }
        let number = self.rng.between(1, 3);
        self.note(format!("somebody left a draft of {number} guests"));
        let addresses: Vec<String> = (0..number).map(|number| format!("{LEFT_GUEST}{number}@fabrikam.example")).collect();
        let letter = Letter { message: LEFT.into(), ..letter_of(0, false) };
        let draft = Draft { list: list(&addresses.join("\n")), letter, ..Draft::default() };
        self.browser.database.put(Store::Drafts, "draft", &serde_json::to_string(&draft).unwrap());
    }

    pub fn earlier(&mut self) {
        if self.is_blind || !self.rng.in_thousand(400) {
            return;
        }
        let (is_newer, number, person) = (self.rng.in_thousand(250), self.rng.between(1, 3), self.rng.below(2));
        let (own, steps) = (self.rng.in_thousand(300), self.rng.below(60));
        let addresses: Vec<String> = (0..number).map(|number| format!("earlier{number}@fabrikam.example")).collect();
        self.note(format!("{number} guests were invited by person {person} before, steps: {steps}, newer version: {is_newer}"));
        let someone = self.browser.people[person].clone();
        let world = &self.browser.world;
        world.session.replace(Some(someone.session.clone()));
        let (list, letter) = (list(&addresses.join("\n")), letter_of(person, own));
        let known = world.look_up(&list);
        let merge_context = plan::merge_context(&known, &BTreeMap::new());
        let plan = plan::plan(&list, &letter, &known, &merge_context, &Default::default(), &Default::default());
        // Version 1 wrote the user's own id.
        let writer = Writer { id: known.me.id.clone(), mail: known.me.mail.clone(), graph: someone.owner.cloud.clone() };
        let header = Header {
            id: "run-earlier".into(),
            tenant_id: TENANT_ID.into(),
            tenant: "Contoso".into(),
            by: someone.owner.username.clone(),
            begun: world.now.get(),
            list,
            letter,
            plan,
            ramp: Default::default(),
            writer,
        };
        let stored = std::sync::Arc::new(guestlist::jobs::invite::journal::Stored::new(header.clone(), Vec::new()));
        let mut run = Run::from_stored(&stored, true, world.now.get());
        let mut written: Vec<Vec<Entry>> = Vec::new();
        world.drive(&mut run, |entries: &Vec<Entry>| written.push(entries.clone()), steps);
        self.runs.insert(header.id.clone(), Writers::from([person]));
        let database = &mut self.browser.database;
        if is_newer {
            database.commit(&Transaction { expects: Vec::new(), changes: journal::begin(&someone.owner, &header) });
            for entries in &written {
                database.commit(&journal::append(&stored, &someone.owner, entries));
            }
            for store in [Store::Runs, Store::Entries] {
                for (key, text) in database.range(store, &header.id) {
                    let newer = text.replace("\"v\":2", "\"v\":3");
                    database.put(store, &key, &newer);
                }
            }
            return;
        }
        database.put(Store::Runs, &header.id, &serde_json::to_string(&header).unwrap());
        for (number, entries) in written.iter().enumerate() {
            let key = format!("{}/{:016}/{number:08}", header.id, header.begun.0);
            database.put(Store::Entries, &key, &serde_json::to_string(entries).unwrap());
        }
    }
}
