"""Recognises a file that was written anew as another version of the article it held before.

Only a file whose article has no address needs this: an address says by itself that it is the same article. A file that
now holds quite another text (a `latest.html` that a script replaces every hour) holds another article.
"""

import dataclasses
import datetime
import re

from transforms.ingest.parse_article import parse_article
from transforms.ingest.unreadable import UnreadableArticle
from transforms.records import Article, Item, State
from transforms.store.documents import article_from, item_document, item_from
from transforms.store.protocol import Collection, Store

_SHINGLE_WORDS = 3
# Of the shorter text's shingles. A text cut short and its whole have 1.0, edits and corrections over 0.7; two articles
# of one site share its standing phrases only, under 0.2.
_SAME_ARTICLE = 0.5
_WORD = re.compile(r"\w+")


def is_version(text: str, other: str) -> bool:
    """Returns whether two texts are versions of one article, by the runs of three words they have in common."""
    one, two = _shingles(text), _shingles(other)
    return len(one & two) >= _SAME_ARTICLE * min(len(one), len(two))


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    starts = range(max(1, len(words) - _SHINGLE_WORDS + 1))
    return {tuple(words[start : start + _SHINGLE_WORDS]) for start in starts}


def _article_of(store: Store, item_id: str, now: datetime.datetime) -> Article | None:
    """Returns the article an item became, or is about to."""
    stored = store.get(Collection.ITEMS, [item_id]).get(item_id)
    if stored is None:
        return None
    item = item_from(stored)
    if item.state is State.PENDING:
        return _parsed(item, now)
    known = store.get(Collection.ARTICLES, [item.article]) if item.article else {}
    return next(map(article_from, known.values()), None)


def _parsed(item: Item, now: datetime.datetime) -> Article | None:
    try:
        return parse_article(item, now=now)
    except UnreadableArticle:  # it becomes a Failure where it is parsed for good
        return None


def as_version(store: Store, item: Item, former: str, now: datetime.datetime) -> Item:
    """Returns what a file holds now, given what it held before.

    Args:
        store: Where items and articles are kept.
        item: As read now.
        former: The id of the item that the file gave before.
        now: When it is taken in.

    Returns:
        The item, marked as a new version of the former article where it is one. One that was done already (the file
        holds again what it held once) is made pending again in the store.
    """
    before = _article_of(store, former, now)
    if before is None or item.id == former:
        return item
    _renew(store, item, before, former)
    if before.url is not None:
        return item
    article = _parsed(item, now)
    if article is None or article.url is not None or not is_version(article.text, before.text):
        return item
    return dataclasses.replace(item, article=before.id)


def _renew(store: Store, item: Item, before: Article, former: str) -> None:
    """Makes an item pending again whose text the article had once, and has no longer since `former`."""
    stored = store.get(Collection.ITEMS, [item.id]).get(item.id)
    if stored is None or before.item != former:
        return
    known = item_from(stored)
    if known.state is State.DONE and known.article == before.id:
        again = dataclasses.replace(item, article=before.id, state=State.PENDING)
        store.replace(Collection.ITEMS, [item_document(again)])
