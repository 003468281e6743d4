//! Callers who sign nothing, and for whom an identity provider vouches.

use std::sync::Arc;

use keystead_federation::{Audience, Expected, Issuer, ProviderError, Refused, Thumbprint, Token};
use keystead_model::{Action, Call, Caller, Error, IdentityTokenFault, ProviderArn};

use super::Engine;
use crate::entry::{AuditEntry, Who};
use crate::ops::sts::{AssumeRoleWithWebIdentity, Vouched, WebIdentitySession};
use crate::records::{DirectoryRecord, ProviderRecord};

impl Engine {
    /// See [`AssumeRoleWithWebIdentity`]. The token is the proof, so that there is no caller before, and nothing to permit.
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn assume_role_with_web_identity(
        &self,
        call: &Call,
        asked: AssumeRoleWithWebIdentity,
    ) -> Result<WebIdentitySession, Error> {
        let role = asked.role.clone();
        let op = match self.vouched(call, asked).await {
            Ok(op) => op,
            Err(error) => {
                let action = Action::AssumeRoleWithWebIdentity;
                let mut entry = AuditEntry::open(&self.log, call, Who::Claimed(None), action);
                entry.owner = role.arn().account;
                entry.resource = Some(role.to_string().into());
                return entry.close(Err(error)).await;
            }
        };
        let caller = Arc::new(Caller::new(op.principal(), None));
        let permit = self.authorise(call, &caller, op).await?;
        permit.perform(|op, found, entry| op.run(self.bench(), found, entry)).await
    }

    /// Verifies the token of a request with the keys of its issuer, which has to be a provider of the role's account.
    async fn vouched(&self, call: &Call, asked: AssumeRoleWithWebIdentity) -> Result<Vouched, Error> {
        let text = std::str::from_utf8(asked.token.expose()).map_err(|_| refused(&Refused::Malformed))?;
        let token = Token::read(text).map_err(|error| refused(&error))?;
        let issuer = token.claimed_issuer().clone();
        let (arn, record) = self.provider(&asked, &issuer)?;
        let thumbprints: Vec<Thumbprint> =
            record.thumbprints.iter().filter_map(|text| Thumbprint::parse(text)).collect();
        let keys = self.identity_providers.keys(&issuer, &thumbprints, token.key_id()).await;
        let keys = keys.map_err(unavailable)?;
        let audiences: Vec<Audience> =
            record.client_ids.iter().filter_map(|text| Audience::parse(text)).collect();
        let expected = Expected { issuer: &issuer, audiences: &audiences };
        let claims = token.verify(&keys, &expected, call.at).map_err(|error| refused(&error))?;
        Vouched::new(asked, arn, claims)
    }

    fn provider(
        &self,
        asked: &AssumeRoleWithWebIdentity,
        issuer: &Issuer,
    ) -> Result<(ProviderArn, ProviderRecord), Error> {
        let unknown = || {
            let text = format!("No OpenIDConnect provider found in your account for {issuer}");
            Error::IdentityToken(IdentityTokenFault::Invalid, text.into())
        };
        let account = asked.role.arn().account.ok_or_else(unknown)?;
        let found = self.directory.rows(account).find::<ProviderRecord>(issuer.provider())?;
        let record = found.ok_or_else(unknown)?.record;
        let arn = ProviderArn::of(record.arn(account)).ok_or(Error::Internal)?;
        Ok((arn, record))
    }
}

fn refused(why: &Refused) -> Error {
    let fault = match why {
        Refused::Expired => IdentityTokenFault::Expired,
        _ => IdentityTokenFault::Invalid,
    };
    Error::IdentityToken(fault, why.to_string().into())
}

fn unavailable(why: ProviderError) -> Error {
    let fault = match why {
        ProviderError::Unreachable | ProviderError::TimedOut | ProviderError::Throttled => {
            IdentityTokenFault::Unreachable
        }
        ProviderError::NotAllowed | ProviderError::Tls | ProviderError::Malformed => {
            IdentityTokenFault::Invalid
        }
    };
    let text = format!("Couldn't retrieve verification key from your identity provider: {why}");
    Error::IdentityToken(fault, text.into())
}
