"""Makes items of a feed's entries: their text, date and address, with what is wrong with them marked."""

import datetime
import html
import re

from transforms.ingest.feeds.fragment import fragment_text
from transforms.ingest.feeds.parsed import Entry
from transforms.ingest.feeds.records import Feed
from transforms.ingest.headline import with_title
from transforms.ingest.published import parse_published
from transforms.ingest.unreadable import storable
from transforms.ingest.urls import canonical_url
from transforms.records import Flaw, Item, PublishedHow, State

MAX_LINE_CHARACTERS = 1_000  # of a title or a name; more is a text in the wrong place
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def entry_item(feed: Feed, feed_title: str | None, entry: Entry, *, id_: str, now: datetime.datetime) -> Item:
    """Returns the item of an entry; where it holds no text and leads to no page, an empty one, which fails to be read.

    Args:
        feed: As listed.
        feed_title: What the feed calls itself.
        entry: As parsed.
        id_: The item's id.
        now: When it is taken in; a later date (by more than two days) is a mistake.
    """
    title = _line(entry.title)
    text = _text(entry)
    wants_page = feed.full_text and entry.link is not None
    published, flaws = _published(entry, now)
    return Item(
        id=id_,
        locator=entry.link or f"{feed.url}#{storable(entry.guid or title or '')[:MAX_LINE_CHARACTERS]}",
        media_type="text/plain",
        content=with_title(title, text) if text else title or "",
        title=title,
        url=canonical_url(entry.link) if entry.link else None,
        source=_line(feed.name) or _line(feed_title),
        published=published,
        published_how=PublishedHow.FEED if published else PublishedHow.UNKNOWN,
        language=feed.language,
        taken_in=now,
        state=State.WAITING if wants_page else State.PENDING,
        author=_line(entry.author),
        flaws=flaws,
    )


def _text(entry: Entry) -> str:
    text = storable(entry.text)
    return fragment_text(text) if entry.is_html else text.strip()


def _line(text: str | None) -> str | None:
    """Returns a title or a name on one line, without the markup that some feeds put into it."""
    if not text:
        return None
    plain = html.unescape(_TAG.sub("", storable(text))) if "<" in text or "&" in text else storable(text)
    return " ".join(plain.split())[:MAX_LINE_CHARACTERS].strip() or None


def _published(entry: Entry, now: datetime.datetime) -> tuple[str | None, tuple[Flaw, ...]]:
    """Returns the date in one form; the day that the parser found stands in for a form that only it knows."""
    if not entry.published:
        return None, ()
    written = parse_published(entry.published, now=now) or (parse_published(entry.day, now=now) if entry.day else None)
    return written, () if written else (Flaw.DATE_REFUSED,)
