//! What a sealed file says about itself, without any key. None of it is authenticated.

use std::fs::File;

use crate::Error;
use crate::message::{
    FINAL_HEAD_BYTES, FinalHead, FormatError, FrameHead, Header, Layout, SIGNATURE_BYTES_MAX, TAG_BYTES,
    Within,
};
use crate::open::head_at;
use crate::transfer::{FileReader, Source};

/// What a sealed file says about itself. **Nothing of it has been authenticated.**
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inspection {
    /// The header.
    pub header: Header,
    /// Length of the whole file, if it is a file.
    pub sealed_bytes: Option<u64>,
    /// Bytes of plaintext and number of frames, if it is a file whose length is that of a complete message.
    pub content: Option<(u64, u32)>,
}

/// Reads the header and, of files, the head of the final frame.
///
/// # Errors
/// [`Error::Format`] if the header is not that of a sealed file, [`Error::Io`].
pub fn inspect(source: Source<'_>) -> Result<Inspection, Error> {
    let sealed_bytes = source.known_len()?;
    match source {
        Source::Stream(stream) => {
            Ok(Inspection { header: Header::read(stream)?, sealed_bytes: None, content: None })
        }
        Source::File(file) => {
            let header = Header::read(&mut std::io::BufReader::new(FileReader::new(file, 0)))?;
            let layout = match sealed_bytes {
                Some(len) => find_layout(file, &header, len)?,
                None => None,
            };
            let content = layout.map(|layout| (layout.plain_bytes(), layout.frames));
            Ok(Inspection { header, sealed_bytes, content })
        }
    }
}

/// The layout of a file without a signature, or what is wrong with its length.
pub(crate) fn checked_layout(file: &File, header: &Header, len: u64) -> Result<Layout, Error> {
    match layout_ending_at(file, header, len)? {
        Some(layout) => Ok(layout),
        None => Err(what_is_wrong(file, header, len)?.into()),
    }
}

/// The layout, signed or not. A signature's length is only known from its own first bytes, so each is tried.
fn find_layout(file: &File, header: &Header, len: u64) -> Result<Option<Layout>, Error> {
    if !header.suite().is_signed() {
        return layout_ending_at(file, header, len);
    }
    for bytes in (1..=SIGNATURE_BYTES_MAX as u64).rev() {
        let Some(end) = len.checked_sub(2 + bytes) else { continue };
        let length = head_at(file, end)?.map(u16::from_be_bytes);
        if length.map(u64::from) == Some(bytes)
            && let Some(layout) = layout_ending_at(file, header, end)?
        {
            return Ok(Some(layout));
        }
    }
    Ok(None)
}

/// The one layout of this length, if its final frame is where it should be and says that it is.
fn layout_ending_at(file: &File, header: &Header, end: u64) -> Result<Option<Layout>, Error> {
    let body_bytes = end.checked_sub(header.byte_len());
    let Some(layout) = body_bytes.and_then(|bytes| Layout::of_body(bytes, header.frame_bytes())) else {
        return Ok(None);
    };
    let Some(head) = head_at::<FINAL_HEAD_BYTES>(file, header.byte_len() + layout.final_at())? else {
        return Ok(None);
    };
    let is_final = FrameHead::read([head[0], head[1], head[2], head[3]]) == FrameHead::Final;
    let fits = FinalHead::read(&head, header.frame_bytes())
        .is_ok_and(|head| head.bytes == layout.final_bytes && head.number == layout.frames);
    Ok((is_final && fits).then_some(layout))
}

/// Walks the heads of the frames to say what a file with an impossible length suffers from.
fn what_is_wrong(file: &File, header: &Header, len: u64) -> Result<FormatError, Error> {
    let frame_bytes = header.frame_bytes();
    let mut at = header.byte_len();
    for number in 1..=u32::MAX {
        let cut_off = FormatError::Truncated { within: Within::Frame(number) };
        let Some(first) = head_at(file, at)? else { return Ok(cut_off) };
        match FrameHead::read(first) {
            FrameHead::Regular(found) if found != number => {
                return Ok(FormatError::FrameOrder { expected: number, found });
            }
            FrameHead::Regular(_) => {
                at += Layout { frame_bytes, frames: 1, final_bytes: 0 }.regular_len();
                if at > len {
                    return Ok(cut_off);
                }
            }
            FrameHead::Final => {
                let Some(head) = head_at(file, at)? else { return Ok(cut_off) };
                return Ok(match FinalHead::read(&head, frame_bytes) {
                    Err(error) => error,
                    Ok(head) if head.number != number => {
                        FormatError::FrameOrder { expected: number, found: head.number }
                    }
                    Ok(head) => match at + (FINAL_HEAD_BYTES + TAG_BYTES) as u64 + u64::from(head.bytes) {
                        end if end > len => cut_off,
                        _ => FormatError::TrailingBytes,
                    },
                });
            }
        }
    }
    Ok(FormatError::TooManyFrames)
}
