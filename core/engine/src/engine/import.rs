//! The door for material that owners bring.

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
        permit: Permit<GetParametersForImport>,
    ) -> Result<ImportParameters, Error> {
        let Permit { op, found, entry } = permit;
        if let Err(error) = op.check(&self.keys, &found) {
            return entry.close(Err(error)).await;
        }
        let pair =
            self.keys.provider().pair(op.pair_spec()).map_err(|error| crate::keys::provider_error(&error));
        let (entropy, now) = (&*self.world.entropy, self.world.clock.now());
        let parameters = pair.and_then(|pair| op.run(&self.keys, entropy, &found, pair, now));
        entry.close(parameters).await
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
