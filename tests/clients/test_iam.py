"""AWS IAM through boto3: users, groups, roles, policies, access keys, providers, devices, and the account as a whole."""

import csv
import time
from datetime import datetime, timedelta, timezone

import pytest
from conftest import client
from harness.directory import allow, code, name, pages, text, trust
from harness.query import checked
from harness.server import Server

DECRYPT = allow("kms:Decrypt")


@pytest.fixture
def user(iam):
    return iam.create_user(UserName=name("user"))["User"]["UserName"]


@pytest.fixture
def group(iam):
    return iam.create_group(GroupName=name("group"))["Group"]["GroupName"]


@pytest.fixture
def role(iam, account):
    return iam.create_role(RoleName=name("role"), AssumeRolePolicyDocument=text(trust(account)))["Role"]["RoleName"]


@pytest.fixture
def policy(iam):
    return iam.create_policy(PolicyName=name("policy"), PolicyDocument=text(DECRYPT))["Policy"]["Arn"]


def is_recent(at):
    return abs(datetime.now(timezone.utc) - at) < timedelta(minutes=5)


# --- Users ---------------------------------------------------------------------------------------------------------


def test_a_user_is_made_read_changed_and_deleted(iam, account, refused):
    called = name("User")
    made = iam.create_user(UserName=called, Path="/team/a/", Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": ""}])["User"]
    assert made["Arn"] == f"arn:aws:iam::{account}:user/team/a/{called}"
    assert made["UserId"].startswith("AIDA") and len(made["UserId"]) == 21 and is_recent(made["CreateDate"])
    assert made["Tags"] == [{"Key": "a", "Value": ""}, {"Key": "b", "Value": "2"}]
    assert iam.get_user(UserName=called)["User"] == made
    other = name("user")
    iam.update_user(UserName=called, NewUserName=other, NewPath="/")
    changed = iam.get_user(UserName=other)["User"]
    assert changed["Arn"] == f"arn:aws:iam::{account}:user/{other}" and changed["UserId"] == made["UserId"]
    with refused("NoSuchEntity") as error:
        iam.get_user(UserName=called)
    assert error.status == 404
    iam.delete_user(UserName=other)
    for call in (iam.get_user, iam.delete_user, iam.list_access_keys, iam.list_groups_for_user, iam.list_user_policies):
        with refused("NoSuchEntity"):
            call(UserName=other)


def test_names_are_unique_without_regard_to_case(iam, user, refused):
    with refused("EntityAlreadyExists") as error:
        iam.create_user(UserName=user.upper())
    assert error.status == 409
    assert iam.get_user(UserName=user.upper())["User"]["UserName"] == user
    another = iam.create_user(UserName=name("user"))["User"]["UserName"]
    with refused("EntityAlreadyExists"):
        iam.update_user(UserName=another, NewUserName=user.upper())


def test_a_name_longer_than_any_users_is_nobody(iam, refused):
    with refused("NoSuchEntity") as error:
        iam.get_user(UserName="a" * 100)
    assert error.status == 404


def test_without_a_name_one_is_oneself(as_user, server, account):
    keys = {"AccessKeyId": server.env["AWS_ACCESS_KEY_ID"], "SecretAccessKey": server.env["AWS_SECRET_ACCESS_KEY"]}
    root = as_user(keys, "iam").get_user()["User"]
    assert root["Arn"] == f"arn:aws:iam::{account}:root" and root["UserId"] == account
    # The model requires both, and AWS leaves both out.
    assert "UserName" not in root and "Path" not in root


def test_users_are_listed_by_path_and_in_pages(iam, user):
    path = f"/{name('path')}/"
    made = sorted(iam.create_user(UserName=name("user"), Path=path)["User"]["UserName"] for _ in range(5))
    assert [found["UserName"] for found in pages(iam.list_users, "Users", PathPrefix=path)] == made
    assert user in {found["UserName"] for page in iam.get_paginator("list_users").paginate() for found in page["Users"]}
    assert iam.list_users(PathPrefix=path + "x/")["Users"] == []


def test_a_marker_that_was_not_given_out_is_refused(iam, refused):
    for method in (iam.list_users, iam.list_groups, iam.list_roles):
        with refused("ValidationError") as error:
            method(Marker="no such marker!")
        assert error.status == 400


def test_a_user_with_something_left_is_not_deleted(iam, user, group, policy, refused):
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    iam.add_user_to_group(GroupName=group, UserName=user)
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=text(DECRYPT))
    for undo in (
        lambda: iam.delete_access_key(UserName=user, AccessKeyId=key),
        lambda: iam.remove_user_from_group(GroupName=group, UserName=user),
        lambda: iam.detach_user_policy(UserName=user, PolicyArn=policy),
        lambda: iam.delete_user_policy(UserName=user, PolicyName="own"),
    ):
        with refused("DeleteConflict") as error:
            iam.delete_user(UserName=user)
        assert error.status == 409
        undo()
    iam.delete_user(UserName=user)


