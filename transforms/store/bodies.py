"""How every store keeps a document's body: as JSON that gives back exactly what went in."""

import json
from collections.abc import Mapping
from typing import Any

# Made once: `json.dumps` makes an encoder anew for each call with such options, at the cost of a small body.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def body_json(body: Mapping[str, Any]) -> str:
    """Returns a body as it is kept: JSON in Unicode.

    Raises:
        ValueError: A number is infinite or not a number.
        TypeError: The body holds what JSON does not.
    """
    text = _encode(body)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which is JSON when escaped but cannot be UTF-8
        return json.dumps(body, allow_nan=False, separators=(",", ":"))
    return text


def checked_id(document_id: str) -> str:
    """Returns a document's id.

    Raises:
        ValueError: It is empty or not Unicode text.
    """
    if not document_id:
        raise ValueError("a document needs an id that is not empty")
    document_id.encode()
    return document_id
