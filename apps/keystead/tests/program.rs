//! The program as its users meet it: started, asked, stopped, started again, and told nonsense.

mod running;

use std::fs;
use std::path::Path;
use std::process::Output;

use running::{Running, keystead, stderr, stdout};
use rustix::process::Signal;
use serde_json::json;

#[test]
fn an_ephemeral_server_answers_over_tls_and_leaves_nothing() {
    let server = Running::dev(&["--ephemeral"]);
    assert_eq!(server.get("/readyz").0, 200);
    let created = server.call("TrentService.CreateKey", &json!({"Description": "one"}));
    let arn = created["KeyMetadata"]["Arn"].as_str().expect("an ARN");
    assert!(arn.starts_with("arn:aws:kms:us-east-1:000000000000:key/"), "{arn}");
    let bundle = server.env("AWS_CA_BUNDLE");
    assert!(Path::new(&bundle).exists());
    let (code, _) = server.stop();
    assert_eq!(code, Some(0));
    assert!(!Path::new(&bundle).exists(), "{bundle} is still there");
}

#[test]
fn state_survives_a_restart_and_clients_stay_configured() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("dev");
    let args = ["--data", data.to_str().expect("UTF-8")];
    let first = Running::dev(&args);
    let key = first.create_key();
    let (id, secret) = (first.env("AWS_ACCESS_KEY_ID"), first.env("AWS_SECRET_ACCESS_KEY"));
    let sealed = first.call("TrentService.Encrypt", &json!({"KeyId": key, "Plaintext": "aGVsbG8="}));
    assert_eq!(first.stop().0, Some(0));

    let second = Running::dev(&args);
    assert_eq!((second.env("AWS_ACCESS_KEY_ID"), second.env("AWS_SECRET_ACCESS_KEY")), (id, secret));
    let opened = second.call("TrentService.Decrypt", &json!({"CiphertextBlob": sealed["CiphertextBlob"]}));
    assert_eq!(opened["Plaintext"], "aGVsbG8=");
    assert_eq!(second.stop().0, Some(0));
}

#[test]
fn a_killed_server_has_lost_nothing_that_it_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("dev");
    let args = ["--data", data.to_str().expect("UTF-8")];
    let first = Running::dev(&args);
    let keys: Vec<String> = (0..5).map(|_| first.create_key()).collect();
    first.kill();
    let second = Running::dev(&args);
    for key in keys {
        let found = second.call("TrentService.DescribeKey", &json!({"KeyId": key}));
        assert_eq!(found["KeyMetadata"]["KeyId"], key);
    }
    let tail = second.keystead(&["audit", "tail", "-n", "50"]);
    let created = stdout(&tail).lines().filter(|line| line.contains(" CreateKey ok ")).count();
    assert_eq!(created, 5, "{}", stdout(&tail));
}

#[test]
fn a_second_server_on_the_same_data_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("dev");
    let args = ["--data", data.to_str().expect("UTF-8")];
    let first = Running::dev(&args);
    let second = keystead(&["dev", "--listen", "127.0.0.1:0", args[0], args[1]]);
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("in use by another Keystead"), "{}", stderr(&second));
    assert_eq!(first.get("/readyz").0, 200);
}

#[test]
fn a_port_in_use_says_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("bound").to_string();
    let refused = keystead(&["dev", "--ephemeral", "--listen", &address]);
    assert_eq!(refused.status.code(), Some(1));
    let why = stderr(&refused);
    assert!(why.contains(&address) && why.contains("in use") && why.contains("--listen"), "{why}");
}

