"""Finds the copies and the story of a text: what each article around it is, computed from texts and bands alone.

Copies are connected components: where A is like B and B like C, all three are copies of the earliest, whether or not C
is like A. A story joins copies with texts that are alike in part and were published within days. Nothing of this is
kept: it follows from what is listed, so that it is the same in whatever order articles came.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from transforms.dedupe.bands import Bands
from transforms.dedupe.likeness import Likeness, likeness
from transforms.dedupe.texts import UNDATED, Text, texts_of
from transforms.records import Article, record
from transforms.store.protocol import Store

# Texts alike in part tell of one event when published so near to each other; later ones repeat it as background.
STORY_DAYS = 3


@record
class Role:
    """What an article is among those like it.

    Attributes:
        content_hash: The text by which it is so.
        story: The id of the earliest article of its story.
        duplicate_of: The earliest article of which its text is a copy, or None where that is itself.
        adds: Whether it is a copy with a sentence to be read that no earlier copy has.
        published: When it was, as it is listed by, or `UNDATED`.
    """

    content_hash: str
    story: str
    duplicate_of: str | None
    adds: bool
    published: str

    def fits(self, article: Article) -> bool:
        """Returns whether an article is in this role."""
        mine = (self.content_hash, self.story, self.duplicate_of, self.adds)
        return mine == (article.content_hash, article.story or "", article.duplicate_of, article.adds)

    def is_listed_as(self, article: Article) -> bool:
        """Returns whether it follows from this version of the article, not from one with another date."""
        return self.published == (article.published or UNDATED)


def _day(text: Text) -> datetime.date | None:
    published = text.articles[0][0]
    return None if published == UNDATED else datetime.date.fromisoformat(published[:10])


def _same_days(one: Text, other: Text) -> bool:
    """Whether two texts were first published within days; one without a date may be of any day."""
    first, second = _day(one), _day(other)
    return first is None or second is None or abs((first - second).days) <= STORY_DAYS


class Surroundings:
    """The texts like some, as far as they hang together; read from the store once.

    Args:
        store: Where texts and bands are kept.
        bands: What is known of bands already.
    """

    def __init__(self, store: Store, bands: Bands) -> None:
        self._store = store
        self._bands = bands
        self._texts: dict[str, Text] = {}
        self._like: dict[str, dict[str, Likeness]] = {}

    def _load(self, hashes: Iterable[str]) -> None:
        missing = sorted(set(hashes) - self._texts.keys())
        if missing:
            self._texts.update(texts_of(self._store, missing))

    def _compare(self, hashes: Iterable[str]) -> None:
        """Finds the texts like each of some."""
        self._load(hashes)
        new = {key: self._texts[key] for key in hashes if key in self._texts and key not in self._like}
        near = self._bands.found({key: text.fingerprint.signature for key, text in new.items()}) if new else {}
        self._load(other for others in near.values() for other in others)
        for key, others in near.items():
            self._like[key] = {
                other: alike
                for other in others - {key}
                if other in self._texts
                and self._texts[other].articles
                and (alike := self._alike(key, other)) is not Likeness.NONE
            }

    def _alike(self, one: str, other: str) -> Likeness:
        known = self._like.get(other)
        if known is not None:
            return known.get(one, Likeness.NONE)
        return likeness(self._texts[one].fingerprint, self._texts[other].fingerprint)

    def _linked(self, key: str, least: Likeness) -> Iterator[str]:
        """Yields the texts that a text hangs together with: its copies, or also those of its story."""
        for other, alike in self._like[key].items():
            if alike is Likeness.COPY or (alike >= least and _same_days(self._texts[key], self._texts[other])):
                yield other

    def _reached(self, start: str, least: Likeness) -> frozenset[str]:
        reached: set[str] = set()
        frontier = {start}
        while frontier:
            reached |= frontier
            self._compare(sorted(frontier))
            frontier = {other for key in frontier for other in self._linked(key, least)} - reached
        return frozenset(reached)

    def _components(self, hashes: Iterable[str], least: Likeness) -> list[frozenset[str]]:
        components: list[frozenset[str]] = []
        seen: set[str] = set()
        for key in sorted(hashes):
            if key not in seen:
                components.append(self._reached(key, least))
                seen |= components[-1]
        return components

    def _articles(self, hashes: Iterable[str]) -> list[tuple[str, str, str]]:
        """Returns (published, id, text) of all articles of some texts, the original first."""
        return sorted((*entry, key) for key in hashes for entry in self._texts[key].articles)

    def roles(self, hashes: Iterable[str]) -> dict[str, Role]:
        """Returns the roles of all articles that texts have or may have had a part in, by article id.

        Args:
            hashes: Texts that an article has joined or left, or that were listed in other bands.
        """
        given = sorted(set(hashes))
        self._compare(given)
        concerned = set(given).union(*(self._like.get(key, ()) for key in given))
        active = [key for key in concerned if key in self._texts and self._texts[key].articles]
        roles: dict[str, Role] = {}
        for story in self._components(active, Likeness.STORY):
            first = self._articles(story)[0][1]
            for copies in self._components(story, Likeness.COPY):
                roles |= _roles(first, self._articles(copies), self._texts)
        return roles

    def outdated(self, articles: Mapping[str, str]) -> dict[str, str]:
        """Returns by article the texts seen that still list one (id to its text) which has another text now."""
        return {
            article: key
            for key, text in self._texts.items()
            for _, article in text.articles
            if articles.get(article, key) != key
        }


def _roles(story: str, articles: Sequence[tuple[str, str, str]], texts: Mapping[str, Text]) -> dict[str, Role]:
    """Returns the roles of articles that are copies of the first of them."""
    original = articles[0][1]
    read: set[int] = set()
    roles: dict[str, Role] = {}
    for published, article, content_hash in articles:
        told = np.frombuffer(texts[content_hash].fingerprint.telling, np.uint64).tolist()
        is_copy = article != original
        roles[article] = Role(
            content_hash=content_hash,
            story=story,
            duplicate_of=original if is_copy else None,
            adds=is_copy and not read.issuperset(told),
            published=published,
        )
        read.update(told)
    return roles
