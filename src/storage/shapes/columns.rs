//! What was chosen for the columns of a file.

use crate::rows::Column;
use crate::sheet::columns::{FieldSource, Remembered};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Remembered")]
struct RememberedShape {
    columns: Vec<Option<Column>>,
    derived: Vec<(Column, FieldSource)>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FieldSource")]
enum FieldSourceShape {
    FirstName(usize),
    LastName(usize),
    BeforeAt(usize),
    Constant(String),
}

stored_as!(RememberedShape => Remembered, FieldSourceShape => FieldSource);
