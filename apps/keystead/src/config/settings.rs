//! The settings as the file spells them. Name, type, default and explanation stand together here and nowhere
//! else; the sample file is made from this page.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use keystead_attestation::DOCUMENT_AGE_SECONDS_DEFAULT;
use serde::{Deserialize, Serialize};

/// Declares one section: a struct that reads it, and the lines that explain it.
///
/// `= must "x"` has to be set, and the sample sets it to `x`. `= may "x"` can be left out; `x` is the example.
/// `= show "x"` can be left out as well, and the sample sets it to `x`. `= or x` has the default `x`.
macro_rules! section {
    (
        $(#[doc = $section_doc:literal])*
        $header:literal $name:ident {
            $( $(#[doc = $doc:literal])* $field:ident: $type:ty = $kind:ident $value:expr; )*
        }
    ) => {
        $(#[doc = $section_doc])*
        #[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $( $(#[doc = $doc])* pub $field: section!(@type $kind $type), )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: section!(@default $kind $value), )* }
            }
        }

        impl $name {
            /// The section, for the sample.
            pub fn section() -> Section {
                Section {
                    header: $header,
                    docs: &[$($section_doc),*],
                    lines: vec![$( Line {
                        name: stringify!($field),
                        docs: &[$($doc),*],
                        set: matches!(stringify!($kind), "must" | "show"),
                        value: toml_value(&$value),
                    } ),*],
                }
            }
        }
    };
    (@type or $type:ty) => { $type };
    (@type $kind:ident $type:ty) => { Option<$type> };
    (@default or $value:expr) => { ($value).into() };
    (@default $kind:ident $value:expr) => { None };
}

section! {
    /// What this Keystead is.
    "[server]" Server {
        /// The locations it answers for: region names, as clients sign them. A key is made in one of them and never
        /// leaves it by itself. The first is where service-managed keys and new accounts begin.
        locations: Vec<String> = or ["us-east-1".to_owned()];
    }
}

section! {
    /// Where everything is kept that must outlive the process.
    "[data]" Data {
        /// The folder that `keystead init` made, with the store and the audit log in it. Only one Keystead may use it at
        /// a time, and only its user may write to it.
        folder: PathBuf = must "/var/lib/keystead";
    }
}

section! {
    /// How the server is unsealed at start.
    "[root_key]" RootKey {
        /// The key file that `keystead init` made, readable by the server's user only. Keep it off the disk that holds
        /// the data, and a copy of it offline: without it nothing can be opened again.
        file: PathBuf = must "/etc/keystead/root.key";
    }
}

section! {
    /// One listener for clients. Repeat the section for more.
    "[[listen]]" Listen {
        /// Address and port.
        address: SocketAddr = must "0.0.0.0:8443";
        /// The certificate chain, PEM, the server's own certificate first. Read again on SIGHUP.
        tls_certificate: PathBuf = show "/etc/keystead/tls.crt";
        /// Its private key, PEM (PKCS#8, PKCS#1 or SEC1), readable by the server's user only. Read again on SIGHUP.
        tls_key: PathBuf = show "/etc/keystead/tls.key";
        /// Certificate authorities, PEM: only clients with a certificate of theirs can connect. They sign their requests all
        /// the same. Everybody can connect if left out. Read again on SIGHUP.
        client_ca_file: PathBuf = may "/etc/keystead/clients-ca.crt";
        /// Revocation lists of these authorities, PEM. With it, a certificate that no list speaks of is refused as well.
        /// Read again on SIGHUP.
        client_crl_file: PathBuf = may "/etc/keystead/clients.crl";
        /// Speak plain HTTP instead of TLS. Taken on loopback addresses only.
        plain: bool = or false;
    }
}

section! {
    /// Figures for Prometheus, at /metrics.
    "[metrics]" Metrics {
        /// Address and port of a listener of its own, plain HTTP, on a loopback address. Off if left out.
        address: SocketAddr = may "127.0.0.1:9464";
    }
}

section! {
    /// Past a limit, clients are told to slow down; nobody else waits for them.
    "[limits]" Limits {
        /// Connections open at the same time, over all listeners: 1 to 1,000,000.
        connections_max: u32 = or 10_000u32;
        /// Requests being worked on at the same time: 1 to 1,000,000.
        requests_in_flight_max: u32 = or 4_096u32;
        /// How long a stopping server waits for the requests it has accepted, in seconds: 1 to 3,600.
        drain_seconds: u32 = or 30u32;
    }
}

section! {
    /// How many requests of each kind an account may send to one location in a second. Those beyond are answered with
    /// ThrottlingException, counted, and recorded once a second. For servers that are shared by accounts: one of them
    /// can then not take the whole server.
    "[throttle]" Throttle {
        /// "off" for no limits, "aws" for those AWS has by default: 10,000 operations with symmetric keys, 1,000 with RSA
        /// keys, 5 CreateKey, and so on.
        preset: ThrottlePreset = or ThrottlePreset::Off;
        /// Limits that differ from the preset, by name: symmetric, rsa, ecc, ml-dsa, ml-kem for all work with such keys,
        /// "GenerateDataKeyPair(RSA_2048)" and the like, or any other operation. 1 to 1,000,000; 0 lifts a limit.
        per_second: BTreeMap<String, u32> = may BTreeMap::from([("CreateKey", 50u32), ("symmetric", 20_000)]);
    }
}

section! {
    /// Services that call on behalf of the account's users: an S3 gateway, a database.
    "[services]" Services {
        /// Which access keys sign for which service. Their requests carry kms:ViaService, such as s3.us-east-1.amazonaws.com,
        /// and may use the key alias/aws/s3 of their account, which is made when it is first asked for. None if left out.
        callers: Vec<String> = may ["s3=AKIAIOSFODNN7EXAMPLE"].map(String::from).to_vec();
    }
}

section! {
    /// Recipients: AWS Nitro enclaves, and instances with a NitroTPM, that ask for answers only they can open.
    "[attestation]" Attestation {
        /// PEM files with the root certificates that vouch for them, such as the AWS Nitro Enclaves root:
        /// ["/etc/keystead/aws-nitro-root.pem"]. None if left out, and requests with a Recipient are refused.
        roots: Vec<PathBuf> = or Vec::<PathBuf>::new();
        /// How old an attestation document may be, in seconds: 1 to 10,800.
        document_age_seconds_max: u32 = or DOCUMENT_AGE_SECONDS_DEFAULT;
    }
}

section! {
    /// Key managers of others that keys can be held in. Whoever makes an external key store chooses the proxy's address,
    /// and the server connects to it: so it speaks to the hosts named here and to no others.
    "[external_key_stores]" ExternalKeyStores {
        /// The proxies: host names, each with the address and port to use instead of what the name resolves to, if need
        /// be. A name is not followed to loopback, link-local or multicast addresses; an address is taken as it is, with
        /// http:// before it on loopback for plain HTTP. None if left out.
        proxies: Vec<String> = may ["xks.example.com", "xks.example.net=10.0.0.7:9443"].map(String::from).to_vec();
        /// The certificate authorities of proxies, PEM. Those of the operating system if left out.
        ca_file: PathBuf = may "/etc/keystead/xks-ca.crt";
        /// The certificate chain shown to proxies that ask for one, PEM.
        client_certificate: PathBuf = may "/etc/keystead/xks-client.crt";
        /// Its private key, PEM, readable by the server's user only.
        client_key: PathBuf = may "/etc/keystead/xks-client.key";
    }
}

section! {
    /// OpenID Connect providers whose tokens are exchanged for sessions. Whoever may make a provider in an account chooses
    /// its URL, and the server asks there for keys: so it asks the hosts named here and no others.
    "[identity_providers]" IdentityProviders {
        /// The hosts, each with its port if URLs name one, and with the address and port to use instead of what the name
        /// resolves to, if need be. Those of keys (jwks_uri) too, where they differ. A name is not followed to loopback,
        /// link-local or multicast addresses; an address is taken as it is, with http:// before it on loopback for plain
        /// HTTP. None if left out.
        hosts: Vec<String> = may ["token.example.com", "idp.example.net:8443=10.0.0.7:8443"].map(String::from).to_vec();
        /// The certificate authorities of these hosts, PEM. Those of the operating system if left out.
        ca_file: PathBuf = may "/etc/keystead/identity-ca.crt";
        /// Files with the keys of issuers that cannot be asked, JSON Web Key Sets, by the issuer's URL. Read again when they
        /// are needed, every ten seconds at most.
        key_files: BTreeMap<String, PathBuf> = may BTreeMap::from([("https://kubernetes.default.svc.cluster.local", "/etc/keystead/cluster-keys.json")]);
    }
}

section! {
    /// The audit log, in the data folder.
    "[audit]" Audit {
        /// Size at which a segment of the log is closed and the next one begun, in bytes: 4 MiB to 1 GiB.
        segment_bytes: u64 = or 67_108_864u64;
    }
}

section! {
    /// What the server says about itself, on standard error. It is no substitute for the audit log and holds no
    /// secrets.
    "[log]" Log {
        /// The least that is worth a line: "error", "warn", "info", "debug" or "trace".
        level: LogLevel = or LogLevel::Info;
        /// "text" for people, "json" for collectors.
        format: LogFormat = or LogFormat::Text;
    }
}

/// A whole file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// See [`Server`].
    pub server: Server,
    /// See [`Data`].
    pub data: Data,
    /// See [`RootKey`].
    pub root_key: RootKey,
    /// See [`Listen`].
    pub listen: Vec<Listen>,
    /// See [`Metrics`].
    pub metrics: Metrics,
    /// See [`Limits`].
    pub limits: Limits,
    /// See [`Throttle`].
    pub throttle: Throttle,
    /// See [`Services`].
    pub services: Services,
    /// See [`Attestation`].
    pub attestation: Attestation,
    /// See [`ExternalKeyStores`].
    pub external_key_stores: ExternalKeyStores,
    /// See [`IdentityProviders`].
    pub identity_providers: IdentityProviders,
    /// See [`Audit`].
    pub audit: Audit,
    /// See [`Log`].
    pub log: Log,
}

impl Settings {
    /// Every section, in the order of the sample.
    pub fn sections() -> Vec<Section> {
        // Taken apart by name: a section added above and forgotten here stops the build.
        let Self {
            server: _,
            data: _,
            root_key: _,
            listen: _,
            metrics: _,
            limits: _,
            throttle: _,
            services: _,
            attestation: _,
            external_key_stores: _,
            identity_providers: _,
            audit: _,
            log: _,
        } = Self::default();
        vec![
            Server::section(),
            Data::section(),
            RootKey::section(),
            Listen::section(),
            Metrics::section(),
            Limits::section(),
            Throttle::section(),
            Services::section(),
            Attestation::section(),
            ExternalKeyStores::section(),
            IdentityProviders::section(),
            Audit::section(),
            Log::section(),
        ]
    }
}

/// Which limits there are to begin with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThrottlePreset {
    /// None.
    Off,
    /// AWS's own.
    Aws,
}

/// The least severe line worth writing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Something failed that needs somebody.
    Error,
    /// Something may need somebody soon.
    Warn,
    /// What the server does as a whole.
    Info,
    /// What it does in detail.
    Debug,
    /// What its libraries do.
    Trace,
}

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What the sample says of a section.
pub struct Section {
    /// `[name]`, or `[[name]]` if it may be repeated.
    pub header: &'static str,
    /// Its doc comment, a line each.
    pub docs: &'static [&'static str],
    /// Its settings.
    pub lines: Vec<Line>,
}

/// What the sample says of a setting.
pub struct Line {
    /// Its name.
    pub name: &'static str,
    /// Its doc comment, a line each.
    pub docs: &'static [&'static str],
    /// Whether the sample sets it, rather than show it in a comment.
    pub set: bool,
    /// Its default or example, as TOML.
    pub value: String,
}

fn toml_value(value: &impl Serialize) -> String {
    toml::Value::try_from(value).map(|value| value.to_string()).expect("settings are TOML values")
}
