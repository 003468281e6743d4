"""Starts the program as a user would, and stops it by its process id."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30


def binary():
    """The program under test: KEYSTEAD_BIN, or the newest build in target/."""
    named = os.environ.get("KEYSTEAD_BIN")
    if named:
        return Path(named)
    built = [path for path in (ROOT / "target/debug/keystead", ROOT / "target/release/keystead") if path.exists()]
    return max(built, key=lambda path: path.stat().st_mtime) if built else None


def free_port():
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def exports(path):
    """The environment after a shell has read the file, less what was there before."""
    script = '. "$1" && exec "$2" -c "import os, json; print(json.dumps(dict(os.environ)))"'
    out = subprocess.run(
        ["sh", "-c", script, "sh", str(path), sys.executable], env={"PATH": os.environ["PATH"]}, check=True, capture_output=True
    )
    import json

    found = json.loads(out.stdout)
    return {name: value for name, value in found.items() if name.startswith(("AWS_", "KEYSTEAD_"))}


class StartError(Exception):
    """The program did not come up; holds what it said."""


class Server:
    """One `keystead dev` process."""

    def __init__(self, data=None, *flags, listen=None, log=None):
        self.folder = Path(tempfile.mkdtemp(prefix="keystead-test-"))
        self.data = Path(data) if data else self.folder / "data"
        self.flags = flags
        self.port = free_port() if listen is None else None
        self.listen = listen or f"127.0.0.1:{self.port}"
        self.log_path = Path(log) if log else self.folder / "server.log"
        self.env = {}
        self.process = None
        self.seconds_to_start = None

    def start(self):
        env_file = self.folder / "env"
        env_file.unlink(missing_ok=True)
        command = [str(binary()), "dev", "--listen", self.listen, "--env-file", str(env_file)]
        if "--ephemeral" not in self.flags:
            command += ["--data", str(self.data)]
        command += self.flags
        began = time.monotonic()
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=clean_environment(), cwd=self.folder
            )
        while not env_file.exists() or not env_file.read_text().endswith("\n"):
            if self.process.poll() is not None:
                raise StartError(f"ended with {self.process.returncode}:\n{self.log()}")
            if time.monotonic() - began > START_SECONDS_MAX:
                self.kill()
                raise StartError(f"no answer within {START_SECONDS_MAX} s:\n{self.log()}")
            time.sleep(0.002)
        self.seconds_to_start = time.monotonic() - began
        self.env = exports(env_file)
        return self

    def stop(self):
        """Asks it to stop and waits; answers its exit code."""
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self):
        """Pulls the plug."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def log(self):
        return self.log_path.read_text(errors="replace")

    def environment(self, **more):
        """For running the program or a client against this server."""
        return clean_environment() | self.env | more

    def run(self, *arguments, input=None, check=True, timeout=300, **more):
        """Runs the program itself with this server's exports."""
        return run([str(binary()), *map(str, arguments)], self.environment(**more), input, check, timeout, self.folder)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill() if sys.exc_info()[0] else self.stop()
        self.remove()


def run(command, env, input=None, check=True, timeout=300, cwd=None):
    """Runs a command without a terminal; on failure the error holds all it said."""
    stdin = {"input": input} if input is not None else {"stdin": subprocess.DEVNULL}
    done = subprocess.run(command, env=env, capture_output=True, timeout=timeout, cwd=cwd, **stdin)
    if check and done.returncode != 0:
        said = done.stdout[-2000:].decode(errors="replace") + done.stderr[-4000:].decode(errors="replace")
        raise AssertionError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{said}")
    return done


def clean_environment():
    """What is around, without anything that would lead a client elsewhere."""
    left_out = ("AWS_", "KEYSTEAD_", "RUST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
