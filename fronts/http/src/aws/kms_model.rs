//! The wire shapes of AWS KMS, API version 2014-11-01.
//!
//! Written by `cargo xtask codegen` from the service model in botocore 1.44.5: facts only.
//! Change the command, not this file.

use std::sync::LazyLock;

use keystead_engine::SecretBytes;
use keystead_model::Timestamp;

use super::rules::{BlobRule, Form, IntegerRule, ListRule, Malformed, Pattern, Text, TextRule, expression};
use super::wire::{Pairs, Reader, Structure};

/// What the `X-Amz-Target` header begins with.
pub const TARGET_PREFIX: &str = "TrentService.";

/// Every operation of the service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Operation {
    /// `CancelKeyDeletion`
    CancelKeyDeletion,
    /// `ConnectCustomKeyStore`
    ConnectCustomKeyStore,
    /// `CreateAlias`
    CreateAlias,
    /// `CreateCustomKeyStore`
    CreateCustomKeyStore,
    /// `CreateGrant`
    CreateGrant,
    /// `CreateKey`
    CreateKey,
    /// `Decapsulate`
    Decapsulate,
    /// `Decrypt`
    Decrypt,
    /// `DeleteAlias`
    DeleteAlias,
    /// `DeleteCustomKeyStore`
    DeleteCustomKeyStore,
    /// `DeleteImportedKeyMaterial`
    DeleteImportedKeyMaterial,
    /// `DeriveSharedSecret`
    DeriveSharedSecret,
    /// `DescribeCustomKeyStores`
    DescribeCustomKeyStores,
    /// `DescribeKey`
    DescribeKey,
    /// `DisableKey`
    DisableKey,
    /// `DisableKeyRotation`
    DisableKeyRotation,
    /// `DisconnectCustomKeyStore`
    DisconnectCustomKeyStore,
    /// `EnableKey`
    EnableKey,
    /// `EnableKeyRotation`
    EnableKeyRotation,
    /// `Encapsulate`
    Encapsulate,
    /// `Encrypt`
    Encrypt,
    /// `GenerateDataKey`
    GenerateDataKey,
    /// `GenerateDataKeyPair`
    GenerateDataKeyPair,
    /// `GenerateDataKeyPairWithoutPlaintext`
    GenerateDataKeyPairWithoutPlaintext,
    /// `GenerateDataKeyWithoutPlaintext`
    GenerateDataKeyWithoutPlaintext,
    /// `GenerateMac`
    GenerateMac,
    /// `GenerateRandom`
    GenerateRandom,
    /// `GetKeyLastUsage`
    GetKeyLastUsage,
    /// `GetKeyPolicy`
    GetKeyPolicy,
    /// `GetKeyRotationStatus`
    GetKeyRotationStatus,
    /// `GetParametersForImport`
    GetParametersForImport,
    /// `GetPublicKey`
    GetPublicKey,
    /// `ImportKeyMaterial`
    ImportKeyMaterial,
    /// `ListAliases`
    ListAliases,
    /// `ListGrants`
    ListGrants,
    /// `ListKeyPolicies`
    ListKeyPolicies,
    /// `ListKeyRotations`
    ListKeyRotations,
    /// `ListKeys`
    ListKeys,
    /// `ListResourceTags`
    ListResourceTags,
    /// `ListRetirableGrants`
    ListRetirableGrants,
    /// `PutKeyPolicy`
    PutKeyPolicy,
    /// `ReEncrypt`
    ReEncrypt,
    /// `ReplicateKey`
    ReplicateKey,
    /// `RetireGrant`
    RetireGrant,
    /// `RevokeGrant`
    RevokeGrant,
    /// `RotateKeyOnDemand`
    RotateKeyOnDemand,
    /// `ScheduleKeyDeletion`
    ScheduleKeyDeletion,
    /// `Sign`
    Sign,
    /// `TagResource`
    TagResource,
    /// `UntagResource`
    UntagResource,
    /// `UpdateAlias`
    UpdateAlias,
    /// `UpdateCustomKeyStore`
    UpdateCustomKeyStore,
    /// `UpdateKeyDescription`
    UpdateKeyDescription,
    /// `UpdatePrimaryRegion`
    UpdatePrimaryRegion,
    /// `Verify`
    Verify,
    /// `VerifyMac`
    VerifyMac,
}

