"""Polls the feeds that are due: what is new in them is safe in the store before a feed's cursor moves."""

import dataclasses
import datetime
import functools
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput
from apache_beam.utils.windowed_value import WindowedValue

from transforms.attempt import FAILURES, MAIN, failure_id
from transforms.gather import GatherByKey, in_global_window
from transforms.ingest.feeds.ask_feed import FeedAnswer, is_false_304, read_answer, request_feed
from transforms.ingest.feeds.claims import HostClaims, claimed
from transforms.ingest.feeds.edits import Edited, revise
from transforms.ingest.feeds.entry_items import entry_item
from transforms.ingest.feeds.hosts import Asked, ask_hosts, by_host, is_through
from transforms.ingest.feeds.identity import Mark, Met, entry_id, is_edited, marks_of, read_mark
from transforms.ingest.feeds.manners import Manners, check_arguments
from transforms.ingest.feeds.parsed import Entry
from transforms.ingest.feeds.records import (
    Cursor,
    Feed,
    PollSettings,
    cursor_document,
    cursor_from,
    host_of,
    new_cursor,
)
from transforms.ingest.feeds.rounds import PAUSE, ask_in_rounds
from transforms.ingest.feeds.settle_poll import after_failure, after_success, look_again
from transforms.ingest.fetch import fetcher_for
from transforms.ingest.unreadable import make_failure
from transforms.present import When
from transforms.records import Failure, Item, State
from transforms.store.documents import item_document
from transforms.store.protocol import Collection, Document, Store, Stored

STAGE = "poll"
WAITING = "waiting"
_ITEMS_AT_ONCE = 1_000  # in one transaction: some milliseconds of work, and a megabyte
_MARKS_KEPT = 20_000  # of one feed; a document has rarely over 100 entries, and 10,000 at most were seen


@dataclasses.dataclass(slots=True)
class _Polled:
    """A feed on its way through one poll; `version` is that of its cursor in the store."""

    feed: Feed
    cursor: Cursor
    version: int | None = None


def is_due(cursor: Cursor, now: datetime.datetime) -> bool:
    """Returns whether a feed is to be polled: not before its time, and not when it is gone for good."""
    return not cursor.is_gone and (cursor.next_poll is None or cursor.next_poll <= now)


def _jobs(store: Store, feeds: Iterable[Feed]) -> list[_Polled]:
    listed = {feed.id: feed for feed in feeds}
    stored = store.get(Collection.FEEDS, list(listed))
    return [_job(feed, stored.get(key)) for key, feed in listed.items()]


def _job(feed: Feed, stored: Stored | None) -> _Polled:
    if stored is None:
        return _Polled(feed, new_cursor(feed))
    return _Polled(feed, cursor_from(stored), stored.version)


def _read_again(store: Store, jobs: Sequence[_Polled]) -> list[_Polled]:
    """Returns the jobs as they are now: another worker may have polled these feeds a moment ago."""
    stored = store.get(Collection.FEEDS, [job.cursor.id for job in jobs])
    versions = {key: each.version for key, each in stored.items()}
    return [
        job if versions.get(job.cursor.id) == job.version else _job(job.feed, stored.get(job.cursor.id)) for job in jobs
    ]


@dataclasses.dataclass(slots=True)
class _Brought:
    """What a document brought: items of new entries and of edited ones, and marks of all that are in it."""

    new: list[Item]
    marks: list[Mark]
    edited: list[Edited]
    versions: list[Item]
    is_postponed: bool = False


def _kept(marks: Sequence[Mark], before: Iterable[str]) -> list[str]:
    """Returns the marks to keep: those of this document first, so that what is still in it is never forgotten."""
    written = dict.fromkeys(mark.written() for mark in marks)
    written.update(dict.fromkeys(before))
    return list(written)[: max(_MARKS_KEPT, len(marks))]


