//! What an account has laid down, and the name it goes by.

use keystead_model::{AccountId, Action, IamKind};

use super::read_name;
use crate::records::{Reader, RecordError, Writer};

/// What an account has laid down. An account without such a row has laid down nothing.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct AccountSettingsRecord {
    /// The name it goes by; its own row says so, too.
    pub alias: Option<Box<str>>,
    /// Documents each of which must allow what anybody in the account does.
    pub guardrails: Vec<GuardrailRecord>,
    /// A key's policy is not enough by itself.
    pub both_must_agree: bool,
    /// The account's root may not use keys.
    pub root_may_not_use_keys: bool,
    /// Policies that give one principal both duties are refused.
    pub refuse_joint_duties: bool,
    /// What needs the approval of others. No action is in two rules.
    pub approvals: Vec<ApprovalRuleRecord>,
}

/// What needs the approval of others, and of whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApprovalRuleRecord {
    /// What it is called.
    pub name: Box<str>,
    /// What it is about.
    pub actions: Vec<Action>,
    /// Who may approve.
    pub approvers: Vec<ApproverRecord>,
    /// How many of them must.
    pub needed: u8,
    /// How long a request waits once enough have, in seconds.
    pub delay_seconds: u32,
    /// How long a request may wait from when it was asked, in seconds.
    pub wait_seconds: u32,
}

/// Somebody who may approve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApproverRecord {
    /// The ARN, as it was when the rule was written.
    pub arn: Box<str>,
    /// The unique id of the user, or the account's number for its root: a name may be somebody else's by now.
    pub id: Box<str>,
}

/// One guardrail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GuardrailRecord {
    /// What decisions call it.
    pub name: Box<str>,
    /// Its document, as it was written.
    pub document: Box<str>,
}

impl AccountSettingsRecord {
    /// Version 1 has no rules of approval.
    const VERSION: u8 = 2;

    pub fn write(&self) -> Vec<u8> {
        let Self {
            alias,
            guardrails,
            both_must_agree,
            root_may_not_use_keys,
            refuse_joint_duties,
            approvals,
        } = self;
        let mut out = Writer::new(Self::VERSION);
        out.option(alias.as_ref(), |out, alias| {
            out.text(alias);
        });
        out.list(guardrails, |out, GuardrailRecord { name, document }| {
            out.text(name).text(document);
        });
        for flag in [both_must_agree, root_may_not_use_keys, refuse_joint_duties] {
            out.u8(u8::from(*flag));
        }
        out.list(approvals, |out, rule| rule.write(out));
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let (version, mut reader) = Reader::between(bytes, 1, Self::VERSION)?;
        let guardrail = |r: &mut Reader<'_>| {
            Ok(GuardrailRecord { name: read_name(r, IamKind::Policy)?, document: r.text()?.into() })
        };
        let record = Self {
            alias: reader.option(|r| r.text().map(Box::from))?,
            guardrails: reader.list(guardrail)?,
            both_must_agree: reader.flag()?,
            root_may_not_use_keys: reader.flag()?,
            refuse_joint_duties: reader.flag()?,
            approvals: if version == 1 { Vec::new() } else { reader.list(ApprovalRuleRecord::read)? },
        };
        reader.end()?;
        Ok(record)
    }
}

impl ApprovalRuleRecord {
    fn write(&self, out: &mut Writer) {
        let Self { name, actions, approvers, needed, delay_seconds, wait_seconds } = self;
        out.text(name);
        out.list(actions, |out, action| {
            out.text(action.as_str());
        });
        out.list(approvers, |out, ApproverRecord { arn, id }| {
            out.text(arn).text(id);
        });
        out.u8(*needed).u32(*delay_seconds).u32(*wait_seconds);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, RecordError> {
        let action = |r: &mut Reader<'_>| {
            Action::parse(r.text()?).ok_or(RecordError("a rule of approval names an unknown action"))
        };
        let approver =
            |r: &mut Reader<'_>| Ok(ApproverRecord { arn: r.text()?.into(), id: r.text()?.into() });
        Ok(Self {
            name: read_name(reader, IamKind::Policy)?,
            actions: reader.list(action)?,
            approvers: reader.list(approver)?,
            needed: reader.u8()?,
            delay_seconds: reader.u32()?,
            wait_seconds: reader.u32()?,
        })
    }
}

/// The account that goes by a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AccountAliasRecord {
    /// The account.
    pub account: AccountId,
}

impl AccountAliasRecord {
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        Writer::new(Self::VERSION).u64(self.account.number()).finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let account =
            AccountId::from_number(reader.u64()?).ok_or(RecordError("an account is out of range"))?;
        reader.end()?;
        Ok(Self { account })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back() {
        let settings = AccountSettingsRecord {
            alias: Some("example".into()),
            guardrails: vec![GuardrailRecord { name: "region".into(), document: "{}".into() }],
            both_must_agree: true,
            root_may_not_use_keys: false,
            refuse_joint_duties: true,
            approvals: vec![ApprovalRuleRecord {
                name: "deletion".into(),
                actions: vec![Action::ScheduleKeyDeletion, Action::PutAccountSettings],
                approvers: vec![ApproverRecord {
                    arn: "arn:aws:iam::111122223333:user/ada".into(),
                    id: "AIDA1".into(),
                }],
                needed: 1,
                delay_seconds: 3_600,
                wait_seconds: 86_400,
            }],
        };
        let bytes = settings.write();
        assert_eq!(AccountSettingsRecord::read(&bytes), Ok(settings));
        for len in 0..bytes.len() {
            assert!(AccountSettingsRecord::read(&bytes[..len]).is_err(), "length {len}");
        }
        assert!(AccountSettingsRecord::read(&[bytes.clone(), vec![0]].concat()).is_err());
        let none = AccountSettingsRecord::default().write();
        let mut odd = none.clone();
        odd[none.len() - 3] = 2;
        assert!(AccountSettingsRecord::read(&odd).is_err(), "a flag is yes or no");
        let mut first = none[..none.len() - 2].to_vec();
        first[0] = 1;
        assert_eq!(AccountSettingsRecord::read(&first), Ok(AccountSettingsRecord::default()));
        let none = AccountSettingsRecord::default();
        assert_eq!(AccountSettingsRecord::read(&none.write()), Ok(none));
    }

    #[test]
    fn an_alias_reads_back() {
        let alias = AccountAliasRecord { account: AccountId::DEVELOPMENT };
        assert_eq!(AccountAliasRecord::read(&alias.write()), Ok(alias));
        assert!(AccountAliasRecord::read(&alias.write()[1..]).is_err());
    }
}
