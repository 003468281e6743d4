//! Everything that is kept of a key, in one row.

use keystead_model::{
    AliasName, KeyManager, KeySpec, KeyState, KeyUsage, Location, MaterialId, Origin, Tag, Tags, Timestamp,
};

use super::{Reader, RecordError, Wrapped, Writer};
use crate::ops::RotationKind;

/// A key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyRecord {
    /// When it was made.
    pub created: Timestamp,
    /// Algorithm and size.
    pub spec: KeySpec,
    /// Purpose.
    pub usage: KeyUsage,
    /// Where its bytes come from.
    pub origin: Origin,
    /// Who looks after it.
    pub manager: KeyManager,
    /// What it may be used for at the moment.
    pub state: KeyState,
    /// What its owner says of it.
    pub description: Box<str>,
    /// Who may do what with it.
    pub policy: PolicyText,
    /// Labels.
    pub tags: Tags,
    /// Its second names, ascending.
    pub aliases: Vec<AliasName>,
    /// When it is to be destroyed.
    pub deletion: Option<Deletion>,
    /// When it rotates by itself. Kept while deletion is pending, and then not acted on.
    pub schedule: Option<Schedule>,
    /// Versions, oldest first; the last one seals. Empty until an owner's first import.
    pub materials: Vec<MaterialRecord>,
    /// Imported, and waiting to be rotated to.
    pub pending: Option<MaterialRecord>,
    /// Where its related keys are, if it is a multi-Region key.
    pub regions: Option<Regions>,
    /// The custom key store it is in.
    pub custom: Option<CustomKey>,
}

/// Where the related keys of a multi-Region key are. The same on each of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Regions {
    /// Where the primary is.
    pub primary: Location,
    /// Where the replicas are, ascending.
    pub replicas: Vec<Location>,
}

/// A key's place in a custom key store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CustomKey {
    /// The store's id.
    pub store: Box<str>,
    /// What the external key manager calls the key.
    pub external: Option<Box<str>>,
}

/// A policy as its owner wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PolicyText {
    /// The default policy of the account.
    Default,
    /// This text.
    Own(Box<str>),
}

/// A destruction to come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deletion {
    /// When; absent while a primary waits for its replicas to go first, which starts the window.
    pub at: Option<Timestamp>,
    /// The window its owner chose.
    pub window_days: u16,
}

/// A rotation to come, and those after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Schedule {
    /// Days between rotations, 90 to 2,560.
    pub period_days: u16,
    /// When next.
    pub next: Timestamp,
}

/// One version of a key's bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MaterialRecord {
    /// Its name.
    pub id: MaterialId,
    /// Where its bytes are; absent once an imported version was deleted or has expired.
    pub wrapped: Option<Wrapped>,
    /// When it began to seal.
    pub at: Timestamp,
    /// How it came to be; `None` for the first one.
    pub kind: Option<RotationKind>,
    /// The public half, as DER `SubjectPublicKeyInfo`, if it has one.
    pub public: Option<Box<[u8]>>,
    /// What is known of it if its owner imported it.
    pub imported: Option<Imported>,
}

/// What is kept of an import besides the material.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// When the bytes are to be taken away.
    pub expires: Option<Timestamp>,
    /// What its owner says of it.
    pub description: Option<Box<str>>,
}

/// What a key waits for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Due {
    /// Its destruction.
    Destruction,
    /// The end of an imported version's time.
    Expiry,
    /// Its rotation.
    Rotation,
}

const BAD_ENUM: RecordError = RecordError("an enumeration has an unknown value");

