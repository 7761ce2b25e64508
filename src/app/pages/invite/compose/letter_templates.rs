//! Taking up a letter, keeping the one at hand, and what else can be done with those that are kept.

use super::template_library::TemplateLibrary;
use crate::app::effects::file_input;
use crate::app::parts::field::Field;
use crate::app::parts::menu::Menu;
use crate::app::parts::notice::{Notice, Tone};
use crate::app::state::AppState;
use guestlist::letter::builtin_template;
use guestlist::letter::template_library::LetterTexts;
use leptos::prelude::*;

#[component]
pub fn LetterTemplates(
    /// What stood there before the letter that comes with the page was taken, because the way of sending needs one.
    taken: RwSignal<Option<LetterTexts>>,
) -> impl IntoView {
    let library = TemplateLibrary::new(AppState::here(), taken);
    library.begin();
    view! {
        <Choice library/>
        <form class="row tools" aria-label="Keep this letter" on:submit=move |event: web_sys::SubmitEvent| { event.prevent_default(); library.keep(library.name.get_untracked()); }>
            <input id="letter-name" class="input grow" aria-label="Name of this letter" placeholder="Name of this letter" maxlength="80" autocomplete="off" prop:value=move || library.name.get() on:input=move |event| library.name.set(event_target_value(&event))/>
            <button class="button" type="submit">"Keep"</button>
        </form>
        <input id="letter-file" type="file" hidden accept=".json,application/json" on:change=move |event| library.chosen_file(&event)/>
        <Show when=move || library.taken.with(Option::is_some)>
            <Notice tone=Tone::Info><p>{format!("This way of sending needs a letter, and there was none. “{}” was taken; change it as you like.", builtin_template::NAME)}</p>
                <button class="button" type="button" on:click=move |_| library.take_back(library.taken)>"Undo"</button></Notice>
        </Show>
        <Show when=move || library.before.with(Option::is_some)>
            <Notice tone=Tone::Info><p>"Your words were replaced by the letter that you took up."</p><button class="button" type="button" on:click=move |_| library.take_back(library.before)>"Undo"</button></Notice>
        </Show>
    }
}

/// The letters that there are, and what can be done with one.
#[component]
fn Choice(library: TemplateLibrary) -> impl IntoView {
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
    let item = |act: fn(TemplateLibrary)| Callback::new(move |()| act(library));
    let items = vec![
        ("Keep as a copy", item(TemplateLibrary::keep_copy)),
        ("Make it the default", item(TemplateLibrary::make_this_default)),
        ("No default", item(|library| library.make_default(None))),
        ("Download as a file", item(TemplateLibrary::download)),
        ("Open a file", item(|_| file_input::open("letter-file"))),
        ("Keep no longer", item(TemplateLibrary::forget_this)),
    ];
    let hint = "Kept in this browser. A new letter begins with the default, else with what you sent last.";
    view! {
        <Field id="letter-template" label="Take up a letter" hint=hint error=Signal::derive(move || library.problem.get()) let:ids>
            <div class="row tools">
                <select id=ids.control class="input grow" aria-describedby=ids.described prop:value=move || { library.letters.track(); library.chosen.get().unwrap_or_default() } on:change=choose>
                    <option value="">"Choose one …"</option>{options}</select>
                <Menu label="More with this letter" items>"More"</Menu>
            </div>
        </Field>
    }
}
