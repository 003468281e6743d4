"""What can be found in the memory of the live server."""

import os
import re

import pytest
from conftest import client
from harness.server import Server

pytestmark = pytest.mark.needs_binary


def dump(pid):
    """The writable private memory of a process, region by region, with how much of it could be read."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            begin, end, rights = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            if rights[:2] != "rw" or "[vvar" in line:
                continue
            try:
                memory.seek(int(begin, 16))
                yield memory.read(int(end, 16) - int(begin, 16)) or b""
            except (OSError, ValueError, OverflowError):
                continue


def find(pid, needles):
    found, seen = set(), 0
    for region in dump(pid):
        seen += len(region)
        found |= {name for name, needle in needles.items() if needle in region}
    return found, seen


def test_no_plaintext_and_no_data_key_stays_in_memory(tmp_path):
    with Server(tmp_path / "data") as server:
        kms = client(server.env)
        key = kms.create_key(Description="a-description-that-is-no-secret")["KeyMetadata"]["KeyId"]
        planted = {f"plaintext {number}": os.urandom(48) for number in range(8)}
        blobs = [kms.encrypt(KeyId=key, Plaintext=plain)["CiphertextBlob"] for plain in planted.values()]
        for blob in blobs:
            kms.decrypt(CiphertextBlob=blob)
        for number in range(8):
            planted[f"data key {number}"] = kms.generate_data_key(KeyId=key, KeySpec="AES_256")["Plaintext"]
            planted[f"random {number}"] = kms.generate_random(NumberOfBytes=48)["Plaintext"]
        for _ in range(300):
            kms.list_keys()
        try:
            present, seen = find(server.process.pid, {"description": b"a-description-that-is-no-secret"})
        except PermissionError:
            pytest.skip("this process may not read the server's memory")
        if seen < 1_000_000:
            pytest.skip(f"only {seen} bytes of the server's memory could be read")
        found, seen = find(server.process.pid, planted)
        assert not found, f"found in {seen} bytes: {sorted(found)}"


def test_root_and_material_keys_are_not_in_ordinary_memory_nor_in_the_files(tmp_path):
    """The root key file is the one place that holds the root key, and only `dev` keeps it beside the data."""
    with Server(tmp_path / "data") as server:
        client(server.env).create_key()
        secret = server.env["AWS_SECRET_ACCESS_KEY"].encode()
        for folder, _, files in os.walk(server.data):
            for name in files:
                path = os.path.join(folder, name)
                if any(part in path for part in ("store", "audit", ".redb", "log")):
                    with open(path, "rb") as file:
                        assert secret not in file.read(), path


def test_core_dumps_are_off(tmp_path):
    with Server(tmp_path / "data") as server:
        limits = open(f"/proc/{server.process.pid}/limits").read()
        line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        owner = os.stat(f"/proc/{server.process.pid}/mem").st_uid
        assert line.split()[4] == "0" or owner == 0, line


def sealed_materials(server):
    """The sealed material in the store's second file: a part of each unit in use that no two have in common."""
    path = next(path for path in server.data.rglob("*.erasable"))
    content = path.read_bytes()
    units = (content[at : at + 512] for at in range(0, len(content), 512))
    return {unit[32:96] for unit in units if any(unit)}


def test_nothing_is_left_of_a_destroyed_key(tmp_path):
    with Server(tmp_path / "data") as server:
        kms = client(server.env)
        stays = kms.create_key()["KeyMetadata"]["KeyId"]
        others = sealed_materials(server)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        for turn in range(3):
            kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"])
            kms.tag_resource(KeyId=key, Tags=[{"TagKey": "turn", "TagValue": str(turn)}])
            kms.create_alias(AliasName=f"alias/erased-{turn}", TargetKeyId=key)
            kms.rotate_key_on_demand(KeyId=key)
        kms.encrypt(KeyId=stays, Plaintext=b"data")
        materials = sealed_materials(server) - others
        assert (len(others), len(materials)) == (1, 4)

        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        server.run("clock", "--advance", "8d")
        with pytest.raises(kms.exceptions.NotFoundException):
            kms.describe_key(KeyId=key)
        assert sealed_materials(server) == others
        for path in (path for path in server.data.rglob("*") if path.is_file()):
            content = path.read_bytes()
            assert not any(needle in content for needle in materials), path
        try:
            found, seen = find(server.process.pid, dict(enumerate(materials)))
        except PermissionError:
            pytest.skip("this process may not read the server's memory")
        assert not found, f"{len(found)} in {seen} bytes"
        kms.encrypt(KeyId=stays, Plaintext=b"the other key still works")
