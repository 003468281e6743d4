"""The headers of an answer: what clients log, and what keeps caches from holding secrets."""

import re
from email.utils import parsedate_to_datetime

import pytest

UUID_4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def assert_headers(headers, kind="application/x-amz-json-1.1"):
    assert headers["content-type"].startswith(kind), headers
    assert UUID_4.fullmatch(headers["x-amzn-requestid"]), headers
    assert headers["cache-control"] == "no-cache, no-store, must-revalidate, private", headers
    assert headers["pragma"] == "no-cache", headers
    assert headers["expires"] == "0", headers
    assert parsedate_to_datetime(headers["date"]), headers
    assert int(headers["content-length"]) >= 0, headers


def test_an_answer_has_the_headers_of_the_service(kms):
    answer = kms.generate_random(NumberOfBytes=8)["ResponseMetadata"]
    assert answer["HTTPStatusCode"] == 200
    assert_headers(answer["HTTPHeaders"])
    assert answer["RequestId"] == answer["HTTPHeaders"]["x-amzn-requestid"]


def test_an_error_has_them_too(kms):
    with pytest.raises(kms.exceptions.NotFoundException) as caught:
        kms.describe_key(KeyId="1234abcd-12ab-44cd-96ef-1234567890ab")
    assert_headers(caught.value.response["ResponseMetadata"]["HTTPHeaders"])


def test_sts_answers_with_them_in_xml(sts):
    assert_headers(sts.get_caller_identity()["ResponseMetadata"]["HTTPHeaders"], kind="text/xml")


def test_every_request_has_an_id_of_its_own_and_the_log_knows_it(server, kms):
    first, second = (kms.generate_random(NumberOfBytes=1)["ResponseMetadata"]["RequestId"] for _ in range(2))
    assert first != second
    found = server.run("audit", "search", "--request", first, "--json").stdout
    assert first.encode() in found and second.encode() not in found


def test_the_scope_of_the_signature_names_the_location(wire):
    there = wire.call("CreateKey", {}, region="eu-north-1")
    assert ":kms:eu-north-1:" in there.json["KeyMetadata"]["Arn"]
    key = there.json["KeyMetadata"]["KeyId"]
    assert wire.call("DescribeKey", {"KeyId": key}, region="eu-north-1").status == 200
    elsewhere = wire.call("DescribeKey", {"KeyId": key}, region="us-west-2")
    assert elsewhere.type == "NotFoundException"


def test_what_is_not_spelled_like_a_location_is_refused(wire):
    refused = wire.call("ListKeys", {}, region="EU North")
    assert refused.type == "InvalidSignatureException"
    assert "valid region" in refused.message and "EU North" in refused.message
