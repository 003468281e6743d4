//! What sealing operations are made of: symmetric and RSA encryption, and what is asked of a key before.

use keystead_crypto::{CiphertextNames, SecretBytes};
use keystead_model::{Action, EncryptionAlgorithm, EncryptionContext, Error, KeyUsage, MaterialId};
use keystead_policy::{ConditionKey, Value, Visit};

use super::usable::{fits, usable};
use crate::keys::{Key, Keys, provider_error};

/// What [`seal`] answers.
pub struct Sealed {
    pub material: MaterialId,
    pub ciphertext: Vec<u8>,
}

/// Seals under a symmetric key.
pub fn seal(keys: &Keys, key: &Key, context: &EncryptionContext, plaintext: &[u8]) -> Result<Sealed, Error> {
    let material = key.current().ok_or_else(|| key.without_material())?;
    let sealed = keys.material(key, material)?.seal(context, plaintext);
    Ok(Sealed { material, ciphertext: sealed.map_err(|error| provider_error(&error))? })
}

/// Encrypts the way of any key.
pub fn encrypt(
    keys: &Keys,
    key: &Key,
    algorithm: EncryptionAlgorithm,
    context: &EncryptionContext,
    plaintext: &[u8],
) -> Result<(Vec<u8>, Option<MaterialId>), Error> {
    if algorithm == EncryptionAlgorithm::SymmetricDefault {
        let sealed = seal(keys, key, context, plaintext)?;
        return Ok((sealed.ciphertext, Some(sealed.material)));
    }
    let ciphertext = key.public_key()?.encrypt(algorithm, plaintext);
    Ok((ciphertext.map_err(|error| provider_error(&error))?, None))
}

/// Decrypts the way of any key.
pub fn decrypt(
    keys: &Keys,
    key: &Key,
    algorithm: EncryptionAlgorithm,
    context: &EncryptionContext,
    ciphertext: &[u8],
) -> Result<(SecretBytes, Option<MaterialId>), Error> {
    if algorithm == EncryptionAlgorithm::SymmetricDefault {
        let names = CiphertextNames::read(ciphertext).map_err(|_| Error::BadCiphertext)?;
        let opened = keys.material(key, names.material)?.open(context, ciphertext);
        return Ok((opened.map_err(|error| provider_error(&error))?, Some(names.material)));
    }
    binds_nothing(context)?;
    let opened = keys.current(key)?.decrypt(algorithm, ciphertext);
    Ok((opened.map_err(|error| provider_error(&error))?, None))
}

/// Purpose, state and algorithm, in the order in which clients expect the errors.
pub fn encrypting(key: &Key, action: Action, algorithm: EncryptionAlgorithm) -> Result<(), Error> {
    usable(key, action, KeyUsage::EncryptDecrypt)?;
    fits(key.spec, key.spec.encryption_algorithms(), &algorithm, algorithm.as_str())
}

/// Refuses what the algorithm has no room for.
pub fn takes(
    key: &Key,
    algorithm: EncryptionAlgorithm,
    context: &EncryptionContext,
    plaintext: &[u8],
) -> Result<(), Error> {
    if algorithm != EncryptionAlgorithm::SymmetricDefault {
        binds_nothing(context)?;
    }
    let max = key.spec.plaintext_bytes_max(algorithm);
    match plaintext.len() <= max {
        true => Ok(()),
        false => Err(Error::Invalid(
            format!(
                "Algorithm {algorithm} and key spec {} cannot encrypt data larger than {max} bytes.",
                key.spec
            )
            .into(),
        )),
    }
}

/// The formats of asymmetric ciphertexts have no place for a context.
fn binds_nothing(context: &EncryptionContext) -> Result<(), Error> {
    match context.pairs().next() {
        None => Ok(()),
        Some(_) => Err(Error::Invalid(
            "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.".into(),
        )),
    }
}

/// The fact that conditions may ask of every sealing operation.
pub fn algorithm_fact(algorithm: EncryptionAlgorithm, name: &ConditionKey, visit: &mut Visit<'_>) {
    if *name == ConditionKey::KmsEncryptionAlgorithm {
        visit(Value::Text(algorithm.as_str()));
    }
}
