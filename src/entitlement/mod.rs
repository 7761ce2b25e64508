//! Entitlement management: what partners can ask for, under which terms, and what somebody would see of it. What Graph is asked stands
//! in `graph::entitlement`; here is what follows from its answers.
//! <https://learn.microsoft.com/entra/id-governance/entitlement-management-overview>

pub mod audience;
pub mod changing;
pub mod contents;
pub mod holders;
pub mod inventory;
pub mod kit;
pub mod link;
pub mod map;
pub mod suggestions;
pub mod terms;
