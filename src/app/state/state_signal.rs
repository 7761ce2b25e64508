//! A signal of the state: everybody reads it, and only the state sets it.

use leptos::prelude::*;

/// A value that whoever reads it follows.
pub struct StateSignal<T: 'static>(RwSignal<T>);

impl<T> Copy for StateSignal<T> {}

impl<T> Clone for StateSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> StateSignal<T> {
    pub(super) fn new(value: T) -> Self {
        Self(RwSignal::new(value))
    }

    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.0.with(read)
    }

    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.0.with_untracked(read)
    }

    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.0.get()
    }

    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.0.get_untracked()
    }

    pub fn track(self) {
        self.0.track();
    }

    pub(super) fn set(self, value: T) {
        self.0.set(value);
    }

    pub(super) fn update(self, change: impl FnOnce(&mut T)) {
        self.0.update(change);
    }

    /// What the change tells; it lives as long as the page.
    pub(super) fn change<U>(self, change: impl FnOnce(&mut T) -> U) -> U {
        self.0.try_update(change).expect("the state lives as long as the page")
    }

    /// Changes it without anybody following.
    pub(super) fn change_untracked<U>(self, change: impl FnOnce(&mut T) -> U) -> U {
        self.0.try_update_untracked(change).expect("the state lives as long as the page")
    }

    /// For what sets it from within something else, such as the progress of a look.
    pub(super) const fn inner(self) -> RwSignal<T> {
        self.0
    }
}

impl<T: Send + Sync + Clone> From<StateSignal<T>> for Signal<T> {
    fn from(signal: StateSignal<T>) -> Self {
        signal.0.into()
    }
}
