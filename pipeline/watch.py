"""Watches: tick after tick in one process, until it is told to stop."""

import contextlib
import datetime
import os
import queue
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from structlog.typing import FilteringBoundLogger

from pipeline.alerting import WatchedOutbox
from pipeline.settings import Settings
from pipeline.tick import Tick, failed_tick, run_tick, shown_tick
from pipeline.watched import WatchedSources
from pipeline.web_lanes import WebLanes
from transforms.errors import PactwatchError
from transforms.records import digest, record
from transforms.store.open import open_store
from transforms.store.protocol import Collection, Document, Store, StoreError

GRACE_SECONDS = 6.0  # for the tick that is running at the end; alerts have two more, and service managers wait ten
MAX_BACK_OFF_SECONDS = 600.0
KEPT_TICKS = 20  # as many as fit a screen
KEPT_WATCHES = 5  # in the store, those that ended too

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_ENDED = 0  # stands for the end of a tick where else a signal's number is
_NEWS = -1  # stands for news from the web, which the next tick reads


class WatchState(StrEnum):
    """How a watch stands, in the words of `pactwatch status`."""

    STARTING = "starting"
    TICKING = "ticking"
    WAITING = "waiting"
    STOPPED = "stopped"


@record
class Stopped:
    """How a watch ended: by which signal, and whether its last tick was finished or abandoned."""

    signal: int
    finished: bool


def back_off_seconds(poll_seconds: float, failures: int) -> float:
    """Returns how long to wait after so many failed ticks in a row: twice as long each time, up to ten minutes."""
    longest = max(poll_seconds, MAX_BACK_OFF_SECONDS)
    return min(poll_seconds * 2.0 ** min(failures, 30), longest)


class Watch:
    """A watch over files and feeds: knows what it did, and when it is to look again.

    Args:
        settings: Where the store is, how articles are read, how often to look.
        watched: Files and feeds.
        beam_arguments: Options for Beam.
        log: Where each tick is told in one line.

    Attributes:
        events: What ends waiting: signals, the end of a tick, news from the web.
        web: Its feeds and pages.
    """

    def __init__(
        self,
        settings: Settings,
        watched: WatchedSources,
        beam_arguments: Sequence[str],
        log: FilteringBoundLogger,
    ) -> None:
        self._settings = settings
        self._watched = watched
        self._outbox = WatchedOutbox(settings)
        self._channel_troubles: set[str] = set()
        self._beam_arguments = tuple(beam_arguments)
        self.events: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.web = WebLanes(self._beam_arguments, lambda: self.events.put(_NEWS))
        self._log = log
        self._started = datetime.datetime.now(datetime.UTC)
        self._id = digest("watch", socket.gethostname(), str(os.getpid()), self._started.isoformat())
        self._ticks: deque[Tick] = deque(maxlen=KEPT_TICKS)
        self._count = 0
        self._failed_in_row = 0
        self._troubles: set[str] = set()
        self._last_success: datetime.datetime | None = None

    def begin(self) -> None:
        """Notes in the store that the watch begins, and forgets watches that ended long ago.

        Raises:
            StoreError: The store cannot be used.
        """
        with contextlib.closing(open_store(self._settings.store.url)) as store:
            former = sorted(store.scan(Collection.WATCHES), key=lambda stored: str(stored.body["seen"]))
            store.delete(Collection.WATCHES, [stored.id for stored in former[: 1 - KEPT_WATCHES]])
            self._note(store, WatchState.STARTING, self._started, None)
        self._log.info(
            "watching",
            sources=list(self._watched.names),
            store=self._settings.store.url,
            every=self._settings.watch.poll_seconds,
        )

    def tick(self, now: datetime.datetime) -> float:
        """Runs one tick, tells it in one line, and returns after how many seconds from its start the next is due.

        A tick that fails is told and tried again; only what stops the whole process stops the watch.
        """
        began = time.monotonic()
        try:
            self._note_in_store(WatchState.TICKING, now, None)
            tick = run_tick(self._settings, self._watched, self.web, self._beam_arguments, now)
            wait = self._succeeded(tick)
            self._note_in_store(WatchState.WAITING, now, wait)
        except Exception as error:  # whatever one tick meets, the next may be spared
            tick = failed_tick(now, time.monotonic() - began, error, (PactwatchError,))
            wait = self._failed(tick)
        self._tell(tick, wait)
        self._deliver(now)
        return wait

    def _deliver(self, now: datetime.datetime) -> None:
        """Sends the alerts that are due; a channel's trouble is told once while it lasts."""
        try:
            troubles = set(self._outbox.tick(now))
        except PactwatchError as error:
            troubles = {str(error)}
        except Exception as error:  # whatever one round meets, the watch goes on
            troubles = {f"{type(error).__name__}: {error}"}
        for trouble in sorted(troubles - self._channel_troubles):
            self._log.warning("cannot deliver", trouble=trouble)
        self._channel_troubles = troubles

    def stop(self, stopped: Stopped) -> None:
        """Tells, in the log and in the store, that the watch ended."""
        self._outbox.stop()
        name = signal.Signals(stopped.signal).name
        now = datetime.datetime.now(datetime.UTC)
        if not stopped.finished:
            self._log.warning("stopped", signal=name, tick="abandoned; what was not finished stays pending")
            return
        try:
            self._note_in_store(WatchState.STOPPED, now, None)
        except StoreError as error:
            self._log.warning("stopped", signal=name, error=str(error))
        else:
            self._log.info("stopped", signal=name, ticks=self._count)

    def _succeeded(self, tick: Tick) -> float:
        self._tell_troubles(set(tick.troubles))
        self._ticks.append(tick)
        self._count += 1
        self._failed_in_row = 0
        self._last_success = tick.started
        poll = self._settings.watch.poll_seconds
        if tick.wait_seconds is None:
            return poll
        return min(poll, tick.seconds + max(tick.wait_seconds, 0.0))

    def _failed(self, tick: Tick) -> float:
        self._ticks.append(tick)
        self._count += 1
        self._failed_in_row += 1
        wait = back_off_seconds(self._settings.watch.poll_seconds, self._failed_in_row)
        with contextlib.suppress(StoreError):  # what failed may well be the store itself: the log tells it
            self._note_in_store(WatchState.WAITING, tick.started, wait)
        return wait

    def _tell(self, tick: Tick, wait: float) -> None:
        seconds = round(tick.seconds, 2)
        if tick.error is not None:
            self._log.error("tick failed", error=tick.error, in_a_row=self._failed_in_row, again_in=wait)
            return
        more: dict[str, Any] = {"pending": tick.pending} if tick.pending else {}
        more |= {"being_written": tick.unsettled} if tick.unsettled else {}
        more |= {"troubles": len(tick.troubles)} if tick.troubles else {}
        self._log.info("tick", **tick.counts, **more, seconds=seconds)

    def _tell_troubles(self, troubles: set[str]) -> None:
        """Tells a source that cannot be read once, and once when it can again."""
        for trouble in sorted(troubles - self._troubles):
            self._log.warning("cannot watch", trouble=trouble)
        for trouble in sorted(self._troubles - troubles):
            self._log.info("watching again", trouble_over=trouble)
        self._troubles = troubles

    def _note_in_store(self, state: WatchState, now: datetime.datetime, wait: float | None) -> None:
        with contextlib.closing(open_store(self._settings.store.url)) as store:
            self._note(store, state, now, wait)

    def _note(self, store: Store, state: WatchState, now: datetime.datetime, wait: float | None) -> None:
        last = self._ticks[-1] if self._ticks else None
        body = {
            "id": self._id,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started": self._started.isoformat(),
            "seen": now.isoformat(),
            "state": state.value,
            "sources": list(self._watched.names),
            "poll_seconds": self._settings.watch.poll_seconds,
            "next": (now + datetime.timedelta(seconds=wait)).isoformat() if wait is not None else None,
            "count": self._count,
            "failed_in_row": self._failed_in_row,
            "last_success": self._last_success.isoformat() if self._last_success else None,
            "being_written": last.unsettled if last else 0,
            "troubles": list(last.troubles) if last else [],
            "ticks": [shown_tick(tick) for tick in self._ticks],
        }
        store.replace(Collection.WATCHES, [Document(id=self._id, body=body)])


