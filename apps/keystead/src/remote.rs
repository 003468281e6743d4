//! The way to a running server: the same environment as every AWS SDK, and a signed call.

use std::time::Duration;

use anyhow::anyhow;
use keystead_http::native::SERVICE;
use keystead_sdk::kms::{Client, Config, Response};

use crate::exit::Failure;

/// Longest wait for an answer to begin: a search may have to read a log of many gigabytes.
const ANSWER_WAIT: Duration = Duration::from_secs(600);

/// A client for the server the environment names.
pub fn client() -> Result<Client, Failure> {
    let named = ["AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if !named {
        // Without it the call would go, signed, to AWS, which has no such API.
        return Err(Failure::usage(anyhow!(
            "AWS_ENDPOINT_URL is not set; `keystead dev` prints the lines that set it"
        )));
    }
    let mut config = Config::from_env().map_err(Failure::usage)?;
    config.answer_timeout = ANSWER_WAIT;
    Client::new(config).map_err(Failure::usage)
}

/// Asks Keystead's own API.
pub fn ask(client: &Client, path_and_query: &str) -> Result<Response, Failure> {
    call(client, "GET", path_and_query, b"")
}

/// Tells Keystead's own API something, in JSON.
pub fn tell(client: &Client, path: &str, body: &[u8]) -> Result<Response, Failure> {
    call(client, "POST", path, body)
}

fn call(client: &Client, method: &str, path_and_query: &str, body: &[u8]) -> Result<Response, Failure> {
    client.signed(method, path_and_query, SERVICE, body).map_err(|error| {
        let advice = error.service().and_then(|service| service.advice());
        let error = anyhow::Error::from(error);
        Failure::Failed(match advice {
            Some(advice) => error.context(advice),
            None => error,
        })
    })
}
