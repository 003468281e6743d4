"""Rates of requests by account, location and kind: off unless asked for, and told in the service's words."""

import json
from urllib.request import urlopen

import pytest
from conftest import client
from harness.server import Server, binary, clean_environment, free_port, run
from harness.wire import Wire

pytestmark = pytest.mark.needs_binary


@pytest.fixture
def slow():
    """With a clock that stands still, a second's worth is all there is until it is moved."""
    flags = ("--ephemeral", "--any-credentials", "--frozen-clock", "--throttle", "CreateKey=3,symmetric=10,GetParametersForImport=1")
    with Server(None, *flags) as server:
        yield server


def until_refused(call, limit=200):
    """How many calls went through before one was refused, and that refusal."""
    for count in range(limit):
        try:
            call()
        except Exception as error:
            return count, error.response
    pytest.fail(f"{limit} calls went through")


def test_beyond_its_rate_an_account_is_told_to_slow_down(slow):
    kms = client(slow.env)
    count, refusal = until_refused(kms.create_key)
    assert count == 3
    assert refusal["Error"]["Code"] == "ThrottlingException"
    assert refusal["Error"]["Message"] == "Rate exceeded"
    assert refusal["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert kms.list_keys()["Keys"] and kms.generate_random(NumberOfBytes=1)


def test_what_was_used_flows_back(slow):
    kms = client(slow.env)
    until_refused(kms.create_key)
    slow.run("clock", "--advance", "334ms")
    assert until_refused(kms.create_key)[0] == 1
    slow.run("clock", "--advance", "10s")
    assert until_refused(kms.create_key)[0] == 3


def test_work_with_keys_of_one_kind_shares_a_rate(slow):
    kms = client(slow.env)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    for _ in range(4):
        kms.encrypt(KeyId=key, Plaintext=b"x")
    for _ in range(4):
        kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    assert until_refused(lambda: kms.generate_random(NumberOfBytes=1))[0] == 2


def test_accounts_and_locations_do_not_hold_each_other_back(slow):
    until_refused(client(slow.env).create_key)
    for other in ({"AWS_ACCESS_KEY_ID": "111122223333"}, {"AWS_REGION": "eu-west-3"}):
        assert until_refused(client(slow.env | other).create_key)[0] == 3


def test_an_account_is_held_back_whoevers_key_it_uses(slow):
    owner, other = client(slow.env), client(slow.env | {"AWS_ACCESS_KEY_ID": "111122223333"})
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}],
    }
    key = owner.create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"]
    until_refused(lambda: other.encrypt(KeyId=key, Plaintext=b"x"))
    owner.encrypt(KeyId=key, Plaintext=b"x")


def test_requests_that_policy_denies_count_too(slow):
    key = client(slow.env).create_key()["KeyMetadata"]["Arn"]
    stranger = client(slow.env | {"AWS_ACCESS_KEY_ID": "111122223333"})
    codes = []
    for _ in range(12):
        with pytest.raises(stranger.exceptions.ClientError) as caught:
            stranger.encrypt(KeyId=key, Plaintext=b"x")
        codes.append(caught.value.response["Error"]["Code"])
    assert codes == ["AccessDeniedException"] * 10 + ["ThrottlingException"] * 2


def test_one_refusal_a_second_is_recorded_and_tells_of_the_others(slow):
    wire = Wire(slow.env)
    assert [wire.call("CreateKey", {}).status for _ in range(24)] == [200] * 3 + [400] * 21

    def records():
        lines = slow.run("audit", "search", "--outcome", "Throttled", "--json").stdout.decode().splitlines()
        return [json.loads(line) for line in lines]

    assert len(records()) == 1
    slow.run("clock", "--advance", "1s")
    assert [wire.call("CreateKey", {}).status for _ in range(6)] == [200] * 3 + [400] * 3
    first, second = records()
    assert "CreateKey" in first["message"] and "more were refused" not in first["message"]
    assert "20 more were refused" in second["message"]


def test_figures_count_every_refusal():
    port = free_port()
    with Server(None, "--ephemeral", "--frozen-clock", "--throttle", "CreateKey=1", "--metrics", f"127.0.0.1:{port}") as server:
        wire = Wire(server.env)
        assert [wire.call("CreateKey", {}).status for _ in range(8)] == [200] + [400] * 7
        figures = urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
        assert "keystead_requests_throttled_total 7\n" in figures


def test_the_rates_of_aws_have_a_name():
    with Server(None, "--ephemeral", "--frozen-clock", "--throttle", "aws") as server:
        kms = client(server.env)
        assert until_refused(kms.create_key)[0] == 5
        assert until_refused(lambda: kms.list_key_policies(KeyId=kms.list_keys()["Keys"][0]["KeyId"]), 600)[0] == 100


def test_nothing_is_held_back_unless_asked_for(kms):
    for _ in range(60):
        kms.create_key()


@pytest.mark.parametrize("rates", ["fast", "Encrypt=5", "CreateKey=1000001", "CreateKey=x", ""])
def test_what_is_no_rate_is_refused(rates):
    refused = run([str(binary()), "dev", "--ephemeral", "--throttle", rates], clean_environment(), check=False, timeout=30)
    assert refused.returncode == 2 and b"--throttle" in refused.stderr, refused.stderr
