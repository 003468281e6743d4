"""What tests of a directory make over and over: names nobody else has, documents, codes of MFA devices."""

import base64
import hashlib
import hmac
import json
import struct
import uuid



def name(start="test"):
    """A name nobody else uses."""
    return f"{start}-{uuid.uuid4().hex[:12]}"


def trust(account):
    """A policy that lets an account take a role on."""
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}


def allow(*actions, resource="*", effect="Allow"):
    """An identity policy of one statement."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": list(actions), "Resource": resource}]}


def text(document):
    return json.dumps(document)


def code(seed, at):
    """The code that a device shows at an instant (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits)."""
    key = base64.b32decode(seed)
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def pages(method, member, **request):
    """All items of a listing, read a few at a time; each page but the last says that there is another."""
    found, marker = [], {}
    while True:
        answer = method(**request, **marker, MaxItems=2)
        assert len(answer[member]) <= 2 and answer["IsTruncated"] == ("Marker" in answer)
        found += answer[member]
        if not answer["IsTruncated"]:
            return found
        marker = {"Marker": answer["Marker"]}
