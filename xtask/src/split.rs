//! Several WebAssembly modules instead of one: what every visitor loads, what lies behind `src/app/signed_in.rs`, and each area of
//! `src/app/areas.rs`.
//!
//! Cutting has to happen between rustc and wasm-bindgen, and Trunk calls both. So Trunk finds this program under the name
//! `wasm-bindgen`: it cuts, then hands the first part to the real one ([`stand_in`]). What Trunk does not know of, the
//! other parts and the script that loads them, is put beside Trunk's files afterwards ([`finish`]).

use crate::machine::{quietly, root};
use crate::{integrity, shorten};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What rustc has to do so that the module can be cut.
pub const RUSTFLAGS: &str = "--cfg split -Clink-arg=--emit-relocs";
/// Names the real wasm-bindgen to the stand-in.
const REAL: &str = "GUESTLIST_WASM_BINDGEN";
/// The name that `src/app/signed_in.rs` gives to the way in.
const SIGNED_IN: &str = "signed_in";
/// Bytes, before they are optimised, of what areas may share beside what all stand on: a tag that only they use, not a part of the page.
const SHARED_MOST: u64 = 10_000;

/// The folder with the stand-in, made anew, and the variable it wants.
///
/// # Errors
/// That it could not be made.
pub fn prepare(real: &Path) -> Result<(PathBuf, (&'static str, PathBuf)), String> {
    let folder = root().join("target/stand-in");
    let program = folder.join(format!("wasm-bindgen{}", std::env::consts::EXE_SUFFIX));
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let made = std::fs::create_dir_all(&folder).and_then(|()| std::fs::copy(own, &program));
    made.map_err(|error| format!("{} cannot be made: {error}", program.display()))?;
    Ok((folder, (REAL, real.to_owned())))
}

/// Whether this program was called as wasm-bindgen.
pub fn is_stand_in() -> bool {
    std::env::var_os(REAL).is_some()
        && std::env::args().next().is_some_and(|name| Path::new(&name).file_stem() == Some("wasm-bindgen".as_ref()))
}

/// Does what wasm-bindgen would do, on the first part of the module.
///
/// # Errors
/// What went wrong with the cut or in wasm-bindgen.
pub fn stand_in() -> Result<(), String> {
    let mut real = Command::new(std::env::var_os(REAL).ok_or("wasm-bindgen is not named.")?);
    let (modules, options): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|argument| argument.ends_with(".wasm"));
    real.args(&options);
    if let [module] = modules.as_slice() {
        if Path::new(module).file_stem() == Some("guestlist".as_ref()) {
            let first = cut(Path::new(module))?;
            // The second part reaches the first by what the linker exported.
            real.args(["--keep-lld-exports", "--no-demangle", "--remove-producers-section"]).arg(first);
        } else {
            real.arg(module);
        }
    }
    let status = real.status().map_err(|error| format!("wasm-bindgen cannot be started: {error}"))?;
    if !status.success() {
        return Err("wasm-bindgen failed.".into());
    }
    let value = |name: &str| options.iter().find_map(|option| option.strip_prefix(name)?.strip_prefix('='));
    match (value("--out-dir"), value("--out-name")) {
        (Some(folder), Some(name)) => {
            shorten_script(&Path::new(folder).join(format!("{name}.js")), &Path::new(folder).join(format!("{name}_bg.wasm")))
        }
        _ => Ok(()),
    }
}

fn shorten_script(script: &Path, module: &Path) -> Result<(), String> {
    let mut text = shorten::script(&replaced(script, &[])?).into_bytes();
    let mut program = std::fs::read(module).map_err(|error| format!("{}: {error}", module.display()))?;
    shorten::import_names(&mut text, &mut program);
    std::fs::write(script, text).and_then(|()| std::fs::write(module, program)).map_err(|error| error.to_string())
}

fn parts() -> PathBuf {
    root().join("target/parts")
}

/// Cuts the module; the path of the first part.
fn cut(module: &Path) -> Result<PathBuf, String> {
    let bytes = std::fs::read(module).map_err(|error| format!("{}: {error}", module.display()))?;
    let folder = parts();
    _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let first = folder.join("first.wasm");
    let loader = loader_name(&bytes);
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = &folder;
    options.main_out_path = &first;
    options.link_name = &loader;
    options.main_module = "./first.js";
    wasm_split_cli_support::transform(options).map_err(|error| format!("The module cannot be cut: {error:?}"))?;
    Ok(first)
}

/// The script's name changes with the program: an old one never meets a new page.
fn loader_name(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("./signed-in-{:016x}.js", hasher.finish())
}

