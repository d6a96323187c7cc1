"""The graph on one page: how articles travel from files and feeds to the store."""

import datetime
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple, PCollection

from transforms.alert.channels.channel import ChannelSettings
from transforms.alert.deliver_alerts import DeliverAlerts
from transforms.alert.match_changes import MatchChanges
from transforms.alert.note_articles import CHANGED, NoteArticles
from transforms.alert.rulebook import Rulebook
from transforms.attempt import FAILURES, MAIN
from transforms.dedupe.deduplicate import KNOWN, DeduplicateArticles
from transforms.extract.read import ReadArticles, ReaderHandler
from transforms.gather import EachOnce
from transforms.index.index import IndexRecords
from transforms.index.mark_done import MarkDone
from transforms.index.note_life import Life, NoteLife
from transforms.index.store_failures import StoreFailures
from transforms.ingest.feeds.list_feeds import ListFeeds
from transforms.ingest.feeds.manners import Manners
from transforms.ingest.feeds.poll_feeds import WAITING, PollFeeds
from transforms.ingest.feeds.records import Feed
from transforms.ingest.list_files import ListFiles
from transforms.ingest.load_items import LoadItems
from transforms.ingest.pages.fetch_pages import FetchPages, ListWaitingItems
from transforms.ingest.parse_article import ParseArticles
from transforms.ingest.pending_items import ListPendingItems
from transforms.ingest.take_in_files import Intake, TakeInFiles
from transforms.ingest.ticks import Tick
from transforms.ingest.watch_paths import WatchPaths
from transforms.present import When
from transforms.records import DueFile, Failure, record
from transforms.resolve.resolve import ResolveAgreements


@record
class Plan:
    """What a run does: where from, where to, how, and when it is said to be.

    Attributes:
        paths: Files, folders and patterns, all of which is taken in.
        files: Files that were found due elsewhere (by a watch, or for a portion of a backfill).
        unlisted: What was found there that cannot be taken in.
        intake: How files are taken in.
        due_only: Whether feeds whose time has not come are left alone.
        is_web_apart: Whether feeds are polled and pages fetched elsewhere, by the two smaller graphs below.
        tick_seconds: How often to look for work, without end; None to look once.
        is_on_flink: Whether the runner is Flink's.
        settle_seconds: How long a file must be at rest before an endless run takes it in.
        channels: Where the workers of an endless run send alerts.
    """

    run: str
    now: datetime.datetime
    paths: tuple[str, ...]
    files: tuple[DueFile, ...] = ()
    unlisted: tuple[Failure, ...] = ()
    intake: Intake
    store_url: str
    model: str
    gazetteer: str | None
    batch_size: int
    feeds: tuple[Feed, ...] = ()
    due_only: bool = True
    manners: Manners = Manners()
    rulebook: Rulebook = Rulebook()
    is_web_apart: bool = False
    tick_seconds: float | None = None
    is_on_flink: bool = False
    settle_seconds: float = 0.0
    channels: tuple[ChannelSettings, ...] = ()

    @property
    def is_endless(self) -> bool:
        """Whether it is a stream."""
        return self.tick_seconds is not None

    @property
    def when(self) -> When:
        """The time that its transforms go by."""
        return None if self.is_endless else self.now

    @property
    def life(self) -> Life:
        """What `pactwatch status` tells of a stream."""
        sources = (*self.paths, f"{len(self.feeds)} feeds") if self.feeds else self.paths
        return Life(run=self.run, started=self.now, sources=sources, tick_seconds=self.tick_seconds or 0.0)


def _found(ticks: PCollection[Any], plan: Plan) -> tuple[DoOutputsTuple, PCollection[DueFile]]:
    """Wires the look for files: all that the paths hold, or in a stream what is new in them and at rest."""
    if plan.is_endless:
        watched = ticks | "WatchPaths" >> WatchPaths(
            store_url=plan.store_url, paths=plan.paths, settle_seconds=plan.settle_seconds
        )
        return watched, watched[MAIN]
    paths = ticks | "Paths" >> beam.FlatMap(lambda _: plan.paths)
    listed = paths | "ListFiles" >> ListFiles(now=plan.when)
    return listed, listed[MAIN] | "Due" >> beam.Map(lambda path: DueFile(path=path))


