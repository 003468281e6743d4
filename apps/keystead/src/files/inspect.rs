//! `keystead inspect`: what a sealed file says about itself.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use keystead_sdk::{EncryptedDataKey, Inspection, Source};
use serde_json::{Value, json};

use super::args::InspectArgs;
use super::reason;

/// Prints what the header of a sealed file says. Asks nobody; nothing of it is verified.
///
/// # Errors
/// Says what is wrong with the file.
pub fn inspect(args: InspectArgs) -> Result<()> {
    let facts = look(&args.file)?;
    let text = match args.json {
        true => format!("{:#}\n", as_json(&facts)),
        false => as_text(&facts),
    };
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(()),
    }
}

fn look(path: &Path) -> Result<Inspection> {
    let named = |error: keystead_sdk::Error| {
        anyhow!(reason::printable(&format!("{}: {}", path.display(), reason::of(&error))))
    };
    if path == Path::new("-") {
        return keystead_sdk::inspect(Source::Stream(&mut io::stdin())).map_err(named);
    }
    let file = File::open(path).with_context(|| path.display().to_string())?;
    keystead_sdk::inspect(Source::File(&file)).map_err(named)
}

fn as_text(facts: &Inspection) -> String {
    let header = &facts.header;
    let suite = header.suite();
    let mut lines = vec![
        format!("suite        {:#06x}  {}", suite.id(), suite.name()),
        format!("message id   {}", hex::encode(header.message_id())),
        format!("frame size   {} bytes", header.frame_bytes()),
    ];
    for key in header.keys() {
        lines.push(format!("key          {}", reason::printable(&name(key)).replace('\n', "\\n")));
    }
    for (name, value) in header.context().iter() {
        lines.push(format!(
            "context      {}",
            reason::printable(&format!("{name}={value}")).replace('\n', "\\n")
        ));
    }
    match (facts.sealed_bytes, facts.content) {
        (Some(sealed), Some((plain, frames))) => {
            lines.push(format!("content      {plain} bytes in {frames} frames; {sealed} bytes sealed"));
        }
        (Some(sealed), None) => {
            lines.push(format!("content      incomplete: {sealed} bytes are no whole message"))
        }
        (None, _) => {}
    }
    lines.push("nothing of this is verified before the file is opened\n".into());
    lines.join("\n")
}

fn name(key: &EncryptedDataKey) -> String {
    match key.key_arn() {
        Some(arn) => arn.to_owned(),
        None => format!("of provider {}: {}", key.provider, String::from_utf8_lossy(&key.info)),
    }
}

fn as_json(facts: &Inspection) -> Value {
    let header = &facts.header;
    let key = |key: &EncryptedDataKey| {
        json!({
            "provider": key.provider,
            "keyArn": key.key_arn(),
            "info": String::from_utf8_lossy(&key.info),
            "wrappedBytes": key.ciphertext.len(),
        })
    };
    json!({
        "verified": false,
        "suite": format!("{:#06x}", header.suite().id()),
        "suiteName": header.suite().name(),
        "signed": header.suite().is_signed(),
        "messageId": hex::encode(header.message_id()),
        "context": header.context().iter().collect::<std::collections::BTreeMap<_, _>>(),
        "keys": header.keys().iter().map(key).collect::<Vec<_>>(),
        "frameBytes": header.frame_bytes(),
        "headerBytes": header.byte_len(),
        "sealedBytes": facts.sealed_bytes,
        "plainBytes": facts.content.map(|(plain, _)| plain),
        "frames": facts.content.map(|(_, frames)| frames),
        "complete": facts.sealed_bytes.map(|_| facts.content.is_some()),
    })
}
