"""Feeds of every format give their entries, however they are broken."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.ingest.feeds.entities import EntityBombError
from transforms.ingest.feeds.parse_feed import parse_feed
from transforms.ingest.feeds.parsed import NotAFeedError

URL = "https://wire.example/feeds/world"
RSS = '<rss version="2.0"><channel><title>Wire</title>{}</channel></rss>'
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><id>tag:wire.example,2024:1</id>'
    '<link href="../a"/><title type="html">A &amp;amp; B</title><updated>2024-05-01T10:00:00+03:00</updated>'
    '<author><name>Ann Smith</name></author><summary>Short.</summary><content type="html">&lt;p&gt;Long text.&lt;/p&gt;'
    "</content></entry></feed>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel><title>Wire</title></channel><item rdf:about="https://wire.example/a"><title>A</title>'
    "<link>https://wire.example/a</link></item></rdf:RDF>"
)
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Wire",
    "items": [
        {
            "id": 7,
            "url": "/a",
            "content_html": "<p>Text</p>",
            "date_published": "2024-05-01",
            "authors": [{"name": "Ann"}],
        },
        "no item",
    ],
}


def _parse(text, **fields):
    return parse_feed(text.encode(), url=URL, **fields)


def test_rss_gives_its_entries():
    item = "<item><title>A</title><link>/a?x=1</link><guid>g</guid><description>Text</description></item>"
    feed = _parse(RSS.format(f"<ttl>30</ttl>{item}"))
    [entry] = feed.entries
    assert (feed.title, feed.ttl_seconds) == ("Wire", 1_800)
    assert (entry.link, entry.title, entry.text) == ("https://wire.example/a?x=1", "A", "Text")


def test_atom_gives_the_longest_text_and_the_date_as_written():
    [entry] = _parse(ATOM).entries
    assert (entry.guid, entry.link) == ("tag:wire.example,2024:1", "https://wire.example/a")
    assert (entry.text, entry.is_html, entry.author) == ("<p>Long text.</p>", True, "Ann Smith")
    assert entry.published == "2024-05-01T10:00:00+03:00"


def test_rdf_and_json_give_their_entries():
    assert [entry.link for entry in _parse(RDF).entries] == ["https://wire.example/a"]
    [entry] = _parse(json.dumps(JSON)).entries
    assert (entry.guid, entry.link, entry.text, entry.author) == ("7", "https://wire.example/a", "<p>Text</p>", "Ann")


@pytest.mark.parametrize(
    "broken",
    [
        RSS.format("<item><title>A & B</title><link>https://wire.example/a</link></item>"),
        RSS.format("<item><title>A</title><link>https://wire.example/a</link>")[:-16],
        "\n\n " + RSS.format("<item><title>A</title><link>https://wire.example/a</link></item>"),
        RSS.format("<item><title>A\x00\x07</title><link>https://wire.example/a</link></item>"),
        RSS.format("<item><guid>https://wire.example/a</guid><title>A</title></item>"),
    ],
)
def test_broken_feeds_are_judged_by_their_entries(broken):
    assert [entry.link for entry in _parse(broken).entries] == ["https://wire.example/a"]


@pytest.mark.parametrize("text", ["", "<html><body>Hello</body></html>", "hello", "{", '{"items": 3}', "\x00\x01"])
def test_what_is_no_feed_is_refused(text):
    with pytest.raises(NotAFeedError, match="no feed"):
        _parse(text)


def test_a_feed_without_entries_is_a_feed():
    assert _parse(RSS.format("")).entries == ()


def test_a_body_that_names_a_file_is_not_opened():
    with pytest.raises(NotAFeedError):
        _parse(__file__)


def test_own_entities_are_read_and_bombs_are_not():
    head = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY name "Geneva">]>'
    assert _parse(head + RSS.format("<item><title>In &name;</title></item>")).entries[0].title == "In Geneva"
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(EntityBombError):
            parse_feed((bomb + RSS.format("&b;")).encode(encoding), url=URL)


def test_a_wrong_charset_in_the_header_is_seen_through():
    text = RSS.format("<item><title>Accord signé</title></item>")
    [entry] = _parse(text, content_type="text/xml; charset=iso-8859-1").entries
    assert entry.title == "Accord signé"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/![]CDATA&;#\"'= rsitemlnkgud{}:,0\n", max_size=200))
def test_parse_feed_reads_or_refuses_anything(text):
    for body in (text.encode(), RSS.format(text).encode()):
        with contextlib.suppress(NotAFeedError):
            parse_feed(body, url=URL)


@pytest.mark.parametrize("written", ["1714557600", "1714557600000"])
def test_date_in_seconds_since_1970_is_no_other_day(written):
    body = f"<rss><channel><item><title>A</title><pubDate>{written}</pubDate></item></channel></rss>"
    (entry,) = parse_feed(body.encode(), url=URL).entries
    assert entry.day == "2024-05-01"
