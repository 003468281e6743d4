//! `seal`, `open` and `inspect`: files sealed under a key that stays in the key manager.
//!
//! Files are large or many: large ones go one after the other on all cores, small ones side by side. One that
//! fails does not stop the others. Nothing half-made ever has the name of the result.

mod args;
mod beside;
mod inspect;
mod interrupt;
mod job;
mod meter;
mod reason;
mod work;

pub use args::{InspectArgs, OpenArgs, SealArgs};
pub use inspect::inspect;

use anyhow::Result;
use keystead_sdk::kms::{Client, Config};
use keystead_sdk::{OpenOptions, SealOptions};

use job::{Direction, Plan};
use work::Work;

/// Seals every file and every file in every folder named: `X` becomes `X.sealed`.
///
/// # Errors
/// Says what happened and what to do; the files that could be sealed are.
pub fn seal(args: SealArgs) -> Result<()> {
    let client = client()?;
    let mut options = SealOptions::new(args.keys);
    options.context = args.context.into_iter().collect();
    (options.suite, options.frame_bytes) = (args.suite, args.frame);
    let plan = Plan::new(Direction::Seal, &args.paths, args.output.as_deref())?;
    Work { force: args.force, quiet: args.quiet, client: &client, how: work::How::Seal(options) }.run(plan)
}

/// Opens every sealed file named and every `.sealed` file in every folder named: `X.sealed` becomes `X`.
///
/// # Errors
/// Says what happened and what to do; the files that could be opened are.
pub fn open(args: OpenArgs) -> Result<()> {
    let client = client()?;
    let mut options = OpenOptions::new();
    options.required = args.context.into_iter().collect();
    (options.keys, options.memory_bytes) = (args.keys, args.memory as usize);
    let plan = Plan::new(Direction::Open, &args.paths, args.output.as_deref())?;
    Work { force: args.force, quiet: args.quiet, client: &client, how: work::How::Open(options) }.run(plan)
}

fn client() -> Result<Client> {
    Ok(Client::new(Config::from_env()?)?)
}
