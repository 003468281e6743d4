//! Material that owners bring.

use keystead_engine::ops;
use keystead_model::{MaterialId, WrappingAlgorithm, WrappingKeySpec};

use super::super::kms_model::{
    DeleteImportedKeyMaterialRequest, GetParametersForImportRequest, ImportKeyMaterialRequest,
};
use super::super::rules::Text;
use super::super::wire::{Writer, Written};
use super::{Taken, given, key, material, writer};
use crate::door::Refusal;

pub(in super::super) fn get_parameters_for_import(
    wire: GetParametersForImportRequest<'_>,
) -> Taken<ops::GetParametersForImport> {
    let GetParametersForImportRequest { key_id, wrapping_algorithm, wrapping_key_spec } = wire;
    // The model still lists one algorithm that AWS retired in 2023.
    let algorithm = WrappingAlgorithm::parse(&given(wrapping_algorithm)?).ok_or_else(|| {
        Refusal::Unsupported(
            "Wrapping algorithm RSAES_PKCS1_V1_5 is no longer supported; use RSAES_OAEP_SHA_256.".into(),
        )
    })?;
    let wrapping = WrappingKeySpec::parse(&given(wrapping_key_spec)?);
    let unknown = || Refusal::Validation("WrappingKeySpec has an unknown value.".into());
    Ok(ops::GetParametersForImport { key: key(key_id)?, algorithm, wrapping: wrapping.ok_or_else(unknown)? })
}

pub(in super::super) fn import_key_material(
    wire: ImportKeyMaterialRequest<'_>,
) -> Taken<ops::ImportKeyMaterial> {
    let ImportKeyMaterialRequest {
        encrypted_key_material,
        expiration_model,
        import_token,
        import_type,
        key_id,
        key_material_description,
        key_material_id,
        valid_to,
    } = wire;
    let expires = match (expiration_model.as_deref(), valid_to) {
        (Some("KEY_MATERIAL_DOES_NOT_EXPIRE"), None) => None,
        (Some("KEY_MATERIAL_DOES_NOT_EXPIRE"), Some(_)) => {
            return Err(Refusal::Validation(
                "A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE.".into(),
            ));
        }
        (_, Some(at)) => Some(at),
        (_, None) => {
            return Err(Refusal::Validation(
                "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES".into(),
            ));
        }
    };
    Ok(ops::ImportKeyMaterial {
        key: key(key_id)?,
        token: given(import_token)?,
        wrapped: given(encrypted_key_material)?,
        expires,
        kind: import_type.map(|kind| match &*kind {
            "NEW_KEY_MATERIAL" => ops::ImportKind::New,
            _ => ops::ImportKind::Existing,
        }),
        description: key_material_description.map(Box::from),
        material: material_id(key_material_id)?,
    })
}

pub(in super::super) fn delete_imported_key_material(
    wire: DeleteImportedKeyMaterialRequest<'_>,
) -> Taken<ops::DeleteImportedKeyMaterial> {
    let DeleteImportedKeyMaterialRequest { key_id, key_material_id } = wire;
    Ok(ops::DeleteImportedKeyMaterial { key: key(key_id)?, material: material_id(key_material_id)? })
}

fn material_id(text: Option<Text<'_>>) -> Taken<Option<MaterialId>> {
    let read = |text: Text<'_>| {
        text.parse().map_err(|_| Refusal::Validation(format!("{text} is not a key material id")))
    };
    text.map(read).transpose()
}

pub(in super::super) fn import_parameters(answer: ops::ImportParameters) -> Written {
    let ops::ImportParameters { key, token, public, until } = answer;
    let mut writer = writer(token.len() + public.len());
    writer.plain("KeyId", key).blob("ImportToken", &token).blob("PublicKey", &public);
    writer.time("ParametersValidTo", until);
    writer.finish()
}

pub(in super::super) fn imported_material(answer: ops::ImportedMaterial) -> Written {
    let ops::ImportedMaterial { key, material: version } = answer;
    let mut writer = writer(0);
    writer.plain("KeyId", key);
    if let Some(version) = version {
        material(&mut writer, "KeyMaterialId", &version);
    }
    writer.finish()
}

/// Until when imported material serves.
pub(super) fn expiry(writer: &mut Writer, expiry: ops::Expiry) {
    match expiry {
        ops::Expiry::Never => writer.text("ExpirationModel", "KEY_MATERIAL_DOES_NOT_EXPIRE"),
        ops::Expiry::At(at) => writer.text("ExpirationModel", "KEY_MATERIAL_EXPIRES").time("ValidTo", at),
    };
}

/// What is told of an imported version in a listing.
pub(super) fn imported_version(writer: &mut Writer, version: ops::ImportedVersion) {
    let ops::ImportedVersion { expiry, description } = version;
    writer.text("ImportState", if expiry.is_some() { "IMPORTED" } else { "PENDING_IMPORT" });
    if let Some(expiry) = expiry {
        self::expiry(writer, expiry);
    }
    if let Some(description) = description {
        writer.text("KeyMaterialDescription", &description);
    }
}