impl KeyRecord {
    /// The version that is written.
    const VERSION: u8 = 3;
    /// The oldest version that is read: what version 2 added is absent in it. Up to version 2, the bytes of materials
    /// were in the key's row.
    const VERSION_OLDEST: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        // By name, so that a new field stops the build here.
        let Self {
            created,
            spec,
            usage,
            origin,
            manager,
            state,
            description,
            policy,
            tags,
            aliases,
            deletion,
            schedule,
            materials,
            pending,
            regions,
            custom,
        } = self;
        let mut out = Writer::new(Self::VERSION);
        out.u64(created.0)
            .u8(spec.code())
            .u8(usage.code())
            .u8(origin.code())
            .u8(manager.code())
            .u8(state.code());
        out.text(description);
        let own = match policy {
            PolicyText::Default => None,
            PolicyText::Own(text) => Some(text),
        };
        out.option(own, |out, text| {
            out.text(text);
        });
        let tags: Vec<&Tag> = tags.iter().collect();
        out.list(&tags, |out, tag| {
            out.text(&tag.key).text(&tag.value);
        });
        out.list(aliases, |out, alias| {
            out.text(alias.as_str());
        });
        out.option(deletion.as_ref(), |out, d| {
            out.option(d.at.as_ref(), |out, at| {
                out.u64(at.0);
            });
            out.u16(d.window_days);
        });
        out.option(schedule.as_ref(), |out, s| {
            out.u16(s.period_days).u64(s.next.0);
        });
        out.list(materials, |out, material| material.write(out));
        out.option(pending.as_ref(), |out, material| material.write(out));
        out.option(regions.as_ref(), |out, regions| {
            let Regions { primary, replicas } = regions;
            out.text(primary.as_str()).list(replicas, |out, replica| {
                out.text(replica.as_str());
            });
        });
        out.option(custom.as_ref(), |out, custom| {
            let CustomKey { store, external } = custom;
            out.text(store).option(external.as_ref(), |out, external| {
                out.text(external);
            });
        });
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let (version, mut reader) = Reader::between(bytes, Self::VERSION_OLDEST, Self::VERSION)?;
        let old = version == 1;
        let material = |r: &mut Reader<'_>| MaterialRecord::read(r, version);
        let record = Self {
            created: Timestamp(reader.u64()?),
            spec: KeySpec::from_code(reader.u8()?).ok_or(BAD_ENUM)?,
            usage: KeyUsage::from_code(reader.u8()?).ok_or(BAD_ENUM)?,
            origin: Origin::from_code(reader.u8()?).ok_or(BAD_ENUM)?,
            manager: KeyManager::from_code(reader.u8()?).ok_or(BAD_ENUM)?,
            state: KeyState::from_code(reader.u8()?).ok_or(BAD_ENUM)?,
            description: reader.text()?.into(),
            policy: match reader.option(|r| r.text())? {
                None => PolicyText::Default,
                Some(text) => PolicyText::Own(text.into()),
            },
            tags: Tags::new(reader.list(|r| Ok(Tag { key: r.text()?.into(), value: r.text()?.into() }))?)
                .map_err(|_| RecordError("its tags break a rule"))?,
            aliases: reader
                .list(|r| AliasName::parse(r.text()?).map_err(|_| RecordError("an alias breaks a rule")))?,
            deletion: reader.option(|r| {
                let at = if old { Some(r.u64()?) } else { r.option(Reader::u64)? };
                Ok(Deletion { at: at.map(Timestamp), window_days: r.u16()? })
            })?,
            schedule: reader.option(|r| Ok(Schedule { period_days: r.u16()?, next: Timestamp(r.u64()?) }))?,
            materials: reader.list(material)?,
            pending: if old { None } else { reader.option(material)? },
            regions: if old { None } else { reader.option(Regions::read)? },
            custom: if old { None } else { reader.option(CustomKey::read)? },
        };
        reader.end()?;
        Ok(record)
    }

    /// All versions, the pending one last.
    pub fn all_materials(&self) -> impl Iterator<Item = &MaterialRecord> {
        self.materials.iter().chain(&self.pending)
    }

    /// The version that seals.
    pub fn current(&self) -> Option<&MaterialRecord> {
        self.materials.last()
    }

    /// When the key is next to be looked at, and what for. If several things come due at once, the one that leaves
    /// least behind comes first.
    pub fn due(&self) -> Option<(Timestamp, Due)> {
        let destruction = self.deletion.and_then(|deletion| deletion.at).map(|at| (at, Due::Destruction));
        let expiry = self.materials.iter().chain(&self.pending).filter_map(MaterialRecord::expires).min();
        // A key that is not enabled does not rotate; enabling it brings its date back.
        let rotates = self.state == KeyState::Enabled && self.deletion.is_none();
        let rotation = self.schedule.filter(|_| rotates).map(|schedule| (schedule.next, Due::Rotation));
        [destruction, expiry.map(|at| (at, Due::Expiry)), rotation].into_iter().flatten().min()
    }
}

impl MaterialRecord {
    /// When its bytes are to be taken away, if they are there and that was asked for.
    pub fn expires(&self) -> Option<Timestamp> {
        self.wrapped.as_ref()?;
        self.imported.as_ref()?.expires
    }

    fn write(&self, out: &mut Writer) {
        let Self { id, wrapped, at, kind, public, imported } = self;
        out.fixed(&id.0).u8(u8::from(wrapped.is_some())).u64(at.0).u8(match kind {
            None => 0,
            Some(RotationKind::Automatic) => 1,
            Some(RotationKind::OnDemand) => 2,
        });
        out.option(public.as_ref(), |out, public| {
            out.bytes(public);
        });
        out.option(imported.as_ref(), |out, imported| {
            let Imported { expires, description } = imported;
            out.option(expires.as_ref(), |out, at| {
                out.u64(at.0);
            });
            out.option(description.as_ref(), |out, text| {
                out.text(text);
            });
        });
    }

    fn read(reader: &mut Reader<'_>, version: u8) -> Result<Self, RecordError> {
        let old = version == 1;
        Ok(Self {
            id: MaterialId(reader.fixed()?),
            wrapped: match version {
                // No provider wraps anything into nothing.
                1 | 2 => {
                    let bytes = Some(reader.bytes()?).filter(|bytes| !bytes.is_empty());
                    bytes.map(|bytes| Box::<[u8]>::from(bytes).into())
                }
                _ => match reader.u8()? {
                    0 => None,
                    1 => Some(Wrapped::Kept),
                    _ => return Err(BAD_ENUM),
                },
            },
            at: Timestamp(reader.u64()?),
            kind: match reader.u8()? {
                0 => None,
                1 => Some(RotationKind::Automatic),
                2 => Some(RotationKind::OnDemand),
                _ => return Err(BAD_ENUM),
            },
            public: if old { None } else { reader.option(|r| r.bytes().map(Box::from))? },
            imported: if old { None } else { reader.option(Imported::read)? },
        })
    }
}

