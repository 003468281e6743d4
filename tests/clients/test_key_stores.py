"""Custom key stores of both types, and keys that an external key manager holds, against a proxy that can misbehave."""

import base64
import json
import ssl
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError
from conftest import client
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from harness.server import Server
from harness.xks_proxy import STATUS, Proxy

pytestmark = pytest.mark.needs_binary
ACCESS_KEY = "ABCDEFGHIJKLMNOPQRST"
CREDENTIAL = {"AccessKeyId": ACCESS_KEY, "RawSecretAccessKey": "0123456789012345678901234567890123456789abc"}
CONTEXT = {"tenant": "7"}
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
#: What an external key manager's trouble is called by each operation, and part of what is said.
SAID = {
    "ValidationException": "cannot interpret the response",
    "InvalidStateException": "is not enabled in the external key manager",
    "InvalidCiphertextException": "ciphertext or encryption context is corrupted",
    "InvalidKeyUsageException": "does not support the requested operation",
    "AuthenticationFailedException": "could not authenticate AWS KMS",
    "AccessDeniedException": "denied access to the operation",
    "KeyNotFoundException": "was not found in its external key manager",
    "InvalidUriPathException": "invalid URI path",
    "ThrottlingException": "very high request rate",
    "UnsupportedOperationException": "does not support the requested operation",
    "DependencyTimeoutException": "did not respond to the request in the time allotted",
    "InternalException": "cannot communicate with the external key manager",
}


@pytest.fixture(scope="module")
def proxy():
    proxy = Proxy()
    yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def closed_port():
    from harness.server import free_port

    return free_port()


@pytest.fixture(scope="module")
def house(proxy, closed_port):
    flags = [
        "--ephemeral",
        f"--xks-proxy=xks.test=http://127.0.0.1:{proxy.port}",
        f"--xks-proxy=other.test=http://127.0.0.1:{proxy.port}",
        f"--xks-proxy=closed.test=http://127.0.0.1:{closed_port}",
        f"--xks-proxy=plain.test=127.0.0.1:{proxy.port}",
    ]
    with Server(None, *flags) as server:
        yield server


@pytest.fixture(scope="module")
def kms(house):
    return client(house.env)


@pytest.fixture(autouse=True)
def behaved(proxy, kms):
    """Every test begins with a proxy that does as it is told, and leaves no stores behind that have no keys."""
    proxy.fault = proxy.fault_at = None
    yield
    proxy.fault = proxy.fault_at = None
    for store in kms.describe_custom_key_stores()["CustomKeyStores"]:
        try:
            if store["ConnectionState"] != "DISCONNECTED":
                kms.disconnect_custom_key_store(CustomKeyStoreId=store["CustomKeyStoreId"])
            kms.delete_custom_key_store(CustomKeyStoreId=store["CustomKeyStoreId"])
        except ClientError as error:
            assert error.response["Error"]["Code"] == "CustomKeyStoreHasCMKsException", error
            kms.connect_custom_key_store(CustomKeyStoreId=store["CustomKeyStoreId"])


def request(**more):
    """A right request for an external key store."""
    return {
        "CustomKeyStoreName": uuid.uuid4().hex, "CustomKeyStoreType": "EXTERNAL_KEY_STORE", "XksProxyConnectivity": "PUBLIC_ENDPOINT",
        "XksProxyUriEndpoint": "https://other.test", "XksProxyUriPath": "/kms/xks/v1", "XksProxyAuthenticationCredential": CREDENTIAL,
    } | more


def hsm(**more):
    return {
        "CustomKeyStoreName": uuid.uuid4().hex, "CloudHsmClusterId": "cluster-2a23b4cdefg", "KeyStorePassword": "kmsPswd1",
        "TrustAnchorCertificate": CERTIFICATE,
    } | more


def made(kms, **more):
    return kms.create_custom_key_store(**request(**more))["CustomKeyStoreId"]