# --- Access keys ---------------------------------------------------------------------------------------------------


def test_an_access_key_is_made_rotated_and_deleted(as_user, iam, user, refused):
    first = iam.create_access_key(UserName=user)["AccessKey"]
    assert first["AccessKeyId"].startswith("AKIA") and first["Status"] == "Active" and len(first["SecretAccessKey"]) == 40
    second = iam.create_access_key(UserName=user)["AccessKey"]
    with refused("LimitExceeded") as error:
        iam.create_access_key(UserName=user)
    assert error.status == 409
    listed = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in listed] == [first["AccessKeyId"], second["AccessKeyId"]]
    assert "SecretAccessKey" not in str(listed)
    assert pages(iam.list_access_keys, "AccessKeyMetadata", UserName=user) == listed
    own = as_user(first, "sts")
    assert own.get_caller_identity()["Arn"].endswith(f":user/{user}")

    iam.update_access_key(UserName=user, AccessKeyId=first["AccessKeyId"], Status="Inactive")
    assert iam.list_access_keys(UserName=user)["AccessKeyMetadata"][0]["Status"] == "Inactive"
    with refused("InvalidClientTokenId"):
        own.get_caller_identity()
    iam.update_access_key(UserName=user, AccessKeyId=first["AccessKeyId"], Status="Active")
    own.get_caller_identity()
    iam.delete_access_key(UserName=user, AccessKeyId=first["AccessKeyId"])
    with refused("InvalidClientTokenId"):
        own.get_caller_identity()
    for call in (
        lambda: iam.delete_access_key(UserName=user, AccessKeyId=first["AccessKeyId"]),
        lambda: iam.update_access_key(UserName=user, AccessKeyId=first["AccessKeyId"], Status="Active"),
    ):
        with refused("NoSuchEntity"):
            call()
    with refused("ValidationError"):
        iam.update_access_key(UserName=user, AccessKeyId=second["AccessKeyId"], Status="Expired")


def test_the_last_use_of_an_access_key_is_told(server, as_user, iam, user):
    made = iam.create_access_key(UserName=user)["AccessKey"]
    never = iam.get_access_key_last_used(AccessKeyId=made["AccessKeyId"])
    assert never["UserName"] == user and never["AccessKeyLastUsed"]["ServiceName"] == "N/A"
    assert "LastUsedDate" not in never["AccessKeyLastUsed"]
    as_user(made, "sts").get_caller_identity()
    used = iam.get_access_key_last_used(AccessKeyId=made["AccessKeyId"])["AccessKeyLastUsed"]
    assert used["ServiceName"] == "sts" and used["Region"] == server.env["AWS_REGION"] and is_recent(used["LastUsedDate"])


def test_a_user_may_look_after_its_own_access_keys_if_allowed(as_user, iam, user, refused):
    made = iam.create_access_key(UserName=user)["AccessKey"]
    own = as_user(made, "iam")
    with refused("AccessDenied") as error:
        own.list_access_keys()
    assert error.status == 403 and "is not authorized to perform: iam:ListAccessKeys on resource" in error.message
    assert error.message.endswith("because no identity-based policy allows the iam:ListAccessKeys action")
    document = allow("iam:*AccessKey*", "iam:GetUser", resource="arn:aws:iam::*:user/${aws:username}")
    iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=text(document))
    assert [key["AccessKeyId"] for key in own.list_access_keys()["AccessKeyMetadata"]] == [made["AccessKeyId"]]
    assert own.get_user()["User"]["UserName"] == user
    own.delete_access_key(AccessKeyId=own.create_access_key()["AccessKey"]["AccessKeyId"])
    with refused("AccessDenied"):
        own.list_access_keys(UserName=name("user"))


# --- Groups --------------------------------------------------------------------------------------------------------


