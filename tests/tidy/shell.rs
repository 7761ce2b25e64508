//! The page's shell, `src/app`: no circle of files, and state that only its own part sets.

use super::{check, code, files, snippet, words_in};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module by the names that lead to it, from `app` on.
type ModulePath = Vec<String>;

/// The module that a file of `src/app` is.
fn module_of(path: &Path) -> Option<ModulePath> {
    let path = path.strip_prefix("src/app").ok()?.with_extension("");
    let names = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    Some(names.filter(|name| name != "mod").collect())
}

/// The paths of a tree of imports: `a::{b, c::{d, e}}` is three.
fn imported(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, rest)) = tree.split_once('{') else { return vec![tree.split(" as ").next().unwrap_or_default().to_owned()] };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut branches) = (0, vec![String::new()]);
    for sign in inner.chars() {
        match sign {
            ',' if depth == 0 => branches.push(String::new()),
            _ => {
                depth += i32::from(sign == '{') - i32::from(sign == '}');
                branches.last_mut().expect("there is one").push(sign);
            }
        }
    }
    let branches = branches.iter().filter(|branch| !branch.trim().is_empty());
    branches.flat_map(|branch| imported(branch)).map(|branch| format!("{before}{branch}")).collect()
}

/// Every path that a file names, in its imports and elsewhere.
fn named(text: &str) -> Vec<String> {
    let lines = code(text).lines().map(|line| line.split("//").next().unwrap_or_default());
    let text: String = lines.flat_map(|line| ["\n", line]).collect();
    let mut paths = Vec::new();
    for statement in text.split(';') {
        let start = statement.rfind("\nuse ").map(|place| place + 5).or_else(|| statement.rfind("pub use ").map(|place| place + 8));
        match start {
            Some(start) => paths.extend(imported(&statement[start..])),
            None => {
                let words = statement.split(|sign: char| !(sign.is_alphanumeric() || sign == '_' || sign == ':'));
                paths.extend(words.filter(|word| word.contains("::")).map(str::to_owned));
            }
        }
    }
    paths
}

/// The module that a path leads to from another, if it is one of these.
fn target(path: &str, from: &ModulePath, modules: &BTreeMap<ModulePath, &Path>) -> Option<ModulePath> {
    let mut names: Vec<&str> = path.split("::").map(str::trim).collect();
    let mut at = from.clone();
    match names[0] {
        "crate" if names.get(1) == Some(&"app") => {
            at.clear();
            names.drain(..2);
        }
        "super" => {
            while names.first() == Some(&"super") {
                at.pop();
                names.remove(0);
            }
        }
        "self" => _ = names.remove(0),
        // A module within this one.
        child => {
            let child: ModulePath = from.iter().cloned().chain([child.to_owned()]).collect();
            if !modules.contains_key(&child) {
                return None;
            }
        }
    }
    at.extend(names.into_iter().map(str::to_owned));
    while !modules.contains_key(&at) {
        at.pop()?;
    }
    (at != *from).then_some(at)
}

/// Files of the shell from which a way of uses leads back to themselves.
fn circles(files: &[(PathBuf, String)]) -> Vec<String> {
    let modules: BTreeMap<ModulePath, &Path> = files.iter().filter_map(|(path, _)| Some((module_of(path)?, path.as_path()))).collect();
    let uses: BTreeMap<ModulePath, BTreeSet<ModulePath>> = files
        .iter()
        .filter_map(|(path, text)| {
            let own = module_of(path)?;
            let used = named(text).iter().filter_map(|path| target(path, &own, &modules)).collect();
            Some((own, used))
        })
        .collect();
    let leads_back = |start: &ModulePath| {
        let (mut seen, mut ahead) = (BTreeSet::new(), vec![start]);
        while let Some(module) = ahead.pop() {
            for used in &uses[module] {
                if used == start {
                    return true;
                }
                if seen.insert(used) {
                    ahead.push(used);
                }
            }
        }
        false
    };
    modules.iter().filter(|(module, _)| leads_back(module)).map(|(_, path)| format!("{} stands in a circle", path.display())).collect()
}

