"""What a stream on Flink keeps in its checkpoints stays the size it is, however often it looks for work."""

import pytest

from tests.command import start
from tests.elasticsearch import fresh_prefix
from tests.flink import ask, running_jobs, until, worker_pool
from tests.integration.feed_server import feed_server
from tests.integration.newsroom import Newsroom, desk
from tests.receivers import hook

pytestmark = [pytest.mark.integration, pytest.mark.soak]

FEEDS = 3
TICKS = 100
# Of what is grouped by key a little stays for each of 256 keys; Beam's own PeriodicImpulse leaves 30 KB a tick.
GROWTH_BYTES = 100_000


def _checkpoints(job: str) -> tuple[int, int]:
    """Returns how many checkpoints were completed, and the bytes of the last."""
    told = ask(f"/jobs/{job}/checkpoints")
    latest = told["latest"]["completed"]
    return told["counts"]["completed"], latest["state_size"] if latest else 0


def test_checkpoints_of_a_stream_do_not_grow(tmp_path):
    with fresh_prefix("checkpoints") as url, worker_pool() as pool, feed_server() as server, hook() as receiver:
        newsroom = Newsroom(server)
        folder = desk(tmp_path, url, receiver.url, [newsroom.publish(feed) for feed in range(FEEDS)])
        following = start("run", "--stream", "--poll-seconds", "1", "--", *pool.options, cwd=folder)
        until(lambda: len(set(receiver.ids)) >= 2 * FEEDS, "the first alerts come")
        [job] = running_jobs()
        first, before = _checkpoints(job)
        # A checkpoint is made every two seconds, in which there are two ticks.
        until(lambda: _checkpoints(job)[0] >= first + TICKS // 2, "many ticks have passed")
        newsroom.publish(0)
        until(lambda: len(set(receiver.ids)) >= 2 * FEEDS + 2, "it goes on")
        _, after = _checkpoints(job)
        following.terminate()
        following.communicate(timeout=60)
    assert after - before < GROWTH_BYTES
