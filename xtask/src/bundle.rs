//! The release page, by Trunk.

use crate::machine::{follow, quietly, root};
use crate::made_from::Inputs;
use crate::setup::Tools;
use crate::{notices, split};
use std::process::Command;

/// Writes `dist/`, unless nothing has changed since that was done.
///
/// # Errors
/// As [`release`].
pub fn release_if_changed(tools: &Tools) -> Result<(), String> {
    let inputs = Inputs::now(tools);
    if inputs.are_bundled() {
        eprintln!("The page is bundled already.");
        return Ok(());
    }
    bundle(tools, &inputs)
}

/// Writes `dist/`.
///
/// # Errors
/// The end of what Trunk printed.
pub fn release(tools: &Tools) -> Result<(), String> {
    bundle(tools, &Inputs::now(tools))
}

fn bundle(tools: &Tools, inputs: &Inputs) -> Result<(), String> {
    Inputs::forget();
    // Trunk is offline, and with it its cargo: on a new machine the page's crates have to be here first.
    eprintln!("Fetching the page's crates …");
    quietly("cargo fetch", Command::new("cargo").args(["fetch", "--locked"]).current_dir(root()))?;
    eprintln!("Bundling the page …");
    let mut trunk = Command::new(&tools.trunk);
    trunk.arg("build").current_dir(root());
    // Trunk runs wasm-opt with --release alone; the Cargo profile is the same without it.
    if tools.optimiser.is_some() {
        trunk.arg("--release")
    } else {
        trunk.args(["--cargo-profile", "release"])
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let (stand_in, real) = split::prepare(&tools.bindgen)?;
    trunk.env(real.0, real.1);
    let path = std::env::join_paths([stand_in].into_iter().chain(tools.path.iter().cloned()).chain(std::env::split_paths(&path)))
        .map_err(|error| error.to_string())?;
    // NO_COLOR=1 is no boolean to Trunk's option parser.
    trunk.env("PATH", path).env_remove("NO_COLOR");
    // Panics name files; without this machine's folders the bundle is smaller and the same everywhere.
    let home = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{}/.cargo", std::env::var("HOME").unwrap_or_default()));
    let sources = std::fs::read_dir(format!("{home}/registry/src")).into_iter().flatten().flatten();
    let remaps: String = sources.map(|source| format!(" --remap-path-prefix={}=", source.path().display())).collect();
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", format!("--cfg erase_components {}{remaps}", split::RUSTFLAGS));
    follow("page", 300, &mut trunk)?;
    split::finish(tools.optimiser.as_deref())?;
    notices::write(&root().join("dist"))?;
    inputs.note()
}
