//! `cargo xtask demo`: the release page beside the sample tenant.

use crate::serve::{Ports, block_on, serve};
use crate::{bundle, setup};
use std::process::{Command, Stdio};

/// Sets up, bundles and serves until Ctrl-C.
///
/// # Errors
/// What could not be set up, bundled or served.
pub fn run(options: &[&str]) -> Result<(), String> {
    let (mut port, mut open) = (8080, true);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--no-open" => open = false,
            "--port" => {
                let value = options.next().and_then(|value| value.parse().ok()).filter(|port| (1..=65_532).contains(port));
                port = value.ok_or("--port wants a number from 1 to 65532; three more ports above it are used.")?;
            }
            other => return Err(format!("demo does not know {other}. It knows --no-open and --port NUMBER.")),
        }
    }
    let tools = setup::for_bundling()?;
    bundle::release_if_changed(&tools)?;
    block_on(serve(Ports { page: port }, |address| announce(address, port, open), async { _ = tokio::signal::ctrl_c().await }))?;
    Ok(())
}

fn announce(address: &str, port: u16, open: bool) {
    println!("Guestlist is ready: {address}");
    println!("  Contoso, the sample tenant (mail room, directory, knobs): http://localhost:{}/", port + 2);
    println!("  An intranet page with Guestlist inside: http://127.0.0.1:{}/", port + 3);
    println!("  Ctrl-C ends it.");
    if open {
        let opener = if cfg!(target_os = "macos") {
            "open"
        } else if cfg!(windows) {
            "explorer"
        } else {
            "xdg-open"
        };
        _ = Command::new(opener).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}
