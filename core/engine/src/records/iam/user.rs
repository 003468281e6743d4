//! Users.

use keystead_model::{AccessKeyId, IamKind, PolicyArn, Tags, Timestamp};

use super::{
    BoundedRecord, DirectoryRecord, Head, Held, HolderRecord, TaggedRecord, read_name, read_policy,
    read_tags, write_boundary, write_tags,
};
use crate::records::{Reader, RecordError, Writer};

/// A user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserRecord {
    /// What it is known by.
    pub head: Head,
    /// Its policies, without those of its groups.
    pub held: Held,
    /// Beyond what policy it has no permission.
    pub boundary: Option<PolicyArn>,
    /// Labels.
    pub tags: Tags,
    /// The names of its groups, as they are written, in the order it was put into them. Each of them lists it.
    pub groups: Vec<Box<str>>,
    /// Its access keys, oldest first.
    pub access_keys: Vec<AccessKeyId>,
    /// Its MFA devices, in the order it got them. Each of them names it as its owner.
    pub mfa: Vec<MfaUse>,
}

/// An MFA device of a user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MfaUse {
    /// The device's name, as it is written.
    pub name: Box<str>,
    /// Since when the user has it.
    pub since: Timestamp,
}

impl UserRecord {
    const VERSION: u8 = 1;
}

impl DirectoryRecord for UserRecord {
    const KIND: IamKind = IamKind::User;

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
        let Self { head, held, boundary, tags, groups, access_keys, mfa } = self;
        let mut out = Writer::new(Self::VERSION);
        head.write(&mut out);
        held.write(&mut out);
        write_boundary(&mut out, boundary.as_ref());
        write_tags(&mut out, tags);
        super::write_texts(&mut out, groups);
        out.list(access_keys, |out, id| {
            out.text(id.as_str());
        });
        out.list(mfa, |out, MfaUse { name, since }| {
            out.text(name).u64(since.0);
        });
        out.finish()
    }

    fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let access_key = |r: &mut Reader<'_>| {
            AccessKeyId::parse(r.text()?).ok_or(RecordError("an access key id breaks a rule"))
        };
        let mfa =
            |r: &mut Reader<'_>| Ok(MfaUse { name: read_name(r, IamKind::Mfa)?, since: Timestamp(r.u64()?) });
        let record = Self {
            head: Head::read(&mut reader, Self::KIND)?,
            held: Held::read(&mut reader)?,
            boundary: reader.option(read_policy)?,
            tags: read_tags(&mut reader)?,
            groups: reader.list(|r| read_name(r, IamKind::Group))?,
            access_keys: reader.list(access_key)?,
            mfa: reader.list(mfa)?,
        };
        reader.end()?;
        Ok(record)
    }
}

impl TaggedRecord for UserRecord {
    fn tags_mut(&mut self) -> &mut Tags {
        &mut self.tags
    }
}

impl HolderRecord for UserRecord {
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

impl BoundedRecord for UserRecord {
    fn boundary_mut(&mut self) -> &mut Option<PolicyArn> {
        &mut self.boundary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::iam::tests::{OWN, head, held, policy, reads_back, tags};

    #[test]
    fn a_user_reads_back() {
        let user = UserRecord {
            head: head("AIDA1", "Alice"),
            held: held(),
            boundary: Some(policy(OWN)),
            tags: tags(),
            groups: vec!["Ops".into()],
            access_keys: vec![AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE").expect("an id")],
            mfa: vec![MfaUse { name: "phone".into(), since: Timestamp(9) }],
        };
        reads_back(&user);
        assert!(UserRecord::read(&UserRecord { head: head("AIDA1", "A b"), ..user }.write()).is_err());
    }
}
