//! Grants: one row each, ordered by key and grantee, and the rows that lead there.

use keystead_crypto::sha256;
use keystead_model::{AccountId, EncryptionContext, GrantId, GrantOperations, KeyArn, Location, Timestamp};
use keystead_policy::{ContextConstraint, Grant, GrantConstraints, GrantPrincipal};
use keystead_store::RecordId;

use super::id::{key_parts, place, record_id};
use super::{Reader, RecordError, Writer};

/// A grant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantRecord {
    /// When it was made.
    pub created: Timestamp,
    /// What its maker calls it.
    pub name: Option<Box<str>>,
    /// Who may use the key.
    pub grantee: GrantPrincipal,
    /// Who else may end it.
    pub retiring: Option<GrantPrincipal>,
    /// The account of whoever made it; services have none.
    pub issuer: Option<AccountId>,
    /// What the grantee may do.
    pub operations: GrantOperations,
    /// On which terms.
    pub constraints: GrantConstraints,
}

/// SHA-256 of a principal's text: what rows are ordered by.
pub type PrincipalHash = [u8; 32];

/// The place of a principal in row ids.
pub fn principal_hash(text: &str) -> PrincipalHash {
    sha256(text.as_bytes())
}

/// Which row of a grant, or of all grants of a key, is meant.
#[derive(Clone, Copy, Debug)]
pub enum GrantRow<'a> {
    /// `gg` key grantee grant: a [`GrantRecord`].
    Grant(&'a KeyArn, &'a PrincipalHash, GrantId),
    /// `gi` key grant: the grantee's hash.
    ById(&'a KeyArn, GrantId),
    /// `gn` key request: the id of the grant that a request with a name had made.
    ByName(&'a KeyArn, &'a [u8; 32]),
    /// `gr` account location 0 retiring-principal key grant: the grantee's hash.
    Retirable(&'a GrantPrincipal, &'a KeyArn, GrantId),
    /// `gs` key grantee: a [`GrantSummary`] of the grants to one grantee.
    OfGrantee(&'a KeyArn, &'a PrincipalHash),
    /// `gc` key: a [`GrantSummary`] of all grants, of which only the count means anything.
    OfKey(&'a KeyArn),
}

impl GrantRow<'_> {
    /// The id of the row.
    pub fn id(&self) -> RecordId {
        let mut out = Vec::with_capacity(160);
        match self {
            Self::Grant(key, grantee, id) => {
                of_key(&mut out, b'g', key);
                out.extend_from_slice(*grantee);
                out.extend_from_slice(&id.0);
            }
            Self::ById(key, id) => {
                of_key(&mut out, b'i', key);
                out.extend_from_slice(&id.0);
            }
            Self::ByName(key, request) => {
                of_key(&mut out, b'n', key);
                out.extend_from_slice(*request);
            }
            Self::Retirable(retiring, key, id) => {
                out = Self::retirable_by(retiring, &key.location);
                key_parts(&mut out, b'k', key);
                out.extend_from_slice(&id.0);
            }
            Self::OfGrantee(key, grantee) => {
                of_key(&mut out, b's', key);
                out.extend_from_slice(*grantee);
            }
            Self::OfKey(key) => of_key(&mut out, b'c', key),
        }
        record_id(&out)
    }

    /// What the ids of all grants of a key begin with.
    pub fn all_of(key: &KeyArn) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        of_key(&mut out, b'g', key);
        out
    }

    /// What the ids of all grants of a key to one grantee begin with.
    pub fn all_to(key: &KeyArn, grantee: &PrincipalHash) -> Vec<u8> {
        let mut out = Self::all_of(key);
        out.extend_from_slice(grantee);
        out
    }

    /// What the ids of the summaries of all grantees of a key begin with.
    pub fn summaries_of(key: &KeyArn) -> Vec<u8> {
        let mut out = Vec::with_capacity(96);
        of_key(&mut out, b's', key);
        out
    }

    /// What the ids of all grants in a location that a principal may retire begin with.
    pub fn retirable_by(retiring: &GrantPrincipal, location: &Location) -> Vec<u8> {
        let mut out = Vec::with_capacity(192);
        out.push(b'g');
        place(&mut out, b'r', retiring.account(), location);
        out.extend_from_slice(&principal_hash(retiring.as_str()));
        out
    }

    /// The grantee and grant that a grant row's id names, which begins as [`GrantRow::all_of`] its key.
    pub fn read_grant(id: &RecordId) -> Option<(PrincipalHash, GrantId)> {
        let (rest, grant) = id.as_bytes().strip_prefix(b"gg")?.split_last_chunk::<32>()?;
        let (_, grantee) = rest.split_last_chunk::<32>()?;
        Some((*grantee, GrantId(*grant)))
    }

    /// The key and grant that a retirable row's id names.
    pub fn read_retirable(id: &RecordId, prefix: &[u8]) -> Option<(KeyArn, GrantId)> {
        let (key, grant) = id.as_bytes().strip_prefix(prefix)?.split_last_chunk::<32>()?;
        Some((super::id::read_key_parts(key.strip_prefix(b"k")?)?, GrantId(*grant)))
    }

    /// The key and grantee that a summary's row id names.
    pub fn read_of_grantee(id: &RecordId) -> Option<(KeyArn, PrincipalHash)> {
        let (key, grantee) = id.as_bytes().strip_prefix(b"gs")?.split_last_chunk::<32>()?;
        Some((super::id::read_key_parts(key)?, *grantee))
    }

    /// Whether a row, by its id, has no place in the freshness table: what it says holds only as far as a summary,
    /// which has one, bears it out. So grants that come and go leave nothing behind there.
    pub fn is_borne_out(id: &RecordId) -> bool {
        matches!(id.as_bytes(), [b'g', b'g' | b'i' | b'n' | b'r', ..])
    }
}