impl Operation {
    /// All of them, ascending by name.
    pub const ALL: &[Operation] = &[
        Self::CancelKeyDeletion,
        Self::ConnectCustomKeyStore,
        Self::CreateAlias,
        Self::CreateCustomKeyStore,
        Self::CreateGrant,
        Self::CreateKey,
        Self::Decapsulate,
        Self::Decrypt,
        Self::DeleteAlias,
        Self::DeleteCustomKeyStore,
        Self::DeleteImportedKeyMaterial,
        Self::DeriveSharedSecret,
        Self::DescribeCustomKeyStores,
        Self::DescribeKey,
        Self::DisableKey,
        Self::DisableKeyRotation,
        Self::DisconnectCustomKeyStore,
        Self::EnableKey,
        Self::EnableKeyRotation,
        Self::Encapsulate,
        Self::Encrypt,
        Self::GenerateDataKey,
        Self::GenerateDataKeyPair,
        Self::GenerateDataKeyPairWithoutPlaintext,
        Self::GenerateDataKeyWithoutPlaintext,
        Self::GenerateMac,
        Self::GenerateRandom,
        Self::GetKeyLastUsage,
        Self::GetKeyPolicy,
        Self::GetKeyRotationStatus,
        Self::GetParametersForImport,
        Self::GetPublicKey,
        Self::ImportKeyMaterial,
        Self::ListAliases,
        Self::ListGrants,
        Self::ListKeyPolicies,
        Self::ListKeyRotations,
        Self::ListKeys,
        Self::ListResourceTags,
        Self::ListRetirableGrants,
        Self::PutKeyPolicy,
        Self::ReEncrypt,
        Self::ReplicateKey,
        Self::RetireGrant,
        Self::RevokeGrant,
        Self::RotateKeyOnDemand,
        Self::ScheduleKeyDeletion,
        Self::Sign,
        Self::TagResource,
        Self::UntagResource,
        Self::UpdateAlias,
        Self::UpdateCustomKeyStore,
        Self::UpdateKeyDescription,
        Self::UpdatePrimaryRegion,
        Self::Verify,
        Self::VerifyMac,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::CancelKeyDeletion => "CancelKeyDeletion",
            Self::ConnectCustomKeyStore => "ConnectCustomKeyStore",
            Self::CreateAlias => "CreateAlias",
            Self::CreateCustomKeyStore => "CreateCustomKeyStore",
            Self::CreateGrant => "CreateGrant",
            Self::CreateKey => "CreateKey",
            Self::Decapsulate => "Decapsulate",
            Self::Decrypt => "Decrypt",
            Self::DeleteAlias => "DeleteAlias",
            Self::DeleteCustomKeyStore => "DeleteCustomKeyStore",
            Self::DeleteImportedKeyMaterial => "DeleteImportedKeyMaterial",
            Self::DeriveSharedSecret => "DeriveSharedSecret",
            Self::DescribeCustomKeyStores => "DescribeCustomKeyStores",
            Self::DescribeKey => "DescribeKey",
            Self::DisableKey => "DisableKey",
            Self::DisableKeyRotation => "DisableKeyRotation",
            Self::DisconnectCustomKeyStore => "DisconnectCustomKeyStore",
            Self::EnableKey => "EnableKey",
            Self::EnableKeyRotation => "EnableKeyRotation",
            Self::Encapsulate => "Encapsulate",
            Self::Encrypt => "Encrypt",
            Self::GenerateDataKey => "GenerateDataKey",
            Self::GenerateDataKeyPair => "GenerateDataKeyPair",
            Self::GenerateDataKeyPairWithoutPlaintext => "GenerateDataKeyPairWithoutPlaintext",
            Self::GenerateDataKeyWithoutPlaintext => "GenerateDataKeyWithoutPlaintext",
            Self::GenerateMac => "GenerateMac",
            Self::GenerateRandom => "GenerateRandom",
            Self::GetKeyLastUsage => "GetKeyLastUsage",
            Self::GetKeyPolicy => "GetKeyPolicy",
            Self::GetKeyRotationStatus => "GetKeyRotationStatus",
            Self::GetParametersForImport => "GetParametersForImport",
            Self::GetPublicKey => "GetPublicKey",
            Self::ImportKeyMaterial => "ImportKeyMaterial",
            Self::ListAliases => "ListAliases",
            Self::ListGrants => "ListGrants",
            Self::ListKeyPolicies => "ListKeyPolicies",
            Self::ListKeyRotations => "ListKeyRotations",
            Self::ListKeys => "ListKeys",
            Self::ListResourceTags => "ListResourceTags",
            Self::ListRetirableGrants => "ListRetirableGrants",
            Self::PutKeyPolicy => "PutKeyPolicy",
            Self::ReEncrypt => "ReEncrypt",
            Self::ReplicateKey => "ReplicateKey",
            Self::RetireGrant => "RetireGrant",
            Self::RevokeGrant => "RevokeGrant",
            Self::RotateKeyOnDemand => "RotateKeyOnDemand",
            Self::ScheduleKeyDeletion => "ScheduleKeyDeletion",
            Self::Sign => "Sign",
            Self::TagResource => "TagResource",
            Self::UntagResource => "UntagResource",
            Self::UpdateAlias => "UpdateAlias",
            Self::UpdateCustomKeyStore => "UpdateCustomKeyStore",
            Self::UpdateKeyDescription => "UpdateKeyDescription",
            Self::UpdatePrimaryRegion => "UpdatePrimaryRegion",
            Self::Verify => "Verify",
            Self::VerifyMac => "VerifyMac",
        }
    }

    /// The operation of a name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "CancelKeyDeletion" => Self::CancelKeyDeletion,
            "ConnectCustomKeyStore" => Self::ConnectCustomKeyStore,
            "CreateAlias" => Self::CreateAlias,
            "CreateCustomKeyStore" => Self::CreateCustomKeyStore,
            "CreateGrant" => Self::CreateGrant,
            "CreateKey" => Self::CreateKey,
            "Decapsulate" => Self::Decapsulate,
            "Decrypt" => Self::Decrypt,
            "DeleteAlias" => Self::DeleteAlias,
            "DeleteCustomKeyStore" => Self::DeleteCustomKeyStore,
            "DeleteImportedKeyMaterial" => Self::DeleteImportedKeyMaterial,
            "DeriveSharedSecret" => Self::DeriveSharedSecret,
            "DescribeCustomKeyStores" => Self::DescribeCustomKeyStores,
            "DescribeKey" => Self::DescribeKey,
            "DisableKey" => Self::DisableKey,
            "DisableKeyRotation" => Self::DisableKeyRotation,
            "DisconnectCustomKeyStore" => Self::DisconnectCustomKeyStore,
            "EnableKey" => Self::EnableKey,
            "EnableKeyRotation" => Self::EnableKeyRotation,
            "Encapsulate" => Self::Encapsulate,
            "Encrypt" => Self::Encrypt,
            "GenerateDataKey" => Self::GenerateDataKey,
            "GenerateDataKeyPair" => Self::GenerateDataKeyPair,
            "GenerateDataKeyPairWithoutPlaintext" => Self::GenerateDataKeyPairWithoutPlaintext,
            "GenerateDataKeyWithoutPlaintext" => Self::GenerateDataKeyWithoutPlaintext,
            "GenerateMac" => Self::GenerateMac,
            "GenerateRandom" => Self::GenerateRandom,
            "GetKeyLastUsage" => Self::GetKeyLastUsage,
            "GetKeyPolicy" => Self::GetKeyPolicy,
            "GetKeyRotationStatus" => Self::GetKeyRotationStatus,
            "GetParametersForImport" => Self::GetParametersForImport,
            "GetPublicKey" => Self::GetPublicKey,
            "ImportKeyMaterial" => Self::ImportKeyMaterial,
            "ListAliases" => Self::ListAliases,
            "ListGrants" => Self::ListGrants,
            "ListKeyPolicies" => Self::ListKeyPolicies,
            "ListKeyRotations" => Self::ListKeyRotations,
            "ListKeys" => Self::ListKeys,
            "ListResourceTags" => Self::ListResourceTags,
            "ListRetirableGrants" => Self::ListRetirableGrants,
            "PutKeyPolicy" => Self::PutKeyPolicy,
            "ReEncrypt" => Self::ReEncrypt,
            "ReplicateKey" => Self::ReplicateKey,
            "RetireGrant" => Self::RetireGrant,
            "RevokeGrant" => Self::RevokeGrant,
            "RotateKeyOnDemand" => Self::RotateKeyOnDemand,
            "ScheduleKeyDeletion" => Self::ScheduleKeyDeletion,
            "Sign" => Self::Sign,
            "TagResource" => Self::TagResource,
            "UntagResource" => Self::UntagResource,
            "UpdateAlias" => Self::UpdateAlias,
            "UpdateCustomKeyStore" => Self::UpdateCustomKeyStore,
            "UpdateKeyDescription" => Self::UpdateKeyDescription,
            "UpdatePrimaryRegion" => Self::UpdatePrimaryRegion,
            "Verify" => Self::Verify,
            "VerifyMac" => Self::VerifyMac,
            _ => return None,
        })
    }

    /// The members of its answer.
    pub fn output(self) -> &'static [&'static str] {
        match self {
            Self::CancelKeyDeletion => &["KeyId"],
            Self::ConnectCustomKeyStore => &[],
            Self::CreateAlias => &[],
            Self::CreateCustomKeyStore => &["CustomKeyStoreId"],
            Self::CreateGrant => &["GrantId", "GrantToken"],
            Self::CreateKey => &["KeyMetadata"],
            Self::Decapsulate => &["EncapsulationAlgorithm", "KeyId", "SharedSecret"],
            Self::Decrypt => {
                &["CiphertextForRecipient", "EncryptionAlgorithm", "KeyId", "KeyMaterialId", "Plaintext"]
            }
            Self::DeleteAlias => &[],
            Self::DeleteCustomKeyStore => &[],
            Self::DeleteImportedKeyMaterial => &["KeyId", "KeyMaterialId"],
            Self::DeriveSharedSecret => {
                &["CiphertextForRecipient", "KeyAgreementAlgorithm", "KeyId", "KeyOrigin", "SharedSecret"]
            }
            Self::DescribeCustomKeyStores => &["CustomKeyStores", "NextMarker", "Truncated"],
            Self::DescribeKey => &["KeyMetadata"],
            Self::DisableKey => &[],
            Self::DisableKeyRotation => &[],
            Self::DisconnectCustomKeyStore => &[],
            Self::EnableKey => &[],
            Self::EnableKeyRotation => &[],
            Self::Encapsulate => {
                &["EncapsulationAlgorithm", "KeyId", "SharedSecret", "SharedSecretCiphertextBlob"]
            }
            Self::Encrypt => &["CiphertextBlob", "EncryptionAlgorithm", "KeyId"],
            Self::GenerateDataKey => {
                &["CiphertextBlob", "CiphertextForRecipient", "KeyId", "KeyMaterialId", "Plaintext"]
            }
            Self::GenerateDataKeyPair => &[
                "CiphertextForRecipient",
                "KeyId",
                "KeyMaterialId",
                "KeyPairSpec",
                "PrivateKeyCiphertextBlob",
                "PrivateKeyPlaintext",
                "PublicKey",
            ],
            Self::GenerateDataKeyPairWithoutPlaintext => {
                &["KeyId", "KeyMaterialId", "KeyPairSpec", "PrivateKeyCiphertextBlob", "PublicKey"]
            }
            Self::GenerateDataKeyWithoutPlaintext => &["CiphertextBlob", "KeyId", "KeyMaterialId"],
            Self::GenerateMac => &["KeyId", "Mac", "MacAlgorithm"],
            Self::GenerateRandom => &["CiphertextForRecipient", "Plaintext"],
            Self::GetKeyLastUsage => &["KeyCreationDate", "KeyId", "KeyLastUsage", "TrackingStartDate"],
            Self::GetKeyPolicy => &["Policy", "PolicyName"],
            Self::GetKeyRotationStatus => &[
                "KeyId",
                "KeyRotationEnabled",
                "NextRotationDate",
                "OnDemandRotationStartDate",
                "RotationPeriodInDays",
            ],
            Self::GetParametersForImport => &["ImportToken", "KeyId", "ParametersValidTo", "PublicKey"],
            Self::GetPublicKey => &[
                "CustomerMasterKeySpec",
                "EncapsulationAlgorithms",
                "EncryptionAlgorithms",
                "KeyAgreementAlgorithms",
                "KeyId",
                "KeySpec",
                "KeyUsage",
                "PublicKey",
                "SigningAlgorithms",
            ],
            Self::ImportKeyMaterial => &["KeyId", "KeyMaterialId"],
            Self::ListAliases => &["Aliases", "NextMarker", "Truncated"],
            Self::ListGrants => &["Grants", "NextMarker", "Truncated"],
            Self::ListKeyPolicies => &["NextMarker", "PolicyNames", "Truncated"],
            Self::ListKeyRotations => &["NextMarker", "Rotations", "Truncated"],
            Self::ListKeys => &["Keys", "NextMarker", "Truncated"],
            Self::ListResourceTags => &["NextMarker", "Tags", "Truncated"],
            Self::ListRetirableGrants => &["Grants", "NextMarker", "Truncated"],
            Self::PutKeyPolicy => &[],
            Self::ReEncrypt => &[
                "CiphertextBlob",
                "DestinationEncryptionAlgorithm",
                "DestinationKeyMaterialId",
                "KeyId",
                "SourceEncryptionAlgorithm",
                "SourceKeyId",
                "SourceKeyMaterialId",
            ],
            Self::ReplicateKey => &["ReplicaKeyMetadata", "ReplicaPolicy", "ReplicaTags"],
            Self::RetireGrant => &[],
            Self::RevokeGrant => &[],
            Self::RotateKeyOnDemand => &["KeyId"],
            Self::ScheduleKeyDeletion => &["DeletionDate", "KeyId", "KeyState", "PendingWindowInDays"],
            Self::Sign => &["KeyId", "Signature", "SigningAlgorithm"],
            Self::TagResource => &[],
            Self::UntagResource => &[],
            Self::UpdateAlias => &[],
            Self::UpdateCustomKeyStore => &[],
            Self::UpdateKeyDescription => &[],
            Self::UpdatePrimaryRegion => &[],
            Self::Verify => &["KeyId", "SignatureValid", "SigningAlgorithm"],
            Self::VerifyMac => &["KeyId", "MacAlgorithm", "MacValid"],
        }
    }
}

/// The modelled errors, ascending by name, and whether each is the server's fault.
pub const ERRORS: &[(&str, bool)] = &[
    ("AlreadyExistsException", false),
    ("CloudHsmClusterInUseException", false),
    ("CloudHsmClusterInvalidConfigurationException", false),
    ("CloudHsmClusterNotActiveException", false),
    ("CloudHsmClusterNotFoundException", false),
    ("CloudHsmClusterNotRelatedException", false),
    ("ConflictException", false),
    ("CustomKeyStoreHasCMKsException", false),
    ("CustomKeyStoreInvalidStateException", false),
    ("CustomKeyStoreNameInUseException", false),
    ("CustomKeyStoreNotFoundException", false),
    ("DependencyTimeoutException", true),
    ("DisabledException", false),
    ("DryRunOperationException", false),
    ("ExpiredImportTokenException", false),
    ("IncorrectKeyException", false),
    ("IncorrectKeyMaterialException", false),
    ("IncorrectTrustAnchorException", false),
    ("InvalidAliasNameException", false),
    ("InvalidArnException", false),
    ("InvalidCiphertextException", false),
    ("InvalidGrantIdException", false),
    ("InvalidGrantTokenException", false),
    ("InvalidImportTokenException", false),
    ("InvalidKeyUsageException", false),
    ("InvalidMarkerException", false),
    ("KMSInternalException", true),
    ("KMSInvalidMacException", false),
    ("KMSInvalidSignatureException", false),
    ("KMSInvalidStateException", false),
    ("KeyUnavailableException", true),
    ("LimitExceededException", false),
    ("MalformedPolicyDocumentException", false),
    ("NotFoundException", false),
    ("TagException", false),
    ("UnsupportedOperationException", false),
    ("XksKeyAlreadyInUseException", false),
    ("XksKeyInvalidConfigurationException", false),
    ("XksKeyNotFoundException", false),
    ("XksProxyIncorrectAuthenticationCredentialException", false),
    ("XksProxyInvalidConfigurationException", false),
    ("XksProxyInvalidResponseException", false),
    ("XksProxyUriEndpointInUseException", false),
    ("XksProxyUriInUseException", false),
    ("XksProxyUriUnreachableException", false),
    ("XksProxyVpcEndpointServiceInUseException", false),
    ("XksProxyVpcEndpointServiceInvalidConfigurationException", false),
    ("XksProxyVpcEndpointServiceNotFoundException", false),
];

