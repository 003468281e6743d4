"""AWS STS through boto3 and the AWS command line: sessions of roles, of users, of federated users and of whoever a provider vouches for."""

import json
import ssl
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.signers import RequestSigner
from conftest import client
from harness.directory import allow, code, name, text, trust
from harness.oidc import Provider
from harness.server import Server, run
from harness.wire import Wire

AWS = Path(sys.executable).with_name("aws")


def speaking(env, credentials, service="kms", **more):
    """A client that signs with the credentials of a session."""
    session = boto3.session.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials.get("SessionToken"),
        region_name=env["AWS_REGION"],
    )
    settings = Config(retries={"max_attempts": 1, "mode": "standard"}, **more)
    return session.client(service, endpoint_url=env["AWS_ENDPOINT_URL"], verify=env.get("AWS_CA_BUNDLE", True), config=settings)


@pytest.fixture
def speaker(server):
    return lambda credentials, service="kms": speaking(server.env, credentials, service)


@pytest.fixture
def person(iam):
    """A user who may do everything: the name, and an access key."""
    called = iam.create_user(UserName=name("user"))["User"]["UserName"]
    iam.put_user_policy(UserName=called, PolicyName="all", PolicyDocument=text(allow("*")))
    return called, iam.create_access_key(UserName=called)["AccessKey"]


@pytest.fixture
def own(person, speaker):
    return speaker(person[1], "sts")


def statement(account, condition=None, action="sts:AssumeRole"):
    document = trust(account)
    document["Statement"][0]["Action"] = action
    if condition:
        document["Statement"][0]["Condition"] = condition
    return document


@pytest.fixture
def role(iam, account):
    """Makes roles that may do everything."""

    def make(document=None, policy=None, **more):
        made = iam.create_role(RoleName=name("role"), AssumeRolePolicyDocument=text(document or trust(account)), **more)["Role"]
        iam.put_role_policy(RoleName=made["RoleName"], PolicyName="own", PolicyDocument=text(policy or allow("*")))
        return made

    return make


def take_on(sts, role, **more):
    return sts.assume_role(RoleArn=role["Arn"], RoleSessionName="work", **more)


# --- Roles ---------------------------------------------------------------------------------------------------------


