//! The rules that only a test can keep: who may look where, what may not be written, how long a file may be.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a tree that cannot be read is a failure"))]

#[path = "tidy/boundaries.rs"]
mod boundaries;
#[path = "tidy/shell.rs"]
mod shell;

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

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The core's modules in the order of lib.rs.
fn modules() -> Vec<String> {
    read("src/lib.rs").lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';').map(str::to_owned)).collect()
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

/// Files and folders of `src` whose types tell themselves how they are written, and what as. Records have shapes instead.
const WRITTEN_BY_THEMSELVES: [(&str, &str); 7] = [
    ("src/storage/shapes", "records"),
    ("src/storage/record.rs", "the envelope of records"),
    ("src/sheet/mod.rs", "messages of the worker"),
    ("src/sheet/encoding.rs", "messages of the worker"),
    ("src/sheet/noticed.rs", "messages of the worker"),
    ("src/rows/checks.rs", "messages of the worker"),
    ("src/letter/outgoing.rs", "messages of the worker"),
];

/// The trait that a line begins to implement: `Deserialize` of `impl<'de> serde::Deserialize<'de> for`.
fn implemented(line: &str) -> Option<&str> {
    let (of, _) = line.trim_start().strip_prefix("impl")?.split_once(" for ")?;
    of.rsplit(' ').next()?.split('<').next()?.rsplit(':').next()
}

/// Whether a type of this file is read or written by serde as it stands.
fn has_serde(text: &str) -> bool {
    let is_serde = |word: &str| matches!(word, "Serialize" | "Deserialize");
    let mut derived = code(text).split("derive(").skip(1).filter_map(|rest| rest.split(')').next());
    derived.any(|names| names.split(|sign: char| !sign.is_ascii_alphanumeric()).any(is_serde))
        || code(text).lines().filter_map(implemented).any(is_serde)
}

/// Types that lie on disk by the names of their own members, with where: to rename one would change what lies there.
fn without_shapes(files: &[(PathBuf, String)]) -> Vec<String> {
    let is_excepted = |path: &Path| WRITTEN_BY_THEMSELVES.iter().any(|(place, _)| path.starts_with(place));
    let found = files.iter().filter(|(path, text)| !is_excepted(path) && has_serde(text));
    found.map(|(path, _)| format!("{} derives what belongs to a shape", path.display())).collect()
}

fn sources() -> Vec<(PathBuf, String)> {
    ["src", "crates", "tests", "xtask"].into_iter().flat_map(|folder| files(folder, ".rs")).collect()
}

/// Sources of the programs and libraries, without their tests beside them.
fn programs() -> Vec<(PathBuf, String)> {
    ["src", "crates", "xtask/src"].into_iter().flat_map(|folder| files(folder, ".rs")).collect()
}

/// `Cargo.toml` of every package.
fn manifests() -> Vec<(PathBuf, String)> {
    let mut all = vec![snippet("Cargo.toml", &read("Cargo.toml")), snippet("xtask/Cargo.toml", &read("xtask/Cargo.toml"))];
    all.extend(files("crates", "Cargo.toml"));
    all
}

fn snippet(path: &str, text: &str) -> (PathBuf, String) {
    (path.into(), text.into())
}

/// Holds a rule against the tree, which keeps it, and against what breaks it: so many findings, each of which the rule says.
fn check(rule: impl Fn(&[(PathBuf, String)]) -> Vec<String>, tree: &[(PathBuf, String)], bad: &[(PathBuf, String)], found: usize) {
    assert!(!tree.is_empty(), "nothing is looked at");
    let broken = rule(tree);
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    let broken = rule(bad);
    assert_eq!(broken.len(), found, "the rule cannot fail: {broken:?}");
}

/// Every file of these that holds one of these words, but where `is_fit` says so.
fn words_in(files: &[(PathBuf, String)], words: &[&str], is_fit: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    // Not as the end of a longer name.
    let begins = |text: &str, place: usize| !text[..place].ends_with(|before: char| before.is_alphanumeric() || before == '_');
    let holds =
        |text: &str, word: &str| text.match_indices(word).any(|(place, _)| begins(text, place) || !word.starts_with(char::is_alphanumeric));
    let held = |(path, text): &(PathBuf, String)| -> Vec<String> {
        let found = words.iter().filter(|word| holds(text, word) && !is_fit(path, word));
        found.map(|word| format!("{} has {word}", path.display())).collect()
    };
    files.iter().flat_map(held).collect()
}

#[test]
fn a_type_name_stands_for_one_thing() {
    let twice = named_twice(&sources());
    assert!(twice.is_empty(), "{}", twice.join("\n"));
    // The rule can fail, and passes what is no type of its own.
    let bad = [
        snippet("a.rs", "pub struct Kind;"),
        snippet("crates/graph/src/b.rs", "mod tests {\n    pub(super) enum Kind<T> {\n        One(T),\n    }\n}"),
    ];
    assert_eq!(named_twice(&bad), ["Kind is defined in a.rs and in crates/graph/src/b.rs"]);
    assert_eq!(named_twice(&[snippet("a.rs", "type Kind = u8;\nfn one() {\n    trait Kind {}\n}")]).len(), 1);
    let good = "trait Job {\n    type Output;\n}\nimpl<T> Job for T\nwhere\n    T: Copy,\n{\n    type Output = T;\n}\n// struct Job\n";
    assert_eq!(named_twice(&[snippet("a.rs", good)]), [""; 0]);
}