/// `CancelKeyDeletionRequest`
#[derive(Default)]
pub struct CancelKeyDeletionRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CancelKeyDeletionRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `ConnectCustomKeyStoreRequest`
#[derive(Default)]
pub struct ConnectCustomKeyStoreRequest<'a> {
    /// `CustomKeyStoreId`, required
    pub custom_key_store_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ConnectCustomKeyStoreRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "CustomKeyStoreId" => {
                reader.text("customKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE, &mut self.custom_key_store_id)?
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("customKeyStoreId", self.custom_key_store_id.is_some());
    }
}

/// `CreateAliasRequest`
#[derive(Default)]
pub struct CreateAliasRequest<'a> {
    /// `AliasName`, required
    pub alias_name: Option<Text<'a>>,
    /// `TargetKeyId`, required
    pub target_key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateAliasRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "AliasName" => reader.text("aliasName", &ALIAS_NAME_TYPE, &mut self.alias_name)?,
            "TargetKeyId" => reader.text("targetKeyId", &KEY_ID_TYPE, &mut self.target_key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("aliasName", self.alias_name.is_some());
        reader.require("targetKeyId", self.target_key_id.is_some());
    }
}

/// `CreateCustomKeyStoreRequest`
#[derive(Default)]
pub struct CreateCustomKeyStoreRequest<'a> {
    /// `CloudHsmClusterId`
    pub cloud_hsm_cluster_id: Option<Text<'a>>,
    /// `CustomKeyStoreName`, required
    pub custom_key_store_name: Option<Text<'a>>,
    /// `CustomKeyStoreType`
    pub custom_key_store_type: Option<Text<'a>>,
    /// `KeyStorePassword`
    pub key_store_password: Option<SecretBytes>,
    /// `TrustAnchorCertificate`
    pub trust_anchor_certificate: Option<Text<'a>>,
    /// `XksProxyAuthenticationCredential`
    pub xks_proxy_authentication_credential: Option<XksProxyAuthenticationCredentialType>,
    /// `XksProxyConnectivity`
    pub xks_proxy_connectivity: Option<Text<'a>>,
    /// `XksProxyUriEndpoint`
    pub xks_proxy_uri_endpoint: Option<Text<'a>>,
    /// `XksProxyUriPath`
    pub xks_proxy_uri_path: Option<Text<'a>>,
    /// `XksProxyVpcEndpointServiceName`
    pub xks_proxy_vpc_endpoint_service_name: Option<Text<'a>>,
    /// `XksProxyVpcEndpointServiceOwner`
    pub xks_proxy_vpc_endpoint_service_owner: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateCustomKeyStoreRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "CloudHsmClusterId" => reader.text(
                "cloudHsmClusterId",
                &CLOUD_HSM_CLUSTER_ID_TYPE,
                &mut self.cloud_hsm_cluster_id,
            )?,
            "CustomKeyStoreName" => reader.text(
                "customKeyStoreName",
                &CUSTOM_KEY_STORE_NAME_TYPE,
                &mut self.custom_key_store_name,
            )?,
            "CustomKeyStoreType" => {
                reader.text("customKeyStoreType", &CUSTOM_KEY_STORE_TYPE, &mut self.custom_key_store_type)?
            }
            "KeyStorePassword" => reader.secret_text(
                "keyStorePassword",
                &KEY_STORE_PASSWORD_TYPE,
                &mut self.key_store_password,
            )?,
            "TrustAnchorCertificate" => reader.text(
                "trustAnchorCertificate",
                &TRUST_ANCHOR_CERTIFICATE_TYPE,
                &mut self.trust_anchor_certificate,
            )?,
            "XksProxyAuthenticationCredential" => reader.structure(
                "xksProxyAuthenticationCredential",
                &mut self.xks_proxy_authentication_credential,
            )?,
            "XksProxyConnectivity" => reader.text(
                "xksProxyConnectivity",
                &XKS_PROXY_CONNECTIVITY_TYPE,
                &mut self.xks_proxy_connectivity,
            )?,
            "XksProxyUriEndpoint" => reader.text(
                "xksProxyUriEndpoint",
                &XKS_PROXY_URI_ENDPOINT_TYPE,
                &mut self.xks_proxy_uri_endpoint,
            )?,
            "XksProxyUriPath" => {
                reader.text("xksProxyUriPath", &XKS_PROXY_URI_PATH_TYPE, &mut self.xks_proxy_uri_path)?
            }
            "XksProxyVpcEndpointServiceName" => reader.text(
                "xksProxyVpcEndpointServiceName",
                &XKS_PROXY_VPC_ENDPOINT_SERVICE_NAME_TYPE,
                &mut self.xks_proxy_vpc_endpoint_service_name,
            )?,
            "XksProxyVpcEndpointServiceOwner" => reader.text(
                "xksProxyVpcEndpointServiceOwner",
                &ACCOUNT_ID_TYPE,
                &mut self.xks_proxy_vpc_endpoint_service_owner,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("customKeyStoreName", self.custom_key_store_name.is_some());
    }
}

/// `CreateGrantRequest`
#[derive(Default)]
pub struct CreateGrantRequest<'a> {
    /// `Constraints`
    pub constraints: Option<GrantConstraints<'a>>,
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `GranteePrincipal`
    pub grantee_principal: Option<Text<'a>>,
    /// `GranteeServicePrincipal`
    pub grantee_service_principal: Option<Text<'a>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Name`
    pub name: Option<Text<'a>>,
    /// `Operations`, required
    pub operations: Option<Vec<Text<'a>>>,
    /// `RetiringPrincipal`
    pub retiring_principal: Option<Text<'a>>,
    /// `RetiringServicePrincipal`
    pub retiring_service_principal: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateGrantRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "Constraints" => reader.structure("constraints", &mut self.constraints)?,
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "GranteePrincipal" => {
                reader.text("granteePrincipal", &PRINCIPAL_ID_TYPE, &mut self.grantee_principal)?
            }
            "GranteeServicePrincipal" => reader.text(
                "granteeServicePrincipal",
                &SERVICE_PRINCIPAL_TYPE,
                &mut self.grantee_service_principal,
            )?,
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Name" => reader.text("name", &GRANT_NAME_TYPE, &mut self.name)?,
            "Operations" => {
                reader.texts("operations", &GRANT_OPERATION_LIST, &GRANT_OPERATION, &mut self.operations)?
            }
            "RetiringPrincipal" => {
                reader.text("retiringPrincipal", &PRINCIPAL_ID_TYPE, &mut self.retiring_principal)?
            }
            "RetiringServicePrincipal" => reader.text(
                "retiringServicePrincipal",
                &SERVICE_PRINCIPAL_TYPE,
                &mut self.retiring_service_principal,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("operations", self.operations.is_some());
    }
}

/// `CreateKeyRequest`
#[derive(Default)]
pub struct CreateKeyRequest<'a> {
    /// `BypassPolicyLockoutSafetyCheck`
    pub bypass_policy_lockout_safety_check: Option<bool>,
    /// `CustomKeyStoreId`
    pub custom_key_store_id: Option<Text<'a>>,
    /// `CustomerMasterKeySpec`
    pub customer_master_key_spec: Option<Text<'a>>,
    /// `Description`
    pub description: Option<Text<'a>>,
    /// `KeySpec`
    pub key_spec: Option<Text<'a>>,
    /// `KeyUsage`
    pub key_usage: Option<Text<'a>>,
    /// `MultiRegion`
    pub multi_region: Option<bool>,
    /// `Origin`
    pub origin: Option<Text<'a>>,
    /// `Policy`
    pub policy: Option<Text<'a>>,
    /// `Tags`
    pub tags: Option<Vec<Tag<'a>>>,
    /// `XksKeyId`
    pub xks_key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for CreateKeyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "BypassPolicyLockoutSafetyCheck" => {
                reader.boolean(&mut self.bypass_policy_lockout_safety_check)?
            }
            "CustomKeyStoreId" => {
                reader.text("customKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE, &mut self.custom_key_store_id)?
            }
            "CustomerMasterKeySpec" => reader.text(
                "customerMasterKeySpec",
                &CUSTOMER_MASTER_KEY_SPEC,
                &mut self.customer_master_key_spec,
            )?,
            "Description" => reader.text("description", &DESCRIPTION_TYPE, &mut self.description)?,
            "KeySpec" => reader.text("keySpec", &KEY_SPEC, &mut self.key_spec)?,
            "KeyUsage" => reader.text("keyUsage", &KEY_USAGE_TYPE, &mut self.key_usage)?,
            "MultiRegion" => reader.boolean(&mut self.multi_region)?,
            "Origin" => reader.text("origin", &ORIGIN_TYPE, &mut self.origin)?,
            "Policy" => reader.text("policy", &POLICY_TYPE, &mut self.policy)?,
            "Tags" => reader.structures("tags", &TAG_LIST, &mut self.tags)?,
            "XksKeyId" => reader.text("xksKeyId", &XKS_KEY_ID_TYPE, &mut self.xks_key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `DecapsulateRequest`
#[derive(Default)]
pub struct DecapsulateRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `EncapsulationAlgorithm`, required
    pub encapsulation_algorithm: Option<Text<'a>>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `SharedSecretCiphertextBlob`, required
    pub shared_secret_ciphertext_blob: Option<Box<[u8]>>,
}

impl<'a> Structure<'a> for DecapsulateRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "EncapsulationAlgorithm" => reader.text(
                "encapsulationAlgorithm",
                &ENCAPSULATION_ALGORITHM_SPEC,
                &mut self.encapsulation_algorithm,
            )?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "SharedSecretCiphertextBlob" => reader.blob(
                "sharedSecretCiphertextBlob",
                &CIPHERTEXT_TYPE,
                &mut self.shared_secret_ciphertext_blob,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("sharedSecretCiphertextBlob", self.shared_secret_ciphertext_blob.is_some());
        reader.require("encapsulationAlgorithm", self.encapsulation_algorithm.is_some());
    }
}