def described(kms, store):
    return kms.describe_custom_key_stores(CustomKeyStoreId=store)["CustomKeyStores"][0]


@pytest.fixture(scope="module")
def store(kms, proxy):
    """A connected store that keys are made in."""
    store = made(kms, XksProxyUriEndpoint="https://xks.test")
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    return store


@pytest.fixture
def key(kms, proxy, store):
    external = proxy.new_key(uuid.uuid4().hex)
    made = kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId=store, XksKeyId=external)
    return made["KeyMetadata"]


# --- The six operations ----------------------------------------------------------------------------------------------


def test_a_store_lives_from_creation_to_deletion(kms, proxy):
    before = len(proxy.requests)
    store = made(kms, CustomKeyStoreName="elsewhere")
    assert store.startswith("cks-") and len(store) == 21
    path, body, _ = proxy.requests[before]
    assert path == "/kms/xks/v1/health" and body["requestMetadata"]["kmsOperation"] == "CreateCustomKeyStore"
    seen = described(kms, store)
    assert seen.pop("CreationDate") > datetime.now(timezone.utc) - timedelta(minutes=1)
    assert seen == {
        "CustomKeyStoreId": store, "CustomKeyStoreName": "elsewhere", "ConnectionState": "DISCONNECTED",
        "CustomKeyStoreType": "EXTERNAL_KEY_STORE",
        "XksProxyConfiguration": {
            "Connectivity": "PUBLIC_ENDPOINT", "AccessKeyId": ACCESS_KEY, "UriEndpoint": "https://other.test", "UriPath": "/kms/xks/v1",
        },
    }
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    assert described(kms, store)["ConnectionState"] == "CONNECTED"
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    assert described(kms, store)["ConnectionState"] == "DISCONNECTED"
    kms.delete_custom_key_store(CustomKeyStoreId=store)
    assert store not in [s["CustomKeyStoreId"] for s in kms.describe_custom_key_stores()["CustomKeyStores"]]


def test_a_hardware_store_is_kept_and_cannot_be_connected(kms, refused):
    store = kms.create_custom_key_store(**hsm(CustomKeyStoreType="AWS_CLOUDHSM"))["CustomKeyStoreId"]
    seen = described(kms, store)
    assert seen["CustomKeyStoreType"] == "AWS_CLOUDHSM" and seen["CloudHsmClusterId"] == "cluster-2a23b4cdefg"
    assert seen["TrustAnchorCertificate"] == CERTIFICATE and "KeyStorePassword" not in json.dumps(seen, default=str)
    with refused("CloudHsmClusterNotActiveException") as error:
        kms.connect_custom_key_store(CustomKeyStoreId=store)
    assert "PKCS#11" in error.message
    assert described(kms, store)["ConnectionState"] == "DISCONNECTED"
    with refused("CustomKeyStoreInvalidStateException"):
        kms.create_key(Origin="AWS_CLOUDHSM", CustomKeyStoreId=store)
    with refused("CustomKeyStoreInvalidStateException"):
        kms.generate_random(NumberOfBytes=8, CustomKeyStoreId=store)
    kms.update_custom_key_store(CustomKeyStoreId=store, KeyStorePassword="another1", CloudHsmClusterId="cluster-3a23b4cdefg")
    assert described(kms, store)["CloudHsmClusterId"] == "cluster-3a23b4cdefg"
    with refused("ValidationException"):
        kms.update_custom_key_store(CustomKeyStoreId=store, XksProxyUriPath="/a/kms/xks/v1")
    with refused("CloudHsmClusterInUseException"):
        kms.create_custom_key_store(**hsm(CloudHsmClusterId="cluster-3a23b4cdefg"))
    with refused("IncorrectTrustAnchorException"):
        kms.create_custom_key_store(**hsm(TrustAnchorCertificate="no certificate"))


