//! Opening: the header is checked, a data key unwrapped, the header authenticated, then frames released.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::num::NonZeroUsize;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context as Digest, SHA384};

use crate::kms::{CallError, DataKey, KeyService};
use crate::message::{
    Context, EncryptedDataKey, FINAL_HEAD_BYTES, FinalHead, FormatError, FrameCipher, FrameHead, Header,
    MessageKeys, REGULAR_HEAD_BYTES, SIGNATURE_BYTES_MAX, TAG_BYTES, Verifier, Within,
};
use crate::pipeline::positioned::Files;
use crate::pipeline::unit::{Cut, Unit};
use crate::pipeline::{Effort, MEMORY_BYTES, Progress, ordered};
use crate::transfer::{FileReader, FileWriter, Sink, Source, read_full};
use crate::{Error, inspect};

/// How a message is opened.
#[derive(Clone)]
pub struct OpenOptions<'a> {
    /// Pairs that must be in the file's encryption context; it may have others.
    pub required: Context,
    /// The keys that may be used: key id, ARN, `alias/…` or alias ARN. Empty: whichever keys the file names and the
    /// service lets the caller use.
    pub keys: Vec<String>,
    /// Memory that buffers may take, in bytes. A frame has to fit. Default [`MEMORY_BYTES`]; less than 4 MiB is taken
    /// for 4 MiB.
    pub memory_bytes: usize,
    /// Cores to use; all of them if `None`.
    pub workers: Option<NonZeroUsize>,
    /// Told how far the work is, in bytes of plaintext.
    pub progress: Option<Progress<'a>>,
    /// Where a signed message is kept, sealed as it is, until its signature is verified, when the plaintext goes to
    /// a stream. By default the system's folder for temporary files.
    pub spool_folder: Option<PathBuf>,
}

impl Default for OpenOptions<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl OpenOptions<'_> {
    /// No required pairs, any key, everything else as by default.
    pub fn new() -> Self {
        Self {
            required: Context::new(),
            keys: Vec::new(),
            memory_bytes: MEMORY_BYTES,
            workers: None,
            progress: None,
            spool_folder: None,
        }
    }
}

/// What was opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// The header, now authenticated.
    pub header: Header,
    /// The ARN of the key that unwrapped the data key.
    pub key_arn: String,
    /// Bytes written.
    pub plain_bytes: u64,
}

/// Opens one message and writes what is in it.
///
/// A [`Sink::File`] holds unverified bytes until the call returns `Ok`. A [`Sink::Stream`] gets verified bytes only: with
/// suite 0x0478 frame by frame, so a truncated message gives the frames before the cut **and then the error**; with
/// suite 0x0578 nothing before the whole message has been read and its signature verified.
///
/// # Errors
/// [`Error::Format`] for every way the file can be wrong, [`Error::WrongContext`], [`Error::NoDataKey`],
/// [`Error::FrameMemory`], [`Error::Io`].
pub fn open(
    source: Source<'_>,
    sink: Sink<'_>,
    options: &OpenOptions<'_>,
    service: &dyn KeyService,
) -> Result<Opened, Error> {
    let known_len = source.known_len()?;
    let file = match &source {
        Source::File(file) => Some(*file),
        Source::Stream(_) => None,
    };
    let mut reading;
    let stream: &mut (dyn Read + Send) = match source {
        Source::File(file) => {
            reading = FileReader::new(file, 0);
            &mut reading
        }
        Source::Stream(stream) => stream,
    };
    let mut stream = BufReader::with_capacity(READ_BYTES, stream);
    let header = Header::read(&mut stream)?;
    let verifier = Verifier::of(header.context(), header.suite().is_signed())?;
    check_context(&header, &options.required)?;
    let (data_key, key_arn) = unwrap(&header, &options.keys, service)?;
    let message_keys = MessageKeys::derive(&data_key, header.suite(), *header.message_id());
    drop(data_key);
    let cipher = message_keys.open_header(&header)?;
    let memory_bytes = options.memory_bytes.max(MEMORY_BYTES_MIN);
    let effort = Effort { workers: options.workers, memory_bytes, progress: options.progress };
    let message = Message { header: &header, cipher: &cipher, verifier: verifier.as_ref(), effort };
    let plain_bytes = match (file.zip(known_len), sink) {
        (Some((source, len)), Sink::File(sink)) if verifier.is_none() => {
            message.by_position(source, len, sink)?
        }
        (_, Sink::File(sink)) => message.in_order(&mut stream, &mut FileWriter::new(sink, 0))?,
        (_, Sink::Stream(sink)) if verifier.is_none() => message.in_order(&mut stream, sink)?,
        (_, Sink::Stream(sink)) => {
            let folder = options.spool_folder.clone().unwrap_or_else(std::env::temp_dir);
            message.verified_first(&mut stream, sink, &folder)?
        }
    };
    Ok(Opened { header, key_arn, plain_bytes })
}

