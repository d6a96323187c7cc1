"""Polls feeds and fetches pages beside the ticks of a watch, so that a slow server holds up no article of others."""

import contextlib
import dataclasses
import datetime
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from pipeline.due import due_feeds, has_waiting
from pipeline.graph import Plan, build_pages, build_polls
from pipeline.run import Wire, add_counters, run_pipeline
from transforms.errors import PactwatchError
from transforms.store.open import open_store
from transforms.store.protocol import Store

# What a tick waits for the web, so that with quick servers an article is read in the tick that met it.
PATIENCE_SECONDS = 1.0

# Runs of one part at the same time: one for the work, and three that wait for hosts which hang for the first time.
# Where still more hang, the network is down.
_AT_ONCE = 4


type Wake = Callable[[], None]

_NEWS = ("ingest/items_taken_in", "page/pages_read", "page/pages_short", "page/pages_failed", "page/pages_refused")


class _Run(threading.Thread):
    """One run of a part of the graph, in a thread of its own.

    Attributes:
        plan: What it runs.
        counters: What it counted, when it has ended.
        error: One line that says how it failed; None where it did not.
        has_news: Whether it brought something.
    """

    def __init__(self, name: str, wire: Wire, beam_arguments: Sequence[str], plan: Plan, wake: Wake) -> None:
        super().__init__(daemon=True, name=name)
        self._wire = wire
        self._beam_arguments = beam_arguments
        self._wake = wake
        self.plan = plan
        self.counters: Mapping[str, int] = {}
        self.error: str | None = None
        self.has_news = False

    def run(self) -> None:
        try:
            self.counters = run_pipeline(self.plan, self._beam_arguments, self._wire)
        except Exception as error:  # told as a trouble of the watch, which goes on
            said = str(error) if isinstance(error, PactwatchError) else f"{type(error).__name__}: {error}"
            self.error = f"{self.name}: {' '.join(said.split())}"
        if any(self.counters.get(name) for name in _NEWS):
            self.has_news = True
            self._wake()


class _Lane:
    """One part of the graph; what is new is not kept waiting by a run that waits for a slow host."""

    def __init__(self, name: str, wire: Wire, beam_arguments: Sequence[str], wake: Wake, *, at_once: int) -> None:
        self._name = name
        self._wire = wire
        self._beam_arguments = beam_arguments
        self._wake = wake
        self._at_once = at_once
        self._runs: list[_Run] = []
        self.trouble: str | None = None  # how the run that ended last failed

    @property
    def running(self) -> tuple[_Run, ...]:
        """The runs that were not collected yet."""
        return tuple(self._runs)

    @property
    def has_news(self) -> bool:
        """Whether a run brought something that `collect` has not told yet."""
        return any(run.has_news for run in self._runs)

    def start(self, plan: Plan, until: float) -> None:
        """Runs the plan, unless too many runs go on, and waits for its end, but not longer than `until`."""
        if len(self._runs) < self._at_once:
            run = _Run(self._name, self._wire, self._beam_arguments, plan, self._wake)
            self._runs.append(run)
            run.start()
            run.join(max(until - time.monotonic(), 0.0))

    def collect(self) -> dict[str, int]:
        """Returns what was counted by runs that have ended since the last time."""
        counters: dict[str, int] = {}
        for run in [run for run in self._runs if not run.is_alive()]:
            self._runs.remove(run)
            self.trouble = run.error
            add_counters(counters, run.counters)
        return counters


class WebLanes:
    """What a watch does on the web: feeds are polled in some threads, those that fail in another, pages in others.

    A host is asked by one of them at a time. What they bring is pending in the store, and the next tick reads it.

    Args:
        beam_arguments: Options for Beam.
        wake: Called when something was brought, so that the next tick need not be waited for.
    """

    def __init__(self, beam_arguments: Sequence[str], wake: Wake) -> None:
        self._polls = _Lane("polling feeds", build_polls, beam_arguments, wake, at_once=_AT_ONCE)
        self._failing = _Lane("polling failing feeds", build_polls, beam_arguments, wake, at_once=1)
        self._pages = _Lane("fetching pages", build_pages, beam_arguments, wake, at_once=_AT_ONCE)
        self._lanes = (self._polls, self._failing, self._pages)

    def tick(self, plan: Plan) -> dict[str, int]:
        """Starts what is due; returns Beam's counters of what has ended.

        Args:
            plan: Its feeds, its files (which are not kept waiting for the web) and when it is.

        Raises:
            StoreError: The store cannot be used.
        """
        counters: dict[str, int] = {}
        for lane in self._lanes:
            add_counters(counters, lane.collect())
        until = time.monotonic() + (0.0 if plan.files else PATIENCE_SECONDS)
        web = dataclasses.replace(plan, paths=(), files=(), unlisted=())
        with contextlib.closing(open_store(plan.store_url)) as store:
            self._poll(store, web, until)
            self._fetch(store, dataclasses.replace(web, feeds=()), until)
        for lane in self._lanes:
            add_counters(counters, lane.collect())
        return counters

    def _poll(self, store: Store, plan: Plan, until: float) -> None:
        due = due_feeds(store, plan, dict(self._begun()))
        if due.failing:
            self._failing.start(dataclasses.replace(plan, feeds=due.failing), 0.0)
        if due.sound:
            self._polls.start(dataclasses.replace(plan, feeds=due.sound), until)

    def _begun(self) -> Iterator[tuple[str, datetime.datetime]]:
        """Yields the ids of the feeds of runs that go on, each with when its run was begun."""
        for run in (*self._polls.running, *self._failing.running):
            for feed in run.plan.feeds:
                yield feed.id, run.plan.now

    def _fetch(self, store: Store, plan: Plan, until: float) -> None:
        begun = max((run.plan.now for run in self._pages.running), default=None)
        if has_waiting(store, plan.now, begun):
            self._pages.start(plan, until)

    @property
    def has_news(self) -> bool:
        """Whether something was brought that no tick has read yet."""
        return any(lane.has_news for lane in self._lanes)

    @property
    def troubles(self) -> tuple[str, ...]:
        """A line for each part that failed as a whole when it was last run."""
        return tuple(lane.trouble for lane in self._lanes if lane.trouble is not None)
