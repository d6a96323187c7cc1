"""Checks what is said about an article beside its text: title, url, source, published, language."""

import dataclasses
import datetime
from collections.abc import Mapping

from transforms.ingest.language import language_code
from transforms.ingest.published import parse_published
from transforms.ingest.unreadable import UnreadableInput, storable
from transforms.ingest.urls import canonical_url
from transforms.records import record

FIELDS = ("title", "url", "source", "published", "language")
MAX_CHARACTERS = 1_000  # the longest headlines have 300; more is a text in the wrong field
QUOTED_CHARACTERS = 80  # of a wrong value, in a message


@record
class Metadata:
    """What is said about an article; None where nothing is said.

    Attributes:
        url: As written; an http or https address.
        published: As written; a date that `parse_published` can read.
        language: ISO 639 code.
    """

    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: str | None = None
    language: str | None = None


def check_metadata(values: Mapping[str, object], *, now: datetime.datetime) -> Metadata:
    """Returns the metadata that a mapping holds under the five field names; other keys are passed over.

    Args:
        values: Each value text, or None (or blank) for nothing said.
        now: A later publication date (by more than two days) is refused.

    Raises:
        UnreadableInput: A value is wrong; the message begins with the field's name.
    """
    texts = {name: _text_or_none(name, values.get(name)) for name in FIELDS}
    _check_url(texts["url"])
    _check_published(texts["published"], now)
    return Metadata(**{**texts, "language": _checked_language(texts["language"])})


def overlay(below: Metadata, above: Metadata) -> Metadata:
    """Returns `below` with whatever `above` says put in its place."""
    said = {name: value for name in FIELDS if (value := getattr(above, name)) is not None}
    return dataclasses.replace(below, **said)


def describe(value: object) -> str:
    """Returns what kind of JSON or YAML value this is, in words ("a list")."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case Mapping():
            return "a mapping"
        case list():
            return "a list"
    return type(value).__name__


def _text_or_none(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnreadableInput(f"{name}: expected text, got {describe(value)}; put the value in quotes")
    text = " ".join(storable(value).split())
    if len(text) > MAX_CHARACTERS * (2 if name == "url" else 1):
        raise UnreadableInput(f"{name}: expected at most {MAX_CHARACTERS:,} characters, got {len(text):,}")
    return text or None


def _check_url(url: str | None) -> None:
    if url is not None and canonical_url(url) is None:
        raise UnreadableInput(f"url: {_quoted(url)} is not an http or https address")


def _check_published(published: str | None, now: datetime.datetime) -> None:
    if published is not None and parse_published(published, now=now) is None:
        raise UnreadableInput(
            f"published: {_quoted(published)} is not a publication date; expected one like 2018-09-17 or"
            f" 2018-09-17T18:05:00+03:00, from 1800 to {now.date()}"
        )


def _checked_language(language: str | None) -> str | None:
    try:
        return None if language is None else language_code(language)
    except LookupError as error:
        raise UnreadableInput(f"language: {_quoted(language)} is not a language; expected a code such as en") from error


def _quoted(value: str | None) -> str:
    return repr((value or "")[:QUOTED_CHARACTERS])
