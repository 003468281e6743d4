//! Keys that somebody else's key manager holds, with a key manager that answers when the test lets it.

mod house;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use house::{House, ROOT, context, run};
use keystead_crypto::{
    Asked, CiphertextNames, ExternalKey, ExternalKeys, Pending, Proxy, ProxyError, ProxyHealth, ProxySealed,
    SecretBytes, SoftwareProvider,
};
use keystead_engine::ops::*;
use keystead_model::*;
use keystead_store::MemoryStore;
use keystead_store::disk::MemoryDisk;
use tokio::sync::Semaphore;

/// Turns bits around, which is no cipher but shows who has done it. Each decryption waits for the test.
struct Turner {
    gate: Arc<Semaphore>,
    asked: AtomicUsize,
}

fn turned(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| byte ^ 0x5a).collect()
}

fn now<T: Send + 'static>(answer: T) -> Pending<T> {
    Box::pin(std::future::ready(Ok(answer)))
}

impl ExternalKeys for Turner {
    fn allows(&self, _: &str) -> bool {
        true
    }

    fn health(&self, _: &Arc<Proxy>, _: Asked) -> Pending<ProxyHealth> {
        now(ProxyHealth { any_serves: true })
    }

    fn metadata(&self, _: &Arc<Proxy>, _: &str, _: Asked) -> Pending<ExternalKey> {
        now(ExternalKey { is_aes_256: true, encrypts: true, decrypts: true, is_enabled: true })
    }

    fn encrypt(
        &self,
        _: &Arc<Proxy>,
        _: &str,
        asked: Asked,
        plaintext: &[u8],
        _: &[u8],
    ) -> Pending<ProxySealed> {
        assert!(asked.key.is_some() && asked.principal.is_some());
        self.asked.fetch_add(1, Ordering::SeqCst);
        let ciphertext = turned(plaintext).into();
        now(ProxySealed { iv: [1; 12].into(), metadata: [].into(), tag: [2; 16], ciphertext })
    }

    fn decrypt(
        &self,
        _: &Arc<Proxy>,
        _: &str,
        _: Asked,
        sealed: &ProxySealed,
        _: &[u8],
    ) -> Pending<SecretBytes> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let (gate, plaintext) = (Arc::clone(&self.gate), SecretBytes::new(turned(&sealed.ciphertext)));
        Box::pin(async move {
            gate.acquire().await.map_err(|_| ProxyError::TimedOut)?.forget();
            Ok(plaintext)
        })
    }
}

struct Outside {
    house: House,
    turner: Arc<Turner>,
    root: Arc<Caller>,
    store: Box<str>,
    key: KeyArn,
}

impl Outside {
    async fn open() -> Self {
        let turner = Arc::new(Turner { gate: Arc::new(Semaphore::new(0)), asked: AtomicUsize::new(0) });
        let external: Arc<dyn ExternalKeys> = turner.clone();
        let house = House::with_both(
            Arc::new(MemoryStore::default()),
            Arc::new(MemoryDisk::new()),
            &ROOT,
            7,
            |root, dice| Arc::new(SoftwareProvider::new(root, dice)),
            external,
        );
        let house = house.expect("it opens");
        let (root, _) = house.account(111_122_223_333).await;
        let credential = ProxyCredential {
            access_key_id: "ABCDEFGHIJKLMNOPQRST".into(),
            secret_access_key: Arc::new(SecretBytes::copy_from(&[b'a'; 43])),
        };
        let op = CreateCustomKeyStore {
            name: "elsewhere".into(),
            backing: NewBacking::External {
                connectivity: ProxyConnectivity::PublicEndpoint,
                endpoint: "https://xks.test".into(),
                path: "/kms/xks/v1".into(),
                credential,
            },
        };
        let permit = house.engine.authorise(&house.call(), &root, op).await.expect("allowed");
        let store = house.engine.create_custom_key_store(permit).await.expect("made");
        let op = ConnectCustomKeyStore { store: store.clone() };
        let permit = house.engine.authorise(&house.call(), &root, op).await.expect("allowed");
        house.engine.connect_custom_key_store(permit).await.expect("connected");
        let op = CreateKey {
            spec: KeySpec::SymmetricDefault,
            usage: KeyUsage::EncryptDecrypt,
            origin: Origin::ExternalKeyStore,
            description: "".into(),
            policy: None,
            tags: Tags::default(),
            multi_region: false,
            key_store: Some(store.clone()),
            external_key: Some("theirs".into()),
            bypass_policy_lockout_safety_check: false,
        };
        let permit = house.engine.authorise(&house.call(), &root, op).await.expect("allowed");
        let key = house.engine.create_key(permit).await.expect("made").arn;
        Self { house, turner, root, store, key }
    }

    async fn sealed(&self) -> Vec<u8> {
        let key = KeyRef::Arn(self.key.clone());
        self.house.encrypt(&self.house.call(), &self.root, key, b"both").await.expect("sealed").ciphertext
    }
}

#[test]
fn a_key_that_is_disabled_while_the_proxy_thinks_opens_nothing() {
    run(async {
        let outside = Outside::open().await;
        let sealed = outside.sealed().await;
        let house = &outside.house;
        let disabling = async {
            let op = DisableKey { key: KeyRef::Arn(outside.key.clone()) };
            let permit = house.engine.authorise(&house.call(), &outside.root, op).await.expect("allowed");
            house.engine.disable_key(permit).await.expect("disabled");
            outside.turner.gate.add_permits(1);
        };
        let (opened, ()) = tokio::join!(house.decrypt(&outside.root, &sealed), disabling);
        assert!(matches!(opened, Err(Error::Disabled(_))), "{:?}", opened.err());
    });
}

#[test]
fn a_store_that_is_disconnected_while_the_proxy_thinks_opens_nothing() {
    run(async {
        let outside = Outside::open().await;
        let sealed = outside.sealed().await;
        let house = &outside.house;
        let disconnecting = async {
            let op = DisconnectCustomKeyStore { store: outside.store.clone() };
            let permit = house.engine.authorise(&house.call(), &outside.root, op).await.expect("allowed");
            house.engine.disconnect_custom_key_store(permit).await.expect("disconnected");
            outside.turner.gate.add_permits(1);
        };
        let (opened, ()) = tokio::join!(house.decrypt(&outside.root, &sealed), disconnecting);
        assert!(matches!(opened, Err(Error::KeyStore(KeyStoreFault::KeyUnusable, _))));
    });
}

#[test]
fn what_the_proxy_has_seen_opens_nothing_by_itself() {
    run(async {
        let outside = Outside::open().await;
        let sealed = outside.sealed().await;
        let inner = turned(&sealed[90..]);
        assert_eq!(CiphertextNames::read(&inner), CiphertextNames::read(&sealed));
        let before = outside.turner.asked.load(Ordering::SeqCst);
        let opened = outside.house.decrypt(&outside.root, &inner).await;
        assert_eq!(opened.err(), Some(Error::BadCiphertext));
        assert_eq!(outside.turner.asked.load(Ordering::SeqCst), before, "nobody was asked");
        outside.turner.gate.add_permits(1);
        let opened = outside.house.decrypt(&outside.root, &sealed).await.expect("it opens");
        assert_eq!((opened.key, context().pairs().count()), (outside.key.clone(), 1));
    });
}
