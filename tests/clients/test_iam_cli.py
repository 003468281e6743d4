"""The AWS command line, as somebody uses it who looks after people; and the requests by which Terraform's provider looks after things."""

import json
import sys
import time
from base64 import b64decode
from pathlib import Path

import pytest
from harness.directory import allow, code, name, text, trust
from harness.server import Server, run

AWS = Path(sys.executable).with_name("aws")


@pytest.fixture(scope="module")
def own_server(tmp_path_factory):
    if not AWS.exists():
        pytest.fail(f"there is no {AWS.name} beside the Python that runs the tests")
    with Server(tmp_path_factory.mktemp("iam") / "data") as started:
        yield started


@pytest.fixture
def aws(own_server):
    def call(*words, check=True, **more):
        done = run([str(AWS), *words, "--output", "json"], own_server.environment(AWS_PAGER="", **more), check=check)
        if not check:
            return done
        return json.loads(done.stdout) if done.stdout.strip() else None

    return call


# Each command starts a Python of its own, which takes seconds on a busy machine.
@pytest.mark.timeout(900)
@pytest.mark.needs_binary
def test_somebody_is_let_in_and_shown_out_by_hand(aws, own_server, tmp_path):
    iam = lambda *words: aws("iam", *words)  # noqa: E731
    key = aws("kms", "create-key")["KeyMetadata"]["KeyId"]
    iam("create-group", "--group-name", "readers")
    document = tmp_path / "policy.json"
    document.write_text(text(allow("kms:Encrypt", "kms:Decrypt")))
    arn = iam("create-policy", "--policy-name", "use-keys", "--policy-document", f"file://{document}")["Policy"]["Arn"]
    iam("attach-group-policy", "--group-name", "readers", "--policy-arn", arn)
    user = iam("create-user", "--user-name", "ada", "--path", "/team/", "--tags", "Key=team,Value=a b", "Key=empty,Value=")["User"]
    assert user["Arn"].endswith(":user/team/ada")
    iam("add-user-to-group", "--group-name", "readers", "--user-name", "ada")
    made = iam("create-access-key", "--user-name", "ada")["AccessKey"]
    own = {"AWS_ACCESS_KEY_ID": made["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"]}
    assert aws("sts", "get-caller-identity", **own)["Arn"] == user["Arn"]
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_bytes(b"hello")
    sealed.write_bytes(b64decode(aws("kms", "encrypt", "--key-id", key, "--plaintext", f"fileb://{plain}", **own)["CiphertextBlob"]))
    opening = ("kms", "decrypt", "--ciphertext-blob", f"fileb://{sealed}")
    assert b64decode(aws(*opening, **own)["Plaintext"]) == b"hello"

    seed = tmp_path / "seed"
    device = iam(
        "create-virtual-mfa-device", "--virtual-mfa-device-name", "ada", "--outfile", str(seed), "--bootstrap-method", "Base32StringSeed"
    )["VirtualMFADevice"]["SerialNumber"]
    now = time.time()
    codes = ["--authentication-code1", code(seed.read_text(), now - 30), "--authentication-code2", code(seed.read_text(), now)]
    iam("enable-mfa-device", "--user-name", "ada", "--serial-number", device, *codes)
    assert iam("list-mfa-devices", "--user-name", "ada")["MFADevices"][0]["SerialNumber"] == device
    iam("generate-credential-report")
    assert iam("get-credential-report")["ReportFormat"] == "text/csv"
    assert iam("get-account-authorization-details", "--filter", "User")["UserDetailList"][0]["GroupList"] == ["readers"]

    iam("remove-user-from-group", "--group-name", "readers", "--user-name", "ada")
    refusal = aws(*opening, check=False, **own)
    assert refusal.returncode != 0 and b"AccessDeniedException" in refusal.stderr
    refusal = aws("iam", "delete-user", "--user-name", "ada", check=False)
    assert refusal.returncode != 0 and b"DeleteConflict" in refusal.stderr
    iam("deactivate-mfa-device", "--user-name", "ada", "--serial-number", device)
    iam("delete-virtual-mfa-device", "--serial-number", device)
    iam("delete-access-key", "--user-name", "ada", "--access-key-id", made["AccessKeyId"])
    iam("delete-user", "--user-name", "ada")
    assert iam("list-users")["Users"] == []

    records = [json.loads(line) for line in own_server.run("audit", "search", "--json").stdout.splitlines()]
    assert "aws-iam" in json.dumps(records) and made["SecretAccessKey"] not in json.dumps(records)


