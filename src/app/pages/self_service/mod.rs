//! *Self-service*: what partners can ask for themselves.

mod catalog;
mod commands;
mod package;
mod packages;
mod policy;
mod reading;
mod visitor;

pub use package::Package;
pub use packages::Packages;
