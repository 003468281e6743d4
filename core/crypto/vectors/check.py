#!/usr/bin/env python3
"""Makes the vectors of the symmetric ciphertext with Python's own HMAC and the `cryptography` package.

Prints the file; with --check, compares it with ciphertext.txt beside this script instead.
"""

import hashlib
import hmac
import pathlib
import struct
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256."""
    prk = hmac.new(salt, key, hashlib.sha256).digest()
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), hashlib.sha256).digest()
        out, counter = out + block, counter + 1
    return out[:length]


def canonical(context: dict) -> bytes:
    pairs = sorted((k.encode(), v.encode()) for k, v in context.items())
    out = struct.pack(">H", len(pairs))
    for key, value in pairs:
        out += struct.pack(">H", len(key)) + key + struct.pack(">H", len(value)) + value
    return out


def seal(material, account, key_id, multi_region, material_id, salt, context, plaintext):
    names = bytes([0x4B, 1, 1, 1 if multi_region else 0]) + struct.pack(">Q", account) + key_id + material_id
    okm = hkdf(material, salt, b"keystead/ciphertext/v1" + names, 64)
    header = names + salt + okm[32:]
    return header + AESGCM(okm[:32]).encrypt(bytes(12), plaintext, header + canonical(context))


def cases():
    material, account = bytes(range(32)), 111122223333
    key_id = bytes.fromhex("1234abcd12ab44cd96ef1234567890ab")
    material_id = hashlib.sha256(b"material id").digest()

    def case(name, expect="ok", context=None, sealed_context=None, plaintext=b"", flip=None, multi=False, cut=0, key=material):
        salt = hashlib.sha256(name.encode()).digest()[:16]
        context = context or {}
        blob = seal(material, account, key_id, multi, material_id, salt, sealed_context or context, plaintext)
        if flip is not None:
            at = flip % len(blob)
            blob = blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
        blob = blob[: len(blob) - cut]
        return "\n".join([
            f"name       = {name}",
            f"material   = {key.hex()}",
            f"salt       = {salt.hex()}",
            "context    = " + ",".join(f"{k}:{v}" for k, v in context.items()),
            f"plaintext  = {plaintext.hex()}",
            f"ciphertext = {blob.hex()}",
            f"expect     = {expect}",
        ])

    yield case("empty plaintext, no context")
    yield case("32 bytes, no context", plaintext=bytes(range(32)))
    yield case("two pairs of context, given out of order", context={"tenant": "7", "app": "billing"}, plaintext=b"data")
    yield case("a multi-Region key", multi=True, plaintext=b"data")
    yield case("last byte of the tag flipped", "unauthentic", plaintext=b"data", flip=-1)
    yield case("version byte flipped", "unauthentic", plaintext=b"data", flip=1)
    yield case("account flipped", "unauthentic", plaintext=b"data", flip=11)
    yield case("commitment flipped", "unauthentic", plaintext=b"data", flip=80)
    yield case("another context", "unauthentic", context={"tenant": "8"}, sealed_context={"tenant": "7"}, plaintext=b"data")
    yield case("another key", "unauthentic", plaintext=b"data", key=bytes(32))
    yield case("one byte short", "unauthentic", plaintext=b"data", cut=1)


text = "\n\n".join(cases()) + "\n"
if "--check" in sys.argv:
    kept = (pathlib.Path(__file__).parent / "ciphertext.txt").read_text()
    sys.exit(0 if kept == text else "the vectors differ from what this script makes")
sys.stdout.write(text)
