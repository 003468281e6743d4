"""Answers sealed to a Nitro enclave: who is believed, what leaves, and what policies can ask."""

import json
import subprocess
import time

import pytest
from conftest import client
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from harness.nitro import Enclave, Nitro
from harness.server import Server

pytestmark = pytest.mark.needs_binary


@pytest.fixture(scope="module")
def nitro():
    return Nitro()


@pytest.fixture(scope="module")
def enclave(nitro):
    return Enclave(nitro)


@pytest.fixture(scope="module")
def server(nitro, tmp_path_factory):
    """A server that believes the tests' own root, and no other."""
    root = tmp_path_factory.mktemp("nitro") / "root.pem"
    root.write_bytes(nitro.root_pem())
    with Server(None, "--ephemeral", "--attestation-root", str(root)) as started:
        yield started
        assert "panicked" not in started.log()


@pytest.fixture(scope="module")
def kms(server):
    return client(server.env)


@pytest.fixture(scope="module")
def loose(server):
    return client(server.env, parameter_validation=False)


@pytest.fixture(scope="module")
def account(server):
    return client(server.env, "sts").get_caller_identity()["Account"]


@pytest.fixture
def key_id(kms):
    return kms.create_key()["KeyMetadata"]["KeyId"]


def test_decrypt_answers_the_enclave_alone(kms, key_id, enclave, tmp_path):
    sealed = kms.encrypt(KeyId=key_id, Plaintext=b"for one only", EncryptionContext={"a": "b"})["CiphertextBlob"]
    answer = kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"}, Recipient=enclave.recipient())
    assert "Plaintext" not in answer
    assert answer["KeyId"].endswith(key_id) and answer["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert enclave.open(answer["CiphertextForRecipient"], tmp_path) == b"for one only"


@pytest.mark.parametrize("size", [{"KeySpec": "AES_128"}, {"KeySpec": "AES_256"}, {"NumberOfBytes": 1}, {"NumberOfBytes": 1024}])
def test_a_data_key_leaves_twice_sealed(kms, key_id, enclave, tmp_path, size):
    answer = kms.generate_data_key(KeyId=key_id, Recipient=enclave.recipient(), **size)
    assert "Plaintext" not in answer
    opened = enclave.open(answer["CiphertextForRecipient"], tmp_path)
    assert opened == kms.decrypt(CiphertextBlob=answer["CiphertextBlob"])["Plaintext"]


@pytest.mark.parametrize("count", [1, 32, 1024])
def test_random_bytes_leave_sealed(kms, enclave, tmp_path, count):
    answer = kms.generate_random(NumberOfBytes=count, Recipient=enclave.recipient())
    assert "Plaintext" not in answer
    assert len(enclave.open(answer["CiphertextForRecipient"], tmp_path)) == count


@pytest.mark.parametrize("spec", ["ECC_NIST_P256", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519", "RSA_2048"])
def test_the_private_half_of_a_pair_leaves_sealed(kms, key_id, enclave, tmp_path, spec):
    answer = kms.generate_data_key_pair(KeyId=key_id, KeyPairSpec=spec, Recipient=enclave.recipient())
    assert "PrivateKeyPlaintext" not in answer
    opened = enclave.open(answer["CiphertextForRecipient"], tmp_path)
    assert opened == kms.decrypt(CiphertextBlob=answer["PrivateKeyCiphertextBlob"])["Plaintext"]
    public = serialization.load_der_private_key(opened, None).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    assert public.public_bytes(serialization.Encoding.DER, form) == answer["PublicKey"]


def test_the_longest_pair_fits_for_the_longest_recipient(kms, key_id, nitro, tmp_path):
    other = Enclave(nitro, 4096)
    answer = kms.generate_data_key_pair(KeyId=key_id, KeyPairSpec="RSA_4096", Recipient=other.recipient())
    assert len(answer["CiphertextForRecipient"]) <= 6144
    assert serialization.load_der_private_key(other.open(answer["CiphertextForRecipient"], tmp_path), None).key_size == 4096


@pytest.mark.parametrize("spec, curve", [("ECC_NIST_P256", ec.SECP256R1()), ("ECC_NIST_P384", ec.SECP384R1()), ("ECC_NIST_P521", ec.SECP521R1())])
def test_a_shared_secret_leaves_sealed(kms, enclave, tmp_path, spec, curve):
    key_id = kms.create_key(KeySpec=spec, KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["KeyId"]
    peer, form = ec.generate_private_key(curve), serialization.PublicFormat.SubjectPublicKeyInfo
    answer = kms.derive_shared_secret(
        KeyId=key_id, KeyAgreementAlgorithm="ECDH", Recipient=enclave.recipient(),
        PublicKey=peer.public_key().public_bytes(serialization.Encoding.DER, form),
    )
    assert "SharedSecret" not in answer and answer["KeyAgreementAlgorithm"] == "ECDH"
    ours = serialization.load_der_public_key(kms.get_public_key(KeyId=key_id)["PublicKey"])
    assert enclave.open(answer["CiphertextForRecipient"], tmp_path) == peer.exchange(ec.ECDH(), ours)


@pytest.mark.parametrize("bits", [3072, 4096])
def test_longer_keys_of_recipients_serve_too(kms, nitro, tmp_path, bits):
    other = Enclave(nitro, bits)
    answer = kms.generate_random(NumberOfBytes=32, Recipient=other.recipient())
    assert len(other.open(answer["CiphertextForRecipient"], tmp_path)) == 32


def test_the_form_is_the_one_enclave_tools_were_made_for(kms, enclave):
    """Outer layers of indefinite length in BER, one recipient by subject key identifier, OAEP with SHA-256, AES-256-CBC."""
    sealed = kms.generate_random(NumberOfBytes=32, Recipient=enclave.recipient())["CiphertextForRecipient"]
    assert sealed.startswith(bytes.fromhex("308006092a864886f70d010703a08030800201023182016b308201670201028020"))
    oaep = bytes.fromhex("303c06092a864886f70d010107302fa00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500")
    at = sealed.index(oaep) + len(oaep)
    assert sealed[at : at + 4] == bytes.fromhex("04820100")
    assert len(enclave.unwrap(sealed[at + 4 : at + 260])) == 32
    assert sealed[at + 260 :].startswith(bytes.fromhex("308006092a864886f70d010701301d060960864801650304012a0410"))
    assert sealed.endswith(bytes(10))
    parsed = subprocess.run(["openssl", "asn1parse", "-inform", "DER"], input=sealed, capture_output=True, timeout=60)
    assert parsed.returncode == 0 and b"pkcs7-envelopedData" in parsed.stdout


def test_nobody_else_opens_it(kms, enclave, nitro, tmp_path):
    answer = kms.generate_random(NumberOfBytes=32, Recipient=enclave.recipient())
    other = Enclave(nitro)
    with pytest.raises(ValueError):
        sealed = answer["CiphertextForRecipient"]
        at = sealed.index(bytes.fromhex("04820100")) + 4
        other.unwrap(sealed[at : at + 256])


NOT_BELIEVED = {
    "noise": (lambda nitro, enclave: b"\x00" * 64, "cannot parse the attestation document"),
    "half": (lambda nitro, enclave: nitro.document(enclave.public())[:-40], "cannot parse the attestation document"),
    "more": (lambda nitro, enclave: nitro.document(enclave.public()) + b"\x00", "cannot parse the attestation document"),
    "a changed payload": (lambda nitro, enclave: nitro.document(enclave.public()).replace(b"i-0123", b"i-0124"), "signature"),
    "another root": (lambda nitro, enclave: Nitro().document(enclave.public()), "configured root"),
    "old": (lambda nitro, enclave: nitro.document(enclave.public(), timestamp=int(time.time() * 1000) - 310_000), "age limit"),
    "from tomorrow": (lambda nitro, enclave: nitro.document(enclave.public(), timestamp=int(time.time() * 1000) + 86_400_000), "future"),
    "no key": (lambda nitro, enclave: nitro.document(None), "public key"),
    "no RSA key": (lambda nitro, enclave: nitro.document(b"\x04" * 65), "public key"),
    "a further field": (lambda nitro, enclave: nitro.document(enclave.public(), more=1), "field"),
}


@pytest.mark.parametrize("name", NOT_BELIEVED)
def test_what_cannot_be_verified_is_refused_and_recorded(server, kms, key_id, nitro, enclave, refused, name):
    make, told = NOT_BELIEVED[name]
    recipient = {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": make(nitro, enclave)}
    with refused("ValidationException") as error:
        kms.generate_data_key(KeyId=key_id, KeySpec="AES_256", Recipient=recipient)
    assert told in error.message and error.status == 400
    (record,) = [json.loads(line) for line in server.run("audit", "tail", "-n", "1", "--json").stdout.splitlines()]
    assert record["code"] == "BadAttestation" and record["decision"] == "not-reached", record


def test_a_largest_document_is_read_and_a_larger_one_is_not(kms, loose, refused):
    recipient = lambda length: {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": b"\x84" * length}  # noqa: E731
    with refused("ValidationException") as error:
        kms.generate_random(NumberOfBytes=1, Recipient=recipient(262_144))
    assert "cannot parse" in error.message
    with refused("ValidationException") as error:
        loose.generate_random(NumberOfBytes=1, Recipient=recipient(262_145))
    assert "attestationDocument" in error.message


def test_a_recipient_is_whole(loose, enclave, refused):
    whole = enclave.recipient()
    for missing in whole:
        with refused("ValidationException") as error:
            loose.generate_random(NumberOfBytes=1, Recipient={name: value for name, value in whole.items() if name != missing})
        assert missing[0].lower() + missing[1:] in error.message
    with refused("ValidationException"):
        loose.generate_random(NumberOfBytes=1, Recipient=whole | {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_1"})


def test_a_dry_run_says_what_would_have_been(kms, key_id, enclave, refused):
    with refused("DryRunOperationException"):
        kms.generate_data_key(KeyId=key_id, KeySpec="AES_256", DryRun=True, Recipient=enclave.recipient())
    broken = enclave.recipient(timestamp=1)
    with refused("ValidationException"):
        kms.generate_data_key(KeyId=key_id, KeySpec="AES_256", DryRun=True, Recipient=broken)


def allowed_to(account, **condition):
    owner = {"AWS": f"arn:aws:iam::{account}:root"}
    manage = ["kms:PutKeyPolicy", "kms:GetKeyPolicy", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext"]
    attested = {"StringEqualsIgnoreCase": {f"kms:RecipientAttestation:{name}": value for name, value in condition.items()}}
    return json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": owner, "Action": manage, "Resource": "*"},
            {"Effect": "Allow", "Principal": owner, "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*", "Condition": attested},
        ],
    })


@pytest.mark.parametrize("name, register", [("ImageSha384", 0), ("PCR0", 0), ("PCR3", 3), ("PCR15", 15)])
def test_a_policy_asks_what_runs_in_the_enclave(kms, account, enclave, refused, tmp_path, name, register):
    ours, theirs = {at: bytes([at]) * 48 for at in range(16)}, {at: bytes([at + 1]) * 48 for at in range(16)}
    measured = ours[register].hex().upper()
    key_id = kms.create_key(Policy=allowed_to(account, **{name: measured}))["KeyMetadata"]["KeyId"]
    sealed = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    answer = kms.decrypt(CiphertextBlob=sealed, Recipient=enclave.recipient(pcrs=ours))
    assert enclave.open(answer["CiphertextForRecipient"], tmp_path) == b"x"
    assert "CiphertextForRecipient" in kms.generate_data_key(KeyId=key_id, KeySpec="AES_256", Recipient=enclave.recipient(pcrs=ours))
    with refused("AccessDeniedException"):
        kms.decrypt(CiphertextBlob=sealed, Recipient=enclave.recipient(pcrs=theirs))
    # Without a recipient there is no measurement, so nothing is allowed.
    with refused("AccessDeniedException"):
        kms.decrypt(CiphertextBlob=sealed)
    # A whole instance has other names for its registers, and does not pass for an enclave.
    with refused("AccessDeniedException"):
        kms.decrypt(CiphertextBlob=sealed, Recipient=enclave.recipient(pcrs=ours, registers="nitrotpm_pcrs"))


def test_a_policy_asks_what_an_instance_booted(kms, account, enclave, refused):
    registers = {4: b"\x44" * 48, 7: b"\x77" * 48}
    key_id = kms.create_key(Policy=allowed_to(account, NitroTPMPCR4="44" * 48, NitroTPMPCR7="77" * 48))["KeyMetadata"]["KeyId"]
    sealed = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    tpm = enclave.recipient(pcrs=registers, registers="nitrotpm_pcrs")
    assert "CiphertextForRecipient" in kms.decrypt(CiphertextBlob=sealed, Recipient=tpm)
    with refused("AccessDeniedException"):
        kms.decrypt(CiphertextBlob=sealed, Recipient=enclave.recipient(pcrs={4: b"\x44" * 48}, registers="nitrotpm_pcrs"))
    with refused("AccessDeniedException"):
        kms.decrypt(CiphertextBlob=sealed, Recipient=enclave.recipient(pcrs=registers))


def test_the_record_names_the_enclave(server, kms, key_id, enclave):
    kms.generate_data_key(KeyId=key_id, KeySpec="AES_256", Recipient=enclave.recipient(pcrs={0: b"\xab" * 48}))
    (record,) = [json.loads(line) for line in server.run("audit", "tail", "-n", "1", "--json").stdout.splitlines()]
    assert record["resource"] == "enclave i-0123456789abcdef0-enc0123456789abcdef ImageSha384=" + "ab" * 48


def test_without_a_root_the_answer_names_the_setting(enclave, refused):
    with Server(None, "--ephemeral") as server:
        with refused("UnsupportedOperationException") as error:
            client(server.env).generate_random(NumberOfBytes=1, Recipient=enclave.recipient())
        assert "attestation.roots" in error.message
