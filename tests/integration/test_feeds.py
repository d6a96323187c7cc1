"""A real server that plays what feeds do in the wild: nothing good is lost, nothing is taken twice."""

import datetime
import gzip
import itertools
import threading
import time

import pytest

from tests.integration.feed_server import FeedServer, Reply, rss, rss_item
from tests.integration.polling import START, Desk
from transforms.ingest.feeds import hosts
from transforms.ingest.feeds.records import Feed, Outcome
from transforms.records import Flaw, PublishedHow, State

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("turns")]

XML = {"Content-Type": "application/rss+xml"}
TEXT = "The two governments on either bank extended their river pact by a year on Tuesday, officials said. " * 6


def _bare(url: str, **fields) -> Feed:
    return Feed(url=url, full_text=False, **fields)


def _items(*names: str, at: float = 0.0, **fields) -> str:
    moment = (START - datetime.timedelta(hours=3)).timestamp() + at
    return rss(
        [
            rss_item(
                link=f"https://wire.example/{name}",
                title=f"Title {name}",
                guid=f"guid-{name}",
                published=moment,
                text=f"Text of {name}.",
                **fields,
            )
            for name in names
        ]
    )


def _page(server: FeedServer, path: str, text: str = TEXT, head: str = "") -> str:
    body = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    return server.put(path, f"<html><head>{head}</head><body><article><h1>A title</h1>{body}</article></body></html>")


def test_new_items_are_taken_in_once(server, desk):
    feed = _bare(server.put_feed("/feed", _items("a", "b")), name="The Wire", language="fr")
    desk.poll(feed)
    desk.pass_time(hours=1)
    server.put_feed("/feed", _items("c", "a", "b"))
    desk.poll(feed)
    assert desk.titles() == ["Title a", "Title b", "Title c"]
    [item] = [item for item in desk.items() if item.title == "Title a"]
    assert (item.url, item.source, item.language) == ("https://wire.example/a", "The Wire", "fr")
    assert (item.published, item.published_how) == ("2024-05-01T09:00:00+00:00", PublishedHow.FEED)
    assert item.content == "Title a\n\nText of a."
    assert [poll.outcome for poll in desk.cursor(feed).polls] == [Outcome.NEW, Outcome.NEW]
    assert [poll.new_items for poll in desk.cursor(feed).polls] == [2, 1]


def test_unchanged_feed_is_asked_with_its_etag_and_costs_nothing(server, desk):
    feed = _bare(server.put_feed("/feed", _items("a")))
    desk.poll(feed)
    desk.pass_time(hours=1)
    desk.poll(feed)
    assert "if-none-match" in server.requests[-1].headers
    assert desk.cursor(feed).polls[-1].outcome is Outcome.UNCHANGED
    assert desk.titles() == ["Title a"]


def test_feed_is_not_polled_before_its_time(server, desk):
    feed = _bare(server.put_feed("/feed", _items("a")), interval_seconds=600)
    desk.poll(feed)
    desk.pass_time(seconds=599)
    desk.poll(feed)
    assert server.asked("/feed") == 1
    desk.pass_time(seconds=2)
    desk.poll(feed)
    assert server.asked("/feed") == 2
    desk.poll(feed, due_only=False)
    assert server.asked("/feed") == 3


def test_false_304_is_found_out(server, desk):
    """The server says that nothing changed whenever it is asked for changes, whatever the truth."""
    bodies = iter([_items("a")])
    body = [next(bodies)]

    def answer(request):
        if "if-none-match" in request.headers:
            return Reply(status=304)
        return Reply(body[0].encode(), headers={**XML, "ETag": '"always the same"'})

    feed = _bare(server.put("/feed", answer), interval_seconds=600)
    desk.poll(feed)
    body[0] = _items("a", "b")
    for _ in range(9):
        desk.pass_time(seconds=601)
        desk.poll(feed)
    assert desk.titles() == ["Title a", "Title b"]
    body[0] = _items("a", "b", "c")
    desk.pass_time(seconds=601)
    desk.poll(feed)
    assert desk.titles()[-1] == "Title c"
    assert desk.cursor(feed).distrusted


