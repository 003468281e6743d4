"""`dev --seed`: keys with known ids and known material, there from the first request on."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timezone

import pytest
from conftest import client
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from harness.server import Server, StartError, binary, clean_environment, run
from harness.wire import Wire

pytestmark = pytest.mark.needs_binary

AES = "bc436485-5092-42b8-92a3-0aa8b93536dc"
OTHER = "49c5492b-b1bc-42a8-9a5c-b2015e810c1c"
MRK = "mrk-bc436485509242b892a30aa8b93536dc"
BYTES = "5cdaead27fe7da2de47945d73cd6d79e36494e73802f3cd3869f1d2cb0b5d7a9"

FULL = f"""
Version: 2
Account: "111122223333"
Region: eu-west-1
AccessKeys:
  - AccessKeyId: AKIASEEDED
    SecretAccessKey: a/known+secret
Keys:
  - KeyId: {AES}
    Metadata:
      Description: customer data
    Material:
      BackingKeys:
        - 34743777217A25432A46294A404E635266556A586E3272357538782F413F4428
        - NEdDd3chelQlQypGKUpATmNSZlVqWG4ycjV1OHgvQT8=
    Aliases: [alias/customer]
    Tags:
      - TagKey: team
        TagValue: red
    Policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {{AWS: "arn:aws:iam::111122223333:root"}}
          Action: "kms:*"
          Resource: "*"
    RotationPeriodInDays: 180
    NextKeyRotation: "2126-01-01T00:00:00Z"
  - KeyId: {OTHER}
    Region: us-west-2
    Enabled: false
  - KeyId: {MRK}
    ReplicaRegions: [us-east-1]
    Material:
      BackingKeys: [{BYTES}]
    Aliases: [alias/everywhere]
  - KeyId: 5d05267f-bb87-4d0b-8594-295a4371d414
    Account: "444455556666"
    Metadata:
      Origin: EXTERNAL
Aliases:
  - AliasName: alias/second
    TargetKeyId: {AES}
