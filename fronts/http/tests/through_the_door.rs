//! The front before a real engine, over a real socket: every request has its answer and its record, once.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use keystead_attestation::Verifier;
use keystead_audit::{Entry, Log, Options, Outcome};
use keystead_crypto::{Arena, RootKey, SoftwareProvider};
use keystead_engine::ops::{ReadAudit, ReadStatus};
use keystead_engine::{Engine, Parts, Rates, internal_call};
use keystead_http::{
    ClockMove, Config, Front, FrontParts, Limits, Locations, Metrics, NativeBackend, RecordsQuery, Server,
    Stop,
};
use keystead_model::world::{Clock, Disk, Entropy, World};
use keystead_model::{AccountId, Call, Caller, Error, Location, Timestamp};
use keystead_store::MemoryStore;
use keystead_store::disk::MemoryDisk;
use serde_json::{Value, json};

const NOW_S: u64 = 1_800_000_000;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(NOW_S)
    }
}

struct Dice;

impl Entropy for Dice {
    fn fill(&self, out: &mut [u8]) {
        aws_lc_rs::rand::fill(out).expect("the system has randomness");
    }
}

/// Answers whoever may ask, with next to nothing.
struct Little(Arc<Engine>);

impl NativeBackend for Little {
    async fn records(
        &self,
        call: &Call,
        caller: &Arc<Caller>,
        query: &RecordsQuery,
        _: &Stop,
    ) -> Result<bytes::Bytes, Error> {
        let permit = self.0.authorise(call, caller, ReadAudit).await?;
        self.0.read_audit(permit).await?;
        Ok(format!("{}\n", json!({ "last": query.last })).into())
    }

    async fn status(&self, call: &Call, caller: &Arc<Caller>) -> Result<bytes::Bytes, Error> {
        let permit = self.0.authorise(call, caller, ReadStatus).await?;
        self.0.read_status(permit).await?;
        Ok("{}".into())
    }

    fn has_clock(&self) -> bool {
        false
    }

    async fn clock(&self, _: &Call, _: &Arc<Caller>, _: Option<ClockMove>) -> Result<bytes::Bytes, Error> {
        Err(Error::Internal)
    }
}

struct House {
    server: Option<Server>,
    log: Arc<Log>,
    key_id: String,
    secret: String,
}

/// What came back.
struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }

    fn error(&self) -> String {
        self.json()["__type"].as_str().unwrap_or_default().to_owned()
    }
}

impl House {
    fn build() -> Self {
        let world = World { clock: Arc::new(Noon), entropy: Arc::new(Dice) };
        let disk: Arc<dyn Disk> = Arc::new(MemoryDisk::new());
        let (log, _) = Log::open(disk, &Dice, Options::default()).expect("a new log");
        let root = Arc::new(RootKey::generate(&Arena::new(1024), &Dice).expect("there is room"));
        let provider = Arc::new(SoftwareProvider::new(root.clone(), Arc::new(Dice)));
        let store = Arc::new(MemoryStore::new());
        let location: Location = "eu-central-1".parse().expect("a name");
        let locations = Locations::listed(location.clone(), []);
        let parts = Parts {
            external: Arc::new(keystead_crypto::NoExternalKeys),
            identity_providers: Arc::new(keystead_federation::NoIdentityProviders),
            store,
            log: log.clone(),
            root,
            provider,
            world: world.clone(),
            locations,
            development: None,
            rates: Rates::unlimited(),
            services: keystead_engine::Services::default(),
            attestation: Verifier::without_roots(),
        };
        let engine = Engine::open(parts).expect("open");
        let call = internal_call(&world, location.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let made = runtime.block_on(engine.create_account(&call, AccountId::DEVELOPMENT)).expect("made");
        let secret = String::from_utf8(made.secret.expose().to_vec()).expect("letters and digits");
        let (metrics, stop) = (Arc::new(Metrics::new()), Stop::new());
        let front = Front::new(FrontParts {
            engine: engine.clone(),
            signing_clock: world.clock.clone(),
            world,
            native: Little(engine),
            metrics: metrics.clone(),
            stop: stop.clone(),
            ready: Box::new(|| true),
        });
        let config = Config {
            listen: "127.0.0.1:0".parse().expect("an address"),
            tls: None,
            threads: 2,
            name: "test",
            limits: Limits { body_bytes_max: 200_000, ..Limits::default() },
            stop,
            metrics,
        };
        let server = Server::start(config, Arc::new(front)).expect("a free port");
        Self { server: Some(server), log, key_id: made.id.to_string(), secret }
    }

    fn address(&self) -> std::net::SocketAddr {
        self.server.as_ref().expect("runs").address()
    }

    fn send(&self, method: &str, target: &str, headers: &[(String, String)], body: &str) -> Reply {
        let mut text = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n");
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        text += &format!("content-length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(self.address()).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(text.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Reply { status, head: head.to_lowercase(), body: body.into() }
    }

    /// Signs as the official signer does, and sends.
    fn signed(
        &self,
        service: &str,
        region: &str,
        method: &str,
        target: &str,
        extra: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let identity = Credentials::new(&self.key_id, &self.secret, None, None, "test").into();
        let params = aws_sigv4::sign::v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service)
            .time(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW_S))
            .settings(SigningSettings::default())
            .build()
            .expect("all parts given")
            .into();
        let host = self.address().to_string();
        let mut headers = vec![("host", host.as_str()), ("user-agent", "a test")];
        headers.extend_from_slice(extra);
        let url = format!("http://{host}{target}");
        let body_bytes = SignableBody::Bytes(body.as_bytes());
        let request =
            SignableRequest::new(method, &url, headers.iter().copied(), body_bytes).expect("signable");
        let (instructions, _) = sign(request, &params).expect("signed").into_parts();
        let mut all: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        all.extend(instructions.into_parts().0.iter().map(|h| (h.name().into(), h.value().into())));
        self.send(method, target, &all, body)
    }

