//! Sealing and opening a file, from memory to memory, against copying it, against other programs, and against what
//! the cipher alone takes.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use aws_lc_rs::cipher::{AES_256, EncryptingKey, UnboundCipherKey};

use super::peers::{self, Peer};
use crate::client::{calls, each};
use crate::figure::{Figure, Unit};
use crate::house::House;
use crate::report::Report;
use crate::scratch::Scratch;
use crate::series::Series;
use crate::server::Keystead;
use crate::targets;

/// Measures everything of this part.
pub fn run(house: &House, report: &mut Report) -> Result<()> {
    let place = Place::prepare(house)?;
    let keystead = house.keystead("files")?;
    let create = keystead.signed(std::iter::once(calls::create_key()))?;
    let keys = each(&keystead.peer, &create, 1, 1, |_, answer| calls::text_at(answer, "/KeyMetadata/KeyId"))?;
    let (program, key) = (house.program()?, keys[0].as_str());
    let peers = peers::installed(place.folder.path(), report)?;
    let mut times = Times::for_peers(peers);
    for round in 0..house.rounds {
        eprintln!("  round {} of {}", round + 1, house.rounds);
        times.cp.push(place.copy()?);
        times.seal.push(place.seal(&keystead, program, key)?);
        times.open.push(place.open(&keystead, program)?);
        if round == 0 {
            place.check()?;
        }
        place.remove(SEALED)?;
        place.remove(OPENED)?;
        for (peer, series) in &mut times.peers {
            series.push(timed(&mut peer.seal(&place.path(PLAIN), &place.path(THEIRS)))?);
            place.remove(THEIRS)?;
        }
        match openssl_speed() {
            Ok(speed) => times.openssl.push(speed),
            Err(error) if round == 0 => report.skipped(format!("openssl speed: {error:#}")),
            Err(error) => return Err(error),
        }
    }
    keystead.running.stop()?;
    times.tell(house.file_bytes, report);
    Ok(())
}

/// The file, and where its copies go.
struct Place {
    folder: Scratch,
    bytes: u64,
}

impl Place {
    fn prepare(house: &House) -> Result<Self> {
        let place = Self { folder: Scratch::make_in(&house.files_in)?, bytes: house.file_bytes };
        place.require_room()?;
        write_random(&place.path(PLAIN), place.bytes)?;
        Ok(place)
    }

