"""What is laid down in IAM decides about keys, from the next request on."""

import pytest
from harness.directory import allow, name, text

USE = ("kms:Encrypt", "kms:Decrypt")


@pytest.fixture
def person(iam, as_user):
    """A user with an access key: its name, and KMS as it sees it."""
    called = iam.create_user(UserName=name("user"))["User"]["UserName"]
    return called, as_user(iam.create_access_key(UserName=called)["AccessKey"], "kms")


@pytest.fixture
def policy(iam, key):
    document = text(allow(*USE, resource=key["Arn"]))
    return iam.create_policy(PolicyName=name("policy"), PolicyDocument=document)["Policy"]["Arn"]


@pytest.fixture
def sealed(kms, key_id):
    return kms.encrypt(KeyId=key_id, Plaintext=b"hello")["CiphertextBlob"]


def test_an_attached_policy_allows_until_it_is_detached(iam, person, policy, sealed, refused):
    user, own = person
    with refused("AccessDeniedException") as error:
        own.decrypt(CiphertextBlob=sealed)
    assert f":user/{user} is not authorized to perform: kms:Decrypt" in error.message
    for _ in range(3):
        iam.attach_user_policy(UserName=user, PolicyArn=policy)
        assert own.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"hello"
        iam.detach_user_policy(UserName=user, PolicyArn=policy)
        with refused("AccessDeniedException"):
            own.decrypt(CiphertextBlob=sealed)


def test_a_policy_of_a_group_counts_for_its_members(iam, person, policy, sealed, refused):
    user, own = person
    group = iam.create_group(GroupName=name("group"))["Group"]["GroupName"]
    iam.attach_group_policy(GroupName=group, PolicyArn=policy)
    with refused("AccessDeniedException"):
        own.decrypt(CiphertextBlob=sealed)
    iam.add_user_to_group(GroupName=group, UserName=user)
    assert own.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"hello"
    iam.put_group_policy(GroupName=group, PolicyName="no", PolicyDocument=text(allow("kms:Decrypt", effect="Deny")))
    with refused("AccessDeniedException") as error:
        own.decrypt(CiphertextBlob=sealed)
    assert error.message.endswith("with an explicit deny in an identity-based policy")
    iam.delete_group_policy(GroupName=group, PolicyName="no")
    assert own.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"hello"
    iam.remove_user_from_group(GroupName=group, UserName=user)
    with refused("AccessDeniedException"):
        own.decrypt(CiphertextBlob=sealed)


def test_the_version_in_force_decides(iam, person, policy, sealed, key, refused):
    user, own = person
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    assert own.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"hello"
    narrower = text(allow("kms:Encrypt", resource=key["Arn"]))
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=narrower)
    assert own.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"hello"
    iam.set_default_policy_version(PolicyArn=policy, VersionId="v2")
    with refused("AccessDeniedException"):
        own.decrypt(CiphertextBlob=sealed)
    own.encrypt(KeyId=key["KeyId"], Plaintext=b"x")


def test_a_boundary_narrows(iam, person, policy, sealed, key, refused):
    user, own = person
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    bound = iam.create_policy(PolicyName=name("bound"), PolicyDocument=text(allow("kms:Encrypt")))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName=user, PermissionsBoundary=bound)
    own.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    with refused("AccessDeniedException") as error:
        own.decrypt(CiphertextBlob=sealed)
    assert error.message.endswith("because no permissions boundary allows the kms:Decrypt action")
    iam.delete_user_permissions_boundary(UserName=user)
    assert own.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"hello"


def test_identity_policies_do_not_reach_a_key_that_does_not_delegate(iam, kms, account, person, key, sealed, policy, refused):
    user, own = person
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    root = f"arn:aws:iam::{account}:root"
    by_name = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*", "Condition": {"ArnEquals": {"aws:PrincipalArn": root}}}
        ],
    }
    kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=text(by_name), BypassPolicyLockoutSafetyCheck=True)
    with refused("AccessDeniedException"):
        own.decrypt(CiphertextBlob=sealed)


def test_a_user_without_a_policy_may_do_nothing_in_iam(iam, as_user, refused):
    user = iam.create_user(UserName=name("user"))["User"]["UserName"]
    own = as_user(iam.create_access_key(UserName=user)["AccessKey"], "iam")
    for call in (
        lambda: own.create_user(UserName=name("user")),
        lambda: own.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=text(allow("*"))),
        lambda: own.attach_user_policy(UserName=user, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
        own.list_users,
        own.get_account_authorization_details,
        own.generate_credential_report,
    ):
        with refused("AccessDenied") as error:
            call()
        assert error.status == 403


def test_a_deleted_user_is_nobody(iam, as_user, refused):
    user = iam.create_user(UserName=name("user"))["User"]["UserName"]
    key = iam.create_access_key(UserName=user)["AccessKey"]
    own = as_user(key, "sts")
    own.get_caller_identity()
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=user)
    with refused("InvalidClientTokenId") as error:
        own.get_caller_identity()
    assert error.status == 403
