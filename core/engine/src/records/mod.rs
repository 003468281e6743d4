//! What is kept: one type a kind of record, its row id and its bytes. `docs/formats/records.md` has them byte
//! by byte. Records are sealed by the vault; nothing here knows how.

mod account;
mod alias;
mod approval;
mod codec;
mod grant;
mod iam;
mod id;
mod key;
mod key_store;
mod last_use;
mod material;
mod planted;
mod usage;

pub use account::{AccessKeyRecord, AccountRecord};
pub use alias::AliasRecord;
pub use approval::{ApprovalRecord, GivenRecord};
pub use codec::{Reader, RecordError, Writer};
pub use grant::{
    GrantRecord, GrantRow, GrantSummary, PrincipalHash, principal_hash, read_pointer, write_pointer,
};
pub use iam::{
    AccountAliasRecord, AccountSettingsRecord, ApprovalRuleRecord, ApproverRecord, BoundedRecord,
    DirectoryRecord, GroupRecord, GuardrailRecord, Head, Held, HolderRecord, InlineRecord, MfaOwner,
    MfaRecord, MfaUse, PolicyRecord, ProviderRecord, RoleRecord, TaggedRecord, UserRecord, VersionRecord,
};
pub use id::{Row, bears_on_decisions, record_id, spell};
pub use key::{CustomKey, Deletion, Due, Imported, KeyRecord, MaterialRecord, PolicyText, Regions, Schedule};
pub use key_store::{Backing, CloudHsm, External, ExternalKeyRecord, KeyStoreRecord, KeyStoresRecord};
pub use last_use::LastUseRecord;
pub use material::Wrapped;
pub use planted::PlantedRecord;
pub use usage::{UsagePosition, UsageRecord};
