//! One durable request alone, against the least it could take: the same bytes through a server that does nothing,
//! and one sync of the disk.

use anyhow::Result;

use super::syncs::Syncs;
use crate::client::{calls, closed, each};
use crate::figure::{Figure, Unit};
use crate::house::House;
use crate::report::Report;
use crate::series::Series;
use crate::targets;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let (keystead, nothing) = (house.keystead("durable")?, house.nothing()?);
    let mut syncs = Syncs::in_folder(&house.scratch().join("syncs"))?;
    let create = keystead.signed(std::iter::once(calls::create_key()))?;
    let key = each(&keystead.peer, &create, 1, 1, |_, answer| calls::text_at(answer, "/KeyMetadata/KeyId"))?;
    let (mut ours, mut work, mut sync) = (Series::default(), Series::default(), Series::default());
    for _ in 0..house.rounds {
        let requests = keystead.signed((0..64).map(|number| calls::encrypt(&key[0], number)))?;
        ours.push(closed(&keystead.peer, &requests, 1, house.duration)?.latencies.within(0.5));
        work.push(closed(&nothing.peer, &requests, 1, house.duration)?.latencies.within(0.5));
        sync.push(syncs.measure(house.duration / 2)?.within(0.5));
    }
    keystead.running.stop()?;
    let note = format!(
        "{:.0} µs against {:.0} through do-nothing and {:.0} for a sync",
        ours.median(),
        work.median(),
        sync.median()
    );
    let ratio = ours.over(&work.plus(&sync));
    let what = "one durable Encrypt alone, p50, against do-nothing and a sync";
    report.add(Figure::new(what, Unit::Times, ratio).against(targets::DURABLE).noting(note));
    Ok(())
}
