//! OpenID Connect providers, whose tokens roles may trust.

use std::ops::ControlFlow;

use keystead_model::{AccountId, Action, Error, IamKind, ProviderArn, Tags, Timestamp};

use super::listing::answered;
use super::{IamOperation, Target, labelling};
use crate::directory::quotas::{AUDIENCES_MAX, THUMBPRINTS_MAX, within};
use crate::directory::rows::Stored;
use crate::directory::{Desk, Planned};
use crate::records::{DirectoryRecord, ProviderRecord};

/// Make a provider; answers the [`OpenIdConnectProvider`]. Nobody is asked whether there is one at its URL.
pub struct CreateOpenIdConnectProvider {
    /// Its URL: `https://`, 1 to 255 bytes in all, without a query. It is the `iss` of its tokens.
    pub url: Box<str>,
    /// The audiences whose tokens are taken: 100 at most, of 1 to 255 characters.
    pub client_ids: Vec<Box<str>>,
    /// SHA-1 thumbprints of the certificates its server may have: 5 at most, 40 hexadecimal digits each.
    pub thumbprints: Vec<Box<str>>,
    /// Its tags.
    pub tags: Tags,
}

/// Read a provider; answers the [`OpenIdConnectProvider`].
pub struct GetOpenIdConnectProvider {
    /// Which.
    pub provider: ProviderArn,
}

/// Delete a provider. Tokens of it are refused from then on. One that is not there is deleted already, as with AWS.
pub struct DeleteOpenIdConnectProvider {
    /// Which.
    pub provider: ProviderArn,
}

/// List the ARNs of all providers.
pub struct ListOpenIdConnectProviders;

/// Add an audience. One that is there stays so.
pub struct AddClientIdToOpenIdConnectProvider {
    /// To which.
    pub provider: ProviderArn,
    /// The audience: 1 to 255 characters.
    pub client_id: Box<str>,
}

/// Take an audience away. One that is not there is passed over.
pub struct RemoveClientIdFromOpenIdConnectProvider {
    /// Of which.
    pub provider: ProviderArn,
    /// The audience.
    pub client_id: Box<str>,
}

/// Replace the thumbprints.
pub struct UpdateOpenIdConnectProviderThumbprint {
    /// Of which.
    pub provider: ProviderArn,
    /// The new thumbprints: 5 at most, 40 hexadecimal digits each.
    pub thumbprints: Vec<Box<str>>,
}

/// A provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenIdConnectProvider {
    /// Its ARN.
    pub arn: ProviderArn,
    /// Its URL without the scheme, as AWS tells it.
    pub url: Box<str>,
    /// The audiences whose tokens are taken.
    pub client_ids: Vec<Box<str>>,
    /// Thumbprints of the certificates its server may have.
    pub thumbprints: Vec<Box<str>>,
    /// When it was made.
    pub created: Timestamp,
    /// Its tags.
    pub tags: Tags,
}

impl CreateOpenIdConnectProvider {
    /// The URL without its scheme.
    pub(crate) fn host_and_path(&self) -> &str {
        self.url.strip_prefix("https://").unwrap_or(&self.url)
    }
}

impl OpenIdConnectProvider {
    fn of(account: AccountId, record: ProviderRecord) -> Self {
        let arn = ProviderArn::of(record.arn(account)).expect("the record is a provider's");
        let ProviderRecord { url, created, client_ids, thumbprints, tags } = record;
        Self { arn, url, client_ids, thumbprints, created, tags }
    }
}

/// Longest URL of a provider, in bytes, as in the service model.
const URL_BYTES_MAX: usize = 255;
/// Longest audience, in characters, as in the service model.
const AUDIENCE_CHARS_MAX: usize = 255;
/// Characters of a thumbprint: SHA-1 in hexadecimal.
const THUMBPRINT_CHARS: usize = 40;

/// Takes a URL with a host, and perhaps a path: no port, no user, no query, no fragment. It is compared byte by byte with
/// what tokens say, so there must be one spelling.
fn check_url(url: &str) -> Result<(), Error> {
    let invalid = |why: &str| Err(Error::Invalid(format!("the URL of a provider {why}").into()));
    let Some(rest) = url.strip_prefix("https://") else { return invalid("begins with https://") };
    let host = rest.split('/').next().unwrap_or(rest);
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match () {
        () if url.len() > URL_BYTES_MAX => invalid("has 255 bytes at most"),
        () if !rest.bytes().all(|byte| byte.is_ascii_graphic()) => invalid("has visible ASCII only"),
        () if rest.contains(['?', '#', '@', ':']) => invalid("has no port, user, query or fragment"),
        () if !host.split('.').all(is_label) => invalid("names a host"),
        () => Ok(()),
    }
}

fn check_audience(audience: &str) -> Result<(), Error> {
    match (1..=AUDIENCE_CHARS_MAX).contains(&audience.chars().count()) {
        true => Ok(()),
        false => Err(Error::Invalid("an audience has 1 to 255 characters".into())),
    }
}