def test_a_group_has_users(iam, account, user, refused):
    called = name("group")
    made = iam.create_group(GroupName=called, Path="/g/")["Group"]
    assert made["Arn"] == f"arn:aws:iam::{account}:group/g/{called}" and made["GroupId"].startswith("AGPA")
    iam.add_user_to_group(GroupName=called, UserName=user)
    iam.add_user_to_group(GroupName=called, UserName=user)
    found = iam.get_group(GroupName=called)
    assert found["Group"] == made and [member["UserName"] for member in found["Users"]] == [user]
    assert iam.list_groups_for_user(UserName=user)["Groups"] == [made]
    with refused("DeleteConflict"):
        iam.delete_group(GroupName=called)
    other = name("group")
    iam.update_group(GroupName=called, NewGroupName=other, NewPath="/")
    assert iam.list_groups_for_user(UserName=user)["Groups"][0]["GroupName"] == other
    iam.remove_user_from_group(GroupName=other, UserName=user)
    assert iam.get_group(GroupName=other)["Users"] == []
    iam.delete_group(GroupName=other)
    for call in (
        lambda: iam.get_group(GroupName=other),
        lambda: iam.delete_group(GroupName=other),
        lambda: iam.add_user_to_group(GroupName=other, UserName=user),
        lambda: iam.list_attached_group_policies(GroupName=other),
    ):
        with refused("NoSuchEntity"):
            call()


def test_groups_and_their_users_are_listed_in_pages(iam, group):
    path = f"/{name('path')}/"
    groups = sorted(iam.create_group(GroupName=name("group"), Path=path)["Group"]["GroupName"] for _ in range(3))
    assert [found["GroupName"] for found in pages(iam.list_groups, "Groups", PathPrefix=path)] == groups
    users = sorted(iam.create_user(UserName=name("user"))["User"]["UserName"] for _ in range(5))
    for user in users:
        iam.add_user_to_group(GroupName=group, UserName=user)
    assert [found["UserName"] for found in pages(iam.get_group, "Users", GroupName=group)] == users
    for called in groups:
        iam.add_user_to_group(GroupName=called, UserName=users[0])
    assert {found["GroupName"] for found in pages(iam.list_groups_for_user, "Groups", UserName=users[0])} == {group, *groups}


# --- Roles ---------------------------------------------------------------------------------------------------------


def test_a_role_is_made_read_changed_and_deleted(iam, account, refused):
    called = name("role")
    made = iam.create_role(
        RoleName=called, Path="/r/", AssumeRolePolicyDocument=text(trust(account)), Description="what for? <é>",
        MaxSessionDuration=7200, Tags=[{"Key": "k", "Value": "v + é"}],
    )["Role"]
    assert made["Arn"] == f"arn:aws:iam::{account}:role/r/{called}" and made["RoleId"].startswith("AROA")
    assert made["AssumeRolePolicyDocument"] == trust(account)
    read = iam.get_role(RoleName=called)["Role"]
    assert read["Description"] == "what for? <é>" and read["MaxSessionDuration"] == 7200 and read["RoleLastUsed"] == {}
    assert read["Tags"] == [{"Key": "k", "Value": "v + é"}]
    iam.update_role(RoleName=called, Description="other", MaxSessionDuration=3600)
    assert iam.get_role(RoleName=called)["Role"]["Description"] == "other"
    assert iam.update_role_description(RoleName=called, Description="third")["Role"]["Description"] == "third"
    document = trust(account)
    document["Statement"][0]["Effect"] = "Deny"
    iam.update_assume_role_policy(RoleName=called, PolicyDocument=text(document))
    assert iam.get_role(RoleName=called)["Role"]["AssumeRolePolicyDocument"] == document
    assert iam.list_instance_profiles_for_role(RoleName=called)["InstanceProfiles"] == []
    listed = [role for role in iam.list_roles(PathPrefix="/r/")["Roles"] if role["RoleName"] == called]
    assert listed[0]["Description"] == "third" and "Tags" not in listed[0]
    with refused("EntityAlreadyExists"):
        iam.create_role(RoleName=called.upper(), AssumeRolePolicyDocument=text(trust(account)))
    iam.put_role_policy(RoleName=called, PolicyName="p", PolicyDocument=text(DECRYPT))
    with refused("DeleteConflict"):
        iam.delete_role(RoleName=called)
    iam.delete_role_policy(RoleName=called, PolicyName="p")
    iam.delete_role(RoleName=called)
    for call in (iam.get_role, iam.delete_role, iam.list_role_tags, iam.list_attached_role_policies, iam.list_instance_profiles_for_role):
        with refused("NoSuchEntity"):
            call(RoleName=called)


