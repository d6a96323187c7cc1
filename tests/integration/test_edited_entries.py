"""An entry that was edited is taken in as a new version of its article, politely, and what was not is left alone."""

import json

import pytest

from tests.command import pactwatch
from tests.integration.feed_server import FeedServer, Reply, rss, rss_item
from tests.integration.polling import Desk
from transforms.dedupe.deduplicate import Verdict, judge
from transforms.index.mark_done import finish_item
from transforms.ingest.feeds.records import Feed, Outcome
from transforms.ingest.parse_article import parse_article
from transforms.ingest.unreadable import UnreadableArticle
from transforms.records import Article, Reading, State
from transforms.store.documents import article_document, article_from
from transforms.store.protocol import Collection

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("turns")]

DATE = "Wed, 01 May 2024 09:00:00 GMT"


def _long(month: str) -> str:
    return (
        f"The two governments on either bank extended their river pact until {month} on Tuesday, officials said. " * 6
    )


def _page(server: FeedServer, text: str, path: str = "/a") -> str:
    return server.put(path, f"<html><body><article><h1>Pact extended</h1><p>{text}</p></article></body></html>")


def _feed(server: FeedServer, text: str, *, link: str, title: str = "Pact extended", more: str = "") -> Feed:
    item = rss_item(link=link, title=title, guid="g", published=DATE, text=text)
    return Feed(url=server.put_feed("/feed", rss([item, more])), interval_seconds=1)


def _finish(desk: Desk) -> list[str]:
    """Does what the graph does with pending items, but for reading them; returns the verdicts."""
    verdicts = []
    for item in desk.items():
        if item.state is not State.PENDING:
            continue
        for verdict, article in judge(desk.store, [parse_article(item, now=desk.now)]):
            verdicts.append(verdict)
            if verdict is not Verdict.KNOWN:
                document = article_document(article, Reading(article=article.id), "run")
                desk.store.replace(Collection.ARTICLES, [document])
            finish_item(desk.store, item.id, article.id)
    return verdicts


def _articles(desk: Desk) -> list[Article]:
    return [article_from(stored) for stored in desk.store.scan(Collection.ARTICLES)]


def _poll(desk: Desk, feed: Feed, **later: float) -> list[str]:
    desk.pass_time(**later)
    desk.poll(feed)
    return _finish(desk)


def test_edited_entry_is_a_new_version_of_its_article_with_its_page(server, desk):
    other = _page(server, _long("August"), "/b")
    more = rss_item(link=other, title="Other", guid="h", published=DATE, text="Other.")
    link = _page(server, _long("June"))
    _poll(desk, _feed(server, "Until June.", link=link, more=more))
    _page(server, _long("July"))
    feed = _feed(server, "Until July.", link=link, more=more)
    assert _poll(desk, feed, hours=1) == [Verdict.READ]
    assert (server.asked("/a"), server.asked("/b")) == (2, 1)
    texts = sorted(article.text for article in _articles(desk))
    assert [("until July" in text, "until August" in text) for text in texts] == [(False, True), (True, False)]
    assert {article.published for article in _articles(desk)} == {"2024-05-01T09:00:00+00:00"}
    polls = desk.cursor(feed).polls
    assert [(poll.outcome, poll.new_items) for poll in polls] == [(Outcome.NEW, 2), (Outcome.NOTHING_NEW, 0)]
    assert _poll(desk, feed, hours=10) == []
    assert server.asked("/a") == 2


@pytest.mark.parametrize("edit", ["title", "updated"])
def test_title_or_time_of_the_last_edit_tell_of_an_edit_too(server, desk, edit):
    link = _page(server, _long("June"))

    def feed(title: str, day: int) -> Feed:
        body = (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><id>g</id><title>{title}</title>'
            f'<link href="{link}"/><published>2024-05-01T09:00:00Z</published>'
            f"<updated>2024-05-0{day}T10:00:00Z</updated></entry></feed>"
        )
        return Feed(url=server.put_feed("/feed", body), interval_seconds=1)

    _poll(desk, feed("Pact extended", 1))
    _page(server, _long("July"))
    edited = feed("Pact extended by a month", 1) if edit == "title" else feed("Pact extended", 2)
    assert _poll(desk, edited, hours=1) == [Verdict.READ]
    [article] = _articles(desk)
    assert "until July" in article.text


