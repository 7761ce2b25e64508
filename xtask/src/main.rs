//! `cargo xtask demo|test|build|bench|soak`: sets the machine up, bundles, serves, checks.

mod bench;
mod bundle;
mod check;
mod demo;
mod foreign;
mod hosts;
mod integrity;
mod journeys;
mod machine;
mod made_from;
mod notices;
#[path = "../../tests/stories/schema.rs"]
mod schema;
mod serve;
mod setup;
mod shorten;
mod soak;
mod split;
mod supply;
mod weigh;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [--no-open] [--port 8080]   bundle the page and serve it beside the sample tenant
cargo xtask test                             run every check there is
cargo xtask build                            write dist/ and weigh it
cargo xtask bench                            measure every figure beside its peer, an hour and more
cargo xtask bench loading                    measure how soon somebody can sign in, a few minutes
cargo xtask soak [--hours 2] [--from 2000]   simulate whole browsers for as many seeds as the time gives
";

fn main() -> ExitCode {
    if split::is_stand_in() {
        return ended(split::stand_in());
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["demo", options @ ..] => demo::run(options),
        ["test"] => check::run(),
        ["build"] => build(),
        ["bench"] => bench::run(),
        ["bench", "loading"] => bench::loading(),
        ["soak", options @ ..] => soak::run(options),
        ["--help" | "help"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("What is to be done?\n\n{USAGE}")),
    };
    ended(done)
}

fn ended(done: Result<(), String>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("\n{words}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let tools = setup::for_bundling()?;
    bundle::release(&tools)?;
    weigh::weigh()
}
