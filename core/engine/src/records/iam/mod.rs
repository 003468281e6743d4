//! What is in an account's directory, one record a thing: everything about it stands in one row, so that a decision
//! about a user reads the user's row, those of its groups, and the policies that are attached to them.

mod group;
mod mfa;
mod policy;
mod provider;
mod role;
mod settings;
mod user;

use keystead_model::{AccountId, IamArn, IamKind, IamPath, PolicyArn, Tag, Tags, Timestamp};

use super::{Reader, RecordError, Writer};

pub use group::GroupRecord;
pub use mfa::{MfaOwner, MfaRecord};
pub use policy::{PolicyRecord, VersionRecord};
pub use provider::ProviderRecord;
pub use role::RoleRecord;
pub use settings::{
    AccountAliasRecord, AccountSettingsRecord, ApprovalRuleRecord, ApproverRecord, GuardrailRecord,
};
pub use user::{MfaUse, UserRecord};

/// A record of something that a directory knows by kind and name.
pub trait DirectoryRecord: Sized {
    /// What it is.
    const KIND: IamKind;

    /// Its name, as it was written; for a provider, its URL without the scheme.
    fn name(&self) -> &str;

    /// Its path, both slashes included.
    fn path(&self) -> &str;

    /// Its labels.
    fn tags(&self) -> &Tags;

    /// When it was made.
    fn created(&self) -> Timestamp;

    /// Its permissions boundary, if it has one.
    fn boundary(&self) -> Option<&PolicyArn> {
        None
    }

    fn write(&self) -> Vec<u8>;

    fn read(bytes: &[u8]) -> Result<Self, RecordError>;

    /// Its ARN.
    fn arn(&self, account: AccountId) -> IamArn {
        let name = [self.path().trim_start_matches('/'), self.name()].concat();
        IamArn { account: Some(account), kind: Self::KIND, name: name.into() }
    }
}

/// A record of something that can be labelled.
pub trait TaggedRecord: DirectoryRecord {
    /// Its labels, to be changed.
    fn tags_mut(&mut self) -> &mut Tags;
}

/// A record of something that has policies: a user, a group or a role.
pub trait HolderRecord: DirectoryRecord {
    /// Its unique id.
    fn id(&self) -> &str;

    /// Its policies.
    fn held(&self) -> &Held;

    /// Its policies, to be changed.
    fn held_mut(&mut self) -> &mut Held;
}

/// A record of something that can have a permissions boundary: a user or a role.
pub trait BoundedRecord: HolderRecord {
    /// Its boundary, to be changed.
    fn boundary_mut(&mut self) -> &mut Option<PolicyArn>;
}

/// What users, groups, roles and managed policies are known by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The unique id: four letters for what it is, and 17 of base 32.
    pub id: Box<str>,
    /// The path.
    pub path: IamPath,
    /// The name, as it was written.
    pub name: Box<str>,
    /// When it was made.
    pub created: Timestamp,
}

impl Head {
    fn write(&self, out: &mut Writer) {
        let Self { id, path, name, created } = self;
        out.text(id).text(path.as_str()).text(name).u64(created.0);
    }

    /// `kind`: what it is the name of.
    fn read(reader: &mut Reader<'_>, kind: IamKind) -> Result<Self, RecordError> {
        let id = reader.text()?.into();
        let path = read_path(reader)?;
        let name = read_name(reader, kind)?;
        Ok(Self { id, path, name, created: Timestamp(reader.u64()?) })
    }
}

/// The policies that a user, a group or a role has.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Held {
    /// Managed policies, in the order they were attached. None is there twice.
    pub attached: Vec<PolicyArn>,
    /// Its own, ascending by name.
    pub inline: Vec<InlineRecord>,
}

/// A policy that one user, group or role has to itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InlineRecord {
    /// Its name, which is told apart from others by the case of its letters, too.
    pub name: Box<str>,
    /// Its document, as it was written.
    pub document: Box<str>,
}