    fn kms(&self, operation: &str, body: &Value) -> Reply {
        let target = format!("TrentService.{operation}");
        let extra = [("x-amz-target", target.as_str()), ("content-type", "application/x-amz-json-1.1")];
        self.signed("kms", "eu-central-1", "POST", "/", &extra, &body.to_string())
    }

    /// The records since the account was made, as action and outcome.
    fn records(&self) -> Vec<(String, String)> {
        let mut records = Vec::new();
        let mut visit = |_, entry: &Entry| {
            let outcome = match &entry.outcome {
                Outcome::Success => "ok".to_owned(),
                Outcome::Refused { code, .. } => code.to_string(),
            };
            records.push((entry.action.to_string(), outcome));
            std::ops::ControlFlow::Continue(())
        };
        self.log.read(0, &mut visit).expect("the log reads");
        records.retain(|(action, _)| action != "keystead:CreateAccount");
        records
    }
}

#[test]
fn a_secret_goes_in_and_comes_out_again() {
    let house = House::build();
    let made = house.kms("CreateKey", &json!({ "Description": "customer data", "Extra": [1] }));
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(made.head.contains("x-amzn-requestid: ") && made.head.contains("application/x-amz-json-1.1"));
    let arn = made.json()["KeyMetadata"]["Arn"].as_str().expect("an ARN").to_owned();
    let alias = house.kms("CreateAlias", &json!({ "AliasName": "alias/customer", "TargetKeyId": arn }));
    assert_eq!((alias.status, alias.body.as_str()), (200, ""));
    let context = json!({ "tenant": "7" });
    let sealed = house.kms(
        "Encrypt",
        &json!({ "KeyId": "alias/customer", "Plaintext": "aGVsbG8=", "EncryptionContext": context }),
    );
    assert_eq!(sealed.json()["KeyId"], arn.as_str());
    let blob = sealed.json()["CiphertextBlob"].clone();
    let opened = house.kms("Decrypt", &json!({ "CiphertextBlob": blob, "EncryptionContext": context }));
    assert_eq!(opened.json()["Plaintext"], "aGVsbG8=", "{}", opened.body);
    let wrong = house.kms("Decrypt", &json!({ "CiphertextBlob": blob }));
    assert_eq!((wrong.status, wrong.body.as_str()), (400, r#"{"__type":"InvalidCiphertextException"}"#));
    let dry = house.kms("Encrypt", &json!({ "KeyId": arn, "Plaintext": "AA==", "DryRun": true }));
    assert_eq!((dry.status, dry.error().as_str()), (412, "DryRunOperationException"));
    let said: Vec<(String, String)> = house.records();
    let expected = [
        ("kms:CreateKey", "ok"),
        ("kms:CreateAlias", "ok"),
        ("kms:Encrypt", "ok"),
        ("kms:Decrypt", "ok"),
        ("kms:Decrypt", "BadCiphertext"),
        ("kms:Encrypt", "DryRun"),
    ];
    assert_eq!(said, expected.map(|(action, outcome)| (action.to_owned(), outcome.to_owned())));
}

#[test]
fn whatever_is_refused_is_recorded_once() {
    let house = House::build();
    let extra = [("x-amz-target", "TrentService.Encrypt")];
    let kms = |body: Value| house.kms("Encrypt", &body);
    let steps: Vec<(Reply, u16, &str, &str, &str)> = vec![
        (kms(json!({ "KeyId": 7 })), 400, "SerializationException", "kms:Encrypt", "Serialization"),
        (kms(json!({})), 400, "ValidationException", "kms:Encrypt", "Validation"),
        (
            kms(json!({ "KeyId": "nobody", "Plaintext": "AA==" })),
            400,
            "NotFoundException",
            "kms:Encrypt",
            "KeyNotFound",
        ),
        (
            house.kms("Nonsense", &json!({})),
            400,
            "UnknownOperationException",
            "kms:Unknown",
            "UnknownOperation",
        ),
        (
            house.signed("kms", "mars-1", "POST", "/", &extra, "{}"),
            400,
            "InvalidSignatureException",
            "kms:Encrypt",
            "InvalidSignature",
        ),
        (
            house.send("POST", "/", &[("x-amz-target".into(), "TrentService.Decrypt".into())], "{}"),
            400,
            "MissingAuthenticationTokenException",
            "kms:Decrypt",
            "MissingSignature",
        ),
        (
            house.kms("PutKeyPolicy", &json!({ "Policy": "x".repeat(250_000) })),
            413,
            "RequestEntityTooLargeException",
            "kms:PutKeyPolicy",
            "BodyTooLong",
        ),
        (
            house.send("GET", "/robots.txt", &[], ""),
            404,
            "UnknownOperationException",
            "kms:Unknown",
            "NoSuchPath",
        ),
    ];
    for (reply, status, error, _, _) in &steps {
        assert_eq!((reply.status, reply.error().as_str()), (*status, *error), "{}", reply.body);
    }
    let expected: Vec<(String, String)> =
        steps.iter().map(|(_, _, _, action, outcome)| ((*action).into(), (*outcome).into())).collect();
    assert_eq!(house.records(), expected);
}

#[test]
fn a_stranger_and_a_wrong_secret_are_refused_and_recorded() {
    let mut house = House::build();
    let secret = std::mem::replace(&mut house.secret, "wrong".into());
    let wrong = house.kms("ListKeys", &json!({}));
    assert_eq!(wrong.error(), "InvalidSignatureException");
    house.secret = secret;
    house.key_id = "AKIAAAAAAAAAAAAAAAAA".into();
    let stranger = house.kms("ListKeys", &json!({}));
    assert_eq!(stranger.error(), "UnrecognizedClientException");
    assert_eq!(
        house.records(),
        [
            ("kms:ListKeys".to_owned(), "BadSignature".to_owned()),
            ("kms:ListKeys".to_owned(), "UnknownAccessKey".to_owned())
        ]
    );
}

#[test]
fn callers_learn_who_they_are() {
    let house = House::build();
    let form = "Action=GetCallerIdentity&Version=2011-06-15";
    let kind = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
    let reply = house.signed("sts", "eu-central-1", "POST", "/", &kind, form);
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(reply.body.contains("<Arn>arn:aws:iam::000000000000:root</Arn>"), "{}", reply.body);
    let get = house.signed("sts", "eu-central-1", "GET", &format!("/?{form}"), &[], "");
    assert_eq!(get.status, 200, "{}", get.body);
    let other =
        house.signed("sts", "eu-central-1", "POST", "/", &kind, "Action=AssumeRoot&Version=2011-06-15");
    assert!(other.status == 400 && other.body.contains("<Code>InvalidAction</Code>"), "{}", other.body);
    let unsigned = house.send("POST", "/", &[(kind[0].0.into(), kind[0].1.into())], form);
    assert!(unsigned.status == 403 && unsigned.body.contains("<Code>MissingAuthenticationToken</Code>"));
    assert_eq!(house.records().len(), 4);
}

#[test]
fn the_native_api_answers_whoever_may_ask() {
    let house = House::build();
    let get = |target: &str| house.signed("keystead", "eu-central-1", "GET", target, &[], "");
    let records = get("/keystead/v1/audit/records?last=5&action=kms%3ADecrypt");
    assert_eq!((records.status, records.body.as_str()), (200, "{\"last\":5}\n"));
    assert_eq!(get("/keystead/v1/status").body, "{}");
    assert_eq!(get("/keystead/v1/audit/records?lsat=5").error(), "ValidationException");
    assert_eq!(get("/keystead/v1/nothing").status, 404);
    assert_eq!(house.signed("keystead", "eu-central-1", "POST", "/keystead/v1/status", &[], "").status, 405);
    assert_eq!(house.records().len(), 5);
}

#[test]
fn health_is_asked_without_a_signature_and_without_a_record() {
    let house = House::build();
    assert_eq!(house.send("GET", "/healthz", &[], "").body, "ok\n");
    assert_eq!(house.send("GET", "/readyz", &[], "").body, "ready\n");
    assert_eq!(house.records(), []);
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }
}
