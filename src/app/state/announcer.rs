//! What a screen reader hears of what happened.

use crate::app::effects::live_region;

/// Says what happened to whoever does not see it.
#[derive(Clone, Copy)]
pub struct Announcer;

impl Announcer {
    /// Said once whoever listens has come to the end of what they hear.
    pub fn politely(self, words: impl AsRef<str>) {
        live_region::politely(words.as_ref());
    }

    /// Said at once.
    pub fn at_once(self, words: impl AsRef<str>) {
        live_region::at_once(words.as_ref());
    }
}
