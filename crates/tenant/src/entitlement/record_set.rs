//! Objects in the order in which they were made, found by id without looking at all of them.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

/// What has an id; it stays the same.
pub(super) trait HasId {
    fn id(&self) -> &str;
}

#[derive(Clone, Debug)]
pub(super) struct RecordSet<T> {
    all: Vec<T>,
    /// By id, in small letters: ids compare without case.
    places: HashMap<String, usize>,
}

impl<T> Default for RecordSet<T> {
    fn default() -> Self {
        Self { all: Vec::new(), places: HashMap::new() }
    }
}

impl<T: HasId> RecordSet<T> {
    /// The place of what is added: it never changes.
    pub(super) fn add(&mut self, one: T) -> usize {
        let place = self.all.len();
        self.places.insert(one.id().to_ascii_lowercase(), place);
        self.all.push(one);
        place
    }

    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.places.get(&id.to_ascii_lowercase()).copied()
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&T> {
        self.place(id).map(|place| &self.all[place])
    }

    pub(super) fn by_id_mut(&mut self, id: &str) -> Option<&mut T> {
        self.place(id).map(|place| &mut self.all[place])
    }

    /// Nobody finds it any more; its place stays, so that those of others do.
    pub(super) fn forget(&mut self, place: usize) {
        self.places.remove(&self.all[place].id().to_ascii_lowercase());
    }

    /// Those that are found.
    pub(super) fn known(&self) -> impl Iterator<Item = &T> {
        self.all.iter().enumerate().filter(|(place, one)| self.place(one.id()) == Some(*place)).map(|(_, one)| one)
    }
}

impl<T> Deref for RecordSet<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.all
    }
}

impl<T> DerefMut for RecordSet<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.all
    }
}
