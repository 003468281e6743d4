//! A policy document, compiled.

use keystead_model::AccountId;

use crate::PolicyError;
use crate::action::Actions;
use crate::condition::Condition;
use crate::error::quoted;
use crate::explain::{Mismatch, StatementOutcome};
use crate::json::{Member, Node};
use crate::pattern::Variables;
use crate::principal::{Principals, Reach};
use crate::request::Evaluation;
use crate::resource::Resources;

/// What a document is attached to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A key: each statement names its principals.
    Key,
    /// A user, a group or a role, or a user's or role's boundary: no statement names principals, they are whoever
    /// holds the policy.
    Identity,
    /// A role: who may take it on. Each statement names its principals, none a resource: it is this role.
    Trust,
    /// An account: what none of them allows nobody in the account may do. Written as an identity policy.
    Guardrail,
    /// A session, written into the request that opens it. Written as an identity policy.
    Session,
}

impl Kind {
    /// Whether statements name principals.
    fn has_principals(self) -> bool {
        matches!(self, Self::Key | Self::Trust)
    }
}

/// What a statement does where it applies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// A compiled policy: immutable, safe to share, a small multiple of its text in size.
#[derive(Debug)]
pub struct Policy {
    kind: Kind,
    pub(crate) statements: Box<[Statement]>,
}

#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) sid: Option<Box<str>>,
    pub(crate) effect: Effect,
    pub(crate) principals: Principals,
    pub(crate) actions: Actions,
    pub(crate) resources: Resources,
    pub(crate) conditions: Box<[Condition]>,
}

/// What one policy says to one request: the places of the first statements that apply.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Findings {
    pub(crate) deny: Option<u16>,
    /// Allows the caller in person.
    pub(crate) allow: Option<u16>,
    /// Allows the role the caller has taken on, or the user who opened its session.
    pub(crate) allow_behind: Option<u16>,
    /// Allows the caller's account, whose own policies decide the rest.
    pub(crate) allow_account: Option<u16>,
}

impl Policy {
    /// Longest key policy, in bytes, as AWS documents it (32 KiB).
    pub const KEY_BYTES_MAX: usize = 32 * 1024;
    /// Longest identity policy, in bytes: the longest text the service model carries.
    pub const IDENTITY_BYTES_MAX: usize = 131_072;
    /// Longest trust policy of a role, in bytes: the longest text the service model carries.
    pub const TRUST_BYTES_MAX: usize = 131_072;
    /// Longest guardrail, in bytes, as AWS documents it for service control policies.
    pub const GUARDRAIL_BYTES_MAX: usize = 10_240;
    /// Longest session policy that is written into a request, in characters, as in the service model.
    pub const SESSION_CHARS_MAX: usize = 2_048;
    /// Most statements of one policy.
    pub const STATEMENTS_MAX: usize = crate::json::LIST_COUNT_MAX;
    /// Longest `Sid`, in bytes.
    pub const SID_BYTES_MAX: usize = 256;

