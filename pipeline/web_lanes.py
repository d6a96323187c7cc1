"""Polls feeds and fetches pages beside the ticks of a watch, so that a slow server holds up no article of others."""

import contextlib
import dataclasses
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from pipeline.due import due_feeds, has_waiting
from pipeline.graph import Plan, build_pages, build_polls
from pipeline.run import Wire, add_counters, run_pipeline
from transforms.errors import PactwatchError
from transforms.store.open import open_store
from transforms.store.protocol import Store

# What a tick waits for the web, so that with quick servers an article is read in the tick that met it.
PATIENCE_SECONDS = 1.0

type Wake = Callable[[], None]

_NEWS = ("ingest/items_taken_in", "page/pages_read", "page/pages_short", "page/pages_failed", "page/pages_refused")


class _Lane:
    """One part of the graph, run in a thread of its own, never twice at once."""

    def __init__(self, name: str, wire: Wire, beam_arguments: Sequence[str], wake: Wake) -> None:
        self._name = name
        self._wire = wire
        self._beam_arguments = beam_arguments
        self._wake = wake
        self._thread: threading.Thread | None = None
        self._counters: dict[str, int] = {}
        self._error: str | None = None
        self.has_news = False  # whether a run brought something that `collect` has not told yet

    def start(self, plan: Plan) -> None:
        """Runs the plan, unless the one before still runs or was not told of yet."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, args=(plan,), daemon=True, name=self._name)
            self._thread.start()

    def wait(self, seconds: float) -> None:
        """Waits for the end of what runs, but not longer."""
        if self._thread is not None:
            self._thread.join(max(seconds, 0.0))

    def collect(self) -> Mapping[str, int]:
        """Returns what was counted by a run that has ended since the last time."""
        if self._thread is None or self._thread.is_alive():
            return {}
        self._thread = None
        self.has_news = False
        counters, self._counters = self._counters, {}
        return counters

    @property
    def trouble(self) -> str | None:
        """One line that says how the last run failed; None where it did not."""
        return self._error

    def _run(self, plan: Plan) -> None:
        try:
            self._counters = run_pipeline(plan, self._beam_arguments, self._wire)
            self._error = None
        except Exception as error:  # told as a trouble of the watch, which goes on
            said = str(error) if isinstance(error, PactwatchError) else f"{type(error).__name__}: {error}"
            self._error = f"{self._name}: {' '.join(said.split())}"
        if any(self._counters.get(name) for name in _NEWS):
            self.has_news = True
            self._wake()


class WebLanes:
    """What a watch does on the web: feeds are polled in one thread, those that fail in another, pages in a third.

    A host is asked by one of them at a time. What they bring is pending in the store, and the next tick reads it.

    Args:
        beam_arguments: Options for Beam.
        wake: Called when something was brought, so that the next tick need not be waited for.
    """

    def __init__(self, beam_arguments: Sequence[str], wake: Wake) -> None:
        self._polls = _Lane("polling feeds", build_polls, beam_arguments, wake)
        self._failing = _Lane("polling failing feeds", build_polls, beam_arguments, wake)
        self._pages = _Lane("fetching pages", build_pages, beam_arguments, wake)
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
        due = due_feeds(store, plan)
        for lane, feeds in ((self._polls, due.sound), (self._failing, due.failing)):
            if feeds:
                lane.start(dataclasses.replace(plan, feeds=feeds))
        self._polls.wait(until - time.monotonic())

    def _fetch(self, store: Store, plan: Plan, until: float) -> None:
        if has_waiting(store, plan.now):
            self._pages.start(plan)
            self._pages.wait(until - time.monotonic())

    @property
    def has_news(self) -> bool:
        """Whether something was brought that no tick has read yet."""
        return any(lane.has_news for lane in self._lanes)

    @property
    def troubles(self) -> tuple[str, ...]:
        """A line for each part that failed as a whole when it was last run."""
        return tuple(lane.trouble for lane in self._lanes if lane.trouble is not None)
