"""A run ticks once; a stream ticks on, and makes up for no standstill."""

import time

import apache_beam as beam
import pytest
from apache_beam.io.flink.flink_streaming_impulse_source import FlinkStreamingImpulseSource
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.ingest.ticks import Throttle, Tick, is_fresh


def test_tick_comes_once_in_a_bounded_run():
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        ticks = pipeline | Tick(every_seconds=None)
        assert ticks.is_bounded
        assert_that(ticks, equal_to([None]), label="once")


def test_ticks_of_a_stream_have_no_end():
    assert not (beam.Pipeline(runner=FnApiRunner()) | Tick(every_seconds=5)).is_bounded


@pytest.mark.parametrize(("late", "fresh"), [(0, True), (29, True), (61, False), (7_200, False)])
def test_ticks_missed_in_a_standstill_are_not_made_up_for(late, fresh):
    assert is_fresh(1_000.0, 30.0, 1_000.0 + late) is fresh


def test_tick_refuses_no_time_between_two():
    with pytest.raises(ValueError, match="every_seconds"):
        Tick(every_seconds=0)


def test_ticks_of_a_stream_on_flink_come_from_flink_alone():
    pipeline = beam.Pipeline(runner=FnApiRunner())
    assert not (pipeline | Tick(every_seconds=5, is_on_flink=True)).is_bounded
    steps = pipeline.to_runner_api().components.transforms.values()
    sources = {step.spec.urn for step in steps if step.spec.urn and not step.inputs and not step.subtransforms}
    assert sources == {FlinkStreamingImpulseSource.URN}  # whatever waits by handing itself back leaves state there


@pytest.mark.parametrize(
    ("late", "ticks"),
    [
        ([0.0, 0.0, 0.1], 1),  # instances of the source know nothing of each other
        ([-3_600.0, 0.0], 1),  # what comes after a standstill
        ([-3_600.0], 0),
    ],
)
def test_beats_of_one_moment_are_one_tick(late, ticks):
    now = time.time()
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        beats = pipeline | beam.Create([("", now + seconds) for seconds in late])
        told = beats | Throttle(seconds=60.0) | beam.combiners.Count.Globally()
        assert_that(told, equal_to([ticks]), label="ticks")
