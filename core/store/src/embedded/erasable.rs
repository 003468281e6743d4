//! The second file: what must be gone for good once its record is replaced or deleted.
//!
//! redb writes every change beside what it replaces and copies whole pages, so that old bytes stay in pages of
//! which nobody can say how many there are. Erasable records are therefore kept in a file of our own, cut into units
//! of 512 bytes that are written in place; the table of records only says which units hold a record. Each unit is
//! in one of three states:
//!
//! * **used**: a record's row names it;
//! * **pool**: no record's, and it may hold anything after a crash. Only units that the pool already holds durably are
//!   ever written, so whatever a cut leaves behind is in the pool; it is overwritten before the next commit;
//! * **spare**: no record's, and durably zero.

use std::io;

use keystead_model::world::DiskFile;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};

use super::rows::{ABOUT, Apart, RECORDS, Row, decode_row, stored};
use crate::contract::{Revision, Sealed, StoreError};

/// Units of the pool.
pub(super) const POOL: TableDefinition<'static, u32, ()> = TableDefinition::new("erasable-pool");
/// Spare units.
pub(super) const SPARE: TableDefinition<'static, u32, ()> = TableDefinition::new("erasable-spare");
/// The row of [`ABOUT`] that says how many units there are.
pub(super) const UNITS: &str = "erasable-units";

/// Bytes of a unit: a sector, so that writing one touches no other.
pub(super) const UNIT_BYTES: usize = 512;
/// Units that the pool is filled up by when it runs short.
const POOL_FILL: usize = 1024;
/// Units beyond which the pool gives some away.
const POOL_MAX: usize = 4096;
/// Units overwritten or read at once at most.
const RUN_MAX: usize = 256;
/// What a record begins with in its units: its revision.
const HEAD_BYTES: usize = 8;

/// How many units a record of so many bytes takes.
pub(super) fn units_for(bytes: usize) -> usize {
    (HEAD_BYTES + bytes).div_ceil(UNIT_BYTES)
}

/// The units of the pool, and how many units there are in all.
pub(super) fn pool(database: &Database) -> Result<(Vec<u32>, u64), StoreError> {
    let reading = database.begin_read().map_err(stored)?;
    let units = reading.open_table(ABOUT).map_err(stored)?.get(UNITS).map_err(stored)?;
    let pool = reading.open_table(POOL).map_err(stored)?;
    let pool = pool.iter().map_err(stored)?.map(|row| Ok(row.map_err(stored)?.0.value()));
    Ok((pool.collect::<Result<_, StoreError>>()?, units.map_or(0, |row| row.value())))
}

/// How many units there will be at most once the pool has been filled up by `wanted` and more.
pub(super) fn units_after_fill(units: u64, wanted: usize) -> Result<u64, StoreError> {
    let after = units + (wanted + POOL_FILL) as u64;
    match u32::try_from(after) {
        Ok(_) => Ok(after),
        Err(_) => Err(StoreError::Full),
    }
}

/// Puts `wanted` units and a supply into the pool: spare ones, or else new ones. Answers them.
pub(super) fn fill(writing: &WriteTransaction, wanted: usize) -> Result<Vec<u32>, StoreError> {
    let wanted = wanted + POOL_FILL;
    let mut added = Vec::with_capacity(wanted);
    let mut pool = writing.open_table(POOL).map_err(stored)?;
    let mut spare = writing.open_table(SPARE).map_err(stored)?;
    let mut about = writing.open_table(ABOUT).map_err(stored)?;
    while added.len() < wanted
        && let Some((unit, _)) = spare.pop_first().map_err(stored)?
    {
        added.push(unit.value());
    }
    let units = about.get(UNITS).map_err(stored)?.map_or(0, |row| row.value());
    let first = u32::try_from(units).map_err(|_| StoreError::Full)?;
    let missing = u32::try_from(wanted - added.len()).map_err(|_| StoreError::Full)?;
    let end = first.checked_add(missing).ok_or(StoreError::Full)?;
    added.extend(first..end);
    about.insert(UNITS, u64::from(end)).map_err(stored)?;
    for unit in &added {
        pool.insert(unit, ()).map_err(stored)?;
    }
    // Taken from the end: the lowest units first.
    added.reverse();
    Ok(added)
}

