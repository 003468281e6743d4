//! The source: service models in the botocore package, at a pinned version.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The package version whose models are the source.
pub(super) const BOTOCORE: &str = "1.44.5";

/// The pinned wheel, fetched once into the target folder.
pub(super) fn fetch() -> Result<PathBuf> {
    let folder = crate::root().join("target/codegen");
    let wheel = folder.join(format!("botocore-{BOTOCORE}-py3-none-any.whl"));
    if wheel.exists() {
        return Ok(wheel);
    }
    let status = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check", "--dest"])
        .arg(&folder)
        .arg(format!("botocore=={BOTOCORE}"))
        .status()
        .context("python3 does not start; give a wheel with --model PATH instead")?;
    ensure!(
        status.success(),
        "pip could not fetch botocore {BOTOCORE}; give a wheel with --model PATH instead"
    );
    Ok(wheel)
}

/// One model out of the wheel.
pub(super) fn model(wheel: &Path, member: &str) -> Result<Value> {
    const UNPACK: &str = "import gzip, sys, zipfile\n\
        sys.stdout.buffer.write(gzip.decompress(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2])))";
    let output = Command::new("python3").args(["-c", UNPACK]).arg(wheel).arg(member).output()?;
    ensure!(output.status.success(), "{member} is not in {}", wheel.display());
    serde_json::from_slice(&output.stdout).with_context(|| format!("{member} is not JSON"))
}