/// Puts all parts but the first and their loader into `dist`, the parts optimised if wasm-opt is there. What loads a file names the
/// hash of its content; which files cannot be named so: [`integrity`].
///
/// # Errors
/// That something is not where it should be.
pub fn finish(optimiser: Option<&Path>) -> Result<(), String> {
    let dist = root().join("dist");
    let named = |folder: &Path, test: &dyn Fn(&str) -> bool| {
        let names = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut names = names.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.find(|name| test(name)).ok_or(format!("{} lacks a part of the page.", folder.display()))
    };
    let loader = named(&parts(), &|name| name.ends_with(".js"))?;
    let first = named(&dist, &|name| name.starts_with("guestlist-") && name.ends_with(".js"))?;
    let mut script = replaced(
        &parts().join(&loader),
        &[
            ("./first.js", &format!("./{first}")),
            // Some hosts do not know the media type of WebAssembly, and some answer a missing file with a page.
            (
                "(WebAssembly.instantiateStreaming(src, imports))",
                "{ const reply = await src; if (!reply.ok) throw new Error(`${reply.url}: ${reply.status}`); return WebAssembly.instantiate(await reply.arrayBuffer(), imports); }",
            ),
        ],
    )?;
    for part in loaded_parts(&script)? {
        let weight = std::fs::metadata(parts().join(&part.file)).map_err(|error| format!("{}: {error}", part.file))?.len();
        if !part.shared_by.is_empty() && weight > SHARED_MOST {
            return Err(format!("{} shared by {} alone: name in `signed_in` what they share.", part.file, part.shared_by));
        }
        let name = loader.replace("signed-in-", &format!("{}-", part.name)).replace(".js", ".wasm");
        optimised(optimiser, &parts().join(&part.file), &dist.join(&name))?;
        let checked = integrity::fetch(&format!("new URL(\"./{name}\", import.meta.url)"), &integrity::for_file(&dist.join(&name))?);
        script = script.replace(&asks_for(&part.file), &checked);
    }
    let boot = replaced(&dist.join("boot.js"), &[])?;
    for (name, script) in [(loader.as_str(), script), ("boot.js", boot)] {
        std::fs::write(dist.join(name), shorten::script(&script)).map_err(|error| error.to_string())?;
    }
    place_worker(&dist)?;
    integrity::add_to_start(&dist, &loader)?;
    shorten::page(&dist)
}

/// A file that the loader loads.
#[derive(Debug, PartialEq, Eq)]
struct LoadedPart {
    file: String,
    /// What it is called from here on: `signed-in` is what all areas stand on, `entry` the way into it, `shared-1` what some share, and every
    /// other one an area.
    name: String,
    /// Which areas share it, where others do not.
    shared_by: String,
}

/// How the cutter's loader asks for a file.
fn asks_for(file: &str) -> String {
    format!("fetch(new URL(\"./{file}\", import.meta.url))")
}

/// What the cutter's loader loads. It calls what several ways in share a chunk, and says before it of which: a comment with their names.
///
/// # Errors
/// That something is shared with the module that all stand on and does not lie there.
fn loaded_parts(script: &str) -> Result<Vec<LoadedPart>, String> {
    let (before, after) = asks_for("|").split_once('|').map(|(before, after)| (before.to_owned(), after.to_owned())).unwrap_or_default();
    let mut parts = Vec::new();
    let mut shared_by: Vec<&str> = Vec::new();
    for line in script.lines() {
        if let Some(names) = line.strip_prefix("/* ").and_then(|rest| rest.strip_suffix(" */")) {
            shared_by = names.split(", ").collect();
        }
        let Some(file) = line.split_once(&before).and_then(|(_, rest)| rest.split_once(&after)).map(|(file, _)| file.to_owned()) else {
            continue;
        };
        let is_there = |name: &str| parts.iter().any(|part: &LoadedPart| part.name == name);
        let (name, shared_by) = match file.strip_prefix("split_").and_then(|own| own.strip_suffix(".wasm")) {
            Some(SIGNED_IN) => ("entry".to_owned(), String::new()),
            Some(area) => (area.replace('_', "-"), String::new()),
            None if !shared_by.contains(&SIGNED_IN) => {
                let number = (1..).find(|number| !is_there(&format!("shared-{number}"))).unwrap_or(0);
                (format!("shared-{number}"), shared_by.join(", "))
            }
            None if !is_there("signed-in") => ("signed-in".to_owned(), String::new()),
            None => return Err(format!("{file} is shared by {}: name in `signed_in` what they share.", shared_by.join(", "))),
        };
        parts.push(LoadedPart { file, name, shared_by });
    }
    Ok(parts)
}

