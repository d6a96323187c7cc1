"""A watch takes in what appears, tells each look in one line, and can be stopped or killed at any moment."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.command import PACTWATCH, canonical, pactwatch
from tests.integration.feed_server import FeedServer, Reply, feed_server
from tests.synthetic import articles
from transforms.records import State
from transforms.store.open import open_store
from transforms.store.protocol import Collection

POLL_SECONDS = 1
LATE_SECONDS = 3  # what an article may take beyond the interval
CHANGED = 10  # feeds that bring something at a time
PATIENCE_SECONDS = 3_000  # on a machine that others use too

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def eager(monkeypatch):
    """Lets a watch ask feeds on this machine at every look."""
    for name, value in {
        "FETCH__ALLOW_PRIVATE_HOSTS": "true",
        "POLLING__SPACING_SECONDS": "0",
        "POLLING__FLOOR_SECONDS": "1",
        "POLLING__START_SECONDS": "1",
        "POLLING__CEILING_SECONDS": "1",
    }.items():
        monkeypatch.setenv(f"PACTWATCH_{name}", value)


class Watched:
    """A watch in a process of its own, with its log in a file."""

    def __init__(self, sources: Sequence[str], store_url: str, log: Path) -> None:
        self.store_url = store_url
        self._log = log
        self._stream = log.open("a")
        arguments = ["run", *sources, "--watch", "--poll-seconds", str(POLL_SECONDS), "--store", store_url]
        self.process = subprocess.Popen(
            [PACTWATCH, *arguments, "--log-format", "json"], stdout=subprocess.DEVNULL, stderr=self._stream
        )

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._stream.close()

    def lines(self, event: str) -> list[dict[str, object]]:
        told = [json.loads(line) for line in self._log.read_text("utf-8").splitlines() if line.endswith("}")]
        return [line for line in told if line["event"] == event]

    def done(self) -> int:
        with contextlib.closing(open_store(self.store_url)) as store:
            return store.count(Collection.ITEMS, {"state": State.DONE.value})

    def found(self, collection: str, query: str | None) -> int:
        with contextlib.closing(open_store(self.store_url)) as store:
            return store.find(Collection(collection), query, limit=0).total


def until(true: Callable[[], bool]) -> float:
    """Waits until something is true; returns how many seconds that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < PATIENCE_SECONDS, "it does not come true"
        time.sleep(0.02)
    return time.monotonic() - began


@contextlib.contextmanager
def watching(sources: Sequence[str], store_url: str, log: Path) -> Iterator[Watched]:
    watched = Watched(sources, store_url, log)
    try:
        yield watched
    finally:
        watched.close()


def put(folder: Path, number: int, text: str) -> None:
    """Writes an article's file in pieces, as a slow program does."""
    with (folder / f"{number:04}.txt").open("w", encoding="utf-8") as stream:
        for start in range(0, len(text), 200):
            stream.write(text[start : start + 200])
            stream.flush()


def _slowness() -> float:
    """Returns how many times longer everything takes because others use this machine too."""
    return max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


