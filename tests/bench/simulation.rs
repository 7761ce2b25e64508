//! A run of a million guests through the sample tenant in made-up time, one in twenty with a fault: how the time grows with
//! the rows. `cargo xtask bench` runs it.

#![expect(clippy::unwrap_used, reason = "a broken simulation may panic")]
#![expect(clippy::print_stdout, reason = "the figures are the result")]

#[path = "../stories/support.rs"]
#[expect(dead_code, reason = "the stories use more of it")]
mod support;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let few: Vec<f64> = (0..5).map(|_| support::simulated(100_000)).collect();
    let few = median(few);
    let many = support::simulated(1_000_000);
    println!(
        "simulation, 100,000 rows (median of 5) {few:.1} s, 1,000,000 rows {many:.1} s: ten times the rows take {:.1} times as long",
        many / few
    );
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
