//! Writes the wire types of the HTTP fronts from the service model.

use anyhow::{Result, bail};

/// Runs `cargo xtask codegen`; `--check` only compares.
pub fn run(_arguments: &[String]) -> Result<()> {
    bail!("there is no generator in this checkout")
}
