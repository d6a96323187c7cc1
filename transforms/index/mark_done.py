"""Notes, last of all, that an article and its item are done."""

import dataclasses
from collections.abc import Iterator

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import DoOutputsTuple, PCollection

from transforms.attempt import TryEach, failure_id
from transforms.dedupe.roles import out_of_role, roles_of
from transforms.present import When
from transforms.records import Article, State
from transforms.resolve.registry import is_standing
from transforms.store.change import change_document
from transforms.store.documents import article_from, item_document, item_from
from transforms.store.protocol import Collection, Document, Store

STAGE = "index"


def _is_settled(store: Store, article: Article) -> bool:
    """Whether the article, and all that changed because of it, are stored in the roles that follow from what is listed.

    Two versions of one page that come at once may each be written last somewhere: all must be of the one that stays.

    An article that has left its text since is somebody else's: its newer version is on its way.
    """
    roles = roles_of(store, [article.content_hash])
    if article.id not in roles:
        return True
    role = roles[article.id]
    is_this = role.fits(article) and role.is_listed_as(article) and is_standing(store, article)
    return is_this and not any(out_of_role(store, roles, {article.id}))


def _finish_article(store: Store, article_id: str) -> Article | None:
    """Sets the stored article done; returns it as it is to be met again when that changed while it was on its way."""
    while True:
        stored = store.get(Collection.ARTICLES, [article_id])[article_id]
        article = article_from(stored)
        if not _is_settled(store, article):
            return article
        document = Document(id=article_id, body={**stored.body, "state": State.DONE.value})
        if article.state is State.DONE or store.compare_and_set(Collection.ARTICLES, document, stored.version):
            return None


def _meet_again(store: Store, article: Article) -> None:
    """Makes an article and its item pending; an item that was done gets its content back, which the article holds."""
    change_document(store, Collection.ARTICLES, article.id, lambda body: {**body, "state": State.PENDING.value})
    stored = store.get(Collection.ITEMS, [article.item]).get(article.item)
    if stored is None or item_from(stored).state is not State.DONE:
        return
    again = dataclasses.replace(
        item_from(stored),
        state=State.PENDING,
        media_type="text/plain",
        content=article.text,
        title=article.title,
        url=article.url,
        source=article.source,
        published=article.published,
        published_how=article.published_how,
        language=article.language,
    )
    store.replace(Collection.ITEMS, [item_document(again)])


def finish_item(store: Store, item_id: str, article_id: str) -> None:
    """Sets an item done and settles a failure it had; its content is dropped, since the article holds the text."""
    stored = store.get(Collection.ITEMS, [item_id]).get(item_id)
    if stored is None:
        return
    item = item_from(stored)
    done = dataclasses.replace(item, state=State.DONE, content="", article=article_id)
    # Written over what was just read; only where another process came between it is read again.
    if not store.compare_and_set(Collection.ITEMS, item_document(done), stored.version):
        store.replace(Collection.ITEMS, [item_document(done)])
    if item.state is State.FAILED:
        store.delete(Collection.FAILURES, [failure_id(item_id)])


def mark_done(store: Store, article: Article) -> Iterator[str]:
    """Marks an article and its item done.

    Yields:
        The article's id; nothing when another process changed its role, or that of one like it, meanwhile: its item
        is pending then and is met again.
    """
    unsettled = _finish_article(store, article.id)
    Metrics.counter(STAGE, "articles_left_pending" if unsettled else "articles_done").inc()
    if unsettled is None:
        finish_item(store, article.item, article.id)
        yield article.id
    else:
        _meet_again(store, unsettled)


def mark_known(store: Store, article: Article) -> Iterator[str]:
    """Marks an item done whose article was known already; yields the article's id."""
    finish_item(store, article.item, article.id)
    yield article.id


class MarkDone(beam.PTransform[PCollection[Article], DoOutputsTuple]):
    """Marks articles and their items done, after all else was written.

    Input: Article, as indexed, or as known when `known` is set. Output: ids of the articles done, by tag `main`;
    Failure by tag `failures`.
    Guarantee: a retry marks them again, to the same effect.
    """

    def __init__(self, *, store_url: str, now: When, known: bool = False) -> None:
        self._store_url = store_url
        self._now = now
        self._step = mark_known if known else mark_done

    def expand(self, articles: PCollection[Article]) -> DoOutputsTuple:
        """Wires the marks."""
        return articles | "Mark" >> TryEach(stage=STAGE, step=self._step, store_url=self._store_url, now=self._now)