class _Taking:
    """Takes in what a lot of answers brought, with few writes: items first, then entries met, then cursors."""

    def __init__(self, store: Store, settings: PollSettings) -> None:
        self._store = store
        self._settings = settings

    def take_in(self, lot: Sequence[Asked[_Polled, FeedAnswer]]) -> Iterator[Any]:
        """Yields ids of items by state, and Failures; writes all of the lot.

        Answers are read here, not in the threads that wait for them: threads that compute would keep the writes
        waiting for the interpreter, a hundred times a feed.
        """
        lot = [dataclasses.replace(asked, answer=read_answer(asked.answer, asked.job.cursor)) for asked in lot]
        before = self._met([asked for asked in lot if asked.answer.parsed is not None])
        items: list[Item] = []
        entries: list[Document] = []
        for asked in lot:
            if asked.answer.error is not None:
                yield from self._failed(asked)
                continue
            brought = self._brought(asked, before.get(asked.job.feed.id, ()), entries)
            items += brought.new + brought.versions
            self._succeeded(asked, brought)
        yield from self._write_items(items)
        self._store.replace(Collection.ENTRIES, entries)
        self._store.replace(Collection.FEEDS, [cursor_document(asked.job.cursor) for asked in lot])

    def _met(self, lot: Sequence[Asked[_Polled, FeedAnswer]]) -> Mapping[str, Sequence[str]]:
        stored = self._store.get(Collection.ENTRIES, [asked.job.cursor.id for asked in lot])
        return {key: document.body["marks"] for key, document in stored.items()}

    def _brought(self, asked: Asked[_Polled, FeedAnswer], written: Sequence[str], entries: list[Document]) -> _Brought:
        brought = _Brought(new=[], marks=[], edited=[], versions=[])
        parsed = asked.answer.parsed
        if parsed is None:
            return brought
        feed = asked.job.feed
        title = parsed.title or asked.job.cursor.title
        _sort_entries(brought, feed, title, parsed.entries, Met(map(read_mark, written)), asked.at)
        for revised in revise(self._store, feed, title, brought.edited, asked.at):
            brought.marks.append(revised.mark)
            brought.versions += [revised.item] if revised.item is not None else []
            brought.is_postponed |= revised.is_postponed
        Metrics.counter(STAGE, "entries_new").inc(len(brought.new))
        Metrics.counter(STAGE, "entries_edited").inc(len(brought.versions))
        outdated = {each.before.written() for each in brought.edited}
        kept = _kept(brought.marks, (each for each in written if each not in outdated))
        entries.append(Document(id=feed.id, body={"marks": kept}))
        return brought

    def _succeeded(self, asked: Asked[_Polled, FeedAnswer], brought: _Brought) -> None:
        job, answer = asked.job, asked.answer
        dates = [date for item in brought.new if (date := _moment(item)) is not None]
        false_304 = is_false_304(answer, job.cursor, dates)
        if job.cursor.is_reported:
            self._store.delete(Collection.FAILURES, [failure_id(job.feed.url)])
        job.cursor = after_success(
            job.feed,
            job.cursor,
            answer,
            self._settings,
            now=asked.at,
            new_items=len(brought.new),
            is_false_304=false_304,
        )
        if brought.is_postponed:
            job.cursor = look_again(job.cursor)
        Metrics.counter(STAGE, f"feeds_{job.cursor.polls[-1].outcome.value}").inc()

    def _failed(self, asked: Asked[_Polled, FeedAnswer]) -> Iterator[TaggedOutput[str, Failure]]:
        job = asked.job
        job.cursor, report = after_failure(job.feed, job.cursor, asked.answer, self._settings, now=asked.at)
        Metrics.counter(STAGE, "feeds_failed").inc()
        if report:
            error = str(asked.answer.error)
            yield TaggedOutput(FAILURES, make_failure(STAGE, job.feed.url, error, now=asked.at))

    def _write_items(self, items: Sequence[Item]) -> Iterator[Any]:
        for start in range(0, len(items), _ITEMS_AT_ONCE):
            part = items[start : start + _ITEMS_AT_ONCE]
            created = self._store.create(Collection.ITEMS, [item_document(item) for item in part])
            Metrics.counter("ingest", "items_taken_in").inc(sum(created))
            for item, is_created in zip(part, created, strict=True):
                if is_created:
                    yield TaggedOutput(WAITING, item.id) if item.state is State.WAITING else item.id


