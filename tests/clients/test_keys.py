"""Keys: making, naming, describing, listing, states and deletion."""

import json
import uuid
from datetime import datetime, timedelta, timezone

import pytest

NOBODY = "00000000-0000-4000-8000-000000000000"


def everything(pages):
    return [item for page in pages for item in page]


def test_a_new_key_is_what_aws_would_have_made(kms, account):
    made = kms.create_key()["KeyMetadata"]
    assert uuid.UUID(made["KeyId"]).version == 4
    assert made["Arn"] == f"arn:aws:kms:{kms.meta.region_name}:{account}:key/{made['KeyId']}"
    assert made["AWSAccountId"] == account
    assert abs(datetime.now(timezone.utc) - made["CreationDate"]) < timedelta(minutes=1)
    expected = {
        "Enabled": True, "Description": "", "KeyUsage": "ENCRYPT_DECRYPT", "KeyState": "Enabled", "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER", "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "MultiRegion": False,
    }
    assert {name: made.get(name) for name in expected} == expected
    assert "DeletionDate" not in made


def test_a_key_takes_what_it_is_given(kms):
    made = kms.create_key(
        Description="d", KeyUsage="ENCRYPT_DECRYPT", KeySpec="SYMMETRIC_DEFAULT", Origin="AWS_KMS",
        Tags=[{"TagKey": "team", "TagValue": "a"}, {"TagKey": "empty", "TagValue": ""}],
    )["KeyMetadata"]
    assert made["Description"] == "d"
    tags = kms.list_resource_tags(KeyId=made["KeyId"])["Tags"]
    assert sorted((tag["TagKey"], tag["TagValue"]) for tag in tags) == [("empty", ""), ("team", "a")]


def test_the_old_name_of_the_spec_is_understood(kms, loose, refused):
    assert kms.create_key(CustomerMasterKeySpec="SYMMETRIC_DEFAULT")["KeyMetadata"]["KeySpec"] == "SYMMETRIC_DEFAULT"
    with refused("ValidationException"):
        loose.create_key(CustomerMasterKeySpec="SYMMETRIC_DEFAULT", KeySpec="SYMMETRIC_DEFAULT")


def test_a_usage_that_does_not_fit_the_spec_is_refused(loose, refused):
    with refused("ValidationException"):
        loose.create_key(KeySpec="SYMMETRIC_DEFAULT", KeyUsage="SIGN_VERIFY")


@pytest.mark.parametrize("length, ok", [(0, True), (8192, True), (8193, False)])
def test_a_description_has_a_limit(kms, loose, key_id, refused, length, ok):
    text = "d" * length
    if ok:
        kms.update_key_description(KeyId=key_id, Description=text)
        assert kms.describe_key(KeyId=key_id)["KeyMetadata"]["Description"] == text
        assert kms.create_key(Description=text)["KeyMetadata"]["Description"] == text
        return
    with refused("ValidationException"):
        loose.update_key_description(KeyId=key_id, Description=text)
    with refused("ValidationException"):
        loose.create_key(Description=text)


def test_a_description_may_be_in_any_language(kms, key_id):
    text = "Schlüssel für Kunden — 顧客鍵 🔑 \"\\\n\t"
    kms.update_key_description(KeyId=key_id, Description=text)
    assert kms.describe_key(KeyId=key_id)["KeyMetadata"]["Description"] == text


def test_a_key_answers_to_all_its_names(kms, key, alias):
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    alias_arn = key["Arn"].replace(f"key/{key['KeyId']}", alias)
    for name in (key["KeyId"], key["Arn"], alias, alias_arn):
        assert kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] == key["Arn"], name
        assert kms.encrypt(KeyId=name, Plaintext=b"x")["KeyId"] == key["Arn"], name
        assert kms.generate_data_key(KeyId=name, KeySpec="AES_256")["KeyId"] == key["Arn"], name


def test_describe_key_takes_grant_tokens(kms, key_id):
    kms.describe_key(KeyId=key_id, GrantTokens=[])


