//! Rules: which actions wait, for whom.

use keystead_model::{AccountId, Action, Error, IamArn, IamKind, Principal, is_iam_name};

use crate::directory::rows::Rows;
use crate::keys::{internal, unreadable};
use crate::ops::iam::ApprovalRule;
use crate::records::{
    AccountSettingsRecord, ApprovalRuleRecord, ApproverRecord, DirectoryRecord, Row, UserRecord,
};
use crate::vault::Vault;

/// Rules of one account.
pub const RULES_MAX: usize = 16;
/// Approvers of one rule.
pub const APPROVERS_MAX: usize = 16;
/// Longest delay once enough have approved, in seconds: 30 days.
pub const DELAY_SECONDS_MAX: u32 = 30 * 86_400;
/// Shortest time that a request may wait, in seconds.
pub const WAIT_SECONDS_MIN: u32 = 300;
/// Longest time that a request may wait, in seconds: 60 days.
pub const WAIT_SECONDS_MAX: u32 = 60 * 86_400;

/// The actions that can wait: those whose operations can say what they ask for.
pub const CAN_WAIT: &[Action] = &[
    Action::AddUserToGroup,
    Action::AttachGroupPolicy,
    Action::AttachRolePolicy,
    Action::AttachUserPolicy,
    Action::CreateAccessKey,
    Action::CreatePolicyVersion,
    Action::DeleteGroupPolicy,
    Action::DeletePolicy,
    Action::DeletePolicyVersion,
    Action::DeleteRole,
    Action::DeleteRolePermissionsBoundary,
    Action::DeleteRolePolicy,
    Action::DeleteUser,
    Action::DeleteUserPermissionsBoundary,
    Action::DeleteUserPolicy,
    Action::DetachGroupPolicy,
    Action::DetachRolePolicy,
    Action::DetachUserPolicy,
    Action::PutGroupPolicy,
    Action::PutRolePermissionsBoundary,
    Action::PutRolePolicy,
    Action::PutUserPermissionsBoundary,
    Action::PutUserPolicy,
    Action::RemoveUserFromGroup,
    Action::SetDefaultPolicyVersion,
    Action::UpdateAccessKey,
    Action::UpdateAssumeRolePolicy,
    Action::PutAccountSettings,
    Action::CreateGrant,
    Action::DeleteAlias,
    Action::DeleteCustomKeyStore,
    Action::DeleteImportedKeyMaterial,
    Action::DisableKey,
    Action::PutKeyPolicy,
    Action::RevokeGrant,
    Action::ScheduleKeyDeletion,
    Action::UpdateAlias,
    Action::UpdatePrimaryRegion,
];

/// The rule of an account that names an action.
pub fn of(vault: &Vault, account: AccountId, action: Action) -> Result<Option<ApprovalRuleRecord>, Error> {
    let Some(plain) = vault.get(&Row::AccountSettings(account).id()).map_err(internal)? else {
        return Ok(None);
    };
    let settings = AccountSettingsRecord::read(plain.bytes.expose()).map_err(unreadable)?;
    Ok(settings.approvals.into_iter().find(|rule| rule.actions.contains(&action)))
}

/// The rules as they are kept, if each of them can be met.
///
/// # Errors
/// [`Error::Invalid`] names the rule and what to change.
pub fn checked(rows: Rows<'_>, rules: &[ApprovalRule]) -> Result<Vec<ApprovalRuleRecord>, Error> {
    if rules.len() > RULES_MAX {
        return Err(Error::LimitExceeded(
            format!("an account has at most {RULES_MAX} rules of approval").into(),
        ));
    }
    for (place, rule) in rules.iter().enumerate() {
        check(rule).and_then(|()| check_beside(rule, &rules[..place])).map_err(|why| refused(rule, &why))?;
    }
    let is_bound = |rule: &ApprovalRule| rule.actions.contains(&Action::PutAccountSettings);
    if !rules.is_empty() && !rules.iter().any(is_bound) {
        let why = "no rule of approval names keystead:PutAccountSettings, so that whoever may change the settings could \
                   take the rules away alone; add it to one of them";
        return Err(Error::Invalid(why.into()));
    }
    rules.iter().map(|rule| kept(rows, rule)).collect()
}

fn refused(rule: &ApprovalRule, why: &str) -> Error {
    let name: String = rule.name.chars().take(64).map(|c| if c.is_control() { '?' } else { c }).collect();
    Error::Invalid(format!("the rule of approval {name:?} {why}").into())
}

