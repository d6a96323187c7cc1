"""Lets through only articles that must be read: not those already done, nor copies of another article's text."""

import dataclasses
import datetime
from collections.abc import Iterator
from enum import StrEnum

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput

from transforms.attempt import TryEach
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

    READ = "read"  # its text is new
    COPY = "copy"  # another article has the same text and was published earlier
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


def _with_role(article: Article, original: str) -> Article:
    copy_of = None if article.id == original else original
    return dataclasses.replace(article, story=original, duplicate_of=copy_of)


def _changed_roles(store: Store, ids: tuple[str, ...], but: str) -> Iterator[tuple[Verdict, Article]]:
    """Yields the articles of one text, other than `but`, that the store still has in another role."""
    for stored in store.get(Collection.ARTICLES, [known for known in ids if known != but]).values():
        article = article_from(stored)
        placed = _with_role(article, ids[0])
        if placed != article:
            yield (Verdict.COPY if placed.duplicate_of else Verdict.READ), placed


def judge(store: Store, article: Article) -> Iterator[tuple[Verdict, Article]]:
    """Decides what becomes of an article, and of those whose role it changes.

    Args:
        store: Where articles and the lists of their texts are kept.
        article: An article as parsed.

    Yields:
        (verdict, article with its role): first the articles that change between original and copy because of it,
        then the article itself, so that a run killed in between meets it again.
    """
    stored = store.get(Collection.ARTICLES, [article.id]).get(article.id)
    if stored is not None:
        known = article_from(stored)
        same = _account(known) == _account(article)
        if (same and known.state is State.DONE) or (not same and _is_superseded(article, known)):
            yield Verdict.KNOWN, article
            return
        if known.content_hash != article.content_hash:
            yield from _changed_roles(store, leave_text(store, article.id, known.content_hash), article.id)
    ids = join_text(store, article)
    if ids[0] == article.id:
        yield from _changed_roles(store, ids, article.id)
    placed = _with_role(article, ids[0])
    yield (Verdict.COPY if placed.duplicate_of else Verdict.READ), placed


def _judge(store: Store, article: Article) -> Iterator[Article | TaggedOutput[str, Article]]:
    for verdict, placed in judge(store, article):
        Metrics.counter(STAGE, f"articles_{verdict.value}").inc()
        yield TaggedOutput(KNOWN, placed) if verdict is Verdict.KNOWN else placed


class DeduplicateArticles(beam.PTransform[PCollection[Article], DoOutputsTuple]):
    """Parts the articles done before from those to go on with: new ones, and copies (whose `duplicate_of` says so).

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
