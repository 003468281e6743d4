"""Grants, with boto3: two accounts, what each may do with the other's key, and for how long."""

import json
import re

import pytest
from conftest import client
from harness.server import Server

pytestmark = pytest.mark.needs_binary

OWNER, OTHER, THIRD = "111122223333", "444455556666", "777788889999"
CONTEXT = {"tenant": "7", "stage": "test"}


def root(account):
    return f"arn:aws:iam::{account}:root"


@pytest.fixture(scope="module")
def server():
    with Server(None, "--ephemeral", "--any-credentials") as started:
        yield started


@pytest.fixture(scope="module")
def of(server):
    """A client of the root of an account."""

    def of(account, **more):
        return client(server.env | {"AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "x"}, **more)

    return of


@pytest.fixture(scope="module")
def owner(of):
    return of(OWNER)


@pytest.fixture(scope="module")
def other(of):
    return of(OTHER)


@pytest.fixture
def key(owner):
    return owner.create_key()["KeyMetadata"]["Arn"]


def grant(owner, key, *operations, grantee=root(OTHER), **more):
    return owner.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=list(operations), **more)


def listed(kms, **asked):
    pages = kms.get_paginator("list_grants").paginate(**asked, PaginationConfig={"PageSize": 3})
    return [entry for page in pages for entry in page["Grants"]]


def test_a_grant_works_at_once_and_ends_at_once(owner, other, key, refused):
    with refused("AccessDeniedException"):
        other.encrypt(KeyId=key, Plaintext=b"x")
    made = grant(owner, key, "Encrypt", "Decrypt", "DescribeKey")
    assert re.fullmatch(r"[0-9a-f]{64}", made["GrantId"])
    assert 1 <= len(made["GrantToken"]) <= 8192
    blob = other.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert other.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    assert other.describe_key(KeyId=key)["KeyMetadata"]["Arn"] == key
    with refused("AccessDeniedException"):
        other.generate_data_key(KeyId=key, KeySpec="AES_256")
    owner.revoke_grant(KeyId=key, GrantId=made["GrantId"])
    with refused("AccessDeniedException"):
        other.decrypt(CiphertextBlob=blob)


def test_every_operation_on_a_symmetric_key_that_a_grant_can_give(owner, other, key, refused):
    operations = [
        "Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo",
        "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "DescribeKey", "CreateGrant", "RetireGrant",
    ]  # fmt: skip
    made = grant(owner, key, *operations)
    (entry,) = listed(owner, KeyId=key)
    assert sorted(entry["Operations"]) == sorted(operations)
    blob = other.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    again = other.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key)["CiphertextBlob"]
    assert other.decrypt(CiphertextBlob=again)["Plaintext"] == b"x"
    other.generate_data_key(KeyId=key, KeySpec="AES_256")
    other.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256")
    other.retire_grant(GrantToken=made["GrantToken"])
    with refused("AccessDeniedException"):
        other.encrypt(KeyId=key, Plaintext=b"x")


def spki_of_a_peer():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


#: Spec and usage of a key; what a grant on it can give; and calls that need just that, each with what the one before answered.
OTHER_KEYS = {
    "signing": (
        ("ECC_NIST_P256", "SIGN_VERIFY"),
        {
            "Sign": lambda kms, key, _: kms.sign(KeyId=key, Message=b"m", SigningAlgorithm="ECDSA_SHA_256")["Signature"],
            "Verify": lambda kms, key, was: kms.verify(KeyId=key, Message=b"m", Signature=was, SigningAlgorithm="ECDSA_SHA_256"),
            "GetPublicKey": lambda kms, key, _: kms.get_public_key(KeyId=key),
        },
    ),
    "RSA encryption": (
        ("RSA_2048", "ENCRYPT_DECRYPT"),
        {
            "Encrypt": lambda kms, key, _: kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionAlgorithm="RSAES_OAEP_SHA_256")["CiphertextBlob"],
            "Decrypt": lambda kms, key, was: kms.decrypt(KeyId=key, CiphertextBlob=was, EncryptionAlgorithm="RSAES_OAEP_SHA_256"),
            "GetPublicKey": lambda kms, key, _: kms.get_public_key(KeyId=key),
        },
    ),
    "MAC": (
        ("HMAC_256", "GENERATE_VERIFY_MAC"),
        {
            "GenerateMac": lambda kms, key, _: kms.generate_mac(KeyId=key, Message=b"m", MacAlgorithm="HMAC_SHA_256")["Mac"],
            "VerifyMac": lambda kms, key, was: kms.verify_mac(KeyId=key, Message=b"m", Mac=was, MacAlgorithm="HMAC_SHA_256"),
        },
    ),
    "agreement": (
        ("ECC_NIST_P256", "KEY_AGREEMENT"),
        {
            "DeriveSharedSecret": lambda kms, key, _: kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=spki_of_a_peer()),
            "GetPublicKey": lambda kms, key, _: kms.get_public_key(KeyId=key),
        },
    ),
}


