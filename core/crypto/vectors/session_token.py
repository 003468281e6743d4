#!/usr/bin/env python3
"""Makes the vectors of session tokens with Python's own HMAC and the `cryptography` package.

Prints the file; with --check, compares it with session_token.txt beside this script instead.
"""

import base64
import hashlib
import hmac
import pathlib
import struct
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
ROOT = bytes(range(32))
ACCOUNT = 111122223333


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256."""
    prk = hmac.new(salt, key, hashlib.sha256).digest()
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), hashlib.sha256).digest()
        out, counter = out + block, counter + 1
    return out[:length]


def sealing_key(domain: bytes) -> bytes:
    return hkdf(ROOT, b"", domain, 32)


def secret(access_key: str) -> str:
    key, out, block = sealing_key(b"keystead/session-secrets/v1"), "", 0
    while len(out) < 40:
        part = hmac.new(key, b"keystead/mac/v1/" + bytes([block]) + access_key.encode(), hashlib.sha256).digest()
        out += "".join(chr(LETTERS[byte % 62]) for byte in part if byte < 248)
        block += 1
    return out[:40]


def seal(plain: bytes, salt: bytes, version: int = 1) -> bytes:
    okm = hkdf(sealing_key(b"keystead/session-tokens/v1"), salt, b"keystead/sealed/v1", 64)
    header = bytes([version])
    return header + salt + okm[32:] + AESGCM(okm[:32]).encrypt(bytes(12), plain, header)


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack(">H", len(data)) + data


def time(ms: int) -> bytes:
    return struct.pack(">Q", ms)


def option(value, write) -> bytes:
    return b"\0" if value is None else b"\1" + write(value)


def principal(value) -> bytes:
    kind, *texts = value
    return bytes([kind]) + struct.pack(">Q", ACCOUNT) + b"".join(map(text, texts))


def many(items, write) -> bytes:
    return bytes([len(items)]) + b"".join(map(write, items))


def plain(access_key, who, opened_by=None, policies=(), tags=(), transitive=(), source=None, provider=None, mfa=None):
    return b"".join([
        text(access_key),
        time(1767225600000),
        time(1767229200000),
        principal(who),
        option(opened_by, principal),
        many(policies, lambda policy: bytes([policy[0]]) + text(policy[1])),
        many(tags, lambda tag: text(tag[0]) + text(tag[1])),
        many(transitive, text),
        option(source, text),
        option(provider, text),
        option(mfa, time),
    ])


ROLE = (3, "team/app", "AROAABCDEFGHIJKLMNOP", "one")
USER = (2, "alice", "AIDAABCDEFGHIJKLMNOP")


def cases():
    def case(name, who, expect="ok", flip=None, version=1, cut=0, more=b"", **fields):
        access_key = "ASIA" + base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()[:16]
        salt = hashlib.sha256(name.encode()).digest()[:16]
        data = plain(access_key, who, **fields) + more
        token = bytearray(seal(data, salt, version))
        if flip is not None:
            token[flip] ^= 1
        token = bytes(token)[: len(token) - cut]
        return "\n".join([
            f"name   = {name}",
            f"key    = {access_key}",
            f"secret = {secret(access_key)}",
            f"salt   = {salt.hex()}",
            f"plain  = {data.hex()}",
            f"token  = {base64.b64encode(token).decode().rstrip('=')}",
            f"expect = {expect}",
        ])

    yield case("a root", (1,))
    yield case("a user with a second factor", USER, mfa=1767225599000)
    yield case(
        "a role with everything", ROLE,
        policies=[(1, '{"Version":"2012-10-17","Statement":[]}'), (2, "arn:aws:iam::111122223333:policy/p")],
        tags=[("cost", "7"), ("team", "ä")], transitive=["team"], source="alice",
        provider="arn:aws:iam::111122223333:oidc-provider/token.example.com",
    )
    yield case("a federated user", (4, "guest"), opened_by=USER)
    yield case("another version", (1,), "invalid", version=2)
    yield case("a flipped salt", (1,), "invalid", flip=1)
    yield case("a flipped commitment", (1,), "invalid", flip=17)
    yield case("a flipped byte of the sealed part", (1,), "invalid", flip=49)
    yield case("a flipped tag", (1,), "invalid", flip=-1)
    yield case("one byte short", (1,), "invalid", cut=1)
    yield case("a byte too many", (1,), "invalid", more=b"\0")
    yield case("no kind of principal", (5,), "invalid")
    yield case("tags out of order", ROLE, "invalid", tags=[("b", "1"), ("a", "2")])


lines = "\n\n".join(cases()) + "\n"
if "--check" in sys.argv:
    kept = (pathlib.Path(__file__).parent / "session_token.txt").read_text()
    sys.exit(0 if kept == lines else "the vectors differ from what this script makes")
sys.stdout.write(lines)
