//! `keystead policy`: what policies say, before and after they are in force.

mod check;

use clap::ValueEnum;

pub use check::AttachedTo;

use crate::cli::PolicyCommand;
use crate::exit::Failure;

/// How an answer is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one JSON object.
    Json,
}

/// Does what is asked for.
pub fn run(command: PolicyCommand) -> Result<(), Failure> {
    match command {
        PolicyCommand::Check(args) => check::run(&args),
    }
}
