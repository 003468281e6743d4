use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

const ARN: &str = "arn:aws:kms:eu-central-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// What a request looked like.
struct Seen {
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// A service that gives each request the next of the answers, each on a connection of its own.
fn service(answers: Vec<(u16, String)>) -> (Client, Receiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("bound"));
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("text");
                match line.trim_end() {
                    "" => break,
                    line => lines.push(line.to_owned()),
                }
            }
            let headers: Vec<(String, String)> = lines[1..]
                .iter()
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect();
            let length =
                headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse());
            let mut text = vec![0; length.and_then(Result::ok).unwrap_or(0)];
            reader.read_exact(&mut text).expect("a body");
            let seen = Seen { line: lines[0].clone(), headers, body: String::from_utf8(text).expect("text") };
            let length = body.len();
            let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nx-amzn-requestid: id\r\n");
            write!(stream, "{head}connection: close\r\n\r\n{body}").expect("written");
            let _ = sender.send(seen);
        }
    });
    let config = Config::from_lookup(|name| {
        let value = match name {
            "AWS_ENDPOINT_URL" => endpoint.as_str(),
            "AWS_REGION" => "eu-central-1",
            "AWS_ACCESS_KEY_ID" => "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY" => "secret",
            "AWS_SESSION_TOKEN" => "token",
            _ => return None,
        };
        Some(value.to_owned())
    });
    (Client::new(config.expect("complete")).expect("a client"), receiver)
}

fn context() -> Context {
    [("tenant", "7")].into_iter().collect()
}

