//! What others wrote, held against `deny.toml`: licences, where it comes from, what is there twice, and known faults.

use crate::machine::{quietly, root};
use crate::setup;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The repository's own packages, and a tool's; what is there twice costs the page weight, and a tool nothing.
const MANIFESTS: [(&str, &[&str]); 2] =
    [("Cargo.toml", &["bans", "licenses", "sources"]), ("xtask/tools/wasm-bindgen/Cargo.toml", &["licenses", "sources"])];
/// How long the data base of advisories may take to come: it is a git repository of 30 MB.
const PATIENCE: Duration = Duration::from_secs(60);
/// How cargo-deny 0.20 begins when it does not come.
const NOT_REACHED: &str = "failed to fetch advisory database";

/// Tells `told` what was looked at and how it went. Advisories are skipped, which is said, where they cannot be reached.
pub fn check(told: &mut dyn FnMut(&str, Result<(), String>)) {
    let deny = match setup::cargo_deny() {
        Ok(deny) => deny,
        Err(words) => return told("cargo-deny", Err(words)),
    };
    for (manifest, what) in MANIFESTS {
        // Without a network it reads the sources of every platform's crates, which a build for this one does not fetch.
        let fetched =
            quietly("cargo fetch", Command::new("cargo").args(["fetch", "--locked", "--manifest-path", manifest]).current_dir(root()));
        let looked = fetched.and_then(|()| quietly("cargo-deny", held(&deny, manifest).args(what)));
        told(&format!("{} of {manifest}", what.join(", ")), looked);
    }
    for (manifest, _) in MANIFESTS {
        match advisories(held(&deny, manifest).arg("advisories")) {
            Some(done) => told(&format!("advisories about {manifest}"), done),
            None => return eprintln!("skipped: advisories: their data base cannot be reached from here."),
        }
    }
}

fn held(deny: &Path, manifest: &str) -> Command {
    let mut command = Command::new(deny);
    command
        .args(["--locked", "--manifest-path", manifest, "--config"])
        .arg(root().join("deny.toml"))
        .args(["check", "--hide-inclusion-graph"]);
    command.current_dir(root()).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// `None` when the data base does not come.
fn advisories(command: &mut Command) -> Option<Result<(), String>> {
    // Git asks nobody for a password, and gives up a connection that stands still.
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_HTTP_LOW_SPEED_LIMIT", "1000").env("GIT_HTTP_LOW_SPEED_TIME", "30");
    let mut child = match command.stderr(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => return Some(Err(format!("cargo-deny cannot be started: {error}"))),
    };
    let mut errors = child.stderr.take().expect("stderr is piped");
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        _ = errors.read_to_string(&mut text);
        _ = tell.send(text);
    });
    let Ok(text) = told.recv_timeout(PATIENCE) else {
        _ = child.kill();
        _ = child.wait();
        return None;
    };
    let is_well = child.wait().is_ok_and(|status| status.success());
    judged(is_well, text)
}

fn judged(is_well: bool, text: String) -> Option<Result<(), String>> {
    if text.contains(NOT_REACHED) {
        return None;
    }
    Some(if is_well { Ok(()) } else { Err(text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_data_base_that_does_not_come_is_skipped() {
        assert_eq!(judged(true, String::new()), Some(Ok(())));
        assert_eq!(judged(false, format!("[ERROR] {NOT_REACHED} https://example.org")), None);
        let found = "error[vulnerability]: a crate".to_owned();
        assert_eq!(judged(false, found.clone()), Some(Err(found)));
    }
}
