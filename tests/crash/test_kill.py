"""`kill -9` under load, again and again: nothing that was answered is lost, and every answer has its record."""

import json
import random
import threading
import time

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from conftest import client
from harness.server import Server

pytestmark = [pytest.mark.needs_binary, pytest.mark.slow]
ROUNDS, ROUNDS_FULL, WORKERS = 20, 100, 6


class Load:
    """Clients that write down every answer they got, and nothing else."""

    def __init__(self, env, keys):
        self.env, self.known = env, keys
        self.keys, self.blobs, self.states, self.requests = [], [], {}, []
        self.stopped, self.lock = threading.Event(), threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(seed,)) for seed in range(WORKERS)]

    def work(self, seed):
        dice, kms = random.Random(f"{seed} {time.monotonic_ns()}"), client(self.env)
        mine = []
        try:
            while not self.stopped.is_set():
                if not mine or dice.random() < 0.2:
                    answer = kms.create_key(Description=f"worker {seed}")
                    mine.append(answer["KeyMetadata"]["KeyId"])
                    self.note(answer, keys=mine[-1])
                elif dice.random() < 0.1:
                    key = mine.pop()
                    answer = kms.disable_key(KeyId=key)
                    self.note(answer, disabled=key)
                elif dice.random() < 0.1:
                    answer = kms.rotate_key_on_demand(KeyId=dice.choice(mine))
                    self.note(answer)
                else:
                    text = f"{seed} {dice.random()}".encode()
                    answer = kms.encrypt(KeyId=dice.choice(mine), Plaintext=text)
                    self.note(answer, blob=(answer["CiphertextBlob"], text))
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] != "LimitExceededException":
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                assert status >= 500 or self.stopped.is_set(), error

    def note(self, answer, keys=None, disabled=None, blob=None):
        with self.lock:
            self.requests.append(answer["ResponseMetadata"]["RequestId"])
            if keys:
                self.keys.append(keys)
            if disabled:
                self.states[disabled] = "Disabled"
            if blob:
                self.blobs.append(blob)


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
        load = Load(server.env, keys)
        for thread in load.threads:
            thread.start()
        time.sleep(0.15 + dice.random() * 0.6)
        server.kill()
        load.stopped.set()
        for thread in load.threads:
            thread.join(30)
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
