//! The machine that was measured on.

use std::fs;

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
        }
    }

    /// In one line.
    pub fn line(&self) -> String {
        let Self { processor, cores, memory_mib, kernel, day } = self;
        format!("{processor}, {cores} cores, {} GiB, Linux {kernel}, {day}", (memory_mib + 512) >> 10)
    }
}

/// A value in lines such as `name : value`.
fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let text = "model\t\t: 7\nmodel name\t: A processor: fast\n";
        assert_eq!(field(text, "model name"), Some("A processor: fast"));
        assert_eq!(field(text, "name"), None);
    }
}
