//! The wire shapes of AWS KMS, API version 2014-11-01.
//!
//! Written by `cargo xtask codegen` from the service model in botocore 1.44.5: facts only.
//! Change the command, not this file.

use keystead_engine::SecretBytes;

use super::pattern::{Form, Pattern, Step};
use super::wire::{BlobRule, IntegerRule, ListRule, Malformed, Pairs, Reader, Structure, Text, TextRule};

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

/// `CiphertextType`
pub static CIPHERTEXT_TYPE: BlobRule = BlobRule { bytes_min: 1, bytes_max: 6144 };

/// `CustomKeyStoreIdType`
pub static CUSTOM_KEY_STORE_ID_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(64), pattern: None, values: &[] };

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

/// `EncryptionAlgorithmSpec`
pub static ENCRYPTION_ALGORITHM_SPEC: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"],
};

/// `GrantConstraintSourceArnType`
pub static GRANT_CONSTRAINT_SOURCE_ARN_TYPE: TextRule = TextRule {
    chars_min: 20,
    chars_max: Some(512),
    pattern: Some(Pattern {
        text: "^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$",
        form: Form::Steps(&[
            Step::One(&[('a', 'a')]),
            Step::One(&[('r', 'r')]),
            Step::One(&[('n', 'n')]),
            Step::One(&[(':', ':')]),
            Step::One(&[('a', 'a')]),
            Step::One(&[('w', 'w')]),
            Step::One(&[('s', 's')]),
            Step::Either(8, 10),
            Step::One(&[('-', '-'), ('0', '9'), ('a', 'z')]),
            Step::Go(7),
            Step::One(&[(':', ':')]),
            Step::One(&[('-', '-'), ('0', '9'), ('a', 'z')]),
            Step::Either(13, 15),
            Step::One(&[('-', '-'), ('0', '9'), ('a', 'z')]),
            Step::Go(12),
            Step::One(&[(':', ':')]),
            Step::Either(17, 19),
            Step::One(&[('-', '-'), ('0', '9'), ('a', 'z')]),
            Step::Go(16),
            Step::One(&[(':', ':')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[('0', '9')]),
            Step::One(&[(':', ':')]),
            Step::One(&[('\0', '\t'), ('\u{b}', '\u{c}'), ('\u{e}', '\u{10ffff}')]),
            Step::Either(35, 37),
            Step::One(&[('\0', '\t'), ('\u{b}', '\u{c}'), ('\u{e}', '\u{10ffff}')]),
            Step::Go(34),
        ]),
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

/// `IncludeKeyMaterial`
pub static INCLUDE_KEY_MATERIAL: TextRule = TextRule {
    chars_min: 0,
    chars_max: None,
    pattern: None,
    values: &["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"],
};

/// `KeyEncryptionMechanism`
pub static KEY_ENCRYPTION_MECHANISM: TextRule =
    TextRule { chars_min: 0, chars_max: None, pattern: None, values: &["RSAES_OAEP_SHA_256"] };

/// `KeyIdType`
pub static KEY_ID_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(2048), pattern: None, values: &[] };

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
        form: Form::Steps(&[
            Step::One(&[('-', '-'), ('0', '9'), ('A', 'Z'), ('a', 'z')]),
            Step::Either(2, 4),
            Step::One(&[('-', '-'), ('0', '9'), ('A', 'Z'), ('a', 'z')]),
            Step::Go(1),
            Step::One(&[('.', '.')]),
            Step::One(&[('-', '-'), ('0', '9'), ('A', 'Z'), ('a', 'z')]),
            Step::Either(7, 9),
            Step::One(&[('-', '-'), ('0', '9'), ('A', 'Z'), ('a', 'z')]),
            Step::Go(6),
            Step::One(&[('.', '.')]),
            Step::One(&[('-', '-'), ('0', '9'), ('A', 'Z'), ('a', 'z')]),
            Step::Either(12, 14),
            Step::One(&[('-', '-'), ('0', '9'), ('A', 'Z'), ('a', 'z')]),
            Step::Go(11),
            Step::Either(15, 21),
            Step::One(&[('.', '.')]),
            Step::One(&[('-', '-'), ('0', '9'), ('A', 'Z'), ('a', 'z')]),
            Step::Either(18, 20),
            Step::One(&[('-', '-'), ('0', '9'), ('A', 'Z'), ('a', 'z')]),
            Step::Go(17),
            Step::Go(14),
        ]),
    }),
    values: &[],
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