def test_text_that_is_put_back_is_a_version_too(server, desk):
    for text in ("Until June.", "Until July.", "Until June.", "Until July."):
        feed = Feed(url=_feed(server, text, link="https://wire.example/a").url, full_text=False, interval_seconds=1)
        assert _poll(desk, feed, days=1) == [Verdict.READ]
        [article] = _articles(desk)
        assert text in article.text
    assert len(desk.items()) == 4


def test_entry_without_a_link_stays_one_article(server, desk):
    for text in ("Until June.", "Until July."):
        item = rss_item(title="Pact extended", guid="g", published=DATE, text=text)
        _poll(desk, Feed(url=server.put_feed("/feed", rss([item])), interval_seconds=1), days=1)
    [article] = _articles(desk)
    assert article.text.endswith("Until July.")


def test_texts_that_change_at_every_poll_are_taken_in_ever_more_rarely(server, desk):
    link = _page(server, _long("June"))
    taken = []
    for number in range(40):
        _poll(desk, _feed(server, f"Read {number} times.", link=link), minutes=15)
        taken.append(server.asked("/a"))
    assert taken[4] == 5  # at first each time
    assert taken[-1] < 16
    [article] = _articles(desk)
    assert "Pact extended" in article.text


def test_edit_that_comes_too_soon_is_not_forgotten(server, desk):
    def feed(text: str) -> Feed:
        return Feed(url=_feed(server, text, link="https://wire.example/a").url, full_text=False, interval_seconds=1)

    _poll(desk, feed("Until June."))
    assert _poll(desk, feed("Until July."), minutes=2) == []
    assert _poll(desk, feed("Until July."), minutes=9) == [Verdict.READ]
    assert _poll(desk, feed("Until July."), minutes=9) == []
    assert server.requests[-1].headers.get("if-none-match")


@pytest.mark.parametrize("markup", ["<img src='https://count.example/{}.gif'>", '<a href="/?session={}">more</a>'])
def test_counters_in_the_markup_are_no_edits(server, desk, markup):
    for number in range(3):
        feed = _feed(server, f"Until June.{markup.format(number)}", link="https://wire.example/a")
        _poll(desk, Feed(url=feed.url, full_text=False, interval_seconds=1), days=1)
    assert len(desk.items()) == 1


@pytest.mark.parametrize("reply", [Reply(status=404), Reply(b"<html><body><p>Subscribe now.</p></body></html>")])
def test_teaser_does_not_replace_the_whole_text_where_the_page_cannot_be_had(server, desk, reply):
    link = _page(server, _long("June"))
    _poll(desk, _feed(server, "Until June.", link=link))
    server.put("/a", reply)
    desk.pass_time(hours=1)
    desk.poll(_feed(server, "Until July.", link=link))
    with pytest.raises(UnreadableArticle, match="page"):  # it becomes a failure, and `pactwatch replay` tries again
        _finish(desk)
    [article] = _articles(desk)
    assert "until June" in article.text


def test_other_article_under_a_number_used_before_is_new(server, desk):
    for name in ("one", "two"):
        item = rss_item(link=f"https://wire.example/{name}", title=name, guid="1", published=DATE, text=f"Of {name}.")
        feed = Feed(url=server.put_feed("/feed", rss([item])), full_text=False, interval_seconds=1)
        _poll(desk, feed, days=1)
    assert len(_articles(desk)) == 2


def test_moved_date_reaches_the_user(server, tmp_path):
    story = (
        "Chad and Mali signed a fishing agreement in Geneva on Monday, officials said. Under the agreement both "
        "countries must open 5 offices by March {}. The talks had lasted nine weeks, and observers called it overdue."
    )
    options = ("--allow-private-hosts", "--store", "sqlite:///store.db")

    def run(day: int, now: str) -> list[str]:
        feed = _feed(server, f"Now by March {day}.", link=_page(server, story.format(day)))
        pactwatch("run", feed.url, *options, "--now", now, cwd=tmp_path)
        found = pactwatch("deadlines", "--store", "sqlite:///store.db", "--format", "json", cwd=tmp_path).stdout
        return [row["date"] for row in json.loads(found)]

    pactwatch("init", cwd=tmp_path)
    (tmp_path / "seeds").rename(tmp_path / "seeds.away")
    assert run(12, "2024-05-01T10:00:00Z") == ["2025-03-12"]
    assert run(19, "2024-05-01T12:00:00Z") == ["2025-03-19"]
