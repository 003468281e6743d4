//! Why a request is decided as it is: what each statement of each document says to it, and what would have let it
//! through.
//!
//! For people who look into a decision, and for simulations; the decision itself is [`decide`]'s. It allocates, and it
//! tells what stands in every document, also in those of another account: who may read it is up to whoever asks.

use std::fmt;
use std::sync::Arc;

use keystead_model::{Action, Principal, Resource, Why};

use crate::decide::{Weighed, decide};
use crate::own::Own;
use crate::policy::Findings;
use crate::principal::Reach;
use crate::request::{Evaluation, Named, Request, Sources};
use crate::verdict::{Grounds, Verdict};
use crate::{ConditionKey, Kind};

/// Why a request is decided as it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// The decision of the policies. A grant may still allow what [`Verdict::is_open`].
    pub verdict: Verdict,
    /// The documents: that of the resource, guardrails, identity policies, the boundary, session policies.
    pub documents: Vec<DocumentOutcome>,
    /// What would have let the request through, all of it together, in words; empty if it was.
    pub needed: Vec<String>,
}

/// What a document is to a decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentRole {
    /// The policy of the key.
    KeyPolicy,
    /// The trust policy of the role to be taken on.
    TrustPolicy,
    /// One that the account has laid down.
    Guardrail,
    /// One of the caller's own.
    Identity,
    /// The caller's permissions boundary.
    Boundary,
    /// One of the session's.
    Session,
}

impl DocumentRole {
    /// As it is called in a record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KeyPolicy => "key policy",
            Self::TrustPolicy => "trust policy",
            Self::Guardrail => "guardrail",
            Self::Identity => "identity policy",
            Self::Boundary => "boundary",
            Self::Session => "session policy",
        }
    }
}

/// What one document says.
#[derive(Clone, PartialEq, Debug)]
pub struct DocumentOutcome {
    /// What it is to the decision.
    pub role: DocumentRole,
    /// The name it is told by; empty for the policy of the resource, of which there is one.
    pub name: Arc<str>,
    /// Whether it has a say: the policy of a resource has one over that resource only, and over callers without an
    /// account no other document has.
    pub has_say: bool,
    /// Its statements, in order.
    pub statements: Vec<StatementOutcome>,
}

/// What one statement says.
#[derive(Clone, PartialEq, Debug)]
pub struct StatementOutcome {
    /// Its place in the document, from 0.
    pub statement: u16,
    /// Its `Sid`, if it has one.
    pub sid: Option<Box<str>>,
    /// Whether it allows; it denies otherwise.
    pub allows: bool,
    /// How it names the caller; [`NamedAs::Nobody`] if it does not.
    pub named: NamedAs,
    /// Whatever keeps it from applying; it applies if this is empty.
    pub mismatches: Vec<Mismatch>,
}

impl StatementOutcome {
    /// Whether the statement applies to the request.
    pub fn applies(&self) -> bool {
        self.mismatches.is_empty()
    }
}

/// How a statement names the caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NamedAs {
    /// Not at all.
    Nobody,
    /// By its account, whose own policies decide the rest.
    Account,
    /// As what is behind its session: its role, or the user who opened it.
    Behind,
    /// In person, as one of everybody, or as whoever holds the policy.
    Caller,
}

impl From<Reach> for NamedAs {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::No => Self::Nobody,
            Reach::Account => Self::Account,
            Reach::Behind => Self::Behind,
            Reach::Caller => Self::Caller,
        }
    }
}

/// What keeps a statement from applying.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mismatch {
    /// It is about others.
    Principal,
    /// It is about other actions.
    Action,
    /// It is about other resources.
    Resource,
    /// One of its conditions does not hold.
    Condition {
        /// The key asked for.
        key: ConditionKey,
        /// The operator, as in `ForAnyValue:StringLikeIfExists`.
        operator: Box<str>,
        /// Whether the request has no value for the key.
        absent: bool,
    },
}

/// Explains the decision that [`decide`] makes of the same.
pub fn explain(sources: &Sources<'_>, request: &Request<'_>) -> Explanation {
    let evaluation = Evaluation::new(request, sources.boundary.is_some());
    let (verdict, documents) = (decide(sources, request), documents(sources, &evaluation));
    let needed = match verdict {
        Verdict::Allowed(_) => Vec::new(),
        Verdict::Denied(..) => needed(sources, &evaluation, &documents),
    };
    Explanation { verdict, documents, needed }
}

impl Explanation {
    /// The condition keys that keep statements from applying because the request has no value for them, each once.
    pub fn absent_keys(&self) -> Vec<&ConditionKey> {
        let mut keys: Vec<&ConditionKey> = Vec::new();
        let statements = self.documents.iter().flat_map(|document| &document.statements);
        for mismatch in statements.flat_map(|statement| &statement.mismatches) {
            if let Mismatch::Condition { key, absent: true, .. } = mismatch
                && !keys.contains(&key)
            {
                keys.push(key);
            }
        }
        keys
    }
}

