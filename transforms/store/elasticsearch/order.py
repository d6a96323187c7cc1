"""Sorts what was found: by the server where it keeps the field for that, else here; the order is SQLite's."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from transforms.store.elasticsearch.templates import sorted_keys
from transforms.store.protocol import Collection, Stored, StoreError


def checked_sort(collection: Collection, sort: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """Returns what to sort by as (field, descending).

    Raises:
        StoreError: A name to sort by is no plain body field.
    """
    for name in sort:
        if not name.removeprefix("-").isidentifier():
            raise StoreError(f"cannot sort {collection} by {name!r}: name a field of the body, '-' in front to reverse")
    return tuple((name.removeprefix("-"), name.startswith("-")) for name in sort)


def server_order(collection: Collection, sort: Sequence[tuple[str, bool]]) -> list[dict[str, Any]] | None:
    """Returns the sort clause of a search, ties by id; None when the server does not keep one of the fields."""
    if any(field not in ("id", *sorted_keys(collection)) for field, _ in sort):
        return None
    clauses = [
        {f"order.{field}": {"order": "desc" if descending else "asc", "missing": "_last"}} for field, descending in sort
    ]
    return [*clauses, {"order.id": {"order": "asc"}}]


def sorted_here(documents: Iterable[Stored], sort: Sequence[tuple[str, bool]]) -> list[Stored]:
    """Returns documents in order: missing values last, numbers before text, ties by id."""
    ordered = sorted(documents, key=lambda stored: stored.id.encode())
    for field, descending in reversed(sort):
        valued = [stored for stored in ordered if _value(stored, field) is not None]
        bare = [stored for stored in ordered if _value(stored, field) is None]
        valued.sort(key=lambda stored: _key(_value(stored, field)), reverse=descending)
        ordered = valued + bare
    return ordered


def _value(stored: Stored, field: str) -> Any:
    return stored.id if field == "id" else stored.body.get(field)


def _key(value: Any) -> tuple[int, float, bytes]:
    """SQLite's order of JSON values: numbers (and truth), then text; lists and objects by their JSON."""
    if isinstance(value, int | float):
        return 0, value, b""
    text = value if isinstance(value, str) else _json(value)
    return 1, 0, text.encode("utf-8", "surrogatepass")


def _json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
