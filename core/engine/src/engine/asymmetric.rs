//! Signatures, codes, shared secrets and key pairs.

use keystead_crypto::Pair;
use keystead_model::Error;

use super::Engine;
use crate::Permit;
use crate::authority::{Authority, Found};
use crate::ops::*;
use crate::records::MaterialRecord;

impl Engine {
    /// See [`Sign`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn sign(&self, permit: Permit<Sign>) -> impl Future<Output = Result<Signed, Error>> {
        permit.perform(|op, found, _| op.run(&self.keys, found))
    }

    /// See [`Verify`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn verify_signature(&self, permit: Permit<Verify>) -> impl Future<Output = Result<Verified, Error>> {
        permit.perform(|op, found, _| op.run(found))
    }

    /// See [`GetPublicKey`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn get_public_key(
        &self,
        permit: Permit<GetPublicKey>,
    ) -> impl Future<Output = Result<PublicHalf, Error>> {
        permit.perform(|op, found, _| op.run(found))
    }

    /// See [`GenerateMac`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn generate_mac(&self, permit: Permit<GenerateMac>) -> impl Future<Output = Result<Mac, Error>> {
        permit.perform(|op, found, _| op.run(&self.keys, found))
    }

    /// See [`VerifyMac`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn verify_mac(&self, permit: Permit<VerifyMac>) -> impl Future<Output = Result<VerifiedMac, Error>> {
        permit.perform(|op, found, _| op.run(&self.keys, found))
    }

    /// See [`DeriveSharedSecret`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn derive_shared_secret(
        &self,
        permit: Permit<DeriveSharedSecret>,
    ) -> impl Future<Output = Result<SharedSecret, Error>> {
        permit.perform(|op, found, entry| op.run(&self.keys, &*self.world.entropy, found, entry))
    }

    /// See [`Encapsulate`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn encapsulate(
        &self,
        permit: Permit<Encapsulate>,
    ) -> impl Future<Output = Result<Encapsulated, Error>> {
        permit.perform(|op, found, _| op.run(found))
    }

    /// See [`Decapsulate`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub fn decapsulate(
        &self,
        permit: Permit<Decapsulate>,
    ) -> impl Future<Output = Result<Decapsulated, Error>> {
        permit.perform(|op, found, _| op.run(&self.keys, found))
    }

    /// See [`GenerateDataKeyPair`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn generate_data_key_pair(
        &self,
        mut permit: Permit<GenerateDataKeyPair>,
    ) -> Result<DataKeyPair, Error> {
        match self.pair(&mut permit).await {
            Ok(pair) => {
                let entropy = &*self.world.entropy;
                permit.perform(|op, found, entry| op.run(&self.keys, entropy, found, entry, pair)).await
            }
            Err(error) => permit.refuse(error).await,
        }
    }

    /// See [`GenerateDataKeyPairWithoutPlaintext`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn generate_data_key_pair_without_plaintext(
        &self,
        mut permit: Permit<GenerateDataKeyPairWithoutPlaintext>,
    ) -> Result<WrappedDataKeyPair, Error> {
        match self.pair(&mut permit).await {
            Ok(pair) => permit.perform(|op, found, entry| op.run(&self.keys, found, entry, pair)).await,
            Err(error) => permit.refuse(error).await,
        }
    }

    /// Makes the pair of a request that may have it.
    async fn pair<Op: PairMaking>(&self, permit: &mut Permit<Op>) -> Result<Pair, Error> {
        permit.op.check(&permit.found)?;
        let (_, caller) = permit.entry.asked()?;
        let account = caller.principal.account().unwrap_or(permit.found.key().arn.account);
        let pair = self.workshop.pair(account, permit.op.spec()).await?;
        self.decide_again(permit)?;
        Ok(pair)
    }

    /// Makes the bytes of a new key: before the change, so that they are made once however often that is tried, and
    /// nobody else waits for them.
    pub(super) async fn first_version(
        &self,
        permit: &mut Permit<CreateKey>,
        draft: &Draft,
    ) -> Result<Option<MaterialRecord>, Error> {
        let Some(name) = draft.name else { return Ok(None) };
        let made = self.workshop.make(name).await?;
        self.decide_again(permit)?;
        Ok(Some(new_version(name.material, made, self.world.clock.now())))
    }

    /// Decides once more after work that may have taken seconds: what was disabled or forbidden meanwhile is no
    /// longer done.
    pub(super) fn decide_again<Op: Operation>(&self, permit: &mut Permit<Op>) -> Result<(), Error> {
        let (call, caller) = permit.entry.asked()?;
        let Permit { op, found, entry } = permit;
        let standing = self.directory.standing(&caller)?;
        let sources = (&self.keys, &self.grants, &self.directory);
        let again = Authority::new(sources, &call, (&caller, &standing), &*op, entry).decide()?;
        // What others have approved is theirs to take back, and is looked at where it is used up.
        *found = Found { approval: found.approval.take(), ..again };
        Ok(())
    }
}
