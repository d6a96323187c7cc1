"""One document an actor, grown from every article that names it, the same in whatever order they come."""

from collections.abc import Sequence

from transforms.records import Actor
from transforms.store.documents import actor_document, actor_from
from transforms.store.protocol import Collection, Store, Stored


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


def _grow(store: Store, actor: Actor, stored: Stored | None, run: str) -> None:
    while True:
        known = actor_from(stored) if stored else actor
        merged = merge_actors(known, actor)
        if stored is not None and merged == known:
            return
        document = actor_document(merged, stored.body["run"] if stored else run)
        if store.compare_and_set(Collection.ACTORS, document, stored.version if stored else None):
            return
        stored = store.get(Collection.ACTORS, [actor.id]).get(actor.id)


def index_actors(store: Store, actors: Sequence[Actor], run: str) -> None:
    """Adds what an article says of its actors to their documents; new ones are marked with the run."""
    known = store.get(Collection.ACTORS, [actor.id for actor in actors])
    for actor in actors:
        _grow(store, actor, known.get(actor.id), run)
