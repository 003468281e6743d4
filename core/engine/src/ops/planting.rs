//! Keys with a known id and known material, put there before a server for development answers anybody.
//!
//! What was planted is remembered by a digest of its description: the same description again changes nothing, whatever
//! has become of the key, and another one for the same key is refused.

use keystead_crypto::{Made, MaterialName, SecretBytes, hmac_sha256, sha256};
use keystead_model::world::Entropy;
use keystead_model::{
    AccessKeyId, AccountId, AliasArn, AliasName, Call, Caller, Error, KeyArn, KeyManager, KeySpec, KeyState,
    KeyUsage, Location, Locations, MaterialId, Origin, Principal, Resource, Tags, Timestamp,
};

use super::aliases::PER_KEY_MAX as ALIASES_MAX;
use super::keys::new_material;
use super::rotation::{ON_DEMAND_MAX, RotationKind};
use super::{edit, import, policies};
use crate::directory::Standing;
use crate::keys::{Keys, internal, provider_error, unreadable};
use crate::records::{
    AccessKeyRecord, AliasRecord, Imported, KeyRecord, MaterialRecord, PlantedRecord, PolicyText, Regions,
    Row, Schedule, Writer,
};
use crate::vault::{Change, Vault};

/// A key to plant.
pub struct PlantKey {
    /// Its full name; for a multi-Region key, that of the primary.
    pub arn: KeyArn,
    /// Where its replicas are; only for a multi-Region key.
    pub replicas: Vec<Location>,
    /// Algorithm and size.
    pub spec: KeySpec,
    /// Purpose.
    pub usage: KeyUsage,
    /// [`Origin::AwsKms`] or [`Origin::External`].
    pub origin: Origin,
    /// 0 to 8,192 characters.
    pub description: Box<str>,
    /// Policy text; the default policy if absent.
    pub policy: Option<Box<str>>,
    /// Labels.
    pub tags: Tags,
    /// Its second names, in each of its locations.
    pub aliases: Vec<AliasName>,
    /// Whether it is enabled rather than disabled.
    pub enabled: bool,
    /// Days between rotations, 90 to 2,560; no rotation if absent.
    pub rotation_days: Option<u16>,
    /// When it rotates next; after the first period if absent.
    pub next_rotation: Option<Timestamp>,
    /// Versions of its bytes, oldest first, as [`KeyProvider::bring`](keystead_crypto::KeyProvider::bring) takes them.
    /// If there are none, random ones are made, or for [`Origin::External`] the key waits for its import.
    pub material: Vec<SecretBytes>,
}

/// An access key of an account's root to plant.
pub struct PlantAccessKey {
    /// Whose root it proves.
    pub account: AccountId,
    /// Its id.
    pub id: AccessKeyId,
    /// Its secret.
    pub secret: SecretBytes,
}

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Planted {
    /// It is there now.
    Made,
    /// It was planted before, from the same description.
    Before,
}

impl PlantKey {
    /// Whether it was planted before.
    ///
    /// # Errors
    /// [`Error::Conflict`] if another description was planted under this name, or the key came there otherwise.
    pub(crate) fn look(&self, keys: &Keys) -> Result<Planted, Error> {
        let arn = &self.arn;
        let row = keys.vault().get(&Row::Planted(arn).id()).map_err(internal)?;
        let mark = row.map(|row| PlantedRecord::read(row.bytes.expose()).map_err(unreadable)).transpose()?;
        let conflict = |why: &str| Err(Error::Conflict(format!("{arn} {why}").into()));
        match (keys.record(arn)?, mark) {
            (None, _) => Ok(Planted::Made),
            (Some(_), Some(mark)) if mark.digest == self.digest() => Ok(Planted::Before),
            (Some(_), Some(_)) => conflict("was seeded with other values before"),
            (Some(_), None) => conflict("is there already, and was not seeded"),
        }
    }

    pub(crate) fn plan(
        &self,
        keys: &Keys,
        entropy: &dyn Entropy,
        call: &Call,
        locations: &Locations,
        now: Timestamp,
    ) -> Result<(Vec<Change>, Planted), Error> {
        if self.look(keys)? == Planted::Before {
            return Ok((Vec::new(), Planted::Before));
        }
        self.check(keys, locations)?;
        let primary = self.record(keys, entropy, call, now)?;
        let mut changes = self.rows(keys, &self.arn, &primary, now)?;
        for location in &self.replicas {
            let arn = KeyArn { location: location.clone(), ..self.arn.clone() };
            if keys.record(&arn)?.is_some() {
                return Err(Error::Conflict(format!("{arn} is there already").into()));
            }
            // The primary's schedule serves them all.
            changes.extend(self.rows(keys, &arn, &KeyRecord { schedule: None, ..primary.clone() }, now)?);
        }
        let mark = PlantedRecord { digest: self.digest() };
        changes.push(Change::put(Row::Planted(&self.arn).id(), mark.write()));
        Ok((changes, Planted::Made))
    }

