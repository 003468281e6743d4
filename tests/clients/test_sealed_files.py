"""`keystead seal|open|inspect`: what comes back, what is refused and how it says so, what is left on disk."""

import hashlib
import os
import struct
import subprocess
import threading
import time

import pytest
from conftest import client
from harness.server import binary

pytestmark = pytest.mark.needs_binary
FRAME = 1 << 20
SIZES = [0, 1, 15, 16, 4096, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 12345]


@pytest.fixture(scope="module")
def key(server):
    return client(server.env).create_key()["KeyMetadata"]["Arn"]


def make(path, size):
    path.write_bytes(os.urandom(size))
    return path


def seal(server, key, path, *flags):
    server.run("seal", "--key", key, *flags, path)
    return path.with_name(path.name + ".sealed")


def refused(server, *arguments, input=None):
    """What the program says when it refuses; it must not have panicked."""
    done = server.run(*arguments, input=input, check=False)
    said = done.stderr.decode()
    assert done.returncode != 0, f"it went through: {arguments}\n{said}"
    assert said.strip() and "panicked" not in said, said
    return said


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back(server, key, tmp_path, size):
    plain = make(tmp_path / "plain", size)
    sealed = seal(server, key, plain, "--context", "tenant=7")
    assert sealed.stat().st_size > size and plain.exists()
    server.run("open", sealed, "-o", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == plain.read_bytes()
    leftovers = {path.name for path in tmp_path.iterdir()} - {"plain", "plain.sealed", "back"}
    assert not leftovers


@pytest.mark.parametrize("size", [0, 1, FRAME, FRAME + 1])
def test_pipes_work_as_files_do(server, key, size):
    plain = os.urandom(size)
    sealed = server.run("seal", "--key", key, "-", input=plain).stdout
    assert len(sealed) > size and (size < 16 or plain not in sealed)
    assert server.run("open", "-", input=sealed).stdout == plain


def test_the_name_of_an_opened_file_is_the_name_it_had(server, key, tmp_path):
    plain = make(tmp_path / "report.pdf", 1000)
    was = plain.read_bytes()
    sealed = seal(server, key, plain)
    plain.unlink()
    server.run("open", sealed)
    assert plain.read_bytes() == was


def test_existing_files_are_kept_unless_forced(server, key, tmp_path):
    plain = make(tmp_path / "plain", 100)
    sealed = seal(server, key, plain)
    first = sealed.read_bytes()
    assert "--force" in refused(server, "seal", "--key", key, plain)
    assert sealed.read_bytes() == first
    server.run("seal", "--key", key, "--force", plain)
    assert sealed.read_bytes() != first
    kept = make(tmp_path / "kept", 10)
    before = kept.read_bytes()
    assert "--force" in refused(server, "open", sealed, "-o", kept)
    assert kept.read_bytes() == before
    server.run("open", "--force", sealed, "-o", kept)
    assert kept.read_bytes() == plain.read_bytes()


def test_several_files_and_a_whole_folder_go_in_one_call(server, key, tmp_path):
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    was = {path: make(path, 5000).read_bytes() for path in (folder / "a", folder / "b", folder / "deep" / "c")}
    single = make(tmp_path / "single", 10)
    server.run("seal", "--key", key, folder, single)
    sealed = [path.with_name(path.name + ".sealed") for path in [*was, single]]
    found = {path for path in tmp_path.rglob("*.sealed")}
    assert len(found) >= 2, found
    if all(path.exists() for path in sealed):
        for path in was:
            path.unlink()
        server.run("open", folder)
        assert {path: path.read_bytes() for path in was} == was


def test_what_is_not_there_is_named(server, key, tmp_path):
    assert "nothing-here" in refused(server, "seal", "--key", key, tmp_path / "nothing-here")
    assert "nothing-here" in refused(server, "open", tmp_path / "nothing-here")


def test_the_mode_of_an_opened_file_is_the_owners_alone_or_as_usual(server, key, tmp_path):
    plain = make(tmp_path / "plain", 10)
    plain.chmod(0o600)
    sealed = seal(server, key, plain)
    server.run("open", sealed, "-o", tmp_path / "back")
    assert (tmp_path / "back").stat().st_mode & 0o007 in (0, 0o004)


@pytest.fixture(scope="module")
def sample(server, key, tmp_path_factory):
    """A sealed file of four frames, its plaintext and its frame boundaries."""
    plain = make(tmp_path_factory.mktemp("sample") / "plain", 3 * FRAME + 777)
    sealed = seal(server, key, plain, "--context", "tenant=7").read_bytes()
    frame = 4 + 12 + FRAME + 16
    header = len(sealed) - 3 * frame - (4 + 4 + 12 + 4 + 777 + 16)
    assert struct.unpack(">I", sealed[header : header + 4]) == (1,), "the first frame is not where the format has it"
    return plain.read_bytes(), sealed, header, frame


def refuse_bytes(server, tmp_path, broken):
    """Opening these bytes is refused, from a file and from a pipe, and leaves no file; answers what was said."""
    path = tmp_path / "broken.sealed"
    path.write_bytes(broken)
    said = refused(server, "open", path, "-o", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert {found.name for found in tmp_path.iterdir()} == {"broken.sealed"}
    refused(server, "open", "-", input=broken)
    return said


def test_a_truncated_file_is_refused_at_every_cut(server, sample, tmp_path):
    plain, sealed, header, frame = sample
    ends = [0, 1, 2, 50, header - 1, header, header + 3, header + 16, header + frame - 1, header + frame, header + 3 * frame]
    for end in ends + [len(sealed) - 17, len(sealed) - 16, len(sealed) - 1]:
        said = refuse_bytes(server, tmp_path, sealed[:end]).lower()
        assert any(word in said for word in ("truncated", "ends", "end ", "cut", "short", "incomplete", "empty", "not a sealed")), (end, said)


def test_bytes_after_the_end_are_refused(server, sample, tmp_path):
    for more in (b"\0", b"x" * 100, sample[1]):
        refuse_bytes(server, tmp_path, sample[1] + more)


def test_a_flipped_bit_anywhere_is_refused(server, sample, tmp_path):
    plain, sealed, header, frame = sample
    places = list(range(0, header, max(1, header // 60)))
    places += [header + offset for offset in (0, 3, 4, 15, 16, 5000, 15 + FRAME, frame - 1, frame, 2 * frame + 4)]
    places += [header + 3 * frame + offset for offset in (0, 4, 8, 20, 24, 100)] + [len(sealed) - 1]
    for at in places:
        broken = sealed[:at] + bytes([sealed[at] ^ 0x10]) + sealed[at + 1 :]
        refuse_bytes(server, tmp_path, broken)


def test_frames_in_another_order_are_refused_by_that_name(server, sample, tmp_path):
    plain, sealed, header, frame = sample
    first, second = sealed[header : header + frame], sealed[header + frame : header + 2 * frame]
    rest = sealed[header + 2 * frame :]
    for order in (second + first, first + first, second + second, second, first + second + second):
        said = refuse_bytes(server, tmp_path, sealed[:header] + order + rest).lower()
        assert any(word in said for word in ("order", "frame")), said
    renumbered = second[:4].join([b"", first[4:]]) + first[:4].join([b"", second[4:]])
    refuse_bytes(server, tmp_path, sealed[:header] + renumbered + rest)


def test_frames_of_another_file_are_refused(server, key, sample, tmp_path):
    plain, sealed, header, frame = sample
    other = tmp_path / "other"
    other.write_bytes(plain)
    theirs = seal(server, key, other, "--context", "tenant=7").read_bytes()
    other.unlink()
    (tmp_path / "other.sealed").unlink()
    refuse_bytes(server, tmp_path, sealed[: header + frame] + theirs[header + frame :])
    refuse_bytes(server, tmp_path, theirs[:header] + sealed[header:])


def test_a_file_that_is_no_sealed_file_is_called_so(server, tmp_path):
    for odd in (b"", b"\x02", b"hello, this is a text\n" * 100, b"\x01\x80" + os.urandom(500), os.urandom(5000)):
        refuse_bytes(server, tmp_path, odd)


def test_the_context_asked_for_must_be_in_the_file(server, key, tmp_path):
    plain = make(tmp_path / "plain", 100)
    sealed = seal(server, key, plain, "--context", "tenant=7", "--context", "stage=live")
    server.run("open", "--context", "tenant=7", sealed, "-o", tmp_path / "ok")
    for pair in ("tenant=8", "other=7"):
        said = refused(server, "open", "--context", pair, sealed, "-o", tmp_path / "out")
        assert "context" in said and not (tmp_path / "out").exists(), said


def test_a_key_that_is_disabled_gone_or_another_is_named(server, tmp_path):
    kms = client(server.env)
    made = kms.create_key()["KeyMetadata"]
    other = kms.create_key()["KeyMetadata"]
    plain = make(tmp_path / "plain", 100)
    sealed = seal(server, made["Arn"], plain)
    said = refused(server, "open", "--key", other["Arn"], sealed, "-o", tmp_path / "out")
    assert made["KeyId"] in said or other["KeyId"] in said, said
    kms.disable_key(KeyId=made["KeyId"])
    assert "disabled" in refused(server, "open", sealed, "-o", tmp_path / "out").lower()
    assert "disabled" in refused(server, "seal", "--key", made["KeyId"], "--force", plain).lower()
    kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=7)
    assert "pending deletion" in refused(server, "open", sealed, "-o", tmp_path / "out").lower()
    assert not (tmp_path / "out").exists()
    assert "alias/none" in refused(server, "seal", "--key", "alias/none", "--force", plain)


def test_a_server_that_is_not_there_is_said_so(server, key, tmp_path):
    plain = make(tmp_path / "plain", 100)
    done = server.run("seal", "--key", key, plain, check=False, AWS_ENDPOINT_URL="https://127.0.0.1:1")
    assert done.returncode != 0 and b"127.0.0.1:1" in done.stderr, done
    assert not (tmp_path / "plain.sealed").exists()
    done = server.run("seal", "--key", key, plain, check=False, AWS_SECRET_ACCESS_KEY="wrong")
    assert done.returncode != 0 and b"signature" in done.stderr.lower(), done


def test_a_sealed_file_can_be_looked_into_without_its_key(server, key, tmp_path):
    plain = make(tmp_path / "plain", FRAME + 5)
    sealed = seal(server, key, plain, "--context", "tenant=7")
    said = server.run("inspect", sealed).stdout.decode()
    for expected in ("0478", "tenant", "7", key, "1"):
        assert expected in said, (expected, said)


def test_an_interrupted_opening_leaves_nothing_under_the_final_name(server, key, tmp_path):
    plain = make(tmp_path / "plain", 64 * FRAME)
    sealed = seal(server, key, plain)
    command = [str(binary()), "open", str(sealed), "-o", str(tmp_path / "out")]
    process = subprocess.Popen(command, env=server.environment(), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    threading.Timer(0.03, process.kill).start()
    if process.wait(60) == 0:
        assert (tmp_path / "out").stat().st_size == 64 * FRAME
    else:
        assert not (tmp_path / "out").exists()


def peak_memory(command, env, **streams):
    """Runs a command; answers the most memory it held, in bytes.

    Asked of /proc while it runs: what a parent is told afterwards counts the parent's own pages before the exec.
    """
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, **streams)
    peak = 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status") as status:
                peak = max([peak] + [int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM:")])
        except OSError:
            pass
        time.sleep(0.005)
    assert process.returncode == 0 and peak, command
    return peak


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_large_file_takes_no_more_memory_than_a_small_one(server, key, tmp_path, full):
    size = (10 << 30) if full else (1 << 30)
    if os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize < 3 * size + (1 << 30):
        pytest.skip("not enough room on the disk")
    plain = tmp_path / "large"
    with open(plain, "wb") as file:
        file.truncate(size)
    sealed = tmp_path / "large.sealed"
    env = server.environment()
    sealing = peak_memory([binary(), "seal", "--key", key, plain], env, stderr=subprocess.DEVNULL)
    opening = peak_memory([binary(), "open", sealed, "-o", tmp_path / "back"], env, stderr=subprocess.DEVNULL)
    assert (tmp_path / "back").stat().st_size == size
    assert hashlib.sha256((tmp_path / "back").open("rb").read(1 << 20)).digest() == hashlib.sha256(bytes(1 << 20)).digest()
    for path in (plain, sealed, tmp_path / "back"):
        path.unlink()
    assert max(sealing, opening) < 64 << 20, f"sealing held {sealing >> 20} MiB, opening {opening >> 20} MiB"
