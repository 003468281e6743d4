//! What an account has laid down about its own policies.

use keystead_crypto::ApprovalParameters;
use keystead_model::{Action, Error, PolicyName, Resource};
use keystead_policy::{Kind, NoFacts, Request, Sources, decide};

use super::listing::check_document;
use super::{IamOperation, Target};
use crate::approvals::rules;
use crate::directory::quotas::{GUARDRAILS_MAX, within};
use crate::directory::rows::is_same_name;
use crate::directory::{Desk, Planned};
use crate::records::{AccountSettingsRecord, ApprovalRuleRecord, GuardrailRecord};

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
    /// What needs the approval of others: 16 rules at most, no action in two of them.
    pub approvals: Vec<ApprovalRule>,
}

/// What needs the approval of others, and of whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApprovalRule {
    /// What it is called: 1 to 128 bytes, by the rule for names of policies.
    pub name: Box<str>,
    /// What it is about: actions that can wait.
    pub actions: Vec<Action>,
    /// Who may approve: ARNs of users of the account, or of its root; 16 at most.
    pub approvers: Vec<Box<str>>,
    /// How many of them must, whoever asks not counted: at least 1, and fewer than there are approvers.
    pub needed: u8,
    /// How long a request waits once enough have, in seconds: 0 to 30 days, and shorter than `wait_seconds`.
    pub delay_seconds: u32,
    /// How long a request may wait from when it was asked, in seconds: 300 to 60 days.
    pub wait_seconds: u32,
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

    fn record(
        &self,
        before: &AccountSettingsRecord,
        approvals: Vec<ApprovalRuleRecord>,
    ) -> AccountSettingsRecord {
        let AccountSettings {
            guardrails,
            both_must_agree,
            root_may_not_use_keys,
            refuse_joint_duties,
            approvals: _,
        } = &self.settings;
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
            approvals,
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

impl AccountSettings {
    fn parameters(&self) -> ApprovalParameters {
        let Self { guardrails, both_must_agree, root_may_not_use_keys, refuse_joint_duties, approvals } =
            self;
        let mut all = ApprovalParameters::default()
            .with("BothMustAgree", both_must_agree)
            .with("RootMayNotUseKeys", root_may_not_use_keys)
            .with("RefuseJointDuties", refuse_joint_duties);
        for Guardrail { name, document } in guardrails {
            all = all.with("Guardrail", name).with("Guardrail.Document", document);
        }
        for ApprovalRule { name, actions, approvers, needed, delay_seconds, wait_seconds } in approvals {
            let actions: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
            all = all
                .with("Approval", name)
                .with("Approval.Actions", actions.join(" "))
                .with("Approval.Approvers", approvers.join(" "))
                .with("Approval.Needed", needed)
                .with("Approval.DelaySeconds", delay_seconds)
                .with("Approval.WaitSeconds", wait_seconds);
        }
        all
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
            approvals,
        } = record;
        let guardrail = |GuardrailRecord { name, document }| {
            PolicyName::parse(&name).map(|name| Guardrail { name, document })
        };
        let guardrails = guardrails.into_iter().filter_map(guardrail).collect();
        let approvals = approvals.into_iter().map(ApprovalRule::from).collect();
        Self { guardrails, both_must_agree, root_may_not_use_keys, refuse_joint_duties, approvals }
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

    fn approval(&self) -> Option<ApprovalParameters> {
        Some(self.settings.parameters())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        self.check()?;
        let (version, before) = desk.settings()?;
        let approvals = rules::checked(desk.rows, &self.settings.approvals)?;
        let after = self.record(&before, approvals);
        if after == before {
            return Ok((Vec::new(), ()));
        }
        keeps_administrator(desk, &after)?;
        Ok((vec![desk.put_settings(version, &after)], ()))
    }
}