@pytest.mark.parametrize("document", ["{}", "{", "x", '{"Version":"2012-10-17","Statement":[]}'])
def test_a_trust_policy_that_is_none_is_refused(iam, document, refused):
    with refused("MalformedPolicyDocument") as error:
        iam.create_role(RoleName=name("role"), AssumeRolePolicyDocument=document)
    assert error.status == 400


# --- Managed policies ----------------------------------------------------------------------------------------------


def test_a_policy_has_versions(iam, account, refused):
    called = name("policy")
    made = iam.create_policy(PolicyName=called, Path="/p/", PolicyDocument=text(DECRYPT), Description="a", Tags=[{"Key": "k", "Value": ""}])["Policy"]
    arn = made["Arn"]
    assert arn == f"arn:aws:iam::{account}:policy/p/{called}" and made["PolicyId"].startswith("ANPA")
    assert made["DefaultVersionId"] == "v1" and made["AttachmentCount"] == 0 and made["IsAttachable"] is True
    assert iam.get_policy(PolicyArn=arn)["Policy"]["Description"] == "a"
    for number in range(2, 6):
        version = iam.create_policy_version(PolicyArn=arn, PolicyDocument=text(allow(f"kms:{number}*")), SetAsDefault=number == 3)
        assert version["PolicyVersion"]["VersionId"] == f"v{number}" and "Document" not in version["PolicyVersion"]
    with refused("LimitExceeded"):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=text(DECRYPT))
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v3"
    assert [version["VersionId"] for version in pages(iam.list_policy_versions, "Versions", PolicyArn=arn)] == ["v5", "v4", "v3", "v2", "v1"]
    assert iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"] == DECRYPT
    with refused("DeleteConflict"):
        iam.delete_policy_version(PolicyArn=arn, VersionId="v3")
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=arn)
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v5")
    for number in range(1, 5):
        iam.delete_policy_version(PolicyArn=arn, VersionId=f"v{number}")
    for version in ("v1", "v9", "v1.a"):
        with refused("NoSuchEntity"):
            iam.get_policy_version(PolicyArn=arn, VersionId=version)
    with refused("EntityAlreadyExists"):
        iam.create_policy(PolicyName=called.upper(), PolicyDocument=text(DECRYPT))
    iam.delete_policy(PolicyArn=arn)
    with refused("NoSuchEntity"):
        iam.get_policy(PolicyArn=arn)


@pytest.mark.parametrize("document", ["{}", "{", "null", '{"Version":"2012-10-17","Statement":{"Effect":"Allow"}}', text(allow("kms:*") | {"Nonsense": 1})])
def test_a_document_that_is_no_policy_is_refused(iam, user, document, refused):
    for call in (
        lambda: iam.create_policy(PolicyName=name("policy"), PolicyDocument=document),
        lambda: iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document),
    ):
        with refused("MalformedPolicyDocument") as error:
            call()
        assert error.status == 400 and error.message


@pytest.mark.parametrize("arn", ["arn:aws:iam::aws:policies/x", "arn:aws:iam::111122223333:user/x", "a" * 20, "arn:aws:iam::1:policy/x"])
def test_an_arn_that_is_none_of_a_policy_is_refused(iam, user, arn, refused):
    for call in (
        lambda: iam.get_policy(PolicyArn=arn),
        lambda: iam.attach_user_policy(UserName=user, PolicyArn=arn),
        lambda: iam.put_user_permissions_boundary(UserName=user, PermissionsBoundary=arn),
    ):
        with refused("InvalidInput") as error:
            call()
        assert error.status == 400 and error.message == f"ARN {arn} is not valid."


def test_policies_are_listed_by_scope(iam, user, policy):
    def arns(**request):
        return {found["Arn"] for page in iam.get_paginator("list_policies").paginate(**request) for found in page["Policies"]}

    keystead = arns(Scope="AWS")
    assert "arn:aws:iam::aws:policy/KeysteadKeyUser" in keystead and policy not in keystead
    assert policy in arns(Scope="Local") and not arns(Scope="Local") & keystead and arns() == arns(Scope="Local") | keystead
    assert policy not in arns(OnlyAttached=True)
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    assert policy in arns(OnlyAttached=True) and policy in arns(PolicyUsageFilter="PermissionsPolicy")
    assert policy not in arns(PolicyUsageFilter="PermissionsBoundary")


