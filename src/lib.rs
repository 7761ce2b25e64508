#![doc = include_str!("README.md")]

pub mod permissions;
pub mod refused;
pub mod words;

pub mod config;
pub mod embedding;

pub mod owner;

pub mod rows;

pub mod sheet;

pub mod letter;

pub mod protocol;

pub mod lookup;

pub mod entitlement;

pub mod bulk;

pub mod jobs;

pub mod storage;

pub mod tab;

#[cfg(test)]
#[path = "../tests/simulation/rng.rs"]
#[expect(dead_code, reason = "the simulation uses more of it")]
mod rng;
