//! Managed policies.

use keystead_model::{IamKind, Tags, Timestamp};

use super::{DirectoryRecord, Head, TaggedRecord, read_tags, write_tags};
use crate::records::{Reader, RecordError, Writer};

/// A managed policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyRecord {
    /// What it is known by.
    pub head: Head,
    /// When its newest version was made, or the one in force was chosen.
    pub updated: Timestamp,
    /// What its owner says of it.
    pub description: Option<Box<str>>,
    /// Labels.
    pub tags: Tags,
    /// The number of the version in force.
    pub default: u32,
    /// The number that the newest version ever got; none is given twice.
    pub newest: u32,
    /// Its versions, oldest first. The one in force is among them.
    pub versions: Vec<VersionRecord>,
    /// How many users, groups and roles it is attached to.
    pub attachments: u32,
    /// How many users and roles it is the boundary of.
    pub boundaries: u32,
}

/// One version of a managed policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VersionRecord {
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    pub created: Timestamp,
    /// Its document, as it was written.
    pub document: Box<str>,
}

impl PolicyRecord {
    const VERSION: u8 = 1;

    /// The version in force.
    pub fn in_force(&self) -> Option<&VersionRecord> {
        self.versions.iter().find(|version| version.number == self.default)
    }
}

impl DirectoryRecord for PolicyRecord {
    const KIND: IamKind = IamKind::Policy;

    fn name(&self) -> &str {
        &self.head.name
    }

    fn path(&self) -> &str {
        self.head.path.as_str()
    }

    fn tags(&self) -> &Tags {
        &self.tags
    }

    fn created(&self) -> Timestamp {
        self.head.created
    }

    fn write(&self) -> Vec<u8> {
        let Self { head, updated, description, tags, default, newest, versions, attachments, boundaries } =
            self;
        let mut out = Writer::new(Self::VERSION);
        head.write(&mut out);
        out.u64(updated.0).option(description.as_ref(), |out, text| {
            out.text(text);
        });
        write_tags(&mut out, tags);
        out.u32(*default).u32(*newest).list(versions, |out, VersionRecord { number, created, document }| {
            out.u32(*number).u64(created.0).text(document);
        });
        out.u32(*attachments).u32(*boundaries).finish()
    }

    fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let version = |r: &mut Reader<'_>| {
            Ok(VersionRecord { number: r.u32()?, created: Timestamp(r.u64()?), document: r.text()?.into() })
        };
        let record = Self {
            head: Head::read(&mut reader, Self::KIND)?,
            updated: Timestamp(reader.u64()?),
            description: reader.option(|r| r.text().map(Box::from))?,
            tags: read_tags(&mut reader)?,
            default: reader.u32()?,
            newest: reader.u32()?,
            versions: reader.list(version)?,
            attachments: reader.u32()?,
            boundaries: reader.u32()?,
        };
        reader.end()?;
        match record.in_force() {
            Some(_) => Ok(record),
            None => Err(RecordError("a policy lacks the version that is in force")),
        }
    }
}

impl TaggedRecord for PolicyRecord {
    fn tags_mut(&mut self) -> &mut Tags {
        &mut self.tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::iam::tests::{head, reads_back, tags};

    #[test]
    fn a_policy_reads_back() {
        let version = |number| VersionRecord { number, created: Timestamp(8), document: "{}".into() };
        let policy = PolicyRecord {
            head: head("ANPA1", "reads"),
            updated: Timestamp(9),
            description: Some("reads".into()),
            tags: tags(),
            default: 3,
            newest: 4,
            versions: vec![version(1), version(3), version(4)],
            attachments: 2,
            boundaries: 1,
        };
        reads_back(&policy);
        assert_eq!(policy.in_force().map(|version| version.number), Some(3));
        assert!(PolicyRecord::read(&PolicyRecord { default: 2, ..policy }.write()).is_err());
    }
}
