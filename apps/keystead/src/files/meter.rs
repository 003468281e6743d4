//! How far the work is, on standard error, if that is a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that shows bytes done, their rate and the time left; messages go above it.
pub(super) struct Meter(ProgressBar);

impl Meter {
    /// `bytes` are to be done in all; 0 if nobody knows.
    pub(super) fn new(bytes: u64, quiet: bool) -> Self {
        if quiet {
            return Self(ProgressBar::hidden());
        }
        let (length, shape) = match bytes {
            0 => (None, "{spinner} {bytes}  {bytes_per_sec}  {elapsed}"),
            bytes => (Some(bytes), "{wide_bar} {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left"),
        };
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template(shape).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }

    pub(super) fn add(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// A line on standard error, shown whether there is a bar or not.
    pub(super) fn say(&self, line: &str) {
        self.0.suspend(|| eprintln!("keystead: {line}"));
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
