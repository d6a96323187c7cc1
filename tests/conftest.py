"""What many tests need: a time, a store of their own, and records made to measure."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.elasticsearch import empty, fresh_prefix
from tests.make import NOW, Make
from transforms.store.open import open_store
from transforms.store.protocol import Store


@pytest.fixture
def now() -> datetime.datetime:
    return NOW


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def make() -> type[Make]:
    return Make


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """One store for all tests of a session: to make its indices takes seconds."""
    with fresh_prefix() as url:
        open_store(url, patience_seconds=60).close()
        yield url


@pytest.fixture
def emptied_url(elasticsearch_url: str) -> str:
    empty(elasticsearch_url)
    return elasticsearch_url
