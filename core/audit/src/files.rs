//! The helper: makes the next segment and writes resume points, so that the writer need not.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use keystead_model::world::Disk;
use parking_lot::{Condvar, Mutex};

use crate::resume::Resume;
use crate::segment;

/// What the writer asks of the helper.
pub(crate) struct Files {
    disk: Arc<dyn Disk>,
    jobs: Mutex<Jobs>,
    changed: Condvar,
}

struct Jobs {
    spare: Spare,
    resume: Option<Resume>,
    /// Turn of the next resume point.
    turn: u64,
    /// The writer waits for the spare.
    urgent: bool,
    closing: bool,
}

enum Spare {
    /// Nobody needs one yet, or the writer is giving it its name.
    None,
    /// To be made, of this length.
    Wanted(u64),
    Making,
    Ready,
    Failed(io::Error),
}

impl Files {
    pub(crate) fn new(disk: Arc<dyn Disk>, turn: u64) -> Self {
        let jobs = Jobs { spare: Spare::None, resume: None, turn, urgent: false, closing: false };
        Self { disk, jobs: Mutex::new(jobs), changed: Condvar::new() }
    }

    /// Runs until [`Files::close`], and then does what is left.
    pub(crate) fn run(&self) {
        let mut jobs = self.jobs.lock();
        loop {
            if let Some(resume) = jobs.resume.take() {
                drop(jobs);
                if let Err(error) = resume.write(&*self.disk) {
                    tracing::warn!(%error, "the audit log's resume point cannot be written; a restart will take longer");
                }
                jobs = self.jobs.lock();
            } else if jobs.closing {
                return;
            } else if let Spare::Wanted(len) = jobs.spare {
                jobs.spare = Spare::Making;
                drop(jobs);
                let made = segment::make_spare(&*self.disk, len, &|| self.rest());
                jobs = self.jobs.lock();
                jobs.spare = made.map_or_else(Spare::Failed, |()| Spare::Ready);
                self.changed.notify_all();
            } else {
                self.changed.wait(&mut jobs);
            }
        }
    }

    /// Leaves the disk to the writer for a while, unless the writer waits for what is being made. Answers whether the
    /// log is being closed.
    fn rest(&self) -> bool {
        let mut jobs = self.jobs.lock();
        if !jobs.urgent && !jobs.closing {
            self.changed.wait_for(&mut jobs, REST);
        }
        jobs.closing
    }

    /// Has a spare made, unless there is one or one is on its way. Waits for nothing.
    pub(crate) fn want_spare(&self, len: u64) {
        let mut jobs = self.jobs.lock();
        if matches!(jobs.spare, Spare::None) {
            jobs.spare = Spare::Wanted(len);
            self.changed.notify_all();
        }
    }

    /// Waits for a spare; it is then the caller's. An error is given out once, and the next call tries anew.
    pub(crate) fn take_spare(&self, len: u64) -> io::Result<()> {
        let mut jobs = self.jobs.lock();
        jobs.urgent = true;
        self.changed.notify_all();
        let taken = loop {
            match std::mem::replace(&mut jobs.spare, Spare::None) {
                _ if jobs.closing => break Err(io::Error::other("the log is being closed")),
                Spare::Ready => break Ok(()),
                Spare::Failed(error) => break Err(error),
                Spare::None => {
                    jobs.spare = Spare::Wanted(len);
                    self.changed.notify_all();
                }
                under_way => jobs.spare = under_way,
            }
            self.changed.wait(&mut jobs);
        };
        jobs.urgent = false;
        taken
    }

    pub(crate) fn spare_is_ready(&self) -> bool {
        matches!(self.jobs.lock().spare, Spare::Ready)
    }

    /// Has a resume point written; a newer one takes the place of one not yet written.
    pub(crate) fn note(&self, resume: impl FnOnce(u64) -> Resume) {
        let mut jobs = self.jobs.lock();
        jobs.resume = Some(resume(jobs.turn));
        jobs.turn += 1;
        self.changed.notify_all();
    }

    pub(crate) fn close(&self) {
        self.jobs.lock().closing = true;
        self.changed.notify_all();
    }
}

/// How long the helper leaves the disk to the writer after each piece of a spare: 256 KiB every 4 ms and the time they
/// take make a segment of 64 MiB in about two seconds, in which a busy log writes less than half of one.
const REST: Duration = Duration::from_millis(4);
