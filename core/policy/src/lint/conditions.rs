//! Conditions that cannot be met, and such that are met by saying nothing.

use keystead_model::Action;

use crate::ConditionKey;
use crate::action::Actions;
use crate::condition::{Condition, Over};
use crate::policy::{Effect, Statement};

use super::document::Source;
use super::{Finding, Severity};

pub(super) fn check(statement: &Statement, source: &Source<'_>, findings: &mut Vec<Finding>) {
    for (condition, place) in statement.conditions.iter().zip(source.condition_places()) {
        let key = &condition.key;
        let mut find = |severity, code, message: String| {
            findings.push(Finding::at(&place, severity, code, message));
        };
        if condition.needs_value() {
            if is_never_there(key) {
                let severity =
                    if matches!(key, ConditionKey::Other(_)) { Severity::Note } else { Severity::Warning };
                find(
                    severity,
                    "never-there",
                    format!("no request here has a value for {key}, so this statement never applies"),
                );
            } else if let Some(of) = actions_of(key)
                && !statement.actions.is_empty()
                && !of.iter().any(|action| statement.actions.contains(*action))
            {
                let message = format!(
                    "no request for these actions has a value for {key}, so this statement never applies; {key} goes with {}",
                    told(&of)
                );
                find(Severity::Warning, "not-for-action", message);
            }
        }
        let is_open = condition.operator.over == Over::All && statement.effect == Effect::Allow;
        if is_open && !statement.conditions.iter().any(|other| other.key == *key && other.needs_value()) {
            let message = format!(
                "{} holds also where the request has no value for {key}; add \"Null\": {{\"{key}\": \"false\"}}",
                condition.operator
            );
            find(Severity::Warning, "for-all-without-null", message);
        }
    }
}

/// Whether conditions let a statement apply to requests that say nothing.
pub(super) fn hold_without_values(conditions: &[Condition]) -> bool {
    !conditions.iter().any(Condition::needs_value)
}

/// Keys that `docs/policy.md` lists as never filled.
fn is_never_there(key: &ConditionKey) -> bool {
    use ConditionKey as K;
    matches!(
        key,
        K::Other(_)
            | K::AwsAssumedRoot
            | K::AwsCalledVia
            | K::AwsCalledViaFirst
            | K::AwsCalledViaLast
            | K::AwsPrincipalOrgId
            | K::AwsPrincipalOrgPaths
            | K::AwsPrincipalServiceNamesList
            | K::AwsReferer
            | K::AwsResourceOrgId
            | K::AwsResourceOrgPaths
            | K::AwsSourceAccount
            | K::AwsSourceArn
            | K::AwsSourceOrgId
            | K::AwsSourceOrgPaths
            | K::AwsSourceVpc
            | K::AwsSourceVpcArn
            | K::AwsSourceVpce
            | K::AwsVpceAccount
            | K::AwsVpceOrgId
            | K::AwsVpceOrgPaths
            | K::AwsVpcSourceIp
            | K::IamAssociatedResourceArn
            | K::IamAwsServiceName
            | K::IamFido(_)
            | K::IamOrganizationsPolicyId
            | K::IamRegisterSecurityKey
            | K::IamServiceSpecificCredentialAgeDays
            | K::IamServiceSpecificCredentialServiceName
            | K::KmsTrailingDaysWithoutKeyUsage
            | K::StsAwsServiceName
            | K::StsDurationSeconds
            | K::StsRequestContext(_)
            | K::StsRequestContextProviders
            | K::StsTaskPolicyArn
    )
}

/// The actions whose requests can have a value for a key; `None` where that is any.
fn actions_of(key: &ConditionKey) -> Option<Vec<Action>> {
    use Action as A;
    use ConditionKey as K;
    let sealing = [
        A::Encrypt,
        A::Decrypt,
        A::ReEncryptFrom,
        A::ReEncryptTo,
        A::GenerateDataKey,
        A::GenerateDataKeyWithoutPlaintext,
        A::GenerateDataKeyPair,
        A::GenerateDataKeyPairWithoutPlaintext,
    ];
    let taking_on = [A::AssumeRole, A::AssumeRoleWithWebIdentity, A::TagSession, A::SetSourceIdentity];
    Some(match key {
        K::KmsEncryptionContext(_) | K::KmsEncryptionContextKeys => {
            sealing.into_iter().chain([A::CreateGrant, A::RetireGrant]).collect()
        }
        K::KmsEncryptionAlgorithm => sealing.into(),
        K::KmsSigningAlgorithm | K::KmsMessageType => vec![A::Sign, A::Verify],
        K::KmsMacAlgorithm => vec![A::GenerateMac, A::VerifyMac],
        K::KmsKeyAgreementAlgorithm => vec![A::DeriveSharedSecret],
        K::KmsDataKeyPairSpec => vec![A::GenerateDataKeyPair, A::GenerateDataKeyPairWithoutPlaintext],
        K::KmsReEncryptOnSameKey => vec![A::ReEncryptFrom, A::ReEncryptTo],
        K::KmsExpirationModel | K::KmsValidTo => vec![A::ImportKeyMaterial],
        K::KmsWrappingAlgorithm | K::KmsWrappingKeySpec => vec![A::GetParametersForImport],
        K::KmsReplicaRegion => vec![A::ReplicateKey],
        K::KmsPrimaryRegion => vec![A::UpdatePrimaryRegion],
        K::KmsScheduleKeyDeletionPendingWindowInDays => vec![A::ScheduleKeyDeletion],
        K::KmsRotationPeriodInDays => vec![A::EnableKeyRotation],
        K::KmsBypassPolicyLockoutSafetyCheck => vec![A::CreateKey, A::PutKeyPolicy, A::ReplicateKey],
        K::KmsGrantConstraintType
        | K::KmsGrantConstraintSourceArn
        | K::KmsGrantOperations
        | K::KmsGranteePrincipal
        | K::KmsGranteeServicePrincipal
        | K::KmsRetiringPrincipal
        | K::KmsRetiringServicePrincipal => vec![A::CreateGrant],
        K::KmsGrantIsForAwsResource => vec![A::CreateGrant, A::ListGrants, A::RevokeGrant],
        K::IamPassedToService => vec![A::PassRole],
        K::StsExternalId => vec![A::AssumeRole, A::TagSession, A::SetSourceIdentity],
        K::StsRoleSessionName | K::StsSourceIdentity | K::StsTransitiveTagKeys => taking_on.into(),
        K::WebIdentityClaim(_) => vec![A::AssumeRoleWithWebIdentity],
        _ => return None,
    })
}

fn told(actions: &[Action]) -> String {
    let names: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
    names.join(", ")
}

impl Actions {
    /// Whether it has none of the actions that are known here.
    fn is_empty(self) -> bool {
        !Action::ALL.iter().any(|action| self.contains(*action))
    }
}