@contextlib.contextmanager
def _signals(events: "queue.SimpleQueue[int]") -> Iterator[None]:
    """Puts SIGINT and SIGTERM into the queue, whose `put` is the only one that a signal handler may call."""
    former = {number: signal.signal(number, lambda received, _: events.put(received)) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


class _TickThread(threading.Thread):
    """One tick in a thread of its own, so that the main thread hears signals; its end goes into the queue."""

    def __init__(self, watch: Watch, events: "queue.SimpleQueue[int]") -> None:
        super().__init__(name="tick", daemon=True)
        self._watch = watch
        self._events = events
        self.wait_seconds = MAX_BACK_OFF_SECONDS

    def run(self) -> None:
        try:
            self.wait_seconds = self._watch.tick(datetime.datetime.now(datetime.UTC))
        finally:
            self._events.put(_ENDED)


def watch_until_stopped(watch: Watch) -> Stopped:
    """Runs tick after tick until SIGINT or SIGTERM.

    The tick that is running then may finish, for six seconds at most; a second signal abandons it at once. An
    abandoned tick does no harm, since what it did not finish stays pending; but the process must end without waiting
    for its thread.

    Raises:
        StoreError: The store cannot be used when the watch begins.
    """
    events = watch.events
    with _signals(events):
        watch.begin()
        stopped = None
        while stopped is None:
            began = time.monotonic()
            thread = _TickThread(watch, events)
            thread.start()
            stopped = _stopped_in_tick(events)
            while stopped is None and not watch.web.has_news and time.monotonic() < began + thread.wait_seconds:
                stopped = _stopped_before(began + thread.wait_seconds, events)
        watch.stop(stopped)
    return stopped


def _stopped_in_tick(events: "queue.SimpleQueue[int]") -> Stopped | None:
    received = _NEWS
    while received == _NEWS:
        received = events.get()
    return None if received == _ENDED else Stopped(signal=received, finished=_finishes(events))


def _finishes(events: "queue.SimpleQueue[int]") -> bool:
    """Returns whether the tick that is running ends by itself in time, and without another signal."""
    until = time.monotonic() + GRACE_SECONDS
    received = _NEWS
    while received == _NEWS:
        try:
            received = events.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return False
    return received == _ENDED


def _stopped_before(due: float, events: "queue.SimpleQueue[int]") -> Stopped | None:
    try:
        received = events.get(timeout=max(0.0, due - time.monotonic()))
    except queue.Empty:
        return None
    return None if received == _NEWS else Stopped(signal=received, finished=True)
