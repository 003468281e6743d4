//! Data folders with many keys, made once and kept: a million keys take minutes to make.
//!
//! They are made through the front door, by CreateKey under load, so that they are what a server that has grown
//! looks like: its audit log holds a record for each.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::client::{calls, each};
use crate::house::House;
use crate::server::{Keystead, Known};

/// A data folder with many keys.
pub struct Kept {
    /// The folder.
    pub data: PathBuf,
    /// Some of its keys: all, or the first [`IDS_MAX`].
    pub ids: Vec<String>,
    /// What its clients need.
    pub known: Known,
}

/// Most key ids remembered of one folder.
pub const IDS_MAX: usize = 100_000;

/// A folder with so many keys: the one kept from an earlier run if it is still good, or a new one.
pub fn kept(house: &House, count: usize) -> Result<Kept> {
    let folder = house.kept.join(format!("keys-{count}"));
    match found(house, &folder, count) {
        Ok(kept) => return Ok(kept),
        Err(_) if !folder.exists() => {}
        Err(error) => eprintln!("  making {} anew: {error:#}", folder.display()),
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    make(house, &folder, count)?;
    found(house, &folder, count)
}

/// The kept folder, if it is whole and this program's server opens it and knows keys from its beginning, middle
/// and end.
fn found(house: &House, folder: &Path, count: usize) -> Result<Kept> {
    let mark: serde_json::Value = serde_json::from_slice(&fs::read(folder.join(MARK))?)?;
    if mark["keys"] != count {
        bail!("it was not finished");
    }
    let ids: Vec<String> = fs::read_to_string(folder.join(IDS))?.lines().map(str::to_owned).collect();
    if ids.len() != count.min(IDS_MAX) {
        bail!("its list of keys is not whole");
    }
    let data = folder.join(DATA);
    let server = Keystead::start(house.program()?, &data, house.scratch())?;
    let sample = [0, ids.len() / 2, ids.len() - 1].map(|at| calls::describe_key(&ids[at]));
    each(&server.peer, &server.signed(sample.into_iter())?, 3, 1, |_, _| Ok(()))?;
    let known = server.known.clone();
    server.running.stop()?;
    Ok(Kept { data, ids, known })
}

fn make(house: &House, folder: &Path, count: usize) -> Result<()> {
    fs::create_dir_all(folder)?;
    eprintln!("  making {count} keys in {}", folder.display());
    let server = Keystead::start(house.program()?, &folder.join(DATA), house.scratch())?;
    let mut ids = Vec::new();
    let mut made = 0;
    while made < count {
        // Signed anew for each part: a signature is good for five minutes.
        let part = PART_MAX.min(count - made);
        let requests = server.signed(std::iter::once(calls::create_key()))?;
        let new = each(&server.peer, &requests, part, CONNECTIONS, |_, answer| {
            calls::text_at(answer, "/KeyMetadata/KeyId")
        });
        let new = new.with_context(|| format!("after {made} keys"))?;
        ids.extend(new.into_iter().take(IDS_MAX - ids.len()));
        made += part;
        if made.is_multiple_of(PART_MAX * 5) {
            eprintln!("  {made} keys");
        }
    }
    server.running.stop()?;
    fs::write(folder.join(IDS), ids.join("\n"))?;
    fs::write(folder.join(MARK), json!({ "keys": count }).to_string())?;
    Ok(())
}

/// A copy of a kept folder, for measurements that would make it grow.
pub fn copied(kept: &Kept, to: &Path) -> Result<()> {
    copy_folder(&kept.data, to)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => drop(fs::copy(entry.path(), target)?),
        }
    }
    Ok(())
}

const DATA: &str = "data";
const IDS: &str = "ids";
const MARK: &str = "whole.json";
const CONNECTIONS: usize = 256;
/// Keys made between two signatures.
const PART_MAX: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_every_file_and_its_mode() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("store")).expect("made");
        fs::write(from.join("store/file"), "x").expect("written");
        fs::write(from.join("root.key"), "k").expect("written");
        fs::set_permissions(from.join("root.key"), fs::Permissions::from_mode(0o600)).expect("set");
        copy_folder(&from, &to).expect("copied");
        assert_eq!(fs::read(to.join("store/file")).expect("there"), b"x");
        assert_eq!(fs::metadata(to.join("root.key")).expect("there").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&to).expect("there").permissions().mode() & 0o777, 0o700);
    }
}
