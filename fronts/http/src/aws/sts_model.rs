//! The wire shapes of AWS STS, API version 2011-06-15.
//!
//! Written by `cargo xtask codegen` from the service model in botocore 1.44.5: facts only.
//! Change the command, not this file.

use keystead_engine::SecretBytes;

use super::query::{Reader, Structure};
use super::rules::{
    Form, IntegerRule, ListRule, Malformed, Pattern, Text, TextRule, is_tag_key, is_tag_text,
};

/// The API version that requests name.
pub const VERSION: &str = "2011-06-15";

/// The namespace of answers.
pub const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Every operation of the service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Operation {
    /// `AssumeRole`
    AssumeRole,
    /// `AssumeRoleWithSAML`
    AssumeRoleWithSAML,
    /// `AssumeRoleWithWebIdentity`
    AssumeRoleWithWebIdentity,
    /// `AssumeRoot`
    AssumeRoot,
    /// `DecodeAuthorizationMessage`
    DecodeAuthorizationMessage,
    /// `GetAccessKeyInfo`
    GetAccessKeyInfo,
    /// `GetCallerIdentity`
    GetCallerIdentity,
    /// `GetDelegatedAccessToken`
    GetDelegatedAccessToken,
    /// `GetFederationToken`
    GetFederationToken,
    /// `GetSessionToken`
    GetSessionToken,
    /// `GetWebIdentityToken`
    GetWebIdentityToken,
}

impl Operation {
    /// All of them, ascending by name.
    pub const ALL: &[Operation] = &[
        Self::AssumeRole,
        Self::AssumeRoleWithSAML,
        Self::AssumeRoleWithWebIdentity,
        Self::AssumeRoot,
        Self::DecodeAuthorizationMessage,
        Self::GetAccessKeyInfo,
        Self::GetCallerIdentity,
        Self::GetDelegatedAccessToken,
        Self::GetFederationToken,
        Self::GetSessionToken,
        Self::GetWebIdentityToken,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::AssumeRole => "AssumeRole",
            Self::AssumeRoleWithSAML => "AssumeRoleWithSAML",
            Self::AssumeRoleWithWebIdentity => "AssumeRoleWithWebIdentity",
            Self::AssumeRoot => "AssumeRoot",
            Self::DecodeAuthorizationMessage => "DecodeAuthorizationMessage",
            Self::GetAccessKeyInfo => "GetAccessKeyInfo",
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::GetDelegatedAccessToken => "GetDelegatedAccessToken",
            Self::GetFederationToken => "GetFederationToken",
            Self::GetSessionToken => "GetSessionToken",
            Self::GetWebIdentityToken => "GetWebIdentityToken",
        }
    }

    /// The operation of a name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "AssumeRole" => Self::AssumeRole,
            "AssumeRoleWithSAML" => Self::AssumeRoleWithSAML,
            "AssumeRoleWithWebIdentity" => Self::AssumeRoleWithWebIdentity,
            "AssumeRoot" => Self::AssumeRoot,
            "DecodeAuthorizationMessage" => Self::DecodeAuthorizationMessage,
            "GetAccessKeyInfo" => Self::GetAccessKeyInfo,
            "GetCallerIdentity" => Self::GetCallerIdentity,
            "GetDelegatedAccessToken" => Self::GetDelegatedAccessToken,
            "GetFederationToken" => Self::GetFederationToken,
            "GetSessionToken" => Self::GetSessionToken,
            "GetWebIdentityToken" => Self::GetWebIdentityToken,
            _ => return None,
        })
    }

    /// The members of its answer.
    pub fn output(self) -> &'static [&'static str] {
        match self {
            Self::AssumeRole => &[
                "AssumedRoleUser",
                "Credentials",
                "PackedPolicySize",
                "SessionTokenSize",
                "SessionTokenUtilization",
                "SourceIdentity",
            ],
            Self::AssumeRoleWithSAML => &[
                "AssumedRoleUser",
                "Audience",
                "Credentials",
                "Issuer",
                "NameQualifier",
                "PackedPolicySize",
                "SessionTokenSize",
                "SessionTokenUtilization",
                "SourceIdentity",
                "Subject",
                "SubjectType",
            ],
            Self::AssumeRoleWithWebIdentity => &[
                "AssumedRoleUser",
                "Audience",
                "Credentials",
                "PackedPolicySize",
                "Provider",
                "SessionTokenSize",
                "SessionTokenUtilization",
                "SourceIdentity",
                "SubjectFromWebIdentityToken",
            ],
            Self::AssumeRoot => {
                &["Credentials", "SessionTokenSize", "SessionTokenUtilization", "SourceIdentity"]
            }
            Self::DecodeAuthorizationMessage => &["DecodedMessage"],
            Self::GetAccessKeyInfo => &["Account"],
            Self::GetCallerIdentity => &["Account", "Arn", "UserId"],
            Self::GetDelegatedAccessToken => &["AssumedPrincipal", "Credentials", "PackedPolicySize"],
            Self::GetFederationToken => &[
                "Credentials",
                "FederatedUser",
                "PackedPolicySize",
                "SessionTokenSize",
                "SessionTokenUtilization",
            ],
            Self::GetSessionToken => &["Credentials", "SessionTokenSize", "SessionTokenUtilization"],
            Self::GetWebIdentityToken => &["Expiration", "WebIdentityToken"],
        }
    }
}