/// Bytes taken from a stream at once, at least.
const READ_BYTES: usize = 64 * 1024;
/// A unit of small frames has to fit in any case.
const MEMORY_BYTES_MIN: usize = 4 << 20;

fn check_context(header: &Header, required: &Context) -> Result<(), Error> {
    let missing = required.iter().find(|(key, value)| header.context().value(key) != Some(value));
    match missing {
        None => Ok(()),
        Some((key, value)) => Err(Error::WrongContext {
            key: key.to_owned(),
            value: value.to_owned(),
            found: header.context().value(key).map(str::to_owned),
        }),
    }
}

/// Tries the wrapped data keys in the order of the file until one opens.
fn unwrap(header: &Header, keys: &[String], service: &dyn KeyService) -> Result<(DataKey, String), Error> {
    let (mut tried, mut passed_over) = (Vec::new(), Vec::new());
    for wrapped in header.keys() {
        let Some(arn) = wrapped.key_arn() else {
            passed_over.push(format!("one of provider {:?}, which names no KMS key", wrapped.provider));
            continue;
        };
        let names: Vec<&str> = match keys.is_empty() {
            true => vec![arn],
            false => keys.iter().filter(|key| may_name(key, arn)).map(String::as_str).collect(),
        };
        if names.is_empty() {
            passed_over.push(format!("{arn}, which is not one of the keys named"));
        }
        for name in names {
            match unwrap_one(wrapped, arn, name, header.context(), service) {
                Ok(data_key) => return Ok((data_key, arn.to_owned())),
                Err(error) => tried.push((arn.to_owned(), error)),
            }
        }
    }
    Err(Error::NoDataKey { count: header.keys().len(), tried, passed_over })
}

/// Whether `key`, as the caller wrote it, may be the key `arn`. An alias may be any; the service decides.
fn may_name(key: &str, arn: &str) -> bool {
    let is_alias = key.starts_with("alias/") || (key.starts_with("arn:") && key.contains(":alias/"));
    is_alias || key == arn || arn.rsplit_once(":key/").is_some_and(|(_, id)| id == key)
}

fn unwrap_one(
    wrapped: &EncryptedDataKey,
    arn: &str,
    name: &str,
    context: &Context,
    service: &dyn KeyService,
) -> Result<DataKey, CallError> {
    let (data_key, by) = service.unwrap(name, context, &wrapped.ciphertext)?;
    match by == arn {
        true => Ok(data_key),
        false => Err(CallError::Answer {
            operation: "Decrypt".into(),
            reason: "the service says that another key than the one in the header has unwrapped the data key",
        }),
    }
}

/// A message whose header is authenticated.
struct Message<'a> {
    header: &'a Header,
    cipher: &'a FrameCipher,
    verifier: Option<&'a Verifier>,
    effort: Effort<'a>,
}

