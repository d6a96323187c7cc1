"""Compiles a query's tree to Elasticsearch's query DSL; values stay values, so no query can reach a script."""

from collections.abc import Callable, Sequence
from typing import Any

from transforms.store.elasticsearch.templates import DAYS_SUFFIX
from transforms.store.fields import EXACT_SUFFIX, FIELDS
from transforms.store.protocol import Collection, FieldType
from transforms.store.query import All, And, Equals, Exists, Node, Not, Or, Prefix, QueryError, Range, Words

type Query = dict[str, Any]

_EVERYTHING: Query = {"match_all": {}}

# A server refuses 30 (`indices.query.bool.max_nested_depth`, measured on 9.4.3).
_MAX_LEVELS = 29


def compile_query(collection: Collection, node: Node) -> Query:
    """Returns the query that finds the documents of a collection that match a tree, without ranking them.

    Raises:
        QueryError: AND, OR and NOT alternate on more levels than Elasticsearch takes.
    """
    query: Query = {"bool": {"filter": [_compiled(collection, node)]}}
    if _levels(query) > _MAX_LEVELS:
        raise QueryError("the query is nested too deeply for Elasticsearch: AND and OR alternate too often", 0)
    return query


def _levels(part: Any) -> int:
    match part:
        case dict():
            return max(((key == "bool") + _levels(value) for key, value in part.items()), default=0)
        case list():
            return max(map(_levels, part), default=0)
        case _:
            return 0


def _compiled(collection: Collection, node: Node) -> Query:
    match node:
        case All():
            return _EVERYTHING
        case Exists():
            return {"exists": {"field": _date_or(collection, node.field)}}
        case Words():
            return _in_any(node.fields, lambda field: _phrase(field + EXACT_SUFFIX * node.exact, node.words))
        case Prefix():
            return _in_any(node.fields, lambda field: {"prefix": {_begun(collection, field): {"value": node.prefix}}})
        case Equals():
            return {"term": {node.field: {"value": node.value}}}
        case Range():
            return _range(node)
        case And():
            return _all_of(collection, node.operands)
        case Or():
            return _any_of([_compiled(collection, operand) for operand in node.operands])
        case Not():
            return _none_of(collection, node.operand)


def _in_any(fields: Sequence[str], query: Callable[[str], Query]) -> Query:
    return _any_of([query(field) for field in fields])


def _phrase(field: str, words: Sequence[str]) -> Query:
    """Words are analysed again, which stems them; folding twice is folding once."""
    return {"match_phrase": {field: {"query": " ".join(words)}}}


def _begun(collection: Collection, field: str) -> str:
    return field + EXACT_SUFFIX if FIELDS[collection][field].type is FieldType.TEXT else field


def _date_or(collection: Collection, field: str) -> str:
    return field + DAYS_SUFFIX if FIELDS[collection][field].type is FieldType.DATE else field


def _range(node: Range) -> Query:
    bounds = {"gte": node.first, "lte": node.last}
    given = {name: day for name, day in bounds.items() if day is not None}
    # Some day in common, as everywhere in Pactwatch: `published:2018-09` finds what is of "2018".
    return {"range": {node.field + DAYS_SUFFIX: {**given, "relation": "intersects"}}}


def _all_of(collection: Collection, operands: Sequence[Node]) -> Query:
    wanted = [_compiled(collection, operand) for operand in operands if not isinstance(operand, Not)]
    unwanted = [_compiled(collection, operand.operand) for operand in operands if isinstance(operand, Not)]
    return {"bool": {"filter": wanted or [_EVERYTHING], "must_not": unwanted}}


def _any_of(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}


def _none_of(collection: Collection, operand: Node) -> Query:
    """Says a negation in as few levels as it can."""
    match operand:
        case Not():
            return _compiled(collection, operand.operand)
        case Or():
            return {"bool": {"must_not": [_compiled(collection, each) for each in operand.operands]}}
        case _:
            return {"bool": {"must_not": [_compiled(collection, operand)]}}
