"""Lists the feeds that are due, tick after tick, each worker looking at its share of them."""

import datetime
import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from transforms.ingest.feeds.manners import Manners
from transforms.ingest.feeds.poll_feeds import is_due
from transforms.ingest.feeds.records import Cursor, Feed, cursor_from, host_of, new_cursor
from transforms.present import When, present
from transforms.store.open import store_for
from transforms.store.protocol import Collection, Store

_ASKED_AT_ONCE = 500
# A cursor that is not due is taken to stay so for this long, so that a look costs the store no read of each feed. The
# store is asked at once when its time has come; this is for what a person changes meanwhile.
_TRUSTED = datetime.timedelta(minutes=10)


def shares(feeds: Sequence[Feed], manners: Manners) -> tuple[tuple[Feed, ...], ...]:
    """Returns the feeds in the groups in which they are polled: those of one host together."""
    key = {feed: manners.shard_of(host_of(feed.url)) for feed in feeds}
    ordered = sorted(feeds, key=lambda feed: (key[feed], feed.url))
    return tuple(tuple(group) for _, group in itertools.groupby(ordered, key=lambda feed: key[feed]))


class _DueFn(beam.DoFn):
    """Yields the feeds of hosts at which one is due; all of the host, for a busy one is left alone with all of them."""

    def __init__(self, store_url: str, now: When) -> None:
        self._store_url = store_url
        self._now = now

    def setup(self) -> None:
        self._not_before: dict[str, datetime.datetime] = {}

    def process(self, share: Sequence[Feed]) -> Iterator[Feed]:
        now = present(self._now)
        hosts = {host_of(feed.url) for feed in self._due(store_for(self._store_url), share, now)}
        yield from (feed for feed in share if host_of(feed.url) in hosts)

    def _due(self, store: Store, share: Sequence[Feed], now: datetime.datetime) -> Iterator[Feed]:
        asked = [feed for feed in share if self._not_before.get(feed.id, now) <= now]
        for feeds in itertools.batched(asked, _ASKED_AT_ONCE):
            stored = store.get(Collection.FEEDS, [feed.id for feed in feeds])
            for feed in feeds:
                cursor = cursor_from(stored[feed.id]) if feed.id in stored else new_cursor(feed)
                if is_due(cursor, now):
                    yield feed
                else:
                    self._not_before[feed.id] = _until(cursor, now)


def _until(cursor: Cursor, now: datetime.datetime) -> datetime.datetime:
    # Not all at one moment, though all were asked at one.
    later = now + _TRUSTED * random.uniform(0.5, 1.0)  # noqa: S311 (spreads load, guards nothing)
    return later if cursor.is_gone or cursor.next_poll is None else min(cursor.next_poll, later)


class ListFeeds(beam.PTransform[PCollection[Any], PCollection[Feed]]):
    """Lists feeds at every tick.

    Input: ticks. Output: Feed: all, or where only due ones are wanted those of hosts at which a feed is due.
    Guarantee: a feed that stays due is listed again at the next tick.
    """

    def __init__(
        self, *, feeds: Sequence[Feed], store_url: str, manners: Manners, now: When, due_only: bool = True
    ) -> None:
        self._shares = shares(feeds, manners)
        self._due = _DueFn(store_url, now)
        self._due_only = due_only

    def expand(self, ticks: PCollection[Any]) -> PCollection[Feed]:
        """Wires one look a tick."""
        shares = self._shares
        spread = ticks | "Shares" >> beam.FlatMap(lambda _: shares) | "Spread" >> beam.Reshuffle()
        listed: PCollection[Feed] = spread | "List" >> (
            beam.ParDo(self._due) if self._due_only else beam.FlatMap(lambda share: share)
        )
        return listed
