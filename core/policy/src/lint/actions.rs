//! Actions that nobody asks for.

use keystead_model::Action;

use crate::action::covers;
use crate::error::quoted;

use super::document::Source;
use super::{Finding, Severity};

pub(super) fn check(source: &Source<'_>, findings: &mut Vec<Finding>) {
    for (node, text) in ["Action", "NotAction"].iter().flat_map(|name| source.texts(name)) {
        let Some((service, verb)) = text.split_once(':') else { continue };
        if service == "*" || is_known(&text) {
            continue;
        }
        let (severity, code, message) = match OURS.iter().find(|ours| ours.eq_ignore_ascii_case(service)) {
            Some(ours) => unknown_action(ours, &text),
            None => unknown_service(service, verb),
        };
        findings.push(Finding::at(&node, severity, code, message));
    }
}

/// Whether every entry that an element has is of a service that is spoken here.
pub(super) fn are_ours(source: &Source<'_>, name: &str) -> bool {
    source.texts(name).iter().all(|(_, text)| {
        let service = text.split_once(':').map_or("", |(service, _)| service);
        OURS.iter().any(|ours| ours.eq_ignore_ascii_case(service))
    })
}

/// Services that are spoken here.
const OURS: &[&str] = &["kms", "iam", "sts", "keystead"];

/// What the engine does by itself, for records: no request asks for it.
const ITS_OWN: &[Action] = &[
    Action::DeleteKey,
    Action::RotateKey,
    Action::ExpireKeyMaterial,
    Action::SynchronizeMultiRegionKey,
    Action::Unknown,
];

fn names() -> impl Iterator<Item = &'static str> {
    Action::ALL.iter().filter(|action| !ITS_OWN.contains(action)).map(|action| action.as_str())
}

fn is_known(pattern: &str) -> bool {
    names().any(|name| covers(pattern.as_bytes(), name.as_bytes()))
}

fn unknown_action(service: &str, text: &str) -> (Severity, &'static str, String) {
    let of_service = names().filter(|name| name.split_once(':').is_some_and(|(own, _)| own == service));
    let nearest = nearest(text, of_service);
    let severity = match (service, &nearest) {
        // AWS has many that are not offered here.
        ("iam" | "sts", None) => Severity::Note,
        _ => Severity::Warning,
    };
    let message = match nearest {
        Some(name) => format!("no action is called {}; write {name}", quoted(text)),
        None => format!("no request here asks for {}; leave it out, or correct it", quoted(text)),
    };
    (severity, "unknown-action", message)
}

fn unknown_service(service: &str, verb: &str) -> (Severity, &'static str, String) {
    match nearest(service, OURS.iter().copied()).filter(|_| service.len() >= 3) {
        Some(ours) => {
            let message = format!("no service is called {}; write {ours}:{}", quoted(service), cut(verb));
            (Severity::Warning, "unknown-service", message)
        }
        None => {
            let message =
                format!("no request here is of {}; fine if the policy serves elsewhere too", quoted(service));
            (Severity::Note, "other-service", message)
        }
    }
}

fn cut(text: &str) -> &str {
    text.get(..NAME_BYTES_MAX).unwrap_or(text)
}

/// Longest name that others are compared with, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// The name that differs least, if that is little: one letter in four, and at most three.
fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > NAME_BYTES_MAX {
        return None;
    }
    let most = (text.len() / 4).clamp(1, 3);
    let measured = names.map(|name| (distance(&text.to_ascii_lowercase(), &name.to_ascii_lowercase()), name));
    measured.filter(|(far, _)| *far <= most).min().map(|(_, name)| name)
}

/// How many letters must be put in, left out or changed to make one of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, a) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = line + 1;
        for (column, b) in other.iter().enumerate() {
            let changed = before + usize::from(a != *b);
            before = row[column + 1];
            row[column + 1] = changed.min(before + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_letters() {
        for (one, other, far) in
            [("", "abc", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("ab", "abc", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!((distance(one, other), distance(other, one)), (far, far), "{one} {other}");
        }
    }

    #[test]
    fn the_nearest_is_near() {
        let nearest = |text| nearest(text, ["kms:Encrypt", "kms:Decrypt"].into_iter());
        assert_eq!(nearest("kms:encript"), Some("kms:Encrypt"));
        assert_eq!(nearest("kms:Sign"), None);
    }
}
