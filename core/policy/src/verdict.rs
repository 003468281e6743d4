//! The decision, and which statements made it.

use std::fmt;

use keystead_model::{GrantId, Why};

use crate::policy::{Kind, Policy};
use crate::request::{Named, Sources};

/// Which of several documents, and which statement of it; both from 0.
pub(crate) type Place = (u16, u16);

/// The statements that decided, counted from 0. Guardrails are named where one denies; that all of them allow is what
/// every other decision rests on.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Grounds {
    /// A statement of the key's policy or of the role's trust policy.
    pub resource: Option<u16>,
    /// A statement of one of the caller's policies: which policy, which statement.
    pub identity: Option<(u16, u16)>,
    /// A statement of the caller's permissions boundary.
    pub boundary: Option<u16>,
    /// A statement of one of the session's policies: which policy, which statement.
    pub session: Option<(u16, u16)>,
    /// A statement of one of the account's guardrails: which guardrail, which statement.
    pub guardrail: Option<(u16, u16)>,
    /// A grant on the key.
    pub grant: Option<GrantId>,
}

/// The decision.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Allowed, by these statements; by none where an account's root needs none.
    Allowed(Grounds),
    /// Denied, by this statement, or because none allows.
    Denied(Why, Grounds),
}

impl Verdict {
    /// Whether the request may go on.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// The statements that decided.
    pub fn grounds(&self) -> Grounds {
        match self {
            Self::Allowed(grounds) | Self::Denied(_, grounds) => *grounds,
        }
    }

    /// Whether nothing speaks against the request, so that a grant can still allow it. A denial wins over every
    /// grant, and so does whatever binds everybody of the account.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Allowed(_) => false,
            Self::Denied(
                Why::ResourceDeny
                | Why::IdentityDeny
                | Why::BoundaryDeny
                | Why::SessionDeny
                | Why::GuardrailDeny
                | Why::NoGuardrailStatement
                | Why::RootBarred,
                _,
            ) => false,
            Self::Denied(
                Why::NoResourceStatement
                | Why::NoIdentityStatement
                | Why::NoBoundaryStatement
                | Why::NoSessionStatement
                | Why::Foreign,
                grounds,
            ) => *grounds == Grounds::default(),
        }
    }

    /// Allowed by a grant and, where that names the caller's account, by these statements of the caller's own.
    pub fn granted(grant: GrantId, own: Grounds) -> Self {
        Self::Allowed(Grounds { grant: Some(grant), ..own })
    }

    /// Who decided, in words, for the record: which statement of which document, with its `Sid`; `default` where
    /// no statement spoke.
    pub fn told<'a>(&'a self, sources: &'a Sources<'a>) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| {
            let grounds = self.grounds();
            if grounds == Grounds::default() {
                return f.write_str(match self {
                    Self::Allowed(_) => "the account itself",
                    Self::Denied(..) => "default",
                });
            }
            grounds.write(f, sources)
        })
    }
}

impl Grounds {
    fn write(&self, f: &mut fmt::Formatter<'_>, sources: &Sources<'_>) -> fmt::Result {
        let Self { resource, identity, boundary, session, guardrail, grant } = *self;
        let mut and = And(false);
        if let Some(grant) = grant {
            and.write(f)?;
            write!(f, "grant {grant}")?;
        }
        if let Some(statement) = resource {
            and.write(f)?;
            let word = match sources.resource.map(Policy::kind) {
                Some(Kind::Trust) => "trust policy",
                _ => "key policy",
            };
            write!(f, "{word} {}", told_statement(sources.resource, statement))?;
        }
        let boundaries = sources.boundary.map_or(&[][..], std::slice::from_ref);
        for (kind, documents, place) in [
            ("identity policy", sources.identity, identity),
            ("boundary", boundaries, boundary.map(|statement| (0, statement))),
            ("session policy", sources.session.unwrap_or_default(), session),
            ("guardrail", sources.guardrails, guardrail),
        ] {
            let Some((document, statement)) = place else { continue };
            and.write(f)?;
            let named = documents.get(usize::from(document));
            let name = named.map_or("", |named: &Named| &named.name);
            let policy = named.map(|named| &*named.policy);
            write!(f, "{kind} {name} {}", told_statement(policy, statement))?;
        }
        Ok(())
    }
}

/// Writes ` and ` before all but the first.
struct And(bool);

impl And {
    fn write(&mut self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match std::mem::replace(&mut self.0, true) {
            false => Ok(()),
            true => f.write_str(" and "),
        }
    }
}

fn told_statement(policy: Option<&Policy>, statement: u16) -> impl fmt::Display {
    fmt::from_fn(move |f| match policy.and_then(|policy| policy.sid(statement)) {
        Some(sid) => write!(f, "statement {statement} ({sid})"),
        None => write!(f, "statement {statement}"),
    })
}
