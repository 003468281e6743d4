//! Keystead, the key manager you hold yourself: one program for the server and for those who use it.
//!
//! Chooses, wires and runs. What a key may do is decided in `core`, what the wire looks like in `fronts`.

mod account;
mod approvals;
mod audit;
mod cli;
mod clock;
mod config;
mod dev;
mod exit;
mod files;
mod hardening;
mod init;
mod logging;
mod native;
mod policy;
mod private_file;
mod rates;
mod remote;
mod root_key_file;
mod serve;
mod server;
mod status;
mod when;
mod wiring;
mod world;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use cli::{Cli, Command};
use exit::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: Command) -> Result<(), Failure> {
    hardening::hide_memory().context("core dumps cannot be turned off")?;
    match command {
        Command::Dev(args) => dev::run(args),
        Command::Init(args) => init::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Status(args) => status::run(args),
        Command::Clock(args) => clock::run(args),
        Command::Audit(command) => audit::run(command),
        Command::Approvals(command) => approvals::run(command),
        Command::Account(command) => account::run(command),
        Command::Policy(command) => policy::run(command),
        Command::Seal(args) => files::seal(args).map_err(Failure::Failed),
        Command::Open(args) => files::open(args).map_err(Failure::Failed),
        Command::Inspect(args) => files::inspect(args).map_err(Failure::Failed),
        Command::SampleConfig => print(&config::sample()),
        Command::Version => print(concat!("keystead ", env!("CARGO_PKG_VERSION"), "\n")),
    }
}

/// Writes to standard output, all of it or an error.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::output)
}
