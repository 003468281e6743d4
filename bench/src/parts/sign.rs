//! Signing through the API, with signatures, policy and durable audit, against `openssl speed` on all cores.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::client::{Requests, calls, closed, each};
use crate::figure::{Figure, Target, Unit};
use crate::house::House;
use crate::process::own_cpu_seconds;
use crate::report::Report;
use crate::series::Series;
use crate::server::Keystead;
use crate::targets;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let keystead = house.keystead("sign")?;
    let mut signers = SIGNERS.map(|what| Signer::new(what, house.duration));
    for signer in &mut signers {
        signer.key = new_key(&keystead, signer.what)?;
    }
    for round in 0..house.rounds {
        eprintln!("  round {} of {}", round + 1, house.rounds);
        for signer in &mut signers {
            signer.measure(&keystead, house.duration)?;
            match signer.openssl() {
                Ok(speed) => signer.theirs.push(speed),
                Err(error) if round == 0 => {
                    report.skipped(format!("openssl speed {}: {error:#}", signer.what.openssl));
                }
                Err(error) => return Err(error),
            }
        }
    }
    keystead.running.stop()?;
    signers.iter().for_each(|signer| signer.tell(report));
    Ok(())
}

/// One kind of signature.
#[derive(Clone, Copy)]
struct What {
    name: &'static str,
    spec: &'static str,
    algorithm: &'static str,
    /// What `openssl speed` calls it, and how the line begins or goes on that tells of it.
    openssl: &'static str,
    line: &'static str,
    target: Target,
}

const SIGNERS: [What; 2] = [
    What {
        name: "RSA-2048",
        spec: "RSA_2048",
        algorithm: "RSASSA_PKCS1_V1_5_SHA_256",
        openssl: "rsa2048",
        line: "rsa 2048 bits",
        target: targets::SIGN_RSA,
    },
    What {
        name: "ECDSA P-256",
        spec: "ECC_NIST_P256",
        algorithm: "ECDSA_SHA_256",
        openssl: "ecdsap256",
        line: "ecdsa (nistp256)",
        target: targets::SIGN_ECDSA,
    },
];

/// One kind of signature as it is measured.
struct Signer {
    what: What,
    key: String,
    seconds: u64,
    ours: Series,
    theirs: Series,
    p50_ms: Series,
    p99_ms: Series,
    server_us: Series,
    load_us: Series,
}

impl Signer {
    fn new(what: What, duration: Duration) -> Self {
        let none = Series::default;
        let (ours, theirs, p50_ms, p99_ms, server_us, load_us) =
            (none(), none(), none(), none(), none(), none());
        let seconds = duration.as_secs().max(1);
        Self { what, key: String::new(), seconds, ours, theirs, p50_ms, p99_ms, server_us, load_us }
    }

    fn measure(&mut self, keystead: &Keystead, duration: Duration) -> Result<()> {
        let requests: Arc<Requests> =
            keystead.signed((0..POOL).map(|number| calls::sign(&self.key, self.what.algorithm, number)))?;
        // Once before it counts: the key is read and parsed when it is first used.
        each(&keystead.peer, &requests, 1, 1, |_, answer| calls::text_at(answer, "/Signature"))?;
        let (server, load) = (keystead.running.cpu_seconds()?, own_cpu_seconds()?);
        let run = closed(&keystead.peer, &requests, CONNECTIONS, duration)?;
        // The tenth that warms up takes processor time, too, and its answers are not counted.
        let answers = run.latencies.count() as f64 * 1.1;
        self.server_us.push((keystead.running.cpu_seconds()? - server) * 1e6 / answers);
        self.load_us.push((own_cpu_seconds()? - load) * 1e6 / answers);
        self.ours.push(run.per_second);
        self.p50_ms.push(run.latencies.within(0.5) / 1e3);
        self.p99_ms.push(run.latencies.within(0.99) / 1e3);
        Ok(())
    }

