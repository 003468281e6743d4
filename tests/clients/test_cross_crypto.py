"""What Keystead makes, others understand, and the other way round: Python's `cryptography` and the `openssl` program.

Keys made here never leave, so that the way back (somebody else signs, Keystead verifies) goes over imported keys.
The openssl of Debian 12 (3.0) knows neither ML-DSA nor ML-KEM nor Ed25519ph: those are checked with `cryptography` alone, and
Ed25519ph with the few lines of RFC 8032 in `harness/ed25519ph.py`.
"""

import hashlib
import hmac
import os
import shutil
import subprocess

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, mlkem, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from harness import ed25519ph
from harness.workshop import oaep, pkcs8, spki, wrap

MESSAGE = bytes(range(256)) * 3
#: What Ed25519ph signs: AWS takes a digest, and hashes it as if it were the message.
TWICE = hashlib.sha512(hashlib.sha512(MESSAGE).digest()).digest()
HASHES = {"224": hashes.SHA224, "256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}
RSA_ALGORITHMS = [f"RSASSA_{padding}_SHA_{bits}" for padding in ("PKCS1_V1_5", "PSS") for bits in (256, 384, 512)]
#: Every specification that signs, with its algorithms.
SIGNING = {
    **{f"RSA_{bits}": RSA_ALGORITHMS for bits in (2048, 3072, 4096)},
    "ECC_NIST_P256": ["ECDSA_SHA_256"], "ECC_NIST_P384": ["ECDSA_SHA_384"], "ECC_NIST_P521": ["ECDSA_SHA_512"],
    "ECC_SECG_P256K1": ["ECDSA_SHA_256"], "ECC_NIST_EDWARDS25519": ["ED25519_SHA_512", "ED25519_PH_SHA_512"],
    **{f"ML_DSA_{size}": ["ML_DSA_SHAKE_256"] for size in (44, 65, 87)},
}
CURVES = {
    "ECC_NIST_P256": ec.SECP256R1, "ECC_NIST_P384": ec.SECP384R1, "ECC_NIST_P521": ec.SECP521R1, "ECC_SECG_P256K1": ec.SECP256K1,
}
ML_DSA = {
    "ML_DSA_44": (mldsa.MLDSA44PrivateKey, mldsa.MLDSA44PublicKey), "ML_DSA_65": (mldsa.MLDSA65PrivateKey, mldsa.MLDSA65PublicKey),
    "ML_DSA_87": (mldsa.MLDSA87PrivateKey, mldsa.MLDSA87PublicKey),
}
ML_KEM = {"ML_KEM_768": mlkem.MLKEM768PublicKey, "ML_KEM_1024": mlkem.MLKEM1024PublicKey}
NIST = ("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521")


needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl program")


def openssl(folder, *arguments, **files):
    """Runs openssl among these files; answers what it says."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def kinds(algorithm):
    """The message types an algorithm takes."""
    if algorithm == "ED25519_SHA_512":
        return ["RAW"]
    if algorithm == "ED25519_PH_SHA_512":
        return ["DIGEST"]
    return ["RAW", "EXTERNAL_MU"] if algorithm.startswith("ML_DSA") else ["RAW", "DIGEST"]


def message(algorithm, kind, public):
    """What Keystead is given for MESSAGE under this message type."""
    if kind == "DIGEST":
        return hashlib.new(f"sha{algorithm[-3:]}", MESSAGE).digest()
    if kind == "EXTERNAL_MU":
        # FIPS 204, section 6.2, with an empty context.
        tr = hashlib.shake_256(public.public_bytes_raw()).digest(64)
        return hashlib.shake_256(tr + b"\0\0" + MESSAGE).digest(64)
    return MESSAGE


def verify_outside(public, algorithm, signature):
    """Verifies a signature over MESSAGE with `cryptography`."""
    if algorithm == "ED25519_PH_SHA_512":
        if not ed25519ph.verify(public.public_bytes_raw(), TWICE, signature):
            raise InvalidSignature
    elif algorithm.startswith(("ED25519", "ML_DSA")):
        public.verify(signature, MESSAGE)
    elif algorithm.startswith("ECDSA"):
        public.verify(signature, MESSAGE, ec.ECDSA(HASHES[algorithm[-3:]]()))
    else:
        public.verify(signature, MESSAGE, *rsa_padding(algorithm))


def sign_outside(private, algorithm):
    if algorithm == "ED25519_PH_SHA_512":
        return ed25519ph.sign(private.private_bytes_raw(), TWICE)
    if algorithm.startswith(("ED25519", "ML_DSA")):
        return private.sign(MESSAGE)
    if algorithm.startswith("ECDSA"):
        return private.sign(MESSAGE, ec.ECDSA(HASHES[algorithm[-3:]]()))
    return private.sign(MESSAGE, *rsa_padding(algorithm))


def rsa_padding(algorithm):
    hash = HASHES[algorithm[-3:]]()
    if "PSS" in algorithm:
        return padding.PSS(padding.MGF1(hash), hash.digest_size), hash
    return padding.PKCS1v15(), hash


def private_key(spec):
    """A key of somebody else."""
    if spec.startswith("RSA"):
        return rsa.generate_private_key(65537, int(spec[4:]))
    if spec in CURVES:
        return ec.generate_private_key(CURVES[spec]())
    if spec == "ECC_NIST_EDWARDS25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ML_DSA[spec][0].generate()


# --- Public keys ---------------------------------------------------------------------------------------------------

PUBLIC = [*SIGNING, "ML_KEM_768", "ML_KEM_1024"]


def public_key(workshop, spec, usage=None):
    usage = usage or ("ENCAPSULATE_DECAPSULATE" if spec.startswith("ML_KEM") else "SIGN_VERIFY")
    der = workshop.kms.get_public_key(KeyId=workshop.of(spec, usage))["PublicKey"]
    return der, serialization.load_der_public_key(der)


@pytest.mark.parametrize("spec", PUBLIC)
def test_a_public_key_reads_as_what_it_is_and_is_written_as_others_write_it(workshop, spec):
    der, public = public_key(workshop, spec)
    assert spki(public) == der
    if spec.startswith("RSA"):
        assert isinstance(public, rsa.RSAPublicKey) and public.key_size == int(spec[4:])
        assert public.public_numbers().e == 65537
    elif spec in CURVES:
        assert isinstance(public.curve, CURVES[spec])
    elif spec in ML_KEM:
        assert isinstance(public, ML_KEM[spec])
    else:
        assert isinstance(public, ML_DSA[spec][1] if spec in ML_DSA else ed25519.Ed25519PublicKey)


def test_the_smallest_ml_kem_key_is_written_as_rfc_9935_says(workshop):
    """Neither openssl here nor `cryptography` reads ML-KEM-512: its SubjectPublicKeyInfo is compared byte by byte."""
    der = workshop.kms.get_public_key(KeyId=workshop.of("ML_KEM_512", "ENCAPSULATE_DECAPSULATE"))["PublicKey"]
    head = bytes.fromhex("30820332300b060960864801650304040103820321 00".replace(" ", ""))
    assert der[: len(head)] == head and len(der) == len(head) + 800


@needs_openssl
@pytest.mark.parametrize("spec", [spec for spec in SIGNING if not spec.startswith("ML_")])
def test_openssl_reads_the_public_key(workshop, tmp_path, spec):
    der, _ = public_key(workshop, spec)
    text = openssl(tmp_path, "pkey", "-pubin", "-inform", "DER", "-in", "key", "-noout", "-text_pub", key=der).decode()
    assert text.startswith("ED25519" if "EDWARDS" in spec else "Public-Key: (" + ("521" if "521" in spec else spec.split("_")[-1].strip("P")[:4]) if "SECG" not in spec else "Public-Key: (256")
    again = openssl(tmp_path, "pkey", "-pubin", "-inform", "DER", "-in", "key", "-pubout", "-outform", "DER")
    assert again == der


# --- Signatures ----------------------------------------------------------------------------------------------------

MADE_HERE = [(spec, algorithm, kind) for spec, all in SIGNING.items() for algorithm in all for kind in kinds(algorithm)]


@pytest.mark.parametrize("spec, algorithm, kind", MADE_HERE)
def test_a_signature_made_here_verifies_elsewhere(workshop, spec, algorithm, kind):
    _, public = public_key(workshop, spec)
    body = {"Message": message(algorithm, kind, public), "MessageType": kind, "SigningAlgorithm": algorithm}
    signature = workshop.kms.sign(KeyId=workshop.of(spec, "SIGN_VERIFY"), **body)["Signature"]
    verify_outside(public, algorithm, signature)
    with pytest.raises(InvalidSignature):
        verify_outside(public, algorithm, signature[:-1] + bytes([signature[-1] ^ 1]))


def options(algorithm):
    if "PSS" in algorithm:
        return ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
    return []


BY_OPENSSL = [(spec, algorithm) for spec, all in SIGNING.items() for algorithm in all if algorithm.startswith(("RSA", "ECDSA"))]


@needs_openssl
@pytest.mark.parametrize("spec, algorithm", BY_OPENSSL)
def test_openssl_verifies_a_signature_made_here(workshop, tmp_path, spec, algorithm):
    der, _ = public_key(workshop, spec)
    signed = workshop.kms.sign(KeyId=workshop.of(spec, "SIGN_VERIFY"), Message=MESSAGE, SigningAlgorithm=algorithm)
    said = openssl(
        tmp_path, "dgst", f"-sha{algorithm[-3:]}", "-keyform", "DER", "-verify", "key", *options(algorithm), "-signature", "signature",
        "message", key=der, signature=signed["Signature"], message=MESSAGE,
    )
    assert said == b"Verified OK\n"


@needs_openssl
def test_openssl_verifies_an_ed25519_signature_made_here(workshop, tmp_path):
    spec = "ECC_NIST_EDWARDS25519"
    der, _ = public_key(workshop, spec)
    signed = workshop.kms.sign(KeyId=workshop.of(spec, "SIGN_VERIFY"), Message=MESSAGE, SigningAlgorithm="ED25519_SHA_512")
    openssl(
        tmp_path, "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key", "-sigfile", "signature", "-in", "message",
        key=der, signature=signed["Signature"], message=MESSAGE,
    )


#: What may be imported for signing; the larger RSA keys take long to make, and differ in nothing else.
IMPORTED = [spec for spec in SIGNING if spec != "RSA_4096"]


@pytest.fixture(scope="module")
def brought(workshop):
    """For each specification, a key of somebody else, and the key here that it was imported into."""
    found = {}

    def bring(spec, usage="SIGN_VERIFY"):
        if (spec, usage) not in found:
            private = private_key(spec)
            made = workshop.kms.create_key(KeySpec=spec, KeyUsage=usage, Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
            workshop.material[made] = pkcs8(private)
            workshop.kms.import_key_material(**workshop.import_request(made))
            found[spec, usage] = private, made
        return found[spec, usage]

    return bring


OUTSIDE = [(spec, algorithm, kind) for spec in IMPORTED for algorithm in SIGNING[spec] for kind in kinds(algorithm)]


@pytest.mark.parametrize("spec, algorithm, kind", OUTSIDE)
def test_a_signature_made_elsewhere_verifies_here(workshop, brought, refused, spec, algorithm, kind):
    private, key = brought(spec)
    signature = sign_outside(private, algorithm)
    body = {"Message": message(algorithm, kind, private.public_key()), "MessageType": kind, "SigningAlgorithm": algorithm, "KeyId": key}
    assert workshop.kms.verify(Signature=signature, **body)["SignatureValid"] is True
    with refused("KMSInvalidSignatureException"):
        workshop.kms.verify(Signature=signature[:-1] + bytes([signature[-1] ^ 1]), **body)


@pytest.mark.parametrize("spec", IMPORTED)
def test_an_imported_key_is_the_same_key_here(workshop, brought, spec):
    private, key = brought(spec)
    assert workshop.kms.get_public_key(KeyId=key)["PublicKey"] == spki(private.public_key())
    algorithm = SIGNING[spec][0]
    signature = workshop.kms.sign(KeyId=key, Message=MESSAGE, SigningAlgorithm=algorithm)["Signature"]
    verify_outside(private.public_key(), algorithm, signature)


@needs_openssl
@pytest.mark.parametrize("spec, algorithm", [(spec, algorithm) for spec, algorithm in BY_OPENSSL if spec in IMPORTED])
def test_a_signature_by_openssl_verifies_here(workshop, brought, tmp_path, spec, algorithm):
    private, key = brought(spec)
    signature = openssl(
        tmp_path, "dgst", f"-sha{algorithm[-3:]}", "-keyform", "DER", "-sign", "key", *options(algorithm), "message",
        key=pkcs8(private), message=MESSAGE,
    )
    body = {"KeyId": key, "Message": MESSAGE, "SigningAlgorithm": algorithm}
    assert workshop.kms.verify(Signature=signature, **body)["SignatureValid"] is True


# --- Agreement -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", NIST)
def test_both_sides_agree_on_a_secret(workshop, spec):
    _, public = public_key(workshop, spec, "KEY_AGREEMENT")
    other = private_key(spec)
    body = {"KeyId": workshop.of(spec, "KEY_AGREEMENT"), "KeyAgreementAlgorithm": "ECDH", "PublicKey": spki(other.public_key())}
    answer = workshop.kms.derive_shared_secret(**body)
    assert answer["SharedSecret"] == other.exchange(ec.ECDH(), public)
    assert answer["KeyOrigin"] == "AWS_KMS"


@needs_openssl
@pytest.mark.parametrize("spec", NIST)
def test_openssl_agrees_on_the_same_secret(workshop, tmp_path, spec):
    der, _ = public_key(workshop, spec, "KEY_AGREEMENT")
    other = private_key(spec)
    body = {"KeyId": workshop.of(spec, "KEY_AGREEMENT"), "KeyAgreementAlgorithm": "ECDH", "PublicKey": spki(other.public_key())}
    theirs = openssl(
        tmp_path, "pkeyutl", "-derive", "-keyform", "DER", "-inkey", "own", "-peerform", "DER", "-peerkey", "peer",
        own=pkcs8(other), peer=der,
    )
    assert workshop.kms.derive_shared_secret(**body)["SharedSecret"] == theirs


@pytest.mark.parametrize("spec", NIST)
def test_an_imported_key_agrees_on_what_its_owner_would(workshop, brought, spec):
    private, key = brought(spec, "KEY_AGREEMENT")
    other = private_key(spec)
    answer = workshop.kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=spki(other.public_key()))
    assert answer["SharedSecret"] == private.exchange(ec.ECDH(), other.public_key())
    assert answer["KeyOrigin"] == "EXTERNAL"


# --- Encapsulation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", ML_KEM)
def test_what_others_encapsulate_comes_out_here(workshop, spec):
    _, public = public_key(workshop, spec)
    secret, sealed = public.encapsulate()
    body = {"KeyId": workshop.of(spec, "ENCAPSULATE_DECAPSULATE"), "EncapsulationAlgorithm": "ML_KEM"}
    assert workshop.kms.decapsulate(SharedSecretCiphertextBlob=sealed, **body)["SharedSecret"] == secret
    bent = sealed[:-1] + bytes([sealed[-1] ^ 1])
    other = workshop.kms.decapsulate(SharedSecretCiphertextBlob=bent, **body)["SharedSecret"]
    assert len(other) == 32 and other != secret, "a changed ciphertext is rejected by another secret, not by an error"


@pytest.mark.parametrize("spec, bytes", [("ML_KEM_512", 768), ("ML_KEM_768", 1088), ("ML_KEM_1024", 1568)])
def test_what_is_encapsulated_here_comes_out_here(workshop, spec, bytes):
    body = {"KeyId": workshop.of(spec, "ENCAPSULATE_DECAPSULATE"), "EncapsulationAlgorithm": "ML_KEM"}
    made = workshop.kms.encapsulate(**body)
    assert len(made["SharedSecret"]) == 32 and len(made["SharedSecretCiphertextBlob"]) == bytes
    opened = workshop.kms.decapsulate(SharedSecretCiphertextBlob=made["SharedSecretCiphertextBlob"], **body)
    assert opened["SharedSecret"] == made["SharedSecret"]


# --- Encryption ----------------------------------------------------------------------------------------------------


def oaep_padding(algorithm):
    hash = hashes.SHA1 if algorithm.endswith("SHA_1") else hashes.SHA256
    return padding.OAEP(padding.MGF1(hash()), hash(), None)


@pytest.mark.parametrize("algorithm, overhead", [("RSAES_OAEP_SHA_1", 42), ("RSAES_OAEP_SHA_256", 66)])
@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_what_others_encrypt_to_the_public_key_opens_here(workshop, bits, algorithm, overhead):
    spec = f"RSA_{bits}"
    _, public = public_key(workshop, spec, "ENCRYPT_DECRYPT")
    plain = os.urandom(bits // 8 - overhead)
    opened = workshop.kms.decrypt(
        KeyId=workshop.of(spec, "ENCRYPT_DECRYPT"), EncryptionAlgorithm=algorithm, CiphertextBlob=public.encrypt(plain, oaep_padding(algorithm))
    )
    assert opened["Plaintext"] == plain


@needs_openssl
@pytest.mark.parametrize("algorithm, hash", [("RSAES_OAEP_SHA_1", "sha1"), ("RSAES_OAEP_SHA_256", "sha256")])
def test_what_openssl_encrypts_opens_here(workshop, tmp_path, algorithm, hash):
    der, _ = public_key(workshop, "RSA_2048", "ENCRYPT_DECRYPT")
    sealed = openssl(
        tmp_path, "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "key", "-in", "plain", "-pkeyopt", "rsa_padding_mode:oaep",
        "-pkeyopt", f"rsa_oaep_md:{hash}", "-pkeyopt", f"rsa_mgf1_md:{hash}", key=der, plain=b"by openssl",
    )
    key = workshop.of("RSA_2048", "ENCRYPT_DECRYPT")
    assert workshop.kms.decrypt(KeyId=key, EncryptionAlgorithm=algorithm, CiphertextBlob=sealed)["Plaintext"] == b"by openssl"


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
def test_what_is_encrypted_here_opens_elsewhere(workshop, brought, algorithm):
    private, key = brought("RSA_3072", "ENCRYPT_DECRYPT")
    sealed = workshop.kms.encrypt(KeyId=key, Plaintext=b"from here", EncryptionAlgorithm=algorithm)["CiphertextBlob"]
    assert private.decrypt(sealed, oaep_padding(algorithm)) == b"from here"


def test_a_symmetric_ciphertext_opens_with_the_imported_key_and_the_published_format(workshop):
    """docs/formats/ciphertext.md is enough to open it: whoever brings a key can leave again."""
    key = workshop.fresh(imported=True)
    context = {"b": "2", "a": "ä"}
    sealed = workshop.kms.encrypt(KeyId=key, Plaintext=b"from here", EncryptionContext=context)["CiphertextBlob"]
    names, salt, commitment = sealed[:60], sealed[60:76], sealed[76:108]
    okm = HKDF(hashes.SHA256(), 64, salt, b"keystead/ciphertext/v1" + names).derive(workshop.material[key])
    assert okm[32:] == commitment
    pairs = sorted((name.encode(), value.encode()) for name, value in context.items())
    canonical = len(pairs).to_bytes(2, "big") + b"".join(len(part).to_bytes(2, "big") + part for pair in pairs for part in pair)
    assert AESGCM(okm[:32]).decrypt(bytes(12), sealed[108:], sealed[:108] + canonical) == b"from here"


# --- Message authentication codes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bits, bytes", [(224, 28), (256, 32), (384, 48), (512, 64)])
def test_codes_are_the_same_elsewhere(workshop, refused, bits, bytes):
    made = workshop.kms.create_key(KeySpec=f"HMAC_{bits}", KeyUsage="GENERATE_VERIFY_MAC", Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
    workshop.material[made] = os.urandom(bytes)
    workshop.kms.import_key_material(**workshop.import_request(made))
    body = {"KeyId": made, "Message": MESSAGE, "MacAlgorithm": f"HMAC_SHA_{bits}"}
    theirs = hmac.digest(workshop.material[made], MESSAGE, f"sha{bits}")
    assert workshop.kms.generate_mac(**body)["Mac"] == theirs
    assert workshop.kms.verify_mac(Mac=theirs, **body)["MacValid"] is True
    with refused("KMSInvalidMacException"):
        workshop.kms.verify_mac(Mac=theirs[:-1], **body)


# --- Data key pairs ------------------------------------------------------------------------------------------------

PAIRS = ["RSA_2048", "RSA_3072", *CURVES, "ECC_NIST_EDWARDS25519", *ML_KEM]


@pytest.mark.parametrize("spec", PAIRS)
def test_a_data_key_pair_is_one_pair_and_others_read_it(workshop, spec):
    key, context = workshop.key("aes"), {"for": spec}
    pair = workshop.kms.generate_data_key_pair(KeyId=key, KeyPairSpec=spec, EncryptionContext=context)
    private = serialization.load_der_private_key(pair["PrivateKeyPlaintext"], None)
    assert spki(private.public_key()) == pair["PublicKey"]
    opened = workshop.kms.decrypt(CiphertextBlob=pair["PrivateKeyCiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == pair["PrivateKeyPlaintext"]
    if spec in ML_KEM:
        secret, sealed = serialization.load_der_public_key(pair["PublicKey"]).encapsulate()
        assert private.decapsulate(sealed) == secret


@needs_openssl
@pytest.mark.parametrize("spec", ["RSA_2048", *CURVES, "ECC_NIST_EDWARDS25519"])
def test_openssl_reads_a_data_key_pair(workshop, tmp_path, spec):
    pair = workshop.kms.generate_data_key_pair(KeyId=workshop.key("aes"), KeyPairSpec=spec)
    public = openssl(tmp_path, "pkey", "-inform", "DER", "-in", "key", "-pubout", "-outform", "DER", key=pair["PrivateKeyPlaintext"])
    assert public == pair["PublicKey"]


# --- Bringing keys -------------------------------------------------------------------------------------------------


@needs_openssl
@pytest.mark.parametrize("wrapping_bits", [2048, 3072, 4096])
@pytest.mark.parametrize("algorithm, hash", [("RSAES_OAEP_SHA_1", "sha1"), ("RSAES_OAEP_SHA_256", "sha256")])
def test_what_openssl_wraps_is_imported(workshop, tmp_path, algorithm, hash, wrapping_bits):
    secret = os.urandom(32)
    made = workshop.kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC", Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
    wrapping = {"WrappingKeySpec": f"RSA_{wrapping_bits}", "WrappingAlgorithm": algorithm}
    parameters = workshop.kms.get_parameters_for_import(KeyId=made, **wrapping)
    wrapped = openssl(
        tmp_path, "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "key", "-in", "secret", "-pkeyopt", "rsa_padding_mode:oaep",
        "-pkeyopt", f"rsa_oaep_md:{hash}", "-pkeyopt", f"rsa_mgf1_md:{hash}", key=parameters["PublicKey"], secret=secret,
    )
    workshop.kms.import_key_material(
        KeyId=made, ImportToken=parameters["ImportToken"], EncryptedKeyMaterial=wrapped, ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE"
    )
    mac = workshop.kms.generate_mac(KeyId=made, Message=MESSAGE, MacAlgorithm="HMAC_SHA_256")["Mac"]
    assert mac == hmac.digest(secret, MESSAGE, "sha256")


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256"])
def test_every_way_of_wrapping_brings_the_same_key(workshop, algorithm):
    secret, seals = os.urandom(32), []
    made = workshop.kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
    parameters = workshop.kms.get_parameters_for_import(KeyId=made, WrappingKeySpec="RSA_2048", WrappingAlgorithm=algorithm)
    hash = hashes.SHA1 if algorithm.endswith("SHA_1") else hashes.SHA256
    wrapped = (wrap if "AES_KEY_WRAP" in algorithm else oaep)(parameters["PublicKey"], secret, hash)
    answer = workshop.kms.import_key_material(
        KeyId=made, ImportToken=parameters["ImportToken"], EncryptedKeyMaterial=wrapped, ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE"
    )
    assert answer["KeyMaterialId"] == workshop.kms.describe_key(KeyId=made)["KeyMetadata"]["CurrentKeyMaterialId"]
    seals.append(workshop.kms.encrypt(KeyId=made, Plaintext=b"x")["CiphertextBlob"])
    assert workshop.kms.decrypt(CiphertextBlob=seals[0])["Plaintext"] == b"x"
