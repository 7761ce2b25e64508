//! What each file weighs, raw and as a web server would send it, against the budget of the first load.

use crate::machine::root;
use crate::notices;
use std::path::Path;

/// Brotli bytes of what every visitor loads: everything up to signing in.
const FIRST: usize = 125_000;
/// Brotli bytes of the first load and what follows once somebody has signed in. It is fetched while the visitor reads.
const WHOLE: usize = 850_000;
/// Fetched on the way back from signing in, where the program cannot start, or only by those who ask.
const ASIDE: [&str; 6] = ["auth.html", "auth.js", "cannot-start.js", "_headers", "staticwebapp.config.json", notices::NAME];

/// Prints the table.
///
/// # Errors
/// When a load is over its budget.
pub fn weigh() -> Result<(), String> {
    let mut files = Vec::new();
    collect(&root().join("dist"), &mut files)?;
    files.sort();
    let (mut first, mut whole, mut worker) = (0, 0, 0);
    println!("{:<44} {:>10} {:>10}", "dist/", "raw", "brotli");
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| error.to_string())?;
        let small = compressed(&bytes)?;
        let name = file.strip_prefix(root().join("dist")).unwrap_or(&file).to_string_lossy().into_owned();
        let note = if ASIDE.contains(&name.as_str()) {
            "  (aside)"
        } else if name.starts_with("files-") {
            worker += small;
            "  (worker)"
        } else if name.starts_with("signed-in-") && name.ends_with(".wasm") {
            whole += small;
            "  (signed in)"
        } else {
            (first, whole) = (first + small, whole + small);
            ""
        };
        println!("{name:<44} {:>10} {small:>10}{note}", bytes.len());
    }
    println!("{:<44} {:>10} {first:>10}  of {FIRST}", "first load", "");
    println!("{:<44} {:>10} {whole:>10}  of {WHOLE}", "first load and signed in", "");
    println!("{:<44} {:>10} {worker:>10}", "the worker, when a file is opened", "");
    let over = |what: &str, weight: usize, budget: usize| format!("{what} is {} bytes over its budget.", weight - budget);
    match (first > FIRST, whole > WHOLE) {
        (true, _) => Err(over("The first load", first, FIRST)),
        (_, true) => Err(over("What the signed-in page loads", whole, WHOLE)),
        _ => Ok(()),
    }
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> Result<(), String> {
    for entry in std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn compressed(bytes: &[u8]) -> Result<usize, String> {
    let mut out = Vec::new();
    let options = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &options).map_err(|error| error.to_string())?;
    Ok(out.len())
}
