"""Every key specification with every usage: made as AWS would make it, or refused; and what the key says of itself."""

import pytest
from harness.model import MODEL

RSA = [f"RSASSA_{padding}_SHA_{bits}" for padding in ("PKCS1_V1_5", "PSS") for bits in (256, 384, 512)]
OAEP = ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
#: For each specification and each usage it may have: the algorithms, under the metadata's name for them.
KINDS = {
    "SYMMETRIC_DEFAULT": {"ENCRYPT_DECRYPT": ("EncryptionAlgorithms", ["SYMMETRIC_DEFAULT"])},
    **{
        f"RSA_{bits}": {"ENCRYPT_DECRYPT": ("EncryptionAlgorithms", OAEP), "SIGN_VERIFY": ("SigningAlgorithms", RSA)}
        for bits in (2048, 3072, 4096)
    },
    **{
        f"ECC_NIST_P{bits}": {
            "SIGN_VERIFY": ("SigningAlgorithms", [f"ECDSA_SHA_{hash}"]), "KEY_AGREEMENT": ("KeyAgreementAlgorithms", ["ECDH"]),
        }
        for bits, hash in ((256, 256), (384, 384), (521, 512))
    },
    "ECC_SECG_P256K1": {"SIGN_VERIFY": ("SigningAlgorithms", ["ECDSA_SHA_256"])},
    "ECC_NIST_EDWARDS25519": {"SIGN_VERIFY": ("SigningAlgorithms", ["ED25519_PH_SHA_512", "ED25519_SHA_512"])},
    **{f"HMAC_{bits}": {"GENERATE_VERIFY_MAC": ("MacAlgorithms", [f"HMAC_SHA_{bits}"])} for bits in (224, 256, 384, 512)},
    **{f"ML_DSA_{size}": {"SIGN_VERIFY": ("SigningAlgorithms", ["ML_DSA_SHAKE_256"])} for size in (44, 65, 87)},
    **{f"ML_KEM_{size}": {"ENCAPSULATE_DECAPSULATE": ("EncapsulationAlgorithms", ["ML_KEM"])} for size in (512, 768, 1024)},
}
LISTS = ("EncryptionAlgorithms", "SigningAlgorithms", "KeyAgreementAlgorithms", "MacAlgorithms", "EncapsulationAlgorithms")
SPECS, USAGES = (MODEL.shape_for(name).metadata["enum"] for name in ("KeySpec", "KeyUsageType"))


def test_every_specification_of_the_model_is_here():
    assert set(SPECS) == set(KINDS) | {"SM2"}


@pytest.mark.parametrize("usage", USAGES)
@pytest.mark.parametrize("spec", [spec for spec in SPECS if spec != "SM2"])
def test_a_specification_serves_its_usages_and_no_other(workshop, refused, spec, usage):
    if usage not in KINDS[spec]:
        with refused("ValidationException") as error:
            workshop.kms.create_key(KeySpec=spec, KeyUsage=usage)
        assert error.message == f"KeyUsage {usage} is not compatible with KeySpec {spec}"
        return
    key = workshop.kms.describe_key(KeyId=workshop.of(spec, usage))["KeyMetadata"]
    name, algorithms = KINDS[spec][usage]
    assert (key["KeySpec"], key["CustomerMasterKeySpec"], key["KeyUsage"]) == (spec, spec, usage)
    assert sorted(key[name]) == sorted(algorithms)
    assert not [other for other in LISTS if other != name and other in key]
    assert key["KeyState"] == "Enabled" and key["Origin"] == "AWS_KMS"


@pytest.mark.parametrize("spec", [spec for spec in SPECS if spec not in ("SM2", "SYMMETRIC_DEFAULT")])
def test_all_but_symmetric_keys_want_a_usage(workshop, refused, spec):
    if spec.startswith("HMAC"):
        with refused("ValidationException"):
            workshop.kms.create_key(KeySpec=spec)
        return
    with refused("ValidationException") as error:
        workshop.kms.create_key(KeySpec=spec)
    assert "KeyUsage" in error.message


@pytest.mark.parametrize("usage", ("SIGN_VERIFY", "ENCRYPT_DECRYPT", "KEY_AGREEMENT"))
def test_the_chinese_specification_is_for_chinese_regions(workshop, refused, usage):
    with refused("UnsupportedOperationException"):
        workshop.kms.create_key(KeySpec="SM2", KeyUsage=usage)


WITH_PUBLIC = [(spec, usage) for spec in KINDS for usage in KINDS[spec] if not spec.startswith(("HMAC", "SYMMETRIC"))]


