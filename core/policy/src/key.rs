//! Condition keys: what a statement may ask about a request.

use std::fmt;

use crate::error::quoted;

/// How many values a request can have for a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    One,
    Many,
}
use Width::{Many, One};

macro_rules! condition_keys {
    (
        plain { $($plain:ident $name:literal $width:ident $doc:literal;)+ }
        named { $($named:ident $prefix:literal $ndoc:literal;)+ }
    ) => {
        /// A condition key. Names are read without regard to case, as AWS reads them.
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub enum ConditionKey {
            $(#[doc = concat!("`", $name, "`: ", $doc)] $plain,)+
            $(#[doc = concat!("`", $prefix, "…`: ", $ndoc)] $named(Box<str>),)+
            /// A claim of a web identity token, such as `token.actions.githubusercontent.com:sub`: the provider's
            /// host and path, a colon, the claim, as they are written. Only a request that takes on a role with such
            /// a token has it. Compared with [`claim_values`](crate::claim_values), without regard to case.
            WebIdentityClaim(Box<str>),
            /// A key of another service, kept as it is written. A request here never has it.
            Other(Box<str>),
        }

        const PLAIN: &[(&str, ConditionKey)] = &[$(($name, ConditionKey::$plain)),+];
        const NAMED: &[(&str, fn(Box<str>) -> ConditionKey)] = &[$(($prefix, ConditionKey::$named)),+];

        impl ConditionKey {
            fn width(&self) -> Width {
                match self {
                    $(Self::$plain => $width,)+
                    // The one claim that AWS documents as a list.
                    Self::WebIdentityClaim(name) if name.to_ascii_lowercase().ends_with(":amr") => Many,
                    $(Self::$named(_))|+ | Self::WebIdentityClaim(_) | Self::Other(_) => One,
                }
            }
        }

        impl fmt::Display for ConditionKey {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$plain => f.write_str($name),)+
                    $(Self::$named(name) => write!(f, "{}{name}", $prefix),)+
                    Self::WebIdentityClaim(name) | Self::Other(name) => f.write_str(name),
                }
            }
        }
    };
}

