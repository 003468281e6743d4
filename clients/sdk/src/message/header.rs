//! The header of a message: read strictly, written once.

use std::io::Read;

use super::errors::Within;
use super::{Context, FormatError, Suite, TAG_BYTES};
use crate::Error;
use crate::transfer::read_full;

/// Longest header read, in bytes. A header of the longest context and [`EDK_COUNT_MAX`] data keys wrapped by AWS
/// KMS stays below.
pub const HEADER_BYTES_MAX: usize = 1 << 20;
/// Most wrapped data keys in one header.
pub const EDK_COUNT_MAX: u16 = 64;
/// Longest data key wrapped by AWS KMS, in bytes, as in the service model.
pub const WRAPPED_KEY_BYTES_MAX: usize = 6144;
/// Longest key ARN, in bytes, as in the service model.
pub const KEY_ARN_BYTES_MAX: usize = 2048;
/// The provider name of data keys wrapped by AWS KMS or anything that speaks its protocol.
pub const PROVIDER_AWS_KMS: &str = "aws-kms";

const VERSION: u8 = 2;
const VERSION_WITHOUT_COMMITMENT: u8 = 1;
const FRAMED: u8 = 2;
const NON_FRAMED: u8 = 1;

/// The data key of a message, wrapped under one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EncryptedDataKey {
    /// Who can unwrap it; `aws-kms` for AWS KMS and everything that speaks its protocol.
    pub provider: String,
    /// What that provider needs to know; for `aws-kms` the key's ARN.
    pub info: Vec<u8>,
    /// The wrapped data key.
    pub ciphertext: Vec<u8>,
}

impl EncryptedDataKey {
    /// The ARN of the key that wrapped it; `None` if another provider did, or if what stands there is no key ARN.
    pub fn key_arn(&self) -> Option<&str> {
        let text = std::str::from_utf8(&self.info).ok()?;
        let mut parts = text.splitn(6, ':');
        let is_arn = parts.next() == Some("arn") && parts.nth(1) == Some("kms");
        let is_key = parts.nth(2).is_some_and(|resource| resource.starts_with("key/"));
        let fits = text.len() <= KEY_ARN_BYTES_MAX && text.bytes().all(|b| b.is_ascii_graphic());
        (self.provider == PROVIDER_AWS_KMS && is_arn && is_key && fits).then_some(text)
    }
}

/// What a header says, apart from its authentication tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct HeaderBody {
    pub suite: Suite,
    pub message_id: [u8; 32],
    pub context: Context,
    pub keys: Vec<EncryptedDataKey>,
    pub frame_bytes: u32,
    pub commitment: [u8; 32],
}

impl HeaderBody {
    /// The bytes of the header without its tag. `None` if a length is past its 16 bits or the whole is past
    /// [`HEADER_BYTES_MAX`].
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        let Self { suite, message_id, context, keys, frame_bytes, commitment } = self;
        let mut out = vec![VERSION];
        out.extend_from_slice(&suite.id().to_be_bytes());
        out.extend_from_slice(message_id);
        push(&mut out, &context.encode()?)?;
        out.extend_from_slice(&u16::try_from(keys.len()).ok()?.to_be_bytes());
        for EncryptedDataKey { provider, info, ciphertext } in keys {
            push(&mut out, provider.as_bytes())?;
            push(&mut out, info)?;
            push(&mut out, ciphertext)?;
        }
        out.push(FRAMED);
        out.extend_from_slice(&frame_bytes.to_be_bytes());
        out.extend_from_slice(commitment);
        (out.len() + TAG_BYTES <= HEADER_BYTES_MAX).then_some(out)
    }
}

fn push(out: &mut Vec<u8>, field: &[u8]) -> Option<()> {
    out.extend_from_slice(&u16::try_from(field.len()).ok()?.to_be_bytes());
    out.extend_from_slice(field);
    Some(())
}

/// The header of a message as it stands in a file. **Nothing in it is authenticated before its data key is known**:
/// whoever could write the file could write anything here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    pub(crate) body: HeaderBody,
    pub(crate) raw: Vec<u8>,
    pub(crate) tag: [u8; TAG_BYTES],
}

impl Header {
    /// The algorithm suite.
    pub fn suite(&self) -> Suite {
        self.body.suite
    }

    /// The message's random name.
    pub fn message_id(&self) -> &[u8; 32] {
        &self.body.message_id
    }

    /// The encryption context; with suite 0x0578 it has the verification key as well.
    pub fn context(&self) -> &Context {
        &self.body.context
    }

