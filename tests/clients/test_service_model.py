"""Every member of every operation, put wrong in every way the service model can tell: always a refusal of AWS's form.

The cases are made from the model that botocore carries, not from the server's copy of it.
"""

import base64
import json

import botocore.session
import pytest
from harness.wire import assert_refused

OPERATIONS = """
    CreateKey DescribeKey ListKeys UpdateKeyDescription EnableKey DisableKey ScheduleKeyDeletion CancelKeyDeletion
    CreateAlias UpdateAlias DeleteAlias ListAliases TagResource UntagResource ListResourceTags
    GetKeyPolicy PutKeyPolicy ListKeyPolicies
    Encrypt Decrypt ReEncrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateRandom
    EnableKeyRotation DisableKeyRotation GetKeyRotationStatus RotateKeyOnDemand ListKeyRotations
""".split()
MODEL = botocore.session.get_session().get_service_model("kms")
SERIALIZATION = ("SerializationException",)
VALIDATION = ("ValidationException",)
#: What is checked after the form, and may answer with a name of its own.
OWN_ERRORS = {
    "AliasName": ("InvalidAliasNameException",),
    "Recipient": ("UnsupportedOperationException",),
    "CustomKeyStoreId": ("UnsupportedOperationException", "CustomKeyStoreNotFoundException"),
    "XksKeyId": ("UnsupportedOperationException",),
}


class Raw:
    """A JSON text that no value encodes to."""

    def __init__(self, text):
        self.text = text


def wrong(shape, name):
    """Label, value and the error's name, for each way in which a value of this shape can be wrong."""
    kind, limits = shape.type_name, shape.metadata
    types = {"string": "text", "blob": "text", "integer": 7, "long": 7, "boolean": True, "list": [], "map": {}, "structure": {}}
    same = {"text": ("string", "blob"), "7": ("integer", "long")}
    for label, value in (("text", "!"), ("7", 7), ("true", True), ("list", []), ("map", {}), ("float", 1.5)):
        fits = type(value) is type(types[kind]) or kind in same.get(label, ()) or (kind == "structure" and label == "map")
        tolerated = (kind in ("integer", "long") and label == "float") or (kind == "structure" and label == "list")
        if not fits and not tolerated:
            yield f"{label} for {kind}", value, SERIALIZATION
    if kind == "string":
        yield from wrong_text(shape, limits)
    elif kind == "blob":
        for label, text in (("no base64", "!!!!"), ("cut base64", "AAA"), ("url base64", "_-_-")):
            yield label, text, SERIALIZATION
        if limits.get("min", 0) > 0:
            yield "empty", "", VALIDATION
        if "max" in limits:
            yield "too long", base64.b64encode(b"b" * (limits["max"] + 1)).decode(), VALIDATION
    elif kind in ("integer", "long"):
        for label, number in (("below", limits.get("min", 1) - 1), ("above", limits.get("max", 1) + 1), ("far below", -(2**31))):
            yield label, number, VALIDATION
        for label, text in (("2^31", str(2**31)), ("2^64", str(2**64)), ("1e400", "1e400"), ("-2^63-1", str(-(2**63) - 1))):
            yield label, Raw(text), SERIALIZATION + VALIDATION
    elif kind == "list":
        good = good_value(shape.member)
        if limits.get("min", 0) > 0:
            yield "too few", [], VALIDATION
        if "max" in limits:
            yield "too many", [good] * (limits["max"] + 1), VALIDATION
        yield "null element", [None], SERIALIZATION + VALIDATION
        for label, value, types in wrong(shape.member, name):
            yield f"element: {label}", [value], types
    elif kind == "map":
        for label, value, types in wrong(shape.value, name):
            yield f"value: {label}", {"k": value}, types
        yield "null value", {"k": None}, SERIALIZATION + VALIDATION
    elif kind == "structure":
        for part, inner in shape.members.items():
            rest = {other: good_value(shape.members[other]) for other in shape.required_members if other != part}
            if part in shape.required_members:
                yield f"without {part}", rest, VALIDATION
            for label, value, types in wrong(inner, part):
                yield f"{part}: {label}", rest | {part: value}, types