#[test]
fn no_files_stand_in_a_circle() {
    let bad = [
        snippet("src/app/state/mod.rs", "pub mod runs;\nuse runs::Runs;"),
        snippet("src/app/state/runs.rs", "use crate::app::{effects::store, pages::{self, run}};\nfn one() {}"),
        snippet("src/app/pages/mod.rs", "pub mod run;"),
        snippet("src/app/pages/run.rs", "fn one() -> super::super::state::AppState {}"),
        snippet("src/app/effects/store.rs", "// use crate::app::state::AppState;\nuse crate::app::effects;"),
        snippet("src/app/effects/mod.rs", "pub mod store;\n#[cfg(test)]\nmod tests {\n    use super::store;\n}"),
    ];
    check(circles, &files("src/app", ".rs"), &bad, 3);
}

/// Signals of the state that others than its own part could set, or do.
fn settable(files: &[(PathBuf, String)]) -> Vec<String> {
    let of_state = files.iter().filter(|(path, _)| path.starts_with("src/app/state"));
    let is_set = |line: &str| {
        let part = [".accounts.", ".draft.", ".runs.", ".organization.", ".navigator."].iter().find_map(|part| line.split_once(part));
        let call = part.and_then(|(_, rest)| rest.split_once('.')).map(|(_, call)| call);
        call.is_some_and(|call| ["set(", "update(", "change(", "change_untracked("].iter().any(|setting| call.starts_with(setting)))
    };
    let settable = |line: &&str| {
        let is_public = line.starts_with("pub ") || line.starts_with("pub(crate)");
        let is_bare = ["RwSignal<", "WriteSignal<", "StoredValue<"].iter().any(|kind| line.contains(kind))
            && !["fn ", "struct "].iter().any(|other| line.contains(other));
        is_public && is_bare || is_set(line)
    };
    let found = |(path, text): &(PathBuf, String)| {
        let lines = code(text).lines().map(str::trim);
        lines.filter(settable).map(|line| format!("{}: {line}", path.display())).collect::<Vec<_>>()
    };
    of_state.flat_map(found).collect()
}

#[test]
fn a_signal_of_the_state_is_set_by_its_own_part_alone() {
    let bad = [
        snippet(
            "src/app/state/draft.rs",
            "pub struct Draft {\n    pub guests: RwSignal<Guests>,\n    pub(crate) letter: StoredValue<Letter>,\n}",
        ),
        snippet("src/app/state/runs.rs", "    pub set_running: WriteSignal<u8>,\n    pub running: ReadSignal<u8>,\n    own: RwSignal<u8>,"),
        snippet("src/app/parts/menu.rs", "    pub open: RwSignal<bool>,"),
        snippet("src/app/state/runner.rs", "app.runs.looked.set((0, 1));\napp.draft.guests.with(|guests| guests.set(1));"),
    ];
    check(settable, &files("src/app", ".rs"), &bad, 4);
}

/// Views that read or write what lies in the browser, ask Graph in a loop of their own, or say themselves what is to become of a run.
fn undertaking(files: &[(PathBuf, String)]) -> Vec<String> {
    let views = ["src/app/pages", "src/app/parts", "src/app/frame.rs"];
    let views: Vec<_> = files.iter().filter(|(path, _)| views.iter().any(|view| path.starts_with(view))).cloned().collect();
    words_in(&views, &["RunIntent", "Transaction", "store::", "StateMachine"], |_, _| false)
}

#[test]
fn no_view_starts_a_transaction() {
    let bad = [
        snippet("src/app/pages/run.rs", "spawn(runner::undertake(app, RunIntent::DeleteAll));"),
        snippet("src/app/frame.rs", "use super::effects::store::{self};\nfn one() { store::commit(Transaction::default()) }"),
        snippet("src/app/state/runner.rs", "RunIntent::DeleteAll"),
    ];
    check(undertaking, &files("src/app", ".rs"), &bad, 3);
}
