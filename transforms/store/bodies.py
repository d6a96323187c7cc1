"""How every store keeps a document's body: as JSON that gives back exactly what went in."""

import json
import math
from collections.abc import Mapping
from typing import Any

import orjson

_STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS

# Made once: `json.dumps` makes an encoder anew for each call with such options, at the cost of a small body.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def body_json(body: Mapping[str, Any]) -> str:
    """Returns a body as it is kept: JSON in Unicode.

    Raises:
        ValueError: A number is infinite or not a number.
        TypeError: The body holds what JSON does not.
    """
    try:
        return json_line(body).decode()
    except UnicodeEncodeError:  # half of a surrogate pair, which is JSON when escaped but cannot be UTF-8
        return json.dumps(body, allow_nan=False, separators=(",", ":"))


def json_line(body: Mapping[str, Any]) -> bytes:
    """Returns a body as JSON on one line.

    orjson is seven times as fast as json on an article, but gives NaN as null and knows fewer types: where it may have
    done so, json says what is to be.

    Raises:
        ValueError: A number is infinite or not a number, or a text is no Unicode.
        TypeError: The body holds what JSON does not.
    """
    try:
        line = orjson.dumps(body, option=_STRICT)
    except TypeError:
        return _encode(body).encode()
    is_doubtful = b"null" in line and orjson.loads(line) != body
    return _encode(body).encode() if is_doubtful and _holds_infinity(body) else line


def _holds_infinity(value: Any) -> bool:
    match value:
        case float():
            return not math.isfinite(value)
        case dict():
            return any(map(_holds_infinity, value.values()))
        case list() | tuple():
            return any(map(_holds_infinity, value))
        case _:
            return False


def checked_id(document_id: str) -> str:
    """Returns a document's id.

    Raises:
        ValueError: It is empty or not Unicode text.
    """
    if not document_id:
        raise ValueError("a document needs an id that is not empty")
    document_id.encode()
    return document_id