@pytest.mark.parametrize("spec, calls", OTHER_KEYS.values(), ids=OTHER_KEYS)
def test_grants_on_keys_of_other_kinds(owner, other, refused, spec, calls):
    key = owner.create_key(KeySpec=spec[0], KeyUsage=spec[1])["KeyMetadata"]["Arn"]
    was = None
    for operation, call in calls.items():
        with refused("AccessDeniedException"):
            call(other, key, was)
        grant(owner, key, operation)
        was = call(other, key, was)
    with refused("ValidationException"):
        grant(owner, key, *calls, Constraints={"EncryptionContextSubset": {"a": "b"}})
    with refused("ValidationException"):
        grant(owner, key, "GenerateDataKey")


def test_a_grant_of_data_key_pairs_is_bound_to_its_context(owner, other, key, refused):
    grant(owner, key, "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", Constraints={"EncryptionContextEquals": CONTEXT})
    for call in (other.generate_data_key_pair, other.generate_data_key_pair_without_plaintext):
        call(KeyId=key, KeyPairSpec="ECC_NIST_P256", EncryptionContext=CONTEXT)
        with refused("AccessDeniedException"):
            call(KeyId=key, KeyPairSpec="ECC_NIST_P256")


@pytest.mark.parametrize("operation", ["Sign", "Verify", "GetPublicKey", "GenerateMac", "VerifyMac", "DeriveSharedSecret", "Encapsulate", "Decapsulate"])
def test_what_the_key_cannot_do_is_refused(owner, key, refused, operation):
    with refused("ValidationException") as error:
        grant(owner, key, "Decrypt", operation)
    assert operation in error.message


def test_a_grant_of_nothing_and_a_grant_of_making_grants_only_are_refused(owner, key, refused):
    with refused("ValidationException"):
        grant(owner, key)
    with refused("ValidationException") as error:
        grant(owner, key, "CreateGrant")
    assert error.message == "Grants must not contain only the CreateGrant operation."


@pytest.mark.parametrize("principal", ["ada", OTHER, "arn:aws:iam::1:root", "arn:aws:s3:::bucket", "arn:aws:iam::111122223333:group/g"])
def test_what_is_no_principal_is_refused(owner, key, refused, principal):
    for member in ("GranteePrincipal", "RetiringPrincipal"):
        asked = {"KeyId": key, "GranteePrincipal": root(OTHER), "Operations": ["Decrypt"]} | {member: principal}
        with refused("InvalidArnException") as error:
            owner.create_grant(**asked)
        assert error.message == f"ARN does not refer to a valid principal: {principal}"


def test_a_grant_bound_to_a_context(owner, other, key, refused):
    grant(owner, key, "Encrypt", "DescribeKey", Constraints={"EncryptionContextSubset": {"tenant": "7"}})
    other.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=CONTEXT)
    other.describe_key(KeyId=key)
    for context in ({}, {"tenant": "8"}, {"stage": "test"}):
        with refused("AccessDeniedException"):
            other.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=context)
    grant(owner, key, "Decrypt", Constraints={"EncryptionContextEquals": CONTEXT})
    blobs = [owner.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=c)["CiphertextBlob"] for c in (CONTEXT, CONTEXT | {"a": "b"})]
    assert other.decrypt(CiphertextBlob=blobs[0], EncryptionContext=CONTEXT)["Plaintext"] == b"x"
    with refused("AccessDeniedException"):
        other.decrypt(CiphertextBlob=blobs[1], EncryptionContext=CONTEXT | {"a": "b"})


@pytest.mark.parametrize(
    "constraints",
    [
        {"EncryptionContextSubset": {"a": "b"}, "EncryptionContextEquals": {"a": "b"}},
        {"EncryptionContextSubset": {f"k{number}": "v" for number in range(9)}},
        {"EncryptionContextEquals": {"k": "v" * 385}},
    ],
)
def test_constraints_past_their_limits_are_refused(owner, key, refused, constraints):
    with refused("ValidationException"):
        grant(owner, key, "Decrypt", Constraints=constraints)


