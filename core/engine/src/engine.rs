//! The door itself: one short method an operation.

use std::sync::Arc;

use keystead_crypto::SecretBytes;
use keystead_model::{Action, Call, Caller, Error, KeyArn, Proof, Tag};

use crate::ops::*;
use crate::{Operation, Permit};

/// The one door to the keys.
pub struct Engine {}

impl Engine {
    /// Turns a proof into a caller. A refusal is recorded before this returns.
    pub async fn identify(&self, call: &Call, proof: &Proof<'_>) -> Result<Arc<Caller>, Error> {
        let _ = (call, proof);
        todo!()
    }

    /// Asks policy about one operation. A refusal is recorded before this returns.
    pub async fn authorise<Op: Operation>(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        op: Op,
    ) -> Result<Permit<Op>, Error> {
        let _ = (call, caller, op);
        todo!()
    }

    /// Records a request that a front refused by itself: bad form, bad signature, too many. Returns once the
    /// record is durable; an error means that it could not be made durable, and is to be answered instead.
    pub async fn refuse(
        &self,
        call: &Call,
        caller: Option<&Arc<Caller>>,
        action: Action,
        code: &str,
        message: &str,
    ) -> Result<(), Error> {
        let _ = (call, caller, action, code, message);
        todo!()
    }

    /// See [`Encrypt`].
    pub async fn encrypt(&self, permit: Permit<Encrypt>) -> Result<Encrypted, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`Decrypt`].
    pub async fn decrypt(&self, permit: Permit<Decrypt>) -> Result<Decrypted, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`ReEncrypt`].
    pub async fn re_encrypt(&self, permit: Permit<ReEncrypt>) -> Result<ReEncrypted, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`GenerateDataKey`].
    pub async fn generate_data_key(&self, permit: Permit<GenerateDataKey>) -> Result<DataKey, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`GenerateDataKeyWithoutPlaintext`].
    pub async fn generate_data_key_without_plaintext(
        &self,
        permit: Permit<GenerateDataKeyWithoutPlaintext>,
    ) -> Result<WrappedDataKey, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`GenerateRandom`].
    pub async fn generate_random(&self, permit: Permit<GenerateRandom>) -> Result<SecretBytes, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`CreateKey`].
    pub async fn create_key(&self, permit: Permit<CreateKey>) -> Result<KeyMetadata, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`DescribeKey`].
    pub async fn describe_key(&self, permit: Permit<DescribeKey>) -> Result<KeyMetadata, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`ListKeys`].
    pub async fn list_keys(&self, permit: Permit<ListKeys>) -> Result<Page<KeyArn>, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`UpdateKeyDescription`].
    pub async fn update_key_description(&self, permit: Permit<UpdateKeyDescription>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`EnableKey`].
    pub async fn enable_key(&self, permit: Permit<EnableKey>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`DisableKey`].
    pub async fn disable_key(&self, permit: Permit<DisableKey>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`ScheduleKeyDeletion`].
    pub async fn schedule_key_deletion(
        &self,
        permit: Permit<ScheduleKeyDeletion>,
    ) -> Result<ScheduledDeletion, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`CancelKeyDeletion`].
    pub async fn cancel_key_deletion(&self, permit: Permit<CancelKeyDeletion>) -> Result<KeyArn, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`CreateAlias`].
    pub async fn create_alias(&self, permit: Permit<CreateAlias>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`UpdateAlias`].
    pub async fn update_alias(&self, permit: Permit<UpdateAlias>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`DeleteAlias`].
    pub async fn delete_alias(&self, permit: Permit<DeleteAlias>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`ListAliases`].
    pub async fn list_aliases(&self, permit: Permit<ListAliases>) -> Result<Page<Alias>, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`TagResource`].
    pub async fn tag_resource(&self, permit: Permit<TagResource>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`UntagResource`].
    pub async fn untag_resource(&self, permit: Permit<UntagResource>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`ListResourceTags`].
    pub async fn list_resource_tags(&self, permit: Permit<ListResourceTags>) -> Result<Page<Tag>, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`GetKeyPolicy`].
    pub async fn get_key_policy(&self, permit: Permit<GetKeyPolicy>) -> Result<Box<str>, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`PutKeyPolicy`].
    pub async fn put_key_policy(&self, permit: Permit<PutKeyPolicy>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`ListKeyPolicies`].
    pub async fn list_key_policies(&self, permit: Permit<ListKeyPolicies>) -> Result<Page<Box<str>>, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`EnableKeyRotation`].
    pub async fn enable_key_rotation(&self, permit: Permit<EnableKeyRotation>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`DisableKeyRotation`].
    pub async fn disable_key_rotation(&self, permit: Permit<DisableKeyRotation>) -> Result<(), Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`GetKeyRotationStatus`].
    pub async fn get_key_rotation_status(
        &self,
        permit: Permit<GetKeyRotationStatus>,
    ) -> Result<RotationStatus, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`RotateKeyOnDemand`].
    pub async fn rotate_key_on_demand(&self, permit: Permit<RotateKeyOnDemand>) -> Result<KeyArn, Error> {
        let _ = permit.op;
        todo!()
    }

    /// See [`ListKeyRotations`].
    pub async fn list_key_rotations(
        &self,
        permit: Permit<ListKeyRotations>,
    ) -> Result<Page<Rotation>, Error> {
        let _ = permit.op;
        todo!()
    }
}

