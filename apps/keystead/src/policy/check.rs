//! `keystead policy check`: documents read where they stand, without a server.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow};
use clap::ValueEnum;
use keystead_policy::lint::{self, Conflict, Duty, Finding, Severity};
use keystead_policy::{Kind, Policy};
use serde_json::{Value, json};

use super::Format;
use crate::audit::printable;
use crate::cli::CheckArgs;
use crate::exit::Failure;
use crate::print;

/// Longest document read, in bytes: several times the longest policy there is.
const DOCUMENT_BYTES_MAX: u64 = 1 << 20;
/// Characters of a line that are shown around a finding; documents without line breaks are common.
const SHOWN_CHARS_MAX: usize = 100;

/// What a document is attached to.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub enum AttachedTo {
    /// The policy of a key
    Key,
    /// A policy of a user, a group or a role
    Identity,
    /// The trust policy of a role
    Trust,
    /// A guardrail of an account
    Guardrail,
    /// A policy that a session is opened with
    Session,
    /// A permissions boundary
    Boundary,
}

impl AttachedTo {
    fn kind(self) -> Kind {
        match self {
            Self::Key => Kind::Key,
            Self::Identity | Self::Boundary => Kind::Identity,
            Self::Trust => Kind::Trust,
            Self::Guardrail => Kind::Guardrail,
            Self::Session => Kind::Session,
        }
    }

    /// As people say it.
    fn told(self) -> &'static str {
        match self {
            Self::Key => "key policy",
            Self::Identity => "identity policy",
            Self::Trust => "trust policy",
            Self::Guardrail => "guardrail",
            Self::Session => "session policy",
            Self::Boundary => "permissions boundary",
        }
    }

    /// The word for it on the command line.
    fn word(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Identity => "identity",
            Self::Trust => "trust",
            Self::Guardrail => "guardrail",
            Self::Session => "session",
            Self::Boundary => "boundary",
        }
    }

    /// What a document looks like: only policies of keys and roles name principals, and those of roles name no
    /// resources. Guardrails, session policies and boundaries are written as identity policies are.
    fn guess(text: &str) -> Self {
        let document: Value = serde_json::from_str(text).unwrap_or_default();
        let statements = match &document["Statement"] {
            Value::Array(statements) => statements.as_slice(),
            one => std::slice::from_ref(one),
        };
        let any = |names: [&str; 2]| {
            statements.iter().any(|statement| names.iter().any(|name| statement.get(name).is_some()))
        };
        match (any(["Principal", "NotPrincipal"]), any(["Resource", "NotResource"])) {
            (false, _) => Self::Identity,
            (true, true) => Self::Key,
            (true, false) => Self::Trust,
        }
    }
}

/// One document and what was found in it.
struct Checked<'a> {
    shown: String,
    text: &'a str,
    attached: AttachedTo,
    is_guessed: bool,
    findings: Vec<Finding>,
    /// Whom it gives both duties.
    conflicts: Vec<Conflict>,
}

