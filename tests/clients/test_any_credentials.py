"""`dev --any-credentials`: test suites written for emulators run as they are. And no other server does that."""

import subprocess

import pytest
from conftest import client
from harness.directory import text, trust
from harness.server import Server, binary, clean_environment
from harness.wire import Wire, assert_refused

pytestmark = pytest.mark.needs_binary

DEFAULT = "000000000000"


@pytest.fixture(scope="module")
def anybody():
    with Server(None, "--ephemeral", "--any-credentials") as server:
        yield server


def named(server, access_key, secret="test", **more):
    return client(server.env | {"AWS_ACCESS_KEY_ID": access_key, "AWS_SECRET_ACCESS_KEY": secret}, **more)


@pytest.mark.parametrize(
    "access_key, secret",
    [("test", "test"), ("testing", "testing"), ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), ("fake-key", "x"), ("foo", "bar")],
)
def test_the_credentials_of_emulators_are_taken(anybody, access_key, secret):
    kms = named(anybody, access_key, secret)
    key = kms.create_key()["KeyMetadata"]
    assert key["AWSAccountId"] == DEFAULT
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    identity = named(anybody, access_key, secret, service="sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{DEFAULT}:root"


def test_twelve_digits_name_an_account(anybody):
    first, second = named(anybody, "111122223333"), named(anybody, "444455556666")
    key = first.create_key()["KeyMetadata"]
    assert key["AWSAccountId"] == "111122223333"
    assert [found["KeyId"] for found in first.list_keys()["Keys"]] == [key["KeyId"]]
    assert second.list_keys()["Keys"] == []
    with pytest.raises(second.exceptions.ClientError, match="AccessDenied"):
        second.encrypt(KeyId=key["Arn"], Plaintext=b"x")


def test_an_account_is_made_once_and_that_is_on_record(anybody):
    for _ in range(3):
        named(anybody, "777788889999").list_keys()
    made = anybody.run("audit", "search", "--action", "keystead:CreateAccount", "--json").stdout.decode()
    assert made.count("arn:aws:iam::777788889999:root") == 1


def test_session_tokens_are_passed_over(anybody):
    answer = Wire(anybody.env).call("ListKeys", {}, access_key="ASIAEXAMPLE", secret="x", token="a session token")
    assert answer.status == 200, answer.body


@pytest.mark.parametrize("how", ["unsigned", "stale", "elsewhere", "wrong service", "broken"])
def test_signatures_still_have_to_have_their_form(anybody, how):
    wire = Wire(anybody.env)
    if how == "unsigned":
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.ListKeys"}
        assert_refused(wire.send("POST", "/", headers, b"{}"), "MissingAuthenticationTokenException")
        return
    wrong = {
        "stale": {"skew": -3600},
        "elsewhere": {"region": "NOT A REGION"},
        "wrong service": {"service": "s3"},
        "broken": {"access_key": "a key with spaces"},
    }[how]
    assert_refused(wire.call("ListKeys", {}, **wrong), "InvalidSignatureException", "UnrecognizedClientException")


def test_key_policies_still_hold(anybody):
    owner = named(anybody, "111122223333")
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},'
        '"Action":["kms:DescribeKey","kms:PutKeyPolicy"],"Resource":"*"}]}'
    )
    key = owner.create_key(Policy=policy)["KeyMetadata"]["KeyId"]
    assert owner.describe_key(KeyId=key)
    with pytest.raises(owner.exceptions.ClientError, match="AccessDenied"):
        owner.encrypt(KeyId=key, Plaintext=b"x")


def test_the_server_says_loudly_what_it_does(anybody):
    assert "ANY SECRET IS TAKEN" in anybody.log()


def test_without_the_option_a_secret_is_needed():
    with Server(None, "--ephemeral") as server:
        assert "ANY SECRET" not in server.log()
        wire = Wire(server.env)
        assert_refused(wire.call("ListKeys", {}, secret="test"), "InvalidSignatureException")
        assert_refused(wire.call("ListKeys", {}, access_key="test", secret="test"), "UnrecognizedClientException")
        assert_refused(wire.call("ListKeys", {}, access_key="111122223333", secret="test"), "UnrecognizedClientException")
        assert_refused(wire.call("ListKeys", {}, access_key="fake-key", secret="test"), "UnrecognizedClientException")


def test_serve_has_neither_an_option_nor_a_setting_for_it(tmp_path):
    def keystead(*arguments):
        return subprocess.run([str(binary()), *arguments], env=clean_environment(), capture_output=True, timeout=60)

    for option in ("--any-credentials", "--clock=2026-01-01", "--seed=x.yaml"):
        refused = keystead("serve", "--config", str(tmp_path / "none"), option)
        assert refused.returncode == 2 and b"unexpected argument" in refused.stderr, refused.stderr
    sample = keystead("sample-config").stdout.decode()
    assert "credential" not in sample.lower() and "seed" not in sample.lower()
    for section in ("server", "limits", "dev"):
        config = tmp_path / f"{section}.toml"
        text = sample if f"[{section}]" in sample else f"{sample}\n[{section}]\n"
        config.write_text(text.replace(f"[{section}]", f"[{section}]\nany_credentials = true"))
        refused = keystead("serve", "--config", str(config))
        assert refused.returncode == 2, refused.stderr
        assert b"any_credentials" in refused.stderr or b"unknown field" in refused.stderr, refused.stderr


def test_a_role_is_taken_on_by_whoever_is_taken_at_their_word_and_its_session_is_checked(anybody):
    iam, sts = named(anybody, "111122223333", service="iam"), named(anybody, "111122223333", service="sts")
    role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=text(trust("111122223333")))["Role"]
    credentials = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="work")["Credentials"]
    wire = Wire(anybody.env)
    signing = {"access_key": credentials["AccessKeyId"], "token": credentials["SessionToken"]}
    assert_refused(wire.call("ListKeys", {}, secret=credentials["SecretAccessKey"], **signing), "AccessDeniedException")
    assert_refused(wire.call("ListKeys", {}, secret="x", **signing), "InvalidSignatureException")
