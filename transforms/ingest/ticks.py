"""Ticks: what makes the sources look for work, once or, in a stream, again and again.

A stream's ticks come from a timer that sets itself again. Beam's PeriodicImpulse would do, but at every impulse it
hands itself back to the runner, and Flink's runner (up to the version that mends issue 27648 of apache/beam) keeps a
new piece of state for each: measured, 25 KB a tick, for ever.
"""

import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import TimerSpec, on_timer

from transforms.gather import at_once

_NEXT = TimerSpec("next", TimeDomain.REAL_TIME)
_TIMER = beam.DoFn.TimerParam(_NEXT)


def next_tick(now: float, seconds: float) -> float:
    """Returns when to tick again: in steps counted from 1970, so that neither a slow tick nor a restart shifts them.

    Args:
        now: The present, in seconds since 1970.
        seconds: Between two ticks.
    """
    return (now // seconds + 1) * seconds


class _TickFn(beam.DoFn):
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def process(self, _: Any, timer: Any = _TIMER) -> None:
        """Sets the first tick."""
        timer.set(time.time())

    @on_timer(_NEXT)
    def tick(self, timer: Any = _TIMER) -> Iterator[float]:
        """Ticks, and sets the next tick."""
        now = time.time()
        timer.set(next_tick(now, self._seconds))
        yield now


class Tick(beam.PTransform[beam.Pipeline, PCollection[Any]]):
    """Makes the sources look for work.

    Input: the pipeline. Output: one value, or without end one every so many seconds; it has no meaning of its own.
    Guarantee: ticks missed in a standstill are not made up for.
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
        once: PCollection[Any] = pipeline | "Once" >> beam.Create([None])
        if self._seconds is None:
            return once
        keyed = once | "Key" >> beam.Map(lambda _: ("", ""))
        ticks: PCollection[Any] = keyed | "Timer" >> beam.ParDo(_TickFn(self._seconds))
        ticks.is_bounded = False  # a timer that sets itself again has no end, which Beam cannot know
        return at_once(ticks)
