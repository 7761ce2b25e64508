//! `cargo xtask soak`: the simulation of whole browsers for as many seeds as the time gives, and every figure of "once only"
//! anew.

use crate::machine::root;
use crate::{journeys, setup};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Seeds of one process. Behind those that every check runs.
const PORTION: u64 = 2000;
/// Away from the ports of the check, so that both can run.
const PORT: u16 = 18_100;
/// The simulation, of all tests of its program.
const SIMULATION: &str = "nobody_is_invited_twice_whatever_happens_in_two_windows";
const FAILED: &str = "killing tabs of a browser: FAILED";
/// A child's line of figures begins with this.
const FIGURES: &str = "FIGURES ";

/// Sums of what the simulations counted, by their names.
#[derive(Default)]
struct Sums {
    figures: BTreeMap<String, u64>,
    failed: Vec<String>,
}

/// Runs seed after seed on every processor until the time is up, then the killing journey in a browser. `options`: `--hours`
/// with a number, two by default, and `--from` with the first seed.
///
/// # Errors
/// Seeds that failed, or what could not be started.
pub fn run(options: &[&str]) -> Result<(), String> {
    let value = |name: &str| options.iter().position(|option| *option == name).and_then(|place| options.get(place + 1));
    let hours: f64 = value("--hours").map_or(Ok(2.0), |hours| hours.parse()).map_err(|_| "--hours wants a number.")?;
    let from: u64 = value("--from").map_or(Ok(PORTION), |from| from.parse()).map_err(|_| "--from wants a seed.")?;
    let simulation = built()?;
    let (begun, next) = (Instant::now(), AtomicU64::new(from));
    let until = begun + Duration::from_secs_f64(hours * 3600.0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let sums = std::thread::scope(|scope| {
        let work = || {
            let mut sums = Sums::default();
            while Instant::now() < until {
                let seed = next.fetch_add(PORTION, Ordering::Relaxed);
                portion(&simulation, seed, &mut sums);
            }
            sums
        };
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut all = Sums::default();
        for worker in running {
            let own = worker.join().map_err(|_| "A worker broke off.".to_owned())?;
            own.figures.into_iter().for_each(|(name, number)| *all.figures.entry(name).or_default() += number);
            all.failed.extend(own.failed);
        }
        Ok::<Sums, String>(all)
    })?;
    let figures: Vec<String> = sums.figures.iter().map(|(name, number)| format!("{number} {name}")).collect();
    let minutes = begun.elapsed().as_secs() / 60;
    println!("simulation, seeds {from}..{}, {minutes} min on {workers} processors: {}", next.load(Ordering::Relaxed), figures.join(", "));
    let killing = killing();
    println!("{killing}");
    let mut sums = sums;
    if killing.ends_with(FAILED) {
        sums.failed.push("the killing of a browser's tabs".into());
    }
    if sums.failed.is_empty() { Ok(()) } else { Err(format!("These failed: {}", sums.failed.join("; "))) }
}

/// The simulation's program, optimised.
fn built() -> Result<String, String> {
    eprintln!("Building the simulation …");
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--profile", "bench", "--test", "simulation", "--no-run", "--message-format", "json"]).current_dir(root());
    let output = cargo.stderr(Stdio::inherit()).output().map_err(|error| format!("cargo cannot be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut programs = messages.filter(|message| message["target"]["name"] == "simulation");
    let program = programs.find_map(|message| message["executable"].as_str().map(str::to_owned));
    program.ok_or_else(|| "The simulation could not be built.".into())
}

/// Runs the seeds from this one on, and adds what was counted.
fn portion(simulation: &str, seed: u64, sums: &mut Sums) {
    let seeds = format!("{seed}..{}", seed + PORTION);
    let mut command = Command::new(simulation);
    command.args([SIMULATION, "--exact", "--nocapture"]).env("SEEDS", &seeds).env_remove("SEED").current_dir(root());
    let Ok(output) = command.output() else {
        return sums.failed.push(format!("{seeds} could not be started"));
    };
    let text = String::from_utf8_lossy(&output.stdout);
    match text.lines().find_map(|line| line.split_once(FIGURES)) {
        Some((_, figures)) => {
            for (name, number) in figures.split(", ").filter_map(|figure| figure.rsplit_once(' ')) {
                *sums.figures.entry(name.to_owned()).or_default() += number.parse::<u64>().unwrap_or(0);
            }
        }
        None => sums.failed.push(format!("{seeds} broke off")),
    }
    sums.failed.extend(text.lines().filter(|line| line.contains(" WRONG: ") && line.starts_with("SEED=")).map(str::to_owned));
    eprintln!("{seeds}: {}", if output.status.success() { "ok" } else { "FAILED" });
}

/// The journey that kills tabs of a real browser, if there are one and a bundle.
fn killing() -> String {
    const SKIPPED: &str = "killing tabs of a browser: skipped";
    if !root().join("dist/index.html").exists() {
        return format!("{SKIPPED}, there is no bundle; `cargo xtask build` makes one");
    }
    let Ok(browser) = setup::browser() else { return format!("{SKIPPED}, there is no browser") };
    let mut report = Err(String::new());
    if let Err(words) = journeys::beside(PORT, |address| report = journeys::report(&browser, address, "killing.mjs", None)) {
        return format!("{SKIPPED}: {words}");
    }
    match report {
        Ok(report) => {
            let words = if report.failed == 0 && report.passed > 0 { "killing tabs of a browser: passed" } else { FAILED };
            format!("{}\n{words}", report.text.trim_end())
        }
        Err(words) => format!("{SKIPPED}: {words}"),
    }
}
