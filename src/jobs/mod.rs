//! What can be done for many rows. Each job states its steps, what it learns, how rows end and the words for that; [`crate::bulk`] does
//! the rest.

pub mod invite;
