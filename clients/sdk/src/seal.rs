//! Sealing: a data key, a header, frames, and with suite 0x0578 a signature.

use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;

use aws_lc_rs::digest::{Context as Digest, SHA384};

use crate::Error;
use crate::kms::{CallError, DataKey, KeyService};
use crate::message::{
    Context, EDK_COUNT_MAX, EncryptedDataKey, FormatError, FrameCipher, Header, HeaderBody, Layout,
    MessageKeys, PROVIDER_AWS_KMS, PUBLIC_KEY_NAME, SIGNATURE_BYTES, Signer, Suite, TAG_BYTES,
};
use crate::pipeline::positioned::Files;
use crate::pipeline::unit::{Cut, Unit};
use crate::pipeline::{Effort, MEMORY_BYTES, Progress, ordered};
use crate::transfer::{FileReader, FileWriter, Sink, Source, read_full};

/// Bytes of plaintext in a frame, unless the caller asks otherwise.
pub const FRAME_BYTES: u32 = 1 << 20;
/// Largest frame that is written: whoever opens it has to hold it in memory.
pub const FRAME_BYTES_MAX: u32 = 16 << 20;

/// How a message is sealed.
#[derive(Clone)]
pub struct SealOptions<'a> {
    /// The keys that can open the file, as the service names them: id, ARN, `alias/…` or alias ARN. 1 to 64; the
    /// first makes the data key, the others wrap it, too, so that any one of them opens the file.
    pub keys: Vec<String>,
    /// Pairs bound to the message. Stored in the clear and recorded by the service. Names beginning with
    /// `aws-crypto-` are reserved.
    pub context: Context,
    /// The algorithm suite.
    pub suite: Suite,
    /// Bytes of plaintext in a frame: 1 to [`FRAME_BYTES_MAX`], by default [`FRAME_BYTES`].
    pub frame_bytes: u32,
    /// Cores to use; all of them if `None`.
    pub workers: Option<NonZeroUsize>,
    /// Told how far the work is.
    pub progress: Option<Progress<'a>>,
}

impl SealOptions<'_> {
    /// Under these keys, everything else as by default.
    pub fn new<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self {
            keys: keys.into_iter().map(Into::into).collect(),
            context: Context::new(),
            suite: Suite::default(),
            frame_bytes: FRAME_BYTES,
            workers: None,
            progress: None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let refuse = |reason: String| Err(Error::Option(reason));
        if !(1..=usize::from(EDK_COUNT_MAX)).contains(&self.keys.len()) {
            return refuse(format!(
                "a file is sealed under 1 to {EDK_COUNT_MAX} keys, not {}",
                self.keys.len()
            ));
        }
        if !(1..=FRAME_BYTES_MAX).contains(&self.frame_bytes) {
            return refuse(format!("a frame has 1 to {FRAME_BYTES_MAX} bytes, not {}", self.frame_bytes));
        }
        match self.context.iter().find(|(key, _)| key.starts_with(Context::RESERVED)) {
            Some((key, _)) => {
                refuse(format!("the context name {key} is reserved: names beginning with aws-crypto- are"))
            }
            None => Ok(()),
        }
    }
}

/// What was sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sealed {
    /// The header that was written.
    pub header: Header,
    /// Bytes read.
    pub plain_bytes: u64,
    /// Bytes written.
    pub sealed_bytes: u64,
}

