//! The session of this page, which no other file holds.

use identity::Session;
use std::cell::RefCell;

thread_local! {
    static HELD: RefCell<Option<Session>> = const { RefCell::new(None) };
}

pub fn hold(session: Session) {
    HELD.set(Some(session));
}

/// Nothing is sent for anybody from now on.
pub fn forget() {
    HELD.set(None);
}

pub fn with<T>(read: impl FnOnce(&Option<Session>) -> T) -> T {
    HELD.with_borrow(read)
}

/// It can be renewed no more.
pub fn drop_refresh_token() {
    HELD.with_borrow_mut(|held| {
        if let Some(session) = held {
            session.tokens.refresh = None;
        }
    });
}
