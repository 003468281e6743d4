"""Tokens of identity providers whose keys are in a file, and of one whose server only a thumbprint vouches for."""

import datetime
import hashlib
import json
import os
import ssl
import time

import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError
from conftest import client
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from harness.directory import allow, text
from harness.oidc import Provider
from harness.server import Server

pytestmark = pytest.mark.needs_binary
DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM
# Files are read again, and providers asked again, every ten seconds at most.
AGAIN_SECONDS_MAX = 60


def role_for(server, arn, host, **more):
    """A role that trusts a provider, and what exchanges tokens for it."""
    iam = client(server.env, "iam")
    document = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{host}:sub": "system:serviceaccount:app:reader"}},
    }]}
    role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=text(document))["Role"]["Arn"]
    iam.put_role_policy(RoleName="reader", PolicyName="all", PolicyDocument=text(allow("kms:*")))
    unsigned = client(server.env, "sts", signature_version=UNSIGNED)
    return lambda token: unsigned.assume_role_with_web_identity(RoleArn=role, RoleSessionName="pod", WebIdentityToken=token)


def code_of(ask, token):
    try:
        ask(token)
        return None
    except ClientError as error:
        return error.response["Error"]["Code"]


def sooner_or_later(ask, token, wanted):
    deadline = time.monotonic() + AGAIN_SECONDS_MAX
    while code_of(ask, token) != wanted:
        assert time.monotonic() < deadline, wanted
        time.sleep(0.5)


def of_pod(provider, key=-1):
    return provider.token(time.time(), key, sub="system:serviceaccount:app:reader")


def test_keys_in_a_file_take_the_place_of_a_network(tmp_path):
    provider = Provider("cluster.example")
    file = tmp_path / "keys.json"

    def publish():
        fresh = tmp_path / "keys.json.new"
        fresh.write_text(json.dumps(provider.jwks()))
        os.rename(fresh, file)

    publish()
    with Server(None, "--identity-provider-keys", f"{provider.issuer}={file}") as server:
        arn = client(server.env, "iam").create_open_id_connect_provider(Url=provider.issuer, ClientIDList=["keystead"])
        ask = role_for(server, arn["OpenIDConnectProviderArn"], provider.host)
        assert ask(of_pod(provider))["SubjectFromWebIdentityToken"] == "system:serviceaccount:app:reader"
        assert code_of(ask, provider.token(time.time(), sub="system:serviceaccount:app:writer")) == "AccessDenied"
        # Exchanged: the new key is taken, and the old one is not any more.
        provider.rotate()
        assert code_of(ask, of_pod(provider)) == "InvalidIdentityToken"
        publish()
        sooner_or_later(ask, of_pod(provider), None)
        assert code_of(ask, of_pod(provider, key=0)) == "InvalidIdentityToken"
        assert provider.asked == 0
    provider.close()


def certified(folder, name):
    """An authority that nobody knows; a chain and a key for this name; the authority's thumbprint."""
    now = datetime.datetime.now(datetime.timezone.utc)
    named = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])  # noqa: E731
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    begun = lambda subject, public: (  # noqa: E731
        x509.CertificateBuilder().subject_name(named(subject)).issuer_name(named("inside")).public_key(public)
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
    )
    root = begun("inside", authority.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    root = root.sign(authority, hashes.SHA256())
    leaf = begun(name, key.public_key()).add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
    leaf = leaf.sign(authority, hashes.SHA256())
    chain, private = folder / "chain.pem", folder / "chain.key"
    chain.write_bytes(leaf.public_bytes(PEM) + root.public_bytes(PEM))
    private.write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return chain, private, hashlib.sha1(root.public_bytes(DER)).hexdigest()


def test_a_thumbprint_of_the_provider_vouches_for_its_server(tmp_path):
    provider = Provider("inside.example")
    chain, private, thumbprint = certified(tmp_path, "inside.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, private)
    provider.server.socket = context.wrap_socket(provider.server.socket, server_side=True)
    # An authority that has nothing to do with it: that of another server's making.
    (tmp_path / "elsewhere").mkdir()
    other, _, wrong = certified(tmp_path / "elsewhere", "elsewhere.example")
    flags = ["--identity-provider", f"{provider.host}=127.0.0.1:{provider.server.server_port}", "--identity-provider-ca-file", str(other)]
    with Server(None, *flags) as server:
        iam = client(server.env, "iam")
        arn = iam.create_open_id_connect_provider(Url=provider.issuer, ClientIDList=["keystead"], ThumbprintList=[wrong])
        arn = arn["OpenIDConnectProviderArn"]
        ask = role_for(server, arn, provider.host)
        assert code_of(ask, of_pod(provider)) == "InvalidIdentityToken"
        iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=[thumbprint])
        assert ask(of_pod(provider))["Provider"] == arn
        # What it vouched for is not known to a provider that does not name it any more.
        iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=[wrong])
        assert code_of(ask, of_pod(provider)) == "InvalidIdentityToken"
    provider.close()


def test_a_provider_that_was_not_named_is_not_asked():
    provider = Provider("unnamed.example")
    with Server(None) as server:
        arn = client(server.env, "iam").create_open_id_connect_provider(Url=provider.issuer, ClientIDList=["keystead"])
        ask = role_for(server, arn["OpenIDConnectProviderArn"], provider.host)
        with pytest.raises(ClientError, match="identity_providers.hosts"):
            ask(of_pod(provider))
    assert provider.asked == 0
    provider.close()
