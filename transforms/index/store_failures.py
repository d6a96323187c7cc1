"""Keeps what failed, so that it can be counted, read and sent through again."""

import dataclasses
from collections.abc import Iterable

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from transforms.records import Failure, State
from transforms.store.documents import failure_document, failure_from, item_document, item_from
from transforms.store.open import store_for
from transforms.store.protocol import Collection, Store


def store_failure(store: Store, failure: Failure, run: str) -> bool:
    """Writes a failure and takes its item out of the pending ones, until somebody replays it.

    Returns:
        Whether this failure is new; one met before keeps the run and time it was first met in.
    """
    known = store.get(Collection.FAILURES, [failure.id]).get(failure.id)
    first = known.body["run"] if known else run
    if known is not None:
        failure = dataclasses.replace(failure, created=failure_from(known).created)
    store.replace(Collection.FAILURES, [failure_document(failure, first, run)])
    stored = store.get(Collection.ITEMS, [failure.record]).get(failure.record)
    if stored is not None:
        item = dataclasses.replace(item_from(stored), state=State.FAILED)
        store.replace(Collection.ITEMS, [item_document(item)])
    return known is None


def keep_failure(store: Store, failure: Failure, run: str) -> None:
    """Stores a failure and counts it, as new or as met again."""
    new = store_failure(store, failure, run)
    Metrics.counter("failures", "failures_new" if new else "failures_again").inc()


class _StoreFailureFn(beam.DoFn):
    def __init__(self, store_url: str, run: str) -> None:
        self._store_url = store_url
        self._run = run

    def process(self, failure: Failure) -> Iterable[str]:
        keep_failure(store_for(self._store_url), failure, self._run)
        yield failure.id


class StoreFailures(beam.PTransform[PCollection[Failure], PCollection[str]]):
    """Stores failures.

    Input: Failure. Output: ids of the failures written.
    Guarantee: one failure a record, however often it fails.
    """

    def __init__(self, *, store_url: str, run: str) -> None:
        self._store_url = store_url
        self._run = run

    def expand(self, failures: PCollection[Failure]) -> PCollection[str]:
        """Wires the writes."""
        return failures | "Write" >> beam.ParDo(_StoreFailureFn(self._store_url, self._run))
