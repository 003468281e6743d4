//! The head of an HTTP/1.1 answer, as far as a load generator cares.

use anyhow::{Result, bail};
use memchr::memmem;

/// Longest answer taken, in bytes.
pub const ANSWER_BYTES_MAX: usize = 512 * 1024;

/// What a head says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// Length of the head with its empty line, in bytes.
    pub head_bytes: usize,
    /// Length of the body, in bytes.
    pub body_bytes: usize,
}

impl Head {
    /// Length of the whole answer, in bytes; at most [`ANSWER_BYTES_MAX`].
    pub fn answer_bytes(&self) -> usize {
        self.head_bytes + self.body_bytes
    }

    /// Reads the head at the beginning of `bytes`; `None` if it is not all there yet.
    ///
    /// # Errors
    /// It is no HTTP/1.1 answer with a length, or too long a one.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(end) = memmem::find(bytes, b"\r\n\r\n") else {
            if bytes.len() >= ANSWER_BYTES_MAX {
                bail!("the head of an answer has more than {ANSWER_BYTES_MAX} bytes");
            }
            return Ok(None);
        };
        let (Some(status), Some(body_bytes)) = (status(bytes), length(&bytes[..end])) else {
            bail!("not an answer with a status and a length: {}", bytes[..end].escape_ascii());
        };
        let head_bytes = end + 4;
        if body_bytes > ANSWER_BYTES_MAX.saturating_sub(head_bytes) {
            bail!("an answer has more than {ANSWER_BYTES_MAX} bytes");
        }
        Ok(Some(Self { status, head_bytes, body_bytes }))
    }
}

fn status(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let starts = memchr::memchr_iter(b'\n', head).map(|at| at + 1);
    for start in starts {
        let line = &head[start..];
        if line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME) {
            let value = line[NAME.len()..].split(|b| *b == b'\r').next()?;
            return std::str::from_utf8(value).ok()?.trim().parse().ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-type: x\r\nContent-Length: 5\r\ndate: now\r\n\r\nhello";

    #[test]
    fn a_head_tells_status_and_lengths() {
        let head = Head::read(ANSWER).expect("well formed").expect("whole");
        assert_eq!((head.status, head.body_bytes, head.answer_bytes()), (200, 5, ANSWER.len()));
    }

    #[test]
    fn half_a_head_is_none_yet() {
        let end = ANSWER.len() - b"\nhello".len();
        for cut in 0..end {
            assert_eq!(Head::read(&ANSWER[..cut]).expect("no error"), None, "{cut}");
        }
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        for bad in [
            &b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"[..],
            b"HTTP/1.1 2x0 OK\r\ncontent-length: 1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: 524288\r\n\r\n",
            b"\r\n\r\n",
        ] {
            assert!(Head::read(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
