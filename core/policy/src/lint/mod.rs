//! What is likely a mistake in a document that is understood: findings, each with its place and what to do.
//!
//! A document that is not understood has one finding, the refusal. Findings are advice: they say nothing about what is
//! decided.

mod actions;
mod conditions;
mod document;
mod duties;
mod statements;

use std::fmt;

use crate::PolicyError;
use crate::json::Node;
use crate::policy::{Kind, Policy};

pub use duties::{Conflict, Duty, duties};

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Worth knowing; may well be meant.
    Note,
    /// Likely not what was meant.
    Warning,
    /// Refused, or dangerous whatever was meant.
    Error,
}

impl Severity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that was found in a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The line, from 1.
    pub line: u32,
    /// The character within the line, from 1.
    pub column: u32,
    /// Which rule found it: one of [`CODES`].
    pub code: &'static str,
    /// What is wrong, and what to do.
    pub message: Box<str>,
}

/// Every rule.
pub const CODES: &[&str] = &[
    "admin-is-user",
    "everybody",
    "everybody-unless",
    "for-all-without-null",
    "lockout",
    "lockout-unless",
    "never-there",
    "not-action",
    "not-for-action",
    "not-resource",
    "not-understood",
    "other-service",
    "redundant",
    "unknown-action",
    "unknown-service",
    "variable-literal",
];

impl Finding {
    fn at(node: &Node<'_>, severity: Severity, code: &'static str, message: impl Into<Box<str>>) -> Self {
        let PolicyError { line, column, reason } = node.refuse(message);
        Self { severity, line, column, code, message: reason }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, line, column, code, message } = self;
        write!(f, "line {line}, column {column}: {}: {message} ({code})", severity.as_str())
    }
}

