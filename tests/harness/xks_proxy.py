"""An external key store proxy: our own, small, and able to misbehave on command.

It checks every request as a proxy has to: the signature with botocore's own code, the form of the body, and AES-GCM with the
`cryptography` package. `proxy.fault` names what it does wrong from then on.
"""

import base64
import hashlib
import json
import os
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SKEW_SECONDS_MAX = 300
#: Name of an error, and the HTTP status it comes with.
STATUS = {
    "ValidationException": 400, "InvalidStateException": 400, "InvalidCiphertextException": 400, "InvalidKeyUsageException": 400,
    "AuthenticationFailedException": 401, "AccessDeniedException": 403, "KeyNotFoundException": 404, "InvalidUriPathException": 404,
    "ThrottlingException": 429, "UnsupportedOperationException": 501, "DependencyTimeoutException": 503, "InternalException": 500,
}


class Refusal(Exception):
    def __init__(self, name):
        self.name = name


def encoded(data):
    return base64.b64encode(data).decode()


def decoded(body, name, optional=False):
    if optional and name not in body:
        return b""
    try:
        return base64.b64decode(body[name], validate=True)
    except (KeyError, ValueError, TypeError):
        raise Refusal("ValidationException") from None


class Proxy:
    """Listens on loopback until it is closed. `credentials` maps access key ids to secrets; `keys` ids to AES keys."""

    def __init__(self, path="/kms/xks/v1", tls=None):
        self.path = path
        self.credentials = {"ABCDEFGHIJKLMNOPQRST": "0123456789012345678901234567890123456789abc"}
        self.keys = {}
        self.described = {}
        self.fault = None
        self.fault_at = None
        self.requests = []
        self.metadata_bytes = b"version=1"
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                proxy.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def new_key(self, name, **described):
        self.keys[name] = os.urandom(32)
        self.described[name] = {"keySpec": "AES_256", "keyUsage": ["ENCRYPT", "DECRYPT"], "keyStatus": "ENABLED"} | described
        return name

    # --- One request -----------------------------------------------------------------------------------------------

    def answer(self, handler):
        text = handler.rfile.read(int(handler.headers["Content-Length"]))
        operation = handler.path.rsplit("/", 1)[-1]
        fault = self.fault_of(handler.path, operation)
        try:
            status, answer = 200, self.do(handler, text, operation)
        except Refusal as refusal:
            status, answer = STATUS[refusal.name], {"errorName": refusal.name, "errorMessage": "no"}
        if fault in STATUS:
            status, answer = STATUS[fault], {"errorName": fault}
        if fault == "slow":
            time.sleep(1)
        if fault == "hang up":
            handler.close_connection = True
            return
        data = json.dumps(self.spoilt(fault, answer)).encode()
        if fault == "bad JSON":
            data = b"{" + data
        if fault == "HTML":
            status, data = 502, b"<html>Bad Gateway</html>"
        if fault == "too long":
            data += b" " * 100_000
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def fault_of(self, path, operation):
        """What to do wrong with a request to this path."""
        return self.fault if self.fault_at in (None, operation) else None

    def below(self, path):
        """The part of a path below that of the API."""
        if not path.startswith(self.path + "/"):
            raise Refusal("InvalidUriPathException")
        return path[len(self.path) + 1 :]

    def do(self, handler, text, operation):
        self.is_signed(handler, text)
        body = json.loads(text)
        self.requests.append((handler.path, body, dict(handler.headers)))
        assert handler.headers["Content-Type"] == "application/json", handler.headers
        rest = self.below(handler.path).split("/")
        if rest == ["health"]:
            assert set(body["requestMetadata"]) == {"kmsRequestId", "kmsOperation"}, body
            return self.health()
        if len(rest) != 3 or rest[0] != "keys":
            raise Refusal("InvalidUriPathException")
        assert {"kmsRequestId", "kmsOperation", "awsPrincipalArn"} <= set(body["requestMetadata"]), body
        if rest[1] not in self.keys:
            raise Refusal("KeyNotFoundException")
        return {"metadata": self.metadata, "encrypt": self.encrypt, "decrypt": self.decrypt}[operation](rest[1], body)

    def is_signed(self, handler, text):
        """Signs the same request with botocore and compares."""
        given = handler.headers["Authorization"]
        credential, signed, _ = (part.split("=", 1)[1] for part in given.split(" ", 1)[1].split(", "))
        access_key, day, region, service, end = credential.split("/")
        assert (service, end) == ("kms-xks-proxy", "aws4_request"), given
        assert signed == "host;x-amz-date", given
        date = handler.headers["X-Amz-Date"]
        at = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        if access_key not in self.credentials or abs((datetime.now(timezone.utc) - at).total_seconds()) > SKEW_SECONDS_MAX:
            raise Refusal("AuthenticationFailedException")
        url = f"https://{handler.headers['Host']}{handler.path}"
        request = AWSRequest("POST", url, headers={"X-Amz-Date": date, "Host": handler.headers["Host"]}, data=text)
        request.context["timestamp"] = date
        request.context["payload_signing_enabled"] = True
        signer = SigV4Auth(Credentials(access_key, self.credentials[access_key]), service, region)
        canonical = signer.canonical_request(request)
        signature = signer.signature(signer.string_to_sign(request, canonical), request)
        if not given.endswith(f"Signature={signature}"):
            raise Refusal("AuthenticationFailedException")

    def health(self):
        state = "UNAVAILABLE" if self.fault == "all unavailable" else "ACTIVE"
        return {
            "xksProxyFleetSize": 1, "xksProxyVendor": "Keystead", "xksProxyModel": "test", "ekmVendor": "Keystead",
            "ekmFleetDetails": [{"id": "1", "model": "dict", "healthStatus": state}],
        }

    def metadata(self, key, _):
        return self.described[key]

    def bound_to(self, body, metadata):
        given = decoded(body, "additionalAuthenticatedData", optional=True)
        assert len(given) <= 8192
        return given, len(given).to_bytes(2, "big") + given + len(metadata).to_bytes(1, "big") + metadata

    def usable(self, key, body):
        assert body["encryptionAlgorithm"] == "AES_GCM", body
        assert "kmsKeyArn" in body["requestMetadata"], body
        if self.described[key]["keyStatus"] != "ENABLED":
            raise Refusal("InvalidStateException")

    def encrypt(self, key, body):
        self.usable(key, body)
        assert body["ciphertextDataIntegrityValueAlgorithm"] == "SHA_256", body
        plaintext, metadata, iv = decoded(body, "plaintext"), self.metadata_bytes, os.urandom(12)
        assert len(plaintext) <= 4300
        given, bound_to = self.bound_to(body, metadata)
        sealed = AESGCM(self.keys[key]).encrypt(iv, plaintext, bound_to)
        ciphertext, tag = sealed[:-16], sealed[-16:]
        checksum = hashlib.sha256(given + metadata + iv + ciphertext + tag).digest()
        answer = {
            "ciphertext": encoded(ciphertext), "initializationVector": encoded(iv), "authenticationTag": encoded(tag),
            "ciphertextDataIntegrityValue": encoded(checksum),
        }
        return answer | ({"ciphertextMetadata": encoded(metadata)} if metadata else {})

    def decrypt(self, key, body):
        self.usable(key, body)
        iv, tag = decoded(body, "initializationVector"), decoded(body, "authenticationTag")
        _, bound_to = self.bound_to(body, decoded(body, "ciphertextMetadata", optional=True))
        try:
            plaintext = AESGCM(self.keys[key]).decrypt(iv, decoded(body, "ciphertext") + tag, bound_to)
        except InvalidTag:
            raise Refusal("InvalidCiphertextException") from None
        return {"plaintext": encoded(plaintext)}

    def spoilt(self, fault, answer):
        if fault == "wrong tag":
            return answer | {"authenticationTag": encoded(bytes(16))}
        if fault == "wrong plaintext":
            return answer | {"plaintext": encoded(bytes(len(base64.b64decode(answer["plaintext"]))))}
        if fault == "short plaintext":
            return answer | {"plaintext": "AAAA"}
        if fault == "long metadata":
            return answer | {"ciphertextMetadata": encoded(bytes(21))}
        if fault == "no checksum":
            return {name: value for name, value in answer.items() if name != "ciphertextDataIntegrityValue"}
        return answer
