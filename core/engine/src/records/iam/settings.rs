//! What an account has laid down, and the name it goes by.

use keystead_model::{AccountId, IamKind};

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
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        let Self { alias, guardrails, both_must_agree, root_may_not_use_keys, refuse_joint_duties } = self;
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
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let guardrail = |r: &mut Reader<'_>| {
            Ok(GuardrailRecord { name: read_name(r, IamKind::Policy)?, document: r.text()?.into() })
        };
        let record = Self {
            alias: reader.option(|r| r.text().map(Box::from))?,
            guardrails: reader.list(guardrail)?,
            both_must_agree: reader.flag()?,
            root_may_not_use_keys: reader.flag()?,
            refuse_joint_duties: reader.flag()?,
        };
        reader.end()?;
        Ok(record)
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
        };
        let bytes = settings.write();
        assert_eq!(AccountSettingsRecord::read(&bytes), Ok(settings));
        for len in 0..bytes.len() {
            assert!(AccountSettingsRecord::read(&bytes[..len]).is_err(), "length {len}");
        }
        assert!(AccountSettingsRecord::read(&[bytes.clone(), vec![0]].concat()).is_err());
        let mut odd = bytes;
        *odd.last_mut().expect("a flag") = 2;
        assert!(AccountSettingsRecord::read(&odd).is_err(), "a flag is yes or no");
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
