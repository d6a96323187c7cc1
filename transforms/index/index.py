"""Writes an article, its actors, and the agreements and deadlines it concerns, so that they can be found."""

import dataclasses
import functools
from collections.abc import Iterator

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection

from transforms.attempt import TryEach
from transforms.dedupe.better_version import is_superseded
from transforms.index.actors import index_actors
from transforms.present import When, present
from transforms.records import Article, IndexedArticle, Reading, ResolvedArticle, State
from transforms.resolve.registry import refresh
from transforms.resolve.write_agreements import Stamp
from transforms.store.change import Body, change_documents
from transforms.store.documents import article_document, article_from
from transforms.store.protocol import Collection, Document, Store, Stored

STAGE = "index"


def _shown(article: Article, reading: Reading) -> Article:
    actors = tuple(sorted(actor.id for actor in reading.actors))
    return dataclasses.replace(article, state=State.PENDING, actor_ids=actors)


def _write_article(store: Store, document: Document) -> None:
    """Writes an article, unless a better version of it was written meanwhile: marking it done sees that."""

    def better(body: Body | None) -> Body:
        return body if body and is_superseded(_article(document.body), _article(body)) else document.body

    if not store.compare_and_set(Collection.ARTICLES, document, None):  # most are new
        change_documents(store, Collection.ARTICLES, {document.id: better})


def _article(body: Body) -> Article:
    return article_from(Stored(id=body["id"], body=dict(body), version=0))


def index_article(store: Store, resolved: ResolvedArticle, stamp: Stamp) -> Iterator[IndexedArticle]:
    """Writes all that an article brought, the article itself (still pending) before what is computed from it.

    Args:
        store: Where to.
        resolved: The article, its reading and what is to be computed anew because of it.
        stamp: The run and time noted on what is new.

    Yields:
        The article as written, with the agreements that changed.
    """
    article = _shown(resolved.article, resolved.reading)
    _write_article(store, article_document(article, resolved.reading, stamp.run))
    index_actors(store, resolved.reading.actors, stamp.run)
    changed = refresh(store, resolved.registered, stamp)
    Metrics.counter(STAGE, "articles_written").inc()
    yield IndexedArticle(article=article, reading=resolved.reading, agreements=tuple(sorted(changed)))


def _index_now(store: Store, resolved: ResolvedArticle, run: str, now: When) -> Iterator[IndexedArticle]:
    yield from index_article(store, resolved, Stamp(run=run, now=present(now)))


class IndexRecords(beam.PTransform[PCollection[ResolvedArticle], DoOutputsTuple]):
    """Writes articles, actors, agreements and deadlines to the store.

    Input: ResolvedArticle. Output: IndexedArticle, still pending, by tag `main`; Failure by tag `failures`.
    Guarantee: all ids are deterministic; a retry writes the same again.
    """

    def __init__(self, *, store_url: str, run: str, now: When) -> None:
        self._store_url = store_url
        self._run = run
        self._now = now

    def expand(self, resolved: PCollection[ResolvedArticle]) -> DoOutputsTuple:
        """Wires the writes."""
        step = functools.partial(_index_now, run=self._run, now=self._now)
        return resolved | "Write" >> TryEach(stage=STAGE, step=step, store_url=self._store_url, now=self._now)