def test_a_role_is_taken_on_and_speaks(own, role, account, speaker, key_id):
    made = role()
    answer = take_on(own, made)
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{account}:assumed-role/{made['RoleName']}/work"
    assert answer["AssumedRoleUser"]["AssumedRoleId"] == f"{made['RoleId']}:work"
    assert "PackedPolicySize" not in answer and answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    credentials = answer["Credentials"]
    assert 3500 < credentials["Expiration"].timestamp() - time.time() <= 3600
    identity = speaker(credentials, "sts").get_caller_identity()
    assert identity["Arn"] == answer["AssumedRoleUser"]["Arn"] and identity["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]
    kms = speaker(credentials)
    sealed = kms.encrypt(KeyId=key_id, Plaintext=b"hello")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"hello"
    speaker(credentials, "iam").list_users()


def test_the_last_use_of_a_role_is_told(own, role, iam, speaker):
    made = role()
    assert iam.get_role(RoleName=made["RoleName"])["Role"]["RoleLastUsed"] == {}
    speaker(take_on(own, made)["Credentials"]).list_keys()
    assert "LastUsedDate" in iam.get_role(RoleName=made["RoleName"])["Role"]["RoleLastUsed"]


def test_whoever_is_not_trusted_is_told_in_awss_words(iam, role, account, speaker, refused):
    called = iam.create_user(UserName=name("user"))["User"]
    poor = speaker(iam.create_access_key(UserName=called["UserName"])["AccessKey"], "sts")
    made = role()
    nowhere = {"Arn": f"arn:aws:iam::{account}:role/{name('none')}"}
    for each in (made, nowhere):
        with refused("AccessDenied") as error:
            take_on(poor, each)
        assert error.status == 403
        assert error.message == f"User: {called['Arn']} is not authorized to perform: sts:AssumeRole on resource: {each['Arn']}"
    iam.put_user_policy(UserName=called["UserName"], PolicyName="no", PolicyDocument=text(allow("sts:*", effect="Deny")))
    with refused("AccessDenied") as error:
        take_on(poor, made)
    assert error.message.endswith(f"{made['Arn']} with an explicit deny in an identity-based policy")


def test_a_root_takes_on_no_role(sts, role, refused):
    with refused("AccessDenied") as error:
        take_on(sts, role())
    assert error.message == "Roles may not be assumed by root accounts." and error.status == 403


def test_an_external_id_has_to_be_the_right_one(own, role, account, refused):
    made = role(statement(account, {"StringEquals": {"sts:ExternalId": "customer-7"}}))
    take_on(own, made, ExternalId="customer-7")
    for wrong in ({}, {"ExternalId": "customer-8"}):
        with refused("AccessDenied"):
            take_on(own, made, **wrong)


def test_a_session_policy_narrows(own, role, speaker, key_id, refused, account):
    made = role()
    answer = take_on(own, made, Policy=text(allow("kms:Encrypt")))
    assert 1 <= answer["PackedPolicySize"] <= 5
    kms = speaker(answer["Credentials"])
    sealed = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    with refused("AccessDeniedException") as error:
        kms.decrypt(CiphertextBlob=sealed)
    assert error.message.endswith("because no session policy allows the kms:Decrypt action")
    auditor = take_on(own, made, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/KeysteadAuditor"}])
    with refused("AccessDeniedException"):
        speaker(auditor["Credentials"]).encrypt(KeyId=key_id, Plaintext=b"x")
    with refused("MalformedPolicyDocument"):
        take_on(own, made, Policy="{}")
    with refused("MalformedPolicyDocument"):
        take_on(own, made, PolicyArns=[{"arn": f"arn:aws:iam::{account}:policy/{name('none')}"}])


def test_a_managed_session_policy_that_goes_takes_its_sessions_along(own, role, iam, speaker, refused):
    arn = iam.create_policy(PolicyName=name("policy"), PolicyDocument=text(allow("kms:*")))["Policy"]["Arn"]
    kms = speaker(take_on(own, role(), PolicyArns=[{"arn": arn}])["Credentials"])
    kms.list_keys()
    iam.delete_policy(PolicyArn=arn)
    with refused("UnrecognizedClientException"):
        kms.list_keys()


def test_tags_of_a_session_decide(own, role, account, speaker, kms, refused):
    both = statement(account, action=["sts:AssumeRole", "sts:TagSession"])
    own_team = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "kms:*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
    }]}
    made = role(both, own_team)
    blue = kms.create_key(Tags=[{"TagKey": "team", "TagValue": "blue"}])["KeyMetadata"]["KeyId"]
    tags = lambda value: {"Tags": [{"Key": "team", "Value": value}]}  # noqa: E731
    speaker(take_on(own, made, **tags("blue"))["Credentials"]).encrypt(KeyId=blue, Plaintext=b"x")
    for more in (tags("red"), {}):
        with refused("AccessDeniedException"):
            speaker(take_on(own, made, **more)["Credentials"]).encrypt(KeyId=blue, Plaintext=b"x")
    with refused("AccessDenied") as error:
        take_on(own, role(), **tags("blue"))
    assert "sts:TagSession" in error.message
    with refused("InvalidParameterValue"):
        take_on(own, made, TransitiveTagKeys=["team"])
    with refused("InvalidParameterValue") as error:
        take_on(own, made, Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])
    assert error.message.startswith("Duplicate tag keys found")
    many = [{"Key": f"k{n:02}" + "k" * 124, "Value": "v" * 256} for n in range(20)]
    with refused("PackedPolicyTooLarge") as error:
        take_on(own, made, Tags=many)
    assert error.message.startswith("Packed size of session policies and tags consumes 1")


