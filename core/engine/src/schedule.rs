//! What happens by itself when its time has come: rotation, the end of imported material, and destruction.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use keystead_audit::Log;
use keystead_model::world::World;
use keystead_model::{
    Action, AliasArn, Call, Caller, Error, KeyArn, KeyState, Location, Principal, Protocol, RequestId,
    Timestamp,
};

use crate::authority::Found;
use crate::entry::{AuditEntry, Who};
use crate::grants;
use crate::keys::{Keys, internal};
use crate::ops::{RotationKind, custom_keys, materials_gone, parted, replaced, rotate, spread};
use crate::permit::Permit;
use crate::records::{Due, KeyRecord, Row, Schedule};
use crate::vault::Change;

/// Due keys looked at in one run at most; the rest follows with the next.
const DUE_MAX: usize = 256;

/// What a run did.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Done {
    /// Keys destroyed.
    pub destroyed: usize,
    /// Keys rotated.
    pub rotated: usize,
    /// Keys whose imported material was taken away.
    pub expired: usize,
    /// Keys that could not be dealt with; they stay due.
    pub failed: usize,
}

enum Deed {
    Destroyed,
    Rotated,
    Expired,
    /// Grants of a destroyed key were taken away; there may be more.
    Swept,
    /// The row was out of date.
    Nothing,
}

/// Deals with every key whose time has come.
pub async fn run(keys: &Keys, log: &Arc<Log>, world: &World) -> Result<Done, Error> {
    let now = world.clock.now();
    let mut done = Done::default();
    for (at, arn) in due(keys, now)? {
        let mut dealt = deal_with(keys, log, world, at, &arn).await;
        while let Ok(Deed::Swept) = dealt {
            dealt = deal_with(keys, log, world, at, &arn).await;
        }
        match dealt {
            Ok(Deed::Destroyed) => done.destroyed += 1,
            Ok(Deed::Rotated) => done.rotated += 1,
            Ok(Deed::Expired) => done.expired += 1,
            Ok(Deed::Swept | Deed::Nothing) => {}
            Err(error) => {
                tracing::error!(key = %arn, %error, "a key that is due could not be dealt with");
                done.failed += 1;
            }
        }
    }
    Ok(done)
}

/// When the first key is due, if any is.
pub fn next(keys: &Keys) -> Result<Option<Timestamp>, Error> {
    let rows = keys.vault().scan(Row::DUE, None, 1).map_err(internal)?;
    Ok(rows.first().and_then(|(id, _)| Row::read_due(id)).map(|(at, _)| at))
}

fn due(keys: &Keys, now: Timestamp) -> Result<Vec<(Timestamp, KeyArn)>, Error> {
    let rows = keys.vault().scan(Row::DUE, None, DUE_MAX).map_err(internal)?;
    let named = rows.iter().filter_map(|(id, _)| Row::read_due(id));
    Ok(named.take_while(|(at, _)| *at <= now).collect())
}

async fn deal_with(
    keys: &Keys,
    log: &Arc<Log>,
    world: &World,
    at: Timestamp,
    arn: &KeyArn,
) -> Result<Deed, Error> {
    let now = world.clock.now();
    let record = keys.record(arn)?;
    let is_gone = record.is_none();
    let due = record.and_then(|(_, record)| record.due()).map(|(_, due)| due);
    let action = match due {
        None if is_gone => Action::DeleteKey,
        Some(Due::Destruction) => Action::DeleteKey,
        Some(Due::Expiry) => Action::ExpireKeyMaterial,
        Some(Due::Rotation) | None => Action::RotateKey,
    };
    permit(log, world, action, arn)
        .change(keys.vault(), |_, _, entry| {
            // The key's own record says when it is due, and for what; a row that says otherwise is swept away.
            let found =
                keys.record(arn)?.filter(|(_, record)| record.due().is_some_and(|(when, _)| when == at));
            let Some((version, record)) = found else {
                // A destroyed key leaves its row here until its grants are gone too.
                let left = if is_gone { grants::swept(keys.vault(), arn)? } else { Vec::new() };
                return Ok(match left.is_empty() {
                    true => (vec![Change::clear(Row::Due(at, arn).id())], Deed::Nothing),
                    false => (left, Deed::Swept),
                });
            };
            match record.due() {
                Some((_, due_now)) if Some(due_now) != due => {
                    Err(Error::Conflict("the key changed while it was due; it stays due".into()))
                }
                Some((_, Due::Destruction)) => {
                    Ok((destroy(keys, arn, version, &record, now)?, Deed::Destroyed))
                }
                Some((_, Due::Expiry)) => Ok((expired(arn, version, &record, now), Deed::Expired)),
                _ => {
                    let (changes, material) = rotated(keys, world, arn, version, &record, now)?;
                    entry.material = Some(material);
                    Ok((changes, Deed::Rotated))
                }
            }
        })
        .await
}

