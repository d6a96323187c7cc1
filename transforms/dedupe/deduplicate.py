"""Lets through what was not done before, and tells of each article what it copies and which story it is of."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.attempt import FAILURES, MAIN, failure_of
from transforms.dedupe.better_version import best_versions, is_superseded, said_of
from transforms.dedupe.roles import in_role, list_texts, place_stored, settle_roles
from transforms.dedupe.texts import join_texts, leave_texts
from transforms.present import When, present
from transforms.records import Article, State
from transforms.store.documents import article_from
from transforms.store.open import store_for
from transforms.store.protocol import Collection, Store, StoreError

STAGE = "dedupe"

# Articles judged at once. In a store of 30,000 an article of 500 words costs 1.05 ms in batches of 64 and 0.92 in
# batches of 256; one by one, 1.3 ms more.
BATCH = 256


class Verdict(StrEnum):
    """What becomes of an article."""

    READ = "read"  # nothing earlier is like it
    COPY = "copy"  # another article has the same text, or nearly so, and was published earlier
    KNOWN = "known"  # done before, with this very text


KNOWN = Verdict.KNOWN.value


def _is_known(article: Article, stored: Article) -> bool:
    """Whether the stored version of the same page makes this one superfluous."""
    if said_of(stored) == said_of(article):
        return stored.state is State.DONE
    return is_superseded(article, stored)


def judge(store: Store, articles: Sequence[Article]) -> Iterator[tuple[Verdict, Article]]:
    """Decides what becomes of articles, and of those whose role they change.

    Args:
        store: Where articles, the lists of their texts and their bands are kept.
        articles: As parsed; some dozens at once cost far less than each by itself.

    Yields:
        (verdict, article with its role): first the articles that were done and change between original and copy
        because of these, then these themselves, so that a run killed in between meets them again. Those of which only
        the story is another are written at once.
    """
    stored = {key: article_from(found) for key, found in store.get(Collection.ARTICLES, _ids(articles)).items()}
    best = best_versions(articles)
    new = [a for a in best.values() if not (a.id in stored and _is_known(a, stored[a.id]))]
    left = {a.id: stored[a.id].content_hash for a in new if a.id in stored}
    left = {a.id: left[a.id] for a in new if a.id in left and left[a.id] != a.content_hash}
    leave_texts(store, left)
    bands, listed = list_texts(store, join_texts(store, new))
    # One that is better than what came, and not done, may have been left so by a run that was killed.
    undone = {known.content_hash for key, known in stored.items() if known.state is not State.DONE}
    roles = settle_roles(store, new, listed.union(left.values(), undone), bands)
    changed = place_stored(store, roles, {a.id for a in new})
    for placed in (*changed, *(in_role(article, roles[article.id]) for article in new)):
        yield (Verdict.COPY if placed.duplicate_of else Verdict.READ), placed
    chosen = {id(article) for article in new}
    yield from ((Verdict.KNOWN, article) for article in articles if id(article) not in chosen)


def _ids(articles: Sequence[Article]) -> list[str]:
    return [article.id for article in articles]


class _JudgeFn(beam.DoFn):
    """Judges a batch of articles; where that fails, each by itself, so that a bad one does not stop the others.

    A StoreError is no fault of an article: it fails the bundle, and what was pending stays pending.
    """

    def __init__(self, store_url: str, now: When) -> None:
        self._store_url = store_url
        self._now = now

    def process(self, batch: Sequence[Article]) -> Iterable[Any]:
        """Yields articles in their roles, those known tagged `known`, and failures tagged `failures`."""
        store = store_for(self._store_url)
        try:
            judged = list(judge(store, batch))
        except StoreError:
            raise
        except Exception:  # found out one by one, where each error is kept
            for article in batch:
                yield from self._judge_one(store, article)
            return
        yield from map(_told, judged)

    def _judge_one(self, store: Store, article: Article) -> Iterator[Any]:
        try:
            yield from map(_told, list(judge(store, [article])))
        except StoreError:
            raise
        except Exception as error:  # whatever a single article brings must not stop the others
            Metrics.counter(STAGE, "elements_failed").inc()
            yield TaggedOutput(FAILURES, failure_of(STAGE, article, error, present(self._now)))


def _told(judged: tuple[Verdict, Article]) -> Article | TaggedOutput[str, Article]:
    verdict, placed = judged
    Metrics.counter(STAGE, f"articles_{verdict.value}").inc()
    return TaggedOutput(KNOWN, placed) if verdict is Verdict.KNOWN else placed


class DeduplicateArticles(beam.PTransform[PCollection[Article], DoOutputsTuple]):
    """Parts the articles done before from those to go on with: new ones, and copies (whose `duplicate_of` says so).

    A copy that adds a sentence to be read says so in `adds`; articles that tell of the same event share their `story`.

    Both go on in one PCollection: where two are flattened, runners wait for all of the first.

    Input: Article. Output: PCollections of Article by tag `main` and `known`; Failure by tag `failures`.
    Guarantee: a retry yields the same verdicts until the article is done.
    """

    def __init__(self, *, store_url: str, now: When) -> None:
        self._store_url = store_url
        self._now = now

    def expand(self, articles: PCollection[Article]) -> DoOutputsTuple:
        """Wires the judgement."""
        return (
            articles
            | "Batch" >> beam.BatchElements(min_batch_size=BATCH, max_batch_size=BATCH)
            | "Judge" >> beam.ParDo(_JudgeFn(self._store_url, self._now)).with_outputs(KNOWN, FAILURES, main=MAIN)
        )
