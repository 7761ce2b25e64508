//! The rules that only a test can keep: who may look where, what may not be written, how long a file may be.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a tree that cannot be read is a failure"))]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
                walk(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), ending, &mut found);
    found
}

/// The core's modules in the order of lib.rs.
fn modules() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_owned)).collect()
}

/// What stands before a file's own tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap()
}

/// A line without its indentation and visibility.
fn head(line: &str) -> &str {
    let line = line.trim_start();
    match line.strip_prefix("pub(") {
        Some(rest) => rest.split_once(") ").map_or("", |(_, rest)| rest),
        None => line.strip_prefix("pub ").unwrap_or(line),
    }
}

/// Names of the types that a file defines, in its tests and functions, too. What a trait, or its implementation, calls `type`
/// is no type of its own.
fn types(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_associated = |place: usize| {
        let mut above = lines[..place].iter().rev();
        let outer = above.find(|line| indent(line) < indent(lines[place]) && !matches!(line.trim(), "" | "{" | "where"));
        outer.is_some_and(|line| head(line).starts_with("impl") || head(line).starts_with("trait "))
    };
    let mut names = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some((word, rest)) = head(line).split_once(' ') else { continue };
        let is_type = matches!(word, "struct" | "enum" | "trait") || word == "type" && !is_associated(place);
        let name = rest.split(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap_or_default();
        if is_type && name.starts_with(|sign: char| sign.is_ascii_uppercase()) {
            names.push(name);
        }
    }
    names
}

/// Names that stand for two types, with where.
fn named_twice(files: &[(PathBuf, String)]) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, text) in files {
        types(text).into_iter().for_each(|name| places.entry(name).or_default().push(path.display().to_string()));
    }
    let twice = places.into_iter().filter(|(_, places)| places.len() > 1);
    twice.map(|(name, places)| format!("{name} is defined in {}", places.join(" and in "))).collect()
}

/// Types and files that are named by the project's own folklore where the field has a word.
fn riddles(files: &[(PathBuf, String)]) -> Vec<String> {
    const TYPES: [&str; 26] = [
        "Around",
        "Desk",
        "Dice",
        "Did",
        "Door",
        "Errand",
        "Found",
        "Gait",
        "Hand",
        "Hindrance",
        "House",
        "Judged",
        "Known",
        "Ledger",
        "Machine",
        "Mailroom",
        "Manner",
        "Mend",
        "Mint",
        "Press",
        "Sealed",
        "Stand",
        "Standing",
        "Told",
        "Trouble",
        "Wish",
    ];
    const FILES: [&str; 22] = [
        "ask",
        "desk",
        "dice",
        "errand",
        "gait",
        "hand",
        "handover",
        "house",
        "inside",
        "judged",
        "ledger",
        "lettering",
        "lobby",
        "look",
        "mailroom",
        "own",
        "parcel",
        "press",
        "rooms",
        "shelf",
        "shipped",
        "standing",
    ];
    let mut found = Vec::new();
    for (path, text) in files {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        found.extend(FILES.contains(&&*stem).then(|| format!("{} is named by an old word", path.display())));
        let old = types(text).into_iter().filter(|name| TYPES.contains(name));
        found.extend(old.map(|name| format!("{name} in {} is an old word", path.display())));
    }
    found
}

fn sources() -> Vec<(PathBuf, String)> {
    ["src", "tests", "xtask"].into_iter().flat_map(|folder| files(folder, ".rs")).collect()
}

fn snippet(path: &str, text: &str) -> (PathBuf, String) {
    (path.into(), text.into())
}

#[test]
fn a_type_name_stands_for_one_thing() {
    let twice = named_twice(&sources());
    assert!(twice.is_empty(), "{}", twice.join("\n"));
    // The rule can fail, and passes what is no type of its own.
    let bad =
        [snippet("a.rs", "pub struct Kind;"), snippet("b.rs", "mod tests {\n    pub(super) enum Kind<T> {\n        One(T),\n    }\n}")];
    assert_eq!(named_twice(&bad), ["Kind is defined in a.rs and in b.rs"]);
    assert_eq!(named_twice(&[snippet("a.rs", "type Kind = u8;\nfn one() {\n    trait Kind {}\n}")]).len(), 1);
    let good = "trait Job {\n    type Output;\n}\nimpl<T> Job for T\nwhere\n    T: Copy,\n{\n    type Output = T;\n}\n// struct Job\n";
    assert_eq!(named_twice(&[snippet("a.rs", good)]), [""; 0]);
}

#[test]
fn names_are_words_of_the_field() {
    let mut all = sources();
    all.extend(files("tests", ".mjs"));
    let found = riddles(&all);
    assert!(found.is_empty(), "{}", found.join("\n"));
    // The rule can fail.
    let bad = [snippet("src/run/errand.rs", ""), snippet("src/run/task.rs", "    struct Errand<'a>(&'a str);")];
    assert_eq!(riddles(&bad), ["src/run/errand.rs is named by an old word", "Errand in src/run/task.rs is an old word"]);
}