fn documents(sources: &Sources<'_>, evaluation: &Evaluation<'_>) -> Vec<DocumentOutcome> {
    let has_account = evaluation.request.principal.account().is_some();
    let mut all = Vec::new();
    if let Some(policy) = sources.resource {
        let role =
            if policy.kind() == Kind::Trust { DocumentRole::TrustPolicy } else { DocumentRole::KeyPolicy };
        let has_say = evaluation.request.is_governed();
        all.push(DocumentOutcome {
            role,
            name: "".into(),
            has_say,
            statements: policy.outcomes(evaluation, true),
        });
    }
    let boundary = sources.boundary.map_or(&[][..], std::slice::from_ref);
    for (role, policies) in [
        (DocumentRole::Guardrail, sources.guardrails),
        (DocumentRole::Identity, sources.identity),
        (DocumentRole::Boundary, boundary),
        (DocumentRole::Session, sources.session.unwrap_or_default()),
    ] {
        all.extend(policies.iter().map(|Named { name, policy }| DocumentOutcome {
            role,
            name: Arc::clone(name),
            has_say: has_account,
            statements: policy.outcomes(evaluation, false),
        }));
    }
    all
}

/// What would have let a request through that was denied.
fn needed(sources: &Sources<'_>, evaluation: &Evaluation<'_>, documents: &[DocumentOutcome]) -> Vec<String> {
    let request = evaluation.request;
    let principal = request.principal;
    if *principal == Principal::Keystead || request.action == Action::Unknown {
        return vec!["nothing: no policy can allow this".to_owned()];
    }
    let Weighed { governed, resource, own, is_own } = Weighed::of(sources, evaluation);
    let allowed = Allowed::by(documents);
    let mut needs = denials(sources, &resource, own.as_ref());
    let Some(own) = own else {
        match governed {
            true if !allowed.in_person => needs.push(in_policy_of_resource(request, false)),
            true => {}
            false => needs
                .push(format!("another caller: {principal} has no account whose policies could allow it")),
        }
        return needs;
    };
    if own.bar() == Some(Why::RootBarred) {
        needs.push("another caller: the account has laid down that its root uses no keys".to_owned());
    }
    needs.extend(guardrails(documents, request));
    match (governed, is_own) {
        (false, false) => {
            needs.push(format!("another caller: {} belongs to another account", request.resource))
        }
        (true, _) if !allowed.by_resource() => needs.push(in_policy_of_resource(request, is_own)),
        _ => {}
    }
    needs.extend(own_documents(sources, request, &allowed, &own, is_own, governed));
    needs
}

/// Which documents allow, whatever others deny.
struct Allowed {
    in_person: bool,
    behind: bool,
    account: bool,
    identity: bool,
    boundary: bool,
    session: bool,
}

impl Allowed {
    fn by(documents: &[DocumentOutcome]) -> Self {
        let any = |roles: &[DocumentRole], named: Option<NamedAs>| {
            let documents =
                documents.iter().filter(|document| document.has_say && roles.contains(&document.role));
            documents.flat_map(|document| &document.statements).any(|statement| {
                statement.allows && statement.applies() && named.is_none_or(|named| statement.named == named)
            })
        };
        let of_resource = |named| any(&[DocumentRole::KeyPolicy, DocumentRole::TrustPolicy], Some(named));
        Self {
            in_person: of_resource(NamedAs::Caller),
            behind: of_resource(NamedAs::Behind),
            account: of_resource(NamedAs::Account),
            identity: any(&[DocumentRole::Identity], None),
            boundary: any(&[DocumentRole::Boundary], None),
            session: any(&[DocumentRole::Session], None),
        }
    }

    fn by_resource(&self) -> bool {
        self.in_person || self.behind || self.account
    }
}

/// A line for each kind of document in which a statement denies.
fn denials(sources: &Sources<'_>, resource: &Findings, own: Option<&Own>) -> Vec<String> {
    let none = Grounds::default();
    let layers = own.into_iter().flat_map(|own| own.denials()).flatten().map(|(_, grounds)| grounds);
    let by_resource = resource.deny.map(|statement| Grounds { resource: Some(statement), ..none });
    let told = |grounds: Grounds| {
        let verdict = Verdict::Denied(Why::ResourceDeny, grounds);
        format!("that {} does not deny it", verdict.told(sources))
    };
    by_resource.into_iter().chain(layers).map(told).collect()
}

fn guardrails(documents: &[DocumentOutcome], request: &Request<'_>) -> Vec<String> {
    let allows = |statement: &StatementOutcome| statement.allows && statement.applies();
    let silent = |document: &&DocumentOutcome| {
        document.role == DocumentRole::Guardrail && !document.statements.iter().any(allows)
    };
    let line = |document: &DocumentOutcome| {
        format!("an Allow in the guardrail {} for {}", document.name, asked(request))
    };
    documents.iter().filter(silent).map(line).collect()
}

