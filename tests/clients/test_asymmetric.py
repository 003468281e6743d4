"""What keys of all kinds do together: ciphertexts that move, key pairs, dry runs, and slow keys that hold nobody up."""

import threading

import pytest
from botocore.exceptions import ClientError

OAEP = "RSAES_OAEP_SHA_256"
CONTEXT = {"tenant": "7"}


@pytest.fixture(scope="module")
def keys(kms):
    """One key of each kind, made when first asked for."""
    made = {}

    def key(spec="SYMMETRIC_DEFAULT", usage="ENCRYPT_DECRYPT"):
        if (spec, usage) not in made:
            made[spec, usage] = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]
        return made[spec, usage]

    return key


def code(call, **body):
    with pytest.raises(ClientError) as refused:
        call(**body)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_key_says_what_it_is(kms, keys):
    for spec, usage in (("RSA_2048", "ENCRYPT_DECRYPT"), ("HMAC_384", "GENERATE_VERIFY_MAC"), ("ML_KEM_512", "ENCAPSULATE_DECAPSULATE")):
        told = kms.describe_key(KeyId=keys(spec, usage)["KeyId"])["KeyMetadata"]
        assert (told["KeySpec"], told["CustomerMasterKeySpec"], told["KeyUsage"]) == (spec, spec, usage)
        assert "CurrentKeyMaterialId" not in told, "only symmetric encryption keys have versions to name"
    assert "CurrentKeyMaterialId" in keys()


