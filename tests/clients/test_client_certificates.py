"""A listener that lets in clients with a certificate of the operator's authorities only, met by Python's TLS, curl and boto3."""

import datetime
import http.client
import os
import shutil
import signal
import ssl
import subprocess
import time

import pytest
from conftest import client
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from harness.server import clean_environment, free_port
from test_serve import Production, keystead

pytestmark = pytest.mark.needs_binary
PEM = serialization.Encoding.PEM
REFUSED = (ssl.SSLError, ConnectionError, http.client.BadStatusLine)


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """Certifies clients, and takes certificates back."""

    def __init__(self, folder, name):
        self.folder, self.name, self.key = folder, named(name), ec.generate_private_key(ec.SECP256R1())
        self.now = datetime.datetime.now(datetime.timezone.utc)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        made = (
            self.begun(self.name, self.key.public_key(), 30).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
            .add_extension(usage, True).add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), False)
        )
        self.path = folder / f"{name}.crt"
        self.path.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(PEM))

    def begun(self, subject, public, days):
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(public)
            .serial_number(x509.random_serial_number()).not_valid_before(self.now - datetime.timedelta(days=10))
            .not_valid_after(self.now + datetime.timedelta(days=days))
        )

    def certify(self, name, days=30, purpose=ExtendedKeyUsageOID.CLIENT_AUTH):
        """Paths of a certificate and its key, and its serial number."""
        key = ec.generate_private_key(ec.SECP256R1())
        begun = self.begun(named(name), key.public_key(), days).add_extension(x509.ExtendedKeyUsage([purpose]), False)
        made = begun.sign(self.key, hashes.SHA256())
        certificate, private = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        certificate.write_bytes(made.public_bytes(PEM))
        private.write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return (certificate, private), made.serial_number

    def revoke(self, path, *serials):
        """Writes the list of what it has taken back."""
        made = (
            x509.CertificateRevocationListBuilder().issuer_name(self.name).last_update(self.now)
            .next_update(self.now + datetime.timedelta(days=1)).add_extension(x509.CRLNumber(len(serials)), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)
        )
        for serial in serials:
            revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(self.now).build()
            made = made.add_revoked_certificate(revoked)
        path.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(PEM))


class Gated(Production):
    """A server whose listener wants certificates."""

    def init(self):
        said = super().init()
        self.clients, self.strangers = Authority(self.folder, "clients"), Authority(self.folder, "strangers")
        self.ours, self.our_serial = self.clients.certify("ours")
        self.other, self.other_serial = self.clients.certify("other")
        self.list = self.folder / "clients.crl"
        self.clients.revoke(self.list)
        self.open_port = free_port()
        gate = f'client_ca_file = "{self.clients.path}"\nclient_crl_file = "{self.list}"\n'
        opened = f'[[listen]]\naddress = "127.0.0.1:{self.open_port}"\nplain = true\n'
        self.config.write_text(self.config.read_text().replace("[metrics]", f"{gate}{opened}[metrics]"))
        return said

    def get(self, path, port=None, scheme="https"):
        """Readiness is asked for where no certificate is."""
        return super().get(path, port or self.open_port, "http")

    def context(self, identity=None, version=None):
        context = ssl.create_default_context(cafile=str(self.folder / "ca.crt"))
        if identity:
            context.load_cert_chain(*map(str, identity))
        if version:
            context.maximum_version = version
        return context

    def ask(self, identity=None, version=None):
        """The status of a request without a signature over a new connection."""
        context = self.context(identity, version)
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=10, context=context)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        finally:
            connection.close()

    def is_let_in(self, identity, version=None):
        try:
            return self.ask(identity, version) == 200
        except REFUSED:
            return False

    def reload_until(self, holds):
        self.process.send_signal(signal.SIGHUP)
        for _ in range(500):
            if holds():
                return True
            time.sleep(0.01)
        return False


@pytest.fixture(scope="module")
def gated(tmp_path_factory):
    made = Gated(tmp_path_factory.mktemp("gated"))
    made.init()
    yield made.start()
    code = made.stop()
    log = (made.folder / "log").read_text()
    assert code == 0 and "panicked" not in log, log


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
def test_who_has_a_certificate_of_ours_is_let_in_and_nobody_else(gated, version):
    assert gated.is_let_in(gated.ours, version)
    for stranger in (
        None,
        gated.strangers.certify("stranger")[0],
        gated.clients.certify("late", days=-1)[0],
        gated.clients.certify("server", purpose=ExtendedKeyUsageOID.SERVER_AUTH)[0],
    ):
        with pytest.raises(REFUSED):
            gated.ask(stranger, version)