    /// Signatures a second of `openssl speed`, on all cores.
    fn openssl(&self) -> Result<f64> {
        let cores = std::thread::available_parallelism()?.to_string();
        let seconds = self.seconds.to_string();
        let out = Command::new("openssl")
            .args(["speed", "-seconds", &seconds, "-multi", &cores, self.what.openssl])
            .stdin(Stdio::null())
            .output()
            .context("openssl does not start; install it to have something to compare with")?;
        if !out.status.success() {
            bail!("{}: {}", out.status, String::from_utf8_lossy(&out.stderr).trim());
        }
        let text = String::from_utf8_lossy(&out.stdout);
        signatures(&text, self.what.line).with_context(|| format!("it says nothing of {}", self.what.line))
    }

    fn tell(&self, report: &mut Report) {
        let Self { what, ours, theirs, .. } = self;
        let costs = format!(
            "processor time a request {:.0} µs in the server, {:.0} in the load generator; p50 {}, p99 {}",
            self.server_us.median(),
            self.load_us.median(),
            Unit::Milliseconds.show(self.p50_ms.median()),
            Unit::Milliseconds.show(self.p99_ms.median()),
        );
        let name = format!("Sign with {} at {CONNECTIONS} connections", what.name);
        if theirs.0.len() != ours.0.len() {
            report.add(Figure::new(name, Unit::PerSecond, ours.clone()).noting(costs));
            return;
        }
        let note = format!(
            "{} against {}; {costs}",
            Unit::PerSecond.show(ours.median()),
            Unit::PerSecond.show(theirs.median())
        );
        let name = format!("{name}, against openssl speed {}", what.openssl);
        report.add(Figure::new(name, Unit::Times, ours.over(theirs)).against(what.target).noting(note));
    }
}

fn new_key(keystead: &Keystead, what: What) -> Result<String> {
    let request = keystead.signed(std::iter::once(calls::create_signing_key(what.spec)))?;
    let ids = each(&keystead.peer, &request, 1, 1, |_, answer| calls::text_at(answer, "/KeyMetadata/KeyId"))?;
    Ok(ids.into_iter().next().expect("one request, one answer"))
}

/// Signatures a second out of what `openssl speed` prints: in the line of the algorithm, the first number after the
/// times, which end in `s`.
fn signatures(text: &str, line: &str) -> Option<f64> {
    let single = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = text.lines().map(single).find(|one| one.contains(line))?;
    let words: Vec<&str> = line.split(' ').collect();
    let is_time = |word: &str| word.strip_suffix('s').is_some_and(|time| time.parse::<f64>().is_ok());
    let last = words.iter().rposition(|word| is_time(word))?;
    words.get(last + 1)?.parse().ok()
}

/// The number of connections for which figures are set.
const CONNECTIONS: usize = 64;
/// Different requests of each kind.
const POOL: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_openssl_prints_is_understood() {
        let text = "OpenSSL 3.0.19\n                  sign    verify    sign/s verify/s\n\
                    rsa 2048 bits 0.000313s 0.000009s   3192.4 108837.7\n\
                    \u{20}                             sign    verify    sign/s verify/s\n\
                    \u{20}256 bits ecdsa (nistp256)   0.0000s   0.0000s  78543.5  25438.2\n";
        assert_eq!(signatures(text, "rsa 2048 bits"), Some(3192.4));
        assert_eq!(signatures(text, "ecdsa (nistp256)"), Some(78543.5));
        let newer = "                   sign    verify    encrypt   decrypt   sign/s verify/s  encr./s  decr./s\n\
                     rsa  2048 bits 0.000313s 0.000009s 0.000010s 0.000314s   3192.5 108837.7  99999.1  3180.0\n";
        assert_eq!(signatures(newer, "rsa 2048 bits"), Some(3192.5));
        assert_eq!(signatures("nothing of the kind", "rsa 2048 bits"), None);
    }
}
