//! Custom key stores: which members belong together, and what a store is.

use std::sync::Arc;

use keystead_engine::ops;
use keystead_model::{CustomKeyStoreType, ProxyConnectivity};

use super::super::kms_model::{
    ConnectCustomKeyStoreRequest, CreateCustomKeyStoreRequest, DeleteCustomKeyStoreRequest,
    DescribeCustomKeyStoresRequest, DisconnectCustomKeyStoreRequest, UpdateCustomKeyStoreRequest,
    XksProxyAuthenticationCredentialType,
};
use super::super::rules::Text;
use super::super::wire::{Writer, Written};
use super::{Taken, given, page, paged, writer};
use crate::door::Refusal;

pub(in super::super) fn create_custom_key_store(
    wire: CreateCustomKeyStoreRequest<'_>,
) -> Taken<ops::CreateCustomKeyStore> {
    let CreateCustomKeyStoreRequest {
        cloud_hsm_cluster_id: cluster,
        custom_key_store_name: name,
        custom_key_store_type: kind,
        key_store_password: password,
        trust_anchor_certificate: trust_anchor,
        xks_proxy_authentication_credential: credential,
        xks_proxy_connectivity: connectivity,
        xks_proxy_uri_endpoint: endpoint,
        xks_proxy_uri_path: path,
        xks_proxy_vpc_endpoint_service_name: vpc_service,
        xks_proxy_vpc_endpoint_service_owner: vpc_owner,
    } = wire;
    // The reader has refused every word that is not in the model's list, which is ours too.
    let kind = kind.and_then(|kind| CustomKeyStoreType::parse(&kind));
    let kind = kind.unwrap_or(CustomKeyStoreType::AwsCloudHsm);
    let backing = match kind {
        CustomKeyStoreType::AwsCloudHsm => {
            absent(kind, "XksProxyAuthenticationCredential", credential.is_some())?;
            absent(kind, "XksProxyConnectivity", connectivity.is_some())?;
            absent(kind, "XksProxyUriEndpoint", endpoint.is_some())?;
            absent(kind, "XksProxyUriPath", path.is_some())?;
            absent(kind, "XksProxyVpcEndpointServiceName", vpc_service.is_some())?;
            absent(kind, "XksProxyVpcEndpointServiceOwner", vpc_owner.is_some())?;
            ops::NewBacking::CloudHsm {
                cluster: needed(kind, "CloudHsmClusterId", cluster)?.into(),
                trust_anchor: needed(kind, "TrustAnchorCertificate", trust_anchor)?.into(),
                password: Arc::new(needed(kind, "KeyStorePassword", password)?),
            }
        }
        CustomKeyStoreType::ExternalKeyStore => {
            absent(kind, "CloudHsmClusterId", cluster.is_some())?;
            absent(kind, "TrustAnchorCertificate", trust_anchor.is_some())?;
            absent(kind, "KeyStorePassword", password.is_some())?;
            let connectivity =
                needed(kind, "XksProxyConnectivity", connectivity.and_then(|word| connectivity_of(&word)))?;
            vpc_members_fit(connectivity, vpc_service.is_some(), vpc_owner.is_some())?;
            ops::NewBacking::External {
                connectivity,
                endpoint: needed(kind, "XksProxyUriEndpoint", endpoint)?.into(),
                path: needed(kind, "XksProxyUriPath", path)?.into(),
                credential: credential_of(needed(kind, "XksProxyAuthenticationCredential", credential)?)?,
            }
        }
    };
    Ok(ops::CreateCustomKeyStore { name: given(name)?.into(), backing })
}

