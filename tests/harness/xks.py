"""A proxy in front of an external key manager, as the XKS proxy API of AWS KMS has it, and custom key stores that use it.

The first part of a store's path says how the proxy behaves for that store, so that stores do not disturb each other:
`/well/…` serves, and every name in `MOODS` does one thing wrong.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HOST = "xks.test"
#: A host that the server may speak to, and where nobody listens.
SILENT = "silent.test"
ACCESS_KEY = "KEYSTEADTESTSPROXYAB"
SECRET = "a-secret-of-the-proxy-that-only-tests-know/0+=".replace("-", "x")
PATH = re.compile(r"/(?P<mood>[a-z_]+)/(?P<store>[a-z0-9]+)/kms/xks/v1(/keys/(?P<key>[^/]+))?/(?P<verb>health|metadata|encrypt|decrypt)")

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def error(status, name):
    return lambda proxy, handler: handler.answer(status, {"errorName": name, "errorMessage": f"told to say {name}"})


#: What goes wrong; a function that answers in the proxy's place.
MOODS = {
    "slow": lambda proxy, handler: time.sleep(1.5) or handler.answer(200, {}),
    "garbled": lambda proxy, handler: handler.send(200, b"<html>"),
    "unhealthy": lambda proxy, handler: handler.answer(200, health("UNAVAILABLE")),
    "forbids": error(403, "AccessDeniedException"),
    "stranger": error(401, "AuthenticationFailedException"),
    "lost": error(404, "InvalidUriPathException"),
    "broken": error(500, "InternalException"),
    "throttles": error(429, "ThrottlingException"),
}


def health(status="ACTIVE"):
    fleet = [{"id": "one", "model": "test", "healthStatus": status}]
    return {"xksProxyFleetSize": 1, "xksProxyVendor": "test", "xksProxyModel": "test", "ekmVendor": "test", "ekmFleetDetails": fleet}


class Proxy:
    """Listens on loopback, without TLS. Whatever external key is asked for is there, unless its id starts with `no-`."""

    def __init__(self):
        proxy = self
        self.requests = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_POST(self):
                self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.serve(self)

            def answer(self, status, value):
                self.send(status, json.dumps(value).encode())

            def send(self, status, body):
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_):
                pass

        class Listener(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.listener = Listener(("127.0.0.1", 0), Handler)
        self.port = self.listener.server_address[1]
        self.thread = threading.Thread(target=self.listener.serve_forever, daemon=True)
        self.thread.start()

    @property
    def flags(self):
        """What the server has to be told to find the proxy."""
        return ("--xks-proxy", f"{HOST}=http://127.0.0.1:{self.port}", "--xks-proxy", f"{SILENT}=http://127.0.0.1:1")

    def stop(self):
        self.listener.shutdown()
        self.listener.server_close()

    def serve(self, handler):
        found = PATH.fullmatch(handler.path)
        if not found:
            return handler.answer(404, {"errorName": "InvalidUriPathException"})
        if not is_signed(handler):
            return handler.answer(401, {"errorName": "AuthenticationFailedException"})
        request = json.loads(handler.body)
        self.requests.append((handler.path, request))
        mood, key, verb = found["mood"], found["key"], found["verb"]
        if mood in MOODS:
            return MOODS[mood](self, handler)
        if verb == "health":
            return handler.answer(200, health())
        if key.startswith("no-"):
            return handler.answer(404, {"errorName": "KeyNotFoundException"})
        if verb == "metadata":
            spec, status = ("RSA_2048" if key.startswith("rsa-") else "AES_256"), ("DISABLED" if key.startswith("off-") else "ENABLED")
            return handler.answer(200, {"keySpec": spec, "keyUsage": ["ENCRYPT", "DECRYPT"], "keyStatus": status})
        material = AESGCM(hashlib.sha256(key.encode()).digest())
        bound = base64.b64decode(request.get("additionalAuthenticatedData", ""))
        if verb == "encrypt":
            iv = os.urandom(12)
            sealed = material.encrypt(iv, base64.b64decode(request["plaintext"]), bound)
            ciphertext, tag = sealed[:-16], sealed[-16:]
            checksum = hashlib.sha256(bound + iv + ciphertext + tag).digest()
            named = {"ciphertext": ciphertext, "initializationVector": iv, "authenticationTag": tag, "ciphertextDataIntegrityValue": checksum}
            return handler.answer(200, {name: base64.b64encode(value).decode() for name, value in named.items()})
        iv, ciphertext, tag = (base64.b64decode(request[name]) for name in ("initializationVector", "ciphertext", "authenticationTag"))
        try:
            plain = material.decrypt(iv, ciphertext + tag, bound)
        except Exception:
            return handler.answer(400, {"errorName": "InvalidCiphertextException"})
        return handler.answer(200, {"plaintext": base64.b64encode(plain).decode()})


def is_signed(handler):
    """Whether the request has a right signature of Signature Version 4 by the proxy's credential."""
    form = r"AWS4-HMAC-SHA256 Credential=([A-Z2-7]+)/(\d{8})/([a-z0-9-]+)/(kms-xks-proxy)/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
    found = re.fullmatch(form, handler.headers.get("Authorization", ""))
    if not found or found[1] != ACCESS_KEY:
        return False
    _, day, region, service, names, signature = found.groups()
    listed = "".join(f"{name}:{' '.join(handler.headers.get(name, '').split())}\n" for name in names.split(";"))
    canonical = "\n".join(["POST", handler.path, "", listed, names, hashlib.sha256(handler.body).hexdigest()])
    scope = f"{day}/{region}/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", handler.headers["X-Amz-Date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4" + SECRET.encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest(), signature)


