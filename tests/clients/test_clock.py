"""The clock of a development server: deletion windows, rotations and expiries in moments instead of months."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from conftest import client
from harness.server import ROOT, Server
from harness.wire import Wire, assert_refused

pytestmark = pytest.mark.needs_binary

PATH = "/keystead/v1/dev/clock"
START = datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def frozen():
    with Server(None, "--ephemeral", "--clock", "2026-01-01T00:00:00Z", "--frozen-clock") as server:
        yield server


def ask(server, body=None, **signing):
    wire = Wire(server.env, service="keystead")
    payload = b"" if body is None else json.dumps(body).encode()
    method = "GET" if body is None else "POST"
    headers = {"Content-Type": "application/json"} if payload else {}
    return wire.send(method, PATH, wire.signed(method, PATH, headers, payload, **signing), payload)


def shown(server):
    return datetime.fromisoformat(ask(server).json["now"].replace("Z", "+00:00"))


def test_a_key_is_gone_after_its_window(frozen):
    kms = client(frozen.env)
    key = kms.create_key()["KeyMetadata"]
    assert key["CreationDate"] == START
    deletion = kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)["DeletionDate"]
    assert deletion == START + timedelta(days=7)
    assert ask(frozen, {"advance": "6d"}).status == 200
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert ask(frozen, {"advance": "1d"}).json == {"now": "2026-01-08T00:00:00.000Z", "frozen": True}
    with pytest.raises(kms.exceptions.NotFoundException):
        kms.describe_key(KeyId=key["KeyId"])


def test_a_key_rotates_as_often_as_it_would_have(frozen):
    kms = client(frozen.env)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    blob = kms.encrypt(KeyId=key, Plaintext=b"before")["CiphertextBlob"]
    assert ask(frozen, {"advance": "365d"}).status == 200
    rotations = [rotation["RotationDate"] for rotation in kms.list_key_rotations(KeyId=key)["Rotations"]]
    assert rotations == [START + timedelta(days=90 * n) for n in range(1, 5)]
    assert kms.get_key_rotation_status(KeyId=key)["NextRotationDate"] == START + timedelta(days=450)
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"before"


def test_many_keys_that_are_due_at_once_are_all_done(frozen):
    kms = client(frozen.env)
    for _ in range(300):
        kms.schedule_key_deletion(KeyId=kms.create_key()["KeyMetadata"]["KeyId"], PendingWindowInDays=7)
    assert ask(frozen, {"set": "2026-01-08T00:00:00Z"}).status == 200
    assert kms.list_keys()["Keys"] == []


def test_real_clients_are_not_bothered_by_a_moved_clock(frozen):
    for move in ({"advance": "3000d"}, {"set": "1999-12-31T23:59:59Z"}):
        assert ask(frozen, move).status == 200
        client(frozen.env).list_keys()
    assert_refused(Wire(frozen.env).call("ListKeys", {}, skew=-3600), "InvalidSignatureException")
    assert_refused(Wire(frozen.env).call("ListKeys", {}, at="19991231T235959Z"), "InvalidSignatureException")


def test_records_bear_the_time_shown(frozen):
    ask(frozen, {"set": "2030-06-01T00:00:00Z"})
    client(frozen.env).create_key()
    records = frozen.run("audit", "search", "--action", "CreateKey", "--json").stdout.decode()
    assert "2030-06-01T00:00:00" in records
    moves = frozen.run("audit", "search", "--action", "keystead:MoveClock", "--json").stdout.decode()
    assert "set=2030-06-01" in moves


def test_a_clock_runs_unless_it_is_frozen():
    with Server(None, "--ephemeral", "--clock", "2026-01-01T00:00:00Z") as server:
        first, second = shown(server), shown(server)
        assert START < first < second < START + timedelta(minutes=5)
        assert ask(server, {"freeze": True}).json["frozen"] is True
        assert shown(server) == shown(server)
        assert ask(server, {"advance": 60, "freeze": False}).json["frozen"] is False
        assert shown(server) > second + timedelta(seconds=60)


def test_the_command_line_moves_it(frozen):
    assert frozen.run("clock").stdout == b"2026-01-01T00:00:00.000Z (frozen)\n"
    assert frozen.run("clock", "--advance", "30d").stdout == b"2026-01-31T00:00:00.000Z (frozen)\n"
    assert frozen.run("clock", "--set", "2027-01-01T00:00:00Z", "--run").stdout.startswith(b"2027-01-01T00:00:00.")
    refused = frozen.run("clock", "--advance", "a while", check=False)
    assert refused.returncode == 1 and b"30d" in refused.stderr


def test_the_recipe_for_python_works():
    """As docs/operating/development.md shows it."""
    text = (ROOT / "docs/operating/development.md").read_text()
    recipe = text.split("```python\n")[1].split("```")[0]
    names = {}
    exec(recipe, names)  # noqa: S102
    flags = ("--ephemeral", "--plain", "--any-credentials", "--clock", "2026-01-01T00:00:00Z", "--frozen-clock")
    with Server(None, *flags) as server:
        names["advance"](server.env["AWS_ENDPOINT_URL"], "30d")
        assert shown(server) == START + timedelta(days=30)


@pytest.mark.parametrize("body", [{}, [], {"go": 1}, {"advance": "-1d"}, {"advance": "99999999d"}, {"set": "noon"}, {"freeze": 1}])
def test_what_is_no_move_is_refused_and_moves_nothing(frozen, body):
    assert_refused(ask(frozen, body), "ValidationException", "SerializationException", status=400)
    assert shown(frozen) == START


def test_moving_it_needs_a_signature(frozen):
    assert_refused(ask(frozen, {"advance": "1d"}, secret="wrong"), "InvalidSignatureException")
    unsigned = Wire(frozen.env).send("POST", PATH, {"Content-Type": "application/json"}, b'{"advance":"1d"}')
    assert_refused(unsigned, "MissingAuthenticationTokenException")
    assert shown(frozen) == START
