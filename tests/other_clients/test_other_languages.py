"""The AWS SDKs of other languages walk through every operation, where their toolchains are."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


pytestmark = pytest.mark.needs_binary
HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
STEPS = 7


def walk(server, command, folder, **more):
    env = server.environment(**more)
    done = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    said = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == 0, said
    assert said.count("ok ") >= STEPS, said


def prepare(command, folder, env=None):
    done = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()[-3000:]


@pytest.mark.timeout(700)
def test_node(server):
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not on the path")
    folder = HERE / "node"
    cache = {"npm_config_cache": str(CHECKOUT / "target" / "npm")}
    prepare(["npm", "ci", "--ignore-scripts"], folder, os.environ | cache)
    more = {"NODE_EXTRA_CA_CERTS": server.env["AWS_CA_BUNDLE"]} if "AWS_CA_BUNDLE" in server.env else {}
    walk(server, ["node", "walk.mjs"], folder, **more)


@pytest.mark.timeout(900)
def test_go(server):
    if not shutil.which("go"):
        pytest.skip("go is not on the path")
    out = CHECKOUT / "target" / "go"
    env = os.environ | {"GOMODCACHE": str(out / "modules"), "GOCACHE": str(out / "cache"), "GOFLAGS": "-modcacherw -mod=readonly"}
    prepare(["go", "build", "-o", str(out / "walk"), "."], HERE / "go", env)
    walk(server, [str(out / "walk")], HERE / "go")
