//! The one place of index.html that views are put in.

use super::effects;
use leptos::prelude::*;

/// Replaces the static frame of index.html, which has the same shape, so that nothing shifts.
pub fn mount<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static)
where
    V::State: 'static,
{
    let root = effects::mount_point();
    root.set_inner_html("");
    mount_to(root, view).forget();
}
