//! From a configured root down to the certificate that signs a document.

use std::sync::Arc;

use keystead_model::Timestamp;

use crate::certificate::{Certificate, Fault};
use crate::verifier::Refused;

/// Most roots that may be configured.
const ROOTS_MAX: usize = 16;

/// The certificates that chains may begin with.
#[derive(Clone, Default)]
pub struct Roots(Arc<[Box<[u8]>]>);

/// Why certificates do not serve as roots.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RootError {
    /// One of them cannot be a root. Holds which, counted from 1, and why.
    #[error("certificate {0} {1}")]
    Unfit(usize, Fault),
    /// There are more than anybody needs.
    #[error("there are more than {ROOTS_MAX}")]
    TooMany,
}

impl Roots {
    /// Takes certificates in DER. Their time is looked at when they are used, not here.
    ///
    /// # Errors
    /// [`RootError`]: one does not parse, is no authority, or did not sign itself; or there are too many.
    pub fn read(certificates: Vec<Vec<u8>>) -> Result<Self, RootError> {
        if certificates.len() > ROOTS_MAX {
            return Err(RootError::TooMany);
        }
        for (at, der) in certificates.iter().enumerate() {
            fit(der).map_err(|fault| RootError::Unfit(at + 1, fault))?;
        }
        Ok(Self(certificates.into_iter().map(Vec::into_boxed_slice).collect()))
    }

    /// Whether there is none, so that no chain can be verified.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Verifies `bundle` (the root first, each certificate issued by the one before) and `leaf`, issued by its last.
    /// Answers the leaf's key, an uncompressed point of P-384.
    ///
    /// Nothing that the root does not vouch for costs more than one verification of a signature: the chain is walked
    /// downwards, and all of it is read before the first signature is looked at.
    pub(crate) fn verify(&self, bundle: &[&[u8]], leaf: &[u8], now: Timestamp) -> Result<Vec<u8>, Refused> {
        let Some((root, _)) = bundle.split_first() else { return Err(Refused::UnknownRoot) };
        if !self.0.iter().any(|known| known.as_ref() == *root) {
            return Err(Refused::UnknownRoot);
        }
        let faulty = |at: usize| move |fault| Refused::Certificate { at, of: bundle.len() + 1, fault };
        let mut chain = Vec::with_capacity(bundle.len() + 1);
        for (at, der) in bundle.iter().chain([&leaf]).enumerate() {
            let certificate = Certificate::read(der).map_err(faulty(at))?;
            certificate.is_current(now).map_err(faulty(at))?;
            match at < bundle.len() {
                // Those between this one and the leaf.
                true => certificate.may_certify(bundle.len() - 1 - at),
                false => certificate.may_sign(),
            }
            .map_err(faulty(at))?;
            chain.push(certificate);
        }
        for (at, pair) in chain.windows(2).enumerate() {
            pair[1].is_issued_by(&pair[0]).map_err(faulty(at + 1))?;
        }
        Ok(chain[bundle.len()].key().to_vec())
    }
}

fn fit(der: &[u8]) -> Result<(), Fault> {
    let certificate = Certificate::read(der)?;
    certificate.may_certify(0)?;
    certificate.is_issued_by(&certificate)
}
