"""Fixtures of the tests that poll a real server."""

import pytest

from tests.integration.feed_server import feed_server
from tests.integration.polling import Desk
from transforms.ingest.feeds import hosts


@pytest.fixture
def turns(monkeypatch):
    """Each test has its own time, so none of them knows when another asked a host."""
    monkeypatch.setattr(hosts, "TURNS", hosts.Turns())


@pytest.fixture
def server():
    with feed_server() as running:
        yield running


@pytest.fixture
def desk(store_url):
    made = Desk(store_url)
    yield made
    made.store.close()
