"""Ticks: what makes the sources look for work, once or, in a stream, again and again.

On Flink they come from a source of Flink's own. Beam's PeriodicImpulse hands itself back to the runner while it waits,
and Flink's runner (2.62; issue 27648 of apache/beam) gives what is handed back a state of a new name each time, which
outlives it: an empty column family of RocksDB with options and serializers, about three and 30 KB in every checkpoint
for each tick. A timer that sets itself again would leave nothing behind, but timers of the processing time that Python
code sets do not fire there. All sources of a stream hang on one such source.
"""

import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import FloatCoder
from apache_beam.io.flink.flink_streaming_impulse_source import FlinkStreamingImpulseSource
from apache_beam.pvalue import PCollection
from apache_beam.transforms.periodicsequence import PeriodicImpulse, RebaseMode
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from transforms.gather import at_once

# Flink's source has as many instances as the job is parallel, and they know nothing of each other: each beats faster
# than the ticks are to come, and the first beat after nearly the time between two ticks is one.
_BEATS = 4
_NEARLY = 0.9


def is_fresh(tick: float, seconds: float, now: float) -> bool:
    """Returns whether a tick is still of use: after a standstill all that were missed come at once.

    Args:
        tick: When it was to be, in seconds since 1970.
        seconds: Between two ticks.
        now: The present, in seconds since 1970.
    """
    return now - tick < 2 * seconds


class _StampFn(beam.DoFn):
    """Notes when a beat was, and brings those of all instances to one place."""

    def process(self, element: bytes) -> Iterator[tuple[str, float]]:
        yield "", time.time()


class _ThrottleFn(beam.DoFn):
    """Lets one beat through in each stretch of time."""

    LAST = ReadModifyWriteStateSpec("last", FloatCoder())

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def process(
        self,
        element: tuple[str, float],
        last: Any = beam.DoFn.StateParam(LAST),  # noqa: B008 (so Beam hands over state)
    ) -> Iterator[float]:
        now, before = time.time(), last.read()
        # A clock that was put back must not silence the stream.
        is_time = before is None or not 0 <= now - before < _NEARLY * self._seconds
        if is_time and is_fresh(element[1], self._seconds, now):
            last.write(now)
            yield now


class Throttle(beam.PTransform[PCollection[tuple[str, float]], PCollection[float]]):
    """Makes ticks of beats that come oftener, and from several places.

    Input: (key, seconds since 1970 of the beat), all of one key. Output: ticks, by when they were let through.
    Guarantee: two ticks are nearly so many seconds apart, also after a restart; beats that waited long are none.
    """

    def __init__(self, *, seconds: float) -> None:
        super().__init__()
        self._fn = _ThrottleFn(seconds)

    def expand(self, beats: PCollection[tuple[str, float]]) -> PCollection[float]:
        """Wires the throttle."""
        ticks: PCollection[float] = beats | "LetThrough" >> beam.ParDo(self._fn)
        return ticks


def _flink_ticks(pipeline: beam.Pipeline, seconds: float) -> PCollection[float]:
    """Wires the source that Flink's runner has: it keeps no state, and begins anew after a restart."""
    source = FlinkStreamingImpulseSource()
    source.config = {"interval_ms": max(1, round(1_000 * seconds / _BEATS))}
    beats = pipeline | "Flink" >> source | "Stamp" >> beam.ParDo(_StampFn())
    ticks: PCollection[float] = beats | "Throttle" >> Throttle(seconds=seconds)
    return ticks


class Tick(beam.PTransform[beam.Pipeline, PCollection[Any]]):
    """Makes the sources look for work.

    Input: the pipeline. Output: one value, or without end one every so many seconds; it has no meaning of its own.
    Guarantee: after a standstill at most two ticks are made up for.
    """

    def __init__(self, *, every_seconds: float | None, is_on_flink: bool = False) -> None:
        """Takes how often.

        Args:
            every_seconds: Between two ticks; None for one tick, which makes the pipeline a bounded one.
            is_on_flink: Whether the runner has the source of ticks that only Flink's has.
        """
        super().__init__()
        if every_seconds is not None and every_seconds <= 0:
            raise ValueError(f"every_seconds: expected more than 0, got {every_seconds}")
        self._seconds = every_seconds
        self._is_on_flink = is_on_flink

    def expand(self, pipeline: beam.Pipeline) -> PCollection[Any]:
        """Wires the source."""
        seconds = self._seconds
        if seconds is None:
            once: PCollection[Any] = pipeline | "Once" >> beam.Create([None])
            return once
        if self._is_on_flink:
            return at_once(_flink_ticks(pipeline, seconds))
        impulses = pipeline | "Periodic" >> PeriodicImpulse(fire_interval=seconds, rebase=RebaseMode.REBASE_START)
        fresh = impulses | "Fresh" >> beam.Filter(lambda tick: is_fresh(float(tick), seconds, time.time()))
        return at_once(fresh)
