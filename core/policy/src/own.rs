//! The caller's side of a decision: what its own documents and its account's say.

use keystead_model::{GrantId, Principal, Why};

use crate::Naming;
use crate::duty::is_use;
use crate::request::{Evaluation, Named, Request, Sources};
use crate::verdict::{Grounds, Place, Verdict};

/// What the caller's side says to a request, all together.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnSide {
    /// A statement denies it.
    Denies(Why, Grounds),
    /// Something that must allow does not, whatever others allow.
    Bars(Why),
    /// Nothing stands against it.
    Clear {
        /// The statements of the caller's side that must allow what is given to the caller in person.
        in_person: Grounds,
        /// Those that must allow what is given to the caller's account; `None` if one of them does not.
        by_account: Option<Grounds>,
    },
}

impl OwnSide {
    /// The decision, if a grant that names the caller so allows; `None` if that is not enough.
    pub fn with_grant(self, grant: GrantId, naming: Naming) -> Option<Verdict> {
        match (self, naming) {
            (Self::Denies(..) | Self::Bars(_), _) => None,
            (Self::Clear { in_person, .. }, Naming::InPerson) => Some(Verdict::granted(grant, in_person)),
            (Self::Clear { by_account, .. }, Naming::ByAccount) => {
                by_account.map(|own| Verdict::granted(grant, own))
            }
        }
    }
}

/// What the caller's side says, for what is decided by a grant.
///
/// Boundary, session policies and guardrails must allow what a grant gives, and so must, if both must agree, a policy
/// of the caller's own.
pub fn own_side(sources: &Sources<'_>, request: &Request<'_>) -> OwnSide {
    let own = Own::find(sources, &Evaluation::new(request, sources.boundary.is_some()));
    if let Some((why, grounds)) = own.denial() {
        return OwnSide::Denies(why, grounds);
    }
    if let Some(why) = own.bar().or(own.limit()) {
        return OwnSide::Bars(why);
    }
    match own.lack() {
        Some(why) if own.is_bound_to_agree() => OwnSide::Bars(why),
        Some(_) => OwnSide::Clear { in_person: own.limits(), by_account: None },
        None => {
            let in_person = if own.is_bound_to_agree() { own.grounds() } else { own.limits() };
            OwnSide::Clear { in_person, by_account: Some(own.grounds()) }
        }
    }
}

/// What the caller's own documents and its account's say.
pub(crate) struct Own {
    pub(crate) guardrails: Layer,
    pub(crate) identity: Layer,
    pub(crate) boundary: Layer,
    pub(crate) session: Layer,
    is_barred_root: bool,
    both_must_agree: bool,
}

/// What all documents of one kind say.
#[derive(Clone, Copy)]
pub(crate) struct Layer {
    pub(crate) deny: Option<Place>,
    pub(crate) allow: Allow,
}

/// Whether the documents of one kind allow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allow {
    /// None is needed.
    Needless,
    /// This statement does.
    By(Place),
    /// None does.
    Missing,
}

impl Own {
    /// Nothing but the documents of the caller and of its account is looked at.
    pub(crate) fn find(sources: &Sources<'_>, evaluation: &Evaluation<'_>) -> Self {
        let request = evaluation.request;
        let is_root = matches!(request.principal, Principal::Root { .. });
        Self {
            guardrails: Layer::all_of(sources.guardrails, evaluation),
            identity: Layer::one_of(sources.identity, evaluation).needless_if(is_root_behind(request)),
            boundary: match sources.boundary {
                None => Layer::ABSENT,
                Some(boundary) => Layer::one_of(std::slice::from_ref(boundary), evaluation),
            },
            session: match (sources.session, request.principal) {
                // A federated user has what its session's policies give it, and without any nothing.
                (None, Principal::FederatedUser { .. }) => Layer { deny: None, allow: Allow::Missing },
                (None, _) => Layer::ABSENT,
                (Some(policies), _) => Layer::one_of(policies, evaluation),
            },
            is_barred_root: is_root && sources.terms.root_may_not_use_keys && is_use(request.action),
            both_must_agree: sources.terms.both_must_agree,
        }
    }

    /// The first denial.
    pub(crate) fn denial(&self) -> Option<(Why, Grounds)> {
        self.denials().into_iter().flatten().next()
    }

    /// The first denial in documents of each kind, in the order they are told.
    pub(crate) fn denials(&self) -> [Option<(Why, Grounds)>; 4] {
        let Self { guardrails, identity, boundary, session, .. } = self;
        let none = Grounds::default();
        let denial = |layer: &Layer, why, grounds: &dyn Fn(Place) -> Grounds| {
            layer.deny.map(|place| (why, grounds(place)))
        };
        [
            denial(guardrails, Why::GuardrailDeny, &|place| Grounds { guardrail: Some(place), ..none }),
            denial(identity, Why::IdentityDeny, &|place| Grounds { identity: Some(place), ..none }),
            denial(boundary, Why::BoundaryDeny, &|(_, at)| Grounds { boundary: Some(at), ..none }),
            denial(session, Why::SessionDeny, &|place| Grounds { session: Some(place), ..none }),
        ]
    }