    /// Compiles a document.
    ///
    /// # Errors
    /// Whatever is not understood, at its line and column: bad JSON, unknown or repeated elements, wrong types,
    /// missing elements, unknown operators and keys, values that do not parse, and documents past a limit.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, PolicyError> {
        check_size(text, kind)?;
        let document = Node::parse(text)?;
        let mut variables = Variables::Literal;
        let mut statements = None;
        for Member { name, at, value } in document.members("a policy")? {
            match &*name {
                "Version" => variables = version(&value)?,
                "Id" => drop(value.string("Id")?),
                "Statement" => statements = Some(value),
                _ => {
                    return Err(at.refuse(format!(
                        "{} is no element of a policy; those are Version, Id and Statement",
                        quoted(&name)
                    )));
                }
            }
        }
        let statements = statements.ok_or_else(|| document.refuse("the policy has no Statement; add one"))?;
        let parse = |node: &Node<'_>| Statement::parse(node, kind, variables);
        let statements = statements.one_or_more("Statement")?.iter().map(parse).collect::<Result<_, _>>()?;
        Ok(Self { kind, statements })
    }

    /// What it is attached to.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The policy a key has when its maker gives none: the account decides by its own policies.
    pub fn default_key_policy(account: AccountId) -> String {
        format!(
            r#"{{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {{
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "arn:aws:iam::{account}:root"
    }},
    "Action" : "kms:*",
    "Resource" : "*"
  }} ]
}}"#
        )
    }

    /// How many statements there are.
    pub fn statement_count(&self) -> usize {
        self.statements.len()
    }

    /// The `Sid` of a statement, counted from 0, if it has one.
    pub fn sid(&self, statement: u16) -> Option<&str> {
        self.statements.get(usize::from(statement))?.sid.as_deref()
    }

    /// What the policy of a resource says.
    pub(crate) fn find_for_resource(&self, evaluation: &Evaluation<'_>) -> Findings {
        self.find(evaluation, |statement| statement.reach(evaluation))
    }

    /// What a policy of the caller says.
    pub(crate) fn find_for_holder(&self, evaluation: &Evaluation<'_>) -> Findings {
        self.find(evaluation, Statement::reach_of_holder)
    }

    /// What each statement says by itself, in the policy of a resource or in one of the caller's side.
    pub(crate) fn outcomes(&self, evaluation: &Evaluation<'_>, of_resource: bool) -> Vec<StatementOutcome> {
        let outcome = |(place, statement): (u16, &Statement)| {
            let reach = if of_resource { statement.reach(evaluation) } else { statement.reach_of_holder() };
            StatementOutcome {
                statement: place,
                sid: statement.sid.clone(),
                allows: statement.effect == Effect::Allow,
                named: reach.into(),
                mismatches: statement.mismatches(evaluation, reach),
            }
        };
        (0u16..).zip(&self.statements).map(outcome).collect()
    }

    fn find(&self, evaluation: &Evaluation<'_>, reach: impl Fn(&Statement) -> Reach) -> Findings {
        let mut findings = Findings::default();
        for (place, statement) in (0u16..).zip(&self.statements) {
            let said_already = statement.effect == Effect::Allow && findings.allow.is_some();
            if said_already || !statement.actions.contains(evaluation.request.action) {
                continue;
            }
            let slot = match (statement.effect, reach(statement)) {
                (_, Reach::No) => continue,
                (Effect::Deny, _) => &mut findings.deny,
                (Effect::Allow, Reach::Caller) => &mut findings.allow,
                (Effect::Allow, Reach::Behind) => &mut findings.allow_behind,
                (Effect::Allow, Reach::Account) => &mut findings.allow_account,
            };
            if slot.is_none() && statement.covers(evaluation) {
                *slot = Some(place);
                if statement.effect == Effect::Deny {
                    break;
                }
            }
        }
        findings
    }
}

impl Statement {
    fn parse(node: &Node<'_>, kind: Kind, variables: Variables) -> Result<Self, PolicyError> {
        let (mut sid, mut effect) = (None, None);
        let mut principals = Once::new("Principal or NotPrincipal");
        let (mut actions, mut resources) =
            (Once::new("Action or NotAction"), Once::new("Resource or NotResource"));
        let mut not_principal = None;
        let mut conditions: Box<[Condition]> = Box::default();
        for Member { name, at, value } in node.members("a statement")? {
            match &*name {
                "Sid" => sid = Some(parse_sid(&value)?),
                "Effect" => effect = Some(parse_effect(&value)?),
                "Principal" | "NotPrincipal" if !kind.has_principals() => {
                    return Err(at.refuse(format!(
                        "{name} has no place in an identity policy; it is whoever holds it"
                    )));
                }
                "Resource" | "NotResource" if kind == Kind::Trust => {
                    return Err(at.refuse(format!(
                        "{name} has no place in a role's trust policy; it is about this role"
                    )));
                }
                "NotAction" if kind == Kind::Trust => {
                    return Err(at.refuse("a role's trust policy names its actions; use Action"));
                }
                "Action" if kind == Kind::Trust => actions.set(&at, Actions::parse_for_trust(&value)?)?,
                "Principal" => principals.set(&at, Principals::these(&value)?)?,
                "NotPrincipal" => {
                    not_principal = Some(at);
                    principals.set(&at, Principals::others(&value)?)?;
                }
                "Action" => actions.set(&at, Actions::parse(&value)?)?,
                "NotAction" => actions.set(&at, Actions::parse(&value)?.others())?,
                "Resource" => resources.set(&at, Resources::these(&value, variables)?)?,
                "NotResource" => resources.set(&at, Resources::others(&value, variables)?)?,
                "Condition" => conditions = Condition::parse_all(&value, variables)?,
                _ => return Err(at.refuse(format!("{} is no element of a statement", quoted(&name)))),
            }
        }
        let effect = effect.ok_or_else(|| node.refuse("the statement has no Effect; add Allow or Deny"))?;
        if let (Some(at), Effect::Allow) = (not_principal, effect) {
            return Err(
                at.refuse("NotPrincipal with Allow would let in everybody else; use it with Deny only")
            );
        }
        let principals = match kind.has_principals() {
            true => principals.take(node)?,
            false => Principals::Holder,
        };
        let actions = actions.take(node)?;
        let resources = match kind {
            Kind::Trust => Resources::Every,
            _ => resources.take(node)?,
        };
        Ok(Self { sid, effect, principals, actions, resources, conditions })
    }

