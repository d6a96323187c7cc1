"""Puts what an article's page says into its item: the full text, and date, title, author and address where it lacks."""

import dataclasses
import datetime
import re

import htmldate

from transforms.ingest.decode import decode_text
from transforms.ingest.fetch import Fetched
from transforms.ingest.headline import with_title
from transforms.ingest.html_text import ENOUGH_CHARACTERS, PageText, read_page
from transforms.ingest.pages.walls import is_cookie_wall, is_paywall_stub
from transforms.ingest.published import parse_published
from transforms.ingest.unreadable import UnreadableInput
from transforms.ingest.urls import canonical_url, site_of
from transforms.records import Flaw, Item, PublishedHow, State

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
_EARLIEST = "1990-01-01"  # no page of the web is older; htmldate needs a bound
_ONE_DAY = datetime.timedelta(days=1)


def with_page(item: Item, page: Fetched, *, now: datetime.datetime) -> Item:
    """Returns an item with its page's full text, pending; with the feed's own text where the page has none.

    Args:
        item: As its feed gave it.
        page: The answer for its link.
        now: A later publication date is a mistake.
    """
    try:
        html = _decoded(page)
        found = read_page(html)
    except UnreadableInput:
        return without_page(item, Flaw.SHORT_PAGE)
    if is_cookie_wall(found.text):
        return without_page(item, Flaw.SHORT_PAGE)
    published, how, flaws = _published(item, found, html, page.final_url, now)
    if is_paywall_stub(found.text) or len(found.text) < ENOUGH_CHARACTERS:
        if item.article is not None and not item.content:  # a stub does not replace the whole text of before
            return without_page(item, Flaw.SHORT_PAGE)
        flaws = (*flaws, Flaw.SHORT_PAGE)
    title = item.title or _line(found.title)
    content = with_title(title, found.text)
    return dataclasses.replace(
        item,
        content=content if len(content) >= len(item.content) else item.content,  # some feeds say more than pages show
        title=title,
        url=_address(item, found, page),
        source=item.source or _line(found.site),
        author=item.author or _line(found.author),
        published=published,
        published_how=how,
        flaws=tuple(dict.fromkeys((*item.flaws, *flaws))),
        state=State.PENDING,
        retry_at=None,
    )


def without_page(item: Item, flaw: Flaw) -> Item:
    """Returns an item that keeps the feed's own text, pending."""
    flaws = tuple(dict.fromkeys((*item.flaws, flaw)))
    return dataclasses.replace(item, state=State.PENDING, retry_at=None, flaws=flaws)


def is_page(page: Fetched) -> bool:
    """Returns whether an answer is a page, by what its server calls it."""
    kind = page.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    return not kind or kind in _PAGES


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _decoded(page: Fetched) -> str:
    """Returns the page's text: UTF-8 where it can be, else as the server says, else as the page itself does."""
    named = _CHARSET.search(page.headers.get("content-type", ""))
    for encoding in ("utf-8-sig", *(named.groups() if named else ())):
        try:
            return page.body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue  # the next may fit
    return decode_text(page.body, html=True)


def _address(item: Item, found: PageText, page: Fetched) -> str | None:
    """Returns the address that the page gives itself, if that is at its own site, else the one that answered.

    A new version keeps the address of its article, which is known by it.
    """
    if item.article is not None and item.url is not None:
        return item.url
    canonical = canonical_url(found.url) if found.url else None
    final = canonical_url(page.final_url)
    if canonical and final and site_of(canonical) == site_of(final):
        return canonical
    return final or item.url


def _published(
    item: Item, found: PageText, html: str, url: str, now: datetime.datetime
) -> tuple[str | None, PublishedHow, tuple[Flaw, ...]]:
    """The feed's date stays where it has time and zone; a date alone is made exact by the page, if that agrees."""
    if item.published and len(item.published) > 10:
        return item.published, item.published_how, ()
    of_page = parse_published(found.published, now=now) if found.published else None
    if of_page is None and item.published is None:
        of_page = _guessed(html, url, now)
    if of_page is None or (item.published and not _agree(item.published, of_page)):
        return item.published, item.published_how, ()
    if item.published and len(of_page) <= 10:
        return item.published, item.published_how, ()
    return of_page, PublishedHow.PAGE, (Flaw.DATE_MENDED,)


def _agree(day: str, moment: str) -> bool:
    return abs(datetime.date.fromisoformat(day) - datetime.date.fromisoformat(moment[:10])) <= _ONE_DAY


def _guessed(html: str, url: str, now: datetime.datetime) -> str | None:
    """Asks htmldate, for markup and address only: dates in the running text are often deadlines."""
    try:
        found: str | None = htmldate.find_date(
            html,
            extensive_search=False,
            original_date=True,
            url=url,
            min_date=_EARLIEST,
            max_date=now.date().isoformat(),
        )
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError):  # pages broken beyond its care
        return None
    return parse_published(found, now=now) if found else None
