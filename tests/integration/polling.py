"""Polls feeds and fetches pages through real transforms, at times that a test chooses."""

import datetime
import threading
from collections.abc import Sequence

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from transforms.attempt import FAILURES, MAIN
from transforms.index.store_failures import StoreFailures
from transforms.ingest.feeds.manners import MakeClock, Manners
from transforms.ingest.feeds.poll_feeds import WAITING, PollFeeds
from transforms.ingest.feeds.records import Cursor, Feed, PollSettings, cursor_from
from transforms.ingest.limits import FetchLimits
from transforms.ingest.pages.fetch_pages import FetchPages, ListWaitingItems
from transforms.records import Failure, Item
from transforms.store.documents import failure_from, item_from
from transforms.store.open import open_store
from transforms.store.protocol import Collection

START = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)


class LeapClock:
    """A clock whose waits take no time; each thread has its own, for hosts wait side by side."""

    def __init__(self, start: datetime.datetime) -> None:
        self._start = start
        self._own = threading.local()

    def now(self) -> datetime.datetime:
        now: datetime.datetime = getattr(self._own, "now", self._start)
        return now

    def wait(self, seconds: float, stopped: threading.Event) -> None:
        self._own.now = self.now() + datetime.timedelta(seconds=seconds)


class Desk:
    """A store with feeds that are polled when a test says so.

    Attributes:
        now: The present; a test moves it.
    """

    def __init__(
        self,
        store_url: str,
        *,
        private: bool = True,
        seconds: float = 1.0,
        make_clock: MakeClock = LeapClock,
        **polling: float,
    ) -> None:
        self.store_url = store_url
        self.store = open_store(store_url)
        self.now = START
        limits = FetchLimits(allow_private_hosts=private, total_seconds=seconds)
        self.manners = Manners(polling=PollSettings(**polling), limits=limits, make_clock=make_clock)

    def pass_time(self, **amount: float) -> None:
        self.now += datetime.timedelta(**amount)

    def poll(self, *feeds: Feed | str, due_only: bool = True) -> None:
        listed = [Feed(url=feed) if isinstance(feed, str) else feed for feed in feeds]
        pipeline = beam.Pipeline(runner=FnApiRunner())
        common = {"store_url": self.store_url, "manners": self.manners, "now": self.now}
        polled = pipeline | beam.Create(listed) | PollFeeds(**common, due_only=due_only)
        waiting = pipeline | "Now" >> beam.Create([None]) | ListWaitingItems(store_url=self.store_url, now=self.now)
        pageless = (polled[WAITING], waiting[MAIN]) | beam.Flatten() | beam.Distinct()
        pageless | FetchPages(**common)
        polled[FAILURES] | StoreFailures(store_url=self.store_url, run="run")
        pipeline.run().wait_until_finish()

    def cursor(self, feed: Feed | str) -> Cursor:
        feed = Feed(url=feed) if isinstance(feed, str) else feed
        return cursor_from(self.store.get(Collection.FEEDS, [feed.id])[feed.id])

    def items(self) -> Sequence[Item]:
        return [item_from(stored) for stored in self.store.scan(Collection.ITEMS)]

    def titles(self) -> list[str]:
        return sorted(item.title or "" for item in self.items())

    def failures(self) -> list[Failure]:
        return [failure_from(stored) for stored in self.store.scan(Collection.FAILURES)]
