"""What keys are for: sealing, opening, data keys, random bytes."""

import pytest

CONTEXT = {"tenant": "7", "purpose": "test é 鍵"}


@pytest.mark.parametrize("size", [1, 2, 31, 32, 33, 4095, 4096])
def test_what_was_sealed_opens(kms, key, size):
    plain = bytes(number % 251 for number in range(size))
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=plain, EncryptionContext=CONTEXT)
    assert (sealed["KeyId"], sealed["EncryptionAlgorithm"]) == (key["Arn"], "SYMMETRIC_DEFAULT")
    assert size < len(sealed["CiphertextBlob"]) <= 6144
    for name in ({}, {"KeyId": key["KeyId"]}, {"KeyId": key["Arn"]}, {"EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}):
        opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=CONTEXT, **name)
        assert opened["Plaintext"] == plain
        assert (opened["KeyId"], opened["EncryptionAlgorithm"]) == (key["Arn"], "SYMMETRIC_DEFAULT")
        assert len(opened["KeyMaterialId"]) == 64


def test_no_two_ciphertexts_are_alike(kms, key_id):
    assert len({kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"] for _ in range(50)}) == 50


@pytest.mark.parametrize("size", [0, 4097, 6000])
def test_a_plaintext_has_limits(loose, key_id, refused, size):
    with refused("ValidationException") as error:
        loose.encrypt(KeyId=key_id, Plaintext=b"p" * size)
    assert "'plaintext' failed to satisfy constraint: Member must have length" in error.message
    assert "pppp" not in error.message and "cHBw" not in error.message


@pytest.mark.parametrize("size, code", [(0, "ValidationException"), (6145, "ValidationException"), (6144, "InvalidCiphertextException"), (1, "InvalidCiphertextException")])
def test_a_ciphertext_has_limits(loose, refused, size, code):
    with refused(code):
        loose.decrypt(CiphertextBlob=b"c" * size)


def test_the_context_must_be_the_same(kms, key_id, refused):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x", EncryptionContext=CONTEXT)["CiphertextBlob"]
    others = [{}, {"tenant": "7"}, CONTEXT | {"more": "x"}, CONTEXT | {"tenant": "8"}, {"Tenant": "7", "purpose": CONTEXT["purpose"]}]
    for other in others:
        with refused("InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=blob, EncryptionContext=other)
    turned = dict(reversed(CONTEXT.items()))
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=turned)["Plaintext"] == b"x"


def test_a_context_cannot_be_cut_differently(kms, key_id, refused):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x", EncryptionContext={"a": "bc"})["CiphertextBlob"]
    for other in ({"ab": "c"}, {"a": "b", "c": ""}, {"abc": ""}):
        with refused("InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=blob, EncryptionContext=other)


def test_a_context_has_a_limit(kms, key_id, refused):
    kms.encrypt(KeyId=key_id, Plaintext=b"x", EncryptionContext={"k": "v" * 8000})
    with refused("ValidationException", "InvalidParameterException", "LimitExceededException"):
        kms.encrypt(KeyId=key_id, Plaintext=b"x", EncryptionContext={"k": "v" * 8200})


def test_every_changed_byte_is_noticed(kms, key_id, refused):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"secret")["CiphertextBlob"]
    for at in range(len(blob)):
        changed = blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
        with refused("InvalidCiphertextException", "NotFoundException", "AccessDeniedException") as error:
            kms.decrypt(CiphertextBlob=changed)
        with refused("InvalidCiphertextException", "IncorrectKeyException"):
            kms.decrypt(CiphertextBlob=changed, KeyId=key_id)
    for changed in (blob[:-1], blob + b"\0", blob[1:], blob[: len(blob) // 2]):
        with refused("InvalidCiphertextException") as error:
            kms.decrypt(CiphertextBlob=changed)
    assert "secret" not in error.message


def test_a_ciphertext_opens_only_under_the_key_that_is_named(kms, key_id, refused):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    with refused("IncorrectKeyException"):
        kms.decrypt(CiphertextBlob=blob, KeyId=other)
    with refused("NotFoundException"):
        kms.decrypt(CiphertextBlob=blob, KeyId="00000000-0000-4000-8000-000000000000")


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"])
def test_an_algorithm_that_does_not_fit_is_refused(kms, key_id, refused, algorithm):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    with refused("InvalidKeyUsageException", "ValidationException"):
        kms.encrypt(KeyId=key_id, Plaintext=b"x", EncryptionAlgorithm=algorithm)
    with refused("InvalidKeyUsageException", "ValidationException", "InvalidCiphertextException"):
        kms.decrypt(CiphertextBlob=blob, KeyId=key_id, EncryptionAlgorithm=algorithm)


def test_decrypt_needs_a_ciphertext(loose, key_id, refused):
    with refused("ValidationException"):
        loose.decrypt()
    with refused("ValidationException"):
        loose.decrypt(KeyId=key_id)


def test_re_encryption_moves_key_and_context(kms, key, refused):
    other = kms.create_key()["KeyMetadata"]
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", EncryptionContext={"a": "1"})["CiphertextBlob"]
    moved = kms.re_encrypt(
        CiphertextBlob=blob, SourceEncryptionContext={"a": "1"}, DestinationKeyId=other["KeyId"],
        DestinationEncryptionContext={"b": "2"}, SourceKeyId=key["Arn"],
    )
    assert (moved["SourceKeyId"], moved["KeyId"]) == (key["Arn"], other["Arn"])
    assert moved["SourceEncryptionAlgorithm"] == moved["DestinationEncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"
    assert moved["SourceKeyMaterialId"] != moved["DestinationKeyMaterialId"]
    opened = kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"b": "2"})
    assert (opened["Plaintext"], opened["KeyId"]) == (b"x", other["Arn"])
    assert opened["KeyMaterialId"] == moved["DestinationKeyMaterialId"]
    with refused("InvalidCiphertextException"):
        kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=other["KeyId"])
    with refused("IncorrectKeyException"):
        kms.re_encrypt(
            CiphertextBlob=blob, SourceEncryptionContext={"a": "1"}, DestinationKeyId=other["KeyId"], SourceKeyId=other["KeyId"]
        )
    with refused("NotFoundException"):
        kms.re_encrypt(CiphertextBlob=blob, SourceEncryptionContext={"a": "1"}, DestinationKeyId="alias/none")


def test_re_encryption_may_stay_under_the_same_key(kms, key_id):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    moved = kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key_id)["CiphertextBlob"]
    assert moved != blob and kms.decrypt(CiphertextBlob=moved)["Plaintext"] == b"x"


DATA_KEYS = [({"KeySpec": "AES_256"}, 32), ({"KeySpec": "AES_128"}, 16), ({"NumberOfBytes": 1}, 1), ({"NumberOfBytes": 1024}, 1024), ({"NumberOfBytes": 64}, 64)]


@pytest.mark.parametrize("ask, size", DATA_KEYS)
def test_a_data_key_has_the_size_asked_for(kms, key, ask, size):
    made = kms.generate_data_key(KeyId=key["KeyId"], EncryptionContext=CONTEXT, **ask)
    assert len(made["Plaintext"]) == size and made["KeyId"] == key["Arn"]
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=CONTEXT)
    assert opened["Plaintext"] == made["Plaintext"]
    assert opened["KeyMaterialId"] == made["KeyMaterialId"]
    wrapped = kms.generate_data_key_without_plaintext(KeyId=key["KeyId"], EncryptionContext=CONTEXT, **ask)
    assert "Plaintext" not in wrapped and wrapped["KeyId"] == key["Arn"]
    assert len(kms.decrypt(CiphertextBlob=wrapped["CiphertextBlob"], EncryptionContext=CONTEXT)["Plaintext"]) == size


@pytest.mark.parametrize("call", ["generate_data_key", "generate_data_key_without_plaintext"])
@pytest.mark.parametrize("ask", [{}, {"KeySpec": "AES_256", "NumberOfBytes": 32}, {"NumberOfBytes": 0}, {"NumberOfBytes": 1025}, {"KeySpec": "AES_192"}])
def test_a_data_key_is_asked_for_in_one_way(loose, key_id, refused, call, ask):
    with refused("ValidationException"):
        getattr(loose, call)(KeyId=key_id, **ask)


@pytest.mark.parametrize("size", [1, 32, 1024])
def test_random_bytes_come_in_the_number_asked_for(kms, size):
    drawn = {kms.generate_random(NumberOfBytes=size)["Plaintext"] for _ in range(3)}
    assert all(len(bytes_) == size for bytes_ in drawn)
    assert size < 32 or len(drawn) == 3


@pytest.mark.parametrize("ask", [{}, {"NumberOfBytes": 0}, {"NumberOfBytes": 1025}, {"NumberOfBytes": -1}])
def test_random_bytes_have_limits(loose, refused, ask):
    with refused("ValidationException"):
        loose.generate_random(**ask)


def test_a_dry_run_says_that_it_would_have_gone_through_and_does_nothing(kms, key_id, refused):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    calls = {
        "encrypt": {"KeyId": key_id, "Plaintext": b"x"},
        "decrypt": {"CiphertextBlob": blob},
        "re_encrypt": {"CiphertextBlob": blob, "DestinationKeyId": key_id},
        "generate_data_key": {"KeyId": key_id, "KeySpec": "AES_256"},
        "generate_data_key_without_plaintext": {"KeyId": key_id, "NumberOfBytes": 8},
    }
    for call, more in calls.items():
        with refused("DryRunOperationException") as error:
            getattr(kms, call)(DryRun=True, **more)
        assert "DryRun" in error.message
        getattr(kms, call)(DryRun=False, **more)


def test_a_dry_run_tells_what_would_have_gone_wrong(kms, disabled, refused):
    with refused("DisabledException"):
        kms.encrypt(KeyId=disabled, Plaintext=b"x", DryRun=True)
    with refused("NotFoundException"):
        kms.generate_data_key(KeyId="alias/none", KeySpec="AES_256", DryRun=True)


def test_grant_tokens_are_taken_where_aws_takes_them(kms, loose, key_id, refused):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x", GrantTokens=[])["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=blob, GrantTokens=[])
    kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key_id, GrantTokens=[])
    with refused("ValidationException"):
        loose.encrypt(KeyId=key_id, Plaintext=b"x", GrantTokens=["t"] * 11)
    with refused("ValidationException"):
        loose.encrypt(KeyId=key_id, Plaintext=b"x", GrantTokens=[""])
