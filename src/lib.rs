#![doc = include_str!("README.md")]

pub mod time;
pub mod words;

pub mod graph;

#[cfg(feature = "tenant")]
pub mod tenant;

pub mod config;
pub mod identity;
