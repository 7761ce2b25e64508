//! What each crate may know: which others, no browser, no clock, and of some no word for a person.

use super::{check, code, files, is_path_in, manifests, programs, read, snippet, words_in};
use std::path::{Path, PathBuf};

/// Which packages of ours each may depend on; what its tests alone may use stands behind.
const MAY_USE: [(&str, &[&str], &[&str]); 7] = [
    ("crates/time/Cargo.toml", &[], &[]),
    ("crates/json/Cargo.toml", &[], &[]),
    ("crates/graph/Cargo.toml", &["time", "json"], &[]),
    ("crates/identity/Cargo.toml", &["time", "json"], &[]),
    ("crates/tenant/Cargo.toml", &["time", "json", "graph"], &[]),
    // The page and its worker: never the tenant.
    ("Cargo.toml", &["time", "json", "graph", "identity"], &["tenant"]),
    ("xtask/Cargo.toml", &["time", "graph", "tenant"], &[]),
];

/// What somebody else may use.
const LIBRARIES: [&str; 4] = ["crates/time", "crates/json", "crates/graph", "crates/identity"];
/// Packages of others that the libraries may depend on: no browser, no clock, no random numbers, no network.
const OF_OTHERS: [&str; 5] = ["base64", "oauth2", "serde", "serde_json", "url"];

/// What a line of a manifest depends on, in a section of dependencies: by its key, or by another name for it.
fn dependency<'a>(section: &'a str, line: &'a str) -> Option<&'a str> {
    let renamed = |text: &'a str| text.split_once("package = \"").and_then(|(_, rest)| rest.split('"').next());
    let of_header = section.rsplit_once("dependencies.").map(|(_, name)| name.trim_end_matches(']'));
    let is_header = line.starts_with('[');
    match of_header {
        Some(name) => renamed(line).or_else(|| is_header.then_some(name)),
        None if is_header || !section.contains("dependencies") || line.starts_with('#') => None,
        None => renamed(line).or_else(|| line.split(['.', ' ', '=']).next()).filter(|name| !name.is_empty()),
    }
}

