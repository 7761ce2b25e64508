//! What a run is about.

use crate::bulk::Ramp;
use crate::jobs::invite::journal::{Header, Writer};
use crate::jobs::invite::plan::Plan;
use crate::letter::Letter;
use crate::rows::List;
use serde::{Deserialize, Serialize};
use time::Moment;

#[derive(Serialize, Deserialize)]
#[serde(remote = "Header")]
struct HeaderShape {
    id: String,
    tenant_id: String,
    tenant: String,
    by: String,
    begun: Moment,
    list: List,
    letter: Letter,
    plan: Plan,
    #[serde(default, rename = "gait")]
    ramp: Ramp,
    #[serde(default)]
    writer: Writer,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Ramp")]
enum RampShape {
    Careful,
    AtTheLimit,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Writer")]
struct WriterShape {
    id: String,
    mail: Option<String>,
    graph: String,
}

stored_as!(HeaderShape => Header, RampShape => Ramp, WriterShape => Writer);
