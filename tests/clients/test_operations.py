"""A right request for every operation of the service model, and answers that keep to the model."""

import base64
import re
from pathlib import Path

import pytest
from harness.model import MODEL, OPERATIONS, encoded, method
from harness.wire import assert_refused

#: What has to be in the answer to the workshop's request; anything else of the model may be.
ANSWERS = {
    "CancelKeyDeletion": "KeyId",
    "CreateCustomKeyStore": "CustomKeyStoreId",
    "CreateGrant": "GrantToken GrantId",
    "CreateKey": "KeyMetadata",
    "Decapsulate": "KeyId SharedSecret EncapsulationAlgorithm",
    "Decrypt": "KeyId Plaintext EncryptionAlgorithm KeyMaterialId",
    "DeleteImportedKeyMaterial": "KeyId KeyMaterialId",
    "DeriveSharedSecret": "KeyId SharedSecret KeyAgreementAlgorithm KeyOrigin",
    "DescribeCustomKeyStores": "CustomKeyStores Truncated",
    "DescribeKey": "KeyMetadata",
    "Encapsulate": "KeyId SharedSecret SharedSecretCiphertextBlob EncapsulationAlgorithm",
    "Encrypt": "CiphertextBlob KeyId EncryptionAlgorithm",
    "GenerateDataKey": "CiphertextBlob Plaintext KeyId KeyMaterialId",
    "GenerateDataKeyPair": "PrivateKeyCiphertextBlob PrivateKeyPlaintext PublicKey KeyId KeyPairSpec KeyMaterialId",
    "GenerateDataKeyPairWithoutPlaintext": "PrivateKeyCiphertextBlob PublicKey KeyId KeyPairSpec KeyMaterialId",
    "GenerateDataKeyWithoutPlaintext": "CiphertextBlob KeyId KeyMaterialId",
    "GenerateMac": "Mac MacAlgorithm KeyId",
    "GenerateRandom": "Plaintext",
    "GetKeyLastUsage": "KeyId TrackingStartDate KeyCreationDate",
    "GetKeyPolicy": "Policy PolicyName",
    "GetKeyRotationStatus": "KeyRotationEnabled KeyId",
    "GetParametersForImport": "KeyId ImportToken PublicKey ParametersValidTo",
    "GetPublicKey": "KeyId PublicKey CustomerMasterKeySpec KeySpec KeyUsage SigningAlgorithms",
    "ImportKeyMaterial": "KeyId KeyMaterialId",
    "ListAliases": "Aliases Truncated",
    "ListGrants": "Grants Truncated",
    "ListKeyPolicies": "PolicyNames Truncated",
    "ListKeyRotations": "Rotations Truncated",
    "ListKeys": "Keys Truncated",
    "ListResourceTags": "Tags Truncated",
    "ListRetirableGrants": "Grants Truncated",
    "ReEncrypt": "CiphertextBlob SourceKeyId KeyId SourceEncryptionAlgorithm DestinationEncryptionAlgorithm "
    "SourceKeyMaterialId DestinationKeyMaterialId",
    "ReplicateKey": "ReplicaKeyMetadata ReplicaPolicy ReplicaTags",
    "RotateKeyOnDemand": "KeyId",
    "ScheduleKeyDeletion": "KeyId DeletionDate KeyState PendingWindowInDays",
    "Sign": "KeyId Signature SigningAlgorithm",
    "Verify": "KeyId SignatureValid SigningAlgorithm",
    "VerifyMac": "KeyId MacValid MacAlgorithm",
}
#: What AWS's metadata of every key has.
METADATA = (
    "AWSAccountId KeyId Arn CreationDate Enabled Description KeyUsage KeyState Origin KeyManager CustomerMasterKeySpec KeySpec MultiRegion"
).split()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_right_request_is_answered_with_what_the_model_says(wire, workshop, operation):
    answer = wire.call(operation, encoded(workshop.request(operation)))
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.headers["x-amzn-requestid"])
    output = MODEL.operation_model(operation).output_shape
    if output is None:
        assert answer.body == b""
        return
    found = answer.json if answer.body else {}
    missing = set(ANSWERS.get(operation, "").split()) - set(found)
    assert not missing, f"{missing} not in {found}"
    keeps_to(output, found, operation)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_boto3_reads_the_answer(workshop, operation):
    body = workshop.request(operation)
    answer = method(workshop.kms, operation)(**body)
    metadata = answer.pop("ResponseMetadata")
    assert metadata["HTTPStatusCode"] == 200 and metadata["RequestId"] and metadata["RetryAttempts"] == 0
    assert set(ANSWERS.get(operation, "").split()) <= set(answer)