class Stores:
    """Custom key stores behind the proxy. An account may have ten; those that only tests of making them left are taken away."""

    def __init__(self, kms):
        self.kms = kms
        self.kept = None

    def create_request(self, mood="well", **more):
        self.tidy()
        return {
            "CustomKeyStoreName": uuid.uuid4().hex, "CustomKeyStoreType": "EXTERNAL_KEY_STORE", "XksProxyConnectivity": "PUBLIC_ENDPOINT",
            "XksProxyUriEndpoint": f"https://{HOST}", "XksProxyUriPath": f"/{mood}/{uuid.uuid4().hex}/kms/xks/v1",
            "XksProxyAuthenticationCredential": {"AccessKeyId": ACCESS_KEY, "RawSecretAccessKey": SECRET},
        } | more

    def tidy(self):
        """Makes room: takes away every store but the one with keys."""
        stores = self.kms.describe_custom_key_stores()["CustomKeyStores"]
        for store in stores if len(stores) > 7 else []:
            name = store["CustomKeyStoreId"]
            if name != self.kept:
                if store["ConnectionState"] != "DISCONNECTED":
                    self.kms.disconnect_custom_key_store(CustomKeyStoreId=name)
                    self.settled(name, "DISCONNECTED")
                try:
                    self.kms.delete_custom_key_store(CustomKeyStoreId=name)
                except self.kms.exceptions.CustomKeyStoreHasCMKsException:
                    pass

    def hardware_request(self, cluster="cluster-" + "a" * 11, **more):
        """What CreateCustomKeyStore is given for a store in hardware."""
        return {
            "CustomKeyStoreName": uuid.uuid4().hex, "CustomKeyStoreType": "AWS_CLOUDHSM", "CloudHsmClusterId": cluster,
            "TrustAnchorCertificate": PEM, "KeyStorePassword": "kmsPswd",
        } | more

    def settled(self, store, state):
        """Waits until the store is in a connection state."""
        for _ in range(100):
            found = self.kms.describe_custom_key_stores(CustomKeyStoreId=store)["CustomKeyStores"][0]["ConnectionState"]
            if found == state:
                return store
            time.sleep(0.05)
        raise AssertionError(f"the store is {found}, not {state}")

    def disconnected(self, **more):
        return self.kms.create_custom_key_store(**self.create_request(**more))["CustomKeyStoreId"]

    def connected(self, **more):
        store = self.disconnected(**more)
        self.kms.connect_custom_key_store(CustomKeyStoreId=store)
        return self.settled(store, "CONNECTED")

    def store(self):
        """The store that keeps its keys, connected."""
        if self.kept is None:
            self.kept = self.connected()
        found = self.kms.describe_custom_key_stores(CustomKeyStoreId=self.kept)["CustomKeyStores"][0]["ConnectionState"]
        if found != "CONNECTED":
            self.kms.connect_custom_key_store(CustomKeyStoreId=self.kept)
            self.settled(self.kept, "CONNECTED")
        return self.kept

    def key_request(self, **more):
        """What CreateKey is given for a key in the store that is kept."""
        return {"Origin": "EXTERNAL_KEY_STORE", "CustomKeyStoreId": self.store(), "XksKeyId": f"key-{uuid.uuid4().hex}"} | more

    def key(self):
        """A fresh key in a connected store."""
        return self.kms.create_key(**self.key_request())["KeyMetadata"]["KeyId"]

    def disconnect(self, key):
        store = self.kms.describe_key(KeyId=key)["KeyMetadata"]["CustomKeyStoreId"]
        self.kms.disconnect_custom_key_store(CustomKeyStoreId=store)
        self.settled(store, "DISCONNECTED")