def test_constraints_at_their_limits_are_taken(owner, key):
    pairs = {f"k{number}": "v" * 384 for number in range(8)}
    grant(owner, key, "Decrypt", Constraints={"EncryptionContextEquals": pairs})
    (entry,) = listed(owner, KeyId=key)
    assert entry["Constraints"] == {"EncryptionContextEquals": pairs}


def test_a_source_is_asked_for_and_nobody_here_has_one(owner, other, key, refused):
    arn = f"arn:aws:s3:eu-central-1:{OTHER}:bucket/x"
    grant(owner, key, "Decrypt", "DescribeKey", Constraints={"SourceArn": arn})
    (entry,) = listed(owner, KeyId=key)
    assert entry["Constraints"] == {"SourceArn": arn}
    with refused("AccessDeniedException"):
        other.describe_key(KeyId=key)


def test_services_get_grants_that_are_bound_to_a_resource(owner, key, refused):
    asked = {"KeyId": key, "GranteeServicePrincipal": "s3.amazonaws.com", "Operations": ["Decrypt"]}
    source = {"SourceArn": f"arn:aws:s3:eu-central-1:{OTHER}:bucket/x"}
    for more in ({}, {"Constraints": source}, {"RetiringPrincipal": root(OWNER)}):
        with refused("ValidationException"):
            owner.create_grant(**asked, **more)
    with refused("ValidationException"):
        owner.create_grant(**asked, GranteePrincipal=root(OTHER), Constraints=source, RetiringPrincipal=root(OWNER))
    owner.create_grant(**asked, Constraints=source, RetiringServicePrincipal="s3.amazonaws.com")
    (entry,) = listed(owner, KeyId=key)
    assert entry["GranteeServicePrincipal"] == entry["RetiringServicePrincipal"] == "s3.amazonaws.com"
    with refused("AccessDeniedException"):
        owner.list_grants(KeyId=key, GranteeServicePrincipal="s3.amazonaws.com")


def test_tokens_are_taken_where_the_model_has_them_and_forged_ones_are_not(owner, other, key, refused):
    token = grant(owner, key, "Encrypt", "Decrypt", "DescribeKey", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey")["GrantToken"]
    blob = other.encrypt(KeyId=key, Plaintext=b"x", GrantTokens=[token] * 10)["CiphertextBlob"]
    calls = [
        lambda tokens: other.encrypt(KeyId=key, Plaintext=b"x", GrantTokens=tokens),
        lambda tokens: other.decrypt(CiphertextBlob=blob, GrantTokens=tokens),
        lambda tokens: other.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key, GrantTokens=tokens),
        lambda tokens: other.generate_data_key(KeyId=key, KeySpec="AES_256", GrantTokens=tokens),
        lambda tokens: other.describe_key(KeyId=key, GrantTokens=tokens),
    ]
    for call in calls:
        call([token])
        for odd in ("A", token[:-1], token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "A" * 8192):
            with refused("InvalidGrantTokenException"):
                call([token, odd])


def test_a_name_makes_a_request_safe_to_repeat(owner, key):
    first = grant(owner, key, "Decrypt", Name="backup")
    again = grant(owner, key, "Decrypt", Name="backup")
    assert first["GrantId"] == again["GrantId"] and first["GrantToken"] != again["GrantToken"]
    assert grant(owner, key, "Encrypt", Name="backup")["GrantId"] != first["GrantId"]
    assert grant(owner, key, "Decrypt")["GrantId"] != grant(owner, key, "Decrypt")["GrantId"]
    assert sorted(entry.get("Name", "") for entry in listed(owner, KeyId=key)) == ["", "", "backup", "backup"]


def test_a_dry_run_decides_and_changes_nothing(owner, other, key, refused):
    asked = {"KeyId": key, "GranteePrincipal": root(OTHER), "Operations": ["Decrypt"], "DryRun": True}
    with refused("DryRunOperationException"):
        owner.create_grant(**asked)
    with refused("AccessDeniedException"):
        other.create_grant(**asked)
    assert listed(owner, KeyId=key) == []
    made = grant(owner, key, "Decrypt")["GrantId"]
    for call in (owner.revoke_grant, owner.retire_grant):
        with refused("DryRunOperationException"):
            call(KeyId=key, GrantId=made, DryRun=True)
    assert len(listed(owner, KeyId=key)) == 1


