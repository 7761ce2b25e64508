//! A modal `<dialog>`: for decisions and for help. Esc closes it, and focus goes back to where it was.

use super::ids;
use leptos::html;
use leptos::prelude::*;

#[component]
pub fn Dialog(title: &'static str, open: RwSignal<bool>, children: ChildrenFn) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    follow(node, open.into());
    let id = ids::fresh("dialog");
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby=id.clone() on:close=move |_| open.set(false)>
            <h2 id=id.clone()>{title}</h2>
            {children()}
            <div class="row end"><button class="button" type="button" on:click=move |_| open.set(false)>"Close"</button></div>
        </dialog>
    }
}

/// Shows a dialog as modal while it is open, and closes it else.
pub fn follow(node: NodeRef<html::Dialog>, open: Signal<bool>) {
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
}
