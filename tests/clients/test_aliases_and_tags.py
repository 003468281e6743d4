"""Second names and labels."""

import uuid
from datetime import datetime, timedelta, timezone

import pytest


def names(kms, **more):
    pages = kms.get_paginator("list_aliases").paginate(**more)
    return {item["AliasName"]: item for page in pages for item in page["Aliases"]}


def test_an_alias_is_listed_with_all_it_has(kms, key, alias):
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    found = names(kms)[alias]
    assert found["AliasArn"] == key["Arn"].replace(f"key/{key['KeyId']}", alias)
    assert found["TargetKeyId"] == key["KeyId"]
    for when in ("CreationDate", "LastUpdatedDate"):
        assert abs(datetime.now(timezone.utc) - found[when]) < timedelta(minutes=1)
    assert set(names(kms, KeyId=key["KeyId"])) == set(names(kms, KeyId=key["Arn"])) == {alias}


def test_an_alias_may_point_by_arn(kms, key, alias):
    kms.create_alias(AliasName=alias, TargetKeyId=key["Arn"])
    assert kms.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"] == key["KeyId"]


def test_an_alias_points_to_a_key_and_not_to_an_alias(kms, key_id, alias, refused):
    kms.create_alias(AliasName=alias, TargetKeyId=key_id)
    with refused("ValidationException", "NotFoundException", "InvalidArnException"):
        kms.create_alias(AliasName=f"{alias}-2", TargetKeyId=alias)


def test_a_name_can_be_given_once(kms, key, alias, refused):
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    with refused("AlreadyExistsException") as error:
        kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    assert alias in error.message


def test_an_alias_can_be_pointed_to_another_key(kms, key_id, alias):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=alias, TargetKeyId=key_id)
    blob = kms.encrypt(KeyId=alias, Plaintext=b"before")["CiphertextBlob"]
    kms.update_alias(AliasName=alias, TargetKeyId=other)
    assert names(kms)[alias]["TargetKeyId"] == other
    assert kms.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"] == other
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"before"
    assert alias not in names(kms, KeyId=key_id)


def test_an_alias_can_be_taken_away_and_given_again(kms, key_id, alias, refused):
    kms.create_alias(AliasName=alias, TargetKeyId=key_id)
    kms.delete_alias(AliasName=alias)
    assert alias not in names(kms)
    with refused("NotFoundException"):
        kms.describe_key(KeyId=alias)
    kms.create_alias(AliasName=alias, TargetKeyId=key_id)


def test_an_alias_that_is_not_there_cannot_be_changed_or_taken_away(kms, key_id, alias, refused):
    with refused("NotFoundException"):
        kms.update_alias(AliasName=alias, TargetKeyId=key_id)
    with refused("NotFoundException"):
        kms.delete_alias(AliasName=alias)


def test_an_alias_needs_a_key_that_is_there(kms, alias, refused):
    with refused("NotFoundException"):
        kms.create_alias(AliasName=alias, TargetKeyId=str(uuid.uuid4()))


@pytest.mark.parametrize("name", ["alias/aws/s3", "alias/aws/" + "x" * 20])
def test_names_of_services_are_reserved(kms, key_id, refused, name):
    with refused("NotAuthorizedException", "InvalidAliasNameException", "ValidationException", "AccessDeniedException"):
        kms.create_alias(AliasName=name, TargetKeyId=key_id)


@pytest.mark.parametrize("name", ["x", "alias", "alias/", "Alias/x", "key/x", "alias/a b", "alias/ä", "alias/a.b", "alias/" + "x" * 251, ""])
def test_a_name_has_its_form(loose, key_id, refused, name):
    with refused("ValidationException", "InvalidAliasNameException"):
        loose.create_alias(AliasName=name, TargetKeyId=key_id)


@pytest.mark.parametrize("name", ["alias/{}", "alias/a/b:c_d-E{}"])
def test_odd_but_good_names_are_taken(kms, key_id, name):
    name = name.format(uuid.uuid4().hex)
    kms.create_alias(AliasName=name, TargetKeyId=key_id)
    assert kms.describe_key(KeyId=name)["KeyMetadata"]["KeyId"] == key_id


def test_the_longest_name_is_taken(kms, key_id):
    name = f"alias/{uuid.uuid4().hex}".ljust(256, "x")
    kms.create_alias(AliasName=name, TargetKeyId=key_id)
    kms.delete_alias(AliasName=name)


