"""Reads RSS, Atom, RDF, CDF and JSON Feed into entries; a document is a feed by what is in it, not by its flaws."""

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from transforms.ingest.feeds.entities import refuse_entity_bomb
from transforms.ingest.feeds.json_feed import looks_like_json, parse_json_feed
from transforms.ingest.feeds.mend_xml import mend_xml, without_impossible_letters
from transforms.ingest.feeds.parsed import Entry, NotAFeedError, ParsedFeed

_PERIOD_SECONDS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_BASE = b"xml:base"
_ALTERNATE = "http://www.iana.org/assignments/relation/alternate"
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")  # seconds, or milliseconds, since 1970: of the years 2001 to 2033
_CHARSET = re.compile(r";\s*charset\s*=\s*[^;]*", re.IGNORECASE)
# What feedparser's date handlers and its forgiving parser raise for documents broken in ways nobody thought of.
_BROKEN = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError, OverflowError)


def parse_feed(body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
    """Returns the entries of a feed, in its order.

    Args:
        body: The document.
        url: Where it was fetched; relative links count from it.
        content_type: As the server says.

    Raises:
        NotAFeedError: It is no feed, or a hostile one.
    """
    if looks_like_json(body):
        return parse_json_feed(body, url=url)
    refuse_entity_bomb(body)
    body = mend_xml(body)
    headers = {"content-type": _trusted_type(body, content_type)}
    if _BASE in body:  # else every link is made absolute here: feedparser would do it for every element, a third of all
        headers["content-location"] = url
    try:
        return _parsed(body, headers, url)
    except _BROKEN:
        return _parsed_with_care(without_impossible_letters(body), headers, url)


def _parsed(body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed:
    # A stream: of bytes it would first ask whether they name a file. Pages are read elsewhere and never shown as HTML,
    # so nothing needs to be sanitised.
    found = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    return _checked(found, url)


def _parsed_with_care(body: bytes, headers: Mapping[str, str], url: str) -> ParsedFeed:
    try:
        return _parsed(body, headers, url)
    except _BROKEN as error:
        raise NotAFeedError(f"the feed cannot be parsed: {error or type(error).__name__}") from error


def _trusted_type(body: bytes, content_type: str) -> str:
    """Servers often name a wrong charset; bytes other than ASCII that are valid UTF-8 are UTF-8."""
    if body.isascii():
        return content_type
    try:
        body.decode()
    except UnicodeDecodeError:
        return content_type
    return f"{_CHARSET.sub('', content_type) or 'application/xml'}; charset=utf-8"


def _checked(found: Any, url: str) -> ParsedFeed:
    if not found.get("version") and not found["entries"]:
        raise NotAFeedError(
            "this is no feed; expected RSS, Atom, RDF or JSON Feed (a page's feed: pactwatch feeds add)"
        )
    channel = found["feed"]
    return ParsedFeed(
        title=_line(channel, "title"),
        ttl_seconds=_ttl_seconds(channel),
        entries=tuple(_entry(entry, url) for entry in found["entries"]),
    )


def _get(mapping: Any, key: str) -> Any:
    """Returns a value as stored: feedparser's own look-up stands in one key for another, with warnings."""
    return dict.get(mapping, key)


def _line(mapping: Any, key: str) -> str | None:
    value = _get(mapping, key)
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _ttl_seconds(channel: Mapping[str, Any]) -> float:
    ttl = str(_get(channel, "ttl") or "").strip()
    if ttl.isdecimal() and len(ttl) < 8:
        return 60.0 * int(ttl)
    period = _PERIOD_SECONDS.get(str(_get(channel, "sy_updateperiod") or "").strip().lower(), 0)
    frequency = str(_get(channel, "sy_updatefrequency") or "1").strip()
    return period / max(int(frequency), 1) if frequency.isdecimal() and len(frequency) < 8 else float(period)


def _entry(entry: Any, url: str) -> Entry:
    guid = _line(entry, "id")
    text, is_html = _content(entry)
    published = _line(entry, "published") or _line(entry, "updated") or _line(entry, "created")
    parsed = _get(entry, "published_parsed") or _get(entry, "updated_parsed") or _get(entry, "created_parsed")
    return Entry(
        guid=guid,
        link=_absolute(_line(entry, "feedburner_origlink") or _line(entry, "link") or _alternate(entry) or guid, url),
        title=_line(entry, "title") or _line(entry, "itunes_title"),
        text=text,
        is_html=is_html,
        author=_line(entry, "author"),
        published=published,
        updated=_line(entry, "updated"),
        day=_day(published, parsed),
    )


def _day(published: str | None, parsed: Sequence[int] | None) -> str | None:
    """Returns the day that feedparser read; seconds since 1970 it takes for a year and what follows (1714557600)."""
    if published is not None and _EPOCH.fullmatch(published):
        return datetime.datetime.fromtimestamp(int(published[:10]), datetime.UTC).date().isoformat()
    return f"{parsed[0]:04}-{parsed[1]:02}-{parsed[2]:02}" if parsed else None


def _alternate(entry: Any) -> str | None:
    """Returns the link whose relation is written as an address, as RFC 4287 (section 4.2.7.2) allows."""
    links = _get(entry, "links") or ()
    return next((_line(link, "href") for link in links if _get(link, "rel") == _ALTERNATE), None)


def _absolute(link: str | None, base: str) -> str | None:
    try:
        target = urljoin(base, link) if link else ""
        return target if link and urlsplit(target).scheme in ("http", "https") and _is_address(link) else None
    except ValueError:
        return None


def _is_address(link: str) -> bool:
    """A GUID such as `12345` is no relative address."""
    return "/" in link or "?" in link


def _content(entry: Any) -> tuple[str, bool]:
    """Returns the longest of an entry's texts, and whether it is HTML."""
    candidates = [_get(entry, "summary_detail") or {}, *(_get(entry, "content") or ())]
    texts = [(_get(each, "value") or "", _get(each, "type") != "text/plain") for each in candidates]
    if not any(text for text, _ in texts):
        texts.append((_get(entry, "summary") or "", True))
    return max(texts, key=lambda text: len(text[0]))
