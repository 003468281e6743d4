//! Where keys are made that take long to make: RSA, up to seconds each.
//!
//! The threads that serve requests never do that themselves, so that one caller's RSA keys are nobody else's wait.
//! The queue is short and each account has a share of it: past either, requests are refused at once and may be tried
//! again. Whoever goes away leaves at most the key behind that is being made; it is wiped when it is done.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use keystead_crypto::{KeyProvider, Made, MaterialName, Pair, ProviderError};
use keystead_model::{AccountId, Error, KeySpec};
use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use crate::keys::{RETRY_WAIT, provider_error};

/// Threads that make keys. They start with the first slow key; the system shares the processors out between them and
/// the threads that serve requests.
const WORKERS_MAX: usize = 2;
/// Keys that wait to be made, at most.
const WAITING_MAX: usize = 64;
/// Keys of one account that wait or are being made, at most.
const PER_ACCOUNT_MAX: usize = 16;

/// Makes key material and key pairs: at once what is quick, on threads of its own what is slow.
pub struct Workshop {
    shared: Arc<Shared>,
}

struct Shared {
    provider: Arc<dyn KeyProvider>,
    desk: Mutex<Desk>,
    bell: Condvar,
}

#[derive(Default)]
struct Desk {
    waiting: VecDeque<Job>,
    /// Jobs of each account that wait or are worked on; no entry for none.
    shares: HashMap<AccountId, usize>,
    workers: usize,
    idle: usize,
    closed: bool,
}

struct Job {
    account: AccountId,
    piece: Piece,
}

/// What is to be made, and who waits for it.
enum Piece {
    Material(MaterialName, oneshot::Sender<Result<Made, ProviderError>>),
    Pair(KeySpec, oneshot::Sender<Result<Pair, ProviderError>>),
}

impl Workshop {
    pub fn new(provider: Arc<dyn KeyProvider>) -> Self {
        Self { shared: Arc::new(Shared { provider, desk: Mutex::default(), bell: Condvar::new() }) }
    }

    /// Makes the material of a key.
    ///
    /// # Errors
    /// [`Error::Unsupported`]; [`Error::Throttled`] if the account has its share in work already;
    /// [`Error::Unavailable`] if the queue is full or the workshop closed.
    pub async fn make(&self, name: MaterialName) -> Result<Made, Error> {
        if !self.is_slow(name.spec)? {
            return self.shared.provider.make(&name).map_err(|error| provider_error(&error));
        }
        let (done, waits) = oneshot::channel();
        self.take_on(name.account, Piece::Material(name, done))?;
        told(waits.await)
    }

    /// Makes a key pair that is not kept, for a caller of `account`.
    ///
    /// # Errors
    /// As [`Workshop::make`].
    pub async fn pair(&self, account: AccountId, spec: KeySpec) -> Result<Pair, Error> {
        if !self.is_slow(spec)? {
            return self.shared.provider.pair(spec).map_err(|error| provider_error(&error));
        }
        let (done, waits) = oneshot::channel();
        self.take_on(account, Piece::Pair(spec, done))?;
        told(waits.await)
    }

    /// Whether keys of this spec are slow to make; refuses those that are not made at all.
    fn is_slow(&self, spec: KeySpec) -> Result<bool, Error> {
        match self.shared.provider.can(spec) {
            true => Ok(spec.is_slow_to_make()),
            false => Err(provider_error(&ProviderError::Unsupported(spec))),
        }
    }

    /// Lets go of what waits and takes nothing more. A key that is being made is finished and dropped.
    pub fn close(&self) {
        let mut desk = self.shared.desk.lock();
        desk.closed = true;
        desk.waiting.clear();
        self.shared.bell.notify_all();
    }

    fn take_on(&self, account: AccountId, piece: Piece) -> Result<(), Error> {
        let mut desk = self.shared.desk.lock();
        if desk.waiting.len() >= WAITING_MAX || desk.share(account) >= PER_ACCOUNT_MAX {
            desk.forget_abandoned();
        }
        if desk.closed || desk.waiting.len() >= WAITING_MAX {
            return Err(Error::Unavailable { wait: RETRY_WAIT });
        }
        if desk.share(account) >= PER_ACCOUNT_MAX {
            return Err(Error::Throttled);
        }
        if desk.idle <= desk.waiting.len() && desk.workers < WORKERS_MAX {
            self.hire(&mut desk)?;
        }
        *desk.shares.entry(account).or_default() += 1;
        desk.waiting.push_back(Job { account, piece });
        self.shared.bell.notify_one();
        Ok(())
    }