/// Takes from a pool that is overgrown what it can do without.
pub(super) fn surplus(pool: &mut Vec<u32>) -> Vec<u32> {
    if pool.len() <= POOL_MAX {
        return Vec::new();
    }
    pool.sort_unstable_by(|a, b| b.cmp(a));
    pool.drain(..POOL_FILL).collect()
}

/// What a commit does to the states of units.
#[derive(Default)]
pub(super) struct Moves {
    /// From the pool into use.
    pub used: Vec<u32>,
    /// Out of use into the pool.
    pub freed: Vec<u32>,
    /// From the pool to the spare ones: known to be zero, durably.
    pub spared: Vec<u32>,
}

impl Moves {
    pub(super) fn write(&self, writing: &WriteTransaction) -> Result<(), StoreError> {
        let Self { used, freed, spared } = self;
        if used.is_empty() && freed.is_empty() && spared.is_empty() {
            return Ok(());
        }
        let mut pool = writing.open_table(POOL).map_err(stored)?;
        for unit in used.iter().chain(spared) {
            if pool.remove(unit).map_err(stored)?.is_none() {
                return Err(StoreError::Corrupt(format!("unit {unit} is not in the pool").into()));
            }
        }
        for unit in freed {
            pool.insert(unit, ()).map_err(stored)?;
        }
        let mut spare = writing.open_table(SPARE).map_err(stored)?;
        for unit in spared {
            spare.insert(unit, ()).map_err(stored)?;
        }
        Ok(())
    }
}

/// Writes a record into units; durable after the next sync.
pub(super) fn write(file: &dyn DiskFile, units: &[u32], revision: Revision, bytes: &[u8]) -> io::Result<()> {
    let mut whole = Sealed::zeroed(units.len() * UNIT_BYTES);
    whole.as_mut()[..HEAD_BYTES].copy_from_slice(&revision.0.to_be_bytes());
    whole.as_mut()[HEAD_BYTES..HEAD_BYTES + bytes.len()].copy_from_slice(bytes);
    for (unit, part) in units.iter().zip(whole.chunks(UNIT_BYTES)) {
        file.write_at(place(*unit), part)?;
    }
    Ok(())
}

/// Reads a record out of its units.
pub(super) fn read(file: &dyn DiskFile, row: &Apart) -> Result<Sealed, StoreError> {
    let length = row.length as usize;
    if row.units.len() != units_for(length) {
        return Err(StoreError::Corrupt("a row names another number of units than its length takes".into()));
    }
    let mut whole = Sealed::zeroed(row.units.len() * UNIT_BYTES);
    for (unit, part) in row.units.iter().zip(whole.as_mut().chunks_mut(UNIT_BYTES)) {
        file.read_at(place(*unit), part)?;
    }
    match whole[..HEAD_BYTES] == row.revision.0.to_be_bytes() {
        true => Ok(whole[HEAD_BYTES..HEAD_BYTES + length].into()),
        false => Err(StoreError::Corrupt(
            format!("the units of an erasable record do not hold its revision {}", row.revision).into(),
        )),
    }
}

/// Fills units with zeros, durably.
pub(super) fn overwrite(file: &dyn DiskFile, units: &[u32]) -> io::Result<()> {
    if units.is_empty() {
        return Ok(());
    }
    let zeros = vec![0; RUN_MAX * UNIT_BYTES];
    for (first, count) in runs(units) {
        file.write_at(place(first), &zeros[..count * UNIT_BYTES])?;
    }
    file.sync()
}

/// Fills those units with zeros that hold anything else, and sees to it that all of them are durably zero.
pub(super) fn overwrite_leftovers(file: &dyn DiskFile, units: &[u32]) -> io::Result<()> {
    let leftovers: Vec<u32> = leftovers(file, units)?;
    match leftovers.is_empty() {
        // What reads as zero may only be on its way to the disk.
        true => file.sync(),
        false => overwrite(file, &leftovers),
    }
}

