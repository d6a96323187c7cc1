"""Reads one JSON record: an article as an object, alone in a .json, in an array there, or on a line of a .jsonl.

| field     | also read                            | value                                                          |
| --------- | ------------------------------------ | -------------------------------------------------------------- |
| text      | body, content                        | the article as plain text; this or `html` is needed            |
| html      |                                      | the article's page, from which the text is taken               |
| title     | headline                             | the headline; put before the text where that lacks it          |
| url       | link                                 | the http(s) address of the article                             |
| source    |                                      | who published it                                               |
| published | published_at, date_published, date   | when: 2018-09-17, 2018-09-17T18:05:00+03:00, RFC 2822, or words |
| language  |                                      | its language: en, en-GB, English                               |

Values are text; null and "" say nothing; other fields are passed over. With both `text` and `html`, the text is read.
A record with a wrong value becomes a Failure that says the field and what was expected.
"""

import datetime
import json
from collections.abc import Mapping

from transforms.ingest.headline import with_title
from transforms.ingest.metadata import FIELDS, Metadata, check_metadata, describe
from transforms.ingest.unreadable import UnreadableInput
from transforms.records import record

SYNONYMS = {
    "text": ("body", "content"),
    "title": ("headline",),
    "url": ("link",),
    "published": ("published_at", "date_published", "date"),
}


@record
class Document:
    """One document in a file: what it holds and what is said about it."""

    media_type: str
    content: str
    metadata: Metadata


def load_json(text: str) -> object:
    """Returns the value that a JSON text holds.

    Raises:
        UnreadableInput: It is not JSON; the message says where.
    """
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableInput(f"bad JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except (ValueError, RecursionError) as error:  # a number of over 4,300 digits, a thousand brackets
        raise UnreadableInput("bad JSON: a number or a nesting without end") from error
    return value


def read_record(value: object, *, now: datetime.datetime) -> Document:
    """Returns the document that a JSON record holds.

    Args:
        value: What `load_json` returned, or one element of it.
        now: A later publication date (by more than two days) is refused.

    Raises:
        UnreadableInput: It is not an object, has neither text nor html, or a field is wrong.
    """
    if not isinstance(value, Mapping):
        raise UnreadableInput(f"expected an object with `text` or `html`, got {describe(value)}")
    fields = {name: _field(value, name) for name in ("text", "html", *FIELDS)}
    metadata = check_metadata(fields, now=now)
    text, html = (_content(name, fields[name]) for name in ("text", "html"))
    if text:
        return Document(media_type="text/plain", content=with_title(metadata.title, text), metadata=metadata)
    if html:
        return Document(media_type="text/html", content=html, metadata=metadata)
    raise UnreadableInput("the record has no text; expected `text` or `html`")


def _field(value: Mapping[str, object], name: str) -> object:
    """Returns a field's value, under its own name before any other."""
    names = (name, *SYNONYMS.get(name, ()))
    return next((found for key in names if (found := value.get(key)) not in (None, "")), None)


def _content(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnreadableInput(f"{name}: expected text, got {describe(value)}")
    return value if value.strip() else None
