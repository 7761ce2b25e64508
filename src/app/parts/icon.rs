//! Icons: drawn with `currentColor`, hidden from assistive technology; words stand beside them.

use crate::app::effects::document;
use leptos::prelude::*;
use web_sys::Element;

/// Shapes differ, so that no meaning hangs on colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Good,
    Bad,
    Warning,
    Info,
    Waiting,
    Skipped,
    Person,
    Copy,
    Remove,
    Previous,
    Next,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Good => "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM4.8 8l2.2 2.3 4.2-4.5",
            Self::Bad => "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3ZM5.5 5.5l5 5M10.5 5.5l-5 5",
            Self::Warning => "M8 1.8 14.6 14H1.4ZM8 6v4M8 11.8v.6",
            Self::Info => "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM8 7v4.5M8 4.5v.6",
            Self::Waiting => "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM8 4.5V8l2.5 1.5",
            Self::Skipped => "M2 8h9M8 4.5 11.5 8 8 11.5M14 4v8",
            Self::Person => "M8 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM2.5 14c.5-3 2.8-4.2 5.5-4.2s5 1.2 5.5 4.2",
            Self::Copy => "M5.5 5.5h8v8h-8ZM10.5 5.5v-3h-8v8h3",
            Self::Remove => "M4 4l8 8M12 4l-8 8",
            Self::Previous => "M10 3.5 5.5 8l4.5 4.5",
            Self::Next => "M6 3.5 10.5 8 6 12.5",
        }
    }
}

/// The icon as an element of its own, where rows are written straight into the page.
pub fn element(icon: Icon) -> Element {
    let around =
        [("class", "icon"), ("viewBox", "0 0 16 16"), ("width", "16"), ("height", "16"), ("aria-hidden", "true"), ("focusable", "false")];
    let stroke =
        [("fill", "none"), ("stroke", "currentColor"), ("stroke-width", "1.3"), ("stroke-linejoin", "round"), ("stroke-linecap", "round")];
    let (drawing, path) = (drawn("svg", &around), drawn("path", &stroke));
    _ = path.set_attribute("d", icon.path());
    _ = drawing.append_child(&path);
    drawing
}

fn drawn(name: &str, attributes: &[(&str, &str)]) -> Element {
    let element = document().create_element_ns(Some("http://www.w3.org/2000/svg"), name).expect("the name is one of SVG's");
    for (name, value) in attributes {
        _ = element.set_attribute(name, value);
    }
    element
}

#[component]
pub fn Glyph(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=icon.path() fill="none" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round" stroke-linecap="round"/>
        </svg>
    }
}
