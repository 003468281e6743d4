"""The main job by hand, as the README has it: the AWS command line, sealing, opening, disabling, the log."""

import json
import os
import sys
from pathlib import Path

import pytest
from harness.server import Server, run

pytestmark = pytest.mark.needs_binary
AWS = Path(sys.executable).with_name("aws")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if not AWS.exists():
        pytest.fail(f"there is no {AWS.name} beside the Python that runs the tests")
    with Server(tmp_path_factory.mktemp("cli") / "data") as started:
        yield started


def aws(server, *words, check=True, **more):
    return run([str(AWS), *words, "--output", "json"], server.environment(AWS_PAGER="", **more), check=check)


def answer(server, *words):
    out = aws(server, *words).stdout
    return json.loads(out) if out.strip() else None


def test_the_main_job_by_hand(server, tmp_path):
    plain = tmp_path / "database.dump"
    plain.write_bytes(os.urandom(3_000_000))
    key = answer(server, "kms", "create-key", "--description", "customer data")["KeyMetadata"]["KeyId"]
    aws(server, "kms", "create-alias", "--alias-name", "alias/customer", "--target-key-id", key)

    server.run("seal", "--key", "alias/customer", "--context", "tenant=7", plain)
    sealed = tmp_path / "database.dump.sealed"
    assert sealed.exists() and plain.read_bytes() not in sealed.read_bytes()

    restored = tmp_path / "restored.dump"
    server.run("open", sealed, "-o", restored)
    assert restored.read_bytes() == plain.read_bytes()

    aws(server, "kms", "disable-key", "--key-id", key)
    second = tmp_path / "second.dump"
    done = server.run("open", sealed, "-o", second, check=False)
    assert done.returncode != 0 and not second.exists()
    said = done.stderr.decode()
    assert "disabled" in said.lower() and key in said, said

    log = server.run("audit", "tail").stdout.decode()
    for expected in ("CreateKey", "CreateAlias", "GenerateDataKey", "Decrypt", "DisableKey", key, "tenant", ":root"):
        assert expected in log, (expected, log)


def test_the_command_line_walks_through_every_operation(server, tmp_path):
    key = answer(server, "kms", "create-key", "--tags", "TagKey=a,TagValue=b")["KeyMetadata"]["KeyId"]
    kms = lambda *words: answer(server, "kms", *words)  # noqa: E731
    on = ("--key-id", key)
    assert kms("describe-key", *on)["KeyMetadata"]["KeyState"] == "Enabled"
    assert any(item["KeyId"] == key for item in kms("list-keys", "--page-size", "2")["Keys"])
    kms("update-key-description", *on, "--description", "d")
    kms("disable-key", *on)
    kms("enable-key", *on)
    kms("create-alias", "--alias-name", "alias/walk", "--target-key-id", key)
    kms("update-alias", "--alias-name", "alias/walk", "--target-key-id", key)
    assert [item["AliasName"] for item in kms("list-aliases", *on)["Aliases"]] == ["alias/walk"]
    kms("delete-alias", "--alias-name", "alias/walk")
    kms("tag-resource", *on, "--tags", "TagKey=c,TagValue=d")
    assert len(kms("list-resource-tags", *on)["Tags"]) == 2
    kms("untag-resource", *on, "--tag-keys", "a")
    policy = kms("get-key-policy", *on, "--policy-name", "default")["Policy"]
    kms("put-key-policy", *on, "--policy-name", "default", "--policy", policy)
    assert kms("list-key-policies", *on)["PolicyNames"] == ["default"]

    plain = tmp_path / "plain"
    plain.write_bytes(b"\x00\xffbinary")
    blob = kms("encrypt", *on, "--plaintext", f"fileb://{plain}", "--encryption-context", "a=b")["CiphertextBlob"]
    sealed = tmp_path / "sealed"
    import base64

    sealed.write_bytes(base64.b64decode(blob))
    opened = kms("decrypt", "--ciphertext-blob", f"fileb://{sealed}", "--encryption-context", "a=b")
    assert base64.b64decode(opened["Plaintext"]) == plain.read_bytes()
    moved = kms("re-encrypt", "--ciphertext-blob", f"fileb://{sealed}", "--source-encryption-context", "a=b", "--destination-key-id", key)
    assert moved["CiphertextBlob"] != blob
    assert len(base64.b64decode(kms("generate-data-key", *on, "--key-spec", "AES_256")["Plaintext"])) == 32
    assert "Plaintext" not in kms("generate-data-key-without-plaintext", *on, "--number-of-bytes", "5")
    assert len(base64.b64decode(kms("generate-random", "--number-of-bytes", "7")["Plaintext"])) == 7
    kms("enable-key-rotation", *on, "--rotation-period-in-days", "180")
    assert kms("get-key-rotation-status", *on)["RotationPeriodInDays"] == 180
    kms("rotate-key-on-demand", *on)
    assert len(kms("list-key-rotations", *on)["Rotations"]) == 1
    kms("disable-key-rotation", *on)
    assert kms("schedule-key-deletion", *on, "--pending-window-in-days", "7")["KeyState"] == "PendingDeletion"
    kms("cancel-key-deletion", *on)
    assert kms("describe-key", *on)["KeyMetadata"]["KeyState"] == "Disabled"
    assert answer(server, "sts", "get-caller-identity")["Arn"].endswith(":root")


def test_a_refusal_reaches_the_person_at_the_command_line(server):
    done = aws(server, "kms", "describe-key", "--key-id", "alias/none", check=False)
    assert done.returncode != 0 and b"NotFoundException" in done.stderr
    done = aws(server, "kms", "list-keys", check=False, AWS_SECRET_ACCESS_KEY="wrong")
    assert done.returncode != 0 and b"InvalidSignatureException" in done.stderr
