"""The store of alert tests: a SQLite file, and where a test asks for both, a real Elasticsearch as well."""

from pathlib import Path

import pytest


@pytest.fixture
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if getattr(request, "param", "sqlite") == "elasticsearch":
        return str(request.getfixturevalue("emptied_url"))
    return f"sqlite:///{tmp_path / 'store.db'}"
