//! `cargo xtask test`: every check there is, one after the other, and one last line that counts them.

use crate::machine::{quietly, root};
use crate::serve::{Ports, block_on, serve};
use crate::setup::{self, Tools};
use crate::{bundle, supply, weigh};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

const APP: [&str; 5] = ["--target", "wasm32-unknown-unknown", "--no-default-features", "--features", "app"];
const WORKER: [&str; 7] = ["--target", "wasm32-unknown-unknown", "--no-default-features", "--features", "files", "--bin", "files"];
/// Away from the demo's ports, so that both can run.
pub const PORT: u16 = 18_080;
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
}

/// Runs everything, also after a failure.
///
/// # Errors
/// When something failed, or the machine cannot be set up.
pub fn run() -> Result<(), String> {
    let mut count = Count::default();
    let begun = Instant::now();
    let step = |what: &str| eprintln!("[{:>4} s] {what}", begun.elapsed().as_secs());
    step("Setting up");
    let tools = setup::for_bundling()?;
    let browser = setup::browser()?;
    setup::python()?;
    step("Format");
    count.one("cargo fmt", quietly("cargo fmt", cargo().args(["fmt", "--all", "--check"])));
    step("Licences, sources, duplicates and advisories");
    supply::check(&mut |what, done| count.one(what, done));
    step("Clippy, native");
    count.one("clippy", quietly("clippy", cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])));
    step("Clippy, the page");
    count.one("clippy, page", quietly("clippy", cargo().arg("clippy").args(APP).args(["--bin", "guestlist", "--", "-D", "warnings"])));
    step("Clippy, the worker");
    count.one("clippy, worker", quietly("clippy", cargo().arg("clippy").args(WORKER).args(["--", "-D", "warnings"])));
    step("Units and stories");
    count.tests("cargo test", native());
    step("Effects in a browser");
    count.tests("effects", effects(&tools, &browser));
    step("Bundle and weight");
    let built = bundle::release(&tools);
    let is_built = built.is_ok();
    count.one("bundle", built.and_then(|()| weigh::weigh()));
    if is_built {
        step("Journeys");
        count.tests("journeys", journeys(&browser));
    }
    step("Done");
    println!("{} passed, {} failed", count.passed, count.failed);
    if count.failed > 0 { Err("Not everything passed; see FAILED above.".into()) } else { Ok(()) }
}

fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
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
fn effects(tools: &Tools, browser: &str) -> Result<(usize, usize), String> {
    let runner = setup::test_runner(tools);
    let mut command = cargo();
    command.arg("test").args(APP).args(["--bin", "guestlist"]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner).env("NO_HEADLESS", "1");
    command.env("WASM_BINDGEN_TEST_ADDRESS", format!("127.0.0.1:{UNIT_PORT}")).env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
    let mut build = cargo();
    build.arg("test").args(APP).args(["--bin", "guestlist", "--no-run"]);
    quietly("building the effects' tests", &mut build)?;
    let mut server = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(|error| error.to_string())?;
    let mut node = Command::new("node");
    node.arg("effects.mjs").arg(format!("http://127.0.0.1:{UNIT_PORT}")).current_dir(root().join("tests/pages")).env("CHROMIUM", browser);
    let output = node.output().map_err(|error| error.to_string());
    // Cargo has started the runner, so both are to be ended.
    end(&mut server);
    let output = output?;
    let text = String::from_utf8_lossy(&output.stdout);
    let result = text.lines().find(|line| line.starts_with("test result:"));
    match result {
        Some(line) if output.status.success() => Ok((number_before(line, "passed"), number_before(line, "failed"))),
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

/// Files of journeys that take minutes: they begin first, so that none of them is left over at the end.
const LONG: [&str; 6] = ["lettering.mjs", "killing.mjs", "promise.mjs", "inviting.mjs", "looks.mjs", "signing_in.mjs"];
/// How many browsers drive journeys side by side: much of a journey is waiting.
const BROWSERS: u16 = 2;

/// The journeys, the long ones first, then by name.
fn journey_files() -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(root().join("tests/pages/journeys")).map_err(|error| error.to_string())?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".mjs")).collect();
    names.sort_by_cached_key(|name| (LONG.iter().position(|long| long == name).unwrap_or(LONG.len()), name.clone()));
    Ok(names)
}

/// Playwright's journeys against the release bundle: each browser beside a tenant of its own takes the next file that nobody
/// has taken.
fn journeys(browser: &str) -> Result<(usize, usize), String> {
    let files = Mutex::new(journey_files()?.into_iter());
    let next = || files.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
    let drive = |port: u16| {
        let mut sum = Ok((0, 0));
        let served = beside(port, |address| {
            sum = std::iter::from_fn(next).try_fold((0, 0), |sum, file| {
                let (passed, failed) = drive_journey(browser, address, &file)?;
                Ok((sum.0 + passed, sum.1 + failed))
            });
        });
        served.and(sum)
    };
    std::thread::scope(|scope| {
        let drive = &drive;
        let running: Vec<_> = (0..BROWSERS).map(|number| scope.spawn(move || drive(PORT + 10 * number))).collect();
        running.into_iter().try_fold((0, 0), |sum, one| {
            let (passed, failed) = one.join().map_err(|_| "Journeys broke off.".to_owned())??;
            Ok((sum.0 + passed, sum.1 + failed))
        })
    })
}

/// Does something beside a served tenant.
///
/// # Errors
/// The port that is taken.
pub fn beside(port: u16, act: impl FnOnce(&str) + Send) -> Result<(), String> {
    let (done, finished) = tokio::sync::oneshot::channel::<()>();
    std::thread::scope(|scope| {
        let ready = move |address: &str| {
            let address = address.to_owned();
            scope.spawn(move || {
                act(&address);
                _ = done.send(());
            });
        };
        block_on(serve(Ports { page: port }, ready, async { _ = finished.await }))
    })
}

fn drive_journey(browser: &str, address: &str, file: &str) -> Result<(usize, usize), String> {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=tap"]).arg(format!("journeys/{file}")).current_dir(root().join("tests/pages"));
    node.env("CHROMIUM", browser).env("PAGE", address).env_remove("NODE_TEST_CONTEXT");
    let begun = Instant::now();
    let mut child = node.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let (mut sum, mut said, mut is_why) = ((0, 0), Vec::new(), false);
    for line in BufReader::new(child.stdout.take().expect("stdout is piped")).lines().map_while(Result::ok) {
        if let Some(number) = line.strip_prefix("# pass ") {
            sum.0 = number.trim().parse().unwrap_or(0);
        } else if let Some(number) = line.strip_prefix("# fail ") {
            sum.1 = number.trim().parse().unwrap_or(0);
        }
        if line.starts_with("not ok") {
            eprintln!("FAILED {file}: {line}");
            is_why = true;
        } else if is_why && line.starts_with(' ') {
            // Why it failed stands beside it: whoever reads the whole may be shown its two ends alone.
            eprintln!("{line}");
        } else {
            is_why = false;
        }
        said.push(line);
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    eprintln!("  {file}: {} passed, {} failed, {} s", sum.0, sum.1, begun.elapsed().as_secs());
    if sum.1 > 0 || sum.0 == 0 || !status.success() {
        eprintln!("{}", said.join("\n"));
        sum.1 = sum.1.max(1);
    }
    Ok(sum)
}