    fn check(&self, keys: &Keys, locations: &Locations) -> Result<(), Error> {
        let Self { arn, replicas, spec, usage, origin, material, enabled, .. } = self;
        let refuse = |why: String| Err(Error::Invalid(why.into()));
        let is_symmetric = *spec == KeySpec::SymmetricDefault;
        let rotates = self.rotation_days.is_some() || self.next_rotation.is_some();
        let places = || std::iter::once(&arn.location).chain(replicas);
        if let Some(unknown) = places().find(|location| !locations.has(location)) {
            return refuse(format!("{unknown} is not one of this server's locations"));
        }
        if places().enumerate().any(|(at, location)| places().skip(at + 1).any(|other| other == location)) {
            return refuse("a location is named twice".into());
        }
        if !replicas.is_empty() && !arn.key.is_multi_region() {
            return refuse("only a multi-Region key (mrk-…) has replicas".into());
        }
        if !keys.provider().can(*spec) {
            return refuse(format!("keys of spec {spec} are not offered here"));
        }
        if !spec.usages().contains(usage) {
            return refuse(format!("KeyUsage {usage} is not compatible with KeySpec {spec}"));
        }
        if !matches!(origin, Origin::AwsKms | Origin::External) {
            return refuse(format!("keys of origin {origin} cannot be seeded"));
        }
        if rotates && (!is_symmetric || *origin != Origin::AwsKms) {
            return refuse(format!("a key of spec {spec} and origin {origin} does not rotate"));
        }
        if material.len() > 1 && (!is_symmetric || *origin != Origin::AwsKms) {
            return refuse(format!(
                "a key of spec {spec} and origin {origin} has one version of its material"
            ));
        }
        if material.len() > ON_DEMAND_MAX + 1 {
            return refuse(format!("a key has at most {} versions of its material", ON_DEMAND_MAX + 1));
        }
        let mut aliases: Vec<&AliasName> = self.aliases.iter().collect();
        aliases.sort_unstable();
        if aliases.windows(2).any(|pair| pair[0] == pair[1]) {
            return refuse("an alias is named twice".into());
        }
        if aliases.len() > ALIASES_MAX {
            return refuse(format!("a key has at most {ALIASES_MAX} aliases"));
        }
        if !enabled && *origin == Origin::External && material.is_empty() {
            return refuse("a key that waits for its import is neither enabled nor disabled".into());
        }
        Ok(())
    }

    fn record(
        &self,
        keys: &Keys,
        entropy: &dyn Entropy,
        call: &Call,
        now: Timestamp,
    ) -> Result<KeyRecord, Error> {
        let materials = self.materials(keys, entropy, now)?;
        let root = Caller::new(Principal::Root { account: self.arn.account }, None);
        let policy = match &self.policy {
            None => PolicyText::Default,
            Some(text) => {
                let (resource, by) = (Resource::Key(self.arn.clone()), (&root, &Standing::default()));
                policies::written(text, &resource, call, by, true)?
            }
        };
        let schedule = self.rotation_days.map(|period_days| Schedule {
            period_days,
            next: self.next_rotation.unwrap_or_else(|| now.plus_days(period_days.into())),
        });
        let mut aliases = self.aliases.clone();
        aliases.sort_unstable();
        Ok(KeyRecord {
            created: now,
            spec: self.spec,
            usage: self.usage,
            origin: self.origin,
            manager: KeyManager::Customer,
            state: match (materials.is_empty(), self.enabled) {
                (true, _) => KeyState::PendingImport,
                (false, true) => KeyState::Enabled,
                (false, false) => KeyState::Disabled,
            },
            description: self.description.clone(),
            policy,
            tags: self.tags.clone(),
            aliases,
            deletion: None,
            schedule,
            materials,
            pending: None,
            regions: self.arn.key.is_multi_region().then(|| {
                let mut replicas = self.replicas.clone();
                replicas.sort_unstable();
                Regions { primary: self.arn.location.clone(), replicas }
            }),
            custom: None,
        })
    }

