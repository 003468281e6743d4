"""What operations are tried on: keys of every kind brought into every state, and a right request for each operation."""

import hashlib
import json
import os
import uuid

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from .model import REGION, method

#: What CreateKey is given for each kind.
KINDS = {
    "aes": {},
    "sign": {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"},
    "agree": {"KeySpec": "ECC_NIST_P256", "KeyUsage": "KEY_AGREEMENT"},
    "mac": {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
    "kem": {"KeySpec": "ML_KEM_768", "KeyUsage": "ENCAPSULATE_DECAPSULATE"},
    "rsa": {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"},
}
#: The kind an operation is for, where it is not "aes".
KIND = {
    "Sign": "sign", "Verify": "sign", "GetPublicKey": "sign", "DeriveSharedSecret": "agree", "GenerateMac": "mac", "VerifyMac": "mac",
    "Encapsulate": "kem", "Decapsulate": "kem",
}
#: What else the key has to be.
IMPORTED = {"GetParametersForImport", "ImportKeyMaterial", "DeleteImportedKeyMaterial"}
MULTI_REGION = {"ReplicateKey", "UpdatePrimaryRegion"}
#: Those whose request has to be prepared with the key's material in place.
WITH_MATERIAL = set("""
    Decrypt ReEncryptFrom Verify VerifyMac RetireGrant RevokeGrant ImportKeyMaterial DeleteImportedKeyMaterial UpdatePrimaryRegion
""".split())
#: The state the key has to be in, where it is not Enabled.
STATE = {"CancelKeyDeletion": "PendingDeletion", "EnableKey": "Disabled"}
#: Those whose right request changes or uses up what they are given; others may share a key.
CHANGING = set("""
    CancelKeyDeletion CreateAlias UpdateAlias DeleteAlias DisableKey EnableKey ScheduleKeyDeletion RotateKeyOnDemand ReplicateKey
    UpdatePrimaryRegion RetireGrant RevokeGrant DeleteImportedKeyMaterial ConnectCustomKeyStore DeleteCustomKeyStore
    DisconnectCustomKeyStore UpdateCustomKeyStore CreateCustomKeyStore EnableKeyRotation DisableKeyRotation
""".split())
MESSAGE = b"a message"


class Workshop:
    """Makes what a request needs. `kms` is a client that checks nothing by itself; `abroad` one for another Region."""

    def __init__(self, kms, abroad, stores):
        self.kms = kms
        self.abroad = abroad
        self.stores = stores
        self.shared = {}
        self.material = {}
        self.account = kms.describe_key(KeyId=self.key("aes"))["KeyMetadata"]["AWSAccountId"]
        self.root = f"arn:aws:iam::{self.account}:root"

    # --- Keys ----------------------------------------------------------------------------------------------------

    def key(self, kind, **more):
        """A key that others use too."""
        name = (kind, json.dumps(more, sort_keys=True))
        if name not in self.shared:
            self.shared[name] = self.fresh(kind, **more)
        return self.shared[name]

    def fresh(self, kind="aes", imported=False, multi=False, empty=False, **more):
        """A key of one's own; imported ones have material, unless they are to be empty."""
        more |= KINDS[kind] | ({"Origin": "EXTERNAL"} if imported else {}) | ({"MultiRegion": True} if multi else {})
        made = self.kms.create_key(**more)["KeyMetadata"]["KeyId"]
        if imported and not empty:
            self.material[made] = material(kind)
            self.kms.import_key_material(**self.import_request(made))
        return made

    def of(self, spec, usage):
        """A key of this specification and usage that others use too."""
        name = (spec, usage)
        if name not in self.shared:
            self.shared[name] = self.kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
        return self.shared[name]

    def import_request(self, key, **more):
        """What ImportKeyMaterial takes for the material of this key."""
        wrapping = {"WrappingKeySpec": "RSA_2048", "WrappingAlgorithm": "RSA_AES_KEY_WRAP_SHA_256"}
        parameters = self.kms.get_parameters_for_import(KeyId=key, **wrapping)
        wrapped = wrap(parameters["PublicKey"], self.material[key])
        expires = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
        return {"KeyId": key, "ImportToken": parameters["ImportToken"], "EncryptedKeyMaterial": wrapped} | expires | more

    def replica(self, key):
        """Gives a multi-Region key a replica abroad."""
        self.kms.replicate_key(KeyId=key, ReplicaRegion=REGION)

    # --- States --------------------------------------------------------------------------------------------------

    def made_for(self, operation, state):
        """A fresh key the operation is for, of such a make that it can be brought into the state."""
        kind = KIND.get(operation, "aes")
        imported = operation in IMPORTED or state == "PendingImport"
        multi = operation in MULTI_REGION or state == "PendingReplicaDeletion"
        if state == "Unavailable":
            return self.stores.key()
        return self.fresh(kind, imported=imported, multi=multi, empty=state == "PendingImport" and operation not in WITH_MATERIAL)

    def bring(self, key, state):
        """Brings an enabled key into a state."""
        if state == "Disabled":
            self.kms.disable_key(KeyId=key)
        elif state == "PendingDeletion":
            self.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        elif state == "PendingReplicaDeletion":
            regions = self.kms.describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]
            if not regions["ReplicaKeys"]:
                self.replica(key)
            self.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        elif state == "PendingImport" and key in self.material:
            self.kms.delete_imported_key_material(KeyId=key)
        elif state == "Unavailable":
            self.stores.disconnect(key)
        found = self.kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
        assert found == state, f"the key is {found}, not {state}"

    # --- Requests ------------------------------------------------------------------------------------------------

    def request(self, operation):
        """A right request, which nobody has made before where it would change something."""
        if operation in self.WITHOUT_KEY:
            return self.WITHOUT_KEY[operation](self)
        state = STATE.get(operation, "Enabled")
        if operation in CHANGING:
            key = self.made_for(operation, state)
        else:
            key = self.key(KIND.get(operation, "aes"), **({"imported": True} if operation in IMPORTED else {}))
        body = self.request_on(operation, key)
        self.bring(key, state)
        return body

    def request_on(self, operation, key):
        """A right request on this key, which is enabled now and may be brought elsewhere before it is made."""
        return self.ON_KEY.get(operation, lambda self, key: {"KeyId": key})(self, key)

    def call(self, operation, body):
        name = "ReEncrypt" if operation.startswith("ReEncrypt") else operation
        return method(self.kms, name)(**body)

    def alias(self, target=None):
        name = f"alias/{uuid.uuid4()}"
        if target:
            self.kms.create_alias(AliasName=name, TargetKeyId=target)
        return name

    def grant(self, key, **more):
        return self.kms.create_grant(KeyId=key, GranteePrincipal=self.root, RetiringPrincipal=self.root, Operations=["Encrypt"], **more)

    def sealed(self, key):
        return self.kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]

    def mac(self, key):
        return self.kms.generate_mac(KeyId=key, Message=MESSAGE, MacAlgorithm="HMAC_SHA_256")["Mac"]

    def signature(self, key):
        return self.kms.sign(KeyId=key, Message=MESSAGE, SigningAlgorithm="ECDSA_SHA_256")["Signature"]

    WITHOUT_KEY = {
        "CreateKey": lambda self: {},
        "ListKeys": lambda self: {},
        "GenerateRandom": lambda self: {"NumberOfBytes": 8},
        "ListRetirableGrants": lambda self: {"RetiringPrincipal": self.root},
        "CreateCustomKeyStore": lambda self: self.stores.create_request(),
        "ConnectCustomKeyStore": lambda self: {"CustomKeyStoreId": self.stores.disconnected()},
        "DisconnectCustomKeyStore": lambda self: {"CustomKeyStoreId": self.stores.connected()},
        "DeleteCustomKeyStore": lambda self: {"CustomKeyStoreId": self.stores.disconnected()},
        "UpdateCustomKeyStore": lambda self: {"CustomKeyStoreId": self.stores.disconnected(), "NewCustomKeyStoreName": uuid.uuid4().hex},
        "DescribeCustomKeyStores": lambda self: {},
    }
    ON_KEY = {
        "CreateAlias": lambda self, key: {"AliasName": self.alias(), "TargetKeyId": key},
        "UpdateAlias": lambda self, key: {"AliasName": self.alias(self.key("aes")), "TargetKeyId": key},
        "DeleteAlias": lambda self, key: {"AliasName": self.alias(key)},
        "UpdateKeyDescription": lambda self, key: {"KeyId": key, "Description": "d"},
        "TagResource": lambda self, key: {"KeyId": key, "Tags": [{"TagKey": "k", "TagValue": "v"}]},
        "UntagResource": lambda self, key: {"KeyId": key, "TagKeys": ["k"]},
        "PutKeyPolicy": lambda self, key: {"KeyId": key, "Policy": self.kms.get_key_policy(KeyId=key)["Policy"]},
        "CreateGrant": lambda self, key: {"KeyId": key, "GranteePrincipal": self.root, "Operations": ["Decrypt"]},
        "RetireGrant": lambda self, key: {"GrantToken": self.grant(key)["GrantToken"]},
        "RevokeGrant": lambda self, key: {"KeyId": key, "GrantId": self.grant(key)["GrantId"]},
        "Encrypt": lambda self, key: {"KeyId": key, "Plaintext": b"x"},
        "Decrypt": lambda self, key: {"CiphertextBlob": self.sealed(key)},
        "ReEncrypt": lambda self, key: {"CiphertextBlob": self.sealed(key), "DestinationKeyId": key},
        "ReEncryptFrom": lambda self, key: {"CiphertextBlob": self.sealed(key), "DestinationKeyId": self.key("aes")},
        "ReEncryptTo": lambda self, key: {"CiphertextBlob": self.sealed(self.key("aes")), "DestinationKeyId": key},
        "GenerateDataKey": lambda self, key: {"KeyId": key, "KeySpec": "AES_256"},
        "GenerateDataKeyWithoutPlaintext": lambda self, key: {"KeyId": key, "KeySpec": "AES_256"},
        "GenerateDataKeyPair": lambda self, key: {"KeyId": key, "KeyPairSpec": "ECC_NIST_P256"},
        "GenerateDataKeyPairWithoutPlaintext": lambda self, key: {"KeyId": key, "KeyPairSpec": "ECC_NIST_P256"},
        "Sign": lambda self, key: {"KeyId": key, "Message": MESSAGE, "SigningAlgorithm": "ECDSA_SHA_256"},
        "Verify": lambda self, key: {
            "KeyId": key, "Message": MESSAGE, "SigningAlgorithm": "ECDSA_SHA_256", "Signature": self.signature(key),
        },
        "GenerateMac": lambda self, key: {"KeyId": key, "Message": MESSAGE, "MacAlgorithm": "HMAC_SHA_256"},
        "VerifyMac": lambda self, key: {"KeyId": key, "Message": MESSAGE, "MacAlgorithm": "HMAC_SHA_256", "Mac": self.mac(key)},
        "DeriveSharedSecret": lambda self, key: {"KeyId": key, "KeyAgreementAlgorithm": "ECDH", "PublicKey": peer()},
        "Encapsulate": lambda self, key: {"KeyId": key, "EncapsulationAlgorithm": "ML_KEM"},
        "Decapsulate": lambda self, key: {
            "KeyId": key, "EncapsulationAlgorithm": "ML_KEM",
            "SharedSecretCiphertextBlob": self.kms.encapsulate(KeyId=key, EncapsulationAlgorithm="ML_KEM")["SharedSecretCiphertextBlob"],
        },
        "GetParametersForImport": lambda self, key: {
            "KeyId": key, "WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048",
        },
        "ImportKeyMaterial": lambda self, key: self.import_request(key),
        "ReplicateKey": lambda self, key: {"KeyId": key, "ReplicaRegion": REGION},
        "UpdatePrimaryRegion": lambda self, key: self.replica(key) or {"KeyId": key, "PrimaryRegion": REGION},
    }


# --- What comes from elsewhere -------------------------------------------------------------------------------------


def material(kind):
    """Key material of a kind, in the form in which it is imported."""
    if kind in ("aes", "mac"):
        return os.urandom(32)
    assert kind in ("sign", "agree"), f"nothing is imported into keys for {kind}"
    return pkcs8(ec.generate_private_key(ec.SECP256R1()))


def pkcs8(private):
    return private.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def spki(public):
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def wrap(public_key, secret, hash=hashes.SHA256):
    """RSA_AES_KEY_WRAP: an AES key under OAEP, then the secret under the AES key."""
    once = os.urandom(32)
    return oaep(public_key, once, hash) + keywrap.aes_key_wrap_with_padding(once, secret)


def oaep(public_key, secret, hash=hashes.SHA256):
    public = serialization.load_der_public_key(public_key)
    return public.encrypt(secret, padding.OAEP(padding.MGF1(hash()), hash(), None))


def peer():
    """The public key of somebody else on P-256, always the same."""
    number = int.from_bytes(hashlib.sha256(b"somebody else").digest(), "big") >> 1
    return spki(ec.derive_private_key(number, ec.SECP256R1()).public_key())
