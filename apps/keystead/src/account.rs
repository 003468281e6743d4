//! `keystead account`: what an account lays down, as a file.

use std::fs::File;
use std::io::{Read, Write as _};

use anyhow::{Context, anyhow};
use serde_json::Value;

use crate::cli::{AccountCommand, PutSettingsArgs, SettingsCommand};
use crate::exit::Failure;
use crate::{print, remote};

const PATH: &str = "/keystead/v1/account/settings";
/// Longest settings read, in bytes, from a file or a server.
const SETTINGS_BYTES_MAX: u64 = 1 << 20;

/// Does what is asked for.
pub fn run(command: AccountCommand) -> Result<(), Failure> {
    match command {
        AccountCommand::Settings(SettingsCommand::Get) => get(),
        AccountCommand::Settings(SettingsCommand::Put(args)) => put(&args),
    }
}

fn get() -> Result<(), Failure> {
    let client = remote::client()?;
    let mut text = String::new();
    let answer = remote::ask(&client, PATH)?;
    answer
        .body
        .take(SETTINGS_BYTES_MAX)
        .read_to_string(&mut text)
        .context("the server's answer broke off")?;
    let settings: Value = serde_json::from_str(&text).context("the server's answer is not JSON")?;
    // JSON escapes control characters itself, and the file can be put again as it is.
    print(&format!("{settings:#}\n"))
}

fn put(PutSettingsArgs { file }: &PutSettingsArgs) -> Result<(), Failure> {
    let mut body = Vec::new();
    let shown = file.display();
    match file.as_os_str() == "-" {
        true => std::io::stdin().lock().take(SETTINGS_BYTES_MAX + 1).read_to_end(&mut body),
        false => File::open(file).and_then(|file| file.take(SETTINGS_BYTES_MAX + 1).read_to_end(&mut body)),
    }
    .with_context(|| format!("cannot read {shown}"))?;
    if body.len() as u64 > SETTINGS_BYTES_MAX {
        return Err(Failure::usage(anyhow!("{shown} is longer than settings can be")));
    }
    let _: Value = serde_json::from_slice(&body)
        .map_err(|error| Failure::usage(anyhow!("{shown} is not JSON: {error}")))?;
    let client = remote::client()?;
    remote::tell(&client, PATH, &body)?;
    print("the settings are in force\n")?;
    std::io::stdout().flush().map_err(Failure::output)
}
