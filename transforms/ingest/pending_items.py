"""Finds the items that an earlier run took in and did not finish."""

import datetime
from collections.abc import Iterator

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple

from transforms.attempt import TryEach
from transforms.records import State
from transforms.store.protocol import Collection, Store


def list_pending(store: Store, _: None) -> Iterator[str]:
    """Yields the ids of all pending items."""
    for stored in store.scan(Collection.ITEMS, {"state": State.PENDING.value}):
        yield stored.id


class ListPendingItems(beam.PTransform[beam.Pipeline, DoOutputsTuple]):
    """Lists pending items.

    Input: the pipeline. Output: item ids, by tag `main`; Failure by tag `failures`.
    Guarantee: every item that was pending when the run began is listed, in stores whose searches do not lag.
    """

    def __init__(self, *, store_url: str, now: datetime.datetime) -> None:
        self._store_url = store_url
        self._now = now

    def expand(self, pipeline: beam.Pipeline) -> DoOutputsTuple:
        """Wires one scan of the store."""
        return (
            pipeline
            | "Once" >> beam.Create([None])
            | "Scan" >> TryEach(stage="ingest", step=list_pending, store_url=self._store_url, now=self._now)
        )
