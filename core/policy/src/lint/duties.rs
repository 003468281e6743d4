//! Separation of duties: nobody should both look after a key and use it.

use std::collections::BTreeMap;

use keystead_model::Action;

use crate::ConditionKey;
use crate::action::Actions;
use crate::duty::{is_administration, is_use};
use crate::policy::{Effect, Policy, Statement};
use crate::principal::{Principals, Who};
use crate::resource::Resources;

use super::document::Document;
use super::{Finding, Severity};

/// One principal that a policy gives both duties.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// Its ARN or name; `*` for everybody, `the holder` for whoever holds an identity policy.
    pub principal: Box<str>,
    /// The statements that let it look after keys.
    pub administration: Vec<Duty>,
    /// The statements that let it use them.
    pub usage: Vec<Duty>,
}

/// What one statement gives of one duty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Duty {
    /// Its place in the policy, from 0.
    pub statement: u16,
    /// Its `Sid`, if it has one.
    pub sid: Option<Box<str>>,
    /// The actions that no statement takes away again for everybody or for the principal, whatever the request.
    pub actions: Vec<Action>,
}

/// Which principals a policy lets both look after keys and use them, and by which statements.
///
/// Accounts are left out: to name one is to leave it to the account's own policies. Grants that only services may make
/// (`kms:GrantIsForAWSResource`) are part of using a key.
///
/// What everybody may counts for each principal, with the first statement of each duty.
pub fn duties(policy: &Policy) -> Vec<Conflict> {
    let (mut given, mut denied) = (BTreeMap::<String, Vec<u16>>::new(), BTreeMap::<String, Actions>::new());
    for (place, statement) in (0u16..).zip(&policy.statements) {
        for who in statement.everyone_named() {
            match statement.effect {
                Effect::Allow => given.entry(who).or_default().push(place),
                Effect::Deny if statement.is_always() => {
                    let all = denied.entry(who).or_insert(Actions::NONE);
                    *all = all.union(statement.actions);
                }
                Effect::Deny => {}
            }
        }
    }
    let denied_to = |who: &str| denied.get(who).copied().unwrap_or(Actions::NONE);
    let shared = given.get(EVERYBODY).map_or_else(Vec::new, |places| first_of_each(policy, places));
    let of = |(who, places): (&String, &Vec<u16>)| {
        let mut places: Vec<u16> = places.iter().chain(&shared).copied().collect();
        places.sort_unstable();
        places.dedup();
        conflict(policy, who, &places, denied_to(who).union(denied_to(EVERYBODY)))
    };
    given.iter().filter_map(of).collect()
}

pub(super) fn check(policy: &Policy, document: &Document<'_>, findings: &mut Vec<Finding>) {
    for Conflict { principal, administration, usage } in duties(policy) {
        let last =
            [&administration, &usage].into_iter().flatten().map(|duty| duty.statement).max().unwrap_or(0);
        let Some(source) = document.statements.get(usize::from(last)) else { continue };
        let message = format!(
            "{principal} may both look after keys ({}) and use them ({}); give the two to different principals",
            told(&administration),
            told(&usage)
        );
        findings.push(Finding::at(&source.node, Severity::Warning, "admin-is-user", message));
    }
}

const HOLDER: &str = "the holder";

const EVERYBODY: &str = "*";

/// Of these statements the first of each duty.
fn first_of_each(policy: &Policy, places: &[u16]) -> Vec<u16> {
    let first = |duty: &dyn Fn(&Statement, Action) -> bool| {
        places.iter().copied().find(|place| {
            policy.statements.get(usize::from(*place)).is_some_and(|statement| {
                Action::ALL
                    .iter()
                    .any(|action| statement.actions.contains(*action) && duty(statement, *action))
            })
        })
    };
    [first(&administrates), first(&uses)].into_iter().flatten().collect()
}

fn conflict(policy: &Policy, principal: &str, places: &[u16], denied: Actions) -> Option<Conflict> {
    let of = |duty: &dyn Fn(&Statement, Action) -> bool| -> Vec<Duty> {
        let given = |place: &u16| {
            let statement = policy.statements.get(usize::from(*place))?;
            let gives = |action: &Action| {
                statement.actions.contains(*action) && !denied.contains(*action) && duty(statement, *action)
            };
            let actions: Vec<Action> = Action::ALL.iter().copied().filter(gives).collect();
            (!actions.is_empty()).then(|| Duty { statement: *place, sid: statement.sid.clone(), actions })
        };
        places.iter().filter_map(given).collect()
    };
    let (administration, usage) = (of(&administrates), of(&uses));
    let both = !administration.is_empty() && !usage.is_empty();
    both.then(|| Conflict { principal: principal.into(), administration, usage })
}

fn uses(_: &Statement, action: Action) -> bool {
    is_use(action)
}

fn administrates(statement: &Statement, action: Action) -> bool {
    let for_services = || {
        statement.conditions.iter().any(|condition| condition.key == ConditionKey::KmsGrantIsForAwsResource)
    };
    match action {
        Action::CreateGrant | Action::RevokeGrant => !for_services(),
        _ => is_administration(action),
    }
}

