"""When a feed is polled next."""

import datetime

import pytest

from tests.make import NOW
from transforms.ingest.feeds.records import Cursor, Feed, PollSettings
from transforms.ingest.feeds.schedule import (
    max_age_seconds,
    must_report,
    next_cadence,
    retry_after,
    wait_after_failure,
    wait_after_success,
)
from transforms.ingest.fetch import HardFetchError, SoftFetchError, TemporaryFetchError

FEED = Feed(url="https://wire.example/feed")
SETTINGS = PollSettings()


def _cursor(**fields):
    return Cursor(id=FEED.id, url=FEED.url, address=FEED.url, **fields)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120),
        ("99999999", 86_400),
        ("-5", None),
        ("soon", None),
        ("Wed, 01 May 2024 12:10:00 GMT", 600),
        ("Wed, 01 May 2024 11:00:00 GMT", 0),
        ("Wed, 01 May 2124 11:00:00 GMT", 86_400),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(value, seconds):
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("header", "seconds"), [("max-age=600", 600), ("private, s-maxage=30", 30), ("no-cache", 0), ("x-max-age=7", 0)]
)
def test_max_age_is_read(header, seconds):
    assert max_age_seconds({"cache-control": header}) == seconds


def test_cadence_follows_the_news_within_its_bounds():
    cadence = 900.0
    for _ in range(10):
        cadence = next_cadence(_cursor(cadence_seconds=cadence), SETTINGS, found_new=True)
    assert cadence == SETTINGS.floor_seconds
    for _ in range(20):
        cadence = next_cadence(_cursor(cadence_seconds=cadence), SETTINGS, found_new=False)
    assert cadence == SETTINGS.ceiling_seconds


def test_what_server_and_feed_ask_counts_up_to_the_ceiling_and_a_fixed_interval_above_it():
    cursor = _cursor(cadence_seconds=300)
    assert wait_after_success(FEED, cursor, SETTINGS, 1_200) == 1_200
    assert wait_after_success(FEED, cursor, SETTINGS, 31_536_000) == SETTINGS.ceiling_seconds
    assert wait_after_success(FEED, _cursor(cadence_seconds=300, ttl_seconds=1_800), SETTINGS, 0) == 1_800
    fixed = Feed(url=FEED.url, interval_seconds=60)
    assert wait_after_success(fixed, cursor, SETTINGS, 1_200) == 60


def test_failures_back_off_linearly_by_their_weight_and_retry_after_wins():
    cursor = _cursor(cadence_seconds=900, failures=3)
    waits = [
        wait_after_failure(FEED, cursor, SETTINGS, error("no"), NOW)
        for error in (TemporaryFetchError, SoftFetchError, HardFetchError)
    ]
    assert waits == [2_700, 5_400, 21_600]
    asked = TemporaryFetchError("busy", status=429, retry_after="40000")
    assert wait_after_failure(FEED, cursor, SETTINGS, asked, NOW) == 40_000
    assert wait_after_failure(FEED, _cursor(failures=10_000), SETTINGS, HardFetchError("no"), NOW) == 86_400


def test_a_person_is_told_once_of_what_lasts():
    day = datetime.timedelta(days=1)
    worked = _cursor(failures=9, failing_since=NOW - day, last_success=NOW - 2 * day)
    temporary = TemporaryFetchError("no answer")
    assert must_report(worked, temporary, NOW)
    assert not must_report(_cursor(failures=9, failing_since=NOW, last_success=NOW), temporary, NOW)
    assert not must_report(_cursor(failures=1, failing_since=NOW - day, last_success=NOW), temporary, NOW)
    assert must_report(_cursor(failures=1), HardFetchError("gone"), NOW)
    assert must_report(_cursor(failures=1), SoftFetchError("mistyped"), NOW)
    assert not must_report(_cursor(failures=9, failing_since=NOW - day, is_reported=True), temporary, NOW)
