//! What the workspace is built on: its own crates, and everything that is resolved with them.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::Finding;
use super::files::File;
use super::lines::UNSAFE_ROOMS;
use crate::cargo;

/// Libraries that must not be in the tree, and why.
const BANNED: [(&str, &str); 5] = [
    ("ring", "choose the aws-lc feature of whatever brings it in"),
    ("openssl", "choose a rustls feature of whatever brings it in"),
    ("openssl-sys", "choose a rustls feature of whatever brings it in"),
    ("native-tls", "choose a rustls feature of whatever brings it in"),
    ("aws-lc-fips-sys", "the FIPS build is a choice of its own, never the default"),
];

/// Libraries of which one version must serve all, and why.
const SINGLE: [(&str, &str); 1] = [(
    "aws-lc-sys",
    "pin it in Cargo.toml to the version that aws-lc-rs is built on: backends/aws-lc shares its library",
)];

/// The crates of the workspace.
#[derive(Debug, Clone)]
pub(crate) struct Metadata {
    pub packages: Vec<Package>,
}

/// One crate of the workspace.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    pub name: String,
    /// Path of its manifest inside the checkout.
    pub manifest: String,
    pub needs: Vec<Need>,
}

/// One dependency as written in a manifest.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Need {
    pub name: String,
    /// `None`, `dev` or `build`.
    pub kind: Option<String>,
}

/// One package of the resolved tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Resolved {
    pub name: String,
    pub version: String,
    /// As its author declared it; may be empty.
    pub licence: String,
}

/// Reads the workspace's own crates.
pub(crate) fn metadata(root: &Path) -> Result<Metadata> {
    let json = output(root, &["metadata", "--format-version", "1", "--no-deps", "--locked"])?;
    read_metadata(&json, root)
}

fn read_metadata(json: &str, root: &Path) -> Result<Metadata> {
    #[derive(Deserialize)]
    struct Raw {
        packages: Vec<RawPackage>,
    }
    #[derive(Deserialize)]
    struct RawPackage {
        name: String,
        manifest_path: String,
        dependencies: Vec<Need>,
    }
    let raw: Raw = serde_json::from_str(json).context("cargo metadata is not as expected")?;
    let inside = |path: &str| match Path::new(path).strip_prefix(root) {
        Ok(rest) => rest.to_string_lossy().replace('\\', "/"),
        Err(_) => path.to_owned(),
    };
    let packages = raw.packages.into_iter().map(|package| Package {
        manifest: inside(&package.manifest_path),
        name: package.name,
        needs: package.dependencies,
    });
    Ok(Metadata { packages: packages.collect() })
}

/// Everything that is built for this machine, tests included, ascending.
///
/// Taken from `cargo tree`, which knows the features in use; `cargo metadata` also names packages that only a
/// feature nobody asked for would bring.
pub(crate) fn tree(root: &Path) -> Result<Vec<Resolved>> {
    let text = output(
        root,
        &["tree", "--workspace", "--locked", "--edges", "normal,build,dev", "--prefix", "none", "--format"],
    )?;
    let mut packages = read_tree(&text)?;
    packages.sort();
    packages.dedup();
    match packages.len() {
        0 => bail!("cargo tree named no package"),
        _ => Ok(packages),
    }
}

/// Reads lines of name and version, a tab, and the licence.
fn read_tree(text: &str) -> Result<Vec<Resolved>> {
    let mut packages = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (package, licence) =
            line.split_once('\t').with_context(|| format!("cargo tree said {line:?}"))?;
        let mut words = package.split_whitespace();
        let (name, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        packages.push(Resolved {
            name: name.into(),
            version: version.trim_start_matches('v').into(),
            licence: licence.trim_end_matches("(*)").trim().into(),
        });
    }
    Ok(packages)
}

