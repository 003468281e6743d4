//! Programs that are started here, and never outlive this one.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, set_parent_process_death_signal};

/// The word on the command line that means: become the program named after it, and end when your parent does.
pub const ROLE: &str = "become-program";

/// Becomes another program. Returns only if that fails.
pub fn become_program(words: &[OsString]) -> Result<ExitCode> {
    let (program, words) = words.split_first().context("no program is named")?;
    // Lasts through becoming another program. A parent killed without warning leaves nothing running.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let error = Command::new(program).args(words).exec();
    Err(error).with_context(|| format!("{} does not start", program.display()))
}

/// A command for a program that ends when this one does. To be spawned from the main thread, since it is that
/// thread's end that counts.
pub fn guarded(program: impl AsRef<OsStr>) -> Result<Command> {
    let mut command =
        Command::new(std::env::current_exe().context("this program's own file cannot be found")?);
    command.arg(ROLE).arg(program);
    Ok(command)
}

/// A program that runs. Killed when dropped.
pub struct Running {
    child: Child,
    name: &'static str,
}

impl Running {
    /// Starts it.
    pub fn spawn(command: &mut Command, name: &'static str) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("{name} does not start"))?;
        Ok(Self { child, name })
    }

    /// The child, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Asks it to stop, and waits for that.
    ///
    /// # Errors
    /// It does not stop within half a minute, or not well. It does not run any more then.
    pub fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let begun = Instant::now();
        while begun.elapsed() < STOP_WAIT_MAX {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("{} ended with {status}", self.name),
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        bail!("{} does not stop", self.name)
    }

    /// Processor time it has used, in seconds, to a hundredth.
    pub fn cpu_seconds(&self) -> Result<f64> {
        cpu_seconds(Path::new(&format!("/proc/{}/stat", self.child.id())))
    }

    /// Memory it holds.
    pub fn memory(&self) -> Result<Memory> {
        let folder = format!("/proc/{}", self.child.id());
        let status = fs::read_to_string(format!("{folder}/status"))?;
        let resident = kilobytes(&status, "VmRSS:").context("the system does not tell resident memory")?;
        // A server that hides its memory shows this to root only.
        let rollup = fs::read_to_string(format!("{folder}/smaps_rollup")).unwrap_or_default();
        let megabytes = |kib: u64| kib as f64 * 1024.0 / 1e6;
        Ok(Memory {
            resident_mb: megabytes(resident),
            own_mb: kilobytes(&status, "RssAnon:").map(megabytes),
            shared_out_mb: kilobytes(&rollup, "Pss:").map(megabytes),
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Memory of a process, in megabytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// All pages that are in memory.
    pub resident_mb: f64,
    /// Those that are not a file's.
    pub own_mb: Option<f64>,
    /// The same as `resident_mb`, with pages that several processes share split among them.
    pub shared_out_mb: Option<f64>,
}

/// Processor time this program has used, in seconds, to a hundredth.
pub fn own_cpu_seconds() -> Result<f64> {
    cpu_seconds(Path::new("/proc/self/stat"))
}

fn cpu_seconds(path: &Path) -> Result<f64> {
    let text = fs::read_to_string(path)?;
    ticks(&text).map(|ticks| ticks as f64 / TICKS_A_SECOND).context("the system does not tell processor time")
}

/// User and system time, which are the 14th and 15th field; the second may hold spaces and brackets.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// What Linux counts processor time in, on every architecture, where programs see it.
const TICKS_A_SECOND: f64 = 100.0;
const STOP_WAIT_MAX: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_any_name() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 1 2 3 4 50 8 0 0 20 0 1 0 100";
        assert_eq!(ticks(stat), Some(58));
        assert_eq!(ticks("7 (a) S 1"), None);
        assert!(own_cpu_seconds().expect("told") >= 0.0);
    }

    #[test]
    fn memory_is_read_off_its_line() {
        let status = "Name:\tx\nVmRSS:\t   12345 kB\nRssAnon:\t  99 kB\n";
        assert_eq!(kilobytes(status, "VmRSS:"), Some(12345));
        assert_eq!(kilobytes(status, "Pss:"), None);
    }

    #[test]
    fn a_program_does_not_outlive_its_holder() {
        let mut running = Running::spawn(Command::new("sleep").arg("60"), "sleep").expect("it starts");
        assert!(running.memory().expect("told").resident_mb > 0.0);
        assert_eq!(running.ended().expect("a child"), None);
        let path = format!("/proc/{}", running.child().id());
        drop(running);
        assert!(!Path::new(&path).exists());
    }
}