# --- Terraform's provider ------------------------------------------------------------------------------------------
#
# For each of its resources the requests that it sends, in its order: make, read, change, read, delete.


@pytest.fixture
def gone(refused):
    """The call must say that there is no such thing, by which the provider knows that its work is done."""

    def assure(method, **request):
        with refused("NoSuchEntity") as error:
            method(**request)
        assert error.status == 404

    return assure


def test_requests_of_aws_iam_user(iam, gone):
    user = {"UserName": name("tf")}
    iam.create_user(**user, Path="/", Tags=[{"Key": "a", "Value": "1"}])
    iam.get_user(**user)
    iam.list_user_tags(**user)
    iam.untag_user(**user, TagKeys=["a"])
    iam.tag_user(**user, Tags=[{"Key": "b", "Value": "2"}])
    renamed = {"UserName": name("tf")}
    iam.update_user(**user, NewUserName=renamed["UserName"], NewPath="/new/")
    iam.get_user(**renamed)
    iam.create_access_key(**renamed)
    # With `force_destroy` it first takes away whatever is in the way.
    for group in iam.list_groups_for_user(**renamed)["Groups"]:
        iam.remove_user_from_group(**renamed, GroupName=group["GroupName"])
    for key in iam.list_access_keys(**renamed)["AccessKeyMetadata"]:
        iam.delete_access_key(**renamed, AccessKeyId=key["AccessKeyId"])
    assert iam.list_ssh_public_keys(**renamed)["SSHPublicKeys"] == []
    assert iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["IsTruncated"] in (True, False)
    assert iam.list_mfa_devices(**renamed)["MFADevices"] == []
    gone(iam.get_login_profile, **renamed)
    assert iam.list_signing_certificates(**renamed)["Certificates"] == []
    assert iam.list_service_specific_credentials(**renamed)["ServiceSpecificCredentials"] == []
    assert iam.list_user_policies(**renamed)["PolicyNames"] == []
    assert iam.list_attached_user_policies(**renamed)["AttachedPolicies"] == []
    iam.delete_user(**renamed)
    gone(iam.get_user, **renamed)


def test_requests_of_aws_iam_role(iam, account, gone):
    role = {"RoleName": name("tf")}
    iam.create_role(**role, Path="/", AssumeRolePolicyDocument=text(trust(account)), MaxSessionDuration=3600, Tags=[{"Key": "a", "Value": "1"}])
    iam.get_role(**role)
    iam.list_role_policies(**role)
    iam.list_attached_role_policies(**role)
    iam.update_assume_role_policy(**role, PolicyDocument=text(trust(account)))
    iam.update_role_description(**role, Description="d")
    iam.update_role(**role, MaxSessionDuration=7200)
    iam.put_role_policy(**role, PolicyName="p", PolicyDocument=text(allow("kms:*")))
    assert iam.get_role_policy(**role, PolicyName="p")["PolicyDocument"] == allow("kms:*")
    policy = iam.create_policy(PolicyName=name("tf"), PolicyDocument=text(allow("kms:*")))["Policy"]["Arn"]
    iam.attach_role_policy(**role, PolicyArn=policy)
    assert iam.get_role(**role)["Role"]["MaxSessionDuration"] == 7200
    assert iam.list_instance_profiles_for_role(**role)["InstanceProfiles"] == []
    for attached in iam.list_attached_role_policies(**role)["AttachedPolicies"]:
        iam.detach_role_policy(**role, PolicyArn=attached["PolicyArn"])
    for inline in iam.list_role_policies(**role)["PolicyNames"]:
        iam.delete_role_policy(**role, PolicyName=inline)
    iam.delete_role(**role)
    gone(iam.get_role, **role)