/// The codes of the modelled errors with their HTTP status, ascending.
pub const ERRORS: &[(&str, u16)] = &[
    ("ExpiredTokenException", 400),
    ("ExpiredTradeInTokenException", 400),
    ("IDPCommunicationError", 400),
    ("IDPRejectedClaim", 403),
    ("InvalidAuthorizationMessageException", 400),
    ("InvalidIdentityToken", 400),
    ("JWTPayloadSizeExceededException", 400),
    ("MalformedPolicyDocument", 400),
    ("OutboundWebIdentityFederationDisabledException", 403),
    ("PackedPolicyTooLarge", 400),
    ("RegionDisabledException", 403),
    ("SessionDurationEscalationException", 403),
];

/// `AssumeRoleRequest`
#[derive(Default)]
pub struct AssumeRoleRequest<'a> {
    /// `DurationSeconds`
    pub duration_seconds: Option<i32>,
    /// `ExternalId`
    pub external_id: Option<Text<'a>>,
    /// `MinimumSessionTokenSize`
    pub minimum_session_token_size: Option<i32>,
    /// `Policy`
    pub policy: Option<Text<'a>>,
    /// `PolicyArns`
    pub policy_arns: Option<Vec<PolicyDescriptorType<'a>>>,
    /// `ProvidedContexts`
    pub provided_contexts: Option<Vec<ProvidedContext<'a>>>,
    /// `RoleArn`, required
    pub role_arn: Option<Text<'a>>,
    /// `RoleSessionName`, required
    pub role_session_name: Option<Text<'a>>,
    /// `SerialNumber`
    pub serial_number: Option<Text<'a>>,
    /// `SourceIdentity`
    pub source_identity: Option<Text<'a>>,
    /// `Tags`
    pub tags: Option<Vec<Tag<'a>>>,
    /// `TokenCode`
    pub token_code: Option<Text<'a>>,
    /// `TransitiveTagKeys`
    pub transitive_tag_keys: Option<Vec<Text<'a>>>,
}

impl<'a> Structure<'a> for AssumeRoleRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            duration_seconds: reader.integer("DurationSeconds", &ROLE_DURATION_SECONDS_TYPE)?,
            external_id: reader.text("ExternalId", &EXTERNAL_ID_TYPE)?,
            minimum_session_token_size: reader
                .integer("MinimumSessionTokenSize", &MINIMUM_SESSION_TOKEN_SIZE_TYPE)?,
            policy: reader.text("Policy", &UNRESTRICTED_SESSION_POLICY_DOCUMENT_TYPE)?,
            policy_arns: reader.structures("PolicyArns", &POLICY_DESCRIPTOR_LIST_TYPE)?,
            provided_contexts: reader.structures("ProvidedContexts", &PROVIDED_CONTEXTS_LIST_TYPE)?,
            role_arn: reader.text("RoleArn", &ARN_TYPE)?,
            role_session_name: reader.text("RoleSessionName", &ROLE_SESSION_NAME_TYPE)?,
            serial_number: reader.text("SerialNumber", &SERIAL_NUMBER_TYPE)?,
            source_identity: reader.text("SourceIdentity", &SOURCE_IDENTITY_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
            token_code: reader.text("TokenCode", &TOKEN_CODE_TYPE)?,
            transitive_tag_keys: reader.texts("TransitiveTagKeys", &TAG_KEY_LIST_TYPE, &TAG_KEY_TYPE)?,
        };
        reader.require("RoleArn", read.role_arn.is_some());
        reader.require("RoleSessionName", read.role_session_name.is_some());
        Ok(read)
    }
}

