//! Statements that give more than is likely meant, that add nothing, and what no statement gives.

use std::collections::BTreeSet;

use keystead_model::Action;

use crate::policy::{Effect, Kind, Policy, Statement};
use crate::principal::{Principals, Who};
use crate::resource::Resources;

use super::actions::are_ours;
use super::conditions::hold_without_values;
use super::document::{Document, Source};
use super::{Finding, Severity};

pub(super) fn check(kind: Kind, statement: &Statement, source: &Source<'_>, findings: &mut Vec<Finding>) {
    if statement.effect == Effect::Deny {
        return;
    }
    let mut find = |names: &[&str], severity, code, message: &str| {
        findings.push(Finding::at(&source.place(names), severity, code, message));
    };
    if statement.names_everybody() {
        match (&*statement.conditions, hold_without_values(&statement.conditions)) {
            ([], _) => find(
                &["Principal"],
                Severity::Error,
                "everybody",
                "this lets in everybody, of every account; name whom it is for, or add a Condition",
            ),
            (_, true) => find(
                &["Principal"],
                Severity::Warning,
                "everybody-unless",
                "this lets in everybody whose request lacks the values that the conditions ask for; add a Condition that \
                 needs a value, such as StringEquals",
            ),
            _ => {}
        }
    }
    if source.member("NotAction").is_some() && kind != Kind::Guardrail {
        find(
            &["NotAction"],
            Severity::Warning,
            "not-action",
            "NotAction with Allow gives every other action, those to come included; name the actions",
        );
    }
    if source.member("NotResource").is_some() && kind != Kind::Guardrail {
        find(
            &["NotResource"],
            Severity::Warning,
            "not-resource",
            "NotResource with Allow gives every other resource, those to come included; name the resources",
        );
    }
}

/// A key policy that nobody can replace.
pub(super) fn lockout(policy: &Policy, document: &Document<'_>, findings: &mut Vec<Finding>) {
    let put = |statement: &&Statement| statement.actions.contains(Action::PutKeyPolicy);
    let everywhere = |statement: &Statement| matches!(statement.resources, Resources::Every);
    for (statement, source) in policy.statements.iter().zip(&document.statements) {
        let closes = statement.effect == Effect::Deny
            && put(&statement)
            && statement.names_everybody()
            && statement.conditions.is_empty()
            && everywhere(statement);
        if closes {
            findings.push(Finding::at(
                &source.node,
                Severity::Error,
                "lockout",
                "this denies kms:PutKeyPolicy to everybody, so the policy can never be replaced; spare somebody",
            ));
            return;
        }
    }
    let mut giving =
        policy.statements.iter().filter(put).filter(|statement| statement.may_administrate()).peekable();
    let Some(first) = document.statements.first() else { return };
    if giving.peek().is_none() {
        findings.push(Finding::at(
            &first.node,
            Severity::Error,
            "lockout",
            "no statement lets anybody replace this policy; allow kms:PutKeyPolicy to an administrator or the account",
        ));
    } else if giving.all(|statement| !statement.conditions.is_empty()) {
        findings.push(Finding::at(
            &first.node,
            Severity::Warning,
            "lockout-unless",
            "the policy can be replaced on conditions only; if they cannot be met, nobody can",
        ));
    }
}

/// Statements that say nothing which another does not say.
pub(super) fn redundant(policy: &Policy, document: &Document<'_>, findings: &mut Vec<Finding>) {
    let forms: Vec<Form<'_>> = policy
        .statements
        .iter()
        .zip(&document.statements)
        .map(|(statement, source)| Form::of(statement, source))
        .collect();
    for (place, form) in forms.iter().enumerate() {
        // Of two that are alike, the later is needless.
        let needless = |(at, other): &(usize, &Form<'_>)| {
            *at != place && other.covers(form) && (*at < place || !form.covers(other))
        };
        if let Some((by, _)) = forms.iter().enumerate().find(needless) {
            let message = format!(
                "this statement says nothing that statement {by} (counted from 0) does not say; leave it out"
            );
            findings.push(Finding::at(&form.source.node, Severity::Note, "redundant", message));
        }
    }
}

/// A statement with what is compared between statements, each put into one spelling once.
struct Form<'a> {
    statement: &'a Statement,
    source: &'a Source<'a>,
    resource: [String; 2],
    condition: String,
    actions: [String; 2],
    is_ours: bool,
    who: (&'static str, BTreeSet<String>),
}

impl<'a> Form<'a> {
    fn of(statement: &'a Statement, source: &'a Source<'a>) -> Self {
        Self {
            statement,
            source,
            resource: ["Resource", "NotResource"].map(|name| source.normal(name)),
            condition: source.normal("Condition"),
            actions: ["Action", "NotAction"].map(|name| source.normal(name)),
            is_ours: source.member("NotAction").is_none() && are_ours(source, "Action"),
            who: who(&statement.principals),
        }
    }

    /// Whether whatever the other says, this says too.
    fn covers(&self, other: &Self) -> bool {
        let (this, that) = (self.statement, other.statement);
        this.effect == that.effect
            && (self.actions == other.actions || (other.is_ours && this.actions.contains_all(that.actions)))
            && (self.statement.conditions.is_empty() || self.condition == other.condition)
            && (matches!(this.resources, Resources::Every) || self.resource == other.resource)
            && self.names_all(other)
    }

    /// Whether it names whomever the other names, as closely.
    fn names_all(&self, other: &Self) -> bool {
        let ((how, these), (how_other, others)) = (&self.who, &other.who);
        let everybody = || these.contains("*") && !others.iter().any(|who| who.starts_with("federated "));
        match *how {
            "these" => how == how_other && (others.is_subset(these) || everybody()),
            _ => self.who == other.who,
        }
    }
}

/// Whom a statement names, so that sets can be compared.
fn who(principals: &Principals) -> (&'static str, BTreeSet<String>) {
    // A provider and a service could be called alike.
    let one = |who: &Who| match who {
        Who::Federated(name) => format!("federated {name}"),
        who => who.to_string(),
    };
    match principals {
        Principals::Holder => ("holder", BTreeSet::new()),
        Principals::These(entries) => ("these", entries.iter().map(one).collect()),
        Principals::Others(entries) => ("others", entries.iter().map(one).collect()),
    }
}

impl Statement {
    fn names_everybody(&self) -> bool {
        matches!(&self.principals, Principals::These(entries) if entries.contains(&Who::Everybody))
    }

    /// Whether it allows somebody who can replace policies.
    fn may_administrate(&self) -> bool {
        let can = |who: &Who| !matches!(who, Who::Service(_) | Who::Federated(_));
        self.effect == Effect::Allow
            && matches!(&self.principals, Principals::These(entries) if entries.iter().any(can))
    }
}
