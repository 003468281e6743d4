//! Requests that wait for the approval of others.

use keystead_model::{AccessKeyId, Timestamp};

use super::{Reader, RecordError, Writer};

/// A request that waits, and the signatures it has so far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApprovalRecord {
    /// The bytes that are signed: `docs/formats/approval.md`.
    pub statement: Box<[u8]>,
    /// One for each approver who has signed, in the order they did.
    pub given: Vec<GivenRecord>,
}

/// One signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenRecord {
    /// The access key whose secret has made it.
    pub access_key: AccessKeyId,
    /// When it came.
    pub at: Timestamp,
    /// The signature.
    pub signature: [u8; 32],
}

impl ApprovalRecord {
    const VERSION: u8 = 1;

    pub fn write(&self) -> Vec<u8> {
        let Self { statement, given } = self;
        let mut out = Writer::new(Self::VERSION);
        out.bytes(statement);
        out.list(given, |out, GivenRecord { access_key, at, signature }| {
            out.text(access_key.as_str()).u64(at.0).fixed(signature);
        });
        out.finish()
    }

    pub fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader::new(bytes, Self::VERSION)?;
        let given = |r: &mut Reader<'_>| {
            Ok(GivenRecord {
                access_key: AccessKeyId::parse(r.text()?)
                    .ok_or(RecordError("an access key id breaks a rule"))?,
                at: Timestamp(r.u64()?),
                signature: r.fixed()?,
            })
        };
        let record = Self { statement: reader.bytes()?.into(), given: reader.list(given)? };
        reader.end()?;
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_request_reads_back() {
        let access_key = AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE").expect("an id");
        let given = GivenRecord { access_key, at: Timestamp(7), signature: [9; 32] };
        let record = ApprovalRecord { statement: b"what is asked".as_slice().into(), given: vec![given] };
        let bytes = record.write();
        assert_eq!(ApprovalRecord::read(&bytes), Ok(record));
        for len in 0..bytes.len() {
            assert!(ApprovalRecord::read(&bytes[..len]).is_err(), "length {len}");
        }
        assert!(ApprovalRecord::read(&[bytes, vec![0]].concat()).is_err());
    }
}