/// `AssumeRoleWithWebIdentityRequest`
#[derive(Default)]
pub struct AssumeRoleWithWebIdentityRequest<'a> {
    /// `DurationSeconds`
    pub duration_seconds: Option<i32>,
    /// `MinimumSessionTokenSize`
    pub minimum_session_token_size: Option<i32>,
    /// `Policy`
    pub policy: Option<Text<'a>>,
    /// `PolicyArns`
    pub policy_arns: Option<Vec<PolicyDescriptorType<'a>>>,
    /// `ProviderId`
    pub provider_id: Option<Text<'a>>,
    /// `RoleArn`, required
    pub role_arn: Option<Text<'a>>,
    /// `RoleSessionName`, required
    pub role_session_name: Option<Text<'a>>,
    /// `WebIdentityToken`, required
    pub web_identity_token: Option<SecretBytes>,
}

impl<'a> Structure<'a> for AssumeRoleWithWebIdentityRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            duration_seconds: reader.integer("DurationSeconds", &ROLE_DURATION_SECONDS_TYPE)?,
            minimum_session_token_size: reader
                .integer("MinimumSessionTokenSize", &MINIMUM_SESSION_TOKEN_SIZE_TYPE)?,
            policy: reader.text("Policy", &SESSION_POLICY_DOCUMENT_TYPE)?,
            policy_arns: reader.structures("PolicyArns", &POLICY_DESCRIPTOR_LIST_TYPE)?,
            provider_id: reader.text("ProviderId", &URL_TYPE)?,
            role_arn: reader.text("RoleArn", &ARN_TYPE)?,
            role_session_name: reader.text("RoleSessionName", &ROLE_SESSION_NAME_TYPE)?,
            web_identity_token: reader.secret_text("WebIdentityToken", &CLIENT_TOKEN_TYPE)?,
        };
        reader.require("RoleArn", read.role_arn.is_some());
        reader.require("RoleSessionName", read.role_session_name.is_some());
        reader.require("WebIdentityToken", read.web_identity_token.is_some());
        Ok(read)
    }
}

/// `DecodeAuthorizationMessageRequest`
#[derive(Default)]
pub struct DecodeAuthorizationMessageRequest<'a> {
    /// `EncodedMessage`, required
    pub encoded_message: Option<Text<'a>>,
}

impl<'a> Structure<'a> for DecodeAuthorizationMessageRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { encoded_message: reader.text("EncodedMessage", &ENCODED_MESSAGE_TYPE)? };
        reader.require("EncodedMessage", read.encoded_message.is_some());
        Ok(read)
    }
}

/// `GetAccessKeyInfoRequest`
#[derive(Default)]
pub struct GetAccessKeyInfoRequest<'a> {
    /// `AccessKeyId`, required
    pub access_key_id: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetAccessKeyInfoRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self { access_key_id: reader.text("AccessKeyId", &ACCESS_KEY_ID_TYPE)? };
        reader.require("AccessKeyId", read.access_key_id.is_some());
        Ok(read)
    }
}

/// `GetCallerIdentityRequest`
#[derive(Default)]
pub struct GetCallerIdentityRequest {}

impl<'a> Structure<'a> for GetCallerIdentityRequest {
    fn read(_reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {})
    }
}

/// `GetFederationTokenRequest`
#[derive(Default)]
pub struct GetFederationTokenRequest<'a> {
    /// `DurationSeconds`
    pub duration_seconds: Option<i32>,
    /// `MinimumSessionTokenSize`
    pub minimum_session_token_size: Option<i32>,
    /// `Name`, required
    pub name: Option<Text<'a>>,
    /// `Policy`
    pub policy: Option<Text<'a>>,
    /// `PolicyArns`
    pub policy_arns: Option<Vec<PolicyDescriptorType<'a>>>,
    /// `Tags`
    pub tags: Option<Vec<Tag<'a>>>,
}

impl<'a> Structure<'a> for GetFederationTokenRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read = Self {
            duration_seconds: reader.integer("DurationSeconds", &DURATION_SECONDS_TYPE)?,
            minimum_session_token_size: reader
                .integer("MinimumSessionTokenSize", &MINIMUM_SESSION_TOKEN_SIZE_TYPE)?,
            name: reader.text("Name", &USER_NAME_TYPE)?,
            policy: reader.text("Policy", &SESSION_POLICY_DOCUMENT_TYPE)?,
            policy_arns: reader.structures("PolicyArns", &POLICY_DESCRIPTOR_LIST_TYPE)?,
            tags: reader.structures("Tags", &TAG_LIST_TYPE)?,
        };
        reader.require("Name", read.name.is_some());
        Ok(read)
    }
}