impl Imported {
    fn read(reader: &mut Reader<'_>) -> Result<Self, RecordError> {
        Ok(Self {
            expires: reader.option(|r| r.u64().map(Timestamp))?,
            description: reader.option(|r| r.text().map(Box::from))?,
        })
    }
}

impl Regions {
    fn read(reader: &mut Reader<'_>) -> Result<Self, RecordError> {
        let location = |r: &mut Reader<'_>| {
            r.text()?.parse::<Location>().map_err(|_| RecordError("a location breaks a rule"))
        };
        Ok(Self { primary: location(reader)?, replicas: reader.list(location)? })
    }
}

impl CustomKey {
    fn read(reader: &mut Reader<'_>) -> Result<Self, RecordError> {
        Ok(Self { store: reader.text()?.into(), external: reader.option(|r| r.text().map(Box::from))? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn full() -> KeyRecord {
        KeyRecord {
            created: Timestamp(1),
            spec: KeySpec::SymmetricDefault,
            usage: KeyUsage::EncryptDecrypt,
            origin: Origin::AwsKms,
            manager: KeyManager::Customer,
            state: KeyState::PendingDeletion,
            description: "customer data".into(),
            policy: PolicyText::Own("{}".into()),
            tags: Tags::new(vec![Tag { key: "a".into(), value: "b".into() }]).expect("valid"),
            aliases: vec![AliasName::parse("alias/a").expect("valid")],
            deletion: Some(Deletion { at: Some(Timestamp(9)), window_days: 7 }),
            schedule: Some(Schedule { period_days: 365, next: Timestamp(8) }),
            materials: vec![material(1), MaterialRecord { wrapped: None, imported: None, ..material(2) }],
            pending: Some(material(3)),
            regions: Some(Regions {
                primary: "eu-central-1".parse().expect("a name"),
                replicas: vec!["eu-west-1".parse().expect("a name")],
            }),
            custom: Some(CustomKey { store: "cks-1".into(), external: Some("key".into()) }),
        }
    }

    fn material(id: u8) -> MaterialRecord {
        MaterialRecord {
            id: MaterialId([id; 32]),
            wrapped: Some(Wrapped::Kept),
            at: Timestamp(1),
            kind: Some(RotationKind::OnDemand),
            public: Some([3; 91].into()),
            imported: Some(Imported {
                expires: Some(Timestamp(12)),
                description: Some("from the vault".into()),
            }),
        }
    }

    #[test]
    fn a_key_reads_back() {
        let bytes = full().write();
        assert_eq!(KeyRecord::read(&bytes), Ok(full()));
        for len in 0..bytes.len() {
            assert!(KeyRecord::read(&bytes[..len]).is_err(), "length {len}");
        }
        assert!(KeyRecord::read(&[bytes, vec![0]].concat()).is_err());
    }

    /// Version 1 had neither public halves nor imports, regions or custom key stores; stores written by it open.
    #[test]
    fn a_key_of_version_1_reads() {
        let mut out = Writer::new(1);
        out.u64(1).u8(1).u8(1).u8(1).u8(2).u8(4).text("old").u8(0).u16(0).u16(0);
        out.u8(1).u64(9).u16(7).u8(0);
        out.u16(1).fixed(&[1; 32]).bytes(&[2; 96]).u64(1).u8(0);
        let record = KeyRecord::read(&out.finish()).expect("it reads");
        assert_eq!(record.deletion, Some(Deletion { at: Some(Timestamp(9)), window_days: 7 }));
        let wrapped = Some(Wrapped::from(Box::from([2; 96].as_slice())));
        let bare = MaterialRecord { wrapped, kind: None, public: None, imported: None, ..material(1) };
        assert_eq!(record.materials, vec![bare]);
        assert_eq!((record.pending, record.regions, record.custom), (None, None, None));
    }

    #[test]
    fn what_is_due_first_is_told() {
        let at = |record: &KeyRecord| record.due();
        assert_eq!(at(&full()), Some((Timestamp(9), Due::Destruction)));
        let cancelled = KeyRecord { deletion: None, state: KeyState::Disabled, ..full() };
        assert_eq!(at(&cancelled), Some((Timestamp(12), Due::Expiry)));
        let enabled = KeyRecord { state: KeyState::Enabled, ..cancelled.clone() };
        assert_eq!(at(&enabled), Some((Timestamp(8), Due::Rotation)));
        let waiting = Deletion { at: None, window_days: 7 };
        let waiting =
            KeyRecord { deletion: Some(waiting), state: KeyState::PendingReplicaDeletion, ..enabled };
        assert_eq!(at(&waiting), Some((Timestamp(12), Due::Expiry)));
        let gone = MaterialRecord { wrapped: None, ..material(1) };
        assert_eq!(at(&KeyRecord { materials: vec![gone], pending: None, ..cancelled }), None);
    }
}