/// `kms:Decrypt on arn:…`
fn asked(request: &Request<'_>) -> String {
    format!("{} on {}", request.action, request.resource)
}

fn in_policy_of_resource(request: &Request<'_>, may_delegate: bool) -> String {
    let (document, what) = match request.resource {
        Resource::Key(_) => ("key policy", "the key"),
        _ => ("trust policy", "the role"),
    };
    let principal = request.principal;
    let action = request.action;
    match (may_delegate, principal) {
        (true, Principal::Root { .. }) | (false, _) => {
            format!("an Allow in the {document} for {action} that names {principal}")
        }
        (true, _) => format!(
            "an Allow in the {document} for {action} that names {principal}, or one that names the account and so leaves \
             {what} to identity policies"
        ),
    }
}

/// What the caller's own documents lack, where they are asked.
fn own_documents(
    sources: &Sources<'_>,
    request: &Request<'_>,
    allowed: &Allowed,
    own: &Own,
    is_own: bool,
    governed: bool,
) -> Vec<String> {
    let agree = own.is_bound_to_agree();
    let leaves = allowed.account && !allowed.in_person && !allowed.behind;
    let reason = match () {
        () if !is_own => "; across accounts both sides must allow",
        () if !governed => "",
        () if agree => "; the account has laid down that both must agree",
        () if leaves => "; the policy of the resource leaves it to the account",
        () => "",
    };
    let asks_identity = !is_own || !governed || agree || leaves;
    let asks_limits = asks_identity || (allowed.behind && !allowed.in_person);
    let mut needs = Vec::new();
    if asks_identity && own.identity.is_missing() && !allowed.identity {
        needs.push(format!("an Allow in an identity policy for {}{reason}", asked(request)));
    }
    if asks_limits && own.boundary.is_missing() && !allowed.boundary {
        let name = sources.boundary.map_or("", |named| &*named.name);
        needs.push(format!("an Allow in the boundary {name} for {}", asked(request)));
    }
    let binds = asks_limits || matches!(request.principal, Principal::User { .. } | Principal::Root { .. });
    if binds && own.session.is_missing() && !allowed.session {
        let without = if sources.session.is_none() { "; the session was opened without any" } else { "" };
        needs.push(format!("an Allow in a session policy for {}{without}", asked(request)));
    }
    needs
}

impl fmt::Display for Explanation {
    /// A line for the verdict, one for each statement, one for each need.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.verdict {
            Verdict::Allowed(_) => writeln!(f, "allowed")?,
            Verdict::Denied(why, _) => writeln!(f, "denied: {}", told_why(why))?,
        }
        for document in &self.documents {
            document.fmt(f)?;
        }
        self.needed.iter().try_for_each(|need| writeln!(f, "needed: {need}"))
    }
}

impl fmt::Display for DocumentOutcome {
    /// A line for each statement.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for statement in &self.statements {
            f.write_str(self.role.as_str())?;
            if !self.name.is_empty() {
                write!(f, " {}", self.name)?;
            }
            let no_say = if self.has_say { "" } else { ", which has no say here" };
            writeln!(f, "{no_say}: {statement}")?;
        }
        Ok(())
    }
}

impl fmt::Display for StatementOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.statement)?;
        if let Some(sid) = &self.sid {
            write!(f, " ({sid})")?;
        }
        if self.applies() {
            let word = if self.allows { "allows" } else { "denies" };
            let whom = match self.named {
                NamedAs::Account => " the account",
                NamedAs::Behind => " what is behind the session",
                NamedAs::Nobody | NamedAs::Caller => " it",
            };
            return write!(f, " {word}{whom}");
        }
        f.write_str(" does not apply: ")?;
        for (place, mismatch) in self.mismatches.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { ", " })?;
            mismatch.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal => f.write_str("it names others"),
            Self::Action => f.write_str("it is about other actions"),
            Self::Resource => f.write_str("it is about other resources"),
            Self::Condition { key, operator, absent: true } => {
                write!(f, "{operator} of {key} does not hold, of which the request has no value")
            }
            Self::Condition { key, operator, absent: false } => {
                write!(f, "{operator} of {key} does not hold")
            }
        }
    }
}

fn told_why(why: Why) -> &'static str {
    match why {
        Why::NoResourceStatement => "the policy of the resource does not allow it",
        Why::ResourceDeny => "the policy of the resource denies it",
        Why::NoIdentityStatement => "no identity policy allows it",
        Why::IdentityDeny => "an identity policy denies it",
        Why::NoBoundaryStatement => "the boundary does not allow it",
        Why::BoundaryDeny => "the boundary denies it",
        Why::NoSessionStatement => "no session policy allows it",
        Why::SessionDeny => "a session policy denies it",
        Why::NoGuardrailStatement => "a guardrail does not allow it",
        Why::GuardrailDeny => "a guardrail denies it",
        Why::RootBarred => "the account's root uses no keys",
        Why::Foreign => "the owner in another account does not allow it",
    }
}
