import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms.attempt import FAILURES, MAIN, TryEach
from transforms.store.protocol import StoreError


def _halve(store, number):
    if number % 2:
        raise ValueError(f"{number} is odd;\nexpected an even number")
    yield number // 2


def _no_store(store, number):
    raise StoreError("the store is away")


def test_try_each_lets_the_good_through_and_keeps_the_bad(store_url, now):
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        tried = pipeline | beam.Create([2, 3, 4]) | TryEach(stage="halve", step=_halve, store_url=store_url, now=now)
        failures = tried[FAILURES] | beam.Map(lambda failure: (failure.stage, failure.record, failure.error))
        assert_that(tried[MAIN], equal_to([1, 2]), label="good")
        expected = [("halve", "3", "ValueError: 3 is odd; expected an even number")]
        assert_that(failures, equal_to(expected), label="bad")


def test_try_each_does_not_blame_elements_for_a_store_that_is_away(store_url, now):
    pipeline = beam.Pipeline(runner=FnApiRunner())
    pipeline | beam.Create([2]) | TryEach(stage="halve", step=_no_store, store_url=store_url, now=now)
    with pytest.raises((StoreError, RuntimeError), match="the store is away"):
        pipeline.run()