/// Those units that are not zero.
fn leftovers(file: &dyn DiskFile, units: &[u32]) -> io::Result<Vec<u32>> {
    let mut buffer = Sealed::zeroed(RUN_MAX * UNIT_BYTES);
    let mut found = Vec::new();
    for (first, count) in runs(units) {
        let bytes = &mut buffer.as_mut()[..count * UNIT_BYTES];
        file.read_at(place(first), bytes)?;
        let filled = (first..).zip(bytes.chunks(UNIT_BYTES)).filter(|(_, unit)| **unit != ZEROS);
        found.extend(filled.map(|(unit, _)| unit));
    }
    Ok(found)
}

/// Checks that every unit is in one state, and that what is in no record is zero.
pub(super) fn verify(database: &Database, file: &dyn DiskFile) -> Result<(), StoreError> {
    let corrupt = |what: String| StoreError::Corrupt(what.into());
    let (mut free, units) = pool(database)?;
    let reading = database.begin_read().map_err(stored)?;
    for row in reading.open_table(SPARE).map_err(stored)?.iter().map_err(stored)? {
        free.push(row.map_err(stored)?.0.value());
    }
    let mut seen = vec![false; usize::try_from(units).map_err(|_| corrupt("too many units".into()))?];
    let mut see = |unit: u32| match seen.get_mut(unit as usize) {
        Some(seen) if !*seen => {
            *seen = true;
            Ok(())
        }
        _ => Err(corrupt(format!("unit {unit} has two owners, or is not there"))),
    };
    free.iter().try_for_each(|unit| see(*unit))?;
    for row in reading.open_table(RECORDS).map_err(stored)?.iter().map_err(stored)? {
        let (_, row) = row.map_err(stored)?;
        if let Row::Apart(row) = decode_row(row.value())? {
            row.units.iter().try_for_each(|unit| see(*unit))?;
            read(file, &row)?;
        }
    }
    if let Some(lost) = seen.iter().position(|seen| !seen) {
        return Err(corrupt(format!("unit {lost} has no owner")));
    }
    match leftovers(file, &free)?.first() {
        None => Ok(()),
        Some(unit) => Err(corrupt(format!("unit {unit} is no record's and not empty"))),
    }
}

/// Units side by side, as (first, count): ascending, [`RUN_MAX`] at most in each.
fn runs(units: &[u32]) -> Vec<(u32, usize)> {
    let mut sorted = units.to_vec();
    sorted.sort_unstable();
    let mut runs: Vec<(u32, usize)> = Vec::new();
    for unit in sorted {
        match runs.last_mut() {
            Some((first, count))
                if *count < RUN_MAX && u64::from(*first) + *count as u64 == u64::from(unit) =>
            {
                *count += 1;
            }
            _ => runs.push((unit, 1)),
        }
    }
    runs
}

const ZEROS: [u8; UNIT_BYTES] = [0; UNIT_BYTES];

/// Where a unit begins in the file.
fn place(unit: u32) -> u64 {
    u64::from(unit) * UNIT_BYTES as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_overwritten_together() {
        assert_eq!(runs(&[]), []);
        assert_eq!(runs(&[7, 3, 4, 9, 5]), [(3, 3), (7, 1), (9, 1)]);
        let many: Vec<u32> = (0..300).collect();
        assert_eq!(runs(&many), [(0, 256), (256, 44)]);
        assert_eq!(runs(&[u32::MAX, u32::MAX - 1]), [(u32::MAX - 1, 2)]);
    }

    #[test]
    fn a_record_takes_its_head_and_its_bytes() {
        assert_eq!([0, 504, 505, 1016, 1017].map(units_for), [1, 1, 2, 2, 3]);
    }

    #[test]
    fn an_overgrown_pool_gives_its_highest_units_away() {
        let mut pool: Vec<u32> = (0..5000).collect();
        let given = surplus(&mut pool);
        assert_eq!((given.len(), given[0], pool.len()), (POOL_FILL, 4999, 5000 - POOL_FILL));
        assert_eq!(surplus(&mut pool), []);
    }
}
