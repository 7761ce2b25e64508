//! What the machine needs, found or installed. A second run finds everything and does none of it again.

use crate::machine::{cache, follow, has, output, quietly, root};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

const TRUNK: &str = "0.21.14";
const CARGO_DENY: &str = "0.20.2";
/// Older ones refuse what current compilers emit (trunk #904).
const WASM_OPT_LEAST: u32 = 120;
/// As Debian calls its Chromium without windows.
const SHELL: &str = "chromium-headless-shell";

/// Programs that bundling needs.
pub struct Tools {
    pub trunk: PathBuf,
    /// Folders to put before PATH.
    pub path: Vec<PathBuf>,
    /// The real wasm-bindgen.
    pub bindgen: PathBuf,
    /// wasm-opt, where it is.
    pub optimiser: Option<PathBuf>,
}

/// The browsers that pages are driven in: their paths, or nothing for Playwright's own.
pub struct BrowserPaths {
    /// Chromium as people have it.
    pub whole: String,
    /// The same engine without windows and settings, which takes two thirds of the processor's time; the whole one where there is none.
    pub shell: String,
}

/// Everything that bundling needs.
///
/// # Errors
/// What could not be installed, with the command that would.
pub fn for_bundling() -> Result<Tools, String> {
    wasm_target()?;
    let trunk = program("trunk", TRUNK, &["--no-default-features"], 370)?;
    let bindgen = bindgen()?;
    let mut path: Vec<PathBuf> = bindgen.parent().map(Path::to_owned).into_iter().collect();
    let optimiser = wasm_opt()?;
    path.extend(optimiser.clone().filter(|folder| !folder.as_os_str().is_empty()));
    let optimiser = optimiser.map(|folder| folder.join("wasm-opt"));
    Ok(Tools { trunk, path, bindgen, optimiser })
}

fn wasm_target() -> Result<(), String> {
    let installed =
        output("rustup", &["target", "list", "--installed"]).ok_or("rustup is missing. Install it as rustup.rs tells, then try again.")?;
    if installed.lines().any(|line| line == "wasm32-unknown-unknown") {
        return Ok(());
    }
    eprintln!("Adding the WebAssembly target (a minute at most) …");
    quietly(
        "rustup target add wasm32-unknown-unknown",
        Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]).current_dir(root()),
    )
}

/// The version of a crate in Cargo.lock.
fn locked(name: &str) -> Result<String, String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).ok_or(format!("Cargo.lock does not name {name}."))?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

/// Whether the program is there in this version.
fn is_version(program: &Path, version: &str) -> bool {
    output(&program.to_string_lossy(), &["--version"]).is_some_and(|said| said.split_whitespace().any(|word| word == version))
}

/// A published program of exactly this version: on PATH, in the cache, by cargo-binstall, or built as its own lock file says.
fn program(name: &str, version: &str, options: &[&str], crates: usize) -> Result<PathBuf, String> {
    if is_version(Path::new(name), version) {
        return Ok(name.into());
    }
    let home = cache()?.join(format!("{name}-{version}"));
    let installed = home.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if is_version(&installed, version) {
        return Ok(installed);
    }
    if output("cargo", &["binstall", "-V"]).is_some() {
        eprintln!("Fetching {name} {version} with cargo-binstall …");
        let mut fetch = Command::new("cargo");
        fetch.args(["binstall", "--no-confirm", "--root"]).arg(&home).arg(format!("{name}@{version}"));
        if quietly("cargo binstall", &mut fetch).is_ok() && is_version(&installed, version) {
            return Ok(installed);
        }
    }
    let mut build = Command::new("cargo");
    build.args(["install", name, "--version", version]).args(options);
    build_tool(&mut build, &format!("{name} {version}"), &home, crates)?;
    Ok(installed)
}

