//! OpenID Connect providers.

use keystead_engine::ops::iam::{self as ops, OpenIdConnectProvider};
use keystead_model::ProviderArn;

use super::super::super::iam_model::{
    AddClientIDToOpenIDConnectProviderRequest, CreateOpenIDConnectProviderRequest,
    DeleteOpenIDConnectProviderRequest, GetOpenIDConnectProviderRequest, ListOpenIDConnectProvidersRequest,
    RemoveClientIDFromOpenIDConnectProviderRequest, UpdateOpenIDConnectProviderThumbprintRequest,
};
use super::super::super::query::Xml;
use super::{Taken, given, tag_list, text, texts};

pub(in super::super) fn create_open_id_connect_provider(
    wire: CreateOpenIDConnectProviderRequest<'_>,
) -> Taken<ops::CreateOpenIdConnectProvider> {
    let CreateOpenIDConnectProviderRequest { client_id_list, tags, thumbprint_list, url } = wire;
    Ok(ops::CreateOpenIdConnectProvider {
        url: text(url)?,
        client_ids: texts(client_id_list),
        thumbprints: texts(thumbprint_list),
        tags: super::tags(tags)?,
    })
}

pub(in super::super) fn get_open_id_connect_provider(
    wire: GetOpenIDConnectProviderRequest<'_>,
) -> Taken<ops::GetOpenIdConnectProvider> {
    let GetOpenIDConnectProviderRequest { open_id_connect_provider_arn } = wire;
    Ok(ops::GetOpenIdConnectProvider { provider: super::provider(open_id_connect_provider_arn)? })
}

pub(in super::super) fn delete_open_id_connect_provider(
    wire: DeleteOpenIDConnectProviderRequest<'_>,
) -> Taken<ops::DeleteOpenIdConnectProvider> {
    let DeleteOpenIDConnectProviderRequest { open_id_connect_provider_arn } = wire;
    Ok(ops::DeleteOpenIdConnectProvider { provider: super::provider(open_id_connect_provider_arn)? })
}

pub(in super::super) fn list_open_id_connect_providers(
    wire: ListOpenIDConnectProvidersRequest,
) -> Taken<ops::ListOpenIdConnectProviders> {
    let ListOpenIDConnectProvidersRequest {} = wire;
    Ok(ops::ListOpenIdConnectProviders)
}

pub(in super::super) fn add_client_id(
    wire: AddClientIDToOpenIDConnectProviderRequest<'_>,
) -> Taken<ops::AddClientIdToOpenIdConnectProvider> {
    let AddClientIDToOpenIDConnectProviderRequest { client_id, open_id_connect_provider_arn } = wire;
    Ok(ops::AddClientIdToOpenIdConnectProvider {
        provider: super::provider(open_id_connect_provider_arn)?,
        client_id: text(client_id)?,
    })
}

pub(in super::super) fn remove_client_id(
    wire: RemoveClientIDFromOpenIDConnectProviderRequest<'_>,
) -> Taken<ops::RemoveClientIdFromOpenIdConnectProvider> {
    let RemoveClientIDFromOpenIDConnectProviderRequest { client_id, open_id_connect_provider_arn } = wire;
    Ok(ops::RemoveClientIdFromOpenIdConnectProvider {
        provider: super::provider(open_id_connect_provider_arn)?,
        client_id: text(client_id)?,
    })
}

pub(in super::super) fn update_thumbprint(
    wire: UpdateOpenIDConnectProviderThumbprintRequest<'_>,
) -> Taken<ops::UpdateOpenIdConnectProviderThumbprint> {
    let UpdateOpenIDConnectProviderThumbprintRequest { open_id_connect_provider_arn, thumbprint_list } = wire;
    Ok(ops::UpdateOpenIdConnectProviderThumbprint {
        provider: super::provider(open_id_connect_provider_arn)?,
        thumbprints: texts(Some(given(thumbprint_list)?)),
    })
}

pub(in super::super) fn new_provider(provider: OpenIdConnectProvider, xml: &mut Xml) {
    xml.shown("OpenIDConnectProviderArn", &provider.arn);
    tag_list(&provider.tags, xml);
}

pub(in super::super) fn provider(provider: OpenIdConnectProvider, xml: &mut Xml) {
    let OpenIdConnectProvider { arn: _, url, client_ids, thumbprints, created, tags } = provider;
    xml.text("Url", &url).texts("ClientIDList", client_ids).texts("ThumbprintList", thumbprints);
    xml.time("CreateDate", created);
    tag_list(&tags, xml);
}

pub(in super::super) fn providers(arns: Vec<ProviderArn>, xml: &mut Xml) {
    xml.structures("OpenIDConnectProviderList", arns, |xml, arn| {
        xml.shown("Arn", arn);
    });
}
