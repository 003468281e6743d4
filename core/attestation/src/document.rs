//! What an attestation document says, before anybody has verified that it is true.

use crate::attested::Platform;
use crate::cbor::{Malformed, Reader};
use crate::cose::{NotSigned, Signed};

/// Longest document read, in bytes: what AWS KMS takes.
pub const DOCUMENT_BYTES_MAX: usize = 262_144;
/// Longest module id, in bytes.
const MODULE_ID_BYTES_MAX: usize = 256;
/// Registers a document can have.
const PCRS_MAX: u64 = 32;
/// Certificates of a bundle, the root included. Each costs a verification; real bundles have four.
const BUNDLE_MAX: usize = 8;
/// Longest certificate, public key, user data or nonce, in bytes.
const FIELD_BYTES_MAX: usize = 1024;

/// Registers and what they hold.
type Pcrs<'a> = Vec<(u8, &'a [u8])>;

/// A document whose form is right. Nothing in it has been verified.
pub struct Document<'a> {
    pub(crate) signed: Signed<'a>,
    pub(crate) platform: Platform,
    pub(crate) module_id: &'a str,
    pub(crate) timestamp_ms: u64,
    pub(crate) pcrs: Pcrs<'a>,
    pub(crate) certificate: &'a [u8],
    pub(crate) bundle: Vec<&'a [u8]>,
    pub(crate) public_key: Option<&'a [u8]>,
}