def _sort_entries(
    brought: _Brought, feed: Feed, title: str | None, entries: Sequence[Entry], met: Met, at: datetime.datetime
) -> None:
    """Tells entries that are new from those met, and of those the ones that were edited since."""
    fresh: set[str] = set()  # two entries of one document may be forms of one article: neither was edited
    for entry, mark in zip(entries, marks_of(entries), strict=True):
        known = met.find(mark)
        if known is None:
            key = entry_id(feed.id, entry, mark)
            mark = dataclasses.replace(mark, item=key)
            met.add(mark)
            fresh.add(key)
            item = entry_item(feed, title, entry, id_=key, now=at)
            brought.new.append(item)
        elif known.item not in fresh and is_edited(known, mark):
            brought.edited.append(Edited(entry=entry, before=known, now=mark))
            continue
        else:
            mark = dataclasses.replace(mark, item=known.item or entry_id(feed.id, entry, mark), version=known.version)
        brought.marks.append(mark)


def _moment(item: Item) -> datetime.datetime | None:
    if item.published is None or len(item.published) <= 10:
        return None
    return datetime.datetime.fromisoformat(item.published)


class _KeyFn(beam.DoFn):
    """Keys the feeds of a bundle by the share of hosts they belong to, together: one by one they cost a poll 5%."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners

    def start_bundle(self) -> None:
        self._shares: dict[str, list[Feed]] = {}

    def process(self, element: Feed) -> Iterable[tuple[str, Sequence[Feed]]]:
        """Takes note of a feed."""
        self._shares.setdefault(self._manners.shard_of(host_of(element.url)), []).append(element)
        return ()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yields the feeds by share."""
        shares, self._shares = self._shares, {}
        yield from map(in_global_window, shares.items())


class _PollFn(beam.DoFn):
    """Gathers the feeds of a bundle and polls them together, so that one slow host waits beside the others.

    In a stream a bundle waits for some seconds; what is missing then comes with one of the next.
    """

    def __init__(self, store_url: str, manners: Manners, now: When, due_only: bool) -> None:
        self._store_url = store_url
        self._manners = manners
        self._now = now
        self._due_only = due_only

    def start_bundle(self) -> None:
        self._feeds: list[Feed] = []

    def process(self, element: tuple[str, Iterable[Sequence[Feed]]]) -> None:
        """Takes note of the feeds of some hosts."""
        for feeds in element[1]:
            self._feeds += feeds

    def finish_bundle(self) -> Iterator[WindowedValue]:
        """Yields what the due feeds brought."""
        feeds, self._feeds = self._feeds, []
        if feeds:
            polled = ask_in_rounds(STAGE, self._store_url, self._now, functools.partial(self._poll, feeds))
            yield from map(in_global_window, polled)

    def _poll(
        self, listed: Sequence[Feed], store: Store, came: threading.Event | None, now: datetime.datetime
    ) -> Iterator[Any]:
        feeds = _jobs(store, listed)
        due = _by_host(feeds if not self._due_only else [job for job in feeds if is_due(job.cursor, now)])
        with claimed(store, self._manners.limits, due, now) as (claims, hosts):
            feeds = _read_again(store, [job for job in feeds if host_of(job.cursor.address) in hosts])
            Metrics.counter(STAGE, "hosts_claimed_elsewhere").inc(len(due) - len(hosts))
            due = _by_host(feeds if not self._due_only else [job for job in feeds if is_due(job.cursor, now)])
            yield from self._poll_claimed(store, came, _by_host(feeds), due, claims, now)

    def _poll_claimed(
        self,
        store: Store,
        came: threading.Event | None,
        hosts: Mapping[str, Sequence[_Polled]],
        due: Mapping[str, Sequence[_Polled]],
        claims: HostClaims,
        now: datetime.datetime,
    ) -> Iterator[Any]:
        taking = _Taking(store, self._manners.polling)
        left = {host: len(jobs) for host, jobs in due.items()}
        for lot in self._ask(due, now, came):
            if not claims.renew():
                return  # another worker took this one for dead: what was not stored is polled again
            through = [
                host
                for asked in lot
                if is_through(host := host_of(asked.job.cursor.address), left, is_busy=asked.answer.is_busy)
            ]
            if lot:
                yield from taking.take_in(lot)
            for asked in lot:
                if asked.answer.is_busy:
                    _leave_alone(store, asked.job.cursor, hosts[host_of(asked.job.cursor.address)])
            claims.release(through)  # pages of these hosts need not wait for the slowest of all feeds
            if came is not None:
                yield PAUSE

    def _ask(
        self, due: Mapping[str, Sequence[_Polled]], now: datetime.datetime, came: threading.Event | None
    ) -> Iterator[list[Asked[_Polled, FeedAnswer]]]:
        fetcher, polling = fetcher_for(self._manners.limits), self._manners.polling
        return ask_hosts(
            due,
            lambda job, _: request_feed(fetcher, job.feed, job.cursor),
            clock=self._manners.make_clock(now),
            spacing=lambda _: polling.spacing_seconds,
            turn_seconds=polling.turn_seconds,
            hosts_at_once=polling.hosts_at_once,
            goes_on=lambda answer: not answer.is_busy,
            came=came,
        )


