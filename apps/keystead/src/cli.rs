//! The command line: what may be typed, and what `--help` says about it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use keystead_engine::Rates;
use keystead_federation::Issuer;
use keystead_model::{AccountId, ApprovalId, Location, Timestamp};

use crate::files::{InspectArgs, OpenArgs, SealArgs};
use crate::policy::{AttachedTo, Format};
use crate::{rates, when};

/// The key manager you hold yourself.
///
/// Commands that talk to a server read what AWS SDKs read: AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID,
/// AWS_SECRET_ACCESS_KEY, AWS_REGION and, for a certificate authority of your own, AWS_CA_BUNDLE.
#[derive(Parser)]
#[command(name = "keystead", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// One command; those without a comment are explained by their arguments.
#[derive(Subcommand)]
pub enum Command {
    Dev(DevArgs),
    Init(InitArgs),
    Serve(ServeArgs),
    Status(StatusArgs),
    Clock(ClockArgs),
    /// Read the audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Look at requests that wait for approval, and approve or end them
    #[command(subcommand)]
    Approvals(ApprovalsCommand),
    /// Look after the account
    #[command(subcommand)]
    Account(AccountCommand),
    /// Check policies and ask why a request is decided as it is
    #[command(subcommand)]
    Policy(PolicyCommand),
    Seal(SealArgs),
    Open(OpenArgs),
    Inspect(InspectArgs),
    /// Print a configuration for `serve` with every setting explained
    SampleConfig,
    /// Print the version
    Version,
}

/// Start a server for development, on this machine only.
///
/// Makes on first start: a data folder, a root key (in a file inside it: fine for development, never for
/// production), a certificate authority for names of this machine, the account 000000000000 and its root access key.
/// All of them are there again at the next start. Prints the lines that point any AWS SDK here.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct DevArgs {
    /// Loopback address and port to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8443")]
    pub listen: SocketAddr,
    /// Folder to keep state in [default: $XDG_DATA_HOME/keystead/dev, else ~/.local/share/keystead/dev]
    #[arg(long, value_name = "FOLDER", conflicts_with = "ephemeral")]
    pub data: Option<PathBuf>,
    /// Keep everything in memory; it is gone when the server stops
    #[arg(long)]
    pub ephemeral: bool,
    /// Speak plain HTTP, for clients that cannot be given a certificate authority
    #[arg(long)]
    pub plain: bool,
    /// Also write the `export` lines to this file (mode 0600), once the server answers
    #[arg(long, value_name = "FILE")]
    pub env_file: Option<PathBuf>,
    /// The location that the printed lines name; clients may sign for any other
    #[arg(long, value_name = "NAME", default_value = "us-east-1")]
    pub region: Location,
    /// Take every caller at their word, whatever their secret: for test suites written for emulators
    ///
    /// Signatures have to have their form and a fresh date, and nothing else is asked of them. An access key id of twelve
    /// digits is the root of that account, which is made on first use; every other id is the root of 000000000000.
    /// Session tokens are passed over.
    #[arg(long)]
    pub any_credentials: bool,
    /// Plant the keys, aliases and access keys that this YAML file describes, unless they are there already
    ///
    /// Key ids and material are as the file says, so that test suites can rely on them. Seed files of local-kms are
    /// read as they are. docs/operating/development.md describes the form.
    #[arg(long, value_name = "FILE")]
    pub seed: Option<PathBuf>,
    /// The time at which the server's clock begins, such as 2026-01-01T00:00:00Z; see `keystead clock`
    #[arg(long, value_name = "TIME", value_parser = when::instant)]
    pub clock: Option<Timestamp>,
    /// Begin with a clock that stands still
    #[arg(long)]
    pub frozen_clock: bool,
    /// Refuse requests beyond these rates: aws for AWS's own, or such as CreateKey=5,symmetric=100 (requests a second)
    #[arg(long, value_name = "RATES", value_parser = rates::parse)]
    pub throttle: Option<Rates>,
    /// Trust the root certificates in this PEM file to vouch for AWS Nitro enclaves (see --help); may be repeated
    ///
    /// Requests with a Recipient are answered to enclaves whose attestation document leads to one of them.
    #[arg(long, value_name = "FILE")]
    pub attestation_root: Vec<PathBuf>,
    /// An external key store proxy to speak to: HOST, or HOST=ADDRESS:PORT to find it elsewhere than its name says
    ///
    /// On loopback also without TLS: HOST=http://127.0.0.1:PORT. May be given several times.
    #[arg(long, value_name = "HOST[=ADDRESS]", value_parser = keystead_xks::Route::parse)]
    pub xks_proxy: Vec<keystead_xks::Route>,
    /// Certificate authorities of external key store proxies, PEM, instead of those of the operating system
    #[arg(long, value_name = "FILE")]
    pub xks_ca_file: Option<PathBuf>,
    /// An identity provider to ask for its keys: HOST[:PORT], or HOST[:PORT]=ADDRESS:PORT to find it elsewhere
    ///
    /// On loopback also without TLS: HOST=http://127.0.0.1:PORT. May be given several times.
    #[arg(long, value_name = "HOST[=ADDRESS]", value_parser = keystead_oidc::Route::parse_with_port)]
    pub identity_provider: Vec<keystead_oidc::Route>,
    /// Certificate authorities of identity providers, PEM, instead of those of the operating system
    #[arg(long, value_name = "FILE")]
    pub identity_provider_ca_file: Option<PathBuf>,
    /// Take the keys of an identity provider from a file, a JSON Web Key Set, and do not ask it
    #[arg(long, value_name = "ISSUER=FILE", value_parser = issuer_and_file)]
    pub identity_provider_keys: Vec<(Issuer, PathBuf)>,
    /// Serve Prometheus figures at /metrics on this loopback address, in plain HTTP
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
}

