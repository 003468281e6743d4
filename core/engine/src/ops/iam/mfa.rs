//! Virtual MFA devices: seeds of time-based one-time passwords (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits).

use keystead_crypto::{TotpSeed, totp_step};
use keystead_model::{Action, Error, IamKind, IamPath, MfaName, MfaSerial, Tags, Timestamp, UserName};

use super::listing::{answered, page_of_names};
use super::users::told as told_user;
use super::{IamOperation, Target, User, labelling, listed_if};
use crate::SecretBytes;
use crate::directory::quotas::{MFA_OF_USER_MAX, within};
use crate::directory::rows::{Stored, is_same_name};
use crate::directory::{Desk, Planned};
use crate::ops::{Page, PageRequest};
use crate::records::{DirectoryRecord, MfaOwner, MfaRecord, MfaUse, UserRecord};

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

/// How far the clock of a device may be astray when it is enabled, in steps of 30 seconds: ten minutes.
const ENABLE_DRIFT_STEPS: u64 = 20;
/// How far it may be followed later: an hour. A byte of the record holds what is astray.
const RESYNC_DRIFT_STEPS: u64 = 120;
const _: () = assert!(RESYNC_DRIFT_STEPS < i8::MAX as u64, "a byte holds what is astray");

impl MfaDevice {
    fn of(desk: &Desk<'_>, record: MfaRecord) -> Result<Self, Error> {
        let owner = match &record.owner {
            None => None,
            Some(MfaOwner { user, since, .. }) => {
                let user = desk.rows.named::<UserRecord>(user)?.record;
                Some((told_user(desk.account(), user), *since))
            }
        };
        Ok(Self { serial: serial(desk, &record), owner, tags: record.tags })
    }
}

fn serial(desk: &Desk<'_>, record: &MfaRecord) -> MfaSerial {
    MfaSerial::of(record.arn(desk.account())).expect("the record is an MFA device's")
}

/// Reads two codes in a row: how many steps the device is ahead, and the step of the second.
fn read_codes(
    desk: &Desk<'_>,
    record: &MfaRecord,
    codes: (MfaCode, MfaCode),
    drift: u64,
) -> Result<(i8, u64), Error> {
    let seed = TotpSeed::new(SecretBytes::copy_from(record.seed.expose()));
    let now = totp_step(desk.now());
    let used = record.owner.as_ref().map(|owner| owner.taken);
    let taken = seed.find_two((codes.0.0, codes.1.0), now, drift, used).ok_or(Error::InvalidMfaCode)?;
    // The code that is shown now is the second one.
    let ahead = i64::try_from(taken).ok().zip(i64::try_from(now).ok()).map(|(taken, now)| taken - now);
    let ahead = ahead.and_then(|ahead| i8::try_from(ahead).ok()).ok_or(Error::InvalidMfaCode)?;
    Ok((ahead, taken))
}

/// A device that is this user's.
fn device_of(
    desk: &Desk<'_>,
    user: &str,
    serial: &MfaSerial,
) -> Result<(Stored<MfaRecord>, MfaOwner), Error> {
    let device = desk.rows.of_arn::<MfaRecord>(serial.arn())?;
    let owner = device.record.owner.clone().filter(|owner| is_same_name(&owner.user, user));
    let owner =
        owner.ok_or_else(|| Error::NoSuchEntity(format!("{serial} is not a device of {user}").into()))?;
    Ok((device, owner))
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

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<NewMfaDevice>, Error> {
        let rows = desk.rows;
        rows.is_free::<MfaRecord>(self.name.as_str())?;
        desk.directory.room().take::<MfaRecord>(rows, "MFADevicesPerAccount")?;
        let seed = TotpSeed::make(&*desk.world.entropy);
        let record = MfaRecord {
            path: self.path.clone(),
            name: self.name.as_str().into(),
            created: desk.now(),
            tags: self.tags.clone(),
            seed: SecretBytes::copy_from(seed.bytes().expose()),
            owner: None,
        };
        let told = NewMfaDevice {
            serial: serial(desk, &record),
            seed_base32: seed.base32(),
            tags: self.tags.clone(),
        };
        Ok((vec![rows.make(&record)], told))
    }
}

impl IamOperation for DeleteVirtualMfaDevice {
    const ACTION: Action = Action::DeleteVirtualMFADevice;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Arn(self.serial.arn())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let device = desk.rows.of_arn::<MfaRecord>(self.serial.arn())?;
        match device.record.owner {
            None => Ok((vec![desk.rows.delete(&device)], ())),
            Some(_) => Err(Error::DeleteConflict("the MFA device is somebody's; deactivate it first".into())),
        }
    }
}