fn of_key(out: &mut Vec<u8>, kind: u8, key: &KeyArn) {
    out.push(b'g');
    key_parts(out, kind, key);
}

/// How many grants there are, and which: the exclusive or of a keyed hash of each of their row ids.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct GrantSummary {
    /// How many.
    pub count: u64,
    /// Which.
    pub which: [u8; 16],
}

impl GrantSummary {
    const VERSION: u8 = 1;

    /// With one more.
    #[must_use]
    pub fn plus(self, name: &[u8; 16]) -> Self {
        Self { count: self.count + 1, which: xor(self.which, name) }
    }

    /// With one less.
    #[must_use]
    pub fn minus(self, name: &[u8; 16]) -> Self {
        Self { count: self.count.saturating_sub(1), which: xor(self.which, name) }
    }

    pub fn write(&self) -> Vec<u8> {
        Writer::new(Self::VERSION).u64(self.count).fixed(&self.which).finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let summary = Self { count: reader.u64()?, which: reader.fixed()? };
        reader.end()?;
        Ok(summary)
    }
}

fn xor(mut one: [u8; 16], other: &[u8; 16]) -> [u8; 16] {
    one.iter_mut().zip(other).for_each(|(one, other)| *one ^= other);
    one
}

/// A row that says which grantee or grant is meant, and nothing else.
pub fn write_pointer(to: &[u8; 32]) -> Vec<u8> {
    Writer::new(1).fixed(to).finish()
}

/// Reads what [`write_pointer`] wrote.
pub fn read_pointer(bytes: &[u8]) -> Result<[u8; 32], RecordError> {
    let mut reader = Reader::new(bytes, 1)?;
    let to = reader.fixed()?;
    reader.end()?;
    Ok(to)
}

impl GrantRecord {
    const VERSION: u8 = 1;

    /// What decisions need of it.
    pub fn to_grant(&self, id: GrantId) -> Grant {
        Grant { id, operations: self.operations, constraints: self.constraints.clone() }
    }

    pub fn write(&self) -> Vec<u8> {
        // By name, so that a new field stops the build here.
        let Self { created, name, grantee, retiring, issuer, operations, constraints } = self;
        let GrantConstraints { context, source_arn } = constraints;
        let mut out = Writer::new(Self::VERSION);
        out.u64(created.0);
        out.option(name.as_ref(), |out, name| {
            out.text(name);
        });
        out.text(grantee.as_str());
        out.option(retiring.as_ref(), |out, retiring| {
            out.text(retiring.as_str());
        });
        out.option(issuer.as_ref(), |out, issuer| {
            out.u64(issuer.number());
        });
        out.u64(operations.bits().into());
        let (kind, pairs) = match context {
            None => (0, None),
            Some(ContextConstraint::Equals(pairs)) => (1, Some(pairs)),
            Some(ContextConstraint::Subset(pairs)) => (2, Some(pairs)),
        };
        let pairs: Vec<_> = pairs.into_iter().flat_map(EncryptionContext::pairs).collect();
        out.u8(kind).list(&pairs, |out, (key, value)| {
            out.text(key).text(value);
        });
        out.option(source_arn.as_ref(), |out, arn| {
            out.text(arn);
        });
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        const PRINCIPAL: RecordError = RecordError("a grant names no principal");
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let record = Self {
            created: Timestamp(reader.u64()?),
            name: reader.option(|r| r.text())?.map(Box::from),
            grantee: GrantPrincipal::parse(reader.text()?).ok_or(PRINCIPAL)?,
            retiring: reader.option(|r| GrantPrincipal::parse(r.text()?).ok_or(PRINCIPAL))?,
            issuer: reader.option(|r| {
                AccountId::from_number(r.u64()?).ok_or(RecordError("an account has more than twelve digits"))
            })?,
            operations: u32::try_from(reader.u64()?)
                .ok()
                .and_then(GrantOperations::from_bits)
                .ok_or(RecordError("a grant has an unknown operation"))?,
            constraints: read_constraints(&mut reader)?,
        };
        reader.end()?;
        Ok(record)
    }
}

