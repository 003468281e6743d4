//! Measures Keystead: `cargo xtask bench`.
//!
//! Every figure stands beside something that was measured in the same run, both sides in turn, because machines
//! drift by a quarter within minutes. Nothing here asserts a time: the table says what was found, and the exit code
//! only whether everything could be measured. What each figure means is in `docs/benchmarks.md`.

mod cli;
mod parts;
mod report;
mod targets;

mod figure;
mod house;
mod latency;
mod series;

mod client;

mod keys;
mod nothing;
mod process;
mod scratch;
mod server;

use std::process::ExitCode;

use clap::Parser;

use cli::Cli;
use house::House;
use report::Report;

/// The allocator of the product, so that the do-nothing server has it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    let role = words.get(1).and_then(|word| word.to_str()).unwrap_or_default();
    let ended = match role {
        nothing::ROLE => nothing::run(&words[2..]),
        process::ROLE => process::become_program(&words[2..]),
        _ => measure(Cli::parse()),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            eprintln!("keystead-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(cli: Cli) -> anyhow::Result<ExitCode> {
    let mut report = Report::begin(&cli);
    let house = House::prepare(&cli)?;
    for part in cli.parts() {
        eprintln!("measuring {}", part.name());
        if let Err(error) = part.run(&house, &mut report) {
            eprintln!("  {} could not be measured: {error:#}", part.name());
            report.failed(part.name(), &error);
        }
    }
    print!("{}", report.table());
    if let Some(path) = &cli.json {
        house::write(path, &report.json())?;
    }
    if let Some(path) = cli.svg_path() {
        house::write(&path, &report.svg())?;
    }
    Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
