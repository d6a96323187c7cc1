"""One tick of a watch: looks what is due, runs the graph once over it, and says what came of it."""

import dataclasses
import datetime
import time
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.due import has_work
from pipeline.graph import Plan
from pipeline.run import PASSES, add_counters, make_plan, next_pass, run_pipeline
from pipeline.settings import Settings
from pipeline.watched import WatchedSources
from pipeline.web_lanes import WebLanes
from transforms.ingest.feeds.records import Outcome
from transforms.ingest.take_in_files import UNFINISHED
from transforms.ingest.watch_files import Look
from transforms.records import State, record
from transforms.store.open import open_store
from transforms.store.protocol import Collection, Store

# Articles of an archive in one tick: some ten seconds of reading, so that other news does not wait long.
PORTION = 100

_COUNTED = {
    "taken_in": ("ingest/items_taken_in", "ingest/items_met_again"),
    "read": ("read/articles_read",),
    "copies": ("dedupe/articles_copy",),
    "known": ("ingest/items_known", "dedupe/articles_known"),
    "failed": ("failures/failures_new", "failures/failures_again"),
    "polled": tuple(f"poll/feeds_{outcome}" for outcome in Outcome),
    "polls_failed": (f"poll/feeds_{Outcome.FAILED}",),
}


@record
class Tick:
    """What a tick did.

    Attributes:
        run: Its run id, by which what it found first is marked in the store.
        started: When.
        seconds: Its time.
        counts: How many articles were taken in, read, ...; how many agreements and deadlines are new.
        pending: Items that are not done yet.
        unsettled: Files that somebody is still writing.
        troubles: For each source that cannot be read at all, one line that says why.
        error: Why the tick failed, in one line; None when it did not.
        wait_seconds: How soon the next is wanted: 0 when more of an archive is left; None for the usual time.
    """

    run: str
    started: datetime.datetime
    seconds: float
    counts: Mapping[str, int]
    pending: int = 0
    unsettled: int = 0
    troubles: tuple[str, ...] = ()
    error: str | None = None
    wait_seconds: float | None = None


def _new(store: Store, run: str) -> dict[str, int]:
    kinds = (Collection.AGREEMENTS, Collection.DEADLINES)
    return {kind.value: store.find(kind, f"run:{run}", limit=0).total for kind in kinds}


def _counts(store: Store, run: str, counters: Mapping[str, int]) -> dict[str, int]:
    counts = {name: sum(counters.get(counter, 0) for counter in of) for name, of in _COUNTED.items()}
    return {**counts, **(_new(store, run) if counts["read"] else {"agreements": 0, "deadlines": 0})}


def run_tick(
    settings: Settings, watched: WatchedSources, web: WebLanes, beam_arguments: Sequence[str], now: datetime.datetime
) -> Tick:
    """Takes in what is due, and reads, resolves and indexes all that is pending; where there is nothing, runs nothing.

    Feeds and pages are begun here, and go on beside it where they take long.

    Args:
        settings: Where the store is, and how articles are read.
        watched: Files, feeds and rules, as the last tick left them.
        web: Polls feeds and fetches pages.
        beam_arguments: Options for Beam.
        now: When the tick is.

    Raises:
        PactwatchError: The store or the pipeline cannot be used; what was not finished stays pending.
    """
    began = time.monotonic()
    store = open_store(settings.store.url)
    try:
        look = watched.files.look(store, now)
        feeds, feed_troubles = watched.feeds()
        rulebook, rule_troubles = watched.rulebook()
        plan = make_plan(settings, (), now, feeds=feeds, rulebook=rulebook)
        intake = dataclasses.replace(plan.intake, portion=PORTION, lines_by_portion=True)
        plan = dataclasses.replace(plan, files=look.due, unlisted=look.unlisted, intake=intake, is_web_apart=True)
        counters = web.tick(plan)
        if counters:  # a store may show what others wrote only where it is opened after that
            store.close()
            store = open_store(settings.store.url)
        add_counters(counters, _run(store, plan, beam_arguments))
        watched.files.confirm(look)
        return Tick(
            run=plan.run,
            started=now,
            seconds=time.monotonic() - began,
            counts=_counts(store, plan.run, counters),
            pending=_pending(store),
            unsettled=look.unsettled,
            troubles=(*look.troubles, *feed_troubles, *rule_troubles, *web.troubles),
            wait_seconds=_wait(look, counters),
        )
    finally:
        store.close()


def _pending(store: Store) -> int:
    return store.count(Collection.ITEMS, {"state": State.PENDING.value})


def _run(store: Store, plan: Plan, beam_arguments: Sequence[str]) -> dict[str, int]:
    """Runs the graph where it has something to do, and again for items that articles of this tick left pending."""
    counters: dict[str, int] = {}
    for _ in range(PASSES):
        if not has_work(store, plan):
            break
        add_counters(counters, run_pipeline(plan, beam_arguments))
        if not _pending(store):
            break
        plan = next_pass(plan, unfinished=False)
    return counters


def _wait(look: Look, counters: Mapping[str, int]) -> float | None:
    return 0.0 if counters.get(f"ingest/{UNFINISHED}") else look.rest_seconds


def failed_tick(now: datetime.datetime, seconds: float, error: Exception, plain: tuple[type[Exception], ...]) -> Tick:
    """Returns the tick that ended with an error; those of `plain` say by themselves what is wrong."""
    said = str(error) if isinstance(error, plain) else f"{type(error).__name__}: {error}"
    return Tick(run="", started=now, seconds=seconds, counts={}, error=" ".join(said.split()))


def shown_tick(tick: Tick) -> dict[str, Any]:
    """Returns a tick as the store keeps it for `pactwatch status`."""
    return {
        "run": tick.run,
        "started": tick.started.isoformat(),
        "seconds": round(tick.seconds, 2),
        "counts": dict(tick.counts),
        "pending": tick.pending,
        "error": tick.error,
    }
