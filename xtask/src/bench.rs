//! `cargo xtask bench`: every figure, in one run, each beside its peer.

use crate::journeys::{PORT, beside};
use crate::machine::{has, root};
use crate::{bundle, setup, weigh};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Weight, loading, reading, grid, memory and preview, sending, and the simulation. The sending alone takes half an hour in full;
/// `ROWS` and `ROUNDS` in the environment make it shorter.
///
/// # Errors
/// What could not be measured. A figure that falls short is told, and is no error.
pub fn run() -> Result<(), String> {
    let tools = setup::for_bundling()?;
    bundle::release(&tools)?;
    weigh::weigh()?;
    let browser = setup::browser()?.whole;
    let pages = peers()?;
    beside(PORT, |address| measure(&pages, "loading.mjs", &browser, address, ""))?;
    beside(PORT, |address| measure(&pages, "figures.mjs", &browser, address, ""))?;
    // Each way of sending at the same time, beside a tenant of its own.
    std::thread::scope(|scope| {
        let ways = ["0", "1", "2", "3"].into_iter().zip((PORT..).step_by(10));
        let (pages, browser) = (&pages, &browser);
        let running: Vec<_> = ways
            .map(|(way, port)| scope.spawn(move || beside(port, |address| measure(pages, "sending.mjs", browser, address, way))))
            .collect();
        running.into_iter().try_for_each(|way| way.join().map_err(|_| "A measurement broke off.".to_owned())?)
    })?;
    let status = Command::new("cargo").args(["bench", "--bench", "simulation"]).current_dir(root()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("The simulation failed.".into()),
        Err(error) => Err(format!("cargo cannot be started: {error}")),
    }
}

/// Loading alone: of what `dist/` holds once it is up to date, or, where `PAGE` in the environment names one, of the page that is served there.
///
/// # Errors
/// As [`run`].
pub fn loading() -> Result<(), String> {
    let served = std::env::var("PAGE").ok();
    if served.is_none() {
        bundle::release_if_changed(&setup::for_bundling()?)?;
    }
    let browser = setup::browser()?.whole;
    let pages = peers()?;
    let measured = |address: &str| measure(&pages, "loading.mjs", &browser, address, "");
    match served {
        Some(address) => measured(&address),
        None => beside(PORT, measured)?,
    }
    Ok(())
}

/// Where the scripts lie that measure, with everything they measure beside.
fn peers() -> Result<PathBuf, String> {
    let pages = root().join("tests/bench/pages");
    // Both, so that what an earlier version of this folder brought is not enough.
    let is_there = ["papaparse", "esbuild"].iter().all(|name| pages.join("node_modules").join(name).exists());
    if has("npm") && !is_there {
        eprintln!("Fetching what the figures are measured beside …");
        setup::npm_ci(&pages)?;
    }
    Ok(pages)
}

fn measure(pages: &Path, script: &str, browser: &str, address: &str, way: &str) {
    let mut node = Command::new("node");
    node.arg(script).current_dir(pages).env("CHROMIUM", browser).env("PAGE", address).env("WAY", way);
    if !node.status().is_ok_and(|status| status.success()) {
        eprintln!("{script} did not come to its end.");
    }
}
