"""A sender can be killed at any moment: no alert is lost, and at most the one in flight comes twice."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.alert.make_alerts import an_alert, put_out
from tests.make import NOW
from tests.receivers import hook
from transforms.store.protocol import Collection, Store

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("deliver_worker.py")

pytestmark = pytest.mark.integration


def start(store_url: str, hook_url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(WORKER), store_url, hook_url, NOW.isoformat()]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


def check_kills(store: Store, store_url: str, kills: int, alerts: int) -> None:
    moment = random.Random(kills)
    ids = put_out(store, *map(an_alert, range(alerts)))

    def slowly(number: int) -> tuple[int, dict[str, str]]:
        time.sleep(0.02)  # so that a kill meets alerts on their way
        return 200, {}

    with hook(slowly) as server:
        for _ in range(kills):
            before = len(server.requests)
            process = start(store_url, server.url)
            wanted = before + moment.randint(0, max(1, alerts // kills))
            while len(server.requests) < wanted and process.poll() is None:
                time.sleep(0.002)
            time.sleep(moment.random() / 50)
            process.kill()
            process.wait()
        assert start(store_url, server.url).wait(timeout=120) == 0
    assert list(dict.fromkeys(server.ids)) == ids, "none is lost, and they came in order"
    assert len(server.ids) <= len(ids) + kills
    assert store.count(Collection.DELIVERIES, {"state": "sent"}) == alerts


def test_killed_sender_loses_nothing(store: Store, store_url: str) -> None:
    check_kills(store, store_url, kills=4, alerts=24)


@pytest.mark.soak
def test_sender_killed_twenty_times_loses_nothing(store: Store, store_url: str) -> None:
    check_kills(store, store_url, kills=20, alerts=120)
