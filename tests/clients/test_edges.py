"""The right side of every edge: each length, number, word and truth value that the service model allows gets past it.

What then happens is the operation's affair: it answers, or refuses in its own words those of `OWN_WORDS`.
"""

import pytest
from harness.model import MODEL, OPERATIONS, encoded, right, shape
from harness.workshop import KIND

GRANTABLE = MODEL.shape_for("GrantOperation").metadata["enum"]

#: Members of which a value that keeps to the model may still be refused, and how.
OWN_WORDS = {
    "KeyId": "NotFoundException",
    "TargetKeyId": "NotFoundException",
    "SourceKeyId": "NotFoundException",
    "DestinationKeyId": "NotFoundException",
    "CustomKeyStoreId": "CustomKeyStoreNotFoundException",
    "CustomKeyStoreName": "CustomKeyStoreNotFoundException CustomKeyStoreNameInUseException",
    "CiphertextBlob": "InvalidCiphertextException",
    "SharedSecretCiphertextBlob": "InvalidCiphertextException",
    "GrantTokens": "InvalidGrantTokenException",
    "GrantToken": "InvalidGrantTokenException",
    "GrantId": "NotFoundException InvalidGrantIdException",
    "GranteePrincipal": "InvalidArnException",
    "RetiringPrincipal": "InvalidArnException",
    "Marker": "InvalidMarkerException",
    "PolicyName": "NotFoundException",
    "PrimaryRegion": "NotFoundException",
    "AliasName": "ValidationException NotFoundException",
    "Policy": "MalformedPolicyDocumentException",
    "Mac": "KMSInvalidMacException",
    "Signature": "KMSInvalidSignatureException",
    "PublicKey": "ValidationException",
    "ImportToken": "InvalidImportTokenException",
    "EncryptedKeyMaterial": "InvalidCiphertextException",
    "KeyMaterialId": "NotFoundException IncorrectKeyMaterialException ValidationException",
    "Recipient": "UnsupportedOperationException",  # there is no root for attestation documents; test_recipient.py has one
    "SourceEncryptionContext": "InvalidCiphertextException",
    # Of stores of the other type; the workshop's are external ones.
    "CloudHsmClusterId": "ValidationException",
    "TrustAnchorCertificate": "ValidationException",
    "KeyStorePassword": "ValidationException",
    # The proxy serves at one address, knows one credential, and there are no endpoint services.
    "XksProxyUriEndpoint": "XksProxyInvalidConfigurationException",
    "XksProxyUriPath": "XksProxyInvalidConfigurationException",
    "XksProxyAuthenticationCredential": "XksProxyIncorrectAuthenticationCredentialException",
    "XksProxyVpcEndpointServiceName": "ValidationException XksProxyVpcEndpointServiceNotFoundException",
    "XksProxyVpcEndpointServiceOwner": "ValidationException XksProxyVpcEndpointServiceNotFoundException",
}
#: The same for one operation's member, and for one value of it.
OWN_WORDS_HERE = {
    "CreateCustomKeyStore.CustomKeyStoreType: AWS_CLOUDHSM": "ValidationException",
    "CreateCustomKeyStore.XksProxyConnectivity: VPC_ENDPOINT_SERVICE": "ValidationException",
    "UpdateCustomKeyStore.XksProxyConnectivity: VPC_ENDPOINT_SERVICE": "ValidationException XksProxyVpcEndpointServiceNotFoundException",
    "CreateGrant.GranteeServicePrincipal": "ValidationException",  # has to come with the resource it acts for
    "ListGrants.GranteeServicePrincipal": "AccessDeniedException",  # that service alone may ask
    "ListRetirableGrants.RetiringServicePrincipal": "AccessDeniedException",
    "RetireGrant.KeyId": "ValidationException",  # goes with a grant's id, in the place of its token
    "RetireGrant.GrantId": "ValidationException",
    "CreateKey.KeySpec": "ValidationException",  # the usage has to be given with it; test_key_kinds.py has the pairs
    "CreateKey.CustomerMasterKeySpec": "ValidationException",
    "CreateKey.KeyUsage": "ValidationException",
    "CreateKey.Origin: EXTERNAL_KEY_STORE": "ValidationException",
    "CreateKey.Origin: AWS_CLOUDHSM": "ValidationException",
    "CreateKey.CustomKeyStoreId": "ValidationException CustomKeyStoreNotFoundException",
    "CreateKey.XksKeyId": "ValidationException",
    "CreateKey.Policy": "MalformedPolicyDocumentException",
    "Decrypt.EncryptionContext: one pair": "InvalidCiphertextException",
    "ReEncrypt.SourceEncryptionContext: one pair": "InvalidCiphertextException",
    "ReEncrypt.SourceKeyId": "NotFoundException",
    "DescribeCustomKeyStores.CustomKeyStoreName": "CustomKeyStoreNotFoundException",
    "GetParametersForImport.WrappingAlgorithm: RSAES_PKCS1_V1_5": "UnsupportedOperationException",  # since 2023
    "GetParametersForImport.WrappingAlgorithm: SM2PKE": "UnsupportedOperationException",
    "GetParametersForImport.WrappingKeySpec: SM2": "UnsupportedOperationException",
    "ImportKeyMaterial.ValidTo": "ValidationException",  # goes with a material that expires, and the workshop's does not
    "ImportKeyMaterial.ExpirationModel: KEY_MATERIAL_EXPIRES": "ValidationException",
    "ImportKeyMaterial.ImportType: NEW_KEY_MATERIAL": "IncorrectKeyMaterialException",  # the key has that material already
    "GenerateDataKeyPair.KeyPairSpec: SM2": "UnsupportedOperationException",
    "GenerateDataKeyPairWithoutPlaintext.KeyPairSpec: SM2": "UnsupportedOperationException",
    "Sign.MessageType": "ValidationException",  # a message is no digest
    "Verify.MessageType": "ValidationException",
    "Verify.Message": "KMSInvalidSignatureException",
    "VerifyMac.Message": "KMSInvalidMacException",
    "ListAliases.KeyId": "NotFoundException",
    # Asymmetric ciphertexts do not name their key, so one has to be given; the workshop's are symmetric.
    "Decrypt.EncryptionAlgorithm": "ValidationException",
    "ReEncrypt.SourceEncryptionAlgorithm": "ValidationException",
    "ListResourceTags.Limit: 1000": "ValidationException",  # 50 tags a key, and a page
    "ListKeys.ResourceOwners": "UnsupportedOperationException",
    "ScheduleKeyDeletion.PendingWindowInDays: 1": "ValidationException",  # 7 to 30 days, whatever the model says
    "ScheduleKeyDeletion.PendingWindowInDays: 365": "ValidationException",
}
#: Of a grant on a symmetric key: what such keys do not do, nothing at all, and nothing but granting.
OWN_WORDS_HERE |= dict.fromkeys(
    ["CreateGrant.Operations: 0 items"]
    + [f"CreateGrant.Operations: an item of {name}" for name in (*KIND, "CreateGrant") if name in GRANTABLE],
    "ValidationException",
)
#: Members that are given in the place of one that the workshop gives.
INSTEAD = {
    "GenerateDataKey.NumberOfBytes": "KeySpec", "GenerateDataKeyWithoutPlaintext.NumberOfBytes": "KeySpec",
    "CreateGrant.GranteeServicePrincipal": "GranteePrincipal", "ListRetirableGrants.RetiringServicePrincipal": "RetiringPrincipal",
}
WRONG_ALGORITHM = "InvalidKeyUsageException"