fn check_thumbprints(thumbprints: &[Box<str>]) -> Result<(), Error> {
    within("ThumbprintsPerOpenIdConnectProvider", thumbprints.len(), THUMBPRINTS_MAX)?;
    let is_one =
        |text: &str| text.len() == THUMBPRINT_CHARS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match thumbprints.iter().all(|text| is_one(text)) {
        true => Ok(()),
        false => Err(Error::Invalid("a thumbprint is 40 hexadecimal digits, of SHA-1".into())),
    }
}

/// The audiences as they are kept: each once, in the order they were given.
fn audiences(given: &[Box<str>]) -> Result<Vec<Box<str>>, Error> {
    within("ClientIdsPerOpenIdConnectProvider", given.len(), AUDIENCES_MAX)?;
    let mut kept: Vec<Box<str>> = Vec::with_capacity(given.len());
    for audience in given {
        check_audience(audience)?;
        if !kept.contains(audience) {
            kept.push(audience.clone());
        }
    }
    Ok(kept)
}

impl IamOperation for CreateOpenIdConnectProvider {
    const ACTION: Action = Action::CreateOpenIDConnectProvider;
    type Answer = OpenIdConnectProvider;

    fn target(&self) -> Target<'_> {
        let tag = labelling(&self.tags, Action::TagOpenIDConnectProvider);
        Target::New { kind: IamKind::OidcProvider, path: "/", name: self.host_and_path(), tag }
    }

    fn request_tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<OpenIdConnectProvider>, Error> {
        check_url(&self.url)?;
        check_thumbprints(&self.thumbprints)?;
        let rows = desk.rows;
        rows.is_free::<ProviderRecord>(self.host_and_path())?;
        desk.directory.room().take::<ProviderRecord>(rows, "OpenIdConnectProvidersPerAccount")?;
        let record = ProviderRecord {
            url: self.host_and_path().into(),
            created: desk.now(),
            client_ids: audiences(&self.client_ids)?,
            thumbprints: self.thumbprints.clone(),
            tags: self.tags.clone(),
        };
        Ok((vec![rows.make(&record)], OpenIdConnectProvider::of(desk.account(), record)))
    }
}

impl IamOperation for GetOpenIdConnectProvider {
    const ACTION: Action = Action::GetOpenIDConnectProvider;
    type Answer = OpenIdConnectProvider;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<OpenIdConnectProvider>, Error> {
        let found = desk.rows.of_arn::<ProviderRecord>(self.provider.arn())?;
        Ok(answered(OpenIdConnectProvider::of(desk.account(), found.record)))
    }
}

impl IamOperation for DeleteOpenIdConnectProvider {
    const ACTION: Action = Action::DeleteOpenIDConnectProvider;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        match desk.rows.of_arn::<ProviderRecord>(self.provider.arn()) {
            Ok(provider) => Ok((vec![desk.rows.delete(&provider)], ())),
            Err(Error::NoSuchEntity(_)) => Ok(answered(())),
            Err(error) => Err(error),
        }
    }
}

impl IamOperation for ListOpenIdConnectProviders {
    const ACTION: Action = Action::ListOpenIDConnectProviders;
    type Answer = Vec<ProviderArn>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Vec<ProviderArn>>, Error> {
        let mut found = Vec::new();
        desk.rows.visit(None, |record: ProviderRecord| {
            found.push(OpenIdConnectProvider::of(desk.account(), record).arn);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(answered(found))
    }
}

impl IamOperation for AddClientIdToOpenIdConnectProvider {
    const ACTION: Action = Action::AddClientIDToOpenIDConnectProvider;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut provider: Stored<ProviderRecord> = desk.rows.of_arn(self.provider.arn())?;
        check_audience(&self.client_id)?;
        let client_ids = &mut provider.record.client_ids;
        if client_ids.contains(&self.client_id) {
            return Ok(answered(()));
        }
        within("ClientIdsPerOpenIdConnectProvider", client_ids.len() + 1, AUDIENCES_MAX)?;
        client_ids.push(self.client_id.clone());
        Ok((vec![desk.rows.replace(&provider)], ()))
    }
}

impl IamOperation for RemoveClientIdFromOpenIdConnectProvider {
    const ACTION: Action = Action::RemoveClientIDFromOpenIDConnectProvider;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut provider: Stored<ProviderRecord> = desk.rows.of_arn(self.provider.arn())?;
        provider.record.client_ids.retain(|audience| *audience != self.client_id);
        Ok((vec![desk.rows.replace(&provider)], ()))
    }
}

impl IamOperation for UpdateOpenIdConnectProviderThumbprint {
    const ACTION: Action = Action::UpdateOpenIDConnectProviderThumbprint;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut provider: Stored<ProviderRecord> = desk.rows.of_arn(self.provider.arn())?;
        check_thumbprints(&self.thumbprints)?;
        provider.record.thumbprints = self.thumbprints.clone();
        Ok((vec![desk.rows.replace(&provider)], ()))
    }
}
