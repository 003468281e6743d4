//! The workspace's own tool: `cargo xtask <task>`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

mod codegen;
mod fuzz;
mod tidy;

const USAGE: &str = "\
cargo xtask tidy                    check what a program can check: arrows, bans, licences, words, links
cargo xtask codegen [--check]       write the wire types from the service model (--check: only compare)
cargo xtask fuzz [--seconds N] [TARGET …]   run the fuzz targets, N seconds each (default 10)
cargo xtask bench [ARGUMENT …]      measure, and print a table (release build; --help lists the arguments)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((task, rest)) = arguments.split_first() else {
        bail!("name a task\n{USAGE}");
    };
    match task.as_str() {
        "tidy" => tidy::run(rest),
        "codegen" => codegen::run(rest),
        "fuzz" => fuzz::run(rest),
        "bench" => bench(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no task {other:?}\n{USAGE}"),
    }
}

/// Builds and runs `bench/` as users would have it built.
fn bench(arguments: &[String]) -> Result<()> {
    let status = cargo()
        .args(["run", "--release", "--quiet", "--package", "keystead-bench", "--"])
        .args(arguments)
        .current_dir(root())
        .status()
        .context("cargo does not start")?;
    match status.success() {
        true => Ok(()),
        false => bail!("the benchmarks ended with {status}"),
    }
}

/// The cargo that runs us, or the one on the path.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.to_path_buf(), Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_task_is_refused_with_the_list() {
        let error = dispatch(&["tidi".into()]).expect_err("no such task").to_string();
        assert!(error.contains("\"tidi\"") && error.contains("cargo xtask tidy"), "{error}");
        assert!(dispatch(&[]).is_err());
    }
}
