//! Whose a record is.

use crate::owner::Owner;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Owner")]
struct OwnerShape {
    cloud: String,
    tenant: String,
    person: String,
    username: String,
}

stored_as!(OwnerShape => Owner);