def test_names_addresses_and_numbers_are_limited(kms, refused):
    first = made(kms, CustomKeyStoreName="taken")
    with refused("CustomKeyStoreNameInUseException"):
        made(kms, CustomKeyStoreName="taken", XksProxyUriPath="/b/kms/xks/v1")
    with refused("XksProxyUriInUseException"):
        made(kms, XksProxyUriEndpoint="https://OTHER.test")
    with refused("XksProxyInvalidConfigurationException"):
        made(kms, XksProxyUriPath="/kms/xks/v2")
    have = len(kms.describe_custom_key_stores()["CustomKeyStores"])
    for number in range(10 - have):
        kms.create_custom_key_store(**hsm(CloudHsmClusterId=f"cluster-{'abcdefghij'[number] * 11}"))
    with refused("LimitExceededException"):
        kms.create_custom_key_store(**hsm())
    listed, marker = [], {}
    while True:
        page = kms.describe_custom_key_stores(Limit=3, **marker)
        listed += [store["CustomKeyStoreId"] for store in page["CustomKeyStores"]]
        if not page["Truncated"]:
            break
        marker = {"Marker": page["NextMarker"]}
    assert len(listed) == len(set(listed)) == 10 and first in listed
    with refused("InvalidMarkerException"):
        kms.describe_custom_key_stores(Marker="cks-of-nobody")


def test_states_say_what_may_be_done(kms, proxy, refused):
    store = made(kms)
    for call in (kms.disconnect_custom_key_store,):
        with refused("CustomKeyStoreInvalidStateException"):
            call(CustomKeyStoreId=store)
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    for call, more in (
        (kms.delete_custom_key_store, {}),
        (kms.update_custom_key_store, {"XksProxyUriEndpoint": "https://closed.test"}),
        (kms.update_custom_key_store, {"XksProxyConnectivity": "PUBLIC_ENDPOINT"}),
    ):
        with refused("CustomKeyStoreInvalidStateException"):
            call(CustomKeyStoreId=store, **more)
    kms.update_custom_key_store(CustomKeyStoreId=store, NewCustomKeyStoreName=uuid.uuid4().hex, XksProxyAuthenticationCredential=CREDENTIAL)
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    proxy.fault = "slow"
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    proxy.fault = None
    assert described(kms, store)["ConnectionState"] == "FAILED"
    for call in (kms.connect_custom_key_store, kms.delete_custom_key_store):
        with refused("CustomKeyStoreInvalidStateException"):
            call(CustomKeyStoreId=store)
    with refused("CustomKeyStoreInvalidStateException"):
        kms.update_custom_key_store(CustomKeyStoreId=store, NewCustomKeyStoreName="x")
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    assert described(kms, store)["ConnectionState"] == "CONNECTED"


def test_stores_that_are_not_there(kms, refused):
    for call in (
        kms.connect_custom_key_store, kms.disconnect_custom_key_store, kms.delete_custom_key_store, kms.describe_custom_key_stores,
    ):
        with refused("CustomKeyStoreNotFoundException"):
            call(CustomKeyStoreId="cks-0")
    for call in (
        lambda: kms.update_custom_key_store(CustomKeyStoreId="cks-0", NewCustomKeyStoreName="x"),
        lambda: kms.describe_custom_key_stores(CustomKeyStoreName="nobody's"),
        lambda: kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId="cks-0", XksKeyId="k"),
        lambda: kms.generate_random(NumberOfBytes=1, CustomKeyStoreId="cks-0"),
    ):
        with refused("CustomKeyStoreNotFoundException"):
            call()
    with refused("ValidationException"):
        kms.describe_custom_key_stores(CustomKeyStoreId="cks-0", CustomKeyStoreName="x")


