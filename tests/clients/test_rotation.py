"""New versions of a key, by schedule and on demand."""

from datetime import datetime, timedelta, timezone

import pytest


def status(kms, key_id):
    return kms.get_key_rotation_status(KeyId=key_id)


def test_a_new_key_does_not_rotate(kms, key):
    found = status(kms, key["KeyId"])
    assert found["KeyRotationEnabled"] is False
    assert "NextRotationDate" not in found
    assert kms.list_key_rotations(KeyId=key["KeyId"])["Rotations"] == []


def test_a_schedule_is_a_year_if_nobody_says(kms, key_id):
    kms.enable_key_rotation(KeyId=key_id)
    found = status(kms, key_id)
    assert found["KeyRotationEnabled"] is True and found["RotationPeriodInDays"] == 365
    in_days = found["NextRotationDate"] - datetime.now(timezone.utc)
    assert timedelta(days=364) < in_days <= timedelta(days=366)


@pytest.mark.parametrize("days", [90, 91, 2560])
def test_a_schedule_can_be_chosen_and_changed(kms, key_id, days):
    kms.enable_key_rotation(KeyId=key_id)
    kms.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=days)
    found = status(kms, key_id)
    assert found["RotationPeriodInDays"] == days
    assert abs(found["NextRotationDate"] - datetime.now(timezone.utc) - timedelta(days=days)) < timedelta(days=1)


@pytest.mark.parametrize("days", [89, 2561, 0, -1])
def test_a_schedule_has_limits(loose, kms, key_id, refused, days):
    with refused("ValidationException"):
        loose.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=days)
    assert status(kms, key_id)["KeyRotationEnabled"] is False


def test_a_schedule_can_be_stopped_and_stopping_may_be_repeated(kms, key_id):
    kms.enable_key_rotation(KeyId=key_id)
    for _ in range(2):
        kms.disable_key_rotation(KeyId=key_id)
        assert status(kms, key_id)["KeyRotationEnabled"] is False


def test_a_rotation_keeps_old_ciphertexts_open_and_seals_with_new_bytes(kms, key):
    key_id = key["KeyId"]
    blobs = [kms.encrypt(KeyId=key_id, Plaintext=b"0")["CiphertextBlob"]]
    for number in range(1, 4):
        assert kms.rotate_key_on_demand(KeyId=key_id)["KeyId"] in (key_id, key["Arn"])
        blobs.append(kms.encrypt(KeyId=key_id, Plaintext=str(number).encode())["CiphertextBlob"])
    opened = [kms.decrypt(CiphertextBlob=blob) for blob in blobs]
    assert [found["Plaintext"] for found in opened] == [b"0", b"1", b"2", b"3"]
    assert len({found["KeyMaterialId"] for found in opened}) == 4
    rotations = kms.list_key_rotations(KeyId=key_id)["Rotations"]
    assert [item["RotationType"] for item in rotations] == ["ON_DEMAND"] * 3
    assert all(abs(datetime.now(timezone.utc) - item["RotationDate"]) < timedelta(minutes=1) for item in rotations)
    assert all(item["KeyId"] in (key_id, key["Arn"]) for item in rotations)
    every = kms.list_key_rotations(KeyId=key_id, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
    assert len(every) == 4
    states = {item["KeyMaterialId"]: item["KeyMaterialState"] for item in every}
    assert states[opened[-1]["KeyMaterialId"]] == "CURRENT"
    assert sorted(states.values()) == ["CURRENT"] + ["NON_CURRENT"] * 3
    described = kms.describe_key(KeyId=key_id)["KeyMetadata"]
    assert described.get("CurrentKeyMaterialId") == opened[-1]["KeyMaterialId"]


def test_rotations_are_listed_in_pages(kms, key_id):
    for _ in range(5):
        kms.rotate_key_on_demand(KeyId=key_id)
    seen, marker = [], {}
    while True:
        page = kms.list_key_rotations(KeyId=key_id, Limit=2, **marker)
        assert len(page["Rotations"]) <= 2
        seen += [item["KeyMaterialId"] for item in page["Rotations"]]
        if not page["Truncated"]:
            break
        marker = {"Marker": page["NextMarker"]}
    assert len(seen) == len(set(seen)) == 5


def test_a_key_is_rotated_on_demand_25_times_at_most(kms, key_id, refused):
    for _ in range(25):
        kms.rotate_key_on_demand(KeyId=key_id)
    with refused("LimitExceededException"):
        kms.rotate_key_on_demand(KeyId=key_id)


def test_a_rotation_on_demand_leaves_the_schedule_alone(kms, key_id):
    kms.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=100)
    before = status(kms, key_id)["NextRotationDate"]
    kms.rotate_key_on_demand(KeyId=key_id)
    found = status(kms, key_id)
    assert found["KeyRotationEnabled"] is True and found["NextRotationDate"] == before


def test_a_disabled_key_keeps_its_schedule(kms, key_id):
    kms.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=200)
    kms.disable_key(KeyId=key_id)
    assert status(kms, key_id)["KeyRotationEnabled"] is True
    kms.enable_key(KeyId=key_id)
    assert status(kms, key_id)["RotationPeriodInDays"] == 200
