//! Which operations can wait for approval: what they answer agrees with what rules may name.

use std::collections::BTreeSet;

use keystead_model::{AccessKeyId, Action, GroupName, KeyRef, PolicyArn, PolicyName, RoleName, UserName};
use keystead_policy::{GrantConstraints, GrantPrincipal};

use super::iam::*;
use super::*;
use crate::approvals::rules::CAN_WAIT;

#[derive(Default)]
struct Seen(BTreeSet<&'static str>);

impl Seen {
    /// Notes what an operation's action is, and that it says what it asks for.
    fn note<Op: Operation>(&mut self, op: &Op) {
        assert!(op.approval(&Found::default()).is_some(), "{} says nothing", Op::ACTION);
        self.0.insert(Op::ACTION.as_str());
    }
}

fn key() -> KeyRef {
    KeyRef::parse("1234abcd-12ab-34cd-56ef-1234567890ab").expect("a key id")
}

fn named(seen: &mut Seen) {
    seen.note(&ScheduleKeyDeletion { key: key(), window_days: None });
    seen.note(&DisableKey { key: key() });
    seen.note(&PutKeyPolicy {
        key: key(),
        name: None,
        policy: "{}".into(),
        bypass_policy_lockout_safety_check: false,
    });
    seen.note(&DeleteImportedKeyMaterial { key: key(), material: None });
    seen.note(&UpdatePrimaryRegion { key: key(), location: "eu-west-1".parse().expect("a location") });
    seen.note(&DeleteCustomKeyStore { store: "cks-1".into() });
    seen.note(&RevokeGrant { key: key(), grant: "0".into(), dry_run: false });
    assert!(
        RevokeGrant { key: key(), grant: "0".into(), dry_run: true }.approval(&Found::default()).is_none()
    );
    seen.note(&CreateGrant {
        key: key(),
        grantee: GrantPrincipal::parse("arn:aws:iam::111122223333:root").expect("an ARN"),
        retiring: None,
        operations: keystead_model::GrantOperations::default(),
        constraints: GrantConstraints::default(),
        name: None,
        grant_tokens: Vec::new(),
        dry_run: false,
    });
}

/// What all that hold policies have in common.
macro_rules! of_holder {
    ($seen:expr, $holder:expr) => {{
        let policy = PolicyArn::parse("arn:aws:iam::aws:policy/KeysteadAuditor").expect("an ARN");
        let inline = PolicyName::parse("own").expect("a name");
        $seen.note(&Attach { holder: $holder, policy: policy.clone() });
        $seen.note(&Detach { holder: $holder, policy });
        $seen.note(&PutInline { holder: $holder, policy: inline.clone(), document: "{}".into() });
        $seen.note(&DeleteInline { holder: $holder, policy: inline });
    }};
}

fn of_directory(seen: &mut Seen) {
    let user = || UserName::parse("ada").expect("a name");
    let group = || GroupName::parse("ops").expect("a name");
    let role = || RoleName::parse("ops").expect("a name");
    let policy = || PolicyArn::parse("arn:aws:iam::111122223333:policy/a").expect("an ARN");
    let access_key = AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE").expect("an id");
    of_holder!(seen, user());
    of_holder!(seen, group());
    of_holder!(seen, role());
    seen.note(&PutBoundary { holder: user(), boundary: policy() });
    seen.note(&PutBoundary { holder: role(), boundary: policy() });
    seen.note(&DeleteBoundary { holder: user() });
    seen.note(&DeleteBoundary { holder: role() });
    seen.note(&CreatePolicyVersion { policy: policy(), document: "{}".into(), set_as_default: true });
    let version = VersionId::parse("v1").expect("a version");
    seen.note(&SetDefaultPolicyVersion { policy: policy(), version });
    seen.note(&DeletePolicyVersion { policy: policy(), version });
    seen.note(&DeletePolicy { policy: policy() });
    seen.note(&DeleteRole { name: role() });
    seen.note(&UpdateAssumeRolePolicy { name: role(), trust: "{}".into() });
    seen.note(&DeleteUser { name: user() });
    seen.note(&AddUserToGroup { group: group(), user: user() });
    seen.note(&RemoveUserFromGroup { group: group(), user: user() });
    seen.note(&CreateAccessKey { user: None });
    seen.note(&UpdateAccessKey { user: None, key: access_key, active: false });
    seen.note(&PutAccountSettings { settings: AccountSettings::default() });
}

#[test]
fn what_rules_may_name_can_wait_and_nothing_else() {
    let mut seen = Seen::default();
    named(&mut seen);
    of_directory(&mut seen);
    // These say where the alias points, which only what was found knows; `tests/approvals.rs` has one wait.
    seen.0.extend([Action::UpdateAlias.as_str(), Action::DeleteAlias.as_str()]);
    let listed: BTreeSet<_> = CAN_WAIT.iter().map(|action| action.as_str()).collect();
    assert_eq!(seen.0, listed);
    assert_eq!(CAN_WAIT.len(), listed.len(), "an action is listed twice");
}

#[test]
fn settings_of_any_size_that_is_taken_have_few_enough_parameters() {
    let rule = ApprovalRule {
        name: "a".into(),
        actions: CAN_WAIT.to_vec(),
        approvers: vec!["arn:aws:iam::111122223333:user/ada".into(); crate::approvals::rules::APPROVERS_MAX],
        needed: 1,
        delay_seconds: 0,
        wait_seconds: 300,
    };
    let guardrail = Guardrail { name: PolicyName::parse("a").expect("a name"), document: "{}".into() };
    let settings = AccountSettings {
        guardrails: vec![guardrail; crate::directory::quotas::GUARDRAILS_MAX],
        approvals: vec![rule; crate::approvals::rules::RULES_MAX],
        ..AccountSettings::default()
    };
    let all = Operation::approval(&PutAccountSettings { settings }, &Found::default()).expect("it says");
    assert!(all.iter().count() <= ApprovalParameters::COUNT_MAX, "{}", all.iter().count());
}
