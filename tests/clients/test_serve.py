"""`keystead init` and `keystead serve`: the server for production, from its first start on."""

import datetime
import ipaddress
import os
import signal
import socket
import ssl
import stat
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from conftest import client
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from harness.server import binary, clean_environment, free_port, run
from harness.wire import Wire, assert_refused

pytestmark = pytest.mark.needs_binary
ACCOUNT = "123456789012"


def keystead(*words, check=True, env=None):
    return run([str(binary()), *map(str, words)], env or clean_environment(), check=check)


def certificate(folder, name):
    """An authority in ca.crt, and a certificate of its making for this machine in tls.crt."""
    now = datetime.datetime.now(datetime.timezone.utc)
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    named = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])  # noqa: E731
    begun = lambda subject, public: (  # noqa: E731
        x509.CertificateBuilder().subject_name(named(subject)).issuer_name(named(f"authority {name}")).public_key(public)
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
    )
    is_authority = x509.BasicConstraints(ca=True, path_length=0)
    root = begun(f"authority {name}", authority.public_key()).add_extension(is_authority, True).sign(authority, hashes.SHA256())
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    leaf = begun(name, key.public_key()).add_extension(names, False).sign(authority, hashes.SHA256())
    pem, pkcs8, none = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "ca.crt").write_bytes(root.public_bytes(pem))
    (folder / "tls.crt").write_bytes(leaf.public_bytes(pem))
    (folder / "tls.key").write_bytes(key.private_bytes(pem, pkcs8, none))
    (folder / "tls.key").chmod(0o600)


class Production:
    """One server with its folder, its configuration and its exports."""

    def __init__(self, folder):
        self.folder = folder
        self.data, self.root_key, self.config = folder / "data", folder / "root.key", folder / "keystead.toml"
        self.port, self.metrics = free_port(), free_port()
        self.process = None

    def init(self):
        said = keystead("init", "--data", self.data, "--account", ACCOUNT, "--root-key", self.root_key).stdout.decode()
        words = dict(word.split("=", 1) for word in said.split() if word.startswith("AWS_") and "=" in word)
        certificate(self.folder, "one")
        self.config.write_text(
            f'[server]\nlocations = ["us-east-1", "eu-west-1"]\n[data]\nfolder = "{self.data}"\n[root_key]\nfile = "{self.root_key}"\n'
            f'[[listen]]\naddress = "127.0.0.1:{self.port}"\ntls_certificate = "{self.folder}/tls.crt"\ntls_key = "{self.folder}/tls.key"\n'
            f'[metrics]\naddress = "127.0.0.1:{self.metrics}"\n'
        )
        self.env = words | {
            "AWS_ENDPOINT_URL": f"https://localhost:{self.port}", "AWS_REGION": "us-east-1", "AWS_CA_BUNDLE": str(self.folder / "ca.crt"),
        }
        return said

    def start(self):
        self.log = open(self.folder / "log", "ab")
        command = [str(binary()), "serve", "--config", str(self.config)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=clean_environment())
        for _ in range(3000):
            assert self.process.poll() is None, (self.folder / "log").read_text()
            try:
                if self.get("/readyz")[0] == 200:
                    return self
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.01)
        raise AssertionError("it does not become ready")

    def get(self, path, port=None, scheme="https"):
        context = ssl.create_default_context(cafile=str(self.folder / "ca.crt")) if scheme == "https" else None
        try:
            with urllib.request.urlopen(f"{scheme}://localhost:{port or self.port}{path}", timeout=10, context=context) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            return self.process.wait(20)
        return self.process.returncode if self.process else None


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    made = Production(tmp_path_factory.mktemp("production"))
    made.said = made.init()
    yield made.start()
    code = made.stop()
    log = (made.folder / "log").read_text()
    assert code == 0 and "panicked" not in log, log


