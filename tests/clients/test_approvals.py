"""Actions that need more than one person, with unchanged clients: boto3 asks, the command line approves."""

import json
import re

import pytest
from botocore.exceptions import ClientError
from conftest import client
from harness.server import Server, binary, clean_environment, run
from harness.wire import Wire

pytestmark = pytest.mark.needs_binary

SETTINGS = "/keystead/v1/account/settings"
APPROVALS = "/keystead/v1/approvals"
GATED = ["kms:ScheduleKeyDeletion", "kms:DisableKey", "iam:AttachUserPolicy", "keystead:PutAccountSettings"]


class Person:
    """A user: what it can do over the wire, and how the command line runs for it."""

    def __init__(self, server, iam, name, policy="AdministratorAccess"):
        self.arn = iam.create_user(UserName=name)["User"]["Arn"]
        iam.attach_user_policy(UserName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
        key = iam.create_access_key(UserName=name)["AccessKey"]
        own = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        self.env = server.env | own
        self.kms, self.iam = client(self.env), client(self.env, "iam")

    def run(self, *arguments, check=True, input=None):
        command = [str(binary()), *map(str, arguments)]
        done = run(command, clean_environment() | self.env, input=input, check=check)
        return done.returncode, done.stdout.decode(), done.stderr.decode()


def settings(*approvers, **more):
    rule = {"name": "deletion", "actions": GATED, "approvers": [who.arn for who in approvers], "needed": 2}
    rule |= {"delay_seconds": 0, "wait_seconds": 86400} | more
    return {
        "guardrails": [], "both_must_agree": False, "root_may_not_use_keys": False, "refuse_joint_duties": False,
        "approvals": [rule],
    }


class Office:
    def __init__(self, server, tmp_path):
        self.server, self.kms, self.iam = server, client(server.env), client(server.env, "iam")
        self.ada, self.bob, self.cyd = (Person(server, self.iam, name, "KeysteadApprover") for name in ("ada", "bob", "cyd"))
        self.dan = Person(server, self.iam, "dan")
        self.key = self.kms.create_key()["KeyMetadata"]["KeyId"]
        self.file = tmp_path / "settings.json"

    def lay_down(self, wanted):
        self.file.write_text(json.dumps(wanted))
        return self.server.run("account", "settings", "put", self.file, check=False)

    def waiting(self):
        out = self.server.run("approvals", "list", "--json").stdout.decode()
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def office(tmp_path):
    with Server(None, "--ephemeral", "--clock", "2026-01-01T00:00:00Z", "--frozen-clock") as server:
        yield Office(server, tmp_path)


def asked(call, **arguments):
    """The id of the request that now waits."""
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    assert error["Code"] in ("AccessDeniedException", "AccessDenied"), error
    return re.search(r"request ([0-9a-f-]{36}) ", error["Message"]).group(1), error["Message"]


def test_two_of_three_approve_a_deletion(office):
    assert office.lay_down(settings(office.ada, office.bob, office.cyd)).returncode == 0
    delete = {"KeyId": office.key, "PendingWindowInDays": 7}
    approval, message = asked(office.dan.kms.schedule_key_deletion, **delete)
    assert "needs the approval of 2 of 3 approvers" in message and f"keystead approvals approve {approval}" in message
    assert asked(office.dan.kms.schedule_key_deletion, **delete)[0] == approval

    _, shown, _ = office.ada.run("approvals", "show", approval)
    assert "kms:ScheduleKeyDeletion" in shown and office.dan.arn in shown and "PendingWindowInDays: 7" in shown
    _, listed, _ = office.ada.run("approvals", "list")
    assert approval in listed and "0 of 2" in listed

    status, _, said = office.ada.run("approvals", "approve", approval, check=False)
    assert status == 2 and "--yes" in said, "nobody is at a terminal"
    _, done, _ = office.ada.run("approvals", "approve", approval, "--yes")
    assert "approved: 1 of the 2" in done
    status, _, said = office.dan.run("approvals", "approve", approval, "--yes", check=False)
    assert status == 1 and "not an approver" in said
    asked(office.dan.kms.schedule_key_deletion, **delete)
    _, done, _ = office.bob.run("approvals", "approve", approval, "--yes")
    assert "approved: 2 of the 2" in done and "can send the request again" in done
    assert office.kms.describe_key(KeyId=office.key)["KeyMetadata"]["KeyState"] == "Enabled"

    assert office.dan.kms.schedule_key_deletion(**delete)["KeyState"] == "PendingDeletion"
    assert office.waiting() == []
    office.kms.cancel_key_deletion(KeyId=office.key)
    assert asked(office.dan.kms.schedule_key_deletion, **delete)[0] != approval


def test_the_account_root_is_bound_and_requests_end_by_veto_withdrawal_or_time(office):
    office.lay_down(settings(office.ada, office.bob, office.cyd, delay_seconds=3600))
    approval, _ = asked(office.kms.disable_key, KeyId=office.key)
    office.ada.run("approvals", "approve", approval, "--yes")
    office.bob.run("approvals", "approve", approval, "--yes")
    _, message = asked(office.kms.disable_key, KeyId=office.key)
    assert "cooling-off" in message and "2026-01-01T01:00:00Z" in message
    office.cyd.run("approvals", "veto", approval, "--yes")
    again, _ = asked(office.kms.disable_key, KeyId=office.key)
    assert again != approval
    status, _, _ = office.ada.run("approvals", "withdraw", again, "--yes", check=False)
    assert status == 1
    office.server.run("approvals", "withdraw", again, "--yes")
    assert office.waiting() == []

    last, _ = asked(office.kms.disable_key, KeyId=office.key)
    office.ada.run("approvals", "approve", last, "--yes")
    office.bob.run("approvals", "approve", last, "--yes")
    office.server.run("clock", "--advance", "1h")
    office.kms.disable_key(KeyId=office.key)
    office.kms.enable_key(KeyId=office.key)
    expired, _ = asked(office.kms.disable_key, KeyId=office.key)
    office.server.run("clock", "--advance", "1d")
    assert office.waiting() == []
    status, _, said = office.ada.run("approvals", "show", expired, check=False)
    assert status == 1 and "waits for approval" in said


def test_iam_waits_too_and_says_so_in_its_own_words(office):
    office.lay_down(settings(office.ada, office.bob, office.cyd))
    attach = {"UserName": "bob", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    with pytest.raises(ClientError) as refused:
        office.dan.iam.attach_user_policy(**attach)
    answer = refused.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("AccessDenied", 403)
    approval, _ = asked(office.dan.iam.attach_user_policy, **attach)
    for who in (office.ada, office.cyd):
        who.run("approvals", "approve", approval, "--yes")
    office.dan.iam.attach_user_policy(**attach)
    attached = office.iam.list_attached_user_policies(UserName="bob")["AttachedPolicies"]
    assert "AdministratorAccess" in [policy["PolicyName"] for policy in attached]


def test_the_rules_themselves_wait_and_read_back_as_they_were_put(office):
    wanted = settings(office.ada, office.bob, office.cyd)
    assert office.lay_down(wanted).returncode == 0
    assert json.loads(office.server.run("account", "settings", "get").stdout) == wanted
    none = wanted | {"approvals": []}
    refused = office.lay_down(none)
    assert refused.returncode == 1
    approval = re.search(rb"request ([0-9a-f-]{36}) ", refused.stderr).group(1).decode()
    for who in (office.bob, office.cyd):
        who.run("approvals", "approve", approval, "--yes")
    assert office.lay_down(none).returncode == 0
    assert json.loads(office.server.run("account", "settings", "get").stdout) == none


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"needed": 3}, b"could not be met"),
        ({"actions": ["kms:ScheduleKeyDeletion"]}, b"keystead:PutAccountSettings"),
        ({"actions": [*GATED, "kms:Encrypt"]}, b"cannot wait"),
        ({"actions": [*GATED, "kms:Nonsense"]}, b"no action"),
        ({"approvers": ["arn:aws:iam::000000000000:user/nobody"] * 3}, b"twice"),
        ({"wait_seconds": 1}, b"300"),
    ],
)
def test_rules_that_bind_nobody_are_refused(office, change, reason):
    wanted = settings(office.ada, office.bob, office.cyd)
    wanted["approvals"][0] |= change
    refused = office.lay_down(wanted)
    assert refused.returncode == 1 and reason in refused.stderr, refused.stderr


