//! The door for services that call on behalf of others.

use std::sync::Arc;

use keystead_model::{Action, AliasArn, Call, Caller, Error, KeyRef, Principal};

use super::Engine;
use crate::Permit;
use crate::authority::Found;
use crate::entry::{AuditEntry, Who};
use crate::ops::{Operation, service_keys};
use crate::schedule::internal_call;
use crate::services::Service;

/// A service's key that has to be made before the request that asks for it is decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    alias: AliasArn,
    service: Service,
}

impl Engine {
    /// Whether a request asks for the key of a service in its caller's own account that is not there yet, and may have it
    /// made: [`Engine::make_service_key`], before the request is authorised. What the caller may then do with the key is
    /// up to the key's policy.
    pub fn missing_service_key<Op: Operation>(
        &self,
        call: &Call,
        caller: &Caller,
        op: &Op,
    ) -> Option<Missing> {
        let (key, service) = service_keys::asked_for(op, self.services.of(caller))?;
        let account = caller.principal.account()?;
        let alias = match key {
            KeyRef::Alias(name) => AliasArn { location: call.location.clone(), account, name: name.clone() },
            KeyRef::AliasArn(arn) => arn.clone(),
            _ => return None,
        };
        let is_own = alias.account == account && alias.location == call.location;
        let is_missing = is_own && matches!(self.keys.alias(&alias), Ok(None));
        is_missing.then_some(Missing { alias, service })
    }

    /// Makes the key of a service. If another request has made it meanwhile, that one is it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] and the like: the key or its record cannot be written.
    pub async fn make_service_key(&self, missing: Missing) -> Result<(), Error> {
        let Missing { alias, service } = missing;
        let call = internal_call(&self.world, alias.location.clone());
        let keystead = Arc::new(Caller::new(Principal::Keystead, None));
        let mut entry = AuditEntry::open(&self.log, &call, Who::Known(keystead), Action::CreateKey);
        entry.resource = Some(alias.to_string().into());
        let world = &self.world;
        Permit { op: (), found: Found::default(), entry }
            .change(&self.vault, |(), _, entry| {
                let (changes, made) =
                    service_keys::plan(&self.keys, &*world.entropy, &alias, service, world.clock.now())?;
                entry.key = made;
                Ok((changes, ()))
            })
            .await
    }
}