    /// How it names the caller, in the policy of a resource.
    fn reach(&self, evaluation: &Evaluation<'_>) -> Reach {
        match (&self.principals, self.effect) {
            // A policy without principals was not written for a resource: it may take away, never give.
            (Principals::Holder, Effect::Allow) => Reach::No,
            (Principals::Holder, Effect::Deny) => Reach::Caller,
            (principals, _) => principals.reach(evaluation.asker),
        }
    }

    /// How it names the caller, in a policy of its own.
    fn reach_of_holder(&self) -> Reach {
        match (&self.principals, self.effect) {
            // A policy with principals was not written for a holder: it may take away, never give.
            (Principals::Holder, _) | (_, Effect::Deny) => Reach::Caller,
            (_, Effect::Allow) => Reach::No,
        }
    }

    /// Whatever keeps it from applying.
    fn mismatches(&self, evaluation: &Evaluation<'_>, reach: Reach) -> Vec<Mismatch> {
        let request = evaluation.request;
        let is_for_resource = self.resources.contain(evaluation, self.effect == Effect::Allow);
        let parts = [
            (reach != Reach::No, Mismatch::Principal),
            (self.actions.contains(request.action), Mismatch::Action),
            (is_for_resource, Mismatch::Resource),
        ];
        let parts = parts.into_iter().filter(|(matches, _)| !matches).map(|(_, mismatch)| mismatch);
        let failing = self.conditions.iter().filter(|condition| !condition.holds(self.effect, request));
        let conditions = failing.map(|condition| Mismatch::Condition {
            key: condition.key.clone(),
            operator: condition.operator.to_string().into(),
            absent: !condition.exists(request),
        });
        parts.chain(conditions).collect()
    }

    fn covers(&self, evaluation: &Evaluation<'_>) -> bool {
        self.resources.contain(evaluation, self.effect == Effect::Allow)
            && self.conditions.iter().all(|condition| condition.holds(self.effect, evaluation.request))
    }
}

/// An element that has two spellings, of which a statement has one.
struct Once<T> {
    names: &'static str,
    value: Option<T>,
}

impl<T> Once<T> {
    fn new(names: &'static str) -> Self {
        Self { names, value: None }
    }

    fn set(&mut self, at: &Node<'_>, value: T) -> Result<(), PolicyError> {
        match self.value.replace(value) {
            None => Ok(()),
            Some(_) => Err(at.refuse(format!("a statement has {}, not both", self.names))),
        }
    }

    fn take(self, statement: &Node<'_>) -> Result<T, PolicyError> {
        self.value.ok_or_else(|| statement.refuse(format!("the statement has no {}; add one", self.names)))
    }
}

