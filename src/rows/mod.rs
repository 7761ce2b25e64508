//! Text that people type or paste → a list of guests, and what is wrong with it.

pub mod address;
pub mod checks;
pub mod list;
pub mod quick_add;

pub use address::{Address, ByAddress};
pub use list::{Column, List, Row, known_field, likely_field};