    /// One more thread. It is enough to have one.
    fn hire(&self, desk: &mut Desk) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        let thread =
            std::thread::Builder::new().name("keystead-workshop".into()).spawn(move || shared.work());
        match thread {
            // It ends when the workshop closes; nobody needs to wait for that.
            Ok(_) => desk.workers += 1,
            Err(_) if desk.workers > 0 => {}
            Err(error) => {
                tracing::error!(%error, "the system does not start a thread to make keys on");
                return Err(Error::Unavailable { wait: RETRY_WAIT });
            }
        }
        Ok(())
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn work(&self) {
        let mut desk = self.desk.lock();
        while !desk.closed {
            let Some(job) = desk.waiting.pop_front() else {
                desk.idle += 1;
                self.bell.wait(&mut desk);
                desk.idle -= 1;
                continue;
            };
            drop(desk);
            let account = job.account;
            // A provider that breaks an invariant fails one request; the thread lives on for the others.
            if catch_unwind(AssertUnwindSafe(|| job.piece.make(&*self.provider))).is_err() {
                tracing::error!("the key provider met a broken invariant while it made a key");
            }
            desk = self.desk.lock();
            desk.give_back(account);
        }
        desk.workers -= 1;
    }
}

impl Desk {
    fn share(&self, account: AccountId) -> usize {
        self.shares.get(&account).copied().unwrap_or(0)
    }

    fn give_back(&mut self, account: AccountId) {
        if let Some(share) = self.shares.get_mut(&account) {
            *share -= 1;
            if *share == 0 {
                self.shares.remove(&account);
            }
        }
    }

    /// Makes room where nobody waits any more.
    fn forget_abandoned(&mut self) {
        let (gone, waiting): (VecDeque<Job>, _) =
            std::mem::take(&mut self.waiting).into_iter().partition(|job| job.piece.is_abandoned());
        self.waiting = waiting;
        gone.iter().for_each(|job| self.give_back(job.account));
    }
}

impl Piece {
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Material(_, done) => done.is_closed(),
            Self::Pair(_, done) => done.is_closed(),
        }
    }

    /// Makes it, unless nobody waits any more. What nobody takes is wiped as it drops.
    fn make(self, provider: &dyn KeyProvider) {
        if self.is_abandoned() {
            return;
        }
        match self {
            Self::Material(name, done) => drop(done.send(provider.make(&name))),
            Self::Pair(spec, done) => drop(done.send(provider.pair(spec))),
        }
    }
}