def test_names_of_no_key_are_not_found(kms, key, refused):
    arn = key["Arn"].replace(key["KeyId"], NOBODY)
    with refused("NotFoundException") as error:
        kms.describe_key(KeyId=NOBODY)
    assert error.message == f"Key '{arn}' does not exist"
    with refused("NotFoundException") as error:
        kms.describe_key(KeyId=arn)
    assert error.message == f"Key '{arn}' does not exist"
    with refused("NotFoundException") as error:
        kms.describe_key(KeyId="alias/no-such-alias")
    assert error.message == f"Alias {arn.split(':key/')[0]}:alias/no-such-alias is not found."
    with refused("NotFoundException"):
        kms.describe_key(KeyId="no-such-key")


@pytest.mark.parametrize("broken", ["arn:aws:kms", "arn:aws:s3:::bucket", "arn:aws:kms:us-east-1:1:key/x"])
def test_a_broken_arn_is_named_so(kms, refused, broken):
    with refused("InvalidArnException", "NotFoundException"):
        kms.describe_key(KeyId=broken)


def test_an_arn_of_another_region_or_account_is_refused(kms, key, refused):
    region = kms.meta.region_name
    other = "eu-west-3" if region != "eu-west-3" else "eu-west-2"
    with refused("NotFoundException", "InvalidArnException", "AccessDeniedException"):
        kms.describe_key(KeyId=key["Arn"].replace(f":{region}:", f":{other}:"))
    with refused("AccessDeniedException", "NotFoundException"):
        kms.describe_key(KeyId=key["Arn"].replace(f":{key['AWSAccountId']}:", ":999999999999:"))


BY_ID_ONLY = [
    ("enable_key", {}),
    ("disable_key", {}),
    ("schedule_key_deletion", {}),
    ("cancel_key_deletion", {}),
    ("update_key_description", {"Description": "x"}),
    ("get_key_policy", {}),
    ("put_key_policy", {"Policy": "{}"}),
    ("list_key_policies", {}),
    ("enable_key_rotation", {}),
    ("disable_key_rotation", {}),
    ("get_key_rotation_status", {}),
    ("rotate_key_on_demand", {}),
    ("list_key_rotations", {}),
    ("tag_resource", {"Tags": [{"TagKey": "a", "TagValue": "b"}]}),
    ("untag_resource", {"TagKeys": ["a"]}),
    ("list_resource_tags", {}),
]


@pytest.mark.parametrize("call, more", BY_ID_ONLY, ids=[call for call, _ in BY_ID_ONLY])
def test_what_manages_a_key_takes_its_id_or_arn_and_no_alias(kms, key, alias, refused, call, more):
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    for name in (alias, key["Arn"].replace(f"key/{key['KeyId']}", alias)):
        with refused("NotFoundException", "InvalidArnException", "ValidationException"):
            getattr(kms, call)(KeyId=name, **more)
    with refused("NotFoundException"):
        getattr(kms, call)(KeyId=NOBODY, **more)


def test_listing_keys_pages_through_all_of_them_once(kms):
    made = {kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(7)}
    seen, marker = [], {}
    for _ in range(100_000):
        page = kms.list_keys(Limit=3, **marker)
        assert len(page["Keys"]) <= 3
        seen += page["Keys"]
        if not page["Truncated"]:
            assert "NextMarker" not in page
            break
        marker = {"Marker": page["NextMarker"]}
    ids = [item["KeyId"] for item in seen]
    assert len(ids) == len(set(ids)) and made <= set(ids)
    assert all(item["KeyArn"].endswith(f":key/{item['KeyId']}") for item in seen)
    paginated = [item["KeyId"] for page in kms.get_paginator("list_keys").paginate() for item in page["Keys"]]
    assert made <= set(paginated)