def test_what_is_transitive_goes_with_a_chain(own, role, account, speaker, refused):
    all_actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    first = role(statement(account, action=all_actions))
    second = role(statement(account, {"StringEquals": {"aws:PrincipalTag/team": "blue"}}, all_actions))
    answer = take_on(own, first, Tags=[{"Key": "team", "Value": "blue"}], TransitiveTagKeys=["team"], SourceIdentity="ada")
    assert answer["SourceIdentity"] == "ada"
    chained = speaker(answer["Credentials"], "sts")
    answer = take_on(chained, second)
    assert answer["SourceIdentity"] == "ada"
    with refused("ValidationError") as error:
        take_on(chained, second, DurationSeconds=3601)
    assert error.message == "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
    with refused("AccessDenied"):
        take_on(own, second)


def test_a_role_has_a_longest_session(own, role, refused):
    with refused("ValidationError") as error:
        take_on(own, role(), DurationSeconds=3601)
    assert error.message == "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    long = take_on(own, role(MaxSessionDuration=43200), DurationSeconds=43200)["Credentials"]
    assert long["Expiration"].timestamp() - time.time() > 43_000


def test_a_deleted_role_is_refused_at_once(own, role, iam, speaker, refused):
    made = role()
    credentials = take_on(own, made)["Credentials"]
    speaker(credentials).list_keys()
    iam.delete_role_policy(RoleName=made["RoleName"], PolicyName="own")
    iam.delete_role(RoleName=made["RoleName"])
    with refused("UnrecognizedClientException"):
        speaker(credentials).list_keys()
    with refused("InvalidClientTokenId") as error:
        speaker(credentials, "sts").get_caller_identity()
    assert error.status == 403
    with refused("InvalidClientTokenId"):
        speaker(credentials, "iam").list_users()
    again = iam.create_role(RoleName=made["RoleName"], AssumeRolePolicyDocument=text(made["AssumeRolePolicyDocument"]))["Role"]
    assert again["Arn"] == made["Arn"]
    with refused("UnrecognizedClientException"):
        speaker(credentials).list_keys()


def test_open_sessions_are_revoked_by_their_age(own, role, iam, speaker, refused):
    made = role()
    old = speaker(take_on(own, made)["Credentials"])
    old.list_keys()
    time.sleep(1.1)
    deny = allow("*", effect="Deny")
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    deny["Statement"][0]["Condition"] = {"DateLessThan": {"aws:TokenIssueTime": now}}
    iam.put_role_policy(RoleName=made["RoleName"], PolicyName="AWSRevokeOlderSessions", PolicyDocument=text(deny))
    with refused("AccessDeniedException"):
        old.list_keys()
    speaker(take_on(own, made)["Credentials"]).list_keys()


@pytest.mark.parametrize("token", ["", "AQ", "x" * 500, "A" * 17_000])
def test_a_token_of_nobody_is_refused(own, role, server, token):
    credentials = take_on(own, role())["Credentials"]
    signing = {"access_key": credentials["AccessKeyId"], "secret": credentials["SecretAccessKey"]}
    assert Wire(server.env).call("ListKeys", {}, token=credentials["SessionToken"], **signing).status == 200
    answer = Wire(server.env).call("ListKeys", {}, token=token, **signing)
    assert (answer.status, answer.type) == (400, "UnrecognizedClientException"), answer.body
    answer = Wire(server.env).call("ListKeys", {}, **signing)
    assert (answer.status, answer.type) == (400, "UnrecognizedClientException"), answer.body
    answer = Wire(server.env).call("ListKeys", {}, token=credentials["SessionToken"], access_key=signing["access_key"], secret="no")
    assert answer.type == "InvalidSignatureException"


# --- Users ---------------------------------------------------------------------------------------------------------


def test_a_users_own_session_is_the_user_and_looks_after_nobody(own, person, iam, speaker, refused, role):
    credentials = own.get_session_token()["Credentials"]
    assert credentials["Expiration"].timestamp() - time.time() > 43_000
    sts = speaker(credentials, "sts")
    assert sts.get_caller_identity()["Arn"].endswith(f":user/{person[0]}")
    speaker(credentials).list_keys()
    with refused("AccessDenied") as error:
        speaker(credentials, "iam").list_users()
    assert error.message.startswith("Cannot call ListUsers with a session that was opened without MFA")
    with refused("AccessDenied") as error:
        sts.get_session_token()
    assert error.message == "Cannot call GetSessionToken with session credentials"
    with refused("AccessDenied"):
        sts.get_federation_token(Name="bob")
    take_on(sts, role())


