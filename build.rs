//! Limits the memory of the worker that reads files: whatever a file brings it to, the browser's tab stays alive, and the page
//! tells that the worker has stopped.

use std::io::Write;

/// Bytes, whole pages of 64 KiB. The largest list that is read takes less than half of it.
const MOST_MEMORY: u32 = 1 << 30;

fn main() -> std::io::Result<()> {
    let mut told = std::io::stdout();
    writeln!(told, "cargo::rerun-if-changed=build.rs")?;
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        writeln!(told, "cargo::rustc-link-arg-bin=files=--max-memory={MOST_MEMORY}")?;
    }
    Ok(())
}