def test_guids_changing_at_every_poll_make_nothing_new(server, desk):
    count = itertools.count()

    def answer(_):
        items = [
            rss_item(
                link=f"https://wire.example/{name}?utm_source={next(count)}",
                title=f"Title {name}",
                guid=f"guid-{next(count)}",
                published=START.timestamp() - 9_000,
                text=f"Text of {name}.",
            )
            for name in ("a", "b", "c")
        ]
        return Reply(rss(items).encode(), headers=XML)

    feed = _bare(server.put("/feed", answer))
    for _ in range(4):
        desk.poll(feed)
        desk.pass_time(hours=2)
    assert len(desk.items()) == 3
    assert [poll.new_items for poll in desk.cursor(feed).polls] == [3, 0, 0, 0]
    assert desk.cursor(feed).cadence_seconds > 450


def test_two_feeds_with_one_article_give_one_item(server, desk):
    one, other = (_bare(server.put_feed(path, _items("a"))) for path in ("/world", "/front"))
    desk.poll(one, other)
    assert desk.titles() == ["Title a"]


def test_moved_feed_is_asked_at_its_new_address(server, desk):
    server.put_feed("/new", _items("a"))
    feed = _bare(server.put("/old", Reply(status=301, headers={"Location": "/new"})))
    desk.poll(feed)
    desk.pass_time(hours=1)
    desk.poll(feed)
    assert (server.asked("/old"), server.asked("/new")) == (1, 2)
    assert desk.cursor(feed).address == server.url("/new")
    assert desk.titles() == ["Title a"]


def test_move_to_what_is_no_feed_is_not_remembered(server, desk):
    server.put("/login", "<html><body>Please log in</body></html>")
    feed = _bare(server.put("/feed", Reply(status=301, headers={"Location": "/login"})))
    desk.poll(feed)
    assert desk.cursor(feed).address == feed.url
    [failure] = desk.failures()
    assert "no feed" in failure.error


def test_gone_feed_is_reported_and_asked_no_more(server, desk):
    feed = _bare(server.put("/feed", Reply(status=410)))
    desk.poll(feed)
    desk.pass_time(days=30)
    desk.poll(feed)
    assert server.asked("/feed") == 1
    assert [failure.locator for failure in desk.failures()] == [feed.url]
    server.put_feed("/feed", _items("a"))
    desk.poll(feed, due_only=False)
    assert desk.failures() == []
    assert desk.titles() == ["Title a"]


def test_failing_feed_is_asked_less_and_less_and_reported_once(server, desk):
    feed = _bare(server.put_feed("/feed", _items("a")), interval_seconds=3_600)
    desk.poll(feed)
    server.put("/feed", Reply(status=500))
    gaps = []
    for _ in range(8):
        cursor = desk.cursor(feed)
        gaps.append((cursor.next_poll - desk.now).total_seconds())
        desk.now = cursor.next_poll
        desk.poll(feed)
        assert len(desk.failures()) == (1 if desk.cursor(feed).is_reported else 0)
    assert gaps == [3_600 * n for n in (1, 1, 2, 3, 4, 5, 6, 7)]
    assert desk.cursor(feed).is_reported
    server.put_feed("/feed", _items("a", "b"))
    desk.now = desk.cursor(feed).next_poll
    desk.poll(feed)
    assert desk.failures() == []
    assert desk.titles() == ["Title a", "Title b"]


def test_busy_host_is_left_alone_with_all_its_feeds(server, desk):
    feeds = [_bare(server.put_feed(f"/{name}", _items(name)), interval_seconds=60) for name in "abc"]
    desk.poll(*feeds)
    server.put("/a", Reply(status=429, headers={"Retry-After": "7200"}))
    desk.pass_time(seconds=61)
    before = len(server.requests)
    desk.poll(*feeds)
    assert len(server.requests) == before + 1
    desk.pass_time(minutes=119)
    desk.poll(*feeds)
    assert len(server.requests) == before + 1
    desk.pass_time(minutes=2)
    desk.poll(*feeds)
    assert len(server.requests) > before + 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=404), "404"),
        (Reply(status=503), "503"),
        (Reply(hang=True), "no whole answer"),
        (Reply(_items("a").encode(), drip_seconds=0.05, headers=XML), "no whole answer"),
        (Reply(gzip.compress(b" " * 50_000_000), headers={**XML, "Content-Encoding": "gzip"}), "more than"),
        (Reply(b"<html><body>Hello</body></html>"), "no feed"),
        (Reply(b'{"version": "https://jsonfeed.org/version/1", "items": [[[', headers=XML), "no feed"),
        (Reply(status=302, headers={"Location": "http://10.0.0.1/feed"}), ""),
    ],
)
def test_bad_answers_end_in_time_and_hold_up_no_other_feed(server, desk, reply, error):
    server.put_feed("/good", _items("a"))
    bad, good = _bare(server.put("/bad", reply)), _bare(server.url("/good", host="127.0.0.2"))
    began = time.monotonic()
    desk.poll(bad, good)
    assert time.monotonic() - began < 10
    assert desk.titles() == ["Title a"]
    [poll] = desk.cursor(bad).polls
    assert poll.outcome is Outcome.FAILED
    assert error in (poll.error or "")