    /// What stands against a request of anybody in the account, whoever allows it.
    pub(crate) fn bar(&self) -> Option<Why> {
        match (self.guardrails.allow, self.is_barred_root) {
            (_, true) => Some(Why::RootBarred),
            (Allow::Missing, _) => Some(Why::NoGuardrailStatement),
            _ => None,
        }
    }

    /// Which of boundary and session policies does not allow.
    pub(crate) fn limit(&self) -> Option<Why> {
        match (self.boundary.allow, self.session.allow) {
            (Allow::Missing, _) => Some(Why::NoBoundaryStatement),
            (_, Allow::Missing) => Some(Why::NoSessionStatement),
            _ => None,
        }
    }

    /// Whether session policies alone do not allow, and the statement by which they do.
    pub(crate) fn session_only(&self) -> (Option<Why>, Grounds) {
        match self.session.allow {
            Allow::Missing => (Some(Why::NoSessionStatement), Grounds::default()),
            _ => (None, Grounds { session: self.session.place(), ..Grounds::default() }),
        }
    }

    /// What the caller's own documents lack to allow by themselves.
    pub(crate) fn lack(&self) -> Option<Why> {
        match self.identity.allow {
            Allow::Missing => Some(Why::NoIdentityStatement),
            _ => self.limit(),
        }
    }

    /// Whether a policy of the caller's own must allow, whoever else does.
    pub(crate) fn is_bound_to_agree(&self) -> bool {
        self.both_must_agree
    }

    /// The statements by which the caller's own documents allow.
    pub(crate) fn grounds(&self) -> Grounds {
        Grounds { identity: self.identity.place(), ..self.limits() }
    }

    /// The statements by which boundary and session policies allow.
    pub(crate) fn limits(&self) -> Grounds {
        let boundary = self.boundary.place().map(|(_, statement)| statement);
        Grounds { boundary, session: self.session.place(), ..Grounds::default() }
    }
}

impl Layer {
    const ABSENT: Self = Self { deny: None, allow: Allow::Needless };

    /// One of the documents must allow.
    fn one_of(policies: &[Named], evaluation: &Evaluation<'_>) -> Self {
        let mut layer = Self { deny: None, allow: Allow::Missing };
        for (place, named) in placed(policies) {
            let findings = named.policy.find_for_holder(evaluation);
            if let Some(statement) = findings.deny {
                layer.deny = Some((place, statement));
                break;
            }
            if let (Allow::Missing, Some(statement)) = (layer.allow, findings.allow) {
                layer.allow = Allow::By((place, statement));
            }
        }
        layer
    }

    /// Each of the documents must allow.
    fn all_of(policies: &[Named], evaluation: &Evaluation<'_>) -> Self {
        let mut layer = Self::ABSENT;
        for (place, named) in placed(policies) {
            let findings = named.policy.find_for_holder(evaluation);
            if let Some(statement) = findings.deny {
                layer.deny = Some((place, statement));
                break;
            }
            if findings.allow.is_none() {
                layer.allow = Allow::Missing;
            }
        }
        layer
    }

    fn needless_if(self, needless: bool) -> Self {
        match self.allow {
            Allow::Missing if needless => Self { allow: Allow::Needless, ..self },
            _ => self,
        }
    }

    /// Whether a document must allow and none does.
    pub(crate) fn is_missing(&self) -> bool {
        self.allow == Allow::Missing
    }

    fn place(&self) -> Option<Place> {
        match self.allow {
            Allow::By(place) => Some(place),
            Allow::Needless | Allow::Missing => None,
        }
    }
}

/// Documents past the 65,535th are all told by that place: their word counts, whatever it is called.
fn placed(policies: &[Named]) -> impl Iterator<Item = (u16, &Named)> {
    policies.iter().enumerate().map(|(place, named)| (u16::try_from(place).unwrap_or(u16::MAX), named))
}

/// Whether an account's root asks, or somebody in a session that the root has opened.
fn is_root_behind(request: &Request<'_>) -> bool {
    let is_root = |principal: &Principal| matches!(principal, Principal::Root { .. });
    match request.principal {
        Principal::FederatedUser { account, .. } => {
            let opened_by = request.session.and_then(|session| session.opened_by.as_ref());
            opened_by.is_some_and(|user| is_root(user) && user.account() == Some(*account))
        }
        principal => is_root(principal),
    }
}
