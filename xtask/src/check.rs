//! `cargo xtask test`: every check there is, and one last line that counts them. The bundle and the journeys, which wait much,
//! go beside everything else, which computes.

use crate::machine::{quietly, root};
use crate::setup::{self, BrowserPaths, Tools};
use crate::{bundle, journeys, supply, weigh};
use std::process::{Command, Stdio};
use std::time::Instant;

const WASM: [&str; 3] = ["--target", "wasm32-unknown-unknown", "--no-default-features"];
const PAGE: [&str; 4] = ["--features", "app", "--bin", "guestlist"];
/// Page and worker with the features of both: what each needs alone is seen when they are bundled.
const BOTH: [&str; 6] = ["--features", "app,files", "--bin", "guestlist", "--bin", "files"];
const UNIT_PORT: u16 = 18_070;

#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
}

impl Count {
    fn one(&mut self, what: &str, done: Result<(), String>) {
        match done {
            Ok(()) => self.passed += 1,
            Err(words) => {
                self.failed += 1;
                eprintln!("FAILED {what}\n{words}");
            }
        }
    }

    /// Counts what a test runner printed: `passed` and `failed` are the words before or behind its numbers.
    fn tests(&mut self, what: &str, done: Result<(usize, usize), String>) {
        match done {
            Ok((0, 0)) => self.one(what, Err("ran no test".into())),
            Ok((passed, failed)) => {
                self.passed += passed;
                self.failed += failed;
            }
            Err(words) => self.one(what, Err(words)),
        }
    }

    fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs everything, also after a failure.
///
/// # Errors
/// When something failed, or the machine cannot be set up.
pub fn run() -> Result<(), String> {
    let begun = Instant::now();
    let step = |what: &str| eprintln!("[{:>4} s] {what}", begun.elapsed().as_secs());
    step("Setting up");
    let tools = setup::for_bundling()?;
    let browser = setup::browser()?;
    setup::python()?;
    let count = std::thread::scope(|scope| {
        let sources = scope.spawn(|| check_sources(&step, &tools, &browser));
        let mut count = check_bundle(&step, &tools, &browser);
        sources.join().map(|other| count.add(&other)).map_err(|_| "The checks of the sources broke off.")?;
        Ok::<Count, String>(count)
    })?;
    step("Done");
    println!("{} passed, {} failed", count.passed, count.failed);
    if count.failed > 0 { Err("Not everything passed; see FAILED above.".into()) } else { Ok(()) }
}

/// The bundle, what it weighs, and the journeys through it.
fn check_bundle(step: &impl Fn(&str), tools: &Tools, browser: &BrowserPaths) -> Count {
    let mut count = Count::default();
    step("Bundle and weight");
    let built = bundle::release(tools);
    let is_built = built.is_ok();
    count.one("bundle", built.and_then(|()| weigh::weigh()));
    if is_built {
        step("Journeys");
        count.tests("journeys", journeys::run(browser));
    }
    count
}

/// Format, licences, lints, native tests, and those that a page of a browser runs.
fn check_sources(step: &impl Fn(&str), tools: &Tools, browser: &BrowserPaths) -> Count {
    let mut count = Count::default();
    step("Format");
    count.one("cargo fmt", quietly("cargo fmt", cargo().args(["fmt", "--all", "--check"])));
    step("Licences, sources, duplicates and advisories");
    supply::check(&mut |what, done| count.one(what, done));
    step("Clippy, native");
    count.one("clippy", quietly("clippy", cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])));
    step("Clippy, page and worker");
    count.one("clippy, page and worker", quietly("clippy", cargo().arg("clippy").args(WASM).args(BOTH).args(["--", "-D", "warnings"])));
    step("Units and stories");
    count.tests("cargo test", native());
    step("Effects in a browser");
    count.tests("effects", effects(tools, browser));
    count
}

/// With less of the processors than a browser that somebody waits for.
fn cargo() -> Command {
    let mut cargo = if cfg!(unix) { Command::new("nice") } else { Command::new("cargo") };
    if cfg!(unix) {
        cargo.args(["-n", "10", "cargo"]);
    }
    cargo.current_dir(root());
    cargo
}

/// Sums the lines `test result: ok. 3 passed; 0 failed; …`.
fn native() -> Result<(usize, usize), String> {
    let output = cargo().args(["test", "--workspace", "--no-fail-fast"]).output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut sum = (0, 0);
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        sum.0 += number_before(line, "passed");
        sum.1 += number_before(line, "failed");
    }
    if !output.status.success() {
        eprintln!("{text}{}", String::from_utf8_lossy(&output.stderr));
        sum.1 = sum.1.max(1);
    }
    Ok(sum)
}

fn number_before(line: &str, word: &str) -> usize {
    let words: Vec<&str> = line.split([' ', ';']).filter(|word| !word.is_empty()).collect();
    words.iter().position(|found| *found == word).and_then(|place| words.get(place.checked_sub(1)?)?.parse().ok()).unwrap_or(0)
}

/// wasm-bindgen's runner serves the tests; a page of Chromium runs them.
fn effects(tools: &Tools, browser: &BrowserPaths) -> Result<(usize, usize), String> {
    let runner = setup::test_runner(tools);
    let mut command = cargo();
    command.arg("test").args(WASM).args(PAGE);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner).env("NO_HEADLESS", "1");
    command.env("WASM_BINDGEN_TEST_ADDRESS", format!("127.0.0.1:{UNIT_PORT}")).env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
    let mut build = cargo();
    build.arg("test").args(WASM).args(PAGE).arg("--no-run");
    quietly("building the effects' tests", &mut build)?;
    let mut server = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(|error| error.to_string())?;
    let mut node = Command::new("node");
    node.arg("effects.mjs")
        .arg(format!("http://127.0.0.1:{UNIT_PORT}"))
        .current_dir(root().join("tests/pages"))
        .env("CHROMIUM", &browser.shell);
    let output = node.output().map_err(|error| error.to_string());
    // Cargo has started the runner, so both are to be ended.
    end(&mut server);
    let output = output?;
    let text = String::from_utf8_lossy(&output.stdout);
    let result = text.lines().find(|line| line.starts_with("test result:"));
    match result {
        Some(line) if output.status.success() => {
            let (passed, failed) = (number_before(line, "passed"), number_before(line, "failed"));
            if failed > 0 {
                eprintln!("{text}");
            }
            Ok((passed, failed))
        }
        _ => Err(format!("{text}{}", String::from_utf8_lossy(&output.stderr))),
    }
}

fn end(server: &mut std::process::Child) {
    if cfg!(unix) {
        let id = server.id().to_string();
        _ = Command::new("pkill").args(["-P", &id]).status();
    }
    _ = server.kill();
    _ = server.wait();
}
