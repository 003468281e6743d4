"""What is said with an error, where AWS's own words are known: clients and their logs match on them."""


import pytest
from botocore.exceptions import ClientError
from harness.model import REGION, method
from harness.workshop import MESSAGE

NOBODY = "00000000-0000-4000-8000-000000000000"


def arn(workshop, key):
    return workshop.kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]


def rsa(workshop):
    return workshop.of("RSA_2048", "ENCRYPT_DECRYPT")


def elsewhere(workshop):
    """The ARN of a key of another Region."""
    return arn(workshop, workshop.key("aes")).replace(workshop.kms.meta.region_name, REGION)


#: A label; operation, body and `Code: message` from a workshop. `{arn}` is the ARN of the body's key.
SAID = {
    "no length of random bytes": lambda w: ("GenerateRandom", {}, "ValidationException: NumberOfBytes is required."),
    "a key id that nobody has": lambda w: ("DescribeKey", {"KeyId": NOBODY}, f"NotFoundException: Key 'arn:aws:kms:us-east-1:{w.account}:key/{NOBODY}' does not exist"),
    "no key id": lambda w: ("DescribeKey", {"KeyId": "fake-key-id"}, "NotFoundException: Invalid keyId 'fake-key-id'"),
    "no id of a multi-Region key": lambda w: ("DescribeKey", {"KeyId": "mrk-fake"}, "NotFoundException: Invalid keyId 'mrk-fake'"),
    "an id without hyphens": lambda w: ("DescribeKey", {"KeyId": "134f2428cec14b25a1ae9048164dba47"}, "NotFoundException: Invalid keyId '134f2428cec14b25a1ae9048164dba47'"),
    "a key of another Region": lambda w: ("DescribeKey", {"KeyId": elsewhere(w)}, f"NotFoundException: Invalid arn {REGION}"),
    "an alias without its prefix": lambda w: (
        "CreateAlias", {"AliasName": "x", "TargetKeyId": w.key("aes")},
        'ValidationException: Alias must start with the prefix "alias/". Please see '
        "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html",
    ),
    "a plaintext that is too long": lambda w: (
        "Encrypt", {"KeyId": w.key("aes"), "Plaintext": b"x" * 4097},
        "ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: "
        "Member must have length less than or equal to 4096",
    ),
    "a usage that is left out": lambda w: (
        "CreateKey", {"KeySpec": "HMAC_256"},
        "ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
    ),
    "too much for RSA-2048 with SHA-1": lambda w: (
        "Encrypt", {"KeyId": rsa(w), "Plaintext": b"x" * 215, "EncryptionAlgorithm": "RSAES_OAEP_SHA_1"},
        "ValidationException: Algorithm RSAES_OAEP_SHA_1 and key spec RSA_2048 cannot encrypt data larger than 214 bytes.",
    ),
    "too much for RSA-2048 with SHA-256": lambda w: (
        "Encrypt", {"KeyId": rsa(w), "Plaintext": b"x" * 191, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"},
        "ValidationException: Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.",
    ),
    "a digest of the wrong length": lambda w: (
        "Sign", {"KeyId": w.key("sign"), "Message": MESSAGE, "MessageType": "DIGEST", "SigningAlgorithm": "ECDSA_SHA_256"},
        "ValidationException: Digest is invalid length for algorithm ECDSA_SHA_256.",
    ),
    "an algorithm for a longer code": lambda w: (
        "GenerateMac", {"KeyId": w.key("mac"), "Message": MESSAGE, "MacAlgorithm": "HMAC_SHA_512"},
        "InvalidKeyUsageException: Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.",
    ),
    "an algorithm of another curve": lambda w: (
        "Sign", {"KeyId": w.key("sign"), "Message": MESSAGE, "SigningAlgorithm": "ECDSA_SHA_384"},
        "InvalidKeyUsageException: Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.",
    ),
    "an asymmetric algorithm for a symmetric key": lambda w: (
        "Encrypt", {"KeyId": w.key("aes"), "Plaintext": b"x", "EncryptionAlgorithm": "RSAES_OAEP_SHA_1"},
        "InvalidKeyUsageException: Algorithm RSAES_OAEP_SHA_1 is incompatible with key spec SYMMETRIC_DEFAULT.",
    ),
    "a code with a key for encryption": lambda w: (
        "GenerateMac", {"KeyId": w.key("aes"), "Message": MESSAGE, "MacAlgorithm": "HMAC_SHA_256"},
        "InvalidKeyUsageException: {arn} key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac.",
    ),
    "a signature with a key for codes": lambda w: (
        "Sign", {"KeyId": w.key("mac"), "Message": MESSAGE, "SigningAlgorithm": "RSASSA_PSS_SHA_256"},
        "InvalidKeyUsageException: {arn} key usage is GENERATE_VERIFY_MAC which is not valid for Sign.",
    ),
    "encryption with a key for signatures": lambda w: (
        "Encrypt", {"KeyId": w.key("sign"), "Plaintext": b"x"},
        "InvalidKeyUsageException: {arn} key usage is SIGN_VERIFY which is not valid for Encrypt.",
    ),
    "decryption with a key for codes": lambda w: (
        "Decrypt", {"KeyId": w.key("mac"), "CiphertextBlob": w.sealed(w.key("aes"))},
        "IncorrectKeyException: The key ID in the request does not identify a CMK that can perform this operation.",
    ),
    "an import into a key made here": lambda w: (
        "GetParametersForImport",
        {"KeyId": w.key("aes"), "WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"},
        "UnsupportedOperationException: {arn} origin is AWS_KMS which is not valid for this operation.",
    ),
    "an import that expires at no time": lambda w: (
        "ImportKeyMaterial", w.import_request(w.fresh(imported=True)) | {"ExpirationModel": "KEY_MATERIAL_EXPIRES"},
        "ValidationException: A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES",
    ),
    "a ciphertext under another context": lambda w: (
        "Decrypt", {"CiphertextBlob": w.sealed(w.key("aes")), "EncryptionContext": {"a": "b"}}, "InvalidCiphertextException: ",
    ),
}


@pytest.mark.parametrize("label", SAID)
def test_the_words_are_those_of_aws(workshop, label):
    operation, body, expected = SAID[label](workshop)
    with pytest.raises(ClientError) as error:
        method(workshop.kms, operation)(**body)
    said = error.value.response["Error"]
    if "{arn}" in expected:
        expected = expected.replace("{arn}", arn(workshop, body["KeyId"]))
    assert f"{said['Code']}: {said['Message']}" == expected
