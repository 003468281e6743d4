//! The command line of the three commands, read into values that cannot be wrong.

use std::path::PathBuf;

use clap::Args;
use keystead_sdk::{FRAME_BYTES_MAX, Suite};

/// Seal files under a key
///
/// Each file X becomes X.sealed beside it; the original is left alone. The key stays in the key manager: set
/// AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_CA_BUNDLE as `keystead dev` prints
/// them. Any AWS Encryption SDK can open the result.
#[derive(Args, Clone, Debug)]
pub struct SealArgs {
    /// Key to seal under: alias/NAME, key id or ARN; any one of several opens the file
    #[arg(long = "key", value_name = "KEY", required = true)]
    pub keys: Vec<String>,
    /// Pair to bind to the file; not secret, stored in the clear and recorded in the audit log
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub context: Vec<(String, String)>,
    /// 0x0478 (committing) or 0x0578 (committing and signed; also `signed`)
    #[arg(long, value_name = "SUITE", default_value = "0x0478", value_parser = suite)]
    pub suite: Suite,
    /// Bytes in a frame, such as 4KiB; other programs want a multiple of 128
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = frame)]
    pub frame: u32,
    /// Write here instead; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace files that are there
    #[arg(long)]
    pub force: bool,
    /// Show no progress
    #[arg(short, long)]
    pub quiet: bool,
    /// Files and folders; `-` is standard input, sealed to standard output. Links inside folders are not followed
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
}

/// Open sealed files
///
/// Each X.sealed becomes X beside it, complete and verified or not at all. To standard output, frames are verified
/// one by one: of a truncated file those before the cut are written, then the command fails.
#[derive(Args, Clone, Debug)]
pub struct OpenArgs {
    /// Key that may be used: alias/NAME, key id or ARN [default: whichever the file names]
    #[arg(long = "key", value_name = "KEY")]
    pub keys: Vec<String>,
    /// Pair that must be bound to the file
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub context: Vec<(String, String)>,
    /// Memory for buffers; a frame of the file has to fit
    #[arg(long, value_name = "SIZE", default_value = "32MiB", value_parser = memory)]
    pub memory: u64,
    /// Write here instead; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace files that are there
    #[arg(long)]
    pub force: bool,
    /// Show no progress
    #[arg(short, long)]
    pub quiet: bool,
    /// Sealed files, and folders with files named *.sealed; `-` is standard input, opened to standard output
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
}

/// Say what a sealed file tells without being opened
///
/// Needs no key and asks nobody, so nothing of it is verified: whoever could write the file could write it.
#[derive(Args, Clone, Debug)]
pub struct InspectArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Sealed file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) | None => Err("a pair is written NAME=VALUE, such as tenant=7".into()),
        Some((name, value)) => Ok((name.into(), value.into())),
    }
}

fn suite(text: &str) -> Result<Suite, String> {
    match text.to_ascii_lowercase().as_str() {
        "0x0478" => Ok(Suite::Committing),
        "0x0578" | "signed" => Ok(Suite::CommittingSigned),
        _ => Err("the suites are 0x0478 and 0x0578 (or `signed`)".into()),
    }
}

fn frame(text: &str) -> Result<u32, String> {
    let bytes = u32::try_from(size(text)?).ok().filter(|bytes| (1..=FRAME_BYTES_MAX).contains(bytes));
    bytes.ok_or_else(|| "a frame has 1 byte to 16 MiB".into())
}

fn memory(text: &str) -> Result<u64, String> {
    let bytes = size(text)?;
    match (MEMORY_BYTES_MIN..=MEMORY_BYTES_MAX).contains(&bytes) {
        true => Ok(bytes),
        false => Err("between 4 MiB and 8 GiB".into()),
    }
}

/// A number of bytes, with KiB, MiB or GiB if so written (K, M and G mean the same).
fn size(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        "g" | "gib" => 30,
        _ => return Err("a size is a number and KiB, MiB or GiB".into()),
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    bytes.ok_or_else(|| "a size is a number and KiB, MiB or GiB".into())
}

const MEMORY_BYTES_MIN: u64 = 4 << 20;
const MEMORY_BYTES_MAX: u64 = 8 << 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_numbers_with_units() {
        assert_eq!(size("4096"), Ok(4096));
        assert_eq!(size("4KiB"), Ok(4096));
        assert_eq!(size("1 MiB"), Ok(1 << 20));
        for text in ["", "MiB", "-1", "1.5M", "99999999999999999999", "99999999999G", "4TiB"] {
            assert!(size(text).is_err(), "{text:?}");
        }
        assert!(frame("0").is_err() && frame("17MiB").is_err());
        assert_eq!(frame("16MiB"), Ok(FRAME_BYTES_MAX));
    }

    #[test]
    fn a_value_may_have_equals_signs_and_a_name_must_be_there() {
        assert_eq!(pair("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(pair("a="), Ok(("a".into(), String::new())));
        assert!(pair("=b").is_err() && pair("a").is_err());
    }
}