def wrong_text(shape, limits):
    if limits.get("min", 0) > 0:
        yield "empty", "", VALIDATION
    if "max" in limits:
        yield "too long", "a" * (limits["max"] + 1), VALIDATION
    if limits.get("enum"):
        yield "no such word", "NO_SUCH_WORD", VALIDATION
        yield "other case", limits["enum"][0].swapcase(), VALIDATION
    if limits.get("pattern"):
        yield "outside the pattern", "\u2028\u0001" if limits["pattern"] != "[\\w]+" else "!", VALIDATION
    yield "half a surrogate", Raw('"\\ud800"'), SERIALIZATION + VALIDATION


def good_value(shape):
    kind = shape.type_name
    if kind == "string":
        return shape.metadata.get("enum", ["text"])[0]
    if kind == "structure":
        return {name: good_value(shape.members[name]) for name in shape.required_members}
    return {"blob": "AAAA", "integer": 7, "boolean": False, "list": [], "map": {}}[kind]


def cases():
    for operation in OPERATIONS:
        shape = MODEL.operation_model(operation).input_shape
        for name in shape.required_members:
            yield operation, name, "missing", None, VALIDATION
        for name, member in shape.members.items():
            own = OWN_ERRORS.get(name, ())
            for label, value, types in wrong(member, name):
                yield operation, name, label, value, types + own


CASES = list(cases())


@pytest.fixture(scope="module")
def baseline(kms):
    """For each operation, a request that is right; for those that would change something, on a key of its own."""
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = base64.b64encode(kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]).decode()
    more = {
        "UpdateKeyDescription": {"Description": "d"},
        "CreateAlias": {"AliasName": "alias/model", "TargetKeyId": key},
        "UpdateAlias": {"AliasName": "alias/model", "TargetKeyId": key},
        "DeleteAlias": {"AliasName": "alias/model"},
        "TagResource": {"Tags": [{"TagKey": "k", "TagValue": "v"}]},
        "UntagResource": {"TagKeys": ["k"]},
        "PutKeyPolicy": {"Policy": kms.get_key_policy(KeyId=key)["Policy"]},
        "Encrypt": {"Plaintext": "eA=="},
        "Decrypt": {"CiphertextBlob": blob},
        "ReEncrypt": {"CiphertextBlob": blob, "DestinationKeyId": key},
        "GenerateDataKey": {"KeySpec": "AES_256"},
        "GenerateDataKeyWithoutPlaintext": {"KeySpec": "AES_256"},
        "GenerateRandom": {"NumberOfBytes": 8},
    }
    without_key = {"CreateKey", "ListKeys", "ListAliases", "CreateAlias", "UpdateAlias", "DeleteAlias", "ReEncrypt", "GenerateRandom"}
    return {name: ({} if name in without_key else {"KeyId": key}) | more.get(name, {}) for name in OPERATIONS}


def encoded(body):
    """JSON, with raw texts put in where they belong."""
    raws = []

    def mark(value):
        raws.append(value.text)
        return f"@raw{len(raws) - 1}@"

    text = json.dumps(body, default=mark)
    for number, raw in enumerate(raws):
        text = text.replace(f'"@raw{number}@"', raw)
    return text.encode()


IDS = [f"{operation}.{name}: {label}" for operation, name, label, _, _ in CASES]


@pytest.mark.parametrize("operation, name, label, value, types", CASES, ids=IDS)
def test_what_the_model_forbids_is_refused_in_its_form(wire, baseline, operation, name, label, value, types):
    body = dict(baseline[operation])
    if label == "missing":
        body.pop(name, None)
    else:
        body[name] = value
    answer = assert_refused(wire.call(operation, encoded(body)), *types, status=400)
    if answer.type == "ValidationException" and label in ("missing", "too long", "no such word", "below", "above", "too many"):
        member = name[0].lower() + name[1:]
        assert " validation error" in answer.message and f"at '{member}" in answer.message, answer.message
        assert "failed to satisfy constraint: Member must " in answer.message, answer.message


def test_there_are_cases_for_every_operation_and_many():
    assert {case[0] for case in CASES} == set(OPERATIONS) and len(CASES) > 500


