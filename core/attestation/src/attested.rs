//! What a verified document says.

use std::fmt;

use crate::envelope::RecipientKey;

/// What kind of machine a document is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Platform {
    /// A Nitro enclave.
    Enclave,
    /// A whole instance, by its NitroTPM.
    Tpm,
}

/// A recipient whose document has been verified: what it measures, and the key to seal to. Only
/// [`Verifier::verify`](crate::Verifier::verify) makes one.
pub struct Attested {
    pub(crate) platform: Platform,
    pub(crate) module_id: Box<str>,
    pub(crate) pcrs: Box<[(u8, Box<[u8]>)]>,
    pub(crate) key: RecipientKey,
}

impl Attested {
    /// What kind of machine it is.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// The machine's name, as the Nitro hypervisor gives it: 1 to 256 bytes without control characters.
    pub fn module_id(&self) -> &str {
        &self.module_id
    }

    /// A platform configuration register.
    pub fn pcr(&self, index: u8) -> Option<&[u8]> {
        self.pcrs.iter().find(|(other, _)| *other == index).map(|(_, value)| &**value)
    }

    /// The hash of an enclave's image: its register 0.
    pub fn image_sha384(&self) -> Option<&[u8]> {
        match self.platform {
            Platform::Enclave => self.pcr(0),
            Platform::Tpm => None,
        }
    }

    /// The measurement that a policy calls `kms:RecipientAttestation:<name>`: `ImageSha384` and `PCR<n>` of an
    /// enclave, `NitroTPMPCR<n>` of an instance. The name is read without regard to case.
    pub fn measurement(&self, name: &str) -> Option<&[u8]> {
        if name.eq_ignore_ascii_case("ImageSha384") {
            return self.image_sha384();
        }
        let prefix = match self.platform {
            Platform::Enclave => "PCR",
            Platform::Tpm => "NitroTPMPCR",
        };
        let (start, index) = name.split_at_checked(prefix.len())?;
        let is_number =
            index == "0" || (!index.starts_with('0') && index.bytes().all(|b| b.is_ascii_digit()));
        match start.eq_ignore_ascii_case(prefix) && is_number {
            true => self.pcr(index.parse().ok()?),
            false => None,
        }
    }
}

impl fmt::Display for Attested {
    /// One line for records: the machine, and the measurements that say what runs on it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, registers) = match self.platform {
            Platform::Enclave => ("enclave", &[("ImageSha384", 0)][..]),
            Platform::Tpm => ("instance", &[("NitroTPMPCR4", 4), ("NitroTPMPCR7", 7)][..]),
        };
        write!(f, "{kind} {}", self.module_id)?;
        for (name, index) in registers {
            if let Some(value) = self.pcr(*index) {
                write!(f, " {name}=")?;
                value.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
            }
        }
        Ok(())
    }
}