#[test]
fn a_data_key_is_asked_for_and_read() {
    let key = STANDARD.encode([7; 32]);
    let answer =
        format!(r#"{{"CiphertextBlob":"AQID","KeyId":"{ARN}","Plaintext":"{}"}}"#, key.replace('/', "\\/"));
    let (client, seen) = service(vec![(200, answer)]);
    let (data_key, wrapped) = client.generate("alias/customer", &context()).expect("an answer");
    assert_eq!(data_key.expose(), [7; 32]);
    assert_eq!(wrapped, WrappedKey { key_arn: ARN.into(), ciphertext: vec![1, 2, 3] });
    let seen = seen.recv().expect("a request");
    assert_eq!(seen.line, "POST / HTTP/1.1");
    assert_eq!(seen.header("x-amz-target"), Some("TrentService.GenerateDataKey"));
    assert_eq!(seen.header("content-type"), Some("application/x-amz-json-1.1"));
    assert_eq!(seen.header("x-amz-security-token"), Some("token"));
    let authorization = seen.header("authorization").expect("signed");
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{authorization}");
    assert!(authorization.contains("/eu-central-1/kms/aws4_request"), "{authorization}");
    assert!(authorization.contains("host;") && authorization.contains("x-amz-target"), "{authorization}");
    let body = r#"{"KeyId":"alias/customer","EncryptionContext":{"tenant":"7"},"NumberOfBytes":32}"#;
    assert_eq!(seen.body, body);
}

#[test]
fn wrapping_and_unwrapping_name_key_and_context() {
    let (client, seen) = service(vec![
        (200, format!(r#"{{"CiphertextBlob":"AQID","KeyId":"{ARN}"}}"#)),
        (200, format!(r#"{{"Plaintext":"{}","KeyId":"{ARN}"}}"#, STANDARD.encode([7; 32]))),
    ]);
    let wrapped = client.wrap(ARN, &context(), &DataKey::new(&[7; 32])).expect("an answer");
    let (data_key, arn) = client.unwrap(ARN, &Context::new(), &wrapped.ciphertext).expect("an answer");
    assert_eq!((data_key.expose(), arn.as_str()), ([7; 32].as_slice(), ARN));
    let plaintext = STANDARD.encode([7; 32]);
    let body =
        format!(r#"{{"KeyId":"{ARN}","EncryptionContext":{{"tenant":"7"}},"Plaintext":"{plaintext}"}}"#);
    assert_eq!(seen.recv().expect("a request").body, body);
    assert_eq!(
        seen.recv().expect("a request").body,
        format!(r#"{{"KeyId":"{ARN}","CiphertextBlob":"AQID"}}"#)
    );
}

#[test]
fn a_refusal_is_handed_through_word_for_word() {
    let answer = r#"{"__type":"com.amazonaws.kms#DisabledException","message":"arn:… is disabled."}"#;
    let (client, _seen) = service(vec![(400, answer.into())]);
    let refused = client.unwrap(ARN, &context(), &[1]).err();
    let error = refused.as_ref().and_then(CallError::service).expect("a refusal");
    assert_eq!((error.code.as_str(), error.message.as_str()), ("DisabledException", "arn:… is disabled."));
    assert_eq!((error.operation.as_str(), error.status), ("Decrypt", 400));
    assert_eq!(error.request_id.as_deref(), Some("id"));
}

#[test]
fn what_may_pass_is_tried_again_but_not_for_ever() {
    let throttled = || (400, r#"{"__type":"ThrottlingException"}"#.to_owned());
    let good = || (200, format!(r#"{{"CiphertextBlob":"AQID","KeyId":"{ARN}"}}"#));
    let (client, seen) = service(vec![throttled(), (500, String::new()), good()]);
    assert!(client.wrap(ARN, &context(), &DataKey::new(&[7; 32])).is_ok());
    assert_eq!(seen.iter().take(3).count(), 3);
    let (client, seen) = service((0..5).map(|_| throttled()).collect());
    assert!(client.wrap(ARN, &context(), &DataKey::new(&[7; 32])).is_err());
    assert_eq!(seen.iter().take(4).count(), 4);
    assert!(seen.try_recv().is_err());
}

#[test]
fn answers_that_break_the_protocol_are_refused() {
    let short = STANDARD.encode([7; 16]);
    for answer in [
        String::new(),
        "{}".into(),
        "[1,2]".into(),
        format!(r#"{{"CiphertextBlob":"AQID","KeyId":"{ARN}","Plaintext":"{short}"}}"#),
        format!(
            r#"{{"CiphertextBlob":"AQID","KeyId":"alias/x","Plaintext":"{}"}}"#,
            STANDARD.encode([7; 32])
        ),
        format!(r#"{{"CiphertextBlob":"","KeyId":"{ARN}","Plaintext":"{}"}}"#, STANDARD.encode([7; 32])),
        format!(r#"{{"padding":"{}"}}"#, "x".repeat(1 << 21)),
    ] {
        let (client, _seen) = service(vec![(200, answer.clone())]);
        let error = client.generate("alias/x", &context()).err();
        assert!(matches!(error, Some(CallError::Answer { .. })), "{error:?}: {:.80}", answer);
    }
}

#[test]
fn a_signed_request_streams_its_answer() {
    let (client, seen) = service(vec![(200, "line\n".repeat(1000)), (404, "nothing here".into())]);
    let mut answer = client.signed("GET", "/audit/v1/records?limit=5", "keystead", b"").expect("an answer");
    let mut text = String::new();
    answer.body.read_to_string(&mut text).expect("text");
    assert_eq!((answer.status, text.len()), (200, 5000));
    let seen = seen.recv().expect("a request");
    assert_eq!(seen.line, "GET /audit/v1/records?limit=5 HTTP/1.1");
    assert!(seen.header("authorization").is_some_and(|text| text.contains("/keystead/aws4_request")));
    let error = client.signed("GET", "/audit", "keystead", b"").err();
    assert_eq!(error.as_ref().and_then(CallError::service).map(|error| error.status), Some(404));
    assert!(client.signed("GET", "audit", "keystead", b"").is_err());
}

#[test]
fn nobody_at_home_is_said_with_the_endpoint() {
    let (client, _seen) = service(Vec::new());
    let error = client.call("TrentService.ListKeys", &serde_json::json!({})).expect_err("nobody answers");
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
}
