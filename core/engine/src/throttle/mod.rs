//! How many requests of one kind an account may send to one location in a second.
//!
//! The account that asks is held back, not the one that owns the key. Nothing here blocks: a request finds its
//! account's buckets in a sharded cache and changes one word in them.

mod bucket;
mod class;

use std::array;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use keystead_model::{AccountId, Action, Call, Caller, KeySpec, Location};
use quick_cache::Equivalent;
use quick_cache::sync::Cache;

use bucket::Bucket;
pub use bucket::Rate;
pub use class::Class;

/// Pairs of account and location whose buckets are held at most: 1.5 KiB each. One that is let go begins anew, full.
const TENANTS_MAX: usize = 4096;

/// How many requests of each [`Class`] are taken in a second.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rates(Box<[Option<Rate>; Class::COUNT]>);

impl Default for Rates {
    fn default() -> Self {
        Self::unlimited()
    }
}

impl Rates {
    /// Any number of all.
    pub fn unlimited() -> Self {
        Self(Box::new([None; Class::COUNT]))
    }

    /// What AWS takes by default where it takes least: 10,000 of the symmetric kind.
    pub fn aws() -> Self {
        let mut rates = Self::unlimited();
        for class in Class::all() {
            rates.limit(class, Rate::per_second(class.aws_per_second()));
        }
        rates
    }

    /// Limits a class, or lifts its limit.
    pub fn limit(&mut self, class: Class, rate: Option<Rate>) {
        self.0[class.place()] = rate;
    }

    /// Whether nothing is limited.
    pub fn is_unlimited(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

/// What is left of the rates of every account and location.
pub struct Throttle {
    rates: Rates,
    tenants: Cache<Tenant, Arc<Buckets>>,
    refused: AtomicU64,
}

type Buckets = [Bucket; Class::COUNT];

/// What became of a request that is over its rate.
pub struct Over {
    /// What it is one of.
    pub class: Class,
    /// If it is to be recorded: how many since the last record were not.
    pub record: Option<u64>,
}

impl Throttle {
    /// With full buckets. `None` if nothing is limited.
    pub fn new(rates: Rates) -> Option<Self> {
        let has_limit = !rates.is_unlimited();
        has_limit.then(|| Self { rates, tenants: Cache::new(TENANTS_MAX), refused: AtomicU64::new(0) })
    }

    /// Counts a request, and says if it is one too many.
    pub fn take(
        &self,
        call: &Call,
        caller: &Caller,
        action: Action,
        key: Option<KeySpec>,
        pair: impl FnOnce() -> Option<KeySpec>,
    ) -> Option<Over> {
        // Services act for themselves, and what is scheduled waits for nobody.
        let account = caller.principal.account()?;
        let pair = match action {
            Action::GenerateDataKeyPair | Action::GenerateDataKeyPairWithoutPlaintext => pair(),
            _ => None,
        };
        let class = Class::of(action, key, pair)?;
        let rate = self.rates.0[class.place()]?;
        let buckets = self.buckets(account, &call.location);
        let bucket = &buckets[class.place()];
        if bucket.take(rate, call.at) {
            return None;
        }
        self.refused.fetch_add(1, Ordering::Relaxed);
        Some(Over { class, record: bucket.should_record(call.at) })
    }

    /// How many requests were one too many.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    fn buckets(&self, account: AccountId, location: &Location) -> Arc<Buckets> {
        if let Some(buckets) = self.tenants.get(&Asked(account, location)) {
            return buckets;
        }
        let tenant = Tenant(account, location.clone());
        let made: Result<_, std::convert::Infallible> =
            self.tenants.get_or_insert_with(&tenant, || Ok(Arc::new(array::from_fn(|_| Bucket::default()))));
        made.unwrap_or_else(|never| match never {})
    }
}

/// An account in a location.
#[derive(Clone, PartialEq, Eq)]
struct Tenant(AccountId, Location);

/// The same, borrowed.
struct Asked<'a>(AccountId, &'a Location);

impl Hash for Tenant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Asked(self.0, &self.1).hash(state);
    }
}

impl Hash for Asked<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
        self.1.hash(state);
    }
}

impl Equivalent<Tenant> for Asked<'_> {
    fn equivalent(&self, tenant: &Tenant) -> bool {
        self.0 == tenant.0 && *self.1 == tenant.1
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use keystead_model::{Principal, Protocol, RequestId, Timestamp};

    use super::*;

    fn call(location: &str) -> Call {
        Call {
            request: RequestId([0; 16]),
            at: Timestamp(1_790_000_000_000),
            source: IpAddr::V4(Ipv4Addr::LOCALHOST),
            protocol: Protocol::AwsKms,
            location: location.parse().expect("a name"),
            user_agent: "test".into(),
            secure: true,
        }
    }

    fn root(account: u64) -> Caller {
        let account = AccountId::from_number(account).expect("twelve digits");
        Caller::new(Principal::Root { account }, None)
    }

    fn throttle() -> Throttle {
        Throttle::new(Rates::aws()).expect("there are limits")
    }

    fn taken(throttle: &Throttle, call: &Call, caller: &Caller, action: Action) -> usize {
        (0..100).filter(|_| throttle.take(call, caller, action, None, || None).is_none()).count()
    }

    #[test]
    fn accounts_locations_and_kinds_of_request_do_not_hold_each_other_back() {
        let throttle = throttle();
        let (here, there) = (call("eu-central-1"), call("us-east-1"));
        assert_eq!(taken(&throttle, &here, &root(1), Action::CreateKey), 5);
        assert_eq!(taken(&throttle, &here, &root(1), Action::CreateKey), 0);
        assert_eq!(taken(&throttle, &there, &root(1), Action::CreateKey), 5);
        assert_eq!(taken(&throttle, &here, &root(2), Action::CreateKey), 5);
        assert_eq!(taken(&throttle, &here, &root(1), Action::EnableKey), 5);
        assert_eq!(taken(&throttle, &here, &root(1), Action::Encrypt), 100);
        assert_eq!(throttle.refused(), 95 + 100 + 95 + 95 + 95);
    }

    #[test]
    fn the_server_itself_is_never_held_back() {
        let (throttle, here) = (throttle(), call("eu-central-1"));
        let keystead = Caller::new(Principal::Keystead, None);
        assert_eq!(taken(&throttle, &here, &keystead, Action::CreateKey), 100);
        assert_eq!(taken(&throttle, &here, &root(1), Action::ReadStatus), 100);
    }

    #[test]
    fn without_limits_there_is_nothing_to_count() {
        assert!(Throttle::new(Rates::unlimited()).is_none());
        let mut rates = Rates::unlimited();
        let create = Class::named("CreateKey").expect("a class");
        rates.limit(create, Rate::per_second(2));
        let throttle = Throttle::new(rates).expect("there is a limit");
        assert_eq!(taken(&throttle, &call("eu-central-1"), &root(1), Action::CreateKey), 2);
        assert_eq!(taken(&throttle, &call("eu-central-1"), &root(1), Action::EnableKey), 100);
    }

    #[test]
    fn more_tenants_than_there_is_room_for_are_still_served() {
        let throttle = throttle();
        let here = call("eu-central-1");
        for account in 0..TENANTS_MAX as u64 * 2 {
            assert!(throttle.take(&here, &root(account), Action::CreateKey, None, || None).is_none());
        }
        assert!(throttle.tenants.len() <= TENANTS_MAX + 1);
    }
}