/// wasm-bindgen's command line: on PATH, in the cache, or built by our own lock file, for which see the manifest beside it.
fn bindgen() -> Result<PathBuf, String> {
    let version = locked("wasm-bindgen")?;
    if is_version(Path::new("wasm-bindgen"), &version) {
        return Ok("wasm-bindgen".into());
    }
    let source = root().join("xtask/tools/wasm-bindgen");
    let home = cache()?.join(format!("wasm-bindgen-{version}-{}", lock_hash(&source.join("Cargo.lock"))?));
    let installed = home.join("bin").join(format!("wasm-bindgen{}", std::env::consts::EXE_SUFFIX));
    if !is_version(&installed, &version) {
        let mut build = Command::new("cargo");
        build.args(["install", "--path"]).arg(source);
        build_tool(&mut build, &format!("wasm-bindgen {version}"), &home, 110)?;
    }
    Ok(installed)
}

fn build_tool(build: &mut Command, what: &str, home: &Path, crates: usize) -> Result<(), String> {
    eprintln!("Building {what}, once for this user (some minutes) …");
    build.args(["--locked", "--debug", "--root"]).arg(home);
    // One build folder for all tools, so that they share what they have in common; without debug information and
    // optimisation, which would cost more time than they save. Measured: README, "How long it takes".
    build.env("CARGO_TARGET_DIR", cache()?.join("build")).env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    build.current_dir(cache()?).env_remove("CARGO").env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTUP_TOOLCHAIN", toolchain());
    follow(what, crates, build).map_err(|words| format!("{words}\n\nTo install it by hand: {build:?}"))
}

/// What a lock file's content is called in the cache: another one makes the tool anew.
fn lock_hash(lock: &Path) -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    std::fs::read(lock).map_err(|error| format!("{}: {error}", lock.display()))?.hash(&mut hasher);
    Ok(format!("{:08x}", hasher.finish() >> 32))
}

/// What holds dependencies against deny.toml.
///
/// # Errors
/// That it cannot be built.
pub fn cargo_deny() -> Result<PathBuf, String> {
    program("cargo-deny", CARGO_DENY, &[], 140)
}

/// The toolchain that rust-toolchain.toml names: tools are built outside of the repository.
fn toolchain() -> String {
    let file = std::fs::read_to_string(root().join("rust-toolchain.toml")).unwrap_or_default();
    file.split("channel = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("stable").to_owned()
}

/// The folder of a wasm-opt that is new enough; empty when it is on PATH, `None` when there is neither it nor Node.
fn wasm_opt() -> Result<Option<PathBuf>, String> {
    let number =
        |program: &str| output(program, &["--version"]).and_then(|said| said.split_whitespace().find_map(|word| word.parse::<u32>().ok()));
    if number("wasm-opt").is_some_and(|version| version >= WASM_OPT_LEAST) {
        return Ok(Some(PathBuf::new()));
    }
    if !has("node") || !has("npm") {
        eprintln!("Node and npm are not here, so the bundle is not optimised by wasm-opt: it works, but weighs more.");
        return Ok(None);
    }
    let files = root().join("xtask/tools/binaryen");
    let home = cache()?.join(format!("binaryen-{}", lock_hash(&files.join("package-lock.json"))?));
    let folder = home.join("node_modules").join(".bin");
    if number(&folder.join("wasm-opt").to_string_lossy()).is_none() {
        eprintln!("Fetching wasm-opt (npm binaryen) …");
        std::fs::create_dir_all(&home).map_err(|error| error.to_string())?;
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(files.join(name), home.join(name)).map_err(|error| format!("{name}: {error}"))?;
        }
        // Only what has the hash of the lock file; and nothing of it runs before it is asked to.
        npm_ci(&home)?;
    }
    Ok(Some(folder))
}

/// What the lock file in this folder names, if it has the hashes that stand there.
///
/// # Errors
/// What npm says.
pub fn npm_ci(folder: &Path) -> Result<(), String> {
    quietly("npm ci", Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(folder))
}

/// The test runner of wasm-bindgen lies beside its CLI.
pub fn test_runner(tools: &Tools) -> PathBuf {
    let name = format!("wasm-bindgen-test-runner{}", std::env::consts::EXE_SUFFIX);
    tools.path.first().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from(&name), |folder| folder.join(&name))
}

