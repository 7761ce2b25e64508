//! What records look like on disk: one shape for each type that is stored, which holds the names by which its members lie there.
//!
//! A shape is checked by the compiler against the type that the program works with (`#[serde(remote)]`) and converts nothing. A member
//! that gets another name there does not compile before its shape says what it is called here: `#[serde(rename)]`. So what lies on disk
//! changes by a migration alone (*What lies on disk* in `src/README.md`), and `promise.rs` holds every record against it.
//!
//! Shapes of their own have only records. Values that are one text or number are written as such where they are defined (`Moment`,
//! `Millis`, `RedeemUrl`), and an invitation lies in a plan as Graph wants it (`graph::invitations`): its names are Microsoft's.

/// The type is written and read by its shape, wherever it stands in another one.
macro_rules! stored_as {
    ($($shape:ident => $type:ty),+ $(,)?) => {$(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $shape::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $shape::deserialize(deserializer)
            }
        }
    )+};
}

mod allowance;
mod columns;
mod draft;
mod entry;
mod header;
mod letter;
mod list;
mod outcome;
mod overview;
mod owner;
mod piece;
mod plan;
mod problem;
mod recycle;
mod template;

pub(super) use list::StoredRow;
pub(super) use overview::KeptInvitations;
pub(crate) use piece::StoredEvent;
pub(super) use piece::{EntryAddress, EntrySummary, Line, Piece, is_of_version_1};
pub(super) use template::LetterFile;
