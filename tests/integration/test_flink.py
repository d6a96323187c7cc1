"""The same graph on a real Flink and a real Elasticsearch: with the same results as here, and without end."""

import time
from pathlib import Path

import pytest

from tests.command import canonical, pactwatch, start
from tests.elasticsearch import fresh_prefix
from tests.flink import running_jobs, stop_with_savepoint, until, worker_pool
from tests.integration.feed_server import feed_server, rss, rss_item
from tests.receivers import hook
from tests.synthetic import write_articles
from transforms.store.open import open_store
from transforms.store.protocol import Collection

pytestmark = pytest.mark.integration

NOW = ("--now", "2024-03-01")
ARTICLES = 24
SETTINGS = """
store: {{url: "{store}"}}
sources: {{folders: [{folder}/wire], feeds: {folder}/config/feeds.yaml}}
polling: {{spacing_seconds: 0}}
fetch: {{allow_private_hosts: true}}
alerts: {{file: {folder}/config/alerts.yaml}}
"""
RULES = """
channels:
  desk: {{type: webhook, url: "{url}"}}
rules:
  - {{name: Truces, keywords: [truce], channels: [desk], max_age: none}}
  - {{name: Dates, deadlines: [new, moved], channels: [desk], max_age: none}}
"""


@pytest.fixture
def url():
    with fresh_prefix("flink") as given:
        yield given


@pytest.fixture
def pool():
    with worker_pool() as started:
        yield started


def test_run_on_flink_ends_like_one_on_this_machine(url, pool, tmp_path):
    wire = str(write_articles(tmp_path / "wire", ARTICLES))
    (tmp_path / "wire" / "empty.txt").touch()
    here = f"sqlite:///{tmp_path / 'store.db'}"
    alone = pactwatch("run", wire, "--store", here, *NOW).stdout
    there = pactwatch("run", wire, "--store", url, *NOW, "--", *pool.options).stdout
    assert canonical(url) == canonical(here)
    counted, alike = (text.splitlines()[0].rpartition(" (")[0] for text in (there, alone))
    assert counted == alike  # "Articles: 24 taken in, 24 read, ..., 1 new failures"


class _Newsroom:
    """Feeds of truces, each with a deadline of its own, on a server of the test's."""

    def __init__(self, server) -> None:
        self._server = server
        self._items: dict[int, list[str]] = {}
        self.published: list[str] = []

    def publish(self, feed: int) -> str:
        number = len(self.published)
        text = f"Chad and Mali agreed a truce in district {number} on Monday. They will withdraw by June 1, 2030."
        link = f"https://wire.example/{number}"
        item = rss_item(link=link, guid=link, title=f"Truce in district {number}", text=text, published=time.time())
        self._items.setdefault(feed, []).insert(0, item)
        self.published.append(link)
        return str(self._server.put_feed(f"/{feed}", rss(self._items[feed][:20])))


def _desk(folder: Path, store: str, hook_url: str, feeds: list[str]) -> Path:
    (folder / "config").mkdir()
    (folder / "wire").mkdir()
    (folder / "config" / "pactwatch.yaml").write_text(SETTINGS.format(store=store, folder=folder), encoding="utf-8")
    (folder / "config" / "alerts.yaml").write_text(RULES.format(url=hook_url), encoding="utf-8")
    listed = "".join(f"  - {{url: {url}, interval_seconds: 1, full_text: false}}\n" for url in feeds)
    (folder / "config" / "feeds.yaml").write_text(f"feeds:\n{listed}", encoding="utf-8")
    return folder


def _done(store) -> int:
    return store.count(Collection.ITEMS, {"state": "done"})


def test_stream_stopped_with_a_savepoint_goes_on(url, pool, tmp_path):
    with feed_server() as server, hook() as receiver:
        newsroom = _Newsroom(server)
        folder = _desk(tmp_path, url, receiver.url, [newsroom.publish(feed) for feed in range(3)])
        command = ("run", "--stream", "--poll-seconds", "1")
        first = start(*command, "--", *pool.options, cwd=folder)
        until(lambda: len(set(receiver.ids)) >= 4 or first.poll() is not None, "the first alerts come")
        store = open_store(url)
        until(lambda: _done(store) == 3, "the first articles are done")
        write_articles(folder / "wire", 2, files=1)
        until(lambda: _done(store) == 5, "a file is taken in")
        assert "stream" in pactwatch("status", cwd=folder).stdout
        [job] = running_jobs()
        savepoint = stop_with_savepoint(job)
        first.communicate(timeout=60)
        newsroom.publish(1)
        second = start(*command, "--", *pool.options, f"--savepoint_path={savepoint}", cwd=folder)
        until(lambda: _done(store) == 6, "what came meanwhile is taken in")
        newsroom.publish(2)
        until(lambda: _done(store) == 7, "what comes later is taken in")
        alerts = {stored.id for stored in store.scan(Collection.ALERTS)}
        until(lambda: set(receiver.ids) == alerts, "all alerts are sent")
        second.terminate()
        assert second.wait(60) == 0
        assert len(running_jobs()) == 1  # nobody follows it, and it goes on
        items = [stored.body["url"] for stored in store.scan(Collection.ITEMS) if stored.body["url"]]
        store.close()
    assert sorted(set(newsroom.published) & set(items)) == sorted(newsroom.published)
    assert len(receiver.ids) == len(set(receiver.ids))
    assert len(items) == len(set(items))
