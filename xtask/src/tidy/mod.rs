//! `cargo xtask tidy`: the rules of the house that a program can check.
//!
//! Each rule answers [`Finding`]s: where, what, and what to do. Each has a test that plants a violation, so that no
//! check here is one that cannot fail.

mod arrows;
mod documents;
mod files;
mod licences;
mod lines;
mod packages;
mod rust_text;

use std::fmt;

use anyhow::{Result, bail};

use crate::root;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Path inside the checkout, `/` between its parts.
    pub file: String,
    /// Line, from 1; the whole file counts as line 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub todo: &'static str,
}

impl Finding {
    pub(crate) fn new(file: &str, line: usize, what: impl Into<String>, todo: &'static str) -> Self {
        Self { file: file.into(), line, what: what.into(), todo }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.what, self.todo)
    }
}

/// Runs every rule over the checkout.
pub fn run(arguments: &[String]) -> Result<()> {
    if let Some(odd) = arguments.first() {
        bail!("tidy takes no argument, and got {odd:?}");
    }
    let root = root();
    let files = files::read(&root)?;
    let metadata = packages::metadata(&root)?;
    let tree = packages::tree(&root)?;
    let allowed = licences::allowed(&root)?;

    let mut findings = Vec::new();
    for file in &files {
        findings.extend(files::check(file));
    }
    findings.extend(lines::check(&files));
    findings.extend(documents::check(&files));
    findings.extend(arrows::check(&metadata));
    findings.extend(packages::check_manifests(&files));
    findings.extend(packages::check_lock(&root, "fuzz")?);
    findings.extend(packages::check_bans(&tree));
    findings.extend(packages::check_single(&tree));
    findings.extend(licences::check(&tree, &allowed));
    findings.sort();
    findings.dedup();

    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} files, {} packages, {} findings", files.len(), tree.len(), findings.len());
    match findings.is_empty() {
        true => Ok(()),
        false => bail!("the house is not tidy"),
    }
}