    /// The file, its sealed form, its opened form: in memory, if the folder is there.
    fn require_room(&self) -> Result<()> {
        let needed = self.bytes * 3 + self.bytes / 8;
        let disk = rustix::fs::statvfs(self.folder.path())?;
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let free = [Some(disk.f_bavail * disk.f_frsize), available(&memory)];
        match free.into_iter().flatten().min() {
            Some(free) if free < needed => bail!(
                "{} MiB are needed in {} and {} are free; choose a shorter file with --size",
                needed >> 20,
                self.folder.path().display(),
                free >> 20
            ),
            _ => Ok(()),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn remove(&self, name: &str) -> Result<()> {
        fs::remove_file(self.path(name)).with_context(|| format!("{name} was not made"))
    }

    fn copy(&self) -> Result<f64> {
        let seconds = timed(Command::new("cp").arg(self.path(PLAIN)).arg(self.path(THEIRS)))?;
        self.remove(THEIRS)?;
        Ok(seconds)
    }

    fn seal(&self, keystead: &Keystead, program: &Path, key: &str) -> Result<f64> {
        let mut command = keystead.command(program)?;
        command.args(["seal", "--key", key, "--context", "tenant=7"]).arg(self.path(PLAIN));
        timed(&mut command)
    }

    fn open(&self, keystead: &Keystead, program: &Path) -> Result<f64> {
        let mut command = keystead.command(program)?;
        command.arg("open").arg(self.path(SEALED)).arg("-o").arg(self.path(OPENED));
        timed(&mut command)
    }

    /// Whether what was opened is what was sealed.
    fn check(&self) -> Result<()> {
        let same = Command::new("cmp").arg("--silent").arg(self.path(PLAIN)).arg(self.path(OPENED)).status();
        match same.context("cmp does not start")?.success() {
            true => Ok(()),
            false => bail!("the file that was opened is not the one that was sealed"),
        }
    }
}

/// Runs a program to its end; seconds.
fn timed(command: &mut Command) -> Result<f64> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let begun = Instant::now();
    let output = command.output().with_context(|| format!("{name} does not start"))?;
    let seconds = begun.elapsed().as_secs_f64();
    match output.status.success() {
        true => Ok(seconds),
        false => {
            bail!("{name} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim())
        }
    }
}

/// Writes bytes that no program can make shorter.
fn write_random(path: &Path, bytes: u64) -> Result<()> {
    let key = UnboundCipherKey::new(&AES_256, &[7; 32])?;
    let stream = EncryptingKey::ctr(key)?;
    let mut file = File::create(path)?;
    let mut block = vec![0; 1 << 20];
    for at in (0..bytes).step_by(block.len()) {
        block.fill(0);
        // WHY: a fixed key is fine. These bytes keep no secret, they only have to look random; each block has an
        // initial value of its own, drawn by the library.
        drop(stream.encrypt(&mut block)?);
        let len = block.len().min(usize::try_from(bytes - at).unwrap_or(usize::MAX));
        file.write_all(&block[..len])?;
    }
    Ok(())
}

/// Memory that programs may still have, in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// What AES-256-GCM alone does on two cores, by openssl's own measure, in megabytes a second.
fn openssl_speed() -> Result<f64> {
    let words = ["speed", "-evp", "aes-256-gcm", "-bytes", "1048576", "-seconds", "3", "-multi", "2"];
    let mut child = Command::new("openssl")
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("openssl does not start")?;
    let mut text = String::new();
    child.stdout.take().context("no pipe")?.read_to_string(&mut text)?;
    match child.wait()?.success() {
        true => speed(&text).with_context(|| format!("not understood: {text}")),
        false => bail!("it failed"),
    }
}

/// The last number of the table, which counts thousands of bytes a second.
fn speed(text: &str) -> Option<f64> {
    let line = text.lines().rev().find(|line| line.to_ascii_lowercase().starts_with("aes-256-gcm"))?;
    let thousands: f64 = line.split_ascii_whitespace().last()?.strip_suffix('k')?.parse().ok()?;
    Some(thousands / 1e3)
}

/// Seconds, round by round.
struct Times {
    cp: Series,
    seal: Series,
    open: Series,
    openssl: Series,
    peers: Vec<(Peer, Series)>,
}

impl Times {
    fn for_peers(peers: Vec<Peer>) -> Self {
        let (cp, seal, open, openssl) = Default::default();
        let peers = peers.into_iter().map(|peer| (peer, Series::default())).collect();
        Self { cp, seal, open, openssl, peers }
    }

    fn tell(&self, bytes: u64, report: &mut Report) {
        let Self { cp, seal, open, openssl, peers } = self;
        let name = format!("a file of {} MiB", bytes >> 20);
        let pair = |ours: &Series, theirs: &Series| {
            format!("{:.2} s against {:.2} s", ours.median(), theirs.median())
        };
        let figure = Figure::new(format!("sealing {name}, time against cp"), Unit::Times, seal.over(cp));
        report.add(figure.against(targets::SEAL).noting(pair(seal, cp)));
        let figure =
            Figure::new(format!("opening {name}, verified, time against cp"), Unit::Times, open.over(cp));
        report.add(figure.against(targets::OPEN).noting(pair(open, cp)));
        for (peer, theirs) in peers {
            let what = format!("sealing {name}, times faster than {}", peer.name());
            let figure = Figure::new(what, Unit::Times, theirs.over(seal));
            report.add(figure.against(peer.target()).noting(pair(seal, theirs)));
        }
        if openssl.0.len() == seal.0.len() {
            for (verb, times) in [("sealing", seal), ("opening", open)] {
                let speed = Series(times.0.iter().map(|seconds| bytes as f64 / 1e6 / seconds).collect());
                let note = format!(
                    "{} against {}",
                    Unit::MegabytesPerSecond.show(speed.median()),
                    Unit::MegabytesPerSecond.show(openssl.median())
                );
                let what = format!("{verb} {name}, rate against openssl speed aes-256-gcm on 2 cores");
                report.add(Figure::new(what, Unit::Times, speed.over(openssl)).noting(note));
            }
        }
    }
}

const PLAIN: &str = "plain";
const SEALED: &str = "plain.sealed";
const OPENED: &str = "opened";
const THEIRS: &str = "theirs";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_openssl_prints_is_understood() {
        let text = "OpenSSL 3.0.19\nThe 'numbers' are in 1000s of bytes per second processed.\n\
                    type        1048576 bytes\nAES-256-GCM   9876500.00k\n";
        assert_eq!(speed(text), Some(9876.5));
        assert_eq!(speed("type 1 bytes"), None);
    }

    #[test]
    fn the_file_has_its_length_and_repeats_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        write_random(&path, (2 << 20) + 5).expect("written");
        let bytes = fs::read(&path).expect("there");
        assert_eq!(bytes.len(), (2 << 20) + 5);
        assert_ne!(bytes[..16], bytes[1 << 20..(1 << 20) + 16]);
    }

    #[test]
    fn memory_that_is_left_is_told_in_bytes() {
        assert_eq!(available("MemTotal: 9 kB\nMemAvailable:   7 kB\n"), Some(7168));
        assert_eq!(available(""), None);
    }
}