def own_words(operation, name, label):
    here = OWN_WORDS_HERE.get(f"{operation}.{name}: {label}") or OWN_WORDS_HERE.get(f"{operation}.{name}") or OWN_WORDS.get(name, "")
    if name.endswith("Algorithm"):
        here += " " + WRONG_ALGORITHM
    return here.split()


def cases():
    for operation in OPERATIONS:
        for name, member in shape(operation).members.items():
            for label, value in right(member, name):
                yield operation, name, label, value


CASES = list(cases())


@pytest.mark.parametrize("operation, name, label, value", CASES, ids=[f"{case[0]}.{case[1]}: {case[2]}" for case in CASES])
def test_what_the_model_allows_gets_past_it(wire, workshop, operation, name, label, value):
    body = workshop.request(operation) | {name: value}
    body.pop(INSTEAD.get(f"{operation}.{name}"), None)
    answer = wire.call(operation, encoded(body))
    if answer.status == 200 or answer.type == "DryRunOperationException":
        return
    assert answer.status == 400, answer.body
    if f"{operation}.{name}: {label}" not in OWN_WORDS_HERE:
        assert "failed to satisfy constraint" not in answer.message, answer.message
    assert answer.type in own_words(operation, name, label), f"{answer.type}: {answer.message}"


def test_there_are_many_cases():
    assert len(CASES) > 400