/// Make the data folder, the root key and the first account of a server.
///
/// Prints the account's root access key; its secret is shown this once and kept nowhere in plain. Refuses to touch
/// a folder that holds anything, and never overwrites a root key.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct InitArgs {
    /// The data folder to make, with mode 0700
    #[arg(long, value_name = "FOLDER")]
    pub data: PathBuf,
    /// The first account: twelve digits
    #[arg(long, value_name = "ID")]
    pub account: AccountId,
    /// The root key file to make, with mode 0600 [default: the data folder's name with .root.key added, beside it]
    #[arg(long, value_name = "FILE")]
    pub root_key: Option<PathBuf>,
    /// The location this server answers for
    #[arg(long, value_name = "NAME", default_value = "us-east-1")]
    pub region: Location,
    /// Also write a configuration for these places, to be completed with TLS files
    #[arg(long, value_name = "FILE")]
    pub config_out: Option<PathBuf>,
}

/// Run a server.
///
/// Runs until SIGTERM or SIGINT, then takes no new connection and answers what it has accepted; a second signal ends it
/// at once. Reads its TLS files again on SIGHUP.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct ServeArgs {
    /// The configuration; `keystead sample-config` prints one
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
    /// Check the configuration, the root key file, the TLS files and the attestation roots, and stop
    #[arg(long)]
    pub check: bool,
}

/// Ask a server how it is.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct StatusArgs {
    /// Print the server's answer as it is, in JSON
    #[arg(long)]
    pub json: bool,
}

/// Read or move the clock of a development server.
///
/// Without options, prints what it shows. Whatever comes due by a move (destruction, rotation, expiry) is done when
/// this returns. Only `keystead dev` has such a clock; signatures are dated by the real one all the same.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct ClockArgs {
    /// Set it to this time, such as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "TIME")]
    pub set: Option<String>,
    /// Move it forward, such as 30d, 12h, 90m, 10s or 250ms
    #[arg(long, value_name = "TIME")]
    pub advance: Option<String>,
    /// Let it stand still from then on
    #[arg(long, conflicts_with = "run")]
    pub freeze: bool,
    /// Let it run again
    #[arg(long)]
    pub run: bool,
}

/// Read the audit log.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Print the newest records, oldest first
    Tail(TailArgs),
    /// Print the records that match, oldest first
    Search(SearchArgs),
}

/// Print the newest records, oldest first.
///
/// Through a running server (which needs the root access key and records the reading), or from the folder of a
/// stopped one.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct TailArgs {
    /// How many records to begin with
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub lines: u32,
    /// Keep printing records as they come, until stopped
    #[arg(short, long, conflicts_with = "data")]
    pub follow: bool,
    /// Print one JSON object a line instead of text
    #[arg(long)]
    pub json: bool,
    /// Read the data folder of a stopped server instead of asking a running one
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
}