#[test]
fn a_core_module_uses_only_modules_listed_above_it() {
    let modules = modules();
    assert!(modules.len() > 8, "{modules:?}");
    for (path, text) in files("src", ".rs") {
        let Some(own) = path.components().nth(1).map(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()) else {
            continue;
        };
        let Some(place) = modules.iter().position(|module| *module == own) else { continue };
        for below in &modules[place + 1..] {
            let looks_down =
                code(&text).contains(&format!("crate::{below}")) || code(&text).contains(&format!("use super::super::{below}"));
            // `graph` names its readers in documentation links alone.
            let in_code = code(&text).lines().any(|line| line.contains(&format!("crate::{below}")) && !line.trim_start().starts_with("//"));
            assert!(!looks_down || !in_code, "{} looks down at {below}", path.display());
        }
    }
}

#[test]
fn the_library_knows_no_browser_and_no_clock() {
    for (path, text) in files("src", ".rs")
        .into_iter()
        .filter(|(path, _)| !path.starts_with("src/app") && !path.ends_with("main.rs") && !path.ends_with("files.rs"))
    {
        for word in ["web_sys", "js_sys", "leptos::", "gloo_net::", "SystemTime", "Instant::now", "thread_rng", "getrandom"] {
            // ECMAScript's own normal forms of Unicode, beside the same natively.
            let is_of_language = path.ends_with("rows/spelling.rs") && word == "js_sys";
            assert!(is_of_language || !text.contains(word), "{} mentions {word}", path.display());
        }
    }
}

#[test]
fn parts_know_no_pages_and_effects_know_no_parts() {
    for (path, text) in files("src/app/parts", ".rs") {
        assert!(!text.contains("app::pages") && !text.contains("graph"), "{}", path.display());
    }
    for (path, text) in files("src/app/effects", ".rs") {
        assert!(!text.contains("app::pages") && !text.contains("app::parts"), "{}", path.display());
    }
}

#[test]
fn views_have_no_inline_styles_and_no_raw_html() {
    for (path, text) in files("src/app", ".rs") {
        assert!(
            !text.contains("style=\"") && !text.contains("style=move"),
            "{} has an inline style, which the policy blocks",
            path.display()
        );
        assert!(!text.contains("inner_html="), "{} writes HTML", path.display());
    }
    let frame = fs::read_to_string(root().join("index.html")).unwrap();
    assert!(!frame.contains("style=\"") && !frame.contains("unsafe-inline") && !frame.contains("'unsafe-eval'"));
    assert!(!frame.contains("<script>"), "inline scripts need an exception in the policy");
}

#[test]
fn nothing_is_kept_in_local_storage() {
    for (path, text) in files("src/app", ".rs") {
        assert!(!text.contains("local_storage("), "{}", path.display());
    }
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    for (path, text) in files("src", ".rs").into_iter().chain(files("xtask/src", ".rs")) {
        let lines = code(&text).lines().count();
        assert!(lines <= 400, "{} has {lines} lines before its tests", path.display());
        assert!(text.starts_with("//!") || text.starts_with("#![doc"), "{} does not say what it is for", path.display());
    }
}

#[test]
fn no_lint_is_silenced_without_a_reason_and_no_test_is_switched_off() {
    for (path, text) in
        ["src", "tests", "xtask"].into_iter().flat_map(|folder| files(folder, ".rs")).filter(|(path, _)| !path.ends_with("tidy.rs"))
    {
        for word in ["#[allow", "#![allow", "#[ignore", "todo!(", "unimplemented!(", "thread::sleep"] {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
        let expects = text.matches("expect(").filter(|_| text.contains("#[expect(")).count();
        assert!(expects == 0 || text.contains("reason = "), "{}", path.display());
    }
}

#[test]
fn every_dependency_carries_its_reason() {
    for manifest in ["Cargo.toml", "xtask/Cargo.toml"] {
        let text = fs::read_to_string(root().join(manifest)).unwrap();
        let mut in_dependencies = false;
        // A comment speaks for the lines up to the next blank one.
        let mut has_reason = false;
        for line in text.lines() {
            match line {
                _ if line.starts_with('[') => (in_dependencies, has_reason) = (line.contains("dependencies"), false),
                "" => has_reason = false,
                _ if line.starts_with('#') => has_reason = true,
                _ if in_dependencies && line.contains(" = ") && !line.starts_with(' ') => assert!(has_reason, "{manifest}: {line}"),
                _ => {}
            }
        }
    }
}

#[test]
fn no_file_names_a_registry_or_a_machine() {
    let kinds = [".rs", ".md", ".toml", ".json", ".js", ".mjs", ".html", ".css"];
    let hosts = [["registry", "npmjs"].join("."), ["crates", "io"].join("."), ["static", "rust-lang"].join(".")];
    for folder in ["src", "tests", "xtask", "public"] {
        for (path, text) in kinds.iter().flat_map(|kind| files(folder, kind)) {
            for host in &hosts {
                assert!(!text.contains(host.as_str()), "{} names {host}", path.display());
            }
        }
    }
}
