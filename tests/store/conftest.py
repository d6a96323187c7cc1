"""The stores that must all behave alike: add a factory here and every test of `test_any_store` runs on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from transforms.store.open import open_store
from transforms.store.protocol import Store

STORE_URLS: dict[str, Callable[[Path, pytest.FixtureRequest], str]] = {
    "sqlite-file": lambda folder, request: f"sqlite:///{folder / 'any.db'}",
    "sqlite-memory": lambda folder, request: "sqlite:///:memory:",
    "elasticsearch": lambda folder, request: request.getfixturevalue("emptied_url"),
}


@pytest.fixture(
    params=[
        pytest.param(name, marks=[pytest.mark.integration] if name == "elasticsearch" else []) for name in STORE_URLS
    ]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(STORE_URLS[request.param](tmp_path, request))
    yield opened
    opened.close()
