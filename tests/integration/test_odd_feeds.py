"""Every entry of feeds of all kinds, in all states of repair, ends in the store, taken in once."""

import pytest

from tests.ingest.feeds.odd.broken import BROKEN
from tests.ingest.feeds.odd.elements import ELEMENTS
from tests.ingest.feeds.odd.encodings import ENCODINGS
from tests.ingest.feeds.odd.versions import VERSIONS
from tests.integration.feed_server import Reply, feed_server
from tests.integration.polling import Desk
from transforms.ingest.feeds.records import Feed, Outcome

pytestmark = pytest.mark.integration


def test_entries_of_odd_feeds_are_in_the_store_once(store_url):
    odd = {f"n{number}.example": feed for number, feed in enumerate([*VERSIONS, *ELEMENTS, *ENCODINGS, *BROKEN])}
    desk = Desk(store_url, seconds=10.0)
    with feed_server() as server:
        feeds = []
        for number, (host, feed) in enumerate(odd.items()):
            server.put(f"/{number}", Reply(feed.body(host), headers={"Content-Type": feed.kind}))
            url = server.url(f"/{number}", host=f"127.0.3.{number + 1}")
            feeds.append(Feed(url=url, name=host, full_text=False, interval_seconds=60))
        for _ in range(2):
            desk.poll(*feeds)
            desk.pass_time(hours=1)
    taken = {host: sum(item.source == host for item in desk.items()) for host in odd}
    assert taken == {host: len(feed.entries) for host, feed in odd.items()}
    polls = [desk.cursor(feed).polls for feed in feeds]
    assert [last.outcome for _, last in polls] == [Outcome.UNCHANGED] * len(feeds)
    assert desk.failures() == []
    desk.store.close()
