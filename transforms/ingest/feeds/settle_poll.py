"""Works out from an answer where polling a feed stands afterwards."""

import dataclasses
import datetime

from transforms.ingest.feeds.ask_feed import FeedAnswer
from transforms.ingest.feeds.records import KEPT_POLLS, Cursor, Feed, Outcome, Poll, PollSettings
from transforms.ingest.feeds.schedule import (
    max_age_seconds,
    must_report,
    next_cadence,
    retry_after,
    wait_after_failure,
    wait_after_success,
)
from transforms.ingest.fetch import FetchError, TemporaryFetchError

_GONE = 410


def after_success(
    feed: Feed,
    cursor: Cursor,
    answer: FeedAnswer,
    settings: PollSettings,
    *,
    now: datetime.datetime,
    new_items: int,
    is_false_304: bool = False,
) -> Cursor:
    """Returns the cursor of a feed that answered.

    Args:
        feed: As listed.
        cursor: As it was before.
        answer: Without an error.
        settings: How feeds are polled.
        now: When it was asked.
        new_items: How many entries were new.
        is_false_304: Whether 304 answers before turned out to be false.
    """
    if answer.fetched is None:
        raise ValueError("expected an answer that was fetched")
    headers = answer.fetched.headers
    whole = answer.body_hash is not None
    outcome = Outcome.NEW if new_items else Outcome.NOTHING_NEW if answer.parsed is not None else Outcome.UNCHANGED
    cursor = dataclasses.replace(
        cursor,
        address=answer.fetched.moved_to or cursor.address,
        etag=headers.get("etag") if whole else cursor.etag,
        modified=headers.get("last-modified") if whole else cursor.modified,
        distrusted=cursor.distrusted or is_false_304,
        body_hash=answer.body_hash or cursor.body_hash,
        in_row_unchanged=0 if whole else cursor.in_row_unchanged + 1,
        cadence_seconds=next_cadence(cursor, settings, found_new=new_items > 0),
        ttl_seconds=answer.parsed.ttl_seconds if answer.parsed else cursor.ttl_seconds,
        title=(answer.parsed.title if answer.parsed else None) or cursor.title,
        last_success=now,
        last_new=now if new_items else cursor.last_new,
        failures=0,
        failing_since=None,
        is_gone=False,
        is_reported=False,
        polls=_with(cursor, Poll(at=now, outcome=outcome, new_items=new_items)),
    )
    wait = wait_after_success(feed, cursor, settings, max_age_seconds(headers))
    wait = max(wait, retry_after(headers.get("retry-after"), now) or 0.0)
    return dataclasses.replace(cursor, next_poll=now + datetime.timedelta(seconds=wait))


def look_again(cursor: Cursor) -> Cursor:
    """Returns a cursor by which the whole feed is asked for and looked through the next time, changed or not."""
    return dataclasses.replace(cursor, etag=None, modified=None, body_hash="")


def after_failure(
    feed: Feed, cursor: Cursor, answer: FeedAnswer, settings: PollSettings, *, now: datetime.datetime
) -> tuple[Cursor, bool]:
    """Returns the cursor of a feed that failed, and whether a person is to be told.

    A feed that had moved is asked at its listed address again the next time.
    """
    error = answer.error or FetchError("failed")
    cursor = dataclasses.replace(
        cursor,
        address=cursor.address if isinstance(error, TemporaryFetchError) else cursor.url,
        failures=cursor.failures + 1,
        failing_since=cursor.failing_since or now,
        is_gone=error.status == _GONE,
        polls=_with(cursor, Poll(at=now, outcome=Outcome.FAILED, error=str(error))),
    )
    report = must_report(cursor, error, now)
    wait = wait_after_failure(feed, cursor, settings, error, now)
    return (
        dataclasses.replace(
            cursor,
            next_poll=now + datetime.timedelta(seconds=wait),
            is_reported=cursor.is_reported or report,
        ),
        report,
    )


def _with(cursor: Cursor, poll: Poll) -> tuple[Poll, ...]:
    return (*cursor.polls, poll)[-KEPT_POLLS:]
