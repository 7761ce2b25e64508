//! Which file the browser must find unchanged, and who says so.
//!
//! `index.html` and `boot.js`, and `cannot-start.js` where that is needed, are what is trusted: they come from the host together, and
//! a browser that refused one of them could not say so to the user. From there on every file is named with its hash (Subresource Integrity): styles and scripts
//! by the `integrity` of their links, which a later `import` of the same script obeys, and both parts of the program by that
//! of the `fetch` that gets them.
//!
//! Not covered are the 21 KB of script around the worker: neither `new Worker` nor an `import` inside of it takes a hash.
//! They come from the page's own origin (`worker-src 'self'`, and the trusted-types policy in `boot.js` knows their one
//! address), from a folder that is named by their content.

use crate::split::replaced;
use base64::Engine;
use sha2::{Digest, Sha384};
use std::path::Path;

/// The hash of a file as the attribute `integrity` has it.
///
/// # Errors
/// That it cannot be read.
pub fn for_file(file: &Path) -> Result<String, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(format!("sha384-{}", base64::engine::general_purpose::STANDARD.encode(Sha384::digest(bytes))))
}

/// A call that gets this file, and from behind a cache if the cache holds another: names change with the program, not with
/// the tools that made it smaller.
pub fn fetch(address: &str, integrity: &str) -> String {
    let one = |more: &str| format!("fetch({address}, {{ integrity: \"{integrity}\"{more} }})");
    format!("{}.catch(() => {})", one(""), one(", cache: \"reload\""))
}

/// Completes what Trunk wrote into `index.html`: a hash for the script that loads the second part, and that of the program
/// where `boot.js` finds it. On a preload of this kind it is no use, and Chromium says so in the console of every visitor
/// (<https://crbug.com/981419>).
///
/// # Errors
/// That `index.html` is not as Trunk 0.21 writes it.
pub fn add_to_start(dist: &Path, loader: &str) -> Result<(), String> {
    let page = dist.join("index.html");
    let text = std::fs::read_to_string(&page).map_err(|error| error.to_string())?;
    let preload = text.split("<link rel=\"preload\"").nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default();
    let link = format!(
        "<link rel=\"modulepreload\" href=\"{loader}\" crossorigin=\"anonymous\" integrity=\"{}\"><link rel=\"preload\"{}",
        for_file(&dist.join(loader))?,
        preload.replace(" integrity=", " data-integrity=")
    );
    let page_with = replaced(&page, &[(&format!("<link rel=\"preload\"{preload}"), &link)])?;
    if page_with.matches("data-integrity=\"sha384-").count() != 1 || page_with.matches("modulepreload").count() != 2 {
        return Err("index.html does not name the hashes of what it starts.".into());
    }
    std::fs::write(&page, page_with).map_err(|error| error.to_string())
}