@pytest.mark.parametrize("spec, usage", WITH_PUBLIC)
def test_a_public_key_comes_with_what_it_is_for(workshop, spec, usage):
    key = workshop.of(spec, usage)
    answer = workshop.kms.get_public_key(KeyId=key)
    name, algorithms = KINDS[spec][usage]
    assert answer["KeyId"].endswith(f":key/{key}")
    assert (answer["KeySpec"], answer["CustomerMasterKeySpec"], answer["KeyUsage"]) == (spec, spec, usage)
    assert sorted(answer[name]) == sorted(algorithms)
    assert not [other for other in LISTS if other != name and other in answer]


@pytest.mark.parametrize("spec", ["SYMMETRIC_DEFAULT", "HMAC_256"])
def test_secret_keys_have_no_public_half(workshop, refused, spec):
    with refused("UnsupportedOperationException"):
        workshop.kms.get_public_key(KeyId=workshop.of(spec, next(iter(KINDS[spec]))))


#: Each operation that uses keys: the usage it wants, and what it is given.
USES = {
    "encrypt": ("ENCRYPT_DECRYPT", {"Plaintext": b"x"}),
    "decrypt": ("ENCRYPT_DECRYPT", {"CiphertextBlob": b"x" * 256, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}),
    "sign": ("SIGN_VERIFY", {"Message": b"x", "SigningAlgorithm": "ECDSA_SHA_256"}),
    "verify": ("SIGN_VERIFY", {"Message": b"x", "SigningAlgorithm": "ECDSA_SHA_256", "Signature": b"x"}),
    "generate_mac": ("GENERATE_VERIFY_MAC", {"Message": b"x", "MacAlgorithm": "HMAC_SHA_256"}),
    "verify_mac": ("GENERATE_VERIFY_MAC", {"Message": b"x", "MacAlgorithm": "HMAC_SHA_256", "Mac": b"x"}),
    "derive_shared_secret": ("KEY_AGREEMENT", {"KeyAgreementAlgorithm": "ECDH", "PublicKey": b"x"}),
    "encapsulate": ("ENCAPSULATE_DECAPSULATE", {"EncapsulationAlgorithm": "ML_KEM"}),
    "decapsulate": ("ENCAPSULATE_DECAPSULATE", {"EncapsulationAlgorithm": "ML_KEM", "SharedSecretCiphertextBlob": b"x"}),
    "generate_data_key": ("ENCRYPT_DECRYPT", {"KeySpec": "AES_256"}),
    "generate_data_key_without_plaintext": ("ENCRYPT_DECRYPT", {"KeySpec": "AES_256"}),
    "generate_data_key_pair": ("ENCRYPT_DECRYPT", {"KeyPairSpec": "ECC_NIST_P256"}),
    "generate_data_key_pair_without_plaintext": ("ENCRYPT_DECRYPT", {"KeyPairSpec": "ECC_NIST_P256"}),
}
#: One key of each usage.
SAMPLES = {
    "ENCRYPT_DECRYPT": "RSA_2048", "SIGN_VERIFY": "ECC_NIST_P384", "GENERATE_VERIFY_MAC": "HMAC_512", "KEY_AGREEMENT": "ECC_NIST_P384",
    "ENCAPSULATE_DECAPSULATE": "ML_KEM_768",
}


@pytest.mark.parametrize("usage", SAMPLES)
@pytest.mark.parametrize("operation", USES)
def test_a_key_for_something_else_is_refused(workshop, refused, operation, usage):
    wanted, body = USES[operation]
    if usage == wanted and not operation.startswith("generate_data_key"):
        return
    with refused("InvalidKeyUsageException"):
        getattr(workshop.kms, operation)(KeyId=workshop.of(SAMPLES[usage], usage), **body)


SIGNING = MODEL.shape_for("SigningAlgorithmSpec").metadata["enum"]


@pytest.mark.parametrize("algorithm", SIGNING)
@pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519", "ML_DSA_44"])
def test_an_algorithm_signs_with_the_specifications_it_is_for(workshop, refused, spec, algorithm):
    body = {"KeyId": workshop.of(spec, "SIGN_VERIFY"), "SigningAlgorithm": algorithm, "Message": b"m" * 64}
    if "_PH_" in algorithm:
        body["MessageType"] = "DIGEST"
    if algorithm in KINDS[spec]["SIGN_VERIFY"][1]:
        signature = workshop.kms.sign(**body)["Signature"]
        assert workshop.kms.verify(Signature=signature, **body)["SignatureValid"] is True
        return
    for call, more in ((workshop.kms.sign, {}), (workshop.kms.verify, {"Signature": b"x"})):
        with refused("InvalidKeyUsageException"):
            call(**body, **more)
