"""Finds at every tick of a stream which files of watched paths are to be taken in."""

from collections.abc import Iterable, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.attempt import FAILURES, MAIN
from transforms.ingest.watch_files import WatchedFiles
from transforms.present import present
from transforms.store.open import store_for


class _WatchFn(beam.DoFn):
    def __init__(self, store_url: str, paths: Sequence[str], settle_seconds: float) -> None:
        self._store_url = store_url
        self._paths = tuple(paths)
        self._settle_seconds = settle_seconds

    def setup(self) -> None:
        self._files = WatchedFiles(self._paths, settle_seconds=self._settle_seconds)

    def process(self, _: Any) -> Iterable[Any]:
        """Yields what is due, and what cannot be taken in."""
        look = self._files.look(store_for(self._store_url), present(None))
        Metrics.counter("ingest", "paths_failed").inc(len(look.troubles))
        yield from look.due
        yield from (TaggedOutput(FAILURES, failure) for failure in look.unlisted)
        self._files.confirm(look)


class WatchPaths(beam.PTransform[PCollection[Any], DoOutputsTuple]):
    """Finds the files that are new or changed and at rest.

    Input: ticks. Output: DueFile by tag `main`; Failure by tag `failures`.
    Guarantee: a file that is not taken in is found again at a later tick.
    """

    def __init__(self, *, store_url: str, paths: Sequence[str], settle_seconds: float) -> None:
        self._fn = _WatchFn(store_url, paths, settle_seconds)

    def expand(self, ticks: PCollection[Any]) -> DoOutputsTuple:
        """Wires one look a tick."""
        found: DoOutputsTuple = ticks | "Look" >> beam.ParDo(self._fn).with_outputs(FAILURES, main=MAIN)
        return found
