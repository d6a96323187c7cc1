"""Writes out what the store holds, one JSON object a line; the canonical form is equal for equal contents.

Canonical: agreements and deadlines go by their smallest mention instead of their id, and what depends on the clock, on
the run or on where a file lay is left out. This is what "the same contents" means wherever runs are compared.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from transforms.store.documents import shown_actor, shown_agreement, shown_article, shown_deadline
from transforms.store.protocol import Collection, Store, Stored

_SHOWN: Mapping[Collection, Callable[[Stored], dict[str, Any]]] = {
    Collection.ARTICLES: lambda stored: {**shown_article(stored), "text": stored.body["text"]},
    Collection.ACTORS: shown_actor,
    Collection.AGREEMENTS: shown_agreement,
    Collection.DEADLINES: shown_deadline,
}
_CLOCK = frozenset({"taken_in"})


def _mention(row: Mapping[str, Any]) -> str:
    evidence = row["evidence"]
    first = min(evidence, key=lambda span: (span["article"], span["start"])) if isinstance(evidence, list) else evidence
    return f"{first['article']}:{first['start']}"


def _names(store: Store) -> dict[str, str]:
    """Returns the canonical names of agreements and deadlines by id."""
    agreements = {stored.id: stored.body["record"] for stored in store.scan(Collection.AGREEMENTS)}
    names = {key: f"{row['kind']}@{_mention(row)}" for key, row in agreements.items() if row["evidence"]}
    for stored in store.scan(Collection.DEADLINES):
        row = stored.body["record"]
        names[stored.id] = f"{row['kind']}/{row['date']}@{_mention(row)}"
    return names


def _canonical(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case {"what": _}:  # a step of a history: its id is made from ids
            return {key: _canonical(part, names) for key, part in value.items() if key != "id"}
        case dict():
            return {key: _canonical(part, names) for key, part in value.items() if key not in _CLOCK}
        case list() | tuple():
            return [_canonical(part, names) for part in value]
        case str():
            return names.get(value, value)
        case _:
            return value


def export_lines(store: Store, *, canonical: bool) -> Iterator[str]:
    """Yields the store's articles, actors, agreements and deadlines as JSON lines.

    Args:
        store: What to write out.
        canonical: Whether to write the canonical form, sorted, instead of the records as they are.
    """
    names = _names(store) if canonical else {}
    for collection, shown in _SHOWN.items():
        found = []
        for stored in store.scan(collection):
            row = shown(stored)
            line = {"collection": collection.value, **(_canonical(row, names) if canonical else row)}
            found.append(json.dumps(line, ensure_ascii=False, sort_keys=canonical))
            if not canonical:
                yield found.pop()
        yield from sorted(found)
