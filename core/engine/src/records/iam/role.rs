//! Roles.

use keystead_model::{IamKind, PolicyArn, Tags, Timestamp};

use super::{
    BoundedRecord, DirectoryRecord, Head, Held, HolderRecord, TaggedRecord, read_policy, read_tags,
    write_boundary, write_tags,
};
use crate::records::{Reader, RecordError, Writer};

/// A role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleRecord {
    /// What it is known by.
    pub head: Head,
    /// What its owner says of it.
    pub description: Option<Box<str>>,
    /// How long its sessions may last, in seconds.
    pub session_seconds_max: u32,
    /// The policy that says who may take it on, as it was written.
    pub trust: Box<str>,
    /// Its policies.
    pub held: Held,
    /// Beyond what policy it has no permission.
    pub boundary: Option<PolicyArn>,
    /// Labels.
    pub tags: Tags,
}

impl RoleRecord {
    const VERSION: u8 = 1;
}

impl DirectoryRecord for RoleRecord {
    const KIND: IamKind = IamKind::Role;

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

    fn boundary(&self) -> Option<&PolicyArn> {
        self.boundary.as_ref()
    }

    fn write(&self) -> Vec<u8> {
        let Self { head, description, session_seconds_max, trust, held, boundary, tags } = self;
        let mut out = Writer::new(Self::VERSION);
        head.write(&mut out);
        out.option(description.as_ref(), |out, text| {
            out.text(text);
        });
        out.u32(*session_seconds_max).text(trust);
        held.write(&mut out);
        write_boundary(&mut out, boundary.as_ref());
        write_tags(&mut out, tags);
        out.finish()
    }

    fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let record = Self {
            head: Head::read(&mut reader, Self::KIND)?,
            description: reader.option(|r| r.text().map(Box::from))?,
            session_seconds_max: reader.u32()?,
            trust: reader.text()?.into(),
            held: Held::read(&mut reader)?,
            boundary: reader.option(read_policy)?,
            tags: read_tags(&mut reader)?,
        };
        reader.end()?;
        Ok(record)
    }
}

impl TaggedRecord for RoleRecord {
    fn tags_mut(&mut self) -> &mut Tags {
        &mut self.tags
    }
}

impl HolderRecord for RoleRecord {
    fn id(&self) -> &str {
        &self.head.id
    }

    fn held(&self) -> &Held {
        &self.held
    }

    fn held_mut(&mut self) -> &mut Held {
        &mut self.held
    }
}

impl BoundedRecord for RoleRecord {
    fn boundary_mut(&mut self) -> &mut Option<PolicyArn> {
        &mut self.boundary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::iam::tests::{OWN, head, held, policy, reads_back, tags};

    #[test]
    fn a_role_reads_back() {
        reads_back(&RoleRecord {
            head: head("AROA1", "Reader"),
            description: Some("reads".into()),
            session_seconds_max: 43_200,
            trust: "{}".into(),
            held: held(),
            boundary: Some(policy(OWN)),
            tags: tags(),
        });
    }
}
