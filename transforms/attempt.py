"""Tries a step on every element; an element whose step fails becomes a Failure instead of stopping the others."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.ingest.unreadable import failure_id as failure_id
from transforms.ingest.unreadable import make_failure
from transforms.present import When, present
from transforms.records import Article, DueFile, Failure, IndexedArticle, Item, ReadArticle, ResolvedArticle
from transforms.store.open import store_for
from transforms.store.protocol import Store, StoreError

FAILURES = "failures"
MAIN = "main"

type Step = Callable[[Store, Any], Iterable[Any]]


def _origin(element: Any) -> tuple[str, str, str]:
    """Returns what an element came from: the record's id, where to find it, and the start of its text."""
    match element:
        case ReadArticle(article=article) | ResolvedArticle(article=article) | IndexedArticle(article=article):
            return _origin(article)
        case Article():
            return element.item, element.url or element.title, element.text
        case Item():
            return element.id, element.locator, element.content
        case DueFile():
            return element.path, element.path, ""
        case _:
            return str(element), str(element), ""


def failure_of(stage: str, element: Any, error: Exception, now: datetime.datetime) -> Failure:
    """Returns the failure of an element: its stage, where it came from, and one line of what went wrong."""
    record, locator, payload = _origin(element)
    message = f"{type(error).__name__}: {error}"
    return make_failure(stage, record, message, now=now, locator=locator, payload=payload)


class Attempt(beam.DoFn):
    """Runs `step(store, element)` and yields what it yields, all or nothing.

    A StoreError is no fault of the element: it fails the bundle, and what was pending stays pending.
    """

    def __init__(self, *, stage: str, step: Step, store_url: str, now: When) -> None:
        self._stage = stage
        self._step = step
        self._store_url = store_url
        self._now = now

    def process(self, element: Any) -> Iterable[Any]:
        """Yields the step's results, or one Failure tagged `failures`."""
        try:
            yield from list(self._step(store_for(self._store_url), element))
        except StoreError:
            raise
        except Exception as error:  # whatever a single element brings must not stop the others
            Metrics.counter(self._stage, "elements_failed").inc()
            yield TaggedOutput(FAILURES, failure_of(self._stage, element, error, present(self._now)))


class TryEach(beam.PTransform[PCollection[Any], DoOutputsTuple]):
    """Applies a step to every element.

    Output: PCollections by tag: `main`, `failures`, and the further `tags` the step uses.
    Guarantee: a retry runs the step again; steps are idempotent.
    """

    def __init__(self, *, stage: str, step: Step, store_url: str, now: When, tags: Iterable[str] = ()) -> None:
        self._fn = Attempt(stage=stage, step=step, store_url=store_url, now=now)
        self._tags = tuple(tags)

    def expand(self, elements: PCollection[Any]) -> DoOutputsTuple:
        """Wires the step."""
        return elements | "Try" >> beam.ParDo(self._fn).with_outputs(*self._tags, FAILURES, main=MAIN)
