"""A Nitro system of the tests' own: a root, the authorities under it, and enclaves that it vouches for."""

import datetime
import subprocess
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509.oid import NameOID

DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM
ES384 = bytes.fromhex("a1013822")


def cbor(value):
    """Numbers, bytes, text, lists, dicts and None, in CBOR (RFC 8949)."""
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(cbor, value))
    return _head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())


def _head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << 8 * width:
            return bytes([major << 5 | info]) + value.to_bytes(width, "big")
    raise ValueError(value)


class Nitro:
    """Signs attestation documents, as the Nitro hypervisor does."""

    def __init__(self, name="aws.nitro-enclaves"):
        self.root, self.root_key = self._certificate(name, None, None, ca=True)
        self.instance, self.instance_key = self._certificate("instance", self.root, self.root_key, ca=True)
        self.leaf, self.leaf_key = self._certificate("enclave", self.instance, self.instance_key, ca=False)

    @staticmethod
    def _certificate(name, issuer, issuer_key, ca, days=(-1, 30)):
        key = ec.generate_private_key(ec.SECP384R1())
        named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        usage = dict.fromkeys(
            ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only", "crl_sign"],
            False,
        )
        made = (
            x509.CertificateBuilder().subject_name(named).issuer_name(issuer.subject if issuer else named).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now + datetime.timedelta(days=days[0]))
            .not_valid_after(now + datetime.timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(digital_signature=not ca, key_cert_sign=ca, **usage), critical=True)
            .sign(issuer_key or key, hashes.SHA384())
        )
        return made, key

    def root_pem(self):
        return self.root.public_bytes(PEM)

    def document(self, public_key, pcrs=None, registers="pcrs", **changed):
        fields = {
            "module_id": "i-0123456789abcdef0-enc0123456789abcdef",
            "digest": "SHA384",
            "timestamp": int(time.time() * 1000),
            registers: pcrs or {at: bytes([at]) * 48 for at in range(16)},
            "certificate": self.leaf.public_bytes(DER),
            "cabundle": [self.root.public_bytes(DER), self.instance.public_bytes(DER)],
            "public_key": public_key,
            "user_data": None,
            "nonce": None,
        } | changed
        payload = cbor(fields)
        signed = cbor(["Signature1", ES384, b"", payload])
        r, s = utils.decode_dss_signature(self.leaf_key.sign(signed, ec.ECDSA(hashes.SHA384())))
        return cbor([ES384, {}, payload, r.to_bytes(48, "big") + s.to_bytes(48, "big")])


class Enclave:
    """A key pair that never leaves, and what is asked for with it."""

    def __init__(self, nitro, bits=2048):
        self.nitro = nitro
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=bits)

    def public(self):
        return self.key.public_key().public_bytes(DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    def recipient(self, **changed):
        document = self.nitro.document(self.public(), **changed)
        return {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": document}

    def open(self, sealed, folder):
        """Opens CMS EnvelopedData with the openssl program."""
        key, data = folder / "enclave.key", folder / "sealed.ber"
        none = serialization.NoEncryption()
        key.write_bytes(self.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, none))
        data.write_bytes(sealed)
        command = ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", str(data), "-inkey", str(key), "-binary"]
        done = subprocess.run(command, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def unwrap(self, wrapped):
        """Opens the wrapped content key alone."""
        sha256 = hashes.SHA256()
        return self.key.decrypt(wrapped, padding.OAEP(mgf=padding.MGF1(sha256), algorithm=sha256, label=None))
