"""The published service model, as botocore carries it, and values made from its shapes."""

import base64
import datetime
import json

import botocore.session
from botocore import xform_name

MODEL = botocore.session.get_session().get_service_model("kms")

OPERATIONS = list(MODEL.operation_names)


def shape(operation):
    return MODEL.operation_model(operation).input_shape


def method(client, operation):
    """The client's method for an operation."""
    return getattr(client, xform_name(operation))


def wire_form(value):
    """A value for boto3 as JSON has it: blobs in base64, times in seconds."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {name: wire_form(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [wire_form(inner) for inner in value]
    return value


class Raw:
    """A JSON text that no value encodes to."""

    def __init__(self, text):
        self.text = text


def encoded(body):
    """JSON, with raw texts put in where they belong."""
    raws = []

    def mark(value):
        raws.append(value.text)
        return f"@raw{len(raws) - 1}@"

    text = json.dumps(wire_form(body), default=mark)
    for number, raw in enumerate(raws):
        text = text.replace(f'"@raw{number}@"', raw)
    return text.encode()


# --- Values that are right -----------------------------------------------------------------------------------------

REGION = "eu-north-1"
#: A text of exactly so many characters that a member's pattern takes; by the member's name where `aaa…` will not do.
FILL = {
    "AliasName": lambda n: "alias/"[:n] + "a" * (n - 6),
    "GranteePrincipal": lambda n: "a" * n,
    "GranteeServicePrincipal": lambda n: "a.b." + "c" * (n - 4),
    "RetiringServicePrincipal": lambda n: "a.b." + "c" * (n - 4),
    "ReplicaRegion": lambda n: "a" * (n - 4) + "-b-1",
    "PrimaryRegion": lambda n: "a" * (n - 4) + "-b-1",
    "CloudHsmClusterId": lambda n: "cluster-" + "a" * (n - 8),
    "XksProxyUriEndpoint": lambda n: "https://" + "a" * (n - 8),
    "XksProxyUriPath": lambda n: "/kms/xks/v1" if n < 13 else "/" + "a" * (n - 12) + "/kms/xks/v1",
    "XksProxyVpcEndpointServiceName": lambda n: "com.amazonaws.vpce.us-east-1.vpce-svc-" + "0" * (n - 38),
    "XksProxyVpcEndpointServiceOwner": lambda n: "1" * n,
    "AccessKeyId": lambda n: "A" * n,
    "SourceArn": lambda n: "arn:aws:s3:::" [:0] + "arn:aws:s3:eu:111122223333:" + "a" * (n - 27),
}
#: The shortest that the pattern takes, where the pattern says more than `min`.
SHORTEST = {
    "GranteeServicePrincipal": 5, "RetiringServicePrincipal": 5, "ReplicaRegion": 5, "PrimaryRegion": 5, "XksProxyUriPath": 11,
    "XksProxyVpcEndpointServiceName": 39, "KeyMaterialDescription": 1, "SourceArn": 28, "XksProxyUriEndpoint": 10,
}


def right(member, name, path=""):
    """Label and value, for each edge that a value of this shape may stand on, each word and each truth value."""
    kind, limits = member.type_name, member.metadata
    if kind == "string" and limits.get("enum"):
        for word in limits["enum"]:
            yield path + word, word
    elif kind == "string":
        fill = FILL.get(name, lambda n: "a" * n)
        for length in edges(max(limits.get("min", 1), SHORTEST.get(name, 0)), limits.get("max")):
            yield f"{path}{length} characters", fill(length)
    elif kind == "blob":
        for length in edges(limits.get("min", 1), limits.get("max")):
            yield f"{path}{length} bytes", b"b" * length
    elif kind in ("integer", "long"):
        for number in edges(limits["min"], limits["max"]):
            yield f"{path}{number}", number
    elif kind == "boolean":
        yield f"{path}true", True
        yield f"{path}false", False
    elif kind == "timestamp":
        yield f"{path}tomorrow", datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
    elif kind == "list":
        item = good_value(member.member)
        for length in edges(limits.get("min", 0), limits.get("max", 1)):
            yield f"{path}{length} items", distinct(item, length)
        for label, value in right(member.member, name, path + "an item of "):
            yield label, [value]
    elif kind == "map":
        yield f"{path}empty", {}
        yield f"{path}one pair", {"k": "v"}
    elif kind == "structure":
        yield f"{path}only what is required", good_value(member)
        for part, inner in member.members.items():
            rest = {other: good_value(member.members[other], other) for other in wanted(member) if other != part}
            for label, value in right(inner, part, f"{path}{part}: "):
                yield label, rest | {part: value}


#: Structures that are wanted whole, whatever the model says of their members.
WHOLE = {"RecipientInfo"}


def wanted(structure):
    return list(structure.members) if structure.name in WHOLE else structure.required_members


def edges(low, high):
    return [low] if high is None or high == low else [low, high]


def distinct(item, count):
    """Texts that differ, where a list may want that; words of an enumeration stay what they are."""
    if isinstance(item, str) and item == "text":
        return [f"text{number}" for number in range(count)]
    return [item] * count


def good_value(member, name=""):
    """Any value that keeps to the model."""
    kind, limits = member.type_name, member.metadata
    if kind == "string":
        if limits.get("enum"):
            return limits["enum"][0]
        length = max(limits.get("min", 0), SHORTEST.get(name, 0), 4)
        return FILL[name](length) if name in FILL else "text" if length == 4 else "A" * length
    if kind == "structure":
        return {part: good_value(member.members[part], part) for part in wanted(member)}
    if kind == "list" and member.member.metadata.get("enum"):
        return [member.member.metadata["enum"][0]]
    return {"blob": b"\0\0\0", "integer": 7, "long": 7, "boolean": False, "list": [], "map": {}, "timestamp": 2_000_000_000}[kind]


# --- Values that are wrong -----------------------------------------------------------------------------------------

SERIALIZATION = ("SerializationException",)
VALIDATION = ("ValidationException",)


def wrong(member, name):
    """Label, value and the error's name, for each way in which a value of this shape can be wrong."""
    kind, limits = member.type_name, member.metadata
    types = {
        "string": "text", "blob": "text", "integer": 7, "long": 7, "boolean": True, "list": [], "map": {}, "structure": {},
        "timestamp": 7,
    }
    same = {"text": ("string", "blob", "timestamp"), "7": ("integer", "long", "timestamp")}
    for label, value in (("text", "!"), ("7", 7), ("true", True), ("list", []), ("map", {}), ("float", 1.5)):
        fits = type(value) is type(types[kind]) or kind in same.get(label, ()) or (kind == "structure" and label == "map")
        tolerated = (kind in ("integer", "long", "timestamp") and label == "float") or (kind == "structure" and label == "list")
        if not fits and not tolerated:
            yield f"{label} for {kind}", value, SERIALIZATION
    if kind == "string":
        yield from wrong_text(member, limits)
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
    elif kind == "timestamp":
        for label, value in (("a word", "tomorrow"), ("1e400", Raw("1e400"))):
            yield label, value, SERIALIZATION + VALIDATION
    elif kind == "list":
        good = good_value(member.member)
        if limits.get("min", 0) > 0:
            yield "too few", [], VALIDATION
        if "max" in limits:
            yield "too many", [good] * (limits["max"] + 1), VALIDATION
        yield "null element", [None], SERIALIZATION + VALIDATION
        for label, value, types in wrong(member.member, name):
            yield f"element: {label}", [value], types
    elif kind == "map":
        for label, value, types in wrong(member.value, name):
            yield f"value: {label}", {"k": value}, types
        yield "null value", {"k": None}, SERIALIZATION + VALIDATION
    elif kind == "structure":
        for part, inner in member.members.items():
            rest = {other: good_value(member.members[other], other) for other in member.required_members if other != part}
            if part in member.required_members:
                yield f"without {part}", rest, VALIDATION
            for label, value, types in wrong(inner, part):
                yield f"{part}: {label}", rest | {part: value}, types


def wrong_text(member, limits):
    if limits.get("min", 0) > 0:
        yield "empty", "", VALIDATION
    if limits.get("min", 0) > 1:
        yield "too short", "A" * (limits["min"] - 1), VALIDATION
    if "max" in limits:
        yield "too long", "a" * (limits["max"] + 1), VALIDATION
    if limits.get("enum"):
        yield "no such word", "NO_SUCH_WORD", VALIDATION
        yield "other case", limits["enum"][0].swapcase(), VALIDATION
    if limits.get("pattern"):
        yield "outside the pattern", "\u2028\u0001" if limits["pattern"] != "[\\w]+" else "!", VALIDATION
    yield "half a surrogate", Raw('"\\ud800"'), SERIALIZATION + VALIDATION
