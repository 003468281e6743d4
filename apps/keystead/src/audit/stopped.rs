//! The log in the data folder of a stopped server.

use std::collections::VecDeque;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use keystead_audit::{Entry, Filter, Log, Options, json_line, text_line};
use keystead_store::disk::DiskError;

use super::Form;
use crate::exit::Failure;
use crate::wiring::{self, Disks};
use crate::world;

/// Prints the newest records.
pub fn tail(data: &Path, lines: u32, form: Form) -> Result<(), Failure> {
    let (log, _disks) = open(data)?;
    let mut newest = VecDeque::with_capacity(lines as usize);
    if lines > 0 {
        log.read_back(u64::MAX, &mut |position, entry| {
            newest.push_front(line(form, position, entry));
            if newest.len() < lines as usize { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .context("the audit log cannot be read")?;
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    newest
        .iter()
        .try_for_each(|line| out.write_all(line.as_bytes()))
        .and_then(|()| out.flush())
        .map_err(Failure::output)
}

/// Prints the records that match.
pub fn search(data: &Path, filter: &Filter, form: Form) -> Result<(), Failure> {
    let (log, _disks) = open(data)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut written = Ok(());
    log.read(0, &mut |position, entry| {
        if filter.matches(entry) {
            written = out.write_all(line(form, position, entry).as_bytes());
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .context("the audit log cannot be read")?;
    written.and_then(|()| out.flush()).map_err(Failure::output)
}

fn open(data: &Path) -> anyhow::Result<(Arc<Log>, Disks)> {
    if !wiring::is_data_folder(data) {
        bail!("{} is not a data folder of Keystead", data.display());
    }
    let disks = Disks::in_folder(data).map_err(|error| match error.downcast_ref() {
        Some(DiskError::InUse { .. }) => {
            error.context("only the log of a stopped server can be read from its folder")
        }
        _ => error,
    })?;
    let (log, recovery) = Log::open(Arc::clone(&disks.audit), &*world::system().entropy, Options::default())
        .context("the audit log cannot be opened")?;
    if let Some(cut) = recovery.cut {
        eprintln!(
            "keystead: the end of the log was torn and is cut off ({cut:?}); what it held was answered to nobody"
        );
    }
    Ok((log, disks))
}

fn line(form: Form, position: u64, entry: &Entry) -> String {
    let mut line = match form {
        Form::Text => text_line(position, entry),
        Form::Json => json_line(position, entry),
    };
    line.push('\n');
    line
}