def test_redirect_to_a_private_address_is_refused(server, store_url):
    strict = Desk(store_url, private=False)
    feed = _bare(server.put_feed("/feed", _items("a")))
    strict.poll(feed)
    assert server.requests == []
    [failure] = strict.failures()
    assert "not on the public internet" in failure.error


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 10 + '"><!ENTITY c "' + "&b;" * 10 + '">',
        f'<!ENTITY c "{"ha" * 50_000}">',
    ],
)
def test_entity_bomb_fails_quickly_and_clearly(server, desk, entities):
    text = "&c;" * 2_000
    start = f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]><rss version="2.0">'
    body = f"{start}<channel><title>{text}</title></channel></rss>"
    feed = _bare(server.put("/feed", Reply(body.encode(), headers=XML)))
    began = time.monotonic()
    desk.poll(feed)
    assert time.monotonic() - began < 5
    [failure] = desk.failures()
    assert "entities" in failure.error


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", "application/rss+xml; charset=iso-8859-1"),
        ("iso-8859-1", "application/rss+xml; charset=iso-8859-1"),
        ("windows-1251", "text/xml; charset=windows-1251"),
        ("utf-16", "application/rss+xml"),
    ],
)
def test_wrong_charset_does_not_spoil_titles(server, desk, encoding, content_type):
    title = "Мир подписан" if encoding == "windows-1251" else "Accord signé à Genève"
    body = rss([rss_item(link="https://wire.example/a", title=title)]).replace("utf-8", encoding)
    feed = _bare(server.put("/feed", Reply(body.encode(encoding), headers={"Content-Type": content_type})))
    desk.poll(feed)
    assert desk.titles() == [title]


def test_ten_thousand_items_are_all_taken_in_once(server, desk):
    names = [str(number) for number in range(10_000)]
    feed = _bare(server.put_feed("/feed", _items(*names)))
    desk.poll(feed)
    assert len(desk.items()) == 10_000
    server.put_feed("/feed", _items("new", *names[:-1]))
    desk.pass_time(hours=1)
    desk.poll(feed)
    assert len(desk.items()) == 10_001


def test_page_that_fails_is_tried_again_and_taken_once(server, desk):
    server.put("/a", Reply(status=500))
    body = rss([rss_item(link=server.url("/a"), title="A title", guid="a", text="Short text.")])
    feed = server.put_feed("/feed", body)
    desk.poll(feed)
    [item] = desk.items()
    assert item.state is State.WAITING
    _page(server, "/a")
    desk.poll(feed)
    assert server.asked("/a") == 1
    desk.pass_time(seconds=65)
    desk.poll(feed)
    [item] = desk.items()
    assert item.state is State.PENDING
    assert item.flaws == ()
    assert "extended their river pact" in item.content
    assert server.asked("/a") == 2


def test_page_that_never_comes_leaves_the_text_of_the_feed(server, desk):
    server.put("/a", Reply(status=500))
    feed = server.put_feed(
        "/feed", rss([rss_item(link=server.url("/a"), title="A title", text="<p>From the feed.</p>")])
    )
    for _ in range(4):
        desk.poll(feed)
        desk.pass_time(hours=1)
    [item] = desk.items()
    assert (item.state, item.flaws) == (State.PENDING, (Flaw.PAGE_FAILED,))
    assert item.content == "A title\n\nFrom the feed."
    assert server.asked("/a") == 4


