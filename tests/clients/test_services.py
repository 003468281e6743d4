"""Keys that services are given, over the wire: the same access key before and after the operator registers it."""

import pytest
from botocore.exceptions import ClientError
from conftest import client
from test_serve import Production

pytestmark = pytest.mark.needs_binary
KEY = "alias/aws/s3"


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]["Code"]


def test_a_registered_service_uses_its_key_and_nobody_changes_it(tmp_path):
    production = Production(tmp_path)
    production.init()
    production.start()
    try:
        kms = client(production.env)
        assert refusal(kms.generate_data_key, KeyId=KEY, KeySpec="AES_256") == "NotFoundException"
        assert KEY not in [alias["AliasName"] for alias in kms.list_aliases()["Aliases"]]
        made = kms.describe_key(KeyId=KEY)["KeyMetadata"]
        assert (made["KeyManager"], made["KeyState"], made["Origin"]) == ("AWS", "Enabled", "AWS_KMS")
        assert kms.describe_key(KeyId=KEY)["KeyMetadata"]["KeyId"] == made["KeyId"]
        listed = {alias["AliasName"]: alias["TargetKeyId"] for alias in kms.list_aliases()["Aliases"]}
        assert listed[KEY] == made["KeyId"]
        assert made["KeyId"] in [key["KeyId"] for key in kms.list_keys()["Keys"]]
        status = kms.get_key_rotation_status(KeyId=made["KeyId"])
        assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 365)
        assert "kms:ViaService" in kms.get_key_policy(KeyId=made["KeyId"])["Policy"]
        for call, arguments in [
            (kms.generate_data_key, {"KeySpec": "AES_256"}), (kms.schedule_key_deletion, {}), (kms.disable_key, {}),
            (kms.put_key_policy, {"Policy": "{}"}), (kms.disable_key_rotation, {}),
        ]:
            assert refusal(call, KeyId=made["KeyId"], **arguments) == "AccessDeniedException"
        assert production.stop() == 0

        with open(production.config, "a") as config:
            config.write(f'[services]\ncallers = ["s3={production.env["AWS_ACCESS_KEY_ID"]}"]\n')
        production.start()
        kms = client(production.env)
        data = kms.generate_data_key(KeyId=KEY, KeySpec="AES_256")
        assert data["KeyId"] == made["Arn"]
        assert kms.decrypt(CiphertextBlob=data["CiphertextBlob"])["Plaintext"] == data["Plaintext"]
        assert refusal(kms.schedule_key_deletion, KeyId=made["KeyId"]) == "AccessDeniedException"
        assert refusal(kms.generate_data_key, KeyId="alias/aws/rds", KeySpec="AES_256") == "NotFoundException"
    finally:
        production.stop()
