//! The machine that was measured on.

use std::fs;
use std::time::Duration;

/// What is to be known of it to make sense of figures.
pub struct Machine {
    /// The processor's name for itself.
    pub processor: String,
    /// Cores this program may use.
    pub cores: usize,
    /// Memory, in MiB.
    pub memory_mib: u64,
    /// The kernel's version.
    pub kernel: String,
    /// The day, in UTC.
    pub day: String,
    /// Share of the cores that others were using when the run began, 0 to 1.
    pub busy: f64,
}

impl Machine {
    /// This one.
    pub fn this() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let (processor, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
        let memory =
            field(&memory, "MemTotal").and_then(|text| text.strip_suffix(" kB")?.trim().parse().ok());
        Self {
            processor: field(&processor, "model name").unwrap_or("unknown processor").to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: memory.unwrap_or(0_u64) >> 10,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            day: jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string(),
            busy: busy(),
        }
    }

    /// Whether others were using the cores when the run began.
    pub fn was_busy(&self) -> bool {
        self.busy > BUSY_MAX
    }

    /// In one line.
    pub fn line(&self) -> String {
        let Self { processor, cores, memory_mib, kernel, day, busy: _ } = self;
        format!("{processor}, {cores} cores, {} GiB, Linux {kernel}, {day}", (memory_mib + 512) >> 10)
    }
}

/// A value in lines such as `name : value`.
fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim()).next()
}

/// Share of the cores in use over half a second, in which this program only waits; 0 if the system does not tell.
fn busy() -> f64 {
    let ticks = || fs::read_to_string("/proc/stat").ok().and_then(|stat| ticks(&stat));
    let before = ticks();
    std::thread::sleep(Duration::from_millis(500));
    match (before, ticks()) {
        (Some((used, all)), Some((used_later, all_later))) if all_later > all => {
            used_later.saturating_sub(used) as f64 / (all_later - all) as f64
        }
        _ => 0.0,
    }
}

/// Ticks of all cores in use, and all ticks, from the first line of `/proc/stat`. Waiting for the disk is idleness.
fn ticks(stat: &str) -> Option<(u64, u64)> {
    let numbers = stat.lines().next()?.strip_prefix("cpu ")?.split_ascii_whitespace().take(8);
    let numbers = numbers.map(str::parse).collect::<Result<Vec<u64>, _>>().ok()?;
    let (all, idle) = (numbers.iter().sum::<u64>(), numbers.get(3)? + numbers.get(4)?);
    Some((all - idle, all))
}

/// More than this is not idleness.
const BUSY_MAX: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let text = "model\t\t: 7\nmodel name\t: A processor: fast\n";
        assert_eq!(field(text, "model name"), Some("A processor: fast"));
        assert_eq!(field(text, "name"), None);
    }

    #[test]
    fn idle_ticks_are_those_of_nobody_and_of_waiting_for_the_disk() {
        assert_eq!(ticks("cpu  10 1 5 80 4 0 0 0 9 9\ncpu0 1 2 3"), Some((16, 100)));
        assert_eq!(ticks("intr 1"), None);
    }
}