/// Seals everything the source has into one message.
///
/// From file to file with suite 0x0478 all cores read and write by position; otherwise bytes go through in order,
/// still sealed on all cores. With suite 0x0578 the digest over the whole message sets the pace.
///
/// # Errors
/// [`Error::Option`] for options outside their range, [`Error::Service`] if a key cannot be used,
/// [`Error::SourceChanged`] if a file changes its length meanwhile, [`Error::TooManyFrames`], [`Error::Io`]. The sink
/// has then got bytes that are no complete message.
pub fn seal(
    source: Source<'_>,
    sink: Sink<'_>,
    options: &SealOptions<'_>,
    service: &dyn KeyService,
) -> Result<Sealed, Error> {
    options.check()?;
    let plain_len = source.known_len()?;
    // WHY: better to know before a data key is made that the frames will not do.
    let layout = plain_len.map(|bytes| message_layout(bytes, options.frame_bytes)).transpose()?;
    let Start { header, cipher, signer } = start(options, service)?;
    let effort = Effort { workers: options.workers, memory_bytes: MEMORY_BYTES, progress: options.progress };
    let plain_bytes = match (source, sink, layout, &signer) {
        (Source::File(source), Sink::File(sink), Some(layout), None) => {
            sink.write_all_at(&whole(&header), 0)?;
            Files { source, sink, header_bytes: header.byte_len(), layout }.seal(&cipher, &effort)?;
            layout.plain_bytes()
        }
        (source, sink, _, _) => {
            let (mut reading, mut writing);
            let source: &mut (dyn Read + Send) = match source {
                Source::File(file) => {
                    reading = FileReader::new(file, 0);
                    &mut reading
                }
                Source::Stream(stream) => stream,
            };
            let sink: &mut dyn Write = match sink {
                Sink::File(file) => {
                    writing = FileWriter::new(file, 0);
                    &mut writing
                }
                Sink::Stream(stream) => stream,
            };
            in_order(source, sink, &header, &cipher, signer, &effort)?
        }
    };
    let footer = if header.suite().is_signed() { 2 + SIGNATURE_BYTES as u64 } else { 0 };
    let body = message_layout(plain_bytes, options.frame_bytes)?.body_bytes();
    Ok(Sealed { plain_bytes, sealed_bytes: header.byte_len() + body + footer, header })
}

/// What is there once the key service has done its part.
struct Start {
    header: Header,
    cipher: FrameCipher,
    signer: Option<Signer>,
}

/// A new data key, a new message id, a new header: nothing of it is ever used for a second message.
fn start(options: &SealOptions<'_>, service: &dyn KeyService) -> Result<Start, Error> {
    let signer = options.suite.is_signed().then(Signer::generate).transpose()?;
    let mut context = options.context.clone();
    if let Some(signer) = &signer {
        context.insert(PUBLIC_KEY_NAME, signer.public_text()?);
    }
    if context.encode().is_none() {
        return Err(Error::Option("the context has more than 65,535 bytes".into()));
    }
    let (data_key, keys) = wrapped_keys(&options.keys, &context, service)?;
    let message_id = random()?;
    let message_keys = MessageKeys::derive(&data_key, options.suite, message_id);
    let commitment = message_keys.commitment();
    let (suite, frame_bytes) = (options.suite, options.frame_bytes);
    let body = HeaderBody { suite, message_id, context, keys, frame_bytes, commitment };
    let raw = body.encode().ok_or_else(|| Error::Option("the header would be too long".into()))?;
    let (cipher, tag) = message_keys.seal_header(&raw);
    Ok(Start { header: Header { body, raw, tag }, cipher, signer })
}

fn wrapped_keys(
    keys: &[String],
    context: &Context,
    service: &dyn KeyService,
) -> Result<(DataKey, Vec<EncryptedDataKey>), CallError> {
    let (first, others) = keys.split_first().ok_or_else(|| CallError::Request("no key is named".into()))?;
    let (data_key, wrapped) = service.generate(first, context)?;
    let mut all = vec![wrapped];
    for key in others {
        all.push(service.wrap(key, context, &data_key)?);
    }
    let entry = |wrapped: crate::kms::WrappedKey| EncryptedDataKey {
        provider: PROVIDER_AWS_KMS.into(),
        info: wrapped.key_arn.into_bytes(),
        ciphertext: wrapped.ciphertext,
    };
    Ok((data_key, all.into_iter().map(entry).collect()))
}

fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| std::io::Error::other("the system has no random bytes"))?;
    Ok(bytes)
}