impl Statement {
    /// Every principal it names, but accounts.
    fn everyone_named(&self) -> Vec<String> {
        match &self.principals {
            Principals::Holder => vec![HOLDER.to_owned()],
            Principals::These(entries) => entries
                .iter()
                .filter(|who| !matches!(who, Who::Account(_)))
                .map(ToString::to_string)
                .collect(),
            Principals::Others(_) => Vec::new(),
        }
    }

    /// Whether it applies to every request of whom it names for its actions.
    fn is_always(&self) -> bool {
        self.conditions.is_empty() && matches!(self.resources, Resources::Every)
    }
}

/// `statement 1 (Sid): kms:PutKeyPolicy, …`
fn told(duties: &[Duty]) -> String {
    let one = |duty: &Duty| {
        let names: Vec<&str> =
            duty.actions.iter().take(TOLD_COUNT_MAX).map(|action| action.as_str()).collect();
        let more = if duty.actions.len() > TOLD_COUNT_MAX { ", …" } else { "" };
        let sid = duty.sid.as_ref().map_or_else(String::new, |sid| format!(" ({sid})"));
        format!("statement {}{sid}: {}{more}", duty.statement, names.join(", "))
    };
    let more = if duties.len() > TOLD_COUNT_MAX { "; …" } else { "" };
    duties.iter().take(TOLD_COUNT_MAX).map(one).collect::<Vec<_>>().join("; ") + more
}

/// Most statements that are told of one duty, and most actions of one statement.
const TOLD_COUNT_MAX: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn conflicts(statements: &str, kind: Kind) -> Vec<(String, Vec<u16>, Vec<u16>)> {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let policy = Policy::parse(&text, kind).unwrap_or_else(|e| panic!("{e}"));
        let places = |duties: &[Duty]| duties.iter().map(|duty| duty.statement).collect();
        duties(&policy)
            .into_iter()
            .map(|Conflict { principal, administration, usage }| {
                (principal.into(), places(&administration), places(&usage))
            })
            .collect()
    }

    fn allow(user: &str, action: &str) -> String {
        statement("Allow", &format!(r#"{{"AWS": "arn:aws:iam::111122223333:user/{user}"}}"#), action)
    }

    fn statement(effect: &str, principal: &str, action: &str) -> String {
        format!(
            r#"{{"Effect": "{effect}", "Principal": {principal}, "Action": "{action}", "Resource": "*"}}"#
        )
    }

    const A: &str = "arn:aws:iam::111122223333:user/a";

    #[test]
    fn one_principal_with_both_duties_is_told_with_the_statements() {
        let apart = [allow("a", "kms:Put*"), allow("b", "kms:Decrypt")].join(",");
        assert_eq!(conflicts(&apart, Kind::Key), []);
        let one = allow("a", "kms:*");
        assert_eq!(conflicts(&one, Kind::Key), [(A.to_owned(), vec![0], vec![0])]);
        let two = [allow("b", "kms:Sign"), allow("a", "kms:Decrypt"), allow("a", "kms:ScheduleKeyDeletion")]
            .join(",");
        assert_eq!(conflicts(&two, Kind::Key), [(A.to_owned(), vec![2], vec![1])]);
    }

    #[test]
    fn what_everybody_may_each_may() {
        let text = [statement("Allow", "\"*\"", "kms:Encrypt"), allow("a", "kms:DisableKey")].join(",");
        assert_eq!(conflicts(&text, Kind::Key), [(A.to_owned(), vec![1], vec![0])]);
    }

    #[test]
    fn an_account_is_a_delegation_and_a_holder_is_one_principal() {
        assert_eq!(conflicts(&statement("Allow", r#"{"AWS": "111122223333"}"#, "kms:*"), Kind::Key), []);
        let own = r#"{"Effect": "Allow", "Action": ["kms:Sign", "kms:CreateGrant"], "Resource": "*"}"#;
        assert_eq!(conflicts(own, Kind::Identity), [("the holder".to_owned(), vec![0], vec![0])]);
    }

    #[test]
    fn what_is_denied_in_every_request_is_not_given() {
        let apart = [allow("a", "kms:*"), statement("Deny", "\"*\"", "kms:*crypt*")].join(",");
        assert_eq!(conflicts(&apart, Kind::Key).len(), 1, "signing is left");
        let rest = statement("Deny", &format!(r#"{{"AWS": "{A}"}}"#), "kms:[V]").replace("[V]", "*");
        assert_eq!(conflicts(&[allow("a", "kms:*"), rest].join(","), Kind::Key), []);
    }

    #[test]
    fn grants_for_services_are_part_of_using_a_key() {
        let grants = format!(
            r#"{{"Effect": "Allow", "Principal": {{"AWS": "{A}"}}, "Action": ["kms:CreateGrant", "kms:RevokeGrant"],
                "Resource": "*", "Condition": {{"Bool": {{"kms:GrantIsForAWSResource": "true"}}}}}}"#
        );
        assert_eq!(conflicts(&[allow("a", "kms:Decrypt"), grants.clone()].join(","), Kind::Key), []);
        let free = grants.replace("kms:GrantIsForAWSResource", "aws:SecureTransport");
        assert_eq!(conflicts(&[allow("a", "kms:Decrypt"), free].join(","), Kind::Key).len(), 1);
    }
}