def test_a_changed_store_is_asked_with_its_new_settings(kms, proxy, refused):
    store = made(kms)
    other = {"AccessKeyId": "A" * 20, "RawSecretAccessKey": "b" * 43}
    with refused("XksProxyIncorrectAuthenticationCredentialException"):
        kms.update_custom_key_store(CustomKeyStoreId=store, XksProxyAuthenticationCredential=other)
    proxy.credentials[other["AccessKeyId"]] = other["RawSecretAccessKey"]
    kms.update_custom_key_store(CustomKeyStoreId=store, XksProxyAuthenticationCredential=other)
    assert described(kms, store)["XksProxyConfiguration"]["AccessKeyId"] == other["AccessKeyId"]
    with refused("XksProxyInvalidConfigurationException") as error:
        kms.update_custom_key_store(CustomKeyStoreId=store, XksProxyUriPath="/nowhere/kms/xks/v1")
    assert "URI path" in error.message
    with refused("XksProxyUriUnreachableException"):
        kms.update_custom_key_store(CustomKeyStoreId=store, XksProxyUriEndpoint="https://closed.test")
    with refused("XksProxyVpcEndpointServiceNotFoundException"):
        kms.update_custom_key_store(
            CustomKeyStoreId=store, XksProxyConnectivity="VPC_ENDPOINT_SERVICE",
            XksProxyVpcEndpointServiceName="com.amazonaws.vpce.us-east-1.vpce-svc-09c7d53b3bf0d36a3",
        )
    with refused("ValidationException"):
        kms.update_custom_key_store(CustomKeyStoreId=store, KeyStorePassword="password1")
    with refused("ValidationException"):
        kms.update_custom_key_store(CustomKeyStoreId=store)
    assert described(kms, store)["XksProxyConfiguration"]["UriPath"] == "/kms/xks/v1"


CREATION = {
    "ValidationException": "XksProxyInvalidResponseException", "InvalidStateException": "XksProxyInvalidConfigurationException",
    "InvalidCiphertextException": "XksProxyInvalidResponseException", "InvalidKeyUsageException": "XksProxyInvalidResponseException",
    "AuthenticationFailedException": "XksProxyIncorrectAuthenticationCredentialException",
    "AccessDeniedException": "XksProxyInvalidConfigurationException", "KeyNotFoundException": "XksProxyInvalidResponseException",
    "InvalidUriPathException": "XksProxyInvalidConfigurationException", "ThrottlingException": "XksProxyUriUnreachableException",
    "UnsupportedOperationException": "XksProxyInvalidResponseException", "DependencyTimeoutException": "XksProxyUriUnreachableException",
    "InternalException": "XksProxyInvalidResponseException", "slow": "XksProxyUriUnreachableException",
    "bad JSON": "XksProxyInvalidResponseException", "HTML": "XksProxyInvalidResponseException", "too long": "XksProxyInvalidResponseException",
    "hang up": "XksProxyUriUnreachableException", "all unavailable": "XksProxyUriUnreachableException",
}
CONNECTION = {
    "AuthenticationFailedException": "INVALID_CREDENTIALS", "AccessDeniedException": "XKS_PROXY_ACCESS_DENIED",
    "InvalidUriPathException": "XKS_PROXY_INVALID_CONFIGURATION", "InvalidStateException": "XKS_PROXY_INVALID_CONFIGURATION",
    "slow": "XKS_PROXY_TIMED_OUT", "DependencyTimeoutException": "XKS_PROXY_TIMED_OUT", "bad JSON": "XKS_PROXY_INVALID_RESPONSE",
    "HTML": "XKS_PROXY_INVALID_RESPONSE", "hang up": "XKS_PROXY_NOT_REACHABLE", "all unavailable": "XKS_PROXY_NOT_REACHABLE",
    "ThrottlingException": "XKS_PROXY_NOT_REACHABLE", "InternalException": "XKS_PROXY_INVALID_RESPONSE",
}


@pytest.mark.parametrize("fault", CREATION)
def test_a_proxy_that_is_not_well_has_no_store(kms, proxy, refused, fault):
    proxy.fault = fault
    with refused(CREATION[fault]) as error:
        made(kms)
    if fault in SAID:
        assert SAID[fault] in error.message