/// `DecryptRequest`
#[derive(Default)]
pub struct DecryptRequest<'a> {
    /// `CiphertextBlob`
    pub ciphertext_blob: Option<Box<[u8]>>,
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `DryRunModifiers`
    pub dry_run_modifiers: Option<Vec<Text<'a>>>,
    /// `EncryptionAlgorithm`
    pub encryption_algorithm: Option<Text<'a>>,
    /// `EncryptionContext`
    pub encryption_context: Option<Pairs>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`
    pub key_id: Option<Text<'a>>,
    /// `Recipient`
    pub recipient: Option<RecipientInfo<'a>>,
}

impl<'a> Structure<'a> for DecryptRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "CiphertextBlob" => reader.blob("ciphertextBlob", &CIPHERTEXT_TYPE, &mut self.ciphertext_blob)?,
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "DryRunModifiers" => reader.texts(
                "dryRunModifiers",
                &DRY_RUN_MODIFIER_LIST,
                &DRY_RUN_MODIFIER_TYPE,
                &mut self.dry_run_modifiers,
            )?,
            "EncryptionAlgorithm" => reader.text(
                "encryptionAlgorithm",
                &ENCRYPTION_ALGORITHM_SPEC,
                &mut self.encryption_algorithm,
            )?,
            "EncryptionContext" => reader.map(&mut self.encryption_context)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Recipient" => reader.structure("recipient", &mut self.recipient)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `DeleteAliasRequest`
#[derive(Default)]
pub struct DeleteAliasRequest<'a> {
    /// `AliasName`, required
    pub alias_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteAliasRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "AliasName" => reader.text("aliasName", &ALIAS_NAME_TYPE, &mut self.alias_name)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("aliasName", self.alias_name.is_some());
    }
}

/// `DeleteCustomKeyStoreRequest`
#[derive(Default)]
pub struct DeleteCustomKeyStoreRequest<'a> {
    /// `CustomKeyStoreId`, required
    pub custom_key_store_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteCustomKeyStoreRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "CustomKeyStoreId" => {
                reader.text("customKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE, &mut self.custom_key_store_id)?
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("customKeyStoreId", self.custom_key_store_id.is_some());
    }
}

/// `DeleteImportedKeyMaterialRequest`
#[derive(Default)]
pub struct DeleteImportedKeyMaterialRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `KeyMaterialId`
    pub key_material_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DeleteImportedKeyMaterialRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "KeyMaterialId" => {
                reader.text("keyMaterialId", &BACKING_KEY_ID_TYPE, &mut self.key_material_id)?
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `DeriveSharedSecretRequest`
#[derive(Default)]
pub struct DeriveSharedSecretRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyAgreementAlgorithm`, required
    pub key_agreement_algorithm: Option<Text<'a>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `PublicKey`, required
    pub public_key: Option<Box<[u8]>>,
    /// `Recipient`
    pub recipient: Option<RecipientInfo<'a>>,
}

impl<'a> Structure<'a> for DeriveSharedSecretRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyAgreementAlgorithm" => reader.text(
                "keyAgreementAlgorithm",
                &KEY_AGREEMENT_ALGORITHM_SPEC,
                &mut self.key_agreement_algorithm,
            )?,
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "PublicKey" => reader.blob("publicKey", &PUBLIC_KEY_TYPE, &mut self.public_key)?,
            "Recipient" => reader.structure("recipient", &mut self.recipient)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("keyAgreementAlgorithm", self.key_agreement_algorithm.is_some());
        reader.require("publicKey", self.public_key.is_some());
    }
}

/// `DescribeCustomKeyStoresRequest`
#[derive(Default)]
pub struct DescribeCustomKeyStoresRequest<'a> {
    /// `CustomKeyStoreId`
    pub custom_key_store_id: Option<Text<'a>>,
    /// `CustomKeyStoreName`
    pub custom_key_store_name: Option<Text<'a>>,
    /// `Limit`
    pub limit: Option<i32>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DescribeCustomKeyStoresRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "CustomKeyStoreId" => {
                reader.text("customKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE, &mut self.custom_key_store_id)?
            }
            "CustomKeyStoreName" => reader.text(
                "customKeyStoreName",
                &CUSTOM_KEY_STORE_NAME_TYPE,
                &mut self.custom_key_store_name,
            )?,
            "Limit" => reader.integer("limit", &LIMIT_TYPE, &mut self.limit)?,
            "Marker" => reader.text("marker", &MARKER_TYPE, &mut self.marker)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `DescribeKeyRequest`
#[derive(Default)]
pub struct DescribeKeyRequest<'a> {
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DescribeKeyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `DisableKeyRequest`
#[derive(Default)]
pub struct DisableKeyRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DisableKeyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `DisableKeyRotationRequest`
#[derive(Default)]
pub struct DisableKeyRotationRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DisableKeyRotationRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `DisconnectCustomKeyStoreRequest`
#[derive(Default)]
pub struct DisconnectCustomKeyStoreRequest<'a> {
    /// `CustomKeyStoreId`, required
    pub custom_key_store_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DisconnectCustomKeyStoreRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "CustomKeyStoreId" => {
                reader.text("customKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE, &mut self.custom_key_store_id)?
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("customKeyStoreId", self.custom_key_store_id.is_some());
    }
}

/// `EnableKeyRequest`
#[derive(Default)]
pub struct EnableKeyRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for EnableKeyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `EnableKeyRotationRequest`
#[derive(Default)]
pub struct EnableKeyRotationRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `RotationPeriodInDays`
    pub rotation_period_in_days: Option<i32>,
}

impl<'a> Structure<'a> for EnableKeyRotationRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "RotationPeriodInDays" => reader.integer(
                "rotationPeriodInDays",
                &ROTATION_PERIOD_IN_DAYS_TYPE,
                &mut self.rotation_period_in_days,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `EncapsulateRequest`
#[derive(Default)]
pub struct EncapsulateRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `EncapsulationAlgorithm`, required
    pub encapsulation_algorithm: Option<Text<'a>>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for EncapsulateRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "EncapsulationAlgorithm" => reader.text(
                "encapsulationAlgorithm",
                &ENCAPSULATION_ALGORITHM_SPEC,
                &mut self.encapsulation_algorithm,
            )?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("encapsulationAlgorithm", self.encapsulation_algorithm.is_some());
    }
}