def test_policies_that_come_with_keystead_are_the_same_for_everybody(iam, refused):
    arn = "arn:aws:iam::aws:policy/KeysteadKeyUser"
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    assert iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]["Statement"]
    for call in (
        lambda: iam.create_policy_version(PolicyArn=arn, PolicyDocument=text(DECRYPT)),
        lambda: iam.delete_policy(PolicyArn=arn),
        lambda: iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "a", "Value": "b"}]),
    ):
        with refused("UnmodifiableEntity") as error:
            call()
        assert error.status == 400


# --- Attached and inline -------------------------------------------------------------------------------------------


@pytest.fixture(params=["user", "group", "role"])
def holder(request, iam):
    """The methods of one kind of holder, with its name put in."""
    kind, called = request.param, request.getfixturevalue(request.param)

    class Holder:
        key = {f"{kind.capitalize()}Name": called}

        def __getattr__(self, method):
            return lambda **more: getattr(iam, method.replace("KIND", kind))(**self.key, **more)

    return Holder()


def test_a_policy_is_attached_and_taken_off(iam, holder, policy, refused):
    holder.attach_KIND_policy(PolicyArn=policy)
    holder.attach_KIND_policy(PolicyArn=policy)
    holder.attach_KIND_policy(PolicyArn="arn:aws:iam::aws:policy/KeysteadAuditor")
    attached = holder.list_attached_KIND_policies()["AttachedPolicies"]
    assert {found["PolicyArn"] for found in attached} == {policy, "arn:aws:iam::aws:policy/KeysteadAuditor"}
    assert all(found["PolicyArn"].endswith(f"/{found['PolicyName']}") for found in attached)
    entities = iam.list_entities_for_policy(PolicyArn=policy)
    assert [next(iter(holder.key.values()))] == [
        found[next(iter(holder.key))] for kind in ("Users", "Groups", "Roles") for found in entities[f"Policy{kind}"]
    ]
    assert iam.get_policy(PolicyArn=policy)["Policy"]["AttachmentCount"] == 1
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=policy)
    holder.detach_KIND_policy(PolicyArn=policy)
    with refused("NoSuchEntity"):
        holder.detach_KIND_policy(PolicyArn=policy)
    assert iam.get_policy(PolicyArn=policy)["Policy"]["AttachmentCount"] == 0
    iam.delete_policy(PolicyArn=policy)
    with refused("NoSuchEntity"):
        holder.attach_KIND_policy(PolicyArn=policy)


def test_no_more_than_ten_policies_are_attached(iam, holder, refused):
    made = [iam.create_policy(PolicyName=name("policy"), PolicyDocument=text(DECRYPT))["Policy"]["Arn"] for _ in range(11)]
    for arn in made[:10]:
        holder.attach_KIND_policy(PolicyArn=arn)
    with refused("LimitExceeded") as error:
        holder.attach_KIND_policy(PolicyArn=made[10])
    assert error.status == 409
    assert {found["PolicyArn"] for found in pages(holder.list_attached_KIND_policies, "AttachedPolicies")} == set(made[:10])


def test_an_inline_policy_is_put_read_replaced_and_deleted(holder, refused):
    other = allow("kms:Encrypt", resource="arn:aws:kms:*:*:key/ü%20+")
    holder.put_KIND_policy(PolicyName="Own", PolicyDocument=text(DECRYPT))
    holder.put_KIND_policy(PolicyName="own", PolicyDocument=text(DECRYPT))
    holder.put_KIND_policy(PolicyName="Own", PolicyDocument=text(other))
    read = holder.get_KIND_policy(PolicyName="Own")
    assert read["PolicyDocument"] == other and read["PolicyName"] == "Own" and holder.key.items() <= read.items()
    assert set(holder.list_KIND_policies()["PolicyNames"]) == {"Own", "own"}
    for number in range(3):
        holder.put_KIND_policy(PolicyName=f"p{number}", PolicyDocument=text(DECRYPT))
    assert set(pages(holder.list_KIND_policies, "PolicyNames")) == {"Own", "own", "p0", "p1", "p2"}
    holder.delete_KIND_policy(PolicyName="Own")
    for method in (holder.get_KIND_policy, holder.delete_KIND_policy):
        with refused("NoSuchEntity"):
            method(PolicyName="Own")
    assert holder.get_KIND_policy(PolicyName="own")["PolicyDocument"] == DECRYPT


