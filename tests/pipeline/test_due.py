"""A watch runs the graph only when something is due, and always when something is."""

import dataclasses
import datetime

import pytest

from pipeline.due import due_feeds, has_work
from pipeline.run import make_plan
from pipeline.settings import load_settings
from transforms.ingest.feeds.records import Feed, cursor_document, new_cursor
from transforms.ingest.unreadable import make_failure
from transforms.records import DueFile, Item, State
from transforms.store.documents import item_document
from transforms.store.protocol import Collection

NOW = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(minutes=1)
FEED = Feed(url="https://news.example/feed")


@pytest.fixture
def plan(tmp_path, store_url, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return make_plan(load_settings(None, {"store": {"url": store_url}}), (), NOW)


def _put(store, state, retry_at=None):
    item = Item(id="i", locator="l", media_type="text/plain", content="", taken_in=NOW, state=state, retry_at=retry_at)
    store.replace(Collection.ITEMS, [item_document(item)])


@pytest.mark.parametrize(
    "changes",
    [
        {"paths": ("/wire",)},
        {"files": (DueFile(path="/wire/a.txt"),)},
        {"unlisted": (make_failure("list", "/wire/a.png", "not supported", now=NOW),)},
        {"feeds": (FEED,)},
    ],
)
def test_what_is_to_be_taken_in_is_work(plan, store, changes):
    assert not has_work(store, plan)
    assert has_work(store, dataclasses.replace(plan, **changes))


@pytest.mark.parametrize(
    ("state", "retry_at", "work"),
    [
        (State.PENDING, None, True),
        (State.WAITING, None, True),
        (State.WAITING, NOW, True),
        (State.WAITING, LATER, False),
        (State.DONE, None, False),
        (State.FAILED, None, False),
    ],
)
def test_what_an_earlier_run_left_is_work(plan, store, state, retry_at, work):
    _put(store, state, retry_at)
    assert has_work(store, plan) is work


@pytest.mark.parametrize(
    ("changes", "due_only", "work"),
    [
        ({"next_poll": NOW}, True, True),
        ({"next_poll": LATER}, True, False),
        ({"next_poll": LATER}, False, True),
        ({"is_gone": True}, True, False),
    ],
)
def test_feed_is_work_when_it_is_due(plan, store, changes, due_only, work):
    store.replace(Collection.FEEDS, [cursor_document(dataclasses.replace(new_cursor(FEED), **changes))])
    assert has_work(store, dataclasses.replace(plan, feeds=(FEED,), due_only=due_only)) is work


def test_feeds_of_hosts_that_fail_are_polled_apart_with_all_of_their_host(plan, store):
    states = {
        "https://one.example/a": {"next_poll": NOW},
        "https://one.example/b": {"next_poll": LATER},
        "https://two.example/a": {"next_poll": LATER},
        "https://six.example/a": {"next_poll": NOW},
        "https://six.example/b": {"next_poll": LATER, "failures": 1},
    }
    feeds = tuple(Feed(url=url) for url in states)
    cursors = [dataclasses.replace(new_cursor(feed), **states[feed.url]) for feed in feeds]
    store.replace(Collection.FEEDS, [cursor_document(cursor) for cursor in cursors])
    due = due_feeds(store, dataclasses.replace(plan, feeds=feeds))
    assert [feed.url for feed in due.sound] == ["https://one.example/a", "https://one.example/b"]
    assert [feed.url for feed in due.failing] == ["https://six.example/a", "https://six.example/b"]


def test_hosts_that_are_being_polled_are_left_to_who_polls_them(plan, store):
    """One feed was asked since polling began and is due again; another was not, and its host has a third one."""
    begun = NOW - datetime.timedelta(minutes=1)
    states = {
        "https://one.example/": {"next_poll": begun + datetime.timedelta(seconds=30)},
        "https://two.example/a": {"next_poll": begun},
        "https://two.example/b": {"next_poll": NOW},
    }
    feeds = tuple(Feed(url=url) for url in states)
    cursors = [dataclasses.replace(new_cursor(feed), **states[feed.url]) for feed in feeds]
    store.replace(Collection.FEEDS, [cursor_document(cursor) for cursor in cursors])
    due = due_feeds(store, dataclasses.replace(plan, feeds=feeds), {feed.id: begun for feed in feeds})
    assert [feed.url for feed in due.sound] == ["https://one.example/"]
