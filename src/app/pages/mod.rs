//! One page per route.

mod allowance;
pub mod entrance;
pub mod invite;
pub mod last_look;
mod missing_permission;
pub mod run;
pub mod runs;
pub mod self_service;
pub mod set_up;
pub mod welcome;