@pytest.fixture
def device(person, iam):
    """The MFA device of the person: its serial number and its seed."""
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=name("device"))["VirtualMFADevice"]
    seed, now = made["Base32StringSeed"], time.time()
    codes = {"AuthenticationCode1": code(seed, now - 60), "AuthenticationCode2": code(seed, now - 30)}
    iam.enable_mfa_device(UserName=person[0], SerialNumber=made["SerialNumber"], **codes)
    return made["SerialNumber"], seed


def test_a_second_factor_is_asked_for_and_good_once(own, device, role, account, speaker, refused):
    serial, seed = device
    made = role(statement(account, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    with refused("AccessDenied"):
        take_on(own, made)
    shown = {"SerialNumber": serial, "TokenCode": code(seed, time.time())}
    credentials = own.get_session_token(**shown)["Credentials"]
    for again in (own.get_session_token, lambda **more: take_on(own, made, **more)):
        with refused("AccessDenied") as error:
            again(**shown)
        assert error.message == "MultiFactorAuthentication failed with invalid MFA one time pass code. "
    speaker(credentials, "iam").list_users()
    take_on(speaker(credentials, "sts"), made)
    with refused("AccessDenied") as error:
        own.get_session_token(SerialNumber=serial + "x", TokenCode=shown["TokenCode"])
    assert "Please verify your MFA serial number is valid" in error.message
    with refused("ValidationError"):
        own.get_session_token(SerialNumber=serial)


def test_a_federated_user_has_what_both_allow(own, person, account, speaker, key_id, refused):
    answer = own.get_federation_token(Name="bob", Policy=text(allow("kms:Encrypt", "kms:Describe*")), DurationSeconds=900)
    assert answer["FederatedUser"] == {"Arn": f"arn:aws:sts::{account}:federated-user/bob", "FederatedUserId": f"{account}:bob"}
    assert 1 <= answer["PackedPolicySize"] <= 5
    kms = speaker(answer["Credentials"])
    sealed = kms.encrypt(KeyId=key_id, Plaintext=b"x")["CiphertextBlob"]
    with refused("AccessDeniedException"):
        kms.decrypt(CiphertextBlob=sealed)
    sts = speaker(answer["Credentials"], "sts")
    assert sts.get_caller_identity()["UserId"] == f"{account}:bob"
    with refused("AccessDenied"):
        sts.get_access_key_info(AccessKeyId=person[1]["AccessKeyId"])
    with refused("AccessDenied"):
        speaker(answer["Credentials"], "iam").get_user()
    none = speaker(own.get_federation_token(Name="carol")["Credentials"])
    with refused("AccessDeniedException"):
        none.list_keys()


def test_whose_an_access_key_is(own, person, account, refused):
    assert own.get_access_key_info(AccessKeyId=person[1]["AccessKeyId"])["Account"] == account
    with refused("ValidationError"):
        own.get_access_key_info(AccessKeyId="AKIAUNKNOWN234567ABC")


# --- Links ---------------------------------------------------------------------------------------------------------


def link(env, credentials, operation="GetCallerIdentity", expires=60, **more):
    """What `aws eks get-token` makes: a link that tells whoever has it who made it."""
    session = boto3.session.Session(
        aws_access_key_id=credentials["AccessKeyId"], aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials.get("SessionToken"), region_name=env["AWS_REGION"],
    )
    sts = session.client("sts")
    signer = RequestSigner(sts.meta.service_model.service_id, env["AWS_REGION"], "sts", "v4", session.get_credentials(), session.events)
    request = {
        "method": "GET", "url": f"{env['AWS_ENDPOINT_URL'].rstrip('/')}/?Action={operation}&Version=2011-06-15",
        "body": {}, "headers": more, "context": {},
    }
    return signer.generate_presigned_url(request, region_name=env["AWS_REGION"], expires_in=expires, operation_name="")


def test_a_link_proves_who_made_it(server, own, role, account):
    credentials = take_on(own, role())["Credentials"]
    context = ssl.create_default_context(cafile=server.env.get("AWS_CA_BUNDLE"))

    def follow(url, **headers):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20, context=context) as answer:
                return answer.status, ElementTree.fromstring(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, ElementTree.fromstring(error.read())

    url = link(server.env, credentials, **{"x-k8s-aws-id": "cluster"})
    status, answer = follow(url, **{"x-k8s-aws-id": "cluster"})
    assert status == 200 and answer.findtext(".//{*}Arn").startswith(f"arn:aws:sts::{account}:assumed-role/")
    for wrong in ({}, {"x-k8s-aws-id": "other"}):
        status, answer = follow(url, **wrong)
        assert (status, answer.findtext(".//{*}Code")) == (403, "SignatureDoesNotMatch")
    assert follow(link(server.env, credentials, expires=604_800))[0] == 200
    for expires, words in ((604_801, "less than a week"), (0, "at least a second")):
        status, answer = follow(link(server.env, credentials, expires=expires))
        assert status == 400 and words in answer.findtext(".//{*}Message"), expires
    status, answer = follow(link(server.env, credentials, operation="GetSessionToken"))
    assert status == 403 and "Cannot call GetSessionToken" in answer.findtext(".//{*}Message")


# --- Identity providers --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vouched():
    """A provider on loopback, and a server that may ask it."""
    provider = Provider()
    with Server(None, *provider.flags) as started:
        yield provider, started
    provider.close()


@pytest.mark.needs_binary
def test_a_token_of_a_provider_takes_on_a_role(vouched, refused):
    provider, server = vouched
    iam, sts = client(server.env, "iam"), client(server.env, "sts")
    account = sts.get_caller_identity()["Account"]
    arn = iam.create_open_id_connect_provider(Url=provider.issuer, ClientIDList=["keystead"])["OpenIDConnectProviderArn"]
    document = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": arn}, "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        "Condition": {"StringEquals": {f"{provider.host}:sub": "repo:a/b:ref:refs/heads/main", f"{provider.host}:aud": "keystead"}},
    }]}
    role = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=text(document))["Role"]
    iam.put_role_policy(RoleName="deploy", PolicyName="all", PolicyDocument=text(allow("kms:*")))
    unsigned = client(server.env, "sts", signature_version=UNSIGNED)

    def ask(token, **more):
        return unsigned.assume_role_with_web_identity(RoleArn=role["Arn"], RoleSessionName="run-7", WebIdentityToken=token, **more)

    good = {"sub": "repo:a/b:ref:refs/heads/main"}
    answer = ask(provider.token(time.time(), **good))
    assert answer["SubjectFromWebIdentityToken"] == good["sub"] and answer["Audience"] == "keystead" and answer["Provider"] == arn
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{account}:assumed-role/deploy/run-7"
    speaking(server.env, answer["Credentials"]).create_key()

    # Keys are held: one more token asks nobody. A new key is asked for.
    before = provider.asked
    ask(provider.token(time.time(), **good))
    assert provider.asked == before
    provider.rotate()
    deadline = time.monotonic() + 60
    while True:
        try:
            ask(provider.token(time.time(), **good))
            break
        except unsigned.exceptions.ClientError as error:
            # How often a provider is asked is bounded, so that it may take a while.
            if time.monotonic() > deadline:
                raise
            assert error.response["Error"]["Code"] in ("InvalidIdentityToken", "IDPCommunicationError"), error
            time.sleep(1)
    assert provider.asked > before

    with refused("AccessDenied") as error:
        ask(provider.token(time.time(), sub="repo:a/c:ref:refs/heads/main"))
    assert error.message == "Not authorized to perform sts:AssumeRoleWithWebIdentity" and error.status == 403
    with refused("InvalidIdentityToken") as error:
        ask(provider.token(time.time(), aud="somebody", **good))
    assert error.message == "Incorrect token audience" and error.status == 400
    with refused("ExpiredTokenException") as error:
        ask(provider.token(time.time() - 3600, **good))
    assert error.status == 400
    with refused("InvalidIdentityToken") as error:
        ask(provider.token(time.time(), iss="https://other.example.com", **good))
    assert "No OpenIDConnect provider found in your account for https://other.example.com" in error.message
    with refused("InvalidIdentityToken"):
        ask("a.b.c")
    tagged = {"https://aws.amazon.com/tags": {"principal_tags": {"team": ["blue"]}, "transitive_tag_keys": ["team"]}}
    assert ask(provider.token(time.time(), **good, **tagged))["PackedPolicySize"] >= 1
    records = server.run("audit", "search", "--action", "sts:AssumeRoleWithWebIdentity", "--json").stdout.decode()
    assert len([line for line in records.splitlines() if line.strip()]) >= 9
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    with refused("InvalidIdentityToken"):
        ask(provider.token(time.time(), **good))