def test_watch_takes_in_what_appears_and_stops_when_told(tmp_path):
    folder, url = tmp_path / "wire", f"sqlite:///{tmp_path / 'store.db'}"
    folder.mkdir()
    texts = [article["text"] for article in articles(3)]
    with watching([str(folder)], url, tmp_path / "log") as watched:
        until(lambda: bool(watched.lines("tick")))
        put(folder, 0, texts[0])
        assert until(lambda: watched.done() == 1) < POLL_SECONDS + LATE_SECONDS * _slowness()
        put(folder, 1, texts[1])
        (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        until(lambda: watched.done() == 2)

        put(folder, 0, texts[0].replace("Geneva", "Vienna"))
        until(lambda: watched.found("articles", "Vienna") == 1)
        assert watched.found("articles", None) == 2  # a new version, not another article

        state = json.loads(pactwatch("status", "--store", url, "--format", "json").stdout)
        assert state["counts"]["failures"] == 1
        assert [watch["alive"] for watch in state["watches"]] == [True]
        until(lambda: "next look in" in pactwatch("status", "--store", url).stdout)  # not while it looks

        shutil.rmtree(folder)
        until(lambda: bool(watched.lines("cannot watch")))
        looks = len(watched.lines("tick"))
        until(lambda: len(watched.lines("tick")) > looks + 1)
        folder.mkdir()
        put(folder, 2, texts[2])
        until(lambda: watched.done() == 4)  # three articles, and the new version of one
        assert watched.found("articles", None) == 3
        until(lambda: bool(watched.lines("watching again")))
        assert [str(folder) in str(line["trouble"]) for line in watched.lines("cannot watch")] == [True]

        watched.process.send_signal(signal.SIGTERM)
        assert watched.process.wait(timeout=10) == 0
        assert watched.lines("stopped")[0]["signal"] == "SIGTERM"
        assert watched.lines("tick failed") == []
    assert "watch       stopped" in pactwatch("status", "--store", url).stdout


class Newsroom:
    """A server with feeds, each at a host of its own, that get new entries with their pages."""

    def __init__(self, server: FeedServer, feeds: int) -> None:
        self._server = server
        self._records = iter(articles(10_000)[5_000:])
        self._entries: list[list[str]] = [[] for _ in range(feeds)]
        self.addresses = [server.url(f"/feed/{number}", host=_host(number)) for number in range(feeds)]
        self.pages: list[str] = []

    def publish(self, feeds: Iterable[int] | None = None) -> None:
        """Gives each feed, or each of those named, one more entry."""
        for number in range(len(self._entries)) if feeds is None else feeds:
            entries = self._entries[number]
            record = next(self._records)
            title, _, text = record["text"].partition("\n\n")
            path = f"/{number}/{len(entries)}"
            page = f"<html><title>{title}</title><article><h1>{title}</h1><p>{text}</p></article></html>"
            self._server.put(path, page)
            self.pages.append(self._server.url(path, host=_host(number)))
            date = f"<pubDate>Thu, 01 Feb 2024 {len(entries):02}:00:00 GMT</pubDate>"
            entries.append(f"<item><title>{title}</title><link>{self.pages[-1]}</link><guid>{path}</guid>{date}</item>")
            channel = f"<title>Wire {number}</title>{''.join(reversed(entries))}"
            self._server.put_feed(f"/feed/{number}", f'<rss version="2.0"><channel>{channel}</channel></rss>')


def _host(feed: int) -> str:
    return f"127.0.1.{feed + 1}"


def _check_kills(tmp_path: Path, kills: int, feeds: int, seed: int) -> None:
    """Kills a watch again and again, at random moments, while articles keep coming in files, in lines and in feeds."""
    chance = random.Random(seed)
    folder, killed, whole = tmp_path / "wire", f"sqlite:///{tmp_path}/killed.db", f"sqlite:///{tmp_path}/whole.db"
    folder.mkdir()
    records = articles(6 * kills)
    given = iter(enumerate(records))
    with feed_server() as server:
        newsroom = Newsroom(server, feeds)
        sources = [str(folder), *newsroom.addresses]
        newsroom.publish()
        for begun in range(kills):
            newsroom.publish(chance.sample(range(feeds), k=min(feeds, CHANGED)))
            with watching(sources, killed, tmp_path / "log") as watched:
                for number, record in (next(given) for _ in range(3)):
                    put(folder, number, record["text"])
                with (folder / "wire.jsonl").open("a", encoding="utf-8") as stream:
                    stream.writelines(json.dumps(record) + "\n" for _, record in (next(given) for _ in range(3)))
                until(lambda begun=begun: len(watched.lines("watching")) > begun)
                newsroom.publish(chance.sample(range(feeds), k=min(feeds, CHANGED)))
                with contextlib.suppress(subprocess.TimeoutExpired):
                    watched.process.wait(timeout=chance.uniform(0, 8))
        with watching(sources, killed, tmp_path / "log") as watched:
            until(lambda: len(watched.lines("watching")) > kills)
            until(lambda: watched.done() == len(records) + len(newsroom.pages))
            watched.process.send_signal(signal.SIGINT)
            assert watched.process.wait(timeout=10) in (0, 128 + signal.SIGINT)
        pactwatch("run", *sources, "--store", whole, seconds=PATIENCE_SECONDS)
    rows = json.loads(pactwatch("articles", "--store", killed, "--format", "json", "--limit", "0").stdout)
    urls = sorted(row["url"] for row in rows if row["url"] and "127.0.1." in row["url"])
    assert urls == sorted(newsroom.pages)
    assert canonical(killed) == canonical(whole)


def test_watch_killed_at_any_moment_loses_and_doubles_nothing(tmp_path):
    _check_kills(tmp_path, kills=3, feeds=4, seed=1)


def test_server_that_hangs_holds_up_no_other_source(tmp_path):
    folder, url = tmp_path / "wire", f"sqlite:///{tmp_path / 'store.db'}"
    folder.mkdir()
    with feed_server() as server:
        newsroom = Newsroom(server, 1)
        newsroom.publish()
        server.put("/hangs", Reply(hang=True))
        sources = [str(folder), *newsroom.addresses, server.url("/hangs", host="127.0.0.2")]
        with watching(sources, url, tmp_path / "log") as watched:
            until(lambda: watched.done() == 1)
            until(lambda: server.asked("/hangs") > 0)
            put(folder, 0, articles(1)[0]["text"])
            assert until(lambda: watched.done() == 2) < POLL_SECONDS + LATE_SECONDS * _slowness()
            assert not any(line["polls_failed"] for line in watched.lines("tick"))  # it hangs still
            until(lambda: any(line["polls_failed"] for line in watched.lines("tick")))
            until(lambda: server.asked("/hangs") > 1)
            newsroom.publish()
            assert until(lambda: watched.done() == 3) < POLL_SECONDS + LATE_SECONDS * _slowness()
            watched.process.send_signal(signal.SIGTERM)
            assert watched.process.wait(timeout=10) == 0


def test_host_that_hangs_for_the_first_time_holds_up_no_other(tmp_path):
    """A feed and a page that answered before begin to hang; meanwhile another feed brings one article after another."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with feed_server() as server:
        newsroom = Newsroom(server, 1)
        newsroom.publish()
        hanging = [server.url(f"/other/{number}", host=f"127.0.0.{number}") for number in (2, 3)]
        for address in hanging:
            path = address.removeprefix(address[: address.index("/other")])
            server.put_feed(path, "<rss version='2.0'><channel><title>Other</title></channel></rss>")
        with watching([*newsroom.addresses, *hanging], url, tmp_path / "log") as watched:
            until(lambda: watched.done() == 1)
            until(lambda: server.asked("/other/2") > 0 and server.asked("/other/3") > 0)
            page = server.url("/page", host="127.0.0.3")
            server.put("/page", Reply(hang=True))
            item = f"<item><title>It hangs</title><link>{page}</link></item>"
            server.put_feed("/other/3", f"<rss version='2.0'><channel><title>Other</title>{item}</channel></rss>")
            until(lambda: server.asked("/page") > 0)
            server.put("/other/2", Reply(hang=True))
            asked = server.asked("/other/2")
            until(lambda: server.asked("/other/2") > asked)
            for number in range(2, 5):
                newsroom.publish()
                assert until(lambda number=number: watched.done() == number) < POLL_SECONDS + LATE_SECONDS * _slowness()
            assert not any(line["polls_failed"] for line in watched.lines("tick"))  # it hangs still
            watched.process.send_signal(signal.SIGTERM)
            assert watched.process.wait(timeout=10) == 0


@pytest.mark.soak
def test_watch_over_50_feeds_killed_twenty_times_loses_and_doubles_nothing(tmp_path):
    _check_kills(tmp_path, kills=20, feeds=50, seed=2)
