#!/usr/bin/env python3
"""Makes the vectors of approvals with Python's own HMAC.

Prints the file; with --check, compares it with approval.txt beside this script instead.
"""

import hashlib
import hmac
import pathlib
import struct
import sys
import uuid

LABEL = b"keystead-approval"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SECRET = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcd"


def text(value) -> bytes:
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack(">I", len(data)) + data


def statement(id, created, expires, action, parameters, resource=KEY, location="eu-central-1",
              account=111122223333, version=1, count=None) -> bytes:
    head = LABEL + bytes([version]) + id + struct.pack(">QQQ", created, expires, account)
    texts = [location, action, resource, "arn:aws:iam::111122223333:user/team/ada", "AIDAABCDEFGHIJKLMNOPQ"]
    tail = struct.pack(">H", len(parameters) if count is None else count)
    tail += b"".join(text(name) + text(value) for name, value in parameters)
    return head + b"".join(text(part) for part in texts) + tail


def good(name, id, action, parameters, **more) -> str:
    data = statement(id, 1800000000000, 1800086400000, action, parameters, **more)
    same = statement(bytes(16), 0, 0, action, parameters, **more)
    key = hmac.new(SECRET.encode(), LABEL, hashlib.sha256).digest()
    fields = [
        ("name", name), ("id", str(uuid.UUID(bytes=id))), ("action", action), ("parameters", str(len(parameters))),
        ("secret", SECRET), ("bytes", data.hex()), ("fingerprint", hashlib.sha256(same).hexdigest()),
        ("signature", hmac.new(key, data, hashlib.sha256).hexdigest()), ("expect", "ok"),
    ]
    return "".join(f"{name:<11} = {value}\n" for name, value in fields)


def bad(name, data) -> str:
    return f"{'name':<11} = {name}\n{'bytes':<11} = {data.hex()}\n{'expect':<11} = refused\n"


def vectors() -> str:
    first, window = bytes(range(16)), [("PendingWindowInDays", "7")]
    fine = statement(first, 1800000000000, 1800086400000, "kms:ScheduleKeyDeletion", window)
    broken = lambda **more: statement(first, 1800000000000, 1800086400000, "kms:ScheduleKeyDeletion", window, **more)
    policy = '{"Version":"2012-10-17","Statement":[{"Sid":"ä","Effect":"Deny","Action":"kms:*"}]}\n'
    blocks = [
        good("a deletion", first, "kms:ScheduleKeyDeletion", window),
        good("a key policy", bytes([255] * 16), "kms:PutKeyPolicy",
             [("BypassPolicyLockoutSafetyCheck", "false"), ("Policy", policy)]),
        good("no parameters, about the account", bytes(16), "iam:DeleteRole", [], resource="*", location="local"),
        bad("empty", b""),
        bad("another label", b"Keystead-approval" + fine[len(LABEL):]),
        bad("another version", broken(version=2)),
        bad("an account of thirteen digits", broken(account=10**12)),
        bad("an action that nobody has heard of",
            statement(first, 1, 2, "kms:EatKey", window)),
        bad("a byte too many", fine + b"\0"),
        bad("a parameter too few", broken(count=2)),
        bad("a value that is not UTF-8", statement(first, 1, 2, "kms:DisableKey", [("a", b"\xff")])),
    ]
    return "\n".join(blocks)


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        return 0 if pathlib.Path(__file__).with_suffix(".txt").read_text() == vectors() else 1
    sys.stdout.write(vectors())
    return 0


if __name__ == "__main__":
    sys.exit(main())