def test_inline_policies_have_room_for_so_much_and_no_more(holder, refused):
    with refused("LimitExceeded"):
        for number in range(6):
            holder.put_KIND_policy(PolicyName=f"p{number}", PolicyDocument=text(allow("kms:" + "a" * 2000)))


def test_a_boundary_is_set_read_and_taken_away(iam, user, account, policy, refused):
    iam.put_user_permissions_boundary(UserName=user, PermissionsBoundary=policy)
    assert iam.get_user(UserName=user)["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == policy
    role = iam.create_role(RoleName=name("role"), AssumeRolePolicyDocument=text(trust(account)), PermissionsBoundary=policy)["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == policy
    assert iam.get_policy(PolicyArn=policy)["Policy"]["PermissionsBoundaryUsageCount"] == 2
    bounded = iam.list_entities_for_policy(PolicyArn=policy, PolicyUsageFilter="PermissionsBoundary")
    assert [found["UserName"] for found in bounded["PolicyUsers"]] == [user]
    assert iam.list_entities_for_policy(PolicyArn=policy, EntityFilter="User")["PolicyRoles"] == []
    with refused("ValidationError"):
        iam.list_entities_for_policy(PolicyArn=policy, EntityFilter="AWSManagedPolicy")
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=policy)
    iam.delete_user_permissions_boundary(UserName=user)
    with refused("NoSuchEntity"):
        iam.delete_user_permissions_boundary(UserName=user)
    iam.delete_role_permissions_boundary(RoleName=role["RoleName"])
    iam.put_role_permissions_boundary(RoleName=role["RoleName"], PermissionsBoundary=policy)
    iam.delete_role(RoleName=role["RoleName"])
    iam.delete_policy(PolicyArn=policy)


# --- Tags ----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["user", "role", "policy", "provider"])
def tagged(request, iam):
    """Tag, untag and list for one kind of thing, with its name put in."""
    called = request.getfixturevalue(request.param)
    method, member = {
        "user": ("user", "UserName"), "role": ("role", "RoleName"), "policy": ("policy", "PolicyArn"),
        "provider": ("open_id_connect_provider", "OpenIDConnectProviderArn"),
    }[request.param]
    return lambda verb, **more: getattr(iam, verb.format(method))(**{member: called}, **more)


def test_tags_are_added_replaced_listed_and_taken_away(tagged, refused):
    tagged("tag_{}", Tags=[{"Key": f"k{number}", "Value": "é @ x" if number else ""} for number in range(5)])
    tagged("tag_{}", Tags=[{"Key": "k1", "Value": "new"}])
    found = pages(lambda **page: tagged("list_{}_tags", **page), "Tags")
    assert [tag["Key"] for tag in found] == [f"k{number}" for number in range(5)] and found[0]["Value"] == ""
    assert found[1]["Value"] == "new"
    tagged("untag_{}", TagKeys=["k0", "k2", "not there"])
    assert [tag["Key"] for tag in tagged("list_{}_tags")["Tags"]] == ["k1", "k3", "k4"]


def test_tags_that_break_a_rule_are_refused(tagged, refused):
    for tags in (
        [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}],
        [{"Key": "aws:mine", "Value": "1"}],
    ):
        with refused("InvalidInput") as error:
            tagged("tag_{}", Tags=tags)
        assert error.status == 400
    tagged("tag_{}", Tags=[{"Key": f"k{number}", "Value": ""} for number in range(50)])
    with refused("LimitExceeded", "InvalidInput"):
        tagged("tag_{}", Tags=[{"Key": "one more", "Value": ""}])


# --- OpenID Connect providers --------------------------------------------------------------------------------------


@pytest.fixture
def provider(iam):
    return iam.create_open_id_connect_provider(Url=f"https://{name('idp')}.example.com")["OpenIDConnectProviderArn"]


def test_a_provider_is_made_read_changed_and_deleted(iam, account, refused):
    host = f"{name('idp')}.example.com/tenant"
    made = iam.create_open_id_connect_provider(
        Url=f"https://{host}", ClientIDList=["a", "b"], ThumbprintList=["0" * 40], Tags=[{"Key": "k", "Value": "v"}]
    )
    arn = made["OpenIDConnectProviderArn"]
    assert arn == f"arn:aws:iam::{account}:oidc-provider/{host}" and made["Tags"] == [{"Key": "k", "Value": "v"}]
    read = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (read["Url"], read["ClientIDList"], read["ThumbprintList"]) == (host, ["a", "b"], ["0" * 40])
    assert {"Arn": arn} in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    with refused("EntityAlreadyExists"):
        iam.create_open_id_connect_provider(Url=f"https://{host}")
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="c")
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="a")
    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["a" * 40, "b" * 40])
    read = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (read["ClientIDList"], read["ThumbprintList"]) == (["b", "c"], ["a" * 40, "b" * 40])
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    with refused("NoSuchEntity"):
        iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    with refused("InvalidInput"):
        iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn.replace("oidc-provider", "saml-provider"))


