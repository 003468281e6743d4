//! What an account has laid down about its own policies.

use keystead_model::{Action, Error, PolicyName, Resource};
use keystead_policy::{Kind, NoFacts, Request, Sources, decide};

use super::listing::check_document;
use super::{IamOperation, Target};
use crate::directory::quotas::{GUARDRAILS_MAX, within};
use crate::directory::rows::is_same_name;
use crate::directory::{Desk, Planned};
use crate::records::{AccountSettingsRecord, GuardrailRecord};

/// Read the account's settings; answers [`AccountSettings`].
pub struct GetAccountSettings;

/// Replace the account's settings.
pub struct PutAccountSettings {
    /// All of them, as they are to be.
    pub settings: AccountSettings,
}

/// What an account has laid down. By default nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountSettings {
    /// Documents of which each must allow what anybody in the account does, its root included: 5 at most.
    pub guardrails: Vec<Guardrail>,
    /// A key's policy is not enough by itself: a policy of the caller's own must allow, too.
    pub both_must_agree: bool,
    /// The account's root may not use keys, whatever policies say. It may still administer them.
    pub root_may_not_use_keys: bool,
    /// Policies that give one principal both the administration and the use of keys are refused when they are written
    /// or attached. Each is looked at by itself.
    pub refuse_joint_duties: bool,
}

/// One guardrail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guardrail {
    /// What decisions call it.
    pub name: PolicyName,
    /// The document, in the form of an identity policy: 1 to 10,240 bytes.
    pub document: Box<str>,
}

impl PutAccountSettings {
    fn check(&self) -> Result<(), Error> {
        let guardrails = &self.settings.guardrails;
        within("GuardrailsPerAccount", guardrails.len(), GUARDRAILS_MAX)?;
        for (place, Guardrail { name, document }) in guardrails.iter().enumerate() {
            if guardrails[..place].iter().any(|other| is_same_name(other.name.as_str(), name.as_str())) {
                return Err(Error::Invalid(format!("two guardrails are called {name}").into()));
            }
            check_document(document, Kind::Guardrail)?;
        }
        Ok(())
    }

    fn record(&self, before: &AccountSettingsRecord) -> AccountSettingsRecord {
        let AccountSettings { guardrails, both_must_agree, root_may_not_use_keys, refuse_joint_duties } =
            &self.settings;
        let guardrail = |Guardrail { name, document }: &Guardrail| GuardrailRecord {
            name: name.as_str().into(),
            document: document.clone(),
        };
        AccountSettingsRecord {
            alias: before.alias.clone(),
            guardrails: guardrails.iter().map(guardrail).collect(),
            both_must_agree: *both_must_agree,
            root_may_not_use_keys: *root_may_not_use_keys,
            refuse_joint_duties: *refuse_joint_duties,
        }
    }
}

/// Refuses settings that whoever writes them could not take back. Nobody outside the account could, either.
fn keeps_administrator(desk: &Desk<'_>, settings: &AccountSettingsRecord) -> Result<(), Error> {
    let standing = desk.directory.standing(desk.caller)?;
    let laws = desk.directory.laws(settings)?;
    let sources = Sources { guardrails: &laws.guardrails, terms: laws.terms, ..standing.sources(None) };
    let again = Request {
        principal: &desk.caller.principal,
        session: desk.caller.session.as_deref(),
        principal_tags: standing.tags(),
        action: Action::PutAccountSettings,
        resource: &Resource::Account,
        call: desk.call,
        facts: &NoFacts,
    };
    match decide(&sources, &again).is_allowed() {
        true => Ok(()),
        false => {
            let why = "The new guardrails will not allow you to change the account's settings in the future.";
            Err(Error::MalformedPolicy(why.into()))
        }
    }
}

impl From<AccountSettingsRecord> for AccountSettings {
    fn from(record: AccountSettingsRecord) -> Self {
        let AccountSettingsRecord {
            alias: _,
            guardrails,
            both_must_agree,
            root_may_not_use_keys,
            refuse_joint_duties,
        } = record;
        let guardrail = |GuardrailRecord { name, document }| {
            PolicyName::parse(&name).map(|name| Guardrail { name, document })
        };
        let guardrails = guardrails.into_iter().filter_map(guardrail).collect();
        Self { guardrails, both_must_agree, root_may_not_use_keys, refuse_joint_duties }
    }
}

impl IamOperation for GetAccountSettings {
    const ACTION: Action = Action::GetAccountSettings;
    type Answer = AccountSettings;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<AccountSettings>, Error> {
        Ok((Vec::new(), desk.settings()?.1.into()))
    }
}

impl IamOperation for PutAccountSettings {
    const ACTION: Action = Action::PutAccountSettings;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        self.check()?;
        let (version, before) = desk.settings()?;
        let after = self.record(&before);
        if after == before {
            return Ok((Vec::new(), ()));
        }
        keeps_administrator(desk, &after)?;
        Ok((vec![desk.put_settings(version, &after)], ()))
    }
}
