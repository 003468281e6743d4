//! The keys of services: made when they are first asked for.

use keystead_model::world::Entropy;
use keystead_model::{
    Action, AliasArn, Error, KeyArn, KeyManager, KeyRef, KeySpec, KeyState, KeyUsage, Origin, Tags, Timestamp,
};

use super::keys::{new_key_id, new_material};
use super::rotation::PERIOD_DAYS_DEFAULT;
use super::{Operation, edit};
use crate::authority::Subject;
use crate::keys::Keys;
use crate::records::{AliasRecord, KeyRecord, PolicyText, Row, Schedule};
use crate::services::Service;
use crate::vault::Change;

/// The key an operation asks for by name, if it may bring it into being: a service any way it likes, everybody else by
/// asking what the key is.
pub fn asked_for<Op: Operation>(op: &Op, is: Option<Service>) -> Option<(&KeyRef, Service)> {
    let key = match op.subject() {
        Subject::Key(key) => key,
        Subject::CiphertextAndKey { destination, .. } => destination,
        _ => return None,
    };
    let service = match key {
        KeyRef::Alias(name) => Service::of_alias(name.as_str()),
        KeyRef::AliasArn(arn) => Service::of_alias(arn.name.as_str()),
        _ => None,
    }?;
    (Op::ACTION == Action::DescribeKey || is == Some(service)).then_some((key, service))
}

/// The rows of a service's key, or nothing if it is there.
pub fn plan(
    keys: &Keys,
    entropy: &dyn Entropy,
    alias: &AliasArn,
    service: Service,
    now: Timestamp,
) -> Result<(Vec<Change>, Option<KeyArn>), Error> {
    if keys.alias_record(alias)?.is_some() {
        return Ok((Vec::new(), None));
    }
    let (account, location) = (alias.account, alias.location.clone());
    let arn = KeyArn { location, account, key: new_key_id(entropy, false) };
    let record = KeyRecord {
        created: now,
        spec: KeySpec::SymmetricDefault,
        usage: KeyUsage::EncryptDecrypt,
        origin: Origin::AwsKms,
        manager: KeyManager::Aws,
        state: KeyState::Enabled,
        description: service.description().into(),
        policy: PolicyText::Own(service.policy(account, &alias.location).into()),
        tags: Tags::default(),
        aliases: vec![alias.name.clone()],
        deletion: None,
        schedule: Some(Schedule {
            period_days: PERIOD_DAYS_DEFAULT,
            next: now.plus_days(PERIOD_DAYS_DEFAULT.into()),
        }),
        materials: vec![new_material(keys, entropy, &arn, KeySpec::SymmetricDefault, now)?],
        pending: None,
        regions: None,
        custom: None,
    };
    let mut changes = edit::made(&arn, &record);
    let row = Row::Alias(account, &alias.location, &alias.name).id();
    let alias = AliasRecord { target: arn.key, created: now, updated: now };
    changes.push(Change::make(row, alias.write()));
    Ok((changes, Some(arn)))
}
