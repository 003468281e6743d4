"""The AWS Encryption SDK for Python opens what `keystead seal` wrote and writes what `keystead open` opens."""

import hashlib
import io
import os
import warnings

import pytest
from conftest import client

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import aws_encryption_sdk
    from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
    from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
    from aws_cryptographic_material_providers.mpl.models import CreateAwsKmsKeyringInput
    from aws_encryption_sdk.identifiers import AlgorithmSuite, CommitmentPolicy

pytestmark = pytest.mark.needs_binary
FRAME = 1 << 20
SUITES = {
    "0478": AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY,
    "0578": AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384,
}
SEAL_FLAGS = {"0478": (), "0578": ("--suite", "0x0578")}


@pytest.fixture(scope="module")
def key(server):
    return client(server.env).create_key()["KeyMetadata"]["Arn"]


@pytest.fixture(scope="module")
def theirs():
    return aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)


@pytest.fixture(scope="module")
def providers():
    return AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())


@pytest.fixture(scope="module")
def keyring(server, key, providers):
    return providers.create_aws_kms_keyring(CreateAwsKmsKeyringInput(kms_key_id=key, kms_client=client(server.env)))


def sizes(frame):
    return [0, 1, frame - 1, frame, frame + 1, 2 * frame]


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("size", sizes(FRAME))
def test_the_sdk_opens_what_was_sealed(server, key, theirs, keyring, tmp_path, suite, size):
    plain = tmp_path / "plain"
    plain.write_bytes(os.urandom(size))
    server.run("seal", "--key", key, "--context", "tenant=7", *SEAL_FLAGS[suite], plain)
    sealed = (tmp_path / "plain.sealed").read_bytes()
    assert sealed[:3].hex() == "02" + suite
    opened, header = theirs.decrypt(source=sealed, keyring=keyring)
    assert opened == plain.read_bytes()
    assert header.encryption_context["tenant"] == "7"


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("frame", [4096, FRAME])
@pytest.mark.parametrize("place", range(6))
def test_what_the_sdk_wrote_opens(server, theirs, keyring, tmp_path, suite, frame, place):
    plain = os.urandom(sizes(frame)[place])
    sealed, _ = theirs.encrypt(
        source=plain, keyring=keyring, algorithm=SUITES[suite], frame_length=frame, encryption_context={"tenant": "7", "é": "鍵"}
    )
    path = tmp_path / "theirs.sealed"
    path.write_bytes(sealed)
    server.run("open", "--context", "tenant=7", path, "-o", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == plain
    assert server.run("open", "-", input=sealed).stdout == plain


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("suite", SUITES)
def test_the_sdk_streams_what_was_sealed(server, key, theirs, keyring, tmp_path, full, suite):
    """64 MiB, or 3 GiB where everything is run in full."""
    size = (3 << 30) if full else (64 << 20)
    plain, digest = tmp_path / "plain", hashlib.sha256()
    with open(plain, "wb") as file:
        block = os.urandom(1 << 20)
        for number in range(size >> 20):
            part = number.to_bytes(8, "big") + block[8:]
            digest.update(part)
            file.write(part)
    server.run("seal", "--key", key, *SEAL_FLAGS[suite], plain, timeout=3000)
    found = hashlib.sha256()
    with open(tmp_path / "plain.sealed", "rb") as sealed, theirs.stream(mode="d", source=sealed, keyring=keyring) as opened:
        while part := opened.read(1 << 20):
            found.update(part)
    assert found.digest() == digest.digest()
    (tmp_path / "plain.sealed").unlink()
    with open(plain, "rb") as source, open(tmp_path / "theirs.sealed", "wb") as out:
        with theirs.stream(mode="e", source=source, keyring=keyring, algorithm=SUITES[suite], frame_length=FRAME) as sealer:
            while part := sealer.read(1 << 20):
                out.write(part)
    plain.unlink()
    server.run("open", tmp_path / "theirs.sealed", "-o", tmp_path / "back", timeout=3000)
    found = hashlib.sha256()
    with open(tmp_path / "back", "rb") as back:
        while part := back.read(1 << 20):
            found.update(part)
    assert found.digest() == digest.digest()


def test_several_wrappings_open_with_either_key(server, key, theirs, providers, tmp_path):
    kms = client(server.env)
    second = kms.create_key()["KeyMetadata"]["Arn"]
    plain = tmp_path / "plain"
    plain.write_bytes(b"two keys")
    server.run("seal", "--key", key, "--key", second, plain)
    sealed = (tmp_path / "plain.sealed").read_bytes()
    for arn in (key, second):
        ring = providers.create_aws_kms_keyring(CreateAwsKmsKeyringInput(kms_key_id=arn, kms_client=kms))
        assert theirs.decrypt(source=sealed, keyring=ring)[0] == b"two keys"
        assert server.run("open", "--key", arn, "-", input=sealed).stdout == b"two keys"


def test_a_message_wrapped_for_a_stranger_too_opens(server, key, theirs, providers):
    """A wrapping that is not ours to open is passed over."""
    from aws_cryptographic_material_providers.mpl.models import AesWrappingAlg, CreateMultiKeyringInput, CreateRawAesKeyringInput

    ours = providers.create_aws_kms_keyring(CreateAwsKmsKeyringInput(kms_key_id=key, kms_client=client(server.env)))
    stranger = providers.create_raw_aes_keyring(
        CreateRawAesKeyringInput(
            key_namespace="elsewhere", key_name="k", wrapping_key=bytes(32), wrapping_alg=AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16
        )
    )
    both = providers.create_multi_keyring(CreateMultiKeyringInput(generator=stranger, child_keyrings=[ours]))
    sealed, _ = theirs.encrypt(source=b"for two", keyring=both)
    assert server.run("open", "-", input=sealed).stdout == b"for two"


def test_suites_that_do_not_commit_to_their_key_are_refused(server, key, providers):
    from aws_encryption_sdk import EncryptionSDKClient

    lax = EncryptionSDKClient(commitment_policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
    ring = providers.create_aws_kms_keyring(CreateAwsKmsKeyringInput(kms_key_id=key, kms_client=client(server.env)))
    sealed, _ = lax.encrypt(source=b"old", keyring=ring, algorithm=AlgorithmSuite.AES_256_GCM_IV12_TAG16_HKDF_SHA256)
    done = server.run("open", "-", input=sealed, check=False)
    said = done.stderr.decode().lower()
    assert done.returncode != 0 and not done.stdout and ("commit" in said or "not a sealed file" in said), done


def test_a_changed_message_is_refused_by_both(server, theirs, keyring):
    sealed, _ = theirs.encrypt(source=b"x" * 10_000, keyring=keyring, frame_length=4096)
    for at in range(0, len(sealed), 97):
        broken = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        done = server.run("open", "-", input=broken, check=False)
        assert done.returncode != 0, at
        if at % 970 == 0:
            with pytest.raises(Exception):
                theirs.decrypt(source=io.BytesIO(broken), keyring=keyring)
