//! Where in a list stands what is looked at, and which cell a finding is about.

use super::checks::Context;
use super::findings::FindingKind;
use super::language;
use super::list::List;
use super::nothing::{self, Watched};

/// Where what is looked at stands.
pub(super) struct ColumnPlaces {
    pub(super) email: Option<usize>,
    pub(super) name: Option<usize>,
    /// First and last name, of which a name is made where there is none.
    pub(super) parts: [Option<usize>; 2],
    pub(super) language: Option<usize>,
    fields: Vec<usize>,
    variants: Vec<(String, Vec<usize>)>,
    watched: Vec<Watched>,
}

impl ColumnPlaces {
    pub(super) fn for_list(list: &List, context: &Context) -> Self {
        let places = |fields: &[String]| fields.iter().filter_map(|field| list.column(field)).collect();
        Self {
            email: list.column("email"),
            name: list.column("displayName"),
            parts: ["firstName", "lastName"].map(|name| list.column(name)),
            language: list.column("language"),
            fields: places(&context.fields),
            variants: context.variants.iter().map(|(tag, fields)| (tag.clone(), places(fields))).collect(),
            watched: nothing::watched(list, &context.used),
        }
    }

    /// The first column that says nothing in a word.
    pub(super) fn nothing(&self, list: &List, place: usize) -> Option<usize> {
        self.watched.iter().find(|watched| nothing::is_nothing(list, place, **watched)).map(|watched| watched.column)
    }

    /// A column that the message in the row's language uses and that has nothing in this row.
    pub(super) fn gap(&self, list: &List, place: usize) -> Option<usize> {
        let language = self.language.filter(|_| !self.variants.is_empty()).map_or("", |column| list.cell(place, column));
        let variant = language::lookup(language, self.variants.iter().map(|(tag, _)| tag.as_str()));
        let fields = variant.map_or(&self.fields, |place| &self.variants[place].1);
        let is_empty = |column: usize| list.cell(place, column).trim().is_empty();
        let is_made = |column: usize| self.name == Some(column) && self.parts.into_iter().flatten().any(|part| !is_empty(part));
        fields.iter().copied().find(|column| is_empty(*column) && !is_made(*column))
    }

    /// The cell that a finding is about.
    pub(super) fn column_for(&self, kind: FindingKind, list: &List, place: usize) -> Option<usize> {
        match kind {
            FindingKind::LongName | FindingKind::TurnedName => self.name,
            FindingKind::BadLanguage => self.language,
            FindingKind::Gap => self.gap(list, place),
            FindingKind::Nothing => self.nothing(list, place),
            _ => self.email,
        }
    }

    /// Whether a finding is about this cell, too.
    pub(super) fn is_about(&self, kind: FindingKind, list: &List, place: usize, column: usize) -> bool {
        match kind {
            FindingKind::Nothing => {
                self.watched.iter().any(|watched| watched.column == column && nothing::is_nothing(list, place, *watched))
            }
            _ => self.column_for(kind, list, place) == Some(column),
        }
    }
}
