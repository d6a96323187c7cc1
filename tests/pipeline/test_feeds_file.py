"""The list of feeds is the user's own file: comments stay, mistakes are named with their line."""

import pytest

from pipeline.feeds_file import FeedsFile, FeedsFileError
from pipeline.opml import OpmlError, read_opml, write_opml
from transforms.ingest.feeds.records import Feed

LISTED = """\
# my feeds
feeds:
  # the wire
  - url: https://wire.example/feed   # checked in May
    name: "Wire: world"
    interval_seconds: 600
    headers: {Authorization: Bearer 1}

  - url: https://other.example/rss
    full_text: false
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "feeds.yaml"


@pytest.fixture
def listed(path):
    path.parent.mkdir()
    path.write_text(LISTED, encoding="utf-8")
    return path


def test_feeds_are_read_with_all_they_set(listed):
    one, other = FeedsFile(listed).feeds
    assert one == Feed(
        url="https://wire.example/feed",
        name="Wire: world",
        interval_seconds=600,
        headers=(("Authorization", "Bearer 1"),),
    )
    assert other == Feed(url="https://other.example/rss", full_text=False)


def test_adding_and_removing_keeps_comments(listed):
    file = FeedsFile(listed)
    new = Feed(url="https://new.example/feed", name="New", language="fr")
    assert file.add([new, Feed(url="https://wire.example/feed/#x")]) == [new]
    assert FeedsFile(listed).remove("https://other.example/rss/")
    text = listed.read_text(encoding="utf-8")
    for kept in ("# my feeds", "# the wire", "# checked in May", '"Wire: world"', "{Authorization: Bearer 1}"):
        assert kept in text
    assert [feed.url for feed in FeedsFile(listed).feeds] == ["https://wire.example/feed", "https://new.example/feed"]
    assert file.remove("nothing of the kind") == []


@pytest.mark.parametrize("text", [None, "", "# nothing yet\nfeeds:\n", "feeds: []\n"])
def test_a_list_can_begin_anywhere(path, text):
    if text is not None:
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    FeedsFile(path).add([Feed(url="https://wire.example/feed")])
    assert [feed.url for feed in FeedsFile(path).feeds] == ["https://wire.example/feed"]
    assert "- url: https://wire.example/feed\n" in path.read_text(encoding="utf-8")
    if text and "nothing yet" in text:
        assert "# nothing yet" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("feeds:\n  - url: https://a.example/\n  - url: ftp://b.example/\n", "line 3: url: expected an http or https"),
        ("feeds:\n  - name: A\n", "line 2: url is missing"),
        ("feeds:\n  - url: https://a.example/\n    intervall: 3\n", "intervall: unknown key; expected url, name"),
        ("feeds:\n  - url: https://a.example/\n    interval_seconds: soon\n", "interval_seconds: expected"),
        ("feeds:\n  - url: https://a.example/\n    language: klingonese\n", "a language code such as en"),
        ("feeds:\n  - https://a.example/\n", "expected a feed such as"),
        ("feeds: https://a.example/\n", "expected a list"),
        ("- 1\n", "expected `feeds:`"),
        ("feeds: [\n", "not valid YAML"),
    ],
)
def test_mistakes_are_named_with_their_line(path, text, message):
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FeedsFileError, match=message.replace("`", ".")):
        FeedsFile(path)


def test_opml_is_read_at_any_depth_and_written_back():
    feeds = [Feed(url="https://wire.example/feed?a=1&b=2", name="Wire & Co"), Feed(url="https://other.example/")]
    found, unusable = read_opml(write_opml(feeds).encode(), "x")
    assert [feed.url for feed in found] == [feed.url for feed in feeds]
    assert (found[0].name, unusable) == ("Wire & Co", 0)
    nested = b"""<opml><body><outline text="News"><outline text="A" xmlUrl="https://a.example/f"/>
    <outline text="B" xmlUrl="feed:b"/></outline><outline text="no feed"/></body></opml>"""
    found, unusable = read_opml(nested, "x")
    assert ([feed.url for feed in found], unusable) == (["https://a.example/f"], 1)


@pytest.mark.parametrize("name", ["xmlUrl", "xmlURL", "xmlurl", "XMLURL"])
def test_opml_is_read_as_other_readers_write_it(name):
    found, _ = read_opml(f'<OPML><body><outline Text="A" {name}=" https://a.example/f "/></body></OPML>'.encode(), "x")
    assert [(feed.url, feed.name) for feed in found] == [("https://a.example/f", "A")]


@pytest.mark.parametrize("data", [b"<opml/>", b"<opml><body><outline", b"<opml><outline text='no feed'/></opml>"])
def test_opml_without_feeds_is_told(data):
    with pytest.raises(OpmlError, match=r"my\.opml: names no feeds"):
        read_opml(data, "my.opml")


@pytest.mark.parametrize("data", [b"", b"hello", b"<html/>", b"<rss><channel/></rss>"])
def test_what_is_no_opml_is_refused(data):
    with pytest.raises(OpmlError, match=r"my\.opml: is no OPML"):
        read_opml(data, "my.opml")


def test_opml_bombs_do_nothing():
    bomb = b"""<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/hosts">]>
    <opml><body><outline text="&b;&x;" xmlUrl="https://a.example/f"/></body></opml>"""
    try:
        found, _ = read_opml(bomb, "x")
    except OpmlError:
        return
    assert "localhost" not in (found[0].name or "")
