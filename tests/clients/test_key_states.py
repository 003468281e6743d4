"""The table of key states, all of it: keys are brought into every state and every operation on a key is called.

`docs/protocols/key-states.md` is what is expected; the server's own table is compared with the same page.
"""

import re
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from harness.model import MODEL
from harness.workshop import CHANGING, IMPORTED, KIND, MULTI_REGION

PAGE = Path(__file__).parents[2] / "docs/protocols/key-states.md"
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text().splitlines() if line.startswith("| ")]
STATES, TABLE = ROWS[0][1:], {row[0]: row[1:] for row in ROWS[1:]}

#: States that keys pass through within one request here, so that nobody can see them.
UNSEEN = {"Creating", "Updating"}
#: Operations that act on no key that exists.
WITHOUT_STATE = set("""
    CreateKey ListKeys GenerateRandom ListRetirableGrants ReEncrypt
    CreateCustomKeyStore ConnectCustomKeyStore DisconnectCustomKeyStore DeleteCustomKeyStore DescribeCustomKeyStores UpdateCustomKeyStore
""".split())
WORDS = {
    "PendingDeletion": "is pending deletion", "PendingReplicaDeletion": "is pending replica deletion",
    "PendingImport": "is pending import", "Unavailable": "is unavailable", "Enabled": "is enabled", "Disabled": "is disabled",
}
#: What a use of an unavailable key says in the place of its state: what to do about it.
NOT_CONNECTED = (
    "This KMS key is in a custom key store that is not connected to its external key store proxy. "
    "Connect the external key store and try the request again."
)


def impossible(operation, state):
    """Why no key that the operation is for can be in a state; nothing if one can."""
    if state == "Unavailable" and (operation in KIND or operation in IMPORTED or operation in MULTI_REGION):
        return "only symmetric keys of one Region, without imported material, are in custom key stores"
    if state == "PendingImport" and KIND.get(operation) == "kem":
        return "nothing is imported into ML-KEM keys"
    if operation == "UpdatePrimaryRegion" and state == "PendingDeletion":
        return "a primary key with replicas waits for those first, in a state of its own"
    return None


def cases():
    for operation, answers in TABLE.items():
        for state, expected in zip(STATES, answers):
            if state not in UNSEEN and not impossible(operation, state):
                yield operation, state, expected


CASES = list(cases())


@pytest.mark.parametrize("operation, state, expected", CASES, ids=[f"{case[0]} on {case[1]}: {case[2]}" for case in CASES])
def test_a_state_answers_as_the_table_says(workshop, operation, state, expected):
    key = workshop.made_for(operation, state)
    arn = workshop.kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    body = workshop.request_on(operation, key)
    workshop.bring(key, state)
    try:
        workshop.call(operation, body)
        code, message = "yes", ""
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400, message
    said = f"{code}: {message}"
    if expected == "yes":
        assert code == "yes", said
    elif expected == "disabled":
        assert said == f"DisabledException: {arn} is disabled."
    elif expected == "state":
        if state == "Unavailable" and message == NOT_CONNECTED and operation != "CancelKeyDeletion":
            return
        words = "is not pending deletion" if operation == "CancelKeyDeletion" else WORDS[state]
        assert said == f"KMSInvalidStateException: {arn} {words}."
    else:
        assert expected == "origin"
        assert code == "UnsupportedOperationException", said
    if expected != "yes" or operation not in CHANGING | {"ImportKeyMaterial"}:
        assert workshop.kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == state


def test_the_table_has_every_operation_on_a_key_and_every_state():
    rows = {re.sub(r"(From|To)$", "", name) if name.startswith("ReEncrypt") else name for name in TABLE}
    assert rows | WITHOUT_STATE == set(MODEL.operation_names)
    assert set(STATES) == set(MODEL.shape_for("KeyState").metadata["enum"])


def test_what_the_table_says_of_keys_in_passing_states_cannot_be_seen(workshop):
    """Right after ReplicateKey and UpdatePrimaryRegion have answered, every key involved is in its lasting state."""
    key = workshop.fresh(multi=True)
    workshop.replica(key)
    for client in (workshop.kms, workshop.abroad):
        assert client.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    workshop.kms.update_primary_region(KeyId=key, PrimaryRegion=workshop.abroad.meta.region_name)
    for client in (workshop.kms, workshop.abroad):
        assert client.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"


def test_an_alias_may_leave_a_key_that_waits_for_its_deletion(workshop):
    doomed, other = workshop.fresh(), workshop.key("aes")
    alias = workshop.alias(doomed)
    workshop.bring(doomed, "PendingDeletion")
    workshop.kms.update_alias(AliasName=alias, TargetKeyId=other)
    assert workshop.kms.describe_key(KeyId=alias)["KeyMetadata"]["KeyId"] == other
