//! Sealed files from the outside: what is sealed opens, and whatever is done to it in between is refused.

use std::cell::RefCell;
use std::fs::File;
use std::io::Write;
use std::num::NonZeroUsize;

use keystead_sdk::kms::{CallError, DataKey, KeyService, ServiceError, WrappedKey};
use keystead_sdk::message::Within;
use keystead_sdk::{
    Context, Error, FormatError, OpenOptions, Opened, SealOptions, Sink, Source, Suite, inspect, open, seal,
};
use proptest::prelude::*;

/// Keeps every data key it has made in a list; the wrapped key is the place in it.
#[derive(Default)]
struct Service {
    keys: RefCell<Vec<([u8; 32], String, Context)>>,
    disabled: RefCell<Vec<String>>,
}

fn arn(key: &str) -> String {
    let id = key.rsplit('/').next().unwrap_or(key);
    format!("arn:aws:kms:eu-central-1:000000000000:key/{id}")
}

fn refuse(code: &str) -> CallError {
    let (operation, message) = ("Decrypt".to_owned(), String::new());
    CallError::Service(ServiceError {
        operation,
        status: 400,
        code: code.to_owned(),
        message,
        request_id: None,
    })
}

impl KeyService for Service {
    fn generate(&self, key: &str, context: &Context) -> Result<(DataKey, WrappedKey), CallError> {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes).expect("dice");
        let data_key = DataKey::new(&bytes);
        let wrapped = self.wrap(key, context, &data_key)?;
        Ok((data_key, wrapped))
    }

    fn wrap(&self, key: &str, context: &Context, data_key: &DataKey) -> Result<WrappedKey, CallError> {
        let mut keys = self.keys.borrow_mut();
        keys.push((data_key.expose().try_into().expect("32 bytes"), arn(key), context.clone()));
        let place = u8::try_from(keys.len() - 1).expect("few");
        // Long enough that flipping any bit of it names no other key.
        Ok(WrappedKey { key_arn: arn(key), ciphertext: vec![place; 8] })
    }

    fn unwrap(
        &self,
        key: &str,
        context: &Context,
        ciphertext: &[u8],
    ) -> Result<(DataKey, String), CallError> {
        let keys = self.keys.borrow();
        let place = ciphertext.first().filter(|first| ciphertext == [**first; 8]);
        let found = place.and_then(|place| keys.get(usize::from(*place)));
        let (bytes, by, of) = found.ok_or_else(|| refuse("InvalidCiphertextException"))?;
        if self.disabled.borrow().contains(by) {
            return Err(refuse("DisabledException"));
        }
        match (by == &arn(key), of == context) {
            (true, true) => Ok((DataKey::new(bytes), by.clone())),
            (false, _) => Err(refuse("IncorrectKeyException")),
            (_, false) => Err(refuse("InvalidCiphertextException")),
        }
    }
}

const SUITES: [Suite; 2] = [Suite::Committing, Suite::CommittingSigned];

fn options(suite: Suite, frame_bytes: u32) -> SealOptions<'static> {
    let mut options = SealOptions::new(["alias/customer"]);
    options.context.insert("tenant", "7");
    (options.suite, options.frame_bytes, options.workers) = (suite, frame_bytes, NonZeroUsize::new(3));
    options
}

fn plaintext(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|i| (i % 251) as u8 ^ (i >> 8) as u8).collect()
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("room");
    file
}

fn content(file: &File) -> Vec<u8> {
    use std::os::unix::fs::FileExt;
    let mut bytes = vec![0; file.metadata().expect("facts").len() as usize];
    file.read_exact_at(&mut bytes, 0).expect("readable");
    bytes
}

fn seal_bytes(service: &Service, plain: &[u8], options: &SealOptions<'_>) -> Vec<u8> {
    let mut sealed = Vec::new();
    let done =
        seal(Source::Stream(&mut &*plain), Sink::Stream(&mut sealed), options, service).expect("sealed");
    assert_eq!((done.plain_bytes, done.sealed_bytes), (plain.len() as u64, sealed.len() as u64));
    sealed
}

