"""Options, and the server that most tests share."""

import os
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from harness.model import REGION
from harness.query import checked
from harness.server import Server, binary
from harness.wire import Wire
from harness.workshop import Workshop
from harness.xks import Proxies, Stores


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="crash tests at their full number, sealed files at full size")
    parser.addoption("--endpoint-env", help="a file of exports: test the server it names and start none")


def pytest_collection_modifyitems(config, items):
    elsewhere = config.getoption("--endpoint-env")
    missing = binary() is None
    for item in items:
        if item.get_closest_marker("needs_binary") and (elsewhere or missing):
            why = "another server is tested" if elsewhere else "there is no keystead program: set KEYSTEAD_BIN"
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def full(request):
    return request.config.getoption("--full")


class Elsewhere:
    """A server that somebody else started."""

    def __init__(self, path):
        from harness.server import clean_environment, exports

        self.env = exports(path)
        self.environment = lambda **more: clean_environment() | self.env | more


class NoStores:
    """Stands for custom key stores where the server does not know the proxy."""

    def __getattr__(self, name):
        pytest.skip("another server is tested, which does not know the key store proxy")


@pytest.fixture(scope="session")
def server(request):
    elsewhere = request.config.getoption("--endpoint-env")
    if elsewhere:
        yield Elsewhere(elsewhere)
        return
    if binary() is None:
        pytest.fail("there is no keystead program: build it, or set KEYSTEAD_BIN")
    with Server(None, *request.getfixturevalue("proxies").flags) as started:
        yield started
        assert started.process.poll() is None, f"the server ended by itself:\n{started.log()[-4000:]}"
        log = started.log()
        assert "panicked" not in log, log[-4000:]


@pytest.fixture(scope="session")
def proxies():
    """What keys of somebody else's key manager are reached through."""
    proxies = Proxies()
    yield proxies
    proxies.close()


def client(env, service="kms", **config):
    """A boto3 client that knows nothing but the exports, and never tries twice."""
    settings = Config(retries={"max_attempts": 1, "mode": "standard"}, **config)
    session = boto3.session.Session(
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
        region_name=env["AWS_REGION"],
    )
    return session.client(
        service, endpoint_url=env["AWS_ENDPOINT_URL"], verify=env.get("AWS_CA_BUNDLE", True), config=settings
    )


@pytest.fixture(scope="session")
def kms(server):
    return client(server.env)


@pytest.fixture(scope="session")
def loose(server):
    """boto3 without its own checks, so that the server's are met."""
    return client(server.env, parameter_validation=False)


@pytest.fixture(scope="session")
def workshop(server, loose, proxies):
    """Keys of every kind in every state, and a right request for each operation."""
    stores = NoStores() if isinstance(server, Elsewhere) else Stores(loose, proxies)
    return Workshop(loose, client(server.env | {"AWS_REGION": REGION}, parameter_validation=False), stores)


@pytest.fixture(scope="session")
def sts(server):
    return client(server.env, "sts")


@pytest.fixture(scope="session")
def iam(server):
    """IAM, all of whose answers are held against the service model."""
    return checked(client(server.env, "iam"))


@pytest.fixture(scope="session")
def as_user(server):
    """A client of a service that signs with an access key as IAM answered it."""

    def signing(key, service):
        own = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        return client(server.env | own, service)

    return signing


@pytest.fixture(scope="session")
def wire(server):
    return Wire(server.env)


@pytest.fixture(scope="session")
def account(sts):
    return sts.get_caller_identity()["Account"]


@pytest.fixture
def key(kms):
    """A fresh key's metadata."""
    return kms.create_key(Description="made by a test")["KeyMetadata"]


@pytest.fixture
def key_id(key):
    return key["KeyId"]


@pytest.fixture
def alias():
    """A name nobody else uses."""
    return f"alias/test/{uuid.uuid4()}"


@pytest.fixture
def disabled(kms):
    made = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=made)
    return made


@pytest.fixture
def doomed(kms):
    """A key that waits for its deletion."""
    made = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=made, PendingWindowInDays=7)
    return made


class Refusals:
    """`with refused("NotFoundException") as error:` — the call inside must be refused so."""

    def __call__(self, *codes):
        return _Refused(codes)


class _Refused:
    def __init__(self, codes):
        self.codes = codes
        self.code = self.message = self.status = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        assert kind is not None, f"the call went through; expected {self.codes}"
        if not issubclass(kind, ClientError):
            return False
        self.code = error.response["Error"]["Code"]
        self.message = error.response["Error"]["Message"]
        self.status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert self.code in self.codes, f"{self.code}: {self.message} (expected {self.codes})"
        assert 400 <= self.status < 500, self.status
        return True


@pytest.fixture(scope="session")
def refused():
    return Refusals()


os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