/// `EncryptRequest`
#[derive(Default)]
pub struct EncryptRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `EncryptionAlgorithm`
    pub encryption_algorithm: Option<Text<'a>>,
    /// `EncryptionContext`
    pub encryption_context: Option<Pairs>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Plaintext`, required
    pub plaintext: Option<SecretBytes>,
}

impl<'a> Structure<'a> for EncryptRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "EncryptionAlgorithm" => reader.text(
                "encryptionAlgorithm",
                &ENCRYPTION_ALGORITHM_SPEC,
                &mut self.encryption_algorithm,
            )?,
            "EncryptionContext" => reader.map(&mut self.encryption_context)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Plaintext" => reader.secret("plaintext", &PLAINTEXT_TYPE, &mut self.plaintext)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("plaintext", self.plaintext.is_some());
    }
}

/// `GenerateDataKeyPairRequest`
#[derive(Default)]
pub struct GenerateDataKeyPairRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `EncryptionContext`
    pub encryption_context: Option<Pairs>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `KeyPairSpec`, required
    pub key_pair_spec: Option<Text<'a>>,
    /// `Recipient`
    pub recipient: Option<RecipientInfo<'a>>,
}

impl<'a> Structure<'a> for GenerateDataKeyPairRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "EncryptionContext" => reader.map(&mut self.encryption_context)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "KeyPairSpec" => reader.text("keyPairSpec", &DATA_KEY_PAIR_SPEC, &mut self.key_pair_spec)?,
            "Recipient" => reader.structure("recipient", &mut self.recipient)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("keyPairSpec", self.key_pair_spec.is_some());
    }
}

/// `GenerateDataKeyPairWithoutPlaintextRequest`
#[derive(Default)]
pub struct GenerateDataKeyPairWithoutPlaintextRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `EncryptionContext`
    pub encryption_context: Option<Pairs>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `KeyPairSpec`, required
    pub key_pair_spec: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GenerateDataKeyPairWithoutPlaintextRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "EncryptionContext" => reader.map(&mut self.encryption_context)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "KeyPairSpec" => reader.text("keyPairSpec", &DATA_KEY_PAIR_SPEC, &mut self.key_pair_spec)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("keyPairSpec", self.key_pair_spec.is_some());
    }
}

/// `GenerateDataKeyRequest`
#[derive(Default)]
pub struct GenerateDataKeyRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `EncryptionContext`
    pub encryption_context: Option<Pairs>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `KeySpec`
    pub key_spec: Option<Text<'a>>,
    /// `NumberOfBytes`
    pub number_of_bytes: Option<i32>,
    /// `Recipient`
    pub recipient: Option<RecipientInfo<'a>>,
}

impl<'a> Structure<'a> for GenerateDataKeyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "EncryptionContext" => reader.map(&mut self.encryption_context)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "KeySpec" => reader.text("keySpec", &DATA_KEY_SPEC, &mut self.key_spec)?,
            "NumberOfBytes" => {
                reader.integer("numberOfBytes", &NUMBER_OF_BYTES_TYPE, &mut self.number_of_bytes)?
            }
            "Recipient" => reader.structure("recipient", &mut self.recipient)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `GenerateDataKeyWithoutPlaintextRequest`
#[derive(Default)]
pub struct GenerateDataKeyWithoutPlaintextRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `EncryptionContext`
    pub encryption_context: Option<Pairs>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `KeySpec`
    pub key_spec: Option<Text<'a>>,
    /// `NumberOfBytes`
    pub number_of_bytes: Option<i32>,
}

impl<'a> Structure<'a> for GenerateDataKeyWithoutPlaintextRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "EncryptionContext" => reader.map(&mut self.encryption_context)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "KeySpec" => reader.text("keySpec", &DATA_KEY_SPEC, &mut self.key_spec)?,
            "NumberOfBytes" => {
                reader.integer("numberOfBytes", &NUMBER_OF_BYTES_TYPE, &mut self.number_of_bytes)?
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `GenerateMacRequest`
#[derive(Default)]
pub struct GenerateMacRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `MacAlgorithm`, required
    pub mac_algorithm: Option<Text<'a>>,
    /// `Message`, required
    pub message: Option<SecretBytes>,
}

impl<'a> Structure<'a> for GenerateMacRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "MacAlgorithm" => reader.text("macAlgorithm", &MAC_ALGORITHM_SPEC, &mut self.mac_algorithm)?,
            "Message" => reader.secret("message", &PLAINTEXT_TYPE, &mut self.message)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("message", self.message.is_some());
        reader.require("keyId", self.key_id.is_some());
        reader.require("macAlgorithm", self.mac_algorithm.is_some());
    }
}

/// `GenerateRandomRequest`
#[derive(Default)]
pub struct GenerateRandomRequest<'a> {
    /// `CustomKeyStoreId`
    pub custom_key_store_id: Option<Text<'a>>,
    /// `NumberOfBytes`
    pub number_of_bytes: Option<i32>,
    /// `Recipient`
    pub recipient: Option<RecipientInfo<'a>>,
}

impl<'a> Structure<'a> for GenerateRandomRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "CustomKeyStoreId" => {
                reader.text("customKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE, &mut self.custom_key_store_id)?
            }
            "NumberOfBytes" => {
                reader.integer("numberOfBytes", &NUMBER_OF_BYTES_TYPE, &mut self.number_of_bytes)?
            }
            "Recipient" => reader.structure("recipient", &mut self.recipient)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `GetKeyLastUsageRequest`
#[derive(Default)]
pub struct GetKeyLastUsageRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetKeyLastUsageRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `GetKeyPolicyRequest`
#[derive(Default)]
pub struct GetKeyPolicyRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `PolicyName`
    pub policy_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetKeyPolicyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "PolicyName" => reader.text("policyName", &POLICY_NAME_TYPE, &mut self.policy_name)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `GetKeyRotationStatusRequest`
#[derive(Default)]
pub struct GetKeyRotationStatusRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetKeyRotationStatusRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `GetParametersForImportRequest`
#[derive(Default)]
pub struct GetParametersForImportRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `WrappingAlgorithm`, required
    pub wrapping_algorithm: Option<Text<'a>>,
    /// `WrappingKeySpec`, required
    pub wrapping_key_spec: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetParametersForImportRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "WrappingAlgorithm" => {
                reader.text("wrappingAlgorithm", &ALGORITHM_SPEC, &mut self.wrapping_algorithm)?
            }
            "WrappingKeySpec" => {
                reader.text("wrappingKeySpec", &WRAPPING_KEY_SPEC, &mut self.wrapping_key_spec)?
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("wrappingAlgorithm", self.wrapping_algorithm.is_some());
        reader.require("wrappingKeySpec", self.wrapping_key_spec.is_some());
    }
}

/// `GetPublicKeyRequest`
#[derive(Default)]
pub struct GetPublicKeyRequest<'a> {
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetPublicKeyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `GrantConstraints`
#[derive(Default)]
pub struct GrantConstraints<'a> {
    /// `EncryptionContextEquals`
    pub encryption_context_equals: Option<Pairs>,
    /// `EncryptionContextSubset`
    pub encryption_context_subset: Option<Pairs>,
    /// `SourceArn`
    pub source_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GrantConstraints<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "EncryptionContextEquals" => reader.map(&mut self.encryption_context_equals)?,
            "EncryptionContextSubset" => reader.map(&mut self.encryption_context_subset)?,
            "SourceArn" => {
                reader.text("sourceArn", &GRANT_CONSTRAINT_SOURCE_ARN_TYPE, &mut self.source_arn)?
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `ImportKeyMaterialRequest`
#[derive(Default)]
pub struct ImportKeyMaterialRequest<'a> {
    /// `EncryptedKeyMaterial`, required
    pub encrypted_key_material: Option<Box<[u8]>>,
    /// `ExpirationModel`
    pub expiration_model: Option<Text<'a>>,
    /// `ImportToken`, required
    pub import_token: Option<Box<[u8]>>,
    /// `ImportType`
    pub import_type: Option<Text<'a>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `KeyMaterialDescription`
    pub key_material_description: Option<Text<'a>>,
    /// `KeyMaterialId`
    pub key_material_id: Option<Text<'a>>,
    /// `ValidTo`
    pub valid_to: Option<Timestamp>,
}

impl<'a> Structure<'a> for ImportKeyMaterialRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "EncryptedKeyMaterial" => {
                reader.blob("encryptedKeyMaterial", &CIPHERTEXT_TYPE, &mut self.encrypted_key_material)?
            }
            "ExpirationModel" => {
                reader.text("expirationModel", &EXPIRATION_MODEL_TYPE, &mut self.expiration_model)?
            }
            "ImportToken" => reader.blob("importToken", &CIPHERTEXT_TYPE, &mut self.import_token)?,
            "ImportType" => reader.text("importType", &IMPORT_TYPE, &mut self.import_type)?,
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "KeyMaterialDescription" => reader.text(
                "keyMaterialDescription",
                &KEY_MATERIAL_DESCRIPTION_TYPE,
                &mut self.key_material_description,
            )?,
            "KeyMaterialId" => {
                reader.text("keyMaterialId", &BACKING_KEY_ID_TYPE, &mut self.key_material_id)?
            }
            "ValidTo" => reader.timestamp(&mut self.valid_to)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("importToken", self.import_token.is_some());
        reader.require("encryptedKeyMaterial", self.encrypted_key_material.is_some());
    }
}

/// `ListAliasesRequest`
#[derive(Default)]
pub struct ListAliasesRequest<'a> {
    /// `KeyId`
    pub key_id: Option<Text<'a>>,
    /// `Limit`
    pub limit: Option<i32>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListAliasesRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Limit" => reader.integer("limit", &LIMIT_TYPE, &mut self.limit)?,
            "Marker" => reader.text("marker", &MARKER_TYPE, &mut self.marker)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `ListGrantsRequest`
#[derive(Default)]
pub struct ListGrantsRequest<'a> {
    /// `GrantId`
    pub grant_id: Option<Text<'a>>,
    /// `GranteePrincipal`
    pub grantee_principal: Option<Text<'a>>,
    /// `GranteeServicePrincipal`
    pub grantee_service_principal: Option<Text<'a>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Limit`
    pub limit: Option<i32>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListGrantsRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "GrantId" => reader.text("grantId", &GRANT_ID_TYPE, &mut self.grant_id)?,
            "GranteePrincipal" => {
                reader.text("granteePrincipal", &PRINCIPAL_ID_TYPE, &mut self.grantee_principal)?
            }
            "GranteeServicePrincipal" => reader.text(
                "granteeServicePrincipal",
                &SERVICE_PRINCIPAL_TYPE,
                &mut self.grantee_service_principal,
            )?,
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Limit" => reader.integer("limit", &LIMIT_TYPE, &mut self.limit)?,
            "Marker" => reader.text("marker", &MARKER_TYPE, &mut self.marker)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `ListKeyPoliciesRequest`
#[derive(Default)]
pub struct ListKeyPoliciesRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Limit`
    pub limit: Option<i32>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListKeyPoliciesRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Limit" => reader.integer("limit", &LIMIT_TYPE, &mut self.limit)?,
            "Marker" => reader.text("marker", &MARKER_TYPE, &mut self.marker)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `ListKeyRotationsRequest`
#[derive(Default)]
pub struct ListKeyRotationsRequest<'a> {
    /// `IncludeKeyMaterial`
    pub include_key_material: Option<Text<'a>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Limit`
    pub limit: Option<i32>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListKeyRotationsRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "IncludeKeyMaterial" => {
                reader.text("includeKeyMaterial", &INCLUDE_KEY_MATERIAL, &mut self.include_key_material)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Limit" => reader.integer("limit", &LIMIT_TYPE, &mut self.limit)?,
            "Marker" => reader.text("marker", &MARKER_TYPE, &mut self.marker)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `ListKeysRequest`
#[derive(Default)]
pub struct ListKeysRequest<'a> {
    /// `Limit`
    pub limit: Option<i32>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `ResourceOwners`
    pub resource_owners: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for ListKeysRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "Limit" => reader.integer("limit", &LIMIT_TYPE, &mut self.limit)?,
            "Marker" => reader.text("marker", &MARKER_TYPE, &mut self.marker)?,
            "ResourceOwners" => reader.texts(
                "resourceOwners",
                &RESOURCE_OWNERS_LIST,
                &RESOURCE_OWNER_TYPE,
                &mut self.resource_owners,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `ListResourceTagsRequest`
#[derive(Default)]
pub struct ListResourceTagsRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Limit`
    pub limit: Option<i32>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListResourceTagsRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Limit" => reader.integer("limit", &LIMIT_TYPE, &mut self.limit)?,
            "Marker" => reader.text("marker", &MARKER_TYPE, &mut self.marker)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `ListRetirableGrantsRequest`
#[derive(Default)]
pub struct ListRetirableGrantsRequest<'a> {
    /// `Limit`
    pub limit: Option<i32>,
    /// `Marker`
    pub marker: Option<Text<'a>>,
    /// `RetiringPrincipal`
    pub retiring_principal: Option<Text<'a>>,
    /// `RetiringServicePrincipal`
    pub retiring_service_principal: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ListRetirableGrantsRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "Limit" => reader.integer("limit", &LIMIT_TYPE, &mut self.limit)?,
            "Marker" => reader.text("marker", &MARKER_TYPE, &mut self.marker)?,
            "RetiringPrincipal" => {
                reader.text("retiringPrincipal", &PRINCIPAL_ID_TYPE, &mut self.retiring_principal)?
            }
            "RetiringServicePrincipal" => reader.text(
                "retiringServicePrincipal",
                &SERVICE_PRINCIPAL_TYPE,
                &mut self.retiring_service_principal,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `PutKeyPolicyRequest`
#[derive(Default)]
pub struct PutKeyPolicyRequest<'a> {
    /// `BypassPolicyLockoutSafetyCheck`
    pub bypass_policy_lockout_safety_check: Option<bool>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Policy`, required
    pub policy: Option<Text<'a>>,
    /// `PolicyName`
    pub policy_name: Option<Text<'a>>,
}

impl<'a> Structure<'a> for PutKeyPolicyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "BypassPolicyLockoutSafetyCheck" => {
                reader.boolean(&mut self.bypass_policy_lockout_safety_check)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Policy" => reader.text("policy", &POLICY_TYPE, &mut self.policy)?,
            "PolicyName" => reader.text("policyName", &POLICY_NAME_TYPE, &mut self.policy_name)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("policy", self.policy.is_some());
    }
}