condition_keys! {
    plain {
        KmsBypassPolicyLockoutSafetyCheck "kms:BypassPolicyLockoutSafetyCheck" One
            "a flag: the request asks to skip the lockout check.";
        KmsCallerAccount "kms:CallerAccount" One "the caller's account.";
        KmsDataKeyPairSpec "kms:DataKeyPairSpec" One "the spec of the data key pair asked for.";
        KmsEncryptionAlgorithm "kms:EncryptionAlgorithm" One "the algorithm used, such as `SYMMETRIC_DEFAULT`.";
        KmsEncryptionContextKeys "kms:EncryptionContextKeys" Many "the keys of the encryption context.";
        KmsExpirationModel "kms:ExpirationModel" One "whether imported material expires.";
        KmsGrantConstraintSourceArn "kms:GrantConstraintSourceArn" One
            "the resource that the grant asked for is bound to.";
        KmsGrantConstraintType "kms:GrantConstraintType" One "the kind of constraint of the grant asked for.";
        KmsGrantIsForAwsResource "kms:GrantIsForAWSResource" One "a flag: a service asks for the grant.";
        KmsGrantOperations "kms:GrantOperations" Many "the operations of the grant asked for.";
        KmsGranteePrincipal "kms:GranteePrincipal" One "who would get the grant.";
        KmsGranteeServicePrincipal "kms:GranteeServicePrincipal" One "the service that would get the grant.";
        KmsKeyAgreementAlgorithm "kms:KeyAgreementAlgorithm" One "the algorithm asked for.";
        KmsKeyOrigin "kms:KeyOrigin" One "where the key's bytes come from, such as `AWS_KMS`.";
        KmsKeySpec "kms:KeySpec" One "the key's spec. Also read from `kms:CustomerMasterKeySpec`.";
        KmsKeyUsage "kms:KeyUsage" One "the key's purpose. Also read from `kms:CustomerMasterKeyUsage`.";
        KmsMacAlgorithm "kms:MacAlgorithm" One "the algorithm asked for.";
        KmsMessageType "kms:MessageType" One "`RAW`, `DIGEST` or `EXTERNAL_MU`.";
        KmsMultiRegion "kms:MultiRegion" One "a flag: the key is a multi-Region key.";
        KmsMultiRegionKeyType "kms:MultiRegionKeyType" One "`PRIMARY` or `REPLICA`.";
        KmsPrimaryRegion "kms:PrimaryRegion" One "the primary Region asked for.";
        KmsReEncryptOnSameKey "kms:ReEncryptOnSameKey" One "a flag: both keys of ReEncrypt are one.";
        KmsReplicaRegion "kms:ReplicaRegion" One "the replica's Region asked for.";
        KmsRequestAlias "kms:RequestAlias" One "the alias that the request named the key by.";
        KmsResourceAliases "kms:ResourceAliases" Many "the aliases of the key.";
        KmsRetiringPrincipal "kms:RetiringPrincipal" One "who could retire the grant.";
        KmsRetiringServicePrincipal "kms:RetiringServicePrincipal" One "the service that could retire the grant.";
        KmsRotationPeriodInDays "kms:RotationPeriodInDays" One "a number: the rotation period asked for.";
        KmsScheduleKeyDeletionPendingWindowInDays "kms:ScheduleKeyDeletionPendingWindowInDays" One
            "a number: the waiting time asked for.";
        KmsSigningAlgorithm "kms:SigningAlgorithm" One "the algorithm asked for.";
        KmsTrailingDaysWithoutKeyUsage "kms:TrailingDaysWithoutKeyUsage" One "a number: days since the last use.";
        KmsValidTo "kms:ValidTo" One "an instant: when imported material expires.";
        KmsViaService "kms:ViaService" One "the service that calls on the caller's behalf.";
        KmsWrappingAlgorithm "kms:WrappingAlgorithm" One "the algorithm asked for.";
        KmsWrappingKeySpec "kms:WrappingKeySpec" One "the spec asked for.";

        AwsAssumedRoot "aws:AssumedRoot" One "a flag: a privileged root session.";
        AwsCalledVia "aws:CalledVia" Many "the services the request came through.";
        AwsCalledViaFirst "aws:CalledViaFirst" One "the first of them.";
        AwsCalledViaLast "aws:CalledViaLast" One "the last of them.";
        AwsCurrentTime "aws:CurrentTime" One "an instant: when the request was read.";
        AwsEpochTime "aws:EpochTime" One "a number: the same in seconds since 1970.";
        AwsFederatedProvider "aws:FederatedProvider" One "the identity provider of a federated session.";
        AwsMultiFactorAuthAge "aws:MultiFactorAuthAge" One "a number: seconds since the second factor was shown.";
        AwsMultiFactorAuthPresent "aws:MultiFactorAuthPresent" One "a flag: the session had a second factor.";
        AwsPrincipalAccount "aws:PrincipalAccount" One "the caller's account.";
        AwsPrincipalArn "aws:PrincipalArn" One "the caller's ARN; for a session, that of its role.";
        AwsPrincipalIsAwsService "aws:PrincipalIsAWSService" One "a flag: the caller is a service.";
        AwsPrincipalOrgId "aws:PrincipalOrgID" One "the organisation of the caller's account.";
        AwsPrincipalOrgPaths "aws:PrincipalOrgPaths" Many "the place of the caller's account in it.";
        AwsPrincipalServiceName "aws:PrincipalServiceName" One "the calling service's name.";
        AwsPrincipalServiceNamesList "aws:PrincipalServiceNamesList" Many "all names of the calling service.";
        AwsPrincipalType "aws:PrincipalType" One "`Account`, `User` or `AssumedRole`.";
        AwsReferer "aws:Referer" One "the HTTP referrer.";
        AwsRequestedRegion "aws:RequestedRegion" One "the location the request was addressed to.";
        AwsResourceAccount "aws:ResourceAccount" One "the account that owns the resource.";
        AwsResourceOrgId "aws:ResourceOrgID" One "the organisation of that account.";
        AwsResourceOrgPaths "aws:ResourceOrgPaths" Many "the place of that account in it.";
        AwsSecureTransport "aws:SecureTransport" One "a flag: the request came over TLS.";
        AwsSourceAccount "aws:SourceAccount" One "the account of the resource a service acts for.";
        AwsSourceArn "aws:SourceArn" One "the resource a service acts for.";
        AwsSourceIdentity "aws:SourceIdentity" One "the identity set when the role was taken on.";
        AwsSourceIp "aws:SourceIp" One "an address: where the request came from.";
        AwsSourceOrgId "aws:SourceOrgID" One "the organisation of the resource a service acts for.";
        AwsSourceOrgPaths "aws:SourceOrgPaths" Many "its place in that organisation.";
        AwsSourceVpc "aws:SourceVpc" One "the network the request came through.";
        AwsSourceVpcArn "aws:SourceVpcArn" One "the same, as an ARN.";
        AwsSourceVpce "aws:SourceVpce" One "the endpoint the request came through.";
        AwsTagKeys "aws:TagKeys" Many "the keys of the tags in the request.";
        AwsTokenIssueTime "aws:TokenIssueTime" One "an instant: when the session began.";
        AwsUserAgent "aws:UserAgent" One "what the client calls itself.";
        AwsUserid "aws:userid" One "the caller's unique id; for a session `role-id:session`.";
        AwsUsername "aws:username" One "a user's name without its path.";
        AwsViaAwsService "aws:ViaAWSService" One "a flag: a service calls with the caller's credentials.";
        AwsVpceAccount "aws:VpceAccount" One "the account of that endpoint.";
        AwsVpceOrgId "aws:VpceOrgID" One "the organisation of that account.";
        AwsVpceOrgPaths "aws:VpceOrgPaths" Many "the place of that account in it.";
        AwsVpcSourceIp "aws:VpcSourceIp" One "an address: where the request came from within its network.";

        IamAssociatedResourceArn "iam:AssociatedResourceArn" One "the resource a passed role is for.";
        IamAwsServiceName "iam:AWSServiceName" One "the service a service-linked role is for.";
        IamOrganizationsPolicyId "iam:OrganizationsPolicyId" One "a policy of an organisation.";
        IamPassedToService "iam:PassedToService" One "the service that a role is passed to.";
        IamPermissionsBoundary "iam:PermissionsBoundary" One "the ARN of the boundary that a user or role has or gets.";
        IamPolicyArn "iam:PolicyARN" One "the ARN of the policy attached or detached.";
        IamRegisterSecurityKey "iam:RegisterSecurityKey" One "the state of a security key's registration.";
        IamServiceSpecificCredentialAgeDays "iam:ServiceSpecificCredentialAgeDays" One
            "a number: days until a credential for one service ends.";
        IamServiceSpecificCredentialServiceName "iam:ServiceSpecificCredentialServiceName" One
            "the service that a credential is for.";

        StsAwsServiceName "sts:AWSServiceName" One "the service a bearer token is for.";
        StsDurationSeconds "sts:DurationSeconds" One "a number: how long a bearer token lasts.";
        StsExternalId "sts:ExternalId" One "the external id that whoever takes on a role gives.";
        StsRequestContextProviders "sts:RequestContextProviders" Many "the providers of contexts in the request.";
        StsRoleSessionName "sts:RoleSessionName" One "the name asked for the session.";
        StsSourceIdentity "sts:SourceIdentity" One "the source identity asked for the session.";
        StsTaskPolicyArn "sts:TaskPolicyArn" One "the policy of a session that an organisation opens as root.";
        StsTransitiveTagKeys "sts:TransitiveTagKeys" Many "the keys of the tags that sessions hand on.";
    }
    named {
        KmsEncryptionContext "kms:EncryptionContext:" "the value of one key of the encryption context.";
        KmsRecipientAttestation "kms:RecipientAttestation:" "one measurement of the recipient's attestation.";
        AwsPrincipalTag "aws:PrincipalTag/" "the value of one of the caller's tags.";
        AwsRequestTag "aws:RequestTag/" "the value of one tag in the request.";
        AwsResourceTag "aws:ResourceTag/" "the value of one of the resource's tags.";
        IamFido "iam:FIDO-" "what a security key is certified for.";
        IamResourceTag "iam:ResourceTag/" "the same, of what is in the directory.";
        StsRequestContext "sts:RequestContext/" "one context in the request.";
    }
}

