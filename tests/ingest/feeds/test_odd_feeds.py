"""Odd feeds give the entries they are known to hold, and none keeps the reader for long."""

import contextlib
import dataclasses
import time

import pytest

from tests.ingest.feeds.odd.broken import BROKEN
from tests.ingest.feeds.odd.elements import ELEMENTS
from tests.ingest.feeds.odd.encodings import ENCODINGS
from tests.ingest.feeds.odd.versions import VERSIONS
from tests.ingest.feeds.odd.written import BASE
from tests.make import NOW
from transforms.ingest.feeds.entry_items import entry_item
from transforms.ingest.feeds.identity import Met, marks_of
from transforms.ingest.feeds.parse_feed import parse_feed
from transforms.ingest.feeds.parsed import NotAFeedError
from transforms.ingest.feeds.records import Feed

SECONDS = 10.0  # of processor time; the slowest, of ten thousand entries, takes two


def _new(entries):
    met = Met([])
    for entry, mark in zip(entries, marks_of(entries), strict=True):
        if not met.knows(mark):
            met.add(mark)
            yield entry


@pytest.mark.parametrize("feed", [*VERSIONS, *ELEMENTS, *ENCODINGS, *BROKEN], ids=lambda feed: feed.name)
def test_odd_feed_gives_its_entries(feed):
    began = time.process_time()
    entries = list(_new(parse_feed(feed.body(), url=BASE + "x", content_type=feed.kind).entries))
    assert time.process_time() - began < SECONDS
    found = [(entry_item(Feed(url=BASE), None, entry, id_="i", now=NOW), entry.link) for entry in entries]
    assert len(found) == len(feed.entries)
    for (item, link), (title, known_link, piece) in zip(found, feed.entries, strict=True):
        assert item.title == title or title is None
        assert link == known_link
        assert piece in item.content


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 400_000,
        " \n" * 200_000,
        "<rss><channel>" + "<x xml:base='a/'>" * 50_000,
        "<rss><channel>" + "<x>" * 100_000,
        "<rss><channel>" + "<a<a" * 50_000,
        "<rss><channel>" + "<![CDATA[" * 50_000,
        "<!DOCTYPE rss [" * 20_000,
    ],
    ids=lambda text: text[:30].strip() + "...",
)
def test_document_made_to_keep_the_reader_busy_comes_to_an_end(text):
    item = "<rss><channel><item><title>Pact signed</title></item></channel></rss>"
    began = time.process_time()
    with contextlib.suppress(NotAFeedError):
        parse_feed((text + item).encode(), url=BASE)
    assert time.process_time() - began < SECONDS


def test_entries_that_nothing_names_are_known_again():
    entries = ("<title>A</title>", "<description>B</description>", "", "<author>C</author>")
    body = f"<rss><channel>{''.join(f'<item>{entry}</item>' for entry in entries)}</channel></rss>"
    marks = marks_of(parse_feed(body.encode(), url=BASE).entries)
    met = Met(marks)
    assert all(met.knows(mark) for mark in marks)
    assert not met.knows(dataclasses.replace(marks[0], date="another"))
