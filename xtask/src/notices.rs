//! `dist/NOTICES.txt`: whose work is linked into the page and the worker, and under which licence. *Help* leads there.

use crate::machine::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

pub const NAME: &str = "NOTICES.txt";

const HEAD: &str = "\
Guestlist, third-party notices

The page and its worker are built from the packages below. Where a package may be used under one of several licences and
the MIT licence is among them, it is used under that. The texts follow the list; a number behind a package says which are its own.
";
const STD: &str = "The Rust standard library, core and alloc, MIT OR Apache-2.0, the Rust Project contributors";
const WITHOUT: &str = "\
Packages without a number, and the Rust standard library, come without a text of their own. Their authors are named above.
Their copyright is theirs, and this is the text of the MIT licence:
";

/// A package whose code may be in the bundle.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LicensedPackage {
    name: String,
    version: String,
    licence: String,
    authors: String,
    /// What lies in its source under a licence's name.
    texts: Vec<String>,
}

/// Writes the file; the same from the same Cargo.lock.
///
/// # Errors
/// What cargo says, a package without a licence, or that a file cannot be read or written.
pub fn write(dist: &Path) -> Result<(), String> {
    let text = listed(&packages()?)?;
    std::fs::write(dist.join(NAME), text).map_err(|error| format!("{NAME}: {error}"))
}

/// Package and version of all that is compiled for the page and the worker; macros run in the compiler and are left out.
fn linked() -> Result<BTreeSet<String>, String> {
    let mut tree = Command::new("cargo");
    tree.args(["tree", "--locked", "-p", "guestlist", "--no-default-features", "--features", "app,files", "--prefix", "none"]);
    tree.args(["--target", "wasm32-unknown-unknown", "--edges", "normal,no-proc-macro", "--format", "{p}"]);
    let tree = said(&mut tree)?;
    let packages = tree.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" v")?;
        Some(format!("{name} {}", rest.split(' ').next()?))
    });
    Ok(packages.filter(|package| !package.starts_with("guestlist ") && !package.starts_with("guestlist-")).collect())
}

fn packages() -> Result<BTreeSet<LicensedPackage>, String> {
    let linked = linked()?;
    let metadata = said(Command::new("cargo").args(["metadata", "--locked", "--all-features", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let mut found = BTreeSet::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let (name, version, licence) = (text(package, "name"), text(package, "version"), text(package, "license"));
        if !linked.contains(&format!("{name} {version}")) {
            continue;
        }
        if licence.is_empty() {
            return Err(format!("{name} {version} names no licence."));
        }
        let manifest = text(package, "manifest_path");
        let folder = Path::new(&manifest).parent().ok_or("A package lies nowhere.")?;
        let authors = package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str);
        // Addresses of people have no place in a page.
        let authors: Vec<&str> = authors.map(|author| author.split('<').next().unwrap_or_default().trim()).collect();
        let authors = if authors.is_empty() { format!("the authors of {name}") } else { authors.join(", ") };
        found.insert(LicensedPackage { texts: texts(folder, &licence)?, name, version, licence, authors });
    }
    if found.len() < linked.len() { Err("cargo metadata lacks a package that cargo tree names.".into()) } else { Ok(found) }
}

/// The texts that a package brings: of the MIT licence alone where it is one of several to choose from.
fn texts(folder: &Path, licence: &str) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let files = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
    let mut named: Vec<(String, std::path::PathBuf)> = files
        .filter_map(|path| Some((path.file_name()?.to_string_lossy().to_uppercase(), path)))
        .filter(|(name, _)| {
            ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"].iter().any(|start| name.starts_with(start))
        })
        .collect();
    named.sort();
    let may_choose = (licence.contains(" OR ") || licence.contains('/')) && !licence.contains(" AND ");
    if may_choose && named.iter().any(|(name, _)| name.contains("MIT")) {
        named.retain(|(name, _)| name.contains("MIT") || name.starts_with("NOTICE"));
    }
    let read = |(_, path): &(String, std::path::PathBuf)| {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned())
    };
    named.iter().map(read).collect()
}

fn listed(packages: &BTreeSet<LicensedPackage>) -> Result<String, String> {
    let (mut numbers, mut order) = (BTreeMap::new(), Vec::new());
    let mut out = format!("{HEAD}\n");
    for LicensedPackage { name, version, licence, authors, texts } in packages {
        let own = texts.iter().map(|text| {
            // A text that differs in its line breaks alone is the same.
            *numbers.entry(text.split_whitespace().collect::<Vec<_>>().join(" ")).or_insert_with(|| {
                order.push(text);
                order.len()
            })
        });
        let own: BTreeSet<usize> = own.collect();
        let own: String = own.iter().map(|number| format!(" [{number}]")).collect();
        _ = writeln!(out, "{name} {version}, {licence}, {authors}{own}");
    }
    let mit = std::fs::read_to_string(root().join("LICENSE-MIT")).map_err(|error| format!("LICENSE-MIT: {error}"))?;
    let (_, mit) = mit.split_once("Permission is hereby granted").ok_or("LICENSE-MIT is not the MIT licence.")?;
    _ = writeln!(out, "{STD}\n\n\n{WITHOUT}\nPermission is hereby granted{}", mit.trim_end());
    for (place, text) in order.iter().enumerate() {
        _ = writeln!(out, "\n\n[{}]\n\n{text}", place + 1);
    }
    Ok(out)
}

fn said(cargo: &mut Command) -> Result<String, String> {
    let output = cargo.current_dir(root()).output().map_err(|error| format!("cargo cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_of_the_page_stands_there_with_its_licence_and_no_other() {
        let packages = packages().unwrap();
        let text = listed(&packages).unwrap();
        for name in ["leptos", "wasm-bindgen", "calamine", "oauth2", "fast_qr"] {
            assert!(text.contains(&format!("\n{name} ")), "{name}");
        }
        for name in ["hyper", "rsa", "brotli", "mimalloc", "guestlist", "serde_derive"] {
            assert!(!packages.iter().any(|package| package.name == name), "{name} is not in the page");
        }
        assert!(packages.iter().all(|package| !package.licence.is_empty()));
        // Its licence asks for its own text.
        assert!(packages.iter().filter(|package| !package.licence.contains("MIT")).all(|package| !package.texts.is_empty()));
        assert_eq!(text, listed(&packages).unwrap());
        let home = std::env::var("HOME").unwrap_or_default();
        assert!(home.len() < 2 || !text.contains(&home), "a folder of this machine");
    }
}
