//! The door for material that owners bring.

use keystead_crypto::Pair;
use keystead_model::Error;

use super::Engine;
use crate::Permit;
use crate::ops::{
    DeleteImportedKeyMaterial, GetParametersForImport, ImportKeyMaterial, ImportParameters, ImportedMaterial,
};

impl Engine {
    /// See [`GetParametersForImport`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn get_parameters_for_import(
        &self,
        mut permit: Permit<GetParametersForImport>,
    ) -> Result<ImportParameters, Error> {
        let (entropy, now) = (&*self.world.entropy, self.world.clock.now());
        match self.wrapping_pair(&mut permit).await {
            Ok(pair) => permit.perform(|op, found, _| op.run(&self.keys, entropy, found, pair, now)).await,
            Err(error) => permit.refuse(error).await,
        }
    }

    /// Makes the pair of a request that may have it. RSA, so where nobody else waits for it.
    async fn wrapping_pair(&self, permit: &mut Permit<GetParametersForImport>) -> Result<Pair, Error> {
        permit.op.check(&self.keys, &permit.found)?;
        let pair = self.workshop.pair(permit.found.key().arn.account, permit.op.pair_spec()).await?;
        self.decide_again(permit)?;
        permit.op.check(&self.keys, &permit.found)?;
        Ok(pair)
    }

    /// See [`ImportKeyMaterial`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn import_key_material(
        &self,
        mut permit: Permit<ImportKeyMaterial>,
    ) -> Result<ImportedMaterial, Error> {
        let now = self.world.clock.now();
        let brought = match permit.op.open(&self.keys, &permit.found, now) {
            Ok(brought) => brought,
            Err(error) => return permit.entry.close(Err(error)).await,
        };
        permit.entry.material = Some(brought.id);
        permit.change(&self.vault, |op, found, _| op.plan(&self.keys, found, &brought, now)).await
    }

    /// See [`DeleteImportedKeyMaterial`].
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn delete_imported_key_material(
        &self,
        permit: Permit<DeleteImportedKeyMaterial>,
    ) -> Result<ImportedMaterial, Error> {
        permit
            .change(&self.vault, |op, found, entry| {
                let planned = op.plan(&self.keys, found)?;
                entry.material = planned.1.material;
                Ok(planned)
            })
            .await
    }
}
