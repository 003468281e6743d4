//! Managed policies that come with Keystead: the same in every account, and nobody's to change. `docs/operating/access.md`
//! says what each is for.

use keystead_model::{IamArn, IamKind, PolicyArn, Timestamp};

/// A managed policy that comes with Keystead: `arn:aws:iam::aws:policy/<name>`. Its path is `/`, its only version `v1`.
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    /// Its unique id: `ANPA` and 17 characters.
    pub id: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Its document.
    pub document: &'static str,
}

/// When they were made, as answers tell it: the first second of 2026.
pub const BUILT: Timestamp = Timestamp(1_767_225_600_000);

/// All of them, by name.
pub const ALL: &[BuiltIn] = &[
    ADMINISTRATOR_ACCESS,
    KEYSTEAD_APPROVER,
    KEYSTEAD_AUDITOR,
    KEYSTEAD_KEY_ADMINISTRATOR,
    KEYSTEAD_KEY_USER,
    KEYSTEAD_SECURITY_OFFICER,
];

impl BuiltIn {
    /// The one that an ARN names. Its account is `aws`, and its name is told apart by the case of its letters.
    pub fn find(arn: &IamArn) -> Option<&'static Self> {
        let is_of_house = arn.account.is_none() && arn.kind == IamKind::Policy;
        ALL.iter().find(|policy| is_of_house && *arn.name == *policy.name)
    }

    /// Its ARN.
    pub fn arn(&self) -> PolicyArn {
        let arn = IamArn { account: None, kind: IamKind::Policy, name: self.name.into() };
        PolicyArn::of(arn).expect("its kind is that of policies")
    }
}

const ADMINISTRATOR_ACCESS: BuiltIn = BuiltIn {
    name: "AdministratorAccess",
    id: "ANPAKEYSTEADADMINISTR",
    description: "Everything.",
    document: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "*",
      "Resource": "*"
    }
  ]
}"#,
};

/// Approves what others ask for, where a rule of the account names its holder, and looks at what it is about.
const KEYSTEAD_APPROVER: BuiltIn = BuiltIn {
    name: "KeysteadApprover",
    id: "ANPAKEYSTEADAPPROVER2",
    description: "Reads, approves and vetoes requests that wait for approval. Uses and changes nothing else.",
    document: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Approve",
      "Effect": "Allow",
      "Action": [
        "keystead:Approve",
        "keystead:GetAccountSettings",
        "keystead:GetApproval",
        "keystead:ListApprovals",
        "keystead:Veto",
        "kms:DescribeKey",
        "kms:GetKeyLastUsage",
        "kms:GetKeyPolicy",
        "kms:ListAliases",
        "kms:ListGrants",
        "kms:ListResourceTags",
        "sts:GetCallerIdentity"
      ],
      "Resource": "*"
    }
  ]
}"#,
};

/// Reads everything about keys, principals and decisions; changes and uses nothing.
const KEYSTEAD_AUDITOR: BuiltIn = BuiltIn {
    name: "KeysteadAuditor",
    id: "ANPAKEYSTEADAUDITOR2A",
    description: "Reads keys, users, roles, policies and the audit log. Uses and changes nothing.",
    document: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": [
        "iam:GenerateCredentialReport",
        "iam:Get*",
        "iam:List*",
        "iam:Simulate*",
        "keystead:ExplainDecision",
        "keystead:GetAccountSettings",
        "keystead:GetApproval",
        "keystead:ListApprovals",
        "keystead:ReadAudit",
        "keystead:ReadStatus",
        "keystead:RehearsePolicy",
        "kms:DescribeCustomKeyStores",
        "kms:DescribeKey",
        "kms:GetKeyLastUsage",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:GetPublicKey",
        "kms:List*",
        "sts:DecodeAuthorizationMessage",
        "sts:GetAccessKeyInfo",
        "sts:GetCallerIdentity"
      ],
      "Resource": "*"
    }
  ]
}"#,
};

