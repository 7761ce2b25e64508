//! A list while it is read from a file or from pasted cells.

use crate::app::effects::reader::{self, Listed, Started, WorkerNews, WorkerTask};
use crate::app::effects::{clock, domain, file_input, focus};
use crate::app::state::{AppState, kept};
use guestlist::rows::{Guests, clip};
use guestlist::sheet::columns::{self, Layout};
use guestlist::sheet::{DetectedFormat, MOST_BYTES, Onto, Table, UnreadableFile, Wanted};
use guestlist::words::count;
use leptos::prelude::*;
use std::sync::Arc;
use time::Millis;
use web_sys::File;

#[derive(Clone)]
pub(super) enum ImportStage {
    Idle,
    Reading {
        name: String,
    },
    Failed {
        name: String,
        words: String,
    },
    /// Somebody looks at [`Import::opened`].
    Open,
    /// Everything was certain, so the rows are on the list already.
    Added {
        name: String,
        words: String,
        /// What the file's columns are and what is left out above them, in sentences.
        columns: String,
        /// What they came from, unless it is to be read from the file again.
        opened: Option<Arc<Opened>>,
    },
}

/// From when on a person sees that something goes on.
pub(super) const AT_ONCE: Millis = Millis(150);

pub(super) struct Opened {
    pub(super) name: String,
    /// How it was read; nothing for pasted cells.
    pub(super) found: Option<DetectedFormat>,
    pub(super) table: Table,
    /// While the rest is still being read: in which turn. Nothing once all rows are there.
    pub(super) rest: Option<u32>,
}

impl Opened {
    /// Whether all rows are there.
    pub(super) const fn is_whole(&self) -> bool {
        self.rest.is_none()
    }
}

/// Rows that the worker makes ready while somebody looks at their table.
pub(super) struct Prepared {
    /// What its columns were found to be.
    pub(super) layout: Layout,
    /// The rows as they are then, once they are ready.
    pub(super) listed: Option<Box<Listed>>,
}

/// What the parts of this page share while a file is open.
#[derive(Clone, Copy)]
pub struct Import {
    pub(super) app: AppState,
    pub(super) stage: RwSignal<ImportStage>,
    /// How much of how much has been read.
    pub(super) progress: RwSignal<(f64, f64)>,
    /// The table at which somebody looks, or its beginning while the rest is still being read.
    pub(super) opened: RwSignal<Option<Arc<Opened>>>,
    pub(super) layout: RwSignal<Option<Layout>>,
    /// Whether all rows of the table are there at which somebody looks.
    pub(super) is_whole: Memo<bool>,
    /// Another reading is wanted than the table at which somebody looks, and nothing of it is there yet.
    pub(super) outdated: RwSignal<bool>,
    /// How many of its rows would be added, once it is known what its columns are. It is looked at every row for that.
    pub(super) rows: Memo<Option<usize>>,
    /// What keeps them from being added.
    pub(super) problem: Memo<Option<String>>,
    /// The rows of the table at which somebody looks.
    pub(super) prepared: StoredValue<Option<Prepared>, LocalStorage>,
    pub(super) wanted: StoredValue<Wanted>,
    pub(super) file: StoredValue<Option<File>, LocalStorage>,
    pub(super) reading: StoredValue<Option<WorkerTask>, LocalStorage>,
    /// Counts what was begun and what ended, so that what comes late is not taken for what is wanted now.
    pub(super) turns: StoredValue<u32>,
    /// Somebody has reached for a file.
    pub awaited: RwSignal<bool>,
    /// The worker, started when somebody reaches for a file.
    pub(super) started: StoredValue<Option<Started>, LocalStorage>,
}

