"""`kill -9` under load, again and again: nothing that was answered is lost, and every answer has its record."""

import base64
import http.client
import json
import random
import threading
import time

import pytest
from conftest import client
from harness.server import Server
from harness.wire import Wire

pytestmark = [pytest.mark.needs_binary, pytest.mark.slow]
ROUNDS, ROUNDS_FULL, WORKERS = 20, 100, 6


class Load:
    """Clients that write down every answer they got, and nothing else."""

    def __init__(self, env):
        self.env = env
        self.keys, self.blobs, self.states, self.requests, self.odd = [], [], {}, [], []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(seed,)) for seed in range(WORKERS)]
        for thread in self.threads:
            thread.start()

    def work(self, seed):
        dice, wire, mine = random.Random(f"{seed} {time.monotonic_ns()}"), Wire(self.env), []
        try:
            while not self.stopped.is_set():
                way = dice.random()
                if not mine or way < 0.2:
                    answer = self.ask(wire, "CreateKey", {"Description": f"worker {seed}"})
                    mine.append(answer["KeyMetadata"]["KeyId"])
                    self.keys.append(mine[-1])
                elif way < 0.3:
                    key = mine.pop()
                    self.ask(wire, "DisableKey", {"KeyId": key})
                    self.states[key] = "Disabled"
                elif way < 0.35:
                    self.ask(wire, "RotateKeyOnDemand", {"KeyId": dice.choice(mine)})
                else:
                    text = f"{seed} {dice.random()}".encode()
                    body = {"KeyId": dice.choice(mine), "Plaintext": base64.b64encode(text).decode()}
                    self.blobs.append((base64.b64decode(self.ask(wire, "Encrypt", body)["CiphertextBlob"]), text))
        except (OSError, http.client.HTTPException):
            pass  # The plug was pulled.

    def ask(self, wire, operation, body):
        answer = wire.call(operation, body)
        self.requests.append(answer.headers["x-amzn-requestid"])
        if answer.status != 200 and answer.type != "LimitExceededException":
            self.odd.append(f"{operation}: {answer.status} {answer.body!r}")
        return json.loads(answer.body) if answer.body else {}

    def wait_for(self, count):
        until = time.monotonic() + 30
        while len(self.requests) < count and time.monotonic() < until:
            time.sleep(0.005)

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join(30)
        assert not self.odd, self.odd[:3]


def recorded(server):
    """The request ids of every record in a stopped server's log, with how many records each has."""
    counts = {}
    for line in server.run("audit", "search", "--json", "--data", server.data, timeout=600).stdout.splitlines():
        found = json.loads(line)["request"]
        counts[found] = counts.get(found, 0) + 1
    return counts


@pytest.mark.timeout(3000)
def test_what_was_answered_before_a_kill_is_there_after_it(tmp_path, full):
    rounds, dice = (ROUNDS_FULL if full else ROUNDS), random.Random(20)
    requests, keys, states, sample = [], [], {}, []
    for number in range(rounds):
        server = Server(tmp_path / "data").start()
        load = Load(server.env)
        load.wait_for(WORKERS)
        time.sleep(dice.random() * 0.6)
        server.kill()
        load.stop()
        assert "panicked" not in server.log(), server.log()[-4000:]
        assert load.keys and load.requests, f"round {number}: no answer before the kill\n{server.log()[-2000:]}"
        keys += load.keys
        states |= load.states
        requests += load.requests
        sample += load.blobs[-40:]

        with Server(tmp_path / "data") as again:
            kms = client(again.env)
            for key in load.keys:
                state = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]
                assert state == load.states.get(key, "Enabled") or (state == "Disabled" and key not in load.states), (number, key, state)
            for blob, text in load.blobs[-200:]:
                try:
                    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == text, number
                except kms.exceptions.DisabledException:
                    pass
        server.remove()

    with Server(tmp_path / "data") as last:
        kms = client(last.env)
        listed = {item["KeyId"] for page in kms.get_paginator("list_keys").paginate() for item in page["Keys"]}
        assert set(keys) <= listed, f"{len(set(keys) - listed)} of {len(keys)} answered keys are gone"
        opened = 0
        for blob, text in sample:
            try:
                assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == text
                opened += 1
            except kms.exceptions.DisabledException:
                pass
        assert opened
        assert last.stop() == 0
        counts = recorded(last)
    lost = [request for request in requests if request not in counts]
    assert not lost, f"{len(lost)} of {len(requests)} answers have no record"
    twice = [request for request in requests if counts[request] != 1]
    assert not twice, f"{len(twice)} answers have more than one record"
    print(f"\n{rounds} kills, {len(requests)} answers, {len(keys)} keys, {opened} ciphertexts opened")
