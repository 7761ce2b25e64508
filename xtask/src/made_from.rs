//! Whether `dist/` is what today's inputs make: then bundling it once more would change nothing.

use crate::machine::{output, root};
use crate::setup::Tools;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// What the page is made of, and by whom.
const INPUTS: [&str; 12] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "build.rs",
    "crates",
    "index.html",
    "public",
    "rust-toolchain.toml",
    "src",
    "style",
    "xtask",
];

/// Where it stands what `dist/` was made from, and what it is.
fn record() -> PathBuf {
    root().join("target/dist-made-from")
}

/// What the page is made of now, and by which programs.
pub struct Inputs(Option<u64>);

impl Inputs {
    /// As they are on disk at this moment.
    pub fn now(tools: &Tools) -> Self {
        let read = || {
            let mut hasher = DefaultHasher::new();
            output("rustc", &["-vV"])?.hash(&mut hasher);
            (&tools.trunk, &tools.bindgen, &tools.optimiser).hash(&mut hasher);
            add(&root(), &INPUTS, &mut hasher)?;
            Some(hasher.finish())
        };
        Self(read())
    }

    /// Whether `dist/` was made from these, and nobody has changed it since.
    pub fn are_bundled(&self) -> bool {
        let noted = std::fs::read_to_string(record()).ok();
        noted.is_some() && noted == self.with_dist()
    }

    /// The page is about to be bundled anew: what stands in `dist/` until then counts for nothing.
    pub fn forget() {
        _ = std::fs::remove_file(record());
    }

    /// `dist/` has been made from these, which were read before: what was changed meanwhile may not be in it.
    ///
    /// # Errors
    /// That cannot be noted.
    pub fn note(&self) -> Result<(), String> {
        let Some(state) = self.with_dist() else { return Ok(()) };
        std::fs::write(record(), state).map_err(|error| format!("{}: {error}", record().display()))
    }

    fn with_dist(&self) -> Option<String> {
        let mut hasher = DefaultHasher::new();
        add(&root(), &["dist"], &mut hasher)?;
        Some(format!("{:016x} {:016x}", self.0?, hasher.finish()))
    }
}

/// Adds the names and bytes of these files, and of all files in these folders. `None`: one of them cannot be read.
fn add(root: &Path, names: &[&str], hasher: &mut DefaultHasher) -> Option<()> {
    for name in names {
        let path = root.join(name);
        name.hash(hasher);
        if path.is_dir() {
            let entries: Vec<_> =
                std::fs::read_dir(&path).ok()?.map(|entry| entry.ok()?.file_name().into_string().ok()).collect::<Option<_>>()?;
            let mut entries: Vec<&str> =
                entries.iter().map(String::as_str).filter(|name| !matches!(*name, "target" | "node_modules")).collect();
            entries.sort_unstable();
            entries.len().hash(hasher);
            add(&path, &entries, hasher)?;
        } else {
            std::fs::read(&path).ok()?.hash(hasher);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_changes_in_a_folder_is_seen() {
        let folder = std::env::temp_dir().join(format!("guestlist-made-from-{}", std::process::id()));
        let state = || {
            let mut hasher = DefaultHasher::new();
            add(&folder, &["src", "index.html"], &mut hasher).map(|()| hasher.finish())
        };
        std::fs::create_dir_all(folder.join("src/rows")).expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
        assert_eq!(state(), None, "a file is missing");
        write("index.html", "a");
        write("src/rows/one.rs", "b");
        let mut seen = vec![state()];
        let mut changed = |what: &str| {
            assert_eq!(state(), state());
            assert!(!seen.contains(&state()), "{what}");
            seen.push(state());
        };
        write("src/rows/one.rs", "c");
        changed("bytes");
        std::fs::rename(folder.join("src/rows/one.rs"), folder.join("src/rows/two.rs")).expect("a new name");
        changed("a name");
        write("src/three.rs", "");
        changed("a file more");
        std::fs::rename(folder.join("src/three.rs"), folder.join("src/rows/three.rs")).expect("a new place");
        changed("a place");
        std::fs::remove_dir_all(&folder).expect("its own folder");
    }
}
