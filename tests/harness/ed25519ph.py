"""Ed25519ph of RFC 8032, section 5.1: no library at hand has it. For tests only: slow, and not in constant time."""

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
DOMAIN = b"SigEd25519 no Ed25519 collisions" + bytes([1, 0])


def _x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point")
    return x if x % 2 == sign else P - x


def _add(one, other):
    (x1, y1), (x2, y2) = one, other
    k = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P


def _times(scalar, point):
    sum = (0, 1)
    while scalar:
        if scalar & 1:
            sum = _add(sum, point)
        point = _add(point, point)
        scalar >>= 1
    return sum


def _decode(encoded):
    number = int.from_bytes(encoded, "little")
    y, sign = number % 2**255, number >> 255
    if y >= P:
        raise ValueError("no point")
    return _x(y, sign), y


def _encode(point):
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = (_x(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)


def _scalar(*parts):
    return int.from_bytes(hashlib.sha512(DOMAIN + b"".join(parts)).digest(), "little") % ORDER


def verify(public, digest, signature):
    """Whether `signature` is over a message whose SHA-512 is `digest`; `public` is the 32 bytes of the key."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= ORDER:
        return False
    k = _scalar(r, public, digest)
    return _times(s, BASE) == _add(_decode(r), _times(k, _decode(public)))


def sign(seed, digest):
    """The signature by the key whose 32 private bytes are `seed`."""
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little") & (2**254 - 8) | 2**254
    public = _encode(_times(a, BASE))
    r = _scalar(h[32:], digest)
    point = _encode(_times(r, BASE))
    return point + ((r + _scalar(point, public, digest) * a) % ORDER).to_bytes(32, "little")