/// What is wrong with a rule by itself.
fn check(rule: &ApprovalRule) -> Result<(), String> {
    let ApprovalRule { name, actions, approvers, needed, delay_seconds, wait_seconds } = rule;
    if !is_iam_name(IamKind::Policy, name) {
        return Err("has a name of other than 1 to 128 letters, digits and _ + = , . @ -".into());
    }
    if actions.is_empty() {
        return Err("names no action".into());
    }
    if let Some(action) = actions.iter().find(|action| !CAN_WAIT.contains(action)) {
        return Err(format!("names {action}, which cannot wait for approval"));
    }
    if *needed == 0 || approvers.len() > APPROVERS_MAX {
        return Err(format!("needs at least one approval, and has at most {APPROVERS_MAX} approvers"));
    }
    if approvers.len() <= usize::from(*needed) {
        return Err(format!(
            "needs {needed} approvals and has {} approvers: it could not be met when one of them asks; name at least {}",
            approvers.len(),
            usize::from(*needed) + 1
        ));
    }
    if !(WAIT_SECONDS_MIN..=WAIT_SECONDS_MAX).contains(wait_seconds) {
        return Err(format!(
            "lets requests wait for other than {WAIT_SECONDS_MIN} to {WAIT_SECONDS_MAX} seconds"
        ));
    }
    if *delay_seconds > DELAY_SECONDS_MAX || delay_seconds >= wait_seconds {
        return Err(format!(
            "has a delay that is not shorter than the time a request may wait, or longer than {DELAY_SECONDS_MAX} seconds"
        ));
    }
    Ok(())
}

/// What is wrong with a rule beside those before it.
fn check_beside(rule: &ApprovalRule, others: &[ApprovalRule]) -> Result<(), String> {
    let ApprovalRule { name, actions, approvers, .. } = rule;
    if others.iter().any(|other| other.name.eq_ignore_ascii_case(name)) {
        return Err("is there twice".into());
    }
    let twice = |(place, action): (usize, &Action)| {
        let before = actions[..place].contains(action);
        (before || others.iter().any(|other| other.actions.contains(action))).then_some(*action)
    };
    if let Some(action) = actions.iter().enumerate().find_map(twice) {
        return Err(format!("names {action}, which is named already; an action has one rule"));
    }
    let repeated = |place| approvers[..place].contains(&approvers[place]);
    match (0..approvers.len()).any(repeated) {
        true => Err("names an approver twice".into()),
        false => Ok(()),
    }
}

fn kept(rows: Rows<'_>, rule: &ApprovalRule) -> Result<ApprovalRuleRecord, Error> {
    let approver = |arn: &str| {
        let id = approver_id(rows, arn)?.ok_or_else(|| {
            refused(
                rule,
                "names an approver who is neither a user of this account nor its root; write the ARN as GetUser answers it",
            )
        })?;
        Ok(ApproverRecord { arn: arn.into(), id })
    };
    let approvers: Result<_, Error> = rule.approvers.iter().map(|arn| approver(arn)).collect();
    let ApprovalRule { name, actions, approvers: _, needed, delay_seconds, wait_seconds } = rule;
    Ok(ApprovalRuleRecord {
        name: name.clone(),
        actions: actions.clone(),
        approvers: approvers?,
        needed: *needed,
        delay_seconds: *delay_seconds,
        wait_seconds: *wait_seconds,
    })
}

/// The unique id of the user, or the account's number for its root. Roles have no lasting key to sign with.
fn approver_id(rows: Rows<'_>, arn: &str) -> Result<Option<Box<str>>, Error> {
    let account = rows.account();
    let root = Principal::Root { account }.to_string();
    if arn == root {
        return Ok(Some(account.to_string().into()));
    }
    let Some(named) = IamArn::parse(arn) else { return Ok(None) };
    if named.kind != IamKind::User || named.account != Some(account) {
        return Ok(None);
    }
    let found = rows.find::<UserRecord>(named.short_name())?;
    let same = found.filter(|found| found.record.arn(account) == named);
    Ok(same.map(|found| found.record.head.id))
}

impl From<ApprovalRuleRecord> for ApprovalRule {
    fn from(record: ApprovalRuleRecord) -> Self {
        let ApprovalRuleRecord { name, actions, approvers, needed, delay_seconds, wait_seconds } = record;
        let approvers = approvers.into_iter().map(|approver| approver.arn).collect();
        Self { name, actions, approvers, needed, delay_seconds, wait_seconds }
    }
}
