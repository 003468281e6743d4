"""Every member of every offered operation of IAM, put wrong in every way the service model can tell; and the page that lists them.

The cases are made from the model that botocore carries, not from the server's copy of it.
"""

from pathlib import Path

import pytest
from harness.query import MALFORMED, Query, assert_refused, flat, good, model, wrong

MODEL = model("iam")
PAGE = Path(__file__).parents[2] / "docs/protocols/aws-iam.md"
FORM = "application/x-www-form-urlencoded"


def rows():
    """The page's tables: names of operations and whether they are offered."""
    text = PAGE.read_text()
    for heading, offered in (("## Operations", True), ("## Not offered", False)):
        table = text.split(heading)[1].split("\n## ")[0]
        for line in table.splitlines():
            if line.startswith("| ") and not line.startswith("| Operation"):
                for name in line.strip("|").split("|")[0].strip().split(", "):
                    yield name, offered


ROWS = list(rows())
OFFERED = sorted(name for name, offered in ROWS if offered)
OTHERS = sorted(name for name, offered in ROWS if not offered)


def shape(operation):
    return MODEL.operation_model(operation).input_shape


def baseline(operation):
    """The parameters of a request that keeps to the model, about things that are not there."""
    found = shape(operation)
    return flat({name: good(found.members[name]) for name in found.required_members}) if found else {}


def cases():
    for operation in OFFERED:
        found = shape(operation)
        for name in found.required_members if found else ():
            yield operation, name, "missing", {}, ("ValidationError",)
        for name, member in (found.members if found else {}).items():
            for label, parameters, codes in wrong(member, name):
                yield operation, name, label, parameters, codes


CASES = list(cases())
IDS = [f"{operation}.{name}: {label}" for operation, name, label, _, _ in CASES]


@pytest.fixture(scope="module")
def query(server):
    return Query(server.env, "iam", MODEL.api_version)


@pytest.mark.parametrize("operation, name, label, parameters, codes", CASES, ids=IDS)
def test_what_the_model_forbids_is_refused_in_its_form(query, operation, name, label, parameters, codes):
    rest = {key: text for key, text in baseline(operation).items() if key.split(".")[0] != name}
    answer = assert_refused(query.call(operation, rest | parameters), *codes, status=400)
    if answer.code == "ValidationError":
        member = name[0].lower() + name[1:]
        assert " validation error" in answer.message and f"at '{member}" in answer.message, answer.message
        assert "failed to satisfy constraint: Member must " in answer.message, answer.message
    else:
        assert f"the parameter '{name}" in answer.message, answer.message


def test_there_are_cases_for_every_operation_with_an_input_and_many():
    with_input = {name for name in OFFERED if shape(name) and shape(name).members}
    assert {case[0] for case in CASES} == with_input and len(CASES) > 2000


def test_the_page_has_every_operation_of_the_model_once():
    assert sorted(name for name, _ in ROWS) == sorted(MODEL.operation_names)


@pytest.mark.parametrize("operation", OTHERS)
def test_what_is_not_offered_says_so(query, operation):
    answer = assert_refused(query.call(operation, {}), "InvalidAction", status=400)
    assert answer.message == f"The action {operation} is not offered by this server."


@pytest.mark.parametrize("operation", OFFERED)
def test_what_is_offered_needs_a_signature(query, operation):
    answer = query.call(operation, baseline(operation), secret="wrong")
    assert_refused(answer, "SignatureDoesNotMatch", status=403)


def test_several_faults_are_told_at_once(query):
    parameters = {"UserName": "a b", "Path": "x", "Tags.member.1.Key": ""}
    answer = assert_refused(query.call("CreateUser", parameters), "ValidationError", status=400)
    assert answer.message.startswith("5 validation errors detected: "), answer.message
    for member in ("userName", "path", "tags.1.member.key", "tags.1.member.value"):
        assert f"at '{member}'" in answer.message, answer.message


