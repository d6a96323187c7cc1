"""What is new in a feed, and what only looks new."""

import dataclasses

import pytest

from transforms.ingest.feeds.identity import Met, entry_id, marks_of, read_mark
from transforms.ingest.feeds.parsed import Entry

OLD = Entry(
    guid="g1",
    link="https://wire.example/a",
    title="Pact signed",
    text="Both sides signed.",
    is_html=False,
    author=None,
    published="Wed, 01 May 2024 10:00:00 GMT",
    day="2024-05-01",
)
LATER = "Thu, 02 May 2024 10:00:00 GMT"


def _is_known(new, old=OLD):
    met = Met(read_mark(mark.written()) for mark in marks_of([old]))
    return met.knows(marks_of([new])[0])


def _with(**changes):
    return dataclasses.replace(OLD, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": "Pact signed at last"},
        {"guid": "g2"},
        {"guid": "g2", "title": "Pact signed at last"},
        {"guid": None, "title": "Pact signed at last"},
        {"published": LATER},
        {"published": LATER, "title": "Pact signed at last"},
        {"guid": "g2", "published": LATER},
        {"link": "https://wire.example/a?utm_source=feed&fbclid=1#top"},
        {"link": "https://wire.example/a?at=2291", "guid": "g2"},
        {"text": "Both sides signed, and more."},
    ],
)
def test_old_news_in_new_clothes_is_known(changes):
    assert _is_known(_with(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"link": "https://wire.example/b", "guid": "g2", "text": "Something else."},
        {"link": "https://wire.example/b", "guid": "g2", "published": LATER, "title": "Other"},
        {"link": "https://wire.example/b", "title": "Other", "published": LATER},  # GUIDs numbered anew every day
        {"guid": "g2", "published": LATER, "text": "Today's briefing.", "title": "Briefing"},
        {"guid": "g2", "published": LATER, "text": "Today's briefing."},  # a daily page with a fixed link and title
    ],
)
def test_news_is_new(changes):
    assert not _is_known(_with(**changes))


def test_undated_entries_are_known_by_their_link():
    bare = _with(guid=None, published=None)
    assert _is_known(_with(guid=None, published=None, title="Edited"), bare)


def test_what_entries_share_identifies_none_of_them():
    entries = [
        _with(guid="https://wire.example/", link="https://wire.example/", title=title, text=title)
        for title in ("One", "Two", "Three")
    ]
    met = Met([])
    for mark in marks_of(entries):
        assert not met.knows(mark)
        met.add(mark)
    assert all(met.knows(mark) for mark in marks_of(entries))


def test_repeated_guid_of_different_articles_loses_none():
    entries = [_with(guid="same", link=f"https://wire.example/{n}", title=f"News {n}") for n in range(3)]
    met = Met([])
    for mark in marks_of(entries):
        assert not met.knows(mark)
        met.add(mark)


def test_entry_id_is_the_same_in_every_feed_that_links_to_the_page():
    [mark] = marks_of([OLD])
    assert entry_id("one", OLD, mark) == entry_id("other", _with(guid="x", title="y"), mark)
    unlinked = _with(link=None)
    [mark] = marks_of([unlinked])
    assert entry_id("one", unlinked, mark) != entry_id("other", unlinked, mark)