@pytest.mark.parametrize("fault", CONNECTION)
def test_why_connecting_failed_is_kept(kms, proxy, fault):
    store = made(kms)
    proxy.fault = fault
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    seen = described(kms, store)
    assert (seen["ConnectionState"], seen["ConnectionErrorCode"]) == ("FAILED", CONNECTION[fault])
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    assert "ConnectionErrorCode" not in described(kms, store)


def test_only_named_hosts_are_spoken_to(kms, proxy, refused):
    before = len(proxy.requests)
    for host in ("elsewhere.test", "localhost", "127.0.0.1", "169.254.169.254"):
        with refused("XksProxyInvalidConfigurationException") as error:
            made(kms, XksProxyUriEndpoint=f"https://{host}")
        assert "external_key_stores.proxies" in error.message
    with refused("XksProxyUriUnreachableException") as error:
        made(kms, XksProxyUriEndpoint="https://closed.test")
    assert "cannot communicate" in error.message
    with refused("XksProxyUriUnreachableException"):
        made(kms, XksProxyUriEndpoint="https://plain.test")
    assert len(proxy.requests) == before


def test_a_server_that_was_told_of_no_proxy_has_no_external_stores(refused):
    with Server(None, "--ephemeral") as server:
        with refused("XksProxyInvalidConfigurationException"):
            made(client(server.env))


# --- Keys ------------------------------------------------------------------------------------------------------------


def test_a_key_says_where_it_is(kms, proxy, key, store):
    assert key["Origin"] == "EXTERNAL_KEY_STORE" and key["CustomKeyStoreId"] == store and key["KeyState"] == "Enabled"
    assert key["XksKeyConfiguration"]["Id"] in proxy.keys
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["XksKeyConfiguration"] == key["XksKeyConfiguration"]


@pytest.mark.parametrize("size", [1, 32, 4096])
def test_what_is_encrypted_twice_opens_again(kms, proxy, key, size):
    plain = bytes(range(256)) * (size // 256) + bytes(size % 256)
    before = len(proxy.requests)
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=plain, EncryptionContext=CONTEXT)["CiphertextBlob"]
    assert len(sealed) <= 6144 and (size == 1 or plain not in sealed)
    path, body, _ = proxy.requests[before]
    assert path.endswith(f"/keys/{key['XksKeyConfiguration']['Id']}/encrypt")
    told = body["requestMetadata"]
    assert told["kmsOperation"] == "Encrypt" and told["kmsKeyArn"] == key["Arn"] and told["awsPrincipalArn"].startswith("arn:aws:iam::")
    # The external key manager sees a ciphertext, never the plaintext.
    assert len(base64.b64decode(body["plaintext"])) == size + 124
    if size > 1:
        assert plain not in base64.b64decode(body["plaintext"])
    opened = kms.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)
    assert opened["Plaintext"] == plain and opened["KeyId"] == key["Arn"]
    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT, KeyId=key["KeyId"])["Plaintext"] == plain


def test_neither_side_opens_alone(kms, proxy, key, refused):
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"both", EncryptionContext=CONTEXT)["CiphertextBlob"]
    inner = base64.b64decode(proxy.requests[-1][1]["plaintext"])
    with refused("InvalidCiphertextException"):
        kms.decrypt(CiphertextBlob=inner, EncryptionContext=CONTEXT)
    with refused("KMSInvalidStateException"):
        kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"tenant": "8"})
    for at in (60, 62, 90, len(sealed) - 1):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with refused("KMSInvalidStateException", "InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=changed, EncryptionContext=CONTEXT)
    for at in (2, 61):
        changed = sealed[:at] + bytes([sealed[at] ^ 3]) + sealed[at + 1 :]
        with refused("InvalidCiphertextException", "KMSInvalidStateException"):
            kms.decrypt(CiphertextBlob=changed, EncryptionContext=CONTEXT)


def test_data_keys_are_wrapped_outside_too(kms, proxy, key):
    made = kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256", EncryptionContext=CONTEXT)
    assert kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=CONTEXT)["Plaintext"] == made["Plaintext"]
    assert proxy.requests[-2][1]["requestMetadata"]["kmsOperation"] == "GenerateDataKey"
    wrapped = kms.generate_data_key_without_plaintext(KeyId=key["KeyId"], NumberOfBytes=1024)
    assert proxy.requests[-1][1]["requestMetadata"]["kmsOperation"] == "GenerateDataKeyWithoutPlaintext"
    assert len(kms.decrypt(CiphertextBlob=wrapped["CiphertextBlob"])["Plaintext"]) == 1024


