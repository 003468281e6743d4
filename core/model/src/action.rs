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
        /// Make a user.
        CreateUser = 69 "iam:CreateUser",
        /// Read a user.
        GetUser = 70 "iam:GetUser",
        /// Give a user another name or path.
        UpdateUser = 71 "iam:UpdateUser",
        /// Delete a user.
        DeleteUser = 72 "iam:DeleteUser",
        /// List users.
        ListUsers = 73 "iam:ListUsers",
        /// Add or replace a user's tags.
        TagUser = 74 "iam:TagUser",
        /// Take a user's tags away.
        UntagUser = 75 "iam:UntagUser",
        /// List a user's tags.
        ListUserTags = 76 "iam:ListUserTags",
        /// Make a group.
        CreateGroup = 77 "iam:CreateGroup",
        /// Read a group and who is in it.
        GetGroup = 78 "iam:GetGroup",
        /// Give a group another name or path.
        UpdateGroup = 79 "iam:UpdateGroup",
        /// Delete a group.
        DeleteGroup = 80 "iam:DeleteGroup",
        /// List groups.
        ListGroups = 81 "iam:ListGroups",
        /// Put a user into a group.
        AddUserToGroup = 82 "iam:AddUserToGroup",
        /// Take a user out of a group.
        RemoveUserFromGroup = 83 "iam:RemoveUserFromGroup",
        /// List the groups a user is in.
        ListGroupsForUser = 84 "iam:ListGroupsForUser",
        /// Make a role.
        CreateRole = 85 "iam:CreateRole",
        /// Read a role.
        GetRole = 86 "iam:GetRole",
        /// Change a role's description or longest session.
        UpdateRole = 87 "iam:UpdateRole",
        /// Change a role's description.
        UpdateRoleDescription = 88 "iam:UpdateRoleDescription",
        /// Replace the policy that says who may take a role on.
        UpdateAssumeRolePolicy = 89 "iam:UpdateAssumeRolePolicy",
        /// Delete a role.
        DeleteRole = 90 "iam:DeleteRole",
        /// List roles.
        ListRoles = 91 "iam:ListRoles",
        /// Add or replace a role's tags.
        TagRole = 92 "iam:TagRole",
        /// Take a role's tags away.
        UntagRole = 93 "iam:UntagRole",
        /// List a role's tags.
        ListRoleTags = 94 "iam:ListRoleTags",
        /// List the instance profiles of a role. There are none.
        ListInstanceProfilesForRole = 95 "iam:ListInstanceProfilesForRole",
        /// Make an access key.
        CreateAccessKey = 96 "iam:CreateAccessKey",
        /// Switch an access key on or off.
        UpdateAccessKey = 97 "iam:UpdateAccessKey",
        /// Delete an access key.
        DeleteAccessKey = 98 "iam:DeleteAccessKey",
        /// List a user's access keys.
        ListAccessKeys = 99 "iam:ListAccessKeys",
        /// Read when an access key was last used.
        GetAccessKeyLastUsed = 100 "iam:GetAccessKeyLastUsed",
        /// Make a managed policy.
        CreatePolicy = 101 "iam:CreatePolicy",
        /// Read a managed policy.
        GetPolicy = 102 "iam:GetPolicy",
        /// Delete a managed policy.
        DeletePolicy = 103 "iam:DeletePolicy",
        /// List managed policies.
        ListPolicies = 104 "iam:ListPolicies",
        /// Add a version to a managed policy.
        CreatePolicyVersion = 105 "iam:CreatePolicyVersion",
        /// Read a version of a managed policy.
        GetPolicyVersion = 106 "iam:GetPolicyVersion",
        /// Delete a version of a managed policy.
        DeletePolicyVersion = 107 "iam:DeletePolicyVersion",
        /// List the versions of a managed policy.
        ListPolicyVersions = 108 "iam:ListPolicyVersions",
        /// Choose the version of a managed policy that is in force.
        SetDefaultPolicyVersion = 109 "iam:SetDefaultPolicyVersion",
        /// Add or replace a managed policy's tags.
        TagPolicy = 110 "iam:TagPolicy",
        /// Take a managed policy's tags away.
        UntagPolicy = 111 "iam:UntagPolicy",
        /// List a managed policy's tags.
        ListPolicyTags = 112 "iam:ListPolicyTags",
        /// List whom a managed policy is attached to.
        ListEntitiesForPolicy = 113 "iam:ListEntitiesForPolicy",
        /// Attach a managed policy to a user.
        AttachUserPolicy = 114 "iam:AttachUserPolicy",
        /// Take a managed policy off a user.
        DetachUserPolicy = 115 "iam:DetachUserPolicy",
        /// List the managed policies of a user.
        ListAttachedUserPolicies = 116 "iam:ListAttachedUserPolicies",
        /// Add or replace an inline policy of a user.
        PutUserPolicy = 117 "iam:PutUserPolicy",
        /// Read an inline policy of a user.
        GetUserPolicy = 118 "iam:GetUserPolicy",
        /// Delete an inline policy of a user.
        DeleteUserPolicy = 119 "iam:DeleteUserPolicy",
        /// List the inline policies of a user.
        ListUserPolicies = 120 "iam:ListUserPolicies",
        /// Attach a managed policy to a group.
        AttachGroupPolicy = 121 "iam:AttachGroupPolicy",
        /// Take a managed policy off a group.
        DetachGroupPolicy = 122 "iam:DetachGroupPolicy",
        /// List the managed policies of a group.
        ListAttachedGroupPolicies = 123 "iam:ListAttachedGroupPolicies",
        /// Add or replace an inline policy of a group.
        PutGroupPolicy = 124 "iam:PutGroupPolicy",
        /// Read an inline policy of a group.
        GetGroupPolicy = 125 "iam:GetGroupPolicy",
        /// Delete an inline policy of a group.
        DeleteGroupPolicy = 126 "iam:DeleteGroupPolicy",
        /// List the inline policies of a group.
        ListGroupPolicies = 127 "iam:ListGroupPolicies",
        /// Attach a managed policy to a role.
        AttachRolePolicy = 128 "iam:AttachRolePolicy",
        /// Take a managed policy off a role.
        DetachRolePolicy = 129 "iam:DetachRolePolicy",
        /// List the managed policies of a role.
        ListAttachedRolePolicies = 130 "iam:ListAttachedRolePolicies",
        /// Add or replace an inline policy of a role.
        PutRolePolicy = 131 "iam:PutRolePolicy",
        /// Read an inline policy of a role.
        GetRolePolicy = 132 "iam:GetRolePolicy",
        /// Delete an inline policy of a role.
        DeleteRolePolicy = 133 "iam:DeleteRolePolicy",
        /// List the inline policies of a role.
        ListRolePolicies = 134 "iam:ListRolePolicies",
        /// Set the policy beyond which a user has no permission.
        PutUserPermissionsBoundary = 135 "iam:PutUserPermissionsBoundary",
        /// Take a user's permissions boundary away.
        DeleteUserPermissionsBoundary = 136 "iam:DeleteUserPermissionsBoundary",
        /// Set the policy beyond which a role has no permission.
        PutRolePermissionsBoundary = 137 "iam:PutRolePermissionsBoundary",
        /// Take a role's permissions boundary away.
        DeleteRolePermissionsBoundary = 138 "iam:DeleteRolePermissionsBoundary",
        /// Make an OpenID Connect provider whose tokens roles may trust.
        CreateOpenIDConnectProvider = 139 "iam:CreateOpenIDConnectProvider",
        /// Read an OpenID Connect provider.
        GetOpenIDConnectProvider = 140 "iam:GetOpenIDConnectProvider",
        /// Delete an OpenID Connect provider.
        DeleteOpenIDConnectProvider = 141 "iam:DeleteOpenIDConnectProvider",
        /// List OpenID Connect providers.
        ListOpenIDConnectProviders = 142 "iam:ListOpenIDConnectProviders",
        /// Add an audience to an OpenID Connect provider.
        AddClientIDToOpenIDConnectProvider = 143 "iam:AddClientIDToOpenIDConnectProvider",
        /// Take an audience off an OpenID Connect provider.
        RemoveClientIDFromOpenIDConnectProvider = 144 "iam:RemoveClientIDFromOpenIDConnectProvider",
        /// Replace the certificate thumbprints of an OpenID Connect provider.
        UpdateOpenIDConnectProviderThumbprint = 145 "iam:UpdateOpenIDConnectProviderThumbprint",
        /// Add or replace an OpenID Connect provider's tags.
        TagOpenIDConnectProvider = 146 "iam:TagOpenIDConnectProvider",
        /// Take an OpenID Connect provider's tags away.
        UntagOpenIDConnectProvider = 147 "iam:UntagOpenIDConnectProvider",
        /// List an OpenID Connect provider's tags.
        ListOpenIDConnectProviderTags = 148 "iam:ListOpenIDConnectProviderTags",
        /// Make a virtual MFA device and its seed.
        CreateVirtualMFADevice = 149 "iam:CreateVirtualMFADevice",
        /// Delete a virtual MFA device.
        DeleteVirtualMFADevice = 150 "iam:DeleteVirtualMFADevice",
        /// List virtual MFA devices.
        ListVirtualMFADevices = 151 "iam:ListVirtualMFADevices",
        /// Give an MFA device to a user.
        EnableMFADevice = 152 "iam:EnableMFADevice",
        /// Take an MFA device from a user.
        DeactivateMFADevice = 153 "iam:DeactivateMFADevice",
        /// Bring an MFA device's clock back into step.
        ResyncMFADevice = 154 "iam:ResyncMFADevice",
        /// List a user's MFA devices.
        ListMFADevices = 155 "iam:ListMFADevices",
        /// Read an MFA device.
        GetMFADevice = 156 "iam:GetMFADevice",
        /// Give the account a name.
        CreateAccountAlias = 157 "iam:CreateAccountAlias",
        /// Take the account's name away.
        DeleteAccountAlias = 158 "iam:DeleteAccountAlias",
        /// List the account's name.
        ListAccountAliases = 159 "iam:ListAccountAliases",
        /// Count what the account has.
        GetAccountSummary = 160 "iam:GetAccountSummary",
        /// Read all users, groups, roles and policies at once.
        GetAccountAuthorizationDetails = 161 "iam:GetAccountAuthorizationDetails",
        /// Have a report of all users' credentials made.
        GenerateCredentialReport = 162 "iam:GenerateCredentialReport",
        /// Read the report of all users' credentials.
        GetCredentialReport = 163 "iam:GetCredentialReport",
        /// Ask what policies would say.
        SimulateCustomPolicy = 164 "iam:SimulateCustomPolicy",
        /// Ask what policies would say to a principal.
        SimulatePrincipalPolicy = 165 "iam:SimulatePrincipalPolicy",
        /// List the condition keys of policies.
        GetContextKeysForCustomPolicy = 166 "iam:GetContextKeysForCustomPolicy",
        /// List the condition keys of a principal's policies.
        GetContextKeysForPrincipalPolicy = 167 "iam:GetContextKeysForPrincipalPolicy",
        /// Read whether a user has a console password. None has.
        GetLoginProfile = 168 "iam:GetLoginProfile",
        /// List a user's signing certificates.
        ListSigningCertificates = 169 "iam:ListSigningCertificates",
        /// List a user's SSH keys. There are none.
        ListSSHPublicKeys = 170 "iam:ListSSHPublicKeys",
        /// List a user's passwords for services. There are none.
        ListServiceSpecificCredentials = 171 "iam:ListServiceSpecificCredentials",
        /// Read the rules for console passwords. There are none.
        GetAccountPasswordPolicy = 172 "iam:GetAccountPasswordPolicy",
        /// Hand a role to a service.
        PassRole = 173 "iam:PassRole",
        /// Take on a role.
        AssumeRole = 174 "sts:AssumeRole",
        /// Take on a role with a token of an OpenID Connect provider.
        AssumeRoleWithWebIdentity = 175 "sts:AssumeRoleWithWebIdentity",
        /// Get a session of one's own, with a second factor if it is shown.
        GetSessionToken = 176 "sts:GetSessionToken",
        /// Get a session for somebody who is no user.
        GetFederationToken = 177 "sts:GetFederationToken",
        /// Ask whose an access key is.
        GetAccessKeyInfo = 178 "sts:GetAccessKeyInfo",
        /// Read why a request was denied.
        DecodeAuthorizationMessage = 179 "sts:DecodeAuthorizationMessage",
        /// Bring tags into a session.
        TagSession = 180 "sts:TagSession",
        /// Bring a source identity into a session.
        SetSourceIdentity = 181 "sts:SetSourceIdentity",
        /// Read the account's rules about its own policies.
        GetAccountSettings = 182 "keystead:GetAccountSettings",
        /// Change the account's rules about its own policies.
        PutAccountSettings = 183 "keystead:PutAccountSettings",
        /// Ask which statement decides a request.
        ExplainDecision = 184 "keystead:ExplainDecision",
        /// Ask what recorded requests would have met under another policy.
        RehearsePolicy = 185 "keystead:RehearsePolicy",
        /// Have a request wait for the approval of others. The engine's own, when a rule of the account says so.
        RequestApproval = 190 "keystead:RequestApproval",
        /// List the requests that wait for approval.
        ListApprovals = 191 "keystead:ListApprovals",
        /// Read a request that waits for approval, with the bytes that approvers sign.
        GetApproval = 192 "keystead:GetApproval",
        /// Approve a request of somebody else.
        Approve = 193 "keystead:Approve",
        /// End a request of somebody else for good.
        Veto = 194 "keystead:Veto",
        /// Take one's own request back.
        WithdrawApproval = 195 "keystead:WithdrawApproval",
        /// The engine taking away a request that waited too long.
        ExpireApproval = 196 "keystead:ExpireApproval",
    }
}

impl Action {
    /// The verb without its service, as event records name it.
    pub fn verb(self) -> &'static str {
        let spelling = self.as_str();
        spelling.split_once(':').map_or(spelling, |(_, verb)| verb)
    }
}
