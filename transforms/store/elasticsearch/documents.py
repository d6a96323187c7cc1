"""How a document is laid out in Elasticsearch, and how it is read back as it was."""

import datetime
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from transforms.store.analysis import keyword, split_words
from transforms.store.bodies import body_json, checked_id, json_line
from transforms.store.dates import day_interval
from transforms.store.elasticsearch.templates import DAYS_SUFFIX, sorted_keys
from transforms.store.fields import Field, field_values, fields_of
from transforms.store.protocol import Collection, Document, FieldType, Stored

# What is asked of the server to make a `Stored` of its answer.
READ_FIELDS = ["order.id", "body"]

# Elasticsearch's limit on an id.
MAX_ID_BYTES = 512

# Values are sorted by so much of their beginning; Lucene refuses more than 32,766 bytes.
_MAX_ORDER_CHARACTERS = 1_000

# The token of a version: the primary's term above, the number of the write below (a Java long).
_SEQUENCE_BITS = 64

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def server_id(document_id: str) -> str:
    """Returns the id that a document goes by on the server: its own, or a digest of one that is too long."""
    if len(document_id.encode()) <= MAX_ID_BYTES:
        return document_id
    return "sha256:" + hashlib.sha256(document_id.encode()).hexdigest()


def create_header(document_id: str) -> bytes:
    """Returns the line of a bulk request that creates a document once."""
    return header("create", checked_id(document_id))


def header(action: str, document_id: str, **told: Any) -> bytes:
    """Returns the line of a bulk request that says what to do with which document."""
    return orjson.dumps({action: {"_id": server_id(document_id), **told}})


def source_json(collection: Collection, document: Document, write: str) -> bytes:
    """Returns a document as it is sent, on one line.

    Args:
        collection: Whose fields are made searchable.
        document: What is written.
        write: The id of this write, by which it is known again.

    Raises:
        ValueError: The id is empty or not Unicode text, or the body holds a number that is none.
        TypeError: The body holds what JSON does not.
    """
    body = document.body
    order = {"id": checked_id(document.id)}
    order.update((key, _order(body[key])) for key in sorted_keys(collection) if body.get(key) is not None)
    source: dict[str, Any] = {"order": order, "body": body_json(body), "write": write}
    for field in fields_of(collection, *FieldType):
        source.update(_indexed(field, field_values(field, document.id, body)))
    return json_line(source)


def stored_of(answer: Mapping[str, Any]) -> Stored:
    """Returns the document of a hit or of a document's answer, with the token of its version."""
    source = answer["_source"]
    return Stored(id=source["order"]["id"], body=json.loads(source["body"]), version=token_of(answer))


def token_of(answer: Mapping[str, Any]) -> int:
    """Returns the token of the version of a document in an answer."""
    return (int(answer["_primary_term"]) << _SEQUENCE_BITS) | int(answer["_seq_no"])


def parts_of(token: int) -> tuple[int, int]:
    """Returns the sequence number and the primary term of a token."""
    return token & ((1 << _SEQUENCE_BITS) - 1), token >> _SEQUENCE_BITS


def _order(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return _plain(text)[:_MAX_ORDER_CHARACTERS]


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _indexed(field: Field, values: list[str]) -> Iterator[tuple[str, Any]]:
    match field.type:
        case FieldType.TEXT:
            yield field.name, [_plain(value) for value in values if _has_word(value)]
        case FieldType.KEYWORD:
            yield field.name, [_plain(value).strip() for value in values if keyword(value)]
        case FieldType.DATE:
            days = [(value, interval) for value in values if (interval := day_interval(value))]
            yield field.name, [_moment(value, interval[0]) for value, interval in days]
            yield field.name + DAYS_SUFFIX, [{"gte": first, "lte": last} for _, (first, last) in days]


def _has_word(value: str) -> bool:
    # The pattern finds nearly all at once; what is left are marks and signs.
    return _LETTER_OR_DIGIT.search(value) is not None or bool(split_words(value))


def _moment(value: str, first_day: str) -> str:
    """Returns a date for a time line: the moment where it is known, else the first day it may mean."""
    try:
        return datetime.datetime.fromisoformat(value.strip()).astimezone(datetime.UTC).isoformat()
    except (ValueError, OverflowError):
        return first_day
