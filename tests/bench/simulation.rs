//! A run of a million guests through the sample tenant in made-up time, one in twenty with a fault: how the time grows with
//! the rows. `cargo xtask bench` runs it.

#![expect(clippy::unwrap_used, reason = "a broken simulation may panic")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]

#[path = "../stories/support.rs"]
#[expect(dead_code, reason = "the stories use more of it")]
mod support;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 5;

/// Each simulation is a process of its own, so that none finds memory that another has warmed.
fn main() {
    let told = std::env::args().nth(1).and_then(|rows| rows.parse::<u32>().ok());
    if let Some(rows) = told {
        take_memory(rows);
        return println!("{}", support::simulated(rows));
    }
    let (few, many): (Vec<f64>, Vec<f64>) = (0..ROUNDS).map(|_| (apart(100_000), apart(1_000_000))).unzip();
    let (few, many) = (median(few), median(many));
    println!(
        "simulation, medians of {ROUNDS}: 100,000 rows {few:.1} s, 1,000,000 rows {many:.1} s: ten times the rows take {:.1} times as long",
        many / few
    );
}

/// Touches as much memory as the rows will need, and leaves it to the allocator: how long a virtual machine takes to find
/// three gigabytes for a process is no part of the figure.
fn take_memory(rows: u32) {
    const PER_ROW: usize = 3072;
    const BLOCK: usize = 1 << 20;
    let blocks = rows as usize * PER_ROW / BLOCK;
    std::hint::black_box((0..blocks).map(|_| vec![1_u8; BLOCK]).collect::<Vec<_>>());
}

fn apart(rows: u32) -> f64 {
    let mut simulation = std::process::Command::new(std::env::current_exe().unwrap());
    // What the allocator has it keeps.
    let done = simulation.arg(rows.to_string()).env("MIMALLOC_PURGE_DELAY", "-1").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().parse().unwrap()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
