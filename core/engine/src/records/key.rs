//! Everything that is kept of a key, in one row.

use keystead_model::{
    AliasName, KeyManager, KeySpec, KeyState, KeyUsage, MaterialId, Origin, Tag, Tags, Timestamp,
};

use super::{Reader, RecordError, Writer};
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
    /// Versions, oldest first; the last one seals. Empty once destroyed.
    pub materials: Vec<MaterialRecord>,
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
    /// When.
    pub at: Timestamp,
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
    /// Its bytes, wrapped by the key provider.
    pub wrapped: Box<[u8]>,
    /// When it began to seal.
    pub at: Timestamp,
    /// How it came to be; `None` for the first one.
    pub kind: Option<RotationKind>,
}

const BAD_ENUM: RecordError = RecordError("an enumeration has an unknown value");

impl KeyRecord {
    const VERSION: u8 = 1;

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
            out.u64(d.at.0).u16(d.window_days);
        });
        out.option(schedule.as_ref(), |out, s| {
            out.u16(s.period_days).u64(s.next.0);
        });
        out.list(materials, |out, material| {
            out.fixed(&material.id.0).bytes(&material.wrapped).u64(material.at.0).u8(match material.kind {
                None => 0,
                Some(RotationKind::Automatic) => 1,
                Some(RotationKind::OnDemand) => 2,
            });
        });
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
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
            deletion: reader.option(|r| Ok(Deletion { at: Timestamp(r.u64()?), window_days: r.u16()? }))?,
            schedule: reader.option(|r| Ok(Schedule { period_days: r.u16()?, next: Timestamp(r.u64()?) }))?,
            materials: reader.list(MaterialRecord::read)?,
        };
        reader.end()?;
        Ok(record)
    }

    /// The version that seals.
    pub fn current(&self) -> Option<&MaterialRecord> {
        self.materials.last()
    }

    /// When the key is next to be looked at: its destruction, or else its rotation.
    pub fn due(&self) -> Option<Timestamp> {
        match (self.deletion, self.state) {
            (Some(deletion), _) => Some(deletion.at),
            (None, KeyState::Enabled) => self.schedule.map(|schedule| schedule.next),
            // A key that is not enabled does not rotate; enabling it brings its date back.
            (None, _) => None,
        }
    }
}

impl MaterialRecord {
    fn read(reader: &mut Reader<'_>) -> Result<Self, RecordError> {
        Ok(Self {
            id: MaterialId(reader.fixed()?),
            wrapped: reader.bytes()?.into(),
            at: Timestamp(reader.u64()?),
            kind: match reader.u8()? {
                0 => None,
                1 => Some(RotationKind::Automatic),
                2 => Some(RotationKind::OnDemand),
                _ => return Err(BAD_ENUM),
            },
        })
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
            deletion: Some(Deletion { at: Timestamp(9), window_days: 7 }),
            schedule: Some(Schedule { period_days: 365, next: Timestamp(8) }),
            materials: vec![MaterialRecord {
                id: MaterialId([1; 32]),
                wrapped: [2; 96].into(),
                at: Timestamp(1),
                kind: Some(RotationKind::OnDemand),
            }],
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

    #[test]
    fn destruction_comes_before_rotation() {
        assert_eq!(full().due(), Some(Timestamp(9)));
        let cancelled = KeyRecord { deletion: None, state: KeyState::Disabled, ..full() };
        assert_eq!(cancelled.due(), None);
        assert_eq!(KeyRecord { state: KeyState::Enabled, ..cancelled }.due(), Some(Timestamp(8)));
    }
}
