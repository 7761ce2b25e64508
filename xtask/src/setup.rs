//! What the machine needs, found or installed. A second run finds everything and does none of it again.

use crate::machine::{cache, follow, has, output, quietly, root};
use std::path::{Path, PathBuf};
use std::process::Command;

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";
/// Older ones refuse what current compilers emit (trunk #904).
const WASM_OPT_LEAST: u32 = 120;

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

/// Everything that bundling needs.
///
/// # Errors
/// What could not be installed, with the command that would.
pub fn for_bundling() -> Result<Tools, String> {
    wasm_target()?;
    let bindgen = locked("wasm-bindgen")?;
    let trunk = program("trunk", "trunk", TRUNK, &["--locked", "--no-default-features"], 370)?;
    // Without --locked: its lock file names a crate version that some mirrors lack.
    let bindgen = program("wasm-bindgen", "wasm-bindgen-cli", &bindgen, &[], 150)?;
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

/// A program of exactly this version: on PATH, in the cache, by cargo-binstall, or built.
fn program(name: &str, package: &str, version: &str, options: &[&str], crates: usize) -> Result<PathBuf, String> {
    let right = |program: &str| output(program, &["--version"]).is_some_and(|said| said.split_whitespace().any(|word| word == version));
    if right(name) {
        return Ok(name.into());
    }
    let home = cache()?.join(format!("{name}-{version}"));
    let installed = home.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if right(&installed.to_string_lossy()) {
        return Ok(installed);
    }
    if output("cargo", &["binstall", "-V"]).is_some() {
        eprintln!("Fetching {package} {version} with cargo-binstall …");
        let mut fetch = Command::new("cargo");
        fetch.args(["binstall", "--no-confirm", "--root"]).arg(&home).arg(format!("{package}@{version}"));
        if quietly("cargo binstall", &mut fetch).is_ok() && right(&installed.to_string_lossy()) {
            return Ok(installed);
        }
    }
    eprintln!("Building {package} {version}, once for this user (some minutes) …");
    let mut build = Command::new("cargo");
    build.args(["install", package, "--version", version, "--debug", "--root"]).arg(&home).args(options);
    // One build folder for all tools, so that they share what they have in common; without debug information and
    // optimisation, which would cost more time than they save. Measured: README, "How long it takes".
    build.env("CARGO_TARGET_DIR", cache()?.join("build")).env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    build.current_dir(cache()?).env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO").env_remove("CARGO_ENCODED_RUSTFLAGS");
    build.env("RUSTUP_TOOLCHAIN", toolchain());
    follow(package, crates, &mut build).map_err(|words| {
        format!("{words}\n\nTo install it by hand: cargo install {package} --version {version} --debug {}", options.join(" "))
    })?;
    Ok(installed)
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
    let home = cache()?.join(format!("binaryen-{BINARYEN}"));
    let folder = home.join("node_modules").join(".bin");
    if number(&folder.join("wasm-opt").to_string_lossy()).is_none() {
        eprintln!("Fetching wasm-opt (npm binaryen {BINARYEN}) …");
        std::fs::create_dir_all(&home).map_err(|error| error.to_string())?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]).arg(&home).arg(format!("binaryen@{BINARYEN}"));
        quietly("npm install binaryen", &mut npm)?;
    }
    Ok(Some(folder))
}

/// The test runner of wasm-bindgen lies beside its CLI.
pub fn test_runner(tools: &Tools) -> PathBuf {
    let name = format!("wasm-bindgen-test-runner{}", std::env::consts::EXE_SUFFIX);
    tools.path.first().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from(&name), |folder| folder.join(&name))
}

/// Playwright and axe, and a Chromium to drive.
///
/// # Errors
/// What is missing and the command that installs it.
pub fn browser() -> Result<String, String> {
    if !has("node") || !has("npm") {
        return Err("The browser tests need Node 20 or newer with npm. Install it, then try again.".into());
    }
    let pages = root().join("tests/pages");
    if ["playwright-core", "axe-core", "jsqr"].iter().any(|name| !pages.join("node_modules").join(name).join("package.json").exists()) {
        eprintln!("Fetching playwright-core, axe-core and jsqr …");
        quietly("npm ci", Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&pages))?;
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
