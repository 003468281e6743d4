"""Key policies: reading, replacing, the lockout check, and that they decide."""

import json

import pytest

CONTEXT = {"tenant": "7", "stage": "test"}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def owner(account):
    return {"Sid": "Owner", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}


def deny(action="kms:Decrypt", **more):
    return {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"} | more


def test_a_new_key_obeys_its_account(kms, key_id, account):
    found = kms.get_key_policy(KeyId=key_id)
    assert found.get("PolicyName", "default") == "default"
    document = json.loads(found["Policy"])
    assert document["Version"] == "2012-10-17"
    (statement,) = document["Statement"]
    assert statement["Effect"] == "Allow" and statement["Action"] == "kms:*" and statement["Resource"] == "*"
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{account}:root"}


def test_the_only_policy_is_named_default(kms, loose, key_id, refused, owner):
    answer = kms.list_key_policies(KeyId=key_id)
    assert answer["PolicyNames"] == ["default"] and answer["Truncated"] is False
    assert kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]
    with refused("NotFoundException", "ValidationException"):
        kms.get_key_policy(KeyId=key_id, PolicyName="other")
    with refused("NotFoundException", "ValidationException"):
        kms.put_key_policy(KeyId=key_id, PolicyName="other", Policy=policy(owner))


def test_a_policy_is_given_back_as_it_was_put(kms, key_id, owner):
    text = policy(owner, deny("kms:Encrypt", Sid="é"))
    kms.put_key_policy(KeyId=key_id, Policy=text, PolicyName="default")
    assert json.loads(kms.get_key_policy(KeyId=key_id)["Policy"]) == json.loads(text)


def test_a_key_can_be_made_with_its_policy(kms, owner, refused):
    made = kms.create_key(Policy=policy(owner, deny("kms:GenerateDataKey")))["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=made, Plaintext=b"x")
    with refused("AccessDeniedException"):
        kms.generate_data_key(KeyId=made, KeySpec="AES_256")


BROKEN = {
    "no JSON": "{",
    "no object": "[]",
    "a string": '"x"',
    "empty": "{}",
    "no statement": json.dumps({"Version": "2012-10-17"}),
    "an unknown version": json.dumps({"Version": "2011-01-01", "Statement": []}),
    "no principal": policy({"Effect": "Allow", "Action": "kms:*", "Resource": "*"}),
    "no action": policy({"Effect": "Allow", "Principal": "*", "Resource": "*"}),
    "no effect": policy({"Principal": "*", "Action": "kms:*", "Resource": "*"}),
    "an unknown effect": policy({"Effect": "Maybe", "Principal": "*", "Action": "kms:*", "Resource": "*"}),
    "an unknown operator": policy({"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringAlmost": {"aws:x": "y"}}}),
    "an unknown condition key": policy({"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:no-such-key": "x"}}}),
    "an unknown member": policy({"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Color": "red"}),
    "deep": "[" * 10_000,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_policy_that_cannot_be_understood_is_refused(kms, key_id, refused, text):
    before = kms.get_key_policy(KeyId=key_id)["Policy"]
    with refused("MalformedPolicyDocumentException"):
        kms.put_key_policy(KeyId=key_id, Policy=text, BypassPolicyLockoutSafetyCheck=True)
    with refused("MalformedPolicyDocumentException"):
        kms.create_key(Policy=text, BypassPolicyLockoutSafetyCheck=True)
    assert kms.get_key_policy(KeyId=key_id)["Policy"] == before


def test_a_policy_that_would_lock_its_owner_out_is_refused(kms, key_id, owner, refused):
    without = owner | {"Action": ["kms:Encrypt", "kms:GetKeyPolicy"]}
    denied = policy(owner, deny("kms:PutKeyPolicy"))
    for text in (policy(without), denied):
        with refused("MalformedPolicyDocumentException") as error:
            kms.put_key_policy(KeyId=key_id, Policy=text)
        assert "will not allow you to update the key policy in the future" in error.message
        with refused("MalformedPolicyDocumentException"):
            kms.create_key(Policy=text)
    kms.put_key_policy(KeyId=key_id, Policy=policy(without), BypassPolicyLockoutSafetyCheck=True)
    kms.encrypt(KeyId=key_id, Plaintext=b"x")
    with refused("AccessDeniedException"):
        kms.put_key_policy(KeyId=key_id, Policy=policy(owner))
    with refused("AccessDeniedException"):
        kms.describe_key(KeyId=key_id)


