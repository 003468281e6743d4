//! `keystead dev --seed`: keys that are there from the beginning, with known ids and known material.

mod form;
mod material;

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use form::FILE_BYTES_MAX;
use keystead_crypto::SecretBytes;
use keystead_engine::ops::{PlantAccessKey, PlantKey, Planted};
use keystead_engine::{Engine, internal_call};
use keystead_model::world::World;
use keystead_model::{
    AccessKeyId, AccountId, AliasName, KeyArn, KeyId, KeySpec, KeyUsage, Location, Origin, Tag, Tags,
};
use serde_json::Value;
use serde_saphyr::Spanned;

use crate::when;

/// What a seed file says.
pub struct Seed {
    path: PathBuf,
    access_keys: Vec<At<PlantAccessKey>>,
    keys: Vec<At<PlantKey>>,
}

/// Something, and the line it stands on.
struct At<T> {
    line: u64,
    what: T,
}

/// How many keys and access keys were planted.
#[derive(Clone, Copy, Default)]
pub struct Sown {
    /// Now.
    pub made: usize,
    /// Before.
    pub before: usize,
}

/// Longest description, in characters.
const DESCRIPTION_CHARS_MAX: usize = 8192;
/// Longest policy, in bytes.
const POLICY_BYTES_MAX: usize = 131_072;

impl Seed {
    /// Reads a file. `region` is the location of whatever does not say otherwise.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn read(path: &Path, region: &Location) -> anyhow::Result<Self> {
        let of_file = || format!("the seed file {}", path.display());
        let mut text = String::new();
        let file = std::fs::File::open(path).with_context(of_file)?;
        file.take(FILE_BYTES_MAX as u64 + 1).read_to_string(&mut text).with_context(of_file)?;
        if text.len() > FILE_BYTES_MAX {
            return Err(anyhow!("{} is longer than {FILE_BYTES_MAX} bytes", of_file()));
        }
        let form = form::read(&text).map_err(|why| anyhow!("{}: {why}", of_file()))?;
        let (access_keys, keys) = understood(form, region)
            .map_err(|At { line, what }| anyhow!("{}, line {line}: {what}", of_file()))?;
        Ok(Self { path: path.into(), access_keys, keys })
    }

    /// Plants everything, in the order of the file; what was planted before stays as it is.
    ///
    /// # Errors
    /// The first that cannot be planted. What was planted until then stays.
    pub async fn sow(&self, engine: &Engine, world: &World) -> anyhow::Result<Sown> {
        let mut sown = Sown::default();
        let failed = |line: u64, error: keystead_model::Error| {
            let advice = match error {
                keystead_model::Error::Conflict(_) => {
                    "; give it back the values it was seeded with, or begin anew: with --ephemeral, or in another \
                     folder with --data"
                }
                _ => "",
            };
            anyhow!("the seed file {}, line {line}: {error}{advice}", self.path.display())
        };
        for At { line, what } in &self.access_keys {
            let call = internal_call(world, engine.locations().first().clone());
            sown.count(engine.plant_access_key(&call, what).await.map_err(|error| failed(*line, error))?);
        }
        for At { line, what } in &self.keys {
            let call = internal_call(world, what.arn.location.clone());
            sown.count(engine.plant_key(&call, what).await.map_err(|error| failed(*line, error))?);
        }
        Ok(sown)
    }
}

impl Sown {
    fn count(&mut self, planted: Planted) {
        match planted {
            Planted::Made => self.made += 1,
            Planted::Before => self.before += 1,
        }
    }
}

type Understood = (Vec<At<PlantAccessKey>>, Vec<At<PlantKey>>);

