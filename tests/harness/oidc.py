"""An OpenID Connect provider on loopback: a discovery document, keys that rotate, tokens."""

import json
import threading
from base64 import urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Provider:
    """The provider of one issuer. The server asks it under the issuer's name, at its address."""

    def __init__(self, host="oidc.example.com"):
        self.issuer = f"https://{host}"
        self.host = host
        self.keys = []
        self.asked = 0
        self.rotate()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.asked += 1
                pages = {"/.well-known/openid-configuration": provider.discovery(), "/keys": provider.jwks()}
                body = json.dumps(pages.get(self.path, {})).encode()
                self.send_response(200 if self.path in pages else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def flags(self):
        """What `keystead dev` has to be told."""
        return ["--identity-provider", f"{self.host}=http://127.0.0.1:{self.server.server_port}"]

    def rotate(self):
        """A new key, which is published at once; the older ones are not any more."""
        self.keys.append((f"key-{len(self.keys)}", rsa.generate_private_key(public_exponent=65537, key_size=2048)))

    def discovery(self):
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}

    def jwks(self):
        name, key = self.keys[-1]
        numbers = key.public_key().public_numbers()
        number = lambda value: part(value.to_bytes((value.bit_length() + 7) // 8, "big"))  # noqa: E731
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "n": number(numbers.n), "e": number(numbers.e)}]}

    def token(self, now, key=-1, **claims):
        """A token that is good for five minutes from `now`, in seconds since 1970."""
        name, private = self.keys[key]
        now = int(now)
        claims = {"iss": self.issuer, "aud": "keystead", "iat": now, "exp": now + 300} | claims
        signed = f"{part({'alg': 'RS256', 'kid': name, 'typ': 'JWT'})}.{part(claims)}"
        return f"{signed}.{part(private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