def test_there_are_as_many_operations_as_there_were():
    assert len(OPERATIONS) == 56, "the model has changed: give each new operation a request in the workshop"


def test_every_answer_of_the_model_has_its_members_listed():
    answered = {name for name in OPERATIONS if (shape := MODEL.operation_model(name).output_shape) and shape.members}
    assert answered == set(ANSWERS)


PAGE = Path(__file__).parents[2] / "docs/protocols/aws-kms.md"


def test_the_page_has_every_operation_with_what_it_takes():
    table = PAGE.read_text().split("## Operations")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| ")][1:]
    said = {name: flags for names, flags, *_ in rows for name in names.split(", ")}
    letters = {"D": "DryRun", "G": "GrantTokens", "R": "Recipient"}
    members = {name: MODEL.operation_model(name).input_shape.members for name in OPERATIONS}
    assert said == {name: " ".join(letter for letter, member in letters.items() if member in members[name]) for name in OPERATIONS}


def keeps_to(shape, value, path):
    """Checks a value of an answer against its shape: JSON type, words, lengths, and no member the model lacks."""
    kind, limits = shape.type_name, shape.metadata
    if kind == "structure":
        assert isinstance(value, dict), f"{path}: {value!r}"
        unknown = set(value) - set(shape.members)
        assert not unknown, f"{path} has {unknown}"
        lacking = set(shape.required_members) - set(value)
        assert not lacking, f"{path} lacks {lacking}"
        if shape.name == "KeyMetadata":
            assert not set(METADATA) - set(value), f"{path} lacks {set(METADATA) - set(value)}"
        for name, inner in value.items():
            assert inner is not None, f"{path}.{name} is null"
            keeps_to(shape.members[name], inner, f"{path}.{name}")
    elif kind == "list":
        assert isinstance(value, list), f"{path}: {value!r}"
        for number, inner in enumerate(value):
            keeps_to(shape.member, inner, f"{path}[{number}]")
    elif kind == "map":
        assert isinstance(value, dict), f"{path}: {value!r}"
        for name, inner in value.items():
            keeps_to(shape.value, inner, f"{path}[{name}]")
    elif kind == "string":
        assert isinstance(value, str), f"{path}: {value!r}"
        within(limits, len(value), path)
        assert value in limits.get("enum", [value]), f"{path}: {value}"
    elif kind == "blob":
        assert isinstance(value, str), f"{path}: {value!r}"
        decoded = base64.b64decode(value, validate=True)
        assert base64.b64encode(decoded).decode() == value, path
        within(limits, len(decoded), path)
    elif kind == "boolean":
        assert isinstance(value, bool), f"{path}: {value!r}"
    elif kind in ("integer", "long"):
        assert isinstance(value, int) and not isinstance(value, bool), f"{path}: {value!r}"
        within(limits, value, path)
    elif kind == "timestamp":
        assert isinstance(value, (int, float)) and not isinstance(value, bool), f"{path}: {value!r}"
        assert 1_600_000_000 < value < 10_000_000_000, f"{path}: {value} are no seconds"
        assert round(value, 3) == value, f"{path}: {value} is finer than milliseconds"
    else:
        raise AssertionError(f"{path} has the unknown type {kind}")


def within(limits, size, path):
    assert limits.get("min", 0) <= size <= limits.get("max", size), f"{path}: {size} is not within {limits}"


# --- Dry runs --------------------------------------------------------------------------------------------------------

DRY = [name for name in OPERATIONS if "DryRun" in MODEL.operation_model(name).input_shape.members]


@pytest.mark.parametrize("operation", DRY)
def test_a_dry_run_says_that_it_would_have_gone_well_and_does_nothing(wire, workshop, operation):
    body = workshop.request(operation)
    answer = assert_refused(wire.call(operation, encoded(body | {"DryRun": True})), "DryRunOperationException", status=412)
    assert answer.message == "The request would have succeeded, but the DryRun option is set."
    again = wire.call(operation, encoded(body | {"DryRun": False}))
    assert again.status == 200, again.body


@pytest.mark.parametrize("operation", DRY)
def test_a_dry_run_that_would_fail_says_why(wire, workshop, operation):
    body = workshop.request(operation)
    if "KeyId" not in body:
        body = {"GrantToken": "none"} if operation == "RetireGrant" else body | {"CiphertextBlob": b"none"}
        codes = ("InvalidGrantTokenException", "InvalidCiphertextException")
    else:
        body["KeyId"] = "00000000-0000-4000-8000-000000000000"
        codes = ("NotFoundException",)
    assert_refused(wire.call(operation, encoded(body | {"DryRun": True})), *codes, status=400)


