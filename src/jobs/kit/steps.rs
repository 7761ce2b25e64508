//! What is done for one thing of a kit after the other.

use crate::bulk::{Effect, Step};
use graph::entitlement::catalogs::{CreateCatalog, ListCatalogs};
use graph::{Operation, PaceKind};

/// What is done for a thing. Which thing is next the facts say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitStep {
    /// Is it there?
    Find,
    /// Make it, or delete it.
    Change,
    /// Has it appeared?
    See,
}

impl Step for KitStep {
    const ALL: &'static [Self] = &[Self::Find, Self::Change, Self::See];

    fn place(self) -> usize {
        self as usize
    }

    fn lane(self) -> PaceKind {
        if self == Self::Change { CreateCatalog::PACE } else { ListCatalogs::PACE }
    }

    /// Nothing is made unlooked at. So what only reads does not count as a step that can be gone without: what it is refused for ends the
    /// kit, and a run that is stopped is stopped before it.
    fn effect(self) -> Effect {
        if self == Self::Change { Effect::Noticed } else { Effect::Repeatable }
    }
}

/// The permission that all of it needs.
pub(super) const PERMISSION: &str = CreateCatalog::SCOPES[0];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_stands_at_its_place() {
        assert!(KitStep::ALL.iter().enumerate().all(|(place, step)| step.place() == place));
        assert_eq!(PERMISSION, "EntitlementManagement.ReadWrite.All");
    }
}
