"""Who calls: each way in which a version 4 signature can fail has its own answer."""

import json

import pytest
from harness.wire import Wire, assert_refused

JSON = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.ListKeys"}
INVALID = ("InvalidSignatureException",)
INCOMPLETE = ("IncompleteSignatureException", "IncompleteSignature")
UNKNOWN = ("UnrecognizedClientException",)
MISSING = ("MissingAuthenticationTokenException", "MissingAuthenticationToken")


def test_a_right_signature_is_taken(wire):
    assert wire.call("ListKeys", {}).status == 200


@pytest.mark.parametrize("seconds, ok", [(-290, True), (290, True), (-330, False), (330, False), (-86_400, False), (10**9, False)])
def test_clocks_may_differ_by_five_minutes(wire, seconds, ok):
    answer = wire.call("ListKeys", {}, skew=seconds)
    if ok:
        assert answer.status == 200, answer.body
        return
    assert_refused(answer, *INVALID)
    assert "Signature expired" in answer.message or "Signature not yet current" in answer.message, answer.message


WRONG = {
    "the wrong secret": ({"secret": "wrong"}, INVALID),
    "an empty secret": ({"secret": ""}, INVALID),
    "an unknown access key": ({"access_key": "AKIAIOSFODNN7EXAMPLE"}, UNKNOWN),
    # A development server answers for every region; test_serve.py asks one that does not.
    "a region that is no name": ({"region": "Mars North!"}, INVALID + INCOMPLETE),
    "the wrong service": ({"service": "s3"}, INVALID),
    "another algorithm": ({"algorithm": "AWS4-HMAC-SHA1"}, INCOMPLETE + INVALID),
    "another end of scope": ({"scope_end": "aws5_request"}, INCOMPLETE + INVALID),
    "a session token of nobody": ({"token": "bm8gdG9rZW4="}, UNKNOWN + ("InvalidClientTokenId", "ExpiredTokenException")),
    "a host that is not signed": ({"unsigned": ["host"]}, INVALID + INCOMPLETE),
    "a target that is not signed": ({"unsigned": ["x-amz-target"]}, INVALID + INCOMPLETE),
    "a date that is not signed": ({"unsigned": ["x-amz-date"]}, INVALID + INCOMPLETE),
    "a day that is not the date's": ({"at": "20200101T000000Z"}, INVALID),
    "a date that is none": ({"at": "yesterday"}, INCOMPLETE + INVALID),
    "a date of the wrong calendar": ({"at": "20261399T256161Z"}, INCOMPLETE + INVALID),
}


@pytest.mark.parametrize("signing, types", WRONG.values(), ids=WRONG)
def test_a_signature_with_one_part_wrong_is_refused(wire, signing, types):
    assert_refused(wire.call("ListKeys", {}, **signing), *types)


def test_a_request_without_a_signature_is_told_so(wire):
    assert_refused(wire.send("POST", "/", dict(JSON), b"{}"), *MISSING)


def test_a_changed_body_is_noticed(wire):
    headers = wire.signed("POST", "/", JSON, b'{"Limit":10}')
    assert_refused(wire.send("POST", "/", headers, b'{"Limit":11}'), *INVALID)


@pytest.mark.parametrize("name, value", [("X-Amz-Target", "TrentService.ListAliases"), ("Content-Type", "application/x-amz-json-1.0"), ("Host", "localhost:1")])
def test_a_changed_header_is_noticed(wire, name, value):
    headers = wire.signed("POST", "/", JSON, b"{}") | {name: value}
    assert_refused(wire.send("POST", "/", headers, b"{}"), *INVALID)


def test_a_changed_path_or_query_is_noticed(wire):
    headers = wire.signed("POST", "/", JSON, b"{}")
    for path in ("/?a=b", "/x", "//"):
        answer = wire.send("POST", path, headers, b"{}")
        assert 400 <= answer.status < 500, (path, answer.status)


def test_every_changed_digit_of_a_signature_is_noticed(wire):
    headers = wire.signed("POST", "/", JSON, b"{}")
    good = headers["Authorization"]
    start = good.index("Signature=") + len("Signature=")
    for at in range(start, len(good)):
        other = "0" if good[at] != "0" else "1"
        changed = headers | {"Authorization": good[:at] + other + good[at + 1 :]}
        assert_refused(wire.send("POST", "/", changed, b"{}"), *INVALID)
    assert wire.send("POST", "/", headers, b"{}").status == 200


