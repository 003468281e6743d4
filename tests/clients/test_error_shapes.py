"""Every error of the service model is provoked once, and comes with AWS's status, name and form."""

import re
from pathlib import Path

import pytest
from conftest import client
from harness.model import MODEL, REGION, encoded
from harness.server import Server
from harness.wire import Wire
from harness.workshop import MESSAGE, Workshop, material
from harness.xks import SILENT

CHECKOUT = Path(__file__).parents[2]
NOBODY = "00000000-0000-4000-8000-000000000000"
#: Whatever is not 400.
STATUS = {"DryRunOperationException": 412}
#: What is said; a pattern for the whole message. None: AWS says nothing there, and so do we.
MESSAGES = {
    "AlreadyExistsException": r"An alias with the name arn:aws:kms:\S+ already exists",
    "DisabledException": r"arn:aws:kms:\S+ is disabled\.",
    "InvalidCiphertextException": None,
    "InvalidMarkerException": "Could not deserialize marker",
    "KMSInvalidMacException": None,
    "KMSInvalidSignatureException": None,
    "KMSInvalidStateException": r"arn:aws:kms:\S+ is pending deletion\.",
    "NotFoundException": rf"Key 'arn:aws:kms:\S+:key/{NOBODY}' does not exist",
}


def provoked(shape, later=False):
    """The function below answers an operation and a body that are refused with this shape.

    What takes time, it asks for with `later=True`, and moves the clock of a server of its own with `workshop.wait`.
    """

    def register(function):
        PROVOKED[shape] = (later, function)
        return function

    return register


PROVOKED = {}


@pytest.fixture(scope="module")
def waiting(request):
    """A workshop where time passes at a word."""
    if request.config.getoption("--endpoint-env"):
        pytest.skip("another server is tested")
    with Server(None, "--ephemeral", "--frozen-clock") as server:
        clients = (client(server.env | {"AWS_REGION": region}, parameter_validation=False) for region in (server.env["AWS_REGION"], REGION))
        workshop = Workshop(*clients, None)
        workshop.wait = lambda time: server.run("clock", "--advance", time)
        workshop.wire = Wire(server.env)
        yield workshop


@pytest.fixture
def refusal(request, wire, workshop):
    """What a shape's request is answered with, and the operation it was."""

    def provoke(shape):
        later, function = PROVOKED[shape]
        here = request.getfixturevalue("waiting") if later else workshop
        operation, body = function(here)
        return operation, (here.wire if later else wire).call(operation, encoded(body))

    return provoke


@provoked("AlreadyExistsException")
def _(workshop):
    key = workshop.key("aes")
    return "CreateAlias", {"AliasName": workshop.alias(key), "TargetKeyId": key}


@provoked("ConflictException", later=True)
def _(workshop):
    key = workshop.fresh()
    workshop.kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    workshop.wait("90d")
    return "RotateKeyOnDemand", {"KeyId": key}


@provoked("DisabledException")
def _(workshop):
    key = workshop.fresh()
    workshop.bring(key, "Disabled")
    return "Encrypt", {"KeyId": key, "Plaintext": b"x"}


@provoked("DryRunOperationException")
def _(workshop):
    return "Encrypt", {"KeyId": workshop.key("aes"), "Plaintext": b"x", "DryRun": True}


@provoked("ExpiredImportTokenException", later=True)
def _(workshop):
    body = workshop.import_request(workshop.fresh(imported=True))
    workshop.wait("25h")
    return "ImportKeyMaterial", body


@provoked("IncorrectKeyException")
def _(workshop):
    return "Decrypt", {"KeyId": workshop.fresh(), "CiphertextBlob": workshop.sealed(workshop.key("aes"))}


@provoked("IncorrectKeyMaterialException")
def _(workshop):
    key = workshop.fresh(imported=True)
    body = workshop.import_request(key)
    workshop.kms.delete_imported_key_material(KeyId=key)
    other = dict(workshop.material)
    workshop.material[key] = material("aes")
    body = workshop.import_request(key)
    workshop.material[key] = other[key]
    return "ImportKeyMaterial", body


@provoked("InvalidAliasNameException")
def _(workshop):
    return "CreateAlias", {"AliasName": "alias/", "TargetKeyId": workshop.key("aes")}


@provoked("InvalidArnException")
def _(workshop):
    return "DescribeKey", {"KeyId": "arn:aws:kms:nowhere"}