def test_what_no_statement_allows_is_denied_and_the_message_says_so(kms, key, owner, account, refused):
    narrow = owner | {"Action": ["kms:PutKeyPolicy", "kms:Enc*", "kms:?escribeKey"]}
    kms.put_key_policy(KeyId=key["KeyId"], Policy=policy(narrow))
    kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    kms.describe_key(KeyId=key["KeyId"])
    with refused("AccessDeniedException") as error:
        kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256")
    who = f"User: arn:aws:iam::{account}:root is not authorized to perform: kms:GenerateDataKey on resource: {key['Arn']}"
    assert error.message.startswith(who)


def test_an_explicit_deny_wins(kms, key_id, owner, refused):
    kms.put_key_policy(KeyId=key_id, Policy=policy(owner, deny("kms:Encrypt")))
    with refused("AccessDeniedException") as error:
        kms.encrypt(KeyId=key_id, Plaintext=b"x")
    assert "with an explicit deny in a resource-based policy" in error.message


def test_actions_may_be_excluded(kms, key_id, owner, refused):
    statement = {"Effect": "Deny", "Principal": "*", "NotAction": ["kms:PutKeyPolicy", "kms:Encrypt"], "Resource": "*"}
    kms.put_key_policy(KeyId=key_id, Policy=policy(owner, statement))
    kms.encrypt(KeyId=key_id, Plaintext=b"x")
    with refused("AccessDeniedException"):
        kms.describe_key(KeyId=key_id)


def test_a_change_of_policy_holds_from_the_next_request(kms, key_id, owner, refused):
    for _ in range(20):
        kms.put_key_policy(KeyId=key_id, Policy=policy(owner, deny("kms:Encrypt")))
        with refused("AccessDeniedException"):
            kms.encrypt(KeyId=key_id, Plaintext=b"x")
        kms.put_key_policy(KeyId=key_id, Policy=policy(owner))
        kms.encrypt(KeyId=key_id, Plaintext=b"x")


def test_another_account_named_in_a_policy_is_not_this_one(kms, owner, refused):
    stranger = owner | {"Principal": {"AWS": "arn:aws:iam::999999999999:root"}, "Action": "kms:Encrypt"}
    manager = owner | {"Action": ["kms:PutKeyPolicy"]}
    made = kms.create_key(Policy=policy(manager, stranger))["KeyMetadata"]["KeyId"]
    with refused("AccessDeniedException"):
        kms.encrypt(KeyId=made, Plaintext=b"x")


