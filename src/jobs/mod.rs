//! What can be done for many rows. Each job states its steps, what it learns, how rows end and the words for that; [`crate::bulk`] does
//! the rest. Withdrawing and restoring are one job to the engine, `recycle_bin`, so that it is compiled once for both; so are making a kit and
//! taking it back.

pub mod invite;
pub mod kit;
mod made_before;
pub mod recycle_bin;
pub mod recycling;
pub mod restore;
pub mod run_tally;
pub mod withdraw;
