"""Polling against bare httpx and feedparser on the same feeds in the same run, as ratios.

A server in a process of its own holds 1,000 feeds of 20 items, each at a loopback address of its own, so that
politeness is on and makes nobody wait. The baselines ask all feeds concurrently by httpx (once by asyncio, once by
threads: the faster counts) and parse them with feedparser; then they ask again with the ETags. Ours polls by
`PollFeeds`: it also finds what is new, and keeps items and cursors in a store. Each side runs in a process of its
own, in turns. Run it by `make bench`.
"""

import argparse
import asyncio
import concurrent.futures
import datetime
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import NamedTuple

import feedparser
import httpx

FEEDS = 1_000
ITEMS = 20
ROUNDS = 3
AT_ONCE = 16  # requests, on either side
AIMS = {"first": 1.3, "again": 1.5, "first (processor)": 1.3, "again (processor)": 1.5}
SIDES = ("asyncio", "threads", "pactwatch")
_PARAGRAPH = (
    "<p>Negotiators for <b>both sides</b> said on Tuesday that the text of item {item} in feed {feed} was "
    '<a href="/text/{item}">ready to be signed</a> &amp; would be published within the week.</p>'
)

type Parse = Callable[[bytes], int]


def feed_body(feed: int) -> bytes:
    """Returns a feed of 20 items with some HTML each, as news sites write it."""
    items = "".join(
        f"<item><title>Talks {feed}.{item}: text of the accord is ready</title><link>https://wire{feed}.example/{item}"
        f"</link><guid isPermaLink='false'>wire-{feed}-{item}</guid>"
        f"<pubDate>Wed, 01 May 2024 {item:02}:00:00 GMT</pubDate><description><![CDATA["
        f"{_PARAGRAPH.format(feed=feed, item=item) * 3}]]></description></item>"
        for item in range(ITEMS)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Wire {feed}</title>'
        f"<link>https://wire{feed}.example/</link><description>News</description>{items}</channel></rss>"
    ).encode()


def addresses(port: int, count: int) -> list[str]:
    """Returns the feeds' addresses, each on a host of its own."""
    return [f"http://127.1.{feed // 250}.{feed % 250 + 1}:{port}/{feed}" for feed in range(count)]


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while (head := await reader.readuntil(b"\r\n\r\n")) != b"":
            feed = int(head.split(b" ", 2)[1][1:])
            tag = b'"%d"' % feed
            if b"if-none-match: " + tag in head.lower():
                writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n")
            else:
                body = feed_body(feed)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %s\r\nContent-Length: %d\r\n\r\n%s"
                    % (tag, len(body), body)
                )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "0.0.0.0", 0, backlog=1_024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


class _Asyncio:
    """httpx as asyncio programs use it."""

    def ask(self, urls: list[str], tags: dict[str, str], parse: Parse) -> int:
        return asyncio.run(self._ask(urls, tags, parse))

    async def _ask(self, urls: list[str], tags: dict[str, str], parse: Parse) -> int:
        gate = asyncio.Semaphore(AT_ONCE)
        async with httpx.AsyncClient(timeout=30) as client:

            async def ask(url: str) -> int:
                async with gate:
                    answer = await client.get(url, headers=_condition(url, tags))
                return _settled(answer, url, tags, parse)

            return sum(await asyncio.gather(*map(ask, urls)))


class _Threads:
    """httpx as programs with threads use it."""

    def ask(self, urls: list[str], tags: dict[str, str], parse: Parse) -> int:
        with httpx.Client(timeout=30) as client, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:

            def ask(url: str) -> int:
                return _settled(client.get(url, headers=_condition(url, tags)), url, tags, parse)

            return sum(pool.map(ask, urls))