@pytest.mark.parametrize("url", ["http://example.com", "https://", "example.com", "https://example.com/?a=b", "https://example.com/#a"])
def test_a_url_that_no_provider_can_have_is_refused(iam, url, refused):
    with refused("ValidationError", "InvalidInput") as error:
        iam.create_open_id_connect_provider(Url=url)
    assert error.status == 400


# --- MFA devices ---------------------------------------------------------------------------------------------------


def test_a_device_is_made_enabled_resynced_and_deleted(iam, account, user, refused):
    called = name("phone")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=called, Tags=[{"Key": "k", "Value": "v"}])["VirtualMFADevice"]
    serial, seed = made["SerialNumber"], made["Base32StringSeed"]
    assert serial == f"arn:aws:iam::{account}:mfa/{called}" and len(seed) == 64
    with refused("EntityAlreadyExists"):
        iam.create_virtual_mfa_device(VirtualMFADeviceName=called)
    assert serial in unassigned(iam)
    now = time.time()
    device = {"UserName": user, "SerialNumber": serial}
    for first, second in (("000000", "111111"), (code(seed, now), code(seed, now))):
        with refused("InvalidAuthenticationCode") as error:
            iam.enable_mfa_device(**device, AuthenticationCode1=first, AuthenticationCode2=second)
        assert error.status == 403
    iam.enable_mfa_device(**device, AuthenticationCode1=code(seed, now - 30), AuthenticationCode2=code(seed, now))
    found = iam.list_mfa_devices(UserName=user)["MFADevices"]
    assert [(one["UserName"], one["SerialNumber"]) for one in found] == [(user, serial)] and is_recent(found[0]["EnableDate"])
    assert iam.get_mfa_device(SerialNumber=serial, UserName=user)["SerialNumber"] == serial
    assert serial not in unassigned(iam)
    assigned = iam.get_paginator("list_virtual_mfa_devices").paginate(AssignmentStatus="Assigned")
    owned = [one for page in assigned for one in page["VirtualMFADevices"] if one["SerialNumber"] == serial]
    assert owned[0]["User"]["UserName"] == user and "Base32StringSeed" not in owned[0]
    iam.resync_mfa_device(**device, AuthenticationCode1=code(seed, now + 300), AuthenticationCode2=code(seed, now + 330))
    for call in (lambda: iam.delete_virtual_mfa_device(SerialNumber=serial), lambda: iam.delete_user(UserName=user)):
        with refused("DeleteConflict"):
            call()
    iam.deactivate_mfa_device(**device)
    assert iam.list_mfa_devices(UserName=user)["MFADevices"] == []
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    for call in (
        lambda: iam.delete_virtual_mfa_device(SerialNumber=serial),
        lambda: iam.enable_mfa_device(**device, AuthenticationCode1="000000", AuthenticationCode2="111111"),
        lambda: iam.get_mfa_device(SerialNumber="GAHT12345678"),
    ):
        with refused("NoSuchEntity"):
            call()
    iam.delete_user(UserName=user)


def unassigned(iam):
    listed = iam.get_paginator("list_virtual_mfa_devices").paginate(AssignmentStatus="Unassigned")
    return {one["SerialNumber"] for page in listed for one in page["VirtualMFADevices"]}


# --- The account ---------------------------------------------------------------------------------------------------


def test_the_account_has_one_alias(iam, refused):
    first, second = name("alias"), name("alias")
    iam.create_account_alias(AccountAlias=first)
    iam.create_account_alias(AccountAlias=second)
    assert iam.list_account_aliases()["AccountAliases"] == [second]
    with refused("NoSuchEntity"):
        iam.delete_account_alias(AccountAlias=first)
    iam.delete_account_alias(AccountAlias=second)
    assert iam.list_account_aliases()["AccountAliases"] == []


