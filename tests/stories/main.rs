//! Stories, native, through the sample tenant in made-up time. Each is named as a fact; each asserts outcomes and what
//! the tenant holds afterwards, never which calls were made to get there.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a broken story may panic"))]

mod acts;
mod allowance;
mod answers;
#[expect(dead_code, reason = "the simulation uses more of it")]
mod browser;
mod changing_packages;
mod damaged;
mod database;
mod delivery;
mod gateways;
mod halting;
mod inviting;
mod kit;
mod large;
#[expect(dead_code, reason = "the simulation uses more of it")]
mod network;
mod overview;
mod paging;
mod placeholders;
mod promise;
mod recycle_bin;
mod resending;
mod restoring;
#[path = "../simulation/rng.rs"]
#[expect(dead_code, reason = "the simulation uses more of it")]
mod rng;
mod self_service;
mod signing_in;
mod spoiling;
mod stopping;
mod strict;
mod support;
mod taking_back;
mod tenant;
mod throttling;
mod unanswered;
mod upgrading;
mod waiting;
mod withdrawing;
