"""The log, from the outside: every answer has its record, refusals too."""

import json

import pytest
from conftest import client
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.needs_binary


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """A server of its own, so that the log is short."""
    with Server(tmp_path_factory.mktemp("audit") / "data") as server:
        yield server


def search(server, *flags):
    lines = server.run("audit", "search", "--json", *flags).stdout.decode().splitlines()
    return [json.loads(line) for line in lines]


def one(server, request_id):
    records = search(server, "--request", request_id)
    assert len(records) == 1, f"{len(records)} records of request {request_id}"
    return records[0]


def flat(record):
    """All of a record as text, to look for values whatever the names around them."""
    return json.dumps(record, ensure_ascii=False)


def request_id(answer):
    return answer["ResponseMetadata"]["RequestId"]


def test_a_record_says_who_did_what_to_which_key_and_what_came_of_it(watched):
    kms = client(watched.env)
    made = kms.create_key()
    key = made["KeyMetadata"]
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"plainplainplain", EncryptionContext={"tenant": "seven"})
    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"tenant": "seven"})
    assert "CreateKey" in flat(one(watched, request_id(made)))
    for answer, action in ((sealed, "kms:Encrypt"), (opened, "kms:Decrypt")):
        text = flat(one(watched, request_id(answer)))
        for expected in (action, key["KeyId"], "tenant", "seven", ":root", "127.0.0.1", "aws-kms", watched.env["AWS_ACCESS_KEY_ID"], opened["KeyMaterialId"]):
            assert expected in text, (expected, text)
        for never in ("plainplainplain", "cGxhaW5wbGFpbnBsYWlu", watched.env["AWS_SECRET_ACCESS_KEY"]):
            assert never not in text


def test_refusals_are_recorded_too(watched):
    kms, wire = client(watched.env), Wire(watched.env)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    statements = [
        {"Sid": "Owner", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"},
        {"Sid": "NoSealing", "Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*"},
    ]
    kms.put_key_policy(KeyId=key, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    cases = {
        "denied": wire.call("Encrypt", {"KeyId": key, "Plaintext": "eA=="}),
        "not found": wire.call("DescribeKey", {"KeyId": "00000000-0000-4000-8000-000000000000"}),
        "bad form": wire.call("ListKeys", {"Limit": 0}),
        "no json": wire.call("ListKeys", b"{"),
        "bad signature": wire.call("ListKeys", {}, secret="wrong"),
        "unknown access key": wire.call("ListKeys", {}, access_key="AKIAIOSFODNN7EXAMPLE"),
        "no signature": wire.send("POST", "/", {"X-Amz-Target": "TrentService.ListKeys"}, b"{}"),
        "unknown operation": wire.call("NoSuchThing", {}),
        "dry run": wire.call("GenerateDataKey", {"KeyId": key, "KeySpec": "AES_256", "DryRun": True}),
    }
    for name, answer in cases.items():
        assert 400 <= answer.status < 500, name
        record = one(watched, answer.headers["x-amzn-requestid"])
        if name == "denied":
            assert "NoSealing" in flat(record) or "statement" in flat(record).lower(), record


def test_records_can_be_searched_by_key_action_principal_and_outcome(watched):
    kms = client(watched.env)
    key = kms.create_key()["KeyMetadata"]
    kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    kms.disable_key(KeyId=key["KeyId"])
    with pytest.raises(kms.exceptions.DisabledException):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    by_key = search(watched, "--key", key["KeyId"])
    assert len(by_key) == 4 and by_key == search(watched, "--key", key["Arn"])
    assert len(search(watched, "--key", key["KeyId"], "--action", "kms:Encrypt")) == 2
    assert len(search(watched, "--key", key["KeyId"], "--action", "kms:Encrypt", "--outcome", "ok")) == 1
    assert len(search(watched, "--key", key["KeyId"], "--outcome", "failed")) == 1
    root = f"arn:aws:iam::{key['AWSAccountId']}:root"
    assert len(search(watched, "--key", key["KeyId"], "--principal", root)) == 4
    assert search(watched, "--key", key["KeyId"], "--principal", root.replace("root", "user/x")) == []
    assert search(watched, "--key", key["KeyId"], "--until", "2020-01-01") == []
    assert len(search(watched, "--key", key["KeyId"], "--from", "1h")) == 4


def test_the_newest_records_come_as_text_too(watched):
    kms = client(watched.env)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    for number in range(5):
        kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"number": str(number)})
    text = watched.run("audit", "tail").stdout.decode()
    assert text.count(key) >= 5 and "Encrypt" in text and "number" in text
    lines = watched.run("audit", "tail", "-n", "3", "--json").stdout.decode().splitlines()
    assert len(lines) == 3 and all(json.loads(line) for line in lines)


def test_a_stopped_servers_log_can_be_read_from_its_folder(tmp_path):
    with Server(tmp_path / "data") as server:
        answer = client(server.env).create_key()
    lines = Server(tmp_path / "data").run("audit", "search", "--json", "--data", tmp_path / "data", "--request", request_id(answer))
    assert "CreateKey" in lines.stdout.decode()


def test_reading_the_log_needs_the_root_access_key(watched):
    done = watched.run("audit", "tail", check=False, AWS_SECRET_ACCESS_KEY="wrong")
    assert done.returncode != 0 and not done.stdout, done
