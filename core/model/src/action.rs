//! What a caller may be allowed to do. One policy governs a key however it is reached, so every protocol maps
//! its verbs to these.

use std::fmt;

use crate::key::spelled;

spelled! {
    /// One verb of the policy language, spelled with its service as policies spell it.
    Action {
        /// Take back a scheduled deletion.
        CancelKeyDeletion = 1 "kms:CancelKeyDeletion",
        /// Give a key a second name. Checked on the alias and on the key.
        CreateAlias = 2 "kms:CreateAlias",
        /// Make a key.
        CreateKey = 3 "kms:CreateKey",
        /// Open a ciphertext.
        Decrypt = 4 "kms:Decrypt",
        /// Take a second name away. Checked on the alias and on the key.
        DeleteAlias = 5 "kms:DeleteAlias",
        /// Read what a key is.
        DescribeKey = 6 "kms:DescribeKey",
        /// Make a key refuse every use.
        DisableKey = 7 "kms:DisableKey",
        /// Stop scheduled rotation.
        DisableKeyRotation = 8 "kms:DisableKeyRotation",
        /// Let a disabled key be used again.
        EnableKey = 9 "kms:EnableKey",
        /// Start scheduled rotation.
        EnableKeyRotation = 10 "kms:EnableKeyRotation",
        /// Seal bytes.
        Encrypt = 11 "kms:Encrypt",
        /// Make a data key, plain and wrapped.
        GenerateDataKey = 12 "kms:GenerateDataKey",
        /// Make a data key, wrapped only.
        GenerateDataKeyWithoutPlaintext = 13 "kms:GenerateDataKeyWithoutPlaintext",
        /// Draw random bytes.
        GenerateRandom = 14 "kms:GenerateRandom",
        /// Read a key's policy.
        GetKeyPolicy = 15 "kms:GetKeyPolicy",
        /// Read a key's rotation schedule.
        GetKeyRotationStatus = 16 "kms:GetKeyRotationStatus",
        /// List second names.
        ListAliases = 17 "kms:ListAliases",
        /// List the names of a key's policies.
        ListKeyPolicies = 18 "kms:ListKeyPolicies",
        /// List a key's versions.
        ListKeyRotations = 19 "kms:ListKeyRotations",
        /// List keys.
        ListKeys = 20 "kms:ListKeys",
        /// List a key's tags.
        ListResourceTags = 21 "kms:ListResourceTags",
        /// Replace a key's policy.
        PutKeyPolicy = 22 "kms:PutKeyPolicy",
        /// Open a ciphertext to seal it anew under another key.
        ReEncryptFrom = 23 "kms:ReEncryptFrom",
        /// Seal, under this key, what another key's ciphertext held.
        ReEncryptTo = 24 "kms:ReEncryptTo",
        /// Rotate at once.
        RotateKeyOnDemand = 25 "kms:RotateKeyOnDemand",
        /// Set the time of a key's destruction.
        ScheduleKeyDeletion = 26 "kms:ScheduleKeyDeletion",
        /// Add or replace tags.
        TagResource = 27 "kms:TagResource",
        /// Take tags away.
        UntagResource = 28 "kms:UntagResource",
        /// Point a second name to another key. Checked on the alias and on both keys.
        UpdateAlias = 29 "kms:UpdateAlias",
        /// Change a key's description.
        UpdateKeyDescription = 30 "kms:UpdateKeyDescription",
        /// Ask who one is. Needs no permission.
        GetCallerIdentity = 31 "sts:GetCallerIdentity",
        /// The engine destroying material whose time has come.
        DeleteKey = 32 "kms:DeleteKey",
        /// The engine rotating a key whose time has come.
        RotateKey = 33 "kms:RotateKey",
        /// A request whose action could not be told.
        Unknown = 34 "kms:Unknown",
        /// Make an account and its root access key.
        CreateAccount = 35 "keystead:CreateAccount",
        /// Read the audit log.
        ReadAudit = 36 "keystead:ReadAudit",
        /// Read the server's own state.
        ReadStatus = 37 "keystead:ReadStatus",
        /// Sign a message.
        Sign = 38 "kms:Sign",
        /// Verify a signature.
        Verify = 39 "kms:Verify",
        /// Make a message authentication code.
        GenerateMac = 40 "kms:GenerateMac",
        /// Verify a message authentication code.
        VerifyMac = 41 "kms:VerifyMac",
        /// Read a key's public half.
        GetPublicKey = 42 "kms:GetPublicKey",
        /// Agree on a secret with the owner of a public key.
        DeriveSharedSecret = 43 "kms:DeriveSharedSecret",
        /// Make a secret and encapsulate it to a key.
        Encapsulate = 44 "kms:Encapsulate",
        /// Take an encapsulated secret out.
        Decapsulate = 45 "kms:Decapsulate",
        /// Make a data key pair, its private half plain and wrapped.
        GenerateDataKeyPair = 46 "kms:GenerateDataKeyPair",
        /// Make a data key pair, its private half wrapped only.
        GenerateDataKeyPairWithoutPlaintext = 47 "kms:GenerateDataKeyPairWithoutPlaintext",
        /// Let a principal use a key in named ways.
        CreateGrant = 48 "kms:CreateGrant",
        /// List a key's grants.
        ListGrants = 49 "kms:ListGrants",
        /// List the grants a principal may retire.
        ListRetirableGrants = 50 "kms:ListRetirableGrants",
        /// End a grant, as one who was named for that.
        RetireGrant = 51 "kms:RetireGrant",
        /// End a grant, as one who looks after the key.
        RevokeGrant = 52 "kms:RevokeGrant",
        /// Get what is needed to wrap material for import.
        GetParametersForImport = 53 "kms:GetParametersForImport",
        /// Import material.
        ImportKeyMaterial = 54 "kms:ImportKeyMaterial",
        /// Delete imported material.
        DeleteImportedKeyMaterial = 55 "kms:DeleteImportedKeyMaterial",
        /// Make a replica of a multi-Region key.
        ReplicateKey = 56 "kms:ReplicateKey",
        /// Make another one of related multi-Region keys the primary.
        UpdatePrimaryRegion = 57 "kms:UpdatePrimaryRegion",
        /// Keep related multi-Region keys the same. The engine's own; policies name it.
        SynchronizeMultiRegionKey = 58 "kms:SynchronizeMultiRegionKey",
        /// Make a custom key store.
        CreateCustomKeyStore = 59 "kms:CreateCustomKeyStore",
        /// Connect a custom key store.
        ConnectCustomKeyStore = 60 "kms:ConnectCustomKeyStore",
        /// Disconnect a custom key store.
        DisconnectCustomKeyStore = 61 "kms:DisconnectCustomKeyStore",
        /// Delete a custom key store.
        DeleteCustomKeyStore = 62 "kms:DeleteCustomKeyStore",
        /// List custom key stores.
        DescribeCustomKeyStores = 63 "kms:DescribeCustomKeyStores",
        /// Change a custom key store.
        UpdateCustomKeyStore = 64 "kms:UpdateCustomKeyStore",
        /// Read when a key was last used.
        GetKeyLastUsage = 65 "kms:GetKeyLastUsage",
        /// The engine taking imported material away whose time is over.
        ExpireKeyMaterial = 66 "kms:ExpireKeyMaterial",
        /// Move the clock of a server for development.
        MoveClock = 67 "keystead:MoveClock",
        /// Plant a key or an access key in a server for development.
        Plant = 68 "keystead:Plant",
    }
}

impl Action {
    /// The verb without its service, as event records name it.
    pub fn verb(self) -> &'static str {
        let spelling = self.as_str();
        spelling.split_once(':').map_or(spelling, |(_, verb)| verb)
    }
}