fn check_size(text: &str, kind: Kind) -> Result<(), PolicyError> {
    let (size, most, unit) = match kind {
        Kind::Key => (text.len(), Policy::KEY_BYTES_MAX, "bytes"),
        Kind::Identity => (text.len(), Policy::IDENTITY_BYTES_MAX, "bytes"),
        Kind::Trust => (text.len(), Policy::TRUST_BYTES_MAX, "bytes"),
        Kind::Guardrail => (text.len(), Policy::GUARDRAIL_BYTES_MAX, "bytes"),
        Kind::Session => (text.chars().count(), Policy::SESSION_CHARS_MAX, "characters"),
    };
    match size <= most {
        true => Ok(()),
        false => {
            let reason = format!("the policy has {size} {unit}; at most {most} are allowed");
            Err(PolicyError::at(text, 0, reason))
        }
    }
}

fn version(node: &Node<'_>) -> Result<Variables, PolicyError> {
    match &*node.string("Version")? {
        "2012-10-17" => Ok(Variables::Filled),
        "2008-10-17" => Ok(Variables::Literal),
        other => {
            Err(node.refuse(format!("{} is no version of the language; write 2012-10-17", quoted(other))))
        }
    }
}

fn parse_effect(node: &Node<'_>) -> Result<Effect, PolicyError> {
    match &*node.string("Effect")? {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        other => {
            Err(node.refuse(format!("{} is no effect; write Allow or Deny, letter by letter", quoted(other))))
        }
    }
}

