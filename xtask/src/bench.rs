//! `cargo xtask bench`: every figure, in one run, each beside its peer.

use crate::check::PORT;
use crate::machine::{has, quietly, root};
use crate::serve::{Ports, block_on, serve};
use crate::{bundle, setup, weigh};
use std::process::Command;

/// Weight, reading, grid and memory, sending, and the simulation. The sending alone takes most of an hour in full;
/// `ROWS` and `ROUNDS` in the environment make it shorter.
///
/// # Errors
/// What could not be measured. A figure that falls short is told, and is no error.
pub fn run() -> Result<(), String> {
    let tools = setup::for_bundling()?;
    bundle::release(&tools)?;
    weigh::weigh()?;
    let browser = setup::browser()?;
    let pages = root().join("tests/bench/pages");
    if has("npm") && !pages.join("node_modules").exists() {
        eprintln!("Fetching what the figures are measured beside …");
        quietly("npm ci", Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&pages))?;
    }
    let (done, finished) = tokio::sync::oneshot::channel::<()>();
    let ready = move |address: &str| {
        let address = address.to_owned();
        std::thread::spawn(move || {
            for script in ["figures.mjs", "sending.mjs"] {
                let mut node = Command::new("node");
                node.arg(script).current_dir(&pages).env("CHROMIUM", &browser).env("PAGE", &address);
                if !node.status().is_ok_and(|status| status.success()) {
                    eprintln!("{script} did not come to its end.");
                }
            }
            _ = done.send(());
        });
    };
    block_on(serve(Ports { page: PORT }, ready, async { _ = finished.await }))?;
    let status = Command::new("cargo").args(["bench", "--bench", "simulation"]).current_dir(root()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("The simulation failed.".into()),
        Err(error) => Err(format!("cargo cannot be started: {error}")),
    }
}
