//! The key file: the unseal path that reads the root key from a file. The layout is laid down, byte by byte,
//! in `docs/formats/root-key-file.md`.

use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use keystead_crypto::SecretBytes;

use crate::private_file::{self, ReadError};

/// Length of the root key in bytes.
pub const KEY_BYTES: usize = 32;

/// Writes the text of a key file.
///
/// # Panics
/// If the key is not [`KEY_BYTES`] long: only this program makes root keys, and it makes them so.
pub fn encode(key: &SecretBytes) -> SecretBytes {
    assert_eq!(key.len(), KEY_BYTES, "a root key has 32 bytes");
    let mut text = SecretBytes::zeroed(FILE_BYTES);
    let mut rest = text.expose_mut();
    for part in [FIRST_LINES.as_bytes(), ID_LABEL] {
        rest[..part.len()].copy_from_slice(part);
        rest = &mut rest[part.len()..];
    }
    hex_into(&id(key), &mut rest[..2 * ID_BYTES]);
    rest = &mut rest[2 * ID_BYTES..];
    rest[..KEY_LABEL.len()].copy_from_slice(KEY_LABEL);
    rest = &mut rest[KEY_LABEL.len()..];
    hex_into(key.expose(), &mut rest[..2 * KEY_BYTES]);
    rest[2 * KEY_BYTES] = b'\n';
    text
}

/// Reads the text of a key file. One key has one spelling: anything else is an error.
pub fn decode(text: &[u8]) -> Result<SecretBytes, FormatError> {
    let rest = text.strip_prefix(FIRST_LINES.as_bytes()).ok_or(FormatError::NotAKeyFile)?;
    if text.len() != FILE_BYTES {
        return Err(FormatError::Damaged);
    }
    let rest = rest.strip_prefix(ID_LABEL).ok_or(FormatError::Damaged)?;
    let (written, rest) = rest.split_at(2 * ID_BYTES);
    let rest = rest.strip_prefix(KEY_LABEL).ok_or(FormatError::Damaged)?;
    let digits = rest.strip_suffix(b"\n").ok_or(FormatError::Damaged)?;
    let key = from_hex(digits).ok_or(FormatError::Damaged)?;
    let mut expected = [0; 2 * ID_BYTES];
    hex_into(&id(&key), &mut expected);
    match written == expected {
        true => Ok(key),
        false => Err(FormatError::Damaged),
    }
}

/// Reads a key file from disk, refusing one that others can read.
pub fn read(path: &Path) -> Result<SecretBytes, KeyFileError> {
    let text = private_file::read(path, FILE_BYTES)?;
    decode(text.expose()).map_err(|why| KeyFileError::Format { path: path.into(), why })
}

/// Why a root key could not be had from a file.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file could not be read.
    #[error("the root key file: {0}")]
    Read(#[from] ReadError),
    /// The file was read and holds no root key.
    #[error("the root key file {}: {why}", path.display())]
    Format {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong with it.
        why: FormatError,
    },
}

/// What is wrong with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It does not begin as a key file of this version does.
    #[error("it is not a Keystead root key file of version 1; check the path")]
    NotAKeyFile,
    /// It begins like one, and does not match its own check.
    #[error("it is damaged; restore it from a copy, because without it the data cannot be opened")]
    Damaged,
}

/// What tells one root key from another, and a whole one from a damaged one: the first eight bytes of
/// SHA-256 over a label and the key. It says nothing useful about a key of 256 random bits.
fn id(key: &SecretBytes) -> [u8; ID_BYTES] {
    let mut hash = Context::new(&SHA256);
    hash.update(b"keystead root key id 1\0");
    hash.update(key.expose());
    let mut id = [0; ID_BYTES];
    id.copy_from_slice(&hash.finish().as_ref()[..ID_BYTES]);
    id
}

/// Lower-case digits, written in place: `out` is twice as long as `bytes`. Without a table, so that no
/// address depends on the key.
fn hex_into(bytes: &[u8], out: &mut [u8]) {
    let digit = |nibble: u8| nibble + b'0' + (u8::from(nibble > 9) * (b'a' - b'0' - 10));
    for (pair, byte) in out.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
}

fn from_hex(digits: &[u8]) -> Option<SecretBytes> {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    if digits.len() != 2 * KEY_BYTES {
        return None;
    }
    let mut key = SecretBytes::zeroed(KEY_BYTES);
    for (byte, pair) in key.expose_mut().iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(key)
}

const FIRST_LINES: &str = "KEYSTEAD ROOT KEY 1\n\
    Whoever reads this file can open every key it protects; without it none can be opened.\n\
    Keep a copy offline, apart from the data and its backups.\n";
const ID_LABEL: &[u8] = b"id  ";
const KEY_LABEL: &[u8] = b"\nkey ";
const ID_BYTES: usize = 8;
const FILE_BYTES: usize =
    FIRST_LINES.len() + ID_LABEL.len() + 2 * ID_BYTES + KEY_LABEL.len() + 2 * KEY_BYTES + 1;

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> SecretBytes {
        SecretBytes::new((0..32).map(|n| n * 8 + 3).collect())
    }

    fn text(of: &SecretBytes) -> String {
        String::from_utf8(encode(of).expose().to_vec()).expect("ASCII")
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert!(decode(encode(&sample()).expose()).expect("whole") == sample());
    }

    #[test]
    fn the_page_in_docs_shows_what_is_written() {
        let page = include_str!("../../../docs/formats/root-key-file.md");
        let counting = SecretBytes::new((0..32).collect());
        assert!(page.contains(&text(&counting)), "expected to find:\n{}", text(&counting));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let whole = encode(&sample());
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut torn = whole.expose().to_vec();
                torn[at] ^= 1 << bit;
                assert!(decode(&torn).is_err(), "byte {at}, bit {bit}");
            }
            assert!(decode(&whole.expose()[..at]).is_err(), "cut at {at}");
        }
        assert!(decode(&[whole.expose(), b"\n"].concat()).is_err());
    }

    #[test]
    fn a_key_has_one_spelling() {
        let upper = text(&sample()).replace("key 030b13", "key 030B13");
        assert_eq!(decode(upper.as_bytes()).err(), Some(FormatError::Damaged));
        assert_eq!(decode(b"some other file").err(), Some(FormatError::NotAKeyFile));
    }

    #[test]
    fn the_file_on_disk_must_be_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("root.key");
        private_file::create(&path, encode(&sample()).expose()).expect("make");
        assert!(read(&path).expect("read") == sample());
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("chmod");
        assert!(matches!(read(&path), Err(KeyFileError::Read(ReadError::Exposed { .. }))));
    }
}
