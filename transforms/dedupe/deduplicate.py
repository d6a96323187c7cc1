"""Lets through what was not done before, and tells of each article what it copies and which story it is of."""

import datetime
from collections.abc import Iterator
from enum import StrEnum

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.attempt import TryEach
from transforms.dedupe.roles import in_role, list_text, out_of_role, roles_of
from transforms.dedupe.texts import join_text, leave_text
from transforms.records import Article, PublishedHow, State
from transforms.store.documents import article_from
from transforms.store.protocol import Collection, Store

STAGE = "dedupe"
# From a guess to a person's word: how well a publication date is known.
_KNOWN_BETTER = (
    PublishedHow.UNKNOWN,
    PublishedHow.INFERRED,
    PublishedHow.PAGE,
    PublishedHow.FEED,
    PublishedHow.SIDECAR,
    PublishedHow.GIVEN,
)


class Verdict(StrEnum):
    """What becomes of an article."""

    READ = "read"  # nothing earlier is like it
    COPY = "copy"  # another article has the same text, or nearly so, and was published earlier
    KNOWN = "known"  # done before, with this very text


KNOWN = Verdict.KNOWN.value


def _account(article: Article) -> tuple[str, ...]:
    """What is said of an article; where only this is new, it must be read again, since dates count from it."""
    return (article.content_hash, article.published or "", article.title, article.source or "", article.language or "")


def _is_superseded(article: Article, stored: Article) -> bool:
    """Whether the stored version of the same page is the better one; ties are broken by content, not by luck.

    A changed text counts by when it was taken in; for the same text the date that is known better wins.
    """
    if stored.content_hash == article.content_hash:
        mine, theirs = _KNOWN_BETTER.index(article.published_how), _KNOWN_BETTER.index(stored.published_how)
        return (theirs, stored.taken_in, _account(stored)) > (mine, article.taken_in, _account(article))
    return (stored.taken_in, _account(stored)) > (article.taken_in, _account(article))


def judge(store: Store, article: Article) -> Iterator[tuple[Verdict, Article]]:
    """Decides what becomes of an article, and of those whose role it changes.

    Args:
        store: Where articles and the lists of their texts are kept.
        article: An article as parsed.

    Yields:
        (verdict, article with its role): first the articles that change between original and copy because of it,
        then the article itself, so that a run killed in between meets it again.
    """
    texts = {article.content_hash}
    stored = store.get(Collection.ARTICLES, [article.id]).get(article.id)
    if stored is not None:
        known = article_from(stored)
        same = _account(known) == _account(article)
        if (same and known.state is State.DONE) or (not same and _is_superseded(article, known)):
            yield Verdict.KNOWN, article
            return
        if known.content_hash != article.content_hash:
            leave_text(store, article.id, known.content_hash)
            texts.add(known.content_hash)
    bands, moved = list_text(store, join_text(store, article))
    roles = roles_of(store, texts | moved, bands)
    for placed in (*out_of_role(store, roles, article.id), in_role(article, roles[article.id])):
        yield (Verdict.COPY if placed.duplicate_of else Verdict.READ), placed


def _judge(store: Store, article: Article) -> Iterator[Article | TaggedOutput[str, Article]]:
    for verdict, placed in judge(store, article):
        Metrics.counter(STAGE, f"articles_{verdict.value}").inc()
        yield TaggedOutput(KNOWN, placed) if verdict is Verdict.KNOWN else placed


class DeduplicateArticles(beam.PTransform[PCollection[Article], DoOutputsTuple]):
    """Parts the articles done before from those to go on with: new ones, and copies (whose `duplicate_of` says so).

    A copy that adds a sentence to be read says so in `adds`; articles that tell of the same event share their `story`.

    Both go on in one PCollection: where two are flattened, runners wait for all of the first.

    Input: Article. Output: PCollections of Article by tag `main` and `known`; Failure by tag `failures`.
    Guarantee: a retry yields the same verdicts until the article is done.
    """

    def __init__(self, *, store_url: str, now: datetime.datetime) -> None:
        self._store_url = store_url
        self._now = now

    def expand(self, articles: PCollection[Article]) -> DoOutputsTuple:
        """Wires the judgement."""
        return articles | "Judge" >> TryEach(
            stage=STAGE, step=_judge, store_url=self._store_url, now=self._now, tags=[KNOWN]
        )