/// Makes sense of a file, or says what makes none.
fn understood(seed: form::Seed, region: &Location) -> Result<Understood, At<String>> {
    let form::Seed { version, account, region: own_region, access_keys, keys, aliases } = seed;
    if !matches!(version, None | Some(2)) {
        return Err(At { line: 1, what: "Version is 2, if it is there".into() });
    }
    let of_file = |what: String| At { line: 1, what };
    let home = Home {
        account: parsed_or(account.as_deref(), AccountId::DEVELOPMENT).map_err(of_file)?,
        location: parsed_or(own_region.as_deref(), region.clone()).map_err(of_file)?,
    };
    let access_keys = access_keys.into_iter().map(|entry| at(entry, |key| home.access_key(key)));
    let access_keys = access_keys.collect::<Result<Vec<_>, _>>()?;
    let mut keys =
        keys.into_iter().map(|entry| at(entry, |key| home.key(key))).collect::<Result<Vec<_>, _>>()?;
    name(&mut keys, aliases)?;
    Ok((access_keys, keys))
}

fn at<F, T>(entry: Spanned<F>, work: impl FnOnce(F) -> Result<T, String>) -> Result<At<T>, At<String>> {
    let line = entry.referenced.line();
    match work(entry.value) {
        Ok(what) => Ok(At { line, what }),
        Err(what) => Err(At { line, what }),
    }
}

/// Gives keys the names that stand apart from them.
fn name(keys: &mut [At<PlantKey>], aliases: Vec<Spanned<form::Alias>>) -> Result<(), At<String>> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, At { what, .. }) in keys.iter().enumerate() {
        places.entry(what.arn.key.to_string()).or_default().push(place);
        places.entry(what.arn.to_string()).or_default().push(place);
    }
    for alias in aliases {
        let found = at(alias, |form::Alias { alias_name, target_key_id }| {
            match places.get(&target_key_id).map(Vec::as_slice) {
                Some([place]) => Ok((*place, alias_of(&alias_name)?)),
                Some(_) => {
                    Err(format!("{target_key_id} names several keys of this file; name one by its ARN"))
                }
                None => Err(format!("{target_key_id} is no key of this file")),
            }
        })?;
        let (place, name) = found.what;
        keys[place].what.aliases.push(name);
    }
    Ok(())
}

/// Where things are that do not say otherwise.
struct Home {
    account: AccountId,
    location: Location,
}

impl Home {
    fn access_key(&self, key: form::AccessKey) -> Result<PlantAccessKey, String> {
        let form::AccessKey { account, access_key_id, secret_access_key } = key;
        let id = AccessKeyId::parse(&access_key_id)
            .ok_or("AccessKeyId is 1 to 128 letters, digits and underscores")?;
        if secret_access_key.is_empty() || !secret_access_key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err("SecretAccessKey is visible ASCII without spaces".into());
        }
        let secret = SecretBytes::copy_from(secret_access_key.as_bytes());
        Ok(PlantAccessKey { account: parsed_or(account.as_deref(), self.account)?, id, secret })
    }

    fn key(&self, key: form::Key) -> Result<PlantKey, String> {
        let form::Key {
            key_id,
            account,
            region,
            replica_regions,
            metadata,
            material,
            aliases,
            tags,
            policy,
            enabled,
            rotation_period_in_days,
            next_key_rotation,
        } = key;
        let form::Metadata { description, key_spec, key_usage, origin } = metadata;
        let (material, told) = material_of(material)?;
        let spec = match key_spec {
            Some(text) => KeySpec::parse(&text).ok_or_else(|| format!("{text:?} is no KeySpec"))?,
            None => told.unwrap_or(KeySpec::SymmetricDefault),
        };
        let description = description.unwrap_or_default();
        if description.chars().count() > DESCRIPTION_CHARS_MAX {
            return Err(format!("Description is longer than {DESCRIPTION_CHARS_MAX} characters"));
        }
        if let Some(days) = rotation_period_in_days.filter(|days| !(90..=2560).contains(days)) {
            return Err(format!("RotationPeriodInDays is {days}, and must be 90 to 2560"));
        }
        Ok(PlantKey {
            arn: KeyArn {
                location: parsed_or(region.as_deref(), self.location.clone())?,
                account: parsed_or(account.as_deref(), self.account)?,
                key: key_id.parse::<KeyId>().map_err(|error| format!("KeyId {key_id:?}: {error}"))?,
            },
            replicas: replica_regions.iter().map(|name| parsed(name)).collect::<Result<_, _>>()?,
            spec,
            usage: usage_of(spec, key_usage.as_deref())?,
            origin: match origin {
                None => Origin::AwsKms,
                Some(text) => Origin::parse(&text).ok_or_else(|| format!("{text:?} is no Origin"))?,
            },
            description: description.into(),
            policy: policy.map(policy_of).transpose()?,
            tags: tags_of(tags)?,
            aliases: aliases.iter().map(|name| alias_of(name)).collect::<Result<_, _>>()?,
            enabled: enabled.unwrap_or(true),
            rotation_days: rotation_period_in_days,
            next_rotation: match next_key_rotation {
                None => None,
                Some(text) => {
                    Some(when::instant(&text).map_err(|error| format!("NextKeyRotation: {error}"))?)
                }
            },
            material,
        })
    }
}

