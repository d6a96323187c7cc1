"""Brings together what belongs together: in a bounded run all of it, in a stream what comes in one bundle.

In a stream nothing here waits, for the watermark or for a time: a slow stage holds up no other, and a quick one is not
kept. Keys are few, so that a runner's state stays bounded.
"""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.trigger import AccumulationMode, AfterCount, Repeatedly
from apache_beam.transforms.window import GlobalWindow, GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from transforms.records import digest

# More than any cluster has workers, few enough to be forgotten about.
_KEYS = 256


def at_once(values: PCollection[Any]) -> PCollection[Any]:
    """Windows a stream so that whatever is grouped goes on at once."""
    trigger = Repeatedly(AfterCount(1))
    window = beam.WindowInto(GlobalWindows(), trigger=trigger, accumulation_mode=AccumulationMode.DISCARDING)
    windowed: PCollection[Any] = values | "AtOnce" >> window
    return windowed


def in_global_window(value: Any) -> Any:
    """Returns a value, tagged or not, as `finish_bundle` must yield it: in the one window that this graph has."""
    if isinstance(value, TaggedOutput):
        return TaggedOutput(value.tag, WindowedValue(value.value, 0, (GlobalWindow(),)))
    return WindowedValue(value, 0, (GlobalWindow(),))


class _BatchFn(beam.DoFn):
    """Makes one element of all values of a key that are in one bundle, so that they stay together on their way."""

    def start_bundle(self) -> None:
        self._values: dict[str, list[Any]] = {}

    def process(self, element: tuple[str, Any]) -> None:
        key, value = element
        self._values.setdefault(key, []).append(value)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        values, self._values = self._values, {}
        return map(in_global_window, values.items())


def _apart(group: tuple[str, Iterable[Iterable[Any]]]) -> Iterator[tuple[str, Any]]:
    key, batches = group
    return ((key, value) for value in itertools.chain.from_iterable(batches))


class GatherByKey(beam.PTransform[PCollection[tuple[str, Any]], PCollection[tuple[str, Iterable[Any]]]]):
    """Groups values by key: once, when all are there; of a stream, those that arrive in one bundle.

    Input: (key, value); few keys. Output: (key, values).
    """

    def expand(self, pairs: PCollection[tuple[str, Any]]) -> PCollection[tuple[str, Iterable[Any]]]:
        """Wires the grouping."""
        grouped: PCollection[tuple[str, Iterable[Any]]]
        if pairs.is_bounded:
            grouped = pairs | "Group" >> beam.GroupByKey()
            return grouped
        sent = at_once(pairs | "Send" >> beam.ParDo(_BatchFn()).with_output_types(tuple[str, list[Any]]))
        came = sent | "Group" >> beam.GroupByKey() | "Apart" >> beam.FlatMap(_apart)
        grouped = came | "Gather" >> beam.ParDo(_BatchFn())
        return grouped


def _key_of(value: str) -> tuple[str, str]:
    return str(int(digest("each once", value), 16) % _KEYS), value


def _each_once(group: tuple[str, Iterable[str]]) -> Iterable[str]:
    return dict.fromkeys(group[1])


class EachOnce(beam.PTransform[PCollection[str], PCollection[str]]):
    """Spreads ids over the workers, each once; in a stream an id that comes again later comes again.

    Input: ids. Output: ids.
    """

    def expand(self, ids: PCollection[str]) -> PCollection[str]:
        """Wires the spreading."""
        pairs = ids | "Key" >> beam.Map(_key_of)
        pairs = pairs if ids.is_bounded else at_once(pairs)
        once: PCollection[str] = pairs | "Group" >> beam.GroupByKey() | "Once" >> beam.FlatMap(_each_once)
        return once