# --- Time, and the command line ------------------------------------------------------------------------------------


@pytest.mark.needs_binary
def test_a_session_ends_when_its_time_is_over(refused):
    with Server(None, "--ephemeral", "--clock", "2026-01-01T00:00:00Z", "--frozen-clock") as server:
        iam = client(server.env, "iam")
        iam.create_user(UserName="ada")
        key = iam.create_access_key(UserName="ada")["AccessKey"]
        credentials = speaking(server.env, key, "sts").get_session_token(DurationSeconds=900)["Credentials"]
        sts = speaking(server.env, credentials, "sts")
        assert sts.get_caller_identity()["Arn"].endswith(":user/ada")
        wire = Wire(server.env, service="keystead")
        path, body = "/keystead/v1/dev/clock", json.dumps({"advance": "15m"}).encode()
        headers = wire.signed("POST", path, {"Content-Type": "application/json"}, body)
        assert wire.send("POST", path, headers, body).status == 200
        with refused("ExpiredToken") as error:
            sts.get_caller_identity()
        assert error.status == 403 and error.message == "The security token included in the request is expired"
        with refused("ExpiredTokenException"):
            speaking(server.env, credentials).list_keys()
        with refused("ExpiredToken"):
            speaking(server.env, credentials, "iam").list_users()