impl Held {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.attached.is_empty() && self.inline.is_empty()
    }

    fn write(&self, out: &mut Writer) {
        let Self { attached, inline } = self;
        out.list(attached, |out, arn| {
            out.text(&arn.to_string());
        });
        out.list(inline, |out, InlineRecord { name, document }| {
            out.text(name).text(document);
        });
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, RecordError> {
        let inline = |r: &mut Reader<'_>| {
            Ok(InlineRecord { name: read_name(r, IamKind::Policy)?, document: r.text()?.into() })
        };
        Ok(Self { attached: reader.list(read_policy)?, inline: reader.list(inline)? })
    }
}

fn read_name(reader: &mut Reader<'_>, kind: IamKind) -> Result<Box<str>, RecordError> {
    let name = reader.text()?;
    match keystead_model::is_iam_name(kind, name) {
        true => Ok(name.into()),
        false => Err(RecordError("a name in a directory breaks a rule")),
    }
}

fn read_path(reader: &mut Reader<'_>) -> Result<IamPath, RecordError> {
    IamPath::parse(reader.text()?).ok_or(RecordError("a path in a directory breaks a rule"))
}

fn read_policy(reader: &mut Reader<'_>) -> Result<PolicyArn, RecordError> {
    PolicyArn::parse(reader.text()?).ok_or(RecordError("a policy's ARN breaks a rule"))
}

fn write_boundary(out: &mut Writer, boundary: Option<&PolicyArn>) {
    out.option(boundary, |out, arn| {
        out.text(&arn.to_string());
    });
}

fn write_tags(out: &mut Writer, tags: &Tags) {
    let tags: Vec<&Tag> = tags.iter().collect();
    out.list(&tags, |out, tag| {
        out.text(&tag.key).text(&tag.value);
    });
}

fn read_tags(reader: &mut Reader<'_>) -> Result<Tags, RecordError> {
    let tag = |r: &mut Reader<'_>| Ok(Tag { key: r.text()?.into(), value: r.text()?.into() });
    Tags::new(reader.list(tag)?).map_err(|_| RecordError("tags break a rule"))
}

fn write_texts(out: &mut Writer, texts: &[Box<str>]) {
    out.list(texts, |out, text| {
        out.text(text);
    });
}

fn read_texts(reader: &mut Reader<'_>) -> Result<Vec<Box<str>>, RecordError> {
    reader.list(|r| r.text().map(Box::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn head(id: &str, name: &str) -> Head {
        let path = IamPath::parse("/team/").expect("a path");
        Head { id: id.into(), path, name: name.into(), created: Timestamp(7) }
    }

    pub fn held() -> Held {
        Held {
            attached: vec![policy("arn:aws:iam::aws:policy/KeysteadAuditor"), policy(OWN)],
            inline: vec![InlineRecord { name: "own".into(), document: "{}".into() }],
        }
    }

    pub fn policy(arn: &str) -> PolicyArn {
        PolicyArn::parse(arn).expect("an ARN")
    }

    pub fn tags() -> Tags {
        Tags::new(vec![Tag { key: "team".into(), value: "a".into() }]).expect("valid")
    }

    pub const OWN: &str = "arn:aws:iam::111122223333:policy/team/own";

    /// Reads what was written, and nothing else: not a part of it, and not with a byte more.
    pub fn reads_back<R: DirectoryRecord + PartialEq + std::fmt::Debug>(record: &R) {
        let bytes = record.write();
        assert_eq!(R::read(&bytes).as_ref(), Ok(record));
        for len in 0..bytes.len() {
            assert!(R::read(&bytes[..len]).is_err(), "length {len}");
        }
        assert!(R::read(&[bytes, vec![0]].concat()).is_err());
    }

    #[test]
    fn an_arn_has_the_path_and_the_name_as_they_were_written() {
        let group = GroupRecord { head: head("AGPA1", "Ops"), held: Held::default(), members: Vec::new() };
        let account = "111122223333".parse().expect("an account");
        assert_eq!(group.arn(account).to_string(), "arn:aws:iam::111122223333:group/team/Ops");
        let bare = Head { path: IamPath::default(), ..head("AGPA1", "Ops") };
        let group = GroupRecord { head: bare, ..group };
        assert_eq!(group.arn(account).to_string(), "arn:aws:iam::111122223333:group/Ops");
    }
}