def test_requests_of_aws_iam_policy(iam, gone):
    made = iam.create_policy(PolicyName=name("tf"), Path="/", PolicyDocument=text(allow("kms:Decrypt")), Tags=[{"Key": "a", "Value": "1"}])["Policy"]
    policy = {"PolicyArn": made["Arn"]}
    version = iam.get_policy(**policy)["Policy"]["DefaultVersionId"]
    assert iam.get_policy_version(**policy, VersionId=version)["PolicyVersion"]["Document"] == allow("kms:Decrypt")
    for number in range(6):
        versions = iam.list_policy_versions(**policy)["Versions"]
        if len(versions) >= 5:
            oldest = min((one for one in versions if not one["IsDefaultVersion"]), key=lambda one: int(one["VersionId"][1:]))
            iam.delete_policy_version(**policy, VersionId=oldest["VersionId"])
        iam.create_policy_version(**policy, PolicyDocument=text(allow(f"kms:{number}*")), SetAsDefault=True)
    for one in iam.list_policy_versions(**policy)["Versions"]:
        if not one["IsDefaultVersion"]:
            iam.delete_policy_version(**policy, VersionId=one["VersionId"])
    iam.delete_policy(**policy)
    gone(iam.get_policy, **policy)


def test_requests_of_aws_iam_group(iam, gone):
    group = {"GroupName": name("tf")}
    iam.create_group(**group, Path="/")
    iam.get_group(**group)
    renamed = {"GroupName": name("tf")}
    iam.update_group(**group, NewGroupName=renamed["GroupName"], NewPath="/new/")
    iam.get_group(**renamed)
    iam.delete_group(**renamed)
    gone(iam.get_group, **renamed)


def test_requests_of_aws_iam_openid_connect_provider(iam, gone):
    made = iam.create_open_id_connect_provider(Url=f"https://{name('tf')}.example.com", ClientIDList=["a"], ThumbprintList=["0" * 40])
    provider = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    iam.get_open_id_connect_provider(**provider)
    iam.update_open_id_connect_provider_thumbprint(**provider, ThumbprintList=["1" * 40])
    iam.add_client_id_to_open_id_connect_provider(**provider, ClientID="b")
    iam.remove_client_id_from_open_id_connect_provider(**provider, ClientID="a")
    iam.tag_open_id_connect_provider(**provider, Tags=[{"Key": "a", "Value": "1"}])
    iam.untag_open_id_connect_provider(**provider, TagKeys=["a"])
    assert iam.get_open_id_connect_provider(**provider)["ClientIDList"] == ["b"]
    iam.delete_open_id_connect_provider(**provider)
    gone(iam.get_open_id_connect_provider, **provider)


def test_requests_of_the_smaller_resources(iam, gone):
    """`aws_iam_access_key`, `…_group_membership`, `…_user_policy`, `…_user_policy_attachment`, `…_account_alias`."""
    user, group = {"UserName": name("tf")}, {"GroupName": name("tf")}
    iam.create_user(**user)
    iam.create_group(**group)
    key = {"AccessKeyId": iam.create_access_key(**user)["AccessKey"]["AccessKeyId"]}
    iam.update_access_key(**user, **key, Status="Inactive")
    assert iam.list_access_keys(**user)["AccessKeyMetadata"][0]["Status"] == "Inactive"
    iam.delete_access_key(**user, **key)
    iam.add_user_to_group(**user, **group)
    assert [one["UserName"] for one in iam.get_group(**group)["Users"]] == [user["UserName"]]
    iam.remove_user_from_group(**user, **group)
    iam.put_user_policy(**user, PolicyName="p", PolicyDocument=text(allow("kms:*")))
    iam.get_user_policy(**user, PolicyName="p")
    iam.delete_user_policy(**user, PolicyName="p")
    gone(iam.get_user_policy, **user, PolicyName="p")
    iam.delete_group(**group)
    iam.delete_user(**user)
    gone(iam.list_attached_user_policies, **user)