    /// The wrapped data keys, in the order of the file.
    pub fn keys(&self) -> &[EncryptedDataKey] {
        &self.body.keys
    }

    /// Bytes of plaintext in each frame but the last. At least 1.
    pub fn frame_bytes(&self) -> u32 {
        self.body.frame_bytes
    }

    /// Length of the whole header in the file, its tag included.
    pub fn byte_len(&self) -> u64 {
        (self.raw.len() + TAG_BYTES) as u64
    }

    /// Reads a header from the beginning of a message, and not one byte more.
    ///
    /// # Errors
    /// One [`FormatError`] a rule; [`Error::Io`] from the source.
    pub fn read(source: &mut dyn Read) -> Result<Self, Error> {
        let mut fields = Fields { source, raw: Vec::new() };
        let body = fields.header()?;
        let raw = std::mem::take(&mut fields.raw);
        let tag = fields.array()?;
        Ok(Self { body, raw, tag })
    }
}

/// Reads fields and keeps their bytes: those are what is authenticated.
struct Fields<'a> {
    source: &'a mut dyn Read,
    raw: Vec<u8>,
}

impl Fields<'_> {
    fn header(&mut self) -> Result<HeaderBody, Error> {
        self.version()?;
        let suite = Suite::from_id(self.number()?)?;
        let message_id = self.array()?;
        let context = Context::decode(&self.field()?)?;
        let count = self.number()?;
        if count == 0 {
            return Err(FormatError::Header("there is no wrapped data key").into());
        }
        if count > EDK_COUNT_MAX {
            return Err(FormatError::TooManyKeys { count, max: EDK_COUNT_MAX }.into());
        }
        let keys = (0..count).map(|_| self.wrapped_key()).collect::<Result<_, _>>()?;
        self.content_type()?;
        let frame_bytes = u32::from_be_bytes(self.array()?);
        if frame_bytes == 0 {
            return Err(FormatError::Header("the frame size is 0").into());
        }
        let commitment = self.array()?;
        Ok(HeaderBody { suite, message_id, context, keys, frame_bytes, commitment })
    }

    fn version(&mut self) -> Result<(), Error> {
        let mut first = [0; 1];
        if read_full(self.source, &mut first)? == 0 {
            return Err(FormatError::Empty.into());
        }
        self.raw.push(first[0]);
        match first[0] {
            VERSION => Ok(()),
            VERSION_WITHOUT_COMMITMENT => Err(self.older_version()?.into()),
            first => Err(FormatError::NotSealed { first }.into()),
        }
    }

    /// A version 1 message has its type, 0x80, and then its suite, which names what is refused.
    fn older_version(&mut self) -> Result<FormatError, Error> {
        let [kind, high, low] = self.array()?;
        Ok(match (kind, Suite::from_id(u16::from_be_bytes([high, low]))) {
            (0x80, Err(error)) => error,
            (0x80, Ok(_)) => FormatError::Header("a committing suite stands in a message of version 1"),
            _ => FormatError::NotSealed { first: VERSION_WITHOUT_COMMITMENT },
        })
    }

    fn wrapped_key(&mut self) -> Result<EncryptedDataKey, Error> {
        let provider = String::from_utf8(self.field()?)
            .map_err(|_| FormatError::Header("the name of a key provider is not UTF-8"))?;
        Ok(EncryptedDataKey { provider, info: self.field()?, ciphertext: self.field()? })
    }

    fn content_type(&mut self) -> Result<(), Error> {
        match self.array()? {
            [FRAMED] => Ok(()),
            [NON_FRAMED] => Err(FormatError::Header(
                "the content is not framed; open it with the program that wrote it and seal it again with frames",
            )
            .into()),
            _ => Err(FormatError::Header("the content type is unknown").into()),
        }
    }

    fn number(&mut self) -> Result<u16, Error> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    fn field(&mut self) -> Result<Vec<u8>, Error> {
        let len = usize::from(self.number()?);
        let mut field = vec![0; len];
        self.fill(&mut field)?;
        Ok(field)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut array = [0; N];
        self.fill(&mut array)?;
        Ok(array)
    }

    fn fill(&mut self, out: &mut [u8]) -> Result<(), Error> {
        if self.raw.len() + out.len() > HEADER_BYTES_MAX {
            return Err(FormatError::HeaderTooLong { max: HEADER_BYTES_MAX }.into());
        }
        if read_full(self.source, out)? < out.len() {
            return Err(FormatError::Truncated { within: Within::Header }.into());
        }
        self.raw.extend_from_slice(out);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ARN: &str = "arn:aws:kms:eu-central-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    fn body() -> HeaderBody {
        HeaderBody {
            suite: Suite::Committing,
            message_id: [7; 32],
            context: [("tenant", "7")].into_iter().collect(),
            keys: vec![EncryptedDataKey {
                provider: PROVIDER_AWS_KMS.into(),
                info: ARN.into(),
                ciphertext: vec![9; 200],
            }],
            frame_bytes: 4096,
            commitment: [8; 32],
        }
    }

    fn bytes(body: &HeaderBody) -> Vec<u8> {
        let mut bytes = body.encode().expect("short");
        bytes.extend_from_slice(&[1; TAG_BYTES]);
        bytes
    }

    fn refusal(bytes: &[u8]) -> FormatError {
        match Header::read(&mut &*bytes) {
            Err(Error::Format(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_header_reads_as_it_was_written_and_not_a_byte_more() {
        let mut bytes = bytes(&body());
        let len = bytes.len() as u64;
        bytes.extend_from_slice(b"next");
        let mut rest = bytes.as_slice();
        let header = Header::read(&mut rest).expect("well formed");
        assert_eq!((header.body.clone(), header.byte_len(), rest), (body(), len, b"next".as_slice()));
        assert_eq!(header.keys()[0].key_arn(), Some(ARN));
    }

    #[test]
    fn a_header_cut_anywhere_is_truncated() {
        let bytes = bytes(&body());
        assert_eq!(refusal(&[]), FormatError::Empty);
        for len in 1..bytes.len() {
            assert_eq!(refusal(&bytes[..len]), FormatError::Truncated { within: Within::Header }, "{len}");
        }
    }

    #[test]
    fn other_files_and_older_messages_are_told_apart() {
        assert_eq!(refusal(b"PK\x03\x04"), FormatError::NotSealed { first: b'P' });
        assert!(matches!(refusal(b"\x01\x80\x03\x78rest"), FormatError::WeakSuite { id: 0x0378, .. }));
        assert_eq!(refusal(b"\x01\x02\x03\x04"), FormatError::NotSealed { first: 1 });
        assert!(matches!(refusal(b"\x02\x01\x78"), FormatError::WeakSuite { id: 0x0178, .. }));
    }

    #[test]
    fn counts_and_sizes_outside_their_rules_are_refused() {
        let none = HeaderBody { keys: Vec::new(), ..body() };
        assert!(matches!(refusal(&bytes(&none)), FormatError::Header(_)));
        let many = HeaderBody { keys: vec![body().keys[0].clone(); 65], ..body() };
        assert_eq!(refusal(&bytes(&many)), FormatError::TooManyKeys { count: 65, max: 64 });
        let unframed = HeaderBody { frame_bytes: 0, ..body() };
        assert!(matches!(refusal(&bytes(&unframed)), FormatError::Header(_)));
        let large = EncryptedDataKey { ciphertext: vec![0; 65_535], ..body().keys[0].clone() };
        let large = HeaderBody { keys: vec![large; 20], ..body() };
        assert_eq!(large.encode(), None);
    }

    #[test]
    fn only_key_arns_of_the_kms_service_are_taken_for_keys() {
        let key = |provider: &str, info: &str| EncryptedDataKey {
            provider: provider.into(),
            info: info.into(),
            ciphertext: Vec::new(),
        };
        assert_eq!(key("raw", ARN).key_arn(), None);
        for info in ["", "key", "arn:aws:s3:r:a:key/x", "arn:aws:kms:r:a:alias/x", "arn:aws:kms:r:a:key/x\ny"]
        {
            assert_eq!(key(PROVIDER_AWS_KMS, info).key_arn(), None, "{info:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Header::read(&mut bytes.as_slice());
            let start = [2, 4, 0x78];
            bytes.iter_mut().zip(start).for_each(|(byte, start)| *byte = start);
            let _ = Header::read(&mut bytes.as_slice());
        }

        #[test]
        fn what_reads_writes_again_as_the_same_bytes(at in 0_usize..400, flip in 1_u8..) {
            let mut bytes = bytes(&body());
            let at = at % bytes.len();
            bytes[at] ^= flip;
            if let Ok(header) = Header::read(&mut bytes.as_slice()) {
                prop_assert_eq!(header.body.encode(), Some(header.raw));
            }
        }
    }
}
