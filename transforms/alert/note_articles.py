"""Notes articles, as they come from the index, so that rules are matched on them once their stories are settled."""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import DoOutputsTuple, PCollection, TaggedOutput
from apache_beam.utils.windowed_value import WindowedValue

from transforms.alert.rulebook import Rulebook, about_articles
from transforms.attempt import MAIN
from transforms.gather import in_global_window
from transforms.records import IndexedArticle
from transforms.store.change import Body, change_documents
from transforms.store.open import store_for
from transforms.store.protocol import Collection, Store, Stored

CHANGED = "changed"
# As many as are read at once: an article waits here only for those that were read with it.
BATCH = 16

_ARTICLE = "article"


def note_articles(store: Store, articles: Iterable[str]) -> None:
    """Notes articles, by id, as to be matched by rules; each time the note is another one."""
    change_documents(store, Collection.CHANGES, dict.fromkeys(articles, _noted))


def _noted(body: Body | None) -> Body:
    return {"what": _ARTICLE, "state": "open", "revision": (body or {}).get("revision", 0) + 1}


def is_of_article(note: Stored) -> bool:
    """Whether a note of `changes` is of an article; the others are of agreements."""
    return bool(note.body.get("what") == _ARTICLE)


class _NoteFn(beam.DoFn):
    """Gathers a few articles of a bundle and notes them together."""

    def __init__(self, store_url: str, *, is_asked: bool) -> None:
        self._store_url = store_url
        self._is_asked = is_asked

    def start_bundle(self) -> None:
        self._held: list[IndexedArticle] = []

    def process(self, indexed: IndexedArticle) -> Iterable[Any]:
        self._held.append(indexed)
        if len(self._held) >= BATCH:
            yield from self._release()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield from map(in_global_window, self._release())

    def _release(self) -> Iterator[Any]:
        held, self._held = self._held, []
        if self._is_asked and held:
            note_articles(store_for(self._store_url), [one.article.id for one in held])
        for one in held:
            yield from self._passed(one)

    def _passed(self, one: IndexedArticle) -> Iterator[Any]:
        yield one.article
        for changed in (*one.agreements, *((one.article.id,) if self._is_asked else ())):
            yield TaggedOutput(CHANGED, changed)


class NoteArticles(beam.PTransform[PCollection[IndexedArticle], DoOutputsTuple]):
    """Notes in `changes` every article that a rule may be about.

    Input: IndexedArticle. Output: Article by tag `main`, ids of the agreements and articles to be matched by tag
    `changed`.
    Guarantee: an article is noted before it is done, so that a run that is killed leaves none unmatched.
    Failures: none; a StoreError fails the bundle, and its articles stay pending.
    """

    def __init__(self, *, store_url: str, rulebook: Rulebook) -> None:
        self._fn = _NoteFn(store_url, is_asked=bool(about_articles(rulebook.rules)))

    def expand(self, indexed: PCollection[IndexedArticle]) -> DoOutputsTuple:
        """Wires the notes."""
        return indexed | "Note" >> beam.ParDo(self._fn).with_outputs(CHANGED, main=MAIN)