def test_the_old_name_of_the_specification_still_works(kms):
    made = kms.create_key(CustomerMasterKeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    assert made["KeySpec"] == "ECC_NIST_P256"


def test_a_key_that_does_not_rotate_says_so(kms, keys, refused):
    for spec, usage in (("ECC_NIST_P256", "SIGN_VERIFY"), ("HMAC_256", "GENERATE_VERIFY_MAC")):
        key = keys(spec, usage)["KeyId"]
        assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
        for call in (kms.enable_key_rotation, kms.rotate_key_on_demand):
            with refused("UnsupportedOperationException"):
                call(KeyId=key)


def test_a_ciphertext_moves_from_a_symmetric_key_to_rsa_and_back(kms, keys):
    symmetric, rsa = keys(), keys("RSA_2048")
    sealed = kms.encrypt(KeyId=symmetric["KeyId"], Plaintext=b"moved", EncryptionContext=CONTEXT)["CiphertextBlob"]
    there = kms.re_encrypt(
        CiphertextBlob=sealed, SourceEncryptionContext=CONTEXT, DestinationKeyId=rsa["KeyId"], DestinationEncryptionAlgorithm=OAEP
    )
    assert len(there["CiphertextBlob"]) == 256
    assert (there["SourceKeyId"], there["KeyId"]) == (symmetric["Arn"], rsa["Arn"])
    assert (there["SourceEncryptionAlgorithm"], there["DestinationEncryptionAlgorithm"]) == ("SYMMETRIC_DEFAULT", OAEP)
    assert there["SourceKeyMaterialId"] == symmetric["CurrentKeyMaterialId"] and "DestinationKeyMaterialId" not in there
    back = kms.re_encrypt(
        CiphertextBlob=there["CiphertextBlob"], SourceKeyId=rsa["KeyId"], SourceEncryptionAlgorithm=OAEP,
        DestinationKeyId=symmetric["KeyId"], DestinationEncryptionContext=CONTEXT,
    )
    assert "SourceKeyMaterialId" not in back and back["DestinationKeyMaterialId"] == symmetric["CurrentKeyMaterialId"]
    opened = kms.decrypt(CiphertextBlob=back["CiphertextBlob"], EncryptionContext=CONTEXT)
    assert opened["Plaintext"] == b"moved"


def test_an_rsa_ciphertext_is_opened_by_the_key_that_is_named(kms, keys):
    rsa = keys("RSA_2048")
    blob = kms.encrypt(KeyId=rsa["KeyId"], Plaintext=b"x", EncryptionAlgorithm=OAEP)["CiphertextBlob"]
    opened = kms.decrypt(CiphertextBlob=blob, KeyId=rsa["KeyId"], EncryptionAlgorithm=OAEP)
    assert (opened["Plaintext"], opened["KeyId"]) == (b"x", rsa["Arn"]) and "KeyMaterialId" not in opened
    body = {"CiphertextBlob": blob, "EncryptionAlgorithm": OAEP}
    assert code(kms.decrypt, **body) == ("ValidationException", "KeyId must not be null")
    assert code(kms.re_encrypt, CiphertextBlob=blob, SourceEncryptionAlgorithm=OAEP, DestinationKeyId=keys()["KeyId"]) == (
        "ValidationException", "SourceKeyId must not be null",
    )
    assert code(kms.decrypt, KeyId=keys("RSA_2048", "SIGN_VERIFY")["KeyId"], **body)[0] == "InvalidKeyUsageException"
    for algorithm in ("SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1"):
        found = code(kms.decrypt, CiphertextBlob=blob, KeyId=rsa["KeyId"], EncryptionAlgorithm=algorithm)
        assert found[0] == "InvalidCiphertextException"
    sealed = kms.encrypt(KeyId=keys()["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    assert code(kms.decrypt, CiphertextBlob=sealed, KeyId=rsa["KeyId"])[0] == "IncorrectKeyException"


def test_what_does_not_fit_is_told_in_the_words_clients_know(kms, keys):
    rsa, signer, agreeing = keys("RSA_2048"), keys("RSA_2048", "SIGN_VERIFY"), keys("ECC_NIST_P256", "KEY_AGREEMENT")
    ed, ml = keys("ECC_NIST_EDWARDS25519", "SIGN_VERIFY"), keys("ML_DSA_44", "SIGN_VERIFY")

    def encrypt(**more):
        return code(kms.encrypt, KeyId=rsa["KeyId"], **{"Plaintext": b"x", "EncryptionAlgorithm": OAEP} | more)

    def sign(key, algorithm, **more):
        return code(kms.sign, KeyId=key["KeyId"], SigningAlgorithm=algorithm, **{"Message": b"x"} | more)

    usage, validation = "InvalidKeyUsageException", "ValidationException"
    for found, *said in (
        (encrypt(EncryptionAlgorithm="SYMMETRIC_DEFAULT"), usage, "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."),
        (encrypt(Plaintext=b"x" * 191), validation, f"Algorithm {OAEP} and key spec RSA_2048 cannot encrypt data larger than 190 bytes."),
        (
            encrypt(EncryptionContext=CONTEXT),
            validation, "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.",
        ),
        (
            code(kms.generate_data_key, KeyId=rsa["KeyId"], KeySpec="AES_256"),
            usage, "You cannot generate a data key with an asymmetric CMK",
        ),
        (
            code(kms.generate_data_key_pair, KeyId=rsa["KeyId"], KeyPairSpec="ECC_NIST_P256"),
            usage, "You cannot generate a data key with an asymmetric CMK",
        ),
        (sign(rsa, "RSASSA_PSS_SHA_256"), usage, f"{rsa['Arn']} key usage is ENCRYPT_DECRYPT which is not valid for Sign."),
        (sign(signer, "ECDSA_SHA_256"), usage, "Algorithm ECDSA_SHA_256 is incompatible with key spec RSA_2048."),
        (
            sign(signer, "RSASSA_PSS_SHA_384", MessageType="DIGEST"),
            validation, "Digest is invalid length for algorithm RSASSA_PSS_SHA_384.",
        ),
        (sign(ed, "ED25519_PH_SHA_512"), validation, "Message type RAW is incompatible with algorithm ED25519_PH_SHA_512."),
        (
            sign(ml, "ML_DSA_SHAKE_256", MessageType="DIGEST", Message=b"x" * 64),
            validation, "Message type DIGEST is incompatible with key spec ML_DSA_44.",
        ),
        (
            code(kms.derive_shared_secret, KeyId=signer["KeyId"], KeyAgreementAlgorithm="ECDH", PublicKey=b"x"),
            usage, f"{signer['Arn']} key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret.",
        ),
        (
            code(kms.create_key, KeySpec="ECC_SECG_P256K1", KeyUsage="KEY_AGREEMENT"),
            validation, "KeyUsage KEY_AGREEMENT is not compatible with KeySpec ECC_SECG_P256K1",
        ),
    ):
        assert found == tuple(said)
    refused = code(kms.derive_shared_secret, KeyId=agreeing["KeyId"], KeyAgreementAlgorithm="ECDH", PublicKey=b"x")
    assert refused[0] == validation and refused[1]
    for length in (256, 6144):
        found = code(kms.verify, KeyId=signer["KeyId"], Message=b"x", SigningAlgorithm="RSASSA_PSS_SHA_256", Signature=b"x" * length)
        assert found == ("KMSInvalidSignatureException", "")


def test_the_private_half_of_a_data_key_pair_opens_with_its_context(kms, keys, refused):
    key = keys()
    for spec in ("ECC_NIST_P384", "ML_KEM_768", "RSA_2048"):
        pair = kms.generate_data_key_pair(KeyId=key["KeyId"], KeyPairSpec=spec, EncryptionContext=CONTEXT)
        assert (pair["KeyId"], pair["KeyPairSpec"], pair["KeyMaterialId"]) == (key["Arn"], spec, key["CurrentKeyMaterialId"])
        blob = pair["PrivateKeyCiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)["Plaintext"] == pair["PrivateKeyPlaintext"]
        with refused("InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=blob)
        wrapped = kms.generate_data_key_pair_without_plaintext(KeyId=key["KeyId"], KeyPairSpec=spec)
        assert "PrivateKeyPlaintext" not in wrapped and wrapped["PublicKey"] != pair["PublicKey"]
    with refused("UnsupportedOperationException"):
        kms.generate_data_key_pair(KeyId=key["KeyId"], KeyPairSpec="SM2")


def dry_runs(kms, keys):
    """A call that would succeed, of every operation here that has dry runs."""
    symmetric, rsa, signer = keys()["KeyId"], keys("RSA_2048")["KeyId"], keys("ECC_NIST_P256", "SIGN_VERIFY")["KeyId"]
    mac, agreeing = keys("HMAC_256", "GENERATE_VERIFY_MAC")["KeyId"], keys("ECC_NIST_P256", "KEY_AGREEMENT")["KeyId"]
    kem = keys("ML_KEM_512", "ENCAPSULATE_DECAPSULATE")["KeyId"]
    message = {"KeyId": signer, "Message": b"m", "SigningAlgorithm": "ECDSA_SHA_256"}
    code = {"KeyId": mac, "Message": b"m", "MacAlgorithm": "HMAC_SHA_256"}
    pair = {"KeyId": symmetric, "KeyPairSpec": "RSA_4096"}
    rsa_blob = kms.encrypt(KeyId=rsa, Plaintext=b"x", EncryptionAlgorithm=OAEP)["CiphertextBlob"]
    secret = {"KeyId": kem, "EncapsulationAlgorithm": "ML_KEM"}
    encapsulated = kms.encapsulate(**secret)["SharedSecretCiphertextBlob"]
    yield kms.sign, message
    yield kms.verify, message | {"Signature": kms.sign(**message)["Signature"]}
    yield kms.generate_mac, code
    yield kms.verify_mac, code | {"Mac": kms.generate_mac(**code)["Mac"]}
    peer = kms.get_public_key(KeyId=agreeing)["PublicKey"]
    yield kms.derive_shared_secret, {"KeyId": agreeing, "KeyAgreementAlgorithm": "ECDH", "PublicKey": peer}
    yield kms.encapsulate, secret
    yield kms.decapsulate, secret | {"SharedSecretCiphertextBlob": encapsulated}
    yield kms.generate_data_key_pair, pair
    yield kms.generate_data_key_pair_without_plaintext, pair
    yield kms.encrypt, {"KeyId": rsa, "Plaintext": b"x", "EncryptionAlgorithm": OAEP}
    yield kms.decrypt, {"KeyId": rsa, "CiphertextBlob": rsa_blob, "EncryptionAlgorithm": OAEP}
    source = {"SourceKeyId": rsa, "CiphertextBlob": rsa_blob, "SourceEncryptionAlgorithm": OAEP}
    yield kms.re_encrypt, source | {"DestinationKeyId": symmetric}


def test_a_dry_run_says_that_it_would_have_succeeded(kms, keys):
    for call, body in dry_runs(kms, keys):
        assert code(call, DryRun=True, **body)[0] == "DryRunOperationException", call


def test_a_dry_run_fails_as_the_call_would(kms, keys):
    signer, mac = keys("ECC_NIST_P256", "SIGN_VERIFY")["KeyId"], keys("HMAC_256", "GENERATE_VERIFY_MAC")["KeyId"]
    body = {"KeyId": signer, "Message": b"m", "SigningAlgorithm": "ECDSA_SHA_256", "DryRun": True}
    assert code(kms.verify, Signature=b"x", **body)[0] == "KMSInvalidSignatureException"
    assert code(kms.verify_mac, KeyId=mac, Message=b"m", MacAlgorithm="HMAC_SHA_256", Mac=b"x", DryRun=True)[0] == "KMSInvalidMacException"


def test_a_dry_run_may_ignore_the_ciphertext(kms, keys):
    ignoring = {"DryRun": True, "DryRunModifiers": ["IGNORE_CIPHERTEXT"]}
    symmetric, rsa = keys()["KeyId"], keys("RSA_2048")["KeyId"]
    to_rsa = {"DestinationKeyId": rsa, "DestinationEncryptionAlgorithm": OAEP}
    for call, body in (
        (kms.decrypt, {"KeyId": symmetric}),
        (kms.decrypt, {"KeyId": rsa, "CiphertextBlob": b"nonsense", "EncryptionAlgorithm": OAEP}),
        (kms.re_encrypt, {"SourceKeyId": symmetric} | to_rsa),
    ):
        assert code(call, **body, **ignoring)[0] == "DryRunOperationException"
    assert code(kms.decrypt, **ignoring) == ("ValidationException", "KeyId must not be null")
    assert code(kms.re_encrypt, DestinationKeyId=symmetric, **ignoring) == ("ValidationException", "SourceKeyId must not be null")
    assert code(kms.decrypt, KeyId=keys("RSA_2048", "SIGN_VERIFY")["KeyId"], **ignoring)[0] == "InvalidKeyUsageException"
    assert "'ciphertextBlob'" in code(kms.decrypt, KeyId=symmetric, DryRunModifiers=["IGNORE_CIPHERTEXT"])[1]


def test_slow_keys_hold_nobody_up(kms, keys):
    """On two threads RSA keys are made one after the other; meanwhile this one encrypts, and does so many times."""
    key, done, made = keys()["KeyId"], threading.Event(), []

    def make():
        try:
            made.extend(kms.create_key(KeySpec="RSA_4096", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeySpec"] for _ in range(2))
        finally:
            done.set()

    maker = threading.Thread(target=make)
    maker.start()
    sealed = 0
    while not done.is_set():
        kms.encrypt(KeyId=key, Plaintext=b"x")
        sealed += 1
    maker.join()
    assert made == ["RSA_4096"] * 2
    assert sealed >= 2