/// Older names of two keys, still common in policies.
const RENAMED: &[(&str, ConditionKey)] = &[
    ("kms:CustomerMasterKeySpec", ConditionKey::KmsKeySpec),
    ("kms:CustomerMasterKeyUsage", ConditionKey::KmsKeyUsage),
];

/// Services whose keys are all known: another one is a mistake.
const OURS: &[&str] = &["aws", "kms", "iam", "sts"];

impl ConditionKey {
    /// Longest name taken, in bytes.
    pub const BYTES_MAX: usize = 512;

    /// Reads a name.
    ///
    /// # Errors
    /// The reason, where the name has no `service:` before it, or is one of `kms:`, `aws:`, `iam:` or `sts:` that does
    /// not exist.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > Self::BYTES_MAX {
            return Err(format!("a condition key is at most {} bytes long", Self::BYTES_MAX));
        }
        let same = |(name, _): &&(&str, ConditionKey)| name.eq_ignore_ascii_case(text);
        if let Some((_, key)) = PLAIN.iter().find(same).or_else(|| RENAMED.iter().find(same)) {
            return Ok(key.clone());
        }
        for (prefix, named) in NAMED {
            let Some((start, name)) = text.split_at_checked(prefix.len()) else { continue };
            if start.eq_ignore_ascii_case(prefix) {
                return match name.is_empty() {
                    true => Err(format!("{prefix} needs a name after it")),
                    false => Ok(named(name.into())),
                };
            }
        }
        match text.split_once([':', '/']) {
            Some(("", _) | (_, "")) | None => Err(format!(
                "{} is no condition key; one looks like aws:SourceIp or kms:ViaService",
                quoted(text)
            )),
            Some((service, _)) if OURS.iter().any(|ours| ours.eq_ignore_ascii_case(service)) => {
                Err(format!("{} is no condition key known here; docs/policy.md lists them", quoted(text)))
            }
            // No service has a dot in its name, and every provider has.
            Some((provider, _)) if provider.contains('.') && text.contains(':') && !text.ends_with(':') => {
                Ok(Self::WebIdentityClaim(text.into()))
            }
            Some(_) => Ok(Self::Other(text.to_ascii_lowercase().into())),
        }
    }

    /// Whether a request can have several values for it.
    pub fn is_multivalued(&self) -> bool {
        self.width() == Many
    }

    /// One text for each fact: the whole name is read without regard to case, what follows a prefix too.
    pub(crate) fn folded(&self) -> String {
        self.to_string().to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_without_regard_to_case() {
        assert_eq!(ConditionKey::parse("AWS:SOURCEIP"), Ok(ConditionKey::AwsSourceIp));
        assert_eq!(
            ConditionKey::parse("KMS:encryptioncontext:AppName"),
            Ok(ConditionKey::KmsEncryptionContext("AppName".into()))
        );
        assert_eq!(ConditionKey::parse("kms:CustomerMasterKeySpec"), Ok(ConditionKey::KmsKeySpec));
        assert_eq!(ConditionKey::parse("S3:prefix"), ConditionKey::parse("s3:Prefix"));
    }

    #[test]
    fn every_name_reads_back() {
        for (name, key) in PLAIN {
            assert_eq!(ConditionKey::parse(name).as_ref(), Ok(key));
            assert_eq!(key.to_string(), *name);
        }
    }

    #[test]
    fn a_name_that_does_not_exist_is_refused_and_one_of_another_service_is_kept() {
        for text in [
            "aws:Nonsense",
            "kms:KeySpecs",
            "AWS:x",
            "kms:",
            ":x",
            "x",
            "",
            "aws:PrincipalTag/",
            "kms:EncryptionContext:",
            "iam:PolicyArns",
            "sts:ExternalID2",
            "iam:ResourceTag/",
        ] {
            assert!(ConditionKey::parse(text).is_err(), "{text}");
        }
        for text in ["s3:prefix", "ec2:ResourceTag/x", "accounts.google.com:"] {
            let key = ConditionKey::parse(text);
            assert_eq!(matches!(key, Ok(ConditionKey::Other(_))), !text.ends_with(':'), "{text}");
        }
    }

    #[test]
    fn a_claim_is_named_by_its_provider_which_has_a_dot() {
        for (text, many) in [
            ("accounts.google.com:aud", false),
            ("oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE:sub", false),
            ("cognito-identity.amazonaws.com:AMR", true),
        ] {
            let key = ConditionKey::parse(text).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(key, ConditionKey::WebIdentityClaim(text.into()));
            assert_eq!((key.is_multivalued(), key.to_string()), (many, text.to_owned()));
        }
    }
}
