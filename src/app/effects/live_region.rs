//! What a screen reader hears: two live regions (WAI-ARIA 1.2, 6.6.3), which the frame holds for as long as the page lives.

use super::document;

/// The one that waits until whoever listens has come to the end of what they hear.
pub const POLITE: &str = "polite";
/// The one that does not.
pub const ASSERTIVE: &str = "assertive";

/// Said once whoever listens has come to the end of what they hear.
pub fn politely(words: &str) {
    say(POLITE, words);
}

/// Said at once.
pub fn at_once(words: &str) {
    say(ASSERTIVE, words);
}

fn say(region: &str, words: &str) {
    if let Some(region) = document().get_element_by_id(region) {
        region.set_text_content(Some(words));
    }
}
