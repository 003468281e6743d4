//! Signing keys of AWS Signature Version 4, held for the days, regions and services in use.

use std::sync::Arc;

use keystead_crypto::{Arena, SecretBytes, Slot, hmac_sha256};
use keystead_model::{Error, SigV4Proof};
use parking_lot::RwLock;
use zeroize::Zeroizing;

/// Day keys held for one access key: services and regions in use, and the change of the day.
const DAY_KEYS_MAX: usize = 8;

/// The day keys of one access key.
#[derive(Default)]
pub struct DayKeys(RwLock<Vec<DayKey>>);

/// A signing key: good for one day, region and service.
struct DayKey {
    day: [u8; 8],
    region: Box<str>,
    service: Box<str>,
    key: Slot,
}

impl DayKeys {
    /// Lends the day key of a proof's scope to `work`. `secret` is asked only where it is not held. With no room left in
    /// locked memory, the key serves this request only.
    ///
    /// # Errors
    /// Those of `secret`.
    pub fn with<R>(
        &self,
        arena: &Arc<Arena>,
        proof: &SigV4Proof<'_>,
        secret: impl FnOnce() -> Result<SecretBytes, Error>,
        work: impl FnOnce(&[u8; 32]) -> R,
    ) -> Result<R, Error> {
        if let Some(held) = self.0.read().iter().find(|held| held.is_for(proof)) {
            return Ok(held.key.expose(work));
        }
        let key = derived(&secret()?, proof);
        let result = work(&key);
        if let Ok(key) = arena.put(&key) {
            let held =
                DayKey { day: *proof.day, region: proof.region.into(), service: proof.service.into(), key };
            let mut keys = self.0.write();
            if keys.len() >= DAY_KEYS_MAX {
                keys.remove(0);
            }
            keys.push(held);
        }
        Ok(result)
    }
}

impl DayKey {
    fn is_for(&self, proof: &SigV4Proof<'_>) -> bool {
        self.day == *proof.day && *self.region == *proof.region && *self.service == *proof.service
    }
}

/// Signature Version 4, "derive a signing key": day, region, service, then `aws4_request`.
fn derived(secret: &SecretBytes, proof: &SigV4Proof<'_>) -> Zeroizing<[u8; 32]> {
    let start = Zeroizing::new([b"AWS4".as_slice(), secret.expose()].concat());
    let day = Zeroizing::new(hmac_sha256(&start, &[proof.day]));
    let region = Zeroizing::new(hmac_sha256(&*day, &[proof.region.as_bytes()]));
    let service = Zeroizing::new(hmac_sha256(&*region, &[proof.service.as_bytes()]));
    Zeroizing::new(hmac_sha256(&*service, &[b"aws4_request"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof<'a>(region: &'a str, service: &'a str) -> SigV4Proof<'a> {
        SigV4Proof {
            access_key: "AKIDEXAMPLE",
            session_token: None,
            day: b"20150830",
            region,
            service,
            string_to_sign: b"",
            signature: &[0; 32],
        }
    }

    fn secret() -> Result<SecretBytes, Error> {
        Ok(SecretBytes::copy_from(b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
    }

    /// The example of the AWS General Reference, "derive a signing key".
    const IAM: &str = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9";

    #[test]
    fn a_day_key_is_the_published_one_and_derived_once() {
        let (keys, arena) = (DayKeys::default(), Arena::new(8));
        let proof = proof("us-east-1", "iam");
        for again in [false, true] {
            let secret = || if again { Err(Error::Internal) } else { secret() };
            let key = keys.with(&arena, &proof, secret, |key| hex::encode(key));
            assert_eq!(key.as_deref(), Ok(IAM));
        }
    }

    #[test]
    fn without_room_a_day_key_is_derived_each_time() {
        let (keys, arena) = (DayKeys::default(), Arena::new(0));
        for _ in 0..2 {
            let key = keys.with(&arena, &proof("us-east-1", "iam"), secret, |key| hex::encode(key));
            assert_eq!(key.as_deref(), Ok(IAM));
        }
        let none = keys.with(&arena, &proof("us-east-1", "iam"), || Err(Error::Internal), |_| ());
        assert_eq!(none, Err(Error::Internal));
    }

    #[test]
    fn scopes_that_are_the_same_text_in_other_parts_have_keys_of_their_own() {
        let (keys, arena) = (DayKeys::default(), Arena::new(32));
        let key = |region, service| {
            keys.with(&arena, &proof(region, service), secret, |key| hex::encode(key)).expect("a key")
        };
        assert_ne!(key("us-east-1", "iam"), key("us-east-1i", "am"));
        for place in 0..20 {
            key("us-east-1", ["kms", "sts", "iam", "s3", "x"][place % 5]);
        }
        assert_eq!(key("us-east-1", "iam"), IAM);
        assert!(arena.used() <= DAY_KEYS_MAX);
    }
}
