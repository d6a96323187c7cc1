"""Ticks: what makes the sources look for work, once or, in a stream, again and again.

At every impulse PeriodicImpulse hands itself back to the runner, and Flink's runner, up to the version that mends issue
27648 of apache/beam, keeps a new piece of state each time (measured: 20 KB). So a stream has one PeriodicImpulse, and
all its sources hang on that. A timer that sets itself again would leave nothing behind, but timers of the processing
time that Python code sets do not fire there (Beam 2.62).
"""

import time
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.periodicsequence import PeriodicImpulse, RebaseMode

from transforms.gather import at_once


def is_fresh(tick: float, seconds: float, now: float) -> bool:
    """Returns whether a tick is still of use: after a standstill all that were missed come at once.

    Args:
        tick: When it was to be, in seconds since 1970.
        seconds: Between two ticks.
        now: The present, in seconds since 1970.
    """
    return now - tick < 2 * seconds


class Tick(beam.PTransform[beam.Pipeline, PCollection[Any]]):
    """Makes the sources look for work.

    Input: the pipeline. Output: one value, or without end one every so many seconds; it has no meaning of its own.
    Guarantee: after a standstill at most two ticks are made up for.
    """

    def __init__(self, *, every_seconds: float | None) -> None:
        """Takes how often.

        Args:
            every_seconds: Between two ticks; None for one tick, which makes the pipeline a bounded one.
        """
        super().__init__()
        if every_seconds is not None and every_seconds <= 0:
            raise ValueError(f"every_seconds: expected more than 0, got {every_seconds}")
        self._seconds = every_seconds

    def expand(self, pipeline: beam.Pipeline) -> PCollection[Any]:
        """Wires the source."""
        seconds = self._seconds
        if seconds is None:
            once: PCollection[Any] = pipeline | "Once" >> beam.Create([None])
            return once
        impulses = pipeline | "Periodic" >> PeriodicImpulse(fire_interval=seconds, rebase=RebaseMode.REBASE_START)
        fresh = impulses | "Fresh" >> beam.Filter(lambda tick: is_fresh(float(tick), seconds, time.time()))
        return at_once(fresh)
