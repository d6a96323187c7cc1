"""Rounds of asking that outlast a bundle of a stream, so that a host that does not answer holds up no other.

A bundle waits for its round for some seconds. What is missing then goes on being asked in threads, its hosts claimed,
and is stored in one of the next bundles of the process. In between nothing is owed: what was not stored stays due, and
is therefore listed again at every tick.
"""

import datetime
import functools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from transforms.present import When, present
from transforms.store.open import WORKING_SECONDS, open_store, store_for
from transforms.store.protocol import Store

# What a round yields when nothing has come for now, so that it may be left for a while.
PAUSE: Final = object()

PATIENCE_SECONDS = 3.0  # nearly all servers answer within one
_ROUNDS_LEFT = 8  # each has its threads: with more of them a bundle waits for one to end

type Start = Callable[[Store, threading.Event], Iterator[Any]]
type Ask = Callable[[Store, threading.Event | None, datetime.datetime], Iterator[Any]]


class _Round:
    """One round, and what tells that something came."""

    def __init__(self, steps: Iterator[Any], came: threading.Event) -> None:
        self.came = came
        self.is_over = False
        self._steps = steps

    def results(self) -> Iterator[Any]:
        """Yields what came since the last time."""
        for result in self._steps:
            if result is PAUSE:
                return
            yield result
        self.is_over = True


class Rounds:
    """The rounds of one process and one purpose.

    Args:
        url: Of the store.
        patience_seconds: How long a bundle waits for what it asks.
    """

    def __init__(self, url: str, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._url = url
        self._patience = patience_seconds
        self._lock = threading.Lock()
        self._left: list[_Round] = []
        self._stores: list[Store] = []  # not in use

    def go(self, start: Start) -> Iterator[Any]:
        """Begins a round and yields what comes of it in time, and what has come of those before.

        Args:
            start: Given the store, and an event to set when something came, returns the round: results, and PAUSE
                where there are none for now.
        """
        with self._lock:
            rounds, self._left = self._left, []
        came = threading.Event()
        rounds.append(_Round(self._steps(start, came), came))
        try:
            yield from self._work(rounds)
        finally:
            with self._lock:
                self._left += [each for each in rounds if not each.is_over]

    def _steps(self, start: Start, came: threading.Event) -> Iterator[Any]:
        # A thread's own store serves that thread alone, and the next bundle is another's.
        with self._lock:
            store = self._stores.pop() if self._stores else None
        store = store or open_store(self._url, patience_seconds=WORKING_SECONDS)
        try:
            yield from start(store, came)
        finally:
            with self._lock:
                self._stores.append(store)

    def _work(self, rounds: list[_Round]) -> Iterator[Any]:
        new = rounds[-1]
        until = time.monotonic() + self._patience
        while True:
            new.came.clear()
            for each in rounds:
                yield from each.results()
            rounds[:] = [each for each in rounds if not each.is_over]
            left = until - time.monotonic()
            if new.is_over or (left <= 0 and len(rounds) <= _ROUNDS_LEFT):
                return
            new.came.wait(max(left, self._patience / 10))


@functools.cache
def rounds_of(purpose: str, url: str) -> Rounds:
    """Returns this process's rounds of a purpose on a store."""
    return Rounds(url)


def ask_in_rounds(purpose: str, url: str, now: When, ask: Ask) -> Iterator[Any]:
    """Yields what comes of asking: in a run at a set time all of it, in a stream what comes in time.

    Args:
        purpose: Whose rounds these are.
        url: Of the store.
        now: The time of the run; None in a stream, which goes by the clock.
        ask: Given the store, what `Start` is given in a stream (else None), and the time, returns what is found.
    """
    if now is not None:
        return ask(store_for(url), None, now)
    return rounds_of(purpose, url).go(lambda store, came: ask(store, came, present(None)))
