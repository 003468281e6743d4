//! Each way in which a sealed file can be wrong.

/// What is wrong with a sealed file. Frames are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// The first byte is that of no message format.
    #[error("this is not a sealed file (it begins with byte {first:#04x}, not with 0x02)")]
    NotSealed {
        /// The first byte.
        first: u8,
    },
    /// The file has no bytes at all.
    #[error("this is not a sealed file (it is empty)")]
    Empty,
    /// A suite that does not commit to its key.
    #[error(
        "the file uses algorithm suite {id:#06x} ({name}), which does not commit to its key and is refused; open it \
         with the program that wrote it and seal it again with suite 0x0478 or 0x0578"
    )]
    WeakSuite {
        /// The number.
        id: u16,
        /// What the suite consists of.
        name: &'static str,
    },
    /// A suite nobody has heard of.
    #[error(
        "the file names algorithm suite {id:#06x}, which this version does not know; 0x0478 and 0x0578 are read"
    )]
    UnknownSuite {
        /// The number.
        id: u16,
    },
    /// The file ends too early.
    #[error("the file is truncated: it ends {within}")]
    Truncated {
        /// Where it ends.
        within: Within,
    },
    /// Bytes follow the end of the message.
    #[error("the file has bytes after the end of its message; it was appended to, or two files were joined")]
    TrailingBytes,
    /// A header field breaks its rule.
    #[error("the header is malformed: {0}")]
    Header(&'static str),
    /// The header is longer than [`HEADER_BYTES_MAX`](super::HEADER_BYTES_MAX).
    #[error("the header is longer than {max} bytes")]
    HeaderTooLong {
        /// The limit.
        max: usize,
    },
    /// More wrapped data keys than [`EDK_COUNT_MAX`](super::EDK_COUNT_MAX).
    #[error("the header has {count} wrapped data keys; at most {max} are read")]
    TooManyKeys {
        /// How many it says it has.
        count: u16,
        /// The limit.
        max: u16,
    },
    /// The key that opened a wrapped data key is not the one this message was sealed with.
    #[error(
        "the key commitment does not match: the header was altered, or the data key is another message's"
    )]
    Commitment,
    /// The header was altered.
    #[error("the header does not authenticate: it was altered after it was written")]
    HeaderTag,
    /// A frame was altered, or moved here from another message.
    #[error("frame {number} does not authenticate: it was altered, or comes from another file")]
    FrameTag {
        /// Which.
        number: u32,
    },
    /// A frame is not the one that should come here.
    #[error("frames are out of order: frame {found} stands where frame {expected} belongs")]
    FrameOrder {
        /// The number that belongs here.
        expected: u32,
        /// The number that was found.
        found: u32,
    },
    /// The nonce in a frame is not the one its number gives.
    #[error(
        "frame {number} has a nonce that is not its number: it was altered, or written by an unknown program"
    )]
    FrameNonce {
        /// Which.
        number: u32,
    },
    /// The last frame says it is longer than frames are.
    #[error("the final frame claims {bytes} bytes, but frames of this file have at most {max}")]
    FinalTooLong {
        /// The length it claims.
        bytes: u32,
        /// The frame size in the header.
        max: u32,
    },
    /// More frames than a message may have.
    #[error("the file has more than 4,294,967,295 frames")]
    TooManyFrames,
    /// The verification key and the suite do not fit together.
    #[error("{0}")]
    VerificationKey(&'static str),
    /// The signature is not the sealer's.
    #[error("the signature does not verify: the file was altered, or was not made by the one who sealed it")]
    Signature,
    /// The signature's length is impossible.
    #[error("the signature is {bytes} bytes long, which no signature of this suite is")]
    SignatureLength {
        /// The length it claims.
        bytes: u16,
    },
}

/// The part of a message in which a truncated file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Before the header was complete.
    Header,
    /// In this frame or before it.
    Frame(u32),
    /// In the signature.
    Signature,
}

impl std::fmt::Display for Within {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Header => f.write_str("inside the header"),
            Self::Frame(number) => write!(f, "inside frame {number}, and the final frame is missing"),
            Self::Signature => f.write_str("inside the signature"),
        }
    }
}