/// `ReEncryptRequest`
#[derive(Default)]
pub struct ReEncryptRequest<'a> {
    /// `CiphertextBlob`
    pub ciphertext_blob: Option<Box<[u8]>>,
    /// `DestinationEncryptionAlgorithm`
    pub destination_encryption_algorithm: Option<Text<'a>>,
    /// `DestinationEncryptionContext`
    pub destination_encryption_context: Option<Pairs>,
    /// `DestinationKeyId`, required
    pub destination_key_id: Option<Text<'a>>,
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `DryRunModifiers`
    pub dry_run_modifiers: Option<Vec<Text<'a>>>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `SourceEncryptionAlgorithm`
    pub source_encryption_algorithm: Option<Text<'a>>,
    /// `SourceEncryptionContext`
    pub source_encryption_context: Option<Pairs>,
    /// `SourceKeyId`
    pub source_key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ReEncryptRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "CiphertextBlob" => reader.blob("ciphertextBlob", &CIPHERTEXT_TYPE, &mut self.ciphertext_blob)?,
            "DestinationEncryptionAlgorithm" => reader.text(
                "destinationEncryptionAlgorithm",
                &ENCRYPTION_ALGORITHM_SPEC,
                &mut self.destination_encryption_algorithm,
            )?,
            "DestinationEncryptionContext" => reader.map(&mut self.destination_encryption_context)?,
            "DestinationKeyId" => {
                reader.text("destinationKeyId", &KEY_ID_TYPE, &mut self.destination_key_id)?
            }
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "DryRunModifiers" => reader.texts(
                "dryRunModifiers",
                &DRY_RUN_MODIFIER_LIST,
                &DRY_RUN_MODIFIER_TYPE,
                &mut self.dry_run_modifiers,
            )?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "SourceEncryptionAlgorithm" => reader.text(
                "sourceEncryptionAlgorithm",
                &ENCRYPTION_ALGORITHM_SPEC,
                &mut self.source_encryption_algorithm,
            )?,
            "SourceEncryptionContext" => reader.map(&mut self.source_encryption_context)?,
            "SourceKeyId" => reader.text("sourceKeyId", &KEY_ID_TYPE, &mut self.source_key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("destinationKeyId", self.destination_key_id.is_some());
    }
}

/// `RecipientInfo`
#[derive(Default)]
pub struct RecipientInfo<'a> {
    /// `AttestationDocument`
    pub attestation_document: Option<Box<[u8]>>,
    /// `KeyEncryptionAlgorithm`
    pub key_encryption_algorithm: Option<Text<'a>>,
}

impl<'a> Structure<'a> for RecipientInfo<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "AttestationDocument" => reader.blob(
                "attestationDocument",
                &ATTESTATION_DOCUMENT_TYPE,
                &mut self.attestation_document,
            )?,
            "KeyEncryptionAlgorithm" => reader.text(
                "keyEncryptionAlgorithm",
                &KEY_ENCRYPTION_MECHANISM,
                &mut self.key_encryption_algorithm,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `ReplicateKeyRequest`
#[derive(Default)]
pub struct ReplicateKeyRequest<'a> {
    /// `BypassPolicyLockoutSafetyCheck`
    pub bypass_policy_lockout_safety_check: Option<bool>,
    /// `Description`
    pub description: Option<Text<'a>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Policy`
    pub policy: Option<Text<'a>>,
    /// `ReplicaRegion`, required
    pub replica_region: Option<Text<'a>>,
    /// `Tags`
    pub tags: Option<Vec<Tag<'a>>>,
}

impl<'a> Structure<'a> for ReplicateKeyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "BypassPolicyLockoutSafetyCheck" => {
                reader.boolean(&mut self.bypass_policy_lockout_safety_check)?
            }
            "Description" => reader.text("description", &DESCRIPTION_TYPE, &mut self.description)?,
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Policy" => reader.text("policy", &POLICY_TYPE, &mut self.policy)?,
            "ReplicaRegion" => reader.text("replicaRegion", &REGION_TYPE, &mut self.replica_region)?,
            "Tags" => reader.structures("tags", &TAG_LIST, &mut self.tags)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("replicaRegion", self.replica_region.is_some());
    }
}

/// `RetireGrantRequest`
#[derive(Default)]
pub struct RetireGrantRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `GrantId`
    pub grant_id: Option<Text<'a>>,
    /// `GrantToken`
    pub grant_token: Option<Text<'a>>,
    /// `KeyId`
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for RetireGrantRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "GrantId" => reader.text("grantId", &GRANT_ID_TYPE, &mut self.grant_id)?,
            "GrantToken" => reader.text("grantToken", &GRANT_TOKEN_TYPE, &mut self.grant_token)?,
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, _reader: &mut Reader<'a>) {}
}

/// `RevokeGrantRequest`
#[derive(Default)]
pub struct RevokeGrantRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `GrantId`, required
    pub grant_id: Option<Text<'a>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for RevokeGrantRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "GrantId" => reader.text("grantId", &GRANT_ID_TYPE, &mut self.grant_id)?,
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("grantId", self.grant_id.is_some());
    }
}

/// `RotateKeyOnDemandRequest`
#[derive(Default)]
pub struct RotateKeyOnDemandRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for RotateKeyOnDemandRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `ScheduleKeyDeletionRequest`
#[derive(Default)]
pub struct ScheduleKeyDeletionRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `PendingWindowInDays`
    pub pending_window_in_days: Option<i32>,
}

impl<'a> Structure<'a> for ScheduleKeyDeletionRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "PendingWindowInDays" => reader.integer(
                "pendingWindowInDays",
                &PENDING_WINDOW_IN_DAYS_TYPE,
                &mut self.pending_window_in_days,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
    }
}

/// `SignRequest`
#[derive(Default)]
pub struct SignRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Message`, required
    pub message: Option<SecretBytes>,
    /// `MessageType`
    pub message_type: Option<Text<'a>>,
    /// `SigningAlgorithm`, required
    pub signing_algorithm: Option<Text<'a>>,
}

impl<'a> Structure<'a> for SignRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Message" => reader.secret("message", &PLAINTEXT_TYPE, &mut self.message)?,
            "MessageType" => reader.text("messageType", &MESSAGE_TYPE, &mut self.message_type)?,
            "SigningAlgorithm" => {
                reader.text("signingAlgorithm", &SIGNING_ALGORITHM_SPEC, &mut self.signing_algorithm)?
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("message", self.message.is_some());
        reader.require("signingAlgorithm", self.signing_algorithm.is_some());
    }
}

/// `Tag`
#[derive(Default)]
pub struct Tag<'a> {
    /// `TagKey`, required
    pub tag_key: Option<Text<'a>>,
    /// `TagValue`, required
    pub tag_value: Option<Text<'a>>,
}

impl<'a> Structure<'a> for Tag<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "TagKey" => reader.text("tagKey", &TAG_KEY_TYPE, &mut self.tag_key)?,
            "TagValue" => reader.text("tagValue", &TAG_VALUE_TYPE, &mut self.tag_value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("tagKey", self.tag_key.is_some());
        reader.require("tagValue", self.tag_value.is_some());
    }
}

/// `TagResourceRequest`
#[derive(Default)]
pub struct TagResourceRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Tags`, required
    pub tags: Option<Vec<Tag<'a>>>,
}

impl<'a> Structure<'a> for TagResourceRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Tags" => reader.structures("tags", &TAG_LIST, &mut self.tags)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("tags", self.tags.is_some());
    }
}

/// `UntagResourceRequest`
#[derive(Default)]
pub struct UntagResourceRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `TagKeys`, required
    pub tag_keys: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for UntagResourceRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "TagKeys" => reader.texts("tagKeys", &TAG_KEY_LIST, &TAG_KEY_TYPE, &mut self.tag_keys)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("tagKeys", self.tag_keys.is_some());
    }
}

/// `UpdateAliasRequest`
#[derive(Default)]
pub struct UpdateAliasRequest<'a> {
    /// `AliasName`, required
    pub alias_name: Option<Text<'a>>,
    /// `TargetKeyId`, required
    pub target_key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdateAliasRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "AliasName" => reader.text("aliasName", &ALIAS_NAME_TYPE, &mut self.alias_name)?,
            "TargetKeyId" => reader.text("targetKeyId", &KEY_ID_TYPE, &mut self.target_key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("aliasName", self.alias_name.is_some());
        reader.require("targetKeyId", self.target_key_id.is_some());
    }
}

/// `UpdateCustomKeyStoreRequest`
#[derive(Default)]
pub struct UpdateCustomKeyStoreRequest<'a> {
    /// `CloudHsmClusterId`
    pub cloud_hsm_cluster_id: Option<Text<'a>>,
    /// `CustomKeyStoreId`, required
    pub custom_key_store_id: Option<Text<'a>>,
    /// `KeyStorePassword`
    pub key_store_password: Option<SecretBytes>,
    /// `NewCustomKeyStoreName`
    pub new_custom_key_store_name: Option<Text<'a>>,
    /// `XksProxyAuthenticationCredential`
    pub xks_proxy_authentication_credential: Option<XksProxyAuthenticationCredentialType>,
    /// `XksProxyConnectivity`
    pub xks_proxy_connectivity: Option<Text<'a>>,
    /// `XksProxyUriEndpoint`
    pub xks_proxy_uri_endpoint: Option<Text<'a>>,
    /// `XksProxyUriPath`
    pub xks_proxy_uri_path: Option<Text<'a>>,
    /// `XksProxyVpcEndpointServiceName`
    pub xks_proxy_vpc_endpoint_service_name: Option<Text<'a>>,
    /// `XksProxyVpcEndpointServiceOwner`
    pub xks_proxy_vpc_endpoint_service_owner: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdateCustomKeyStoreRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "CloudHsmClusterId" => reader.text(
                "cloudHsmClusterId",
                &CLOUD_HSM_CLUSTER_ID_TYPE,
                &mut self.cloud_hsm_cluster_id,
            )?,
            "CustomKeyStoreId" => {
                reader.text("customKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE, &mut self.custom_key_store_id)?
            }
            "KeyStorePassword" => reader.secret_text(
                "keyStorePassword",
                &KEY_STORE_PASSWORD_TYPE,
                &mut self.key_store_password,
            )?,
            "NewCustomKeyStoreName" => reader.text(
                "newCustomKeyStoreName",
                &CUSTOM_KEY_STORE_NAME_TYPE,
                &mut self.new_custom_key_store_name,
            )?,
            "XksProxyAuthenticationCredential" => reader.structure(
                "xksProxyAuthenticationCredential",
                &mut self.xks_proxy_authentication_credential,
            )?,
            "XksProxyConnectivity" => reader.text(
                "xksProxyConnectivity",
                &XKS_PROXY_CONNECTIVITY_TYPE,
                &mut self.xks_proxy_connectivity,
            )?,
            "XksProxyUriEndpoint" => reader.text(
                "xksProxyUriEndpoint",
                &XKS_PROXY_URI_ENDPOINT_TYPE,
                &mut self.xks_proxy_uri_endpoint,
            )?,
            "XksProxyUriPath" => {
                reader.text("xksProxyUriPath", &XKS_PROXY_URI_PATH_TYPE, &mut self.xks_proxy_uri_path)?
            }
            "XksProxyVpcEndpointServiceName" => reader.text(
                "xksProxyVpcEndpointServiceName",
                &XKS_PROXY_VPC_ENDPOINT_SERVICE_NAME_TYPE,
                &mut self.xks_proxy_vpc_endpoint_service_name,
            )?,
            "XksProxyVpcEndpointServiceOwner" => reader.text(
                "xksProxyVpcEndpointServiceOwner",
                &ACCOUNT_ID_TYPE,
                &mut self.xks_proxy_vpc_endpoint_service_owner,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("customKeyStoreId", self.custom_key_store_id.is_some());
    }
}