/// Imported bytes whose time is over go. A key that misses bytes of a version waits for them to be imported again.
fn expired(arn: &KeyArn, version: u64, before: &KeyRecord, now: Timestamp) -> Vec<Change> {
    let mut after = before.clone();
    for material in after.materials.iter_mut().chain(&mut after.pending) {
        if material.expires().is_some_and(|at| at <= now) {
            material.wrapped = None;
        }
    }
    let misses = after.materials.iter().any(|material| material.wrapped.is_none());
    if misses && matches!(after.state, KeyState::Enabled | KeyState::Disabled) {
        after.state = KeyState::PendingImport;
    }
    replaced(arn, version, before, &after)
}

/// The key goes, and its names with it.
fn destroy(
    keys: &Keys,
    arn: &KeyArn,
    version: u64,
    record: &KeyRecord,
    now: Timestamp,
) -> Result<Vec<Change>, Error> {
    let mut changes = vec![Change::delete(Row::Key(arn).id(), version)];
    changes.extend(materials_gone(arn, record));
    changes.push(Change::clear(Row::Usage(arn).id()));
    changes.extend(parted(keys, arn, record, now)?);
    // Grants may be many: they go afterwards, some at a time, and nobody finds the key they are on any more.
    if !grants::any(keys.vault(), arn)? {
        changes.extend(record.due().map(|(at, _)| Change::clear(Row::Due(at, arn).id())));
    }
    changes.extend(custom_keys::untied(keys, arn, record.custom.as_ref())?);
    for name in &record.aliases {
        let alias = AliasArn { location: arn.location.clone(), account: arn.account, name: name.clone() };
        let row = Row::Alias(arn.account, &arn.location, name).id();
        let own = keys.alias_record(&alias)?.filter(|(_, alias)| alias.target == arn.key);
        changes.extend(own.map(|(version, _)| Change::delete(row, version)));
    }
    Ok(changes)
}

fn rotated(
    keys: &Keys,
    world: &World,
    arn: &KeyArn,
    version: u64,
    before: &KeyRecord,
    now: Timestamp,
) -> Result<(Vec<Change>, keystead_model::MaterialId), Error> {
    let mut after = before.clone();
    let material = rotate(keys, &*world.entropy, arn, &mut after, RotationKind::Automatic, now)?;
    after.schedule = before.schedule.map(|Schedule { period_days, .. }| Schedule {
        period_days,
        next: now.plus_days(period_days.into()),
    });
    let mut changes = replaced(arn, version, before, &after);
    changes.extend(spread(keys, arn, &after, |other| other.materials.clone_from(&after.materials))?);
    Ok((changes, material))
}

fn permit(log: &Arc<Log>, world: &World, action: Action, arn: &KeyArn) -> Permit<()> {
    let call = internal_call(world, arn.location.clone());
    let keystead = Arc::new(Caller::new(Principal::Keystead, None));
    let mut entry = AuditEntry::open(log, &call, Who::Known(keystead), action);
    entry.key = Some(arn.clone());
    Permit { op: (), found: Found::default(), entry }
}

/// A call that nobody made.
pub fn internal_call(world: &World, location: Location) -> Call {
    let mut request = RequestId([0; 16]);
    world.entropy.fill(&mut request.0);
    Call {
        request,
        at: world.clock.now(),
        source: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        protocol: Protocol::Internal,
        location,
        user_agent: "keystead".into(),
        secure: true,
    }
}
