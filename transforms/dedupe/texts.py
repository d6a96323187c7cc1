"""The same text at several addresses: one list of articles a text, changed by compare-and-set and read by id.

The original of a text is its smallest (published, id); all others are copies of it. Roles are computed from the list
alone, so that they do not depend on the order in which articles arrive.
"""

from collections.abc import Callable

from transforms.records import Article
from transforms.store.protocol import Collection, Document, Store

_UNDATED = "9999"  # sorts after every date: an article with a date is preferred as the original

type _Entries = list[list[str]]


def _change(store: Store, content_hash: str, change: Callable[[_Entries], _Entries]) -> tuple[str, ...]:
    while True:
        stored = store.get(Collection.TEXTS, [content_hash]).get(content_hash)
        known = [list(entry) for entry in stored.body["articles"]] if stored else []
        entries = change(known)
        document = Document(id=content_hash, body={"articles": entries})
        if entries == known or store.compare_and_set(Collection.TEXTS, document, stored.version if stored else None):
            return tuple(entry[1] for entry in entries)


def with_text(store: Store, content_hash: str) -> tuple[str, ...]:
    """Returns the ids of all articles with this text, the original first."""
    return _change(store, content_hash, lambda entries: entries)


def join_text(store: Store, article: Article) -> tuple[str, ...]:
    """Adds an article to the list of its text and returns the list: article ids, the original first."""
    own = [article.published or _UNDATED, article.id]
    return _change(
        store,
        article.content_hash,
        lambda entries: sorted([*(entry for entry in entries if entry[1] != article.id), own]),
    )


def leave_text(store: Store, article_id: str, content_hash: str) -> tuple[str, ...]:
    """Removes an article from the list of a text it no longer has and returns the list, the original first."""
    return _change(store, content_hash, lambda entries: [entry for entry in entries if entry[1] != article_id])