/// Checks documents and prints what was found.
///
/// # Errors
/// A file cannot be read or is no text; an error was found, or with `--strict` a warning.
pub fn run(args: &CheckArgs) -> Result<(), Failure> {
    let CheckArgs { files, kind, format, strict } = args;
    let texts = files.iter().map(|file| Ok((file, read(file)?))).collect::<Result<Vec<_>, Failure>>()?;
    let checked: Vec<Checked<'_>> = texts
        .iter()
        .map(|(file, text)| Checked::of(printable(&file.display().to_string()), text, *kind))
        .collect();
    let told = match format {
        Format::Text => checked.iter().map(Checked::for_people).collect(),
        Format::Json => {
            let documents: Vec<Value> = checked.iter().map(Checked::json).collect();
            printable(&json!({ "documents": documents }).to_string()) + "\n"
        }
    };
    print(&told)?;
    let count = |severity| {
        let findings = checked.iter().flat_map(|one| &one.findings);
        findings.filter(|finding| finding.severity == severity).count()
    };
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => Ok(()),
        (0, _) if !strict => Ok(()),
        (errors, warnings) => {
            Err(Failure::Failed(anyhow!("{} and {}", counted(errors, "error"), counted(warnings, "warning"))))
        }
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    let shown = printable(&file.display().to_string());
    let mut bytes = Vec::new();
    match file.as_os_str() == "-" {
        true => std::io::stdin().lock().take(DOCUMENT_BYTES_MAX + 1).read_to_end(&mut bytes),
        false => File::open(file).and_then(|file| file.take(DOCUMENT_BYTES_MAX + 1).read_to_end(&mut bytes)),
    }
    .with_context(|| format!("cannot read {shown}"))?;
    if bytes.len() as u64 > DOCUMENT_BYTES_MAX {
        return Err(anyhow!("{shown} is longer than {DOCUMENT_BYTES_MAX} bytes, and so no policy").into());
    }
    Ok(String::from_utf8(bytes).with_context(|| format!("{shown} is not UTF-8"))?)
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

impl<'a> Checked<'a> {
    fn of(shown: String, text: &'a str, kind: Option<AttachedTo>) -> Self {
        let attached = kind.unwrap_or_else(|| AttachedTo::guess(text));
        let mut findings = lint::check(text, attached.kind());
        let mut conflicts = Vec::new();
        match attached {
            // A boundary gives nothing by itself.
            AttachedTo::Boundary => findings.retain(|finding| finding.code != JOINT_DUTIES),
            AttachedTo::Key | AttachedTo::Identity | AttachedTo::Session => {
                conflicts = Policy::parse(text, attached.kind())
                    .map_or_else(|_| Vec::new(), |policy| lint::duties(&policy));
            }
            AttachedTo::Trust | AttachedTo::Guardrail => {}
        }
        Self { shown, text, attached, is_guessed: kind.is_none(), findings, conflicts }
    }

    fn for_people(&self) -> String {
        let Self { shown, attached, findings, .. } = self;
        let mut told = format!("{shown}: read as a {}", attached.told());
        if *attached == AttachedTo::Identity {
            told = format!("{shown}: read as an {}", attached.told());
        }
        told.push_str(if self.is_guessed { ", by its looks; --kind says otherwise" } else { "" });
        told.push_str(if findings.is_empty() { "; nothing found\n" } else { "\n" });
        for finding in findings {
            let Finding { severity, line, column, code, message } = finding;
            let message = printable(message);
            writeln!(told, "{shown}:{line}:{column}: {}: {message} ({code})", severity.as_str())
                .expect("a String takes what is written");
            told.push_str(&self.line_shown(*line, *column));
        }
        told
    }

    /// The line of a finding, cut to what is around it, and a caret below its place.
    fn line_shown(&self, line: u32, column: u32) -> String {
        let Some(text) = self.text.lines().nth(line as usize - 1) else { return String::new() };
        // What cannot be shown takes one place all the same, so that the caret stands right.
        let shown: Vec<char> = text.chars().map(|c| if is_shown(c) { c } else { ' ' }).collect();
        let place = (column as usize - 1).min(shown.len());
        let first = place.saturating_sub(SHOWN_CHARS_MAX / 2);
        let last = shown.len().min(first + SHOWN_CHARS_MAX);
        let before = if first > 0 { "…" } else { "" };
        let after = if last < shown.len() { "…" } else { "" };
        let piece: String = shown[first..last].iter().collect();
        let indent = " ".repeat(place - first + before.chars().count());
        format!("    {before}{piece}{after}\n    {indent}^\n")
    }

    fn json(&self) -> Value {
        let finding = |finding: &Finding| {
            let Finding { severity, line, column, code, message } = finding;
            json!({
                "severity": severity.as_str(),
                "line": line,
                "column": column,
                "code": code,
                "message": message,
            })
        };
        let conflict = |conflict: &Conflict| {
            let Conflict { principal, administration, usage } = conflict;
            json!({ "principal": principal, "administration": told(administration), "usage": told(usage) })
        };
        json!({
            "file": self.shown,
            "kind": self.attached.word(),
            "kind_guessed": self.is_guessed,
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
            "joint_duties": self.conflicts.iter().map(conflict).collect::<Vec<_>>(),
        })
    }
}

fn told(duties: &[Duty]) -> Vec<Value> {
    let one = |Duty { statement, sid, actions }: &Duty| {
        let actions: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
        json!({ "statement": statement, "sid": sid, "actions": actions })
    };
    duties.iter().map(one).collect()
}

/// Whether a terminal shows a character where it stands, and does nothing else with it.
fn is_shown(c: char) -> bool {
    printable(c.encode_utf8(&mut [0; 4])).chars().eq([c])
}

/// The finding about one principal with both duties.
const JOINT_DUTIES: &str = "admin-is-user";

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str, kind: Option<AttachedTo>) -> Checked<'_> {
        Checked::of("p.json".to_owned(), text, kind)
    }

    #[test]
    fn the_kind_is_guessed_from_what_only_one_kind_has() {
        for (statement, expected) in [
            (r#"{"Principal": "*", "Resource": "*"}"#, AttachedTo::Key),
            (r#"[{"Resource": "*"}, {"NotPrincipal": "*", "NotResource": "*"}]"#, AttachedTo::Key),
            (r#"{"Principal": "*", "Action": "sts:AssumeRole"}"#, AttachedTo::Trust),
            (r#"{"Action": "kms:Sign", "Resource": "*"}"#, AttachedTo::Identity),
            ("7", AttachedTo::Identity),
        ] {
            assert_eq!(AttachedTo::guess(&format!(r#"{{"Statement": {statement}}}"#)), expected);
        }
        assert_eq!(AttachedTo::guess("no JSON"), AttachedTo::Identity);
        assert_eq!(AttachedTo::guess("[]"), AttachedTo::Identity);
    }

    #[test]
    fn the_caret_stands_below_the_place_also_where_the_line_is_cut_or_hostile() {
        let caret = |text: &str, column: u32| {
            let shown = checked(text, None).line_shown(1, column);
            let (line, below) = shown.split_once('\n').expect("two lines");
            let place = below.chars().position(|c| c == '^').expect("a caret");
            (line.chars().nth(place), line.to_owned())
        };
        assert_eq!(caret("{\"a\": x}", 7).0, Some('x'));
        assert_eq!(caret("\t\u{1b}\u{202e}x", 4), (Some('x'), "       x".to_owned()));
        let long = format!("{}x{}", "ä".repeat(70_000), "b".repeat(70_000));
        let (at, line) = caret(&long, 70_001);
        assert_eq!(at, Some('x'));
        assert!(line.chars().count() < 120 && line.starts_with("    …") && line.ends_with('…'), "{line}");
        assert_eq!(caret("{", 2).0, None, "at the end of the text");
        assert_eq!(checked("{", None).line_shown(9, 1), "");
    }

    #[test]
    fn a_boundary_gives_nobody_both_duties() {
        let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}"#;
        let codes = |kind| {
            let found = checked(text, Some(kind));
            (found.findings.iter().any(|finding| finding.code == JOINT_DUTIES), found.conflicts.len())
        };
        assert!(lint::CODES.contains(&JOINT_DUTIES));
        assert_eq!(codes(AttachedTo::Identity), (true, 1));
        assert_eq!(codes(AttachedTo::Boundary), (false, 0));
        assert_eq!(codes(AttachedTo::Guardrail), (false, 0));
    }
}