/// Looks after keys. Whoever holds it uses none, even where a key's policy or a grant, which it could write itself, would
/// let it: that is why it denies.
const KEYSTEAD_KEY_ADMINISTRATOR: BuiltIn = BuiltIn {
    name: "KeysteadKeyAdministrator",
    id: "ANPAKEYSTEADKEYADMIN2",
    description: "Makes, changes and deletes keys and says who may use them. Uses none.",
    document: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Administer",
      "Effect": "Allow",
      "Action": [
        "keystead:GetApproval",
        "keystead:ListApprovals",
        "keystead:WithdrawApproval",
        "kms:CancelKeyDeletion",
        "kms:ConnectCustomKeyStore",
        "kms:CreateAlias",
        "kms:CreateCustomKeyStore",
        "kms:CreateGrant",
        "kms:CreateKey",
        "kms:DeleteAlias",
        "kms:DeleteCustomKeyStore",
        "kms:DeleteImportedKeyMaterial",
        "kms:DescribeCustomKeyStores",
        "kms:DescribeKey",
        "kms:DisableKey",
        "kms:DisableKeyRotation",
        "kms:DisconnectCustomKeyStore",
        "kms:EnableKey",
        "kms:EnableKeyRotation",
        "kms:GetKeyLastUsage",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:GetParametersForImport",
        "kms:GetPublicKey",
        "kms:ImportKeyMaterial",
        "kms:List*",
        "kms:PutKeyPolicy",
        "kms:ReplicateKey",
        "kms:RetireGrant",
        "kms:RevokeGrant",
        "kms:RotateKeyOnDemand",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateCustomKeyStore",
        "kms:UpdateKeyDescription",
        "kms:UpdatePrimaryRegion"
      ],
      "Resource": "*"
    },
    {
      "Sid": "NamePrincipals",
      "Effect": "Allow",
      "Action": [
        "iam:ListGroups",
        "iam:ListRoles",
        "iam:ListUsers"
      ],
      "Resource": "*"
    },
    {
      "Sid": "UseNothing",
      "Effect": "Deny",
      "Action": [
        "kms:Decapsulate",
        "kms:Decrypt",
        "kms:DeriveSharedSecret",
        "kms:Encapsulate",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:GenerateMac",
        "kms:ReEncrypt*",
        "kms:Sign",
        "kms:Verify*"
      ],
      "Resource": "*"
    }
  ]
}"#,
};

/// Uses keys, and cannot change them.
const KEYSTEAD_KEY_USER: BuiltIn = BuiltIn {
    name: "KeysteadKeyUser",
    id: "ANPAKEYSTEADKEYUSER2A",
    description: "Uses keys whose policies leave that to the account. Changes none.",
    document: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Use",
      "Effect": "Allow",
      "Action": [
        "kms:Decapsulate",
        "kms:Decrypt",
        "kms:DeriveSharedSecret",
        "kms:DescribeKey",
        "kms:Encapsulate",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:GenerateMac",
        "kms:GenerateRandom",
        "kms:GetPublicKey",
        "kms:ListAliases",
        "kms:ListKeys",
        "kms:ReEncrypt*",
        "kms:Sign",
        "kms:Verify*"
      ],
      "Resource": "*"
    }
  ]
}"#,
};

