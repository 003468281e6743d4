"""Multi-Region keys: one key in several Regions of one server."""

import pytest
from conftest import client

HOME, WEST, EAST = "us-east-1", "eu-west-1", "ap-southeast-2"


@pytest.fixture(scope="module")
def at(server, kms):
    """A client of each Region; the first is the one the other tests use."""
    found = {HOME: kms} | {name: client(server.env, region_name=name) for name in (WEST, EAST)}
    assert kms.meta.region_name == HOME
    return found


@pytest.fixture
def primary(kms):
    return kms.create_key(MultiRegion=True)["KeyMetadata"]


def told(kms, key):
    return kms.describe_key(KeyId=key)["KeyMetadata"]


def related(metadata):
    found = metadata["MultiRegionConfiguration"]
    return found["MultiRegionKeyType"], found["PrimaryKey"]["Region"], [key["Region"] for key in found["ReplicaKeys"]]


def test_a_primary_says_that_it_is_one(primary):
    assert primary["KeyId"].startswith("mrk-") and primary["MultiRegion"] is True
    assert related(primary) == ("PRIMARY", HOME, [])


def test_a_replica_has_the_same_id_and_material_and_a_policy_of_its_own(at, primary):
    key = primary["KeyId"]
    tags = [{"TagKey": "team", "TagValue": "blue"}]
    made = at[HOME].replicate_key(KeyId=key, ReplicaRegion=WEST, Description="west", Tags=tags)
    replica = made["ReplicaKeyMetadata"]
    assert replica["Arn"] == primary["Arn"].replace(HOME, WEST)
    assert replica["CurrentKeyMaterialId"] == primary["CurrentKeyMaterialId"]
    assert (replica["Description"], made["ReplicaTags"]) == ("west", tags)
    assert made["ReplicaPolicy"] == at[WEST].get_key_policy(KeyId=key)["Policy"]
    assert related(replica) == ("REPLICA", HOME, [WEST])
    assert related(told(at[HOME], key)) == ("PRIMARY", HOME, [WEST])
    for one, other in ((HOME, WEST), (WEST, HOME)):
        sealed = at[one].encrypt(KeyId=key, Plaintext=b"data", EncryptionContext={"a": "b"})["CiphertextBlob"]
        opened = at[other].decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"})
        assert opened["Plaintext"] == b"data" and opened["KeyId"].split(":")[3] == other


def test_what_is_each_key_s_own_stays_so(at, primary):
    key = primary["KeyId"]
    at[HOME].replicate_key(KeyId=key, ReplicaRegion=WEST)
    at[WEST].create_alias(AliasName=f"alias/{key}", TargetKeyId=key)
    at[WEST].disable_key(KeyId=key)
    assert told(at[HOME], key)["KeyState"] == "Enabled"
    assert not at[HOME].list_aliases(KeyId=key)["Aliases"]
    assert not at[HOME].list_resource_tags(KeyId=key)["Tags"]


def test_a_key_of_one_region_is_not_found_in_another(at, key_id, refused):
    with refused("NotFoundException"):
        at[WEST].describe_key(KeyId=key_id)


@pytest.mark.parametrize("spec, usage", [("HMAC_256", "GENERATE_VERIFY_MAC"), ("ECC_NIST_P256", "SIGN_VERIFY")])
def test_every_kind_of_key_can_be_replicated(at, spec, usage):
    key = at[HOME].create_key(MultiRegion=True, KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
    at[HOME].replicate_key(KeyId=key, ReplicaRegion=EAST)
    if usage == "GENERATE_VERIFY_MAC":
        mac = at[HOME].generate_mac(KeyId=key, Message=b"m", MacAlgorithm="HMAC_SHA_256")["Mac"]
        assert at[EAST].verify_mac(KeyId=key, Message=b"m", Mac=mac, MacAlgorithm="HMAC_SHA_256")["MacValid"]
    else:
        asked = dict(KeyId=key, Message=b"m", SigningAlgorithm="ECDSA_SHA_256")
        assert at[EAST].verify(Signature=at[HOME].sign(**asked)["Signature"], **asked)["SignatureValid"]


def test_replication_has_rules(at, primary, key_id, refused):
    key = primary["KeyId"]
    at[HOME].replicate_key(KeyId=key, ReplicaRegion=WEST)
    for taken in (HOME, WEST):
        with refused("AlreadyExistsException"):
            at[HOME].replicate_key(KeyId=key, ReplicaRegion=taken)
    with refused("UnsupportedOperationException"):
        at[WEST].replicate_key(KeyId=key, ReplicaRegion=EAST)
    with refused("UnsupportedOperationException"):
        at[HOME].replicate_key(KeyId=key_id, ReplicaRegion=EAST)
    with refused("MalformedPolicyDocumentException"):
        at[HOME].replicate_key(KeyId=key, ReplicaRegion=EAST, Policy="{}")
    at[HOME].disable_key(KeyId=key)
    with refused("DisabledException"):
        at[HOME].replicate_key(KeyId=key, ReplicaRegion=EAST)


def test_rotation_is_the_primary_s_and_reaches_all(at, primary, refused):
    key = primary["KeyId"]
    at[HOME].replicate_key(KeyId=key, ReplicaRegion=WEST)
    old = at[WEST].encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    for call in (at[WEST].rotate_key_on_demand, at[WEST].enable_key_rotation, at[WEST].disable_key_rotation):
        with refused("UnsupportedOperationException"):
            call(KeyId=key)
    at[HOME].rotate_key_on_demand(KeyId=key)
    at[HOME].enable_key_rotation(KeyId=key, RotationPeriodInDays=120)
    assert at[WEST].get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 120
    assert at[WEST].list_key_rotations(KeyId=key)["Rotations"][0]["RotationType"] == "ON_DEMAND"
    assert told(at[WEST], key)["CurrentKeyMaterialId"] == told(at[HOME], key)["CurrentKeyMaterialId"]
    assert at[HOME].decrypt(CiphertextBlob=old)["Plaintext"] == b"old"


def test_the_primary_can_move(at, primary, refused):
    key = primary["KeyId"]
    for place in (WEST, EAST):
        at[HOME].replicate_key(KeyId=key, ReplicaRegion=place)
    with refused("UnsupportedOperationException"):
        at[WEST].update_primary_region(KeyId=key, PrimaryRegion=EAST)
    at[HOME].update_primary_region(KeyId=key, PrimaryRegion=WEST)
    assert related(told(at[EAST], key)) == ("REPLICA", WEST, [EAST, HOME])
    assert related(told(at[WEST], key))[0] == "PRIMARY"
    at[WEST].rotate_key_on_demand(KeyId=key)
    with refused("NotFoundException"):
        at[WEST].update_primary_region(KeyId=key, PrimaryRegion="eu-north-1")


def test_a_primary_waits_for_its_replicas_to_go(at, primary):
    key = primary["KeyId"]
    at[HOME].replicate_key(KeyId=key, ReplicaRegion=WEST)
    answer = at[HOME].schedule_key_deletion(KeyId=key, PendingWindowInDays=9)
    assert answer["KeyState"] == "PendingReplicaDeletion" and "DeletionDate" not in answer
    found = told(at[HOME], key)
    assert (found["KeyState"], found["PendingDeletionWindowInDays"]) == ("PendingReplicaDeletion", 9)
    assert told(at[WEST], key)["KeyState"] == "Enabled"
    at[HOME].cancel_key_deletion(KeyId=key)
    assert told(at[HOME], key)["KeyState"] == "Disabled"
