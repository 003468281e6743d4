//! The forms of a seed file, as they are spelled: our own, and the older one of local-kms, whose newer one ours goes
//! beyond. Strict: an unknown word is an error with its line.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_saphyr::{Options, Spanned};

/// Longest file read, in bytes.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most keys, aliases and access keys of one file, each.
pub const ENTRIES_MAX: usize = 10_000;

/// A whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct Seed {
    /// The form: 2, or absent.
    pub version: Option<u32>,
    /// The account of whatever does not say otherwise.
    pub account: Option<String>,
    /// The location of whatever does not say otherwise.
    pub region: Option<String>,
    /// Access keys of accounts' roots.
    #[serde(default)]
    pub access_keys: Vec<Spanned<AccessKey>>,
    /// Keys.
    #[serde(default)]
    pub keys: Vec<Spanned<Key>>,
    /// Second names, of keys of this file.
    #[serde(default)]
    pub aliases: Vec<Spanned<Alias>>,
}

/// An access key of an account's root.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct AccessKey {
    /// Whose root.
    pub account: Option<String>,
    /// Its id.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
}

/// A key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct Key {
    /// Its id: a UUID, or `mrk-` and 32 digits.
    pub key_id: String,
    /// Its account.
    pub account: Option<String>,
    /// Its location.
    pub region: Option<String>,
    /// Where its replicas are.
    #[serde(default)]
    pub replica_regions: Vec<String>,
    /// What it is.
    #[serde(default)]
    pub metadata: Metadata,
    /// Its bytes.
    #[serde(default)]
    pub material: Material,
    /// Its second names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its labels.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Its policy: JSON in a text, or the same written in YAML.
    pub policy: Option<Value>,
    /// Whether it may be used; yes if absent.
    pub enabled: Option<bool>,
    /// Days between rotations.
    pub rotation_period_in_days: Option<u16>,
    /// When it rotates next.
    pub next_key_rotation: Option<String>,
}

/// What a key is.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct Metadata {
    /// What its owner says of it.
    pub description: Option<String>,
    /// Algorithm and size.
    pub key_spec: Option<String>,
    /// Purpose.
    pub key_usage: Option<String>,
    /// Where its bytes come from.
    pub origin: Option<String>,
}

/// A key's bytes.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct Material {
    /// Versions, oldest first, in hexadecimal or base 64.
    #[serde(default)]
    pub backing_keys: Vec<String>,
    /// A private key in PEM.
    pub private_key_pem: Option<String>,
}

/// A label.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct Tag {
    /// Its key.
    pub tag_key: String,
    /// Its value.
    pub tag_value: String,
}

/// A second name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct Alias {
    /// The name.
    pub alias_name: String,
    /// The id of a key of this file.
    pub target_key_id: String,
}

/// The older form of local-kms.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Old {
    #[serde(default)]
    keys: OldKeys,
    #[serde(default)]
    aliases: Vec<Spanned<Alias>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "PascalCase", default)]
struct OldKeys {
    symmetric: OldSymmetric,
    asymmetric: OldAsymmetric,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "PascalCase", default)]
struct OldSymmetric {
    aes: Vec<Spanned<OldKey>>,
    hmac: Vec<Spanned<OldKey>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "PascalCase", default)]
struct OldAsymmetric {
    rsa: Vec<Spanned<OldKey>>,
    ecc: Vec<Spanned<OldKey>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct OldKey {
    metadata: OldMetadata,
    #[serde(default)]
    backing_keys: Vec<String>,
    private_key_pem: Option<String>,
    next_key_rotation: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct OldMetadata {
    key_id: String,
    description: Option<String>,
    key_spec: Option<String>,
    key_usage: Option<String>,
    origin: Option<String>,
}

/// Days between rotations where only the next one is named, as local-kms has it.
const PERIOD_DAYS_OLD: u16 = 365;

/// Reads a file of either form.
///
/// # Errors
/// What is wrong, with line and column, and without the text around it: that may be key material.
pub fn read(text: &str) -> Result<Seed, String> {
    let told = |error: serde_saphyr::Error| error.without_snippet().to_string();
    let probe: Probe = serde_saphyr::from_str_with_options(text, options()).map_err(told)?;
    let mut seed = match probe.keys {
        Shape::Map => {
            let old: Old = serde_saphyr::from_str_with_options(text, options()).map_err(told)?;
            old.renewed()
        }
        Shape::Other => serde_saphyr::from_str_with_options(text, options()).map_err(told)?,
    };
    for key in &mut seed.keys {
        let key = &mut key.value;
        if key.next_key_rotation.is_some() && key.rotation_period_in_days.is_none() {
            key.rotation_period_in_days = Some(PERIOD_DAYS_OLD);
        }
    }
    match [seed.keys.len(), seed.aliases.len(), seed.access_keys.len()].iter().all(|len| *len <= ENTRIES_MAX)
    {
        true => Ok(seed),
        false => Err(format!("more than {ENTRIES_MAX} keys, aliases or access keys")),
    }
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_reader_input_bytes: Some(FILE_BYTES_MAX),
            max_depth: 32,
            max_documents: 1,
            max_events: 1_000_000,
            max_nodes: 500_000,
        },
        strict_booleans: true,
    }
}

impl Old {
    fn renewed(self) -> Seed {
        let OldKeys { symmetric, asymmetric } = self.keys;
        let (symmetric, asymmetric) =
            ([symmetric.aes, symmetric.hmac].into_iter(), [asymmetric.rsa, asymmetric.ecc].into_iter());
        let keys = symmetric.chain(asymmetric).flatten().map(|key| {
            let Spanned { value, referenced, defined } = key;
            Spanned { value: value.renewed(), referenced, defined }
        });
        Seed {
            version: None,
            account: None,
            region: None,
            access_keys: Vec::new(),
            keys: keys.collect(),
            aliases: self.aliases,
        }
    }
}

impl OldKey {
    fn renewed(self) -> Key {
        let Self { metadata, backing_keys, private_key_pem, next_key_rotation } = self;
        let OldMetadata { key_id, description, key_spec, key_usage, origin } = metadata;
        Key {
            key_id,
            account: None,
            region: None,
            replica_regions: Vec::new(),
            metadata: Metadata { description, key_spec, key_usage, origin },
            material: Material { backing_keys, private_key_pem },
            aliases: Vec::new(),
            tags: Vec::new(),
            policy: None,
            enabled: None,
            rotation_period_in_days: None,
            next_key_rotation,
        }
    }
}

/// Tells the forms apart: keys in a list, or by kind.
#[derive(Deserialize)]
struct Probe {
    #[serde(rename = "Keys", default)]
    keys: Shape,
}

#[derive(Default)]
enum Shape {
    Map,
    #[default]
    Other,
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Shape::Map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shape, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Shape::Other)
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Other)
    }
}
