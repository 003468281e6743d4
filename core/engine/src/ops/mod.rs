//! What can be asked of the engine: one file a family, a request type and an answer type an operation.
//!
//! Requests hold model types only, so what they say is already well formed; whether it is *allowed* and
//! whether it *makes sense for this key* is decided here.

mod agreement;
mod aliases;
mod approvals;
mod cryptography;
pub(crate) mod custom_keys;
mod edit;
mod grants;
pub mod iam;
mod import;
mod key_stores;
mod keys;
mod lifecycle;
mod mac;
pub(crate) mod outside;
mod pairs;
mod planting;
mod policies;
pub(crate) mod proxies;
mod recipient;
mod regions;
mod rotation;
mod sealing;
mod service;
pub(crate) mod service_keys;
mod signing;
mod state;
pub mod sts;
mod tags;
mod usable;
mod usage;
#[cfg(test)]
mod waitable;

use keystead_crypto::ApprovalParameters;
use keystead_model::{Action, EncryptionContext, GrantOperations};
use keystead_policy::{ConditionKey, GrantConstraints, Visit};

use crate::authority::{Found, Subject};
pub use crate::usage::Use;

pub(crate) use edit::{materials_gone, replaced};
pub(crate) use grants::read_id;
pub(crate) use keys::{Draft, new_version};
pub(crate) use pairs::PairMaking;
pub(crate) use recipient::{attest, recipient_values};
pub(crate) use regions::{parted, spread};
pub(crate) use rotation::rotate;

pub use agreement::{Decapsulate, Decapsulated, DeriveSharedSecret, Encapsulate, Encapsulated, SharedSecret};
pub use aliases::{Alias, CreateAlias, DeleteAlias, ListAliases, UpdateAlias};
pub use approvals::{
    Approval, ApprovalDetail, Approve, ApprovedBy, GetApproval, ListApprovals, Veto, WithdrawApproval,
};
pub use cryptography::{
    DataKey, Decrypt, Decrypted, Encrypt, Encrypted, GenerateDataKey, GenerateDataKeyWithoutPlaintext,
    GenerateRandom, ReEncrypt, ReEncrypted, WrappedDataKey,
};
pub use grants::{
    CreateGrant, GrantEntry, GrantName, Granted, ListGrants, ListRetirableGrants, RetireGrant, RevokeGrant,
};
pub use import::{
    DeleteImportedKeyMaterial, GetParametersForImport, ImportKeyMaterial, ImportKind, ImportParameters,
    ImportedMaterial,
};
pub(crate) use key_stores::Place;
pub use key_stores::{
    BackingMetadata, ConnectCustomKeyStore, CreateCustomKeyStore, DeleteCustomKeyStore,
    DescribeCustomKeyStores, DisconnectCustomKeyStore, KEY_STORES_MAX, KeyStoreMetadata, NewBacking,
    ProxyCredential, UpdateCustomKeyStore,
};
pub use keys::{CreateKey, DescribeKey, Expiry, KeyMetadata, ListKeys, RelatedKeys, UpdateKeyDescription};
pub use lifecycle::{CancelKeyDeletion, DisableKey, EnableKey, ScheduleKeyDeletion, ScheduledDeletion};
pub use mac::{GenerateMac, Mac, VerifiedMac, VerifyMac};
pub use pairs::{DataKeyPair, GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext, WrappedDataKeyPair};
pub use planting::{PlantAccessKey, PlantKey, Planted};
pub use policies::{GetKeyPolicy, ListKeyPolicies, PutKeyPolicy};
pub use recipient::HandedOut;
pub use regions::{ReplicateKey, Replicated, UpdatePrimaryRegion};
pub use rotation::{
    DisableKeyRotation, EnableKeyRotation, GetKeyRotationStatus, ImportedVersion, ListKeyRotations,
    MaterialState, RotateKeyOnDemand, Rotation, RotationKind, RotationStatus,
};
pub use service::{GetCallerIdentity, MoveClock, ReadAudit, ReadStatus};
pub use signing::{GetPublicKey, PublicHalf, Sign, Signed, Verified, Verify};
pub use tags::{ListResourceTags, TagResource, UntagResource};
pub use usage::{GetKeyLastUsage, KeyUsed};

/// One page of a listing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T> {
    /// The items, in a stable order.
    pub items: Vec<T>,
    /// Where the next page starts; absent on the last one.
    pub next: Option<Box<str>>,
}

/// Which page of a listing is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PageRequest {
    /// At most this many items; the operation's default if absent. The front keeps it within the
    /// service model's range (1 to 1,000, or 1 to 50 for tags).
    pub limit: Option<u16>,
    /// [`Page::next`] of the page before.
    pub marker: Option<Box<str>>,
}

/// Something that can be asked for: what it is about, and what conditions may ask of it. Sealed: the engine knows
/// all operations there are.
pub trait Operation: Send + 'static {
    /// What policies call it.
    const ACTION: Action;

    /// What it is about.
    fn subject(&self) -> Subject<'_>;

    /// The tokens of grants that the caller wants to be taken into account, 10 of 8,192 bytes at most. One that was
    /// not given out here refuses the request.
    fn grant_tokens(&self) -> &[Box<str>] {
        &[]
    }

    /// Moves the encryption context into the audit entry, which holds it from then on.
    fn take_context(&mut self) -> EncryptionContext {
        EncryptionContext::default()
    }

    /// Takes out the attestation document of the recipient that the answer is to be sealed to. It is verified before
    /// policy is asked; the audit entry holds what it says from then on.
    fn take_recipient(&mut self) -> Option<Box<[u8]>> {
        None
    }

    /// A second factor that it shows. It is looked at before policy is asked, and spent when the operation succeeds.
    fn second_factor(&self) -> Option<&sts::SecondFactor> {
        None
    }

    /// What those who approve it are shown and sign, besides who asks for which action on what: every parameter that makes a
    /// difference, in a fixed order. `None` if it cannot wait for approval. Whatever answers something is in
    /// [`CAN_WAIT`](crate::approvals::rules::CAN_WAIT), and changes by [`Permit::change`](crate::Permit::change) only.
    fn approval(&self, found: &Found) -> Option<ApprovalParameters> {
        let _ = found;
        None
    }

    /// The encryption context that it brings along when it is checked as `action`, if that is not the audit entry's.
    fn own_context(&self, action: Action) -> Option<&EncryptionContext> {
        let _ = action;
        None
    }

    /// The grant that it is to make, if it makes one: what it gives, and on which terms.
    fn child(&self) -> Option<(GrantOperations, &GrantConstraints)> {
        None
    }

    /// The operation's own values of a condition key, when it is checked as `action`.
    fn facts(&self, action: Action, name: &ConditionKey, visit: &mut Visit<'_>) {
        let _ = (action, name, visit);
    }
}

/// Cuts a listing that was read one item too far, and says where the next page starts.
fn page<T>(mut items: Vec<T>, limit: usize, marker: impl FnOnce(&T) -> Box<str>) -> Page<T> {
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(marker) } else { None };
    Page { items, next }
}

impl PageRequest {
    fn limit_or(&self, default: u16) -> usize {
        usize::from(self.limit.unwrap_or(default)).max(1)
    }
}