def test_a_key_has_at_most_50_aliases(kms, key_id, alias, refused):
    for number in range(50):
        kms.create_alias(AliasName=f"{alias}-{number}", TargetKeyId=key_id)
    with refused("LimitExceededException"):
        kms.create_alias(AliasName=f"{alias}-50", TargetKeyId=key_id)
    seen, marker = [], {}
    while True:
        page = kms.list_aliases(KeyId=key_id, Limit=7, **marker)
        assert len(page["Aliases"]) <= 7
        seen += [item["AliasName"] for item in page["Aliases"]]
        if not page["Truncated"]:
            break
        marker = {"Marker": page["NextMarker"]}
    assert len(seen) == len(set(seen)) == 50
    assert len(kms.list_aliases(KeyId=key_id)["Aliases"]) == 50
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=f"{alias}-other", TargetKeyId=other)
    with refused("LimitExceededException"):
        kms.update_alias(AliasName=f"{alias}-other", TargetKeyId=key_id)


def test_aliases_of_a_key_that_is_not_there_are_not_found(kms, refused):
    with refused("NotFoundException"):
        kms.list_aliases(KeyId=str(uuid.uuid4()))


def tags(kms, key_id):
    return {item["TagKey"]: item["TagValue"] for item in kms.list_resource_tags(KeyId=key_id)["Tags"]}


def as_tags(pairs):
    return [{"TagKey": name, "TagValue": value} for name, value in pairs.items()]


def test_tags_are_added_replaced_and_taken_away(kms, key_id):
    kms.tag_resource(KeyId=key_id, Tags=as_tags({"a": "1", "b": "2"}))
    kms.tag_resource(KeyId=key_id, Tags=as_tags({"b": "3", "c": ""}))
    assert tags(kms, key_id) == {"a": "1", "b": "3", "c": ""}
    kms.untag_resource(KeyId=key_id, TagKeys=["a", "never-there"])
    assert tags(kms, key_id) == {"b": "3", "c": ""}


def test_tags_may_be_long_and_in_any_language(kms, key_id):
    given = {"k" * 128: "v" * 256, "schlüssel_.:/=+-@ 1": "wert ä", "鍵": "値"}
    kms.tag_resource(KeyId=key_id, Tags=as_tags(given))
    assert tags(kms, key_id) == given


@pytest.mark.parametrize("name, value", [("", "v"), ("k" * 129, "v"), ("k", "v" * 257)])
def test_tags_have_limits(loose, key_id, refused, name, value):
    with refused("ValidationException"):
        loose.tag_resource(KeyId=key_id, Tags=as_tags({name: value}))


@pytest.mark.parametrize("name", ["aws:x", "AWS:x", "a<b", "a\nb"])
def test_reserved_and_odd_tags_are_refused(kms, key_id, refused, name):
    with refused("TagException", "ValidationException"):
        kms.tag_resource(KeyId=key_id, Tags=as_tags({name: "v"}))
    assert tags(kms, key_id) == {}


def test_a_tag_given_twice_in_one_request_is_refused(kms, key_id, refused):
    twice = [{"TagKey": "a", "TagValue": "1"}, {"TagKey": "a", "TagValue": "2"}]
    with refused("TagException"):
        kms.tag_resource(KeyId=key_id, Tags=twice)
    with refused("TagException"):
        kms.create_key(Tags=twice)


def test_a_key_has_at_most_50_tags(kms, key_id, refused):
    kms.tag_resource(KeyId=key_id, Tags=as_tags({f"t{number:02}": "v" for number in range(50)}))
    with refused("LimitExceededException", "TagException"):
        kms.tag_resource(KeyId=key_id, Tags=as_tags({"one-more": "v"}))
    kms.tag_resource(KeyId=key_id, Tags=as_tags({"t00": "other"}))
    seen, marker = [], {}
    while True:
        page = kms.list_resource_tags(KeyId=key_id, Limit=20, **marker)
        assert len(page["Tags"]) <= 20
        seen += [item["TagKey"] for item in page["Tags"]]
        if not page["Truncated"]:
            break
        marker = {"Marker": page["NextMarker"]}
    assert seen and len(seen) == len(set(seen)) == 50
    assert len(kms.list_resource_tags(KeyId=key_id)["Tags"]) == 50


def test_tags_in_any_language_can_be_paged_through(kms, key_id):
    given = {"鍵" * 40 + str(number): "v" for number in range(5)} | {"plain": "v"}
    kms.tag_resource(KeyId=key_id, Tags=as_tags(given))
    pages = kms.get_paginator("list_resource_tags").paginate(KeyId=key_id, PaginationConfig={"PageSize": 1})
    assert {tag["TagKey"] for page in pages for tag in page["Tags"]} == set(given)


def test_a_marker_of_one_listing_does_not_open_another(kms, key_id, refused):
    kms.tag_resource(KeyId=key_id, Tags=as_tags({"a": "1", "b": "2", "c": "3"}))
    marker = kms.list_resource_tags(KeyId=key_id, Limit=1)["NextMarker"]
    for call, more in (("list_keys", {}), ("list_key_policies", {"KeyId": key_id})):
        with refused("InvalidMarkerException"):
            getattr(kms, call)(Marker=marker, **more)
