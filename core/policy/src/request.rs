//! What is asked, and the documents that bear on it.

use std::cell::OnceCell;
use std::sync::Arc;

use keystead_model::{Action, Call, Principal, Resource, Session, Tags};

use crate::Facts;
use crate::action::TAKING_ON;
use crate::buffer::Buffer;
use crate::policy::Policy;
use crate::principal::Asker;
use crate::resource::{RESOURCE_BYTES_MAX, resource_text};

/// What is asked.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub principal: &'a Principal,
    /// The session it speaks in; `None` for lasting credentials.
    pub session: Option<&'a Session>,
    /// The tags of the user or role. Those of the session outweigh them.
    pub principal_tags: &'a Tags,
    /// For what.
    pub action: Action,
    /// On what.
    pub resource: &'a Resource,
    /// How the question came in.
    pub call: &'a Call,
    /// Everything else that conditions may ask about.
    pub facts: &'a dyn Facts,
}

/// A document with the name it is told by.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its ARN, or what else its owner knows it by.
    pub name: Arc<str>,
    /// The document.
    pub policy: Arc<Policy>,
}

/// The documents that bear on a request.
#[derive(Clone, Copy, Default)]
pub struct Sources<'a> {
    /// The key's policy; where a role is to be taken on, its trust policy. Without one, a request on either is
    /// denied. It has no say over anything else.
    pub resource: Option<&'a Policy>,
    /// The caller's own: inline, attached, of its groups.
    pub identity: &'a [Named],
    /// What the caller's own may give at most.
    pub boundary: Option<&'a Named>,
    /// Those the caller's session was opened with, never an empty list; `None` if it was opened without, or there is
    /// no session. One of them must allow.
    pub session: Option<&'a [Named]>,
    /// Those of the caller's account. Each must allow; an empty list means that there are none.
    pub guardrails: &'a [Named],
    /// What else the caller's account has laid down.
    pub terms: Terms,
}

/// What an account has laid down about its own principals, beyond documents.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Terms {
    /// A resource's policy or a grant is not enough by itself: a policy of the caller's own must allow too. The root
    /// has none, and needs none.
    pub both_must_agree: bool,
    /// The account's root may look after keys, and use none.
    pub root_may_not_use_keys: bool,
}

/// A request while policies look at it: what several statements need is put together once.
pub(crate) struct Evaluation<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) asker: Asker<'a>,
    resource: OnceCell<Buffer<RESOURCE_BYTES_MAX>>,
}

impl<'a> Evaluation<'a> {
    /// `bounded`: whether the caller has a permissions boundary.
    pub(crate) fn new(request: &'a Request<'a>, bounded: bool) -> Self {
        let opened_by = request.session.and_then(|session| session.opened_by.as_ref());
        let asker = Asker { principal: request.principal, opened_by, bounded };
        Self { request, asker, resource: OnceCell::new() }
    }

    /// The resource's ARN, or `*`.
    pub(crate) fn resource_text(&self) -> &str {
        let text = self.resource.get_or_init(|| resource_text(self.request.resource)).text();
        text.expect("the parts of an ARN are bounded by their types")
    }
}

impl Request<'_> {
    /// Whether the policy of a resource must have its say: on keys, and where a role is taken on.
    pub(crate) fn is_governed(&self) -> bool {
        match self.resource {
            Resource::Key(_) => true,
            Resource::Iam(_) => TAKING_ON.contains(&self.action),
            Resource::Alias(_) | Resource::FederatedUser(..) | Resource::Account => false,
        }
    }
}