#: condition, whether it is met by the call below over the test's own connection
CONDITIONS = [
    ({"StringEquals": {"kms:EncryptionContext:tenant": "7"}}, True),
    ({"StringEquals": {"kms:EncryptionContext:tenant": ["8", "7"]}}, True),
    ({"StringEquals": {"kms:EncryptionContext:tenant": "8"}}, False),
    ({"StringEquals": {"kms:EncryptionContext:nothing": "7"}}, False),
    ({"StringNotEquals": {"kms:EncryptionContext:tenant": "7"}}, False),
    ({"StringNotEquals": {"kms:EncryptionContext:tenant": "8"}}, True),
    ({"StringNotEquals": {"kms:EncryptionContext:nothing": "8"}}, True),
    ({"StringEqualsIgnoreCase": {"kms:EncryptionContext:stage": "TEST"}}, True),
    ({"StringEquals": {"kms:EncryptionContext:stage": "TEST"}}, False),
    ({"StringLike": {"kms:EncryptionContext:stage": "t*"}}, True),
    ({"StringLike": {"kms:EncryptionContext:stage": "t?st"}}, True),
    ({"StringLike": {"kms:EncryptionContext:stage": "x*"}}, False),
    ({"StringNotLike": {"kms:EncryptionContext:stage": "x*"}}, True),
    ({"StringEqualsIfExists": {"kms:EncryptionContext:nothing": "7"}}, True),
    ({"Null": {"kms:EncryptionContext:nothing": "true"}}, True),
    ({"Null": {"kms:EncryptionContext:tenant": "true"}}, False),
    ({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["tenant", "stage"]}}, True),
    ({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["tenant"]}}, False),
    ({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": ["tenant"]}}, True),
    ({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": ["other"]}}, False),
    ({"StringEquals": {"kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}}, True),
    ({"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT"}}, True),
    ({"StringEquals": {"kms:KeyUsage": "ENCRYPT_DECRYPT"}}, True),
    ({"StringEquals": {"kms:KeyOrigin": "AWS_KMS"}}, True),
    ({"StringEquals": {"kms:CallerAccount": "ACCOUNT"}}, True),
    ({"StringEquals": {"kms:CallerAccount": "999999999999"}}, False),
    ({"StringEquals": {"aws:PrincipalAccount": "ACCOUNT"}}, True),
    ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:root"}}, True),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}, True),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}, False),
    ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
    ({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "127.0.0.1"]}}, True),
    ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
    ({"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, False),
    ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
    ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
    ({"NumericGreaterThan": {"aws:EpochTime": "1577836800"}}, True),
    ({"StringEquals": {"aws:ResourceTag/class": "a"}}, True),
    ({"StringEquals": {"aws:ResourceTag/class": "b"}}, False),
    ({"StringEquals": {"kms:EncryptionContext:tenant": "7"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
    ({"StringEquals": {"kms:EncryptionContext:tenant": "7", "kms:EncryptionContext:stage": "test"}}, True),
]


@pytest.mark.parametrize("condition, met", CONDITIONS, ids=[json.dumps(condition)[:70] for condition, _ in CONDITIONS])
def test_conditions_decide(kms, account, owner, refused, condition, met):
    condition = json.loads(json.dumps(condition).replace("ACCOUNT", account))
    manager = owner | {"Action": ["kms:PutKeyPolicy", "kms:TagResource"]}
    granted = owner | {"Action": "kms:Encrypt", "Condition": condition}
    made = kms.create_key(Policy=policy(manager, granted), Tags=[{"TagKey": "class", "TagValue": "a"}])["KeyMetadata"]["KeyId"]
    call = lambda: kms.encrypt(KeyId=made, Plaintext=b"x", EncryptionContext=CONTEXT)  # noqa: E731
    if met:
        call()
    else:
        with refused("AccessDeniedException"):
            call()
    denied = deny("kms:Encrypt", Condition=condition)
    kms.put_key_policy(KeyId=made, Policy=policy(owner, denied))
    if met:
        with refused("AccessDeniedException"):
            call()
    else:
        call()


def test_plain_and_secure_transport_are_told_apart(kms, server, owner, refused):
    secure = server.env["AWS_ENDPOINT_URL"].startswith("https://")
    condition = {"Bool": {"aws:SecureTransport": str(not secure).lower()}}
    made = kms.create_key(Policy=policy(owner, deny("kms:Encrypt", Condition=condition)))["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=made, Plaintext=b"x")
    condition = {"Bool": {"aws:SecureTransport": str(secure).lower()}}
    kms.put_key_policy(KeyId=made, Policy=policy(owner, deny("kms:Encrypt", Condition=condition)))
    with refused("AccessDeniedException"):
        kms.encrypt(KeyId=made, Plaintext=b"x")


def test_both_halves_of_a_re_encryption_are_asked(kms, owner, refused):
    from_denied = kms.create_key(Policy=policy(owner, deny("kms:ReEncryptFrom")))["KeyMetadata"]["KeyId"]
    to_denied = kms.create_key(Policy=policy(owner, deny("kms:ReEncryptTo")))["KeyMetadata"]["KeyId"]
    free = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = {key: kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"] for key in (from_denied, to_denied, free)}
    for source, target in ((from_denied, free), (free, to_denied)):
        with refused("AccessDeniedException"):
            kms.re_encrypt(CiphertextBlob=blob[source], DestinationKeyId=target)
    kms.re_encrypt(CiphertextBlob=blob[to_denied], DestinationKeyId=from_denied)


def test_an_alias_is_asked_of_its_key_too(kms, owner, alias, refused):
    made = kms.create_key(Policy=policy(owner, deny(["kms:CreateAlias", "kms:DeleteAlias"])))["KeyMetadata"]["KeyId"]
    with refused("AccessDeniedException"):
        kms.create_alias(AliasName=alias, TargetKeyId=made)
    kms.put_key_policy(KeyId=made, Policy=policy(owner, deny("kms:DeleteAlias")))
    kms.create_alias(AliasName=alias, TargetKeyId=made)
    with refused("AccessDeniedException"):
        kms.delete_alias(AliasName=alias)


def test_conditions_may_look_at_the_alias_a_caller_used(kms, owner, alias, refused):
    manager = owner | {"NotAction": "kms:Encrypt"}
    del manager["Action"]
    granted = owner | {"Action": "kms:Encrypt", "Condition": {"StringEquals": {"kms:RequestAlias": alias}}}
    made = kms.create_key(Policy=policy(manager, granted))["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=alias, TargetKeyId=made)
    kms.encrypt(KeyId=alias, Plaintext=b"x")
    with refused("AccessDeniedException"):
        kms.encrypt(KeyId=made, Plaintext=b"x")
