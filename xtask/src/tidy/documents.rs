//! Links: every relative one leads somewhere, and every format has one that leads to it.

use std::collections::BTreeSet;

use super::Finding;
use super::files::File;

/// Pages a newcomer starts from; each format must be linked from one of them.
const INDEXES: [&str; 3] = ["ARCHITECTURE.md", "docs/README.md", "docs/formats/README.md"];

/// Checks all pages.
pub(crate) fn check(files: &[File]) -> Vec<Finding> {
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let mut findings = Vec::new();
    let mut indexed = BTreeSet::new();
    for file in files.iter().filter(|file| file.has_extension("md")) {
        for (line, target) in links(file.text.as_deref().unwrap_or_default()) {
            let Some(path) = resolve(&file.path, &target) else { continue };
            let folder = format!("{}/", path.trim_end_matches('/'));
            if !paths.contains(path.as_str()) && !paths.iter().any(|known| known.starts_with(&folder)) {
                let what = format!("the link to {target} leads nowhere");
                findings.push(Finding::new(&file.path, line, what, "mend the link"));
            }
            if INDEXES.contains(&file.path.as_str()) {
                indexed.insert(path);
            }
        }
    }
    let formats =
        files.iter().filter(|file| file.path.starts_with("docs/formats/") && file.has_extension("md"));
    for file in formats.filter(|file| file.name() != "README.md" && !indexed.contains(&file.path)) {
        let what = "no index links to this format";
        findings.push(Finding::new(&file.path, 1, what, "add a line to ARCHITECTURE.md"));
    }
    findings
}

/// Targets of inline links, with their lines; what stands between fences is not looked at.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for (start, _) in line.match_indices("](") {
            let rest = &line[start + 2..];
            if let Some(end) = rest.find([')', ' ']) {
                found.push((at + 1, rest[..end].to_owned()));
            }
        }
    }
    found
}

/// The path inside the checkout that a link of `page` means; `None` for other places and for anchors.
fn resolve(page: &str, target: &str) -> Option<String> {
    let path = target.split('#').next().unwrap_or_default();
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str, text: &str) -> File {
        File { path: path.into(), bytes: text.len(), text: Some(text.into()) }
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let files = [
            page(
                "ARCHITECTURE.md",
                "[a](docs/formats/a.md#head), [b](core), [c](https://example.com/x), [d](#e)",
            ),
            page("docs/formats/a.md", "[up](../../ARCHITECTURE.md)"),
            page("core/model/src/lib.rs", ""),
        ];
        assert_eq!(check(&files), []);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_found_with_its_line() {
        let findings = check(&[page("README.md", "one\n[a](docs/none.md)")]);
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn a_format_without_a_link_to_it_is_found() {
        let findings = check(&[page("docs/formats/a.md", ""), page("README.md", "[a](docs/formats/a.md)")]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "docs/formats/a.md");
    }

    #[test]
    fn what_stands_between_fences_is_no_link() {
        assert_eq!(check(&[page("README.md", "```\n[a](none.md)\n```")]), []);
    }
}