"""


def seeded(tmp_path, text, *flags, data=None):
    path = tmp_path / "seed.yaml"
    path.write_text(text)
    return Server(data, *(() if data else ("--ephemeral",)), "--seed", str(path), *flags)


def as_seeded(server, region="eu-west-1", **more):
    keys = {"AWS_ACCESS_KEY_ID": "AKIASEEDED", "AWS_SECRET_ACCESS_KEY": "a/known+secret", "AWS_REGION": region}
    return client(server.env | keys | more)


def test_everything_is_as_the_file_says(tmp_path):
    with seeded(tmp_path, FULL) as server:
        kms = as_seeded(server)
        key = kms.describe_key(KeyId="alias/customer")["KeyMetadata"]
        assert key["Arn"] == f"arn:aws:kms:eu-west-1:111122223333:key/{AES}"
        assert (key["Description"], key["KeyState"], key["KeyManager"]) == ("customer data", "Enabled", "CUSTOMER")
        names = [alias["AliasName"] for alias in kms.list_aliases(KeyId=AES)["Aliases"]]
        assert names == ["alias/customer", "alias/second"]
        assert kms.list_resource_tags(KeyId=AES)["Tags"] == [{"TagKey": "team", "TagValue": "red"}]
        assert json.loads(kms.get_key_policy(KeyId=AES)["Policy"])["Statement"][0]["Action"] == "kms:*"
        rotation = kms.get_key_rotation_status(KeyId=AES)
        assert rotation["RotationPeriodInDays"] == 180
        assert rotation["NextRotationDate"] == datetime(2126, 1, 1, tzinfo=timezone.utc)
        assert len(kms.list_key_rotations(KeyId=AES)["Rotations"]) == 1
        kms.rotate_key_on_demand(KeyId=AES)
        west = as_seeded(server, "us-west-2").describe_key(KeyId=OTHER)["KeyMetadata"]
        assert west["KeyState"] == "Disabled"
        assert "2 now" not in server.log() and "5 now, 0 before" in server.log()


def test_related_keys_open_each_others_ciphertexts(tmp_path):
    with seeded(tmp_path, FULL) as server:
        here, there = as_seeded(server), as_seeded(server, "us-east-1")
        blob = here.encrypt(KeyId="alias/everywhere", Plaintext=b"x")["CiphertextBlob"]
        assert there.decrypt(CiphertextBlob=blob, KeyId=MRK)["Plaintext"] == b"x"
        related = there.describe_key(KeyId="alias/everywhere")["KeyMetadata"]["MultiRegionConfiguration"]
        assert related["MultiRegionKeyType"] == "REPLICA" and related["PrimaryKey"]["Region"] == "eu-west-1"


def test_a_key_of_external_origin_waits_for_its_import(tmp_path):
    with seeded(tmp_path, FULL, "--any-credentials") as server:
        kms = as_seeded(server, AWS_ACCESS_KEY_ID="444455556666")
        key = kms.describe_key(KeyId="5d05267f-bb87-4d0b-8594-295a4371d414")["KeyMetadata"]
        assert (key["KeyState"], key["Origin"]) == ("PendingImport", "EXTERNAL")


def test_what_one_server_sealed_another_seeded_alike_opens(tmp_path):
    blobs = {}
    with seeded(tmp_path, FULL) as server:
        for name in ("alias/customer", "alias/everywhere"):
            blobs[name] = as_seeded(server).encrypt(KeyId=name, Plaintext=b"kept")["CiphertextBlob"]
    with seeded(tmp_path, FULL) as server:
        for name, blob in blobs.items():
            assert as_seeded(server).decrypt(CiphertextBlob=blob)["Plaintext"] == b"kept"
    changed = FULL.replace(BYTES, BYTES[::-1])
    with seeded(tmp_path, changed) as server:
        kms = as_seeded(server)
        with pytest.raises(kms.exceptions.InvalidCiphertextException):
            kms.decrypt(CiphertextBlob=blobs["alias/everywhere"])


def test_the_same_file_again_changes_nothing(tmp_path):
    data = tmp_path / "data"
    with seeded(tmp_path, FULL, data=data) as server:
        kms = as_seeded(server)
        blob = kms.encrypt(KeyId=AES, Plaintext=b"x")["CiphertextBlob"]
        kms.update_key_description(KeyId=AES, Description="changed since")
        kms.delete_alias(AliasName="alias/second")
    with seeded(tmp_path, FULL, data=data) as server:
        assert "0 now, 5 before" in server.log()
        kms = as_seeded(server)
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
        assert kms.describe_key(KeyId=AES)["KeyMetadata"]["Description"] == "changed since"
        assert len(kms.list_aliases(KeyId=AES)["Aliases"]) == 1
        records = server.run("audit", "search", "--action", "keystead:Plant", "--json", **{
            "AWS_ACCESS_KEY_ID": "AKIASEEDED", "AWS_SECRET_ACCESS_KEY": "a/known+secret"}).stdout.decode()
        assert records.count(AES) == 1 and BYTES not in records


@pytest.mark.parametrize(
    "old, new, word",
    [
        ("Description: customer data", "Description: other data", AES),
        (BYTES, BYTES[::-1], MRK),
        ("SecretAccessKey: a/known+secret", "SecretAccessKey: another", "AKIASEEDED"),
        ("Enabled: false", "Enabled: true", OTHER),
    ],
)
def test_other_values_for_what_was_seeded_are_refused(tmp_path, old, new, word):
    data = tmp_path / "data"
    with seeded(tmp_path, FULL, data=data):
        pass
    changed = FULL.replace(old, new)
    assert changed != FULL
    with pytest.raises(StartError) as caught, seeded(tmp_path, changed, data=data):
        pass
    assert word in str(caught.value) and "line " in str(caught.value) and "--ephemeral" in str(caught.value)
    with seeded(tmp_path, FULL, data=data):
        pass


def test_more_may_be_seeded_later(tmp_path):
    data = tmp_path / "data"
    with seeded(tmp_path, f"Keys:\n  - KeyId: {AES}\n", data=data):
        pass
    with seeded(tmp_path, f"Keys:\n  - KeyId: {AES}\n  - KeyId: {OTHER}\n", data=data) as server:
        assert "1 now, 1 before" in server.log()


LOCAL_KMS = """
Keys:
  Symmetric:
    Aes:
      - Metadata:
          KeyId: bc436485-5092-42b8-92a3-0aa8b93536dc
        BackingKeys:
          - 5cdaead27fe7da2de47945d73cd6d79e36494e73802f3cd3869f1d2cb0b5d7a9
    Hmac:
      - Metadata:
          KeyId: f1234567-89ab-4def-8123-456789abcdef
          KeyUsage: GENERATE_VERIFY_MAC
          KeySpec: HMAC_256
          Description: a code
        BackingKeys:
          - 1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef
  Asymmetric:
    Rsa:
      - Metadata:
          KeyId: ff275b92-0def-4dfc-b0f6-87c96b26c6c7
          KeyUsage: SIGN_VERIFY # or ENCRYPT_DECRYPT
        PrivateKeyPem: |
{rsa}
    Ecc:
      - Metadata:
          KeyId: 800d5768-3fd7-4edd-a4b8-4c81c3e4c147
          KeyUsage: SIGN_VERIFY
        PrivateKeyPem: |
{ecc}
Aliases:
  - AliasName: alias/testing
    TargetKeyId: bc436485-5092-42b8-92a3-0aa8b93536dc