@pytest.mark.needs_binary
def test_the_command_line_takes_on_a_role_by_its_profile(server, person, role, iam, account, tmp_path):
    if not AWS.exists():
        pytest.fail(f"there is no {AWS.name} beside the Python that runs the tests")
    made = role(statement(account, {"StringEquals": {"sts:ExternalId": "customer-7"}}))
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    credentials.write_text(
        f"[ada]\naws_access_key_id = {person[1]['AccessKeyId']}\naws_secret_access_key = {person[1]['SecretAccessKey']}\n"
    )
    config.write_text(
        f"[profile work]\nrole_arn = {made['Arn']}\nsource_profile = ada\nexternal_id = customer-7\nrole_session_name = cli\n"
        f"region = {server.env['AWS_REGION']}\n"
    )
    env = server.environment(AWS_PAGER="", AWS_CONFIG_FILE=str(config), AWS_SHARED_CREDENTIALS_FILE=str(credentials), HOME=str(tmp_path))
    env = {key: value for key, value in env.items() if key not in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    aws = lambda *words: json.loads(run([str(AWS), *words, "--profile", "work", "--output", "json"], env).stdout)  # noqa: E731
    assert aws("sts", "get-caller-identity")["Arn"] == f"arn:aws:sts::{account}:assumed-role/{made['RoleName']}/cli"
    assert "Keys" in aws("kms", "list-keys")
    made = aws("sts", "assume-role", "--role-arn", role()["Arn"], "--role-session-name", "chained", "--duration-seconds", "900")
    assert made["AssumedRoleUser"]["Arn"].endswith("/chained")