def forms(good):
    part = dict(piece.split("=", 1) for piece in good.split(" ", 1)[1].split(", "))
    whole = lambda **more: "AWS4-HMAC-SHA256 " + ", ".join(f"{k}={v}" for k, v in (part | more).items() if v is not None)  # noqa: E731
    return {
        "nothing after the algorithm": "AWS4-HMAC-SHA256",
        "a basic password": "Basic eDp5",
        "a bearer token": "Bearer abc",
        "empty": "",
        "no credential": whole(Credential=None),
        "no signed headers": whole(SignedHeaders=None),
        "no signature": whole(Signature=None),
        "an empty credential": whole(Credential=""),
        "a credential without a scope": whole(Credential="AKIA"),
        "a credential with too many parts": whole(Credential=part["Credential"] + "/x"),
        "a credential with too few parts": whole(Credential=part["Credential"].rsplit("/", 1)[0]),
        "no signed header": whole(SignedHeaders=""),
        "signed headers out of order": whole(SignedHeaders=";".join(reversed(part["SignedHeaders"].split(";")))),
        "signed headers twice": whole(SignedHeaders=part["SignedHeaders"] + ";x-amz-target"),
        "a signed header that is not there": whole(SignedHeaders=part["SignedHeaders"] + ";x-nobody"),
        "signed headers in capitals": whole(SignedHeaders=part["SignedHeaders"].upper()),
        "a short signature": whole(Signature=part["Signature"][:-1]),
        "a long signature": whole(Signature=part["Signature"] + "0"),
        "a signature that is no hex": whole(Signature="z" * 64),
        "an endless credential": whole(Credential="A" * 4000),
        "a thousand signed headers": whole(SignedHeaders=";".join(f"h{number}" for number in range(1000))),
    }


EXAMPLE = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/kms/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + "0" * 64


@pytest.mark.parametrize("form", forms(EXAMPLE))
def test_an_authorization_header_out_of_form_is_refused(wire, form):
    headers = wire.signed("POST", "/", JSON, b"{}")
    headers["Authorization"] = forms(headers["Authorization"])[form]
    assert_refused(wire.send("POST", "/", headers, b"{}"), *MISSING, *INCOMPLETE, *INVALID, *UNKNOWN)


def test_an_authorization_header_given_twice_is_refused(server):
    wire = Wire(server.env)
    headers = wire.signed("POST", "/", JSON, b"{}")
    connection = wire.connect()
    connection.putrequest("POST", "/", skip_host=True)
    for name, value in [*headers.items(), ("Authorization", headers["Authorization"]), ("Content-Length", "2")]:
        connection.putheader(name, value)
    connection.endheaders(b"{}")
    answer = connection.getresponse()
    assert 400 <= answer.status < 500, answer.read()
    connection.close()


def test_the_form_is_checked_before_the_person(wire):
    """A stranger learns from no answer whether an access key exists."""
    known = wire.call("ListKeys", {}, secret="wrong")
    assert wire.secret not in known.body.decode() and known.type == "InvalidSignatureException"


def test_sts_refuses_with_xml(server):
    wire = Wire(server.env, "sts")
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    good = wire.send("POST", "/", wire.signed("POST", "/", form, body), body)
    assert good.status == 200 and b"<GetCallerIdentityResult>" in good.body, good.body
    assert good.headers["content-type"].startswith("text/xml")
    bad = wire.send("POST", "/", wire.signed("POST", "/", form, body, secret="wrong"), body)
    assert 400 <= bad.status < 500
    assert b"<ErrorResponse" in bad.body and b"<Code>SignatureDoesNotMatch</Code>" in bad.body, bad.body
    stranger = wire.send("POST", "/", wire.signed("POST", "/", form, body, access_key="AKIAIOSFODNN7EXAMPLE"), body)
    assert 400 <= stranger.status < 500 and b"<Code>InvalidClientTokenId</Code>" in stranger.body, stranger.body
    for odd in (b"Action=NoSuchThing&Version=2011-06-15", b"Version=2011-06-15", b"Action=GetCallerIdentity&Version=1999-01-01", b"%zz=%", b""):
        answer = wire.send("POST", "/", wire.signed("POST", "/", form, odd), odd)
        assert 400 <= answer.status < 500, (odd, answer.status, answer.body)


def test_a_kms_signature_does_not_open_sts_nor_the_reverse(server):
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    kms, sts = Wire(server.env), Wire(server.env, "sts")
    answer = kms.send("POST", "/", kms.signed("POST", "/", form, body), body)
    assert 400 <= answer.status < 500, answer.body
    answer = sts.send("POST", "/", sts.signed("POST", "/", JSON, b"{}"), b"{}")
    assert_refused(answer, *INVALID)


def test_a_refusal_is_json_that_clients_can_read(wire):
    answer = assert_refused(wire.call("ListKeys", {}, secret="wrong"))
    assert set(json.loads(answer.body)) <= {"__type", "message", "Message"}