fn material_of(material: form::Material) -> Result<(Vec<SecretBytes>, Option<KeySpec>), String> {
    let form::Material { backing_keys, private_key_pem } = material;
    match (backing_keys.is_empty(), private_key_pem) {
        (_, None) => {
            let bytes = backing_keys.iter().map(|text| material::bytes(text)).collect::<Result<_, _>>()?;
            Ok((bytes, None))
        }
        (true, Some(pem)) => {
            let (bytes, spec) = material::private_key(&pem)?;
            Ok((vec![bytes], spec))
        }
        (false, Some(_)) => Err("a key has BackingKeys or a PrivateKeyPem, not both".into()),
    }
}

fn usage_of(spec: KeySpec, text: Option<&str>) -> Result<KeyUsage, String> {
    match (text, spec.usages()) {
        (Some(text), _) => KeyUsage::parse(text).ok_or_else(|| format!("{text:?} is no KeyUsage")),
        (None, [only]) => Ok(*only),
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|usage| usage.as_str()).collect();
            Err(format!("a key of spec {spec} needs a KeyUsage: {}", names.join(" or ")))
        }
    }
}

fn policy_of(policy: Value) -> Result<Box<str>, String> {
    let text = match policy {
        Value::String(text) => text,
        other => other.to_string(),
    };
    match text.len() <= POLICY_BYTES_MAX {
        true => Ok(text.into()),
        false => Err(format!("Policy is longer than {POLICY_BYTES_MAX} bytes")),
    }
}

fn tags_of(tags: Vec<form::Tag>) -> Result<Tags, String> {
    let wrong = |tag: &&form::Tag| {
        !(1..=128).contains(&tag.tag_key.chars().count()) || tag.tag_value.chars().count() > 256
    };
    if let Some(tag) = tags.iter().find(wrong) {
        return Err(format!(
            "the tag {:?} has a key of 1 to 128 and a value of up to 256 characters",
            tag.tag_key
        ));
    }
    let tags = tags.into_iter().map(|tag| Tag { key: tag.tag_key.into(), value: tag.tag_value.into() });
    Tags::new(tags.collect()).map_err(|error| error.to_string())
}

fn alias_of(name: &str) -> Result<AliasName, String> {
    match AliasName::parse(name) {
        Ok(alias) if alias.is_reserved() => Err(format!("{name}: alias/aws/ is for services")),
        Ok(alias) => Ok(alias),
        Err(error) => Err(format!("{name:?}: {error}")),
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error| format!("{text:?}: {error}"))
}

fn parsed_or<T: std::str::FromStr<Err: std::fmt::Display>>(text: Option<&str>, or: T) -> Result<T, String> {
    text.map_or(Ok(or), parsed)
}

#[cfg(test)]
mod tests;
