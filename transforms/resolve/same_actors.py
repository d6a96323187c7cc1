"""Which actors a person said are one: read by id, and put in place of those that were read."""

from collections.abc import Iterable, Mapping
from typing import Any

from transforms.records import Reading, from_json, to_json
from transforms.store.protocol import Collection, Store


def same_actors(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Returns, of some actors, those that a person merged into another, and into which (followed to its end)."""
    led: dict[str, str] = {}
    wanted = set(ids)
    while wanted:
        found = store.get(Collection.DECISIONS, sorted(wanted))
        led |= {key: stored.body["actor"] for key, stored in found.items()}
        wanted = {target for target in led.values() if target not in led} - wanted
    return {key: _end(led, key) for key in led}


def _end(led: Mapping[str, str], actor: str) -> str:
    met: set[str] = set()
    while actor in led and actor not in met:
        met.add(actor)
        actor = led[actor]
    return actor


def with_same[T](value: T, same: Mapping[str, str]) -> T:
    """Returns a record that names each actor by the one it is."""
    return from_json(type(value), _replaced(to_json(value), same)) if same else value


def _replaced(value: Any, same: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {key: _replaced(part, same) for key, part in value.items()}
        case list():
            return [_replaced(part, same) for part in value]
        case str():
            return same.get(value, value)
        case _:
            return value


def reading_with_same(store: Store, reading: Reading) -> Reading:
    """Returns a reading that names each actor by the one it is; two that are one keep two sets of names."""
    return with_same(reading, same_actors(store, [actor.id for actor in reading.actors]))
