//! Wire to model, and model to wire, one pair of functions an operation.
//!
//! Requests are unpacked by name, so that a member the model gains has to be thought about here.

use keystead_engine::ops;
use keystead_model::{
    EncryptionAlgorithm, EncryptionContext, KeyArn, KeyId, KeyRef, KeyRefError, KeySpec, KeyState, KeyUsage,
    MaterialId, Origin, Tag, Tags,
};

use super::kms_model::*;
use super::rules::Text;
use super::wire::{Pairs, Writer, Written};
use crate::door::Refusal;

mod asymmetric;
mod grants;
mod import;
mod key_stores;
mod recipient;
mod regions;
mod usage;

pub(super) use asymmetric::*;
pub(super) use grants::{
    create_grant, granted, grants, list_grants, list_retirable_grants, retire_grant, revoke_grant,
};
pub(super) use import::{
    delete_imported_key_material, get_parameters_for_import, import_key_material, import_parameters,
    imported_material,
};
pub(super) use key_stores::{
    connect_custom_key_store, create_custom_key_store, custom_key_store_id, custom_key_stores,
    delete_custom_key_store, describe_custom_key_stores, disconnect_custom_key_store, empty,
    update_custom_key_store,
};
use recipient::{handed_out, recipient};
pub(super) use regions::{replicate_key, replicated, update_primary_region};
pub(super) use usage::{get_key_last_usage, key_used};

type Taken<T> = Result<T, Refusal>;

// --- Members that several operations have ------------------------------------------------------------------

/// A required member. The reader has refused requests that lack one, so this refuses nothing more.
fn given<T>(member: Option<T>) -> Taken<T> {
    member.ok_or_else(|| Refusal::Validation("a required member is missing".into()))
}

fn key(text: Option<Text<'_>>) -> Taken<KeyRef> {
    key_ref(&given(text)?)
}

fn optional_key(text: Option<Text<'_>>) -> Taken<Option<KeyRef>> {
    text.map(|text| key_ref(&text)).transpose()
}

fn key_ref(text: &str) -> Taken<KeyRef> {
    KeyRef::parse(text).map_err(|error| match error {
        KeyRefError::Arn(_) => Refusal::InvalidArn(error.to_string()),
        KeyRefError::Alias(reason) => Refusal::Validation(format!("Invalid keyId {text}: {reason}")),
    })
}

fn context(pairs: Option<Pairs>) -> Taken<EncryptionContext> {
    match pairs {
        None => Ok(EncryptionContext::default()),
        Some(pairs) => EncryptionContext::new(pairs).map_err(|error| Refusal::Validation(error.to_string())),
    }
}

fn algorithm(text: Option<Text<'_>>) -> EncryptionAlgorithm {
    // The reader has refused every word that is not in the model's list, which is ours too.
    text.and_then(|text| EncryptionAlgorithm::parse(&text)).unwrap_or(EncryptionAlgorithm::SymmetricDefault)
}

/// The reader has held the list and its items to their limits.
fn grant_tokens(tokens: Option<Vec<Text<'_>>>) -> Vec<Box<str>> {
    tokens.into_iter().flatten().map(Box::from).collect()
}

/// Whether a dry run is to be decided by the keys alone. On its own the modifier says nothing.
fn ignores_ciphertext(dry_run: bool, modifiers: Option<Vec<Text<'_>>>) -> bool {
    dry_run && modifiers.into_iter().flatten().any(|modifier| modifier == "IGNORE_CIPHERTEXT")
}

fn page(limit: Option<i32>, marker: Option<Text<'_>>) -> Taken<ops::PageRequest> {
    Ok(ops::PageRequest { limit: limit.map(small).transpose()?, marker: marker.map(Box::from) })
}

fn small(number: i32) -> Taken<u16> {
    u16::try_from(number).map_err(|_| Refusal::Validation(format!("{number} is out of range")))
}

fn tags(list: Vec<super::kms_model::Tag<'_>>) -> Taken<Tags> {
    let mut tags = Vec::with_capacity(list.len());
    for super::kms_model::Tag { tag_key, tag_value } in list {
        tags.push(Tag { key: given(tag_key)?.into(), value: given(tag_value)?.into() });
    }
    Tags::new(tags).map_err(|error| Refusal::Tag(error.to_string()))
}

/// The length of a data key: by number or by spec, not both.
fn data_key_bytes(number: Option<i32>, spec: Option<Text<'_>>) -> Taken<u16> {
    match (number, spec.as_deref()) {
        (Some(number), None) => small(number),
        (None, Some("AES_256")) => Ok(32),
        (None, Some("AES_128")) => Ok(16),
        _ => Err(Refusal::Validation("Please specify either number of bytes or key spec.".into())),
    }
}

/// A new alias name without its prefix is told with a hint; all other rules are the engine's.
fn alias_name(name: Option<Text<'_>>) -> Taken<Box<str>> {
    let name = given(name)?;
    match name.starts_with("alias/") {
        true => Ok(name.into()),
        false => Err(Refusal::Validation(
            "Alias must start with the prefix \"alias/\". Please see \
             https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
                .into(),
        )),
    }
}

// --- Requests ----------------------------------------------------------------------------------------------