pub(in super::super) fn update_custom_key_store(
    wire: UpdateCustomKeyStoreRequest<'_>,
) -> Taken<ops::UpdateCustomKeyStore> {
    let UpdateCustomKeyStoreRequest {
        cloud_hsm_cluster_id,
        custom_key_store_id,
        key_store_password,
        new_custom_key_store_name,
        xks_proxy_authentication_credential,
        xks_proxy_connectivity,
        xks_proxy_uri_endpoint,
        xks_proxy_uri_path,
        xks_proxy_vpc_endpoint_service_name: vpc_service,
        xks_proxy_vpc_endpoint_service_owner: vpc_owner,
    } = wire;
    let update = ops::UpdateCustomKeyStore {
        store: given(custom_key_store_id)?.into(),
        name: new_custom_key_store_name.map(Box::from),
        password: key_store_password.map(Arc::new),
        cluster: cloud_hsm_cluster_id.map(Box::from),
        connectivity: xks_proxy_connectivity.and_then(|word| connectivity_of(&word)),
        names_vpc_service: vpc_service.is_some() || vpc_owner.is_some(),
        endpoint: xks_proxy_uri_endpoint.map(Box::from),
        path: xks_proxy_uri_path.map(Box::from),
        credential: xks_proxy_authentication_credential.map(credential_of).transpose()?,
    };
    let ops::UpdateCustomKeyStore {
        store: _,
        name,
        password,
        cluster,
        connectivity,
        names_vpc_service,
        endpoint,
        path,
        credential,
    } = &update;
    let says_something = name.is_some()
        || password.is_some()
        || cluster.is_some()
        || connectivity.is_some()
        || *names_vpc_service
        || endpoint.is_some()
        || path.is_some()
        || credential.is_some();
    match says_something {
        true => Ok(update),
        false => Err(Refusal::Validation(
            "Specify at least one property of the custom key store to change.".into(),
        )),
    }
}

fn connectivity_of(word: &str) -> Option<ProxyConnectivity> {
    ProxyConnectivity::parse(word)
}

/// A member that a store of this type has to have.
fn needed<T>(kind: CustomKeyStoreType, name: &str, member: Option<T>) -> Taken<T> {
    member.ok_or_else(|| {
        Refusal::Validation(format!("{name} is required for a custom key store of type {kind}."))
    })
}

/// A member that a store of this type must not have.
fn absent(kind: CustomKeyStoreType, name: &str, is_there: bool) -> Taken<()> {
    match is_there {
        false => Ok(()),
        true => {
            Err(Refusal::Validation(format!("{name} is not valid for a custom key store of type {kind}.")))
        }
    }
}

fn vpc_members_fit(connectivity: ProxyConnectivity, service: bool, owner: bool) -> Taken<()> {
    let refuse = |what: &str| Err(Refusal::Validation(what.into()));
    match connectivity {
        ProxyConnectivity::VpcEndpointService if !service => refuse(
            "XksProxyVpcEndpointServiceName is required with XksProxyConnectivity VPC_ENDPOINT_SERVICE.",
        ),
        ProxyConnectivity::PublicEndpoint if service || owner => refuse(
            "XksProxyVpcEndpointServiceName and XksProxyVpcEndpointServiceOwner are not valid with \
             XksProxyConnectivity PUBLIC_ENDPOINT.",
        ),
        _ => Ok(()),
    }
}

fn credential_of(wire: XksProxyAuthenticationCredentialType) -> Taken<ops::ProxyCredential> {
    let XksProxyAuthenticationCredentialType { access_key_id, raw_secret_access_key } = wire;
    let id = given(access_key_id)?;
    // The id is shown by DescribeCustomKeyStores; only its secret is one.
    let id = std::str::from_utf8(id.expose()).map_err(|_| not_text())?.into();
    Ok(ops::ProxyCredential { access_key_id: id, secret_access_key: Arc::new(given(raw_secret_access_key)?) })
}

fn not_text() -> Refusal {
    Refusal::Validation("AccessKeyId is not text".into())
}

macro_rules! by_id {
    ($($name:ident: $wire:ident => $op:ident),+ $(,)?) => {
        $(pub(in super::super) fn $name(wire: $wire<'_>) -> Taken<ops::$op> {
            let $wire { custom_key_store_id } = wire;
            Ok(ops::$op { store: given(custom_key_store_id)?.into() })
        })+
    };
}
by_id!(
    connect_custom_key_store: ConnectCustomKeyStoreRequest => ConnectCustomKeyStore,
    disconnect_custom_key_store: DisconnectCustomKeyStoreRequest => DisconnectCustomKeyStore,
    delete_custom_key_store: DeleteCustomKeyStoreRequest => DeleteCustomKeyStore,
);

