//! The nouns of Keystead, and nothing else: no sockets, no wire formats, no clock, no files.
//!
//! Every type here is parsed once, at the edge, into something that cannot be wrong; inside the house
//! nobody checks again. Names that also exist in the AWS KMS API are spelled as that API spells them,
//! because that is the vocabulary the field shares; the wire forms themselves live in the fronts.

mod account;
mod action;
mod algorithm;
mod approval;
mod arn;
mod call;
mod context;
mod error;
mod grant;
mod iam;
mod key;
mod key_store;
mod locations;
mod name;
mod proof;
mod tag;
mod time;
pub mod world;

pub use account::{AccountId, Location, ParseAccountError, ParseLocationError};
pub use action::Action;
pub use algorithm::{
    EncapsulationAlgorithm, KeyAgreementAlgorithm, MacAlgorithm, MessageType, SigningAlgorithm,
    WrappingAlgorithm, WrappingKeySpec,
};
pub use approval::{ApprovalId, ApprovalIdError};
pub use arn::{AliasArn, KeyArn, KeyRef, KeyRefError};
pub use call::{Call, Caller, Principal, Protocol, RequestId, Session, SessionPolicy};
pub use context::{ContextError, EncryptionContext};
pub use error::{Denial, Error, IdentityTokenFault, Resource, Why};
pub use grant::{GrantId, GrantOperation, GrantOperations, ParseGrantIdError};
pub use iam::{
    GroupName, IamArn, IamKind, IamPath, MfaName, MfaSerial, PolicyArn, PolicyName, ProviderArn, RoleArn,
    RoleName, SessionName, UserName, is_iam_name, is_iam_path,
};
pub use key::{
    EncryptionAlgorithm, KeyId, KeyManager, KeySpec, KeyState, KeyUsage, MaterialId, Origin, ParseKeyIdError,
};
pub use key_store::{
    ConnectionErrorCode, ConnectionState, CustomKeyStoreType, KeyStoreFault, ProxyConnectivity,
};
pub use locations::Locations;
pub use name::{AliasName, AliasNameError};
pub use proof::{AccessKeyId, Proof, SigV4Proof};
pub use tag::{Tag, TagError, Tags};
pub use time::Timestamp;
