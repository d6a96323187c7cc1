"""A person's decision that two actors are one: kept, stronger than what is computed later, and reversible."""

from collections.abc import Mapping
from typing import Any

from transforms.errors import UsageError
from transforms.index.actors import merge_actors
from transforms.resolve.registry import compute_again
from transforms.resolve.same_actors import same_actors
from transforms.resolve.write_agreements import Stamp
from transforms.store.change import change_document
from transforms.store.documents import actor_document, actor_from
from transforms.store.protocol import Collection, Document, Store, Stored


def _actor(store: Store, actor: str) -> Stored:
    stored = store.get(Collection.ACTORS, [actor]).get(actor)
    if stored is None:
        raise UsageError(f"{actor}: no actor in the store has this id; `pactwatch actors` lists them")
    return stored


def _articles_of(store: Store, actor: str) -> list[str]:
    return [stored.id for stored in store.scan(Collection.ARTICLES, {"actor_ids": actor})]


def _name_in(store: Store, article: str, *, add: str, remove: str | None) -> None:
    def change(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "actor_ids": sorted({*body["actor_ids"], add} - {remove})}

    change_document(store, Collection.ARTICLES, article, change)


def merge_actor(store: Store, actor: str, other: str, stamp: Stamp) -> None:
    """Makes `other` the same as `actor` for good: in all agreements, deadlines and articles, present and to come.

    Raises:
        UsageError: One of them is not there, or they are the same already.
    """
    if actor == other:
        raise UsageError(f"{actor}: expected two different actors")
    one, two = _actor(store, actor), _actor(store, other)
    articles = _articles_of(store, other)
    both = sorted({*articles} & {*_articles_of(store, actor)})
    was = {"was": dict(two.body), "kept": dict(one.body), "articles": articles, "both": both}
    body = {"actor": actor, "made": stamp.now.isoformat(), **was}
    store.replace(Collection.DECISIONS, [Document(id=other, body=body)])
    store.replace(Collection.REDIRECTS, [Document(id=other, body={"to": actor})])
    merged = merge_actors(actor_from(one), actor_from(two))
    store.replace(Collection.ACTORS, [actor_document(merged, one.body["run"])])
    store.delete(Collection.ACTORS, [other])
    for article in articles:
        _name_in(store, article, add=actor, remove=other)
    compute_again(store, articles, stamp)


def split_actor(store: Store, other: str, stamp: Stamp) -> str:
    """Takes back that an actor is the same as another, and returns that other's id.

    Articles taken in meanwhile name the other until they are read again; agreements name each at once.

    Args:
        store: Where they are.
        other: The id of the one that was merged into another.
        stamp: Who decides, and when.

    Raises:
        UsageError: It was not merged by a person.
    """
    decision = store.get(Collection.DECISIONS, [other]).get(other)
    if decision is None:
        raise UsageError(f"{other}: was not merged into another actor")
    actor = same_actors(store, [other])[other]
    body = decision.body
    store.delete(Collection.DECISIONS, [other])
    store.delete(Collection.REDIRECTS, [other])
    store.replace(Collection.ACTORS, [Document(id=other, body=body["was"])])
    _take_names_back(store, actor, body["kept"], body["was"])
    for article in body["articles"]:
        _name_in(store, article, add=other, remove=None if article in body["both"] else actor)
    compute_again(store, body["articles"], stamp)
    return actor


def _take_names_back(store: Store, actor: str, kept: Mapping[str, Any], was: Mapping[str, Any]) -> None:
    """Takes from an actor the names that only the merged one brought."""
    brought = {was["name"], *was["aliases"]} - {kept["name"], *kept["aliases"]}

    def change(body: dict[str, Any]) -> dict[str, Any]:
        names = {body["name"], *body["aliases"]} - brought
        name = kept["name"] if body["name"] in brought else body["name"]
        return {**body, "name": name, "aliases": sorted(names - {name})}

    change_document(store, Collection.ACTORS, actor, change)
