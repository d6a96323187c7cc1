"""Decides when a feed is polled next: by how often news comes, by what the server asks, and by how it fails."""

import datetime
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from transforms.ingest.feeds.records import Cursor, Feed, PollSettings
from transforms.ingest.fetch import FetchError, HardFetchError, TemporaryFetchError

FASTER = 0.5  # of the cadence after a poll with something new: four such polls bring an hour down to five minutes
SLOWER = 1.25  # after one without; eleven such polls bring five minutes up to an hour
# Linear back-off: so many cadences more for each failure in a row. A timeout is soon over, a wrong address is not.
TEMPORARY_WEIGHT = 1.0
SOFT_WEIGHT = 2.0
HARD_WEIGHT = 8.0
MAX_BACK_OFF_SECONDS = 86_400.0  # a feed that fails for long is asked once a day
MAX_RETRY_AFTER_SECONDS = 86_400.0  # a longer one is a mistake, or a lie
REPORT_AFTER = datetime.timedelta(days=1)  # of failing
REPORT_FAILURES = 5  # at least so many in a row

_MAX_AGE = re.compile(r"(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def retry_after(value: str | None, now: datetime.datetime) -> float | None:
    """Returns the seconds that a Retry-After header asks to wait (RFC 9110: seconds or a date), at most a day."""
    if value is None:
        return None
    text = value.strip()
    if text.isdecimal() and len(text) < 10:
        return min(float(text), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER_SECONDS)


def max_age_seconds(headers: Mapping[str, str]) -> float:
    """Returns how long the server says its answer stays fresh (Cache-Control); 0 where it does not."""
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    return float(found[1]) if found else 0.0


def next_cadence(cursor: Cursor, settings: PollSettings, *, found_new: bool) -> float:
    """Returns the adapted time between two polls, in seconds, within floor and ceiling."""
    now = cursor.cadence_seconds or settings.start_seconds
    return min(max(now * (FASTER if found_new else SLOWER), settings.floor_seconds), settings.ceiling_seconds)


def wait_after_success(feed: Feed, cursor: Cursor, settings: PollSettings, fresh_seconds: float) -> float:
    """Returns the seconds until the next poll of a feed that answered.

    A fixed interval is a person's word and goes before what server and feed ask; otherwise the longest of cadence,
    `fresh_seconds` and the feed's own TTL counts, up to the ceiling, since many say a year.
    """
    if feed.interval_seconds is not None:
        return float(feed.interval_seconds)
    return max(cursor.cadence_seconds, min(max(fresh_seconds, cursor.ttl_seconds), settings.ceiling_seconds))


def wait_after_failure(
    feed: Feed, cursor: Cursor, settings: PollSettings, error: FetchError, now: datetime.datetime
) -> float:
    """Returns the seconds until the next poll of a feed that failed `cursor.failures` times in a row."""
    weight = HARD_WEIGHT if isinstance(error, HardFetchError) else SOFT_WEIGHT
    weight = TEMPORARY_WEIGHT if isinstance(error, TemporaryFetchError) else weight
    base = feed.interval_seconds or cursor.cadence_seconds or settings.start_seconds
    asked = retry_after(error.retry_after, now) or 0.0
    return max(min(base * weight * cursor.failures, max(MAX_BACK_OFF_SECONDS, base)), asked)


def must_report(cursor: Cursor, error: FetchError, now: datetime.datetime) -> bool:
    """Returns whether a person is to be told, once: waiting will not mend it, or it goes on for long.

    An address that never was a feed is most likely mistyped.
    """
    if cursor.is_reported:
        return False
    since = cursor.failing_since or now
    mistyped = cursor.last_success is None and not isinstance(error, TemporaryFetchError)
    lasting = cursor.failures >= REPORT_FAILURES and now - since >= REPORT_AFTER
    return isinstance(error, HardFetchError) or mistyped or lasting
