//! The head of a draft. Its rows lie in records of their own: [`super::StoredRow`].

use crate::jobs::invite::plan::{Choices, RowAction};
use crate::letter::{Channel, Letter};
use crate::rows::List;
use crate::storage::drafts::Draft;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::Moment;

#[derive(Serialize, Deserialize)]
#[serde(remote = "Draft")]
struct DraftShape {
    list: List,
    letter: Letter,
    #[serde(default)]
    choices: Choices,
    touched: Moment,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Choices")]
struct ChoicesShape {
    #[serde(default)]
    rows: BTreeMap<u32, RowAction>,
    #[serde(default)]
    new: Option<RowAction>,
    #[serde(default)]
    known: Option<RowAction>,
    #[serde(default)]
    channels: BTreeMap<u32, Channel>,
}

stored_as!(DraftShape => Draft, ChoicesShape => Choices);
