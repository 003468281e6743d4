//! What is left of a key after its destruction: the files of the store and the log and the memory of the process are
//! searched for its bytes, plain, wrapped by the provider, and sealed in the store.
//!
//! What is searched for is known here in a mask only, and what is read for the search is masked before it is looked at,
//! so that the search does not find itself.

mod house;

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use house::{Dice, House, ROOT, run};
use keystead_crypto::{
    KeyProvider, Made, Material, MaterialName, Pair, ProviderError, SecretBytes, SoftwareProvider,
};
use keystead_engine::Permit;
use keystead_engine::ops::*;
use keystead_model::world::{Disk, Entropy};
use keystead_model::*;
use keystead_store::disk::FileDisk;
use keystead_store::{RedbOptions, RedbStore};
use parking_lot::Mutex;
use zeroize::Zeroizing;

const MASK: u8 = 0x5a;
const UNIT_BYTES: usize = 512;

/// What is searched for, masked.
#[derive(Default)]
struct Needles(Mutex<Vec<(&'static str, Vec<u8>)>>);

impl Needles {
    fn add(&self, what: &'static str, bytes: &[u8]) {
        let masked: Vec<u8> = bytes.iter().map(|byte| byte ^ MASK).collect();
        let mut needles = self.0.lock();
        if !needles.iter().any(|(_, known)| *known == masked) {
            needles.push((what, masked));
        }
    }

    /// How many different ones of each kind are in these bytes, which are masked on the way.
    fn found(&self, haystack: &mut [u8], found: &mut Vec<(&'static str, usize)>) {
        haystack.iter_mut().for_each(|byte| *byte ^= MASK);
        for (number, (what, needle)) in self.0.lock().iter().enumerate() {
            if memchr::memmem::find(haystack, needle).is_some() && !found.contains(&(*what, number)) {
                found.push((what, number));
            }
        }
    }

    fn in_files(&self, folder: &Path) -> Vec<(&'static str, usize)> {
        let mut found = Vec::new();
        for entry in folder.read_dir().expect("a folder") {
            let mut file = File::open(entry.expect("an entry").path()).expect("open");
            let mut bytes = Zeroizing::new(vec![0; file.metadata().expect("metadata").len() as usize]);
            file.read_exact(&mut bytes).expect("read");
            self.found(&mut bytes, &mut found);
        }
        found
    }

    fn in_memory(&self) -> Vec<(&'static str, usize)> {
        let maps = BufReader::new(File::open("/proc/self/maps").expect("a map"));
        let maps: Vec<String> = maps.lines().map(|line| line.expect("text")).collect();
        let mut memory = File::open("/proc/self/mem").expect("a process may read itself");
        let (mut found, mut seen) = (Vec::new(), 0);
        for line in maps {
            let (range, rest) = line.split_once(' ').expect("two fields");
            let (begin, end) = range.split_once('-').expect("two addresses");
            let address = |text| u64::from_str_radix(text, 16).expect("an address");
            let length = (address(end) - address(begin)) as usize;
            if !rest.starts_with("rw") || length > 1 << 30 {
                continue;
            }
            let mut bytes = Zeroizing::new(vec![0; length]);
            let at = memory.seek(SeekFrom::Start(address(begin)));
            if at.and_then(|_| memory.read_exact(&mut bytes)).is_ok() {
                seen += length;
                self.found(&mut bytes, &mut found);
            }
        }
        assert!(seen > 1 << 20, "only {seen} bytes of memory could be read");
        found
    }
}

/// Hands dice on, and notes the bytes of keys: what the provider draws 32 of.
struct WatchedDice(Arc<Dice>, Arc<Needles>);

impl Entropy for WatchedDice {
    fn fill(&self, out: &mut [u8]) {
        self.0.fill(out);
        if out.len() == 32 {
            self.1.add("plain", out);
        }
    }
}

/// Hands on to the provider, and notes what it wraps.
struct Watched(SoftwareProvider, Arc<Needles>);

impl KeyProvider for Watched {
    fn can(&self, spec: KeySpec) -> bool {
        self.0.can(spec)
    }

    fn make(&self, name: &MaterialName) -> Result<Made, ProviderError> {
        self.0.make(name).inspect(|made| self.1.add("wrapped", &made.wrapped))
    }

    fn bring(&self, name: &MaterialName, bytes: &SecretBytes) -> Result<Made, ProviderError> {
        self.0.bring(name, bytes).inspect(|made| self.1.add("wrapped", &made.wrapped))
    }

    fn load(&self, name: &MaterialName, wrapped: &[u8]) -> Result<Arc<dyn Material>, ProviderError> {
        self.0.load(name, wrapped)
    }

    fn pair(&self, spec: KeySpec) -> Result<Pair, ProviderError> {
        self.0.pair(spec)
    }
}

struct Scene {
    house: House,
    needles: Arc<Needles>,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let disk: Arc<dyn Disk> = Arc::new(FileDisk::open(folder.path()).expect("a disk"));
        let store = RedbStore::open(&disk, "store", RedbOptions::default()).expect("a store");
        let needles = Arc::<Needles>::default();
        let noted = Arc::clone(&needles);
        let house = House::with(Arc::new(store), disk, &ROOT, 1, |root, dice| {
            let drawn = Arc::new(WatchedDice(dice, Arc::clone(&noted)));
            Arc::new(Watched(SoftwareProvider::new(root, drawn), noted))
        });
        Self { house: house.expect("a house"), needles, folder }
    }

    /// Notes what the store has sealed of materials up to now.
    fn note_sealed(&self) {
        let bytes = std::fs::read(self.folder.path().join("store.erasable")).expect("read");
        let bytes = Zeroizing::new(bytes);
        for unit in bytes.chunks(UNIT_BYTES).filter(|unit| unit.iter().any(|byte| *byte != 0)) {
            // Past revision, version and salt; inside a ciphertext that no two rows have in common.
            self.needles.add("sealed", &unit[32..96]);
        }
    }

    fn counts(found: &[(&'static str, usize)]) -> [usize; 3] {
        ["plain", "wrapped", "sealed"].map(|kind| found.iter().filter(|(what, _)| *what == kind).count())
    }
}

async fn change<Op: Operation>(house: &House, caller: &Arc<Caller>, op: Op) -> Permit<Op> {
    house.engine.authorise(&house.call(), caller, op).await.expect("allowed")
}

/// A key that is used, rotated, named, tagged and described leaves one sealed copy of each version while it is there,
/// and nothing once it is destroyed.
#[test]
fn nothing_is_left_of_a_destroyed_key() {
    let scene = Scene::new();
    let house = &scene.house;
    run(async {
        let (root, _) = house.account(1).await;
        let arn = house.key(&root).await.expect("a key").arn;
        let other = house.key(&root).await.expect("a key that stays").arn;
        let key = || KeyRef::Arn(arn.clone());
        scene.note_sealed();
        let mut ciphertexts = Vec::new();
        for round in 0..3 {
            let sealed = house.encrypt(&house.call(), &root, key(), b"data").await.expect("sealed");
            ciphertexts.push(sealed.ciphertext);
            let op = TagResource {
                key: key(),
                tags: Tags::new(vec![Tag { key: "round".into(), value: round.to_string().into() }])
                    .expect("tags"),
            };
            house.engine.tag_resource(change(house, &root, op).await).await.expect("tagged");
            let op = UpdateKeyDescription { key: key(), description: format!("round {round}").into() };
            house.engine.update_key_description(change(house, &root, op).await).await.expect("described");
            let op = CreateAlias { name: format!("alias/{round}").into(), target: key() };
            house.engine.create_alias(change(house, &root, op).await).await.expect("named");
            let op = RotateKeyOnDemand { key: key() };
            house.engine.rotate_key_on_demand(change(house, &root, op).await).await.expect("rotated");
            scene.note_sealed();
        }
        house.encrypt(&house.call(), &root, key(), b"data").await.expect("sealed");
        house.encrypt(&house.call(), &root, KeyRef::Arn(other), b"data").await.expect("sealed");

        for ciphertext in ciphertexts {
            house.decrypt(&root, &ciphertext).await.expect("what an old version sealed opens");
        }
        // Four versions, and one of the other key. The search finds them where they may be.
        let files = scene.needles.in_files(scene.folder.path());
        assert_eq!(Scene::counts(&files), [0, 0, 5], "{files:?}");
        let [plain, ..] = Scene::counts(&scene.needles.in_memory());
        assert_eq!(plain, 5, "what is in use is in memory, or the search is blind");

        let op = ScheduleKeyDeletion { key: key(), window_days: Some(7) };
        house.engine.schedule_key_deletion(change(house, &root, op).await).await.expect("scheduled");
        scene.note_sealed();
        house.clock.move_days(8);
        assert_eq!(house.engine.tick().await.expect("a tick").destroyed, 1);
    });
    let files = scene.needles.in_files(scene.folder.path());
    assert_eq!(Scene::counts(&files), [0, 0, 1], "only the other key is left: {files:?}");
    let memory = scene.needles.in_memory();
    let [plain, wrapped, sealed] = Scene::counts(&memory);
    assert_eq!((plain, wrapped), (1, 0), "only the other key is left: {memory:?}");
    assert_eq!(sealed, 0, "{memory:?}");
    let Scene { house, needles, folder } = scene;
    house.close();
    assert_eq!(Scene::counts(&needles.in_files(folder.path())), [0, 0, 1]);
}