/// Looks after users, roles, policies and the account's settings. Whoever holds it uses no key and changes none.
const KEYSTEAD_SECURITY_OFFICER: BuiltIn = BuiltIn {
    name: "KeysteadSecurityOfficer",
    id: "ANPAKEYSTEADSECOFFICE",
    description: "Looks after users, roles, policies and the account's settings. Uses no key.",
    document: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Govern",
      "Effect": "Allow",
      "Action": [
        "iam:*",
        "keystead:ExplainDecision",
        "keystead:GetAccountSettings",
        "keystead:GetApproval",
        "keystead:ListApprovals",
        "keystead:PutAccountSettings",
        "keystead:ReadAudit",
        "keystead:ReadStatus",
        "keystead:RehearsePolicy",
        "keystead:WithdrawApproval",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:ListAliases",
        "kms:ListGrants",
        "kms:ListKeyPolicies",
        "kms:ListKeys",
        "kms:ListResourceTags",
        "sts:DecodeAuthorizationMessage",
        "sts:GetAccessKeyInfo",
        "sts:GetCallerIdentity"
      ],
      "Resource": "*"
    },
    {
      "Sid": "UseNothing",
      "Effect": "Deny",
      "Action": [
        "kms:Decapsulate",
        "kms:Decrypt",
        "kms:DeriveSharedSecret",
        "kms:Encapsulate",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:GenerateMac",
        "kms:ReEncrypt*",
        "kms:Sign",
        "kms:Verify*"
      ],
      "Resource": "*"
    }
  ]
}"#,
};

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;

    use keystead_model::{
        AccountId, Action, Call, KeyArn, KeyId, Principal, Protocol, RequestId, Resource, Tags,
    };
    use keystead_policy::{Kind, Named, NoFacts, Policy, Request, Sources, decide};

    use super::*;

    const USE: &[Action] = &[
        Action::Encrypt,
        Action::Decrypt,
        Action::ReEncryptFrom,
        Action::ReEncryptTo,
        Action::GenerateDataKey,
        Action::GenerateDataKeyWithoutPlaintext,
        Action::GenerateDataKeyPair,
        Action::GenerateDataKeyPairWithoutPlaintext,
        Action::Sign,
        Action::Verify,
        Action::GenerateMac,
        Action::VerifyMac,
        Action::DeriveSharedSecret,
        Action::Encapsulate,
        Action::Decapsulate,
    ];

    fn named(name: &str) -> &'static BuiltIn {
        ALL.iter().find(|policy| policy.name == name).unwrap_or_else(|| panic!("{name}"))
    }

    /// Whether somebody who has these policies may do something with a key whose policy is this.
    fn allows(held: &[&str], key_policy: &str, action: Action) -> bool {
        let account = AccountId::from_number(111_122_223_333).expect("twelve digits");
        let location: keystead_model::Location = "eu-central-1".parse().expect("a location");
        let principal = Principal::User { account, name: "alice".into(), id: "AIDA23456723456723456".into() };
        let call = Call {
            request: RequestId([0; 16]),
            at: BUILT,
            source: IpAddr::V4(Ipv4Addr::LOCALHOST),
            protocol: Protocol::AwsKms,
            location: location.clone(),
            user_agent: "test".into(),
            secure: true,
        };
        let parse = |text: &str, kind| Policy::parse(text, kind).unwrap_or_else(|error| panic!("{error}"));
        let identity: Vec<_> = held
            .iter()
            .map(|name| Named {
                name: (*name).into(),
                policy: Arc::new(parse(named(name).document, Kind::Identity)),
            })
            .collect();
        let of_key = parse(key_policy, Kind::Key);
        let sources = Sources { resource: Some(&of_key), identity: &identity, ..Sources::default() };
        let resource = match action.as_str().starts_with("kms:") {
            true => Resource::Key(KeyArn { location, account, key: KeyId::from_parts([7; 16], false) }),
            false => Resource::Account,
        };
        let request = Request {
            principal: &principal,
            session: None,
            principal_tags: Tags::EMPTY,
            action,
            resource: &resource,
            call: &call,
            facts: &NoFacts,
        };
        matches!(decide(&sources, &request), keystead_policy::Verdict::Allowed(_))
    }

    fn delegating() -> String {
        Policy::default_key_policy(AccountId::from_number(111_122_223_333).expect("twelve digits"))
    }

    fn in_person() -> String {
        delegating().replace(":root", ":user/alice")
    }

    #[test]
    fn an_arn_finds_the_policy_of_its_name_only() {
        for policy in ALL {
            let arn = policy.arn();
            assert!(BuiltIn::find(arn.arn()).is_some_and(|found| found.name == policy.name), "{arn}");
            assert_eq!(policy.id.len(), 21, "{arn}");
            assert!(policy.id.starts_with("ANPA"), "{arn}");
        }
        for text in [
            "arn:aws:iam::aws:policy/keysteadauditor",
            "arn:aws:iam::aws:policy/job/KeysteadAuditor",
            "arn:aws:iam::111122223333:policy/KeysteadAuditor",
            "arn:aws:iam::aws:user/KeysteadAuditor",
        ] {
            let arn = IamArn::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert!(BuiltIn::find(&arn).is_none(), "{text}");
        }
    }

    #[test]
    fn no_policy_but_the_administrators_is_about_more_than_it_says() {
        for action in Action::ALL.iter().copied() {
            let allowed = |name| allows(&[name], &delegating(), action);
            let is_use = USE.contains(&action);
            let is_read = ["Describe", "Get", "List", "Read", "Explain", "Simulate", "Rehearse", "Decode"]
                .iter()
                .any(|verb| action.verb().starts_with(verb));
            assert!(allowed("AdministratorAccess") || action == Action::Unknown, "{action}");
            assert!(!allowed("KeysteadKeyAdministrator") || !is_use, "{action}");
            assert!(!allowed("KeysteadSecurityOfficer") || !is_use, "{action}");
            let is_report = action == Action::GenerateCredentialReport;
            assert!(!allowed("KeysteadAuditor") || is_read || is_report, "{action}");
            let is_random = action == Action::GenerateRandom;
            assert!(!allowed("KeysteadKeyUser") || is_use || is_read || is_random, "{action}");
            assert!(allowed("KeysteadKeyUser") || !is_use, "{action}");
        }
    }

    #[test]
    fn each_action_on_keys_is_somebodys_duty() {
        // The engine's own, which nobody asks for.
        let own = [
            Action::DeleteKey,
            Action::RotateKey,
            Action::Unknown,
            Action::SynchronizeMultiRegionKey,
            Action::ExpireKeyMaterial,
        ];
        for action in Action::ALL.iter().copied().filter(|action| action.as_str().starts_with("kms:")) {
            let allowed = |name| allows(&[name], &delegating(), action);
            let somebody = allowed("KeysteadKeyAdministrator") || allowed("KeysteadKeyUser");
            assert_eq!(somebody, !own.contains(&action), "{action}");
        }
    }

    #[test]
    fn whoever_looks_after_keys_or_principals_uses_none_even_where_a_key_names_them() {
        for action in USE.iter().copied() {
            assert!(allows(&[], &in_person(), action), "{action}");
            for name in ["KeysteadKeyAdministrator", "KeysteadSecurityOfficer"] {
                assert!(!allows(&[name], &in_person(), action), "{name} {action}");
                assert!(!allows(&[name, "KeysteadKeyUser"], &in_person(), action), "{name} {action}");
                assert!(!allows(&[name, "AdministratorAccess"], &in_person(), action), "{name} {action}");
            }
        }
    }

    #[test]
    fn whoever_approves_does_nothing_else() {
        for action in
            Action::ALL.iter().copied().filter(|action| allows(&["KeysteadApprover"], &delegating(), *action))
        {
            let reads = ["Describe", "Get", "List"].iter().any(|verb| action.verb().starts_with(verb));
            assert!(reads || matches!(action, Action::Approve | Action::Veto), "{action}");
        }
    }

    #[test]
    fn keys_principals_and_the_log_are_looked_after_by_different_people() {
        let may = |name, action| allows(&[name], &delegating(), action);
        assert!(may("KeysteadKeyAdministrator", Action::PutKeyPolicy));
        assert!(!may("KeysteadSecurityOfficer", Action::PutKeyPolicy));
        assert!(may("KeysteadSecurityOfficer", Action::AttachUserPolicy));
        assert!(may("KeysteadSecurityOfficer", Action::PutAccountSettings));
        assert!(!may("KeysteadKeyAdministrator", Action::AttachUserPolicy));
        assert!(!may("KeysteadKeyAdministrator", Action::PutAccountSettings));
        assert!(may("KeysteadAuditor", Action::ReadAudit));
        assert!(may("KeysteadAuditor", Action::GetKeyPolicy));
        assert!(!may("KeysteadAuditor", Action::GetParametersForImport));
        assert!(!may("KeysteadKeyUser", Action::ReadAudit));
    }
}
