"""Fetches the pages of items that wait for them, politely; a page that fails for now is tried again later."""

import collections
import dataclasses
import datetime
import functools
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection
from apache_beam.utils.windowed_value import WindowedValue

from transforms.attempt import FAILURES, MAIN, Step, TryEach
from transforms.gather import GatherByKey, in_global_window
from transforms.ingest.feeds.claims import claimed
from transforms.ingest.feeds.hosts import Asked, ask_hosts, by_host, is_through
from transforms.ingest.feeds.manners import Manners, check_arguments
from transforms.ingest.feeds.records import host_of
from transforms.ingest.feeds.rounds import PAUSE, ask_in_rounds
from transforms.ingest.feeds.schedule import retry_after
from transforms.ingest.fetch import Fetcher, FetchError, TemporaryFetchError, expect_success, fetcher_for
from transforms.ingest.overdue import Overdue, fetch_at
from transforms.ingest.pages.page_item import is_page, with_page, without_page
from transforms.ingest.pages.robots import ROBOTS, site_address
from transforms.present import When
from transforms.records import Flaw, Item, State, record
from transforms.store.documents import item_document, item_from
from transforms.store.open import store_for
from transforms.store.protocol import Collection, Store

STAGE = "page"
# After the first, second ... failure: most servers are back within minutes, and an article should not wait for hours.
RETRY_SECONDS = (60.0, 300.0, 1_800.0)

_ACCEPT = {"Accept": "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1"}


@record
class _Visit:
    """One request to a host: for the page of an item, or for the site's robots.txt."""

    site: str
    item: Item | None = None
    version: int = 0


@record
class Visited:
    """What a request gave: the item as it is to be written (None for robots.txt), and whether the server is busy."""

    item: Item | None = None
    is_busy: bool = False


def ask_page(fetcher: Fetcher, item: Item, *, now: datetime.datetime, attempts: int) -> Visited:
    """Returns an item with its page, or without it, or waiting for another attempt.

    Args:
        fetcher: Asks.
        item: Its `locator` is its link.
        now: The present.
        attempts: After so many the feed's own text must do.
    """
    rules = ROBOTS.known(site_address(item.locator), now)
    if rules is not None and not rules.allows(item.locator):
        return Visited(item=without_page(item, Flaw.PAGE_REFUSED))
    try:
        if rules is not None and rules.is_unreachable:
            raise TemporaryFetchError("the site's robots.txt cannot be had for now")
        page = expect_success(fetcher.get(item.locator, _ACCEPT))
    except TemporaryFetchError as error:
        return Visited(item=_later(item, error, now, attempts), is_busy=error.is_busy)
    except FetchError:
        return Visited(item=without_page(item, Flaw.PAGE_FAILED))
    return Visited(item=with_page(item, page, now=now) if is_page(page) else without_page(item, Flaw.PAGE_FAILED))


def _later(item: Item, error: FetchError, now: datetime.datetime, attempts: int) -> Item:
    tried = item.attempts + 1
    if tried >= attempts:
        return dataclasses.replace(without_page(item, Flaw.PAGE_FAILED), attempts=tried)
    wait = RETRY_SECONDS[min(tried, len(RETRY_SECONDS)) - 1]
    wait = max(wait, retry_after(error.retry_after, now) or 0.0)
    return dataclasses.replace(item, attempts=tried, retry_at=now + datetime.timedelta(seconds=wait))


def list_waiting(store: Store, now: datetime.datetime, after: datetime.datetime | None = None) -> Iterator[str]:
    """Yields the ids of items whose page is to be fetched by now, or since `after`."""
    for stored in store.scan(Collection.ITEMS, {"state": State.WAITING.value}):
        item = item_from(stored)
        is_new = after is None or (item.retry_at or item.taken_in) > after
        if is_new and (item.retry_at is None or item.retry_at <= now):
            yield stored.id


class ListWaitingItems(beam.PTransform[PCollection[Any], DoOutputsTuple]):
    """Lists items that wait for their page; in a stream those that were put off or are overdue.

    Input: ticks. Output: item ids, by tag `main`; Failure by tag `failures`.
    Guarantee: every item that was due when the run began is listed, in stores whose searches do not lag.
    """

    def __init__(self, *, store_url: str, now: When) -> None:
        self._store_url = store_url
        self._now = now

    def expand(self, ticks: PCollection[Any]) -> DoOutputsTuple:
        """Wires one scan of the store a tick."""
        if self._now is None:
            step: Step = Overdue(State.WAITING, fetch_at)
        else:
            step = functools.partial(_list_waiting, now=self._now)
        return ticks | "Scan" >> TryEach(stage=STAGE, step=step, store_url=self._store_url, now=self._now)


def _list_waiting(store: Store, _: Any, now: datetime.datetime) -> Iterator[str]:
    yield from list_waiting(store, now)


class _KeyFn(beam.DoFn):
    """Keys items by host, so that one worker makes all requests to it."""

    def __init__(self, store_url: str, manners: Manners) -> None:
        self._store_url = store_url
        self._manners = manners

    def process(self, element: str) -> Iterable[tuple[str, str]]:
        stored = store_for(self._store_url).get(Collection.ITEMS, [element]).get(element)
        if stored is not None:
            yield self._manners.shard_of(host_of(item_from(stored).locator)), element


