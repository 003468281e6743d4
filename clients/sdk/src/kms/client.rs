//! The operations.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::transport::{Call, Transport};
use super::{CallError, Config, ConfigError, DataKey, Response};
use crate::message::{Context, KEY_ARN_BYTES_MAX, WRAPPED_KEY_BYTES_MAX};

/// What sealing and opening need from a key service. [`Client`] is the one over the network; a program that holds
/// its keys otherwise brings its own.
pub trait KeyService {
    /// Makes a data key and wraps it under `key`.
    fn generate(&self, key: &str, context: &Context) -> Result<(DataKey, WrappedKey), CallError>;
    /// Wraps a data key under one more key.
    fn wrap(&self, key: &str, context: &Context, data_key: &DataKey) -> Result<WrappedKey, CallError>;
    /// Unwraps. `key` names the key that must have done the wrapping; the answer's ARN says which key did.
    fn unwrap(&self, key: &str, context: &Context, ciphertext: &[u8])
    -> Result<(DataKey, String), CallError>;
}

/// A data key as a service has wrapped it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WrappedKey {
    /// The ARN of the key that wrapped it.
    pub key_arn: String,
    /// The wrapped bytes.
    pub ciphertext: Vec<u8>,
}

/// A client of one endpoint.
pub struct Client {
    transport: Transport,
}

impl Client {
    /// A client; opens no connection yet.
    ///
    /// # Errors
    /// [`ConfigError`] if the trusted certificates cannot be read.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        Ok(Self { transport: Transport::new(config)? })
    }

    /// Any operation of the JSON 1.1 protocol, such as `TrentService.DescribeKey`. Tried again where that may help:
    /// not for operations that must not happen twice.
    ///
    /// # Errors
    /// [`CallError::Service`] with the service's own words, or what kept the call from being answered.
    pub fn call(&self, target: &str, body: &serde_json::Value) -> Result<serde_json::Value, CallError> {
        let body = serde_json::to_vec(body).map_err(|error| CallError::Request(error.to_string()))?;
        let answer = self.post(target, &body)?;
        serde_json::from_slice(&answer).map_err(|_| unusable(target, "it is not JSON"))
    }

    /// Any request to the endpoint, signed for `service`, its answer handed over as it arrives. An answer other than
    /// 200 to 299 is an error.
    ///
    /// `path_and_query` begins with `/` and is already percent-encoded.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub fn signed(
        &self,
        method: &str,
        path_and_query: &str,
        service: &str,
        body: &[u8],
    ) -> Result<Response, CallError> {
        if !path_and_query.starts_with('/') {
            return Err(CallError::Request(format!("the path {path_and_query:?} does not begin with /")));
        }
        let headers: &[(&str, &str)] = match body.is_empty() {
            true => &[],
            false => &[("content-type", "application/json")],
        };
        let name = path_and_query.split('?').next().unwrap_or(path_and_query);
        self.transport.stream(&Call { name, service, method, path_and_query, headers, body })
    }

    fn post(&self, target: &str, body: &[u8]) -> Result<Zeroizing<Vec<u8>>, CallError> {
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target)];
        let name = operation(target);
        let (service, method, path_and_query) = ("kms", "POST", "/");
        self.transport.call(&Call { name, service, method, path_and_query, headers: &headers, body })
    }

    /// Like [`Client::call`], for bodies that hold a secret: what is sent and what is read is wiped.
    fn ask<T>(
        &self,
        target: &'static str,
        request: &Wire<'_>,
        read: impl FnOnce(Answer<'_>) -> Option<T>,
    ) -> Result<T, CallError> {
        let mut body = Zeroizing::new(Vec::with_capacity(request.bytes_max()));
        serde_json::to_writer(&mut *body, request).map_err(|error| CallError::Request(error.to_string()))?;
        let answer = self.post(target, &body)?;
        let answer: Answer<'_> = serde_json::from_slice(&answer)
            .map_err(|_| unusable(target, "it is not the JSON it should be"))?;
        read(answer).ok_or_else(|| unusable(target, "a member is missing or out of its range"))
    }
}

