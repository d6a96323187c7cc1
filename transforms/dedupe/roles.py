"""Finds the articles whose role in the store is not the one that follows from all that is listed now.

Whoever judges an article first lists its text, then computes the roles around it, and at the very end, after all was
written, looks once more. So of two that come at once at least one sees the other, whatever processes they are in; and
a run that was killed in between meets the article again, with all that it changes.
"""

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from transforms.dedupe.bands import Bands
from transforms.dedupe.stories import Role, Surroundings
from transforms.dedupe.texts import Text, leave_texts, texts_of
from transforms.records import Article, State
from transforms.store.change import Body, change_documents
from transforms.store.documents import article_from, item_from
from transforms.store.protocol import Collection, Store


def list_texts(store: Store, texts: Mapping[str, Text]) -> tuple[Bands, frozenset[str]]:
    """Lists texts so that they are found by those like them.

    Returns:
        The bands as they were then, and the hashes of all texts listed: these, and those listed anew because one of
        these closed a band they were in.
    """
    bands = Bands(store)
    listed: set[str] = set()
    known = texts
    while known:
        listed |= known.keys()
        moved = bands.list_texts({key: text.fingerprint.signature for key, text in known.items()})
        known = texts_of(store, sorted(moved)) if moved else {}
    return bands, frozenset(listed)


def roles_of(store: Store, hashes: Iterable[str]) -> dict[str, Role]:
    """Returns the roles of all articles around some texts, by article id, as they follow from what is listed now."""
    return Surroundings(store, Bands(store)).roles(hashes)


def settle_roles(store: Store, articles: Sequence[Article], hashes: Set[str], bands: Bands) -> dict[str, Role]:
    """Returns the roles around articles that were just listed, and takes these out of texts they have no longer.

    Two versions of one page that are on their way at once both list it; left so, it would have two roles.

    Args:
        store: Where texts are kept.
        articles: As listed.
        hashes: The texts they joined or left, and those listed anew because of them.
        bands: As they were when the articles were listed.
    """
    own = {article.id: article.content_hash for article in articles}
    while True:
        around = Surroundings(store, bands)
        roles = around.roles(hashes)
        outdated = around.outdated(own)
        if not outdated:
            return roles
        leave_texts(store, outdated)
        hashes = hashes | set(outdated.values())


def in_role(article: Article, role: Role) -> Article:
    """Returns an article in a role."""
    return dataclasses.replace(article, story=role.story, duplicate_of=role.duplicate_of, adds=role.adds)


def out_of_role(store: Store, roles: Mapping[str, Role], but: Set[str]) -> list[Article]:
    """Returns the stored articles (but not `but`) that have another role than they should.

    Those whose item is still pending are met again by themselves. One that is not marked done although its item is
    was left so by a run that was killed.
    """
    found = store.get(Collection.ARTICLES, sorted(roles.keys() - but))
    stored = [article_from(document) for document in found.values()]
    wrong = [
        article
        for article in stored
        if article.content_hash == roles[article.id].content_hash
        and (article.state is not State.DONE or not roles[article.id].fits(article))
    ]
    items = store.get(Collection.ITEMS, [article.item for article in wrong]) if wrong else {}
    return [a for a in wrong if a.item not in items or item_from(items[a.item]).state is State.DONE]


def place_stored(store: Store, roles: Mapping[str, Role], but: Set[str]) -> Iterator[Article]:
    """Puts stored articles (but not `but`) into their roles.

    Where only the story or the original is another, that is written at once: nothing that was read, found or told
    depends on it.

    Yields:
        In their roles, the others: they must go the whole way again, since they begin or cease to speak for themselves.
    """
    wrong = out_of_role(store, roles, but)
    renamed = {article.id for article in wrong if _is_renamed(article, roles[article.id])}
    changes = {key: functools.partial(_renamed, roles[key]) for key in renamed}
    change_documents(store, Collection.ARTICLES, changes)
    yield from (in_role(article, roles[article.id]) for article in wrong if article.id not in renamed)


def _is_renamed(stored: Article, role: Role) -> bool:
    """Whether an article that was done keeps speaking for itself, or keeps silent, in its new role."""
    placed = in_role(stored, role)
    is_copy = stored.duplicate_of is not None, placed.duplicate_of is not None
    return stored.state is State.DONE and is_copy[0] == is_copy[1] and stored.adds == placed.adds


def _renamed(role: Role, body: Body | None) -> Body | None:
    """Returns an article's body with the names of its story and original; as it is where its text is another by now."""
    if body is None or body["content_hash"] != role.content_hash:
        return body
    return {**body, "story": role.story, "duplicate_of": role.duplicate_of}