def test_init_makes_an_account_and_shows_its_key_once(production):
    assert ACCOUNT in production.said and production.env["AWS_SECRET_ACCESS_KEY"]
    for path, mode in ((production.data, 0o700), (production.root_key, 0o600)):
        assert stat.S_IMODE(os.stat(path).st_mode) == mode
    assert not production.root_key.is_relative_to(production.data)
    secret = production.env["AWS_SECRET_ACCESS_KEY"].encode()
    for folder, _, files in os.walk(production.data):
        for name in files:
            with open(os.path.join(folder, name), "rb") as file:
                assert secret not in file.read(), name


def test_init_touches_nothing_that_is_there(production, tmp_path):
    before = production.root_key.read_bytes()
    for words in (["--data", production.data], ["--data", tmp_path / "new", "--root-key", production.root_key]):
        done = keystead("init", "--account", ACCOUNT, *words, check=False)
        assert done.returncode != 0 and done.stderr
    assert production.root_key.read_bytes() == before
    done = keystead("init", "--account", ACCOUNT, "--data", tmp_path / "d", "--root-key", tmp_path / "d" / "key", check=False)
    assert done.returncode != 0 and b"inside" in done.stderr
    assert keystead("init", "--account", "12", "--data", tmp_path / "e", check=False).returncode == 2


def test_it_serves_its_locations_and_no_others(production):
    first = client(production.env)
    key = first.create_key()["KeyMetadata"]
    assert key["Arn"].startswith(f"arn:aws:kms:us-east-1:{ACCOUNT}:key/")
    second = client(production.env | {"AWS_REGION": "eu-west-1"})
    assert second.create_key()["KeyMetadata"]["Arn"].startswith("arn:aws:kms:eu-west-1:")
    with pytest.raises(second.exceptions.NotFoundException):
        second.describe_key(KeyId=key["KeyId"])
    assert_refused(Wire(production.env).call("ListKeys", {}, region="eu-west-3"), "InvalidSignatureException")


@pytest.mark.parametrize("method, body", [("GET", b""), ("POST", b'{"advance":"1d"}')])
def test_its_clock_cannot_be_moved(production, method, body):
    wire = Wire(production.env, service="keystead")
    path = "/keystead/v1/dev/clock"
    assert_refused(wire.send(method, path, wire.signed(method, path, {}, body), body), status=404)


def test_health_readiness_and_figures_are_there_for_machines(production):
    client(production.env).generate_random(NumberOfBytes=8)
    assert production.get("/healthz")[0] == 200
    assert production.get("/readyz")[0] == 200
    status, text = production.get("/metrics", production.metrics, "http")
    assert status == 200 and "# TYPE" in text and "keystead" in text
    for secret in (production.env["AWS_SECRET_ACCESS_KEY"], production.env["AWS_ACCESS_KEY_ID"]):
        assert secret not in text
    assert production.get("/metrics")[0] >= 400, "figures are on a listener of their own"


def test_status_says_how_it_is(production):
    env = clean_environment() | production.env
    assert keystead("status", env=env).stdout.strip()
    assert keystead("status", "--json", env=env).stdout.strip().startswith(b"{")
    assert keystead("status", env=env | {"AWS_SECRET_ACCESS_KEY": "wrong"}, check=False).returncode != 0


def test_the_certificate_is_read_again_on_sighup(production):
    def shown():
        with socket.create_connection(("127.0.0.1", production.port), 10) as plain:
            context = ssl._create_unverified_context()
            with context.wrap_socket(plain, server_hostname="localhost") as wrapped:
                return wrapped.getpeercert(binary_form=True)

    before = shown()
    certificate(production.folder, "two")
    production.process.send_signal(signal.SIGHUP)
    for _ in range(500):
        if shown() != before:
            break
        time.sleep(0.01)
    assert shown() != before
    client(production.env).list_keys()
    (production.folder / "tls.crt").write_text("no certificate")
    after = shown()
    production.process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert shown() == after and production.process.poll() is None
    certificate(production.folder, "three")
    production.process.send_signal(signal.SIGHUP)
    time.sleep(0.3)


def test_a_second_server_on_the_same_folder_is_refused(production):
    done = keystead("serve", "--config", production.config, check=False)
    assert done.returncode != 0 and str(production.data).encode() in done.stderr, done


