//! Letters to take up, keep, share and make the default.

use crate::app::effects::{download, file_input, focus};
use crate::app::parts::field::Field;
use crate::app::parts::menu::Menu;
use crate::app::parts::notice::{Notice, Tone};
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
struct TemplateLibrary {
    app: AppState,
    letters: RwSignal<Vec<NamedTemplate>>,
    /// Names of letters that this version cannot read.
    unread: RwSignal<Vec<String>>,
    default: RwSignal<Option<String>>,
    /// Name of the letter that was taken up or kept last.
    chosen: RwSignal<Option<String>>,
    name: RwSignal<String>,
    /// The words that a template of the library has replaced.
    before: RwSignal<Option<LetterTexts>>,
    /// The words that gave way to a letter that had to be there.
    taken: RwSignal<Option<LetterTexts>>,
    problem: RwSignal<String>,
}

impl TemplateLibrary {
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

    fn take(self, name: &str) {
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

    fn take_back(self, before: RwSignal<Option<LetterTexts>>) {
        if let Some(texts) = before.get_untracked() {
            before.set(None);
            self.app.draft.compose(|letter| texts.put_into(letter));
            focus::later("letter-template");
        }
    }

    /// Keeps the words of now under a name.
    fn keep(self, name: String) {
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

    fn make_default(self, name: Option<String>) {
        crate::app::effects::spawn(async move {
            let before = kept::preselected(self.app.accounts).await;
            kept::keep_preselected(self.app.accounts, &Preselected { default: name.clone(), ..before }).await;
            self.default.set(name);
        });
    }

    fn forget(self, name: String) {
        crate::app::effects::spawn(async move {
            if self.default.with_untracked(|default| default.as_ref() == Some(&name)) {
                self.make_default(None);
            }
            if kept::forget_letter(self.app.accounts, &name).await.is_ok() {
                self.chosen.set(None);
                self.app.announcer.politely(format!("“{name}” is no longer kept. Its words are still here; keep them again to undo this."));
                self.read().await;
                focus::later("letter-template");
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

#[component]
pub fn LetterTemplates(
    /// What stood there before the letter that comes with the page was taken, because the way of sending needs one.
    taken: RwSignal<Option<LetterTexts>>,
) -> impl IntoView {
    let app = AppState::here();
    let library = TemplateLibrary {
        app,
        letters: RwSignal::default(),
        unread: RwSignal::default(),
        default: RwSignal::default(),
        chosen: RwSignal::default(),
        name: RwSignal::default(),
        before: RwSignal::default(),
        taken,
        problem: RwSignal::default(),
    };
    // Letters of an earlier version are there once somebody has said that they are theirs.
    let was_unclaimed = RwSignal::new(false);
    Effect::new(move || {
        let is_unclaimed = app.draft.unclaimed.with(Option::is_some);
        if was_unclaimed.get_untracked() && !is_unclaimed {
            crate::app::effects::spawn(library.read());
        }
        was_unclaimed.set(is_unclaimed);
    });
    crate::app::effects::spawn(async move {
        library.read().await;
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
    let options = move || {
        let names = library.letters.get().into_iter().map(|letter| letter.name);
        let default = library.default.get();
        std::iter::once(builtin_template::NAME.to_owned())
            .chain(names)
            .map(|name| {
                let words = if default.as_ref() == Some(&name) { format!("{name} (default)") } else { name.clone() };
                view! { <option value=name>{words}</option> }
            })
            .collect_view()
    };
    let choose = move |event| {
        let name = event_target_value(&event);
        if !name.is_empty() {
            library.take(&name);
        }
    };
    // Of a letter that is kept here.
    let kept = move || library.chosen.get_untracked().filter(|name| name != builtin_template::NAME);
    let unkept = move || library.problem.set("Choose a letter that is kept here first, or keep this one.".into());
    let file_name = move || kept().unwrap_or_else(|| "letter".into());
    let items = vec![
        (
            "Keep as a copy",
            Callback::new(move |()| {
                let wanted = kept().unwrap_or_else(|| "Letter".into());
                library.keep(library.letters.with_untracked(|letters| free_name(&wanted, letters)));
            }),
        ),
        (
            "Make it the default",
            Callback::new(move |()| match kept() {
                Some(name) => {
                    app.announcer.politely(format!("New letters begin with “{name}”."));
                    library.make_default(Some(name));
                }
                None => unkept(),
            }),
        ),
        ("No default", Callback::new(move |()| library.make_default(None))),
        (
            "Download as a file",
            Callback::new(move |()| {
                let named = NamedTemplate { name: file_name(), texts: library.texts() };
                download::offer(&format!("{}.letter.json", file_name()), "application/json", &letter_file::write(&named).into());
            }),
        ),
        ("Open a file", Callback::new(move |()| file_input::open("letter-file"))),
        (
            "Keep no longer",
            Callback::new(move |()| match kept() {
                Some(name) => library.forget(name),
                None => unkept(),
            }),
        ),
    ];
    let opened = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        crate::app::effects::spawn(async move {
            let text = file_input::text(&file).await;
            input.set_value("");
            match text {
                Some(text) => library.open(&text),
                None => library.problem.set("The file could not be read.".into()),
            }
        });
    };
    let hint = "Kept in this browser. A new letter begins with the default, else with what you sent last.";
    view! {
        <Field id="letter-template" label="Take up a letter" hint=hint error=Signal::derive(move || library.problem.get()) let:ids>
            <div class="row tools">
                <select id=ids.control class="input grow" aria-describedby=ids.described prop:value=move || { library.letters.track(); library.chosen.get().unwrap_or_default() } on:change=choose>
                    <option value="">"Choose one …"</option>{options}</select>
                <Menu label="More with this letter" items>"More"</Menu>
            </div>
        </Field>
        <form class="row tools" aria-label="Keep this letter" on:submit=move |event: web_sys::SubmitEvent| { event.prevent_default(); library.keep(library.name.get_untracked()); }>
            <input id="letter-name" class="input grow" aria-label="Name of this letter" placeholder="Name of this letter" maxlength="80" autocomplete="off" prop:value=move || library.name.get() on:input=move |event| library.name.set(event_target_value(&event))/>
            <button class="button" type="submit">"Keep"</button>
        </form>
        <input id="letter-file" type="file" hidden accept=".json,application/json" on:change=opened/>
        <Show when=move || library.taken.with(Option::is_some)>
            <Notice tone=Tone::Info><p>{format!("This way of sending needs a letter, and there was none. “{}” was taken; change it as you like.", builtin_template::NAME)}</p>
                <button class="button" type="button" on:click=move |_| library.take_back(library.taken)>"Undo"</button></Notice>
        </Show>
        <Show when=move || library.before.with(Option::is_some)>
            <Notice tone=Tone::Info><p>"Your words were replaced by the letter that you took up."</p><button class="button" type="button" on:click=move |_| library.take_back(library.before)>"Undo"</button></Notice>
        </Show>
    }
}
