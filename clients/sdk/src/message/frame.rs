//! Frames: where they lie in a file, and how each is sealed and opened where it lies in memory.

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};

use super::FormatError;

/// Length of every authentication tag.
pub(crate) const TAG_BYTES: usize = 16;
/// What stands before the data of a regular frame: its number and its nonce.
pub(crate) const REGULAR_HEAD_BYTES: usize = 4 + NONCE_BYTES;
/// What stands before the data of the final frame: a mark, its number, its nonce and its length.
pub(crate) const FINAL_HEAD_BYTES: usize = 4 + 4 + NONCE_BYTES + 4;

const NONCE_BYTES: usize = 12;
const FINAL_MARK: u32 = u32::MAX;
const REGULAR_OVERHEAD: u64 = (REGULAR_HEAD_BYTES + TAG_BYTES) as u64;
const FINAL_OVERHEAD: u64 = (FINAL_HEAD_BYTES + TAG_BYTES) as u64;

/// Where the frames of one message lie, counted from the end of its header. Offsets are arithmetic: every regular
/// frame has the same length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Layout {
    /// Bytes of plaintext in a regular frame.
    pub frame_bytes: u32,
    /// Number of frames, the final one included. At least 1.
    pub frames: u32,
    /// Bytes of plaintext in the final frame.
    pub final_bytes: u32,
}

impl Layout {
    /// For this much plaintext; `None` if there would be more frames than can be numbered. The final frame is full
    /// where the length is a multiple of the frame size, and empty only where there is no plaintext at all.
    pub(crate) fn of_plain(plain_bytes: u64, frame_bytes: u32) -> Option<Self> {
        let frames = u32::try_from(plain_bytes.div_ceil(u64::from(frame_bytes)).max(1)).ok()?;
        let before = u64::from(frames - 1) * u64::from(frame_bytes);
        let final_bytes = u32::try_from(plain_bytes - before).ok()?;
        Some(Self { frame_bytes, frames, final_bytes })
    }

    /// For a body of this length. There is at most one such layout, since lengths of bodies with one frame more are
    /// at least 32 bytes longer; `None` if no body has this length.
    pub(crate) fn of_body(body_bytes: u64, frame_bytes: u32) -> Option<Self> {
        let before_final = body_bytes.checked_sub(FINAL_OVERHEAD)?;
        let regular = u64::from(frame_bytes) + REGULAR_OVERHEAD;
        let final_bytes = u32::try_from(before_final % regular).ok().filter(|bytes| *bytes <= frame_bytes)?;
        let frames = u32::try_from(before_final / regular).ok()?.checked_add(1)?;
        Some(Self { frame_bytes, frames, final_bytes })
    }

    /// Length of a regular frame in the file.
    pub(crate) fn regular_len(&self) -> u64 {
        u64::from(self.frame_bytes) + REGULAR_OVERHEAD
    }

    /// Bytes of plaintext in all frames.
    pub(crate) fn plain_bytes(&self) -> u64 {
        u64::from(self.frames - 1) * u64::from(self.frame_bytes) + u64::from(self.final_bytes)
    }

    /// Length of all frames in the file.
    pub(crate) fn body_bytes(&self) -> u64 {
        self.final_at() + FINAL_OVERHEAD + u64::from(self.final_bytes)
    }

    /// Where the final frame begins.
    pub(crate) fn final_at(&self) -> u64 {
        u64::from(self.frames - 1) * self.regular_len()
    }
}

/// What the first bytes of a frame say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FrameHead {
    /// A regular frame, with its number.
    Regular(u32),
    /// The final frame.
    Final,
}

impl FrameHead {
    pub(crate) fn read(first: [u8; 4]) -> Self {
        match u32::from_be_bytes(first) {
            FINAL_MARK => Self::Final,
            number => Self::Regular(number),
        }
    }
}

/// What stands before the data of a final frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FinalHead {
    pub number: u32,
    pub bytes: u32,
}

impl FinalHead {
    /// Reads the head of a frame that begins with the final frame's mark, and checks its length.
    pub(crate) fn read(head: &[u8; FINAL_HEAD_BYTES], frame_bytes: u32) -> Result<Self, FormatError> {
        let number = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (number, bytes) = (number(4), number(FINAL_HEAD_BYTES - 4));
        match bytes <= frame_bytes {
            true => Ok(Self { number, bytes }),
            false => Err(FormatError::FinalTooLong { bytes, max: frame_bytes }),
        }
    }
}

/// Seals and opens the frames of one message. Its nonces are the frame numbers, so each number is sealed once.
pub(crate) struct FrameCipher {
    key: LessSafeKey,
    message_id: [u8; 32],
}

impl FrameCipher {
    pub(super) fn new(key: LessSafeKey, message_id: [u8; 32]) -> Self {
        Self { key, message_id }
    }

    /// Seals a regular frame in place. `frame` is the whole frame, with the plaintext where its data belongs.
    pub(crate) fn seal_regular(&self, number: u32, frame: &mut [u8]) {
        frame[..4].copy_from_slice(&number.to_be_bytes());
        let (head, data) = frame.split_at_mut(REGULAR_HEAD_BYTES);
        head[4..].copy_from_slice(&nonce(number));
        self.seal(REGULAR_LABEL, number, data);
    }

    /// The same for the final frame.
    pub(crate) fn seal_final(&self, number: u32, frame: &mut [u8]) {
        let (head, data) = frame.split_at_mut(FINAL_HEAD_BYTES);
        let bytes = u32::try_from(data.len() - TAG_BYTES).expect("frames have 32-bit lengths");
        head[..4].copy_from_slice(&FINAL_MARK.to_be_bytes());
        head[4..8].copy_from_slice(&number.to_be_bytes());
        head[8..20].copy_from_slice(&nonce(number));
        head[20..].copy_from_slice(&bytes.to_be_bytes());
        self.seal(FINAL_LABEL, number, data);
    }

