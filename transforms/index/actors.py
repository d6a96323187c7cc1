"""One document an actor, grown from every article that names it, the same in whatever order they come."""

import functools
from collections.abc import Sequence

from transforms.records import Actor
from transforms.store.change import Body, change_documents
from transforms.store.documents import actor_document, actor_of
from transforms.store.protocol import Collection, Store


def _least(*values: str | None) -> str | None:
    return min((value for value in values if value), default=None)


def merge_actors(one: Actor, other: Actor) -> Actor:
    """Returns what two records of one actor say together; commutative, associative and idempotent."""
    name = min(one.name, other.name)
    aliases = {one.name, other.name, *one.aliases, *other.aliases} - {name}
    return Actor(
        id=one.id,
        name=name,
        kind=min(one.kind, other.kind),
        aliases=tuple(sorted(aliases)),
        country=_least(one.country, other.country),
        role=_least(one.role, other.role),
    )


def _grown(actor: Actor, run: str, body: Body | None) -> Body:
    """Returns the body of an actor's document with what an article says; the run that met it first stays."""
    if body is None:
        return actor_document(merge_actors(actor, actor), run).body
    known = actor_of(body)
    merged = merge_actors(known, actor)
    return body if merged == known else actor_document(merged, body["run"]).body


def index_actors(store: Store, actors: Sequence[Actor], run: str) -> None:
    """Adds what an article says of its actors to their documents; new ones are marked with the run."""
    said: dict[str, Actor] = {}
    for actor in actors:  # two that a person made one have one id
        said[actor.id] = merge_actors(said[actor.id], actor) if actor.id in said else actor
    change_documents(store, Collection.ACTORS, {key: functools.partial(_grown, said[key], run) for key in said})
