"""Material that owners bring: wrapped here with `cryptography`, as an owner would, and imported."""

import json
import os
import re
import secrets
import sys
from pathlib import Path
from datetime import datetime, timedelta, timezone

import pytest
from conftest import client
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from harness.server import Server, run
from harness.wire import Wire

HASHES = {"1": hashes.SHA1, "256": hashes.SHA256}
ALGORITHMS = ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256"]
FOREVER = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}


def wrap(parameters, algorithm, material):
    public = serialization.load_der_public_key(parameters["PublicKey"])
    digest = HASHES[algorithm.rsplit("_", 1)[1]]
    oaep = padding.OAEP(padding.MGF1(digest()), digest(), None)
    if algorithm.startswith("RSAES"):
        return public.encrypt(material, oaep)
    aes = secrets.token_bytes(32)
    return public.encrypt(aes, oaep) + aes_key_wrap_with_padding(aes, material)


def parameters(kms, key, algorithm="RSAES_OAEP_SHA_256", spec="RSA_2048"):
    return kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec=spec)


def bring(kms, key, material, algorithm="RSAES_OAEP_SHA_256", spec="RSA_2048", **more):
    given = parameters(kms, key, algorithm, spec)
    more = more or FOREVER
    if "ValidTo" not in more:
        more = {**FOREVER, **more}
    return kms.import_key_material(
        KeyId=key, ImportToken=given["ImportToken"], EncryptedKeyMaterial=wrap(given, algorithm, material), **more
    )


def make(kms, spec="SYMMETRIC_DEFAULT", usage="ENCRYPT_DECRYPT", **more):
    return kms.create_key(Origin="EXTERNAL", KeySpec=spec, KeyUsage=usage, **more)["KeyMetadata"]["KeyId"]


def told(kms, key):
    return kms.describe_key(KeyId=key)["KeyMetadata"]


def versions(kms, key):
    return kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]


@pytest.fixture
def empty(kms):
    return make(kms)


def pkcs8(private):
    return private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_a_key_without_material_waits_for_it(kms, empty, refused):
    found = told(kms, empty)
    assert (found["KeyState"], found["Origin"], found["Enabled"]) == ("PendingImport", "EXTERNAL", False)
    assert not {"ExpirationModel", "ValidTo", "CurrentKeyMaterialId"} & found.keys()
    with refused("KMSInvalidStateException"):
        kms.encrypt(KeyId=empty, Plaintext=b"data")


