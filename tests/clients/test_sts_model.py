"""Every member of every offered operation of STS, put wrong in every way the service model can tell; and the page that lists them."""

from pathlib import Path

import pytest
from harness.query import Query, assert_refused, flat, good, model, wrong

MODEL = model("sts")
PAGE = Path(__file__).parents[2] / "docs/protocols/aws-sts.md"


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
    """The parameters of a request that keeps to the model."""
    found = shape(operation)
    return flat({name: good(found.members[name]) for name in found.required_members}) if found else {}


def cases():
    for operation in OFFERED:
        found = shape(operation)
        for name in found.required_members if found else ():
            yield operation, name, "missing", {}, ("ValidationError",)
        for name, member in (found.members if found else {}).items():
            for label, parameters, codes in wrong(member, name):
                # A structure without required members is nothing on the wire, and nothing can be wrong with it.
                if parameters and not (label == "a value and items" and len(parameters) == 1):
                    yield operation, name, label, parameters, codes


CASES = list(cases())
IDS = [f"{operation}.{name}: {label}" for operation, name, label, _, _ in CASES]


@pytest.fixture(scope="module")
def query(server):
    return Query(server.env, "sts", MODEL.api_version)


@pytest.mark.parametrize("operation, name, label, parameters, codes", CASES, ids=IDS)
def test_what_the_model_forbids_is_refused_in_its_form(query, operation, name, label, parameters, codes):
    rest = {key: text for key, text in baseline(operation).items() if key.split(".")[0] != name}
    answer = assert_refused(query.call(operation, rest | parameters), *codes, status=400)
    if label.endswith("outside the pattern") and ("Arn" in name or "Contexts" in name):
        # The pattern of ARNs takes nearly everything; what is no ARN is told in words of its own.
        assert answer.message.endswith((" is invalid", " is not offered by this server.")), answer.message
    elif answer.code == "ValidationError":
        member = name[0].lower() + name[1:]
        assert " validation error" in answer.message and f"at '{member}" in answer.message, answer.message
    else:
        assert f"the parameter '{name}" in answer.message, answer.message


def test_there_are_cases_for_every_operation_with_an_input():
    with_input = {name for name in OFFERED if shape(name) and shape(name).members}
    assert {case[0] for case in CASES} == with_input and len(CASES) > 150


def test_the_page_has_every_operation_of_the_model_once():
    assert sorted(name for name, _ in ROWS) == sorted(MODEL.operation_names)


@pytest.mark.parametrize("operation", OTHERS)
def test_what_is_not_offered_says_so(query, operation):
    answer = assert_refused(query.call(operation, {}), "InvalidAction", status=400)
    assert answer.message == f"The action {operation} is not offered by this server."


@pytest.mark.parametrize("operation", [name for name in OFFERED if name != "AssumeRoleWithWebIdentity"])
def test_what_is_offered_needs_a_signature(query, operation):
    answer = query.call(operation, baseline(operation), secret="wrong")
    assert_refused(answer, "SignatureDoesNotMatch", status=403)
