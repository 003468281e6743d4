//! Commits of the embedded store on a real folder.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use keystead_model::world::{Disk, Entropy};
use keystead_store::disk::FileDisk;
use keystead_store::{Expect, RecordId, RedbOptions, RedbStore, Store, Transaction, Write};

use super::audit::SystemEntropy;
use super::syncs::Syncs;
use crate::figure::{Figure, Unit};
use crate::house::House;
use crate::report::Report;
use crate::series::Series;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let folder = house.scratch().join("store");
    let mut syncs = Syncs::in_folder(&house.scratch().join("store-syncs"))?;
    let mut found: Vec<(usize, Series)> = ROWS.into_iter().map(|rows| (rows, Series::default())).collect();
    let mut sync = Series::default();
    for round in 0..house.rounds {
        for (rows, series) in &mut found {
            let folder = folder.join(format!("{rows}-{round}"));
            series.push(rows_a_second(&folder, *rows, house.duration)? / *rows as f64);
            std::fs::remove_dir_all(folder)?;
        }
        sync.push(1e6 / syncs.measure(house.duration / 2)?.within(0.5));
    }
    for (rows, series) in found {
        let note = format!(
            "{}, and {} of syncs alone",
            Unit::PerSecond.show(series.median()),
            Unit::PerSecond.show(sync.median())
        );
        let what = format!("store commits of {rows} row{}, against syncs", if rows == 1 { "" } else { "s" });
        report.add(Figure::new(what, Unit::Times, series.over(&sync)).noting(note));
    }
    Ok(())
}

/// How many rows a second a new store in `folder` takes in commits of so many.
pub fn rows_a_second(folder: &Path, rows: usize, duration: Duration) -> Result<f64> {
    let disk: Arc<dyn Disk> = Arc::new(FileDisk::open(folder)?);
    let store = RedbStore::open(&disk, "bench.redb", RedbOptions::default())?;
    let begun = Instant::now();
    let mut commits = 0_usize;
    while begun.elapsed() < duration {
        store.commit(Transaction((0..rows).map(|_| row()).collect::<Result<_>>()?))?;
        commits += 1;
    }
    Ok((commits * rows) as f64 / begun.elapsed().as_secs_f64())
}

/// A new row under a random id, about as long as a key's.
fn row() -> Result<Write> {
    let mut id = [0; 18];
    SystemEntropy.fill(&mut id);
    Ok(Write {
        id: RecordId::parse(&id)?,
        expect: Expect::Absent,
        put: Some(vec![0x5a; ROW_BYTES].into()),
        erasable: false,
    })
}

const ROWS: [usize; 2] = [1, 64];
const ROW_BYTES: usize = 400;