/// Packages that a manifest names and may not.
fn strays(manifests: &[(PathBuf, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in manifests {
        let Some((_, own, of_tests)) = MAY_USE.iter().find(|(known, ..)| path == Path::new(known)) else {
            found.push(format!("{} is not listed", path.display()));
            continue;
        };
        let mut section = "";
        for line in text.lines() {
            section = if line.starts_with('[') { line } else { section };
            let Some(name) = dependency(section, line).filter(|_| !section.starts_with("[workspace")) else { continue };
            let is_of_tests = section.contains("dev-dependencies");
            let may_use = match name.strip_prefix("guestlist") {
                Some(ours) => {
                    let ours = ours.trim_start_matches('-');
                    own.contains(&ours) || is_of_tests && of_tests.contains(&ours)
                }
                None => is_of_tests || !LIBRARIES.iter().any(|library| path.starts_with(library)) || OF_OTHERS.contains(&name),
            };
            found.extend((!may_use).then(|| format!("{} uses {name} in {section}", path.display())));
        }
    }
    found
}

#[test]
fn each_crate_uses_only_those_below_it_and_the_page_never_links_the_tenant() {
    let bad = [
        snippet("crates/graph/Cargo.toml", "[dependencies]\nguestlist-identity.workspace = true\nguestlist-time.workspace = true"),
        snippet("crates/tenant/Cargo.toml", "[dev-dependencies]\nguestlist = { path = \"../..\" }"),
        snippet("Cargo.toml", "[workspace.dependencies]\nguestlist-tenant = {}\n[dependencies]\nguestlist-tenant = { workspace = true }"),
        snippet("Cargo.toml", "[target.'cfg(unix)'.dev-dependencies]\nguestlist-tenant.workspace = true"),
        snippet("Cargo.toml", "[dependencies.guestlist-tenant]\nworkspace = true"),
        snippet("crates/graph/Cargo.toml", "[dependencies]\nsample = { package = \"guestlist-tenant\", path = \"../tenant\" }"),
        snippet("crates/graph/Cargo.toml", "[dependencies]\n# web-sys\nweb-sys = \"0.3\"\nserde.workspace = true"),
        snippet("crates/identity/Cargo.toml", "[dependencies.chrono]\nversion = \"0.4\"\n[dev-dependencies]\ncsv = \"1\""),
        snippet("crates/utils/Cargo.toml", ""),
    ];
    check(strays, &manifests(), &bad, 8);
}

/// Files of the page and the worker that use the sample tenant.
fn tenant_in(files: &[(PathBuf, String)]) -> Vec<String> {
    let is_used = |text: &str| code(text).lines().any(|line| !line.trim_start().starts_with("//") && is_path_in(line, "tenant::"));
    files.iter().filter(|(_, text)| is_used(text)).map(|(path, _)| format!("{} uses the tenant", path.display())).collect()
}

#[test]
fn no_file_of_the_page_uses_the_tenant() {
    let bad = [snippet("src/app/mod.rs", "// tenant::Tenant\nuse tenant::Tenant;"), snippet("src/run/mod.rs", "crate::tenant::x;")];
    check(tenant_in, &files("src", ".rs"), &bad, 1);
}

#[test]
fn libraries_know_no_browser_and_no_clock() {
    const WORDS: [&str; 11] = [
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "leptos::",
        "gloo_net::",
        "std::time",
        "SystemTime",
        "Instant::",
        "thread_rng",
        "rand::",
        "getrandom",
    ];
    let rule = |files: &[(PathBuf, String)]| {
        // ECMAScript's own normal forms of Unicode, beside the same natively.
        words_in(files, &WORDS, |path, word| path.ends_with("rows/spelling.rs") && word == "js_sys")
    };
    let is_program = |path: &Path| path.starts_with("src/app") || path.ends_with("main.rs") || path.ends_with("files.rs");
    let libraries: Vec<_> = programs().into_iter().filter(|(path, _)| !path.starts_with("xtask") && !is_program(path)).collect();
    let mut bad = WORDS.map(|word| snippet("crates/graph/src/lib.rs", &format!("let found = {word};"))).to_vec();
    bad.push(snippet("src/rows/spelling.rs", "js_sys::JsString"));
    check(rule, &libraries, &bad, WORDS.len());
}

/// What files of the tenant use of `graph` beyond requests and replies: it reads and writes bodies itself, so that it cannot share a
/// mistake with whoever asks.
fn shared_with_the_tenant(files: &[(PathBuf, String)]) -> Vec<String> {
    const SHARED: [&str; 6] = ["Answer", "Headers", "Method", "Reply", "Request", "Unreached"];
    let mut found = Vec::new();
    for (path, text) in files {
        for line in code(text).lines().filter(|line| !line.trim_start().starts_with("//") && is_path_in(line, "graph::")) {
            let (_, used) = line.split_once("graph::").unwrap();
            let names = used.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').filter(|name| !name.is_empty());
            // A list of names, or one; what stands behind it is the code's own.
            let names = names.take(if used.starts_with('{') { usize::MAX } else { 1 });
            found.extend(names.filter(|name| !SHARED.contains(name)).map(|name| format!("{} uses graph::{name}", path.display())));
        }
    }
    found
}

#[test]
fn the_tenant_shares_requests_and_replies_with_graph_and_nothing_else() {
    let bad = [
        snippet("crates/tenant/src/lib.rs", "use graph::{Reply, batch};"),
        snippet("crates/tenant/src/users.rs", "use graph::users::User;\nlet text = graph::literal(name);"),
        snippet("crates/tenant/src/mail.rs", "// graph::mail\nuse graph::Request;\nuse crate::graph_pages::x;"),
    ];
    check(shared_with_the_tenant, &files("crates/tenant/src", ".rs"), &bad, 3);
}

/// The string literals of a source, as they are written, without those in comments.
fn literals(text: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(place) = rest.find(['"', '/', '\'', 'r']) {
        let from = &rest[place..];
        let is_of_word = rest[..place].ends_with(|sign: char| sign.is_ascii_alphanumeric() || sign == '_');
        let hashes = from[1..].bytes().take_while(|byte| *byte == b'#').count();
        let length = if from.starts_with("//") {
            from.find('\n').unwrap_or(from.len())
        } else if from.starts_with("'\"'") || from.starts_with("'\\") {
            // A sign, not the beginning of a text.
            3
        } else if from.starts_with('r') && !is_of_word && from[1 + hashes..].starts_with('"') {
            let (begin, end) = (2 + hashes, format!("\"{}", "#".repeat(hashes)));
            let length = from[begin..].find(&end).unwrap_or(from.len() - begin);
            found.push(&from[begin..begin + length]);
            begin + length + end.len()
        } else if let Some(inner) = from.strip_prefix('"') {
            let mut is_escaped = false;
            let end = inner.find(|sign| {
                let is_end = sign == '"' && !is_escaped;
                is_escaped = sign == '\\' && !is_escaped;
                is_end
            });
            let length = end.unwrap_or(inner.len());
            found.push(&inner[..length]);
            length + 2
        } else {
            1
        };
        rest = rest.get(place + length..).unwrap_or_default();
    }
    found
}

/// Whether a text reads as a sentence for a person: it begins with a capital and ends like one, with four words or more.
fn is_sentence(text: &str) -> bool {
    let is_ended = text.trim_end().ends_with(['.', '!', '?', '…']);
    text.starts_with(|sign: char| sign.is_uppercase() || matches!(sign, '“' | '{')) && is_ended && text.split_whitespace().count() > 3
}

/// What is said to a person in crates that leave that to others.
fn told(files: &[(PathBuf, String)]) -> Vec<String> {
    let mut found = words_in(files, &["Words", "Explain"], |_, _| false);
    for (path, text) in files {
        let sentences = literals(code(text)).into_iter().filter(|literal| is_sentence(literal));
        found.extend(sentences.map(|sentence| format!("{} says {sentence:?}", path.display())));
    }
    found
}

#[test]
fn graph_and_identity_hold_no_sentence_for_a_person() {
    let mut all = files("crates/graph/src", ".rs");
    all.extend(files("crates/identity/src", ".rs"));
    let bad = [
        snippet("crates/graph/src/problem.rs", r#"Self::Throttled => "Microsoft asked us to wait.","#),
        snippet("crates/identity/src/problem.rs", "let quote = '\"'; format!(\"The token \\\"{name}\\\" has ended.\")"),
        snippet("crates/graph/src/users.rs", "use words::Words;"),
        snippet("crates/graph/src/mail.rs", "// \"This is no literal at all.\"\nlet code = r#\"Guest invitations not allowed\"#;"),
    ];
    check(told, &all, &bad, 3);
    assert_eq!(literals("f(r#\"a \"b\"\"#, \"c\\\"d\", 'e', \"\") // \"g\"\n + \"h\""), ["a \"b\"", "c\\\"d", "", "h"]);
}

/// Crates without a README that is their documentation, with an example that runs.
fn undocumented(files: &[(PathBuf, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        let is_fit = if path.ends_with("README.md") {
            // A test that is not run shows nothing.
            text.contains("\n```rust\n") && text.contains("assert")
        } else {
            text.starts_with("#![doc = include_str!(\"../README.md\")]")
        };
        found.extend((!is_fit).then(|| format!("{} shows no example that runs", path.display())));
    }
    found
}

#[test]
fn each_crate_shows_an_example_that_runs() {
    let all: Vec<_> = MAY_USE.iter().filter_map(|(manifest, ..)| manifest.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")).collect();
    let named = |name: &&str| [format!("crates/{name}/README.md"), format!("crates/{name}/src/lib.rs")];
    let all: Vec<_> = all.iter().flat_map(named).map(|path| snippet(&path, &read(&path))).collect();
    let bad = [
        snippet("crates/graph/README.md", "It is.\n\n```rust,ignore\nassert!(true);\n```\n"),
        snippet("crates/graph/src/lib.rs", "//! It is."),
    ];
    check(undocumented, &all, &bad, 2);
}