fn read_constraints(reader: &mut Reader<'_>) -> Result<GrantConstraints, RecordError> {
    let kind = reader.u8()?;
    let pairs = reader.list(|r| Ok((r.text()?.into(), r.text()?.into())))?;
    let pairs = EncryptionContext::new(pairs).map_err(|_| RecordError("a grant's context breaks a rule"))?;
    let context = match kind {
        0 if pairs.is_empty() => None,
        1 => Some(ContextConstraint::Equals(pairs)),
        2 => Some(ContextConstraint::Subset(pairs)),
        _ => return Err(RecordError("a grant has an unknown constraint")),
    };
    Ok(GrantConstraints { context, source_arn: reader.option(|r| r.text())?.map(Box::from) })
}

#[cfg(test)]
mod tests {
    use keystead_model::GrantOperation;

    use super::*;

    fn key() -> KeyArn {
        KeyArn {
            location: "eu-central-1".parse().expect("a location"),
            account: AccountId::from_number(111_122_223_333).expect("an account"),
            key: "1234abcd-12ab-34cd-56ef-1234567890ab".parse().expect("a key id"),
        }
    }

    fn principal(text: &str) -> GrantPrincipal {
        GrantPrincipal::parse(text).expect("a principal")
    }

    fn full() -> GrantRecord {
        let pairs = vec![("tenant".into(), "7".into())];
        GrantRecord {
            created: Timestamp(5),
            name: Some("backup".into()),
            grantee: principal("arn:aws:iam::111122223333:role/app"),
            retiring: Some(principal("s3.amazonaws.com")),
            issuer: AccountId::from_number(7),
            operations: [GrantOperation::Decrypt, GrantOperation::Decapsulate].into_iter().collect(),
            constraints: GrantConstraints {
                context: Some(ContextConstraint::Subset(EncryptionContext::new(pairs).expect("valid"))),
                source_arn: Some("arn:aws:s3:::bucket".into()),
            },
        }
    }

    #[test]
    fn a_grant_reads_back() {
        let plain = GrantRecord {
            name: None,
            retiring: None,
            issuer: None,
            constraints: GrantConstraints::default(),
            ..full()
        };
        for record in [full(), plain] {
            let bytes = record.write();
            assert_eq!(GrantRecord::read(&bytes), Ok(record));
            for len in 0..bytes.len() {
                assert!(GrantRecord::read(&bytes[..len]).is_err(), "length {len}");
            }
            assert!(GrantRecord::read(&[bytes, vec![0]].concat()).is_err());
        }
    }

    #[test]
    fn row_ids_read_back() {
        let (key, grantee, id) = (key(), [3; 32], GrantId([4; 32]));
        let row = GrantRow::Grant(&key, &grantee, id).id();
        assert!(row.as_bytes().starts_with(&GrantRow::all_to(&key, &grantee)));
        assert_eq!(GrantRow::read_grant(&row), Some((grantee, id)));
        let summary = GrantRow::OfGrantee(&key, &grantee).id();
        assert_eq!(GrantRow::read_of_grantee(&summary), Some((key.clone(), grantee)));
        for text in ["arn:aws:iam::444455556666:root", "s3.amazonaws.com"] {
            let retiring = principal(text);
            let row = GrantRow::Retirable(&retiring, &key, id).id();
            let prefix = GrantRow::retirable_by(&retiring, &key.location);
            assert_eq!(GrantRow::read_retirable(&row, &prefix), Some((key.clone(), id)));
        }
    }

    #[test]
    fn a_summary_forgets_what_was_taken_away() {
        let (one, two) = ([1; 16], [2; 16]);
        let summary = GrantSummary::default().plus(&one).plus(&two).minus(&one);
        assert_eq!(summary, GrantSummary::default().plus(&two));
        assert_eq!(GrantSummary::read(&summary.write()), Ok(summary));
    }
}
