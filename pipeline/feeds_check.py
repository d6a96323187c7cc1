"""Looks at an address before it is listed: is it a feed, or a page that names one, and what is in it."""

import datetime

from transforms.errors import PactwatchError
from transforms.ingest.feeds.ask_feed import ask_feed
from transforms.ingest.feeds.discover import find_feeds
from transforms.ingest.feeds.records import Feed, new_cursor
from transforms.ingest.fetch import Fetcher, FetchError, expect_success
from transforms.ingest.published import parse_published
from transforms.records import record


class FeedCheckError(PactwatchError):
    """An address leads to no feed that can be used: one line for a person."""


@record
class Checked:
    """What a feed holds.

    Attributes:
        moved_to: Where permanent redirects lead, or None.
        newest: The latest publication date among its entries, as YYYY-MM-DD or RFC 3339.
        undated, unlinked: How many entries have no date that can be read, and no page.
    """

    url: str
    title: str | None
    moved_to: str | None
    entries: int
    newest: str | None
    undated: int
    unlinked: int


def check_feed(fetcher: Fetcher, feed: Feed, now: datetime.datetime) -> Checked:
    """Returns what a feed holds now.

    Raises:
        FeedCheckError: It cannot be fetched, or is no feed.
    """
    answer = ask_feed(fetcher, feed, new_cursor(feed))
    if answer.error is not None or answer.parsed is None or answer.fetched is None:
        raise FeedCheckError(f"{feed.url}: {answer.error}")
    entries = answer.parsed.entries
    dates = [date for entry in entries if entry.published and (date := parse_published(entry.published, now=now))]
    return Checked(
        url=feed.url,
        title=answer.parsed.title,
        moved_to=answer.fetched.moved_to,
        entries=len(entries),
        newest=max(dates, default=None),
        undated=len(entries) - len(dates),
        unlinked=sum(entry.link is None for entry in entries),
    )


def feed_addresses(fetcher: Fetcher, url: str) -> list[str]:
    """Returns the feeds that a page names, the most likely first.

    Raises:
        FeedCheckError: It cannot be fetched, or names none.
    """
    try:
        page = expect_success(fetcher.get(url))
    except FetchError as error:
        raise FeedCheckError(f"{url}: {error}") from error
    found = find_feeds(page.body, url=page.final_url)
    if not found:
        raise FeedCheckError(f"{url}: is no feed, and names none; look for RSS or Atom on the site")
    return found
