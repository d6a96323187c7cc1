"""Asks many hosts at once, but each host one thing at a time and never faster than its spacing."""

import concurrent.futures
import datetime
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import Protocol

from transforms.ingest.feeds.lots import Lots
from transforms.records import record

_KEPT_HOSTS = 20_000  # whose last request is remembered; beyond that the oldest are forgotten


class Clock(Protocol):
    """The time of a run: that of the world, or one made up by a test."""

    def now(self) -> datetime.datetime:
        """Returns the present."""

    def wait(self, seconds: float, stopped: threading.Event) -> None:
        """Lets so much time pass, or less when `stopped` is set."""


class SteadyClock:
    """Begins at the time that a run is said to be at, and goes on as the world does."""

    def __init__(self, start: datetime.datetime) -> None:
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime.datetime:
        """Returns the present."""
        return self._start + datetime.timedelta(seconds=time.monotonic() - self._began)

    def wait(self, seconds: float, stopped: threading.Event) -> None:
        """Waits, unless there is nothing to wait for."""
        if seconds > 0:
            stopped.wait(seconds)


class Turns:
    """Who asks each host, and when it was last asked, in this process."""

    def __init__(self) -> None:
        self._last: dict[str, datetime.datetime] = {}
        self._lock = threading.Lock()
        self._begun: set[str] = set()

    def begin(self, host: str) -> bool:
        """Begins asking a host; False where somebody else does: one thing at a time."""
        with self._lock:
            is_free = host not in self._begun
            self._begun.add(host)
            return is_free

    def end(self, host: str) -> None:
        """Ends asking a host."""
        with self._lock:
            self._begun.discard(host)

    def take(self, host: str, now: datetime.datetime, spacing_seconds: float) -> float:
        """Takes the next turn at a host.

        Returns:
            The seconds until it; never more than the spacing, for a clock set back must not stop anything.
        """
        with self._lock:
            last = self._last.pop(host, None)
            wait = 0.0 if last is None else spacing_seconds - (now - last).total_seconds()
            wait = min(max(wait, 0.0), spacing_seconds)
            self._last[host] = now + datetime.timedelta(seconds=wait)
            if len(self._last) > _KEPT_HOSTS:
                del self._last[next(iter(self._last))]
            return wait

    def note(self, host: str, asked: datetime.datetime) -> None:
        """Notes that another process asked a host, unless this one asked it later."""
        with self._lock:
            last = self._last.pop(host, asked)
            self._last[host] = max(last, asked)


TURNS = Turns()  # feeds and pages of one host share them


@record
class Asked[Job, Answer]:
    """A job, what it gave, and when it was asked for."""

    job: Job
    answer: Answer
    at: datetime.datetime


type Ask[Job, Answer] = Callable[[Job, datetime.datetime], Answer]


class _Chain[Job, Answer]:
    """Asks one host one thing after another until the turn is over or an answer says to stop."""

    def __init__(
        self,
        ask: Ask[Job, Answer],
        *,
        clock: Clock,
        spacing: Callable[[Job], float],
        turn_seconds: float,
        goes_on: Callable[[Answer], bool],
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._spacing = spacing
        self._turn_seconds = turn_seconds
        self._goes_on = goes_on

    def follow(self, host: str, jobs: Sequence[Job], stopped: threading.Event) -> Iterator[Asked[Job, Answer]]:
        if not TURNS.begin(host):  # the jobs are left for the next run
            return
        try:
            yield from self._asked(host, jobs, stopped)
        finally:
            TURNS.end(host)

    def _asked(self, host: str, jobs: Sequence[Job], stopped: threading.Event) -> Iterator[Asked[Job, Answer]]:
        began = self._clock.now()
        for job in jobs:
            wait = TURNS.take(host, self._clock.now(), self._spacing(job))
            self._clock.wait(wait, stopped)
            if stopped.is_set():
                return
            at = self._clock.now()
            answer = self._ask(job, at)
            yield Asked(job=job, answer=answer, at=at)
            if not self._goes_on(answer) or (self._clock.now() - began).total_seconds() >= self._turn_seconds:
                return


def ask_hosts[Job, Answer](
    jobs: Mapping[str, Sequence[Job]],
    ask: Ask[Job, Answer],
    *,
    clock: Clock,
    spacing: Callable[[Job], float],
    turn_seconds: float,
    hosts_at_once: int,
    goes_on: Callable[[Answer], bool],
    came: threading.Event | None = None,
) -> Iterator[list[Asked[Job, Answer]]]:
    """Asks every host its jobs in order, in threads, and yields the answers as they come, in small lots.

    Args:
        jobs: By host.
        ask: What to do for one job; it must not raise.
        clock: The time of the run.
        spacing: Seconds to keep between the job and the host's request before.
        turn_seconds: After so much time no further job of a host is begun; it is left for the next run.
        hosts_at_once: How many threads.
        goes_on: Whether the host's next job may be asked after an answer.
        came: Set when there is something to yield; with it nothing is waited for, and a lot may be empty.
    """
    chain = _Chain(ask, clock=clock, spacing=spacing, turn_seconds=turn_seconds, goes_on=goes_on)
    at_once = max(1, min(hosts_at_once, len(jobs)))
    answers: Lots[Asked[Job, Answer]] = Lots(at_once, came)
    stopped = threading.Event()
    hosts: queue.SimpleQueue[str] = queue.SimpleQueue()
    for host in jobs:
        hosts.put(host)

    def follow() -> None:
        try:
            while (host := _next(hosts)) is not None and not stopped.is_set():
                for answer in chain.follow(host, jobs[host], stopped):
                    answers.give(answer)
        finally:
            answers.leave()

    with concurrent.futures.ThreadPoolExecutor(max_workers=at_once) as pool:
        threads = [pool.submit(follow) for _ in range(at_once)]
        try:
            yield from answers.taken()
        finally:
            stopped.set()
            answers.close()
    for thread in threads:
        thread.result()  # an error in a thread is raised here, not lost


def _next(hosts: "queue.SimpleQueue[str]") -> str | None:
    try:
        return hosts.get_nowait()
    except queue.Empty:
        return None


def by_host[Job](jobs: Iterable[Job], host: Callable[[Job], str]) -> dict[str, list[Job]]:
    """Returns jobs grouped by host, in their order."""
    grouped: dict[str, list[Job]] = {}
    for job in jobs:
        grouped.setdefault(host(job), []).append(job)
    return grouped


def is_through(host: str, left: MutableMapping[str, int], *, is_busy: bool) -> bool:
    """Counts an answer of a host; returns whether it is asked nothing more.

    Args:
        host: Whose answer came.
        left: Answers still to come, by host; changed here.
        is_busy: Whether the host said so, and is therefore left alone.
    """
    left[host] -= 1
    return not left[host] or is_busy
