"""Finds which agreements of the registry a reading is about."""

from collections.abc import Iterator

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection

from transforms.attempt import TryEach
from transforms.present import When
from transforms.records import ReadArticle, ResolvedArticle
from transforms.resolve.registry import register
from transforms.resolve.same_actors import reading_with_same
from transforms.store.protocol import Store

STAGE = "resolve"


def resolve(store: Store, read: ReadArticle) -> Iterator[ResolvedArticle]:
    """Enters a reading into the registry; that of a copy which adds nothing is withdrawn: its original speaks for it.

    Args:
        store: Where the registry is kept.
        read: The article in its role, and what was read in it.

    Yields:
        The article with what is to be computed anew.
    """
    told = read.reading if read.article.is_read else None
    registered = register(store, read.article, told)
    Metrics.counter(STAGE, "agreements_mentioned").inc(len(told.agreements) if told else 0)
    reading = reading_with_same(store, read.reading)
    yield ResolvedArticle(article=read.article, reading=reading, registered=registered)


class ResolveAgreements(beam.PTransform[PCollection[ReadArticle], DoOutputsTuple]):
    """Enters readings into the registry of agreements.

    Input: ReadArticle. Output: ResolvedArticle, one for each input, by tag `main`; Failure by tag `failures`.
    Guarantee: a retry enters the same reading again, to the same effect.
    """

    def __init__(self, *, store_url: str, now: When) -> None:
        self._store_url = store_url
        self._now = now

    def expand(self, read: PCollection[ReadArticle]) -> DoOutputsTuple:
        """Wires the registration."""
        return read | "Register" >> TryEach(stage=STAGE, step=resolve, store_url=self._store_url, now=self._now)