"""


def pem(key, form, indent):
    text = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    return "\n".join(" " * indent + line for line in text.splitlines())


def test_a_seed_file_of_local_kms_is_read_as_it_is(tmp_path):
    old = serialization.PrivateFormat.TraditionalOpenSSL
    text = LOCAL_KMS.format(
        rsa=pem(rsa.generate_private_key(65537, 2048), serialization.PrivateFormat.PKCS8, 10),
        ecc=pem(ec.generate_private_key(ec.SECP256R1()), old, 10),
    )
    with seeded(tmp_path, text, "--any-credentials") as server:
        kms = client(server.env | {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"})
        specs = {key["KeyId"]: kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeySpec"] for key in kms.list_keys()["Keys"]}
        assert specs == {
            AES: "SYMMETRIC_DEFAULT",
            "f1234567-89ab-4def-8123-456789abcdef": "HMAC_256",
            "ff275b92-0def-4dfc-b0f6-87c96b26c6c7": "RSA_2048",
            "800d5768-3fd7-4edd-a4b8-4c81c3e4c147": "ECC_NIST_P256",
        }
        blob = kms.encrypt(KeyId="alias/testing", Plaintext=b"x")["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


CURVES = {
    "ECC_NIST_P256": (ec.SECP256R1(), hashes.SHA256(), "ECDSA_SHA_256"),
    "ECC_NIST_P384": (ec.SECP384R1(), hashes.SHA384(), "ECDSA_SHA_384"),
    "ECC_NIST_P521": (ec.SECP521R1(), hashes.SHA512(), "ECDSA_SHA_512"),
    "ECC_SECG_P256K1": (ec.SECP256K1(), hashes.SHA256(), "ECDSA_SHA_256"),
}


@pytest.mark.parametrize("form", [serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL], ids=["pkcs8", "old"])
@pytest.mark.parametrize("kind", [*CURVES, "RSA_2048", "RSA_3072"])
def test_private_keys_of_every_form_sign_as_themselves(tmp_path, kind, form):
    if kind.startswith("RSA"):
        private, algorithm = rsa.generate_private_key(65537, int(kind[4:])), "RSASSA_PKCS1_V1_5_SHA_256"
    else:
        private, algorithm = ec.generate_private_key(CURVES[kind][0]), CURVES[kind][2]
    text = f"Keys:\n  - KeyId: {AES}\n    Metadata:\n      KeyUsage: SIGN_VERIFY\n    Material:\n      PrivateKeyPem: |\n{pem(private, form, 8)}\n"
    with seeded(tmp_path, text) as server:
        kms = client(server.env)
        assert kms.describe_key(KeyId=AES)["KeyMetadata"]["KeySpec"] == kind
        signature = kms.sign(KeyId=AES, Message=b"message", SigningAlgorithm=algorithm)["Signature"]
        if kind.startswith("RSA"):
            private.public_key().verify(signature, b"message", padding.PKCS1v15(), hashes.SHA256())
        else:
            private.public_key().verify(signature, b"message", ec.ECDSA(CURVES[kind][1]))


def test_ed25519_keys_sign_as_themselves(tmp_path):
    private = ed25519.Ed25519PrivateKey.generate()
    text = f"Keys:\n  - KeyId: {AES}\n    Material:\n      PrivateKeyPem: |\n{pem(private, serialization.PrivateFormat.PKCS8, 8)}\n"
    with seeded(tmp_path, text) as server:
        kms = client(server.env)
        assert kms.describe_key(KeyId=AES)["KeyMetadata"]["KeySpec"] == "ECC_NIST_EDWARDS25519"
        answer = kms.sign(KeyId=AES, Message=b"message", SigningAlgorithm="ED25519_SHA_512")
        private.public_key().verify(answer["Signature"], b"message")


@pytest.mark.parametrize("spec, size", [("HMAC_224", 28), ("HMAC_256", 32), ("HMAC_384", 48), ("HMAC_512", 64)])
def test_codes_are_made_with_the_bytes_of_the_file(tmp_path, spec, size):
    secret = bytes(range(size))
    text = (
        f"Keys:\n  - KeyId: {AES}\n    Metadata:\n      KeySpec: {spec}\n    Material:\n"
        f"      BackingKeys: ['{base64.b64encode(secret).decode()}']\n"
    )
    with seeded(tmp_path, text) as server:
        kms = client(server.env)
        code = kms.generate_mac(KeyId=AES, Message=b"m", MacAlgorithm=spec.replace("_", "_SHA_"))["Mac"]
        assert code == hmac.new(secret, b"m", getattr(hashlib, f"sha{spec[5:]}")).digest()


@pytest.mark.parametrize(
    "text, words",
    [
        ("Kyes: []\n", ("line 1", "Kyes")),
        (f"Keys:\n  - KeyId: {AES}\n    Metadata:\n      KeySpec: RSA_2048\n", ("line 2", "KeyUsage")),
        (f"Keys:\n  - KeyId: {AES}\n    Material:\n      BackingKeys: [abcd]\n", ("line 2", "32")),
        (f"Keys:\n  - KeyId: {AES}\n    Policy: 'not a policy'\n", ("line 2",)),
        (f"Keys:\n  - KeyId: {AES}\n    ReplicaRegions: [eu-west-1]\n", ("line 2", "mrk-")),
        (f"Keys:\n  - KeyId: {AES}\n  - KeyId: {AES}\n    Enabled: false\n", ("line 3", "other values")),
        (f"Keys:\n  - KeyId: {AES}\n    Aliases: [alias/a]\n  - KeyId: {OTHER}\n    Aliases: [alias/a]\n", ("line 4", "alias/a")),
        (f"Keys:\n  - KeyId: {AES}\n    Aliases: [alias/a, alias/a]\n", ("line 2", "twice")),
        ("Aliases:\n  - AliasName: alias/a\n    TargetKeyId: nobody\n", ("line 2", "nobody")),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, words):
    with pytest.raises(StartError) as caught, seeded(tmp_path, text):
        pass
    for word in words:
        assert word in str(caught.value), caught.value


def test_a_file_that_is_not_there_is_told_before_anything_is_made(tmp_path):
    command = [str(binary()), "dev", "--data", str(tmp_path / "data"), "--seed", str(tmp_path / "none.yaml")]
    refused = run(command, clean_environment(), check=False, timeout=30)
    assert refused.returncode == 2 and b"none.yaml" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_seeded_access_keys_need_their_secret(tmp_path):
    with seeded(tmp_path, FULL) as server:
        wire = Wire(server.env)
        assert wire.call("ListKeys", {}, access_key="AKIASEEDED", secret="a/known+secret").status == 200
        assert wire.call("ListKeys", {}, access_key="AKIASEEDED", secret="other").type == "InvalidSignatureException"