@pytest.mark.parametrize("spec", ["RSA_2048", "RSA_3072", "RSA_4096"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_way_to_wrap_brings_a_symmetric_key(kms, algorithm, spec):
    key = make(kms)
    given = parameters(kms, key, algorithm, spec)
    assert serialization.load_der_public_key(given["PublicKey"]).key_size == int(spec[4:])
    left = given["ParametersValidTo"] - datetime.now(timezone.utc)
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    answer = kms.import_key_material(
        KeyId=key, ImportToken=given["ImportToken"], EncryptedKeyMaterial=wrap(given, algorithm, bytes(32)), **FOREVER
    )
    found = told(kms, key)
    assert found["KeyState"] == "Enabled"
    assert found["ExpirationModel"] == "KEY_MATERIAL_DOES_NOT_EXPIRE"
    assert found["CurrentKeyMaterialId"] == answer["KeyMaterialId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"


def test_deleted_material_comes_back_and_only_it(kms, empty, refused):
    material = secrets.token_bytes(32)
    first = bring(kms, empty, material)["KeyMaterialId"]
    sealed = kms.encrypt(KeyId=empty, Plaintext=b"data")["CiphertextBlob"]
    assert kms.delete_imported_key_material(KeyId=empty)["KeyMaterialId"] == first
    assert told(kms, empty)["KeyState"] == "PendingImport"
    assert [(v["ImportState"], v["KeyMaterialState"]) for v in versions(kms, empty)] == [("PENDING_IMPORT", "CURRENT")]
    with refused("KMSInvalidStateException"):
        kms.decrypt(CiphertextBlob=sealed)
    with refused("IncorrectKeyMaterialException"):
        bring(kms, empty, secrets.token_bytes(32))
    assert bring(kms, empty, material, KeyMaterialDescription="again")["KeyMaterialId"] == first
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"
    assert versions(kms, empty)[0]["KeyMaterialDescription"] == "again"


def test_a_second_version_waits_for_its_rotation(kms, empty, refused):
    one, two = secrets.token_bytes(32), secrets.token_bytes(32)
    first = bring(kms, empty, one)["KeyMaterialId"]
    old = kms.encrypt(KeyId=empty, Plaintext=b"old")["CiphertextBlob"]
    with refused("UnsupportedOperationException"):
        kms.rotate_key_on_demand(KeyId=empty)
    second = bring(kms, empty, two, ImportType="NEW_KEY_MATERIAL", KeyMaterialDescription="second")["KeyMaterialId"]
    assert told(kms, empty)["CurrentKeyMaterialId"] == first != second
    assert [v["KeyMaterialState"] for v in versions(kms, empty)] == ["CURRENT", "PENDING_ROTATION"]
    with refused("UnsupportedOperationException"):
        bring(kms, empty, secrets.token_bytes(32), ImportType="NEW_KEY_MATERIAL")
    kms.rotate_key_on_demand(KeyId=empty)
    assert told(kms, empty)["CurrentKeyMaterialId"] == second
    found = versions(kms, empty)
    assert [v["KeyMaterialState"] for v in found] == ["NON_CURRENT", "CURRENT"]
    assert found[1]["RotationType"] == "ON_DEMAND" and found[1]["KeyMaterialDescription"] == "second"
    assert kms.decrypt(CiphertextBlob=old)["KeyMaterialId"] == first
    # Without an old version the whole key rests, and its id says which bytes are missing.
    kms.delete_imported_key_material(KeyId=empty, KeyMaterialId=first)
    assert told(kms, empty)["KeyState"] == "PendingImport"
    with refused("IncorrectKeyMaterialException"):
        bring(kms, empty, two, KeyMaterialId=first)
    assert bring(kms, empty, one, KeyMaterialId=first, ImportType="EXISTING_KEY_MATERIAL")["KeyMaterialId"] == first
    assert kms.decrypt(CiphertextBlob=old)["Plaintext"] == b"old"


def test_a_waiting_version_can_be_taken_back(kms, empty):
    bring(kms, empty, secrets.token_bytes(32))
    waiting = bring(kms, empty, secrets.token_bytes(32), ImportType="NEW_KEY_MATERIAL")["KeyMaterialId"]
    assert kms.delete_imported_key_material(KeyId=empty, KeyMaterialId=waiting)["KeyMaterialId"] == waiting
    assert told(kms, empty)["KeyState"] == "Enabled"
    assert [v["KeyMaterialState"] for v in versions(kms, empty)] == ["CURRENT"]


@pytest.mark.parametrize("length", [0, 1, 16, 31, 33, 64])
def test_a_symmetric_key_has_32_bytes(kms, empty, refused, length):
    with refused("IncorrectKeyMaterialException"):
        bring(kms, empty, bytes(length), "RSA_AES_KEY_WRAP_SHA_256") if length else bring(kms, empty, b"")


HMAC = {"HMAC_224": (28, 64), "HMAC_256": (32, 64), "HMAC_384": (48, 128), "HMAC_512": (64, 128)}


@pytest.mark.parametrize("spec", HMAC)
def test_hmac_keys_have_lengths_of_their_own(kms, spec, refused):
    least, most = HMAC[spec]
    for length in (least, most):
        key = make(kms, spec, "GENERATE_VERIFY_MAC")
        assert "KeyMaterialId" not in bring(kms, key, secrets.token_bytes(length))
        assert told(kms, key)["KeyState"] == "Enabled"
    key = make(kms, spec, "GENERATE_VERIFY_MAC")
    for length in (least - 1, most + 1):
        with refused("IncorrectKeyMaterialException"):
            bring(kms, key, secrets.token_bytes(length))


CURVES = {
    "ECC_NIST_P256": ec.SECP256R1, "ECC_NIST_P384": ec.SECP384R1, "ECC_NIST_P521": ec.SECP521R1,
    "ECC_SECG_P256K1": ec.SECP256K1,
}


@pytest.mark.parametrize("spec", [*CURVES, "ECC_NIST_EDWARDS25519"])
def test_elliptic_curve_keys_are_imported(kms, spec, refused):
    private = ec.generate_private_key(CURVES[spec]()) if spec in CURVES else ed25519.Ed25519PrivateKey.generate()
    key = make(kms, spec, "SIGN_VERIFY")
    other = ec.generate_private_key(ec.SECP256K1() if spec == "ECC_NIST_P256" else ec.SECP256R1())
    with refused("IncorrectKeyMaterialException"):
        bring(kms, key, pkcs8(other), "RSA_AES_KEY_WRAP_SHA_256")
    bring(kms, key, pkcs8(private), "RSA_AES_KEY_WRAP_SHA_256")
    assert told(kms, key)["KeyState"] == "Enabled"
    public = private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert kms.get_public_key(KeyId=key)["PublicKey"] == public


def test_rsa_keys_are_imported_under_an_aes_key(kms, refused):
    private = rsa.generate_private_key(65537, 2048)
    key = make(kms, "RSA_2048", "SIGN_VERIFY")
    for algorithm in ALGORITHMS[:2]:
        with refused("UnsupportedOperationException"):
            parameters(kms, key, algorithm, "RSA_4096")
    with refused("IncorrectKeyMaterialException"):
        bring(kms, key, pkcs8(rsa.generate_private_key(65537, 3072)), "RSA_AES_KEY_WRAP_SHA_256")
    bring(kms, key, pkcs8(private), "RSA_AES_KEY_WRAP_SHA_256")
    signed = kms.sign(KeyId=key, Message=b"data", SigningAlgorithm="RSASSA_PKCS1_V1_5_SHA_256")["Signature"]
    private.public_key().verify(signed, b"data", padding.PKCS1v15(), hashes.SHA256())


def test_p521_does_not_fit_a_short_modulus(kms, refused):
    key = make(kms, "ECC_NIST_P521", "SIGN_VERIFY")
    with refused("UnsupportedOperationException"):
        parameters(kms, key, "RSAES_OAEP_SHA_256", "RSA_2048")
    parameters(kms, key, "RSAES_OAEP_SHA_256", "RSA_3072")


def test_what_is_retired_or_not_ours_is_refused_by_name(kms, key_id, empty, refused):
    with refused("UnsupportedOperationException"):
        parameters(kms, empty, "RSAES_PKCS1_V1_5")
    with refused("UnsupportedOperationException"):
        parameters(kms, empty, "SM2PKE", "SM2")
    with refused("UnsupportedOperationException"):
        parameters(kms, key_id)
    with refused("UnsupportedOperationException"):
        kms.delete_imported_key_material(KeyId=key_id)
    with refused("UnsupportedOperationException"):
        kms.enable_key_rotation(KeyId=empty)


def test_a_token_serves_its_own_key_and_wrapping_only(kms, empty, refused):
    other = make(kms)
    given = parameters(kms, empty)
    wrapped = wrap(given, "RSAES_OAEP_SHA_256", bytes(32))
    send = dict(ImportToken=given["ImportToken"], EncryptedKeyMaterial=wrapped, **FOREVER)
    with refused("InvalidImportTokenException"):
        kms.import_key_material(KeyId=other, **send)
    bent = bytearray(given["ImportToken"])
    bent[len(bent) // 2] ^= 1
    with refused("InvalidImportTokenException"):
        kms.import_key_material(KeyId=empty, **{**send, "ImportToken": bytes(bent)})
    foreign = wrap(parameters(kms, empty), "RSAES_OAEP_SHA_256", bytes(32))
    with refused("InvalidCiphertextException"):
        kms.import_key_material(KeyId=empty, **{**send, "EncryptedKeyMaterial": foreign})
    kms.import_key_material(KeyId=empty, **send)


def test_an_end_is_set_rightly_or_not_at_all(kms, empty, refused):
    now = datetime.now(timezone.utc)
    for wrong in (
        {"ExpirationModel": "KEY_MATERIAL_EXPIRES"},
        {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE", "ValidTo": now + timedelta(days=1)},
        {"ValidTo": now - timedelta(minutes=1)},
        {"ValidTo": now + timedelta(days=365, minutes=5)},
    ):
        given = parameters(kms, empty)
        with refused("ValidationException"):
            kms.import_key_material(
                KeyId=empty, ImportToken=given["ImportToken"],
                EncryptedKeyMaterial=wrap(given, "RSAES_OAEP_SHA_256", bytes(32)), **wrong,
            )
    bring(kms, empty, bytes(32), ValidTo=now + timedelta(days=364))
    found = told(kms, empty)
    assert found["ExpirationModel"] == "KEY_MATERIAL_EXPIRES"
    assert abs(found["ValidTo"] - now - timedelta(days=364)) < timedelta(seconds=1)
    bring(kms, empty, bytes(32))
    assert told(kms, empty)["ExpirationModel"] == "KEY_MATERIAL_DOES_NOT_EXPIRE"


@pytest.mark.needs_binary
def test_expired_material_is_gone_and_can_come_back():
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    with Server(None, "--ephemeral", "--clock", "2026-01-01T00:00:00Z", "--frozen-clock") as server:
        kms = client(server.env)
        advance = lambda by: clock(server, by)  # noqa: E731
        key, material = make(kms), secrets.token_bytes(32)
        bring(kms, key, material, ValidTo=start + timedelta(days=2))
        sealed = kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]
        stale = parameters(kms, key)
        advance("1d")
        with pytest.raises(kms.exceptions.ExpiredImportTokenException):
            kms.import_key_material(
                KeyId=key, ImportToken=stale["ImportToken"],
                EncryptedKeyMaterial=wrap(stale, "RSAES_OAEP_SHA_256", material), **FOREVER,
            )
        assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"
        advance("1d")
        assert told(kms, key)["KeyState"] == "PendingImport"
        with pytest.raises(kms.exceptions.KMSInvalidStateException):
            kms.decrypt(CiphertextBlob=sealed)
        bring(kms, key, material)
        assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"


def clock(server, by):
    wire = Wire(server.env, service="keystead")
    path, body = "/keystead/v1/dev/clock", json.dumps({"advance": by}).encode()
    answer = wire.send("POST", path, wire.signed("POST", path, {"Content-Type": "application/json"}, body), body)
    assert answer.status == 200, answer


def test_related_keys_wait_for_each_other(server, kms, refused):
    west = client(server.env, region_name="eu-west-1")
    key = make(kms, MultiRegion=True)
    assert key.startswith("mrk-")
    one, two = secrets.token_bytes(32), secrets.token_bytes(32)
    bring(kms, key, one)
    kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    assert told(west, key)["KeyState"] == "PendingImport"
    with refused("IncorrectKeyMaterialException"):
        bring(west, key, two)
    bring(west, key, one)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]
    assert west.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"
    with refused("UnsupportedOperationException"):
        bring(west, key, two, ImportType="NEW_KEY_MATERIAL")
    second = bring(kms, key, two, ImportType="NEW_KEY_MATERIAL")["KeyMaterialId"]
    assert versions(kms, key)[1]["KeyMaterialState"] == "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"
    with refused("UnsupportedOperationException"):
        kms.rotate_key_on_demand(KeyId=key)
    bring(west, key, two)
    assert versions(kms, key)[1]["KeyMaterialState"] == "PENDING_ROTATION"
    kms.rotate_key_on_demand(KeyId=key)
    assert told(west, key)["CurrentKeyMaterialId"] == second == told(kms, key)["CurrentKeyMaterialId"]
    assert west.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=b"new")["CiphertextBlob"])["Plaintext"] == b"new"
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"data"


PAGE = Path(__file__).parents[2] / "docs/operating/importing-key-material.md"


def test_the_page_for_owners_does_what_it_says(server, tmp_path):
    """Every shell block of the page, run in order in one shell with nothing but the AWS CLI and openssl."""
    script = "set -eu\n" + "\n".join(re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.S))
    beside = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    said = run(["bash", "-c", script], server.environment(PATH=beside), cwd=tmp_path).stdout.decode()
    assert "Enabled" in said and "Verified OK" in said
    assert '"NON_CURRENT"' in said and '"CURRENT"' in said