def test_the_account_is_counted(iam, user):
    before = iam.get_account_summary()["SummaryMap"]
    assert before["Users"] >= 1 and before["AccessKeysPerUserQuota"] == 2 and before["UsersQuota"] == 5000
    iam.create_user(UserName=name("user"))
    assert iam.get_account_summary()["SummaryMap"]["Users"] == before["Users"] + 1


def test_everything_is_told_at_once(iam, user, group, role, policy):
    iam.add_user_to_group(GroupName=group, UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=text(DECRYPT))
    iam.put_group_policy(GroupName=group, PolicyName="own", PolicyDocument=text(DECRYPT))
    iam.attach_role_policy(RoleName=role, PolicyArn=policy)
    iam.put_user_permissions_boundary(UserName=user, PermissionsBoundary=policy)

    def everything(**request):
        found = {"UserDetailList": {}, "GroupDetailList": {}, "RoleDetailList": {}, "Policies": {}}
        for page in iam.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 7}, **request):
            for part, things in found.items():
                things |= {thing["Arn"]: thing for thing in page[part]}
        return {part: {arn.split("/")[-1]: thing for arn, thing in things.items()} for part, things in found.items()}

    found = everything()
    assert found["UserDetailList"][user]["GroupList"] == [group]
    assert found["UserDetailList"][user]["UserPolicyList"] == [{"PolicyName": "own", "PolicyDocument": DECRYPT}]
    assert found["UserDetailList"][user]["PermissionsBoundary"]["PermissionsBoundaryArn"] == policy
    assert found["GroupDetailList"][group]["GroupPolicyList"][0]["PolicyDocument"] == DECRYPT
    assert found["RoleDetailList"][role]["AttachedManagedPolicies"][0]["PolicyArn"] == policy
    versions = found["Policies"][policy.split("/")[-1]]["PolicyVersionList"]
    assert versions[0]["Document"] == DECRYPT and versions[0]["IsDefaultVersion"] is True
    only = everything(Filter=["User"])
    assert user in only["UserDetailList"] and not only["GroupDetailList"] and not only["Policies"]


def test_the_credential_report_has_a_row_for_everybody(iam, user):
    key = iam.create_access_key(UserName=user)["AccessKey"]
    assert iam.generate_credential_report()["State"] == "COMPLETE"
    report = iam.get_credential_report()
    assert report["ReportFormat"] == "text/csv" and is_recent(report["GeneratedTime"])
    rows = {row["user"]: row for row in csv.DictReader(report["Content"].decode().splitlines())}
    assert "<root_account>" in rows and rows[user]["access_key_1_active"] == "true" and rows[user]["access_key_2_active"] == "false"
    assert key["SecretAccessKey"] not in report["Content"].decode()


def test_what_there_is_nothing_of_is_told_so(iam, user, role, refused):
    assert iam.list_signing_certificates(UserName=user)["Certificates"] == []
    assert iam.list_ssh_public_keys(UserName=user)["SSHPublicKeys"] == []
    assert iam.list_service_specific_credentials(UserName=user)["ServiceSpecificCredentials"] == []
    for call in (lambda: iam.get_login_profile(UserName=user), iam.get_account_password_policy):
        with refused("NoSuchEntity") as error:
            call()
        assert error.status == 404


# --- Where the clock counts ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frozen():
    with Server(None, "--ephemeral", "--clock", "2026-01-01T00:00:00Z", "--frozen-clock") as started:
        yield started


@pytest.mark.needs_binary
def test_a_report_is_made_first_and_good_for_four_hours(frozen, refused):
    iam = checked(client(frozen.env, "iam"))
    with refused("ReportNotPresent") as error:
        iam.get_credential_report()
    assert error.status == 410
    iam.generate_credential_report()
    made = iam.get_credential_report()["GeneratedTime"]
    frozen.run("clock", "--advance", "3h")
    assert iam.get_credential_report()["GeneratedTime"] == made
    frozen.run("clock", "--advance", "2h")
    with refused("ReportExpired") as error:
        iam.get_credential_report()
    assert error.status == 410
    iam.generate_credential_report()
    assert iam.get_credential_report()["GeneratedTime"] > made


@pytest.mark.needs_binary
def test_dates_are_those_of_the_servers_clock(frozen):
    iam = checked(client(frozen.env, "iam"))
    made = iam.create_user(UserName=name("user"))["User"]["CreateDate"]
    assert (made.year, made.month, made.minute, made.second) == (2026, 1, 0, 0)