def test_robots_txt_is_honoured(server, desk):
    server.put("/robots.txt", "User-agent: *\nDisallow: /private\n", "text/plain")
    _page(server, "/private/a")
    _page(server, "/open/b")
    links = (server.url("/private/a"), server.url("/open/b"))
    feed = server.put_feed("/feed", rss([rss_item(link=link, title=link[-1], text="Feed text.") for link in links]))
    desk.poll(feed)
    assert server.asked("/private/a") == 0
    assert {item.title: item.flaws for item in desk.items()} == {"a": (Flaw.PAGE_REFUSED,), "b": ()}
    assert server.asked("/robots.txt") == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("We value your privacy. We and our partners use cookies to store information. Accept all cookies.", "Lead."),
        ("The pact was signed. " * 15 + "\nSubscribe to continue reading this article.", "The pact was signed."),
        ("The pact was signed in a short ceremony by both ministers.", "The pact was signed in a short"),
    ],
)
def test_walls_and_stubs_are_marked(server, desk, text, kept):
    link = _page(server, "/a", text)
    feed = server.put_feed("/feed", rss([rss_item(link=link, title="A title", text="Lead.")]))
    desk.poll(feed)
    [item] = desk.items()
    assert Flaw.SHORT_PAGE in item.flaws
    assert kept in item.content
    assert item.state is State.PENDING


@pytest.mark.parametrize(
    ("written", "published", "flaws"),
    [
        (None, "2024-04-30T18:00:00+02:00", (Flaw.DATE_MENDED,)),
        ("Wed, 01 Jan 2070 00:00:00 GMT", "2024-04-30T18:00:00+02:00", (Flaw.DATE_REFUSED, Flaw.DATE_MENDED)),
        ("nonsense", "2024-04-30T18:00:00+02:00", (Flaw.DATE_REFUSED, Flaw.DATE_MENDED)),
        ("2024-04-30T17:00:00", "2024-04-30T18:00:00+02:00", (Flaw.DATE_MENDED,)),
        ("Tue, 30 Apr 2024 09:00:00 GMT", "2024-04-30T09:00:00+00:00", ()),
        ("2021-01-01T17:00:00", "2021-01-01", ()),
    ],
)
def test_dates_are_mended_from_the_page(server, desk, written, published, flaws):
    head = '<meta property="article:published_time" content="2024-04-30T18:00:00+02:00">'
    link = _page(server, "/a", head=head)
    desk.poll(server.put_feed("/feed", rss([rss_item(link=link, title="A title", published=written)])))
    [item] = desk.items()
    assert (item.published, item.flaws) == (published, flaws)


def test_requests_to_one_host_keep_their_distance(server, desk):
    """Feeds and pages of a host share its turns; the times are those of the run's own clock."""
    links = [_page(server, f"/page/{n}") for n in range(3)]
    feeds = [
        server.put_feed(f"/{n}", rss([rss_item(link=link, title=str(n), guid=str(n))])) for n, link in enumerate(links)
    ]
    desk.poll(*feeds)
    times = sorted(desk.cursor(feed).polls[-1].at for feed in feeds)
    assert [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)] == [1.0, 1.0]


def test_a_host_that_hangs_holds_up_no_other_in_a_stream(server, store_url):
    answers = threading.Event()
    slow_feed = rss([rss_item(link="https://slow.example/1", title="Slow", guid="slow", published=0.0, text="Slow.")])

    def reply(_):
        answers.wait(60)
        return Reply(slow_feed.encode(), headers=XML)

    server.put("/slow", reply)
    server.put_feed("/quick", _items("quick"))
    feeds = [_bare(server.url("/slow", host="127.0.1.1")), _bare(server.url("/quick", host="127.0.1.2"))]
    desk = Desk(store_url, seconds=60.0, make_clock=hosts.SteadyClock)
    desk.now = None
    began = time.monotonic()
    desk.poll(*feeds)
    assert time.monotonic() - began < 30
    assert [item.title for item in desk.items()] == ["Title quick"]
    answers.set()
    while len(desk.items()) < 2:  # it is still due, and therefore listed at each tick
        assert time.monotonic() - began < 60
        desk.poll(*feeds)
    assert server.asked("/slow") == 1
    desk.store.close()
