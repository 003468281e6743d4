"""The query protocol by hand: forms out of values, XML against the service model, and every way to be wrong."""

from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree

import botocore.session

from harness.wire import Wire

MALFORMED = ("MalformedInput",)
VALIDATION = ("ValidationError",)


def model(service):
    """The published service model, as botocore carries it."""
    return botocore.session.get_session().get_service_model(service)


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def root(self):
        return ElementTree.fromstring(self.body)

    @property
    def code(self):
        return self.root.findtext("{*}Error/{*}Code")

    @property
    def message(self):
        return self.root.findtext("{*}Error/{*}Message")

    def text(self, name):
        """The text of the first element of a name."""
        found = self.root.find(f".//{{*}}{name}")
        return None if found is None else found.text or ""


class Query:
    """A client that sends any parameters there can be."""

    FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}

    def __init__(self, env, service, version):
        self.wire = Wire(env, service)
        self.version = version

    def call(self, operation, parameters, **signing):
        """One operation; `parameters` are names with texts, as on the wire."""
        pairs = {"Action": operation, "Version": self.version} | parameters
        return self.send("&".join(f"{quote(name)}={quote(value)}" for name, value in pairs.items()).encode(), **signing)

    def send(self, body, headers=None, **signing):
        """A body as it is."""
        headers = headers or self.FORM
        answer = self.wire.send("POST", "/", self.wire.signed("POST", "/", headers, body, **signing), body)
        return Answer(answer.status, answer.headers, answer.body)


def assert_refused(answer, *codes, status=None):
    """A refusal in the form AWS gives it: 4xx, XML with code and message, and a request id."""
    what = f"{answer.status} {answer.headers} {answer.body[:400]!r}"
    assert 400 <= answer.status < 500, what
    assert status is None or answer.status == status, what
    assert answer.headers.get("content-type", "").startswith("text/xml"), what
    assert answer.text("Type") == "Sender" and answer.message, what
    assert answer.text("RequestId") == answer.headers.get("x-amzn-requestid"), what
    assert not codes or answer.code in codes, f"{answer.code} is none of {codes}: {what}"
    return answer


def flat(value, name=""):
    """A value as parameters."""
    if isinstance(value, dict):
        return {key: text for part, inner in value.items() for key, text in flat(inner, f"{name}.{part}".lstrip(".")).items()}
    if isinstance(value, list):
        if not value:
            return {name: ""}
        return {key: text for at, inner in enumerate(value, 1) for key, text in flat(inner, f"{name}.member.{at}").items()}
    if isinstance(value, bool):
        return {name: "true" if value else "false"}
    return {name: str(value)}


#: A text that a pattern takes, by the name of its shape, where `aaaa…` will not do.
FILL = {
    "pathType": lambda n: "/" if n < 3 else "/" + "a" * (n - 2) + "/",
    "policyPathType": lambda n: "/" if n < 3 else "/" + "a" * (n - 2) + "/",
    "pathPrefixType": lambda n: "/" + "a" * (n - 1),
    "policyVersionIdType": lambda n: "v1",
    "authenticationCodeType": lambda n: "0" * n,
    "tokenCodeType": lambda n: "0" * n,
}


def good(shape):
    """Any value that keeps to the model."""
    kind, limits = shape.type_name, shape.metadata
    if kind == "string":
        if limits.get("enum"):
            return limits["enum"][0]
        return FILL.get(shape.name, lambda n: "a" * n)(max(limits.get("min", 1), 1))
    if kind == "structure":
        return {name: good(shape.members[name]) for name in shape.required_members}
    return {"integer": limits.get("min", 1), "boolean": False, "list": []}[kind]


def wrong(shape, name):
    """Label, parameters and the codes of the refusal, for each way in which a value of this shape can be wrong."""
    kind, limits = shape.type_name, shape.metadata
    if kind in ("string", "integer", "boolean"):
        yield "a structure", {f"{name}.Part": "x"}, MALFORMED
        yield "a list", {f"{name}.member.1": "x"}, MALFORMED
        yield "both", {name: str(good(shape)), f"{name}.member.1": "x"}, MALFORMED
    if kind == "string":
        for label, text in wrong_texts(shape, limits):
            yield label, {name: text}, VALIDATION
    elif kind == "integer":
        for text in ("", "x", "1.5", "1e3", "+1", " 1", "0x1", str(2**31), str(-(2**31) - 1), "9" * 400):
            yield f"{text[:20]!r} for a number", {name: text}, MALFORMED
        for label, number in (("below", limits.get("min", 1) - 1), ("above", limits.get("max", 1) + 1), ("far below", -(2**31))):
            yield label, {name: str(number)}, VALIDATION
    elif kind == "boolean":
        for text in ("", "1", "0", "yes", "True", "TRUE", "true ", "truefalse"):
            yield f"{text!r} for a truth value", {name: text}, MALFORMED
    elif kind == "list":
        yield from wrong_lists(shape, name, limits)
    elif kind == "structure":
        yield "a value", {name: "x"}, MALFORMED
        for part, inner in shape.members.items():
            rest = flat({other: good(shape.members[other]) for other in shape.required_members if other != part}, name)
            if part in shape.required_members and rest:
                yield f"without {part}", rest, VALIDATION
            for label, parameters, codes in wrong(inner, f"{name}.{part}"):
                yield f"{part}: {label}", rest | parameters, codes