/// Writes a part where it is served from.
fn optimised(optimiser: Option<&Path>, part: &Path, served: &Path) -> Result<(), String> {
    let Some(optimiser) = optimiser else {
        return std::fs::copy(part, served).map(|_| ()).map_err(|error| error.to_string());
    };
    let mut optimise = Command::new(optimiser);
    // What weighs least as it is sent: 2 % less than by `-Oz`, which weighs 5 % less before it is compressed. Nothing that is called
    // from several places is written out in each; and what stands in one file of the sources stands together here, as its name says:
    // it is alike, so it compresses better (1 % less than with the shortest numbers for what is called most).
    optimise
        .args(["-O2", "--always-inline-max-function-size=1", "--one-caller-inline-max-function-size=1"])
        .args(["--reorder-locals", "--reorder-functions-by-name"])
        .args(["--strip-debug", "--strip-producers", "--strip-target-features"])
        .arg(part)
        .arg("-o")
        .arg(served);
    quietly("wasm-opt", &mut optimise)
}

/// A text with each of these pieces replaced.
///
/// # Errors
/// That it lacks one of them.
pub fn replaced(file: &Path, changes: &[(&str, &str)]) -> Result<String, String> {
    let mut text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    for (from, to) in changes {
        if !text.contains(from) {
            return Err(format!("{} has changed: it lacks {from}.", file.display()));
        }
        text = text.replace(from, to);
    }
    Ok(text)
}

/// Trunk gives a worker no name of its own with every build. Its files go into a folder that has one, and index.html says
/// where: an old worker never meets a new page.
fn place_worker(dist: &Path) -> Result<(), String> {
    const FILES: [&str; 3] = ["files.js", "files_bg.wasm", "files_loader.js"];
    let text = |error: std::io::Error| error.to_string();
    // An error event, which the page hears, for what would end in silence.
    let loader = format!(
        "import init from \"./files.js\";\ntry {{\n  await init({{ module_or_path: {} }});\n}} catch (error) {{\n  reportError(error);\n}}\n",
        integrity::fetch("new URL(\"./files_bg.wasm\", import.meta.url)", &integrity::for_file(&dist.join("files_bg.wasm"))?)
    );
    std::fs::write(dist.join("files_loader.js"), loader).map_err(text)?;
    let mut hasher = DefaultHasher::new();
    for name in FILES {
        std::fs::read(dist.join(name)).map_err(|error| format!("dist/{name}: {error}"))?.hash(&mut hasher);
    }
    let folder = format!("files-{:016x}", hasher.finish());
    std::fs::create_dir_all(dist.join(&folder)).map_err(text)?;
    for name in FILES {
        std::fs::rename(dist.join(name), dist.join(&folder).join(name)).map_err(text)?;
    }
    let page = dist.join("index.html");
    let new = format!("data-files=\"./{folder}/files_loader.js\"");
    std::fs::write(&page, replaced(&page, &[("data-files=\"./files_loader.js\"", &new)])?).map_err(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As wasm_split_cli_support 0.2 writes it.
    fn loader(chunks: &[(&str, &str)]) -> String {
        let chunks = chunks.iter().map(|(splits, file)| {
            format!(
                "/* {splits} */\nconst __{file} = makeLoad(() => {{\n    const src = {};\n}}, []);\n",
                asks_for(&format!("{file}.wasm"))
            )
        });
        let ways_in = ["activity", "signed_in", "self_service"].map(|name| {
            format!(
                "export const __wasm_split_load_{name} = wrapAsyncCb(makeLoad(() => {{\n    const src = {};\n}}, []));\n",
                asks_for(&format!("split_{name}.wasm"))
            )
        });
        chunks.chain(ways_in).collect()
    }

    #[test]
    fn what_all_stand_on_the_way_into_it_and_each_area_are_told_apart() {
        let parts = loaded_parts(&loader(&[("activity, self_service, signed_in", "chunk_1")])).unwrap();
        let names: Vec<(&str, &str)> = parts.iter().map(|part| (part.file.as_str(), part.name.as_str())).collect();
        let expected = [
            ("chunk_1.wasm", "signed-in"),
            ("split_activity.wasm", "activity"),
            ("split_signed_in.wasm", "entry"),
            ("split_self_service.wasm", "self-service"),
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn what_areas_share_beside_what_all_stand_on_is_a_file_of_its_own_that_says_whose_it_is() {
        let all = ("activity, self_service, signed_in", "chunk_1");
        let parts = loaded_parts(&loader(&[all, ("activity, self_service", "chunk_2"), ("guests, self_service", "chunk_3")])).unwrap();
        let shared: Vec<_> = parts.iter().filter(|part| !part.shared_by.is_empty()).map(|part| (&*part.name, &*part.shared_by)).collect();
        assert_eq!(shared, [("shared-1", "activity, self_service"), ("shared-2", "guests, self_service")]);
        let refused = loaded_parts(&loader(&[all, ("activity, signed_in", "chunk_2")])).unwrap_err();
        assert_eq!(refused, "chunk_2.wasm is shared by activity, signed_in: name in `signed_in` what they share.");
    }
}
