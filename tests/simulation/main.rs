//! Whole browsers in made-up time: two people, two windows, and everything that goes wrong, by chance. `SEED=123` repeats one
//! seed and prints what happened; `SEEDS=0..100000` says which; else it is the first 2,000. `cargo xtask soak` runs as many as
//! two hours give.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a broken simulation may panic"))]
#![cfg_attr(test, expect(clippy::print_stdout, reason = "the figures are the result"))]

#[path = "../stories/browser.rs"]
#[expect(dead_code, reason = "the stories use more of it")]
mod browser;
#[path = "../stories/database.rs"]
mod database;
mod earlier;
#[path = "../stories/network.rs"]
mod network;
mod rng;
mod scenarios;
mod schedule;
#[path = "../stories/support.rs"]
#[expect(dead_code, reason = "the stories use more of it")]
mod support;
mod traces;
mod truth;

use browser::TestPerson;
use schedule::{Figures, Simulation};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use support::World;

/// In every check; well under a minute.
const SEEDS: Range<u64> = 0..2000;
/// So many of those that fail are told with all that happened.
const TOLD: usize = 2;

fn seeds() -> Range<u64> {
    let number = |text: &str| text.trim().parse::<u64>().expect("a seed is a number");
    if let Ok(seed) = std::env::var("SEED") {
        return number(&seed)..number(&seed) + 1;
    }
    match std::env::var("SEEDS") {
        Ok(range) => range.split_once("..").map(|(from, to)| number(from)..number(to)).expect("SEEDS is like 0..2000"),
        Err(_) => SEEDS,
    }
}

/// What happened, and what was wrong.
fn simulated(seed: u64, world: &World, people: &[TestPerson]) -> (Figures, Vec<String>, Vec<String>) {
    let mut simulation = Simulation::new(seed, world, people);
    let broken = catch_unwind(AssertUnwindSafe(|| simulation.run())).err();
    if let Some(why) = broken {
        let words = why.downcast_ref::<String>().cloned().or_else(|| why.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        simulation.wrong.push(format!("it panicked: {}", words.unwrap_or_default()));
    }
    (simulation.figures, simulation.wrong, simulation.trace)
}

/// What came of all of these seeds.
#[derive(Default)]
struct SeedResults {
    figures: Figures,
    failed: Vec<u64>,
}

/// Simulates seed after seed until none is left.
fn simulate_all(next: &AtomicU64, end: u64, is_one: bool) -> SeedResults {
    let world = World::new();
    let people = ["guest-inviter", "user-admin"].map(|name| {
        truth::sign_in(&world, name).unwrap();
        TestPerson::from_world(&world)
    });
    let mut told = SeedResults::default();
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return told;
        }
        let (figures, wrong, trace) = simulated(seed, &world, &people);
        told.figures.add(&figures);
        if is_one || !wrong.is_empty() && told.failed.len() < TOLD {
            println!("SEED={seed}\n{}", trace.join("\n"));
        }
        if !wrong.is_empty() {
            println!("SEED={seed} WRONG: {}", wrong.join("; "));
            told.failed.push(seed);
        }
    }
}

#[test]
fn nobody_is_invited_twice_whatever_happens_in_two_windows() {
    let seeds = seeds();
    let (next, is_one) = (AtomicU64::new(seeds.start), seeds.end - seeds.start == 1);
    let workers =
        if is_one || std::env::var_os("SEEDS").is_some() { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) };
    let mut all = SeedResults::default();
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(|| simulate_all(&next, seeds.end, is_one))).collect();
        for worker in running {
            let told = worker.join().unwrap();
            all.figures.add(&told.figures);
            all.failed.extend(told.failed);
        }
    });
    println!("{}, seeds that failed {}", all.figures.line(), all.failed.len());
    assert!(all.failed.is_empty(), "{} seeds of {seeds:?} failed: {:?}", all.failed.len(), all.failed);
}
