//! The letters of this browser, and the one that is taken up: kept, shared, made the default.

use crate::app::effects::{download, file_input, focus};
use crate::app::state::{AppState, kept};
use guestlist::letter::builtin_template;
use guestlist::letter::template_library::{LetterTexts, NamedTemplate, Preselected, free_name};
use guestlist::storage::Denied;
use guestlist::storage::letter_file;
use leptos::prelude::*;

/// What a new letter begins with: the default, else what was sent last.
async fn first(app: AppState) -> Option<LetterTexts> {
    let Preselected { default, last } = kept::preselected(app.accounts).await;
    let default = match default {
        Some(name) => kept::letters(app.accounts).await.ok()?.0.into_iter().find(|letter| letter.name == name).map(|letter| letter.texts),
        None => None,
    };
    default.or(last)
}

#[derive(Clone, Copy)]
pub(super) struct TemplateLibrary {
    app: AppState,
    pub(super) letters: RwSignal<Vec<NamedTemplate>>,
    /// Names of letters that this version cannot read.
    unread: RwSignal<Vec<String>>,
    pub(super) default: RwSignal<Option<String>>,
    /// Name of the letter that was taken up or kept last.
    pub(super) chosen: RwSignal<Option<String>>,
    pub(super) name: RwSignal<String>,
    /// The words that a template of the library has replaced.
    pub(super) before: RwSignal<Option<LetterTexts>>,
    /// The words that gave way to a letter that had to be there.
    pub(super) taken: RwSignal<Option<LetterTexts>>,
    pub(super) problem: RwSignal<String>,
}

impl TemplateLibrary {
    pub(super) fn new(app: AppState, taken: RwSignal<Option<LetterTexts>>) -> Self {
        Self {
            app,
            letters: RwSignal::default(),
            unread: RwSignal::default(),
            default: RwSignal::default(),
            chosen: RwSignal::default(),
            name: RwSignal::default(),
            before: RwSignal::default(),
            taken,
            problem: RwSignal::default(),
        }
    }

    /// Reads the letters, now and once somebody has said that those of an earlier version are theirs; where nothing is written yet, takes
    /// up the one that a new letter begins with.
    pub(super) fn begin(self) {
        let app = self.app;
        let was_unclaimed = RwSignal::new(false);
        Effect::new(move || {
            let is_unclaimed = app.draft.unclaimed.with(Option::is_some);
            if was_unclaimed.get_untracked() && !is_unclaimed {
                crate::app::effects::spawn(self.read());
            }
            was_unclaimed.set(is_unclaimed);
        });
        crate::app::effects::spawn(async move {
            self.read().await;
            let is_empty =
                || app.draft.letter.with_untracked(|letter| LetterTexts::from_letter(letter).is_empty() && letter.subject.is_empty());
            // Somebody may begin to write while this is read.
            if is_empty()
                && let Some(texts) = first(app).await
                && is_empty()
            {
                app.draft.compose(|letter| texts.put_into(letter));
            }
        });
    }

    async fn read(self) {
        let read = kept::letters(self.app.accounts).await;
        let default = kept::preselected(self.app.accounts).await.default;
        let problem = match &read {
            Err(Denied(why)) => format!("This browser does not let the page read your letters: {why}."),
            Ok((_, unread)) if !unread.is_empty() => {
                format!("This version of the page cannot read the letter “{}”. It stays as it is.", unread.join("”, “"))
            }
            Ok(_) => String::new(),
        };
        let (letters, unread) = read.unwrap_or_default();
        // The page may be gone.
        if self.letters.try_set(letters).is_none() {
            self.default.set(default);
            self.unread.set(unread);
            self.problem.set(problem);
        }
    }

    fn texts(self) -> LetterTexts {
        self.app.draft.letter.with_untracked(LetterTexts::from_letter)
    }

    pub(super) fn take(self, name: &str) {
        let kept = self.letters.with_untracked(|letters| letters.iter().find(|letter| letter.name == name).cloned());
        let texts = if name == builtin_template::NAME { Some(builtin_template::welcome()) } else { kept.map(|letter| letter.texts) };
        let Some(texts) = texts else { return };
        let now = self.texts();
        self.before.set((!now.is_empty() && now != texts).then_some(now));
        self.taken.set(None);
        self.app.draft.compose(|letter| texts.put_into(letter));
        self.chosen.set(Some(name.to_owned()));
        self.name.set(if name == builtin_template::NAME { String::new() } else { name.to_owned() });
        self.app.announcer.politely(format!("The letter “{name}” is taken up."));
    }