/// `GetSessionTokenRequest`
#[derive(Default)]
pub struct GetSessionTokenRequest<'a> {
    /// `DurationSeconds`
    pub duration_seconds: Option<i32>,
    /// `MinimumSessionTokenSize`
    pub minimum_session_token_size: Option<i32>,
    /// `SerialNumber`
    pub serial_number: Option<Text<'a>>,
    /// `TokenCode`
    pub token_code: Option<Text<'a>>,
}

impl<'a> Structure<'a> for GetSessionTokenRequest<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            duration_seconds: reader.integer("DurationSeconds", &DURATION_SECONDS_TYPE)?,
            minimum_session_token_size: reader
                .integer("MinimumSessionTokenSize", &MINIMUM_SESSION_TOKEN_SIZE_TYPE)?,
            serial_number: reader.text("SerialNumber", &SERIAL_NUMBER_TYPE)?,
            token_code: reader.text("TokenCode", &TOKEN_CODE_TYPE)?,
        })
    }
}

/// `PolicyDescriptorType`
#[derive(Default)]
pub struct PolicyDescriptorType<'a> {
    /// `arn`
    pub arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for PolicyDescriptorType<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self { arn: reader.text("arn", &ARN_TYPE)? })
    }
}

/// `ProvidedContext`
#[derive(Default)]
pub struct ProvidedContext<'a> {
    /// `ContextAssertion`
    pub context_assertion: Option<Text<'a>>,
    /// `ProviderArn`
    pub provider_arn: Option<Text<'a>>,
}

impl<'a> Structure<'a> for ProvidedContext<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self {
            context_assertion: reader.text("ContextAssertion", &CONTEXT_ASSERTION_TYPE)?,
            provider_arn: reader.text("ProviderArn", &ARN_TYPE)?,
        })
    }
}

/// `Tag`
#[derive(Default)]
pub struct Tag<'a> {
    /// `Key`, required
    pub key: Option<Text<'a>>,
    /// `Value`, required
    pub value: Option<Text<'a>>,
}

impl<'a> Structure<'a> for Tag<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let read =
            Self { key: reader.text("Key", &TAG_KEY_TYPE)?, value: reader.text("Value", &TAG_VALUE_TYPE)? };
        reader.require("Key", read.key.is_some());
        reader.require("Value", read.value.is_some());
        Ok(read)
    }
}

/// `ProvidedContextsListType`
pub static PROVIDED_CONTEXTS_LIST_TYPE: ListRule = ListRule { items_min: 1, items_max: Some(5) };