def test_somebody_elses_certificate_without_its_key_is_of_no_use(gated):
    _, key = gated.strangers.certify("thief")[0]
    with pytest.raises(ssl.SSLError):
        gated.context((gated.ours[0], key))
    # A certificate that names our authority as its issuer, and was signed by another.
    impostor = Authority(made_folder(gated, "impostor"), "clients")
    with pytest.raises(REFUSED):
        gated.ask(impostor.certify("ours")[0])


def made_folder(gated, name):
    folder = gated.folder / name
    folder.mkdir()
    return folder


def kms(gated, identity, **more):
    return client(gated.env | more, client_cert=tuple(map(str, identity)))


def test_a_signature_is_needed_all_the_same(gated):
    assert kms(gated, gated.ours).generate_random(NumberOfBytes=8)["Plaintext"]
    with pytest.raises(Exception, match="InvalidSignatureException"):
        kms(gated, gated.ours, AWS_SECRET_ACCESS_KEY="wrong").generate_random(NumberOfBytes=8)
    context = gated.context(gated.ours)
    connection = http.client.HTTPSConnection("localhost", gated.port, timeout=10, context=context)
    connection.request("POST", "/", b"{}", {"X-Amz-Target": "TrentService.ListKeys", "Content-Type": "application/x-amz-json-1.1"})
    answer = connection.getresponse()
    assert answer.status == 400 and b"MissingAuthenticationToken" in answer.read()


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_curl_is_let_in_with_its_certificate(gated):
    def curl(*more):
        words = ["curl", "--silent", "--max-time", "10", "--cacert", gated.folder / "ca.crt", *more, f"https://localhost:{gated.port}/healthz"]
        return subprocess.run(list(map(str, words)), capture_output=True, env=clean_environment())

    assert curl("--cert", gated.ours[0], "--key", gated.ours[1]).stdout == b"ok\n"
    assert curl().returncode != 0


def test_a_certificate_that_was_taken_back_is_refused_after_sighup(gated):
    assert gated.is_let_in(gated.other)
    gated.clients.revoke(gated.list, gated.other_serial)
    assert gated.reload_until(lambda: not gated.is_let_in(gated.other))
    assert gated.is_let_in(gated.ours)
    # A list that cannot be read leaves the former in force: what was taken back stays so.
    gated.list.write_text("half a list")
    gated.process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert not gated.is_let_in(gated.other) and gated.is_let_in(gated.ours)
    assert "clients.crl" in (gated.folder / "log").read_text()
    # One of somebody else's says nothing about ours.
    gated.strangers.revoke(gated.list)
    assert gated.reload_until(lambda: not gated.is_let_in(gated.ours))
    gated.clients.revoke(gated.list, gated.other_serial)
    assert gated.reload_until(lambda: gated.is_let_in(gated.ours))
    assert not gated.is_let_in(gated.other)


def test_authorities_can_be_exchanged(gated):
    before = gated.clients.path.read_bytes()
    both = gated.list.read_bytes()
    stranger, _ = gated.strangers.certify("welcome")
    gated.strangers.revoke(gated.list)
    gated.clients.path.write_bytes(gated.strangers.path.read_bytes())
    assert gated.reload_until(lambda: gated.is_let_in(stranger))
    assert not gated.is_let_in(gated.ours)
    gated.clients.path.write_bytes(before)
    gated.list.write_bytes(both)
    assert gated.reload_until(lambda: gated.is_let_in(gated.ours))
    assert not gated.is_let_in(stranger)


def test_files_of_no_use_are_found_before_the_start(gated):
    kept = gated.clients.path.read_bytes()
    try:
        for text in (b"", b"nothing", os.urandom(100)):
            gated.clients.path.write_bytes(text)
            done = keystead("serve", "--check", "--config", gated.config, check=False)
            assert done.returncode != 0 and b"clients.crt" in done.stderr and b"panicked" not in done.stderr, done
    finally:
        gated.clients.path.write_bytes(kept)
    keystead("serve", "--check", "--config", gated.config)
