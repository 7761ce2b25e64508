//! The journeys of `cargo xtask test`: Playwright drives the release bundle in browsers side by side.

use crate::machine::root;
use crate::serve::{Ports, block_on, serve};
use crate::setup::BrowserPaths;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

/// Away from the demo's ports, so that both can run.
pub const PORT: u16 = 18_080;
/// Files of journeys that take minutes: they begin first, so that none of them is left over at the end.
const LONG: [&str; 6] = ["delivery.mjs", "killing.mjs", "promise.mjs", "inviting.mjs", "appearance.mjs", "signing_in.mjs"];
/// How many browsers drive journeys side by side: much of a journey is waiting.
const BROWSERS: u16 = 2;

/// Each browser, beside a tenant of its own, takes the next file that nobody has taken. How many journeys passed and failed.
///
/// # Errors
/// A port that is taken, or no Node.js.
pub fn run(browser: &BrowserPaths) -> Result<(usize, usize), String> {
    let files = Mutex::new(files()?.into_iter());
    let next = || files.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
    let drive = |port: u16| {
        let mut sum = Ok((0, 0));
        let served = beside(port, |address| {
            sum = std::iter::from_fn(next).try_fold((0, 0), |sum, file| {
                let (passed, failed) = drive(browser, address, &file)?;
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

/// The files of journeys, the long ones first, then by name.
fn files() -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(root().join("tests/pages/journeys")).map_err(|error| error.to_string())?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".mjs")).collect();
    names.sort_by_cached_key(|name| (LONG.iter().position(|long| long == name).unwrap_or(LONG.len()), name.clone()));
    Ok(names)
}

/// Does something beside a served tenant.
///
/// # Errors
/// The port that is taken, or what Graph was asked and answered that is not of its published schema.
pub fn beside(port: u16, act: impl FnOnce(&str) + Send) -> Result<(), String> {
    let (done, finished) = tokio::sync::oneshot::channel::<()>();
    let deviations = std::thread::scope(|scope| {
        let ready = move |address: &str| {
            let address = address.to_owned();
            scope.spawn(move || {
                act(&address);
                _ = done.send(());
            });
        };
        block_on(serve(Ports { page: port }, ready, async { _ = finished.await }))
    })?;
    if deviations.is_empty() {
        return Ok(());
    }
    let listed = deviations.into_iter().collect::<Vec<_>>().join("\n");
    Err(format!("What Graph was asked, or answered, is not of its published schema (tests/schema):\n{listed}"))
}

/// Drives the journeys of a file. Those that failed because a browser was late are driven a second time, and it is said
/// which; what an assertion found wrong stays wrong.
fn drive(browser: &BrowserPaths, address: &str, file: &str) -> Result<(usize, usize), String> {
    let begun = Instant::now();
    let first = report(browser, address, file, None)?;
    let (mut passed, mut failed) = (first.passed, first.failed);
    let is_whole = first.failures.len() == first.failed;
    for failure in first.failures {
        eprintln!("FAILED {file}: {}\n{}", failure.name, failure.why);
        if is_whole && failure.is_late() && report(browser, address, file, Some(&failure.name)).is_ok_and(|again| again.is_one_passed()) {
            eprintln!("SECOND TRY {file}: {} passed", failure.name);
            passed += 1;
            failed -= 1;
        }
    }
    eprintln!("  {file}: {passed} passed, {failed} failed, {} s", begun.elapsed().as_secs());
    if failed > 0 || passed == 0 {
        eprintln!("{}", first.text);
        failed = failed.max(1);
    }
    Ok((passed, failed))
}

/// What Node.js reported of a file's journeys.
#[derive(Default)]
pub struct JourneyReport {
    pub passed: usize,
    pub failed: usize,
    failures: Vec<Failure>,
    pub text: String,
}

impl JourneyReport {
    fn is_one_passed(&self) -> bool {
        self.passed == 1 && self.failed == 0
    }

    fn read(text: String) -> Self {
        let mut report = Self::default();
        let mut is_why = false;
        for line in text.lines() {
            let number = |word: &str| line.strip_prefix(word).and_then(|number| number.trim().parse().ok());
            if let Some(passed) = number("# pass ") {
                report.passed = passed;
            } else if let Some(failed) = number("# fail ") {
                report.failed = failed;
            }
            if let Some(failed) = line.strip_prefix("not ok ") {
                let name = failed.split_once(" - ").map_or(failed, |(_, name)| name).to_owned();
                report.failures.push(Failure { name, why: String::new() });
                is_why = true;
            } else if let Some(failure) = report.failures.last_mut().filter(|_| is_why && line.starts_with(' ')) {
                failure.why.push_str(line);
                failure.why.push('\n');
            } else {
                is_why = false;
            }
        }
        report.text = text;
        report
    }
}

struct Failure {
    name: String,
    why: String,
}

impl Failure {
    /// A wait of Playwright ran out, or a page was about to leave: both are a matter of how busy the machine is, or show again
    /// at the second try.
    fn is_late(&self) -> bool {
        let is_assertion = self.why.contains("ERR_ASSERTION");
        !is_assertion && ["Timeout ", "Execution context was destroyed"].iter().any(|late| self.why.contains(late))
    }
}

/// Runs a file's journeys, or the one of this name.
///
/// # Errors
/// No Node.js.
pub fn report(browser: &BrowserPaths, address: &str, file: &str, name: Option<&str>) -> Result<JourneyReport, String> {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=tap"]);
    node.args(name.map(|name| format!("--test-name-pattern=^{}$", literal(name))));
    node.arg(format!("journeys/{file}")).current_dir(root().join("tests/pages"));
    node.env("CHROMIUM", &browser.whole).env("CHROMIUM_SHELL", &browser.shell).env("PAGE", address).env_remove("NODE_TEST_CONTEXT");
    let mut child = node.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines().map_while(Result::ok);
    let mut report = JourneyReport::read(lines.collect::<Vec<_>>().join("\n"));
    if !child.wait().map_err(|error| error.to_string())?.success() {
        report.failed = report.failed.max(1);
    }
    Ok(report)
}

/// A name as a regular expression: any sign stands for one that could mean something in it.
fn literal(name: &str) -> String {
    name.chars().map(|sign| if sign.is_alphanumeric() || sign == ' ' { sign } else { '.' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAP: &str = "TAP version 13\n# Subtest: one\nok 1 - one\n  ---\n  duration_ms: 3\n  ...\n# Subtest: two, (again)\nnot ok 2 - two, (again)\n  ---\n  error: 'locator.click: Timeout 15000ms exceeded.'\n  code: 'ERR_TEST_FAILURE'\n  ...\nnot ok 3 - three\n  ---\n  error: |-\n    Timeout of the plan\n  code: 'ERR_ASSERTION'\n  ...\n1..3\n# pass 1\n# fail 2\n";

    #[test]
    fn late_browsers_are_told_from_wrong_pages() {
        let report = JourneyReport::read(TAP.to_owned());
        assert_eq!((report.passed, report.failed), (1, 2));
        assert_eq!(
            report.failures.iter().map(|failure| (failure.name.as_str(), failure.is_late())).collect::<Vec<_>>(),
            [("two, (again)", true), ("three", false)]
        );
    }

    #[test]
    fn a_name_is_looked_for_as_it_stands() {
        assert_eq!(literal("grün, (b)"), "grün. .b.");
    }
}