def _by_host(jobs: Iterable[_Polled]) -> dict[str, list[_Polled]]:
    return by_host(jobs, lambda job: host_of(job.cursor.address))


def _leave_alone(store: Store, busy: Cursor, others: Sequence[_Polled]) -> None:
    """Puts off the polls of all feeds of a host until the one that was told so may be asked again."""
    until = busy.next_poll
    moved = [job for job in others if until and (job.cursor.next_poll is None or job.cursor.next_poll < until)]
    for job in moved:
        job.cursor = dataclasses.replace(job.cursor, next_poll=until)
    store.replace(Collection.FEEDS, [cursor_document(job.cursor) for job in moved])


class PollFeeds(beam.PTransform[PCollection[Feed], DoOutputsTuple]):
    """Polls feeds and stores their new entries as items.

    Input: Feed. Output: by tag `main` ids of new items that can be read, by tag `waiting` of those whose page is
    fetched first; Failure, of stage `poll`, by tag `failures`, once for a feed that fails for good or for long.
    Guarantee: an id is emitted only after its item is safe in the store; a feed's cursor moves after that. A retry
    polls again, and gives the same items. A host is claimed in the store while it is asked, so that no two workers,
    of one run or of several, ask it at once; a feed whose host is claimed elsewhere stays due. In a stream a host that
    does not answer within some seconds holds up no other (`transforms.ingest.feeds.rounds`).
    Failures: feeds that are gone, refused, no feeds, or failing for a day.
    """

    def __init__(self, *, store_url: str, manners: Manners, now: When, due_only: bool = True) -> None:
        """Takes what to poll with.

        Args:
            store_url: Where items and cursors are.
            manners: How to behave on the web.
            now: When the run is said to be; None for the present.
            due_only: Whether feeds that are not due, or gone, are left alone.
        """
        super().__init__()
        check_arguments(manners, now)
        self._key = _KeyFn(manners)
        self._fn = _PollFn(store_url, manners, now, due_only)

    def expand(self, feeds: PCollection[Feed]) -> DoOutputsTuple:
        """Wires the polling."""
        polled: DoOutputsTuple = (
            feeds
            | "KeyByHost" >> beam.ParDo(self._key)
            | "GroupHosts" >> GatherByKey()
            | "Poll" >> beam.ParDo(self._fn).with_outputs(WAITING, FAILURES, main=MAIN)
        )
        return polled