/// Print the records that match, oldest first. Every condition given must hold.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct SearchArgs {
    /// Key id, key ARN, alias or alias ARN
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// The caller's ARN; a * at its end stands for anything
    #[arg(long, value_name = "ARN")]
    pub principal: Option<String>,
    /// The action, such as kms:Decrypt or Decrypt
    #[arg(long, value_name = "ACTION")]
    pub action: Option<String>,
    /// At or after this time, such as 2026-11-21T08:00:00Z, 2026-11-21 (UTC), or 2h, 30m, 7d ago
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Before this time; spelled as for --from
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// What came of it: ok, refused (for whatever reason), denied (by policy), or a code such as KeyNotFound
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<String>,
    /// The request id
    #[arg(long, value_name = "ID")]
    pub request: Option<String>,
    /// Print one JSON object a line instead of text
    #[arg(long)]
    pub json: bool,
    /// Read the data folder of a stopped server instead of asking a running one
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
}

/// Requests that wait for the approval of others.
#[derive(Subcommand)]
pub enum ApprovalsCommand {
    List(ListApprovalsArgs),
    Show(ApprovalArgs),
    /// Approve a request of somebody else
    ///
    /// Fetches the bytes of the request, shows what they say, and signs them with AWS_SECRET_ACCESS_KEY. The secret stays
    /// here; the signature fits this request only. Nothing is carried out by approving: whoever asked sends the same
    /// request again once enough have approved.
    Approve(DecideArgs),
    /// End a request of somebody else for good, as one of those who may approve it
    Veto(DecideArgs),
    /// Take a request of one's own back
    Withdraw(DecideArgs),
}

/// List the requests of the account that wait for approval
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct ListApprovalsArgs {
    /// Print one JSON object a line instead of text
    #[arg(long)]
    pub json: bool,
}

/// Show what a request asks for, who may approve it and who has
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct ApprovalArgs {
    /// The request, as the error that its requester was answered names it
    #[arg(value_name = "ID")]
    pub id: ApprovalId,
    /// Print the server's answer as it is, in JSON
    #[arg(long)]
    pub json: bool,
}

/// Which request, and whether to ask before.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct DecideArgs {
    /// The request, as the error that its requester was answered names it
    #[arg(value_name = "ID")]
    pub id: ApprovalId,
    /// Do not ask before; needed where nobody sits at a terminal
    #[arg(long)]
    pub yes: bool,
}

/// What belongs to the account as a whole.
#[derive(Subcommand)]
pub enum AccountCommand {
    /// Read or replace the account's settings: guardrails, terms, rules of approval
    #[command(subcommand)]
    Settings(SettingsCommand),
}

/// The account's settings.
#[derive(Subcommand)]
pub enum SettingsCommand {
    /// Print the settings in the form that `put` takes
    Get,
    Put(PutSettingsArgs),
}

/// Replace the settings, all of them, with those in a file
///
/// The file is JSON in the form that `get` prints; a member that is missing is refused. docs/operating/approvals.md
/// describes the rules of approval.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct PutSettingsArgs {
    /// The file; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// What policies say.
#[derive(Subcommand)]
pub enum PolicyCommand {
    Check(CheckArgs),
}

/// Check policy documents where they stand; no server is asked
///
/// Prints each finding with its place, its line and the code of its rule; docs/policy.md lists the codes. Fails with exit
/// code 1 if there is an error, or with --strict a warning.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub struct CheckArgs {
    /// The documents; - reads standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What they are attached to [default: guessed from each document, and said]
    #[arg(long, value_name = "KIND")]
    pub kind: Option<AttachedTo>,
    /// How to print what is found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
}

/// Reads `ISSUER=FILE`.
fn issuer_and_file(text: &str) -> Result<(Issuer, PathBuf), String> {
    let (url, file) = text.split_once('=').ok_or("write the issuer's URL, = and the file")?;
    let issuer = Issuer::parse(url)
        .ok_or_else(|| format!("{url:?} is not an issuer, such as https://idp.example.com"))?;
    Ok((issuer, file.into()))
}

const EXIT_CODES: &str = "Exit codes: 0 done, or stopped cleanly; 1 failed, for the reason printed; \
    2 the command line or the configuration is wrong; 3 stopped by a second signal, before all accepted requests were answered.";
