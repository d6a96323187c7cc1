"""A stream on Flink whose parts are killed at random: nothing is lost, nothing doubled, nobody told twice."""

import collections
import itertools
import os
import random
import signal
import subprocess
import threading
from contextlib import suppress

import pytest

from tests.command import PACTWATCH
from tests.elasticsearch import fresh_prefix
from tests.flink import Part, until, worker_pool
from tests.integration.feed_server import feed_server
from tests.integration.newsroom import Newsroom, desk
from tests.receivers import hook
from transforms.store.open import open_store
from transforms.store.protocol import Collection

pytestmark = [pytest.mark.integration, pytest.mark.soak]

KILLS = int(os.environ.get("PACTWATCH_KILLS", "10"))
FEEDS = 30
SEED = 20180917
PATIENCE_SECONDS = 900  # for what a dead worker had claimed, and for a busy machine


def _count(store, collection: Collection, **where: str) -> int:
    return store.count(collection, where)


def test_stream_killed_over_and_over_loses_and_doubles_nothing(tmp_path):
    chance = random.Random(SEED)
    taskmanager, jobserver = Part("taskmanager"), Part("jobserver")
    with fresh_prefix("kills") as url, worker_pool() as pool, feed_server() as server, hook() as receiver:
        newsroom = Newsroom(server)
        folder = desk(tmp_path, url, receiver.url, [newsroom.publish(feed) for feed in range(FEEDS)])
        command = [PACTWATCH, "run", "--stream", "--poll-seconds", "1", "--", *pool.options]
        driver = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: receiver.ids or driver.poll() is not None, "the first alert comes")

        def kill_worker() -> None:
            for pid in chance.sample(pool.workers(), 1):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

        def kill_driver() -> None:
            driver.kill()
            driver.wait()
            jobserver.kill_and_restart()

        kills = [kill_worker, taskmanager.kill_and_restart, kill_driver]
        chance.shuffle(kills)
        for kill in itertools.islice(itertools.cycle(kills), KILLS):
            for _ in range(4):
                newsroom.publish(chance.randrange(FEEDS))
            threading.Event().wait(chance.uniform(0.5, 12.0))
            until(pool.workers, "workers are there again", PATIENCE_SECONDS)
            kill()
        store = open_store(url, patience_seconds=60)
        all_ = len(newsroom.published)
        until(lambda: _count(store, Collection.ITEMS, state="done") >= all_, "all is done", PATIENCE_SECONDS)
        until(lambda: _count(store, Collection.ALERTS) >= 2 * all_, "all is told", PATIENCE_SECONDS)
        until(lambda: not _count(store, Collection.DELIVERIES, state="waiting"), "all is sent", PATIENCE_SECONDS)
        items = [stored.body["url"] for stored in store.scan(Collection.ITEMS)]
        alerts = {stored.id: stored.body for stored in store.scan(Collection.ALERTS)}
        failures = list(store.scan(Collection.FAILURES))
        store.close()
        driver.kill()
        driver.wait()
        taskmanager.leave()
        jobserver.leave()
    assert sorted(items) == sorted(newsroom.published)
    assert failures == []
    told = collections.Counter((alert["rule"], alert["link"]) for alert in alerts.values())
    assert told == collections.Counter((rule, link) for rule in ("Truces", "Dates") for link in newsroom.published)
    assert set(receiver.ids) == set(alerts)
    assert len(receiver.ids) - len(alerts) <= KILLS  # a kill repeats at most the message in flight
