"""The stores that must all behave alike: add a factory here and every test of `test_any_store` runs on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from transforms.store.open import open_store
from transforms.store.protocol import Store

STORE_URLS: dict[str, Callable[[Path], str]] = {
    "sqlite-file": lambda folder: f"sqlite:///{folder / 'any.db'}",
    "sqlite-memory": lambda folder: "sqlite:///:memory:",
}


@pytest.fixture(params=STORE_URLS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(STORE_URLS[request.param](tmp_path))
    yield opened
    opened.close()