def test_the_log_is_behind_the_root_access_key(production):
    env = clean_environment() | production.env
    assert b"CreateKey" in keystead("audit", "search", "--action", "CreateKey", env=env).stdout


@pytest.fixture
def fresh(tmp_path):
    made = Production(tmp_path)
    made.init()
    return made


def test_a_good_configuration_can_be_checked_without_serving(fresh):
    keystead("serve", "--check", "--config", fresh.config)


@pytest.mark.parametrize(
    "old, new",
    [
        ("[data]", "[data]\ncolour = 'red'"),
        ("[data]", "[dada]"),
        ("folder = ", "folder = 7 #"),
        ("[server]", "[server"),
        ("us-east-1", "US EAST"),
        ("127.0.0.1:", "nowhere:"),
        ('[metrics]\naddress = "127.0.0.1', '[metrics]\naddress = "0.0.0.0'),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_place(fresh, old, new):
    text = fresh.config.read_text()
    assert old in text
    fresh.config.write_text(text.replace(old, new, 1))
    for words in (["--check"], []):
        done = keystead("serve", *words, "--config", fresh.config, check=False)
        assert done.returncode == 2 and done.stderr and b"panicked" not in done.stderr, done


def test_plain_http_beyond_loopback_is_refused(fresh):
    text = fresh.config.read_text()
    start = text.index("[[listen]]")
    fresh.config.write_text(text[:start] + '[[listen]]\naddress = "0.0.0.0:1"\nplain = true\n')
    done = keystead("serve", "--check", "--config", fresh.config, check=False)
    assert done.returncode == 2 and b"loopback" in done.stderr, done


def test_a_root_key_that_others_can_read_or_that_is_damaged_is_refused(fresh):
    fresh.root_key.chmod(0o644)
    assert keystead("serve", "--check", "--config", fresh.config, check=False).returncode != 0
    fresh.root_key.chmod(0o600)
    whole = fresh.root_key.read_bytes()
    for broken in (b"", whole[:-10], bytes(reversed(whole)), os.urandom(32)):
        fresh.root_key.write_bytes(broken)
        done = keystead("serve", "--check", "--config", fresh.config, check=False)
        assert done.returncode != 0 and b"panicked" not in done.stderr, done
    fresh.root_key.write_bytes(whole)
    keystead("serve", "--check", "--config", fresh.config)


def test_another_servers_root_key_does_not_open_this_data(fresh, tmp_path):
    other = Production(tmp_path / "other")
    other.folder.mkdir()
    other.init()
    fresh.root_key.write_bytes(other.root_key.read_bytes())
    done = keystead("serve", "--config", fresh.config, check=False)
    assert done.returncode != 0 and b"root key" in done.stderr, done


def test_the_sample_says_every_setting_and_is_taken_as_it_is(fresh):
    text = keystead("sample-config").stdout.decode()
    for section in ("[server]", "[data]", "[root_key]", "[[listen]]", "[metrics]", "[limits]", "[audit]", "[log]"):
        assert section in text
    for old, new in (
        ("/var/lib/keystead", str(fresh.data)), ("/etc/keystead/root.key", str(fresh.root_key)),
        ("/etc/keystead/tls.crt", str(fresh.folder / "tls.crt")), ("/etc/keystead/tls.key", str(fresh.folder / "tls.key")),
    ):
        text = text.replace(old, new)
    fresh.config.write_text(text)
    keystead("serve", "--check", "--config", fresh.config)


def test_a_store_put_back_to_an_earlier_state_is_refused(fresh):
    fresh.start()
    first = client(fresh.env)
    first.create_key()
    assert fresh.stop() == 0
    store = fresh.data / "store"
    kept = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    assert kept, f"no store in {sorted(fresh.data.rglob('*'))}"
    fresh.start()
    key = first.create_key()["KeyMetadata"]["KeyId"]
    first.disable_key(KeyId=key)
    assert fresh.stop() == 0
    for path, data in kept.items():
        path.write_bytes(data)
    done = keystead("serve", "--config", fresh.config, check=False)
    assert done.returncode != 0 and b"older than the audit log" in done.stderr, done