@pytest.mark.parametrize(
    "operation, parameters, message",
    [
        ("CreateUser", {}, "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null"),
        ("CreateUser", {"UserName": "a b"}, "1 validation error detected: Value 'a b' at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+"),
        ("CreateUser", {"UserName": "a" * 65}, f"1 validation error detected: Value '{'a' * 65}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64"),
        ("ListUsers", {"MaxItems": "0"}, "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1"),
        ("UpdateAccessKey", {"AccessKeyId": "A" * 20, "Status": "On"}, "1 validation error detected: Value 'On' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]"),
        ("CreateAccountAlias", {"AccountAlias": "a--b"}, "1 validation error detected: Value 'a--b' at 'accountAlias' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$"),
    ],
)
def test_the_messages_are_those_of_aws(query, operation, parameters, message):
    assert assert_refused(query.call(operation, parameters), "ValidationError").message == message


def test_unknown_parameters_are_passed_over(query):
    answer = query.call("ListUsers", {"NobodyKnowsThis.member.1.At": "x", "MaxItems": "1", "Zz": ""})
    assert answer.status == 200, answer.body


BROKEN = {
    "a member twice": b"Action=ListUsers&Version=2010-05-08&MaxItems=1&MaxItems=2",
    "a member twice in two spellings": b"Action=ListUsers&Version=2010-05-08&MaxItems=1&Max%49tems=2",
    "the action twice": b"Action=ListUsers&Action=ListRoles&Version=2010-05-08",
    "a percent sign": b"Action=ListUsers&Version=2010-05-08&PathPrefix=%",
    "half an escape": b"Action=ListUsers&Version=2010-05-08&PathPrefix=%4",
    "no digits": b"Action=ListUsers&Version=2010-05-08&PathPrefix=%zz",
    "latin": b"Action=ListUsers&Version=2010-05-08&PathPrefix=/%e9",
    "too many": b"Action=ListUsers&Version=2010-05-08&" + b"&".join(b"p%d=1" % n for n in range(2000)),
    "a long name": b"Action=ListUsers&Version=2010-05-08&" + b"n" * 1000 + b"=1",
    "deep": b"Action=ListUsers&Version=2010-05-08&" + b"n." * 127 + b"n.n.n=1",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_broken_form_is_refused(query, body):
    assert_refused(query.send(body), *MALFORMED, status=400)


OTHER_ACTIONS = {
    "nothing": b"", "no action": b"Version=2010-05-08", "no version": b"Action=ListUsers", "case": b"Action=listusers&Version=2010-05-08",
    "another version": b"Action=ListUsers&Version=2010-05-09", "the version of STS": b"Action=ListUsers&Version=2011-06-15",
    "an action of STS": b"Action=GetCallerIdentity&Version=2010-05-08", "a long one": b"Action=" + b"x" * 5000 + b"&Version=2010-05-08",
    "markup": b"Action=%3Cb%3E&Version=2010-05-08",
}


@pytest.mark.parametrize("body", OTHER_ACTIONS.values(), ids=OTHER_ACTIONS)
def test_what_is_no_action_of_the_version_is_refused(query, body):
    answer = assert_refused(query.send(body), "InvalidAction", status=400)
    assert answer.message.startswith("Could not find operation ") and len(answer.message) < 400


def test_a_body_that_is_not_utf_8_is_refused(query):
    assert_refused(query.send(b"Action=\xff"), *MALFORMED, status=400)


def test_the_request_may_be_in_the_query_string(query):
    path = "/?Action=ListUsers&MaxItems=1&Version=2010-05-08"
    wire = query.wire
    answer = wire.send("GET", path, wire.signed("GET", "/", {}, b"", query=path[2:]), b"")
    assert answer.status == 200 and b"<ListUsersResult>" in answer.body


@pytest.mark.parametrize("region, status", [("us-east-1", 200), (None, 200), ("no region!", 403)])
def test_the_scope_may_name_awss_own_region(query, region, status):
    assert query.call("ListUsers", {}, region=region).status == status


def test_the_scope_names_the_service(query):
    answer = assert_refused(query.call("ListUsers", {}, service="sts"), "SignatureDoesNotMatch", status=403)
    assert "scoped to correct service: 'iam'" in answer.message