#[test]
fn names_are_words_of_the_field() {
    let mut all = sources();
    all.extend(files("tests", ".mjs"));
    let bad = [snippet("src/run/errand.rs", ""), snippet("src/run/task.rs", "    struct Errand<'a>(&'a str);")];
    check(riddles, &all, &bad, 2);
    assert_eq!(riddles(&bad), ["src/run/errand.rs is named by an old word", "Errand in src/run/task.rs is an old word"]);
}

/// Modules of the core that use one listed below them.
fn looks_down(modules: &[String], files: &[(PathBuf, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        let own = path.components().nth(1).map(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned());
        let Some(place) = own.and_then(|own| modules.iter().position(|module| *module == own)) else { continue };
        // Documentation may name whoever uses it.
        let lines: Vec<&str> = code(text).lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for below in &modules[place + 1..] {
            let paths = [format!("crate::{below}"), format!("super::super::{below}")];
            let is_used = |path: &String| lines.iter().any(|line| is_path_in(line, path));
            found.extend(paths.iter().any(is_used).then(|| format!("{} looks down at {below}", path.display())));
        }
    }
    found
}

/// Whether a line holds this path, and not only the beginning of a longer word.
fn is_path_in(line: &str, path: &str) -> bool {
    let is_word = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    line.match_indices(path).any(|(place, _)| {
        let (before, behind) = (&line[..place], &line[place + path.len()..]);
        let is_part = before.ends_with(|sign| is_word(sign) || sign == ':') || path.ends_with(is_word) && behind.starts_with(is_word);
        !is_part
    })
}

#[test]
fn what_is_stored_has_a_shape_of_its_own() {
    let all = files("src", ".rs");
    assert_eq!(without_shapes(&all), [""; 0]);
    for (place, what) in WRITTEN_BY_THEMSELVES {
        let is_needed = all.iter().any(|(path, text)| path.starts_with(place) && has_serde(text));
        assert!(is_needed, "nothing in {place} is read or written: {what}");
    }
    // The rule can fail, and passes what only uses serde.
    let bad = [
        snippet("src/outcome.rs", "#[derive(Clone, Debug, Serialize)]\npub enum Outcome {}"),
        snippet("src/plan.rs", "#[derive(\n    Clone,\n    serde::Deserialize,\n)]\nstruct Plan;"),
        snippet("src/rows/list.rs", "impl<'de> Deserialize<'de> for List {"),
    ];
    assert_eq!(without_shapes(&bad).len(), 3);
    let good = "fn write<T: Serialize>(body: &T) {}\nimpl<T: Serialize> Send for Body<T> {}\n#[cfg(test)]\nmod tests {\n    #[derive(Deserialize)]";
    assert_eq!(without_shapes(&[snippet("src/storage/drafts.rs", good), snippet("src/storage/shapes/plan.rs", &bad[1].1)]), [""; 0]);
}

#[test]
fn a_core_module_uses_only_modules_listed_above_it() {
    let modules = modules();
    assert!(modules.len() > 8, "{modules:?}");
    let bad = [
        snippet("src/rows/list.rs", "use crate::jobs::invite::plan::Plan;"),
        snippet("src/words/mod.rs", "fn one() -> crate::jobs::invite::Run {}"),
        snippet(
            "src/plan.rs",
            "// crate::run\nuse crate::rows::List;\nuse crate::planned::x;\n#[cfg(test)]\nmod tests { use crate::run; }",
        ),
    ];
    check(|files| looks_down(&modules, files), &files("src", ".rs"), &bad, 2);
}

/// What parts and effects know and must not.
fn looks_up(files: &[(PathBuf, String)]) -> Vec<String> {
    let of = |folder: &str| files.iter().filter(|(path, _)| path.starts_with(folder)).cloned().collect::<Vec<_>>();
    let mut found = words_in(&of("src/app/parts"), &["app::pages", "app::state", "graph::"], |_, _| false);
    found.extend(words_in(&of("src/app/effects"), &["app::pages", "app::parts"], |_, _| false));
    found
}

#[test]
fn parts_know_no_pages_and_no_state_and_effects_know_no_parts() {
    let bad = [
        snippet("src/app/parts/field.rs", "use graph::Problem;"),
        snippet("src/app/parts/menu.rs", "use crate::app::pages;"),
        snippet("src/app/effects/fetch.rs", "use crate::app::parts::copy;"),
        snippet("src/app/pages/run.rs", "use crate::app::parts::copy;\nuse crate::app::state::AppState;\nuse graph::Problem;"),
        snippet("src/app/parts/copy.rs", "use crate::app::state::announcer;"),
    ];
    check(looks_up, &files("src/app", ".rs"), &bad, 4);
}

#[test]
fn views_have_no_inline_styles_and_no_raw_html() {
    let rule = |files: &[(PathBuf, String)]| words_in(files, &["style=\"", "style=move", "inner_html="], |_, _| false);
    let bad = [
        snippet("src/app/a.rs", "view! { <p style=\"x\"/> }"),
        snippet("src/app/b.rs", "style=move || x"),
        snippet("src/app/c.rs", "inner_html=x"),
    ];
    check(rule, &files("src/app", ".rs"), &bad, 3);
    let rule = |files: &[(PathBuf, String)]| words_in(files, &["style=\"", "unsafe-inline", "'unsafe-eval'", "<script>"], |_, _| false);
    // Inline scripts need an exception in the policy.
    let bad = [snippet("index.html", "<script>x()</script><p style=\"x\">script-src 'unsafe-eval'")];
    check(rule, &[snippet("index.html", &read("index.html"))], &bad, 3);
}

#[test]
fn nothing_is_kept_in_local_storage() {
    let rule = |files: &[(PathBuf, String)]| words_in(files, &["local_storage("], |_, _| false);
    check(rule, &files("src/app", ".rs"), &[snippet("src/app/a.rs", "window().local_storage()")], 1);
}

fn long_or_unsaid(files: &[(PathBuf, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        let lines = code(text).lines().count();
        found.extend((lines > 400).then(|| format!("{} has {lines} lines before its tests", path.display())));
        let is_said = text.starts_with("//!") || text.starts_with("#![doc");
        found.extend((!is_said).then(|| format!("{} does not say what it is for", path.display())));
    }
    found
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let bad = [snippet("crates/graph/src/a.rs", &"//! Long.\n".repeat(401)), snippet("src/b.rs", "use std::fs;")];
    check(long_or_unsaid, &programs(), &bad, 2);
    let long_tests = format!("//! Short.\n#[cfg(test)]\nmod tests {{{}", "\n".repeat(500));
    assert_eq!(long_or_unsaid(&[snippet("src/c.rs", &long_tests)]), [""; 0]);
}

const SILENT: [&str; 6] = ["#[allow", "#![allow", "#[ignore", "todo!(", "unimplemented!(", "thread::sleep"];

/// Lints that are silenced, without a reason or at all, and tests that are switched off or sleep.
fn silenced(files: &[(PathBuf, String)]) -> Vec<String> {
    let mut found = words_in(files, &SILENT, |path, _| path.ends_with("tidy.rs"));
    for (path, text) in files.iter().filter(|(path, _)| !path.ends_with("tidy.rs")) {
        for begin in ["#[expect(", "#![expect(", "#![cfg_attr(test, expect("] {
            for (_, rest) in text.match_indices(begin).map(|(place, begin)| (begin, &text[place..])) {
                let attribute = rest.split(")]").next().unwrap_or_default();
                found.extend((!attribute.contains("reason = ")).then(|| format!("{}: {attribute}", path.display())));
            }
        }
    }
    found
}

#[test]
fn no_lint_is_silenced_without_a_reason_and_no_test_is_switched_off() {
    let mut bad = SILENT.map(|word| snippet("crates/time/src/b.rs", &format!("{word}(x);"))).to_vec();
    bad.push(snippet("tests/c.rs", "#[expect(dead_code)]\n#[expect(dead_code, reason = \"it is\")]"));
    check(silenced, &sources(), &bad, SILENT.len() + 1);
}

/// Dependencies without a comment. One speaks for the lines up to the next blank one.
fn unexplained(manifests: &[(PathBuf, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in manifests {
        let (mut in_dependencies, mut has_reason) = (false, false);
        for line in text.lines() {
            match line {
                _ if line.starts_with('[') => (in_dependencies, has_reason) = (line.contains("dependencies"), false),
                "" => has_reason = false,
                _ if line.starts_with('#') => has_reason = true,
                _ if in_dependencies && line.contains(" = ") && !line.starts_with(' ') && !has_reason => {
                    found.push(format!("{}: {line}", path.display()));
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn every_dependency_carries_its_reason() {
    let bad = [snippet("crates/graph/Cargo.toml", "[dependencies]\n# Said.\nserde.workspace = true\n\nurl = \"2\"\n[lib]\nname = \"x\"\n")];
    check(unexplained, &manifests(), &bad, 1);
}

#[test]
fn no_file_names_a_registry_or_a_machine() {
    let kinds = [".rs", ".md", ".toml", ".json", ".js", ".mjs", ".html", ".css"];
    let hosts = [["registry", "npmjs"].join("."), ["crates", "io"].join("."), ["static", "rust-lang"].join(".")];
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let folders = ["src", "crates", "tests", "xtask", "public"];
    let all: Vec<_> = folders.iter().flat_map(|folder| kinds.iter().flat_map(|kind| files(folder, kind))).collect();
    let bad: Vec<_> = hosts.iter().map(|host| snippet("crates/graph/README.md", &format!("See https://{host}/."))).collect();
    check(|files| words_in(files, &hosts, |_, _| false), &all, &bad, 3);
}
