//! What a screen reader hears.

use leptos::prelude::*;

/// Two live regions of the frame: one waits its turn, the other does not.
#[derive(Clone, Copy)]
pub struct Announcer {
    pub polite: ReadSignal<String>,
    pub assertive: ReadSignal<String>,
    set_polite: WriteSignal<String>,
    set_assertive: WriteSignal<String>,
}

impl Announcer {
    pub(super) fn new() -> Self {
        let ((polite, set_polite), (assertive, set_assertive)) = (signal(String::new()), signal(String::new()));
        Self { polite, assertive, set_polite, set_assertive }
    }

    /// Said once whoever reads has come to the end of what they hear.
    pub fn politely(self, words: impl Into<String>) {
        self.set_polite.set(words.into());
    }

    /// Said at once.
    pub fn at_once(self, words: impl Into<String>) {
        self.set_assertive.set(words.into());
    }
}