def test_a_listing_tells_everything_about_each_grant(owner, key):
    made = grant(owner, key, "Decrypt", "Encrypt", Name="n", RetiringPrincipal=root(THIRD), Constraints={"EncryptionContextSubset": {'q"': "ü"}})
    (entry,) = listed(owner, KeyId=key)
    created = entry.pop("CreationDate")
    assert created.year >= 2024
    assert entry == {
        "KeyId": key,
        "GrantId": made["GrantId"],
        "Name": "n",
        "GranteePrincipal": root(OTHER),
        "RetiringPrincipal": root(THIRD),
        "IssuingAccount": root(OWNER),
        "Operations": ["Decrypt", "Encrypt"],
        "Constraints": {"EncryptionContextSubset": {'q"': "ü"}},
    }


def test_listings_come_in_pages_and_are_narrowed_down(owner, key, refused):
    ids = [grant(owner, key, "Decrypt", grantee=f"arn:aws:iam::{OTHER}:role/r{number % 2}")["GrantId"] for number in range(8)]
    assert sorted(entry["GrantId"] for entry in listed(owner, KeyId=key)) == sorted(ids)
    found = listed(owner, KeyId=key, GranteePrincipal=f"arn:aws:iam::{OTHER}:role/r1")
    assert sorted(entry["GrantId"] for entry in found) == sorted(ids[1::2])
    assert [entry["GrantId"] for entry in listed(owner, KeyId=key, GrantId=ids[4])] == [ids[4]]
    assert listed(owner, KeyId=key, GrantId="0" * 64) == []
    with refused("InvalidGrantIdException"):
        owner.list_grants(KeyId=key, GrantId="x")
    with refused("InvalidMarkerException"):
        owner.list_grants(KeyId=key, Marker="made up")
    with refused("ValidationException"):
        owner.list_grants(KeyId=key, GranteePrincipal=root(OTHER), GranteeServicePrincipal="s3.amazonaws.com")


def test_who_may_retire_a_grant_sees_it_listed_and_retires_it(of, owner, other, key, refused):
    third = of(THIRD)
    ids = [grant(owner, key, "Decrypt", RetiringPrincipal=root(THIRD))["GrantId"] for _ in range(4)]
    pages = third.get_paginator("list_retirable_grants").paginate(RetiringPrincipal=root(THIRD), PaginationConfig={"PageSize": 3})
    found = [entry for page in pages for entry in page["Grants"]]
    assert {entry["GrantId"] for entry in found} >= set(ids)
    with refused("AccessDeniedException"):
        owner.list_retirable_grants(RetiringPrincipal=root(THIRD))
    with refused("ValidationException"):
        third.list_retirable_grants()
    with refused("AccessDeniedException"):
        other.retire_grant(KeyId=key, GrantId=ids[0])
    third.retire_grant(KeyId=key, GrantId=ids[0])
    owner.retire_grant(KeyId=key, GrantId=ids[1])
    assert {entry["GrantId"] for entry in listed(owner, KeyId=key)} == set(ids[2:])


def test_a_grantee_passes_on_what_it_has_and_no_more(of, owner, other, key, refused):
    third = of(THIRD)
    grant(owner, key, "Encrypt", "Decrypt", "CreateGrant", Constraints={"EncryptionContextSubset": {"tenant": "7"}})
    asked = {"KeyId": key, "GranteePrincipal": root(THIRD)}
    for operations, constraints in (
        (["Encrypt"], None),
        (["Encrypt"], {"EncryptionContextSubset": {"tenant": "8"}}),
        (["Encrypt", "DescribeKey"], {"EncryptionContextSubset": {"tenant": "7"}}),
    ):
        with refused("AccessDeniedException"):
            other.create_grant(**asked, Operations=operations, **({"Constraints": constraints} if constraints else {}))
    other.create_grant(**asked, Operations=["Encrypt"], Constraints={"EncryptionContextEquals": CONTEXT})
    third.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=CONTEXT)
    with refused("AccessDeniedException"):
        third.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"tenant": "7"})


def test_what_is_not_there_is_told_apart(owner, key, refused):
    with refused("NotFoundException"):
        owner.revoke_grant(KeyId=key, GrantId="0" * 64)
    with refused("NotFoundException"):
        owner.retire_grant(KeyId=key, GrantId="0" * 64)
    for call in (owner.revoke_grant, owner.retire_grant):
        with refused("InvalidGrantIdException"):
            call(KeyId=key, GrantId="x")
    with refused("InvalidGrantTokenException"):
        owner.retire_grant(GrantToken="x")
    for odd in ({}, {"KeyId": key}, {"GrantId": "0" * 64}, {"KeyId": key, "GrantId": "0" * 64, "GrantToken": "x"}):
        with refused("ValidationException"):
            owner.retire_grant(**odd)