pub(in super::super) fn describe_custom_key_stores(
    wire: DescribeCustomKeyStoresRequest<'_>,
) -> Taken<ops::DescribeCustomKeyStores> {
    let DescribeCustomKeyStoresRequest { custom_key_store_id, custom_key_store_name, limit, marker } = wire;
    let text = |text: Option<Text<'_>>| text.map(Box::from);
    Ok(ops::DescribeCustomKeyStores {
        id: text(custom_key_store_id),
        name: text(custom_key_store_name),
        page: page(limit, marker)?,
    })
}

pub(in super::super) fn custom_key_store_id(id: Box<str>) -> Written {
    let mut writer = writer(0);
    writer.text("CustomKeyStoreId", &id);
    writer.finish()
}

/// The answer of an operation whose output has no members.
pub(in super::super) fn empty((): ()) -> Written {
    Writer::new(2).finish()
}

pub(in super::super) fn custom_key_stores(answer: ops::Page<ops::KeyStoreMetadata>) -> Written {
    paged(answer, "CustomKeyStores", |writer, store| {
        let ops::KeyStoreMetadata { id, name, created, state, fault, backing } = store;
        writer.text("CustomKeyStoreId", &id).text("CustomKeyStoreName", &name);
        writer.text("ConnectionState", state.as_str()).time("CreationDate", created);
        if let Some(fault) = fault {
            writer.text("ConnectionErrorCode", fault.as_str());
        }
        match backing {
            ops::BackingMetadata::CloudHsm { cluster, trust_anchor } => {
                writer.text("CustomKeyStoreType", CustomKeyStoreType::AwsCloudHsm.as_str());
                writer.text("CloudHsmClusterId", &cluster).text("TrustAnchorCertificate", &trust_anchor);
            }
            ops::BackingMetadata::External { endpoint, path, access_key_id } => {
                writer.text("CustomKeyStoreType", CustomKeyStoreType::ExternalKeyStore.as_str());
                writer.object("XksProxyConfiguration", |writer| {
                    writer
                        .text("Connectivity", ProxyConnectivity::PublicEndpoint.as_str())
                        .text("AccessKeyId", &access_key_id)
                        .text("UriEndpoint", &endpoint)
                        .text("UriPath", &path);
                });
            }
        }
    })
}