/// `accessKeyIdType`
pub static ACCESS_KEY_ID_TYPE: TextRule = TextRule {
    chars_min: 16,
    chars_max: Some(128),
    pattern: Some(Pattern {
        text: "[\\w]*",
        form: Form::Class { chars_min: 0, class: &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')] },
    }),
    values: &[],
};

/// `arnType`
pub static ARN_TYPE: TextRule = TextRule {
    chars_min: 20,
    chars_max: Some(2048),
    pattern: Some(Pattern {
        text: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+",
        form: Form::Class {
            chars_min: 1,
            class: &[
                ('\t', '\t'),
                ('\n', '\n'),
                ('\r', '\r'),
                (' ', '~'),
                ('0', 'ჿ'),
                ('F', 'F'),
                ('F', 'F'),
                ('\u{85}', '\u{85}'),
                ('\u{a0}', '\u{d7ff}'),
                ('က', 'က'),
                ('\u{e000}', '�'),
            ],
        },
    }),
    values: &[],
};

/// `clientTokenType`
pub static CLIENT_TOKEN_TYPE: TextRule =
    TextRule { chars_min: 4, chars_max: Some(20000), pattern: None, values: &[] };

/// `contextAssertionType`
pub static CONTEXT_ASSERTION_TYPE: TextRule =
    TextRule { chars_min: 4, chars_max: Some(2048), pattern: None, values: &[] };

/// `durationSecondsType`
pub static DURATION_SECONDS_TYPE: IntegerRule = IntegerRule { min: 900, max: 129600 };

/// `encodedMessageType`
pub static ENCODED_MESSAGE_TYPE: TextRule =
    TextRule { chars_min: 1, chars_max: Some(10240), pattern: None, values: &[] };

/// `externalIdType`
pub static EXTERNAL_ID_TYPE: TextRule = TextRule {
    chars_min: 2,
    chars_max: Some(1224),
    pattern: Some(Pattern {
        text: "[\\w+=,.@:\\/-]*",
        form: Form::Class {
            chars_min: 0,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('/', '/'),
                ('0', '9'),
                (':', ':'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `minimumSessionTokenSizeType`
pub static MINIMUM_SESSION_TOKEN_SIZE_TYPE: IntegerRule = IntegerRule { min: 0, max: 4096 };

/// `policyDescriptorListType`
pub static POLICY_DESCRIPTOR_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: None };

/// `roleDurationSecondsType`
pub static ROLE_DURATION_SECONDS_TYPE: IntegerRule = IntegerRule { min: 900, max: 43200 };

/// `roleSessionNameType`
pub static ROLE_SESSION_NAME_TYPE: TextRule = TextRule {
    chars_min: 2,
    chars_max: Some(64),
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]*",
        form: Form::Class {
            chars_min: 0,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `serialNumberType`
pub static SERIAL_NUMBER_TYPE: TextRule = TextRule {
    chars_min: 9,
    chars_max: Some(256),
    pattern: Some(Pattern {
        text: "[\\w+=/:,.@-]*",
        form: Form::Class {
            chars_min: 0,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('/', '/'),
                ('0', '9'),
                (':', ':'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `sessionPolicyDocumentType`
pub static SESSION_POLICY_DOCUMENT_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(2048),
    pattern: Some(Pattern {
        text: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
        form: Form::Class { chars_min: 1, class: &[('\t', '\t'), ('\n', '\n'), ('\r', '\r'), (' ', 'ÿ')] },
    }),
    values: &[],
};

/// `sourceIdentityType`
pub static SOURCE_IDENTITY_TYPE: TextRule = TextRule {
    chars_min: 2,
    chars_max: Some(64),
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]*",
        form: Form::Class {
            chars_min: 0,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};

/// `tagKeyListType`
pub static TAG_KEY_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: Some(50) };

/// `tagKeyType`
pub static TAG_KEY_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: Some(128),
    pattern: Some(Pattern { text: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+", form: Form::Hand(is_tag_key) }),
    values: &[],
};

/// `tagListType`
pub static TAG_LIST_TYPE: ListRule = ListRule { items_min: 0, items_max: Some(50) };

/// `tagValueType`
pub static TAG_VALUE_TYPE: TextRule = TextRule {
    chars_min: 0,
    chars_max: Some(256),
    pattern: Some(Pattern { text: "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", form: Form::Hand(is_tag_text) }),
    values: &[],
};

/// `tokenCodeType`
pub static TOKEN_CODE_TYPE: TextRule = TextRule {
    chars_min: 6,
    chars_max: Some(6),
    pattern: Some(Pattern { text: "[\\d]*", form: Form::Class { chars_min: 0, class: &[('0', '9')] } }),
    values: &[],
};

/// `unrestrictedSessionPolicyDocumentType`
pub static UNRESTRICTED_SESSION_POLICY_DOCUMENT_TYPE: TextRule = TextRule {
    chars_min: 1,
    chars_max: None,
    pattern: Some(Pattern {
        text: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
        form: Form::Class { chars_min: 1, class: &[('\t', '\t'), ('\n', '\n'), ('\r', '\r'), (' ', 'ÿ')] },
    }),
    values: &[],
};

/// `urlType`
pub static URL_TYPE: TextRule = TextRule { chars_min: 4, chars_max: Some(2048), pattern: None, values: &[] };

/// `userNameType`
pub static USER_NAME_TYPE: TextRule = TextRule {
    chars_min: 2,
    chars_max: Some(32),
    pattern: Some(Pattern {
        text: "[\\w+=,.@-]*",
        form: Form::Class {
            chars_min: 0,
            class: &[
                ('+', '+'),
                (',', ','),
                ('-', '-'),
                ('.', '.'),
                ('0', '9'),
                ('=', '='),
                ('@', '@'),
                ('A', 'Z'),
                ('_', '_'),
                ('a', 'z'),
            ],
        },
    }),
    values: &[],
};