#[test]
fn a_folder_that_cannot_be_made_says_so() {
    let refused = keystead(&["dev", "--listen", "127.0.0.1:0", "--data", "/proc/keystead/dev"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("/proc/keystead/dev"), "{}", stderr(&refused));
}

#[test]
fn development_never_leaves_the_machine() {
    for option in ["--listen", "--metrics"] {
        let refused = keystead(&["dev", "--ephemeral", option, "0.0.0.0:0"]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains("loopback"), "{}", stderr(&refused));
    }
}

#[test]
fn damaged_files_are_told_apart_and_say_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("dev");
    let args = ["--data", data.to_str().expect("UTF-8")];
    Running::dev(&args).stop();
    let start = || keystead(&["dev", "--listen", "127.0.0.1:0", args[0], args[1]]);
    for name in ["root.key", "access-key", "ca.key"] {
        let path = data.join(name);
        let whole = fs::read(&path).expect("read");
        fs::write(&path, &whole[..whole.len() / 2]).expect("write");
        let refused = start();
        assert_eq!(refused.status.code(), Some(1));
        let why = stderr(&refused);
        assert!(why.contains(path.to_str().expect("UTF-8")) && why.contains("remove"), "{name}: {why}");
        fs::write(&path, whole).expect("write");
    }
    let root_key = data.join("root.key");
    let aside = data.join("aside");
    fs::rename(&root_key, &aside).expect("move away");
    assert!(stderr(&start()).contains("is missing"));
    assert!(!root_key.exists(), "a lost root key is never made anew over data");
    fs::rename(&aside, &root_key).expect("move back");

    let store = data.join("store/keystead.redb");
    let mut bytes = fs::read(&store).expect("read");
    bytes[..4096].fill(0xa5);
    fs::write(&store, bytes).expect("write");
    let refused = start();
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("keystead.redb"), "{}", stderr(&refused));
}

#[test]
fn plain_http_is_there_for_those_who_need_it() {
    let server = Running::dev(&["--ephemeral", "--plain"]);
    assert!(server.env("AWS_ENDPOINT_URL").starts_with("http://127.0.0.1:"));
    assert_eq!(server.get("/healthz").0, 200);
    server.create_key();
}

#[test]
fn what_dev_prints_is_what_it_writes_to_the_file() {
    let server = Running::dev(&["--ephemeral"]);
    let written = server.env_text();
    let (_, printed) = server.stop();
    assert!(printed.contains(&written), "{printed}");
    assert!(printed.contains("Keep no real secrets here"));
}

#[test]
fn the_log_tells_who_did_what_to_a_person_and_to_a_program() {
    let server = Running::dev(&["--ephemeral"]);
    let key = server.create_key();
    server.call(
        "TrentService.Encrypt",
        &json!({"KeyId": key, "Plaintext": "aGVsbG8=", "EncryptionContext": {"tenant": "7\u{1b}[2J"}}),
    );
    let text =
        server.keystead(&["audit", "search", "--key", &key, "--action", "Encrypt", "--outcome", "success"]);
    let lines = stdout(&text);
    assert_eq!(lines.lines().count(), 1, "{lines}{}", stderr(&text));
    assert!(lines.contains(" Encrypt ok arn:aws:iam::000000000000:root "), "{lines}");
    assert!(lines.contains(&key) && lines.contains("tenant") && !lines.contains('\u{1b}'), "{lines}");

    let json =
        server.keystead(&["audit", "search", "--key", &key, "--action", "Encrypt", "--json", "--from", "1h"]);
    let record: serde_json::Value = serde_json::from_str(stdout(&json).trim()).expect("one JSON object");
    assert_eq!(record["context"]["tenant"], "7\u{1b}[2J");

    let newest = stdout(&server.keystead(&["audit", "tail", "-n", "1"]));
    assert!(newest.contains(" ReadAudit "), "reading is recorded: {newest}");
    assert_eq!(server.keystead(&["audit", "search", "--action", "Destroy"]).status.code(), Some(2));
    let nothing = server.keystead(&["audit", "search", "--outcome", "denied"]);
    assert_eq!((nothing.status.code(), stdout(&nothing).as_str()), (Some(0), ""));
}

#[test]
fn a_follower_sees_what_comes_and_not_itself() {
    let server = Running::dev(&["--ephemeral"]);
    server.create_key();
    let mut follower = server.follow();
    assert!(follower.line().contains(" CreateKey ok "));
    for _ in 0..2 {
        let key = server.create_key();
        let line = follower.line();
        assert!(line.contains(" CreateKey ok ") && line.contains(&key), "{line}");
    }
}

