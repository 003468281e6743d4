//! The files of the checkout, their sizes and their names.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::Finding;

/// Longest file of Rust someone is asked to read, in lines. Generated files are exempt.
const RUST_LINES_MAX: usize = 1500;
/// Largest file of any kind, in bytes. Lock files are exempt.
const BYTES_MAX: usize = 512 * 1024;
/// Folders that are made, not written.
const SKIPPED: [&str; 10] = [
    ".git",
    ".venv",
    "target",
    "dev-data",
    "node_modules",
    "__pycache__",
    ".pytest_cache",
    "fuzz/corpus",
    "fuzz/artifacts",
    "fuzz/target",
];
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = ["common", "util", "utils", "helper", "helpers", "misc", "shared", "manager"];

/// One file of the checkout.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Path inside the checkout, `/` between its parts.
    pub path: String,
    /// Length in bytes.
    pub bytes: usize,
    /// What is in it, if it is text.
    pub text: Option<String>,
}

impl File {
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }

    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Every file that is written by hand or committed, ascending by path.
pub(crate) fn read(root: &Path) -> Result<Vec<File>> {
    let mut found = Vec::new();
    walk(root, "", &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<File>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if SKIPPED.contains(&name.as_str()) || SKIPPED.contains(&path.as_str()) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), &format!("{path}/"), found)?;
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).with_context(|| path.clone())?;
            found.push(File { path, bytes: bytes.len(), text: String::from_utf8(bytes).ok() });
        }
    }
    Ok(())
}

/// Sizes and names.
pub(crate) fn check(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let locked = file.has_extension("lock") || matches!(file.name(), "package-lock.json" | "go.sum");
    if file.bytes > BYTES_MAX && !locked {
        let what = format!("{} bytes, more than {BYTES_MAX}", file.bytes);
        findings.push(Finding::new(&file.path, 1, what, "make it when it is needed, or split it"));
    }
    let lines = file.text.as_deref().map_or(0, |text| text.lines().count());
    if file.has_extension("rs") && lines > RUST_LINES_MAX && !is_generated(file) {
        let what = format!("{lines} lines, more than {RUST_LINES_MAX}");
        findings.push(Finding::new(&file.path, 1, what, "split it by the nouns it is about"));
    }
    let parts = file.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    for part in parts.filter(|part| EMPTY_NAMES.contains(part)) {
        let what = format!("a place named {part:?}");
        findings.push(Finding::new(&file.path, 1, what, "put each helper with the noun it serves"));
    }
    findings
}

/// Whether a program wrote it.
fn is_generated(file: &File) -> bool {
    let head = file.text.as_deref().unwrap_or_default().lines().take(5);
    file.path.contains("generated") || head.into_iter().any(|line| line.contains("cargo xtask codegen"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), bytes: text.len(), text: Some(text.into()) }
    }

    #[test]
    fn a_file_of_ordinary_size_and_name_is_fine() {
        assert_eq!(check(&file("core/model/src/key.rs", "one\n")), []);
    }

    #[test]
    fn a_long_rust_file_is_found_unless_it_is_generated() {
        let long = "x\n".repeat(RUST_LINES_MAX + 1);
        assert_eq!(check(&file("core/model/src/key.rs", &long)).len(), 1);
        assert_eq!(check(&file("fronts/http/src/aws/generated.rs", &long)), []);
    }

    #[test]
    fn a_big_file_is_found_unless_it_is_a_lock() {
        let big = "x".repeat(BYTES_MAX + 1);
        assert_eq!(check(&file("docs/picture.svg", &big)).len(), 1);
        assert_eq!(check(&file("Cargo.lock", &big)), []);
    }

    #[test]
    fn a_name_that_says_nothing_is_found() {
        assert_eq!(check(&file("core/model/src/util.rs", "")).len(), 1);
        assert_eq!(check(&file("core/common/src/lib.rs", "")).len(), 1);
        assert_eq!(check(&file("core/model/src/utility.rs", "")), []);
    }

    #[test]
    fn the_walk_finds_this_file_and_nothing_made() {
        let found = read(&crate::root()).expect("the checkout is readable");
        assert!(found.iter().any(|file| file.path == "xtask/src/tidy/files.rs"));
        assert!(!found.iter().any(|file| file.path.starts_with("target/") || file.path.starts_with(".git/")));
    }
}
