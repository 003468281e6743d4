//! NIST's own vectors: those of its Cryptographic Algorithm Validation Program and known answers of FIPS 203 and 204,
//! as the Python package `cryptography-vectors` has them.
//!
//! The package is larger than this checkout, so it is not in it. `./test` installs it, and says in
//! `KEYSTEAD_NIST_VECTORS` where. Without that variable these tests do nothing, and one line says so; with it, a file
//! that cannot be read is a failure.

mod ec;
mod hash;
mod mac;
mod ml_dsa;
mod ml_kem;
mod rsa;
mod rsp;
mod wrapping;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Once;
use std::{env, fs};

use rsp::Block;

/// Names the folder that the package's files are in.
const VARIABLE: &str = "KEYSTEAD_NIST_VECTORS";

/// The package's folder; `None`, and a line on standard error, if there is no saying where it is.
fn folder() -> Option<Folder> {
    static SAID: Once = Once::new();
    let folder = env::var_os(VARIABLE);
    if folder.is_none() {
        // Written past the test runner, which hides what tests print that pass. A line that cannot be written is lost.
        SAID.call_once(|| {
            let _ = writeln!(
                io::stderr(),
                "NIST's vectors were SKIPPED: {VARIABLE} is not set. Run ./test --unit, or see docs/formats/material.md."
            );
        });
    }
    folder.map(|path| Folder(path.into()))
}

struct Folder(PathBuf);

impl Folder {
    /// What a file holds. Panics if it cannot be read or holds nothing.
    fn read(&self, file: &str) -> Vec<Block> {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| {
            panic!("{VARIABLE} has to name the folder of cryptography-vectors: {}: {error}", path.display())
        });
        let blocks = rsp::read(&text);
        assert!(!blocks.is_empty(), "{} holds nothing", path.display());
        blocks
    }
}

/// How many vectors came out right as what is to be taken, how many as what is to be refused, and how many concern
/// something that is not offered, by reason.
#[derive(Default)]
struct Count {
    taken: usize,
    refused: usize,
    left_out: BTreeMap<&'static str, usize>,
}

impl Count {
    fn leave_out(&mut self, why: &'static str) {
        *self.left_out.entry(why).or_default() += 1;
    }

    /// Says the numbers and asserts them, so that no vector gets lost.
    fn check(&self, what: &str, taken: usize, refused: usize, left_out: &[(&'static str, usize)]) {
        println!(
            "NIST, {what}: {} taken, {} refused, left out {:?}",
            self.taken, self.refused, self.left_out
        );
        let left_out: BTreeMap<&str, usize> = left_out.iter().copied().collect();
        assert_eq!((self.taken, self.refused, &self.left_out), (taken, refused, &left_out), "{what}");
    }
}

/// A number with zeros in front, up to `bytes`; longer ones stay as they are.
fn padded(number: &[u8], bytes: usize) -> Vec<u8> {
    [vec![0; bytes.saturating_sub(number.len())], number.to_vec()].concat()
}

/// DER of a number that is not negative (X.690 section 8.3), given without zeros in front.
fn integer(number: &[u8]) -> Vec<u8> {
    let sign = number.first().is_none_or(|first| first & 0x80 != 0);
    crate::der(0x02, &[vec![0; sign.into()], number.to_vec()].concat())
}
