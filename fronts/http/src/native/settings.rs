//! What an account lays down, as JSON: `GET` and `POST /keystead/v1/account/settings`.
//!
//! Both have the same form, and all of it: a member that is missing is refused, so that nobody takes rules away by leaving
//! them out.

use std::sync::Arc;

use bytes::Bytes;
use keystead_engine::ops::iam::{
    AccountSettings, ApprovalRule, GetAccountSettings, Guardrail, PutAccountSettings,
};
use keystead_model::{Action, Caller, PolicyName};
use serde::{Deserialize, Serialize};

use crate::door::{Door, Refusal, Stop as Stopped, cut};

/// Where they are.
pub const PATH: &str = "/keystead/v1/account/settings";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    guardrails: Vec<Rail>,
    both_must_agree: bool,
    root_may_not_use_keys: bool,
    refuse_joint_duties: bool,
    approvals: Vec<Rule>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rail {
    name: String,
    /// The document as text, byte for byte.
    document: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    name: String,
    actions: Vec<String>,
    approvers: Vec<String>,
    needed: u8,
    delay_seconds: u32,
    wait_seconds: u32,
}

/// Answers the settings.
pub async fn get(door: &Door<'_>, caller: &Arc<Caller>) -> Result<Bytes, Stopped> {
    let permit = door.engine.authorise(&door.call, caller, GetAccountSettings).await?;
    let settings = Settings::from(door.engine.iam(permit).await?);
    let text = serde_json::to_string(&settings).expect("texts, numbers and flags can be written");
    Ok(text.into())
}

/// Replaces the settings.
pub async fn put(door: &Door<'_>, caller: &Arc<Caller>, body: &[u8]) -> Result<Bytes, Stopped> {
    let settings = read(body)?;
    let permit = door.engine.authorise(&door.call, caller, PutAccountSettings { settings }).await?;
    door.engine.iam(permit).await?;
    Ok(Bytes::from_static(b"{}"))
}

fn read(body: &[u8]) -> Result<AccountSettings, Refusal> {
    let settings: Settings =
        serde_json::from_slice(body).map_err(|error| Refusal::Serialization(error.to_string()))?;
    let Settings { guardrails, both_must_agree, root_may_not_use_keys, refuse_joint_duties, approvals } =
        settings;
    let guardrails = guardrails.into_iter().map(rail).collect::<Result<_, _>>()?;
    let approvals = approvals.into_iter().map(rule).collect::<Result<_, _>>()?;
    Ok(AccountSettings { guardrails, both_must_agree, root_may_not_use_keys, refuse_joint_duties, approvals })
}

fn rail(Rail { name, document }: Rail) -> Result<Guardrail, Refusal> {
    let Some(name) = PolicyName::parse(&name) else {
        return Err(Refusal::Validation(format!("'{}' is no name for a guardrail.", cut(&name, 64))));
    };
    Ok(Guardrail { name, document: document.into() })
}

fn rule(rule: Rule) -> Result<ApprovalRule, Refusal> {
    let Rule { name, actions, approvers, needed, delay_seconds, wait_seconds } = rule;
    let action = |text: &String| {
        Action::parse(text)
            .ok_or_else(|| Refusal::Validation(format!("There is no action '{}'.", cut(text, 64))))
    };
    Ok(ApprovalRule {
        name: name.into(),
        actions: actions.iter().map(action).collect::<Result<_, _>>()?,
        approvers: approvers.into_iter().map(Into::into).collect(),
        needed,
        delay_seconds,
        wait_seconds,
    })
}

impl From<AccountSettings> for Settings {
    fn from(settings: AccountSettings) -> Self {
        let AccountSettings {
            guardrails,
            both_must_agree,
            root_may_not_use_keys,
            refuse_joint_duties,
            approvals,
        } = settings;
        let rail = |Guardrail { name, document }| Rail { name: name.to_string(), document: document.into() };
        let rule = |rule| {
            let ApprovalRule { name, actions, approvers, needed, delay_seconds, wait_seconds } = rule;
            Rule {
                name: name.into(),
                actions: actions.iter().map(ToString::to_string).collect(),
                approvers: approvers.into_iter().map(Into::into).collect(),
                needed,
                delay_seconds,
                wait_seconds,
            }
        };
        Self {
            guardrails: guardrails.into_iter().map(rail).collect(),
            both_must_agree,
            root_may_not_use_keys,
            refuse_joint_duties,
            approvals: approvals.into_iter().map(rule).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &str = r#"{"guardrails":[{"name":"place","document":"{}"}],"both_must_agree":false,"root_may_not_use_keys":true,"refuse_joint_duties":false,"approvals":[{"name":"deletion","actions":["kms:ScheduleKeyDeletion","keystead:PutAccountSettings"],"approvers":["arn:aws:iam::111122223333:user/ada"],"needed":1,"delay_seconds":0,"wait_seconds":86400}]}"#;

    #[test]
    fn what_is_told_can_be_put() {
        let settings = read(ALL.as_bytes()).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(settings.approvals[0].actions[0], Action::ScheduleKeyDeletion);
        let told = serde_json::to_string(&Settings::from(settings)).expect("it is written");
        assert_eq!(told, ALL);
    }

    #[test]
    fn what_is_missing_misspelled_or_unknown_is_refused() {
        for (part, instead) in [
            (r#""both_must_agree":false,"#, ""),
            (r#","approvals":"#, r#","aprovals":"#),
            ("kms:ScheduleKeyDeletion", "kms:EatKey"),
            (r#""needed":1"#, r#""needed":-1"#),
            (r#""needed":1"#, r#""needed":256"#),
            (r#""name":"place""#, r#""name":"a place""#),
            (r#""document":"{}""#, r#""document":{}"#),
            (r#","wait_seconds":86400"#, ""),
        ] {
            let body = ALL.replace(part, instead);
            assert_ne!(body, ALL, "{part}");
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