    fn materials(
        &self,
        keys: &Keys,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<Vec<MaterialRecord>, Error> {
        if self.material.is_empty() && self.origin == Origin::AwsKms {
            return Ok(vec![new_material(keys, entropy, &self.arn, self.spec, now)?]);
        }
        let each = self.material.iter().enumerate().map(|(at, bytes)| {
            let id = match self.origin {
                // So that its owner may import the same bytes again.
                Origin::External => import::identity(keys, &self.arn, self.spec, bytes)?,
                _ => self.material_id(at, bytes),
            };
            let name =
                MaterialName { account: self.arn.account, key: self.arn.key, material: id, spec: self.spec };
            let Made { wrapped, public } =
                keys.provider().bring(&name, bytes).map_err(|error| provider_error(&error))?;
            let imported =
                (self.origin == Origin::External).then_some(Imported { expires: None, description: None });
            let kind = (at > 0).then_some(RotationKind::OnDemand);
            Ok(MaterialRecord { id, wrapped: Some(wrapped.into()), at: now, kind, public, imported })
        });
        each.collect()
    }

    /// The same for the same bytes at the same place in the same key, on every server: so that what was sealed by one
    /// opens on another that was seeded alike.
    fn material_id(&self, at: usize, bytes: &SecretBytes) -> MaterialId {
        let key = self.arn.key;
        let place = [u8::try_from(at).unwrap_or(u8::MAX), u8::from(key.is_multi_region()), self.spec.code()];
        MaterialId(hmac_sha256(bytes.expose(), &[b"keystead/planted/v1", key.bytes(), &place]))
    }

    fn rows(
        &self,
        keys: &Keys,
        arn: &KeyArn,
        record: &KeyRecord,
        now: Timestamp,
    ) -> Result<Vec<Change>, Error> {
        let mut changes = edit::made(arn, record);
        for name in &record.aliases {
            let alias = AliasArn { location: arn.location.clone(), account: arn.account, name: name.clone() };
            if keys.alias_record(&alias)?.is_some() {
                return Err(Error::Conflict(format!("{alias} is there already").into()));
            }
            let record = AliasRecord { target: arn.key, created: now, updated: now };
            changes.push(Change::make(Row::Alias(arn.account, &arn.location, name).id(), record.write()));
        }
        Ok(changes)
    }

    /// Of everything that was described.
    fn digest(&self) -> [u8; 32] {
        // By name, so that a new field stops the build here.
        let Self {
            arn,
            replicas,
            spec,
            usage,
            origin,
            description,
            policy,
            tags,
            aliases,
            enabled,
            rotation_days,
            next_rotation,
            material,
        } = self;
        let mut out = Writer::new(1);
        out.text(&arn.to_string()).u8(spec.code()).u8(usage.code()).u8(origin.code()).u8(u8::from(*enabled));
        out.text(description);
        out.option(policy.as_ref(), |out, text| {
            out.text(text);
        });
        out.list(replicas, |out, location| {
            out.text(location.as_str());
        });
        let tags: Vec<_> = tags.iter().collect();
        out.list(&tags, |out, tag| {
            out.text(&tag.key).text(&tag.value);
        });
        out.list(aliases, |out, alias| {
            out.text(alias.as_str());
        });
        out.option(rotation_days.as_ref(), |out, days| {
            out.u16(*days);
        });
        out.option(next_rotation.as_ref(), |out, at| {
            out.u64(at.0);
        });
        out.list(material, |out, bytes| {
            out.fixed(&sha256(bytes.expose()));
        });
        sha256(&out.finish())
    }
}

impl PlantAccessKey {
    pub(crate) fn plan(&self, vault: &Vault, now: Timestamp) -> Result<(Vec<Change>, Planted), Error> {
        let id = Row::AccessKey(&self.id).id();
        let row = vault.get(&id).map_err(internal)?;
        let known =
            row.map(|row| AccessKeyRecord::read(row.bytes.expose()).map_err(unreadable)).transpose()?;
        let principal = Principal::Root { account: self.account };
        match known {
            Some(known) if known.principal == principal && known.secret == self.secret => {
                Ok((Vec::new(), Planted::Before))
            }
            Some(_) => {
                let why =
                    format!("the access key {} is there already, with another account or secret", self.id);
                Err(Error::Conflict(why.into()))
            }
            None => {
                let secret = SecretBytes::copy_from(self.secret.expose());
                let record = AccessKeyRecord { principal, secret, created: now, active: true };
                Ok((vec![Change::make(id, record.write())], Planted::Made))
            }
        }
    }
}