def test_a_denial_in_the_keys_policy_wins(owner, other, key, refused):
    own = {"Effect": "Allow", "Principal": {"AWS": root(OWNER)}, "Action": "kms:*", "Resource": "*"}
    deny = {"Effect": "Deny", "Principal": {"AWS": root(OTHER)}, "Action": "kms:Encrypt", "Resource": "*"}
    grant(owner, key, "Encrypt", "DescribeKey")
    owner.put_key_policy(KeyId=key, Policy=json.dumps({"Version": "2012-10-17", "Statement": [own, deny]}))
    with refused("AccessDeniedException"):
        other.encrypt(KeyId=key, Plaintext=b"x")
    other.describe_key(KeyId=key)


@pytest.mark.parametrize(
    "condition, fits",
    [
        ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt", "DescribeKey"]}}, {}),
        ({"StringEquals": {"kms:GranteePrincipal": root(THIRD)}}, {"GranteePrincipal": root(THIRD)}),
        ({"StringEquals": {"kms:RetiringPrincipal": root(OTHER)}}, {"RetiringPrincipal": root(OTHER)}),
        ({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextSubset"}}, {"Constraints": {"EncryptionContextSubset": {"a": "b"}}}),
        ({"StringEquals": {"kms:EncryptionContext:a": "b"}}, {"Constraints": {"EncryptionContextEquals": {"a": "b"}}}),
        ({"Bool": {"kms:GrantIsForAWSResource": "false"}}, {}),
    ],
)
def test_policies_say_which_grants_may_be_made(owner, other, key, refused, condition, fits):
    own = {"Effect": "Allow", "Principal": {"AWS": root(OWNER)}, "Action": "kms:*", "Resource": "*"}
    allow = {"Effect": "Allow", "Principal": {"AWS": root(OTHER)}, "Action": "kms:CreateGrant", "Resource": "*", "Condition": condition}
    owner.put_key_policy(KeyId=key, Policy=json.dumps({"Version": "2012-10-17", "Statement": [own, allow]}))
    asked = {"KeyId": key, "GranteePrincipal": root(OTHER), "Operations": ["Decrypt"]}
    other.create_grant(**asked | fits)
    if fits:
        with refused("AccessDeniedException"):
            other.create_grant(**asked)
    elif "Bool" not in condition:
        with refused("AccessDeniedException"):
            other.create_grant(**asked | {"Operations": ["Decrypt", "Encrypt"]})


def test_grants_and_their_end_are_on_record(server, owner, other, key):
    made = grant(owner, key, "Encrypt")["GrantId"]
    other.encrypt(KeyId=key, Plaintext=b"x")
    owner.revoke_grant(KeyId=key, GrantId=made)
    asked = ("audit", "search", "--key", key, "--json")
    told = server.run(*asked, AWS_ACCESS_KEY_ID=OWNER, AWS_SECRET_ACCESS_KEY="x").stdout.decode()
    assert f"grant {made}" in told, "the record of the use names the grant"
    assert told.count(f"grant/{made}") >= 2, "so do those of its making and its end"


def test_grants_outlive_a_restart(tmp_path, refused):
    flags = ("--any-credentials",)
    with Server(tmp_path / "data", *flags) as first:
        owner = client(first.env | {"AWS_ACCESS_KEY_ID": OWNER, "AWS_SECRET_ACCESS_KEY": "x"})
        key = owner.create_key()["KeyMetadata"]["Arn"]
        kept, ended = grant(owner, key, "Encrypt"), grant(owner, key, "DescribeKey")
        owner.revoke_grant(KeyId=key, GrantId=ended["GrantId"])
    with Server(tmp_path / "data", *flags) as second:
        other = client(second.env | {"AWS_ACCESS_KEY_ID": OTHER, "AWS_SECRET_ACCESS_KEY": "x"})
        other.encrypt(KeyId=key, Plaintext=b"x", GrantTokens=[kept["GrantToken"]])
        with refused("AccessDeniedException"):
            other.describe_key(KeyId=key)
        with refused("InvalidGrantTokenException"):
            other.encrypt(KeyId=key, Plaintext=b"x", GrantTokens=[ended["GrantToken"]])