class _FetchFn(beam.DoFn):
    """Gathers the items of a bundle and fetches their pages together; in a stream as `PollFeeds` polls."""

    def __init__(self, store_url: str, manners: Manners, now: When) -> None:
        self._store_url = store_url
        self._manners = manners
        self._now = now

    def start_bundle(self) -> None:
        self._ids: list[str] = []

    def process(self, element: tuple[str, Iterable[str]]) -> None:
        """Takes note of the items of some hosts."""
        self._ids += element[1]

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yields the ids of the items that can be read now."""
        ids, self._ids = self._ids, []
        if ids:
            fetched = ask_in_rounds(STAGE, self._store_url, self._now, functools.partial(self._fetch, ids))
            yield from map(in_global_window, fetched)

    def _fetch(
        self, ids: Sequence[str], store: Store, came: threading.Event | None, now: datetime.datetime
    ) -> Iterator[Any]:
        sites = {host_of(visit.site) for visit in _visits(store, ids, now)}
        with claimed(store, self._manners.limits, sites, now) as (claims, hosts):
            # Read again now that nobody else writes them: another worker may have fetched them a moment ago.
            visits = [visit for visit in _visits(store, ids, now) if host_of(visit.site) in hosts]
            Metrics.counter(STAGE, "hosts_claimed_elsewhere").inc(len(sites) - len(hosts))
            left = collections.Counter(host_of(visit.site) for visit in visits)
            for lot in self._ask(visits, now, came):
                if not claims.renew():
                    return  # another worker took this one for dead: what was not stored is fetched again
                for asked in lot:
                    yield from _write(store, asked)
                claims.release(
                    [
                        host
                        for asked in lot
                        if is_through(host := host_of(asked.job.site), left, is_busy=asked.answer.is_busy)
                    ]
                )  # feeds and new pages of these hosts need not wait for the slowest of all pages
                if came is not None:
                    yield PAUSE

    def _ask(
        self, visits: Iterable[_Visit], now: datetime.datetime, came: threading.Event | None
    ) -> Iterator[list[Asked[_Visit, Visited]]]:
        fetcher, polling = fetcher_for(self._manners.limits), self._manners.polling

        def ask(visit: _Visit, now: datetime.datetime) -> Visited:
            if visit.item is None:
                ROBOTS.ask(fetcher, visit.site, now)
                return Visited()
            return ask_page(fetcher, visit.item, now=now, attempts=polling.page_attempts)

        return ask_hosts(
            by_host(visits, lambda visit: host_of(visit.site)),
            ask,
            clock=self._manners.make_clock(now),
            spacing=lambda visit: self._spacing(visit, now),
            turn_seconds=polling.turn_seconds,
            hosts_at_once=polling.hosts_at_once,
            goes_on=lambda visited: not visited.is_busy,
            came=came,
        )

    def _spacing(self, visit: _Visit, now: datetime.datetime) -> float:
        rules = ROBOTS.known(visit.site, now) if visit.item is not None else None
        return max(self._manners.polling.spacing_seconds, rules.delay_seconds() if rules is not None else 0.0)


def _visits(store: Store, ids: Iterable[str], now: datetime.datetime) -> list[_Visit]:
    """Returns what is to be asked: a site's robots.txt before its pages, where it is not known."""
    visits: list[_Visit] = []
    sites: set[str] = set()
    for stored in store.get(Collection.ITEMS, list(ids)).values():
        item = item_from(stored)
        if item.state is not State.WAITING:
            continue
        site = site_address(item.locator)
        if site not in sites and ROBOTS.known(site, now) is None:
            visits.append(_Visit(site=site))
        sites.add(site)
        visits.append(_Visit(site=site, item=item, version=stored.version))
    return visits


def _write(store: Store, asked: Asked[_Visit, Visited]) -> Iterator[str]:
    """Writes an item unless another run was faster; yields its id if it can be read now."""
    item = asked.answer.item
    if item is None or not store.compare_and_set(Collection.ITEMS, item_document(item), asked.job.version):
        return
    if item.state is State.WAITING:
        Metrics.counter(STAGE, "pages_later").inc()
        return
    flaws = {Flaw.PAGE_FAILED: "pages_failed", Flaw.PAGE_REFUSED: "pages_refused", Flaw.SHORT_PAGE: "pages_short"}
    Metrics.counter(STAGE, next((name for flaw, name in flaws.items() if flaw in item.flaws), "pages_read")).inc()
    yield item.id


class FetchPages(beam.PTransform[PCollection[str], DoOutputsTuple]):
    """Fetches the pages of items, with robots.txt honoured and each host asked one thing at a time.

    Input: ids of items that wait for their page. Output: ids of those that can be read now, by tag `main`; what must
    be tried later, or was not reached in a host's turn, goes on waiting in the store. The tag `failures` is empty: an
    item without its page has the feed's own text, and says so in its flaws.
    Guarantee: an id is emitted after its item was written; a retry fetches again what was not. A host is claimed in the
    store while it is asked, as in `PollFeeds`; what it is claimed for elsewhere goes on waiting.
    """

    def __init__(self, *, store_url: str, manners: Manners, now: When) -> None:
        """Takes what to fetch with, as `PollFeeds` does."""
        super().__init__()
        check_arguments(manners, now)
        self._key = _KeyFn(store_url, manners)
        self._fetch = _FetchFn(store_url, manners, now)

    def expand(self, ids: PCollection[str]) -> DoOutputsTuple:
        """Wires the fetching."""
        fetched: DoOutputsTuple = (
            ids
            | "KeyByHost" >> beam.ParDo(self._key)
            | "GroupHosts" >> GatherByKey()
            | "Fetch" >> beam.ParDo(self._fetch).with_outputs(FAILURES, main=MAIN)
        )
        return fetched