class _Times(NamedTuple):
    """Seconds by the clock, and of the processor, which mean something on a busy machine too."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> "_Times":
        return cls(time.perf_counter(), time.process_time())

    def since(self, began: "_Times") -> "_Times":
        return _Times(self.clock - began.clock, self.processor - began.processor)

    def told(self, name: str) -> dict[str, float]:
        return {name: self.clock, f"{name} (processor)": self.processor}


def _condition(url: str, tags: dict[str, str]) -> dict[str, str]:
    return {"If-None-Match": tags[url]} if url in tags else {}


def _settled(answer: httpx.Response, url: str, tags: dict[str, str], parse: Parse) -> int:
    tags[url] = answer.headers["etag"]
    return parse(answer.content) if answer.status_code == 200 else 0


def _baseline(way: _Asyncio | _Threads, urls: list[str]) -> dict[str, float]:
    def parse(body: bytes) -> int:
        return len(feedparser.parse(io.BytesIO(body))["entries"])

    tags: dict[str, str] = {}
    way.ask(urls[:5], {}, parse)
    began = _Times.now()
    found = way.ask(urls, tags, parse)
    middle = _Times.now()
    again = way.ask(urls, tags, parse)
    if (found, again) != (ITEMS * len(urls), 0):
        raise SystemExit(f"the baseline found {found} entries, then {again}")
    return middle.since(began).told("first") | _Times.now().since(middle).told("again")


def _pactwatch(urls: list[str]) -> dict[str, float]:
    import apache_beam as beam
    from apache_beam.runners.portability.fn_api_runner import FnApiRunner

    from transforms.ingest.feeds.manners import Manners
    from transforms.ingest.feeds.poll_feeds import PollFeeds
    from transforms.ingest.feeds.records import Feed, PollSettings
    from transforms.ingest.limits import FetchLimits
    from transforms.store.open import open_store
    from transforms.store.protocol import Collection

    manners = Manners(polling=PollSettings(hosts_at_once=AT_ONCE), limits=FetchLimits(allow_private_hosts=True))

    def poll(store_url: str, feeds: list[Feed], now: datetime.datetime) -> _Times:
        began = _Times.now()
        pipeline = beam.Pipeline(runner=FnApiRunner())
        pipeline | beam.Create(feeds) | PollFeeds(store_url=store_url, manners=manners, now=now)
        pipeline.run().wait_until_finish()
        return _Times.now().since(began)

    now = datetime.datetime(2024, 5, 2, tzinfo=datetime.UTC)
    feeds = [Feed(url=url, full_text=False) for url in urls]
    with tempfile.TemporaryDirectory() as folder:
        poll(f"sqlite:///{folder}/warm.db", feeds[:5], now)
        url = f"sqlite:///{folder}/store.db"
        first = poll(url, feeds, now)
        again = poll(url, feeds, now + datetime.timedelta(days=1))
        store = open_store(url)
        items = store.count(Collection.ITEMS)
        polls = [len(stored.body["polls"]) for stored in store.scan(Collection.FEEDS)]
        store.close()
    if items != ITEMS * len(urls) or polls != [2] * len(urls):
        raise SystemExit(f"polling took in {items} items")
    return first.told("first") | again.told("again")


def _child(side: str, port: int, count: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.polling", "--side", side, "--port", str(port), "--feeds", str(count)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _middle(runs: list[dict[str, float]], name: str) -> float:
    return sorted(run[name] for run in runs)[len(runs) // 2]


def measure(count: int, rounds: int) -> dict[str, dict[str, float]]:
    """Returns the median seconds of each side, for the first poll and for polling again unchanged."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.polling", "--side", "server"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        runs = [{side: _child(side, port, count) for side in SIDES} for _ in range(rounds)]
    finally:
        server.terminate()
        server.wait()
    return {side: {name: _middle([run[side] for run in runs], name) for name in AIMS} for side in SIDES}


def main() -> None:
    """Measures in turns and prints the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", choices=["server", *SIDES])
    parser.add_argument("--port", type=int)
    parser.add_argument("--feeds", type=int, default=FEEDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    if given.side == "server":
        asyncio.run(_serve())
    elif given.side:
        urls = addresses(given.port, given.feeds)
        ways = {"asyncio": _Asyncio(), "threads": _Threads()}
        seconds = _baseline(ways[given.side], urls) if given.side in ways else _pactwatch(urls)
        sys.stdout.write(json.dumps(seconds) + "\n")
    else:
        measured = measure(given.feeds, given.rounds)
        for name, aim in AIMS.items():
            bare = min(measured["asyncio"][name], measured["threads"][name])
            ours = measured["pactwatch"][name]
            told = ", ".join(f"{side} {measured[side][name]:.2f} s" for side in SIDES)
            sys.stdout.write(f"{name:17} {told}: {ours / bare:.2f} of the faster bare one (aim: {aim})\n")


if __name__ == "__main__":
    main()
