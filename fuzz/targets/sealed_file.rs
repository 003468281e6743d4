//! Sealed files: reading a header, looking inside and opening end without a panic, and nothing opens unverified.
#![no_main]

use keystead_sdk::kms::{CallError, DataKey, KeyService, WrappedKey};
use keystead_sdk::{Context, Header, OpenOptions, Sink, Source, inspect, open};
use libfuzzer_sys::fuzz_target;

/// Unwraps everything to one data key, that of the seeds, so that readers get past the cryptography.
struct Willing;

const DATA_KEY: [u8; 32] = *b"@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_";

impl KeyService for Willing {
    fn generate(&self, key: &str, context: &Context) -> Result<(DataKey, WrappedKey), CallError> {
        let data_key = DataKey::new(&DATA_KEY);
        let wrapped = self.wrap(key, context, &data_key)?;
        Ok((data_key, wrapped))
    }

    fn wrap(&self, key: &str, _: &Context, _: &DataKey) -> Result<WrappedKey, CallError> {
        Ok(WrappedKey { key_arn: key.into(), ciphertext: vec![6; 64] })
    }

    fn unwrap(&self, key: &str, _: &Context, _: &[u8]) -> Result<(DataKey, String), CallError> {
        Ok((DataKey::new(&DATA_KEY), key.into()))
    }
}

fuzz_target!(|bytes: &[u8]| {
    let _ = Header::read(&mut &*bytes);
    let mut stream = bytes;
    let looked = inspect(Source::Stream(&mut stream)).is_ok();
    let (mut stream, mut plain) = (bytes, Vec::new());
    let mut options = OpenOptions::new();
    options.memory_bytes = 4 << 20;
    options.workers = std::num::NonZeroUsize::new(1);
    let opened = open(Source::Stream(&mut stream), Sink::Stream(&mut plain), &options, &Willing);
    assert!(looked || opened.is_err(), "what cannot be looked into has opened");
});
