//! The names of AWS STS, API version 2011-06-15.
//!
//! Written by `cargo xtask codegen` from the service model in botocore 1.44.5: facts only.
//! Change the command, not this file.

/// The API version that requests name.
pub const VERSION: &str = "2011-06-15";

/// The namespace of answers.
pub const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Every action of the service, ascending.
pub const ACTIONS: &[&str] = &[
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "DecodeAuthorizationMessage",
    "GetAccessKeyInfo",
    "GetCallerIdentity",
    "GetDelegatedAccessToken",
    "GetFederationToken",
    "GetSessionToken",
    "GetWebIdentityToken",
];

/// The members of `GetCallerIdentity`'s answer.
pub const GET_CALLER_IDENTITY: &[&str] = &["Account", "Arn", "UserId"];