#[test]
fn a_renewed_certificate_is_shown_after_a_hangup() {
    let place = Served::init();
    let path = |name: &str| place.folder.path().join(name);
    let (chain, key) = (path("tls.crt"), path("tls.key"));
    let first = running::certificate(&chain, &key);
    let config = fs::read_to_string(&place.config).expect("read");
    let tls = format!("tls_certificate = {chain:?}\ntls_key = {key:?}");
    fs::write(&place.config, config.replace("plain = true", &tls)).expect("write");
    let server = Running::serve(&place.config, &place.address, &place.credentials);
    assert_eq!(running::shown(&place.address), first);
    let second = running::certificate(&chain, &key);
    server.signal(Signal::HUP);
    server.until(|| running::shown(&place.address) == second);
    fs::write(&chain, "no certificate").expect("write");
    server.signal(Signal::HUP);
    assert_eq!(running::shown(&place.address), second);
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn a_second_signal_does_not_wait() {
    use std::io::Write;
    let server = Running::dev(&["--ephemeral", "--plain"]);
    let address = server.env("AWS_ENDPOINT_URL").replace("http://", "");
    let mut slow = std::net::TcpStream::connect(&address).expect("it listens");
    write!(slow, "POST / HTTP/1.1\r\nhost: {address}\r\ncontent-length: 9\r\n\r\n1").expect("written");
    assert_eq!(server.get("/readyz").0, 200);
    server.signal(Signal::TERM);
    server.until(|| std::net::TcpStream::connect(&address).is_err());
    assert_eq!(server.stop().0, Some(3));
}

#[test]
fn figures_are_told_on_a_listener_of_their_own() {
    let address = running::free_address();
    let server = Running::dev(&["--ephemeral", "--metrics", &address]);
    server.create_key();
    let (status, page) = running::plain_get(&address, "/metrics");
    assert_eq!(status, 200);
    for line in [
        "keystead_audit_takes_records 1",
        "keystead_requests_total{operation=\"CreateKey\",outcome=\"ok\"} 1",
    ] {
        assert!(page.contains(line), "{page}");
    }
    assert_ne!(server.get("/metrics").0, 200);
}

#[test]
fn the_log_of_a_stopped_server_is_read_from_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("dev");
    let data = data.to_str().expect("UTF-8");
    let server = Running::dev(&["--data", data]);
    server.create_key();
    let refused = keystead(&["audit", "tail", "--data", data]);
    assert!(stderr(&refused).contains("stopped server"), "{}", stderr(&refused));
    server.stop();
    let tail = keystead(&["audit", "tail", "--data", data]);
    assert!(stdout(&tail).contains(" CreateKey ok "), "{}{}", stdout(&tail), stderr(&tail));
    let search = keystead(&["audit", "search", "--data", data, "--action", "kms:CreateKey", "--json"]);
    assert_eq!(stdout(&search).lines().count(), 1);
}

#[test]
fn status_says_how_the_server_is() {
    let server = Running::dev(&["--ephemeral"]);
    let text = server.keystead(&["status"]);
    assert_eq!(text.status.code(), Some(0), "{}", stderr(&text));
    assert!(stdout(&text).contains("000000000000"), "{}", stdout(&text));
    let json = server.keystead(&["status", "--json"]);
    serde_json::from_str::<serde_json::Value>(&stdout(&json)).expect("JSON");
}

#[test]
fn a_server_is_made_checked_run_and_stopped() {
    let place = Served::init();
    let again = place.init_again();
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("not empty"), "{}", stderr(&again));

    let check = keystead(&["serve", "--check", "--config", &place.config]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
    let server = Running::serve(&place.config, &place.address, &place.credentials);
    assert_eq!(server.get("/readyz").0, 200);
    let key = server.create_key();
    let arn = server.call("TrentService.DescribeKey", &json!({"KeyId": key}))["KeyMetadata"]["Arn"].clone();
    assert!(arn.as_str().expect("an ARN").contains(":123456789012:"), "{arn}");
    let (code, _) = server.stop();
    assert_eq!(code, Some(0));
}

#[test]
fn another_root_key_does_not_open_the_data() {
    let (one, other) = (Served::init(), Served::init());
    fs::copy(&other.root_key, &one.root_key).expect("copy");
    let refused = keystead(&["serve", "--config", &one.config]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("root key"), "{}", stderr(&refused));
}

