"""The same graph on a real Flink and a real Elasticsearch: with the same results as here, and without end."""

import pytest

from tests.command import canonical, pactwatch, start
from tests.elasticsearch import fresh_prefix
from tests.flink import running_jobs, stop_with_savepoint, until, worker_pool
from tests.integration.feed_server import feed_server
from tests.integration.newsroom import Newsroom, desk
from tests.receivers import hook
from tests.synthetic import write_articles
from transforms.store.open import open_store
from transforms.store.protocol import Collection

pytestmark = pytest.mark.integration

NOW = ("--now", "2024-03-01")
ARTICLES = 24
NOTE = "Peru and Oman sign a debt pact\n\nPeru and Oman signed a debt pact on Monday. Oman must pay by May 2, 2031.\n"


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


def _done(store) -> int:
    return store.count(Collection.ITEMS, {"state": "done"})


def test_stream_stopped_with_a_savepoint_goes_on(url, pool, tmp_path):
    with feed_server() as server, hook() as receiver:
        newsroom = Newsroom(server)
        folder = desk(tmp_path, url, receiver.url, [newsroom.publish(feed) for feed in range(3)])
        command = ("run", "--stream", "--poll-seconds", "1")
        first = start(*command, "--", *pool.options, cwd=folder)
        until(lambda: len(set(receiver.ids)) >= 6 or first.poll() is not None, "the first alerts come")
        store = open_store(url)
        until(lambda: _done(store) == 3, "the first articles are done")
        (folder / "wire" / "note.txt").write_text(NOTE, encoding="utf-8")
        until(lambda: _done(store) == 4, "a file is taken in")
        assert "stream" in pactwatch("status", cwd=folder).stdout
        [job] = running_jobs()
        savepoint = stop_with_savepoint(job)
        first.communicate(timeout=60)
        newsroom.publish(1)
        second = start(*command, "--", *pool.options, f"--savepoint_path={savepoint}", cwd=folder)
        until(lambda: _done(store) == 5, "what came meanwhile is taken in")
        newsroom.publish(2)
        until(lambda: _done(store) == 6, "what comes later is taken in")
        alerts = {stored.id for stored in store.scan(Collection.ALERTS)}
        until(lambda: set(receiver.ids) == alerts, "all alerts are sent")
        second.terminate()
        second.communicate(timeout=60)
        assert second.returncode == 0
        assert len(running_jobs()) == 1  # nobody follows it, and it goes on
        items = [stored.body["url"] for stored in store.scan(Collection.ITEMS) if stored.body["url"]]
        store.close()
    assert sorted(items) == sorted(newsroom.published)
    assert len(receiver.ids) == len(set(receiver.ids))