impl Message<'_> {
    /// All cores, by position.
    fn by_position(&self, source: &File, len: u64, sink: &File) -> Result<u64, Error> {
        let layout = inspect::checked_layout(source, self.header, len)?;
        self.check_memory(u64::from(if layout.frames == 1 {
            layout.final_bytes
        } else {
            layout.frame_bytes
        }))?;
        Files { source, sink, header_bytes: self.header.byte_len(), layout }
            .open(self.cipher, &self.effort)?;
        Ok(layout.plain_bytes())
    }

    fn check_memory(&self, frame_bytes: u64) -> Result<(), Error> {
        let memory_bytes = self.effort.memory_bytes as u64;
        let needed = frame_bytes.saturating_add((FINAL_HEAD_BYTES + TAG_BYTES) as u64);
        match needed <= memory_bytes {
            true => Ok(()),
            false => Err(Error::FrameMemory { frame_bytes, memory_bytes }),
        }
    }

    /// Frame by frame, opened on all cores.
    fn in_order(&self, source: &mut (dyn Read + Send), sink: &mut dyn Write) -> Result<u64, Error> {
        let cut = Cut::new(self.header.frame_bytes());
        let buffer_bytes = cut.buffer_bytes().min(self.effort.memory_bytes);
        let mut digest = self.verifier.map(|_| Digest::new(&SHA384));
        if let Some(digest) = &mut digest {
            digest.update(&self.header.raw);
            digest.update(&self.header.tag);
        }
        let mut reader = FrameReader { message: self, source, cut, digest, next: 0 };
        let mut plain_bytes = 0;
        let work = |unit: &mut Unit| Ok(unit.open(self.cipher, &cut)?);
        let write = |unit: &Unit| {
            sink.write_all(unit.bytes())?;
            plain_bytes += unit.bytes().len() as u64;
            self.effort.tell(unit.bytes().len() as u64);
            Ok(())
        };
        ordered::run(&self.effort, buffer_bytes, |unit| reader.fill(unit), work, write)?;
        sink.flush()?;
        Ok(plain_bytes)
    }

    /// Keeps the sealed bytes in a nameless file until the signature is verified, then opens them from there.
    fn verified_first(
        &self,
        source: &mut (dyn Read + Send),
        sink: &mut dyn Write,
        folder: &Path,
    ) -> Result<u64, Error> {
        let mut spool = nameless_file(folder)?;
        std::io::copy(source, &mut spool)?;
        spool.rewind()?;
        let quiet = Effort { progress: None, ..self.effort };
        let check = Message { effort: quiet, ..*self };
        check.in_order(&mut FileReader::new(&spool, 0), &mut std::io::sink())?;
        self.in_order(&mut FileReader::new(&spool, 0), sink)
    }
}

/// A file without a name, for this user only, gone when it is closed.
fn nameless_file(folder: &Path) -> Result<File, Error> {
    let mut name = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut name).map_err(|_| std::io::Error::other("the system has no random bytes"))?;
    let path = folder.join(format!("keystead-{}", hex::encode(name)));
    let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// Cuts a stream of frames into units, checking marks and lengths; workers check numbers and tags.
struct FrameReader<'a, 'b> {
    message: &'a Message<'b>,
    source: &'a mut (dyn Read + Send),
    cut: Cut,
    digest: Option<Digest>,
    /// Frames so far.
    next: u64,
}