def wrong_lists(shape, name, limits):
    item = good(shape.member)
    yield "a value", {name: "x"}, MALFORMED
    yield "a value and items", {name: ""} | flat([item], name), MALFORMED
    for index in ("0", "01", "-1", "+1", "x", "", "2", "9" * 30):
        bad = flat(item, f"{name}.member.{index}")
        yield f"index {index!r}", bad, MALFORMED
    yield "flat", flat(item, f"{name}.1"), MALFORMED
    yield "a gap", flat(item, f"{name}.member.1") | flat(item, f"{name}.member.3"), MALFORMED
    if limits.get("min", 0) > 0:
        yield "too few", {name: ""}, VALIDATION
    if "max" in limits:
        yield "too many", flat([item] * (limits["max"] + 1), name), VALIDATION
    for label, parameters, codes in wrong(shape.member, f"{name}.member.1"):
        yield f"item: {label}", parameters, codes


def wrong_texts(shape, limits):
    if limits.get("min", 0) > 0:
        yield "empty", ""
    if limits.get("min", 0) > 1:
        yield "too short", "a" * (limits["min"] - 1)
    if "max" in limits:
        yield "too long", "a" * (limits["max"] + 1)
    if limits.get("enum"):
        yield "no such word", "NoSuchWord"
        yield "other case", limits["enum"][0].swapcase()
    if limits.get("pattern"):
        yield "outside the pattern", "\u2603" * max(limits.get("min", 1), 1)
        yield "a control character", "\x01" * max(limits.get("min", 1), 1)


def keeps_to(shape, element, path):
    """Checks an element of an answer against its shape: no name the model lacks, nothing required left out, right texts."""
    kind, limits = shape.type_name, shape.metadata
    if kind == "structure":
        found = [tag(inner) for inner in element]
        assert len(found) == len(set(found)), f"{path} has a member twice: {found}"
        unknown, lacking = set(found) - set(shape.members), set(shape.required_members) - set(found)
        assert not unknown and not lacking, f"{path} has {unknown} and lacks {lacking}"
        for inner in element:
            keeps_to(shape.members[tag(inner)], inner, f"{path}.{tag(inner)}")
    elif kind == "list":
        for at, inner in enumerate(element, 1):
            assert tag(inner) == "member", f"{path}: {tag(inner)}"
            keeps_to(shape.member, inner, f"{path}.{at}")
    elif kind == "map":
        for entry in element:
            assert [tag(entry), *map(tag, entry)] == ["entry", "key", "value"], path
            keeps_to(shape.key, entry[0], f"{path}.key")
            keeps_to(shape.value, entry[1], f"{path}.value")
    else:
        assert len(element) == 0, f"{path} has elements within"
        text = element.text or ""
        if kind == "string":
            assert text in limits.get("enum", [text]), f"{path}: {text}"
            assert limits.get("min", 0) <= len(text) <= max(limits.get("max", len(text)), 0), f"{path}: {text}"
        elif kind == "boolean":
            assert text in ("true", "false"), f"{path}: {text}"
        elif kind == "integer":
            assert str(int(text)) == text, f"{path}: {text}"
        elif kind == "timestamp":
            assert len(text) == 20 and text[10] == "T" and text.endswith("Z"), f"{path}: {text}"


def tag(element):
    return element.tag.split("}")[-1]


def checked(client):
    """A boto3 client all of whose answers are held against the model."""

    def check(http_response, model, **_):
        if http_response.status_code != 200:
            return
        root = ElementTree.fromstring(http_response.content)
        assert tag(root) == f"{model.name}Response", tag(root)
        assert root.find("{*}ResponseMetadata/{*}RequestId") is not None
        result = root.find(f"{{*}}{model.name}Result")
        if model.output_shape is None:
            assert result is None or len(result) == 0
        else:
            keeps_to(model.output_shape, result, model.name)

    client.meta.events.register(f"after-call.{client.meta.service_model.service_id.hyphenize()}", check)
    return client
