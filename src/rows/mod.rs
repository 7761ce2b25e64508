//! Text that people type or paste → a list of guests, what is wrong with it, and how it is fixed.

pub mod address;
pub mod checks;
pub mod clip;
mod clutter;
pub mod domains;
pub mod fields;
pub mod findings;
pub mod guests;
pub mod headings;
mod keys;
pub mod language;
pub mod list;
pub mod names;
pub mod nothing;
mod places;
pub mod quick_add;
pub mod repairs;
pub mod row_findings;
mod scripts;
mod spelling;
pub mod view;

pub use address::{Address, ByAddress, kept_address};
pub use clutter::{is_invisible, without_marks};
pub use fields::{Column, known_field, likely_field};
pub use guests::Guests;
pub use list::{List, Row};
pub use row_findings::RowFindings;
pub use spelling::is_same_address;