pub(super) fn encrypt(wire: EncryptRequest<'_>) -> Taken<ops::Encrypt> {
    let EncryptRequest { dry_run, encryption_algorithm, encryption_context, grant_tokens, key_id, plaintext } =
        wire;
    Ok(ops::Encrypt {
        key: key(key_id)?,
        plaintext: given(plaintext)?,
        context: context(encryption_context)?,
        algorithm: algorithm(encryption_algorithm),
        grant_tokens: self::grant_tokens(grant_tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(super) fn decrypt(wire: DecryptRequest<'_>) -> Taken<ops::Decrypt> {
    let DecryptRequest {
        ciphertext_blob,
        dry_run,
        dry_run_modifiers,
        encryption_algorithm,
        encryption_context,
        grant_tokens,
        key_id,
        recipient,
    } = wire;
    let (dry_run, algorithm) = (dry_run.unwrap_or(false), algorithm(encryption_algorithm));
    let ignore_ciphertext = ignores_ciphertext(dry_run, dry_run_modifiers);
    let ciphertext = ciphertext(ciphertext_blob, ignore_ciphertext)?;
    let key = optional_key(key_id)?;
    named_apart(key.is_some(), algorithm, ignore_ciphertext, "KeyId")?;
    Ok(ops::Decrypt {
        key,
        ciphertext,
        context: context(encryption_context)?,
        algorithm,
        grant_tokens: self::grant_tokens(grant_tokens),
        recipient: self::recipient(recipient)?,
        dry_run,
        ignore_ciphertext,
    })
}

/// The model lets this member be absent for the sake of dry runs that ignore it.
fn ciphertext(blob: Option<Box<[u8]>>, ignored: bool) -> Taken<Box<[u8]>> {
    match blob {
        Some(blob) => Ok(blob),
        None if ignored => Ok(Box::default()),
        None => Err(Refusal::Validation(
            "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member \
             must not be null"
                .into(),
        )),
    }
}

/// The ciphertexts of asymmetric keys do not say which key they are for, and one that is ignored says nothing.
fn named_apart(named: bool, algorithm: EncryptionAlgorithm, ignored: bool, member: &str) -> Taken<()> {
    let has_to_be = ignored || algorithm != EncryptionAlgorithm::SymmetricDefault;
    match has_to_be && !named {
        true => Err(Refusal::Validation(format!("{member} must not be null"))),
        false => Ok(()),
    }
}

pub(super) fn re_encrypt(wire: ReEncryptRequest<'_>) -> Taken<ops::ReEncrypt> {
    let ReEncryptRequest {
        ciphertext_blob,
        destination_encryption_algorithm,
        destination_encryption_context,
        destination_key_id,
        dry_run,
        dry_run_modifiers,
        grant_tokens,
        source_encryption_algorithm,
        source_encryption_context,
        source_key_id,
    } = wire;
    let (dry_run, source_algorithm) = (dry_run.unwrap_or(false), algorithm(source_encryption_algorithm));
    let ignore_ciphertext = ignores_ciphertext(dry_run, dry_run_modifiers);
    let ciphertext = ciphertext(ciphertext_blob, ignore_ciphertext)?;
    let source_key = optional_key(source_key_id)?;
    named_apart(source_key.is_some(), source_algorithm, ignore_ciphertext, "SourceKeyId")?;
    Ok(ops::ReEncrypt {
        ciphertext,
        source_key,
        source_context: context(source_encryption_context)?,
        source_algorithm,
        destination_key: key(destination_key_id)?,
        destination_context: context(destination_encryption_context)?,
        destination_algorithm: algorithm(destination_encryption_algorithm),
        grant_tokens: self::grant_tokens(grant_tokens),
        dry_run,
        ignore_ciphertext,
    })
}

pub(super) fn generate_data_key(wire: GenerateDataKeyRequest<'_>) -> Taken<ops::GenerateDataKey> {
    let GenerateDataKeyRequest {
        dry_run,
        encryption_context,
        grant_tokens,
        key_id,
        key_spec,
        number_of_bytes,
        recipient,
    } = wire;
    Ok(ops::GenerateDataKey {
        key: key(key_id)?,
        bytes: data_key_bytes(number_of_bytes, key_spec)?,
        context: context(encryption_context)?,
        grant_tokens: self::grant_tokens(grant_tokens),
        recipient: self::recipient(recipient)?,
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(super) fn generate_data_key_without_plaintext(
    wire: GenerateDataKeyWithoutPlaintextRequest<'_>,
) -> Taken<ops::GenerateDataKeyWithoutPlaintext> {
    let GenerateDataKeyWithoutPlaintextRequest {
        dry_run,
        encryption_context,
        grant_tokens,
        key_id,
        key_spec,
        number_of_bytes,
    } = wire;
    Ok(ops::GenerateDataKeyWithoutPlaintext {
        key: key(key_id)?,
        bytes: data_key_bytes(number_of_bytes, key_spec)?,
        context: context(encryption_context)?,
        grant_tokens: self::grant_tokens(grant_tokens),
        dry_run: dry_run.unwrap_or(false),
    })
}

pub(super) fn generate_random(wire: GenerateRandomRequest<'_>) -> Taken<ops::GenerateRandom> {
    let GenerateRandomRequest { custom_key_store_id, number_of_bytes, recipient } = wire;
    let number = number_of_bytes.ok_or_else(|| Refusal::Validation("NumberOfBytes is required.".into()))?;
    Ok(ops::GenerateRandom {
        bytes: small(number)?,
        recipient: self::recipient(recipient)?,
        key_store: custom_key_store_id.map(Box::from),
    })
}

pub(super) fn create_key(wire: CreateKeyRequest<'_>) -> Taken<ops::CreateKey> {
    let CreateKeyRequest {
        bypass_policy_lockout_safety_check,
        custom_key_store_id,
        customer_master_key_spec,
        description,
        key_spec,
        key_usage,
        multi_region,
        origin,
        policy,
        tags: tag_list,
        xks_key_id,
    } = wire;
    if key_spec.is_some() && customer_master_key_spec.is_some() {
        return Err(Refusal::Validation(
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is \
             deprecated."
                .into(),
        ));
    }
    let spec = key_spec.or(customer_master_key_spec);
    let spec = spec.and_then(|spec| KeySpec::parse(&spec)).unwrap_or(KeySpec::SymmetricDefault);
    let usage = match key_usage.and_then(|usage| KeyUsage::parse(&usage)) {
        Some(usage) => usage,
        None if spec == KeySpec::SymmetricDefault => KeyUsage::EncryptDecrypt,
        None => {
            return Err(Refusal::Validation(
                "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
                    .into(),
            ));
        }
    };
    Ok(ops::CreateKey {
        spec,
        usage,
        origin: origin.and_then(|origin| Origin::parse(&origin)).unwrap_or(Origin::AwsKms),
        description: description.unwrap_or_default().into(),
        policy: policy.map(Box::from),
        tags: tags(tag_list.unwrap_or_default())?,
        multi_region: multi_region.unwrap_or(false),
        key_store: custom_key_store_id.map(Box::from),
        external_key: xks_key_id.map(Box::from),
        bypass_policy_lockout_safety_check: bypass_policy_lockout_safety_check.unwrap_or(false),
    })
}

pub(super) fn describe_key(wire: DescribeKeyRequest<'_>) -> Taken<ops::DescribeKey> {
    let DescribeKeyRequest { grant_tokens, key_id } = wire;
    Ok(ops::DescribeKey { key: key(key_id)?, grant_tokens: self::grant_tokens(grant_tokens) })
}

pub(super) fn list_keys(wire: ListKeysRequest<'_>) -> Taken<ops::ListKeys> {
    let ListKeysRequest { limit, marker, resource_owners } = wire;
    if resource_owners.into_iter().flatten().any(|owner| owner != "SELF") {
        return Err(Refusal::Unsupported("This server lists the keys of the caller's account only.".into()));
    }
    Ok(ops::ListKeys { page: page(limit, marker)? })
}

pub(super) fn update_key_description(
    wire: UpdateKeyDescriptionRequest<'_>,
) -> Taken<ops::UpdateKeyDescription> {
    let UpdateKeyDescriptionRequest { description, key_id } = wire;
    Ok(ops::UpdateKeyDescription { key: key(key_id)?, description: given(description)?.into() })
}

pub(super) fn enable_key(wire: EnableKeyRequest<'_>) -> Taken<ops::EnableKey> {
    let EnableKeyRequest { key_id } = wire;
    Ok(ops::EnableKey { key: key(key_id)? })
}

pub(super) fn disable_key(wire: DisableKeyRequest<'_>) -> Taken<ops::DisableKey> {
    let DisableKeyRequest { key_id } = wire;
    Ok(ops::DisableKey { key: key(key_id)? })
}

pub(super) fn schedule_key_deletion(wire: ScheduleKeyDeletionRequest<'_>) -> Taken<ops::ScheduleKeyDeletion> {
    let ScheduleKeyDeletionRequest { key_id, pending_window_in_days } = wire;
    let window_days = pending_window_in_days.map(small).transpose()?;
    Ok(ops::ScheduleKeyDeletion { key: key(key_id)?, window_days })
}

pub(super) fn cancel_key_deletion(wire: CancelKeyDeletionRequest<'_>) -> Taken<ops::CancelKeyDeletion> {
    let CancelKeyDeletionRequest { key_id } = wire;
    Ok(ops::CancelKeyDeletion { key: key(key_id)? })
}

pub(super) fn create_alias(wire: CreateAliasRequest<'_>) -> Taken<ops::CreateAlias> {
    let CreateAliasRequest { alias_name: name, target_key_id } = wire;
    Ok(ops::CreateAlias { name: alias_name(name)?, target: key(target_key_id)? })
}

pub(super) fn update_alias(wire: UpdateAliasRequest<'_>) -> Taken<ops::UpdateAlias> {
    let UpdateAliasRequest { alias_name: name, target_key_id } = wire;
    Ok(ops::UpdateAlias { name: alias_name(name)?, target: key(target_key_id)? })
}

pub(super) fn delete_alias(wire: DeleteAliasRequest<'_>) -> Taken<ops::DeleteAlias> {
    let DeleteAliasRequest { alias_name: name } = wire;
    Ok(ops::DeleteAlias { name: alias_name(name)? })
}

pub(super) fn list_aliases(wire: ListAliasesRequest<'_>) -> Taken<ops::ListAliases> {
    let ListAliasesRequest { key_id, limit, marker } = wire;
    Ok(ops::ListAliases { key: optional_key(key_id)?, page: page(limit, marker)? })
}

pub(super) fn tag_resource(wire: TagResourceRequest<'_>) -> Taken<ops::TagResource> {
    let TagResourceRequest { key_id, tags: tag_list } = wire;
    Ok(ops::TagResource { key: key(key_id)?, tags: tags(given(tag_list)?)? })
}

pub(super) fn untag_resource(wire: UntagResourceRequest<'_>) -> Taken<ops::UntagResource> {
    let UntagResourceRequest { key_id, tag_keys } = wire;
    let tag_keys = given(tag_keys)?.into_iter().map(Box::from).collect();
    Ok(ops::UntagResource { key: key(key_id)?, tag_keys })
}

/// Most tags on one page: a limit that AWS documents outside its model.
const TAGS_PER_PAGE_MAX: i32 = 50;

pub(super) fn list_resource_tags(wire: ListResourceTagsRequest<'_>) -> Taken<ops::ListResourceTags> {
    let ListResourceTagsRequest { key_id, limit, marker } = wire;
    if let Some(limit) = limit.filter(|limit| *limit > TAGS_PER_PAGE_MAX) {
        return Err(Refusal::Validation(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must \
             have value less than or equal to {TAGS_PER_PAGE_MAX}"
        )));
    }
    Ok(ops::ListResourceTags { key: key(key_id)?, page: page(limit, marker)? })
}

pub(super) fn get_key_policy(wire: GetKeyPolicyRequest<'_>) -> Taken<ops::GetKeyPolicy> {
    let GetKeyPolicyRequest { key_id, policy_name } = wire;
    Ok(ops::GetKeyPolicy { key: key(key_id)?, name: policy_name.map(Box::from) })
}

pub(super) fn put_key_policy(wire: PutKeyPolicyRequest<'_>) -> Taken<ops::PutKeyPolicy> {
    let PutKeyPolicyRequest { bypass_policy_lockout_safety_check, key_id, policy, policy_name } = wire;
    Ok(ops::PutKeyPolicy {
        key: key(key_id)?,
        name: policy_name.map(Box::from),
        policy: given(policy)?.into(),
        bypass_policy_lockout_safety_check: bypass_policy_lockout_safety_check.unwrap_or(false),
    })
}

pub(super) fn list_key_policies(wire: ListKeyPoliciesRequest<'_>) -> Taken<ops::ListKeyPolicies> {
    let ListKeyPoliciesRequest { key_id, limit, marker } = wire;
    Ok(ops::ListKeyPolicies { key: key(key_id)?, page: page(limit, marker)? })
}

pub(super) fn enable_key_rotation(wire: EnableKeyRotationRequest<'_>) -> Taken<ops::EnableKeyRotation> {
    let EnableKeyRotationRequest { key_id, rotation_period_in_days } = wire;
    let period_days = rotation_period_in_days.map(small).transpose()?;
    Ok(ops::EnableKeyRotation { key: key(key_id)?, period_days })
}

pub(super) fn disable_key_rotation(wire: DisableKeyRotationRequest<'_>) -> Taken<ops::DisableKeyRotation> {
    let DisableKeyRotationRequest { key_id } = wire;
    Ok(ops::DisableKeyRotation { key: key(key_id)? })
}

pub(super) fn get_key_rotation_status(
    wire: GetKeyRotationStatusRequest<'_>,
) -> Taken<ops::GetKeyRotationStatus> {
    let GetKeyRotationStatusRequest { key_id } = wire;
    Ok(ops::GetKeyRotationStatus { key: key(key_id)? })
}

pub(super) fn rotate_key_on_demand(wire: RotateKeyOnDemandRequest<'_>) -> Taken<ops::RotateKeyOnDemand> {
    let RotateKeyOnDemandRequest { key_id } = wire;
    Ok(ops::RotateKeyOnDemand { key: key(key_id)? })
}

pub(super) fn list_key_rotations(wire: ListKeyRotationsRequest<'_>) -> Taken<ops::ListKeyRotations> {
    let ListKeyRotationsRequest { include_key_material, key_id, limit, marker } = wire;
    Ok(ops::ListKeyRotations {
        key: key(key_id)?,
        all_material: include_key_material.as_deref() == Some("ALL_KEY_MATERIAL"),
        page: page(limit, marker)?,
    })
}

// --- Answers -----------------------------------------------------------------------------------------------

/// About how long an answer's text is besides its blobs, in bytes.
const ANSWER_BYTES: usize = 384;

/// Room for an answer with so many bytes of blobs.
fn writer(blob_bytes: usize) -> Writer {
    Writer::new(ANSWER_BYTES + blob_bytes / 3 * 4 + 8)
}

fn material(writer: &mut Writer, name: &str, material: &MaterialId) {
    writer.hex(name, &material.0);
}

/// A bare key id. Its text is ASCII.
fn id(writer: &mut Writer, name: &str, key: &KeyId) {
    writer.text(name, std::str::from_utf8(&key.text()).unwrap_or_default());
}

/// The answer of an operation that has none: no body at all.
pub(super) fn nothing((): ()) -> Written {
    Written::Open(Vec::new())
}

pub(super) fn encrypted(answer: ops::Encrypted) -> Written {
    let ops::Encrypted { key, ciphertext, algorithm } = answer;
    let mut writer = writer(ciphertext.len());
    writer.blob("CiphertextBlob", &ciphertext).plain("KeyId", key);
    writer.text("EncryptionAlgorithm", algorithm.as_str());
    writer.finish()
}

pub(super) fn decrypted(answer: ops::Decrypted) -> Written {
    let ops::Decrypted { key, material: version, plaintext, algorithm } = answer;
    let mut writer = writer(plaintext.expose().len());
    writer.plain("KeyId", key);
    handed_out(&mut writer, "Plaintext", &plaintext);
    writer.text("EncryptionAlgorithm", algorithm.as_str());
    if let (Some(version), ops::HandedOut::Plain(_)) = (version, &plaintext) {
        material(&mut writer, "KeyMaterialId", &version);
    }
    writer.finish()
}

pub(super) fn re_encrypted(answer: ops::ReEncrypted) -> Written {
    let ops::ReEncrypted {
        ciphertext,
        source_key,
        source_material,
        source_algorithm,
        destination_key,
        destination_material,
        destination_algorithm,
    } = answer;
    let mut writer = writer(ciphertext.len() + 256);
    writer
        .blob("CiphertextBlob", &ciphertext)
        .plain("SourceKeyId", source_key)
        .plain("KeyId", destination_key);
    writer.text("SourceEncryptionAlgorithm", source_algorithm.as_str());
    writer.text("DestinationEncryptionAlgorithm", destination_algorithm.as_str());
    if let Some(version) = source_material {
        material(&mut writer, "SourceKeyMaterialId", &version);
    }
    if let Some(version) = destination_material {
        material(&mut writer, "DestinationKeyMaterialId", &version);
    }
    writer.finish()
}

pub(super) fn data_key(answer: ops::DataKey) -> Written {
    let ops::DataKey { key, material: version, plaintext, ciphertext } = answer;
    let mut writer = writer(plaintext.expose().len() + ciphertext.len());
    writer.blob("CiphertextBlob", &ciphertext);
    handed_out(&mut writer, "Plaintext", &plaintext);
    writer.plain("KeyId", key);
    // The model: left out if the request has a recipient.
    if let ops::HandedOut::Plain(_) = plaintext {
        material(&mut writer, "KeyMaterialId", &version);
    }
    writer.finish()
}

pub(super) fn wrapped_data_key(answer: ops::WrappedDataKey) -> Written {
    let ops::WrappedDataKey { key, material: version, ciphertext } = answer;
    let mut writer = writer(ciphertext.len());
    writer.blob("CiphertextBlob", &ciphertext).plain("KeyId", key);
    material(&mut writer, "KeyMaterialId", &version);
    writer.finish()
}

pub(super) fn random(answer: ops::HandedOut) -> Written {
    let mut writer = writer(answer.expose().len());
    handed_out(&mut writer, "Plaintext", &answer);
    writer.finish()
}

pub(super) fn key_metadata(answer: ops::KeyMetadata) -> Written {
    let mut writer = writer(768);
    writer.object("KeyMetadata", |writer| metadata(writer, &answer));
    writer.finish()
}

fn metadata(writer: &mut Writer, key: &ops::KeyMetadata) {
    let ops::KeyMetadata {
        arn,
        created,
        description,
        spec,
        usage,
        state,
        origin,
        manager,
        deletion,
        window_days,
        regions,
        key_store,
        external_key,
        material: version,
        expiry,
    } = key;
    writer.plain("AWSAccountId", arn.account);
    id(writer, "KeyId", &arn.key);
    writer
        .plain("Arn", arn)
        .time("CreationDate", *created)
        .boolean("Enabled", *state == KeyState::Enabled)
        .text("Description", description)
        .text("KeyUsage", usage.as_str())
        .text("KeyState", state.as_str());
    if let Some(deletion) = deletion {
        writer.time("DeletionDate", *deletion);
    }
    if let Some(days) = window_days {
        writer.integer("PendingDeletionWindowInDays", u64::from(*days));
    }
    writer
        .text("Origin", origin.as_str())
        .text("KeyManager", manager.as_str())
        .text("CustomerMasterKeySpec", spec.as_str())
        .text("KeySpec", spec.as_str());
    algorithms(writer, *spec, *usage);
    writer.boolean("MultiRegion", regions.is_some());
    key_stores::place_of_key(writer, key_store.as_deref(), external_key.as_deref());
    if let Some(related) = regions {
        regions::related_keys(writer, arn, related);
    }
    if let Some(version) = version {
        material(writer, "CurrentKeyMaterialId", version);
    }
    if let Some(expiry) = expiry {
        import::expiry(writer, *expiry);
    }
}

/// What a key can do, in the member that says it.
fn algorithms(writer: &mut Writer, spec: KeySpec, usage: KeyUsage) {
    let name = match usage {
        KeyUsage::EncryptDecrypt => "EncryptionAlgorithms",
        KeyUsage::SignVerify => "SigningAlgorithms",
        KeyUsage::GenerateVerifyMac => "MacAlgorithms",
        KeyUsage::KeyAgreement => "KeyAgreementAlgorithms",
        KeyUsage::EncapsulateDecapsulate => "EncapsulationAlgorithms",
    };
    writer.words(name, &spec.algorithms(usage));
}

/// A page of a listing: the items, where the next one starts, and whether there is one.
fn paged<T>(page: ops::Page<T>, name: &str, each: impl FnMut(&mut Writer, T)) -> Written {
    let ops::Page { items, next } = page;
    let mut writer = writer(items.len() * 192);
    writer.objects(name, items, each);
    end_of_page(writer, next)
}

fn end_of_page(mut writer: Writer, next: Option<Box<str>>) -> Written {
    writer.boolean("Truncated", next.is_some());
    if let Some(next) = next {
        writer.text("NextMarker", &next);
    }
    writer.finish()
}

pub(super) fn keys(page: ops::Page<KeyArn>) -> Written {
    paged(page, "Keys", |writer, arn| {
        id(writer, "KeyId", &arn.key);
        writer.plain("KeyArn", arn);
    })
}

pub(super) fn aliases(page: ops::Page<ops::Alias>) -> Written {
    paged(page, "Aliases", |writer, ops::Alias { arn, target, created, updated }| {
        writer.text("AliasName", arn.name.as_str()).plain("AliasArn", &arn);
        id(writer, "TargetKeyId", &target);
        writer.time("CreationDate", created).time("LastUpdatedDate", updated);
    })
}

pub(super) fn resource_tags(page: ops::Page<Tag>) -> Written {
    paged(page, "Tags", |writer, tag| one_tag(writer, &tag))
}

fn one_tag(writer: &mut Writer, Tag { key, value }: &Tag) {
    writer.text("TagKey", key).text("TagValue", value);
}

pub(super) fn policy(text: Box<str>) -> Written {
    let mut writer = writer(text.len());
    writer.text("Policy", &text).text("PolicyName", "default");
    writer.finish()
}

pub(super) fn policy_names(page: ops::Page<Box<str>>) -> Written {
    let ops::Page { items, next } = page;
    let mut writer = writer(0);
    writer.texts("PolicyNames", items.iter().map(|name| &**name));
    end_of_page(writer, next)
}

pub(super) fn scheduled_deletion(answer: ops::ScheduledDeletion) -> Written {
    let ops::ScheduledDeletion { key, at, state, window_days } = answer;
    let mut writer = writer(0);
    writer.plain("KeyId", key);
    if let Some(at) = at {
        writer.time("DeletionDate", at);
    }
    writer.text("KeyState", state.as_str());
    writer.integer("PendingWindowInDays", window_days.into());
    writer.finish()
}

pub(super) fn key_id(key: KeyArn) -> Written {
    let mut writer = writer(0);
    writer.plain("KeyId", key);
    writer.finish()
}

pub(super) fn rotation_status(answer: ops::RotationStatus) -> Written {
    let ops::RotationStatus { key, enabled, period_days, next, on_demand_started } = answer;
    let mut writer = writer(0);
    writer.plain("KeyId", key).boolean("KeyRotationEnabled", enabled);
    if let Some(days) = period_days {
        writer.integer("RotationPeriodInDays", days.into());
    }
    if let Some(next) = next {
        writer.time("NextRotationDate", next);
    }
    if let Some(started) = on_demand_started {
        writer.time("OnDemandRotationStartDate", started);
    }
    writer.finish()
}

pub(super) fn rotations(page: ops::Page<ops::Rotation>) -> Written {
    paged(page, "Rotations", |writer, rotation| {
        let ops::Rotation { key, material: version, state, at, kind, import } = rotation;
        writer.plain("KeyId", key);
        material(writer, "KeyMaterialId", &version);
        writer.text(
            "KeyMaterialState",
            match state {
                ops::MaterialState::Current => "CURRENT",
                ops::MaterialState::NonCurrent => "NON_CURRENT",
                ops::MaterialState::PendingRotation => "PENDING_ROTATION",
                ops::MaterialState::PendingMultiRegion => "PENDING_MULTI_REGION_IMPORT_AND_ROTATION",
            },
        );
        if let Some(import) = import {
            import::imported_version(writer, import);
        }
        if let Some(at) = at {
            writer.time("RotationDate", at);
        }
        if let Some(kind) = kind {
            writer.text(
                "RotationType",
                match kind {
                    ops::RotationKind::Automatic => "AUTOMATIC",
                    ops::RotationKind::OnDemand => "ON_DEMAND",
                },
            );
        }
    })
}

#[cfg(test)]
mod tests {
    use keystead_engine::SecretBytes;
    use keystead_engine::ops::HandedOut;
    use keystead_model::{AccountId, AliasArn, AliasName, KeyManager, Timestamp};
    use serde_json::Value;

    use super::super::wire;
    use super::*;

    pub(super) fn arn() -> KeyArn {
        KeyArn {
            location: "eu-central-1".parse().expect("a name"),
            account: AccountId::DEVELOPMENT,
            key: "1234abcd-12ab-44cd-96ef-1234567890ab".parse().expect("an id"),
        }
    }

    const ARN: &str = "arn:aws:kms:eu-central-1:000000000000:key/1234abcd-12ab-44cd-96ef-1234567890ab";

    /// The answer as JSON; each of its members must be one that the model has.
    pub(super) fn json(operation: Operation, written: Written) -> Value {
        let bytes = match written {
            Written::Open(bytes) => bytes,
            Written::Secret(bytes) => bytes.to_vec(),
        };
        let value: Value = serde_json::from_slice(&bytes).expect("valid JSON");
        for name in value.as_object().expect("an object").keys() {
            assert!(operation.output().contains(&name.as_str()), "{name} in {operation:?}");
        }
        value
    }

    pub(super) fn refusal<'a, W: wire::Structure<'a>, T>(
        body: &'a str,
        translate: impl Fn(W) -> Taken<T>,
    ) -> Refusal {
        match wire::read(body.as_bytes()).and_then(translate) {
            Err(refusal) => refusal,
            Ok(_) => panic!("{body} was taken"),
        }
    }

    #[test]
    fn a_request_keeps_all_it_says() {
        let body = br#"{"KeyId": "alias/a", "Plaintext": "aGk=", "EncryptionContext": {"b": "2", "a": "1"},
            "EncryptionAlgorithm": "RSAES_OAEP_SHA_256", "GrantTokens": ["t"], "DryRun": true}"#;
        let request = wire::read(body).and_then(encrypt).expect("taken");
        assert!(matches!(request.key, KeyRef::Alias(name) if name.as_str() == "alias/a"));
        assert_eq!(request.plaintext.expose(), b"hi");
        assert_eq!(request.context.pairs().collect::<Vec<_>>(), [("a", "1"), ("b", "2")]);
        assert_eq!(request.algorithm, EncryptionAlgorithm::RsaesOaepSha256);
        assert!(request.dry_run);
    }

    #[test]
    fn a_data_key_has_a_length_from_one_place() {
        let said = Refusal::Validation("Please specify either number of bytes or key spec.".into());
        assert_eq!(refusal(r#"{"KeyId": "k"}"#, generate_data_key), said);
        assert_eq!(
            refusal(r#"{"KeyId": "k", "KeySpec": "AES_256", "NumberOfBytes": 32}"#, generate_data_key),
            said
        );
        let request = wire::read(br#"{"KeyId": "k", "KeySpec": "AES_128"}"#)
            .and_then(generate_data_key)
            .expect("taken");
        assert_eq!(request.bytes, 16);
    }

    #[test]
    fn what_is_not_served_is_named() {
        assert_eq!(refusal("{}", generate_random), Refusal::Validation("NumberOfBytes is required.".into()));
        assert!(matches!(refusal("{}", decrypt), Refusal::Validation(m) if m.contains("'ciphertextBlob'")));
        assert!(matches!(
            refusal(r#"{"ResourceOwners": ["OTHER_ACCOUNTS_VIA_RAM"]}"#, list_keys),
            Refusal::Unsupported(_)
        ));
    }

    #[test]
    fn a_ciphertext_that_names_no_key_comes_with_one() {
        let rsa = r#"{"CiphertextBlob": "AA==", "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}"#;
        assert_eq!(refusal(rsa, decrypt), Refusal::Validation("KeyId must not be null".into()));
        let source = r#"{"CiphertextBlob": "AA==", "SourceEncryptionAlgorithm": "RSAES_OAEP_SHA_1",
            "DestinationKeyId": "k"}"#;
        assert_eq!(refusal(source, re_encrypt), Refusal::Validation("SourceKeyId must not be null".into()));
        let ignored = r#"{"DryRun": true, "DryRunModifiers": ["IGNORE_CIPHERTEXT"]}"#;
        assert_eq!(refusal(ignored, decrypt), Refusal::Validation("KeyId must not be null".into()));
        let not_dry = r#"{"KeyId": "k", "DryRunModifiers": ["IGNORE_CIPHERTEXT"]}"#;
        assert!(
            matches!(refusal(not_dry, decrypt), Refusal::Validation(m) if m.contains("'ciphertextBlob'"))
        );
        let body = br#"{"KeyId": "k", "DryRun": true, "DryRunModifiers": ["IGNORE_CIPHERTEXT"]}"#;
        let request = wire::read(body).and_then(decrypt).expect("taken");
        assert!(request.dry_run && request.ignore_ciphertext && request.ciphertext.is_empty());
    }

    #[test]
    fn a_new_key_has_sensible_defaults() {
        let request = wire::read(b"").and_then(create_key).expect("taken");
        assert_eq!((request.spec, request.usage), (KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt));
        assert_eq!(request.origin, Origin::AwsKms);
        assert!(request.policy.is_none() && request.tags.is_empty() && !request.multi_region);
        assert_eq!(
            refusal(r#"{"KeySpec": "HMAC_256"}"#, create_key),
            Refusal::Validation(
                "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
                    .into()
            )
        );
        let double = r#"{"KeySpec": "RSA_2048", "CustomerMasterKeySpec": "RSA_2048"}"#;
        assert!(matches!(refusal(double, create_key), Refusal::Validation(m) if m.contains("deprecated")));
        let twice = r#"{"Tags": [{"TagKey": "a", "TagValue": ""}, {"TagKey": "a", "TagValue": ""}]}"#;
        assert!(matches!(refusal(twice, create_key), Refusal::Tag(_)));
    }

    #[test]
    fn names_of_keys_are_told_apart() {
        let name = |word: &str| key(Some(word.into()));
        assert!(matches!(name("arn:aws:s3:::x"), Err(Refusal::InvalidArn(_))));
        assert!(matches!(name("alias/"), Err(Refusal::Validation(_))));
        assert!(matches!(name("whatever"), Ok(KeyRef::Unknown(_))));
        assert!(matches!(
            refusal(r#"{"AliasName": "a", "TargetKeyId": "k"}"#, create_alias),
            Refusal::Validation(m) if m.starts_with("Alias must start with the prefix \"alias/\"")
        ));
        assert!(matches!(
            refusal(r#"{"KeyId": "k", "Limit": 51}"#, list_resource_tags),
            Refusal::Validation(m) if m.ends_with("less than or equal to 50")
        ));
    }

    #[test]
    fn answers_with_plaintext_are_secret_and_others_are_not() {
        let decrypted = decrypted(ops::Decrypted {
            key: arn(),
            material: Some(MaterialId([7; 32])),
            plaintext: HandedOut::Plain(SecretBytes::copy_from(b"hi")),
            algorithm: EncryptionAlgorithm::SymmetricDefault,
        });
        assert!(matches!(decrypted, Written::Secret(_)));
        let value = json(Operation::Decrypt, decrypted);
        assert_eq!(value["Plaintext"], "aGk=");
        assert_eq!(value["KeyId"], ARN);
        assert_eq!(value["KeyMaterialId"], "07".repeat(32));
        let key = data_key(ops::DataKey {
            key: arn(),
            material: MaterialId([7; 32]),
            plaintext: HandedOut::Plain(SecretBytes::zeroed(32)),
            ciphertext: vec![1; 100],
        });
        assert!(matches!(key, Written::Secret(_)));
        json(Operation::GenerateDataKey, key);
        let random = random(HandedOut::Plain(SecretBytes::zeroed(3)));
        assert!(matches!(random, Written::Secret(_)));
        assert_eq!(json(Operation::GenerateRandom, random)["Plaintext"], "AAAA");
        let encrypted = encrypted(ops::Encrypted {
            key: arn(),
            ciphertext: vec![0xff; 3],
            algorithm: EncryptionAlgorithm::SymmetricDefault,
        });
        assert!(matches!(encrypted, Written::Open(_)));
        assert_eq!(json(Operation::Encrypt, encrypted)["CiphertextBlob"], "////");
    }

    #[test]
    fn what_a_key_is_is_told_as_aws_tells_it() {
        let replica = KeyArn { location: "eu-west-1".parse().expect("a name"), ..arn() };
        let replica_arn = replica.to_string();
        let key = ops::KeyMetadata {
            arn: arn(),
            created: Timestamp(1_700_000_000_123),
            description: "it's \"mine\"".into(),
            spec: KeySpec::SymmetricDefault,
            usage: KeyUsage::EncryptDecrypt,
            state: KeyState::PendingDeletion,
            origin: Origin::AwsKms,
            manager: KeyManager::Customer,
            deletion: Some(Timestamp(1_700_600_000_000)),
            window_days: None,
            regions: Some(ops::RelatedKeys { primary: arn(), replicas: vec![replica] }),
            key_store: Some("cks-1".into()),
            external_key: Some("theirs".into()),
            material: Some(MaterialId([0xab; 32])),
            expiry: Some(ops::Expiry::At(Timestamp(1_700_500_000_000))),
        };
        let value = json(Operation::DescribeKey, key_metadata(key));
        let region = "eu-central-1";
        assert_eq!(
            value["KeyMetadata"],
            serde_json::json!({
                "AWSAccountId": "000000000000", "KeyId": "1234abcd-12ab-44cd-96ef-1234567890ab", "Arn": ARN,
                "CreationDate": 1_700_000_000.123, "Enabled": false, "Description": "it's \"mine\"",
                "KeyUsage": "ENCRYPT_DECRYPT", "KeyState": "PendingDeletion", "DeletionDate": 1_700_600_000.0,
                "Origin": "AWS_KMS", "KeyManager": "CUSTOMER", "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
                "KeySpec": "SYMMETRIC_DEFAULT", "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "MultiRegion": true,
                "MultiRegionConfiguration": { "MultiRegionKeyType": "PRIMARY", "PrimaryKey":
                    { "Arn": ARN, "Region": region }, "ReplicaKeys": [{"Arn": replica_arn, "Region": "eu-west-1"}] },
                "CurrentKeyMaterialId": "ab".repeat(32), "ExpirationModel": "KEY_MATERIAL_EXPIRES",
                "ValidTo": 1_700_500_000.0,
                "CustomKeyStoreId": "cks-1",
                "XksKeyConfiguration": { "Id": "theirs" },
            })
        );
    }

    #[test]
    fn pages_say_whether_there_is_more() {
        let page = ops::Page { items: vec![arn()], next: Some("m".into()) };
        let value = json(Operation::ListKeys, keys(page));
        assert_eq!(value["Truncated"], true);
        assert_eq!(value["NextMarker"], "m");
        assert_eq!(value["Keys"][0]["KeyArn"], ARN);
        let alias = ops::Alias {
            arn: AliasArn {
                location: arn().location,
                account: arn().account,
                name: AliasName::parse("alias/a").expect("a name"),
            },
            target: arn().key,
            created: Timestamp(0),
            updated: Timestamp(1),
        };
        let value = json(Operation::ListAliases, aliases(ops::Page { items: vec![alias], next: None }));
        assert_eq!(value["Truncated"], false);
        assert_eq!(value["Aliases"][0]["TargetKeyId"], "1234abcd-12ab-44cd-96ef-1234567890ab");
        let tag = Tag { key: "k".into(), value: "v".into() };
        json(Operation::ListResourceTags, resource_tags(ops::Page { items: vec![tag], next: None }));
        let names = ops::Page { items: vec!["default".into()], next: None };
        assert_eq!(json(Operation::ListKeyPolicies, policy_names(names))["PolicyNames"][0], "default");
        assert_eq!(json(Operation::GetKeyPolicy, policy("{}".into()))["PolicyName"], "default");
        let rotation = ops::Rotation {
            key: arn(),
            material: MaterialId([1; 32]),
            state: ops::MaterialState::Current,
            at: Some(Timestamp(5)),
            kind: Some(ops::RotationKind::OnDemand),
            import: None,
        };
        let value =
            json(Operation::ListKeyRotations, rotations(ops::Page { items: vec![rotation], next: None }));
        assert_eq!(value["Rotations"][0]["RotationType"], "ON_DEMAND");
        assert_eq!(value["Rotations"][0]["RotationDate"], 0.005);
    }

    #[test]
    fn the_rest_of_the_answers_have_members_of_the_model() {
        let deletion = ops::ScheduledDeletion {
            key: arn(),
            at: Some(Timestamp(1000)),
            state: KeyState::PendingDeletion,
            window_days: 7,
        };
        let value = json(Operation::ScheduleKeyDeletion, scheduled_deletion(deletion));
        assert_eq!(value["PendingWindowInDays"], 7);
        json(Operation::CancelKeyDeletion, key_id(arn()));
        json(Operation::RotateKeyOnDemand, key_id(arn()));
        let status = ops::RotationStatus {
            key: arn(),
            enabled: true,
            period_days: Some(365),
            next: Some(Timestamp(1)),
            on_demand_started: Some(Timestamp(2)),
        };
        assert_eq!(
            json(Operation::GetKeyRotationStatus, rotation_status(status))["KeyRotationEnabled"],
            true
        );
        let re_encrypted = re_encrypted(ops::ReEncrypted {
            ciphertext: vec![1],
            source_key: arn(),
            source_material: Some(MaterialId([1; 32])),
            source_algorithm: EncryptionAlgorithm::SymmetricDefault,
            destination_key: arn(),
            destination_material: None,
            destination_algorithm: EncryptionAlgorithm::SymmetricDefault,
        });
        json(Operation::ReEncrypt, re_encrypted);
        let wrapped = wrapped_data_key(ops::WrappedDataKey {
            key: arn(),
            material: MaterialId([1; 32]),
            ciphertext: vec![1],
        });
        json(Operation::GenerateDataKeyWithoutPlaintext, wrapped);
        assert!(matches!(nothing(()), Written::Open(bytes) if bytes.is_empty()));
    }
}