def test_re_encryption_goes_in_out_and_both_ways(kms, proxy, key, store):
    inside = kms.create_key()["KeyMetadata"]["KeyId"]
    external = proxy.new_key(uuid.uuid4().hex)
    second = kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId=store, XksKeyId=external)["KeyMetadata"]["KeyId"]
    before = len(proxy.requests)
    blob = kms.encrypt(KeyId=inside, Plaintext=b"travels", EncryptionContext=CONTEXT)["CiphertextBlob"]
    context = CONTEXT
    for number, to in enumerate((key["KeyId"], second, inside)):
        fresh = {"hop": str(number)}
        answer = kms.re_encrypt(
            CiphertextBlob=blob, DestinationKeyId=to, SourceEncryptionContext=context, DestinationEncryptionContext=fresh
        )
        blob, context = answer["CiphertextBlob"], fresh
        assert answer["KeyId"].endswith(to)
        assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"travels"
    assert {seen[1]["requestMetadata"]["kmsOperation"] for seen in proxy.requests[before:]} == {"ReEncrypt", "Decrypt"}


def test_dry_runs_and_states_come_before_the_proxy(kms, proxy, key, refused):
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    before = len(proxy.requests)
    with refused("DryRunOperationException"):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x", DryRun=True)
    kms.disable_key(KeyId=key["KeyId"])
    for call in (lambda: kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x"), lambda: kms.decrypt(CiphertextBlob=sealed)):
        with refused("DisabledException"):
            call()
    assert len(proxy.requests) == before
    kms.enable_key(KeyId=key["KeyId"])
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


USE = {fault: "KMSInvalidStateException" for fault in STATUS} | dict.fromkeys(
    ["slow", "bad JSON", "HTML", "too long", "hang up", "wrong tag", "no checksum", "long metadata"], "KMSInvalidStateException"
)
TOLD = SAID | {
    "slow": "did not respond in time", "bad JSON": "cannot interpret", "HTML": "cannot interpret", "too long": "cannot interpret",
    "hang up": "cannot communicate with the external key store proxy", "wrong tag": "cannot interpret", "no checksum": "cannot interpret",
    "long metadata": "cannot interpret",
}


@pytest.mark.parametrize("fault", USE)
def test_every_fault_of_the_proxy_is_told_apart(kms, proxy, key, refused, fault):
    proxy.fault = fault
    for call in (
        lambda: kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x"),
        lambda: kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_128"),
    ):
        with refused(USE[fault]) as error:
            call()
        assert TOLD[fault] in error.message


@pytest.mark.parametrize("fault,said", [
    ("wrong plaintext", "submitted for decryption"), ("short plaintext", "cannot interpret"), ("slow", "did not respond in time"),
    ("InvalidCiphertextException", "ciphertext or encryption context"), ("KeyNotFoundException", "was not found"),
])
def test_faults_while_decrypting(kms, proxy, key, refused, fault, said):
    sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    proxy.fault, proxy.fault_at = fault, "decrypt"
    with refused("KMSInvalidStateException") as error:
        kms.decrypt(CiphertextBlob=sealed)
    assert said in error.message
    proxy.fault = None
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


NEW_KEY = {
    "KeyNotFoundException": "XksKeyNotFoundException", "InvalidStateException": "XksKeyInvalidConfigurationException",
    "InvalidKeyUsageException": "XksKeyInvalidConfigurationException", "AccessDeniedException": "KMSInvalidStateException",
    "AuthenticationFailedException": "CustomKeyStoreInvalidStateException", "InvalidUriPathException": "CustomKeyStoreInvalidStateException",
    "ThrottlingException": "CustomKeyStoreInvalidStateException", "DependencyTimeoutException": "CustomKeyStoreInvalidStateException",
    "InternalException": "CustomKeyStoreInvalidStateException", "ValidationException": "CustomKeyStoreInvalidStateException",
    "UnsupportedOperationException": "XksProxyInvalidResponseException", "slow": "CustomKeyStoreInvalidStateException",
    "bad JSON": "CustomKeyStoreInvalidStateException", "hang up": "CustomKeyStoreInvalidStateException",
}


@pytest.mark.parametrize("fault", NEW_KEY)
def test_faults_while_a_key_is_made(kms, proxy, store, refused, fault):
    external = proxy.new_key(uuid.uuid4().hex)
    proxy.fault = fault
    with refused(NEW_KEY[fault]):
        kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId=store, XksKeyId=external)


