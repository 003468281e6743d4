//! `cargo xtask fuzz`: builds `fuzz/` with coverage counters on the pinned compiler and runs each target.
//!
//! libFuzzer itself is C++ and is built from the `libfuzzer-sys` crate; a machine without a C++ compiler cannot
//! run this task, and the task says so. The counters need no unstable compiler flag, so no other toolchain and
//! no extra program is asked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{cargo, root};

/// Seconds each target runs if nobody says otherwise.
const SECONDS_DEFAULT: u32 = 10;
/// Longest time one target may be asked to run, in seconds: a day.
const SECONDS_MAX: u32 = 86_400;
/// Largest input tried, in bytes; larger than every limit of the parsers under test.
const INPUT_BYTES_MAX: u32 = 65_536;
/// One input that takes longer than this, in seconds, is a finding.
const INPUT_SECONDS_MAX: u32 = 5;

/// What a caller asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    seconds: u32,
    /// Empty: all.
    targets: Vec<String>,
}

/// Runs `cargo xtask fuzz [--seconds N] [TARGET …]`.
pub fn run(arguments: &[String]) -> Result<()> {
    let request = Request::parse(arguments)?;
    if !has_cpp_compiler() {
        bail!("libFuzzer needs a C++ compiler and `c++` is not on the path (Debian: apt-get install g++)");
    }
    let room = root().join("fuzz");
    let known = targets(&room)?;
    if let Some(odd) = request.targets.iter().find(|name| !known.contains(name)) {
        bail!("there is no fuzz target {odd:?}; there are: {}", known.join(", "));
    }
    let chosen = if request.targets.is_empty() { &known } else { &request.targets };
    let binaries = build(&room)?;
    let mut found = Vec::new();
    for target in chosen {
        let run = fuzz_one(&room, &binaries.join(target), target, request.seconds)?;
        println!("fuzz {target}: {} inputs in {} s", run.inputs.as_deref().unwrap_or("no"), request.seconds);
        match run.clean && run.inputs.is_some() {
            true => println!("fuzz {target} ... ok"),
            false => {
                println!("{}\nfuzz {target} ... FAILED", run.said);
                found.push(target.as_str());
            }
        }
    }
    println!("fuzz: {} passed, {} failed", chosen.len() - found.len(), found.len());
    match found.is_empty() {
        true => Ok(()),
        false => bail!("inputs that break {} are in fuzz/artifacts", found.join(", ")),
    }
}

impl Request {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut request = Self { seconds: SECONDS_DEFAULT, targets: Vec::new() };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--seconds" => {
                    let text = words.next().context("--seconds wants a number")?;
                    request.seconds = text.parse().with_context(|| format!("--seconds {text}"))?;
                }
                flag if flag.starts_with('-') => bail!("fuzz has no flag {flag}"),
                name => request.targets.push(name.to_owned()),
            }
        }
        match (1..=SECONDS_MAX).contains(&request.seconds) {
            true => Ok(request),
            false => bail!("--seconds is 1 to {SECONDS_MAX}"),
        }
    }
}

fn has_cpp_compiler() -> bool {
    let name = std::env::var("CXX").unwrap_or_else(|_| "c++".into());
    Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The targets' names, ascending: one file each.
fn targets(room: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(room.join("targets")).context("fuzz/targets is not readable")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// Builds all targets and answers the folder they are in.
fn build(room: &Path) -> Result<PathBuf> {
    let host = host()?;
    // Instrumented code calls into libFuzzer, which build scripts and macros do not link: naming the target
    // keeps the flags away from those.
    let status = cargo()
        .args(["build", "--release", "--locked", "--bins", "--target", &host])
        .env("RUSTFLAGS", COVERAGE.join(" "))
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(room)
        .status()
        .context("cargo does not start")?;
    match status.success() {
        true => Ok(room.join("target").join(host).join("release")),
        false => bail!("the fuzz targets do not build"),
    }
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc does not start")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).context("rustc does not name its host")
}

/// What came of one target.
struct Run {
    /// Nothing was found.
    clean: bool,
    /// How many inputs were tried, if the target says so.
    inputs: Option<String>,
    /// What it said.
    said: String,
}

/// Runs one target.
fn fuzz_one(room: &Path, binary: &Path, target: &str, seconds: u32) -> Result<Run> {
    let corpus = room.join("corpus").join(target);
    let artifacts = room.join("artifacts").join(target);
    let seeds = room.join("seeds").join(target);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&artifacts)?;
    let mut command = Command::new(binary);
    command
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={INPUT_BYTES_MAX}"))
        .arg(format!("-timeout={INPUT_SECONDS_MAX}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-rss_limit_mb=2048", "-print_funcs=0", "-verbosity=0", "-print_final_stats=1"])
        .arg(&corpus);
    if seeds.is_dir() {
        command.arg(&seeds);
    }
    let output = command.output().with_context(|| format!("{} does not start", binary.display()))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(Run { clean: output.status.success(), inputs: inputs(&said), said })
}

/// Reads the number of inputs from libFuzzer's closing lines.
fn inputs(said: &str) -> Option<String> {
    said.lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .map(|n| n.trim().to_owned())
}

/// Counters, comparisons and a table of places: what libFuzzer steers by.
const COVERAGE: [&str; 9] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cdebug-assertions",
    "-Coverflow-checks",
    "-Ccodegen-units=1",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Request> {
        Request::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn time_and_targets_can_be_chosen() {
        let request = parse(&["--seconds", "3", "policy"]).expect("well formed");
        assert_eq!(request, Request { seconds: 3, targets: vec!["policy".into()] });
        assert_eq!(parse(&[]).expect("well formed").seconds, SECONDS_DEFAULT);
    }

    #[test]
    fn odd_flags_and_times_are_refused() {
        for words in [&["--seconds"][..], &["--seconds", "x"], &["--seconds", "0"], &["--fast"]] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn the_number_of_inputs_is_read() {
        assert_eq!(inputs("x\nstat::number_of_executed_units: 971008\ny").as_deref(), Some("971008"));
        assert_eq!(inputs("nothing"), None);
    }

    #[test]
    fn every_target_has_its_line_in_the_manifest() {
        let room = root().join("fuzz");
        let manifest = fs::read_to_string(room.join("Cargo.toml")).expect("fuzz has a manifest");
        for name in targets(&room).expect("fuzz has targets") {
            assert!(manifest.contains(&format!("targets/{name}.rs")), "{name} is not in fuzz/Cargo.toml");
        }
    }
}
