"""When a key was last used, over the wire: what counts, and that a crash forgets nothing."""

import datetime

import pytest
from botocore.exceptions import ClientError
from conftest import client
from harness.server import Server


def last(kms, key):
    answer = kms.get_key_last_usage(KeyId=key)
    assert answer["KeyId"].endswith(key.rsplit("/", 1)[-1])
    return answer["KeyLastUsage"]


def test_an_unused_key_answers_an_empty_usage_and_when_tracking_began(kms):
    key = kms.create_key()["KeyMetadata"]
    answer = kms.get_key_last_usage(KeyId=key["Arn"])
    assert answer["KeyLastUsage"] == {}
    assert answer["KeyCreationDate"] == key["CreationDate"]
    # Whichever is later: this server has kept track since before the key was made.
    assert answer["TrackingStartDate"] == key["CreationDate"]


def test_the_last_use_that_succeeded_is_told_with_the_request_it_was(kms):
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=2)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data")
    used = last(kms, key)
    assert used["Operation"] == "Encrypt" and used["Timestamp"] > before
    assert used["KmsRequestId"] == used["CloudTrailEventId"] == sealed["ResponseMetadata"]["RequestId"]
    opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"])
    assert last(kms, key)["KmsRequestId"] == opened["ResponseMetadata"]["RequestId"]
    kms.describe_key(KeyId=key)
    with pytest.raises(ClientError):
        kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext={"another": "one"})
    with pytest.raises(ClientError):
        kms.encrypt(KeyId=key, Plaintext=b"data", DryRun=True)
    assert last(kms, key)["KmsRequestId"] == opened["ResponseMetadata"]["RequestId"]
    assert last(kms, other) == {}
    kms.re_encrypt(CiphertextBlob=sealed["CiphertextBlob"], DestinationKeyId=other)
    assert last(kms, key)["Operation"] == last(kms, other)["Operation"] == "ReEncrypt"
    kms.generate_data_key_without_plaintext(KeyId=other, NumberOfBytes=16)
    assert last(kms, other)["Operation"] == "GenerateDataKeyWithoutPlaintext"


def test_aliases_and_keys_that_are_not_there_are_refused(kms):
    for key, code in [("alias/of-nothing", "NotFoundException"), ("11111111-2222-4333-8444-555555555555", "NotFoundException")]:
        with pytest.raises(ClientError) as refused:
            kms.get_key_last_usage(KeyId=key)
        assert refused.value.response["Error"]["Code"] == code


@pytest.mark.needs_binary
@pytest.mark.parametrize("stop", ["kill", "stop"])
def test_the_last_use_is_known_after_the_end_of_the_server(tmp_path, stop):
    with Server(tmp_path / "data") as server:
        kms = client(server.env)
        keys = [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(3)]
        for key in keys[:2]:
            kms.encrypt(KeyId=key, Plaintext=b"data")
        kms.generate_data_key(KeyId=keys[1], KeySpec="AES_256")
        expect = [last(kms, key) for key in keys]
        assert [used.get("Operation") for used in expect] == ["Encrypt", "GenerateDataKey", None]
        getattr(server, stop)()
        kms = client(server.start().env)
        assert [last(kms, key) for key in keys] == expect
