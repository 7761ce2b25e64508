//! The release page, by Trunk.

use crate::machine::{follow, root};
use crate::setup::Tools;
use std::process::Command;

/// Writes `dist/`.
///
/// # Errors
/// The end of what Trunk printed.
pub fn release(tools: &Tools) -> Result<(), String> {
    eprintln!("Bundling the page …");
    let mut trunk = Command::new(&tools.trunk);
    trunk.arg("build").current_dir(root());
    // Trunk runs wasm-opt with --release alone; the Cargo profile is the same without it.
    if tools.optimises {
        trunk.arg("--release")
    } else {
        trunk.args(["--cargo-profile", "release"])
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(tools.path.iter().cloned().chain(std::env::split_paths(&path))).map_err(|error| error.to_string())?;
    // NO_COLOR=1 is no boolean to Trunk's option parser.
    trunk.env("PATH", path).env_remove("NO_COLOR");
    follow("page", 200, &mut trunk)
}
