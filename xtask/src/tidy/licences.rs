//! Licences: every package may be used under one that `deny.toml` allows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Finding;
use super::packages::Resolved;

/// Reads the allow list of `deny.toml`, the same that cargo-deny reads.
pub(crate) fn allowed(root: &Path) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(root.join("deny.toml")).context("deny.toml")?;
    read_allowed(&text)
}

fn read_allowed(text: &str) -> Result<BTreeSet<String>> {
    let table: toml::Table = text.parse().context("deny.toml")?;
    let list =
        table.get("licenses").and_then(|licences| licences.get("allow")).and_then(toml::Value::as_array);
    let list = list.context("deny.toml has no licenses.allow")?;
    let names: BTreeSet<String> = list.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect();
    match names.len() == list.len() && !names.is_empty() {
        true => Ok(names),
        false => bail!("licenses.allow in deny.toml is a list of different names"),
    }
}

/// Checks every package of the tree.
pub(crate) fn check(tree: &[Resolved], allowed: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in tree {
        let what = match permits(&package.licence, allowed) {
            Ok(true) => continue,
            Ok(false) => format!("{} {} is under {}", package.name, package.version, package.licence),
            Err(error) => format!("{} {} declares no licence: {error}", package.name, package.version),
        };
        findings.push(Finding::new(
            "Cargo.lock",
            1,
            what,
            "do without it, or record the decision and add the licence to deny.toml",
        ));
    }
    findings
}

/// Whether an SPDX expression can be met with allowed licences alone. A `/` between names, as old packages
/// write it, means `OR`.
fn permits(expression: &str, allowed: &BTreeSet<String>) -> Result<bool> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let answer = reader.either()?;
    match reader.words {
        [] => Ok(answer),
        [odd, ..] => bail!("{odd:?} is left over in {expression:?}"),
    }
}

/// Reads an expression from left to right; `AND` binds closer than `OR`.
struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a BTreeSet<String>,
}

impl Reader<'_> {
    fn either(&mut self) -> Result<bool> {
        let mut answer = self.both()?;
        while self.takes("OR") {
            answer |= self.both()?;
        }
        Ok(answer)
    }

    fn both(&mut self) -> Result<bool> {
        let mut answer = self.one()?;
        while self.takes("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool> {
        if self.takes("(") {
            let answer = self.either()?;
            return match self.takes(")") {
                true => Ok(answer),
                false => bail!("a bracket stays open"),
            };
        }
        let Some((name, rest)) = self.words.split_first() else { bail!("it ends early") };
        if matches!(*name, "OR" | "AND" | "WITH" | ")") {
            bail!("{name:?} stands where a licence should");
        }
        self.words = rest;
        if !self.takes("WITH") {
            return Ok(self.allowed.contains(*name));
        }
        let Some((exception, rest)) = self.words.split_first() else { bail!("it ends early") };
        self.words = rest;
        Ok(self.allowed.contains(&format!("{name} WITH {exception}")))
    }

    fn takes(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(expression: &str) -> Option<bool> {
        let allowed = ["MIT", "Apache-2.0", "ISC"].into_iter().map(str::to_owned).collect();
        permits(expression, &allowed).ok()
    }

    #[test]
    fn one_allowed_side_of_an_or_is_enough_and_both_of_an_and_are_needed() {
        for yes in ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "MIT AND ISC", "(GPL-3.0 OR MIT) AND ISC"] {
            assert_eq!(allows(yes), Some(true), "{yes}");
        }
        for no in
            ["GPL-3.0", "MIT AND GPL-3.0", "MIT AND (GPL-3.0 OR BUSL-1.1)", "Apache-2.0 WITH some-exception"]
        {
            assert_eq!(allows(no), Some(false), "{no}");
        }
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for odd in ["", "OR", "MIT OR", "(MIT", "MIT)", "MIT ISC", "MIT WITH"] {
            assert_eq!(allows(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn a_package_under_another_licence_or_none_is_found() {
        let package =
            |licence: &str| Resolved { name: "a".into(), version: "1".into(), licence: licence.into() };
        let allowed = BTreeSet::from(["MIT".to_owned()]);
        assert_eq!(check(&[package("MIT")], &allowed), []);
        assert_eq!(check(&[package("BUSL-1.1")], &allowed).len(), 1);
        assert_eq!(check(&[package("")], &allowed).len(), 1);
    }

    #[test]
    fn the_list_is_read_from_deny_toml() {
        let read = read_allowed("[licenses]\nallow = [\"MIT\", \"ISC\"]").expect("well formed");
        assert_eq!(read.len(), 2);
        for odd in [
            "",
            "[licenses]\nallow = []",
            "[licenses]\nallow = [\"MIT\", \"MIT\"]",
            "[licenses]\nallow = [1]",
        ] {
            assert!(read_allowed(odd).is_err(), "{odd:?}");
        }
        assert!(allowed(&crate::root()).is_ok());
    }
}
