"""Sockets, TLS and HTTP: what reaches the server before any request is understood."""

import random
import shutil
import socket
import ssl
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.wire import Wire, assert_refused

JSON = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.ListKeys"}
#: Longest a complete request may wait for its answer, in seconds.
SECONDS_MAX = 15


def curl(wire, *flags, body=b"{}"):
    headers = wire.signed("POST", "/", JSON, body)
    command = ["curl", "--silent", "--show-error", "--max-time", "20", "--output", "-", "--write-out", "\n%{http_version} %{http_code}"]
    command += [word for name, value in headers.items() for word in ("--header", f"{name}: {value}")]
    command += ["--cacert", wire.ca] if wire.ca else []
    done = subprocess.run([*command, *flags, "--data-binary", "@-", wire.endpoint.geturl()], input=body, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().rsplit("\n", 1)[1].split()


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not on the path")
@pytest.mark.parametrize("flag, version", [("--http1.1", "1.1"), ("--http2", "2"), ("--http2-prior-knowledge", "2")])
def test_both_versions_of_http_are_spoken(wire, flag, version):
    if wire.ca is None and flag == "--http2":
        pytest.skip("over plain HTTP the version is not negotiated")
    assert curl(wire, flag) == [version, "200"]


def tls(wire, **settings):
    if wire.ca is None:
        pytest.skip("the server speaks plain HTTP")
    context = ssl.create_default_context(cafile=wire.ca)
    for name, value in settings.items():
        setattr(context, name, value)
    with socket.create_connection((wire.endpoint.hostname, wire.endpoint.port), 10) as plain:
        with context.wrap_socket(plain, server_hostname=wire.endpoint.hostname) as wrapped:
            return wrapped.version()


def test_tls_1_3_is_preferred_and_1_2_allowed(wire):
    assert tls(wire) == "TLSv1.3"
    assert tls(wire, maximum_version=ssl.TLSVersion.TLSv1_2) == "TLSv1.2"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_older_tls_is_refused(wire):
    with pytest.raises((ssl.SSLError, OSError)):
        tls(wire, minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)


def test_the_certificate_is_for_this_name(wire):
    if wire.ca is None:
        pytest.skip("the server speaks plain HTTP")
    context = ssl.create_default_context()
    with socket.create_connection((wire.endpoint.hostname, wire.endpoint.port), 10) as plain:
        with pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(plain, server_hostname=wire.endpoint.hostname)


class Open:
    """One connection, for bytes that no client library would send."""

    def __init__(self, wire):
        plain = socket.create_connection((wire.endpoint.hostname, wire.endpoint.port), SECONDS_MAX)
        plain.settimeout(SECONDS_MAX)
        self.socket = plain
        if wire.ca:
            context = ssl.create_default_context(cafile=wire.ca)
            self.socket = context.wrap_socket(plain, server_hostname=wire.endpoint.hostname)

    def ask(self, sent):
        """The status of the answer, or 0 if the server just closes the connection."""
        try:
            self.socket.sendall(sent)
            got = b""
            while b"\r\n" not in got:
                more = self.socket.recv(4096)
                if not more:
                    return 0
                got += more
            return int(got.split(b" ", 2)[1])
        except (ConnectionError, ssl.SSLError):
            return 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


ODD = {
    "no http": b"hello\r\n\r\n",
    "no version": b"POST /\r\n\r\n",
    "http 9": b"POST / HTTP/9.9\r\nHost: x\r\n\r\n",
    "binary": bytes(range(256)) + b"\r\n\r\n",
    "a line without end": b"POST /" + b"a" * 200_000,
    "headers without end": b"POST / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"h%d: v\r\n" % n for n in range(20_000)) + b"\r\n",
    "a long header": b"POST / HTTP/1.1\r\nHost: x\r\nh: " + b"v" * 500_000 + b"\r\n\r\n",
    "a length that is no number": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length beyond all": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "a big length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n",
    "a bad chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a nul in a header": b"POST / HTTP/1.1\r\nHost: x\r\na: b\x00c\r\n\r\n",
    "a folded header": b"POST / HTTP/1.1\r\nHost: x\r\na: b\r\n c\r\n\r\n",
    "a space before the colon": b"POST / HTTP/1.1\r\nHost: x\r\na : b\r\n\r\n",
    "connect": b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "trace": b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a method of our own": b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a path out of the house": b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "a get": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "no host": b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    "a put of nothing": b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("sent", ODD.values(), ids=ODD)
def test_odd_bytes_are_refused_or_the_connection_closed_and_soon(wire, sent):
    began = time.monotonic()
    with Open(wire) as connection:
        status = connection.ask(sent)
    assert status == 0 or 400 <= status < 500 or (status == 200 and sent.startswith(b"GET")), status
    assert status != 0 or time.monotonic() - began < SECONDS_MAX
    assert wire.call("ListKeys", {}).status == 200


def test_plain_http_on_the_tls_port_is_refused(wire):
    if wire.ca is None:
        pytest.skip("the server speaks plain HTTP")
    with socket.create_connection((wire.endpoint.hostname, wire.endpoint.port), 10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            assert b" 200 " not in plain.recv(4096)
        except ConnectionError:
            pass


@pytest.mark.parametrize("size", [300_000, 5_000_000])
def test_a_body_has_a_limit(wire, size):
    body = b'{"KeyId":"' + b"k" * size + b'"}'
    headers = JSON | {"X-Amz-Target": "TrentService.DescribeKey"}
    try:
        answer = Wire.send(wire, "POST", "/", wire.signed("POST", "/", headers, body), body)
    except (ConnectionError, ssl.SSLError):
        wire.close()
    else:
        assert 400 <= answer.status < 500, answer.status
    assert wire.call("ListKeys", {}).status == 200


def test_a_client_that_never_finishes_does_not_hold_up_the_others(server, wire):
    waiting = [Open(wire) for _ in range(20)]
    for connection in waiting:
        connection.socket.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
    began = time.monotonic()
    assert wire.call("ListKeys", {}).status == 200
    assert time.monotonic() - began < 5
    for connection in waiting:
        connection.socket.close()


def test_many_requests_go_through_one_connection(server):
    wire = Wire(server.env)
    assert all(wire.call("GenerateRandom", {"NumberOfBytes": 8}).status == 200 for _ in range(200))
    wire.close()


def test_many_clients_are_served_at_once(server):
    def one(_):
        wire = Wire(server.env)
        try:
            return [wire.call("GenerateRandom", {"NumberOfBytes": 32}).status for _ in range(20)]
        finally:
            wire.close()

    with ThreadPoolExecutor(32) as pool:
        answers = [status for statuses in pool.map(one, range(32)) for status in statuses]
    assert answers == [200] * 640


def mutated(dice, good):
    """One of many ways to spoil a body, its headers or its target."""
    target, body = good
    way = dice.randrange(9)
    at = dice.randrange(len(body) + 1)
    if way == 0:
        body = body[:at] + bytes([dice.randrange(256)]) + body[at + 1 :]
    elif way == 1:
        body = body[:at]
    elif way == 2:
        body = body[:at] + body[dice.randrange(len(body) + 1) :]
    elif way == 3:
        body = bytes(dice.randrange(256) for _ in range(dice.randrange(200)))
    elif way == 4:
        body = body.replace(b'"', dice.choice([b"", b"'", b'""', b'\\"', b"\x00"]), dice.randrange(1, 5))
    elif way == 5:
        body = body[:at] + dice.choice([b"[[[[[[", b"{{{{", b"}}", b"null", b"-0", b"1e999", b"\\ud800", b"\xff\xfe"]) + body[at:]
    elif way == 6:
        target = "".join(dice.choice("abcTrentService.EncryptDecrypt") for _ in range(dice.randrange(40)))
    elif way == 7:
        body = body.replace(b":", b":" + dice.choice([b"[]", b"{}", b"0", b"true", b'""', b"[{}]"]) + b",\"x\":", 1)
    else:
        body = body * dice.randrange(2, 50)
    return target, body


@pytest.mark.parametrize("seed", range(8))
def test_spoiled_requests_are_refused_and_never_break_the_server(server, kms, key_id, seed):
    """Seeded: a failure names the seed and the number of the request that broke."""
    import base64
    import json

    blob = base64.b64encode(kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]).decode()
    good = [
        ("Encrypt", {"KeyId": key_id, "Plaintext": "eA==", "EncryptionContext": {"a": "b"}}),
        ("Decrypt", {"CiphertextBlob": blob, "EncryptionContext": {}}),
        ("GenerateDataKey", {"KeyId": key_id, "NumberOfBytes": 32, "GrantTokens": []}),
        ("TagResource", {"KeyId": key_id, "Tags": [{"TagKey": "a", "TagValue": "b"}]}),
        ("DescribeKey", {"KeyId": key_id}),
        ("ListKeys", {"Limit": 5}),
        ("PutKeyPolicy", {"KeyId": key_id, "Policy": kms.get_key_policy(KeyId=key_id)["Policy"]}),
    ]
    good = [(name, json.dumps(body).encode()) for name, body in good]
    dice, wire = random.Random(seed), Wire(server.env)
    refusals = 0
    for number in range(250):
        target, body = mutated(dice, dice.choice(good))
        headers = JSON | {"X-Amz-Target": f"TrentService.{target}"}
        began = time.monotonic()
        answer = wire.send("POST", "/", wire.signed("POST", "/", headers, body), body)
        what = f"seed {seed}, request {number}: {target} {body[:200]!r} → {answer.status} {answer.body[:200]!r}"
        assert answer.status < 500 and time.monotonic() - began < SECONDS_MAX, what
        if answer.status != 200:
            refusals += 1
            assert_refused(answer)
    assert refusals > 100
    wire.close()