    pub(super) fn take_back(self, before: RwSignal<Option<LetterTexts>>) {
        if let Some(texts) = before.get_untracked() {
            before.set(None);
            self.app.draft.compose(|letter| texts.put_into(letter));
            focus::later("letter-template");
        }
    }

    /// Keeps the words of now under a name.
    pub(super) fn keep(self, name: String) {
        let named = NamedTemplate { name: name.trim().chars().take(80).collect(), texts: self.texts() };
        if named.name.is_empty() || named.name == builtin_template::NAME {
            self.problem.set("Give the letter a name of your own.".into());
            return focus::later("letter-name");
        }
        if self.unread.with_untracked(|unread| unread.contains(&named.name)) {
            self.problem
                .set(format!("This version cannot read the letter “{}” that is kept already. Give this one another name.", named.name));
            return focus::later("letter-name");
        }
        crate::app::effects::spawn(async move {
            match kept::keep_letter(self.app.accounts, &named).await {
                Ok(()) => {
                    self.problem.set(String::new());
                    self.chosen.set(Some(named.name.clone()));
                    self.name.set(named.name.clone());
                    self.app.announcer.politely(format!("“{}” is kept in this browser.", named.name));
                    self.read().await;
                }
                Err(Denied(why)) => self.problem.set(format!("This browser did not keep the letter: {why}.")),
            }
        });
    }

    pub(super) fn make_default(self, name: Option<String>) {
        crate::app::effects::spawn(async move {
            let before = kept::preselected(self.app.accounts).await;
            kept::keep_preselected(self.app.accounts, &Preselected { default: name.clone(), ..before }).await;
            self.default.set(name);
        });
    }

    fn forget(self, name: String) {
        if self.default.with_untracked(|default| default.as_ref() == Some(&name)) {
            self.make_default(None);
        }
        crate::app::effects::spawn(async move {
            if kept::forget_letter(self.app.accounts, &name).await.is_ok() {
                self.chosen.set(None);
                self.app.announcer.politely(format!("“{name}” is no longer kept. Its words are still here; keep them again to undo this."));
                self.read().await;
                focus::later("letter-template");
            }
        });
    }

    /// The name of the letter that was taken up or kept last, if it is kept here.
    fn kept(self) -> Option<String> {
        self.chosen.get_untracked().filter(|name| name != builtin_template::NAME)
    }

    /// Does this with the letter that was taken up, or says that none was.
    fn with_kept(self, act: impl FnOnce(String)) {
        match self.kept() {
            Some(name) => act(name),
            None => self.problem.set("Choose a letter that is kept here first, or keep this one.".into()),
        }
    }

    pub(super) fn keep_copy(self) {
        let wanted = self.kept().unwrap_or_else(|| "Letter".into());
        self.keep(self.letters.with_untracked(|letters| free_name(&wanted, letters)));
    }

    pub(super) fn make_this_default(self) {
        self.with_kept(|name| {
            self.app.announcer.politely(format!("New letters begin with “{name}”."));
            self.make_default(Some(name));
        });
    }

    pub(super) fn forget_this(self) {
        self.with_kept(|name| self.forget(name));
    }

    pub(super) fn download(self) {
        let name = self.kept().unwrap_or_else(|| "letter".into());
        let file = format!("{name}.letter.json");
        download::offer(&file, "application/json", &letter_file::write(&NamedTemplate { name, texts: self.texts() }).into());
    }

    /// Reads a file that somebody has chosen.
    pub(super) fn chosen_file(self, event: &web_sys::Event) {
        let input: web_sys::HtmlInputElement = event_target(event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        crate::app::effects::spawn(async move {
            let text = file_input::text(&file).await;
            input.set_value("");
            // The page may be gone.
            if self.letters.is_disposed() {
                return;
            }
            match text {
                Some(text) => self.open(&text),
                None => self.problem.set("The file could not be read.".into()),
            }
        });
    }

    fn open(self, text: &str) {
        match letter_file::read(text) {
            Err(words) => self.problem.set(words),
            Ok(named) => {
                let name = self.letters.with_untracked(|letters| free_name(&named.name, letters));
                let now = self.texts();
                self.before.set((!now.is_empty() && now != named.texts).then_some(now));
                self.taken.set(None);
                self.app.draft.compose(|letter| named.texts.put_into(letter));
                self.keep(name);
            }
        }
    }
}
