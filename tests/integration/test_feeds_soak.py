"""Polling killed over and over, and a day of it in fast motion: nothing is lost, doubled, early or leaking."""

import collections
import datetime
import gc
import itertools
import logging
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.integration.feed_server import feed_server, rss, rss_item
from tests.integration.polling import START, Desk
from transforms.ingest.feeds.records import Feed
from transforms.records import State

pytestmark = [pytest.mark.integration, pytest.mark.soak]

KILLS = int(os.environ.get("PACTWATCH_KILLS", "20"))
TICKS = int(os.environ.get("PACTWATCH_TICKS", "1500"))
FEEDS = 50
SEED = 20180917
PAGE = "<html><body><article><p>{}</p></article></body></html>"
TEXT = "Both sides of the river met again in session {} and agreed to publish the text of their accord by June. "


class _Newsroom:
    """Publishes: each article goes to the top of a feed that shows the last fifteen."""

    def __init__(self, server) -> None:
        self._server = server
        self._shown = collections.defaultdict(lambda: collections.deque(maxlen=15))
        self.urls = [server.url(f"/feed/{number}", host=f"127.0.1.{number + 1}") for number in range(FEEDS)]
        self.published: list[str] = []
        for number in range(FEEDS):
            self.publish(number)

    def publish(self, feed: int) -> None:
        name = len(self.published)
        self._server.put(f"/page/{name}", PAGE.format(TEXT.format(name) * 4))
        link = self._server.url(f"/page/{name}", host=f"127.0.1.{feed + 1}")
        self.published.append(link)
        item = rss_item(link=link, title=f"Session {name}", guid=f"g{name}", published=1_714_500_000 + name)
        self._shown[feed].appendleft(item)
        self._server.put_feed(f"/feed/{feed}", rss(list(self._shown[feed])))


def _start(store_url: str, urls: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.integration.poll_forever", store_url, *urls]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_polling_killed_over_and_over_loses_and_doubles_nothing(store_url):
    chance = random.Random(SEED)
    with feed_server() as server:
        newsroom = _Newsroom(server)
        for _ in range(KILLS):
            child = _start(store_url, newsroom.urls)
            for _ in range(20):  # between polls, of a store half written, of pages half fetched
                newsroom.publish(chance.randrange(FEEDS))
            if chance.random() < 0.5:
                child.stdout.readline()
            threading.Event().wait(chance.uniform(0.5, 4.0))
            child.kill()
            child.wait()
            child.stdout.close()
        desk = Desk(store_url, seconds=10.0, spacing_seconds=0.0)
        for _ in range(5):
            desk.pass_time(days=400)
            desk.poll(*(Feed(url=url, interval_seconds=1) for url in newsroom.urls))
        items = desk.items()
        desk.store.close()
    assert sorted(item.locator for item in items) == sorted(newsroom.published)
    assert {item.state for item in items} == {State.PENDING}
    assert all("agreed to publish the text" in item.content for item in items)


def _resident_kb() -> int:
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_a_day_in_fast_motion_is_polite_and_does_not_grow(store_url, monkeypatch):
    monkeypatch.setattr(logging.root, "disabled", True)  # pytest would keep each warning that Beam gives at every tick
    chance = random.Random(SEED)
    desk = Desk(store_url, floor_seconds=300.0, ceiling_seconds=3_600.0)
    tick = datetime.timedelta(days=1) / TICKS
    memory = []
    asked = 0
    with feed_server() as server:
        newsroom = _Newsroom(server)
        feeds = [Feed(url=url.replace("127.0.1.", "127.0.2."), full_text=False) for url in newsroom.urls[:10]]
        feeds += [Feed(url=url, full_text=False) for url in newsroom.urls[10:20]]
        feeds += [Feed(url=server.url(f"/feed/{number}"), full_text=False) for number in range(20, 30)]  # one host
        polls = collections.defaultdict(list)
        for number in range(TICKS):
            due = {feed.url: _next_poll(desk, feed) for feed in feeds} if number else {}
            if chance.random() < 0.2:
                newsroom.publish(chance.randrange(30))
            desk.poll(*feeds)
            for feed in feeds:
                at = desk.cursor(feed).polls[-1].at
                if not polls[feed.url] or polls[feed.url][-1] != at:
                    polls[feed.url].append(at)
                    assert number == 0 or due[feed.url] <= at, f"{feed.url} was polled before its time"
            asked += sum(request.path.startswith("/feed/") for request in server.requests)
            server.requests.clear()
            desk.now = START + (number + 1) * tick
            if number in (100, TICKS - 1):
                memory.append(_resident_kb())
    _check_spacing(polls, server.url("/"))
    assert asked == sum(map(len, polls.values()))
    assert 30 * 20 < asked < 30 * 300  # between the ceiling and the floor, an hour and five minutes
    if len(memory) == 2:
        assert memory[1] < 1.05 * memory[0], memory


def _next_poll(desk: Desk, feed: Feed) -> datetime.datetime:
    return desk.cursor(feed).next_poll or START


def _check_spacing(polls, shared: str) -> None:
    times = sorted(at for url, moments in polls.items() if url.startswith(shared) for at in moments)
    assert len(times) > 20
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= 1.0
