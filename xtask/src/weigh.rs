//! What each file weighs, raw and as a web server would send it, against the budget of the first load.

use crate::machine::root;
use crate::notices;
use std::path::Path;

/// Brotli bytes of what every visitor loads: everything up to signing in.
const FIRST: usize = 125_000;
/// Brotli bytes of the first load and what it takes to invite. It is fetched while the visitor reads.
const INVITE: usize = 800_000;
/// Brotli bytes of each area: a module of its own, which is fetched right after signing in.
const AREA: usize = 150_000;
/// What all areas stand on, *Invite* with it, and the way into it.
const SIGNED_IN: [&str; 2] = ["signed-in", "entry"];
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
    let (mut first, mut invite, mut worker, mut areas) = (0, 0, 0, Vec::new());
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
        } else if let Some(part) = part_of(&name) {
            if SIGNED_IN.contains(&part) {
                invite += small;
                "  (signed in)"
            } else {
                areas.push((part.to_owned(), small));
                "  (area)"
            }
        } else {
            (first, invite) = (first + small, invite + small);
            ""
        };
        println!("{name:<44} {:>10} {small:>10}{note}", bytes.len());
    }
    let budgets = [("first load".to_owned(), first, FIRST), ("first load and invite".to_owned(), invite, INVITE)];
    let budgets: Vec<_> = budgets.into_iter().chain(areas.into_iter().map(|(area, weight)| (area, weight, AREA))).collect();
    for (what, weight, budget) in &budgets {
        println!("{what:<44} {:>10} {weight:>10}  of {budget}", "");
    }
    println!("{:<44} {:>10} {worker:>10}", "the worker, when a file is opened", "");
    match budgets.iter().find(|(_, weight, budget)| weight > budget) {
        Some((what, weight, budget)) => Err(format!("{what} is {} bytes over its budget.", weight - budget)),
        None => Ok(()),
    }
}

/// Of a module that the program is cut into, but the first: `activity` of `activity-0123456789abcdef.wasm`.
fn part_of(name: &str) -> Option<&str> {
    let (part, hash) = name.strip_suffix(".wasm")?.rsplit_once('-')?;
    (hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(part)
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

#[cfg(test)]
mod tests {
    use super::part_of;

    #[test]
    fn modules_are_known_by_what_stands_before_their_hash() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(part_of(name), expected, "{name}");
        check("signed-in-0123456789abcdef.wasm", Some("signed-in"));
        check("self-service-0123456789abcdef.wasm", Some("self-service"));
        check("guestlist-0123456789abcdef_bg.wasm", None);
        check("signed-in-0123456789abcdef.js", None);
        check("files_bg.wasm", None);
    }
}
