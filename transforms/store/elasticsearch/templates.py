"""The indices of each collection as Elasticsearch is told of them: templates with strict mappings, made from `fields`.

A document holds the fields that people search, a hidden `body` from which the record is read back exactly, `order` to
sort by, and `write`, which tells one write from another. Names are repeated in each document, so nothing is nested.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from transforms.records import digest, record
from transforms.store.analysis import ANALYSIS_VERSION
from transforms.store.elasticsearch.address import DEFAULT_PREFIX
from transforms.store.elasticsearch.analysis import VALUE_GAP, analysis_settings
from transforms.store.fields import FIELDS, Field, fields_of
from transforms.store.protocol import Collection, FieldType
from transforms.store.sqlite_schema import SORTED_KEYS

# Raised with every change of how documents are laid out that the templates themselves do not show.
LAYOUT_VERSION = 1

# Lucene refuses terms of more than 32,766 bytes, and a character takes up to four.
MAX_KEYWORD_CHARACTERS = 8_191

# As people read and count them: longer values are texts, which no list of the most frequent needs.
MAX_SHOWN_CHARACTERS = 256

# Kept beside the dates themselves: the days that a date may mean, by which it is searched.
DAYS_SUFFIX = "_days"

# Sorted by in listings, besides what every store keeps for that.
_ALSO_SORTED = {Collection.FAILURES: ("locator",)}

# Above the templates that come with Elasticsearch (100 to 200), below what a team sets for itself.
_PRIORITY = 300


@record
class Template:
    """A template by its name; `index` tells an index template from a component template."""

    name: str
    body: Mapping[str, Any]
    index: bool


def alias_of(prefix: str, collection: Collection) -> str:
    """Returns the alias of a collection's index."""
    return f"{prefix}-{collection}"


def sorted_keys(collection: Collection) -> tuple[str, ...]:
    """Returns the body keys by which the server itself can sort."""
    return (*SORTED_KEYS.get(collection, ()), *_ALSO_SORTED.get(collection, ()))


def layout_of(collection: Collection) -> str:
    """Returns what a collection's index was made from, as 16 characters: when it changes, the index is made anew."""
    # The analysis goes by its version, as in SQLite: to make its table takes half a second.
    made_from = {"version": [LAYOUT_VERSION, ANALYSIS_VERSION], "mappings": _properties(collection)}
    return digest(json.dumps(made_from, sort_keys=True))


def mappings_of(collection: Collection) -> dict[str, Any]:
    """Returns a collection's mappings."""
    return {
        "dynamic": "strict",
        "_meta": {"pactwatch": {"collection": collection.value, "layout": layout_of(collection)}},
        "properties": _properties(collection),
    }


def templates(prefix: str) -> Iterator[Template]:
    """Yields the templates of all indices of a prefix, in the order in which they must be put.

    Settings of a team's own (shards, replicas, tiers) belong into the component template `PREFIX-custom`, which
    Pactwatch never writes.
    """
    settings = {"index": {"analysis": analysis_settings()}}
    yield _template(f"{prefix}-analysis", {"template": {"settings": settings}}, index=False)
    for collection in Collection:
        body = {
            "index_patterns": [f"{alias_of(prefix, collection)}-*"],
            "priority": _PRIORITY,
            # A collection that nobody searches is made in half the time without an analysis.
            "composed_of": [*([f"{prefix}-analysis"] if FIELDS[collection] else []), f"{prefix}-custom"],
            "ignore_missing_component_templates": [f"{prefix}-custom"],
            "template": {
                "settings": {"index": {"auto_expand_replicas": "0-1"}},
                "mappings": mappings_of(collection),
            },
        }
        yield _template(alias_of(prefix, collection), body, index=True)


def _template(name: str, body: dict[str, Any], *, index: bool) -> Template:
    """The server gives templates back in words of its own, so a digest tells whether one has changed."""
    made_from = digest(json.dumps(body, sort_keys=True))
    return Template(name=name, body={**body, "_meta": {"pactwatch": made_from}}, index=index)


def template_files() -> Iterator[tuple[str, str]]:
    """Yields the name and the text of each file of config/elasticsearch/: the templates as `setup` puts them."""
    for template in templates(DEFAULT_PREFIX):
        kind = "index" if template.index else "component"
        text = json.dumps(template.body, ensure_ascii=True, indent=1)
        yield f"{kind}-template-{template.name}.json", text + "\n"


def _properties(collection: Collection) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields_of(collection, *FieldType):
        found.update(_mapping(field))
    kept: dict[str, Any] = {"type": "keyword", "index": False, "doc_values": False}
    order = {"type": "keyword", "index": False}
    return {
        **dict(sorted(found.items())),
        "order": {"properties": dict.fromkeys(("id", *sorted_keys(collection)), order)},
        "body": kept,
        "write": kept,
    }


def _mapping(field: Field) -> Iterator[tuple[str, dict[str, Any]]]:
    shown = {"keyword": {"type": "keyword", "ignore_above": MAX_SHOWN_CHARACTERS}}
    match field.type:
        case FieldType.TEXT:
            # No norms: results are sorted, not ranked.
            words = {"type": "text", "norms": False, "position_increment_gap": VALUE_GAP}
            fields = {"exact": {**words, "analyzer": "exact"}, **shown}
            yield field.name, {**words, "analyzer": "stems", "fields": fields}
        case FieldType.KEYWORD:
            folded = {"type": "keyword", "normalizer": "folded", "ignore_above": MAX_KEYWORD_CHARACTERS}
            yield field.name, {**folded, "fields": shown}
        case FieldType.DATE:
            yield field.name, {"type": "date", "format": "strict_date_optional_time"}
            yield field.name + DAYS_SUFFIX, {"type": "date_range", "format": "strict_date"}
