"""The graph on one page: how articles travel from files and feeds to the store."""

import datetime

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple, PCollection

from transforms.alert.match_articles import CHANGED, MatchArticles
from transforms.alert.match_changes import MatchChanges
from transforms.alert.rulebook import Rulebook
from transforms.attempt import FAILURES, MAIN
from transforms.dedupe.deduplicate import KNOWN, DeduplicateArticles
from transforms.extract.read import ReadArticles, ReaderHandler
from transforms.index.index import IndexRecords
from transforms.index.mark_done import MarkDone
from transforms.index.store_failures import StoreFailures
from transforms.ingest.feeds.manners import Manners
from transforms.ingest.feeds.poll_feeds import WAITING, PollFeeds
from transforms.ingest.feeds.records import Feed
from transforms.ingest.list_files import ListFiles
from transforms.ingest.load_items import LoadItems
from transforms.ingest.pages.fetch_pages import FetchPages, ListWaitingItems
from transforms.ingest.parse_article import ParseArticles
from transforms.ingest.pending_items import ListPendingItems
from transforms.ingest.take_in_files import Intake, TakeInFiles
from transforms.records import DueFile, Failure, record
from transforms.resolve.resolve import ResolveAgreements
from transforms.resolve.write_agreements import Stamp


@record
class Plan:
    """What one bounded run does: where from, where to, how, and when it is said to be.

    Attributes:
        paths: Files, folders and patterns, all of which is taken in.
        files: Files that were found due elsewhere (by a watch, or for a portion of a backfill).
        unlisted: What was found there that cannot be taken in.
        intake: How files are taken in.
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
    due_only: bool = True  # whether feeds whose time has not come are left alone
    manners: Manners = Manners()
    rulebook: Rulebook = Rulebook()
    is_web_apart: bool = False  # whether feeds are polled and pages fetched elsewhere, by the other two graphs below


def build(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Wires the whole way of the data into a pipeline.

    Items are safe in the store before anything else is done with them; from there only their ids travel on.
    """
    url, now = plan.store_url, plan.now
    stamp = Stamp(run=plan.run, now=now)

    listed = pipeline | "Paths" >> beam.Create(plan.paths) | "ListFiles" >> ListFiles(now=now)
    named = listed[MAIN] | "Due" >> beam.Map(lambda path: DueFile(path=path))
    found = pipeline | "FoundDue" >> beam.Create(plan.files)
    files = (named, found) | "AllFiles" >> beam.Flatten() | "SpreadFiles" >> beam.Reshuffle()
    # In a further pass over the same paths, for the rest of their archives, what cannot be listed is known already.
    listings = () if plan.intake.archives_only else (listed,)
    taken_in = files | "TakeInFiles" >> TakeInFiles(store_url=url, intake=plan.intake)
    pending = pipeline | "ListPendingItems" >> ListPendingItems(store_url=url, now=now)

    web: tuple[DoOutputsTuple, ...] = ()
    if not plan.is_web_apart:
        polled = _polled(pipeline, plan)
        waiting, paged = _paged(pipeline, plan, taken_in[WAITING], polled[WAITING])
        web = (polled, waiting, paged)

    ready = (taken_in, pending, *(web[::2]))
    ids = tuple(ids[MAIN] for ids in ready) | "AllItems" >> beam.Flatten() | "EachOnce" >> beam.Distinct()
    items = ids | "LoadItems" >> LoadItems(store_url=url, now=now)
    parsed = items[MAIN] | "ParseArticles" >> ParseArticles(now=now)
    judged = parsed[MAIN] | "DeduplicateArticles" >> DeduplicateArticles(store_url=url, now=now)

    handler = ReaderHandler(model=plan.model, gazetteer=plan.gazetteer, batch_size=plan.batch_size)
    read = judged[MAIN] | "ReadArticles" >> ReadArticles(handler=handler, now=now)
    resolved = read[MAIN] | "ResolveAgreements" >> ResolveAgreements(store_url=url, now=now)
    indexed = resolved[MAIN] | "IndexRecords" >> IndexRecords(store_url=url, stamp=stamp)
    matched = indexed[MAIN] | "MatchArticles" >> MatchArticles(store_url=url, rulebook=plan.rulebook, now=now)
    changes = matched[CHANGED] | "MatchChanges" >> MatchChanges(store_url=url, rulebook=plan.rulebook, now=now)
    done = matched[MAIN] | "MarkDone" >> MarkDone(store_url=url, now=now)
    known = judged[KNOWN] | "MarkKnown" >> MarkDone(store_url=url, now=now, known=True)

    reading = (items, parsed, judged, read, resolved, indexed, matched, changes, done, known)
    stages = (*listings, taken_in, pending, *web, *reading)
    unlisted = pipeline | "Unlisted" >> beam.Create(plan.unlisted)
    failures = (unlisted, *(stage[FAILURES] for stage in stages)) | "AllFailures" >> beam.Flatten()
    failures | "StoreFailures" >> StoreFailures(store_url=url, run=plan.run)


def _polled(pipeline: beam.Pipeline, plan: Plan) -> DoOutputsTuple:
    feeds = pipeline | "Feeds" >> beam.Create(plan.feeds)
    polls = PollFeeds(store_url=plan.store_url, manners=plan.manners, now=plan.now, due_only=plan.due_only)
    return feeds | "PollFeeds" >> polls


def _paged(pipeline: beam.Pipeline, plan: Plan, *more: PCollection[str]) -> tuple[DoOutputsTuple, DoOutputsTuple]:
    """Wires the pages of items that wait for them in the store, and of `more`."""
    waiting = pipeline | "ListWaitingItems" >> ListWaitingItems(store_url=plan.store_url, now=plan.now)
    pageless = (*more, waiting[MAIN]) | "AllWaiting" >> beam.Flatten() | "EachPage" >> beam.Distinct()
    fetching = FetchPages(store_url=plan.store_url, manners=plan.manners, now=plan.now)
    return waiting, pageless | "FetchPages" >> fetching


def build_polls(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Wires the polling of feeds alone; their items wait in the store, pending or for their pages."""
    polled = _polled(pipeline, plan)
    polled[FAILURES] | "StoreFailures" >> StoreFailures(store_url=plan.store_url, run=plan.run)


def build_pages(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Wires the fetching of pages alone; their items are pending in the store then."""
    failures = tuple(stage[FAILURES] for stage in _paged(pipeline, plan)) | "AllFailures" >> beam.Flatten()
    failures | "StoreFailures" >> StoreFailures(store_url=plan.store_url, run=plan.run)
