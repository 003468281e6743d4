//! Groups.

use keystead_model::{IamKind, Tags, Timestamp};

use super::{DirectoryRecord, Head, Held, HolderRecord, read_name};
use crate::records::{Reader, RecordError, Writer};

/// A group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupRecord {
    /// What it is known by.
    pub head: Head,
    /// Its policies, which each of its users has.
    pub held: Held,
    /// The names of its users, as they are written, ascending by their lower-case form. Each of them lists it.
    pub members: Vec<Box<str>>,
}

impl GroupRecord {
    const VERSION: u8 = 1;
}

impl DirectoryRecord for GroupRecord {
    const KIND: IamKind = IamKind::Group;

    fn name(&self) -> &str {
        &self.head.name
    }

    fn path(&self) -> &str {
        self.head.path.as_str()
    }

    fn tags(&self) -> &Tags {
        Tags::EMPTY
    }

    fn created(&self) -> Timestamp {
        self.head.created
    }

    fn write(&self) -> Vec<u8> {
        let Self { head, held, members } = self;
        let mut out = Writer::new(Self::VERSION);
        head.write(&mut out);
        held.write(&mut out);
        super::write_texts(&mut out, members);
        out.finish()
    }

    fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let record = Self {
            head: Head::read(&mut reader, Self::KIND)?,
            held: Held::read(&mut reader)?,
            members: reader.list(|r| read_name(r, IamKind::User))?,
        };
        reader.end()?;
        Ok(record)
    }
}

impl HolderRecord for GroupRecord {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::iam::tests::{head, held, reads_back};

    #[test]
    fn a_group_reads_back() {
        let members = vec!["Alice".into(), "bob".into()];
        reads_back(&GroupRecord { head: head("AGPA1", &"g".repeat(128)), held: held(), members });
    }
}