impl KeyService for Client {
    fn generate(&self, key: &str, context: &Context) -> Result<(DataKey, WrappedKey), CallError> {
        let request = Wire { number_of_bytes: Some(DataKey::BYTES), ..Wire::new(key, context) };
        self.ask("TrentService.GenerateDataKey", &request, |mut answer| {
            Some((answer.data_key()?, answer.wrapped()?))
        })
    }

    fn wrap(&self, key: &str, context: &Context, data_key: &DataKey) -> Result<WrappedKey, CallError> {
        let plaintext = data_key.to_base64();
        let request = Wire { plaintext: Some(&plaintext), ..Wire::new(key, context) };
        self.ask("TrentService.Encrypt", &request, |answer| answer.wrapped())
    }

    fn unwrap(
        &self,
        key: &str,
        context: &Context,
        ciphertext: &[u8],
    ) -> Result<(DataKey, String), CallError> {
        let ciphertext = STANDARD.encode(ciphertext);
        let request = Wire { ciphertext_blob: Some(&ciphertext), ..Wire::new(key, context) };
        self.ask("TrentService.Decrypt", &request, |mut answer| Some((answer.data_key()?, answer.key_arn()?)))
    }
}

/// The members of the three requests.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Wire<'a> {
    key_id: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    encryption_context: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number_of_bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ciphertext_blob: Option<&'a str>,
}

impl<'a> Wire<'a> {
    fn new(key_id: &'a str, context: &'a Context) -> Self {
        let encryption_context = context.as_map();
        Self { key_id, encryption_context, number_of_bytes: None, plaintext: None, ciphertext_blob: None }
    }

    /// Room for the whole body, so that it is not copied while it grows: a copied body would not be wiped.
    fn bytes_max(&self) -> usize {
        let texts =
            self.encryption_context.iter().map(|(key, value)| key.len() + value.len() + 1).sum::<usize>();
        let blobs = [self.plaintext, self.ciphertext_blob].into_iter().flatten().map(str::len).sum::<usize>();
        // A byte of text becomes at most six, as in \u001f; names and marks take the rest.
        (texts + self.key_id.len()) * 6 + self.encryption_context.len() * 6 + blobs + 256
    }
}

/// The members of the three answers; one that is missing is empty.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    #[serde(borrow, default)]
    plaintext: Cow<'a, str>,
    #[serde(borrow, default)]
    ciphertext_blob: Cow<'a, str>,
    #[serde(borrow, default)]
    key_id: Cow<'a, str>,
}

impl Answer<'_> {
    fn data_key(&mut self) -> Option<DataKey> {
        // WHY: the text is borrowed from the answer, which is wiped, unless the service has escaped a character.
        match std::mem::take(&mut self.plaintext) {
            Cow::Borrowed(text) => DataKey::from_base64(text),
            Cow::Owned(text) => DataKey::from_base64(&Zeroizing::new(text)),
        }
    }

    fn key_arn(&self) -> Option<String> {
        let fits = self.key_id.starts_with("arn:") && self.key_id.len() <= KEY_ARN_BYTES_MAX;
        fits.then(|| self.key_id.clone().into_owned())
    }

    fn wrapped(&self) -> Option<WrappedKey> {
        let ciphertext = STANDARD.decode(self.ciphertext_blob.as_bytes()).ok()?;
        let fits = (1..=WRAPPED_KEY_BYTES_MAX).contains(&ciphertext.len());
        fits.then_some(WrappedKey { key_arn: self.key_arn()?, ciphertext })
    }
}

fn operation(target: &str) -> &str {
    target.rsplit('.').next().unwrap_or(target)
}

fn unusable(target: &str, reason: &'static str) -> CallError {
    CallError::Answer { operation: operation(target).to_owned(), reason }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