#[test]
fn a_configuration_with_an_unknown_word_is_refused_with_its_line() {
    let place = Served::init();
    let text = fs::read_to_string(&place.config).expect("read");
    fs::write(&place.config, format!("{text}\n[limits]\nconections_max = 5\n")).expect("write");
    let refused = keystead(&["serve", "--config", &place.config]);
    assert_eq!(refused.status.code(), Some(2));
    let line = text.lines().count() + 3;
    let why = stderr(&refused);
    assert!(why.contains(&format!("line {line}")) && why.contains("conections_max"), "{why}");
}

#[test]
fn the_sample_and_the_version_are_printed() {
    let sample = keystead(&["sample-config"]);
    assert!(stdout(&sample).contains("[root_key]"));
    assert_eq!(stdout(&keystead(&["version"])), concat!("keystead ", env!("CARGO_PKG_VERSION"), "\n"));
    assert_eq!(keystead(&["no-such-command"]).status.code(), Some(2));
}

/// A key policy with one warning: it gives `ada` both duties.
const BOTH_DUTIES: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "kms:*", "Resource": "*"},
    {"Sid": "Ada", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:user/ada"},
     "Action": ["kms:Decrypt", "kms:PutKeyPolicy"], "Resource": "*"}
  ]
}
"#;

#[test]
fn policies_are_checked_without_a_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name).to_str().expect("UTF-8").to_owned();
        fs::write(&path, text).expect("write");
        path
    };
    let (warned, broken) = (file("key.json", BOTH_DUTIES), file("broken.json", "{\n  \"Statement\": 1}"));

    let found = keystead(&["policy", "check", &warned]);
    let told = stdout(&found);
    assert_eq!(found.status.code(), Some(0), "{}", stderr(&found));
    assert!(
        told.contains("read as a key policy, by its looks") && told.contains("(admin-is-user)"),
        "{told}"
    );
    assert!(told.contains(&format!("{warned}:5:5: warning: ")), "{told}");
    assert!(told.contains("        {\"Sid\": \"Ada\"") && told.contains("\n        ^\n"), "{told}");
    assert_eq!(keystead(&["policy", "check", "--strict", &warned]).status.code(), Some(1));

    let found = keystead(&["policy", "check", &warned, &broken, "--format", "json"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(stderr(&found).contains("1 error and 1 warning"), "{}", stderr(&found));
    let told: serde_json::Value = serde_json::from_str(&stdout(&found)).expect("JSON");
    let duties = &told["documents"][0]["joint_duties"][0];
    assert_eq!(duties["principal"], "arn:aws:iam::000000000000:user/ada");
    assert_eq!(duties["administration"][0]["actions"], json!(["kms:PutKeyPolicy"]));
    let finding = &told["documents"][1]["findings"][0];
    assert_eq!((&finding["code"], &finding["line"]), (&json!("not-understood"), &json!(2)));

    let as_trust = keystead(&["policy", "check", "--kind", "trust", &warned]);
    assert_eq!(as_trust.status.code(), Some(1));
    assert!(stdout(&as_trust).contains("read as a trust policy\n"), "{}", stdout(&as_trust));
    let missing = keystead(&["policy", "check", "/proc/keystead/none.json"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("cannot read /proc/keystead/none.json"), "{}", stderr(&missing));
}

/// A data folder made by `keystead init`, with a configuration for plain HTTP on loopback.
struct Served {
    folder: tempfile::TempDir,
    root_key: String,
    config: String,
    address: String,
    credentials: (String, String),
}

impl Served {
    fn init() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
        let (data, root_key, config) = (path("data"), path("root.key"), path("keystead.toml"));
        let made = keystead(&["init", "--data", &data, "--root-key", &root_key, "--account", "123456789012"]);
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        let printed = stdout(&made);
        let value = |name: &str| {
            let line = printed.lines().find_map(|line| line.trim().strip_prefix(&format!("{name}=")));
            line.expect("printed").to_owned()
        };
        let credentials = (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"));
        let address = running::free_address();
        let text = format!(
            "[data]\nfolder = {data:?}\n[root_key]\nfile = {root_key:?}\n[[listen]]\naddress = {address:?}\nplain = true\n"
        );
        fs::write(&config, text).expect("write");
        Self { root_key, config, address, credentials, folder }
    }

    fn init_again(&self) -> Output {
        let data = self.folder.path().join("data");
        let key = self.folder.path().join("other.key");
        let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
        keystead(&["init", "--data", &text(&data), "--root-key", &text(&key), "--account", "123456789012"])
    }
}
