//! What a development server starts from: found in its folder, or made.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use keystead_crypto::RootKey;
use keystead_engine::{Engine, internal_call};
use keystead_model::world::World;
use keystead_model::{AccountId, Location, Timestamp};
use keystead_store::Store;

use super::access_key::AccessKey;
use super::certificate::Authority;
use super::place::{Passing, Place};
use crate::private_file;
use crate::wiring::{self, Disks};

/// Longest file with the authority's key read, in bytes.
const AUTHORITY_KEY_BYTES_MAX: usize = 4096;

/// What is there before the engine is.
pub struct Home {
    /// Where store and log are kept.
    pub disks: Disks,
    /// The store.
    pub store: Arc<dyn Store>,
    /// The root key.
    pub root: RootKey,
    /// Who vouches for the server.
    pub authority: Authority,
    /// The file with the authority's certificate.
    pub certificate: PathBuf,
    /// The folder, if there is one.
    pub place: Option<Place>,
    /// The folder that goes with the process, if there is one.
    pub passing: Option<Passing>,
}

impl Home {
    /// In a folder, which is made on first start.
    pub fn kept(folder: &Path, world: &World) -> anyhow::Result<Self> {
        let place = Place::in_folder(folder).context("the current folder cannot be told")?;
        let begun = wiring::is_data_folder(place.folder());
        // Taken first: from here on no other server touches the folder.
        let disks = Disks::in_folder(place.folder())?;
        let root = root(&place, begun, world)?;
        let store = wiring::store(&disks)?;
        let authority = authority(&place, world.clock.now())?;
        let certificate = place.authority();
        write_certificate(&certificate, &authority)?;
        Ok(Self { disks, store, root, authority, certificate, place: Some(place), passing: None })
    }

    /// In memory, but for the one file that clients read.
    pub fn passing(world: &World) -> anyhow::Result<Self> {
        let passing = Passing::make(&*world.entropy)?;
        let authority =
            Authority::generate(world.clock.now()).context("cannot make a certificate authority")?;
        let certificate = passing.authority();
        write_certificate(&certificate, &authority)?;
        Ok(Self {
            disks: Disks::passing(),
            store: wiring::passing_store(),
            root: wiring::passing_root(&*world.entropy)?,
            authority,
            certificate,
            place: None,
            passing: Some(passing),
        })
    }
}

/// The root access key of the development account, made with it on first start.
pub async fn access_key(
    engine: &Engine,
    world: &World,
    location: &Location,
    place: Option<&Place>,
) -> anyhow::Result<AccessKey> {
    if let Some(place) = place
        && let Some(kept) = AccessKey::kept(&place.access_key())?
    {
        return Ok(kept);
    }
    let call = internal_call(world, location.clone());
    // An account without a kept key is what a crash between the two leaves behind.
    let made = match engine.has_account(AccountId::DEVELOPMENT)? {
        false => engine.create_account(&call, AccountId::DEVELOPMENT).await?,
        true => engine.create_root_access_key(&call, AccountId::DEVELOPMENT).await?,
    };
    let key = AccessKey { id: made.id, secret: made.secret };
    if let Some(place) = place {
        key.keep(&place.access_key())?;
    }
    Ok(key)
}

fn root(place: &Place, begun: bool, world: &World) -> anyhow::Result<RootKey> {
    let path = place.root_key();
    match (path.exists(), begun) {
        (true, _) => wiring::root_from_file(&path).with_context(|| {
            format!("restore the file, or remove {} to begin anew", place.folder().display())
        }),
        (false, false) => wiring::root_into_new_file(&path, &*world.entropy),
        (false, true) => bail!(
            "{} is missing, and without it nothing in {} can be opened; restore it, or remove the folder to begin anew",
            path.display(),
            place.folder().display()
        ),
    }
}

fn authority(place: &Place, now: Timestamp) -> anyhow::Result<Authority> {
    let path = place.authority_key();
    if path.exists() {
        let pem = private_file::read(&path, AUTHORITY_KEY_BYTES_MAX)?;
        return Authority::restore(&pem, now).with_context(|| {
            format!("{} is damaged; remove it, and clients have to trust a new ca.pem", path.display())
        });
    }
    let authority = Authority::generate(now).context("cannot make a certificate authority")?;
    private_file::create(&path, authority.private_pem().expose())
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(authority)
}

fn write_certificate(path: &Path, authority: &Authority) -> anyhow::Result<()> {
    private_file::replace(path, authority.certificate_pem().as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))
}