@pytest.mark.parametrize("limit, ok", [(0, False), (1, True), (1000, True), (1001, False), (-1, False)])
def test_listing_keys_has_limits(loose, refused, limit, ok):
    if ok:
        assert len(loose.list_keys(Limit=limit)["Keys"]) <= limit
        return
    with refused("ValidationException") as error:
        loose.list_keys(Limit=limit)
    assert error.message.startswith(f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: ")


LISTINGS = ["list_keys", "list_aliases", "list_resource_tags", "list_key_policies", "list_key_rotations"]


@pytest.mark.parametrize("call", LISTINGS)
def test_a_marker_nobody_gave_out_is_refused(kms, key_id, refused, call):
    more = {} if call in ("list_keys", "list_aliases") else {"KeyId": key_id}
    for marker in ("made-up", "AAAA", "é", "0" * 1024):
        with refused("InvalidMarkerException"):
            getattr(kms, call)(Marker=marker, **more)


def test_disabling_and_enabling_is_at_once_and_may_be_repeated(kms, key_id, refused):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    for _ in range(2):
        kms.disable_key(KeyId=key_id)
        found = kms.describe_key(KeyId=key_id)["KeyMetadata"]
        assert (found["KeyState"], found["Enabled"]) == ("Disabled", False)
        with refused("DisabledException") as error:
            kms.decrypt(CiphertextBlob=blob)
        assert error.message == f"{found['Arn']} is disabled."
    for _ in range(2):
        kms.enable_key(KeyId=key_id)
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


@pytest.mark.parametrize("days, ok", [(6, False), (7, True), (30, True), (31, False), (0, False), (365, False)])
def test_the_waiting_period_is_7_to_30_days(loose, kms, key, refused, days, ok):
    if not ok:
        with refused("ValidationException"):
            loose.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=days)
        assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
        return
    answer = kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=days)
    assert (answer["KeyId"], answer["KeyState"], answer["PendingWindowInDays"]) == (key["Arn"], "PendingDeletion", days)
    in_days = answer["DeletionDate"] - datetime.now(timezone.utc)
    assert timedelta(days=days) - timedelta(minutes=5) < in_days <= timedelta(days=days + 1)
    found = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (found["KeyState"], found["Enabled"]) == ("PendingDeletion", False)
    assert found["DeletionDate"] == answer["DeletionDate"]


def test_the_waiting_period_is_30_days_if_nobody_says(kms, key_id):
    answer = kms.schedule_key_deletion(KeyId=key_id)
    assert answer["PendingWindowInDays"] == 30
    assert answer["DeletionDate"] - datetime.now(timezone.utc) > timedelta(days=29, hours=23)


def test_a_deletion_that_is_taken_back_leaves_the_key_disabled(kms, key, refused):
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    assert kms.cancel_key_deletion(KeyId=key["KeyId"])["KeyId"] == key["Arn"]
    found = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert found["KeyState"] == "Disabled" and "DeletionDate" not in found
    with refused("DisabledException"):
        kms.decrypt(CiphertextBlob=blob)
    kms.enable_key(KeyId=key["KeyId"])
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


@pytest.mark.parametrize("state", ["enabled", "disabled"])
def test_there_is_nothing_to_take_back_without_a_deletion(kms, key_id, refused, state):
    if state == "disabled":
        kms.disable_key(KeyId=key_id)
    with refused("KMSInvalidStateException"):
        kms.cancel_key_deletion(KeyId=key_id)


def crypto(kms, key_id):
    """The operations that use a key, ready to call."""
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    theirs = kms.encrypt(KeyId=other, Plaintext=b"x")["CiphertextBlob"]
    return {
        "Encrypt": lambda: kms.encrypt(KeyId=key_id, Plaintext=b"x"),
        "GenerateDataKey": lambda: kms.generate_data_key(KeyId=key_id, KeySpec="AES_256"),
        "GenerateDataKeyWithoutPlaintext": lambda: kms.generate_data_key_without_plaintext(KeyId=key_id, KeySpec="AES_256"),
        "ReEncrypt to": lambda: kms.re_encrypt(CiphertextBlob=theirs, DestinationKeyId=key_id),
    }


def test_a_disabled_key_refuses_every_use(kms, key_id, refused):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    uses = crypto(kms, key_id)
    uses["Decrypt"] = lambda: kms.decrypt(CiphertextBlob=blob)
    uses["ReEncrypt from"] = lambda: kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=other)
    uses["EnableKeyRotation"] = lambda: kms.enable_key_rotation(KeyId=key_id)
    uses["DisableKeyRotation"] = lambda: kms.disable_key_rotation(KeyId=key_id)
    uses["RotateKeyOnDemand"] = lambda: kms.rotate_key_on_demand(KeyId=key_id)
    kms.disable_key(KeyId=key_id)
    for name, use in uses.items():
        with refused("DisabledException") as error:
            use()
        assert error.message.endswith(" is disabled."), name


