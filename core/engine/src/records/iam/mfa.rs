//! Virtual MFA devices.

use keystead_crypto::SecretBytes;
use keystead_model::{IamKind, IamPath, Tags, Timestamp};

use super::{DirectoryRecord, TaggedRecord, read_name, read_path, read_tags, write_tags};
use crate::records::{Reader, RecordError, Writer};

/// A virtual MFA device.
pub struct MfaRecord {
    /// The path.
    pub path: IamPath,
    /// The name, as it was written.
    pub name: Box<str>,
    /// When it was made.
    pub created: Timestamp,
    /// Labels.
    pub tags: Tags,
    /// What its codes are made of: the key of HMAC-SHA-1 (RFC 6238).
    pub seed: SecretBytes,
    /// Whose it is, if it is somebody's.
    pub owner: Option<MfaOwner>,
}

/// Whose an MFA device is, and what it has shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MfaOwner {
    /// The user's name, as it is written.
    pub user: Box<str>,
    /// Since when.
    pub since: Timestamp,
    /// How many steps of 30 seconds its clock is ahead; negative if it is behind.
    pub ahead: i8,
    /// The step of the newest code that was taken; neither this nor an earlier one is taken again.
    pub taken: u64,
}

impl MfaRecord {
    const VERSION: u8 = 1;
}

impl DirectoryRecord for MfaRecord {
    const KIND: IamKind = IamKind::Mfa;

    fn name(&self) -> &str {
        &self.name
    }

    fn path(&self) -> &str {
        self.path.as_str()
    }

    fn tags(&self) -> &Tags {
        &self.tags
    }

    fn created(&self) -> Timestamp {
        self.created
    }

    fn write(&self) -> Vec<u8> {
        let Self { path, name, created, tags, seed, owner } = self;
        let mut out = Writer::new(Self::VERSION);
        out.text(path.as_str()).text(name).u64(created.0);
        write_tags(&mut out, tags);
        out.option(owner.as_ref(), |out, MfaOwner { user, since, ahead, taken }| {
            out.text(user).u64(since.0).fixed(&ahead.to_be_bytes()).u64(*taken);
        });
        // Last, so that nothing grows behind it and leaves it in memory that is let go.
        out.bytes(seed.expose()).finish()
    }

    fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let owner = |r: &mut Reader<'_>| {
            Ok(MfaOwner {
                user: read_name(r, IamKind::User)?,
                since: Timestamp(r.u64()?),
                ahead: i8::from_be_bytes(r.fixed()?),
                taken: r.u64()?,
            })
        };
        let record = Self {
            path: read_path(&mut reader)?,
            name: read_name(&mut reader, Self::KIND)?,
            created: Timestamp(reader.u64()?),
            tags: read_tags(&mut reader)?,
            owner: reader.option(owner)?,
            seed: SecretBytes::copy_from(reader.bytes()?),
        };
        reader.end()?;
        Ok(record)
    }
}

impl TaggedRecord for MfaRecord {
    fn tags_mut(&mut self) -> &mut Tags {
        &mut self.tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::iam::tests::tags;

    #[test]
    fn a_device_reads_back() {
        let owner = MfaOwner { user: "Alice".into(), since: Timestamp(8), ahead: -2, taken: 60_000_000 };
        let device = MfaRecord {
            path: IamPath::default(),
            name: "phone".into(),
            created: Timestamp(7),
            tags: tags(),
            seed: SecretBytes::copy_from(&[5; 40]),
            owner: Some(owner.clone()),
        };
        let bytes = device.write();
        let read = MfaRecord::read(&bytes).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((read.path, &*read.name, read.created), (device.path, "phone", device.created));
        assert_eq!((read.tags, read.owner), (tags(), Some(owner)));
        assert!(read.seed == device.seed);
        for len in 0..bytes.len() {
            assert!(MfaRecord::read(&bytes[..len]).is_err(), "length {len}");
        }
        assert!(MfaRecord::read(&[bytes, vec![0]].concat()).is_err());
    }
}