def test_the_api_takes_nothing_half(office):
    office.lay_down(settings(office.ada, office.bob, office.cyd))
    approval, _ = asked(office.dan.kms.disable_key, KeyId=office.key)
    wire = Wire(office.ada.env, service="keystead")

    def send(method, path, body=None):
        payload = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        bare, _, query = path.partition("?")
        return wire.send(method, path, wire.signed(method, bare, {}, payload, query=query), payload)

    good = {"access_key": office.ada.env["AWS_ACCESS_KEY_ID"], "signature": "00" * 32}
    for body in (b"", b"{}", b"[]", good | {"more": 1}, good | {"signature": "00"}, good | {"access_key": "x"}, good):
        assert send("POST", f"{APPROVALS}/{approval}/approve", body).status == 400, body
    assert send("GET", f"{APPROVALS}/{approval}").json["approved"] == []
    for method, path, status in [
        ("GET", f"{APPROVALS}/nonsense", 404), ("POST", f"{APPROVALS}/{approval}", 405), ("GET", f"{APPROVALS}/", 404),
        ("DELETE", APPROVALS, 405), ("GET", f"{APPROVALS}/{approval}/approve", 405), ("DELETE", SETTINGS, 405),
        ("GET", f"{APPROVALS}?marker=zz", 400), ("GET", f"{APPROVALS}?other=1", 400),
    ]:
        assert send(method, path).status == status, (method, path)
    assert send("POST", f"{APPROVALS}/{approval}/veto", {"because": 1}).status == 400
    assert send("POST", SETTINGS, {"approvals": []}).status == 400
    assert send("POST", SETTINGS, settings(office.ada)).status == 400, "ada may approve, and nothing else"
