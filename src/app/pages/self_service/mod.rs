//! *Self-service*: what partners can ask for themselves.

mod package;
mod packages;
mod reading;
mod visitor;

pub use package::Package;
pub use packages::Packages;