/// `UpdateKeyDescriptionRequest`
#[derive(Default)]
pub struct UpdateKeyDescriptionRequest<'a> {
    /// `Description`, required
    pub description: Option<Text<'a>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdateKeyDescriptionRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "Description" => reader.text("description", &DESCRIPTION_TYPE, &mut self.description)?,
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("description", self.description.is_some());
    }
}

/// `UpdatePrimaryRegionRequest`
#[derive(Default)]
pub struct UpdatePrimaryRegionRequest<'a> {
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `PrimaryRegion`, required
    pub primary_region: Option<Text<'a>>,
}

impl<'a> Structure<'a> for UpdatePrimaryRegionRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "PrimaryRegion" => reader.text("primaryRegion", &REGION_TYPE, &mut self.primary_region)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("primaryRegion", self.primary_region.is_some());
    }
}

/// `VerifyMacRequest`
#[derive(Default)]
pub struct VerifyMacRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Mac`, required
    pub mac: Option<Box<[u8]>>,
    /// `MacAlgorithm`, required
    pub mac_algorithm: Option<Text<'a>>,
    /// `Message`, required
    pub message: Option<SecretBytes>,
}

impl<'a> Structure<'a> for VerifyMacRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Mac" => reader.blob("mac", &CIPHERTEXT_TYPE, &mut self.mac)?,
            "MacAlgorithm" => reader.text("macAlgorithm", &MAC_ALGORITHM_SPEC, &mut self.mac_algorithm)?,
            "Message" => reader.secret("message", &PLAINTEXT_TYPE, &mut self.message)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("message", self.message.is_some());
        reader.require("keyId", self.key_id.is_some());
        reader.require("macAlgorithm", self.mac_algorithm.is_some());
        reader.require("mac", self.mac.is_some());
    }
}

/// `VerifyRequest`
#[derive(Default)]
pub struct VerifyRequest<'a> {
    /// `DryRun`
    pub dry_run: Option<bool>,
    /// `GrantTokens`
    pub grant_tokens: Option<Vec<Text<'a>>>,
    /// `KeyId`, required
    pub key_id: Option<Text<'a>>,
    /// `Message`, required
    pub message: Option<SecretBytes>,
    /// `MessageType`
    pub message_type: Option<Text<'a>>,
    /// `Signature`, required
    pub signature: Option<Box<[u8]>>,
    /// `SigningAlgorithm`, required
    pub signing_algorithm: Option<Text<'a>>,
}

impl<'a> Structure<'a> for VerifyRequest<'a> {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "DryRun" => reader.boolean(&mut self.dry_run)?,
            "GrantTokens" => {
                reader.texts("grantTokens", &GRANT_TOKEN_LIST, &GRANT_TOKEN_TYPE, &mut self.grant_tokens)?
            }
            "KeyId" => reader.text("keyId", &KEY_ID_TYPE, &mut self.key_id)?,
            "Message" => reader.secret("message", &PLAINTEXT_TYPE, &mut self.message)?,
            "MessageType" => reader.text("messageType", &MESSAGE_TYPE, &mut self.message_type)?,
            "Signature" => reader.blob("signature", &CIPHERTEXT_TYPE, &mut self.signature)?,
            "SigningAlgorithm" => {
                reader.text("signingAlgorithm", &SIGNING_ALGORITHM_SPEC, &mut self.signing_algorithm)?
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("keyId", self.key_id.is_some());
        reader.require("message", self.message.is_some());
        reader.require("signature", self.signature.is_some());
        reader.require("signingAlgorithm", self.signing_algorithm.is_some());
    }
}

/// `XksProxyAuthenticationCredentialType`
#[derive(Default)]
pub struct XksProxyAuthenticationCredentialType {
    /// `AccessKeyId`, required
    pub access_key_id: Option<SecretBytes>,
    /// `RawSecretAccessKey`, required
    pub raw_secret_access_key: Option<SecretBytes>,
}

impl<'a> Structure<'a> for XksProxyAuthenticationCredentialType {
    fn member(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<bool, Malformed> {
        match name {
            "AccessKeyId" => reader.secret_text(
                "accessKeyId",
                &XKS_PROXY_AUTHENTICATION_ACCESS_KEY_ID_TYPE,
                &mut self.access_key_id,
            )?,
            "RawSecretAccessKey" => reader.secret_text(
                "rawSecretAccessKey",
                &XKS_PROXY_AUTHENTICATION_RAW_SECRET_ACCESS_KEY_TYPE,
                &mut self.raw_secret_access_key,
            )?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn missing(&self, reader: &mut Reader<'a>) {
        reader.require("accessKeyId", self.access_key_id.is_some());
        reader.require("rawSecretAccessKey", self.raw_secret_access_key.is_some());
    }
}

/// `AccountIdType`
pub static ACCOUNT_ID_TYPE: TextRule = TextRule {
    chars_min: 12,
    chars_max: Some(12),
    pattern: Some(Pattern {
        text: "[0-9]{12}",
        form: Form::Expression(LazyLock::new(|| expression("[0-9]{12}"))),
    }),
    values: &[],
};

/// `AlgorithmSpec`
pub static ALGORITHM_SPEC: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &[
        "RSAES_PKCS1_V1_5",
        "RSAES_OAEP_SHA_1",
        "RSAES_OAEP_SHA_256",
        "RSA_AES_KEY_WRAP_SHA_1",
        "RSA_AES_KEY_WRAP_SHA_256",
        "SM2PKE",
    ],
};

/// `AliasNameType`
pub static ALIAS_NAME_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(256),
    pattern: Some(Pattern {
        text: "^[a-zA-Z0-9:/_-]+$",
        form: Form::Class {
            chars_min: 1,
            class: &[('-', '-'), ('/', '/'), ('0', '9'), (':', ':'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        },
    }),
    values: &[],
};

/// `AttestationDocumentType`
pub static ATTESTATION_DOCUMENT_TYPE: BlobRule = BlobRule { bytes_min: 1, bytes_max: 262144 };

/// `BackingKeyIdType`
pub static BACKING_KEY_ID_TYPE: TextRule = TextRule {
    chars_min: 64,
    chars_max: Some(64),
    pattern: Some(Pattern {
        text: "^[a-f0-9]+$",
        form: Form::Class { chars_min: 1, class: &[('0', '9'), ('a', 'f')] },
    }),
    values: &[],
};

/// `CiphertextType`
pub static CIPHERTEXT_TYPE: BlobRule = BlobRule { bytes_min: 1, bytes_max: 6144 };

/// `CloudHsmClusterIdType`
pub static CLOUD_HSM_CLUSTER_ID_TYPE: TextRule = TextRule {
    chars_min: 19,
    chars_max: Some(24),
    pattern: Some(Pattern {
        text: "cluster-[2-7a-zA-Z]{11,16}",
        form: Form::Expression(LazyLock::new(|| expression("cluster-[2-7a-zA-Z]{11,16}"))),
    }),
    values: &[],
};

/// `CustomKeyStoreIdType`
pub static CUSTOM_KEY_STORE_ID_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(64), pattern: None, values: &[] };

/// `CustomKeyStoreNameType`
pub static CUSTOM_KEY_STORE_NAME_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(256), pattern: None, values: &[] };

/// `CustomKeyStoreType`
pub static CUSTOM_KEY_STORE_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"],
};

/// `CustomerMasterKeySpec`
pub static CUSTOMER_MASTER_KEY_SPEC: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &[
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "SYMMETRIC_DEFAULT",
        "HMAC_224",
        "HMAC_256",
        "HMAC_384",
        "HMAC_512",
        "SM2",
    ],
};

/// `DataKeyPairSpec`
pub static DATA_KEY_PAIR_SPEC: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &[
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "SM2",
        "ECC_NIST_EDWARDS25519",
        "ML_KEM_512",
        "ML_KEM_768",
        "ML_KEM_1024",
    ],
};

/// `DataKeySpec`
pub static DATA_KEY_SPEC: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["AES_256", "AES_128"] };

/// `DescriptionType`
pub static DESCRIPTION_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: Some(8192), pattern: None, values: &[] };

/// `DryRunModifierList`
pub static DRY_RUN_MODIFIER_LIST: ListRule = ListRule { items_min: 0, items_max: None };

/// `DryRunModifierType`
pub static DRY_RUN_MODIFIER_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["IGNORE_CIPHERTEXT"] };

/// `EncapsulationAlgorithmSpec`
pub static ENCAPSULATION_ALGORITHM_SPEC: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["ML_KEM"] };

/// `EncryptionAlgorithmSpec`
pub static ENCRYPTION_ALGORITHM_SPEC: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"],
};

/// `ExpirationModelType`
pub static EXPIRATION_MODEL_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"],
};

/// `GrantConstraintSourceArnType`
pub static GRANT_CONSTRAINT_SOURCE_ARN_TYPE: TextRule = TextRule {
    chars_min: 20,
    chars_max: Some(512),
    pattern: Some(Pattern {
        text: "^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$",
        form: Form::Expression(LazyLock::new(|| {
            expression("^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$")
        })),
    }),
    values: &[],
};

/// `GrantIdType`
pub static GRANT_ID_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(128), pattern: None, values: &[] };

/// `GrantNameType`
pub static GRANT_NAME_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(256),
    pattern: Some(Pattern {
        text: "^[a-zA-Z0-9:/_-]+$",
        form: Form::Class {
            chars_min: 1,
            class: &[('-', '-'), ('/', '/'), ('0', '9'), (':', ':'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        },
    }),
    values: &[],
};

/// `GrantOperation`
pub static GRANT_OPERATION: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &[
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
        "Sign",
        "Verify",
        "GetPublicKey",
        "CreateGrant",
        "RetireGrant",
        "DescribeKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateMac",
        "VerifyMac",
        "DeriveSharedSecret",
        "Encapsulate",
        "Decapsulate",
    ],
};

/// `GrantOperationList`
pub static GRANT_OPERATION_LIST: ListRule = ListRule { items_min: 0, items_max: None };

/// `GrantTokenList`
pub static GRANT_TOKEN_LIST: ListRule = ListRule { items_min: 0, items_max: Some(10) };

/// `GrantTokenType`
pub static GRANT_TOKEN_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(8192), pattern: None, values: &[] };

/// `ImportType`
pub static IMPORT_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"],
};

/// `IncludeKeyMaterial`
pub static INCLUDE_KEY_MATERIAL: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"],
};

/// `KeyAgreementAlgorithmSpec`
pub static KEY_AGREEMENT_ALGORITHM_SPEC: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["ECDH"] };

/// `KeyEncryptionMechanism`
pub static KEY_ENCRYPTION_MECHANISM: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["RSAES_OAEP_SHA_256"] };

/// `KeyIdType`
pub static KEY_ID_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(2048), pattern: None, values: &[] };

/// `KeyMaterialDescriptionType`
pub static KEY_MATERIAL_DESCRIPTION_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: Some(256),
    pattern: Some(Pattern {
        text: "^[a-zA-Z0-9:/_\\s.-]+$",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('\t', '\r'),
                (' ', ' '),
                ('-', '-'),
                ('.', '.'),
                ('/', '/'),
                ('0', '9'),
                (':', ':'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `KeySpec`
pub static KEY_SPEC: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &[
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "SYMMETRIC_DEFAULT",
        "HMAC_224",
        "HMAC_256",
        "HMAC_384",
        "HMAC_512",
        "SM2",
        "ML_DSA_44",
        "ML_DSA_65",
        "ML_DSA_87",
        "ECC_NIST_EDWARDS25519",
        "ML_KEM_512",
        "ML_KEM_768",
        "ML_KEM_1024",
    ],
};

/// `KeyStorePasswordType`
pub static KEY_STORE_PASSWORD_TYPE: TextRule =
    TextRule { chars_min: 7, chars_max: Some(32), pattern: None, values: &[] };

/// `KeyUsageType`
pub static KEY_USAGE_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &[
        "SIGN_VERIFY",
        "ENCRYPT_DECRYPT",
        "GENERATE_VERIFY_MAC",
        "KEY_AGREEMENT",
        "ENCAPSULATE_DECAPSULATE",
    ],
};

/// `LimitType`
pub static LIMIT_TYPE: IntegerRule = IntegerRule { min: 1, max: 1000 };

/// `MacAlgorithmSpec`
pub static MAC_ALGORITHM_SPEC: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512"],
};

/// `MarkerType`
pub static MARKER_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(1024),
    pattern: Some(Pattern {
        text: "[\\u0020-\\u00FF]*",
        form: Form::Class { chars_min: 0, class: &[(' ', 'ÿ')] },
    }),
    values: &[],
};

/// `MessageType`
pub static MESSAGE_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["RAW", "DIGEST", "EXTERNAL_MU"] };

/// `NumberOfBytesType`
pub static NUMBER_OF_BYTES_TYPE: IntegerRule = IntegerRule { min: 1, max: 1024 };

/// `OriginType`
pub static ORIGIN_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"],
};

/// `PendingWindowInDaysType`
pub static PENDING_WINDOW_IN_DAYS_TYPE: IntegerRule = IntegerRule { min: 1, max: 365 };

/// `PlaintextType`
pub static PLAINTEXT_TYPE: BlobRule = BlobRule { bytes_min: 1, bytes_max: 4096 };

/// `PolicyNameType`
pub static POLICY_NAME_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "[\\w]+",
        form: Form::Class { chars_min: 1, class: &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')] },
    }),
    values: &[],
};

/// `PolicyType`
pub static POLICY_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(131072),
    pattern: Some(Pattern {
        text: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
        form: Form::Class { chars_min: 1, class: &[('\t', '\t'), ('\n', '\n'), ('\r', '\r'), (' ', 'ÿ')] },
    }),
    values: &[],
};

/// `PrincipalIdType`
pub static PRINCIPAL_ID_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(256),
    pattern: Some(Pattern {
        text: "^[\\w+=,.@:/-]+$",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('/', '/'),
                ('0', '9'),
                (':', ':'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `PublicKeyType`
pub static PUBLIC_KEY_TYPE: BlobRule = BlobRule { bytes_min: 1, bytes_max: 8192 };

/// `RegionType`
pub static REGION_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(32),
    pattern: Some(Pattern {
        text: "^([a-z]+-){2,3}\\d+$",
        form: Form::Expression(LazyLock::new(|| expression("^([a-z]+-){2,3}\\d+$"))),
    }),
    values: &[],
};

/// `ResourceOwnerType`
pub static RESOURCE_OWNER_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["SELF", "OTHER_ACCOUNTS_VIA_RAM"] };

/// `ResourceOwnersList`
pub static RESOURCE_OWNERS_LIST: ListRule = ListRule { items_min: 1, items_max: Some(2) };

/// `RotationPeriodInDaysType`
pub static ROTATION_PERIOD_IN_DAYS_TYPE: IntegerRule = IntegerRule { min: 90, max: 2560 };

/// `ServicePrincipalType`
pub static SERVICE_PRINCIPAL_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$",
        form: Form::Expression(LazyLock::new(|| {
            expression("^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$")
        })),
    }),
    values: &[],
};

/// `SigningAlgorithmSpec`
pub static SIGNING_ALGORITHM_SPEC: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &[
        "RSASSA_PSS_SHA_256",
        "RSASSA_PSS_SHA_384",
        "RSASSA_PSS_SHA_512",
        "RSASSA_PKCS1_V1_5_SHA_256",
        "RSASSA_PKCS1_V1_5_SHA_384",
        "RSASSA_PKCS1_V1_5_SHA_512",
        "ECDSA_SHA_256",
        "ECDSA_SHA_384",
        "ECDSA_SHA_512",
        "SM2DSA",
        "ML_DSA_SHAKE_256",
        "ED25519_SHA_512",
        "ED25519_PH_SHA_512",
    ],
};

/// `TagKeyList`
pub static TAG_KEY_LIST: ListRule = ListRule { items_min: 0, items_max: None };

/// `TagKeyType`
pub static TAG_KEY_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(128), pattern: None, values: &[] };

/// `TagList`
pub static TAG_LIST: ListRule = ListRule { items_min: 0, items_max: None };

/// `TagValueType`
pub static TAG_VALUE_TYPE: TextRule =
    TextRule { chars_min: 0, chars_max: Some(256), pattern: None, values: &[] };

/// `TrustAnchorCertificateType`
pub static TRUST_ANCHOR_CERTIFICATE_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(5000), pattern: None, values: &[] };

/// `WrappingKeySpec`
pub static WRAPPING_KEY_SPEC: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["RSA_2048", "RSA_3072", "RSA_4096", "SM2"],
};

/// `XksKeyIdType`
pub static XKS_KEY_ID_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "^[a-zA-Z0-9-_.]+$",
        form: Form::Class {
            chars_min: 1,
            class: &[('-', '-'), ('.', '.'), ('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        },
    }),
    values: &[],
};

/// `XksProxyAuthenticationAccessKeyIdType`
pub static XKS_PROXY_AUTHENTICATION_ACCESS_KEY_ID_TYPE: TextRule = TextRule {
    chars_min: 20,
    chars_max: Some(30),
    pattern: Some(Pattern {
        text: "^[A-Z2-7]+$",
        form: Form::Class { chars_min: 1, class: &[('2', '7'), ('A', 'Z')] },
    }),
    values: &[],
};

/// `XksProxyAuthenticationRawSecretAccessKeyType`
pub static XKS_PROXY_AUTHENTICATION_RAW_SECRET_ACCESS_KEY_TYPE: TextRule = TextRule {
    chars_min: 43,
    chars_max: Some(64),
    pattern: Some(Pattern {
        text: "^[a-zA-Z0-9\\/+=]+$",
        form: Form::Class {
            chars_min: 1,
            class: &[('+', '+'), ('/', '/'), ('0', '9'), ('=', '='), ('A', 'Z'), ('a', 'z')],
        },
    }),
    values: &[],
};

/// `XksProxyConnectivityType`
pub static XKS_PROXY_CONNECTIVITY_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["PUBLIC_ENDPOINT", "VPC_ENDPOINT_SERVICE"],
};

/// `XksProxyUriEndpointType`
pub static XKS_PROXY_URI_ENDPOINT_TYPE: TextRule = TextRule {
    chars_min: 10,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "^https://[a-zA-Z0-9.-]+$",
        form: Form::Expression(LazyLock::new(|| expression("^https://[a-zA-Z0-9.-]+$"))),
    }),
    values: &[],
};

/// `XksProxyUriPathType`
pub static XKS_PROXY_URI_PATH_TYPE: TextRule = TextRule {
    chars_min: 10,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "^(/[a-zA-Z0-9\\/_-]+/kms/xks/v\\d{1,2})$|^(/kms/xks/v\\d{1,2})$",
        form: Form::Expression(LazyLock::new(|| {
            expression("^(/[a-zA-Z0-9\\/_-]+/kms/xks/v\\d{1,2})$|^(/kms/xks/v\\d{1,2})$")
        })),
    }),
    values: &[],
};

/// `XksProxyVpcEndpointServiceNameType`
pub static XKS_PROXY_VPC_ENDPOINT_SERVICE_NAME_TYPE: TextRule = TextRule {
    chars_min: 20,
    chars_max: Some(64),
    pattern: Some(Pattern {
        text: "^(com|eu)\\.amazonaws\\.vpce\\.([a-z]+-){2,3}\\d+\\.vpce-svc-[0-9a-z]+$",
        form: Form::Expression(LazyLock::new(|| {
            expression("^(com|eu)\\.amazonaws\\.vpce\\.([a-z]+-){2,3}\\d+\\.vpce-svc-[0-9a-z]+$")
        })),
    }),
    values: &[],
};
