"""Old news is taken in from archives, resumed where it was stopped, and marked as old."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.command import PACTWATCH, canonical, pactwatch
from tests.ingest.archives import page, write_warc
from tests.integration.feed_server import feed_server
from tests.synthetic import articles
from transforms.records import State
from transforms.store.open import open_store
from transforms.store.protocol import Collection

NOW = ("--now", "2024-12-01")
PATIENCE_SECONDS = 120

pytestmark = pytest.mark.integration


@pytest.fixture
def attic(tmp_path: Path) -> Path:
    """Returns a folder with 24 articles in a web archive, 8 pages and 24 lines."""
    folder = tmp_path / "attic"
    (folder / "pages").mkdir(parents=True)
    write_warc(folder / "crawl.warc.gz", [page(number) for number in range(24)])
    for number in range(8):
        (folder / "pages" / f"{number}.html").write_text(page(100 + number), "utf-8")
    (folder / "wire.jsonl").write_text("".join(json.dumps(article) + "\n" for article in articles(24)), "utf-8")
    return folder


def _items(url: str, state: State | None = None) -> int:
    if not Path(url.removeprefix("sqlite:///")).exists():
        return 0
    store = open_store(url)
    try:
        return store.count(Collection.ITEMS, {"state": state.value} if state else None)
    finally:
        store.close()


def _kill_when_done(attic: Path, url: str, done: int) -> None:
    arguments = ["run", "--backfill", str(attic), "--store", url, *NOW]
    process = subprocess.Popen([PACTWATCH, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    limit = time.monotonic() + PATIENCE_SECONDS
    while _items(url, State.DONE) < done and process.poll() is None and time.monotonic() < limit:
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_backfill_killed_and_started_again_ends_like_one(attic, tmp_path):
    whole, killed = (f"sqlite:///{tmp_path / name}.db" for name in ("whole", "killed"))
    pactwatch("run", "--backfill", str(attic), "--store", whole, *NOW)
    for done in (1, 30):
        _kill_when_done(attic, killed, done)
    pactwatch("run", "--backfill", str(attic), "--store", killed, *NOW)
    assert _items(killed, State.DONE) == _items(whole, State.DONE) == 56
    assert canonical(killed) == canonical(whole)

    store = open_store(whole)
    assert store.find(Collection.ARTICLES, "backfilled:true", limit=0).total == 56
    store.close()


def test_list_of_addresses_is_fetched_and_what_failed_is_replayed(tmp_path, monkeypatch):
    monkeypatch.setenv("PACTWATCH_FETCH__ALLOW_PRIVATE_HOSTS", "true")
    monkeypatch.setenv("PACTWATCH_POLLING__SPACING_SECONDS", "0")
    url, listed = f"sqlite:///{tmp_path / 'store.db'}", tmp_path / "pages.urls"
    with feed_server() as server:
        good = [server.put(f"/{number}", page(number)) for number in range(3)]
        lines = ["# pages of the accord", *good, "", "not an address", server.url("/late")]
        listed.write_text("\n".join(lines), "utf-8")
        report = pactwatch("run", "--backfill", str(listed), "--store", url, *NOW).stdout
        assert "3 read" in report
        failures = json.loads(pactwatch("failures", "--store", url, "--format", "json").stdout)
        told = {failure["locator"]: failure["error"] for failure in failures}
        assert "not an http or https address" in told[f"{listed}#L6"]
        assert "could not be fetched" in told[server.url("/late")]

        server.put("/late", page(77))
        assert "1 read" in pactwatch("replay", "--store", url, *NOW).stdout
        rows = json.loads(pactwatch("articles", "--store", url, "--format", "json").stdout)
        assert sorted(row["url"] for row in rows) == sorted([*good, server.url("/late")])
        assert all(server.asked(f"/{number}") == 1 for number in range(3))