@provoked("InvalidCiphertextException")
def _(workshop):
    return "Decrypt", {"CiphertextBlob": b"no ciphertext of ours"}


@provoked("InvalidGrantIdException")
def _(workshop):
    return "RevokeGrant", {"KeyId": workshop.key("aes"), "GrantId": "not a grant id"}


@provoked("InvalidGrantTokenException")
def _(workshop):
    return "Encrypt", {"KeyId": workshop.key("aes"), "Plaintext": b"x", "GrantTokens": ["not a grant token"]}


@provoked("InvalidImportTokenException")
def _(workshop):
    key = workshop.fresh(imported=True)
    return "ImportKeyMaterial", workshop.import_request(key) | {"ImportToken": b"not a token"}


@provoked("InvalidKeyUsageException")
def _(workshop):
    return "Encrypt", {"KeyId": workshop.key("mac"), "Plaintext": b"x"}


@provoked("InvalidMarkerException")
def _(workshop):
    return "ListKeys", {"Marker": "not a marker"}


@provoked("KMSInvalidMacException")
def _(workshop):
    body = workshop.request("VerifyMac")
    return "VerifyMac", body | {"Message": MESSAGE + b"!"}


@provoked("KMSInvalidSignatureException")
def _(workshop):
    body = workshop.request("Verify")
    return "Verify", body | {"Message": MESSAGE + b"!"}


@provoked("KMSInvalidStateException")
def _(workshop):
    key = workshop.fresh()
    workshop.bring(key, "PendingDeletion")
    return "Encrypt", {"KeyId": key, "Plaintext": b"x"}


@provoked("LimitExceededException")
def _(workshop):
    key = workshop.fresh()
    for _ in range(50):
        workshop.alias(key)
    return "CreateAlias", {"AliasName": workshop.alias(), "TargetKeyId": key}


@provoked("MalformedPolicyDocumentException")
def _(workshop):
    return "CreateKey", {"Policy": '{"Version": "2012-10-17", "Statement": ['}


@provoked("NotFoundException")
def _(workshop):
    return "DescribeKey", {"KeyId": NOBODY}


@provoked("TagException")
def _(workshop):
    twice = {"TagKey": "k", "TagValue": "v"}
    return "TagResource", {"KeyId": workshop.key("aes"), "Tags": [twice, twice]}


@provoked("UnsupportedOperationException")
def _(workshop):
    return "CreateKey", {"KeySpec": "SM2", "KeyUsage": "SIGN_VERIFY"}


# --- Custom key stores -----------------------------------------------------------------------------------------------


@provoked("CloudHsmClusterInUseException")
def _(workshop):
    workshop.stores.tidy()
    workshop.kms.create_custom_key_store(**workshop.stores.hardware_request("cluster-" + "b" * 11))
    return "CreateCustomKeyStore", workshop.stores.hardware_request("cluster-" + "b" * 11)


@provoked("CloudHsmClusterNotActiveException")
def _(workshop):
    workshop.stores.tidy()
    made = workshop.kms.create_custom_key_store(**workshop.stores.hardware_request())
    return "ConnectCustomKeyStore", {"CustomKeyStoreId": made["CustomKeyStoreId"]}


@provoked("CustomKeyStoreHasCMKsException")
def _(workshop):
    store = workshop.stores.store()
    workshop.stores.disconnect(workshop.stores.key())
    return "DeleteCustomKeyStore", {"CustomKeyStoreId": store}


@provoked("CustomKeyStoreInvalidStateException")
def _(workshop):
    return "DeleteCustomKeyStore", {"CustomKeyStoreId": workshop.stores.connected()}


@provoked("CustomKeyStoreNameInUseException")
def _(workshop):
    body = workshop.stores.create_request()
    workshop.kms.create_custom_key_store(**body)
    return "CreateCustomKeyStore", body


@provoked("CustomKeyStoreNotFoundException")
def _(workshop):
    return "ConnectCustomKeyStore", {"CustomKeyStoreId": "cks-0000000000000000"}


@provoked("IncorrectTrustAnchorException")
def _(workshop):
    return "CreateCustomKeyStore", workshop.stores.hardware_request("cluster-" + "c" * 11, TrustAnchorCertificate="no certificate")


@provoked("XksKeyAlreadyInUseException")
def _(workshop):
    body = workshop.stores.key_request()
    workshop.kms.create_key(**body)
    return "CreateKey", body