impl Import {
    pub fn new(app: AppState) -> Self {
        let (opened, layout) = (RwSignal::new(None::<Arc<Opened>>), RwSignal::new(None::<Layout>));
        Self {
            app,
            stage: RwSignal::new(ImportStage::Idle),
            progress: RwSignal::new((0.0, 1.0)),
            opened,
            layout,
            is_whole: Memo::new(move |_| opened.with(|opened| opened.as_ref().is_none_or(|opened| opened.is_whole()))),
            outdated: RwSignal::new(false),
            rows: Memo::new(move |_| opened.with(|opened| layout.with(|layout| Some(layout.as_ref()?.rows(&opened.as_ref()?.table))))),
            problem: Memo::new(move |_| layout.with(|layout| layout.as_ref().and_then(Layout::problem))),
            prepared: StoredValue::new_local(None),
            wanted: StoredValue::new(Wanted::default()),
            file: StoredValue::new_local(None),
            reading: StoredValue::new_local(None),
            turns: StoredValue::new(0),
            awaited: RwSignal::new(false),
            started: StoredValue::new_local(None),
        }
    }

    /// Somebody reaches for a file: the pointer is on the button, or carries a file over the page.
    pub(super) fn expect(self) {
        self.awaited.set(true);
        if self.started.with_value(Option::is_none) {
            // If it cannot be started, that is told when there is a file.
            self.started.set_value(reader::start().ok());
        }
    }

    pub(super) fn open(self, file: File) {
        self.wanted.set_value(Wanted::default());
        self.file.set_value(Some(file));
        self.read(true);
    }

    /// Reads the file. Rows may be added unseen unless somebody wants to see, or has said, how it is read: then they go on looking at the
    /// table as it was until it is there anew.
    pub(super) fn read(self, unseen: bool) {
        let Some(file) = self.file.get_value() else { return };
        let name = file.name();
        let is_looked_at = !unseen && self.is_open();
        let is_whole_seen = is_looked_at && self.is_whole.get_untracked();
        self.progress.set((0.0, 1.0));
        let failed = {
            let name = name.clone();
            move |words: String| self.fail(name.clone(), words)
        };
        let cannot = failed.clone();
        let told = move |told: WorkerNews| match told {
            WorkerNews::Progress { done, of } => self.progress.set((done, of.max(1.0))),
            WorkerNews::Written(_) => {}
            // Then the page makes the rows itself.
            WorkerNews::Failed(_) if self.prepared.with_value(Option::is_some) => self.finish(),
            WorkerNews::Failed(words) => cannot(words),
            WorkerNews::Begun(_) if is_whole_seen => {}
            WorkerNews::Begun(begun) => {
                let (found, table) = *begun;
                let rest = Some(self.turns.get_value());
                self.look_at(Opened { name: name.clone(), found: Some(found), table, rest }, None);
            }
            WorkerNews::Read(read) => {
                let (found, table) = *read;
                let layout = columns::layout(&table, columns::header_of(&table));
                self.prepared.set_value(Some(Prepared { layout: layout.clone(), listed: None }));
                self.arrived(Opened { name: name.clone(), found: Some(found), table, rest: None }, layout, unseen);
            }
            WorkerNews::Listed(listed) if self.prepared.with_value(Option::is_some) => {
                let listed = Some(listed);
                self.prepared.update_value(|prepared| *prepared = prepared.take().map(|prepared| Prepared { listed, ..prepared }));
                self.finish();
            }
            WorkerNews::Listed(listed) => {
                let Listed { list, checks, columns } = *listed;
                let words = self.added(list.len(), |guests, name| guests.take_in(name, list, checks));
                self.end(ImportStage::Added { name: name.clone(), words, columns, opened: None });
                focus::later("file-added");
            }
        };
        let turn = self.turn();
        if file.size() > MOST_BYTES as f64 {
            return failed(UnreadableFile::TooManyBytes(file.size() as usize).words());
        }
        if !is_looked_at {
            self.announce(turn, file.name());
        }
        let onto = self
            .app
            .draft
            .guests
            .with_untracked(|guests| Onto { columns: guests.list().columns().to_vec(), context: guests.checks().context().clone() });
        let started = self.started.try_update_value(Option::take).flatten();
        match reader::read(file.size(), &self.wanted.get_value(), &onto, unseen, started, told) {
            Ok(reading) => self.reading.set_value(Some(reading)),
            Err(words) => return failed(words),
        }
        crate::app::effects::spawn(async move {
            let hand_over = |piece| {
                self.goes_on(turn) && self.reading.with_value(|reading| reading.as_ref().map(|reading| reading.piece(piece))).is_some()
            };
            if file_input::pieces(&file, hand_over).await.is_none() && self.goes_on(turn) {
                failed("The file could not be opened. It may have been moved or changed since it was chosen.".into());
            }
        });
    }

