//! A key's one policy, named `default`.

use keystead_crypto::ApprovalParameters;
use keystead_model::{Action, Call, Caller, Error, KeyRef, Resource};
use keystead_policy::{ConditionKey, Kind, NoFacts, Policy, Request, Value, Visit, keeps_administrator};

use super::{Operation, Page, PageRequest, edit};
use crate::authority::{Found, Subject};
use crate::directory::Standing;
use crate::directory::duties::are_apart;
use crate::keys::{Keys, customer_only};
use crate::records::PolicyText;
use crate::vault::Change;

/// Read a key's policy; answers the text as it was written.
pub struct GetKeyPolicy {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// `default` if absent; nothing else exists.
    pub name: Option<Box<str>>,
}

/// Replace a key's policy.
pub struct PutKeyPolicy {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// `default` if absent; nothing else is taken.
    pub name: Option<Box<str>>,
    /// The new text.
    pub policy: Box<str>,
    /// Skip the check that the caller can still replace the policy.
    pub bypass_policy_lockout_safety_check: bool,
}

/// List the names of a key's policies; answers a [`Page`](super::Page) of names.
pub struct ListKeyPolicies {
    /// Which key: id or key ARN.
    pub key: KeyRef,
    /// Which page.
    pub page: PageRequest,
}

/// The one name a key's policy has.
const NAME: &str = "default";

impl GetKeyPolicy {
    pub(crate) fn run(&self, keys: &Keys, found: &Found) -> Result<Box<str>, Error> {
        only_default(self.name.as_deref())?;
        let arn = &found.key().arn;
        let (_, record) = keys.record(arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))?;
        Ok(match record.policy {
            PolicyText::Default => Policy::default_key_policy(arn.account).into(),
            PolicyText::Own(text) => text,
        })
    }
}

impl PutKeyPolicy {
    pub(crate) fn plan(
        &self,
        keys: &Keys,
        found: &Found,
        call: &Call,
        by: (&Caller, &Standing),
    ) -> Result<(Vec<Change>, ()), Error> {
        only_default(self.name.as_deref())?;
        customer_only(found.key())?;
        let resource = Resource::Key(found.key().arn.clone());
        let text = written(&self.policy, &resource, call, by, self.bypass_policy_lockout_safety_check)?;
        edit::key(keys, &found.key().arn, Self::ACTION, |record| {
            record.policy = text;
            Ok(())
        })
    }
}

impl ListKeyPolicies {
    pub(crate) fn run(&self) -> Result<Page<Box<str>>, Error> {
        // There is one page, so nobody was ever given a marker.
        match self.page.marker {
            Some(_) => Err(Error::InvalidMarker),
            None => Ok(Page { items: vec![NAME.into()], next: None }),
        }
    }
}

/// A policy text that compiles and leaves its writer able to replace it, unless they ask not to be checked.
pub fn written(
    text: &str,
    resource: &Resource,
    call: &Call,
    (caller, standing): (&Caller, &Standing),
    bypass: bool,
) -> Result<PolicyText, Error> {
    let policy =
        Policy::parse(text, Kind::Key).map_err(|error| Error::MalformedPolicy(error.to_string().into()))?;
    if standing.keeps_duties_apart() {
        are_apart(&policy)?;
    }
    let request = Request {
        principal: &caller.principal,
        session: caller.session.as_deref(),
        principal_tags: standing.tags(),
        action: Action::PutKeyPolicy,
        resource,
        call,
        facts: &NoFacts,
    };
    if !bypass && !keeps_administrator(&policy, &request) {
        let why = "The new key policy will not allow you to update the key policy in the future.";
        return Err(Error::MalformedPolicy(why.into()));
    }
    Ok(PolicyText::Own(text.into()))
}

fn only_default(name: Option<&str>) -> Result<(), Error> {
    match name {
        None | Some(NAME) => Ok(()),
        Some(other) => Err(Error::KeyNotFound(format!("No such policy exists: {other}").into())),
    }
}

impl Operation for GetKeyPolicy {
    const ACTION: Action = Action::GetKeyPolicy;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for ListKeyPolicies {
    const ACTION: Action = Action::ListKeyPolicies;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }
}

impl Operation for PutKeyPolicy {
    const ACTION: Action = Action::PutKeyPolicy;

    fn subject(&self) -> Subject<'_> {
        Subject::KeyByIdOnly(&self.key)
    }

    fn approval(&self, _: &Found) -> Option<ApprovalParameters> {
        Some(
            ApprovalParameters::default()
                .with("PolicyName", self.name.as_deref().unwrap_or(NAME))
                .with("BypassPolicyLockoutSafetyCheck", self.bypass_policy_lockout_safety_check)
                .with("Policy", &self.policy),
        )
    }

    fn facts(&self, _: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        if *name == ConditionKey::KmsBypassPolicyLockoutSafetyCheck {
            visit(Value::Flag(self.bypass_policy_lockout_safety_check));
        }
    }
}