def test_external_keys_must_fit_and_serve_one_key_only(kms, proxy, store, key, refused):
    def create(**more):
        return kms.create_key(**({"Origin": "EXTERNAL_KEY_STORE", "CustomKeyStoreId": store} | more))

    with refused("XksKeyAlreadyInUseException"):
        create(XksKeyId=key["XksKeyConfiguration"]["Id"])
    with refused("XksKeyNotFoundException"):
        create(XksKeyId="nobody-knows-me")
    for described in ({"keySpec": "AES_128"}, {"keyUsage": ["ENCRYPT"]}, {"keyUsage": ["DECRYPT"]}, {"keyStatus": "DISABLED"}):
        with refused("XksKeyInvalidConfigurationException"):
            create(XksKeyId=proxy.new_key(uuid.uuid4().hex, **described))
    fine = proxy.new_key(uuid.uuid4().hex)
    for more in ({"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"}, {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}, {"MultiRegion": True}):
        with refused("UnsupportedOperationException"):
            create(XksKeyId=fine, **more)
    for more in ({}, {"XksKeyId": ".."}, {"XksKeyId": "."}, {"XksKeyId": fine, "Origin": "AWS_KMS"}, {"XksKeyId": fine, "Origin": "AWS_CLOUDHSM"}, {"Origin": "EXTERNAL"}):
        with refused("ValidationException"):
            create(**more)
    for more in ({"Origin": "EXTERNAL_KEY_STORE", "XksKeyId": fine}, {"XksKeyId": fine}, {"Origin": "AWS_CLOUDHSM"}):
        with refused("ValidationException"):
            kms.create_key(**more)