fn open_bytes(
    service: &Service,
    sealed: &[u8],
    options: &OpenOptions<'_>,
) -> (Vec<u8>, Result<Opened, Error>) {
    let mut plain = Vec::new();
    let outcome = open(Source::Stream(&mut &*sealed), Sink::Stream(&mut plain), options, service);
    (plain, outcome)
}

/// Opens as a stream and as a file; both must refuse, and say the same.
fn refusal(service: &Service, sealed: &[u8]) -> Error {
    let [as_stream, as_file] = refusals(service, sealed);
    assert_eq!(as_stream.to_string(), as_file.to_string());
    as_stream
}

/// The same where more than one thing is wrong, so that either may be said.
fn refusals(service: &Service, sealed: &[u8]) -> [Error; 2] {
    let (plain, outcome) = open_bytes(service, sealed, &OpenOptions::new());
    let as_stream = outcome.expect_err("refused");
    let (source, sink) = (file(sealed), tempfile::tempfile().expect("a file"));
    let as_file =
        open(Source::File(&source), Sink::File(&sink), &OpenOptions::new(), service).expect_err("refused");
    let header = inspect(Source::Stream(&mut &*sealed)).ok();
    if header.is_some_and(|facts| facts.header.suite().is_signed()) {
        assert!(plain.is_empty(), "plaintext was released before the signature was verified");
    }
    [as_stream, as_file]
}

fn format_refusal(service: &Service, sealed: &[u8]) -> FormatError {
    match refusal(service, sealed) {
        Error::Format(error) => error,
        other => panic!("{other}"),
    }
}

/// Bytes before the first frame.
fn header_bytes(sealed: &[u8]) -> usize {
    inspect(Source::Stream(&mut &*sealed)).expect("a header").header.byte_len() as usize
}

