"""Feeds that are due are listed, with all others of their host, and a store is not asked for each at each look."""

import datetime

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from tests.make import NOW
from transforms.ingest.feeds.list_feeds import ListFeeds, shares
from transforms.ingest.feeds.manners import Manners
from transforms.ingest.feeds.records import Cursor, Feed, cursor_document
from transforms.store.protocol import Collection

HOUR = datetime.timedelta(hours=1)
FEEDS = [Feed(url=f"https://{host}.example/{name}") for host in ("a", "b", "c") for name in ("one", "two")]


def _note(store, feed: Feed, next_poll: datetime.datetime) -> None:
    cursor = Cursor(id=feed.id, url=feed.url, address=feed.url, next_poll=next_poll)
    store.replace(Collection.FEEDS, [cursor_document(cursor)])


def test_hosts_with_a_feed_that_is_due_are_listed_whole(store, store_url):
    for feed in FEEDS[:5]:
        _note(store, feed, NOW + HOUR)
    _note(store, FEEDS[1], NOW)  # the sixth, of host c, was never polled
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        listed = (
            pipeline
            | beam.Create([None])
            | ListFeeds(feeds=FEEDS, store_url=store_url, manners=Manners(shards=4), now=NOW)
        )
        assert_that(listed, equal_to([*FEEDS[:2], *FEEDS[4:]]), label="due")


def test_all_feeds_are_listed_where_they_are_wanted_at_once(store, store_url):
    _note(store, FEEDS[0], NOW + HOUR)
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        listed = (
            pipeline
            | beam.Create([None])
            | ListFeeds(feeds=FEEDS, store_url=store_url, manners=Manners(), now=NOW, due_only=False)
        )
        assert_that(listed, equal_to(FEEDS), label="all")


def test_feeds_of_one_host_are_in_one_share():
    cut = shares(FEEDS, Manners(shards=64))
    assert sorted(feed.url for share in cut for feed in share) == sorted(feed.url for feed in FEEDS)
    for host in ("a.example", "b.example", "c.example"):
        assert sum(any(host in feed.url for feed in share) for share in cut) == 1
