//! Running programs of this machine, and saying how far they are.

use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_owned()
}

/// Where tools are kept for every clone of this user.
pub fn cache() -> Result<PathBuf, String> {
    let var = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let base = var("GUESTLIST_CACHE")
        .or_else(|| var("XDG_CACHE_HOME").map(|cache| cache.join("guestlist")))
        .or_else(|| var("LOCALAPPDATA").map(|cache| cache.join("guestlist")))
        .or_else(|| var("HOME").map(|home| home.join(".cache").join("guestlist")));
    let base = base.ok_or("There is no home folder to keep tools in; set GUESTLIST_CACHE to a folder.")?;
    std::fs::create_dir_all(&base).map_err(|error| format!("{} cannot be made: {error}", base.display()))?;
    Ok(base)
}

/// What the program prints, if it runs and succeeds.
pub fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(root()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether the program is on PATH and answers.
pub fn has(program: &str) -> bool {
    output(program, &["--version"]).is_some()
}

/// Runs a long program, showing what it does: a line that is rewritten on a terminal, a line now and then elsewhere.
///
/// # Errors
/// The end of what it printed, when it fails.
pub fn follow(what: &str, about: usize, command: &mut Command) -> Result<(), String> {
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{what}: {} cannot be started: {error}", command.get_program().to_string_lossy()))?;
    let terminal = std::io::stderr().is_terminal();
    let (mut compiled, mut told, mut tail) = (0, 0, Vec::new());
    for line in BufReader::new(child.stderr.take().expect("stderr is piped")).lines().map_while(Result::ok) {
        compiled += usize::from(line.trim_start().starts_with("Compiling "));
        let seconds = begun.elapsed().as_secs();
        if terminal {
            eprint!("\r\x1b[2K  {what}: {compiled} of about {about} crates, {seconds} s");
            _ = std::io::stderr().flush();
        } else if seconds >= told + 20 {
            told = seconds;
            eprintln!("  {what}: {compiled} of about {about} crates, {seconds} s");
        }
        tail.push(line);
        if tail.len() > 40 {
            tail.remove(0);
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if terminal {
        eprint!("\r\x1b[2K");
    }
    if status.success() {
        eprintln!("  {what}: done in {} s", begun.elapsed().as_secs());
        Ok(())
    } else {
        Err(format!("{what} failed:\n{}", tail.join("\n")))
    }
}

/// Runs a short program quietly.
///
/// # Errors
/// What it printed, when it fails.
pub fn quietly(what: &str, command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{what}: cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{what} failed:\n{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}
