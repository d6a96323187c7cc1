"""Bounded input is gathered whole; ids come out each once."""

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.gather import EachOnce, GatherByKey, in_global_window


def test_values_of_a_bounded_run_are_gathered_whole():
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        gathered = pipeline | beam.Create([("a", 1), ("b", 2), ("a", 3)]) | GatherByKey()
        sorted_ = gathered | beam.MapTuple(lambda key, values: (key, sorted(values)))
        assert_that(sorted_, equal_to([("a", [1, 3]), ("b", [2])]), label="whole")


def test_ids_come_each_once():
    ids = [str(number) for number in range(1_000)]
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        assert_that(pipeline | beam.Create(ids * 2) | EachOnce(), equal_to(ids), label="each once")


def test_tag_stays_on_what_a_bundle_yields_at_its_end():
    tagged = in_global_window(TaggedOutput("waiting", "x"))
    assert (tagged.tag, tagged.value.value) == ("waiting", "x")
    assert in_global_window("x").value == "x"


def test_values_of_a_stream_stay_together_as_they_come():
    pipeline = beam.Pipeline(runner=FnApiRunner())
    values = pipeline | beam.Create([[("a", 1), ("b", 2), ("a", 3)]]) | beam.FlatMap(lambda pairs: pairs)
    values.is_bounded = False
    gathered = values | GatherByKey()
    joined = gathered | beam.MapTuple(lambda key, given: (key, tuple(given)))
    assert_that(joined, equal_to([("a", (1, 3)), ("b", (2,))]), label="together")
    pipeline.run().wait_until_finish()
