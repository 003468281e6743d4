//! Read a key's record, change it, and say which rows that writes.

use keystead_model::{Action, Error, KeyArn, MaterialId};

use crate::keys::Keys;
use crate::ops::state;
use crate::records::{KeyRecord, Row, Wrapped};
use crate::vault::Change;

/// Checks the key's state against `action` as the store has it now, lets `edit` change the record, and answers
/// the rows to write: none if nothing changed.
pub fn key<T>(
    keys: &Keys,
    arn: &KeyArn,
    action: Action,
    edit: impl FnOnce(&mut KeyRecord) -> Result<T, Error>,
) -> Result<(Vec<Change>, T), Error> {
    let (version, before) = keys.record(arn)?.ok_or_else(|| Error::KeyNotFound(arn.to_string().into()))?;
    state::check(action, arn, keys.shown_state(arn, before.state, before.custom.as_ref())?)?;
    let mut after = before.clone();
    let answer = edit(&mut after)?;
    let changes = if after == before { Vec::new() } else { replaced(arn, version, &before, &after) };
    Ok((changes, answer))
}

/// The rows of a key that is made.
pub fn made(arn: &KeyArn, record: &KeyRecord) -> Vec<Change> {
    let mut changes = vec![Change::make(Row::Key(arn).id(), record.write())];
    changes.extend(written(arn, record));
    changes.extend(record.due().map(|(at, _)| Change::put(Row::Due(at, arn).id(), DUE.to_vec())));
    changes
}

/// The rows of a key that changes.
pub fn replaced(arn: &KeyArn, version: u64, before: &KeyRecord, after: &KeyRecord) -> Vec<Change> {
    let has = |record: &KeyRecord, id: &MaterialId| {
        record.all_materials().any(|material| material.id == *id && material.wrapped.is_some())
    };
    debug_assert!(
        after.all_materials().all(|of| of.wrapped != Some(Wrapped::Kept) || has(before, &of.id)),
        "what a key has in rows of its own, it had before"
    );
    let mut changes = vec![Change::replace(Row::Key(arn).id(), version, after.write())];
    changes.extend(written(arn, after));
    let gone = before.all_materials().filter(|material| !has(after, &material.id));
    changes.extend(gone.map(|material| Change::clear(Row::Material(arn, &material.id).id())));
    let at = |record: &KeyRecord| record.due().map(|(at, _)| at);
    if at(before) != at(after) {
        changes.extend(at(before).map(|at| Change::clear(Row::Due(at, arn).id())));
        changes.extend(at(after).map(|at| Change::put(Row::Due(at, arn).id(), DUE.to_vec())));
    }
    changes
}

/// The rows that go with a key that is destroyed, besides its own.
pub fn materials_gone(arn: &KeyArn, record: &KeyRecord) -> impl Iterator<Item = Change> {
    record.all_materials().map(|material| Change::clear(Row::Material(arn, &material.id).id()))
}

/// The rows of materials that have none yet.
fn written(arn: &KeyArn, record: &KeyRecord) -> impl Iterator<Item = Change> {
    record.all_materials().filter_map(|material| match &material.wrapped {
        Some(Wrapped::New(bytes)) => {
            Some(Change::put(Row::Material(arn, &material.id).id(), Wrapped::write(bytes)))
        }
        Some(Wrapped::Kept) | None => None,
    })
}

/// What a due row holds: a version byte and nothing else; its id says it all.
const DUE: &[u8] = &[1];