fn output(root: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = cargo();
    command.args(arguments).current_dir(root);
    if arguments.last() == Some(&"--format") {
        command.arg("{p}\t{l}");
    }
    let output = command.output().context("cargo does not start")?;
    if !output.status.success() {
        bail!("cargo {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// No banned library is in the tree.
pub(crate) fn check_bans(tree: &[Resolved]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, todo) in BANNED {
        for package in tree.iter().filter(|package| package.name == name) {
            let what = format!("{name} {} is in the tree (cargo tree --invert {name})", package.version);
            findings.push(Finding::new("Cargo.lock", 1, what, todo));
        }
    }
    findings
}

/// Of each library that must be there once, there is one version.
pub(crate) fn check_single(tree: &[Resolved]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, todo) in SINGLE {
        for package in tree.iter().filter(|package| package.name == name).skip(1) {
            let what = format!("{name} {} is in the tree beside another version", package.version);
            findings.push(Finding::new("Cargo.lock", 1, what, todo));
        }
    }
    findings
}

/// The lock file of a manifest outside the workspace fits the crates it is built on.
pub(crate) fn check_lock(root: &Path, folder: &str) -> Result<Vec<Finding>> {
    let output = cargo()
        .args(["update", "--workspace", "--locked", "--manifest-path"])
        .arg(root.join(folder).join("Cargo.toml"))
        .current_dir(root)
        .output()
        .context("cargo does not start")?;
    if output.status.success() {
        return Ok(Vec::new());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let what =
        said.lines().find(|line| line.starts_with("error")).unwrap_or("the lock file is stale").to_owned();
    let todo = "run `cargo update --workspace --manifest-path` with its Cargo.toml, and commit the lock file";
    Ok(vec![Finding::new(&format!("{folder}/Cargo.lock"), 1, what, todo)])
}

/// Every crate of the workspace takes the workspace's lints; one with unsafe code takes all but that one.
pub(crate) fn check_manifests(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let workspace = files.iter().find(|file| file.path == "Cargo.toml");
    let workspace = workspace.and_then(|file| file.text.as_deref()?.parse().ok()).unwrap_or_default();
    let manifests = files.iter().filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml");
    for file in manifests {
        let text = file.text.as_deref().unwrap_or_default();
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                let what = error.message().to_owned();
                findings.push(Finding::new(&file.path, 1, what, "make it a manifest"));
                continue;
            }
        };
        let own = table.contains_key("workspace");
        let lints =
            table.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool);
        let room = UNSAFE_ROOMS.iter().any(|room| file.path.starts_with(room));
        if room && keeps_all_lints_but_unsafe(&table, &workspace) {
            continue;
        }
        if !own && lints != Some(true) {
            let what = "the crate does without the workspace's lints";
            findings.push(Finding::new(&file.path, 1, what, "add [lints] workspace = true"));
        }
    }
    findings
}

