"""Sites say what may be fetched, and how slowly."""

import datetime

import pytest

from tests.integration.feed_server import Reply, feed_server
from tests.make import NOW
from transforms.ingest.fetch import Fetcher
from transforms.ingest.limits import FetchLimits
from transforms.ingest.pages.robots import RobotsFiles

pytestmark = pytest.mark.integration


@pytest.fixture
def asked():
    """Asks a server's robots.txt, whatever a test puts there."""
    with feed_server() as server:
        fetcher = Fetcher(FetchLimits(allow_private_hosts=True, total_seconds=1.0))

        def ask(reply):
            server.put("/robots.txt", reply)
            return RobotsFiles().ask(fetcher, server.url("").rstrip("/"), NOW)

        yield ask
        fetcher.close()


def test_rules_for_us_are_kept(asked):
    rules = asked(Reply(b"User-agent: pactwatch\nDisallow: /a\nCrawl-delay: 5\n\nUser-agent: *\nDisallow: /\n"))
    assert not rules.allows("https://wire.example/a/b")
    assert rules.allows("https://wire.example/b")
    assert rules.delay_seconds() == 5
    assert rules.until == NOW + datetime.timedelta(hours=24)


def test_no_robots_txt_allows_all_and_a_broken_server_nothing_for_now(asked):
    assert asked(Reply(status=404)).allows("https://wire.example/a")
    assert asked(Reply(status=503)).is_unreachable
    assert asked(Reply(hang=True)).is_unreachable


def test_endless_crawl_delay_is_bounded(asked):
    assert asked(Reply(b"User-agent: *\nCrawl-delay: 86400\n")).delay_seconds() == 30
