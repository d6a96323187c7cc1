"""Finds the items that were taken in and not finished: by an earlier run, or in a stream a while ago."""

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple, PCollection

from transforms.attempt import TryEach
from transforms.ingest.overdue import Overdue, overdue_at
from transforms.present import When
from transforms.records import State
from transforms.store.protocol import Collection, Store


def list_pending(store: Store, _: Any) -> Iterator[str]:
    """Yields the ids of all pending items."""
    for stored in store.scan(Collection.ITEMS, {"state": State.PENDING.value}):
        yield stored.id


class ListPendingItems(beam.PTransform[PCollection[Any], DoOutputsTuple]):
    """Lists pending items; in a stream those that are overdue, because the others are on their way.

    Input: ticks. Output: item ids, by tag `main`; Failure by tag `failures`.
    Guarantee: every item that was pending when the run began is listed, in stores whose searches do not lag; in a
    stream every item that stays pending is listed again and again.
    """

    def __init__(self, *, store_url: str, now: When) -> None:
        self._store_url = store_url
        self._now = now

    def expand(self, ticks: PCollection[Any]) -> DoOutputsTuple:
        """Wires one scan of the store a tick."""
        step = Overdue(State.PENDING, overdue_at) if self._now is None else list_pending
        return ticks | "Scan" >> TryEach(stage="ingest", step=step, store_url=self._store_url, now=self._now)
