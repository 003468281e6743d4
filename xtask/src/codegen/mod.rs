//! Writes the wire types of the AWS fronts from the published service models: `cargo xtask codegen`.
//!
//! The models come from the botocore package, at the version pinned in `wheel.rs`. Only facts are kept: names of
//! operations, members, types, limits, patterns, enumerations and errors; no documentation text. The output
//! is committed, so that building needs neither the package nor this command; `--check` says whether it is
//! stale. The newest model is taken in by raising the version and running the command.

mod json;
mod model;
mod names;
mod patterns;
mod query;
mod wheel;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use model::Model;

/// Runs the command: `[--check] [--model PATH]`, PATH being a botocore wheel. Without one the pinned version
/// is fetched through pip.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut check = false;
    let mut wheel = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--check" => check = true,
            "--model" => {
                wheel = Some(PathBuf::from(rest.next().context("--model wants the path of a wheel")?))
            }
            other => bail!("codegen knows --check and --model PATH, not {other:?}"),
        }
    }
    let wheel = match wheel {
        Some(path) => path,
        None => wheel::fetch()?,
    };
    let source = |service| wheel::model(&wheel, &format!("botocore/data/{service}/service-2.json.gz"));
    let actions = std::fs::read_to_string(crate::root().join(ACTIONS))
        .with_context(|| format!("{ACTIONS} cannot be read"))?;
    let kms = json::written(&Model::of(&source("kms/2014-11-01")?)?)?;
    let iam = query::written(&Model::of(&source("iam/2010-05-08")?)?, "AWS IAM", "iam", &actions)?;
    let sts = query::written(&Model::of(&source("sts/2011-06-15")?)?, "AWS STS", "sts", &actions)?;
    for (name, text) in [("kms", kms), ("iam", iam), ("sts", sts)] {
        let path = crate::root().join(format!("fronts/http/src/aws/{name}_model.rs"));
        settle(&path, &formatted(&text)?, check)?;
    }
    Ok(())
}

/// Writes a file, or with `check` only says that it should be.
fn settle(path: &Path, text: &str, check: bool) -> Result<()> {
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found == text {
        return Ok(());
    }
    ensure!(!check, "{} is stale: run `cargo xtask codegen` and commit what it writes", path.display());
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// As rustfmt would have it.
fn formatted(text: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(crate::root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt does not start")?;
    child.stdin.take().context("rustfmt has no input")?.write_all(text.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "rustfmt refuses what codegen wrote");
    Ok(String::from_utf8(output.stdout)?)
}

/// Where actions have their names, by which a service's offered operations are told.
const ACTIONS: &str = "core/model/src/action.rs";
