"""`keystead dev` from the outside: starting, stopping, restarting, and the ways in which it will not start."""

import os
import signal
import socket
import stat
import subprocess
import time

import pytest
from conftest import client
from harness.server import Server, StartError, binary, clean_environment, free_port

pytestmark = pytest.mark.needs_binary


def test_state_survives_a_restart(tmp_path):
    with Server(tmp_path / "data") as first:
        kms = client(first.env)
        key = kms.create_key(Description="stays")["KeyMetadata"]
        kms.create_alias(AliasName="alias/stays", TargetKeyId=key["KeyId"])
        kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "a", "TagValue": "b"}])
        kms.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=100)
        blob = kms.encrypt(KeyId="alias/stays", Plaintext=b"x", EncryptionContext={"c": "d"})["CiphertextBlob"]
        kms.rotate_key_on_demand(KeyId=key["KeyId"])
        rotation = kms.get_key_rotation_status(KeyId=key["KeyId"])
        assert first.stop() == 0
        names = {name: first.env[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")}
    with Server(tmp_path / "data") as second:
        assert names == {name: second.env[name] for name in names}
        kms = client(second.env)
        found = kms.describe_key(KeyId="alias/stays")["KeyMetadata"]
        assert found["Description"] == "stays" and found["CreationDate"] == key["CreationDate"]
        assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "a", "TagValue": "b"}]
        after = kms.get_key_rotation_status(KeyId=key["KeyId"])
        assert after["NextRotationDate"] == rotation["NextRotationDate"]
        assert kms.decrypt(CiphertextBlob=blob, EncryptionContext={"c": "d"})["Plaintext"] == b"x"
        assert len(kms.list_key_rotations(KeyId=key["KeyId"])["Rotations"]) == 1
        assert second.stop() == 0


def test_an_authority_trusted_before_a_restart_is_trusted_after_it(tmp_path):
    with Server(tmp_path / "data") as first:
        bundle = tmp_path / "ca.pem"
        bundle.write_bytes(open(first.env["AWS_CA_BUNDLE"], "rb").read())
    with Server(tmp_path / "data") as second:
        client(second.env | {"AWS_CA_BUNDLE": str(bundle)}).list_keys()


def test_an_ephemeral_server_answers_and_leaves_nothing(tmp_path):
    with Server(None, "--ephemeral") as server:
        kms = client(server.env)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        assert kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"])["Plaintext"] == b"x"
        assert not server.data.exists()
        assert server.stop() == 0


def test_plain_http_is_for_clients_without_an_authority(tmp_path):
    with Server(tmp_path / "data", "--plain") as server:
        assert server.env["AWS_ENDPOINT_URL"].startswith("http://")
        assert "AWS_CA_BUNDLE" not in server.env
        client(server.env).list_keys()


def test_any_free_port_can_be_asked_for(tmp_path):
    with Server(tmp_path / "data", listen="127.0.0.1:0") as server:
        assert not server.env["AWS_ENDPOINT_URL"].endswith(":0")
        client(server.env).list_keys()


def test_what_holds_secrets_is_the_owners_alone(tmp_path):
    with Server(tmp_path / "data") as server:
        client(server.env).create_key()
        assert stat.S_IMODE(os.stat(server.folder / "env").st_mode) == 0o600
        assert stat.S_IMODE(os.stat(server.data).st_mode) == 0o700
        for folder, _, files in os.walk(server.data):
            for name in files:
                mode = stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode)
                assert mode & 0o077 == 0 or name.endswith(".pem"), (name, oct(mode))


def test_what_is_printed_can_be_pasted(tmp_path):
    with Server(tmp_path / "data") as server:
        said = server.log()
        for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_CA_BUNDLE"):
            assert f"export {name}=" in said, said
        assert "keystead seal" in said or "aws kms" in said


def refused(tmp_path, *flags, data=None, listen=None):
    """What the program says when it will not start."""
    server = Server(data or tmp_path / "data", *flags, listen=listen)
    with pytest.raises(StartError) as error:
        server.start()
    server.remove()
    text = str(error.value)
    assert "panicked" not in text and "RUST_BACKTRACE" not in text, text
    assert "ended with 0" not in text
    return text


def test_a_port_in_use_is_said_so(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(tmp_path, listen=f"127.0.0.1:{port}")
    assert str(port) in said and ("in use" in said or "--listen" in said), said


def test_a_second_server_on_the_same_data_is_refused(tmp_path):
    with Server(tmp_path / "data") as first:
        said = refused(tmp_path, data=tmp_path / "data")
        assert str(tmp_path / "data") in said, said
        client(first.env).list_keys()


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path):
    occupied = tmp_path / "occupied"
    occupied.write_text("a file")
    said = refused(tmp_path, data=occupied / "data")
    assert str(occupied) in said, said


def test_an_address_beyond_this_machine_is_refused(tmp_path):
    said = refused(tmp_path, listen=f"0.0.0.0:{free_port()}")
    assert "loopback" in said, said


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_ends_it_cleanly_and_soon(tmp_path, sent):
    with Server(tmp_path / "data") as server:
        kms = client(server.env)
        kms.create_key()
        server.process.send_signal(sent)
        assert server.process.wait(10) == 0, server.log()


def test_a_stop_loses_no_accepted_request(tmp_path):
    """A client that writes without pause until the door closes finds every key it was told of after the restart."""
    from botocore.exceptions import BotoCoreError, ClientError

    told = []
    with Server(tmp_path / "data") as server:
        kms = client(server.env)
        until = time.monotonic() + 1.0
        try:
            while True:
                told.append(kms.create_key()["KeyMetadata"]["KeyId"])
                if time.monotonic() > until and server.process.poll() is None:
                    server.process.send_signal(signal.SIGTERM)
                    until = float("inf")
        except (BotoCoreError, ClientError):
            pass
        assert server.process.wait(10) == 0
    with Server(tmp_path / "data") as server:
        kms = client(server.env)
        for key in told:
            kms.describe_key(KeyId=key)
    assert len(told) > 10


@pytest.mark.parametrize("arguments", [["--help"], ["dev", "--help"], ["serve", "--help"], ["seal", "--help"], ["open", "--help"], ["audit", "--help"], ["--version"]])
def test_help_is_there_without_a_server(arguments):
    done = subprocess.run([binary(), *arguments], capture_output=True, timeout=20, env=clean_environment())
    assert done.returncode == 0 and done.stdout


@pytest.mark.parametrize("arguments", [[], ["no-such-command"], ["dev", "--no-such-flag"], ["dev", "--listen", "nonsense"], ["serve"]])
def test_a_wrong_command_line_is_refused_with_2(arguments):
    done = subprocess.run([binary(), *arguments], capture_output=True, timeout=20, env=clean_environment())
    assert done.returncode == 2, done