def build(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Wires the whole way of the data into a pipeline.

    Items are safe in the store before anything else is done with them; from there only their ids travel on.
    """
    url, now = plan.store_url, plan.when
    ticks = pipeline | "Ticks" >> Tick(every_seconds=plan.tick_seconds, is_on_flink=plan.is_on_flink)

    listed, named = _found(ticks, plan)
    found = ticks | "FoundDue" >> beam.FlatMap(lambda _: plan.files)
    files = (named, found) | "AllFiles" >> beam.Flatten() | "SpreadFiles" >> beam.Reshuffle()
    # In a further pass over the same paths, for the rest of their archives, what cannot be listed is known already.
    listings = () if plan.intake.archives_only else (listed,)
    taken_in = files | "TakeInFiles" >> TakeInFiles(store_url=url, intake=plan.intake, is_live=plan.is_endless)
    pending = ticks | "ListPendingItems" >> ListPendingItems(store_url=url, now=now)

    web: tuple[DoOutputsTuple, ...] = ()
    if not plan.is_web_apart:
        polled = _polled(ticks, plan)
        waiting, paged = _paged(ticks, plan, taken_in[WAITING], polled[WAITING])
        web = (polled, waiting, paged)

    ready = (taken_in, pending, *(web[::2]))
    ids = tuple(ids[MAIN] for ids in ready) | "AllItems" >> beam.Flatten() | "EachOnce" >> EachOnce()
    items = ids | "LoadItems" >> LoadItems(store_url=url, now=now)
    parsed = items[MAIN] | "ParseArticles" >> ParseArticles(now=now)
    judged = parsed[MAIN] | "DeduplicateArticles" >> DeduplicateArticles(store_url=url, now=now)

    handler = ReaderHandler(model=plan.model, gazetteer=plan.gazetteer, batch_size=plan.batch_size)
    read = judged[MAIN] | "ReadArticles" >> ReadArticles(handler=handler, now=now)
    resolved = read[MAIN] | "ResolveAgreements" >> ResolveAgreements(store_url=url, now=now)
    indexed = resolved[MAIN] | "IndexRecords" >> IndexRecords(store_url=url, run=plan.run, now=now)
    noted = indexed[MAIN] | "NoteArticles" >> NoteArticles(store_url=url, rulebook=plan.rulebook)
    changed = (ticks, noted[CHANGED])
    changes = changed | "MatchChanges" >> MatchChanges(store_url=url, rulebook=plan.rulebook, now=now)
    done = noted[MAIN] | "MarkDone" >> MarkDone(store_url=url, now=now)
    known = judged[KNOWN] | "MarkKnown" >> MarkDone(store_url=url, now=now, known=True)

    reading = (items, parsed, judged, read, resolved, indexed, changes, done, known)
    life = (ticks | "NoteLife" >> NoteLife(store_url=url, life=plan.life),) if plan.is_endless else ()
    stages = (*listings, taken_in, pending, *web, *reading, *life)
    unlisted = ticks | "Unlisted" >> beam.FlatMap(lambda _: plan.unlisted)
    failures = (unlisted, *(stage[FAILURES] for stage in stages)) | "AllFailures" >> beam.Flatten()
    failures | "StoreFailures" >> StoreFailures(store_url=url, run=plan.run)

    # A bounded run delivers when it is over, and can then tell the person who waits for it what it could not send.
    if plan.is_endless:
        told = (ticks, done[MAIN], changes[MAIN]) | "AllTold" >> beam.Flatten()
        told | "DeliverAlerts" >> DeliverAlerts(store_url=url, channels=plan.channels, run=plan.run)


def _web(plan: Plan) -> dict[str, Any]:
    """Returns what the transforms that ask servers are made with."""
    return {"store_url": plan.store_url, "manners": plan.manners, "now": plan.when}


def _polled(ticks: PCollection[Any], plan: Plan) -> DoOutputsTuple:
    """Wires the polling of feeds."""
    feeds = ticks | "ListFeeds" >> ListFeeds(feeds=plan.feeds, due_only=plan.due_only, **_web(plan))
    return feeds | "PollFeeds" >> PollFeeds(due_only=plan.due_only, **_web(plan))


def _paged(ticks: PCollection[Any], plan: Plan, *more: PCollection[str]) -> tuple[DoOutputsTuple, DoOutputsTuple]:
    """Wires the pages of items that wait for them in the store, and of `more`."""
    waiting = ticks | "ListWaitingItems" >> ListWaitingItems(store_url=plan.store_url, now=plan.when)
    pageless = (*more, waiting[MAIN]) | "AllWaiting" >> beam.Flatten()
    return waiting, pageless | "FetchPages" >> FetchPages(**_web(plan))


def build_polls(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Wires the polling of feeds alone; their items wait in the store, pending or for their pages."""
    polled = _polled(pipeline | "Ticks" >> Tick(every_seconds=None), plan)
    polled[FAILURES] | "StoreFailures" >> StoreFailures(store_url=plan.store_url, run=plan.run)


def build_pages(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Wires the fetching of pages alone; their items are pending in the store then."""
    stages = _paged(pipeline | "Ticks" >> Tick(every_seconds=None), plan)
    failures = tuple(stage[FAILURES] for stage in stages) | "AllFailures" >> beam.Flatten()
    failures | "StoreFailures" >> StoreFailures(store_url=plan.store_url, run=plan.run)