fn whole(header: &Header) -> Vec<u8> {
    [header.raw.as_slice(), &header.tag].concat()
}

fn message_layout(plain_bytes: u64, frame_bytes: u32) -> Result<Layout, Error> {
    Layout::of_plain(plain_bytes, frame_bytes).ok_or(Error::TooManyFrames { bytes: plain_bytes, frame_bytes })
}

/// Bytes of plaintext read.
fn in_order(
    source: &mut (dyn Read + Send),
    sink: &mut dyn Write,
    header: &Header,
    cipher: &FrameCipher,
    signer: Option<Signer>,
    effort: &Effort<'_>,
) -> Result<u64, Error> {
    let cut = Cut::new(header.frame_bytes());
    let mut digest = signer.is_some().then(|| Digest::new(&SHA384));
    let mut reader = PlainReader { source, cut, carried: None, next: 0, plain_bytes: 0 };
    let mut put = |bytes: &[u8]| {
        if let Some(digest) = &mut digest {
            digest.update(bytes);
        }
        sink.write_all(bytes)
    };
    put(&whole(header))?;
    let work = |unit: &mut Unit| {
        unit.seal(cipher, &cut);
        Ok(())
    };
    let write = |unit: &Unit| {
        put(unit.bytes())?;
        effort.tell(unit.plain_bytes());
        Ok(())
    };
    ordered::run(effort, cut.buffer_bytes(), |unit| reader.fill(unit), work, write)?;
    if let (Some(signer), Some(digest)) = (signer, digest) {
        let signature = signer.sign(&digest.finish())?;
        let length = u16::try_from(signature.len()).map_err(|_| FormatError::Signature)?;
        sink.write_all(&length.to_be_bytes())?;
        sink.write_all(&signature)?;
    }
    sink.flush()?;
    Ok(reader.plain_bytes)
}

/// Cuts plaintext of unknown length into units. The final frame has to be known as such when it is sealed, so one
/// byte is read ahead.
struct PlainReader<'a> {
    source: &'a mut (dyn Read + Send),
    cut: Cut,
    carried: Option<u8>,
    /// Frames so far.
    next: u64,
    plain_bytes: u64,
}

impl PlainReader<'_> {
    fn fill(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        let from = self.cut.plain_at();
        let filled = self.read(unit, from)?;
        if filled == self.cut.plain_bytes() {
            let mut ahead = [0; 1];
            self.carried = (read_full(self.source, &mut ahead)? == 1).then_some(ahead[0]);
        }
        unit.is_last = self.carried.is_none();
        unit.filled = from..from + filled;
        unit.frames = u32::try_from(filled.div_ceil(self.cut.frame_bytes).max(1)).unwrap_or(u32::MAX);
        self.plain_bytes += filled as u64;
        let after = self.next + u64::from(unit.frames);
        if after > u64::from(u32::MAX) || (after == u64::from(u32::MAX) && !unit.is_last) {
            let frame_bytes = u32::try_from(self.cut.frame_bytes).unwrap_or(u32::MAX);
            return Err(Error::TooManyFrames { bytes: self.plain_bytes, frame_bytes });
        }
        unit.first = self.next as u32 + 1;
        self.next = after;
        Ok(!unit.is_last)
    }

    /// Fills the unit from `from` on, in a buffer that grows to its full length only if there is enough to read.
    fn read(&mut self, unit: &mut Unit, from: usize) -> Result<usize, Error> {
        let mut filled = 0;
        for room in [FIRST_READ_BYTES.min(self.cut.plain_bytes()), self.cut.plain_bytes()] {
            unit.grow_to(from + room + TAG_BYTES);
            if let Some(carried) = self.carried.take() {
                unit.buffer[from] = carried;
                filled = 1;
            }
            filled += read_full(self.source, &mut unit.buffer[from + filled..from + room])?;
            if filled < room {
                break;
            }
        }
        Ok(filled)
    }
}

/// Read before a buffer grows to its full length.
const FIRST_READ_BYTES: usize = 32 * 1024;
