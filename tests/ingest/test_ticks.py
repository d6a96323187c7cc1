"""A run ticks once; a stream ticks on, and makes up for no standstill."""

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.ingest.ticks import Tick, is_fresh


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
