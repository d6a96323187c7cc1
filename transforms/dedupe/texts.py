"""The same text at several addresses: one document a text, with its articles and what it is compared by.

The original of a text is its smallest (published, id); all others are copies of it. Roles are computed from the list
alone, so that they do not depend on the order in which articles arrive. Documents are changed by compare-and-set and
read by id.
"""

import base64
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from transforms.dedupe.fingerprint import Fingerprint, fingerprint
from transforms.records import Article, record
from transforms.store.change import Body, change_documents
from transforms.store.protocol import Collection, Store

UNDATED = "9999"  # sorts after every date: an article with a date is preferred as the original

type _Entries = list[list[str]]

_FIELDS = ("shingles", "names", "telling", "signature", "numbers")

# Fingerprints kept decoded: some 3 KB each of a long article, and a story's copies come close together.
_KEPT = 4_096


@record
class Text:
    """A text that one or more articles have.

    Attributes:
        hash: The articles' content hash.
        articles: (published or `UNDATED`, article id) of each, the original first; none when all pages have changed.
        fingerprint: What it is compared by.
    """

    hash: str
    articles: tuple[tuple[str, str], ...]
    fingerprint: Fingerprint


@functools.lru_cache(maxsize=_KEPT)
def _decoded(*fields: str) -> Fingerprint:
    return Fingerprint(**{name: base64.b64decode(field) for name, field in zip(_FIELDS, fields, strict=True)})


def _encoded(said: Fingerprint) -> dict[str, str]:
    return {name: base64.b64encode(getattr(said, name)).decode() for name in _FIELDS}


def _text(key: str, body: Mapping[str, Any], said: Fingerprint | None = None) -> Text:
    return Text(
        hash=key,
        articles=tuple((published, article) for published, article in body["articles"]),
        fingerprint=said or _decoded(*(body.get(name, "") for name in _FIELDS)),
    )


def texts_of(store: Store, hashes: Iterable[str]) -> dict[str, Text]:
    """Returns the texts that are known among some content hashes, by hash."""
    return {key: _text(key, stored.body) for key, stored in store.get(Collection.TEXTS, list(hashes)).items()}


def _change(
    store: Store,
    changes: Mapping[str, Callable[[_Entries], _Entries]],
    new: Callable[[str], Fingerprint | None],
) -> dict[str, Text]:
    """Changes the lists of texts' articles, by hash; returns the texts as they are then.

    Args:
        store: Where they are kept.
        changes: What to do with each list.
        new: Gives what a text that is not known yet is compared by.
    """
    made: dict[str, Fingerprint] = {}

    def changed(key: str, body: Body | None) -> Body | None:
        known = [list(entry) for entry in body["articles"]] if body else []
        entries = changes[key](known)
        if entries == known:
            return body
        if body is None and (said := new(key)) is not None:
            made[key] = said
            body = _encoded(said)
        return {**(body or {}), "articles": entries}

    bodies = change_documents(store, Collection.TEXTS, {key: functools.partial(changed, key) for key in changes})
    return {key: _text(key, body, made.get(key)) for key, body in bodies.items()}


def join_texts(store: Store, articles: Sequence[Article]) -> dict[str, Text]:
    """Adds articles to the lists of their texts and returns these texts, by hash."""
    texts: dict[str, str] = {}
    own: dict[str, _Entries] = {}
    for article in articles:
        texts[article.content_hash] = article.text
        own.setdefault(article.content_hash, []).append([article.published or UNDATED, article.id])

    def joined(key: str, entries: _Entries) -> _Entries:
        joining = {entry[1] for entry in own[key]}
        return sorted([*(entry for entry in entries if entry[1] not in joining), *own[key]])

    changes = {key: functools.partial(joined, key) for key in own}
    return _change(store, changes, lambda key: fingerprint(texts[key]))


def leave_texts(store: Store, left: Mapping[str, str]) -> None:
    """Removes articles from the lists of texts they no longer have; `left` gives the text's hash by article id."""

    def without(key: str, entries: _Entries) -> _Entries:
        return [entry for entry in entries if left.get(entry[1]) != key]

    _change(store, {key: functools.partial(without, key) for key in left.values()}, lambda key: None)
