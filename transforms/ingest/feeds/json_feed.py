"""Reads JSON Feed (versions 1 and 1.1, jsonfeed.org)."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from transforms.ingest.feeds.parsed import Entry, NotAFeedError, ParsedFeed

_START_BYTES = 64


def looks_like_json(body: bytes) -> bool:
    """Returns whether a document begins as a JSON object does."""
    return _decoded(body[:_START_BYTES]).lstrip().startswith("{")


def _decoded(body: bytes) -> str:
    """JSON in UTF-16 and UTF-32 is told by where its zeros are (RFC 4627, section 3)."""
    return body.decode(json.detect_encoding(body), "replace").removeprefix("\ufeff")


def parse_json_feed(body: bytes, *, url: str) -> ParsedFeed:
    """Returns the entries of a JSON Feed; items that are no objects are passed over.

    Raises:
        NotAFeedError: It is not JSON, or not a JSON Feed.
    """
    try:
        found = json.loads(_decoded(body))
    except (ValueError, RecursionError) as error:
        raise NotAFeedError(f"this is no feed: broken JSON ({error})") from error
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        raise NotAFeedError("this is no feed: JSON without a list of items; expected JSON Feed")
    items = [item for item in found["items"] if isinstance(item, dict)]
    return ParsedFeed(
        title=_text(found, "title"), ttl_seconds=0.0, entries=tuple(_entry(item, found, url) for item in items)
    )


def _text(values: Mapping[str, Any], key: str) -> str | None:
    value = values.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):  # ids are text, but numbers are met
        value = str(value)
    return value.strip() or None if isinstance(value, str) else None


def _entry(item: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Entry:
    texts = [(_text(item, "content_html"), True), (_text(item, "content_text"), False), (_text(item, "summary"), False)]
    text, is_html = max(texts, key=lambda each: len(each[0] or ""))
    return Entry(
        guid=_text(item, "id"),
        link=_link(item, url),
        title=" ".join((_text(item, "title") or "").split()) or None,
        text=text or "",
        is_html=is_html,
        author=_author(item) or _author(feed),
        published=_text(item, "date_published") or _text(item, "date_modified"),
        day=None,
        updated=_text(item, "date_modified"),
    )


def _link(item: Mapping[str, Any], url: str) -> str | None:
    key = _text(item, "id")
    for link in (_text(item, "url"), _text(item, "external_url"), key if key and "/" in key else None):
        try:
            target = urljoin(url, link) if link else ""
            if urlsplit(target).scheme in ("http", "https"):
                return target
        except ValueError:
            continue  # a broken address; the next may be a good one
    return None


def _author(values: Mapping[str, Any]) -> str | None:
    authors = values.get("authors")
    candidates = authors if isinstance(authors, list) else [values.get("author")]
    names = [_text(author, "name") for author in candidates if isinstance(author, dict)]
    return ", ".join(name for name in names if name) or None
