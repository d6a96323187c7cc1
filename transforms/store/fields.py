"""The fields of each collection by which documents are searched: what users type, and what a dashboard shows.

A field takes its values from the body keys of its name, or of the names it lists: one value or a list, text or
numbers. Body keys that are not here are kept and not searched. Besides, `id` is the document's own.
"""

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.records import record
from transforms.store.protocol import Collection, FieldType

# `text.exact:weapons` finds the word itself and not its other forms; every text field has this twin.
EXACT_SUFFIX = ".exact"


@record
class Field:
    """A searchable field.

    Attributes:
        name: What users type before the colon.
        type: How it is searched.
        by_default: Whether a word without a field is looked for here.
        keys: The body keys its values come from.
    """

    name: str
    type: FieldType
    by_default: bool
    keys: tuple[str, ...]


def _text(name: str, *keys: str, by_default: bool = False) -> Field:
    return Field(name=name, type=FieldType.TEXT, by_default=by_default, keys=keys or (name,))


def _keywords(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name=name, type=FieldType.KEYWORD, by_default=False, keys=(name,)) for name in names)


def _date(name: str, *keys: str) -> Field:
    return Field(name=name, type=FieldType.DATE, by_default=False, keys=keys or (name,))


_FIELDS: dict[Collection, tuple[Field, ...]] = {
    Collection.ITEMS: (
        *_keywords("id", "state", "locator", "url", "source", "article"),
        _text("title", by_default=True),
        _date("published"),
        _date("taken_in"),
    ),
    Collection.ARTICLES: (
        *_keywords("id", "item", "url", "source", "language", "state", "story", "duplicate_of", "content_hash"),
        *_keywords("kinds", "actor_ids", "actor_kinds", "run", "flaws", "backfilled"),
        Field(name="actor_names", type=FieldType.KEYWORD, by_default=False, keys=("actors", "actor_aliases")),
        _text("title", by_default=True),
        _text("text", by_default=True),
        _text("actors", by_default=True),
        _text("author"),
        _date("published"),
        _date("date", "published"),
        _date("taken_in"),
    ),
    Collection.AGREEMENTS: (
        *_keywords("id", "kind", "status", "party_ids", "articles", "run"),
        _text("title", by_default=True),
        _text("text", by_default=True),
        _text("parties", by_default=True),
        _text("actors", by_default=True),
        _text("place", by_default=True),
        _date("reached"),
        _date("date"),
        _date("created"),
    ),
    Collection.DEADLINES: (
        *_keywords("id", "agreement", "agreement_kind", "kind", "precision", "status", "party_ids", "articles", "run"),
        _text("agreement_title", by_default=True),
        _text("text", by_default=True),
        _text("action", by_default=True),
        _text("parties", by_default=True),
        _text("actors", by_default=True),
        _date("date"),
        _date("created"),
    ),
    Collection.ACTORS: (
        *_keywords("id", "kind", "country", "run"),
        _text("name", by_default=True),
        _text("aliases", by_default=True),
        _text("actors", "name", "aliases"),
        _text("role"),
    ),
    Collection.REDIRECTS: _keywords("id", "to"),
    Collection.CHANGES: _keywords("id", "state"),
    Collection.RULES: (*_keywords("id", "name"), _date("made")),
    Collection.ALERTS: (
        *_keywords("id", "rule", "kind", "severity", "subject", "story", "article", "agreement", "deadline"),
        _text("headline", by_default=True),
        _text("title", by_default=True),
        _text("who", by_default=True),
        _text("sentence", by_default=True),
        _date("date"),
        _date("created"),
    ),
    Collection.DELIVERIES: (
        *_keywords("id", "alert", "channel", "rule", "state", "group"),
        _date("due"),
        _date("created"),
    ),
    Collection.FAILURES: (
        *_keywords("id", "stage", "record", "locator", "run"),
        _text("error", by_default=True),
        _date("created"),
    ),
}


FIELDS: Mapping[Collection, Mapping[str, Field]] = {
    collection: {field.name: field for field in _FIELDS.get(collection, ())} for collection in Collection
}


@functools.cache
def fields_of(collection: Collection, *types: FieldType) -> tuple[Field, ...]:
    """Returns a collection's fields of the given types, in the order in which a store lays them out."""
    return tuple(field for field in FIELDS[collection].values() if field.type in types)


def default_fields(collection: Collection) -> tuple[str, ...]:
    """Returns the names of the fields in which a word without a field is looked for."""
    return tuple(field.name for field in FIELDS[collection].values() if field.by_default)


def field_values(field: Field, document_id: str, body: Mapping[str, Any]) -> list[str]:
    """Returns a field's values in a document, as text and in order; absent and None give none."""
    if field.name == "id":
        return [document_id]
    return [text for key in field.keys for text in _texts(body.get(key))]


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case bool():
            yield "true" if value else "false"
        case int() | float():
            yield str(value)
        case list() | tuple():
            for part in value:
                yield from _texts(part)
        case _:  # None is no value, and an object has no words of its own
            return
