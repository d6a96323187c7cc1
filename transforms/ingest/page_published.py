"""Finds when a page says it was published: in its metadata, its time elements, its address, or a line set as a date.

htmldate, which trafilatura brings, is not used: it also takes dates from headlines and from the running text, and in
news of agreements those are the deadlines.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from transforms.ingest.published import infer_published

# What news sites use, in the order of how exactly they mean the publication (Open Graph and schema.org first; then
# Dublin Core, Parse.ly, Sailthru, Chartbeat, BBC and older content systems).
META_NAMES = (
    "article:published_time",
    "datepublished",
    "og:article:published_time",
    "og:published_time",
    "og:pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "originalpublicationdate",
    "publication_date",
    "publish-date",
    "publish_date",
    "publishdate",
    "published-date",
    "pubdate",
    "pub_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "displaydate",
    "rnews:datepublished",
    "article_date_original",
    "date",
)
_JSON_LD = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d|[a-z]{3})[/-](\d\d?)(?:[/-]|$)", re.IGNORECASE)
_DATE_CLASS = re.compile(r"date|time|publi|posted|byline|stamp|info", re.IGNORECASE)
_MAX_DATE_CHARACTERS = 120  # "Last updated: Wednesday, 17 September 2018, 12:30 GMT" and a byline
_MAX_ELEMENTS = 20_000  # pages have some thousand


def published_of_page(tree: HtmlElement) -> str | None:
    """Returns the publication date of a page as written there (for a line set as a date: YYYY-MM-DD), or None."""
    return next(
        (
            date
            for candidates in (
                _metadata(tree),
                _json_ld(tree),
                _time_elements(tree),
                _address(tree),
                _set_as_date(tree),
            )
            for date in candidates
            if date
        ),
        None,
    )


def _metadata(tree: HtmlElement) -> Iterator[str]:
    said: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            if content and element.get(attribute):
                said.setdefault(element.get(attribute).strip().lower(), content)
    yield from (said[name] for name in META_NAMES if name in said)


def _json_ld(tree: HtmlElement) -> Iterator[str]:
    """Yields the first date of each script only: lists of other articles follow."""
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            found = _JSON_LD.search(script.text or "")
            if found:
                yield found[1]


def _time_elements(tree: HtmlElement) -> Iterator[str]:
    times = [element for element in tree.iter("time", "abbr", "span", "div") if _moment(element)]
    named = [element for element in times if element.get("pubdate") is not None or _is_published(element)]
    yield from (_moment(element) for element in (*named, *(each for each in times if each.tag == "time")))


def _moment(element: HtmlElement) -> str:
    if element.tag == "time":
        return (element.get("datetime") or "").strip()
    return (element.get("content") or element.get("title") or "").strip() if _is_published(element) else ""


def _is_published(element: HtmlElement) -> bool:
    names = f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower().split()
    return "datepublished" in names or "published" in names


def _address(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("link", "meta"):
        if element.get("rel") == "canonical" or element.get("property") == "og:url":
            found = _IN_ADDRESS.search(element.get("href") or element.get("content") or "")
            if found:
                year, month, day = found.groups()
                yield f"{year}-{month}-{int(day):02}" if month.isdigit() else f"{day} {month} {year}"


def _set_as_date(tree: HtmlElement) -> Iterator[str]:
    """Yields dates alone in an element named for one; those after the headline, for the masthead has today's."""
    before: list[str] = []
    after: list[str] = []
    headline = False
    for number, element in enumerate(tree.iter()):
        if number >= _MAX_ELEMENTS:
            break
        headline = headline or element.tag == "h1"
        date = _date_in(element)
        if date:
            (after if headline else before).append(date)
    yield from after or before


def _date_in(element: HtmlElement) -> str | None:
    if not isinstance(element.tag, str) or element.tag in ("html", "body", "script", "style", "head"):
        return None
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag != "time" and not _DATE_CLASS.search(names):
        return None
    text = " ".join(_text(element).split())
    date = infer_published(text) if text and len(text) <= _MAX_DATE_CHARACTERS else None
    return date.isoformat() if date else None


def _text(element: HtmlElement) -> str:
    """Returns the text of a small element; a large one is no date, and long to join."""
    parts, size = [], 0
    for part in element.itertext():
        parts.append(part)
        size += len(part)
        if size > 4 * _MAX_DATE_CHARACTERS:
            break
    return " ".join(parts)
