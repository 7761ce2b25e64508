//! `cargo xtask bench`: every figure, in one run, each beside its peer.

use crate::journeys::{PORT, beside};
use crate::machine::{has, root};
use crate::{bundle, setup, weigh};
use std::path::Path;
use std::process::Command;

/// Weight, reading, grid, memory and preview, sending, and the simulation. The sending alone takes half an hour in full;
/// `ROWS` and `ROUNDS` in the environment make it shorter.
///
/// # Errors
/// What could not be measured. A figure that falls short is told, and is no error.
pub fn run() -> Result<(), String> {
    let tools = setup::for_bundling()?;
    bundle::release(&tools)?;
    weigh::weigh()?;
    let browser = setup::browser()?.whole;
    let pages = root().join("tests/bench/pages");
    if has("npm") && !pages.join("node_modules").exists() {
        eprintln!("Fetching what the figures are measured beside …");
        setup::npm_ci(&pages)?;
    }
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

fn measure(pages: &Path, script: &str, browser: &str, address: &str, way: &str) {
    let mut node = Command::new("node");
    node.arg(script).current_dir(pages).env("CHROMIUM", browser).env("PAGE", address).env("WAY", way);
    if !node.status().is_ok_and(|status| status.success()) {
        eprintln!("{script} did not come to its end.");
    }
}