impl Operation for Encrypt {
    const ACTION: Action = Action::Encrypt;
}
impl Operation for Decrypt {
    const ACTION: Action = Action::Decrypt;
}
impl Operation for ReEncrypt {
    const ACTION: Action = Action::ReEncryptFrom;
}
impl Operation for GenerateDataKey {
    const ACTION: Action = Action::GenerateDataKey;
}
impl Operation for GenerateDataKeyWithoutPlaintext {
    const ACTION: Action = Action::GenerateDataKeyWithoutPlaintext;
}
impl Operation for GenerateRandom {
    const ACTION: Action = Action::GenerateRandom;
}
impl Operation for CreateKey {
    const ACTION: Action = Action::CreateKey;
}
impl Operation for DescribeKey {
    const ACTION: Action = Action::DescribeKey;
}
impl Operation for ListKeys {
    const ACTION: Action = Action::ListKeys;
}
impl Operation for UpdateKeyDescription {
    const ACTION: Action = Action::UpdateKeyDescription;
}
impl Operation for EnableKey {
    const ACTION: Action = Action::EnableKey;
}
impl Operation for DisableKey {
    const ACTION: Action = Action::DisableKey;
}
impl Operation for ScheduleKeyDeletion {
    const ACTION: Action = Action::ScheduleKeyDeletion;
}
impl Operation for CancelKeyDeletion {
    const ACTION: Action = Action::CancelKeyDeletion;
}
impl Operation for CreateAlias {
    const ACTION: Action = Action::CreateAlias;
}
impl Operation for UpdateAlias {
    const ACTION: Action = Action::UpdateAlias;
}
impl Operation for DeleteAlias {
    const ACTION: Action = Action::DeleteAlias;
}
impl Operation for ListAliases {
    const ACTION: Action = Action::ListAliases;
}
impl Operation for TagResource {
    const ACTION: Action = Action::TagResource;
}
impl Operation for UntagResource {
    const ACTION: Action = Action::UntagResource;
}
impl Operation for ListResourceTags {
    const ACTION: Action = Action::ListResourceTags;
}
impl Operation for GetKeyPolicy {
    const ACTION: Action = Action::GetKeyPolicy;
}
impl Operation for PutKeyPolicy {
    const ACTION: Action = Action::PutKeyPolicy;
}
impl Operation for ListKeyPolicies {
    const ACTION: Action = Action::ListKeyPolicies;
}
impl Operation for EnableKeyRotation {
    const ACTION: Action = Action::EnableKeyRotation;
}
impl Operation for DisableKeyRotation {
    const ACTION: Action = Action::DisableKeyRotation;
}
impl Operation for GetKeyRotationStatus {
    const ACTION: Action = Action::GetKeyRotationStatus;
}
impl Operation for RotateKeyOnDemand {
    const ACTION: Action = Action::RotateKeyOnDemand;
}
impl Operation for ListKeyRotations {
    const ACTION: Action = Action::ListKeyRotations;
}
