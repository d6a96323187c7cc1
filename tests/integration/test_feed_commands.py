"""The commands about feeds as a user meets them, on a real server: from a home page to articles in the store."""

import json

import pytest

from tests.command import pactwatch, run_anyhow
from tests.integration.feed_server import Reply, feed_server, rss, rss_item

pytestmark = pytest.mark.integration

PRIVATE = "--allow-private-hosts"
STORY = (
    "Chad and Mali signed a fishing agreement in Geneva on Monday, officials said. Under the agreement both countries "
    "must open 5 offices by March 12. The talks had lasted nine weeks, and observers called the step long overdue."
)
FRENCH = (
    "Le Tchad et le Mali ont signé lundi à Genève un accord de pêche, selon des responsables. Les deux pays doivent "
    "ouvrir cinq bureaux avant le 12 mars. Les pourparlers avaient duré neuf semaines, et les observateurs attendaient "
    "cette étape depuis longtemps. Le texte sera publié dans la semaine."
)


def _page(text: str) -> str:
    body = f"<article><p>{text}</p><p>{text[:120]}</p></article>"
    return f"<html><head><title>Talks end</title></head><body>{body}</body></html>"


@pytest.fixture
def server():
    with feed_server() as running:
        yield running


def test_from_a_home_page_to_articles(server, tmp_path):
    links = [server.put("/en", _page(STORY)), server.put("/fr", _page(FRENCH))]
    items = [
        rss_item(link=link, title=title, guid=link, published="Mon, 05 Feb 2024 10:00:00 +0100", text="<p>Short.</p>")
        for link, title in zip(links, ("Chad and Mali sign fishing agreement", "Accord de pêche"), strict=True)
    ]
    server.put_feed("/feed.xml", rss(items))
    server.put("/", '<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>')

    refused = pactwatch("feeds", "add", server.url("/"), cwd=tmp_path, code=1)
    assert "not on the public internet" in refused.stderr
    added = pactwatch("feeds", "add", server.url("/"), PRIVATE, "--interval", "60", cwd=tmp_path).stdout
    assert f"added {server.url('/feed.xml')} (Example Wire, 2 entries)" in added

    shown = pactwatch("run", PRIVATE, cwd=tmp_path).stdout
    assert "Feeds: 1 polled, 1 with news, 0 failed; pages: 2 read" in shown
    assert "1 read" in shown
    assert "1 in other languages, not read" in shown
    assert "New agreements: 1" in shown
    articles = json.loads(pactwatch("articles", "--format", "json", cwd=tmp_path).stdout)
    assert {(row["language"], row["state"], row["source"]) for row in articles} == {
        ("en", "done", "Example Wire"),
        ("fr", "done", "Example Wire"),
    }
    found = pactwatch("search", "text:pourparlers", "--format", "json", cwd=tmp_path).stdout
    assert [row["language"] for row in json.loads(found)] == ["fr"]

    again = pactwatch("run", server.url("/feed.xml"), PRIVATE, cwd=tmp_path).stdout
    assert "Feeds: 1 polled, 0 with news" in again
    assert "Nothing new." in again
    [row] = json.loads(pactwatch("feeds", "list", "--format", "json", cwd=tmp_path).stdout)
    assert (row["health"], row["failures"], len(row["polls"])) == ("ok", 0, 2)
    assert row["next_poll"] > row["last_success"] > ""


def test_failing_feeds_are_told_and_replayed(server, tmp_path):
    url = server.put("/feed", Reply(status=410))
    shown = pactwatch("run", url, PRIVATE, cwd=tmp_path).stdout
    assert "the server answered 410 Gone" in shown
    pactwatch("feeds", "check", url, PRIVATE, cwd=tmp_path, code=1)
    server.put_feed("/feed", rss([rss_item(title="Talks end", text=STORY)]))
    assert "1 entry" in pactwatch("feeds", "check", url, PRIVATE, cwd=tmp_path).stdout
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "pactwatch.yaml").write_text("fetch: {allow_private_hosts: true}\n", encoding="utf-8")
    replayed = pactwatch("replay", cwd=tmp_path).stdout
    assert "1 failure settled" in replayed
    assert "1 taken in" in replayed


def test_opml_goes_in_and_out(server, tmp_path):
    opml = '<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/feed"/></body></opml>'
    (tmp_path / "mine.opml").write_text(opml, encoding="utf-8")
    url = server.put("/mine.opml", opml.replace("a.example", "b.example"), "text/x-opml")
    assert "1 added" in pactwatch("feeds", "import", "mine.opml", cwd=tmp_path).stdout
    assert "1 added" in pactwatch("feeds", "import", url, PRIVATE, cwd=tmp_path).stdout
    assert "0 added, 1 listed already" in pactwatch("feeds", "import", "mine.opml", cwd=tmp_path).stdout
    exported = pactwatch("feeds", "export", cwd=tmp_path).stdout
    assert "https://a.example/feed" in exported
    assert "https://b.example/feed" in exported
    pactwatch("feeds", "remove", "A", cwd=tmp_path)
    listed = json.loads(pactwatch("feeds", "list", "--format", "json", cwd=tmp_path).stdout)
    assert len(listed) == 0


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("feeds", "remove", "nobody"), "no feed has this address or name"),
        (("feeds", "import", "none.opml"), "none.opml: cannot be read: No such file"),
        (("feeds", "import", "config"), "config: cannot be read: Is a directory"),
        (("feeds", "check", "nonsense"), "nonsense: expected an address"),
        (("feeds", "add", "nonsense"), "nonsense"),
        (("feeds", "add", "https://a.example/", "--language", "klingonese"), "--language klingonese"),
        (("feeds", "add", "https://a.example/", "--header", "nonsense"), "expected NAME: VALUE"),
        (("run", "http://"), "http://"),
    ],
)
def test_mistakes_get_one_line(tmp_path, arguments, part):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.yaml").write_text("feeds:\n", encoding="utf-8")
    done = run_anyhow(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert part in done.stderr