/// Why bytes are no attestation document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotDocument {
    /// There are more bytes than are ever read.
    #[error("it is longer than {DOCUMENT_BYTES_MAX} bytes")]
    TooLong,
    /// The envelope is wrong.
    #[error("{0}")]
    Envelope(#[from] NotSigned),
    /// What was signed is not CBOR, or not of the right shape.
    #[error("in its payload, {0}")]
    Payload(#[from] Malformed),
    /// A field is there that documents do not have.
    #[error("it has a field that attestation documents do not have")]
    UnknownField,
    /// A field is there twice.
    #[error("it has the field {0} twice")]
    FieldTwice(&'static str),
    /// A field is not there.
    #[error("it has no field {0}")]
    FieldMissing(&'static str),
    /// A field has a value that it must not have.
    #[error("its field {0} {1}")]
    Field(&'static str, &'static str),
}

/// The fields as they are met.
#[derive(Default)]
struct Fields<'a> {
    module_id: Option<&'a str>,
    digest: Option<()>,
    timestamp: Option<u64>,
    pcrs: Option<(Platform, Pcrs<'a>)>,
    certificate: Option<&'a [u8]>,
    cabundle: Option<Vec<&'a [u8]>>,
    public_key: Option<Option<&'a [u8]>>,
    user_data: Option<()>,
    nonce: Option<()>,
}

impl<'a> Document<'a> {
    /// Reads the envelope and every field, and checks all that can be checked without a key and a clock.
    ///
    /// # Errors
    /// [`NotDocument`] says what is wrong.
    pub fn read(bytes: &'a [u8]) -> Result<Self, NotDocument> {
        if bytes.len() > DOCUMENT_BYTES_MAX {
            return Err(NotDocument::TooLong);
        }
        let signed = Signed::read(bytes)?;
        let mut reader = Reader::new(signed.payload);
        let mut pairs = reader.map()?;
        let mut fields = Fields::default();
        while reader.more(&mut pairs) {
            let name = reader.text()?;
            fields.read(name, &mut reader)?;
        }
        reader.end()?;
        fields.complete(signed)
    }
}

impl<'a> Fields<'a> {
    fn read(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<(), NotDocument> {
        match name {
            "module_id" => once("module_id", &mut self.module_id, module_id(reader)?),
            "digest" => once("digest", &mut self.digest, digest(reader)?),
            "timestamp" => once("timestamp", &mut self.timestamp, timestamp(reader)?),
            "pcrs" => once("pcrs", &mut self.pcrs, (Platform::Enclave, pcrs("pcrs", reader)?)),
            // What tells an instance with a NitroTPM from an enclave is the name of this field alone.
            "nitrotpm_pcrs" => {
                let pcrs = pcrs("nitrotpm_pcrs", reader)?;
                once("nitrotpm_pcrs", &mut self.pcrs, (Platform::Tpm, pcrs))
            }
            "certificate" => {
                once("certificate", &mut self.certificate, filled("certificate", reader.bytes()?)?)
            }
            "cabundle" => once("cabundle", &mut self.cabundle, bundle(reader)?),
            "public_key" => {
                let key = optional(reader)?.map(|key| filled("public_key", key)).transpose()?;
                once("public_key", &mut self.public_key, key)
            }
            "user_data" => once("user_data", &mut self.user_data, free("user_data", reader)?),
            "nonce" => once("nonce", &mut self.nonce, free("nonce", reader)?),
            _ => Err(NotDocument::UnknownField),
        }
    }

    fn complete(self, signed: Signed<'a>) -> Result<Document<'a>, NotDocument> {
        let Self {
            module_id,
            digest,
            timestamp,
            pcrs,
            certificate,
            cabundle,
            public_key,
            user_data: _,
            nonce: _,
        } = self;
        let missing = NotDocument::FieldMissing;
        digest.ok_or(missing("digest"))?;
        let (platform, pcrs) = pcrs.ok_or(missing("pcrs"))?;
        Ok(Document {
            signed,
            platform,
            module_id: module_id.ok_or(missing("module_id"))?,
            timestamp_ms: timestamp.ok_or(missing("timestamp"))?,
            pcrs,
            certificate: certificate.ok_or(missing("certificate"))?,
            bundle: cabundle.ok_or(missing("cabundle"))?,
            public_key: public_key.flatten(),
        })
    }
}

fn once<T>(name: &'static str, field: &mut Option<T>, value: T) -> Result<(), NotDocument> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(NotDocument::FieldTwice(name)),
    }
}

fn module_id<'a>(reader: &mut Reader<'a>) -> Result<&'a str, NotDocument> {
    let id = reader.text()?;
    match id.len() {
        1..=MODULE_ID_BYTES_MAX if !id.chars().any(char::is_control) => Ok(id),
        _ => Err(NotDocument::Field("module_id", "is not 1 to 256 bytes of printable text")),
    }
}

fn digest(reader: &mut Reader<'_>) -> Result<(), NotDocument> {
    match reader.text()? {
        "SHA384" => Ok(()),
        _ => Err(NotDocument::Field("digest", "is not SHA384")),
    }
}

fn timestamp(reader: &mut Reader<'_>) -> Result<u64, NotDocument> {
    match reader.unsigned()? {
        0 => Err(NotDocument::Field("timestamp", "is 0")),
        ms => Ok(ms),
    }
}

fn pcrs<'a>(field: &'static str, reader: &mut Reader<'a>) -> Result<Pcrs<'a>, NotDocument> {
    let wrong = |what| NotDocument::Field(field, what);
    let mut pairs = reader.map()?;
    let mut pcrs: Pcrs<'_> = Vec::with_capacity(PCRS_MAX as usize);
    while reader.more(&mut pairs) {
        let index = reader.unsigned()?;
        let index = u8::try_from(index).ok().filter(|index| u64::from(*index) < PCRS_MAX);
        let index = index.ok_or(wrong("has a register outside 0 to 31"))?;
        let value = reader.bytes()?;
        if !matches!(value.len(), 32 | 48 | 64) {
            return Err(wrong("has a register that is not 32, 48 or 64 bytes long"));
        }
        if pcrs.iter().any(|(other, _)| *other == index) {
            return Err(wrong("has a register twice"));
        }
        pcrs.push((index, value));
    }
    match pcrs.is_empty() {
        true => Err(wrong("is empty")),
        false => Ok(pcrs),
    }
}

fn bundle<'a>(reader: &mut Reader<'a>) -> Result<Vec<&'a [u8]>, NotDocument> {
    let mut items = reader.array()?;
    let mut bundle = Vec::with_capacity(BUNDLE_MAX);
    while reader.more(&mut items) {
        if bundle.len() == BUNDLE_MAX {
            return Err(NotDocument::Field("cabundle", "has more than 8 certificates"));
        }
        bundle.push(filled("cabundle", reader.bytes()?)?);
    }
    match bundle.is_empty() {
        true => Err(NotDocument::Field("cabundle", "is empty")),
        false => Ok(bundle),
    }
}

fn filled<'a>(field: &'static str, bytes: &'a [u8]) -> Result<&'a [u8], NotDocument> {
    match bytes.len() {
        1..=FIELD_BYTES_MAX => Ok(bytes),
        _ => Err(NotDocument::Field(field, "is not 1 to 1,024 bytes long")),
    }
}

/// A field that serves no purpose here, and must have the right form all the same.
fn free(field: &'static str, reader: &mut Reader<'_>) -> Result<(), NotDocument> {
    match optional(reader)? {
        Some(bytes) if bytes.len() > FIELD_BYTES_MAX => {
            Err(NotDocument::Field(field, "is longer than 1,024 bytes"))
        }
        _ => Ok(()),
    }
}

/// Bytes that may not be there. The Nitro hypervisor writes a null for those, though the description of its
/// documents says that no field is null.
fn optional<'a>(reader: &mut Reader<'a>) -> Result<Option<&'a [u8]>, Malformed> {
    match reader.skip_null() {
        true => Ok(None),
        false => reader.bytes().map(Some),
    }
}