def test_several_faults_are_told_at_once(wire):
    answer = assert_refused(wire.call("Encrypt", {"KeyId": "", "Plaintext": "", "EncryptionAlgorithm": "X"}), "ValidationException")
    assert answer.message.startswith("3 validation errors detected: Value "), answer.message
    for member in ("keyId", "plaintext", "encryptionAlgorithm"):
        assert f"at '{member}'" in answer.message


@pytest.mark.parametrize(
    "operation, body, message",
    [
        ("DescribeKey", {}, "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null"),
        ("DescribeKey", {"KeyId": ""}, "1 validation error detected: Value '' at 'keyId' failed to satisfy constraint: Member must have length greater than or equal to 1"),
        ("ListKeys", {"Limit": 1001}, "1 validation error detected: Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000"),
        ("ListKeys", {"Limit": 0}, "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ("GenerateDataKey", {"KeyId": "x", "KeySpec": "AES"}, "1 validation error detected: Value 'AES' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: ["),
        ("CreateAlias", {"AliasName": "alias/ ", "TargetKeyId": "x"}, "1 validation error detected: Value 'alias/ ' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"),
    ],
)
def test_the_messages_are_those_of_aws(wire, operation, body, message):
    assert assert_refused(wire.call(operation, body), "ValidationException").message.startswith(message)


#: Those whose right request would change the key that all cases share.
CHANGING = {"CreateAlias", "UpdateAlias", "DeleteAlias", "CancelKeyDeletion", "ScheduleKeyDeletion", "RotateKeyOnDemand", "DisableKey"}
HARMLESS = [name for name in OPERATIONS if name not in CHANGING]


@pytest.mark.parametrize("operation", HARMLESS)
def test_unknown_members_are_ignored(wire, baseline, operation):
    body = baseline[operation] | {"NobodyKnowsThis": {"deep": [1, {"er": None}]}, "another": 1e300}
    answer = wire.call(operation, body)
    assert answer.status == 200, answer.body


@pytest.mark.parametrize("operation", HARMLESS)
def test_members_that_are_null_count_as_absent(wire, baseline, operation):
    shape = MODEL.operation_model(operation).input_shape
    optional = [name for name in shape.members if name not in baseline[operation]]
    answer = wire.call(operation, baseline[operation] | dict.fromkeys(optional))
    assert answer.status == 200, answer.body


NOT_JSON = {
    "nothing": b"", "a word": b"x", "an array": b"[]", "a string": b'"x"', "a number": b"1", "null": b"null", "cut": b'{"KeyId":',
    "a comma too many": b'{"KeyId":"x",}', "a comment": b"{/**/}", "two": b"{}{}", "latin": b'{"KeyId":"\xe9"}', "nul": b'{"KeyId":"\x00"}',
    "byte order mark": b"\xef\xbb\xbf{}", "single quotes": b"{'KeyId':'x'}", "deep": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "deep arrays": b'{"a":' + b"[" * 100_000, "NaN": b'{"Limit":NaN}', "hex": b'{"Limit":0x1}',
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_no_json_object_is_refused(wire, body):
    answer = wire.call("DescribeKey", body)
    assert_refused(answer, "SerializationException", "ValidationException", status=400)


def test_the_first_or_last_of_a_repeated_member_is_taken_or_both_refused(wire, baseline):
    key = baseline["DescribeKey"]["KeyId"]
    answer = wire.call("DescribeKey", f'{{"KeyId":"{key}","KeyId":"none"}}'.encode())
    assert answer.status == 200 or answer.type in ("NotFoundException", "SerializationException", "ValidationException")


@pytest.mark.parametrize("operation", [name for name in MODEL.operation_names if name not in OPERATIONS])
def test_operations_that_are_not_offered_say_so(wire, operation):
    assert_refused(wire.call(operation, {}), "UnknownOperationException", "UnsupportedOperationException")


@pytest.mark.parametrize("target", ["TrentService.NoSuchThing", "TrentService.", "TrentService.encrypt", "Encrypt", "Other.Encrypt", "TrentService.Encrypt.Encrypt", "x" * 5000])
def test_unknown_targets_are_refused(wire, target):
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
    assert_refused(wire.send("POST", "/", wire.signed("POST", "/", headers, b"{}"), b"{}"))
