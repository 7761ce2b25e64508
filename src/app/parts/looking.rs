//! A look at the directory, with how far it is; it can be stopped.

use leptos::prelude::*;

/// `name`: of the progress bar. `progress`: how many of how many questions are answered; of none where that is not known.
#[component]
pub fn Looking(
    name: &'static str,
    #[prop(into)] words: Signal<String>,
    #[prop(into)] progress: Signal<(usize, usize)>,
    #[prop(into)] stop: Callback<()>,
) -> impl IntoView {
    let known =
        move |part: fn((usize, usize)) -> usize| Some(progress.get()).filter(|(_, of)| *of > 0).map(|progress| part(progress).to_string());
    view! {
        <div class="looking">
            <p role="status"><progress max=move || known(|(_, of)| of) value=move || known(|(done, _)| done) aria-label=name></progress>" "{move || words.get()}</p>
            <button class="button" type="button" on:click=move |_| stop.run(())>"Stop"</button>
        </div>
    }
}