@provoked("XksKeyInvalidConfigurationException")
def _(workshop):
    return "CreateKey", workshop.stores.key_request(XksKeyId=workshop.stores.proxy.new_key("an-rsa-key", keySpec="RSA_2048"))


@provoked("XksKeyNotFoundException")
def _(workshop):
    return "CreateKey", workshop.stores.key_request(XksKeyId="no-key")


@provoked("XksProxyIncorrectAuthenticationCredentialException")
def _(workshop):
    return "CreateCustomKeyStore", workshop.stores.create_request("AuthenticationFailedException")


@provoked("XksProxyInvalidConfigurationException")
def _(workshop):
    return "CreateCustomKeyStore", workshop.stores.create_request("InvalidUriPathException")


@provoked("XksProxyInvalidResponseException")
def _(workshop):
    return "CreateCustomKeyStore", workshop.stores.create_request("bad-JSON")


@provoked("XksProxyUriInUseException")
def _(workshop):
    body = workshop.stores.create_request()
    workshop.kms.create_custom_key_store(**body)
    return "CreateCustomKeyStore", body | {"CustomKeyStoreName": "another"}


@provoked("XksProxyUriUnreachableException")
def _(workshop):
    return "CreateCustomKeyStore", workshop.stores.create_request(XksProxyUriEndpoint=f"https://{SILENT}")


@provoked("XksProxyVpcEndpointServiceNotFoundException")
def _(workshop):
    service = {
        "XksProxyConnectivity": "VPC_ENDPOINT_SERVICE", "XksProxyVpcEndpointServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0",
    }
    return "CreateCustomKeyStore", workshop.stores.create_request(**service)


#: Shapes that no request of a caller leads to while the server is well: where their form is tested, and why.
INSIDE = {
    "DependencyTimeoutException": "fronts/http/src/aws/errors.rs: only when the store or the log does not answer",
    "KMSInternalException": "fronts/http/src/aws/errors.rs: only when the server itself is broken",
    "KeyUnavailableException": "fronts/http/src/aws/errors.rs: only when a key's material cannot be loaded",
}
NO_HARDWARE = "no hardware security module is attached, so that no cluster is ever looked at"
NO_ENDPOINT_SERVICES = "there are no VPC endpoint services: asking for one is XksProxyVpcEndpointServiceNotFoundException"
#: Shapes of things there are none of here, and why.
UNREACHABLE = {
    "CloudHsmClusterInvalidConfigurationException": NO_HARDWARE,
    "CloudHsmClusterNotFoundException": NO_HARDWARE,
    "CloudHsmClusterNotRelatedException": NO_HARDWARE,
    "XksProxyUriEndpointInUseException": NO_ENDPOINT_SERVICES,
    "XksProxyVpcEndpointServiceInUseException": NO_ENDPOINT_SERVICES,
    "XksProxyVpcEndpointServiceInvalidConfigurationException": NO_ENDPOINT_SERVICES,
}


def test_every_error_of_the_model_has_its_test():
    named = [*PROVOKED, *INSIDE, *UNREACHABLE]
    assert len(named) == len(set(named)), "named twice"
    of_the_model = {shape.name for shape in MODEL.error_shapes}
    assert set(named) == of_the_model, f"without a test: {of_the_model - set(named)}; unknown: {set(named) - of_the_model}"


@pytest.mark.parametrize("shape", sorted(PROVOKED))
def test_an_error_comes_in_its_form_from_an_operation_that_may_answer_so(refusal, shape):
    operation, answer = refusal(shape)
    assert answer.status == STATUS.get(shape, 400), answer.body
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert answer.headers["x-amzn-requestid"]
    assert answer.json["__type"] == shape, answer.body
    assert set(answer.json) <= {"__type", "message"}, answer.body
    if shape in MESSAGES and MESSAGES[shape] is None:
        assert not answer.message, answer.message
    else:
        assert re.fullmatch(MESSAGES.get(shape, r".{8,}"), answer.message), answer.message
    # Clients handle what an operation's list of errors names.
    assert shape in {error.name for error in MODEL.operation_model(operation).error_shapes}, f"{operation} does not answer so"


@pytest.mark.parametrize("shape", sorted(INSIDE))
def test_the_form_of_what_only_a_broken_server_says_is_tested_inside(shape):
    file, why = INSIDE[shape].split(": ")
    tests = (CHECKOUT / file).read_text().split("mod tests ")[1]
    assert shape in tests and why
