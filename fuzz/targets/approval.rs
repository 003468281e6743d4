//! What approvers sign: what reads is written again as it was, and says the same when it is told apart by its fingerprint.
#![no_main]

use keystead_crypto::ApprovalStatement;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Behind the label and the version, too, which are hard to guess.
    let labelled = [b"keystead-approval\x01".as_slice(), bytes].concat();
    for bytes in [bytes, &labelled] {
        let Ok(statement) = ApprovalStatement::read(bytes) else { continue };
        assert_eq!(statement.write(), bytes, "one request has two spellings");
        assert!(statement.parameters.iter().count() <= keystead_crypto::ApprovalParameters::COUNT_MAX);
        let again = ApprovalStatement { id: keystead_model::ApprovalId([0; 16]), ..statement.clone() };
        assert_eq!(again.fingerprint(), statement.fingerprint());
    }
});
