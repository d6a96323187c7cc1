"""What is known of a feed: how a person set it, where polling stands, and what came of the last polls."""

import datetime
import functools
from enum import StrEnum
from urllib.parse import urlsplit

from transforms.records import digest, from_json, record, to_json
from transforms.store.protocol import Document, Stored

KEPT_POLLS = 20  # outcomes kept for each feed: some hours of a busy one
_KNOWN_HOSTS = 20_000  # addresses whose host is remembered: a poll asks for each some eight times


@record
class Feed:
    """A feed as it is listed in config/feeds.yaml.

    Attributes:
        url: Its address.
        name: Who publishes it; the source of its articles where they do not say.
        interval_seconds: A fixed time between two polls; None to let it adapt.
        language: Of its articles (ISO 639); None to detect it.
        full_text: Whether the pages of its entries are fetched.
        headers: Sent to the feed's own host, as (name, value).
    """

    url: str
    name: str | None = None
    interval_seconds: int | None = None
    language: str | None = None
    full_text: bool = True
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """The id of its cursor."""
        return digest("feed", self.url)


class Outcome(StrEnum):
    """What came of a poll."""

    NEW = "new"  # entries that were not met before
    NOTHING_NEW = "nothing_new"  # a changed document, but no new entry
    UNCHANGED = "unchanged"  # 304, or the same bytes again
    FAILED = "failed"


@record
class Poll:
    """One poll: when, what came of it, how many new items, and the error of one that failed."""

    at: datetime.datetime
    outcome: Outcome
    new_items: int = 0
    error: str | None = None


@record
class Cursor:
    """Where polling a feed stands.

    Attributes:
        id: The feed's.
        url: As the feed is listed.
        address: Where it is now, after permanent redirects.
        etag, modified: What the server's last whole answer said, for conditional requests.
        distrusted: Whether 304 answers turned out to be false: conditional requests are made no more.
        body_hash: Of the last whole answer.
        in_row_unchanged: 304 answers since the last whole one.
        next_poll: Not to be asked before.
        cadence_seconds: The adapted time between two polls.
        ttl_seconds: How long the feed itself asks to wait, 0 where it does not.
        last_success, last_new: Times of the last poll that worked, and that found something new.
        failures: Polls failed since the last that worked.
        failing_since: When the first of them was.
        is_gone: Whether the server said 410: asked no more.
        is_reported: Whether the failing was told as a Failure.
        polls: The last polls, the newest last.
    """

    id: str
    url: str
    address: str
    etag: str | None = None
    modified: str | None = None
    distrusted: bool = False
    body_hash: str | None = None
    in_row_unchanged: int = 0
    next_poll: datetime.datetime | None = None
    cadence_seconds: float = 0.0
    ttl_seconds: float = 0.0
    title: str | None = None
    last_success: datetime.datetime | None = None
    last_new: datetime.datetime | None = None
    failures: int = 0
    failing_since: datetime.datetime | None = None
    is_gone: bool = False
    is_reported: bool = False
    polls: tuple[Poll, ...] = ()


@record
class PollSettings:
    """How feeds are polled and pages fetched.

    Attributes:
        floor_seconds, ceiling_seconds: Between two polls of a feed, where its cadence adapts.
        start_seconds: The cadence of a new feed.
        spacing_seconds: Between two requests to one host; there is one at a time.
        hosts_at_once: How many hosts are asked at the same time.
        turn_seconds: What is left at a host after so much waiting is done in the next run.
        page_attempts: How often a page that cannot be fetched for now is tried.
    """

    floor_seconds: float = 300.0
    ceiling_seconds: float = 3_600.0
    start_seconds: float = 900.0
    spacing_seconds: float = 1.0
    hosts_at_once: int = 16
    turn_seconds: float = 30.0
    page_attempts: int = 4


@functools.lru_cache(maxsize=_KNOWN_HOSTS)
def host_of(url: str) -> str:
    """Returns the host of an address, in lower case; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def new_cursor(feed: Feed) -> Cursor:
    """Returns the cursor of a feed that was never polled."""
    return Cursor(id=feed.id, url=feed.url, address=feed.url)


def cursor_document(cursor: Cursor) -> Document:
    """Returns the document of a cursor."""
    return Document(id=cursor.id, body=to_json(cursor))


def cursor_from(stored: Stored) -> Cursor:
    """Returns the cursor of its stored document."""
    return from_json(Cursor, stored.body)