    /// Says that a file is being read, unless it has been read by then.
    pub(super) fn announce(self, turn: u32, name: String) {
        crate::app::effects::spawn(async move {
            clock::sleep(AT_ONCE).await;
            if self.goes_on(turn) && !self.has_begun() {
                self.stage.set(ImportStage::Reading { name });
                focus::if_lost("reading");
            }
        });
    }

    /// Whether what was begun in this turn is still wanted, and the page still there: whoever leaves it ends the worker with it, and what
    /// has waited asks this before anything else.
    fn goes_on(self, turn: u32) -> bool {
        self.turns.try_get_value() == Some(turn)
    }

    /// Begins something new; what went on before ends.
    pub(super) fn turn(self) -> u32 {
        self.reading.set_value(None);
        self.prepared.set_value(None);
        self.outdated.set(true);
        self.turns.update_value(|turns| *turns += 1);
        self.turns.get_value()
    }

    /// Takes pasted cells the way of files.
    pub fn paste(self, text: &str) {
        self.wanted.set_value(Wanted::default());
        self.file.set_value(None);
        self.turn();
        let name = "Pasted cells".to_owned();
        match Table::from_rows(&clip::read(text)).within_limits() {
            Ok(table) => {
                let layout = columns::layout(&table, columns::header_of(&table));
                self.arrived(Opened { name, found: None, table, rest: None }, layout, true);
            }
            Err(unreadable) => self.fail(name, unreadable.words()),
        }
    }

    /// A table is there: its columns are matched, as they were the last time when its headings are known.
    pub(super) fn arrived(self, opened: Opened, mut layout: Layout, unseen: bool) {
        let turn = self.turns.get_value();
        crate::app::effects::spawn(async move {
            if let Some(fingerprint) = layout.fingerprint().filter(|_| !layout.is_certain())
                && let Some(remembered) = kept::columns(self.app.accounts, &fingerprint).await
            {
                layout.remember(remembered);
            }
            if !self.goes_on(turn) {
                return;
            }
            let is_noticed = opened.found.as_ref().is_some_and(|found| !found.noticed().is_empty());
            let is_certain = unseen && layout.is_certain() && !is_noticed;
            let columns = layout.summary();
            if is_certain {
                self.layout.set(Some(layout));
                let opened = Arc::new(opened);
                let words = self.add(&opened);
                self.end(ImportStage::Added { name: opened.name.clone(), words, columns, opened: Some(opened) });
                return focus::later("file-added");
            }
            self.over();
            self.look_at(opened, Some(layout));
        });
    }

    /// Whether somebody looks at the beginning of the file that is being read. That of an earlier turn may still be on the screen.
    fn has_begun(self) -> bool {
        self.opened.with_untracked(|opened| opened.as_ref().is_some_and(|opened| opened.rest == Some(self.turns.get_value())))
    }

    fn is_open(self) -> bool {
        self.stage.with_untracked(|stage| matches!(stage, ImportStage::Open))
    }

    /// Shows somebody a table, or its beginning, of which nobody knows yet what its columns are. Who looks at that file already goes on
    /// doing so.
    fn look_at(self, opened: impl Into<Arc<Opened>>, layout: Option<Layout>) {
        let opened = opened.into();
        let is_of_file = |before: &Option<Arc<Opened>>| before.as_ref().is_some_and(|before| before.name == opened.name);
        let is_looked_at = self.is_open() && self.opened.with_untracked(is_of_file);
        self.outdated.set(false);
        self.layout.set(layout);
        self.opened.set(Some(opened));
        if is_looked_at {
            return focus::if_lost("file-title");
        }
        self.stage.set(ImportStage::Open);
        focus::later("file-title");
    }

