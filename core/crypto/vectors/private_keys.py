#!/usr/bin/env python3
"""Makes private keys as other programs write them, and ones that must not come in, with the `cryptography` package.

Prints the file; the keys are new each time. With --check, reads private_keys.txt beside this script instead and
compares each public half with the one that the package derives.
"""

import pathlib
import sys

from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, mlkem, rsa, x25519

CURVES = {
    "ECC_NIST_P256": (ec.SECP256R1(), 32, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
    "ECC_NIST_P384": (ec.SECP384R1(), 48, None),
    "ECC_NIST_P521": (ec.SECP521R1(), 66, None),
    "ECC_SECG_P256K1": (ec.SECP256K1(), 32, None),
}
CONSISTENT = "the numbers do not make an RSA key"
LENGTH = "the modulus is not as long as the key spec says"
EXPONENT = "the public exponent is not 65537"
RANGE = "the private number is out of range, or the public point is not its own"
OTHER = "the private key is of another algorithm, curve or parameter set"
EXPANDED = "the expanded private key is not that of the seed"


def pkcs8(key) -> bytes:
    return key.private_bytes(ser.Encoding.DER, ser.PrivateFormat.PKCS8, ser.NoEncryption())


def spki(key) -> bytes:
    return key.public_key().public_bytes(ser.Encoding.DER, ser.PublicFormat.SubjectPublicKeyInfo)


def der(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + body


def number(value: int) -> bytes:
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def algorithm(public: bytes) -> bytes:
    """The AlgorithmIdentifier inside a SubjectPublicKeyInfo."""
    start = 2 if public[1] < 128 else 3 if public[1] == 0x81 else 4
    return public[start:start + 2 + public[start + 1]]


def wrap(public: bytes, *contents: bytes, version: int = 0, after: bytes = b"") -> bytes:
    """PKCS #8 of the algorithm of a public half."""
    return der(0x30, number(version), algorithm(public), der(4, *contents), after)


def rsa_key(bits: int, exponent: int = 65537):
    return rsa.generate_private_key(public_exponent=exponent, key_size=bits)


def rsa_numbers(key, **changed) -> bytes:
    private, public = key.private_numbers(), key.private_numbers().public_numbers
    values = {"n": public.n, "e": public.e, "d": private.d, "p": private.p, "q": private.q,
              "dp": private.dmp1, "dq": private.dmq1, "qi": private.iqmp} | changed
    return der(0x30, number(0), *(number(values[name]) for name in ("n", "e", "d", "p", "q", "dp", "dq", "qi")))


def rsa_cases():
    for bits in (2048, 3072, 4096):
        key = rsa_key(bits)
        yield f"RSA of {bits} bits", f"RSA_{bits}", pkcs8(key), spki(key), "ok"
    key = rsa_key(2048)
    public, private = spki(key), key.private_numbers()
    yield "RSA, longer than its spec", "RSA_2048", pkcs8(rsa_key(3072)), b"", LENGTH
    yield "RSA, shorter than its spec", "RSA_2048", pkcs8(rsa_key(1024)), b"", LENGTH
    yield "RSA, one byte shorter than its spec", "RSA_2048", pkcs8(rsa_key(2040)), b"", LENGTH
    yield "RSA with exponent 3", "RSA_2048", pkcs8(rsa_key(2048, 3)), b"", EXPONENT
    for name in ("n", "e", "d", "p", "q", "dp", "dq", "qi"):
        value = {"n": private.public_numbers.n, "e": 65537, "d": private.d, "p": private.p, "q": private.q,
                 "dp": private.dmp1, "dq": private.dmq1, "qi": private.iqmp}[name]
        changed = wrap(public, rsa_numbers(key, **{name: value + 2}))
        yield f"RSA, {name} larger by two", "RSA_2048", changed, b"", EXPONENT if name == "e" else CONSISTENT
    yield "RSA, bytes after the numbers", "RSA_2048", wrap(public, rsa_numbers(key), b"\0"), b"", CONSISTENT
    yield "RSA, bytes after the end", "RSA_2048", pkcs8(key) + b"\0", b"", "bytes follow the PKCS #8 private key"
    yield "RSA, cut short", "RSA_2048", pkcs8(key)[:-1], b"", "it is not a DER PKCS #8 private key"
    yield "RSA without PKCS #8", "RSA_2048", rsa_numbers(key), b"", "it is not a DER PKCS #8 private key"
    yield "RSA's public half", "RSA_2048", public, b"", "it is not a DER PKCS #8 private key"


def ec_cases():
    for spec, (curve, size, _) in CURVES.items():
        key = ec.generate_private_key(curve)
        public = spki(key)
        scalar = key.private_numbers().private_value
        octets = der(4, scalar.to_bytes(size, "big"))
        yield f"{spec} with its point", spec, pkcs8(key), public, "ok"
        yield f"{spec} without its point", spec, wrap(public, der(0x30, number(1), octets)), public, "ok"
        named = algorithm(public)[algorithm(public).index(b"\x02\x01") + 2:]
        with_curve = der(0x30, number(1), octets, der(0xA0, named))
        yield f"{spec} with its curve named twice", spec, wrap(public, with_curve), public, "ok"
        point = spki(ec.generate_private_key(curve))[-2 * size - 1:]
        with_other = der(0x30, number(1), octets, der(0xA1, der(3, b"\0", point)))
        yield f"{spec} with another's point", spec, wrap(public, with_other), b"", RANGE
        zero = der(0x30, number(1), der(4, bytes(size)))
        yield f"{spec}, zero", spec, wrap(public, zero), b"", RANGE
        most = der(0x30, number(1), der(4, b"\xff" * size))
        yield f"{spec}, past the order", spec, wrap(public, most), b"", RANGE
        after = der(0x30, number(1), octets)
        yield f"{spec}, bytes after the number", spec, wrap(public, after, b"\0"), b"", RANGE
    key = ec.generate_private_key(ec.SECP256R1())
    octets = der(4, CURVES["ECC_NIST_P256"][2].to_bytes(32, "big"))
    yield "P-256, the order itself", "ECC_NIST_P256", wrap(spki(key), der(0x30, number(1), octets)), b"", RANGE
    yield "P-256 as secp256k1", "ECC_SECG_P256K1", pkcs8(key), b"", OTHER
    yield "brainpoolP256r1 as P-256", "ECC_NIST_P256", pkcs8(ec.generate_private_key(ec.BrainpoolP256R1())), b"", OTHER


def edwards_cases():
    spec = "ECC_NIST_EDWARDS25519"
    key = ed25519.Ed25519PrivateKey.generate()
    public, seed = spki(key), key.private_bytes_raw()
    other = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    yield "Ed25519", spec, pkcs8(key), public, "ok"
    both = wrap(public, der(4, seed), version=1, after=der(0x81, b"\0", key.public_key().public_bytes_raw()))
    yield "Ed25519 with its public half", spec, both, public, "ok"
    both = wrap(public, der(4, seed), version=1, after=der(0x81, b"\0", other))
    yield "Ed25519 with another's public half", spec, both, b"", "the public half is not that of the private key"
    odd = "the private key is not an Ed25519 seed of 32 bytes"
    yield "Ed25519, seed of 31 bytes", spec, wrap(public, der(4, seed[1:])), b"", odd
    yield "Ed25519, seed of 33 bytes", spec, wrap(public, der(4, seed + b"\0")), b"", odd
    yield "Ed25519, seed without its own octet string", spec, wrap(public, seed), b"", odd
    yield "X25519", spec, pkcs8(x25519.X25519PrivateKey.generate()), b"", OTHER


def lattice_cases():
    sets = [("ML_DSA_44", mldsa.MLDSA44PrivateKey), ("ML_DSA_65", mldsa.MLDSA65PrivateKey),
            ("ML_DSA_87", mldsa.MLDSA87PrivateKey), ("ML_KEM_768", mlkem.MLKEM768PrivateKey),
            ("ML_KEM_1024", mlkem.MLKEM1024PrivateKey)]
    for spec, kind in sets:
        key = kind.generate()
        public, seed = spki(key), key.private_bytes_raw()
        length = f"an {spec[:6].replace('_', '-')} seed has {len(seed)} bytes"
        yield f"{spec}, seed", spec, pkcs8(key), public, "ok"
        yield f"{spec}, seed too short", spec, wrap(public, der(0x80, seed[1:])), b"", length
        yield f"{spec}, seed too long", spec, wrap(public, der(0x80, seed + b"\0")), b"", length
        both = wrap(public, der(0x30, der(4, seed), der(4, bytes(2560))))
        yield f"{spec}, seed with something else expanded", spec, both, b"", EXPANDED
        yield f"{spec}, expanded only", spec, wrap(public, der(4, bytes(2560))), b"", "the private key is in its expanded form: its seed is needed"
        neither = "the private key is neither a seed nor a seed and its expanded key"
        yield f"{spec}, bytes after the seed", spec, wrap(public, der(0x80, seed), b"\0"), b"", neither
        yield f"{spec}, nothing", spec, wrap(public), b"", neither
    key = mldsa.MLDSA44PrivateKey.generate()
    yield "ML_DSA_44 as ML_DSA_65", "ML_DSA_65", pkcs8(key), b"", OTHER
    yield "ML_DSA_44 as ML_KEM_512", "ML_KEM_512", pkcs8(key), b"", OTHER


def fields(text: str) -> dict:
    return {name.strip(): value.strip() for name, value in (line.split("=", 1) for line in text.splitlines())}


def check() -> None:
    text = pathlib.Path(__file__).with_name("private_keys.txt").read_text()
    good = [case for case in map(fields, text.strip().split("\n\n")) if case["expect"] == "ok"]
    for case in good:
        private = bytes.fromhex(case["pkcs8"])
        if private[2:5] == b"\x02\x01\x01":
            print(f"{case['name']}: the package reads no PKCS #8 with a public half, and so cannot tell")
            continue
        if spki(ser.load_der_private_key(private, None)).hex() != case["public"]:
            sys.exit(f"{case['name']}: the public half is another")
    print(f"{len(good)} keys: none has another public half")


if __name__ == "__main__":
    if "--check" in sys.argv:
        check()
    else:
        groups = [rsa_cases(), ec_cases(), edwards_cases(), lattice_cases()]
        print("\n\n".join(
            f"name   = {name}\nspec   = {spec}\npkcs8  = {private.hex()}\npublic = {public.hex()}\nexpect = {expect}"
            for group in groups for name, spec, private, public, expect in group))
