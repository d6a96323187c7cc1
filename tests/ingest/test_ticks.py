"""A run ticks once; a stream ticks on, and makes up for no standstill."""

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.ingest.ticks import Tick, next_tick


def test_tick_comes_once_in_a_bounded_run():
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        ticks = pipeline | Tick(every_seconds=None)
        assert ticks.is_bounded
        assert_that(ticks, equal_to([None]), label="once")


def test_ticks_of_a_stream_have_no_end():
    assert not (beam.Pipeline(runner=FnApiRunner()) | Tick(every_seconds=5)).is_bounded


@pytest.mark.parametrize(
    ("now", "then"), [(1_000.0, 1_020.0), (1_019.9, 1_020.0), (1_020.0, 1_050.0), (8_205.0, 8_220.0)]
)
def test_ticks_keep_step_and_those_missed_in_a_standstill_are_not_made_up_for(now, then):
    assert next_tick(now, 30.0) == then


def test_tick_refuses_no_time_between_two():
    with pytest.raises(ValueError, match="every_seconds"):
        Tick(every_seconds=0)