def test_what_such_keys_do_not_do(kms, key, store, refused):
    for call in (
        lambda: kms.enable_key_rotation(KeyId=key["KeyId"]), lambda: kms.disable_key_rotation(KeyId=key["KeyId"]),
        lambda: kms.rotate_key_on_demand(KeyId=key["KeyId"]), lambda: kms.list_key_rotations(KeyId=key["KeyId"]),
        lambda: kms.get_key_rotation_status(KeyId=key["KeyId"]),
        lambda: kms.get_parameters_for_import(KeyId=key["KeyId"], WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"),
        lambda: kms.replicate_key(KeyId=key["KeyId"], ReplicaRegion="eu-west-1"),
        lambda: kms.generate_data_key_pair(KeyId=key["KeyId"], KeyPairSpec="ECC_NIST_P256"),
        lambda: kms.generate_random(NumberOfBytes=8, CustomKeyStoreId=store),
    ):
        with refused("UnsupportedOperationException"):
            call()


def test_keys_of_a_disconnected_store_are_unavailable(kms, proxy, refused):
    store = made(kms)
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    external = proxy.new_key(uuid.uuid4().hex)
    key = kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId=store, XksKeyId=external)["KeyMetadata"]["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    state = lambda: kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]  # noqa: E731
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    assert state() == "Unavailable"
    before = len(proxy.requests)
    for call in (lambda: kms.encrypt(KeyId=key, Plaintext=b"x"), lambda: kms.decrypt(CiphertextBlob=sealed)):
        with refused("KMSInvalidStateException") as error:
            call()
        assert "not connected to its external key store proxy" in error.message
    with refused("CustomKeyStoreInvalidStateException"):
        kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId=store, XksKeyId="another")
    assert len(proxy.requests) == before
    kms.disable_key(KeyId=key)
    assert state() == "Unavailable"
    with refused("CustomKeyStoreHasCMKsException"):
        kms.delete_custom_key_store(CustomKeyStoreId=store)
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    assert state() == "Disabled"
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"
    kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert state() == "PendingDeletion"
    kms.cancel_key_deletion(KeyId=key)
    assert state() == "Unavailable"


def test_a_deleted_key_frees_its_external_key_and_its_store(proxy, refused):
    with Server(None, "--ephemeral", f"--xks-proxy=xks.test=http://127.0.0.1:{proxy.port}") as server:
        kms = client(server.env)
        store = made(kms, XksProxyUriEndpoint="https://xks.test")
        kms.connect_custom_key_store(CustomKeyStoreId=store)
        external = proxy.new_key(uuid.uuid4().hex)
        key = kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId=store, XksKeyId=external)["KeyMetadata"]["KeyId"]
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        server.run("clock", "--advance", "8d")
        with refused("NotFoundException"):
            kms.describe_key(KeyId=key)
        kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId=store, XksKeyId=external)
        kms.disconnect_custom_key_store(CustomKeyStoreId=store)
        with refused("CustomKeyStoreHasCMKsException"):
            kms.delete_custom_key_store(CustomKeyStoreId=store)


def test_every_request_is_recorded_with_its_outcome(house, kms, proxy, key, refused):
    proxy.fault = "KeyNotFoundException"
    with refused("KMSInvalidStateException"):
        kms.encrypt(KeyId=key["KeyId"], Plaintext=b"x")
    lines = house.run("audit", "tail", "--json").stdout.decode().splitlines()
    last = [json.loads(line) for line in lines if '"kms:Encrypt"' in line][-1]
    assert "ExternalKeyUnusable" in json.dumps(last) and key["KeyId"] in json.dumps(last)
    everything = "\n".join(lines) + house.log()
    assert CREDENTIAL["RawSecretAccessKey"] not in everything


# --- TLS -------------------------------------------------------------------------------------------------------------


def certificate(folder, host):
    """A certificate for a host that vouches for itself; answers a context for servers and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / f"{host}.key").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, folder / f"{host}.key")
    return context, path


def test_over_tls_the_certificate_must_be_for_the_host(tmp_path, refused):
    context, trusted = certificate(tmp_path, "xks.test")
    proxy = Proxy(tls=context)
    flags = [f"--xks-proxy={host}=127.0.0.1:{proxy.port}" for host in ("xks.test", "other.test")]
    try:
        with Server(None, "--ephemeral", f"--xks-ca-file={trusted}", *flags) as server:
            kms = client(server.env)
            store = made(kms, XksProxyUriEndpoint="https://xks.test")
            kms.connect_custom_key_store(CustomKeyStoreId=store)
            key = kms.create_key(Origin="EXTERNAL_KEY_STORE", CustomKeyStoreId=store, XksKeyId=proxy.new_key("k"))["KeyMetadata"]["KeyId"]
            sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
            assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"
            with refused("XksProxyUriUnreachableException") as error:
                made(kms, XksProxyUriEndpoint="https://other.test")
            assert "TLS" in error.message
    finally:
        proxy.close()
