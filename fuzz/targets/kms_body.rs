//! Bodies of AWS KMS requests, each read as the input of every operation: refused in words or taken, never a panic.
#![no_main]

use keystead_http::aws::kms_model::*;
use keystead_http::aws::wire::{Structure, read};
use libfuzzer_sys::fuzz_target;

fn each<'a, T: Structure<'a>>(body: &'a [u8]) {
    let _ = read::<T>(body);
}

fuzz_target!(|body: &[u8]| {
    each::<CancelKeyDeletionRequest<'_>>(body);
    each::<CreateAliasRequest<'_>>(body);
    each::<CreateKeyRequest<'_>>(body);
    each::<DecapsulateRequest<'_>>(body);
    each::<DecryptRequest<'_>>(body);
    each::<DeleteAliasRequest<'_>>(body);
    each::<DeriveSharedSecretRequest<'_>>(body);
    each::<DescribeKeyRequest<'_>>(body);
    each::<EnableKeyRotationRequest<'_>>(body);
    each::<EncapsulateRequest<'_>>(body);
    each::<EncryptRequest<'_>>(body);
    each::<GenerateDataKeyRequest<'_>>(body);
    each::<GenerateDataKeyPairRequest<'_>>(body);
    each::<GenerateDataKeyPairWithoutPlaintextRequest<'_>>(body);
    each::<GenerateMacRequest<'_>>(body);
    each::<GenerateRandomRequest<'_>>(body);
    each::<GetPublicKeyRequest<'_>>(body);
    each::<ListKeyRotationsRequest<'_>>(body);
    each::<ListKeysRequest<'_>>(body);
    each::<PutKeyPolicyRequest<'_>>(body);
    each::<ReEncryptRequest<'_>>(body);
    each::<ScheduleKeyDeletionRequest<'_>>(body);
    each::<SignRequest<'_>>(body);
    each::<TagResourceRequest<'_>>(body);
    each::<UntagResourceRequest<'_>>(body);
    each::<VerifyRequest<'_>>(body);
    each::<VerifyMacRequest<'_>>(body);
});