    fn seal(&self, label: &[u8], number: u32, data_and_tag: &mut [u8]) {
        let (data, room) = data_and_tag.split_at_mut(data_and_tag.len() - TAG_BYTES);
        let aad = self.associated_data(label, number, data.len());
        let nonce = Nonce::assume_unique_for_key(nonce(number));
        let tag = self
            .key
            .seal_in_place_separate_tag(nonce, aad, data)
            .expect("AES-GCM seals anything shorter than its limit of 64 GiB");
        room.copy_from_slice(tag.as_ref());
    }

    /// Opens a regular frame in place: the plaintext is then where the data was. `frame` is the whole frame.
    pub(crate) fn open_regular(&self, number: u32, frame: &mut [u8]) -> Result<(), FormatError> {
        let (head, data) = frame.split_at_mut(REGULAR_HEAD_BYTES);
        match FrameHead::read([head[0], head[1], head[2], head[3]]) {
            FrameHead::Regular(found) if found == number => {}
            FrameHead::Regular(found) => return Err(FormatError::FrameOrder { expected: number, found }),
            FrameHead::Final => return Err(FormatError::TrailingBytes),
        }
        self.open(REGULAR_LABEL, number, &head[4..], data)
    }

    /// The same for the final frame, whose mark and length [`FinalHead`] has checked.
    pub(crate) fn open_final(&self, number: u32, frame: &mut [u8]) -> Result<(), FormatError> {
        let (head, data) = frame.split_at_mut(FINAL_HEAD_BYTES);
        let found = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
        if found != number {
            return Err(FormatError::FrameOrder { expected: number, found });
        }
        self.open(FINAL_LABEL, number, &head[8..20], data)
    }

    fn open(
        &self,
        label: &[u8],
        number: u32,
        found: &[u8],
        data_and_tag: &mut [u8],
    ) -> Result<(), FormatError> {
        if found != nonce(number) {
            return Err(FormatError::FrameNonce { number });
        }
        let (data, tag) = data_and_tag.split_at_mut(data_and_tag.len() - TAG_BYTES);
        let aad = self.associated_data(label, number, data.len());
        let nonce = Nonce::assume_unique_for_key(nonce(number));
        self.key
            .open_in_place_separate_tag(nonce, aad, tag, data)
            .map(|_| ())
            .map_err(|_| FormatError::FrameTag { number })
    }

    /// Message id, label, number, length of the data (specification, `data-format/message-body-aad.md`).
    fn associated_data(&self, label: &[u8], number: u32, data_bytes: usize) -> Aad<Associated> {
        let mut bytes = [0; ASSOCIATED_BYTES_MAX];
        let mut len = 0;
        for part in [&self.message_id, label, &number.to_be_bytes(), &(data_bytes as u64).to_be_bytes()] {
            bytes[len..len + part.len()].copy_from_slice(part);
            len += part.len();
        }
        Aad::from(Associated { bytes, len })
    }
}

struct Associated {
    bytes: [u8; ASSOCIATED_BYTES_MAX],
    len: usize,
}

impl AsRef<[u8]> for Associated {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

fn nonce(number: u32) -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    nonce[8..].copy_from_slice(&number.to_be_bytes());
    nonce
}

const REGULAR_LABEL: &[u8] = b"AWSKMSEncryptionClient Frame";
const FINAL_LABEL: &[u8] = b"AWSKMSEncryptionClient Final Frame";
const ASSOCIATED_BYTES_MAX: usize = 32 + FINAL_LABEL.len() + 4 + 8;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_last_frame_is_final_and_nothing_is_one_empty_frame() {
        let frames = |plain| Layout::of_plain(plain, 10).map(|l| (l.frames, l.final_bytes));
        assert_eq!(frames(0), Some((1, 0)));
        assert_eq!(frames(1), Some((1, 1)));
        assert_eq!(frames(10), Some((1, 10)));
        assert_eq!(frames(11), Some((2, 1)));
        assert_eq!(frames(20), Some((2, 10)));
    }

    #[test]
    fn no_more_frames_than_can_be_numbered() {
        let most = u64::from(u32::MAX);
        assert!(Layout::of_plain(most, 1).is_some_and(|l| l.frames == u32::MAX));
        assert_eq!(Layout::of_plain(most + 1, 1), None);
        assert_eq!(Layout::of_plain(u64::MAX, 1), None);
        assert_eq!(Layout::of_body(u64::MAX, 1), None);
    }

    #[test]
    fn lengths_no_body_has_are_refused() {
        assert_eq!(Layout::of_body(39, 10), None);
        assert!(Layout::of_body(40, 10).is_some());
        assert!(Layout::of_body(50, 10).is_some());
        for body in 51..82 {
            assert_eq!(Layout::of_body(body, 10), None, "{body}");
        }
        assert_eq!(Layout::of_body(82, 10).map(|l| (l.frames, l.final_bytes)), Some((2, 0)));
    }

    proptest! {
        #[test]
        fn a_body_length_gives_back_its_layout(plain in 0_u64..1 << 40, frame in 1_u32..) {
            if let Some(layout) = Layout::of_plain(plain, frame) {
                prop_assert_eq!(layout.plain_bytes(), plain);
                prop_assert_eq!(Layout::of_body(layout.body_bytes(), frame), Some(layout));
            }
        }
    }
}