impl FrameReader<'_, '_> {
    fn fill(&mut self, unit: &mut Unit) -> Result<bool, Error> {
        let mut room = Room { source: &mut *self.source, unit, filled: 0 };
        let regular_len = self.cut.frame_bytes + REGULAR_HEAD_BYTES + TAG_BYTES;
        // WHY: many small frames are read at once; a large one is not before its head says how long it is.
        if self.cut.frames > 1 {
            room.read_to(regular_len * self.cut.frames as usize)?;
        }
        let (mut end, mut frames, mut is_last) = (0, 0_u32, false);
        while frames < self.cut.frames && !is_last {
            let number = self.next + u64::from(frames) + 1;
            let number = u32::try_from(number).map_err(|_| FormatError::TooManyFrames)?;
            let cut_off = FormatError::Truncated { within: Within::Frame(number) };
            let first = room.read_array(end)?.ok_or(cut_off.clone())?;
            let frame_len = match FrameHead::read(first) {
                FrameHead::Regular(found) if found != number => {
                    return Err(FormatError::FrameOrder { expected: number, found }.into());
                }
                FrameHead::Regular(_) => regular_len,
                FrameHead::Final => {
                    let head = room.read_array(end)?.ok_or(cut_off.clone())?;
                    is_last = true;
                    let head = FinalHead::read(&head, self.message.header.frame_bytes())?;
                    FINAL_HEAD_BYTES + head.bytes as usize + TAG_BYTES
                }
            };
            self.message.check_memory((frame_len - REGULAR_HEAD_BYTES - TAG_BYTES) as u64)?;
            if room.read_to(end + frame_len)? < end + frame_len {
                return Err(cut_off.into());
            }
            end += frame_len;
            frames += 1;
        }
        let filled = room.filled;
        unit.first = u32::try_from(self.next + 1).map_err(|_| FormatError::TooManyFrames)?;
        (unit.frames, unit.is_last, unit.filled) = (frames, is_last, 0..end);
        self.next += u64::from(frames);
        if let Some(digest) = &mut self.digest {
            digest.update(&unit.buffer[..end]);
        }
        if is_last {
            self.finish(&unit.buffer[end..filled])?;
        }
        Ok(!is_last)
    }

    /// Reads what follows the final frame: with suite 0x0578 the signature, then nothing. `ahead` was read already.
    fn finish(&mut self, ahead: &[u8]) -> Result<(), Error> {
        let mut rest = ahead.chain(&mut *self.source);
        if let (Some(verifier), Some(digest)) = (self.message.verifier, self.digest.take()) {
            let mut signature = [0; SIGNATURE_BYTES_MAX];
            let mut length = [0; 2];
            let cut_off = FormatError::Truncated { within: Within::Signature };
            if read_full(&mut rest, &mut length)? < length.len() {
                return Err(cut_off.into());
            }
            let bytes = u16::from_be_bytes(length);
            let Some(signature) = signature.get_mut(..usize::from(bytes)) else {
                return Err(FormatError::SignatureLength { bytes }.into());
            };
            if read_full(&mut rest, signature)? < signature.len() {
                return Err(cut_off.into());
            }
            verifier.verify(&digest.finish(), signature)?;
        }
        match read_full(&mut rest, &mut [0; 1])? {
            0 => Ok(()),
            _ => Err(FormatError::TrailingBytes.into()),
        }
    }
}

/// A unit's buffer while it is filled from a stream.
struct Room<'a> {
    source: &'a mut (dyn Read + Send),
    unit: &'a mut Unit,
    filled: usize,
}

impl Room<'_> {
    /// Reads until there are `len` bytes or the stream ends; says how many there are. Whether so many are allowed
    /// has been checked; the buffer grows as they arrive, not as a header claims they will.
    fn read_to(&mut self, len: usize) -> Result<usize, Error> {
        while self.filled < len {
            if self.filled == self.unit.buffer.len() {
                self.unit.grow_to(len.min(self.filled.saturating_mul(2)).max(READ_BYTES));
            }
            let buffer = &mut self.unit.buffer;
            let until = len.min(buffer.len());
            let read = read_full(self.source, &mut buffer[self.filled..until])?;
            if read == 0 {
                break;
            }
            self.filled += read;
        }
        Ok(self.filled)
    }

    /// The bytes at `at`; `None` if the stream ends before their end.
    fn read_array<const N: usize>(&mut self, at: usize) -> Result<Option<[u8; N]>, Error> {
        self.read_to(at + N)?;
        Ok(self.unit.buffer[..self.filled].get(at..at + N).and_then(|bytes| bytes.try_into().ok()))
    }
}

/// Reads the head of a frame by position; `None` if the file ends before.
pub(crate) fn head_at<const N: usize>(file: &File, at: u64) -> Result<Option<[u8; N]>, Error> {
    let mut head = [0; N];
    match file.read_exact_at(&mut head, at) {
        Ok(()) => Ok(Some(head)),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error.into()),
    }
}
