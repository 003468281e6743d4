"""Every member of every operation, put wrong in every way the service model can tell: always a refusal of AWS's form.

The cases are made from the model that botocore carries, not from the server's copy of it.
"""

import pytest
from harness.model import OPERATIONS, VALIDATION, encoded, shape, wrong
from harness.wire import assert_refused
from harness.workshop import CHANGING

#: What is checked after the form, and may answer with a name of its own.
OWN_ERRORS = {
    "AliasName": ("InvalidAliasNameException",),
    "Recipient": ("UnsupportedOperationException",),
    "CustomKeyStoreId": ("UnsupportedOperationException", "CustomKeyStoreNotFoundException"),
    "XksKeyId": ("UnsupportedOperationException",),
}


def cases():
    for operation in OPERATIONS:
        for name in shape(operation).required_members:
            yield operation, name, "missing", None, VALIDATION
        for name, member in shape(operation).members.items():
            own = OWN_ERRORS.get(name, ())
            for label, value, types in wrong(member, name):
                yield operation, name, label, value, types + own


CASES = list(cases())


@pytest.fixture(scope="module")
def baseline(workshop):
    """For each operation, a request that is right."""
    return {name: workshop.request(name) for name in OPERATIONS}


IDS = [f"{operation}.{name}: {label}" for operation, name, label, _, _ in CASES]


@pytest.mark.parametrize("operation, name, label, value, types", CASES, ids=IDS)
def test_what_the_model_forbids_is_refused_in_its_form(wire, baseline, operation, name, label, value, types):
    body = dict(baseline[operation])
    if label == "missing":
        body.pop(name, None)
    else:
        body[name] = value
    answer = assert_refused(wire.call(operation, encoded(body)), *types, status=400)
    if answer.type == "ValidationException" and label in ("missing", "too long", "too short", "no such word", "below", "above", "too many"):
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


HARMLESS = [name for name in OPERATIONS if name not in CHANGING]


@pytest.mark.parametrize("operation", HARMLESS)
def test_unknown_members_are_ignored(wire, baseline, operation):
    body = baseline[operation] | {"NobodyKnowsThis": {"deep": [1, {"er": None}]}, "another": 1e300}
    answer = wire.call(operation, encoded(body))
    assert answer.status == 200, answer.body


@pytest.mark.parametrize("operation", HARMLESS)
def test_members_that_are_null_count_as_absent(wire, baseline, operation):
    optional = [name for name in shape(operation).members if name not in baseline[operation]]
    answer = wire.call(operation, encoded(baseline[operation] | dict.fromkeys(optional)))
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


@pytest.mark.parametrize("target", ["TrentService.NoSuchThing", "TrentService.", "TrentService.encrypt", "Encrypt", "Other.Encrypt", "TrentService.Encrypt.Encrypt", "x" * 5000])
def test_unknown_targets_are_refused(wire, target):
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
    assert_refused(wire.send("POST", "/", wire.signed("POST", "/", headers, b"{}"), b"{}"))
