//! Attestation documents: bytes of a stranger, through CBOR, COSE and certificates, up to the first signature and
//! past it where the fuzzer keeps what the seed has.
#![no_main]

use keystead_attestation::{DOCUMENT_BYTES_MAX, Document, Roots, Verifier};
use keystead_model::Timestamp;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const ROOT: &[u8] = include_bytes!("../seeds/attestation/root");
const SEED: &[u8] = include_bytes!("../seeds/attestation/enclave");
/// Within the time of the seed's certificates, and the time of its document.
const NOW: Timestamp = Timestamp(1_790_000_000_000);

static VERIFIER: LazyLock<Verifier> =
    LazyLock::new(|| Verifier::new(Roots::read(vec![ROOT.to_vec()]).expect("the seed's root"), 300));
static SAID: LazyLock<String> =
    LazyLock::new(|| VERIFIER.verify(SEED, NOW).ok().expect("the seed is true").to_string());

fuzz_target!(|data: &[u8]| {
    if Document::read(data).is_ok() {
        assert!(data.len() <= DOCUMENT_BYTES_MAX);
    }
    // Nobody can make the seed's keys sign, so whatever is believed says what the seed says.
    if let Ok(attested) = VERIFIER.verify(data, NOW) {
        assert_eq!(attested.to_string(), *SAID);
    }
    let _ = Roots::read(vec![data.to_vec()]);
});