/// Everything there is to say about a document, in the order of its text.
pub fn check(text: &str, kind: Kind) -> Vec<Finding> {
    let found = Policy::parse(text, kind).and_then(|policy| {
        let document = document::Document::read(text)?;
        let mut findings = Vec::new();
        document.variables(&mut findings);
        for (statement, source) in policy.statements.iter().zip(&document.statements) {
            statements::check(kind, statement, source, &mut findings);
            actions::check(source, &mut findings);
            conditions::check(statement, source, &mut findings);
        }
        statements::redundant(&policy, &document, &mut findings);
        if kind == Kind::Key {
            statements::lockout(&policy, &document, &mut findings);
        }
        if !matches!(kind, Kind::Trust | Kind::Guardrail) {
            duties::check(&policy, &document, &mut findings);
        }
        Ok(findings)
    });
    let mut findings = found.unwrap_or_else(|PolicyError { line, column, reason }| {
        vec![Finding { severity: Severity::Error, line, column, code: "not-understood", message: reason }]
    });
    findings.sort_by_key(|finding| (finding.line, finding.column));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes found in a policy of these statements, in order.
    fn codes(statements: &str, kind: Kind) -> Vec<&'static str> {
        findings(statements, kind).iter().map(|finding| finding.code).collect()
    }

    fn findings(statements: &str, kind: Kind) -> Vec<Finding> {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let found = check(&text, kind);
        for finding in &found {
            assert!(CODES.contains(&finding.code) && finding.line == 1, "{finding}");
            assert_ne!(finding.code, "not-understood", "{finding}");
        }
        found
    }

    /// In a key policy that has its administrator.
    fn in_key(statement: &str) -> Vec<&'static str> {
        codes(&format!("{ADMINISTRATOR}, {statement}"), Kind::Key)
    }

    const ADMINISTRATOR: &str =
        r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}"#;

    fn own(statement: &str) -> Vec<&'static str> {
        codes(statement, Kind::Identity)
    }

    #[test]
    fn the_default_policy_has_nothing_to_be_said_about_it() {
        let text = Policy::default_key_policy("111122223333".parse().expect("an account"));
        assert_eq!(check(&text, Kind::Key), []);
    }

    #[test]
    fn what_is_not_understood_is_the_only_finding_at_its_place() {
        let found = check("{\n  \"Statement\": 1}", Kind::Key);
        let [finding] = &found[..] else { panic!("{found:?}") };
        assert_eq!((finding.severity, finding.line, finding.code), (Severity::Error, 2, "not-understood"));
        assert!(
            finding.to_string().starts_with("line 2, column 16: error: a statement is an object"),
            "{finding}"
        );
    }

    #[test]
    fn everybody_without_a_condition_is_an_error() {
        let open =
            r#"{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*" CONDITION}"#;
        let with = |condition: &str| in_key(&open.replace("CONDITION", condition));
        assert_eq!(with(""), ["everybody"]);
        assert_eq!(
            with(r#", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}"#),
            [""; 0]
        );
        assert_eq!(
            with(r#", "Condition": {"StringNotEquals": {"kms:CallerAccount": "111122223333"}}"#),
            ["everybody-unless"]
        );
        let trust = r#"{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}"#;
        assert_eq!(codes(trust, Kind::Trust), ["everybody"]);
        assert_eq!(in_key(&open.replace("CONDITION", "").replace("Allow", "Deny")), [""; 0]);
    }

    #[test]
    fn exceptions_in_an_allow_are_warned_about() {
        assert_eq!(
            own(r#"{"Effect": "Allow", "NotAction": "kms:Put*", "Resource": "arn:aws:kms:*:*:key/a"}"#),
            ["admin-is-user", "not-action"]
        );
        assert_eq!(
            own(r#"{"Effect": "Allow", "Action": "kms:Decrypt", "NotResource": "arn:aws:kms:*:*:key/a"}"#),
            ["not-resource"]
        );
        assert_eq!(own(r#"{"Effect": "Deny", "NotAction": "kms:Put*", "Resource": "*"}"#), [""; 0]);
    }

    #[test]
    fn a_misspelt_action_is_told_the_nearest() {
        let found =
            findings(r#"{"Effect": "Allow", "Action": "kms:Decript", "Resource": "*"}"#, Kind::Identity);
        let [finding] = &found[..] else { panic!("{found:?}") };
        assert_eq!(
            (finding.code, finding.severity, finding.column),
            ("unknown-action", Severity::Warning, 71)
        );
        assert!(finding.message.contains("kms:Decrypt"), "{finding}");
        let named =
            |action: &str| own(&format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}"#));
        assert_eq!(named("kms:Frobnicate"), ["unknown-action"]);
        assert_eq!(named("kms:Generat?Key"), ["unknown-action"]);
        assert_eq!(
            named("kms:DeleteKey"),
            ["unknown-action"],
            "nobody asks for what the engine does by itself"
        );
        assert_eq!(named("iam:CreateInstanceProfile"), ["unknown-action"]);
        assert_eq!(named("kmss:Decrypt"), ["unknown-service"]);
        assert_eq!(named("s3:GetObject"), ["other-service"]);
        for known in ["kms:decrypt", "kms:ReEncrypt*", "sts:AssumeRole", "iam:Get*", "kms:?ncrypt"] {
            assert_eq!(named(known), [""; 0], "{known}");
        }
    }

    #[test]
    fn conditions_that_no_request_can_meet_are_warned_about() {
        let with = |action: &str, condition: &str| {
            own(&format!(
                r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "*", "Condition": {condition}}}"#
            ))
        };
        assert_eq!(
            with("kms:Decrypt", r#"{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}"#),
            ["never-there"]
        );
        assert_eq!(
            with("kms:Decrypt", r#"{"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}"#),
            [""; 0]
        );
        assert_eq!(with("kms:Decrypt", r#"{"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}"#), [""; 0]);
        assert_eq!(with("kms:Decrypt", r#"{"Null": {"aws:PrincipalOrgID": "true"}}"#), [""; 0]);
        assert_eq!(with("kms:Decrypt", r#"{"Null": {"aws:PrincipalOrgID": "false"}}"#), ["never-there"]);
        assert_eq!(with("kms:Decrypt", r#"{"StringEquals": {"s3:prefix": "a"}}"#), ["never-there"]);
        assert_eq!(
            with("kms:Decrypt", r#"{"StringEquals": {"kms:SigningAlgorithm": "RSASSA_PSS_SHA_256"}}"#),
            ["not-for-action"]
        );
        assert_eq!(
            with("kms:Sign", r#"{"StringEquals": {"kms:SigningAlgorithm": "RSASSA_PSS_SHA_256"}}"#),
            [""; 0]
        );
        assert_eq!(
            with("kms:Sign", r#"{"StringEquals": {"kms:EncryptionContext:a": "b"}}"#),
            ["not-for-action"]
        );
        assert_eq!(
            with("kms:Decrypt", r#"{"StringEquals": {"id.example.com:sub": "b"}}"#),
            ["not-for-action"]
        );
    }

    #[test]
    fn for_all_values_needs_a_null_beside_it_in_an_allow() {
        let with = |condition: &str| {
            own(&format!(
                r#"{{"Effect": "Allow", "Action": "kms:TagResource", "Resource": "*", "Condition": {condition}}}"#
            ))
        };
        let all = r#""ForAllValues:StringEquals": {"aws:TagKeys": "a"}"#;
        assert_eq!(with(&format!("{{{all}}}")), ["for-all-without-null"]);
        assert_eq!(with(&format!(r#"{{{all}, "Null": {{"aws:TagKeys": "false"}}}}"#)), [""; 0]);
        assert_eq!(
            with(&format!(r#"{{{all}, "Null": {{"aws:TagKeys": "true"}}}}"#)),
            ["for-all-without-null"]
        );
    }

    #[test]
    fn variables_of_an_old_version_are_text() {
        let of = |version: &str| {
            let text = format!(
                r#"{{{version} "Statement": {{"Effect": "Allow", "Action": "kms:CreateAlias",
                "Resource": "arn:aws:kms:*:*:alias/${{aws:username}}",
                "Condition": {{"StringEquals": {{"aws:RequestedRegion": ["a", "${{aws:x}}"]}}}}}}}}"#
            );
            check(&text, Kind::Identity)
                .iter()
                .map(|finding| (finding.code, finding.line))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(r#""Version": "2008-10-17","#), [("variable-literal", 2), ("variable-literal", 3)]);
        assert_eq!(of("").len(), 2);
    }

    #[test]
    fn a_statement_that_adds_nothing_is_noted() {
        let user = |name: &str, action: &str, more: &str| {
            format!(
                r#"{{"Effect": "Allow", "Principal": {{"AWS": {name}}}, "Action": {action}, "Resource": "*" {more}}}"#
            )
        };
        let (a, b) = (r#""arn:aws:iam::111122223333:user/a""#, r#""arn:aws:iam::111122223333:user/b""#);
        let both = format!("[{a}, {b}]");
        let pair = |one: &str, other: &str| in_key(&format!("{one}, {other}"));
        let wide = user(&both, r#""kms:*crypt""#, "");
        assert_eq!(pair(&wide, &user(a, r#""kms:Decrypt""#, "")), ["redundant"]);
        assert_eq!(pair(&user(a, r#""kms:Decrypt""#, ""), &wide), ["redundant"]);
        assert_eq!(pair(&wide, &user(a, r#""kms:Sign""#, "")), [""; 0]);
        assert_eq!(pair(&user(a, r#""kms:*crypt""#, ""), &user(b, r#""kms:Decrypt""#, "")), [""; 0]);
        let bound = r#", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#;
        assert_eq!(pair(&wide, &user(a, r#""kms:Decrypt""#, bound)), ["redundant"]);
        assert_eq!(
            pair(&user(a, r#""kms:Decrypt""#, bound), &user(a, r#""kms:Decrypt""#, "")),
            ["redundant"]
        );
        let other = bound.replace("true", "false");
        assert_eq!(pair(&user(a, r#""kms:Decrypt""#, bound), &user(a, r#""kms:Decrypt""#, &other)), [""; 0]);
        assert_eq!(pair(&wide, &user(a, r#"["kms:Decrypt", "s3:*"]"#, "")), ["other-service"]);
    }

    #[test]
    fn a_key_policy_that_nobody_can_replace_is_an_error() {
        let only = |statements: &str| codes(statements, Kind::Key);
        let user = r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/a"}, "Action": "ACTION", "Resource": "*"}"#;
        assert_eq!(only(&user.replace("ACTION", "kms:Decrypt")), ["lockout"]);
        assert_eq!(only(&user.replace("ACTION", "kms:Put*")), [""; 0]);
        let service = r#"{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "kms:*", "Resource": "*"}"#;
        assert!(only(service).contains(&"lockout"));
        let bound =
            r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*",
            "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}"#
                .replace('\n', "");
        assert_eq!(only(&bound), ["lockout-unless"]);
        let never = r#"{"Effect": "Deny", "Principal": "*", "Action": "kms:Put*", "Resource": "*"}"#;
        assert_eq!(in_key(never), ["lockout"]);
    }

    #[test]
    fn hostile_documents_are_read_to_the_end() {
        let long = format!("kms:{}", "a".repeat(30_000));
        let statement = format!(r#"{{"Effect": "Allow", "Action": "{long}", "Resource": "*"}}"#);
        assert_eq!(own(&statement), ["unknown-action"]);
        let same = r#"{"Effect": "Allow", "Action": "kms:Sign", "Resource": "*"}"#;
        assert_eq!(own(&vec![same; 1_000].join(",")).len(), 999);
    }
}
