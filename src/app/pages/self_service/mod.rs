//! *Self-service*: what partners can ask for themselves.

mod catalog;
mod commands;
mod map;
mod package;
mod packages;
mod policy;
mod reading;
mod visitor;

pub use map::PackageMap;
pub use package::Package;
pub use packages::Packages;
