//! Parts that pages are made of: they know no page and no Graph.

pub mod copy;
pub mod dialog;
pub mod field;
pub mod full_window;
pub mod grid;
pub mod icon;
pub mod ids;
pub mod looking;
pub mod menu;
pub mod notice;
