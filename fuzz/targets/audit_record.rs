//! Records of the log: what decodes encodes to the same bytes, and prints as one line.
#![no_main]

use keystead_audit::Entry;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(entry) = Entry::decode(bytes) else { return };
    let mut again = Vec::new();
    entry.encode(&mut again);
    assert_eq!(again, bytes);
});
