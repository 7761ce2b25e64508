//! A look at the directory, with how far it is; it can be stopped.

use leptos::prelude::*;

/// `name`: of the progress bar. `progress`: how many of how many questions are answered.
#[component]
pub fn Looking(
    name: &'static str,
    words: &'static str,
    #[prop(into)] progress: Signal<(usize, usize)>,
    #[prop(into)] stop: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="looking">
            <p role="status"><progress max=move || progress.get().1.to_string() value=move || progress.get().0.to_string() aria-label=name></progress>" "{words}</p>
            <button class="button" type="button" on:click=move |_| stop.run(())>"Stop"</button>
        </div>
    }
}