fn parse_sid(node: &Node<'_>) -> Result<Box<str>, PolicyError> {
    let sid = node.string("Sid")?;
    match sid.len() <= Policy::SID_BYTES_MAX {
        true => Ok(sid.into()),
        false => Err(node.refuse(format!("a Sid is at most {} bytes long", Policy::SID_BYTES_MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str, kind: Kind) -> (u32, u32, String) {
        match Policy::parse(text, kind) {
            Ok(_) => panic!("not refused: {text}"),
            Err(PolicyError { line, column, reason }) => (line, column, reason.into()),
        }
    }

    fn in_statement(element: &str) -> String {
        format!(
            r#"{{"Statement": {{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"{element}}}}}"#
        )
    }

    #[test]
    fn the_default_policy_is_a_policy() {
        let text = Policy::default_key_policy(AccountId::DEVELOPMENT);
        let policy = Policy::parse(&text, Kind::Key).unwrap_or_else(|e| panic!("{e}"));
        assert!(text.contains("arn:aws:iam::000000000000:root"));
        assert_eq!((policy.statement_count(), policy.sid(0)), (1, Some("Enable IAM User Permissions")));
        assert_eq!(policy.sid(1), None);
    }

    #[test]
    fn one_statement_may_stand_alone_and_elements_in_any_order() {
        let text = r#"{"Statement": {"Resource": "*", "Action": ["kms:*"], "Principal": "*", "Effect": "Deny"},
            "Id": "x", "Version": "2008-10-17"}"#;
        assert!(Policy::parse(text, Kind::Key).is_ok());
    }

    #[test]
    fn a_refusal_names_line_column_and_what_to_do() {
        let text =
            "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\n    \"Effect\": \"allow\"\n  }]\n}";
        let (line, column, reason) = refusal(text, Kind::Key);
        assert_eq!((line, column), (4, 15));
        assert_eq!(reason, "\"allow\" is no effect; write Allow or Deny, letter by letter");
        let error = Policy::parse(text, Kind::Key).expect_err("refused");
        assert!(error.to_string().starts_with("line 4, column 15: "));
    }

    #[test]
    fn what_is_not_understood_is_refused_where_it_stands() {
        for (text, line, column, reason) in [
            ("", 1, 1, "not JSON"),
            ("[]", 1, 1, "an object in braces"),
            ("{}", 1, 1, "no Statement"),
            (r#"{"Statement": []}"#, 1, 15, "empty list"),
            (r#"{"Statement": "x"}"#, 1, 15, "an object in braces"),
            (r#"{"Statement": [1]}"#, 1, 16, "an object in braces"),
            (r#"{"Version": "2020-01-01", "Statement": []}"#, 1, 13, "no version"),
            (r#"{"Version": 2012, "Statement": []}"#, 1, 13, "a string in quotes"),
            (r#"{"version": "2012-10-17"}"#, 1, 2, "no element of a policy"),
            (r#"{"Statement": {}, "Statement": {}}"#, 1, 19, "twice"),
            (r#"{"Statement": {}}"#, 1, 15, "no Effect"),
            (r#"{"Statement": {"Effect": "Allow"}}"#, 1, 15, "no Principal or NotPrincipal"),
            (r#"{"Statement": {"Effect": "Allow", "Principal": "*"}}"#, 1, 15, "no Action or NotAction"),
            (
                r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}}"#,
                1,
                15,
                "no Resource or",
            ),
            (r#"{"Statement": {"Effect": ["Allow"]}}"#, 1, 26, "a string in quotes"),
        ] {
            let (found_line, found_column, found) = refusal(text, Kind::Key);
            assert!(found.contains(reason), "{text}: {found}");
            assert_eq!((found_line, found_column), (line, column), "{text}: {found}");
        }
        for (element, reason) in [
            (r#", "Resources": "*""#, "no element of a statement"),
            (r#", "NotAction": "kms:*""#, "not both"),
            (r#", "NotResource": "*""#, "not both"),
            (r#", "NotPrincipal": "*""#, "not both"),
            (r#", "Effect": "Deny""#, "twice"),
            (r#", "Sid": 1"#, "a string in quotes"),
            (r#", "Condition": []"#, "an object in braces"),
        ] {
            let (_, _, found) = refusal(&in_statement(element), Kind::Key);
            assert!(found.contains(reason), "{element}: {found}");
        }
        let sid = "x".repeat(257);
        assert!(refusal(&in_statement(&format!(r#", "Sid": "{sid}""#)), Kind::Key).2.contains("at most 256"));
    }

    #[test]
    fn exceptions_are_for_denying_only() {
        let text = r#"{"Statement": {"Effect": "EFFECT", "NotPrincipal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"}}"#;
        assert!(refusal(&text.replace("EFFECT", "Allow"), Kind::Key).2.contains("with Deny only"));
        assert!(Policy::parse(&text.replace("EFFECT", "Deny"), Kind::Key).is_ok());
    }

    #[test]
    fn identity_policies_name_nobody_and_key_policies_somebody() {
        let named = in_statement("");
        assert!(refusal(&named, Kind::Identity).2.contains("identity policy"));
        let unnamed = named.replace(r#""Principal": "*", "#, "");
        assert!(Policy::parse(&unnamed, Kind::Identity).is_ok());
        assert!(refusal(&unnamed, Kind::Key).2.contains("no Principal"));
    }

    #[test]
    fn a_variable_stands_in_the_last_part_of_a_resource_only() {
        let of = |resource: &str, version: &str| {
            let text = format!(
                r#"{{"Version": "{version}", "Statement":
                    {{"Effect": "Allow", "Action": "*", "Resource": "{resource}"}}}}"#
            );
            Policy::parse(&text, Kind::Identity).is_ok()
        };
        assert!(of("arn:aws:kms:*:*:alias/${aws:username}", "2012-10-17"));
        assert!(!of("arn:aws:kms:*:${aws:PrincipalAccount}:key/*", "2012-10-17"));
        assert!(!of("arn:aws:kms:${aws:username}", "2012-10-17"));
        assert!(of("arn:aws:kms:*:${aws:PrincipalAccount}:key/*", "2008-10-17"), "there it is literal");
        assert!(!of("key/*", "2012-10-17") && !of("", "2012-10-17"));
    }

    #[test]
    fn limits_hold() {
        let padded = |bytes: usize| {
            let text = in_statement("");
            format!("{text}{}", " ".repeat(bytes - text.len()))
        };
        assert!(Policy::parse(&padded(Policy::KEY_BYTES_MAX), Kind::Key).is_ok());
        assert!(refusal(&padded(Policy::KEY_BYTES_MAX + 1), Kind::Key).2.contains("at most 32768"));
        let many = |count: usize| format!(r#"{{"Statement": [{}]}}"#, vec!["1"; count].join(","));
        assert!(refusal(&many(1_001), Kind::Key).2.contains("1001 entries"));
        let nested = format!(r#"{{"Statement": {}{}}}"#, "[".repeat(9_000), "]".repeat(9_000));
        assert!(refusal(&nested, Kind::Key).2.contains("an object in braces"));
    }
}