impl IamOperation for ListVirtualMfaDevices {
    const ACTION: Action = Action::ListVirtualMFADevices;
    type Answer = Page<MfaDevice>;

    fn target(&self) -> Target<'_> {
        Target::Account
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<MfaDevice>>, Error> {
        let keep = |device: &MfaRecord| match self.status {
            AssignmentStatus::Any => true,
            AssignmentStatus::Assigned => device.owner.is_some(),
            AssignmentStatus::Unassigned => device.owner.is_none(),
        };
        let Page { items, next } = listed_if(desk, &self.page, keep, |_, device| device)?;
        let items = items.into_iter().map(|device| MfaDevice::of(desk, device)).collect::<Result<_, _>>()?;
        Ok(answered(Page { items, next }))
    }
}

impl IamOperation for EnableMfaDevice {
    const ACTION: Action = Action::EnableMFADevice;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.user.as_str())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut user = desk.rows.named::<UserRecord>(self.user.as_str())?;
        let mut device = desk.rows.of_arn::<MfaRecord>(self.serial.arn())?;
        if device.record.owner.is_some() {
            return Err(Error::EntityExists(
                "the MFA device is somebody's already; deactivate it first".into(),
            ));
        }
        within("MFADevicesPerUser", user.record.mfa.len() + 1, MFA_OF_USER_MAX)?;
        let (ahead, taken) = read_codes(desk, &device.record, (self.first, self.second), ENABLE_DRIFT_STEPS)?;
        let since = desk.now();
        let owner = MfaOwner { user: user.record.head.name.clone(), since, ahead, taken };
        device.record.owner = Some(owner);
        user.record.mfa.push(MfaUse { name: device.record.name.clone(), since });
        Ok((vec![desk.rows.replace(&device), desk.rows.replace(&user)], ()))
    }
}

impl IamOperation for DeactivateMfaDevice {
    const ACTION: Action = Action::DeactivateMFADevice;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let mut user = desk.user_or_caller(self.user.as_ref())?;
        let (mut device, _) = device_of(desk, &user.record.head.name, &self.serial)?;
        device.record.owner = None;
        user.record.mfa.retain(|of| !is_same_name(&of.name, &device.record.name));
        Ok((vec![desk.rows.replace(&device), desk.rows.replace(&user)], ()))
    }
}

impl IamOperation for ResyncMfaDevice {
    const ACTION: Action = Action::ResyncMFADevice;
    type Answer = ();

    fn target(&self) -> Target<'_> {
        Target::Named(IamKind::User, self.user.as_str())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<()>, Error> {
        let user = desk.rows.named::<UserRecord>(self.user.as_str())?;
        let (mut device, owner) = device_of(desk, &user.record.head.name, &self.serial)?;
        let (ahead, taken) = read_codes(desk, &device.record, (self.first, self.second), RESYNC_DRIFT_STEPS)?;
        device.record.owner = Some(MfaOwner { ahead, taken, ..owner });
        Ok((vec![desk.rows.replace(&device)], ()))
    }
}

impl IamOperation for ListMfaDevices {
    const ACTION: Action = Action::ListMFADevices;
    type Answer = Page<MfaDevice>;

    fn target(&self) -> Target<'_> {
        Target::UserOrCaller(self.user.as_ref())
    }

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<Page<MfaDevice>>, Error> {
        let user = desk.user_or_caller(self.user.as_ref())?.record;
        let mut names: Vec<_> = user.mfa.into_iter().map(|of| of.name).collect();
        names.sort_by_key(|name| name.to_ascii_lowercase());
        let Page { items, next } = page_of_names(IamKind::Mfa, names, &self.page)?;
        let mut devices = Vec::with_capacity(items.len());
        for name in &items {
            // One that was deactivated and deleted meanwhile is passed over.
            let device = desk.rows.find::<MfaRecord>(name)?;
            devices.extend(device.map(|device| MfaDevice::of(desk, device.record)).transpose()?);
        }
        Ok(answered(Page { items: devices, next }))
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

    fn plan(&self, desk: &Desk<'_>) -> Result<Planned<MfaDevice>, Error> {
        let device = match &self.user {
            Some(user) => device_of(desk, user.as_str(), &self.serial)?.0,
            None => desk.rows.of_arn::<MfaRecord>(self.serial.arn())?,
        };
        MfaDevice::of(desk, device.record).map(answered)
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
