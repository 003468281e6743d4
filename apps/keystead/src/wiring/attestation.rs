//! Which roots are believed when they vouch for a recipient.

use std::io::Read;
use std::path::{Path, PathBuf};

use keystead_attestation::{RootError, Roots, Verifier};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Longest root file read, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// What verifies attestation documents: the certificates of these files, and documents no older than this.
pub fn attestation(files: &[PathBuf], document_age_seconds_max: u32) -> Result<Verifier, RootsError> {
    let mut roots = Vec::new();
    for path in files {
        let certificates = certificates(path)?;
        // Each file alone first, so that the error names it.
        Roots::read(certificates.clone()).map_err(|why| RootsError::Unfit { path: path.clone(), why })?;
        roots.extend(certificates);
    }
    let roots = Roots::read(roots).map_err(RootsError::Together)?;
    Ok(Verifier::new(roots, document_age_seconds_max))
}

/// Why recipients cannot be verified.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// A file could not be read.
    #[error("cannot read the attestation root {} ({source})", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file holds no certificate, or something else besides.
    #[error("the attestation root {} does not hold certificates in PEM", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// A certificate cannot be a root.
    #[error("the attestation root {} is of no use: {why}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// Which certificate, and why.
        why: RootError,
    },
    /// Each file is fine, and all of them together are not.
    #[error("the attestation roots are of no use: {0}")]
    Together(RootError),
}

fn certificates(path: &Path) -> Result<Vec<Vec<u8>>, RootsError> {
    let failed = |source| RootsError::Read { path: path.into(), source };
    let mut pem = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(FILE_BYTES_MAX).read_to_end(&mut pem).map_err(failed)?;
    match CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>() {
        Ok(found) if !found.is_empty() => Ok(found.into_iter().map(|der| der.to_vec()).collect()),
        _ => Err(RootsError::NoCertificate { path: path.into() }),
    }
}

#[cfg(test)]
mod tests {
    use keystead_attestation::Fault;
    use keystead_model::Timestamp;

    use super::*;
    use crate::dev::Authority;

    #[test]
    fn a_file_that_holds_no_root_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("root.pem");
        let read = || attestation(std::slice::from_ref(&path), 300).map(drop).expect_err("refused");
        assert!(matches!(read(), RootsError::Read { .. }));
        std::fs::write(&path, "half a cert").expect("write");
        assert!(matches!(read(), RootsError::NoCertificate { .. }));
        // An authority for TLS is none for enclaves: its key is of another kind.
        let authority = Authority::generate(Timestamp(1_790_000_000_000)).expect("made");
        std::fs::write(&path, authority.certificate_pem()).expect("write");
        let error = read();
        assert!(matches!(error, RootsError::Unfit { why: RootError::Unfit(1, Fault::Algorithm), .. }));
        assert!(error.to_string().contains("root.pem"), "{error}");
    }
}