/// What was made. Nobody answers if the workshop closed or the provider broke.
fn told<T>(answer: Result<Result<T, ProviderError>, oneshot::error::RecvError>) -> Result<T, Error> {
    match answer {
        Ok(made) => made.map_err(|error| provider_error(&error)),
        Err(_) => Err(Error::Unavailable { wait: RETRY_WAIT }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::task::{Context, Poll, Waker};

    use keystead_crypto::{Material, SecretBytes};
    use keystead_model::{KeyId, MaterialId};

    use super::*;

    /// Makes a key each time it is told to.
    struct Told(Mutex<mpsc::Receiver<()>>);

    impl KeyProvider for Told {
        fn can(&self, spec: KeySpec) -> bool {
            spec != KeySpec::Sm2
        }

        fn make(&self, name: &MaterialName) -> Result<Made, ProviderError> {
            if name.spec.is_slow_to_make() && self.0.lock().recv().is_err() {
                panic!("the test lets a provider break");
            }
            Ok(Made { wrapped: [name.material.0[0]].into(), public: None })
        }

        fn bring(&self, name: &MaterialName, _: &SecretBytes) -> Result<Made, ProviderError> {
            Err(ProviderError::Unsupported(name.spec))
        }

        fn load(&self, name: &MaterialName, _: &[u8]) -> Result<Arc<dyn Material>, ProviderError> {
            Err(ProviderError::Unsupported(name.spec))
        }

        fn pair(&self, _: KeySpec) -> Result<Pair, ProviderError> {
            Ok(Pair { private: SecretBytes::zeroed(1), public: [1].into() })
        }
    }

    fn workshop() -> (Workshop, mpsc::Sender<()>) {
        let (tell, told) = mpsc::channel();
        (Workshop::new(Arc::new(Told(Mutex::new(told)))), tell)
    }

    fn name(account: u64, material: u8, spec: KeySpec) -> MaterialName {
        MaterialName {
            account: AccountId::from_number(account).expect("twelve digits"),
            key: KeyId::from_random([1; 16]),
            material: MaterialId([material; 32]),
            spec,
        }
    }

    /// Begins to wait: the job is in the queue, or refused.
    fn begin<F: Future>(work: &mut std::pin::Pin<Box<F>>) -> Option<F::Output> {
        match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }

    fn wait<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
    }

    #[test]
    fn quick_keys_are_made_at_once_while_slow_ones_wait() {
        let (workshop, tell) = workshop();
        let mut slow = Box::pin(workshop.make(name(1, 7, KeySpec::Rsa4096)));
        assert!(begin(&mut slow).is_none());
        let mut quick = Box::pin(workshop.make(name(1, 8, KeySpec::EccNistP256)));
        assert!(matches!(begin(&mut quick), Some(Ok(made)) if *made.wrapped == [8]));
        let mut pair = Box::pin(workshop.pair(name(1, 1, KeySpec::Sm2).account, KeySpec::EccNistP256));
        assert!(matches!(begin(&mut pair), Some(Ok(_))));
        tell.send(()).expect("somebody listens");
        assert_eq!(*wait(slow).expect("it is made").wrapped, [7]);
    }

    #[test]
    fn what_is_not_made_is_refused_at_once() {
        let (workshop, _tell) = workshop();
        assert!(matches!(wait(workshop.make(name(1, 1, KeySpec::Sm2))), Err(Error::Unsupported(_))));
    }

    #[test]
    fn an_account_has_its_share_and_not_more() {
        let (workshop, tell) = workshop();
        let mut taken: Vec<_> =
            (0..16).map(|n| Box::pin(workshop.make(name(1, n, KeySpec::Rsa2048)))).collect();
        assert!(taken.iter_mut().all(|work| begin(work).is_none()));
        assert_eq!(wait(workshop.make(name(1, 99, KeySpec::Rsa2048))).err(), Some(Error::Throttled));
        let mut other = Box::pin(workshop.make(name(2, 1, KeySpec::Rsa2048)));
        assert!(begin(&mut other).is_none(), "another account is served");
        for _ in 0..17 {
            tell.send(()).expect("somebody listens");
        }
        for work in taken {
            wait(work).expect("it is made");
        }
        wait(other).expect("it is made");
        let desk = || workshop.shared.desk.lock().shares.len();
        while desk() > 0 {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_full_queue_refuses_and_those_who_went_away_make_room() {
        let (workshop, _tell) = workshop();
        let mut taken = Vec::new();
        let refused = loop {
            let account = u64::try_from(taken.len() / 10 + 1).expect("a small number");
            let mut work = Box::pin(workshop.make(name(account, 1, KeySpec::Rsa3072)));
            match begin(&mut work) {
                None => taken.push(work),
                Some(refused) => break refused,
            }
            assert!(taken.len() <= WAITING_MAX + WORKERS_MAX);
        };
        assert_eq!(refused.err(), Some(Error::Unavailable { wait: RETRY_WAIT }));
        assert!(taken.len() >= WAITING_MAX);
        taken.clear();
        let mut work = Box::pin(workshop.make(name(50, 1, KeySpec::Rsa3072)));
        assert!(begin(&mut work).is_none(), "there is room again");
        assert!(workshop.shared.desk.lock().waiting.len() <= 1 + WORKERS_MAX);
    }

    #[test]
    fn a_provider_that_breaks_fails_one_request_only() {
        let (workshop, tell) = workshop();
        drop(tell);
        let gone = Some(Error::Unavailable { wait: RETRY_WAIT });
        assert_eq!(wait(workshop.make(name(1, 1, KeySpec::Rsa2048))).err(), gone);
        assert_eq!(wait(workshop.make(name(1, 2, KeySpec::Rsa2048))).err(), gone);
        assert!(wait(workshop.make(name(1, 3, KeySpec::EccNistP384))).is_ok());
    }

    #[test]
    fn a_closed_workshop_answers_all_who_wait() {
        let (workshop, _tell) = workshop();
        let mut works: Vec<_> =
            (0..8).map(|n| Box::pin(workshop.make(name(1, n, KeySpec::Rsa2048)))).collect();
        assert!(works.iter_mut().all(|work| begin(work).is_none()));
        workshop.close();
        let answered = works.iter_mut().filter_map(begin).filter(|answer| answer.is_err()).count();
        assert!(answered >= 8 - WORKERS_MAX, "{answered}");
        assert!(wait(workshop.make(name(2, 1, KeySpec::Rsa2048))).is_err());
    }
}