    /// Reads the table at which somebody looks and what its columns become.
    pub(super) fn with<T>(self, read: impl FnOnce(&Opened, &Layout) -> T) -> Option<T> {
        self.opened.with(|opened| self.layout.with(|layout| Some(read(opened.as_ref()?, layout.as_ref()?))))
    }

    /// Adds the rows of the table at which somebody looks, once it is read as they want it, unless a problem keeps them from it: then they
    /// are led to the columns.
    pub(super) fn add_opened(self) {
        if self.outdated.get_untracked() || !self.is_whole.get_untracked() {
            return;
        }
        if self.problem.with_untracked(Option::is_some) {
            return focus::now("columns");
        }
        if let Some(opened) = self.opened.get_untracked() {
            self.add(&opened);
            self.close();
        }
    }

    /// Puts the rows on the list; what came of it, as a sentence.
    fn add(self, opened: &Opened) -> String {
        let Some(layout) = self.layout.get_untracked() else { return String::new() };
        if let (Some(fingerprint), Some(chosen)) = (layout.fingerprint(), layout.remembered()) {
            crate::app::effects::spawn(async move { kept::keep_columns(self.app.accounts, &fingerprint, &chosen).await });
        }
        let prepared = self.prepared.try_update_value(Option::take).flatten();
        let listed = prepared.filter(|prepared| prepared.layout == layout).and_then(|prepared| prepared.listed);
        self.added(layout.rows(&opened.table), |guests, name| match listed {
            Some(listed) => guests.take_in(name, listed.list, listed.checks),
            None => guests.grow(name, |list| _ = layout.add(opened.table.clone(), list, domain::ascii)),
        })
    }

    /// Adds rows, under a name by which it can be undone; what came of it, as a sentence.
    pub(super) fn added(self, rows: usize, add: impl FnOnce(&mut Guests, String) -> usize) -> String {
        self.app.draft.wait(false);
        let name = count(rows, "guest from a file", "guests from a file");
        let added = self.app.draft.edit(|guests| add(guests, name));
        let words = format!("{} added.", count(added, "guest", "guests"));
        self.app.announcer.politely(words.clone());
        words
    }

    /// Takes the rows, which were added last, off the list again and shows how they were read.
    pub(super) fn reopen(self, opened: Option<Arc<Opened>>) {
        _ = self.app.draft.edit(Guests::undo);
        match opened {
            Some(opened) => {
                self.look_at(opened, self.layout.get_untracked());
            }
            None => self.read(false),
        }
    }

    /// Says why the file cannot be read. Whoever looked at its beginning, or chose it, has the focus there.
    fn fail(self, name: String, words: String) {
        self.end(ImportStage::Failed { name, words });
        focus::if_lost("file-failed");
    }

    pub(super) fn end(self, stage: ImportStage) {
        self.over();
        self.stage.set(stage);
        self.finish();
    }

    /// The file has been read. While somebody looks at its table the worker makes its rows ready.
    fn over(self) {
        self.outdated.set(false);
        self.turns.update_value(|turns| *turns += 1);
    }

    /// The worker is no longer needed. It ends after its own message has been heard.
    pub(super) fn finish(self) {
        crate::app::effects::spawn(async move { self.reading.set_value(None) });
    }

    pub(super) fn close(self) {
        self.turn();
        self.outdated.set(false);
        self.file.set_value(None);
        self.stage.set(ImportStage::Idle);
        self.layout.set(None);
        self.opened.set(None);
        focus::later("open-file");
    }

    pub(super) fn read_otherwise(self, change: impl FnOnce(&mut Wanted)) {
        self.wanted.update_value(change);
        self.read(false);
    }
}