#[test]
fn every_odd_size_comes_back_by_every_way() {
    let service = Service::default();
    let megabytes = 3 * 1024 * 1024 + 17;
    let sizes = [(16, 0), (16, 1), (16, 15), (16, 16), (16, 17), (16, 32), (16, 33), (1, 5), (4096, 100_000)];
    let larger = [
        (4096, megabytes),
        (1 << 20, megabytes),
        (1 << 20, 1 << 20),
        (4 << 20, megabytes),
        (700_000, 1 << 21),
    ];
    for suite in SUITES {
        for (frame, bytes) in sizes.into_iter().chain(larger) {
            let plain = plaintext(bytes);
            let sealed = seal_bytes(&service, &plain, &options(suite, frame));
            let (from, to) = (file(&plain), tempfile::tempfile().expect("a file"));
            let done =
                seal(Source::File(&from), Sink::File(&to), &options(suite, frame), &service).expect("sealed");
            let by_file = content(&to);
            assert_eq!((by_file.len(), by_file.len() as u64), (sealed.len(), done.sealed_bytes));
            for sealed in [sealed, by_file] {
                let (opened, outcome) = open_bytes(&service, &sealed, &OpenOptions::new());
                assert_eq!(outcome.expect("opened").plain_bytes, bytes as u64);
                assert!(opened == plain, "{suite:?} {frame} {bytes}");
                let (from, to) = (file(&sealed), tempfile::tempfile().expect("a file"));
                open(Source::File(&from), Sink::File(&to), &OpenOptions::new(), &service).expect("opened");
                assert!(content(&to) == plain, "{suite:?} {frame} {bytes}");
                let facts = inspect(Source::File(&from)).expect("a header");
                assert_eq!(facts.content.map(|(plain, _)| plain), Some(bytes as u64));
            }
        }
    }
    if service.keys.borrow().len() > 255 {
        panic!("the double's wrapped keys are one byte");
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let service = Service::default();
    for suite in SUITES {
        let sealed = seal_bytes(&service, &plaintext(40), &options(suite, 16));
        for bit in 0..sealed.len() * 8 {
            let mut altered = sealed.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            refusal(&service, &altered);
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_truncated() {
    let service = Service::default();
    for suite in SUITES {
        let sealed = seal_bytes(&service, &plaintext(40), &options(suite, 16));
        for len in 1..sealed.len() {
            let error = format_refusal(&service, &sealed[..len]);
            assert!(matches!(error, FormatError::Truncated { .. }), "{len} of {}: {error}", sealed.len());
        }
    }
}

#[test]
fn frames_that_are_moved_doubled_or_left_out_are_out_of_order() {
    let service = Service::default();
    let sealed = seal_bytes(&service, &plaintext(70), &options(Suite::Committing, 16));
    let (head, frames) = sealed.split_at(header_bytes(&sealed));
    let frame = |number: usize| frames[(number - 1) * 48..(number * 48).min(frames.len())].to_vec();
    let message = |numbers: &[usize]| {
        let body: Vec<u8> = numbers.iter().flat_map(|number| frame(*number)).collect();
        [head, &body].concat()
    };
    assert_eq!(message(&[1, 2, 3, 4, 5]), sealed);
    let order = |numbers: &[usize]| match format_refusal(&service, &message(numbers)) {
        FormatError::FrameOrder { expected, found } => (expected, found),
        other => panic!("{numbers:?}: {other}"),
    };
    assert_eq!(order(&[2, 1, 3, 4, 5]), (1, 2));
    assert_eq!(order(&[1, 2, 2, 3, 4, 5]), (3, 2));
    assert_eq!(order(&[1, 2, 4, 5]), (3, 4));
    assert_eq!(order(&[1, 5]), (2, 5));
    assert_eq!(format_refusal(&service, &message(&[1, 2, 3, 4, 5, 5])), FormatError::TrailingBytes);
    assert_eq!(
        format_refusal(&service, &message(&[1, 2, 3, 4])),
        FormatError::Truncated { within: Within::Frame(5) }
    );
}

#[test]
fn a_frame_of_another_file_under_the_same_number_is_refused() {
    let service = Service::default();
    let one = seal_bytes(&service, &plaintext(40), &options(Suite::Committing, 16));
    let two = seal_bytes(&service, &plaintext(40), &options(Suite::Committing, 16));
    let at = header_bytes(&one);
    let mixed = [&one[..at], &two[at..at + 48], &one[at + 48..]].concat();
    assert_eq!(format_refusal(&service, &mixed), FormatError::FrameTag { number: 1 });
    let swapped = [&one[..at], &two[at..]].concat();
    assert_eq!(format_refusal(&service, &swapped), FormatError::FrameTag { number: 1 });
}

#[test]
fn bytes_after_the_end_are_refused() {
    let service = Service::default();
    for suite in SUITES {
        for bytes in [0, 40, 48] {
            let sealed = seal_bytes(&service, &plaintext(bytes), &options(suite, 16));
            for extra in [1, 8, 31, 32, 40, 48, 100] {
                let longer = [sealed.as_slice(), &vec![0; extra]].concat();
                assert_eq!(
                    format_refusal(&service, &longer),
                    FormatError::TrailingBytes,
                    "{suite:?} {extra}"
                );
            }
            let twice = [sealed.as_slice(), &sealed].concat();
            assert_eq!(format_refusal(&service, &twice), FormatError::TrailingBytes);
        }
    }
}

#[test]
fn a_truncated_stream_gives_the_frames_before_the_cut_and_then_the_error() {
    let service = Service::default();
    let plain = plaintext(5 << 20);
    let sealed = seal_bytes(&service, &plain, &options(Suite::Committing, 1 << 20));
    let cut = &sealed[..sealed.len() - 10];
    let (opened, outcome) = open_bytes(&service, cut, &OpenOptions::new());
    assert!(outcome.is_err());
    assert!(opened == plain[..4 << 20]);
}

#[test]
fn an_altered_commitment_is_told_from_an_altered_header() {
    let service = Service::default();
    let sealed = seal_bytes(&service, &plaintext(40), &options(Suite::Committing, 16));
    let at = header_bytes(&sealed);
    let flipped = |back: usize| {
        let mut altered = sealed.clone();
        altered[at - back] ^= 1;
        format_refusal(&service, &altered)
    };
    assert_eq!(flipped(16), FormatError::HeaderTag);
    assert_eq!(flipped(17), FormatError::Commitment);
    assert_eq!(flipped(48), FormatError::Commitment);
    // The frame size is authenticated by the tag alone.
    assert_eq!(flipped(49), FormatError::HeaderTag);
}

#[test]
fn a_signed_file_cannot_be_turned_into_an_unsigned_one() {
    let service = Service::default();
    let mut sealed = seal_bytes(&service, &plaintext(40), &options(Suite::CommittingSigned, 16));
    sealed[1] = 4;
    assert!(matches!(format_refusal(&service, &sealed), FormatError::VerificationKey(_)));
}

#[test]
fn the_wrong_context_is_refused_before_any_key_is_used() {
    let service = Service::default();
    let sealed = seal_bytes(&service, b"text", &options(Suite::Committing, 16));
    service.keys.borrow_mut().clear();
    let mut options = OpenOptions::new();
    options.required.insert("tenant", "8");
    match open_bytes(&service, &sealed, &options).1 {
        Err(Error::WrongContext { key, value, found }) => {
            assert_eq!((key.as_str(), value.as_str(), found.as_deref()), ("tenant", "8", Some("7")));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn any_one_of_several_keys_opens_and_only_those_named() {
    let service = Service::default();
    let mut sealing = options(Suite::Committing, 16);
    sealing.keys = vec!["alias/one".into(), "alias/two".into()];
    let sealed = seal_bytes(&service, b"text", &sealing);
    let opened_by = |keys: &[&str]| {
        let options =
            OpenOptions { keys: keys.iter().map(|key| (*key).into()).collect(), ..OpenOptions::new() };
        open_bytes(&service, &sealed, &options).1.map(|opened| opened.key_arn)
    };
    assert_eq!(opened_by(&[]).ok(), Some(arn("one")));
    assert_eq!(opened_by(&["alias/two"]).ok(), Some(arn("two")));
    assert_eq!(opened_by(&[&arn("two")]).ok(), Some(arn("two")));
    assert_eq!(opened_by(&["two"]).ok(), Some(arn("two")));
    assert!(
        matches!(opened_by(&["three"]), Err(Error::NoDataKey { count: 2, tried, .. }) if tried.is_empty())
    );
    service.disabled.borrow_mut().push(arn("one"));
    assert_eq!(opened_by(&[]).ok(), Some(arn("two")));
    service.disabled.borrow_mut().push(arn("two"));
    match opened_by(&[]) {
        Err(Error::NoDataKey { tried, .. }) => assert_eq!(tried.len(), 2),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_frame_that_does_not_fit_into_memory_is_refused_but_a_short_file_of_large_frames_opens() {
    let service = Service::default();
    let options = OpenOptions { memory_bytes: 4 << 20, ..OpenOptions::new() };
    let long = seal_bytes(&service, &plaintext(9 << 20), &self::options(Suite::Committing, 8 << 20));
    let short = seal_bytes(&service, &plaintext(1 << 20), &self::options(Suite::Committing, 8 << 20));
    let sink = tempfile::tempfile().expect("a file");
    let by_file = |bytes: &[u8]| open(Source::File(&file(bytes)), Sink::File(&sink), &options, &service);
    assert!(matches!(open_bytes(&service, &long, &options).1, Err(Error::FrameMemory { .. })));
    assert!(matches!(by_file(&long), Err(Error::FrameMemory { .. })));
    assert!(open_bytes(&service, &short, &options).1.is_ok());
    assert!(by_file(&short).is_ok());
}

#[test]
fn options_outside_their_range_are_refused() {
    let service = Service::default();
    let mut reserved = options(Suite::Committing, 16);
    reserved.context.insert("aws-crypto-public-key", "x");
    let keyless = SealOptions::new(Vec::<String>::new());
    for options in [options(Suite::Committing, 0), options(Suite::Committing, u32::MAX), reserved, keyless] {
        let outcome = seal(Source::Stream(&mut &b""[..]), Sink::Stream(&mut Vec::new()), &options, &service);
        assert!(matches!(outcome, Err(Error::Option(_))));
    }
    assert!(service.keys.borrow().is_empty());
}

#[test]
fn files_of_other_programs_open() {
    for text in [include_str!("../vectors/python-0478.txt"), include_str!("../vectors/python-0578.txt")] {
        for case in text.split("\n\n").filter(|case| case.contains("sealed")) {
            check_vector(case);
        }
    }
}

/// A service that knows one data key.
struct Known([u8; 32]);

impl KeyService for Known {
    fn generate(&self, _: &str, _: &Context) -> Result<(DataKey, WrappedKey), CallError> {
        Err(refuse("AccessDeniedException"))
    }

    fn wrap(&self, _: &str, _: &Context, _: &DataKey) -> Result<WrappedKey, CallError> {
        Err(refuse("AccessDeniedException"))
    }

    fn unwrap(&self, key: &str, _: &Context, _: &[u8]) -> Result<(DataKey, String), CallError> {
        Ok((DataKey::new(&self.0), key.to_owned()))
    }
}

fn check_vector(case: &str) {
    let field = |name: &str| {
        let line = case.lines().find_map(|line| line.split_once('=').filter(|(key, _)| key.trim() == name));
        line.map(|(_, value)| value.trim()).unwrap_or_else(|| panic!("{name} is missing in {case}"))
    };
    let bytes = |name: &str| hex::decode(field(name)).expect("hex");
    let service = Known(bytes("data-key").try_into().expect("32 bytes"));
    let (sealed, plain) = (bytes("sealed"), bytes("plain"));
    let mut opened = Vec::new();
    let outcome =
        open(Source::Stream(&mut &*sealed), Sink::Stream(&mut opened), &OpenOptions::new(), &service);
    match field("expect") {
        "opens" => {
            let header = outcome.expect("opened").header;
            assert_eq!(opened, plain, "{}", field("name"));
            assert_eq!(format!("{:04x}", header.suite().id()), field("suite"));
            assert_eq!(header.frame_bytes().to_string(), field("frame"));
            assert_eq!(header.context().value("tenant"), Some("7"));
        }
        message => assert_eq!(outcome.expect_err("refused").to_string(), message, "{}", field("name")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_in_any_frames_comes_back(
        plain in proptest::collection::vec(any::<u8>(), 0..5000),
        frame in 1_u32..6000,
        signed in any::<bool>(),
        workers in 1_usize..5,
    ) {
        let service = Service::default();
        let mut options = options(SUITES[usize::from(signed)], frame);
        options.workers = NonZeroUsize::new(workers);
        let sealed = seal_bytes(&service, &plain, &options);
        let (opened, outcome) = open_bytes(&service, &sealed, &OpenOptions::new());
        prop_assert!(outcome.is_ok());
        prop_assert_eq!(opened, plain);
    }

    #[test]
    fn no_bytes_make_it_panic(
        at in 0_usize..2000,
        bytes in proptest::collection::vec(any::<u8>(), 1..64),
        signed in any::<bool>(),
    ) {
        let service = Service::default();
        let mut sealed = seal_bytes(&service, &plaintext(300), &options(SUITES[usize::from(signed)], 64));
        let at = at % sealed.len();
        let end = (at + bytes.len()).min(sealed.len());
        let before = sealed.clone();
        sealed.splice(at..end, bytes);
        if sealed != before {
            refusals(&service, &sealed);
        }
    }
}
