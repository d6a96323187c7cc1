"""Asks a feed's server for what is new since the last poll."""

import datetime
import hashlib

from transforms.ingest.feeds.entities import EntityBombError
from transforms.ingest.feeds.parse_feed import parse_feed
from transforms.ingest.feeds.parsed import NotAFeedError, ParsedFeed
from transforms.ingest.feeds.records import Cursor, Feed, host_of
from transforms.ingest.fetch import Fetched, Fetcher, FetchError, HardFetchError, SoftFetchError, expect_success
from transforms.records import record

UNCHANGED_IN_ROW = 8  # after so many 304 answers the whole feed is asked for, in case they are false

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, */*;q=0.5"
_NOT_MODIFIED = 304


@record
class FeedAnswer:
    """What asking a feed gave.

    Attributes:
        error: Why it failed; then nothing else is set.
        fetched: The answer.
        body_hash: Of its body; None for 304.
        parsed: The feed, where its bytes are not the same as before.
    """

    error: FetchError | None = None
    fetched: Fetched | None = None
    body_hash: str | None = None
    parsed: ParsedFeed | None = None

    @property
    def is_busy(self) -> bool:
        """Whether the server says that it is asked too much: then all feeds of the host are left alone."""
        return self.error is not None and self.error.is_busy


def ask_feed(fetcher: Fetcher, feed: Feed, cursor: Cursor) -> FeedAnswer:
    """Returns what a feed's server answers; whatever goes wrong is in the answer.

    Args:
        fetcher: Asks.
        feed: Whose headers are sent, to its own host.
        cursor: Where it is now, and what its server said last.
    """
    return read_answer(request_feed(fetcher, feed, cursor), cursor)


def request_feed(fetcher: Fetcher, feed: Feed, cursor: Cursor) -> FeedAnswer:
    """Returns what a feed's server answers, unread: this waits for the network and does little else."""
    try:
        return FeedAnswer(fetched=expect_success(fetcher.get(cursor.address, _headers(feed, cursor)), _NOT_MODIFIED))
    except FetchError as error:
        return FeedAnswer(error=error)


def read_answer(answer: FeedAnswer, cursor: Cursor) -> FeedAnswer:
    """Returns an answer with what is in it; whatever is wrong with it becomes its error."""
    fetched = answer.fetched
    if fetched is None:
        return answer
    try:
        return _unchanged(fetched, cursor) if fetched.status == _NOT_MODIFIED else _whole(fetched, cursor)
    except FetchError as error:
        return FeedAnswer(error=error)
    except EntityBombError as error:
        return FeedAnswer(error=HardFetchError(str(error)))
    except NotAFeedError as error:
        return FeedAnswer(error=SoftFetchError(str(error)))


def _headers(feed: Feed, cursor: Cursor) -> dict[str, str]:
    headers = {"Accept": _ACCEPT}
    if host_of(cursor.address) == host_of(feed.url):
        headers |= dict(feed.headers)
    if cursor.body_hash is None or cursor.distrusted or cursor.in_row_unchanged >= UNCHANGED_IN_ROW:
        return headers
    headers |= {"If-None-Match": cursor.etag} if cursor.etag else {}
    return headers | ({"If-Modified-Since": cursor.modified} if cursor.modified else {})


def _unchanged(fetched: Fetched, cursor: Cursor) -> FeedAnswer:
    if cursor.body_hash is None:
        raise SoftFetchError("the server answered 304 Not Modified to a question without a condition")
    return FeedAnswer(fetched=fetched)


def _whole(fetched: Fetched, cursor: Cursor) -> FeedAnswer:
    body_hash = hashlib.sha256(fetched.body).hexdigest()[:32]
    parsed = None
    if body_hash != cursor.body_hash:
        content_type = fetched.headers.get("content-type", "")
        parsed = parse_feed(fetched.body, url=fetched.final_url, content_type=content_type)
    return FeedAnswer(fetched=fetched, body_hash=body_hash, parsed=parsed)


def is_false_304(answer: FeedAnswer, cursor: Cursor, dates: list[datetime.datetime]) -> bool:
    """Returns whether 304 answers before this whole one were false.

    They were when the feed changed and its ETag or date did not, or when an entry that is new is older than the last
    of them.

    Args:
        answer: A whole one.
        cursor: As it was before it.
        dates: Publication times of the entries that are new.
    """
    if not cursor.in_row_unchanged or answer.parsed is None or answer.fetched is None:
        return False
    headers = answer.fetched.headers
    same_tag = cursor.etag is not None and headers.get("etag") == cursor.etag
    same_date = cursor.etag is None and cursor.modified is not None and headers.get("last-modified") == cursor.modified
    last = cursor.polls[-1].at if cursor.polls else None
    return same_tag or same_date or (last is not None and any(date < last for date in dates))
