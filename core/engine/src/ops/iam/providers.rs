//! OpenID Connect providers, whose tokens roles may trust.

use keystead_model::{Action, IamKind, ProviderArn, Tags, Timestamp};

use super::{IamOperation, Target, labelling};

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
}

impl IamOperation for GetOpenIdConnectProvider {
    const ACTION: Action = Action::GetOpenIDConnectProvider;
    type Answer = OpenIdConnectProvider;

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }
}

impl IamOperation for DeleteOpenIdConnectProvider {
    const ACTION: Action = Action::DeleteOpenIDConnectProvider;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }
}

impl IamOperation for ListOpenIdConnectProviders {
    const ACTION: Action = Action::ListOpenIDConnectProviders;
    type Answer = Vec<ProviderArn>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for AddClientIdToOpenIdConnectProvider {
    const ACTION: Action = Action::AddClientIDToOpenIDConnectProvider;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }
}

impl IamOperation for RemoveClientIdFromOpenIdConnectProvider {
    const ACTION: Action = Action::RemoveClientIDFromOpenIDConnectProvider;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }
}

impl IamOperation for UpdateOpenIdConnectProviderThumbprint {
    const ACTION: Action = Action::UpdateOpenIDConnectProviderThumbprint;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.provider.arn())
    }
}
