//! The arrows between rooms, and the libraries each kind of room does without.

use super::Finding;
use super::packages::Metadata;

/// For each crate of the workspace, the crates it may be built on. `ALL` may use any.
///
/// Arrows point inward: apps → fronts → engine → {policy, audit, store, crypto} → model.
const ARROWS: [(&str, &[&str]); 17] = [
    ("keystead-model", &[]),
    // Outward, and on purpose: a leaf that fences what aws-lc-rs lacks (docs/decisions/0005-unsafe-room.md).
    ("keystead-aws-lc", &[]),
    ("keystead-crypto", &["keystead-model", "keystead-aws-lc"]),
    ("keystead-policy", &["keystead-model"]),
    ("keystead-audit", &["keystead-model"]),
    ("keystead-store", &["keystead-model"]),
    ("keystead-attestation", &["keystead-model", "keystead-crypto"]),
    ("keystead-federation", &["keystead-model"]),
    (
        "keystead-engine",
        &[
            "keystead-model",
            "keystead-crypto",
            "keystead-policy",
            "keystead-audit",
            "keystead-store",
            "keystead-attestation",
            "keystead-federation",
        ],
    ),
    ("keystead-outbound", &[]),
    ("keystead-xks", &["keystead-model", "keystead-crypto", "keystead-outbound"]),
    ("keystead-oidc", &["keystead-federation", "keystead-outbound"]),
    ("keystead-http", &["keystead-model", "keystead-engine"]),
    ("keystead-sdk", &[]),
    ("keystead", ALL),
    ("keystead-bench", ALL),
    ("xtask", &[]),
];
const ALL: &[&str] = &["*"];

/// What `core/` is never built on: sockets, wire formats of transports, TLS, command lines.
const NOT_IN_CORE: [&str; 11] = [
    "http",
    "hyper",
    "hyper-util",
    "axum",
    "tonic",
    "rustls",
    "tokio-rustls",
    "ureq",
    "socket2",
    "mio",
    "clap",
];

/// Checks every crate of the workspace.
pub(crate) fn check(metadata: &Metadata) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &metadata.packages {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            let what = format!("{} is not on the map", package.name);
            findings.push(Finding::new(
                &package.manifest,
                1,
                what,
                "add it to ARROWS and to ARCHITECTURE.md",
            ));
            continue;
        };
        let inside = |name: &str| metadata.packages.iter().any(|other| other.name == name);
        for need in package.needs.iter().filter(|need| need.kind.as_deref() != Some("dev")) {
            let free = *allowed == ALL || allowed.contains(&need.name.as_str());
            if inside(&need.name) && !free {
                let what = format!("{} is built on {}, against the arrows", package.name, need.name);
                findings.push(Finding::new(
                    &package.manifest,
                    1,
                    what,
                    "turn the dependency around, or move the code to the room that owns the noun",
                ));
            }
            if package.manifest.starts_with("core/") && NOT_IN_CORE.contains(&need.name.as_str()) {
                let what = format!("{} is built on {}", package.name, need.name);
                findings.push(Finding::new(
                    &package.manifest,
                    1,
                    what,
                    "core has no sockets and no wire formats",
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::packages::{Need, Package};
    use super::*;

    fn package(name: &str, folder: &str, needs: &[(&str, Option<&str>)]) -> Package {
        let needs =
            needs.iter().map(|(name, kind)| Need { name: (*name).into(), kind: kind.map(str::to_owned) });
        Package { name: name.into(), manifest: format!("{folder}/Cargo.toml"), needs: needs.collect() }
    }

    fn house(extra: Package) -> Metadata {
        let mut packages: Vec<Package> =
            ARROWS.iter().map(|(name, _)| package(name, "somewhere", &[])).collect();
        packages.retain(|known| known.name != extra.name);
        packages.push(extra);
        Metadata { packages }
    }

    #[test]
    fn arrows_that_point_inward_are_fine() {
        let engine =
            package("keystead-engine", "core/engine", &[("keystead-store", None), ("parking_lot", None)]);
        assert_eq!(check(&house(engine)), []);
        assert_eq!(check(&house(package("keystead", "apps/keystead", &[("keystead-store", None)]))), []);
    }

    #[test]
    fn arrows_that_point_outward_or_sideways_are_found() {
        let cases = [
            ("keystead-model", "keystead-store"),
            ("keystead-store", "keystead-policy"),
            ("keystead-engine", "keystead-http"),
            ("keystead-http", "keystead-store"),
            ("keystead-sdk", "keystead-model"),
            ("keystead-engine", "keystead-aws-lc"),
            ("keystead-aws-lc", "keystead-model"),
            ("xtask", "keystead-model"),
        ];
        for (from, to) in cases {
            for kind in [None, Some("build")] {
                let findings = check(&house(package(from, "room", &[(to, kind)])));
                assert_eq!(findings.len(), 1, "{from} → {to}");
                assert_eq!(findings[0].file, "room/Cargo.toml");
            }
        }
    }

    #[test]
    fn tests_may_look_further() {
        assert_eq!(check(&house(package("keystead-http", "room", &[("keystead-store", Some("dev"))]))), []);
    }

    #[test]
    fn a_crate_that_is_not_on_the_map_is_found() {
        assert_eq!(check(&house(package("keystead-attic", "attic", &[]))).len(), 1);
    }

    #[test]
    fn core_is_not_built_on_transports() {
        for name in NOT_IN_CORE {
            assert_eq!(
                check(&house(package("keystead-audit", "core/audit", &[(name, None)]))).len(),
                1,
                "{name}"
            );
        }
    }
}
