//! What is known of a tenant's limit, and what runs that were removed sent.

use crate::jobs::invite::allowance::{Sent, Terms};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use time::Moment;

#[derive(Serialize, Deserialize)]
#[serde(remote = "Terms")]
struct TermsShape {
    #[serde(default)]
    is_paid: Option<bool>,
    #[serde(default)]
    created: Option<Moment>,
    #[serde(default)]
    old_from: Option<Moment>,
    #[serde(default)]
    most: Option<usize>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Sent")]
struct SentShape {
    at: Vec<Moment>,
    guests: BTreeSet<String>,
}

stored_as!(TermsShape => Terms, SentShape => Sent);
