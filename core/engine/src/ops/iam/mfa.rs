//! Virtual MFA devices: seeds of time-based one-time passwords (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits).

use keystead_model::{Action, IamKind, IamPath, MfaName, MfaSerial, Tags, Timestamp, UserName};

use super::{IamOperation, Target, User, labelling};
use crate::SecretBytes;
use crate::ops::{Page, PageRequest};

/// Make a device; answers [`NewMfaDevice`], the only answer that ever has its seed.
pub struct CreateVirtualMfaDevice {
    /// Its name, which no other device of the account has in any case of letters.
    pub name: MfaName,
    /// Its path.
    pub path: IamPath,
    /// Its tags.
    pub tags: Tags,
}

/// Delete a device, which must be nobody's any more.
pub struct DeleteVirtualMfaDevice {
    /// Which.
    pub serial: MfaSerial,
}

/// List devices by name; answers a [`Page`] of [`MfaDevice`]. Default 100.
pub struct ListVirtualMfaDevices {
    /// Which ones.
    pub status: AssignmentStatus,
    /// Which page.
    pub page: PageRequest,
}

/// Give a device to a user, who shows with two codes to have it.
pub struct EnableMfaDevice {
    /// To whom.
    pub user: UserName,
    /// Which.
    pub serial: MfaSerial,
    /// A code that it has shown.
    pub first: MfaCode,
    /// The next one.
    pub second: MfaCode,
}

/// Take a device from a user.
pub struct DeactivateMfaDevice {
    /// From whom; from whoever asks if absent.
    pub user: Option<UserName>,
    /// Which.
    pub serial: MfaSerial,
}

/// Follow a device whose clock has gone astray, by an hour at most.
pub struct ResyncMfaDevice {
    /// Whose it is.
    pub user: UserName,
    /// Which.
    pub serial: MfaSerial,
    /// A code that it has shown.
    pub first: MfaCode,
    /// The next one.
    pub second: MfaCode,
}

/// List a user's devices by name; answers a [`Page`] of [`MfaDevice`]. Default 100.
pub struct ListMfaDevices {
    /// Whose; those of whoever asks if absent.
    pub user: Option<UserName>,
    /// Which page.
    pub page: PageRequest,
}

/// Read a device that is somebody's; answers the [`MfaDevice`].
pub struct GetMfaDevice {
    /// Whose; that of whoever has it if absent.
    pub user: Option<UserName>,
    /// Which.
    pub serial: MfaSerial,
}

/// Which devices are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum AssignmentStatus {
    /// All.
    #[default]
    Any,
    /// Those that are somebody's.
    Assigned,
    /// Those that are nobody's.
    Unassigned,
}

/// Six digits that a device shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MfaCode(pub(crate) u32);

impl MfaCode {
    /// Reads six decimal digits; `None` if it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let is_code = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        is_code.then(|| text.parse().ok().map(Self)).flatten()
    }
}

/// A device that was just made.
pub struct NewMfaDevice {
    /// Its serial number, which is its ARN.
    pub serial: MfaSerial,
    /// Its seed: 64 characters of base 32 (RFC 4648), for 320 bits.
    pub seed_base32: SecretBytes,
    /// Its tags.
    pub tags: Tags,
}

/// A device, without its seed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MfaDevice {
    /// Its serial number, which is its ARN.
    pub serial: MfaSerial,
    /// Whose it is, and since when.
    pub owner: Option<(User, Timestamp)>,
    /// Its tags.
    pub tags: Tags,
}

impl IamOperation for CreateVirtualMfaDevice {
    const ACTION: Action = Action::CreateVirtualMFADevice;
    type Answer = NewMfaDevice;

    fn target(&self) -> Target<'_> {
        // AWS has an action of its own for labelling devices, which is not offered; making one with tags is one deed.
        let tag = labelling(&self.tags, Action::CreateVirtualMFADevice);
        Target::New { kind: IamKind::Mfa, path: self.path.as_str(), name: self.name.as_str(), tag }
    }

    fn request_tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
}

impl IamOperation for DeleteVirtualMfaDevice {
    const ACTION: Action = Action::DeleteVirtualMFADevice;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.serial.arn())
    }
}

impl IamOperation for ListVirtualMfaDevices {
    const ACTION: Action = Action::ListVirtualMFADevices;
    type Answer = Page<MfaDevice>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }
}

impl IamOperation for EnableMfaDevice {
    const ACTION: Action = Action::EnableMFADevice;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.user.as_str())
    }
}

impl IamOperation for DeactivateMfaDevice {
    const ACTION: Action = Action::DeactivateMFADevice;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for ResyncMfaDevice {
    const ACTION: Action = Action::ResyncMFADevice;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.user.as_str())
    }
}

impl IamOperation for ListMfaDevices {
    const ACTION: Action = Action::ListMFADevices;
    type Answer = Page<MfaDevice>;

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }
}

impl IamOperation for GetMfaDevice {
    const ACTION: Action = Action::GetMFADevice;
    type Answer = MfaDevice;

    fn target(&self) -> Target<'_> {
        match &self.user {
            Some(user) => Target::Named(IamKind::User, user.as_str()),
            None => Target::Arn(self.serial.arn()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits() {
        assert!(MfaCode::parse("000000").is_some_and(|code| code.0 == 0));
        for text in ["", "12345", "1234567", "+12345", "12345a", "１２３４５６"] {
            assert!(MfaCode::parse(text).is_none(), "{text}");
        }
    }
}
