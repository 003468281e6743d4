//! `keystead init`: the data folder, the root key and the first account of a server.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

use keystead_engine::internal_call;
use keystead_model::Locations;

use crate::cli::InitArgs;
use crate::exit::Failure;
use crate::wiring::{self, Disks, Rules};
use crate::{config, hardening, print, private_file, server, world};

/// Makes everything, and prints the root access key.
pub fn run(args: InitArgs) -> Result<(), Failure> {
    hardening::keep_files_private();
    let data = std::path::absolute(&args.data).context("the current folder cannot be told")?;
    let root_key = std::path::absolute(args.root_key.clone().unwrap_or_else(|| beside(&data)))
        .context("the current folder cannot be told")?;
    refuse_what_is_there(&data, &root_key, args.config_out.as_deref())?;
    let printed = server::block_on(async { Ok(make(&args, &data, &root_key).await?) })?;
    match print(&printed) {
        Ok(()) => Ok(()),
        Err(_) => Err(Failure::Failed(anyhow!(
            "the root access key could not be printed, and is kept nowhere else; remove {} and {}, and begin anew",
            data.display(),
            root_key.display()
        ))),
    }
}

async fn make(args: &InitArgs, data: &Path, root_key: &Path) -> anyhow::Result<String> {
    let world = world::system();
    let disks = Disks::in_folder(data)?;
    let root = wiring::root_into_new_file(root_key, &*world.entropy)?;
    let store = wiring::store(&disks)?;
    let log = wiring::audit(&disks, &*world.entropy, keystead_audit::Options::default())?;
    let locations = Locations::listed(args.region.clone(), []);
    let engine = wiring::engine(store, log.clone(), root, world.clone(), Rules::for_nobody(locations))?;
    let call = internal_call(&world, args.region.clone());
    let made = engine.create_account(&call, args.account).await.context("the account could not be made")?;
    engine.close();
    log.close();
    if let Some(path) = &args.config_out {
        let text = config::sample_for(data, root_key, &args.region)?;
        private_file::create(path, text.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let secret = std::str::from_utf8(made.secret.expose()).expect("a secret is ASCII");
    Ok(format!(
        "Account {account} is made, with its root access key. The secret is shown this once and kept nowhere in plain:\n\n\
         \x20 AWS_ACCESS_KEY_ID={id}\n\
         \x20 AWS_SECRET_ACCESS_KEY={secret}\n\n\
         \x20 data folder    {data}\n\
         \x20 root key file  {root_key}\n\n\
         Copy the root key file to a place offline now: without it nothing can be opened again. Keep it apart from the\n\
         data and its backups: together they are everything.\n",
        account = args.account,
        id = made.id,
        data = data.display(),
        root_key = root_key.display(),
    ))
}

/// `/var/lib/keystead` keeps its root key in `/var/lib/keystead.root.key`: never inside, where backups go.
fn beside(data: &Path) -> PathBuf {
    let mut name = OsString::from(data.file_name().unwrap_or_default());
    name.push(".root.key");
    data.with_file_name(name)
}

fn refuse_what_is_there(data: &Path, root_key: &Path, config: Option<&Path>) -> anyhow::Result<()> {
    let occupied = match data.read_dir() {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(error).with_context(|| format!("{} cannot be used", data.display())),
    };
    if occupied {
        bail!(
            "{} is not empty; nothing was touched. If a server lives there, run `keystead serve`. \
             If an earlier `init` was interrupted, remove the folder and its root key file first",
            data.display()
        );
    }
    if root_key.starts_with(data) {
        bail!(
            "the root key file {} would lie inside the data folder, where every backup would take both; \
             choose another place with --root-key",
            root_key.display()
        );
    }
    for path in [Some(root_key), config].into_iter().flatten() {
        if path.symlink_metadata().is_ok() {
            bail!(
                "{} is there already, and is never overwritten; choose another place, or move it away",
                path.display()
            );
        }
    }
    Ok(())
}
