//! Virtual MFA devices.

use keystead_engine::ops::Page;
use keystead_engine::ops::iam::{self as ops, AssignmentStatus, MfaCode, MfaDevice, NewMfaDevice};
use keystead_model::MfaName;

use super::super::super::iam_model::{
    CreateVirtualMFADeviceRequest, DeactivateMFADeviceRequest, DeleteVirtualMFADeviceRequest,
    EnableMFADeviceRequest, GetMFADeviceRequest, ListMFADevicesRequest, ListVirtualMFADevicesRequest,
    ResyncMFADeviceRequest,
};
use super::super::super::query::Xml;
use super::super::super::rules::Text;
use super::{
    Taken, given, invalid, next_page, optional_user, page, path, serial, tag_list_if_any, user, users,
};

pub(in super::super) fn create_virtual_mfa_device(
    wire: CreateVirtualMFADeviceRequest<'_>,
) -> Taken<ops::CreateVirtualMfaDevice> {
    let CreateVirtualMFADeviceRequest { path, tags, virtual_mfa_device_name } = wire;
    let name = given(virtual_mfa_device_name)?;
    Ok(ops::CreateVirtualMfaDevice {
        // The model names no limit for the name; that of its ARN leaves 226 characters.
        name: MfaName::parse(&name).ok_or_else(|| invalid("virtualMFADeviceName", &name))?,
        path: self::path(path)?,
        tags: super::tags(tags)?,
    })
}

pub(in super::super) fn delete_virtual_mfa_device(
    wire: DeleteVirtualMFADeviceRequest<'_>,
) -> Taken<ops::DeleteVirtualMfaDevice> {
    let DeleteVirtualMFADeviceRequest { serial_number } = wire;
    Ok(ops::DeleteVirtualMfaDevice { serial: serial(serial_number)? })
}

pub(in super::super) fn list_virtual_mfa_devices(
    wire: ListVirtualMFADevicesRequest<'_>,
) -> Taken<ops::ListVirtualMfaDevices> {
    let ListVirtualMFADevicesRequest { assignment_status, marker, max_items } = wire;
    let status = match assignment_status.as_deref() {
        None | Some("Any") => AssignmentStatus::Any,
        Some("Assigned") => AssignmentStatus::Assigned,
        Some("Unassigned") => AssignmentStatus::Unassigned,
        Some(other) => return Err(invalid("assignmentStatus", other)),
    };
    Ok(ops::ListVirtualMfaDevices { status, page: page(max_items, marker)? })
}

pub(in super::super) fn enable_mfa_device(wire: EnableMFADeviceRequest<'_>) -> Taken<ops::EnableMfaDevice> {
    let EnableMFADeviceRequest { authentication_code1, authentication_code2, serial_number, user_name } =
        wire;
    Ok(ops::EnableMfaDevice {
        user: user(user_name)?,
        serial: serial(serial_number)?,
        first: code(authentication_code1)?,
        second: code(authentication_code2)?,
    })
}

pub(in super::super) fn deactivate_mfa_device(
    wire: DeactivateMFADeviceRequest<'_>,
) -> Taken<ops::DeactivateMfaDevice> {
    let DeactivateMFADeviceRequest { serial_number, user_name } = wire;
    Ok(ops::DeactivateMfaDevice { user: optional_user(user_name)?, serial: serial(serial_number)? })
}

pub(in super::super) fn resync_mfa_device(wire: ResyncMFADeviceRequest<'_>) -> Taken<ops::ResyncMfaDevice> {
    let ResyncMFADeviceRequest { authentication_code1, authentication_code2, serial_number, user_name } =
        wire;
    Ok(ops::ResyncMfaDevice {
        user: user(user_name)?,
        serial: serial(serial_number)?,
        first: code(authentication_code1)?,
        second: code(authentication_code2)?,
    })
}

pub(in super::super) fn list_mfa_devices(wire: ListMFADevicesRequest<'_>) -> Taken<ops::ListMfaDevices> {
    let ListMFADevicesRequest { marker, max_items, user_name } = wire;
    Ok(ops::ListMfaDevices { user: optional_user(user_name)?, page: page(max_items, marker)? })
}

pub(in super::super) fn get_mfa_device(wire: GetMFADeviceRequest<'_>) -> Taken<ops::GetMfaDevice> {
    let GetMFADeviceRequest { serial_number, user_name } = wire;
    Ok(ops::GetMfaDevice { user: optional_user(user_name)?, serial: serial(serial_number)? })
}

/// The one answer with the seed. There is no picture of it.
pub(in super::super) fn new_device(device: NewMfaDevice, xml: &mut Xml) {
    let NewMfaDevice { serial, seed_base32, tags } = device;
    xml.structure("VirtualMFADevice", |xml| {
        xml.shown("SerialNumber", &serial).secret_blob("Base32StringSeed", &seed_base32);
        tag_list_if_any(&tags, xml);
    });
}

pub(in super::super) fn virtual_devices(page: Page<MfaDevice>, xml: &mut Xml) {
    xml.structures("VirtualMFADevices", page.items, |xml, device| {
        xml.shown("SerialNumber", &device.serial);
        if let Some((user, since)) = &device.owner {
            xml.structure("User", |xml| users::brief(user, xml)).time("EnableDate", *since);
        }
    });
    next_page(page.next.as_deref(), xml);
}

pub(in super::super) fn devices(page: Page<MfaDevice>, xml: &mut Xml) {
    xml.structures("MFADevices", page.items, |xml, device| owned(&device, xml));
    next_page(page.next.as_deref(), xml);
}

pub(in super::super) fn device(device: MfaDevice, xml: &mut Xml) {
    owned(&device, xml);
}

fn owned(device: &MfaDevice, xml: &mut Xml) {
    let MfaDevice { serial, owner, tags: _ } = device;
    xml.optional_text("UserName", owner.as_ref().map(|(user, _)| &*user.name));
    xml.shown("SerialNumber", serial);
    if let Some((_, since)) = owner {
        xml.time("EnableDate", *since);
    }
}

fn code(text: Option<Text<'_>>) -> Taken<MfaCode> {
    let text = given(text)?;
    MfaCode::parse(&text).ok_or_else(|| invalid("authenticationCode", &text))
}
