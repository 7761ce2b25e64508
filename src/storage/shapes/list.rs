//! A list of a run, and the rows of a draft's. It may hold 100,000 rows: it is written out of the one text that it lies in, without a copy.

use crate::rows::{Column, List, Row};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A list that is written or read: `C` is its columns, `R` its rows.
#[derive(Serialize, Deserialize)]
struct ListShape<C, R> {
    columns: C,
    rows: R,
    next_id: u32,
}

/// A row that is written or read: `C` is its cells.
#[derive(Serialize, Deserialize)]
pub(in crate::storage) struct StoredRow<C = Vec<String>> {
    pub(in crate::storage) id: u32,
    pub(in crate::storage) cells: C,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Column")]
struct ColumnShape {
    name: String,
    heading: String,
}

stored_as!(ColumnShape => Column);

struct WrittenRows<'a>(&'a List);

struct WrittenCells<'a>(Row<'a>);

impl Serialize for WrittenRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.rows())
    }
}

impl Serialize for WrittenCells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.cells())
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StoredRow { id: self.id(), cells: WrittenCells(*self) }.serialize(serializer)
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ListShape { columns: self.columns(), rows: WrittenRows(self), next_id: self.next_id() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = ListShape::<Vec<Column>, Vec<StoredRow>>::deserialize(deserializer)?;
        let mut list = Self::from_columns(written.columns);
        for row in &written.rows {
            list.restore(row.id, &row.cells);
        }
        list.number_from(written.next_id);
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_back_as_it_was_written() {
        let mut list = List::from_columns(vec![Column::from_heading("email")]);
        for name in ["a", "b", "c"] {
            list.add(&[(Column::from_heading("email"), name.into())]);
        }
        let list = list.only(|id| id != 2);
        let text = serde_json::to_string(&list).unwrap();
        assert_eq!(
            text,
            r#"{"columns":[{"name":"email","heading":"Email"}],"rows":[{"id":1,"cells":["a"]},{"id":3,"cells":["c"]}],"next_id":4}"#
        );
        assert_eq!(serde_json::from_str::<List>(&text).unwrap(), list);
    }
}