/// Whether a manifest repeats each of the workspace's lints. It cannot take them over as a whole, because what is
/// forbidden cannot be allowed again.
fn keeps_all_lints_but_unsafe(manifest: &toml::Table, workspace: &toml::Table) -> bool {
    let lints = |table: &toml::Table| table.get("lints").and_then(toml::Value::as_table).cloned();
    let all = workspace.get("workspace").and_then(toml::Value::as_table).and_then(lints).unwrap_or_default();
    let own = lints(manifest).unwrap_or_default();
    let kept = |tool: &str, lint: &str, level| own.get(tool).and_then(|table| table.get(lint)) == Some(level);
    all.iter().all(|(tool, table)| {
        let mut lints = table.as_table().into_iter().flatten().filter(|(lint, _)| *lint != "unsafe_code");
        lints.all(|(lint, level)| kept(tool, lint, level))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(name: &str) -> Resolved {
        Resolved { name: name.into(), version: "1.0.0".into(), licence: "MIT".into() }
    }

    #[test]
    fn each_banned_library_is_found_and_its_neighbours_are_not() {
        for (name, _) in BANNED {
            assert_eq!(check_bans(&[resolved("serde"), resolved(name)]).len(), 1, "{name}");
        }
        assert_eq!(check_bans(&[resolved("aws-lc-rs"), resolved("openssl-probe")]), []);
    }

    #[test]
    fn two_versions_of_the_library_below_unsafe_code_are_found() {
        let newer = Resolved { version: "1.0.1".into(), ..resolved("aws-lc-sys") };
        assert_eq!(check_single(&[resolved("aws-lc-sys"), resolved("serde")]), []);
        assert_eq!(check_single(&[resolved("aws-lc-sys"), newer]).len(), 1);
    }

    #[test]
    fn a_tree_is_read_with_its_licences() {
        let tree =
            read_tree("ring v0.17.14\tApache-2.0 AND ISC (*)\n\nxtask v0.1.0 (/somewhere)\tApache-2.0\n");
        let tree = tree.expect("well formed");
        assert_eq!((tree[0].name.as_str(), tree[0].version.as_str()), ("ring", "0.17.14"));
        assert_eq!(tree[0].licence, "Apache-2.0 AND ISC");
        assert!(read_tree("no tab").is_err());
    }

    #[test]
    fn metadata_is_read_with_kinds() {
        let json = r#"{"packages":[{"name":"a","manifest_path":"/x/core/a/Cargo.toml",
            "dependencies":[{"name":"b","kind":null},{"name":"c","kind":"dev"}]}]}"#;
        let metadata = read_metadata(json, Path::new("/x")).expect("well formed");
        assert_eq!(metadata.packages[0].manifest, "core/a/Cargo.toml");
        assert_eq!(metadata.packages[0].needs[1].kind.as_deref(), Some("dev"));
    }

    #[test]
    fn a_lock_file_that_does_not_fit_is_found() {
        let root = std::env::temp_dir().join(format!("keystead-tidy-{}", std::process::id()));
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("room");
            std::fs::write(path, text).expect("room");
        };
        let manifest = |name: &str, more: &str| {
            format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n{more}"
            )
        };
        write("a/src/lib.rs", "");
        write("a/Cargo.toml", &manifest("a", "[dependencies]\nb = { path = \"../b\" }\n"));
        write("b/src/lib.rs", "");
        write("b/Cargo.toml", &manifest("b", ""));
        let fits = "version = 4\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\ndependencies = [\"b\"]\n\n\
                    [[package]]\nname = \"b\"\nversion = \"0.1.0\"\n";
        write("a/Cargo.lock", fits);
        assert_eq!(check_lock(&root, "a").expect("cargo runs"), []);
        write("a/Cargo.lock", "version = 4\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n");
        assert_eq!(check_lock(&root, "a").expect("cargo runs").len(), 1);
        std::fs::remove_dir_all(&root).expect("it was ours");
    }

    #[test]
    fn a_crate_without_the_lints_is_found() {
        let file = |text: &str| File { path: "core/a/Cargo.toml".into(), bytes: 0, text: Some(text.into()) };
        assert_eq!(check_manifests(&[file("[package]\nname = \"a\"")]).len(), 1);
        assert_eq!(check_manifests(&[file("[package]\nname = \"a\"\n[lints]\nworkspace = false")]).len(), 1);
        assert_eq!(check_manifests(&[file("[package]\nname = \"a\"\n[lints]\nworkspace = true")]), []);
    }

    #[test]
    fn a_room_with_unsafe_code_keeps_all_other_lints() {
        let manifest = |path: &str, text: &str| File { path: path.into(), bytes: 0, text: Some(text.into()) };
        let top = manifest(
            "Cargo.toml",
            "[workspace.lints.rust]\nunsafe_code = \"forbid\"\nmissing_docs = \"warn\"",
        );
        let found = |folder: &str, text: &str| {
            check_manifests(&[top.clone(), manifest(&format!("{folder}Cargo.toml"), text)]).len()
        };
        let all = "[lints.rust]\nunsafe_code = \"allow\"\nmissing_docs = \"warn\"";
        assert_eq!(found(UNSAFE_ROOMS[0], all), 0);
        assert_eq!(found(UNSAFE_ROOMS[0], "[lints.rust]\nunsafe_code = \"allow\""), 1);
        assert_eq!(found("core/a/", all), 1);
    }
}
