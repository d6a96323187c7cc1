"""The same text at several addresses: one document a text, with its articles and what it is compared by.

The original of a text is its smallest (published, id); all others are copies of it. Roles are computed from the list
alone, so that they do not depend on the order in which articles arrive. Documents are changed by compare-and-set and
read by id.
"""

import base64
import functools
from collections.abc import Callable, Iterable, Mapping

from transforms.dedupe.fingerprint import Fingerprint, fingerprint
from transforms.records import Article, record
from transforms.store.protocol import Collection, Document, Store, Stored

UNDATED = "9999"  # sorts after every date: an article with a date is preferred as the original

type _Entries = list[list[str]]

_FIELDS = ("shingles", "names", "telling", "signature")

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
    return Fingerprint(**{name: base64.b85decode(field) for name, field in zip(_FIELDS, fields, strict=True)})


def _encoded(said: Fingerprint) -> dict[str, str]:
    return {name: base64.b85encode(getattr(said, name)).decode() for name in _FIELDS}


def _text(stored: Stored) -> Text:
    body = stored.body
    return Text(
        hash=stored.id,
        articles=tuple((published, article) for published, article in body["articles"]),
        fingerprint=_decoded(*(body[name] for name in _FIELDS)),
    )


def texts_of(store: Store, hashes: Iterable[str]) -> dict[str, Text]:
    """Returns the texts that are known among some content hashes, by hash."""
    return {key: _text(stored) for key, stored in store.get(Collection.TEXTS, list(hashes)).items()}


def _change(
    store: Store,
    content_hash: str,
    change: Callable[[_Entries], _Entries],
    new: Callable[[], Mapping[str, str]],
) -> Text | None:
    """Changes the list of a text's articles; `new` gives what it is compared by where the text is not known yet."""
    while True:
        stored = store.get(Collection.TEXTS, [content_hash]).get(content_hash)
        entries = change([list(entry) for entry in stored.body["articles"]] if stored else [])
        if stored is None and not entries:
            return None
        if stored is not None and entries == stored.body["articles"]:
            return _text(stored)
        body = {**(stored.body if stored else new()), "articles": entries}
        version = stored.version if stored else None
        if store.compare_and_set(Collection.TEXTS, Document(id=content_hash, body=body), version):
            return _text(Stored(id=content_hash, body=body, version=1))


def join_text(store: Store, article: Article) -> Text:
    """Adds an article to the list of its text and returns the text."""
    own = [article.published or UNDATED, article.id]
    joined = _change(
        store,
        article.content_hash,
        lambda entries: sorted([*(entry for entry in entries if entry[1] != article.id), own]),
        lambda: _encoded(fingerprint(article.text)),
    )
    if joined is None:
        raise AssertionError("a list that was added to is not empty")
    return joined


def leave_text(store: Store, article_id: str, content_hash: str) -> None:
    """Removes an article from the list of a text it no longer has."""
    _change(store, content_hash, lambda entries: [entry for entry in entries if entry[1] != article_id], dict)
