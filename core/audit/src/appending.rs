//! Waiting for a record to become durable.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use parking_lot::Mutex;

use crate::RecordError;

/// Why a record is not in the log. Nothing may be answered on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// More is waiting for the disk than the log may hold; trying again may help.
    #[error("the audit log cannot keep up; try again")]
    Full,
    /// The disk failed; the log is trying to get back to work, and trying again may help.
    #[error(
        "the audit log cannot be written; free disk space or replace the disk, the log then goes on by itself"
    )]
    Failed,
    /// The log was closed.
    #[error("the audit log is closed")]
    Closed,
    /// The record breaks a limit that no caller can reach; trying again will not help.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl AppendError {
    /// Whether the same record may be taken later.
    pub fn may_retry(&self) -> bool {
        !matches!(self, Self::Record(_))
    }
}

impl From<AppendError> for keystead_model::Error {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Full | AppendError::Failed | AppendError::Closed => {
                Self::Unavailable { wait: RETRY_WAIT }
            }
            AppendError::Record(_) => Self::Internal,
        }
    }
}

/// A record on its way to the disk. Resolves to its position once it is durable; not before.
///
/// Dropping it does not take the record back. Runs on any executor; [`Appending::wait`] serves threads.
#[must_use = "a record is durable only when this has resolved"]
pub struct Appending(State);

enum State {
    Waiting { batch: Arc<Batch>, position: u64, seat: Option<usize> },
    Refused(AppendError),
}

impl Appending {
    pub(crate) fn waiting(batch: Arc<Batch>, position: u64) -> Self {
        Self(State::Waiting { batch, position, seat: None })
    }

    pub(crate) fn refused(error: AppendError) -> Self {
        Self(State::Refused(error))
    }

    /// The position the record will have; `None` if the log refused it at once.
    pub fn position(&self) -> Option<u64> {
        match &self.0 {
            State::Waiting { position, .. } => Some(*position),
            State::Refused(_) => None,
        }
    }

    /// Blocks the thread until the record is durable.
    ///
    /// # Errors
    /// [`AppendError`] if it will not be.
    pub fn wait(mut self) -> Result<u64, AppendError> {
        thread_local!(static WAKER: RefCell<Waker> = Waker::from(Arc::new(Unpark(thread::current()))).into());
        WAKER.with_borrow(|waker| {
            let mut context = Context::from_waker(waker);
            loop {
                match Pin::new(&mut self).poll(&mut context) {
                    Poll::Ready(result) => return result,
                    Poll::Pending => thread::park(),
                }
            }
        })
    }
}

impl Future for Appending {
    type Output = Result<u64, AppendError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Waiting { batch, position, seat } => {
                batch.poll(seat, context.waker()).map(|result| result.map(|()| *position))
            }
            State::Refused(error) => Poll::Ready(Err(*error)),
        }
    }
}

/// Records that go out in one write and one sync, and everyone who waits for them.
#[derive(Default)]
pub(crate) struct Batch {
    /// Changes once, under the lock of `wakers`.
    fate: AtomicU8,
    wakers: Mutex<Vec<Waker>>,
}

impl Batch {
    /// A batch that has room for its wakers already.
    pub(crate) fn with_room(wakers: Vec<Waker>) -> Arc<Self> {
        Arc::new(Self { fate: AtomicU8::new(OPEN), wakers: Mutex::new(wakers) })
    }

    fn poll(&self, seat: &mut Option<usize>, waker: &Waker) -> Poll<Result<(), AppendError>> {
        if let Some(fate) = self.fate() {
            return Poll::Ready(fate);
        }
        let mut wakers = self.wakers.lock();
        if let Some(fate) = self.fate() {
            return Poll::Ready(fate);
        }
        match *seat {
            Some(seat) => wakers[seat].clone_from(waker),
            None => {
                *seat = Some(wakers.len());
                wakers.push(waker.clone());
            }
        }
        Poll::Pending
    }

    fn fate(&self) -> Option<Result<(), AppendError>> {
        match self.fate.load(Ordering::Acquire) {
            OPEN => None,
            DURABLE => Some(Ok(())),
            _ => Some(Err(AppendError::Failed)),
        }
    }

    /// Decides the batch's fate and wakes everyone together; a fate once decided stays. Answers the room that the
    /// wakers took.
    pub(crate) fn settle(&self, durable: bool) -> Vec<Waker> {
        let mut wakers = {
            let mut seats = self.wakers.lock();
            if self.fate().is_none() {
                self.fate.store(if durable { DURABLE } else { FAILED }, Ordering::Release);
            }
            std::mem::take(&mut *seats)
        };
        wakers.drain(..).for_each(Waker::wake);
        wakers
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

const OPEN: u8 = 0;
const DURABLE: u8 = 1;
const FAILED: u8 = 2;
/// What a caller is told to wait when the log cannot take its record.
const RETRY_WAIT: std::time::Duration = std::time::Duration::from_secs(1);
