//! Objects that are kept as they were sent.

use super::record_set::{HasId, RecordSet};
use serde_json::{Map, Value};
use time::Moment;

/// One of them: what it is below, and its members but for id and times.
#[derive(Clone, Debug)]
pub(super) struct StoredObject {
    pub(super) id: String,
    /// The catalog of a package, the package of a policy.
    pub(super) parent: String,
    pub(super) body: Map<String, Value>,
    pub(super) created: Moment,
    pub(super) modified: Moment,
    /// Deleted; answered until then.
    pub(super) gone_from: Option<Moment>,
}

/// Members that are not kept, since they follow from the rest.
const DERIVED: [&str; 6] = ["id", "catalog", "accessPackage", "createdDateTime", "modifiedDateTime", "@odata.context"];

impl HasId for StoredObject {
    fn id(&self) -> &str {
        &self.id
    }
}

impl StoredObject {
    /// `body` is an object.
    pub(super) fn new(id: String, parent: String, body: Value, now: Moment) -> Self {
        let body = match body {
            Value::Object(body) => body,
            _ => Map::new(),
        };
        let mut stored = Self { id, parent, body: Map::new(), created: now, modified: now, gone_from: None };
        stored.replace(body, now);
        stored
    }

    /// Puts another body in the place of this one.
    pub(super) fn replace(&mut self, mut body: Map<String, Value>, now: Moment) {
        body.retain(|name, _| !DERIVED.contains(&name.as_str()));
        (self.body, self.modified) = (body, now);
    }

    /// Lays these members over those that are there.
    pub(super) fn change(&mut self, body: Map<String, Value>, now: Moment) {
        let mut all = self.body.clone();
        all.extend(body);
        self.replace(all, now);
    }

    pub(super) const fn is_deleted(&self) -> bool {
        self.gone_from.is_some()
    }

    /// Whether it is answered, as yet.
    pub(super) fn is_answered(&self, now: Moment) -> bool {
        self.gone_from.is_none_or(|gone| now < gone)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.body.get(name) == Some(&Value::Bool(true))
    }

    /// With id and times.
    pub(super) fn full(&self) -> Map<String, Value> {
        let mut full = Map::new();
        full.insert("id".into(), self.id.clone().into());
        full.extend(self.body.clone());
        full.insert("createdDateTime".into(), self.created.iso().into());
        full.insert("modifiedDateTime".into(), self.modified.iso().into());
        full
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct StoredSet {
    all: RecordSet<StoredObject>,
}

impl StoredSet {
    pub(super) fn new(first: StoredObject) -> Self {
        let mut set = Self::default();
        set.add(first);
        set
    }

    pub(super) fn add(&mut self, object: StoredObject) {
        self.all.add(object);
    }

    /// Those that are not deleted.
    pub(super) fn living(&self) -> impl Iterator<Item = &StoredObject> {
        self.all.iter().filter(|one| !one.is_deleted())
    }

    /// Those that are answered, with those that were deleted a moment ago.
    pub(super) fn answered(&self, now: Moment) -> impl Iterator<Item = &StoredObject> {
        self.all.iter().filter(move |one| one.is_answered(now))
    }

    /// Those below this one that are not deleted.
    pub(super) fn below<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = &'a StoredObject> {
        self.living().filter(move |one| one.parent == parent)
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&StoredObject> {
        self.all.by_id(id).filter(|one| !one.is_deleted())
    }

    pub(super) fn by_id_mut(&mut self, id: &str) -> Option<&mut StoredObject> {
        self.all.by_id_mut(id).filter(|one| !one.is_deleted())
    }

    /// Also one that is deleted and still answered, or names of what is gone: assignments lead there.
    pub(super) fn ever(&self, id: &str) -> Option<&StoredObject> {
        self.all.by_id(id)
    }
}
