//! One page per route.

mod allowance;
pub mod invite;
pub mod run;
pub mod runs;
pub mod set_up;
pub mod welcome;
