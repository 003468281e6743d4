"""Requests by hand: everything a well-meaning client library would not send."""

import hashlib
import hmac
import http.client
import json
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

SECONDS_MAX = 20
#: What a connection that the server has closed meanwhile is found by.
CLOSED = (
    http.client.RemoteDisconnected, http.client.CannotSendRequest, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError,
)


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def type(self):
        """The error's name, without the namespace some services put before it."""
        return self.json.get("__type", "").split("#")[-1]

    @property
    def message(self):
        body = self.json
        return body.get("message") or body.get("Message") or ""


class Wire:
    """A client that signs with Signature Version 4 and lets every part of it be put wrong."""

    def __init__(self, env, service="kms"):
        self.endpoint = urlsplit(env["AWS_ENDPOINT_URL"])
        self.access_key = env["AWS_ACCESS_KEY_ID"]
        self.secret = env["AWS_SECRET_ACCESS_KEY"]
        self.region = env["AWS_REGION"]
        self.service = service
        self.ca = env.get("AWS_CA_BUNDLE")
        self.connection = None

    def connect(self):
        host, port = self.endpoint.hostname, self.endpoint.port
        if self.endpoint.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=SECONDS_MAX)
        context = ssl.create_default_context(cafile=self.ca)
        return http.client.HTTPSConnection(host, port, timeout=SECONDS_MAX, context=context)

    def call(self, operation, body, **signing):
        """One KMS operation; `body` is a value to encode, or bytes to send as they are."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"TrentService.{operation}"}
        return self.send("POST", "/", self.signed("POST", "/", headers, payload, **signing), payload)

    def send(self, method, path, headers, payload):
        """Sends over a connection that is kept, and once anew if the server has closed it meanwhile."""
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = self.connect()
            try:
                self.connection.request(method, path, body=payload, headers=headers)
                answer = self.connection.getresponse()
                body = answer.read()
                found = {name.lower(): value for name, value in answer.getheaders()}
                if found.get("connection", "").lower() == "close":
                    self.close()
                return Answer(answer.status, found, body)
            except CLOSED:
                self.close()
                if attempt == 2:
                    raise
            except BaseException:
                self.close()
                raise

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def host(self):
        port = self.endpoint.port
        return self.endpoint.hostname if port in (None, 443) else f"{self.endpoint.hostname}:{port}"

    def signed(
        self, method, path, headers, payload, *, access_key=None, secret=None, region=None, service=None, token=None,
        skew=0, unsigned=(), scope_end="aws4_request", algorithm="AWS4-HMAC-SHA256", at=None, query="",
    ):
        """The headers with a signature; each keyword puts one part of it wrong."""
        at = at or (datetime.now(timezone.utc) + timedelta(seconds=skew)).strftime("%Y%m%dT%H%M%SZ")
        headers = dict(headers) | {"Host": self.host(), "X-Amz-Date": at}
        if token is not None:
            headers["X-Amz-Security-Token"] = token
        left_out = {name.lower() for name in unsigned}
        listed = sorted((name.lower(), " ".join(str(value).split())) for name, value in headers.items())
        listed = [(name, value) for name, value in listed if name not in left_out]
        names = ";".join(name for name, _ in listed)
        canonical = "\n".join(
            [method, path, query, *(f"{name}:{value}" for name, value in listed), "", names, hashlib.sha256(payload).hexdigest()]
        )
        day, region, service = at[:8], region or self.region, service or self.service
        scope = f"{day}/{region}/{service}/{scope_end}"
        to_sign = "\n".join([algorithm, at, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{self.secret if secret is None else secret}".encode()
        for part in (day, region, service, scope_end):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
        credential = f"{access_key or self.access_key}/{scope}"
        headers["Authorization"] = f"{algorithm} Credential={credential}, SignedHeaders={names}, Signature={signature}"
        return headers


def assert_refused(answer, *types, status=None):
    """A refusal in the form AWS gives it: 4xx, JSON with `__type`, and a request id."""
    what = f"{answer.status} {answer.headers} {answer.body[:400]!r}"
    assert 400 <= answer.status < 500, what
    assert status is None or answer.status == status, what
    assert answer.headers.get("content-type", "").startswith("application/x-amz-json-1.1"), what
    assert answer.headers.get("x-amzn-requestid"), what
    assert answer.type, what
    assert not types or answer.type in types, f"{answer.type} is none of {types}: {what}"
    return answer
