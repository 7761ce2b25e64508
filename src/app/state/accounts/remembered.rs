//! What the tab remembers of signing in, and under which names.

use crate::app::effects::{entries, tab};
use guestlist::embedding::{TOP_LEVEL, with_entry};
use guestlist::owner::Owner;
use identity::Pending;
use std::borrow::Cow;
use std::cell::RefCell;

/// Written by public/auth.js.
pub(super) const ANSWER: &str = "answer";
pub(super) const PENDING: &str = "pending";
/// The last question that somebody came back from without its answer: *Forward* may still bring that.
const UNANSWERED: &str = "unanswered";
pub(super) const SESSION: &str = "session";
/// Keys of the history entries that the session was made and used in.
pub(super) const ENTRIES: &str = "entries";
/// What stands in *Add guests*, behind the prefix of whose it is.
const TYPED: &str = "typed";
/// The names of an earlier version, which a frame of the same site could read.
const EARLIER: [&str; 3] = ["guestlist.answer", "guestlist.pending", "guestlist.session"];

thread_local! {
    /// The chain of the windows around this one, under which the tab remembers.
    static CHAIN: RefCell<Cow<'static, str>> = const { RefCell::new(Cow::Borrowed(TOP_LEVEL)) };
}

/// From now on what the tab remembers is that of this chain of windows.
pub fn keep_under(chain: String) {
    CHAIN.set(Cow::Owned(chain));
}

/// The name under which the tab remembers this.
pub(super) fn name(what: &str) -> String {
    CHAIN.with_borrow(|chain| format!("guestlist.{what}@{chain}"))
}

/// What an earlier version left in this tab is of no use, and names no window that it belongs to.
pub fn forget_earlier() {
    for earlier in EARLIER {
        tab::forget(earlier);
    }
}

/// Whether a sign-in was handed over, or this tab remembers one, or remembers leaving for one: nothing is read yet.
pub fn is_expected() -> bool {
    [ANSWER, SESSION, PENDING].iter().any(|what| tab::get(&name(what)).is_some())
}

/// The sign-in that lies here is not this window's, or is over.
pub(super) fn forget_session() {
    for what in [SESSION, ENTRIES, TYPED] {
        tab::forget(&name(what));
    }
}

/// The questions that nobody has answered, the latest first, which are forgotten here, and whether somebody has just left for the first
/// of them.
pub(super) fn take_questions() -> (Vec<Pending>, bool) {
    let texts = [PENDING, UNANSWERED].map(|what| tab::take(&name(what)));
    let has_left = texts[0].is_some();
    (texts.into_iter().flatten().filter_map(|text| serde_json::from_str(&text).ok()).collect(), has_left)
}

/// Keeps a question that somebody came back from without its answer.
pub(super) fn keep_question(question: Option<&Pending>) {
    if let Some(question) = question {
        tab::put(&name(UNANSWERED), &serde_json::to_string(question).unwrap_or_default());
    }
}

/// What this person has typed and not added yet outlives a reload.
pub fn keep_typed(person: &Owner, text: &str) {
    if text.trim().is_empty() {
        tab::forget(&name(TYPED));
    } else {
        tab::put(&name(TYPED), &(person.prefix() + text));
    }
}

pub fn typed(person: &Owner) -> Option<String> {
    tab::get(&name(TYPED))?.strip_prefix(&person.prefix()).map(str::to_owned)
}

/// The session is one of the present history entry, too.
pub(super) fn remember_entry() {
    if let Some(entry) = entries::current() {
        tab::put(&name(ENTRIES), &with_entry(&tab::get(&name(ENTRIES)).unwrap_or_default(), &entry));
    }
}