/// What an answer about a key says of the custom key store it is in.
pub(super) fn place_of_key(writer: &mut Writer, key_store: Option<&str>, external_key: Option<&str>) {
    if let Some(store) = key_store {
        writer.text("CustomKeyStoreId", store);
    }
    if let Some(external) = external_key {
        writer.object("XksKeyConfiguration", |writer| {
            writer.text("Id", external);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::wire;
    use super::*;

    const CREDENTIAL: &str = r#"{"AccessKeyId": "ABCDEFGHIJKLMNOPQRST",
        "RawSecretAccessKey": "0123456789012345678901234567890123456789abc"}"#;

    fn created(body: &str) -> Result<ops::CreateCustomKeyStore, Refusal> {
        wire::read(body.as_bytes()).and_then(create_custom_key_store)
    }

    fn external(changes: &[(&str, Option<&str>)]) -> String {
        let mut members = vec![
            ("CustomKeyStoreName", "\"a\""),
            ("CustomKeyStoreType", "\"EXTERNAL_KEY_STORE\""),
            ("XksProxyConnectivity", "\"PUBLIC_ENDPOINT\""),
            ("XksProxyUriEndpoint", "\"https://xks.example.com\""),
            ("XksProxyUriPath", "\"/a/kms/xks/v1\""),
            ("XksProxyAuthenticationCredential", CREDENTIAL),
        ];
        for (name, value) in changes {
            members.retain(|(known, _)| known != name);
            members.extend(value.map(|value| (*name, value)));
        }
        let members: Vec<String> =
            members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        format!("{{{}}}", members.join(", "))
    }

    #[test]
    fn an_external_key_store_keeps_all_it_says() {
        let store = created(&external(&[])).expect("taken");
        let ops::NewBacking::External { endpoint, path, credential, .. } = store.backing else {
            panic!("it is external")
        };
        assert_eq!((&*endpoint, &*path), ("https://xks.example.com", "/a/kms/xks/v1"));
        assert_eq!(&*credential.access_key_id, "ABCDEFGHIJKLMNOPQRST");
        assert_eq!(credential.secret_access_key.len(), 43);
    }

    #[test]
    fn members_that_do_not_belong_together_are_named() {
        let vpc = "\"com.amazonaws.vpce.us-east-1.vpce-svc-09c7d53b3bf0d36a3\"";
        for (changes, name) in [
            (vec![("XksProxyConnectivity", None)], "XksProxyConnectivity"),
            (vec![("XksProxyUriEndpoint", None)], "XksProxyUriEndpoint"),
            (vec![("XksProxyUriPath", None)], "XksProxyUriPath"),
            (vec![("XksProxyAuthenticationCredential", None)], "XksProxyAuthenticationCredential"),
            (vec![("CloudHsmClusterId", Some("\"cluster-2a23b4cdefg\""))], "CloudHsmClusterId"),
            (vec![("TrustAnchorCertificate", Some("\"x\""))], "TrustAnchorCertificate"),
            (vec![("KeyStorePassword", Some("\"kmsPswd\""))], "KeyStorePassword"),
            (vec![("CustomKeyStoreType", None)], "XksProxyAuthenticationCredential"),
            (vec![("XksProxyVpcEndpointServiceName", Some(vpc))], "XksProxyVpcEndpointServiceName"),
            (
                vec![("XksProxyConnectivity", Some("\"VPC_ENDPOINT_SERVICE\""))],
                "XksProxyVpcEndpointServiceName",
            ),
        ] {
            match created(&external(&changes)) {
                Err(Refusal::Validation(why)) => assert!(why.contains(name), "{why}"),
                Err(other) => panic!("{changes:?}: {other:?}"),
                Ok(_) => panic!("{changes:?} was taken"),
            }
        }
        let hsm = r#"{"CustomKeyStoreName": "a", "CloudHsmClusterId": "cluster-2a23b4cdefg", "KeyStorePassword": "kmsPswd"}"#;
        assert!(
            matches!(created(hsm), Err(Refusal::Validation(why)) if why.starts_with("TrustAnchorCertificate"))
        );
    }

    #[test]
    fn a_change_changes_something() {
        let update = |body: &str| wire::read(body.as_bytes()).and_then(update_custom_key_store);
        assert!(matches!(update(r#"{"CustomKeyStoreId": "cks-1"}"#), Err(Refusal::Validation(_))));
        let taken =
            update(r#"{"CustomKeyStoreId": "cks-1", "XksProxyUriPath": "/kms/xks/v1"}"#).expect("taken");
        assert_eq!(taken.path.as_deref(), Some("/kms/xks/v1"));
        assert!(taken.name.is_none() && !taken.names_vpc_service);
    }

    #[test]
    fn a_store_is_told_without_its_secrets() {
        let store = ops::KeyStoreMetadata {
            id: "cks-1".into(),
            name: "n".into(),
            created: keystead_model::Timestamp(5000),
            state: keystead_model::ConnectionState::Failed,
            fault: Some(keystead_model::ConnectionErrorCode::XksProxyTimedOut),
            backing: ops::BackingMetadata::External {
                endpoint: "https://xks.example.com".into(),
                path: "/kms/xks/v1".into(),
                access_key_id: "A".into(),
            },
        };
        let Written::Open(text) = custom_key_stores(ops::Page { items: vec![store], next: None }) else {
            panic!("nothing in it is secret")
        };
        let value: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(
            value["CustomKeyStores"][0],
            serde_json::json!({
                "CustomKeyStoreId": "cks-1", "CustomKeyStoreName": "n", "ConnectionState": "FAILED",
                "CreationDate": 5.0, "ConnectionErrorCode": "XKS_PROXY_TIMED_OUT",
                "CustomKeyStoreType": "EXTERNAL_KEY_STORE",
                "XksProxyConfiguration": { "Connectivity": "PUBLIC_ENDPOINT", "AccessKeyId": "A",
                    "UriEndpoint": "https://xks.example.com", "UriPath": "/kms/xks/v1" },
            })
        );
        assert!(matches!(empty(()), Written::Open(text) if text == b"{}"));
    }
}