def test_a_disabled_key_can_still_be_managed(kms, disabled, alias):
    kms.update_key_description(KeyId=disabled, Description="x")
    kms.tag_resource(KeyId=disabled, Tags=[{"TagKey": "a", "TagValue": "b"}])
    kms.untag_resource(KeyId=disabled, TagKeys=["a"])
    kms.create_alias(AliasName=alias, TargetKeyId=disabled)
    kms.delete_alias(AliasName=alias)
    kms.put_key_policy(KeyId=disabled, Policy=kms.get_key_policy(KeyId=disabled)["Policy"])
    kms.get_key_rotation_status(KeyId=disabled)
    kms.list_key_rotations(KeyId=disabled)
    kms.schedule_key_deletion(KeyId=disabled, PendingWindowInDays=7)


def test_a_key_that_waits_for_deletion_refuses_use_and_change(kms, key_id, refused, alias):
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=f"{alias}-other", TargetKeyId=other)
    uses = crypto(kms, key_id) | {
        "Decrypt": lambda: kms.decrypt(CiphertextBlob=blob),
        "ReEncrypt from": lambda: kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=other),
        "EnableKey": lambda: kms.enable_key(KeyId=key_id),
        "DisableKey": lambda: kms.disable_key(KeyId=key_id),
        "ScheduleKeyDeletion": lambda: kms.schedule_key_deletion(KeyId=key_id),
        "UpdateKeyDescription": lambda: kms.update_key_description(KeyId=key_id, Description="x"),
        "TagResource": lambda: kms.tag_resource(KeyId=key_id, Tags=[{"TagKey": "a", "TagValue": "b"}]),
        "UntagResource": lambda: kms.untag_resource(KeyId=key_id, TagKeys=["a"]),
        "CreateAlias": lambda: kms.create_alias(AliasName=alias, TargetKeyId=key_id),
        "UpdateAlias": lambda: kms.update_alias(AliasName=f"{alias}-other", TargetKeyId=key_id),
        "EnableKeyRotation": lambda: kms.enable_key_rotation(KeyId=key_id),
        "DisableKeyRotation": lambda: kms.disable_key_rotation(KeyId=key_id),
        "RotateKeyOnDemand": lambda: kms.rotate_key_on_demand(KeyId=key_id),
    }
    kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
    for name, use in uses.items():
        with refused("KMSInvalidStateException") as error:
            use()
        assert error.message.endswith(" is pending deletion."), (name, error.message)


def test_a_key_that_waits_for_deletion_can_be_read(kms, doomed):
    kms.describe_key(KeyId=doomed)
    assert kms.get_key_rotation_status(KeyId=doomed)["KeyRotationEnabled"] is False
    json.loads(kms.get_key_policy(KeyId=doomed)["Policy"])
    kms.put_key_policy(KeyId=doomed, Policy=kms.get_key_policy(KeyId=doomed)["Policy"])
    assert kms.list_key_policies(KeyId=doomed)["PolicyNames"] == ["default"]
    kms.list_resource_tags(KeyId=doomed)
    kms.list_key_rotations(KeyId=doomed)
    assert any(item["KeyId"] == doomed for page in kms.get_paginator("list_keys").paginate() for item in page["Keys"])


def test_caller_identity_is_the_account_root(sts, account):
    answer = sts.get_caller_identity()
    assert len(account) == 12 and account.isdigit()
    assert answer["Arn"] == f"arn:aws:iam::{account}:root"
    assert answer["UserId"] == account


def test_every_answer_has_a_request_id(kms, key_id):
    ids = {kms.describe_key(KeyId=key_id)["ResponseMetadata"]["RequestId"] for _ in range(5)}
    assert len(ids) == 5 and all(uuid.UUID(found) for found in ids)