/// Playwright and axe, and Chromium to drive.
///
/// # Errors
/// What is missing and the command that installs it.
pub fn browser() -> Result<BrowserPaths, String> {
    let whole = whole_browser()?;
    // One that somebody names is meant for everything.
    let is_named = std::env::var_os("CHROMIUM").is_some() || whole.is_empty();
    if !is_named && on_path(SHELL).is_none() && may_install() {
        // Not every system has it apart.
        _ = install(SHELL, "about half a minute");
    }
    let shell = Some(SHELL).filter(|_| !is_named).and_then(on_path).unwrap_or_else(|| whole.clone());
    Ok(BrowserPaths { whole, shell })
}

fn whole_browser() -> Result<String, String> {
    if !has("node") || !has("npm") {
        return Err("The browser tests need Node 20 or newer with npm. Install it, then try again.".into());
    }
    let pages = root().join("tests/pages");
    if ["playwright-core", "axe-core", "jsqr"].iter().any(|name| !pages.join("node_modules").join(name).join("package.json").exists()) {
        eprintln!("Fetching playwright-core, axe-core and jsqr …");
        npm_ci(&pages)?;
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let find = || names.into_iter().find_map(on_path);
    if let Some(found) = std::env::var("CHROMIUM").ok().or_else(find) {
        return Ok(found);
    }
    if may_install() {
        install("chromium", "about a minute")?;
        return find().ok_or("Chromium was installed but is not on PATH.".into());
    }
    eprintln!("Fetching Chromium with Playwright …");
    let install = quietly("playwright install", Command::new("npx").args(["playwright-core", "install", "chromium"]).current_dir(&pages));
    install.map(|()| String::new()).map_err(|words| {
        format!("{words}\n\nInstall Chromium (on Debian: apt-get install chromium) or name one in the variable CHROMIUM, then try again.")
    })
}

/// Python, whose own reader of mail the mail files are held against.
///
/// # Errors
/// The command that installs it.
pub fn python() -> Result<(), String> {
    match has("python3") {
        true => Ok(()),
        false if may_install() => install("python3", "seconds"),
        false => Err("The mail files are read by Python’s own email package. Install Python 3, then try again.".into()),
    }
}

/// Debian and its kin, as root.
fn may_install() -> bool {
    has("apt-get") && output("id", &["-u"]).is_some_and(|id| id.trim() == "0")
}

fn install(package: &str, takes: &str) -> Result<(), String> {
    eprintln!("Installing {package} with apt-get ({takes}) …");
    quietly("apt-get update", Command::new("apt-get").args(["update", "-q"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-q", "--no-install-recommends", package]).env("DEBIAN_FRONTEND", "noninteractive");
    quietly(&format!("apt-get install {package}"), &mut install)
}

/// The full path of a program: Playwright does not look it up.
fn on_path(name: &str) -> Option<String> {
    let folders = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())?;
    Some(found.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tool_is_locked_in_the_version_that_the_page_is_built_with() {
        let text = |path: &str| std::fs::read_to_string(root().join("xtask/tools").join(path)).unwrap();
        let version = locked("wasm-bindgen").unwrap();
        assert!(text("wasm-bindgen/Cargo.toml").contains(&format!("wasm-bindgen-cli = {{ version = \"={version}\"")));
        assert!(text("wasm-bindgen/Cargo.lock").contains(&format!("name = \"wasm-bindgen-cli\"\nversion = \"{version}\"")));
    }

    #[test]
    fn everything_that_npm_brings_is_named_with_its_hash() {
        for folder in ["xtask/tools/binaryen", "tests/pages", "tests/bench/pages"] {
            let lock = std::fs::read_to_string(root().join(folder).join("package-lock.json")).unwrap();
            let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();
            for (name, package) in lock["packages"].as_object().unwrap().iter().filter(|(name, _)| !name.is_empty()) {
                assert!(package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-")), "{folder}: {name}");
            }
        }
    }
}
